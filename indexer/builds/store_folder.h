/* store_folder.h - the folder of a store, while a program changes it.
 *
 *   DIR/.coderef.lock   held by the one program that may change the store
 *   DIR/.refresh.lock   held by a refresh from its beginning to its end
 *   DIR/activations     a line each time another build became the active one:
 *                       YYYY-MM-DDTHH:MM:SSZ, a blank, the build's id, and
 *                       " back" when rollback did it
 *
 * builds.h says what else lies there. Readers need none of this: they follow
 * `current`. */
#ifndef INDEXER_BUILDS_STORE_FOLDER_H
#define INDEXER_BUILDS_STORE_FOLDER_H
#include <stdbool.h>
#include "codesets/store/builds.h"

/* folder/name into out. Returns 0, or ERR_INPUT for a path that is too long. */
int folder_join(char out[BUILD_PATH_MAX], const char *folder, const char *name,
    struct error *err);
/* Makes one folder; it may be there. */
int folder_make(const char *path, struct error *err);
/* What was done in a folder, or to a file, is on the disk when it returns 0. */
int folder_sync(const char *path, struct error *err);

/* Takes the lock of a store, whose folder must be there. Returns 0, or
 * ERR_SYSTEM when another program has it. Closing *fd, or the end of the
 * process, gives it back. */
int folder_lock(const char *store, int *fd, struct error *err);

/* Likewise for a refresh, which holds the store's lock only while it writes: a
 * second refresh is refused, activate and rollback are not. */
int folder_lock_refresh(const char *store, int *fd, struct error *err);

/* With the lock held: removes what programs that were killed have left. */
void folder_sweep(const char *store);
/* Puts a finished build in its place below builds and syncs it. An older one of
 * the same id makes room in the same moment. */
int folder_settle(const char *fresh, const char *builds, const char *id,
    char out[BUILD_PATH_MAX], struct error *err);
/* Removes one build, its data at last. Who has it open keeps it. */
void folder_remove_build(const char *path);

/* Makes a build the active one and remembers it in `activations`. */
int folder_activate(const char *store, const char *id, struct error *err);
/* The same for the one that folder_before() found: those that were active after
 * it count no more, so that the next way back leads further back. */
int folder_go_back(const char *store, const char *id, struct error *err);
/* Was a build ever the active one? */
bool folder_was_active(const char *store, const char *id);
/* The build that was active before the one that is, of those that are still
 * there. Returns 0 or ERR_NOTFOUND. */
int folder_before(
    char id[BUILD_ID_LEN + 1], const char *store, struct error *err);

#endif

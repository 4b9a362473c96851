/* kept.h - the builds that a store keeps: which there are, which one answers,
 * the way back, and what may go.
 *
 * Each takes the store's lock, so that two at once do not meet; each leaves the
 * store as it was when it fails. The active build is never removed. */
#ifndef INDEXER_BUILDS_KEPT_H
#define INDEXER_BUILDS_KEPT_H
#include <stdbool.h>
#include <stdio.h>
#include "codesets/store/builds.h"

enum { KEPT_MAX = 4096, KEPT_DEFAULT = 4 };

/* One line a build, newest first; the active one is marked. With json an array
 * of objects. Takes no lock: what it shows is a moment. */
int kept_list(const char *store, bool json, FILE *out, struct error *err);

/* The whole id of a build from its beginning, of four characters at least, that
 * only one build has; "current" is the active one. Returns 0, ERR_NOTFOUND or
 * ERR_INPUT. */
int kept_find(char id[BUILD_ID_LEN + 1], const char *store, const char *name,
    struct error *err);

/* The folder of a build by such a name, by "previous" (where rollback goes), or
 * by its folder itself, which has a slash. store may be NULL for that. */
int kept_path(char path[BUILD_PATH_MAX], const char *store, const char *name,
    struct error *err);

/* Checks a build as `verify` does and makes it the active one. name is its id
 * or the beginning of it, of four characters at least, that only one build has.
 */
int kept_activate(
    const char *store, const char *name, FILE *out, struct error *err);

/* The same for the build that was active before; twice goes back two. */
int kept_rollback(const char *store, FILE *out, struct error *err);

/* Removes all builds but `keep`: the active one, the one rollback goes to, and
 * the newest of the others. */
int kept_prune(const char *store, size_t keep, FILE *out, struct error *err);

#endif

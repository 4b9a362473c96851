/* builds.h - the folder that holds the builds of a store.
 *
 *   DIR/builds/<id>/data.mdb       one immutable LMDB file
 *   DIR/builds/<id>/manifest.json  what went in and what came out
 *   DIR/current -> builds/<id>     the active build, a symbolic link
 *
 * The id is made of the inputs and the program, so the same inputs give the
 * same id and the same bytes. A build is written beside the others under a
 * name that begins with a dot, synced, renamed, and only then may become
 * current, by renaming a new link over the old one. */
#ifndef CODESETS_STORE_BUILDS_H
#define CODESETS_STORE_BUILDS_H
#include <limits.h>
#include "codesets/core/error.h"

enum { BUILD_ID_LEN = 16, BUILD_PATH_MAX = PATH_MAX };

/* Writes the path of the active build's folder (the link resolved, so that it
 * stays the same build when current is switched). Returns 0, or ERR_NOTFOUND
 * with a message that says how to make a store, or ERR_SYSTEM. */
int builds_current(
    char out[BUILD_PATH_MAX], const char *dir, struct error *err);

/* Makes build id the active one. Returns 0, or an error with the old link as
 * it was; a disk that does not even take that back is told in the error. */
int builds_activate(const char *dir, const char *id, struct error *err);

#endif

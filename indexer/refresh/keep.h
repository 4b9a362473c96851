/* keep.h - what a refresh keeps beside the builds.
 *
 *   DIR/refresh/inputs.json   inputs.h
 *   DIR/refresh/ID.txt        the report of the refresh that made build ID
 *   DIR/refresh/ID.json       the same for scripts
 *
 * A build is immutable and the same wherever it is made; a report also tells
 * what was active then and what was expected of it. So it lies beside, and goes
 * when its build has gone. */
#ifndef INDEXER_REFRESH_KEEP_H
#define INDEXER_REFRESH_KEEP_H
#include <stddef.h>
#include "codesets/store/builds.h"

/* DIR/refresh/name. */
int keep_path(char out[BUILD_PATH_MAX], const char *store, const char *name,
    struct error *err);
/* Writes a file of that folder: the old one stays until the new one is whole
 * and on the disk. */
int keep_file(const char *store, const char *name, const char *bytes,
    size_t len, struct error *err);
/* Removes reports whose builds have gone, and what a killed refresh left. */
void keep_sweep(const char *store);

#endif

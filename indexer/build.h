/* build.h - the whole way from paths to an active build. */
#ifndef INDEXER_BUILD_H
#define INDEXER_BUILD_H
#include <stdio.h>
#include "codesets/store/builds.h"
#include "indexer/plan/collect.h"

struct build_options {
    const char *store; /* folder of the store; made if it is not there */
    struct collect_options collect;
    bool licensed, allow_partial, dry_run, no_activate;
    FILE *report; /* where the table goes; NULL for nowhere */
};

struct build_result {
    char id[BUILD_ID_LEN + 1];
    char path[BUILD_PATH_MAX]; /* of the build's folder; "" on a dry run */
    bool activated;
};

/* Reads, plans, writes, checks and activates. On any failure the store is as it
 * was: the new build's folder is removed and current points where it did. */
int build_run(struct build_result *out, const char *const *paths, size_t count,
    const struct build_options *options, struct error *err);

#endif

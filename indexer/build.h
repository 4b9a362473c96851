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
    bool locked;  /* the caller holds the store's lock (store_folder.h) */
    FILE *report; /* where the table goes; NULL for nowhere */
};

struct build_result {
    char id[BUILD_ID_LEN + 1];
    char path[BUILD_PATH_MAX]; /* of the build's folder; "" on a dry run */
    bool activated;
};

enum { BUILD_TERMS_TEXT = 65 };
/* All that decides a build beside its files, in one hash: the options, the
 * program, its own tables. The same terms and files give the same build. */
int build_terms(char out[BUILD_TERMS_TEXT], const struct build_options *options,
    struct error *err);

/* Reads, plans, writes, checks and activates. On any failure the store is as it
 * was: the new build's folder is removed and current points where it did. Only
 * where the build was whole and current could not be switched does it stay. */
int build_run(struct build_result *out, const char *const *paths, size_t count,
    const struct build_options *options, struct error *err);

#endif

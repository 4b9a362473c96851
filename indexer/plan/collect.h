/* collect.h - every file of a build, read and judged.
 *
 * collect() reads all files under the paths into memory, each by the source
 * that recognises it; plan_make() (plan.h) then decides which of them count. */
#ifndef INDEXER_PLAN_COLLECT_H
#define INDEXER_PLAN_COLLECT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/error.h"
#include "indexer/plan/batch.h"

enum file_status {
    FILE_KEPT,         /* its rows are in the build */
    FILE_SUPERSEDED,   /* a newer file of the same series or release counts */
    FILE_DUPLICATE,    /* the same release in another format or archive */
    FILE_COMPANION,    /* known, and carries nothing to load */
    FILE_UNRECOGNISED, /* no source knows it */
    FILE_DAMAGED,      /* cannot be unpacked, or is recognised and broken */
    FILE_PARTIAL,      /* recognised, but plainly not all of its release */
    FILE_STATUS_COUNT
};

const char *file_status_name(enum file_status status);

enum { FILE_NOTE_MAX = 240 };

struct collected {
    char *name;      /* below the given path, as in input.h; owned */
    char sha256[65]; /* of the file on disk it came out of */
    uint64_t disk_bytes;
    enum file_status status;
    const char *kind; /* table name or what companion it is; "" otherwise */
    bool has_batch;
    struct batch batch;                            /* when has_batch */
    uint32_t kept, superseded, duplicate, refused; /* records; sum is read */
    char note[FILE_NOTE_MAX]; /* why, for a person; "" when nothing to say */
};

struct collect_options {
    const char *release;  /* NULL, or what --release says of every file */
    enum setting setting; /* SETTING_NONE: as the files say */
    enum program program;
    bool progress;            /* a progress line on standard error */
    const volatile int *stop; /* set when the person wants out; may be NULL */
};

struct collection {
    struct texts *texts;
    struct collected *file;
    size_t files, capacity;
    const struct collect_options *options;
};

/* Reads all paths, and the project's own data besides. On failure *out still
 * holds what was read, for the report. */
int collect(struct collection *out, const char *const *paths, size_t count,
    const struct collect_options *options, struct error *err);
void collection_clear(struct collection *collection);

#endif

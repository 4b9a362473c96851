/* input.h - every file under the given paths, unpacked.
 *
 * Folders are walked in byte order of their names; zip, tar, gzip, xz, bzip2
 * and zstd are opened, archives inside archives too. An .xlsx stays whole: it
 * is a leaf, although it is a zip. No member of an archive is handed out before
 * the CRCs of all of them were right. */
#ifndef INDEXER_FILES_INPUT_H
#define INDEXER_FILES_INPUT_H
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/error.h"

/* Named ceilings against bombs and mistakes. */
#define INPUT_LEAF_MAX ((size_t)1 << 30)     /* bytes of one unpacked file */
#define INPUT_TOTAL_MAX ((uint64_t)16 << 30) /* bytes unpacked in one build */
enum {
    INPUT_DEPTH_MAX = 4,       /* archives inside archives */
    INPUT_MEMBERS_MAX = 10000, /* members of one archive */
    INPUT_FILES_MAX = 20000,   /* files on disk in one build */
    INPUT_NAME_MAX = 1024      /* bytes of a leaf's name */
};

struct input {
    /* Path below the given PATH, then the members:
     * "pfs/2025a/rvu25a.zip/PPRRVU25_JAN.csv". A .xz or .gz adds no part of
     * its own: "x.csv.xz" stays one name. */
    const char *name;
    const char *disk_path; /* the file on disk that it came out of */
    const char *sha256;    /* of that file's bytes, 64 hex digits; "" when
                              it could not be read to its end */
    uint64_t disk_bytes;   /* its size */
    const uint8_t *data;   /* the unpacked bytes, borrowed for the call; NULL
                              when damage is set. Always followed by a NUL that
                              len does not count. */
    size_t len;
    const char *damage; /* NULL, or why this file cannot be read (a truncated
                           zip, a CRC that does not match, a ceiling reached) */
};

/* Called once per leaf. Whatever but 0 it returns ends the walk. */
typedef int input_fn(void *context, const struct input *in, struct error *err);

/* Returns 0, what the callback returned, or an error for a path that cannot be
 * read at all. Damage inside a file is reported to the callback instead. */
int input_walk(const char *const *paths, size_t count, input_fn *each,
    void *context, struct error *err);

/* The same files on disk, in the same order, none of them opened. name is that
 * of the file below the given path. */
typedef int input_file_fn(
    void *context, const char *disk_path, const char *name, struct error *err);
int input_list(const char *const *paths, size_t count, input_file_fn *each,
    void *context, struct error *err);

#endif

/* inputs.h - is there anything new to read?
 *
 *   DIR/refresh/inputs.json   what the last refresh read, and the build of it
 *
 *     {"terms": hash of everything beside the files that decides a build,
 *      "build": its id, "files": [{"path", "size", "mtime", "ctime", "inode",
 *      "device", "sha256", "hashed"}, …]}        times in nanoseconds of 1970
 *
 * A file of the same size, times and inode as then is the same file, and is not
 * read again, unless it was changed so shortly before it was hashed that its
 * times could not tell of a second change (RACY_NS); such a file, and every one
 * whose times differ, is hashed again. The file is a memory of hashes and no
 * more: a refresh without it, or with one that cannot be read, hashes all. */
#ifndef INDEXER_REFRESH_INPUTS_H
#define INDEXER_REFRESH_INPUTS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/store/builds.h"
#include "indexer/build.h"

/* The coarsest clock of a file system counts in two seconds. */
#define RACY_NS ((int64_t)2000000000)

enum { SHA256_TEXT_LEN = 64 };

struct input_stamp {
    char *path; /* of the file on disk, as it was reached */
    char *name; /* below the given path, as a build sees it */
    uint64_t size, inode, device;
    int64_t mtime, ctime; /* nanoseconds */
    int64_t hashed;       /* when its bytes were hashed */
    char sha256[SHA256_TEXT_LEN + 1];
};

struct inputs {
    char terms[BUILD_TERMS_TEXT];
    char build[BUILD_ID_LEN + 1]; /* made of them; "" when none was */
    struct input_stamp *file;
    size_t count, capacity;
    size_t rehashed; /* of them, how many were read to be hashed */
};

/* What changed between two of them, by name. */
struct inputs_change {
    size_t added, changed, gone;
};

/* What the last refresh of a store read. Nothing, when that is not known. */
void inputs_remembered(struct inputs *out, const char *store);
/* Looks at the files now. `known` are those remembered; all hashes everything
 * again. Afterwards inputs_clear() in any case. */
int inputs_look(struct inputs *out, const char *const *paths, size_t count,
    const struct build_options *options, const struct inputs *known, bool all,
    struct error *err);
/* The same files with the same bytes in the same order, and the same terms? */
bool inputs_same(const struct inputs *a, const struct inputs *b);
void inputs_compare(struct inputs_change *out, const struct inputs *before,
    const struct inputs *now);
/* Does the manifest of a build name no other bytes than these? */
bool inputs_made(const struct inputs *inputs, const char *folder);
/* Writes them down with the build made of them; whole or not at all. */
int inputs_remember(
    const struct inputs *inputs, const char *store, struct error *err);
void inputs_clear(struct inputs *inputs);

#endif

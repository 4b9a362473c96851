/* checksum.h - is a build's file the one that was written?
 *
 * The indexer writes length and XXH3 of data.mdb into manifest.json, and as the
 * last line of that the XXH3 of all that stands before it. LMDB trusts its
 * file, and a damaged page can end the program that reads it; so whoever serves
 * a build compares first. It costs a few milliseconds per 100 MB while the file
 * is in the page cache. */
#ifndef CODESETS_STORE_CHECKSUM_H
#define CODESETS_STORE_CHECKSUM_H
#include <stdint.h>
#include "codesets/core/buffer.h"
#include "codesets/core/error.h"

enum { CHECKSUM_TEXT = 17 }; /* 16 hex digits and a NUL */

/* Of a regular file; anything else is ERR_INPUT. */
int checksum_file(char out[CHECKSUM_TEXT], uint64_t *bytes, const char *path,
    struct error *err);

/* Ends a manifest, a JSON object with its closing brace at the end, with the
 * line that vouches for it. Returns 0 or ERR_SYSTEM (no memory). */
int checksum_seal(struct buffer *manifest, struct error *err);

/* Compares folder/manifest.json with its own last line, and folder/data.mdb
 * with the manifest. Returns 0, also for a folder without a manifest, which
 * nobody can vouch for; ERR_CORRUPT when they differ; ERR_SYSTEM. */
int checksum_verify(const char *folder, struct error *err);

/* The same in steps, for one who has other things to do meanwhile: a step reads
 * a megabyte at most and returns 1 while there is more, 0 when the file is the
 * right one, or an error. After 0 or an error only checksum_end() may follow,
 * which may be called at any time; NULL is fine. */
struct checksum;
int checksum_begin(
    struct checksum **out, const char *folder, struct error *err);
int checksum_step(struct checksum *check, struct error *err);
void checksum_end(struct checksum *check);

#endif

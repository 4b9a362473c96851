/* unpack.h - what lies inside one packed file held in memory.
 *
 * Two kinds: a stream (gzip, xz, bzip2, zstd) holds one file and no name; an
 * archive (zip, tar) holds members. Which one it is comes from its first
 * bytes, so text is never tried as an archive. A zip is read by its central
 * directory, and each member's CRC is checked when its last chunk is read. */
#ifndef INDEXER_FILES_UNPACK_H
#define INDEXER_FILES_UNPACK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/buffer.h"
#include "codesets/core/error.h"

enum packing {
    PACKED_NOT,
    PACKED_GZIP,
    PACKED_XZ,
    PACKED_BZIP2,
    PACKED_ZSTD,
    PACKED_ZIP,
    PACKED_TAR,
    PACKED_FOREIGN /* 7z or rar: known, and not read */
};

enum packing packing_of(const uint8_t *data, size_t len);
/* "gzip", "zip", …; "" for PACKED_NOT. */
const char *packing_name(enum packing packing);
bool packing_is_stream(enum packing packing);

/* Appends the whole of a stream. Returns 0, ERR_INPUT when it is damaged,
 * ERR_LIMIT when out->max is reached, or ERR_SYSTEM. */
int unpack_stream(struct buffer *out, enum packing packing, const uint8_t *data,
    size_t len, struct error *err);

/* An archive being read, member by member. data is borrowed until the close. */
struct unpack;

struct member {
    const char *name; /* as the archive spells it; until the next member */
    uint64_t size;    /* what the archive says; 0 when it does not */
};

int unpack_open(struct unpack **out, enum packing packing, const uint8_t *data,
    size_t len, struct error *err);
void unpack_close(struct unpack *unpack); /* NULL is fine */

/* Moves to the next member that is not a folder; what was not read of the one
 * before is skipped, unchecked. Returns 1, 0 at the end, ERR_INPUT (damaged,
 * encrypted, a link) or ERR_LIMIT (INPUT_MEMBERS_MAX). */
int unpack_next(struct unpack *unpack, struct member *out, struct error *err);

/* The member's next bytes, borrowed until the next call. Returns 1, 0 at its
 * end (its CRC was right), or an error. */
int unpack_chunk(struct unpack *unpack, const uint8_t **chunk, size_t *len,
    struct error *err);

#endif

/* layout.h - numbers of the search blob (index.h), for those who write and read
 * it, and the arithmetic of its bitmaps. */
#ifndef CODESETS_SEARCH_LAYOUT_H
#define CODESETS_SEARCH_LAYOUT_H
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/bytes.h"

enum {
    SEARCH_HEADER_LEN = 48,
    SEARCH_RANGE_LEN = 12,
    SEARCH_VALUE_LEN = 16,
    SEARCH_WINDOW_LEN = 8,
    SEARCH_RUN_HEAD = 3,
    SEARCH_RUN_BITS = 16, /* of a place that each posting of a run has */
};
#define SEARCH_DENSE 0x80000000u  /* of a posting: bitmaps, not a list */
#define SEARCH_IS_TITLE 0x800000u /* of a name */

static inline size_t search_bitmap_bytes(uint32_t documents)
{
    return ((size_t)documents + 127) / 128 * 16;
}

/* Sixteen bytes at any address: what every 64-bit machine takes at once. */
typedef uint64_t bits_lane
    __attribute__((vector_size(16), aligned(1), may_alias));

static inline void bits_and(uint8_t *out, const uint8_t *other, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += sizeof(bits_lane))
        *(bits_lane *)(out + i) &= *(const bits_lane *)(other + i);
}

static inline void bits_or(uint8_t *out, const uint8_t *other, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += sizeof(bits_lane))
        *(bits_lane *)(out + i) |= *(const bits_lane *)(other + i);
}

/* out = one and other */
static inline void bits_both(
    uint8_t *out, const uint8_t *one, const uint8_t *other, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += sizeof(bits_lane))
        *(bits_lane *)(out + i) =
            *(const bits_lane *)(one + i) & *(const bits_lane *)(other + i);
}

static inline void bits_but(uint8_t *out, const uint8_t *other, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += sizeof(bits_lane))
        *(bits_lane *)(out + i) &= ~*(const bits_lane *)(other + i);
}

static inline uint64_t bits_word(const uint8_t *bits, size_t at)
{
    uint64_t v;

    memcpy(&v, bits + at, sizeof v);
    return le64toh(v);
}

static inline void bits_add_word(uint8_t *bits, size_t at, uint64_t more)
{
    const uint64_t v = htole64(bits_word(bits, at) | more);

    memcpy(bits + at, &v, sizeof v);
}

static inline void bits_set(uint8_t *bits, uint32_t rank)
{
    bits[rank / 8] |= (uint8_t)(1u << rank % 8);
}

static inline int bits_has(const uint8_t *bits, uint32_t rank)
{
    return bits[rank / 8] >> rank % 8 & 1;
}

#endif

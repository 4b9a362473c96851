/* bits.h - sets of numbers as bitmaps: number n is bit n % 8 of byte n / 8.
 *
 * A bitmap has a multiple of sixteen bytes and may lie anywhere. Its words are
 * of eight bytes, the lowest number in the lowest bit. What goes over whole
 * bitmaps takes as many bytes at once as the machine can; the program asks it,
 * for it is built for any machine of its kind. */
#ifndef CODESETS_SEARCH_BITS_H
#define CODESETS_SEARCH_BITS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/bytes.h"

/* Sixteen bytes at any address: what every 64-bit machine takes at once. */
typedef uint64_t bits_lane
    __attribute__((vector_size(16), aligned(1), may_alias));

void bits_and(uint8_t *out, const uint8_t *other, size_t bytes);
void bits_or(uint8_t *out, const uint8_t *other, size_t bytes);
/* out and not other */
void bits_but(uint8_t *out, const uint8_t *other, size_t bytes);
/* out = one and other */
void bits_both(
    uint8_t *out, const uint8_t *one, const uint8_t *other, size_t bytes);

uint32_t bits_count(const uint8_t *bits, size_t bytes);
/* Those of both. */
uint32_t bits_count_both(
    const uint8_t *one, const uint8_t *other, size_t bytes);
/* Whether it has more numbers than so many: most that have are told soon. */
bool bits_more_than(uint32_t few, const uint8_t *bits, size_t bytes);

/* The first word at byte `at` or behind it in which both have a number; `end`
 * when there is none before it. Both are multiples of eight. */
size_t bits_next_both(
    const uint8_t *one, const uint8_t *other, size_t at, size_t end);
static inline size_t bits_next(const uint8_t *bits, size_t at, size_t end)
{
    return bits_next_both(bits, bits, at, end);
}

static inline bool bits_any(const uint8_t *bits, size_t bytes)
{
    return bits_next(bits, 0, bytes) < bytes;
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

static inline void bits_set(uint8_t *bits, uint32_t number)
{
    bits[number / 8] |= (uint8_t)(1u << number % 8);
}

static inline int bits_has(const uint8_t *bits, uint32_t number)
{
    return bits[number / 8] >> number % 8 & 1;
}

#endif

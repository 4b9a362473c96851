#include "codesets/search/bits.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define TAKES_WIDE __attribute__((target("avx2")))
#define COUNTS __attribute__((target("popcnt")))
#define COUNTS_WIDE __attribute__((target("avx512f,avx512vpopcntdq")))
#else
#define TAKES_WIDE
#endif

/* Thirty-two bytes at any address, taken at once or half by half. */
typedef uint64_t wide_lane
    __attribute__((vector_size(32), aligned(1), may_alias));

/* What is written once and made for more than one kind of machine. */
#define FOR_EACH_KIND static inline __attribute__((always_inline))

static bool takes_wide(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2");
#else
    return false;
#endif
}

/* --------------------------------------------------- one bitmap of two */

enum operation { AND, OR, BUT };

#define COMBINE(lane)                                                          \
    for (; bytes - i >= sizeof(lane); i += sizeof(lane)) {                     \
        const lane a = *(const lane *)(one + i);                               \
        const lane b = *(const lane *)(other + i);                             \
                                                                               \
        *(lane *)(out + i) = operation == AND  ? (a & b)                       \
                             : operation == OR ? (a | b)                       \
                                               : (a & ~b);                     \
    }

FOR_EACH_KIND void combine(uint8_t *out, const uint8_t *one,
    const uint8_t *other, size_t bytes, enum operation operation)
{
    size_t i = 0;

    COMBINE(wide_lane)
    COMBINE(bits_lane)
}

TAKES_WIDE static void combine_wide(uint8_t *out, const uint8_t *one,
    const uint8_t *other, size_t bytes, enum operation operation)
{
    switch (operation) {
    case AND:
        combine(out, one, other, bytes, AND);
        break;
    case OR:
        combine(out, one, other, bytes, OR);
        break;
    case BUT:
        combine(out, one, other, bytes, BUT);
        break;
    }
}

void bits_both(
    uint8_t *out, const uint8_t *one, const uint8_t *other, size_t bytes)
{
    if (takes_wide())
        combine_wide(out, one, other, bytes, AND);
    else
        combine(out, one, other, bytes, AND);
}

void bits_and(uint8_t *out, const uint8_t *other, size_t bytes)
{
    bits_both(out, out, other, bytes);
}

void bits_or(uint8_t *out, const uint8_t *other, size_t bytes)
{
    if (takes_wide())
        combine_wide(out, out, other, bytes, OR);
    else
        combine(out, out, other, bytes, OR);
}

void bits_but(uint8_t *out, const uint8_t *other, size_t bytes)
{
    if (takes_wide())
        combine_wide(out, out, other, bytes, BUT);
    else
        combine(out, out, other, bytes, BUT);
}

/* ------------------------------------------------------------- counting */

FOR_EACH_KIND uint32_t count(
    const uint8_t *one, const uint8_t *other, size_t bytes)
{
    uint32_t n = 0;

    for (size_t i = 0; i < bytes; i += 8)
        n += (uint32_t)__builtin_popcountll(
            bits_word(one, i) & bits_word(other, i));
    return n;
}

#if defined(__x86_64__)
COUNTS static uint32_t count_by_word(
    const uint8_t *one, const uint8_t *other, size_t bytes)
{
    return count(one, other, bytes);
}

COUNTS_WIDE static uint32_t count_wide(
    const uint8_t *one, const uint8_t *other, size_t bytes)
{
    __m512i sum = _mm512_setzero_si512();

    for (size_t i = 0; i < bytes; i += 64) {
        const size_t left = (bytes - i) / 8;
        const __mmask8 words = (__mmask8)(left < 8 ? (1u << left) - 1 : 0xFF);

        sum = _mm512_add_epi64(
            sum, _mm512_popcnt_epi64(
                     _mm512_and_si512(_mm512_maskz_loadu_epi64(words, one + i),
                         _mm512_maskz_loadu_epi64(words, other + i))));
    }
    return (uint32_t)_mm512_reduce_add_epi64(sum);
}
#endif

uint32_t bits_count_both(const uint8_t *one, const uint8_t *other, size_t bytes)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512vpopcntdq"))
        return count_wide(one, other, bytes);
    if (__builtin_cpu_supports("popcnt"))
        return count_by_word(one, other, bytes);
#endif
    return count(one, other, bytes);
}

uint32_t bits_count(const uint8_t *bits, size_t bytes)
{
    return bits_count_both(bits, bits, bytes);
}

bool bits_more_than(uint32_t few, const uint8_t *bits, size_t bytes)
{
    enum { PIECE = 2048 };
    uint32_t n = 0;

    for (size_t at = 0; at < bytes && n <= few; at += PIECE)
        n += bits_count(bits + at, bytes - at < PIECE ? bytes - at : PIECE);
    return n > few;
}

/* -------------------------------------------------------------- seeking */

static size_t next_word(
    const uint8_t *one, const uint8_t *other, size_t at, size_t end)
{
    while (at < end && (bits_word(one, at) & bits_word(other, at)) == 0)
        at += 8;
    return at < end ? at : end;
}

#if defined(__x86_64__)
TAKES_WIDE static size_t next_wide(
    const uint8_t *one, const uint8_t *other, size_t at, size_t end)
{
    for (; at < end && end - at >= sizeof(__m256i); at += sizeof(__m256i)) {
        const void *a = one + at, *b = other + at;

        if (!_mm256_testz_si256(_mm256_loadu_si256(a), _mm256_loadu_si256(b)))
            break;
    }
    return next_word(one, other, at, end);
}
#endif

size_t bits_next_both(
    const uint8_t *one, const uint8_t *other, size_t at, size_t end)
{
#if defined(__x86_64__)
    if (takes_wide())
        return next_wide(one, other, at, end);
#endif
    return next_word(one, other, at, end);
}

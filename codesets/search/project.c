#include <string.h>

#include "codesets/search/bits.h"
#include "codesets/search/index.h"

/* Row by row. A row that a damaged list names and that there is not is left
 * out. */
void search_project_rows(
    const struct search_index *index, const uint8_t *rows, uint8_t *documents)
{
    const uint8_t *others = rows + index->bitmap_bytes;
    const size_t bytes = index->row_bytes - index->bitmap_bytes;
    size_t word = 0; /* of the documents' bitmap, whose bits are gathered */
    uint64_t bits = 0;

    memcpy(documents, rows, index->bitmap_bytes);
    for (size_t at = 0; at < bytes; at += 8)
        for (uint64_t left = bits_word(others, at); left != 0;
             left &= left - 1) {
            const size_t row = at * 8 + (size_t)__builtin_ctzll(left);
            uint32_t rank;

            if (row >= index->rows)
                break;
            /* Rows go by rank: those of one word follow each other, and are
             * not written each for itself. */
            rank = search_row_rank(index, (uint32_t)row);
            if (rank / 64 != word) {
                bits_add_word(documents, word * 8, bits);
                word = rank / 64;
                bits = 0;
            }
            bits |= UINT64_C(1) << rank % 64;
        }
    bits_add_word(documents, word * 8, bits);
}

#if defined(__x86_64__)

/* Sixty-four rows at a time. The rows of a document lie side by side, the last
 * of them marked, and documents come in the order of their rows. So each run of
 * rows that ends with a mark is made one bit: adding ones to the rest of it
 * carries into the mark when any of them is set. The marks pushed together are
 * a bit for each document with such rows, one behind the other, and are spread
 * over the documents that have some. */
struct runs {
    const uint8_t *rows, *ends;
    size_t at, bytes;
    uint64_t open;      /* 1: a run without its end yet has a row */
    uint64_t low, high; /* bits of documents that were not spread yet */
    unsigned count;     /* of them */
};

#define TAKES_BITS __attribute__((target("bmi,bmi2,popcnt")))

/* Adds the documents of the next sixty-four rows; fewer than sixty-four wait.
 */
TAKES_BITS static inline void read_runs(struct runs *runs)
{
    const uint64_t rows = bits_word(runs->rows, runs->at) | runs->open;
    const uint64_t ends = bits_word(runs->ends, runs->at);
    const uint64_t any = ends & (rows | ((rows & ~ends) + ~ends));
    const uint64_t bits = __builtin_ia32_pext_di(any, ends);
    /* Above the last end; shifted twice, for the end may be the top bit. */
    const uint64_t rest =
        ends == 0 ? rows : rows >> (63 - __builtin_clzll(ends)) >> 1;

    runs->open = rest != 0;
    runs->low |= bits << runs->count;
    runs->high = bits >> 1 >> (63 - runs->count);
    runs->count += (unsigned)__builtin_popcountll(ends);
    runs->at += 8;
}

/* The next n of the documents' bits, at most sixty-four. */
TAKES_BITS static inline uint64_t take_bits(struct runs *runs, unsigned n)
{
    uint64_t bits;

    while (runs->count < n && runs->at < runs->bytes)
        read_runs(runs);
    bits = runs->low;
    if (n == 64) {
        runs->low = runs->high;
        runs->high = 0;
    } else {
        /* What waits beyond those taken, the lowest of `high` on top. */
        runs->low = runs->low >> n | runs->high << 1 << (63 - n);
        runs->high >>= n;
    }
    runs->count -= n < runs->count ? n : runs->count;
    return bits;
}

TAKES_BITS static void project_runs(
    const struct search_index *index, const uint8_t *rows, uint8_t *documents)
{
    struct runs runs = {.rows = rows + index->bitmap_bytes,
        .ends = index->row_end,
        .bytes = index->row_bytes - index->bitmap_bytes};

    for (size_t at = 0; at < index->bitmap_bytes; at += 8) {
        const uint64_t with = bits_word(index->with_rows, at);
        const uint64_t bits =
            take_bits(&runs, (unsigned)__builtin_popcountll(with));
        const uint64_t own =
            htole64(bits_word(rows, at) | __builtin_ia32_pdep_di(bits, with));

        memcpy(documents + at, &own, sizeof own);
    }
}

/* It takes as long for few rows as for many: these cost less row by row. */
enum { FEW_PART = 32 };

static bool has_many(const struct search_index *index, const uint8_t *rows)
{
    return bits_more_than(index->rows / FEW_PART, rows + index->bitmap_bytes,
        index->row_bytes - index->bitmap_bytes);
}

/* The first of AMD's processors that can do it take longer so. */
static bool takes_bits_fast(void)
{
    return __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") &&
           !__builtin_cpu_is("znver1") && !__builtin_cpu_is("znver2");
}
#endif

void search_project(
    const struct search_index *index, const uint8_t *rows, uint8_t *documents)
{
#if defined(__x86_64__)
    if (takes_bits_fast() && has_many(index, rows)) {
        project_runs(index, rows, documents);
        return;
    }
#endif
    search_project_rows(index, rows, documents);
}

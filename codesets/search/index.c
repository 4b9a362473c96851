#include "codesets/search/index.h"

#include <string.h>

#include "codesets/core/bytes.h"

enum { SEARCH_HEADER_LEN = 16 };

int search_index_read(struct search_index *out, const uint8_t *data, size_t len,
    struct error *err)
{
    static const uint8_t nothing[4] = {0};
    uint64_t need;
    size_t documents, bitmap;

    *out = (struct search_index){.word = nothing, .posting = nothing};
    if (len == 0)
        return 0;
    if (len < SEARCH_HEADER_LEN)
        return error_set(err, ERR_CORRUPT, 0, "search: %zu bytes", len);
    out->documents = load_u32(data);
    out->words = load_u32(data + 4);
    out->word_bytes_len = load_u32(data + 8);
    out->posting_bytes_len = load_u32(data + 12);
    documents = out->documents;
    bitmap = (documents + 7) / 8;
    need = SEARCH_HEADER_LEN + (uint64_t)documents * 16 +
           (uint64_t)SYSTEM_COUNT * bitmap + ((uint64_t)out->words + 1) * 8 +
           (uint64_t)out->word_bytes_len + out->posting_bytes_len;
    if (documents > SEARCH_DOCUMENTS_MAX || need != len) {
        (void)error_set(err, ERR_CORRUPT, 0,
            "search: %u documents, %u words in %zu bytes", out->documents,
            out->words, len);
        *out = (struct search_index){.word = nothing, .posting = nothing};
        return ERR_CORRUPT;
    }
    out->document = data + SEARCH_HEADER_LEN;
    out->rank = out->document + documents * 4;
    out->from = out->rank + documents * 4;
    out->to = out->from + documents * 4;
    out->bits = out->to + documents * 4;
    out->word = out->bits + SYSTEM_COUNT * bitmap;
    out->posting = out->word + ((size_t)out->words + 1) * 4;
    out->word_bytes = out->posting + ((size_t)out->words + 1) * 4;
    out->posting_bytes = out->word_bytes + out->word_bytes_len;
    return 0;
}

/* Bytes [*first, *end) of entry i, kept below limit whatever the blob says. */
static void entry(const uint8_t *offsets, uint32_t i, uint32_t limit,
    uint32_t *first, uint32_t *end)
{
    *first = load_u32(offsets + 4 * (size_t)i);
    *end = load_u32(offsets + 4 * (size_t)i + 4);
    if (*end > limit)
        *end = limit;
    if (*first > *end)
        *first = *end;
}

/* Below 0 when word i sorts before the prefix, 0 when it begins with it. */
static int compare(const struct search_index *index, uint32_t i,
    const char *prefix, size_t len)
{
    uint32_t first, end;
    size_t word_len;
    int c;

    entry(index->word, i, index->word_bytes_len, &first, &end);
    word_len = end - first;
    c = memcmp(
        index->word_bytes + first, prefix, word_len < len ? word_len : len);
    return c != 0 ? c : word_len < len ? -1 : 0;
}

/* The first word that does not sort before the prefix (beyond false), or that
 * sorts after all words which begin with it (beyond true). */
static uint32_t bound(const struct search_index *index, const char *prefix,
    size_t len, bool beyond)
{
    uint32_t low = 0, high = index->words;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int c = compare(index, middle, prefix, len);

        if (c < 0 || (beyond && c == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void search_prefix(const struct search_index *index, const char *prefix,
    size_t len, uint32_t *first, uint32_t *end, bool *whole)
{
    uint32_t from, to;

    *first = bound(index, prefix, len, false);
    *end = bound(index, prefix, len, true);
    *whole = false;
    if (*first < *end) {
        entry(index->word, *first, index->word_bytes_len, &from, &to);
        *whole = to - from == len;
    }
}

static void add_postings(
    const struct search_index *index, uint32_t word, uint64_t *bits)
{
    uint32_t first, last, rank = 0, step;
    const uint8_t *at, *end;

    entry(index->posting, word, index->posting_bytes_len, &first, &last);
    at = index->posting_bytes + first;
    end = index->posting_bytes + last;
    while (at < end) {
        /* Most steps fit one byte. */
        if (*at < 0x80)
            step = *at++;
        else if (!load_varint(&at, end, &step))
            return;
        if (step >= index->documents - rank)
            return;
        rank += step;
        bits[rank / 64] |= UINT64_C(1) << rank % 64;
    }
}

void search_union(const struct search_index *index, uint32_t first,
    uint32_t end, uint64_t *bits)
{
    for (uint32_t word = first; word < end; word++)
        add_postings(index, word, bits);
}

size_t search_bitmap_words(const struct search_index *index)
{
    return ((size_t)index->documents + 63) / 64;
}

uint32_t search_document(const struct search_index *index, uint32_t rank)
{
    return load_u32(index->document + 4 * (size_t)rank);
}

uint32_t search_rank(const struct search_index *index, uint32_t document)
{
    const uint32_t rank = load_u32(index->rank + 4 * (size_t)document);

    return rank < index->documents ? rank : 0;
}

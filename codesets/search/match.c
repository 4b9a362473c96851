#include "codesets/search/match.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/search/layout.h"
#include "codesets/search/terms.h"
#include "codesets/search/typed.h"

enum { FORMS_MAX = 5 };

/* The rows of words: where they begin words, where they stand whole. NULL is no
 * row. They lie in the map, or in the match's own bitmaps. */
struct word_rows {
    const uint8_t *begun, *whole;
};

int match_open(struct match *out, const struct search_index *index,
    const struct code_list *codes, struct error *err)
{
    *out = (struct match){.index = index,
        .codes = codes,
        .bytes = index->bitmap_bytes,
        .row_bytes = index->row_bytes};
    out->block =
        malloc(out->row_bytes * ROWS_COUNT + out->bytes * BITS_COUNT + 1);
    return out->block == NULL ? error_memory(err) : 0;
}

void match_close(struct match *match)
{
    free(match->block);
    free(match->only);
    match->block = match->only = NULL;
}

int match_only(struct match *match, struct error *err)
{
    const uint8_t *all = match_bits(match, BITS_ALL);
    const struct search_index *index = match->index;

    free(match->only);
    match->only = calloc(1, match->row_bytes + 1);
    if (match->only == NULL)
        return error_memory(err);
    memcpy(match->only, all, match->bytes);
    for (uint32_t row = 0; row < index->rows; row++)
        if (bits_has(all, search_row_rank(index, row)))
            bits_set(match->only, (uint32_t)match->bytes * 8 + row);
    return 0;
}

/* ------------------------------------------------------------- counting */

/* A machine of the last fifteen years counts bits in one step; a program for
 * any machine of its kind must ask first. */
#if defined(__x86_64__)
__attribute__((target("popcnt"))) static uint32_t count_fast(
    const uint8_t *bits, const uint8_t *other, size_t bytes)
{
    uint32_t n = 0;

    for (size_t i = 0; i < bytes; i += 8)
        n += (uint32_t)__builtin_popcountll(
            bits_word(bits, i) & bits_word(other, i));
    return n;
}
#endif

uint32_t match_count_both(
    const uint8_t *bits, const uint8_t *other, size_t bytes)
{
    uint32_t n = 0;

#if defined(__x86_64__)
    if (__builtin_cpu_supports("popcnt"))
        return count_fast(bits, other, bytes);
#endif
    for (size_t i = 0; i < bytes; i += 8) {
        const uint64_t v = bits_word(bits, i) & bits_word(other, i);

        if (v != 0)
            n += (uint32_t)__builtin_popcountll(v);
    }
    return n;
}

uint32_t match_count(const uint8_t *bits, size_t bytes)
{
    return match_count_both(bits, bits, bytes);
}

bool match_any(const uint8_t *bits, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += 16) {
        const bits_lane lane = *(const bits_lane *)(bits + i);

        if ((lane[0] | lane[1]) != 0)
            return true;
    }
    return false;
}

/* ------------------------------------------------------------- one word */

/* The numbers of a word in its forms: itself, the singular, the plurals. Those
 * that do not begin with it come first: *apart of them. */
static uint32_t forms_of(uint32_t form[FORMS_MAX], uint32_t *apart,
    const struct search_index *index, const struct search_range *range,
    const struct fold_word *word)
{
    char text[FOLD_WORD_MAX + 4];
    size_t len = term_singular(text, word->text, word->len);
    uint32_t n = 0;

    if (len > 0 &&
        (form[n] = search_word(index, NULL, text, len)) != UINT32_MAX)
        n++;
    if (word->len > 3 && word->text[word->len - 1] == 'y') {
        memcpy(text, word->text, word->len - 1);
        memcpy(text + word->len - 1, "ies", 3);
        form[n] = search_word(index, NULL, text, word->len + 2);
        n += form[n] != UINT32_MAX;
    }
    *apart = n;
    if (range->whole)
        form[n++] = range->first;
    if (len == 0 && word->len > 2) {
        memcpy(text, word->text, word->len);
        memcpy(text + word->len, "es", 2);
        form[n] = search_word(index, range, text, word->len + 2);
        n += form[n] != UINT32_MAX;
        text[word->len] = 's';
        form[n] = search_word(index, range, text, word->len + 1);
        n += form[n] != UINT32_MAX;
    }
    return n;
}

static void add_codes(
    const struct match *match, const struct typed_codes *range, uint8_t *rows)
{
    for (uint32_t i = range->first; i < range->end; i++)
        if (typed_has(range, match->codes, i))
            bits_set(rows, search_rank(match->index, i));
}

/* The rows where the word stands whole, in one of its forms. When they have to
 * be gathered it is in `rows`. */
static const uint8_t *whole_rows(const struct match *match, uint8_t *rows,
    const uint32_t *form, uint32_t forms, const struct typed_codes *codes)
{
    const struct search_index *index = match->index;

    if (forms == 0 && codes == NULL)
        return NULL;
    if (forms == 1 && codes == NULL) {
        const struct search_range one = {form[0], form[0] + 1, true};
        const uint8_t *ready = search_ready(index, &one);

        if (ready != NULL)
            return ready;
    }
    memset(rows, 0, match->row_bytes);
    for (uint32_t i = 0; i < forms; i++)
        search_union(index, form[i], form[i] + 1, rows);
    if (codes != NULL)
        add_codes(match, codes, rows);
    return rows;
}

/* What has to be gathered is gathered in bitmaps begun and whole. */
static struct word_rows gather(const struct match *match,
    const struct fold_word *word, int begun, int whole)
{
    const struct search_index *index = match->index;
    const struct search_range range =
        search_prefix(index, word->text, word->len);
    uint8_t *rows = match_rows(match, begun);
    uint32_t form[FORMS_MAX], apart;
    const uint32_t forms = forms_of(form, &apart, index, &range, word);
    struct typed_codes codes[2];
    const uint32_t typed =
        typed_word(codes, match->codes, word->text, word->len);
    const uint8_t *ready = NULL;
    struct word_rows out = {
        .whole = whole_rows(match, match_rows(match, whole), form, forms,
            typed > 0 && codes[0].match == MATCH_CODE ? &codes[0] : NULL)};

    if (range.first == range.end && apart == 0 && typed == 0)
        return out;
    if (range.whole && range.end - range.first == 1 && forms == 1 &&
        apart == 0 && typed == 0) {
        out.begun = out.whole; /* no other word begins so */
        return out;
    }
    if (range.first < range.end)
        ready = search_ready(index, &range);
    if (ready != NULL && apart == 0 && typed == 0) {
        out.begun = ready;
        return out;
    }
    if (ready != NULL) {
        memcpy(rows, ready, match->row_bytes);
    } else {
        memset(rows, 0, match->row_bytes);
        search_union(index, range.first, range.end, rows);
    }
    for (uint32_t i = 0; i < apart; i++)
        search_union(index, form[i], form[i] + 1, rows);
    for (uint32_t i = 0; i < typed; i++)
        add_codes(match, &codes[i], rows);
    out.begun = rows;
    return out;
}

static struct word_rows rows_of(
    const struct match *match, const struct fold_word *word)
{
    return gather(match, word, ROWS_WORD, ROWS_WORD_WHOLE);
}

bool match_knows(const struct match *match, const struct search_word *word)
{
    const struct search_index *index = match->index;
    const struct search_range range =
        search_prefix(index, word->word.text, word->word.len);
    struct typed_codes codes[2];
    uint32_t form[FORMS_MAX], apart;

    return range.first < range.end ||
           forms_of(form, &apart, index, &range, &word->word) > 0 ||
           typed_word(codes, match->codes, word->word.text, word->word.len) > 0;
}

/* ---------------------------------------------------------- many words */

/* The rows that both have, in the match's own bitmaps. */
static struct word_rows join(const struct match *match,
    const struct word_rows *one, const struct word_rows *two)
{
    struct word_rows out = {.begun = match_rows(match, ROWS_ALL)};

    bits_both(
        match_rows(match, ROWS_ALL), one->begun, two->begun, match->row_bytes);
    if (one->whole != NULL && two->whole != NULL) {
        bits_both(match_rows(match, ROWS_WHOLE), one->whole, two->whole,
            match->row_bytes);
        out.whole = match_rows(match, ROWS_WHOLE);
    }
    return out;
}

/* Fills the three bitmaps of a query from its last word and from all others
 * (NULL: there are none). What they are made of may lie in them. */
static void settle(const struct match *match, const struct word_rows *others,
    const struct word_rows *last)
{
    uint8_t *all = match_rows(match, ROWS_ALL);
    uint8_t *before = match_rows(match, ROWS_BEFORE);
    uint8_t *whole = match_rows(match, ROWS_WHOLE);
    const size_t bytes = match->row_bytes;

    if (others == NULL) {
        memcpy(all, last->begun, bytes);
        memcpy(before, last->begun, bytes);
        if (last->whole == NULL)
            memset(whole, 0, bytes);
        else
            memcpy(whole, last->whole, bytes);
        return;
    }
    /* First, because both of the others' may lie where `whole` goes. */
    bits_both(all, others->begun, last->begun, bytes);
    if (others->whole == NULL)
        memset(before, 0, bytes);
    else
        bits_both(before, others->whole, last->begun, bytes);
    if (others->whole == NULL || last->whole == NULL)
        memset(whole, 0, bytes);
    else
        bits_both(whole, others->whole, last->whole, bytes);
}

static bool counts(const struct search_word *word)
{
    return !word->dropped && !word->grammar;
}

void match_cut(const struct match *match, uint8_t *bits)
{
    for (size_t n = match->index->documents; n < match->bytes * 8; n++)
        bits[n / 8] &= (uint8_t) ~(1u << n % 8);
}

bool match_words(
    struct match *match, const struct search_word *word, uint32_t words)
{
    struct word_rows others = {NULL, NULL}, rows;
    uint32_t last = words;

    match->across = false;
    while (last > 0 && !counts(&word[last - 1]))
        last--;
    if (last-- == 0)
        return false;
    for (uint32_t i = 0; i < last; i++) {
        const bool first = others.begun == NULL;

        if (!counts(&word[i]))
            continue;
        rows = gather(match, &word[i].word, first ? ROWS_ALL : ROWS_WORD,
            first ? ROWS_WHOLE : ROWS_WORD_WHOLE);
        if (rows.begun == NULL)
            return false;
        others = first ? rows : join(match, &others, &rows);
    }
    rows = rows_of(match, &word[last].word);
    if (rows.begun == NULL)
        return false;
    settle(match, others.begun != NULL ? &others : NULL, &rows);
    if (match->only != NULL)
        bits_and(match_rows(match, ROWS_ALL), match->only, match->row_bytes);
    match_cut(match, match_rows(match, ROWS_ALL));
    return match_any(match_rows(match, ROWS_ALL), match->row_bytes);
}

void match_project(const struct match *match, int rows, int bits)
{
    uint8_t *out = match_bits(match, bits);

    memset(out, 0, match->bytes);
    search_project(match->index, match_rows(match, rows), out);
    match_cut(match, out);
}

bool match_across(
    struct match *match, const struct search_word *word, uint32_t words)
{
    uint8_t *all = match_bits(match, BITS_ALL);
    uint8_t *own = match_bits(match, BITS_SPARE);
    uint32_t done = 0;

    match->across = true;
    memset(match_rows(match, ROWS_ALL), 0, match->row_bytes * 3);
    for (uint32_t i = 0; i < words; i++) {
        struct word_rows rows;

        if (!counts(&word[i]))
            continue;
        rows = rows_of(match, &word[i].word);
        if (rows.begun == NULL)
            return false;
        memset(own, 0, match->bytes);
        search_project(match->index, rows.begun, own);
        if (done++ == 0)
            memcpy(all, own, match->bytes);
        else
            bits_and(all, own, match->bytes);
    }
    if (done == 0)
        return false;
    if (match->only != NULL)
        bits_and(all, match->only, match->bytes);
    match_cut(match, all);
    return match_any(all, match->bytes);
}

/* ---------------------------------------------------- the best part of them */

enum { COUNTER_BITS = 7 }; /* 2^7 is more than there are words */

/* Adds one to the counters of a set's rows. A counter's bits lie in as many
 * bitmaps; carry is one more. */
static void count_up(
    uint8_t *counters, uint8_t *carry, const uint8_t *rows, size_t bytes)
{
    memcpy(carry, rows, bytes);
    for (int bit = 0; bit < COUNTER_BITS; bit++)
        for (size_t i = 0; i < bytes; i += sizeof(bits_lane)) {
            bits_lane *sum = (bits_lane *)(counters + bytes * (size_t)bit + i);
            bits_lane *over = (bits_lane *)(carry + i);
            const bits_lane both = *sum & *over;

            *sum ^= *over;
            *over = both;
        }
}

static bool best_part(const struct match *match, struct search_word *word,
    uint32_t words, uint8_t *counters)
{
    const size_t bytes = match->row_bytes;
    uint8_t *best = match_rows(match, ROWS_ALL);
    uint8_t *kept = match_rows(match, ROWS_BEFORE);
    uint32_t size[SEARCH_QUERY_WORDS] = {0}, counted = 0;

    for (uint32_t i = 0; i < words; i++) {
        const uint8_t *begun;

        if (!counts(&word[i]))
            continue;
        begun = rows_of(match, &word[i].word).begun;
        if (begun == NULL) {
            word[i].dropped = true;
            continue;
        }
        size[i] = match_count(begun, bytes);
        if (match->only != NULL) {
            bits_both(best, begun, match->only, bytes);
            begun = best;
        }
        count_up(counters, kept, begun, bytes);
        counted++;
    }
    if (counted == 0)
        return false;
    /* The rows with the most words, from the highest bit of their counters. */
    memset(best, 0xFF, bytes);
    for (int bit = COUNTER_BITS - 1; bit >= 0; bit--) {
        bits_both(kept, best, counters + bytes * (size_t)bit, bytes);
        if (match_any(kept, bytes))
            memcpy(best, kept, bytes);
    }
    /* Of these, those with the rarest words. */
    for (;;) {
        uint32_t rarest = UINT32_MAX;

        for (uint32_t i = 0; i < words; i++)
            if (counts(&word[i]) && size[i] != 0 &&
                (rarest == UINT32_MAX || size[i] < size[rarest]))
                rarest = i;
        if (rarest == UINT32_MAX)
            return true;
        size[rarest] = 0;
        bits_both(kept, best, rows_of(match, &word[rarest].word).begun, bytes);
        if (match_any(kept, bytes))
            memcpy(best, kept, bytes);
        else
            word[rarest].dropped = true;
    }
}

bool match_best_part(
    struct match *match, struct search_word *word, uint32_t words)
{
    uint8_t *counters = calloc(COUNTER_BITS, match->row_bytes);
    bool found;

    if (counters == NULL)
        return false; /* a search in full found nothing, and so does this */
    found = best_part(match, word, words, counters);
    free(counters);
    return found;
}

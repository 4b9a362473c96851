#include "codesets/search/match.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/search/layout.h"
#include "codesets/search/terms.h"
#include "codesets/search/typed.h"

enum { FORMS_MAX = 5 };

/* The sets of one word: codes it begins a word of, codes where it is whole.
 * NULL is no code. They lie in the map, or in the match's own bitmaps. */
struct word_sets {
    struct search_sets begun, whole;
};

int match_open(struct match *out, const struct search_index *index,
    const struct code_list *codes, struct error *err)
{
    *out = (struct match){
        .index = index, .codes = codes, .bytes = index->bitmap_bytes};
    out->block = malloc(out->bytes * BITS_COUNT + 1);
    return out->block == NULL ? error_memory(err) : 0;
}

void match_close(struct match *match)
{
    free(match->block);
    match->block = NULL;
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

static void add_codes(const struct match *match,
    const struct typed_codes *range, uint8_t *any, uint8_t *title)
{
    for (uint32_t i = range->first; i < range->end; i++)
        if (typed_has(range, match->codes, i)) {
            const uint32_t rank = search_rank(match->index, i);

            bits_set(any, rank);
            bits_set(title, rank);
        }
}

static void begin_sets(const struct match *match, int which,
    struct search_sets *out, const struct search_sets *from)
{
    uint8_t *any = match_bits(match, which);

    if (from == NULL) {
        memset(any, 0, match->bytes * 2);
    } else {
        memcpy(any, from->any, match->bytes);
        memcpy(any + match->bytes, from->title, match->bytes);
    }
    *out = (struct search_sets){any, any + match->bytes};
}

/* The codes where the word stands whole, in one of its forms. */
static void whole_sets(const struct match *match, struct search_sets *out,
    const uint32_t *form, uint32_t forms, const struct typed_codes *codes)
{
    const struct search_index *index = match->index;
    uint8_t *any = match_bits(match, BITS_WORD_WHOLE);

    if (forms == 0 && codes == NULL)
        return;
    if (forms == 1 && codes == NULL) {
        const struct search_range one = {form[0], form[0] + 1, true};

        if (search_ready(out, index, &one))
            return;
    }
    begin_sets(match, BITS_WORD_WHOLE, out, NULL);
    for (uint32_t i = 0; i < forms; i++)
        search_union(index, form[i], form[i] + 1, any, any + match->bytes);
    if (codes != NULL)
        add_codes(match, codes, any, any + match->bytes);
}

static void sets_of(const struct match *match, struct word_sets *out,
    const struct fold_word *word)
{
    const struct search_index *index = match->index;
    const struct search_range range =
        search_prefix(index, word->text, word->len);
    uint8_t *any = match_bits(match, BITS_WORD);
    uint32_t form[FORMS_MAX], apart;
    const uint32_t forms = forms_of(form, &apart, index, &range, word);
    struct typed_codes codes[2];
    const uint32_t typed =
        typed_word(codes, match->codes, word->text, word->len);
    struct search_sets ready;
    bool is_ready;

    *out = (struct word_sets){0};
    whole_sets(match, &out->whole, form, forms,
        typed > 0 && codes[0].match == MATCH_CODE ? &codes[0] : NULL);
    if (range.first == range.end && apart == 0 && typed == 0)
        return;
    is_ready = range.first < range.end && search_ready(&ready, index, &range);
    if (is_ready && apart == 0 && typed == 0) {
        out->begun = ready;
        return;
    }
    begin_sets(match, BITS_WORD, &out->begun, is_ready ? &ready : NULL);
    if (!is_ready)
        search_union(index, range.first, range.end, any, any + match->bytes);
    for (uint32_t i = 0; i < apart; i++)
        search_union(index, form[i], form[i] + 1, any, any + match->bytes);
    for (uint32_t i = 0; i < typed; i++)
        add_codes(match, &codes[i], any, any + match->bytes);
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

/* Narrows a couple of bitmaps down; the first word makes them. */
static void narrow(const struct match *match, int which,
    const struct search_sets *sets, bool first)
{
    uint8_t *any = match_bits(match, which);

    if (sets->any == NULL) {
        memset(any, 0, match->bytes * 2);
    } else if (first) {
        memcpy(any, sets->any, match->bytes);
        memcpy(any + match->bytes, sets->title, match->bytes);
    } else {
        bits_and(any, sets->any, match->bytes);
        bits_and(any + match->bytes, sets->title, match->bytes);
    }
}

static bool counts(const struct search_word *word)
{
    return !word->dropped && !word->grammar;
}

/* A damaged bitmap may name codes behind the last one. */
static void cut_tail(const struct match *match, uint8_t *bits)
{
    const uint32_t documents = match->index->documents;

    for (size_t rank = documents; rank < match->bytes * 8; rank++)
        bits[rank / 8] &= (uint8_t) ~(1u << rank % 8);
}

bool match_words(
    const struct match *match, const struct search_word *word, uint32_t words)
{
    struct word_sets sets;
    uint32_t last = words, done = 0;

    while (last > 0 && !counts(&word[last - 1]))
        last--;
    if (last-- == 0)
        return false;
    for (uint32_t i = 0; i < last; i++) {
        if (!counts(&word[i]))
            continue;
        sets_of(match, &sets, &word[i].word);
        if (sets.begun.any == NULL)
            return false;
        narrow(match, BITS_ALL, &sets.begun, done == 0);
        narrow(match, BITS_WHOLE, &sets.whole, done == 0);
        done++;
    }
    sets_of(match, &sets, &word[last].word);
    if (sets.begun.any == NULL)
        return false;
    if (done > 0)
        memcpy(match_bits(match, BITS_BEFORE), match_bits(match, BITS_WHOLE),
            match->bytes * 2);
    narrow(match, BITS_ALL, &sets.begun, done == 0);
    narrow(match, BITS_BEFORE, &sets.begun, done == 0);
    narrow(match, BITS_WHOLE, &sets.whole, done == 0);
    cut_tail(match, match_bits(match, BITS_ALL));
    return match_any(match_bits(match, BITS_ALL), match->bytes);
}

/* Adds one to the counters of a set's codes; a counter's bits lie in as many
 * bitmaps. */
static void count_up(const struct match *match, const uint8_t *bits)
{
    uint8_t *carry = match_bits(match, BITS_TIER);

    memcpy(carry, bits, match->bytes);
    for (int plane = 0; plane < BITS_PLANES; plane++) {
        uint8_t *at = match_bits(match, BITS_PLANE + plane);

        for (size_t i = 0; i < match->bytes; i += sizeof(bits_lane)) {
            bits_lane *sum = (bits_lane *)(at + i);
            bits_lane *over = (bits_lane *)(carry + i);
            const bits_lane both = *sum & *over;

            *sum ^= *over;
            *over = both;
        }
    }
}

bool match_best_part(
    const struct match *match, struct search_word *word, uint32_t words)
{
    uint8_t *best = match_bits(match, BITS_ALL);
    uint8_t *kept = match_bits(match, BITS_TIER);
    uint32_t size[SEARCH_QUERY_WORDS] = {0}, counted = 0;
    struct word_sets sets;

    memset(match_bits(match, BITS_PLANE), 0, match->bytes * BITS_PLANES);
    for (uint32_t i = 0; i < words; i++) {
        if (!counts(&word[i]))
            continue;
        sets_of(match, &sets, &word[i].word);
        if (sets.begun.any == NULL || counted == (1u << BITS_PLANES) - 1) {
            word[i].dropped = true;
            continue;
        }
        size[i] = match_count(sets.begun.any, match->bytes);
        count_up(match, sets.begun.any);
        counted++;
    }
    if (counted == 0)
        return false;
    /* The codes with the most words, from the highest bit of their counters. */
    memset(best, 0xFF, match->bytes);
    for (int plane = BITS_PLANES - 1; plane >= 0; plane--) {
        bits_both(
            kept, best, match_bits(match, BITS_PLANE + plane), match->bytes);
        if (match_any(kept, match->bytes))
            memcpy(best, kept, match->bytes);
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
        sets_of(match, &sets, &word[rarest].word);
        bits_both(kept, best, sets.begun.any, match->bytes);
        if (match_any(kept, match->bytes))
            memcpy(best, kept, match->bytes);
        else
            word[rarest].dropped = true;
    }
}

#include "codesets/search/match.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/search/bits.h"

/* What ICD-10-CM says at a heading holds for all codes below it: "bed sore",
 * an inclusion term of L89, for "Pressure ulcer of right heel, stage 2". So a
 * code has the words of its headings, too. To look so far takes longer, and is
 * only done when no code has all words itself.
 *
 * The codes looked at are those that have the rarest word, and those below
 * them: so many at most, or none. */
enum { LOOKED_AT_MAX = 2048 };

enum { HEADING_MIN = 3 }; /* bytes of the shortest code of ICD-10-CM */

struct below {
    const struct match *match;
    uint32_t words;
    uint8_t *has; /* bitmaps of documents: who has each word */
    uint32_t looked_at;
    /* The headings of the code looked at last, by their length. */
    char code[CODE_MAX];
    size_t code_len;
    uint32_t heading[CODE_MAX];
};

static uint8_t *who_has(const struct below *below, uint32_t word)
{
    return below->has + below->match->bytes * (size_t)word;
}

/* Codes that follow each other share most of their headings. */
static void find_headings(struct below *below, const struct code_ref *code)
{
    size_t n = 0;

    while (
        n < code->len && n < below->code_len && code->text[n] == below->code[n])
        n++;
    for (size_t len = HEADING_MIN; len < code->len; len++)
        if (len > n || len >= below->code_len)
            below->heading[len] = code_number(
                below->match->codes, SYSTEM_ICD10CM, code->text, len);
    memcpy(below->code, code->text, code->len);
    below->code_len = code->len;
}

/* The code or one of its headings has the word. */
static bool has_word(const struct below *below, uint32_t word, uint32_t rank)
{
    const uint8_t *has = who_has(below, word);

    if (bits_has(has, rank))
        return true;
    for (size_t len = HEADING_MIN; len < below->code_len; len++)
        if (below->heading[len] != UINT32_MAX &&
            bits_has(
                has, search_rank(below->match->index, below->heading[len])))
            return true;
    return false;
}

static void look_at(struct below *below, uint32_t document, uint8_t *found)
{
    const struct code_ref code = code_at(below->match->codes, document);
    const uint32_t rank = search_rank(below->match->index, document);

    if (code.system != SYSTEM_ICD10CM || code.len > CODE_MAX)
        return;
    below->looked_at++;
    find_headings(below, &code);
    for (uint32_t i = 0; i < below->words; i++)
        if (!has_word(below, i, rank))
            return;
    bits_set(found, rank);
}

/* A code that has the rarest word, and all below it. */
static void look_below(struct below *below, uint32_t document, uint8_t *found)
{
    const struct code_list *codes = below->match->codes;
    const struct code_ref top = code_at(codes, document);

    look_at(below, document, found);
    if (top.system != SYSTEM_ICD10CM)
        return;
    for (uint32_t i = document + 1;
         i < codes->count && below->looked_at <= LOOKED_AT_MAX; i++) {
        const struct code_ref code = code_at(codes, i);

        if (code.len < top.len || memcmp(code.text, top.text, top.len) != 0)
            break;
        look_at(below, i, found);
    }
}

/* The documents of each word; returns the number of the word that fewest have,
 * UINT32_MAX when one of them is nowhere. */
static uint32_t find_rarest(
    struct below *below, const struct search_word *word, uint32_t words)
{
    uint32_t fewest = UINT32_MAX, rarest = UINT32_MAX;

    for (uint32_t i = 0; i < words; i++) {
        uint32_t count;

        if (word[i].dropped || word[i].grammar)
            continue;
        if (!match_documents(
                below->match, &word[i], who_has(below, below->words)))
            return UINT32_MAX;
        count = bits_count(who_has(below, below->words), below->match->bytes);
        if (count < fewest) {
            fewest = count;
            rarest = below->words;
        }
        below->words++;
    }
    return fewest <= LOOKED_AT_MAX ? rarest : UINT32_MAX;
}

bool match_below(
    struct match *match, const struct search_word *word, uint32_t words)
{
    struct below below = {
        .match = match, .has = malloc(match->bytes * (size_t)words + 1)};
    uint8_t *all = match_bits(match, BITS_ALL);
    uint32_t rarest;

    /* Without memory there is an answer all the same, with less in it. */
    if (below.has == NULL)
        return false;
    match->across = true;
    match->few = false;
    memset(all, 0, match->bytes);
    rarest = find_rarest(&below, word, words);
    if (rarest != UINT32_MAX && below.words > 1) {
        const uint8_t *has = who_has(&below, rarest);

        for (size_t at = 0; at < match->bytes; at += 8)
            for (uint64_t left = bits_word(has, at);
                 left != 0 && below.looked_at <= LOOKED_AT_MAX;
                 left &= left - 1) {
                const uint32_t document = search_document(match->index,
                    (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(left));

                if (document < match->codes->count)
                    look_below(&below, document, all);
            }
    }
    free(below.has);
    if (below.looked_at > LOOKED_AT_MAX)
        return false;
    if (match->only != NULL)
        bits_and(all, match->only, match->bytes);
    match_cut(match, all);
    return bits_any(all, match->bytes);
}

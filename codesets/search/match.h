/* match.h - the codes whose texts hold the words of a query.
 *
 * Bitmaps over ranks (index.h), all in one allocation of a few times B bytes.
 */
#ifndef CODESETS_SEARCH_MATCH_H
#define CODESETS_SEARCH_MATCH_H
#include "codesets/search/query.h"

/* How many bitmaps a match works with. */
enum match_bits {
    BITS_ALL,       /* every word begins a word of some text */
    BITS_ALL_TITLE, /* of the title */
    BITS_BEFORE,    /* all but the last stand whole, the last begins one */
    BITS_BEFORE_TITLE,
    BITS_WHOLE, /* every word stands whole */
    BITS_WHOLE_TITLE,
    BITS_WORD, /* of the word at hand: begun, begun in the title, … */
    BITS_WORD_TITLE,
    BITS_WORD_WHOLE,
    BITS_WORD_WHOLE_TITLE,
    BITS_TIER,
    BITS_PAGE,
    BITS_CODES, /* found by their code */
    BITS_COUNT,
    /* While words are counted for the best part of them. */
    BITS_PLANE = BITS_ALL_TITLE,
    BITS_PLANES = 5
};

struct match {
    const struct search_index *index;
    const struct code_list *codes;
    size_t bytes;   /* of a bitmap */
    uint8_t *block; /* of all of them */
};

int match_open(struct match *out, const struct search_index *index,
    const struct code_list *codes, struct error *err);
void match_close(struct match *match);

static inline uint8_t *match_bits(const struct match *match, int which)
{
    return match->block + match->bytes * (size_t)which;
}

/* Fills BITS_ALL to BITS_WHOLE_TITLE from the words that are neither dropped
 * nor grammar. False when no code has them all. */
bool match_words(
    const struct match *match, const struct search_word *word, uint32_t words);
/* Marks the words to leave out so that as many as can be stand in one code.
 * False when no word stands anywhere. */
bool match_best_part(
    const struct match *match, struct search_word *word, uint32_t words);
/* False when no code has the word or a word that begins so. */
bool match_knows(const struct match *match, const struct search_word *word);

uint32_t match_count(const uint8_t *bits, size_t bytes);
uint32_t match_count_both(
    const uint8_t *bits, const uint8_t *other, size_t bytes);
bool match_any(const uint8_t *bits, size_t bytes);

#endif

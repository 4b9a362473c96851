/* spell.h - words of the dictionary that a word may have been meant for.
 *
 * Only words of letters are corrected: a number, a dose or a code that is
 * written wrong is another one. Short words stand too close to each other to
 * tell what was meant. Of words that are as near, one with two letters changed
 * about comes first, then one that begins alike, then of an unfinished word one
 * that need not go on, then the commonest. */
#ifndef CODESETS_SEARCH_SPELL_H
#define CODESETS_SEARCH_SPELL_H
#include "codesets/core/fold.h"
#include "codesets/search/index.h"

enum {
    SPELL_MIN = 3,     /* bytes of a word that is corrected */
    SPELL_FIRST = 4,   /* shorter ones begin as they were typed */
    SPELL_TWO_MIN = 7, /* from here on by two letters, but not the first */
    SPELL_WORDS_MAX = 8,
    /* Columns of edit distances that one word is worth: the words of CMS's
     * releases want less than a tenth of them. A dictionary that wants more is
     * looked at no further. */
    SPELL_COLUMNS_MAX = 1 << 16
};

/* Another word, and in how many letters it differs. */
struct spelling {
    uint32_t word;
    int letters;
};

/* Nearest first. unfinished: the word may go on. Returns
 * how many words were found. One walk over the dictionary, past all words whose
 * beginning is already too far off. */
uint32_t spell(struct spelling out[SPELL_WORDS_MAX],
    const struct search_index *index, const struct fold_word *word,
    bool unfinished);

#endif

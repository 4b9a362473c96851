/* fold.h - text made plain, so that what people type finds what CMS prints.
 *
 * A text is cut into words; each word is folded by Unicode's rules (utf8proc):
 * case folded, compatibility forms opened, marks dropped.
 *
 *   "Sjögren's syndrome"      -> sjogrens, syndrome
 *   "X-Ray of Hand, LEFT"     -> x, ray, of, hand, left
 *   "2.5 mg/½ tablet"         -> 2.5, mg, 1, 2, tablet
 *   "ﬁbula"                   -> fibula
 *   "Mri w/o dye", "w/dye"    -> mri, without, dye; with, dye
 *   "10MG", "5 µg", "5 ug"    -> 10, mg; 5, mcg; 5, mcg
 *   "1,000 units", "50%"      -> 1000, units; 50, percent
 *   "sc < 3 cm", "3 cm/>"     -> sc, less, 3, cm; 3, cm, more
 *   "B12", "2nd", "C3-C4"     -> b12; 2nd; c3, c4
 *
 * Letters and digits make words. An apostrophe inside a word is dropped, a
 * point between two digits is kept, so is the number that commas part into
 * thousands; a number and its unit are two words; dashes, slashes and all else
 * part words. No word is
 * thrown away: "with", "no" and "left" carry meaning. Invalid UTF-8 parts
 * words, too. The index and every query use this one function. */
#ifndef CODESETS_CORE_FOLD_H
#define CODESETS_CORE_FOLD_H
#include <stddef.h>
#include <stdint.h>

enum { FOLD_WORD_MAX = 48 }; /* bytes of a folded word; longer ones are cut */

struct fold {
    const char *text; /* borrowed until the last fold_next() */
    size_t len, at;
    uint32_t point;  /* code points before at */
    uint32_t inside; /* pieces already taken of the character at at */
};

struct fold_word {
    char text[FOLD_WORD_MAX + 4]; /* folded, NUL-ended */
    size_t len;
    size_t from, bytes;     /* where the word stands in the text, in bytes */
    uint32_t start, points; /* the same in code points */
    uint32_t folded_points; /* code points of the folded word */
};

void fold_begin(struct fold *out, const char *text, size_t len);
/* The next word. Returns 1, or 0 at the end of the text. */
int fold_next(struct fold *fold, struct fold_word *out);
/* Passes over words that begin with none of the letters, as far as that can be
 * told without folding them: fold_next() says of the words behind what it would
 * have said, and none with such a beginning is passed. */
void fold_pass(struct fold *fold, uint32_t letters);
/* The letter that a folded word begins with, as a bit for fold_pass(); 0 for a
 * word that begins otherwise: it is never passed. */
static inline uint32_t fold_letter(const struct fold_word *word)
{
    const unsigned letter = (unsigned char)word->text[0] - 'a';

    return letter < 26 ? UINT32_C(1) << letter : 0;
}

#endif

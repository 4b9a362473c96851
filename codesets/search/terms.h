/* terms.h - what a folded word counts for in a search.
 *
 * Words of grammar ("of", "the", "and") need not stand in a text to be found,
 * and do not part words that stand next to each other. "with", "without", "no",
 * "not", "left", "right" and every number are none of them: they carry meaning.
 *
 * One and many are the same: "fractures" is "fracture", "biopsies" "biopsy".
 */
#ifndef CODESETS_SEARCH_TERMS_H
#define CODESETS_SEARCH_TERMS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/fold.h"

bool term_is_grammar(const char *word, size_t len);
/* The same of a word that may go on: "fo" is most likely going to be "for", and
 * "the" to be "therapy". */
bool term_begins_grammar(const char *word, size_t len);
/* "without", "no", "not", "non": what follows is denied. */
bool term_denies(const char *word, size_t len);
/* The singular of a word that looks like a plural; its length, or 0 for a word
 * that does not. out has room for FOLD_WORD_MAX + 1 bytes. */
size_t term_singular(char *out, const char *word, size_t len);

/* The words of a name in any order are one number: the sum of these. Grammar,
 * "unspecified" and "nos" count nothing, one and many the same. */
uint64_t term_hash(const char *word, size_t len);

#endif

/* typed.h - the codes that a query spells.
 *
 *   97110          m54.5   M54 50   M54,50      one code, or the beginning of
 *   I 10           97 110   S72.001 A           codes
 *   M54.x          971xx                        any characters may follow
 *   cpt 97110      icd10 m54.5   code: 97110    its system's name in front
 *   97110-59       97110 GP KX   9711059        modifiers behind it
 *   97110, 97140   97110 97140   99213/4        a list
 *   97161-97163    97161 to 97163   97161-3     a range
 *   M54.5O         J1O3O                        O for 0, I or l for 1; if that
 *                                               leads nowhere S for 5, B for 8,
 *                                               Z for 2, G for 6; where one
 *                                               code alone can be meant
 *
 * Brackets, quotes and points around a code do not matter; full-width letters
 * and digits, and dashes and blanks of any kind, are plain ones. */
#ifndef CODESETS_SEARCH_TYPED_H
#define CODESETS_SEARCH_TYPED_H
#include "codesets/search/query.h"

/* Codes [first, end) of the list, found for one reason. */
struct typed_codes {
    uint32_t first, end;
    bool icd_only; /* typed with the dot */
    enum search_match match;
};

struct typed {
    uint32_t count;
    struct typed_codes codes[SEARCH_CODES_MAX];
    bool only; /* nothing else can be meant: no words are looked for */
};

void typed_read(struct typed *out, const struct code_list *codes,
    const char *text, size_t len);
/* The codes that one word of a query spells or begins. Returns how many of out
 * are filled: at most two, the exact ones and the begun ones. */
uint32_t typed_word(struct typed_codes out[2], const struct code_list *codes,
    const char *text, size_t len);
bool typed_has(const struct typed_codes *range, const struct code_list *codes,
    uint32_t document);

#endif

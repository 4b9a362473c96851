/* highlight.h - which parts of a shown text a search found.
 *
 * Counted in code points (Unicode scalar values) from 0, the unit in which a
 * text can be cut in any language: [...text] in JavaScript, str in Python. */
#ifndef CODESETS_ANSWER_HIGHLIGHT_H
#define CODESETS_ANSWER_HIGHLIGHT_H
#include "codesets/answer/json.h"
#include "codesets/core/fold.h"
#include "codesets/search/meanings.h"

struct highlight {
    uint32_t start, length; /* in code points */
    size_t from, bytes;     /* the same in bytes */
};

enum {
    HIGHLIGHTS_MAX = 128,   /* parts of a text; what is more is not marked */
    HIGHLIGHT_MEANINGS = 16 /* terms that are said with a hit */
};

/* Ascending, and none overlaps another. */
struct highlights {
    uint32_t count, meanings;
    uint64_t words; /* of the query that were found there, as bits */
    struct highlight at[HIGHLIGHTS_MAX];
    /* What stands in the text for typed words that do not. */
    const struct meaning *meaning[HIGHLIGHT_MEANINGS];
};

/* Finds the parts of a text that the words of the query found: those that begin
 * with a word or are its singular, and those for which words stand that are not
 * in the text in full. Two words out of one character (the halves of 1/2) make
 * one part. abridged: the text is a short description. */
void highlights_find(struct highlights *out, const char *text, size_t len,
    bool abridged, const struct search_result *result,
    const struct search_hit *hit, const struct meanings_typed *typed);
/* "highlights": of an open object. */
void highlights_json(struct json *json, const struct highlights *found);

#endif

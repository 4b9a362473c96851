/* highlight.h - which parts of a shown text a search found.
 *
 * Counted in code points (Unicode scalar values) from 0, the unit in which a
 * text can be cut in any language: [...text] in JavaScript, str in Python. */
#ifndef CODESETS_ANSWER_HIGHLIGHT_H
#define CODESETS_ANSWER_HIGHLIGHT_H
#include "codesets/core/fold.h"
#include "codesets/search/query.h"

struct highlight {
    uint32_t start, length; /* in code points */
    size_t from, bytes;     /* the same in bytes */
};

/* The next part of the text in fold that a word of the query found. *out is
 * zero before the first call, and kept between the calls: two words out of one
 * character (the halves of 1/2) make one part. */
bool highlight_next(struct fold *fold, const struct search_result *result,
    const struct search_hit *hit, struct highlight *out);

#endif

/* query_log.h - queries as a person is typing them, drawn by lot out of the
 * texts of a store. The lot is the same at every run. */
#ifndef TOOLS_EVAL_QUERY_LOG_H
#define TOOLS_EVAL_QUERY_LOG_H
#include "tools/eval/documents.h"

enum { QUERY_LOG = 3000, QUERY_LOG_LEN = 160 };

struct query_log {
    char text[QUERY_LOG][QUERY_LOG_LEN]; /* folded words, NUL-ended */
    size_t len[QUERY_LOG];
};

/* Each: two or three words, by turns, that follow each other in a title; the
 * last one cut after one letter or more. False when there are no such texts. */
bool query_log_draw(struct query_log *out, const struct documents *documents);

#endif

/* ours.h - our own search as a finder: the answer that the API gives, read
 * back, so that what is judged is what a caller sees. */
#ifndef TOOLS_EVAL_OURS_H
#define TOOLS_EVAL_OURS_H
#include "tools/eval/documents.h"
#include "tools/eval/finder.h"

/* Answers and documents must outlive the finder. */
bool ours_open(struct finder *out, const struct answers *answers,
    const struct documents *documents, day_t day);

#endif

/* pair_batch.h - many pair questions in one body (batch.h).
 *
 * CSV has the heading code_a,code_b[,date,setting,program,modifiers_a,
 * modifiers_b], in any order.
 *
 *     pair_batch_open(&batch, answers, form, body, len, &defaults, err)
 *     while (pair_batch_step(&batch, 1000, &out)) send out, empty it
 *     send what is left in out
 */
#ifndef CODESETS_ANSWER_PAIR_PAIR_BATCH_H
#define CODESETS_ANSWER_PAIR_PAIR_BATCH_H
#include "codesets/answer/batch.h"

struct pair_defaults {
    day_t day;
    enum setting setting;
    enum program program;
};

struct pair_batch {
    struct batch batch;
    const struct answers *answers;
    struct pair_defaults defaults;
};

/* As batch_open(). The batch must not move until the last step. */
int pair_batch_open(struct pair_batch *out, const struct answers *answers,
    enum batch_form form, const char *body, size_t len,
    const struct pair_defaults *defaults, struct error *err);
/* Appends the answers to at most n questions. True while more are left. */
static inline bool pair_batch_step(
    struct pair_batch *batch, uint32_t n, struct buffer *out)
{
    return batch_step(&batch->batch, n, out);
}

#endif

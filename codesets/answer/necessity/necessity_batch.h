/* necessity_batch.h - many questions of necessity in one body (batch.h).
 *
 * JSON: {"code":"G0283","icd10":"M54.50","date":…,"state":…,"contractor":…,
 * "article":…,"kind":…}; CSV has the heading code,icd10[,date,state,contractor,
 * article,kind], in any order. What a question does not tell comes from the
 * defaults.
 *
 *     necessity_batch_open(&batch, answers, form, body, len, &defaults, err)
 *     while (necessity_batch_step(batch, 100, &out)) send out, empty it
 *     send what is left in out
 *     necessity_batch_close(batch)
 */
#ifndef CODESETS_ANSWER_NECESSITY_NECESSITY_BATCH_H
#define CODESETS_ANSWER_NECESSITY_NECESSITY_BATCH_H
#include "codesets/answer/batch.h"
#include "codesets/answer/necessity/necessity_answer.h"

struct necessity_batch;

/* defaults: its day, state, contractor, article and kind; they are borrowed
 * for the call, the body until the last step. ERR_INPUT for defaults that
 * cannot be read, else as batch_open(). */
int necessity_batch_open(struct necessity_batch **out,
    const struct answers *answers, enum batch_form form, const char *body,
    size_t len, const struct necessity_request *defaults, struct error *err);
/* Appends the answers to at most n questions. True while more are left. */
bool necessity_batch_step(
    struct necessity_batch *batch, uint32_t n, struct buffer *out);
void necessity_batch_close(struct necessity_batch *batch); /* NULL is fine */

#endif

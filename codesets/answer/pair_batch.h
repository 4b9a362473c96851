/* pair_batch.h - many pair questions in one body, answered in order.
 *
 * Three forms: a JSON array of questions, one question a line (NDJSON), and
 * CSV with a heading (code_a,code_b[,date,setting,program,modifiers_a,
 * modifiers_b], in any order). The answer comes in the form of the question.
 * A question that cannot be read gives {"line","problem"} in its place (in an
 * array, line counts the elements; in CSV, the last two columns); it never
 * spoils another.
 *
 *     pair_batch_open(&batch, answers, form, body, len, &defaults, err)
 *     while (pair_batch_step(&batch, 1000, &out)) send out, empty it
 *     send what is left in out
 */
#ifndef CODESETS_ANSWER_PAIR_BATCH_H
#define CODESETS_ANSWER_PAIR_BATCH_H
#include "codesets/answer/answer.h"

enum pair_form { PAIR_FORM_ARRAY, PAIR_FORM_NDJSON, PAIR_FORM_CSV };

enum {
    PAIR_BATCH_MAX = 100000,     /* questions of one body */
    PAIR_BATCH_LINE_MAX = 65536, /* bytes of one question */
    PAIR_BATCH_COLUMNS = 16,     /* columns of a CSV heading */
};

struct pair_defaults {
    day_t day;
    enum setting setting;
    enum program program;
};

struct pair_batch {
    const struct answers *answers;
    enum pair_form form;
    struct pair_defaults defaults;
    const char *at, *end; /* what is left of the body */
    uint32_t line;        /* of the question to come; an array: its element */
    uint32_t answered;
    bool begun, done;
    uint8_t columns;                    /* CSV: */
    uint8_t column[PAIR_BATCH_COLUMNS]; /* what each column holds */
};

/* The body is borrowed until the last step. Returns 0; ERR_LIMIT for a body of
 * more than PAIR_BATCH_MAX questions; ERR_INPUT for one that is not of its
 * form at all (no array, no heading). */
int pair_batch_open(struct pair_batch *out, const struct answers *answers,
    enum pair_form form, const char *body, size_t len,
    const struct pair_defaults *defaults, struct error *err);
/* Appends the answers to at most n questions. True while more are left. */
bool pair_batch_step(struct pair_batch *batch, uint32_t n, struct buffer *out);

#endif

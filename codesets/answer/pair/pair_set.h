/* pair_set.h - what all pairs of a question say together: the matrix of their
 * verdicts, and the advice for the set. */
#ifndef CODESETS_ANSWER_PAIR_PAIR_SET_H
#define CODESETS_ANSWER_PAIR_PAIR_SET_H
#include "codesets/answer/answer.h"
#include "codesets/answer/json.h"
#include "codesets/rules/pair/advice.h"

enum { PAIR_SET_FEW = 64 };

/* Stays where it was opened. */
struct pair_set {
    const struct pairs_question *question; /* borrowed */
    size_t pairs;
    struct advice_pair *pair; /* owned; in the order of pair_set_at() */
    struct advice_pair few[PAIR_SET_FEW]; /* where they lie when few */
    struct advice advice;
};

/* Makes room for the pairs of a question. Returns 0 or ERR_SYSTEM;
 * pair_set_close() in either case. */
int pair_set_open(struct pair_set *out, const struct pairs_question *question,
    struct error *err);
void pair_set_close(struct pair_set *set);
/* Where the pair of two lines stands in the list of pairs; a < b. */
size_t pair_set_at(const struct pair_set *set, size_t a, size_t b);
void pair_set_add(struct pair_set *set, size_t a, size_t b,
    const struct pair_decision *decision);
/* When every pair was added. */
void pair_set_advise(struct pair_set *set, const struct rules *rules);

/* "matrix": a row and a column for each line, in the order asked; a cell names
 * the verdict and the place of its pair in "pairs". */
void pair_set_matrix_json(struct json *json, const struct pair_set *set);
/* "advice" */
void pair_set_advice_json(struct json *json, const struct pair_set *set);
/* The advice in plain sentences, each ended by a newline. */
void pair_set_words(struct buffer *out, const struct pair_set *set);

#endif

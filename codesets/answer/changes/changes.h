/* changes.h - GET /v1/changes: what changed between two days of one build.
 *
 * Without days each list is compared with its release before, and of histories
 * (HCPCS, edits, add-ons) what begins and ends within the newest release's
 * period is told. With codes only what touches them is told, code by code:
 * each item says in "for" which one. */
#ifndef CODESETS_ANSWER_CHANGES_CHANGES_H
#define CODESETS_ANSWER_CHANGES_CHANGES_H
#include "codesets/answer/answer.h"

struct changes_question {
    bool days; /* from and to are asked for */
    day_t from, to;
    uint32_t systems;                     /* 0: any */
    struct text_ref codes, tables, kinds; /* parted by commas */
    struct text_ref cursor;
    uint32_t limit; /* 0: LIST_LIMIT_DEFAULT; most: LIST_LIMIT_MAX */
    /* How much changed, list by list, with the first page: takes a walk over
     * everything, hundreds of milliseconds of a large build. */
    bool counts;
};

enum {
    /* Keys and rows that one page without codes looks at: a page may be short,
     * or empty, and still have a next one. */
    CHANGES_STEPS_MAX = 200000,
};

int answer_changes(struct buffer *out, const struct answers *answers,
    const struct changes_question *question, struct error *err);

/* The same answer, made bit by bit for a caller whom others wait for. Only
 * answers must outlive the work. */
struct changes_work;
int changes_begin(struct changes_work **out, const struct answers *answers,
    const struct changes_question *question, struct error *err);
/* Goes on for `steps` keys, or one code of those asked about. *done: the whole
 * answer has been added to out, and nothing before. */
int changes_step(struct changes_work *work, uint32_t steps, struct buffer *out,
    bool *done, struct error *err);
void changes_free(struct changes_work *work); /* NULL is fine */

#endif

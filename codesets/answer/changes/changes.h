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
     * everything, 30 to 100 milliseconds of a whole build. */
    bool counts;
};

enum {
    /* Keys and rows that one page without codes looks at: a page may be short,
     * or empty, and still have a next one. */
    CHANGES_STEPS_MAX = 200000,
};

int answer_changes(struct buffer *out, const struct answers *answers,
    const struct changes_question *question, struct error *err);

#endif

/* edits.h - the edits of one code, counted and walked. */
#ifndef CODESETS_ANSWER_EDITS_H
#define CODESETS_ANSWER_EDITS_H
#include "codesets/rules/rules.h"

struct edit_counts {
    uint32_t column1, column2; /* in force on the day, by the code's column */
    uint32_t total;            /* rows of any day */
};

void edits_count(struct edit_counts *out, const struct edit_scope *scope,
    uint32_t ordinal, day_t day);

#endif

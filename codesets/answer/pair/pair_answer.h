/* pair_answer.h - one decided pair as JSON, as CSV, and in words. */
#ifndef CODESETS_ANSWER_PAIR_PAIR_ANSWER_H
#define CODESETS_ANSWER_PAIR_PAIR_ANSWER_H
#include "codesets/answer/json.h"
#include "codesets/rules/pair/pair.h"

enum pair_style {
    PAIR_BRIEF, /* of a batch: the day and the setting beside the verdict */
    PAIR_FULL   /* of one question: in words, with the other settings */
};

void pair_json(struct json *json, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision,
    enum pair_style style);

/* The heading of the CSV form, and one line of it; both end in CRLF. */
void pair_csv_heading(struct buffer *out);
void pair_csv(struct buffer *out, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision);
/* A line of the same columns that only says what was wrong with a question. */
void pair_csv_problem(struct buffer *out, uint32_t line, const char *problem);

/* Why the verdict is what it is: one or two plain sentences. */
void pair_reason_text(struct buffer *out, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision);

/* The life of the pair as stretches of days with and without an edit (key
 * "timeline"), and the same in one sentence; nothing is said when the edits
 * were not looked up. */
void pair_timeline_json(struct json *json, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision);
void pair_timeline_text(struct buffer *out, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision);

/* 0, 1 or 9, as CMS prints it. */
int indicator_number(enum modifier_indicator indicator);
/* "in_force", "ended", "coming" or "never"; "unknown" of a row that may be in
 * force on a day that the table does not cover. */
const char *edit_state_name(
    const struct edit_scope *scope, const struct ptp_edit *edit, day_t day);
/* The whole of the row that decided, in *out; NULL when none did. */
const struct ptp_edit *pair_decisive_edit(struct ptp_edit *out,
    const struct edit_scope *scope, const struct pair_decision *decision);
/* The members column1 and column2: how many edits are in force on a day, null
 * on a day that the table does not cover. */
void counts_json(struct json *json, const struct edit_scope *scope,
    const struct ptp_counts *counts, day_t day);
/* One row of the edit table. */
void edit_json(struct json *json, const struct rules *rules,
    const struct edit_scope *scope, const struct ptp_edit *edit, day_t day);
void source_json(
    struct json *json, const char *release, const char *file, uint32_t row);

#endif

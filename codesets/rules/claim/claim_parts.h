/* claim_parts.h - what the files of the claim check share among themselves. */
#ifndef CODESETS_RULES_CLAIM_CLAIM_PARTS_H
#define CODESETS_RULES_CLAIM_CLAIM_PARTS_H
#include "codesets/rules/claim/claim.h"

enum claim_note_flag {
    NOTE_LINE_DENIED = 1,  /* by a unit limit or an edit */
    NOTE_LINE_INVALID = 2, /* its code is not valid or not known */
    NOTE_LINE_UNPAID = 4,  /* the fee schedule does not pay it */
};

/* One check under way. */
struct checking {
    const struct rules *rules;
    const struct claim *claim;
    struct claim_report *report;
};

/* The steps. Each returns 0 or ERR_CORRUPT. */
int claim_step_syntax(struct checking *c, struct error *err);
int claim_step_validity(struct checking *c, struct error *err);
int claim_step_diagnoses(struct checking *c, struct error *err);
int claim_step_status(struct checking *c, struct error *err);
int claim_step_minutes(struct checking *c, struct error *err);
int claim_step_mue(struct checking *c, struct error *err);
int claim_step_pairs(struct checking *c, struct error *err);
int claim_step_addons(struct checking *c, struct error *err);
int claim_step_families(struct checking *c, struct error *err);
int claim_step_necessity(struct checking *c, struct error *err);
int claim_step_therapy(struct checking *c, struct error *err);
int claim_step_duplicates(struct checking *c, struct error *err);

/* A finding to be filled; never NULL (beyond CLAIM_FINDINGS_MAX it is one that
 * is dropped). Severity is lowered to what the payer allows. Lines are added
 * next, then those denied. */
struct claim_finding *finding_add(struct checking *c, enum claim_check check,
    enum claim_reason reason, enum claim_severity severity);
void finding_line(
    struct checking *c, struct claim_finding *finding, uint16_t line);
void finding_denied(
    struct checking *c, struct claim_finding *finding, uint16_t line);
/* Every line of a run. */
void finding_run(struct checking *c, struct claim_finding *finding,
    const struct claim_run *run);
/* A finding about one line and its code. */
struct claim_finding *finding_on_line(struct checking *c,
    enum claim_check check, enum claim_reason reason,
    enum claim_severity severity, uint16_t line);

/* A table could not say something of a line (NO_CLAIM_LINE: of the claim). */
void gap_add(struct checking *c, enum claim_table table,
    enum claim_gap_reason reason, uint16_t line);
void gap_run(struct checking *c, enum claim_table table,
    enum claim_gap_reason reason, const struct claim_run *run);
void table_available(struct checking *c, enum claim_table table);
void table_needed(struct checking *c, enum claim_table table);

static inline const struct claim_line *line_at(
    const struct checking *c, const struct claim_run *run, uint16_t i)
{
    return &c->claim->line[c->report->order[run->first + i]];
}
static inline uint16_t line_number(
    const struct checking *c, const struct claim_run *run, uint16_t i)
{
    return c->report->order[run->first + i];
}

/* A series of a table that does not depend on the setting; NULL: not loaded. */
const struct series *plain_table(const struct checking *c, enum table table);
bool has_modifier(const struct claim_line *line, uint16_t modifier);
/* The curated row that holds on a day, or the nearest; NULL when none does. */
const struct timed_row *curated_row(
    const struct checking *c, uint32_t packed, day_t day);

#endif

/* claim_validity.c - steps 2 and 3: codes, modifiers and diagnoses on the day
 * of service. */
#include <string.h>

#include "codesets/rules/claim/claim_parts.h"
#include "codesets/rules/validity.h"

/* ---- codes */

/* The release that says so, and the codes that took its place. */
static void tell_more(struct checking *c, struct claim_finding *finding,
    const struct pair_line *code, const struct proc_span *span)
{
    const struct store *store = c->rules->store;
    const struct timed_row *row;
    const struct series *series;

    if (code->packed == PROC_NONE)
        return;
    if (code->kind == LINE_PROCEDURE &&
        span->series < store_series_count(store)) {
        series = store_series_at(store, span->series);
        if (span->release < series->releases)
            finding->release = series->release[span->release].label;
    }
    row = curated_row(c, code->packed, finding->day);
    if (row != NULL && row->replaced_by[0] != '\0' && row->to < finding->day) {
        finding->word = row->replaced_by;
    }
}

static void mark_invalid(struct checking *c, const struct claim_run *run)
{
    for (uint16_t i = 0; i < run->lines; i++)
        c->report->line[line_number(c, run, i)].flags |= NOTE_LINE_INVALID;
}

/* After the period of the newest release another, not loaded, may have what
 * none of those has that are. */
static bool may_be_newer(const struct series *series, day_t day)
{
    return series == NULL || series->releases == 0 ||
           day > series->release[series->releases - 1].to;
}

/* A code of none of the loaded releases: an error when one of them is of the
 * day, or of a later one. */
static void report_unknown(struct checking *c, const struct claim_run *run)
{
    const day_t day = line_at(c, run, 0)->day;
    const bool newer = may_be_newer(plain_table(c, TABLE_HCPCS), day) &&
                       may_be_newer(plain_table(c, TABLE_PFS), day);
    struct claim_finding *finding = finding_add(c, CHECK_VALIDITY_CODE,
        CLAIM_UNKNOWN_CODE, newer ? SEVERITY_WARNING : SEVERITY_ERROR);

    finding_run(c, finding, run);
    finding->number[0] = newer;
    mark_invalid(c, run);
}

static void judge_code(struct checking *c, const struct claim_run *run,
    const struct proc_span *span)
{
    struct claim_finding *finding;

    if (span->validity == VALIDITY_UNKNOWN) {
        gap_run(c, CLAIM_VALIDITY, GAP_UNKNOWN, run);
        return;
    }
    if (span->validity == VALIDITY_VALID)
        return;
    finding = finding_add(
        c, CHECK_VALIDITY_CODE, CLAIM_NOT_VALID_ON_DATE, SEVERITY_ERROR);
    finding_run(c, finding, run);
    tell_more(c, finding, &line_at(c, run, 0)->code, span);
    mark_invalid(c, run);
}

static void check_code(struct checking *c, const struct claim_run *run)
{
    const struct pair_line *code = &line_at(c, run, 0)->code;
    const day_t day = line_at(c, run, 0)->day;
    struct proc_span span = {.validity = VALIDITY_NOT_VALID};

    if (code->kind == LINE_UNKNOWN) {
        report_unknown(c, run);
        return;
    }
    if (code->kind == LINE_PROCEDURE) {
        proc_validity(&c->rules->store->proc, code->ordinal, day, &span);
        if (span.evidence == EVIDENCE_STALE)
            c->report->stale = true;
    } else if (code->local_from <= day && day <= code->local_to) {
        span.validity = VALIDITY_VALID;
    }
    judge_code(c, run, &span);
}

/* ---- modifiers */

/* Is every modifier there is in a table that is loaded whole? */
static bool modifiers_whole(const struct checking *c)
{
    const struct series *hcpcs = plain_table(c, TABLE_HCPCS);

    return plain_table(c, TABLE_MODIFIER) != NULL && hcpcs != NULL &&
           hcpcs->releases > 0 && !hcpcs->release[hcpcs->releases - 1].partial;
}

static void check_modifier(
    struct checking *c, uint16_t number, uint16_t modifier, bool whole)
{
    const struct modifier_rule *rule = &c->rules->modifiers.rule[modifier];
    const day_t day = c->claim->line[number].day;
    enum claim_reason reason = CLAIM_NOT_VALID_ON_DATE;
    struct claim_finding *finding;
    bool newer = false;

    if ((rule->flags & MODIFIER_KNOWN) == 0) {
        if (!whole) {
            gap_add(c, CLAIM_MODIFIERS, GAP_PARTIAL, number);
            return;
        }
        reason = CLAIM_UNKNOWN_MODIFIER;
        newer = may_be_newer(plain_table(c, TABLE_HCPCS), day);
    } else if (rule->from <= day && day <= rule->to) {
        return;
    }
    finding = finding_on_line(c, CHECK_VALIDITY_MODIFIER, reason,
        newer ? SEVERITY_WARNING : SEVERITY_ERROR, number);
    finding->modifier[0] = modifier;
    finding->number[0] = newer;
}

static void check_together(struct checking *c, uint16_t number)
{
    const struct claim_line *line = &c->claim->line[number];

    for (unsigned i = 0; i < line->code.modifiers; i++) {
        const struct claim_fact *fact =
            claim_fact_of_modifier(&c->rules->claim_facts, FACT_NOT_WITH,
                line->code.modifier[i], line->day);
        struct claim_finding *finding;

        if (fact == NULL || !has_modifier(line, fact->modifier))
            continue;
        finding = finding_on_line(c, CHECK_MODIFIER_TOGETHER,
            CLAIM_NOT_TOGETHER, SEVERITY_WARNING, number);
        finding->modifier[0] = line->code.modifier[i];
        finding->modifier[1] = fact->modifier;
        finding->source = fact->source;
        finding->note = fact->notes;
    }
}

int claim_step_validity(struct checking *c, struct error *err)
{
    const bool whole = modifiers_whole(c);

    for (uint16_t r = 0; r < c->report->runs; r++)
        check_code(c, &c->report->run[r]);
    for (uint16_t i = 0; i < c->claim->lines; i++) {
        const struct claim_line *line = &c->claim->line[i];

        if (line->modifiers == 0)
            continue;
        table_needed(c, CLAIM_MODIFIERS);
        if ((line->flaws & FLAW_DATE) != 0)
            continue;
        for (unsigned m = 0; m < line->code.modifiers; m++)
            check_modifier(c, i, line->code.modifier[m], whole);
        check_together(c, i);
    }
    return 0;
}

/* ---- diagnoses */

static struct claim_finding *diagnosis_finding(struct checking *c,
    enum claim_reason reason, enum claim_severity severity, uint16_t diagnosis,
    day_t day)
{
    struct claim_finding *finding =
        finding_add(c, CHECK_DIAGNOSIS, reason, severity);

    finding->diagnosis = diagnosis;
    finding->day = day;
    for (uint16_t i = 0; i < c->claim->lines; i++) {
        const struct claim_line *line = &c->claim->line[i];
        bool points = false;

        for (unsigned p = 0; p < line->pointers && p < CLAIM_POINTERS_MAX; p++)
            points = points || line->pointer[p] == (int)diagnosis + 1;
        if (points && line->day == day && (line->flaws & FLAW_DATE) == 0)
            finding_line(c, finding, i);
    }
    return finding;
}

/* The code stands in a loaded release. Where nobody tells whether it was valid
 * on the day, neither does the claim: that it is missing from the release of
 * the day is said as just that. */
static void judge_listed(struct checking *c, const struct icd_state *state,
    uint16_t diagnosis, day_t day)
{
    struct claim_finding *finding = NULL;

    if (state->code.validity == VALIDITY_UNKNOWN &&
        state->code.evidence != EVIDENCE_NOT_LISTED) {
        gap_add(c, CLAIM_ICD10CM,
            state->code.evidence == EVIDENCE_GAP ? GAP_UNCERTAIN : GAP_PARTIAL,
            NO_CLAIM_LINE);
    } else if (state->code.validity == VALIDITY_UNKNOWN) {
        finding = diagnosis_finding(
            c, CLAIM_NOT_LISTED, SEVERITY_WARNING, diagnosis, day);
    } else if (state->code.validity == VALIDITY_NOT_VALID) {
        finding = diagnosis_finding(
            c, CLAIM_NOT_VALID_ON_DATE, SEVERITY_ERROR, diagnosis, day);
    } else if (state->billable == VALIDITY_UNKNOWN) {
        gap_add(c, CLAIM_ICD10CM,
            state->billable_uncertain ? GAP_UNCERTAIN : GAP_PARTIAL,
            NO_CLAIM_LINE);
    } else if (state->billable == VALIDITY_NOT_VALID) {
        finding = diagnosis_finding(
            c, CLAIM_NOT_BILLABLE, SEVERITY_ERROR, diagnosis, day);
        finding->release = state->release;
        finding->source = state->source;
        return;
    }
    if (finding != NULL && state->code.release != NULL)
        finding->release = state->code.release->label;
}

static int check_diagnosis(
    struct checking *c, uint16_t number, day_t day, struct error *err)
{
    const struct claim_diagnosis *diagnosis = &c->claim->diagnosis[number];
    const struct series *series = plain_table(c, TABLE_ICD10CM);
    struct claim_finding *finding;
    struct icd_state state;
    struct snapshot at;
    int rc;

    if (!diagnosis->shaped || series == NULL)
        return 0;
    series_at(series, day, &at);
    if (at.state == SNAPSHOT_BEFORE || at.state == SNAPSHOT_OUTSIDE) {
        gap_add(c, CLAIM_ICD10CM, GAP_OUTSIDE, NO_CLAIM_LINE);
        return 0;
    }
    if (at.state == SNAPSHOT_STALE)
        c->report->stale = true;
    rc = icd_state_on(
        &state, c->rules->store, diagnosis->code, diagnosis->len, day, err);
    if (rc == 0) {
        judge_listed(c, &state, number, day);
    } else if (rc == ERR_NOTFOUND && series->release[at.release].partial) {
        gap_add(c, CLAIM_ICD10CM, GAP_PARTIAL, NO_CLAIM_LINE);
    } else if (rc == ERR_NOTFOUND) {
        const bool newer = may_be_newer(series, day);

        finding = diagnosis_finding(c, CLAIM_UNKNOWN_CODE,
            newer ? SEVERITY_WARNING : SEVERITY_ERROR, number, day);
        finding->number[0] = newer;
        finding->release = series->release[at.release].label;
    } else {
        return rc;
    }
    return 0;
}

int claim_step_diagnoses(struct checking *c, struct error *err)
{
    const struct claim_report *report = c->report;

    if (c->claim->diagnoses == 0)
        gap_add(c, CLAIM_ICD10CM, GAP_NO_DIAGNOSIS, NO_CLAIM_LINE);
    for (uint16_t d = 0; d < c->claim->diagnoses; d++) {
        int rc = 0;

        if (report->runs == 0)
            rc = check_diagnosis(c, d, c->claim->day, err);
        /* Runs stand in the order of their days. */
        for (uint16_t r = 0; r < report->runs && rc == 0; r++) {
            const day_t day = line_at(c, &report->run[r], 0)->day;

            if (r == 0 || day != line_at(c, &report->run[r - 1], 0)->day)
                rc = check_diagnosis(c, d, day, err);
        }
        if (rc != 0)
            return rc;
    }
    return 0;
}

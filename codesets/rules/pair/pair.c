#include "codesets/rules/pair/pair.h"

#include <string.h>

#include "codesets/rules/pair/pair_modifier.h"
#include "codesets/rules/pair/pair_same.h"
#include "codesets/store/table.h"

static void not_checked(
    struct pair_decision *out, enum pair_reason reason, unsigned faults)
{
    out->verdict = VERDICT_NOT_CHECKED;
    out->reason = reason;
    out->faults = faults;
}

/* Bits of the lines that are of a kind. */
static unsigned lines_of(
    const struct pair_question *question, enum line_kind kind)
{
    return (question->a->kind == kind ? 1u : 0u) |
           (question->b->kind == kind ? 2u : 0u);
}

static bool same_code(const struct pair_line *a, const struct pair_line *b)
{
    if (a->kind == LINE_PROCEDURE)
        return a->ordinal == b->ordinal;
    return a->kind == b->kind && a->len == b->len &&
           memcmp(a->code, b->code, a->len) == 0;
}

static void read_validity(struct proc_span *out, const struct rules *rules,
    const struct pair_line *line, day_t day)
{
    if (line->kind == LINE_PROCEDURE) {
        proc_validity(&rules->store->proc, line->ordinal, day, out);
    } else {
        *out = (struct proc_span){.from = DAY_UNKNOWN, .to = DAY_OPEN};
        if (line->kind == LINE_LOCAL) {
            out->validity = line->local_from <= day && day <= line->local_to
                                ? VALIDITY_VALID
                                : VALIDITY_NOT_VALID;
            out->evidence = day < line->local_from ? EVIDENCE_NOT_YET
                            : day > line->local_to ? EVIDENCE_ENDED
                                                   : EVIDENCE_DATES;
        }
    }
}

/* Rows of the pair, step 5 to 7: the one in force, else the one that tells
 * why none is. */
struct findings {
    unsigned active, ever; /* rows in force on the day, and on any day */
    bool coming;           /* one begins after the day */
    bool inferred;         /* one of those that count has an inferred day */
};

/* True when edit tells more than best about why no edit is in force: the next
 * to begin, else the last that ended, else any. */
static bool tells_more(const struct ptp_edit *edit, const struct ptp_edit *best,
    const struct findings *before, day_t day)
{
    if (ptp_never_active(edit))
        return false;
    if (before->ever == 0)
        return true;
    if (edit->effective > day)
        return !before->coming || edit->effective < best->effective;
    return !before->coming && edit->deleted > best->deleted;
}

static void find_edits(struct pair_decision *out, struct findings *findings,
    const struct ptp_table *table, const struct ptp_search *search,
    const struct pair_question *question)
{
    const uint32_t a = question->a->ordinal, b = question->b->ordinal;

    out->lower = a < b ? a : b;
    ptp_find_end(search, table, &out->first, &out->end);
    for (uint32_t row = out->first; row < out->end; row++) {
        struct ptp_edit edit;
        bool better;

        ptp_terms(table, out->lower, row, &edit);
        if (ptp_in_force(&edit, question->day)) {
            /* Of two in force the stricter holds: 0 stands before 1. */
            better =
                findings->active++ == 0 || edit.indicator < out->edit.indicator;
        } else {
            better = findings->active == 0 &&
                     (out->row == NO_ROW || tells_more(&edit, &out->edit,
                                                findings, question->day));
        }
        if (better) {
            out->edit = edit;
            out->row = row;
        }
        if (!ptp_never_active(&edit)) {
            findings->ever++;
            findings->coming |= edit.effective > question->day;
            findings->inferred |= edit.inferred;
        }
    }
    out->live = findings->active > 0;
    out->inferred = out->live ? out->edit.inferred : findings->inferred;
    if (findings->active > 1)
        out->notes |= NOTE_DATA_CONFLICT;
    if (out->live)
        out->column1_line = out->edit.column1 == a ? 0 : 1;
}

/* Step 8. */
static void judge_live(struct pair_decision *out, const struct rules *rules,
    const struct pair_question *question)
{
    struct pair_bypass bypass;

    out->denied_line = (uint8_t)(1 - out->column1_line);
    if (out->edit.indicator == INDICATOR_NOT_ALLOWED) {
        out->verdict = VERDICT_NOT_BILLABLE;
        out->reason = REASON_BLOCKED;
        return;
    }
    bypass = pair_bypass_find(&rules->modifiers, question, out->column1_line);
    out->notes |= bypass.notes;
    out->bypass_line = bypass.line;
    out->bypass_modifier = bypass.modifier;
    if (bypass.line == NO_LINE) {
        out->verdict = VERDICT_MODIFIER_REQUIRED;
        out->reason = REASON_MODIFIER_NEEDED;
    } else {
        out->verdict = VERDICT_RESOLVED_BY_MODIFIER;
        out->reason = REASON_BYPASSED;
        out->denied_line = NO_LINE;
    }
}

/* Steps 5 and 7: no edit is in force. Where rows may be missing, that proves
 * something only for the starter set's own pairs, which are whole, and for the
 * pairs known to have none. */
static void judge_absent(struct pair_decision *out, const struct rules *rules,
    const struct edit_scope *scope, const struct pair_question *question,
    const struct findings *findings)
{
    if (scope->partial &&
        (out->first == out->end ? question->program != PROGRAM_MEDICARE ||
                                      !claim_fact_no_edit(&rules->claim_facts,
                                          question->setting, question->a->code,
                                          question->b->code)
                                : !rules->store->starter)) {
        not_checked(out, REASON_DATA_NOT_LOADED, 0);
        return;
    }
    out->verdict = VERDICT_BILLABLE;
    if (out->first == out->end)
        out->reason = REASON_NO_EDIT;
    else if (findings->ever == 0)
        out->reason = REASON_EDIT_NEVER_ACTIVE;
    else if (findings->coming)
        out->reason = REASON_EDIT_NOT_YET;
    else
        out->reason = REASON_EDIT_EXPIRED;
}

void pair_decide(struct pair_decision *out, const struct rules *rules,
    const struct pair_question *question)
{
    const struct edit_scope *scope =
        &rules->edits[question->setting][question->program];
    const struct pair_line *a = question->a, *b = question->b;
    const unsigned malformed = lines_of(question, LINE_MALFORMED) |
                               lines_of(question, LINE_ICD10CM) |
                               lines_of(question, LINE_MODIFIER);
    const unsigned unknown = lines_of(question, LINE_UNKNOWN);
    const bool same = malformed == 0 && same_code(a, b);
    /* The edits are looked up and shown whatever the verdict will be. */
    const bool search_edits = !same && scope->loaded &&
                              a->kind == LINE_PROCEDURE &&
                              b->kind == LINE_PROCEDURE;
    struct findings findings = {0};
    struct ptp_search search;
    unsigned invalid;

    if (search_edits)
        (void)ptp_find_begin(&search, scope->table, a->ordinal, b->ordinal);
    memset(out, 0, offsetof(struct pair_decision, edit));
    out->denied_line = out->bypass_line = NO_LINE;
    out->bypass_modifier = MODIFIER_NONE;
    out->row = NO_ROW;
    out->limit = out->mai = 0;
    read_validity(&out->validity[0], rules, a, question->day);
    read_validity(&out->validity[1], rules, b, question->day);
    if (search_edits)
        find_edits(out, &findings, scope->table, &search, question);
    if (a->kind == LINE_LOCAL || b->kind == LINE_LOCAL)
        out->notes |= NOTE_LOCAL_CODE;
    invalid = (out->validity[0].validity == VALIDITY_NOT_VALID ? 1u : 0u) |
              (out->validity[1].validity == VALIDITY_NOT_VALID ? 2u : 0u);

    if (malformed != 0) {
        not_checked(out, REASON_BAD_SYNTAX, malformed);
        return;
    }
    if (!same && !scope->loaded) {
        not_checked(out, REASON_DATA_NOT_LOADED, 0);
        return;
    }
    if (question->day < EDITS_BEGAN ||
        (!same && !edit_scope_covers(scope, question->day))) {
        not_checked(out, REASON_DATE_OUTSIDE_DATA, 0);
        return;
    }
    out->stale = !same && question->day > scope->release->to;
    if (unknown != 0)
        not_checked(out, REASON_UNKNOWN_CODE, unknown);
    else if (invalid != 0)
        not_checked(out, REASON_NOT_VALID_ON_DATE, invalid);
    else if (same)
        pair_judge_same(out, rules, question);
    else if (out->live)
        judge_live(out, rules, question);
    else
        judge_absent(out, rules, scope, question, &findings);
}

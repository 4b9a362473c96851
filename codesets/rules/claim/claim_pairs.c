/* claim_pairs.c - step 7: every pair of distinct codes of one day and provider.
 *
 * An edit is looked up once for two codes, and judged for every two lines that
 * hold them: it is bypassed only for the lines that carry the modifier. What
 * comes out is told once for the pair, with all its lines. */
#include <string.h>

#include "codesets/rules/claim/claim_parts.h"
#include "codesets/rules/pair/pair_modifier.h"

/* What two lines of a pair come to. */
enum outcome { DENIED = 1, BYPASSED = 2, IMPLAUSIBLE = 4 };

struct edit_runs {
    const struct claim_run *run[2]; /* column 1, column 2 */
    struct ptp_edit edit;           /* the strictest in force: its terms */
    uint32_t lower, row;
    unsigned in_force;            /* rows */
    unsigned outcomes;            /* of all lines */
    struct pair_bypass bypass[2]; /* of BYPASSED, of IMPLAUSIBLE */
    uint16_t bypass_line[2];
    unsigned notes;
};

/* The lower modifier speaks for the pair, whatever the order of the lines. */
static void keep_bypass(struct edit_runs *edit, int which,
    const struct pair_bypass *bypass, uint16_t line)
{
    if (edit->bypass[which].line != NO_LINE &&
        edit->bypass[which].modifier <= bypass->modifier)
        return;
    edit->bypass[which] = *bypass;
    edit->bypass_line[which] = line;
}

/* Judges every two lines; marks each line with the outcomes it takes part in.
 */
static void judge_lines(struct checking *c, struct edit_runs *edit)
{
    struct pair_question question = {
        .setting = c->claim->setting, .program = c->claim->program};
    const bool allowed = edit->edit.indicator == INDICATOR_ALLOWED;

    for (int side = 0; side < 2; side++)
        for (uint16_t i = 0; i < edit->run[side]->lines; i++)
            c->report->mark[line_number(c, edit->run[side], i)] = 0;
    for (uint16_t i = 0; i < edit->run[0]->lines; i++)
        for (uint16_t k = 0; k < edit->run[1]->lines; k++) {
            const uint16_t number[2] = {line_number(c, edit->run[0], i),
                line_number(c, edit->run[1], k)};
            struct pair_bypass bypass = {NO_LINE, MODIFIER_NONE, 0};
            enum outcome outcome = DENIED;

            if (allowed) {
                question.a = &c->claim->line[number[0]].code;
                question.b = &c->claim->line[number[1]].code;
                question.day = c->claim->line[number[0]].day;
                bypass = pair_bypass_find(&c->rules->modifiers, &question, 0);
            }
            if (bypass.line != NO_LINE) {
                outcome = (bypass.notes & NOTE_IMPLAUSIBLE_MODIFIER) != 0
                              ? IMPLAUSIBLE
                              : BYPASSED;
                keep_bypass(
                    edit, outcome == IMPLAUSIBLE, &bypass, number[bypass.line]);
            }
            edit->notes |= bypass.notes;
            edit->outcomes |= outcome;
            c->report->mark[number[0]] |= (uint8_t)outcome;
            c->report->mark[number[1]] |= (uint8_t)outcome;
        }
}

static void fill(struct checking *c, struct claim_finding *finding,
    const struct edit_runs *edit, enum outcome outcome)
{
    const struct edit_scope *scope =
        &c->rules->edits[c->claim->setting][c->claim->program];
    size_t len;

    for (int side = 0; side < 2; side++)
        for (uint16_t i = 0; i < edit->run[side]->lines; i++) {
            const uint16_t number = line_number(c, edit->run[side], i);

            if ((c->report->mark[number] & outcome) != 0)
                finding_line(c, finding, number);
        }
    for (uint16_t i = 0; outcome == DENIED && i < edit->run[1]->lines; i++) {
        const uint16_t number = line_number(c, edit->run[1], i);

        if ((c->report->mark[number] & outcome) != 0)
            finding_denied(c, finding, number);
    }
    finding->line[0] = line_number(c, edit->run[0], 0);
    finding->line[1] = line_number(c, edit->run[1], 0);
    finding->day = c->claim->line[finding->line[0]].day;
    ptp_edit(scope->table, edit->lower, edit->row, &finding->edit);
    finding->number[0] = edit->notes;
    finding->number[1] = edit->in_force > 1 ? NOTE_DATA_CONFLICT : 0;
    finding->word = store_text(c->rules->store, finding->edit.rationale, &len);
    if (len == 0)
        finding->word = NULL;
    finding->release = scope->release->label;
    finding->source = (struct source_ref){
        store_file(c->rules->store, finding->edit.file), finding->edit.line};
}

static void report_edit(struct checking *c, const struct edit_runs *edit)
{
    const bool blocked = edit->edit.indicator == INDICATOR_NOT_ALLOWED;

    if ((edit->outcomes & DENIED) != 0)
        fill(c,
            finding_add(c,
                blocked ? CHECK_PTP_BLOCKED : CHECK_PTP_MODIFIER_NEEDED,
                blocked ? CLAIM_BLOCKED : CLAIM_MODIFIER_NEEDED,
                SEVERITY_ERROR),
            edit, DENIED);
    for (int which = 0; which < 2; which++) {
        const enum outcome outcome = which == 0 ? BYPASSED : IMPLAUSIBLE;
        struct claim_finding *finding;

        if ((edit->outcomes & outcome) == 0)
            continue;
        finding = finding_add(c, CHECK_PTP_BYPASSED,
            which == 0 ? CLAIM_BYPASSED : CLAIM_IMPLAUSIBLE_MODIFIER,
            which == 0 ? SEVERITY_INFORMATION : SEVERITY_WARNING);
        fill(c, finding, edit, outcome);
        finding->modifier[0] = edit->bypass[which].modifier;
        finding->modifier_line = edit->bypass_line[which];
    }
}

/* The edit in force among rows [first, end): of two the stricter. */
static bool find_live(struct edit_runs *edit, const struct ptp_table *table,
    uint32_t first, uint32_t end, day_t day)
{
    for (uint32_t row = first; row < end; row++) {
        struct ptp_edit terms;

        ptp_terms(table, edit->lower, row, &terms);
        if (!ptp_in_force(&terms, day))
            continue;
        if (edit->in_force++ == 0 || terms.indicator < edit->edit.indicator) {
            edit->edit = terms;
            edit->row = row;
        }
    }
    return edit->in_force > 0;
}

static void not_whole(struct checking *c, const struct claim_run *one,
    const struct claim_run *two)
{
    gap_run(c, CLAIM_PTP, GAP_PARTIAL, one);
    gap_run(c, CLAIM_PTP, GAP_PARTIAL, two);
}

/* Is it known of these two that the whole table has no edit? */
static bool known_free(const struct checking *c, const struct claim_run *one,
    const struct claim_run *two)
{
    return c->claim->program == PROGRAM_MEDICARE &&
           claim_fact_no_edit(&c->rules->claim_facts, c->claim->setting,
               line_at(c, one, 0)->code.code, line_at(c, two, 0)->code.code);
}

/* A pair without a row has no edit, where the table is whole. */
static void no_row(struct checking *c, const struct edit_scope *scope,
    const struct claim_run *one, const struct claim_run *two)
{
    if (scope->partial && !known_free(c, one, two))
        not_whole(c, one, two);
}

/* Validity was told in step 2; an edit is looked up all the same. a and b are
 * the ordinals of the two codes. */
static void check_pair(struct checking *c, const struct edit_scope *scope,
    const struct claim_run *one, const struct claim_run *two, uint32_t a,
    uint32_t b, const struct ptp_search *search, day_t day)
{
    struct edit_runs edit;
    uint32_t first, end;

    ptp_find_end(search, scope->table, &first, &end);
    if (first == end) {
        no_row(c, scope, one, two);
        return;
    }
    edit = (struct edit_runs){.lower = a < b ? a : b,
        .bypass = {{NO_LINE, MODIFIER_NONE, 0}, {NO_LINE, MODIFIER_NONE, 0}}};
    if (!find_live(&edit, scope->table, first, end, day)) {
        /* The pairs of the starter set are whole, whatever else is missing. */
        if (scope->partial && !c->rules->store->starter)
            not_whole(c, one, two);
        return;
    }
    edit.run[0] = edit.edit.column1 == a ? one : two;
    edit.run[1] = edit.edit.column1 == a ? two : one;
    judge_lines(c, &edit);
    report_edit(c, &edit);
}

/* May the edits be asked of this day at all? */
static bool day_answered(
    struct checking *c, const struct edit_scope *scope, day_t day)
{
    if (!edit_scope_covers(scope, day))
        return false;
    if (day > scope->release->to)
        c->report->stale = true;
    return true;
}

/* The runs of procedure codes among [first, end), with their ordinals. */
static uint16_t pick_procedures(
    struct checking *c, uint16_t first, uint16_t end)
{
    struct claim_report *report = c->report;
    uint16_t n = 0;

    for (uint16_t r = first; r < end; r++) {
        const struct pair_line *code = &line_at(c, &report->run[r], 0)->code;

        if (code->kind != LINE_PROCEDURE)
            continue;
        report->picked[n] = r;
        report->number[n++] = code->ordinal;
    }
    return n;
}

/* The i-th code picked with all after it. All searches are begun before the
 * first is ended, so that their rows come out of memory side by side. */
static void check_partners(struct checking *c, const struct edit_scope *scope,
    uint16_t i, uint16_t n, day_t day)
{
    struct claim_report *report = c->report;
    const uint16_t *picked = report->picked;
    const uint32_t *ordinal = report->number;
    uint16_t begun[CLAIM_LINES_MAX], count = 0;

    for (uint16_t k = (uint16_t)(i + 1); k < n; k++)
        if (ptp_find_begin(
                &report->search[count], scope->table, ordinal[i], ordinal[k]))
            begun[count++] = k;
        else
            no_row(c, scope, &report->run[picked[i]], &report->run[picked[k]]);
    for (uint16_t m = 0; m < count; m++)
        check_pair(c, scope, &report->run[picked[i]],
            &report->run[picked[begun[m]]], ordinal[i], ordinal[begun[m]],
            &report->search[m], day);
}

int claim_step_pairs(struct checking *c, struct error *err)
{
    const struct edit_scope *scope =
        &c->rules->edits[c->claim->setting][c->claim->program];
    struct claim_report *report = c->report;
    const struct claim_run *run = report->run;
    uint16_t end = 0;

    for (uint16_t first = 0; first < report->runs; first = end) {
        const day_t day = line_at(c, &run[first], 0)->day;
        uint16_t n;

        for (end = first;
             end < report->runs && run[end].group == run[first].group;)
            end++;
        n = pick_procedures(c, first, end);
        if (n < 2)
            continue;
        table_needed(c, CLAIM_PTP);
        if (!scope->loaded)
            return 0;
        if (!day_answered(c, scope, day)) {
            for (uint16_t i = 0; i < n; i++)
                gap_run(c, CLAIM_PTP, GAP_OUTSIDE, &run[report->picked[i]]);
            continue;
        }
        for (uint16_t i = 0; i + 1 < n; i++)
            ptp_prefetch(scope->table, report->number[i]);
        for (uint16_t i = 0; i + 1 < n; i++)
            check_partners(c, scope, i, n, day);
    }
    return 0;
}

/* claim_units.c - steps 5 and 6: are the units those that the minutes earn,
 * and are they within the published limit? */
#include <string.h>

#include "codesets/rules/claim/claim_parts.h"
#include "codesets/rules/mue_limit.h"

static bool units_good(const struct claim_line *line)
{
    return line->units >= 1 && line->units <= CLAIM_UNITS_MAX &&
           (line->flaws & FLAW_UNITS_FRACTION) == 0;
}

static bool minutes_good(const struct claim_line *line)
{
    return line->minutes_told && line->minutes >= 0 &&
           line->minutes <= CLAIM_MINUTES_MAX &&
           (line->flaws & FLAW_MINUTES_FRACTION) == 0;
}

/* ---- step 5 */

/* PT, OT or SLP by the therapist's modifier on the line. */
static enum discipline discipline_of(
    const struct checking *c, const struct claim_line *line)
{
    for (unsigned i = 0; i < line->code.modifiers; i++) {
        const struct claim_fact *fact =
            claim_fact_of_modifier(&c->rules->claim_facts, FACT_THERAPIST,
                line->code.modifier[i], line->day);

        for (int d = DISCIPLINE_PT; fact != NULL && d < DISCIPLINE_COUNT; d++)
            if (strcmp(fact->value, discipline_name((enum discipline)d)) == 0)
                return (enum discipline)d;
    }
    return DISCIPLINE_NONE;
}

/* Puts a line where the order of the claim's lines does not matter: the more
 * minutes the earlier, as the rule settles a tie. */
static void put_line(
    struct units_question *question, const struct units_line *line)
{
    size_t at = question->count++;

    while (at > 0) {
        const struct units_line *before = &question->line[at - 1];
        int order = strcmp(before->code, line->code);

        if (before->minutes != line->minutes)
            order = before->minutes > line->minutes ? -1 : 1;
        if (order < 0 || (order == 0 && before->discipline <= line->discipline))
            break;
        question->line[at] = *before;
        at--;
    }
    question->line[at] = *line;
}

/* The entry in which a line was counted; answer->entries when in none. */
static size_t entry_of(const struct checking *c,
    const struct units_answer *answer, const struct claim_line *line)
{
    const uint32_t packed =
        line->code.kind == LINE_LOCAL ? PROC_NONE : line->code.packed;
    const enum discipline discipline = discipline_of(c, line);
    size_t any = answer->entries;

    for (size_t e = 0; e < answer->entries; e++) {
        if (answer->entry[e].packed != packed ||
            (packed == PROC_NONE &&
                strcmp(answer->entry[e].code, line->code.code) != 0))
            continue;
        if (answer->entry[e].discipline == discipline)
            return e;
        any = e;
    }
    /* A line that names no discipline goes with the only one that is named. */
    return discipline == DISCIPLINE_NONE ? any : answer->entries;
}

/* Runs [first, end) are those of one day and provider. */
struct span_of_runs {
    uint16_t first, end;
};

static struct span_of_runs group_at(
    const struct claim_report *report, uint16_t r)
{
    struct span_of_runs span = {r, r};

    while (span.end < report->runs &&
           report->run[span.end].group == report->run[r].group)
        span.end++;
    return span;
}

/* Is what was billed one of the equally right distributions? */
static bool is_right(const struct units_answer *answer, const uint32_t *billed)
{
    bool right = true;

    for (size_t e = 0; e < answer->entries; e++)
        right = right && (answer->entry[e].way == UNITS_NOT_COUNTED ||
                             answer->entry[e].units == billed[e]);
    for (size_t a = 0; a < answer->alternatives && !right; a++) {
        right = true;
        for (size_t e = 0; e < answer->entries; e++)
            right = right && (answer->entry[e].way == UNITS_NOT_COUNTED ||
                                 answer->alternative[a][e] == billed[e]);
    }
    return right;
}

static void report_entry(struct checking *c, struct span_of_runs span,
    const struct units_answer *answer, size_t e, uint32_t billed)
{
    const struct units_entry *entry = &answer->entry[e];
    const bool above = billed > entry->units;
    const bool implied = entry->implied && billed == 0;
    struct claim_finding *finding;

    if (entry->way == UNITS_NOT_COUNTED || billed == entry->units)
        return;
    finding =
        finding_add(c, implied ? CHECK_UNITS_OTHER_CODE : CHECK_UNITS_MINUTES,
            above ? CLAIM_UNITS_ABOVE : CLAIM_UNITS_BELOW, SEVERITY_WARNING);
    for (uint16_t r = span.first; r < span.end; r++)
        for (uint16_t i = 0; i < c->report->run[r].lines; i++) {
            const uint16_t number = line_number(c, &c->report->run[r], i);
            const size_t at = c->report->picked[number];

            /* Of a code that was not billed: the lines of its family. */
            if (at != e && !(implied && at < answer->entries &&
                               answer->entry[at].part == entry->part &&
                               answer->entry[at].way == entry->way))
                continue;
            finding_line(c, finding, number);
            if (finding->line[0] == NO_CLAIM_LINE)
                finding->line[0] = number;
        }
    finding->day = answer->question->day;
    finding->code[0] = entry->packed;
    finding->number[0] = billed;
    finding->number[1] = entry->units;
    finding->number[2] = entry->minutes;
    finding->source = entry->fact.source;
    finding->release = entry->fact.release;
}

/* Codes whose minutes are pooled, but were not told on some line: the sum is
 * not the whole day's. */
static void report_incomplete(struct checking *c, struct span_of_runs span)
{
    struct claim_finding *finding = NULL;

    for (uint16_t r = span.first; r < span.end; r++) {
        const struct claim_run *run = &c->report->run[r];
        const struct claim_line *first = line_at(c, run, 0);
        const struct timed_row *row =
            first->code.packed == PROC_NONE
                ? NULL
                : curated_row(c, first->code.packed, first->day);

        if (row == NULL || !row->pool)
            continue;
        for (uint16_t i = 0; i < run->lines; i++) {
            if (line_at(c, run, i)->minutes_told)
                continue;
            if (finding == NULL) {
                finding = finding_add(c, CHECK_UNITS_MINUTES,
                    CLAIM_MINUTES_INCOMPLETE, SEVERITY_INFORMATION);
                finding->line[0] = line_number(c, run, i);
                finding->day = first->day;
            }
            finding_line(c, finding, line_number(c, run, i));
        }
    }
}

static void compare(struct checking *c, struct span_of_runs span)
{
    const struct units_answer *answer = &c->report->units_answer;
    uint32_t billed[UNITS_ENTRIES_MAX] = {0};

    for (uint16_t r = span.first; r < span.end; r++)
        for (uint16_t i = 0; i < c->report->run[r].lines; i++) {
            const struct claim_line *line = line_at(c, &c->report->run[r], i);
            const size_t e = entry_of(c, answer, line);

            c->report->picked[line_number(c, &c->report->run[r], i)] =
                (uint16_t)e;
            if (e < answer->entries && units_good(line))
                billed[e] += (uint32_t)line->units;
        }
    for (size_t e = 0; e < answer->entries; e++)
        if (answer->entry[e].way == UNITS_NOT_COUNTED)
            gap_add(c, CLAIM_UNITS, GAP_UNKNOWN, NO_CLAIM_LINE);
    if (is_right(answer, billed))
        return;
    for (size_t e = 0; e < answer->entries; e++)
        report_entry(c, span, answer, e, billed[e]);
}

static void check_group(struct checking *c, struct span_of_runs span)
{
    struct units_question *question = &c->report->units_question;
    uint32_t together = 0;
    bool pooled = false;

    question->count = 0;
    question->rule = c->claim->rule;
    question->pool_cognitive = false;
    for (uint16_t r = span.first; r < span.end; r++) {
        const struct claim_run *run = &c->report->run[r];

        together = 0;
        for (uint16_t i = 0; i < run->lines; i++) {
            const struct claim_line *line = line_at(c, run, i);
            struct units_line asked;

            if (!minutes_good(line))
                continue;
            table_needed(c, CLAIM_UNITS);
            if (question->count == UNITS_LINES_MAX) {
                gap_run(c, CLAIM_UNITS, GAP_LIMIT, run);
                return;
            }
            memcpy(asked.code, line->code.code, sizeof asked.code);
            asked.packed =
                line->code.kind == LINE_LOCAL ? PROC_NONE : line->code.packed;
            asked.minutes = (uint32_t)line->minutes;
            asked.discipline = discipline_of(c, line);
            question->day = line->day;
            put_line(question, &asked);
            together += asked.minutes;
        }
        if (together > UNITS_MINUTES_MAX) {
            struct claim_finding *finding = finding_add(
                c, CHECK_SYNTAX_MINUTES, CLAIM_TOO_LARGE, SEVERITY_ERROR);

            finding_run(c, finding, run);
            finding->number[0] = together;
            gap_run(c, CLAIM_UNITS, GAP_LIMIT, run);
            return;
        }
    }
    if (question->count == 0 || (c->report->available >> CLAIM_UNITS & 1) == 0)
        return;
    if (units_decide(&c->report->units_answer, c->rules, question, NULL) != 0) {
        gap_add(c, CLAIM_UNITS, GAP_LIMIT, NO_CLAIM_LINE);
        return;
    }
    compare(c, span);
    for (size_t i = 0; i < c->report->units_answer.items; i++)
        pooled = true;
    if (pooled)
        report_incomplete(c, span);
}

int claim_step_minutes(struct checking *c, struct error *err)
{
    const struct claim_report *report = c->report;
    bool told = false;

    for (uint16_t i = 0; i < c->claim->lines && !told; i++)
        told = c->claim->line[i].minutes_told;
    for (uint16_t r = 0; told && r < report->runs;) {
        const struct span_of_runs span = group_at(report, r);

        check_group(c, span);
        r = span.end;
    }
    return 0;
}

/* ---- step 6 */

static enum claim_gap_reason gap_of(enum mue_fault fault)
{
    switch (fault) {
    case MUE_FAULT_PARTIAL:
        return GAP_PARTIAL;
    case MUE_FAULT_OUTSIDE:
        return GAP_OUTSIDE;
    case MUE_FAULT_UNCERTAIN:
        return GAP_UNCERTAIN;
    default:
        return GAP_NOT_LOADED;
    }
}

static void report_exceeded(struct checking *c, const struct claim_run *run,
    const struct mue_decision *decision)
{
    const struct mue *mue = mue_deciding(decision);
    const enum claim_reason reason = decision->by_line ? CLAIM_LINE_LIMIT
                                     : decision->reviewable
                                         ? CLAIM_DAY_LIMIT_REVIEWABLE
                                         : CLAIM_DAY_LIMIT_ABSOLUTE;
    struct claim_finding *finding =
        finding_add(c, CHECK_MUE_EXCEEDED, reason, SEVERITY_ERROR);
    uint16_t units_at = 0;

    /* The lines compared are those denied: of a line limit only those above
     * it, of a day's limit all. */
    for (int denied = 0; denied < 2; denied++) {
        units_at = 0;
        for (uint16_t i = 0; i < run->lines; i++) {
            const uint16_t number = line_number(c, run, i);

            if (!units_good(&c->claim->line[number]))
                continue;
            if (!mue_denies(
                    mue, c->report->number[units_at++], decision->units))
                continue;
            if (denied == 0)
                finding_line(c, finding, number);
            else
                finding_denied(c, finding, number);
        }
    }
    finding->line[0] = line_number(c, run, 0);
    finding->day = line_at(c, run, 0)->day;
    finding->number[0] = mue->value;
    finding->number[1] = decision->by_line ? decision->denied : decision->units;
    finding->number[2] = (uint64_t)mue->mai;
    finding->word = mue->rationale;
    finding->release = mue->release->label;
    finding->source = mue->source;
}

/* A line of a bilateral modifier is billed with one unit. */
static void check_one_unit(struct checking *c, const struct claim_run *run)
{
    for (uint16_t i = 0; i < run->lines; i++) {
        const struct claim_line *line = line_at(c, run, i);

        for (unsigned m = 0; m < line->code.modifiers && line->units > 1; m++) {
            const struct claim_fact *fact =
                claim_fact_of_modifier(&c->rules->claim_facts, FACT_ONE_UNIT,
                    line->code.modifier[m], line->day);
            struct claim_finding *finding;

            if (fact == NULL)
                continue;
            finding =
                finding_on_line(c, CHECK_UNITS_BILATERAL, CLAIM_BILATERAL_UNITS,
                    SEVERITY_WARNING, line_number(c, run, i));
            finding->modifier[0] = line->code.modifier[m];
            finding->number[0] = (uint64_t)line->units;
            finding->note = fact->notes;
            finding->source = fact->source;
        }
    }
}

static int check_limit(
    struct checking *c, const struct claim_run *run, struct error *err)
{
    const struct claim_line *first = line_at(c, run, 0);
    struct mue_question question = {.code = first->code.code,
        .len = first->code.len,
        .day = first->day,
        .setting = c->claim->setting,
        .program = c->claim->program,
        .units = c->report->number};
    struct mue_decision decision;
    int rc;

    for (uint16_t i = 0; i < run->lines; i++)
        if (units_good(line_at(c, run, i)))
            c->report->number[question.lines++] =
                (uint32_t)line_at(c, run, i)->units;
    if (question.lines == 0)
        return 0;
    if ((rc = mue_decide(&decision, c->rules, &question, err)) != 0)
        return rc;
    if (decision.stale)
        c->report->stale = true;
    switch (decision.outcome) {
    case MUE_EXCEEDED:
        report_exceeded(c, run, &decision);
        break;
    case MUE_NO_PUBLISHED_LIMIT: {
        struct claim_finding *finding = finding_add(
            c, CHECK_MUE_NONE, CLAIM_NO_PUBLISHED_MUE, SEVERITY_INFORMATION);

        finding_run(c, finding, run);
        finding->release = decision.state.release->label;
        break;
    }
    case MUE_NOT_CHECKED:
        gap_run(c, CLAIM_MUE, gap_of(decision.fault), run);
        break;
    default:
        break;
    }
    return 0;
}

int claim_step_mue(struct checking *c, struct error *err)
{
    int rc = 0;

    for (uint16_t r = 0; r < c->report->runs && rc == 0; r++) {
        const struct claim_run *run = &c->report->run[r];

        check_one_unit(c, run);
        if (line_at(c, run, 0)->code.kind == LINE_PROCEDURE)
            rc = check_limit(c, run, err);
    }
    return rc;
}

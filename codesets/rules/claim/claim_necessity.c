/* claim_necessity.c - step 10: does a loaded coverage article support a line's
 * procedure with a diagnosis that the line points to?
 *
 * One supported diagnosis is enough. Where none is, the worst of what the
 * articles say is told: never as an error, and that no policy was found is no
 * denial but worth knowing. The question is Medicare's; it needs a place, the
 * state or the contractor of the claim, and is told as not checked without
 * one. Whether a diagnosis is a code at all was step 3. */
#include <string.h>

#include "codesets/rules/claim/claim_parts.h"

/* What one diagnosis comes to for the procedure of a run. */
struct outcome {
    bool asked;
    enum necessity_verdict verdict;
    enum necessity_reason reason;
    enum tie_link link;
    bool conditions;
    uint32_t document, group, member; /* of coverage.h, or COVERAGE_NONE */
};

/* A line's answer: of the diagnosis that decides. */
struct line_answer {
    bool told; /* there is something to say */
    uint16_t diagnosis;
    enum claim_reason reason;
    enum claim_severity severity;
};

static void take_vote(
    struct outcome *out, const struct necessity_answer *answer)
{
    out->document = out->group = out->member = COVERAGE_NONE;
    for (uint16_t i = 0; i < answer->votes; i++) {
        const struct necessity_vote *vote = &answer->vote[i];

        if (answer->reason != NECESSITY_CONFLICT &&
            (vote->reason != answer->reason || vote->link != answer->link))
            continue;
        out->document = vote->document;
        out->group = vote->group;
        out->member = vote->member;
        return;
    }
}

static const struct outcome *ask(
    struct checking *c, struct outcome *known, uint16_t diagnosis)
{
    struct necessity_answer *answer = &c->report->necessity_answer;
    struct outcome *out = &known[diagnosis];

    if (out->asked)
        return out;
    necessity_case_ask(
        answer, &c->report->necessity, c->report->diagnosis_code[diagnosis]);
    out->asked = true;
    out->verdict = answer->verdict;
    out->reason = answer->reason;
    out->link = answer->link;
    out->conditions = answer->conditions;
    take_vote(out, answer);
    return out;
}

static enum claim_reason reason_of(const struct outcome *outcome)
{
    switch (outcome->reason) {
    case NECESSITY_LISTED_NOT_SUPPORTING:
        return CLAIM_LISTED_NOT_SUPPORTING;
    case NECESSITY_NOT_ON_LIST:
        return CLAIM_NOT_ON_LIST;
    case NECESSITY_CONFLICT:
        return CLAIM_COVERAGE_CONFLICT;
    case NECESSITY_LISTED_SUPPORTING:
        return CLAIM_LISTED_SUPPORTING;
    case NECESSITY_WITHOUT_LIST:
        return CLAIM_POLICY_WITHOUT_LIST;
    default:
        return CLAIM_NO_POLICY;
    }
}

/* How bad it is; 0 is nothing to say. */
static int badness(const struct outcome *outcome)
{
    if (outcome->verdict == NECESSITY_SUPPORTED)
        return outcome->conditions ? 1 : 0;
    switch (outcome->reason) {
    case NECESSITY_NO_POLICY:
        return 2;
    case NECESSITY_WITHOUT_LIST:
        return 3;
    case NECESSITY_LISTED_SUPPORTING: /* on a list that may be another's */
        return 4;
    case NECESSITY_CONFLICT:
        return 5;
    case NECESSITY_NOT_ON_LIST:
        return outcome->verdict == NECESSITY_NOT_SUPPORTED ? 8 : 6;
    default:
        return outcome->verdict == NECESSITY_NOT_SUPPORTED ? 9 : 7;
    }
}

enum { WARN_FROM = 5 };

/* The p-th diagnosis of a line, -1 when it has no more. The lines of a
 * hospital's claim point nowhere: the diagnoses are those of the whole claim.
 */
static int diagnosis_of(
    const struct claim *claim, const struct claim_line *line, unsigned p)
{
    if (line->pointers == 0 && claim->setting == SETTING_OUTPATIENT)
        return p < claim->diagnoses ? (int)p : -1;
    return p < line->pointers && p < CLAIM_POINTERS_MAX
               ? (int)line->pointer[p] - 1
               : -1;
}

static struct line_answer judge_line(
    struct checking *c, struct outcome *known, uint16_t number)
{
    const struct claim_line *line = &c->claim->line[number];
    struct line_answer answer = {.diagnosis = NO_DIAGNOSIS};
    bool supported = false, asked = false;
    int worst = -1, to;

    for (unsigned p = 0; (to = diagnosis_of(c->claim, line, p)) >= 0; p++) {
        const struct outcome *outcome;
        int bad;

        if (to >= c->claim->diagnoses || !c->claim->diagnosis[to].shaped)
            continue;
        asked = true;
        outcome = ask(c, known, (uint16_t)to);
        if (outcome->reason == NECESSITY_NO_DATA) {
            gap_add(c, CLAIM_NECESSITY, GAP_UNKNOWN, number);
            continue;
        }
        bad = badness(outcome);
        /* One that is supported, and without conditions, settles the line. */
        if (outcome->verdict == NECESSITY_SUPPORTED
                ? !supported || bad < worst
                : !supported && bad > worst) {
            supported = supported || outcome->verdict == NECESSITY_SUPPORTED;
            worst = bad;
            answer.diagnosis = (uint16_t)to;
        }
    }
    if (!asked) /* it points to none that can be read */
        gap_add(c, CLAIM_NECESSITY, GAP_UNKNOWN, number);
    if (worst <= 0)
        return answer;
    answer.told = true;
    answer.reason = reason_of(&known[answer.diagnosis]);
    answer.severity =
        worst < WARN_FROM ? SEVERITY_INFORMATION : SEVERITY_WARNING;
    return answer;
}

static void describe(struct checking *c, struct claim_finding *finding,
    const struct outcome *outcome)
{
    const struct store *store = c->rules->store;
    const struct coverage *coverage = store_coverage(store);
    const struct necessity_case *asked = &c->report->necessity;
    struct coverage_document document;
    struct coverage_member member;
    struct coverage_group group;

    finding->number[2] = outcome->link;
    finding->release = asked->time.series->release[asked->release].label;
    if (outcome->document == COVERAGE_NONE)
        return;
    coverage_document(coverage, outcome->document, &document);
    finding->number[0] = document.id;
    finding->source.file = store_file(store, document.file);
    finding->source.row = document.line;
    if (outcome->group == COVERAGE_NONE)
        return;
    coverage_group(coverage, outcome->group, &group);
    finding->number[1] = group.number;
    if (outcome->member == COVERAGE_NONE)
        return;
    coverage_member(coverage, &group, outcome->member, &member);
    finding->source.file = store_file(store, group.members_file);
    finding->source.row = member.line;
}

static void judge_run(struct checking *c, const struct claim_run *run)
{
    struct outcome known[CLAIM_DIAGNOSES_ROOM];
    struct claim_finding *finding = NULL;
    struct line_answer last = {0};

    for (size_t i = 0; i < CLAIM_DIAGNOSES_ROOM; i++)
        known[i].asked = false;
    necessity_case_procedure(
        &c->report->necessity, line_at(c, run, 0)->code.code);
    for (uint16_t i = 0; i < run->lines; i++) {
        const uint16_t number = line_number(c, run, i);
        const struct line_answer answer = judge_line(c, known, number);

        if (!answer.told)
            continue;
        if (finding == NULL || last.diagnosis != answer.diagnosis ||
            last.reason != answer.reason) {
            finding = finding_on_line(
                c, CHECK_NECESSITY, answer.reason, answer.severity, number);
            finding->diagnosis = answer.diagnosis;
            describe(c, finding, &known[answer.diagnosis]);
        } else {
            finding_line(c, finding, number);
        }
        last = answer;
    }
}

/* False with the gap told when nothing can be asked for the day. */
static bool can_ask(struct checking *c, const struct claim_run *run)
{
    const struct necessity_case *asked = &c->report->necessity;

    if (asked->time.stale)
        c->report->stale = true;
    /* Between two releases: whether they agree is not asked here. */
    if (asked->time.detail != DETAIL_NONE ||
        asked->time.next != asked->time.release)
        gap_run(c, CLAIM_NECESSITY, GAP_OUTSIDE, run);
    else if (asked->payers.detail != DETAIL_NONE)
        gap_run(c, CLAIM_NECESSITY, GAP_UNKNOWN, run);
    else
        return true;
    return false;
}

int claim_step_necessity(struct checking *c, struct error *err)
{
    struct claim_report *report = c->report;
    day_t day = DAY_UNKNOWN;

    if (c->claim->payer != PAYER_MEDICARE)
        return 0;
    table_needed(c, CLAIM_NECESSITY);
    if (c->claim->diagnoses == 0) {
        gap_add(c, CLAIM_NECESSITY, GAP_NO_DIAGNOSIS, NO_CLAIM_LINE);
        return 0;
    }
    if (store_coverage(c->rules->store) == NULL)
        return 0;
    table_available(c, CLAIM_NECESSITY);
    if (c->claim->place.state[0] == '\0' &&
        c->claim->place.contractor[0] == '\0') {
        gap_add(c, CLAIM_NECESSITY, GAP_NO_PLACE, NO_CLAIM_LINE);
        return 0;
    }
    for (uint16_t d = 0; d < c->claim->diagnoses; d++)
        report->diagnosis_code[d] =
            necessity_diagnosis(c->rules, c->claim->diagnosis[d].code);
    for (uint16_t r = 0; r < report->runs; r++) {
        const struct claim_run *run = &report->run[r];
        const struct claim_line *line = line_at(c, run, 0);

        if (line->code.packed == PROC_NONE)
            continue;
        if (day != line->day) {
            struct necessity_place place = c->claim->place;

            day = line->day;
            place.kind = necessity_kind_of(c->claim->setting);
            necessity_case_begin(&report->necessity, c->rules, &place, day);
        }
        if (can_ask(c, run))
            judge_run(c, run);
    }
    return 0;
}

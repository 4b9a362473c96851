/* claim_syntax.c - step 1: what is written, before any table is asked. */
#include <string.h>

#include "codesets/rules/claim/claim_parts.h"

static const enum claim_table tables_of_lines[] = {
    CLAIM_VALIDITY, CLAIM_PFS, CLAIM_MUE, CLAIM_PTP, CLAIM_AOC};

/* No table can speak of a line that cannot be read. */
static void leave_out(struct checking *c, uint16_t line)
{
    for (size_t i = 0; i < sizeof tables_of_lines / sizeof *tables_of_lines;
         i++)
        gap_add(c, tables_of_lines[i], GAP_MALFORMED, line);
}

static void check_code(struct checking *c, uint16_t number)
{
    const struct claim_line *line = &c->claim->line[number];

    switch (line->code.kind) {
    case LINE_ICD10CM:
        (void)finding_on_line(
            c, CHECK_SYNTAX_CODE, CLAIM_IS_DIAGNOSIS, SEVERITY_ERROR, number);
        break;
    case LINE_MODIFIER:
        (void)finding_on_line(
            c, CHECK_SYNTAX_CODE, CLAIM_IS_MODIFIER, SEVERITY_ERROR, number);
        break;
    case LINE_MALFORMED:
        (void)finding_on_line(
            c, CHECK_SYNTAX_CODE, CLAIM_BAD_SYNTAX, SEVERITY_ERROR, number);
        break;
    default:
        return;
    }
    leave_out(c, number);
}

static void check_modifiers(struct checking *c, uint16_t number)
{
    const struct claim_line *line = &c->claim->line[number];
    struct claim_finding *finding;

    if ((line->flaws & FLAW_MODIFIER_SHAPE) != 0) {
        finding = finding_on_line(
            c, CHECK_SYNTAX_MODIFIER, CLAIM_BAD_SYNTAX, SEVERITY_ERROR, number);
        finding->word = line->bad_modifier;
    }
    if (line->modifiers > PAIR_MODIFIERS_MAX) {
        finding = finding_on_line(
            c, CHECK_SYNTAX_MODIFIER, CLAIM_TOO_MANY, SEVERITY_ERROR, number);
        finding->number[0] = line->modifiers;
    }
    for (unsigned i = 1; i < line->code.modifiers; i++)
        for (unsigned k = 0; k < i; k++)
            if (line->code.modifier[i] == line->code.modifier[k]) {
                finding = finding_on_line(c, CHECK_SYNTAX_MODIFIER,
                    CLAIM_REPEATED, SEVERITY_WARNING, number);
                finding->modifier[0] = line->code.modifier[i];
                break;
            }
}

static void check_pointers(struct checking *c, uint16_t number)
{
    const struct claim *claim = c->claim;
    const struct claim_line *line = &claim->line[number];
    struct claim_finding *finding;
    bool repeated = false;

    if ((line->flaws & FLAW_POINTER_SHAPE) != 0)
        (void)finding_on_line(
            c, CHECK_SYNTAX_POINTER, CLAIM_BAD_SYNTAX, SEVERITY_ERROR, number);
    if (line->pointers > CLAIM_POINTERS_MAX) {
        finding = finding_on_line(
            c, CHECK_SYNTAX_POINTER, CLAIM_TOO_MANY, SEVERITY_ERROR, number);
        finding->number[0] = line->pointers;
    }
    for (unsigned i = 0; i < line->pointers && i < CLAIM_POINTERS_MAX; i++) {
        if (line->pointer[i] < 1 || line->pointer[i] > claim->diagnoses) {
            finding = finding_on_line(c, CHECK_SYNTAX_POINTER,
                CLAIM_OUT_OF_RANGE, SEVERITY_ERROR, number);
            finding->number[0] = i + 1;
            finding->number[1] = claim->diagnoses;
        }
        for (unsigned k = 0; k < i; k++)
            repeated = repeated || line->pointer[k] == line->pointer[i];
    }
    if (repeated)
        (void)finding_on_line(
            c, CHECK_SYNTAX_POINTER, CLAIM_REPEATED, SEVERITY_WARNING, number);
    /* A hospital's lines point to no diagnosis. */
    if (line->pointers == 0 && claim->diagnoses > 0 &&
        (line->flaws & FLAW_POINTER_SHAPE) == 0 &&
        claim->setting != SETTING_OUTPATIENT)
        (void)finding_on_line(
            c, CHECK_SYNTAX_POINTER, CLAIM_MISSING, SEVERITY_ERROR, number);
}

static void number_fault(struct checking *c, enum claim_check check,
    enum claim_reason reason, uint16_t line, int64_t number)
{
    struct claim_finding *finding =
        finding_on_line(c, check, reason, SEVERITY_ERROR, line);

    finding->number[0] = (uint64_t)number;
    if (check == CHECK_SYNTAX_UNITS)
        gap_add(c, CLAIM_MUE, GAP_MALFORMED, line);
    else
        gap_add(c, CLAIM_UNITS, GAP_MALFORMED, line);
}

static void check_units(struct checking *c, uint16_t number)
{
    const struct claim_line *line = &c->claim->line[number];

    if ((line->flaws & FLAW_UNITS_MISSING) != 0)
        (void)finding_on_line(
            c, CHECK_SYNTAX_UNITS, CLAIM_ASSUMED, SEVERITY_INFORMATION, number);
    else if ((line->flaws & FLAW_UNITS_FRACTION) != 0)
        number_fault(
            c, CHECK_SYNTAX_UNITS, CLAIM_NOT_WHOLE, number, line->units);
    else if (line->units < 1)
        number_fault(
            c, CHECK_SYNTAX_UNITS, CLAIM_NOT_POSITIVE, number, line->units);
    else if (line->units > CLAIM_UNITS_MAX)
        number_fault(
            c, CHECK_SYNTAX_UNITS, CLAIM_TOO_LARGE, number, line->units);
}

static void check_minutes(struct checking *c, uint16_t number)
{
    const struct claim_line *line = &c->claim->line[number];

    if (!line->minutes_told)
        return;
    if ((line->flaws & FLAW_MINUTES_FRACTION) != 0)
        number_fault(
            c, CHECK_SYNTAX_MINUTES, CLAIM_NOT_WHOLE, number, line->minutes);
    else if (line->minutes < 0)
        number_fault(
            c, CHECK_SYNTAX_MINUTES, CLAIM_NEGATIVE, number, line->minutes);
    else if (line->minutes > CLAIM_MINUTES_MAX)
        number_fault(
            c, CHECK_SYNTAX_MINUTES, CLAIM_TOO_LARGE, number, line->minutes);
}

static void check_diagnoses(struct checking *c)
{
    const struct claim *claim = c->claim;
    const uint16_t most = claim_diagnoses_allowed(claim->setting);
    struct claim_finding *finding;

    if (claim->diagnoses > most || claim->diagnoses_many) {
        finding = finding_add(
            c, CHECK_SYNTAX_DIAGNOSIS, CLAIM_TOO_MANY, SEVERITY_ERROR);
        finding->number[0] = most;
    }
    for (uint16_t i = 0; i < claim->diagnoses; i++) {
        unsigned before = 0;

        if (!claim->diagnosis[i].shaped) {
            finding = finding_add(
                c, CHECK_SYNTAX_DIAGNOSIS, CLAIM_BAD_SYNTAX, SEVERITY_ERROR);
            finding->diagnosis = i;
            gap_add(c, CLAIM_ICD10CM, GAP_MALFORMED, NO_CLAIM_LINE);
            continue;
        }
        for (uint16_t k = 0; k < i; k++)
            before +=
                strcmp(claim->diagnosis[k].code, claim->diagnosis[i].code) == 0;
        if (before == 1) { /* told once, however often it stands there */
            finding = finding_add(
                c, CHECK_SYNTAX_DIAGNOSIS, CLAIM_REPEATED, SEVERITY_WARNING);
            finding->diagnosis = i;
        }
    }
}

/* The edits and limits of one of the two programs say little of a claim to the
 * other. Other payers follow either. */
static void check_program(struct checking *c)
{
    const struct claim *claim = c->claim;
    const bool medicaid = claim->program == PROGRAM_MEDICAID;

    if (claim->payer == (medicaid ? PAYER_MEDICARE : PAYER_MEDICAID))
        (void)finding_add(
            c, CHECK_SYNTAX_PROGRAM, CLAIM_CONTRADICTION, SEVERITY_WARNING);
}

int claim_step_syntax(struct checking *c, struct error *err)
{
    check_program(c);
    for (uint16_t i = 0; i < c->claim->lines; i++) {
        const struct claim_line *line = &c->claim->line[i];

        check_code(c, i);
        check_modifiers(c, i);
        check_pointers(c, i);
        check_units(c, i);
        check_minutes(c, i);
        if ((line->flaws & FLAW_DATE) != 0) {
            (void)finding_on_line(
                c, CHECK_SYNTAX_DATE, CLAIM_BAD_SYNTAX, SEVERITY_ERROR, i);
            leave_out(c, i);
        }
        if ((line->flaws & FLAW_REVENUE) != 0)
            (void)finding_on_line(
                c, CHECK_SYNTAX_REVENUE, CLAIM_BAD_SYNTAX, SEVERITY_ERROR, i);
    }
    check_diagnoses(c);
    return 0;
}

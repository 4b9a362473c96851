/* claim_therapy.c - steps 11 and 12: Medicare's therapy particulars (domain.md
 * 5.6) and revenue codes. Whether the patient's record bears a modifier out,
 * and how much of the yearly amount is used, nobody here can know: told, not
 * judged. */
#include <string.h>

#include "codesets/rules/claim/claim_parts.h"
#include "codesets/store/view.h"

static const struct claim_fact *fact_of(const struct checking *c,
    enum claim_fact_kind kind, uint16_t modifier, day_t day)
{
    return claim_fact_of_modifier(&c->rules->claim_facts, kind, modifier, day);
}

/* ---- what kind of line it is */

/* Always or sometimes therapy: the curated table, else the fee schedule's sign
 * that a code is reduced beside other therapy. */
static void classify(struct checking *c, const struct claim_run *run)
{
    const struct claim_line *line = line_at(c, run, 0);
    const struct timed_row *row =
        line->code.packed == PROC_NONE
            ? NULL
            : curated_row(c, line->code.packed, line->day);

    for (uint16_t i = 0; i < run->lines; i++) {
        struct claim_note *note = &c->report->line[line_number(c, run, i)];

        note->therapy = row != NULL     ? (uint8_t)row->therapy
                        : note->reduced ? THERAPY_ALWAYS
                                        : THERAPY_UNKNOWN;
    }
}

/* Finds the therapist's modifier of each line, and lines with two. */
static void find_therapist(struct checking *c, uint16_t number)
{
    const struct claim_line *line = &c->claim->line[number];
    struct claim_note *note = &c->report->line[number];
    uint16_t low = MODIFIER_NONE, high = MODIFIER_NONE;
    struct claim_finding *finding;

    for (unsigned i = 0; i < line->code.modifiers; i++) {
        const uint16_t modifier = line->code.modifier[i];

        if (fact_of(c, FACT_THERAPIST, modifier, line->day) == NULL)
            continue;
        if (low == MODIFIER_NONE) {
            low = modifier;
        } else if (modifier != low) {
            high = modifier > low ? modifier : low;
            low = modifier > low ? low : modifier;
        }
    }
    note->therapist = low;
    if (high == MODIFIER_NONE || c->claim->payer != PAYER_MEDICARE)
        return;
    finding = finding_on_line(
        c, CHECK_THERAPY_TWO, CLAIM_TWO_DISCIPLINES, SEVERITY_WARNING, number);
    finding->modifier[0] = low;
    finding->modifier[1] = high;
}

/* ---- one therapist's modifier */

static void check_missing(struct checking *c, const struct claim_run *run)
{
    const uint8_t therapy = c->report->line[line_number(c, run, 0)].therapy;
    const bool always = therapy == THERAPY_ALWAYS;
    struct claim_finding *finding = NULL;

    if (!always && therapy != THERAPY_SOMETIMES)
        return;
    for (uint16_t i = 0; i < run->lines; i++) {
        const uint16_t number = line_number(c, run, i);

        if (c->report->line[number].therapist != MODIFIER_NONE)
            continue;
        if (finding == NULL) {
            const struct timed_row *row = curated_row(c,
                c->claim->line[number].code.packed, c->claim->line[number].day);

            finding = finding_add(c, CHECK_THERAPY_MODIFIER,
                always ? CLAIM_NEEDED : CLAIM_SUGGESTED,
                always ? SEVERITY_WARNING : SEVERITY_INFORMATION);
            finding->line[0] = number;
            finding->day = c->claim->line[number].day;
            if (row != NULL)
                finding->source = row->source;
        }
        finding_line(c, finding, number);
    }
}

static void check_evaluation(struct checking *c, uint16_t number)
{
    const struct claim_line *line = &c->claim->line[number];
    const uint16_t therapist = c->report->line[number].therapist;
    const struct claim_fact *fact;
    struct claim_finding *finding;

    if (therapist == MODIFIER_NONE)
        return;
    fact = claim_fact_find(&c->rules->claim_facts, FACT_DISCIPLINE,
        line->code.code, line->code.len, line->day);
    if (fact == NULL || has_modifier(line, fact->modifier))
        return;
    finding = finding_on_line(c, CHECK_THERAPY_DISCIPLINE,
        CLAIM_OTHER_DISCIPLINE, SEVERITY_WARNING, number);
    finding->modifier[0] = therapist;
    finding->modifier[1] = fact->modifier;
    finding->source = fact->source;
}

/* ---- modifiers that go with it */

static void check_partners(struct checking *c, uint16_t number)
{
    const struct claim_line *line = &c->claim->line[number];
    bool therapist = false;
    uint16_t before = MODIFIER_NONE;

    for (unsigned i = 0; i < line->code.modifiers; i++) {
        const uint16_t modifier = line->code.modifier[i];
        const struct claim_fact *fact =
            fact_of(c, FACT_PARTNER, modifier, line->day);
        struct claim_finding *finding;

        if (fact != NULL && !has_modifier(line, fact->modifier)) {
            finding = finding_on_line(c, CHECK_THERAPY_PARTNER,
                CLAIM_PARTNER_MISSING, SEVERITY_WARNING, number);
            finding->modifier[0] = modifier;
            finding->modifier[1] = fact->modifier;
            finding->note = fact->notes;
            finding->source = fact->source;
        }
        if (modifier == c->report->line[number].therapist) {
            therapist = true;
            before = modifier;
        } else if (therapist && (c->rules->modifiers.rule[modifier].flags &
                                    MODIFIER_BYPASSES) != 0) {
            finding = finding_on_line(c, CHECK_THERAPY_ORDER, CLAIM_ORDER,
                SEVERITY_INFORMATION, number);
            finding->modifier[0] = modifier;
            finding->modifier[1] = before;
            therapist = false; /* told once a line */
        }
    }
}

/* ---- told: the yearly amount, and the reduction */

static bool is_therapy(const struct checking *c, uint16_t number)
{
    const struct claim_note *note = &c->report->line[number];

    return note->therapist != MODIFIER_NONE || note->therapy == THERAPY_ALWAYS;
}

static int year_of(day_t day)
{
    int year, month, mday;

    day_to_civil(day, &year, &month, &mday);
    return year;
}

static void tell_threshold(struct checking *c)
{
    struct claim_report *report = c->report;
    struct claim_finding *finding = NULL;
    int told = 0;

    /* The order of lines is that of their days. */
    for (uint16_t i = 0; i < report->ordered; i++) {
        const uint16_t number = report->order[i];
        const struct claim_line *line = &c->claim->line[number];
        const int year = year_of(line->day);

        if (!is_therapy(c, number))
            continue;
        if (finding == NULL || year != told) {
            const struct kx_year *amount =
                kx_year_find(&c->rules->claim_facts, year);

            told = year;
            finding = finding_add(c, CHECK_THERAPY_THRESHOLD,
                amount == NULL ? CLAIM_AMOUNT_UNKNOWN : CLAIM_AMOUNT_OF_YEAR,
                SEVERITY_INFORMATION);
            finding->day = line->day;
            finding->line[0] = number;
            if (amount != NULL) {
                finding->number[0] = amount->pt_slp;
                finding->number[1] = amount->ot;
                finding->number[2] = amount->review;
                finding->source = amount->source;
            }
        }
        finding_line(c, finding, number);
        for (unsigned m = 0; m < line->code.modifiers; m++)
            if (fact_of(c, FACT_THRESHOLD, line->code.modifier[m], line->day) !=
                NULL)
                finding->modifier[0] = line->code.modifier[m];
    }
}

static bool is_reduced(const struct checking *c, uint16_t number)
{
    return c->report->line[number].reduced &&
           c->claim->line[number].units >= 1 &&
           c->claim->line[number].units <= CLAIM_UNITS_MAX;
}

/* All units but the highest paid of a day are paid less. */
static void tell_reduction(struct checking *c)
{
    struct claim_report *report = c->report;
    uint16_t r = 0;

    while (r < report->runs) {
        const uint16_t first = r;
        struct claim_finding *finding = NULL;
        uint64_t units = 0;

        for (; r < report->runs &&
               report->run[r].group == report->run[first].group;
             r++)
            for (uint16_t i = 0; i < report->run[r].lines; i++) {
                const uint16_t number = line_number(c, &report->run[r], i);

                if (is_reduced(c, number))
                    units += (uint64_t)c->claim->line[number].units;
            }
        if (units < 2)
            continue;
        finding = finding_add(
            c, CHECK_THERAPY_REDUCTION, CLAIM_REDUCED, SEVERITY_INFORMATION);
        finding->number[0] = units;
        for (uint16_t k = first; k < r; k++)
            for (uint16_t i = 0; i < report->run[k].lines; i++)
                if (is_reduced(c, line_number(c, &report->run[k], i)))
                    finding_line(
                        c, finding, line_number(c, &report->run[k], i));
        finding->line[0] = report->ref[finding->first_ref];
        finding->day = line_at(c, &report->run[first], 0)->day;
    }
}

/* ---- told: what a modifier means to the payment */

/* Classes of modifiers.tsv whose meaning a biller should be reminded of. */
static bool is_told(const char *class)
{
    static const char *const classes[] = {
        "assistant", "notice", "telehealth", "threshold"};

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (strcmp(class, classes[i]) == 0)
            return true;
    return false;
}

static int tell_modifier(
    struct checking *c, uint16_t modifier, uint16_t first, struct error *err)
{
    const struct store *store = c->rules->store;
    struct claim_finding *finding;
    char text[MODIFIER_LEN + 1];
    struct view view;
    int rc;

    modifier_unpack(text, modifier);
    rc = view_find(&view, store, TABLE_MODIFIER, text, MODIFIER_LEN,
        c->claim->line[first].day, err);
    if (rc != 0)
        return rc == ERR_NOTFOUND ? 0 : rc;
    if (!is_told(row_text(store, &view.row, MODIFIER_CLASS, NULL)))
        return 0;
    finding =
        finding_add(c, CHECK_MODIFIER_NOTE, CLAIM_TOLD, SEVERITY_INFORMATION);
    for (uint16_t i = first; i < c->claim->lines; i++)
        if (has_modifier(&c->claim->line[i], modifier))
            finding_line(c, finding, i);
    finding->modifier[0] = modifier;
    finding->word = row_text(store, &view.row, MODIFIER_LABEL, NULL);
    finding->note = row_text(store, &view.row, MODIFIER_NOTES, NULL);
    finding->source = view_source(&view);
    return 0;
}

static int tell_modifiers(struct checking *c, struct error *err)
{
    uint8_t seen[(MODIFIERS_END + 7) / 8] = {0};
    int rc = 0;

    for (uint16_t i = 0; i < c->claim->lines && rc == 0; i++) {
        const struct claim_line *line = &c->claim->line[i];

        for (unsigned m = 0; m < line->code.modifiers && rc == 0; m++) {
            const uint16_t modifier = line->code.modifier[m];
            const uint8_t bit = (uint8_t)(1u << modifier % 8);

            if ((seen[modifier / 8] & bit) != 0)
                continue;
            seen[modifier / 8] |= bit;
            rc = tell_modifier(c, modifier, i, err);
        }
    }
    return rc;
}

/* ---- step 12 */

static bool revenue_fits(const char *code, const char *pattern)
{
    for (size_t i = 0; i < 4; i++)
        if (code[i] != pattern[i] && code[i] != 'X' && pattern[i] != 'X')
            return false;
    return true;
}

static void check_revenue(struct checking *c, uint16_t number)
{
    const struct claim_facts *facts = &c->rules->claim_facts;
    const struct claim_line *line = &c->claim->line[number];
    const uint16_t therapist = c->report->line[number].therapist;

    if (line->revenue[0] == '\0' || therapist == MODIFIER_NONE)
        return;
    for (size_t i = facts->first[FACT_REVENUE];
         i < facts->first[FACT_REVENUE + 1]; i++) {
        const struct claim_fact *fact = &facts->fact[i];
        struct claim_finding *finding;

        if (!revenue_fits(line->revenue, fact->name) ||
            has_modifier(line, fact->modifier))
            continue;
        finding = finding_on_line(c, CHECK_REVENUE, CLAIM_REVENUE_MISMATCH,
            SEVERITY_INFORMATION, number);
        finding->modifier[0] = therapist;
        finding->modifier[1] = fact->modifier;
        finding->word = fact->name;
        finding->note = fact->notes;
        finding->source = fact->source;
    }
}

int claim_step_therapy(struct checking *c, struct error *err)
{
    const struct claim_report *report = c->report;
    const bool medicare = c->claim->payer == PAYER_MEDICARE;

    if ((report->available >> CLAIM_THERAPY & 1) == 0)
        return 0;
    for (uint16_t i = 0; i < report->ordered; i++)
        find_therapist(c, report->order[i]);
    for (uint16_t i = 0; i < report->ordered; i++)
        check_revenue(c, report->order[i]);
    if ((report->needed >> CLAIM_THERAPY & 1) == 0)
        return medicare ? 0 : tell_modifiers(c, err);
    for (uint16_t r = 0; r < report->runs; r++) {
        classify(c, &report->run[r]);
        check_missing(c, &report->run[r]);
    }
    for (uint16_t i = 0; i < report->ordered; i++) {
        check_evaluation(c, report->order[i]);
        check_partners(c, report->order[i]);
    }
    tell_threshold(c);
    tell_reduction(c);
    return tell_modifiers(c, err);
}

/* claim_family.c - steps 9 and 13: codes of a set of which one is chosen a day,
 * and lines that say the same twice. */
#include <string.h>

#include "codesets/rules/claim/claim_parts.h"

/* ---- step 9 */

/* The set of a run's code: one of a family by its minutes, or NULL. */
static const char *family_of(
    struct checking *c, const struct claim_run *run, struct source_ref *source)
{
    const struct claim_line *line = line_at(c, run, 0);
    const struct timed_row *row;

    if (line->code.packed == PROC_NONE)
        return NULL;
    row = curated_row(c, line->code.packed, line->day);
    if (row == NULL || row->addon || row->family[0] == TIMED_NO_FAMILY ||
        line->day < row->from || line->day > row->to)
        return NULL;
    switch (row->kind) {
    case KIND_FIRST:
    case KIND_RANGE:
    case KIND_MINIMUM:
    case KIND_CUMULATIVE:
        *source = row->source;
        return c->rules->timed->family[row->family[0]];
    default:
        return NULL;
    }
}

/* The set of evaluations and the like, or NULL. */
static const char *one_of(
    struct checking *c, const struct claim_run *run, struct source_ref *source)
{
    const struct claim_line *line = line_at(c, run, 0);
    const struct claim_fact *fact = claim_fact_find(&c->rules->claim_facts,
        FACT_ONE_OF, line->code.code, line->code.len, line->day);

    if (fact == NULL)
        return NULL;
    *source = fact->source;
    return fact->value;
}

typedef const char *set_fn(
    struct checking *c, const struct claim_run *run, struct source_ref *source);

/* Every set of which runs [first, end) hold more than one code. */
static void check_sets(struct checking *c, uint16_t first, uint16_t end,
    set_fn *set_of, enum claim_check check)
{
    struct claim_report *report = c->report;
    const char **set = report->set;
    struct source_ref source = {NULL, 0};

    for (uint16_t r = first; r < end; r++)
        set[r] = set_of(c, &report->run[r], &source);
    for (uint16_t r = first; r < end; r++) {
        struct claim_finding *finding = NULL;

        for (uint16_t k = (uint16_t)(r + 1); set[r] != NULL && k < end; k++) {
            if (set[k] == NULL || strcmp(set[k], set[r]) != 0)
                continue;
            if (finding == NULL) {
                finding =
                    finding_add(c, check, CLAIM_CHOOSE_ONE, SEVERITY_WARNING);
                finding_run(c, finding, &report->run[r]);
                finding->word = set_of(c, &report->run[r], &finding->source);
                finding->line[1] = line_number(c, &report->run[k], 0);
            }
            finding_run(c, finding, &report->run[k]);
            set[k] = NULL; /* told */
        }
    }
}

int claim_step_families(struct checking *c, struct error *err)
{
    struct claim_report *report = c->report;
    uint16_t r = 0;

    while (r < report->runs) {
        const uint16_t first = r;

        while (r < report->runs &&
               report->run[r].group == report->run[first].group)
            r++;
        if (r - first < 2)
            continue;
        check_sets(c, first, r, family_of, CHECK_FAMILY);
        check_sets(c, first, r, one_of, CHECK_EVALUATIONS);
    }
    return 0;
}

/* ---- step 13 */

/* The modifiers of a line as one number, whatever their order. */
static uint64_t modifiers_key(const struct claim_line *line)
{
    uint16_t sorted[PAIR_MODIFIERS_MAX] = {0};
    uint64_t key = 0;

    for (unsigned i = 0; i < line->code.modifiers; i++) {
        unsigned at = i;

        while (at > 0 && sorted[at - 1] > line->code.modifier[i]) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        sorted[at] = line->code.modifier[i];
    }
    for (unsigned i = 0; i < line->code.modifiers; i++)
        key = key << 16 | (uint64_t)(sorted[i] + 1);
    return key;
}

static void check_run(struct checking *c, const struct claim_run *run)
{
    struct claim_report *report = c->report;

    for (uint16_t i = 0; i < run->lines; i++)
        report->mark[line_number(c, run, i)] = 0;
    for (uint16_t i = 0; i + 1 < run->lines; i++) {
        const uint16_t number = line_number(c, run, i);
        const uint64_t key = modifiers_key(line_at(c, run, i));
        struct claim_finding *finding = NULL;

        if (report->mark[number] != 0)
            continue;
        for (uint16_t k = (uint16_t)(i + 1); k < run->lines; k++) {
            const uint16_t other = line_number(c, run, k);

            if (report->mark[other] != 0 ||
                modifiers_key(line_at(c, run, k)) != key)
                continue;
            if (finding == NULL)
                finding = finding_on_line(c, CHECK_DUPLICATE, CLAIM_DUPLICATE,
                    SEVERITY_WARNING, number);
            finding_line(c, finding, other);
            report->mark[other] = 1;
        }
    }
}

int claim_step_duplicates(struct checking *c, struct error *err)
{
    for (uint16_t r = 0; r < c->report->runs; r++)
        if (c->report->run[r].lines > 1)
            check_run(c, &c->report->run[r]);
    return 0;
}

#include "codesets/rules/claim/claim_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- what the steps share */

static enum claim_severity allowed(
    const struct checking *c, enum claim_severity severity)
{
    /* Only Medicare's own rules are sure to deny. */
    return severity == SEVERITY_ERROR && c->claim->payer != PAYER_MEDICARE
               ? SEVERITY_WARNING
               : severity;
}

struct claim_finding *finding_add(struct checking *c, enum claim_check check,
    enum claim_reason reason, enum claim_severity severity)
{
    struct claim_report *report = c->report;
    struct claim_finding *finding;

    severity = allowed(c, severity);
    if (report->findings == CLAIM_FINDINGS_MAX) {
        report->cut = true;
        finding = &report->finding[CLAIM_FINDINGS_MAX]; /* the spare one */
    } else {
        finding = &report->finding[report->findings++];
        report->count[severity]++;
    }
    *finding = (struct claim_finding){.check = check,
        .reason = reason,
        .severity = severity,
        .first_ref = report->refs,
        .line = {NO_CLAIM_LINE, NO_CLAIM_LINE},
        .diagnosis = NO_DIAGNOSIS,
        .modifier = {MODIFIER_NONE, MODIFIER_NONE},
        .modifier_line = NO_CLAIM_LINE,
        .day = c->claim->day};
    for (size_t i = 0; i < ADDON_SAMPLE; i++)
        finding->code[i] = PROC_NONE;
    return finding;
}

static bool add_ref(
    struct checking *c, const struct claim_finding *finding, uint16_t line)
{
    struct claim_report *report = c->report;

    if (report->refs == CLAIM_REFS_MAX ||
        finding == &report->finding[CLAIM_FINDINGS_MAX]) {
        report->cut = true;
        return false;
    }
    report->ref[report->refs++] = line;
    return true;
}

void finding_line(
    struct checking *c, struct claim_finding *finding, uint16_t line)
{
    finding->lines = (uint16_t)(finding->lines + add_ref(c, finding, line));
}

void finding_denied(
    struct checking *c, struct claim_finding *finding, uint16_t line)
{
    finding->denied = (uint16_t)(finding->denied + add_ref(c, finding, line));
    c->report->line[line].flags |= NOTE_LINE_DENIED;
}

void finding_run(struct checking *c, struct claim_finding *finding,
    const struct claim_run *run)
{
    for (uint16_t i = 0; i < run->lines; i++)
        finding_line(c, finding, line_number(c, run, i));
    if (finding->line[0] == NO_CLAIM_LINE) {
        finding->line[0] = line_number(c, run, 0);
        finding->day = line_at(c, run, 0)->day;
    }
}

struct claim_finding *finding_on_line(struct checking *c,
    enum claim_check check, enum claim_reason reason,
    enum claim_severity severity, uint16_t line)
{
    struct claim_finding *finding = finding_add(c, check, reason, severity);

    finding_line(c, finding, line);
    finding->line[0] = line;
    finding->day = c->claim->line[line].day;
    return finding;
}

void gap_add(struct checking *c, enum claim_table table,
    enum claim_gap_reason reason, uint16_t line)
{
    struct claim_report *report = c->report;
    struct claim_gap *gap = report->gap;
    uint64_t *word, bit;
    size_t i = 0;

    while (
        i < report->gaps && (gap[i].table != table || gap[i].reason != reason))
        i++;
    if (i == CLAIM_GAPS_MAX)
        return;
    if (i == report->gaps) {
        memset(&gap[i], 0, sizeof gap[i]);
        gap[i].table = table;
        gap[i].reason = reason;
        report->gaps++;
    }
    if (line == NO_CLAIM_LINE)
        return;
    word = &gap[i].line[line / 64];
    bit = (uint64_t)1 << line % 64;
    gap[i].lines = (uint16_t)(gap[i].lines + ((*word & bit) == 0));
    *word |= bit;
}

void gap_run(struct checking *c, enum claim_table table,
    enum claim_gap_reason reason, const struct claim_run *run)
{
    for (uint16_t i = 0; i < run->lines; i++)
        gap_add(c, table, reason, line_number(c, run, i));
}

void table_available(struct checking *c, enum claim_table table)
{
    c->report->available |= (uint16_t)(1u << table);
}

void table_needed(struct checking *c, enum claim_table table)
{
    c->report->needed |= (uint16_t)(1u << table);
}

const struct series *plain_table(const struct checking *c, enum table table)
{
    return store_series(c->rules->store, table, SETTING_NONE, PROGRAM_NONE);
}

bool has_modifier(const struct claim_line *line, uint16_t modifier)
{
    for (unsigned i = 0; i < line->code.modifiers; i++)
        if (line->code.modifier[i] == modifier)
            return true;
    return false;
}

const struct timed_row *curated_row(
    const struct checking *c, uint32_t packed, day_t day)
{
    return timed_row_on(c->rules->timed, packed, day);
}

/* ---- sorting */

enum { FEW = 200, ITEM_MAX = 16 };

typedef int order_fn(const void *a, const void *b, void *context);

/* Few items, most of them in order already, are put in their places one by one;
 * qsort_r() would take memory for them. */
static void sort(void *items, size_t count, size_t size, order_fn *order,
    const void *context)
{
    char *base = items, kept[ITEM_MAX];
    void *given = (void *)(uintptr_t)context; /* qsort_r() takes no const */

    if (count > FEW || size > ITEM_MAX) {
        qsort_r(items, count, size, order, given);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        size_t low = 0, high = i;

        if (order(base + (i - 1) * size, base + i * size, given) <= 0)
            continue;
        while (low < high) {
            const size_t middle = low + (high - low) / 2;

            if (order(base + middle * size, base + i * size, given) <= 0)
                low = middle + 1;
            else
                high = middle;
        }
        memcpy(kept, base + i * size, size);
        memmove(base + (low + 1) * size, base + low * size, (i - low) * size);
        memcpy(base + low * size, kept, size);
    }
}

/* ---- lines in order */

struct key {
    uint64_t key;
    uint16_t line;
};

static int by_key(const void *a, const void *b, void *context)
{
    const struct claim *claim = context;
    const struct key *one = a, *two = b;
    int order;

    if (one->key != two->key)
        return one->key < two->key ? -1 : 1;
    /* Local codes have no number of their own. */
    order = strcmp(
        claim->line[one->line].code.code, claim->line[two->line].code.code);
    if (order != 0)
        return order;
    return one->line < two->line ? -1 : 1;
}

/* day, provider, code; a code that is no procedure code comes last */
static uint64_t key_of(const struct claim_line *line)
{
    const uint64_t day = (uint32_t)line->day ^ 0x80000000u;
    const uint64_t code =
        line->code.packed == PROC_NONE ? 0x1FFFFF : line->code.packed;

    return day << 32 | (uint64_t)line->provider << 21 | code;
}

static bool readable(const struct claim_line *line)
{
    return line->code.kind <= LINE_UNKNOWN && (line->flaws & FLAW_DATE) == 0;
}

/* Lines of one code, day and provider stand together as a run, and runs of one
 * day and provider share the number of a group. */
static void order_lines(struct checking *c)
{
    struct claim_report *report = c->report;
    struct key key[CLAIM_LINES_MAX];
    uint16_t n = 0, group = 0;

    for (uint16_t i = 0; i < c->claim->lines; i++)
        if (readable(&c->claim->line[i]))
            key[n++] = (struct key){key_of(&c->claim->line[i]), i};
    sort(key, n, sizeof *key, by_key, c->claim);
    report->ordered = n;
    report->runs = 0;
    for (uint16_t i = 0; i < n; i++) {
        const bool same_group =
            i > 0 && key[i].key >> 21 == key[i - 1].key >> 21;
        const bool same_code =
            i > 0 && key[i].key == key[i - 1].key &&
            strcmp(c->claim->line[key[i].line].code.code,
                c->claim->line[key[i - 1].line].code.code) == 0;

        report->order[i] = key[i].line;
        group = (uint16_t)(group + (i > 0 && !same_group));
        if (!same_code)
            report->run[report->runs++] =
                (struct claim_run){.first = i, .group = group};
        report->run[report->runs - 1].lines++;
    }
}

/* ---- what is asked of which table */

static void look_at_tables(struct checking *c)
{
    const struct store *store = c->rules->store;
    const struct claim *claim = c->claim;
    const bool medicare = claim->payer == PAYER_MEDICARE;
    const struct {
        enum claim_table table;
        bool there, needed;
    } tables[] = {
        {CLAIM_SYNTAX, true, true},
        {CLAIM_VALIDITY, store->proc.count > 0, true},
        {CLAIM_MODIFIERS,
            plain_table(c, TABLE_MODIFIER) != NULL ||
                plain_table(c, TABLE_HCPCS) != NULL,
            false},
        {CLAIM_ICD10CM, plain_table(c, TABLE_ICD10CM) != NULL, true},
        {CLAIM_PFS, plain_table(c, TABLE_PFS) != NULL,
            medicare && claim->program == PROGRAM_MEDICARE &&
                claim->setting != SETTING_DME},
        {CLAIM_UNITS, c->rules->timed->rows > 0, false},
        {CLAIM_MUE,
            store_series(store, TABLE_MUE, claim->setting, claim->program) !=
                NULL,
            true},
        {CLAIM_PTP, c->rules->edits[claim->setting][claim->program].loaded,
            false},
        {CLAIM_AOC, plain_table(c, TABLE_AOC) != NULL, true},
        {CLAIM_NECESSITY, false, false},
        {CLAIM_THERAPY,
            c->rules->timed->rows > 0 && c->rules->claim_facts.loaded,
            medicare && claim->setting != SETTING_DME},
    };

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (tables[i].there)
            table_available(c, tables[i].table);
        if (tables[i].needed)
            table_needed(c, tables[i].table);
    }
}

static void begin(struct checking *c)
{
    struct claim_report *report = c->report;

    report->findings = report->gaps = 0;
    memset(report->count, 0, sizeof report->count);
    report->clean = report->cut = report->stale = false;
    report->refs = 0;
    report->available = report->needed = 0;
    for (uint16_t i = 0; i < c->claim->lines; i++)
        report->line[i] = (struct claim_note){.therapist = MODIFIER_NONE};
}

/* ---- the end */

bool claim_checked(const struct claim_report *report, enum claim_table table)
{
    if ((report->available >> table & 1) == 0)
        return false;
    for (uint16_t i = 0; i < report->gaps; i++)
        if (report->gap[i].table == table)
            return false;
    return true;
}

bool claim_line_denied(const struct claim_report *report, uint16_t line)
{
    return (report->line[line].flags & NOTE_LINE_DENIED) != 0;
}

static int by_line_number(const void *a, const void *b, void *context)
{
    const uint16_t *one = a, *two = b;

    return (int)*one - (int)*two;
}

/* Findings sort by check, codes and reason; the key holds these as numbers. */
struct place {
    uint64_t key;
    const struct claim_finding *finding;
};

static uint64_t code_key(const struct claim *claim, uint16_t line)
{
    const uint32_t packed =
        line == NO_CLAIM_LINE ? PROC_NONE : claim->line[line].code.packed;

    return packed == PROC_NONE ? 0x1FFFFF : packed;
}

static uint64_t finding_key(
    const struct claim *claim, const struct claim_finding *finding)
{
    return (uint64_t)finding->check << 58 |
           code_key(claim, finding->line[0]) << 37 |
           code_key(claim, finding->line[1]) << 16 | (uint64_t)finding->reason;
}

/* Then by day, modifier and diagnosis, and last by their lines. */
static int by_place(const void *a, const void *b, void *context)
{
    const struct claim_report *report = context;
    const struct place *one = a, *two = b;
    const struct claim_finding *first = one->finding, *second = two->finding;

    if (one->key != two->key)
        return one->key < two->key ? -1 : 1;
    if (first->day != second->day)
        return first->day < second->day ? -1 : 1;
    if (first->modifier[0] != second->modifier[0])
        return first->modifier[0] < second->modifier[0] ? -1 : 1;
    if (first->diagnosis != second->diagnosis)
        return first->diagnosis < second->diagnosis ? -1 : 1;
    if (first->lines > 0 && second->lines > 0 &&
        report->ref[first->first_ref] != report->ref[second->first_ref])
        return (int)report->ref[first->first_ref] -
               (int)report->ref[second->first_ref];
    return first < second ? -1 : first > second;
}

static void sort_findings(struct checking *c)
{
    struct claim_report *report = c->report;
    struct place place[CLAIM_FINDINGS_MAX];

    for (uint16_t i = 0; i < report->findings; i++) {
        const struct claim_finding *finding = &report->finding[i];

        sort(report->ref + finding->first_ref, finding->lines,
            sizeof *report->ref, by_line_number, NULL);
        sort(report->ref + finding->first_ref + finding->lines, finding->denied,
            sizeof *report->ref, by_line_number, NULL);
        place[i] = (struct place){finding_key(c->claim, finding), finding};
    }
    sort(place, report->findings, sizeof *place, by_place, report);
    for (uint16_t i = 0; i < report->findings; i++)
        report->sorted[i] = (uint16_t)(place[i].finding - report->finding);
}

const struct claim_finding *claim_finding_at(
    const struct claim_report *report, uint16_t i)
{
    return &report->finding[report->sorted[i]];
}

static void finish(struct checking *c)
{
    static const char own[] = "own";
    struct claim_report *report = c->report;

    for (int table = 0; table < CLAIM_TABLES; table++)
        if ((report->needed >> table & 1) != 0 &&
            (report->available >> table & 1) == 0 &&
            claim_checked(report, (enum claim_table)table) == false) {
            bool told = false;

            for (uint16_t i = 0; i < report->gaps; i++)
                told = told || (int)report->gap[i].table == table;
            if (!told)
                gap_add(
                    c, (enum claim_table)table, GAP_NOT_LOADED, NO_CLAIM_LINE);
        }
    report->clean = report->count[SEVERITY_ERROR] == 0 &&
                    report->count[SEVERITY_WARNING] == 0 && !report->cut;
    for (uint16_t i = 0; i < report->gaps; i++) {
        report->gap[i].needed =
            (report->needed >> report->gap[i].table & 1) != 0;
        report->clean = report->clean && !report->gap[i].needed;
    }
    for (uint16_t i = 0; i < report->findings; i++)
        if (report->finding[i].release == NULL &&
            report->finding[i].source.file != NULL)
            report->finding[i].release = own; /* the project's own tables */
    sort_findings(c);
}

/* Most steps look each code up in a table of their own. */
static void expect_rows(struct checking *c)
{
    const struct store *store = c->rules->store;
    uint32_t ordinal[CLAIM_LINES_MAX];
    size_t n = 0;

    for (uint16_t r = 0; r < c->report->runs; r++) {
        const struct pair_line *code = &line_at(c, &c->report->run[r], 0)->code;

        if (code->kind == LINE_PROCEDURE)
            ordinal[n++] = code->ordinal;
    }
    rows_expect(store, plain_table(c, TABLE_PFS), ordinal, n);
    rows_expect(store, plain_table(c, TABLE_AOC), ordinal, n);
    rows_expect(store,
        store_series(store, TABLE_MUE, c->claim->setting, c->claim->program),
        ordinal, n);
}

int claim_check(struct claim_report *out, const struct rules *rules,
    const struct claim *claim, struct error *err)
{
    static int (*const steps[])(struct checking *, struct error *) = {
        claim_step_syntax, claim_step_validity, claim_step_diagnoses,
        claim_step_status, claim_step_minutes, claim_step_mue, claim_step_pairs,
        claim_step_addons, claim_step_families, claim_step_necessity,
        claim_step_therapy, claim_step_duplicates};
    struct checking c = {rules, claim, out};
    int rc = 0;

    if (claim->lines == 0)
        return error_set(err, ERR_INPUT, 0, "a claim needs at least one line");
    begin(&c);
    look_at_tables(&c);
    order_lines(&c);
    expect_rows(&c);
    for (size_t i = 0; i < sizeof steps / sizeof *steps && rc == 0; i++)
        rc = steps[i](&c, err);
    if (rc == 0)
        finish(&c);
    return rc;
}

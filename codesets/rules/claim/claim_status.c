/* claim_status.c - step 4: what Medicare's physician fee schedule pays at all,
 * by its status code; and which codes are paid less beside others. */
#include <string.h>

#include "codesets/rules/claim/claim_parts.h"

static const struct {
    char status;
    enum claim_reason reason;
} unpaid[] = {
    {'I', CLAIM_USE_ANOTHER_CODE},
    {'N', CLAIM_NOT_COVERED},
    {'B', CLAIM_BUNDLED},
    {'P', CLAIM_BUNDLED},
    {'X', CLAIM_EXCLUDED},
    {'M', CLAIM_MEASUREMENT_ONLY},
};

static const char *cell(
    const struct checking *c, const struct row *row, int column)
{
    return row_text(c->rules->store, row, column, NULL);
}

/* What a status code says; false when the code is paid, one way or other. */
static bool is_unpaid(const char *status, enum claim_reason *reason)
{
    for (size_t i = 0; i < sizeof unpaid / sizeof *unpaid; i++)
        if (status[0] == unpaid[i].status && status[1] == '\0') {
            *reason = unpaid[i].reason;
            return true;
        }
    return false;
}

static void report_status(struct checking *c, const struct claim_run *run,
    enum claim_reason reason, const struct row *row, uint32_t release)
{
    const struct claim_line *line = line_at(c, run, 0);
    const bool practitioner = c->claim->setting == SETTING_PRACTITIONER;
    const struct claim_fact *instead = NULL;
    /* A hospital is paid by other schedules for most of its services. */
    struct claim_finding *finding = finding_add(c, CHECK_STATUS, reason,
        practitioner ? SEVERITY_WARNING : SEVERITY_INFORMATION);

    finding_run(c, finding, run);
    finding->word = cell(c, row, PFS_STATUS);
    finding->release = row->series->release[release].label;
    finding->source = row_source(c->rules->store, row, release);
    if (reason == CLAIM_USE_ANOTHER_CODE)
        instead = claim_fact_find(&c->rules->claim_facts, FACT_INSTEAD,
            line->code.code, line->code.len, line->day);
    if (instead != NULL && strlen(instead->value) == PROC_LEN) {
        finding->code[0] = proc_pack(instead->value);
        finding->note = instead->notes;
    }
    if (practitioner)
        for (uint16_t i = 0; i < run->lines; i++)
            c->report->line[line_number(c, run, i)].flags |= NOTE_LINE_UNPAID;
}

static int check_status(
    struct checking *c, const struct claim_run *run, struct error *err)
{
    const struct series *series = plain_table(c, TABLE_PFS);
    const struct claim_line *line = line_at(c, run, 0);
    enum claim_reason reason = CLAIM_TOLD, after = CLAIM_TOLD;
    bool bad, bad_after;
    struct snapshot at;
    int rc = snapshot_find(&at, c->rules->store, series, line->code.code,
        line->code.len, line->day, err);

    if (rc != 0)
        return rc;
    if (at.state == SNAPSHOT_BEFORE || at.state == SNAPSHOT_OUTSIDE) {
        gap_run(c, CLAIM_PFS, GAP_OUTSIDE, run);
        return 0;
    }
    if (at.state == SNAPSHOT_STALE)
        c->report->stale = true;
    if (!at.found && !at.next_found && series->release[at.release].partial) {
        gap_run(c, CLAIM_PFS, GAP_PARTIAL, run);
        return 0;
    }
    bad = at.found && is_unpaid(cell(c, &at.row, PFS_STATUS), &reason);
    if (at.state == SNAPSHOT_GAP) {
        bad_after = at.next_found &&
                    is_unpaid(cell(c, &at.next_row, PFS_STATUS), &after);
        if (bad != bad_after || reason != after) {
            gap_run(c, CLAIM_PFS, GAP_UNCERTAIN, run);
            return 0;
        }
    }
    if (bad)
        report_status(c, run, reason, &at.row, at.release);
    if (at.found && strcmp(cell(c, &at.row, PFS_MULTIPLE_PROCEDURE), "5") == 0)
        for (uint16_t i = 0; i < run->lines; i++)
            c->report->line[line_number(c, run, i)].reduced = true;
    return 0;
}

int claim_step_status(struct checking *c, struct error *err)
{
    int rc = 0;

    if ((c->report->needed >> CLAIM_PFS & 1) == 0 ||
        (c->report->available >> CLAIM_PFS & 1) == 0)
        return 0;
    for (uint16_t r = 0; r < c->report->runs && rc == 0; r++)
        if (line_at(c, &c->report->run[r], 0)->code.kind == LINE_PROCEDURE)
            rc = check_status(c, &c->report->run[r], err);
    return rc;
}

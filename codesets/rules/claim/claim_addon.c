/* claim_addon.c - step 8: every add-on code needs a primary on the claim, of
 * the same day and provider, that is itself paid. */
#include <string.h>

#include "codesets/rules/claim/claim_parts.h"

/* A code none of whose lines will be paid as they stand lends its add-ons no
 * firm ground. */
static bool all_risky(const struct checking *c, const struct claim_run *run)
{
    for (uint16_t i = 0; i < run->lines; i++)
        if (c->report->line[line_number(c, run, i)].flags == 0)
            return false;
    return true;
}

static enum claim_gap_reason gap_of(enum addon_fault fault)
{
    switch (fault) {
    case ADDON_FAULT_PARTIAL:
        return GAP_PARTIAL;
    case ADDON_FAULT_OUTSIDE:
        return GAP_OUTSIDE;
    default:
        return GAP_NOT_LOADED;
    }
}

static void report_addon(struct checking *c, const struct claim_run *run,
    const struct addon_code *addon, enum claim_check check,
    enum claim_reason reason, enum claim_severity severity)
{
    struct claim_finding *finding = finding_add(c, check, reason, severity);

    finding_run(c, finding, run);
    finding->number[0] = addon->type;
    finding->number[1] = addon->listed;
    if (addon->primary != PROC_NONE)
        finding->code[0] = addon->primary;
    else
        memcpy(finding->code, addon->sample, sizeof finding->code);
    for (size_t i = addon->primary != PROC_NONE ? 1 : addon->listed;
         i < ADDON_SAMPLE; i++)
        finding->code[i] = PROC_NONE;
    finding->note = addon->note;
    finding->release = addon->release->label;
    finding->source = addon->source;
}

static void conclude(struct checking *c, const struct claim_run *run,
    const struct addon_code *addon)
{
    if (addon->stale)
        c->report->stale = true;
    switch (addon->outcome) {
    case ADDON_WITHOUT_PRIMARY:
        /* A special instruction may let it pass: read it. */
        report_addon(c, run, addon, CHECK_ADDON_WITHOUT_PRIMARY,
            addon->chained ? CLAIM_ADDON_CHAIN : CLAIM_ADDON_WITHOUT_PRIMARY,
            addon->note[0] != '\0' ? SEVERITY_WARNING : SEVERITY_ERROR);
        break;
    case ADDON_PRIMARY_AT_RISK:
        report_addon(c, run, addon, CHECK_ADDON_AT_RISK, CLAIM_PRIMARY_AT_RISK,
            SEVERITY_WARNING);
        break;
    case ADDON_NOT_DEFINED:
        report_addon(c, run, addon, CHECK_ADDON_NOT_DEFINED,
            CLAIM_PRIMARY_NOT_DEFINED, SEVERITY_INFORMATION);
        break;
    case ADDON_UNKNOWN:
        report_addon(c, run, addon, CHECK_ADDON_UNKNOWN, CLAIM_PRIMARY_UNKNOWN,
            SEVERITY_INFORMATION);
        break;
    case ADDON_NOT_CHECKED:
        gap_run(c, CLAIM_AOC, gap_of(addon->fault), run);
        break;
    default:
        break;
    }
}

int claim_step_addons(struct checking *c, struct error *err)
{
    struct claim_report *report = c->report;
    uint16_t r = 0;

    if ((report->available >> CLAIM_AOC & 1) == 0)
        return 0;
    while (r < report->runs) {
        const uint16_t first = r;
        size_t n = 0;
        int rc;

        for (; r < report->runs &&
               report->run[r].group == report->run[first].group;
             r++) {
            const struct claim_run *run = &report->run[r];

            if (line_at(c, run, 0)->code.kind != LINE_PROCEDURE)
                continue;
            report->picked[n] = r;
            report->addon[n].packed = line_at(c, run, 0)->code.packed;
            report->addon[n].at_risk = all_risky(c, run);
            n++;
        }
        rc = addon_decide(report->addon, n, c->rules,
            line_at(c, &report->run[first], 0)->day, err);
        if (rc != 0)
            return rc;
        for (size_t i = 0; i < n; i++)
            conclude(c, &report->run[report->picked[i]], &report->addon[i]);
    }
    return 0;
}

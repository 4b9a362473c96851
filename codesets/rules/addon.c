#include "codesets/rules/addon.h"

#include <string.h>

#include "codesets/store/aoc.h"

/* How well a code is carried; an add-on has the best that one of its listed
 * primaries gives. */
enum carried { CARRIED_NOT, CARRIED_PERHAPS, CARRIED_AT_RISK, CARRIED_WELL };

static struct addon_code *find(
    struct addon_code *code, size_t count, uint32_t packed)
{
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (code[middle].packed < packed)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && code[low].packed == packed ? &code[low] : NULL;
}

/* What a code lends to the add-ons that list it. */
static enum carried lends(const struct addon_code *code)
{
    if (code->carried > CARRIED_AT_RISK && code->at_risk)
        return CARRIED_AT_RISK;
    return (enum carried)code->carried;
}

/* A row deleted on its first day was withdrawn and never counted. */
static bool counts(const struct aoc_row *row, day_t day)
{
    return row->effective != row->deleted && aoc_in_force(row, day);
}

/* The rows of an add-on that are in force: its type, and its primaries. */
static void read_row(struct addon_code *code, const struct aoc_row *row)
{
    if (row->note[0] != '\0')
        code->note = row->note;
    if (code->source.file == NULL)
        code->source = row->source;
    /* A list that is whole for one primary and open for others is open. */
    if (row->type > code->type)
        code->type = row->type;
    if (strcmp(row->primary, AOC_CONTRACTOR) == 0)
        return;
    if (code->listed < ADDON_SAMPLE && strlen(row->primary) == PROC_LEN)
        code->sample[code->listed] = proc_pack(row->primary);
    code->listed++;
}

/* Most codes are no add-ons: known without a look at the table. */
static bool listed(const struct rules *rules, uint32_t packed)
{
    const uint32_t ordinal = proc_find(&rules->store->proc, packed);

    return ordinal != PROC_ORDINAL_NONE && rules_addon(rules, ordinal);
}

/* The primary of a row among the codes; NULL when it is not there. */
static const struct addon_code *there(const struct addon_code *code,
    struct addon_code *all, size_t count, const struct aoc_row *row)
{
    const struct addon_code *primary =
        strlen(row->primary) == PROC_LEN
            ? find(all, count, proc_pack(row->primary))
            : NULL;

    return primary == code ? NULL : primary;
}

static int begin(struct addon_code *code, struct addon_code *all, size_t count,
    const struct rules *rules, day_t day, struct error *err)
{
    char text[PROC_LEN + 1];
    struct aoc_rows rows;
    struct aoc_row row;
    int rc;

    code->type = 0;
    code->chained = false;
    code->listed = 0;
    code->primary = PROC_NONE;
    code->note = "";
    code->source = (struct source_ref){NULL, 0};
    code->outcome = ADDON_NONE;
    code->carried = CARRIED_WELL;
    proc_unpack(text, code->packed);
    rc = listed(rules, code->packed)
             ? aoc_find(&rows, rules->store, text, PROC_LEN, false, err)
             : ERR_NOTFOUND;
    if (rc == ERR_NOTFOUND) {
        if (code->release != NULL && code->release->partial)
            code->fault = ADDON_FAULT_PARTIAL;
        return 0;
    }
    if (rc != 0)
        return rc;
    while ((rc = aoc_next(&rows, &row, err)) > 0)
        if (counts(&row, day)) {
            read_row(code, &row);
            code->chained =
                code->chained || there(code, all, count, &row) != NULL;
        }
    if (code->type == 0)
        return rc;
    code->outcome = ADDON_WITHOUT_PRIMARY;
    code->carried = code->type == 1 ? CARRIED_NOT : CARRIED_PERHAPS;
    return rc;
}

/* One more look at the primaries of an add-on. Returns 1 when it is carried
 * better than before. */
static int look(struct addon_code *code, struct addon_code *all, size_t count,
    const struct rules *rules, day_t day, struct error *err)
{
    char text[PROC_LEN + 1];
    struct aoc_rows rows;
    struct aoc_row row;
    bool better = false;
    int rc;

    proc_unpack(text, code->packed);
    if ((rc = aoc_find(&rows, rules->store, text, PROC_LEN, false, err)) != 0)
        return rc == ERR_NOTFOUND ? 0 : rc;
    while ((rc = aoc_next(&rows, &row, err)) > 0) {
        const struct addon_code *primary;

        if (!counts(&row, day) ||
            (primary = there(code, all, count, &row)) == NULL ||
            lends(primary) <= (enum carried)code->carried)
            continue;
        code->carried = (uint8_t)lends(primary);
        code->primary = primary->packed;
        code->source = row.source;
        better = true;
    }
    return rc < 0 ? rc : better;
}

static void conclude(struct addon_code *code)
{
    if (code->outcome == ADDON_NONE)
        return;
    switch ((enum carried)code->carried) {
    case CARRIED_WELL:
        code->outcome = ADDON_CARRIED;
        break;
    case CARRIED_AT_RISK:
        code->outcome = ADDON_PRIMARY_AT_RISK;
        break;
    case CARRIED_PERHAPS:
        code->outcome = code->type == 2 ? ADDON_NOT_DEFINED : ADDON_UNKNOWN;
        break;
    default:
        code->outcome = ADDON_WITHOUT_PRIMARY;
    }
}

static enum addon_fault fault_on(const struct series *series, day_t day)
{
    switch (aoc_state(series, day)) {
    case SNAPSHOT_NOT_LOADED:
        return ADDON_FAULT_NOT_LOADED;
    case SNAPSHOT_OUTSIDE:
        return ADDON_FAULT_OUTSIDE;
    default:
        return ADDON_FAULT_NONE;
    }
}

int addon_decide(struct addon_code *code, size_t count,
    const struct rules *rules, day_t day, struct error *err)
{
    const struct series *series =
        store_series(rules->store, TABLE_AOC, SETTING_NONE, PROGRAM_NONE);
    const enum addon_fault fault = fault_on(series, day);
    const struct release *release =
        fault == ADDON_FAULT_NOT_LOADED
            ? NULL
            : &series->release[series->releases - 1];
    bool better = true;
    int rc = 0;

    for (size_t i = 0; i < count && rc == 0; i++) {
        code[i].fault = fault;
        code[i].release = release;
        code[i].stale = release != NULL && day > release->to;
        if (fault == ADDON_FAULT_NONE)
            rc = begin(&code[i], code, count, rules, day, err);
        if (code[i].fault != ADDON_FAULT_NONE)
            code[i].outcome = ADDON_NOT_CHECKED;
    }
    /* Ends: with each turn a code is carried better, of four degrees. */
    while (better && rc >= 0 && fault == ADDON_FAULT_NONE) {
        better = false;
        for (size_t i = 0; i < count && rc >= 0; i++) {
            if (code[i].outcome != ADDON_WITHOUT_PRIMARY || !code[i].chained ||
                code[i].carried == CARRIED_WELL)
                continue;
            rc = look(&code[i], code, count, rules, day, err);
            better = better || rc > 0;
        }
    }
    for (size_t i = 0; i < count; i++)
        if (code[i].outcome != ADDON_NOT_CHECKED)
            conclude(&code[i]);
    return rc < 0 ? rc : 0;
}

const char *addon_outcome_name(enum addon_outcome outcome)
{
    static const char *const names[] = {"not_an_addon", "primary_present",
        "primary_at_risk", "addon_without_primary", "primary_not_defined",
        "unknown", "not_checked"};

    return (unsigned)outcome <= ADDON_NOT_CHECKED ? names[outcome] : names[6];
}

const char *addon_fault_name(enum addon_fault fault)
{
    static const char *const names[] = {
        "", "data_not_loaded", "data_partial", "date_outside_data"};

    return (unsigned)fault <= ADDON_FAULT_OUTSIDE ? names[fault] : names[0];
}

#include "codesets/answer/marks.h"

#include "codesets/core/code.h"
#include "codesets/store/aoc.h"

/* Has it a row in force as an add-on? Most codes are told apart by one bit. */
static bool is_addon(const struct rules *rules, uint32_t packed,
    const struct code_ref *code, day_t day)
{
    const uint32_t ordinal = proc_find(&rules->store->proc, packed);
    struct aoc_rows rows;
    struct aoc_row row;

    if (ordinal == PROC_ORDINAL_NONE || !rules_addon(rules, ordinal) ||
        aoc_find(&rows, rules->store, code->text, code->len, false, NULL) != 0)
        return false;
    while (aoc_next(&rows, &row, NULL) > 0)
        if (aoc_in_force(&row, day))
            return true;
    return false;
}

void code_marks_json(struct json *json, const struct rules *rules,
    const struct code_ref *code, day_t day)
{
    const struct series *series;
    const char *therapy = NULL;
    struct timed_fact fact;
    bool covered, addon;
    uint32_t packed;

    if (code->system == SYSTEM_ICD10CM || code->system == SYSTEM_MODIFIER)
        return;
    /* A local code may be shorter than it is read. */
    packed = code->len == PROC_LEN ? proc_pack(code->text) : PROC_NONE;
    series = store_series(rules->store, TABLE_AOC, SETTING_NONE, PROGRAM_NONE);
    covered = aoc_state(series, day) != SNAPSHOT_OUTSIDE;
    addon = covered && is_addon(rules, packed, code, day);
    timed_find(&fact, rules->timed, packed, day);
    json_key(json, "timed");
    if (fact.kind == KIND_UNKNOWN || fact.kind == KIND_UNLISTED)
        json_null(json);
    else
        json_bool(json, fact.kind != KIND_UNTIMED && fact.kind != KIND_DAYS);
    json_key(json, "unit_minutes");
    if (fact.unit == 0)
        json_null(json);
    else
        json_int(json, fact.unit);
    if (fact.row != NULL && fact.row->therapy != THERAPY_UNKNOWN)
        therapy = therapy_class_name(fact.row->therapy);
    json_key(json, "therapy");
    json_string(json, therapy);
    json_key(json, "addon");
    if (covered && (addon || aoc_proves_none(series, day)))
        json_bool(json, addon);
    else
        json_null(json);
}

#include "codesets/answer/card/timed_json.h"

#include "codesets/answer/pair/pair_answer.h"

static void name_json(struct json *json, const char *key, const char *name)
{
    json_key(json, key);
    json_string(json, name == NULL || name[0] == '\0' ? NULL : name);
}

static void minutes_json(struct json *json, const char *key, unsigned minutes)
{
    json_key(json, key);
    if (minutes == 0)
        json_null(json);
    else
        json_int(json, minutes);
}

static const struct series *timed_series(const struct rules *rules)
{
    return store_series(rules->store, TABLE_TIMED, SETTING_NONE, PROGRAM_NONE);
}

static void fact_source_json(struct json *json, const struct rules *rules,
    const struct source_ref *source, const char *release)
{
    const struct series *series = timed_series(rules);

    json_key(json, "source");
    if (source->file == NULL) {
        json_null(json);
        return;
    }
    if (release == NULL && series != NULL && series->releases > 0)
        release = series->release[series->releases - 1].label;
    source_json(json, release, source->file, source->row);
}

/* What the wording says where it disagrees with the table. */
static void note_json(struct json *json, const struct rules *rules,
    const struct timed_fact *fact, day_t day)
{
    struct timed_wording said;
    struct source_ref source;
    struct buffer text = {0};

    json_key(json, "note");
    if (!timed_disagreement(&said, &source, rules->timed, fact, day)) {
        json_null(json);
        return;
    }
    if (said.unclear)
        buffer_adds(&text, "The loaded descriptor tells different times");
    else if (said.kind == KIND_RANGE)
        buffer_addf(&text, "The loaded descriptor says %u to %u minutes",
            said.minimum, said.maximum);
    else
        buffer_addf(&text, "The loaded descriptor says %u minutes (%s)",
            said.unit, timed_kind_name(said.kind));
    buffer_addf(&text, " (%s, row %u); the curated table holds.", source.file,
        source.row);
    json_text(json, text.data, text.len);
    buffer_clear(&text);
}

static void flag_json(struct json *json, enum timed_kind kind)
{
    if (kind == KIND_UNKNOWN || kind == KIND_UNLISTED)
        json_null(json);
    else
        json_bool(json, kind != KIND_UNTIMED && kind != KIND_DAYS);
}

static void families_json(
    struct json *json, const struct rules *rules, const struct timed_row *row)
{
    json_key(json, "families");
    json_open(json, '[');
    for (size_t i = 0; row != NULL && i < TIMED_FAMILIES_OF_ROW; i++)
        if (row->family[i] != TIMED_NO_FAMILY)
            json_string(json, rules->timed->family[row->family[i]]);
    json_close(json, ']');
}

void timed_fact_json(struct json *json, const struct rules *rules,
    const struct timed_fact *fact, day_t day)
{
    const bool listed = fact->known_by == TIMED_BY_LIST;
    const struct timed_row *row = listed ? fact->row : NULL;

    json_open(json, '{');
    json_key(json, "flag");
    flag_json(json, fact->kind);
    json_key(json, "known");
    json_word(json, timed_source_name(fact->known_by));
    name_json(json, "reason",
        fact->known_by == TIMED_BY_NOTHING ? timed_gap_name(fact->gap) : NULL);
    json_key(json, "kind");
    if (fact->kind == KIND_UNKNOWN)
        json_null(json);
    else
        json_word(json, timed_kind_name(fact->kind));
    minutes_json(json, "unit_minutes", fact->unit);
    minutes_json(json, "minimum_minutes", fact->minimum);
    minutes_json(json, "medicare_minimum_minutes", fact->cms_minimum);
    minutes_json(json, "maximum_minutes", fact->maximum);
    minutes_json(json, "step_minutes", fact->step);
    json_key(json, "cms8_pool");
    if (listed)
        json_bool(json, fact->pool);
    else
        json_null(json);
    families_json(json, rules, row);
    name_json(json, "certainty", row == NULL ? NULL : row->certainty);
    name_json(json, "notes", row == NULL ? NULL : row->notes);
    note_json(json, rules, fact, day);
    /* Of the nearest row where none is in force: when the minutes began or
     * ended. */
    json_key(json, "from");
    json_day(json, fact->row == NULL ? DAY_OPEN : fact->row->from);
    json_key(json, "to");
    json_day(json, fact->row == NULL ? DAY_OPEN : fact->row->to);
    fact_source_json(json, rules, &fact->source, fact->release);
    json_close(json, '}');
}

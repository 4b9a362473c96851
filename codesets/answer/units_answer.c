/* The answer of units_answer.h as JSON (design.md 5, /v1/units). */
#include "codesets/answer/units_answer.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/answer/pair_answer.h"
#include "codesets/answer/release_json.h"

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

/* ---- /v1/units */

static void discipline_json(struct json *json, const struct units_entry *entry)
{
    name_json(json, "discipline", discipline_name(entry->discipline));
}

static void entry_json(struct json *json, const struct rules *rules,
    const struct units_answer *answer, const struct units_entry *entry)
{
    const struct timed_row *row = entry->fact.row;

    json_open(json, '{');
    json_key(json, "code");
    json_string(json, entry->code);
    json_key(json, "minutes");
    json_int(json, entry->minutes);
    json_key(json, "units");
    if (entry->way == UNITS_NOT_COUNTED)
        json_null(json);
    else
        json_int(json, entry->units);
    discipline_json(json, entry);
    json_key(json, "counted");
    json_word(json, units_way_name(entry->way));
    json_key(json, "implied");
    json_bool(json, entry->implied);
    name_json(json, "label", row == NULL ? NULL : row->label);
    json_key(json, "timed");
    timed_fact_json(json, rules, &entry->fact, answer->question->day);
    json_close(json, '}');
}

static void alternatives_json(
    struct json *json, const struct units_answer *answer)
{
    json_key(json, "alternatives");
    json_open(json, '[');
    for (size_t a = 0; a < answer->alternatives; a++) {
        json_open(json, '[');
        for (size_t e = 0; e < answer->entries; e++) {
            const struct units_entry *entry = &answer->entry[e];

            json_open(json, '{');
            json_key(json, "code");
            json_string(json, entry->code);
            if (entry->discipline != DISCIPLINE_NONE)
                discipline_json(json, entry);
            json_key(json, "units");
            if (entry->way == UNITS_NOT_COUNTED)
                json_null(json);
            else
                json_int(json, answer->alternative[a][e]);
            json_close(json, '}');
        }
        json_close(json, ']');
    }
    json_close(json, ']');
    json_key(json, "more_alternatives");
    json_bool(json, answer->more_alternatives);
}

static void lines_json(struct json *json, const struct buffer *text)
{
    json_open(json, '[');
    for (size_t at = 0; at < text->len;) {
        const char *end = memchr(text->data + at, '\n', text->len - at);
        const size_t next =
            end == NULL ? text->len : (size_t)(end - text->data);

        json_text(json, text->data + at, next - at);
        at = next + 1;
    }
    json_close(json, ']');
}

static const char *code_or_null(const struct units_answer *answer, uint16_t e)
{
    return e == UNITS_NO_ENTRY ? NULL : answer->entry[e].code;
}

static void warnings_json(
    struct json *json, const struct units_answer *answer, struct buffer *text)
{
    json_key(json, "warnings");
    json_open(json, '[');
    for (size_t i = 0; i < answer->warnings; i++) {
        const struct units_warning *warning = &answer->warning[i];

        text->len = 0;
        units_warning_text(text, answer, warning);
        json_open(json, '{');
        json_key(json, "reason");
        json_word(json, units_warn_name(warning->reason));
        json_key(json, "code");
        json_string(json, code_or_null(answer, warning->entry));
        json_key(json, "other");
        json_string(json, code_or_null(answer, warning->other));
        json_key(json, "text");
        json_text(json, text->data, text->len);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void releases_json(struct json *json, const struct rules *rules,
    const struct units_answer *answer)
{
    static const enum table wordings[] = {TABLE_HCPCS, TABLE_CPT};
    bool worded = false;

    for (size_t e = 0; e < answer->entries; e++)
        worded =
            worded || answer->entry[e].fact.known_by == TIMED_BY_DESCRIPTOR;
    json_key(json, "releases");
    json_open(json, '[');
    release_used_json(json, timed_series(rules), answer->question->day);
    for (size_t i = 0; worded && i < sizeof wordings / sizeof wordings[0]; i++)
        release_used_json(json,
            store_series(rules->store, wordings[i], SETTING_NONE, PROGRAM_NONE),
            answer->question->day);
    json_close(json, ']');
}

static void answer_json(struct json *json, const struct rules *rules,
    const struct units_answer *answer, struct buffer *text)
{
    json_open(json, '{');
    json_key(json, "rule");
    json_word(json, units_rule_name(answer->question->rule));
    json_key(json, "date");
    json_day(json, answer->question->day);
    json_key(json, "total_units");
    json_int(json, answer->total_units);
    json_key(json, "timed_pool_units");
    json_int(json, answer->timed_pool_units);
    json_key(json, "timed_pool_minutes");
    json_int(json, answer->timed_pool_minutes);
    json_key(json, "complete");
    json_bool(json, answer->complete);
    json_key(json, "codes");
    json_open(json, '[');
    for (size_t e = 0; e < answer->entries; e++)
        entry_json(json, rules, answer, &answer->entry[e]);
    json_close(json, ']');
    json_key(json, "tie");
    json_bool(json, answer->tie);
    alternatives_json(json, answer);
    json_key(json, "working");
    units_working(text, answer);
    lines_json(json, text);
    warnings_json(json, answer, text);
    releases_json(json, rules, answer);
    json_close(json, '}');
}

int answer_units(struct buffer *out, const struct answers *answers,
    const struct units_request *request, struct error *err)
{
    const size_t before = out->len;
    struct units_answer *answer;
    struct buffer text = {0};
    struct json json;
    const int rc = units_ask(&answer, answers, request, err);

    if (rc != 0)
        return rc;
    json_begin(&json, out);
    answer_json(&json, answers->rules, answer, &text);
    free(answer);
    if (out->failed || text.failed) {
        buffer_clear(&text);
        out->len = before;
        return error_memory(err);
    }
    buffer_clear(&text);
    return 0;
}

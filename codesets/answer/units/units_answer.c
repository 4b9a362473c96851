/* The answer of units_answer.h as JSON (design.md 5, /v1/units). */
#include "codesets/answer/units/units_answer.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/answer/pair/pair_answer.h"
#include "codesets/answer/release_json.h"
#include "codesets/answer/card/timed_json.h"

static void name_json(struct json *json, const char *key, const char *name)
{
    json_key(json, key);
    json_string(json, name == NULL || name[0] == '\0' ? NULL : name);
}

static const struct series *timed_series(const struct rules *rules)
{
    return store_series(rules->store, TABLE_TIMED, SETTING_NONE, PROGRAM_NONE);
}

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
    struct units_answer *answer = NULL;
    struct buffer text = {0};
    struct json json;
    const int rc = units_ask(&answer, answers, request, err);

    if (answer == NULL)
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

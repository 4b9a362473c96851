#include "codesets/answer/changes/change_json.h"

#include <string.h>

#include "codesets/answer/changes/change_form.h"
#include "codesets/answer/changes/change_words.h"
#include "codesets/compare/word_runs.h"

static void word_or_null(struct json *json, const char *key, const char *word)
{
    json_key(json, key);
    if (word == NULL || *word == '\0')
        json_null(json);
    else
        json_word(json, word);
}

static void text_or_null(struct json *json, const char *key, const char *text)
{
    json_key(json, key);
    json_string(json, text);
}

static void code_text(
    struct json *json, enum code_system system, const char *code)
{
    char dotted[CODE_TEXT];

    if (system == SYSTEM_ICD10CM && icd_shaped(code, strlen(code))) {
        (void)icd_dotted(dotted, code, strlen(code));
        json_string(json, dotted);
    } else {
        json_string(json, code);
    }
}

static void asked_text(
    struct json *json, const struct store *store, const char *code)
{
    char text[CODE_TEXT];

    change_asked(text, store, code);
    json_string(json, text);
}

static void list_json(struct json *json, const struct compare_series *series)
{
    json_key(json, "table");
    json_word(json, table_schema(series->table)->name);
    word_or_null(json, "setting", setting_name(series->setting));
    word_or_null(json, "program", program_name(series->program));
}

static void words_json(struct json *json, const struct change *change)
{
    struct word_run runs[WORD_RUNS_MAX];
    const size_t n = word_runs(runs, change->before, change->after);

    json_key(json, "words");
    json_open(json, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(json, '{');
        json_key(json, run_kind_name(runs[i].kind));
        json_text(json, runs[i].text, runs[i].len);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void source_json(
    struct json *json, const char *key, const struct change *change, int side)
{
    json_key(json, key);
    if (change->source[side].file == NULL) {
        json_null(json);
        return;
    }
    json_open(json, '{');
    text_or_null(json, "file", change->source[side].file);
    json_key(json, "row");
    json_int(json, change->source[side].row);
    text_or_null(json, "release", change->source[side].release);
    json_close(json, '}');
}

static void codes_json(struct json *json, const struct change *change)
{
    if (change->codes > 0) {
        json_key(json, "codes");
        json_open(json, '[');
        for (size_t i = 0; i < change->codes; i++)
            code_text(json, change->system, change->list[i]);
        json_close(json, ']');
        return;
    }
    json_key(json, "code");
    if (change->code == NULL)
        json_null(json);
    else
        code_text(json, change->system, change->code);
    if (change->series->table == TABLE_PTP) {
        json_key(json, "column1");
        json_string(json, change->code);
        json_key(json, "column2");
        json_string(json, change->other);
    } else if (change->other != NULL) {
        json_key(json, "primary");
        json_string(json, change->other);
    }
    if (*change->modifier != '\0') {
        json_key(json, "modifier");
        json_string(json, change->modifier);
    }
}

/* A sentence is written where it is to stand. */
static void advice_json(
    struct json *json, const struct store *store, const struct change *change)
{
    size_t from;

    json_key(json, "advice");
    from = json_text_begin(json);
    change_advice(json->out, store, change);
    json_text_end(json, from);
}

void change_json(struct json *json, const struct store *store,
    const char *asked, const struct change *change)
{
    json_open(json, '{');
    if (asked != NULL) {
        json_key(json, "for");
        asked_text(json, store, asked);
    }
    list_json(json, change->series);
    json_key(json, "system");
    if (change->system == SYSTEM_COUNT)
        json_null(json);
    else
        json_word(json, code_system_name(change->system));
    json_key(json, "kind");
    json_word(json, change_kind_name(change->kind));
    codes_json(json, change);
    if (change->document != NULL) {
        text_or_null(json, "document", change->document);
        text_or_null(json, "title", change->title);
    }
    text_or_null(json, "field", change->field);
    text_or_null(json, "before", change->before);
    text_or_null(json, "after", change->after);
    if (change->words && change->before != NULL && change->after != NULL)
        words_json(json, change);
    json_key(json, "effective");
    json_day(json, change->effective);
    json_key(json, "effective_certain"); /* false: on that day at the latest */
    json_bool(json, change->certain && change->effective != DAY_UNKNOWN);
    advice_json(json, store, change);
    source_json(json, "source", change, AFTER);
    source_json(json, "source_before", change, BEFORE);
    json_close(json, '}');
}

static void note_json(struct json *json, const struct compare_series *series)
{
    json_key(json, "gap");
    json_bool(json, series->gap);
    json_key(json, "stale");
    json_bool(json, series->stale);
    json_key(json, "partial");
    json_bool(json, series->partial);
}

static void counts_json(struct json *json, const struct compare_series *series)
{
    uint64_t sum = 0;

    json_key(json, "counts");
    json_open(json, '{');
    for (int kind = 0; kind < CHANGE_KINDS; kind++) {
        sum += series->count[kind];
        if (series->count[kind] == 0)
            continue;
        json_key(json, change_kind_name((enum change_kind)kind));
        json_int(json, (int64_t)series->count[kind]);
    }
    json_close(json, '}');
    json_key(json, "changes");
    json_int(json, (int64_t)sum);
    json_key(json, "rows_gone");
    json_int(json, (int64_t)series->rows_gone);
    json_key(json, "rows_new");
    json_int(json, (int64_t)series->rows_new);
}

void change_summary_json(
    struct json *json, const struct compare_summary *summary, bool counted)
{
    json_open(json, '[');
    for (size_t i = 0; i < summary->count; i++) {
        const struct compare_series *series = &summary->series[i];

        json_open(json, '{');
        list_json(json, series);
        for (int side = 0; side < SIDES; side++) {
            const struct release *release = series->release[side];

            text_or_null(json, side == BEFORE ? "from_release" : "to_release",
                release == NULL || *release->label == '\0' ? NULL
                                                           : release->label);
        }
        json_key(json, "compared");
        json_bool(json, series->fault == COMPARE_DONE);
        word_or_null(json, "reason", compare_fault_name(series->fault));
        note_json(json, series);
        if (counted && series->fault == COMPARE_DONE)
            counts_json(json, series);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void change_unknown_json(
    struct json *json, const struct compare_question *question)
{
    const struct compare_codes *codes = question->codes;

    json_key(json, "unknown");
    json_open(json, '[');
    for (size_t i = 0; i < compare_codes_count(codes); i++)
        if (compare_codes_unknown(codes, i, question->side) != NULL)
            asked_text(
                json, question->side[AFTER].store, compare_codes_at(codes, i));
    json_close(json, ']');
}

/* --- diff --json ------------------------------------------------------------
 */

static void side_json(
    struct json *json, const char *key, const struct compare_side *side)
{
    json_key(json, key);
    json_open(json, '{');
    json_key(json, "build");
    json_string(json, store_id(side->store));
    json_key(json, "date");
    json_day(json, side->day);
    json_close(json, '}');
}

static void json_form_begin(struct change_writer *writer)
{
    struct json json;

    json_begin(&json, &writer->out);
    json_open(&json, '{');
    side_json(&json, "before", &writer->question.side[BEFORE]);
    side_json(&json, "after", &writer->question.side[AFTER]);
    json_key(&json, "summary");
    change_summary_json(&json, writer->summary, true);
    if (writer->question.codes != NULL)
        change_unknown_json(&json, &writer->question);
    json_key(&json, "items");
    json_open(&json, '[');
}

static void json_form_change(
    struct change_writer *writer, const struct change *change)
{
    struct json json;

    if (writer->comma)
        buffer_addc(&writer->out, ',');
    buffer_addc(&writer->out, '\n');
    json_begin(&json, &writer->out);
    change_json(
        &json, writer->question.side[AFTER].store, writer->asked, change);
    writer->comma = true;
}

static void json_form_code(struct change_writer *writer, const char *code)
{
    (void)code; /* items name their codes */
}

static void json_form_series(struct change_writer *writer)
{
}

static void json_form_end(struct change_writer *writer)
{
    buffer_adds(&writer->out, "\n]}\n");
}

const struct change_form_ops change_json_form = {false, json_form_begin,
    json_form_code, json_form_series, json_form_change, json_form_series,
    json_form_end};

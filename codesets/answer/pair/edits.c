#include <string.h>

#include "codesets/answer/answer.h"
#include "codesets/answer/cursor.h"
#include "codesets/answer/item.h"
#include "codesets/answer/pair/pair_answer.h"

/* The rows of a code and one of its partners. */
static uint32_t pair_rows(const struct ptp_table *table, uint32_t code,
    uint32_t partner, uint32_t *first, uint32_t *end)
{
    ptp_find(table, code, partner, first, end);
    return code < partner ? code : partner;
}

/* True when the question asks for this row. */
static bool asked_for(const struct edits_question *question,
    const struct ptp_edit *edit, uint32_t ordinal)
{
    if (question->on_day && !ptp_in_force(edit, question->day))
        return false; /* beyond the data their state is "unknown" */
    return question->column == 0 ||
           (question->column == 1) == (edit->column1 == ordinal);
}

/* Writes the rows from partner number `from` on until the page is full. A pair
 * is never cut in two. Returns the partner to go on with, or 0. */
static uint32_t list_edits(struct json *json, const struct rules *rules,
    const struct edits_question *question, uint32_t ordinal, uint32_t from)
{
    const struct edit_scope *scope =
        &rules->edits[question->setting][question->program];
    const uint32_t limit =
        question->limit == 0 ? LIST_LIMIT_DEFAULT : question->limit;
    struct ptp_partners partners;
    uint32_t partner, items = 0;

    ptp_partners_begin(scope->table, ordinal, &partners);
    while (ptp_partners_next(scope->table, &partners, &partner)) {
        uint32_t first, end, lower;
        bool here = false;

        if (partner < from)
            continue;
        lower = pair_rows(scope->table, ordinal, partner, &first, &end);
        for (uint32_t row = first; row < end; row++) {
            struct ptp_edit edit;

            ptp_edit(scope->table, lower, row, &edit);
            if (!asked_for(question, &edit, ordinal))
                continue;
            if (items >= limit && !here)
                return partner;
            here = true;
            items++;
            edit_json(json, rules, scope, &edit, question->day);
        }
    }
    return 0;
}

static int find_code(uint32_t *ordinal, struct code_text *code,
    const struct store *store, struct text_ref text, struct error *err)
{
    uint32_t numbers[SYSTEM_COUNT];

    if (code_text_parse(code, text.text, text.len) != 0)
        return error_set(err, ERR_INPUT, 0,
            "code: must be 1 to %d letters and digits", CODE_MAX);
    *ordinal = code->len == PROC_LEN && !code->dotted
                   ? proc_find(&store->proc, proc_pack(code->text))
                   : PROC_ORDINAL_NONE;
    if (*ordinal != PROC_ORDINAL_NONE)
        return 0;
    if (codes_spelled(numbers, store, code, 0) > 0)
        return error_set(err, ERR_INPUT, 0,
            "%s is no procedure code: edits are between procedure codes",
            code->text);
    return error_set(err, ERR_NOTFOUND, 0,
        "%s is in none of the loaded releases", code->text);
}

static void head_json(struct json *json, const struct edits_question *question,
    const struct code_text *code)
{
    json_key(json, "code");
    json_string(json, code->text);
    json_key(json, "setting");
    json_word(json, setting_name(question->setting));
    json_key(json, "program");
    json_word(json, program_name(question->program));
    json_key(json, "date");
    json_day(json, question->day);
}

/* In force on a day, as far as the table says. */
void counts_json(struct json *json, const struct edit_scope *scope,
    const struct ptp_counts *counts, day_t day)
{
    const bool known = edit_scope_covers(scope, day);

    json_key(json, "column1");
    if (known)
        json_int(json, counts->column1);
    else
        json_null(json);
    json_key(json, "column2");
    if (known)
        json_int(json, counts->column2);
    else
        json_null(json);
}

int answer_edits(struct buffer *out, const struct answers *answers,
    const struct edits_question *question, struct error *err)
{
    const struct edit_scope *scope =
        &answers->rules->edits[question->setting][question->program];
    const size_t before = out->len;
    struct ptp_counts counts = {0};
    uint32_t ordinal = 0, position, next = 0;
    struct used used = {0};
    struct cursor_list list = cursor_list(CURSOR_EDITS);
    char cursor[CURSOR_TEXT];
    struct code_text code;
    struct json json;
    int rc;

    cursor_add_text(&list, question->code);
    cursor_add_number(&list, question->setting);
    cursor_add_number(&list, question->program);
    cursor_add_number(&list, question->on_day);
    cursor_add_number(&list, question->on_day ? question->day : 0);
    cursor_add_number(&list, question->column);
    if (question->limit > LIST_LIMIT_MAX)
        return error_set(err, ERR_INPUT, 0, "limit: at most %d edits a page",
            LIST_LIMIT_MAX);
    if (question->column < 0 || question->column > 2)
        return error_set(err, ERR_INPUT, 0, "column: 1 or 2");
    if ((rc = cursor_read(
             &position, answers->store, &list, question->cursor, err)) != 0 ||
        (rc = find_code(
             &ordinal, &code, answers->store, question->code, err)) != 0)
        return rc;
    json_begin(&json, out);
    json_open(&json, '{');
    head_json(&json, question, &code);
    json_key(&json, "loaded");
    json_bool(&json, scope->loaded);
    json_key(&json, "covered"); /* false: the table says nothing of the day */
    json_bool(&json, scope->loaded && edit_scope_covers(scope, question->day));
    json_key(&json, "stale");
    json_bool(&json, scope->loaded && question->day > scope->release->to);
    json_key(&json, "items");
    json_open(&json, '[');
    if (scope->loaded) {
        next = list_edits(&json, answers->rules, question, ordinal, position);
        if (position == 0)
            ptp_count(scope->table, ordinal, question->day, &counts);
        used_add(&used, scope->series);
    }
    json_close(&json, ']');
    json_key(&json, "counts"); /* of the whole list, with its first page */
    if (scope->loaded && position == 0) {
        json_open(&json, '{');
        counts_json(&json, scope, &counts, question->day);
        json_key(&json, "total");
        json_int(&json, counts.total);
        json_close(&json, '}');
    } else {
        json_null(&json);
    }
    json_key(&json, "next");
    if (next == 0) {
        json_null(&json);
    } else {
        cursor_write(cursor, answers->store, &list, next);
        json_word(&json, cursor);
    }
    used_json(&json, &used, answers->store, question->day);
    json_close(&json, '}');
    if (out->failed) {
        out->len = before;
        return error_memory(err);
    }
    return 0;
}

#include <string.h>

#include "codesets/answer/answer.h"
#include "codesets/answer/cursor.h"
#include "codesets/answer/highlight.h"
#include "codesets/answer/item.h"

static void hit_json(struct json *json, const struct code_item *item,
    const struct search_result *result, enum search_match match,
    struct used *used)
{
    const struct described *title = &item->texts.title;

    json_open(json, '{');
    code_item_json(json, item, used);
    json_key(json, "highlights");
    json_open(json, '[');
    if (title->text != NULL) {
        struct highlight at = {0};
        struct fold fold;

        fold_begin(&fold, title->text, title->len);
        while (highlight_next(&fold, result, &at)) {
            json_open(json, '[');
            json_int(json, at.start);
            json_int(json, at.length);
            json_close(json, ']');
        }
    }
    json_close(json, ']');
    json_key(json, "matched");
    json_word(json, search_match_name(match));
    json_close(json, '}');
}

static void facets_json(struct json *json, const struct search_result *result)
{
    json_key(json, "facets");
    json_open(json, '{');
    json_key(json, "system");
    json_open(json, '{');
    for (int system = 0; system < SYSTEM_COUNT; system++)
        if (result->by_system[system] > 0) {
            json_key(json, code_system_name((enum code_system)system));
            json_int(json, result->by_system[system]);
        }
    json_close(json, '}');
    json_close(json, '}');
}

static int hits_json(struct json *json, const struct answers *answers,
    const struct search_result *result, day_t day, struct used *used,
    struct error *err)
{
    const struct code_list *codes = &answers->store->codes;

    json_key(json, "hits");
    json_open(json, '[');
    for (uint32_t i = 0; i < result->hits; i++) {
        const struct code_ref code = code_at(codes, result->hit[i].document);
        struct code_item item;
        const int rc = code_item_find(&item, answers->rules, &code, day, err);

        if (rc != 0)
            return rc;
        hit_json(json, &item, result, result->hit[i].match, used);
    }
    json_close(json, ']');
    return 0;
}

int answer_search(struct buffer *out, const struct answers *answers,
    const struct search_question *question, struct error *err)
{
    struct search_query query = {.text = question->text.text,
        .len = question->text.len,
        .systems = question->systems,
        .on_day = question->on_day,
        .day = question->day,
        .limit = question->limit == 0 ? SEARCH_LIMIT_DEFAULT : question->limit};
    const size_t before = out->len;
    struct search_result result;
    struct used used = {0};
    char next[CURSOR_TEXT];
    struct json json;
    int rc;

    if (question->text.text == NULL)
        return error_set(err, ERR_INPUT, 0,
            "q: missing; say what to search, as in q=gait training");
    if (question->limit > SEARCH_LIMIT_MAX)
        return error_set(err, ERR_INPUT, 0, "limit: at most %d hits a page",
            SEARCH_LIMIT_MAX);
    if ((rc = cursor_read(&query.offset, answers->store, CURSOR_SEARCH,
             question->cursor, err)) != 0 ||
        (rc = search_run(&result, &answers->search, &answers->store->codes,
             &query, err)) != 0)
        return rc;
    json_begin(&json, out);
    json_open(&json, '{');
    json_key(&json, "query");
    json_text(&json, question->text.text, question->text.len);
    json_key(&json, "date");
    json_day(&json, question->day);
    json_key(&json, "total");
    json_int(&json, result.total);
    rc = hits_json(&json, answers, &result, question->day, &used, err);
    facets_json(&json, &result);
    json_key(&json, "next");
    if (result.hits > 0 && query.offset + result.hits < result.total) {
        cursor_write(
            next, answers->store, CURSOR_SEARCH, query.offset + result.hits);
        json_word(&json, next);
    } else {
        json_null(&json);
    }
    used_json(&json, &used, answers->store, question->day);
    json_close(&json, '}');
    if (rc == 0 && out->failed)
        rc = error_memory(err);
    if (rc != 0)
        out->len = before;
    return rc;
}

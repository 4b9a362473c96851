#include <string.h>

#include "codesets/answer/answer.h"
#include "codesets/answer/cursor.h"
#include "codesets/answer/found_text.h"
#include "codesets/answer/item.h"
#include "codesets/answer/marks.h"

/* What the hit's finding says beside the reading of the whole query. */
static const char *matched(
    const struct search_result *result, const struct search_hit *hit)
{
    if (hit->match < MATCH_TITLE || result->reading == READ_AS_TYPED)
        return search_match_name(hit->match);
    return search_reading_name(result->reading);
}

static void typed_json(struct json *json,
    const struct search_question *question, const struct search_word *word)
{
    json_text(json, question->text.text + word->word.from, word->word.bytes);
}

/* The words of the query that this hit does without. */
static void lacks_json(struct json *json, const struct search_result *result,
    const struct search_hit *hit, const struct search_question *question)
{
    json_key(json, "lacks");
    json_open(json, '[');
    for (uint32_t i = 0; i < result->words; i++)
        if (search_lacks(result, hit, i))
            typed_json(json, question, &result->word[i]);
    json_close(json, ']');
}

/* Which parts of the title were found, and which of them by other words.
 * Returns the words of the query that it has, as bits. */
static uint64_t title_json(struct json *json, const struct code_item *item,
    const struct search_result *result, const struct search_hit *hit,
    const struct meanings_typed *typed)
{
    const struct described *title = &item->texts.title;
    struct highlights found;

    found.count = found.meanings = 0;
    found.words = 0;
    if (title->text != NULL)
        highlights_find(&found, title->text, title->len,
            item->code.system == SYSTEM_CPT, result, hit, typed);
    highlights_json(json, &found);
    if (found.meanings == 0)
        return found.words;
    json_key(json, "stands_for");
    json_open(json, '[');
    for (uint32_t i = 0; i < found.meanings; i++) {
        const struct meaning *meaning = found.meaning[i];

        json_open(json, '{');
        json_key(json, "term");
        json_text(json, meaning->term.text, meaning->term.len);
        json_key(json, "meaning");
        json_text(json, meaning->meaning.text, meaning->meaning.len);
        json_key(json, "kind");
        json_text(json, meaning->kind.text, meaning->kind.len);
        json_close(json, '}');
    }
    json_close(json, ']');
    return found.words;
}

static int hit_json(struct json *json, struct found_texts *texts,
    const struct code_item *item, const struct search_hit *hit,
    const struct search_question *question, struct used *used,
    struct error *err)
{
    const struct search_result *result = texts->result;
    uint64_t in_title;
    int rc = 0;

    json_open(json, '{');
    code_item_json(json, item, used);
    code_marks_json(json, texts->answers->rules, &item->code, question->day);
    in_title = title_json(json, item, result, hit, texts->typed);
    json_key(json, "matched");
    json_word(json, matched(result, hit));
    json_key(json, "field");
    json_word(json, hit->match < MATCH_TITLE ? "code"
                    : hit->title             ? "title"
                                             : "texts");
    if (result->reading == READ_IN_PART)
        lacks_json(json, result, hit, question);
    if (question->found_in && hit->match >= MATCH_TITLE)
        rc = found_text_json(json, texts, item, hit, in_title, used, err);
    json_close(json, '}');
    return rc;
}

/* How the query was read: words corrected, words left out. */
static void reading_json(struct json *json, const struct search_result *result,
    const struct search_question *question)
{
    json_key(json, "matched");
    json_word(json, search_reading_name(result->reading));
    json_key(json, "corrected");
    json_open(json, '[');
    for (uint32_t i = 0; i < result->words; i++) {
        if (!result->word[i].corrected || result->word[i].dropped)
            continue;
        json_open(json, '{');
        json_key(json, "typed");
        typed_json(json, question, &result->word[i]);
        json_key(json, "read");
        json_text(json, result->word[i].word.text, result->word[i].word.len);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_key(json, "dropped");
    json_open(json, '[');
    for (uint32_t i = 0; i < result->words; i++)
        if (result->word[i].dropped)
            typed_json(json, question, &result->word[i]);
    json_close(json, ']');
    if (result->words == 0 || !result->word[result->words - 1].unfinished)
        return;
    json_key(json, "unfinished");
    typed_json(json, question, &result->word[result->words - 1]);
}

/* The values of one facet that hits have; but for the systems, of the hits
 * that were asked for. */
static void facet_json(struct json *json, const struct search_index *index,
    const struct search_result *result, enum search_facet facet)
{
    json_key(json, search_facet_name(facet));
    json_open(json, '{');
    for (uint32_t i = 0; i < index->values; i++) {
        const char *name;

        if (search_value(index, i, &name) == facet && result->by_value[i] > 0) {
            json_key(json, name);
            json_int(json, result->by_value[i]);
        }
    }
    json_close(json, '}');
}

static void facets_json(struct json *json, const struct search_index *index,
    const struct search_result *result, unsigned facets)
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
    for (int facet = FACET_SYSTEM + 1; facet < FACET_COUNT; facet++)
        if ((facets >> facet & 1) != 0)
            facet_json(json, index, result, (enum search_facet)facet);
    json_close(json, '}');
}

/* Finds the items of the next hits, from one on. Returns how many in *count. */
static int find_items(struct code_item item[CODE_ITEMS_MAX], size_t *count,
    const struct answers *answers, const struct search_result *result,
    uint32_t from, day_t day, struct error *err)
{
    uint32_t number[CODE_ITEMS_MAX];
    size_t n = 0;

    for (; n < CODE_ITEMS_MAX && from + n < result->hits; n++)
        number[n] = result->hit[from + n].document;
    *count = n;
    return code_items_find(item, answers->rules, number, n, day, err);
}

static int hits_json(struct json *json, const struct answers *answers,
    const struct search_result *result, const struct search_question *question,
    struct used *used, struct error *err)
{
    struct code_item item[CODE_ITEMS_MAX];
    struct meanings_typed typed;
    struct found_texts texts;
    size_t items;
    int rc = 0;

    meanings_find(&typed, answers->meanings, result);
    found_texts_begin(&texts, answers, result, &typed, question->day);
    json_key(json, "hits");
    json_open(json, '[');
    for (uint32_t at = 0; rc == 0 && at < result->hits; at += (uint32_t)items) {
        rc = find_items(item, &items, answers, result, at, question->day, err);
        for (size_t i = 0; rc == 0 && i < items; i++)
            rc = hit_json(json, &texts, &item[i], &result->hit[at + i],
                question, used, err);
    }
    found_texts_end(&texts);
    json_close(json, ']');
    return rc;
}

/* Calls back with each piece of a comma list. */
typedef int piece_fn(
    void *context, const char *text, size_t len, struct error *err);

static int each_piece(
    struct text_ref list, piece_fn *piece, void *context, struct error *err)
{
    const char *at = list.text, *end;
    int rc = 0;

    if (at == NULL)
        return 0;
    end = at + list.len;
    for (; rc == 0 && at <= end; at++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));

        if (comma == NULL)
            comma = end;
        rc = piece(context, at, (size_t)(comma - at), err);
        at = comma;
    }
    return rc;
}

static int read_facet(
    void *context, const char *text, size_t len, struct error *err)
{
    unsigned *facets = context;

    for (int facet = 0; facet < FACET_COUNT; facet++) {
        const char *name = search_facet_name((enum search_facet)facet);

        if (strlen(name) == len && memcmp(name, text, len) == 0) {
            *facets |= 1u << facet;
            return 0;
        }
    }
    return error_set(err, ERR_INPUT, 0,
        "facets: a list of system, section, billable, timed, status, "
        "setting");
}

struct wanted {
    const struct search_index *index;
    enum search_facet facet;
    struct search_query *query;
};

static int read_value(
    void *context, const char *text, size_t len, struct error *err)
{
    const struct wanted *wanted = context;
    const uint32_t value =
        search_value_find(wanted->index, wanted->facet, text, len);

    if (value == UINT32_MAX)
        return error_set(err, ERR_INPUT, 0, "%s: no code has the value %.*s",
            search_facet_name(wanted->facet), len < 32 ? (int)len : 32, text);
    wanted->query->values[value / 64] |= UINT64_C(1) << value % 64;
    return 0;
}

static int read_order(
    enum search_order *out, struct text_ref order, struct error *err)
{
    static const char *const names[] = {"billable", "headings", "length"};

    if (order.text == NULL)
        return 0;
    for (int i = 0; i < 3; i++)
        if (strlen(names[i]) == order.len &&
            memcmp(names[i], order.text, order.len) == 0) {
            *out = (enum search_order)i;
            return 0;
        }
    return error_set(
        err, ERR_INPUT, 0, "order: one of billable, headings, length");
}

/* What a facet counts that its name does not tell: of timed, of setting. */
#define TIMED_GOES_BY                                                          \
    "Timed goes by the project's list of codes; those of which the wording "   \
    "of their text alone tells are neither counted nor found by it."
#define A_SETTING_COUNTS                                                       \
    "A setting counts the codes whose units an MUE limits there on the date."
static const char *const cautions[2][2] = {{NULL, A_SETTING_COUNTS},
    {TIMED_GOES_BY, TIMED_GOES_BY " " A_SETTING_COUNTS}};

static bool asks_of(const struct search_question *question, unsigned facets,
    enum search_facet facet)
{
    return (facets >> facet & 1) != 0 || question->wanted[facet].text != NULL;
}

int search_question_read(struct search_asked *out,
    const struct answers *answers, const struct search_question *question,
    struct error *err)
{
    int rc = 0;

    *out = (struct search_asked){
        .query = {.text = question->text.text,
            .len = question->text.len,
            .systems = question->systems,
            .on_day = question->on_day,
            .day = question->day,
            .limit =
                question->limit == 0 ? SEARCH_LIMIT_DEFAULT : question->limit}};
    if (question->text.text == NULL)
        return error_set(err, ERR_INPUT, 0,
            "q: missing; say what to search, as in q=gait training");
    if (question->limit > SEARCH_LIMIT_MAX)
        return error_set(err, ERR_INPUT, 0, "limit: at most %d hits a page",
            SEARCH_LIMIT_MAX);
    rc = each_piece(question->facets, read_facet, &out->facets, err);
    for (int facet = 0; rc == 0 && facet < FACET_COUNT; facet++) {
        struct wanted wanted = {
            &answers->search, (enum search_facet)facet, &out->query};

        rc = each_piece(question->wanted[facet], read_value, &wanted, err);
    }
    out->query.count_values = (out->facets & ~(1u << FACET_SYSTEM)) != 0;
    out->caution = cautions[asks_of(question, out->facets, FACET_TIMED)]
                           [asks_of(question, out->facets, FACET_SETTING)];
    return rc == 0 ? read_order(&out->query.order, question->order, err) : rc;
}

int answer_search(struct buffer *out, const struct answers *answers,
    const struct search_question *question, struct error *err)
{
    const size_t before = out->len;
    struct search_asked asked;
    struct search_result result;
    struct used used = {0};
    struct cursor_list list = cursor_list(CURSOR_SEARCH);
    char next[CURSOR_TEXT];
    struct json json;
    int rc = search_question_read(&asked, answers, question, err);

    if (rc != 0)
        return rc;
    cursor_add_text(&list, question->text);
    cursor_add_number(&list, question->systems);
    cursor_add_number(&list, question->on_day);
    cursor_add_number(&list, question->on_day ? question->day : 0);
    for (size_t i = 0; i < FACET_COUNT; i++)
        cursor_add_text(&list, question->wanted[i]);
    cursor_add_text(&list, question->order);
    if ((rc = cursor_read(&asked.query.offset, answers->store, &list,
             question->cursor, err)) != 0 ||
        (rc = search_run(&result, &answers->search, &answers->store->codes,
             &asked.query, err)) != 0)
        return rc;
    json_begin(&json, out);
    json_open(&json, '{');
    json_key(&json, "query");
    json_text(&json, question->text.text, question->text.len);
    json_key(&json, "date");
    json_day(&json, question->day);
    json_key(&json, "total");
    json_int(&json, result.total);
    reading_json(&json, &result, question);
    rc = hits_json(&json, answers, &result, question, &used, err);
    facets_json(&json, &answers->search, &result, asked.facets);
    if (asked.caution != NULL) {
        json_key(&json, "caution");
        json_word(&json, asked.caution);
    }
    json_key(&json, "next");
    if (result.hits > 0 && asked.query.offset + result.hits < result.total) {
        cursor_write(
            next, answers->store, &list, asked.query.offset + result.hits);
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

#include "codesets/answer/changes/changes.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/answer/changes/change_json.h"
#include "codesets/answer/cursor.h"
#include "codesets/answer/json.h"
#include "codesets/compare/compare.h"

/* What each_named() returns when the page is full: no error. */
enum { PAGE_FULL = 1 };

struct listing {
    struct json json;
    const struct store *store;
    const char *code;          /* that is asked about, or NULL */
    uint64_t seen, first, end; /* of codes: items [first, end) are the page's */
};

static const char *table_name(int table)
{
    return table_schema((enum table)table)->name;
}

static const char *kind_name(int kind)
{
    return change_kind_name((enum change_kind)kind);
}

/* "table: 'foo' is none; there are hcpcs, ptp, …". */
static int no_name(const char *name, const char *text, size_t len,
    const char *(*known)(int i), int count, struct error *err)
{
    struct buffer names = {.max = ERROR_MESSAGE_MAX};
    int rc;

    for (int i = 0; i < count; i++)
        buffer_addf(&names, "%s%s", i == 0 ? "" : ", ", known(i));
    rc = error_set(err, ERR_INPUT, 0, "%s: '%.*s' is none; there are %.*s",
        name, (int)(len < CODE_MAX ? len : CODE_MAX), text, (int)names.len,
        names.len > 0 ? names.data : "");
    buffer_clear(&names);
    return rc;
}

static int parse_names(uint64_t *out, struct text_ref names, const char *name,
    int (*parse)(uint64_t *bit, const char *text, size_t len),
    const char *(*known)(int i), int count, struct error *err)
{
    *out = 0;
    for (size_t at = 0; names.text != NULL && at <= names.len;) {
        const char *comma = memchr(names.text + at, ',', names.len - at);
        const size_t n =
            comma == NULL ? names.len - at : (size_t)(comma - names.text) - at;
        uint64_t bit;

        if (parse(&bit, names.text + at, n) != 0)
            return no_name(name, names.text + at, n, known, count, err);
        *out |= bit;
        at += n + 1;
    }
    return 0;
}

static int parse_table(uint64_t *bit, const char *text, size_t len)
{
    for (int table = 0; table < TABLE_COUNT; table++) {
        const char *name = table_schema((enum table)table)->name;

        if (strlen(name) == len && memcmp(name, text, len) == 0) {
            *bit = (uint64_t)1 << table;
            return 0;
        }
    }
    return ERR_INPUT;
}

static int parse_kind(uint64_t *bit, const char *text, size_t len)
{
    enum change_kind kind;

    if (change_kind_parse(&kind, text, len) != 0)
        return ERR_INPUT;
    *bit = (uint64_t)1 << kind;
    return 0;
}

static int parse(struct compare_question *out, struct compare_codes **codes,
    const struct answers *answers, const struct changes_question *question,
    struct error *err)
{
    uint64_t kinds;
    int rc;

    if (question->limit > LIST_LIMIT_MAX)
        return error_set(err, ERR_INPUT, 0, "limit: at most %d changes a page",
            LIST_LIMIT_MAX);
    if (question->days && question->from > question->to)
        return error_set(err, ERR_INPUT, 0, "from: must not be later than to");
    *out = (struct compare_question){
        .side = {
            {answers->store, question->days ? question->from : COMPARE_NEWEST},
            {answers->store, question->days ? question->to : COMPARE_NEWEST}}};
    out->filter.systems = question->systems;
    if ((rc = parse_names(&out->filter.tables, question->tables, "table",
             parse_table, table_name, TABLE_COUNT, err)) != 0 ||
        (rc = parse_names(&kinds, question->kinds, "kind", parse_kind,
             kind_name, CHANGE_KINDS, err)) != 0)
        return rc;
    out->filter.kinds = (uint32_t)kinds;
    if (question->codes.text != NULL)
        rc = compare_codes_parse(codes, question->codes.text,
            question->codes.len, COMPARE_REQUEST_CODES, err);
    if (rc == 0 && *codes != NULL)
        rc = compare_codes_check(*codes, out->side, err);
    if (rc == ERR_INPUT || rc == ERR_LIMIT)
        rc = error_prefix(err, rc, "codes");
    out->codes = *codes;
    return rc;
}

static int each_change(
    void *context, const struct change *change, struct error *err)
{
    struct listing *listing = context;

    change_json(&listing->json, listing->store, listing->code, change);
    return listing->json.out->failed ? error_memory(err) : 0;
}

static int each_named(
    void *context, const struct change *change, struct error *err)
{
    struct listing *listing = context;
    const uint64_t number = listing->seen++;

    if (number < listing->first)
        return 0;
    return number < listing->end ? each_change(context, change, err)
                                 : PAGE_FULL;
}

static void begin_code(void *context, const char *code)
{
    struct listing *listing = context;

    listing->code = code;
}

/* Writes the items of a page; *position is that of the next one, 0: none. */
static int list_items(struct listing *listing, struct compare_question *compare,
    uint32_t limit, uint64_t *position, struct error *err)
{
    int rc;

    if (compare->codes == NULL)
        return compare_page(compare, position, limit, CHANGES_STEPS_MAX,
            each_change, listing, err);
    compare->begin_code = begin_code;
    listing->first = *position;
    listing->end = *position + limit;
    rc = compare_run(NULL, compare, each_named, listing, err);
    *position = rc == PAGE_FULL ? listing->end : 0;
    return rc == PAGE_FULL ? 0 : rc;
}

static int list_summary(struct json *json,
    const struct compare_question *compare, bool counts, struct error *err)
{
    struct compare_summary *summary = malloc(sizeof *summary);
    int rc;

    if (summary == NULL)
        return error_memory(err);
    rc = counts ? compare_run(summary, compare, NULL, NULL, err)
                : compare_plan(summary, compare, err);
    if (rc == 0)
        change_summary_json(json, summary, counts);
    free(summary);
    return rc;
}

/* What a cursor of this list is bound to. */
static struct cursor_list list_of(const struct changes_question *question)
{
    struct cursor_list list = cursor_list(CURSOR_CHANGES);

    cursor_add_number(&list, question->days ? question->from : DAY_UNKNOWN);
    cursor_add_number(&list, question->days ? question->to : DAY_UNKNOWN);
    cursor_add_number(&list, question->systems);
    cursor_add_text(&list, question->codes);
    cursor_add_text(&list, question->tables);
    cursor_add_text(&list, question->kinds);
    return list;
}

static void next_json(struct json *json, const struct store *store,
    const struct cursor_list *list, uint64_t next)
{
    char cursor[CURSOR_TEXT];

    json_key(json, "next");
    if (next == 0 || next > UINT32_MAX) {
        json_null(json);
    } else {
        cursor_write(cursor, store, list, (uint32_t)next);
        json_word(json, cursor);
    }
}

static void day_asked(struct json *json, const char *key, bool asked, day_t day)
{
    json_key(json, key);
    if (asked)
        json_day(json, day);
    else
        json_null(json);
}

int answer_changes(struct buffer *out, const struct answers *answers,
    const struct changes_question *question, struct error *err)
{
    const uint32_t limit =
        question->limit == 0 ? LIST_LIMIT_DEFAULT : question->limit;
    struct listing listing = {.store = answers->store};
    struct compare_codes *codes = NULL;
    struct compare_question compare;
    const size_t before = out->len;
    uint32_t position = 0;
    uint64_t next;
    const struct cursor_list list = list_of(question);
    int rc =
        cursor_read(&position, answers->store, &list, question->cursor, err);

    if (rc == 0)
        rc = parse(&compare, &codes, answers, question, err);
    if (rc == 0) {
        next = position;
        json_begin(&listing.json, out);
        json_open(&listing.json, '{');
        day_asked(&listing.json, "from", question->days, question->from);
        day_asked(&listing.json, "to", question->days, question->to);
        json_key(&listing.json, "summary");
        rc = list_summary(
            &listing.json, &compare, question->counts && position == 0, err);
        if (compare.codes != NULL)
            change_unknown_json(&listing.json, &compare);
        json_key(&listing.json, "items");
        json_open(&listing.json, '[');
        if (rc == 0)
            rc = list_items(&listing, &compare, limit, &next, err);
        json_close(&listing.json, ']');
        next_json(&listing.json, answers->store, &list, next);
        json_close(&listing.json, '}');
        if (rc == 0 && out->failed)
            rc = error_memory(err);
    }
    compare_codes_free(codes);
    if (rc != 0)
        out->len = before;
    return rc;
}

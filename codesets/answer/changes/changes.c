#include "codesets/answer/changes/changes.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/answer/changes/change_json.h"
#include "codesets/answer/cursor.h"
#include "codesets/answer/json.h"
#include "codesets/compare/compare.h"

/* What each_named() returns when the page is full: no error. */
enum { PAGE_FULL = 1 };

/* An answer being made. Nothing of the question's texts is kept. */
struct changes_work {
    const struct store *store;
    struct cursor_list list;
    struct compare_question compare;
    struct compare_codes *codes;       /* or NULL */
    struct compare_walk *count, *walk; /* count: NULL once the items begin */
    bool counts;
    uint32_t limit, steps; /* of the page, still to go; steps without codes */
    const char *code;      /* that is asked about, or NULL */
    uint64_t seen, first;  /* of codes: items told, and the page's first one */
    struct buffer out;
    struct json json;
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
    struct changes_work *work = context;

    change_json(&work->json, work->store, work->code, change);
    work->limit -= work->limit > 0; /* what one key changed in stays whole */
    return work->out.failed ? error_memory(err) : 0;
}

static int each_named(
    void *context, const struct change *change, struct error *err)
{
    struct changes_work *work = context;

    if (work->seen++ < work->first)
        return 0;
    return work->limit > 0 ? each_change(context, change, err) : PAGE_FULL;
}

static void begin_code(void *context, const char *code)
{
    struct changes_work *work = context;

    work->code = code;
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

static void day_asked(struct json *json, const char *key, bool asked, day_t day)
{
    json_key(json, key);
    if (asked)
        json_day(json, day);
    else
        json_null(json);
}

void changes_free(struct changes_work *work)
{
    if (work == NULL)
        return;
    compare_close(work->count);
    compare_close(work->walk);
    compare_codes_free(work->codes);
    buffer_clear(&work->out);
    free(work);
}

static int begin(struct changes_work *work, const struct answers *answers,
    const struct changes_question *question, struct error *err)
{
    uint32_t position = 0;
    int rc;

    work->store = answers->store;
    work->list = list_of(question);
    rc = cursor_read(
        &position, answers->store, &work->list, question->cursor, err);
    if (rc == 0)
        rc = parse(&work->compare, &work->codes, answers, question, err);
    if (rc == 0)
        rc = compare_open(&work->count, &work->compare, NULL, NULL, err);
    if (rc != 0)
        return rc;
    work->counts = question->counts && position == 0;
    work->limit = question->limit == 0 ? LIST_LIMIT_DEFAULT : question->limit;
    work->steps = CHANGES_STEPS_MAX;
    work->compare.begin_code = begin_code;
    if (work->codes != NULL)
        work->first = position;
    rc = compare_open(&work->walk, &work->compare,
        work->codes != NULL ? each_named : each_change, work, err);
    if (rc == 0 && work->codes == NULL)
        compare_seek(work->walk, position);
    json_begin(&work->json, &work->out);
    json_open(&work->json, '{');
    day_asked(&work->json, "from", question->days, question->from);
    day_asked(&work->json, "to", question->days, question->to);
    return rc;
}

int changes_begin(struct changes_work **out, const struct answers *answers,
    const struct changes_question *question, struct error *err)
{
    struct changes_work *work = calloc(1, sizeof *work);
    int rc =
        work == NULL ? error_memory(err) : begin(work, answers, question, err);

    if (rc != 0) {
        changes_free(work);
        return rc;
    }
    *out = work;
    return 0;
}

/* What stands before the items; the counting is over. */
static void write_summary(struct changes_work *work)
{
    json_key(&work->json, "summary");
    change_summary_json(
        &work->json, compare_counted(work->count), work->counts);
    if (work->codes != NULL)
        change_unknown_json(&work->json, &work->compare);
    json_key(&work->json, "items");
    json_open(&work->json, '[');
    compare_close(work->count);
    work->count = NULL;
}

static void write_end(struct changes_work *work, uint64_t next)
{
    char cursor[CURSOR_TEXT];

    json_close(&work->json, ']');
    json_key(&work->json, "next");
    if (next == 0 || next > UINT32_MAX) {
        json_null(&work->json);
    } else {
        cursor_write(cursor, work->store, &work->list, (uint32_t)next);
        json_word(&work->json, cursor);
    }
    json_close(&work->json, '}');
}

/* Goes on with the items. *full: the page has all it may have, and *next says
 * where the one behind it begins. */
static int list_items(struct changes_work *work, uint32_t steps, bool *full,
    uint64_t *next, struct error *err)
{
    const uint32_t some = steps < work->steps ? steps : work->steps;
    uint64_t looked;
    int rc;

    if (work->codes != NULL) {
        rc = compare_on(work->walk, 0, steps, err);
        *full = rc == PAGE_FULL;
        *next = work->seen - 1;
        return rc == PAGE_FULL ? 0 : rc;
    }
    rc = compare_on(work->walk, work->limit, some, err);
    looked = compare_looked(work->walk);
    work->steps -= looked < work->steps ? (uint32_t)looked : work->steps;
    *full = work->limit == 0 || work->steps == 0;
    *next = compare_position(work->walk);
    return rc;
}

int changes_step(struct changes_work *work, uint32_t steps, struct buffer *out,
    bool *done, struct error *err)
{
    bool full = false;
    uint64_t next = 0;
    int rc = 0;

    *done = false;
    if (work->count != NULL) {
        if (work->counts && !compare_done(work->count))
            rc = compare_on(work->count, 0, steps, err);
        if (rc == 0 && (!work->counts || compare_done(work->count)))
            write_summary(work);
        return rc;
    }
    rc = list_items(work, steps, &full, &next, err);
    if (rc != 0 || !(full || compare_done(work->walk)))
        return rc;
    write_end(work, full ? next : 0);
    *done = true;
    buffer_add(out, work->out.data, work->out.len);
    return work->out.failed || out->failed ? error_memory(err) : 0;
}

int answer_changes(struct buffer *out, const struct answers *answers,
    const struct changes_question *question, struct error *err)
{
    struct changes_work *work = NULL;
    const size_t before = out->len;
    bool done = false;
    int rc = changes_begin(&work, answers, question, err);

    while (rc == 0 && !done)
        rc = changes_step(work, CHANGES_STEPS_MAX, out, &done, err);
    changes_free(work);
    if (rc != 0)
        out->len = before;
    return rc;
}

#include <string.h>

#include "codesets/answer/answer.h"
#include "codesets/answer/cursor.h"
#include "codesets/answer/item.h"
#include "codesets/answer/marks.h"

/* A list being written. */
struct listing {
    struct json json;
    const struct answers *answers;
    const struct codes_question *question;
    struct used used;
    uint32_t limit, items;
};

static int add_item(struct listing *listing, uint32_t number, struct error *err)
{
    const struct store *store = listing->answers->store;
    const struct code_ref code = code_at(&store->codes, number);
    struct code_item item;
    const int rc = code_item_find(
        &item, listing->answers->rules, &code, listing->question->day, err);

    if (rc != 0)
        return rc;
    json_open(&listing->json, '{');
    code_item_json(&listing->json, &item, &listing->used);
    code_marks_json(
        &listing->json, listing->answers->rules, &code, listing->question->day);
    json_close(&listing->json, '}');
    listing->items++;
    return 0;
}

/* ---------------------------------------------------------------- ranges */

struct range {
    uint32_t first, end;
    bool icd_only;
};

static int parse_code(struct code_text *out, struct text_ref text,
    const char *name, struct error *err)
{
    if (code_text_parse(out, text.text, text.len) != 0)
        return error_set(err, ERR_INPUT, 0,
            "%s: must be 1 to %d letters and digits of a code", name, CODE_MAX);
    return 0;
}

/* The first code after all that begin with a text. */
static uint32_t after(const struct code_list *codes, struct code_text text)
{
    text.text[text.len - 1]++; /* printable ASCII: no carry */
    return code_lower_bound(codes, text.text, text.len);
}

static int find_range(struct range *out, const struct store *store,
    const struct codes_question *question, struct error *err)
{
    const struct code_list *codes = &store->codes;
    struct code_text from, to;
    int rc;

    *out = (struct range){.end = codes->count};
    if (question->prefix.text != NULL) {
        if ((rc = parse_code(&from, question->prefix, "prefix", err)) != 0)
            return rc;
        out->first = code_lower_bound(codes, from.text, from.len);
        out->end = after(codes, from);
        out->icd_only = from.dotted;
        return 0;
    }
    if (question->from.text != NULL) {
        if ((rc = parse_code(&from, question->from, "from", err)) != 0)
            return rc;
        out->first = code_lower_bound(codes, from.text, from.len);
    }
    if (question->to.text != NULL) {
        if ((rc = parse_code(&to, question->to, "to", err)) != 0)
            return rc;
        out->end = after(codes, to); /* "to=971" takes 97110 in */
    }
    return 0;
}

static bool wanted(const struct listing *listing, const struct range *range,
    enum code_system system)
{
    const uint32_t systems = listing->question->systems;

    return (!range->icd_only || system == SYSTEM_ICD10CM) &&
           (systems == 0 || (systems >> system & 1) != 0);
}

/* Lists the codes of a range from position on. Fills *next; 0 when the range
 * is used up. */
static int list_range(struct listing *listing, const struct range *range,
    uint32_t position, uint32_t *next, struct error *err)
{
    const struct code_list *codes = &listing->answers->store->codes;
    uint32_t i = position > range->first ? position : range->first;
    int rc;

    *next = 0;
    for (; i < range->end; i++) {
        if (!wanted(listing, range, code_at(codes, i).system))
            continue;
        if (listing->items == listing->limit) {
            *next = i;
            return 0;
        }
        if ((rc = add_item(listing, i, err)) != 0)
            return rc;
    }
    return 0;
}

/* ------------------------------------------------------------ named codes */

static int add_named(
    struct listing *listing, struct text_ref text, struct error *err)
{
    const struct store *store = listing->answers->store;
    uint32_t numbers[SYSTEM_COUNT];
    struct code_text code;
    size_t n = 0;
    int rc = code_text_parse(&code, text.text, text.len);

    if (rc == 0)
        n = codes_spelled(numbers, store, &code, listing->question->systems);
    if (n > 0)
        return add_item(listing, numbers[0], err);
    json_open(&listing->json, '{');
    json_key(&listing->json, "code");
    json_text(&listing->json, text.text, text.len);
    json_key(&listing->json, "system");
    json_null(&listing->json);
    json_key(&listing->json, "valid");
    json_null(&listing->json);
    json_key(&listing->json, "problem");
    json_word(&listing->json, rc == 0 ? "unknown_code" : "bad_syntax");
    json_close(&listing->json, '}');
    listing->items++;
    return 0;
}

/* Lists codes=a,b,c from the position-th on. */
static int list_named(struct listing *listing, uint32_t position,
    uint32_t *next, struct error *err)
{
    const struct text_ref codes = listing->question->codes;
    uint32_t index = 0;
    size_t at = 0;
    int rc;

    *next = 0;
    while (at <= codes.len) {
        const char *comma = memchr(codes.text + at, ',', codes.len - at);
        const size_t n =
            comma == NULL ? codes.len - at : (size_t)(comma - codes.text) - at;

        if (index == LIST_CODES_MAX)
            return error_set(err, ERR_LIMIT, 0,
                "codes: at most %d in one question", LIST_CODES_MAX);
        if (index++ >= position && *next == 0) {
            if (listing->items == listing->limit)
                *next = index - 1;
            else if ((rc = add_named(listing,
                          (struct text_ref){codes.text + at, n}, err)) != 0)
                return rc;
        }
        at += n + 1;
    }
    return 0;
}

/* ----------------------------------------------------------------- answer */

static int check(const struct codes_question *question, struct error *err)
{
    const int kinds =
        (question->prefix.text != NULL) + (question->codes.text != NULL) +
        (question->from.text != NULL || question->to.text != NULL);

    if (kinds != 1)
        return error_set(err, ERR_INPUT, 0,
            "say which codes: prefix=971, or from=97110&to=97150, or "
            "codes=97110,97140; one of the three");
    if (question->limit > LIST_LIMIT_MAX)
        return error_set(err, ERR_INPUT, 0, "limit: at most %d codes a page",
            LIST_LIMIT_MAX);
    return 0;
}

int answer_codes(struct buffer *out, const struct answers *answers,
    const struct codes_question *question, struct error *err)
{
    struct listing listing = {.answers = answers,
        .question = question,
        .limit = question->limit == 0 ? LIST_LIMIT_DEFAULT : question->limit};
    const size_t before = out->len;
    struct cursor_list list = cursor_list(CURSOR_CODES);
    uint32_t position, next = 0;
    char cursor[CURSOR_TEXT];
    struct range range = {0};
    int rc;

    cursor_add_text(&list, question->prefix);
    cursor_add_text(&list, question->from);
    cursor_add_text(&list, question->to);
    cursor_add_text(&list, question->codes);
    cursor_add_number(&list, question->systems);
    cursor_add_number(&list, question->day);
    if ((rc = check(question, err)) != 0 ||
        (rc = cursor_read(
             &position, answers->store, &list, question->cursor, err)) != 0)
        return rc;
    if (question->codes.text == NULL &&
        (rc = find_range(&range, answers->store, question, err)) != 0)
        return rc;
    json_begin(&listing.json, out);
    json_open(&listing.json, '{');
    json_key(&listing.json, "date");
    json_day(&listing.json, question->day);
    json_key(&listing.json, "items");
    json_open(&listing.json, '[');
    rc = question->codes.text != NULL
             ? list_named(&listing, position, &next, err)
             : list_range(&listing, &range, position, &next, err);
    json_close(&listing.json, ']');
    json_key(&listing.json, "next");
    if (next == 0) {
        json_null(&listing.json);
    } else {
        cursor_write(cursor, answers->store, &list, next);
        json_word(&listing.json, cursor);
    }
    used_json(&listing.json, &listing.used, answers->store, question->day);
    json_close(&listing.json, '}');
    if (rc == 0 && out->failed)
        rc = error_memory(err);
    if (rc != 0)
        out->len = before;
    return rc;
}

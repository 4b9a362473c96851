#include "codesets/answer/pair/pair_text.h"

#include <jansson.h>
#include <string.h>

/* ------------------------------------------------------ the plain form */

enum { PLAIN_CODES_MAX = 4 }; /* codes with modifiers in the plain form */

struct scan {
    const char *at, *end;
    bool modifiers; /* were there */
};

static void skip_blanks(struct scan *scan)
{
    while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t' ||
                                       *scan->at == '\r' || *scan->at == '\n'))
        scan->at++;
}

static bool take(struct scan *scan, char c)
{
    skip_blanks(scan);
    if (scan->at == scan->end || *scan->at != c)
        return false;
    scan->at++;
    return true;
}

/* A string of printable ASCII without escapes. */
static bool take_string(struct scan *scan, struct text_ref *out)
{
    const char *from;

    if (!take(scan, '"'))
        return false;
    from = scan->at;
    while (scan->at < scan->end && *scan->at != '"') {
        if (*scan->at < ' ' || *scan->at > '~' || *scan->at == '\\')
            return false;
        scan->at++;
    }
    *out = (struct text_ref){from, (size_t)(scan->at - from)};
    return take(scan, '"');
}

static bool is(struct text_ref text, const char *name, size_t len)
{
    return text.len == len && memcmp(text.text, name, len) == 0;
}

static bool scan_modifier(
    struct scan *scan, struct pair_text *out, struct text_ref code)
{
    if (out->modifiers == PAIR_TEXT_MODIFIERS)
        return false;
    out->modifier[out->modifiers].code = code;
    return take_string(scan, &out->modifier[out->modifiers++].modifier);
}

/* A code named twice is not plain: the other reader says what is wrong. */
static bool scan_modifiers(struct scan *scan, struct pair_text *out)
{
    struct text_ref code, seen[PLAIN_CODES_MAX];
    size_t count = 0;

    if (!take(scan, '{'))
        return false;
    if (take(scan, '}'))
        return true;
    do {
        if (count == PLAIN_CODES_MAX || !take_string(scan, &code) ||
            !take(scan, ':'))
            return false;
        for (size_t i = 0; i < count; i++)
            if (is(code, seen[i].text, seen[i].len))
                return false;
        seen[count++] = code;
        if (!take(scan, '[')) {
            if (!scan_modifier(scan, out, code))
                return false;
        } else if (!take(scan, ']')) {
            do
                if (!scan_modifier(scan, out, code))
                    return false;
            while (take(scan, ','));
            if (!take(scan, ']'))
                return false;
        }
    } while (take(scan, ','));
    return take(scan, '}');
}

static bool scan_member(
    struct scan *scan, struct pair_text *out, struct text_ref key)
{
    struct text_ref *where = NULL;

    if (is(key, "codes", 5))
        return out->code[0].text == NULL && take(scan, '[') &&
               take_string(scan, &out->code[0]) && take(scan, ',') &&
               take_string(scan, &out->code[1]) && take(scan, ']');
    if (is(key, "modifiers", 9)) {
        const bool again = scan->modifiers;

        scan->modifiers = true;
        return !again && scan_modifiers(scan, out);
    }
    if (is(key, "date", 4))
        where = &out->date;
    else if (is(key, "setting", 7))
        where = &out->setting;
    else if (is(key, "program", 7))
        where = &out->program;
    return where != NULL && where->text == NULL && take_string(scan, where);
}

/* False for anything but the plain form, right or wrong. */
static bool scan_plain(struct pair_text *out, const char *text, size_t len)
{
    struct scan scan = {.at = text, .end = text + len};
    struct text_ref key;

    if (!take(&scan, '{'))
        return false;
    do
        if (!take_string(&scan, &key) || !take(&scan, ':') ||
            !scan_member(&scan, out, key))
            return false;
    while (take(&scan, ','));
    if (!take(&scan, '}') || out->code[0].text == NULL)
        return false;
    skip_blanks(&scan);
    return scan.at == scan.end;
}

/* --------------------------------------------------- every other form */

static int text_member(struct text_ref *out, const json_t *value,
    const char *name, struct error *err)
{
    if (json_is_null(value))
        return 0;
    if (!json_is_string(value))
        return error_set(err, ERR_INPUT, 0, "%s: must be a string", name);
    *out =
        (struct text_ref){json_string_value(value), json_string_length(value)};
    return 0;
}

static int codes_member(
    struct pair_text *out, const json_t *value, struct error *err)
{
    if (!json_is_array(value) || json_array_size(value) != 2 ||
        !json_is_string(json_array_get(value, 0)) ||
        !json_is_string(json_array_get(value, 1)))
        return error_set(err, ERR_INPUT, 0,
            "codes: must be an array of two strings, as in "
            "[\"97530\",\"97116\"]");
    for (size_t i = 0; i < 2; i++)
        (void)text_member(
            &out->code[i], json_array_get(value, i), "codes", err);
    return 0;
}

static int add_modifier(struct pair_text *out, const char *code,
    const json_t *value, struct error *err)
{
    if (!json_is_string(value))
        return error_set(err, ERR_INPUT, 0,
            "modifiers of %.32s: must be strings of two characters", code);
    if (out->modifiers == PAIR_TEXT_MODIFIERS)
        return error_set(err, ERR_INPUT, 0, "modifiers: more than four a line");
    out->modifier[out->modifiers].code = (struct text_ref){code, strlen(code)};
    return text_member(
        &out->modifier[out->modifiers++].modifier, value, "modifiers", err);
}

static int modifiers_member(
    struct pair_text *out, json_t *value, struct error *err)
{
    const char *code;
    const json_t *list;
    int rc = 0;

    if (json_is_null(value))
        return 0;
    if (!json_is_object(value))
        return error_set(err, ERR_INPUT, 0,
            "modifiers: must be an object, as in {\"97116\":[\"59\"]}");
    json_object_foreach(value, code, list)
    {
        if (!json_is_array(list))
            rc = add_modifier(out, code, list, err);
        for (size_t i = 0; rc == 0 && i < json_array_size(list); i++)
            rc = add_modifier(out, code, json_array_get(list, i), err);
        if (rc != 0)
            break;
    }
    return rc;
}

static int read_member(
    struct pair_text *out, const char *key, json_t *value, struct error *err)
{
    if (strcmp(key, "codes") == 0)
        return codes_member(out, value, err);
    if (strcmp(key, "modifiers") == 0)
        return modifiers_member(out, value, err);
    if (strcmp(key, "date") == 0)
        return text_member(&out->date, value, key, err);
    if (strcmp(key, "setting") == 0)
        return text_member(&out->setting, value, key, err);
    if (strcmp(key, "program") == 0)
        return text_member(&out->program, value, key, err);
    return error_set(err, ERR_INPUT, 0,
        "'%.32s' is no member of a question: codes, date, setting, program, "
        "modifiers",
        key);
}

static int read_any(
    struct pair_text *out, const char *text, size_t len, struct error *err)
{
    json_error_t where;
    const char *key;
    json_t *root, *value;
    int rc;

    *out = (struct pair_text){0};
    root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &where);
    out->json = root;
    if (root == NULL)
        return error_set(err, ERR_INPUT, 0, "not JSON: %s, at byte %d",
            where.text, where.position);
    if (!json_is_object(root))
        return error_set(err, ERR_INPUT, 0,
            "a question is an object, as in {\"codes\":[\"97530\",\"97116\"]}");
    json_object_foreach(root, key,
        value) if ((rc = read_member(out, key, value, err)) != 0) return rc;
    if (out->code[0].text == NULL)
        return error_set(err, ERR_INPUT, 0, "codes: missing");
    return 0;
}

int pair_text_json(
    struct pair_text *out, const char *text, size_t len, struct error *err)
{
    out->code[0].text = out->date.text = out->setting.text = out->program.text =
        NULL;
    out->modifiers = 0;
    out->json = NULL;
    return scan_plain(out, text, len) ? 0 : read_any(out, text, len, err);
}

void pair_text_clear(struct pair_text *text)
{
    json_decref(text->json);
    text->json = NULL;
}

/* ------------------------------------------------------------ resolving */

static int add_modifiers(const struct pair_text *text, struct pair_line *a,
    struct pair_line *b, struct error *err)
{
    for (size_t i = 0; i < text->modifiers; i++) {
        const struct text_ref modifier = text->modifier[i].modifier;
        struct pair_line *const line[2] = {a, b};
        struct code_text code;
        bool found = false;
        int rc;

        if (code_text_parse(&code, text->modifier[i].code.text,
                text->modifier[i].code.len) != 0)
            return error_set(
                err, ERR_INPUT, 0, "modifiers: a key that is not a code");
        for (int k = 0; k < 2; k++) {
            if (line[k]->len != code.len ||
                memcmp(line[k]->code, code.text, code.len) != 0)
                continue;
            found = true;
            if ((rc = pair_line_modifiers(
                     line[k], modifier.text, modifier.len, err)) != 0)
                return rc;
        }
        if (!found)
            return error_set(err, ERR_INPUT, 0,
                "modifiers: %s is not one of the two codes", code.text);
    }
    return 0;
}

int pair_text_resolve(const struct pair_text *text, const struct rules *rules,
    struct pair_question *question, struct pair_line *a, struct pair_line *b,
    struct error *err)
{
    pair_line_parse(a, rules, text->code[0].text, text->code[0].len);
    pair_line_parse(b, rules, text->code[1].text, text->code[1].len);
    question->a = a;
    question->b = b;
    if (text->date.text != NULL &&
        day_parse_iso(&question->day, text->date.text, text->date.len) != 0)
        return error_set(
            err, ERR_INPUT, 0, "date: write it YYYY-MM-DD, as in 2024-07-01");
    if (text->setting.text != NULL &&
        setting_parse(
            &question->setting, text->setting.text, text->setting.len) != 0)
        return error_set(
            err, ERR_INPUT, 0, "setting: practitioner, outpatient or dme");
    if (text->program.text != NULL &&
        program_parse(
            &question->program, text->program.text, text->program.len) != 0)
        return error_set(err, ERR_INPUT, 0, "program: medicare or medicaid");
    return text->modifiers == 0 ? 0 : add_modifiers(text, a, b, err);
}

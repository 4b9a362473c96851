/* The question of units_answer.h, out of a query or a body. */
#include <jansson.h>
#include <string.h>

#include "codesets/answer/units/units_answer.h"

enum { SHOWN = 40 }; /* bytes of a text that a message repeats */

static int shown(size_t len)
{
    return len > SHOWN ? SHOWN : (int)len;
}

void units_begin(struct units_request *out, day_t day)
{
    out->question.day = day;
    out->question.rule = UNITS_CMS;
    out->question.pool_cognitive = false;
    out->question.count = 0;
    out->family = TIMED_NO_FAMILY;
    out->family_minutes = 0;
}

/* Digits alone. More than anybody has are read as too many, not as few. */
static int read_minutes(
    int64_t *out, struct text_ref text, struct text_ref code, struct error *err)
{
    int64_t minutes = 0;
    size_t digits = 0;

    while (digits < text.len && text.text[digits] >= '0' &&
           text.text[digits] <= '9') {
        if (minutes <= UNITS_MINUTES_MAX)
            minutes = minutes * 10 + (text.text[digits] - '0');
        digits++;
    }
    if (digits == 0 || digits < text.len)
        return error_set(err, ERR_INPUT, 0,
            "minutes of %.*s: '%.*s' is no whole number from 0 to %d",
            shown(code.len), code.text, shown(text.len), text.text,
            UNITS_MINUTES_MAX);
    *out = minutes;
    return 0;
}

int units_add_line(struct units_request *request, const struct answers *answers,
    struct text_ref code, struct text_ref minutes, struct text_ref modifiers,
    struct error *err)
{
    int64_t number = 0;
    const int rc = read_minutes(&number, minutes, code, err);

    return rc != 0 ? rc
                   : units_add(&request->question, answers->rules, code.text,
                         code.len, number, modifiers.text, modifiers.len, err);
}

/* The part up to a character; moves behind it. */
static struct text_ref next_part(struct text_ref *text, char end)
{
    const char *at = memchr(text->text, end, text->len);
    const size_t len = at == NULL ? text->len : (size_t)(at - text->text);
    const struct text_ref part = {text->text, len};

    text->text += at == NULL ? len : len + 1;
    text->len -= at == NULL ? len : len + 1;
    return part;
}

int units_add_text(struct units_request *request, const struct answers *answers,
    const char *text, size_t len, struct error *err)
{
    struct text_ref left = {text, len};
    int rc = 0;

    while (rc == 0 && left.len > 0) {
        struct text_ref line = next_part(&left, ',');
        const struct text_ref whole = line;
        const struct text_ref code = next_part(&line, ':');
        const struct text_ref minutes = next_part(&line, ':');

        if (code.len == whole.len)
            return error_set(err, ERR_INPUT, 0,
                "minutes: write code:minutes, as in 97110:24,97140:15, not "
                "'%.*s'",
                shown(whole.len), whole.text);
        rc = units_add_line(request, answers, code, minutes, line, err);
    }
    return rc;
}

int units_set_family(struct units_request *request,
    const struct answers *answers, struct text_ref family,
    struct text_ref minutes, struct error *err)
{
    int64_t number = 0;
    int rc;

    request->family =
        timed_family_find(answers->rules->timed, family.text, family.len);
    if (request->family == TIMED_NO_FAMILY)
        return error_set(err, ERR_INPUT, 0,
            "family: '%.*s' is neither a family of timed codes nor a code of "
            "one",
            shown(family.len), family.text);
    if ((rc = read_minutes(&number, minutes, family, err)) != 0)
        return rc;
    if (number > UNITS_MINUTES_MAX)
        return error_set(err, ERR_INPUT, 0,
            "minutes of %.*s: a whole number from 0 to %d", shown(family.len),
            family.text, UNITS_MINUTES_MAX);
    request->family_minutes = (uint32_t)number;
    return 0;
}

/* ---- a JSON body */

static int wrong(struct error *err, size_t line, const char *what)
{
    return error_set(err, ERR_INPUT, 0, "minutes: line %zu: %s", line, what);
}

/* ["GP","59"] or "GP 59", joined by blanks. */
static int read_modifiers(
    char *out, size_t size, const json_t *value, size_t line, struct error *err)
{
    const size_t count = json_is_array(value) ? json_array_size(value) : 1;
    size_t len = 0;

    out[0] = '\0';
    if (value == NULL || json_is_null(value))
        return 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *one =
            json_is_array(value) ? json_array_get(value, i) : value;
        const size_t n = json_string_length(one);

        if (!json_is_string(one))
            return wrong(
                err, line, "modifiers must be strings, as in [\"GP\",\"59\"]");
        if (n + 2 > size - len)
            return wrong(err, line, "too many modifiers");
        memcpy(out + len, json_string_value(one), n);
        len += n;
        out[len++] = ' ';
    }
    out[len] = '\0';
    return 0;
}

static int read_line(struct units_request *request,
    const struct answers *answers, const json_t *line, size_t number,
    struct error *err)
{
    const json_t *code = NULL, *minutes = NULL, *modifiers = NULL;
    const char *key;
    json_t *value;
    char text[64];
    int rc;

    if (!json_is_object(line))
        return wrong(err, number,
            "must be an object, as in {\"code\":\"97110\",\"minutes\":24}");
    json_object_foreach((json_t *)line, key, value)
    {
        if (strcmp(key, "code") == 0)
            code = value;
        else if (strcmp(key, "minutes") == 0)
            minutes = value;
        else if (strcmp(key, "modifiers") == 0)
            modifiers = value;
        else
            return error_set(err, ERR_INPUT, 0,
                "minutes: line %zu: '%.32s' is no member of a line: code, "
                "minutes, modifiers",
                number, key);
    }
    if (!json_is_string(code))
        return wrong(err, number, "code must be a string");
    if (!json_is_integer(minutes))
        return wrong(err, number, "minutes must be a whole number");
    if ((rc = read_modifiers(text, sizeof text, modifiers, number, err)) != 0)
        return rc;
    rc = units_add(&request->question, answers->rules, json_string_value(code),
        json_string_length(code), json_integer_value(minutes), text,
        strlen(text), err);
    return rc == 0 ? 0 : error_prefix(err, rc, "line %zu", number);
}

static int read_lines(struct units_request *request,
    const struct answers *answers, const json_t *lines, struct error *err)
{
    int rc = 0;

    if (!json_is_array(lines))
        return error_set(err, ERR_INPUT, 0,
            "minutes: must be a list, as in [{\"code\":\"97110\",\"minutes\":"
            "24}]");
    for (size_t i = 0; rc == 0 && i < json_array_size(lines); i++)
        rc = read_line(request, answers, json_array_get(lines, i), i + 1, err);
    return rc;
}

static int read_member(struct units_request *request, const char *key,
    const json_t *value, struct error *err)
{
    struct units_question *question = &request->question;

    if (strcmp(key, "minutes") == 0)
        return 0; /* read last: the others say how */
    if (strcmp(key, "date") == 0)
        return json_is_string(value) &&
                       day_parse_iso(&question->day, json_string_value(value),
                           json_string_length(value)) == 0
                   ? 0
                   : error_set(err, ERR_INPUT, 0,
                         "date: must be a day as in \"2024-07-01\"");
    if (strcmp(key, "rule") == 0)
        return json_is_string(value)
                   ? units_rule_parse(&question->rule, json_string_value(value),
                         json_string_length(value), err)
                   : error_set(err, ERR_INPUT, 0,
                         "rule: must be \"cms\" or \"midpoint\"");
    if (strcmp(key, "pool_cognitive") == 0) {
        question->pool_cognitive = json_is_true(value);
        return json_is_boolean(value)
                   ? 0
                   : error_set(err, ERR_INPUT, 0,
                         "pool_cognitive: must be true or false");
    }
    return error_set(err, ERR_INPUT, 0,
        "'%.32s' is no member of a question: date, rule, pool_cognitive, "
        "minutes",
        key);
}

int units_read_json(struct units_request *request,
    const struct answers *answers, const char *text, size_t len,
    struct error *err)
{
    json_error_t where;
    json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &where);
    const char *key;
    json_t *value;
    int rc = 0;

    if (root == NULL)
        return error_set(err, ERR_INPUT, 0,
            "not JSON: %s, at line %d, column %d", where.text, where.line,
            where.column);
    if (!json_is_object(root))
        rc = error_set(err, ERR_INPUT, 0,
            "a question is an object, as in {\"minutes\":[{\"code\":\"97110\","
            "\"minutes\":24}]}");
    else
        json_object_foreach(root, key, value)
        {
            if ((rc = read_member(request, key, value, err)) != 0)
                break;
        }
    if (rc == 0)
        rc =
            read_lines(request, answers, json_object_get(root, "minutes"), err);
    json_decref(root);
    return rc;
}

/* claim_json.c - reads a claim out of JSON. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/claim/claim_answer.h"

enum { SHOWN = 40 }; /* bytes of a text that a message repeats */

static int shown(size_t len)
{
    return len > SHOWN ? SHOWN : (int)len;
}

/* What is being read, for messages: "lines[3].units". */
struct place {
    const char *list; /* NULL: the claim itself */
    size_t index;     /* from 1 */
};

static int wrong(struct error *err, const struct place *place, const char *key,
    const char *must)
{
    if (place->list != NULL)
        return error_set(err, ERR_INPUT, 0, "%s[%zu].%s: %s", place->list,
            place->index, key, must);
    return error_set(err, ERR_INPUT, 0, "%s: %s", key, must);
}

static int text_of(struct text_ref *out, const json_t *value,
    const struct place *place, const char *key, struct error *err)
{
    *out = (struct text_ref){NULL, 0};
    if (!json_is_string(value))
        return wrong(err, place, key, "must be a text in quotes");
    *out =
        (struct text_ref){json_string_value(value), json_string_length(value)};
    return 0;
}

/* A day of a claim as a whole: without it nothing can be judged. */
static int day_of(day_t *out, const json_t *value, const struct place *place,
    struct error *err)
{
    struct text_ref text;
    int rc = text_of(&text, value, place, "date", err);

    if (rc == 0 && day_parse_iso(out, text.text, text.len) != 0)
        rc = wrong(err, place, "date",
            "must be a day from 1900 to 2199, written 2024-07-01");
    return rc;
}

static int not_known(struct error *err, const struct place *place,
    const char *key, const char *const *keys)
{
    struct buffer list = {.max = 256};
    int rc;

    for (size_t i = 0; keys[i] != NULL; i++)
        buffer_addf(&list, "%s%s", i > 0 ? ", " : "", keys[i]);
    if (place->list != NULL)
        rc = error_set(err, ERR_INPUT, 0,
            "%s[%zu]: '%.*s' is not a key of a line. These are: %.*s",
            place->list, place->index, shown(strlen(key)), key, (int)list.len,
            list.data);
    else
        rc = error_set(err, ERR_INPUT, 0,
            "'%.*s' is not a key of a claim. These are: %.*s",
            shown(strlen(key)), key, (int)list.len, list.data);
    buffer_clear(&list);
    return rc;
}

/* ---- a line */

/* A whole number; one that is none of them is marked in *flaws. */
static int number_of(int64_t *out, uint16_t *flaws, uint16_t fraction,
    const json_t *value, const struct place *place, const char *key,
    struct error *err)
{
    if (json_is_integer(value)) {
        *out = json_integer_value(value);
        return 0;
    }
    if (!json_is_real(value))
        return wrong(err, place, key, "must be a number without quotes");
    {
        const double number = json_real_value(value);

        *out = number > 1e15    ? INT64_MAX
               : number < -1e15 ? INT64_MIN
                                : (int64_t)number;
        if ((double)*out != number)
            *flaws |= fraction;
    }
    return 0;
}

static int read_modifiers(struct claim_line *line, const json_t *value,
    const struct place *place, struct error *err)
{
    const json_t *item;
    size_t i;

    if (json_is_string(value)) {
        claim_line_modifiers(
            line, json_string_value(value), json_string_length(value));
        return 0;
    }
    if (!json_is_array(value))
        return wrong(err, place, "modifiers",
            "must be a list of texts, such as [\"GP\",\"59\"]");
    json_array_foreach(value, i, item)
    {
        if (!json_is_string(item))
            return wrong(err, place, "modifiers",
                "must be a list of texts, such as [\"GP\",\"59\"]");
        claim_line_modifiers(
            line, json_string_value(item), json_string_length(item));
    }
    return 0;
}

static int read_pointers(struct claim_line *line, const json_t *value,
    const struct place *place, struct error *err)
{
    const json_t *item;
    size_t i;

    if (!json_is_array(value))
        return wrong(err, place, "dx",
            "must be a list of numbers of diagnoses, such as [1,2]");
    json_array_foreach(value, i, item)
    {
        if (json_is_integer(item))
            claim_line_pointer(line, json_integer_value(item));
        else if (json_is_string(item))
            claim_line_pointer_text(
                line, json_string_value(item), json_string_length(item));
        else
            return wrong(err, place, "dx",
                "must be a list of numbers of diagnoses, such as [1,2]");
    }
    return 0;
}

static int read_line_day(struct claim_line *line, const json_t *value,
    const struct place *place, struct error *err)
{
    struct text_ref text;
    const int rc = text_of(&text, value, place, "date", err);

    if (rc == 0 && day_parse_iso(&line->day, text.text, text.len) != 0)
        line->flaws |= FLAW_DATE;
    return rc;
}

static const char *const line_keys[] = {"code", "units", "minutes", "modifiers",
    "dx", "revenue_code", "date", "provider", NULL};

static int read_key(struct claim *claim, struct claim_line *line,
    const char *key, const json_t *value, const struct place *place,
    struct error *err)
{
    struct text_ref text;
    int rc = 0;

    if (json_is_null(value) || strcmp(key, "code") == 0)
        return 0; /* null: not told; the code was read before */
    if (strcmp(key, "units") == 0) {
        line->flaws &= (uint16_t)~FLAW_UNITS_MISSING;
        return number_of(&line->units, &line->flaws, FLAW_UNITS_FRACTION, value,
            place, key, err);
    }
    if (strcmp(key, "minutes") == 0) {
        line->minutes_told = true;
        return number_of(&line->minutes, &line->flaws, FLAW_MINUTES_FRACTION,
            value, place, key, err);
    }
    if (strcmp(key, "modifiers") == 0)
        return read_modifiers(line, value, place, err);
    if (strcmp(key, "dx") == 0)
        return read_pointers(line, value, place, err);
    if (strcmp(key, "date") == 0)
        return read_line_day(line, value, place, err);
    if ((rc = text_of(&text, value, place, key, err)) != 0)
        return rc;
    if (strcmp(key, "revenue_code") == 0) {
        claim_line_revenue(line, text.text, text.len);
        return 0;
    }
    rc = claim_line_provider(claim, line, text.text, text.len, err);
    return rc == 0
               ? 0
               : error_prefix(err, rc, "%s[%zu]", place->list, place->index);
}

static bool is_one_of(const char *key, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        if (strcmp(key, *keys) == 0)
            return true;
    return false;
}

static int read_line(struct claim *claim, const struct rules *rules,
    json_t *object, const struct place *place, struct error *err)
{
    struct claim_line *line;
    const json_t *value;
    struct text_ref code;
    const char *key;
    int rc;

    if (!json_is_object(object))
        return error_set(err, ERR_INPUT, 0,
            "lines[%zu]: must be an object, such as {\"code\":\"97110\","
            "\"units\":2}",
            place->index);
    json_object_foreach(object, key,
        value) if (!is_one_of(key, line_keys)) return not_known(err, place, key,
        line_keys);
    value = json_object_get(object, "code");
    if (value == NULL)
        return wrong(err, place, "code", "is missing");
    if ((rc = text_of(&code, value, place, "code", err)) != 0)
        return rc;
    line = claim_add_line(claim, rules, code.text, code.len);
    json_object_foreach(object, key,
        value) if ((rc = read_key(claim, line, key, value, place, err)) !=
                   0) return rc;
    return 0;
}

/* ---- the claim */

static int read_lines(struct claim *claim, const struct rules *rules,
    const json_t *lines, struct error *err)
{
    json_t *item;
    size_t i;

    if (!json_is_array(lines))
        return error_set(err, ERR_INPUT, 0,
            lines == NULL ? "lines: is missing; a claim needs at least one line"
                          : "lines: must be a list of objects");
    if (json_array_size(lines) == 0)
        return error_set(
            err, ERR_INPUT, 0, "lines: a claim needs at least one line");
    if (json_array_size(lines) > CLAIM_LINES_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "lines: %zu are too many; a claim has at most %d",
            json_array_size(lines), CLAIM_LINES_MAX);
    json_array_foreach(lines, i, item)
    {
        const struct place place = {"lines", i + 1};
        const int rc = read_line(claim, rules, item, &place, err);

        if (rc != 0)
            return rc;
    }
    return 0;
}

static int read_diagnoses(
    struct claim *claim, const json_t *list, struct error *err)
{
    static const char must[] =
        "diagnoses: must be a list of ICD-10-CM codes, such as [\"M54.50\"]";
    const json_t *item;
    size_t i;

    if (list == NULL || json_is_null(list))
        return 0;
    if (!json_is_array(list))
        return error_set(err, ERR_INPUT, 0, "%s", must);
    json_array_foreach(list, i, item)
    {
        if (!json_is_string(item))
            return error_set(err, ERR_INPUT, 0, "%s", must);
        claim_add_diagnosis(
            claim, json_string_value(item), json_string_length(item));
    }
    return 0;
}

/* Words of the claim as a whole; a text that is none of them is refused. */
static int read_word(struct claim *claim, const char *key, const json_t *value,
    const struct place *place, struct error *err)
{
    struct text_ref text;
    enum claim_payer payer;
    int rc = text_of(&text, value, place, key, err);

    if (rc != 0)
        return rc;
    if (strcmp(key, "setting") == 0)
        return setting_parse(&claim->setting, text.text, text.len) == 0
                   ? 0
                   : wrong(err, place, key,
                         "must be practitioner, outpatient (or hospital) or "
                         "dme");
    if (strcmp(key, "program") == 0)
        return program_parse(&claim->program, text.text, text.len) == 0
                   ? 0
                   : wrong(err, place, key, "must be medicare or medicaid");
    if (strcmp(key, "payer") == 0) {
        if (claim_payer_parse(&payer, text.text, text.len) != 0)
            return wrong(err, place, key,
                "must be medicare, medicaid, commercial or other");
        claim_set_payer(claim, payer);
        return 0;
    }
    if (strcmp(key, "rule") == 0)
        return units_rule_parse(&claim->rule, text.text, text.len, err);
    rc =
        strcmp(key, "state") == 0
            ? necessity_set_state(&claim->place, text.text, text.len, err)
            : necessity_set_contractor(&claim->place, text.text, text.len, err);
    return rc;
}

static const char *const claim_keys[] = {"date", "setting", "program", "payer",
    "rule", "state", "contractor", "diagnoses", "lines", NULL};
/* In this order: the payer sets the rule unless it is told. */
static const char *const word_keys[] = {
    "setting", "program", "payer", "rule", "state", "contractor", NULL};

static int read_claim(struct claim *out, const struct rules *rules,
    json_t *root, struct error *err)
{
    const struct place place = {NULL, 0};
    const json_t *value;
    const char *key;
    int rc = 0;

    if (!json_is_object(root))
        return error_set(err, ERR_INPUT, 0,
            "a claim is a JSON object, such as {\"date\":\"2024-07-01\","
            "\"lines\":[{\"code\":\"97110\",\"units\":2}]}");
    json_object_foreach(
        root, key, value) if (!is_one_of(key, claim_keys)) return not_known(err,
        &place, key, claim_keys);
    value = json_object_get(root, "date");
    if (value != NULL && !json_is_null(value))
        rc = day_of(&out->day, value, &place, err);
    for (size_t i = 0; rc == 0 && word_keys[i] != NULL; i++) {
        value = json_object_get(root, word_keys[i]);
        if (value != NULL && !json_is_null(value))
            rc = read_word(out, word_keys[i], value, &place, err);
        else if (strcmp(word_keys[i], "payer") == 0 &&
                 out->program == PROGRAM_MEDICAID)
            claim_set_payer(out, PAYER_MEDICAID);
    }
    if (rc == 0)
        rc = read_diagnoses(out, json_object_get(root, "diagnoses"), err);
    if (rc == 0)
        rc = read_lines(out, rules, json_object_get(root, "lines"), err);
    return rc;
}

int claim_read_json(struct claim *out, const struct rules *rules,
    const struct claim_defaults *defaults, const char *text, size_t len,
    struct error *err)
{
    json_error_t why;
    json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
    int rc;

    if (root == NULL)
        return error_set(err, ERR_INPUT, 0, "not JSON: line %u, column %d: %s",
            (unsigned)why.line + (defaults->line > 0 ? defaults->line - 1 : 0),
            why.column, why.text);
    claim_begin(out, defaults->day);
    out->setting = defaults->setting;
    out->program = defaults->program;
    rc = read_claim(out, rules, root, err);
    json_decref(root);
    return rc;
}

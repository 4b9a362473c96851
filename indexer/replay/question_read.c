#include "indexer/replay/question.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "codesets/core/hex.h"

const char *question_kind_name(enum question_kind kind)
{
    static const char *const names[QUESTION_OUTCOMES] = {"codes", "pairs",
        "search", "units", "necessity", "claims", "blank", "without_query",
        "without_body", "other", "not_understood", "too_long"};

    return (unsigned)kind < QUESTION_OUTCOMES ? names[kind] : "";
}

/* --- the address ------------------------------------------------------------
 */

/* Decodes in place: what is decoded is never longer. False for a bad escape. */
static bool decode(struct text_ref *out, char *at, const char *end, bool query)
{
    char *to = at;

    out->text = at;
    for (; at < end; at++) {
        if (*at == '%') {
            const int high = end - at > 2 ? hex_digit(at[1]) : -1;
            const int low = high >= 0 ? hex_digit(at[2]) : -1;

            if (low < 0)
                return false;
            *to++ = (char)(high << 4 | low);
            at += 2;
        } else {
            *to++ = *at == '+' && query ? ' ' : *at;
        }
    }
    out->len = (size_t)(to - out->text);
    return memchr(out->text, '\0', out->len) == NULL;
}

static bool read_path(struct question *out, char *at, char *end)
{
    while (at < end) {
        char *slash = memchr(at + 1, '/', (size_t)(end - at - 1));
        char *stop = slash != NULL ? slash : end;

        if (out->segments == QUESTION_SEGMENTS_MAX ||
            !decode(&out->segment[out->segments++], at + 1, stop, false))
            return false;
        at = stop;
    }
    return true;
}

static bool read_query(struct question *out, char *at, char *end)
{
    while (at < end) {
        char *amp = memchr(at, '&', (size_t)(end - at));
        char *stop = amp != NULL ? amp : end;
        char *equals = memchr(at, '=', (size_t)(stop - at));
        struct question_param *param = &out->param[out->params];

        if (at < stop) {
            if (out->params == QUESTION_PARAMS_MAX)
                return false;
            param->value = (struct text_ref){"", 0};
            if (!decode(
                    &param->name, at, equals != NULL ? equals : stop, true) ||
                (equals != NULL &&
                    !decode(&param->value, equals + 1, stop, true)))
                return false;
            out->params++;
        }
        at = stop + 1;
    }
    return true;
}

static bool segment_is(const struct question *q, size_t i, const char *word)
{
    return i < q->segments && q->segment[i].len == strlen(word) &&
           memcmp(q->segment[i].text, word, q->segment[i].len) == 0;
}

static enum question_kind kind_of_address(const struct question *q)
{
    if (!segment_is(q, 0, "v1"))
        return QUESTION_OTHER;
    if (segment_is(q, 1, "codes") &&
        (q->segments < 4 || (q->segments == 4 && segment_is(q, 3, "edits"))))
        return QUESTION_CODES;
    if (segment_is(q, 1, "policies") && q->segments < 4)
        return QUESTION_NECESSITY;
    if (q->segments != 2)
        return QUESTION_OTHER;
    return segment_is(q, 1, "pairs")       ? QUESTION_PAIRS
           : segment_is(q, 1, "search")    ? QUESTION_SEARCH
           : segment_is(q, 1, "units")     ? QUESTION_UNITS
           : segment_is(q, 1, "necessity") ? QUESTION_NECESSITY
                                           : QUESTION_OTHER;
}

/* These ask nothing without a parameter. */
static bool needs_query(const struct question *q)
{
    return q->segments == 2;
}

static enum question_kind read_address(
    struct question *out, char *at, size_t len)
{
    char *mark = memchr(at, '?', len), *end = at + len;
    enum question_kind kind;

    out->form = FORM_ADDRESS;
    if (!read_path(out, at, mark != NULL ? mark : end))
        return QUESTION_UNKNOWN;
    kind = kind_of_address(out);
    if (kind >= QUESTION_KINDS)
        return kind;
    if (mark == NULL)
        return needs_query(out) ? QUESTION_NO_QUERY : kind;
    return read_query(out, mark + 1, end) ? kind : QUESTION_UNKNOWN;
}

/* --- the line ---------------------------------------------------------------
 */

/* The value of key=… of the server's log, unescaped in place; *raw is how many
 * bytes it had, quotes and all. */
static bool log_value(
    char *line, const char *key, struct text_ref *out, size_t *raw)
{
    char *at = line, *to;

    while ((at = strstr(at, key)) != NULL && at > line && at[-1] != ' ')
        at += strlen(key);
    if (at == NULL)
        return false;
    at += strlen(key);
    out->text = to = at;
    if (*at != '"') {
        out->len = *raw = strcspn(at, " ");
        return true;
    }
    for (at++; *at != '"'; at++) {
        if (*at == '\0')
            return false; /* cut by the log's own limit */
        if (*at == '\\' && at[1] == 'x' && hex_digit(at[2]) >= 0 &&
            hex_digit(at[3]) >= 0) {
            *to++ = (char)(hex_digit(at[2]) << 4 | hex_digit(at[3]));
            at += 3;
        } else {
            at += *at == '\\' && at[1] != '\0';
            *to++ = *at;
        }
    }
    out->len = (size_t)(to - out->text);
    *raw = (size_t)(at + 1 - out->text);
    return true;
}

static bool is_word(struct text_ref text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.text, word, text.len) == 0;
}

static enum question_kind read_log(
    struct question *out, char *event, const char *line, const char *scratch)
{
    struct text_ref method, path;
    size_t raw;

    if (strncmp(event, "event=request ", 14) != 0)
        return QUESTION_OTHER;
    if (!log_value(event, "method=", &method, &raw))
        return QUESTION_UNKNOWN;
    if (is_word(method, "POST"))
        return QUESTION_NO_BODY;
    if (!is_word(method, "GET"))
        return QUESTION_OTHER;
    if (!log_value(event, "path=", &path, &raw))
        return QUESTION_UNKNOWN;
    out->shown = (struct text_ref){line + (path.text - scratch), raw};
    return read_address(out, (char *)(uintptr_t)path.text, path.len);
}

static enum question_kind read_plain(
    struct question *out, char *line, size_t len)
{
    char *space;

    if (strncmp(line, "GET ", 4) == 0) {
        line += 4;
        len -= 4;
    } else if (strncmp(line, "POST ", 5) == 0) {
        return QUESTION_NO_BODY;
    }
    if (*line != '/')
        return QUESTION_UNKNOWN;
    space = memchr(line, ' ', len); /* " HTTP/1.1" */
    if (space != NULL)
        len = (size_t)(space - line);
    return read_address(out, line, len);
}

static enum question_kind read_body(
    struct question *out, const char *line, size_t len)
{
    json_t *json = json_loadb(line, len, 0, NULL);
    enum question_kind kind = QUESTION_UNKNOWN;

    if (json_object_get(json, "lines") != NULL) {
        kind = QUESTION_CLAIM;
        out->form = FORM_CLAIM;
    } else if (json_object_get(json, "codes") != NULL) {
        kind = QUESTION_PAIRS;
        out->form = FORM_PAIR;
    } else if (json_object_get(json, "minutes") != NULL) {
        kind = QUESTION_UNITS;
        out->form = FORM_MINUTES;
    } else if (json_object_get(json, "icd10") != NULL) {
        kind = QUESTION_NECESSITY;
        out->form = FORM_NECESSITY;
    }
    json_decref(json);
    return kind;
}

enum question_kind question_read(
    struct question *out, const char *line, size_t len, char *scratch)
{
    char *event;

    out->segments = out->params = 0;
    while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r' ||
                          line[len - 1] == ' '))
        len--;
    memcpy(scratch, line, len);
    scratch[len] = '\0';
    out->shown = (struct text_ref){line, len};
    if (len == 0 || line[0] == '#')
        out->kind = QUESTION_BLANK;
    else if (strlen(scratch) != len || strchr(scratch, '\n') != NULL)
        out->kind = QUESTION_UNKNOWN;
    else if (line[0] == '{')
        out->kind = read_body(out, line, len);
    else if ((event = strstr(scratch, "event=")) != NULL &&
             (event == scratch || event[-1] == ' '))
        out->kind = read_log(out, event, line, scratch);
    else
        out->kind = read_plain(out, scratch, len);
    return out->kind;
}

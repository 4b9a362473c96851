#include "codesets/answer/json.h"

#include <string.h>
#include <utf8proc.h>

void json_begin(struct json *json, struct buffer *out)
{
    json->out = out;
    json->comma = false;
}

static void separate(struct json *json)
{
    if (json->comma)
        buffer_addc(json->out, ',');
    json->comma = true;
}

void json_open(struct json *json, char bracket)
{
    separate(json);
    buffer_addc(json->out, bracket);
    json->comma = false;
}

void json_close(struct json *json, char bracket)
{
    buffer_addc(json->out, bracket);
    json->comma = true;
}

void json_key(struct json *json, const char *name)
{
    const size_t len = strlen(name);
    struct buffer *out = json->out;

    if (!buffer_reserve(out, len + 4))
        return;
    if (json->comma)
        out->data[out->len++] = ',';
    out->data[out->len++] = '"';
    memcpy(out->data + out->len, name, len);
    out->len += len;
    out->data[out->len++] = '"';
    out->data[out->len++] = ':';
    json->comma = false;
}

static void add_escape(struct buffer *out, uint8_t c)
{
    static const char hex[] = "0123456789abcdef";
    char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

    switch (c) {
    case '"':
    case '\\':
        escape[1] = (char)c;
        break;
    case '\n':
        escape[1] = 'n';
        break;
    case '\r':
        escape[1] = 'r';
        break;
    case '\t':
        escape[1] = 't';
        break;
    default:
        buffer_add(out, escape, 6);
        return;
    }
    buffer_add(out, escape, 2);
}

/* Bytes of the UTF-8 character at a byte above 0x7F; 0 when there is none. */
static size_t character(const char *text, size_t len)
{
    utf8proc_int32_t point;
    const utf8proc_ssize_t n = utf8proc_iterate(
        (const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &point);

    return n > 0 ? (size_t)n : 0;
}

void json_text(struct json *json, const char *text, size_t len)
{
    struct buffer *out = json->out;
    size_t plain = 0; /* bytes up to i that need no change begin here */

    if (text == NULL) {
        json_null(json);
        return;
    }
    separate(json);
    buffer_addc(out, '"');
    for (size_t i = 0; i < len;) {
        const uint8_t c = (uint8_t)text[i];
        size_t n = 1;

        if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
            i++;
            continue;
        }
        if (c >= 0x80 && (n = character(text + i, len - i)) > 0) {
            i += n;
            continue;
        }
        buffer_add(out, text + plain, i - plain);
        if (n == 0)
            buffer_adds(out, "\xEF\xBF\xBD");
        else
            add_escape(out, c);
        plain = ++i;
    }
    buffer_add(out, text + plain, len - plain);
    buffer_addc(out, '"');
}

void json_string(struct json *json, const char *text)
{
    json_text(json, text, text == NULL ? 0 : strlen(text));
}

void json_word(struct json *json, const char *word)
{
    const size_t len = strlen(word);
    struct buffer *out = json->out;

    separate(json);
    if (!buffer_reserve(out, len + 2))
        return;
    out->data[out->len++] = '"';
    memcpy(out->data + out->len, word, len);
    out->len += len;
    out->data[out->len++] = '"';
}

void json_int(struct json *json, int64_t number)
{
    separate(json);
    if (number < 0)
        buffer_addc(json->out, '-');
    buffer_addu(
        json->out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void json_bool(struct json *json, bool value)
{
    separate(json);
    buffer_adds(json->out, value ? "true" : "false");
}

void json_null(struct json *json)
{
    separate(json);
    buffer_add(json->out, "null", 4);
}

void json_day(struct json *json, day_t day)
{
    char text[DAY_TEXT_LEN];

    if (day_format(text, day) == 0)
        json_null(json);
    else
        json_word(json, text);
}

void json_decimal(struct json *json, const char *text, size_t len)
{
    size_t digits = 0, points = 0, at = 0;

    if (len == 0) {
        json_null(json);
        return;
    }
    if (text[0] == '-')
        at = 1;
    for (size_t i = at; i < len; i++)
        if (text[i] == '.')
            points++;
        else if (text[i] >= '0' && text[i] <= '9')
            digits++;
        else
            points = 2;
    if (digits == 0 || points > 1 || text[len - 1] == '.') {
        json_text(json, text, len);
        return;
    }
    separate(json);
    if (at == 1)
        buffer_addc(json->out, '-');
    while (at + 1 < len && text[at] == '0' && text[at + 1] != '.')
        at++;
    if (text[at] == '.')
        buffer_addc(json->out, '0');
    buffer_add(json->out, text + at, len - at);
}

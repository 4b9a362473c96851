#include "codesets/answer/json.h"

#include <string.h>
#include <utf8proc.h>

void json_begin(struct json *json, struct buffer *out)
{
    json->out = out;
    json->comma = false;
}

/* Room for n more bytes, where most writes find it without a call. */
static inline bool room(struct buffer *out, size_t n)
{
    return (!out->failed && out->cap - out->len >= n) || buffer_reserve(out, n);
}

static inline void put(struct buffer *out, char c)
{
    if (room(out, 1))
        out->data[out->len++] = c;
}

static inline void put_bytes(struct buffer *out, const char *bytes, size_t n)
{
    if (n == 0 || !room(out, n))
        return;
    memcpy(out->data + out->len, bytes, n);
    out->len += n;
}

static void separate(struct json *json)
{
    if (json->comma)
        put(json->out, ',');
    json->comma = true;
}

void json_open(struct json *json, char bracket)
{
    separate(json);
    put(json->out, bracket);
    json->comma = false;
}

void json_close(struct json *json, char bracket)
{
    put(json->out, bracket);
    json->comma = true;
}

void json_key_len(struct json *json, const char *name, size_t len)
{
    struct buffer *out = json->out;
    char *at;

    if (!room(out, len + 4))
        return;
    at = out->data + out->len;
    if (json->comma)
        *at++ = ',';
    *at++ = '"';
    memcpy(at, name, len);
    at += len;
    *at++ = '"';
    *at++ = ':';
    out->len = (size_t)(at - out->data);
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

/* Bytes from i on that can stand as they are, at least as far as eight at a
 * time tell: printable ASCII without the quote and the backslash. */
static size_t plain_run(const char *text, size_t i, size_t len)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = UINT64_C(0x8080808080808080);

    for (; i + 8 <= len; i += 8) {
        uint64_t w, quote, slash, odd;

        memcpy(&w, text + i, sizeof w);
        quote = w ^ ones * '"';
        slash = w ^ ones * '\\';
        /* A top bit for a byte below 0x20, a zero in quote or slash, and one
         * above 0x7E. */
        odd = ((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) |
              ((slash - ones) & ~slash) | w | (w + ones);
        if ((odd & tops) != 0)
            break;
    }
    return i;
}

/* All of it can stand as it is. The last eight bytes are looked at together,
 * whether or not some of them were before. */
static bool is_plain(const char *text, size_t len)
{
    size_t i = plain_run(text, 0, len);

    if (i + 8 <= len)
        return false;
    if (len >= 8)
        return i == len || plain_run(text, len - 8, len) == len;
    for (; i < len; i++)
        if (text[i] < ' ' || text[i] > '~' || text[i] == '"' || text[i] == '\\')
            return false;
    return true;
}

static void escaped_text(struct buffer *out, const char *text, size_t len)
{
    size_t plain = 0; /* bytes up to i that need no change begin here */

    put(out, '"');
    for (size_t i = plain_run(text, 0, len); i < len;) {
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
        put_bytes(out, text + plain, i - plain);
        if (n == 0)
            put_bytes(out, "\xEF\xBF\xBD", 3);
        else
            add_escape(out, c);
        plain = ++i;
    }
    put_bytes(out, text + plain, len - plain);
    put(out, '"');
}

void json_text(struct json *json, const char *text, size_t len)
{
    if (text == NULL) {
        json_null(json);
    } else if (is_plain(text, len)) {
        json_word_len(json, text, len);
    } else {
        separate(json);
        escaped_text(json->out, text, len);
    }
}

void json_again(struct json *json, size_t from, size_t len)
{
    struct buffer *out = json->out;

    if (room(out, len)) {
        memcpy(out->data + out->len, out->data + from, len);
        out->len += len;
    }
    json->comma = false;
}

size_t json_text_begin(struct json *json)
{
    separate(json);
    put(json->out, '"');
    return json->out->len;
}

void json_text_end(struct json *json, size_t from)
{
    struct buffer *out = json->out;
    struct buffer copy = {0};

    if (out->failed || is_plain(out->data + from, out->len - from)) {
        put(out, '"');
        return;
    }
    buffer_add(&copy, out->data + from, out->len - from);
    out->failed |= copy.failed;
    out->len = from - 1;
    json->comma = false;
    json_text(json, copy.data, copy.len);
    buffer_clear(&copy);
}

void json_string(struct json *json, const char *text)
{
    json_text(json, text, text == NULL ? 0 : strlen(text));
}

void json_word_len(struct json *json, const char *word, size_t len)
{
    struct buffer *out = json->out;
    char *at;

    if (!room(out, len + 3))
        return;
    at = out->data + out->len;
    if (json->comma)
        *at++ = ',';
    *at++ = '"';
    memcpy(at, word, len);
    at += len;
    *at++ = '"';
    out->len = (size_t)(at - out->data);
    json->comma = true;
}

void json_int(struct json *json, int64_t number)
{
    separate(json);
    if (number >= 0 && number < 10) {
        put(json->out, (char)('0' + number));
        return;
    }
    if (number < 0)
        buffer_addc(json->out, '-');
    buffer_addu(
        json->out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

/* Writes a number where there is room for its ten digits; returns the end. */
static inline char *digits(char *at, uint32_t number)
{
    uint32_t unit = 1;

    while (number / unit >= 10)
        unit *= 10;
    for (; unit > 0; unit /= 10)
        *at++ = (char)('0' + number / unit % 10);
    return at;
}

void json_pair(struct json *json, uint32_t first, uint32_t second)
{
    struct buffer *out = json->out;
    char *at;

    if (!room(out, sizeof ",[4294967295,4294967295]"))
        return;
    at = out->data + out->len;
    if (json->comma)
        *at++ = ',';
    *at++ = '[';
    at = digits(at, first);
    *at++ = ',';
    at = digits(at, second);
    *at++ = ']';
    out->len = (size_t)(at - out->data);
    json->comma = true;
}

void json_bool(struct json *json, bool value)
{
    separate(json);
    put_bytes(json->out, value ? "true" : "false", value ? 4 : 5);
}

void json_null(struct json *json)
{
    separate(json);
    put_bytes(json->out, "null", 4);
}

void json_day(struct json *json, day_t day)
{
    char text[DAY_TEXT_LEN];
    const size_t len = day_format(text, day);

    if (len == 0)
        json_null(json);
    else
        json_word_len(json, text, len);
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

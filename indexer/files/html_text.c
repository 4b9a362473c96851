#include "indexer/files/html_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "codesets/core/buffer.h"

enum {
    ENTITY_MAX = 10, /* bytes of a name between & and ; */
    TAG_NAME_MAX = 12,
    NO_CHARACTER = 0
};

/* The named characters that publishers use, by their names in byte order. */
static const struct entity {
    const char *name;
    uint16_t point;
} entities[] = {{"Aacute", 0xC1}, {"Agrave", 0xC0}, {"Alpha", 0x391},
    {"Auml", 0xC4}, {"Beta", 0x392}, {"Ccedil", 0xC7}, {"Dagger", 0x2021},
    {"Delta", 0x394}, {"Eacute", 0xC9}, {"Egrave", 0xC8}, {"Gamma", 0x393},
    {"NewLine", '\n'}, {"Ntilde", 0xD1}, {"Omega", 0x3A9}, {"Ouml", 0xD6},
    {"Prime", 0x2033}, {"Sigma", 0x3A3}, {"Tab", '\t'}, {"Uuml", 0xDC},
    {"aacute", 0xE1}, {"acirc", 0xE2}, {"acute", 0xB4}, {"agrave", 0xE0},
    {"alpha", 0x3B1}, {"amp", '&'}, {"apos", '\''}, {"ast", '*'},
    {"asymp", 0x2248}, {"atilde", 0xE3}, {"auml", 0xE4}, {"bdquo", 0x201E},
    {"beta", 0x3B2}, {"bull", 0x2022}, {"ccedil", 0xE7}, {"cent", 0xA2},
    {"chi", 0x3C7}, {"colon", ':'}, {"comma", ','}, {"commat", '@'},
    {"copy", 0xA9}, {"dagger", 0x2020}, {"deg", 0xB0}, {"delta", 0x3B4},
    {"divide", 0xF7}, {"dollar", '$'}, {"eacute", 0xE9}, {"ecirc", 0xEA},
    {"egrave", 0xE8}, {"emsp", 0x2003}, {"ensp", 0x2002}, {"epsilon", 0x3B5},
    {"equals", '='}, {"euml", 0xEB}, {"euro", 0x20AC}, {"excl", '!'},
    {"frac12", 0xBD}, {"frac14", 0xBC}, {"frac34", 0xBE}, {"gamma", 0x3B3},
    {"ge", 0x2265}, {"gt", '>'}, {"hellip", 0x2026}, {"iacute", 0xED},
    {"icirc", 0xEE}, {"iexcl", 0xA1}, {"iuml", 0xEF}, {"kappa", 0x3BA},
    {"lambda", 0x3BB}, {"laquo", 0xAB}, {"larr", 0x2190}, {"ldquo", 0x201C},
    {"le", 0x2264}, {"lowbar", '_'}, {"lpar", '('}, {"lsaquo", 0x2039},
    {"lsqb", '['}, {"lsquo", 0x2018}, {"lt", '<'}, {"mdash", 0x2014},
    {"micro", 0xB5}, {"middot", 0xB7}, {"minus", 0x2212}, {"mu", 0x3BC},
    {"nbsp", ' '}, {"ndash", 0x2013}, {"ne", 0x2260}, {"ntilde", 0xF1},
    {"num", '#'}, {"oacute", 0xF3}, {"ocirc", 0xF4}, {"omega", 0x3C9},
    {"ordm", 0xBA}, {"oslash", 0xF8}, {"ouml", 0xF6}, {"para", 0xB6},
    {"percnt", '%'}, {"period", '.'}, {"pi", 0x3C0}, {"plus", '+'},
    {"plusmn", 0xB1}, {"prime", 0x2032}, {"quest", '?'}, {"quot", '"'},
    {"raquo", 0xBB}, {"rarr", 0x2192}, {"rdquo", 0x201D}, {"reg", 0xAE},
    {"rpar", ')'}, {"rsaquo", 0x203A}, {"rsqb", ']'}, {"rsquo", 0x2019},
    {"sbquo", 0x201A}, {"sect", 0xA7}, {"semi", ';'}, {"shy", 0xAD},
    {"sigma", 0x3C3}, {"sol", '/'}, {"sup1", 0xB9}, {"sup2", 0xB2},
    {"sup3", 0xB3}, {"szlig", 0xDF}, {"thinsp", 0x2009}, {"times", 0xD7},
    {"trade", 0x2122}, {"uacute", 0xFA}, {"uuml", 0xFC}, {"zwnj", ' '}};

static int entity_order(const void *key, const void *item)
{
    return strcmp(key, ((const struct entity *)item)->name);
}

/* The number of "#167" or "#xA7"; NO_CHARACTER when it is none. */
static uint32_t number_of(const char *text, size_t len)
{
    const bool hex = len > 1 && (text[1] == 'x' || text[1] == 'X');
    uint32_t point = 0;
    size_t i = hex ? 2 : 1;

    if (i == len)
        return NO_CHARACTER;
    for (; i < len && point <= 0x10FFFF; i++) {
        const char c = text[i];

        if (c >= '0' && c <= '9')
            point = point * (hex ? 16 : 10) + (uint32_t)(c - '0');
        else if (hex && ((c | 32) >= 'a' && (c | 32) <= 'f'))
            point = point * 16 + (uint32_t)((c | 32) - 'a') + 10;
        else
            return NO_CHARACTER;
    }
    return point;
}

/* The characters between 0x80 and 0x9F, which HTML takes for Windows-1252. */
static uint32_t not_control(uint32_t point)
{
    static const uint16_t windows[32] = {0x20AC, ' ', 0x201A, 0x192, 0x201E,
        0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, ' ', 0x17D,
        ' ', ' ', 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC,
        0x2122, 0x161, 0x203A, 0x153, ' ', 0x17E, 0x178};

    if (point < ' ' || point == 0x7F || point == 0xA0)
        return ' ';
    return point >= 0x80 && point < 0xA0 ? windows[point - 0x80] : point;
}

/* The character of the entity that stands at at ('&'), and how many bytes it
 * takes; NO_CHARACTER when there is none. */
static uint32_t entity_at(const char *at, const char *end, size_t *len)
{
    char name[ENTITY_MAX + 1];
    const struct entity *entity;
    uint32_t point;
    size_t n = 1;

    while (n <= ENTITY_MAX && at + n < end && at[n] != ';' && at[n] != '&' &&
           at[n] != ' ')
        n++;
    if (at + n >= end || at[n] != ';' || n < 3)
        return NO_CHARACTER;
    memcpy(name, at + 1, n - 1);
    name[n - 1] = '\0';
    *len = n + 1;
    if (name[0] == '#') {
        point = number_of(name, n - 1);
        return point == NO_CHARACTER ||
                       !utf8proc_codepoint_valid((utf8proc_int32_t)point)
                   ? NO_CHARACTER
                   : not_control(point);
    }
    entity = bsearch(name, entities, sizeof entities / sizeof *entities,
        sizeof *entities, entity_order);
    return entity != NULL ? entity->point : NO_CHARACTER;
}

static void add_point(struct buffer *out, uint32_t point)
{
    utf8proc_uint8_t bytes[4];
    const utf8proc_ssize_t n =
        utf8proc_encode_char((utf8proc_int32_t)point, bytes);

    buffer_add(out, bytes, (size_t)n);
}

/* --- an escape too many ----------------------------------------------------
 */

static bool begins_tag(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '/' || c == '!' ||
           c == '?';
}

/* True when there is no tag in the text, but an escaped one. */
static bool is_escaped(const char *html, size_t len)
{
    const char *end = html + len, *at = html;

    for (; (at = memchr(at, '<', (size_t)(end - at))) != NULL; at++)
        if (at + 1 < end && begins_tag(at[1]))
            return false;
    for (at = html; (at = memchr(at, '&', (size_t)(end - at))) != NULL; at++)
        if (end - at > 4 && memcmp(at, "&lt;", 4) == 0 &&
            (begins_tag(at[4]) ||
                (end - at > 8 && memcmp(at + 4, "&sol;", 5) == 0)))
            return true;
    return false;
}

static void unescape(struct buffer *out, const char *html, size_t len)
{
    const char *end = html + len;

    while (html < end) {
        size_t n = 1;
        const uint32_t point =
            *html == '&' ? entity_at(html, end, &n) : NO_CHARACTER;

        if (point == NO_CHARACTER)
            buffer_addc(out, *html++);
        else {
            add_point(out, point);
            html += n;
        }
    }
}

/* --- tags -------------------------------------------------------------------
 */

struct writer {
    struct buffer *out;
    size_t begin;  /* of this text in out */
    bool blank;    /* a blank is due before the next character */
    bool line;     /* a line is due */
    bool nothing;  /* nothing stands in the line yet but "- " */
    bool comments; /* no end of a tag or comment was found: look no more */
    bool tags;
};

static void due_line(struct writer *w)
{
    w->line = true;
    w->blank = false;
}

static void write_due(struct writer *w)
{
    if (w->line && w->out->len > w->begin)
        buffer_addc(w->out, '\n');
    else if (w->blank && w->out->len > w->begin && !w->nothing)
        buffer_addc(w->out, ' ');
    w->line = w->blank = w->nothing = false;
}

static void write_mark(struct writer *w, const char *mark, size_t len)
{
    write_due(w);
    buffer_add(w->out, mark, len);
    w->nothing = true;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* What a tag means for reading; name in lower case. */
static void read_tag(struct writer *w, const char *name, bool closing)
{
    static const char *const blocks[] = {"address", "article", "blockquote",
        "br", "caption", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2",
        "h3", "h4", "h5", "h6", "header", "hr", "ol", "p", "pre", "section",
        "table", "tbody", "tfoot", "thead", "title", "tr", "ul", NULL};

    if (strcmp(name, "li") == 0) {
        due_line(w);
        if (!closing)
            write_mark(w, "- ", 2);
    } else if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0) {
        if (!closing && !w->line && !w->nothing && w->out->len > w->begin) {
            w->blank = false;
            write_mark(w, " | ", 3);
        }
    } else if (is_one_of(name, blocks) && !w->nothing) {
        due_line(w);
    }
}

/* Passes over <style>…</style>: returns where it ends. */
static const char *pass_element(
    const char *at, const char *end, const char *name)
{
    const size_t len = strlen(name);

    for (; (at = memchr(at, '<', (size_t)(end - at))) != NULL; at++)
        if ((size_t)(end - at) > len + 2 && at[1] == '/' &&
            strncasecmp(at + 2, name, len) == 0)
            return at;
    return end;
}

/* The tag that stands at at; returns where it ends, or at when it is none. */
static const char *pass_tag(struct writer *w, const char *at, const char *end)
{
    char name[TAG_NAME_MAX + 1];
    const bool closing = at + 1 < end && at[1] == '/';
    const char *close, *p = at + 1 + closing;
    size_t n = 0;

    if (at + 1 >= end || !begins_tag(at[1]))
        return at;
    if (w->comments && end - at >= 4 && memcmp(at, "<!--", 4) == 0) {
        close = memmem(at + 4, (size_t)(end - at) - 4, "-->", 3);
        if (close != NULL)
            return close + 3;
        w->comments = false;
    }
    close = w->tags ? memchr(at, '>', (size_t)(end - at)) : NULL;
    if (close == NULL) {
        w->tags = false;
        return at;
    }
    while (
        p < close && n < TAG_NAME_MAX &&
        (((*p | 32) >= 'a' && (*p | 32) <= 'z') || (*p >= '0' && *p <= '9'))) {
        const char c = *p++;

        name[n++] = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
    }
    name[n] = '\0';
    if (!closing && close[-1] != '/' &&
        (strcmp(name, "style") == 0 || strcmp(name, "script") == 0))
        return pass_element(close, end, name);
    read_tag(w, name, closing);
    return close + 1;
}

static bool is_blank(const char *at, const char *end, size_t *len)
{
    *len = 1;
    if (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n' || *at == '\f')
        return true;
    *len = 2; /* U+00A0 */
    return end - at >= 2 && (unsigned char)at[0] == 0xC2 &&
           (unsigned char)at[1] == 0xA0;
}

static void strip(struct buffer *out, const char *html, size_t len)
{
    struct writer w = {
        .out = out, .begin = out->len, .comments = true, .tags = true};
    const char *end = html + len;

    while (html < end) {
        const char *after;
        uint32_t point = NO_CHARACTER;
        size_t n;

        if (is_blank(html, end, &n)) {
            w.blank = true;
            html += n;
            continue;
        }
        if (*html == '<' && (after = pass_tag(&w, html, end)) != html) {
            html = after;
            continue;
        }
        n = 1;
        if (*html == '&')
            point = entity_at(html, end, &n);
        if (point == ' ' || point == '\n' || point == '\t') {
            w.blank = true;
        } else {
            write_due(&w);
            if (point != NO_CHARACTER)
                add_point(out, point);
            else
                buffer_addc(out, *html);
        }
        html += point != NO_CHARACTER ? n : 1;
    }
    /* A mark with nothing behind it says nothing. */
    while (out->len > w.begin && out->data != NULL &&
           (out->data[out->len - 1] == ' ' || out->data[out->len - 1] == '|' ||
               (w.nothing && out->data[out->len - 1] == '-') ||
               out->data[out->len - 1] == '\n'))
        out->len--;
}

void html_to_text(struct buffer *out, const char *html, size_t len)
{
    struct buffer once = {0};

    if (!is_escaped(html, len)) {
        strip(out, html, len);
        return;
    }
    unescape(&once, html, len);
    if (once.failed)
        out->failed = true;
    else
        strip(out, once.data != NULL ? once.data : "", once.len);
    buffer_clear(&once);
}

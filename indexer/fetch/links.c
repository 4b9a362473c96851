#include "indexer/fetch/links.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "indexer/files/html_text.h"

enum { NAME_LEN_MAX = 24, FIELDS_LEN_MAX = 1024 };

struct text {
    const char *at;
    size_t len;
};

/* A tag's attributes, as far as links need them. */
struct tag {
    char name[NAME_LEN_MAX + 1]; /* in lower case */
    bool closing;
    struct text href, action, method, type, field, value;
    bool license; /* CMS marks its accepting buttons with data-license */
};

struct reader {
    struct links *out;
    const char *at, *end;
    /* The anchor whose words are being read. */
    struct text href;
    const char *words; /* NULL outside of anchors */
    /* The form being read. */
    bool in_form, gets, accepts;
    struct text action;
    char fields[FIELDS_LEN_MAX]; /* "agree=yes&next=Accept" */
    size_t fields_len;
};

/* --- letters ----------------------------------------------------------------
 */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
}

static bool text_is(struct text text, const char *word)
{
    return text.len == strlen(word) &&
           strncasecmp(text.at, word, text.len) == 0;
}

static bool text_has(struct text text, const char *word)
{
    const size_t len = strlen(word);

    for (size_t i = 0; i + len <= text.len; i++)
        if (strncasecmp(text.at + i, word, len) == 0)
            return true;
    return false;
}

/* --- one tag ----------------------------------------------------------------
 */

static void keep_attribute(struct tag *tag, struct text name, struct text value)
{
    const struct {
        const char *name;
        struct text *to;
    } known[] = {{"href", &tag->href}, {"action", &tag->action},
        {"method", &tag->method}, {"type", &tag->type}, {"name", &tag->field},
        {"value", &tag->value}};

    /* Of an attribute given twice the first counts. */
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_is(name, known[i].name) && known[i].to->at == NULL)
            *known[i].to = value;
    tag->license = tag->license || text_is(name, "data-license");
}

/* The attribute at r->at, which is no blank and no '>'. False when the page
 * ends within it. */
static bool read_attribute(struct reader *r, struct tag *tag)
{
    struct text name = {.at = r->at}, value = {.at = ""};

    do
        r->at++; /* a name may begin with '=' */
    while (r->at < r->end && !is_blank(*r->at) && *r->at != '=' &&
           *r->at != '>' && *r->at != '/');
    name.len = (size_t)(r->at - name.at);
    while (r->at < r->end && is_blank(*r->at))
        r->at++;
    if (r->at < r->end && *r->at == '=') {
        r->at++;
        while (r->at < r->end && is_blank(*r->at))
            r->at++;
        if (r->at < r->end && (*r->at == '"' || *r->at == '\'')) {
            const char *close =
                memchr(r->at + 1, *r->at, (size_t)(r->end - r->at) - 1);

            if (close == NULL)
                return false;
            value = (struct text){r->at + 1, (size_t)(close - r->at) - 1};
            r->at = close + 1;
        } else {
            value.at = r->at;
            while (r->at < r->end && !is_blank(*r->at) && *r->at != '>')
                r->at++;
            value.len = (size_t)(r->at - value.at);
        }
    }
    keep_attribute(tag, name, value);
    return true;
}

/* The tag at r->at, the letter of its name. False when the page ends in it. */
static bool read_tag(struct reader *r, struct tag *tag)
{
    size_t n = 0;

    for (;
         r->at < r->end && !is_blank(*r->at) && *r->at != '>' && *r->at != '/';
         r->at++)
        if (n < NAME_LEN_MAX)
            tag->name[n++] = lower(*r->at);
    tag->name[n] = '\0';
    while (r->at < r->end) {
        if (*r->at == '>') {
            r->at++;
            return true;
        }
        if (is_blank(*r->at) || *r->at == '/')
            r->at++;
        else if (!read_attribute(r, tag))
            break;
    }
    r->at = r->end;
    return false;
}

/* --- what a tag means -------------------------------------------------------
 */

/* Keeps a string, entities made characters; its offset. */
static size_t keep(struct reader *r, struct text text)
{
    const size_t begin = r->out->bytes.len;

    html_to_text(&r->out->bytes, text.at, text.len);
    buffer_addc(&r->out->bytes, '\0');
    return begin;
}

static void add_link(
    struct reader *r, enum link_kind kind, size_t address, size_t text)
{
    struct links *out = r->out;

    if (out->bytes.failed || out->count >= LINKS_MAX)
        return;
    if (out->count == out->cap) {
        const size_t cap = out->cap == 0 ? 64 : out->cap * 2;
        struct link *item = realloc(out->item, cap * sizeof *item);

        if (item == NULL) {
            out->bytes.failed = true;
            return;
        }
        out->item = item;
        out->cap = cap;
    }
    out->item[out->count++] =
        (struct link){.kind = kind, .address = address, .text = text};
}

static void end_anchor(struct reader *r, const char *end)
{
    if (r->words != NULL && r->href.at != NULL && r->href.len > 0 &&
        r->href.len < LINK_ADDRESS_MAX) {
        struct text words = {r->words, (size_t)(end - r->words)};
        const size_t address = keep(r, r->href);

        if (words.len > LINK_TEXT_MAX)
            words.len = LINK_TEXT_MAX;
        add_link(r, LINK_ANCHOR, address, keep(r, words));
    }
    r->words = NULL;
}

/* As a browser writes a field into an address. */
static void add_escaped(struct reader *r, struct text text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.at[i];

        if (r->fields_len + 4 > sizeof r->fields)
            return; /* the address will not be answered; nothing worse */
        if (is_letter((char)c) || (c >= '0' && c <= '9') ||
            (c != '\0' && strchr("-._*", c) != NULL)) {
            r->fields[r->fields_len++] = (char)c;
        } else if (c == ' ') {
            r->fields[r->fields_len++] = '+';
        } else {
            r->fields[r->fields_len++] = '%';
            r->fields[r->fields_len++] = digits[c >> 4];
            r->fields[r->fields_len++] = digits[c & 15];
        }
    }
}

static void add_field(struct reader *r, const struct tag *tag)
{
    if (tag->field.len == 0 || r->fields_len + 3 > sizeof r->fields)
        return;
    if (r->fields_len > 0)
        r->fields[r->fields_len++] = '&';
    add_escaped(r, tag->field);
    if (r->fields_len < sizeof r->fields)
        r->fields[r->fields_len++] = '=';
    add_escaped(r, tag->value);
}

static bool says_yes(const struct tag *tag)
{
    return text_has(tag->value, "accept") || text_has(tag->value, "agree");
}

static bool says_no(const struct tag *tag)
{
    return text_has(tag->value, "n't") || text_has(tag->value, "not") ||
           text_has(tag->value, "n&#039;t") || text_has(tag->value, "dis") ||
           text_has(tag->value, "dont") || text_has(tag->value, "\x99t") ||
           text_has(tag->value, "decline") || text_has(tag->value, "cancel");
}

static void read_input(struct reader *r, const struct tag *tag)
{
    if (text_is(tag->type, "submit") || text_is(tag->type, "button")) {
        if ((says_yes(tag) || tag->license) && !says_no(tag) && !r->accepts) {
            add_field(r, tag);
            r->accepts = true;
        }
    } else if (text_is(tag->type, "hidden")) {
        add_field(r, tag);
    }
}

static void end_form(struct reader *r)
{
    if (r->in_form && r->accepts && r->gets && r->action.len > 0 &&
        r->action.len < LINK_ADDRESS_MAX) {
        const size_t address = keep(r, r->action);
        struct buffer *bytes = &r->out->bytes;

        if (r->fields_len > 0 && !bytes->failed) {
            const char sep =
                strchr(bytes->data + address, '?') == NULL ? '?' : '&';

            bytes->len--; /* the NUL of the action */
            buffer_addc(bytes, sep);
            buffer_add(bytes, r->fields, r->fields_len);
            buffer_addc(bytes, '\0');
        }
        add_link(r, LINK_ACCEPT, address, 0);
    }
    r->in_form = false;
}

static void begin_form(struct reader *r, const struct tag *tag)
{
    end_form(r);
    r->in_form = true;
    r->accepts = false;
    r->gets = tag->method.len == 0 || text_is(tag->method, "get");
    r->action = tag->action;
    r->fields_len = 0;
}

/* Passes over what is no HTML: <script>…</script>. */
static void pass_raw(struct reader *r, const char *name)
{
    const size_t len = strlen(name);

    while ((r->at = memchr(r->at, '<', (size_t)(r->end - r->at))) != NULL) {
        if ((size_t)(r->end - r->at) >= len + 2 && r->at[1] == '/' &&
            strncasecmp(r->at + 2, name, len) == 0)
            return;
        r->at++;
    }
    r->at = r->end;
}

static void take_tag(struct reader *r, const struct tag *tag, const char *begin)
{
    static const char *const raw[] = {"script", "style", "textarea", "title"};

    if (strcmp(tag->name, "a") == 0 || strcmp(tag->name, "area") == 0) {
        end_anchor(r, begin);
        if (!tag->closing) {
            r->href = tag->href;
            r->words = r->at;
        }
    } else if (strcmp(tag->name, "form") == 0) {
        if (tag->closing)
            end_form(r);
        else
            begin_form(r, tag);
    } else if (tag->closing) {
        return;
    } else if (strcmp(tag->name, "input") == 0 && r->in_form) {
        read_input(r, tag);
    } else if (strcmp(tag->name, "base") == 0 && r->out->base == 0) {
        if (tag->href.len > 0 && tag->href.len < LINK_ADDRESS_MAX)
            r->out->base = keep(r, tag->href);
    } else {
        for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
            if (strcmp(tag->name, raw[i]) == 0)
                pass_raw(r, raw[i]);
    }
}

/* What begins with "<!" or "<?" at r->at. */
static void pass_declaration(struct reader *r)
{
    const size_t left = (size_t)(r->end - r->at);
    const char *close = left >= 4 && memcmp(r->at, "<!--", 4) == 0
                            ? memmem(r->at + 4, left - 4, "-->", 3)
                            : memchr(r->at, '>', left);

    r->at = close != NULL ? close + 1 : r->end;
}

int links_read(
    struct links *out, const char *html, size_t len, struct error *err)
{
    struct reader r = {.out = out, .at = html, .end = html + len};

    *out = (struct links){.count = 0};
    buffer_addc(&out->bytes, '\0'); /* the empty string */
    while (r.at < r.end && !out->bytes.failed &&
           (r.at = memchr(r.at, '<', (size_t)(r.end - r.at))) != NULL) {
        const char *begin = r.at;
        struct tag tag = {.closing = r.end - r.at > 1 && r.at[1] == '/'};
        const size_t letter = tag.closing ? 2 : 1;

        if (r.end - r.at > 1 && (r.at[1] == '!' || r.at[1] == '?')) {
            pass_declaration(&r);
        } else if ((size_t)(r.end - r.at) > letter && is_letter(r.at[letter])) {
            r.at += letter;
            if (!read_tag(&r, &tag))
                break;
            take_tag(&r, &tag, begin);
        } else {
            r.at++;
        }
    }
    end_anchor(&r, r.end);
    end_form(&r);
    if (!out->bytes.failed)
        return 0;
    links_clear(out);
    return error_memory(err);
}

void links_clear(struct links *links)
{
    buffer_clear(&links->bytes);
    free(links->item);
    *links = (struct links){.count = 0};
}

const char *link_address(const struct links *links, const struct link *link)
{
    return links->bytes.data + link->address;
}

const char *link_text(const struct links *links, const struct link *link)
{
    return links->bytes.data + link->text;
}

#include "server/pages/html.h"

#include <assert.h>

void html_text(struct buffer *out, const char *text, size_t len)
{
    size_t from = 0;

    for (size_t i = 0; i < len; i++) {
        const char *instead;

        switch (text[i]) {
        case '&':
            instead = "&amp;";
            break;
        case '<':
            instead = "&lt;";
            break;
        case '>':
            instead = "&gt;";
            break;
        case '"':
            instead = "&quot;";
            break;
        case '\'':
            instead = "&#39;";
            break;
        default:
            continue;
        }
        buffer_add(out, text + from, i - from);
        buffer_adds(out, instead);
        from = i + 1;
    }
    buffer_add(out, text + from, len - from);
}

/* What may stand in an address as it is, whatever the part (RFC 3986). */
static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~' || c == ',' || c == ':';
}

void html_address(struct buffer *out, const char *text, size_t len)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text[i];

        if (is_plain(text[i])) {
            buffer_addc(out, text[i]);
        } else {
            buffer_addc(out, '%');
            buffer_addc(out, hex[c >> 4]);
            buffer_addc(out, hex[c & 15]);
        }
    }
}

void html_put_texts(
    struct buffer *out, const char *form, const char *const *text, size_t texts)
{
    const char *next;

    for (; (next = strchr(form, '{')) != NULL; form = strchr(next, '}') + 1) {
        assert(texts > 0);
        buffer_add(out, form, (size_t)(next - form));
        if (*text != NULL && next[1] == 'u')
            html_address(out, *text, strlen(*text));
        else if (*text != NULL)
            html_text(out, *text, strlen(*text));
        text++;
        texts--;
    }
    assert(texts == 0);
    buffer_adds(out, form);
}

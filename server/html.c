#include "server/html.h"

#include <assert.h>
#include <stdarg.h>

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

void html_put(struct buffer *out, const char *form, ...)
{
    const char *at = form, *next;
    const char *text;
    va_list args;

    va_start(args, form);
    for (; (next = strchr(at, '{')) != NULL; at = strchr(next, '}') + 1) {
        buffer_add(out, at, (size_t)(next - at));
        text = va_arg(args, const char *);
        if (text == NULL)
            continue;
        if (next[1] == 'u')
            html_address(out, text, strlen(text));
        else
            html_text(out, text, strlen(text));
    }
    buffer_adds(out, at);
    text = va_arg(args, const char *);
    assert(text == NULL);
    (void)text;
    va_end(args);
}

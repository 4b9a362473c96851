/* html.h - writes HTML, every text escaped.
 *
 *     html_put(out, "<a href=\"/code/{u}\">{}</a>", code, text);
 *
 * The form is a constant of this program. Each {} in it takes a text and
 * writes it so that it can stand between tags and in an attribute in double
 * quotes; {u} writes it as one part of an address. There is no way to write a
 * text as it is: what comes out of a file or a question stays text. */
#ifndef SERVER_PAGES_HTML_H
#define SERVER_PAGES_HTML_H
#include "codesets/core/buffer.h"

/* One text for each {} of the form; NULL writes nothing. */
#define html_put(out, form, ...)                                               \
    html_put_texts(out, form, (const char *const[]){__VA_ARGS__},              \
        sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
void html_put_texts(struct buffer *out, const char *form,
    const char *const *text, size_t texts);
void html_text(struct buffer *out, const char *text, size_t len);
/* A part of a path or a query, percent-encoded. */
void html_address(struct buffer *out, const char *text, size_t len);

#endif

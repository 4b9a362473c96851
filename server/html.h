/* html.h - writes HTML, every text escaped.
 *
 *     html_put(out, "<a href=\"/code/{u}\">{}</a>", code, text, NULL);
 *
 * The form is a constant of this program. Each {} in it takes a text and
 * writes it so that it can stand between tags and in an attribute in double
 * quotes; {u} writes it as one part of an address. There is no way to write a
 * text as it is: what comes out of a file or a question stays text. */
#ifndef SERVER_HTML_H
#define SERVER_HTML_H
#include "codesets/core/buffer.h"

/* One text for each {} of the form, NULL for none, and NULL behind the last. */
void html_put(struct buffer *out, const char *form, ...)
    __attribute__((sentinel));
void html_text(struct buffer *out, const char *text, size_t len);
/* A part of a path or a query, percent-encoded. */
void html_address(struct buffer *out, const char *text, size_t len);

#endif

/* html_text.h - the text of a paragraph that a publisher keeps as HTML.
 *
 * No browser: tags go, and what they mean for reading stays. A block begins a
 * line, a list item a line with "- ", a table row a line, its cells are parted
 * by " | "; runs of blanks become one, empty lines none. Entities become
 * characters. Comments, and what stands in <style> and <script>, are dropped.
 *
 *   <p>Use <b>only</b> for:</p><ul><li>A &amp; B</li></ul>   Use only for:
 *                                                             - A & B
 *
 * A text that was escaped once more than it should be ("&lt;p&gt;") is
 * unescaped first; a '<' that begins no tag is a '<'. */
#ifndef INDEXER_FILES_HTML_TEXT_H
#define INDEXER_FILES_HTML_TEXT_H
#include <stddef.h>

struct buffer;

/* Appends the text of html, len bytes of UTF-8, never more than len bytes. The
 * time it takes grows with len alone. out->failed tells of no memory. */
void html_to_text(struct buffer *out, const char *html, size_t len);

#endif

/* buffer.h - bytes that grow, up to a ceiling.
 *
 * A buffer remembers a failure (no memory, ceiling reached) and ignores what
 * comes after it, so a writer of many small pieces checks once, at the end. */
#ifndef CODESETS_CORE_BUFFER_H
#define CODESETS_CORE_BUFFER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buffer {
    char *data; /* owned; NULL while empty */
    size_t len, cap;
    size_t max;  /* ceiling in bytes; 0 means BUFFER_MAX */
    bool failed; /* something did not fit; data is cut there */
};

#define BUFFER_MAX ((size_t)1 << 30)

void buffer_clear(struct buffer *b); /* frees; the buffer may be used again */
/* Makes room for n more bytes. False (and failed) when it cannot. */
bool buffer_reserve(struct buffer *b, size_t n);
void buffer_add(struct buffer *b, const void *bytes, size_t n);
/* Inline, so that the length of a fixed text is known where it is written. */
static inline void buffer_adds(struct buffer *b, const char *text)
{
    buffer_add(b, text, strlen(text));
}
void buffer_addc(struct buffer *b, char c);
void buffer_addf(struct buffer *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_addu(struct buffer *b, uint64_t number); /* in decimal */

#endif

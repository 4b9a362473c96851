#include "codesets/core/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_FIRST = 256 };

void buffer_clear(struct buffer *b)
{
    free(b->data);
    *b = (struct buffer){.max = b->max};
}

bool buffer_reserve(struct buffer *b, size_t n)
{
    const size_t max = b->max != 0 ? b->max : BUFFER_MAX;
    size_t cap = b->cap != 0 ? b->cap : BUFFER_FIRST;
    char *data;

    if (b->failed)
        return false;
    if (n <= b->cap - b->len)
        return true;
    if (n > max - b->len) {
        b->failed = true;
        return false;
    }
    while (cap - b->len < n)
        cap *= 2;
    if (cap > max)
        cap = max;
    data = realloc(b->data, cap);
    if (data == NULL) {
        b->failed = true;
        return false;
    }
    b->data = data;
    b->cap = cap;
    return true;
}

void buffer_add(struct buffer *b, const void *bytes, size_t n)
{
    if (n == 0 || !buffer_reserve(b, n))
        return;
    memcpy(b->data + b->len, bytes, n);
    b->len += n;
}

void buffer_addc(struct buffer *b, char c)
{
    if (!buffer_reserve(b, 1))
        return;
    b->data[b->len++] = c;
}

void buffer_addf(struct buffer *b, const char *format, ...)
{
    va_list args, again;
    int n;

    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n >= 0 && buffer_reserve(b, (size_t)n + 1)) {
        (void)vsnprintf(b->data + b->len, (size_t)n + 1, format, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

void buffer_addu(struct buffer *b, uint64_t number)
{
    char digits[20];
    size_t n = sizeof digits;

    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    buffer_add(b, digits + n, sizeof digits - n);
}

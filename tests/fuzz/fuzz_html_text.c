/* fuzz_html_text.c - whatever stands in a paragraph, its text is no longer than
 * it was, and valid UTF-8 if it was. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "codesets/core/buffer.h"
#include "indexer/files/html_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_utf8(const uint8_t *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        utf8proc_int32_t point;
        const utf8proc_ssize_t n =
            utf8proc_iterate(text + at, (utf8proc_ssize_t)(len - at), &point);

        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer out = {0};

    html_to_text(&out, (const char *)data, size);
    if (out.failed || out.len > size ||
        (is_utf8(data, size) && !is_utf8((const uint8_t *)out.data, out.len)))
        abort();
    buffer_clear(&out);
    return 0;
}

#include "codesets/core/mention.h"

#include <string.h>

enum { CATEGORY_LEN = 3 };

static bool is_upper_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

static bool is_word(char c)
{
    return is_upper_or_digit(c) || (c >= 'a' && c <= 'z') || (c & 0x80) != 0;
}

/* Reads a code that begins at text: a category, and behind a dot what makes it
 * longer. Returns the bytes it takes, 0 for no code. */
static size_t read_code(char out[ICD_MAX + 1], const char *text, size_t len)
{
    size_t n = CATEGORY_LEN, used = CATEGORY_LEN;

    if (len < CATEGORY_LEN || !icd_shaped(text, CATEGORY_LEN))
        return 0;
    memcpy(out, text, CATEGORY_LEN);
    if (used + 1 < len && text[used] == '.' &&
        is_upper_or_digit(text[used + 1])) {
        used++;
        while (used < len && is_upper_or_digit(text[used])) {
            if (n == ICD_MAX)
                return 0;
            out[n++] = text[used++];
        }
    }
    out[n] = '\0';
    return used < len && is_word(text[used]) ? 0 : used;
}

/* What follows the code: the end of a range, or "-" or ".-" for all below. */
static size_t read_end(struct mention *out, const char *text, size_t len)
{
    size_t used = 0, last;

    if (used < len && text[used] == '.')
        used++;
    if (used == len || text[used] != '-')
        return 0;
    used++;
    last = read_code(out->last, text + used, len - used);
    if (last > 0)
        return used + last;
    out->last[0] = '\0';
    if (used < len && is_word(text[used]))
        return 0; /* "T36-like" */
    out->below = true;
    return used;
}

bool mention_next(struct mention *out, const char *text, size_t len, size_t *at)
{
    for (size_t i = *at; i + CATEGORY_LEN <= len; i++) {
        size_t used;

        if (i > 0 && (is_word(text[i - 1]) || text[i - 1] == '.'))
            continue;
        *out = (struct mention){.below = false};
        used = read_code(out->first, text + i, len - i);
        if (used == 0)
            continue;
        *at = i + used + read_end(out, text + i + used, len - i - used);
        return true;
    }
    *at = len;
    return false;
}

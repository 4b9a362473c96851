#include "codesets/answer/cursor.h"

#include <stdio.h>
#include <string.h>

enum { CURSOR_ID = 12 }; /* characters of the build's id */

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* base64url without padding; n is a multiple of 3. */
static void encode(char *out, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i += 3) {
        const uint32_t v = (uint32_t)(uint8_t)bytes[i] << 16 |
                           (uint32_t)(uint8_t)bytes[i + 1] << 8 |
                           (uint8_t)bytes[i + 2];

        for (int shift = 18; shift >= 0; shift -= 6)
            *out++ = letters[v >> shift & 63];
    }
    *out = '\0';
}

static bool decode(char *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i += 4) {
        uint32_t v = 0;

        for (size_t k = 0; k < 4; k++) {
            const char *found =
                text[i + k] == '\0' ? NULL : strchr(letters, text[i + k]);

            if (found == NULL)
                return false;
            v = v << 6 | (uint32_t)(found - letters);
        }
        *out++ = (char)(v >> 16);
        *out++ = (char)(v >> 8);
        *out++ = (char)v;
    }
    return true;
}

/* "<build> <kind><position in eight hex digits>" : 21 bytes. */
enum { PLAIN_LEN = 21, ENCODED_LEN = PLAIN_LEN / 3 * 4 };

void cursor_write(char out[CURSOR_TEXT], const struct store *store,
    enum cursor_kind kind, uint32_t position)
{
    char plain[PLAIN_LEN + 1];

    (void)snprintf(plain, sizeof plain, "%-12.12s%c%08x", store_id(store),
        (char)kind, position);
    encode(out, plain, PLAIN_LEN);
}

int cursor_read(uint32_t *position, const struct store *store,
    enum cursor_kind kind, struct text_ref cursor, struct error *err)
{
    char plain[PLAIN_LEN + 1], id[CURSOR_ID + 1], wanted[CURSOR_TEXT];

    *position = 0;
    if (cursor.text == NULL)
        return 0;
    if (cursor.len != ENCODED_LEN || !decode(plain, cursor.text, cursor.len) ||
        plain[CURSOR_ID] != (char)kind)
        return error_set(
            err, ERR_INPUT, 0, "cursor: not one that this list gave out");
    plain[PLAIN_LEN] = '\0';
    (void)snprintf(id, sizeof id, "%-12.12s", store_id(store));
    if (memcmp(plain, id, CURSOR_ID) != 0)
        return error_set(err, ERR_INPUT, 0,
            "cursor: of another build; the data was refreshed, start the list "
            "again");
    for (size_t i = CURSOR_ID + 1; i < PLAIN_LEN; i++) {
        const char *digit = strchr("0123456789abcdef", plain[i]);

        if (digit == NULL || *digit == '\0')
            return error_set(
                err, ERR_INPUT, 0, "cursor: not one that this list gave out");
        *position =
            *position << 4 |
            (uint32_t)(*digit <= '9' ? *digit - '0' : *digit - 'a' + 10);
    }
    /* What does not encode to the same text is not ours. */
    cursor_write(wanted, store, kind, *position);
    if (memcmp(wanted, cursor.text, ENCODED_LEN) != 0)
        return error_set(
            err, ERR_INPUT, 0, "cursor: not one that this list gave out");
    return 0;
}

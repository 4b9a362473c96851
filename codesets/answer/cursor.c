#include "codesets/answer/cursor.h"

#include <string.h>

enum { CURSOR_ID = 13 }; /* characters of the build's id */

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

/* Build, kind, sum and position in eight hex digits each: 30 bytes. */
enum {
    SUM_AT = CURSOR_ID + 1,
    POSITION_AT = SUM_AT + 8,
    PLAIN_LEN = POSITION_AT + 8,
    ENCODED_LEN = PLAIN_LEN / 3 * 4
};

struct cursor_list cursor_list(enum cursor_kind kind)
{
    return (struct cursor_list){kind, 0x811c9dc5u};
}

/* FNV-1a: no guard against malice, for a cursor gives no right that its
 * bearer would not have; it finds a parameter changed between two pages. */
static void add(struct cursor_list *list, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    for (size_t i = 0; i < len; i++)
        list->sum = (list->sum ^ at[i]) * 0x01000193u;
}

void cursor_add_number(struct cursor_list *list, int64_t number)
{
    add(list, &number, sizeof number);
}

void cursor_add_text(struct cursor_list *list, struct text_ref text)
{
    /* The length first, so that no two parts run into one another. */
    cursor_add_number(list, text.text == NULL ? -1 : (int64_t)text.len);
    if (text.text != NULL)
        add(list, text.text, text.len);
}

/* The first characters of the build's id, with blanks where it is shorter. */
static void put_id(char out[CURSOR_ID], const struct store *store)
{
    const char *id = store_id(store);

    memset(out, ' ', CURSOR_ID);
    memcpy(out, id, strnlen(id, CURSOR_ID));
}

static void put_hex(char out[8], uint32_t number)
{
    for (int i = 7; i >= 0; i--, number >>= 4)
        out[i] = "0123456789abcdef"[number & 15];
}

void cursor_write(char out[CURSOR_TEXT], const struct store *store,
    const struct cursor_list *list, uint32_t position)
{
    char plain[PLAIN_LEN];

    put_id(plain, store);
    plain[CURSOR_ID] = (char)list->kind;
    put_hex(plain + SUM_AT, list->sum);
    put_hex(plain + POSITION_AT, position);
    encode(out, plain, PLAIN_LEN);
}

static bool hex(uint32_t *out, const char *digits)
{
    *out = 0;
    for (size_t i = 0; i < 8; i++) {
        const char *digit = strchr("0123456789abcdef", digits[i]);

        if (digit == NULL || *digit == '\0')
            return false;
        *out = *out << 4 |
               (uint32_t)(*digit <= '9' ? *digit - '0' : *digit - 'a' + 10);
    }
    return true;
}

int cursor_read(uint32_t *position, const struct store *store,
    const struct cursor_list *list, struct text_ref cursor, struct error *err)
{
    char plain[PLAIN_LEN], id[CURSOR_ID];
    uint32_t sum, at;

    *position = 0;
    if (cursor.text == NULL)
        return 0;
    if (cursor.len != ENCODED_LEN || !decode(plain, cursor.text, cursor.len) ||
        plain[CURSOR_ID] != (char)list->kind || !hex(&sum, plain + SUM_AT) ||
        !hex(&at, plain + POSITION_AT))
        return error_set(
            err, ERR_INPUT, 0, "cursor: not one that this list gave out");
    put_id(id, store);
    if (memcmp(plain, id, CURSOR_ID) != 0)
        return error_set(err, ERR_INPUT, 0,
            "cursor: of another build; the data was refreshed, start the list "
            "again");
    if (sum != list->sum)
        return error_set(err, ERR_INPUT, 0,
            "cursor: of another question; send it with the parameters it was "
            "given out for, or start the list again without it");
    *position = at;
    return 0;
}

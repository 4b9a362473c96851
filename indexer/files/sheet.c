#include "indexer/files/sheet.h"

#include <string.h>
#include <utf8proc.h>
#include "codesets/core/buffer.h"

/* A lone CR ends a line only where the file's head has no LF at all. */
enum { HEAD_FOR_LF = 4096 };

static bool is_ascii(const char *text, size_t len)
{
    uint64_t eight;

    for (; len >= sizeof eight; text += sizeof eight, len -= sizeof eight) {
        memcpy(&eight, text, sizeof eight);
        if ((eight & UINT64_C(0x8080808080808080)) != 0)
            return false;
    }
    for (; len > 0; text++, len--) {
        if ((*text & 0x80) != 0)
            return false;
    }
    return true;
}

static bool is_utf8(const char *text, size_t len)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
    utf8proc_int32_t point;
    utf8proc_ssize_t n;

    for (; len > 0; bytes += n, len -= (size_t)n) {
        n = utf8proc_iterate(bytes, (utf8proc_ssize_t)len, &point);
        if (n <= 0)
            return false;
    }
    return true;
}

/* What Windows-1252 has at 0x80 to 0x9F; U+FFFD where it has nothing. */
static const uint16_t windows_1252[32] = {0x20AC, 0xFFFD, 0x201A, 0x0192,
    0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
    0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E,
    0x0178};

void text_to_utf8(struct buffer *out, const char *text, size_t len)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_int32_t point;
    utf8proc_ssize_t n;
    unsigned char c;
    size_t i;

    if (is_ascii(text, len) || is_utf8(text, len)) {
        buffer_add(out, text, len);
        return;
    }
    for (i = 0; i < len; i++) {
        c = (unsigned char)text[i];
        if (c < 0x80 || c == 0xFF) {
            buffer_addc(out, (char)(c == 0xFF ? ' ' : c));
            continue;
        }
        /* Some cells were put together out of both. */
        n = utf8proc_iterate((const utf8proc_uint8_t *)text + i,
            (utf8proc_ssize_t)(len - i), &point);
        if (n > 1) {
            buffer_add(out, text + i, (size_t)n);
            i += (size_t)n - 1;
            continue;
        }
        n = utf8proc_encode_char(c < 0xA0 ? windows_1252[c - 0x80] : c, bytes);
        buffer_add(out, bytes, (size_t)n);
    }
}

/* True when a NUL stands before or behind each of the first characters: UTF-16
 * without a mark. */
static bool is_bare_utf16(const uint8_t *data, size_t len)
{
    enum { LOOKED_AT = 64 };
    const size_t n = len < LOOKED_AT ? len / 2 * 2 : LOOKED_AT;
    const size_t nul = n > 0 && data[0] == 0 ? 0 : 1;

    for (size_t i = 0; i < n; i += 2) {
        const uint8_t c = data[i + 1 - nul];

        if (data[i + nul] != 0 || c > '~' ||
            (c < ' ' && c != '\t' && c != '\r' && c != '\n'))
            return false;
    }
    return n > 0;
}

int refuse_utf16(const uint8_t *data, size_t len, struct error *err)
{
    if (len >= 2 &&
        (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0 ||
            is_bare_utf16(data, len)))
        return error_set(
            err, ERR_INPUT, 0, "UTF-16 text; save it as UTF-8 or Windows-1252");
    return 0;
}

size_t mark_length(const uint8_t *data, size_t len)
{
    return len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct cell cell_trim(struct cell cell)
{
    for (;;) {
        if (cell.len > 0 && is_blank(cell.text[0])) {
            cell.text++;
            cell.len--;
        } else if (cell.len > 1 && memcmp(cell.text, "\xC2\xA0", 2) == 0) {
            cell.text += 2;
            cell.len -= 2;
        } else {
            break;
        }
    }
    for (;;) {
        if (cell.len > 0 && is_blank(cell.text[cell.len - 1]))
            cell.len--;
        else if (cell.len > 1 &&
                 memcmp(cell.text + cell.len - 2, "\xC2\xA0", 2) == 0)
            cell.len -= 2;
        else
            break;
    }
    return cell;
}

/* The first LF or CR, whichever comes first, looked for in steps: to search
 * the whole rest for the one that is not there, line by line, would take a
 * time that grows with the square of the file. */
static const uint8_t *first_end(const uint8_t *from, size_t len)
{
    const uint8_t *cr, *lf;
    size_t n;

    for (; len > 0; from += n, len -= n) {
        n = len < HEAD_FOR_LF ? len : HEAD_FOR_LF;
        cr = memchr(from, '\r', n);
        lf = memchr(from, '\n', cr != NULL ? (size_t)(cr - from) : n);
        if (lf != NULL || cr != NULL)
            return lf != NULL ? lf : cr;
    }
    return NULL;
}

int next_line(const uint8_t *data, size_t len, size_t *offset,
    const char **line, size_t *line_len)
{
    const size_t head = len < HEAD_FOR_LF ? len : HEAD_FOR_LF;
    const uint8_t *from, *end;
    size_t n;

    if (*offset == 0)
        *offset = mark_length(data, len);
    if (*offset >= len)
        return 0;
    from = data + *offset;
    n = len - *offset;
    end = memchr(data, '\n', head) != NULL ? memchr(from, '\n', n)
                                           : first_end(from, n);
    *line = (const char *)from;
    *line_len = end != NULL ? (size_t)(end - from) : n;
    *offset += *line_len + (end != NULL);
    if (end != NULL && *end == '\r' && *offset < len && data[*offset] == '\n')
        (*offset)++;
    if (*line_len > 0 && from[*line_len - 1] == '\r')
        (*line_len)--;
    return 1;
}

/* ---- tab-separated text -------------------------------------------------- */

struct tsv_line {
    uint32_t number;
    struct buffer utf8; /* of cells that are not ASCII */
    struct cell cells[SHEET_COLUMNS_MAX];
    size_t count;
};

/* Rewrites the cells that are not valid UTF-8. */
static int convert_cells(struct tsv_line *line, struct error *err)
{
    size_t length[SHEET_COLUMNS_MAX];
    size_t i, at;

    line->utf8.len = 0;
    for (i = 0; i < line->count; i++) {
        at = line->utf8.len;
        text_to_utf8(&line->utf8, line->cells[i].text, line->cells[i].len);
        length[i] = line->utf8.len - at;
    }
    if (line->utf8.failed)
        return error_memory(err);
    for (i = 0, at = 0; i < line->count; at += length[i], i++)
        line->cells[i] = (struct cell){
            line->utf8.data != NULL ? line->utf8.data + at : "", length[i]};
    return 0;
}

static int split_line(
    struct tsv_line *line, const char *text, size_t len, struct error *err)
{
    const char *end = text + len, *tab;
    size_t n;

    if (len > SHEET_ROW_MAX)
        return error_set(err, ERR_LIMIT, 0, "line %lu: more than %d bytes",
            (unsigned long)line->number, SHEET_ROW_MAX);
    if (memchr(text, '\0', len) != NULL)
        return error_set(err, ERR_INPUT, 0, "line %lu: NUL byte",
            (unsigned long)line->number);
    line->count = 0;
    for (;; text = tab + 1) {
        tab = memchr(text, '\t', (size_t)(end - text));
        n = (size_t)((tab != NULL ? tab : end) - text);
        if (n > SHEET_CELL_MAX)
            return error_set(err, ERR_LIMIT, 0,
                "line %lu: a cell of more than %d bytes",
                (unsigned long)line->number, SHEET_CELL_MAX);
        if (line->count < SHEET_COLUMNS_MAX)
            line->cells[line->count++] = (struct cell){text, n};
        else if (n > 0)
            return error_set(err, ERR_LIMIT, 0,
                "line %lu: more than %d columns", (unsigned long)line->number,
                SHEET_COLUMNS_MAX);
        if (tab == NULL)
            return 0;
    }
}

int sheet_read_tsv(const uint8_t *data, size_t len, sheet_fn *each,
    void *context, struct error *err)
{
    struct tsv_line line = {.utf8.max = (size_t)4 * SHEET_ROW_MAX};
    const char *text;
    size_t text_len, offset = 0;
    int rc = refuse_utf16(data, len, err);

    while (rc == 0 && next_line(data, len, &offset, &text, &text_len) != 0) {
        line.number++;
        if (text_len == 0)
            continue;
        rc = split_line(&line, text, text_len, err);
        if (rc == 0 && !is_ascii(text, text_len))
            rc = convert_cells(&line, err);
        if (rc == 0)
            rc = each(context, line.number, line.cells, line.count, err);
    }
    buffer_clear(&line.utf8);
    return rc;
}

/* libcsv is fed one physical line at a time, so that the line on which a record
 * starts is known exactly, however many lines its quoted cells run over. */
#include "indexer/files/sheet.h"

#include <csv.h>
#include <string.h>
#include "codesets/core/buffer.h"

enum { FEED = 64 << 10 }; /* bytes given to libcsv at once, and its growth */

struct reader {
    struct csv_parser parser;
    sheet_fn *each;
    void *context;
    struct error *err;
    int rc;         /* what ended the reading, or 0 */
    uint32_t line;  /* being fed */
    uint32_t start; /* line on which the record being read began */
    bool in_record;
    struct buffer text; /* of the record's cells, one behind the other */
    size_t count;
    size_t end[SHEET_COLUMNS_MAX]; /* of each cell, in text */
    struct cell cells[SHEET_COLUMNS_MAX];
};

static int too_long(struct reader *r)
{
    return error_set(r->err, ERR_LIMIT, 0,
        "line %lu: a cell of more than %d bytes (is a quote not closed?)",
        (unsigned long)r->start, SHEET_CELL_MAX);
}

static void on_cell(void *text, size_t len, void *context)
{
    struct reader *r = context;

    if (r->rc != 0)
        return;
    if (len > SHEET_CELL_MAX) {
        r->rc = too_long(r);
    } else if (r->count < SHEET_COLUMNS_MAX) {
        text_to_utf8(&r->text, text, len);
        r->end[r->count++] = r->text.len;
    } else if (len > 0) {
        r->rc =
            error_set(r->err, ERR_LIMIT, 0, "line %lu: more than %d columns",
                (unsigned long)r->start, SHEET_COLUMNS_MAX);
    }
    if (r->text.failed) /* three bytes of UTF-8 for one at most */
        r->rc = r->text.len + 3 * len > SHEET_ROW_MAX
                    ? error_set(r->err, ERR_LIMIT, 0,
                          "line %lu: more than %d bytes in a record",
                          (unsigned long)r->start, SHEET_ROW_MAX)
                    : error_memory(r->err);
}

static void on_record(int terminator, void *context)
{
    struct reader *r = context;
    size_t i, at = 0;

    if (r->rc != 0)
        return;
    for (i = 0; i < r->count; at = r->end[i], i++)
        r->cells[i] = (struct cell){
            r->text.data != NULL ? r->text.data + at : "", r->end[i] - at};
    r->rc = r->each(r->context, r->start, r->cells, r->count, r->err);
    r->text.len = 0;
    r->count = 0;
    r->in_record = false;
}

/* One line or a piece of it, with its end. */
static void feed(struct reader *r, const uint8_t *bytes, size_t len)
{
    size_t n;

    if (memchr(bytes, '\0', len) != NULL) {
        r->rc = error_set(
            r->err, ERR_INPUT, 0, "line %lu: NUL byte", (unsigned long)r->line);
        return;
    }
    if (!r->in_record)
        r->start = r->line;
    r->in_record = true;
    for (; len > 0 && r->rc == 0; bytes += n, len -= n) {
        n = len < FEED ? len : FEED;
        if (csv_parse(&r->parser, bytes, n, on_cell, on_record, r) != n)
            r->rc = error_memory(r->err);
        else if (r->rc == 0 && r->parser.entry_pos > SHEET_CELL_MAX)
            r->rc = too_long(r);
    }
}

/* libcsv passes over a line of blanks between two records. */
static bool is_empty(const struct reader *r, const uint8_t *bytes, size_t len)
{
    size_t i;

    if (r->in_record)
        return false;
    for (i = 0; i < len; i++) {
        if (bytes[i] == r->parser.delim_char ||
            (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r' &&
                bytes[i] != '\n'))
            return false;
    }
    return true;
}

/* Where a byte stands next, from at on; len when nowhere. */
static size_t find(const uint8_t *data, size_t len, size_t at, char byte)
{
    const uint8_t *found = memchr(data + at, byte, len - at);

    return found != NULL ? (size_t)(found - data) : len;
}

/* Splits at CR too, where libcsv ends a record outside quotes; such a CR
 * counts as the end of a line only in a file without LF. */
static void feed_lines(struct reader *r, const uint8_t *data, size_t len)
{
    size_t lf = find(data, len, 0, '\n'), cr = find(data, len, 0, '\r');
    const bool has_lf = lf < len;
    size_t at = 0, end;

    for (r->line = 1; at < len && r->rc == 0; at = end) {
        /* Each is searched for once, not again from every line. */
        if (lf < at)
            lf = find(data, len, at, '\n');
        if (cr < at)
            cr = find(data, len, at, '\r');
        end = cr < lf && cr + 1 != lf ? cr : lf;
        if (end < len)
            end++;
        if (!is_empty(r, data + at, end - at))
            feed(r, data + at, end - at);
        if (data[end - 1] == '\n' || !has_lf)
            r->line++;
    }
}

int sheet_read_csv(const uint8_t *data, size_t len, char delimiter,
    sheet_fn *each, void *context, struct error *err)
{
    struct reader r = {.each = each,
        .context = context,
        .err = err,
        .text.max = SHEET_ROW_MAX};
    const size_t mark = mark_length(data, len);

    r.rc = refuse_utf16(data, len, err);
    if (r.rc != 0)
        return r.rc;
    if (csv_init(&r.parser, 0) != 0)
        return error_memory(err);
    csv_set_delim(&r.parser, (unsigned char)delimiter);
    csv_set_blk_size(&r.parser, FEED);
    feed_lines(&r, data + mark, len - mark);
    /* One more end of line ends the last record, unless it is in quotes. */
    if (r.rc == 0 && r.in_record)
        feed(&r, (const uint8_t *)"\n", 1);
    if (r.rc == 0 && r.in_record)
        r.rc = error_set(err, ERR_INPUT, 0,
            "line %lu: a quote that is never closed", (unsigned long)r.start);
    csv_free(&r.parser);
    buffer_clear(&r.text);
    return r.rc;
}

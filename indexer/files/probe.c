#include "indexer/files/probe.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "codesets/core/buffer.h"
#include "indexer/files/unpack.h"

enum {
    HEAD = 4096, /* bytes that tell the form */
    COUNTED_ROWS = 24,
    BINARY_SHARE = 64 /* one control byte among so many: not text */
};

struct owned_probe {
    struct probe probe; /* first: probe_close() gets its address */
    struct buffer text; /* of all cells */
    size_t at[PROBE_ROWS][PROBE_CELLS]; /* of each cell, in text */
    bool starved;
};

/* ---- the form ------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool begins(const char *text, size_t len, const char *with)
{
    const size_t n = strlen(with);

    return len >= n && strncasecmp(text, with, n) == 0;
}

static bool contains(const char *text, size_t len, const char *what)
{
    for (; len > 0; text++, len--) {
        if (begins(text, len, what))
            return true;
    }
    return false;
}

/* Text of a kind that says so itself, or FORM_LINES. */
static enum form marked_form(const char *head, size_t len)
{
    if (begins(head, len, "%PDF-"))
        return FORM_PDF;
    if (len == 0 || head[0] != '<')
        return FORM_LINES;
    if (begins(head, len, "<!doctype html") || contains(head, len, "<html"))
        return FORM_HTML;
    if (begins(head, len, "<?xml") || contains(head, len, "xmlns") ||
        begins(head, len, "<!--"))
        return FORM_XML;
    return FORM_LINES;
}

/* 0x1A ended a text under DOS and still stands behind some. */
static bool is_control(char c)
{
    return c == 0x7f || (c >= 0 && c < ' ' && c != '\x1a' && !is_blank(c));
}

static bool is_binary(const char *head, size_t len)
{
    size_t i, control = 0;

    for (i = 0; i < len; i++)
        control += is_control(head[i]);
    return control > 1 + len / BINARY_SHARE;
}

/* How many records of a head have how many cells. */
struct shape {
    size_t rows;
    size_t cells[COUNTED_ROWS];
};

static int count_row(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct shape *shape = context;

    shape->cells[shape->rows++] = count;
    return shape->rows == COUNTED_ROWS;
}

/* True when the records are cut alike: a table of four columns or more in at
 * least half of them (notes may stand above it), a narrow one in nearly all.
 * Prose and fixed columns have commas too, but not the same number a line. */
static bool is_table(const struct shape *shape)
{
    size_t i, j, alike, best = 0, columns = 0;

    for (i = 0; i < shape->rows; i++) {
        for (j = 0, alike = 0; j < shape->rows; j++)
            alike += shape->cells[j] == shape->cells[i];
        if (shape->cells[i] > 1 && alike > best) {
            best = alike;
            columns = shape->cells[i];
        }
    }
    if (columns >= 4)
        return 2 * best >= shape->rows;
    return columns > 1 && 10 * best >= 9 * shape->rows;
}

/* True when every comma has a blank behind it and the text is set in columns
 * by runs of blanks: fixed-width lines whose descriptions have commas. */
static bool is_set_in_columns(const char *head, size_t len)
{
    size_t i, runs = 0;

    for (i = 0; i + 2 < len; i++) {
        if (head[i] == ',' && head[i + 1] != ' ')
            return false;
        runs += memcmp(head + i, "   ", 3) == 0;
    }
    return runs > 0;
}

static enum form table_form(
    const struct probe *probe, const uint8_t *data, size_t len)
{
    struct shape tabs = {0}, commas = {0};

    /* What cannot be read this way is not of this form: its number of rows
     * until then tells enough. */
    (void)probe_saw(probe, sheet_read_tsv(data, len, count_row, &tabs, NULL));
    if (is_table(&tabs))
        return FORM_TSV;
    if (is_set_in_columns((const char *)data, len < HEAD ? len : HEAD))
        return FORM_LINES;
    (void)probe_saw(
        probe, sheet_read_csv(data, len, ',', count_row, &commas, NULL));
    return is_table(&commas) ? FORM_CSV : FORM_LINES;
}

static enum form form_of(
    const struct probe *probe, const uint8_t *data, size_t len)
{
    const char *head = (const char *)data;
    size_t n = len < HEAD ? len : HEAD, skip = mark_length(data, len);
    enum form form;

    while (skip < n && is_blank(head[skip]))
        skip++;
    if (skip == len)
        return FORM_EMPTY;
    if (packing_of(data, len) == PACKED_ZIP)
        return sheet_is_xlsx(data, len) ? FORM_XLSX : FORM_BINARY;
    form = marked_form(head + skip, n - skip);
    if (form != FORM_LINES)
        return form;
    if (is_binary(head, n))
        return FORM_BINARY;
    return table_form(probe, data, len);
}

/* ---- the rows ------------------------------------------------------------ */

static int keep_row(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct owned_probe *owned = context;
    struct probe_row *out = &owned->probe.row[owned->probe.rows];
    struct cell cell;
    size_t i;

    out->number = row;
    out->count = count < PROBE_CELLS ? count : PROBE_CELLS;
    for (i = 0; i < out->count; i++) {
        cell = cell_trim(cells[i]);
        if (cell.len > PROBE_TEXT_MAX) {
            cell.len = PROBE_TEXT_MAX;
            while (((unsigned char)cell.text[cell.len] & 0xC0) == 0x80)
                cell.len--; /* not inside a character */
        }
        owned->at[owned->probe.rows][i] = owned->text.len;
        out->cell[i].len = cell.len;
        buffer_add(&owned->text, cell.text, cell.len);
        buffer_addc(&owned->text, '\0');
    }
    if (owned->text.failed)
        return error_memory(err);
    return ++owned->probe.rows == PROBE_ROWS;
}

/* Lines without a delimiter: one cell each, blank ones left out. */
static int keep_lines(struct owned_probe *owned, const uint8_t *data,
    size_t len, struct error *err)
{
    struct buffer utf8 = {.max = (size_t)4 * PROBE_TEXT_MAX};
    struct cell cell;
    const char *line;
    size_t line_len, offset = 0;
    uint32_t number = 0;
    int rc = 0;

    while (rc == 0 && next_line(data, len, &offset, &line, &line_len) != 0) {
        number++;
        utf8.len = 0;
        text_to_utf8(
            &utf8, line, line_len < PROBE_TEXT_MAX ? line_len : PROBE_TEXT_MAX);
        cell = cell_trim((struct cell){utf8.data, utf8.len});
        if (utf8.failed)
            rc = error_memory(err);
        else if (cell.len > 0)
            rc = keep_row(owned, number, &cell, 1, err);
    }
    buffer_clear(&utf8);
    return rc;
}

static int keep_rows(struct owned_probe *owned, const uint8_t *data, size_t len,
    struct error *err)
{
    int rc = 0;

    switch (owned->probe.form) {
    case FORM_LINES:
        rc = keep_lines(owned, data, len, err);
        break;
    case FORM_CSV:
        rc = sheet_read_csv(data, len, ',', keep_row, owned, err);
        break;
    case FORM_TSV:
        rc = sheet_read_tsv(data, len, keep_row, owned, err);
        break;
    case FORM_XLSX:
        rc = sheet_read_xlsx(data, len, keep_row, owned, err);
        break;
    case FORM_HTML:
    case FORM_PDF:
    case FORM_XML:
    case FORM_EMPTY:
    case FORM_BINARY:
        break;
    }
    /* A damage in text is for the source to find, which says on which line:
     * the file may as well be a note that nobody wants to read. */
    if (owned->probe.form != FORM_XLSX && (rc == ERR_INPUT || rc == ERR_LIMIT))
        rc = 0;
    return rc > 0 ? 0 : rc;
}

/* Only now do the texts stay where they are. */
static void place_cells(struct owned_probe *owned)
{
    struct probe *probe = &owned->probe;
    size_t row, i;

    for (row = 0; row < probe->rows; row++) {
        for (i = 0; i < probe->row[row].count; i++)
            probe->row[row].cell[i].text = owned->text.data + owned->at[row][i];
    }
}

/* ---- the name ------------------------------------------------------------ */

/* The last part of a name; without the ending of a packed stream. */
static void set_base(struct owned_probe *owned, const char *name)
{
    static const char *const endings[] = {".xz", ".gz", ".bz2", ".zst"};
    const char *slash = strrchr(name, '/');
    const char *base = slash != NULL ? slash + 1 : name;
    size_t len = strlen(base), end, i;

    for (i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        end = strlen(endings[i]);
        if (len > end && strcasecmp(base + len - end, endings[i]) == 0) {
            len -= end;
            break;
        }
    }
    buffer_add(&owned->text, base, len);
    buffer_addc(&owned->text, '\0');
}

int probe_open(struct probe **out, const struct input *in, struct error *err)
{
    struct owned_probe *owned = calloc(1, sizeof *owned);
    int rc;

    if (owned == NULL)
        return error_memory(err);
    owned->probe.in = in;
    owned->probe.told_release = "";
    owned->probe.starved = &owned->starved;
    set_base(owned, in->name);
    rc = refuse_utf16(in->data, in->len, err);
    if (rc == 0) {
        owned->probe.form = form_of(&owned->probe, in->data, in->len);
        rc = keep_rows(owned, in->data, in->len, err);
    }
    if (rc == 0 && (owned->text.failed || owned->starved))
        rc = error_memory(err);
    if (rc != 0) {
        probe_close(&owned->probe);
        return rc;
    }
    place_cells(owned);
    owned->probe.base = owned->text.data;
    *out = &owned->probe;
    return 0;
}

void probe_close(struct probe *probe)
{
    struct owned_probe *owned = (struct owned_probe *)probe;

    if (owned == NULL)
        return;
    buffer_clear(&owned->text);
    free(owned);
}

/* A workbook is read in four steps, each a pass over one part of the zip:
 * xl/workbook.xml names the sheets in their order, its .rels say in which part
 * each lies, xl/sharedStrings.xml holds the texts, and the sheet refers to
 * them by number. */
#include "indexer/files/sheet.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codesets/core/buffer.h"
#include "indexer/files/sheet_xml.h"

enum {
    WORKBOOK_SHEETS_MAX = 256,
    SHEET_ID_MAX = 64,
    PART_NAME_MAX = 512,
    ROW_NUMBER_MAX = 1048576 /* of the format */
};

/* ---- which part holds the first visible sheet ---------------------------- */

struct workbook {
    char ids[WORKBOOK_SHEETS_MAX][SHEET_ID_MAX]; /* visible sheets, in order */
    size_t count;
    size_t best; /* the first of ids that a worksheet was found for */
    char part[PART_NAME_MAX];
};

/* The r:id of <sheet name="…" sheetId="…" r:id="…"/>. */
static int workbook_start(
    void *context, const char *name, const char **attributes, struct error *err)
{
    struct workbook *book = context;
    const char *state, *id;

    if (strcmp(name, "sheet") != 0 || book->count == WORKBOOK_SHEETS_MAX)
        return 0;
    state = xml_attribute(attributes, "state");
    id = xml_attribute(attributes, "id");
    if (id == NULL || strlen(id) >= SHEET_ID_MAX ||
        (state != NULL && strcmp(state, "visible") != 0))
        return 0;
    memcpy(book->ids[book->count++], id, strlen(id) + 1);
    return 0;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t len = strlen(text), end_len = strlen(end);

    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static int relations_start(
    void *context, const char *name, const char **attributes, struct error *err)
{
    struct workbook *book = context;
    const char *id, *type, *target, *folder;
    size_t i;

    if (strcmp(name, "Relationship") != 0)
        return 0;
    id = xml_attribute(attributes, "Id");
    type = xml_attribute(attributes, "Type");
    target = xml_attribute(attributes, "Target");
    if (id == NULL || type == NULL || target == NULL ||
        !ends_with(type, "/worksheet"))
        return 0;
    for (i = 0; i < book->best && strcmp(book->ids[i], id) != 0; i++)
        ;
    folder = target[0] == '/' ? "" : "xl/";
    target += target[0] == '/';
    if (i == book->best || strlen(folder) + strlen(target) >= sizeof book->part)
        return 0;
    book->best = i;
    (void)snprintf(book->part, sizeof book->part, "%s%s", folder, target);
    return 0;
}

/* Sets book->part. A workbook whose list cannot be followed is tried under
 * the name that every program gives its first sheet. */
static int find_sheet(
    struct workbook *book, const uint8_t *data, size_t len, struct error *err)
{
    const struct xml_reader sheets = {.start = workbook_start, .context = book};
    const struct xml_reader relations = {
        .start = relations_start, .context = book};
    int rc;

    rc = xml_read_part(data, len, "xl/workbook.xml", &sheets, err);
    if (rc != 0 && rc != ERR_NOTFOUND)
        return rc;
    book->best = book->count;
    rc =
        xml_read_part(data, len, "xl/_rels/workbook.xml.rels", &relations, err);
    if (rc != 0 && rc != ERR_NOTFOUND)
        return rc;
    if (book->best == book->count)
        (void)snprintf(
            book->part, sizeof book->part, "xl/worksheets/sheet1.xml");
    return 0;
}

/* ---- the texts ----------------------------------------------------------- */

/* String i is text.data[i == 0 ? 0 : end[i - 1]] up to end[i]. */
struct strings {
    struct buffer text;
    uint32_t *end; /* owned */
    size_t count, capacity;
    bool in_text; /* inside <t> */
    bool in_rph;  /* inside <rPh>: how to pronounce it, not what it says */
};

static int strings_start(
    void *context, const char *name, const char **attributes, struct error *err)
{
    struct strings *strings = context;

    if (strcmp(name, "t") == 0)
        strings->in_text = true;
    else if (strcmp(name, "rPh") == 0)
        strings->in_rph = true;
    return 0;
}

static int strings_push(struct strings *strings, struct error *err)
{
    size_t capacity;
    uint32_t *end;

    if (strings->count == SHEET_STRINGS_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "xl/sharedStrings.xml: more than %d strings", SHEET_STRINGS_MAX);
    if (strings->count == strings->capacity) {
        capacity = strings->capacity != 0 ? 2 * strings->capacity : 4096;
        end = realloc(strings->end, capacity * sizeof *end);
        if (end == NULL)
            return error_memory(err);
        strings->end = end;
        strings->capacity = capacity;
    }
    strings->end[strings->count++] = (uint32_t)strings->text.len;
    return 0;
}

static int strings_end(void *context, const char *name, struct error *err)
{
    struct strings *strings = context;

    if (strcmp(name, "t") == 0)
        strings->in_text = false;
    else if (strcmp(name, "rPh") == 0)
        strings->in_rph = false;
    else if (strcmp(name, "si") == 0)
        return strings_push(strings, err);
    return 0;
}

static int strings_text(
    void *context, const char *text, size_t len, struct error *err)
{
    struct strings *strings = context;

    if (!strings->in_text || strings->in_rph)
        return 0;
    buffer_add(&strings->text, text, len);
    if (!strings->text.failed)
        return 0;
    if (strings->text.len + len > SHEET_TEXT_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "xl/sharedStrings.xml: more than %d bytes of text", SHEET_TEXT_MAX);
    return error_memory(err);
}

static int read_strings(
    struct strings *strings, const uint8_t *data, size_t len, struct error *err)
{
    const struct xml_reader reader = {.start = strings_start,
        .end = strings_end,
        .text = strings_text,
        .context = strings};
    int rc;

    strings->text.max = SHEET_TEXT_MAX;
    rc = xml_read_part(data, len, "xl/sharedStrings.xml", &reader, err);
    return rc == ERR_NOTFOUND ? 0 : rc; /* a sheet of numbers has none */
}

/* ---- the sheet ----------------------------------------------------------- */

enum cell_type { CELL_PLAIN, CELL_SHARED, CELL_INLINE, CELL_BOOLEAN };

struct place {
    const char *base; /* the shared text, or NULL: the row's own */
    size_t at, len;
};

struct sheet {
    const struct strings *strings;
    sheet_fn *each;
    void *context;
    uint32_t row; /* number of the row being read, or of the last one */
    bool in_row, in_cell, in_value, in_rph;
    enum cell_type type;
    size_t column;    /* of the cell being read, or of the next, from 0 */
    size_t starts_at; /* in text, of the cell being read */
    struct buffer text;
    size_t count; /* places used: up to the last cell that is not empty */
    struct place place[SHEET_COLUMNS_MAX];
    struct cell cells[SHEET_COLUMNS_MAX];
};

static int row_number(struct sheet *sheet, const char *r, struct error *err)
{
    unsigned long number = 0;
    size_t i;

    if (r == NULL) {
        number = (unsigned long)sheet->row + 1;
    } else {
        for (i = 0; r[i] >= '0' && r[i] <= '9' && i < 8; i++)
            number = 10 * number + (unsigned long)(r[i] - '0');
        if (r[i] != '\0')
            number = 0;
    }
    if (number == 0 || number > ROW_NUMBER_MAX)
        return error_set(err, ERR_INPUT, 0,
            "row after %lu: its number is wrong", (unsigned long)sheet->row);
    sheet->row = (uint32_t)number;
    return 0;
}

/* "C12" is column 2. Without letters the cell follows the one before. */
static size_t column_number(const char *r, size_t next)
{
    size_t column = 0, i;

    if (r == NULL || r[0] < 'A' || r[0] > 'Z')
        return next;
    for (i = 0; r[i] >= 'A' && r[i] <= 'Z' && i < 4; i++)
        column = 26 * column + (size_t)(r[i] - 'A') + 1;
    return column - 1;
}

static enum cell_type cell_type(const char *t)
{
    if (t == NULL)
        return CELL_PLAIN;
    if (strcmp(t, "s") == 0)
        return CELL_SHARED;
    if (strcmp(t, "inlineStr") == 0)
        return CELL_INLINE;
    if (strcmp(t, "b") == 0)
        return CELL_BOOLEAN;
    return CELL_PLAIN; /* n, str, e, d: as written */
}

static int sheet_start(
    void *context, const char *name, const char **attributes, struct error *err)
{
    struct sheet *sheet = context;

    if (strcmp(name, "row") == 0) {
        sheet->in_row = true;
        sheet->in_cell = false;
        sheet->column = 0;
        sheet->count = 0;
        sheet->text.len = 0;
        return row_number(sheet, xml_attribute(attributes, "r"), err);
    }
    if (!sheet->in_row)
        return 0;
    if (strcmp(name, "c") == 0) {
        sheet->in_cell = true;
        sheet->in_value = false;
        sheet->in_rph = false;
        sheet->starts_at = sheet->text.len;
        sheet->type = cell_type(xml_attribute(attributes, "t"));
        sheet->column =
            column_number(xml_attribute(attributes, "r"), sheet->column);
    } else if (strcmp(name, "rPh") == 0) {
        sheet->in_rph = true;
    } else if (strcmp(name, sheet->type == CELL_INLINE ? "t" : "v") == 0) {
        sheet->in_value = sheet->in_cell;
    }
    return 0;
}

static int sheet_text(
    void *context, const char *text, size_t len, struct error *err)
{
    struct sheet *sheet = context;

    if (!sheet->in_value || sheet->in_rph)
        return 0;
    if (sheet->text.len - sheet->starts_at + len > SHEET_CELL_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "row %lu: a cell of more than %d bytes", (unsigned long)sheet->row,
            SHEET_CELL_MAX);
    buffer_add(&sheet->text, text, len);
    if (!sheet->text.failed)
        return 0;
    if (sheet->text.len + len > SHEET_ROW_MAX)
        return error_set(err, ERR_LIMIT, 0, "row %lu: more than %d bytes",
            (unsigned long)sheet->row, SHEET_ROW_MAX);
    return error_memory(err);
}

/* Puts the shared string that the cell's digits name in its place. */
static int find_shared(
    struct sheet *sheet, struct place *place, struct error *err)
{
    const struct strings *strings = sheet->strings;
    const char *digits = sheet->text.data + place->at;
    size_t index = 0, i;

    for (i = 0; i < place->len && i < 9; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            break;
        index = 10 * index + (size_t)(digits[i] - '0');
    }
    if (i != place->len || index >= strings->count)
        return error_set(err, ERR_INPUT, 0,
            "row %lu: a shared string that the workbook does not have",
            (unsigned long)sheet->row);
    place->base = strings->text.data;
    place->at = index == 0 ? 0 : strings->end[index - 1];
    place->len = strings->end[index] - place->at;
    return 0;
}

static int end_cell(struct sheet *sheet, struct error *err)
{
    struct place place = {
        NULL, sheet->starts_at, sheet->text.len - sheet->starts_at};
    const size_t column = sheet->column++;
    int rc;

    sheet->in_cell = false;
    sheet->in_value = false;
    if (place.len == 0)
        return 0;
    if (sheet->type == CELL_SHARED) {
        rc = find_shared(sheet, &place, err);
        if (rc != 0)
            return rc;
    } else if (sheet->type == CELL_BOOLEAN) {
        place.base = sheet->text.data[place.at] == '1' ? "TRUE" : "FALSE";
        place.at = 0;
        place.len = strlen(place.base);
    }
    if (place.len == 0)
        return 0;
    if (column >= SHEET_COLUMNS_MAX)
        return error_set(err, ERR_LIMIT, 0, "row %lu: more than %d columns",
            (unsigned long)sheet->row, SHEET_COLUMNS_MAX);
    while (sheet->count <= column)
        sheet->place[sheet->count++] = (struct place){NULL, 0, 0};
    sheet->place[column] = place;
    return 0;
}

static int end_row(struct sheet *sheet, struct error *err)
{
    const struct place *place;
    size_t i;

    sheet->in_row = false;
    if (sheet->count == 0)
        return 0;
    for (i = 0; i < sheet->count; i++) {
        place = &sheet->place[i];
        sheet->cells[i].len = place->len;
        if (place->len == 0)
            sheet->cells[i].text = "";
        else
            sheet->cells[i].text =
                (place->base != NULL ? place->base : sheet->text.data) +
                place->at;
    }
    return sheet->each(
        sheet->context, sheet->row, sheet->cells, sheet->count, err);
}

static int sheet_end(void *context, const char *name, struct error *err)
{
    struct sheet *sheet = context;

    if (!sheet->in_row)
        return 0;
    if (strcmp(name, "row") == 0)
        return end_row(sheet, err);
    if (!sheet->in_cell)
        return 0;
    if (strcmp(name, "c") == 0)
        return end_cell(sheet, err);
    if (strcmp(name, "rPh") == 0)
        sheet->in_rph = false;
    else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        sheet->in_value = false;
    return 0;
}

static int read_sheet(const char *part, const struct strings *strings,
    const uint8_t *data, size_t len, sheet_fn *each, void *context,
    struct error *err)
{
    struct sheet *sheet = calloc(1, sizeof *sheet);
    const struct xml_reader reader = {.start = sheet_start,
        .end = sheet_end,
        .text = sheet_text,
        .context = sheet};
    int rc;

    if (sheet == NULL)
        return error_memory(err);
    sheet->strings = strings;
    sheet->each = each;
    sheet->context = context;
    sheet->text.max = SHEET_ROW_MAX;
    rc = xml_read_part(data, len, part, &reader, err);
    if (rc == ERR_NOTFOUND)
        rc = error_set(
            err, ERR_INPUT, 0, "the workbook has no worksheet (%s)", part);
    buffer_clear(&sheet->text);
    free(sheet);
    return rc;
}

int sheet_read_xlsx(const uint8_t *data, size_t len, sheet_fn *each,
    void *context, struct error *err)
{
    struct workbook *book = calloc(1, sizeof *book);
    struct strings strings = {.end = NULL};
    int rc;

    if (book == NULL)
        return error_memory(err);
    rc = find_sheet(book, data, len, err);
    if (rc == 0)
        rc = read_strings(&strings, data, len, err);
    if (rc == 0)
        rc = read_sheet(book->part, &strings, data, len, each, context, err);
    buffer_clear(&strings.text);
    free(strings.end);
    free(book);
    return rc;
}

bool sheet_is_xlsx(const uint8_t *data, size_t len)
{
    const struct xml_reader nothing = {.start = NULL};
    struct error err = {0};

    return xml_read_part(data, len, "xl/workbook.xml", &nothing, &err) !=
           ERR_NOTFOUND;
}

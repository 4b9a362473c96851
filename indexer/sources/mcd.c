/* One table of the Medicare Coverage Database, as a CSV: by its heading, which
 * in captures may stand in the middle of the rows. Rows of another width than
 * the heading are refused: a quote went wrong there. */
#include "indexer/sources/mcd.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <xxhash.h>

#include "codesets/core/buffer.h"
#include "codesets/core/code.h"
#include "indexer/files/html_text.h"
#include "indexer/sources/common.h"
#include "indexer/sources/sources.h"

enum {
    BOUND_MAX = 32,       /* columns that a layout knows */
    MISPLACED_MAX = 4096, /* rows looked at for a heading further down */
    LEAST_CELLS = 2,      /* of the narrowest table */
    FOUND_HEADING = 1,    /* ends a reading */
    TOO_MANY = 2
};

/* A cell of the heading for each column of the layout; 0 for none. */
struct bound {
    const struct mcd_layout *layout;
    size_t cells; /* of the heading */
    uint16_t at[BOUND_MAX];
};

/* --- recognition -----------------------------------------------------------
 */

static bool is_label(struct cell cell, const char *labels)
{
    for (;;) {
        const size_t len = strcspn(labels, "|");

        if (cell.len == len && strncasecmp(cell.text, labels, len) == 0)
            return true;
        if (labels[len] == '\0')
            return false;
        labels += len + 1;
    }
}

/* True when every needed column of the layout stands in the row. */
static bool bind(struct bound *out, const struct mcd_layout *layout,
    const struct cell *cells, size_t count)
{
    *out = (struct bound){.layout = layout, .cells = count};
    for (size_t c = 0; c < layout->columns; c++) {
        for (size_t i = 0; i < count && out->at[c] == 0; i++)
            if (is_label(cell_trim(cells[i]), layout->column[c].labels))
                out->at[c] = (uint16_t)(i + 1);
        if (out->at[c] == 0 && layout->column[c].needed)
            return false;
    }
    return true;
}

static bool bind_any(struct bound *out, enum mcd_table *table,
    const struct cell *cells, size_t count)
{
    for (int t = 0; t < MCD_TABLES; t++)
        if (bind(out, mcd_layout((enum mcd_table)t), cells, count)) {
            *table = (enum mcd_table)t;
            return true;
        }
    return false;
}

/* A heading below the rows that it names. */
struct look {
    struct bound bound;
    enum mcd_table table;
    uint32_t row; /* its line */
    uint32_t rows;
};

static int look_for_heading(void *context, uint32_t row,
    const struct cell *cells, size_t count, struct error *err)
{
    struct look *look = context;

    look->row = row;
    if (bind_any(&look->bound, &look->table, cells, count))
        return FOUND_HEADING;
    return ++look->rows == MISPLACED_MAX ? TOO_MANY : 0;
}

/* Rows of a table begin with two numbers: only such a file is searched. */
static bool begins_with_numbers(const struct probe *probe)
{
    const struct probe_row *row = &probe->row[0];
    uint32_t number;

    return probe->rows > 0 && row->count > LEAST_CELLS &&
           cell_number(row->cell[0], &number) &&
           cell_number(row->cell[1], &number);
}

static bool find_heading(const struct probe *probe, struct look *out)
{
    *out = (struct look){0};
    if (probe->form != FORM_CSV || probe->rows == 0)
        return false;
    if (bind_any(&out->bound, &out->table, probe->row[0].cell,
            probe->row[0].count)) {
        out->row = probe->row[0].number;
        return true;
    }
    return begins_with_numbers(probe) &&
           probe_saw(probe, sheet_read_csv(probe->in->data, probe->in->len, ',',
                                look_for_heading, out, NULL)) == FOUND_HEADING;
}

/* What came together: the members of one file on disk, or the files of one
 * folder. A packed CSV counts as the file that it is. */
static uint64_t set_of(const struct input *in)
{
    const char *slash = strrchr(in->disk_path, '/');
    const char *base = slash != NULL ? slash + 1 : in->disk_path;
    const size_t name_len = strlen(in->name), base_len = strlen(base);
    const bool loose =
        name_len >= base_len &&
        strcmp(in->name + name_len - base_len, base) == 0 &&
        (name_len == base_len || in->name[name_len - base_len - 1] == '/');

    return XXH3_64bits(in->disk_path,
        loose ? (size_t)(base - in->disk_path) : strlen(in->disk_path));
}

static bool recognise(const struct probe *probe, struct identity *out)
{
    struct look look;
    day_t day;

    if (!find_heading(probe, &look))
        return false;
    *out = (struct identity){.table = TABLE_COVERAGE,
        .part = (int)look.table + 1,
        .kind = mcd_layout(look.table)->name,
        .set = set_of(probe->in),
        .release = MCD_RELEASE_OPEN,
        .from = 0,
        .to = 1};
    if (parse_any_day(&day, probe->told_release, strlen(probe->told_release)) ==
        0) {
        (void)day_format(out->release, day);
        out->from = day;
        out->to = day + COVERAGE_PERIOD - 1;
    }
    return true;
}

/* --- rows ------------------------------------------------------------------
 */

struct reader {
    struct batch *batch;
    struct bound bound;
    uint32_t heading; /* line of the heading */
    enum mcd_table table;
    struct buffer text;
    uint32_t row[TABLE_COLUMNS_MAX]; /* the row being made */
    uint32_t line;
    bool refused;
};

static void refuse(struct reader *r, const char *column, const char *reason)
{
    if (!r->refused)
        batch_refuse(r->batch, r->line, column, "%s", reason);
    r->refused = true;
}

static uint32_t add_text(struct reader *r, struct cell cell)
{
    return texts_add(r->batch->texts, cell.text, cell.len);
}

/* "2024-07-01", "2024-07-01 00:00:00", "7/1/2024 12:00:00 AM": the day before
 * the first blank or T. What does not begin with a digit ("N/A", a sentence)
 * tells no day; 9999 stands for an open end. */
static int parse_day(day_t *out, bool *told, struct cell cell)
{
    size_t len = 0;

    *told = cell.len > 0 && cell.text[0] >= '0' && cell.text[0] <= '9';
    if (!*told)
        return 0;
    while (len < cell.len && cell.text[len] != ' ' && cell.text[len] != 'T')
        len++;
    if (len >= 4 && (memcmp(cell.text, "9999", 4) == 0 ||
                        memcmp(cell.text + len - 4, "9999", 4) == 0)) {
        *told = false;
        return 0;
    }
    return parse_any_day(out, cell.text, len);
}

static uint32_t compact(day_t day)
{
    int year, month, mday;

    day_to_civil(day, &year, &month, &mday);
    return (uint32_t)(year * 10000 + month * 100 + mday);
}

static uint32_t read_day(
    struct reader *r, const struct mcd_column *column, struct cell cell)
{
    char text[16];
    day_t day;
    bool told;

    if (parse_day(&day, &told, cell) != 0) {
        refuse(r, column->labels, "not a date of any known form");
        return TEXT_EMPTY;
    }
    if (!told)
        return TEXT_EMPTY;
    if (column->value == VALUE_UPDATED && compact(day) > r->batch->id.published)
        r->batch->id.published = compact(day);
    (void)snprintf(text, sizeof text, "%u", compact(day));
    return add_text(r, cell_of(text));
}

static bool all_alphanumeric(struct cell cell)
{
    for (size_t i = 0; i < cell.len; i++)
        if (!((cell.text[i] >= '0' && cell.text[i] <= '9') ||
                (cell.text[i] >= 'A' && cell.text[i] <= 'Z')))
            return false;
    return cell.len > 0;
}

static uint32_t read_diagnosis(
    struct reader *r, const struct mcd_column *column, struct cell cell)
{
    char code[ICD_MAX + 1];

    if (cell.len > 4 && cell.len <= ICD_MAX + 1 && cell.text[3] == '.') {
        memcpy(code, cell.text, 3);
        memcpy(code + 3, cell.text + 4, cell.len - 4);
        cell = (struct cell){code, cell.len - 1};
    }
    if (!icd_shaped(cell.text, cell.len))
        refuse(r, column->labels, "not of an ICD-10-CM code's shape");
    return add_text(r, cell);
}

/* The publisher's words for "not applicable" and "to be determined" in lists of
 * each kind of code. */
static bool is_placeholder(enum coverage_list list, struct cell cell)
{
    return cell_is(cell, COVERAGE_PLACEHOLDER) ||
           (list == COVERAGE_BILL_TYPES &&
               (cell_is(cell, "999") || cell_is(cell, "0"))) ||
           (list == COVERAGE_REVENUE && cell_is(cell, "99999"));
}

static uint32_t read_code(
    struct reader *r, const struct mcd_column *column, struct cell cell)
{
    const enum coverage_list list = r->bound.layout->list;
    uint32_t number;

    if (is_placeholder(list, cell))
        return add_text(r, cell_of(COVERAGE_PLACEHOLDER));
    switch (list) {
    case COVERAGE_PROCEDURES:
        if (cell.len != PROC_LEN || proc_pack(cell.text) == PROC_NONE)
            refuse(r, column->labels, "not of a procedure code's shape");
        break;
    case COVERAGE_COVERED:
    case COVERAGE_NONCOVERED:
        return read_diagnosis(r, column, cell);
    case COVERAGE_MODIFIERS:
        if (cell.len != MODIFIER_LEN || !all_alphanumeric(cell))
            refuse(r, column->labels, "not the two characters of a modifier");
        break;
    case COVERAGE_DOCUMENT_STATES:
        if (!cell_number(cell, &number))
            refuse(r, column->labels, "not a number");
        break;
    default:
        if (cell.len > 4 || !all_alphanumeric(cell))
            refuse(r, column->labels, "not up to four letters and digits");
    }
    return add_text(r, cell);
}

static uint32_t read_number(
    struct reader *r, const struct mcd_column *column, struct cell cell)
{
    uint32_t number;
    char text[16];

    if (cell.len == 0 && column->value == VALUE_NUMBER)
        return TEXT_EMPTY;
    if (!cell_number(cell, &number)) {
        refuse(r, column->labels, "not a number");
        return TEXT_EMPTY;
    }
    (void)snprintf(text, sizeof text, "%u", number);
    return add_text(r, cell_of(text));
}

static uint32_t read_text(struct reader *r, struct cell cell)
{
    r->text.len = 0;
    html_to_text(&r->text, cell.text, cell.len);
    return r->text.len == 0
               ? TEXT_EMPTY
               : add_text(r, (struct cell){r->text.data, r->text.len});
}

static uint32_t read_value(
    struct reader *r, const struct mcd_column *column, struct cell cell)
{
    char letter;

    switch (column->value) {
    case VALUE_ID:
    case VALUE_NUMBER:
        return read_number(r, column, cell);
    case VALUE_DAY:
    case VALUE_UPDATED:
        return read_day(r, column, cell);
    case VALUE_CODE:
        return read_code(r, column, cell);
    case VALUE_ASTERISK:
        /* "*" or "Y" marks the code; what else says no is left out. */
        return cell.len > 0 && strchr("*Yy1", cell.text[0]) != NULL
                   ? add_text(r, cell_of("*"))
                   : TEXT_EMPTY;
    case VALUE_LETTER:
        if (cell.len == 0)
            return TEXT_EMPTY;
        letter = (char)(cell.text[0] >= 'a' && cell.text[0] <= 'z'
                            ? cell.text[0] - 'a' + 'A'
                            : cell.text[0]);
        return add_text(r, (struct cell){&letter, 1});
    default:
        return read_text(r, cell);
    }
}

static int read_row(void *context, uint32_t line, const struct cell *cells,
    size_t count, struct error *err)
{
    struct reader *r = context;
    const struct mcd_layout *layout = r->bound.layout;

    if (line == r->heading || row_is_blank(cells, count))
        return 0;
    memset(r->row, 0, sizeof r->row); /* TEXT_EMPTY */
    r->line = line;
    r->refused = false;
    if (count != r->bound.cells)
        refuse(r, "row", "not as many cells as the heading");
    for (size_t c = 0; c < layout->columns && !r->refused; c++) {
        const struct mcd_column *column = &layout->column[c];
        uint32_t text;

        if (r->bound.at[c] == 0)
            continue;
        text =
            read_value(r, column, cell_at(cells, count, r->bound.at[c] - 1u));
        if (column->slot != MCD_NOT_KEPT)
            r->row[column->slot] = text;
    }
    if (r->text.failed)
        return error_memory(err);
    return r->refused ? 0 : batch_add(r->batch, r->row, line, 1, err);
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    struct reader r = {.batch = batch};
    struct look look;
    int rc;

    if (!find_heading(probe, &look))
        return error_set(err, ERR_INPUT, 0, "the heading is not to be found");
    r.bound = look.bound;
    r.heading = look.row;
    r.table = look.table;
    batch->columns = r.bound.layout->slots;
    rc =
        sheet_read_csv(probe->in->data, probe->in->len, ',', read_row, &r, err);
    buffer_clear(&r.text);
    if (rc == 0 && batch->rows == 0 && batch->refused > 0)
        rc = error_set(err, ERR_INPUT, 0, "holds no row that can be used");
    /* The few states that are told apart may be none in a release. */
    if (rc == 0 && batch->rows == 0 && r.bound.layout->bulk &&
        r.table != MCD_ARTICLE_STATE)
        rc = error_set(err, ERR_INPUT, 0, "a heading without any row");
    return rc;
}

const struct source source_mcd = {"mcd", recognise, read_all};

#include "indexer/sources/heading.h"

#include <string.h>

#include "codesets/core/buffer.h"
#include "indexer/sources/release.h"

enum { LABEL_MAX = 64 };
enum { HEADING_IS = 1, HEADING_IS_NOT = 2 }; /* what ends a look at a file */

/* True when the cell is one of the labels "a|b|*c". */
static bool label_among(struct cell cell, const char *labels)
{
    while (*labels != '\0') {
        const size_t len = strcspn(labels, "|");
        char label[LABEL_MAX];

        if (len < sizeof label) {
            memcpy(label, labels, len);
            label[len] = '\0';
            if (label[0] == '*' ? label_has(cell, label + 1)
                                : label_is(cell, label))
                return true;
        }
        labels += len + (labels[len] == '|');
    }
    return false;
}

/* The index of the first heading that the cell can be, or headings. */
static size_t find_heading(
    struct cell cell, const struct heading *heading, size_t headings)
{
    size_t i = 0;

    while (i < headings && !label_among(cell, heading[i].labels))
        i++;
    return i;
}

bool heading_found(const struct heading *heading, size_t headings,
    const struct cell *cells, size_t count)
{
    for (size_t h = 0; h < headings; h++) {
        size_t i = 0;

        if (!heading[h].needed)
            continue;
        while (i < count && !label_among(cells[i], heading[h].labels))
            i++;
        if (i == count)
            return false;
    }
    return true;
}

size_t heading_known(const struct heading *heading, size_t headings,
    const struct cell *cells, size_t count)
{
    size_t known = 0;

    for (size_t i = 0; i < count; i++)
        known += find_heading(cells[i], heading, headings) < headings;
    return known;
}

int heading_lacks(const struct heading *heading, size_t headings,
    const struct cell *cells, size_t count, struct error *err)
{
    struct buffer names = {.max = ERROR_MESSAGE_MAX};
    const char *label = "";
    int rc;

    for (size_t h = 0; h < headings && *label == '\0'; h++)
        if (!heading_found(&heading[h], 1, cells, count))
            label = heading[h].labels + (heading[h].labels[0] == '*');
    for (size_t i = 0; i < count; i++) {
        const struct cell cell = cell_trim(cells[i]);

        if (cell.len > 0)
            buffer_addf(&names, "%s'%.*s'", names.len == 0 ? "" : ", ",
                cell.len < 40 ? (int)cell.len : 40, cell.text);
    }
    rc = error_set(err, ERR_INPUT, 0,
        "the heading has no column '%.*s'; it has %.*s",
        (int)strcspn(label, "|"), label, (int)names.len,
        names.len > 0 ? names.data : "");
    buffer_clear(&names);
    return rc;
}

int heading_bind(struct binding *out, const struct heading *heading,
    size_t headings, const struct cell *cells, size_t count,
    struct batch *batch, struct error *err)
{
    *out = (struct binding){{0}};
    for (size_t i = 0; i < count && i < UINT16_MAX; i++) {
        const struct cell cell = cell_trim(cells[i]);
        const size_t h = find_heading(cell, heading, headings);

        if (cell.len == 0)
            continue;
        if (h == headings) {
            batch_warn(batch, "column %zu, '%.*s', is not known and not kept",
                i + 1, cell.len < 40 ? (int)cell.len : 40, cell.text);
            continue;
        }
        if (heading[h].column == BINDING_IGNORED)
            continue;
        if (out->at[heading[h].column] != 0)
            return error_set(err, ERR_INPUT, 0,
                "columns %d and %zu both say '%s'", out->at[heading[h].column],
                i + 1, heading[h].labels);
        out->at[heading[h].column] = (uint16_t)(i + 1);
    }
    for (size_t h = 0; h < headings; h++)
        if (heading[h].needed && heading[h].column != BINDING_IGNORED &&
            out->at[heading[h].column] == 0)
            return error_set(err, ERR_INPUT, 0,
                "the heading has no column '%s'", heading[h].labels);
    return 0;
}

struct cell bound_cell(const struct binding *binding, size_t column,
    const struct cell *cells, size_t count)
{
    const size_t at = binding->at[column];

    return at == 0 ? (struct cell){"", 0} : cell_at(cells, count, at - 1);
}

struct cell row_cell(const struct bound_row *row, size_t column)
{
    return bound_cell(row->binding, column, row->cells, row->count);
}

static bool is_note(
    const struct table_layout *layout, const struct cell *cells, size_t count)
{
    const struct cell first = cell_at(cells, count, 0);

    return layout->tabs_and_notes && first.len > 0 && first.text[0] == '#';
}

const struct probe_row *table_heading(
    const struct probe *probe, const struct table_layout *layout)
{
    if (layout->tabs_and_notes ||
        (probe->form != FORM_CSV && probe->form != FORM_XLSX &&
            probe->form != FORM_TSV))
        return NULL;
    for (size_t i = 0; i < probe->rows; i++)
        if (heading_found(layout->heading, layout->headings, probe->row[i].cell,
                probe->row[i].count))
            return &probe->row[i];
    return NULL;
}

/* Stops at the first line that is neither blank nor a note. */
static int look_at_heading(void *context, uint32_t row,
    const struct cell *cells, size_t count, struct error *err)
{
    const struct table_layout *layout = context;

    if (row_is_blank(cells, count) || is_note(layout, cells, count))
        return 0;
    return heading_found(layout->heading, layout->headings, cells, count)
               ? HEADING_IS
               : HEADING_IS_NOT;
}

bool table_found(const struct probe *probe, const struct table_layout *layout)
{
    struct table_layout look = *layout;

    if (!layout->tabs_and_notes)
        return table_heading(probe, layout) != NULL;
    return probe_is_text(probe) &&
           probe_saw(probe, sheet_read_tsv(probe->in->data, probe->in->len,
                                look_at_heading, &look, NULL)) == HEADING_IS;
}

struct table_reader {
    const struct table_layout *layout;
    struct batch *batch;
    bool bound;
    struct binding binding;
};

static int read_table_row(void *context, uint32_t line,
    const struct cell *cells, size_t count, struct error *err)
{
    struct table_reader *r = context;
    const struct table_layout *layout = r->layout;
    const struct bound_row row = {&r->binding, cells, count};
    struct record record;

    if (row_is_blank(cells, count) || is_note(layout, cells, count))
        return 0;
    if (!r->bound) {
        if (!heading_found(layout->heading, layout->headings, cells, count))
            return 0;
        r->bound = true;
        return heading_bind(&r->binding, layout->heading, layout->headings,
            cells, count, r->batch, err);
    }
    record_begin(&record, r->batch, line);
    layout->read_row(&record, &row);
    return record_end(&record, err);
}

int table_read(const struct probe *probe, const struct table_layout *layout,
    struct batch *batch, struct error *err)
{
    struct table_reader r = {.layout = layout, .batch = batch};
    int rc = identity_check(&batch->id, err);

    if (rc == 0 && layout->tabs_and_notes)
        rc = sheet_read_tsv(
            probe->in->data, probe->in->len, read_table_row, &r, err);
    else if (rc == 0 && probe->form == FORM_TSV && layout->quoted_tabs)
        rc = sheet_read_csv(
            probe->in->data, probe->in->len, '\t', read_table_row, &r, err);
    else if (rc == 0)
        rc = rows_read(probe, read_table_row, &r, err);
    if (rc == 0 && !r.bound)
        rc = error_set(err, ERR_INPUT, 0, "the heading is not to be found");
    return rc;
}

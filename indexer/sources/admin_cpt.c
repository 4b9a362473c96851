/* The administrator's licensed CPT descriptors: tab-separated lines under a
 * heading that names the code and one or more texts, or without any heading a
 * code and one text, as the AMA's LONGULT.txt. */
#include "indexer/sources/sources.h"

#include <string.h>
#include <strings.h>

#include "codesets/core/code.h"
#include "indexer/sources/common.h"

enum { ROWS_LOOKED_AT = 64, FOUND = 1, FOUND_NOT = 2 };

static const struct heading headings[] = {
    {"Code|CPT Code|CPT", CPT_CODE, true},
    {"Long|Long Descriptor|Long Description|CPT Long Descriptor|Descriptor|"
     "Description",
        CPT_LONG, false},
    {"Medium|Medium Descriptor|Medium Description|CPT Medium Descriptor",
        CPT_MEDIUM, false},
    {"Short|Short Descriptor|Short Description|CPT Short Descriptor", CPT_SHORT,
        false},
    {"Consumer|Consumer Descriptor|Consumer Friendly|"
     "Consumer Friendly Descriptor|CPT Consumer Friendly Descriptor",
        CPT_CONSUMER, false},
    {"Concept Id", BINDING_IGNORED, false},
};

static void read_row(struct record *record, const struct bound_row *row)
{
    bool any = false;

    record_code(record, CPT_CODE, row_cell(row, CPT_CODE));
    for (size_t c = CPT_LONG; c < CPT_COLUMNS; c++) {
        any = any || row_cell(row, c).len > 0;
        record_set(record, c, row_cell(row, c));
    }
    if (!any)
        record_refuse(record, CPT_LONG, "no text");
}

static const struct table_layout layout = {
    .heading = headings,
    .headings = sizeof headings / sizeof *headings,
    .read_row = read_row,
    .tabs_and_notes = true,
};

/* A code that begins with a digit: with a letter it is not the AMA's. */
static bool is_cpt(struct cell cell)
{
    return cell.len == PROC_LEN && cell.text[0] >= '0' && cell.text[0] <= '9' &&
           proc_pack(cell.text) != PROC_NONE;
}

struct look {
    struct binding binding;
    bool bound;
    int rows;
};

static bool binds_a_text(struct binding *out, const struct cell *cells,
    size_t count, struct batch *scratch)
{
    if (heading_bind(out, headings, sizeof headings / sizeof *headings, cells,
            count, scratch, NULL) != 0)
        return false;
    for (size_t c = CPT_LONG; c < CPT_COLUMNS; c++)
        if (out->at[c] != 0)
            return true;
    return false;
}

/* The heading, and below it a CPT code. */
static int look_below_heading(void *context, uint32_t row,
    const struct cell *cells, size_t count, struct error *err)
{
    struct look *look = context;
    struct batch scratch = {.id.table = TABLE_CPT};
    const struct cell first = cell_at(cells, count, 0);

    if (row_is_blank(cells, count) || (first.len > 0 && first.text[0] == '#'))
        return 0;
    if (look->bound)
        return is_cpt(bound_cell(&look->binding, CPT_CODE, cells, count))
                   ? FOUND
                   : FOUND_NOT;
    look->bound = true;
    return binds_a_text(&look->binding, cells, count, &scratch) ? 0 : FOUND_NOT;
}

static bool is_pair(const struct cell *cells, size_t count)
{
    return count == 2 && is_cpt(cell_at(cells, count, 0)) &&
           cell_at(cells, count, 1).len > 0;
}

/* A copyright notice may stand above the first code; it has no tabs. */
static int look_for_pair(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct look *look = context;

    if (is_pair(cells, count))
        return FOUND;
    return count > 1 || ++look->rows == ROWS_LOOKED_AT ? FOUND_NOT : 0;
}

static bool has_heading(const struct probe *probe)
{
    struct look look = {.rows = 0};

    return probe_saw(probe, sheet_read_tsv(probe->in->data, probe->in->len,
                                look_below_heading, &look, NULL)) == FOUND;
}

static bool recognise(const struct probe *probe, struct identity *out)
{
    struct look look = {.rows = 0};

    if (!probe_is_text(probe))
        return false;
    identity_undated(out, TABLE_CPT, 0);
    return has_heading(probe) ||
           probe_saw(probe, sheet_read_tsv(probe->in->data, probe->in->len,
                                look_for_pair, &look, NULL)) == FOUND;
}

struct reader {
    struct batch *batch;
    size_t column; /* which of the texts the file has */
    bool begun;
};

static int read_pair(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct reader *r = context;
    struct record record;

    r->begun = r->begun || is_pair(cells, count);
    if (!r->begun || row_is_blank(cells, count))
        return 0;
    record_begin(&record, r->batch, row);
    record_code(&record, CPT_CODE, cell_at(cells, count, 0));
    if (cell_at(cells, count, 1).len == 0)
        record_refuse(&record, r->column, "missing");
    record_set(&record, r->column, cell_at(cells, count, 1));
    return record_end(&record, err);
}

/* Files without a heading are named after their text: LONGULT, MEDU, SHORTU. */
static size_t column_of_name(const char *base)
{
    if (strncasecmp(base, "MED", 3) == 0)
        return CPT_MEDIUM;
    if (strncasecmp(base, "SHORT", 5) == 0)
        return CPT_SHORT;
    return CPT_LONG;
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    struct reader r = {.batch = batch, .column = column_of_name(probe->base)};

    if (has_heading(probe))
        return table_read(probe, &layout, batch, err);
    return sheet_read_tsv(probe->in->data, probe->in->len, read_pair, &r, err);
}

const struct source source_admin_cpt = {"admin_cpt", recognise, read_all};

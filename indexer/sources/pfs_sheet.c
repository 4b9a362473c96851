/* PPRRVU as CSV or spreadsheet. The heading stands over up to five rows,
 * column by column ("NON-FAC" over "PE RVU"); its last row repeats names, so a
 * column is known by all of its cells joined. Since 2026 there is one column
 * more in the middle. */
#include "indexer/sources/sources.h"

#include <string.h>

#include "codesets/core/buffer.h"
#include "indexer/sources/common.h"
#include "indexer/sources/pfs.h"

enum { COLUMN_CODE = PFS_COLUMNS, COLUMN_MODIFIER, CELLS_MAX = 64 };

static const struct heading headings[] = {
    {"HCPCS", COLUMN_CODE, true},
    {"MOD", COLUMN_MODIFIER, true},
    {"DESCRIPTION", PFS_DESCRIPTION, true},
    {"STATUS CODE", PFS_STATUS, true},
    {"NOT USED FOR MEDICARE PAYMENT", PFS_NOT_USED, true},
    {"WORK RVU", PFS_WORK_RVU, true},
    {"NON-FAC PE RVU|NON-FACILITY PE RVU|NON-FAC NON-FAC PE RVU",
        PFS_NONFACILITY_PE_RVU, true},
    {"NON-FAC NA INDICATOR", PFS_NONFACILITY_NA, true},
    {"FACILITY PE RVU", PFS_FACILITY_PE_RVU, true},
    {"FACILITY NA INDICATOR", PFS_FACILITY_NA, true},
    {"MP RVU", PFS_MP_RVU, true},
    {"NON-FACILITY TOTAL", PFS_NONFACILITY_TOTAL, true},
    {"FACILITY TOTAL", PFS_FACILITY_TOTAL, true},
    {"PCTC IND", PFS_PCTC, true},
    {"GLOB DAYS", PFS_GLOBAL_DAYS, true},
    {"PRE OP", PFS_PRE_OP, true},
    {"INTRA OP", PFS_INTRA_OP, true},
    {"POST OP", PFS_POST_OP, true},
    {"MULT PROC", PFS_MULTIPLE_PROCEDURE, true},
    {"BILAT SURG", PFS_BILATERAL, true},
    {"ASST SURG", PFS_ASSISTANT, true},
    {"CO-SURG", PFS_CO_SURGEON, true},
    {"TEAM SURG", PFS_TEAM, true},
    {"PRIC IND", PFS_PRICING, false}, /* from 2026 */
    {"ENDO BASE", PFS_ENDO_BASE, true},
    {"CONV FACTOR", PFS_CONVERSION_FACTOR, true},
    {"PHYSICIAN SUPERVISION OF DIAGNOSTIC PROCEDURES", PFS_SUPERVISION, true},
    {"CALCULATION FLAG", PFS_CALCULATION_FLAG, true},
    {"DIAGNOSTIC IMAGING FAMILY INDICATOR", PFS_IMAGING_FAMILY, true},
    {"NON-FACILITY PE USED FOR OPPS PAYMENT AMOUNT", PFS_NONFACILITY_PE_OPPS,
        true},
    {"FACILITY PE USED FOR OPPS PAYMENT AMOUNT", PFS_FACILITY_PE_OPPS, true},
    {"MP USED FOR OPPS PAYMENT AMOUNT", PFS_MP_OPPS, true},
};
enum { HEADINGS = sizeof headings / sizeof *headings };

/* A table of relative values has at least these, whatever else went missing. */
static const struct heading known_by[] = {
    {"HCPCS", COLUMN_CODE, true},
    {"MOD", COLUMN_MODIFIER, true},
    {"WORK RVU", PFS_WORK_RVU, true},
    {"MP RVU", PFS_MP_RVU, true},
};

/* The rows of a heading, joined column by column from above to below. */
struct stack {
    struct buffer text[CELLS_MAX];
    size_t columns;
};

static void stack_clear(struct stack *stack)
{
    for (size_t i = 0; i < CELLS_MAX; i++)
        buffer_clear(&stack->text[i]);
    stack->columns = 0;
}

/* A row with one cell or none is a banner: the heading begins below it. */
static void stack_add(
    struct stack *stack, const struct cell *cells, size_t count)
{
    size_t filled = 0;

    for (size_t i = 0; i < count; i++)
        filled += cell_trim(cells[i]).len > 0;
    if (filled < 2) {
        stack_clear(stack);
        return;
    }
    for (size_t i = 0; i < count && i < CELLS_MAX; i++) {
        const struct cell cell = cell_trim(cells[i]);

        buffer_addc(&stack->text[i], ' ');
        buffer_add(&stack->text[i], cell.text, cell.len);
        if (i >= stack->columns)
            stack->columns = i + 1;
    }
}

static void stack_cells(const struct stack *stack, struct cell out[CELLS_MAX])
{
    for (size_t i = 0; i < stack->columns; i++)
        out[i] = cell_trim((struct cell){
            stack->text[i].data != NULL ? stack->text[i].data : "",
            stack->text[i].len});
}

/* The row that ends the heading. */
static bool ends_heading(const struct cell *cells, size_t count)
{
    return count >= 2 && label_is(cells[0], "HCPCS") &&
           label_is(cells[1], "MOD");
}

static void find_published(struct cell cell, uint32_t *published)
{
    char text[64];

    if (cell.len >= sizeof text || !label_has(cell, "RELEASED"))
        return;
    memcpy(text, cell.text, cell.len);
    text[cell.len] = '\0';
    *published = find_us_date(text);
}

static bool recognise(const struct probe *probe, struct identity *out)
{
    struct stack stack = {0};
    struct cell joined[CELLS_MAX];
    char banner[160] = "";
    uint32_t published = 0;
    bool found = false;

    if (probe->form != FORM_CSV && probe->form != FORM_XLSX &&
        probe->form != FORM_TSV)
        return false;
    for (size_t i = 0; i < probe->rows && !found; i++) {
        const struct probe_row *row = &probe->row[i];

        for (size_t c = 0; c < row->count; c++) {
            const struct cell cell = row->cell[c];

            if (label_has(cell, "Relative Value File") &&
                cell.len < sizeof banner) {
                memcpy(banner, cell.text, cell.len);
                banner[cell.len] = '\0';
            }
            find_published(cell, &published);
        }
        stack_add(&stack, row->cell, row->count);
        if (!ends_heading(row->cell, row->count))
            continue;
        stack_cells(&stack, joined);
        found = heading_found(known_by, sizeof known_by / sizeof *known_by,
            joined, stack.columns);
    }
    stack_clear(&stack);
    if (!found)
        return false;
    pfs_identity(
        out, probe, probe->form == FORM_XLSX ? PFS_XLSX : PFS_CSV, banner);
    out->published = published;
    return true;
}

struct reader {
    struct batch *batch;
    bool bound;
    struct stack stack;
    struct binding binding;
};

static int read_heading(
    struct reader *r, const struct cell *cells, size_t count, struct error *err)
{
    struct cell joined[CELLS_MAX];

    stack_add(&r->stack, cells, count);
    if (!ends_heading(cells, count))
        return 0;
    r->bound = true;
    stack_cells(&r->stack, joined);
    return heading_bind(&r->binding, headings, HEADINGS, joined,
        r->stack.columns, r->batch, err);
}

static int read_row(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct reader *r = context;
    struct record record;

    if (!r->bound)
        return read_heading(r, cells, count, err);
    if (row_is_blank(cells, count))
        return 0;
    record_begin(&record, r->batch, row);
    pfs_key(&record, bound_cell(&r->binding, COLUMN_CODE, cells, count),
        bound_cell(&r->binding, COLUMN_MODIFIER, cells, count));
    for (size_t c = PFS_DESCRIPTION; c < PFS_COLUMNS; c++)
        pfs_record_column(&record, c, bound_cell(&r->binding, c, cells, count));
    return record_end(&record, err);
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    struct reader r = {.batch = batch};
    int rc = identity_check(&batch->id, err);

    pfs_warn_of_qpp(batch);
    if (rc == 0)
        rc = rows_read(probe, read_row, &r, err);
    stack_clear(&r.stack);
    return rc;
}

const struct source source_pfs_sheet = {"pfs_sheet", recognise, read_all};

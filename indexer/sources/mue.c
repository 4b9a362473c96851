/* Medically unlikely edits, CSV or spreadsheet (domain.md 2d): a banner of
 * several lines in one cell, a heading with a line break in a cell, four
 * columns. Medicaid's tables have no adjudication indicator: all are line
 * edits. */
#include "indexer/sources/sources.h"

#include <string.h>

#include "indexer/sources/common.h"

enum {
    VALUE_MAX = 999999,
    TITLE_MAX = 80 /* bytes of a column's title; a banner is longer */
};

static const struct heading headings[] = {
    {"HCPCS/CPT Code|HCPCS Code|CPT Code", MUE_CODE, true},
    {"*MUE Value", MUE_VALUE, true},
    {"*Adjudication Indicator|MAI", MUE_MAI, false},
    {"*Rationale", MUE_RATIONALE, false},
};

/* "3 Date of Service Edit: Clinical" is kept as "3". */
static void read_mai(struct record *record, struct cell cell)
{
    if (cell.len == 0)
        record_set(record, MUE_MAI, cell_of("1")); /* Medicaid: a line edit */
    else if (cell.text[0] < '1' || cell.text[0] > '3' ||
             (cell.len > 1 && cell.text[1] != ' '))
        record_refuse(record, MUE_MAI, "does not begin with 1, 2 or 3");
    else
        record_set(record, MUE_MAI, (struct cell){cell.text, 1});
}

static void read_row(struct record *record, const struct bound_row *row)
{
    const struct cell value = row_cell(row, MUE_VALUE);
    uint32_t number;

    record_code(record, MUE_CODE, row_cell(row, MUE_CODE));
    if (!cell_number(value, &number) || number > VALUE_MAX)
        record_refuse(record, MUE_VALUE, "not a number from 0 to 999999");
    record_set(record, MUE_VALUE, value);
    read_mai(record, row_cell(row, MUE_MAI));
    record_set(record, MUE_RATIONALE, row_cell(row, MUE_RATIONALE));
}

static const struct table_layout layout = {
    .heading = headings,
    .headings = sizeof headings / sizeof *headings,
    .read_row = read_row,
};

static enum setting setting_of(struct cell cell)
{
    if (label_has(cell, "Outpatient Hospital"))
        return SETTING_OUTPATIENT;
    if (label_has(cell, "DME"))
        return SETTING_DME;
    if (label_has(cell, "Practitioner"))
        return SETTING_PRACTITIONER;
    return SETTING_NONE;
}

/* The heading, also of a table that lacks a column or has renamed it: it is not
 * to be passed over as a file of no account. */
static const struct probe_row *find_row(const struct probe *probe)
{
    const struct probe_row *found = table_heading(probe, &layout);

    if (probe->form != FORM_CSV && probe->form != FORM_XLSX &&
        probe->form != FORM_TSV)
        return NULL;
    for (size_t i = 0; found == NULL && i < probe->rows; i++) {
        const struct probe_row *row = &probe->row[i];
        bool named = false;

        for (size_t c = 0; c < row->count; c++)
            named = named || (label_has(row->cell[c], "MUE") &&
                                 row->cell[c].len <= TITLE_MAX);
        if (named && heading_known(layout.heading, layout.headings, row->cell,
                         row->count) >= 2)
            found = row;
    }
    return found;
}

static bool recognise(const struct probe *probe, struct identity *out)
{
    const struct probe_row *row = find_row(probe);
    int year, quarter;
    bool has_mai = false, medicaid = false;

    if (row == NULL)
        return false;
    *out =
        (struct identity){.table = TABLE_MUE, .rank = probe->form == FORM_XLSX};
    for (size_t c = 0; c < row->count; c++) {
        if (label_has(row->cell[c], "MUE Value"))
            out->setting = setting_of(row->cell[c]);
        has_mai = has_mai || label_has(row->cell[c], "Indicator") ||
                  label_is(row->cell[c], "MAI");
        medicaid = medicaid || label_has(row->cell[c], "Medicaid");
    }
    if (out->setting == SETTING_NONE)
        out->setting = setting_of(cell_of(probe->in->name));
    out->program = medicaid || !has_mai || name_has(probe->base, "MCD_") ||
                           name_has(probe->in->name, "medicaid")
                       ? PROGRAM_MEDICAID
                       : PROGRAM_MEDICARE;
    if (name_quarter(probe, &year, &quarter))
        identity_quarter(out, year, quarter);
    identity_finish(out, probe);
    return true;
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    const struct probe_row *row;

    if (batch->id.setting == SETTING_NONE)
        return error_set(err, ERR_INPUT, 0,
            "neither the heading nor the name tells the setting "
            "(practitioner, outpatient or dme): give it");
    if (table_heading(probe, &layout) == NULL &&
        (row = find_row(probe)) != NULL)
        return heading_lacks(
            layout.heading, layout.headings, row->cell, row->count, err);
    return table_read(probe, &layout, batch, err);
}

const struct source source_mue = {"mue", recognise, read_all};

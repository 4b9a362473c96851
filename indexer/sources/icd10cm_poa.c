/* The ICD-10-CM codes exempt from present-on-admission reporting, tab-separated
 * with quotes or a spreadsheet (domain.md 2g). The name of the first column
 * changes (Order26, OrdFY25). The lists of what was added, deleted and revised
 * stand beside it: the added ones differ from it in nothing but the name. */
#include "indexer/sources/sources.h"

#include "indexer/sources/common.h"
#include "indexer/sources/icd10cm.h"

enum { COLUMN_ACTION = POA_COLUMNS, COLUMN_ORDER };

static const struct heading headings[] = {
    {"*POA exempt Code", POA_CODE, true},
    {"*Ord", COLUMN_ORDER, true},
    {"Description", BINDING_IGNORED, true},
    {"Action", COLUMN_ACTION, false},
};

static void read_row(struct record *record, const struct bound_row *row)
{
    record_icd(record, POA_CODE, row_cell(row, POA_CODE));
}

static const struct table_layout layout = {
    .heading = headings,
    .headings = sizeof headings / sizeof *headings,
    .read_row = read_row,
    .quoted_tabs = true,
};

static bool recognise(const struct probe *probe, struct identity *out)
{
    const struct probe_row *row = table_heading(probe, &layout);

    if (row == NULL || name_has(probe->base, "Add") ||
        name_has(probe->base, "Delete") || name_has(probe->base, "Revise"))
        return false;
    for (size_t i = 0; i < row->count; i++)
        if (label_is(row->cell[i], "Action"))
            return false;
    icd10cm_identity(out, probe, TABLE_POA, probe->form == FORM_XLSX, NULL);
    return true;
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    return table_read(probe, &layout, batch, err);
}

const struct source source_icd10cm_poa = {"icd10cm_poa", recognise, read_all};

/* Add-on code edits as a spreadsheet, or its export to CSV or tab-separated
 * text under the same headings (domain.md 2e). */
#include "indexer/sources/sources.h"

#include "indexer/sources/aoc.h"
#include "indexer/sources/common.h"

/* A re-export whose headings say "(year only)" has lost the days and is not
 * one of these files. */
static const struct heading headings[] = {
    {"AOC_Edit_Type|AOC Type|Edit Type", AOC_TYPE, true},
    {"Add-On_Code", AOC_ADDON, true},
    {"AOC_DelDT|AOC_Del_DT_Julian", AOC_ADDON_DELETED, true},
    {"Primary_Code", AOC_PRIMARY, true},
    {"Primary_Code_DelDT|Primary_Code_Del_DT_Julian", AOC_PRIMARY_DELETED,
        true},
    {"AOC_Edit_EffDT|AOC_Edit_Eff_DT_Julian", AOC_EFFECTIVE, true},
    {"AOC_Edit_DelDT|AOC_Edit_Del_DT_Julian", AOC_DELETED, true},
    {"Special_Instruction_Notes|Special Instructions", AOC_NOTE, false},
};

static void read_row(struct record *record, const struct bound_row *row)
{
    for (size_t c = 0; c < AOC_COLUMNS; c++)
        aoc_column(record, c, row_cell(row, c));
}

static const struct table_layout layout = {
    .heading = headings,
    .headings = sizeof headings / sizeof *headings,
    .read_row = read_row,
};

static bool recognise(const struct probe *probe, struct identity *out)
{
    if (!table_found(probe, &layout) || aoc_is_medicaid(probe))
        return false;
    aoc_identity(out, probe, probe->form == FORM_XLSX ? AOC_XLSX : AOC_EXPORT);
    return true;
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    return table_read(probe, &layout, batch, err);
}

const struct source source_aoc_sheet = {"aoc_sheet", recognise, read_all};

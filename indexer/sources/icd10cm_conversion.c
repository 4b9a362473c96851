/* The ICD-10-CM conversion table, CSV or spreadsheet (domain.md 2g): for each
 * code added since 2016 the code or codes in use before it. */
#include "indexer/sources/sources.h"

#include <string.h>

#include "indexer/sources/common.h"
#include "indexer/sources/icd10cm.h"

enum {
    SERIAL_FIRST = 36526, /* 2000-01-01 in a spreadsheet's count of days */
    SERIAL_LAST = 73050,  /* 2099-12-31 */
    SERIAL_OF_1970 = 25569,
    OCTOBER = 10,
    BANNER_MAX = 1024
};

static const struct heading headings[] = {
    {"Current code assignment", CONVERSION_CODE, true},
    {"Effective", CONVERSION_EFFECTIVE, true},
    {"*Previous Code", CONVERSION_PREVIOUS, true},
};

/* "Unless otherwise specified the code effective date is October 1 of the year
 * listed", says the table; otherwise it is a date, in a spreadsheet the number
 * of a day. */
static void read_effective(struct record *record, struct cell cell)
{
    uint32_t number;
    day_t day;

    if (cell_number(cell, &number) && cell.len == 4 &&
        day_from_civil(&day, (int)number, OCTOBER, 1) == 0)
        record_day_is(record, CONVERSION_EFFECTIVE, day);
    else if (cell_number(cell, &number) && number >= SERIAL_FIRST &&
             number <= SERIAL_LAST)
        record_day_is(
            record, CONVERSION_EFFECTIVE, (day_t)number - SERIAL_OF_1970);
    else if (cell.len == 0)
        record_refuse(record, CONVERSION_EFFECTIVE, "missing");
    else
        record_day(record, CONVERSION_EFFECTIVE, cell, day_parse_us);
}

static void read_row(struct record *record, const struct bound_row *row)
{
    record_icd(record, CONVERSION_CODE, row_cell(row, CONVERSION_CODE));
    read_effective(record, row_cell(row, CONVERSION_EFFECTIVE));
    record_set(record, CONVERSION_PREVIOUS, row_cell(row, CONVERSION_PREVIOUS));
}

static const struct table_layout layout = {
    .heading = headings,
    .headings = sizeof headings / sizeof *headings,
    .read_row = read_row,
};

static bool recognise(const struct probe *probe, struct identity *out)
{
    struct cell first;
    char banner[BANNER_MAX] = "";

    if (!table_found(probe, &layout))
        return false;
    first = cell_at(probe->row[0].cell, probe->row[0].count, 0);
    memcpy(banner, first.text,
        first.len < sizeof banner ? first.len : sizeof banner - 1);
    icd10cm_identity(
        out, probe, TABLE_CONVERSION, probe->form == FORM_XLSX, banner);
    return true;
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    return table_read(probe, &layout, batch, err);
}

const struct source source_icd10cm_conversion = {
    "icd10cm_conversion", recognise, read_all};

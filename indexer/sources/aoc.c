#include "indexer/sources/aoc.h"

#include <string.h>

#include "codesets/core/day.h"
#include "indexer/sources/release.h"

bool aoc_is_medicaid(const struct probe *probe)
{
    return probe->told_program == PROGRAM_MEDICAID ||
           name_has(probe->base, "MCD") ||
           name_has(probe->in->name, "medicaid");
}

/* "…-effective-06012026.zip": some releases begin within a quarter. */
static uint32_t date_of_name(const char *name)
{
    char part[NAME_PART_MAX];
    uint32_t date = 0;

    for (size_t n = 0; date == 0 && name_part(name, n, part); n++)
        date = find_us_date(part);
    return date;
}

void aoc_identity(
    struct identity *id, const struct probe *probe, enum aoc_format format)
{
    int year, quarter;

    *id = (struct identity){.table = TABLE_AOC,
        .rank = (int)format,
        .published = date_of_name(probe->in->name)};
    if (name_quarter(probe, &year, &quarter))
        identity_quarter(id, year, quarter);
    else if (id->published != 0)
        identity_quarter(id, (int)(id->published / 10000),
            ((int)(id->published / 100 % 100) + 2) / 3);
    identity_finish(id, probe);
}

void aoc_column(struct record *record, size_t column, struct cell cell)
{
    switch ((enum aoc_column)column) {
    case AOC_TYPE:
        if (cell.len != 1 || cell.text[0] < '1' || cell.text[0] > '3')
            record_refuse(record, AOC_TYPE, "none of 1, 2 and 3");
        record_set(record, AOC_TYPE, cell);
        break;
    case AOC_ADDON:
        record_code(record, AOC_ADDON, cell);
        break;
    case AOC_PRIMARY:
        if (cell_is(cell, "CCCCC"))
            record_set(record, AOC_PRIMARY, cell);
        else
            record_code(record, AOC_PRIMARY, cell);
        break;
    case AOC_ADDON_DELETED:
    case AOC_PRIMARY_DELETED:
    case AOC_EFFECTIVE:
    case AOC_DELETED:
        record_day(record, column, cell, day_parse_ordinal);
        break;
    default:
        record_set_raw(record, column, cell);
    }
}

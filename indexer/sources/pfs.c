#include "indexer/sources/pfs.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/core/code.h"
#include "indexer/sources/release.h"

/* Binary fractions of a spreadsheet differ from the printed number by less. */
static const double TOLERANCE = 1e-9;

enum {
    QPP_RANK = 10, /* after every format of the file that is kept */
    RVU_DECIMALS = 2,
    FACTOR_DECIMALS = 4,
    DECIMALS_MAX = 6,
    NUMBER_MAX = 24 /* bytes of a number */
};

/* "rvu25a-updated", "RVU22AR.zip", "2025d": two or four digits of a year and
 * the letter of a quarter, with an R for a revision. */
static bool find_letter_quarter(const char *text, int *year, int *quarter)
{
    static const char digit[] = "0123456789";

    for (size_t n; *text != '\0'; text += n) {
        const char *letter = text + (n = strspn(text, digit));
        const char *after = letter + 1;

        if (n == 0) {
            n = 1;
            continue;
        }
        if ((n != 2 && n != 4) || strchr("ABCDabcd", *letter) == NULL ||
            *letter == '\0')
            continue;
        if (*after == 'R' || *after == 'r')
            after++;
        if (isalpha((unsigned char)*after) || !find_year(text, year))
            continue;
        *quarter = (*letter | 0x20) - 'a' + 1;
        return true;
    }
    return false;
}

static bool quarter_of_path(const char *path, int *year, int *quarter)
{
    char part[NAME_PART_MAX];
    int month;

    for (size_t n = 0; name_part(path, n, part); n++) {
        if (find_month(part, year, &month)) {
            *quarter = (month + 2) / 3;
            return true;
        }
        if (find_letter_quarter(part, year, quarter) ||
            find_quarter(part, year, quarter))
            return true;
    }
    return false;
}

void pfs_identity(struct identity *id, const struct probe *probe,
    enum pfs_format format, const char *banner)
{
    int year, month, quarter = 0;

    *id = (struct identity){.table = TABLE_PFS, .rank = (int)format};
    if (name_has(probe->base, "QPP") && !name_has(probe->base, "nonQPP"))
        id->rank += QPP_RANK;
    if (banner != NULL && find_month(banner, &year, &month))
        quarter = (month + 2) / 3;
    else if (!quarter_of_path(probe->in->name, &year, &quarter) &&
             !quarter_of_path(probe->in->disk_path, &year, &quarter))
        quarter = 0;
    if (quarter != 0) {
        identity_quarter(id, year, quarter);
        snprintf(
            id->release, sizeof id->release, "%d%c", year, 'a' + quarter - 1);
    }
    identity_finish(id, probe);
}

void pfs_warn_of_qpp(struct batch *batch)
{
    if (batch->id.rank >= QPP_RANK)
        batch_warn(batch, "the QPP file of the release: its conversion factor "
                          "counts only where the nonQPP file is missing");
}

void pfs_key(struct record *record, struct cell code, struct cell modifier)
{
    char key[PROC_LEN + MODIFIER_LEN];

    record_code(record, PFS_KEY, code);
    if (modifier.len == 0)
        return;
    record_modifier(record, PFS_KEY, modifier);
    if (record->refused)
        return;
    memcpy(key, code.text, PROC_LEN);
    memcpy(key + PROC_LEN, modifier.text, MODIFIER_LEN);
    record_set(record, PFS_KEY, (struct cell){key, sizeof key});
}

/* How many decimals a column is printed with, or 0 for one that is no number.
 */
static int decimals_of(size_t column)
{
    switch (column) {
    case PFS_WORK_RVU:
    case PFS_NONFACILITY_PE_RVU:
    case PFS_FACILITY_PE_RVU:
    case PFS_MP_RVU:
    case PFS_NONFACILITY_TOTAL:
    case PFS_FACILITY_TOTAL:
    case PFS_PRE_OP:
    case PFS_INTRA_OP:
    case PFS_POST_OP:
    case PFS_NONFACILITY_PE_OPPS:
    case PFS_FACILITY_PE_OPPS:
    case PFS_MP_OPPS:
        return RVU_DECIMALS;
    case PFS_CONVERSION_FACTOR:
        return FACTOR_DECIMALS;
    default:
        return 0;
    }
}

/* Digits with at most one point among them. A spreadsheet may write a small
 * remainder with an exponent ("8.9999999999999997E-2"). */
static bool parse_number(struct cell cell, double *out)
{
    char text[NUMBER_MAX + 1], *end;

    if (cell.len == 0 || cell.len > NUMBER_MAX)
        return false;
    memcpy(text, cell.text, cell.len);
    text[cell.len] = '\0';
    if (strspn(text, "0123456789.Ee+-") != cell.len)
        return false;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && *out > -1e9 && *out < 1e9;
}

void pfs_record_column(struct record *record, size_t column, struct cell cell)
{
    const int decimals = decimals_of(column);
    char text[NUMBER_MAX * 2];
    double number;

    if (decimals == 0 || cell.len == 0) {
        record_set_raw(record, column, cell);
        return;
    }
    if (!parse_number(cell, &number)) {
        record_refuse(record, column, "not a number");
        return;
    }
    /* As many decimals as the column has, and more only if digits were lost. */
    for (int n = decimals; n <= DECIMALS_MAX; n++) {
        double printed;

        snprintf(text, sizeof text, "%.*f", n, number);
        printed = strtod(text, NULL);
        if (printed - number < TOLERANCE && number - printed < TOLERANCE)
            break;
    }
    record_set(record, column, cell_of(text));
}

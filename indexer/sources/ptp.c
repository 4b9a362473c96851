/* ptp.c - NCCI procedure-to-procedure edits (domain.md 2c), in three forms:
 *
 *   the official text  tab-separated, a notice, a title and a heading that is
 *                      wrapped over four lines, then seven columns (six in
 *                      Medicaid's files, which have no pre-1996 mark)
 *   one-line heading   the same columns with one heading line
 *   spreadsheet        the same heading and columns
 *
 * Columns are bound by their heading, the lines of which are joined from above
 * to below; data begin at the first row whose first two cells are codes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/core/buffer.h"
#include "codesets/core/code.h"
#include "indexer/sources/common.h"
#include "indexer/sources/sources.h"

enum ptp_column {
    COLUMN1,
    COLUMN2,
    BEFORE_1996,
    EFFECTIVE,
    DELETION,
    INDICATOR,
    RATIONALE,
    PTP_COLUMNS
};

enum { HEADING_MAX = 300, PTP_CELLS_MAX = 16, PTP_PARTS_MAX = 16 };

struct ptp_reader {
    struct batch *batch;
    int column[PTP_COLUMNS]; /* cell number, or -1 */
    char heading[PTP_CELLS_MAX][HEADING_MAX];
    bool in_heading, bound;
    /* The rationale of the row before: neighbours nearly always share it. */
    char last_text[RATIONALE_TEXT_MAX];
    size_t last_len;
    int last_number;
};

static bool is_code(struct cell cell)
{
    return cell.len == PROC_LEN && proc_pack(cell.text) != PROC_NONE;
}

/* Also a heading that has renamed one of the two columns: it is told then, and
 * not passed over as a file of no account. */
static bool names_pairs(const struct cell *cells, size_t count)
{
    bool effective = false, deletion = false;

    if (count < 6)
        return false;
    for (size_t i = 2; i < count; i++) {
        effective = effective || label_has(cells[i], "effective");
        deletion = deletion || label_has(cells[i], "deletion");
    }
    return label_has(cells[0], "column1")
               ? label_has(cells[1], "column2") || (effective && deletion)
               : label_has(cells[1], "column2") && effective && deletion;
}

/* "…-f3.txt" is part 3. */
static int part_of(const char *base)
{
    for (const char *at = base; (at = strchr(at, 'f')) != NULL; at++)
        if (at > base && (at[-1] == '-' || at[-1] == '_') && at[1] >= '1' &&
            at[1] <= '9' && (at[2] == '.' || at[2] == '\0' || at[2] == '-'))
            return at[1] - '0';
    return 0;
}

/* "v322r0" out of a name; "" when there is none. */
static void version_of(const char *name, char out[16])
{
    const size_t len = strlen(name);

    out[0] = '\0';
    for (size_t i = 0; i + 4 <= len; i++) {
        size_t n = 1;

        if ((name[i] != 'v' && name[i] != 'V') ||
            (i > 0 && name[i - 1] != '-' && name[i - 1] != '_'))
            continue;
        while (n < 8 && ((name[i + n] >= '0' && name[i + n] <= '9') ||
                            name[i + n] == 'r' || name[i + n] == 'R'))
            n++;
        if (n >= 4) {
            for (size_t k = 0; k < n; k++)
                out[k] = (char)tolower((unsigned char)name[i + k]);
            out[n] = '\0';
            return;
        }
    }
}

static bool ptp_recognise(const struct probe *probe, struct identity *out)
{
    const char *name = probe->in->name;
    int year, quarter;
    size_t i;

    if (probe->form != FORM_TSV && probe->form != FORM_XLSX &&
        probe->form != FORM_CSV)
        return false;
    /* The quarterly list of changes has the columns of the table, too. */
    if (name_has(name, "additions") || name_has(name, "deletions") ||
        name_has(name, "revisions"))
        return false;
    for (i = 0; i < probe->rows; i++)
        if (names_pairs(probe->row[i].cell, probe->row[i].count))
            break;
    if (i == probe->rows)
        return false;
    *out = (struct identity){.table = TABLE_PTP,
        .rank = probe->form == FORM_XLSX,
        .part = part_of(probe->base)};
    version_of(probe->base, out->version);
    if (probe->told_setting != SETTING_NONE)
        out->setting = probe->told_setting;
    else if (name_has(name, "ccioph") || name_has(name, "hospital") ||
             name_has(name, "outpatient"))
        out->setting = SETTING_OUTPATIENT;
    else if (name_has(name, "dme"))
        out->setting = SETTING_DME;
    else if (name_has(name, "ccipra") || name_has(name, "practitioner"))
        out->setting = SETTING_PRACTITIONER;
    out->program = probe->told_program != PROGRAM_NONE ? probe->told_program
                   : name_has(name, "medicaid") || name_has(name, "mcd")
                       ? PROGRAM_MEDICAID
                       : PROGRAM_MEDICARE;
    if (name_quarter(probe, &year, &quarter))
        identity_quarter(out, year, quarter);
    identity_finish(out, probe);
    return true;
}

/* Adds a heading cell below what already stands in its column. */
static void heading_add(struct ptp_reader *reader, size_t i, struct cell cell)
{
    char *heading = reader->heading[i];
    const size_t have = strlen(heading);

    cell = cell_trim(cell);
    if (cell.len == 0 || have + cell.len + 2 > HEADING_MAX)
        return;
    heading[have] = ' ';
    memcpy(heading + have + 1, cell.text, cell.len);
    heading[have + 1 + cell.len] = '\0';
}

/* Says which columns there are, so that a renamed one is seen. */
static int no_column(
    const struct ptp_reader *reader, const char *word, struct error *err)
{
    struct buffer names = {.max = ERROR_MESSAGE_MAX};
    int rc;

    for (int i = 0; i < PTP_CELLS_MAX; i++)
        if (*reader->heading[i] != '\0')
            buffer_addf(&names, "%s'%.40s'", names.len == 0 ? "" : ", ",
                reader->heading[i] + 1);
    rc = error_set(err, ERR_INPUT, 0,
        "the heading has no column for '%s'; it has %.*s", word, (int)names.len,
        names.len > 0 ? names.data : "");
    buffer_clear(&names);
    return rc;
}

/* What a later release may have added is not passed over in silence. */
static void warn_of_others(const struct ptp_reader *reader)
{
    for (int i = 0; i < PTP_CELLS_MAX; i++) {
        bool known = *reader->heading[i] == '\0';

        for (int c = 0; c < PTP_COLUMNS && !known; c++)
            known = reader->column[c] == i;
        if (!known)
            batch_warn(reader->batch,
                "column %d, '%.40s', is not known and not kept", i + 1,
                reader->heading[i] + 1);
    }
}

static int bind(struct ptp_reader *reader, struct error *err)
{
    static const char *const words[PTP_COLUMNS] = {"column1", "column2",
        "existence", "effective", "deletion", "modifier", "rationale"};

    for (int c = 0; c < PTP_COLUMNS; c++) {
        reader->column[c] = -1;
        for (int i = 0; i < PTP_CELLS_MAX && reader->column[c] < 0; i++) {
            const struct cell cell = {
                reader->heading[i], strlen(reader->heading[i])};

            if (label_has(cell, words[c]))
                reader->column[c] = i;
        }
        if (reader->column[c] < 0 && c != BEFORE_1996 && c != RATIONALE)
            return no_column(reader, words[c], err);
    }
    warn_of_others(reader);
    reader->bound = true;
    return 0;
}

static struct cell column_cell(const struct ptp_reader *reader, int column,
    const struct cell *cells, size_t count)
{
    const int i = reader->column[column];

    return i < 0 ? (struct cell){"", 0} : cell_at(cells, count, (size_t)i);
}

static int rationale_of(
    struct ptp_reader *reader, struct cell cell, struct error *err)
{
    if (cell.len == reader->last_len && reader->last_number >= 0 &&
        memcmp(cell.text, reader->last_text, cell.len) == 0)
        return reader->last_number;
    reader->last_number =
        edits_rationale(&reader->batch->edits, cell.text, cell.len);
    if (reader->last_number < 0)
        return error_set(err, ERR_LIMIT, 0,
            "more than %d different rationales, or one longer than %d bytes",
            RATIONALES_MAX, RATIONALE_TEXT_MAX);
    memcpy(reader->last_text, cell.text, cell.len);
    reader->last_len = cell.len;
    return reader->last_number;
}

static int ptp_row(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct ptp_reader *reader = context;
    struct batch *batch = reader->batch;
    struct cell one, two, cell;
    day_t effective = DAY_UNKNOWN, deleted = DAY_OPEN;
    unsigned indicator;
    int rationale, rc;

    if (!reader->bound) {
        if (count < 2 || !is_code(cell_trim(cells[0])) ||
            !is_code(cell_trim(cells[1]))) {
            /* The title above says "Column1/Column2 Edits" in one cell. */
            reader->in_heading =
                reader->in_heading || names_pairs(cells, count);
            for (size_t i = 0;
                 reader->in_heading && i < count && i < PTP_CELLS_MAX; i++)
                heading_add(reader, i, cells[i]);
            return 0;
        }
        if ((rc = bind(reader, err)) != 0)
            return rc;
    }
    one = column_cell(reader, COLUMN1, cells, count);
    two = column_cell(reader, COLUMN2, cells, count);
    if (one.len == 0 && two.len == 0)
        return 0; /* a line of nothing but tabs */
    if (!is_code(one)) {
        batch_refuse(batch, row, "Column 1", "not a procedure code");
        return 0;
    }
    if (!is_code(two)) {
        batch_refuse(batch, row, "Column 2", "not a procedure code");
        return 0;
    }
    if (memcmp(one.text, two.text, PROC_LEN) == 0) {
        batch_refuse(batch, row, "Column 2", "a code paired with itself");
        return 0;
    }
    cell = column_cell(reader, EFFECTIVE, cells, count);
    if (cell.len > 0 && day_parse_compact(&effective, cell.text, cell.len)) {
        batch_refuse(batch, row, "Effective Date", "not a date YYYYMMDD");
        return 0;
    }
    cell = column_cell(reader, DELETION, cells, count);
    if (cell.len > 0 && !(cell.len == 1 && cell.text[0] == '*') &&
        day_parse_compact(&deleted, cell.text, cell.len)) {
        batch_refuse(
            batch, row, "Deletion Date", "neither * nor a date YYYYMMDD");
        return 0;
    }
    cell = column_cell(reader, INDICATOR, cells, count);
    if (cell.len != 1 || strchr("019", cell.text[0]) == NULL) {
        batch_refuse(batch, row, "Modifier", "indicator is not 0, 1 or 9");
        return 0;
    }
    indicator = cell.text[0] == '9' ? 2u : (unsigned)(cell.text[0] - '0');
    rationale =
        rationale_of(reader, column_cell(reader, RATIONALE, cells, count), err);
    if (rationale < 0)
        return rationale;
    cell = column_cell(reader, BEFORE_1996, cells, count);
    rc = edits_add(&batch->edits, proc_pack(one.text), proc_pack(two.text),
        effective, deleted, indicator, cell.len == 1 && cell.text[0] == '*',
        (unsigned)rationale, row, err);
    if (rc == ERR_INPUT) {
        batch_refuse(batch, row, "dates", "a day before 1900 or after 2079");
        return 0;
    }
    if (rc == 0)
        batch->read++;
    return rc;
}

static int ptp_read(
    const struct probe *probe, struct batch *out, struct error *err)
{
    struct ptp_reader *reader = calloc(1, sizeof *reader);
    int rc;

    if (reader == NULL)
        return error_memory(err);
    reader->batch = out;
    reader->last_number = -1;
    rc = rows_read(probe, ptp_row, reader, err);
    if (rc == 0 && !reader->bound)
        rc = error_set(err, ERR_INPUT, 0, "a heading, but no edits below it");
    free(reader);
    return rc;
}

const struct source source_ptp = {"ptp", ptp_recognise, ptp_read};

/* The spreadsheet of an HCPCS Level II release, or its export to CSV: the
 * fields of the text under 48 headings, a code's whole description in one row
 * or one row for each line of it (domain.md 2a). */
#include "indexer/sources/sources.h"

#include "codesets/core/day.h"
#include "indexer/sources/common.h"
#include "indexer/sources/hcpcs.h"

enum { COLUMN_SEQUENCE = HCPCS_COLUMNS, COLUMN_END };
_Static_assert(
    (int)COLUMN_END <= (int)BINDING_IGNORED, "columns fit into a binding");

static const struct heading headings[] = {
    {"HCPC|HCPCS", HCPCS_CODE, true},
    {"SEQNUM", COLUMN_SEQUENCE, true},
    {"RECID", HCPCS_RECORD, true},
    {"LONG DESCRIPTION", HCPCS_LONG, true},
    {"SHORT DESCRIPTION", HCPCS_SHORT, true},
    {"PRICE1", HCPCS_PRICE1, true},
    {"PRICE2", HCPCS_PRICE1 + 1, true},
    {"PRICE3", HCPCS_PRICE1 + 2, true},
    {"PRICE4", HCPCS_PRICE1 + 3, true},
    {"MULT_PI", HCPCS_MULT_PRICE, true},
    {"CIM1", HCPCS_CIM1, true},
    {"CIM2", HCPCS_CIM1 + 1, true},
    {"CIM3", HCPCS_CIM1 + 2, true},
    {"MCM1", HCPCS_MCM1, true},
    {"MCM2", HCPCS_MCM1 + 1, true},
    {"MCM3", HCPCS_MCM1 + 2, true},
    {"STATUTE", HCPCS_STATUTE, true},
    {"LABCERT1", HCPCS_LABCERT1, true},
    {"LABCERT2", HCPCS_LABCERT1 + 1, true},
    {"LABCERT3", HCPCS_LABCERT1 + 2, true},
    {"LABCERT4", HCPCS_LABCERT1 + 3, true},
    {"LABCERT5", HCPCS_LABCERT1 + 4, true},
    {"LABCERT6", HCPCS_LABCERT1 + 5, true},
    {"LABCERT7", HCPCS_LABCERT1 + 6, true},
    {"LABCERT8", HCPCS_LABCERT1 + 7, true},
    {"XREF1", HCPCS_XREF1, true},
    {"XREF2", HCPCS_XREF1 + 1, true},
    {"XREF3", HCPCS_XREF1 + 2, true},
    {"XREF4", HCPCS_XREF1 + 3, true},
    {"XREF5", HCPCS_XREF1 + 4, true},
    {"COV", HCPCS_COVERAGE, true},
    {"ASC_GRP", HCPCS_ASC_GROUP, true},
    {"ASC_DT", HCPCS_ASC_DATE, true},
    {"OPPS|MOG", HCPCS_MOG_GROUP, true},
    {"OPPS_PI|MOG_PI", HCPCS_MOG_POLICY, true},
    {"OPPS_DT|MOG_DT", HCPCS_MOG_DATE, true},
    {"PROCNOTE", HCPCS_PROC_NOTE, true},
    {"BETOS", HCPCS_BETOS, true},
    {"TOS1", HCPCS_TOS1, true},
    {"TOS2", HCPCS_TOS1 + 1, true},
    {"TOS3", HCPCS_TOS1 + 2, true},
    {"TOS4", HCPCS_TOS1 + 3, true},
    {"TOS5", HCPCS_TOS1 + 4, true},
    {"ANEST_BU", HCPCS_ANESTHESIA_UNITS, true},
    {"ADD DT|ADD DATE", HCPCS_ADDED, true},
    {"ACT EFF DT|ACT EFF DATE", HCPCS_ACTION_EFFECTIVE, true},
    {"TERM DT|TERM DATE", HCPCS_TERMINATED, true},
    {"ACTION CD|ACT CD", HCPCS_ACTION, true},
};
enum { HEADINGS = sizeof headings / sizeof *headings };

/* A heading that says HCPC, SEQNUM and RECID is a release even when another
 * column went missing; the reader then says which. */
enum { HEADINGS_OF_A_RELEASE = 3 };

struct reader {
    struct batch *batch; /* NULL while only the newest date is looked for */
    bool bound;
    struct binding binding;
    struct hcpcs_entry entry;
    uint32_t newest;
};

static struct cell column(const struct reader *r, size_t column,
    const struct cell *cells, size_t count)
{
    return bound_cell(&r->binding, column, cells, count);
}

static int find_newest(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct reader *r = context;
    uint32_t date;

    if (!r->bound) {
        r->bound = heading_found(headings, HEADINGS, cells, count);
        for (size_t i = 0; r->bound && i < count; i++)
            if (label_is(cells[i], "ADD DT"))
                r->binding.at[HCPCS_ADDED] = (uint16_t)(i + 1);
        return 0;
    }
    if (cell_number(column(r, HCPCS_ADDED, cells, count), &date) &&
        date > r->newest && date < 22000101)
        r->newest = date;
    return 0;
}

static bool recognise(const struct probe *probe, struct identity *out)
{
    const enum hcpcs_format format =
        probe->form == FORM_XLSX ? HCPCS_XLSX : HCPCS_CSV;
    struct reader r = {0};
    size_t i = 0;

    if (probe->form != FORM_XLSX && probe->form != FORM_CSV &&
        probe->form != FORM_TSV)
        return false;
    while (i < probe->rows && !heading_found(headings, HEADINGS_OF_A_RELEASE,
                                  probe->row[i].cell, probe->row[i].count))
        i++;
    if (i == probe->rows)
        return false;
    if (!hcpcs_name_tells(probe))
        (void)rows_read(probe, find_newest, &r, NULL);
    hcpcs_identity(out, probe, format, r.newest);
    return true;
}

static void read_fields(
    struct reader *r, const struct cell *cells, size_t count)
{
    struct record *record = &r->entry.record;

    for (size_t c = HCPCS_SHORT; c < HCPCS_COLUMNS; c++) {
        const struct cell cell = column(r, c, cells, count);

        if (c == HCPCS_ASC_DATE || c == HCPCS_MOG_DATE || c == HCPCS_ADDED ||
            c == HCPCS_ACTION_EFFECTIVE || c == HCPCS_TERMINATED)
            record_day(record, c, cell, day_parse_compact);
        else
            record_set(record, c, cell);
    }
}

static int read_row(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct reader *r = context;
    struct cell kind;
    int rc;

    if (!r->bound) {
        if (!heading_found(headings, HEADINGS_OF_A_RELEASE, cells, count))
            return 0; /* the notes above the heading */
        r->bound = true;
        return heading_bind(
            &r->binding, headings, HEADINGS, cells, count, r->batch, err);
    }
    if (row_is_blank(cells, count))
        return 0;
    kind = column(r, HCPCS_RECORD, cells, count);
    if (kind.len != 1 || !hcpcs_is_kind(kind.text[0])) {
        batch_refuse(r->batch, row, "record_type", "none of 3, 4, 7 and 8");
        return 0;
    }
    rc = hcpcs_record(&r->entry, r->batch, row, kind.text[0],
        column(r, HCPCS_CODE, cells, count),
        column(r, COLUMN_SEQUENCE, cells, count),
        column(r, HCPCS_LONG, cells, count), err);
    if (rc == 0 && hcpcs_is_first(kind.text[0]))
        read_fields(r, cells, count);
    return rc;
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    struct reader r = {.batch = batch};
    int rc = identity_check(&batch->id, err);

    if (rc == 0)
        rc = rows_read(probe, read_row, &r, err);
    if (rc == 0)
        rc = hcpcs_finish(&r.entry, err);
    hcpcs_clear(&r.entry);
    return rc;
}

const struct source source_hcpcs_sheet = {"hcpcs_sheet", recognise, read_all};

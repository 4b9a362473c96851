/* The administrator's own lists: local codes with their text, and synonyms for
 * the search; tab-separated, CSV or spreadsheet. */
#include "indexer/sources/sources.h"

#include "codesets/core/code.h"
#include "indexer/sources/common.h"

enum { TERM_MAX = 64 };

static const struct heading local_headings[] = {
    {"local_code", LOCAL_CODE, true},
    {"text", LOCAL_TEXT, true},
    {"from", LOCAL_FROM, false},
    {"to", LOCAL_TO, false},
    {"notes", LOCAL_NOTES, false},
};

static const struct heading synonym_headings[] = {
    {"synonym|term", SYNONYM_TERM, true},
    {"meaning", SYNONYM_MEANING, true},
};

static void read_local(struct record *record, const struct bound_row *row)
{
    record_own_key(record, LOCAL_CODE, row_cell(row, LOCAL_CODE), CODE_MAX);
    if (row_cell(row, LOCAL_TEXT).len == 0)
        record_refuse(record, LOCAL_TEXT, "missing");
    record_set(record, LOCAL_TEXT, row_cell(row, LOCAL_TEXT));
    record_day(record, LOCAL_FROM, row_cell(row, LOCAL_FROM), parse_any_day);
    record_day(record, LOCAL_TO, row_cell(row, LOCAL_TO), parse_any_day);
    record_set(record, LOCAL_NOTES, row_cell(row, LOCAL_NOTES));
}

static void read_synonym(struct record *record, const struct bound_row *row)
{
    record_own_key(record, SYNONYM_TERM, row_cell(row, SYNONYM_TERM), TERM_MAX);
    if (row_cell(row, SYNONYM_MEANING).len == 0)
        record_refuse(record, SYNONYM_MEANING, "missing");
    record_set(record, SYNONYM_MEANING, row_cell(row, SYNONYM_MEANING));
}

/* Each in two layouts: lines of tabs with notes, and CSV or spreadsheet. */
static const struct table_layout local_layouts[] = {
    {
        .heading = local_headings,
        .headings = sizeof local_headings / sizeof *local_headings,
        .read_row = read_local,
        .tabs_and_notes = true,
    },
    {
        .heading = local_headings,
        .headings = sizeof local_headings / sizeof *local_headings,
        .read_row = read_local,
    },
};

static const struct table_layout synonym_layouts[] = {
    {
        .heading = synonym_headings,
        .headings = sizeof synonym_headings / sizeof *synonym_headings,
        .read_row = read_synonym,
        .tabs_and_notes = true,
    },
    {
        .heading = synonym_headings,
        .headings = sizeof synonym_headings / sizeof *synonym_headings,
        .read_row = read_synonym,
    },
};

static const struct table_layout *layout_of(
    const struct probe *probe, const struct table_layout layouts[2])
{
    for (int i = 0; i < 2; i++)
        if (table_found(probe, &layouts[i]))
            return &layouts[i];
    return NULL;
}

static int read_list(const struct probe *probe,
    const struct table_layout layouts[2], struct batch *batch,
    struct error *err)
{
    const struct table_layout *layout = layout_of(probe, layouts);

    if (layout == NULL)
        return error_set(err, ERR_INPUT, 0, "the heading is not to be found");
    return table_read(probe, layout, batch, err);
}

static bool recognise_local(const struct probe *probe, struct identity *out)
{
    identity_undated(out, TABLE_LOCAL, 0);
    return layout_of(probe, local_layouts) != NULL;
}

static int read_all_local(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    return read_list(probe, local_layouts, batch, err);
}

static bool recognise_synonyms(const struct probe *probe, struct identity *out)
{
    identity_undated(out, TABLE_SYNONYM, 0);
    return layout_of(probe, synonym_layouts) != NULL;
}

static int read_all_synonyms(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    return read_list(probe, synonym_layouts, batch, err);
}

const struct source source_admin_local = {
    "admin_local", recognise_local, read_all_local};
const struct source source_admin_synonyms = {
    "admin_synonyms", recognise_synonyms, read_all_synonyms};

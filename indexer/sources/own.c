/* The project's own tables in codesets/data: tab-separated, notes behind #,
 * then a heading that names the columns. */
#include "indexer/sources/sources.h"

#include "indexer/sources/common.h"

static const struct heading timed_headings[] = {
    {"code", TIMED_CODE, true},
    {"label", TIMED_LABEL, true},
    {"system", TIMED_SYSTEM, true},
    {"kind", TIMED_KIND, true},
    {"timed", TIMED_FLAG, true},
    {"unit_min", TIMED_UNIT, true},
    {"min_minutes", TIMED_MINIMUM, true},
    {"max_minutes", TIMED_MAXIMUM, true},
    {"step_min", TIMED_STEP, true},
    {"cms8_pool", TIMED_POOL, true},
    {"therapy", TIMED_THERAPY, true},
    {"therapy_cert", TIMED_THERAPY_CERT, true},
    {"addon", TIMED_ADDON, true},
    {"primaries", TIMED_PRIMARIES, true},
    {"valid_from", TIMED_FROM, true},
    {"valid_to", TIMED_TO, true},
    {"replaced_by", TIMED_REPLACED_BY, true},
    {"cert", TIMED_CERT, true},
    {"notes", TIMED_NOTES, true},
    {"family", TIMED_FAMILY, false},
    {"cms_min", TIMED_CMS_MINIMUM, false},
    /* Facts of releases, in the reference table only. */
    {"*pfs_", BINDING_IGNORED, false},
    {"*mue_", BINDING_IGNORED, false},
};

static const struct heading modifier_headings[] = {
    {"code", MODIFIER_CODE, true},
    {"label", MODIFIER_LABEL, true},
    {"class", MODIFIER_CLASS, true},
    {"bypass", MODIFIER_BYPASS, true},
    {"em_only", MODIFIER_EM_ONLY, true},
    {"setting", MODIFIER_SETTING, true},
    {"family", MODIFIER_FAMILY, true},
    {"column1_from", MODIFIER_COL1_FROM, true},
    {"from", MODIFIER_FROM, true},
    {"to", MODIFIER_TO, true},
    {"source", MODIFIER_SOURCE, true},
    {"notes", MODIFIER_NOTES, true},
};

static void read_timed(struct record *record, const struct bound_row *row)
{
    record_code(record, TIMED_CODE, row_cell(row, TIMED_CODE));
    for (size_t c = TIMED_LABEL; c < TIMED_COLUMNS; c++)
        if (c == TIMED_FROM || c == TIMED_TO)
            record_day(record, c, row_cell(row, c), parse_any_day);
        else
            record_set(record, c, row_cell(row, c));
}

static void read_modifier(struct record *record, const struct bound_row *row)
{
    record_modifier(record, MODIFIER_CODE, row_cell(row, MODIFIER_CODE));
    for (size_t c = MODIFIER_LABEL; c < MODIFIER_COLUMNS; c++)
        if (c == MODIFIER_COL1_FROM || c == MODIFIER_FROM || c == MODIFIER_TO)
            record_day(record, c, row_cell(row, c), parse_any_day);
        else
            record_set(record, c, row_cell(row, c));
}

static const struct table_layout timed_layout = {
    .heading = timed_headings,
    .headings = sizeof timed_headings / sizeof *timed_headings,
    .read_row = read_timed,
    .tabs_and_notes = true,
};

static const struct table_layout modifier_layout = {
    .heading = modifier_headings,
    .headings = sizeof modifier_headings / sizeof *modifier_headings,
    .read_row = read_modifier,
    .tabs_and_notes = true,
};

static bool recognise_timed(const struct probe *probe, struct identity *out)
{
    identity_undated(out, TABLE_TIMED, 0);
    return table_found(probe, &timed_layout);
}

static int read_all_timed(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    return table_read(probe, &timed_layout, batch, err);
}

static bool recognise_modifiers(const struct probe *probe, struct identity *out)
{
    identity_undated(out, TABLE_MODIFIER, 0);
    return table_found(probe, &modifier_layout);
}

static int read_all_modifiers(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    return table_read(probe, &modifier_layout, batch, err);
}

const struct source source_own_timed = {
    "own_timed", recognise_timed, read_all_timed};
const struct source source_own_modifiers = {
    "own_modifiers", recognise_modifiers, read_all_modifiers};

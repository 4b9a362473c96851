/* The project's own tables in codesets/data: tab-separated, notes behind #,
 * then a heading that names the columns. */
#include "indexer/sources/sources.h"

#include "codesets/core/code.h"
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
    {"effect", MODIFIER_EFFECT, true},
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

static const struct heading kx_headings[] = {
    {"year", KX_YEAR, true},
    {"pt_slp", KX_PT_SLP, true},
    {"ot", KX_OT, true},
    {"review", KX_REVIEW, true},
    {"cert", KX_CERT, true},
    {"source", KX_SOURCE, true},
};

static const struct heading claim_fact_headings[] = {
    {"subject", CLAIM_FACT_SUBJECT, true},
    {"fact", CLAIM_FACT_KIND, true},
    {"value", CLAIM_FACT_VALUE, true},
    {"from", CLAIM_FACT_FROM, true},
    {"to", CLAIM_FACT_TO, true},
    {"cert", CLAIM_FACT_CERT, true},
    {"notes", CLAIM_FACT_NOTES, true},
};

static const struct heading modifier_place_headings[] = {
    {"place", MODIFIER_PLACE_NAME, true},
    {"first", MODIFIER_PLACE_FIRST, true},
    {"last", MODIFIER_PLACE_LAST, true},
    {"meaning", MODIFIER_PLACE_MEANING, true},
};

static const struct heading section_headings[] = {
    {"system", SECTION_SYSTEM, true},
    {"first", SECTION_FIRST, true},
    {"last", SECTION_LAST, true},
    {"name", SECTION_NAME, true},
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

static void read_kx(struct record *record, const struct bound_row *row)
{
    uint32_t number;

    if (row_cell(row, KX_YEAR).len != 4 ||
        !cell_number(row_cell(row, KX_YEAR), &number))
        record_refuse(record, KX_YEAR, "not a year");
    for (size_t c = KX_PT_SLP; c <= KX_REVIEW; c++)
        if (!cell_number(row_cell(row, c), &number))
            record_refuse(record, c, "not a whole number of dollars");
    for (size_t c = KX_YEAR; c < KX_COLUMNS; c++)
        record_set(record, c, row_cell(row, c));
}

static void read_claim_fact(struct record *record, const struct bound_row *row)
{
    record_own_key(record, CLAIM_FACT_SUBJECT,
        row_cell(row, CLAIM_FACT_SUBJECT), PROC_LEN);
    if (row_cell(row, CLAIM_FACT_KIND).len == 0)
        record_refuse(record, CLAIM_FACT_KIND, "missing");
    for (size_t c = CLAIM_FACT_KIND; c < CLAIM_FACT_COLUMNS; c++)
        if (c == CLAIM_FACT_FROM || c == CLAIM_FACT_TO)
            record_day(record, c, row_cell(row, c), parse_any_day);
        else
            record_set(record, c, row_cell(row, c));
}

static void read_modifier_place(
    struct record *record, const struct bound_row *row)
{
    record_own_key(record, MODIFIER_PLACE_NAME,
        row_cell(row, MODIFIER_PLACE_NAME),
        table_schema(TABLE_MODIFIER_PLACE)->key_len);
    record_code(
        record, MODIFIER_PLACE_FIRST, row_cell(row, MODIFIER_PLACE_FIRST));
    record_code(
        record, MODIFIER_PLACE_LAST, row_cell(row, MODIFIER_PLACE_LAST));
    record_set(
        record, MODIFIER_PLACE_MEANING, row_cell(row, MODIFIER_PLACE_MEANING));
}

static void read_section(struct record *record, const struct bound_row *row)
{
    record_own_key(record, SECTION_SYSTEM, row_cell(row, SECTION_SYSTEM),
        table_schema(TABLE_SECTION)->key_len);
    for (size_t c = SECTION_FIRST; c < SECTION_COLUMNS; c++)
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

static const struct table_layout section_layout = {
    .heading = section_headings,
    .headings = sizeof section_headings / sizeof *section_headings,
    .read_row = read_section,
    .tabs_and_notes = true,
};

static const struct table_layout kx_layout = {
    .heading = kx_headings,
    .headings = sizeof kx_headings / sizeof *kx_headings,
    .read_row = read_kx,
    .tabs_and_notes = true,
};

static const struct table_layout claim_fact_layout = {
    .heading = claim_fact_headings,
    .headings = sizeof claim_fact_headings / sizeof *claim_fact_headings,
    .read_row = read_claim_fact,
    .tabs_and_notes = true,
};

static const struct table_layout modifier_place_layout = {
    .heading = modifier_place_headings,
    .headings =
        sizeof modifier_place_headings / sizeof *modifier_place_headings,
    .read_row = read_modifier_place,
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

static bool recognise_kx(const struct probe *probe, struct identity *out)
{
    identity_undated(out, TABLE_KX, 0);
    return table_found(probe, &kx_layout);
}

static int read_all_kx(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    return table_read(probe, &kx_layout, batch, err);
}

static bool recognise_claim_facts(
    const struct probe *probe, struct identity *out)
{
    identity_undated(out, TABLE_CLAIM_FACT, 0);
    return table_found(probe, &claim_fact_layout);
}

static int read_all_claim_facts(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    return table_read(probe, &claim_fact_layout, batch, err);
}

static bool recognise_modifier_places(
    const struct probe *probe, struct identity *out)
{
    identity_undated(out, TABLE_MODIFIER_PLACE, 0);
    return table_found(probe, &modifier_place_layout);
}

static int read_all_modifier_places(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    return table_read(probe, &modifier_place_layout, batch, err);
}

static bool recognise_sections(const struct probe *probe, struct identity *out)
{
    identity_undated(out, TABLE_SECTION, 0);
    return table_found(probe, &section_layout);
}

static int read_all_sections(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    return table_read(probe, &section_layout, batch, err);
}

const struct source source_own_timed = {
    "own_timed", recognise_timed, read_all_timed};
const struct source source_own_modifiers = {
    "own_modifiers", recognise_modifiers, read_all_modifiers};
const struct source source_own_kx = {"own_kx", recognise_kx, read_all_kx};
const struct source source_own_claim_facts = {
    "own_claim_facts", recognise_claim_facts, read_all_claim_facts};
const struct source source_own_modifier_places = {
    "own_modifier_places", recognise_modifier_places, read_all_modifier_places};
const struct source source_own_sections = {
    "own_sections", recognise_sections, read_all_sections};

#include <string.h>

#include "codesets/answer/card/card.h"
#include "codesets/answer/pair/pair_answer.h"
#include "codesets/answer/release_json.h"
#include "codesets/store/aoc.h"

/* ------------------------------------------------------------------ PFS */

/* Relative values and factors are numbers; everything else is a mark. */
static bool is_number_column(int column)
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
    case PFS_CONVERSION_FACTOR:
    case PFS_NONFACILITY_PE_OPPS:
    case PFS_FACILITY_PE_OPPS:
    case PFS_MP_OPPS:
        return true;
    default:
        return false;
    }
}

static void value_json(struct json *json, int column, const char *text)
{
    const size_t len = text == NULL ? 0 : strlen(text);

    if (len == 0)
        json_null(json);
    else if (is_number_column(column))
        json_decimal(json, text, len);
    else
        json_text(json, text, len);
}

/* All columns of one row, and those that are uncertain. */
static void row_members(
    struct json *json, const struct pfs_state *pfs, const struct pfs_row *row)
{
    const struct table_schema *schema = table_schema(TABLE_PFS);

    for (int c = PFS_STATUS; c < PFS_COLUMNS; c++) {
        const struct pfs_value value = pfs_column(pfs, row, c);

        json_key(json, schema->column[c]);
        value_json(json, c, value.uncertain ? NULL : value.now);
    }
    json_key(json, "uncertain");
    json_open(json, '{');
    for (int c = PFS_STATUS; c < PFS_COLUMNS; c++) {
        const struct pfs_value value = pfs_column(pfs, row, c);

        if (!value.uncertain)
            continue;
        json_key(json, schema->column[c]);
        json_open(json, '[');
        value_json(json, c, value.now);
        value_json(json, c, value.next);
        json_close(json, ']');
    }
    json_close(json, '}');
    json_key(json, "source");
    if (row->snapshot.found) {
        const struct source_ref at =
            row_source(pfs->store, &row->snapshot.row, row->snapshot.release);

        source_json(json, pfs->release->label, at.file, at.row);
    } else {
        json_null(json);
    }
}

/* Is the code in the schedule: yes, no, or not known. */
static void listed_json(struct json *json, const struct pfs_state *pfs)
{
    const struct snapshot *at = &pfs->row[0].snapshot;

    json_key(json, "listed");
    if (pfs->rows > 0 &&
        (pfs->state != SNAPSHOT_GAP || (at->found && at->next_found)))
        json_bool(json, true);
    else if (pfs->rows > 0 || pfs->release == NULL || pfs->release->partial)
        json_null(json);
    else
        json_bool(json, false);
}

void card_fees_json(struct json *json, const struct code_card *card)
{
    const struct pfs_state *pfs = &card->pfs;
    size_t whole = 0;

    json_key(json, "pfs");
    if (pfs->state == SNAPSHOT_NOT_LOADED) {
        json_null(json);
        return;
    }
    json_open(json, '{');
    listed_json(json, pfs);
    json_key(json, "state");
    json_word(json, snapshot_state_name(pfs->state));
    json_key(json, "release");
    json_string(json, pfs->release == NULL ? NULL : pfs->release->label);
    json_key(json, "next_release");
    json_string(json, pfs->next == NULL ? NULL : pfs->next->label);
    json_key(json, "stale");
    json_bool(json, pfs->state == SNAPSHOT_STALE);
    if (pfs->rows > 0 && pfs->row[0].modifier[0] == '\0') {
        row_members(json, pfs, &pfs->row[0]);
        whole = 1;
    } else {
        json_key(json, "status");
        json_null(json);
    }
    json_key(json, "modifiers");
    json_open(json, '{');
    for (size_t i = whole; i < pfs->rows; i++) {
        json_key(json, pfs->row[i].modifier);
        json_open(json, '{');
        row_members(json, pfs, &pfs->row[i]);
        json_close(json, '}');
    }
    json_close(json, '}');
    json_close(json, '}');
}

/* --------------------------------------------------- units and edits */

const char *mai_meaning(enum mue_mai mai)
{
    switch (mai) {
    case MAI_LINE:
        return "line edit: the units of each line are compared; lines parted "
               "by a modifier count apart";
    case MAI_DAY_POLICY:
        return "date of service edit, policy: the units of the day are "
               "compared; absolute";
    case MAI_DAY_CLINICAL:
        return "date of service edit, clinical: the units of the day are "
               "compared; more may be paid on review";
    default:
        return "line edit";
    }
}

static void limit_members(struct json *json, const struct mue *mue)
{
    json_key(json, "value");
    json_int(json, mue->value);
    json_key(json, "mai");
    json_int(json, mue->mai);
    json_key(json, "meaning");
    json_word(json, mai_meaning(mue->mai));
    json_key(json, "rationale");
    json_string(json, mue->rationale);
    json_key(json, "source");
    source_json(json, mue->release->label, mue->source.file, mue->source.row);
}

static void side_json(struct json *json, bool found, const struct mue *mue)
{
    if (!found) {
        json_null(json);
        return;
    }
    json_open(json, '{');
    limit_members(json, mue);
    json_close(json, '}');
}

static void limit_json(struct json *json, const struct mue_state *mue)
{
    const bool uncertain = mue_uncertain(mue);
    const bool known = mue->found && !uncertain;

    if (mue->state == SNAPSHOT_NOT_LOADED) {
        json_null(json);
        return;
    }
    json_open(json, '{');
    if (known) {
        limit_members(json, &mue->now);
    } else {
        json_key(json, "value");
        json_null(json);
        json_key(json, "mai");
        json_null(json);
    }
    /* A value of 0 is a limit; no row at all means that none is published. */
    json_key(json, "published");
    if (known)
        json_bool(json, true);
    else if (uncertain || mue->partial || mue->release == NULL)
        json_null(json);
    else
        json_bool(json, false);
    json_key(json, "state");
    json_word(json, snapshot_state_name(mue->state));
    json_key(json, "release");
    json_string(json, mue->release == NULL ? NULL : mue->release->label);
    json_key(json, "stale");
    json_bool(json, mue->state == SNAPSHOT_STALE);
    json_key(json, "uncertain");
    if (uncertain) {
        json_open(json, '[');
        side_json(json, mue->found, &mue->now);
        side_json(json, mue->next_found, &mue->next);
        json_close(json, ']');
    } else {
        json_null(json);
    }
    json_close(json, '}');
}

void card_limits_json(struct json *json, const struct code_card *card)
{
    json_key(json, "mue");
    json_open(json, '{');
    for (int s = SETTING_PRACTITIONER; s < SETTING_COUNT; s++) {
        json_key(json, setting_name((enum setting)s));
        limit_json(json, &card->mue[s]);
    }
    json_close(json, '}');
    json_key(json, "edits");
    json_open(json, '{');
    for (int s = SETTING_PRACTITIONER; s < SETTING_COUNT; s++) {
        const struct edit_scope *scope;

        json_key(json, setting_name((enum setting)s));
        scope = &card->answers->rules->edits[s][PROGRAM_MEDICARE];
        if (!scope->loaded) {
            json_null(json);
            continue;
        }
        json_open(json, '{');
        counts_json(json, scope, &card->edits[s], card->day);
        json_key(json, "total");
        json_int(json, card->edits[s].total);
        json_close(json, '}');
    }
    json_close(json, '}');
}

/* ---------------------------------------------------------------- add-on */

static const char *type_meaning(unsigned type)
{
    switch (type) {
    case 1:
        return "paid only with one of the listed primaries";
    case 2:
        return "the contractor decides which primaries";
    case 3:
        return "some primaries are listed, the contractor may take others";
    default:
        return NULL;
    }
}

/* The list of add-ons of a primary, or of primaries of an add-on; empty for a
 * day of which the table does not speak. Returns whether any row was in force,
 * with the first one. */
static bool addon_list(struct json *json, const struct code_card *card,
    enum snapshot_state state, bool as_primary, struct aoc_row *first,
    bool *contractor)
{
    const struct code_ref *code = &card->item.code;
    struct aoc_rows rows;
    struct aoc_row row;
    bool any = false;

    *contractor = false;
    json_open(json, '[');
    if (state != SNAPSHOT_OUTSIDE &&
        aoc_find(&rows, card->answers->store, code->text, code->len, as_primary,
            NULL) == 0)
        while (aoc_next(&rows, &row, NULL) > 0) {
            if (!aoc_in_force(&row, card->day))
                continue;
            if (!any)
                *first = row;
            any = true;
            if (strcmp(row.primary, AOC_CONTRACTOR) == 0)
                *contractor = true;
            else
                json_string(json, as_primary ? row.addon : row.primary);
        }
    json_close(json, ']');
    return any;
}

void card_addon_json(
    struct json *json, const struct code_card *card, struct used *used)
{
    const struct series *series = store_series(
        card->answers->store, TABLE_AOC, SETTING_NONE, PROGRAM_NONE);
    const enum snapshot_state state = aoc_state(series, card->day);
    struct aoc_row first = {0}, other = {0};
    bool is_addon, contractor, ignored;

    json_key(json, "addon");
    if (state == SNAPSHOT_NOT_LOADED) {
        json_null(json);
        return;
    }
    used_add(used, series);
    json_open(json, '{');
    json_key(json, "primaries");
    is_addon = addon_list(json, card, state, false, &first, &contractor);
    json_key(json, "addons");
    (void)addon_list(json, card, state, true, &other, &ignored);
    json_key(json, "is_addon");
    if (is_addon || aoc_proves_none(series, card->day))
        json_bool(json, is_addon);
    else
        json_null(json);
    json_key(json, "state");
    json_word(json, snapshot_state_name(state));
    json_key(json, "stale");
    json_bool(json, state == SNAPSHOT_STALE);
    json_key(json, "type");
    if (is_addon && first.type != 0)
        json_int(json, first.type);
    else
        json_null(json);
    json_key(json, "meaning");
    json_string(json, is_addon ? type_meaning(first.type) : NULL);
    json_key(json, "contractor_defined");
    json_bool(json, contractor);
    json_key(json, "note");
    json_string(json, is_addon && first.note[0] != '\0' ? first.note : NULL);
    json_key(json, "source");
    if (is_addon)
        source_json(json, series->release[series->releases - 1].label,
            first.source.file, first.source.row);
    else
        json_null(json);
    json_close(json, '}');
}

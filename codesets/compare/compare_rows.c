/* The rows of a key: what they say on one side and on the other. */
#include <stdlib.h>
#include <string.h>

#include "codesets/compare/compare_parts.h"
#include "codesets/store/aoc.h"
#include "codesets/store/table.h"

enum { KEY_ROWS_MAX = 65536 }; /* of one key in one release */

/* --- gathering ------------------------------------------------------------ */

static int row_add(
    struct row_list *list, const struct row *row, struct error *err)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
        struct row *grown;

        if (capacity > KEY_ROWS_MAX)
            return error_set(err, ERR_LIMIT, 0,
                "a key of %s has more than %d rows",
                table_schema(row->series->table)->name, KEY_ROWS_MAX);
        grown = realloc(list->row, capacity * sizeof *grown);
        if (grown == NULL)
            return error_memory(err);
        list->row = grown;
        list->capacity = capacity;
    }
    list->row[list->count++] = *row;
    return 0;
}

static bool covers(const struct row *row, uint32_t release)
{
    return row->first_release <= release && release <= row->last_release;
}

/* The rows of a key that stand in the release of a side. */
static int gather(struct comparing *c, int side, const char *key, size_t len,
    struct error *err)
{
    const struct compare_series *series = c->series;
    struct row_list *list = &c->rows[side];
    struct rows rows;
    struct row row;
    int rc;

    list->count = 0;
    if (series->release[side] == NULL)
        return 0;
    rc = rows_find(
        &rows, side_store(c, side), series->series[side], key, len, err);
    if (rc == ERR_NOTFOUND)
        return 0;
    while (rc == 0 && (rc = rows_next(&rows, &row, err)) > 0)
        rc = covers(&row, series->number[side]) ? row_add(list, &row, err) : 0;
    return rc;
}

/* One build: a key whose rows stand alike in both releases needs no look. */
static int unchanged(const struct comparing *c, const struct rows *of,
    bool *same, struct error *err)
{
    const struct compare_series *series = c->series;
    struct rows rows = *of;
    struct row row;
    int rc;

    *same = true;
    while ((rc = rows_peek(&rows, &row, err)) > 0)
        if (covers(&row, series->number[BEFORE]) !=
            covers(&row, series->number[AFTER]))
            *same = false;
    return rc;
}

/* --- telling ---------------------------------------------------------------
 */

struct key_change {
    const char *key;
    size_t len;
    char code[ROW_KEY_MAX + 1], modifier[4];
    enum code_system system;
};

static enum code_system proc_or_none(const char *code, size_t len)
{
    uint32_t packed;

    if (len != PROC_LEN || (packed = proc_pack(code)) == PROC_NONE)
        return SYSTEM_COUNT;
    return proc_system(packed);
}

static void name_key(struct key_change *out, const struct comparing *c,
    const char *key, size_t len, const struct row *row, int side)
{
    const enum table table = c->series->table;
    size_t n = len < ROW_KEY_MAX ? len : ROW_KEY_MAX;

    *out = (struct key_change){.key = key, .len = len, .system = SYSTEM_COUNT};
    if (table == TABLE_PFS && len > PROC_LEN && len <= PROC_LEN + 3) {
        memcpy(out->modifier, key + PROC_LEN, len - PROC_LEN);
        n = PROC_LEN;
    }
    if (table == TABLE_AOC || table == TABLE_CONVERSION) {
        /* A back reference stands under another code than its own. */
        key = row_text(side_store(c, side), row, 0, &n);
        n = n < ROW_KEY_MAX ? n : ROW_KEY_MAX;
    }
    memcpy(out->code, key, n);
    switch (table) {
    case TABLE_HCPCS:
        out->system =
            *row_text(side_store(c, side), row, HCPCS_RECORD, NULL) == '7'
                ? SYSTEM_MODIFIER
                : proc_or_none(out->code, n);
        break;
    case TABLE_PFS:
    case TABLE_MUE:
    case TABLE_AOC:
    case TABLE_DHS:
    case TABLE_TIMED:
    case TABLE_CLAIM_FACT:
        out->system = proc_or_none(out->code, n);
        break;
    case TABLE_ICD10CM:
    case TABLE_POA:
    case TABLE_CONVERSION:
    case TABLE_ICD10CM_INDEX:
    case TABLE_ICD10CM_EXTERNAL:
    case TABLE_ICD10CM_DRUG:
    case TABLE_ICD10CM_NEOPLASM:
        out->system = SYSTEM_ICD10CM;
        break;
    case TABLE_ICD10CM_TABULAR:
        if (icd_shaped(out->code, n))
            out->system = SYSTEM_ICD10CM;
        break;
    case TABLE_CPT:
        out->system = SYSTEM_CPT;
        break;
    case TABLE_LOCAL:
        out->system = SYSTEM_LOCAL;
        break;
    case TABLE_MODIFIER:
        out->system = SYSTEM_MODIFIER;
        break;
    default:
        break;
    }
}

static struct change change_of(const struct comparing *c,
    const struct key_change *key, const struct row *before,
    const struct row *after)
{
    const struct row *row[SIDES] = {before, after};
    struct change change = {.series = c->series,
        .system = key->system,
        .code = key->code,
        .modifier = key->modifier,
        .document = NULL,
        .effective = DAY_UNKNOWN,
        .certain = true};

    for (int side = 0; side < SIDES; side++)
        if (row[side] != NULL) {
            const struct source_ref at = row_source(
                side_store(c, side), row[side], c->series->number[side]);

            change.source[side] = (struct change_source){
                at.file, at.row, c->series->release[side]->label};
        }
    return change;
}

/* The first release of the side after that is newer than the one compared on
 * the side before. */
static uint32_t first_newer(const struct compare_series *series)
{
    const struct series *after = series->series[AFTER];
    uint32_t r = 0;

    if (series->release[BEFORE] == NULL)
        return series->number[AFTER];
    while (r < series->number[AFTER] &&
           after->release[r].from <= series->release[BEFORE]->from)
        r++;
    return r;
}

/* Did a column say the same in an earlier release of the side after? column
 * COLUMN_ANY: was there any row at all? */
enum { COLUMN_ANY = -1 };

static int said(const struct comparing *c, const struct key_change *key,
    uint32_t release, int column, const char *text, bool *out,
    struct error *err)
{
    const struct store *store = side_store(c, AFTER);
    struct rows rows;
    struct row row;
    int rc = rows_find(
        &rows, store, c->series->series[AFTER], key->key, key->len, err);

    *out = false;
    if (rc == ERR_NOTFOUND)
        return 0;
    while (rc == 0 && !*out && (rc = rows_next(&rows, &row, err)) > 0) {
        rc = 0;
        if (covers(&row, release))
            *out = column == COLUMN_ANY ||
                   strcmp(row_text(store, &row, column, NULL), text) == 0;
    }
    return rc;
}

/* A snapshot's change counts from the first day of the first release, behind
 * the one before, that says what the one after says. text NULL: that it is not
 * there. */
static int snapshot_day(const struct comparing *c, const struct key_change *key,
    int column, const char *text, struct change *change, struct error *err)
{
    const struct compare_series *series = c->series;
    const struct series *after = series->series[AFTER];
    const uint32_t first = first_newer(series);
    uint32_t r = series->number[AFTER];
    const struct release *last = series->release[BEFORE];
    bool same;
    int rc;

    if (table_schema(series->table)->kind == SERIES_UNDATED)
        return 0;
    while (r > first) {
        if ((rc = said(c, key, r - 1, text == NULL ? COLUMN_ANY : column,
                 text == NULL ? "" : text, &same, err)) != 0)
            return rc;
        if (same == (text == NULL))
            break;
        r--;
    }
    if (r > first)
        last = &after->release[r - 1];
    change->effective = after->release[r].from;
    change->certain = last == NULL || (last->to != DAY_OPEN &&
                                          last->to + 1 >= change->effective);
    return 0;
}

/* --- begins and ends --------------------------------------------------------
 */

/* Tables that say which codes there are; the others list codes of others. */
static bool defines(const struct comparing *c, const struct key_change *key)
{
    switch (c->series->table) {
    case TABLE_HCPCS:
    case TABLE_ICD10CM:
    case TABLE_CPT:
    case TABLE_LOCAL:
        return true;
    case TABLE_PFS:
        return key->system == SYSTEM_CPT && key->modifier[0] == '\0';
    default:
        return false;
    }
}

/* A column whose text says what a row is: shown with its begin and its end. */
static int saying_column(enum table table)
{
    static const int8_t of[TABLE_COUNT] = {
        [TABLE_HCPCS] = HCPCS_LONG,
        [TABLE_PFS] = PFS_STATUS,
        [TABLE_MUE] = MUE_VALUE,
        [TABLE_AOC] = AOC_PRIMARY,
        [TABLE_ICD10CM] = ICD_LONG,
        [TABLE_CONVERSION] = CONVERSION_PREVIOUS,
        [TABLE_DHS] = DHS_DESCRIPTION,
        [TABLE_TIMED] = TIMED_LABEL,
        [TABLE_MODIFIER] = MODIFIER_LABEL,
        [TABLE_CPT] = CPT_LONG,
        [TABLE_LOCAL] = LOCAL_TEXT,
        [TABLE_SYNONYM] = SYNONYM_MEANING,
        [TABLE_KX] = KX_PT_SLP,
        [TABLE_CLAIM_FACT] = CLAIM_FACT_KIND,
        [TABLE_MODIFIER_PLACE] = MODIFIER_PLACE_MEANING,
        [TABLE_ICD10CM_TABULAR] = TABULAR_TITLE,
        [TABLE_ICD10CM_INDEX] = ICD_INDEX_TERM,
        [TABLE_ICD10CM_EXTERNAL] = ICD_INDEX_TERM,
        [TABLE_ICD10CM_DRUG] = ICD_INDEX_TERM,
        [TABLE_ICD10CM_NEOPLASM] = ICD_INDEX_TERM,
        [TABLE_SECTION] = SECTION_NAME,
    };

    return of[table];
}

static const char *or_null(const char *text)
{
    return *text == '\0' ? NULL : text;
}

/* What a row says of itself, and in which column. */
static const char *saying(const struct comparing *c, int side,
    const struct row *row, const char **field)
{
    const int column = saying_column(c->series->table);

    *field = NULL;
    if (column == 0)
        return NULL;
    *field = table_schema(c->series->table)->column[column];
    return or_null(row_text(side_store(c, side), row, column, NULL));
}

static day_t row_end(const struct comparing *c, int side, const struct row *row)
{
    const struct store *store = side_store(c, side);
    day_t end, other;

    switch (c->series->table) {
    case TABLE_HCPCS:
        return row_day(store, row, HCPCS_TERMINATED, DAY_OPEN);
    case TABLE_AOC:
        end = row_day(store, row, AOC_DELETED, DAY_OPEN);
        other = row_day(store, row, AOC_ADDON_DELETED, DAY_OPEN);
        end = other < end ? other : end;
        other = row_day(store, row, AOC_PRIMARY_DELETED, DAY_OPEN);
        return other < end ? other : end;
    default:
        return DAY_OPEN;
    }
}

static day_t row_begin(
    const struct comparing *c, int side, const struct row *row)
{
    switch (c->series->table) {
    case TABLE_HCPCS:
        return row_day(side_store(c, side), row, HCPCS_ADDED, DAY_UNKNOWN);
    case TABLE_AOC:
        return row_day(side_store(c, side), row, AOC_EFFECTIVE, DAY_UNKNOWN);
    default:
        return DAY_UNKNOWN;
    }
}

/* An add-on's primary is what its row lists. */
static const char *row_other(
    const struct comparing *c, int side, const struct row *row)
{
    if (c->series->table == TABLE_AOC)
        return row_text(side_store(c, side), row, AOC_PRIMARY, NULL);
    return NULL;
}

static int tell_begin(struct comparing *c, const struct key_change *key,
    const struct row *row, struct error *err)
{
    struct change change = change_of(c, key, NULL, row);
    const day_t begin = row_begin(c, AFTER, row);
    int rc = 0;

    change.kind = defines(c, key)                 ? CHANGE_ADDED
                  : c->series->table == TABLE_MUE ? CHANGE_LIMIT
                                                  : CHANGE_LISTED;
    change.after = saying(c, AFTER, row, &change.field);
    change.other = row_other(c, AFTER, row);
    if (begin != DAY_UNKNOWN)
        change.effective = begin;
    else
        rc = snapshot_day(c, key, COLUMN_ANY, "", &change, err);
    return rc == 0 ? compare_tell(c, &change, err) : rc;
}

/* after: the row that tells of the end; NULL when the row is gone. */
static int tell_end(struct comparing *c, const struct key_change *key,
    const struct row *before, const struct row *after, struct error *err)
{
    struct change change = change_of(c, key, before, after);
    const day_t end = after == NULL ? DAY_OPEN : row_end(c, AFTER, after);
    int rc = 0;

    change.kind = defines(c, key)                 ? CHANGE_ENDED
                  : c->series->table == TABLE_MUE ? CHANGE_LIMIT
                                                  : CHANGE_UNLISTED;
    if (before != NULL) {
        change.before = saying(c, BEFORE, before, &change.field);
        change.other = row_other(c, BEFORE, before);
    } else if (after != NULL) {
        change.before = saying(c, AFTER, after, &change.field);
        change.other = row_other(c, AFTER, after);
    }
    if (end != DAY_OPEN)
        change.effective = end + 1;
    else
        rc = snapshot_day(c, key, COLUMN_ANY, NULL, &change, err);
    return rc == 0 ? compare_tell(c, &change, err) : rc;
}

static int tell_gone(struct comparing *c, const struct key_change *key,
    const struct row *row, struct error *err)
{
    struct change change;
    const day_t end = row_end(c, BEFORE, row);

    if (c->series->release[AFTER]->partial)
        return 0; /* its absence proves nothing */
    if (end == DAY_OPEN)
        return tell_end(c, key, row, NULL, err);
    change = change_of(c, key, row, NULL);
    change.kind = CHANGE_DROPPED;
    change.before = saying(c, BEFORE, row, &change.field);
    change.other = row_other(c, BEFORE, row);
    change.effective = end + 1;
    return compare_tell(c, &change, err);
}

/* --- rows that stand on both sides ------------------------------------------
 */

static const char *column_text(
    const struct comparing *c, int side, const struct row *row, size_t column)
{
    return row_text(side_store(c, side), row, (int)column, NULL);
}

static bool column_same(const struct comparing *c, const struct row *before,
    const struct row *after, size_t column)
{
    if (c->one_build && before->text[column] == after->text[column])
        return true;
    return strcmp(column_text(c, BEFORE, before, column),
               column_text(c, AFTER, after, column)) == 0;
}

/* A licensed description that only one of the builds may carry. */
static bool withheld(const struct comparing *c, const struct key_change *key,
    const struct row *before, const struct row *after, size_t column)
{
    return store_licensed(side_store(c, BEFORE)) !=
               store_licensed(side_store(c, AFTER)) &&
           (key->system == SYSTEM_CPT || key->system == SYSTEM_CDT) &&
           (*column_text(c, BEFORE, before, column) == '\0' ||
               *column_text(c, AFTER, after, column) == '\0');
}

static int tell_field(struct comparing *c, const struct key_change *key,
    const struct row *before, const struct row *after, size_t column,
    enum column_class is, struct error *err)
{
    struct change change = change_of(c, key, before, after);
    int rc;

    change.field = table_schema(c->series->table)->column[column];
    change.before = or_null(column_text(c, BEFORE, before, column));
    change.after = or_null(column_text(c, AFTER, after, column));
    change.other = row_other(c, AFTER, after);
    change.kind = is == COLUMN_TITLE      ? CHANGE_TITLE
                  : is == COLUMN_LIMIT    ? CHANGE_LIMIT
                  : is == COLUMN_BILLABLE ? CHANGE_BILLABLE
                                          : CHANGE_REVISED;
    change.words = is == COLUMN_TITLE || is == COLUMN_TEXT;
    if (change.words && withheld(c, key, before, after, column))
        return 0;
    rc = snapshot_day(c, key, (int)column, column_text(c, AFTER, after, column),
        &change, err);
    if (c->series->table == TABLE_HCPCS) {
        /* The publisher's own day of the change, where it can be that of this
         * one. */
        const day_t told = row_day(
            side_store(c, AFTER), after, HCPCS_ACTION_EFFECTIVE, DAY_UNKNOWN);

        if (told != DAY_UNKNOWN && told <= change.effective &&
            told > c->series->release[BEFORE]->from) {
            change.effective = told;
            change.certain = true;
        }
    }
    return rc == 0 ? compare_tell(c, &change, err) : rc;
}

/* Ended on one side, begun again on the other. */
static int tell_again(struct comparing *c, const struct key_change *key,
    const struct row *before, const struct row *after, bool *reused,
    struct error *err)
{
    struct change change = change_of(c, key, before, after);

    change.before = saying(c, BEFORE, before, &change.field);
    change.after = saying(c, AFTER, after, &change.field);
    *reused = change.before != NULL && change.after != NULL &&
              strcmp(change.before, change.after) != 0;
    change.kind = *reused ? CHANGE_REUSED : CHANGE_RESTORED;
    change.words = *reused;
    change.effective = row_begin(c, AFTER, after);
    return compare_tell(c, &change, err);
}

/* Begin and end of a code's life, or of an add-on's primary, between two
 * builds. */
static int tell_life(struct comparing *c, const struct key_change *key,
    const struct row *before, const struct row *after, bool *reused,
    struct error *err)
{
    const day_t end[SIDES] = {
        row_end(c, BEFORE, before), row_end(c, AFTER, after)};
    const day_t begin[SIDES] = {
        row_begin(c, BEFORE, before), row_begin(c, AFTER, after)};
    struct change change;
    char day[SIDES][DAY_TEXT_LEN];

    *reused = false;
    if (begin[BEFORE] == begin[AFTER] && end[BEFORE] == end[AFTER])
        return 0;
    if (end[BEFORE] != DAY_OPEN && begin[AFTER] > end[BEFORE]) {
        const int rc = tell_again(c, key, before, after, reused, err);

        if (rc != 0 || end[AFTER] == DAY_OPEN)
            return rc;
        return tell_end(c, key, before, after, err);
    }
    if (end[BEFORE] == DAY_OPEN && end[AFTER] != DAY_OPEN)
        return tell_end(c, key, before, after, err);
    change = change_of(c, key, before, after);
    change.other = row_other(c, AFTER, after);
    if (end[BEFORE] != DAY_OPEN && end[AFTER] == DAY_OPEN) {
        change.kind = defines(c, key) ? CHANGE_RESTORED : CHANGE_LISTED;
        change.after = saying(c, AFTER, after, &change.field);
        change.effective = end[BEFORE] + 1;
        return compare_tell(c, &change, err);
    }
    change.kind = CHANGE_REVISED;
    if (end[BEFORE] != end[AFTER]) {
        change.field = c->series->table == TABLE_AOC ? "deleted" : "terminated";
        (void)day_format(day[BEFORE], end[BEFORE]);
        (void)day_format(day[AFTER], end[AFTER]);
        change.effective =
            (end[BEFORE] < end[AFTER] ? end[BEFORE] : end[AFTER]) + 1;
    } else {
        change.field = c->series->table == TABLE_AOC ? "effective" : "added";
        (void)day_format(day[BEFORE], begin[BEFORE]);
        (void)day_format(day[AFTER], begin[AFTER]);
        change.effective = begin[AFTER];
    }
    change.before = or_null(day[BEFORE]);
    change.after = or_null(day[AFTER]);
    return compare_tell(c, &change, err);
}

static int tell_fields(struct comparing *c, const struct key_change *key,
    const struct row *before, const struct row *after, bool reused,
    struct error *err)
{
    const enum table table = c->series->table;
    const size_t columns = table_schema(table)->columns;
    int rc = 0;

    for (size_t i = 1; rc == 0 && i < columns; i++) {
        const enum column_class is = column_class(table, i);

        if (is == COLUMN_LIFE || is == COLUMN_IGNORED || is == COLUMN_KEY ||
            column_same(c, before, after, i))
            continue;
        /* The whole text of a re-used number is told already. */
        if (!reused || is != COLUMN_TITLE)
            rc = tell_field(c, key, before, after, i, is, err);
    }
    return rc;
}

/* --- which row is which -----------------------------------------------------
 */

static bool rows_same(const struct comparing *c, const struct row *before,
    const struct row *after)
{
    const enum table table = c->series->table;
    const size_t columns = table_schema(table)->columns;

    for (size_t i = 0; i < columns; i++)
        if (!column_same(c, before, after, i) &&
            column_class(table, i) != COLUMN_IGNORED)
            return false;
    return true;
}

static bool rows_alike(const struct comparing *c, const struct row *before,
    const struct row *after)
{
    const enum table table = c->series->table;
    const size_t columns = table_schema(table)->columns;

    for (size_t i = 0; i < columns; i++) {
        const enum column_class is = column_class(table, i);

        if ((is == COLUMN_IDENTITY || is == COLUMN_KEY) &&
            !column_same(c, before, after, i))
            return false;
    }
    return true;
}

static void row_remove(struct row_list *list, size_t i)
{
    memmove(&list->row[i], &list->row[i + 1],
        (--list->count - i) * sizeof list->row[0]);
}

/* Drops what stands on both sides; both lists are mostly in one order. */
static void drop_same(struct comparing *c)
{
    struct row_list *before = &c->rows[BEFORE], *after = &c->rows[AFTER];
    size_t kept = 0, guess = 0;

    for (size_t i = 0; i < before->count; i++) {
        bool found = false;

        for (size_t k = 0; !found && k < after->count; k++) {
            const size_t at = (guess + k) % after->count;

            if (rows_same(c, &before->row[i], &after->row[at])) {
                row_remove(after, at);
                guess = at;
                found = true;
            }
        }
        if (!found)
            before->row[kept++] = before->row[i];
    }
    before->count = kept;
}

/* --- one build, a history: what begins and ends by its own dates ------------
 */

/* A life told again by a later release counts as that one tells it. */
static bool told_again(const struct comparing *c, size_t i)
{
    const struct row *row = &c->lives.row[i];

    for (size_t k = 0; k < c->lives.count; k++) {
        const struct row *other = &c->lives.row[k];

        if (k != i && other->last_release > row->last_release &&
            row_begin(c, AFTER, other) == row_begin(c, AFTER, row) &&
            rows_alike(c, other, row))
            return true;
    }
    return false;
}

/* The life before row's, whose end lies before its begin; NULL for none. */
static const struct row *life_before(const struct comparing *c, size_t i)
{
    const struct row *row = &c->lives.row[i], *best = NULL;
    const day_t begin = row_begin(c, AFTER, row);

    for (size_t k = 0; k < c->lives.count; k++) {
        const struct row *other = &c->lives.row[k];

        if (k != i && row_end(c, AFTER, other) < begin &&
            rows_alike(c, other, row) && !told_again(c, k) &&
            (best == NULL ||
                row_end(c, AFTER, best) < row_end(c, AFTER, other)))
            best = other;
    }
    return best;
}

static struct change_source place_of(
    const struct comparing *c, const struct row *row)
{
    const struct source_ref at =
        row_source(side_store(c, AFTER), row, row->last_release);

    return (struct change_source){
        at.file, at.row, row->series->release[row->last_release].label};
}

static int tell_dated(struct comparing *c, const struct key_change *key,
    size_t i, struct error *err)
{
    const struct row *row = &c->lives.row[i], *old;
    const day_t begin = row_begin(c, AFTER, row);
    const day_t end = row_end(c, AFTER, row);
    struct change change;
    int rc = 0;

    if (begin != DAY_UNKNOWN && end < begin)
        return 0; /* never counted */
    if (begin != DAY_UNKNOWN && falls(c->series, begin)) {
        old = life_before(c, i);
        change = change_of(c, key, NULL, NULL);
        change.source[AFTER] = place_of(c, row);
        change.kind = defines(c, key) ? CHANGE_ADDED : CHANGE_LISTED;
        change.after = saying(c, AFTER, row, &change.field);
        change.other = row_other(c, AFTER, row);
        change.effective = begin;
        if (old != NULL) {
            change.source[BEFORE] = place_of(c, old);
            change.before = saying(c, AFTER, old, &change.field);
            change.words = change.before != NULL && change.after != NULL &&
                           strcmp(change.before, change.after) != 0;
            if (defines(c, key))
                change.kind = change.words ? CHANGE_REUSED : CHANGE_RESTORED;
        }
        rc = compare_tell(c, &change, err);
    }
    if (rc == 0 && end != DAY_OPEN && falls(c->series, end + 1)) {
        change = change_of(c, key, NULL, NULL);
        change.source[AFTER] = place_of(c, row);
        change.kind = defines(c, key) ? CHANGE_ENDED : CHANGE_UNLISTED;
        change.before = saying(c, AFTER, row, &change.field);
        change.other = row_other(c, AFTER, row);
        change.effective = end + 1;
        rc = compare_tell(c, &change, err);
    }
    return rc;
}

/* Does the table tell of days, row by row? */
static bool dated(const struct comparing *c)
{
    return c->one_build &&
           (c->series->table == TABLE_HCPCS || c->series->table == TABLE_AOC);
}

static int compare_lives(struct comparing *c, struct rows *rows,
    const char *key, size_t len, struct error *err)
{
    struct key_change name;
    struct row row;
    int rc = 0;

    c->lives.count = 0;
    while (rc == 0 && (rc = rows_next(rows, &row, err)) > 0)
        rc = row_add(&c->lives, &row, err);
    for (size_t i = 0; rc == 0 && i < c->lives.count; i++)
        if (!told_again(c, i)) {
            name_key(&name, c, key, len, &c->lives.row[i], AFTER);
            rc = tell_dated(c, &name, i, err);
        }
    return rc;
}

/* --- one key ---------------------------------------------------------------
 */

/* Rows whose dates are told by compare_lives(): only their fields are
 * compared. */
static int compare_pair(struct comparing *c, const char *key, size_t len,
    const struct row *before, const struct row *after, struct error *err)
{
    struct key_change name;
    bool reused = false;
    int rc = 0;

    name_key(&name, c, key, len, after, AFTER);
    if (!dated(c))
        rc = tell_life(c, &name, before, after, &reused, err);
    else if (row_begin(c, AFTER, after) > row_end(c, BEFORE, before))
        reused = true;
    return rc == 0 ? tell_fields(c, &name, before, after, reused, err) : rc;
}

static int compare_lists(
    struct comparing *c, const char *key, size_t len, struct error *err)
{
    struct row_list *before = &c->rows[BEFORE], *after = &c->rows[AFTER];
    struct key_change name;
    int rc = 0;

    drop_same(c);
    if (!c->one_build) {
        c->series->rows_gone += before->count;
        c->series->rows_new += after->count;
    }
    for (size_t i = 0; rc == 0 && i < before->count; i++) {
        size_t k = 0;

        while (
            k < after->count && !rows_alike(c, &before->row[i], &after->row[k]))
            k++;
        if (k < after->count) {
            rc =
                compare_pair(c, key, len, &before->row[i], &after->row[k], err);
            row_remove(after, k);
        } else if (!dated(c)) {
            name_key(&name, c, key, len, &before->row[i], BEFORE);
            rc = tell_gone(c, &name, &before->row[i], err);
        }
    }
    for (size_t i = 0; rc == 0 && !dated(c) && i < after->count; i++) {
        name_key(&name, c, key, len, &after->row[i], AFTER);
        if (c->series->release[BEFORE]->partial)
            continue; /* perhaps it stood there too */
        rc = tell_begin(c, &name, &after->row[i], err);
        if (rc == 0 && row_end(c, AFTER, &after->row[i]) != DAY_OPEN)
            rc = tell_end(c, &name, NULL, &after->row[i], err);
    }
    return rc;
}

int compare_key(
    struct comparing *c, const char *key, size_t len, struct error *err)
{
    struct rows rows;
    int rc;

    if (dated(c)) {
        rc = rows_find(&rows, side_store(c, AFTER), c->series->series[AFTER],
            key, len, err);
        if (rc == 0)
            rc = compare_lives(c, &rows, key, len, err);
        if (rc != 0)
            return rc == ERR_NOTFOUND ? 0 : rc;
        if (c->series->release[BEFORE] == NULL ||
            c->series->release[BEFORE] == c->series->release[AFTER])
            return 0;
    }
    if ((rc = gather(c, BEFORE, key, len, err)) != 0 ||
        (rc = gather(c, AFTER, key, len, err)) != 0)
        return rc;
    return c->rows[BEFORE].count + c->rows[AFTER].count == 0
               ? 0
               : compare_lists(c, key, len, err);
}

/* --- all keys --------------------------------------------------------------
 */

static const struct row_index *index_of(const struct comparing *c, int side)
{
    return &side_store(c, side)->row[c->series->series[side]->id];
}

uint64_t compare_rows_units(const struct comparing *c)
{
    return index_of(c, AFTER)->keys;
}

/* The rows of a key stand again under the codes they name. */
static bool back_reference(
    const struct comparing *c, const char *key, size_t len)
{
    return (c->series->table == TABLE_AOC ||
               c->series->table == TABLE_CONVERSION) &&
           len > 0 && key[len - 1] == '<';
}

static int one_key(struct comparing *c, uint32_t i, struct error *err)
{
    size_t len;
    const char *key = row_index_key(index_of(c, AFTER), i, &len);
    const struct rows rows =
        rows_at(side_store(c, AFTER), c->series->series[AFTER], i);
    bool same;
    int rc;

    if (back_reference(c, key, len))
        return 0;
    if (dated(c))
        return compare_key(c, key, len, err);
    rc = unchanged(c, &rows, &same, err);
    return rc != 0 || same ? rc : compare_key(c, key, len, err);
}

/* One build: the keys of both sides are the same. */
static int rows_of_one(struct comparing *c, uint64_t *at, struct error *err)
{
    const uint32_t keys = index_of(c, AFTER)->keys;
    int rc = 0;

    while (rc == 0 && *at < keys && !compare_full(c)) {
        rc = one_key(c, (uint32_t)(*at)++, err);
        compare_step(c, 1);
    }
    return rc;
}

static int key_order(const char *a, size_t a_len, const char *b, size_t b_len)
{
    const int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

static int rows_of_two(struct comparing *c, struct error *err)
{
    const struct row_index *index[SIDES] = {
        index_of(c, BEFORE), index_of(c, AFTER)};
    uint32_t i[SIDES] = {0, 0};
    int rc = 0;

    while (rc == 0 &&
           (i[BEFORE] < index[BEFORE]->keys || i[AFTER] < index[AFTER]->keys)) {
        const char *key[SIDES] = {NULL, NULL};
        size_t len[SIDES] = {0, 0};
        int order, side;

        for (side = 0; side < SIDES; side++)
            if (i[side] < index[side]->keys)
                key[side] = row_index_key(index[side], i[side], &len[side]);
        order = key[BEFORE] == NULL  ? 1
                : key[AFTER] == NULL ? -1
                                     : key_order(key[BEFORE], len[BEFORE],
                                           key[AFTER], len[AFTER]);
        side = order <= 0 ? BEFORE : AFTER;
        i[BEFORE] += order <= 0;
        i[AFTER] += order >= 0;
        if (!back_reference(c, key[side], len[side]))
            rc = compare_key(c, key[side], len[side], err);
    }
    return rc;
}

int compare_rows(struct comparing *c, uint64_t *at, struct error *err)
{
    int rc;

    if (c->one_build)
        return rows_of_one(c, at, err);
    rc = rows_of_two(c, err);
    *at = compare_rows_units(c);
    return rc;
}

int compare_rows_of_code(
    struct comparing *c, const char *code, struct error *err)
{
    static const char *const parts[] = {"26", "TC", "53"};
    const size_t len = strlen(code);
    char key[ROW_KEY_MAX];
    int rc;

    if (len > table_schema(c->series->table)->key_len || len > CODE_MAX)
        return 0;
    rc = compare_key(c, code, len, err);
    memcpy(key, code, len);
    if (rc == 0 && (c->series->table == TABLE_AOC ||
                       c->series->table == TABLE_CONVERSION)) {
        key[len] = '<';
        rc = compare_key(c, key, len + 1, err);
    }
    for (size_t i = 0; rc == 0 && c->series->table == TABLE_PFS &&
                       i < sizeof parts / sizeof parts[0];
         i++) {
        memcpy(key + len, parts[i], 2);
        rc = compare_key(c, key, len + 2, err);
    }
    return rc;
}

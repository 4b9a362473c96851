#include "codesets/store/aoc.h"

#include <string.h>

int aoc_find(struct aoc_rows *out, const struct store *store, const char *code,
    size_t len, bool as_primary, struct error *err)
{
    char key[ROW_KEY_MAX];

    out->series = store_series(store, TABLE_AOC, SETTING_NONE, PROGRAM_NONE);
    if (out->series == NULL || out->series->releases == 0 ||
        len >= sizeof key - 1)
        return ERR_NOTFOUND;
    out->release = (uint32_t)out->series->releases - 1;
    memcpy(key, code, len);
    if (as_primary)
        key[len++] = '<';
    return rows_find(&out->rows, store, out->series, key, len, err);
}

static day_t earlier(day_t a, day_t b)
{
    return a < b ? a : b;
}

int aoc_next(struct aoc_rows *rows, struct aoc_row *out, struct error *err)
{
    const struct store *store = rows->rows.store;
    struct row row;
    const char *type;
    int rc;

    do {
        rc = rows_next(&rows->rows, &row, err);
        if (rc <= 0)
            return rc;
    } while (row.last_release != rows->release);
    type = row_text(store, &row, AOC_TYPE, NULL);
    *out = (struct aoc_row){.addon = row_text(store, &row, AOC_ADDON, NULL),
        .primary = row_text(store, &row, AOC_PRIMARY, NULL),
        .type = type[0] >= '1' && type[0] <= '3' ? (uint8_t)(type[0] - '0') : 0,
        .effective = row_day(store, &row, AOC_EFFECTIVE, DAY_UNKNOWN),
        .deleted = row_day(store, &row, AOC_DELETED, DAY_OPEN),
        .note = row_text(store, &row, AOC_NOTE, NULL),
        .source = row_source(store, &row, rows->release)};
    out->deleted = earlier(
        out->deleted, row_day(store, &row, AOC_ADDON_DELETED, DAY_OPEN));
    out->deleted = earlier(
        out->deleted, row_day(store, &row, AOC_PRIMARY_DELETED, DAY_OPEN));
    return 1;
}

bool aoc_in_force(const struct aoc_row *row, day_t day)
{
    return row->effective <= day && day <= row->deleted;
}

enum snapshot_state aoc_state(const struct series *series, day_t day)
{
    day_t end;

    if (series == NULL || series->releases == 0)
        return SNAPSHOT_NOT_LOADED;
    end = series->release[series->releases - 1].to;
    if (day <= end)
        return SNAPSHOT_IN_FORCE;
    return day - end <= STALE_DAYS ? SNAPSHOT_STALE : SNAPSHOT_OUTSIDE;
}

bool aoc_proves_none(const struct series *series, day_t day)
{
    const enum snapshot_state state = aoc_state(series, day);

    return (state == SNAPSHOT_IN_FORCE || state == SNAPSHOT_STALE) &&
           !series->release[series->releases - 1].partial;
}

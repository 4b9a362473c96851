#include "codesets/store/table.h"

#include <lmdb.h>
#include <string.h>

#include "codesets/core/bytes.h"
#include "codesets/store/layout.h"

static int corrupt(struct error *err, const struct series *series)
{
    return error_set(err, ERR_CORRUPT, 0, "row of %s: cut short or too long",
        table_schema(series->table)->name);
}

int rows_find(struct rows *out, const struct store *store,
    const struct series *series, const char *key, size_t key_len,
    struct error *err)
{
    uint8_t bytes[1 + ROW_KEY_MAX];
    MDB_val k = {1 + key_len, bytes}, v;
    int rc;

    if (series == NULL || key_len > ROW_KEY_MAX)
        return ERR_NOTFOUND;
    bytes[0] = series->id;
    memcpy(bytes + 1, key, key_len);
    rc = mdb_get(store->txn, store->row, &k, &v);
    if (rc == MDB_NOTFOUND)
        return ERR_NOTFOUND;
    if (rc != 0)
        return error_set(err, ERR_CORRUPT, rc, "row: %s", mdb_strerror(rc));
    *out = (struct rows){
        store, series, v.mv_data, (const uint8_t *)v.mv_data + v.mv_size};
    return 0;
}

int rows_next(struct rows *rows, struct row *out, struct error *err)
{
    const size_t columns = table_schema(rows->series->table)->columns;
    uint32_t span, skip;

    if (rows->at >= rows->end)
        return 0;
    out->series = rows->series;
    if (!load_varint(&rows->at, rows->end, &out->first_release) ||
        !load_varint(&rows->at, rows->end, &span) ||
        out->first_release >= rows->series->releases ||
        span >= rows->series->releases - out->first_release)
        return corrupt(err, rows->series);
    out->last_release = out->first_release + span;
    out->places = rows->at;
    for (uint32_t i = 0; i < 2 * (span + 1); i++)
        if (!load_varint(&rows->at, rows->end, &skip))
            return corrupt(err, rows->series);
    out->places_end = rows->at;
    for (size_t c = 0; c < columns; c++)
        if (!load_varint(&rows->at, rows->end, &out->text[c]))
            return corrupt(err, rows->series);
    return 1;
}

const char *row_text(
    const struct store *store, const struct row *row, int column, size_t *len)
{
    return store_text(store, row->text[column], len);
}

day_t row_day(const struct store *store, const struct row *row, int column,
    day_t otherwise)
{
    size_t len;
    const char *text = row_text(store, row, column, &len);
    day_t day;

    return day_parse_compact(&day, text, len) == 0 ? day : otherwise;
}

struct source_ref row_source(
    const struct store *store, const struct row *row, uint32_t release)
{
    const uint8_t *at = row->places;
    uint32_t file = UINT32_MAX, line = 0;

    for (uint32_t r = row->first_release; r <= row->last_release; r++) {
        if (!load_varint(&at, row->places_end, &file) ||
            !load_varint(&at, row->places_end, &line))
            break;
        if (r >= release)
            break;
    }
    return (struct source_ref){store_file(store, file), line};
}

void series_at(const struct series *series, day_t day, struct snapshot *out)
{
    size_t i;

    *out = (struct snapshot){.state = SNAPSHOT_NOT_LOADED};
    if (series == NULL || series->releases == 0)
        return;
    for (i = series->releases; i > 0; i--)
        if (series->release[i - 1].from <= day)
            break;
    if (i == 0) {
        out->state = SNAPSHOT_BEFORE;
        return;
    }
    out->release = (uint32_t)(i - 1);
    if (day <= series->release[i - 1].to)
        out->state = SNAPSHOT_IN_FORCE;
    else if (i < series->releases) {
        out->state = SNAPSHOT_GAP;
        out->next = (uint32_t)i;
    } else if (day - series->release[i - 1].to <= STALE_DAYS)
        out->state = SNAPSHOT_STALE;
    else
        out->state = SNAPSHOT_OUTSIDE;
}

int snapshot_find(struct snapshot *out, const struct store *store,
    const struct series *series, const char *key, size_t key_len, day_t day,
    struct error *err)
{
    struct rows rows;
    struct row row;
    int rc;

    series_at(series, day, out);
    if (out->state == SNAPSHOT_NOT_LOADED || out->state == SNAPSHOT_BEFORE ||
        out->state == SNAPSHOT_OUTSIDE)
        return 0;
    rc = rows_find(&rows, store, series, key, key_len, err);
    if (rc == ERR_NOTFOUND)
        return 0;
    if (rc != 0)
        return rc;
    while ((rc = rows_next(&rows, &row, err)) > 0) {
        if (row.first_release <= out->release &&
            out->release <= row.last_release) {
            out->found = true;
            out->row = row;
        }
        if (out->state == SNAPSHOT_GAP && row.first_release <= out->next &&
            out->next <= row.last_release) {
            out->next_found = true;
            out->next_row = row;
        }
    }
    return rc;
}

int rows_each(const struct store *store, const struct series *series,
    const char *from, size_t from_len, row_fn *each, void *context,
    struct error *err)
{
    uint8_t bytes[1 + ROW_KEY_MAX];
    MDB_val k = {1 + from_len, bytes}, v;
    MDB_cursor *cursor;
    int rc;

    if (from_len > ROW_KEY_MAX)
        return ERR_NOTFOUND;
    rc = mdb_cursor_open(store->txn, store->row, &cursor);
    if (rc != 0)
        return error_set(err, ERR_SYSTEM, rc, "row: %s", mdb_strerror(rc));
    bytes[0] = series->id;
    memcpy(bytes + 1, from, from_len);
    for (rc = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE); rc == 0;
         rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)) {
        const uint8_t *key = k.mv_data;
        struct rows rows = {
            store, series, v.mv_data, (const uint8_t *)v.mv_data + v.mv_size};

        if (k.mv_size < 1 || key[0] != series->id)
            break;
        rc = each(context, (const char *)key + 1, k.mv_size - 1, &rows, err);
        if (rc != 0)
            goto done;
    }
    rc = rc == 0 || rc == MDB_NOTFOUND
             ? 0
             : error_set(err, ERR_CORRUPT, rc, "row: %s", mdb_strerror(rc));
done:
    mdb_cursor_close(cursor);
    return rc;
}

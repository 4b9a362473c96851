#include "codesets/store/table.h"

#include <string.h>

#include "codesets/core/bytes.h"
#include "codesets/store/layout.h"

static int corrupt(struct error *err, const struct series *series)
{
    return error_set(err, ERR_CORRUPT, 0, "row of %s: cut short or too long",
        table_schema(series->table)->name);
}

struct rows rows_at(
    const struct store *store, const struct series *series, uint32_t key)
{
    struct rows rows = {.store = store, .series = series};

    row_index_rows(&store->row[series->id], key, &rows.at, &rows.end);
    return rows;
}

int rows_find(struct rows *out, const struct store *store,
    const struct series *series, const char *key, size_t key_len,
    struct error *err)
{
    uint32_t i;

    if (series == NULL)
        return ERR_NOTFOUND;
    i = row_index_find(&store->row[series->id], &store->proc, key, key_len);
    if (i == ROW_KEY_NONE)
        return ERR_NOTFOUND;
    *out = rows_at(store, series, i);
    return 0;
}

void rows_find_some(struct rows out[], const struct store *store,
    const struct series *series, const struct row_key key[], size_t count)
{
    uint32_t number[ROW_KEYS_TOGETHER];

    if (series != NULL)
        row_index_find_some(
            number, &store->row[series->id], &store->proc, key, count);
    for (size_t i = 0; i < count; i++) {
        if (series == NULL || number[i] == ROW_KEY_NONE) {
            out[i].at = NULL;
            continue;
        }
        out[i] = rows_at(store, series, number[i]);
        __builtin_prefetch(out[i].at);
    }
}

void rows_expect(const struct store *store, const struct series *series,
    const uint32_t *ordinal, size_t count)
{
    if (series != NULL)
        row_index_prefetch(&store->row[series->id], ordinal, count);
}

/* Passes over n varints, eight bytes at a time: each ends with the byte whose
 * top bit is clear. False when the bytes end first. */
static bool pass_varints(const uint8_t **at, const uint8_t *end, size_t n)
{
    static const uint64_t top_bits = 0x8080808080808080u;

    while (n >= sizeof top_bits && end - *at >= (ptrdiff_t)sizeof top_bits) {
        uint64_t bytes;

        memcpy(&bytes, *at, sizeof bytes);
        n -= (size_t)__builtin_popcountll(~bytes & top_bits);
        *at += sizeof bytes;
    }
    for (; n > 0; (*at)++) {
        if (*at == end)
            return false;
        n -= **at < 0x80;
    }
    return true;
}

/* The releases of the next run. Returns 1, 0 when there are no more, or
 * ERR_CORRUPT. */
static int run_begin(struct rows *rows, struct row *out, struct error *err)
{
    uint32_t span;

    if (rows->at >= rows->end)
        return 0;
    out->series = rows->series;
    if (!load_varint(&rows->at, rows->end, &out->first_release) ||
        !load_varint(&rows->at, rows->end, &span) ||
        out->first_release >= rows->series->releases ||
        span >= rows->series->releases - out->first_release)
        return corrupt(err, rows->series);
    out->last_release = out->first_release + span;
    return 1;
}

/* Varints of the places of a run: a file and a line in each release. */
static size_t run_places(const struct row *row)
{
    return 2 * (size_t)(row->last_release - row->first_release + 1);
}

static int run_read(struct rows *rows, struct row *out, struct error *err)
{
    const size_t columns = table_schema(rows->series->table)->columns;

    out->places = rows->at;
    if (!pass_varints(&rows->at, rows->end, run_places(out)))
        return corrupt(err, rows->series);
    out->places_end = rows->at;
    for (size_t c = 0; c < columns; c++)
        if (!load_varint(&rows->at, rows->end, &out->text[c]))
            return corrupt(err, rows->series);
    return 1;
}

static int run_pass(struct rows *rows, const struct row *row, struct error *err)
{
    const size_t columns = table_schema(rows->series->table)->columns;

    return pass_varints(&rows->at, rows->end, run_places(row) + columns)
               ? 1
               : corrupt(err, rows->series);
}

int rows_next(struct rows *rows, struct row *out, struct error *err)
{
    const int rc = run_begin(rows, out, err);

    return rc > 0 ? run_read(rows, out, err) : rc;
}

int rows_peek(struct rows *rows, struct row *out, struct error *err)
{
    const int rc = run_begin(rows, out, err);

    return rc > 0 ? run_pass(rows, out, err) : rc;
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
    day_t stale = STALE_DAYS;
    size_t i;

    *out = (struct snapshot){.state = SNAPSHOT_NOT_LOADED};
    if (series == NULL || series->releases == 0)
        return;
    if (series->table == TABLE_COVERAGE)
        stale = COVERAGE_STALE_DAYS;
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
    } else if (day - series->release[i - 1].to <= stale)
        out->state = SNAPSHOT_STALE;
    else
        out->state = SNAPSHOT_OUTSIDE;
}

static bool has_release(const struct row *row, uint32_t release)
{
    return row->first_release <= release && release <= row->last_release;
}

bool snapshot_answers(const struct snapshot *at)
{
    return at->state != SNAPSHOT_NOT_LOADED && at->state != SNAPSHOT_BEFORE &&
           at->state != SNAPSHOT_OUTSIDE;
}

static int pick(struct snapshot *out, struct rows rows, struct error *err)
{
    struct row row = {0};
    int rc;

    while ((rc = run_begin(&rows, &row, err)) > 0) {
        const bool now = has_release(&row, out->release);
        const bool next =
            out->state == SNAPSHOT_GAP && has_release(&row, out->next);

        rc = now || next ? run_read(&rows, &row, err)
                         : run_pass(&rows, &row, err);
        if (rc < 0)
            break;
        if (now) {
            out->found = true;
            out->row = row;
        }
        if (next) {
            out->next_found = true;
            out->next_row = row;
        }
    }
    return rc;
}

int snapshot_find(struct snapshot *out, const struct store *store,
    const struct series *series, const char *key, size_t key_len, day_t day,
    struct error *err)
{
    struct rows rows;
    int rc;

    series_at(series, day, out);
    if (!snapshot_answers(out))
        return 0;
    rc = rows_find(&rows, store, series, key, key_len, err);
    if (rc == ERR_NOTFOUND)
        return 0;
    return rc == 0 ? pick(out, rows, err) : rc;
}

int snapshot_pick(
    struct snapshot *out, const struct rows *rows, day_t day, struct error *err)
{
    series_at(rows->series, day, out);
    return snapshot_answers(out) ? pick(out, *rows, err) : 0;
}

int rows_each(const struct store *store, const struct series *series,
    const char *from, size_t from_len, row_fn *each, void *context,
    struct error *err)
{
    const struct row_index *index = &store->row[series->id];
    int rc = 0;

    for (uint32_t i = row_index_from(index, from, from_len);
         rc == 0 && i < index->keys; i++) {
        struct rows rows = rows_at(store, series, i);
        size_t len;
        const char *key = row_index_key(index, i, &len);

        rc = each(context, key, len, &rows, err);
    }
    return rc;
}

/* table.h - the rows of one key in one series.
 *
 * The rows of a key (row_index.h) are runs, oldest first, each:
 *   varint first release, varint last release - first,
 *   for each of these releases: varint file, varint line,
 *   for each column of the schema: varint text number
 *
 * A run is a row that stood unchanged in neighbouring releases. A key may have
 * several runs in one release (the primaries of an add-on code). */
#ifndef CODESETS_STORE_TABLE_H
#define CODESETS_STORE_TABLE_H
#include "codesets/store/row_index.h" /* ROW_KEY_MAX */
#include "codesets/store/store.h"

struct row {
    const struct series *series;
    uint32_t first_release, last_release; /* indexes into series->release */
    uint32_t text[TABLE_COLUMNS_MAX];     /* text numbers */
    const uint8_t *places, *places_end;   /* for row_source() */
};

struct rows {
    const struct store *store;
    const struct series *series;
    const uint8_t *at, *end;
};

/* Finds a key's rows. Returns 0, ERR_NOTFOUND (also when series is NULL), or
 * ERR_CORRUPT. */
int rows_find(struct rows *out, const struct store *store,
    const struct series *series, const char *key, size_t key_len,
    struct error *err);
/* The same of several keys, at most ROW_KEYS_TOGETHER; .at is NULL in that of a
 * key that is not found. The memory is asked for the rows. */
void rows_find_some(struct rows out[], const struct store *store,
    const struct series *series, const struct row_key key[], size_t count);
/* Says that the rows of these procedure codes (ordinals) will soon be found: 50
 * look-ups at once cost little more than one. series may be NULL. */
void rows_expect(const struct store *store, const struct series *series,
    const uint32_t *ordinal, size_t count);
/* The next run. Returns 1, 0 when there are no more, or ERR_CORRUPT. */
int rows_next(struct rows *rows, struct row *out, struct error *err);
/* The same, but only the releases of the run are read: to see that a key stood
 * unchanged. */
int rows_peek(struct rows *rows, struct row *out, struct error *err);
/* The rows of the i-th key; i must be below its index's keys. */
struct rows rows_at(
    const struct store *store, const struct series *series, uint32_t i);

/* A column's text, "" when the column is empty. */
const char *row_text(
    const struct store *store, const struct row *row, int column, size_t *len);
/* A column that holds a YYYYMMDD date; otherwise when it is empty or odd. */
day_t row_day(const struct store *store, const struct row *row, int column,
    day_t otherwise);
/* Where the row stands in one of its releases. */
struct source_ref row_source(
    const struct store *store, const struct row *row, uint32_t release);

/* What a series of snapshots says of a key on a day (design.md 3). */
enum snapshot_state {
    SNAPSHOT_NOT_LOADED, /* no such series */
    SNAPSHOT_BEFORE,     /* before the first release's first day */
    SNAPSHOT_IN_FORCE,   /* a release covers the day */
    SNAPSHOT_GAP,        /* between two loaded releases others are missing */
    SNAPSHOT_STALE,      /* after the newest release's period, by at most
                            STALE_DAYS or COVERAGE_STALE_DAYS */
    SNAPSHOT_OUTSIDE     /* later than that: nothing is said */
};
enum { STALE_DAYS = 366, COVERAGE_STALE_DAYS = 45 };

struct snapshot {
    enum snapshot_state state;
    uint32_t release; /* in force, stale, or the one before the gap */
    uint32_t next;    /* the one after the gap */
    bool found;       /* row is the key's row in release */
    struct row row;
    bool next_found; /* in a gap: next_row is its row in next */
    struct row next_row;
};

/* Which release answers for a day; state, release and next are filled. A
 * partial release answers only for the keys it has: pass key NULL to ask for
 * complete releases alone. */
void series_at(const struct series *series, day_t day, struct snapshot *out);
/* True when a release answers. */
bool snapshot_answers(const struct snapshot *at);
/* The same with the key's rows looked up. Returns 0 or ERR_CORRUPT. */
int snapshot_find(struct snapshot *out, const struct store *store,
    const struct series *series, const char *key, size_t key_len, day_t day,
    struct error *err);

/* The same of rows that were found before, which stay as they are. */
int snapshot_pick(struct snapshot *out, const struct rows *rows, day_t day,
    struct error *err);

/* Walks all keys of a series in order; used by verify, dump and listings. */
typedef int row_fn(void *context, const char *key, size_t key_len,
    struct rows *rows, struct error *err);
int rows_each(const struct store *store, const struct series *series,
    const char *from, size_t from_len, row_fn *each, void *context,
    struct error *err);

#endif

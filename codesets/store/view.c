#include "codesets/store/view.h"

#include <string.h>

const char *view_text(const struct view *view, int column, size_t *len)
{
    size_t n;
    const char *text = row_text(view->store, &view->row, column, &n);

    if (len != NULL)
        *len = n;
    return n == 0 ? NULL : text;
}

day_t view_day(const struct view *view, int column, day_t otherwise)
{
    return row_day(view->store, &view->row, column, otherwise);
}

struct source_ref view_source(const struct view *view)
{
    return row_source(view->store, &view->row, view->release);
}

const char *view_release(const struct view *view)
{
    return view->series->release[view->release].label;
}

/* The last release that begins on or before the day; the first when none
 * does. */
static uint32_t release_of(const struct series *series, day_t day)
{
    size_t i = series->releases - 1;

    while (i > 0 && series->release[i].from > day)
        i--;
    return (uint32_t)i;
}

/* The release of a run that is nearest to the wanted one. */
static void place_in(struct view *run, uint32_t wanted)
{
    run->release = wanted;
    if (run->release < run->row.first_release)
        run->release = run->row.first_release;
    if (run->release > run->row.last_release)
        run->release = run->row.last_release;
}

void view_only(struct view *out, const struct store *store,
    const struct row *row, day_t day)
{
    *out = (struct view){.store = store, .series = row->series, .row = *row};
    place_in(out, release_of(row->series, day));
}

/* Of several runs, does one suit a day better than the best so far? Runs come
 * oldest first. */
typedef bool better_fn(const struct view *run, const struct view *best,
    uint32_t wanted, day_t day);

static int pick(struct view *out, struct rows rows, day_t day,
    better_fn *better, struct error *err)
{
    struct view run = {.store = rows.store, .series = rows.series};
    const uint32_t wanted = release_of(run.series, day);
    bool found = false;
    int rc;

    while ((rc = rows_next(&rows, &run.row, err)) > 0) {
        place_in(&run, wanted);
        if (!found || better(&run, out, wanted, day))
            *out = run;
        found = true;
    }
    if (rc != 0)
        return rc;
    return found ? 0 : ERR_NOTFOUND;
}

static int find(struct view *out, const struct store *store, enum table table,
    const char *key, size_t key_len, day_t day, better_fn *better,
    struct error *err)
{
    const struct series *series =
        store_series(store, table, SETTING_NONE, PROGRAM_NONE);
    struct rows rows;
    int rc;

    if (series == NULL || series->releases == 0)
        return ERR_NOTFOUND;
    rc = rows_find(&rows, store, series, key, key_len, err);
    return rc == 0 ? pick(out, rows, day, better, err) : rc;
}

static bool began(
    const struct view *run, const struct view *best, uint32_t wanted, day_t day)
{
    return run->row.first_release <= wanted;
}

int view_find(struct view *out, const struct store *store, enum table table,
    const char *key, size_t key_len, day_t day, struct error *err)
{
    return find(out, store, table, key, key_len, day, began, err);
}

int view_pick(
    struct view *out, const struct rows *rows, day_t day, struct error *err)
{
    return pick(out, *rows, day, began, err);
}

static bool life_began(
    const struct view *run, const struct view *best, uint32_t wanted, day_t day)
{
    const day_t added = view_day(run, HCPCS_ADDED, DAY_UNKNOWN);

    if (view_day(best, HCPCS_ADDED, DAY_UNKNOWN) > day)
        return added <= day || run->row.first_release <= wanted;
    return added <= day && run->row.first_release <= wanted;
}

int hcpcs_find(struct view *out, const struct store *store, const char *code,
    size_t len, day_t day, struct error *err)
{
    return find(out, store, TABLE_HCPCS, code, len, day, life_began, err);
}

static bool minutes_began(
    const struct view *run, const struct view *best, uint32_t wanted, day_t day)
{
    const day_t from = view_day(run, TIMED_FROM, DAY_UNKNOWN);
    const day_t best_from = view_day(best, TIMED_FROM, DAY_UNKNOWN);

    if (run->row.last_release < best->row.last_release)
        return false;
    return best_from > day || (from <= day && from >= best_from);
}

int timed_row_find(struct view *out, const struct store *store,
    const char *code, size_t len, day_t day, struct error *err)
{
    const int rc =
        find(out, store, TABLE_TIMED, code, len, day, minutes_began, err);

    if (rc != 0)
        return rc;
    return view_day(out, TIMED_FROM, DAY_UNKNOWN) > day ? ERR_NOTFOUND : 0;
}

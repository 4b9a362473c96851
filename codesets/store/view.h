/* view.h - one row of a key as it stood on a day, whatever the table.
 *
 * For texts and facts that are shown even when they no longer hold: the row of
 * the release of that day, or of the last release before it that had the key,
 * or of the first one after. Whether the row is in force is another question
 * (snapshot_find(), validity.h). */
#ifndef CODESETS_STORE_VIEW_H
#define CODESETS_STORE_VIEW_H
#include "codesets/store/table.h"

struct view {
    const struct store *store;
    const struct series *series;
    uint32_t release; /* index of the release the row was taken from */
    struct row row;
};

/* A column's text; NULL when it is empty. */
const char *view_text(const struct view *view, int column, size_t *len);
day_t view_day(const struct view *view, int column, day_t otherwise);
struct source_ref view_source(const struct view *view);
const char *view_release(const struct view *view); /* its label */

/* Returns 0; ERR_NOTFOUND when no release has the key or the table is not
 * loaded; ERR_CORRUPT. */
int view_find(struct view *out, const struct store *store, enum table table,
    const char *key, size_t key_len, day_t day, struct error *err);

/* The same of a row that is known to be the key's only one. */
void view_only(struct view *out, const struct store *store,
    const struct row *row, day_t day);
/* The same of rows that were found before, which stay as they are. */
int view_pick(
    struct view *out, const struct rows *rows, day_t day, struct error *err);

/* HCPCS Level II: a code that was ended and used again has rows of several
 * lives; the one whose life holds the day, or began last before it. */
int hcpcs_find(struct view *out, const struct store *store, const char *code,
    size_t len, day_t day, struct error *err);

/* The project's timed codes: the row whose minutes hold on the day, or whose
 * period is over; ERR_NOTFOUND when the minutes of the day are not told. */
int timed_row_find(struct view *out, const struct store *store,
    const char *code, size_t len, day_t day, struct error *err);

#endif

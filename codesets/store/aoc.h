/* aoc.h - add-on codes and the primary codes they need (domain.md 2e).
 *
 * The rows of an add-on code stand under its code, one for each primary. The
 * same rows stand under each primary too, with '<' behind its code, so that a
 * primary finds its add-ons. */
#ifndef CODESETS_STORE_AOC_H
#define CODESETS_STORE_AOC_H
#include "codesets/store/table.h"

#define AOC_CONTRACTOR "CCCCC" /* the contractor decides which primaries */

struct aoc_row {
    const char *addon, *primary; /* NUL-ended; primary may be AOC_CONTRACTOR */
    uint8_t type;                /* 1 to 3; 0 when the file says none of them */
    day_t effective, deleted;    /* of the edit, cut by the codes' own ends */
    const char *note;
    struct source_ref source;
};

struct aoc_rows {
    struct rows rows;
    const struct series *series;
    uint32_t release;
};

/* Begins the rows of an add-on code, or (as_primary) those that name a code as
 * primary. Returns 0; ERR_NOTFOUND when there are none or no add-on table is
 * loaded; ERR_CORRUPT. */
int aoc_find(struct aoc_rows *out, const struct store *store, const char *code,
    size_t len, bool as_primary, struct error *err);
/* The next row of the newest release, of any date. 1, 0 at the end, or
 * ERR_CORRUPT. */
int aoc_next(struct aoc_rows *rows, struct aoc_row *out, struct error *err);
bool aoc_in_force(const struct aoc_row *row, day_t day);

/* Does the table speak of a day? The newest release is the whole history, so
 * that no day lies before it: SNAPSHOT_NOT_LOADED (also for NULL), _IN_FORCE,
 * _STALE or _OUTSIDE. */
enum snapshot_state aoc_state(const struct series *series, day_t day);
/* May that a code has no row in force be taken for no add-on? */
bool aoc_proves_none(const struct series *series, day_t day);

#endif

/* compare_parts.h - what the parts of the comparison share. */
#ifndef CODESETS_COMPARE_COMPARE_PARTS_H
#define CODESETS_COMPARE_COMPARE_PARTS_H
#include "codesets/compare/compare.h"
#include "codesets/core/buffer.h"
#include "codesets/store/layout.h"
#include "codesets/store/table.h"

/* What a column of a table is to a comparison. */
enum column_class {
    COLUMN_FIELD,
    COLUMN_KEY,      /* the key itself */
    COLUMN_IDENTITY, /* tells the rows of one key apart */
    COLUMN_TITLE,    /* a descriptor: word by word */
    COLUMN_TEXT,     /* other words */
    COLUMN_LIMIT,
    COLUMN_BILLABLE,
    COLUMN_LIFE,   /* dates of a code's life: told as its begin and end */
    COLUMN_IGNORED /* tells of the release, not of the code */
};
enum column_class column_class(enum table table, size_t column);

/* Rows of a key on one side, in the release that is compared. */
struct row_list {
    struct row *row; /* owned, kept from key to key */
    size_t count, capacity;
};

struct edit_walk;

struct comparing {
    const struct compare_question *question;
    struct compare_summary *summary;
    struct compare_series *series; /* the one being walked */
    bool one_build;
    change_fn *each;
    void *context;
    /* Where the walk stands: in the next-th list, before its at-th key; with
     * codes, before the next-th of them. */
    size_t next;
    uint64_t at;
    /* Of this stretch; 0: no limit. */
    uint64_t told, looked;
    uint32_t limit, steps;

    struct row_list rows[SIDES], lives;
    struct buffer list; /* codes of a change being made */
    struct edit_walk *edits[COMPARE_SERIES_MAX];
};

static inline const struct store *side_store(
    const struct comparing *c, int side)
{
    return c->question->side[side].store;
}

/* Counts a change and tells it, if it is asked for. */
int compare_tell(struct comparing *c, struct change *change, struct error *err);

/* A day of (from, to]: what begins on it is a change of a history. */
static inline bool falls(const struct compare_series *series, day_t day)
{
    return day > series->from && day <= series->to && day != DAY_OPEN;
}

/* Is the stretch at its end? */
static inline bool compare_full(const struct comparing *c)
{
    return (c->limit != 0 && c->told >= c->limit) ||
           (c->steps != 0 && c->looked >= c->steps);
}
/* Keys or rows that were looked at. */
static inline void compare_step(struct comparing *c, uint32_t looked)
{
    c->looked += looked;
}

/* compare_rows.c: the rows of one key. */
int compare_key(
    struct comparing *c, const char *key, size_t len, struct error *err);
/* All keys, from the i-th on. *at is where it stopped; equal to the number of
 * keys at the end. */
int compare_rows(struct comparing *c, uint64_t *at, struct error *err);
uint64_t compare_rows_units(const struct comparing *c);
/* Those keys that are the code's. */
int compare_rows_of_code(
    struct comparing *c, const char *code, struct error *err);

/* compare_edits.c */
int compare_edits(struct comparing *c, uint64_t *at, struct error *err);
uint64_t compare_edits_units(const struct comparing *c);
int compare_edits_of_code(
    struct comparing *c, const char *code, struct error *err);
void compare_edits_free(struct edit_walk *walk); /* NULL is fine */

/* compare_coverage.c */
int compare_coverage(struct comparing *c, uint64_t *at, struct error *err);
uint64_t compare_coverage_units(const struct comparing *c);
int compare_coverage_of_code(
    struct comparing *c, const char *code, struct error *err);

#endif

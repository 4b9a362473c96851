/* batch.h - what one file gave: its identity, its rows, its refusals. */
#ifndef INDEXER_PLAN_BATCH_H
#define INDEXER_PLAN_BATCH_H
#include <stdbool.h>
#include <stdint.h>
#include "codesets/core/day.h"
#include "codesets/core/error.h"
#include "codesets/store/schema.h"
#include "indexer/plan/edits.h"
#include "indexer/plan/texts.h"

enum {
    RELEASE_LABEL_MAX = 24,
    REFUSALS_SHOWN = 20,
    BATCH_ROWS_MAX = 1 << 26, /* rows of one file */
};

/* What a file says it is. */
struct identity {
    enum table table;
    enum setting setting;
    enum program program;
    char release[RELEASE_LABEL_MAX]; /* "2024q3", "2025a", "2026", "starter" */
    day_t from, to;     /* the days it was published for; to ends its period */
    uint32_t published; /* YYYYMMDD when the file tells, else 0: among files of
                           one release the later one replaces the other */
    int rank;           /* among formats of one release the lowest is kept */
    int part;           /* 1 to n of a table that comes in parts, else 0 */
    char version[16];   /* "v322r0" where parts must agree, else "" */
    const char *kind;   /* what a report calls it; NULL: its table's name */
    uint64_t set;       /* coverage: files of one export have the same number */
};

/* One reason a row was not taken. */
struct refusal {
    uint32_t row;
    char column[24];
    char reason[120]; /* never quotes licensed text: code and column only */
};

struct batch {
    struct identity id;
    uint32_t file;       /* number of the file in the report */
    struct texts *texts; /* borrowed */
    size_t columns;
    const char *const *column; /* their names, for refusals; may be NULL */
    uint32_t *cells;           /* columns numbers of texts per row */
    uint32_t *lines;           /* source row of each row, from 1 */
    uint32_t rows, capacity;
    struct edits edits; /* of a PTP file, in place of cells */
    uint32_t read;      /* records of the file, taken or not */
    uint32_t refused;
    struct refusal refusals[REFUSALS_SHOWN]; /* the first of them */
    uint32_t warnings;
    char warning[160]; /* the first one */
};

void batch_init(
    struct batch *b, const struct identity *id, struct texts *texts);
void batch_clear(struct batch *b);
/* Takes one row of schema columns numbers of texts; counts it as read. A row
 * that grew out of several records counts each: records says how many. */
int batch_add(struct batch *b, const uint32_t *cells, uint32_t line,
    uint32_t records, struct error *err);
/* Counts one record as read and refused. */
void batch_refuse(struct batch *b, uint32_t line, const char *column,
    const char *format, ...) __attribute__((format(printf, 4, 5)));
void batch_warn(struct batch *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

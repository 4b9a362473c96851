/* previous.h - how many rows the active build's releases had.
 *
 * A release that stands alone in a new build has no neighbour to be compared
 * with; the build before may know one. Only ever used to notice a partial
 * release: nothing of an old build goes into a new one. */
#ifndef INDEXER_PLAN_PREVIOUS_H
#define INDEXER_PLAN_PREVIOUS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/day.h"
#include "codesets/core/error.h"
#include "codesets/store/schema.h"
#include "indexer/plan/batch.h"

enum { PREVIOUS_MAX = 256 };

struct previous_release {
    enum table table;
    enum setting setting;
    enum program program;
    int part;     /* of the coverage database: its table; else 0 */
    bool history; /* likewise: an export of all versions */
    char release[RELEASE_LABEL_MAX];
    uint32_t rows;
};

struct previous {
    struct previous_release release[PREVIOUS_MAX];
    size_t count;
};

/* Reads the manifest of the store's active build. No build, a starter build or
 * an unreadable manifest leaves the list empty: there is nothing to compare
 * with, and that is no error. */
void previous_read(struct previous *out, const char *store);
/* The same of a build by its folder. */
void previous_read_build(struct previous *out, const char *folder);
/* Rows of the newest release of a series, 0 when none is known; *label is its
 * name. */
uint32_t previous_rows(const struct previous *previous, enum table table,
    enum setting setting, enum program program, const char **label);
/* The same of a table of the coverage database, by its part (batch.h), out of
 * an export of all versions or of the current ones. */
uint32_t previous_coverage_rows(const struct previous *previous, int part,
    bool history, const char **label);

#endif

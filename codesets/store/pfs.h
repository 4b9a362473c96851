/* pfs.h - the physician fee schedule's rows of one code (domain.md 2b): the
 * code itself and its parts 26, TC and 53, in the release of a day. */
#ifndef CODESETS_STORE_PFS_H
#define CODESETS_STORE_PFS_H
#include "codesets/store/table.h"

enum { PFS_ROWS = 4 };

struct pfs_row {
    const char *modifier; /* "", "26", "TC", "53" */
    struct snapshot snapshot;
};

struct pfs_state {
    enum snapshot_state state;
    const struct store *store;
    const struct series *series;
    const struct release *release, *next; /* NULL where there is none */
    size_t rows;                          /* those that a release has */
    struct pfs_row row[PFS_ROWS];
};

/* Returns 0 (see state) or ERR_CORRUPT. */
int pfs_find(struct pfs_state *out, const struct store *store, const char *code,
    size_t len, day_t day, struct error *err);

/* A column of a row. In a gap between releases that differ it is uncertain:
 * *now and *next are both sides (NULL where a side has no such row). */
struct pfs_value {
    bool uncertain;
    const char *now, *next;
};
struct pfs_value pfs_column(
    const struct pfs_state *state, const struct pfs_row *row, int column);

#endif

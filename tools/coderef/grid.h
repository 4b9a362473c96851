/* grid.h - columns that stand under each other.
 *
 * On a terminal the heading is bold and the last column is cut to the width of
 * the window; anywhere else nothing is cut and nothing is coloured. */
#ifndef TOOLS_GRID_H
#define TOOLS_GRID_H
#include <stddef.h>
#include "codesets/core/buffer.h"

enum { GRID_COLUMNS_MAX = 8, GRID_CELLS_MAX = 1 << 17 };

struct grid {
    size_t columns;
    struct buffer text; /* all cells, each ended by a NUL */
    size_t cells;
    size_t width[GRID_COLUMNS_MAX]; /* the widest cell of each */
};

/* Begins a table with its heading; NULL ends the names. */
void grid_begin(struct grid *grid, const char *const *heading);
/* Adds the next cell, row by row. Bytes that would disturb a terminal are
 * shown as '?'. */
void grid_add(struct grid *grid, const char *text);
/* Prints all rows and frees the table. */
void grid_print(struct grid *grid);

/* A label and what it says, aligned with the others of a card. Nothing is
 * printed for a NULL or empty text. */
void print_fact(const char *label, const char *text);
/* Bold on a terminal. */
void print_title(const char *text);

#endif

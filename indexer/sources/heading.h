/* heading.h - which cell of a row holds which column.
 *
 * Columns are bound by their label, never by their place: publishers move,
 * rename and add columns between releases. */
#ifndef INDEXER_SOURCES_HEADING_H
#define INDEXER_SOURCES_HEADING_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/error.h"
#include "indexer/plan/batch.h"
#include "indexer/files/sheet.h"
#include "indexer/sources/source.h"
#include "indexer/sources/record.h"

enum { BINDING_MAX = 64, BINDING_IGNORED = BINDING_MAX - 1 };

/* One column that a layout knows. */
struct heading {
    const char *labels; /* as label_is() takes them, '|' between; a leading '*'
                           means that the label only has to contain it */
    size_t column;      /* of the schema; BINDING_IGNORED for one not kept */
    bool needed;
};

/* Which cell of a row holds which column. */
struct binding {
    uint16_t at[BINDING_MAX]; /* 1 + index of the cell; 0: the file has none */
};

/* True when every needed column stands in the row. */
bool heading_found(const struct heading *heading, size_t headings,
    const struct cell *cells, size_t count);
/* Warns of a column that is not known. Returns ERR_INPUT when a needed one is
 * missing or any stands there twice. */
int heading_bind(struct binding *out, const struct heading *heading,
    size_t headings, const struct cell *cells, size_t count,
    struct batch *batch, struct error *err);
struct cell bound_cell(const struct binding *binding, size_t column,
    const struct cell *cells, size_t count);

/* Says which needed column a heading lacks, and which it has: ERR_INPUT. */
int heading_lacks(const struct heading *heading, size_t headings,
    const struct cell *cells, size_t count, struct error *err);
/* How many of the layout's columns stand in the row. */
size_t heading_known(const struct heading *heading, size_t headings,
    const struct cell *cells, size_t count);

/* A row whose cells are asked for by column. */
struct bound_row {
    const struct binding *binding;
    const struct cell *cells;
    size_t count;
};
struct cell row_cell(const struct bound_row *row, size_t column);

/* A table under one heading row, with or without notes above it. */
struct table_layout {
    const struct heading *heading;
    size_t headings;
    /* Fills the record; refuses it when the row cannot be read. */
    void (*read_row)(struct record *record, const struct bound_row *row);
    bool quoted_tabs; /* tab-separated text quotes cells as CSV does */
    /* Text of tab-separated lines whatever it looks like; lines that begin
     * with # are notes, and the first other line is the heading. */
    bool tabs_and_notes;
};

/* True when the file is such a table. */
bool table_found(const struct probe *probe, const struct table_layout *layout);
/* The heading row in the probe, or NULL when it has none or the layout is of
 * tabs and notes, whose heading may stand below the probe. */
const struct probe_row *table_heading(
    const struct probe *probe, const struct table_layout *layout);
/* Reads all rows below the heading; blank ones are no rows. Fails as a whole
 * when the batch has no release or the heading lacks a needed column. */
int table_read(const struct probe *probe, const struct table_layout *layout,
    struct batch *batch, struct error *err);

#endif

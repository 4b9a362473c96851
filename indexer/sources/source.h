/* source.h - one reader per published layout.
 *
 * A file is recognised by its content: each source looks at the first rows and
 * says whether it is its own. The name only settles what the content leaves
 * open (practitioner or hospital, the quarter). */
#ifndef INDEXER_SOURCES_SOURCE_H
#define INDEXER_SOURCES_SOURCE_H
#include <stdbool.h>
#include "codesets/core/error.h"
#include "indexer/plan/batch.h"
#include "indexer/files/input.h"
#include "indexer/files/sheet.h"

enum form {
    FORM_LINES, /* text without a delimiter: fixed width */
    FORM_CSV,
    FORM_TSV,
    FORM_XLSX,
    FORM_HTML, /* a saved web page: usually a licence page */
    FORM_PDF,
    FORM_XML,
    FORM_EMPTY,
    FORM_BINARY
};

enum { PROBE_ROWS = 24, PROBE_CELLS = 64 };

/* The head of a file, looked at by every source. */
struct probe {
    const struct input *in;
    const char *base; /* last part of the name, without .xz/.gz */
    enum form form;
    size_t rows;
    struct probe_row {
        uint32_t number;
        size_t count;
        struct cell cell[PROBE_CELLS]; /* trimmed, copied: live as the probe */
    } row[PROBE_ROWS];
    bool starter; /* one of the project's starter files */
    /* What the administrator said on the command line; empty when nothing. */
    const char *told_release;
    enum setting told_setting;
    enum program told_program;
    bool *starved; /* see probe_saw() */
};

/* What a look through the file's rows gave, for recognise(): a row that it was
 * after, with a number above 0. A look that ended for want of memory saw
 * nothing, and must not pass for a file that nobody knows: that is kept in
 * mind. */
static inline int probe_saw(const struct probe *probe, int rc)
{
    if (rc == ERR_SYSTEM)
        *probe->starved = true;
    return rc;
}

struct source {
    const char *name;
    /* True, with *out filled, when the file is this source's. */
    bool (*recognise)(const struct probe *probe, struct identity *out);
    /* Reads the whole file. Bad rows are refused in the batch; an error means
     * the file as a whole cannot be used. */
    int (*read)(
        const struct probe *probe, struct batch *out, struct error *err);
};

/* All sources, ended by NULL; the first that recognises a file has it. */
extern const struct source *const sources[];

/* Helpers that several sources share. */
/* True when a cell, folded to letters and digits in lower case, equals label
 * ("mue values" matches "MUE Values " and "MUE\nValues"). */
bool label_is(struct cell cell, const char *label);
/* True when the folded cell contains the folded label. */
bool label_has(struct cell cell, const char *label);
/* A quarter found in a name or banner ("2024q3", "2026-q2", "v322r0",
 * "07-01-2026", "_JAN_2026"): fills year and quarter. */
bool find_quarter(const char *text, int *year, int *quarter);

#endif

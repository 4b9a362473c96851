/* edits.h - the rows of PTP files, packed: a quarter has millions of them.
 *
 * 16 bytes a row instead of seven texts; what does not fit is refused by name.
 * Days are kept as 16 bits from 1900-01-01 (to 2079), 0 for a blank, 65535 for
 * "no deletion"; a rationale is a number into a list of at most 255 texts. */
#ifndef INDEXER_PLAN_EDITS_H
#define INDEXER_PLAN_EDITS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/day.h"
#include "codesets/core/error.h"

enum { RATIONALES_MAX = 255, RATIONALE_TEXT_MAX = 200 };

struct edit {
    unsigned column1 : 21, indicator : 2, before_1996 : 1, rationale : 8;
    unsigned column2 : 21, spare : 11;
    uint16_t effective, deleted;
    uint32_t line;
};

struct edits {
    struct edit *row;
    uint32_t rows, capacity;
    char *rationale[RATIONALES_MAX]; /* owned; in order of first appearance */
    size_t rationales;
};

void edits_clear(struct edits *edits);
/* Takes one row; days as day_t, DAY_UNKNOWN for a blank effective date. Returns
 * 0, ERR_INPUT for a day the form cannot hold, ERR_LIMIT for too many rows or
 * rationales, ERR_SYSTEM. */
int edits_add(struct edits *edits, uint32_t column1, uint32_t column2,
    day_t effective, day_t deleted, unsigned indicator, bool before_1996,
    unsigned rationale, uint32_t line, struct error *err);
/* The number of a rationale text, new or known; -1 when the list is full. */
int edits_rationale(struct edits *edits, const char *text, size_t len);

day_t edit_effective(const struct edit *edit); /* DAY_UNKNOWN when blank */
day_t edit_deleted(const struct edit *edit);   /* DAY_OPEN when none */

#endif

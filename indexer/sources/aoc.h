/* aoc.h - what the formats of the add-on code edits share (domain.md 2e). */
#ifndef INDEXER_SOURCES_AOC_H
#define INDEXER_SOURCES_AOC_H
#include "indexer/sources/record.h"
#include "indexer/sources/source.h"

enum aoc_format { AOC_XLSX, AOC_EXPORT, AOC_TEXT }; /* the ranks */

/* True for the Medicaid table, which is not loaded. */
bool aoc_is_medicaid(const struct probe *probe);
void aoc_identity(
    struct identity *id, const struct probe *probe, enum aoc_format format);

/* Takes one column. Dates are YYYYDDD, the number of the day in its year; a
 * primary of CCCCC means that the contractor defines it. */
void aoc_column(struct record *record, size_t column, struct cell cell);

#endif

/* pfs.h - what the formats of the physician fee schedule's relative value
 * file (PPRRVU, domain.md 2b) share. */
#ifndef INDEXER_SOURCES_PFS_H
#define INDEXER_SOURCES_PFS_H
#include "codesets/core/error.h"
#include "indexer/sources/record.h"
#include "indexer/sources/source.h"

enum pfs_format { PFS_CSV, PFS_XLSX, PFS_TEXT }; /* the ranks */

/* Fills an identity from the file's name and, when it is not NULL, its banner:
 * "2025 National Physician Fee Schedule Relative Value File October Release".
 * Releases are called after the quarter's letter: "2025d". */
void pfs_identity(struct identity *id, const struct probe *probe,
    enum pfs_format format, const char *banner);

/* Warns when the file is the QPP twin of the release: since 2026 there are two
 * files that differ in nothing but the conversion factor, and the one for
 * those who do not take part in an alternative payment model is kept. */
void pfs_warn_of_qpp(struct batch *batch);

/* Takes code, modifier and one column; numbers are brought to the form the CSV
 * prints, because the text drops a leading zero (".00") and the spreadsheet
 * stores binary fractions (32.346499999999999). */
void pfs_key(struct record *record, struct cell code, struct cell modifier);
void pfs_record_column(struct record *record, size_t column, struct cell cell);

#endif

/* tiny_build.h - a build of a few rows, written by the test that asks it.
 *
 *     struct tiny *tiny = tiny_begin();
 *     const uint8_t mue = tiny_series(tiny, TABLE_MUE, SETTING_PRACTITIONER,
 *         PROGRAM_MEDICARE, "2024q3 2024-07-01 2024-09-30");
 *     tiny_row(tiny, mue, 0, 0, "97110|6|3|Clinical: Data");
 *     tiny_proc(tiny, "97110", "valid listed 0 0");
 *     struct answers *answers = tiny_open(tiny);
 *     …
 *     tiny_close(tiny);
 *
 * Anything that fails ends the test. */
#ifndef TESTS_TINY_BUILD_H
#define TESTS_TINY_BUILD_H
#include "codesets/answer/answer.h"

struct tiny;

struct tiny *tiny_begin(void);
void tiny_starter(struct tiny *tiny); /* marks the build as the starter set */

/* releases: "LABEL FROM TO" each, parted by "; "; TO may be "open", and "!"
 * behind it marks a release as partial. Returns the id of the series. */
uint8_t tiny_series(struct tiny *tiny, enum table table, enum setting setting,
    enum program program, const char *releases);
/* columns parted by "|", in the order of the schema; missing ones are empty.
 * The key is the first column, or key when it is not NULL. The row stands in
 * line 10 * (its number) of the only file, "tiny.txt". */
void tiny_row(struct tiny *tiny, uint8_t series, uint32_t first, uint32_t last,
    const char *columns);
void tiny_row_key(struct tiny *tiny, uint8_t series, const char *key,
    uint32_t first, uint32_t last, const char *columns);

/* The same with columns by number, so that a test does not hang on their
 * order: tiny_cells(tiny, id, 0, 0, HCPCS_CODE, "XE", HCPCS_RECORD, "7", -1);
 * the key is the first text given. */
void tiny_cells(struct tiny *tiny, uint8_t series, uint32_t first,
    uint32_t last, ... /* int column, const char *text, …, -1 */);
/* A row of HCPCS: record "3" or "7"; days as YYYYMMDD, "" for none. */
void tiny_hcpcs(struct tiny *tiny, uint8_t series, uint32_t first,
    uint32_t last, const char *code, const char *record, const char *text,
    const char *xref, const char *added, const char *terminated);

/* A procedure code and its life: stretches parted by "; ", each
 * "valid|not_valid|unknown EVIDENCE SERIES RELEASE [FROM]"; the first one has
 * no FROM. */
void tiny_proc(struct tiny *tiny, const char *code, const char *life);

/* A row of the edit table of a setting. effective and deleted: ISO days, "" for
 * unknown and for open; inferred when effective ends in "?". */
void tiny_edit(struct tiny *tiny, enum setting setting, const char *column1,
    const char *column2, const char *effective, const char *deleted,
    int indicator);

/* A text that holds the meaning is found by the term; both are borrowed. */
void tiny_synonym(struct tiny *tiny, const char *term, const char *meaning);

/* A blob that the build is to have; takes its bytes. */
void tiny_blob(struct tiny *tiny, const char *name, struct buffer *bytes);

/* Writes the build into a folder below TMPDIR, opens it. */
struct answers *tiny_open(struct tiny *tiny);
const struct store *tiny_store(const struct tiny *tiny);
void tiny_close(struct tiny *tiny); /* removes the folder, too */

day_t tiny_day(const char *iso);

/* An answer as text: NUL-ended, until the next one. */
const char *tiny_code(
    struct tiny *tiny, const char *code, const char *date, uint32_t systems);
const char *tiny_pairs(struct tiny *tiny, const char *codes, const char *date,
    enum setting setting);
/* Fails the test unless text holds part. */
void tiny_has(const char *text, const char *part);
void tiny_has_not(const char *text, const char *part);

#endif

/* record.h - from the cells of a file to a row of the batch. */
#ifndef INDEXER_SOURCES_RECORD_H
#define INDEXER_SOURCES_RECORD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/day.h"
#include "codesets/core/error.h"
#include "codesets/store/schema.h"
#include "indexer/plan/batch.h"
#include "indexer/files/sheet.h"
#include "indexer/sources/source.h"

/* Text of any kind: a fixed-width file with commas or tabs in its descriptions
 * looks delimited. */
bool probe_is_text(const struct probe *probe);
/* A cell without blanks around it; empty beyond the end of the row. */
struct cell cell_at(const struct cell *cells, size_t count, size_t index);
struct cell cell_of(const char *text);
/* Bytes position to position + width - 1 of a fixed-width line, from 1. */
struct cell cell_cut(
    const char *line, size_t len, size_t position, size_t width);
bool cell_is(struct cell cell, const char *text);
/* Nothing in it, or only the DOS end-of-file mark 0x1A that closes some CMS
 * files (spreadsheets write it _x001A_). */
bool row_is_blank(const struct cell *cells, size_t count);
bool line_is_blank(const char *line, size_t len);
/* All digits, at least one and at most nine. */
bool cell_number(struct cell cell, uint32_t *out);

/* Every row of a delimited file or spreadsheet, by the form of the probe. In
 * tab-separated text a quote is a character like any other. */
int rows_read(const struct probe *probe, sheet_fn *each, void *context,
    struct error *err);

/* A row being made for the batch. The first refusal counts; what comes after
 * it is ignored, and record_end() adds nothing. */
struct record {
    struct batch *batch;
    uint32_t line;    /* of the file, from 1 */
    uint32_t records; /* physical records it is made of */
    bool refused;
    uint32_t text[TABLE_COLUMNS_MAX];
};

void record_begin(struct record *record, struct batch *batch, uint32_t line);
void record_set(struct record *record, size_t column, struct cell cell);
/* The same for bytes that may be Windows-1252 text. */
void record_set_raw(struct record *record, size_t column, struct cell cell);
/* Five characters of a procedure code's shape. A shorter one is never padded:
 * "100" for "00100" is what a spreadsheet program did to it. */
void record_code(struct record *record, size_t column, struct cell cell);
/* Two characters of A-Z and 0-9. */
void record_modifier(struct record *record, size_t column, struct cell cell);
/* An ICD-10-CM code with or without its dot; kept without. */
void record_icd(struct record *record, size_t column, struct cell cell);
/* A day, kept as YYYYMMDD, or nothing. parse is one of day.h. */
typedef int day_parse_fn(day_t *out, const char *text, size_t len);
void record_day(struct record *record, size_t column, struct cell cell,
    day_parse_fn *parse);
/* The forms of lists that people keep: 2024-07-01, 20240701 or 7/1/2024. */
int parse_any_day(day_t *out, const char *text, size_t len);
void record_day_is(struct record *record, size_t column, day_t day);
/* A key of the administrator's own: any text of 1 to max bytes without control
 * bytes. */
void record_own_key(
    struct record *record, size_t column, struct cell cell, size_t max);
void record_refuse(struct record *record, size_t column, const char *reason);
int record_end(struct record *record, struct error *err);

#endif

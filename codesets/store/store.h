/* store.h - one build, open for reading.
 *
 * A store is a read-only memory map; everything it hands out lies in the map
 * and lives until store_close(). Any number of threads and processes may read
 * one build; none may write it.
 *
 * The LMDB file holds four databases. Integers are little-endian, texts are in
 * UTF-8 and NUL-ended; a "text number" counts into the text blob.
 *
 *   meta    text -> text     "format" "program" "id" "licensed" "starter"
 *   file    u16 BE -> name NUL, sha-256 in hex NUL: the files rows came from
 *   series  u8 -> table u8, setting u8, program u8, releases u8, then each
 *           release: label NUL, from i32, to i32, published u32, flags u8
 *           (1: partial), oldest first
 *   blob    name -> "text" (text.h), "proc" (proc.h), "codes" (codes.h),
 *           "row" + series u8 (row_index.h), "ptp" + setting u8 + program u8
 *           (ptp.h), "search" (search/index.h), "coverage" (coverage.h),
 *           "ties" (ties.h)
 *
 * STORE_FORMAT changes with any of these layouts. The files of the publisher
 * are the truth: a store of another format is rebuilt, never converted. */
#ifndef CODESETS_STORE_STORE_H
#define CODESETS_STORE_STORE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/day.h"
#include "codesets/core/error.h"
#include "codesets/store/schema.h"

#define STORE_FORMAT 20u

enum {
    STORE_SERIES_MAX = 64,
    STORE_RELEASES_MAX = 255, /* of one series */
    STORE_FILES_MAX = 65535
};

struct store;

struct release {
    const char *label;  /* "2024q3", "2025a", "2026", "starter" */
    day_t from, to;     /* the period it was published for; a successor in the
                           same series may begin before to */
    uint32_t published; /* YYYYMMDD, or 0 when the file does not tell */
    bool partial; /* some of its rows are missing: absence proves nothing */
};

struct series {
    uint8_t id;
    enum table table;
    enum setting setting;
    enum program program;
    size_t releases;
    const struct release *release; /* oldest first */
};

/* Where a row stands. */
struct source_ref {
    const char *file; /* "pfs/2025a/rvu25a.zip/PPRRVU25_JAN.csv" */
    uint32_t row;     /* line, or row of the sheet, from 1 */
};

/* Opens the build in folder path (…/builds/<id>), checks its format number and
 * the bounds of its large tables: a few milliseconds, whatever its size.
 * Returns 0; ERR_CORRUPT for a build that cannot be right or has another format
 * ("rebuild"); ERR_SYSTEM. */
int store_open(struct store **out, const char *path, struct error *err);
/* Opens the active build of a store folder. */
int store_open_current(struct store **out, const char *dir, struct error *err);
void store_close(struct store *store); /* NULL is fine */

const char *store_id(const struct store *store);
const char *store_program(const struct store *store);
bool store_licensed(const struct store *store); /* AMA licence accepted */
bool store_starter(const struct store *store);  /* the starter code set */

size_t store_series_count(const struct store *store);
const struct series *store_series_at(const struct store *store, size_t i);
/* NULL when that table is not loaded. */
const struct series *store_series(const struct store *store, enum table table,
    enum setting setting, enum program program);

/* "" and a count of 0 for a number that no build file has. */
const char *store_file(const struct store *store, uint32_t file);
size_t store_files(const struct store *store);

/* A text by its number; "" for a number out of range. *len may be NULL. */
const char *store_text(const struct store *store, uint32_t number, size_t *len);
/* Says that these texts will soon be read (see rows_expect() in table.h). */
void store_texts_expect(
    const struct store *store, const uint32_t *number, size_t count);

#endif

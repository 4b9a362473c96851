/* proc.h - every procedure code of a build, and the days on which it lives.
 *
 *   blob "proc"
 *     0  u32 count of codes (at most 65535), u32 count of spans
 *     8  stems, 36000 of 4 bytes, by the first four characters (first * 1000
 *        + middle of code.h): u16 ordinal of the first code that begins so,
 *        u16 which last characters follow (bits 0-9 the digits, 10 A, 11 F,
 *        12 M, 13 T, 14 U), so that a code is found by one look
 * 144008 u32 packed[count]: the codes (code.h), ascending
 *        u32 life[count]: 24 bits the first of its spans, 8 bits how many;
 *        codes of equal lives share them
 *        spans, 8 bytes each: i32 first day, u8 state, u8 evidence,
 *        u8 series, u8 release; those of a code ascend by day, the first
 *        begins on DAY_UNKNOWN, each lasts until the next
 *
 * A code's place in this list is its ordinal, by which the edit tables name
 * it. The spans are the answer of design.md section 3 to "is it valid": worked
 * out by the indexer from every source, so that a decision only looks up. */
#ifndef CODESETS_STORE_PROC_H
#define CODESETS_STORE_PROC_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/day.h"
#include "codesets/core/error.h"

enum {
    PROC_CODES_MAX = 65535,
    PROC_STEMS = 36000,
    PROC_SPANS_MAX = 0xFFFFFF,
    PROC_LIFE_MAX = 255, /* spans of one code */
    PROC_SPAN_LEN = 8
};
#define PROC_ORDINAL_NONE UINT32_MAX

enum validity { VALIDITY_UNKNOWN, VALIDITY_VALID, VALIDITY_NOT_VALID };

/* What a statement about validity rests on. */
enum evidence {
    EVIDENCE_NONE,       /* nothing loaded speaks of this day */
    EVIDENCE_DATES,      /* the code's own added and termination dates */
    EVIDENCE_LISTED,     /* stands in the release in force */
    EVIDENCE_AGREED,     /* in the releases before and after a gap */
    EVIDENCE_STALE,      /* in the newest release, whose period is over */
    EVIDENCE_NOT_LISTED, /* gone from a release that covers its kind */
    EVIDENCE_GAP,        /* the releases around a gap differ */
    EVIDENCE_EDITS,      /* has an edit in force in the newest edit table */
    EVIDENCE_NOT_YET,    /* before the date it was added */
    EVIDENCE_ENDED,      /* after its termination date */
    EVIDENCE_COUNT
};

struct proc_span {
    day_t from, to;
    enum validity validity;
    enum evidence evidence;
    uint8_t series, release; /* what the evidence stands in */
};

struct proc_table {
    const uint8_t *stems, *packed, *life, *spans;
    uint32_t count, span_count;
};

/* Checks the blob's bounds. Returns 0 or ERR_CORRUPT. */
int proc_table_read(
    struct proc_table *out, const uint8_t *data, size_t len, struct error *err);

/* The ordinal of a packed code, or PROC_ORDINAL_NONE. */
uint32_t proc_find(const struct proc_table *table, uint32_t packed);
/* The packed code of an ordinal below count. */
uint32_t proc_at(const struct proc_table *table, uint32_t ordinal);
/* The span that holds on a day. ordinal must be below count. */
void proc_validity(const struct proc_table *table, uint32_t ordinal, day_t day,
    struct proc_span *out);
/* The i-th span of a code; false when there are no more. */
bool proc_span_at(const struct proc_table *table, uint32_t ordinal, uint32_t i,
    struct proc_span *out);

const char *evidence_name(enum evidence evidence); /* "dates", "listed", … */

/* What the indexer hands over: codes ascending, each with its spans. */
struct proc_source {
    uint32_t count;
    const uint32_t *packed;
    const uint32_t *first_span; /* count + 1 */
    const struct proc_span *spans;
};
struct buffer;
int proc_table_write(
    struct buffer *out, const struct proc_source *source, struct error *err);

#endif

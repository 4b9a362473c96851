/* ptp.h - the NCCI procedure-to-procedure edits of one setting and program.
 *
 * Every edit is filed under the lower of its two codes, whichever stands in
 * column 1, so that a pair asked in either order is found in one place.
 *
 *   blob "ptp" setting u8 program u8
 *     0  u32 codes (as in the proc blob), u32 rows, u32 kinds, u32 pairs,
 *        u32 rationales (at most 255), u32 files (at most 255)
 *    24  u32 first_row[codes + 1]   rows of each lower code, by ordinal
 *        u32 first_pair[codes + 1]  entries of lower[] of each higher code
 *        u8  near[codes][(codes / 32 + 8) / 8]   bit i of a code is set when
 *            it shares an edit with one of the higher codes 32 i … 32 i + 31
 *        u16 lower[pairs]           ordinals of the lower codes, ascending
 *        u16 sample[blocks]         higher of rows 0, 12, 24, …
 *        zeros up to a byte of the blob that is 48 past a multiple of 64
 *        blocks, 64 bytes each: 12 rows of 5 bytes and 4 zeros
 *            u16 higher, the ordinal of the other code, ascending inside a
 *            code, a pair's rows together, oldest first;
 *            u24 kind, what the row says, below
 *        u32 place[rows]            file (8 bits) and line (24 bits)
 *        u32 first_tally[codes + 1] tallies of each code
 *        tallies, 5 bytes each: u24 twice the kind, and one more where the
 *            code is the higher of its pairs; u16 rows of that kind, at most
 *            65535 (more make a second tally)
 *        kinds, 12 bytes each: i32 effective, i32 deleted, u8 flags
 *            (bits 0-1 modifier indicator 0, 1 or 2 for 9; 2 column 1 is the
 *            higher code; 3 effective day inferred; 4 existed before 1996),
 *            u8 rationale, u16 zero
 *        u32 rationale[rationales]  text numbers
 *        u16 file[files]
 *
 * Most pairs that are asked have no edit, and edits come in neighbourhoods, so
 * that one bit sends nine in ten of these home. For the others a search walks
 * the samples of its code, which stay in the cache, and then reads one block.
 * LMDB lays a long value 16 bytes behind the beginning of a page, so that a
 * block is one line of the cache; nothing but speed depends on it.
 *
 * effective may be DAY_UNKNOWN (began on a day no file tells), deleted may be
 * DAY_OPEN; both days count. Rows with indicator 9, or whose effective day is
 * their deletion day, were withdrawn and never counted (domain.md 2c). */
#ifndef CODESETS_STORE_PTP_H
#define CODESETS_STORE_PTP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/day.h"
#include "codesets/core/error.h"

enum {
    PTP_HEADER_LEN = 24,
    PTP_KIND_LEN = 12,
    PTP_ROW_LEN = 5,
    PTP_BLOCK = 12, /* rows */
    PTP_BLOCK_LEN = 64,
    PTP_NEAR = 32, /* higher codes to a bit */
    PTP_TALLY_LEN = 5,
    PTP_RATIONALES_MAX = 255,
    PTP_FILES_MAX = 255,
    PTP_KINDS_MAX = 0x7FFFFF,
    PTP_LINE_MAX = 0xFFFFFF
};

enum modifier_indicator {
    INDICATOR_NOT_ALLOWED,
    INDICATOR_ALLOWED,
    INDICATOR_NOT_APPLICABLE
};

struct ptp_edit {
    uint32_t column1, column2; /* ordinals */
    day_t effective, deleted;
    enum modifier_indicator indicator;
    bool inferred; /* the effective day, or its being unknown, is inferred */
    bool before_1996;
    uint32_t rationale; /* text number */
    uint32_t file, line;
};

struct ptp_table {
    uint32_t codes, rows, kinds, pairs, rationales, files, tallies;
    const uint8_t *first_row, *first_pair, *near, *lower, *sample, *block,
        *place, *first_tally, *tally, *kind_table, *rationale, *file;
};

/* Checks the blob's bounds against codes ordinals. Returns 0 or ERR_CORRUPT. */
int ptp_table_read(struct ptp_table *out, const uint8_t *data, size_t len,
    uint32_t codes, struct error *err);

/* The ordinal of the higher code of a row below rows, and the number of its
 * kind, which is below kinds in a sound build. */
uint32_t ptp_higher(const struct ptp_table *table, uint32_t row);
uint32_t ptp_kind(const struct ptp_table *table, uint32_t row);
/* Rows [*first, *end) are those of the pair, in either order; empty when there
 * are none. a and b must be below codes and differ. */
void ptp_find(const struct ptp_table *table, uint32_t a, uint32_t b,
    uint32_t *first, uint32_t *end);
/* The same in two steps: the first asks the memory for the block, so that the
 * caller may do something else until it comes. False when there is nothing to
 * wait for: the pair has no edit. */
struct ptp_search {
    uint32_t higher, row, stop;
};
bool ptp_find_begin(struct ptp_search *out, const struct ptp_table *table,
    uint32_t a, uint32_t b);
/* Asks the memory for what searches with this lower code begin with. */
void ptp_prefetch(const struct ptp_table *table, uint32_t code);
void ptp_find_end(const struct ptp_search *search,
    const struct ptp_table *table, uint32_t *first, uint32_t *end);
/* Reads row, which must be below rows, of lower code `lower`. */
void ptp_edit(const struct ptp_table *table, uint32_t lower, uint32_t row,
    struct ptp_edit *out);
/* The same without rationale, file and line (0): a decision needs no more, and
 * each array left alone is a cache line less. */
void ptp_terms(const struct ptp_table *table, uint32_t lower, uint32_t row,
    struct ptp_edit *out);

/* True when the edit counts on a day. */
bool ptp_in_force(const struct ptp_edit *edit, day_t day);
/* True when it never counted on any day. */
bool ptp_never_active(const struct ptp_edit *edit);

/* The codes that share an edit with a code, ascending by ordinal. Begin with
 * *at = 0 and *partner unset; false when there are no more. Costs a few
 * nanoseconds a partner. */
struct ptp_partners {
    uint32_t code, lower_next, lower_end, row_next, row_end;
};
void ptp_partners_begin(
    const struct ptp_table *table, uint32_t code, struct ptp_partners *out);
bool ptp_partners_next(
    const struct ptp_table *table, struct ptp_partners *at, uint32_t *partner);

/* How many edits a code has: in force on a day by the column the code stands
 * in, and rows of any day. Reads the tallies alone: under a microsecond for the
 * codes with most edits. */
struct ptp_counts {
    uint32_t column1, column2, total;
};
void ptp_count(const struct ptp_table *table, uint32_t code, day_t day,
    struct ptp_counts *out);

/* What the indexer hands over, in the order of the layout. */
struct ptp_row {
    uint16_t lower, higher;
    uint32_t kind, place;
};
struct ptp_kind {
    day_t effective, deleted;
    uint8_t flags, rationale;
};
enum {
    PTP_FLAG_INDICATOR = 3,
    PTP_FLAG_HIGHER_FIRST = 4,
    PTP_FLAG_INFERRED = 8,
    PTP_FLAG_BEFORE_1996 = 16
};
struct ptp_source {
    uint32_t codes, rows, kinds, rationales, files;
    const struct ptp_row *row; /* sorted by lower, higher, then age */
    const struct ptp_kind *kind;
    const uint32_t *rationale; /* text numbers */
    const uint16_t *file;
};
struct buffer;
int ptp_table_write(
    struct buffer *out, const struct ptp_source *source, struct error *err);

#endif

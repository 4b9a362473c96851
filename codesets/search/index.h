/* index.h - the words of a build, and the codes they stand in.
 *
 * A document is one code of the build; its number is its place in the list of
 * codes (store/codes.h). Inside the index documents go by RANK, the order in
 * which equally good hits are shown: living codes before ended ones, usual ones
 * before rare ones, shorter titles first, then code order. A walk over
 * ascending ranks meets them so, and nothing has to be sorted.
 *
 * Words are looked for in ROWS: the words of a query should stand in one text
 * of a code, not in several that have nothing to do with each other. The first
 * rows are the documents in the order of their ranks, and stand for the title
 * and what says the same (publisher's short text, the project's label); then
 * comes a row for every other text, in the order of their codes' ranks.
 *
 * A set is a bitmap: number n is bit n % 8 of byte n / 8. A set of documents
 * goes by ranks and has B bytes; a set of rows has B bytes for the documents'
 * rows, then X for the others. Words of few rows have a list instead; words and
 * beginnings of words whose sets would take long to gather from lists have the
 * set ready made, so that each word of a query costs a few passes over B + X
 * bytes whatever was typed.
 *
 *   blob "search"
 *     0  u32 documents (D), other rows (R), words (W), bitmaps, ranges, names,
 *            title words, facet values, bytes of words, bytes of postings,
 *            usual documents (their ranks come first), changes of values
 *    48  dated bitmap              B = (D + 127) / 128 * 16 bytes: documents
 *                                  that have a day in from[] or to[]
 *        with rows bitmap          B bytes: documents that have other rows
 *        value bitmap[values]      B bytes each
 *        row end bitmap            X bytes: the last one of each document's
 *                                  other rows, which follow each other
 *        row bitmap[bitmaps]       B + X bytes, X = (R + 127) / 128 * 16
 *        u64 name[names]           hash of a name's words (terms.h), ascending
 *        u24 named[names]          rank of its code; bit 23: it is the title
 *        u24 document[D]           number of the document of a rank
 *        u24 rank[D]               rank of a document
 *        i32 from[D], i32 to[D]    by rank: the days outside of which the code
 *                                  is known not to be valid
 *        u24 row[R]                rank of the code of each other row
 *        u32 word[W + 1]           offsets into the bytes of words
 *        u32 posting[W + 1]        offsets into the bytes of postings; bit 31:
 *                                  four bytes lie there, the word's bitmap
 *        u32 range[ranges][3]      words [first, end) and their bitmap, by
 *                                  first, then end
 *        u32 title[D + 1]          by rank: places in the title words
 *        u24 order[D]              ranks, in the order of their title words
 *        u24 title word[]          numbers of the words of each title, without
 *                                  those that say nothing (terms.h), and of
 *                                  ICD-10-CM what stands in parentheses
 *        u8  facet[SEARCH_COLUMNS][D] by rank: value + 1, or 0 for none
 *        u8[16] value[]            of each facet value: facet, then its name
 *                                  and a NUL
 *        i32 window[systems][SEARCH_COLUMNS][2]  first and last day on which
 *                                  codes of the system have the values above;
 *                                  on all others they have none
 *        changing bitmap           B bytes: documents with changes
 *        u32 change[SEARCH_COLUMNS + 1]  where each column's changes begin
 *        change[]                  by column, rank and day: u24 rank, u8 value
 *                                  + 1 or 0 for none, i32 from, i32 to: it is
 *                                  this on these days, whatever stands above
 *        bytes of words            folded (fold.h), ascending as bytes
 *        bytes of postings         of each word: places in a bitmap of rows,
 *                                  ascending, in runs of those that share their
 *                                  upper bits: u8 these, u16 how many less one,
 *                                  u16 each's lower bits
 *
 * Two builders fed with the same calls make the same bytes. */
#ifndef CODESETS_SEARCH_INDEX_H
#define CODESETS_SEARCH_INDEX_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/bytes.h"
#include "codesets/core/day.h"
#include "codesets/core/error.h"

enum {
    SEARCH_DOCUMENTS_MAX = 1 << 20,
    SEARCH_ROWS_MAX = 1 << 22,
    SEARCH_WORDS_MAX = 1 << 22,
    SEARCH_POSTINGS_MAX = 1 << 27,
    SEARCH_VALUES_MAX = 192, /* values of all facets together */
    SEARCH_CHANGE = 12,      /* bytes of a change */
    SEARCH_VALUE_NAME = 15,  /* bytes of a value's name with its NUL */
};

/* By what hits are counted and narrowed down. */
enum search_facet {
    FACET_SYSTEM,   /* the values are those of enum code_system, in order */
    FACET_SECTION,  /* first and last code of it */
    FACET_BILLABLE, /* "true", "false" */
    FACET_TIMED,    /* "true", "false" */
    FACET_STATUS,   /* letter of the fee schedule */
    FACET_SETTING, /* "practitioner", …: an MUE limits the code's units there */
    FACET_COUNT
};
/* A code has one value of a facet on a day, but of the last as many as there
 * are, each in a column of its own. */
enum {
    SEARCH_SETTINGS = 3,
    SEARCH_COLUMNS = FACET_COUNT + SEARCH_SETTINGS - 1
};
const char *search_facet_name(enum search_facet facet); /* "system", … */

struct search_index {
    uint32_t documents, rows, words, bitmaps, ranges, names, title_words,
        values;
    uint32_t word_bytes_len, posting_bytes_len;
    uint32_t changes;
    uint32_t usual;   /* ranks from here on are rare or ended */
    uint32_t heading; /* the facet value of headings; UINT32_MAX: none */
    uint32_t with, without, not_; /* the words; UINT32_MAX: there is none */
    size_t bitmap_bytes;          /* B */
    size_t row_bytes;             /* B + X */
    const uint8_t *dated, *with_rows, *value_bitmap, *row_end, *bitmap, *name,
        *named, *document, *rank, *from, *to, *row, *word, *posting, *range,
        *title, *order, *title_word, *facet, *value, *window, *changing,
        *change_of, *change, *word_bytes, *posting_bytes;
};

/* Checks the blob's bounds. An empty blob makes an empty index. Returns 0 or
 * ERR_CORRUPT. Nothing a damaged blob says lets a reader leave it. */
int search_index_read(struct search_index *out, const uint8_t *data, size_t len,
    struct error *err);

/* Words [first, end) of the dictionary. */
struct search_range {
    uint32_t first, end;
    bool whole; /* the first of them is the prefix itself */
};
struct search_range search_prefix(
    const struct search_index *index, const char *prefix, size_t len);
/* The number of a word among those of a range (NULL: of all); UINT32_MAX when
 * it is not there. */
uint32_t search_word(const struct search_index *index,
    const struct search_range *among, const char *word, size_t len);
/* The text of a word, not NUL-ended; number must be below words. */
const char *search_word_text(
    const struct search_index *index, uint32_t number, size_t *len);
/* Bytes of its postings: the more, the commoner it is. */
uint32_t search_word_weight(const struct search_index *index, uint32_t number);

/* The rows with exactly these words, ready made; NULL when they are not. */
const uint8_t *search_ready(
    const struct search_index *index, const struct search_range *range);
/* Makes a bitmap of the rows of words [first, end). */
void search_gather(const struct search_index *index, uint32_t first,
    uint32_t end, uint8_t *rows);
/* Adds them to one. */
void search_union(const struct search_index *index, uint32_t first,
    uint32_t end, uint8_t *rows);
/* The rows of a word that has a list, ascending; at most max of them. Numbers
 * of a damaged list may lie beyond the last row. Returns how many. */
uint32_t search_list(const struct search_index *index, uint32_t word,
    uint32_t *out, uint32_t max);
/* No fewer than the rows of words [first, end); UINT32_MAX when one of them has
 * a bitmap. */
uint32_t search_list_rows(
    const struct search_index *index, uint32_t first, uint32_t end);
/* Makes a bitmap of the documents of a bitmap of rows. */
void search_project(
    const struct search_index *index, const uint8_t *rows, uint8_t *documents);
/* The same the slow way, for machines that know no faster one. */
void search_project_rows(
    const struct search_index *index, const uint8_t *rows, uint8_t *documents);

/* Names with a hash: [*first, *end). */
void search_names(const struct search_index *index, uint64_t hash,
    uint32_t *first, uint32_t *end);
/* The rank of a name; *title says that it is the title. */
uint32_t search_named(
    const struct search_index *index, uint32_t name, bool *title);

/* Titles that begin with words, the last of which may be any of [last.first,
 * last.end): places [*first, *end) for search_ordered(). */
void search_titles(const struct search_index *index, const uint32_t *word,
    uint32_t words, const struct search_range *last, uint32_t *first,
    uint32_t *end);
/* Whether a title begins with these words, of which only the last need not be
 * whole; few of them in any order. */
enum { SEARCH_ANY_ORDER_MAX = 3 };
bool search_begins(const struct search_index *index, uint32_t rank,
    const struct search_range *word, uint32_t words);
uint32_t search_ordered(const struct search_index *index, uint32_t place);
/* How many times two words that follow each other among ranges of words do so
 * in the title of a rank. */
uint32_t search_neighbours(const struct search_index *index, uint32_t rank,
    const struct search_range *word, uint32_t words);
/* Whether a word is asked for, or what is without it. */
enum search_sense { SENSE_EITHER, SENSE_HAS, SENSE_LACKS };
/* The title of a rank says the opposite of one of the words: "without" or "not"
 * stands before it, or stands nowhere before one that is to be lacking. */
bool search_contradicts(const struct search_index *index, uint32_t rank,
    const struct search_range *word, const uint8_t *sense, uint32_t words);

/* A rank of a damaged blob may lie beyond the last one. */
static inline uint32_t search_kept_rank(
    const struct search_index *index, uint32_t rank)
{
    return rank < index->documents ? rank : 0;
}

/* The rank of the code of a row beside those of the documents; the number is
 * below index->rows. */
static inline uint32_t search_row_rank(
    const struct search_index *index, uint32_t row)
{
    return search_kept_rank(index, load_u24(index->row + 3 * (size_t)row));
}

static inline uint32_t search_document(
    const struct search_index *index, uint32_t rank)
{
    return load_u24(index->document + 3 * (size_t)rank);
}

static inline uint32_t search_rank(
    const struct search_index *index, uint32_t document)
{
    return search_kept_rank(
        index, load_u24(index->rank + 3 * (size_t)document));
}

/* The bitmap and name of a facet value; the number is below index->values. */
const uint8_t *search_value_bits(
    const struct search_index *index, uint32_t value);
enum search_facet search_value(
    const struct search_index *index, uint32_t value, const char **name);
/* The number of a value; UINT32_MAX when no code has it. */
uint32_t search_value_find(const struct search_index *index,
    enum search_facet facet, const char *name, size_t len);
/* The column of a value: its facet's, or its own of the settings. */
int search_value_column(const struct search_index *index, uint32_t value);

/* The value of a rank in a column by which it is ranked, as the newest release
 * has it; UINT32_MAX for none. */
static inline uint32_t search_value_at(
    const struct search_index *index, int column, uint32_t rank)
{
    const uint8_t value =
        index->facet[(size_t)column * index->documents + rank];

    return value == 0 || value > index->values ? UINT32_MAX : value - 1u;
}
static inline uint32_t search_value_of(
    const struct search_index *index, enum search_facet facet, uint32_t rank)
{
    return search_value_at(index, (int)facet, rank);
}

/* False when codes of a system have no value in a column on a day, but for
 * those that a change gives one. */
bool search_is_told(
    const struct search_index *index, uint32_t system, int column, day_t day);
/* Changes [*first, *end) of a column. */
void search_changes(const struct search_index *index, int column,
    uint32_t *first, uint32_t *end);
/* Most of them are of other days than the asked one. */
static inline bool search_changes_on(
    const struct search_index *index, uint32_t i, day_t day)
{
    const uint8_t *at = index->change + (size_t)i * SEARCH_CHANGE;

    return load_i32(at + 4) <= day && load_i32(at + 8) >= day;
}
/* On the days from..to the rank has this value; UINT32_MAX: none. */
struct search_change {
    uint32_t rank, value;
    day_t from, to;
};
struct search_change search_change_at(
    const struct search_index *index, uint32_t i);
/* The value of a rank in a column on a day, but for the changes; then with
 * them. */
uint32_t search_value_told(
    const struct search_index *index, int column, uint32_t rank, day_t day);
uint32_t search_value_on(
    const struct search_index *index, int column, uint32_t rank, day_t day);

#endif

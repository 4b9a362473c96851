/* match.h - the codes whose texts hold the words of a query.
 *
 * Bitmaps of rows and of documents (index.h), all in one allocation. */
#ifndef CODESETS_SEARCH_MATCH_H
#define CODESETS_SEARCH_MATCH_H
#include "codesets/search/query.h"

/* Bitmaps of rows. Their first half, the documents' own rows, is a bitmap of
 * the documents whose titles do. */
enum match_rows {
    ROWS_ALL,    /* every word begins a word of the row */
    ROWS_BEFORE, /* all but the last stand whole, the last begins one */
    ROWS_WHOLE, /* every word stands whole; not told while the last may go on */
    ROWS_WORD,  /* of the word at hand */
    ROWS_WORD_WHOLE,
    ROWS_COUNT,
};

/* Bitmaps of documents. */
enum match_bits {
    BITS_ALL, /* in any of its rows, as above */
    BITS_BEFORE,
    BITS_WHOLE,
    BITS_SPARE,
    BITS_WANTED,
    BITS_CODES, /* found by their code */
    BITS_COUNT
};

/* So few rows are told one by one, not as bitmaps, and their codes are put in
 * order one by one: beyond it a pass over the bitmaps costs less. */
enum { MATCH_FEW = 768 };

/* A row that has all words: its place in a bitmap of rows. */
struct match_row {
    uint32_t place;
    bool before, whole; /* as above */
};

struct match {
    const struct search_index *index;
    const struct code_list *codes;
    size_t bytes, row_bytes; /* of a bitmap of documents, and of rows */
    uint8_t *block;          /* of all of them */
    bool across;             /* the words stand in several rows of a code */
    uint8_t *only;           /* codes that may be found; NULL for all */
    /* Few rows were found: these, ascending. Else they are in the bitmaps. */
    bool few;
    uint32_t found;
    struct match_row row[MATCH_FEW];
};

/* A word that counts and may go on stands whole nowhere. */
static inline bool match_goes_on(const struct search_word *word)
{
    return word->may_go_on && !word->grammar && !word->dropped &&
           !word->corrected;
}

int match_open(struct match *out, const struct search_index *index,
    const struct code_list *codes, struct error *err);
void match_close(struct match *match);

static inline uint8_t *match_bits(const struct match *match, int which)
{
    return match->block + match->row_bytes * ROWS_COUNT +
           match->bytes * (size_t)which;
}

static inline uint8_t *match_rows(const struct match *match, int which)
{
    return match->block + match->row_bytes * (size_t)which;
}

/* From now on only rows of the codes in BITS_ALL are found. */
int match_only(struct match *match, struct error *err);
/* Finds the rows that have the words which are neither dropped nor grammar.
 * False when no row has them all. */
bool match_words(
    struct match *match, const struct search_word *word, uint32_t words);
/* The same, with words of different rows of a code; fills BITS_ALL alone. */
bool match_across(
    struct match *match, const struct search_word *word, uint32_t words);
/* The same, with words of the headings above a code of ICD-10-CM (below.c). */
bool match_below(
    struct match *match, const struct search_word *word, uint32_t words);
/* Fills a bitmap with the documents that have a word in any of their rows.
 * False when none has. */
bool match_documents(const struct match *match, const struct search_word *word,
    uint8_t *documents);
/* Fills a bitmap of documents from one of rows. */
void match_project(const struct match *match, int rows, int bits);
/* What word i of a query tells: the rarer it is, the more. Fills a bitmap of
 * the rows that have it. Returns 0 when it stands nowhere. */
uint32_t match_weigh(const struct match *match, const struct search_word *word,
    uint32_t words, uint32_t i, uint8_t *rows);
/* False when no code has the word or a word that begins so. */
bool match_knows(const struct match *match, const struct search_word *word);

/* Drops what a damaged bitmap names behind the last document. */
void match_cut(const struct match *match, uint8_t *bits);

#endif

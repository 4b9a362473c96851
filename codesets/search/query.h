/* query.h - a search, from the typed text to the ranked hits.
 *
 * The order can be explained: first the code that was typed, then the codes
 * that begin with it in code order, then the codes whose texts hold every word
 * whole, then those that hold every word as the beginning of a word; inside
 * these two the shorter title first, then code order.
 *
 * The work is bounded whatever is typed: each word costs at most one walk over
 * the postings of the index, and a query has few words. */
#ifndef CODESETS_SEARCH_QUERY_H
#define CODESETS_SEARCH_QUERY_H
#include "codesets/core/fold.h"
#include "codesets/search/index.h"
#include "codesets/store/codes.h"

enum {
    SEARCH_QUERY_MAX = 256,    /* bytes of a query; longer ones are refused */
    SEARCH_QUERY_WORDS = 16,   /* words that count; more are refused */
    SEARCH_LIMIT_DEFAULT = 20, /* hits of one page */
    SEARCH_LIMIT_MAX = 200,
};

/* Why a hit was found, best first. */
enum search_match {
    MATCH_CODE,        /* it is the code */
    MATCH_CODE_PREFIX, /* its code begins so */
    MATCH_WORDS,       /* every word stands in its texts */
    MATCH_PREFIXES,    /* every word begins a word of its texts */
    MATCH_COUNT
};
const char *search_match_name(enum search_match match); /* "code", … */

struct search_query {
    const char *text;
    size_t len;
    uint32_t systems; /* bit 1 << system of each; 0 for all */
    bool on_day;      /* leave out words' hits known not to be valid on day */
    day_t day;
    uint32_t offset, limit;
};

struct search_hit {
    uint32_t document;
    enum search_match match;
};

struct search_result {
    uint32_t words;
    struct fold_word word[SEARCH_QUERY_WORDS];
    uint32_t total;                   /* hits in all, of the systems asked */
    uint32_t by_system[SYSTEM_COUNT]; /* hits of each, asked for or not */
    uint32_t hits;
    struct search_hit hit[SEARCH_LIMIT_MAX];
};

/* Returns 0 (also with no hits), ERR_LIMIT for a query that is too long or has
 * too many words, or ERR_SYSTEM. */
int search_run(struct search_result *out, const struct search_index *index,
    const struct code_list *codes, const struct search_query *query,
    struct error *err);

#endif

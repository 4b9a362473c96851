/* query.h - a search, from the typed text to the ranked hits.
 *
 * The order can be explained; nothing is weighed against anything else. Hits
 * come by why they were found, in the order of enum search_match; among those
 * found for the same reason billable codes before headings (or the other way
 * when asked), then by rank: living before ended, everyday before rare,
 * shorter title before longer, then code order. What the first words of a query
 * are a name of, or the last one not yet whole, stays above those that have all
 * words, so that a page does not jump while someone types (README.md).
 *
 * When no code has all words, they are read again: first words that are written
 * wrong are corrected. Then come the codes that have some of the words, those
 * first of which one text has the words that weigh most: a word weighs the more
 * the fewer texts have it.
 * The result says so, and each hit which words it lacks.
 *
 * The work is bounded whatever is typed: each word costs a few passes over the
 * bitmaps of the index, a query has few words, and few are corrected. */
#ifndef CODESETS_SEARCH_QUERY_H
#define CODESETS_SEARCH_QUERY_H
#include "codesets/core/day.h"
#include "codesets/core/fold.h"
#include "codesets/search/index.h"
#include "codesets/store/codes.h"

enum {
    SEARCH_QUERY_MAX = 1024,   /* bytes of a query; longer ones are refused */
    SEARCH_QUERY_WORDS = 64,   /* words that count; more are refused */
    SEARCH_LIMIT_DEFAULT = 20, /* hits of one page */
    SEARCH_LIMIT_MAX = 200,
    SEARCH_CODES_MAX = 64, /* codes of one query that are recognised */
};

/* Why a hit was found, best first. */
enum search_match {
    MATCH_CODE,         /* it is the code */
    MATCH_CODE_SIMILAR, /* it is, with O for 0 or I for 1 */
    MATCH_CODE_RANGE,   /* it stands between two codes */
    MATCH_CODE_PREFIX,  /* its code begins so */
    MATCH_TITLE,        /* its title is these words */
    MATCH_NAME,         /* another of its names is these words */
    MATCH_BEGINS,       /* its title begins with these words */
    MATCH_WORDS,        /* every word stands in its texts */
    MATCH_LAST_PREFIX,  /* the same, but the last one is or may be unfinished */
    MATCH_PREFIXES,     /* every word begins a word of its texts */
    MATCH_PARTLY,       /* some of the words do */
    MATCH_COUNT
};
const char *search_match_name(enum search_match match); /* "code", … */

/* How much of what was typed the hits answer. */
enum search_reading {
    READ_AS_TYPED,
    READ_CORRECTED, /* words were corrected */
    READ_IN_PART    /* words were left out; others may be corrected */
};
const char *search_reading_name(enum search_reading reading);

enum search_order {
    ORDER_BILLABLE, /* billable codes before headings */
    ORDER_HEADINGS, /* the other way */
    ORDER_LENGTH    /* shorter titles first, whatever they are */
};

struct search_query {
    const char *text;
    size_t len;
    uint32_t systems; /* bit 1 << system of each; 0 for all */
    bool on_day;      /* leave out words' hits known not to be valid on day */
    day_t day;        /* the values of facets are those of this day, too */
    enum search_order order;
    bool count_values; /* fill by_value */
    /* Facet values that are wanted: any of those of one facet, of every facet
     * that has some. */
    uint64_t values[(SEARCH_VALUES_MAX + 63) / 64];
    uint32_t offset, limit;
};

struct search_hit {
    uint32_t document;
    enum search_match match;
    bool title;     /* of words: all of them stand in the title */
    uint64_t lacks; /* MATCH_PARTLY: words that it does not have, as bits */
};

/* A word of the query, as it was read. */
struct search_word {
    struct fold_word word; /* from and bytes: where it stands in the query */
    bool corrected;        /* word is another one than was typed */
    bool guessed;          /* and not a form of that one */
    bool dropped;          /* the best hits do without it */
    bool grammar;          /* need not stand in a text */
    bool unfinished;       /* the last: so far it was not looked for */
    bool may_go_on;        /* the last, with nothing typed behind it */
    bool denies;           /* "without", "no", … */
    bool alone;            /* "no" before other words, which begins none */
};

struct search_result {
    enum search_reading reading;
    uint32_t words;
    struct search_word word[SEARCH_QUERY_WORDS];
    uint32_t total;                       /* hits in all */
    uint32_t by_system[SYSTEM_COUNT];     /* of each, asked for or not */
    uint32_t by_value[SEARCH_VALUES_MAX]; /* of each facet value, when asked */
    uint32_t hits;
    struct search_hit hit[SEARCH_LIMIT_MAX];
};

/* True when the hit does without word i of the query. */
static inline bool search_lacks(const struct search_result *result,
    const struct search_hit *hit, uint32_t i)
{
    return hit->match == MATCH_PARTLY ? (hit->lacks >> i & 1) != 0
                                      : result->word[i].dropped;
}

/* Returns 0 (also with no hits), ERR_LIMIT for a query that is too long or has
 * too many words, or ERR_SYSTEM. */
int search_run(struct search_result *out, const struct search_index *index,
    const struct code_list *codes, const struct search_query *query,
    struct error *err);

#endif

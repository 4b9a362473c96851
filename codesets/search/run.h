/* run.h - a search at work: what the parts of query.h's search share.
 *
 * begun.c knows of words that are still being typed, narrow.c keeps and counts
 * what is wanted, names.c knows what the words are the name or the beginning
 * of, tiers.c puts many hits in order, sorted.c few,
 * again.c reads the words again when no code has them all, below.c looks at
 * the headings of codes for them, partly.c finds the
 * codes that have some. */
#ifndef CODESETS_SEARCH_RUN_H
#define CODESETS_SEARCH_RUN_H
#include "codesets/search/match.h"
#include "codesets/search/query.h"
#include "codesets/search/typed.h"

/* So many hits are put in order one by one; more, bitmap by bitmap. */
enum { SORT_ONE_BY_ONE = MATCH_FEW };
/* So many hits of a reason are put in order by how near the words stand to
 * each other; the rest of them follow as they are. */
enum { NEAR_MAX = 64 };
/* Of the codes that have some of the words, so many are wanted; all that are
 * as good as the last of them come along. */
enum { PARTLY_WANTED = 20 };

struct run {
    struct match match;
    const struct search_index *index;
    const struct code_list *codes;
    const struct search_query *query;
    struct search_result *out;
    uint32_t skip, limit; /* hits to pass over; of the page */
    bool filtered;        /* by facet values */
    bool lone_letter;     /* the last word is one letter so far */
    bool unfinished;      /* it may go on, and counts as whole where it begins a
                           * word */
    /* The words that count, in the order typed. */
    struct search_range range[SEARCH_QUERY_WORDS];
    uint8_t sense[SEARCH_QUERY_WORDS]; /* enum search_sense */
    uint32_t ranges;
    struct search_range letter; /* words that begin with the last letter, when
                                 * that narrows nothing; or none */
};

/* The next hit, in order. */
static inline void run_take(
    struct run *run, uint32_t document, enum search_match match, bool title)
{
    struct search_result *out = run->out;

    if (run->skip > 0)
        run->skip--;
    else if (out->hits < run->limit)
        out->hit[out->hits++] = (struct search_hit){document, match, title, 0};
}

/* How near the words stand to each other in a title: the more, the nearer; at
 * most SEARCH_QUERY_WORDS. A title that says the opposite of one of them stands
 * behind all others. */
static inline uint32_t run_nearness(const struct run *run, uint32_t rank)
{
    if (search_contradicts(
            run->index, rank, run->range, run->sense, run->ranges))
        return 0;
    return 1 + search_neighbours(run->index, rank, run->range, run->ranges);
}

/* The facets of which some values are wanted, as bits; of these a rank must
 * pass all. */
unsigned run_wanted_facets(const struct run *run);
bool run_passes(const struct run *run, unsigned facets, uint32_t rank);
/* Takes away what was known to be invalid on the day. */
void run_keep_living(
    uint8_t *bits, const struct search_index *index, day_t day);
/* Keeps codes of the systems and values that are wanted. */
void run_keep_wanted(struct run *run, uint8_t *bits);
void run_count_values(struct run *run, uint32_t rank);
void run_count_systems(struct run *run, const uint8_t *all, uint32_t here);
void run_count_hits(struct run *run, const uint8_t *all, uint32_t here);

/* Finds the codes that have the words as they were typed. */
bool run_match(struct run *run);

/* A last letter that narrows nothing puts so many hits at the head in order,
 * each among those found for the same reason: what stands there stays. */
enum { LETTER_HITS = 10 };
/* How many of the next hits these are. */
uint32_t run_hits_by_letter(const struct run *run);
/* In its title a word with the letter stands behind the one before it. */
bool run_has_letter(const struct run *run, uint32_t rank);

/* Names [first, end) of the index. */
struct names {
    uint32_t first, end;
};
/* Those that are the words, and nothing more. */
struct names run_find_names(const struct run *run);
/* Those that are a beginning of what was typed: the first of the words, or all
 * with the last one cut short ("lung ca", of "lung can"); and those that are
 * the commonest word which one word begins. Returns how many there are. */
enum { NAMES_BEGUN_MAX = 32 };
uint32_t run_find_begun_names(
    const struct run *run, struct names out[NAMES_BEGUN_MAX]);
/* Where the words that count stand in the dictionary. */
void run_find_ranges(struct run *run);
/* Marks the codes whose title begins with the words; of few words, in any
 * order. */
void run_find_beginnings(const struct run *run, uint8_t *bits);

/* The hits that were found by their code. */
void run_take_typed(struct run *run, const struct typed *typed);
/* Those of BITS_ALL and the bitmaps of rows, whether many or few. */
void run_take_many(struct run *run);
void run_take_sorted(struct run *run);
/* Those of the few rows that were told one by one. */
void run_take_few(struct run *run);

/* Reads the words again until codes have all of them. */
bool run_read_again(struct run *run);
/* Takes the codes that have some of them. */
int run_take_partly(struct run *run, struct error *err);

#endif

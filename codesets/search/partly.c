#include "codesets/search/run.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/search/layout.h"

enum {
    PLANES = 14,       /* 2^14 is more than all words can weigh */
    TITLE_PART = 4,    /* in the title a word weighs so much of it more */
    LEVELS_MAX = 48,   /* weights that are looked at */
    LEVEL_SORTED = 512 /* so many codes of a level are put in order */
};

/* Codes that have some of the words, when none has all. What the words of every
 * code weigh is added up bit by bit, a bitmap of documents for each bit, so
 * that neither common words nor many cost much. */

/* The words of a query, each with the codes that have it. */
struct partly {
    uint32_t words;
    uint64_t asked;                  /* places of all, as bits */
    uint32_t at[SEARCH_QUERY_WORDS]; /* places in the query */
    uint32_t weight[SEARCH_QUERY_WORDS];
    size_t bytes;
    /* Bitmaps of documents, `bytes` each, in one block. */
    uint8_t *block;
    uint8_t *left, *level; /* not taken yet; of the weight at hand */
    uint8_t *planes;       /* bit n of every code's weight */
    uint8_t *has;          /* of each word, anywhere; then in the title */
};

static uint8_t *has(const struct partly *partly, uint32_t word, bool title)
{
    return partly->has + partly->bytes * (2 * (size_t)word + title);
}

static int open_partly(
    struct partly *out, const struct run *run, struct error *err)
{
    const size_t bytes = run->match.bytes;
    const size_t bitmaps = 2 + PLANES + 2 * (size_t)run->out->words;

    out->words = 0;
    out->asked = 0;
    out->bytes = bytes;
    out->block = calloc(bitmaps, bytes);
    if (out->block == NULL)
        return error_memory(err);
    out->left = out->block;
    out->level = out->left + bytes;
    out->planes = out->level + bytes;
    out->has = out->planes + PLANES * bytes;
    return 0;
}

/* Gathers who has which word. */
static void gather_words(struct partly *partly, struct run *run)
{
    for (uint32_t i = 0; i < run->out->words; i++) {
        struct search_word *word = &run->out->word[i];
        const uint32_t n = partly->words;

        if (word->dropped || word->grammar)
            continue;
        partly->asked |= UINT64_C(1) << i;
        partly->weight[n] = match_weigh(&run->match, run->out->word, i,
            has(partly, n, false), has(partly, n, true));
        if (word->corrected) /* it may have been meant for a third one */
            partly->weight[n] = (partly->weight[n] + 1) / 2;
        if (partly->weight[n] == 0)
            word->dropped = true;
        else
            partly->at[partly->words++] = i;
    }
}

/* Adds a weight to the sums of some documents. */
static void add_weight(bits_lane *sum, bits_lane some, uint32_t weight)
{
    for (int bit = 0; weight >> bit != 0; bit++) {
        bits_lane over = some;

        for (int to = bit; (weight >> bit & 1) != 0 && to < PLANES &&
                           (over[0] | over[1]) != 0;
             to++) {
            const bits_lane both = sum[to] & over;

            sum[to] ^= over;
            over = both;
        }
    }
}

/* Adds up, for sixteen bytes of documents at a time, what the words that they
 * have weigh. */
static void add_up(struct partly *partly)
{
    const size_t bytes = partly->bytes;

    for (size_t at = 0; at < bytes; at += sizeof(bits_lane)) {
        bits_lane sum[PLANES] = {{0}};
        bits_lane any = {0};

        for (uint32_t n = 0; n < partly->words; n++) {
            const bits_lane own =
                *(const bits_lane *)(has(partly, n, false) + at);

            if ((own[0] | own[1]) == 0)
                continue;
            any |= own;
            add_weight(sum, own, partly->weight[n]);
            add_weight(sum, *(const bits_lane *)(has(partly, n, true) + at),
                partly->weight[n] / TITLE_PART);
        }
        *(bits_lane *)(partly->left + at) = any;
        if ((any[0] | any[1]) == 0)
            continue; /* the block is of zeros */
        for (int bit = 0; bit < PLANES; bit++)
            *(bits_lane *)(partly->planes + bytes * (size_t)bit + at) =
                sum[bit];
    }
}

/* Of those left the codes that weigh most; returns how much. */
static uint32_t heaviest(struct partly *partly)
{
    const size_t bytes = partly->bytes;
    uint32_t weight = 0;

    memcpy(partly->level, partly->left, bytes);
    for (int bit = PLANES - 1; bit >= 0; bit--) {
        const uint8_t *plane = partly->planes + bytes * (size_t)bit;
        bool some = false;

        for (size_t at = 0; at < bytes && !some; at += sizeof(bits_lane)) {
            const bits_lane both = *(const bits_lane *)(partly->level + at) &
                                   *(const bits_lane *)(plane + at);

            some = (both[0] | both[1]) != 0;
        }
        if (!some)
            continue;
        weight |= 1u << bit;
        bits_and(partly->level, plane, bytes);
    }
    return weight;
}

/* Codes that differ in their seventh character alone (initial encounter,
 * subsequent encounter, sequela) say the same of what was asked: the first of
 * them stands for all, which follow the others. */
static bool is_sibling(
    const struct partly *partly, const struct run *run, uint32_t rank)
{
    enum { EPISODE = 6 }; /* bytes before the seventh character */
    const uint32_t document = search_document(run->index, rank);
    struct code_ref code, before;

    if (document == 0 || document >= run->codes->count)
        return false;
    code = code_at(run->codes, document);
    before = code_at(run->codes, document - 1);
    return code.system == SYSTEM_ICD10CM && code.len > EPISODE &&
           before.len == code.len &&
           memcmp(code.text, before.text, EPISODE) == 0 &&
           bits_has(partly->level, search_rank(run->index, document - 1));
}

/* What a code's title has less of comes later. */
static uint32_t key_of(
    const struct partly *partly, const struct run *run, uint32_t rank)
{
    enum {
        RARE = 1 << 17,
        SIBLING = 1 << 16,
        HEADING = 1 << 15,
        ELSEWHERE = 1 << 8
    };
    const bool is_heading =
        search_value_of(run->index, FACET_BILLABLE, rank) == run->heading;
    uint32_t key = SEARCH_QUERY_WORDS -
                   search_neighbours(run->index, rank, run->range, run->ranges);

    for (uint32_t n = 0; n < partly->words; n++)
        if (bits_has(has(partly, n, false), rank) &&
            !bits_has(has(partly, n, true), rank))
            key += ELSEWHERE;
    if (rank >= run->index->usual)
        key += RARE;
    if (is_sibling(partly, run, rank))
        key += SIBLING;
    if (run->query->order != ORDER_LENGTH && run->heading != UINT32_MAX &&
        is_heading == (run->query->order == ORDER_BILLABLE))
        key += HEADING;
    return key;
}

struct keyed {
    uint32_t key, rank;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *one = a, *other = b;

    if (one->key != other->key)
        return one->key < other->key ? -1 : 1;
    return one->rank < other->rank ? -1 : one->rank > other->rank;
}

/* The words that a code has, as bits of their places in the query. */
static uint64_t words_of(const struct partly *partly, uint32_t rank, bool title)
{
    uint64_t words = 0;

    for (uint32_t n = 0; n < partly->words; n++)
        if (bits_has(has(partly, n, title), rank))
            words |= UINT64_C(1) << partly->at[n];
    return words;
}

static void take_one(
    const struct partly *partly, struct run *run, uint32_t rank)
{
    const uint64_t any = words_of(partly, rank, false);
    const uint32_t document = search_document(run->index, rank);
    const uint32_t before = run->out->hits;

    if (document >= run->codes->count)
        return;
    run_take(run, document, MATCH_PARTLY, words_of(partly, rank, true) == any);
    if (run->out->hits > before)
        run->out->hit[before].lacks = partly->asked & ~any;
}

/* The codes of a level, in order. */
static void take_level(const struct partly *partly, struct run *run)
{
    struct keyed hit[LEVEL_SORTED];
    uint32_t hits = 0;
    size_t at = 0;

    for (; at < partly->bytes && hits + 64 <= LEVEL_SORTED; at += 8)
        for (uint64_t left = bits_word(partly->level, at); left != 0;
             left &= left - 1) {
            const uint32_t rank =
                (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(left);

            hit[hits++] = (struct keyed){key_of(partly, run, rank), rank};
        }
    if (hits > 1)
        qsort(hit, hits, sizeof *hit, by_key);
    for (uint32_t i = 0; i < hits; i++)
        take_one(partly, run, hit[i].rank);
    for (; at < partly->bytes && run->out->hits < run->limit; at += 8)
        for (uint64_t left = bits_word(partly->level, at); left != 0;
             left &= left - 1)
            take_one(partly, run,
                (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(left));
}

/* What answers less than a third of the words answers another question, and so
 * does what has none of them as it was typed. */
static bool is_enough(const struct partly *partly,
    const struct search_result *out, uint64_t words)
{
    uint32_t kept = 0, lacked = 0, typed = 0;

    for (uint32_t i = 0; i < out->words; i++) {
        const bool has_it = (words >> i & 1) != 0;

        lacked += (partly->asked >> i & 1) != 0 && !has_it;
        kept += has_it;
        typed += has_it && !out->word[i].corrected;
    }
    return kept * 2 >= lacked && typed > 0;
}

/* The first code of the level stands for all: they weigh the same. */
static uint64_t words_of_level(const struct partly *partly)
{
    for (size_t at = 0; at < partly->bytes; at += 8) {
        const uint64_t some = bits_word(partly->level, at);

        if (some != 0)
            return words_of(partly,
                (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(some), false);
    }
    return 0;
}

/* The words that the best of the codes lack are told to be left out. */
static void drop_words(
    const struct partly *partly, struct run *run, uint64_t words)
{
    for (uint32_t n = 0; n < partly->words; n++)
        if ((words >> partly->at[n] & 1) == 0)
            run->out->word[partly->at[n]].dropped = true;
    run_find_ranges(run);
}

/* Level by level, until there is a page of them. */
static void take_levels(struct partly *partly, struct run *run)
{
    struct search_result *out = run->out;
    uint8_t *shown = match_bits(&run->match, BITS_ALL);
    const size_t bytes = partly->bytes;
    uint32_t best = 0, found = 0;

    memset(shown, 0, bytes);
    for (int n = 0; n < LEVELS_MAX && found < PARTLY_WANTED; n++) {
        const uint32_t weight = heaviest(partly);
        const uint64_t words = words_of_level(partly);

        if (weight == 0 || weight * 2 < best)
            break;
        bits_but(partly->left, partly->level, bytes);
        if (!is_enough(partly, out, words))
            continue;
        if (best == 0) {
            best = weight;
            drop_words(partly, run, words);
        }
        found += match_count(partly->level, bytes);
        bits_or(shown, partly->level, bytes);
        if (run->query->systems != 0 || run->filtered)
            run_keep_wanted(run, partly->level);
        if (out->hits < run->limit)
            take_level(partly, run);
    }
    found = match_count(shown, bytes);
    run_count_systems(run, shown, found);
    if (run->query->systems != 0 || run->filtered) {
        run_keep_wanted(run, shown);
        found = match_count(shown, bytes);
    }
    run_count_hits(run, shown, found);
}

int run_take_partly(struct run *run, struct error *err)
{
    struct partly partly;
    const int rc = open_partly(&partly, run, err);

    if (rc != 0)
        return rc;
    gather_words(&partly, run);
    if (partly.words > 0) {
        add_up(&partly);
        match_cut(&run->match, partly.left);
        if (run->query->on_day)
            run_keep_living(partly.left, run->index, run->query->day);
        if (run->match.only != NULL)
            bits_and(partly.left, run->match.only, partly.bytes);
        take_levels(&partly, run);
    }
    free(partly.block);
    return 0;
}

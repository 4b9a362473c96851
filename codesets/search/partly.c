#include "codesets/search/run.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/search/bits.h"

enum {
    PLANES = 14,       /* 2^14 is more than all words can weigh */
    TITLE_PART = 4,    /* in the title a word weighs so much of it more */
    LEVELS_MAX = 48,   /* weights that are looked at */
    LEVEL_SORTED = 512 /* so many codes of a level are put in order */
};

/* Codes that have some of the words, when none has all. What the words of every
 * text weigh is added up bit by bit, a bitmap of rows for each bit, so that
 * neither common words nor many cost much; a code is worth its best text. */

/* The words of a query, each with the codes that have it. */
struct partly {
    uint32_t words;
    uint64_t asked;                  /* places of all, as bits */
    uint32_t at[SEARCH_QUERY_WORDS]; /* places in the query */
    uint32_t weight[SEARCH_QUERY_WORDS];
    size_t bytes, row_bytes; /* of a bitmap of documents, and of rows */
    uint8_t *block;          /* of all of them */
    /* Of rows: not taken yet; of the weight at hand; bit n of every row's
     * weight; those that have each word, their first half in the title. */
    uint8_t *left, *heavy, *planes, *has;
    /* Of documents: of the weight at hand; taken; those of which the words that
     * are left are the title; those that have each word. */
    uint8_t *level, *taken, *titled, *any;
};

static uint8_t *has_rows(const struct partly *partly, uint32_t word)
{
    return partly->has + partly->row_bytes * (size_t)word;
}

static const uint8_t *has(
    const struct partly *partly, uint32_t word, bool title)
{
    return title ? has_rows(partly, word)
                 : partly->any + partly->bytes * (size_t)word;
}

static int open_partly(
    struct partly *out, const struct run *run, struct error *err)
{
    const size_t bytes = run->match.bytes, row_bytes = run->match.row_bytes;
    const size_t words = run->out->words;

    out->words = 0;
    out->asked = 0;
    out->bytes = bytes;
    out->row_bytes = row_bytes;
    out->block =
        calloc(1, (2 + PLANES + words) * row_bytes + (3 + words) * bytes);
    if (out->block == NULL)
        return error_memory(err);
    out->left = out->block;
    out->heavy = out->left + row_bytes;
    out->planes = out->heavy + row_bytes;
    out->has = out->planes + PLANES * row_bytes;
    out->level = out->has + words * row_bytes;
    out->taken = out->level + bytes;
    out->titled = out->taken + bytes;
    out->any = out->titled + bytes;
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
        partly->weight[n] = match_weigh(&run->match, run->out->word,
            run->out->words, i, has_rows(partly, n));
        if (word->guessed) /* it may have been meant for a third one */
            partly->weight[n] = (partly->weight[n] + 1) / 2;
        if (partly->weight[n] == 0) {
            word->dropped = true;
            continue;
        }
        partly->at[partly->words++] = i;
        search_project(run->index, has_rows(partly, n),
            partly->any + partly->bytes * (size_t)n);
        match_cut(&run->match, partly->any + partly->bytes * (size_t)n);
    }
}

/* Adds a weight to the sums of some rows. */
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

/* Adds up, for sixteen bytes of rows at a time, what the words that they have
 * weigh. */
static void add_up(struct partly *partly)
{
    const size_t bytes = partly->row_bytes;

    for (size_t at = 0; at < bytes; at += sizeof(bits_lane)) {
        bits_lane sum[PLANES] = {{0}};
        bits_lane any = {0};

        for (uint32_t n = 0; n < partly->words; n++) {
            const bits_lane own =
                *(const bits_lane *)(has_rows(partly, n) + at);

            if ((own[0] | own[1]) == 0)
                continue;
            any |= own;
            add_weight(sum, own,
                partly->weight[n] +
                    (at < partly->bytes ? partly->weight[n] / TITLE_PART : 0));
        }
        *(bits_lane *)(partly->left + at) = any;
        if ((any[0] | any[1]) == 0)
            continue; /* the block is of zeros */
        for (int bit = 0; bit < PLANES; bit++)
            *(bits_lane *)(partly->planes + bytes * (size_t)bit + at) =
                sum[bit];
    }
}

/* Of those left the rows that weigh most; returns how much. */
static uint32_t heaviest(struct partly *partly)
{
    const size_t bytes = partly->row_bytes;
    uint32_t weight = 0;

    memcpy(partly->heavy, partly->left, bytes);
    for (int bit = PLANES - 1; bit >= 0; bit--) {
        const uint8_t *plane = partly->planes + bytes * (size_t)bit;
        bool some = false;

        for (size_t at = 0; at < bytes && !some; at += sizeof(bits_lane)) {
            const bits_lane both = *(const bits_lane *)(partly->heavy + at) &
                                   *(const bits_lane *)(plane + at);

            some = (both[0] | both[1]) != 0;
        }
        if (!some)
            continue;
        weight |= 1u << bit;
        bits_and(partly->heavy, plane, bytes);
    }
    bits_but(partly->left, partly->heavy, bytes);
    return weight;
}

/* The codes of these rows that may be found, and have not been taken with a
 * better one. */
static void find_level(struct partly *partly, struct run *run)
{
    const size_t bytes = partly->bytes;

    memset(partly->level, 0, bytes);
    search_project(run->index, partly->heavy, partly->level);
    match_cut(&run->match, partly->level);
    bits_but(partly->level, partly->taken, bytes);
    bits_or(partly->taken, partly->level, bytes);
    if (run->query->on_day)
        run_keep_living(partly->level, run->index, run->query->day);
    if (run->match.only != NULL)
        bits_and(partly->level, run->match.only, bytes);
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

/* Of codes that weigh the same those come later that lack more of the words in
 * all their texts; rare ones, later episodes, headings; those whose title says
 * more than the words that are left; and has fewer of them, or farther apart.
 */
static uint32_t key_of(
    const struct partly *partly, const struct run *run, uint32_t rank)
{
    enum {
        LACKS = 1 << 20, /* for each word, and ELSEWHERE too */
        RARE = 1 << 18,
        SIBLING = 1 << 17,
        HEADING = 1 << 16,
        SAYS_MORE = 1 << 15,
        ELSEWHERE = 1 << 8
    };
    const bool is_heading = search_value_of(run->index, FACET_BILLABLE, rank) ==
                            run->index->heading;
    uint32_t key = SEARCH_QUERY_WORDS - run_nearness(run, rank);

    for (uint32_t n = 0; n < partly->words; n++)
        if (!bits_has(has(partly, n, false), rank))
            key += LACKS;
        else if (!bits_has(has(partly, n, true), rank))
            key += ELSEWHERE;
    if (rank >= run->index->usual)
        key += RARE;
    if (is_sibling(partly, run, rank))
        key += SIBLING;
    if (run->query->order != ORDER_LENGTH &&
        run->index->heading != UINT32_MAX &&
        is_heading == (run->query->order == ORDER_BILLABLE))
        key += HEADING;
    if (!bits_has(partly->titled, rank))
        key += SAYS_MORE;
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

/* The codes of a level, in order. Returns the rank of the first of them. */
static uint32_t take_level(const struct partly *partly, struct run *run)
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
    return hits > 0 ? hit[0].rank : UINT32_MAX;
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
        typed += has_it && !out->word[i].guessed;
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
        run->out->word[partly->at[n]].dropped =
            (words >> partly->at[n] & 1) == 0;
}

/* Makes ready what puts the codes of a level in order. */
static void see_words_left(struct partly *partly, struct run *run)
{
    struct names names = run_find_names(run);

    run_find_ranges(run);
    for (; names.first < names.end; names.first++) {
        bool title;
        const uint32_t rank = search_named(run->index, names.first, &title);

        if (title)
            bits_set(partly->titled, rank);
    }
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
        const bool is_first = best == 0;
        uint32_t rank = UINT32_MAX;
        uint64_t words;

        if (weight == 0 || weight * 2 < best)
            break;
        find_level(partly, run);
        words = words_of_level(partly);
        if (!is_enough(partly, out, words))
            continue;
        if (is_first) {
            best = weight;
            drop_words(partly, run, words);
            see_words_left(partly, run);
        }
        found += bits_count(partly->level, bytes);
        bits_or(shown, partly->level, bytes);
        if (run->query->systems != 0 || run->filtered)
            run_keep_wanted(run, partly->level);
        if (out->hits < run->limit)
            rank = take_level(partly, run);
        if (is_first && rank != UINT32_MAX)
            drop_words(partly, run, words_of(partly, rank, false));
    }
    found = bits_count(shown, bytes);
    run_count_systems(run, shown, found);
    if (run->query->systems != 0 || run->filtered) {
        run_keep_wanted(run, shown);
        found = bits_count(shown, bytes);
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
        take_levels(&partly, run);
    }
    free(partly.block);
    return 0;
}

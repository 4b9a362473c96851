#include "codesets/search/query.h"

#include <string.h>

#include "codesets/search/layout.h"
#include "codesets/search/match.h"
#include "codesets/search/spell.h"
#include "codesets/search/terms.h"
#include "codesets/search/typed.h"

enum {
    CORRECTED_WORDS_MAX = 4, /* words of a query that are corrected */
    PART_MIN = 3,            /* bytes of each word that one is parted into */
    /* So many hits of a reason are put in order by how near the words stand to
     * each other; the rest of them follow as they are. */
    NEAR_MAX = 64,
    /* So many hits are counted one by one; more, by the values' bitmaps. */
    COUNT_ONE_BY_ONE = 2000,
    /* So many hits are put in order one by one; more, bitmap by bitmap. */
    SORT_ONE_BY_ONE = 768,
    /* So many titles are looked at one by one; more, by where they stand in
     * the order of all titles. */
    LOOK_ONE_BY_ONE = 64
};

/* A search at work. */
struct run {
    struct match match;
    const struct search_index *index;
    const struct code_list *codes;
    const struct search_query *query;
    struct search_result *out;
    uint32_t skip, limit; /* hits to pass over; of the page */
    bool filtered;        /* by facet values */
    /* The words that count, in the order typed. */
    struct search_range range[SEARCH_QUERY_WORDS];
    uint32_t ranges;
};

const char *search_match_name(enum search_match match)
{
    static const char *const names[MATCH_COUNT] = {"code", "code_lookalike",
        "code_range", "code_prefix", "title", "name", "title_begins", "words",
        "words", "word_prefixes"};

    return (unsigned)match < MATCH_COUNT ? names[match] : "";
}

const char *search_reading_name(enum search_reading reading)
{
    static const char *const names[] = {"all", "corrected", "part"};

    return (unsigned)reading < 3 ? names[reading] : "";
}

/* --------------------------------------------------------------- hits */

static void take(
    struct run *run, uint32_t document, enum search_match match, bool title)
{
    struct search_result *out = run->out;

    if (run->skip > 0)
        run->skip--;
    else if (out->hits < run->limit)
        out->hit[out->hits++] = (struct search_hit){document, match, title};
}

static bool wants(const struct run *run, enum search_facet facet, uint32_t rank)
{
    const uint32_t value = search_value_of(run->index, facet, rank);

    return value != UINT32_MAX &&
           (run->query->values[value / 64] >> value % 64 & 1) != 0;
}

/* The facets of which some values are wanted, as bits. */
static unsigned wanted_facets(const struct run *run)
{
    unsigned facets = 0;

    for (uint32_t value = 0; value < run->index->values; value++) {
        const char *name;

        if ((run->query->values[value / 64] >> value % 64 & 1) != 0)
            facets |= 1u << search_value(run->index, value, &name);
    }
    return facets;
}

static bool passes(const struct run *run, unsigned facets, uint32_t rank)
{
    for (int facet = 0; facet < FACET_COUNT; facet++)
        if ((facets >> facet & 1) != 0 &&
            !wants(run, (enum search_facet)facet, rank))
            return false;
    return true;
}

static void count_values(struct run *run, uint32_t rank)
{
    for (int facet = 0; facet < FACET_COUNT; facet++) {
        const uint32_t value =
            search_value_of(run->index, (enum search_facet)facet, rank);

        if (value != UINT32_MAX)
            run->out->by_value[value]++;
    }
}

/* The hits that were found by their code. */
static void take_typed(struct run *run, const struct typed *typed)
{
    const unsigned facets = run->filtered ? wanted_facets(run) : 0;
    uint8_t *taken = match_bits(&run->match, BITS_CODES);

    if (typed->count == 0)
        return;
    memset(taken, 0, run->match.bytes);
    for (uint32_t n = 0; n < typed->count; n++)
        for (uint32_t i = typed->codes[n].first; i < typed->codes[n].end; i++) {
            const uint32_t rank = search_rank(run->index, i);
            const enum code_system system = code_at(run->codes, i).system;

            if (!typed_has(&typed->codes[n], run->codes, i) ||
                bits_has(taken, rank))
                continue;
            bits_set(taken, rank);
            run->out->by_system[system]++;
            if ((run->query->systems != 0 &&
                    (run->query->systems >> system & 1) == 0) ||
                (facets != 0 && !passes(run, facets, rank)))
                continue;
            if (run->query->count_values)
                count_values(run, rank);
            run->out->total++;
            take(run, i, typed->codes[n].match, true);
        }
}

/* Codes [first, end) of a bitmap, by rank: all, or those that another bitmap
 * has or has not. */
struct part {
    const uint8_t *bits, *headings; /* NULL: either */
    bool heading;
    uint32_t first, end;
};

static size_t part_begin(const struct part *part)
{
    return part->first / 64 * 8;
}

static size_t part_end(const struct part *part)
{
    return ((size_t)part->end + 63) / 64 * 8;
}

static inline uint64_t bits_of_part(const struct part *part, size_t at)
{
    uint64_t left = bits_word(part->bits, at);
    const uint32_t rank = (uint32_t)at * 8;

    if (left == 0)
        return 0;
    if (part->headings != NULL)
        left &= part->heading ? bits_word(part->headings, at)
                              : ~bits_word(part->headings, at);
    if (rank < part->first)
        left &= UINT64_MAX << (part->first - rank);
    if (part->end - rank < 64)
        left &= (UINT64_C(1) << (part->end - rank)) - 1;
    return left;
}

/* Its codes, from a byte of the bitmap on. */
static void take_page(struct run *run, const struct part *part, size_t from,
    enum search_match match, bool title)
{
    const size_t end = part_end(part);

    for (size_t at = from; at < end && run->out->hits < run->limit; at += 8) {
        uint64_t left = bits_of_part(part, at);

        if (left == 0)
            continue;
        if (run->skip > 0) {
            const uint32_t here = (uint32_t)__builtin_popcountll(left);

            if (here <= run->skip) {
                run->skip -= here;
                continue;
            }
        }
        for (; left != 0; left &= left - 1) {
            const uint32_t document = search_document(
                run->index, (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(left));

            if (document < run->codes->count)
                take(run, document, match, title);
        }
    }
}

/* The same, but of the first ones those before whose titles have more of the
 * words next to each other. */
static void take_nearest(
    struct run *run, const struct part *part, enum search_match match)
{
    uint32_t rank[NEAR_MAX + 64], count = 0, most = 0;
    uint8_t near[NEAR_MAX + 64];
    const size_t end = part_end(part);
    size_t at = part_begin(part);

    for (; at < end && count < NEAR_MAX; at += 8)
        for (uint64_t left = bits_of_part(part, at); left != 0;
             left &= left - 1) {
            uint32_t n;

            rank[count] = (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(left);
            n = search_neighbours(
                run->index, rank[count], run->range, run->ranges);
            near[count++] = (uint8_t)n;
            if (n > most)
                most = n;
        }
    for (uint32_t n = most + 1; n-- > 0;)
        for (uint32_t i = 0; i < count; i++)
            if (near[i] == n) {
                const uint32_t document = search_document(run->index, rank[i]);

                if (document < run->codes->count)
                    take(run, document, match, true);
            }
    take_page(run, part, at, match, true);
}

static void take_part(struct run *run, const struct part *part,
    enum search_match match, bool title)
{
    if (title && match >= MATCH_WORDS && run->ranges >= 2)
        take_nearest(run, part, match);
    else
        take_page(run, part, part_begin(part), match, title);
}

/* The codes of a tier: among some ranks those of two bitmaps that three others
 * do not have (NULL: none). */
struct tier {
    const uint8_t *all, *bits, *but[3];
    uint32_t first, end;
};

/* Takes them in the order asked for. */
static void take_tier(struct run *run, const struct tier *tier,
    enum search_match match, bool title)
{
    const uint32_t heading =
        search_value_find(run->index, FACET_BILLABLE, "false", 5);
    uint8_t *bits = match_bits(&run->match, BITS_TIER);
    struct part part = {.bits = bits, .first = tier->first, .end = tier->end};

    if (run->out->hits == run->limit)
        return;
    bits_both(bits, tier->all, tier->bits, run->match.bytes);
    for (size_t i = 0; i < sizeof tier->but / sizeof *tier->but; i++)
        if (tier->but[i] != NULL)
            bits_but(bits, tier->but[i], run->match.bytes);
    if (!match_any(bits, run->match.bytes))
        return;
    if (run->query->order != ORDER_LENGTH && heading != UINT32_MAX) {
        part.headings = search_value_bits(run->index, heading);
        part.heading = run->query->order == ORDER_HEADINGS;
        take_part(run, &part, match, title);
        if (run->out->hits == run->limit)
            return;
        part.heading = !part.heading;
    }
    take_part(run, &part, match, title);
}

/* -------------------------------------------------------------- words */

static int read_words(struct search_result *out,
    const struct search_query *query, struct error *err)
{
    struct fold fold;
    bool content = false;

    fold_begin(&fold, query->text, query->len);
    for (;;) {
        struct fold_word word;

        if (!fold_next(&fold, &word))
            break;
        if (out->words == SEARCH_QUERY_WORDS)
            return error_set(err, ERR_LIMIT, 0,
                "a search takes at most %d words", SEARCH_QUERY_WORDS);
        out->word[out->words++] = (struct search_word){
            .word = word, .grammar = term_is_grammar(word.text, word.len)};
        content |= !out->word[out->words - 1].grammar;
    }
    for (uint32_t i = 0; !content && i < out->words; i++)
        out->word[i].grammar = false; /* "the": there is nothing else */
    if (out->words > 1) {
        struct search_word *last = &out->word[out->words - 1];

        /* "fracture o" may be about to become "fracture of": until it is
         * told, the letter narrows nothing. */
        last->grammar |= last->word.from + last->word.bytes == query->len &&
                         term_begins_grammar(last->word.text, last->word.len);
    }
    return 0;
}

/* Takes away what was known to be invalid on the day. */
static void keep_living(
    uint8_t *bits, const struct search_index *index, day_t day)
{
    for (size_t at = 0; at < index->bitmap_bytes; at += 8)
        for (uint64_t left = bits_word(bits, at) & bits_word(index->dated, at);
             left != 0; left &= left - 1) {
            const size_t i = at * 8 + (size_t)__builtin_ctzll(left);

            if (load_i32(index->from + 4 * i) > day ||
                load_i32(index->to + 4 * i) < day)
                bits[i / 8] &= (uint8_t) ~(1u << i % 8);
        }
}

/* Keeps codes of the systems and values that are wanted. */
static void keep_wanted(struct run *run, uint8_t *bits)
{
    const unsigned facets = wanted_facets(run) | 1u << FACET_SYSTEM;
    uint8_t *wanted = match_bits(&run->match, BITS_WANTED);

    for (int facet = 0; facet < FACET_COUNT; facet++) {
        if ((facets >> facet & 1) == 0 ||
            (facet == FACET_SYSTEM && run->query->systems == 0))
            continue;
        memset(wanted, 0, run->match.bytes);
        for (uint32_t value = 0; value < run->index->values; value++) {
            const char *name;
            const bool is_wanted =
                facet == FACET_SYSTEM
                    ? value < SYSTEM_COUNT &&
                          (run->query->systems >> value & 1) != 0
                    : (run->query->values[value / 64] >> value % 64 & 1) != 0;

            if (is_wanted &&
                (int)search_value(run->index, value, &name) == facet)
                bits_or(wanted, search_value_bits(run->index, value),
                    run->match.bytes);
        }
        bits_and(bits, wanted, run->match.bytes);
    }
}

static void count_systems_of(struct run *run, uint64_t ranks, size_t at)
{
    for (; ranks != 0; ranks &= ranks - 1) {
        const uint32_t value = search_value_of(run->index, FACET_SYSTEM,
            (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(ranks));

        if (value < SYSTEM_COUNT)
            run->out->by_system[value]++;
    }
}

/* Most codes are of one system: they are counted at once, the others each for
 * itself while they are few. */
static void count_systems(struct run *run, const uint8_t *all, uint32_t here)
{
    const size_t bytes = run->match.bytes;
    const uint8_t *most;
    uint32_t of_most;

    if (run->index->values < SYSTEM_COUNT)
        return;
    most = search_value_bits(run->index, SYSTEM_ICD10CM);
    of_most = match_count_both(all, most, bytes);
    if (here - of_most <= COUNT_ONE_BY_ONE) {
        run->out->by_system[SYSTEM_ICD10CM] += of_most;
        for (size_t at = 0; at < bytes && here > of_most; at += 8)
            count_systems_of(
                run, bits_word(all, at) & ~bits_word(most, at), at);
        return;
    }
    for (uint32_t i = 0; i < SYSTEM_COUNT; i++)
        run->out->by_system[i] +=
            match_count_both(all, search_value_bits(run->index, i), bytes);
}

static void count_hits(struct run *run, const uint8_t *all, uint32_t here)
{
    struct search_result *out = run->out;

    out->total += here;
    if (!run->query->count_values)
        return;
    if (here <= COUNT_ONE_BY_ONE) {
        for (size_t at = 0; at < run->match.bytes; at += 8)
            for (uint64_t left = bits_word(all, at); left != 0;
                 left &= left - 1)
                count_values(
                    run, (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(left));
        return;
    }
    for (uint32_t value = 0; value < run->index->values; value++)
        out->by_value[value] += match_count_both(
            all, search_value_bits(run->index, value), run->match.bytes);
}

/* The names that are the words, and nothing more: [*first, *end). */
static void find_names(const struct run *run, uint32_t *first, uint32_t *end)
{
    uint64_t hash = 0;

    *first = *end = 0;
    for (uint32_t i = 0; i < run->out->words; i++)
        if (!run->out->word[i].dropped && !run->out->word[i].grammar)
            hash += term_hash(
                run->out->word[i].word.text, run->out->word[i].word.len);
    if (hash != 0)
        search_names(run->index, hash, first, end);
}

static void take_names(struct run *run, bool title)
{
    uint8_t *bits = match_bits(&run->match, BITS_SPARE);
    uint8_t *all = match_bits(&run->match, BITS_ALL);
    const struct tier named = {
        .all = all, .bits = bits, .end = run->index->documents};
    uint32_t first, end;

    find_names(run, &first, &end);
    if (first == end)
        return;
    memset(bits, 0, run->match.bytes);
    for (uint32_t i = first; i < end; i++) {
        bool is_title;
        const uint32_t rank = search_named(run->index, i, &is_title);

        if (is_title == title)
            bits_set(bits, rank);
    }
    take_tier(run, &named, title ? MATCH_TITLE : MATCH_NAME, title);
    bits_but(all, bits, run->match.bytes);
}

/* Where the words that count stand in the dictionary. */
static void find_ranges(struct run *run)
{
    run->ranges = 0;
    for (uint32_t i = 0; i < run->out->words; i++) {
        const struct search_word *word = &run->out->word[i];

        if (!word->grammar && !word->dropped)
            run->range[run->ranges++] =
                search_prefix(run->index, word->word.text, word->word.len);
    }
}

/* Adds the titles that begin with words in one order. */
static void add_beginnings(
    const struct run *run, const struct search_range *range, uint8_t *bits)
{
    uint32_t word[SEARCH_QUERY_WORDS], first, end;

    for (uint32_t i = 0; i < run->ranges; i++) {
        if (range[i].first == range[i].end ||
            (i + 1 < run->ranges && !range[i].whole))
            return; /* only the last one may be unfinished */
        word[i] = range[i].first;
    }
    search_titles(run->index, word, run->ranges - 1, &range[run->ranges - 1],
        &first, &end);
    for (uint32_t i = first; i < end; i++)
        bits_set(bits, search_ordered(run->index, i));
}

/* Marks the codes whose title begins with the words; of few words, in any
 * order. */
static void find_beginnings(const struct run *run, uint8_t *bits)
{
    static const uint8_t orders[][SEARCH_ANY_ORDER_MAX] = {
        {0, 1, 2}, {1, 0, 2}, {0, 2, 1}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const uint8_t ways[SEARCH_ANY_ORDER_MAX + 1] = {0, 1, 2, 6};

    memset(bits, 0, run->match.bytes);
    if (run->ranges > SEARCH_ANY_ORDER_MAX) {
        add_beginnings(run, run->range, bits);
    } else {
        for (size_t way = 0; way < ways[run->ranges]; way++) {
            struct search_range range[SEARCH_ANY_ORDER_MAX];

            for (uint32_t i = 0; i < run->ranges; i++)
                range[i] = run->range[orders[way][i]];
            add_beginnings(run, range, bits);
        }
    }
}

/* Of the codes [first, end), what one bitmap after the other leaves, best
 * reasons first. *known is how many steps' bitmaps are made. */
static void take_tiers(
    struct run *run, uint32_t first, uint32_t end, size_t *known)
{
    static const struct step {
        int rows, bits;
        enum search_match match;
    } steps[] = {{ROWS_WHOLE, BITS_WHOLE, MATCH_WORDS},
        {ROWS_BEFORE, BITS_BEFORE, MATCH_LAST_PREFIX},
        {ROWS_ALL, BITS_ALL, MATCH_PREFIXES}};
    const struct match *match = &run->match;
    const uint8_t *begin = match_bits(match, BITS_SPARE);
    const uint8_t *before = NULL; /* all that the tier before found */
    struct tier tier = {.all = match_bits(match, BITS_ALL),
        .bits = begin,
        .first = first,
        .end = end};

    take_tier(run, &tier, MATCH_BEGINS, true);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const uint8_t *own = match_rows(match, steps[i].rows);

        if (run->out->hits == run->limit)
            return;
        tier.bits = own;
        tier.but[0] = begin;
        tier.but[1] = before;
        tier.but[2] = NULL;
        take_tier(run, &tier, steps[i].match, true);
        if (run->out->hits == run->limit)
            return;
        if (i >= *known) {
            if (steps[i].bits != BITS_ALL)
                match_project(match, steps[i].rows, steps[i].bits);
            *known = i + 1;
        }
        tier.bits = match_bits(match, steps[i].bits);
        tier.but[2] = own;
        take_tier(run, &tier, steps[i].match, false);
        before = tier.bits;
    }
}

/* A hit that is put in order by itself. */
struct sorted {
    uint32_t rank;
    uint32_t key; /* the lower, the earlier; then by rank */
};

/* The reasons in their order, as the upper part of a key. Below it: headings or
 * not, and how few of the words stand next to each other. */
enum reason {
    REASON_TITLE,
    REASON_NAME,
    REASON_USUAL, /* from here on the usual codes come before the rare ones */
    REASON_BEGINS = REASON_USUAL,
    REASON_WORDS,
    REASON_TEXT_WORDS,
    REASON_LAST_PREFIX,
    REASON_TEXT_LAST_PREFIX,
    REASON_PREFIXES,
    REASON_TEXT_PREFIXES,
    REASON_COUNT
};

static const struct {
    enum search_match match;
    bool title;
} reasons[REASON_COUNT] = {[REASON_TITLE] = {MATCH_TITLE, true},
    [REASON_NAME] = {MATCH_NAME, false},
    [REASON_BEGINS] = {MATCH_BEGINS, true},
    [REASON_WORDS] = {MATCH_WORDS, true},
    [REASON_TEXT_WORDS] = {MATCH_WORDS, false},
    [REASON_LAST_PREFIX] = {MATCH_LAST_PREFIX, true},
    [REASON_TEXT_LAST_PREFIX] = {MATCH_LAST_PREFIX, false},
    [REASON_PREFIXES] = {MATCH_PREFIXES, true},
    [REASON_TEXT_PREFIXES] = {MATCH_PREFIXES, false}};

static uint32_t find_rank(
    const struct sorted *hit, uint32_t hits, uint32_t rank)
{
    uint32_t low = 0, high = hits;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (hit[middle].rank < rank)
            low = middle + 1;
        else
            high = middle;
    }
    return low < hits && hit[low].rank == rank ? low : hits;
}

static void better(struct sorted *hit, enum reason reason)
{
    if ((uint32_t)reason < hit->key)
        hit->key = (uint32_t)reason;
}

/* Those that a name brings up. */
static void find_named(struct run *run, struct sorted *hit, uint32_t hits)
{
    uint32_t first, end;

    find_names(run, &first, &end);
    for (; first < end; first++) {
        bool title;
        const uint32_t rank = search_named(run->index, first, &title);
        const uint32_t i = find_rank(hit, hits, rank);

        if (i < hits)
            better(&hit[i], title ? REASON_TITLE : REASON_NAME);
    }
}

/* Finds the best reason of each hit. */
static void find_reasons(struct run *run, struct sorted *hit, uint32_t hits)
{
    const struct match *match = &run->match;
    const uint8_t *all = match_rows(match, ROWS_ALL);
    const uint8_t *before = match_rows(match, ROWS_BEFORE);
    const uint8_t *whole = match_rows(match, ROWS_WHOLE);
    uint8_t *begin = match_bits(match, BITS_SPARE);

    for (uint32_t i = 0; i < hits; i++) {
        const uint32_t rank = hit[i].rank;

        hit[i].key = REASON_TEXT_PREFIXES;
        if (bits_has(all, rank))
            hit[i].key = bits_has(whole, rank)    ? REASON_WORDS
                         : bits_has(before, rank) ? REASON_LAST_PREFIX
                                                  : REASON_PREFIXES;
    }
    for (size_t at = match->bytes; at < match->row_bytes; at += 8)
        for (uint64_t left = bits_word(all, at); left != 0; left &= left - 1) {
            const uint32_t place =
                (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(left);
            const uint32_t row = place - (uint32_t)match->bytes * 8;
            uint32_t i = hits;

            if (row < run->index->rows)
                i = find_rank(hit, hits, search_row_rank(run->index, row));
            if (i < hits)
                better(&hit[i], bits_has(whole, place) ? REASON_TEXT_WORDS
                                : bits_has(before, place)
                                    ? REASON_TEXT_LAST_PREFIX
                                    : REASON_TEXT_PREFIXES);
        }
    find_beginnings(run, begin);
    for (uint32_t i = 0; i < hits; i++)
        if (bits_has(begin, hit[i].rank))
            better(&hit[i], REASON_BEGINS);
    find_named(run, hit, hits);
}

enum { KEY_RARE = 1 << 24, KEY_REASON = 1 << 16, KEY_HEADING = 1 << 8 };

/* Completes the keys: rare or not, the reason, heading or not, how near. */
static void complete_keys(struct run *run, struct sorted *hit, uint32_t hits)
{
    const uint32_t heading =
        search_value_find(run->index, FACET_BILLABLE, "false", 5);
    uint32_t near[REASON_COUNT][2] = {{0}};

    for (uint32_t i = 0; i < hits; i++) {
        const uint32_t rank = hit[i].rank, reason = hit[i].key;
        const bool is_heading =
            run->query->order != ORDER_LENGTH && heading != UINT32_MAX &&
            search_value_of(run->index, FACET_BILLABLE, rank) == heading;
        const bool later =
            is_heading == (run->query->order == ORDER_BILLABLE) &&
            run->query->order != ORDER_LENGTH;

        hit[i].key = reason * KEY_REASON;
        if (reason >= REASON_USUAL && rank >= run->index->usual)
            hit[i].key += KEY_RARE;
        if (later)
            hit[i].key += KEY_HEADING;
        if (run->ranges < 2 || reason <= REASON_BEGINS ||
            !reasons[reason].title)
            continue;
        if (near[reason][later]++ < NEAR_MAX)
            hit[i].key +=
                SEARCH_QUERY_WORDS -
                search_neighbours(run->index, rank, run->range, run->ranges);
        else
            hit[i].key += SEARCH_QUERY_WORDS;
    }
}

/* The first `wanted` of the hits, in order. They come by rank, so that one with
 * an equal key belongs behind those before it. Returns how many there are. */
static uint32_t sort_first(struct sorted *out, uint32_t wanted,
    const struct sorted *hit, uint32_t hits)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < hits; i++) {
        uint32_t at = n;

        if (n == wanted) {
            if (n == 0 || hit[i].key >= out[n - 1].key)
                continue;
            at--;
        } else {
            n++;
        }
        for (; at > 0 && out[at - 1].key > hit[i].key; at--)
            out[at] = out[at - 1];
        out[at] = hit[i];
    }
    return n;
}

/* Takes those of the page, once their reasons are known. */
static void take_in_order(struct run *run, struct sorted *hit, uint32_t hits)
{
    struct sorted first[SORT_ONE_BY_ONE];
    const uint32_t open = run->limit - run->out->hits;
    const uint32_t wanted =
        run->skip < SORT_ONE_BY_ONE - open ? run->skip + open : SORT_ONE_BY_ONE;

    complete_keys(run, hit, hits);
    hits = sort_first(first, wanted, hit, hits);
    for (uint32_t i = 0; i < hits; i++) {
        const uint32_t document = search_document(run->index, first[i].rank);
        const uint32_t reason = first[i].key % KEY_RARE / KEY_REASON;

        if (document < run->codes->count)
            take(run, document, reasons[reason].match, reasons[reason].title);
    }
}

/* Few hits: each for itself. */
static void take_sorted(struct run *run)
{
    const uint8_t *all = match_bits(&run->match, BITS_ALL);
    struct sorted hit[SORT_ONE_BY_ONE];
    uint32_t hits = 0;

    for (size_t at = 0; at < run->match.bytes; at += 8)
        for (uint64_t left = bits_word(all, at);
             left != 0 && hits < SORT_ONE_BY_ONE; left &= left - 1)
            hit[hits++].rank =
                (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(left);
    find_reasons(run, hit, hits);
    take_in_order(run, hit, hits);
}

/* Many hits: a bitmap of each reason after the other; those that are rare come
 * behind all others. */
static void take_many(struct run *run)
{
    size_t known = 0;

    take_names(run, true);
    take_names(run, false);
    find_beginnings(run, match_bits(&run->match, BITS_SPARE));
    take_tiers(run, 0, run->index->usual, &known);
    if (run->out->hits < run->limit)
        take_tiers(run, run->index->usual, run->index->documents, &known);
}

/* The codes of the few rows that were found, by rank, each with the reason that
 * its rows give. Both sorts of rows ascend by rank. Returns how many. */
static uint32_t codes_of_few(const struct run *run, struct sorted *hit)
{
    const struct match *match = &run->match;
    const struct match_row *row = match->row, *end = row + match->found;
    const struct match_row *other = row;
    const uint32_t documents = (uint32_t)match->bytes * 8;
    uint32_t hits = 0;

    while (other < end && other->place < documents)
        other++;
    for (const struct match_row *own_end = other; row < own_end || other < end;
         hits++) {
        const uint32_t rank = other == end ? UINT32_MAX
                                           : search_row_rank(run->index,
                                                 other->place - documents);
        struct sorted *now = &hit[hits];

        *now = (struct sorted){rank, REASON_COUNT};
        if (row < own_end && row->place <= rank) {
            now->rank = row->place;
            now->key = row->whole    ? REASON_WORDS
                       : row->before ? REASON_LAST_PREFIX
                                     : REASON_PREFIXES;
            row++;
        }
        for (; other < end && search_row_rank(run->index,
                                  other->place - documents) == now->rank;
             other++)
            better(now, other->whole    ? REASON_TEXT_WORDS
                        : other->before ? REASON_TEXT_LAST_PREFIX
                                        : REASON_TEXT_PREFIXES);
    }
    return hits;
}

/* Not known to be invalid on the day, and not found by its code before. */
static bool is_open(const struct run *run, uint32_t rank)
{
    const struct search_index *index = run->index;

    if (run->out->total > 0 &&
        bits_has(match_bits(&run->match, BITS_CODES), rank))
        return false;
    return !run->query->on_day || !bits_has(index->dated, rank) ||
           (load_i32(index->from + 4 * (size_t)rank) <= run->query->day &&
               load_i32(index->to + 4 * (size_t)rank) >= run->query->day);
}

/* Counts and keeps the hits that are wanted; returns how many. */
static uint32_t keep_few(struct run *run, struct sorted *hit, uint32_t hits)
{
    const unsigned facets =
        run->filtered ? wanted_facets(run) & ~(1u << FACET_SYSTEM) : 0;
    const uint32_t typed = run->out->total;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < hits; i++) {
        const uint32_t system =
            search_value_of(run->index, FACET_SYSTEM, hit[i].rank);

        if (!is_open(run, hit[i].rank))
            continue;
        if (system < SYSTEM_COUNT)
            run->out->by_system[system]++;
        if ((run->query->systems != 0 &&
                (system >= SYSTEM_COUNT ||
                    (run->query->systems >> system & 1) == 0)) ||
            (facets != 0 && !passes(run, facets, hit[i].rank)))
            continue;
        if (run->query->count_values)
            count_values(run, hit[i].rank);
        hit[kept++] = hit[i];
    }
    run->out->total = typed + kept;
    return kept;
}

/* Finds the codes among the hits whose title begins with the words. */
static void find_few_beginnings(
    const struct run *run, struct sorted *hit, uint32_t hits)
{
    uint8_t *begin = match_bits(&run->match, BITS_SPARE);

    if (hits > LOOK_ONE_BY_ONE)
        find_beginnings(run, begin);
    for (uint32_t i = 0; i < hits; i++)
        if (hits > LOOK_ONE_BY_ONE ? bits_has(begin, hit[i].rank)
                                   : search_begins(run->index, hit[i].rank,
                                         run->range, run->ranges))
            better(&hit[i], REASON_BEGINS);
}

static void take_few(struct run *run)
{
    struct sorted hit[MATCH_FEW];
    uint32_t hits = keep_few(run, hit, codes_of_few(run, hit));

    find_ranges(run);
    if (hits <= SORT_ONE_BY_ONE) {
        find_few_beginnings(run, hit, hits);
        find_named(run, hit, hits);
        take_in_order(run, hit, hits);
    } else {
        uint8_t *all = match_bits(&run->match, BITS_ALL);

        memset(all, 0, run->match.bytes);
        for (uint32_t i = 0; i < hits; i++)
            bits_set(all, hit[i].rank);
        match_spread(&run->match);
        take_many(run);
    }
}

/* The hits of the words that were found. */
static void take_words(struct run *run)
{
    uint8_t *all = match_bits(&run->match, BITS_ALL);
    uint32_t hits;

    if (run->match.few) {
        take_few(run);
        return;
    }
    if (!run->match.across)
        match_project(&run->match, ROWS_ALL, BITS_ALL);
    /* What was found by its code has been taken already. */
    if (run->out->total > 0)
        bits_but(all, match_bits(&run->match, BITS_CODES), run->match.bytes);
    if (run->query->on_day)
        keep_living(all, run->index, run->query->day);
    hits = match_count(all, run->match.bytes);
    count_systems(run, all, hits);
    if (run->query->systems != 0 || run->filtered) {
        keep_wanted(run, all);
        hits = match_count(all, run->match.bytes);
    }
    count_hits(run, all, hits);
    find_ranges(run);
    if (hits <= SORT_ONE_BY_ONE)
        take_sorted(run);
    else
        take_many(run);
}

/* ----------------------------------------------------- reading it again */

static void set_word(
    const struct search_index *index, struct search_word *word, uint32_t number)
{
    size_t len;
    const char *text = search_word_text(index, number, &len);

    if (len > FOLD_WORD_MAX)
        return;
    memcpy(word->word.text, text, len);
    word->word.text[len] = '\0';
    word->word.len = len;
    word->word.folded_points = 0; /* it is not what stands in the query */
    for (size_t i = 0; i < len; i++)
        word->word.folded_points += ((uint8_t)text[i] & 0xC0) != 0x80;
    word->corrected = true;
}

/* "backpain" is "back pain": both words stand somewhere. */
static bool part_word(struct run *run, uint32_t at)
{
    struct search_result *out = run->out;
    const struct fold_word whole = out->word[at].word;
    uint32_t best = 0, best_weight = 0, best_word[2] = {0};

    if (out->words == SEARCH_QUERY_WORDS)
        return false;
    for (uint32_t i = PART_MIN; i + PART_MIN <= whole.len; i++) {
        const uint32_t one = search_word(run->index, NULL, whole.text, i);
        const uint32_t two =
            search_word(run->index, NULL, whole.text + i, whole.len - i);
        uint32_t weight, other;

        if (one == UINT32_MAX || two == UINT32_MAX)
            continue;
        weight = search_word_weight(run->index, one);
        other = search_word_weight(run->index, two);
        if (other < weight)
            weight = other;
        if (weight > best_weight) {
            best = i;
            best_weight = weight;
            best_word[0] = one;
            best_word[1] = two;
        }
    }
    if (best == 0)
        return false;
    memmove(&out->word[at + 1], &out->word[at],
        (out->words - at) * sizeof out->word[0]);
    out->words++;
    set_word(run->index, &out->word[at], best_word[0]);
    set_word(run->index, &out->word[at + 1], best_word[1]);
    return true;
}

/* "non pressure" is "nonpressure" when that word stands somewhere. */
static bool join_words(struct run *run)
{
    struct search_result *out = run->out;

    for (uint32_t i = 0; i + 1 < out->words; i++) {
        struct search_word *one = &out->word[i], *two = &out->word[i + 1];
        char text[2 * FOLD_WORD_MAX];
        const size_t len = one->word.len + two->word.len;
        const struct search_word before[2] = {*one, *two};
        uint32_t number;

        if (len > FOLD_WORD_MAX)
            continue;
        memcpy(text, one->word.text, one->word.len);
        memcpy(text + one->word.len, two->word.text, two->word.len);
        number = search_word(run->index, NULL, text, len);
        if (number == UINT32_MAX)
            continue;
        set_word(run->index, one, number);
        one->word.bytes = two->word.from + two->word.bytes - one->word.from;
        one->grammar = false;
        two->grammar = true; /* it is said with the one before */
        if (match_words(&run->match, out->word, out->words))
            return true;
        *one = before[0];
        *two = before[1];
    }
    return false;
}

/* Takes another word for one of them; true when a code then has all. Two words
 * written as one are thought of before a word that differs in two letters. The
 * first other word stays when none helps but the typed one stands nowhere. */
static bool correct_word(struct run *run, uint32_t at, bool known)
{
    struct search_result *out = run->out;
    const struct search_word typed = out->word[at];
    struct spelling other[SPELL_WORDS_MAX];
    const uint32_t others =
        spell(other, run->index, &typed.word, at + 1 == out->words);
    bool parted = known;

    for (uint32_t i = 0; i < others; i++) {
        if (other[i].letters > 1 && known)
            break; /* a word that stands somewhere is seldom that wrong */
        if (other[i].letters > 1 && !parted) {
            const uint32_t words = out->words;

            parted = true;
            out->word[at] = typed;
            if (part_word(run, at)) {
                if (match_words(&run->match, out->word, out->words))
                    return true;
                memmove(&out->word[at + 1], &out->word[at + 2],
                    (words - at - 1) * sizeof out->word[0]);
                out->words = words;
            }
        }
        set_word(run->index, &out->word[at], other[i].word);
        if (match_words(&run->match, out->word, out->words))
            return true;
    }
    out->word[at] = typed;
    if (known)
        return false;
    if (others > 0)
        set_word(run->index, &out->word[at], other[0].word);
    else if (part_word(run, at))
        return match_words(&run->match, out->word, out->words);
    return false;
}

/* Reads misspelled words as others: those that stand nowhere, or (known) any.
 * True when a code then has all words. */
static bool correct(struct run *run, bool known)
{
    struct search_result *out = run->out;
    uint32_t corrected = 0;

    for (uint32_t i = 0; i < out->words && corrected < CORRECTED_WORDS_MAX;
         i++) {
        const struct search_word *word = &out->word[i];

        if (word->grammar || word->corrected ||
            match_knows(&run->match, word) != known)
            continue;
        corrected++;
        if (correct_word(run, i, known))
            return true;
    }
    return false;
}

/* What answers less than a third of the words answers another question, and so
 * does what has none of them as it was typed. */
static bool enough_is_left(const struct search_result *out)
{
    uint32_t kept = 0, dropped = 0, typed = 0;

    for (uint32_t i = 0; i < out->words; i++) {
        const struct search_word *word = &out->word[i];

        dropped += word->dropped;
        kept += !word->dropped && !word->grammar;
        typed += !word->dropped && !word->grammar && !word->corrected;
    }
    return kept * 2 >= dropped && typed > 0;
}

/* Someone is at the first letters of a word: what the words before it found is
 * shown until more of it is told. */
static bool leave_out_begun(struct run *run)
{
    struct search_result *out = run->out;
    struct search_word *last = out->word + out->words;

    if (out->words < 2)
        return false;
    last--;
    if (last->grammar || last->corrected || last->word.len >= SPELL_MIN ||
        last->word.from + last->word.bytes < run->query->len)
        return false;
    last->dropped = true;
    if (match_words(&run->match, out->word, out->words))
        return true;
    last->dropped = false;
    return false;
}

/* Reads the words again until codes are found. */
static bool read_again(struct run *run)
{
    struct search_result *out = run->out;
    struct match *match = &run->match;

    out->reading = READ_CORRECTED;
    if (join_words(run) || correct(run, false))
        return true;
    out->reading = READ_AS_TYPED;
    for (uint32_t i = 0; i < out->words; i++)
        if (out->word[i].corrected)
            out->reading = READ_CORRECTED;
    if (match_across(match, out->word, out->words))
        return true;
    out->reading = READ_IN_PART;
    if (leave_out_begun(run))
        return true;
    out->reading = READ_CORRECTED;
    if (correct(run, true))
        return true;
    out->reading = READ_IN_PART;
    return match_best_part(match, out->word, out->words) &&
           enough_is_left(out) && match_words(match, out->word, out->words);
}

/* The words as they stand had nothing but codes that the day or the filters
 * leave out: they are read again among the others. */
static int look_among_wanted(struct run *run, struct error *err)
{
    uint8_t *all = match_bits(&run->match, BITS_ALL);

    memset(all, 0xFF, run->match.bytes);
    match_cut(&run->match, all);
    if (run->query->on_day)
        keep_living(all, run->index, run->query->day);
    if (run->query->systems != 0 || run->filtered)
        keep_wanted(run, all);
    return match_only(&run->match, err);
}

static int search_words(struct run *run, struct error *err)
{
    const bool narrowed =
        run->query->on_day || run->query->systems != 0 || run->filtered;
    struct search_result *out = run->out;
    int rc;

    if (match_words(&run->match, out->word, out->words)) {
        uint32_t by_system[SYSTEM_COUNT];

        take_words(run);
        if (out->total > 0 || !narrowed)
            return 0;
        /* What was left out stays told. */
        memcpy(by_system, out->by_system, sizeof by_system);
        if ((rc = look_among_wanted(run, err)) != 0)
            return rc;
        if (read_again(run))
            take_words(run);
        else
            out->reading = READ_AS_TYPED;
        memcpy(out->by_system, by_system, sizeof by_system);
    } else if (out->total == 0) {
        if (narrowed && (rc = look_among_wanted(run, err)) != 0)
            return rc;
        if (read_again(run))
            take_words(run);
    }
    return 0;
}

int search_run(struct search_result *out, const struct search_index *index,
    const struct code_list *codes, const struct search_query *query,
    struct error *err)
{
    struct run run; /* not zeroed: it is large */
    struct typed typed;
    int rc;

    run.index = index;
    run.codes = codes;
    run.query = query;
    run.out = out;
    run.skip = query->offset;
    run.limit =
        query->limit < SEARCH_LIMIT_MAX ? query->limit : SEARCH_LIMIT_MAX;
    run.filtered = false;
    run.ranges = 0;
    out->reading = READ_AS_TYPED;
    out->words = out->total = out->hits = 0;
    memset(out->by_system, 0, sizeof out->by_system);
    memset(out->by_value, 0, sizeof out->by_value);
    if (query->len > SEARCH_QUERY_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "a search takes at most %d bytes, this one has %zu",
            SEARCH_QUERY_MAX, query->len);
    if ((rc = read_words(out, query, err)) != 0)
        return rc;
    if (index->documents == 0 || index->documents != codes->count)
        return 0;
    for (size_t i = 0; i < sizeof query->values / sizeof *query->values; i++)
        run.filtered |= query->values[i] != 0;
    if ((rc = match_open(&run.match, index, codes, err)) != 0)
        return rc;
    typed_read(&typed, codes, query->text, query->len);
    take_typed(&run, &typed);
    if (!typed.only || out->total == 0)
        rc = search_words(&run, err);
    match_close(&run.match);
    return rc;
}

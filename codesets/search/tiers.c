#include "codesets/search/run.h"

#include <string.h>

#include "codesets/search/bits.h"

void run_take_typed(struct run *run, const struct typed *typed)
{
    const unsigned facets = run->filtered ? run_wanted_facets(run) : 0;
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
                (facets != 0 && !run_passes(run, facets, rank)))
                continue;
            if (run->query->count_values)
                run_count_values(run, rank);
            run->out->total++;
            run_take(run, i, typed->codes[n].match, true);
        }
}

/* Codes [first, end), by rank: those of two bitmaps that three others do not
 * have (NULL: none). They are told apart while they are walked over, for a page
 * is mostly full long before the last of them. */
struct part {
    const uint8_t *all, *bits, *but[3];
    const uint8_t *headings; /* NULL: either */
    bool heading;
    uint32_t first, end;
};

static size_t part_begin(const struct part *part)
{
    return (size_t)(part->first / 64) * 8;
}

static size_t part_end(const struct part *part)
{
    return ((size_t)part->end + 63) / 64 * 8;
}

static inline uint64_t bits_of_part(const struct part *part, size_t at)
{
    uint64_t left = bits_word(part->all, at) & bits_word(part->bits, at);
    const uint32_t rank = (uint32_t)at * 8;

    if (left == 0)
        return 0;
    for (size_t i = 0; i < sizeof part->but / sizeof *part->but; i++)
        if (part->but[i] != NULL)
            left &= ~bits_word(part->but[i], at);
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

    for (size_t at = from;
         (at = bits_next_both(part->all, part->bits, at, end)) < end &&
         run->out->hits < run->limit;
         at += 8) {
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
                run_take(run, document, match, title);
        }
    }
}

/* Puts those first that go on with the last letter. */
static void sort_by_letter(const struct run *run, uint32_t *rank, uint32_t hits)
{
    for (uint32_t i = 0, next = 0; i < hits; i++)
        if (run_has_letter(run, rank[i])) {
            const uint32_t one = rank[i];

            memmove(&rank[next + 1], &rank[next], (i - next) * sizeof *rank);
            rank[next++] = one;
        }
}

/* The same, but of the first ones those before whose titles have more of the
 * words next to each other; those that begin with them all have. */
static void take_nearest(
    struct run *run, const struct part *part, enum search_match match)
{
    const uint32_t by_letter = run_hits_by_letter(run);
    uint32_t rank[NEAR_MAX + 64], order[NEAR_MAX + 64];
    uint32_t count = 0, most = 0, next = 0;
    uint8_t near[NEAR_MAX + 64];
    const size_t end = part_end(part);
    size_t at = part_begin(part);

    for (; at < end && count < NEAR_MAX; at += 8)
        for (uint64_t left = bits_of_part(part, at); left != 0;
             left &= left - 1) {
            uint32_t n = 0;

            rank[count] = (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(left);
            if (match != MATCH_BEGINS)
                n = run_nearness(run, rank[count]);
            near[count++] = (uint8_t)n;
            if (n > most)
                most = n;
        }
    for (uint32_t n = most + 1; n-- > 0;)
        for (uint32_t i = 0; i < count; i++)
            if (near[i] == n)
                order[next++] = rank[i];
    sort_by_letter(run, order, count < by_letter ? count : by_letter);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t document = search_document(run->index, order[i]);

        if (document < run->codes->count)
            run_take(run, document, match, true);
    }
    take_page(run, part, at, match, true);
}

static void take_part(struct run *run, const struct part *part,
    enum search_match match, bool title)
{
    if (title && ((match >= MATCH_WORDS && run->ranges >= 2) ||
                     (match >= MATCH_BEGINS && run_hits_by_letter(run) > 0)))
        take_nearest(run, part, match);
    else
        take_page(run, part, part_begin(part), match, title);
}

/* Takes those of a tier in the order asked for. */
static void take_tier(struct run *run, const struct part *tier,
    enum search_match match, bool title)
{
    struct part part = *tier;

    if (run->out->hits == run->limit)
        return;
    if (run->query->order != ORDER_LENGTH &&
        run->index->heading != UINT32_MAX) {
        part.headings = search_value_bits(run->index, run->index->heading);
        part.heading = run->query->order == ORDER_HEADINGS;
        take_part(run, &part, match, title);
        if (run->out->hits == run->limit)
            return;
        part.heading = !part.heading;
    }
    take_part(run, &part, match, title);
}

static void take_names(struct run *run, bool title)
{
    uint8_t *bits = match_bits(&run->match, BITS_SPARE);
    uint8_t *all = match_bits(&run->match, BITS_ALL);
    const struct part named = {
        .all = all, .bits = bits, .end = run->index->documents};
    const struct names names = run_find_names(run);

    if (names.first == names.end)
        return;
    memset(bits, 0, run->match.bytes);
    for (uint32_t i = names.first; i < names.end; i++) {
        bool is_title;
        const uint32_t rank = search_named(run->index, i, &is_title);

        if (is_title == title)
            bits_set(bits, rank);
    }
    take_tier(run, &named, title ? MATCH_TITLE : MATCH_NAME, title);
    bits_but(all, bits, run->match.bytes);
}

/* Those of which a name is a beginning of what was typed, where the words are
 * whole. */
static void take_begun_names(
    struct run *run, const struct names *begun, uint32_t beginnings, bool title)
{
    const struct match *match = &run->match;
    const int rows = run->unfinished ? ROWS_BEFORE : ROWS_WHOLE;
    const enum search_match why =
        run->unfinished ? MATCH_LAST_PREFIX : MATCH_WORDS;
    uint8_t *bits = match_bits(match, BITS_SPARE);
    uint8_t *whole = match_bits(match, BITS_WANTED);
    uint8_t *all = match_bits(match, BITS_ALL);
    struct part named = {
        .all = all, .bits = whole, .end = run->index->documents};
    bool any = false;

    for (uint32_t n = 0; n < beginnings; n++)
        for (uint32_t i = begun[n].first; i < begun[n].end; i++) {
            bool is_title;
            const uint32_t rank = search_named(run->index, i, &is_title);

            if (is_title != title || !bits_has(all, rank))
                continue;
            if (!any)
                memset(bits, 0, match->bytes);
            any = true;
            bits_set(bits, rank);
        }
    if (!any)
        return;
    match_project(match, rows, BITS_WANTED);
    bits_and(bits, whole, match->bytes);
    bits_both(whole, bits, match_rows(match, rows), match->bytes);
    take_tier(run, &named, why, true);
    named.bits = bits;
    named.but[0] = whole;
    take_tier(run, &named, why, false);
    bits_but(all, bits, match->bytes);
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
    struct part tier = {.all = match_bits(match, BITS_ALL),
        .bits = begin,
        .first = first,
        .end = end};

    take_tier(run, &tier, MATCH_BEGINS, true);
    /* While the last word may go on it is unfinished wherever it stands. */
    for (size_t i = run->unfinished ? 1 : 0; i < sizeof steps / sizeof *steps;
         i++) {
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

/* Many hits: a bitmap of each reason after the other; those that are rare come
 * behind all others. */
void run_take_many(struct run *run)
{
    size_t known = 0;
    struct names begun[NAMES_BEGUN_MAX];
    uint32_t beginnings;

    take_names(run, true);
    take_names(run, false);
    beginnings = run_find_begun_names(run, begun);
    take_begun_names(run, begun, beginnings, true);
    take_begun_names(run, begun, beginnings, false);
    run_find_beginnings(run, match_bits(&run->match, BITS_SPARE));
    take_tiers(run, 0, run->index->usual, &known);
    if (run->out->hits < run->limit)
        take_tiers(run, run->index->usual, run->index->documents, &known);
}

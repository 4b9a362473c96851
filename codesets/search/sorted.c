#include "codesets/search/run.h"

#include <string.h>

#include "codesets/search/bits.h"

/* So many titles are looked at one by one; more, by where they stand in the
 * order of all titles. */
enum { LOOK_ONE_BY_ONE = 64 };

/* The reasons in their order. */
enum reason {
    REASON_TITLE,
    REASON_NAME,
    REASON_BEGUN_TITLE, /* a beginning of what was typed is its title */
    REASON_BEGUN_NAME,
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

/* A hit that is put in order by itself. */
struct sorted {
    uint32_t rank;
    uint32_t key;   /* the lower, the earlier; then by rank */
    uint8_t reason; /* it was found for */
    uint8_t level;  /* a better one that it is shown with */
};

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
    if ((uint8_t)reason < hit->reason)
        hit->reason = (uint8_t)reason;
}

static void rise(struct sorted *hit, enum reason level)
{
    if ((uint8_t)level < hit->level)
        hit->level = (uint8_t)level;
}

/* Why a row is a hit. While the last word may go on it is unfinished wherever
 * it stands. */
static enum reason reason_of(
    const struct run *run, bool title, bool whole, bool before)
{
    if (whole && !run->unfinished)
        return title ? REASON_WORDS : REASON_TEXT_WORDS;
    if (before)
        return title ? REASON_LAST_PREFIX : REASON_TEXT_LAST_PREFIX;
    return title ? REASON_PREFIXES : REASON_TEXT_PREFIXES;
}

/* Those that a name brings up. One for a beginning of what was typed does so
 * only where the words are whole, and what they were found by stays told. */
static void find_named(struct run *run, struct sorted *hit, uint32_t hits)
{
    struct names begun[NAMES_BEGUN_MAX], names = run_find_names(run);
    const uint32_t beginnings = run_find_begun_names(run, begun);
    const uint8_t end = run->unfinished ? REASON_PREFIXES : REASON_LAST_PREFIX;

    for (; names.first < names.end; names.first++) {
        bool title;
        const uint32_t rank = search_named(run->index, names.first, &title);
        const uint32_t i = find_rank(hit, hits, rank);

        if (i < hits)
            better(&hit[i], title ? REASON_TITLE : REASON_NAME);
    }
    for (uint32_t n = 0; n < beginnings; n++)
        for (; begun[n].first < begun[n].end; begun[n].first++) {
            bool title;
            const uint32_t rank =
                search_named(run->index, begun[n].first, &title);
            const uint32_t i = find_rank(hit, hits, rank);

            if (i < hits && hit[i].reason < end)
                rise(&hit[i], title ? REASON_BEGUN_TITLE : REASON_BEGUN_NAME);
        }
}

/* Finds the best reason of each hit. */
static void find_reasons(struct run *run, struct sorted *hit, uint32_t hits)
{
    const struct match *match = &run->match;
    const uint8_t *all = match_rows(match, ROWS_ALL);
    const uint8_t *before = match_rows(match, ROWS_BEFORE);
    const uint8_t *whole =
        run->unfinished ? before : match_rows(match, ROWS_WHOLE);
    uint8_t *begin = match_bits(match, BITS_SPARE);

    for (uint32_t i = 0; i < hits; i++) {
        const uint32_t rank = hit[i].rank;

        hit[i].reason = REASON_TEXT_PREFIXES;
        hit[i].level = REASON_COUNT;
        if (bits_has(all, rank))
            better(&hit[i], reason_of(run, true, bits_has(whole, rank),
                                bits_has(before, rank)));
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
                better(&hit[i], reason_of(run, false, bits_has(whole, place),
                                    bits_has(before, place)));
        }
    run_find_beginnings(run, begin);
    for (uint32_t i = 0; i < hits; i++)
        if (bits_has(begin, hit[i].rank))
            better(&hit[i], REASON_BEGINS);
    find_named(run, hit, hits);
}

/* Of a key the lowest byte tells how near the words stand, the rest the class
 * of the hit. */
enum {
    KEY_HEADING = 1 << 8,
    KEY_TEXT = 1 << 9,
    KEY_REASON = 1 << 10,
    KEY_RARE = 1 << 14,
    KEY_CLASS = KEY_HEADING,
    CLASSES = 2 * KEY_RARE / KEY_CLASS
};
_Static_assert((int)REASON_COUNT *(int)KEY_REASON <= (int)KEY_RARE &&
                   (int)SEARCH_QUERY_WORDS < (int)KEY_CLASS,
    "the parts of a key do not reach into each other");

static uint32_t level_of(const struct sorted *hit)
{
    return hit->reason < hit->level ? hit->reason : hit->level;
}

/* The key of its class: rare or not, the reason, for a name of less whether the
 * title has all words, heading or not. */
static uint32_t class_of(const struct run *run, const struct sorted *hit)
{
    const uint32_t reason = level_of(hit);
    uint32_t key = reason * KEY_REASON;

    if (reason >= REASON_USUAL && hit->rank >= run->index->usual)
        key += KEY_RARE;
    if (reason != hit->reason && !reasons[hit->reason].title)
        key += KEY_TEXT;
    if (run->query->order != ORDER_LENGTH) {
        const bool is_heading = run->index->heading != UINT32_MAX &&
                                search_value_of(run->index, FACET_BILLABLE,
                                    hit->rank) == run->index->heading;

        if (is_heading == (run->query->order == ORDER_BILLABLE))
            key += KEY_HEADING;
    }
    return key;
}

static bool goes_by_nearness(const struct run *run, const struct sorted *hit)
{
    const uint32_t reason = level_of(hit);

    return run->ranges >= 2 && reason > REASON_NAME &&
           reason != REASON_BEGINS && reasons[hit->reason].title;
}

/* Makes the keys of the hits that may be among the first `wanted`: of a class
 * behind these it need not be known how near the words stand. The others are
 * left out. Returns how many stay. */
static uint32_t complete_keys(
    struct run *run, struct sorted *hit, uint32_t hits, uint32_t wanted)
{
    uint32_t in_class[CLASSES] = {0}, near[CLASSES / 2] = {0};
    uint32_t last = 0, before, kept = 0;

    for (uint32_t i = 0; i < hits; i++) {
        hit[i].key = class_of(run, &hit[i]);
        in_class[hit[i].key / KEY_CLASS]++;
    }
    before = in_class[0];
    while (before < wanted && last + 1 < CLASSES)
        before += in_class[++last];
    for (uint32_t i = 0; i < hits; i++) {
        uint32_t key = hit[i].key;

        if (key / KEY_CLASS > last)
            continue;
        key += SEARCH_QUERY_WORDS;
        if (goes_by_nearness(run, &hit[i])) {
            uint32_t *looked_at = &near[key % KEY_RARE / KEY_CLASS];

            if ((*looked_at)++ < NEAR_MAX)
                key -= run_nearness(run, hit[i].rank);
        }
        hit[kept] = hit[i];
        hit[kept++].key = key;
    }
    return kept;
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

/* Of hits in order, puts those of a class first that go on with the letter. */
static void sort_by_letter(
    const struct run *run, struct sorted *hit, uint32_t hits)
{
    struct sorted before[LETTER_HITS];

    memcpy(before, hit, hits * sizeof *hit);
    for (uint32_t i = 0; i < hits; i++)
        if (level_of(&before[i]) > REASON_NAME &&
            run_has_letter(run, before[i].rank))
            before[i].key -= before[i].key % KEY_CLASS;
    (void)sort_first(hit, hits, before, hits);
}

/* Takes those of the page, once their reasons are known. */
static void take_in_order(struct run *run, struct sorted *hit, uint32_t hits)
{
    struct sorted first[SORT_ONE_BY_ONE];
    const uint32_t open = run->limit - run->out->hits;
    const uint32_t by_letter = run_hits_by_letter(run);
    uint32_t wanted =
        run->skip < SORT_ONE_BY_ONE - open ? run->skip + open : SORT_ONE_BY_ONE;

    if (wanted < by_letter)
        wanted = by_letter;
    hits = complete_keys(run, hit, hits, wanted);
    hits = sort_first(first, wanted, hit, hits);
    sort_by_letter(run, first, hits < by_letter ? hits : by_letter);
    for (uint32_t i = 0; i < hits; i++) {
        const uint32_t document = search_document(run->index, first[i].rank);
        const uint32_t reason = first[i].reason;

        if (document < run->codes->count)
            run_take(
                run, document, reasons[reason].match, reasons[reason].title);
    }
}

/* Few hits: each for itself. */
void run_take_sorted(struct run *run)
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

/* The rank of a row's code beside those of the documents; beyond all for the
 * end of the rows. */
static uint32_t rank_of_row(const struct match *match,
    const struct match_row *row, const struct match_row *end)
{
    return row == end ? UINT32_MAX
                      : search_row_rank(match->index,
                            row->place - (uint32_t)match->bytes * 8);
}

/* The codes of the few rows that were found, by rank, each with the reason that
 * its rows give. Both sorts of rows ascend by rank. Returns how many. */
static uint32_t codes_of_few(const struct run *run, struct sorted *hit)
{
    const struct match *match = &run->match;
    const struct match_row *row = match->row, *end = row + match->found;
    const struct match_row *other = row, *own_end;
    uint32_t hits = 0, rank;

    while (other < end && other->place < (uint32_t)match->bytes * 8)
        other++;
    own_end = other;
    rank = rank_of_row(match, other, end);
    for (; row < own_end || other < end; hits++) {
        struct sorted *now = &hit[hits];

        *now = (struct sorted){rank, 0, REASON_COUNT, REASON_COUNT};
        if (row < own_end && row->place <= rank) {
            now->rank = row->place;
            better(now, reason_of(run, true, row->whole, row->before));
            row++;
        }
        for (; other < end && rank == now->rank;
             rank = rank_of_row(match, ++other, end))
            better(now, reason_of(run, false, other->whole, other->before));
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
        run->filtered ? run_wanted_facets(run) & ~(1u << FACET_SYSTEM) : 0;
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
            (facets != 0 && !run_passes(run, facets, hit[i].rank)))
            continue;
        if (run->query->count_values)
            run_count_values(run, hit[i].rank);
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
        run_find_beginnings(run, begin);
    for (uint32_t i = 0; i < hits; i++)
        if (hits > LOOK_ONE_BY_ONE ? bits_has(begin, hit[i].rank)
                                   : search_begins(run->index, hit[i].rank,
                                         run->range, run->ranges))
            better(&hit[i], REASON_BEGINS);
}

void run_take_few(struct run *run)
{
    struct sorted hit[MATCH_FEW];
    const uint32_t hits = keep_few(run, hit, codes_of_few(run, hit));

    run_find_ranges(run);
    find_few_beginnings(run, hit, hits);
    find_named(run, hit, hits);
    take_in_order(run, hit, hits);
}

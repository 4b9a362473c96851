#include "codesets/search/run.h"

#include <string.h>

#include "codesets/search/bits.h"

/* So many hits are counted one by one; more, by the values' bitmaps. */
enum { COUNT_ONE_BY_ONE = 2000 };

static bool wants(const struct run *run, int column, uint32_t rank)
{
    const uint32_t value =
        search_value_on(run->index, column, rank, run->query->day);

    return value != UINT32_MAX &&
           (run->query->values[value / 64] >> value % 64 & 1) != 0;
}

/* The facets of which some values are wanted, as bits. */
unsigned run_wanted_facets(const struct run *run)
{
    unsigned facets = 0;

    for (uint32_t value = 0; value < run->index->values; value++) {
        const char *name;

        if ((run->query->values[value / 64] >> value % 64 & 1) != 0)
            facets |= 1u << search_value(run->index, value, &name);
    }
    return facets;
}

static bool wants_other_setting(const struct run *run, uint32_t rank)
{
    for (int column = FACET_COUNT; column < SEARCH_COLUMNS; column++)
        if (wants(run, column, rank))
            return true;
    return false;
}

bool run_passes(const struct run *run, unsigned facets, uint32_t rank)
{
    for (int facet = 0; facet < FACET_COUNT; facet++)
        if ((facets >> facet & 1) != 0 && !wants(run, facet, rank) &&
            !(facet == FACET_SETTING && wants_other_setting(run, rank)))
            return false;
    return true;
}

void run_keep_living(uint8_t *bits, const struct search_index *index, day_t day)
{
    const size_t end = index->bitmap_bytes;

    for (size_t at = 0;
         (at = bits_next_both(bits, index->dated, at, end)) < end; at += 8)
        for (uint64_t left = bits_word(bits, at) & bits_word(index->dated, at);
             left != 0; left &= left - 1) {
            const size_t i = at * 8 + (size_t)__builtin_ctzll(left);

            if (load_i32(index->from + 4 * i) > day ||
                load_i32(index->to + 4 * i) < day)
                bits[i / 8] &= (uint8_t) ~(1u << i % 8);
        }
}

/* Adds the codes that have a value on the day, but for the changes. */
static void add_value(struct run *run, uint8_t *wanted, uint32_t value)
{
    const struct search_index *index = run->index;
    const int column = search_value_column(index, value);
    const uint8_t *bits = search_value_bits(index, value);
    const uint8_t *untold[SYSTEM_COUNT];
    size_t systems = 0;

    for (uint32_t s = 0; s < SYSTEM_COUNT && s < index->values; s++)
        if (!search_is_told(index, s, column, run->query->day))
            untold[systems++] = search_value_bits(index, s);
    if (systems == 0) {
        bits_or(wanted, bits, run->match.bytes);
        return;
    }
    for (size_t at = 0; at < run->match.bytes; at += 8) {
        uint64_t left = bits_word(bits, at);

        for (size_t i = 0; i < systems; i++)
            left &= ~bits_word(untold[i], at);
        bits_add_word(wanted, at, left);
    }
}

static int last_column(int facet)
{
    return facet == FACET_SETTING ? SEARCH_COLUMNS - 1 : facet;
}

/* Puts right what has another value on the day. */
static void apply_changes(struct run *run, int facet, uint8_t *wanted)
{
    for (int column = facet; column <= last_column(facet); column++) {
        uint32_t i, end;

        search_changes(run->index, column, &i, &end);
        for (; i < end; i++) {
            struct search_change change;

            if (!search_changes_on(run->index, i, run->query->day))
                continue;
            change = search_change_at(run->index, i);
            if (run_passes(run, 1u << facet, change.rank))
                bits_set(wanted, change.rank);
            else
                wanted[change.rank / 8] &= (uint8_t) ~(1u << change.rank % 8);
        }
    }
}

void run_keep_wanted(struct run *run, uint8_t *bits)
{
    const unsigned facets = run_wanted_facets(run) | 1u << FACET_SYSTEM;
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
                add_value(run, wanted, value);
        }
        if (facet != FACET_SYSTEM)
            apply_changes(run, facet, wanted);
        bits_and(bits, wanted, run->match.bytes);
    }
}

void run_count_values(struct run *run, uint32_t rank)
{
    for (int column = 0; column < SEARCH_COLUMNS; column++) {
        const uint32_t value =
            search_value_on(run->index, column, rank, run->query->day);

        if (value != UINT32_MAX)
            run->out->by_value[value]++;
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
void run_count_systems(struct run *run, const uint8_t *all, uint32_t here)
{
    const size_t bytes = run->match.bytes;
    const uint8_t *most;
    uint32_t of_most;

    if (run->index->values < SYSTEM_COUNT)
        return;
    most = search_value_bits(run->index, SYSTEM_ICD10CM);
    of_most = bits_count_both(all, most, bytes);
    if (here - of_most <= COUNT_ONE_BY_ONE) {
        run->out->by_system[SYSTEM_ICD10CM] += of_most;
        for (size_t at = 0; at < bytes && here > of_most; at += 8)
            count_systems_of(
                run, bits_word(all, at) & ~bits_word(most, at), at);
        return;
    }
    for (uint32_t i = 0; i < SYSTEM_COUNT; i++)
        run->out->by_system[i] +=
            bits_count_both(all, search_value_bits(run->index, i), bytes);
}

/* The codes of a bitmap that have a value on the day, but for the changes. */
static uint32_t count_value(
    const struct run *run, const uint8_t *all, uint32_t value)
{
    const struct search_index *index = run->index;
    const int column = search_value_column(index, value);
    const uint8_t *bits = search_value_bits(index, value);
    uint32_t count = bits_count_both(all, bits, run->match.bytes);

    for (uint32_t s = 0; s < SYSTEM_COUNT && s < index->values; s++) {
        const uint8_t *system = search_value_bits(index, s);

        if (search_is_told(index, s, column, run->query->day))
            continue;
        for (size_t at = 0; at < run->match.bytes; at += 8)
            count -= (uint32_t)__builtin_popcountll(bits_word(all, at) &
                                                    bits_word(bits, at) &
                                                    bits_word(system, at));
    }
    return count;
}

/* Puts right the counts of what has another value on the day. */
static void count_changes(struct run *run, const uint8_t *all, int column)
{
    const day_t day = run->query->day;
    uint32_t i, end;

    search_changes(run->index, column, &i, &end);
    for (; i < end; i++) {
        struct search_change change;
        uint32_t told;

        if (!search_changes_on(run->index, i, day))
            continue;
        change = search_change_at(run->index, i);
        if (!bits_has(all, change.rank))
            continue;
        told = search_value_told(run->index, column, change.rank, day);
        if (told != UINT32_MAX)
            run->out->by_value[told]--;
        if (change.value != UINT32_MAX)
            run->out->by_value[change.value]++;
    }
}

void run_count_hits(struct run *run, const uint8_t *all, uint32_t here)
{
    struct search_result *out = run->out;

    out->total += here;
    if (!run->query->count_values)
        return;
    if (here <= COUNT_ONE_BY_ONE) {
        for (size_t at = 0; at < run->match.bytes; at += 8)
            for (uint64_t left = bits_word(all, at); left != 0;
                 left &= left - 1)
                run_count_values(
                    run, (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(left));
        return;
    }
    for (uint32_t value = 0; value < run->index->values; value++)
        out->by_value[value] += count_value(run, all, value);
    for (int column = 0; column < SEARCH_COLUMNS; column++)
        count_changes(run, all, column);
}

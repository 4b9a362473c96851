#include "codesets/search/run.h"

#include <string.h>

#include "codesets/search/layout.h"
#include "codesets/search/terms.h"

void run_find_names(const struct run *run, uint32_t *first, uint32_t *end)
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

void run_find_ranges(struct run *run)
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

void run_find_beginnings(const struct run *run, uint8_t *bits)
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

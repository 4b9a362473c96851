#include "codesets/search/run.h"

#include <limits.h>
#include <string.h>

#include "codesets/search/bits.h"
#include "codesets/search/terms.h"

/* The hash of a word that counts, or 0. */
static uint64_t hash_of(const struct search_word *word)
{
    return word->dropped || word->grammar
               ? 0
               : term_hash(word->word.text, word->word.len);
}

static struct names names_of(const struct run *run, uint64_t hash)
{
    struct names out = {0, 0};

    if (hash != 0)
        search_names(run->index, hash, &out.first, &out.end);
    return out;
}

struct names run_find_names(const struct run *run)
{
    uint64_t hash = 0;

    for (uint32_t i = 0; i < run->out->words; i++)
        hash += hash_of(&run->out->word[i]);
    return names_of(run, hash);
}

/* Adds the names of one word that begin as was typed: of the commonest word
 * that names something. */
static uint32_t find_going_on(
    const struct run *run, struct names *out, uint32_t found)
{
    enum { BYTES_MIN = 6, WORDS_MAX = 64 }; /* shorter ones begin too many */
    const struct search_word *last = &run->out->word[run->out->words - 1];
    const struct search_range range =
        search_prefix(run->index, last->word.text, last->word.len);
    uint32_t most = 0;

    if (last->word.len < BYTES_MIN || range.end - range.first > WORDS_MAX ||
        found == NAMES_BEGUN_MAX)
        return found;
    for (uint32_t i = range.first + range.whole; i < range.end; i++) {
        const uint32_t weight = search_word_weight(run->index, i);
        struct names names;
        size_t len;
        const char *text = search_word_text(run->index, i, &len);

        if (weight <= most || len > FOLD_WORD_MAX)
            continue;
        names = names_of(run, term_hash(text, len));
        if (names.first == names.end)
            continue;
        out[found] = names;
        most = weight;
    }
    return found + (most > 0);
}

uint32_t run_find_begun_names(
    const struct run *run, struct names out[NAMES_BEGUN_MAX])
{
    enum { CUT_MIN = 2, CUT_MAX = 8 }; /* bytes of a word cut short */
    const struct search_result *result = run->out;
    uint64_t hash[NAMES_BEGUN_MAX + 1]; /* of the first words */
    uint32_t hashes = 0, found = 0;
    uint64_t sum = 0;

    for (uint32_t i = 0; i < result->words && hashes <= NAMES_BEGUN_MAX; i++) {
        const uint64_t own = hash_of(&result->word[i]);

        if (own != 0)
            hash[hashes++] = sum += own;
    }
    if (hashes == 0)
        return 0;
    if (run->unfinished && hashes <= NAMES_BEGUN_MAX) {
        const struct fold_word *last = &result->word[result->words - 1].word;
        const uint64_t before = hashes > 1 ? hash[hashes - 2] : 0;
        size_t len = last->len - 1 < CUT_MAX ? last->len - 1 : CUT_MAX;

        for (; len >= CUT_MIN && found < NAMES_BEGUN_MAX; len--) {
            out[found] = names_of(run, before + term_hash(last->text, len));
            found += out[found].first < out[found].end;
        }
    }
    if (run->unfinished && hashes == 1)
        found = find_going_on(run, out, found);
    for (uint32_t n = hashes - 1; n > 0 && found < NAMES_BEGUN_MAX; n--) {
        out[found] = names_of(run, hash[n - 1]);
        found += out[found].first < out[found].end;
    }
    return found;
}

/* Titles say "without" for "no". */
static struct search_range range_of(
    const struct run *run, const struct search_word *word)
{
    static const char without[] = "without";

    return word->alone
               ? search_prefix(run->index, without, sizeof without - 1)
               : search_prefix(run->index, word->word.text, word->word.len);
}

/* The word behind "without" is denied, and so may be the next ones ("no loss of
 * consciousness"). *behind counts the words since it. */
static enum search_sense sense_of(
    const struct search_word *word, unsigned *behind)
{
    enum { REACH = 3 };

    if (word->denies) {
        *behind = 0;
        return SENSE_EITHER;
    }
    if (*behind >= REACH || strcmp(word->word.text, "with") == 0) {
        *behind = REACH;
        return SENSE_HAS;
    }
    return (*behind)++ == 0 ? SENSE_LACKS : SENSE_EITHER;
}

void run_find_ranges(struct run *run)
{
    const struct search_result *out = run->out;
    const struct search_word *last = &out->word[out->words - 1];
    unsigned behind = UINT_MAX;

    run->ranges = 0;
    for (uint32_t i = 0; i < out->words; i++) {
        if (out->word[i].grammar || out->word[i].dropped)
            continue;
        run->sense[run->ranges] = (uint8_t)sense_of(&out->word[i], &behind);
        run->range[run->ranges++] = range_of(run, &out->word[i]);
    }
    if (run->ranges > 0 && run->lone_letter && last->grammar)
        run->letter = range_of(run, last);
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

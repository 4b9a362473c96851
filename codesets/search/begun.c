#include "codesets/search/run.h"

#include <string.h>

#include "codesets/search/bits.h"

/* Words that are still being typed. What they are going to be is not told yet,
 * so that they should neither take from the page what the finished word brings
 * back, nor put another order on it. */

/* So many titles are looked at for a letter that is a word. */
enum { LETTERS_MAX = 64 };

/* The word itself, not those that begin with it. */
static struct search_range whole_word(
    const struct run *run, const struct search_word *word)
{
    struct search_range range =
        search_prefix(run->index, word->word.text, word->word.len);

    range.end = range.whole ? range.first + 1 : range.first;
    return range;
}

/* The titles found that have the letter as a word, by rank; at most LETTERS_MAX
 * of them. */
static uint32_t titles_with_letter(const struct run *run,
    const struct search_range *letter, uint32_t rank[LETTERS_MAX])
{
    const struct match *match = &run->match;
    const uint8_t *has = search_ready(run->index, letter);
    uint32_t found = 0;

    if (has == NULL) {
        uint8_t *rows = match_rows(match, ROWS_WORD);

        memset(rows, 0, match->row_bytes);
        search_union(run->index, letter->first, letter->end, rows);
        has = rows;
    }
    if (match->few) {
        for (uint32_t i = 0; i < match->found && found < LETTERS_MAX &&
                             match->row[i].place < run->index->documents;
             i++)
            if (bits_has(has, match->row[i].place))
                rank[found++] = match->row[i].place;
        return found;
    }
    for (size_t at = 0; at < match->bytes; at += 8)
        for (uint64_t left = bits_word(has, at) &
                             bits_word(match_rows(match, ROWS_ALL), at);
             left != 0 && found < LETTERS_MAX; left &= left - 1)
            rank[found++] = (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(left);
    return found;
}

/* "hepatitis c", "hep c": the words are a name, or the letter stands next to
 * the word before it, or one that begins so, in a title that has them all. */
static bool letter_is_word(struct run *run)
{
    struct search_word *last = &run->out->word[run->out->words - 1];
    const struct search_word *before = last;
    uint32_t rank[LETTERS_MAX], titles;
    struct search_range pair[2];
    struct names names;

    last->grammar = false;
    names = run_find_names(run);
    last->grammar = true;
    if (names.first < names.end)
        return true;
    do
        before--;
    while (before->grammar && before > run->out->word);
    pair[0] = search_prefix(run->index, before->word.text, before->word.len);
    pair[1] = whole_word(run, last);
    if (pair[0].first == pair[0].end || pair[1].first == pair[1].end)
        return false;
    titles = titles_with_letter(run, &pair[1], rank);
    for (uint32_t i = 0; i < titles; i++)
        if (search_neighbours(run->index, rank[i], pair, 2) > 0)
            return true;
    return false;
}

uint32_t run_hits_by_letter(const struct run *run)
{
    const uint32_t before = run->query->offset - run->skip + run->out->hits;

    return run->letter.first == run->letter.end || before > LETTER_HITS
               ? 0
               : LETTER_HITS - before;
}

bool run_has_letter(const struct run *run, uint32_t rank)
{
    const struct search_range pair[2] = {
        run->range[run->ranges - 1], run->letter};

    return search_neighbours(run->index, rank, pair, 2) > 0;
}

bool run_match(struct run *run)
{
    struct search_result *out = run->out;

    if (!match_words(&run->match, out->word, out->words))
        return false;
    if (!run->lone_letter || !letter_is_word(run))
        return true;
    out->word[out->words - 1].grammar = false;
    if (match_words(&run->match, out->word, out->words))
        return true;
    out->word[out->words - 1].grammar = true;
    return match_words(&run->match, out->word, out->words);
}

#include "codesets/answer/highlight.h"

#include <string.h>

#include "codesets/search/terms.h"

/* True when a word of the text begins with the asked one, or is its singular.
 * *points is how much of it was asked for. */
static bool finds(const struct fold_word *asked, const struct fold_word *word,
    uint32_t *points)
{
    char singular[FOLD_WORD_MAX + 1];
    size_t len;

    if (asked->text[0] != word->text[0])
        return false; /* most words: nothing else needs to be looked at */
    *points = asked->folded_points;
    if (asked->len <= word->len &&
        memcmp(asked->text, word->text, asked->len) == 0)
        return true;
    len = term_singular(singular, asked->text, asked->len);
    *points = word->folded_points;
    return len > 0 && len == word->len &&
           memcmp(singular, word->text, len) == 0;
}

/* How much of a word of the text the query found; 0 for nothing. */
static uint32_t found_points(const struct search_result *result,
    const struct search_hit *hit, const struct fold_word *word)
{
    uint32_t best = 0;

    for (uint32_t i = 0; i < result->words; i++) {
        const struct search_word *asked = &result->word[i];
        uint32_t points;

        if (!search_lacks(result, hit, i) &&
            finds(&asked->word, word, &points) && points > best)
            best = points;
    }
    return best;
}

/* Bytes of the first n code points. */
static size_t bytes_of(const char *text, size_t len, uint32_t n)
{
    size_t i = 0;

    while (i < len && n > 0) {
        i++;
        while (i < len && ((uint8_t)text[i] & 0xC0) == 0x80)
            i++;
        n--;
    }
    return i;
}

bool highlight_next(struct fold *fold, const struct search_result *result,
    const struct search_hit *hit, struct highlight *out)
{
    struct fold_word word;

    while (fold_next(fold, &word)) {
        const uint32_t found = found_points(result, hit, &word);

        if (found == 0 || word.start < out->start + out->length)
            continue;
        *out =
            (struct highlight){word.start, word.points, word.from, word.bytes};
        /* The typed beginning alone, where its characters can be told. */
        if (word.points == word.folded_points && found < word.points) {
            out->length = found;
            out->bytes = bytes_of(fold->text + word.from, word.bytes, found);
        }
        return true;
    }
    return false;
}

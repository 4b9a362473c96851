#include "codesets/answer/highlight.h"

#include <string.h>

/* The longest word of the query that a word of the text begins with. */
static const struct fold_word *best_word(
    const struct search_result *result, const struct fold_word *word)
{
    const struct fold_word *best = NULL;

    for (uint32_t i = 0; i < result->words; i++) {
        const struct fold_word *asked = &result->word[i];

        if (asked->len <= word->len &&
            memcmp(asked->text, word->text, asked->len) == 0 &&
            (best == NULL || asked->len > best->len))
            best = asked;
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
    struct highlight *out)
{
    struct fold_word word;

    while (fold_next(fold, &word)) {
        const struct fold_word *asked = best_word(result, &word);

        if (asked == NULL || word.start < out->start + out->length)
            continue;
        *out =
            (struct highlight){word.start, word.points, word.from, word.bytes};
        /* The typed beginning alone, where its characters can be told. */
        if (word.points == word.folded_points &&
            asked->folded_points < word.points) {
            out->length = asked->folded_points;
            out->bytes = bytes_of(
                fold->text + word.from, word.bytes, asked->folded_points);
        }
        return true;
    }
    return false;
}

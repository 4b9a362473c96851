#include "codesets/search/spell.h"

#include <stdbool.h>
#include <string.h>

struct candidate {
    uint32_t word, weight;
    size_t alike; /* bytes that both begin with */
    int distance; /* twice, and one more when only its beginning is meant */
};

/* Where each byte stands in the word, as bits. */
struct pattern {
    uint64_t of[256];
    int len;
};

static bool only_letters(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((uint8_t)text[i] < 0x80 && (text[i] < 'a' || text[i] > 'z'))
            return false;
    return true;
}

/* Letters to add, drop, change or swap (Hyyrö's bit-parallel way) until the
 * word is the text, or *begin, the least for any beginning of the text. */
static int distance(
    const struct pattern *pattern, const char *text, size_t len, int *begin)
{
    const uint64_t last = UINT64_C(1) << (pattern->len - 1);
    uint64_t plus = ~UINT64_C(0), minus = 0, d0 = 0, old = 0;
    int score = pattern->len;

    *begin = score;
    for (size_t i = 0; i < len; i++) {
        const uint64_t here = pattern->of[(uint8_t)text[i]];
        const uint64_t swapped = ((~d0 & here) << 1) & old;
        uint64_t up, down;

        d0 = (((here & plus) + plus) ^ plus) | here | minus | swapped;
        up = minus | ~(d0 | plus);
        down = d0 & plus;
        if ((up & last) != 0)
            score++;
        if ((down & last) != 0)
            score--;
        up = up << 1 | 1;
        down <<= 1;
        plus = down | ~(d0 | up);
        minus = up & d0;
        old = here;
        if (score < *begin)
            *begin = score;
    }
    return score;
}

static bool better(const struct candidate *a, const struct candidate *b)
{
    if (a->distance != b->distance)
        return a->distance < b->distance;
    if (a->alike != b->alike)
        return a->alike > b->alike;
    return a->weight > b->weight;
}

/* Keeps the best ones, in order. */
static void keep(
    struct candidate *kept, uint32_t *count, const struct candidate *one)
{
    uint32_t at = *count;

    if (at == SPELL_WORDS_MAX) {
        if (!better(one, &kept[at - 1]))
            return;
        at--;
    } else {
        ++*count;
    }
    for (; at > 0 && better(one, &kept[at - 1]); at--)
        kept[at] = kept[at - 1];
    kept[at] = *one;
}

uint32_t spell(struct spelling out[SPELL_WORDS_MAX],
    const struct search_index *index, const struct fold_word *word,
    bool unfinished)
{
    const int most = word->len >= SPELL_TWO_MIN ? 2 : 1;
    struct pattern pattern = {.len = (int)word->len};
    struct candidate kept[SPELL_WORDS_MAX];
    uint32_t count = 0;

    if (word->len < SPELL_MIN || !only_letters(word->text, word->len))
        return 0;
    for (size_t i = 0; i < word->len; i++)
        pattern.of[(uint8_t)word->text[i]] |= UINT64_C(1) << i;
    for (uint32_t i = 0; i < index->words; i++) {
        struct candidate one = {.word = i};
        const char *text;
        size_t len;
        int whole, begin;

        text = search_word_text(index, i, &len);
        if (len + (size_t)most < word->len || len < SPELL_MIN - 1 ||
            (!unfinished && len > word->len + (size_t)most))
            continue;
        whole = distance(&pattern, text, len, &begin);
        if (whole <= most)
            one.distance = whole * 2;
        else if (unfinished && begin <= most)
            one.distance = begin * 2 + 1;
        else
            continue;
        if (whole == 0 || !only_letters(text, len))
            continue; /* itself, or a number */
        if (one.distance >= 4 && text[0] != word->text[0])
            continue; /* too far off: another word */
        while (one.alike < len && one.alike < word->len &&
               text[one.alike] == word->text[one.alike])
            one.alike++;
        one.weight = search_word_weight(index, i);
        keep(kept, &count, &one);
    }
    for (uint32_t i = 0; i < count; i++)
        out[i] = (struct spelling){kept[i].word, kept[i].distance / 2};
    return count;
}

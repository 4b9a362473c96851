#include "codesets/search/spell.h"

#include <stdbool.h>
#include <string.h>

struct candidate {
    uint32_t word, weight;
    size_t alike; /* bytes that both begin with */
    bool swapped; /* two letters stand the other way about */
    bool begun;   /* only its beginning is meant */
    int distance;
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
 * word is a text, after some bytes of that text: the column of the table, as
 * the steps from each of its cells to the next one. */
struct column {
    uint64_t plus, minus, d0, old;
    int whole; /* until it is these bytes */
    int begin; /* the least for any beginning of them */
};

static struct column first_column(const struct pattern *pattern)
{
    return (struct column){
        .plus = ~UINT64_C(0), .whole = pattern->len, .begin = pattern->len};
}

static struct column next_column(
    const struct pattern *pattern, const struct column *before, char letter)
{
    const uint64_t last = UINT64_C(1) << (pattern->len - 1);
    const uint64_t here = pattern->of[(uint8_t)letter];
    const uint64_t swapped = ((~before->d0 & here) << 1) & before->old;
    const uint64_t d0 =
        (((here & before->plus) + before->plus) ^ before->plus) | here |
        before->minus | swapped;
    const uint64_t up = before->minus | ~(d0 | before->plus);
    const uint64_t down = d0 & before->plus;
    struct column out = {.plus = down << 1 | ~(d0 | (up << 1 | 1)),
        .minus = (up << 1 | 1) & d0,
        .d0 = d0,
        .old = here,
        .whole = before->whole + ((up & last) != 0) - ((down & last) != 0),
        .begin = before->begin};

    if (out.whole < out.begin)
        out.begin = out.whole;
    return out;
}

/* True when some text that goes on from the column's `bytes` may still come as
 * near as `most`: a cell of the column is, and only those on either side of its
 * middle can be. */
static bool may_come_near(const struct pattern *pattern,
    const struct column *column, int bytes, int most)
{
    int cell = bytes > most ? bytes - most : 0, value = bytes;
    const int end = bytes + most < pattern->len ? bytes + most : pattern->len;
    uint64_t below;

    if (cell > pattern->len)
        return false;
    below = (UINT64_C(1) << cell) - 1;
    value += __builtin_popcountll(column->plus & below) -
             __builtin_popcountll(column->minus & below);
    while (value > most && cell < end) {
        value +=
            (int)(column->plus >> cell & 1) - (int)(column->minus >> cell & 1);
        cell++;
    }
    return value <= most;
}

static bool better(const struct candidate *a, const struct candidate *b)
{
    if (a->distance != b->distance)
        return a->distance < b->distance;
    if (a->swapped != b->swapped)
        return a->swapped;
    if (a->alike != b->alike)
        return a->alike > b->alike;
    if (a->begun != b->begun)
        return b->begun;
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

/* A walk over the dictionary. Its words are in order, so that one shares the
 * columns of what it begins with with the one before it. */
struct walk {
    const struct search_index *index;
    const struct fold_word *word;
    struct pattern pattern;
    bool unfinished;
    int most;         /* letters that may differ */
    uint32_t columns; /* made so far */
    const char *path; /* the text whose first `depth` columns stand here */
    int depth;
    struct column column[FOLD_WORD_MAX + 1];
};

static bool begins_with(
    const struct search_index *index, uint32_t word, const char *text, size_t n)
{
    size_t len;
    const char *own = search_word_text(index, word, &len);

    return len >= n && memcmp(own, text, n) == 0;
}

/* The first word behind a given one that does not begin with its n bytes, by
 * ever longer steps and then ever shorter ones. */
static uint32_t behind(
    const struct search_index *index, uint32_t word, const char *text, size_t n)
{
    uint32_t step = 1;

    while (step < index->words - word &&
           begins_with(index, word + step, text, n)) {
        word += step;
        step *= 2;
    }
    for (step /= 2; step > 0; step /= 2)
        if (step < index->words - word &&
            begins_with(index, word + step, text, n))
            word += step;
    return word + 1;
}

/* Makes the columns of a text. False when neither it nor any other word that
 * begins with its first *dead bytes comes near. */
static bool follow(
    struct walk *walk, const char *text, size_t len, size_t *dead)
{
    /* Two letters off and another first one: another word. */
    const int most = text[0] == walk->word->text[0] ? walk->most : 1;
    int at = 0;

    while (at < walk->depth && at < (int)len && text[at] == walk->path[at])
        at++;
    walk->path = text;
    for (; at < (int)len; at++) {
        struct column *next = &walk->column[at + 1];

        *next = next_column(&walk->pattern, &walk->column[at], text[at]);
        walk->columns++;
        if (!may_come_near(&walk->pattern, next, at + 1, most) &&
            !(walk->unfinished && next->begin <= most)) {
            walk->depth = at;
            *dead = (size_t)at + 1;
            return false;
        }
    }
    walk->depth = at;
    return true;
}

/* Behind the bytes that are alike two have changed places, and that is all. */
static bool is_swapped(
    const struct fold_word *word, const char *text, size_t len, size_t alike)
{
    return len == word->len && alike + 2 <= len &&
           text[alike] == word->text[alike + 1] &&
           text[alike + 1] == word->text[alike] &&
           memcmp(text + alike + 2, word->text + alike + 2, len - alike - 2) ==
               0;
}

/* How near a word comes whose columns are made; false when not near enough. */
static bool judge(struct candidate *out, const struct walk *walk,
    uint32_t number, const char *text, size_t len)
{
    const struct column *column = &walk->column[len];

    *out = (struct candidate){.word = number};
    out->begun = walk->unfinished && column->begin < column->whole;
    out->distance = out->begun ? column->begin : column->whole;
    if (out->distance > walk->most)
        return false;
    if (column->whole == 0 || !only_letters(text, len))
        return false; /* itself, or a number */
    if ((out->distance > 1 || walk->word->len < SPELL_FIRST) &&
        text[0] != walk->word->text[0])
        return false; /* too far off: another word */
    while (out->alike < len && out->alike < walk->word->len &&
           text[out->alike] == walk->word->text[out->alike])
        out->alike++;
    out->swapped = is_swapped(walk->word, text, len, out->alike);
    out->weight = search_word_weight(walk->index, number);
    return true;
}

uint32_t spell(struct spelling out[SPELL_WORDS_MAX],
    const struct search_index *index, const struct fold_word *word,
    bool unfinished)
{
    struct walk walk; /* not zeroed: it is large */
    struct candidate kept[SPELL_WORDS_MAX];
    uint32_t count = 0;

    if (word->len < SPELL_MIN || !only_letters(word->text, word->len))
        return 0;
    walk.index = index;
    walk.word = word;
    walk.unfinished = unfinished;
    walk.most = word->len >= SPELL_TWO_MIN ? 2 : 1;
    walk.columns = 0;
    walk.depth = 0;
    walk.path = word->text;
    walk.pattern = (struct pattern){.len = (int)word->len};
    for (size_t i = 0; i < word->len; i++)
        walk.pattern.of[(uint8_t)word->text[i]] |= UINT64_C(1) << i;
    walk.column[0] = first_column(&walk.pattern);
    for (uint32_t i = 0; i < index->words && walk.columns < SPELL_COLUMNS_MAX;
         i++) {
        struct candidate one;
        size_t len, dead;
        const char *text = search_word_text(index, i, &len);

        if (len + (size_t)walk.most < word->len || len < SPELL_MIN ||
            len > FOLD_WORD_MAX)
            continue;
        if (!follow(&walk, text, len, &dead))
            i = behind(index, i, text, dead) - 1;
        else if (judge(&one, &walk, i, text, len))
            keep(kept, &count, &one);
    }
    for (uint32_t i = 0; i < count; i++)
        out[i] = (struct spelling){kept[i].word, kept[i].distance};
    return count;
}

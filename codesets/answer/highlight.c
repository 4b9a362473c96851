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

/* The words of the query that a hit has. */
struct had {
    const struct fold_word *word[SEARCH_QUERY_WORDS];
    uint8_t place[SEARCH_QUERY_WORDS];
    uint32_t words;
    uint32_t letters; /* that they begin with: fold_pass() */
    uint64_t lacks;   /* the others, as bits of their places */
    uint64_t found;   /* in the text, if only a beginning */
};

static void read_had(struct had *out, const struct search_result *result,
    const struct search_hit *hit)
{
    out->words = out->letters = 0;
    out->lacks = out->found = 0;
    for (uint32_t i = 0; i < result->words; i++) {
        if (search_lacks(result, hit, i)) {
            out->lacks |= UINT64_C(1) << i;
            continue;
        }
        out->letters |= fold_letter(&result->word[i].word);
        out->word[out->words] = &result->word[i].word;
        out->place[out->words++] = (uint8_t)i;
    }
}

/* How much of a word of the text the query found; 0 for nothing. Words that
 * are found in full are added to *whole. */
static uint32_t found_points(
    struct had *had, const struct fold_word *word, uint64_t *whole)
{
    uint32_t best = 0;

    for (uint32_t i = 0; i < had->words; i++) {
        uint32_t points;

        if (!finds(had->word[i], word, &points))
            continue;
        had->found |= UINT64_C(1) << had->place[i];
        if (points >= word->folded_points)
            *whole |= UINT64_C(1) << had->place[i];
        if (points > best)
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

/* The next word of the text; one that cannot be marked may be passed over. The
 * words that are meant are told by their number: then none is. */
static inline int next_word(struct fold *fold, struct fold_word *word,
    const struct had *had, uint64_t meant)
{
    if (meant == 0)
        fold_pass(fold, had->letters);
    return fold_next(fold, word);
}

/* Marks what was found, and the words of the text whose bits are in meant.
 * Returns the words of the query that stand there in full, as bits. */
static uint64_t mark(struct highlights *out, const char *text, size_t len,
    struct had *had, uint64_t meant)
{
    struct fold_word word;
    struct fold fold;
    uint64_t whole = 0;
    size_t behind = 0;

    out->count = 0;
    fold_begin(&fold, text, len);
    for (uint32_t i = 0; next_word(&fold, &word, had, meant); i++) {
        const bool means = i < MEANINGS_TEXT_WORDS && (meant >> i & 1) != 0;
        const uint32_t found = found_points(had, &word, &whole);
        struct highlight *at = &out->at[out->count];

        if ((found == 0 && !means) || word.start < behind ||
            out->count == HIGHLIGHTS_MAX)
            continue;
        *at =
            (struct highlight){word.start, word.points, word.from, word.bytes};
        /* The typed beginning alone, where its characters can be told. */
        if (!means && word.points == word.folded_points &&
            found < word.points) {
            at->length = found;
            at->bytes = bytes_of(text + word.from, word.bytes, found);
        }
        behind = at->start + at->length;
        out->count++;
    }
    return whole;
}

void highlights_find(struct highlights *out, const char *text, size_t len,
    bool abridged, const struct search_result *result,
    const struct search_hit *hit, const struct meanings_typed *typed)
{
    struct meanings_text words;
    uint64_t meant = 0, whole;
    struct had had;

    read_had(&had, result, hit);
    whole = mark(out, text, len, &had, 0);
    out->meanings = 0;
    out->words = had.found;
    words.words = 0; /* they are read when they are needed */
    if (hit->match < MATCH_TITLE)
        return; /* a code was typed, no words */
    for (uint32_t i = 0; i < typed->count; i++) {
        const struct meaning *meaning = typed->meaning[i];
        uint64_t stands;

        if ((typed->words[i] & ~whole) == 0 ||
            (typed->words[i] & had.lacks) != 0 ||
            (meaning->abridged && !abridged) ||
            out->meanings == HIGHLIGHT_MEANINGS)
            continue;
        if (words.words == 0)
            meanings_text(&words, text, len);
        stands = meanings_stand(meaning, &words);
        if (stands != 0)
            out->words |= typed->words[i];
        if ((stands & ~meant) == 0)
            continue; /* not there, or another table says the same */
        meant |= stands;
        out->meaning[out->meanings++] = meaning;
    }
    if (meant != 0)
        (void)mark(out, text, len, &had, meant);
}

void highlights_json(struct json *json, const struct highlights *found)
{
    json_key(json, "highlights");
    json_open(json, '[');
    for (uint32_t i = 0; i < found->count; i++)
        json_pair(json, found->at[i].start, found->at[i].length);
    json_close(json, ']');
}

#include "codesets/search/meanings.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/search/terms.h"

struct meanings {
    struct words words;
    struct meaning *meaning; /* by key */
    size_t count;
};

static uint64_t key_of(struct words_cell term)
{
    struct fold_word word;
    struct fold fold;
    uint64_t key = 0;

    fold_begin(&fold, term.text, term.len);
    while (key == 0 && fold_next(&fold, &word))
        key = term_hash(word.text, word.len);
    return key;
}

static void add(struct meanings *out, struct words_cell term,
    struct words_cell meaning, struct words_cell kind, bool abridged)
{
    const uint64_t key = key_of(term);

    if (key == 0)
        return;
    out->meaning[out->count] = (struct meaning){
        term, meaning, kind, abridged, (uint32_t)out->count, key};
    out->count++;
}

/* By key; of one, in the order of the tables. */
static int in_order(const void *a, const void *b)
{
    const struct meaning *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void add_tables(struct meanings *out)
{
    static const struct words_cell brief = {"abbreviation", 12};

    for (size_t i = 0; i < out->words.abbreviations; i++) {
        const struct abbreviation *row = &out->words.abbreviation[i];

        if ((row->where & WORDS_IN_QUERY) != 0)
            add(out, row->brief, row->meaning, brief, false);
        /* Titles of other systems are not the short ones. */
        if ((row->where & WORDS_IN_PFS) != 0)
            add(out, row->meaning, row->brief, brief, true);
    }
    for (size_t i = 0; i < out->words.synonyms; i++) {
        const struct synonym *row = &out->words.synonym[i];

        add(out, row->term, row->meaning, row->kind, false);
        if (row->both)
            add(out, row->meaning, row->term, row->kind, false);
    }
}

int meanings_open(struct meanings **out, struct error *err)
{
    struct meanings *own = calloc(1, sizeof *own);
    int rc;

    if (own == NULL)
        return error_memory(err);
    if ((rc = words_open(&own->words, err)) == 0) {
        /* Each row can be read in two directions. */
        own->meaning =
            calloc(2 * (own->words.abbreviations + own->words.synonyms) + 1,
                sizeof *own->meaning);
        if (own->meaning == NULL)
            rc = error_memory(err);
    }
    if (rc != 0) {
        meanings_close(own);
        return rc;
    }
    add_tables(own);
    qsort(own->meaning, own->count, sizeof *own->meaning, in_order);
    *out = own;
    return 0;
}

void meanings_close(struct meanings *meanings)
{
    if (meanings == NULL)
        return;
    free(meanings->meaning);
    words_close(&meanings->words);
    free(meanings);
}

const struct words *meanings_words(const struct meanings *meanings)
{
    return &meanings->words;
}

/* The words of the query that are the term, as bits; 0 when one was not typed.
 */
static uint64_t typed_words(const struct meaning *meaning,
    const uint64_t hash[SEARCH_QUERY_WORDS], uint32_t words)
{
    struct fold_word word;
    struct fold fold;
    uint64_t bits = 0;

    fold_begin(&fold, meaning->term.text, meaning->term.len);
    while (fold_next(&fold, &word)) {
        const uint64_t wanted = term_hash(word.text, word.len);
        uint32_t i = 0;

        if (wanted == 0)
            continue;
        while (i < words && hash[i] != wanted)
            i++;
        if (i == words)
            return 0;
        bits |= UINT64_C(1) << i;
    }
    return bits;
}

static size_t first_of(const struct meanings *meanings, uint64_t key)
{
    size_t low = 0, high = meanings->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (meanings->meaning[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void meanings_find(struct meanings_typed *out, const struct meanings *meanings,
    const struct search_result *result)
{
    uint64_t hash[SEARCH_QUERY_WORDS];

    out->count = 0;
    for (uint32_t i = 0; i < result->words; i++)
        hash[i] =
            term_hash(result->word[i].word.text, result->word[i].word.len);
    for (uint32_t i = 0; i < result->words; i++) {
        uint32_t before = 0;

        while (before < i && hash[before] != hash[i])
            before++;
        if (hash[i] == 0 || before < i) /* grammar, or typed twice */
            continue;
        for (size_t at = first_of(meanings, hash[i]);
             at < meanings->count && meanings->meaning[at].key == hash[i] &&
             out->count < MEANINGS_MAX;
             at++) {
            const struct meaning *meaning = &meanings->meaning[at];
            const uint64_t words = typed_words(meaning, hash, result->words);

            if (words == 0)
                continue;
            out->meaning[out->count] = meaning;
            out->words[out->count++] = words;
        }
    }
}

void meanings_text(struct meanings_text *out, const char *text, size_t len)
{
    struct fold fold;

    out->words = 0;
    fold_begin(&fold, text, len);
    while (out->words < MEANINGS_TEXT_WORDS &&
           fold_next(&fold, &out->word[out->words]))
        out->words++;
}

/* A phrase of a meaning, between two "+". */
struct phrase {
    struct fold_word word[WORDS_PHRASE_MAX];
    bool begins[WORDS_PHRASE_MAX]; /* any word that begins so */
    uint32_t words;
};

static bool is_phrase_at(const struct phrase *phrase,
    const struct meanings_text *text, uint32_t place)
{
    if (phrase->words > text->words - place)
        return false;
    for (uint32_t i = 0; i < phrase->words; i++) {
        const struct fold_word *want = &phrase->word[i];
        const struct fold_word *have = &text->word[place + i];

        if (phrase->begins[i] ? have->len < want->len : have->len != want->len)
            return false;
        if (memcmp(want->text, have->text, want->len) != 0)
            return false;
    }
    return true;
}

/* Everywhere in the text. */
static uint64_t phrase_words(
    const struct phrase *phrase, const struct meanings_text *text)
{
    uint64_t bits = 0;

    for (uint32_t place = 0; place < text->words; place++)
        if (is_phrase_at(phrase, text, place))
            for (uint32_t i = 0; i < phrase->words; i++)
                bits |= UINT64_C(1) << (place + i);
    return bits;
}

uint64_t meanings_stand(
    const struct meaning *meaning, const struct meanings_text *text)
{
    const char *at = meaning->meaning.text, *end = at + meaning->meaning.len;
    uint64_t bits = 0;

    while (at < end) {
        const char *plus = memchr(at, '+', (size_t)(end - at));
        struct phrase phrase = {.words = 0};
        struct fold_word word;
        struct fold fold;
        uint64_t found;

        if (plus == NULL)
            plus = end;
        fold_begin(&fold, at, (size_t)(plus - at));
        while (fold_next(&fold, &word)) {
            const char *behind = at + word.from + word.bytes;

            if (phrase.words == WORDS_PHRASE_MAX)
                return 0;
            phrase.begins[phrase.words] = behind < plus && *behind == '*';
            phrase.word[phrase.words++] = word;
        }
        if (phrase.words == 0 || (found = phrase_words(&phrase, text)) == 0)
            return 0;
        bits |= found;
        at = plus + 1;
    }
    return bits;
}

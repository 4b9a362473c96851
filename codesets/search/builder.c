#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/core/fold.h"
#include "codesets/search/builder_parts.h"
#include "codesets/search/terms.h"

enum { FIRST_WORDS = 1 << 15 };

static bool make_room(struct search_builder *builder, uint32_t cap)
{
    uint32_t *first =
        realloc(builder->first, ((size_t)cap + 1) * sizeof *first);
    uint64_t *hash;
    uint32_t *rules_of;

    if (first == NULL)
        return false;
    builder->first = first;
    hash = realloc(builder->hash, cap * sizeof *hash);
    if (hash == NULL)
        return false;
    builder->hash = hash;
    rules_of = realloc(builder->rules_of, cap * sizeof *rules_of);
    if (rules_of == NULL)
        return false;
    builder->rules_of = rules_of;
    builder->words_cap = cap;
    return true;
}

int search_builder_open(
    struct search_builder **out, uint32_t documents, struct error *err)
{
    struct search_builder *builder;

    if (documents > SEARCH_DOCUMENTS_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "%u codes, more than the %d a search index holds", documents,
            SEARCH_DOCUMENTS_MAX);
    builder = calloc(1, sizeof *builder);
    if (builder == NULL)
        return error_memory(err);
    builder->documents = documents;
    builder->document =
        calloc((size_t)documents + 1, sizeof *builder->document);
    builder->slots = FIRST_WORDS * 2;
    builder->slot = calloc(builder->slots, sizeof *builder->slot);
    if (builder->document == NULL || builder->slot == NULL ||
        !make_room(builder, FIRST_WORDS)) {
        search_builder_close(builder);
        return error_memory(err);
    }
    builder->first[0] = 0;
    for (uint32_t i = 0; i < documents; i++) {
        builder->document[i].from = DAY_UNKNOWN;
        builder->document[i].to = DAY_OPEN;
    }
    /* The values of the systems have the numbers of the systems. */
    for (int system = 0; system < SYSTEM_COUNT; system++) {
        struct value *value = &builder->value[builder->values++];

        value->facet = FACET_SYSTEM;
        memcpy(value->name, code_system_name((enum code_system)system),
            strlen(code_system_name((enum code_system)system)) + 1);
    }
    *out = builder;
    return 0;
}

void search_builder_close(struct search_builder *builder)
{
    if (builder == NULL)
        return;
    free(builder->document);
    buffer_clear(&builder->bytes);
    free(builder->first);
    free(builder->hash);
    free(builder->rules_of);
    free(builder->slot);
    buffer_clear(&builder->rule);
    buffer_clear(&builder->rule_word);
    buffer_clear(&builder->rule_link);
    buffer_clear(&builder->prefix_rule);
    buffer_clear(&builder->title);
    buffer_clear(&builder->name);
    buffer_clear(&builder->row);
    buffer_clear(&builder->days);
    free(builder->posting);
    free(builder);
}

/* ------------------------------------------------------------ documents */

void search_builder_document(struct search_builder *builder, uint32_t document,
    enum code_system system, day_t from, day_t to)
{
    if (document >= builder->documents)
        return;
    builder->document[document].value[FACET_SYSTEM] = (uint8_t)(system + 1);
    builder->document[document].from = from;
    builder->document[document].to = to;
}

void search_builder_rare(struct search_builder *builder, uint32_t document)
{
    if (document < builder->documents)
        builder->document[document].rare = true;
}

/* Where value i goes: its facet's column; every setting has its own. */
static int column_of(const struct search_builder *builder, uint32_t i)
{
    int column = (int)builder->value[i].facet;

    for (uint32_t n = 0; column >= FACET_SETTING && n < i; n++)
        column += builder->value[n].facet == FACET_SETTING;
    return column;
}

/* Finds the value, or makes it. */
static int find_value(uint32_t *out, struct search_builder *builder,
    uint32_t document, enum search_facet facet, const char *name,
    struct error *err)
{
    const size_t len = strlen(name);
    uint32_t i = 0;

    if (document >= builder->documents || len >= SEARCH_VALUE_NAME)
        return error_set(err, ERR_INPUT, 0, "search: value %s of document %u",
            name, document);
    while (
        i < builder->values && (builder->value[i].facet != facet ||
                                   strcmp(builder->value[i].name, name) != 0))
        i++;
    if (i == SEARCH_VALUES_MAX)
        return error_set(err, ERR_LIMIT, 0, "more than %d values of facets",
            SEARCH_VALUES_MAX);
    if (i == builder->values) {
        builder->value[i].facet = facet;
        memcpy(builder->value[i].name, name, len + 1);
        builder->values++;
    }
    if (column_of(builder, i) >= SEARCH_COLUMNS)
        return error_set(
            err, ERR_LIMIT, 0, "more than %d settings", SEARCH_SETTINGS);
    *out = i;
    return 0;
}

int search_builder_value(struct search_builder *builder, uint32_t document,
    enum search_facet facet, const char *name, struct error *err)
{
    uint32_t i;
    const int rc = find_value(&i, builder, document, facet, name, err);

    if (rc == 0)
        builder->document[document].value[column_of(builder, i)] =
            (uint8_t)(i + 1);
    return rc;
}

int search_builder_value_on(struct search_builder *builder, uint32_t document,
    enum search_facet facet, const char *name, day_t from, day_t to,
    struct error *err)
{
    struct value_days days = {.document = document, .from = from, .to = to};
    uint32_t i = 0;
    const int rc = find_value(&i, builder, document, facet, name, err);

    if (rc != 0 || from > to)
        return rc;
    days.column = (uint8_t)column_of(builder, i);
    days.value = (uint8_t)(i + 1);
    buffer_add(&builder->days, &days, sizeof days);
    return builder->days.failed ? error_memory(err) : 0;
}

/* ---------------------------------------------------------------- words */

/* FNV-1a: short keys, no ill will. */
static uint32_t hash_of(const char *text, size_t len)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < len; i++)
        h = (h ^ (uint8_t)text[i]) * 16777619u;
    return h;
}

/* The slot of a word: its own, or the empty one where it belongs. */
static uint32_t find_slot(
    const struct search_builder *builder, const char *text, size_t len)
{
    uint32_t at = hash_of(text, len) & (builder->slots - 1);

    while (builder->slot[at] != 0) {
        const uint32_t word = builder->slot[at] - 1;
        const uint32_t first = builder->first[word];

        if (builder->first[word + 1] - first == len &&
            memcmp(builder->bytes.data + first, text, len) == 0)
            break;
        at = (at + 1) & (builder->slots - 1);
    }
    return at;
}

static int grow_words(struct search_builder *builder, struct error *err)
{
    const uint32_t cap = builder->words_cap * 2;
    uint32_t *slot;

    if (cap > SEARCH_WORDS_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "more than %d words in a search index", SEARCH_WORDS_MAX);
    if (!make_room(builder, cap) ||
        (slot = calloc((size_t)cap * 2, sizeof *slot)) == NULL)
        return error_memory(err);
    free(builder->slot);
    builder->slot = slot;
    builder->slots = cap * 2;
    for (uint32_t word = 0; word < builder->words; word++)
        slot[find_slot(builder, builder->bytes.data + builder->first[word],
            builder->first[word + 1] - builder->first[word])] = word + 1;
    return 0;
}

int builder_word(struct search_builder *builder, const char *text, size_t len,
    uint32_t *word, struct error *err)
{
    uint32_t at = find_slot(builder, text, len);
    int rc;

    if (builder->slot[at] != 0) {
        *word = builder->slot[at] - 1;
        return 0;
    }
    if (builder->words == builder->words_cap) {
        if ((rc = grow_words(builder, err)) != 0)
            return rc;
        at = find_slot(builder, text, len);
    }
    buffer_add(&builder->bytes, text, len);
    if (builder->bytes.failed)
        return error_memory(err);
    *word = builder->words++;
    builder->first[builder->words] = (uint32_t)builder->bytes.len;
    builder->hash[*word] = term_hash(text, len);
    builder->rules_of[*word] = 0;
    builder->slot[at] = builder->words;
    return rules_of_new_word(builder, *word, err);
}

int builder_posting(struct search_builder *builder, uint32_t word, uint32_t row,
    struct error *err)
{
    if (builder->postings == builder->postings_cap) {
        const size_t cap =
            builder->postings_cap == 0 ? 1 << 16 : builder->postings_cap * 2;
        struct posting *posting;

        if (cap > SEARCH_POSTINGS_MAX)
            return error_set(err, ERR_LIMIT, 0,
                "more than %d words in the texts of a build",
                SEARCH_POSTINGS_MAX);
        posting = realloc(builder->posting, cap * sizeof *posting);
        if (posting == NULL)
            return error_memory(err);
        builder->posting = posting;
        builder->postings_cap = cap;
    }
    builder->posting[builder->postings++] = (struct posting){word, row};
    return 0;
}

void builder_name(struct search_builder *builder, uint64_t hash,
    uint32_t document, bool title)
{
    const struct name name = {hash, document, title};

    if (hash != 0)
        buffer_add(&builder->name, &name, sizeof name);
}

/* ---------------------------------------------------------------- texts */

/* How long a title is that ranks its code: what only says that nothing more is
 * known, and which visit it is, does not make it longer. */
struct measure {
    uint32_t length, end;
    bool encounter;
    uint8_t inside[SEARCH_TEXT_WORDS_MAX / 8]; /* words in parentheses */
};

static void measure_word(struct measure *m, const struct fold_word *word)
{
    static const char *const idle[] = {
        "unspecified", "initial", "subsequent", "sequela", NULL};
    bool counts = !m->encounter;

    for (size_t i = 0; idle[i] != NULL; i++)
        if (strlen(idle[i]) == word->len &&
            memcmp(idle[i], word->text, word->len) == 0)
            counts = false;
    if (word->len == 9 && memcmp(word->text, "encounter", 9) == 0 &&
        m->end < word->start) {
        m->encounter = true; /* "initial encounter for closed fracture" */
        counts = false;
    }
    m->end = word->start + word->points;
    if (counts)
        m->length = m->end;
}

/* The row of a new text: the document's own, or one of its own. */
static int row_of(struct search_builder *builder, uint32_t document,
    enum search_field field, uint32_t *row, struct error *err)
{
    *row = document;
    if (document >= builder->documents)
        return error_set(err, ERR_INPUT, 0, "search: document %u of %u",
            document, builder->documents);
    if (field != SEARCH_EXTRA)
        return 0;
    *row = builder->documents + (uint32_t)(builder->row.len / sizeof document);
    if (*row - builder->documents == SEARCH_ROWS_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "more than %d texts in a search index", SEARCH_ROWS_MAX);
    buffer_add(&builder->row, &document, sizeof document);
    return builder->row.failed ? error_memory(err) : 0;
}

/* A number with at most one place behind its point, in tenths; -1 for another
 * word. */
static int tenths(const struct fold_word *word)
{
    enum { DIGITS_MAX = 3 };
    int value = 0;
    size_t i = 0;

    for (; i < word->len && word->text[i] != '.'; i++) {
        if (word->text[i] < '0' || word->text[i] > '9' || i == DIGITS_MAX)
            return -1;
        value = value * 10 + (word->text[i] - '0');
    }
    value *= 10;
    if (i == word->len)
        return value;
    if (i + 2 != word->len || word->text[i + 1] < '0' ||
        word->text[i + 1] > '9')
        return -1;
    return value + (word->text[i + 1] - '0');
}

static int add_number(struct search_builder *builder, uint32_t row, int tenths,
    bool whole, struct error *err)
{
    char text[16];
    const int len =
        whole ? snprintf(text, sizeof text, "%d", tenths / 10)
              : snprintf(text, sizeof text, "%d.%d", tenths / 10, tenths % 10);
    uint32_t word;
    const int rc = builder_word(builder, text, (size_t)len, &word, err);

    return rc == 0 ? builder_posting(builder, word, row, err) : rc;
}

/* What lies between the numbers of "35.0-35.9" or "20-29%" is meant as well; of
 * the first, 35 too. */
static int add_between(struct search_builder *builder, uint32_t row,
    const struct fold_word *low, const struct fold_word *high, const char *text,
    struct error *err)
{
    enum { BETWEEN_MAX = 100 };
    const bool whole = memchr(low->text, '.', low->len) == NULL;
    const int step = whole ? 10 : 1;
    const int first = tenths(low), last = tenths(high);
    int rc = 0;

    if (high->from != low->from + low->bytes + 1 ||
        text[high->from - 1] != '-' || first < 0 || last < 0 ||
        whole != (memchr(high->text, '.', high->len) == NULL) ||
        (last - first) / step > BETWEEN_MAX)
        return 0;
    if (!whole && first % 10 == 0 && last == first + 9)
        rc = add_number(builder, row, first, true, err);
    for (int n = first + step; rc == 0 && n < last; n += step)
        rc = add_number(builder, row, n, whole, err);
    return rc;
}

static int add_text(struct search_builder *builder, uint32_t document,
    uint32_t row, uint32_t *words, uint64_t *hash, struct measure *measure,
    const char *text, size_t len, struct error *err)
{
    struct fold_word word, last = {.len = 0};
    struct fold fold;
    uint64_t outside = 0;
    size_t at = 0;
    int depth = 0, rc;

    *words = 0;
    *hash = 0;
    fold_begin(&fold, text, len);
    while (*words < SEARCH_TEXT_WORDS_MAX && fold_next(&fold, &word)) {
        uint32_t *number = &builder->word[*words];

        if ((rc = builder_word(builder, word.text, word.len, number, err)) !=
                0 ||
            (rc = builder_posting(builder, *number, row, err)) != 0 ||
            (last.len > 0 &&
                (rc = add_between(builder, row, &last, &word, text, err)) != 0))
            return rc;
        last = word;
        measure_word(measure, &word);
        for (; at < word.from; at++)
            depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
        if (depth > 0)
            measure->inside[*words / 8] |= (uint8_t)(1u << *words % 8);
        *hash += builder->hash[*number];
        outside += depth <= 0 ? builder->hash[*number] : 0;
        ++*words;
    }
    /* What stands in parentheses may be said or not. */
    if (outside != *hash)
        builder_name(builder, outside, document, false);
    return 0;
}

/* The title of a document, until a better one comes. In ICD-10-CM the words in
 * parentheses are nonessential modifiers: they do not part those around them.
 */
static void set_title(struct search_builder *builder, uint32_t document,
    uint32_t words, const struct measure *measure)
{
    struct document *d = &builder->document[document];
    const bool has_modifiers = d->value[FACET_SYSTEM] == SYSTEM_ICD10CM + 1;

    d->length = measure->length != 0 ? measure->length : measure->end;
    d->title = (uint32_t)(builder->title.len / sizeof(uint32_t));
    d->title_words = 0;
    for (uint32_t i = 0; i < words; i++) {
        const uint32_t word = builder->word[i];
        const uint32_t first = builder->first[word];

        if ((has_modifiers && (measure->inside[i / 8] >> i % 8 & 1) != 0) ||
            term_is_grammar(
                builder->bytes.data + first, builder->first[word + 1] - first))
            continue;
        buffer_add(&builder->title, &word, sizeof word);
        d->title_words++;
    }
}

int search_builder_add(struct search_builder *builder, uint32_t document,
    enum search_field field, unsigned marks, const char *text, size_t len,
    struct error *err)
{
    struct measure measure = {0};
    uint64_t hash;
    uint32_t words, row;
    int rc = row_of(builder, document, field, &row, err);

    if (rc == 0)
        rc = add_text(
            builder, document, row, &words, &hash, &measure, text, len, err);
    if (rc != 0)
        return rc;
    if (field == SEARCH_TITLE)
        set_title(builder, document, words, &measure);
    builder_name(builder, hash, document, field == SEARCH_TITLE);
    rc = apply_rules(
        builder, document, row, field, marks, words, hash, false, err);
    if (rc == 0 && (builder->title.failed || builder->name.failed))
        rc = error_memory(err);
    return rc;
}

int search_builder_name(struct search_builder *builder, uint32_t document,
    const char *text, size_t len, struct error *err)
{
    struct measure measure = {0};
    uint64_t hash;
    uint32_t words, row;
    int rc = row_of(builder, document, SEARCH_EXTRA, &row, err);

    if (rc == 0)
        rc = add_text(
            builder, document, row, &words, &hash, &measure, text, len, err);
    if (rc != 0)
        return rc;
    builder_name(builder, hash, document, true);
    rc = apply_rules(
        builder, document, row, SEARCH_EXTRA, 0, words, hash, true, err);
    return rc == 0 && builder->name.failed ? error_memory(err) : rc;
}

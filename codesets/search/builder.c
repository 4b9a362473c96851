#include <stdlib.h>
#include <string.h>

#include "codesets/core/bytes.h"
#include "codesets/core/fold.h"
#include "codesets/search/index.h"

/* A word that stands in a document; later its rank and its place. */
struct posting {
    uint32_t word, document;
};

struct document {
    uint32_t title; /* code points of its title */
    day_t from, to;
    uint8_t system;
};

struct search_builder {
    uint32_t documents;
    struct document *document;
    /* The words, in the order of their appearance, and a hash of them. */
    struct buffer bytes;
    uint32_t *first; /* words + 1 offsets into bytes */
    uint32_t words, words_cap;
    uint32_t *slot; /* word + 1, or 0 for an empty slot */
    uint32_t slots; /* a power of two, at least twice the words */
    struct posting *posting;
    size_t postings, postings_cap;
};

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
    builder->slots = 1 << 16;
    builder->slot = calloc(builder->slots, sizeof *builder->slot);
    builder->words_cap = 1 << 15;
    builder->first =
        calloc((size_t)builder->words_cap + 1, sizeof *builder->first);
    if (builder->document == NULL || builder->slot == NULL ||
        builder->first == NULL) {
        search_builder_close(builder);
        return error_memory(err);
    }
    for (uint32_t i = 0; i < documents; i++)
        builder->document[i] = (struct document){
            .from = DAY_UNKNOWN, .to = DAY_OPEN, .system = SYSTEM_LOCAL};
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
    free(builder->slot);
    free(builder->posting);
    free(builder);
}

void search_builder_document(struct search_builder *builder, uint32_t document,
    enum code_system system, day_t from, day_t to)
{
    if (document >= builder->documents)
        return;
    builder->document[document].system = (uint8_t)system;
    builder->document[document].from = from;
    builder->document[document].to = to;
}

/* FNV-1a: short keys, no ill will. */
static uint32_t hash(const char *text, size_t len)
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
    uint32_t at = hash(text, len) & (builder->slots - 1);

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
    uint32_t *first, *slot;

    if (cap > SEARCH_WORDS_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "more than %d words in a search index", SEARCH_WORDS_MAX);
    first = realloc(builder->first, ((size_t)cap + 1) * sizeof *first);
    if (first == NULL)
        return error_memory(err);
    builder->first = first;
    slot = calloc((size_t)cap * 2, sizeof *slot);
    if (slot == NULL)
        return error_memory(err);
    free(builder->slot);
    builder->slot = slot;
    builder->slots = cap * 2;
    builder->words_cap = cap;
    for (uint32_t word = 0; word < builder->words; word++)
        slot[find_slot(builder, builder->bytes.data + first[word],
            first[word + 1] - first[word])] = word + 1;
    return 0;
}

static int add_word(struct search_builder *builder, const char *text,
    size_t len, uint32_t *word, struct error *err)
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
    builder->slot[at] = builder->words;
    return 0;
}

static int add_posting(struct search_builder *builder, uint32_t word,
    uint32_t document, struct error *err)
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
    builder->posting[builder->postings++] = (struct posting){word, document};
    return 0;
}

int search_builder_add(struct search_builder *builder, uint32_t document,
    enum search_field field, const char *text, size_t len, struct error *err)
{
    struct fold_word word;
    struct fold fold;
    uint32_t number = 0;
    int rc;

    if (document >= builder->documents)
        return error_set(err, ERR_INPUT, 0, "search: document %u of %u",
            document, builder->documents);
    fold_begin(&fold, text, len);
    while (fold_next(&fold, &word))
        if ((rc = add_word(builder, word.text, word.len, &number, err)) != 0 ||
            (rc = add_posting(builder, number, document, err)) != 0)
            return rc;
    if (field == SEARCH_TITLE)
        builder->document[document].title = fold.point;
    return 0;
}

/* ------------------------------------------------------------- writing */

static void add_u32(struct buffer *out, uint32_t v)
{
    uint8_t bytes[4];

    store_u32(bytes, v);
    buffer_add(out, bytes, sizeof bytes);
}

struct order {
    uint32_t title, document;
};

/* Codes without a title come last. */
static int compare_order(const void *a, const void *b)
{
    const struct order *x = a, *y = b;

    if (x->title != y->title)
        return x->title - 1 < y->title - 1 ? -1 : 1;
    return x->document < y->document ? -1 : x->document > y->document;
}

static void rank_documents(
    const struct search_builder *builder, struct order *order, uint32_t *rank)
{
    for (uint32_t i = 0; i < builder->documents; i++)
        order[i] = (struct order){builder->document[i].title, i};
    qsort(order, builder->documents, sizeof *order, compare_order);
    for (uint32_t i = 0; i < builder->documents; i++)
        rank[order[i].document] = i;
}

static int compare_words(const void *a, const void *b, void *context)
{
    const struct search_builder *builder = context;
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const size_t x_len = builder->first[x + 1] - builder->first[x];
    const size_t y_len = builder->first[y + 1] - builder->first[y];
    const int c = memcmp(builder->bytes.data + builder->first[x],
        builder->bytes.data + builder->first[y], x_len < y_len ? x_len : y_len);

    return c != 0 ? c : (x_len > y_len) - (x_len < y_len);
}

/* One pass of a stable counting sort from `from` into `to`. key_of maps a
 * posting's word (by_word) or document to where it sorts. */
static void deal(const struct posting *from, struct posting *to, size_t n,
    const uint32_t *key_of, bool by_word, size_t *count, size_t keys)
{
    memset(count, 0, (keys + 1) * sizeof *count);
    for (size_t i = 0; i < n; i++)
        count[key_of[by_word ? from[i].word : from[i].document] + 1]++;
    for (size_t k = 0; k < keys; k++)
        count[k + 1] += count[k];
    for (size_t i = 0; i < n; i++)
        to[count[key_of[by_word ? from[i].word : from[i].document]]++] =
            from[i];
}

static void add_head(const struct search_builder *builder, struct buffer *out,
    const struct order *order, const uint32_t *rank, uint32_t posting_bytes)
{
    const size_t bitmap = ((size_t)builder->documents + 7) / 8;

    add_u32(out, builder->documents);
    add_u32(out, builder->words);
    add_u32(out, (uint32_t)builder->bytes.len);
    add_u32(out, posting_bytes);
    for (uint32_t i = 0; i < builder->documents; i++)
        add_u32(out, order[i].document);
    for (uint32_t i = 0; i < builder->documents; i++)
        add_u32(out, rank[i]);
    for (uint32_t i = 0; i < builder->documents; i++)
        add_u32(out, (uint32_t)builder->document[order[i].document].from);
    for (uint32_t i = 0; i < builder->documents; i++)
        add_u32(out, (uint32_t)builder->document[order[i].document].to);
    for (int system = 0; system < SYSTEM_COUNT; system++)
        for (size_t byte = 0; byte < bitmap; byte++) {
            uint8_t bits = 0;

            for (uint32_t i = 0; i < 8; i++) {
                const size_t at = byte * 8 + i;

                if (at < builder->documents &&
                    builder->document[order[at].document].system == system)
                    bits |= (uint8_t)(1u << i);
            }
            buffer_addc(out, (char)bits);
        }
}

/* Postings sorted by word place and rank, as varints of differences. offset
 * gets words + 1 places in them. */
static void add_postings(struct buffer *out, const struct posting *posting,
    size_t n, const uint32_t *place, const uint32_t *rank, uint32_t words,
    uint32_t *offset)
{
    uint32_t next = 0, last = 0;
    uint8_t bytes[VARINT_MAX];

    for (size_t i = 0; i < n; i++) {
        const uint32_t word = place[posting[i].word];
        const uint32_t at = rank[posting[i].document];
        const bool first = next <= word;

        while (next <= word)
            offset[next++] = (uint32_t)out->len;
        if (!first && at == last)
            continue; /* the word stands twice in the document */
        buffer_add(out, bytes, store_varint(bytes, first ? at : at - last));
        last = at;
    }
    while (next <= words)
        offset[next++] = (uint32_t)out->len;
}

int search_builder_write(
    struct search_builder *builder, struct buffer *out, struct error *err)
{
    const uint32_t documents = builder->documents, words = builder->words;
    const size_t keys = documents > words ? documents : words;
    struct order *order = calloc((size_t)documents + 1, sizeof *order);
    uint32_t *rank = calloc((size_t)documents + 1, sizeof *rank);
    uint32_t *sorted = calloc((size_t)words + 1, sizeof *sorted);
    uint32_t *place = calloc((size_t)words + 1, sizeof *place);
    uint32_t *offset = calloc((size_t)words + 1, sizeof *offset);
    size_t *count = calloc(keys + 2, sizeof *count);
    struct posting *spare = calloc(builder->postings + 1, sizeof *spare);
    struct buffer postings = {0};
    uint32_t at = 0;
    int rc = 0;

    if (order == NULL || rank == NULL || sorted == NULL || place == NULL ||
        offset == NULL || count == NULL || spare == NULL) {
        rc = error_memory(err);
        goto done;
    }
    rank_documents(builder, order, rank);
    for (uint32_t i = 0; i < words; i++)
        sorted[i] = i;
    qsort_r(sorted, words, sizeof *sorted, compare_words, builder);
    for (uint32_t i = 0; i < words; i++)
        place[sorted[i]] = i;
    if (builder->postings > 0) {
        deal(builder->posting, spare, builder->postings, rank, false, count,
            documents);
        deal(spare, builder->posting, builder->postings, place, true, count,
            words);
    }
    add_postings(&postings, builder->posting, builder->postings, place, rank,
        words, offset);
    add_head(builder, out, order, rank, (uint32_t)postings.len);
    for (uint32_t i = 0; i < words; i++) {
        add_u32(out, at);
        at += builder->first[sorted[i] + 1] - builder->first[sorted[i]];
    }
    add_u32(out, at);
    for (uint32_t i = 0; i <= words; i++)
        add_u32(out, offset[i]);
    for (uint32_t i = 0; i < words; i++)
        buffer_add(out, builder->bytes.data + builder->first[sorted[i]],
            builder->first[sorted[i] + 1] - builder->first[sorted[i]]);
    buffer_add(out, postings.data, postings.len);
    if (out->failed || postings.failed)
        rc = error_memory(err);
done:
    free(order);
    free(rank);
    free(sorted);
    free(place);
    free(offset);
    free(count);
    free(spare);
    buffer_clear(&postings);
    return rc;
}

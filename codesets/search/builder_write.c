#include <stdlib.h>
#include <string.h>

#include "codesets/search/bits.h"
#include "codesets/search/builder_parts.h"
#include "codesets/search/layout.h"

enum {
    /* A word of more than one in so many rows has a bitmap. */
    DENSE_PART = 48,
    /* Words that begin alike have a bitmap when gathering their rows costs
     * more than so many steps; a bitmap costs about as many as DENSE_STEPS. */
    READY_STEPS = 8000,
    DENSE_STEPS = 300,
    READY_PREFIX_MAX = 12 /* bytes of such a beginning */
};

struct span {
    size_t first, end; /* of a word's postings */
};

struct writer {
    struct search_builder *builder;
    uint32_t *by_rank; /* document of each rank */
    uint32_t *rank;
    uint32_t words;   /* that stand anywhere */
    uint32_t *sorted; /* the builder's word of each place */
    uint32_t *place;
    struct span *span; /* by place */
    bool *dense;       /* by place */
    uint32_t rows;     /* beside those of the documents */
    uint32_t *row;     /* place in a bitmap of rows, by the builder's number */
    uint32_t *of_row;  /* rank of each other row */
    size_t bitmap_bytes, row_bytes;
    struct buffer values, bitmaps, ranges, postings, offsets;
    struct buffer changes; /* struct value_days */
    struct value_window window[SYSTEM_COUNT][SEARCH_COLUMNS];
    uint32_t range_count;
};

static void add_u32(struct buffer *out, uint32_t v)
{
    uint8_t bytes[4];

    store_u32(bytes, v);
    buffer_add(out, bytes, sizeof bytes);
}

/* A rank, or the number of a document: both lie below SEARCH_DOCUMENTS_MAX. */
static void add_u24(struct buffer *out, uint32_t v)
{
    uint8_t bytes[3];

    store_u24(bytes, v);
    buffer_add(out, bytes, sizeof bytes);
}

/* ---------------------------------------------------------------- ranks */

static int compare_documents(const void *a, const void *b, void *context)
{
    const struct search_builder *builder = context;
    const uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;
    const struct document *x = &builder->document[one];
    const struct document *y = &builder->document[two];
    const bool x_ended = x->to != DAY_OPEN, y_ended = y->to != DAY_OPEN;

    if (x_ended != y_ended)
        return x_ended ? 1 : -1;
    if (x->rare != y->rare)
        return x->rare ? 1 : -1;
    if (x->length != y->length) /* codes without a title come last */
        return x->length - 1 < y->length - 1 ? -1 : 1;
    return one < two ? -1 : one > two;
}

static void rank_documents(struct writer *w)
{
    for (uint32_t i = 0; i < w->builder->documents; i++)
        w->by_rank[i] = i;
    qsort_r(w->by_rank, w->builder->documents, sizeof *w->by_rank,
        compare_documents, w->builder);
    for (uint32_t i = 0; i < w->builder->documents; i++)
        w->rank[w->by_rank[i]] = i;
}

/* The other rows go by the ranks of their documents, then as they came. */
static int place_rows(struct writer *w, struct error *err)
{
    const struct search_builder *builder = w->builder;
    const uint32_t documents = builder->documents;
    const uint32_t *document =
        (const uint32_t *)(const void *)builder->row.data;
    uint32_t *next = calloc((size_t)documents + 1, sizeof *next);

    if (next == NULL)
        return error_memory(err);
    for (uint32_t i = 0; i < documents; i++)
        w->row[i] = w->rank[i];
    for (uint32_t i = 0; i < w->rows; i++)
        next[w->rank[document[i]] + 1]++;
    for (uint32_t i = 0; i < documents; i++)
        next[i + 1] += next[i];
    for (uint32_t i = 0; i < w->rows; i++) {
        const uint32_t rank = w->rank[document[i]];

        w->of_row[next[rank]] = rank;
        w->row[documents + i] = (uint32_t)(w->bitmap_bytes * 8) + next[rank]++;
    }
    free(next);
    return 0;
}

/* ---------------------------------------------------------------- words */

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

/* Words of rules that stand in no text are left out. */
static void place_words(struct writer *w)
{
    const struct search_builder *builder = w->builder;

    memset(w->place, 0, (builder->words + 1) * sizeof *w->place);
    for (size_t i = 0; i < builder->postings; i++)
        w->place[builder->posting[i].word] = 1;
    for (uint32_t i = 0; i < builder->words; i++)
        if (w->place[i] != 0)
            w->sorted[w->words++] = i;
    qsort_r(w->sorted, w->words, sizeof *w->sorted, compare_words, w->builder);
    for (uint32_t i = 0; i < w->words; i++)
        w->place[w->sorted[i]] = i;
}

/* One pass of a stable counting sort from `from` into `to`. key_of maps a
 * posting's word (by_word) or row to where it sorts. */
static void deal(const struct posting *from, struct posting *to, size_t n,
    const uint32_t *key_of, bool by_word, size_t *count, size_t keys)
{
    memset(count, 0, (keys + 1) * sizeof *count);
    for (size_t i = 0; i < n; i++)
        count[key_of[by_word ? from[i].word : from[i].row] + 1]++;
    for (size_t k = 0; k < keys; k++)
        count[k + 1] += count[k];
    for (size_t i = 0; i < n; i++)
        to[count[key_of[by_word ? from[i].word : from[i].row]]++] = from[i];
}

/* Sorts the postings by word and row, makes one of several, and finds each
 * word's. From here on a posting has the places of both. */
static int sort_postings(struct writer *w, struct error *err)
{
    struct search_builder *builder = w->builder;
    const size_t places = w->row_bytes * 8;
    const size_t keys = places > w->words ? places : w->words;
    struct posting *spare = calloc(builder->postings + 1, sizeof *spare);
    size_t *count = calloc(keys + 2, sizeof *count);
    size_t kept = 0;

    if (spare == NULL || count == NULL) {
        free(spare);
        free(count);
        return error_memory(err);
    }
    deal(builder->posting, spare, builder->postings, w->row, false, count,
        places);
    deal(spare, builder->posting, builder->postings, w->place, true, count,
        w->words);
    free(spare);
    free(count);
    for (size_t i = 0; i < builder->postings; i++) {
        const struct posting own = {w->place[builder->posting[i].word],
            w->row[builder->posting[i].row]};

        if (kept > 0 && builder->posting[kept - 1].word == own.word &&
            builder->posting[kept - 1].row == own.row)
            continue;
        if (kept == 0 || builder->posting[kept - 1].word != own.word)
            w->span[own.word].first = kept;
        builder->posting[kept++] = own;
        w->span[own.word].end = kept;
    }
    builder->postings = kept;
    return 0;
}

/* -------------------------------------------------------------- bitmaps */

/* New bytes of no bits; NULL for none, and when memory ran out. */
static uint8_t *add_bits(struct buffer *out, size_t bytes)
{
    uint8_t *bits;

    if (bytes == 0 || !buffer_reserve(out, bytes))
        return NULL;
    bits = (uint8_t *)out->data + out->len;
    memset(bits, 0, bytes);
    out->len += bytes;
    return bits;
}

static uint32_t bitmap_count(const struct writer *w)
{
    return w->row_bytes == 0 ? 0 : (uint32_t)(w->bitmaps.len / w->row_bytes);
}

/* Which documents are dated, which have other rows and which have each value;
 * then which of those rows is its document's last. */
static void add_document_bitmaps(struct writer *w)
{
    const struct search_builder *builder = w->builder;
    uint8_t *dated = add_bits(
        &w->values, w->bitmap_bytes * (builder->values + 1u) + w->row_bytes);
    uint8_t *with_rows, *bitmap, *row_end;

    if (dated == NULL)
        return;
    with_rows = dated + w->bitmap_bytes;
    bitmap = with_rows + w->bitmap_bytes;
    row_end = bitmap + w->bitmap_bytes * builder->values;
    for (uint32_t i = 0; i < w->rows; i++) {
        bits_set(with_rows, w->of_row[i]);
        if (i + 1 == w->rows || w->of_row[i + 1] != w->of_row[i])
            bits_set(row_end, i);
    }
    for (uint32_t i = 0; i < builder->documents; i++) {
        const struct document *document = &builder->document[w->by_rank[i]];

        if (document->from != DAY_UNKNOWN || document->to != DAY_OPEN)
            bits_set(dated, i);
        for (int column = 0; column < SEARCH_COLUMNS; column++)
            if (document->value[column] != 0)
                bits_set(
                    bitmap + w->bitmap_bytes * (document->value[column] - 1u),
                    i);
    }
}

/* The bitmap of words [first, end). */
static void add_bitmap(struct writer *w, uint32_t first, uint32_t end)
{
    uint8_t *rows = add_bits(&w->bitmaps, w->row_bytes);

    if (rows == NULL)
        return;
    for (size_t i = w->span[first].first; i < w->span[end - 1].end; i++)
        bits_set(rows, w->builder->posting[i].row);
}

static void add_u16(struct buffer *out, uint32_t v)
{
    uint8_t bytes[2];

    store_u16(bytes, (uint16_t)v);
    buffer_add(out, bytes, sizeof bytes);
}

static void add_list(struct writer *w, const struct span *span)
{
    const struct posting *posting = w->builder->posting;

    for (size_t i = span->first, next; i < span->end; i = next) {
        const uint32_t upper = posting[i].row >> SEARCH_RUN_BITS;

        for (next = i; next < span->end; next++)
            if (posting[next].row >> SEARCH_RUN_BITS != upper)
                break;
        buffer_addc(&w->postings, (char)upper);
        add_u16(&w->postings, (uint32_t)(next - i - 1));
        for (; i < next; i++)
            add_u16(&w->postings, posting[i].row);
    }
}

static void add_words(struct writer *w)
{
    for (uint32_t i = 0; i < w->words; i++) {
        const struct span *span = &w->span[i];
        const uint32_t at = (uint32_t)w->postings.len;

        w->dense[i] = span->end - span->first >
                      (w->builder->documents + w->rows) / DENSE_PART + 64;
        add_u32(&w->offsets, w->dense[i] ? at | SEARCH_DENSE : at);
        if (w->dense[i]) {
            add_u32(&w->postings, bitmap_count(w));
            add_bitmap(w, i, i + 1);
        } else {
            add_list(w, span);
        }
    }
    add_u32(&w->offsets, (uint32_t)w->postings.len);
}

static int byte_of(const struct writer *w, uint32_t place, size_t at)
{
    const struct search_builder *builder = w->builder;
    const uint32_t word = w->sorted[place];
    const uint32_t first = builder->first[word];

    return at < builder->first[word + 1] - first
               ? (uint8_t)builder->bytes.data[first + at]
               : -1;
}

static size_t steps_of(const struct writer *w, uint32_t first, uint32_t end)
{
    size_t steps = 0;

    for (uint32_t i = first; i < end; i++)
        steps +=
            w->dense[i] ? DENSE_STEPS : 1 + w->span[i].end - w->span[i].first;
    return steps;
}

/* Bitmaps for the words [first, end), which share len bytes, and for those
 * among them which share more. Ranges come out by first, then wider before
 * narrower; add_ranges() puts that right. */
static void add_beginnings(
    struct writer *w, uint32_t first, uint32_t end, size_t len)
{
    while (first < end) {
        const int byte = byte_of(w, first, len);
        uint32_t next = first + 1;

        while (next < end && byte_of(w, next, len) == byte)
            next++;
        if (byte >= 0 && next - first > 1 &&
            steps_of(w, first, next) > READY_STEPS) {
            if (len + 1 < READY_PREFIX_MAX)
                add_beginnings(w, first, next, len + 1);
            /* A longer beginning may have had the very same words. */
            if (w->ranges.len < SEARCH_RANGE_LEN ||
                load_u32((uint8_t *)w->ranges.data + w->ranges.len -
                         SEARCH_RANGE_LEN) != first ||
                load_u32((uint8_t *)w->ranges.data + w->ranges.len -
                         SEARCH_RANGE_LEN + 4) != next) {
                add_u32(&w->ranges, first);
                add_u32(&w->ranges, next);
                add_u32(&w->ranges, bitmap_count(w));
                add_bitmap(w, first, next);
                w->range_count++;
            }
        }
        first = next;
    }
}

static int compare_ranges(const void *a, const void *b)
{
    const uint32_t x = load_u32(a), y = load_u32(b);
    const uint32_t x_end = load_u32((const uint8_t *)a + 4);
    const uint32_t y_end = load_u32((const uint8_t *)b + 4);

    if (x != y)
        return x < y ? -1 : 1;
    return x_end < y_end ? -1 : x_end > y_end;
}

/* ------------------------------------------------------ names and titles */

static int compare_names(const void *a, const void *b)
{
    const struct name *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->document != y->document)
        return x->document < y->document ? -1 : 1;
    return (int)y->title - (int)x->title; /* a title first */
}

/* Sorts them, keeps one of several, and returns how many are left. */
static uint32_t sort_names(struct writer *w, struct name **out)
{
    struct name *name = (struct name *)(void *)w->builder->name.data;
    const size_t count = w->builder->name.len / sizeof *name;
    uint32_t kept = 0;

    *out = name;
    if (count == 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        name[i].document = w->rank[name[i].document];
    qsort(name, count, sizeof *name, compare_names);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || name[kept - 1].hash != name[i].hash ||
            name[kept - 1].document != name[i].document)
            name[kept++] = name[i];
    return kept;
}

static const uint32_t *title_of(
    const struct search_builder *builder, uint32_t document)
{
    static const uint32_t none[1];

    return builder->title.data == NULL
               ? none
               : (const uint32_t *)(const void *)builder->title.data +
                     builder->document[document].title;
}

static int compare_titles(const void *a, const void *b, void *context)
{
    const struct writer *w = context;
    const uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;
    const uint32_t *x = title_of(w->builder, w->by_rank[one]);
    const uint32_t *y = title_of(w->builder, w->by_rank[two]);
    const uint32_t x_len = w->builder->document[w->by_rank[one]].title_words;
    const uint32_t y_len = w->builder->document[w->by_rank[two]].title_words;

    for (uint32_t i = 0; i < x_len && i < y_len; i++)
        if (x[i] != y[i])
            return w->place[x[i]] < w->place[y[i]] ? -1 : 1;
    if (x_len != y_len)
        return x_len < y_len ? -1 : 1;
    return one < two ? -1 : one > two;
}

/* Appends the table of titles, their order and their words. */
static int add_titles(struct writer *w, struct buffer *out, struct error *err)
{
    const struct search_builder *builder = w->builder;
    uint32_t *order = malloc(((size_t)builder->documents + 1) * sizeof *order);
    uint32_t at = 0;

    if (order == NULL)
        return error_memory(err);
    for (uint32_t i = 0; i < builder->documents; i++)
        order[i] = i;
    qsort_r(order, builder->documents, sizeof *order, compare_titles, w);
    for (uint32_t i = 0; i < builder->documents; i++) {
        add_u32(out, at);
        at += builder->document[w->by_rank[i]].title_words;
    }
    add_u32(out, at);
    for (uint32_t i = 0; i < builder->documents; i++)
        add_u24(out, order[i]);
    for (uint32_t i = 0; i < builder->documents; i++) {
        const uint32_t document = w->by_rank[i];
        const uint32_t *word = title_of(builder, document);

        for (uint32_t n = 0; n < builder->document[document].title_words; n++) {
            uint8_t bytes[3];

            store_u24(bytes, w->place[word[n]]);
            buffer_add(out, bytes, sizeof bytes);
        }
    }
    free(order);
    return 0;
}

static uint32_t title_words(const struct search_builder *builder)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < builder->documents; i++)
        n += builder->document[i].title_words;
    return n;
}

/* -------------------------------------------------------------- writing */

/* Their ranks come first. */
static uint32_t usual_documents(const struct writer *w)
{
    uint32_t n = 0;

    while (n < w->builder->documents) {
        const struct document *d = &w->builder->document[w->by_rank[n]];

        if (d->rare || d->to != DAY_OPEN)
            break;
        n++;
    }
    return n;
}

static uint32_t change_count(const struct writer *w)
{
    return (uint32_t)(w->changes.len / sizeof(struct value_days));
}

static void add_head(struct writer *w, struct buffer *out, uint32_t names)
{
    const struct search_builder *builder = w->builder;
    uint32_t word_bytes = 0;

    for (uint32_t i = 0; i < w->words; i++)
        word_bytes +=
            builder->first[w->sorted[i] + 1] - builder->first[w->sorted[i]];
    add_u32(out, builder->documents);
    add_u32(out, w->rows);
    add_u32(out, w->words);
    add_u32(out, bitmap_count(w));
    add_u32(out, w->range_count);
    add_u32(out, names);
    add_u32(out, title_words(builder));
    add_u32(out, builder->values);
    add_u32(out, word_bytes);
    add_u32(out, (uint32_t)w->postings.len);
    add_u32(out, usual_documents(w));
    add_u32(out, change_count(w));
    buffer_add(out, w->values.data, w->values.len);
    buffer_add(out, w->bitmaps.data, w->bitmaps.len);
}

static void add_names(
    struct buffer *out, const struct name *name, uint32_t names)
{
    for (uint32_t i = 0; i < names; i++) {
        uint8_t bytes[8];

        store_u64(bytes, name[i].hash);
        buffer_add(out, bytes, sizeof bytes);
    }
    for (uint32_t i = 0; i < names; i++)
        add_u24(out, name[i].document | (name[i].title ? SEARCH_IS_TITLE : 0));
}

static void add_documents(struct writer *w, struct buffer *out)
{
    const struct search_builder *builder = w->builder;
    const uint32_t documents = builder->documents;

    for (uint32_t i = 0; i < documents; i++)
        add_u24(out, w->by_rank[i]);
    for (uint32_t i = 0; i < documents; i++)
        add_u24(out, w->rank[i]);
    for (uint32_t i = 0; i < documents; i++)
        add_u32(out, (uint32_t)builder->document[w->by_rank[i]].from);
    for (uint32_t i = 0; i < documents; i++)
        add_u32(out, (uint32_t)builder->document[w->by_rank[i]].to);
    for (uint32_t i = 0; i < w->rows; i++)
        add_u24(out, w->of_row[i]);
}

static void add_dictionary(struct writer *w, struct buffer *out)
{
    const struct search_builder *builder = w->builder;
    uint32_t at = 0;

    for (uint32_t i = 0; i < w->words; i++) {
        add_u32(out, at);
        at += builder->first[w->sorted[i] + 1] - builder->first[w->sorted[i]];
    }
    add_u32(out, at);
    buffer_add(out, w->offsets.data, w->offsets.len);
    buffer_add(out, w->ranges.data, w->ranges.len);
}

static void add_values(struct writer *w, struct buffer *out)
{
    const struct search_builder *builder = w->builder;

    for (int column = 0; column < SEARCH_COLUMNS; column++)
        for (uint32_t i = 0; i < builder->documents; i++)
            buffer_addc(
                out, (char)builder->document[w->by_rank[i]].value[column]);
    for (uint32_t i = 0; i < builder->values; i++) {
        uint8_t bytes[SEARCH_VALUE_LEN] = {0};

        bytes[0] = (uint8_t)builder->value[i].facet;
        memcpy(
            bytes + 1, builder->value[i].name, strlen(builder->value[i].name));
        buffer_add(out, bytes, sizeof bytes);
    }
}

/* On which days the values hold. */
static void add_changes(struct writer *w, struct buffer *out)
{
    const struct value_days *change =
        (const struct value_days *)(const void *)w->changes.data;
    const uint32_t changes = change_count(w);
    uint32_t at = 0;
    uint8_t *changing;

    for (int s = 0; s < SYSTEM_COUNT; s++)
        for (int column = 0; column < SEARCH_COLUMNS; column++) {
            add_u32(out, (uint32_t)w->window[s][column].from);
            add_u32(out, (uint32_t)w->window[s][column].to);
        }
    changing = add_bits(out, w->bitmap_bytes);
    for (uint32_t i = 0; changing != NULL && i < changes; i++)
        bits_set(changing, change[i].document);
    for (int column = 0; column <= SEARCH_COLUMNS; column++) {
        while (at < changes && change[at].column < column)
            at++;
        add_u32(out, at);
    }
    for (uint32_t i = 0; i < changes; i++) {
        add_u24(out, change[i].document);
        buffer_addc(out, (char)change[i].value);
        add_u32(out, (uint32_t)change[i].from);
        add_u32(out, (uint32_t)change[i].to);
    }
}

static int write_blob(struct writer *w, struct buffer *out, struct error *err)
{
    const struct search_builder *builder = w->builder;
    struct name *name;
    uint32_t names;
    int rc;

    rank_documents(w);
    place_words(w);
    if ((rc = place_rows(w, err)) != 0 || (rc = sort_postings(w, err)) != 0 ||
        (rc = builder_changes(
             w->builder, w->rank, w->window, &w->changes, err)) != 0)
        return rc;
    // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): search_builder_write() frees
    add_document_bitmaps(w);
    add_words(w);
    add_beginnings(w, 0, w->words, 0);
    if (w->range_count > 0)
        qsort(w->ranges.data, w->range_count, SEARCH_RANGE_LEN, compare_ranges);
    names = sort_names(w, &name);
    add_head(w, out, names);
    add_names(out, name, names);
    add_documents(w, out);
    add_dictionary(w, out);
    if ((rc = add_titles(w, out, err)) != 0)
        return rc;
    add_values(w, out);
    add_changes(w, out);
    for (uint32_t i = 0; i < w->words; i++)
        buffer_add(out, builder->bytes.data + builder->first[w->sorted[i]],
            builder->first[w->sorted[i] + 1] - builder->first[w->sorted[i]]);
    buffer_add(out, w->postings.data, w->postings.len);
    return out->failed || w->values.failed || w->bitmaps.failed ||
                   w->ranges.failed || w->postings.failed || w->offsets.failed
               ? error_memory(err)
               : 0;
}

int search_builder_write(
    struct search_builder *builder, struct buffer *out, struct error *err)
{
    const uint32_t rows = (uint32_t)(builder->row.len / sizeof(uint32_t));
    struct writer w = {.builder = builder,
        .rows = rows,
        .row = calloc((size_t)builder->documents + rows + 1, sizeof *w.row),
        .of_row = calloc((size_t)rows + 1, sizeof *w.of_row),
        .by_rank = calloc((size_t)builder->documents + 1, sizeof *w.by_rank),
        .rank = calloc((size_t)builder->documents + 1, sizeof *w.rank),
        .sorted = calloc((size_t)builder->words + 1, sizeof *w.sorted),
        .place = calloc((size_t)builder->words + 1, sizeof *w.place),
        .span = calloc((size_t)builder->words + 1, sizeof *w.span),
        .dense = calloc((size_t)builder->words + 1, sizeof *w.dense),
        .bitmap_bytes = search_bitmap_bytes(builder->documents),
        .row_bytes = search_bitmap_bytes(builder->documents) +
                     search_bitmap_bytes(rows)};
    int rc;

    if (w.by_rank == NULL || w.rank == NULL || w.sorted == NULL ||
        w.place == NULL || w.span == NULL || w.dense == NULL || w.row == NULL ||
        w.of_row == NULL)
        rc = error_memory(err);
    else
        rc = write_blob(&w, out, err);
    free(w.by_rank);
    free(w.rank);
    free(w.sorted);
    free(w.place);
    free(w.span);
    free(w.dense);
    free(w.row);
    free(w.of_row);
    buffer_clear(&w.values);
    buffer_clear(&w.bitmaps);
    buffer_clear(&w.ranges);
    buffer_clear(&w.postings);
    buffer_clear(&w.offsets);
    buffer_clear(&w.changes);
    return rc;
}

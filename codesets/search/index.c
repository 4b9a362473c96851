#include "codesets/search/index.h"

#include <string.h>

#include "codesets/core/bytes.h"
#include "codesets/core/code.h"
#include "codesets/search/bits.h"
#include "codesets/search/layout.h"

const char *search_facet_name(enum search_facet facet)
{
    static const char *const names[FACET_COUNT] = {
        "system", "section", "billable", "timed", "status", "setting"};

    return (unsigned)facet < FACET_COUNT ? names[facet] : "";
}

/* Where the sections lie, one behind the other; their end. */
static uint64_t place_sections(struct search_index *out, const uint8_t *data)
{
    const uint64_t documents = out->documents, words = out->words;
    struct section {
        const uint8_t **at;
        uint64_t bytes;
    } sections[] = {
        {&out->dated, out->bitmap_bytes},
        {&out->with_rows, out->bitmap_bytes},
        {&out->value_bitmap, (uint64_t)out->values * out->bitmap_bytes},
        {&out->row_end, out->row_bytes - out->bitmap_bytes},
        {&out->bitmap, (uint64_t)out->bitmaps * out->row_bytes},
        {&out->name, (uint64_t)out->names * 8},
        {&out->named, (uint64_t)out->names * 3},
        {&out->document, documents * 3},
        {&out->rank, documents * 3},
        {&out->from, documents * 4},
        {&out->to, documents * 4},
        {&out->row, (uint64_t)out->rows * 3},
        {&out->word, (words + 1) * 4},
        {&out->posting, (words + 1) * 4},
        {&out->range, (uint64_t)out->ranges * SEARCH_RANGE_LEN},
        {&out->title, (documents + 1) * 4},
        {&out->order, documents * 3},
        {&out->title_word, (uint64_t)out->title_words * 3},
        {&out->facet, documents * SEARCH_COLUMNS},
        {&out->value, (uint64_t)out->values * SEARCH_VALUE_LEN},
        {&out->window,
            (uint64_t)SYSTEM_COUNT * SEARCH_COLUMNS * SEARCH_WINDOW_LEN},
        {&out->changing, out->bitmap_bytes},
        {&out->change_of, (uint64_t)(SEARCH_COLUMNS + 1) * 4},
        {&out->change, (uint64_t)out->changes * SEARCH_CHANGE},
        {&out->word_bytes, out->word_bytes_len},
        {&out->posting_bytes, out->posting_bytes_len},
    };
    uint64_t at = SEARCH_HEADER_LEN;

    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        *sections[i].at = data + at;
        at += sections[i].bytes;
    }
    return at;
}

static const uint8_t nothing[8] = {0};

static void make_empty(struct search_index *out)
{
    *out = (struct search_index){.word = nothing,
        .posting = nothing,
        .title = nothing,
        .heading = UINT32_MAX,
        .with = UINT32_MAX,
        .without = UINT32_MAX,
        .not_ = UINT32_MAX};
}

int search_index_read(struct search_index *out, const uint8_t *data, size_t len,
    struct error *err)
{
    struct search_index index = {0};

    make_empty(out);
    if (len == 0)
        return 0;
    if (len < SEARCH_HEADER_LEN)
        return error_set(err, ERR_CORRUPT, 0, "search: %zu bytes", len);
    index.documents = load_u32(data);
    index.rows = load_u32(data + 4);
    index.words = load_u32(data + 8);
    index.bitmaps = load_u32(data + 12);
    index.ranges = load_u32(data + 16);
    index.names = load_u32(data + 20);
    index.title_words = load_u32(data + 24);
    index.values = load_u32(data + 28);
    index.word_bytes_len = load_u32(data + 32);
    index.posting_bytes_len = load_u32(data + 36);
    index.usual = load_u32(data + 40);
    index.changes = load_u32(data + 44);
    index.bitmap_bytes = search_bitmap_bytes(index.documents);
    index.row_bytes = index.bitmap_bytes + search_bitmap_bytes(index.rows);
    /* Nothing is beyond the blob's own length: pointers do not wrap. */
    if (index.documents > SEARCH_DOCUMENTS_MAX ||
        index.usual > index.documents || index.rows > SEARCH_ROWS_MAX ||
        index.values > SEARCH_VALUES_MAX || index.words > SEARCH_WORDS_MAX ||
        index.bitmaps > len || index.ranges > len || index.names > len ||
        index.title_words > len || index.changes > len ||
        place_sections(&index, data) != len)
        return error_set(err, ERR_CORRUPT, 0,
            "search: %u documents, %u words in %zu bytes", index.documents,
            index.words, len);
    index.heading = search_value_find(&index, FACET_BILLABLE, "false", 5);
    index.with = search_word(&index, NULL, "with", 4);
    index.without = search_word(&index, NULL, "without", 7);
    index.not_ = search_word(&index, NULL, "not", 3);
    *out = index;
    return 0;
}

/* Bytes [*first, *end) of entry i, kept below limit whatever the blob says. */
static void entry(const uint8_t *offsets, uint32_t i, uint32_t limit,
    uint32_t *first, uint32_t *end)
{
    *first = load_u32(offsets + 4 * (size_t)i) & ~SEARCH_DENSE;
    *end = load_u32(offsets + 4 * ((size_t)i + 1)) & ~SEARCH_DENSE;
    if (*end > limit)
        *end = limit;
    if (*first > *end)
        *first = *end;
}

/* ----------------------------------------------------------- dictionary */

/* Below 0 when word i sorts before the prefix, 0 when it begins with it. */
static int compare(const struct search_index *index, uint32_t i,
    const char *prefix, size_t len)
{
    uint32_t first, end;
    size_t word_len;
    int c;

    entry(index->word, i, index->word_bytes_len, &first, &end);
    word_len = end - first;
    c = memcmp(
        index->word_bytes + first, prefix, word_len < len ? word_len : len);
    return c != 0 ? c : word_len < len ? -1 : 0;
}

/* The first word of [low, high) that does not sort before the prefix. */
static uint32_t bound(const struct search_index *index, uint32_t low,
    uint32_t high, const char *prefix, size_t len)
{
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (compare(index, middle, prefix, len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The end of the words which begin with the prefix; the first of them, if there
 * is one, is `low`. They are few, mostly: steps that double find the end. */
static uint32_t beyond(const struct search_index *index, uint32_t low,
    const char *prefix, size_t len)
{
    uint32_t high = index->words, step = 1;

    while (step <= high - low &&
           compare(index, low + step - 1, prefix, len) == 0) {
        low += step;
        step *= 2;
    }
    if (step <= high - low)
        high = low + step - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (compare(index, middle, prefix, len) == 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct search_range search_prefix(
    const struct search_index *index, const char *prefix, size_t len)
{
    struct search_range range = {
        .first = bound(index, 0, index->words, prefix, len)};
    uint32_t from, to;

    range.end = beyond(index, range.first, prefix, len);
    if (range.first < range.end) {
        entry(index->word, range.first, index->word_bytes_len, &from, &to);
        range.whole = to - from == len;
    }
    return range;
}

uint32_t search_word(const struct search_index *index,
    const struct search_range *among, const char *word, size_t len)
{
    const uint32_t high = among == NULL ? index->words : among->end;
    const uint32_t at =
        bound(index, among == NULL ? 0 : among->first, high, word, len);
    uint32_t from, to;

    if (at == high || compare(index, at, word, len) != 0)
        return UINT32_MAX;
    entry(index->word, at, index->word_bytes_len, &from, &to);
    return to - from == len ? at : UINT32_MAX;
}

const char *search_word_text(
    const struct search_index *index, uint32_t number, size_t *len)
{
    uint32_t first, end;

    entry(index->word, number, index->word_bytes_len, &first, &end);
    *len = end - first;
    return (const char *)index->word_bytes + first;
}

/* ------------------------------------------------------------- postings */

static const uint8_t *bitmap_at(
    const struct search_index *index, uint32_t number)
{
    return number < index->bitmaps ? index->bitmap + index->row_bytes * number
                                   : NULL;
}

static bool word_is_dense(const struct search_index *index, uint32_t number)
{
    return (load_u32(index->posting + 4 * (size_t)number) & SEARCH_DENSE) != 0;
}

static const uint8_t *dense_bitmap(
    const struct search_index *index, uint32_t number)
{
    uint32_t first, end;

    entry(index->posting, number, index->posting_bytes_len, &first, &end);
    return end - first >= 4
               ? bitmap_at(index, load_u32(index->posting_bytes + first))
               : NULL;
}

uint32_t search_word_weight(const struct search_index *index, uint32_t number)
{
    uint32_t first, end;

    if (word_is_dense(index, number))
        return UINT32_MAX;
    entry(index->posting, number, index->posting_bytes_len, &first, &end);
    return end - first;
}

const uint8_t *search_ready(
    const struct search_index *index, const struct search_range *range)
{
    uint32_t low = 0, high = index->ranges;

    if (range->end - range->first == 1)
        return word_is_dense(index, range->first)
                   ? dense_bitmap(index, range->first)
                   : NULL;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const uint8_t *at = index->range + (size_t)middle * SEARCH_RANGE_LEN;
        const uint32_t first = load_u32(at), end = load_u32(at + 4);

        if (first == range->first && end == range->end)
            return bitmap_at(index, load_u32(at + 8));
        if (first < range->first || (first == range->first && end < range->end))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Places of a list that share their upper bits: base + load_u16(at + 2 * i). */
struct places {
    size_t base;
    const uint8_t *at;
    uint32_t count;
};

static bool next_places(
    const uint8_t **at, const uint8_t *end, struct places *out)
{
    if (end - *at < SEARCH_RUN_HEAD)
        return false;
    out->base = (size_t) * *at << SEARCH_RUN_BITS;
    out->count = load_u16(*at + 1) + 1u;
    out->at = *at + SEARCH_RUN_HEAD;
    if ((size_t)(end - out->at) < 2 * (size_t)out->count)
        return false;
    *at = out->at + 2 * (size_t)out->count;
    return true;
}

static void list_of(const struct search_index *index, uint32_t word,
    const uint8_t **at, const uint8_t **end)
{
    uint32_t first, last;

    entry(index->posting, word, index->posting_bytes_len, &first, &last);
    *at = index->posting_bytes + first;
    *end = index->posting_bytes + last;
}

static void add_list(
    const struct search_index *index, uint32_t word, uint8_t *rows)
{
    const size_t room = index->row_bytes * 8;
    const uint8_t *at, *end;
    struct places run;

    list_of(index, word, &at, &end);
    while (next_places(&at, end, &run)) {
        uint8_t *bits = rows + run.base / 8;

        if (room < run.base + ((size_t)1 << SEARCH_RUN_BITS)) {
            /* The last of the bitmap: a damaged list may lead out of it. */
            for (uint32_t i = 0; i < run.count; i++) {
                const uint32_t place = load_u16(run.at + 2 * (size_t)i);

                if (run.base + place < room)
                    bits_set(bits, place);
            }
            continue;
        }
#pragma GCC unroll 4
        for (uint32_t i = 0; i < run.count; i++)
            bits_set(bits, load_u16(run.at + 2 * (size_t)i));
    }
}

uint32_t search_list(const struct search_index *index, uint32_t word,
    uint32_t *out, uint32_t max)
{
    const uint8_t *at, *end;
    struct places run;
    uint32_t n = 0;

    list_of(index, word, &at, &end);
    while (next_places(&at, end, &run))
        for (uint32_t i = 0; i < run.count && n < max; i++)
            out[n++] = (uint32_t)run.base + load_u16(run.at + 2 * (size_t)i);
    return n;
}

uint32_t search_list_rows(
    const struct search_index *index, uint32_t first, uint32_t end)
{
    uint32_t from, to, beyond;

    if (first == end)
        return 0;
    entry(index->posting, first, index->posting_bytes_len, &from, &to);
    entry(index->posting, end - 1, index->posting_bytes_len, &to, &beyond);
    for (uint32_t word = first; word < end; word++)
        if (word_is_dense(index, word))
            return UINT32_MAX;
    return beyond < from ? 0 : (beyond - from) / 2;
}

void search_union(const struct search_index *index, uint32_t first,
    uint32_t end, uint8_t *rows)
{
    for (uint32_t word = first; word < end; word++) {
        const uint8_t *dense;

        if (!word_is_dense(index, word))
            add_list(index, word, rows);
        else if ((dense = dense_bitmap(index, word)) != NULL)
            bits_or(rows, dense, index->row_bytes);
    }
}

/* The first bitmap is copied: nothing has to be emptied for it. */
void search_gather(const struct search_index *index, uint32_t first,
    uint32_t end, uint8_t *rows)
{
    const uint8_t *dense = NULL;
    uint32_t word = first;

    while (word < end && (!word_is_dense(index, word) ||
                             (dense = dense_bitmap(index, word)) == NULL))
        word++;
    if (dense == NULL) {
        memset(rows, 0, index->row_bytes);
        search_union(index, first, end, rows);
        return;
    }
    memcpy(rows, dense, index->row_bytes);
    search_union(index, first, word, rows);
    search_union(index, word + 1, end, rows);
}

/* ---------------------------------------------------------------- names */

static uint64_t name_hash(const struct search_index *index, uint32_t name)
{
    return load_u64(index->name + 8 * (size_t)name);
}

/* Where a hash stands, nearly: hashes lie evenly between the smallest and the
 * greatest that there can be. One look there tells how far off it is. There is
 * a name. */
static uint32_t guess_name(const struct search_index *index, uint64_t hash)
{
    const uint32_t last = index->names - 1;
    const uint32_t at = (uint32_t)((hash >> 32) * (uint64_t)index->names >> 32);
    const uint64_t there = name_hash(index, at);
    const bool behind = hash > there;
    const uint64_t off = (behind ? hash - there : there - hash) >> 32;
    const uint32_t steps = (uint32_t)(off * (uint64_t)index->names >> 32);

    if (behind)
        return steps < last - at ? at + steps : last;
    return steps < at ? at - steps : 0;
}

/* The first name whose hash is not below this one: from a guess on in steps
 * that double, then by halves. */
static uint32_t name_bound(const struct search_index *index, uint64_t hash)
{
    const uint32_t names = index->names;
    uint32_t low = 0, high = names, step = 8;
    uint32_t at;

    if (names == 0)
        return 0;
    at = guess_name(index, hash);
    if (name_hash(index, at) < hash) {
        low = at + 1;
        for (; step < names - low && name_hash(index, low + step - 1) < hash;
             step *= 2)
            low += step;
        if (step < names - low)
            high = low + step;
    } else {
        high = at;
        for (; step < high && name_hash(index, high - step) >= hash; step *= 2)
            high -= step;
        if (step < high)
            low = high - step;
    }
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (name_hash(index, middle) < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void search_names(const struct search_index *index, uint64_t hash,
    uint32_t *first, uint32_t *end)
{
    uint32_t name = name_bound(index, hash);

    *first = name;
    while (name < index->names && name_hash(index, name) == hash)
        name++;
    *end = name;
}

uint32_t search_named(
    const struct search_index *index, uint32_t name, bool *title)
{
    const uint32_t named = load_u24(index->named + 3 * (size_t)name);

    *title = (named & SEARCH_IS_TITLE) != 0;
    return search_kept_rank(index, named & ~SEARCH_IS_TITLE);
}

/* --------------------------------------------------------------- titles */

/* Compares the title at a place of the order with words; beyond says that one
 * which begins with them sorts before. */
static bool title_before(const struct search_index *index, uint32_t place,
    const uint32_t *word, uint32_t words, const struct search_range *last,
    bool beyond)
{
    const uint32_t rank = search_ordered(index, place);
    uint32_t first, end, i;

    entry(index->title, rank, index->title_words, &first, &end);
    for (i = 0; i < words && first + i < end; i++) {
        const uint32_t own =
            load_u24(index->title_word + 3 * ((size_t)first + i));

        if (own != word[i])
            return own < word[i];
    }
    if (first + i == end)
        return true;
    i = load_u24(index->title_word + 3 * ((size_t)first + i));
    return i < last->first || (beyond && i < last->end);
}

/* The first place of [low, high) whose title does not sort before the words. */
static uint32_t title_bound(const struct search_index *index, uint32_t low,
    uint32_t high, const uint32_t *word, uint32_t words,
    const struct search_range *last, bool beyond)
{
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (title_before(index, middle, word, words, last, beyond))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void search_titles(const struct search_index *index, const uint32_t *word,
    uint32_t words, const struct search_range *last, uint32_t *first,
    uint32_t *end)
{
    uint32_t step = 1, low;

    *first = low =
        title_bound(index, 0, index->documents, word, words, last, false);
    /* Few titles begin alike: their end is near. */
    while (step < index->documents - low &&
           title_before(index, low + step - 1, word, words, last, true)) {
        low += step;
        step *= 2;
    }
    *end = title_bound(index, low,
        step < index->documents - low ? low + step : index->documents, word,
        words, last, true);
}

uint32_t search_neighbours(const struct search_index *index, uint32_t rank,
    const struct search_range *word, uint32_t words)
{
    const uint8_t *title;
    uint32_t first, end, n = 0;

    entry(index->title, rank, index->title_words, &first, &end);
    title = index->title_word + 3 * (size_t)first;
    for (uint32_t i = 0; i + 1 < words; i++) {
        bool before = false; /* the one before is the first of the two */

        for (uint32_t at = 0; at < end - first; at++) {
            const uint32_t own = load_u24(title + 3 * (size_t)at);

            if (before &&
                own - word[i + 1].first < word[i + 1].end - word[i + 1].first) {
                n++;
                break;
            }
            before = own - word[i].first < word[i].end - word[i].first;
        }
    }
    return n;
}

static bool is_denial(const struct search_index *index, uint32_t word)
{
    return word == index->without || word == index->not_;
}

bool search_contradicts(const struct search_index *index, uint32_t rank,
    const struct search_range *word, const uint8_t *sense, uint32_t words)
{
    enum { REACH = 3 }; /* words behind "without" that it denies */
    uint32_t first, end, denied = 0;
    uint64_t has = 0, lacks = 0; /* of the words that are to be denied */

    entry(index->title, rank, index->title_words, &first, &end);
    if (memchr(sense, SENSE_LACKS, words) == NULL)
        while (first < end && !is_denial(index, load_u24(index->title_word +
                                                         3 * (size_t)first)))
            first++; /* most titles deny nothing */
    for (; first < end; first++) {
        const uint32_t own = load_u24(index->title_word + 3 * (size_t)first);

        if (is_denial(index, own)) {
            denied = REACH;
            continue;
        }
        if (own == index->with)
            denied = 0;
        for (uint32_t i = 0; i < words; i++) {
            if (own - word[i].first >= word[i].end - word[i].first)
                continue;
            if (sense[i] == SENSE_HAS && denied > 0)
                return true;
            if (sense[i] == SENSE_LACKS)
                *(denied > 0 ? &lacks : &has) |= UINT64_C(1) << i;
        }
        denied -= denied > 0;
    }
    return (has & ~lacks) != 0;
}

/* A word of a title is the asked one; the last one's beginning is enough. */
static bool is_asked(
    uint32_t own, const struct search_range *asked, bool is_last)
{
    return is_last ? own - asked->first < asked->end - asked->first
                   : asked->whole && own == asked->first;
}

/* The words of a title from `at` on are the asked ones that are left, in some
 * order. */
static bool are_asked(const struct search_index *index, uint32_t at,
    const struct search_range *word, uint32_t words, unsigned left)
{
    const uint32_t own = load_u24(index->title_word + 3 * (size_t)at);

    for (uint32_t i = 0; i < words; i++) {
        const unsigned rest = left & ~(1u << i);

        if (rest != left && is_asked(own, &word[i], rest == 0) &&
            (rest == 0 || are_asked(index, at + 1, word, words, rest)))
            return true;
    }
    return false;
}

bool search_begins(const struct search_index *index, uint32_t rank,
    const struct search_range *word, uint32_t words)
{
    uint32_t first, end;

    entry(index->title, rank, index->title_words, &first, &end);
    if (words == 0 || end - first < words)
        return false;
    if (words <= SEARCH_ANY_ORDER_MAX)
        return are_asked(index, first, word, words, (1u << words) - 1);
    for (uint32_t i = 0; i < words; i++)
        if (!is_asked(load_u24(index->title_word + 3 * ((size_t)first + i)),
                &word[i], i + 1 == words))
            return false;
    return true;
}

uint32_t search_ordered(const struct search_index *index, uint32_t place)
{
    return search_kept_rank(index, load_u24(index->order + 3 * (size_t)place));
}

/* --------------------------------------------------------- facet values */

const uint8_t *search_value_bits(
    const struct search_index *index, uint32_t value)
{
    return index->value_bitmap + index->bitmap_bytes * value;
}

enum search_facet search_value(
    const struct search_index *index, uint32_t value, const char **name)
{
    const uint8_t *at = index->value + (size_t)value * SEARCH_VALUE_LEN;

    *name = at[SEARCH_VALUE_LEN - 1] == '\0' ? (const char *)at + 1 : "";
    return at[0] < FACET_COUNT ? (enum search_facet)at[0] : FACET_SYSTEM;
}

uint32_t search_value_find(const struct search_index *index,
    enum search_facet facet, const char *name, size_t len)
{
    for (uint32_t value = 0; value < index->values; value++) {
        const char *own;

        if (search_value(index, value, &own) == facet && strlen(own) == len &&
            memcmp(own, name, len) == 0)
            return value;
    }
    return UINT32_MAX;
}

int search_value_column(const struct search_index *index, uint32_t value)
{
    const char *name;
    int column = (int)search_value(index, value, &name);

    for (uint32_t i = 0;
         column >= FACET_SETTING && column + 1 < SEARCH_COLUMNS && i < value;
         i++)
        column += search_value(index, i, &name) == FACET_SETTING;
    return column;
}

/* ------------------------------------------------------- values of a day */

bool search_is_told(
    const struct search_index *index, uint32_t system, int column, day_t day)
{
    const uint8_t *at;

    if (system >= SYSTEM_COUNT)
        return true;
    at = index->window + (system * SEARCH_COLUMNS + (uint32_t)column) *
                             (size_t)SEARCH_WINDOW_LEN;
    return load_i32(at) <= day && day <= load_i32(at + 4);
}

void search_changes(const struct search_index *index, int column,
    uint32_t *first, uint32_t *end)
{
    entry(index->change_of, (uint32_t)column, index->changes, first, end);
}

struct search_change search_change_at(
    const struct search_index *index, uint32_t i)
{
    const uint8_t *at = index->change + (size_t)i * SEARCH_CHANGE;
    const uint8_t value = at[3];

    return (struct search_change){search_kept_rank(index, load_u24(at)),
        value == 0 || value > index->values ? UINT32_MAX : value - 1u,
        load_i32(at + 4), load_i32(at + 8)};
}

uint32_t search_value_told(
    const struct search_index *index, int column, uint32_t rank, day_t day)
{
    return search_is_told(
               index, search_value_of(index, FACET_SYSTEM, rank), column, day)
               ? search_value_at(index, column, rank)
               : UINT32_MAX;
}

/* The changes of a rank are few and stand together. */
uint32_t search_value_on(
    const struct search_index *index, int column, uint32_t rank, day_t day)
{
    uint32_t low, high, end;

    if ((index->changing[rank / 8] >> rank % 8 & 1) == 0)
        return search_value_told(index, column, rank, day);
    search_changes(index, column, &low, &end);
    high = end;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (search_change_at(index, middle).rank < rank)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < end; low++) {
        const struct search_change change = search_change_at(index, low);

        if (change.rank != rank)
            break;
        if (change.from <= day && day <= change.to)
            return change.value;
    }
    return search_value_told(index, column, rank, day);
}

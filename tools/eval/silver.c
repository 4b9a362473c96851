#include "tools/eval/silver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/core/fold.h"
#include "codesets/store/layout.h"
#include "codesets/store/table.h"

enum {
    SILVER_ENTRIES = 500, /* of each index */
    SILVER_WORDS = 7,     /* nobody types more */
    STEM_MIN = 5          /* letters that two forms of a word begin with */
};

/* An entry: the words that lead to a code. */
struct entry {
    size_t query; /* place in the text */
    size_t len;
    uint64_t draw; /* a hash of the words: in its order they are drawn */
    struct accepted code;
};

struct silver {
    struct buffer text;
    struct buffer entries; /* struct entry */
};

static uint64_t draw_of(const char *text, size_t len)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)text[i]) * UINT64_C(0x100000001B3);
    return hash ^ hash >> 29;
}

/* True for what nobody types: "NEC", and a word in another form, "Disease,
 * diseased". */
static bool is_idle(const struct fold_word *word, const struct fold_word *last)
{
    return strcmp(word->text, "nec") == 0 || strcmp(word->text, "nos") == 0 ||
           (last->len >= STEM_MIN &&
               strncmp(word->text, last->text, STEM_MIN) == 0);
}

/* The words of an entry as they would be typed: without what stands in
 * parentheses. Returns how many. */
static size_t add_words(
    struct buffer *out, size_t begin, const char *text, size_t len)
{
    struct fold fold;
    struct fold_word word, last = {.len = 0};
    size_t words = 0, at = 0;
    int depth = 0;

    fold_begin(&fold, text, len);
    while (fold_next(&fold, &word)) {
        for (; at < word.from; at++)
            depth += text[at] == '(' || text[at] == '['   ? 1
                     : text[at] == ')' || text[at] == ']' ? -1
                                                          : 0;
        if (depth > 0 || is_idle(&word, &last))
            continue;
        last = word;
        if (out->len > begin)
            buffer_addc(out, ' ');
        buffer_add(out, text + word.from, word.bytes);
        words++;
    }
    return words;
}

/* Some code of the documents begins so. */
static bool is_searched(
    const struct documents *documents, const struct accepted *code)
{
    size_t low = 0, high = documents->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (strcmp(documents->document[middle].code.code, code->code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < documents->count; low++) {
        const struct found *found = &documents->document[low].code;

        if (strncmp(found->code, code->code, code->len) != 0)
            return false;
        if (found->system == SYSTEM_ICD10CM)
            return true;
    }
    return false;
}

static bool add_entry(struct silver *silver, const struct documents *documents,
    enum table table, const struct store *store, const struct row *row)
{
    struct entry entry = {
        .query = silver->text.len, .code = {.icd = true, .begins = true}};
    size_t len, words;
    const char *text = row_text(store, row, ICD_INDEX_CODE, &len);

    if (len >= sizeof entry.code.code)
        return true;
    memcpy(entry.code.code, text, len);
    entry.code.len = len;
    text = row_text(store, row, ICD_INDEX_ASPECT, &len);
    if ((table == TABLE_ICD10CM_INDEX && len > 0) ||
        !is_searched(documents, &entry.code))
        return true; /* a second code beside the first, or none of today's */
    text = row_text(store, row, ICD_INDEX_TERM, &len);
    words = add_words(&silver->text, entry.query, text, len);
    text = row_text(store, row, ICD_INDEX_ASPECT, &len);
    words += add_words(&silver->text, entry.query, text, len);
    entry.len = silver->text.len - entry.query;
    entry.draw = draw_of(silver->text.data + entry.query, entry.len);
    buffer_addc(&silver->text, '\0');
    if (words <= SILVER_WORDS)
        buffer_add(&silver->entries, &entry, sizeof entry);
    return !silver->text.failed && !silver->entries.failed;
}

static bool read_table(struct silver *silver, const struct documents *documents,
    enum table table, const struct store *store)
{
    const struct series *series =
        store_series(store, table, SETTING_NONE, PROGRAM_NONE);
    struct error err = {0};

    if (series == NULL)
        return true;
    for (uint32_t i = 0; i < store->row[series->id].keys; i++) {
        struct rows rows = rows_at(store, series, i);
        struct row row;
        int rc;

        while ((rc = rows_next(&rows, &row, &err)) == 1)
            if (!add_entry(silver, documents, table, store, &row))
                return false;
        if (rc != 0) {
            (void)fprintf(stderr, "silver: %s\n", err.msg);
            return false;
        }
    }
    return true;
}

static int by_draw(const void *a, const void *b)
{
    const struct entry *one = a, *two = b;

    if (one->draw != two->draw)
        return one->draw < two->draw ? -1 : 1;
    return one->query < two->query ? -1 : 1;
}

/* Entries of the same words are one query with several right codes. */
static void draw(struct judged_list *out, struct silver *silver,
    const char *kind, size_t entries, size_t first)
{
    struct entry *entry = (struct entry *)(void *)silver->entries.data + first;
    size_t drawn = 0;

    qsort(entry, entries - first, sizeof *entry, by_draw);
    for (size_t i = 0; i < entries - first && drawn < SILVER_ENTRIES; drawn++) {
        struct judged *judged = &out->judged[out->count++];

        *judged = (struct judged){.kind = kind,
            .query = silver->text.data + entry[i].query,
            .len = entry[i].len,
            .kind_at = out->kinds};
        for (const uint64_t same = entry[i].draw;
             i < entries - first && entry[i].draw == same; i++)
            if (judged->codes < JUDGED_CODES)
                judged->code[judged->codes++] = entry[i].code;
    }
    out->kind[out->kinds++] = kind;
}

bool silver_read(struct judged_list *out, const char *store_path,
    const struct documents *documents)
{
    static const struct {
        enum table table;
        const char *kind;
    } tables[] = {{TABLE_ICD10CM_INDEX, "index"},
        {TABLE_ICD10CM_EXTERNAL, "external"}, {TABLE_ICD10CM_DRUG, "drug"},
        {TABLE_ICD10CM_NEOPLASM, "neoplasm"}};
    enum { TABLES = sizeof tables / sizeof *tables };
    size_t end[TABLES + 1] = {0};
    struct silver silver = {0};
    struct store *store;
    struct error err = {0};
    bool good = true;

    *out =
        (struct judged_list){.judged = calloc(JUDGED_MAX, sizeof *out->judged)};
    if (store_open_current(&store, store_path, &err) != 0) {
        (void)fprintf(stderr, "silver: %s\n", err.msg);
        judged_clear(out);
        return false;
    }
    for (size_t i = 0; i < TABLES && good; i++) {
        good = read_table(&silver, documents, tables[i].table, store);
        end[i + 1] = silver.entries.len / sizeof(struct entry);
    }
    store_close(store);
    good = good && out->judged != NULL;
    for (size_t i = 0; i < TABLES && good; i++)
        draw(out, &silver, tables[i].kind, end[i + 1], end[i]);
    buffer_clear(&silver.entries);
    out->text = silver.text.data; /* the list owns it from here on */
    if (!good)
        judged_clear(out);
    return good;
}

/* What the project knows about words leads somewhere: every meaning stands in
 * a text of the published releases, every abbreviation where it is said to
 * stand, and every everyday name has its codes. */
#include "tests/harness.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codesets/core/fold.h"
#include "codesets/search/terms.h"
#include "codesets/search/words.h"
#include "indexer/files/input.h"
#include "indexer/files/probe.h"
#include "indexer/sources/sources.h"

/* Where a phrase stands. */
enum { IN_PFS = 1, IN_HCPCS = 2, IN_A_TEXT = 4 };

enum {
    SLOTS = 1 << 18, /* more than twice the phrases and codes there are */
    TEXT_WORDS = 1 << 10,
    PARTS_MAX = 4, /* of a meaning with " + " */
};

/* A phrase or a code, known by its hash. */
struct slot {
    uint64_t hash; /* 0: free */
    uint32_t text; /* number of the text it was met in last */
    unsigned where;
};

/* A meaning whose parts stand in one text. */
struct parts {
    const struct synonym *row;
    const struct slot *part[PARTS_MAX];
    size_t count;
    bool found;
};

static struct {
    struct words words;
    struct slot *phrase, *procedure, *diagnosis;
    struct parts *parts;
    size_t part_rows;
    struct texts *texts;
    uint32_t text; /* texts looked at */
    bool icd10cm, hcpcs, pfs;
} all;

static uint64_t hash_bytes(const char *text, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)text[i]) * UINT64_C(0x100000001b3);
    return hash | 1; /* 0 is none */
}

static uint64_t followed_by(uint64_t before, uint64_t word)
{
    return (before * UINT64_C(0x9e3779b97f4a7c15) + word) | 1;
}

/* The slot of a hash; with add a new one where there was none, else NULL. */
static struct slot *slot_of(struct slot *slots, uint64_t hash, bool add)
{
    size_t i = (hash >> 20) % SLOTS;

    while (slots[i].hash != 0 && slots[i].hash != hash)
        i = (i + 1) % SLOTS;
    if (slots[i].hash == 0) {
        if (!add)
            return NULL;
        slots[i].hash = hash;
    }
    return &slots[i];
}

/* The words of a text as the search compares them: without grammar, one and
 * many the same. Returns how many. */
static size_t hash_words(uint64_t *out, const char *text, size_t len)
{
    struct fold fold;
    struct fold_word word;
    size_t n = 0;

    fold_begin(&fold, text, len);
    while (n < TEXT_WORDS && fold_next(&fold, &word)) {
        char one[FOLD_WORD_MAX + 1];
        const size_t singular = term_singular(one, word.text, word.len);

        if (term_is_grammar(word.text, word.len))
            continue;
        out[n++] = singular != 0 ? hash_bytes(one, singular)
                                 : hash_bytes(word.text, word.len);
    }
    return n;
}

static struct slot *phrase(const char *text, size_t len, bool add)
{
    uint64_t word[TEXT_WORDS], hash = 0;
    const size_t n = hash_words(word, text, len);

    if (n == 0 || n > WORDS_PHRASE_MAX)
        fail_msg("'%.*s': %zu words that count", (int)len, text, n);
    if (memchr(text, '*', len) != NULL)
        fail_msg("'%.*s': this test cannot look for a *", (int)len, text);
    for (size_t i = 0; i < n; i++)
        hash = followed_by(hash, word[i]);
    return slot_of(all.phrase, hash, add);
}

static struct slot *cell_phrase(struct words_cell cell, bool add)
{
    return phrase(cell.text, cell.len, add);
}

/* "pain + knee" */
static void add_meaning(const struct synonym *row)
{
    const char *at = row->meaning.text, *end = at + row->meaning.len;
    struct parts *parts = &all.parts[all.part_rows];

    parts->row = row;
    for (; at < end; at += 3) {
        const char *plus = memmem(at, (size_t)(end - at), " + ", 3);

        if (plus == NULL)
            plus = end;
        assert_true(parts->count < PARTS_MAX);
        parts->part[parts->count++] = phrase(at, (size_t)(plus - at), true);
        at = plus;
        if (at == end)
            break;
    }
    if (parts->count > 1)
        all.part_rows++;
    else
        memset(parts, 0, sizeof *parts);
}

static void look_in(const char *text, size_t len, unsigned where)
{
    uint64_t word[TEXT_WORDS];
    const size_t n = hash_words(word, text, len);

    all.text++;
    for (size_t i = 0; i < n; i++) {
        uint64_t hash = 0;

        for (size_t k = 0; k < WORDS_PHRASE_MAX && i + k < n; k++) {
            struct slot *slot;

            hash = followed_by(hash, word[i + k]);
            slot = slot_of(all.phrase, hash, false);
            if (slot != NULL) {
                slot->where |= where | IN_A_TEXT;
                slot->text = all.text;
            }
        }
    }
    for (size_t i = 0; i < all.part_rows; i++) {
        struct parts *parts = &all.parts[i];
        size_t met = 0;

        while (met < parts->count && parts->part[met]->text == all.text)
            met++;
        if (met == parts->count)
            parts->found = true;
    }
}

/* A code and all its beginnings. */
static void add_code(struct slot *codes, const char *code, size_t len)
{
    for (size_t n = 1; n <= len; n++)
        (void)slot_of(codes, hash_bytes(code, n), true);
    slot_of(codes, hash_bytes(code, len), true)->where = IN_A_TEXT;
}

static const char *cell(
    const struct batch *b, uint32_t row, unsigned column, size_t *len)
{
    return texts_get(
        b->texts, b->cells[(size_t)row * b->columns + column], len);
}

static void take(const struct batch *b)
{
    static const struct {
        enum table table;
        unsigned code, text[2];
        unsigned where[2];
    } layouts[] = {
        {TABLE_ICD10CM, ICD_CODE, {ICD_SHORT, ICD_LONG}, {0, 0}},
        {TABLE_HCPCS, HCPCS_CODE, {HCPCS_SHORT, HCPCS_LONG}, {IN_HCPCS, 0}},
        {TABLE_PFS, PFS_KEY, {PFS_DESCRIPTION, PFS_DESCRIPTION}, {IN_PFS, 0}},
    };
    size_t l = 0;

    while (layouts[l].table != b->id.table)
        l++;
    for (uint32_t row = 0; row < b->rows; row++) {
        const bool icd = b->id.table == TABLE_ICD10CM;
        size_t len;
        const char *text = cell(b, row, layouts[l].code, &len);

        add_code(icd ? all.diagnosis : all.procedure, text,
            icd || len < PROC_LEN ? len : PROC_LEN);
        for (int i = 0; i < 2; i++) {
            if (i == 1 && layouts[l].text[0] == layouts[l].text[1])
                break;
            text = cell(b, row, layouts[l].text[i], &len);
            look_in(text, len, layouts[l].where[i]);
        }
    }
}

static int look_at(void *context, const struct input *in, struct error *err)
{
    static const struct source *const readers[] = {
        &source_icd10cm_order, &source_hcpcs_text, &source_pfs_sheet};
    bool *const had[] = {&all.icd10cm, &all.hcpcs, &all.pfs};
    struct identity id;
    struct probe *probe;
    struct batch batch;
    int rc = probe_open(&probe, in, err);

    if (rc != 0)
        return rc;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        /* One of each; of the fee schedule every release that is there. */
        if ((*had[i] && readers[i] != &source_pfs_sheet) ||
            !readers[i]->recognise(probe, &id))
            continue;
        batch_init(&batch, &id, all.texts);
        rc = readers[i]->read(probe, &batch, err);
        if (rc == 0)
            take(&batch);
        batch_clear(&batch);
        *had[i] = true;
        break;
    }
    probe_close(probe);
    return rc;
}

static int read_texts(void **state)
{
    static const char *const folders[] = {
        "icd10cm/2026", "hcpcs/2026jan", "pfs/2025a", "pfs/2025d"};
    struct error err = {0};

    all.phrase = calloc(SLOTS, sizeof *all.phrase);
    all.procedure = calloc(SLOTS, sizeof *all.procedure);
    all.diagnosis = calloc(SLOTS, sizeof *all.diagnosis);
    if (words_open(&all.words, &err) != 0 || texts_open(&all.texts, &err) != 0)
        fail_msg("%s", err.msg);
    all.parts = calloc(all.words.synonyms + 1, sizeof *all.parts);
    for (size_t i = 0; i < all.words.abbreviations; i++) {
        (void)cell_phrase(all.words.abbreviation[i].brief, true);
        (void)cell_phrase(all.words.abbreviation[i].meaning, true);
    }
    for (size_t i = 0; i < all.words.synonyms; i++) {
        add_meaning(&all.words.synonym[i]);
        if (all.words.synonym[i].both)
            (void)cell_phrase(all.words.synonym[i].term, true);
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[PATH_MAX];
        const char *one = path;

        (void)snprintf(path, sizeof path, "%s/%s", getenv("REAL"), folders[i]);
        if (input_walk(&one, 1, look_at, NULL, &err) != 0)
            fail_msg("%s", err.msg);
    }
    assert_true(all.icd10cm && all.hcpcs && all.pfs);
    return 0;
}

static int forget_texts(void **state)
{
    words_close(&all.words);
    texts_close(all.texts);
    free(all.phrase);
    free(all.procedure);
    free(all.diagnosis);
    free(all.parts);
    return 0;
}

static unsigned wrong(struct words_cell a, struct words_cell b, const char *why)
{
    print_error(
        "%.*s\t%.*s: %s\n", (int)a.len, a.text, (int)b.len, b.text, why);
    return 1;
}

static void every_abbreviation_stands_where_it_says(void **state)
{
    unsigned failures = 0;

    for (size_t i = 0; i < all.words.abbreviations; i++) {
        const struct abbreviation *row = &all.words.abbreviation[i];
        const unsigned brief = cell_phrase(row->brief, false)->where;
        const unsigned meaning = cell_phrase(row->meaning, false)->where;

        if ((row->where & WORDS_IN_PFS) != 0 && (brief & IN_PFS) == 0)
            failures += wrong(row->brief, row->meaning, "not in the PFS");
        if ((row->where & WORDS_IN_HCPCS) != 0 && (brief & IN_HCPCS) == 0)
            failures += wrong(row->brief, row->meaning, "not in HCPCS");
        if (row->where == WORDS_IN_QUERY && (meaning & IN_A_TEXT) == 0)
            failures += wrong(row->brief, row->meaning, "in no text");
    }
    assert_int_equal(failures, 0);
}

static void every_synonym_means_what_stands_in_a_text(void **state)
{
    unsigned failures = 0;

    for (size_t i = 0, p = 0; i < all.words.synonyms; i++) {
        const struct synonym *row = &all.words.synonym[i];
        bool found;

        if (p < all.part_rows && all.parts[p].row == row)
            found = all.parts[p++].found;
        else
            found = cell_phrase(row->meaning, false)->where != 0 ||
                    (row->both && cell_phrase(row->term, false)->where != 0);
        if (!found)
            failures += wrong(row->term, row->meaning, "in no text");
    }
    assert_int_equal(failures, 0);
}

/* "99202", "E11.9", "E11*", "99202-99205" of a list. */
static bool is_known(const struct concept *row, const char *text, size_t len)
{
    const char *dash = memchr(text, '-', len);
    const bool begun = text[len - 1] == '*';
    char code[16];
    size_t n = 0;
    const struct slot *slot;

    if (dash != NULL)
        return is_known(row, text, (size_t)(dash - text)) &&
               is_known(row, dash + 1, (size_t)(text + len - dash - 1));
    for (size_t i = 0; i < len - begun && n < sizeof code; i++)
        if (text[i] != '.')
            code[n++] = text[i];
    slot =
        slot_of(row->system == SYSTEM_ICD10CM ? all.diagnosis : all.procedure,
            hash_bytes(code, n), false);
    return slot != NULL && (begun || slot->where != 0);
}

static void every_everyday_name_has_its_codes(void **state)
{
    unsigned failures = 0;

    for (size_t i = 0; i < all.words.concepts; i++) {
        const struct concept *row = &all.words.concept[i];
        const char *at = row->codes.text, *end = at + row->codes.len;

        for (; at < end; at++) {
            const char *comma = memchr(at, ',', (size_t)(end - at));

            if (comma == NULL)
                comma = end;
            if (comma == at || !is_known(row, at, (size_t)(comma - at)))
                failures += wrong(row->phrase, row->codes, "no such code");
            at = comma;
        }
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const char *const path = getenv("REAL");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_abbreviation_stands_where_it_says),
        cmocka_unit_test(every_synonym_means_what_stands_in_a_text),
        cmocka_unit_test(every_everyday_name_has_its_codes),
    };

    if (path == NULL || *path == '\0') {
        puts("no published releases");
        return 77;
    }
    return cmocka_run_group_tests(tests, read_texts, forget_texts);
}

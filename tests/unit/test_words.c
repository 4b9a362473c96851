/* test_words.c - the tables of words are read, and say what they may. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "tests/harness.h"
#include "codesets/core/fold.h"
#include "codesets/data/embedded.h"
#include "codesets/search/words.h"

static int add(struct words *words, const char *text, struct error *err)
{
    return words_add_synonyms(words, "mine.tsv", text, strlen(text), err);
}

static void a_table_is_read_line_by_line(void **state)
{
    struct words words = {0};
    struct error err;

    assert_int_equal(
        add(&words,
            "# why\nterm\tmeaning\tkind\tdirection\n"
            "broken\tfracture\tlay\tone\n\noesophagus\tesophagus\tspelling"
            "\tboth",
            &err),
        0);
    assert_int_equal(words.synonyms, 2);
    assert_memory_equal(words.synonym[0].term.text, "broken\t", 7);
    assert_int_equal(words.synonym[0].term.len, 6);
    assert_false(words.synonym[0].both);
    assert_true(words.synonym[1].both);
    words_close(&words);
}

static void a_line_that_is_none_is_named(void **state)
{
    static const struct {
        const char *text, *why;
    } lines[] = {
        {"", "mine.tsv:0: no heading"},
        {"term\tmeaning\n", "mine.tsv:1: too few columns"},
        {"term\tmeaning\tkind\tway\n", "mine.tsv:1: another heading"},
        {"term\tmeaning\tkind\tdirection\na\tb\tlay\n",
            "mine.tsv:2: too few columns"},
        {"term\tmeaning\tkind\tdirection\na\tb\tlay\tone\t\n",
            "mine.tsv:2: too many columns"},
        {"term\tmeaning\tkind\tdirection\na\t\tlay\tone\n",
            "mine.tsv:2: an empty cell"},
        {"term\tmeaning\tkind\tdirection\na\tb\tlay\tup\n",
            "mine.tsv:2: direction: not one of one, both"},
    };

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct words words = {0};
        struct error err;

        assert_int_equal(add(&words, lines[i].text, &err), ERR_CORRUPT);
        assert_string_equal(err.msg, lines[i].why);
        words_close(&words);
    }
}

static void an_abbreviation_stands_where_it_says(void **state)
{
    static const char good[] =
        "short\tmeaning\twhere\nfx\tfracture\tpfs,query\n";
    static const char wrong[] = "short\tmeaning\twhere\nfx\tfracture\there\n";
    struct words words = {0};
    struct error err;

    assert_int_equal(
        words_add_abbreviations(&words, "a", good, strlen(good), &err), 0);
    assert_int_equal(
        words.abbreviation[0].where, WORDS_IN_PFS | WORDS_IN_QUERY);
    assert_int_equal(
        words_add_abbreviations(&words, "a", wrong, strlen(wrong), &err),
        ERR_CORRUPT);
    words_close(&words);
}

static void a_concept_belongs_to_a_system(void **state)
{
    static const char wrong[] =
        "phrase\tsystem\tcodes\tnote\nheart attack\ticd\tI21.9\t\n";
    struct words words = {0};
    struct error err;

    assert_int_equal(
        words_add_concepts(&words, "c", wrong, strlen(wrong), &err),
        ERR_CORRUPT);
    assert_string_equal(err.msg, "c:2: system: not a code system");
    words_close(&words);
}

/* ------------------------------------------------- the project's own tables */

static unsigned folded_words(struct words_cell cell)
{
    struct fold_word word;
    struct fold fold;
    unsigned n = 0;

    fold_begin(&fold, cell.text, cell.len);
    while (fold_next(&fold, &word))
        n++;
    return n;
}

static void check(struct words_cell cell, unsigned most)
{
    const unsigned n = folded_words(cell);

    if (n == 0 || n > most)
        fail_msg("%.*s: %u words", (int)cell.len, cell.text, n);
}

static bool is_kind(struct words_cell kind)
{
    static const char *const kinds[] = {"lay", "clinical", "brand", "generic",
        "spelling", "roman", "ordinal", "laterality", "unit", "acronym",
        "grammar"};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i]) == kind.len &&
            memcmp(kinds[i], kind.text, kind.len) == 0)
            return true;
    return false;
}

static void every_row_of_ours_says_something(void **state)
{
    struct words words;
    struct error err = {0};

    if (words_open(&words, &err) != 0)
        fail_msg("%s", err.msg);
    for (size_t i = 0; i < words.abbreviations; i++) {
        check(words.abbreviation[i].brief, 2);
        check(words.abbreviation[i].meaning, WORDS_PHRASE_MAX);
    }
    for (size_t i = 0; i < words.synonyms; i++) {
        const struct synonym *row = &words.synonym[i];

        check(row->term, WORDS_PHRASE_MAX);
        check(row->meaning, WORDS_PHRASE_MAX);
        if (!is_kind(row->kind))
            fail_msg("%.*s: kind", (int)row->term.len, row->term.text);
        if (row->both && (memchr(row->meaning.text, '*', row->meaning.len) ||
                             memchr(row->meaning.text, '+', row->meaning.len)))
            fail_msg("%.*s: both", (int)row->term.len, row->term.text);
    }
    for (size_t i = 0; i < words.concepts; i++)
        check(words.concept[i].phrase, WORDS_PHRASE_MAX);
    words_close(&words);
}

/* Byte order, so that a row is found and none stands twice. */
static void check_order(const char *name)
{
    const struct embedded_file *file = embedded_find(embedded_data, name);
    const char *last = NULL, *at = (const char *)file->data;
    size_t last_len = 0;
    bool heading = false;

    while (*at != '\0') {
        const size_t len = strcspn(at, "\n");

        if (at[len] != '\n')
            fail_msg("%s: the last line has no end", name);
        if (*at != '#') {
            const size_t shorter = len < last_len ? len : last_len;
            const int c = last == NULL ? -1 : memcmp(last, at, shorter);

            if (heading && (c > 0 || (c == 0 && last_len >= len)))
                fail_msg("%s: out of order: %.*s", name, (int)len, at);
            last = heading ? at : NULL;
            last_len = heading ? len : 0;
            heading = true;
        }
        at += len + 1;
    }
}

static void our_rows_stand_in_order(void **state)
{
    check_order("abbreviations.tsv");
    check_order("synonyms.tsv");
    check_order("concepts.tsv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_read_line_by_line),
        cmocka_unit_test(a_line_that_is_none_is_named),
        cmocka_unit_test(an_abbreviation_stands_where_it_says),
        cmocka_unit_test(a_concept_belongs_to_a_system),
        cmocka_unit_test(every_row_of_ours_says_something),
        cmocka_unit_test(our_rows_stand_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_search.c - how a query is read, what it finds, and in which order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/harness.h"
#include "codesets/core/buffer.h"
#include "codesets/search/builder.h"
#include "codesets/search/query.h"
#include "codesets/search/spell.h"
#include "codesets/search/terms.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* One code with its texts. */
static const struct entry {
    enum code_system system;
    const char *code, *title, *name, *billable;
} entries[] = {
    {SYSTEM_MODIFIER, "59", "Distinct service", NULL, NULL},
    {SYSTEM_ICD10CM, "B182", "Viral hepatitis C, chronic", NULL, "true"},
    {SYSTEM_HCPCS, "E0143", "Walker, folding, wheeled", NULL, "true"},
    {SYSTEM_HCPCS, "E0148", "Walker without wheels, heavy duty", NULL, "true"},
    {SYSTEM_HCPCS, "E1010", "Wheelchair part", NULL, "true"},
    {SYSTEM_ICD10CM, "E1010", "Type 1 diabetes mellitus with ketoacidosis",
        NULL, "true"},
    {SYSTEM_ICD10CM, "I10", "Essential (primary) hypertension",
        "Hypertension (benign)", "true"},
    {SYSTEM_HCPCS, "J1030", "Injection, acetate, 40 mg", NULL, "true"},
    {SYSTEM_HCPCS, "J1031", "Injection, acetate, 80 mg", NULL, "true"},
    {SYSTEM_ICD10CM, "J329", "Chronic sinusitis", NULL, "true"},
    {SYSTEM_ICD10CM, "J348", "Other disorder of sinuses", NULL, "true"},
    {SYSTEM_ICD10CM, "K7030", "Cirrhosis without ascites", NULL, "true"},
    {SYSTEM_ICD10CM, "K7031", "Alcoholic cirrhosis with ascites", NULL, "true"},
    {SYSTEM_ICD10CM, "K739", "Chronic inflammation of the liver, or hepatitis",
        "Hepatitis", "true"},
    {SYSTEM_ICD10CM, "K740", "Scars of the liver, an end of chronic hepatitis",
        "Hep", "true"},
    {SYSTEM_ICD10CM, "L89", "Pressure ulcer", "Bed sore", "false"},
    {SYSTEM_HCPCS, "L8961", "Sore aid for a heel", NULL, "true"},
    {SYSTEM_ICD10CM, "L8961", "Pressure ulcer of heel", NULL, "false"},
    {SYSTEM_ICD10CM, "L89611", "Pressure ulcer of right foot, stage 1", NULL,
        "true"},
    {SYSTEM_ICD10CM, "L90", "Scar of the foot", NULL, "true"},
    {SYSTEM_ICD10CM, "M545", "Low back pain", NULL, "false"},
    {SYSTEM_ICD10CM, "M5450", "Low back pain, unspecified", "Lumbago NOS",
        "true"},
    {SYSTEM_ICD10CM, "M5459", "Other low back pain", NULL, "true"},
    {SYSTEM_ICD10CM, "Q752", "Hypertelorism", NULL, "true"},
    {SYSTEM_ICD10CM, "R52", "Pain, unspecified", "Ache back zebra", "true"},
    {SYSTEM_ICD10CM, "S72001A", "Fracture of neck of right femur", NULL,
        "true"},
    {SYSTEM_ICD10CM, "S72002A", "Fracture of neck of left femur", NULL, "true"},
    {SYSTEM_ICD10CM, "T312", "Burn of 20-29% of body surface", NULL, "true"},
};
enum { ENTRIES = sizeof entries / sizeof *entries };

static struct buffer codes_blob, index_blob;
static struct code_list codes;
static struct search_index search_index;
static struct search_result found;

static void must(int rc, const struct error *err)
{
    if (rc != 0)
        fail_msg("%s", err->msg);
}

static int build(void **state)
{
    static const struct search_rule rules[] = {
        {.meaning = "fractur*",
            .meaning_len = 8,
            .term = "broken",
            .term_len = 6,
            .fields = (1u << SEARCH_FIELDS) - 1},
        {.meaning = "without",
            .meaning_len = 7,
            .term = "no",
            .term_len = 2,
            .fields = (1u << SEARCH_FIELDS) - 1},
    };
    struct code_ref code[ENTRIES];
    struct search_builder *builder;
    struct error err = {0};

    for (uint32_t i = 0; i < ENTRIES; i++)
        code[i] = (struct code_ref){
            entries[i].system, entries[i].code, strlen(entries[i].code)};
    must(code_list_write(&codes_blob, code, ENTRIES, &err), &err);
    must(code_list_read(
             &codes, (const uint8_t *)codes_blob.data, codes_blob.len, &err),
        &err);
    must(search_builder_open(&builder, ENTRIES, &err), &err);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        must(search_builder_rule(builder, &rules[i], &err), &err);
    for (uint32_t i = 0; i < ENTRIES; i++) {
        const struct entry *entry = &entries[i];

        search_builder_document(builder, i, entry->system, DAY_UNKNOWN,
            strcmp(entry->code, "J1031") == 0 ? 1000 : DAY_OPEN);
        must(search_builder_add(builder, i, SEARCH_TITLE, 0, entry->title,
                 strlen(entry->title), &err),
            &err);
        if (entry->name != NULL)
            must(search_builder_add(builder, i, SEARCH_EXTRA, 0, entry->name,
                     strlen(entry->name), &err),
                &err);
        if (entry->system == SYSTEM_HCPCS) {
            must(search_builder_value(
                     builder, i, FACET_SETTING, "practitioner", &err),
                &err);
            if (entry->code[0] == 'E')
                must(search_builder_value(
                         builder, i, FACET_SETTING, "dme", &err),
                    &err);
        }
        if (entry->billable != NULL)
            must(search_builder_value(
                     builder, i, FACET_BILLABLE, entry->billable, &err),
                &err);
    }
    must(search_builder_write(builder, &index_blob, &err), &err);
    search_builder_close(builder);
    must(search_index_read(&search_index, (const uint8_t *)index_blob.data,
             index_blob.len, &err),
        &err);
    return 0;
}

static int drop(void **state)
{
    buffer_clear(&codes_blob);
    buffer_clear(&index_blob);
    return 0;
}

static void ask(const struct search_query *query)
{
    struct error err = {0};

    must(search_run(&found, &search_index, &codes, query, &err), &err);
}

/* "M5450 M545": the codes found, in order, parted by blanks. */
static const char *search(const char *text)
{
    static char out[512];
    const struct search_query query = {
        .text = text, .len = strlen(text), .limit = 20};
    size_t at = 0;

    ask(&query);
    out[0] = '\0';
    for (uint32_t i = 0; i < found.hits; i++)
        at += (size_t)snprintf(out + at, sizeof out - at, "%s%s",
            i == 0 ? "" : " ", entries[found.hit[i].document].code);
    return out;
}

static void a_code_is_read_in_every_form(void **state)
{
    static const char *const forms[] = {"M54.50", "m5450", " M54.50 ", "M54 50",
        "m54,50", "M54-50", "icd10 m54.50", "ICD-10-CM: M54.50", "dx M54.50",
        "M54.5O", "m545o", "M 54.50", "M54. 50", "MS4.50", "icd10m54.50",
        "diagnosis code: M54.50",
        "\xEF\xBC\xAD\xEF\xBC\x95\xEF\xBC\x94\xEF\xBC\x8E\xEF\xBC\x95"
        "\xEF\xBC\x90" /* full-width */};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *said = search(forms[i]);

        if (strncmp(said, "M5450", 5) != 0)
            fail_msg("%s: %s", forms[i], said);
    }
    assert_string_equal(search("J1O30"), "J1030");
    assert_int_equal(found.hit[0].match, MATCH_CODE_SIMILAR);
    assert_string_equal(search("I 10"), "I10");
    assert_string_equal(search("S72.001 a"), "S72001A");
    assert_string_equal(search("hcpcs level ii E0148"), "E0148");
    assert_string_equal(search("hcpcs E1010"), "E1010 E1010");
    assert_string_equal(search("e10.10"), "E1010");
    assert_int_equal(entries[found.hit[0].document].system, SYSTEM_ICD10CM);
}

static void lists_ranges_and_modifiers_keep_their_order(void **state)
{
    assert_string_equal(search("J1030, E0143"), "J1030 E0143");
    assert_string_equal(search("J1030/1"), "J1030 J1031");
    assert_string_equal(search("J1030-1"), "J1030 J1031");
    assert_int_equal(found.hit[1].match, MATCH_CODE_RANGE);
    assert_string_equal(search("M54.5x"), "M545 M5450 M5459");
    assert_string_equal(search("E0143 with modifier 59"), "E0143 59");
    assert_string_equal(search("E0143-59"), "E0143 59");
    assert_string_equal(search("e014359"), "E0143 59");
    assert_string_equal(search("E0143 59 and J1030"), "E0143 59 J1030");
    assert_string_equal(search("E0143-E0148"), "E0143 E0148");
    assert_int_equal(found.hit[0].match, MATCH_CODE_RANGE);
    assert_string_equal(search("E0143 to E0148"), "E0143 E0148");
}

static void a_prefix_lists_codes_in_order(void **state)
{
    assert_string_equal(search("m54"), "M545 M5450 M5459");
    assert_int_equal(found.hit[0].match, MATCH_CODE_PREFIX);
}

static void the_whole_name_comes_first_and_billable_before_headings(
    void **state)
{
    assert_string_equal(search("low back pain"), "M5450 M545 M5459");
    assert_int_equal(found.hit[0].match, MATCH_TITLE);
    assert_string_equal(search("pain low back"), "M5450 M545 M5459");
    assert_string_equal(search("hypertension"), "I10");
    assert_int_equal(found.hit[0].match, MATCH_NAME);
    assert_string_equal(search("lumbago"), "M5450");
    assert_int_equal(found.hit[0].match, MATCH_NAME);
    ask(&(const struct search_query){.text = "low back pain",
        .len = 13,
        .order = ORDER_HEADINGS,
        .limit = 20});
    assert_string_equal(entries[found.hit[0].document].code, "M545");
}

/* True when the last search found the code by its title, as it was typed. */
static bool found_by_title(uint32_t entry)
{
    for (uint32_t i = 0; i < found.hits; i++)
        if (found.hit[i].document == entry)
            return found.hit[i].title && found.reading == READ_AS_TYPED;
    return false;
}

/* Each word of a title, whole, with each other one unfinished, in both orders.
 */
static void any_two_words_of_a_title_find_it(void **state)
{
    for (uint32_t i = 0; i < ENTRIES; i++) {
        const char *title = entries[i].title;
        char word[8][32], query[64];
        size_t words = 0;

        for (title += strcspn(title, LETTERS); *title != '\0' && words < 8;
             title += strcspn(title, LETTERS)) {
            const size_t len = strspn(title, LETTERS);

            if (len > 3)
                (void)snprintf(
                    word[words++], sizeof word[0], "%.*s", (int)len, title);
            title += len;
        }
        for (size_t a = 0; a < words; a++)
            for (size_t b = 0; b < words; b++) {
                if (a == b)
                    continue;
                (void)snprintf(query, sizeof query, "%s %.*s", word[a],
                    (int)strlen(word[b]) - 1, word[b]);
                (void)search(query);
                if (!found_by_title(i))
                    fail_msg("%s: %s", query, search(query));
            }
    }
}

static void the_side_decides(void **state)
{
    assert_string_equal(search("left femur fracture"), "S72002A");
    assert_string_equal(search("fracture right femur"), "S72001A");
    assert_string_equal(search("broken femur left"), "S72002A");
}

static void without_is_a_word(void **state)
{
    assert_string_equal(search("walker w/o wheels"), "E0148");
    assert_string_equal(search("walker without wheel"), "E0148");
}

/* "No" is no beginning of a word ("nodule") when others follow, but the word
 * that the titles have for it. */
static void no_is_without(void **state)
{
    assert_string_equal(search("walker no wheels"), "E0148");
    assert_string_equal(search("cirrhosis no ascites"), "K7030");
    assert_string_equal(search("cirrhosis without ascites"), "K7030");
}

/* A title that denies what was asked for comes behind the others, however short
 * it is. */
static void what_is_denied_comes_last(void **state)
{
    assert_string_equal(search("ascites cirrhosis "), "K7031 K7030");
    assert_string_equal(search("cirrhosis asc"), "K7031 K7030");
    assert_string_equal(search("cirrhosis"), "K7030 K7031");
}

static void words_stand_in_one_text(void **state)
{
    /* "ache" stands in a name of R52, "unspecified" in its title: together
     * they come only when no text has both. */
    assert_string_equal(search("ache unspecified"), "R52");
    assert_string_equal(search("back zebra"), "R52");
    assert_false(found.hit[0].title);
}

/* What a heading says holds for the codes below it, and for no others. */
static void codes_have_the_words_of_their_headings(void **state)
{
    assert_string_equal(search("bed sore heel"), "L89611 L8961");
    assert_int_equal(found.reading, READ_AS_TYPED);
    assert_string_equal(search("bed sore right foot"), "L89611");
    assert_string_equal(search("bed sore"), "L89");
    assert_memory_equal(search("bed sore scar"), "L89 ", 4);
    assert_int_equal(found.reading, READ_IN_PART);
}

/* It is said, but is no guess. */
static void another_form_of_a_word_is_found(void **state)
{
    assert_string_equal(search("injected acetate 40"), "J1030");
    assert_int_equal(found.reading, READ_CORRECTED);
    assert_string_equal(found.word[0].word.text, "injection");
    assert_true(found.word[0].corrected);
    assert_false(found.word[0].guessed);
}

static void an_ended_code_comes_last(void **state)
{
    assert_string_equal(search("injection acetate"), "J1030 J1031");
    assert_string_equal(search("injection acetate 80"), "J1031");
    ask(&(const struct search_query){
        .text = "acetate", .len = 7, .on_day = true, .day = 2000, .limit = 20});
    assert_int_equal(found.total, 1);
}

static void a_dose_is_never_corrected(void **state)
{
    assert_string_equal(search("injection acetat 40 mg"), "J1030");
    (void)search("injection acetate 45 mg");
    assert_int_equal(found.reading, READ_IN_PART);
    assert_true(found.word[2].dropped);
}

static void misspelled_words_are_corrected_and_said(void **state)
{
    assert_string_equal(search("fracutre left femur"), "S72002A");
    assert_int_equal(found.reading, READ_CORRECTED);
    assert_true(found.word[0].corrected);
    assert_string_equal(found.word[0].word.text, "fracture");
    assert_string_equal(search("backpain"), "M5450 M5459 M545");
    assert_int_equal(found.words, 2);
    /* Two letters the other way about, and a short word that begins "bak". */
    assert_string_equal(search("low back pian"), "M5450 M545 M5459");
    assert_string_equal(found.word[2].word.text, "pain");
    assert_string_equal(search("low bak pain"), "M5450 M545 M5459");
    assert_string_equal(found.word[1].word.text, "back");
    assert_string_equal(search("hyper tension"), "I10");
    assert_int_equal(found.reading, READ_CORRECTED);
}

/* The least of letters to add, drop, change or swap until a word is a text, and
 * until it is any beginning of it: the whole table, cell by cell. */
static int plain_distance(
    const char *word, size_t n, const char *text, size_t len, int *begin)
{
    int cell[FOLD_WORD_MAX + 1][FOLD_WORD_MAX + 1];

    *begin = (int)n;
    for (size_t j = 0; j <= len; j++) {
        for (size_t i = 0; i <= n; i++) {
            int best = (int)(i + j);

            if (i > 0 && j > 0) {
                best = cell[i - 1][j - 1] + (word[i - 1] != text[j - 1]);
                if (cell[i - 1][j] + 1 < best)
                    best = cell[i - 1][j] + 1;
                if (cell[i][j - 1] + 1 < best)
                    best = cell[i][j - 1] + 1;
            }
            if (i > 1 && j > 1 && word[i - 1] == text[j - 2] &&
                word[i - 2] == text[j - 1] && cell[i - 2][j - 2] + 1 < best)
                best = cell[i - 2][j - 2] + 1;
            cell[i][j] = best;
        }
        if (cell[n][j] < *begin)
            *begin = cell[n][j];
    }
    return cell[n][len];
}

static bool of_letters(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] < 'a' || text[i] > 'z')
            return false;
    return true;
}

/* Whether spell() is to find a word of the dictionary; *letters is how far off
 * it is. */
static bool comes_near(uint32_t number, const struct fold_word *word,
    bool unfinished, int *letters)
{
    const int most = word->len >= SPELL_TWO_MIN ? 2 : 1;
    size_t len;
    const char *text = search_word_text(&search_index, number, &len);
    int begin;
    const int whole = plain_distance(word->text, word->len, text, len, &begin);

    *letters = unfinished ? begin : whole;
    if (word->len < SPELL_MIN || len < SPELL_MIN ||
        len + (size_t)most < word->len || whole == 0 ||
        !of_letters(word->text, word->len) || !of_letters(text, len) ||
        *letters > most)
        return false;
    return (*letters < 2 && word->len >= SPELL_FIRST) ||
           text[0] == word->text[0];
}

static void check_spelling(const struct fold_word *word, bool unfinished)
{
    struct spelling other[SPELL_WORDS_MAX];
    const uint32_t others = spell(other, &search_index, word, unfinished);
    uint32_t near = 0;

    for (uint32_t number = 0; number < search_index.words; number++) {
        bool is_found = false;
        int letters;

        if (!comes_near(number, word, unfinished, &letters))
            continue;
        near++;
        for (uint32_t i = 0; i < others; i++)
            is_found |= other[i].word == number && other[i].letters == letters;
        if (!is_found && others < SPELL_WORDS_MAX)
            fail_msg("%s: word %u was not found", word->text, number);
    }
    assert_int_equal(others, near < SPELL_WORDS_MAX ? near : SPELL_WORDS_MAX);
}

static void no_word_that_is_near_enough_is_passed_over(void **state)
{
    for (uint32_t number = 0; number < search_index.words; number++)
        for (size_t at = 0; at < FOLD_WORD_MAX; at++) {
            struct fold_word word = {0};
            const char *text =
                search_word_text(&search_index, number, &word.len);

            if (at >= word.len || word.len >= FOLD_WORD_MAX - 1)
                break;
            memcpy(word.text, text, word.len);
            check_spelling(&word, at % 2 == 0);
            word.text[at] = 'e'; /* another letter */
            check_spelling(&word, true);
            check_spelling(&word, false);
            word.text[word.len - 1 - at / 2] = 'o'; /* and one more */
            check_spelling(&word, at % 2 == 0);
            memcpy(word.text, text, word.len);
            memmove(
                word.text + at, word.text + at + 1, word.len - at); /* less */
            word.len--;
            check_spelling(&word, true);
            check_spelling(&word, false);
        }
}

static void words_that_stand_nowhere_are_left_out(void **state)
{
    assert_string_equal(search("qqqq left femur"), "S72002A");
    assert_int_equal(found.reading, READ_IN_PART);
    assert_true(found.word[0].dropped);
    assert_string_equal(search("qqqq xxxx wwww femur"), "");
}

/* The codes with the rarer words first; each says what it lacks. */
static void rarer_words_come_first(void **state)
{
    assert_string_equal(
        search("wheels walker acetate injection"), "E0148 J1030 J1031");
    assert_int_equal(found.reading, READ_IN_PART);
    for (uint32_t i = 0; i < found.hits; i++) {
        const bool walker = i == 0;

        assert_int_equal(found.hit[i].match, MATCH_PARTLY);
        for (uint32_t word = 0; word < 4; word++)
            assert_int_equal(search_lacks(&found, &found.hit[i], word),
                walker ? word >= 2 : word < 2);
    }
    assert_false(found.word[1].dropped);
    assert_true(found.word[2].dropped);
}

/* What is counted is what a filter then selects, also of codes that have some
 * of the words. */
static void a_filter_finds_what_was_counted(void **state)
{
    static const char *const asked[] = {"pain", "qqqq pain", "low pain zebra",
        "fracutre femur", "w", "injection walker"};

    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct search_query query = {.text = asked[i],
            .len = strlen(asked[i]),
            .count_values = true,
            .limit = 20};
        uint32_t counted[SEARCH_VALUES_MAX];

        ask(&query);
        assert_true(found.total > 0);
        memcpy(counted, found.by_value, sizeof counted);
        for (uint32_t value = 0; value < search_index.values; value++) {
            memset(query.values, 0, sizeof query.values);
            query.systems = value < SYSTEM_COUNT ? 1u << value : 0;
            if (value >= SYSTEM_COUNT)
                query.values[value / 64] |= UINT64_C(1) << value % 64;
            if (counted[value] == 0)
                continue;
            ask(&query);
            assert_int_equal(found.total, counted[value]);
        }
    }
}

/* E0143 and E0148 have two settings, and are in the count of each. */
static void a_code_has_several_settings(void **state)
{
    const uint32_t dme =
        search_value_find(&search_index, FACET_SETTING, "dme", 3);
    const uint32_t practitioner =
        search_value_find(&search_index, FACET_SETTING, "practitioner", 12);
    struct search_query query = {
        .text = "walker", .len = 6, .count_values = true, .limit = 20};

    ask(&query);
    assert_int_equal(found.by_value[dme], 2);
    assert_int_equal(found.by_value[practitioner], 2);
    query.text = "injection";
    query.len = 9;
    ask(&query);
    assert_int_equal(found.by_value[dme], 0);
    assert_int_equal(found.by_value[practitioner], 2);
    query.values[dme / 64] |= UINT64_C(1) << dme % 64;
    query.values[practitioner / 64] |= UINT64_C(1) << practitioner % 64;
    ask(&query);
    assert_int_equal(found.total, 2); /* either of them will do */
}

/* --- values of a day ------------------------------------------------------ */

/* Three releases, [100, 199], [200, 299] and, for one code alone, older days.
 * Most codes are told of from 100 to 299. */
static const struct stretch {
    uint32_t document;
    enum search_facet facet;
    const char *value;
    day_t from, to;
} stretches[] = {{0, FACET_STATUS, "A", 100, 299},
    {0, FACET_SETTING, "dme", 100, 199},
    {0, FACET_SETTING, "practitioner", 100, 299},
    {1, FACET_STATUS, "A", 100, 199}, {1, FACET_STATUS, "B", 200, 299},
    {1, FACET_SETTING, "practitioner", 200, 299},
    {2, FACET_STATUS, "A", 50, 149}, {2, FACET_STATUS, "B", 170, 320},
    {2, FACET_SETTING, "dme", 100, 199},
    {2, FACET_SETTING, "practitioner", 100, 299},
    {3, FACET_STATUS, "A", 100, 299}, {3, FACET_SETTING, "dme", 100, 199}};
enum { DATED_CODES = 4 };

static const struct {
    day_t day;
    enum search_facet facet;
    const char *value;
    const char *codes; /* that have it */
} of_days[] = {{49, FACET_STATUS, "A", ""}, {50, FACET_STATUS, "A", "2"},
    {99, FACET_STATUS, "A", "2"}, {100, FACET_STATUS, "A", "0123"},
    {149, FACET_STATUS, "A", "0123"}, {150, FACET_STATUS, "A", "013"},
    {169, FACET_STATUS, "B", ""}, {170, FACET_STATUS, "B", "2"},
    {199, FACET_STATUS, "B", "2"}, {200, FACET_STATUS, "A", "03"},
    {200, FACET_STATUS, "B", "12"}, {299, FACET_STATUS, "B", "12"},
    {300, FACET_STATUS, "B", "2"}, {300, FACET_STATUS, "A", ""},
    {320, FACET_STATUS, "B", "2"}, {321, FACET_STATUS, "B", ""},
    {99, FACET_SETTING, "dme", ""}, {100, FACET_SETTING, "dme", "023"},
    {199, FACET_SETTING, "dme", "023"}, {200, FACET_SETTING, "dme", ""},
    {199, FACET_SETTING, "practitioner", "02"},
    {200, FACET_SETTING, "practitioner", "012"},
    {299, FACET_SETTING, "practitioner", "012"},
    {300, FACET_SETTING, "practitioner", ""}};

/* copies of each code: so many that they are counted by their bitmaps */
static void build_days(struct search_index *index, struct code_list *list,
    struct buffer *blob, struct buffer *list_blob, uint32_t copies)
{
    const uint32_t count = DATED_CODES * copies;
    struct code_ref *code = calloc(count, sizeof *code);
    char(*text)[12] = calloc(count, sizeof *text);
    struct search_builder *builder;
    struct error err = {0};

    assert_non_null(code);
    assert_non_null(text);
    for (uint32_t i = 0; i < count; i++) {
        (void)snprintf(text[i], sizeof text[i], "%05u", i);
        code[i] = (struct code_ref){SYSTEM_CPT, text[i], 5};
    }
    must(code_list_write(list_blob, code, count, &err), &err);
    must(code_list_read(
             list, (const uint8_t *)list_blob->data, list_blob->len, &err),
        &err);
    must(search_builder_open(&builder, count, &err), &err);
    for (uint32_t i = 0; i < count; i++) {
        search_builder_document(builder, i, SYSTEM_CPT, DAY_UNKNOWN, DAY_OPEN);
        must(search_builder_add(
                 builder, i, SEARCH_TITLE, 0, "gait training", 13, &err),
            &err);
        for (size_t s = 0; s < sizeof stretches / sizeof *stretches; s++) {
            const struct stretch *own = &stretches[s];

            if (own->document != i % DATED_CODES)
                continue;
            /* The newest is told last. */
            must(search_builder_value(builder, i, own->facet, own->value, &err),
                &err);
            must(search_builder_value_on(builder, i, own->facet, own->value,
                     own->from, own->to, &err),
                &err);
        }
    }
    must(search_builder_write(builder, blob, &err), &err);
    search_builder_close(builder);
    must(search_index_read(index, (const uint8_t *)blob->data, blob->len, &err),
        &err);
    free(code);
    free(text);
}

static void check_days(uint32_t copies)
{
    struct buffer blob = {0}, list_blob = {0};
    struct search_index index;
    struct code_list list;
    struct error err = {0};

    build_days(&index, &list, &blob, &list_blob, copies);
    for (size_t i = 0; i < sizeof of_days / sizeof *of_days; i++) {
        const uint32_t value = search_value_find(&index, of_days[i].facet,
            of_days[i].value, strlen(of_days[i].value));
        const uint32_t expected = (uint32_t)strlen(of_days[i].codes) * copies;
        struct search_query query = {.text = "gait",
            .len = 4,
            .day = of_days[i].day,
            .count_values = true,
            .limit = 20};

        assert_true(value != UINT32_MAX);
        must(search_run(&found, &index, &list, &query, &err), &err);
        assert_int_equal(found.total, DATED_CODES * copies);
        assert_int_equal(found.by_value[value], expected);
        query.values[value / 64] |= UINT64_C(1) << value % 64;
        must(search_run(&found, &index, &list, &query, &err), &err);
        assert_int_equal(found.total, expected);
        for (uint32_t n = 0; n < found.hits; n++)
            assert_non_null(strchr(of_days[i].codes,
                '0' + (int)(found.hit[n].document % DATED_CODES)));
    }
    buffer_clear(&blob);
    buffer_clear(&list_blob);
}

static void filters_and_counts_go_by_the_day(void **state)
{
    check_days(1);
}

static void so_they_do_when_there_are_many(void **state)
{
    check_days(1000);
}

static void facets_count_and_filter(void **state)
{
    struct search_query query = {
        .text = "pain", .len = 4, .count_values = true, .limit = 20};
    const uint32_t heading =
        search_value_find(&search_index, FACET_BILLABLE, "false", 5);

    ask(&query);
    assert_int_equal(found.total, 4);
    assert_int_equal(found.by_value[heading], 1);
    query.values[heading / 64] = UINT64_C(1) << heading % 64;
    ask(&query);
    assert_int_equal(found.total, 1);
    query.values[heading / 64] = 0;
    query.systems = 1u << SYSTEM_HCPCS;
    ask(&query);
    assert_int_equal(found.total, 0);
    assert_int_equal(found.by_system[SYSTEM_ICD10CM], 4);
}

static void pages_follow_each_other(void **state)
{
    char whole[256], page[8];

    (void)snprintf(whole, sizeof whole, "%s", search("pain"));
    for (uint32_t i = 0; i < 4; i++) {
        ask(&(const struct search_query){
            .text = "pain", .len = 4, .offset = i, .limit = 1});
        assert_int_equal(found.hits, 1);
        (void)snprintf(
            page, sizeof page, "%s", entries[found.hit[0].document].code);
        assert_non_null(strstr(whole, page));
    }
}

static void the_hits_stay_while_of_is_typed(void **state)
{
    static const char *const typed[] = {
        "fracture ", "fracture o", "fracture of", "fracture of ", "fracture"};

    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
        assert_string_equal(search(typed[i]), "S72002A S72001A");
    assert_string_equal(search("pain other"), "M5459");
}

/* The first letter of a word tells too little, unless it is one. */
static void a_letter_narrows_nothing_unless_it_is_a_word(void **state)
{
    char before[64];

    (void)snprintf(before, sizeof before, "%s", search("hepatitis "));
    assert_string_equal(before, "K739 B182 K740");
    assert_string_equal(search("hepatitis l"), before);
    assert_int_equal(found.reading, READ_AS_TYPED);
    assert_true(found.word[1].unfinished); /* and that is told */
    assert_string_equal(search("hepatitis li"), "K739 K740");
    assert_false(found.word[1].unfinished);
    assert_string_equal(search("hepatitis c"), "B182 K739 K740");
    assert_false(found.word[1].unfinished);
    /* Of a word cut short, too. */
    assert_memory_equal(search("hepat c"), "B182 ", 5);
    assert_false(found.word[1].unfinished);
    assert_string_equal(search("walker x"), "E0143 E0148");
}

/* It says which of the first ten come first, and leaves them there. */
static void a_letter_orders_the_first_page(void **state)
{
    assert_string_equal(search("fracture neck "), "S72002A S72001A");
    assert_string_equal(search("fracture neck r"), "S72001A S72002A");
    assert_true(found.word[2].unfinished); /* it is not looked for as yet */
    assert_string_equal(search("fracture neck l"), "S72002A S72001A");
}

/* The same for few hits and many, page by page. */
static void check_letter(uint32_t count)
{
    static const uint32_t expected[] = {
        1, 3, 5, 7, 9, 0, 2, 4, 6, 8, 10, 11, 12, 13};
    enum { EXPECTED = sizeof expected / sizeof *expected };
    static const char *const titles[] = {"gait aid", "gait use"};
    char(*text)[12] = calloc(count, sizeof *text);
    struct code_ref *code = calloc(count, sizeof *code);
    struct buffer blob = {0}, list_blob = {0};
    struct search_builder *builder;
    struct search_index index;
    struct code_list list;
    struct error err = {0};

    assert_non_null(text);
    assert_non_null(code);
    for (uint32_t i = 0; i < count; i++) {
        (void)snprintf(text[i], sizeof text[i], "%05u", i);
        code[i] = (struct code_ref){SYSTEM_CPT, text[i], 5};
    }
    must(code_list_write(&list_blob, code, count, &err), &err);
    must(code_list_read(
             &list, (const uint8_t *)list_blob.data, list_blob.len, &err),
        &err);
    must(search_builder_open(&builder, count, &err), &err);
    for (uint32_t i = 0; i < count; i++) {
        search_builder_document(builder, i, SYSTEM_CPT, DAY_UNKNOWN, DAY_OPEN);
        must(search_builder_add(builder, i, SEARCH_TITLE, 0, titles[i % 2],
                 strlen(titles[i % 2]), &err),
            &err);
    }
    must(search_builder_write(builder, &blob, &err), &err);
    search_builder_close(builder);
    must(search_index_read(&index, (const uint8_t *)blob.data, blob.len, &err),
        &err);
    for (uint32_t offset = 0; offset < EXPECTED; offset++)
        for (uint32_t limit = 1; offset + limit <= EXPECTED; limit++) {
            const struct search_query query = {
                .text = "gait u", .len = 6, .offset = offset, .limit = limit};

            must(search_run(&found, &index, &list, &query, &err), &err);
            assert_int_equal(found.total, count);
            assert_int_equal(found.hits, limit);
            for (uint32_t i = 0; i < limit; i++)
                assert_int_equal(found.hit[i].document, expected[offset + i]);
        }
    buffer_clear(&blob);
    buffer_clear(&list_blob);
    free(text);
    free(code);
}

static void a_letter_orders_few_and_many_alike(void **state)
{
    check_letter(40);   /* rows one by one */
    check_letter(1000); /* bitmaps */
}

/* "wheel" may become "wheeled": what has it whole comes first when a blank
 * tells that it is finished. */
static void a_word_is_whole_when_it_is_finished(void **state)
{
    assert_string_equal(search("walker wheel"), "E0143 E0148");
    assert_int_equal(found.hit[1].match, MATCH_LAST_PREFIX);
    assert_string_equal(search("walker wheel "), "E0148 E0143");
    assert_int_equal(found.hit[0].match, MATCH_WORDS);
    assert_int_equal(found.hit[1].match, MATCH_LAST_PREFIX);
}

/* A code stays up of which the first words are a name, or what was typed of the
 * last one; what was found says why, as ever. */
static void what_a_beginning_names_stays_up(void **state)
{
    assert_string_equal(search("hep"), "K740 B182 K739");
    assert_int_equal(found.hit[0].match, MATCH_NAME);
    assert_string_equal(search("hepa"), "K740 B182 K739");
    assert_int_equal(found.hit[0].match, MATCH_LAST_PREFIX);
    assert_true(found.hit[0].title);
    assert_string_equal(search("hepati"), "K739 K740 B182");
    assert_string_equal(search("hepatitis"), "K739 K740 B182");
    assert_string_equal(search("hepatitis chro"), "K739 B182 K740");
    assert_string_equal(search("hepatitis chronic "), "K739 B182 K740");
    assert_int_equal(found.hit[0].match, MATCH_WORDS);
}

/* Of words that begin so the commonest is likely to be meant. */
static void what_the_commonest_word_names_comes_first(void **state)
{
    assert_string_equal(search("hypert"), "I10 Q752");
    assert_string_equal(search("hyperte"), "I10 Q752");
    assert_string_equal(search("hypertel"), "Q752");
}

/* What stands in parentheses does not part the words around it. */
static void modifiers_of_a_title_may_be_left_out(void **state)
{
    assert_string_equal(search("essential hypert"), "I10");
    assert_int_equal(found.hit[0].match, MATCH_BEGINS);
    assert_string_equal(search("essential primary hypert"), "I10");
}

/* "sinusis" is as near to "sinuses" as to the beginning of "sinusitis", and
 * more like that. */
static void an_unfinished_word_goes_on_alike(void **state)
{
    assert_string_equal(search("sinusis"), "J329");
    assert_int_equal(found.reading, READ_CORRECTED);
}

/* "sinusis" alone is read as "sinuses", of which nothing is chronic. */
static void two_misspelled_words_are_read_together(void **state)
{
    assert_string_equal(search("sinusis chrnic"), "J329");
    assert_int_equal(found.reading, READ_CORRECTED);
    assert_string_equal(found.word[0].word.text, "sinusitis");
    assert_string_equal(found.word[1].word.text, "chronic");
}

/* Two words written as one, the second not yet whole. */
static void two_words_in_one_are_parted_while_typed(void **state)
{
    static const char *const typed[] = {
        "walkerfol", "walkerfold", "walkerfoldi", "walkerfolding"};

    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        assert_string_equal(search(typed[i]), "E0143");
        assert_int_equal(found.reading, READ_CORRECTED);
    }
    assert_string_equal(search("walkerfol "), "");
}

/* Nothing has all three: what the others found stays until more of the last one
 * is told, and no word is taken for another. */
static void a_word_just_begun_is_left_out_first(void **state)
{
    assert_string_equal(search("walker folding xx"), "E0143");
    assert_int_equal(found.reading, READ_IN_PART);
    assert_true(found.word[2].dropped);
}

enum { CROWD = 6000, EXTRAS = 3 };

/* Three titles in turn; each third code has another text. */
static void fill_crowd(struct search_builder *builder)
{
    static const char *const titles[] = {
        "crowd member", "member in a crowd", "longer crowded member"};
    struct error err = {0};

    for (uint32_t i = 0; i < CROWD; i++) {
        const char *title = titles[i % 3];

        search_builder_document(
            builder, i, SYSTEM_ICD10CM, DAY_UNKNOWN, DAY_OPEN);
        must(search_builder_add(
                 builder, i, SEARCH_TITLE, 0, title, strlen(title), &err),
            &err);
        if (i % EXTRAS == 0)
            must(search_builder_add(
                     builder, i, SEARCH_EXTRA, 0, "seldom told", 11, &err),
                &err);
        must(search_builder_value(builder, i, FACET_SYSTEM,
                 code_system_name((enum code_system)(i % 2)), &err),
            &err);
        must(search_builder_value(builder, i, FACET_BILLABLE,
                 i % 2 == 0 ? "true" : "false", &err),
            &err);
    }
}

/* More hits than are told one by one: the same order, page by page. */
static void a_crowd_comes_in_order(void **state)
{
    static char text[CROWD][8];
    static struct code_ref code[CROWD];
    static uint8_t seen[CROWD];
    struct buffer list = {0}, blob = {0};
    struct search_builder *builder;
    struct search_query query = {.text = "crowd ", .len = 6, .limit = 200};
    struct code_list own_codes;
    struct search_index own_index;
    struct error err = {0};
    int last = 0;

    for (uint32_t i = 0; i < CROWD; i++) {
        (void)snprintf(text[i], sizeof text[i], "Z%05u", i);
        code[i] = (struct code_ref){SYSTEM_ICD10CM, text[i], 6};
    }
    must(code_list_write(&list, code, CROWD, &err), &err);
    must(code_list_read(&own_codes, (const uint8_t *)list.data, list.len, &err),
        &err);
    must(search_builder_open(&builder, CROWD, &err), &err);
    fill_crowd(builder);
    must(search_builder_write(builder, &blob, &err), &err);
    search_builder_close(builder);
    must(search_index_read(
             &own_index, (const uint8_t *)blob.data, blob.len, &err),
        &err);
    for (; query.offset < CROWD; query.offset += query.limit) {
        must(search_run(&found, &own_index, &own_codes, &query, &err), &err);
        assert_int_equal(found.total, CROWD);
        assert_int_equal(found.hits, 200);
        for (uint32_t i = 0; i < found.hits; i++) {
            const uint32_t number = found.hit[i].document;
            const int reason = (int)found.hit[i].match * 2 + (number % 2 != 0);

            /* By reason, then those to bill before headings. */
            assert_true(reason >= last);
            last = reason;
            assert_int_equal(found.hit[i].match, number % 3 == 0 ? MATCH_BEGINS
                                                 : number % 3 == 1
                                                     ? MATCH_WORDS
                                                     : MATCH_LAST_PREFIX);
            assert_int_equal(seen[number]++, 0);
        }
    }
    query =
        (struct search_query){.text = "crowd seldom", .len = 12, .limit = 5};
    must(search_run(&found, &own_index, &own_codes, &query, &err), &err);
    assert_int_equal(found.total, CROWD / EXTRAS);
    query = (struct search_query){.text = "seldom t", .len = 8, .limit = 5};
    must(search_run(&found, &own_index, &own_codes, &query, &err), &err);
    assert_int_equal(found.total, CROWD / EXTRAS);
    assert_false(found.hit[0].title);
    buffer_clear(&list);
    buffer_clear(&blob);
}

static void assert_names(uint64_t hash)
{
    uint32_t first, end, below = 0, equal = 0;

    for (uint32_t i = 0; i < search_index.names; i++) {
        const uint64_t own = load_u64(search_index.name + 8 * (size_t)i);

        below += own < hash;
        equal += own == hash;
    }
    search_names(&search_index, hash, &first, &end);
    assert_int_equal(first, below);
    assert_int_equal(end, below + equal);
}

/* They are looked for near where evenly spread ones would lie. */
static void names_are_found_wherever_their_hash_lies(void **state)
{
    assert_true(search_index.names > 10);
    assert_names(0);
    assert_names(UINT64_MAX);
    for (uint32_t i = 0; i < search_index.names; i++) {
        const uint64_t hash = load_u64(search_index.name + 8 * (size_t)i);

        assert_names(hash - 1);
        assert_names(hash);
        assert_names(hash + 1);
    }
    for (uint64_t n = 0; n < 1000; n++)
        assert_names(n * 0x9E3779B97F4A7C15u);
}

/* Other texts of a document: one each for a long stretch of documents, for
 * every second of another, for few of the next, then many for some. */
static uint32_t texts_of(uint32_t document)
{
    static const uint32_t some[] = {0, 1, 3, 0, 0, 2, 70, 1, 0, 130};

    switch (document / 150 % 4) {
    case 0:
        return 1;
    case 1:
        return document % 2;
    case 2:
        return document % 13 == 0;
    default:
        return some[document % 10];
    }
}

static void fill_texts(struct search_builder *builder)
{
    struct error err = {0};

    for (uint32_t i = 0; i < CROWD; i++) {
        search_builder_document(
            builder, i, SYSTEM_ICD10CM, DAY_UNKNOWN, DAY_OPEN);
        must(search_builder_add(builder, i, SEARCH_TITLE, 0, "crowd", 5, &err),
            &err);
        for (uint32_t n = 0; n < texts_of(i); n++)
            must(search_builder_add(
                     builder, i, SEARCH_EXTRA, 0, "seldom", 6, &err),
                &err);
    }
}

/* Many rows are projected sixty-four at a time where the machine can. */
static void rows_are_projected_alike_one_by_one_and_together(void **state)
{
    const unsigned dense[] = {1, 2, 5, 30};
    struct buffer blob = {0};
    struct search_builder *builder;
    struct search_index own;
    struct error err = {0};
    uint8_t *rows, *one, *two;
    uint64_t seed = 1;

    must(search_builder_open(&builder, CROWD, &err), &err);
    fill_texts(builder);
    must(search_builder_write(builder, &blob, &err), &err);
    search_builder_close(builder);
    must(search_index_read(&own, (const uint8_t *)blob.data, blob.len, &err),
        &err);
    assert_in_range(own.rows, 10000, 100000);
    rows = calloc(1, own.row_bytes);
    one = calloc(1, own.bitmap_bytes);
    two = calloc(1, own.bitmap_bytes);
    assert_non_null(rows);
    assert_non_null(one);
    assert_non_null(two);
    for (unsigned round = 0; round < 40; round++) {
        memset(rows, 0, own.row_bytes);
        memset(one, 0, own.bitmap_bytes);
        memset(two, 0xFF, own.bitmap_bytes); /* it is made, not added to */
        for (uint32_t i = 0; i < own.rows; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            if ((seed >> 33) % dense[round % 4] == 0)
                rows[own.bitmap_bytes + i / 8] |= (uint8_t)(1u << i % 8);
        }
        for (uint32_t i = 0; i < CROWD; i += 17 + round)
            rows[i / 8] |= (uint8_t)(1u << i % 8);
        search_project_rows(&own, rows, one);
        search_project(&own, rows, two);
        assert_memory_equal(one, two, own.bitmap_bytes);
    }
    free(rows);
    free(one);
    free(two);
    buffer_clear(&blob);
}

/* Two words of one text tell more than rarer ones of two that have nothing to
 * do with each other. What is left out is what the best hit lacks. */
static void words_of_one_text_tell_more(void **state)
{
    (void)search("essential benign low back");
    assert_int_equal(found.reading, READ_IN_PART);
    assert_string_equal(entries[found.hit[0].document].code, "M5450");
    for (uint32_t i = 0; i < found.words; i++)
        assert_int_equal(
            found.word[i].dropped, search_lacks(&found, &found.hit[0], i));
}

static void what_is_left_says_nothing_opposite(void **state)
{
    /* E0148 is without something else. */
    assert_string_equal(search("walker without ache"), "E0143 E0148");
    assert_string_equal(search("hypertension without ketoacidosis"), "I10");
    assert_int_equal(found.reading, READ_IN_PART);
    assert_true(found.word[1].dropped && found.word[2].dropped);
    /* A dose is less than what is given. */
    assert_string_equal(search("hypertension 40 mg"), "I10");
    /* Nothing of it stands as it was typed. */
    assert_string_equal(search("zzyxqv walkr"), "");
}

static void numbers_between_two_are_found(void **state)
{
    assert_string_equal(search("burn 25 percent"), "T312");
    assert_int_equal(found.reading, READ_AS_TYPED);
    assert_string_equal(search("burn 30"), "T312");
    assert_int_equal(found.reading, READ_IN_PART);
}

static void one_and_many_are_the_same(void **state)
{
    char out[FOLD_WORD_MAX + 1];

    assert_int_equal(term_singular(out, "fractures", 9), 8);
    assert_int_equal(term_singular(out, "biopsies", 8), 6);
    assert_memory_equal(out, "biopsy", 6);
    assert_int_equal(term_singular(out, "abscess", 7), 0);
    assert_int_equal(term_singular(out, "arthritis", 9), 0);
    assert_int_equal(term_singular(out, "meniscus", 8), 0);
    assert_int_equal(term_hash("fractures", 9), term_hash("fracture", 8));
    assert_int_equal(term_hash("of", 2), 0);
    assert_true(term_hash("without", 7) != 0);
    assert_true(term_hash("left", 4) != term_hash("right", 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_read_in_every_form),
        cmocka_unit_test(lists_ranges_and_modifiers_keep_their_order),
        cmocka_unit_test(a_prefix_lists_codes_in_order),
        cmocka_unit_test(
            the_whole_name_comes_first_and_billable_before_headings),
        cmocka_unit_test(any_two_words_of_a_title_find_it),
        cmocka_unit_test(the_side_decides),
        cmocka_unit_test(without_is_a_word),
        cmocka_unit_test(no_is_without),
        cmocka_unit_test(what_is_denied_comes_last),
        cmocka_unit_test(words_stand_in_one_text),
        cmocka_unit_test(codes_have_the_words_of_their_headings),
        cmocka_unit_test(another_form_of_a_word_is_found),
        cmocka_unit_test(an_ended_code_comes_last),
        cmocka_unit_test(a_dose_is_never_corrected),
        cmocka_unit_test(misspelled_words_are_corrected_and_said),
        cmocka_unit_test(no_word_that_is_near_enough_is_passed_over),
        cmocka_unit_test(words_that_stand_nowhere_are_left_out),
        cmocka_unit_test(rarer_words_come_first),
        cmocka_unit_test(a_filter_finds_what_was_counted),
        cmocka_unit_test(a_code_has_several_settings),
        cmocka_unit_test(facets_count_and_filter),
        cmocka_unit_test(filters_and_counts_go_by_the_day),
        cmocka_unit_test(so_they_do_when_there_are_many),
        cmocka_unit_test(pages_follow_each_other),
        cmocka_unit_test(the_hits_stay_while_of_is_typed),
        cmocka_unit_test(a_letter_narrows_nothing_unless_it_is_a_word),
        cmocka_unit_test(a_letter_orders_the_first_page),
        cmocka_unit_test(a_letter_orders_few_and_many_alike),
        cmocka_unit_test(a_word_is_whole_when_it_is_finished),
        cmocka_unit_test(what_a_beginning_names_stays_up),
        cmocka_unit_test(what_the_commonest_word_names_comes_first),
        cmocka_unit_test(modifiers_of_a_title_may_be_left_out),
        cmocka_unit_test(an_unfinished_word_goes_on_alike),
        cmocka_unit_test(two_misspelled_words_are_read_together),
        cmocka_unit_test(two_words_in_one_are_parted_while_typed),
        cmocka_unit_test(a_word_just_begun_is_left_out_first),
        cmocka_unit_test(a_crowd_comes_in_order),
        cmocka_unit_test(names_are_found_wherever_their_hash_lies),
        cmocka_unit_test(rows_are_projected_alike_one_by_one_and_together),
        cmocka_unit_test(words_of_one_text_tell_more),
        cmocka_unit_test(what_is_left_says_nothing_opposite),
        cmocka_unit_test(numbers_between_two_are_found),
        cmocka_unit_test(one_and_many_are_the_same),
    };

    return cmocka_run_group_tests(tests, build, drop);
}

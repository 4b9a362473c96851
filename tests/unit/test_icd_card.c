/* test_icd_card.c - a diagnosis among its own: headers and what to bill below
 * them, notes and where they are inherited from, what came before and after. */
#include "tests/builds.h"

#include "codesets/answer/answer.h"
#include "codesets/core/day.h"

static struct {
    struct store *store;
    struct answers *answers;
} opened;

/* Rows "code flag title" in the order given; a blank code ends them. */
static void put_order(const char *name, const char *const *rows)
{
    struct buffer out = {0};
    int number = 1;

    for (; *rows != NULL; rows++) {
        char code[8], flag[2];
        int at = 0;

        assert_int_equal(sscanf(*rows, "%7s %1s %n", code, flag, &at), 2);
        buffer_addf(&out, "%05d %-7s %s %-60s %s\n", number++, code, flag,
            *rows + at, *rows + at);
    }
    put_buffer(name, &out);
}

/* L98.A stands before L98.5, as it does in the published file. */
static const char *const codes_2025[] = {"L98 0 Skin", "L985 1 Mucinosis",
    "M54 0 Dorsalgia", "M545 1 Low back pain", "M549 1 Dorsalgia, unspecified",
    "S06 0 Intracranial injury", "S060 0 Concussion", "S060X 0 Concussion",
    "S060X0 0 Concussion without loss", "S060X0A 1 Concussion, initial",
    "S060X0D 1 Concussion, subsequent", "S07 1 Crushing injury", NULL};
static const char *const codes_2026[] = {"L98 0 Skin", "L98A 0 New disorder",
    "L98A1 1 New disorder, one", "L98A2 1 New disorder, two",
    "L985 1 Mucinosis", "M54 0 Dorsalgia", "M545 0 Low back pain",
    "M5450 1 Low back pain, unspecified", "M5459 1 Other low back pain",
    "M549 1 Dorsalgia, unspecified", "S06 0 Intracranial injury",
    "S060 0 Concussion", "S060X 0 Concussion",
    "S060X0 0 Concussion without loss", "S060X0A 1 Concussion, initial",
    "S060X0D 1 Concussion, subsequent", NULL};

static const char tabular_2024[] =
    "<?xml version=\"1.0\"?>\n<ICD10CM.tabular><version>2024</version>\n"
    "<chapter><name>13</name><desc>Bones (M00-M99)</desc>\n"
    "<excludes2><note>neoplasms (C00-D49)</note></excludes2>\n"
    "<section id=\"M40-M54\"><desc>Dorsopathies (M40-M54)</desc></section>\n"
    "<section id=\"M50-M54\"><desc>Other dorsopathies (M50-M54)</desc>\n"
    "<diag><name>M54</name><desc>Dorsalgia</desc>\n"
    "<excludes1><note>psychogenic (M54.9), A1C, (L98.-)</note></excludes1>\n"
    "<diag><name>M54.5</name><desc>Low back pain</desc>\n"
    "<inclusionTerm><note>Lumbago</note><note>Loin "
    "pain</note></inclusionTerm>\n"
    "<excludes1><note>a note of its own</note></excludes1>\n"
    "</diag></diag></section></chapter></ICD10CM.tabular>\n";

static void put_fixture(const char *name, const char *path)
{
    struct buffer bytes = {0};
    char block[4096];
    FILE *file = fopen(path, "rb");
    size_t n;

    assert_non_null(file);
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        buffer_add(&bytes, block, n);
    assert_int_equal(fclose(file), 0);
    put_buffer(name, &bytes);
}

static int open_data(void **state)
{
    struct made made;

    assert_int_equal(builds_begin(state), 0);
    put_order("2025/icd10cm_order_2025.txt", codes_2025);
    put_order("2026/icd10cm_order_2026.txt", codes_2026);
    put("2024/icd10cm_tabular_2024.xml", tabular_2024);
    put_fixture("2026/icd10cm_tabular_2026.xml",
        "tests/fixtures/icd10cm/icd10cm_tabular_2026.xml");
    put("2026/conversion-FY26.csv",
        "\"This FY 2026 (October 1, 2025 Update) Conversion Table\",,\n"
        "Current code assignment,Effective,Previous Code(s) Assignment\n"
        "M54.59,2025,M54.5\n"
        "M54.50,2025,M54.5\n"
        "L98.A1,04/01/26,\"L98.5 and M54.5\"\n");
    build_from(&made, files(), NULL);
    if (made.rc != 0)
        fail_msg("%s", made.err.msg);
    assert_int_equal(store_open(&opened.store, made.result.path, NULL), 0);
    assert_int_equal(answers_open(&opened.answers, opened.store, NULL), 0);
    forget(&made);
    return 0;
}

static int close_data(void **state)
{
    answers_close(opened.answers);
    store_close(opened.store);
    return builds_end(state);
}

static int ask(
    struct buffer *out, struct error *err, const char *code, const char *date)
{
    struct code_question question = {.code = {code, strlen(code)}};

    assert_int_equal(day_parse_iso(&question.day, date, strlen(date)), 0);
    return answer_code(out, opened.answers, &question, err);
}

static json_t *card(const char *code, const char *date)
{
    struct buffer out = {0};
    struct error err = {0};
    json_t *root;

    if (ask(&out, &err, code, date) != 0)
        fail_msg("%s: %s", code, err.msg);
    root = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    buffer_clear(&out);
    return root;
}

static void unknown(const char *code, const char *message)
{
    struct buffer out = {0};
    struct error err = {0};

    assert_int_equal(ask(&out, &err, code, "2026-01-15"), ERR_NOTFOUND);
    assert_string_equal(err.msg, message);
    assert_int_equal(out.len, 0);
}

/* The codes of a list, as "M54.50 M54.59". */
static void codes_are(
    const json_t *said, const char *member, const char *expected)
{
    char found[256] = "";
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(said, member), i, item)
    {
        const char *code =
            json_is_string(item)
                ? json_string_value(item)
                : json_string_value(json_object_get(item, "code"));

        (void)snprintf(found + strlen(found), sizeof found - strlen(found),
            "%s%s", i > 0 ? " " : "", code);
    }
    assert_string_equal(found, expected);
}

static const char *text_of(const json_t *value, const char *member)
{
    return json_string_value(json_object_get(value, member));
}

/* ------------------------------------------------------------------ tree */

static void a_header_needs_more_characters_and_says_which(void **state)
{
    json_t *said = card("m54.5", "2026-01-15");

    assert_true(json_is_true(json_object_get(said, "valid")));
    assert_true(json_is_false(json_object_get(said, "billable")));
    assert_string_equal(text_of(said, "reason"), "needs_more_characters");
    codes_are(said, "parents", "M54");
    codes_are(said, "children", "M54.50 M54.59");
    codes_are(said, "billable_codes", "M54.50 M54.59");
    assert_true(json_is_null(json_object_get(said, "billable_codes_more")));
    assert_true(json_is_null(json_object_get(said, "poa_exempt")));
    json_decref(said);

    said = card("M54", "2026-01-15");
    codes_are(said, "children", "M54.5 M54.9");
    codes_are(said, "billable_codes", "M54.50 M54.59 M54.9");
    json_decref(said);
}

static void the_day_tells_what_stands_below(void **state)
{
    json_t *said = card("M54.5", "2025-09-30");

    assert_true(json_is_true(json_object_get(said, "billable")));
    assert_true(json_is_null(json_object_get(said, "reason")));
    codes_are(said, "children", "");
    codes_are(said, "billable_codes", "");
    json_decref(said);
    said = card("M54", "2025-09-30");
    codes_are(said, "billable_codes", "M54.5 M54.9");
    json_decref(said);
}

static void codes_below_come_in_the_order_of_the_order_file(void **state)
{
    json_t *said = card("L98", "2026-01-15");

    codes_are(said, "children", "L98.A L98.5");
    codes_are(said, "billable_codes", "L98.A1 L98.A2 L98.5");
    json_decref(said);
}

static void a_code_of_seven_characters_has_all_its_headers(void **state)
{
    json_t *said = card("S060X0A", "2026-01-15");

    codes_are(said, "parents", "S06 S06.0 S06.0X S06.0X0");
    codes_are(said, "children", "");
    assert_true(json_is_true(json_object_get(said, "billable")));
    json_decref(said);
}

static void a_code_that_is_gone_is_not_valid(void **state)
{
    json_t *said = card("S07", "2026-01-15");

    assert_true(json_is_false(json_object_get(said, "valid")));
    assert_string_equal(text_of(said, "valid_to"), "2025-09-30");
    assert_true(json_is_null(json_object_get(said, "reason")));
    json_decref(said);
    said = card("S07", "2025-09-30");
    assert_true(json_is_true(json_object_get(said, "valid")));
    json_decref(said);
}

static void a_code_of_october_is_not_valid_in_september(void **state)
{
    json_t *said = card("L98.A1", "2025-09-30");

    assert_true(json_is_null(json_object_get(said, "valid")));
    assert_false(json_is_true(json_object_get(said, "billable")));
    assert_string_equal(text_of(said, "valid_from"), "2025-10-01");
    json_decref(said);
    said = card("L98.A1", "2025-10-01");
    assert_true(json_is_true(json_object_get(said, "billable")));
    json_decref(said);
}

/* ----------------------------------------------------------------- notes */

/* The kind, origin and text of each note: "excludes1 M54 *text"; the star marks
 * an inherited one. */
static void notes_are(const json_t *tabular, const char *const *expected)
{
    const json_t *note;
    size_t i;

    json_array_foreach(json_object_get(tabular, "notes"), i, note)
    {
        char line[256];

        (void)snprintf(line, sizeof line, "%s %s %s%s", text_of(note, "kind"),
            text_of(note, "from"),
            json_is_true(json_object_get(note, "inherited")) ? "*" : "",
            text_of(note, "text"));
        assert_non_null(expected[i]);
        assert_string_equal(line, expected[i]);
    }
    assert_null(expected[i]);
}

static void notes_are_inherited_from_header_block_and_chapter(void **state)
{
    static const char *const expected[] = {"excludes1 M54.5 a note of its own",
        "excludes1 M54 *psychogenic (M54.9), A1C, (L98.-)",
        "excludes2 chapter 13 *neoplasms (C00-D49)", NULL};
    json_t *said = card("M54.5", "2026-01-15");
    const json_t *tabular = json_object_get(said, "tabular");

    notes_are(tabular, expected);
    codes_are(tabular, "inclusion_terms", "Lumbago Loin pain");
    assert_string_equal(
        text_of(json_object_get(tabular, "chapter"), "name"), "Bones");
    assert_int_equal(json_array_size(json_object_get(tabular, "blocks")), 2);
    assert_string_equal(
        text_of(json_array_get(json_object_get(tabular, "blocks"), 1), "name"),
        "Other dorsopathies");
    json_decref(said);
}

static void inclusion_terms_are_not_inherited(void **state)
{
    static const char *const expected[] = {"excludes1 M54.5 *a note of its own",
        "excludes1 M54 *psychogenic (M54.9), A1C, (L98.-)",
        "excludes2 chapter 13 *neoplasms (C00-D49)", NULL};
    json_t *said = card("M54.50", "2026-01-15");
    const json_t *tabular = json_object_get(said, "tabular");

    notes_are(tabular, expected);
    codes_are(tabular, "inclusion_terms", "");
    json_decref(said);
}

static void codes_that_a_note_names_stand_beside_it(void **state)
{
    json_t *said = card("M54", "2026-01-15");
    const json_t *tabular = json_object_get(said, "tabular");
    const json_t *notes = json_object_get(tabular, "notes");
    const json_t *range;

    assert_string_equal(text_of(tabular, "codes_are"), "advisory");
    /* A1C has the shape of a code, but no release has one that begins so */
    codes_are(json_array_get(notes, 0), "codes", "M54.9 L98");
    assert_true(json_is_true(json_object_get(
        json_array_get(json_object_get(json_array_get(notes, 0), "codes"), 1),
        "and_below")));
    range =
        json_array_get(json_object_get(json_array_get(notes, 1), "codes"), 0);
    assert_string_equal(text_of(range, "from"), "C00");
    assert_string_equal(text_of(range, "to"), "D49");
    json_decref(said);
}

static void notes_say_of_which_release_they_are(void **state)
{
    json_t *said = card("M54.5", "2026-01-15");
    const json_t *tabular = json_object_get(said, "tabular");

    /* the list of 2026 holds another chapter only */
    assert_string_equal(text_of(tabular, "release"), "2024");
    assert_true(json_is_false(json_object_get(tabular, "of_the_date")));
    assert_string_equal(text_of(tabular, "caution"),
        "the notes are those of release 2024, which is not the release of the "
        "date; they say nothing of validity");
    json_decref(said);
    said = card("S06.0", "2026-01-15");
    tabular = json_object_get(said, "tabular");
    assert_string_equal(text_of(tabular, "release"), "2026");
    assert_true(json_is_true(json_object_get(tabular, "of_the_date")));
    assert_true(json_is_null(json_object_get(tabular, "caution")));
    json_decref(said);
    said = card("L98.5", "2026-01-15");
    assert_true(json_is_null(json_object_get(said, "tabular")));
    json_decref(said);
}

static void the_seventh_character_is_explained(void **state)
{
    json_t *said = card("S06.0X0D", "2026-01-15");
    const json_t *seventh =
        json_object_get(json_object_get(said, "tabular"), "seventh_character");

    assert_string_equal(text_of(seventh, "from"), "S06");
    assert_string_equal(
        text_of(seventh, "of_this_code"), "subsequent encounter");
    assert_int_equal(
        json_array_size(json_object_get(seventh, "characters")), 3);
    assert_string_equal(
        text_of(json_array_get(json_object_get(seventh, "characters"), 2),
            "character"),
        "S");
    json_decref(said);
}

/* ---------------------------------------------------- before and after it */

static void what_came_after_replaces_what_is_no_longer_billed(void **state)
{
    json_t *said = card("M54.5", "2026-01-15");

    /* L98.A1 is said to come in April */
    codes_are(said, "replaced_by", "M54.50 M54.59");
    codes_are(said, "newer_codes", "M54.50 M54.59 L98.A1");
    assert_string_equal(
        text_of(json_array_get(json_object_get(said, "newer_codes"), 0),
            "effective"),
        "2025-10-01");
    json_decref(said);
    said = card("M54.5", "2026-04-01");
    codes_are(said, "replaced_by", "M54.50 M54.59 L98.A1");
    json_decref(said);
}

static void what_is_still_billed_is_not_replaced(void **state)
{
    json_t *said = card("M54.5", "2025-09-30");

    codes_are(said, "replaced_by", "");
    codes_are(said, "newer_codes", "M54.50 M54.59 L98.A1");
    json_decref(said);
    said = card("L98.5", "2026-06-01");
    codes_are(said, "replaced_by", "");
    codes_are(said, "newer_codes", "L98.A1");
    json_decref(said);
}

static void a_new_code_tells_the_codes_before_it(void **state)
{
    json_t *said = card("L98.A1", "2026-04-01");

    codes_are(said, "previous_codes", "L98.5 M54.5");
    assert_string_equal(
        text_of(json_object_get(said, "conversion"), "effective"),
        "2026-04-01");
    json_decref(said);
}

/* -------------------------------------------------------------- bad input */

static void any_way_of_writing_a_code_finds_it(void **state)
{
    static const char *const ways[] = {
        "M5450", "M54.50", "m5450", "m54.50", " M54.50 ", "M54.50."};

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        json_t *said = card(ways[i], "2026-01-15");

        assert_string_equal(text_of(said, "code"), "M54.50");
        json_decref(said);
    }
}

static void an_unknown_code_is_helped(void **state)
{
    unknown("S0600A", "S0600A is in none of the loaded releases; filled up "
                      "with X it is S06.0X0A");
    unknown("s06.0x0z",
        "S060X0Z is in none of the loaded releases; S06.0X0 goes on with "
        "S06.0X0A, S06.0X0D");
    unknown("M54.501", "M54501 is in none of the loaded releases; M54.50 takes "
                       "no further characters");
    unknown("M54.7", "M547 is in none of the loaded releases; M54 goes on with "
                     "M54.5, M54.9");
    unknown("Z99", "Z99 is in none of the loaded releases");
}

static void what_is_no_code_is_refused(void **state)
{
    static const char *const odd[] = {
        "M54.50123", "M54 50", "M", "M54-50", "M5.450", ""};

    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct buffer out = {0};
        struct error err = {0};

        assert_int_equal(ask(&out, &err, odd[i], "2026-01-15"), ERR_INPUT);
        assert_true(err.msg[0] != '\0');
        assert_int_equal(out.len, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_needs_more_characters_and_says_which),
        cmocka_unit_test(the_day_tells_what_stands_below),
        cmocka_unit_test(codes_below_come_in_the_order_of_the_order_file),
        cmocka_unit_test(a_code_of_seven_characters_has_all_its_headers),
        cmocka_unit_test(a_code_that_is_gone_is_not_valid),
        cmocka_unit_test(a_code_of_october_is_not_valid_in_september),
        cmocka_unit_test(notes_are_inherited_from_header_block_and_chapter),
        cmocka_unit_test(inclusion_terms_are_not_inherited),
        cmocka_unit_test(codes_that_a_note_names_stand_beside_it),
        cmocka_unit_test(notes_say_of_which_release_they_are),
        cmocka_unit_test(the_seventh_character_is_explained),
        cmocka_unit_test(what_came_after_replaces_what_is_no_longer_billed),
        cmocka_unit_test(what_is_still_billed_is_not_replaced),
        cmocka_unit_test(a_new_code_tells_the_codes_before_it),
        cmocka_unit_test(any_way_of_writing_a_code_finds_it),
        cmocka_unit_test(an_unknown_code_is_helped),
        cmocka_unit_test(what_is_no_code_is_refused),
    };

    return cmocka_run_group_tests(tests, open_data, close_data);
}

/* test_found_text.c - where a hit has the words that its title lacks. */
#include "tests/builds.h"

#include "codesets/answer/answer.h"
#include "codesets/core/day.h"

static struct {
    struct store *store;
    struct answers *answers;
} opened;

static const char order_2026[] =
    "00001 M54     0 Dorsalgia                                                "
    "    Dorsalgia\n"
    "00002 M545    0 Low back pain                                            "
    "    Low back pain\n"
    "00003 M549    1 Dorsalgia, unspecified                                   "
    "    Dorsalgia, unspecified\n"
    "00004 R87619  1 Unsp abnormal cytolog findings                           "
    "    Unspecified abnormal cytological findings\n"
    "00005 T542X1  0 Toxic effect of corrosive acids, accidental              "
    "    Toxic effect of corrosive acids, accidental\n";

static const char tabular_2024[] =
    "<?xml version=\"1.0\"?>\n<ICD10CM.tabular><version>2024</version>\n"
    "<chapter><name>13</name><desc>Bones (M00-M99)</desc>\n"
    "<section id=\"M50-M54\"><desc>Other dorsopathies (M50-M54)</desc>\n"
    "<diag><name>M54</name><desc>Dorsalgia</desc>\n"
    "<diag><name>M54.5</name><desc>Low back pain</desc>\n"
    "<inclusionTerm><note>Crick</note><note>Loin "
    "pain</note></inclusionTerm>\n"
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
    put("2026/icd10cm_order_2026.txt", order_2026);
    put("2024/icd10cm_tabular_2024.xml", tabular_2024);
    put_fixture("2026/icd10cm_index_2026.xml",
        "tests/fixtures/icd10cm/icd10cm_index_2026.xml");
    put_fixture("2026/icd10cm-drug-April-1-2026-XML.xml",
        "tests/fixtures/icd10cm/icd10cm-drug-April-1-2026-XML.xml");
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

static json_t *search(const char *text, bool found_in)
{
    struct search_question question = {
        .text = {text, strlen(text)}, .found_in = found_in};
    struct buffer out = {0};
    struct error err = {0};
    json_t *root;

    assert_int_equal(day_parse_iso(&question.day, "2026-01-01", 10), 0);
    if (answer_search(&out, opened.answers, &question, &err) != 0)
        fail_msg("%s: %s", text, err.msg);
    root = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    buffer_clear(&out);
    return root;
}

/* What is told of the hit with a code; NULL when nothing is. */
static const json_t *found_in(const json_t *said, const char *code)
{
    const json_t *hits = json_object_get(said, "hits");

    for (size_t i = 0; i < json_array_size(hits); i++) {
        const json_t *hit = json_array_get(hits, i);

        if (strcmp(json_string_value(json_object_get(hit, "code")), code) == 0)
            return json_object_get(hit, "found_in");
    }
    fail_msg("%s was not found", code);
    return NULL;
}

/* parts: "0+4,6+4", where they begin and how long they are. */
static void assert_found(const char *query, const char *code, const char *kind,
    const char *text, const char *parts, const char *release)
{
    json_t *said = search(query, true);
    const json_t *found = found_in(said, code);
    const json_t *highlights = json_object_get(found, "highlights");
    const json_t *source = json_object_get(found, "source");
    char own[128] = "";

    assert_true(json_is_object(found));
    assert_string_equal(
        json_string_value(json_object_get(found, "kind")), kind);
    assert_string_equal(
        json_string_value(json_object_get(found, "text")), text);
    for (size_t i = 0; i < json_array_size(highlights); i++) {
        const json_t *part = json_array_get(highlights, i);
        const size_t at = strlen(own);

        (void)snprintf(own + at, sizeof own - at, "%s%d+%d", i > 0 ? "," : "",
            (int)json_integer_value(json_array_get(part, 0)),
            (int)json_integer_value(json_array_get(part, 1)));
    }
    assert_string_equal(own, parts);
    if (release == NULL)
        assert_true(json_is_null(source));
    else
        assert_string_equal(
            json_string_value(json_object_get(source, "release")), release);
    json_decref(said);
}

static void the_kind_of_text_and_its_source_are_told(void **state)
{
    assert_found("dull ache", "M54.9", "index entry", "Ache (dull) NEC, back",
        "0+4,6+4", "2026");
    assert_found("cric", "M54.5", "inclusion term", "Crick", "0+4", "2024");
    assert_found("sample acid", "T54.2X1", "table of drugs",
        "Sample acid, Poisoning Accidental (unintentional)", "0+6,7+4",
        "2026-04");
    assert_found("abnormal pap", "R87.619", "everyday name", "abnormal pap",
        "0+8,9+3", NULL);
}

static void the_text_with_most_of_the_words_is_told(void **state)
{
    /* "Pain" stands in the title, and nothing else does. */
    assert_found(
        "loin pain", "M54.5", "inclusion term", "Loin pain", "0+4,5+4", "2024");
}

static void nothing_is_told_of_what_stands_in_the_title(void **state)
{
    json_t *said = search("low back", true);

    assert_null(found_in(said, "M54.5"));
    json_decref(said);
    said = search("m549", true);
    assert_null(found_in(said, "M54.9"));
    json_decref(said);
}

static void nothing_is_told_unasked(void **state)
{
    json_t *said = search("crick", false);

    assert_null(found_in(said, "M54.5"));
    json_decref(said);
}

/* Its release is one that the answer was made from. */
static void the_release_is_named_among_those_used(void **state)
{
    json_t *said = search("crick", true);
    const json_t *releases = json_object_get(said, "releases");
    bool named = false;

    for (size_t i = 0; i < json_array_size(releases); i++)
        named |= strcmp("icd10cm_tabular",
                     json_string_value(json_object_get(
                         json_array_get(releases, i), "table"))) == 0;
    assert_true(named);
    json_decref(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kind_of_text_and_its_source_are_told),
        cmocka_unit_test(the_text_with_most_of_the_words_is_told),
        cmocka_unit_test(nothing_is_told_of_what_stands_in_the_title),
        cmocka_unit_test(nothing_is_told_unasked),
        cmocka_unit_test(the_release_is_named_among_those_used),
    };

    return cmocka_run_group_tests(tests, open_data, close_data);
}

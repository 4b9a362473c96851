/* test_units_answer.c - minutes to units as it is asked and answered: text and
 * JSON in, JSON and words out. */
#include "tests/builds.h"

#include "codesets/answer/units/units_answer.h"

static struct {
    struct store *store;
    struct answers *answers;
} opened;

static int open_data(void **state)
{
    struct made made;

    assert_int_equal(builds_begin(state), 0);
    build_from(&made, NULL, NULL);
    assert_int_equal(made.rc, 0);
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

static struct units_request request;

static void begin(const char *date)
{
    day_t day;

    assert_int_equal(day_parse_iso(&day, date, strlen(date)), 0);
    units_begin(&request, day);
}

static void read_text(const char *text)
{
    struct error err = {0};

    begin("2024-07-01");
    if (units_add_text(&request, opened.answers, text, strlen(text), &err) != 0)
        fail_msg("%s", err.msg);
}

static json_t *answered(void)
{
    struct buffer out = {0};
    struct error err = {0};
    json_t *root;

    if (answer_units(&out, opened.answers, &request, &err) != 0)
        fail_msg("%s", err.msg);
    root = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    buffer_clear(&out);
    return root;
}

/* A member's text: strings bare, others as JSON writes them. */
static void is(json_t *object, const char *key, const char *wanted)
{
    json_t *value = json_object_get(object, key);
    char *text;

    if (value == NULL)
        fail_msg("no member %s", key);
    if (json_is_string(value)) {
        assert_string_equal(json_string_value(value), wanted);
        return;
    }
    text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    assert_string_equal(text, wanted);
    free(text);
}

/* "97112=2;97110=1" of a list of codes with units. */
static void codes_are(json_t *list, const char *wanted)
{
    struct buffer said = {0};
    json_t *code;
    size_t i;

    json_array_foreach(list, i, code)
    {
        char *units = json_dumps(
            json_object_get(code, "units"), JSON_COMPACT | JSON_ENCODE_ANY);

        buffer_addf(&said, "%s%s=%s", i > 0 ? ";" : "",
            json_string_value(json_object_get(code, "code")), units);
        free(units);
    }
    buffer_addc(&said, '\0');
    assert_string_equal(said.data, wanted);
    buffer_clear(&said);
}

static void working_is(json_t *root, const char *const *lines, size_t count)
{
    json_t *working = json_object_get(root, "working");

    for (size_t i = 0; i < count && i < json_array_size(working); i++)
        assert_string_equal(
            json_string_value(json_array_get(working, i)), lines[i]);
    assert_int_equal(json_array_size(working), count);
}
#define WORKING(root, ...)                                                     \
    do {                                                                       \
        static const char *const lines_[] = {__VA_ARGS__};                     \
        working_is(root, lines_, sizeof lines_ / sizeof *lines_);              \
    } while (0)

/* ---- JSON */

static void the_answer_has_the_shape_that_callers_rely_on(void **state)
{
    json_t *root, *code;

    read_text("97112:20,97110:20,97162:30");
    root = answered();
    is(root, "rule", "cms");
    is(root, "date", "2024-07-01");
    is(root, "total_units", "4");
    is(root, "timed_pool_units", "3");
    is(root, "timed_pool_minutes", "40");
    is(root, "complete", "true");
    is(root, "tie", "true");
    codes_are(json_object_get(root, "codes"), "97112=2;97110=1;97162=1");
    code = json_array_get(json_object_get(root, "codes"), 0);
    is(code, "minutes", "20");
    is(code, "counted", "pool");
    is(code, "implied", "false");
    is(json_object_get(code, "timed"), "flag", "true");
    is(json_object_get(code, "timed"), "known", "listed");
    is(json_object_get(code, "timed"), "kind", "EACH");
    is(json_object_get(code, "timed"), "unit_minutes", "15");
    is(json_object_get(code, "timed"), "note", "null");
    assert_int_equal(json_array_size(json_object_get(root, "alternatives")), 2);
    codes_are(json_array_get(json_object_get(root, "alternatives"), 1),
        "97112=1;97110=2;97162=1");
    is(root, "more_alternatives", "false");
    is(json_array_get(json_object_get(root, "releases"), 0), "table", "timed");
    json_decref(root);
}

static void no_tie_has_no_alternatives(void **state)
{
    json_t *root;

    read_text("97110:24,97140:15");
    root = answered();
    is(root, "tie", "false");
    is(root, "alternatives", "[]");
    json_decref(root);
}

static void what_was_not_counted_is_null(void **state)
{
    json_t *root, *warning;

    read_text("97110:15,97001:30");
    root = answered();
    codes_are(json_object_get(root, "codes"), "97110=1;97001=null");
    is(root, "complete", "false");
    warning = json_array_get(json_object_get(root, "warnings"), 0);
    is(warning, "reason", "ended");
    is(warning, "code", "97001");
    is(warning, "text",
        "97001 ended on 2016-12-31; use 97161 97162 97163: it was not "
        "counted.");
    json_decref(root);
}

/* ---- the working */

static void the_working_reads_as_in_the_margin(void **state)
{
    json_t *root;

    read_text("97112:24,97110:23");
    root = answered();
    WORKING(root, "97112 24 min = 1×15 + 9", "97110 23 min = 1×15 + 8",
        "total 24 + 23 = 47 min → 3 units (38–52)",
        "whole blocks 1 + 1 = 2, left to give: 1",
        "to the largest rest: 97112 (9)");
    json_decref(root);
}

static void a_tie_is_told_in_the_working(void **state)
{
    json_t *root;

    read_text("97112:20,97110:20");
    root = answered();
    WORKING(root, "97112 20 min = 1×15 + 5", "97110 20 min = 1×15 + 5",
        "total 20 + 20 = 40 min → 3 units (38–52)",
        "whole blocks 1 + 1 = 2, left to give: 1",
        "to the largest rest: 97112 (5)",
        ("equally right with the same rest: 97112 (5), 97110 (5); taken: more "
         "minutes, then the earlier line"));
    json_decref(root);
}

static void families_and_single_codes_have_their_working(void **state)
{
    json_t *root;

    read_text("97129:38,90832:45,96125:91,97150:0,97039:5,97110:5,90834:2");
    root = answered();
    WORKING(root, "97110 5 min = 0×15 + 5", "total 5 min → 0 units (0–7)",
        "whole blocks 0, left to give: 0",
        ("97129 38 min: 97129 (8–22) → 1 unit, 97130 (from 23, each 15) → 2 "
         "units"),
        "90832 45 + 90834 2 = 47 min: 90834 (38–52) → 1 unit",
        "96125 91 min alone: first unit from 31, another every 60 → 2 units",
        "97150 untimed → 1 unit; its minutes count for nothing else",
        "97039 has no fixed description → 1 unit; ask");
    json_decref(root);
}

static void disciplines_have_their_own_working(void **state)
{
    json_t *root;

    read_text("97110:23:GP,97530:15:GO");
    root = answered();
    WORKING(root, "PT: 97110 23 min = 1×15 + 8",
        "PT: total 23 min → 2 units (23–37)",
        "PT: whole blocks 1, left to give: 1",
        "PT: to the largest rest: 97110 (8)", "OT: 97530 15 min = 1×15 + 0",
        "OT: total 15 min → 1 unit (8–22)",
        "OT: whole blocks 1, left to give: 0");
    is(json_array_get(json_object_get(root, "codes"), 1), "discipline", "OT");
    json_decref(root);
}

static void a_family_is_asked_by_name_or_by_a_code(void **state)
{
    static const char *const names[] = {"crisis", "90840"};

    for (size_t i = 0; i < 2; i++) {
        json_t *root;

        begin("2024-07-01");
        assert_int_equal(units_set_family(&request, opened.answers,
                             (struct text_ref){names[i], strlen(names[i])},
                             (struct text_ref){"105", 3}, NULL),
            0);
        root = answered();
        codes_are(json_object_get(root, "codes"), "90839=1;90840=2");
        WORKING(root,
            "105 min: 90839 (30–74) → 1 unit, 90840 (from 75, each 30) → 2 "
            "units");
        json_decref(root);
    }
}

static void every_warning_is_a_sentence(void **state)
{
    struct buffer text = {0};
    struct units_answer *answer;

    read_text("97039:1,80053:9,99203:50,97130:20,98977:2,98977:3,97001:1,"
              "90832:20,90834:20,G0444:30,97110:700,97140:700,98986:1");
    assert_int_equal(units_ask(&answer, opened.answers, &request, NULL), 0);
    assert_true(answer->warnings > 8);
    for (size_t i = 0; i < answer->warnings; i++) {
        text.len = 0;
        units_warning_text(&text, answer, &answer->warning[i]);
        assert_true(text.len > 20);
        assert_int_equal(text.data[text.len - 1], '.');
    }
    free(answer);
    buffer_clear(&text);
}

/* ---- words */

static void words_say_the_same(void **state)
{
    struct buffer out = {0};

    read_text("97112:20,97110:20");
    assert_int_equal(
        answer_units_words(&out, opened.answers, &request, NULL), 0);
    buffer_addc(&out, '\0');
    assert_string_equal(out.data,
        "rule cms, 2024-07-01\n"
        "\n"
        "97112      20 min   2 units      neuromuscular re-education\n"
        "97110      20 min   1 unit       therapeutic exercise\n"
        "total               3 units\n"
        "\n"
        "equally right:\n"
        "  97112 × 1, 97110 × 2\n"
        "\n"
        "working:\n"
        "  97112 20 min = 1×15 + 5\n"
        "  97110 20 min = 1×15 + 5\n"
        "  total 20 + 20 = 40 min → 3 units (38–52)\n"
        "  whole blocks 1 + 1 = 2, left to give: 1\n"
        "  to the largest rest: 97112 (5)\n"
        "  equally right with the same rest: 97112 (5), 97110 (5); taken: more "
        "minutes, then the earlier line\n"
        "\n"
        "look at:\n"
        "  Not every line says whose time it was (GP, GO, GN): those without "
        "are counted as one discipline.\n");
    buffer_clear(&out);
}

/* ---- questions */

static void text_fails(const char *text, const char *why)
{
    struct error err = {0};

    begin("2024-07-01");
    assert_int_equal(
        units_add_text(&request, opened.answers, text, strlen(text), &err),
        ERR_INPUT);
    assert_string_equal(err.msg, why);
}

static void text_that_is_no_question_is_told(void **state)
{
    text_fails("97110", "minutes: write code:minutes, as in "
                        "97110:24,97140:15, not '97110'");
    text_fails("97110:24,,97140:15", "minutes: write code:minutes, as in "
                                     "97110:24,97140:15, not ''");
    text_fails("97110:", "minutes of 97110: '' is no whole number from 0 to "
                         "1440");
    text_fails("97110:-5", "minutes of 97110: '-5' is no whole number from 0 "
                           "to 1440");
    text_fails("97110:7.5", "minutes of 97110: '7.5' is no whole number from 0 "
                            "to 1440");
    text_fails("97110:99999999999999999999",
        "minutes of 97110: a whole number from 0 to 1440");
    text_fails("97110:15:GP:GO",
        "modifiers of 97110: a modifier is two letters or digits");
    text_fails("98765:15", "minutes: no loaded release has a code 98765");
}

static int read_json(const char *text, struct error *err)
{
    begin("2024-07-01");
    return units_read_json(&request, opened.answers, text, strlen(text), err);
}

static void a_json_question_is_read(void **state)
{
    struct error err = {0};
    json_t *root;

    assert_int_equal(
        read_json("{\"date\":\"2023-12-31\",\"rule\":\"SPM\",\"minutes\":["
                  "{\"code\":\"97112\",\"minutes\":24},"
                  "{\"code\":\"97110\",\"minutes\":23,\"modifiers\":[\"GP\","
                  "\"59\"]},{\"code\":\"97161\",\"minutes\":0,\"modifiers\":"
                  "\"GP\"}]}",
            &err),
        0);
    root = answered();
    is(root, "rule", "midpoint");
    is(root, "date", "2023-12-31");
    codes_are(json_object_get(root, "codes"), "97112=2;97110=2;97161=1");
    is(json_array_get(json_object_get(root, "codes"), 0), "discipline", "PT");
    json_decref(root);
    assert_int_equal(read_json("{\"minutes\":[]}", &err), 0);
}

static void json_fails(const char *text, const char *why)
{
    struct error err = {0};

    assert_int_equal(read_json(text, &err), ERR_INPUT);
    assert_string_equal(err.msg, why);
}

static void json_that_is_no_question_is_told(void **state)
{
    json_fails("{\"minutes\":[\n  {\"code\" \"97110\"}]}",
        "not JSON: ':' expected near '\"97110\"', at line 2, column 17");
    json_fails("[]", "a question is an object, as in {\"minutes\":[{\"code\":"
                     "\"97110\",\"minutes\":24}]}");
    json_fails("{}", "minutes: must be a list, as in [{\"code\":\"97110\","
                     "\"minutes\":24}]");
    json_fails("{\"minutes\":[1]}", "minutes: line 1: must be an object, as in "
                                    "{\"code\":\"97110\",\"minutes\":24}");
    json_fails("{\"minutes\":[{\"code\":\"97110\",\"minutes\":7.5}]}",
        "minutes: line 1: minutes must be a whole number");
    json_fails("{\"minutes\":[{\"code\":\"97110\",\"minutes\":\"7\"}]}",
        "minutes: line 1: minutes must be a whole number");
    json_fails("{\"minutes\":[{\"code\":97110,\"minutes\":7}]}",
        "minutes: line 1: code must be a string");
    json_fails("{\"minutes\":[{\"code\":\"97110\",\"minutes\":15},"
               "{\"code\":\"97110\",\"minutes\":-1}]}",
        "line 2: minutes of 97110: a whole number from 0 to 1440");
    json_fails("{\"minutes\":[{\"code\":\"97110\",\"unit\":15}]}",
        "minutes: line 1: 'unit' is no member of a line: code, minutes, "
        "modifiers");
    json_fails("{\"dat\":\"2024-01-01\",\"minutes\":[]}",
        "'dat' is no member of a question: date, rule, pool_cognitive, "
        "minutes");
    json_fails("{\"date\":\"1/1/2024\",\"minutes\":[]}",
        "date: must be a day as in \"2024-07-01\"");
    json_fails("{\"rule\":\"eights\",\"minutes\":[]}",
        "rule: 'eights' is neither cms (the 8-minute pool) nor midpoint (each "
        "code alone)");
    json_fails("{\"minutes\":[{\"code\":\"97110\",\"minutes\":7,"
               "\"modifiers\":[59]}]}",
        "minutes: line 1: modifiers must be strings, as in [\"GP\",\"59\"]");
}

static void ten_thousand_lines_are_too_many(void **state)
{
    struct buffer text = {0};
    struct error err = {0};

    buffer_adds(&text, "{\"minutes\":[");
    for (int i = 0; i < 10000; i++)
        buffer_addf(
            &text, "%s{\"code\":\"97110\",\"minutes\":1}", i > 0 ? "," : "");
    buffer_adds(&text, "]}");
    begin("2024-07-01");
    assert_int_equal(
        units_read_json(&request, opened.answers, text.data, text.len, &err),
        ERR_LIMIT);
    assert_string_equal(
        err.msg, "line 101: minutes: at most 100 lines in one question");
    buffer_clear(&text);
}

static void a_family_that_is_none_is_told(void **state)
{
    struct error err = {0};

    begin("2024-07-01");
    assert_int_equal(
        units_set_family(&request, opened.answers,
            (struct text_ref){"97110", 5}, (struct text_ref){"15", 2}, &err),
        ERR_INPUT);
    assert_string_equal(err.msg,
        "family: '97110' is neither a family of timed codes nor a code of one");
    assert_int_equal(
        units_set_family(&request, opened.answers,
            (struct text_ref){"crisis", 6}, (struct text_ref){"1441", 4}, &err),
        ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_answer_has_the_shape_that_callers_rely_on),
        cmocka_unit_test(no_tie_has_no_alternatives),
        cmocka_unit_test(what_was_not_counted_is_null),
        cmocka_unit_test(the_working_reads_as_in_the_margin),
        cmocka_unit_test(a_tie_is_told_in_the_working),
        cmocka_unit_test(families_and_single_codes_have_their_working),
        cmocka_unit_test(disciplines_have_their_own_working),
        cmocka_unit_test(a_family_is_asked_by_name_or_by_a_code),
        cmocka_unit_test(every_warning_is_a_sentence),
        cmocka_unit_test(words_say_the_same),
        cmocka_unit_test(text_that_is_no_question_is_told),
        cmocka_unit_test(a_json_question_is_read),
        cmocka_unit_test(json_that_is_no_question_is_told),
        cmocka_unit_test(ten_thousand_lines_are_too_many),
        cmocka_unit_test(a_family_that_is_none_is_told),
    };

    return cmocka_run_group_tests(tests, open_data, close_data);
}

/* test_pair_batch.c - many questions in one body, and a bad one spoils only
 * itself. */
#include "tests/harness.h"

#include <jansson.h>
#include <string.h>

#include "codesets/answer/pair/pair_batch.h"
#include "codesets/answer/pair/pair_text.h"
#include "tests/tiny_build.h"

static struct tiny *tiny;
static struct answers *answers;
static struct buffer out;

static int make_build(void **state)
{
    uint8_t own;

    tiny = tiny_begin();
    (void)tiny_series(tiny, TABLE_PTP, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
        "2024q3 2024-07-01 2024-09-30");
    own = tiny_series(tiny, TABLE_MODIFIER, SETTING_NONE, PROGRAM_NONE,
        "own 1900-01-01 open");
    tiny_cells(tiny, own, 0, 0, MODIFIER_CODE, "59", MODIFIER_BYPASS, "Y", -1);
    tiny_proc(tiny, "97110", "valid listed 0 0");
    tiny_proc(tiny, "97150", "valid listed 0 0");
    tiny_proc(tiny, "97116", "valid listed 0 0");
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97150", "97110", "2020-01-01", "", 1);
    answers = tiny_open(tiny);
    return 0;
}

static int drop_build(void **state)
{
    buffer_clear(&out);
    tiny_close(tiny);
    return 0;
}

static int open_batch(struct pair_batch *batch, enum batch_form form,
    const char *body, size_t len)
{
    const struct pair_defaults defaults = {
        tiny_day("2024-07-01"), SETTING_PRACTITIONER, PROGRAM_MEDICARE};
    struct error err = {0};

    return pair_batch_open(batch, answers, form, body, len, &defaults, &err);
}

static const char *answer(enum batch_form form, const char *body)
{
    struct pair_batch batch;

    out.len = 0;
    assert_int_equal(open_batch(&batch, form, body, strlen(body)), 0);
    while (pair_batch_step(&batch, 2, &out))
        ;
    buffer_addc(&out, '\0');
    assert_false(out.failed);
    return out.data;
}

/* Line n of an NDJSON answer, which must be an object. */
static json_t *line_of(const char *text, size_t n)
{
    json_t *line;

    for (; n > 0; n--)
        text = strchr(text, '\n') + 1;
    line = json_loadb(text, strcspn(text, "\n"), 0, NULL);
    assert_true(json_is_object(line));
    return line;
}

static void assert_member(
    const char *text, size_t n, const char *member, const char *wanted)
{
    json_t *line = line_of(text, n);

    assert_string_equal(
        json_string_value(json_object_get(line, member)), wanted);
    json_decref(line);
}

static void one_question_a_line_is_answered_in_order(void **state)
{
    const char *said = answer(BATCH_NDJSON,
        "{\"codes\":[\"97110\",\"97150\"]}\n"
        "{\"codes\":[\"97110\",\"97116\"],\"date\":\"2024-08-01\"}\r\n"
        "\n"
        "{\"codes\":[\"97150\",\"97110\"],\"setting\":\"practitioner\","
        "\"program\":\"medicare\",\"modifiers\":{\"97110\":[\"59\"]}}");

    assert_member(said, 0, "reason", "modifier_needed");
    assert_member(said, 0, "denied", "97110");
    assert_member(said, 1, "reason", "no_edit");
    assert_member(said, 1, "date", "2024-08-01");
    assert_member(said, 2, "reason", "bypassed");
}

static void the_unusual_spelling_of_a_question_is_the_same_question(
    void **state)
{
    const char *said = answer(BATCH_NDJSON,
        "{\"codes\":[\"\\u0039\\u0037110\",\"97150\"]}\n"
        " { \"modifiers\" : { \"97110\" : \"59\" } , \"date\":null, \"codes\" "
        ": [ \" 97110 \" , \"97150\" ] } \n"
        "{\"codes\":[\"97110\",\"97150\"],\"modifiers\":null}\n");

    assert_member(said, 0, "reason", "modifier_needed");
    assert_member(said, 1, "reason", "bypassed");
    assert_member(said, 2, "reason", "modifier_needed");
}

static void a_bad_line_is_named_in_its_place(void **state)
{
    static const char *const bad[] = {"{", "nonsense", "[]", "7", "{}",
        "{\"codes\":[\"97110\"]}", "{\"codes\":[\"97110\",97150]}",
        "{\"codes\":[\"97110\",\"97150\",\"97116\"]}",
        "{\"codes\":[\"97110\",\"97150\"],\"date\":\"7/1/2024\"}",
        "{\"codes\":[\"97110\",\"97150\"],\"date\":\"2024-02-30\"}",
        "{\"codes\":[\"97110\",\"97150\"],\"date\":20240701}",
        "{\"codes\":[\"97110\",\"97150\"],\"setting\":\"home\"}",
        "{\"codes\":[\"97110\",\"97150\"],\"program\":\"tricare\"}",
        "{\"codes\":[\"97110\",\"97150\"],\"modifer\":{}}",
        "{\"codes\":[\"97110\",\"97150\"],\"codes\":[\"1\",\"2\"]}",
        "{\"codes\":[\"97110\",\"97150\"],\"modifiers\":{\"97116\":\"59\"}}",
        "{\"codes\":[\"97110\",\"97150\"],\"modifiers\":{\"97110\":\"5\"}}",
        ("{\"codes\":[\"97110\",\"97150\"],\"modifiers\":{\"97110\":[\"GP\","
         "\"59\",\"76\",\"77\",\"KX\"]}}"),
        ("{\"codes\":[\"97110\",\"97150\"],\"modifiers\":{\"97110\":[\"59\"],"
         "\"97110\":[\"25\"]}}"),
        ("{\"codes\":[\"97110\",\"97150\"],\"modifiers\":{},"
         "\"modifiers\":{}}"),
        "{\"codes\":[\"97110\",\"97150\"]} trailing"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct buffer body = {0};
        const char *said;
        json_t *line;

        buffer_addf(&body,
            "{\"codes\":[\"97110\",\"97150\"]}\n%s\n"
            "{\"codes\":[\"97110\",\"97150\"]}\n",
            bad[i]);
        buffer_addc(&body, '\0');
        said = answer(BATCH_NDJSON, body.data);
        assert_member(said, 0, "reason", "modifier_needed");
        line = line_of(said, 1);
        assert_int_equal(json_integer_value(json_object_get(line, "line")), 2);
        assert_non_null(json_string_value(json_object_get(line, "problem")));
        assert_int_equal(json_object_size(line), 2);
        json_decref(line);
        assert_member(said, 2, "reason", "modifier_needed");
        buffer_clear(&body);
    }
}

static void a_code_that_is_none_is_an_answer_and_no_problem(void **state)
{
    const char *said =
        answer(BATCH_NDJSON, "{\"codes\":[\"97110\",\"M54.50\"]}\n"
                             "{\"codes\":[\"97110\",\"99999\"]}\n");

    assert_member(said, 0, "verdict", "not_checked");
    assert_member(said, 0, "reason", "bad_syntax");
    assert_member(said, 1, "reason", "unknown_code");
}

static void an_array_is_answered_by_an_array(void **state)
{
    json_t *said = json_loads(
        answer(BATCH_ARRAY, " [ {\"codes\":[\"97110\",\"97150\"]} ,\n"
                            "{\"codes\":[\"97,110\"]}, 7,\n"
                            "{\"codes\":[\"97110\",\"97116\"]}]\n"),
        0, NULL);

    assert_int_equal(json_array_size(said), 4);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(said, 0), "reason")),
        "modifier_needed");
    assert_int_equal(
        json_integer_value(json_object_get(json_array_get(said, 1), "line")),
        2);
    assert_int_equal(
        json_integer_value(json_object_get(json_array_get(said, 2), "line")),
        3);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(said, 3), "reason")),
        "no_edit");
    json_decref(said);
}

static void an_empty_body_has_an_empty_answer(void **state)
{
    json_t *said = json_loads(answer(BATCH_ARRAY, "[]"), 0, NULL);

    assert_int_equal(json_array_size(said), 0);
    assert_true(json_is_array(said));
    json_decref(said);
    assert_string_equal(answer(BATCH_NDJSON, ""), "");
    assert_string_equal(answer(BATCH_NDJSON, "\n\n \r\n"), "");
}

static void a_broken_array_says_where_it_broke(void **state)
{
    static const char *const broken[] = {"[{\"codes\":[\"97110\",\"97150\"]}",
        "[{\"codes\":[\"97110\",\"97150\"]},",
        "[{\"codes\":[\"97110\",\"97150\"]} {\"codes\"",
        "[{\"codes\":[\"97110\",\"97150\"]},{\"codes\":[\"97110\""};

    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        json_t *said = json_loads(answer(BATCH_ARRAY, broken[i]), 0, NULL);

        assert_int_equal(json_array_size(said), 2);
        assert_int_equal(json_integer_value(
                             json_object_get(json_array_get(said, 1), "line")),
            2);
        json_decref(said);
    }
}

static void text_behind_an_array_is_not_lost_in_silence(void **state)
{
    static const char *const bodies[] = {
        "[{\"codes\":[\"97110\",\"97150\"]}] trailing",
        "[{\"codes\":[\"97110\",\"97150\"]}]\n[{\"codes\":[\"1\",\"2\"]}]"};

    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        json_t *said = json_loads(answer(BATCH_ARRAY, bodies[i]), 0, NULL);

        assert_int_equal(json_array_size(said), 2);
        assert_non_null(json_object_get(json_array_get(said, 1), "problem"));
        json_decref(said);
    }
}

static void csv_is_answered_by_csv(void **state)
{
    const char *said = answer(BATCH_CSV,
        "\xEF\xBB\xBF"
        "Code_A,code_b,date,setting,modifiers_a,modifiers_b\r\n"
        "97110,97150,2024-07-01,practitioner,,\r\n"
        "97110,\"97150\",,,\"59 GP\",\r\n"
        "97110\r\n"
        "97110,97150,yesterday,,,\r\n"
        "97110,97116,,,,,extra\r\n"
        "97110,\"97116\r\n"
        "97110,97116\r\n");

    tiny_has(said, "code_a,code_b,date,setting,program,verdict,reason,");
    tiny_has(said, "\r\n97110,97150,2024-07-01,practitioner,medicare,"
                   "modifier_required,modifier_needed,97150,97110,1,"
                   "2020-01-01,,false,Code pair,97110,,,false,2024q3,tiny.txt,"
                   "1,,\r\n");
    tiny_has(said, "resolved_by_modifier,bypassed,97150,97110,1,2020-01-01,,"
                   "false,Code pair,,59,97110,false,");
    tiny_has(said, ",4,fewer cells than code_a and code_b need\r\n");
    tiny_has(said, ",5,\"date: write it YYYY-MM-DD, as in 2024-07-01\"\r\n");
    tiny_has(said, ",6,more cells than the heading has (6)\r\n");
    tiny_has(said, ",7,CSV: a quote without its end\r\n");
    tiny_has(said, "billable,no_edit,,,,,,false,,,,,false,,,,,\r\n");
}

static void a_body_that_is_not_of_its_form_is_refused(void **state)
{
    static const struct {
        enum batch_form form;
        const char *body;
    } wrong[] = {{BATCH_ARRAY, ""}, {BATCH_ARRAY, "{}"}, {BATCH_CSV, ""},
        {BATCH_CSV, "97110,97150\n"}, {BATCH_CSV, "code_a\n"},
        {BATCH_CSV, "code_a,code_a,code_b\n"},
        {BATCH_CSV, "code_a,code_b,modifier_a\n"}};
    struct pair_batch batch;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(open_batch(&batch, wrong[i].form, wrong[i].body,
                             strlen(wrong[i].body)),
            ERR_INPUT);
}

static void more_than_a_hundred_thousand_questions_are_refused(void **state)
{
    struct pair_batch batch;
    struct buffer body = {0};

    for (int i = 0; i < BATCH_MAX; i++)
        buffer_adds(&body, "{}\n");
    assert_int_equal(open_batch(&batch, BATCH_NDJSON, body.data, body.len), 0);
    buffer_adds(&body, "{}\n");
    assert_int_equal(
        open_batch(&batch, BATCH_NDJSON, body.data, body.len), ERR_LIMIT);
    buffer_clear(&body);
}

static void an_overlong_line_spoils_only_itself(void **state)
{
    struct buffer body = {0};
    const char *said;

    buffer_adds(&body, "{\"codes\":[\"");
    for (int i = 0; i < BATCH_LINE_MAX; i++)
        buffer_addc(&body, 'x');
    buffer_adds(&body, "\",\"97110\"]}\n{\"codes\":[\"97110\",\"97150\"]}\n");
    buffer_addc(&body, '\0');
    said = answer(BATCH_NDJSON, body.data);
    assert_member(said, 0, "problem", "longer than 65536 bytes");
    assert_member(said, 1, "reason", "modifier_needed");
    buffer_clear(&body);
}

static void the_end_of_a_value_is_found(void **state)
{
    static const struct {
        const char *text;
        size_t len;
    } values[] = {{"{}", 2}, {"{\"a\":\"}\"},7", 9}, {"[[1],[2]] ", 9},
        {"7,8", 1}, {"\"a,b\",", 5}, {"{\"a\":\"\\\"}\"}", 11}, {"", 0},
        {"{", 0}, {"{\"a", 0}, {"]", 0}};

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        assert_int_equal(json_value_len(values[i].text, strlen(values[i].text)),
            values[i].len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_question_a_line_is_answered_in_order),
        cmocka_unit_test(
            the_unusual_spelling_of_a_question_is_the_same_question),
        cmocka_unit_test(a_bad_line_is_named_in_its_place),
        cmocka_unit_test(a_code_that_is_none_is_an_answer_and_no_problem),
        cmocka_unit_test(an_array_is_answered_by_an_array),
        cmocka_unit_test(an_empty_body_has_an_empty_answer),
        cmocka_unit_test(a_broken_array_says_where_it_broke),
        cmocka_unit_test(text_behind_an_array_is_not_lost_in_silence),
        cmocka_unit_test(csv_is_answered_by_csv),
        cmocka_unit_test(a_body_that_is_not_of_its_form_is_refused),
        cmocka_unit_test(more_than_a_hundred_thousand_questions_are_refused),
        cmocka_unit_test(an_overlong_line_spoils_only_itself),
        cmocka_unit_test(the_end_of_a_value_is_found),
    };

    return cmocka_run_group_tests(tests, make_build, drop_build);
}

/* test_claim_input.c - claims as they are sent: JSON, CSV and batches, and what
 * is wrong with them. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/claim_store.h"

static struct claim_defaults defaults(void)
{
    return (struct claim_defaults){.day = tiny_day("2024-07-15"),
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE};
}

static int read_json(const char *text, struct error *err)
{
    const struct claim_defaults given = defaults();

    return claim_read_json(&claim_work->claim, claim_answers->rules, &given,
        text, strlen(text), err);
}

static void json_good(const char *text)
{
    struct error err = {0};

    if (read_json(text, &err) != 0)
        fail_msg("%s: %s", text, err.msg);
    claim_check_it();
}

static void json_refused(int rc, const char *text, const char *why)
{
    struct error err = {0};

    assert_int_equal(read_json(text, &err), rc);
    assert_string_equal(err.msg, why);
}

/* ---- JSON */

static void every_key_of_a_claim_is_read(void **state)
{
    const struct claim *claim = &claim_work->claim;
    const struct claim_line *line = claim->line;

    json_good("{\"date\":\"2024-08-01\",\"setting\":\"hospital\","
              "\"program\":\"medicare\",\"payer\":\"other\",\"rule\":\"cms\","
              "\"state\":\"KY\",\"contractor\":\"15102\","
              "\"diagnoses\":[\"m54.50\",\"M542\"],\"lines\":["
              "{\"code\":\" g0283 \",\"units\":2,\"minutes\":30,"
              "\"modifiers\":[\"gp\",\"59\"],\"dx\":[1,\"B\"],"
              "\"revenue_code\":\"420\",\"date\":\"2024-08-02\","
              "\"provider\":\"1234567893\"},"
              "{\"code\":\"97110\",\"units\":1,\"modifiers\":\"GP 59\","
              "\"minutes\":null}]}");
    assert_int_equal(claim->day, tiny_day("2024-08-01"));
    assert_int_equal(claim->setting, SETTING_OUTPATIENT);
    assert_int_equal(claim->payer, PAYER_OTHER);
    assert_int_equal(claim->rule, UNITS_CMS);
    assert_string_equal(claim->place.state, "KY");
    assert_int_equal(claim->diagnoses, 2);
    assert_string_equal(claim->diagnosis[0].code, "M5450");
    assert_int_equal(claim->lines, 2);
    assert_string_equal(line->code.code, "G0283");
    assert_int_equal(line->units, 2);
    assert_true(line->minutes_told);
    assert_int_equal(line->minutes, 30);
    assert_int_equal(line->code.modifiers, 2);
    assert_int_equal(line->pointers, 2);
    assert_int_equal(line->pointer[1], 2);
    assert_string_equal(line->revenue, "0420");
    assert_int_equal(line->day, tiny_day("2024-08-02"));
    assert_int_equal(line->provider, 1);
    assert_int_equal(line[1].code.modifiers, 2);
    assert_false(line[1].minutes_told);
    assert_int_equal(line[1].day, tiny_day("2024-08-01"));
}

static void what_is_not_told_comes_from_the_defaults(void **state)
{
    json_good("{\"lines\":[{\"code\":\"97110\"}]}");
    assert_int_equal(claim_work->claim.day, tiny_day("2024-07-15"));
    assert_int_equal(claim_work->claim.payer, PAYER_MEDICARE);
    must_find("syntax.units", "1", "information", "assumed_one");

    json_good("{\"program\":\"medicaid\",\"lines\":[{\"code\":\"97110\"}]}");
    assert_int_equal(claim_work->claim.payer, PAYER_MEDICAID);
}

static void broken_json_is_refused_with_its_place(void **state)
{
    struct error err = {0};

    assert_int_equal(
        read_json("{\"lines\":[\n{\"code\":\"97110\",}]}", &err), ERR_INPUT);
    assert_non_null(strstr(err.msg, "line 2, column 17"));
    assert_int_equal(read_json("", &err), ERR_INPUT);
    assert_int_equal(
        read_json("{\"lines\":[{\"code\":\"\xff\"}]}", &err), ERR_INPUT);
    assert_int_equal(read_json("{\"lines\":[{\"code\":\"97110\",\"units\":"
                               "99999999999999999999999}]}",
                         &err),
        ERR_INPUT);
    assert_int_equal(
        read_json("{\"date\":\"2024-07-15\",\"date\":\"2024-07-16\"}", &err),
        ERR_INPUT);
}

static void what_is_no_claim_is_refused_with_its_place(void **state)
{
    json_refused(ERR_INPUT, "{\"lines\":[{\"code\":\"97110\",\"unit\":1}]}",
        "lines[1]: 'unit' is not a key of a line. These are: code, units, "
        "minutes, modifiers, dx, revenue_code, date, provider");
    json_refused(ERR_INPUT, "{\"line\":[]}",
        "'line' is not a key of a claim. These are: date, setting, program, "
        "payer, rule, state, contractor, diagnoses, lines");
    json_refused(
        ERR_INPUT, "{\"lines\":[]}", "lines: a claim needs at least one line");
    json_refused(
        ERR_INPUT, "{}", "lines: is missing; a claim needs at least one line");
    json_refused(ERR_INPUT, "{\"lines\":[{}]}", "lines[1].code: is missing");
    json_refused(ERR_INPUT,
        "{\"lines\":[{\"code\":\"97110\"},{\"code\":97110}]}",
        "lines[2].code: must be a text in quotes");
    json_refused(ERR_INPUT,
        "{\"lines\":[{\"code\":\"97110\",\"units\":\"2\"}]}",
        "lines[1].units: must be a number without quotes");
    json_refused(ERR_INPUT,
        "{\"date\":\"2024-13-01\",\"lines\":[{\"code\":\"97110\"}]}",
        "date: must be a day from 1900 to 2199, written 2024-07-01");
    json_refused(ERR_INPUT,
        "{\"date\":\"1899-12-31\",\"lines\":[{\"code\":\"97110\"}]}",
        "date: must be a day from 1900 to 2199, written 2024-07-01");
    json_refused(ERR_INPUT,
        "{\"setting\":\"moon\",\"lines\":[{\"code\":\"97110\"}]}",
        "setting: must be practitioner, outpatient (or hospital) or dme");
    json_refused(ERR_INPUT,
        "{\"payer\":\"nobody\",\"lines\":[{\"code\":\"97110\"}]}",
        "payer: must be medicare, medicaid, commercial or other");
    json_refused(ERR_INPUT,
        "{\"lines\":[{\"code\":\"97110\",\"provider\":\"\"}]}",
        "lines[1]: provider: 1 to 32 bytes, such as an NPI");
    json_refused(ERR_INPUT, "{\"diagnoses\":[1],\"lines\":[{\"code\":\"1\"}]}",
        "diagnoses: must be a list of ICD-10-CM codes, such as [\"M54.50\"]");
}

/* A claim of so many lines of one code. */
static char *long_claim(size_t lines)
{
    static const char line[] = "{\"code\":\"97110\",\"units\":1},";
    struct buffer out = {0};

    buffer_adds(&out, "{\"lines\":[");
    for (size_t i = 0; i < lines; i++)
        buffer_adds(&out, line);
    out.len--;
    buffer_adds(&out, "]}");
    buffer_addc(&out, '\0');
    return out.data;
}

static void ten_thousand_lines_are_refused_and_999_judged(void **state)
{
    char *text = long_claim(10000);

    json_refused(
        ERR_LIMIT, text, "lines: 10000 are too many; a claim has at most 999");
    free(text);
    text = long_claim(CLAIM_LINES_MAX);
    json_good(text);
    free(text);
    assert_int_equal(claim_work->claim.lines, CLAIM_LINES_MAX);
    assert_false(claim_work->report.cut);
    assert_int_equal(claim_work->report.finding[0].lines, CLAIM_LINES_MAX);
}

/* ---- what a biller wrote wrong is a finding */

static void five_modifiers_are_one_too_many(void **state)
{
    json_good("{\"lines\":[{\"code\":\"97110\",\"units\":1,\"modifiers\":"
              "[\"GP\",\"59\",\"KX\",\"CQ\",\"GY\"]}]}");
    must_find("syntax.modifier", "1", "error", "too_many");
}

static void a_modifier_has_two_characters(void **state)
{
    json_good("{\"lines\":[{\"code\":\"97110\",\"units\":1,\"modifiers\":"
              "[\"GPX\",\"GP\",\"00\",\"\",\"GP\"]}]}");
    says(must_find("syntax.modifier", "1", "error", "bad_syntax"), "'GPX'");
    assert_int_equal(claim_work->claim.line[0].code.modifiers, 2);
}

static void thirteen_diagnoses_are_one_too_many(void **state)
{
    struct buffer text = {0};

    buffer_adds(&text, "{\"diagnoses\":[");
    for (int i = 0; i < 13; i++)
        buffer_addf(&text, "%s\"M54.%d\"", i > 0 ? "," : "", i);
    buffer_adds(&text, "],\"lines\":[{\"code\":\"97110\",\"units\":1,"
                       "\"modifiers\":[\"GP\"],\"dx\":[1]}]}");
    buffer_addc(&text, '\0');
    json_good(text.data);
    must_find("syntax.diagnosis", "", "error", "too_many");
    claim_work->claim.setting = SETTING_OUTPATIENT;
    claim_check_it();
    must_not_find("syntax.diagnosis");
    buffer_clear(&text);
    for (int i = 0; i < 100; i++)
        claim_add_diagnosis(&claim_work->claim, "M54.2", 5);
    claim_check_it();
    must_find("syntax.diagnosis", "", "error", "too_many");
}

static void pointers_point_to_diagnoses_that_are_there(void **state)
{
    json_good("{\"diagnoses\":[\"M54.2\",\"what?\"],\"lines\":["
              "{\"code\":\"97110\",\"units\":1,\"dx\":[3]},"
              "{\"code\":\"97110\",\"units\":1,\"dx\":[0]},"
              "{\"code\":\"97110\",\"units\":1,\"dx\":[1,2,1,2]},"
              "{\"code\":\"97110\",\"units\":1},"
              "{\"code\":\"97110\",\"units\":1,\"dx\":[\"M54.2\"]},"
              "{\"code\":\"97110\",\"units\":1,\"dx\":[-99999999999]}]}");
    must_find("syntax.pointer", "1", "error", "out_of_range");
    must_find("syntax.pointer", "2", "error", "out_of_range");
    must_find("syntax.pointer", "3", "warning", "repeated");
    must_find("syntax.pointer", "4", "error", "missing");
    must_find("syntax.pointer", "5", "error", "bad_syntax");
    must_find("syntax.pointer", "6", "error", "out_of_range");
    must_find("syntax.diagnosis", "", "error", "bad_syntax");
}

static void absurd_units_and_minutes_are_errors(void **state)
{
    json_good("{\"lines\":["
              "{\"code\":\"97110\",\"units\":0},"
              "{\"code\":\"97110\",\"units\":-3},"
              "{\"code\":\"97110\",\"units\":9223372036854775807},"
              "{\"code\":\"97110\",\"units\":1.5},"
              "{\"code\":\"97110\",\"units\":2.0},"
              "{\"code\":\"97110\",\"units\":1,\"minutes\":-1},"
              "{\"code\":\"97110\",\"units\":1,\"minutes\":1441},"
              "{\"code\":\"97110\",\"units\":1,\"minutes\":1e300},"
              "{\"code\":\"97110\",\"units\":1,\"minutes\":7.5}]}");
    must_find("syntax.units", "1", "error", "not_positive");
    must_find("syntax.units", "2", "error", "not_positive");
    must_find("syntax.units", "3", "error", "too_large");
    must_find("syntax.units", "4", "error", "not_whole");
    assert_null(found("syntax.units", "5"));
    must_find("syntax.minutes", "6", "error", "negative");
    must_find("syntax.minutes", "7", "error", "too_large");
    assert_non_null(found("syntax.minutes", "8"));
    must_find("syntax.minutes", "9", "error", "not_whole");
    unchecked("mue", "bad_syntax");
    unchecked("units", "bad_syntax");
}

static void the_minutes_of_one_code_fit_into_a_day(void **state)
{
    json_good("{\"lines\":["
              "{\"code\":\"97110\",\"units\":1,\"minutes\":1440},"
              "{\"code\":\"97110\",\"units\":1,\"minutes\":1}]}");
    must_find("syntax.minutes", "1,2", "error", "too_large");
    unchecked("units", "too_many");
}

static void an_odd_code_or_date_of_a_line_spoils_only_that_line(void **state)
{
    json_good("{\"lines\":["
              "{\"code\":\"97140\",\"units\":1},"
              "{\"code\":\"M54.50\",\"units\":1},"
              "{\"code\":\"GP\",\"units\":1},"
              "{\"code\":\"\",\"units\":1},"
              "{\"code\":\"97124\",\"units\":1,\"date\":\"2024-02-30\"},"
              "{\"code\":\"97124\",\"units\":1,\"date\":\"1850-01-01\"},"
              "{\"code\":\"99999\",\"units\":1},"
              "{\"code\":\"97124\",\"units\":1}]}");
    must_find("syntax.code", "2", "error", "diagnosis_code");
    must_find("syntax.code", "3", "error", "modifier_code");
    must_find("syntax.code", "4", "error", "bad_syntax");
    must_find("syntax.date", "5", "error", "bad_syntax");
    must_find("syntax.date", "6", "error", "bad_syntax");
    must_find("validity.code", "7", "error", "unknown_code");
    must_find("ptp.blocked", "1,8", "error", "blocked");
    unchecked("ptp", "bad_syntax");
}

static void odd_revenue_codes_are_errors(void **state)
{
    static const char *const good[] = {"0420", "420", "042X", "42x", " 0430 "};
    static const char *const bad[] = {"", "42", "04200", "0X20", "04A0", "X"};
    char text[128];

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        (void)snprintf(text, sizeof text,
            "{\"lines\":[{\"code\":\"97110\",\"revenue_code\":\"%s\"}]}",
            good[i]);
        json_good(text);
        must_not_find("syntax.revenue_code");
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        (void)snprintf(text, sizeof text,
            "{\"lines\":[{\"code\":\"97110\",\"revenue_code\":\"%s\"}]}",
            bad[i]);
        json_good(text);
        must_find("syntax.revenue_code", "1", "error", "bad_syntax");
    }
}

static void there_is_room_for_64_providers(void **state)
{
    struct buffer text = {0};
    struct error err = {0};

    buffer_adds(&text, "{\"lines\":[");
    for (int i = 0; i < 65; i++)
        buffer_addf(&text, "%s{\"code\":\"97110\",\"provider\":\"%d\"}",
            i > 0 ? "," : "", i);
    buffer_adds(&text, "]}");
    buffer_addc(&text, '\0');
    assert_int_equal(read_json(text.data, &err), ERR_LIMIT);
    assert_string_equal(
        err.msg, "lines[65]: provider: at most 64 different ones on a claim");
    buffer_clear(&text);
}

/* ---- the answer */

static json_t *answer_of(const char *text)
{
    struct buffer out = {0};
    struct error err = {0};
    json_t *answer;

    assert_int_equal(read_json(text, &err), 0);
    assert_int_equal(answer_claim(&out, claim_answers, claim_work, &err), 0);
    answer = json_loadb(out.data, out.len, 0, NULL);
    assert_non_null(answer);
    buffer_clear(&out);
    return answer;
}

static void an_answer_has_the_shape_that_callers_rely_on(void **state)
{
    json_t *answer =
        answer_of("{\"date\":\"2024-07-15\",\"lines\":["
                  "{\"code\":\"97140\",\"units\":1,\"modifiers\":[\"GP\"]},"
                  "{\"code\":\"97124\",\"units\":1,\"modifiers\":[\"GP\"]}]}");
    const json_t *finding = NULL, *item;
    size_t i;

    assert_true(json_is_false(json_object_get(answer, "clean")));
    json_array_foreach(json_object_get(answer, "findings"), i, item)
    {
        static const char *const keys[] = {
            "id", "severity", "lines", "reason", "text", "source"};

        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            assert_non_null(json_object_get(item, keys[k]));
        if (strcmp(json_string_value(json_object_get(item, "id")),
                "ptp.blocked") == 0)
            finding = item;
    }
    assert_non_null(finding);
    assert_int_equal(json_integer_value(
                         json_array_get(json_object_get(finding, "lines"), 1)),
        2);
    assert_int_equal(json_integer_value(
                         json_array_get(json_object_get(finding, "denied"), 0)),
        2);
    assert_string_equal(json_string_value(json_object_get(
                            json_object_get(finding, "source"), "release")),
        "2024q3");
    assert_string_equal(json_string_value(json_object_get(
                            json_object_get(finding, "edit"), "column1")),
        "97140");
    for (int table = 0; table < CLAIM_TABLES; table++)
        assert_true(
            json_is_boolean(json_object_get(json_object_get(answer, "checked"),
                claim_table_name((enum claim_table)table))));
    assert_true(json_is_false(
        json_object_get(json_object_get(answer, "checked"), "necessity")));
    assert_true(json_is_true(
        json_object_get(json_object_get(answer, "checked"), "ptp")));
    json_decref(answer);
}

/* Every sentence can be made: all kinds of findings of random claims. */
static void every_finding_has_its_words(void **state)
{
    for (int check = 0; check < CHECK_COUNT; check++) {
        assert_true(claim_check_name((enum claim_check)check)[0] != '\0');
        assert_true(claim_rule_name((enum claim_check)check)[0] != '\0');
    }
    for (int reason = 0; reason < CLAIM_REASON_COUNT; reason++)
        assert_true(claim_reason_name((enum claim_reason)reason)[0] != '\0');
}

/* ---- batches */

static char *batch_answer(const char *body, uint32_t step)
{
    const struct claim_defaults given = defaults();
    struct claim_batch *batch;
    struct buffer out = {0};
    struct error err = {0};

    if (claim_batch_open(
            &batch, claim_answers, body, strlen(body), &given, &err) != 0)
        fail_msg("%s", err.msg);
    while (claim_batch_step(batch, step, &out))
        continue;
    claim_batch_close(batch);
    buffer_addc(&out, '\0');
    return out.data;
}

static void a_bad_line_spoils_only_itself(void **state)
{
    static const char body[] =
        "\xEF\xBB\xBF{\"lines\":[{\"code\":\"97110\",\"units\":7}]}\r\n"
        "\n"
        "{\"lines\":[}\n"
        "{\"lines\":[{\"code\":\"97140\"},{\"code\":\"97124\"}]}";
    char *one = batch_answer(body, 1), *all = batch_answer(body, 100);
    json_t *line[3];
    const char *at = one;

    assert_string_equal(one, all);
    for (size_t i = 0; i < 3; i++) {
        const size_t len = strcspn(at, "\n");

        line[i] = json_loadb(at, len, 0, NULL);
        assert_non_null(line[i]);
        at += len + 1;
    }
    assert_int_equal(*at, '\0');
    assert_true(json_is_false(json_object_get(line[0], "clean")));
    assert_int_equal(json_integer_value(json_object_get(line[1], "line")), 3);
    assert_string_equal(json_string_value(json_object_get(line[1], "problem")),
        "not JSON: line 3, column 11: unexpected token near '}'");
    assert_true(json_is_false(json_object_get(line[2], "clean")));
    for (size_t i = 0; i < 3; i++)
        json_decref(line[i]);
    free(one);
    free(all);
}

static void an_empty_batch_is_refused(void **state)
{
    const struct claim_defaults given = defaults();
    struct claim_batch *batch;
    struct error err = {0};

    assert_int_equal(
        claim_batch_open(&batch, claim_answers, " \n\n", 3, &given, &err),
        ERR_INPUT);
}

static void a_claim_longer_than_its_ceiling_is_refused_in_its_place(
    void **state)
{
    struct buffer body = {0};
    char *answer;

    buffer_adds(&body, "{\"lines\":[{\"code\":\"97110\"}]}\n{\"lines\":\"");
    while (body.len <= CLAIM_BATCH_LINE_MAX + 100)
        buffer_adds(&body, "much too long ");
    buffer_adds(&body, "\"}\n");
    buffer_addc(&body, '\0');
    answer = batch_answer(body.data, 2);
    assert_non_null(strstr(answer, "{\"line\":2,\"problem\":\"longer than"));
    free(answer);
    buffer_clear(&body);
}

/* ---- CSV */

static int read_csv(const char *text, const char *dx, struct error *err)
{
    const struct claim_defaults given = defaults();

    return claim_read_csv(&claim_work->claim, claim_answers->rules, &given,
        (struct text_ref){dx, dx == NULL ? 0 : strlen(dx)}, text, strlen(text),
        err);
}

static void csv_refused(int rc, const char *text, const char *why)
{
    struct error err = {0};

    assert_int_equal(read_csv(text, NULL, &err), rc);
    assert_string_equal(err.msg, why);
}

static void a_claim_is_read_out_of_csv(void **state)
{
    const struct claim_line *line = claim_work->claim.line;
    struct error err = {0};

    assert_int_equal(
        read_csv("\xEF\xBB\xBF"
                 "Code,units,\"minutes\",modifiers,dx,date,provider\r\n"
                 "97110, 2 ,30,\"GP,59\",1 2,2024-07-16,\"one \"\"a\"\"\"\r\n"
                 "\r\n"
                 "97112,,,GP\n",
            "M54.50,m54.2", &err),
        0);
    assert_int_equal(claim_work->claim.lines, 2);
    assert_int_equal(claim_work->claim.diagnoses, 2);
    assert_string_equal(line->code.code, "97110");
    assert_int_equal(line->units, 2);
    assert_int_equal(line->minutes, 30);
    assert_int_equal(line->code.modifiers, 2);
    assert_int_equal(line->pointers, 2);
    assert_int_equal(line->day, tiny_day("2024-07-16"));
    assert_string_equal(claim_work->claim.provider[0], "one \"a\"");
    assert_false(line[1].minutes_told);
    assert_int_equal(line[1].day, tiny_day("2024-07-15"));
    claim_check_it();
    must_find("syntax.units", "2", "information", "assumed_one");
}

static void odd_csv_is_refused_with_its_line(void **state)
{
    csv_refused(ERR_INPUT, "",
        "the file is empty; its first line is a heading such as "
        "code,units,minutes,modifiers,dx");
    csv_refused(ERR_INPUT, "code,units\n", "no line follows the heading");
    csv_refused(ERR_INPUT, "units,dx\n1,1\n",
        "line 1: the heading needs a column code, as in "
        "code,units,minutes,modifiers,dx");
    csv_refused(ERR_INPUT, "code,price\n97110,1\n",
        "line 1: 'price' is no column of a claim. These are: code, units, "
        "minutes, modifiers, dx, date, revenue_code, provider");
    csv_refused(ERR_INPUT, "code,units,code\n97110,1,97112\n",
        "line 1: the column code stands twice");
    csv_refused(ERR_INPUT, "code,units\n97110,1\n97112,x\n",
        "line 3: units: 'x' is no whole number");
    csv_refused(ERR_INPUT, "code,units\n97110,-\n",
        "line 2: units: '-' is no whole number");
    csv_refused(ERR_INPUT, "code,units\n97110,1,2\n",
        "line 2: more cells than the heading has columns");
    csv_refused(ERR_INPUT, "units,code\n1\n", "line 2: has no code");
    csv_refused(ERR_INPUT, "code,units\n\"97110,1\n",
        "line 2: a quote is never closed");
}

static void negative_numbers_of_csv_are_findings(void **state)
{
    struct error err = {0};

    assert_int_equal(
        read_csv("code,units,minutes\n97110,-2,-5\n97110,99999999999,1\n", NULL,
            &err),
        0);
    claim_check_it();
    must_find("syntax.units", "1", "error", "not_positive");
    must_find("syntax.minutes", "1", "error", "negative");
    must_find("syntax.units", "2", "error", "too_large");
}

static void csv_has_room_for_a_claims_lines(void **state)
{
    struct buffer text = {0};
    struct error err = {0};

    buffer_adds(&text, "code\n");
    for (int i = 0; i < CLAIM_LINES_MAX; i++)
        buffer_adds(&text, "97110\n");
    buffer_addc(&text, '\0');
    assert_int_equal(read_csv(text.data, NULL, &err), 0);
    text.len--;
    buffer_adds(&text, "97110\n");
    buffer_addc(&text, '\0');
    assert_int_equal(read_csv(text.data, NULL, &err), ERR_LIMIT);
    assert_string_equal(err.msg, "line 1001: a claim has at most 999 lines");
    buffer_clear(&text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(every_key_of_a_claim_is_read),
        TEST(what_is_not_told_comes_from_the_defaults),
        TEST(broken_json_is_refused_with_its_place),
        TEST(what_is_no_claim_is_refused_with_its_place),
        TEST(ten_thousand_lines_are_refused_and_999_judged),
        TEST(five_modifiers_are_one_too_many),
        TEST(a_modifier_has_two_characters),
        TEST(thirteen_diagnoses_are_one_too_many),
        TEST(pointers_point_to_diagnoses_that_are_there),
        TEST(absurd_units_and_minutes_are_errors),
        TEST(the_minutes_of_one_code_fit_into_a_day),
        TEST(an_odd_code_or_date_of_a_line_spoils_only_that_line),
        TEST(odd_revenue_codes_are_errors),
        TEST(there_is_room_for_64_providers),
        TEST(an_answer_has_the_shape_that_callers_rely_on),
        TEST(every_finding_has_its_words),
        TEST(a_bad_line_spoils_only_itself),
        TEST(an_empty_batch_is_refused),
        TEST(a_claim_longer_than_its_ceiling_is_refused_in_its_place),
        TEST(a_claim_is_read_out_of_csv),
        TEST(odd_csv_is_refused_with_its_line),
        TEST(negative_numbers_of_csv_are_findings),
        TEST(csv_has_room_for_a_claims_lines),
    };

    return cmocka_run_group_tests(tests, claim_store_open, claim_store_close);
}

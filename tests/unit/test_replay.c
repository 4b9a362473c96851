/* test_replay.c - past questions: read out of a log, and in what two answers
 * differ. */
#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/replay/replay.h"
#include "tests/tiny_build.h"

static char scratch[QUESTION_MAX + 1];

static enum question_kind read_line(struct question *q, const char *line)
{
    return question_read(q, line, strlen(line), scratch);
}

static void is(struct text_ref text, const char *expected)
{
    assert_int_equal(text.len, strlen(expected));
    assert_memory_equal(text.text, expected, text.len);
}

/* --- reading ----------------------------------------------------------------
 */

static void a_line_of_the_servers_log_is_a_question(void **state)
{
    struct question q;

    assert_int_equal(
        read_line(&q, "Nov 22 host coderef-server[3]: event=request "
                      "method=GET path=/v1/pairs?codes=A0001,A0002:59%2BGP&"
                      "date=2024-07-01 status=200 us=12\n"),
        QUESTION_PAIRS);
    is(q.shown, "/v1/pairs?codes=A0001,A0002:59%2BGP&date=2024-07-01");
    assert_int_equal(q.params, 2);
    is(q.param[0].name, "codes");
    is(q.param[0].value, "A0001,A0002:59+GP");
    is(q.param[1].value, "2024-07-01");
}

static void a_quoted_address_is_read_as_it_was_sent(void **state)
{
    struct question q;

    assert_int_equal(
        read_line(&q,
            "event=request method=GET "
            "path=\"/v1/search?q=a\\\"b\\\\c\\x41+d&limit\" status=200"),
        QUESTION_SEARCH);
    is(q.shown, "\"/v1/search?q=a\\\"b\\\\c\\x41+d&limit\"");
    is(q.param[0].value, "a\"b\\cA d");
    is(q.param[1].name, "limit");
    is(q.param[1].value, "");
    /* A line that the log has cut. */
    assert_int_equal(
        read_line(&q, "event=request method=GET path=\"/v1/search?q=a"),
        QUESTION_UNKNOWN);
}

static void other_forms_are_told_by_what_they_hold(void **state)
{
    static const struct {
        const char *line;
        enum question_kind kind;
    } lines[] = {
        {"GET /v1/pairs?codes=A0001,A0002 HTTP/1.1", QUESTION_PAIRS},
        {"/v1/codes/A0001", QUESTION_CODES},
        {"/v1/codes/A0001/edits", QUESTION_CODES},
        {"/v1/codes?prefix=A00\r\n", QUESTION_CODES},
        {"/v1/units?minutes=97110:24", QUESTION_UNITS},
        {"/v1/necessity?code=97035", QUESTION_NECESSITY},
        {"/v1/policies/A57067", QUESTION_NECESSITY},
        {"{\"codes\":[\"A0001\",\"A0002\"]}", QUESTION_PAIRS},
        {"{\"lines\":[],\"codes\":1}", QUESTION_CLAIM},
        {"{\"minutes\":[]}", QUESTION_UNITS},
        {"{\"code\":\"97035\",\"icd10\":\"M25.511\"}", QUESTION_NECESSITY},
        {"", QUESTION_BLANK},
        {"# a note", QUESTION_BLANK},
        {"GET /v1/pairs", QUESTION_NO_QUERY},
        {"event=request method=GET path=/v1/pairs status=400",
            QUESTION_NO_QUERY},
        {"event=request method=POST path=/v1/pairs status=200",
            QUESTION_NO_BODY},
        {"POST /v1/claims/check", QUESTION_NO_BODY},
        {"event=request method=HEAD path=/v1/pairs?codes=a", QUESTION_OTHER},
        {"event=listening address=127.0.0.1", QUESTION_OTHER},
        {"GET /", QUESTION_OTHER},
        {"GET /web/app.js?v=1", QUESTION_OTHER},
        {"GET /v1/releases", QUESTION_OTHER},
        {"/v1/codes/a/b/c", QUESTION_OTHER},
        {"/v1/pairs?codes=%zz", QUESTION_UNKNOWN},
        {"/v1/pairs?codes=%00", QUESTION_UNKNOWN},
        {"{\"codes\":", QUESTION_UNKNOWN},
        {"{\"other\":1}", QUESTION_UNKNOWN},
        {"what is this", QUESTION_UNKNOWN},
        {"/1/2/3/4/5/6/7/8/9", QUESTION_UNKNOWN},
    };
    struct question q;

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (read_line(&q, lines[i].line) != lines[i].kind)
            fail_msg("%s: %s", lines[i].line, question_kind_name(q.kind));
    /* Two lines are no line. */
    assert_int_equal(
        read_line(&q, "{\"codes\":\n[\"A0001\",\"A0002\"]}"), QUESTION_UNKNOWN);
    assert_int_equal(
        question_read(&q, "/v1/codes/A\0B", 13, scratch), QUESTION_UNKNOWN);
}

/* --- differing --------------------------------------------------------------
 */

static struct buffer told;

static void on_difference(void *context, const char *place, const char *kind,
    const char *a, const char *b)
{
    buffer_addf(&told, "%s|%s|%s|%s\n", place, kind, a, b);
}

/* The differences of two texts of JSON. */
static void differences(
    const char *a, const char *b, bool sources, const char *expected)
{
    json_t *one = json_loads(a, 0, NULL), *two = json_loads(b, 0, NULL);
    size_t count = 0;

    assert_non_null(one);
    assert_non_null(two);
    buffer_clear(&told);
    (void)differ(one, two, sources, on_difference, NULL);
    buffer_addc(&told, '\0');
    for (const char *at = told.data; *at != '\0'; at++)
        count += *at == '\n';
    assert_string_equal(told.data, expected);
    assert_int_equal(differ(one, two, sources, on_difference, NULL), count);
    buffer_clear(&told);
    json_decref(one);
    json_decref(two);
}

static void answers_differ_where_their_facts_do(void **state)
{
    differences("{\"verdict\":\"a\",\"stale\":true}",
        "{\"verdict\":\"a\",\"stale\":false}", false, "");
    differences("{\"verdict\":\"a\",\"stale\":true}",
        "{\"verdict\":\"a\",\"stale\":false}", true,
        "stale|stale|true|false\n");
    differences("{\"p\":[{\"verdict\":\"a\",\"source\":{\"row\":1}},2]}",
        "{\"p\":[{\"verdict\":\"b\",\"source\":{\"row\":2}},2,null]}", false,
        "p[0].verdict|p[].verdict|a|b\np[2]|p[]|nothing|null\n");
    differences("{\"a\":1,\"b\":{\"c\":[1]}}", "{\"b\":{\"c\":{}},\"d\":\"x\"}",
        false, "a|a|1|nothing\nb.c|b.c|[1]|{}\nd|d|nothing|x\n");
    differences("{\"a\":90.47}", "{\"a\":0.1}", false, "a|a|90.47|0.1\n");
    /* 1 and 1.0 are written otherwise; nothing else is. */
    differences("{\"a\":[1,2]}", "{\"a\":[1,2]}", true, "");
}

static void a_place_that_is_too_long_is_cut_and_counted(void **state)
{
    char deep[2][2000];

    for (int side = 0; side < 2; side++) {
        size_t len = 0;

        for (int i = 0; i < 60; i++)
            len += (size_t)snprintf(
                deep[side] + len, sizeof deep[side] - len, "{\"a_long_name\":");
        len += (size_t)snprintf(
            deep[side] + len, sizeof deep[side] - len, "%d", side);
        memset(deep[side] + len, '}', 60);
        deep[side][len + 60] = '\0';
    }
    json_t *one = json_loads(deep[0], 0, NULL);
    json_t *two = json_loads(deep[1], 0, NULL);

    assert_non_null(one);
    assert_int_equal(differ(one, two, false, on_difference, NULL), 1);
    buffer_clear(&told);
    json_decref(one);
    json_decref(two);
}

/* --- both -------------------------------------------------------------------
 */

static struct tiny *build_with_limit(const char *value)
{
    struct tiny *tiny = tiny_begin();
    const uint8_t mue = tiny_series(tiny, TABLE_MUE, SETTING_PRACTITIONER,
        PROGRAM_MEDICARE, "2024q3 2024-07-01 2024-09-30");
    char row[32];

    (void)snprintf(row, sizeof row, "97110|%s|3|invented", value);
    tiny_row(tiny, mue, 0, 0, row);
    tiny_row(tiny, mue, 0, 0, "97116|4|3|invented");
    tiny_proc(tiny, "97110", "valid listed 0 0");
    tiny_proc(tiny, "97116", "valid listed 0 0");
    (void)tiny_open(tiny);
    return tiny;
}

static void a_log_is_asked_of_both_builds(void **state)
{
    struct tiny *a = build_with_limit("6"), *b = build_with_limit("1");
    struct replay_summary *summary = malloc(sizeof *summary);
    char path[] = "/tmp/coderef-replay-XXXXXX", *text;
    const int fd = mkstemp(path);
    FILE *log = fdopen(fd, "w");
    struct replay_options options = {
        .log = path, .day = tiny_day("2024-07-01")};
    size_t len;

    assert_non_null(summary);
    assert_non_null(log);
    /* Two of one code are within a limit of 6, and above one of 1. */
    (void)fprintf(log, "/v1/pairs?codes=97110,97110\n"
                       "/v1/pairs?codes=97116,97116\n"
                       "\n"
                       "/v1/pairs?codes=97110&date=yesterday\n"
                       "GET /\n");
    for (size_t i = 0; i < QUESTION_MAX + 10; i++)
        (void)fputc('x', log);
    (void)fprintf(log, "\n{\"codes\":[\"97110\",\"97110\"]}");
    assert_int_equal(fclose(log), 0);

    options.out = open_memstream(&text, &len);
    assert_int_equal(
        replay_run(summary, tiny_store(a), tiny_store(b), &options, NULL), 0);
    (void)fclose(options.out);
    assert_int_equal(summary->lines, 7);
    assert_int_equal(summary->asked, 4);
    assert_int_equal(summary->differing, 2);
    assert_int_equal(summary->differ[QUESTION_PAIRS], 2);
    assert_int_equal(summary->questions[QUESTION_TOO_LONG], 1);
    assert_int_equal(summary->questions[QUESTION_OTHER], 1);
    tiny_has(text, "line 1  /v1/pairs?codes=97110,97110\n");
    tiny_has(text, "line 7  {\"codes\":[\"97110\",\"97110\"]}\n");
    tiny_has(text, "verdict                      billable -> not_billable\n");
    tiny_has_not(text, "line 2 ");
    free(text);

    options.json = true;
    options.most = 1;
    options.out = open_memstream(&text, &len);
    assert_int_equal(
        replay_run(summary, tiny_store(a), tiny_store(b), &options, NULL), 0);
    (void)fclose(options.out);
    assert_int_equal(summary->differing, 2);
    tiny_has(text,
        "{\"line\":1,\"kind\":\"pairs\",\"question\":\"/v1/pairs?codes="
        "97110,97110\"");
    tiny_has_not(text, "\"line\":7");
    free(text);
    free(summary);
    (void)remove(path);
    tiny_close(a);
    tiny_close(b);
}

static void a_log_that_cannot_be_read_is_told(void **state)
{
    struct tiny *a = build_with_limit("6");
    struct replay_summary *summary = malloc(sizeof *summary);
    const struct replay_options options = {.log = "/nowhere/log"};
    struct error err = {0};

    assert_non_null(summary);
    assert_int_equal(
        replay_run(summary, tiny_store(a), tiny_store(a), &options, &err),
        ERR_SYSTEM);
    assert_string_equal(err.msg, "/nowhere/log: No such file or directory");
    free(summary);
    tiny_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_the_servers_log_is_a_question),
        cmocka_unit_test(a_quoted_address_is_read_as_it_was_sent),
        cmocka_unit_test(other_forms_are_told_by_what_they_hold),
        cmocka_unit_test(answers_differ_where_their_facts_do),
        cmocka_unit_test(a_place_that_is_too_long_is_cut_and_counted),
        cmocka_unit_test(a_log_is_asked_of_both_builds),
        cmocka_unit_test(a_log_that_cannot_be_read_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

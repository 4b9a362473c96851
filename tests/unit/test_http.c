/* What comes out of a request's target and header lines, and the parameters of
 * questions. */
#include "tests/harness.h"

#include <stdlib.h>
#include <string.h>

#include "server/transport/reply.h"
#include "server/transport/request.h"
#include "server/routes/routes.h"

struct both {
    struct request request;
    struct reply reply;
};

static int set_up(void **state)
{
    struct both *both = calloc(1, sizeof *both);

    reply_init(&both->reply);
    *state = both;
    return 0;
}

static int tear_down(void **state)
{
    struct both *both = *state;

    reply_clear(&both->reply);
    free(both);
    return 0;
}

static bool parse(struct both *both, const char *target)
{
    reply_reset(&both->reply);
    return request_parse_target(&both->request, target, &both->reply);
}

static void refused(
    struct both *both, const char *target, int status, const char *reason)
{
    assert_false(parse(both, target));
    assert_int_equal(both->reply.status, status);
    assert_string_equal(both->reply.reason, reason);
}

static void a_path_is_split_and_decoded(void **state)
{
    struct both *both = *state;

    assert_true(parse(both, "/v1/codes/M54%2e50/a+b/"));
    assert_int_equal(both->request.segments, 5);
    assert_string_equal(both->request.segment[2].text, "M54.50");
    assert_int_equal(both->request.segment[2].len, 6);
    assert_string_equal(both->request.segment[3].text, "a+b");
    assert_string_equal(both->request.segment[4].text, "");
    assert_true(parse(both, "/"));
    assert_int_equal(both->request.segments, 0);
    assert_true(parse(both, "/a%2Fb"));
    assert_int_equal(both->request.segments, 1);
    assert_string_equal(both->request.segment[0].text, "a/b");
}

static void a_query_is_split_and_decoded(void **state)
{
    struct both *both = *state;

    assert_true(
        parse(both, "/x?q=two+words%20more&flag&empty=&&u=%C3%A9&p=%2B"));
    assert_int_equal(both->request.params, 5);
    assert_string_equal(request_param(&both->request, "q"), "two words more");
    assert_string_equal(request_param(&both->request, "flag"), "");
    assert_string_equal(request_param(&both->request, "empty"), "");
    assert_string_equal(request_param(&both->request, "u"), "\xC3\xA9");
    assert_string_equal(request_param(&both->request, "p"), "+");
    assert_null(request_param(&both->request, "Q"));
    assert_true(parse(both, "/x?"));
    assert_int_equal(both->request.params, 0);
    assert_true(parse(both, "/x?a=b=c?d"));
    assert_string_equal(request_param(&both->request, "a"), "b=c?d");
}

static void what_cannot_be_decoded_is_refused(void **state)
{
    static const char *const paths[] = {"/%", "/%4", "/%4x", "/%00", "/%0a",
        "/%7F", "/%FF", "/%C3", "/%C0%80", "/%ED%A0%80", "/a b", "/\xFF",
        "/%C2%85", NULL};
    static const char *const values[] = {"/x?a=%", "/x?a=%0", "/x?a=%zz",
        "/x?a=%00", "/x?a=1%0D%0Ab", "/x?a=%80", "/x?a=%F5%80%80%80",
        "/x?a=b c", NULL};
    struct both *both = *state;

    for (size_t i = 0; paths[i] != NULL; i++)
        refused(both, paths[i], 400, "bad_encoding");
    for (size_t i = 0; values[i] != NULL; i++) {
        refused(both, values[i], 400, "bad_parameter");
        assert_string_equal(both->reply.parameter, "a");
    }
    refused(both, "/x?%zz=1", 400, "bad_encoding");
    refused(both, "/x?=1", 400, "bad_query");
}

static void a_target_must_be_a_path(void **state)
{
    struct both *both = *state;

    refused(both, "", 400, "bad_target");
    refused(both, "*", 400, "bad_target");
    refused(both, "x/y", 400, "bad_target");
    refused(both, "/a#b", 400, "bad_target");
}

static void every_part_of_a_target_has_a_ceiling(void **state)
{
    struct both *both = *state;
    char target[REQUEST_TARGET_MAX + 2];

    memset(target, 'a', sizeof target);
    target[0] = '/';
    target[REQUEST_TARGET_MAX] = '\0';
    assert_true(parse(both, target));
    target[REQUEST_TARGET_MAX] = 'a';
    target[REQUEST_TARGET_MAX + 1] = '\0';
    refused(both, target, 414, "target_too_long");

    memset(target, '/', 40);
    target[REQUEST_SEGMENTS_MAX] = '\0';
    assert_true(parse(both, target));
    target[REQUEST_SEGMENTS_MAX] = '/';
    target[REQUEST_SEGMENTS_MAX + 1] = '\0';
    refused(both, target, 404, "no_such_path");

    memcpy(target, "/x?", 3);
    for (size_t i = 0; i < REQUEST_PARAMS_MAX; i++)
        memcpy(target + 3 + 2 * i, "a&", 3);
    assert_true(parse(both, target));
    memcpy(target + 3 + 2ul * REQUEST_PARAMS_MAX, "a", 2);
    refused(both, target, 400, "too_many_parameters");
}

static void a_target_of_nothing_but_marks_fits_its_room(void **state)
{
    struct both *both = *state;
    char target[REQUEST_TARGET_MAX + 1];

    memset(target, '&', REQUEST_TARGET_MAX);
    memcpy(target, "/?", 2);
    target[REQUEST_TARGET_MAX] = '\0';
    assert_true(parse(both, target));
    assert_int_equal(both->request.params, 0);
    /* One-byte names at the very end of the longest target. */
    memcpy(target + REQUEST_TARGET_MAX - 5, "&b&c=", 5);
    assert_true(parse(both, target));
    assert_int_equal(both->request.params, 2);
    assert_string_equal(request_param(&both->request, "c"), "");
}

static void the_fields_of_a_form_come_one_after_the_other(void **state)
{
    static const char body[] = "code=97110&units=&&code=a%2Bb+c%3D&last";
    static const struct {
        const char *name, *value;
    } wanted[] = {
        {"code", "97110"}, {"units", ""}, {"code", "a+b c="}, {"last", ""}};
    struct both *both = *state;
    struct form form = {.at = body, .end = body + strlen(body)};
    struct param field;

    reply_reset(&both->reply);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        assert_true(form_next(&form, &field, &both->reply));
        assert_string_equal(field.name.text, wanted[i].name);
        assert_string_equal(field.value.text, wanted[i].value);
        assert_int_equal(field.value.len, strlen(wanted[i].value));
    }
    assert_false(form_next(&form, &field, &both->reply));
    assert_null(both->reply.reason);
}

static void a_field_of_a_form_is_refused_when_it_is_no_good(void **state)
{
    struct both *both = *state;
    char text[FORM_FIELD_MAX + 2];
    struct param field;

    for (const char *const *bad = (const char *const[]){"a=%", "a=%4", "%zz",
             "a=%00", "a=%ff", "a=\n", "a b=1", NULL};
         *bad != NULL; bad++) {
        struct form form = {.at = *bad, .end = *bad + strlen(*bad)};

        reply_reset(&both->reply);
        assert_false(form_next(&form, &field, &both->reply));
        assert_string_equal(both->reply.reason, "bad_encoding");
    }
    memset(text, 'x', sizeof text);
    for (size_t len = FORM_FIELD_MAX; len <= FORM_FIELD_MAX + 1; len++) {
        struct form form = {.at = text, .end = text + len};

        reply_reset(&both->reply);
        assert_int_equal(
            form_next(&form, &field, &both->reply), len == FORM_FIELD_MAX);
    }
    assert_string_equal(both->reply.reason, "field_too_long");
}

static void a_day_is_read_or_named(void **state)
{
    struct both *both = *state;
    day_t day = 7;

    assert_true(parse(both, "/x"));
    assert_true(param_day(&both->request, &both->reply, "date", &day));
    assert_int_equal(day, 7);
    assert_true(parse(both, "/x?date=1970-01-11"));
    assert_true(param_day(&both->request, &both->reply, "date", &day));
    assert_int_equal(day, 10);
    for (const char *const *bad = (const char *const[]){"/x?date=",
             "/x?date=2024-02-30", "/x?date=7/1/2024", "/x?date=20240701",
             "/x?date=2024-07-01x", NULL};
         *bad != NULL; bad++) {
        assert_true(parse(both, *bad));
        assert_false(param_day(&both->request, &both->reply, "date", &day));
        assert_int_equal(both->reply.status, 400);
        assert_string_equal(both->reply.parameter, "date");
    }
}

static void a_number_is_read_or_named(void **state)
{
    struct both *both = *state;
    long n = -1;

    assert_true(parse(both, "/x?n=10"));
    assert_true(param_integer(&both->request, &both->reply, "n", 1, 10, &n));
    assert_int_equal(n, 10);
    assert_true(parse(both, "/x?n=-3"));
    assert_true(param_integer(&both->request, &both->reply, "n", -5, 10, &n));
    assert_int_equal(n, -3);
    for (const char *const *bad = (const char *const[]){"/x?n=", "/x?n=11",
             "/x?n=0", "/x?n=+5", "/x?n=%205", "/x?n=5%20", "/x?n=5.0",
             "/x?n=0x5", "/x?n=a", "/x?n=-", "/x?n=99999999999999999999", NULL};
         *bad != NULL; bad++) {
        assert_true(parse(both, *bad));
        assert_false(
            param_integer(&both->request, &both->reply, "n", 1, 10, &n));
        assert_string_equal(both->reply.parameter, "n");
    }
    assert_int_equal(n, -3);
}

static void words_and_flags_are_read_or_named(void **state)
{
    static const char *const words[] = {"practitioner", "outpatient", NULL};
    struct both *both = *state;
    bool flag = false;
    int word = 0;

    assert_true(parse(both, "/x?setting=outpatient&timed&no=false"));
    assert_true(
        param_word(&both->request, &both->reply, "setting", words, &word));
    assert_int_equal(word, 1);
    assert_true(param_flag(&both->request, &both->reply, "timed", &flag));
    assert_true(flag);
    assert_true(param_flag(&both->request, &both->reply, "no", &flag));
    assert_false(flag);
    assert_true(parse(both, "/x?setting=dme&timed=2"));
    assert_false(
        param_word(&both->request, &both->reply, "setting", words, &word));
    assert_non_null(strstr(both->reply.detail, "practitioner, outpatient"));
    reply_reset(&both->reply);
    assert_false(param_flag(&both->request, &both->reply, "timed", &flag));
    assert_string_equal(both->reply.parameter, "timed");
}

static void gzip_is_taken_when_it_is_offered(void **state)
{
    assert_false(accepts_gzip(NULL));
    assert_false(accepts_gzip(""));
    assert_true(accepts_gzip("gzip"));
    assert_true(accepts_gzip("deflate, GZIP;q=0.5, br"));
    assert_true(accepts_gzip("*"));
    assert_true(accepts_gzip("x-gzip"));
    assert_true(accepts_gzip("gzip;q=0.001"));
    assert_false(accepts_gzip("gzip;q=0"));
    assert_false(accepts_gzip("gzip ; q=0.000, *"));
    assert_false(accepts_gzip("br, deflate"));
    assert_false(accepts_gzip("*;q=0"));
    assert_false(accepts_gzip("notgzip"));
}

static void a_type_is_taken_by_the_closest_range(void **state)
{
    assert_true(accepts_type(NULL, "application/json"));
    assert_true(accepts_type("*/*", "application/json"));
    assert_true(accepts_type("text/html, application/*;q=0.1", TYPE_JSON));
    assert_true(accepts_type("application/json;q=0.5", TYPE_JSON));
    assert_true(accepts_type("text/html", TYPE_HTML));
    assert_false(accepts_type("text/html", TYPE_JSON));
    assert_false(accepts_type("application/json;q=0, */*", TYPE_JSON));
    assert_true(accepts_type("*/*;q=0, application/json", TYPE_JSON));
    assert_false(accepts_type("application/jsonx", TYPE_JSON));
    assert_true(type_is("Text/CSV; charset=utf-8", "text/csv"));
    assert_true(type_is("text/csv", "text/csv"));
    assert_false(type_is("text/csvx", "text/csv"));
    assert_false(type_is(NULL, "text/csv"));
}

static void an_etag_is_found_in_a_list(void **state)
{
    assert_true(etag_listed("W/\"a\"", "W/\"a\""));
    assert_true(etag_listed("\"a\"", "W/\"a\""));
    assert_true(etag_listed("\"b\" , W/\"a\"", "W/\"a\""));
    assert_false(etag_listed("*", "W/\"a\""));
    assert_false(etag_listed("", "W/\"a\""));
    assert_false(etag_listed("W/\"ab\"", "W/\"a\""));
    assert_false(etag_listed("a", "W/\"a\""));
}

static void a_problem_is_json_whatever_it_quotes(void **state)
{
    struct both *both = *state;
    struct reply *reply = &both->reply;

    reply_bad_param(reply, "q", "'%s' \\ %c", "\"\xFF", 1);
    reply_problem(reply, 500, "later", "The first problem stays.");
    reply_render_problem(reply, "/v1/x?q=secret", "id-1");
    buffer_addc(&reply->body, '\0');
    assert_int_equal(reply->status, 400);
    assert_string_equal(reply->type, TYPE_PROBLEM);
    assert_non_null(strstr(reply->body.data, "\"instance\":\"/v1/x\""));
    assert_null(strstr(reply->body.data, "secret"));
    assert_non_null(strstr(reply->body.data, "\"reason\":\"bad_parameter\""));
    assert_non_null(strstr(reply->body.data, "\"parameter\":\"q\""));
    assert_non_null(strstr(reply->body.data, "\\\"\xEF\xBF\xBD"));
    assert_non_null(strstr(reply->body.data, "\\u0001"));
}

/* --- routing --- */

static void answer_nothing(const struct request *request, struct reply *reply)
{
}

static const char *const date[] = {"date", "system", NULL};
static const char *const json_or_csv[] = {"application/json", "text/csv", NULL};
static const struct route table[] = {
    {METHOD_GET, "/", answer_nothing, NULL, 0, NULL},
    {METHOD_GET, "/a/{x}", answer_nothing, date, 0, NULL},
    {METHOD_POST, "/a/{x}", answer_nothing, date, 0, json_or_csv},
    {METHOD_GET, "/a/{x}/b/{y}", answer_nothing, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/stored", answer_nothing, NULL, ROUTE_STORE, NULL},
    {0},
};
static const struct route *const tables[] = {table, NULL};

static bool find(struct both *both, enum method method, const char *target)
{
    struct routes *routes = routes_new(tables);
    size_t number;
    bool found;

    assert_true(parse(both, target));
    both->request.method = method;
    found = routes_find(routes, &both->request, &both->reply, &number);
    if (found)
        assert_string_equal(
            routes_pattern(routes, number), both->request.route->pattern);
    routes_free(routes);
    return found;
}

static void a_route_is_found_with_its_captures(void **state)
{
    struct both *both = *state;

    assert_true(find(both, METHOD_GET, "/"));
    assert_true(find(both, METHOD_HEAD, "/a/97110?date=2024-01-01"));
    assert_string_equal(both->request.capture[0].text, "97110");
    assert_true(find(both, METHOD_GET, "/a/1/b/2"));
    assert_string_equal(both->request.capture[1].text, "2");
    assert_false(find(both, METHOD_GET, "/a/"));
    assert_int_equal(both->reply.status, 404);
    assert_false(find(both, METHOD_GET, "/a"));
    assert_int_equal(both->reply.status, 404);
}

static void a_method_that_is_not_taken_is_told_which_are(void **state)
{
    struct both *both = *state;

    assert_false(find(both, METHOD_DELETE, "/a/1"));
    assert_int_equal(both->reply.status, 405);
    assert_non_null(
        strstr(both->reply.headers, "Allow: GET, HEAD, POST, OPTIONS\r\n"));
    assert_false(find(both, METHOD_OPTIONS, "/"));
    assert_int_equal(both->reply.status, 204);
    assert_non_null(
        strstr(both->reply.headers, "Allow: GET, HEAD, OPTIONS\r\n"));
}

static void a_misspelt_or_repeated_parameter_is_refused(void **state)
{
    struct both *both = *state;

    assert_false(find(both, METHOD_GET, "/a/1?dat=2024-01-01"));
    assert_int_equal(both->reply.status, 400);
    assert_string_equal(both->reply.reason, "unknown_parameter");
    assert_string_equal(both->reply.parameter, "dat");
    assert_non_null(strstr(both->reply.detail, "date, system"));
    assert_false(find(both, METHOD_GET, "/a/1?date=1&date=2"));
    assert_string_equal(both->reply.reason, "repeated_parameter");
    assert_false(find(both, METHOD_GET, "/?x=1"));
    assert_string_equal(both->reply.reason, "unknown_parameter");
    assert_true(find(both, METHOD_GET, "/a/1/b/2?what=1&what=2"));
}

static void a_body_must_be_of_a_known_type(void **state)
{
    struct both *both = *state;

    both->request.content_type = "text/csv; charset=utf-8";
    assert_true(find(both, METHOD_POST, "/a/1"));
    both->request.content_encoding = "Identity";
    assert_true(find(both, METHOD_POST, "/a/1"));
    both->request.content_encoding = "gzip";
    assert_false(find(both, METHOD_POST, "/a/1"));
    assert_int_equal(both->reply.status, 415);
    assert_string_equal(both->reply.reason, "unsupported_encoding");
    both->request.content_encoding = NULL;
    both->request.content_type = "text/plain";
    assert_false(find(both, METHOD_POST, "/a/1"));
    assert_int_equal(both->reply.status, 415);
    assert_non_null(strstr(both->reply.detail, "application/json, text/csv"));
    both->request.content_type = NULL;
    assert_false(find(both, METHOD_POST, "/a/1"));
    assert_int_equal(both->reply.status, 415);
}

static void without_a_store_there_is_no_answer_from_it(void **state)
{
    struct both *both = *state;

    assert_false(find(both, METHOD_GET, "/stored"));
    assert_int_equal(both->reply.status, 503);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_path_is_split_and_decoded),
        TEST(a_query_is_split_and_decoded),
        TEST(what_cannot_be_decoded_is_refused),
        TEST(a_target_must_be_a_path),
        TEST(every_part_of_a_target_has_a_ceiling),
        TEST(a_target_of_nothing_but_marks_fits_its_room),
        TEST(the_fields_of_a_form_come_one_after_the_other),
        TEST(a_field_of_a_form_is_refused_when_it_is_no_good),
        TEST(a_day_is_read_or_named),
        TEST(a_number_is_read_or_named),
        TEST(words_and_flags_are_read_or_named),
        TEST(gzip_is_taken_when_it_is_offered),
        TEST(a_type_is_taken_by_the_closest_range),
        TEST(an_etag_is_found_in_a_list),
        TEST(a_problem_is_json_whatever_it_quotes),
        TEST(a_route_is_found_with_its_captures),
        TEST(a_method_that_is_not_taken_is_told_which_are),
        TEST(a_misspelt_or_repeated_parameter_is_refused),
        TEST(a_body_must_be_of_a_known_type),
        TEST(without_a_store_there_is_no_answer_from_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

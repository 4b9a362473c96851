/* test_route_units.c - /v1/units as the router calls it: query and body in, an
 * answer or a problem out. */
#include "tests/builds.h"

#include "server/routes/routes.h"

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

/* Asks the handler of a method; the reply is the caller's. */
static void call(
    struct reply *reply, unsigned method, const char *target, const char *body)
{
    static struct request request;
    const struct route *route = unit_routes;

    request = (struct request){.method = (enum method)method,
        .answers = opened.answers,
        .body = body,
        .body_len = body != NULL ? strlen(body) : 0};
    assert_int_equal(day_parse_iso(&request.today, "2024-07-01", 10), 0);
    reply_init(reply);
    assert_true(request_parse_target(&request, target, reply));
    while ((route->methods & method) == 0)
        route++;
    request.route = route;
    route->answer(&request, reply);
}

static void answers_with(unsigned method, const char *target, const char *body,
    const char *member, const char *wanted)
{
    struct reply reply;
    json_t *root;
    char *text;

    call(&reply, method, target, body);
    if (reply.status != 200)
        fail_msg("%s: %s", target, reply.detail);
    root = json_loadb(reply.body.data, reply.body.len, 0, NULL);
    text = json_dumps(
        json_object_get(root, member), JSON_COMPACT | JSON_ENCODE_ANY);
    assert_string_equal(text, wanted);
    free(text);
    json_decref(root);
    reply_clear(&reply);
}

static void refuses(unsigned method, const char *target, const char *body,
    int status, const char *parameter, const char *detail)
{
    struct reply reply;

    call(&reply, method, target, body);
    assert_int_equal(reply.status, status);
    assert_string_equal(reply.parameter, parameter);
    assert_string_equal(reply.detail, detail);
    reply_clear(&reply);
}

static void a_query_is_answered(void **state)
{
    answers_with(METHOD_GET, "/v1/units?minutes=97112:24,97110:23", NULL,
        "total_units", "3");
    answers_with(METHOD_GET,
        "/v1/units?minutes=97112:24,97110:23&rule=midpoint", NULL,
        "total_units", "4");
    answers_with(METHOD_GET, "/v1/units?minutes=97110:24", NULL, "date",
        "\"2024-07-01\"");
    answers_with(METHOD_GET, "/v1/units?minutes=97110:24&date=2023-12-31", NULL,
        "date", "\"2023-12-31\"");
    answers_with(
        METHOD_GET, "/v1/units?minutes=97110:0", NULL, "total_units", "0");
    answers_with(METHOD_GET,
        "/v1/units?minutes=97129:20,97110:20&pool_cognitive=true", NULL,
        "timed_pool_units", "3");
    answers_with(METHOD_GET, "/v1/units?family=crisis&minutes=75", NULL,
        "total_units", "2");
}

static void a_body_is_answered(void **state)
{
    static const char body[] =
        "{\"minutes\":[{\"code\":\"97112\",\"minutes\":24},{\"code\":\"97110\","
        "\"minutes\":23}],\"rule\":\"CMS8\"}";

    answers_with(METHOD_POST, "/v1/units", body, "total_units", "3");
    /* The body stands above the query. */
    answers_with(
        METHOD_POST, "/v1/units?rule=midpoint", body, "rule", "\"cms\"");
}

static void what_is_wrong_is_a_problem(void **state)
{
    refuses(METHOD_GET, "/v1/units", NULL, 400, "minutes",
        "Give minutes for each code, such as minutes=97110:24,97140:15.");
    refuses(METHOD_GET, "/v1/units?minutes=", NULL, 400, "minutes",
        "Give minutes for each code, such as minutes=97110:24,97140:15.");
    refuses(METHOD_GET, "/v1/units?minutes=97110:1&rule=8", NULL, 400, "rule",
        "rule: '8' is neither cms (the 8-minute pool) nor midpoint (each code "
        "alone)");
    refuses(METHOD_GET, "/v1/units?minutes=97110:-1", NULL, 400, "",
        "minutes of 97110: '-1' is no whole number from 0 to 1440");
    refuses(METHOD_GET, "/v1/units?family=nothing&minutes=5", NULL, 400, "",
        "family: 'nothing' is neither a family of timed codes nor a code of "
        "one");
    refuses(METHOD_POST, "/v1/units", "", 400, "",
        "not JSON: '[' or '{' expected near end of file, at line 1, column 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_is_answered),
        cmocka_unit_test(a_body_is_answered),
        cmocka_unit_test(what_is_wrong_is_a_problem),
    };

    return cmocka_run_group_tests(tests, open_data, close_data);
}

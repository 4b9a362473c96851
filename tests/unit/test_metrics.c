/* What /metrics says, against sums made by hand. */
#include "tests/harness.h"

#include <stdio.h>
#include <string.h>

#include "server/metrics.h"

static void nothing(const struct request *request, struct reply *reply)
{
}

static const struct route table[] = {
    {METHOD_GET, "/a", nothing, NULL, 0, NULL},
    {METHOD_GET, "/b", nothing, NULL, 0, NULL},
    {0},
};
static const struct route *const tables[] = {table, NULL};

static void has(const struct buffer *text, const char *line)
{
    if (strstr(text->data, line) == NULL)
        fail_msg("no '%s' in:\n%s", line, text->data);
}

static void durations_of_all_workers_are_summed(void **state)
{
    static const char sum[] =
        "coderef_http_request_duration_seconds_sum{route=\"/a\"} 3.100200001\n";
    static const char *const buckets[] = {"5e-05\"} 1\n", "0.0001\"} 3\n",
        "0.00025\"} 3\n", "0.0005\"} 3\n", "0.001\"} 3\n", "0.0025\"} 3\n",
        "0.005\"} 3\n", "0.01\"} 3\n", "0.025\"} 3\n", "0.1\"} 4\n",
        "0.5\"} 4\n", "2.5\"} 4\n", "+Inf\"} 5\n"};
    struct routes *routes = routes_new(tables);
    struct metrics *metrics;
    struct buffer text = {0};
    char line[128];

    assert_int_equal(metrics_open(&metrics, 2, NULL), 0);
    /* A bound belongs to its bucket; a nanosecond more to the next. */
    metrics_request(metrics, 0, 1, METHOD_GET, 200, 50000);
    metrics_request(metrics, 1, 1, METHOD_GET, 200, 50001);
    metrics_request(metrics, 0, 1, METHOD_GET, 404, 100000);
    metrics_request(metrics, 1, 1, METHOD_GET, 200, 100000000);
    metrics_request(metrics, 1, 1, METHOD_POST, 999, 3000000000);
    metrics_render(&text, metrics, routes, NULL, NULL);
    buffer_addc(&text, '\0');
    for (size_t i = 0; i < sizeof buckets / sizeof buckets[0]; i++) {
        (void)snprintf(line, sizeof line,
            "duration_seconds_bucket{route=\"/a\",le=\"%s", buckets[i]);
        has(&text, line);
    }
    has(&text, sum); /* 0.00005 + 0.000050001 + 0.0001 + 0.1 + 3 */
    has(&text, "duration_seconds_count{route=\"/a\"} 5\n");
    has(&text, "requests_total{route=\"/a\",method=\"GET\",code=\"200\"} 3\n");
    has(&text, "requests_total{route=\"/a\",method=\"GET\",code=\"404\"} 1\n");
    has(&text,
        "requests_total{route=\"/a\",method=\"POST\",code=\"other\"} 1\n");
    assert_null(strstr(text.data, "route=\"/b\"")); /* nobody asked it */
    buffer_clear(&text);
    routes_free(routes);
}

static void counters_and_gauges_of_all_workers_are_summed(void **state)
{
    struct routes *routes = routes_new(tables);
    struct metrics *metrics;
    struct buffer text = {0};

    assert_int_equal(metrics_open(&metrics, 3, NULL), 0);
    metrics_count(metrics, 0, COUNT_LIMITED, 2);
    metrics_count(metrics, 2, COUNT_LIMITED, 5);
    metrics_gauge(metrics, 0, GAUGE_OPEN, 3);
    metrics_gauge(metrics, 1, GAUGE_OPEN, 1);
    metrics_gauge(metrics, 0, GAUGE_OPEN, -2);
    metrics_set(metrics, 0, GAUGE_LOADED, 1000);
    metrics_set(metrics, 1, GAUGE_LOADED, 2000);
    metrics_render(&text, metrics, routes, "b", "p");
    buffer_addc(&text, '\0');
    has(&text, "\ncoderef_rate_limited_total 7\n");
    has(&text, "\ncoderef_http_connections 2\n");
    has(&text, "\ncoderef_data_loaded_timestamp_seconds 2000\n");
    buffer_clear(&text);
    routes_free(routes);
}

static void a_worker_that_hangs_is_seen(void **state)
{
    struct metrics *metrics;

    assert_int_equal(metrics_open(&metrics, 2, NULL), 0);
    assert_true(metrics_all_beat(metrics, 1000, 30)); /* there is none yet */
    metrics_begin(metrics, 0);
    metrics_begin(metrics, 1);
    metrics_beat(metrics, 0, 1000);
    metrics_beat(metrics, 1, 970);
    assert_true(metrics_all_beat(metrics, 1000, 30));
    assert_false(metrics_all_beat(metrics, 1001, 30));
    metrics_died(metrics, 1, true);
    assert_true(metrics_all_beat(metrics, 1001, 30));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_of_all_workers_are_summed),
        cmocka_unit_test(counters_and_gauges_of_all_workers_are_summed),
        cmocka_unit_test(a_worker_that_hangs_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

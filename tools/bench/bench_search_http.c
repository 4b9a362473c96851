/* bench_search_http - searches over HTTP, one worker.
 *
 *   bench_search_http PROGRAM STORE FOLDER
 *
 * The 3,000 queries of bench_search, as GET /v1/search?q=, by wrk over 50
 * connections. The rate is that of the worker's CPU time, because wrk shares
 * the machine with it; the waiting is what wrk saw on the clock.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bench/support/client.h"
#include "tools/bench/support/measure.h"
#include "tools/bench/support/process.h"
#include "tools/bench/support/sample.h"
#include "tools/bench/support/server.h"
#include "tools/eval/query_log.h"

enum { PATH_LEN = 4096, TARGET_LEN = 3 * QUERY_LOG_LEN + 32 };

struct load {
    double cpu;  /* seconds of the worker, of one search */
    double wall; /* searches a second on the clock */
    double p99;  /* seconds that a caller waited */
};

static void write_target(const struct query_log *log, size_t at, char *out)
{
    size_t len = (size_t)snprintf(out, TARGET_LEN, "/v1/search?q=");

    for (const char *c = log->text[at]; *c != '\0'; c++)
        len += (size_t)snprintf(out + len, TARGET_LEN - len,
            isalnum((unsigned char)*c) ? "%c" : "%%%02X", (unsigned char)*c);
}

static bool write_script(const struct query_log *log, const char *path)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return false;
    (void)fputs("local paths = {\n", file);
    for (size_t i = 0; i < QUERY_LOG; i++) {
        char target[TARGET_LEN];

        write_target(log, i, target);
        (void)fprintf(file, "\"%s\",\n", target);
    }
    (void)fputs("}\n"
                "local requests, at = {}, 0\n"
                "function init(args)\n"
                "  for i, path in ipairs(paths) do\n"
                "    requests[i] = wrk.format(\"GET\", path)\n"
                "  end\n"
                "end\n"
                "function request()\n"
                "  at = at % #requests + 1\n"
                "  return requests[at]\n"
                "end\n"
                "function done(summary, latency)\n"
                "  local e = summary.errors\n"
                "  io.write(string.format(\"RESULT %d %d %d %d\\n\",\n"
                "    summary.requests, e.connect + e.read + e.write +\n"
                "    e.status + e.timeout, summary.duration,\n"
                "    latency:percentile(99)))\n"
                "end\n",
        file);
    return fclose(file) == 0;
}

/* Every query once: each must be answered. */
static bool all_answered(const struct query_log *log, int port)
{
    struct client client;
    bool good = client_open(&client, port);
    size_t bytes = 0;

    for (size_t i = 0; i < QUERY_LOG && good; i++) {
        char target[TARGET_LEN];
        struct answer answer;

        write_target(log, i, target);
        good = client_ask(&client, target, NULL, NULL, 0, &answer) &&
               answer.status == 200;
        if (!good)
            (void)fprintf(
                stderr, "bench_search_http: %s: no good answer\n", target);
        bytes += good ? answer.len : 0;
    }
    client_close(&client);
    (void)fprintf(
        stderr, "bench_search_http: answers of %zu bytes\n", bytes / QUERY_LOG);
    return good;
}

static bool run_load(struct load *out, const struct server_run *server,
    const char *script, const char *output)
{
    char url[64];
    char *const argv[] = {
        "wrk", "-t1", "-c50", "-d3s", "-s", (char *)script, url, NULL};
    unsigned long requests = 0, errors = 1, took_us = 0, p99_us = 0;
    char line[256];
    struct usage usage;
    double before;
    FILE *file;

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/", server->port);
    before = process_cpu(server->worker);
    if (!process_run(argv, NULL, output, &usage))
        return false;
    out->cpu = process_cpu(server->worker) - before;
    file = fopen(output, "r");
    if (file == NULL)
        return false;
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "RESULT %lu %lu %lu %lu", &requests, &errors, &took_us,
                &p99_us) == 4)
            break;
    (void)fclose(file);
    if (requests == 0 || errors > 0 || took_us == 0) {
        (void)fprintf(stderr, "bench_search_http: %lu of %lu requests failed\n",
            errors, requests);
        return false;
    }
    out->cpu /= (double)requests;
    out->wall = (double)requests / ((double)took_us * 1e-6);
    out->p99 = (double)p99_us * 1e-6;
    return true;
}

static bool measure(const struct query_log *log,
    const struct server_run *server, const char *folder)
{
    const size_t times = rounds(3);
    double cpu[ROUNDS_MAX], p99[ROUNDS_MAX];
    char script[PATH_LEN], output[PATH_LEN];
    struct memory memory;
    struct result rate = {.name = "GET /v1/search, one core of server",
        .wish = AT_LEAST,
        .wanted = 20e3,
        .target = {"20 k/s"}};
    struct result wait = {.name = "GET /v1/search, p99 at 50 connections",
        .wish = AT_MOST,
        .wanted = 5e-3,
        .target = {"5 ms"}};

    (void)snprintf(script, PATH_LEN, "%s/search.lua", folder);
    (void)snprintf(output, PATH_LEN, "%s/search.txt", folder);
    if (!all_answered(log, server->port) || !write_script(log, script))
        return false;
    for (size_t r = 0; r < times; r++) {
        struct load load;

        if (!run_load(&load, server, script, output))
            return false;
        cpu[r] = load.cpu;
        p99[r] = load.p99;
        (void)fprintf(stderr,
            "bench_search_http: %.0f/s on the clock, %.0f/s of CPU time,"
            " p99 %.1f ms\n",
            load.wall, 1 / load.cpu, load.p99 * 1e3);
    }
    rate.got = 1 / median(cpu, times);
    rate.ours = per_second(rate.got);
    rate.cpu = duration(1 / rate.got);
    if (process_memory(server->worker, &memory))
        rate.memory = size_of_bytes(memory.resident - memory.map);
    result_print(&rate);
    wait.got = median(p99, times);
    wait.ours = duration(wait.got);
    result_print(&wait);
    return true;
}

static bool draw(struct query_log *out, const char *store)
{
    struct sample sample;
    struct answers *answers = NULL;
    struct documents documents = {0};
    struct error err = {0};
    bool good;

    if (!sample_open(&sample, store))
        return false;
    good = answers_open(&answers, sample.store, &err) == 0 &&
           documents_read(&documents, answers, sample.day) &&
           query_log_draw(out, &documents);
    if (!good)
        (void)fprintf(stderr, "bench_search_http: %s: %s\n", store,
            err.msg[0] != '\0' ? err.msg : "no queries");
    documents_clear(&documents);
    answers_close(answers);
    sample_close(&sample);
    return good;
}

int main(int argc, char **argv)
{
    static struct query_log log;
    struct server_run server;
    bool good;

    if (argc != 4) {
        (void)fputs("usage: bench_search_http PROGRAM STORE FOLDER\n", stderr);
        return EXIT_FAILURE;
    }
    if (!draw(&log, argv[2]) || !server_begin(&server, argv[1], argv[2], 1))
        return EXIT_FAILURE;
    good = measure(&log, &server, argv[3]);
    server_stop(&server);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

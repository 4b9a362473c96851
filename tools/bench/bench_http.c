/* bench_http - answers over HTTP, against a bare server on libevent's evhttp
 * that returns as many bytes without any thought.
 *
 *   bench_http PROGRAM BARE STORE FOLDER
 *
 * PROGRAM is coderef-server, BARE is bare_evhttp. wrk keeps a few connections
 * busy with the same questions on both in turn; what counts is the CPU time of
 * the process that answers, for each request, because wrk shares the machine.
 * Batches are sent one after the other over one connection. FOLDER takes what
 * wrk and the bare server must be told.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bench/support/client.h"
#include "tools/bench/support/measure.h"
#include "tools/bench/support/process.h"
#include "tools/bench/support/sample.h"
#include "tools/bench/support/server.h"

enum {
    TARGETS = 1000, /* different questions */
    TARGET_LEN = 96,
    PATH_LEN = 4096,
    BATCH = 100000, /* questions of one batch */
};

struct bench {
    const char *program, *bare, *store;
    char script[PATH_LEN], body[PATH_LEN], output[PATH_LEN];
    struct sample sample;
    char target[TARGETS][TARGET_LEN];
};

/* What one kind of question is called, and how it is asked. */
struct kind {
    const char *name;
    void (*target)(struct bench *bench, char out[TARGET_LEN]);
    double wanted; /* times the bare server's CPU time */
};

static void pair_target(struct bench *bench, char out[TARGET_LEN])
{
    struct sample_pair pair;

    sample_pair(&bench->sample, &pair);
    sample_target(&bench->sample, &pair, out);
}

static void code_of(struct bench *bench, char out[PROC_LEN + 1])
{
    struct sample *sample = &bench->sample;

    proc_unpack(out, proc_at(&sample->store->proc,
                         sample->code[sample_draw(sample, sample->codes)]));
}

static void code_target(struct bench *bench, char out[TARGET_LEN])
{
    char code[PROC_LEN + 1];

    code_of(bench, code);
    (void)snprintf(out, TARGET_LEN, "/v1/codes/%s", code);
}

static void prefix_target(struct bench *bench, char out[TARGET_LEN])
{
    char code[PROC_LEN + 1];

    code_of(bench, code);
    (void)snprintf(out, TARGET_LEN, "/v1/codes?prefix=%.3s&limit=20", code);
}

/* Asks every question once, and keeps the answer whose length is nearest to
 * the mean for the bare server. */
static bool keep_typical(struct bench *bench, int port)
{
    struct client client;
    struct answer answer;
    size_t total = 0, mean = 0, best = SIZE_MAX;
    bool good = client_open(&client, port);

    for (int pass = 0; pass < 2 && good; pass++) {
        for (size_t i = 0; i < TARGETS && good; i++) {
            size_t off;

            good =
                client_ask(&client, bench->target[i], NULL, NULL, 0, &answer) &&
                answer.status == 200;
            if (!good) {
                (void)fprintf(stderr, "bench_http: %s: no good answer\n",
                    bench->target[i]);
                break;
            }
            total += answer.len;
            off = answer.len > mean ? answer.len - mean : mean - answer.len;
            if (pass == 1 && off < best) {
                FILE *file = fopen(bench->body, "wb");

                best = off;
                good = file != NULL &&
                       fwrite(answer.body, 1, answer.len, file) == answer.len;
                good = file != NULL && fclose(file) == 0 && good;
            }
        }
        mean = total / TARGETS;
        total = 0;
    }
    client_close(&client);
    (void)fprintf(stderr, "bench_http: answers of %zu bytes\n", mean);
    return good;
}

/* The questions, made ready once, for wrk. */
static bool write_script(const struct bench *bench)
{
    FILE *file = fopen(bench->script, "w");

    if (file == NULL)
        return false;
    (void)fputs("local paths = {\n", file);
    for (size_t i = 0; i < TARGETS; i++)
        (void)fprintf(file, "\"%s\",\n", bench->target[i]);
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
                "  io.write(string.format(\"RESULT %d %d\\n\",\n"
                "    summary.requests, e.connect + e.read + e.write +\n"
                "    e.status + e.timeout))\n"
                "end\n",
        file);
    return fclose(file) == 0;
}

/* Seconds of CPU time of each request under load. 0 when one failed. */
static double load(const struct bench *bench, const struct server_run *server)
{
    char url[64];
    char *const argv[] = {
        "wrk", "-t1", "-c8", "-d2s", "-s", (char *)bench->script, url, NULL};
    unsigned long requests = 0, errors = 1;
    char line[256];
    struct usage usage;
    double before;
    FILE *file;

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/", server->port);
    before = process_cpu(server->worker);
    if (!process_run(argv, NULL, bench->output, &usage))
        return 0;
    before = process_cpu(server->worker) - before;
    file = fopen(bench->output, "r");
    if (file == NULL)
        return 0;
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "RESULT %lu %lu", &requests, &errors) == 2)
            break;
    (void)fclose(file);
    if (requests == 0 || errors > 0) {
        (void)fprintf(stderr, "bench_http: %lu of %lu requests failed\n",
            errors, requests);
        return 0;
    }
    return before / (double)requests;
}

static bool measure_kind(struct bench *bench, const struct kind *kind,
    const struct server_run *server)
{
    const size_t times = rounds(3);
    double ours[ROUNDS_MAX], theirs[ROUNDS_MAX], we, they;
    struct server_run bare;
    struct memory memory;
    struct result result = {.name = kind->name,
        .wish = kind->wanted > 0 ? AT_MOST : NO_WISH,
        .wanted = kind->wanted};
    bool good = true;

    for (size_t i = 0; i < TARGETS; i++)
        kind->target(bench, bench->target[i]);
    if (!keep_typical(bench, server->port) || !write_script(bench) ||
        !bare_begin(&bare, bench->bare, bench->body))
        return false;
    for (size_t r = 0; r < times && good; r++) {
        ours[r] = load(bench, server);
        theirs[r] = load(bench, &bare);
        good = ours[r] > 0 && theirs[r] > 0;
    }
    server_stop(&bare);
    if (!good)
        return false;
    we = median(ours, times);
    they = median(theirs, times);
    result.ours = per_second(1 / we);
    result.peer = per_second(1 / they);
    result.ratio = result.got = we / they;
    (void)snprintf(result.target.text, FIGURE_LEN, "%.1fx", kind->wanted);
    result.cpu = duration(we);
    if (process_memory(server->worker, &memory))
        result.memory = size_of_bytes(memory.resident - memory.map);
    result_print(&result);
    return true;
}

/* --- batches ---------------------------------------------------------------
 */

static void write_batch(struct bench *bench, bool csv, struct buffer *out)
{
    char day[DAY_TEXT_LEN];

    (void)day_format(day, bench->sample.day);
    if (csv)
        buffer_adds(out, "code_a,code_b,date\n");
    for (int i = 0; i < BATCH; i++) {
        struct sample_pair pair;

        sample_pair(&bench->sample, &pair);
        buffer_addf(out,
            csv ? "%s,%s,%s\n"
                : "{\"codes\":[\"%s\",\"%s\"],\"date\":\"%s\"}\n",
            pair.code[0], pair.code[1], day);
    }
}

static size_t lines_of(const struct answer *answer)
{
    size_t lines = 0;
    const char *at = answer->body, *end = answer->body + answer->len;

    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        lines++;
        at++;
    }
    return lines;
}

static bool measure_batch(struct bench *bench, const char *name, bool csv,
    const struct server_run *server)
{
    const size_t times = rounds(5);
    double each[ROUNDS_MAX];
    struct buffer body = {0};
    struct client client;
    struct answer answer = {0};
    struct memory memory;
    struct result result = {
        .name = name, .wish = AT_LEAST, .wanted = 500e3, .target = {"500 k/s"}};
    bool good = client_open(&client, server->port);

    write_batch(bench, csv, &body);
    for (size_t r = 0; r < times && good; r++) {
        const double before = process_cpu(server->worker);

        good = client_ask(&client, "/v1/pairs",
                   csv ? "text/csv" : "application/x-ndjson", body.data,
                   body.len, &answer) &&
               answer.status == 200 && lines_of(&answer) == BATCH + (size_t)csv;
        each[r] = (process_cpu(server->worker) - before) / BATCH;
    }
    if (good) {
        const double we = median(each, times);

        result.got = 1 / we;
        result.ours = per_second(result.got);
        result.cpu = duration(we);
        if (process_memory(server->worker, &memory))
            result.memory = size_of_bytes(memory.resident - memory.map);
        result_print(&result);
    } else {
        (void)fprintf(stderr, "bench_http: %s: status %d, %zu bytes\n", name,
            answer.status, answer.len);
    }
    client_close(&client);
    buffer_clear(&body);
    return good;
}

static bool measure_all(struct bench *bench)
{
    static const struct kind kinds[] = {
        {"GET /v1/pairs / bare evhttp", pair_target, 1.5},
        {"GET /v1/codes/{code} / bare evhttp", code_target, 1.5},
        {"GET /v1/codes?prefix= / bare evhttp", prefix_target, 1.5},
    };
    struct server_run server;
    bool good = true;

    if (!server_begin(&server, bench->program, bench->store, 1))
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        good = measure_kind(bench, &kinds[i], &server) && good;
    good = measure_batch(bench, "POST /v1/pairs, 100,000 as NDJSON, one core",
               false, &server) &&
           good;
    good = measure_batch(bench, "POST /v1/pairs, 100,000 as CSV, one core",
               true, &server) &&
           good;
    server_stop(&server);
    return good;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    bool good;

    if (argc != 5) {
        (void)fputs("usage: bench_http PROGRAM BARE STORE FOLDER\n", stderr);
        return EXIT_FAILURE;
    }
    bench.program = argv[1];
    bench.bare = argv[2];
    bench.store = argv[3];
    (void)snprintf(bench.script, PATH_LEN, "%s/wrk.lua", argv[4]);
    (void)snprintf(bench.body, PATH_LEN, "%s/answer.json", argv[4]);
    (void)snprintf(bench.output, PATH_LEN, "%s/wrk.txt", argv[4]);
    if (!sample_open(&bench.sample, bench.store))
        return EXIT_FAILURE;
    good = measure_all(&bench);
    sample_close(&bench.sample);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

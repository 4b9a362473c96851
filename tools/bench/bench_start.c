/* bench_start - how soon a server is ready, and what a worker holds.
 *
 *   bench_start PROGRAM STORE
 *
 * Time runs from fork() to the first 200 of /readyz, the program's own start
 * and its supervisor's included. Memory is counted after the worker has
 * answered questions of every kind: all resident pages but those of the map.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bench/support/client.h"
#include "tools/bench/support/measure.h"
#include "tools/bench/support/process.h"
#include "tools/bench/support/sample.h"
#include "tools/bench/support/server.h"

enum { QUESTIONS = 5000, TARGET_LEN = 96 };

/* The i-th question about a pair: each kind in its turn. */
static void question(const struct sample *sample,
    const struct sample_pair *pair, uint32_t i, char out[TARGET_LEN])
{
    const char *code = pair->code[0];

    switch (i % 5) {
    case 0:
        (void)snprintf(out, TARGET_LEN, "/v1/codes/%s", code);
        break;
    case 1:
        (void)snprintf(out, TARGET_LEN, "/v1/codes?prefix=%.3s", code);
        break;
    case 2:
        (void)snprintf(out, TARGET_LEN, "/v1/codes/%s/edits", code);
        break;
    case 3:
        (void)snprintf(out, TARGET_LEN, "/v1/search?q=%s", code);
        break;
    default:
        sample_target(sample, pair, out);
    }
}

/* False when an answer is none. */
static bool use(struct client *client, struct sample *sample)
{
    for (uint32_t i = 0; i < QUESTIONS; i++) {
        struct sample_pair pair;
        char target[TARGET_LEN];
        struct answer answer;

        sample_pair(sample, &pair);
        question(sample, &pair, i, target);
        if (!client_ask(client, target, NULL, NULL, 0, &answer))
            return false;
        if (answer.status != 200) {
            (void)fprintf(
                stderr, "bench_start: %s: %d\n", target, answer.status);
            return false;
        }
    }
    return true;
}

static bool measure_memory(const char *program, const char *store)
{
    struct server_run server;
    struct sample sample;
    struct client client;
    struct memory memory = {0, 0};
    struct result result = {.name = "resident memory of a worker, less map",
        .wish = AT_MOST,
        .wanted = 10.0 * (1 << 20),
        .target = {"10 MiB"}};
    bool good;

    if (!sample_open(&sample, store))
        return false;
    good = server_begin(&server, program, store, 1);
    if (good) {
        good = client_open(&client, server.port) && use(&client, &sample) &&
               process_memory(server.worker, &memory);
        client_close(&client);
        server_stop(&server);
    }
    sample_close(&sample);
    if (!good)
        return false;
    result.got = memory.resident - memory.map;
    result.ours = size_of_bytes(result.got);
    result.memory = size_of_bytes(memory.resident);
    result_print(&result);
    return true;
}

static bool measure_start(const char *program, const char *store)
{
    const size_t times = rounds(9);
    double ready[ROUNDS_MAX];
    struct result result = {.name = "worker ready after its start",
        .wish = AT_MOST,
        .wanted = 0.050,
        .target = {"50 ms"}};

    for (size_t r = 0; r < times; r++) {
        struct server_run server;

        if (!server_begin(&server, program, store, 1))
            return false;
        ready[r] = server.ready;
        result.cpu = duration(process_cpu(server.worker));
        server_stop(&server);
    }
    result.got = median(ready, times);
    result.ours = duration(result.got);
    result_print(&result);
    return true;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fputs("usage: bench_start PROGRAM STORE\n", stderr);
        return EXIT_FAILURE;
    }
    return measure_start(argv[1], argv[2]) && measure_memory(argv[1], argv[2])
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}

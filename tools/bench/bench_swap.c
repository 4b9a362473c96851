/* bench_swap - the build is switched again and again while many ask.
 *
 *   bench_swap PROGRAM STORE SWAPS FOLDER
 *
 * STORE holds two builds. First each is served alone, and its answer to every
 * question kept. Then the active one changes SWAPS times under the load of wrk
 * and of checkers, who ask the same questions and compare: every answer must
 * be, byte for byte, that of the one build or of the other. A batch that is
 * being streamed must be of one build from its first line to its last.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "codesets/store/builds.h"
#include "tools/bench/support/client.h"
#include "tools/bench/support/measure.h"
#include "tools/bench/support/process.h"
#include "tools/bench/support/sample.h"
#include "tools/bench/support/server.h"
#include "tools/bench/support/two_builds.h"

enum {
    TARGETS = 200,
    TARGET_LEN = 96,
    BATCH = 20000, /* questions in the last "target", a batch */
    CHECKERS = 2,
    WORKERS = 2,
    PAUSE_NS = 200 * 1000 * 1000, /* between two swaps */
    PATH_LEN = 4096,
};

/* What the checkers found; shared with them. */
struct tally {
    unsigned long answers[BUILDS]; /* of the one build and of the other */
    unsigned long batches, failed, mixed;
    unsigned long switches; /* an answer of another build than the one before */
};

struct bench {
    const char *program, *store;
    char id[BUILDS][BUILD_ID_LEN + 1];
    char target[TARGETS][TARGET_LEN];
    struct buffer batch;
    struct buffer expected[BUILDS][TARGETS + 1];
    struct tally *tally; /* one for each checker */
    volatile sig_atomic_t *stop;
};

static bool fail(const char *what, const char *why)
{
    (void)fprintf(stderr, "bench_swap: %s: %s\n", what, why);
    return false;
}

/* Questions about codes that the smaller build has as well. */
static bool draw_questions(struct bench *bench)
{
    struct sample sample;
    char day[DAY_TEXT_LEN];

    if (!sample_open(&sample, bench->store))
        return false;
    (void)day_format(day, sample.day);
    for (int i = 0; i < TARGETS + BATCH; i++) {
        struct sample_pair pair;

        sample_pair(&sample, &pair);
        if (i < TARGETS)
            sample_target(&sample, &pair, bench->target[i]);
        else
            buffer_addf(&bench->batch,
                "{\"codes\":[\"%s\",\"%s\"],\"date\":\"%s\"}\n", pair.code[0],
                pair.code[1], day);
    }
    sample_close(&sample);
    return !bench->batch.failed;
}

/* Question TARGETS is the batch. */
static bool ask(const struct bench *bench, struct client *client, size_t i,
    struct answer *answer)
{
    const bool is_batch = i == TARGETS;

    return client_ask(client, is_batch ? "/v1/pairs" : bench->target[i],
               "application/x-ndjson", is_batch ? bench->batch.data : NULL,
               bench->batch.len, answer) &&
           answer->status == 200;
}

static bool activate(const struct bench *bench, size_t build)
{
    struct error err = {0};

    return builds_activate(bench->store, bench->id[build], &err) == 0 ||
           fail(bench->store, err.msg);
}

/* Keeps the answers of one build, served alone. */
static bool learn(struct bench *bench, size_t build)
{
    struct server_run server;
    struct client client;
    struct answer answer = {0};
    bool good;

    if (!activate(bench, build) ||
        !server_begin(&server, bench->program, bench->store, 1))
        return false;
    good = client_open(&client, server.port);
    for (size_t i = 0; i <= TARGETS && good; i++) {
        good = ask(bench, &client, i, &answer);
        if (good)
            buffer_add(&bench->expected[build][i], answer.body, answer.len);
    }
    client_close(&client);
    server_stop(&server);
    return good || fail(bench->id[build], "a question was not answered");
}

static bool same(const struct buffer *expected, const struct answer *answer)
{
    return expected->len == answer->len &&
           memcmp(expected->data, answer->body, answer->len) == 0;
}

/* One checker, until it is told to stop. */
static void check(const struct bench *bench, int port, struct tally *tally)
{
    struct client client = {.fd = -1};
    struct answer answer;
    size_t last = BUILDS;

    for (size_t i = 0; !*bench->stop; i++) {
        const size_t question = i % (TARGETS + 1);
        size_t build = 0;

        if (client.fd < 0 && !client_open(&client, port)) {
            tally->failed++;
            break;
        }
        if (!ask(bench, &client, question, &answer)) {
            tally->failed++;
            client_close(&client);
            continue;
        }
        while (
            build < BUILDS && !same(&bench->expected[build][question], &answer))
            build++;
        if (build == BUILDS) {
            tally->mixed++;
            continue;
        }
        tally->answers[build]++;
        tally->batches += question == TARGETS;
        tally->switches += last != BUILDS && last != build;
        last = build;
    }
    client_close(&client);
}

static bool write_script(const struct bench *bench, const char *path)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return fail(path, "cannot be written");
    (void)fputs("local paths, at = {\n", file);
    for (size_t i = 0; i < TARGETS; i++)
        (void)fprintf(file, "\"%s\",\n", bench->target[i]);
    (void)fputs("}, 0\n"
                "function request()\n"
                "  at = at % #paths + 1\n"
                "  return wrk.format(\"GET\", paths[at])\n"
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

static bool read_wrk(
    const char *path, unsigned long *requests, unsigned long *errors)
{
    FILE *file = fopen(path, "r");
    char line[256];
    bool found = false;

    if (file == NULL)
        return fail(path, "cannot be read");
    while (!found && fgets(line, sizeof line, file) != NULL)
        found = sscanf(line, "RESULT %lu %lu", requests, errors) == 2;
    (void)fclose(file);
    return found || fail(path, "wrk did not tell its result");
}

/* Switches to and fro, while wrk and the checkers go on. The server looks at
 * once when it is told to, else within a second. */
static bool swap_builds(
    const struct bench *bench, const struct server_run *server, long swaps)
{
    static const struct timespec pause = {0, PAUSE_NS};

    for (long i = 0; i < swaps; i++) {
        if (!activate(bench, (size_t)(i % BUILDS)))
            return false;
        (void)kill(server->parent, SIGHUP);
        (void)nanosleep(&pause, NULL);
    }
    return true;
}

static void start_checkers(const struct bench *bench, int port, pid_t *checker)
{
    for (size_t i = 0; i < CHECKERS; i++) {
        checker[i] = fork();
        if (checker[i] == 0) {
            check(bench, port, &bench->tally[i]);
            _exit(EXIT_SUCCESS);
        }
    }
}

static void end_checkers(
    const struct bench *bench, const pid_t *checker, struct tally *sum)
{
    *bench->stop = 1;
    for (size_t i = 0; i < CHECKERS; i++) {
        const struct tally *one = &bench->tally[i];

        if (checker[i] > 0)
            (void)waitpid(checker[i], NULL, 0);
        else
            sum->failed++;
        for (size_t b = 0; b < BUILDS; b++)
            sum->answers[b] += one->answers[b];
        sum->batches += one->batches;
        sum->failed += one->failed;
        sum->mixed += one->mixed;
        sum->switches += one->switches;
    }
}

static void report(const struct tally *sum, long swaps, unsigned long asked,
    unsigned long lost)
{
    struct result failed = {.name = "requests that failed during swaps",
        .wish = AT_MOST,
        .target = {"0"}};
    struct result mixed = {.name = "answers that mixed two builds",
        .wish = AT_MOST,
        .target = {"0"}};
    const unsigned long checked = sum->answers[0] + sum->answers[1];

    (void)fprintf(stderr,
        "bench_swap: %ld swaps, %lu requests of wrk, %lu answers compared"
        " (%lu and %lu of the two builds, %lu batches of %d; the build changed"
        " %lu times from one to the next)\n",
        swaps, asked, checked, sum->answers[0], sum->answers[1], sum->batches,
        BATCH, sum->switches);
    failed.got = (double)(sum->failed + lost);
    (void)snprintf(failed.ours.text, FIGURE_LEN, "%lu of %lu",
        sum->failed + lost, asked + checked + sum->failed + sum->mixed);
    result_print(&failed);
    mixed.got = (double)sum->mixed;
    (void)snprintf(mixed.ours.text, FIGURE_LEN, "%lu of %lu", sum->mixed,
        checked + sum->mixed);
    result_print(&mixed);
}

static bool measure(const struct bench *bench, long swaps, const char *folder)
{
    char script[PATH_LEN], output[PATH_LEN], url[64], time[24];
    char *const wrk[] = {"wrk", "-t1", "-c8", time, "-s", script, url, NULL};
    unsigned long asked = 0, lost = 0;
    struct tally sum = {0};
    pid_t checker[CHECKERS], load;
    struct server_run server;
    bool good;

    (void)snprintf(script, sizeof script, "%s/swap.lua", folder);
    (void)snprintf(output, sizeof output, "%s/swap.txt", folder);
    if (!write_script(bench, script) ||
        !server_begin(&server, bench->program, bench->store, WORKERS))
        return false;
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/", server.port);
    (void)snprintf(
        time, sizeof time, "-d%lds", 1 + swaps * (PAUSE_NS / 1000000) / 1000);
    start_checkers(bench, server.port, checker);
    load = process_start(wrk, NULL, output);
    good = swap_builds(bench, &server, swaps);
    if (load > 0)
        (void)waitpid(load, NULL, 0);
    end_checkers(bench, checker, &sum);
    server_stop(&server);
    good = good && read_wrk(output, &asked, &lost);
    if (good)
        report(&sum, swaps, asked, lost);
    return good && sum.failed + sum.mixed + lost == 0;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    long swaps;
    bool good;

    if (argc != 5 || (swaps = strtol(argv[3], NULL, 10)) < 1) {
        (void)fputs("usage: bench_swap PROGRAM STORE SWAPS FOLDER\n", stderr);
        return EXIT_FAILURE;
    }
    bench.program = argv[1];
    bench.store = argv[2];
    bench.tally = process_shared(CHECKERS * sizeof *bench.tally);
    bench.stop = process_shared(sizeof *bench.stop);
    if (bench.tally == NULL || bench.stop == NULL ||
        !two_builds(bench.store, bench.id))
        return EXIT_FAILURE;
    good = draw_questions(&bench) && learn(&bench, 0) && learn(&bench, 1) &&
           measure(&bench, swaps, argv[4]);
    /* The store is left as it was found. */
    return activate(&bench, BUILDS - 1) && good ? EXIT_SUCCESS : EXIT_FAILURE;
}

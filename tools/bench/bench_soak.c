/* bench_soak - mixed questions for a long time, a swap of the build now and
 * then: does a request fail, does memory grow, does waiting get longer?
 *
 *   bench_soak PROGRAM STORE MINUTES [SWAP_SECONDS]
 *
 * STORE holds two builds. Callers ask at moments fixed beforehand, first to
 * find the highest rate that they and the server keep up with together on this
 * machine, then at SHARE of it for MINUTES. A wait is counted from the moment a
 * question was due, so that a server that stands still is not forgiven the
 * questions that nobody could ask meanwhile. The active build changes every
 * SWAP_SECONDS, 60 when not given.
 *
 * A line a minute goes to standard error, the sums into the table. The line
 * says how busy the processors were, and how much of their time a hypervisor
 * gave to others: waits of a minute that was stolen say little of the server.
 */
#include <ctype.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
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
#include "tools/eval/query_log.h"

enum {
    WORKERS = 2,
    CALLERS = 24,
    QUESTIONS = 4000,
    TARGET_LEN = 3 * QUERY_LOG_LEN + 64,
    BODY_LEN = 8192,
    BATCH = 50,       /* pairs of a batch */
    CLAIM_LINES = 10, /* lines of a claim */
    PROBE_SECONDS = 10,
    PROBES = 6, /* each halves what is not known of the highest rate */
    MINUTE = 60,
    MINUTES_MAX = 24 * 60,
    /* Waits are counted in buckets, each a sixteenth longer than the one
     * before, from a microsecond on. */
    BUCKETS = 360,
};
static const double SHARE = 0.8, BUCKET_STEP = 1.0625, SHORTEST = 1e-6;
static const double KEPT_UP = 0.99; /* of what was due in a probe */

struct question {
    char target[TARGET_LEN];
    const char *type; /* NULL: a GET */
    char *body;
    size_t len;
};

/* What the callers count, in memory that they share. */
struct counts {
    atomic_ulong asked, failed;
    atomic_ulong wait[BUCKETS];
};

struct bench {
    const char *store;
    char id[BUILDS][BUILD_ID_LEN + 1];
    struct question question[QUESTIONS];
    struct counts *minute; /* [0] while the most is found, then one a minute */
    atomic_int *now;       /* the one that is counted in */
    atomic_int *stop;
};

static bool fail(const char *what, const char *why)
{
    (void)fprintf(stderr, "bench_soak: %s: %s\n", what, why);
    return false;
}

/* ---- the questions */

static void write_search(const char *text, char out[TARGET_LEN])
{
    size_t len = (size_t)snprintf(out, TARGET_LEN, "/v1/search?limit=10&q=");

    for (const char *c = text; *c != '\0' && len + 4 < TARGET_LEN; c++)
        len += (size_t)snprintf(out + len, TARGET_LEN - len,
            isalnum((unsigned char)*c) ? "%c" : "%%%02X", (unsigned char)*c);
}

static bool write_batch(struct sample *sample, struct question *out)
{
    struct buffer body = {0};

    for (int i = 0; i < BATCH; i++) {
        struct sample_pair pair;

        sample_pair(sample, &pair);
        buffer_addf(
            &body, "{\"codes\":[\"%s\",\"%s\"]}\n", pair.code[0], pair.code[1]);
    }
    out->type = "application/x-ndjson";
    out->body = body.data;
    out->len = body.len;
    (void)snprintf(out->target, TARGET_LEN, "/v1/pairs");
    return !body.failed;
}

static bool write_claim(
    struct sample *sample, const char *day, struct question *out)
{
    struct buffer body = {0};

    buffer_addf(
        &body, "{\"date\":\"%s\",\"diagnoses\":[\"M54.50\"],\"lines\":[", day);
    for (int i = 0; i < CLAIM_LINES; i++) {
        struct sample_pair pair;

        sample_pair(sample, &pair);
        buffer_addf(&body, "%s{\"code\":\"%s\",\"units\":1}", i == 0 ? "" : ",",
            pair.code[0]);
    }
    buffer_addf(&body, "]}");
    out->type = "application/json";
    out->body = body.data;
    out->len = body.len;
    (void)snprintf(out->target, TARGET_LEN, "/v1/claims/check");
    return !body.failed;
}

/* Of a hundred questions: 40 searches, 25 pairs, 15 cards, 8 lists of edits,
 * 5 necessities, 4 claims, 3 batches. */
static bool draw(struct sample *sample, const struct query_log *log,
    const char *day, struct question *out, uint32_t at)
{
    const uint32_t kind = sample_draw(sample, 100);
    struct sample_pair pair;

    sample_pair(sample, &pair);
    if (kind < 40) {
        write_search(log->text[at % QUERY_LOG], out->target);
    } else if (kind < 65) {
        sample_target(sample, &pair, out->target);
    } else if (kind < 80) {
        (void)snprintf(
            out->target, TARGET_LEN, "/v1/codes/%s?date=%s", pair.code[0], day);
    } else if (kind < 88) {
        (void)snprintf(out->target, TARGET_LEN, "/v1/codes/%s/edits?date=%s",
            pair.code[0], day);
    } else if (kind < 93) {
        (void)snprintf(out->target, TARGET_LEN,
            "/v1/necessity?code=%s&icd10=M54.50&state=KY&date=%s", pair.code[0],
            day);
    } else if (kind < 97) {
        return write_claim(sample, day, out);
    } else {
        return write_batch(sample, out);
    }
    return true;
}

static bool draw_questions(struct bench *bench)
{
    static struct query_log log;
    struct documents documents = {0};
    struct answers *answers = NULL;
    struct error err = {0};
    struct sample sample;
    char day[DAY_TEXT_LEN];
    bool good;

    if (!sample_open(&sample, bench->store))
        return false;
    (void)day_format(day, sample.day);
    good = answers_open(&answers, sample.store, &err) == 0 &&
           documents_read(&documents, answers, sample.day) &&
           query_log_draw(&log, &documents);
    for (uint32_t i = 0; i < QUESTIONS && good; i++)
        good = draw(&sample, &log, day, &bench->question[i], i);
    documents_clear(&documents);
    answers_close(answers);
    sample_close(&sample);
    return good || fail(bench->store, "no questions could be drawn");
}

/* ---- the callers */

static size_t bucket_of(double seconds)
{
    const double at =
        seconds <= SHORTEST ? 0 : log(seconds / SHORTEST) / log(BUCKET_STEP);

    return at >= BUCKETS - 1 ? BUCKETS - 1 : (size_t)at;
}

/* The wait that this share of the questions did not exceed, in seconds: the
 * upper end of its bucket. */
static double wait_at(const struct counts *counts, double share)
{
    unsigned long all = 0, sum = 0;

    for (size_t i = 0; i < BUCKETS; i++)
        all += counts->wait[i];
    for (size_t i = 0; i < BUCKETS; i++) {
        sum += counts->wait[i];
        if ((double)sum >= share * (double)all)
            return SHORTEST * pow(BUCKET_STEP, (double)(i + 1));
    }
    return 0;
}

static void sleep_until(double moment)
{
    const double left = moment - wall_seconds();
    struct timespec pause;

    if (left <= 0)
        return;
    pause.tv_sec = (time_t)left;
    pause.tv_nsec = (long)((left - (double)pause.tv_sec) * 1e9);
    (void)nanosleep(&pause, NULL);
}

/* One caller, until it is told to stop. every: seconds between two of its
 * questions; 0: as fast as they are answered. */
static void call(
    const struct bench *bench, int port, size_t first, double every)
{
    struct client client = {.fd = -1};
    double due = wall_seconds() + every * (double)first / CALLERS;
    struct answer answer = {0};

    for (size_t i = first * (QUESTIONS / CALLERS); !*bench->stop; i++) {
        const struct question *question = &bench->question[i % QUESTIONS];
        struct counts *counts;
        bool good;

        answer.status = 0;
        if (every > 0)
            sleep_until(due);
        else
            due = wall_seconds();
        good = (client.fd >= 0 || client_open(&client, port)) &&
               client_ask(&client, question->target, question->type,
                   question->body, question->len, &answer) &&
               answer.status == 200;
        counts = &bench->minute[*bench->now];
        counts->asked++;
        counts->wait[bucket_of(wall_seconds() - due)]++;
        if (!good) {
            counts->failed++;
            (void)fprintf(stderr, "bench_soak: %s: status %d\n",
                question->target, answer.status);
            client_close(&client);
            client.fd = -1;
        }
        due += every;
    }
    client_close(&client);
}

static void start_callers(
    const struct bench *bench, int port, double every, pid_t caller[CALLERS])
{
    *bench->stop = 0;
    for (size_t i = 0; i < CALLERS; i++) {
        caller[i] = fork();
        if (caller[i] == 0) {
            call(bench, port, i, every);
            _exit(EXIT_SUCCESS);
        }
    }
}

static bool end_callers(const struct bench *bench, const pid_t caller[CALLERS])
{
    bool good = true;

    *bench->stop = 1;
    for (size_t i = 0; i < CALLERS; i++)
        good =
            caller[i] > 0 && waitpid(caller[i], NULL, 0) == caller[i] && good;
    return good || fail("a caller", "could not be started");
}

static bool swap(const struct bench *bench, const struct server_run *server,
    unsigned long count)
{
    struct error err = {0};

    if (builds_activate(bench->store, bench->id[count % BUILDS], &err) != 0)
        return fail(bench->store, err.msg);
    return kill(server->parent, SIGHUP) == 0 || fail("the server", "has ended");
}

/* ---- the run */

/* What the workers hold beside the pages of a build, summed. */
static double memory_of(const struct server_run *server)
{
    pid_t worker[WORKERS];
    const size_t count = process_children(server->parent, worker, WORKERS);
    double sum = 0;

    for (size_t i = 0; i < count; i++) {
        struct memory memory;

        if (process_memory(worker[i], &memory))
            sum += memory.resident - memory.map;
    }
    return count == WORKERS ? sum : 0;
}

/* Questions a second that were answered. every: as for call(). 0: one failed.
 */
static double probe(const struct bench *bench, int port, double every)
{
    pid_t caller[CALLERS];
    const double begun = wall_seconds();

    memset(&bench->minute[0], 0, sizeof bench->minute[0]);
    start_callers(bench, port, every, caller);
    sleep_until(begun + PROBE_SECONDS);
    if (!end_callers(bench, caller) || bench->minute[0].failed > 0)
        return 0;
    return (double)bench->minute[0].asked / (wall_seconds() - begun);
}

/* The highest rate that is kept up with. Callers who ask as fast as they are
 * answered never sleep, and get further than those who keep to moments. */
static double find_most(const struct bench *bench, int port)
{
    double low = 0, high = probe(bench, port, 0);

    for (int i = 0; i < PROBES && high > 0; i++) {
        const double rate = (low + high) / 2,
                     got = probe(bench, port, CALLERS / rate);

        if (got == 0)
            return 0;
        *(got >= KEPT_UP * rate ? &low : &high) = rate;
    }
    return low;
}

/* ---- the machine */

/* Of all processors, in ticks since they started. */
struct ticks {
    double all, idle, stolen;
};

static struct ticks read_ticks(void)
{
    /* user, nice, system, idle, waiting for a disk, two of interrupts, stolen:
     * proc(5), /proc/stat. */
    unsigned long long tick[8] = {0};
    struct ticks ticks = {0};
    FILE *file = fopen("/proc/stat", "r");

    if (file != NULL &&
        fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &tick[0],
            &tick[1], &tick[2], &tick[3], &tick[4], &tick[5], &tick[6],
            &tick[7]) == 8) {
        for (size_t i = 0; i < 8; i++)
            ticks.all += (double)tick[i];
        ticks.idle = (double)(tick[3] + tick[4]);
        ticks.stolen = (double)tick[7];
    }
    if (file != NULL)
        (void)fclose(file);
    return ticks;
}

/* What they did since then: parts of all that they could have done. */
static void shares_since(
    const struct ticks *before, double *busy, double *stolen)
{
    const struct ticks now = read_ticks();
    const double all = fmax(now.all - before->all, 1);

    *stolen = (now.stolen - before->stolen) / all;
    *busy = 1 - (now.idle - before->idle) / all - *stolen;
}

/* ---- the run, minute by minute */

struct course {
    unsigned long asked, failed, swaps;
    double first_memory,
        last_memory; /* bytes, after the first minute and last */
};

static bool run(const struct bench *bench, const struct server_run *server,
    int minutes, double swap_seconds, double rate, struct course *out)
{
    pid_t caller[CALLERS];
    const double begun = wall_seconds();
    double next_swap = begun + swap_seconds;
    struct ticks before = read_ticks();
    bool good = true;

    *bench->now = 1;
    start_callers(bench, server->port, CALLERS / rate, caller);
    for (int m = 1; m <= minutes && good; m++) {
        const double end = begun + (double)m * MINUTE;
        const struct counts *counts = &bench->minute[m];
        double busy, stolen;

        while (good && next_swap <= end) {
            sleep_until(next_swap);
            good = swap(bench, server, out->swaps++);
            next_swap += swap_seconds;
        }
        sleep_until(end);
        *bench->now = m < minutes ? m + 1 : m;
        out->asked += counts->asked;
        out->failed += counts->failed;
        out->last_memory = memory_of(server);
        shares_since(&before, &busy, &stolen);
        before = read_ticks();
        if (m == 1)
            out->first_memory = out->last_memory;
        (void)fprintf(stderr,
            "minute %2d: %lu asked, %lu failed, half within %s, 99 %% within"
            " %s, longest %s, memory %s, processors %.0f %% busy, %.0f %%"
            " stolen\n",
            m, counts->asked, counts->failed,
            duration(wait_at(counts, 0.5)).text,
            duration(wait_at(counts, 0.99)).text,
            duration(wait_at(counts, 1)).text,
            size_of_bytes(out->last_memory).text, 100 * busy, 100 * stolen);
    }
    return end_callers(bench, caller) && good;
}

/* The wait of 99 % over the minutes from first to last, both counted in. */
static double wait_of(const struct bench *bench, int first, int last)
{
    static struct counts sum;

    for (size_t i = 0; i < BUCKETS; i++) {
        sum.wait[i] = 0;
        for (int m = first; m <= last; m++)
            sum.wait[i] += bench->minute[m].wait[i];
    }
    return wait_at(&sum, 0.99);
}

static void report(const struct bench *bench, const struct course *course,
    int minutes, double most)
{
    const int third = minutes < 3 ? 1 : minutes / 3;
    const double early = wait_of(bench, 1, third),
                 late = wait_of(bench, minutes - third + 1, minutes);
    struct result failed = {.name = "requests that failed in a long run",
        .wish = AT_MOST,
        .target = {"0"},
        .got = (double)course->failed};
    struct result growth = {
        .name = "memory of the workers, at the end and after a minute",
        .ours = size_of_bytes(course->last_memory),
        .peer = size_of_bytes(course->first_memory),
        .ratio = course->last_memory / course->first_memory};
    struct result waits = {.name = "99 % of waits, last third and first third",
        .ours = duration(late),
        .peer = duration(early),
        .ratio = late / early};

    (void)fprintf(stderr,
        "bench_soak: %d minutes, %lu questions at %.0f a second (80 %% of"
        " %.0f), %lu swaps\n",
        minutes, course->asked, SHARE * most, most, course->swaps);
    (void)snprintf(failed.ours.text, FIGURE_LEN, "%lu of %lu", course->failed,
        course->asked);
    result_print(&failed);
    result_print(&growth);
    result_print(&waits);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct server_run server;
    struct course course = {0};
    struct error err = {0};
    double most, every;
    long minutes;
    bool good;

    if (argc < 4 || argc > 5 || (minutes = strtol(argv[3], NULL, 10)) < 1 ||
        minutes > MINUTES_MAX ||
        (every = argc == 5 ? strtod(argv[4], NULL) : MINUTE) < 1) {
        (void)fputs(
            "usage: bench_soak PROGRAM STORE MINUTES [SWAP_SECONDS]\n", stderr);
        return EXIT_FAILURE;
    }
    bench.store = argv[2];
    bench.minute = process_shared((size_t)(minutes + 1) * sizeof *bench.minute);
    bench.now = process_shared(sizeof *bench.now);
    bench.stop = process_shared(sizeof *bench.stop);
    if (bench.minute == NULL || bench.now == NULL || bench.stop == NULL ||
        !two_builds(bench.store, bench.id) || !draw_questions(&bench) ||
        !server_begin(&server, argv[1], bench.store, WORKERS))
        return EXIT_FAILURE;
    most = find_most(&bench, server.port);
    good = most > 0 &&
           run(&bench, &server, (int)minutes, every, SHARE * most, &course);
    server_stop(&server);
    /* The store is left as it was found. */
    good =
        builds_activate(bench.store, bench.id[BUILDS - 1], &err) == 0 && good;
    if (good)
        report(&bench, &course, (int)minutes, most);
    return good && course.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#include "server/metrics.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>
#include <zlib.h>

/* Upper bounds of the duration histogram, in nanoseconds. */
static const uint64_t bounds[] = {50000, 100000, 250000, 500000, 1000000,
    2500000, 5000000, 10000000, 25000000, 100000000, 500000000, 2500000000};

static const int statuses[] = {200, 204, 304, 400, 401, 403, 404, 405, 406, 408,
    411, 413, 414, 415, 417, 422, 429, 431, 500, 501, 503, 505};

static const enum method methods[] = {METHOD_OTHER, METHOD_GET, METHOD_HEAD,
    METHOD_POST, METHOD_OPTIONS, METHOD_PUT, METHOD_DELETE, METHOD_PATCH};

enum {
    BOUNDS = sizeof bounds / sizeof bounds[0],
    STATUSES = sizeof statuses / sizeof statuses[0],
    METHODS = sizeof methods / sizeof methods[0],
};

typedef _Atomic uint64_t cell;

/* Only its own worker writes a slot, so a load and a store make an addition:
 * atomic only in that nobody reads half a number. */
struct slot {
    cell requests[ROUTES_MAX + 1][METHODS][STATUSES + 1];
    cell bucket[ROUTES_MAX + 1][BOUNDS + 1];
    cell nanoseconds[ROUTES_MAX + 1];
    cell counter[COUNTERS];
    cell gauge[GAUGES]; /* two's complement */
    cell pid;           /* 0 when there is no such worker now */
    cell beat;          /* monotonic seconds, when its loop last turned */
};

struct metrics {
    unsigned workers;
    time_t started;
    cell restarts;
    struct slot slot[];
};

static uint64_t get(const cell *c)
{
    return atomic_load_explicit(c, memory_order_relaxed);
}

static void put(cell *c, uint64_t value)
{
    atomic_store_explicit(c, value, memory_order_relaxed);
}

static int64_t monotonic(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec;
}

int metrics_open(struct metrics **out, unsigned workers, struct error *err)
{
    const size_t size = sizeof(struct metrics) + workers * sizeof(struct slot);
    struct metrics *metrics = mmap(NULL, size, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0); /* zeros, page by page as used */

    if (metrics == MAP_FAILED)
        return error_set(
            err, ERR_SYSTEM, errno, "metrics: %s", strerror(errno));
    metrics->workers = workers;
    metrics->started = time(NULL);
    *out = metrics;
    return 0;
}

void metrics_begin(struct metrics *metrics, unsigned slot)
{
    for (size_t i = 0; i < GAUGES; i++)
        put(&metrics->slot[slot].gauge[i], 0);
    metrics_beat(metrics, slot, monotonic());
    put(&metrics->slot[slot].pid, (uint64_t)getpid());
}

void metrics_beat(struct metrics *metrics, unsigned slot, int64_t now)
{
    put(&metrics->slot[slot].beat, (uint64_t)now);
}

bool metrics_all_beat(
    const struct metrics *metrics, int64_t now, int64_t seconds)
{
    for (unsigned w = 0; w < metrics->workers; w++) {
        const struct slot *slot = &metrics->slot[w];

        if (get(&slot->pid) != 0 && now - (int64_t)get(&slot->beat) > seconds)
            return false;
    }
    return true;
}

void metrics_died(struct metrics *metrics, unsigned slot, bool replaced)
{
    put(&metrics->slot[slot].pid, 0);
    for (size_t i = 0; i < GAUGES; i++)
        put(&metrics->slot[slot].gauge[i], 0);
    put(&metrics->restarts, get(&metrics->restarts) + replaced);
}

void metrics_count(
    struct metrics *metrics, unsigned slot, enum counter which, uint64_t by)
{
    cell *c = &metrics->slot[slot].counter[which];

    put(c, get(c) + by);
}

void metrics_gauge(
    struct metrics *metrics, unsigned slot, enum gauge which, int64_t by)
{
    cell *c = &metrics->slot[slot].gauge[which];

    put(c, get(c) + (uint64_t)by);
}

void metrics_set(
    struct metrics *metrics, unsigned slot, enum gauge which, int64_t value)
{
    put(&metrics->slot[slot].gauge[which], (uint64_t)value);
}

void metrics_request(struct metrics *metrics, unsigned slot, size_t route,
    enum method method, int status, uint64_t nanoseconds)
{
    struct slot *s = &metrics->slot[slot];
    size_t m = METHODS - 1, code = 0, b = 0;
    cell *c;

    while (m > 0 && methods[m] != method)
        m--;
    while (code < STATUSES && statuses[code] != status)
        code++;
    while (b < BOUNDS && nanoseconds > bounds[b])
        b++;
    c = &s->requests[route][m][code];
    put(c, get(c) + 1);
    c = &s->bucket[route][b];
    put(c, get(c) + 1);
    c = &s->nanoseconds[route];
    put(c, get(c) + nanoseconds);
}

/* --- Prometheus text --- */

static void head(
    struct buffer *out, const char *name, const char *type, const char *help)
{
    buffer_addf(out, "# HELP coderef_%s %s\n# TYPE coderef_%s %s\n", name, help,
        name, type);
}

static void render_requests(struct buffer *out, const struct metrics *metrics,
    const struct routes *routes)
{
    head(out, "http_requests_total", "counter", "Requests answered.");
    for (size_t r = 0; r < routes_count(routes); r++)
        for (size_t m = 0; m < METHODS; m++)
            for (size_t code = 0; code <= STATUSES; code++) {
                uint64_t sum = 0;
                char status[8] = "other";

                for (unsigned w = 0; w < metrics->workers; w++)
                    sum += get(&metrics->slot[w].requests[r][m][code]);
                if (sum == 0)
                    continue;
                if (code < STATUSES)
                    (void)snprintf(status, sizeof status, "%d", statuses[code]);
                buffer_addf(out,
                    "coderef_http_requests_total{route=\"%s\",method=\"%s\","
                    "code=\"%s\"} %" PRIu64 "\n",
                    routes_pattern(routes, r), method_name(methods[m]), status,
                    sum);
            }
}

static void render_durations(struct buffer *out, const struct metrics *metrics,
    const struct routes *routes)
{
    head(out, "http_request_duration_seconds", "histogram",
        "From the whole request read to the whole answer handed over.");
    for (size_t r = 0; r < routes_count(routes); r++) {
        const char *route = routes_pattern(routes, r);
        uint64_t sum[BOUNDS + 1] = {0}, nanoseconds = 0, count = 0;

        for (unsigned w = 0; w < metrics->workers; w++) {
            for (size_t b = 0; b <= BOUNDS; b++)
                sum[b] += get(&metrics->slot[w].bucket[r][b]);
            nanoseconds += get(&metrics->slot[w].nanoseconds[r]);
        }
        for (size_t b = 0; b <= BOUNDS; b++)
            count += sum[b];
        if (count == 0)
            continue;
        count = 0;
        for (size_t b = 0; b <= BOUNDS; b++) {
            char bound[24] = "+Inf";

            if (b < BOUNDS)
                (void)snprintf(
                    bound, sizeof bound, "%g", (double)bounds[b] / 1e9);
            count += sum[b];
            buffer_addf(out,
                "coderef_http_request_duration_seconds_bucket{route=\"%s\","
                "le=\"%s\"} %" PRIu64 "\n",
                route, bound, count);
        }
        buffer_addf(out,
            "coderef_http_request_duration_seconds_sum{route=\"%s\"} %.9f\n"
            "coderef_http_request_duration_seconds_count{route=\"%s\"} %" PRIu64
            "\n",
            route, (double)nanoseconds / 1e9, route, count);
    }
}

static void render_counters(struct buffer *out, const struct metrics *metrics)
{
    static const struct {
        const char *name, *help;
    } counters[COUNTERS] = {
        [COUNT_CONNECTIONS] = {"http_connections_total",
            "Connections accepted."},
        [COUNT_REFUSED] = {"http_refused_total",
            "Requests that could not be read as HTTP."},
        [COUNT_ACCEPT_FAILED] = {"http_accept_failures_total",
            "Times that no connection could be accepted, at most one a "
            "second."},
        [COUNT_TIMEOUTS] = {"http_timeouts_total",
            "Connections ended for being too slow."},
        [COUNT_TLS_FAILED] = {"tls_handshake_failures_total",
            "TLS handshakes that failed or were too slow."},
        [COUNT_UNAUTHORIZED] = {"unauthorized_total",
            "Requests without a key that is known."},
        [COUNT_LIMITED] = {"rate_limited_total",
            "Requests beyond the rate of their key."},
        [COUNT_UNLICENSED] = {"unlicensed_total",
            "Requests that only a licensed user's key is good for."},
        [COUNT_ABORTED] = {"http_aborted_total",
            "Answers that the client did not wait for."},
        [COUNT_SENT] = {"http_sent_bytes_total", "Bytes of answers."},
        [COUNT_SWITCHES] = {"store_switches_total",
            "Builds opened, counted in each worker."},
        [COUNT_SWITCH_FAILED] = {"store_switch_failures_total",
            "Builds that failed their checks, counted in each worker."},
        [COUNT_RESTARTS] = {"worker_restarts_total",
            "Workers that died and were replaced."},
    };
    static const struct {
        const char *name, *help;
    } gauges[GAUGES] = {
        [GAUGE_OPEN] = {"http_connections", "Connections open."},
        [GAUGE_IN_FLIGHT] = {"http_requests_in_flight",
            "Requests being answered."},
        [GAUGE_LOADED] = {"data_loaded_timestamp_seconds",
            "When the worker that was last to switch opened its build."},
    };

    for (size_t i = 0; i < COUNTERS; i++) {
        uint64_t sum = i == COUNT_RESTARTS ? get(&metrics->restarts) : 0;

        for (unsigned w = 0; w < metrics->workers; w++)
            sum += get(&metrics->slot[w].counter[i]);
        head(out, counters[i].name, "counter", counters[i].help);
        buffer_addf(out, "coderef_%s %" PRIu64 "\n", counters[i].name, sum);
    }
    for (size_t i = 0; i < GAUGES; i++) {
        int64_t sum = 0;

        for (unsigned w = 0; w < metrics->workers; w++) {
            const int64_t value = (int64_t)get(&metrics->slot[w].gauge[i]);

            if (i == GAUGE_LOADED)
                sum = value > sum ? value : sum;
            else
                sum += value;
        }
        head(out, gauges[i].name, "gauge", gauges[i].help);
        buffer_addf(out, "coderef_%s %" PRId64 "\n", gauges[i].name, sum);
    }
}

/* What the kernel says of one process. */
struct process {
    double cpu_seconds, started;
    long resident; /* bytes */
    long fds;
};

/* When the machine started, seconds since 1970, or 0. */
static double boot_time(void)
{
    FILE *file = fopen("/proc/stat", "r");
    char line[256];
    long long boot = 0;

    if (file == NULL)
        return 0;
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "btime %lld", &boot) == 1)
            break;
    (void)fclose(file);
    return (double)boot;
}

static long count_fds(pid_t pid)
{
    char path[64];
    DIR *dir;
    long count = -3; /* ".", ".." and the one that reads it */

    (void)snprintf(path, sizeof path, "/proc/%ld/fd", (long)pid);
    dir = opendir(path);
    if (dir == NULL)
        return 0;
    while (readdir(dir) != NULL)
        count++;
    (void)closedir(dir);
    return pid == getpid() ? count : count + 1;
}

static bool read_process(struct process *process, pid_t pid)
{
    const double tick = (double)sysconf(_SC_CLK_TCK);
    char path[64], text[1024];
    const char *at;
    unsigned long user, system;
    unsigned long long start;
    long pages;
    FILE *file;
    size_t n;

    (void)snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    file = fopen(path, "r");
    if (file == NULL)
        return false;
    n = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[n] = '\0';
    at = strrchr(text, ')'); /* the name may hold anything */
    if (at == NULL ||
        sscanf(at + 1,
            " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d "
            "%*d %*d %*d %*d %llu %*u %ld",
            &user, &system, &start, &pages) != 4)
        return false;
    process->cpu_seconds = ((double)user + (double)system) / tick;
    process->started = boot_time() + (double)start / tick;
    process->resident = pages * sysconf(_SC_PAGESIZE);
    process->fds = count_fds(pid);
    return true;
}

static void render_processes(struct buffer *out, const struct metrics *metrics)
{
    static const char *const names[] = {"cpu_seconds_total",
        "resident_memory_bytes", "open_fds", "start_time_seconds"};
    static const char *const types[] = {"counter", "gauge", "gauge", "gauge"};
    struct process process[WORKERS_MAX];
    bool alive[WORKERS_MAX];

    for (unsigned w = 0; w < metrics->workers; w++) {
        const pid_t pid = (pid_t)get(&metrics->slot[w].pid);

        alive[w] = pid != 0 && read_process(&process[w], pid);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        buffer_addf(out,
            "# HELP process_%s Of each worker; the map of the store is "
            "shared.\n# TYPE process_%s %s\n",
            names[i], names[i], types[i]);
        for (unsigned w = 0; w < metrics->workers; w++) {
            const double value[] = {process[w].cpu_seconds,
                (double)process[w].resident, (double)process[w].fds,
                process[w].started};

            if (alive[w])
                buffer_addf(out, "process_%s{worker=\"%u\"} %.15g\n", names[i],
                    w, value[i]);
        }
    }
}

void metrics_render(struct buffer *out, const struct metrics *metrics,
    const struct routes *routes, const char *build, const char *program)
{
    render_requests(out, metrics, routes);
    render_durations(out, metrics, routes);
    render_counters(out, metrics);
    head(out, "workers", "gauge", "Worker processes wanted.");
    buffer_addf(out, "coderef_workers %u\n", metrics->workers);
    head(out, "build_info", "gauge", "The program and its libraries.");
    buffer_addf(out,
        "coderef_build_info{version=\"%s\",libevent=\"%s\",zlib=\"%s\"} 1\n",
        CODEREF_VERSION, event_get_version(), zlibVersion());
    if (build != NULL) {
        head(out, "data_build_info", "gauge", "The build that is served.");
        buffer_addf(out,
            "coderef_data_build_info{build=\"%s\",program=\"%s\"} 1\n", build,
            program);
    }
    render_processes(out, metrics);
}

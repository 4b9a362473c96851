/* A server whose build, clock, descriptors, memory and clients are at fault: it
 * goes on answering. (FLIPS, IDLE, CLIENTS: how many of each.) */
#include "tests/faults/faults.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/http_client.h"

enum {
    WAIT_MS = 20,
    WAITS = 3000,
    MIB = 1 << 20,
    ASKED = 50,
    WORKERS = 2,
    LOG_TEXT = 1 << 20 /* of a server that refuses a build 800 times */
};

static struct {
    pid_t pid;
    int port;
    char log[LOG_TEXT];
} server;

static void wait_ms(long ms)
{
    const struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

    (void)nanosleep(&ts, NULL);
}

static unsigned count_in_log(const char *text)
{
    FILE *file = fopen(faults_path("err0"), "r");
    unsigned seen = 0;

    assert_non_null(file);
    server.log[fread(server.log, 1, sizeof server.log - 1, file)] = '\0';
    (void)fclose(file);
    for (const char *at = server.log; (at = strstr(at, text)) != NULL; at++)
        seen += strchr(at, '\n') != NULL;
    return seen;
}

static void wait_log(const char *text, unsigned times)
{
    for (int i = 0; count_in_log(text) < times; i++) {
        if (i == WAITS)
            fail_msg("not %u times '%s' in: %s", times, text, server.log);
        wait_ms(WAIT_MS);
    }
}

/* Starts a server of two workers over the store. */
static void start(const struct run *how, const char *option, const char *value)
{
    const char *const arguments[] = {faults_program("coderef-server"),
        "--store", faults_store(), "--port", "0", "--workers", "2", option,
        value, NULL};
    struct run run = how != NULL ? *how : (struct run){0};
    static const char begin[] = "event=listening address=127.0.0.1 port=";

    (void)unlink(faults_path("err0"));
    (void)close(open(faults_path("err0"), O_WRONLY | O_CREAT, 0600));
    run.arguments = arguments;
    server.pid = run_begin(&run);
    wait_log(begin, 1);
    server.port = atoi(strstr(server.log, begin) + sizeof begin - 1);
    assert_true(server.port > 0);
}

/* It ends as it should, and no worker died before. */
static void stop(void)
{
    struct ran ran = {0};

    assert_int_equal(count_in_log("event=worker_died"), 0);
    (void)kill(server.pid, SIGTERM);
    run_end(&ran, server.pid);
    server.pid = 0;
    assert_int_equal(ran.status, 0);
}

static int end_server(void **state)
{
    if (server.pid != 0)
        (void)kill(server.pid, SIGKILL);
    server.pid = 0;
    return 0;
}

/* The body of an answer; "" with another status than the one wanted. Freed by
 * the caller. */
static char *get(const char *path, const char *header, int status)
{
    struct answer answer = {0};
    char request[1024], *body;

    (void)snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: localhost\r\n%sConnection: close\r\n\r\n",
        path, header);
    client_ask(server.port, request, &answer);
    if (answer.status != status)
        fail_msg("%s: status %d, not %d: %s\n%s", path, answer.status, status,
            answer_text(&answer), server.log);
    body = strdup(answer_text(&answer));
    answer_clear(&answer);
    return body;
}

static bool says(const char *path, const char *text)
{
    char *body = get(path, "", 200);
    const bool said = strstr(body, text) != NULL;

    free(body);
    return said;
}

static void answers_release(int which)
{
    const char *const id = faults_id(which);

    assert_true(says("/version", id));
    assert_true(says("/readyz", id));
    assert_true(says("/v1/pairs?codes=G0283,H0350&date=2024-08-01", "H0350"));
}

static void answers_still(void)
{
    for (int i = 0; i < ASKED; i++)
        free(get("/v1/codes/G0283?date=2024-08-01", "", 200));
}

/* ------------------------------------------------------------- builds */

static void point_to(int which)
{
    char target[64];

    (void)snprintf(target, sizeof target, "builds/%s", faults_id(which));
    assert_int_equal(symlink(target, faults_path("store/.next")), 0);
    assert_int_equal(
        rename(faults_path("store/.next"), faults_path("store/current")), 0);
}

static void damage_first(void)
{
    const int fd =
        open(faults_path("store/builds/%s/data.mdb", faults_id(1)), O_RDWR);

    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, "damage", 6, 9000), 6);
    (void)close(fd);
}

static void a_damaged_build_is_refused_and_the_one_before_answers(void **state)
{
    static const char *const files[] = {"data.mdb", "manifest.json"};
    const unsigned flips = faults_number("FLIPS", 20, 400);
    struct ran ran = {0};

    faults_reset();
    run_build(&ran, 2, NULL);
    run_index(&ran, "activate", faults_id(1));
    assert_int_equal(ran.status, 0);
    start(NULL, NULL, NULL);
    for (unsigned i = 0; i < flips; i++) {
        const char *path =
            faults_path("store/builds/%s/%s", faults_id(2), files[i % 2]);
        const int fd = open(path, O_RDWR);
        unsigned char was, is;
        struct stat st = {0};
        off_t at;

        assert_true(fd >= 0);
        assert_int_equal(fstat(fd, &st), 0);
        at = (off_t)faults_random((unsigned)st.st_size);
        assert_int_equal(pread(fd, &was, 1, at), 1);
        is = (unsigned char)(was ^ 1u << faults_random(8));
        assert_int_equal(pwrite(fd, &is, 1, at), 1);
        if (i == 0)
            point_to(2);
        (void)kill(server.pid, SIGHUP);
        wait_log("event=store_refused", (i + 1) * WORKERS);
        answers_release(1);
        assert_int_equal(pwrite(fd, &was, 1, at), 1);
        (void)close(fd);
    }
    assert_non_null(strstr(server.log, "rebuild"));
    (void)kill(server.pid, SIGHUP); /* mended */
    for (int i = 0; i < WAITS && !says("/version", faults_id(2)); i++)
        wait_ms(WAIT_MS);
    wait_ms(1500); /* the other worker looks within a second */
    answers_release(2);
    /* The build that it began with is looked at again when it comes back. */
    damage_first();
    point_to(1);
    (void)kill(server.pid, SIGHUP);
    wait_log("event=store_refused", (flips + 1) * WORKERS);
    answers_release(2);
    print_message("%u bits\n", flips);
    stop();
}

/* ------------------------------------------------------------- clock */

static void set_clock(const char *path, time_t to)
{
    FILE *file = fopen(faults_path("clock.new"), "w");

    assert_non_null(file);
    (void)fprintf(file, "%lld\n", (long long)(to - time(NULL)));
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(faults_path("clock.new"), path), 0);
}

/* 2024-10-01T12:00:00Z, the second day of a quarter's change. */
#define OCTOBER ((time_t)1727784000)

static void a_clock_that_jumps_is_followed(void **state)
{
    static const struct {
        time_t to;
        const char *date;
    } jumps[] = {{OCTOBER - 86400, "\"date\":\"2024-09-30\""},
        {OCTOBER, "\"date\":\"2024-10-01\""},
        {OCTOBER - 366 * 86400L, "\"date\":\"2023-10-01\""},
        {OCTOBER + 365 * 86400L, "\"date\":\"2025-10-01\""}};
    char preload[PATH_MAX], at[PATH_MAX], clock[PATH_MAX];
    const char *const environment[] = {preload, at, NULL};

    faults_preload(preload, "clock");
    (void)snprintf(clock, sizeof clock, "%s", faults_path("clock"));
    (void)snprintf(at, sizeof at, "CLOCK_AT=%.*s", PATH_MAX - 16, clock);
    faults_reset();
    set_clock(clock, OCTOBER);
    start(&(struct run){.environment = environment}, NULL, NULL);
    for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        static const char path[] = "/v1/pairs?codes=G0283,H0350";
        struct answer answer = {0};
        char request[2048], tag[1024];
        int looks = 0;

        client_ask(server.port,
            "GET /v1/pairs?codes=G0283,H0350 HTTP/1.1\r\nHost: localhost\r\n"
            "Connection: close\r\n\r\n",
            &answer);
        assert_int_equal(answer.status, 200);
        (void)snprintf(tag, sizeof tag, "%s", answer_header(&answer, "ETag"));
        set_clock(clock, jumps[i].to);
        while (!says(path, jumps[i].date)) {
            if (++looks == WAITS)
                fail_msg("it never was %s", jumps[i].date);
            wait_ms(WAIT_MS);
        }
        /* Two workers; each looks at the clock by itself. */
        wait_ms(1500);
        for (int k = 0; k < ASKED; k++)
            assert_true(says(path, jumps[i].date));
        /* What was kept yesterday is no answer today. */
        if (i > 0) {
            (void)snprintf(request, sizeof request,
                "GET %s HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: %s\r\n"
                "Connection: close\r\n\r\n",
                path, tag);
            client_ask(server.port, request, &answer);
            assert_int_equal(answer.status, 200);
        }
        answer_clear(&answer);
    }
    stop();
}

/* ------------------------------------------------------------- clients */

static void raise_descriptors(rlim_t wanted)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        if (limit.rlim_max < wanted)
            limit.rlim_max = wanted;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void idle_connections_keep_nobody_waiting(void **state)
{
    const unsigned idle = faults_number("IDLE", 1000, 10000);
    struct client *client = calloc(idle, sizeof *client);
    unsigned open_now = 0;

    assert_non_null(client);
    raise_descriptors(idle + 100);
    faults_reset();
    start(NULL, "--max-connections", "20000");
    while (open_now < idle && client_connect(&client[open_now], server.port))
        open_now++;
    assert_int_equal(open_now, idle);
    answers_still();
    /* They are all still there, and each may ask. */
    for (unsigned i = 0; i < idle; i += idle / 20) {
        struct answer answer = {0};

        assert_true(client_send(
            &client[i], "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        client_read(&client[i], &answer, false);
        assert_int_equal(answer.status, 200);
        answer_clear(&answer);
    }
    for (unsigned i = 0; i < idle; i++)
        client_close(&client[i]);
    free(client);
    answers_still();
    print_message("%u idle connections\n", idle);
    stop();
}

static void without_descriptors_it_waits_and_goes_on(void **state)
{
    enum { MANY = 300 };
    static struct client client[MANY];
    unsigned n = 0;

    faults_reset();
    start(&(struct run){.files = 96}, NULL, NULL);
    wait_log("event=few_descriptors", 1);
    while (n < MANY && client_connect(&client[n], server.port))
        n++;
    for (unsigned i = 0; i < n; i++)
        (void)client_send(&client[i], "GET /healthz HTTP/1.1\r\nHos");
    while (n > 0)
        client_close(&client[--n]);
    answers_still();
    stop();
}

static const char *const hostile[] = {"", "\r\n\r\n\r\n\r\n",
    "GET / HTTP/1.1\r\n", "GET /v1/codes/G0283 HTTP/1.1\r\nHost: localhost\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n",
    "GET /\xff\xfe\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST /v1/pairs HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n[{",
    "POST /v1/pairs HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "POST /v1/pairs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    "ffffffffffffffff\r\n",
    "POST /v1/claims/check HTTP/1.1\r\nHost: x\r\nContent-Length: "
    "10\r\n\r\n[[[[[[[[[[",
    "GET /v1/search?q=%00%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: "
    "x\r\n\r\nGET /hea"};

/* Ends a connection as a machine does that was switched off. */
static void reset(struct client *client)
{
    const struct linger at_once = {1, 0};

    (void)setsockopt(
        client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    client_close(client);
}

static void slow_and_hostile_clients_keep_nobody_waiting(void **state)
{
    const unsigned clients = faults_number("CLIENTS", 400, 10000);
    enum { AT_ONCE = 64 };
    struct client client[AT_ONCE];

    for (int i = 0; i < AT_ONCE; i++)
        client[i] = (struct client){.fd = -1};
    faults_reset();
    start(NULL, "--timeout", "2");
    for (unsigned i = 0; i < clients; i++) {
        struct client *one = &client[i % AT_ONCE];
        const char *text =
            hostile[faults_random(sizeof hostile / sizeof *hostile)];
        size_t len = strlen(text);

        if (one->fd >= 0 && faults_random(2) == 0)
            reset(one);
        else
            client_close(one);
        assert_true(client_connect(one, server.port));
        if (faults_random(3) == 0 && len > 0)
            len = faults_random((unsigned)len);
        (void)client_send_bytes(one, text, len);
        if (i % 50 == 0)
            answers_still();
    }
    answers_still();
    for (int i = 0; i < AT_ONCE; i++)
        client_close(&client[i]);
    print_message("%u clients\n", clients);
    stop();
}

/* Bodies that never end, in a server that has little memory. */
static void little_memory_ends_no_worker(void **state)
{
    enum { BODIES = 24 };
    static struct client client[BODIES];
    static char bytes[MIB];

#ifdef __SANITIZE_ADDRESS__
    skip_because("AddressSanitizer takes the memory there is for itself");
#endif
    memset(bytes, ' ', sizeof bytes);
    faults_reset();
    start(&(struct run){.memory_bytes = 48 * MIB}, NULL, NULL);
    for (int i = 0; i < BODIES; i++) {
        struct timeval second = {1, 0};

        assert_true(client_connect(&client[i], server.port));
        (void)setsockopt(
            client[i].fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
        (void)client_send(&client[i],
            "POST /v1/pairs HTTP/1.1\r\nHost: x\r\nContent-Type: "
            "application/json\r\nContent-Length: 8000000\r\n\r\n");
        for (int k = 0; k < 7; k++)
            if (!client_send_bytes(&client[i], bytes, sizeof bytes))
                break;
    }
    answers_still();
    for (int i = 0; i < BODIES; i++)
        client_close(&client[i]);
    answers_still();
    stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(
            a_damaged_build_is_refused_and_the_one_before_answers, end_server),
        cmocka_unit_test_teardown(a_clock_that_jumps_is_followed, end_server),
        cmocka_unit_test_teardown(
            idle_connections_keep_nobody_waiting, end_server),
        cmocka_unit_test_teardown(
            without_descriptors_it_waits_and_goes_on, end_server),
        cmocka_unit_test_teardown(
            slow_and_hostile_clients_keep_nobody_waiting, end_server),
        cmocka_unit_test_teardown(little_memory_ends_no_worker, end_server),
    };

    return cmocka_run_group_tests(tests, faults_begin, faults_end);
}

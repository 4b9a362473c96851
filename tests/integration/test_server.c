/* The program as it is run: its options, its workers, its log and its end. */
#include "tests/harness.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/http_client.h"
#include "tests/store_fixture.h"

enum {
    LOG_MAX = 65536,
    WAIT_MS = 20,     /* between two looks */
    WAITS_MAX = 1500, /* looks: half a minute, for a loaded machine */
};

struct server {
    char store[STORE_DIR_MAX];
    char log_path[STORE_DIR_MAX + 16];
    char log[LOG_MAX];
    pid_t pid;
    int port;
};

static void wait_ms(long ms)
{
    const struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

    (void)nanosleep(&ts, NULL);
}

static const char *program(void)
{
    static char path[512];
    const char *folder = getenv("B");

    (void)snprintf(path, sizeof path, "%s/coderef-server",
        folder != NULL ? folder : "build");
    return path;
}

/* What the server has written to standard error so far. */
static const char *read_log(struct server *s)
{
    FILE *file = fopen(s->log_path, "r");
    size_t n;

    assert_non_null(file);
    n = fread(s->log, 1, sizeof s->log - 1, file);
    s->log[n] = '\0';
    (void)fclose(file);
    return s->log;
}

/* Waits until a text stands in the log so many times, in whole lines, and
 * returns the place behind the last of them. */
static const char *wait_log_times(struct server *s, const char *text, int times)
{
    for (int i = 0; i < WAITS_MAX; i++) {
        const char *at = read_log(s);
        int seen = 0;

        while ((at = strstr(at, text)) != NULL && strchr(at, '\n') != NULL) {
            at += strlen(text);
            if (++seen == times)
                return at;
        }
        wait_ms(WAIT_MS);
    }
    print_error("not %d times '%s' in the log:\n%s", times, text, s->log);
    fail();
    return NULL;
}

static const char *wait_log(struct server *s, const char *text)
{
    return wait_log_times(s, text, 1);
}

/* The limit of open files for the next program, or NULL. */
static const struct rlimit *limit;

/* A descriptor that the next program is passed as systemd does, or -1. */
static int passed = -1;

static void pass(int fd)
{
    char pid[16];

    (void)snprintf(pid, sizeof pid, "%d", (int)getpid());
    (void)setenv("LISTEN_PID", pid, 1);
    (void)setenv("LISTEN_FDS", "1", 1);
    if (fd != 3)
        (void)dup2(fd, 3);
}

static pid_t run(const char *const *arguments, const char *out, const char *err)
{
    const char *argv[16] = {program()};
    const pid_t pid = fork();
    size_t n = 1;

    if (pid != 0)
        return pid;
    for (; *arguments != NULL; arguments++)
        argv[n++] = *arguments;
    if (limit != NULL)
        (void)setrlimit(RLIMIT_NOFILE, limit);
    if (freopen(out, "w", stdout) == NULL || freopen(err, "a", stderr) == NULL)
        _exit(99);
    if (passed >= 0)
        pass(passed);
    execv(argv[0], (char **)(uintptr_t)argv);
    _exit(99);
}

static void start(struct server *s, const char *more, const char *even_more)
{
    const char *const arguments[] = {"--store", s->store, "--port", "0",
        "--workers", "2", more, even_more, NULL};

    s->pid = run(arguments, "/dev/null", s->log_path);
    assert_true(s->pid > 0);
    s->port = atoi(wait_log(s, "event=listening address=127.0.0.1 port="));
    assert_true(s->port > 0);
}

/* The exit status of the server, or -1 when it does not end. */
static int wait_end(struct server *s)
{
    int status = -1;

    for (int i = 0; i < WAITS_MAX; i++) {
        if (waitpid(s->pid, &status, WNOHANG) == s->pid) {
            s->pid = 0;
            return status;
        }
        wait_ms(WAIT_MS);
    }
    return -1;
}

static int set_up(void **state)
{
    struct server *s = calloc(1, sizeof *s);

    store_make(s->store);
    store_add_build(s->store, "00000000000000a1", true);
    (void)snprintf(s->log_path, sizeof s->log_path, "%s/log", s->store);
    fclose(fopen(s->log_path, "w"));
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct server *s = *state;
    int status = 0;

    if (s->pid > 0) {
        (void)kill(s->pid, SIGTERM);
        status = wait_end(s);
        if (status != 0)
            print_error("ended with %x:\n%s", status, read_log(s));
    }
    store_remove(s->store);
    free(s);
    return status != 0;
}

static void ask(
    const struct server *s, const char *target, struct answer *answer)
{
    char request[512];

    (void)snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", target);
    client_ask(s->port, request, answer);
}

/* Asks until a text stands in the answer: a worker counts a request when the
 * last byte is out, and another worker may answer before it has. */
static void ask_until(const struct server *s, const char *target,
    const char *text, struct answer *answer)
{
    for (int i = 0; i < WAITS_MAX; i++) {
        ask(s, target, answer);
        if (strstr(answer_text(answer), text) != NULL)
            return;
        wait_ms(WAIT_MS);
    }
    print_error("no '%s' in:\n%s", text, answer_text(answer));
    fail();
}

/* Runs the program to its end and returns the exit status and what it wrote. */
static int run_to_end(struct server *s, const char *const *arguments,
    char out[LOG_MAX], const char **err)
{
    char path[STORE_DIR_MAX + 16];
    FILE *file;
    int status;
    size_t n;

    (void)snprintf(path, sizeof path, "%s/out", s->store);
    s->pid = run(arguments, path, s->log_path);
    status = wait_end(s);
    file = fopen(path, "r");
    assert_non_null(file);
    n = fread(out, 1, LOG_MAX - 1, file);
    out[n] = '\0';
    (void)fclose(file);
    *err = read_log(s);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- options --- */

static void help_and_version_go_to_standard_output(void **state)
{
    static char out[LOG_MAX];
    const char *err;

    assert_int_equal(
        run_to_end(*state, (const char *const[]){"--help", NULL}, out, &err),
        0);
    assert_non_null(strstr(out, "Usage: coderef-server"));
    assert_string_equal(err, "");
    assert_int_equal(
        run_to_end(*state, (const char *const[]){"-V", NULL}, out, &err), 0);
    assert_non_null(strstr(out, "coderef-server " CODEREF_VERSION "\n"));
    assert_non_null(strstr(out, "libevent 2."));
    assert_non_null(strstr(out, "zlib "));
}

static void misuse_exits_with_2_and_says_what(void **state)
{
    static const char *const wrong[][3] = {{"--nonsense", NULL},
        {"--port", "http", NULL}, {"--port", "65536", NULL},
        {"--workers", "0", NULL}, {"--workers", "1x", NULL},
        {"--timeout", "-1", NULL}, {"--max-body", "", NULL}, {"extra", NULL},
        {"--store", "", NULL}, {"--port", NULL}};
    static char out[LOG_MAX];
    const char *err;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const int status = run_to_end(*state, wrong[i], out, &err);

        if (status != 2)
            print_error("for %s\n", wrong[i][0]);
        assert_int_equal(status, 2);
        assert_string_equal(out, "");
        assert_non_null(strstr(err, "--help"));
    }
}

static void a_folder_without_a_store_says_how_to_make_one(void **state)
{
    struct server *s = *state;
    static char out[LOG_MAX];
    const char *err;

    assert_int_equal(
        run_to_end(
            s, (const char *const[]){"--store", "/nowhere", NULL}, out, &err),
        1);
    assert_non_null(strstr(err, "coderef-index build --store /nowhere"));
    store_add_broken(s->store, "00000000000000ff");
    assert_int_equal(
        run_to_end(
            s, (const char *const[]){"--store", s->store, NULL}, out, &err),
        1);
    assert_non_null(strstr(err, "00000000000000ff"));
}

static void a_port_that_is_taken_is_refused(void **state)
{
    struct server *s = *state;
    struct server second = *s;
    static char out[LOG_MAX];
    char port[16];
    const char *err;

    start(s, NULL, NULL);
    (void)snprintf(port, sizeof port, "%d", s->port);
    assert_int_equal(
        run_to_end(&second,
            (const char *const[]){"--store", s->store, "--port", port, NULL},
            out, &err),
        1);
    assert_non_null(strstr(err, "Address already in use"));
}

static bool names_option(const char *text, const char *option, bool escaped)
{
    char want[64];
    size_t n = 0;

    for (; *option != '\0' && n < sizeof want - 2; option++) {
        if (escaped && *option == '-')
            want[n++] = '\\';
        want[n++] = *option;
    }
    want[n] = '\0';
    return strstr(text, want) != NULL;
}

/* Every "--option" of one text stands in the other. */
static void assert_same_options(
    const char *from, bool from_escaped, const char *in, bool in_escaped)
{
    const char *const mark = from_escaped ? "\\-\\-" : "--";
    int options = 0;

    for (const char *at = from; (at = strstr(at, mark)) != NULL;) {
        char name[40] = "--";
        size_t n = 2;

        for (at += strlen(mark); n < sizeof name - 1; at++) {
            if (from_escaped && at[0] == '\\' && at[1] == '-')
                continue;
            if ((*at < 'a' || *at > 'z') && *at != '-')
                break;
            name[n++] = *at;
        }
        name[n] = '\0';
        options++;
        if (!names_option(in, name, in_escaped))
            fail_msg("%s stands in one of --help and the man page", name);
    }
    assert_in_range(options, 10, 100);
}

static void help_and_the_man_page_name_the_same_options(void **state)
{
    static char help[LOG_MAX], manual[LOG_MAX];
    const char *top = getenv("TOP"), *err;
    char path[512];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/server/coderef-server.1",
        top != NULL ? top : ".");
    file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(manual, 1, sizeof manual - 1, file) > 0);
    (void)fclose(file);
    assert_int_equal(
        run_to_end(*state, (const char *const[]){"-h", NULL}, help, &err), 0);
    assert_same_options(help, false, manual, true);
    assert_same_options(manual, true, help, false);
}

/* --- running --- */

static void all_that_an_operator_asks_is_answered(void **state)
{
    struct server *s = *state;
    struct answer answer = {0};
    static const char *const paths[] = {
        "/healthz", "/-/healthy", "/readyz", "/-/ready", "/version", "/", NULL};

    start(s, NULL, NULL);
    for (size_t i = 0; paths[i] != NULL; i++) {
        ask(s, paths[i], &answer);
        assert_int_equal(answer.status, 200);
    }
    assert_non_null(answer_header(&answer, "Content-Security-Policy"));
    ask(s, "/version", &answer);
    assert_non_null(
        strstr(answer_text(&answer), "\"id\":\"00000000000000a1\""));
    assert_non_null(strstr(answer_text(&answer), "\"libevent\":\"2."));
    ask_until(s, "/metrics",
        "coderef_http_requests_total{route=\"/version\",method=\"GET\","
        "code=\"200\"} 2\n",
        &answer);
    assert_non_null(strstr(answer_text(&answer),
        "coderef_data_build_info{build=\"00000000000000a1\""));
    assert_non_null(strstr(
        answer_text(&answer), "process_resident_memory_bytes{worker=\"1\"}"));
    answer_clear(&answer);
}

static void kill_a_worker(const struct server *s)
{
    char command[64];
    FILE *children;
    int worker = 0;

    (void)snprintf(command, sizeof command, "/proc/%d/task/%d/children",
        (int)s->pid, (int)s->pid);
    children = fopen(command, "r");
    assert_non_null(children);
    assert_int_equal(fscanf(children, "%d", &worker), 1);
    (void)fclose(children);
    assert_int_equal(kill(worker, SIGKILL), 0);
}

static void a_worker_that_begins_on_a_bad_build_keeps_the_last_good_one(
    void **state)
{
    struct server *s = *state;
    struct answer answer = {0};

    start(s, NULL, NULL);
    store_add_broken(s->store, "00000000000000b2");
    (void)wait_log_times(s, "event=store_refused", 2);
    ask(s, "/readyz", &answer);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer_text(&answer), "\"current_refused\":\""));
    kill_a_worker(s);
    wait_log(s, "event=store_kept build=00000000000000a1");
    for (int i = 0; i < 40; i++) { /* whichever worker the kernel picks */
        ask(s, "/readyz", &answer);
        assert_int_equal(answer.status, 200);
        assert_non_null(strstr(answer_text(&answer), "00000000000000a1"));
        assert_non_null(
            strstr(answer_text(&answer), "builds/00000000000000b2"));
    }
    store_add_build(s->store, "00000000000000c3", true);
    (void)wait_log_times(s, "event=store_opened build=00000000000000c3", 2);
    ask(s, "/readyz", &answer);
    assert_null(strstr(answer_text(&answer), "current_refused"));
    answer_clear(&answer);
}

static void a_dead_worker_is_replaced(void **state)
{
    struct server *s = *state;
    struct answer answer = {0};

    start(s, NULL, NULL);
    kill_a_worker(s);
    wait_log(s, "event=worker_died worker=");
    assert_non_null(strstr(s->log, "signal=9"));
    /* Whichever worker the kernel picks, there is one. */
    for (int i = 0; i < 40; i++) {
        ask(s, "/healthz", &answer);
        assert_int_equal(answer.status, 200);
    }
    ask_until(s, "/metrics", "coderef_worker_restarts_total 1\n", &answer);
    ask_until(s, "/metrics", "process_open_fds{worker=\"0\"}", &answer);
    ask_until(s, "/metrics", "process_open_fds{worker=\"1\"}", &answer);
    answer_clear(&answer);
}

/* Asks /version for as long as the pipe is open; exits with 0 when every answer
 * was whole and right. */
static pid_t start_asking(const struct server *s, const int go[2])
{
    const pid_t pid = fork();
    struct client client = {.fd = -1};
    struct answer answer = {0};
    struct pollfd end = {.fd = go[0], .events = POLLIN};
    int asked = 0;

    if (pid != 0)
        return pid;
    (void)close(go[1]);
    while (poll(&end, 1, 0) == 0 || asked < 100) {
        if (client.fd < 0 && !client_connect(&client, s->port))
            _exit(1);
        if (!client_send(&client, "GET /version HTTP/1.1\r\nHost: a\r\n\r\n"))
            _exit(2);
        client_read(&client, &answer, false);
        if (answer.status != 200 || answer.cut ||
            strstr(answer_text(&answer), "\"id\":\"00000000000000") == NULL)
            _exit(3);
        if (++asked % 50 == 0)
            client_close(&client);
    }
    _exit(0);
}

static void builds_are_switched_under_load_without_a_failed_request(
    void **state)
{
    struct server *s = *state;
    struct answer answer = {0};
    pid_t asking[4];
    int go[2], status;

    start(s, NULL, NULL);
    assert_int_equal(pipe(go), 0);
    for (int i = 0; i < 4; i++)
        asking[i] = start_asking(s, go);
    for (int i = 0; i < 10; i++) {
        char id[32], want[64];

        (void)snprintf(id, sizeof id, "00000000000000b%x", (unsigned)i);
        (void)snprintf(want, sizeof want, "event=store_opened build=%s", id);
        store_add_build(s->store, id, true);
        assert_int_equal(kill(s->pid, SIGHUP), 0);
        (void)wait_log_times(s, want, 2); /* by each worker */
    }
    (void)close(go[1]);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(waitpid(asking[i], &status, 0), asking[i]);
        assert_int_equal(status, 0);
    }
    (void)close(go[0]);
    ask(s, "/version", &answer);
    assert_non_null(strstr(answer_text(&answer), "00000000000000b9"));
    answer_clear(&answer);
}

static void a_switch_is_noticed_without_a_signal(void **state)
{
    struct server *s = *state;

    start(s, NULL, NULL);
    store_add_build(s->store, "00000000000000c1", true);
    (void)wait_log(s, "event=store_opened build=00000000000000c1");
}

static void a_bad_build_is_said_once_and_not_switched_to(void **state)
{
    struct server *s = *state;
    struct answer answer = {0};
    const char *at;
    int said = 0;

    start(s, NULL, NULL);
    store_add_broken(s->store, "00000000000000fe");
    (void)wait_log_times(s, "event=store_refused", 2); /* by each worker */
    wait_ms(2500); /* they look again every second */
    for (at = read_log(s); (at = strstr(at, "event=store_refused")) != NULL;
         at++)
        said++;
    assert_int_equal(said, 2);
    ask(s, "/version", &answer);
    assert_non_null(strstr(answer_text(&answer), "00000000000000a1"));
    answer_clear(&answer);
}

static void queries_are_logged_only_when_asked_for(void **state)
{
    struct server *s = *state;
    struct answer answer = {0};

    start(s, "--access-log", NULL);
    ask(s, "/version?secret=x", &answer);
    (void)wait_log(s, "path=/version status=400");
    assert_null(strstr(read_log(s), "secret"));
    assert_int_equal(kill(s->pid, SIGTERM), 0);
    assert_int_equal(wait_end(s), 0);
    fclose(fopen(s->log_path, "w"));
    start(s, "--access-log", "--log-queries");
    ask(s, "/version?secret=\"x%0A", &answer);
    (void)wait_log(s, "path=\"/version?secret=\\\"x%0A\" status=400");
    answer_clear(&answer);
}

static void nothing_is_logged_of_requests_by_default(void **state)
{
    struct server *s = *state;
    struct answer answer = {0};

    start(s, NULL, NULL);
    ask(s, "/version", &answer);
    assert_int_equal(kill(s->pid, SIGTERM), 0);
    assert_int_equal(wait_end(s), 0);
    assert_null(strstr(read_log(s), "event=request"));
    answer_clear(&answer);
}

/* Forty clients on a machine that lets a process open forty files. */
static void few_descriptors_make_fewer_connections(void **state)
{
    enum { CLIENTS = 40 };
    struct server *s = *state;
    struct client client[CLIENTS];
    struct answer answer = {0};
    const struct rlimit few = {40, 40};

    start(s, NULL, NULL);
    assert_null(strstr(s->log, "few_descriptors"));
    assert_int_equal(kill(s->pid, SIGTERM), 0);
    assert_int_equal(wait_end(s), 0);
    fclose(fopen(s->log_path, "w"));
    limit = &few;
    start(s, NULL, NULL);
    limit = NULL;
    (void)wait_log(s, "event=few_descriptors max_connections=21");
    for (int i = 0; i < CLIENTS; i++) {
        assert_true(client_connect(&client[i], s->port));
        assert_true(client_send(&client[i],
            "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    }
    for (int i = 0; i < CLIENTS; i++) {
        client_read(&client[i], &answer, false);
        assert_int_equal(answer.status, 200);
        client_close(&client[i]);
    }
    assert_null(strstr(read_log(s), "accept_failed"));
    answer_clear(&answer);
}

static void sigterm_and_sigint_end_it_well(void **state)
{
    static const int signals[] = {SIGTERM, SIGINT};
    struct server *s = *state;
    struct client idle;

    for (int i = 0; i < 2; i++) {
        fclose(fopen(s->log_path, "w"));
        start(s, NULL, NULL);
        assert_true(client_connect(&idle, s->port));
        assert_int_equal(kill(s->pid, signals[i]), 0);
        assert_int_equal(wait_end(s), 0);
        assert_true(client_ended(&idle));
        client_close(&idle);
        assert_false(client_connect(&idle, s->port));
        client_close(&idle);
    }
}

static void systemd_is_told_of_beginning_reload_and_end(void **state)
{
    struct server *s = *state;
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    char told[128];
    ssize_t n;

    (void)snprintf(at.sun_path, sizeof at.sun_path, "%.90s/n", s->store);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", at.sun_path, 1), 0);
    start(s, NULL, NULL);
    n = recv(fd, told, sizeof told, 0);
    assert_int_equal(n, 7);
    assert_memory_equal(told, "READY=1", 7);
    assert_int_equal(kill(s->pid, SIGHUP), 0);
    n = recv(fd, told, sizeof told - 1, 0);
    told[n] = '\0';
    assert_non_null(strstr(told, "RELOADING=1\nMONOTONIC_USEC="));
    assert_int_equal(recv(fd, told, sizeof told, 0), 7);
    assert_int_equal(kill(s->pid, SIGTERM), 0);
    n = recv(fd, told, sizeof told, 0);
    assert_int_equal(n, 10);
    assert_memory_equal(told, "STOPPING=1", 10);
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    (void)close(fd);
}

static void systemd_hears_that_the_server_lives(void **state)
{
    struct server *s = *state;
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    char told[128];

    (void)snprintf(at.sun_path, sizeof at.sun_path, "%.90s/n", s->store);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", at.sun_path, 1), 0);
    assert_int_equal(setenv("WATCHDOG_USEC", "200000", 1), 0);
    start(s, NULL, NULL);
    assert_int_equal(recv(fd, told, sizeof told, 0), 7); /* READY=1 */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(recv(fd, told, sizeof told, 0), 10);
        assert_memory_equal(told, "WATCHDOG=1", 10);
    }
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    assert_int_equal(unsetenv("WATCHDOG_USEC"), 0);
    (void)close(fd);
}

static void a_socket_that_was_passed_is_served_by_all_workers(void **state)
{
    struct server *s = *state;
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof at;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct answer answer = {0};
    struct client early;

    assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    /* Whoever comes before the server waits for it. */
    assert_true(client_connect(&early, ntohs(at.sin_port)));
    assert_true(
        client_send(&early, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"));
    passed = fd;
    start(s, NULL, NULL);
    passed = -1;
    assert_int_equal(s->port, ntohs(at.sin_port));
    client_read(&early, &answer, false);
    assert_int_equal(answer.status, 200);
    client_close(&early);
    kill_a_worker(s);
    wait_log(s, "event=worker_died");
    for (int i = 0; i < 20; i++) {
        ask(s, "/healthz", &answer);
        assert_int_equal(answer.status, 200);
    }
    assert_int_equal(kill(s->pid, SIGTERM), 0);
    assert_int_equal(wait_end(s), 0);
    /* The next one takes the same socket, and nobody was refused between. */
    assert_true(client_connect(&early, s->port));
    assert_true(
        client_send(&early, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_int_equal(truncate(s->log_path, 0), 0);
    passed = fd;
    start(s, NULL, NULL);
    passed = -1;
    client_read(&early, &answer, false);
    assert_int_equal(answer.status, 200);
    client_close(&early);
    answer_clear(&answer);
    (void)close(fd);
}

static void what_is_passed_must_be_a_listening_socket(void **state)
{
    struct server *s = *state;
    const char *const arguments[] = {"--store", s->store, "--port", "0", NULL};
    static char out[LOG_MAX];
    const char *err;

    passed = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(run_to_end(s, arguments, out, &err), 1);
    assert_non_null(
        strstr(err, "descriptor 3 is no socket that listens for TCP"));
    (void)close(passed);
    passed = -1;
}

static void workers_end_with_a_parent_that_is_killed(void **state)
{
    struct server *s = *state;
    struct client client;
    bool gone = false;
    int status;

    start(s, NULL, NULL);
    assert_int_equal(kill(s->pid, SIGKILL), 0);
    assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
    s->pid = 0;
    for (int i = 0; i < WAITS_MAX && !gone; i++) {
        gone = !client_connect(&client, s->port);
        client_close(&client);
        wait_ms(WAIT_MS);
    }
    assert_true(gone);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(help_and_version_go_to_standard_output),
        TEST(help_and_the_man_page_name_the_same_options),
        TEST(misuse_exits_with_2_and_says_what),
        TEST(a_folder_without_a_store_says_how_to_make_one),
        TEST(a_port_that_is_taken_is_refused),
        TEST(all_that_an_operator_asks_is_answered),
        TEST(a_dead_worker_is_replaced),
        TEST(a_worker_that_begins_on_a_bad_build_keeps_the_last_good_one),
        TEST(builds_are_switched_under_load_without_a_failed_request),
        TEST(a_switch_is_noticed_without_a_signal),
        TEST(a_bad_build_is_said_once_and_not_switched_to),
        TEST(queries_are_logged_only_when_asked_for),
        TEST(nothing_is_logged_of_requests_by_default),
        TEST(few_descriptors_make_fewer_connections),
        TEST(sigterm_and_sigint_end_it_well),
        TEST(systemd_is_told_of_beginning_reload_and_end),
        TEST(systemd_hears_that_the_server_lives),
        TEST(a_socket_that_was_passed_is_served_by_all_workers),
        TEST(what_is_passed_must_be_a_listening_socket),
        TEST(workers_end_with_a_parent_that_is_killed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* One worker with routes of this test's own, asked over real sockets: what is
 * sent in every wrong way gets a problem, and what is sent in a right way gets
 * its answer, in order, whatever the client does meanwhile. */
#include "tests/harness.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include <zlib.h>

#include "server/worker.h"
#include "tests/http_client.h"
#include "tests/store_fixture.h"

enum { TIMEOUT = 2, MAX_BODY = 100000, MAX_CONNECTIONS = 20 };

/* What the worker tells the test, in memory they share. */
struct told {
    _Atomic int freed;  /* streams that were freed */
    _Atomic int pieces; /* of the endless stream */
};

struct fixture {
    char store[STORE_DIR_MAX];
    struct told *told;
    struct metrics *metrics;
    pid_t pid;
    int port;
};

/* Set before the fork; the handlers have no other way to it. */
static struct told *told_here;

/* --- routes --- */

static void get_hello(const struct request *request, struct reply *reply)
{
    const char *n = request_param(request, "n");

    buffer_addf(&reply->body, "{\"hello\":\"%s\"}", n != NULL ? n : "");
}

static void get_big(const struct request *request, struct reply *reply)
{
    long bytes = 0;

    if (!param_integer(request, reply, "bytes", 0, 100000000, &bytes))
        return;
    reply->type = TYPE_TEXT;
    if (buffer_reserve(&reply->body, (size_t)bytes))
        for (long i = 0; i < bytes; i++)
            reply->body.data[reply->body.len++] = (char)('a' + i % 26);
}

static void post_length(const struct request *request, struct reply *reply)
{
    buffer_addf(&reply->body, "{\"length\":%zu,\"last\":\"%c\"}",
        request->body_len,
        request->body_len > 0 ? request->body[request->body_len - 1] : '-');
}

static void get_build(const struct request *request, struct reply *reply)
{
    buffer_adds(&reply->body, store_id(request->answers->store));
}

struct count_stream {
    long left;
    long bytes;
    const struct answers *answers;
    const char *body;
    size_t body_len;
};

static void count_free(void *state)
{
    told_here->freed++;
    free(state);
}

/* Pieces of the asked size, and the build and the body at the end: both must
 * still be there. */
static enum more count_more(void *state, struct buffer *out)
{
    struct count_stream *stream = state;

    told_here->pieces++;
    if (stream->left-- > 0) {
        for (long i = 0; i < stream->bytes; i++)
            buffer_addc(out, (char)('a' + i % 26));
        return MORE;
    }
    buffer_adds(out, store_id(stream->answers->store));
    buffer_add(out, stream->body, stream->body_len);
    return MORE_DONE;
}

static void get_stream(const struct request *request, struct reply *reply)
{
    struct count_stream *stream = calloc(1, sizeof *stream);

    *stream = (struct count_stream){.answers = request->answers,
        .body = request->body,
        .body_len = request->body_len};
    if (!param_integer(
            request, reply, "pieces", 0, 1000000000, &stream->left) ||
        !param_integer(request, reply, "bytes", 0, 1000000, &stream->bytes)) {
        free(stream);
        return;
    }
    reply_stream(reply, TYPE_TEXT, count_more, count_free, stream);
}

static enum more fail_more(void *state, struct buffer *out)
{
    int *asked = state;

    buffer_adds(out, "so far");
    return (*asked)++ > 2 ? MORE_FAILED : MORE;
}

static void get_failing(const struct request *request, struct reply *reply)
{
    reply_stream(
        reply, TYPE_TEXT, fail_more, count_free, calloc(1, sizeof(int)));
}

/* Is done when it was called `pieces` times, and says what it saw. */
static void get_work(const struct request *request, struct reply *reply)
{
    struct count_stream *work = request->work;
    const bool first = work == NULL;
    long left = 0;

    if (first) {
        if (!param_integer(request, reply, "pieces", 0, 1000000000, &left))
            return;
        work = calloc(1, sizeof *work);
        assert_non_null(work);
        *work =
            (struct count_stream){.answers = request->answers, .left = left};
    }
    told_here->pieces++;
    if (first || work->left-- > 0) {
        buffer_adds(&reply->body, "is dropped");
        reply_again(reply, work, count_free);
        return;
    }
    reply->type = TYPE_TEXT;
    buffer_addf(&reply->body, "%s %s %.*s",
        work->answers == request->answers ? store_id(request->answers->store)
                                          : "another build",
        request_param(request, "pieces"), (int)request->body_len,
        request->body);
}

static const char *const one[] = {"n", NULL};
static const char *const sizes[] = {"pieces", "bytes", NULL};
static const char *const text_types[] = {"text/plain", NULL};
static const struct route test_routes[] = {
    {METHOD_GET, "/hello", get_hello, one, ROUTE_CACHE, NULL},
    {METHOD_GET, "/big", get_big, sizes, 0, NULL},
    {METHOD_POST, "/length", post_length, NULL, 0, text_types},
    {METHOD_GET, "/build", get_build, NULL, ROUTE_STORE | ROUTE_CACHE, NULL},
    {METHOD_GET, "/stream", get_stream, sizes, ROUTE_STORE, NULL},
    {METHOD_POST, "/stream", get_stream, sizes, ROUTE_STORE, NULL},
    {METHOD_GET, "/work", get_work, sizes, ROUTE_STORE | ROUTE_CACHE, NULL},
    {METHOD_POST, "/work", get_work, sizes, ROUTE_STORE, NULL},
    {METHOD_GET, "/failing", get_failing, NULL, 0, NULL},
    {0},
};

/* --- the worker --- */

static int open_port(int *port)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof at;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(fd, 128), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static int set_up(void **state)
{
    static const struct route *const tables[] = {
        test_routes, operation_routes, NULL};
    static const struct http_options options = {.max_body = MAX_BODY,
        .max_held = 4ul * MAX_BODY,
        .timeout = TIMEOUT,
        .max_connections = MAX_CONNECTIONS};
    struct fixture *f = calloc(1, sizeof *f);
    struct worker_parts parts = {.options = &options, .tables = tables};
    int ready[2];
    char byte;

    store_make(f->store);
    store_add_build(f->store, "0000000000000001", true);
    f->told = mmap(NULL, sizeof *f->told, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    told_here = f->told;
    assert_int_equal(metrics_open(&f->metrics, 1, NULL), 0);
    parts.store = f->store;
    parts.metrics = f->metrics;
    parts.listener = open_port(&f->port);
    assert_int_equal(pipe(ready), 0);
    parts.ready = ready[1];
    f->pid = fork();
    if (f->pid == 0) {
        (void)signal(SIGPIPE, SIG_IGN);
        (void)close(ready[0]);
        exit(worker_run(&parts));
    }
    assert_true(f->pid > 0);
    (void)close(ready[1]);
    (void)close(parts.listener);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    (void)close(ready[0]);
    *state = f;
    return 0;
}

/* The worker must have lived, and must end well: under a sanitizer its exit
 * status also tells of leaks. */
static int tear_down(void **state)
{
    struct fixture *f = *state;
    int status = 0;

    if (f->pid > 0) {
        (void)kill(f->pid, SIGTERM);
        if (waitpid(f->pid, &status, 0) != f->pid || status != 0)
            print_error("the worker ended with status %x\n", status);
    }
    store_remove(f->store);
    (void)munmap(f->told, sizeof *f->told);
    free(f);
    return status != 0;
}

static void wait_ms(long ms)
{
    const struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

    (void)nanosleep(&ts, NULL);
}

enum { WAITS_MAX = 1500, WAIT_MS = 20 }; /* half a minute */

/* A client may see the end of a stream a moment before it is freed. */
static void assert_freed(const struct fixture *f, int streams)
{
    for (int i = 0; i < WAITS_MAX && f->told->freed < streams; i++)
        wait_ms(WAIT_MS);
    assert_int_equal(f->told->freed, streams);
}

static void wait_pieces(const struct fixture *f, int pieces)
{
    for (int i = 0; i < WAITS_MAX && f->told->pieces < pieces; i++)
        wait_ms(WAIT_MS);
    assert_true(f->told->pieces >= pieces);
}

/* Asks again and again until a text stands in the answer. */
static void wait_answer(
    const struct fixture *f, const char *target, const char *text)
{
    char request[128];
    struct answer answer = {0};
    bool found = false;

    (void)snprintf(
        request, sizeof request, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target);
    for (int i = 0; i < WAITS_MAX && !found; i++) {
        client_ask(f->port, request, &answer);
        found = strstr(answer_text(&answer), text) != NULL;
        if (!found)
            wait_ms(WAIT_MS);
    }
    if (!found)
        print_error("no '%s' in:\n%s\n", text, answer_text(&answer));
    assert_true(found);
    answer_clear(&answer);
}

/* --- what every problem is like --- */

static void assert_problem(const struct answer *answer, int status)
{
    const char *type = answer_header(answer, "Content-Type");
    char member[32];

    assert_int_equal(answer->status, status);
    assert_false(answer->cut);
    assert_non_null(type);
    assert_string_equal(type, TYPE_PROBLEM);
    (void)snprintf(member, sizeof member, "\"status\":%d,", status);
    assert_non_null(strstr(answer_text(answer), member));
    assert_non_null(strstr(answer_text(answer), "\"detail\":\""));
    assert_null(strstr(answer->head, "text/html"));
    assert_null(strstr(answer_text(answer), "<HTML>"));
    assert_non_null(answer_header(answer, "X-Request-Id"));
    assert_non_null(answer_header(answer, "Date"));
}

/* The request gets this problem, and the connection ends. */
static void assert_refused(
    const struct fixture *f, const char *request, int status)
{
    struct client client;
    struct answer answer = {0};

    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client, request));
    client_read(&client, &answer, false);
    if (answer.status != status)
        print_error("for: %.60s\n", request);
    assert_problem(&answer, status);
    assert_string_equal(answer_header(&answer, "Connection"), "close");
    assert_true(client_ended(&client));
    client_close(&client);
    answer_clear(&answer);
}

static void assert_alive(const struct fixture *f)
{
    struct answer answer = {0};

    client_ask(f->port, "GET /hello?n=1 HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(&answer), "{\"hello\":\"1\"}");
    answer_clear(&answer);
}

/* --- order and keeping connections --- */

static void pipelined_requests_are_answered_in_order(void **state)
{
    const struct fixture *f = *state;
    struct client client;
    struct answer answer = {0};
    struct buffer all = {0};

    for (int i = 0; i < 200; i++)
        buffer_addf(&all, "GET /%s?n=%d HTTP/1.1\r\nHost: a\r\n\r\n",
            i % 7 == 3 ? "nowhere" : "hello", i);
    assert_true(client_connect(&client, f->port));
    assert_true(client_send_bytes(&client, all.data, all.len));
    for (int i = 0; i < 200; i++) {
        char want[32];

        client_read(&client, &answer, false);
        if (i % 7 == 3) {
            assert_problem(&answer, 404);
            continue;
        }
        assert_int_equal(answer.status, 200);
        (void)snprintf(want, sizeof want, "{\"hello\":\"%d\"}", i);
        assert_string_equal(answer_text(&answer), want);
    }
    client_close(&client);
    answer_clear(&answer);
    buffer_clear(&all);
}

static void say_hello(struct client *client, struct answer *answer)
{
    assert_true(client_send(client, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
    client_read(client, answer, false);
    assert_string_equal(answer_text(answer), "{\"hello\":\"\"}");
}

/* Requests that have come in while the worker did nothing are all there at one
 * turn of its loop, so their answers wait for each other. */
static void answers_that_leave_together_reach_their_own_callers(void **state)
{
    enum { CLIENTS = 18, LEAVES = 5, RESETS = 9 };
    const struct fixture *f = *state;
    const struct linger reset = {.l_onoff = 1};
    struct client client[CLIENTS];
    struct answer answer = {0};
    char text[256];
    int status;

    for (int i = 0; i < CLIENTS; i++) {
        assert_true(client_connect(&client[i], f->port));
        say_hello(&client[i], &answer);
    }
    assert_int_equal(kill(f->pid, SIGSTOP), 0);
    assert_int_equal(waitpid(f->pid, &status, WUNTRACED), f->pid);
    assert_true(WIFSTOPPED(status));
    for (int i = 0; i < CLIENTS; i++) {
        /* Longer ones wait and do not wait; a second request is behind. */
        (void)snprintf(text, sizeof text,
            "GET /hello?n=%d HTTP/1.1\r\nHost: a\r\n\r\n"
            "GET /big?bytes=%d HTTP/1.1\r\nHost: a\r\n\r\n",
            i, 9000 * i);
        assert_true(client_send(&client[i], text));
    }
    client_close(&client[LEAVES]);
    assert_int_equal(setsockopt(client[RESETS].fd, SOL_SOCKET, SO_LINGER,
                         &reset, sizeof reset),
        0);
    client_close(&client[RESETS]);
    assert_int_equal(kill(f->pid, SIGCONT), 0);
    for (int i = CLIENTS - 1; i >= 0; i--) {
        if (i == LEAVES || i == RESETS)
            continue;
        client_read(&client[i], &answer, false);
        (void)snprintf(text, sizeof text, "{\"hello\":\"%d\"}", i);
        assert_string_equal(answer_text(&answer), text);
        client_read(&client[i], &answer, false);
        assert_int_equal(answer.status, 200);
        assert_int_equal(answer.body.len, 9000 * i);
        say_hello(&client[i], &answer); /* and it is read on */
        client_close(&client[i]);
    }
    answer_clear(&answer);
}

static void big_answers_keep_their_order_too(void **state)
{
    const struct fixture *f = *state;
    struct client client;
    struct answer answer = {0};

    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client,
        "GET /big?bytes=5000000 HTTP/1.1\r\nHost: a\r\n\r\n"
        "GET /stream?pieces=50&bytes=60000 HTTP/1.1\r\nHost: a\r\n\r\n"
        "GET /hello?n=x HTTP/1.1\r\nHost: a\r\n\r\n"));
    wait_ms(200); /* so that the socket is full meanwhile */
    client_read(&client, &answer, false);
    assert_int_equal(answer.body.len, 5000000);
    for (size_t i = 0; i < answer.body.len; i++)
        if (answer.body.data[i] != (char)('a' + i % 26))
            fail_msg("byte %zu", i);
    client_read(&client, &answer, false);
    assert_true(answer.chunked);
    assert_int_equal(answer.body.len, 50 * 60000 + 16);
    client_read(&client, &answer, false);
    assert_string_equal(answer_text(&answer), "{\"hello\":\"x\"}");
    client_close(&client);
    answer_clear(&answer);
}

static void a_request_in_single_bytes_is_read(void **state)
{
    const struct fixture *f = *state;
    static const char request[] =
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
    struct client client;
    struct answer answer = {0};

    assert_true(client_connect(&client, f->port));
    for (size_t i = 0; i < sizeof request - 1; i++) {
        assert_true(client_send_bytes(&client, request + i, 1));
        if (i % 16 == 0)
            wait_ms(2);
    }
    client_read(&client, &answer, false);
    assert_string_equal(answer_text(&answer), "{\"length\":4,\"last\":\"d\"}");
    assert_true(client_send(&client, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
    client_read(&client, &answer, false);
    assert_int_equal(answer.status, 200);
    client_close(&client);
    answer_clear(&answer);
}

static void a_half_closed_client_gets_its_whole_answer(void **state)
{
    const struct fixture *f = *state;
    static const char *const requests[] = {
        "GET /big?bytes=20000000 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /stream?pieces=333&bytes=60060 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"};
    static const size_t lengths[] = {20000000, 333 * 60060 + 16, 12};

    for (size_t i = 0; i < 3; i++) {
        struct client client;
        struct answer answer = {0};

        assert_true(client_connect(&client, f->port));
        assert_true(client_send(&client, requests[i]));
        assert_int_equal(shutdown(client.fd, SHUT_WR), 0);
        wait_ms(100);
        client_read(&client, &answer, false);
        assert_int_equal(answer.status, 200);
        assert_false(answer.cut);
        assert_int_equal(answer.body.len, lengths[i]);
        assert_true(client_ended(&client));
        client_close(&client);
        answer_clear(&answer);
    }
}

static void connections_close_when_asked_and_with_http_1_0(void **state)
{
    const struct fixture *f = *state;
    static const struct {
        const char *request;
        bool closes;
    } cases[] = {
        {"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", false},
        {"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", true},
        {"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: TE, Close\r\n\r\n",
            true},
        {"GET /hello HTTP/1.0\r\n\r\n", true},
        {"GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false},
        {"GET http://a/hello HTTP/1.1\r\nHost: a\r\n\r\n", true},
        {"GET /stream?pieces=3&bytes=9 HTTP/1.0\r\n\r\n", true},
        {"GET /stream?pieces=3&bytes=9 HTTP/1.0\r\n"
         "Connection: keep-alive\r\n\r\n",
            true},
        {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", false},
        {"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct client client;
        struct answer answer = {0};
        const char *connection;

        assert_true(client_connect(&client, f->port));
        assert_true(client_send(&client, cases[i].request));
        client_read(&client, &answer, false);
        assert_true(answer.status == 200 || answer.status == 204 ||
                    answer.status == 404);
        assert_false(answer.cut);
        connection = answer_header(&answer, "Connection");
        if (cases[i].closes) {
            assert_string_equal(connection, "close");
            assert_true(client_ended(&client));
        } else {
            assert_true(
                connection == NULL || strcmp(connection, "keep-alive") == 0);
            assert_true(
                client_send(&client, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
            client_read(&client, &answer, false);
            assert_int_equal(answer.status, 200);
        }
        client_close(&client);
        answer_clear(&answer);
    }
}

/* --- heads --- */

static void what_evhttp_refuses_is_a_problem_too(void **state)
{
    const struct fixture *f = *state;

    assert_refused(f, "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
    assert_refused(f, "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
    assert_refused(f, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
    assert_refused(f, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501);
    assert_refused(f, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400);
    assert_refused(f, "\x16\x03\x01\x02\r\n\r\n", 400);
    assert_refused(f, "GET /\r\n\r\n", 400);
    assert_refused(f, "GET / HTTP/1.1\r\nno colon\r\n\r\n", 400);
    assert_refused(f, "\r\n\r\n\r\n\r\n", 400);
    assert_refused(f,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400);
    assert_refused(f,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
        "Expect: tea\r\n\r\n",
        417);
    assert_alive(f);
}

static void what_could_hide_a_second_request_ends_the_connection(void **state)
{
    const struct fixture *f = *state;
#define HIDDEN "GET /hello?n=hidden HTTP/1.1\r\nHost: a\r\n\r\n"

    assert_refused(f,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
        "Content-Length: 43\r\n\r\n" HIDDEN,
        400);
    assert_refused(f,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 43\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN,
        400);
    assert_refused(f,
        "POST /length HTTP/1.1\r\nHost: a\r\n"
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" HIDDEN,
        400);
    assert_refused(f,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length : "
        "41\r\n\r\n" HIDDEN,
        400);
    assert_refused(f,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: "
        "+41\r\n\r\n" HIDDEN,
        400);
    assert_refused(f,
        "GET /hello HTTP/1.1\r\n Content-Length: 43\r\nHost: a\r\n\r\n" HIDDEN,
        400);
    assert_refused(f,
        "POST /length HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\n" HIDDEN,
        400);
    assert_refused(f, "GET /hello HTTP/1.1\r\n\r\n" HIDDEN, 400);
    assert_refused(
        f, "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" HIDDEN, 400);
#undef HIDDEN
}

static void head_with_a_body_ends_the_connection(void **state)
{
    const struct fixture *f = *state;
    struct client client;
    struct answer answer = {0};

    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client,
        "HEAD /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
        "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
    client_read(&client, &answer, true);
    assert_int_equal(answer.status, 400);
    assert_true(client_ended(&client));
    client_close(&client);
    answer_clear(&answer);
}

static void every_part_of_a_head_has_a_ceiling(void **state)
{
    const struct fixture *f = *state;
    struct buffer request = {0};
    struct answer answer = {0};

    buffer_adds(&request, "GET /hello?n=");
    for (int i = 0; i < REQUEST_TARGET_MAX; i++)
        buffer_addc(&request, 'x');
    buffer_adds(&request, " HTTP/1.1\r\nHost: a\r\n\r\n");
    buffer_addc(&request, '\0');
    client_ask(f->port, request.data, &answer);
    assert_problem(&answer, 414);

    request.len = 0;
    buffer_adds(&request, "GET /hello HTTP/1.1\r\nHost: a\r\nX: ");
    for (int i = 0; i < REQUEST_HEADERS_MAX; i++)
        buffer_addc(&request, 'x');
    buffer_adds(&request, "\r\n\r\n");
    buffer_addc(&request, '\0');
    client_ask(f->port, request.data, &answer);
    assert_problem(&answer, 431);

    request.len = 0;
    buffer_adds(&request, "GET /hello?n=");
    for (int i = 0; i < 2 * HTTP_HEAD_MAX; i++)
        buffer_addc(&request, 'x');
    buffer_addc(&request, '\0');
    assert_refused(f, request.data, 431);

    request.len = 0;
    buffer_adds(&request, "GET /hello HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 4000; i++)
        buffer_adds(&request, "X-Y: z12345\r\n");
    buffer_addc(&request, '\0');
    assert_refused(f, request.data, 431);
    buffer_clear(&request);
    answer_clear(&answer);
    assert_alive(f);
}

static void other_versions_of_http_are_told_so(void **state)
{
    const struct fixture *f = *state;

    assert_refused(f, "GET /hello HTTP/0.9\r\nHost: a\r\n\r\n", 505);
    assert_refused(f, "GET /hello HTTP/2.0\r\nHost: a\r\n\r\n", 400);
}

/* --- bodies --- */

static void a_body_is_read_in_either_framing(void **state)
{
    const struct fixture *f = *state;
    struct client client;
    struct answer answer = {0};
    char body[MAX_BODY];

    memset(body, 'z', sizeof body);
    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
        "Content-Length: 100000\r\n\r\n"));
    assert_true(client_send_bytes(&client, body, sizeof body));
    client_read(&client, &answer, false);
    assert_string_equal(
        answer_text(&answer), "{\"length\":100000,\"last\":\"z\"}");
    assert_true(client_send(&client,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
        "Transfer-Encoding: chunked\r\n\r\n186A0\r\n"));
    assert_true(client_send_bytes(&client, body, sizeof body));
    assert_true(client_send(&client, "\r\n0\r\n\r\n"));
    client_read(&client, &answer, false);
    assert_string_equal(
        answer_text(&answer), "{\"length\":100000,\"last\":\"z\"}");
    assert_true(client_send(&client,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
        "Content-Length: 0\r\n\r\n"));
    client_read(&client, &answer, false);
    assert_string_equal(answer_text(&answer), "{\"length\":0,\"last\":\"-\"}");
    client_close(&client);
    answer_clear(&answer);
}

static void a_body_that_is_too_long_is_refused_before_it_comes(void **state)
{
    const struct fixture *f = *state;

    assert_refused(f,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
        "Content-Length: 1073741824\r\n\r\n",
        413);
    assert_refused(f,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
        "Content-Length: 9223372036854775807\r\n\r\n",
        413);
    assert_refused(f,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
        "Transfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n",
        413);
}

/* Bytes that may hold a NUL get a 400, and the connection ends. */
static void assert_bytes_refused(
    const struct fixture *f, const char *bytes, size_t len)
{
    struct client client;
    struct answer answer = {0};

    assert_true(client_connect(&client, f->port));
    assert_true(client_send_bytes(&client, bytes, len));
    client_read(&client, &answer, false);
    if (answer.status != 400)
        print_error("for: %.*s\n", (int)len, bytes);
    assert_problem(&answer, 400);
    assert_string_equal(answer_header(&answer, "Connection"), "close");
    assert_true(client_ended(&client));
    client_close(&client);
    answer_clear(&answer);
}

/* Every one of these is an answer of evhttp's, if it is let through: the bytes
 * behind them would be a request to it, and none to a proxy in front. */
static void what_evhttp_is_lax_about_is_refused(void **state)
{
#define CHUNKED                                                                \
    "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"         \
    "Transfer-Encoding: chunked\r\n\r\n"
#define BYTES(text)                                                            \
    {                                                                          \
        text, sizeof(text) - 1                                                 \
    }
    static const struct {
        const char *bytes;
        size_t len;
    } hostile[] = {
        BYTES(CHUNKED " 3\r\nabc\r\n0\r\n\r\n"),
        BYTES(CHUNKED "+3\r\nabc\r\n0\r\n\r\n"),
        BYTES(CHUNKED "-3\r\nabc\r\n0\r\n\r\n"),
        BYTES(CHUNKED "0x3\r\nabc\r\n0\r\n\r\n"),
        BYTES(CHUNKED "3 x\r\nabc\r\n0\r\n\r\n"),
        BYTES(CHUNKED "3;a=b\r\nabc\r\n0\r\n\r\n"),
        BYTES(CHUNKED "3\nabc\r\n0\r\n\r\n"),
        BYTES(CHUNKED "3\r\nabc0\r\n\r\n"),
        BYTES(CHUNKED "3\r\nabc\n0\r\n\r\n"),
        BYTES(CHUNKED "3\r\nabc\r\n\r\n0\r\n\r\n"),
        BYTES(CHUNKED "\r\n0\r\n\r\n"), BYTES(CHUNKED "100000000\r\n"),
        BYTES(CHUNKED "nonsense\r\n"), BYTES(CHUNKED "3\0\r\nabc\r\n0\r\n\r\n"),
        BYTES(CHUNKED "0\r\nHost: b\r\n\r\n"),
        BYTES("GET /hello HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"),
        BYTES("GET /hello\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
        BYTES("POST /length HTTP/1.1\r\nHost: a\r\n"
              "Transfer-Encoding: chunked\0x\r\n\r\n0\r\n\r\n"),
        BYTES("GET /hello HTTP/1.1\nHost: a\n\n"),
        BYTES("GET /hello HTTP/1.1\r\nHost: a\r\nX: a\rY: b\r\n\r\n"),
        BYTES("GET /hello HTTP/1.1\r\nHost: a\r\nX: a\n\r\n"),
        BYTES("POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n"
              " chunked\r\n\r\n0\r\n\r\n"),
        BYTES("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 0x10\r\n"
              "\r\n"),
        BYTES("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 1 1\r\n"
              "\r\n"),
        BYTES("\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\n"), /* TLS */
    };
#undef CHUNKED
#undef BYTES

    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++)
        assert_bytes_refused(*state, hostile[i].bytes, hostile[i].len);
    assert_alive(*state);
}

static void a_client_that_sends_on_still_reads_the_refusal(void **state)
{
    const struct fixture *f = *state;
    struct client client;
    struct answer answer = {0};
    char body[65536];

    memset(body, 'z', sizeof body);
    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
        "Content-Length: 1073741824\r\n\r\n"));
    for (int i = 0; i < 100; i++) /* 6 MB, without looking for an answer */
        assert_true(client_send_bytes(&client, body, sizeof body));
    client_read(&client, &answer, false);
    assert_problem(&answer, 413);
    client_close(&client);
    answer_clear(&answer);
    assert_alive(f);
}

static void the_go_ahead_is_given_before_a_body(void **state)
{
    const struct fixture *f = *state;
    struct client client;
    struct answer answer = {0};

    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
        "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"));
    client_read(&client, &answer, false);
    assert_int_equal(answer.status, 100);
    assert_true(client_send(&client, "hello"));
    client_read(&client, &answer, false);
    assert_string_equal(answer_text(&answer), "{\"length\":5,\"last\":\"o\"}");
    client_close(&client);
    answer_clear(&answer);
    assert_refused(f,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
        "Content-Length: 100001\r\nExpect: 100-continue\r\n\r\n",
        413);
}

static void too_many_bodies_at_once_wait_for_each_other(void **state)
{
    enum { CLIENTS = 8, FIRST = 90000 };
    const struct fixture *f = *state;
    struct client client[CLIENTS];
    struct answer answer = {0};
    char body[MAX_BODY];

    memset(body, 'z', sizeof body);
    for (int i = 0; i < CLIENTS; i++) {
        assert_true(client_connect(&client[i], f->port));
        assert_true(client_send(&client[i],
            "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
            "Content-Length: 100000\r\n\r\n"));
        assert_true(client_send_bytes(&client[i], body, FIRST));
    }
    wait_ms(300); /* seven tenths of a megabyte: four are read, four wait */
    assert_alive(f);
    for (int i = 0; i < CLIENTS; i++)
        assert_true(
            client_send_bytes(&client[i], body + FIRST, sizeof body - FIRST));
    for (int i = 0; i < CLIENTS; i++) {
        client_read(&client[i], &answer, false);
        assert_string_equal(
            answer_text(&answer), "{\"length\":100000,\"last\":\"z\"}");
        client_close(&client[i]);
    }
    answer_clear(&answer);
}

/* --- time --- */

static void a_slow_request_is_told_and_ended(void **state)
{
    const struct fixture *f = *state;
    static const char *const begun[4] = {"G", "GET /hello HTTP/1.1\r\nHo",
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
        "Content-Length: 10\r\n\r\nabc",
        "GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET"};

    struct client client[4];
    struct answer answer = {0};

    for (size_t i = 0; i < 4; i++) {
        assert_true(client_connect(&client[i], f->port));
        assert_true(client_send(&client[i], begun[i]));
    }
    for (size_t i = 0; i < 4; i++) {
        client_read(&client[i], &answer, false);
        if (answer.status == 200) /* the one before the one begun */
            client_read(&client[i], &answer, false);
        assert_problem(&answer, 408);
        assert_true(client_ended(&client[i]));
        client_close(&client[i]);
    }
    answer_clear(&answer);
}

static void a_request_that_trickles_in_is_ended_too(void **state)
{
    const struct fixture *f = *state;
    struct client client;
    struct answer answer = {0};
    int sent = 0;

    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client,
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
        "Content-Length: 1000\r\n\r\n"));
    while (client_fill(&client, 100) == -1 && sent++ < 100)
        (void)client_send(&client, "x");
    assert_in_range(sent, 10, 60);
    client_read(&client, &answer, false);
    assert_problem(&answer, 408);
    client_close(&client);
    answer_clear(&answer);
}

static void a_client_that_does_not_read_is_ended(void **state)
{
    const struct fixture *f = *state;
    struct client client;
    struct answer answer = {0};

    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client,
        "GET /stream?pieces=1000000000&bytes=60000 HTTP/1.1\r\n"
        "Host: a\r\n\r\n"));
    assert_freed(f, 1);
    client_read(&client, &answer, false);
    assert_true(answer.cut);
    client_close(&client);
    answer_clear(&answer);
    assert_alive(f);
}

/* It always makes some progress, and would never be done. */
static void a_client_that_reads_drop_by_drop_is_ended(void **state)
{
    const struct fixture *f = *state;
    const int small = 4096;
    struct client client;
    char drop[400];
    ssize_t n = 1;
    size_t got = 0;

    assert_true(client_connect(&client, f->port));
    assert_int_equal(
        setsockopt(client.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    assert_true(client_send(
        &client, "GET /big?bytes=50000000 HTTP/1.1\r\nHost: a\r\n\r\n"));
    for (int i = 0; i < WAITS_MAX; i++) {
        wait_answer(f, "/metrics", "coderef_http_requests_in_flight ");
        wait_ms(500);
        n = recv(client.fd, drop, sizeof drop, MSG_DONTWAIT);
        got += n > 0 ? (size_t)n : 0;
        if (n == 0 || (n < 0 && errno != EAGAIN))
            break;   /* all that two kernels held has come */
        if (i > 8) { /* it was ended meanwhile: take the rest at once */
            wait_answer(f, "/metrics", "\ncoderef_http_timeouts_total 1\n");
            while ((n = recv(client.fd, drop, sizeof drop, 0)) > 0)
                got += (size_t)n;
            break;
        }
    }
    assert_true(n <= 0);
    assert_in_range(got, 1, 49999999);
    client_close(&client);
    assert_alive(f);
}

/* --- streams --- */

static void a_stream_waits_for_its_client(void **state)
{
    const struct fixture *f = *state;
    struct client client;
    struct answer answer = {0};
    int pieces;

    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client,
        "GET /stream?pieces=2000&bytes=60000 HTTP/1.1\r\nHost: a\r\n\r\n"));
    do { /* until it stands still */
        pieces = f->told->pieces;
        wait_ms(300);
    } while (pieces == 0 || f->told->pieces != pieces);
    assert_in_range(pieces, 1, 300); /* what two sockets hold */
    client_read(&client, &answer, false);
    assert_false(answer.cut);
    assert_int_equal(answer.body.len, 2000 * 60000 + 16);
    assert_freed(f, 1);
    client_close(&client);
    answer_clear(&answer);
}

static void others_are_answered_during_a_stream(void **state)
{
    const struct fixture *f = *state;
    struct client client;

    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client,
        "GET /stream?pieces=300000&bytes=0 HTTP/1.1\r\nHost: a\r\n\r\n"));
    wait_pieces(f, 10); /* it is asked again and again and has nothing to say */
    assert_alive(f);
    client_close(&client);
}

static void a_client_that_leaves_ends_its_stream(void **state)
{
    const struct fixture *f = *state;

    for (int i = 0; i < 5; i++) {
        struct client client;

        assert_true(client_connect(&client, f->port));
        assert_true(client_send(&client,
            "GET /stream?pieces=1000000000&bytes=60000 HTTP/1.1\r\n"
            "Host: a\r\n\r\n"));
        assert_int_equal(client_fill(&client, CLIENT_WAIT_MS), 1);
        client_close(&client);
    }
    assert_freed(f, 5);
    assert_alive(f);
}

/* --- handlers that are called again --- */

static void a_handler_is_called_until_it_is_done(void **state)
{
    const struct fixture *f = *state;
    struct client client;
    struct answer answer = {0};
    char tag[64], request[200];

    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client,
        "GET /work?pieces=500 HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n"
        "POST /work?pieces=3 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"
        "body"
        "GET /hello?n=2 HTTP/1.1\r\nHost: a\r\n\r\n"));
    client_read(&client, &answer, false);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(&answer), "0000000000000001 500 ");
    assert_string_equal(answer_header(&answer, "X-Request-Id"), "mine");
    assert_string_equal(answer_header(&answer, "Content-Type"), TYPE_TEXT);
    (void)snprintf(tag, sizeof tag, "%.60s", answer_header(&answer, "ETag"));
    client_read(&client, &answer, false);
    assert_string_equal(answer_text(&answer), "0000000000000001 3 body");
    client_read(&client, &answer, false);
    assert_string_equal(answer_text(&answer), "{\"hello\":\"2\"}");
    client_close(&client);
    assert_freed(f, 2);
    /* Who has the answer is not made to wait for it. */
    (void)snprintf(request, sizeof request,
        "GET /work?pieces=500 HTTP/1.1\r\nHost: a\r\nIf-None-Match: %s\r\n"
        "\r\n",
        tag);
    client_ask(f->port, request, &answer);
    assert_int_equal(answer.status, 304);
    assert_int_equal(f->told->freed, 2);
    answer_clear(&answer);
}

static void others_are_answered_while_many_wait(void **state)
{
    enum { MANY = 8 };
    const struct fixture *f = *state;
    struct client client[MANY];

    for (int i = 0; i < MANY; i++) {
        assert_true(client_connect(&client[i], f->port));
        assert_true(client_send(
            &client[i], "GET /work?pieces=20000 HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    wait_pieces(f, 100);
    assert_alive(f);
    /* One of those that wait comes to its end all the same. */
    client_close(&client[3]);
    assert_true(client_connect(&client[3], f->port));
    assert_true(client_send(
        &client[3], "HEAD /work?pieces=20 HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_int_equal(client_fill(&client[3], CLIENT_WAIT_MS), 1);
    for (int i = 0; i < MANY; i++)
        client_close(&client[i]);
    assert_freed(f, MANY + 1); /* also of the one that had left */
}

static void a_stream_that_fails_is_cut_where_the_client_sees_it(void **state)
{
    const struct fixture *f = *state;
    struct answer answer = {0};

    client_ask(f->port, "GET /failing HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    assert_true(answer.cut);
    assert_freed(f, 1);
    answer_clear(&answer);
    assert_alive(f);
}

static void a_stream_keeps_the_body_and_the_build_it_began_with(void **state)
{
    const struct fixture *f = *state;
    struct client client;
    struct answer answer = {0};

    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client,
        "POST /stream?pieces=1000&bytes=60000 HTTP/1.1\r\nHost: a\r\n"
        "Content-Length: 11\r\n\r\n:a question"));
    wait_pieces(f, 1);
    store_add_build(f->store, "0000000000000002", true);
    assert_int_equal(kill(f->pid, SIGHUP), 0);
    wait_answer(f, "/build", "0000000000000002");
    {
        struct answer build = {0};

        client_ask(f->port, "GET /build HTTP/1.1\r\nHost: a\r\n\r\n", &build);
        assert_string_equal(answer_text(&build), "0000000000000002");
        answer_clear(&build);
    }
    client_read(&client, &answer, false);
    assert_int_equal(answer.body.len, 1000 * 60000 + 16 + 11);
    assert_string_equal(
        answer.body.data + 60000000, "0000000000000001:a question");
    client_close(&client);
    answer_clear(&answer);
}

static void a_stream_has_no_body_for_head_and_ends_with_http_1_0(void **state)
{
    const struct fixture *f = *state;
    struct answer answer = {0};

    client_ask(f->port,
        "HEAD /stream?pieces=3&bytes=9 HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    assert_freed(f, 1);
    assert_int_equal(f->told->pieces, 0);
    client_ask(
        f->port, "GET /stream?pieces=3&bytes=9 HTTP/1.0\r\n\r\n", &answer);
    assert_false(answer.chunked);
    assert_string_equal(
        answer_text(&answer), "abcdefghiabcdefghiabcdefghi0000000000000001");
    answer_clear(&answer);
}

/* --- representations --- */

static void head_says_what_get_would_send(void **state)
{
    const struct fixture *f = *state;
    struct answer head = {0}, get = {0};
    struct client client;

    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client,
        "HEAD /big?bytes=3000 HTTP/1.1\r\nHost: a\r\nX-Request-Id: x\r\n\r\n"));
    client_read(&client, &head, true);
    assert_true(client_send(&client,
        "GET /big?bytes=3000 HTTP/1.1\r\nHost: a\r\nX-Request-Id: x\r\n\r\n"));
    client_read(&client, &get, false);
    assert_int_equal(get.body.len, 3000);
    assert_string_equal(answer_header(&head, "Content-Length"), "3000");
    /* All but the date, which may have turned meanwhile. */
    assert_string_equal(strstr(head.head, "Access-Control"),
        strstr(get.head, "Access-Control"));
    client_close(&client);
    answer_clear(&head);
    answer_clear(&get);
}

static void long_answers_are_compressed_for_those_who_take_it(void **state)
{
    const struct fixture *f = *state;
    struct answer answer = {0};
    unsigned char plain[6000];
    z_stream z = {0};

    client_ask(f->port,
        "GET /big?bytes=5000 HTTP/1.1\r\nHost: a\r\n"
        "Accept-Encoding: gzip, deflate\r\n\r\n",
        &answer);
    assert_string_equal(answer_header(&answer, "Content-Encoding"), "gzip");
    assert_true(answer.body.len < 500);
    assert_int_equal(inflateInit2(&z, 31), Z_OK);
    z.next_in = (unsigned char *)answer.body.data;
    z.avail_in = (unsigned)answer.body.len;
    z.next_out = plain;
    z.avail_out = sizeof plain;
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.total_out, 5000);
    assert_int_equal(plain[4999], 'a' + 4999 % 26);
    (void)inflateEnd(&z);
    client_ask(f->port,
        "GET /big?bytes=5000 HTTP/1.1\r\nHost: a\r\n"
        "Accept-Encoding: gzip;q=0\r\n\r\n",
        &answer);
    assert_null(answer_header(&answer, "Content-Encoding"));
    client_ask(f->port,
        "GET /big?bytes=100 HTTP/1.1\r\nHost: a\r\n"
        "Accept-Encoding: gzip\r\n\r\n",
        &answer);
    assert_null(answer_header(&answer, "Content-Encoding"));
    answer_clear(&answer);
}

static void an_unchanged_answer_is_not_sent_again(void **state)
{
    const struct fixture *f = *state;
    struct answer answer = {0};
    char etag[64], request[256];

    client_ask(f->port, "GET /build HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
    assert_non_null(strstr(answer.head, "Cache-Control: public, max-age=60"));
    (void)snprintf(etag, sizeof etag, "%.60s", answer_header(&answer, "ETag"));
    (void)snprintf(request, sizeof request,
        "GET /build HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"x\", %s\r\n\r\n",
        etag);
    client_ask(f->port, request, &answer);
    assert_int_equal(answer.status, 304);
    assert_string_equal(answer_header(&answer, "ETag"), etag);
    assert_null(answer_header(&answer, "Content-Length"));
    /* Another target, and another build, are other answers. */
    client_ask(f->port, "GET /hello?n=2 HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
    assert_string_not_equal(answer_header(&answer, "ETag"), etag);
    store_add_build(f->store, "0000000000000002", true);
    assert_int_equal(kill(f->pid, SIGHUP), 0);
    wait_answer(f, "/build", "0000000000000002");
    client_ask(f->port, request, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(&answer), "0000000000000002");
    answer_clear(&answer);
}

static void a_request_id_is_echoed_when_it_is_harmless(void **state)
{
    const struct fixture *f = *state;
    struct answer answer = {0};

    client_ask(f->port,
        "GET /hello HTTP/1.1\r\nHost: a\r\nX-Request-Id: a-1:b/c\r\n\r\n",
        &answer);
    assert_string_equal(answer_header(&answer, "X-Request-Id"), "a-1:b/c");
    client_ask(f->port,
        "GET /nowhere HTTP/1.1\r\nHost: a\r\nX-Request-Id: a-1:b/c\r\n\r\n",
        &answer);
    assert_non_null(strstr(answer_text(&answer), "\"request_id\":\"a-1:b/c\""));
    client_ask(f->port,
        "GET /hello HTTP/1.1\r\nHost: a\r\nX-Request-Id: \"<b>\r\n\r\n",
        &answer);
    assert_null(strstr(answer.head, "<b>"));
    assert_non_null(answer_header(&answer, "X-Request-Id"));
    answer_clear(&answer);
}

static void pages_of_other_origins_may_ask(void **state)
{
    const struct fixture *f = *state;
    struct answer answer = {0};

    client_ask(f->port,
        "OPTIONS /length HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\n"
        "Access-Control-Request-Method: POST\r\n\r\n",
        &answer);
    assert_int_equal(answer.status, 204);
    assert_string_equal(
        answer_header(&answer, "Access-Control-Allow-Origin"), "*");
    assert_string_equal(answer_header(&answer, "Access-Control-Allow-Methods"),
        "POST, OPTIONS");
    assert_non_null(
        strstr(answer_header(&answer, "Access-Control-Allow-Headers"),
            "Content-Type"));
    client_ask(f->port,
        "GET /hello HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\n\r\n", &answer);
    assert_non_null(strstr(
        answer_header(&answer, "Access-Control-Expose-Headers"), "ETag"));
    answer_clear(&answer);
}

/* --- the store and the end --- */

static void a_build_that_is_no_store_is_not_switched_to(void **state)
{
    const struct fixture *f = *state;
    struct answer answer = {0};

    store_add_broken(f->store, "0000000000000009");
    assert_int_equal(kill(f->pid, SIGHUP), 0);
    wait_ms(1300); /* and the look once a second */
    client_ask(f->port, "GET /build HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
    assert_string_equal(answer_text(&answer), "0000000000000001");
    client_ask(f->port, "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    store_add_build(f->store, "0000000000000003", true);
    wait_answer(f, "/build", "0000000000000003"); /* without a signal */
    answer_clear(&answer);
}

static void connections_beyond_the_limit_wait_for_one_to_end(void **state)
{
    const struct fixture *f = *state;
    struct client client[MAX_CONNECTIONS + 3];
    struct answer answer = {0};

    for (int i = 0; i < MAX_CONNECTIONS + 3; i++) {
        assert_true(client_connect(&client[i], f->port));
        assert_true(
            client_send(&client[i], "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    for (int i = 0; i < MAX_CONNECTIONS; i++) {
        client_read(&client[i], &answer, false);
        assert_int_equal(answer.status, 200);
    }
    assert_int_equal(client_fill(&client[MAX_CONNECTIONS], 200), -1);
    for (int i = 0; i < MAX_CONNECTIONS; i++)
        client_close(&client[i]);
    for (int i = MAX_CONNECTIONS; i < MAX_CONNECTIONS + 3; i++) {
        client_read(&client[i], &answer, false);
        assert_int_equal(answer.status, 200);
        client_close(&client[i]);
    }
    answer_clear(&answer);
}

static void idle_connections_yield_to_new_ones(void **state)
{
    const struct fixture *f = *state;
    struct client client[MAX_CONNECTIONS];
    struct answer answer = {0};

    for (int i = 0; i < MAX_CONNECTIONS; i++)
        assert_true(client_connect(&client[i], f->port));
    client_ask(f->port, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    for (int i = 0; i < MAX_CONNECTIONS; i++)
        client_close(&client[i]);
    answer_clear(&answer);
}

static void a_worker_out_of_descriptors_waits_and_tries_again(void **state)
{
    const struct fixture *f = *state;
    const struct rlimit none = {4, 1024}, enough = {1024, 1024};
    struct client client;
    struct answer answer = {0};
    struct timespec used;
    clockid_t cpu;

    assert_int_equal(prlimit(f->pid, RLIMIT_NOFILE, &none, NULL), 0);
    assert_true(client_connect(&client, f->port));
    assert_true(client_send(&client, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_int_equal(client_fill(&client, 2500), -1);
    assert_int_equal(clock_getcpuclockid(f->pid, &cpu), 0);
    assert_int_equal(clock_gettime(cpu, &used), 0);
    assert_int_equal(used.tv_sec, 0); /* it did not spin */
    assert_int_equal(prlimit(f->pid, RLIMIT_NOFILE, &enough, NULL), 0);
    client_read(&client, &answer, false);
    assert_int_equal(answer.status, 200);
    client_close(&client);
    answer_clear(&answer);
}

static void sigterm_lets_a_running_answer_end(void **state)
{
    struct fixture *f = *state;
    struct client running, idle, begun, late;
    struct answer answer = {0};
    const time_t began = time(NULL);
    int status;

    assert_true(client_connect(&running, f->port));
    assert_true(client_connect(&idle, f->port));
    assert_true(client_connect(&begun, f->port));
    assert_true(client_send(&idle, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
    client_read(&idle, &answer, false);
    assert_true(client_send(&begun, "GET /hello HTTP/1.1\r\n"));
    assert_true(client_send(&running,
        "GET /stream?pieces=500&bytes=60000 HTTP/1.1\r\nHost: a\r\n\r\n"));
    wait_pieces(f, 1);
    assert_int_equal(kill(f->pid, SIGTERM), 0);
    assert_true(client_ended(&idle));
    for (int i = 0; i < WAITS_MAX && client_connect(&late, f->port); i++) {
        client_close(&late);
        wait_ms(WAIT_MS);
    }
    assert_false(client_connect(&late, f->port));
    assert_true(client_send(&begun, "Host: a\r\n\r\n"));
    client_read(&begun, &answer, false);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_header(&answer, "Connection"), "close");
    client_read(&running, &answer, false);
    assert_false(answer.cut);
    assert_int_equal(answer.body.len, 500 * 60000 + 16);
    assert_true(client_ended(&running));
    assert_int_equal(waitpid(f->pid, &status, 0), f->pid);
    assert_in_range(time(NULL) - began, 0, HTTP_DRAIN_SECONDS / 2);
    assert_int_equal(status, 0);
    f->pid = 0;
    client_close(&running);
    client_close(&idle);
    client_close(&begun);
    client_close(&late);
    answer_clear(&answer);
}

static const char begun_body[] =
    "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
    "Content-Length: 900000\r\n\r\nabc";

static void a_thousand_rude_clients_leave_nothing_behind(void **state)
{
    const struct fixture *f = *state;
    static const char *const rude[] = {"", "GET", "GET /hello HTTP/1.1\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /big?bytes=3000000 HTTP/1.1\r\nHost: a\r\n\r\n",
        "BREW / HTTP/1.1\r\n\r\n", begun_body,
        "GET /stream?pieces=100&bytes=60000 HTTP/1.1\r\nHost: a\r\n\r\n"};
    const struct linger reset = {1, 0};

    for (int i = 0; i < 1000; i++) {
        struct client client;

        assert_true(client_connect(&client, f->port));
        (void)client_send(&client, rude[i % 8]);
        if (i % 3 == 0) /* a reset instead of an end */
            (void)setsockopt(
                client.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        client_close(&client);
    }
    assert_alive(f);
    wait_answer(f, "/metrics", "\ncoderef_http_connections 1\n");
    wait_answer(f, "/metrics", "\ncoderef_http_requests_in_flight 1\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(pipelined_requests_are_answered_in_order),
        TEST(answers_that_leave_together_reach_their_own_callers),
        TEST(big_answers_keep_their_order_too),
        TEST(a_request_in_single_bytes_is_read),
        TEST(a_half_closed_client_gets_its_whole_answer),
        TEST(connections_close_when_asked_and_with_http_1_0),
        TEST(what_evhttp_refuses_is_a_problem_too),
        TEST(what_could_hide_a_second_request_ends_the_connection),
        TEST(head_with_a_body_ends_the_connection),
        TEST(every_part_of_a_head_has_a_ceiling),
        TEST(other_versions_of_http_are_told_so),
        TEST(a_body_is_read_in_either_framing),
        TEST(a_body_that_is_too_long_is_refused_before_it_comes),
        TEST(what_evhttp_is_lax_about_is_refused),
        TEST(a_client_that_sends_on_still_reads_the_refusal),
        TEST(the_go_ahead_is_given_before_a_body),
        TEST(too_many_bodies_at_once_wait_for_each_other),
        TEST(a_slow_request_is_told_and_ended),
        TEST(a_request_that_trickles_in_is_ended_too),
        TEST(a_client_that_does_not_read_is_ended),
        TEST(a_client_that_reads_drop_by_drop_is_ended),
        TEST(a_stream_waits_for_its_client),
        TEST(others_are_answered_during_a_stream),
        TEST(a_client_that_leaves_ends_its_stream),
        TEST(a_handler_is_called_until_it_is_done),
        TEST(others_are_answered_while_many_wait),
        TEST(a_stream_that_fails_is_cut_where_the_client_sees_it),
        TEST(a_stream_keeps_the_body_and_the_build_it_began_with),
        TEST(a_stream_has_no_body_for_head_and_ends_with_http_1_0),
        TEST(head_says_what_get_would_send),
        TEST(long_answers_are_compressed_for_those_who_take_it),
        TEST(an_unchanged_answer_is_not_sent_again),
        TEST(a_request_id_is_echoed_when_it_is_harmless),
        TEST(pages_of_other_origins_may_ask),
        TEST(a_build_that_is_no_store_is_not_switched_to),
        TEST(connections_beyond_the_limit_wait_for_one_to_end),
        TEST(idle_connections_yield_to_new_ones),
        TEST(a_worker_out_of_descriptors_waits_and_tries_again),
        TEST(sigterm_lets_a_running_answer_end),
        TEST(a_thousand_rude_clients_leave_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

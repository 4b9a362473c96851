/* Whatever a client sends over its connection before it stops sending, every
 * byte that comes back is an answer of this server's making, the connection
 * ends, and nothing of it is left. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <event2/event.h>
#include "server/transport/http.h"

enum { TURNS_MAX = 20000, INPUT_MAX = 60000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct place {
    struct event_base *base;
    struct metrics *metrics;
    struct routes *routes;
    struct server *server;
    struct sockaddr_in at;
};

static void require(int holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "does not hold: %s\n", what);
    abort();
}

/* Says what was read, and nothing that a line end could stand in. */
static void echo(const struct request *request, struct reply *reply)
{
    reply->type = TYPE_TEXT;
    buffer_addf(&reply->body, "%zu bytes", request->body_len);
    for (size_t i = 0; i < request->params; i++)
        buffer_adds(&reply->body, request->param[i].value.text);
}

static enum more three_pieces(void *state, struct buffer *out)
{
    int *left = state;

    buffer_adds(out, "piece");
    return --*left > 0 ? MORE : MORE_DONE;
}

static void stream(const struct request *request, struct reply *reply)
{
    int *left = malloc(sizeof *left);

    *left = 3;
    reply_stream(reply, TYPE_TEXT, three_pieces, free, left);
}

static const char *const names[] = {"a", "b", NULL};
static const struct route routes[] = {
    {METHOD_GET | METHOD_POST, "/e", echo, names, ROUTE_CACHE, NULL},
    {METHOD_GET | METHOD_POST, "/e/{x}", echo, names, ROUTE_LENIENT, NULL},
    {METHOD_GET | METHOD_POST, "/s", stream, NULL, 0, NULL},
    {0},
};

static void begin(struct place *place)
{
    static const struct route *const tables[] = {
        routes, page_routes, operation_routes, NULL};
    static const struct http_options options = {
        .max_body = 20000, .timeout = 60, .max_connections = 10};
    struct http_parts parts = {0};
    socklen_t len = sizeof place->at;

    parts.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    place->at.sin_family = AF_INET;
    place->at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    require(bind(parts.listener, (struct sockaddr *)&place->at, len) == 0 &&
                listen(parts.listener, 8) == 0 &&
                getsockname(
                    parts.listener, (struct sockaddr *)&place->at, &len) == 0,
        "a port");
    place->base = event_base_new();
    place->routes = routes_new(tables);
    parts.base = place->base;
    parts.routes = place->routes;
    require(metrics_open(&place->metrics, 1, NULL) == 0 &&
                editions_new(&parts.editions, "/nonexistent", NULL) == 0,
        "memory");
    parts.metrics = place->metrics;
    require(
        server_new(&place->server, &parts, &options, NULL) == 0, "a server");
}

static void check(const struct buffer *in)
{
    if (in->len == 0)
        return;
    require(
        in->len > 12 && memcmp(in->data, "HTTP/1.1 ", 9) == 0, "a status line");
    require(in->data[9] >= '1' && in->data[9] <= '5', "a status");
    require(memmem(in->data, in->len, "<HTML><HEAD>\n", 13) == NULL,
        "no foreign page");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct place place;
    static struct buffer in;
    int fd, turns = 0;
    bool ended = false;

    if (place.base == NULL)
        begin(&place);
    if (len > INPUT_MAX)
        len = INPUT_MAX;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    require(connect(fd, (struct sockaddr *)&place.at, sizeof place.at) == 0,
        "a connection");
    require(fcntl(fd, F_SETFL, O_NONBLOCK) == 0, "fcntl");
    in.len = 0;
    for (size_t sent = 0; !ended; turns++) {
        char bytes[16384];
        ssize_t n;

        if (sent < len) {
            n = send(fd, data + sent, len - sent, MSG_NOSIGNAL);
            if (n > 0)
                sent += (size_t)n;
        }
        if (sent == len) {
            (void)shutdown(fd, SHUT_WR);
            sent++;
        }
        (void)event_base_loop(place.base, EVLOOP_NONBLOCK);
        while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0)
            buffer_add(&in, bytes, (size_t)n);
        ended = n == 0 || (n < 0 && errno != EAGAIN);
        require(turns < TURNS_MAX, "an end");
    }
    (void)close(fd);
    check(&in);
    for (int i = 0; i < 4; i++) /* what lingers sees the close */
        (void)event_base_loop(place.base, EVLOOP_NONBLOCK);
    return 0;
}

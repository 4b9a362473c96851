#include "server/transport/http.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>

#include "server/transport/gzip.h"
#include "server/log.h"
#include "server/web.h"

enum {
    ANSWER_HEAD_MAX = 4096,  /* bytes; all that goes into it is bounded */
    ETAG_LEN = 21,           /* W/"0123456789abcdef" and a NUL */
    HANDED_OVER_MIN = 65536, /* bytes left over that are worth not copying */
};

/* What a connection is doing. */
enum phase {
    PHASE_IDLE,      /* no byte of a next request yet */
    PHASE_RECEIVING, /* a request is coming in */
    PHASE_ANSWERING, /* nothing is read until the answer is out */
    PHASE_LINGERING, /* evhttp has let go of it; input is thrown away */
};

struct stream {
    stream_producer produce;
    void (*free)(void *state);
    void *state;
    struct buffer piece;
    struct event *again; /* for a producer that had nothing to say yet */
};

struct connection {
    struct server *server;
    struct connection *next, **link;
    struct connection *pending;
    struct bufferevent *bev;
    struct evhttp_connection
        *evcon; /* NULL until settled, and when lingering */
    struct evbuffer_cb_entry *input_watch, *output_watch;
    evutil_socket_t fd;
    enum phase phase;
    bool refused; /* evhttp could not read the request */
    bool linger;
    bool paused;     /* not read from: too much is held */
    bool favoured;   /* read from although too much is held */
    long since;      /* the second this phase began or last made progress */
    size_t received; /* bytes of the request that is coming in */
    size_t held;     /* bytes of memory for request and answer */

    /* The answer under way. */
    struct evhttp_request *req; /* NULL when it was refused */
    struct edition *edition;
    struct stream *stream; /* NULL for an answer in one piece */
    size_t route;
    enum method method;
    int status;
    uint64_t started; /* nanoseconds */
    size_t sent;      /* bytes */
    char *logged;     /* the target, when there is an access log */
    char id[REQUEST_ID_MAX + 1];
};

struct server {
    struct http_parts parts;
    struct http_options options;
    struct evhttp *http;
    struct evconnlistener *listener;
    bool listening;
    struct event *settle; /* runs right after the callback that set it off */
    struct event *close_listener; /* a turn after it was disabled */

    struct connection *connections;
    unsigned count;        /* of connections */
    size_t held, held_max; /* bytes, of all connections */
    unsigned paused;       /* connections */
    struct place {
        struct connection *connection;
    } * by_fd; /* by descriptor */
    size_t by_fd_size;
    struct connection *pending; /* for settle(): just accepted or closed */

    long now; /* monotonic seconds, as of the last tick */
    day_t today;
    char common[256]; /* header lines that every answer has */
    size_t common_len;
    uint64_t etag_seed; /* of build, program and day */
    uint64_t next_id;
    char id_prefix[12];

    /* For the request that is being handled; requests do not overlap here. */
    struct request request;
    struct reply reply;
    struct buffer packed;
    struct gzip *gzip;
    struct evbuffer *scratch;

    struct web *web;

    bool draining;
    long drain_end;
    void (*drained)(void *arg);
    void *drained_arg;
};

static void connection_end(struct connection *c);
static void stream_step(struct connection *c);
static void settle_later(struct connection *c);

static uint64_t nanoseconds(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static void count(struct server *server, enum counter which, uint64_t by)
{
    metrics_count(server->parts.metrics, server->parts.slot, which, by);
}

static void gauge(struct server *server, enum gauge which, int64_t by)
{
    metrics_gauge(server->parts.metrics, server->parts.slot, which, by);
}

/* --- the head of an answer --- */

static char *put(char *at, const char *text, size_t len)
{
    memcpy(at, text, len);
    return at + len;
}

static char *put_text(char *at, const char *text)
{
    return put(at, text, strlen(text));
}

static char *put_number(char *at, uint64_t number)
{
    char digits[20];
    size_t n = sizeof digits;

    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return put(at, digits + n, sizeof digits - n);
}

static char *put_hex(char *at, uint64_t number, int digits)
{
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        *at++ = "0123456789abcdef"[number >> shift & 15];
    return at;
}

/* What the head says beside the reply. */
struct head {
    const char *etag; /* NULL: none */
    const char *id;
    bool http11, close, gzip, origin;
    bool chunked;
    bool has_length;
    size_t length;
};

static size_t render_head(char out[ANSWER_HEAD_MAX],
    const struct server *server, const struct reply *reply,
    const struct head *head)
{
    char *at = out;

    at = put(at, "HTTP/1.1 ", 9);
    at = put_number(at, (uint64_t)reply->status);
    *at++ = ' ';
    at = put_text(at, status_phrase(reply->status));
    at = put(at, "\r\n", 2);
    at = put(at, server->common, server->common_len);
    if (reply->status != 204 && reply->status != 304) {
        at = put(at, "Content-Type: ", 14);
        at = put_text(at, reply->type);
        at = put(at, "\r\n", 2);
    }
    if (head->has_length) {
        at = put(at, "Content-Length: ", 16);
        at = put_number(at, head->length);
        at = put(at, "\r\n", 2);
    }
    if (head->chunked)
        at = put_text(at, "Transfer-Encoding: chunked\r\n");
    if (head->gzip)
        at = put_text(at, "Content-Encoding: gzip\r\n");
    if (head->etag != NULL) {
        at = put(at, "ETag: ", 6);
        at = put_text(at, head->etag);
        at = put(at, "\r\nCache-Control: ", 17);
        if (reply->keep != NULL) {
            at = put_text(at, reply->keep);
        } else {
            at = put(at, "public, max-age=", 16);
            at = put_number(at, HTTP_CACHE_SECONDS);
        }
        at = put(at, "\r\n", 2);
    } else {
        at = put_text(at, "Cache-Control: no-store\r\n");
    }
    at = put(at, "X-Request-Id: ", 14);
    at = put_text(at, head->id);
    at = put(at, "\r\n", 2);
    if (head->origin)
        at = put_text(at, "Access-Control-Expose-Headers: Allow, ETag, "
                          "Retry-After, X-Request-Id\r\n");
    at = put(at, reply->headers, reply->headers_len);
    if (head->close)
        at = put_text(at, "Connection: close\r\n");
    else if (!head->http11)
        at = put_text(at, "Connection: keep-alive\r\n");
    at = put(at, "\r\n", 2);
    return (size_t)(at - out);
}

/* FNV-1a: an ETag needs no more than to differ when the answer may. */
static uint64_t hash(uint64_t seed, const char *text)
{
    for (; *text != '\0'; text++)
        seed = (seed ^ (unsigned char)*text) * 0x100000001b3u;
    return seed;
}

static void make_etag(char out[ETAG_LEN], const struct server *server,
    const struct request *request)
{
    uint64_t sum = hash(server->etag_seed, request->target);
    char *at = out;

    if ((request->route->flags & ROUTE_NEGOTIATES) != 0 &&
        request->accept != NULL)
        sum = hash(sum * 0x100000001b3u, request->accept);
    at = put(at, "W/\"", 3);
    at = put_hex(at, sum, 16);
    *at++ = '"';
    *at = '\0';
}

static void make_id(struct server *server, char out[REQUEST_ID_MAX + 1])
{
    char *at = put_text(out, server->id_prefix);

    at = put_hex(at, server->next_id++, 8);
    *at = '\0';
}

static bool id_is_plain(const char *id)
{
    const size_t len = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz"
                                  "0123456789-_.~:/+=@");

    return len > 0 && len <= REQUEST_ID_MAX && id[len] == '\0';
}

/* --- an answer begins and ends --- */

/* Counts memory that a client makes this server hold. */
static void hold(struct connection *c, size_t bytes)
{
    c->held += bytes;
    c->server->held += bytes;
}

static void let_go(struct connection *c)
{
    c->server->held -= c->held;
    c->held = 0;
}

/* Too much is held, so only what is nearly whole may grow: each time one is
 * done, the longest of those that wait goes on. */
static void pause_reading(struct connection *c)
{
    bufferevent_disable(c->bev, EV_READ);
    c->paused = true;
    c->server->paused++;
}

static void unpause(struct connection *c)
{
    c->paused = false;
    c->server->paused--;
    c->since = c->server->now;
    (void)bufferevent_enable(c->bev, EV_READ);
}

static void resume_reading(struct server *server)
{
    struct connection *longest = NULL;
    bool waiting = false; /* for one that was let go on */

    if (server->paused == 0)
        return;
    for (struct connection *c = server->connections; c != NULL; c = c->next) {
        if (c->favoured)
            waiting = true;
        if (!c->paused)
            continue;
        if (server->held <= server->held_max)
            unpause(c);
        else if (longest == NULL || c->received > longest->received)
            longest = c;
    }
    if (!waiting && longest != NULL && longest->paused) {
        longest->favoured = true;
        unpause(longest);
    }
}

/* It does not wait for the rest of its request any more. */
static void forget_pause(struct connection *c)
{
    if (c->paused)
        c->server->paused--;
    c->paused = c->favoured = false;
}

static void begin(struct connection *c, struct evhttp_request *req)
{
    c->phase = PHASE_ANSWERING;
    forget_pause(c);
    c->since = c->server->now;
    c->req = req;
    c->route = 0;
    c->method = METHOD_OTHER;
    c->status = 0;
    c->sent = 0;
    c->started = nanoseconds();
    gauge(c->server, GAUGE_IN_FLIGHT, 1);
}

static void log_request(const struct connection *c, uint64_t took)
{
    struct log_line line;
    char *mark = c->logged != NULL ? strchr(c->logged, '?') : NULL;

    log_begin(&line, "request");
    log_text(&line, "method", method_name(c->method));
    if (c->logged != NULL) {
        /* A query may tell of a patient, so it takes --log-queries. */
        if (mark != NULL && !c->server->options.log_queries)
            *mark = '\0';
        log_text(&line, "path", c->logged);
    }
    log_number(&line, "status", c->status);
    log_number(&line, "bytes", (int64_t)c->sent);
    log_number(&line, "us", (int64_t)(took / 1000));
    log_text(&line, "id", c->id);
    log_end(&line);
}

/* The answer is out, or will never be. */
static void finish(struct connection *c)
{
    struct server *server = c->server;
    const uint64_t took = nanoseconds() - c->started;

    if (c->stream != NULL) {
        if (c->stream->free != NULL)
            c->stream->free(c->stream->state);
        if (c->stream->again != NULL)
            event_free(c->stream->again);
        buffer_clear(&c->stream->piece);
        free(c->stream);
        c->stream = NULL;
    }
    edition_release(server->parts.editions, c->edition);
    c->edition = NULL;
    metrics_request(server->parts.metrics, server->parts.slot, c->route,
        c->method, c->status, took);
    count(server, COUNT_SENT, c->sent);
    gauge(server, GAUGE_IN_FLIGHT, -1);
    if (server->options.access_log)
        log_request(c, took);
    free(c->logged);
    c->logged = NULL;
    c->req = NULL;
    c->received = evbuffer_get_length(bufferevent_get_input(c->bev));
    let_go(c);
    hold(c, c->received);
    resume_reading(server);
    c->phase = c->received > 0 ? PHASE_RECEIVING : PHASE_IDLE;
    c->since = server->now;
}

static void on_complete(struct evhttp_request *req, void *arg)
{
    struct connection *c = arg;

    /* Asked to stop while it went out: evhttp looks for this next. */
    if (c->server->draining)
        (void)evhttp_add_header(
            evhttp_request_get_output_headers(req), "Connection", "close");
    finish(c);
}

/* Ends the connection now, whatever it was doing. */
static void drop(struct connection *c)
{
    if (c->evcon != NULL)
        evhttp_connection_free(c->evcon); /* comes back to on_closed() */
    else
        connection_end(c);
}

/* --- sending --- */

static void free_body(const void *data, size_t len, void *body)
{
    free(body);
}

/* Leaves to evhttp what the socket did not take: all behind the first `taken`
 * bytes of head and body. False when there is no memory for it. */
static bool send_rest(struct connection *c, const char *head, size_t head_len,
    struct buffer *body, size_t taken)
{
    struct evbuffer *output = bufferevent_get_output(c->bev);
    bufferevent_data_cb writer;
    bufferevent_event_cb eventer;
    const size_t rest = head_len + (body != NULL ? body->len : 0) - taken;
    void *arg;

    if (c->server->held > c->server->held_max)
        return false; /* a client that is slow when memory is short */
    hold(c, rest);
    if (taken < head_len &&
        evbuffer_add(output, head + taken, head_len - taken) != 0)
        return false;
    taken = taken > head_len ? taken - head_len : 0;
    if (body != NULL && body->len - taken >= HANDED_OVER_MIN) {
        if (evbuffer_add_reference(output, body->data + taken,
                body->len - taken, free_body, body->data) != 0)
            return false;
        *body = (struct buffer){.max = body->max}; /* no longer ours */
    } else if (body != NULL && body->len > taken &&
               evbuffer_add(output, body->data + taken, body->len - taken) !=
                   0) {
        return false;
    }
    /* evhttp ends the program when its reader runs while it writes. Reading
     * is off, so it cannot; this makes sure. */
    bufferevent_getcb(c->bev, NULL, &writer, &eventer, &arg);
    bufferevent_setcb(c->bev, NULL, writer, eventer, arg);
    return bufferevent_enable(c->bev, EV_WRITE) == 0;
}

/* Sends head and body (NULL: none). The request is gone afterwards, and maybe
 * the connection too. */
static void send_whole(struct connection *c, const char *head, size_t head_len,
    struct buffer *body)
{
    struct evhttp_request *req = c->req;
    const size_t body_len = body != NULL ? body->len : 0;
    struct iovec part[2] = {
        {(void *)(uintptr_t)head, head_len},
        {body_len > 0 ? body->data : NULL, body_len},
    };
    struct msghdr message = {.msg_iov = part, .msg_iovlen = 2};
    ssize_t taken = 0;

    c->sent = head_len + body_len;
    /* A "100 Continue" may still wait there. */
    if (evbuffer_get_length(bufferevent_get_output(c->bev)) == 0) {
        taken = sendmsg(c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (taken < 0 && errno != EAGAIN && errno != EWOULDBLOCK &&
            errno != EINTR) {
            count(c->server, COUNT_ABORTED, 1);
            drop(c);
            return;
        }
        if (taken < 0)
            taken = 0;
    }
    /* evhttp would end a request that came in chunks with a chunk. */
    req->chunked = 0;
    if ((size_t)taken == c->sent) {
        finish(c);
        evhttp_send_reply_end(req);
        return;
    }
    if (!send_rest(c, head, head_len, body, (size_t)taken)) {
        drop(c);
        return;
    }
    evhttp_request_set_on_complete_cb(req, on_complete, c);
    evhttp_send_reply_end(req);
}

static void on_again(evutil_socket_t fd, short what, void *arg)
{
    stream_step(arg);
}

static void on_piece_sent(struct evhttp_connection *evcon, void *arg)
{
    stream_step(arg);
}

/* Asks the producer for a piece. The next one follows when the socket has
 * taken it, so an answer of any length holds one piece of memory. */
static void stream_step(struct connection *c)
{
    static const struct timeval soon = {0, 0};
    struct server *server = c->server;
    struct stream *stream = c->stream;
    struct evhttp_request *req = c->req;
    enum more more;

    stream->piece.len = 0;
    more = stream->produce(stream->state, &stream->piece);
    c->since = server->now;
    c->sent += stream->piece.len;
    if (more == MORE_FAILED || stream->piece.failed ||
        evbuffer_add(server->scratch, stream->piece.data, stream->piece.len) !=
            0) {
        log_event("stream_failed", "id", c->id);
        drop(c);
        return;
    }
    if (stream->piece.len > 0) {
        evhttp_send_reply_chunk_with_cb(req, server->scratch, on_piece_sent, c);
        /* evhttp would go on reading, to see the client leave. */
        bufferevent_disable(c->bev, EV_READ);
    }
    if (more == MORE) {
        if (stream->piece.len == 0)
            (void)event_add(stream->again, &soon);
        return;
    }
    evhttp_request_set_on_complete_cb(req, on_complete, c);
    if (req->chunked) {
        struct bufferevent *bev = c->bev;

        evhttp_send_reply_end(req);
        bufferevent_disable(bev, EV_READ);
    } else {
        evhttp_send_reply_end(req); /* may end the connection at once */
    }
}

static void send_stream(struct connection *c, const char *head, size_t head_len,
    struct reply *reply, bool chunked)
{
    struct stream *stream = calloc(1, sizeof *stream);

    c->sent = head_len;
    c->stream = stream;
    if (stream == NULL) {
        if (reply->stream_free != NULL)
            reply->stream_free(reply->stream_state);
        drop(c);
        return;
    }
    stream->piece.max = REPLY_BODY_MAX;
    stream->produce = reply->produce;
    stream->free = reply->stream_free;
    stream->state = reply->stream_state;
    stream->again = event_new(c->server->parts.base, -1, 0, on_again, c);
    if (stream->again == NULL ||
        evbuffer_add(bufferevent_get_output(c->bev), head, head_len) != 0) {
        drop(c);
        return;
    }
    c->req->chunked = chunked;
    stream_step(c);
}

/* --- a request --- */

/* The octets that may stand in the name of a header. */
static bool is_token(const char *name)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    if (*name == '\0')
        return false;
    for (; *name != '\0'; name++) {
        const char c = *name;

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            (c >= '0' && c <= '9') || c == '-')
            continue;
        if (strchr(others, c) == NULL)
            return false;
    }
    return true;
}

/* True when a comma list such as Connection holds the word. */
static bool list_has(const char *list, const char *word)
{
    const size_t len = strlen(word);

    while (*list != '\0') {
        size_t n;

        list += strspn(list, ", \t");
        n = strcspn(list, ", \t");
        if (n == len && strncasecmp(list, word, len) == 0)
            return true;
        list += n;
    }
    return false;
}

/* Header lines that are looked at once and not kept. */
struct framing {
    const char *connection, *content_length, *transfer_encoding;
    unsigned hosts, lengths, codings;
    size_t bytes;
    bool bad_name;
};

static void read_header(struct request *request, struct framing *framing,
    const char *name, const char *value)
{
    struct {
        const char *name, **value;
    } const wanted[] = {
        {"Accept", &request->accept},
        {"Accept-Encoding", &request->accept_encoding},
        {"Content-Type", &request->content_type},
        {"Content-Encoding", &request->content_encoding},
        {"If-None-Match", &request->if_none_match},
        {"Origin", &request->origin},
        {"X-Request-Id", &request->request_id},
        {"Connection", &framing->connection},
    };

    switch (name[0] | 0x20) {
    case 'h':
        if (strcasecmp(name, "Host") == 0)
            framing->hosts++;
        return;
    case 't':
        if (strcasecmp(name, "Transfer-Encoding") == 0) {
            framing->transfer_encoding = value;
            framing->codings++;
        }
        return;
    case 'c':
        if (strcasecmp(name, "Content-Length") == 0) {
            framing->content_length = value;
            framing->lengths++;
            return;
        }
        break;
    case 'a':
    case 'i':
    case 'o':
    case 'x':
        break;
    default:
        return;
    }
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (strcasecmp(name, wanted[i].name) == 0) {
            if (*wanted[i].value == NULL)
                *wanted[i].value = value;
            return;
        }
}

/* What makes it unsafe to say where this request ends, and so to read another
 * one behind it: between a proxy and us that is request smuggling. NULL when
 * there is nothing. */
static const char *framing_fault(
    const struct request *request, const struct framing *framing)
{
    const char *length = framing->content_length;

    if (framing->bad_name)
        return "The name of a header line holds an impossible character.";
    if (framing->lengths > 1)
        return "Content-Length was sent more than once.";
    if (length != NULL &&
        (*length == '\0' || length[strspn(length, "0123456789")] != '\0'))
        return "Content-Length is not a number.";
    if (framing->codings > 1 ||
        (framing->codings == 1 &&
            strcasecmp(framing->transfer_encoding, "chunked") != 0))
        return "The only Transfer-Encoding that is read is 'chunked'.";
    if (framing->codings == 1 && (length != NULL || !request->http11))
        return "Transfer-Encoding cannot stand beside Content-Length, nor in "
               "HTTP/1.0.";
    if (request->method == METHOD_HEAD &&
        (framing->codings != 0 ||
            (length != NULL && length[strspn(length, "0")] != '\0')))
        return "HEAD takes no body.";
    if (framing->hosts > 1 || (framing->hosts == 0 && request->http11))
        return "HTTP/1.1 wants exactly one Host line.";
    return NULL;
}

static enum method to_method(enum evhttp_cmd_type type)
{
    switch (type) {
    case EVHTTP_REQ_GET:
        return METHOD_GET;
    case EVHTTP_REQ_POST:
        return METHOD_POST;
    case EVHTTP_REQ_HEAD:
        return METHOD_HEAD;
    case EVHTTP_REQ_OPTIONS:
        return METHOD_OPTIONS;
    case EVHTTP_REQ_PUT:
        return METHOD_PUT;
    case EVHTTP_REQ_DELETE:
        return METHOD_DELETE;
    case EVHTTP_REQ_PATCH:
        return METHOD_PATCH;
    default:
        return METHOD_OTHER;
    }
}

/* Fills the request from the head. False with the problem in reply. */
static bool read_head(struct request *request, struct evhttp_request *req,
    struct reply *reply, bool *close)
{
    struct framing framing = {0};
    const struct evkeyval *line;
    const char *fault;

    request->method = to_method(evhttp_request_get_command(req));
    request->http11 = req->major == 1 && req->minor >= 1;
    request->target = evhttp_request_get_uri(req);
    request->segments = request->params = 0;
    request->accept = request->accept_encoding = request->content_type = NULL;
    request->content_encoding = NULL;
    request->if_none_match = request->origin = request->request_id = NULL;
    request->body = "";
    request->body_len = 0;
    request->route = NULL;
    request->answers = NULL;

    for (line = evhttp_request_get_input_headers(req)->tqh_first; line != NULL;
         line = line->next.tqe_next) {
        if (!is_token(line->key))
            framing.bad_name = true;
        framing.bytes += strlen(line->key) + strlen(line->value) + 4;
        read_header(request, &framing, line->key, line->value);
    }

    /* evhttp looks for "close" as the whole value, so it is told below. */
    if (request->http11)
        *close =
            framing.connection != NULL && list_has(framing.connection, "close");
    else
        *close = framing.connection == NULL ||
                 strncasecmp(framing.connection, "keep-alive", 10) != 0;
    if ((req->flags & EVHTTP_PROXY_REQUEST) != 0)
        *close = true; /* a target with our name in it: evhttp closes then */

    if (req->major != 1) {
        *close = true;
        reply_problem(reply, 505, "bad_version",
            "This server speaks HTTP/1.1 and HTTP/1.0.");
        return false;
    }
    if ((fault = framing_fault(request, &framing)) != NULL) {
        *close = true;
        reply_problem(reply, 400, "bad_request", "%s", fault);
        return false;
    }
    if (framing.bytes > REQUEST_HEADERS_MAX) {
        reply_problem(reply, 431, "headers_too_long",
            "The header lines have %zu bytes, %d are taken.", framing.bytes,
            REQUEST_HEADERS_MAX);
        return false;
    }
    return true;
}

/* The path and query of an absolute target, "http://host/path"; a target of
 * another form is left as it is. */
static const char *path_of(const char *target)
{
    const char *rest = NULL;

    if (strncasecmp(target, "http://", 7) == 0)
        rest = target + 7;
    else if (strncasecmp(target, "https://", 8) == 0)
        rest = target + 8;
    if (rest == NULL)
        return target;
    rest += strcspn(rest, "/?#");
    return *rest == '\0' ? "/" : rest;
}

/* Runs the handler, if there is one to run. */
static void answer(struct connection *c, struct request *request,
    struct reply *reply, char etag[ETAG_LEN], bool *tagged)
{
    struct evbuffer *input = evhttp_request_get_input_buffer(c->req);
    const struct route *route;

    if (request->method == METHOD_OPTIONS &&
        strcmp(request->target, "*") == 0) {
        reply->status = 204;
        reply_header(reply, "Allow", "GET, HEAD, POST, OPTIONS");
        return;
    }
    if (!request_parse_target(request, path_of(request->target), reply))
        return;
    c->edition = edition_hold(c->server->parts.editions);
    request->answers = edition_answers(c->edition);
    if (!routes_find(c->server->parts.routes, request, reply, &c->route))
        return;
    route = request->route;
    if ((route->flags & ROUTE_CACHE) != 0 && request->answers != NULL &&
        (request->method & (METHOD_GET | METHOD_HEAD)) != 0) {
        make_etag(etag, c->server, request);
        *tagged = true;
        if (request->if_none_match != NULL &&
            etag_listed(request->if_none_match, etag)) {
            reply->status = 304;
            return;
        }
    }
    request->body_len = evbuffer_get_length(input);
    if (request->body_len > 0) {
        request->body = (const char *)evbuffer_pullup(input, -1);
        if (request->body == NULL) {
            reply_problem(reply, 503, "no_memory",
                "There is no memory for a body of this length just now.");
            return;
        }
    }
    route->answer(request, reply);
    if (reply->tag[0] != '\0' && reply->status == 200 &&
        request->if_none_match != NULL &&
        etag_listed(request->if_none_match, reply->tag))
        reply->status = 304;
    if (reply->body.failed)
        reply_problem(reply, 422, "answer_too_large",
            "The answer would be longer than %d bytes. Ask for less at a time.",
            REPLY_BODY_MAX);
}

static void send_reply(struct connection *c, const struct request *request,
    struct reply *reply, struct head *head)
{
    struct server *server = c->server;
    struct buffer *body = &reply->body;
    char text[ANSWER_HEAD_MAX];
    size_t len;

    c->status = reply->status;
    if (head->close)
        (void)evhttp_add_header(
            evhttp_request_get_output_headers(c->req), "Connection", "close");
    if (reply->produce != NULL && request->method != METHOD_HEAD) {
        head->chunked = head->http11;
        len = render_head(text, server, reply, head);
        send_stream(c, text, len, reply, head->chunked);
        return;
    }
    if (reply->produce != NULL) {
        if (reply->stream_free != NULL)
            reply->stream_free(reply->stream_state);
        body = NULL;
    } else if (reply->status == 204 || reply->status == 304) {
        body = NULL;
    } else {
        if (reply->packed) {
            head->gzip = true;
        } else if (body->len >= HTTP_GZIP_MIN &&
                   accepts_gzip(request->accept_encoding) &&
                   gzip_pack(server->gzip, &server->packed, body)) {
            head->gzip = true;
            body = &server->packed;
        }
        head->has_length = true;
        head->length = body->len;
        if (request->method == METHOD_HEAD)
            body = NULL;
    }
    len = render_head(text, server, reply, head);
    send_whole(c, text, len, body);
}

static struct connection *connection_of(
    struct server *server, struct evhttp_request *req)
{
    struct evhttp_connection *evcon = evhttp_request_get_connection(req);
    const evutil_socket_t fd =
        bufferevent_getfd(evhttp_connection_get_bufferevent(evcon));

    return fd >= 0 && (size_t)fd < server->by_fd_size
               ? server->by_fd[fd].connection
               : NULL;
}

/* evhttp has read a whole request. */
static void on_request(struct evhttp_request *req, void *arg)
{
    struct server *server = arg;
    struct connection *c = connection_of(server, req);
    struct request *request = &server->request;
    struct reply *reply = &server->reply;
    struct head head = {0};
    char etag[ETAG_LEN];
    bool tagged = false;

    if (c == NULL) { /* there was no memory for it when it was accepted */
        evhttp_connection_free(evhttp_request_get_connection(req));
        return;
    }
    begin(c, req);
    reply_reset(reply);
    request->server = server;
    request->web = server->web;
    request->today = server->today;
    if (read_head(request, req, reply, &head.close)) {
        if (request->request_id != NULL && id_is_plain(request->request_id))
            memcpy(request->id, request->request_id,
                strlen(request->request_id) + 1);
        else
            make_id(server, request->id);
        answer(c, request, reply, etag, &tagged);
    } else {
        make_id(server, request->id);
    }
    c->method = request->method;
    memcpy(c->id, request->id, sizeof c->id);
    if (server->options.access_log)
        c->logged = strdup(request->target);
    if (reply->reason != NULL) {
        if (reply->produce != NULL && reply->stream_free != NULL)
            reply->stream_free(reply->stream_state);
        reply->produce = NULL;
        reply_render_problem(reply, request->target, request->id);
    }
    head.id = request->id;
    head.http11 = request->http11;
    head.origin = request->origin != NULL;
    head.close |= reply->close || server->draining ||
                  (reply->produce != NULL && !request->http11);
    if ((tagged || reply->tag[0] != '\0') && !reply->no_cache &&
        (reply->status == 200 || reply->status == 304))
        head.etag = reply->tag[0] != '\0' ? reply->tag : etag;
    send_reply(c, request, reply, &head);
}

/* --- what evhttp answers itself --- */

static void describe_refusal(
    const struct connection *c, int status, struct reply *reply)
{
    switch (status) {
    case 413:
        reply_problem(reply, 413, "body_too_long",
            "A body may have %zu bytes, and its chunks must be well formed.",
            c->server->options.max_body);
        break;
    case 417:
        reply_problem(reply, 417, "bad_expectation",
            "The only expectation that is met is '100-continue'.");
        break;
    case 0: /* what evhttp says to a method it has never heard of */
    case 501:
        reply_problem(reply, 501, "unknown_method",
            "This server takes GET, HEAD, POST and OPTIONS.");
        break;
    default:
        if (c->received > HTTP_HEAD_MAX)
            reply_problem(reply, 431, "head_too_long",
                "Request line and header lines may have %d bytes together.",
                HTTP_HEAD_MAX);
        else
            reply_problem(reply, 400, "bad_request",
                "This could not be read as an HTTP/1.1 request.");
        break;
    }
}

/* Renders a problem that ends the connection; there is no request for it. */
static size_t render_refusal(
    struct connection *c, struct reply *reply, char head_text[ANSWER_HEAD_MAX])
{
    struct head head = {.http11 = true, .close = true, .has_length = true};
    char id[REQUEST_ID_MAX + 1];

    make_id(c->server, id);
    memcpy(c->id, id, sizeof c->id);
    reply_render_problem(reply, NULL, id);
    head.id = id;
    head.length = reply->body.len;
    c->status = reply->status;
    return render_head(head_text, c->server, reply, &head);
}

/* Puts a problem in the place of evhttp's page, of which the first line stands
 * in the output. The end of the output is frozen behind it, so the rest of the
 * page goes nowhere. evhttp closes the connection when all is written. */
static void refuse(struct connection *c, struct evbuffer *output, int status)
{
    struct reply reply;
    char head[ANSWER_HEAD_MAX];
    size_t len;

    c->refused = c->linger = true;
    begin(c, NULL);
    count(c->server, COUNT_REFUSED, 1);
    reply_init(&reply);
    describe_refusal(c, status, &reply);
    len = render_refusal(c, &reply, head);
    c->sent = len + reply.body.len;
    /* A bufferevent keeps the front of its output frozen while not writing. */
    (void)evbuffer_unfreeze(output, 1);
    (void)evbuffer_drain(output, evbuffer_get_length(output));
    (void)evbuffer_freeze(output, 1);
    (void)evbuffer_add(output, head, len);
    (void)evbuffer_add(output, reply.body.data, reply.body.len);
    (void)evbuffer_freeze(output, 0);
    reply_clear(&reply);
}

static void on_output(
    struct evbuffer *output, const struct evbuffer_cb_info *info, void *arg)
{
    struct connection *c = arg;
    struct evbuffer_ptr at;
    char line[16]; /* "HTTP/1.1 413 Con" */
    int status = 0;
    ev_ssize_t n;

    if (info->n_deleted > 0)
        c->since = c->server->now; /* progress */
    if (info->n_added == 0 || c->phase == PHASE_ANSWERING)
        return;
    if (evbuffer_ptr_set(output, &at, info->orig_size, EVBUFFER_PTR_SET) != 0)
        return;
    n = evbuffer_copyout_from(output, &at, line, sizeof line - 1);
    line[n > 0 ? n : 0] = '\0';
    (void)sscanf(line, "HTTP/%*d.%*d %3d", &status);
    if (status != 100) /* "100 Continue" is as it should be */
        refuse(c, output, status);
}

static void on_input(
    struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
    struct connection *c = arg;

    if (info->n_added == 0)
        return;
    if (c->refused) { /* nobody will read it */
        (void)evbuffer_drain(input, evbuffer_get_length(input));
        return;
    }
    if (c->phase == PHASE_IDLE) {
        c->phase = PHASE_RECEIVING;
        c->since = c->server->now;
        c->received = 0;
    }
    c->received += info->n_added;
    hold(c, info->n_added);
    if (c->server->held > c->server->held_max && c->received > HTTP_HEAD_MAX &&
        !c->favoured && !c->paused)
        pause_reading(c);
}

/* --- connections --- */

static void listen_again(struct server *server)
{
    if (server->draining || server->count >= server->options.max_connections)
        return;
    if (evconnlistener_enable(server->listener) == 0)
        server->listening = true;
}

static void drained(struct server *server)
{
    void (*done)(void *) = server->drained;

    server->drained = NULL;
    if (done != NULL)
        done(server->drained_arg);
}

/* The last of a connection. */
static void connection_end(struct connection *c)
{
    struct server *server = c->server;

    if (c->phase == PHASE_LINGERING)
        bufferevent_decref(c->bev); /* closes the socket */
    if (c->fd >= 0 && (size_t)c->fd < server->by_fd_size &&
        server->by_fd[c->fd].connection == c)
        server->by_fd[c->fd].connection = NULL;
    let_go(c);
    forget_pause(c);
    *c->link = c->next;
    if (c->next != NULL)
        c->next->link = c->link;
    free(c);
    server->count--;
    gauge(server, GAUGE_OPEN, -1);
    listen_again(server);
    if (server->draining && server->count == 0)
        drained(server);
}

static void on_linger_read(struct bufferevent *bev, void *arg)
{
    struct evbuffer *input = bufferevent_get_input(bev);

    (void)evbuffer_drain(input, evbuffer_get_length(input));
}

static void on_linger_event(struct bufferevent *bev, short what, void *arg)
{
    connection_end(arg);
}

/* evhttp is about to free a connection of ours. */
static void on_closed(struct evhttp_connection *evcon, void *arg)
{
    struct connection *c = arg;
    struct evbuffer *input = bufferevent_get_input(c->bev);
    const bool unread = evbuffer_get_length(input) > 0;

    evbuffer_remove_cb_entry(input, c->input_watch);
    evbuffer_remove_cb_entry(bufferevent_get_output(c->bev), c->output_watch);
    c->evcon = NULL;
    if (c->phase == PHASE_ANSWERING) {
        struct evhttp_request *req = c->req;

        if (!c->refused)
            count(c->server, COUNT_ABORTED, 1);
        finish(c);
        /* A request that we have not ended is taken off its connection first
         * when the client went away, and is then ours to free. */
        if (req != NULL && evhttp_request_get_connection(req) == NULL)
            evhttp_request_free(req);
    }
    if ((c->linger || unread) && !c->server->draining) {
        (void)evbuffer_drain(input, evbuffer_get_length(input));
        c->phase = PHASE_LINGERING;
        c->since = c->server->now;
        bufferevent_incref(c->bev);
        settle_later(c); /* evhttp clears the callbacks next */
        return;
    }
    connection_end(c);
}

/* evhttp makes the objects of a new connection without telling; they are
 * complete when the accepting callback has returned, and this runs before
 * anything is read. What evhttp hands to its bufferevent's callbacks is its
 * connection. */
static void adopt(struct connection *c)
{
    struct server *server = c->server;
    void *evcon = NULL;

    bufferevent_getcb(c->bev, NULL, NULL, NULL, &evcon);
    bufferevent_decref(c->bev);
    if (evcon == NULL) { /* evhttp could not complete it */
        connection_end(c);
        return;
    }
    c->evcon = evcon;
    c->fd = bufferevent_getfd(c->bev);
    if ((size_t)c->fd >= server->by_fd_size) {
        const size_t size = (size_t)c->fd + 64;
        struct place *by_fd = realloc(server->by_fd, size * sizeof *by_fd);

        if (by_fd == NULL) {
            evhttp_connection_set_closecb(c->evcon, on_closed, c);
            drop(c);
            return;
        }
        memset(by_fd + server->by_fd_size, 0,
            (size - server->by_fd_size) * sizeof *by_fd);
        server->by_fd = by_fd;
        server->by_fd_size = size;
    }
    server->by_fd[c->fd].connection = c;
    evhttp_connection_set_closecb(c->evcon, on_closed, c);
}

static void linger(struct connection *c)
{
    bufferevent_setcb(c->bev, on_linger_read, NULL, on_linger_event, c);
    if (bufferevent_enable(c->bev, EV_READ) != 0)
        connection_end(c);
}

static void settle(struct server *server)
{
    while (server->pending != NULL) {
        struct connection *c = server->pending, *next;

        server->pending = NULL;
        for (; c != NULL; c = next) {
            next = c->pending;
            if (c->phase == PHASE_LINGERING)
                linger(c);
            else
                adopt(c);
        }
    }
}

static void on_settle(evutil_socket_t fd, short what, void *arg)
{
    settle(arg);
}

static void settle_later(struct connection *c)
{
    c->pending = c->server->pending;
    c->server->pending = c;
    event_active(c->server->settle, EV_TIMEOUT, 0);
}

static void pause_listening(struct server *server)
{
    if (server->listening)
        (void)evconnlistener_disable(server->listener);
    server->listening = false;
}

/* Ends what has been idle for a while, so that open connections nobody uses
 * cannot keep others out. */
static void make_room(struct server *server)
{
    struct connection *next;

    for (struct connection *c = server->connections; c != NULL; c = next) {
        next = c->next;
        /* The analyzer does not see that an ended one has left the list. */
        // NOLINTNEXTLINE(clang-analyzer-unix.Malloc)
        if (c->phase == PHASE_IDLE && c->evcon != NULL &&
            server->now - c->since >= HTTP_YIELD_SECONDS)
            drop(c);
    }
}

/* evhttp wants a bufferevent for a connection it has accepted. Without the
 * memory for a connection of ours it gets one all the same, and its first
 * request closes it. */
static struct bufferevent *on_accepted(struct event_base *base, void *arg)
{
    struct server *server = arg;
    struct bufferevent *bev =
        bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    struct connection *c = calloc(1, sizeof *c);

    if (bev == NULL || c == NULL)
        goto fail;
    c->input_watch = evbuffer_add_cb(bufferevent_get_input(bev), on_input, c);
    c->output_watch =
        evbuffer_add_cb(bufferevent_get_output(bev), on_output, c);
    if (c->input_watch == NULL || c->output_watch == NULL) {
        if (c->input_watch != NULL)
            evbuffer_remove_cb_entry(
                bufferevent_get_input(bev), c->input_watch);
        if (c->output_watch != NULL)
            evbuffer_remove_cb_entry(
                bufferevent_get_output(bev), c->output_watch);
        goto fail;
    }
    c->server = server;
    c->bev = bev;
    c->fd = -1;
    c->since = server->now;
    c->next = server->connections;
    c->link = &server->connections;
    if (c->next != NULL)
        c->next->link = &c->next;
    server->connections = c;
    server->count++;
    gauge(server, GAUGE_OPEN, 1);
    count(server, COUNT_CONNECTIONS, 1);
    bufferevent_incref(bev); /* until it is adopted */
    settle_later(c);
    if (server->count >= server->options.max_connections)
        make_room(server);
    if (server->count >= server->options.max_connections)
        pause_listening(server); /* the next ones wait in the kernel */
    return bev;
fail:
    free(c);
    return bev;
}

/* accept() fails for want of descriptors or memory: the next tick tries again
 * instead of the loop spinning. What comes as the argument is evhttp's. */
static void on_accept_error(struct evconnlistener *listener, void *http)
{
    log_event("accept_failed", "error", strerror(errno));
    (void)evconnlistener_disable(listener);
}

/* --- time --- */

/* A client was too slow with its request. */
static void time_out(struct connection *c)
{
    const bool paused = c->paused;
    struct reply reply;
    char head[ANSWER_HEAD_MAX];
    size_t len;

    count(c->server, COUNT_TIMEOUTS, 1);
    c->refused = c->linger = true;
    begin(c, NULL);
    reply_init(&reply);
    if (paused) {
        reply_header(&reply, "Retry-After", "10");
        reply_problem(&reply, 503, "busy",
            "Too many long requests arrive at once. Try again later.");
    } else {
        reply_problem(&reply, 408, "too_slow",
            "The request did not arrive within %u seconds.",
            c->server->options.timeout);
    }
    len = render_refusal(c, &reply, head);
    if (evbuffer_get_length(bufferevent_get_output(c->bev)) == 0) {
        struct iovec part[2] = {{head, len}, {reply.body.data, reply.body.len}};
        struct msghdr message = {.msg_iov = part, .msg_iovlen = 2};

        /* A client that does not read either goes without. */
        if (sendmsg(c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
            c->sent = len + reply.body.len;
    }
    reply_clear(&reply);
    drop(c);
}

static void sweep(struct server *server)
{
    settle(server);
    resume_reading(server);
    for (struct connection *c = server->connections, *next; c != NULL;
         c = next) {
        const long quiet = server->now - c->since;

        next = c->next;
        switch (c->phase) {
        case PHASE_IDLE:
            if (quiet > HTTP_IDLE_SECONDS)
                drop(c);
            break;
        case PHASE_RECEIVING:
            if (quiet > (long)server->options.timeout)
                time_out(c);
            break;
        case PHASE_ANSWERING:
            if (quiet > (long)server->options.timeout) {
                count(server, COUNT_TIMEOUTS, 1);
                drop(c);
            }
            break;
        case PHASE_LINGERING:
            if (quiet > HTTP_LINGER_SECONDS)
                connection_end(c);
            break;
        }
    }
}

static void look_at_clock(struct server *server)
{
    struct timespec ts;
    struct tm tm;
    time_t wall = time(NULL);
    char date[40] = "";
    struct edition *active = edition_hold(server->parts.editions);
    const struct answers *answers = edition_answers(active);

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    server->now = (long)ts.tv_sec;
    server->today = day_today();
    if (gmtime_r(&wall, &tm) != NULL)
        (void)strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    server->common_len = (size_t)snprintf(server->common, sizeof server->common,
        "Date: %s\r\n"
        "Access-Control-Allow-Origin: *\r\n"
        "Vary: Accept, Accept-Encoding, Origin\r\n"
        "X-Content-Type-Options: nosniff\r\n",
        date);
    server->etag_seed = hash(0xcbf29ce484222325u, CODEREF_VERSION "/");
    if (answers != NULL)
        server->etag_seed = hash(server->etag_seed, store_id(answers->store));
    /* An answer without a date is one for today. */
    server->etag_seed += (uint64_t)server->today * 0x9e3779b97f4a7c15u;
    edition_release(server->parts.editions, active);
}

static void refresh(struct server *server, bool retry)
{
    struct error err;
    const int rc = editions_refresh(server->parts.editions, retry, &err);

    if (rc > 0) {
        struct edition *active = edition_hold(server->parts.editions);

        log_event(
            "store_opened", "build", store_id(edition_answers(active)->store));
        edition_release(server->parts.editions, active);
        count(server, COUNT_SWITCHES, 1);
        metrics_set(server->parts.metrics, server->parts.slot, GAUGE_LOADED,
            (int64_t)time(NULL));
    } else if (rc < 0) {
        log_event("store_refused", "error", err.msg);
        count(server, COUNT_SWITCH_FAILED, 1);
    }
}

void server_reload(struct server *server)
{
    refresh(server, true);
    look_at_clock(server);
}

void server_tick(struct server *server)
{
    refresh(server, false);
    look_at_clock(server);
    sweep(server);
    if (!server->listening && !server->draining &&
        server->count >= server->options.max_connections)
        make_room(server);
    listen_again(server); /* also after on_accept_error() */
    if (server->draining && server->now >= server->drain_end) {
        struct log_line line;

        log_begin(&line, "drain_cut");
        log_number(&line, "connections", server->count);
        log_end(&line);
        drained(server);
    }
}

/* --- the whole --- */

static void on_close_listener(evutil_socket_t fd, short what, void *arg)
{
    struct server *server = arg;

    /* The kernel refuses new connections once every worker has done this. */
    (void)close(server->parts.listener);
    server->parts.listener = -1;
}

void server_drain(struct server *server, void (*done)(void *arg), void *arg)
{
    static const struct timeval soon = {0, 0};

    if (server->draining)
        return;
    settle(server);
    pause_listening(server);
    /* epoll forgets the socket on the next turn only. */
    (void)event_add(server->close_listener, &soon);
    server->draining = true;
    server->drain_end = server->now + HTTP_DRAIN_SECONDS;
    server->drained = done;
    server->drained_arg = arg;
    for (struct connection *c = server->connections, *next; c != NULL;
         c = next) {
        int waiting = 0;

        next = c->next;
        if (c->phase == PHASE_IDLE && ioctl(c->fd, FIONREAD, &waiting) == 0 &&
            waiting == 0)
            drop(c);
        else if (c->phase == PHASE_LINGERING)
            connection_end(c);
    }
    if (server->count == 0)
        drained(server);
}

int server_new(struct server **out, const struct http_parts *parts,
    const struct http_options *options, struct error *err)
{
    struct server *server = calloc(1, sizeof *server);
    uint32_t random = 0;
    int rc;

    if (server == NULL)
        return error_memory(err);
    if ((rc = web_open(&server->web, options->web, err)) != 0) {
        free(server);
        return rc;
    }
    server->parts = *parts;
    server->options = *options;
    server->held_max =
        options->max_held != 0 ? options->max_held : HTTP_HELD_MAX;
    if (server->held_max < 4 * options->max_body)
        server->held_max = 4 * options->max_body;
    reply_init(&server->reply);
    server->packed.max = REPLY_BODY_MAX;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        random = (uint32_t)getpid() ^ (uint32_t)time(NULL);
    (void)snprintf(
        server->id_prefix, sizeof server->id_prefix, "%08x-", random);
    server->settle = event_new(parts->base, -1, 0, on_settle, server);
    server->close_listener =
        event_new(parts->base, -1, 0, on_close_listener, server);
    server->gzip = gzip_new();
    server->scratch = evbuffer_new();
    server->http = evhttp_new(parts->base);
    if (server->settle == NULL || server->close_listener == NULL ||
        server->gzip == NULL || server->scratch == NULL || server->http == NULL)
        goto fail;
    evhttp_set_max_headers_size(server->http, HTTP_HEAD_MAX);
    evhttp_set_max_body_size(server->http, (ev_ssize_t)options->max_body);
    evhttp_set_default_content_type(server->http, NULL);
    /* The rest, CONNECT and TRACE among them, is answered by refuse(). */
    evhttp_set_allowed_methods(
        server->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST |
                          EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PUT |
                          EVHTTP_REQ_DELETE | EVHTTP_REQ_PATCH);
    evhttp_set_gencb(server->http, on_request, server);
    evhttp_set_bevcb(server->http, on_accepted, server);
    server->listener = evconnlistener_new(
        parts->base, NULL, NULL, LEV_OPT_CLOSE_ON_EXEC, 0, parts->listener);
    if (server->listener == NULL)
        goto fail;
    if (evhttp_bind_listener(server->http, server->listener) == NULL) {
        evconnlistener_free(server->listener);
        goto fail;
    }
    evconnlistener_set_error_cb(server->listener, on_accept_error);
    server->listening = true;
    refresh(server, true);
    look_at_clock(server);
    *out = server;
    return 0;
fail:
    server_free(server);
    return error_memory(err);
}

void server_free(struct server *server)
{
    if (server == NULL)
        return;
    settle(server);
    server->draining = true; /* nothing lingers, nothing listens */
    server->drained = NULL;
    for (struct connection *c = server->connections, *next; c != NULL;
         c = next) {
        next = c->next;
        drop(c);
    }
    if (server->http != NULL)
        evhttp_free(server->http);
    if (server->settle != NULL)
        event_free(server->settle);
    if (server->close_listener != NULL)
        event_free(server->close_listener);
    if (server->scratch != NULL)
        evbuffer_free(server->scratch);
    gzip_free(server->gzip);
    web_close(server->web);
    reply_clear(&server->reply);
    buffer_clear(&server->packed);
    free(server->by_fd);
    free(server);
}

bool server_draining(const struct server *server)
{
    return server->draining;
}

const struct metrics *server_metrics(const struct server *server)
{
    return server->parts.metrics;
}

const struct routes *server_routes(const struct server *server)
{
    return server->parts.routes;
}

/* connection.h - what the files of this folder share: a server and its
 * connections. Nothing outside of the folder includes it.
 *
 *   accept.c      takes connections, as many as the limits allow
 *   tls.c         encrypts, when it is wanted
 *   wire.c        follows the bytes that come in, before evhttp
 *   framing.c     reads a head strictly
 *   gate.c        keys, rates and licences, when they are wanted
 *   handle.c      a request goes to its handler, a reply becomes an answer
 *   head.c        the head of an answer
 *   later.c       requests whose handlers are called again, one at a time
 *   outbox.c      answers wait a moment for each other
 *   send.c        sends them, in one piece or as a stream
 *   refusal.c     answers what evhttp cannot read, or what came too slowly
 *   connection.c  phases, memory held, the end
 *   http.c        the server as a whole: time, builds, drain */
#ifndef SERVER_TRANSPORT_CONNECTION_H
#define SERVER_TRANSPORT_CONNECTION_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <event2/util.h>
#include "server/transport/gate.h"
#include "server/transport/head.h"
#include "server/transport/http.h"
#include "server/transport/outbox.h"
#include "server/transport/tls.h"
#include "server/transport/wire.h"

struct bufferevent;
struct evbuffer;
struct evbuffer_cb_entry;
struct evbuffer_cb_info;
struct event;
struct evconnlistener;
struct evhttp;
struct evhttp_connection;
struct evhttp_request;

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

/* Of a request whose handler goes on at a later turn of the loop. */
struct later {
    struct connection *next; /* in the queue */
    void *work;
    void (*work_free)(void *work);
    day_t today;
    char etag[ETAG_LEN]; /* of the build it was asked of; "" for none */
};

struct connection {
    struct server *server;
    struct connection *next, **link;
    struct connection *pending; /* in the server's list of that name */
    bool is_pending;
    bool in_outbox;
    struct bufferevent *bev;
    struct evhttp_connection
        *evcon; /* NULL until settled, and when lingering */
    struct evbuffer_cb_entry *input_watch, *output_watch;
    evutil_socket_t fd;
    enum phase phase;
    bool handshaking; /* TLS, and no byte of a request yet */
    struct wire wire;
    const char *fault; /* what wire.h found wrong, to be refused soon */
    bool refused;      /* evhttp could not read the request, or must not */
    bool linger;
    bool paused;     /* not read from: too much is held */
    bool favoured;   /* read from although too much is held */
    long since;      /* the second this phase began or last made progress */
    size_t received; /* bytes of the request that is coming in */
    size_t held;     /* bytes of memory for request and answer */

    /* The answer under way. */
    struct evhttp_request *req; /* NULL when it was refused */
    struct edition *edition;
    struct editions *editions; /* it was held of */
    struct stream *stream;     /* NULL for an answer in one piece */
    struct later *later;       /* NULL for one that is made in one go */
    size_t route;
    enum method method;
    int status;
    uint64_t started; /* nanoseconds */
    size_t sent;      /* bytes */
    long waiting;     /* the second the answer began to wait for the client */
    size_t taken;     /* bytes the client took since */
    char *logged;     /* the target, when there is an access log */
    char id[REQUEST_ID_MAX + 1];
    char key[KEY_NAME_MAX + 1]; /* name of the key it came with, or "" */
};

struct server {
    struct http_parts parts;
    struct http_options options;
    struct evhttp *http;
    struct evconnlistener *listener;
    bool listening;
    bool accept_failing;  /* and that was said */
    struct event *settle; /* runs right after the callback that set it off */
    struct event *close_listener;          /* a turn after it was disabled */
    struct event *check;                   /* of a build, the next step */
    struct event *go_on;                   /* with the first of `later` */
    struct connection *later, *later_last; /* a queue */
    struct outbox outbox;

    struct connection *connections;
    unsigned count;        /* of connections */
    size_t held, held_max; /* bytes, of all connections */
    unsigned paused;       /* connections */
    struct place {
        struct connection *connection;
    } * by_fd; /* by descriptor */
    size_t by_fd_size;
    struct connection *pending; /* for server_settle() */

    long now; /* monotonic seconds, as of the last tick */
    day_t today;
    char common[320]; /* header lines that every answer has */
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
    struct tls *tls;   /* NULL for plain HTTP */
    struct gate *gate; /* NULL: everybody may ask */

    bool draining;
    long drain_end;
    void (*drained)(void *arg);
    void *drained_arg;
};

static inline uint64_t nanoseconds(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static inline void count(struct server *server, enum counter which, uint64_t by)
{
    metrics_count(server->parts.metrics, server->parts.slot, which, by);
}

static inline void gauge(struct server *server, enum gauge which, int64_t by)
{
    metrics_gauge(server->parts.metrics, server->parts.slot, which, by);
}

/* Counts memory that a client makes this server hold. */
void connection_hold(struct connection *c, size_t bytes);
/* Lets those read on that waited for memory. */
void server_resume_reading(struct server *server);

/* An answer begins; req is NULL for what evhttp could not read. */
void connection_begin(struct connection *c, struct evhttp_request *req);
/* The answer is out, or will never be. */
void connection_finish(struct connection *c);
/* Ends the connection now, whatever it was doing. */
void connection_drop(struct connection *c);
/* The same for one that evhttp has let go of, or never had. */
void connection_end(struct connection *c);
/* Reads on for a little and throws it away; see PHASE_LINGERING. */
void connection_linger(struct connection *c);

/* Callbacks: evhttp is about to free its connection; bytes came in. */
void connection_closed(struct evhttp_connection *evcon, void *arg);
void connection_on_input(
    struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg);

/* http.c: the last connection of a server that is draining has ended. */
void server_drained(struct server *server);

#endif

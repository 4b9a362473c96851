/* http.h - HTTP/1.1 over libevent's evhttp: one server in one event loop.
 *
 * evhttp reads: it accepts, parses heads, gathers bodies and keeps connections
 * in order. What it lacks is done here, and only here:
 *
 * - Every error is a problem (RFC 9457), also those that evhttp answers itself,
 *   in HTML and partly with a status of 0: whatever it writes while no answer
 *   of ours is under way is replaced in the connection's output buffer.
 * - An answer is rendered in one piece and tried on the socket at once. That
 *   saves evhttp's list of headers, the copy, a turn of the loop and two calls
 *   of epoll_ctl(); only what the socket does not take is left to evhttp.
 * - While an answer is written nothing is read: input cannot pile up, and a
 *   client that has closed its sending side still gets its answer.
 * - A connection that ends while the client still sends (a body that is too
 *   long) is read from a little longer, or the reset would overtake the answer.
 * - Time: a request must arrive whole, and an answer must make progress, within
 *   the timeout; evhttp's own timeouts begin anew with each byte. A client that
 *   takes its answer drop by drop must keep up HTTP_READ_RATE_MIN besides.
 *
 * Handlers see request.h, reply.h and routes.h and nothing of this. */
#ifndef SERVER_TRANSPORT_HTTP_H
#define SERVER_TRANSPORT_HTTP_H
#include <stdbool.h>
#include <stddef.h>
#include "codesets/core/error.h"
#include "server/metrics.h"
#include "server/routes/routes.h"
#include "server/editions.h"
#include "server/last_good.h"
#include "server/limits.h"

enum {
    HTTP_HEAD_MAX = 32768,   /* bytes of a head that evhttp reads at all */
    HTTP_GZIP_MIN = 1024,    /* bytes of an answer worth compressing */
    HTTP_CACHE_SECONDS = 60, /* max-age of cacheable answers */
    HTTP_IDLE_SECONDS = 75,  /* an open connection without a request */
    HTTP_YIELD_SECONDS = 5,  /* of idleness, when others wait for a place */
    /* What a client must read in a second, on the average, once its answer has
     * waited for it as long as the timeout says. */
    HTTP_READ_RATE_MIN = 1024, /* bytes */
    HTTP_LINGER_SECONDS = 2,   /* reading on after an early end */
    HTTP_DRAIN_SECONDS = 10,   /* for running requests after SIGTERM */
    /* Bytes of requests and answers that one worker holds; with more it stops
     * reading bodies until some are answered. At least four bodies. */
    HTTP_HELD_MAX = 256 << 20,
};

struct http_options {
    size_t max_body;          /* bytes */
    unsigned timeout;         /* seconds */
    unsigned max_connections; /* of this server */
    size_t max_held;          /* bytes; 0: HTTP_HELD_MAX */
    bool access_log;
    bool log_queries;               /* the access log shows query strings */
    const char *keys;               /* file of keys; NULL: everybody may ask */
    const char *tls_cert, *tls_key; /* PEM files; NULL: plain HTTP */
    const char *web; /* folder of the page's files; NULL: the built-in ones */
};

struct event_base;
struct server;

/* What a server works with; all of it must outlive the server. */
struct http_parts {
    struct event_base *base;
    int listener; /* a listening socket, non-blocking */
    const struct routes *routes;
    struct editions *editions;
    struct metrics *metrics;
    unsigned slot;               /* in the metrics */
    struct last_good *last_good; /* or NULL */
    /* With keys: the builds for users without a licence, or NULL. */
    struct editions *public_editions;
    struct limits *limits; /* with keys */
};

int server_new(struct server **out, const struct http_parts *parts,
    const struct http_options *options, struct error *err);
/* Ends every connection at once. NULL is fine. */
void server_free(struct server *server);

/* To be called once a second: the date, timeouts, a look at `current`. */
void server_tick(struct server *server);
/* Looks at `current` now; a build that failed is tried again. */
void server_reload(struct server *server);

/* Takes no new connection, ends each one after its running request, and calls
 * done(arg) when none is left or HTTP_DRAIN_SECONDS are over. */
void server_drain(struct server *server, void (*done)(void *arg), void *arg);

/* For the handlers of the operations. */
const struct editions *server_editions(const struct server *server);
bool server_draining(const struct server *server);
const struct metrics *server_metrics(const struct server *server);
const struct routes *server_routes(const struct server *server);

#endif

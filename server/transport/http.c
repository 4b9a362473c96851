#include "server/transport/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "server/log.h"
#include "server/transport/accept.h"
#include "server/transport/gzip.h"
#include "server/transport/handle.h"
#include "server/transport/later.h"
#include "server/transport/head.h"
#include "server/transport/refusal.h"
#include "server/web.h"

void server_drained(struct server *server)
{
    void (*done)(void *) = server->drained;

    server->drained = NULL;
    if (done != NULL)
        done(server->drained_arg);
}

static void on_settle(evutil_socket_t fd, short what, void *arg)
{
    server_settle(arg);
}

/* It makes no progress, or so little that it would never end. */
static bool reads_too_slowly(const struct connection *c)
{
    const long timeout = (long)c->server->options.timeout;
    const long waited = c->server->now - c->waiting;

    return c->server->now - c->since > timeout ||
           waited > timeout + (long)(c->taken / HTTP_READ_RATE_MIN);
}

static void sweep(struct server *server)
{
    server_settle(server);
    server_resume_reading(server);
    for (struct connection *c = server->connections, *next; c != NULL;
         c = next) {
        const long quiet = server->now - c->since;

        next = c->next;
        switch (c->phase) {
        case PHASE_IDLE:
            if (c->handshaking && tls_ready(c->bev))
                c->handshaking = false;
            if (quiet > (c->handshaking ? (long)TLS_HANDSHAKE_SECONDS
                                        : (long)HTTP_IDLE_SECONDS))
                connection_drop(c);
            break;
        case PHASE_RECEIVING:
            if (quiet > (long)server->options.timeout)
                connection_time_out(c);
            break;
        case PHASE_ANSWERING:
            if (reads_too_slowly(c)) {
                count(server, COUNT_TIMEOUTS, 1);
                connection_drop(c);
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
        "Vary: Accept, Accept-Encoding, Origin%s\r\n"
        "X-Content-Type-Options: nosniff\r\n",
        date, server->gate != NULL ? ", Authorization, X-API-Key" : "");
    server->etag_seed = head_hash(0xcbf29ce484222325u, CODEREF_VERSION "/");
    if (answers != NULL)
        server->etag_seed =
            head_hash(server->etag_seed, store_id(answers->store));
    /* An answer without a date is one for today. */
    server->etag_seed += (uint64_t)server->today * 0x9e3779b97f4a7c15u;
    edition_release(server->parts.editions, active);
}

/* What became of a look at `current`, or of a step of a check. */
static void tell(struct server *server, struct editions *editions, int rc,
    const struct error *err)
{
    static const struct timeval soon = {0, 0};

    if (editions_checking(editions))
        (void)event_add(server->check, &soon);
    if (rc > 0) {
        struct edition *active = edition_hold(editions);

        log_event(
            "store_opened", "build", store_id(edition_answers(active)->store));
        if (editions == server->parts.editions)
            last_good_set(server->parts.last_good, server->parts.slot,
                edition_path(active));
        edition_release(editions, active);
        count(server, COUNT_SWITCHES, 1);
        metrics_set(server->parts.metrics, server->parts.slot, GAUGE_LOADED,
            (int64_t)time(NULL));
        look_at_clock(server);
    } else if (rc < 0) {
        log_event("store_refused", "error", err->msg);
        count(server, COUNT_SWITCH_FAILED, 1);
    }
}

static void refresh_one(
    struct server *server, struct editions *editions, bool retry)
{
    struct error err;
    const int rc = editions_refresh(editions, retry, &err);

    tell(server, editions, rc, &err);
}

static void refresh(struct server *server, bool retry)
{
    refresh_one(server, server->parts.editions, retry);
    if (server->parts.public_editions != NULL)
        refresh_one(server, server->parts.public_editions, retry);
}

static void check_one(struct server *server, struct editions *editions)
{
    struct error err;

    if (editions != NULL && editions_checking(editions)) {
        const int rc = editions_go_on(editions, &err);

        tell(server, editions, rc, &err);
    }
}

/* One step; then requests are answered that came meanwhile. */
static void on_check(evutil_socket_t fd, short what, void *arg)
{
    struct server *server = arg;

    check_one(server, server->parts.editions);
    check_one(server, server->parts.public_editions);
}

/* `current` cannot be opened and nothing else is open: what the worker before
 * this one, or another, had open last. */
static void fall_back(struct server *server)
{
    struct editions *editions = server->parts.editions;
    struct edition *active = edition_hold(editions);
    const char *path;

    for (unsigned i = 0; active == NULL; i++) {
        path = last_good_get(server->parts.last_good, server->parts.slot, i);
        if (path == NULL)
            return;
        if (editions_fall_back(editions, path, NULL) == 0) {
            active = edition_hold(editions);
            log_event("store_kept", "build",
                store_id(edition_answers(active)->store));
        }
    }
    edition_release(editions, active);
}

void server_reload(struct server *server)
{
    struct error err;

    refresh(server, true);
    if (server->gate != NULL)
        gate_look(server->gate, true);
    if (server->tls != NULL) {
        if (tls_reload(server->tls, &err) == 0)
            log_event("tls_reloaded", "cert", server->options.tls_cert);
        else
            log_event("tls_refused", "error", err.msg);
    }
    look_at_clock(server);
}

void server_tick(struct server *server)
{
    refresh(server, false);
    if (server->gate != NULL)
        gate_look(server->gate, false);
    look_at_clock(server);
    metrics_beat(server->parts.metrics, server->parts.slot, server->now);
    sweep(server);
    server_tick_listener(server);
    if (server->draining && server->now >= server->drain_end) {
        struct log_line line;

        log_begin(&line, "drain_cut");
        log_number(&line, "connections", server->count);
        log_end(&line);
        server_drained(server);
    }
}

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
    server_settle(server);
    outbox_send(server); /* none of them says that the connection ends */
    server_pause_listening(server);
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
            connection_drop(c);
        else if (c->phase == PHASE_LINGERING)
            connection_end(c);
    }
    if (server->count == 0)
        server_drained(server);
}

int server_new(struct server **out, const struct http_parts *parts,
    const struct http_options *options, struct error *err)
{
    struct server *server = calloc(1, sizeof *server);
    uint32_t random = 0;
    int rc;

    if (server == NULL)
        return error_memory(err);
    if ((rc = web_open(&server->web, options->web, err)) != 0 ||
        (options->tls_cert != NULL &&
            (rc = tls_open(&server->tls, options->tls_cert, options->tls_key,
                 err)) != 0) ||
        (options->keys != NULL && (rc = gate_open(&server->gate, options->keys,
                                       parts->limits, err)) != 0)) {
        web_close(server->web);
        tls_close(server->tls);
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
    server->go_on = event_new(parts->base, -1, 0, later_go_on, server);
    server->check = event_new(parts->base, -1, 0, on_check, server);
    server->outbox.due = event_new(parts->base, -1, 0, outbox_on_due, server);
    if (server->settle == NULL || server->close_listener == NULL ||
        server->check == NULL || server->go_on == NULL ||
        server->outbox.due == NULL || server->gzip == NULL ||
        server->scratch == NULL || server->http == NULL)
        goto fail;
    evhttp_set_max_headers_size(server->http, HTTP_HEAD_MAX);
    evhttp_set_max_body_size(server->http, (ev_ssize_t)options->max_body);
    evhttp_set_default_content_type(server->http, NULL);
    /* The rest, CONNECT and TRACE among them, is answered by refuse(). */
    evhttp_set_allowed_methods(
        server->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST |
                          EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PUT |
                          EVHTTP_REQ_DELETE | EVHTTP_REQ_PATCH);
    evhttp_set_gencb(server->http, server_on_request, server);
    evhttp_set_bevcb(server->http, server_on_accepted, server);
    server->listener = evconnlistener_new(
        parts->base, NULL, NULL, LEV_OPT_CLOSE_ON_EXEC, 0, parts->listener);
    if (server->listener == NULL)
        goto fail;
    if (evhttp_bind_listener(server->http, server->listener) == NULL) {
        evconnlistener_free(server->listener);
        goto fail;
    }
    evconnlistener_set_error_cb(server->listener, server_on_accept_error);
    server->listening = true;
    refresh(server, true);
    fall_back(server);
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
    server_settle(server);
    server->draining = true; /* nothing lingers, nothing listens */
    server->drained = NULL;
    for (struct connection *c = server->connections, *next; c != NULL;
         c = next) {
        next = c->next;
        connection_drop(c);
    }
    if (server->http != NULL)
        evhttp_free(server->http);
    if (server->settle != NULL)
        event_free(server->settle);
    if (server->close_listener != NULL)
        event_free(server->close_listener);
    if (server->check != NULL)
        event_free(server->check);
    if (server->go_on != NULL)
        event_free(server->go_on);
    if (server->outbox.due != NULL)
        event_free(server->outbox.due);
    buffer_clear(&server->outbox.bytes);
    if (server->scratch != NULL)
        evbuffer_free(server->scratch);
    gzip_free(server->gzip);
    web_close(server->web);
    tls_close(server->tls);
    gate_close(server->gate);
    reply_clear(&server->reply);
    buffer_clear(&server->packed);
    free(server->by_fd);
    free(server);
}

const struct editions *server_editions(const struct server *server)
{
    return server->parts.editions;
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

#include "server/transport/connection.h"

#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>

#include "server/log.h"
#include "server/transport/accept.h"
#include "server/transport/later.h"

void connection_hold(struct connection *c, size_t bytes)
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

void server_resume_reading(struct server *server)
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

void connection_begin(struct connection *c, struct evhttp_request *req)
{
    c->phase = PHASE_ANSWERING;
    forget_pause(c);
    c->since = c->server->now;
    c->req = req;
    c->route = 0;
    c->method = METHOD_OTHER;
    c->status = 0;
    c->sent = c->taken = 0;
    c->waiting = c->server->now;
    c->key[0] = '\0';
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
    if (c->key[0] != '\0')
        log_text(&line, "key", c->key);
    log_text(&line, "id", c->id);
    log_end(&line);
}

void connection_finish(struct connection *c)
{
    struct server *server = c->server;
    const uint64_t took = nanoseconds() - c->started;

    later_forget(c);
    outbox_forget(c);
    if (c->stream != NULL) {
        if (c->stream->free != NULL)
            c->stream->free(c->stream->state);
        if (c->stream->again != NULL)
            event_free(c->stream->again);
        buffer_clear(&c->stream->piece);
        free(c->stream);
        c->stream = NULL;
    }
    edition_release(c->editions, c->edition);
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
    connection_hold(c, c->received);
    server_resume_reading(server);
    c->phase = c->received > 0 ? PHASE_RECEIVING : PHASE_IDLE;
    c->since = server->now;
}

void connection_drop(struct connection *c)
{
    if (c->evcon != NULL)
        evhttp_connection_free(
            c->evcon); /* comes back to connection_closed() */
    else
        connection_end(c);
}

/* The last of a connection. */
void connection_end(struct connection *c)
{
    struct server *server = c->server;

    if (c->phase == PHASE_LINGERING)
        bufferevent_decref(c->bev); /* closes the socket */
    if (c->fd >= 0 && (size_t)c->fd < server->by_fd_size &&
        server->by_fd[c->fd].connection == c)
        server->by_fd[c->fd].connection = NULL;
    let_go(c);
    forget_pause(c);
    connection_not_pending(c);
    *c->link = c->next;
    if (c->next != NULL)
        c->next->link = c->link;
    free(c);
    server->count--;
    gauge(server, GAUGE_OPEN, -1);
    server_listen(server);
    if (server->draining && server->count == 0)
        server_drained(server);
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

void connection_linger(struct connection *c)
{
    bufferevent_setcb(c->bev, on_linger_read, NULL, on_linger_event, c);
    if (bufferevent_enable(c->bev, EV_READ) != 0)
        connection_end(c);
}

/* evhttp is about to free a connection of ours. */
void connection_closed(struct evhttp_connection *evcon, void *arg)
{
    struct connection *c = arg;
    struct evbuffer *input = bufferevent_get_input(c->bev);
    const bool unread = evbuffer_get_length(input) > 0;

    evbuffer_remove_cb_entry(input, c->input_watch);
    evbuffer_remove_cb_entry(bufferevent_get_output(c->bev), c->output_watch);
    c->evcon = NULL;
    if (c->server->tls != NULL) {
        if (c->handshaking && !tls_ready(c->bev))
            count(c->server, COUNT_TLS_FAILED, 1);
        tls_goodbye(c->bev);
    }
    if (c->phase == PHASE_ANSWERING) {
        struct evhttp_request *req = c->req;

        if (!c->refused)
            count(c->server, COUNT_ABORTED, 1);
        connection_finish(c);
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
        connection_settle_later(c); /* evhttp clears the callbacks next */
        return;
    }
    connection_end(c);
}

/* Shows the bytes that were just added to c->wire. */
static const char *follow(struct connection *c, struct evbuffer *input,
    const struct evbuffer_cb_info *info)
{
    struct evbuffer_iovec piece[4];
    size_t done = 0;
    const char *fault = NULL;

    while (done < info->n_added && fault == NULL) {
        struct evbuffer_ptr at;
        int n;

        if (evbuffer_ptr_set(
                input, &at, info->orig_size + done, EVBUFFER_PTR_SET) != 0)
            break;
        n = evbuffer_peek(
            input, (ev_ssize_t)(info->n_added - done), &at, piece, 4);
        for (int i = 0; i < n && i < 4 && fault == NULL; i++) {
            fault = wire_follow(&c->wire, piece[i].iov_base, piece[i].iov_len);
            done += piece[i].iov_len;
        }
        if (n <= 0)
            break;
    }
    return fault;
}

void connection_on_input(
    struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
    struct connection *c = arg;

    if (info->n_added == 0)
        return;
    c->handshaking = false;
    if (c->refused) { /* nobody will read it */
        (void)evbuffer_drain(input, evbuffer_get_length(input));
        return;
    }
    if (c->phase == PHASE_IDLE) {
        c->phase = PHASE_RECEIVING;
        c->since = c->server->now;
        c->received = 0;
    }
    c->fault = follow(c, input, info);
    if (c->fault != NULL) {
        /* evhttp is not to see it; it cannot be freed while it reads. */
        c->refused = true;
        (void)evbuffer_drain(input, evbuffer_get_length(input));
        connection_settle_later(c);
        return;
    }
    c->received += info->n_added;
    connection_hold(c, info->n_added);
    if (c->server->held > c->server->held_max && c->received > HTTP_HEAD_MAX &&
        !c->favoured && !c->paused)
        pause_reading(c);
}

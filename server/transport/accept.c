#include "server/transport/accept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "server/log.h"
#include "server/transport/refusal.h"

void server_listen(struct server *server)
{
    if (server->draining || server->count >= server->options.max_connections)
        return;
    if (evconnlistener_enable(server->listener) == 0)
        server->listening = true;
}

void server_pause_listening(struct server *server)
{
    if (server->listening)
        (void)evconnlistener_disable(server->listener);
    server->listening = false;
}

void server_make_room(struct server *server)
{
    struct connection *next;

    for (struct connection *c = server->connections; c != NULL; c = next) {
        next = c->next;
        /* The analyzer does not see that an ended one has left the list. */
        // NOLINTNEXTLINE(clang-analyzer-unix.Malloc)
        if (c->phase == PHASE_IDLE && c->evcon != NULL &&
            server->now - c->since >= HTTP_YIELD_SECONDS)
            connection_drop(c);
    }
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
            evhttp_connection_set_closecb(c->evcon, connection_closed, c);
            connection_drop(c);
            return;
        }
        memset(by_fd + server->by_fd_size, 0,
            (size - server->by_fd_size) * sizeof *by_fd);
        server->by_fd = by_fd;
        server->by_fd_size = size;
    }
    server->by_fd[c->fd].connection = c;
    evhttp_connection_set_closecb(c->evcon, connection_closed, c);
}

void server_settle(struct server *server)
{
    while (server->pending != NULL) {
        struct connection *c = server->pending;

        connection_not_pending(c);
        if (c->phase == PHASE_LINGERING)
            connection_linger(c);
        else if (c->evcon == NULL)
            adopt(c);
        else
            connection_refuse_fault(c);
    }
}

void connection_not_pending(struct connection *c)
{
    struct connection **link = &c->server->pending;

    if (!c->is_pending)
        return;
    while (*link != c)
        link = &(*link)->pending;
    *link = c->pending;
    c->is_pending = false;
}

void connection_settle_later(struct connection *c)
{
    if (!c->is_pending) {
        c->pending = c->server->pending;
        c->server->pending = c;
        c->is_pending = true;
    }
    event_active(c->server->settle, EV_TIMEOUT, 0);
}

/* evhttp wants a bufferevent for a connection it has accepted. Without the
 * memory for a connection of ours it gets one all the same, and its first
 * request closes it. */
struct bufferevent *server_on_accepted(struct event_base *base, void *arg)
{
    struct server *server = arg;
    struct bufferevent *bev =
        server->tls != NULL
            ? tls_bufferevent(server->tls, base)
            : bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    struct connection *c = calloc(1, sizeof *c);

    if (bev == NULL || c == NULL)
        goto fail;
    c->input_watch =
        evbuffer_add_cb(bufferevent_get_input(bev), connection_on_input, c);
    c->output_watch =
        evbuffer_add_cb(bufferevent_get_output(bev), connection_on_output, c);
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
    c->handshaking = server->tls != NULL;
    c->bev = bev;
    c->fd = -1;
    c->since = server->now;
    c->next = server->connections;
    c->link = &server->connections;
    if (c->next != NULL)
        c->next->link = &c->next;
    server->connections = c;
    server->count++;
    if (server->accept_failing)
        log_event("accept_recovered", NULL, NULL);
    server->accept_failing = false;
    gauge(server, GAUGE_OPEN, 1);
    count(server, COUNT_CONNECTIONS, 1);
    bufferevent_incref(bev); /* until it is adopted */
    connection_settle_later(c);
    if (server->count >= server->options.max_connections)
        server_make_room(server);
    if (server->count >= server->options.max_connections)
        server_pause_listening(server); /* the next ones wait in the kernel */
    return bev;
fail:
    free(c);
    return bev;
}

/* The callback below gets no argument of ours, and there is one server in a
 * process: what failed waits here for its next tick. */
static int accept_errno;

/* accept() fails for want of descriptors or memory: the next tick tries again
 * instead of the loop spinning. What comes as the argument is evhttp's. */
void server_on_accept_error(struct evconnlistener *listener, void *http)
{
    accept_errno = errno;
    (void)evconnlistener_disable(listener);
}

void server_tick_listener(struct server *server)
{
    if (accept_errno != 0) {
        if (!server->accept_failing)
            log_event("accept_failed", "error", strerror(accept_errno));
        server->accept_failing = true;
        accept_errno = 0;
        count(server, COUNT_ACCEPT_FAILED, 1);
        server_make_room(server);
    }
    if (!server->listening && !server->draining &&
        server->count >= server->options.max_connections)
        server_make_room(server);
    server_listen(server);
}

#include "server/transport/later.h"

#include <stdlib.h>
#include <string.h>

#include <event2/bufferevent.h>
#include <event2/event.h>

#include "server/transport/handle.h"

/* What a request that waits is taken to hold. */
enum { WORK_BYTES = 64 << 10 };

static void wake(struct server *server)
{
    static const struct timeval soon = {0, 0};

    if (server->later != NULL)
        (void)event_add(server->go_on, &soon);
}

bool later_put(struct connection *c, const struct request *request,
    const struct reply *reply, const char *etag)
{
    struct server *server = c->server;

    if (c->later == NULL) {
        c->later = calloc(1, sizeof *c->later);
        if (c->later == NULL)
            return false;
        c->later->today = request->today;
        c->later->work = reply->work;
        c->later->work_free = reply->work_free;
        memcpy(c->later->etag, etag, sizeof c->later->etag);
        connection_hold(c, WORK_BYTES);
    }
    c->later->next = NULL;
    if (server->later == NULL)
        server->later = c;
    else
        server->later_last->later->next = c;
    server->later_last = c;
    c->since = c->waiting = server->now;
    bufferevent_disable(c->bev, EV_READ); /* evhttp must not read on */
    wake(server);
    return true;
}

static void take_out(struct server *server, const struct connection *c)
{
    struct connection *before = NULL, *at = server->later;

    while (at != NULL && at != c) {
        before = at;
        at = at->later->next;
    }
    if (at == NULL)
        return;
    if (before == NULL)
        server->later = at->later->next;
    else
        before->later->next = at->later->next;
    if (server->later_last == at)
        server->later_last = before;
}

void later_forget(struct connection *c)
{
    if (c->later == NULL)
        return;
    take_out(c->server, c);
    if (c->later->work_free != NULL)
        c->later->work_free(c->later->work);
    free(c->later);
    c->later = NULL;
}

void later_go_on(evutil_socket_t fd, short what, void *arg)
{
    struct server *server = arg;
    struct connection *c = server->later;

    if (c == NULL)
        return;
    take_out(server, c);
    server_on_again(c);
    wake(server);
}

#include "server/transport/outbox.h"

#include <event2/bufferevent.h>
#include <event2/event.h>

#include "server/transport/connection.h"
#include "server/transport/send.h"

bool outbox_put(struct connection *c, const char *head, size_t head_len,
    const struct buffer *body)
{
    struct server *server = c->server;
    struct outbox *box = &server->outbox;
    const size_t at = box->bytes.len;
    const size_t len = head_len + (body != NULL ? body->len : 0);

    /* What is encrypted leaves at the next turn of the loop anyhow. */
    if (server->tls != NULL || len > OUTBOX_ANSWER_MAX ||
        !buffer_reserve(&box->bytes, len))
        return false;
    buffer_add(&box->bytes, head, head_len);
    if (body != NULL && body->len > 0)
        buffer_add(&box->bytes, body->data, body->len);
    box->answer[box->count].connection = c;
    box->answer[box->count].at = at;
    box->answer[box->count].len = len;
    c->in_outbox = true;
    bufferevent_disable(c->bev, EV_READ); /* evhttp must not read on */
    if (box->count++ == 0) {
        box->since = nanoseconds();
        event_active(box->due, EV_TIMEOUT, 0);
    } else if (box->count == OUTBOX_ANSWERS ||
               nanoseconds() - box->since > OUTBOX_NS) {
        outbox_send(server);
    }
    return true;
}

void outbox_send(struct server *server)
{
    struct outbox *box = &server->outbox;

    /* Sending may end this connection; another's is taken out by
     * outbox_forget(). Nothing is put in meanwhile. */
    for (unsigned i = 0; i < box->count; i++) {
        struct connection *c = box->answer[i].connection;

        if (c == NULL)
            continue;
        c->in_outbox = false;
        send_whole(
            c, box->bytes.data + box->answer[i].at, box->answer[i].len, NULL);
    }
    box->count = 0;
    box->bytes.len = 0;
    box->bytes.failed = false; /* there may be memory again */
}

void outbox_forget(struct connection *c)
{
    struct outbox *box = &c->server->outbox;

    if (!c->in_outbox)
        return;
    for (unsigned i = 0; i < box->count; i++)
        if (box->answer[i].connection == c)
            box->answer[i].connection = NULL;
    c->in_outbox = false;
}

void outbox_on_due(evutil_socket_t fd, short what, void *arg)
{
    outbox_send(arg);
}

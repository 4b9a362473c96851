#include "server/transport/send.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>

#include "server/log.h"

/* Bytes left over that are worth not copying. */
enum { HANDED_OVER_MIN = 65536 };

static void stream_step(struct connection *c);

static void on_complete(struct evhttp_request *req, void *arg)
{
    struct connection *c = arg;

    /* Asked to stop while it went out: evhttp looks for this next. */
    if (c->server->draining)
        (void)evhttp_add_header(
            evhttp_request_get_output_headers(req), "Connection", "close");
    connection_finish(c);
}

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
    connection_hold(c, rest);
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

void send_whole(struct connection *c, const char *head, size_t head_len,
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
    if (c->server->tls == NULL &&
        evbuffer_get_length(bufferevent_get_output(c->bev)) == 0) {
        taken = sendmsg(c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (taken < 0 && errno != EAGAIN && errno != EWOULDBLOCK &&
            errno != EINTR) {
            count(c->server, COUNT_ABORTED, 1);
            connection_drop(c);
            return;
        }
        if (taken < 0)
            taken = 0;
    }
    /* evhttp would end a request that came in chunks with a chunk. */
    req->chunked = 0;
    if ((size_t)taken == c->sent) {
        connection_finish(c);
        evhttp_send_reply_end(req);
        return;
    }
    if (!send_rest(c, head, head_len, body, (size_t)taken)) {
        connection_drop(c);
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
    c->since = c->waiting = server->now; /* it has taken the one before */
    c->taken = 0;
    c->sent += stream->piece.len;
    if (more == MORE_FAILED || stream->piece.failed ||
        evbuffer_add(server->scratch, stream->piece.data, stream->piece.len) !=
            0) {
        log_event("stream_failed", "id", c->id);
        connection_drop(c);
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

void send_stream(struct connection *c, const char *head, size_t head_len,
    struct reply *reply, bool chunked)
{
    struct stream *stream = calloc(1, sizeof *stream);

    c->sent = head_len;
    c->stream = stream;
    if (stream == NULL) {
        if (reply->stream_free != NULL)
            reply->stream_free(reply->stream_state);
        connection_drop(c);
        return;
    }
    stream->piece.max = REPLY_BODY_MAX;
    stream->produce = reply->produce;
    stream->free = reply->stream_free;
    stream->state = reply->stream_state;
    stream->again = event_new(c->server->parts.base, -1, 0, on_again, c);
    if (stream->again == NULL ||
        evbuffer_add(bufferevent_get_output(c->bev), head, head_len) != 0) {
        connection_drop(c);
        return;
    }
    c->req->chunked = chunked;
    stream_step(c);
}

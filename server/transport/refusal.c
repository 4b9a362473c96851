#include "server/transport/refusal.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "server/transport/head.h"

static void describe_refusal(
    const struct connection *c, int status, struct reply *reply)
{
    switch (status) {
    case 413:
        reply_problem(reply, 413, "body_too_long", "A body may have %zu bytes.",
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

    head_id(c->server, id);
    memcpy(c->id, id, sizeof c->id);
    reply_render_problem(reply, NULL, id);
    head.id = id;
    head.length = reply->body.len;
    c->status = reply->status;
    return head_render(head_text, c->server, reply, &head);
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
    connection_begin(c, NULL);
    count(c->server, COUNT_REFUSED, 1);
    reply_init(&reply);
    describe_refusal(c, status, &reply);
    len = render_refusal(c, &reply, head);
    c->sent = len + reply.body.len;
    /* A bufferevent keeps the front of its output frozen while not writing. */
    const bool plain = c->server->tls == NULL;

    if (plain)
        (void)evbuffer_unfreeze(output, 1);
    (void)evbuffer_drain(output, evbuffer_get_length(output));
    if (plain)
        (void)evbuffer_freeze(output, 1);
    (void)evbuffer_add(output, head, len);
    (void)evbuffer_add(output, reply.body.data, reply.body.len);
    (void)evbuffer_freeze(output, 0);
    reply_clear(&reply);
}

void connection_on_output(
    struct evbuffer *output, const struct evbuffer_cb_info *info, void *arg)
{
    struct connection *c = arg;
    struct evbuffer_ptr at;
    char line[16]; /* "HTTP/1.1 413 Con" */
    int status = 0;
    ev_ssize_t n;

    if (info->n_deleted > 0) {
        c->since = c->server->now; /* progress */
        c->taken += info->n_deleted;
    }
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

/* Says the problem in reply and ends the connection. */
static void refuse_now(struct connection *c, struct reply *reply)
{
    char head[ANSWER_HEAD_MAX];
    size_t len;

    c->refused = c->linger = true;
    connection_begin(c, NULL);
    len = render_refusal(c, reply, head);
    if (evbuffer_get_length(bufferevent_get_output(c->bev)) == 0) {
        struct iovec part[2] = {
            {head, len}, {reply->body.data, reply->body.len}};
        struct msghdr message = {.msg_iov = part, .msg_iovlen = 2};

        /* A client that does not read either goes without. */
        if (c->server->tls != NULL)
            tls_send_last(c->bev, part, 2);
        else if (sendmsg(c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
            c->sent = len + reply->body.len;
    }
    reply_clear(reply);
    connection_drop(c);
}

void connection_time_out(struct connection *c)
{
    struct reply reply;

    count(c->server, COUNT_TIMEOUTS, 1);
    reply_init(&reply);
    if (c->paused) {
        reply_header(&reply, "Retry-After", "10");
        reply_problem(&reply, 503, "busy",
            "Too many long requests arrive at once. Try again later.");
    } else {
        reply_problem(&reply, 408, "too_slow",
            "The request did not arrive within %u seconds.",
            c->server->options.timeout);
    }
    refuse_now(c, &reply);
}

void connection_refuse_fault(struct connection *c)
{
    struct reply reply;

    count(c->server, COUNT_REFUSED, 1);
    reply_init(&reply);
    reply_problem(&reply, 400, "bad_request", "%s", c->fault);
    refuse_now(c, &reply);
}

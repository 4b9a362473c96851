#include "server/transport/handle.h"

#include <string.h>
#include <strings.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>

#include "server/transport/framing.h"
#include "server/transport/gzip.h"
#include "server/transport/head.h"
#include "server/transport/later.h"
#include "server/transport/send.h"

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

static bool read_body(struct request *request, struct evhttp_request *req)
{
    struct evbuffer *input = evhttp_request_get_input_buffer(req);

    request->body_len = evbuffer_get_length(input);
    if (request->body_len > 0)
        request->body = (const char *)evbuffer_pullup(input, -1);
    return request->body != NULL;
}

static void run_handler(struct request *request, struct reply *reply)
{
    request->route->answer(request, reply);
    if (reply->again)
        return;
    if (reply->tag[0] != '\0' && reply->status == 200 &&
        request->if_none_match != NULL &&
        etag_listed(request->if_none_match, reply->tag))
        reply->status = 304;
    if (reply->body.failed)
        reply_problem(reply, 422, "answer_too_large",
            "The answer would be longer than %d bytes. Ask for less at a time.",
            REPLY_BODY_MAX);
}

/* Runs the handler, if there is one to run. */
static void answer(struct connection *c, struct request *request,
    struct reply *reply, char etag[ETAG_LEN])
{
    struct server *server = c->server;
    const struct key *key = NULL;
    const struct route *route;
    enum counter refused;

    if (request->method == METHOD_OPTIONS &&
        strcmp(request->target, "*") == 0) {
        reply->status = 204;
        reply_header(reply, "Allow", "GET, HEAD, POST, OPTIONS");
        return;
    }
    if (!request_parse_target(request, path_of(request->target), reply))
        return;
    if (server->gate != NULL && (key = gate_who(server->gate, request)) != NULL)
        memcpy(c->key, key->name, sizeof c->key);
    c->editions = server->parts.editions;
    if (server->parts.public_editions != NULL && key != NULL && !key->licensed)
        c->editions = server->parts.public_editions;
    c->edition = edition_hold(c->editions);
    request->answers = edition_answers(c->edition);
    if (!routes_find(server->parts.routes, request, reply, &c->route))
        return;
    if (server->gate != NULL &&
        !gate_pass(server->gate, key, c->started, request, reply, &refused)) {
        count(server, refused, 1);
        return;
    }
    route = request->route;
    if ((route->flags & ROUTE_CACHE) != 0 && request->answers != NULL &&
        (request->method & (METHOD_GET | METHOD_HEAD)) != 0) {
        head_etag(etag, server, request);
        if (request->if_none_match != NULL &&
            etag_listed(request->if_none_match, etag)) {
            reply->status = 304;
            return;
        }
    }
    if (!read_body(request, c->req)) {
        reply_problem(reply, 503, "no_memory",
            "There is no memory for a body of this length just now.");
        return;
    }
    run_handler(request, reply);
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
        len = head_render(text, server, reply, head);
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
    len = head_render(text, server, reply, head);
    if (!outbox_put(c, text, len, body))
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

/* Turns the reply into an answer, or puts the request off. */
static void conclude(struct connection *c, const struct request *request,
    struct reply *reply, struct head *head, const char *etag)
{
    if (reply->again) {
        if (reply->reason == NULL && later_put(c, request, reply, etag))
            return;
        if (c->later == NULL)
            reply->work_free(reply->work);
        reply_problem(reply, 503, "no_memory",
            "There is no memory for an answer that takes long just now.");
    }
    if (reply->reason != NULL) {
        if (reply->produce != NULL && reply->stream_free != NULL)
            reply->stream_free(reply->stream_state);
        reply->produce = NULL;
        reply_render_problem(reply, request->target, request->id);
    }
    head->id = request->id;
    head->http11 = request->http11;
    head->origin = request->origin != NULL;
    head->close |= reply->close || c->server->draining ||
                   (reply->produce != NULL && !request->http11);
    if ((etag[0] != '\0' || reply->tag[0] != '\0') && !reply->no_cache &&
        (reply->status == 200 || reply->status == 304))
        head->etag = reply->tag[0] != '\0' ? reply->tag : etag;
    send_reply(c, request, reply, head);
}

static void begin_request(struct server *server)
{
    struct request *request = &server->request;

    reply_reset(&server->reply);
    request->server = server;
    request->web = server->web;
    request->today = server->today;
    request->work = NULL;
}

/* evhttp has read a whole request. */
void server_on_request(struct evhttp_request *req, void *arg)
{
    struct server *server = arg;
    struct connection *c = connection_of(server, req);
    struct request *request = &server->request;
    struct reply *reply = &server->reply;
    struct head head = {0};
    char etag[ETAG_LEN] = "";

    if (c == NULL) { /* there was no memory for it when it was accepted */
        evhttp_connection_free(evhttp_request_get_connection(req));
        return;
    }
    connection_begin(c, req);
    begin_request(server);
    if (framing_read(request, req, reply, &head.close)) {
        if (request->request_id != NULL &&
            head_id_is_plain(request->request_id))
            memcpy(request->id, request->request_id,
                strlen(request->request_id) + 1);
        else
            head_id(server, request->id);
        answer(c, request, reply, etag);
    } else {
        head_id(server, request->id);
    }
    c->method = request->method;
    memcpy(c->id, request->id, sizeof c->id);
    if (server->options.access_log)
        c->logged = strdup(request->target);
    conclude(c, request, reply, &head, etag);
}

/* All that made the request what it was is still there; it was found good then,
 * and counted by the gate. */
void server_on_again(struct connection *c)
{
    struct server *server = c->server;
    struct request *request = &server->request;
    struct reply *reply = &server->reply;
    struct head head = {0};
    char etag[ETAG_LEN];

    begin_request(server);
    if (framing_read(request, c->req, reply, &head.close) &&
        request_parse_target(request, path_of(request->target), reply)) {
        request->answers = edition_answers(c->edition);
        request->today = c->later->today;
        request->work = c->later->work;
        memcpy(request->id, c->id, sizeof request->id);
        if (routes_find(server->parts.routes, request, reply, &c->route) &&
            read_body(request, c->req))
            run_handler(request, reply);
    }
    memcpy(etag, c->later->etag, sizeof etag);
    conclude(c, request, reply, &head, etag);
}

/* route_operations.c - what an operator, a balancer or a monitor asks. */
#include "server/routes.h"

#include <string.h>

#include <event2/event.h>
#include <jansson.h>
#include <lmdb.h>
#include <utf8proc.h>
#include <zlib.h>

#include "server/http.h"

/* The process lives and its loop turns. */
static void get_health(const struct request *request, struct reply *reply)
{
    buffer_adds(&reply->body, "{\"status\":\"ok\"}\n");
}

/* It would answer: a store is open and it is not about to stop. */
static void get_ready(const struct request *request, struct reply *reply)
{
    if (server_draining(request->server)) {
        reply_problem(reply, 503, "draining", "The server is stopping.");
        return;
    }
    buffer_adds(&reply->body, "{\"status\":\"ready\",\"build\":");
    quote_json(&reply->body, store_id(request->store),
        strlen(store_id(request->store)));
    buffer_adds(&reply->body, "}\n");
}

static void member(struct buffer *out, const char *name, const char *value)
{
    if (out->data[out->len - 1] != '{')
        buffer_addc(out, ',');
    buffer_addf(out, "\"%s\":", name);
    quote_json(out, value, strlen(value));
}

static void get_version(const struct request *request, struct reply *reply)
{
    struct buffer *out = &reply->body;

    buffer_addc(out, '{');
    member(out, "program", "coderef-server");
    member(out, "version", CODEREF_VERSION);
    buffer_addf(out, ",\"store_format\":%u,\"libraries\":{", STORE_FORMAT);
    member(out, "libevent", event_get_version());
    member(out, "lmdb", mdb_version(NULL, NULL, NULL));
    member(out, "utf8proc", utf8proc_version());
    member(out, "jansson", jansson_version_str());
    member(out, "zlib", zlibVersion());
    buffer_adds(out, "},\"build\":");
    if (request->store == NULL) {
        buffer_adds(out, "null}\n");
        return;
    }
    buffer_addc(out, '{');
    member(out, "id", store_id(request->store));
    member(out, "program", store_program(request->store));
    buffer_adds(out, "}}\n");
}

static void get_metrics(const struct request *request, struct reply *reply)
{
    const struct store *store = request->store;

    reply->type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_render(&reply->body, server_metrics(request->server),
        server_routes(request->server), store != NULL ? store_id(store) : NULL,
        store != NULL ? store_program(store) : NULL);
}

const struct route operation_routes[] = {
    {METHOD_GET, "/healthz", get_health, NULL, 0, NULL},
    {METHOD_GET, "/-/healthy", get_health, NULL, 0, NULL},
    {METHOD_GET, "/readyz", get_ready, NULL, ROUTE_STORE, NULL},
    {METHOD_GET, "/-/ready", get_ready, NULL, ROUTE_STORE, NULL},
    {METHOD_GET, "/version", get_version, NULL, 0, NULL},
    {METHOD_GET, "/metrics", get_metrics, NULL, 0, NULL},
    {0},
};

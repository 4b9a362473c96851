/* route_operations.c - what an operator, a balancer or a monitor asks. */
#include "server/routes/routes.h"

#include "codesets/answer/json.h"
#include "server/data_metrics.h"
#include "server/transport/http.h"
#include "server/versions.h"

/* The process lives and its loop turns. */
static void get_health(const struct request *request, struct reply *reply)
{
    buffer_adds(&reply->body, "{\"status\":\"ok\"}\n");
}

/* It would answer: a store is open and it is not about to stop. When that is
 * not the store `current` points to, it says why. */
static void get_ready(const struct request *request, struct reply *reply)
{
    const char *refused = editions_refused(server_editions(request->server));
    struct json json;

    if (server_draining(request->server)) {
        reply_problem(reply, 503, "draining", "The server is stopping.");
        return;
    }
    if (request->answers == NULL) {
        reply_header(reply, "Retry-After", "5");
        reply_problem(reply, 503, "no_store", "No store is open: %s",
            refused != NULL ? refused : "none was found");
        return;
    }
    json_begin(&json, &reply->body);
    json_open(&json, '{');
    json_key(&json, "status");
    json_word(&json, "ready");
    json_key(&json, "build");
    json_string(&json, store_id(request->answers->store));
    if (refused != NULL) {
        json_key(&json, "current_refused");
        json_string(&json, refused);
    }
    json_close(&json, '}');
    buffer_addc(&reply->body, '\n');
}

static void get_version(const struct request *request, struct reply *reply)
{
    struct library library[LIBRARIES_MAX];
    struct json json;

    versions(library);
    json_begin(&json, &reply->body);
    json_open(&json, '{');
    json_key(&json, "program");
    json_word(&json, "coderef-server");
    json_key(&json, "version");
    json_word(&json, CODEREF_VERSION);
    json_key(&json, "store_format");
    json_int(&json, STORE_FORMAT);
    json_key(&json, "libraries");
    json_open(&json, '{');
    for (size_t i = 0; library[i].name != NULL; i++) {
        json_key(&json, library[i].name);
        json_string(&json, library[i].version);
    }
    json_close(&json, '}');
    json_key(&json, "build");
    if (request->answers == NULL) {
        json_null(&json);
    } else {
        json_open(&json, '{');
        json_key(&json, "id");
        json_string(&json, store_id(request->answers->store));
        json_key(&json, "program");
        json_string(&json, store_program(request->answers->store));
        json_close(&json, '}');
    }
    json_close(&json, '}');
    buffer_addc(&reply->body, '\n');
}

static void get_metrics(const struct request *request, struct reply *reply)
{
    const struct store *store =
        request->answers != NULL ? request->answers->store : NULL;

    reply->type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_render(&reply->body, server_metrics(request->server),
        server_routes(request->server), store != NULL ? store_id(store) : NULL,
        store != NULL ? store_program(store) : NULL);
    if (store != NULL)
        data_metrics_render(&reply->body, store,
            editions_written(server_editions(request->server)), request->today);
}

const struct route operation_routes[] = {
    {METHOD_GET, "/healthz", get_health, NULL, ROUTE_OPEN, NULL},
    {METHOD_GET, "/-/healthy", get_health, NULL, ROUTE_OPEN, NULL},
    {METHOD_GET, "/readyz", get_ready, NULL, ROUTE_OPEN, NULL},
    {METHOD_GET, "/-/ready", get_ready, NULL, ROUTE_OPEN, NULL},
    {METHOD_GET, "/version", get_version, NULL, 0, NULL},
    {METHOD_GET, "/metrics", get_metrics, NULL, 0, NULL},
    {0},
};

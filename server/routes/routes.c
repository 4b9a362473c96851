#include "server/routes/routes.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct route *const all_routes[] = {
    page_routes,
    operation_routes,
    code_routes,
    pair_routes,
    claim_routes,
    search_routes,
    unit_routes,
    necessity_routes,
    changes_routes,
    NULL,
};

/* A pattern, split at its slashes. The parts point into the pattern. */
struct split_route {
    const struct route *route;
    size_t number; /* for metrics; rows with one pattern share it */
    size_t segments;
    struct text_ref segment[REQUEST_SEGMENTS_MAX]; /* not NUL-ended */
};

struct routes {
    struct split_route row[ROUTES_MAX];
    size_t rows;
    const char *pattern[ROUTES_MAX + 1];
    size_t patterns; /* without number 0 */
};

static void split(struct split_route *row)
{
    const char *at = row->route->pattern;

    while (at[0] == '/' && at[1] != '\0') {
        const size_t len = strcspn(at + 1, "/");

        assert(row->segments < REQUEST_SEGMENTS_MAX);
        row->segment[row->segments++] = (struct text_ref){at + 1, len};
        at += len + 1;
    }
}

static void add(struct routes *routes, const struct route *route)
{
    struct split_route *row = &routes->row[routes->rows];
    size_t number = 1;

    assert(routes->rows < ROUTES_MAX);
    row->route = route;
    split(row);
    while (number <= routes->patterns &&
           strcmp(routes->pattern[number], route->pattern) != 0)
        number++;
    if (number > routes->patterns)
        routes->pattern[++routes->patterns] = route->pattern;
    row->number = number;
    routes->rows++;
}

struct routes *routes_new(const struct route *const tables[])
{
    struct routes *routes = calloc(1, sizeof *routes);

    if (routes == NULL)
        return NULL;
    routes->pattern[0] = "";
    for (; *tables != NULL; tables++)
        for (const struct route *route = *tables; route->answer != NULL;
             route++)
            add(routes, route);
    return routes;
}

void routes_free(struct routes *routes)
{
    free(routes);
}

size_t routes_count(const struct routes *routes)
{
    return routes->patterns + 1;
}

const char *routes_pattern(const struct routes *routes, size_t number)
{
    return number <= routes->patterns ? routes->pattern[number] : "";
}

static bool fits(const struct split_route *row, struct request *request)
{
    size_t captures = 0;

    if (row->segments != request->segments)
        return false;
    for (size_t i = 0; i < row->segments; i++) {
        const struct text_ref *want = &row->segment[i];
        const struct text_ref *have = &request->segment[i];

        if (want->text[0] == '{') {
            if (have->len == 0 || captures == REQUEST_CAPTURES_MAX)
                return false;
            request->capture[captures++] = *have;
        } else if (want->len != have->len ||
                   memcmp(want->text, have->text, want->len) != 0) {
            return false;
        }
    }
    while (captures < REQUEST_CAPTURES_MAX)
        request->capture[captures++] = (struct text_ref){NULL, 0};
    return true;
}

/* "GET, HEAD, OPTIONS" */
static void allow_text(char out[64], unsigned methods)
{
    static const enum method order[] = {
        METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_OPTIONS};
    size_t len = 0;

    methods |= METHOD_OPTIONS;
    if ((methods & METHOD_GET) != 0)
        methods |= METHOD_HEAD;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if ((methods & order[i]) != 0)
            len += (size_t)snprintf(out + len, 64 - len, "%s%s",
                len != 0 ? ", " : "", method_name(order[i]));
}

static void answer_options(struct reply *reply, unsigned methods)
{
    char allow[64];

    allow_text(allow, methods);
    reply->status = 204;
    reply->no_cache = true;
    reply_header(reply, "Allow", allow);
    reply_header(reply, "Access-Control-Allow-Methods", allow);
    reply_header(reply, "Access-Control-Allow-Headers",
        "Accept, Authorization, Content-Type, If-None-Match, X-API-Key, "
        "X-Request-Id");
    reply_header(reply, "Access-Control-Max-Age", "86400");
}

/* Says which parameters a route takes, for a problem. */
static void params_text(char *out, size_t size, const struct route *route)
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; route->params != NULL && route->params[i] != NULL; i++) {
        const int n = snprintf(out + len, size - len, "%s%s",
            len != 0 ? ", " : "", route->params[i]);

        if (n < 0 || (size_t)n >= size - len)
            break;
        len += (size_t)n;
    }
}

static bool known(const struct route *route, const char *name)
{
    for (size_t i = 0; route->params != NULL && route->params[i] != NULL; i++)
        if (strcmp(route->params[i], name) == 0)
            return true;
    return false;
}

static bool check_params(const struct route *route,
    const struct request *request, struct reply *reply)
{
    for (size_t i = 0; i < request->params; i++) {
        const char *name = request->param[i].name.text;

        if (!known(route, name)) {
            char list[384];

            params_text(list, sizeof list, route);
            reply->reason = NULL;
            reply_bad_param(reply, name,
                *list != '\0' ? "%s takes no parameter '%.60s'. It takes: %s."
                              : "%s takes no parameter '%.60s', nor any other.",
                route->pattern, name, list);
            reply->reason = "unknown_parameter";
            return false;
        }
        for (size_t j = 0; j < i; j++)
            if (strcmp(name, request->param[j].name.text) == 0) {
                reply_bad_param(reply, name,
                    "The parameter '%.60s' was sent more than once. Send it "
                    "once; lists are joined by commas.",
                    name);
                reply->reason = "repeated_parameter";
                return false;
            }
    }
    return true;
}

static bool check_type(const struct route *route, const struct request *request,
    struct reply *reply)
{
    char list[256];
    size_t len = 0;

    if (route->types == NULL)
        return true;
    if (request->content_encoding != NULL &&
        strcasecmp(request->content_encoding, "identity") != 0) {
        reply_problem(reply, 415, "unsupported_encoding",
            "The body has Content-Encoding '%.32s'. Send it as it is.",
            request->content_encoding);
        return false;
    }
    list[0] = '\0';
    for (size_t i = 0; route->types[i] != NULL; i++) {
        int n;

        if (type_is(request->content_type, route->types[i]))
            return true;
        n = snprintf(list + len, sizeof list - len, "%s%s",
            len != 0 ? ", " : "", route->types[i]);
        if (n > 0 && (size_t)n < sizeof list - len)
            len += (size_t)n;
    }
    reply_problem(reply, 415, "unsupported_type",
        "Say what the body is in Content-Type. %s takes: %s.", route->pattern,
        list);
    return false;
}

bool routes_find(const struct routes *routes, struct request *request,
    struct reply *reply, size_t *number)
{
    const unsigned method =
        request->method == METHOD_HEAD ? METHOD_GET : (unsigned)request->method;
    const struct split_route *met = NULL;
    const struct route *route;
    unsigned allowed = 0;
    char allow[64];

    *number = 0;
    request->route = NULL;
    for (size_t i = 0; i < routes->rows; i++) {
        const struct split_route *row = &routes->row[i];

        if (met != NULL ? row->number != met->number : !fits(row, request))
            continue;
        met = row;
        *number = row->number;
        allowed |= row->route->methods;
        if ((row->route->methods & method) != 0) {
            request->route = row->route;
            break;
        }
    }
    if (met == NULL) {
        reply_problem(reply, 404, "no_such_path",
            "There is nothing under this path. The page is at /; README.md and "
            "coderef-server(1) list the addresses.");
        return false;
    }
    if (request->method == METHOD_OPTIONS) {
        answer_options(reply, allowed);
        return false;
    }
    route = request->route;
    if (route == NULL) {
        allow_text(allow, allowed);
        reply_header(reply, "Allow", allow);
        reply_problem(reply, 405, "method_not_allowed", "%s takes: %s.",
            met->route->pattern, allow);
        return false;
    }
    if ((route->flags & ROUTE_LENIENT) == 0 &&
        !check_params(route, request, reply))
        return false;
    if (method == METHOD_POST && !check_type(route, request, reply))
        return false;
    if ((route->flags & ROUTE_STORE) != 0 && request->answers == NULL) {
        reply_header(reply, "Retry-After", "5");
        reply_problem(reply, 503, "no_store",
            "No store is open. The log of the server says why.");
        return false;
    }
    return true;
}

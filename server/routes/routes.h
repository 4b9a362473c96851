/* routes.h - which handler answers which request.
 *
 * Each family of answers is one file, server/routes/route_<family>.c, that ends
 * with its table, and routes.c lists the tables. A handler is short, because
 * the answer's content comes from codesets/answer:
 *
 *     static void get_code(const struct request *request, struct reply *reply)
 *     {
 *         struct code_question question = {.date = request->today};
 *         struct error err;
 *
 *         if (!param_day(request, reply, "date", &question.date))
 *             return;
 *         question.code = request->capture[0];
 *         reply_outcome(reply,
 *             answer_code(&reply->body, request->answers, &question, &err),
 *             &err);
 *     }
 *
 *     static const char *const code_params[] = {"date", "system", NULL};
 *     const struct route code_routes[] = {
 *         {METHOD_GET, "/v1/codes/{code}", get_code, code_params,
 *             ROUTE_STORE | ROUTE_CACHE, NULL},
 *         {0},
 *     };
 *
 * Before a handler runs, the router has seen to it that the method is one of
 * the route's, that every parameter is known to it and sent once, that a
 * body is of a type it takes, and that there is a store. */
#ifndef SERVER_ROUTES_ROUTES_H
#define SERVER_ROUTES_ROUTES_H
#include "server/transport/reply.h"
#include "server/transport/request.h"

enum route_flag {
    ROUTE_STORE = 1 << 0, /* needs a store: 503 without one */
    /* The answer follows from build, day and target: it gets an ETag and may
     * be kept for a minute. GET only. */
    ROUTE_CACHE = 1 << 1,
    /* Unknown and repeated parameters are let through, as the interfaces of
     * others want it. Elsewhere a misspelt parameter is a 400: an answer for
     * today to a question for ?dat=2024-01-01 would be a wrong answer. */
    ROUTE_LENIENT = 1 << 2,
    ROUTE_OPEN = 1 << 4,       /* needs no key where keys are in use */
    ROUTE_NEGOTIATES = 1 << 3, /* the Accept header changes the answer */
};

typedef void (*route_handler)(
    const struct request *request, struct reply *reply);

struct route {
    unsigned
        methods; /* METHOD_GET (HEAD comes with it), METHOD_POST, or both */
    /* "/v1/codes/{code}/edits": a {part} takes any one non-empty segment. Of
     * two patterns that fit, the one that stands first answers. */
    const char *pattern;
    route_handler answer;
    const char *const *params; /* NULL-ended; NULL: it takes none */
    unsigned flags;            /* enum route_flag */
    const char *const *types;  /* media types of a POST's body, NULL-ended */
};

enum { ROUTES_MAX = 96 };

/* Routes, split for matching. Made once, before the first request. */
struct routes;
/* From a NULL-ended list of tables, each ended by a row of zeros. NULL: no
 * memory. */
struct routes *routes_new(const struct route *const tables[]);
void routes_free(struct routes *routes);

/* For metrics: routes are numbered from 1; 0 is "none of them". */
size_t routes_count(const struct routes *routes);
const char *routes_pattern(const struct routes *routes, size_t number);

/* Finds the route, checks method, parameters, body type and store, fills
 * request->route and the captures. Returns the route's number when its handler
 * is to run; otherwise the reply is made (a problem, or the answer to OPTIONS)
 * and *number still says which pattern was met. */
bool routes_find(const struct routes *routes, struct request *request,
    struct reply *reply, size_t *number);

/* The tables of this program, and all of them. */
extern const struct route operation_routes[];
extern const struct route page_routes[];
extern const struct route code_routes[];
extern const struct route pair_routes[];
extern const struct route claim_routes[];
extern const struct route search_routes[];
extern const struct route unit_routes[];
extern const struct route necessity_routes[];
extern const struct route changes_routes[];
extern const struct route *const all_routes[];

#endif

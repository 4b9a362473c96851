/* route_search.c - codes by their words, and what is loaded. */
#include "server/transport/params.h"
#include "server/routes/routes.h"

static void get_search(const struct request *request, struct reply *reply)
{
    struct search_question question = {.text = request_text(request, "q"),
        .cursor = request_text(request, "cursor"),
        .facets = request_text(request, "facets"),
        .order = request_text(request, "order"),
        .day = request->today,
        .on_day = request_param(request, "date") != NULL};
    struct error err = {0};

    if (question.text.text == NULL) {
        reply_bad_param(
            reply, "q", "Say what to look for, such as q=gait+train.");
        return;
    }
    for (int facet = FACET_SYSTEM + 1; facet < FACET_COUNT; facet++)
        question.wanted[facet] =
            request_text(request, search_facet_name((enum search_facet)facet));
    if (!param_day(request, reply, "date", &question.day) ||
        !param_systems(request, reply, &question.systems) ||
        !param_flag(request, reply, "found_in", &question.found_in) ||
        !param_limit(request, reply, SEARCH_LIMIT_MAX, &question.limit))
        return;
    (void)reply_outcome(reply,
        answer_search(&reply->body, request->answers, &question, &err), &err);
}

static void get_releases(const struct request *request, struct reply *reply)
{
    day_t day = request->today;
    struct error err = {0};

    if (!param_day(request, reply, "date", &day))
        return;
    (void)reply_outcome(reply,
        answer_releases(&reply->body, request->answers, day, &err), &err);
}

static const char *const search_params[] = {"q", "system", "date", "limit",
    "cursor", "facets", "order", "section", "billable", "timed", "status",
    "setting", "found_in", NULL};
static const char *const releases_params[] = {"date", NULL};

const struct route search_routes[] = {
    {METHOD_GET, "/v1/search", get_search, search_params,
        ROUTE_STORE | ROUTE_CACHE, NULL},
    {METHOD_GET, "/v1/releases", get_releases, releases_params,
        ROUTE_STORE | ROUTE_CACHE, NULL},
    {0},
};

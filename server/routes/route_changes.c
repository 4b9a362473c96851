/* route_changes.c - what changed between two days. */
#include "codesets/answer/changes/changes.h"
#include "server/routes/routes.h"
#include "server/transport/params.h"

static void get_changes(const struct request *request, struct reply *reply)
{
    struct changes_question question = {
        .days = request_param(request, "from") != NULL,
        .from = request->today,
        .to = request->today,
        .codes = request_text(request, "codes"),
        .tables = request_text(request, "table"),
        .kinds = request_text(request, "kind"),
        .cursor = request_text(request, "cursor")};
    struct error err = {0};

    if (!question.days && request_param(request, "to") != NULL) {
        reply_bad_param(reply, "to",
            "Send from= too: changes are told from the day behind it up to "
            "to=.");
        return;
    }
    if (!param_day(request, reply, "from", &question.from) ||
        !param_day(request, reply, "to", &question.to) ||
        !param_systems(request, reply, &question.systems) ||
        !param_flag(request, reply, "counts", &question.counts) ||
        !param_limit(request, reply, LIST_LIMIT_MAX, &question.limit))
        return;
    (void)reply_outcome(reply,
        answer_changes(&reply->body, request->answers, &question, &err), &err);
}

static const char *const changes_params[] = {"from", "to", "system", "codes",
    "table", "kind", "counts", "limit", "cursor", NULL};

const struct route changes_routes[] = {
    {METHOD_GET, "/v1/changes", get_changes, changes_params,
        ROUTE_STORE | ROUTE_CACHE, NULL},
    {0},
};

/* route_changes.c - what changed between two days. */
#include <string.h>

#include "codesets/answer/changes/changes.h"
#include "server/routes/routes.h"
#include "server/transport/params.h"

/* A problem of the question begins with the parameter's name: "codes: …". */
static void reply_refused(struct reply *reply, const struct error *err)
{
    static const char *const names[] = {"codes", "from", "to", "table", "kind"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const size_t len = strlen(names[i]);

        if (strncmp(err->msg, names[i], len) == 0 && err->msg[len] == ':') {
            reply_bad_param(reply, names[i], "%s", err->msg);
            return;
        }
    }
    (void)reply_outcome(reply, ERR_INPUT, err);
}

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
    int rc;

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
    rc = answer_changes(&reply->body, request->answers, &question, &err);
    if (rc == ERR_INPUT)
        reply_refused(reply, &err);
    else
        (void)reply_outcome(reply, rc, &err);
}

static const char *const changes_params[] = {"from", "to", "system", "codes",
    "table", "kind", "counts", "limit", "cursor", NULL};

const struct route changes_routes[] = {
    {METHOD_GET, "/v1/changes", get_changes, changes_params,
        ROUTE_STORE | ROUTE_CACHE, NULL},
    {0},
};

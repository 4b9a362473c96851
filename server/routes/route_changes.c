/* route_changes.c - what changed between two days. */
#include <string.h>
#include <time.h>

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

enum {
    SLICE_NS = 4000000, /* of work at a time: others wait meanwhile */
    SLICE_STEPS = 200,  /* keys between two looks at the clock */
};

static int64_t nanoseconds(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void free_work(void *work)
{
    changes_free(work);
}

/* Works for a while; the answer is there, or the rest comes later. */
static int work_on(
    struct changes_work *work, struct reply *reply, struct error *err)
{
    const int64_t end = nanoseconds() + SLICE_NS;
    bool done = false;
    int rc = 0;

    while (rc == 0 && !done && nanoseconds() < end)
        rc = changes_step(work, SLICE_STEPS, &reply->body, &done, err);
    if (rc == 0 && !done)
        reply_again(reply, work, free_work);
    return rc;
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
    struct changes_work *work = request->work;
    struct error err = {0};
    int rc = 0;

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
    if (work == NULL)
        rc = changes_begin(&work, request->answers, &question, &err);
    if (rc == 0)
        rc = work_on(work, reply, &err);
    if (request->work == NULL && !reply->again)
        changes_free(work);
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

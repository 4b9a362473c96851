/* route_necessity.c - what coverage articles say of a procedure and a
 * diagnosis, and the articles themselves. */
#include "codesets/answer/necessity/necessity_answer.h"
#include "codesets/answer/necessity/necessity_batch.h"
#include "server/transport/params.h"
#include "server/routes/routes.h"

/* A question takes some microseconds; one without a place may ask hundreds of
 * articles. */
enum { QUESTIONS_A_TURN = 100 };

static bool read_place(const struct request *request, struct reply *reply,
    struct necessity_request *out)
{
    *out = (struct necessity_request){.day = request->today};
    out->state = request_text(request, "state");
    out->contractor = request_text(request, "contractor");
    out->article = request_text(request, "article");
    out->kind = request_text(request, "kind");
    return param_day(request, reply, "date", &out->day);
}

static void get_necessity(const struct request *request, struct reply *reply)
{
    struct necessity_request question;
    struct error err = {0};

    if (!read_place(request, reply, &question) ||
        !param_limit(request, reply, LIST_LIMIT_MAX, &question.limit))
        return;
    question.code = request_text(request, "code");
    question.icd10 = request_text(request, "icd10");
    question.q = request_text(request, "q");
    question.prefix = request_text(request, "prefix");
    question.cursor = request_text(request, "cursor");
    (void)reply_outcome(reply,
        answer_necessity(&reply->body, request->answers, &question, &err),
        &err);
}

static enum more next_answers(void *state, struct buffer *out)
{
    bool more = true;

    for (unsigned i = 0;
         i < QUESTIONS_A_TURN && more && out->len < STREAM_PIECE; i++)
        more = necessity_batch_step(state, 1, out);
    if (out->failed)
        return MORE_FAILED;
    return more ? MORE : MORE_DONE;
}

static void close_batch(void *state)
{
    necessity_batch_close(state);
}

static void post_necessity(const struct request *request, struct reply *reply)
{
    enum batch_form form = BATCH_ARRAY;
    struct necessity_request defaults;
    struct necessity_batch *batch;
    const char *type = TYPE_JSON;
    struct error err = {0};

    if (type_is(request->content_type, "text/csv")) {
        form = BATCH_CSV;
        type = "text/csv; charset=utf-8";
    } else if (type_is(request->content_type, "application/x-ndjson")) {
        form = BATCH_NDJSON;
        type = "application/x-ndjson";
    }
    if (read_place(request, reply, &defaults) &&
        reply_outcome(reply,
            necessity_batch_open(&batch, request->answers, form, request->body,
                request->body_len, &defaults, &err),
            &err))
        reply_stream(reply, type, next_answers, close_batch, batch);
}

static void get_policy(const struct request *request, struct reply *reply)
{
    struct error err = {0};
    day_t day = request->today;

    if (!param_day(request, reply, "date", &day))
        return;
    (void)reply_outcome(reply,
        answer_policy(
            &reply->body, request->answers, request->capture[0], day, &err),
        &err);
}

static void get_policies(const struct request *request, struct reply *reply)
{
    struct policies_question question = {.q = request_text(request, "q"),
        .state = request_text(request, "state"),
        .contractor = request_text(request, "contractor"),
        .kind = request_text(request, "kind"),
        .cursor = request_text(request, "cursor"),
        .day = request->today};
    struct error err = {0};

    if (!param_day(request, reply, "date", &question.day) ||
        !param_limit(request, reply, LIST_LIMIT_MAX, &question.limit))
        return;
    (void)reply_outcome(reply,
        answer_policies(&reply->body, request->answers, &question, &err), &err);
}

static const char *const get_params[] = {"code", "icd10", "state", "contractor",
    "article", "kind", "date", "q", "prefix", "limit", "cursor", NULL};
static const char *const post_params[] = {
    "state", "contractor", "article", "kind", "date", NULL};
static const char *const policy_params[] = {"date", NULL};
static const char *const policies_params[] = {
    "q", "state", "contractor", "kind", "date", "limit", "cursor", NULL};
static const char *const batch_types[] = {
    "application/json", "application/x-ndjson", "text/csv", NULL};

const struct route necessity_routes[] = {
    {METHOD_GET, "/v1/necessity", get_necessity, get_params,
        ROUTE_STORE | ROUTE_CACHE, NULL},
    {METHOD_POST, "/v1/necessity", post_necessity, post_params, ROUTE_STORE,
        batch_types},
    {METHOD_GET, "/v1/policies", get_policies, policies_params,
        ROUTE_STORE | ROUTE_CACHE, NULL},
    {METHOD_GET, "/v1/policies/{id}", get_policy, policy_params,
        ROUTE_STORE | ROUTE_CACHE, NULL},
    {0},
};

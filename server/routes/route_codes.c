/* route_codes.c - codes: one, lists of them, and the edits of one. */
#include "server/transport/params.h"
#include "server/routes/routes.h"

static void get_code(const struct request *request, struct reply *reply)
{
    struct code_question question = {
        .code = request->capture[0], .day = request->today};
    struct error err = {0};

    if (!param_day(request, reply, "date", &question.day) ||
        !param_systems(request, reply, &question.systems))
        return;
    (void)reply_outcome(reply,
        answer_code(&reply->body, request->answers, &question, &err), &err);
}

static void get_codes(const struct request *request, struct reply *reply)
{
    struct codes_question question = {.prefix = request_text(request, "prefix"),
        .from = request_text(request, "from"),
        .to = request_text(request, "to"),
        .codes = request_text(request, "codes"),
        .cursor = request_text(request, "cursor"),
        .day = request->today};
    struct error err = {0};

    if (!param_day(request, reply, "date", &question.day) ||
        !param_systems(request, reply, &question.systems) ||
        !param_limit(request, reply, LIST_LIMIT_MAX, &question.limit))
        return;
    (void)reply_outcome(reply,
        answer_codes(&reply->body, request->answers, &question, &err), &err);
}

static void get_edits(const struct request *request, struct reply *reply)
{
    static const char *const columns[] = {"any", "1", "2", NULL};
    struct edits_question question = {.code = request->capture[0],
        .cursor = request_text(request, "cursor"),
        .day = request->today,
        .on_day = request_param(request, "date") != NULL};
    struct error err = {0};

    if (!param_day(request, reply, "date", &question.day) ||
        !param_setting(request, reply, &question.setting) ||
        !param_program(request, reply, &question.program) ||
        !param_word(request, reply, "column", columns, &question.column) ||
        !param_limit(request, reply, LIST_LIMIT_MAX, &question.limit))
        return;
    (void)reply_outcome(reply,
        answer_edits(&reply->body, request->answers, &question, &err), &err);
}

static const char *const code_params[] = {"date", "system", NULL};
static const char *const codes_params[] = {
    "prefix", "from", "to", "codes", "date", "system", "limit", "cursor", NULL};
static const char *const edits_params[] = {
    "date", "setting", "program", "column", "limit", "cursor", NULL};

const struct route code_routes[] = {
    {METHOD_GET, "/v1/codes", get_codes, codes_params,
        ROUTE_STORE | ROUTE_CACHE, NULL},
    {METHOD_GET, "/v1/codes/{code}", get_code, code_params,
        ROUTE_STORE | ROUTE_CACHE, NULL},
    {METHOD_GET, "/v1/codes/{code}/edits", get_edits, edits_params,
        ROUTE_STORE | ROUTE_CACHE, NULL},
    {0},
};

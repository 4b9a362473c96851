/* route_pairs.c - may these be billed together: one question, or a batch. */
#include <stdlib.h>

#include "codesets/answer/pair/pair_batch.h"
#include "server/transport/params.h"
#include "server/routes/routes.h"

enum { QUESTIONS_A_TURN = 1000 }; /* about two milliseconds of work */

static void get_pairs(const struct request *request, struct reply *reply)
{
    const struct text_ref codes = request_text(request, "codes");
    const struct text_ref modifiers = request_text(request, "modifiers");
    struct pairs_question question = {.day = request->today};
    struct error err = {0};
    int rc;

    if (codes.text == NULL) {
        reply_bad_param(reply, "codes",
            "Name two or more codes, such as codes=97530,97116.");
        return;
    }
    if (!param_day(request, reply, "date", &question.day) ||
        !param_setting(request, reply, &question.setting) ||
        !param_program(request, reply, &question.program))
        return;
    rc = pairs_add_codes(
        &question, request->answers, codes.text, codes.len, &err);
    if (rc == 0 && modifiers.text != NULL)
        rc =
            pairs_add_modifiers(&question, modifiers.text, modifiers.len, &err);
    if (rc == ERR_LIMIT) {
        reply_bad_param(reply, "codes", "%s", err.msg);
        return;
    }
    if (rc == 0)
        rc = answer_pairs(&reply->body, request->answers, &question, &err);
    (void)reply_outcome(reply, rc, &err);
}

static enum more next_answers(void *state, struct buffer *out)
{
    const bool more = pair_batch_step(state, QUESTIONS_A_TURN, out);

    if (out->failed)
        return MORE_FAILED;
    return more ? MORE : MORE_DONE;
}

static void post_pairs(const struct request *request, struct reply *reply)
{
    struct pair_batch *batch = malloc(sizeof *batch);
    struct pair_defaults defaults = {.day = request->today};
    enum batch_form form = BATCH_ARRAY;
    const char *type = TYPE_JSON;
    struct error err = {0};

    if (batch == NULL) {
        (void)reply_outcome(reply, error_memory(&err), &err);
        return;
    }
    if (type_is(request->content_type, "text/csv")) {
        form = BATCH_CSV;
        type = "text/csv; charset=utf-8";
    } else if (type_is(request->content_type, "application/x-ndjson")) {
        form = BATCH_NDJSON;
        type = "application/x-ndjson";
    }
    if (!param_day(request, reply, "date", &defaults.day) ||
        !param_setting(request, reply, &defaults.setting) ||
        !param_program(request, reply, &defaults.program) ||
        !reply_outcome(reply,
            pair_batch_open(batch, request->answers, form, request->body,
                request->body_len, &defaults, &err),
            &err)) {
        free(batch);
        return;
    }
    reply_stream(reply, type, next_answers, free, batch);
}

static const char *const get_params[] = {
    "codes", "date", "setting", "program", "modifiers", NULL};
static const char *const post_params[] = {"date", "setting", "program", NULL};
static const char *const batch_types[] = {
    "application/json", "application/x-ndjson", "text/csv", NULL};

const struct route pair_routes[] = {
    {METHOD_GET, "/v1/pairs", get_pairs, get_params, ROUTE_STORE | ROUTE_CACHE,
        NULL},
    {METHOD_POST, "/v1/pairs", post_pairs, post_params, ROUTE_STORE,
        batch_types},
    {0},
};

/* route_claims.c - what the rules say of whole claims: one, or a batch. */
#include <stdlib.h>

#include "codesets/answer/claim/claim_answer.h"
#include "server/transport/params.h"
#include "server/routes/routes.h"

/* A claim of fifty lines takes a fraction of a millisecond, the largest some
 * milliseconds. */
enum { CLAIMS_A_TURN = 4 };

static enum more next_answers(void *state, struct buffer *out)
{
    bool more = true;

    for (unsigned i = 0; i < CLAIMS_A_TURN && more && out->len < STREAM_PIECE;
         i++)
        more = claim_batch_step(state, 1, out);
    if (out->failed)
        return MORE_FAILED;
    return more ? MORE : MORE_DONE;
}

static void close_batch(void *state)
{
    claim_batch_close(state);
}

static void check_one(const struct request *request, struct reply *reply,
    const struct claim_defaults *defaults)
{
    struct claim_work *work = malloc(sizeof *work);
    struct error err = {0};
    int rc;

    if (work == NULL) {
        (void)reply_outcome(reply, error_memory(&err), &err);
        return;
    }
    rc = claim_read_json(&work->claim, request->answers->rules, defaults,
        request->body, request->body_len, &err);
    if (rc == 0)
        rc = answer_claim(&reply->body, request->answers, work, &err);
    (void)reply_outcome(reply, rc, &err);
    free(work);
}

static void post_claims(const struct request *request, struct reply *reply)
{
    struct claim_defaults defaults = {.day = request->today};
    struct claim_batch *batch;
    struct error err = {0};

    if (!param_day(request, reply, "date", &defaults.day) ||
        !param_setting(request, reply, &defaults.setting) ||
        !param_program(request, reply, &defaults.program))
        return;
    if (type_is(request->content_type, "application/json")) {
        check_one(request, reply, &defaults);
        return;
    }
    if (reply_outcome(reply,
            claim_batch_open(&batch, request->answers, request->body,
                request->body_len, &defaults, &err),
            &err))
        reply_stream(
            reply, "application/x-ndjson", next_answers, close_batch, batch);
}

static const char *const params[] = {"date", "setting", "program", NULL};
static const char *const types[] = {
    "application/json", "application/x-ndjson", NULL};

const struct route claim_routes[] = {
    {METHOD_POST, "/v1/claims/check", post_claims, params, ROUTE_STORE, types},
    {0},
};

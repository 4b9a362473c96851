/* route_units.c - minutes to units of service. */
#include "codesets/answer/units/units_answer.h"
#include "server/routes/routes.h"

/* What both methods take out of the query. */
static bool read_params(const struct request *request, struct reply *reply,
    struct units_request *out)
{
    const struct text_ref rule = request_text(request, "rule");
    struct error err = {0};

    units_begin(out, request->today);
    if (!param_day(request, reply, "date", &out->question.day) ||
        !param_flag(
            request, reply, "pool_cognitive", &out->question.pool_cognitive))
        return false;
    if (rule.text != NULL &&
        units_rule_parse(&out->question.rule, rule.text, rule.len, &err) != 0) {
        reply_bad_param(reply, "rule", "%s", err.msg);
        return false;
    }
    return true;
}

static void answer(const struct request *request, struct reply *reply,
    const struct units_request *units)
{
    struct error err = {0};

    (void)reply_outcome(
        reply, answer_units(&reply->body, request->answers, units, &err), &err);
}

static void get_units(const struct request *request, struct reply *reply)
{
    const struct text_ref minutes = request_text(request, "minutes");
    const struct text_ref family = request_text(request, "family");
    struct units_request units;
    struct error err = {0};
    int rc;

    if (!read_params(request, reply, &units))
        return;
    if (minutes.text == NULL || minutes.len == 0) {
        reply_bad_param(reply, "minutes",
            "Give minutes for each code, such as minutes=97110:24,97140:15.");
        return;
    }
    if (family.text != NULL)
        rc = units_set_family(&units, request->answers, family, minutes, &err);
    else
        rc = units_add_text(
            &units, request->answers, minutes.text, minutes.len, &err);
    if (reply_outcome(reply, rc, &err))
        answer(request, reply, &units);
}

static void post_units(const struct request *request, struct reply *reply)
{
    struct units_request units;
    struct error err = {0};

    if (read_params(request, reply, &units) &&
        reply_outcome(reply,
            units_read_json(&units, request->answers, request->body,
                request->body_len, &err),
            &err))
        answer(request, reply, &units);
}

static const char *const get_params[] = {
    "minutes", "family", "rule", "date", "pool_cognitive", NULL};
static const char *const post_params[] = {
    "rule", "date", "pool_cognitive", NULL};
static const char *const body_types[] = {"application/json", NULL};

const struct route unit_routes[] = {
    {METHOD_GET, "/v1/units", get_units, get_params, ROUTE_STORE | ROUTE_CACHE,
        NULL},
    {METHOD_POST, "/v1/units", post_units, post_params, ROUTE_STORE,
        body_types},
    {0},
};

#include "server/transport/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "codesets/answer/json.h"
#include "server/log.h"

/* A body's memory is kept for the next request up to this many bytes. */
enum { REPLY_BODY_KEPT = 1 << 20 };

void reply_init(struct reply *reply)
{
    *reply = (struct reply){.body = {.max = REPLY_BODY_MAX}};
    reply_reset(reply);
}

void reply_reset(struct reply *reply)
{
    if (reply->body.cap > REPLY_BODY_KEPT)
        buffer_clear(&reply->body);
    reply->body.len = 0;
    reply->body.failed = false;
    reply->status = 200;
    reply->type = TYPE_JSON;
    reply->headers_len = 0;
    reply->close = false;
    reply->no_cache = false;
    reply->packed = false;
    reply->keep = NULL;
    reply->tag[0] = '\0';
    reply->reason = NULL;
    reply->parameter[0] = '\0';
    reply->detail[0] = '\0';
    reply->again = false;
    reply->work = NULL;
    reply->work_free = NULL;
    reply->produce = NULL;
    reply->stream_free = NULL;
    reply->stream_state = NULL;
}

void reply_clear(struct reply *reply)
{
    buffer_clear(&reply->body);
}

/* --- problems --- */

void reply_problem(struct reply *reply, int status, const char *reason,
    const char *format, ...)
{
    va_list args;

    if (reply->reason != NULL)
        return;
    reply->status = status;
    reply->reason = reason;
    va_start(args, format);
    (void)vsnprintf(reply->detail, sizeof reply->detail, format, args);
    va_end(args);
}

void reply_bad_param(
    struct reply *reply, const char *parameter, const char *format, ...)
{
    va_list args;

    if (reply->reason != NULL)
        return;
    reply->status = 400;
    reply->reason = "bad_parameter";
    (void)snprintf(reply->parameter, sizeof reply->parameter, "%s", parameter);
    va_start(args, format);
    (void)vsnprintf(reply->detail, sizeof reply->detail, format, args);
    va_end(args);
}

bool reply_outcome(struct reply *reply, int rc, const struct error *err)
{
    const char *said = err != NULL ? err->msg : "";

    switch (rc) {
    case 0:
        return true;
    case ERR_INPUT:
        reply_problem(reply, 400, "bad_question", "%s", said);
        break;
    case ERR_NOTFOUND:
        reply_problem(reply, 404, "not_found", "%s",
            *said != '\0' ? said : "Nothing is known under this name.");
        break;
    case ERR_LIMIT:
        reply_problem(reply, 422, "too_large", "%s", said);
        break;
    default:
        log_event("failed", "error", said);
        reply_problem(reply, 500, "failed",
            "The answer could not be made. The log of the server says why.");
        break;
    }
    return false;
}

void reply_again(struct reply *reply, void *work, void (*work_free)(void *work))
{
    reply->again = true;
    reply->work = work;
    reply->work_free = work_free;
}

void reply_render_problem(
    struct reply *reply, const char *instance, const char *id)
{
    struct json json;

    reply->body.len = 0;
    reply->body.failed = false;
    reply->type = TYPE_PROBLEM;
    json_begin(&json, &reply->body);
    json_open(&json, '{');
    json_key(&json, "type");
    json_word(&json, "about:blank");
    json_key(&json, "title");
    json_word(&json, status_phrase(reply->status));
    json_key(&json, "status");
    json_int(&json, reply->status);
    json_key(&json, "detail");
    json_string(&json, reply->detail);
    if (instance != NULL) {
        /* The path alone: a query may tell of a patient. */
        json_key(&json, "instance");
        json_text(&json, instance, strcspn(instance, "?#"));
    }
    if (reply->reason != NULL) {
        json_key(&json, "reason");
        json_word(&json, reply->reason);
    }
    if (reply->parameter[0] != '\0') {
        json_key(&json, "parameter");
        json_string(&json, reply->parameter);
    }
    if (id != NULL) {
        json_key(&json, "request_id");
        json_string(&json, id);
    }
    json_close(&json, '}');
    buffer_addc(&reply->body, '\n');
}

/* --- the rest --- */

void reply_header(struct reply *reply, const char *name, const char *value)
{
    const size_t room = sizeof reply->headers - reply->headers_len;
    const int n = snprintf(
        reply->headers + reply->headers_len, room, "%s: %s\r\n", name, value);

    if (n > 0 && (size_t)n < room)
        reply->headers_len += (size_t)n;
}

void reply_tag(struct reply *reply, const char *tag)
{
    (void)snprintf(reply->tag, sizeof reply->tag, "%s", tag);
}

void reply_stream(struct reply *reply, const char *type,
    stream_producer produce, void (*stream_free)(void *), void *state)
{
    reply->type = type;
    reply->produce = produce;
    reply->stream_free = stream_free;
    reply->stream_state = state;
}

const char *status_phrase(int status)
{
    static const struct {
        int status;
        const char *phrase;
    } phrases[] = {
        {200, "OK"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
        {201, "Created"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {409, "Conflict"},
    };

    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
        if (phrases[i].status == status)
            return phrases[i].phrase;
    return status >= 500 ? "Server Error" : "Status";
}

/* request.h - what a client asked, decoded, and the parameters of a question.
 *
 * A request is filled by handle.c, lives while its handler runs, and is then
 * used again: a handler that goes on after it has returned (a stream, see
 * reply.h) copies what it needs. Only `body` and `answers` stay until the last
 * byte of the answer has been sent.
 *
 * Everything that comes out of the target is percent-decoded, valid UTF-8
 * without control bytes, and NUL-ended. '+' is a blank in the query and a plus
 * in the path. */
#ifndef SERVER_TRANSPORT_REQUEST_H
#define SERVER_TRANSPORT_REQUEST_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/answer/answer.h"
#include "codesets/core/day.h"

struct reply;
struct route;
struct server;
struct web;

enum {
    REQUEST_TARGET_MAX = 8192,   /* bytes of path and query; longer is 414 */
    REQUEST_HEADERS_MAX = 16384, /* bytes of header lines; longer is 431 */
    REQUEST_SEGMENTS_MAX = 12,   /* parts of a path; more is 404 */
    REQUEST_PARAMS_MAX = 64,     /* parameters of a query; more is 400 */
    REQUEST_CAPTURES_MAX = 4,    /* {parts} of a route's pattern */
    REQUEST_ID_MAX = 64,         /* bytes of an X-Request-Id that is echoed */
    FORM_FIELD_MAX = 512,        /* bytes of a form's field; longer is 400 */
};

enum method {
    METHOD_OTHER = 0,
    METHOD_GET = 1 << 0,
    METHOD_HEAD = 1 << 1,
    METHOD_POST = 1 << 2,
    METHOD_OPTIONS = 1 << 3,
    METHOD_PUT = 1 << 4,
    METHOD_DELETE = 1 << 5,
    METHOD_PATCH = 1 << 6,
};

struct param {
    struct text_ref name, value; /* "?flag" has the value "" */
};

struct request {
    enum method method;
    bool http11;        /* HTTP/1.1; false for 1.0 */
    const char *target; /* as it was sent, "/v1/pairs?codes=…" */

    struct text_ref segment[REQUEST_SEGMENTS_MAX];
    size_t segments;
    struct param param[REQUEST_PARAMS_MAX];
    size_t params;
    struct text_ref capture[REQUEST_CAPTURES_MAX]; /* {parts}, left to right */

    /* Header values; NULL when there is none. */
    const char *accept, *accept_encoding, *content_type, *content_encoding,
        *if_none_match;
    const char *origin, *request_id;
    const char *authorization, *api_key; /* gate.c reads them, nobody else */

    const char *body; /* of a POST, in one piece; not NUL-ended; "" when none */
    size_t body_len;

    const struct route *route; /* whose handler is running */
    const struct answers
        *answers;                /* one build until the answer ends, or NULL */
    const struct server *server; /* for the operations' handlers */
    struct web *web;             /* for the page's */
    void *work;  /* of this handler's calls before, or NULL: reply_again() */
    day_t today; /* the day of an answer without a date */
    char id[REQUEST_ID_MAX + 1]; /* echoed or made */

    char decoded[REQUEST_TARGET_MAX + 2];
};

/* Splits and decodes a target, which must outlive the request. True, or false
 * with the problem in reply. */
bool request_parse_target(
    struct request *request, const char *target, struct reply *reply);

/* The fields of a form in a body, application/x-www-form-urlencoded, one after
 * the other; a name may come again and again:
 *
 *     struct form form = {.at = request->body, .end = …};
 *     while (form_next(&form, &field, reply)) …
 *
 * Returns false at the end, and when a field is no good: the problem is in the
 * reply then. The texts of a field are good until the next call. */
struct form {
    const char *at, *end;
    char decoded[FORM_FIELD_MAX + 2];
};
bool form_next(struct form *form, struct param *out, struct reply *reply);

/* The value of a parameter, NULL when it was not sent. When a route lets a
 * parameter repeat, the first. */
const char *request_param(const struct request *request, const char *name);
/* The same with its length; `text` is NULL when it was not sent. */
struct text_ref request_text(const struct request *request, const char *name);

/* Each of these reads one parameter. When it was not sent they leave *out
 * alone, so the caller puts the default there first. They return true, or
 * false with a 400 problem in reply that names the parameter and what it
 * takes. An empty value counts as sent. */
bool param_day(const struct request *request, struct reply *reply,
    const char *name, day_t *out); /* YYYY-MM-DD */
bool param_integer(const struct request *request, struct reply *reply,
    const char *name, long min, long max, long *out);
bool param_flag(const struct request *request, struct reply *reply,
    const char *name, bool *out); /* true, 1, yes, "" or false, 0, no */
/* One of the words of a NULL-ended list; *out is its place there. */
bool param_word(const struct request *request, struct reply *reply,
    const char *name, const char *const *words, int *out);
/* True when the value of an Accept header (NULL: anything) takes a media type,
 * by name, by type/ * or by * / * (without the blanks), with a weight > 0. */
bool accepts_type(const char *accept, const char *type);
/* True when an Accept-Encoding header takes gzip with a weight above 0. */
bool accepts_gzip(const char *accept_encoding);
/* True when a Content-Type names this media type, whatever its parameters. */
bool type_is(const char *content_type, const char *type);
/* True when an If-None-Match value names etag ("W/" is ignored). "*" names
 * none: it is asked before it is known whether there is an answer at all. */
bool etag_listed(const char *if_none_match, const char *etag);

const char *method_name(enum method method); /* "GET", …, "OTHER" */

/* True when bytes are valid UTF-8 without control characters. */
bool text_is_clean(const char *bytes, size_t len);

#endif

/* reply.h - the answer a handler makes.
 *
 * A handler writes the body into reply->body and returns; status 200 and
 * `application/json` are there already. When something is wrong it calls
 * reply_problem() and returns; whatever it had written is dropped. Head,
 * length, ETag, gzip, CORS and the request id are the transport's business. */
#ifndef SERVER_TRANSPORT_REPLY_H
#define SERVER_TRANSPORT_REPLY_H
#include <stdbool.h>
#include <stddef.h>
#include "codesets/core/buffer.h"
#include "codesets/core/error.h"

enum {
    REPLY_BODY_MAX = 64 << 20, /* bytes of an answer that is not a stream */
    REPLY_HEADERS_MAX = 2048,  /* bytes of a handler's own header lines */
    REPLY_DETAIL_MAX = 640,    /* bytes of a problem's detail */
    REPLY_TAG_LEN = 24,        /* bytes of an ETag with its quotes and a NUL */
};

#define TYPE_JSON "application/json"
#define TYPE_PROBLEM "application/problem+json"
#define TYPE_HTML "text/html; charset=utf-8"
#define TYPE_TEXT "text/plain; charset=utf-8"

enum more {
    MORE,       /* call again when the client has taken what there is */
    MORE_DONE,  /* the answer is whole */
    MORE_FAILED /* it cannot be: the connection is cut, so the client sees */
};

/* Writes the next piece of a stream into out, STREAM_PIECE bytes or so, and
 * takes a few milliseconds at most: other requests wait meanwhile. It is
 * called once an event loop turn, and only while the client keeps up. */
typedef enum more (*stream_producer)(void *state, struct buffer *out);
enum { STREAM_PIECE = 64 << 10 };

struct reply {
    int status;
    const char *type; /* a constant */
    struct buffer body;
    char headers[REPLY_HEADERS_MAX]; /* more lines, "Name: value\r\n" each */
    size_t headers_len;
    bool close;    /* end the connection after this answer */
    bool no_cache; /* not to be kept, whatever the route says */
    bool packed;   /* the body is gzip already */
    /* How an answer with a tag may be kept, a constant; NULL: for a minute. */
    const char *keep;
    char tag[REPLY_TAG_LEN]; /* an ETag of the handler's own, or "" */

    /* A problem, while status >= 400 and it came from reply_problem(). */
    const char *reason; /* a word for programs: "unknown_parameter" */
    char parameter[64]; /* the parameter at fault, or "" */
    char detail[REPLY_DETAIL_MAX];

    bool again; /* the handler is not done: see reply_again() */
    void *work;
    void (*work_free)(void *work);

    stream_producer produce;
    void (*stream_free)(void *state); /* called once, however it ended */
    void *stream_state;
};

void reply_init(struct reply *reply);
/* Makes it fit for the next request; keeps the body's memory. */
void reply_reset(struct reply *reply);
void reply_clear(struct reply *reply);

/* Answers with a problem (RFC 9457). reason is a constant; the detail is one
 * sentence that says what to do. The first problem of a request stays. */
void reply_problem(struct reply *reply, int status, const char *reason,
    const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The same, naming the parameter at fault. */
void reply_bad_param(struct reply *reply, const char *parameter,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
/* What became of a function that returns 0 or an error code: ERR_INPUT is 400,
 * ERR_NOTFOUND 404, ERR_LIMIT 422, the rest 500 (said in the log, not to the
 * client). True when rc was 0. */
bool reply_outcome(struct reply *reply, int rc, const struct error *err);

/* Adds a header line. Value must be free of line ends; what does not fit is
 * left out. */
void reply_header(struct reply *reply, const char *name, const char *value);

/* Gives the answer an ETag, quotes and all: who has it already is told so. */
void reply_tag(struct reply *reply, const char *tag);

/* Answers with a stream: status 200, chunked, produce(state, …) until it is
 * done, then stream_free(state), which also runs when the client goes away
 * (or asked HEAD). The request's body and answers stay until then. */
void reply_stream(struct reply *reply, const char *type,
    stream_producer produce, void (*stream_free)(void *), void *state);

/* Not yet: what stands in the reply is dropped, and the handler is called again
 * for the same request, on the same build and day, once others have had their
 * turn. It finds `work` in request->work; free(work) is called once, when the
 * request has ended. So a handler works for a few milliseconds at a time. */
void reply_again(
    struct reply *reply, void *work, void (*work_free)(void *work));

/* "Not Found"; never NULL. */
const char *status_phrase(int status);

/* Writes the problem of a reply as JSON into its body. instance is the path
 * asked, as it was sent, or NULL; id is the request's, or NULL. */
void reply_render_problem(
    struct reply *reply, const char *instance, const char *id);

#endif

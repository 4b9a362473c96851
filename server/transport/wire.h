/* wire.h - follows the bytes of a connection before evhttp reads them.
 *
 * evhttp takes more than HTTP/1.1 allows: a NUL in a header line cuts its value
 * short, a line may end without a carriage return or go on in the next one, a
 * chunk's size may be " +0x5" and its data need no line end, and the lines
 * behind the last chunk become header lines. A proxy in front reads such bytes
 * in another way, and what it takes for a part of one request would be another
 * request here. So each request's framing is followed byte by byte, strictly,
 * and what two could read in two ways is refused, 400, and ends the
 * connection. Requests that came before it in the same read go with it. */
#ifndef SERVER_TRANSPORT_WIRE_H
#define SERVER_TRANSPORT_WIRE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wire_state {
    WIRE_HEAD,       /* in the request line or a header line */
    WIRE_BODY,       /* in a body of known length */
    WIRE_CHUNK_SIZE, /* in the line of a chunk's size */
    WIRE_CHUNK,      /* in a chunk */
    WIRE_CHUNK_END,  /* in the line end behind a chunk */
    WIRE_LAST,       /* behind the last chunk: one empty line */
};

enum {
    WIRE_LINE_KEPT = 64, /* bytes of a line that may say where a body ends */
    CHUNK_DIGITS_MAX = 8,
    LENGTH_DIGITS_MAX = 19,
};

/* Zeros are the beginning of a connection. */
struct wire {
    enum wire_state state;
    bool lines;       /* the request line is behind us */
    bool return_seen; /* the last byte was a carriage return */
    bool has_length, chunked;
    size_t line_len; /* bytes of the present line so far */
    uint64_t left;   /* bytes of body or chunk */
    uint64_t length; /* Content-Length */
    char line[WIRE_LINE_KEPT];
};

/* Follows n bytes. NULL, or a sentence that says what is wrong with them. */
const char *wire_follow(struct wire *wire, const char *bytes, size_t n);

#endif

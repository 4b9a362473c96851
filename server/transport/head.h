/* head.h - the head of an answer: status line and header lines, its ETag, and
 * the id of a request. */
#ifndef SERVER_TRANSPORT_HEAD_H
#define SERVER_TRANSPORT_HEAD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "server/transport/reply.h"
#include "server/transport/request.h"

enum {
    ANSWER_HEAD_MAX = 4096, /* bytes; all that goes into it is bounded */
    ETAG_LEN = 21,          /* W/"0123456789abcdef" and a NUL */
};

/* What the head says beside the reply. */
struct head {
    const char *etag; /* NULL: none */
    const char *id;
    bool http11, close, gzip, origin;
    bool chunked;
    bool has_length;
    size_t length;
};

/* Returns the bytes written. */
size_t head_render(char out[ANSWER_HEAD_MAX], const struct server *server,
    const struct reply *reply, const struct head *head);

/* FNV-1a: an ETag needs no more than to differ when the answer may. */
uint64_t head_hash(uint64_t seed, const char *text);
void head_etag(char out[ETAG_LEN], const struct server *server,
    const struct request *request);

/* Makes an id for a request that brought none. */
void head_id(struct server *server, char out[REQUEST_ID_MAX + 1]);
/* True when an id that a request brought can be echoed as it is. */
bool head_id_is_plain(const char *id);

#endif

/* outbox.h - answers that are ready wait a moment for each other and leave
 * together.
 *
 * A client that waits has to be woken by what is sent to it, and where many
 * connections end in one program (a billing system, a proxy) it sleeps again
 * before the next answer is made. Answers that leave side by side wake it once.
 * They leave when nothing else is to be done at this turn of the loop, so a
 * single request is answered at once, and none waits longer than OUTBOX_NS and
 * the making of one more answer. */
#ifndef SERVER_TRANSPORT_OUTBOX_H
#define SERVER_TRANSPORT_OUTBOX_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <event2/util.h>
#include "codesets/core/buffer.h"

struct connection;
struct event;
struct server;

enum {
    OUTBOX_ANSWERS = 32,       /* that wait together */
    OUTBOX_ANSWER_MAX = 32768, /* bytes; a longer one does not wait */
    OUTBOX_NS = 300000,        /* nanoseconds the first of them waits */
};

struct outbox {
    struct buffer bytes; /* of all that wait, one behind the other */
    struct {
        struct connection *connection; /* NULL when it has gone */
        size_t at, len;
    } answer[OUTBOX_ANSWERS];
    unsigned count;
    uint64_t since;    /* when the first one came, in nanoseconds */
    struct event *due; /* runs behind all else of this turn */
};

/* Takes head and body (NULL: none) of an answer, and maybe sends it and others
 * at once; the request may be gone afterwards, and the connection too. False:
 * it does not wait for others, send it (send.h). */
bool outbox_put(struct connection *c, const char *head, size_t head_len,
    const struct buffer *body);
void outbox_send(struct server *server);
/* Its answer will never be sent. */
void outbox_forget(struct connection *c);

/* Callback of `due`; arg is the server. */
void outbox_on_due(evutil_socket_t fd, short what, void *arg);

#endif

/* client.h - asks a server on this machine, one question after the other. */
#ifndef TOOLS_BENCH_SUPPORT_CLIENT_H
#define TOOLS_BENCH_SUPPORT_CLIENT_H
#include <stdbool.h>
#include <stddef.h>
#include "codesets/core/buffer.h"

struct client {
    int fd; /* -1: not connected */
    int port;
    struct buffer in; /* bytes that came, from the answer's head on */
};

struct answer {
    int status;
    const char *body; /* in the client's buffer, until the next question */
    size_t len;
};

/* Connects to 127.0.0.1. False when nobody listens there. */
bool client_open(struct client *client, int port);
void client_close(struct client *client);
/* body NULL: a GET, else a POST of that type. The connection stays open. False
 * when it broke off or the answer is none. */
bool client_ask(struct client *client, const char *target, const char *type,
    const char *body, size_t len, struct answer *out);

#endif

/* send.h - sends an answer: in one piece, tried on the socket at once, or as a
 * stream that is made while the client takes it. */
#ifndef SERVER_TRANSPORT_SEND_H
#define SERVER_TRANSPORT_SEND_H
#include <stdbool.h>
#include <stddef.h>
#include "server/transport/connection.h"

/* Sends head and body (NULL: none). The request is gone afterwards, and maybe
 * the connection too. */
void send_whole(struct connection *c, const char *head, size_t head_len,
    struct buffer *body);
/* Sends the head, then what the reply's producer makes. */
void send_stream(struct connection *c, const char *head, size_t head_len,
    struct reply *reply, bool chunked);

#endif

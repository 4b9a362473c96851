/* refusal.h - answers to what never became a request: evhttp could not read it,
 * or it did not arrive in time. */
#ifndef SERVER_TRANSPORT_REFUSAL_H
#define SERVER_TRANSPORT_REFUSAL_H
#include "server/transport/connection.h"

/* Watches what is written: evhttp's own pages are replaced by problems. */
void connection_on_output(
    struct evbuffer *output, const struct evbuffer_cb_info *info, void *arg);
/* A client was too slow with its request: says so and ends the connection. */
void connection_time_out(struct connection *c);
/* The same for bytes that could be read in two ways: c->fault. */
void connection_refuse_fault(struct connection *c);

#endif

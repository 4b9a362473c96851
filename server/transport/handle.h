/* handle.h - from a request that evhttp has read whole to its handler, and from
 * the handler's reply to an answer. */
#ifndef SERVER_TRANSPORT_HANDLE_H
#define SERVER_TRANSPORT_HANDLE_H
#include "server/transport/connection.h"

/* evhttp's callback; arg is the server. */
void server_on_request(struct evhttp_request *req, void *arg);
/* Calls the handler of a request again that asked for it. */
void server_on_again(struct connection *c);

#endif

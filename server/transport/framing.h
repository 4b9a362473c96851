/* framing.h - reads the head of a request more strictly than evhttp does: what
 * makes it unsafe to say where a request ends is refused, and the connection
 * ends with it. Between a proxy and us it would be request smuggling. */
#ifndef SERVER_TRANSPORT_FRAMING_H
#define SERVER_TRANSPORT_FRAMING_H
#include <stdbool.h>
#include "server/transport/reply.h"
#include "server/transport/request.h"

struct evhttp_request;

/* Fills the request from the head; *close: nothing is read after this one.
 * False with the problem in reply. */
bool framing_read(struct request *request, struct evhttp_request *req,
    struct reply *reply, bool *close);

#endif

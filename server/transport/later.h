/* later.h - requests whose handlers are not done (reply_again()).
 *
 * They wait in a queue. Each turn of the event loop goes on with the first of
 * them alone and puts it behind the others, so that however many there are,
 * whoever asks something short waits for one stretch of work at most. */
#ifndef SERVER_TRANSPORT_LATER_H
#define SERVER_TRANSPORT_LATER_H
#include <stdbool.h>
#include "server/transport/connection.h"

/* Puts a request into the queue, whether it is new there or was called just
 * now. False when there is no memory; work is then still the caller's. */
bool later_put(struct connection *c, const struct request *request,
    const struct reply *reply, const char *etag);
/* Takes it out, if it is in, and frees its work. */
void later_forget(struct connection *c);

/* An event's callback. */
void later_go_on(evutil_socket_t fd, short what, void *server);

#endif

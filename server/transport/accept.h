/* accept.h - takes connections, as many as the limits allow, and puts a struct
 * connection beside each one that evhttp makes. */
#ifndef SERVER_TRANSPORT_ACCEPT_H
#define SERVER_TRANSPORT_ACCEPT_H
#include "server/transport/connection.h"

struct event_base;

/* Listens (again) unless the server is full or stopping. */
void server_listen(struct server *server);
void server_pause_listening(struct server *server);
/* Once a second: tries again after an error, says so once, ends idle
 * connections when others wait for their place. */
void server_tick_listener(struct server *server);
/* Ends what has been idle for a while, so that open connections nobody uses
 * cannot keep others out. */
void server_make_room(struct server *server);

/* What could not be done inside of evhttp's callbacks is done now, or in a
 * moment, for connections just accepted, to be refused, or to linger. */
void server_settle(struct server *server);
void connection_settle_later(struct connection *c);
void connection_not_pending(struct connection *c);

/* Callbacks of evhttp and its listener. */
struct bufferevent *server_on_accepted(struct event_base *base, void *arg);
void server_on_accept_error(struct evconnlistener *listener, void *http);

#endif

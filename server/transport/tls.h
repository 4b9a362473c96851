/* tls.h - TLS 1.2 and 1.3 by OpenSSL, in libevent's bufferevents: a certificate
 * with its key, read again on SIGHUP. */
#ifndef SERVER_TRANSPORT_TLS_H
#define SERVER_TRANSPORT_TLS_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>
#include "codesets/core/error.h"

enum { TLS_HANDSHAKE_SECONDS = 10 }; /* from the connection to the first byte */

struct bufferevent;
struct event_base;
struct tls;

/* Reads a certificate chain and its key, PEM both. The names must outlive it.
 * ERR_INPUT or ERR_SYSTEM with the file at fault. */
int tls_open(
    struct tls **out, const char *cert, const char *key, struct error *err);
void tls_close(struct tls *tls); /* NULL is fine */
/* Reads both again, for connections from now on; on an error the old ones
 * stay. */
int tls_reload(struct tls *tls, struct error *err);

/* A bufferevent that will accept a handshake; NULL: no memory. */
struct bufferevent *tls_bufferevent(struct tls *tls, struct event_base *base);
/* True when the handshake is done. */
bool tls_ready(struct bufferevent *bev);
/* Encrypts and sends what the socket takes at once; nothing else may be
 * waiting in the output. */
void tls_send_last(
    struct bufferevent *bev, const struct iovec *part, int parts);
/* Tells the client that nothing more comes. */
void tls_goodbye(struct bufferevent *bev);

#endif

/* gate.h - lets in who has a key (keys.h), as often as the key allows
 * (limits.h), and to what the key may see.
 *
 * A key comes as `Authorization: Bearer KEY`, as `X-API-Key: KEY`, or as the
 * password of `Authorization: Basic`, which browsers ask for by themselves, so
 * that the page needs no form and keeps no key. Requests of a route that is
 * ROUTE_OPEN need none.
 *
 * Licensed text: a user without a licence is answered out of another store,
 * that was built without it; where there is none, everything that needs a
 * store is refused. So no answer can leak what was never in its build: not by
 * its text, not by what a search finds, not by a cache. */
#ifndef SERVER_TRANSPORT_GATE_H
#define SERVER_TRANSPORT_GATE_H
#include <stdbool.h>
#include <stdint.h>
#include "server/keys.h"
#include "server/limits.h"
#include "server/metrics.h"
#include "server/transport/reply.h"
#include "server/transport/request.h"

struct gate;

/* The path must outlive it, and the limits too. */
int gate_open(struct gate **out, const char *path, struct limits *limits,
    struct error *err);
void gate_close(struct gate *gate); /* NULL is fine */

/* Reads the file again when it has changed, or when told to. One that is no
 * good is said once, and the keys before stay. */
void gate_look(struct gate *gate, bool now);

/* Whose key came with a request; NULL when there was none, or no such. */
const struct key *gate_who(
    const struct gate *gate, const struct request *request);

/* True when the request may go on. Otherwise the reply is a problem, and
 * *counted says which; 401, 403 or 429. key is gate_who()'s. */
bool gate_pass(const struct gate *gate, const struct key *key, uint64_t now,
    struct request *request, struct reply *reply, enum counter *counted);

#endif

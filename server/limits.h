/* limits.h - how often a key may ask, in memory that all workers share.
 *
 * A connection may come to any worker, so a limit of each worker would be as
 * many limits as there are workers. A key has one number here, the moment at
 * which its allowance will be whole again (GCRA: a token bucket without a
 * clock of its own), and every worker moves it on by compare and swap: no lock,
 * nothing a worker that dies could leave behind. */
#ifndef SERVER_LIMITS_H
#define SERVER_LIMITS_H
#include <stdbool.h>
#include <stdint.h>
#include "server/keys.h"

enum { LIMITS_PLACES = 4 * KEYS_MAX };

struct limits;

/* Maps the table, shared with every process forked from now on. */
int limits_open(struct limits **out, struct error *err);
void limits_close(struct limits *limits); /* NULL is fine */

/* Counts one request of a key at this time (nanoseconds that only grow).
 * False: it is one too many, and *wait is in how many seconds it would not be,
 * rounded up. */
bool limits_take(
    struct limits *limits, const struct key *key, uint64_t now, unsigned *wait);

#endif

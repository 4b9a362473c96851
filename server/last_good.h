/* last_good.h - the build that each worker had open last, in memory that all
 * processes of a server share.
 *
 * A worker that takes the place of a dead one opens `current` as every worker
 * does. Should that be damaged by then, the others still answer out of the
 * build they have; the new one looks here for it, so that it need not answer
 * 503 until somebody has put `current` right. */
#ifndef SERVER_LAST_GOOD_H
#define SERVER_LAST_GOOD_H
#include "codesets/core/error.h"

struct last_good;

/* Maps it, shared with every process forked from now on. path: the build that
 * was checked before any worker began. */
int last_good_open(struct last_good **out, unsigned workers, const char *path,
    struct error *err);

/* The worker of this slot has opened a build. NULL is fine. */
void last_good_set(struct last_good *last, unsigned slot, const char *path);
/* The i-th place to look for a worker of this slot, its predecessor's first;
 * NULL behind the last one. */
const char *last_good_get(
    const struct last_good *last, unsigned slot, unsigned i);

#endif

/* metrics.h - counters that all worker processes share.
 *
 * The parent maps one block before it forks; each worker writes its own slot
 * and no other, so counting takes no lock, and any worker can tell the sum. A
 * worker that takes the place of a dead one counts on in its slot. */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "codesets/core/buffer.h"
#include "codesets/core/error.h"
#include "server/transport/request.h"
#include "server/routes/routes.h"

enum { WORKERS_MAX = 64 };

enum counter {
    COUNT_CONNECTIONS,   /* connections accepted */
    COUNT_REFUSED,       /* requests that evhttp could not read */
    COUNT_ACCEPT_FAILED, /* turns in which no connection could be accepted */
    COUNT_TIMEOUTS,      /* connections ended for being slow */
    COUNT_TLS_FAILED,    /* handshakes that did not come to an end */
    COUNT_UNAUTHORIZED,  /* requests without a key, or with none of ours */
    COUNT_LIMITED,       /* requests beyond the rate of their key */
    COUNT_UNLICENSED,    /* requests for licensed text with another key */
    COUNT_ABORTED,       /* answers that the client did not wait for */
    COUNT_SENT,          /* bytes of answers */
    COUNT_SWITCHES,      /* builds switched to, the first one included */
    COUNT_SWITCH_FAILED, /* builds that were not switched to */
    COUNT_RESTARTS,      /* workers that died and were replaced */
    COUNTERS
};

enum gauge {
    GAUGE_OPEN,      /* connections */
    GAUGE_IN_FLIGHT, /* requests being answered */
    GAUGE_LOADED,    /* when the build was opened, seconds since 1970 */
    GAUGES
};

struct metrics; /* the block */

/* Maps the block, shared with every process forked from now on. */
int metrics_open(struct metrics **out, unsigned workers, struct error *err);

/* The worker with this slot begins: its gauges are 0, its pid is known. */
void metrics_begin(struct metrics *metrics, unsigned slot);
/* The worker's loop turns; once a second. */
void metrics_beat(struct metrics *metrics, unsigned slot, int64_t now);
/* True when every worker there is has said so within so many seconds. */
bool metrics_all_beat(
    const struct metrics *metrics, int64_t now, int64_t seconds);
/* The parent notes that the worker of this slot is gone, and whether it will be
 * replaced. */
void metrics_died(struct metrics *metrics, unsigned slot, bool replaced);

void metrics_count(
    struct metrics *metrics, unsigned slot, enum counter which, uint64_t by);
void metrics_gauge(
    struct metrics *metrics, unsigned slot, enum gauge which, int64_t by);
void metrics_set(
    struct metrics *metrics, unsigned slot, enum gauge which, int64_t value);
/* One request answered. */
void metrics_request(struct metrics *metrics, unsigned slot, size_t route,
    enum method method, int status, uint64_t nanoseconds);

/* Writes all of it as Prometheus text. build and program are those of the
 * store this worker has open, or NULL. */
void metrics_render(struct buffer *out, const struct metrics *metrics,
    const struct routes *routes, const char *build, const char *program);

#endif

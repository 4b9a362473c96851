/* worker.h - one worker process: an event loop with a server in it. */
#ifndef SERVER_WORKER_H
#define SERVER_WORKER_H
#include <signal.h>
#include "server/transport/http.h"

struct worker_parts {
    const char *store; /* the folder of builds */
    int listener;      /* inherited, non-blocking */
    int ready;         /* a byte is written here when requests are taken */
    unsigned slot;
    struct metrics *metrics;
    const struct http_options *options;
    const struct route *const *tables; /* routes.h */
    struct last_good *last_good;       /* or NULL */
    const char
        *public_store;     /* the same for users without a licence, or NULL */
    struct limits *limits; /* with keys */
    const char *checked;   /* the build whose checksum was right, or NULL */
    const sigset_t *mask;  /* of signals, once their handlers stand; or NULL */
};

/* Serves until SIGTERM and the drain after it. SIGHUP looks for a new build.
 * Returns the exit status of the process. */
int worker_run(const struct worker_parts *parts);

#endif

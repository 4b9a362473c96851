/* supervisor.h - the parent process: it holds the listening sockets, starts
 * the workers and replaces those that die. It serves nothing itself, so that
 * nothing a client sends can reach it. */
#ifndef SERVER_SUPERVISOR_H
#define SERVER_SUPERVISOR_H
#include "codesets/core/error.h"
#include "server/transport/http.h"

struct supervisor_options {
    const char *store;
    const char *public_store; /* for keys without a licence; or NULL */
    const char *address;      /* a name or number of this machine */
    const char *port;         /* a number; "0" for any free one */
    unsigned workers;         /* 1 to WORKERS_MAX */
    struct http_options http;
};

enum {
    /* A worker that lives less long died "at once"; the wait before the next
     * try doubles each time, up to RESTART_WAIT_MAX. */
    RESTART_LIFE_SECONDS = 5,
    RESTART_WAIT_FIRST_MS = 100,
    RESTART_WAIT_MAX_MS = 30000,
    /* A worker whose loop has not turned for so long hangs. */
    WORKER_STUCK_SECONDS = 30,
    /* After the drain, for a worker that does not end: SIGKILL. */
    KILL_AFTER_SECONDS = HTTP_DRAIN_SECONDS + 3,
};

/* Serves until SIGTERM or SIGINT. Returns 0, or an error when it could not
 * begin. In a worker process it returns through exit(). */
int supervisor_run(const struct supervisor_options *options, struct error *err);

#endif

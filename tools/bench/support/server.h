/* server.h - a server under measurement: started, found ready, ended. */
#ifndef TOOLS_BENCH_SUPPORT_SERVER_H
#define TOOLS_BENCH_SUPPORT_SERVER_H
#include <stdbool.h>
#include <sys/types.h>

struct server_run {
    pid_t parent, worker; /* the worker answers; the parent alone if it does */
    int port;
    double ready; /* seconds from its start to its first answer */
};

/* Starts coderef-server with so many workers over a store on a free port, and
 * waits until it is ready. False with a line on standard error. */
bool server_begin(struct server_run *out, const char *program,
    const char *store, unsigned workers);
/* The same for a bare server that answers everything with a file's bytes. */
bool bare_begin(struct server_run *out, const char *program, const char *file);
void server_stop(struct server_run *server);

#endif

#include "server/worker.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>

#include "server/log.h"

struct worker {
    struct event_base *base;
    struct server *server;
};

static void on_drained(void *arg)
{
    struct worker *worker = arg;

    (void)event_base_loopbreak(worker->base);
}

static void on_terminate(evutil_socket_t fd, short what, void *arg)
{
    struct worker *worker = arg;

    server_drain(worker->server, on_drained, worker);
}

static void on_hangup(evutil_socket_t fd, short what, void *arg)
{
    struct worker *worker = arg;

    server_reload(worker->server);
}

static void on_second(evutil_socket_t fd, short what, void *arg)
{
    struct worker *worker = arg;

    server_tick(worker->server);
}

static void on_libevent_log(int severity, const char *message)
{
    if (severity >= EVENT_LOG_WARN)
        log_event("libevent", "message", message);
}

/* Requests handled before the loop looks for further ones. epoll names those
 * that answered last at its end again, so that at a long turn the last ones
 * would go on waiting for all others twice. */
enum { TURN_CALLBACKS = 8 };

static struct event_base *make_base(void)
{
    struct event_config *config = event_config_new();
    struct event_base *base = NULL;

    if (config == NULL)
        return NULL;
    /* Interest that goes and comes back within one turn, as it does with every
     * request, then costs no epoll_ctl(). It forbids dup() of a watched
     * descriptor, which nothing here does. */
    (void)event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
    (void)event_config_set_max_dispatch_interval(
        config, NULL, TURN_CALLBACKS, 0);
    base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

int worker_run(const struct worker_parts *parts)
{
    static const struct timeval second = {1, 0};
    struct worker worker = {NULL, NULL};
    struct http_parts http = {.listener = parts->listener,
        .metrics = parts->metrics,
        .slot = parts->slot,
        .last_good = parts->last_good,
        .limits = parts->limits};
    struct event *terminate = NULL, *hangup = NULL, *tick = NULL;
    struct routes *routes = NULL;
    struct error err = {0};
    int status = EXIT_FAILURE;

    event_set_log_callback(on_libevent_log);
    metrics_begin(parts->metrics, parts->slot);
    http.routes = routes = routes_new(parts->tables);
    http.base = worker.base = make_base();
    if (routes == NULL || worker.base == NULL) {
        (void)error_memory(&err);
        goto end;
    }
    if (editions_new(&http.editions, parts->store, &err) != 0)
        goto end;
    if (parts->public_store != NULL) {
        if (editions_new(&http.public_editions, parts->public_store, &err) != 0)
            goto end;
        editions_unlicensed(http.public_editions);
    }
    if (parts->checked != NULL)
        editions_trust(http.editions, parts->checked);
    if (server_new(&worker.server, &http, parts->options, &err) != 0)
        goto end;
    terminate = evsignal_new(worker.base, SIGTERM, on_terminate, &worker);
    hangup = evsignal_new(worker.base, SIGHUP, on_hangup, &worker);
    tick = event_new(worker.base, -1, EV_PERSIST, on_second, &worker);
    if (terminate == NULL || hangup == NULL || tick == NULL ||
        event_add(terminate, NULL) != 0 || event_add(hangup, NULL) != 0 ||
        event_add(tick, &second) != 0) {
        (void)error_memory(&err);
        goto end;
    }
    /* What was sent while nobody could hear it is heard now. */
    if (parts->mask != NULL)
        (void)sigprocmask(SIG_SETMASK, parts->mask, NULL);
    if (write(parts->ready, "r", 1) == 1 &&
        event_base_dispatch(worker.base) >= 0)
        status = EXIT_SUCCESS;
end:
    if (err.code != 0)
        log_event("worker_failed", "error", err.msg);
    server_free(worker.server);
    editions_free(http.editions);
    editions_free(http.public_editions);
    if (terminate != NULL)
        event_free(terminate);
    if (hangup != NULL)
        event_free(hangup);
    if (tick != NULL)
        event_free(tick);
    if (worker.base != NULL)
        event_base_free(worker.base);
    routes_free(routes);
    return status;
}

#include "server/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "codesets/store/builds.h"
#include "codesets/store/checksum.h"
#include "codesets/store/store.h"
#include "server/editions.h"
#include "server/log.h"
#include "server/notify.h"
#include "server/transport/tls.h"
#include "server/worker.h"

enum {
    LISTEN_BACKLOG = 4096,
    OTHER_DESCRIPTORS = 64, /* of a worker: sockets, builds, pipes, epoll */
};

struct child {
    pid_t pid; /* 0 when there is none */
    int listener;
    int64_t started; /* milliseconds */
    int64_t restart; /* when to start it again, while pid is 0 */
    int64_t wait;    /* before the next try, should it die at once */
};

struct supervisor {
    const struct supervisor_options *options;
    struct http_options http; /* with what the descriptors allow */
    struct metrics *metrics;
    struct last_good *last_good;
    struct limits *limits;
    struct child child[WORKERS_MAX];
    unsigned alive, ready;
    int ready_pipe[2];
    int signals; /* a signalfd */
    sigset_t old_mask;
    char checked[BUILD_PATH_MAX]; /* the build whose checksum was right */
    bool announced;
    int64_t watchdog; /* milliseconds between two signs of life; 0: none */
    int64_t next_sign;
    int stops; /* SIGTERM and SIGINT so far */
    int64_t kill_at;
    char host[NI_MAXHOST], port[NI_MAXSERV]; /* as bound */
};

static int64_t milliseconds(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- sockets --- */

/* One socket for each worker on one port: the kernel deals new connections
 * out evenly, where workers that accept from one shared socket take what the
 * others leave. The parent keeps all of them, so what waits in the queue of a
 * worker that died is served by the one that takes its place. */
static int open_socket(int *out, const struct addrinfo *ai, bool shared)
{
    const int on = 1;
    const int fd = socket(ai->ai_family,
        ai->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, ai->ai_protocol);

    if (fd < 0)
        return errno;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        (shared &&
            setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) ||
        /* Accepted sockets inherit it; answers leave in one piece anyway. */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        bind(fd, ai->ai_addr, ai->ai_addrlen) != 0) {
        const int cause = errno;

        (void)close(fd);
        return cause;
    }
    *out = fd;
    return 0;
}

/* SO_REUSEPORT would let a second server on the port unnoticed, so the port is
 * tried without it first. */
static int probe(const struct addrinfo *ai)
{
    int fd = -1;
    int rc = open_socket(&fd, ai, false);

    if (rc == 0 && listen(fd, 1) != 0)
        rc = errno;
    if (fd >= 0)
        (void)close(fd);
    return rc;
}

static int open_listeners(struct supervisor *s, struct addrinfo *ai)
{
    int rc = probe(ai);

    for (unsigned i = 0; rc == 0 && i < s->options->workers; i++) {
        rc = open_socket(&s->child[i].listener, ai, true);
        /* With port 0 the first socket finds the port for the others. */
        if (rc == 0 && i == 0 &&
            getsockname(s->child[0].listener, ai->ai_addr, &ai->ai_addrlen) !=
                0)
            rc = errno;
    }
    for (unsigned i = 0; rc == 0 && i < s->options->workers; i++)
        if (listen(s->child[i].listener, LISTEN_BACKLOG) != 0)
            rc = errno;
    if (rc == 0 &&
        getnameinfo(ai->ai_addr, ai->ai_addrlen, s->host, sizeof s->host,
            s->port, sizeof s->port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        rc = EINVAL;
    return rc;
}

static int set_flags(int fd)
{
    const int on = 1, flags = fcntl(fd, F_GETFL);

    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        return errno;
    return 0;
}

/* A socket that somebody else opened: it must be one that listens for TCP. */
static int check_listener(struct supervisor *s, int fd, struct error *err)
{
    struct sockaddr_storage at = {.ss_family = AF_UNSPEC};
    socklen_t len = sizeof at;
    int listens = 0;
    socklen_t size = sizeof listens;

    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 ||
        listens == 0 || getsockname(fd, (struct sockaddr *)&at, &len) != 0 ||
        (at.ss_family != AF_INET && at.ss_family != AF_INET6) ||
        set_flags(fd) != 0)
        return error_set(err, ERR_SYSTEM, 0,
            "LISTEN_FDS: descriptor %d is no socket that listens for TCP", fd);
    if (getnameinfo((struct sockaddr *)&at, len, s->host, sizeof s->host,
            s->port, sizeof s->port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return error_set(
            err, ERR_SYSTEM, 0, "LISTEN_FDS: descriptor %d has no address", fd);
    return 0;
}

/* systemd listens for us and holds connections while the program is started
 * anew. The workers share its socket, or deal several out among them. */
static int take_listeners(
    struct supervisor *s, unsigned count, struct error *err)
{
    int rc;

    for (unsigned i = count; i-- > 0;) /* the first one names the address */
        if ((rc = check_listener(s, LISTEN_FD_FIRST + (int)i, err)) != 0)
            return rc;
    for (unsigned i = 0; i < s->options->workers; i++) {
        s->child[i].listener =
            fcntl(LISTEN_FD_FIRST + (int)(i % count), F_DUPFD_CLOEXEC, 3);
        if (s->child[i].listener < 0)
            return error_set(
                err, ERR_SYSTEM, errno, "LISTEN_FDS: %s", strerror(errno));
    }
    for (unsigned i = 0; i < count; i++)
        (void)close(LISTEN_FD_FIRST + (int)i);
    return 0;
}

static int listen_on_port(struct supervisor *s, struct error *err)
{
    const struct supervisor_options *options = s->options;
    const struct addrinfo hints = {
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int rc = getaddrinfo(options->address, options->port, &hints, &found);

    if (rc != 0)
        return error_set(err, ERR_SYSTEM, rc, "%s port %s: %s",
            options->address, options->port, gai_strerror(rc));
    rc = open_listeners(s, found);
    freeaddrinfo(found);
    if (rc != 0)
        return error_set(err, ERR_SYSTEM, rc, "%s port %s: %s",
            options->address, options->port, strerror(rc));
    return 0;
}

/* --- workers --- */

/* In the new process. Never returns. */
static void run_child(struct supervisor *s, unsigned slot)
{
    struct worker_parts parts = {.store = s->options->store,
        .listener = s->child[slot].listener,
        .ready = s->ready_pipe[1],
        .slot = slot,
        .metrics = s->metrics,
        .options = &s->http,
        .tables = all_routes,
        .last_good = s->last_good,
        .limits = s->limits,
        .public_store = s->options->public_store,
        .checked = s->checked,
        .mask = &s->old_mask};

    /* A worker must not outlive its parent; SIGINT of a terminal reaches all,
     * and is the parent's to act on. */
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
    for (unsigned i = 0; i < s->options->workers; i++)
        if (i != slot)
            (void)close(s->child[i].listener);
    (void)close(s->signals);
    (void)close(s->ready_pipe[0]);
    exit(worker_run(&parts));
}

static int start_child(struct supervisor *s, unsigned slot)
{
    struct child *child = &s->child[slot];
    const pid_t parent = getpid();
    const pid_t pid = fork();

    if (pid < 0) {
        log_event("fork_failed", "error", strerror(errno));
        child->restart = milliseconds() + RESTART_WAIT_MAX_MS;
        return errno;
    }
    if (pid == 0) {
        if (getppid() != parent)
            _exit(EXIT_FAILURE);
        run_child(s, slot);
    }
    child->pid = pid;
    child->started = milliseconds();
    s->alive++;
    return 0;
}

static void signal_children(const struct supervisor *s, int signo)
{
    for (unsigned i = 0; i < s->options->workers; i++)
        if (s->child[i].pid != 0)
            (void)kill(s->child[i].pid, signo);
}

static void note_death(struct supervisor *s, struct child *child, int status)
{
    const int64_t now = milliseconds();
    const unsigned slot = (unsigned)(child - s->child);
    struct log_line line;

    metrics_died(s->metrics, slot, s->stops == 0);
    child->pid = 0;
    s->alive--;
    if (s->stops > 0)
        return;
    if (now - child->started >= (int64_t)RESTART_LIFE_SECONDS * 1000 ||
        child->wait == 0)
        child->wait = RESTART_WAIT_FIRST_MS;
    else if (child->wait < RESTART_WAIT_MAX_MS / 2)
        child->wait *= 2;
    else
        child->wait = RESTART_WAIT_MAX_MS;
    child->restart = now + child->wait;
    log_begin(&line, "worker_died");
    log_number(&line, "worker", slot);
    if (WIFSIGNALED(status))
        log_number(&line, "signal", WTERMSIG(status));
    else
        log_number(&line, "status", WEXITSTATUS(status));
    log_number(&line, "restart_ms", child->wait);
    log_end(&line);
}

static void reap(struct supervisor *s)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (unsigned i = 0; i < s->options->workers; i++)
            if (s->child[i].pid == pid)
                note_death(s, &s->child[i], status);
}

/* Starts what is due. Returns the milliseconds until the next, or -1. */
static int restart_due(struct supervisor *s)
{
    const int64_t now = milliseconds();
    int64_t next = -1;

    for (unsigned i = 0; i < s->options->workers && s->stops == 0; i++) {
        const struct child *child = &s->child[i];

        if (child->pid == 0 && child->restart <= now)
            (void)start_child(s, i);
        if (child->pid == 0 && (next < 0 || child->restart - now < next))
            next = child->restart - now;
    }
    if (s->stops > 0) {
        if (now >= s->kill_at) {
            signal_children(s, SIGKILL);
            s->kill_at = now + 1000;
        }
        next = s->kill_at - now;
    }
    return (int)next;
}

/* --- the loop --- */

static void stop(struct supervisor *s)
{
    if (s->stops++ == 0) {
        s->kill_at = milliseconds() + (int64_t)KILL_AFTER_SECONDS * 1000;
        log_event("stopping", "address", s->host);
        notify("STOPPING=1");
        /* With the workers' own, closed as they drain, this makes the kernel
         * refuse new connections. */
        for (unsigned i = 0; i < s->options->workers; i++)
            (void)close(s->child[i].listener);
        signal_children(s, SIGTERM);
    } else {
        signal_children(s, SIGKILL);
    }
}

/* The workers switch by themselves, and go on answering meanwhile, so there is
 * nothing to wait for. */
static void reload(const struct supervisor *s)
{
    char state[64];

    (void)snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld",
        (long long)milliseconds() * 1000);
    notify(state);
    signal_children(s, SIGHUP);
    notify("READY=1");
}

static void take_signals(struct supervisor *s)
{
    struct signalfd_siginfo info;

    while (read(s->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        switch (info.ssi_signo) {
        case SIGHUP:
            reload(s);
            break;
        case SIGTERM:
        case SIGINT:
            stop(s);
            break;
        default:
            break;
        }
    }
    reap(s);
}

/* A key that goes over a network in plain text is anybody's who listens there.
 * It may be meant so, beside a proxy on another machine of a closed network. */
static void warn_of_plain_keys(const struct supervisor *s)
{
    const bool here =
        strncmp(s->host, "127.", 4) == 0 || strcmp(s->host, "::1") == 0;

    if (s->http.keys != NULL && s->http.tls_cert == NULL && !here)
        log_event("keys_in_plain_text", "advice",
            "keys come over the network unencrypted; give --tls-cert and "
            "--tls-key, or listen on 127.0.0.1 behind a proxy that speaks TLS");
}

static void announce(struct supervisor *s)
{
    const bool v6 = strchr(s->host, ':') != NULL;
    char url[NI_MAXHOST + NI_MAXSERV + 16];
    struct log_line line;

    (void)snprintf(url, sizeof url, "%s://%s%s%s:%s/",
        s->http.tls_cert != NULL ? "https" : "http", v6 ? "[" : "", s->host,
        v6 ? "]" : "", s->port);
    log_begin(&line, "listening");
    log_text(&line, "address", s->host);
    log_text(&line, "port", s->port);
    log_number(&line, "workers", s->options->workers);
    log_number(&line, "pid", getpid());
    log_text(&line, "url", url);
    log_end(&line);
    warn_of_plain_keys(s);
    notify("READY=1");
    s->announced = true;
}

static void take_ready(struct supervisor *s)
{
    char bytes[WORKERS_MAX];
    const ssize_t n = read(s->ready_pipe[0], bytes, sizeof bytes);

    if (n > 0 && !s->announced) {
        s->ready += (unsigned)n;
        if (s->ready >= s->options->workers)
            announce(s);
    }
}

/* A sign of life for systemd, while the loops of all workers turn: when one
 * does not, systemd ends the service and starts it anew. Returns the
 * milliseconds until the next look, at most timeout (-1: none). */
static int give_sign(struct supervisor *s, int timeout)
{
    const int64_t now = milliseconds();
    int64_t wait;

    if (s->watchdog == 0 || !s->announced)
        return timeout;
    if (now >= s->next_sign) {
        if (metrics_all_beat(s->metrics, now / 1000, WORKER_STUCK_SECONDS))
            notify("WATCHDOG=1");
        s->next_sign = now + s->watchdog;
    }
    wait = s->next_sign - now;
    return timeout < 0 || wait < timeout ? (int)wait : timeout;
}

static int loop(struct supervisor *s, struct error *err)
{
    struct pollfd wait[2] = {
        {.fd = s->signals, .events = POLLIN},
        {.fd = s->ready_pipe[0], .events = POLLIN},
    };

    for (;;) {
        const int timeout = give_sign(s, restart_due(s));

        if (poll(wait, 2, timeout) < 0 && errno != EINTR)
            return error_set(
                err, ERR_SYSTEM, errno, "poll: %s", strerror(errno));
        take_ready(s);
        take_signals(s);
        if (s->stops > 0 && s->alive == 0)
            return 0;
        if (!s->announced && s->stops == 0 && s->alive < s->options->workers) {
            /* It died before the server had begun: it would again. */
            s->stops = 1;
            signal_children(s, SIGTERM);
            while (s->alive > 0 && waitpid(-1, NULL, 0) > 0)
                s->alive--;
            return error_set(err, ERR_SYSTEM, 0, "a worker could not start");
        }
    }
}

/* A store that cannot be opened is said before anything is started. */
static int check_store(char path[BUILD_PATH_MAX], const char *dir,
    bool unlicensed, struct error *err)
{
    struct store *store = NULL;
    int rc = builds_current(path, dir, err);

    if (rc == 0 && (rc = checksum_verify(path, err)) == 0 &&
        (rc = store_open(&store, path, err)) == 0) {
        if (unlicensed)
            rc = editions_check_unlicensed(store, path, err);
        store_close(store);
    }
    return rc;
}

/* The same for certificate and key. */
static int check_tls(const struct http_options *options, struct error *err)
{
    struct tls *tls = NULL;
    int rc = 0;

    if (options->tls_cert != NULL)
        rc = tls_open(&tls, options->tls_cert, options->tls_key, err);
    tls_close(tls);
    return rc;
}

/* And for the keys, and the store of those without a licence. */
static int check_keys(
    const struct supervisor_options *options, struct error *err)
{
    char path[BUILD_PATH_MAX];
    struct keys *keys = NULL;
    bool exposed;
    int rc = 0;

    if (options->http.keys != NULL)
        rc = keys_read(&keys, options->http.keys, &exposed, err);
    keys_free(keys);
    if (rc == 0 && options->public_store != NULL)
        rc = check_store(path, options->public_store, true, err);
    return rc;
}

/* Connections are descriptors: the limit of the process must allow for them,
 * or there are fewer. */
static void fit_descriptors(unsigned *connections)
{
    const rlim_t wanted = (rlim_t)*connections + OTHER_DESCRIPTORS;
    struct rlimit limit;
    struct log_line line;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= wanted)
        return;
    *connections = limit.rlim_cur > (rlim_t)2 * OTHER_DESCRIPTORS
                       ? (unsigned)limit.rlim_cur - OTHER_DESCRIPTORS
                       : (unsigned)limit.rlim_cur / 2 + 1;
    log_begin(&line, "few_descriptors");
    log_number(&line, "max_connections", *connections);
    log_text(&line, "advice", "raise the limit of open files");
    log_end(&line);
}

int supervisor_run(const struct supervisor_options *options, struct error *err)
{
    struct supervisor *s = calloc(1, sizeof *s);
    const unsigned passed = notify_listeners();
    sigset_t mask;
    int rc;

    if (s == NULL)
        return error_memory(err);
    s->options = options;
    s->watchdog = notify_watchdog();
    s->ready_pipe[0] = s->ready_pipe[1] = s->signals = -1;
    if ((rc = check_store(s->checked, options->store, false, err)) != 0 ||
        (rc = metrics_open(&s->metrics, options->workers, err)) != 0 ||
        (rc = last_good_open(
             &s->last_good, options->workers, s->checked, err)) != 0 ||
        (rc = check_tls(&options->http, err)) != 0 ||
        (rc = check_keys(options, err)) != 0 ||
        (rc = limits_open(&s->limits, err)) != 0 ||
        (rc = passed > 0 ? take_listeners(s, passed, err)
                         : listen_on_port(s, err)) != 0)
        goto end;
    s->http = options->http;
    fit_descriptors(&s->http.max_connections);
    (void)sigemptyset(&mask);
    (void)sigaddset(&mask, SIGTERM);
    (void)sigaddset(&mask, SIGINT);
    (void)sigaddset(&mask, SIGHUP);
    (void)sigaddset(&mask, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &mask, &s->old_mask) != 0 ||
        (s->signals = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC)) < 0 ||
        pipe2(s->ready_pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
        rc = error_set(
            err, ERR_SYSTEM, errno, "cannot begin: %s", strerror(errno));
        goto end;
    }
    for (unsigned i = 0; i < options->workers; i++)
        if (start_child(s, i) != 0) {
            rc = error_set(err, ERR_SYSTEM, 0, "a worker could not start");
            s->stops = 1;
            signal_children(s, SIGTERM);
            goto end;
        }
    rc = loop(s, err);
end:
    free(s);
    return rc;
}

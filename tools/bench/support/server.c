#include "tools/bench/support/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tools/bench/support/client.h"
#include "tools/bench/support/measure.h"
#include "tools/bench/support/process.h"

enum { PORT_TEXT = 12, READY_SECONDS = 20 };

/* A port that is free now. Another may take it first: then the start fails,
 * and says so. */
static int free_port(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    int port = 0;

    if (fd >= 0 &&
        bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &len) == 0)
        port = ntohs(address.sin_port);
    if (fd >= 0)
        (void)close(fd);
    return port;
}

static bool answers(int port)
{
    struct client client;
    struct answer answer = {0};
    bool ready;

    if (!client_open(&client, port))
        return false;
    ready = client_ask(&client, "/readyz", NULL, NULL, 0, &answer) &&
            answer.status == 200;
    client_close(&client);
    return ready;
}

static bool begin(struct server_run *out, char *const argv[])
{
    static const struct timespec pause = {0, 200000};
    const double begun = wall_seconds();

    out->parent = out->worker = process_start(argv, NULL, NULL);
    if (out->parent < 0)
        return false;
    while (!answers(out->port)) {
        const bool ended = waitpid(out->parent, NULL, WNOHANG) == out->parent;

        if (ended || wall_seconds() - begun > READY_SECONDS) {
            (void)fprintf(stderr, "bench: %s is not ready\n", argv[0]);
            if (!ended)
                server_stop(out);
            return false;
        }
        (void)nanosleep(&pause, NULL);
    }
    out->ready = wall_seconds() - begun;
    return true;
}

bool server_begin(struct server_run *out, const char *program,
    const char *store, unsigned workers)
{
    char port[PORT_TEXT], count[PORT_TEXT];
    char *const argv[] = {(char *)program, "--store", (char *)store,
        "--address", "127.0.0.1", "--port", port, "--workers", count, NULL};

    out->port = free_port();
    (void)snprintf(port, sizeof port, "%d", out->port);
    (void)snprintf(count, sizeof count, "%u", workers);
    if (!begin(out, argv))
        return false;
    out->worker = process_child(out->parent);
    if (out->worker < 0) {
        (void)fprintf(stderr, "bench: cannot tell which process answers\n");
        server_stop(out);
        return false;
    }
    return true;
}

bool bare_begin(struct server_run *out, const char *program, const char *file)
{
    char port[PORT_TEXT];
    char *const argv[] = {(char *)program, port, (char *)file, NULL};

    out->port = free_port();
    (void)snprintf(port, sizeof port, "%d", out->port);
    return begin(out, argv);
}

void server_stop(struct server_run *server)
{
    process_end(server->parent);
    server->parent = server->worker = -1;
}

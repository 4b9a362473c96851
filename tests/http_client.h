/* http_client.h - HTTP over a bare socket, so that a test can also say what no
 * client library would. Every wait ends after ten seconds. */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include "codesets/core/buffer.h"

enum { CLIENT_WAIT_MS = 10000 };

struct client {
    int fd;
    struct buffer in; /* read and not yet taken */
};

struct answer {
    int status;         /* 0: the connection ended, or nothing came in time */
    bool timed_out;     /* nothing came in time */
    char head[8192];    /* NUL-ended */
    struct buffer body; /* NUL-ended as well, chunks put together */
    bool chunked, cut;  /* cut: it ended before it was whole */
};

static inline bool client_connect(struct client *client, int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr = {htonl(INADDR_LOOPBACK)}};

    *client = (struct client){.fd = socket(AF_INET, SOCK_STREAM, 0)};
    return client->fd >= 0 &&
           connect(client->fd, (struct sockaddr *)&to, sizeof to) == 0;
}

static inline void client_close(struct client *client)
{
    if (client->fd >= 0)
        (void)close(client->fd);
    client->fd = -1;
    buffer_clear(&client->in);
}

/* False when the other side does not take it (any more). */
static inline bool client_send_bytes(
    struct client *client, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        const ssize_t n = send(client->fd, at, len, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static inline bool client_send(struct client *client, const char *text)
{
    return client_send_bytes(client, text, strlen(text));
}

/* Reads some more: 1, 0 at the end, -1 when nothing comes for ms. */
static inline int client_fill(struct client *client, int ms)
{
    struct pollfd wait = {.fd = client->fd, .events = POLLIN};
    char bytes[16384];
    ssize_t n;

    if (poll(&wait, 1, ms) <= 0)
        return -1;
    n = recv(client->fd, bytes, sizeof bytes, 0);
    if (n <= 0)
        return 0;
    buffer_add(&client->in, bytes, (size_t)n);
    return 1;
}

static inline void client_take(struct client *client, size_t n)
{
    memmove(client->in.data, client->in.data + n, client->in.len - n);
    client->in.len -= n;
}

/* Waits for a line and returns its length with the line end, or 0. */
static inline size_t client_line(struct client *client)
{
    for (;;) {
        const char *end = client->in.len > 0
                              ? memchr(client->in.data, '\n', client->in.len)
                              : NULL;

        if (end != NULL)
            return (size_t)(end - client->in.data) + 1;
        if (client_fill(client, CLIENT_WAIT_MS) != 1)
            return 0;
    }
}

static inline bool client_body(
    struct client *client, struct answer *answer, size_t len)
{
    while (client->in.len < len)
        if (client_fill(client, CLIENT_WAIT_MS) != 1)
            return false;
    buffer_add(&answer->body, client->in.data, len);
    if (len > 0)
        client_take(client, len);
    return true;
}

static inline bool client_chunks(struct client *client, struct answer *answer)
{
    for (;;) {
        size_t line = client_line(client), len;

        if (line == 0)
            return false;
        len = strtoul(client->in.data, NULL, 16);
        client_take(client, line);
        if (!client_body(client, answer, len))
            return false;
        line = client_line(client);
        if (line == 0)
            return false;
        client_take(client, line);
        if (len == 0)
            return true;
    }
}

/* The value of a header line, or NULL. Good until the next call. */
static inline const char *answer_header(
    const struct answer *answer, const char *name)
{
    static char value[1024];
    const size_t len = strlen(name);
    const char *line = answer->head;

    while ((line = strstr(line, "\r\n")) != NULL) {
        line += 2;
        if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
            (void)snprintf(value, sizeof value, "%.*s",
                (int)strcspn(line + len + 2, "\r\n"), line + len + 2);
            return value;
        }
    }
    return NULL;
}

static inline void answer_clear(struct answer *answer)
{
    buffer_clear(&answer->body);
    *answer = (struct answer){0};
}

/* The body as text, "" when there is none. */
static inline const char *answer_text(const struct answer *answer)
{
    return answer->body.data != NULL ? answer->body.data : "";
}

/* Reads one answer. without_body: it answers a HEAD. */
static inline void client_read(
    struct client *client, struct answer *answer, bool without_body)
{
    size_t used = 0;
    const char *length;
    bool whole;

    answer_clear(answer);
    for (;;) {
        size_t line;
        const char *end =
            client->in.len > 3
                ? memmem(client->in.data, client->in.len, "\r\n\r\n", 4)
                : NULL;

        if (end != NULL) {
            used = (size_t)(end - client->in.data) + 4;
            break;
        }
        line = client->in.len;
        switch (client_fill(client, CLIENT_WAIT_MS)) {
        case 1:
            break;
        case 0:
            answer->cut = line > 0;
            return;
        default:
            answer->timed_out = true;
            return;
        }
    }
    if (used >= sizeof answer->head)
        return;
    memcpy(answer->head, client->in.data, used);
    client_take(client, used);
    (void)sscanf(answer->head, "HTTP/1.1 %d", &answer->status);
    length = answer_header(answer, "Content-Length");
    if (without_body || answer->status == 204 || answer->status == 304 ||
        answer->status == 100) {
        whole = true;
    } else if (length != NULL) {
        whole = client_body(client, answer, strtoul(length, NULL, 10));
    } else if (answer_header(answer, "Transfer-Encoding") != NULL) {
        answer->chunked = true;
        whole = client_chunks(client, answer);
    } else {
        int rc;

        while ((rc = client_fill(client, CLIENT_WAIT_MS)) == 1)
            ;
        whole = rc == 0 && client_body(client, answer, client->in.len);
    }
    answer->cut = !whole;
    buffer_addc(&answer->body, '\0');
    answer->body.len--;
}

/* True when the other side ends the connection and sends nothing more. */
static inline bool client_ended(struct client *client)
{
    return client->in.len == 0 && client_fill(client, CLIENT_WAIT_MS) == 0;
}

/* One request on a connection of its own. */
static inline void client_ask(
    int port, const char *request, struct answer *answer)
{
    struct client client;

    answer_clear(answer);
    if (client_connect(&client, port) && client_send(&client, request))
        client_read(&client, answer, strncmp(request, "HEAD ", 5) == 0);
    client_close(&client);
}

#endif

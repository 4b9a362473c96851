#include "tools/bench/support/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_PIECE = 256 << 10 };

bool client_open(struct client *client, int port)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int yes = 1;

    *client = (struct client){
        .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .port = port};
    if (client->fd < 0)
        return false;
    if (connect(client->fd, (const struct sockaddr *)&address,
            sizeof address) != 0) {
        client_close(client);
        return false;
    }
    (void)setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return true;
}

void client_close(struct client *client)
{
    if (client->fd >= 0)
        (void)close(client->fd);
    client->fd = -1;
    buffer_clear(&client->in);
}

static bool send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        const ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* Reads what there is; false at the end. A NUL stands behind it. */
static bool receive(struct client *client)
{
    struct buffer *in = &client->in;
    ssize_t n;

    if (!buffer_reserve(in, READ_PIECE + 1))
        return false;
    do
        n = recv(client->fd, in->data + in->len, READ_PIECE, 0);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        return false;
    in->len += (size_t)n;
    in->data[in->len] = '\0';
    return true;
}

/* The value of a header of the head, or NULL. */
static const char *header(const char *head, const char *name)
{
    const size_t len = strlen(name);
    const char *line = strstr(head, "\r\n");

    for (; line != NULL && line[2] != '\r'; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, len) == 0 && line[2 + len] == ':')
            return line + 3 + len;
    return NULL;
}

/* Takes the chunks' own lines out of a body that begins at `at`. */
static bool read_chunks(struct client *client, size_t at, size_t *len)
{
    struct buffer *in = &client->in;
    size_t next = at; /* the line that says how long the next chunk is */

    *len = 0;
    for (;;) {
        const char *end;
        size_t size, data;

        while ((end = strstr(in->data + next, "\r\n")) == NULL)
            if (!receive(client))
                return false;
        size = strtoul(in->data + next, NULL, 16);
        data = (size_t)(end + 2 - in->data);
        while (in->len < data + size + 2)
            if (!receive(client))
                return false;
        if (size == 0)
            return true;
        memmove(in->data + at + *len, in->data + data, size);
        *len += size;
        next = data + size + 2;
    }
}

static bool read_answer(struct client *client, struct answer *out)
{
    const char *value, *head_end;
    size_t body;

    client->in.len = 0;
    do
        if (!receive(client))
            return false;
    while ((head_end = strstr(client->in.data, "\r\n\r\n")) == NULL);
    body = (size_t)(head_end + 4 - client->in.data);
    if (strncmp(client->in.data, "HTTP/1.1 ", 9) != 0)
        return false;
    out->status = (int)strtol(client->in.data + 9, NULL, 10);
    value = header(client->in.data, "Content-Length");
    if (value != NULL) {
        out->len = strtoul(value, NULL, 10);
        while (client->in.len < body + out->len)
            if (!receive(client))
                return false;
    } else if (!read_chunks(client, body, &out->len)) {
        return false;
    }
    out->body = client->in.data + body;
    return true;
}

bool client_ask(struct client *client, const char *target, const char *type,
    const char *body, size_t len, struct answer *out)
{
    struct buffer head = {0};
    bool sent;

    buffer_addf(&head, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        body != NULL ? "POST" : "GET", target);
    if (body != NULL)
        buffer_addf(
            &head, "Content-Type: %s\r\nContent-Length: %zu\r\n", type, len);
    buffer_adds(&head, "\r\n");
    sent = !head.failed && send_all(client->fd, head.data, head.len) &&
           (body == NULL || send_all(client->fd, body, len));
    buffer_clear(&head);
    return sent && read_answer(client, out);
}

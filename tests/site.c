#include "tests/site.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD_MAX = 16384, WAIT_MS = 20000 };

struct site {
    int listener, wake[2];
    char address[64];
    pthread_t thread;
    struct resource resource[SITE_RESOURCES_MAX];
    size_t count;
    int requests;
};

static size_t len_of(const struct resource *r)
{
    return r->len != 0 ? r->len : r->body != NULL ? strlen(r->body) : 0;
}

static void send_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        const ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

        if (n <= 0)
            return;
        at += n;
        len -= (size_t)n;
    }
}

/* Until the other side has gone. */
static void wait_for_end(int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    char byte;

    while (poll(&poll_fd, 1, WAIT_MS) > 0 && recv(fd, &byte, 1, 0) > 0)
        ;
}

static bool read_head(int fd, char head[HEAD_MAX])
{
    size_t len = 0;

    while (len < HEAD_MAX - 1) {
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        const ssize_t n = poll(&poll_fd, 1, WAIT_MS) > 0
                              ? recv(fd, head + len, HEAD_MAX - 1 - len, 0)
                              : 0;

        if (n <= 0)
            return false;
        len += (size_t)n;
        head[len] = '\0';
        if (strstr(head, "\r\n\r\n") != NULL)
            return true;
    }
    return false;
}

/* The value of a header line, or "". */
static const char *header(const char *head, const char *name, char value[256])
{
    char line[64];
    const char *at;

    (void)snprintf(line, sizeof line, "\r\n%s: ", name);
    at = strcasestr(head, line);
    value[0] = '\0';
    if (at != NULL)
        (void)snprintf(value, 256, "%.*s",
            (int)strcspn(at + strlen(line), "\r"), at + strlen(line));
    return value;
}

static void send_body(int fd, struct resource *r, size_t from)
{
    const char *body = r->body;
    const size_t len = len_of(r);
    const bool cut = r->cuts > 0 || r->stalls;
    size_t end = cut && r->cut_at < len ? r->cut_at : len;

    if (cut && end <= from) /* a cut further on than the part that is there */
        end = from + (r->cut_at < len - from ? r->cut_at : len - from);
    send_all(fd, body + from, end - from);
    if (r->raises != NULL)
        *r->raises = 1;
    if (r->stalls)
        wait_for_end(fd);
    if (r->cuts > 0)
        r->cuts--;
}

static void respond(int fd, struct resource *r, const char *head)
{
    char value[256], lines[1024], length[32];
    const size_t len = len_of(r);
    unsigned long long from = 0;
    int status = r->status != 0 ? r->status : 200;

    r->requests++;
    if (status == 200 && r->etag != NULL &&
        strcmp(header(head, "If-None-Match", value), r->etag) == 0) {
        r->not_modified++;
        status = 304;
    }
    if (status == 200 && !r->no_ranges &&
        sscanf(header(head, "Range", value), "bytes=%llu-", &from) == 1 &&
        (*header(head, "If-Range", value) == '\0' ||
            (r->etag != NULL && strcmp(value, r->etag) == 0)))
        status = from < len ? 206 : 416;
    if (status != 206)
        from = 0;
    r->ranged += status == 206;
    (void)snprintf(length, sizeof length, "%zu", len - (size_t)from);
    (void)snprintf(lines, sizeof lines,
        "HTTP/1.1 %d Something\r\nConnection: close\r\n%s%s%s%s", status,
        r->etag != NULL ? "ETag: " : "", r->etag != NULL ? r->etag : "",
        r->etag != NULL ? "\r\n" : "", r->headers != NULL ? r->headers : "");
    send_all(fd, lines, strlen(lines));
    if (status == 304) {
        send_all(fd, "\r\n", 2);
        return;
    }
    lines[0] = '\0';
    if (status == 206)
        (void)snprintf(lines, sizeof lines,
            "Content-Range: bytes %llu-%zu/%zu\r\n",
            r->wrong_range ? from + 1 : from, len - 1, len);
    else if (status == 416)
        (void)snprintf(
            lines, sizeof lines, "Content-Range: bytes */%zu\r\n", len);
    send_all(fd, lines, strlen(lines));
    if (status == 416)
        (void)snprintf(lines, sizeof lines, "Content-Length: 0\r\n\r\n");
    else
        (void)snprintf(lines, sizeof lines, "Content-Length: %s\r\n\r\n",
            r->length != NULL ? r->length : length);
    send_all(fd, lines, strlen(lines));
    if (status != 416)
        send_body(fd, r, (size_t)from);
}

static void serve(struct site *site, int fd)
{
    static const char missing[] =
        "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Type: "
        "text/html\r\nContent-Length: 21\r\n\r\n<html>nothing</html>\n";
    char head[HEAD_MAX], path[4096];
    struct resource *r;

    if (!read_head(fd, head) || sscanf(head, "GET %4095s ", path) != 1)
        return;
    site->requests++;
    r = site_at(site, path);
    if (r != NULL)
        respond(fd, r, head);
    else
        send_all(fd, missing, sizeof missing - 1);
}

static void *run(void *context)
{
    struct site *site = context;

    for (;;) {
        struct pollfd wait[2] = {{.fd = site->listener, .events = POLLIN},
            {.fd = site->wake[0], .events = POLLIN}};
        int fd;

        if (poll(wait, 2, -1) < 0 || wait[1].revents != 0)
            return NULL;
        fd = accept(site->listener, NULL, NULL);
        if (fd >= 0) {
            serve(site, fd);
            (void)shutdown(fd, SHUT_WR);
            wait_for_end(fd);
            (void)close(fd);
        }
    }
}

struct site *site_start(void)
{
    struct site *site = calloc(1, sizeof *site);
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof at;

    assert(site != NULL && pipe(site->wake) == 0);
    site->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert(bind(site->listener, (struct sockaddr *)&at, len) == 0);
    assert(listen(site->listener, 16) == 0);
    assert(getsockname(site->listener, (struct sockaddr *)&at, &len) == 0);
    (void)snprintf(site->address, sizeof site->address, "http://127.0.0.1:%u",
        ntohs(at.sin_port));
    assert(pthread_create(&site->thread, NULL, run, site) == 0);
    return site;
}

void site_stop(struct site *site)
{
    assert(write(site->wake[1], "", 1) == 1);
    (void)pthread_join(site->thread, NULL);
    (void)close(site->listener);
    (void)close(site->wake[0]);
    (void)close(site->wake[1]);
    free(site);
}

const char *site_address(const struct site *site)
{
    return site->address;
}

struct resource *site_at(struct site *site, const char *path)
{
    for (size_t i = 0; i < site->count; i++)
        if (strcmp(site->resource[i].path, path) == 0)
            return &site->resource[i];
    return NULL;
}

struct resource *site_put(struct site *site, struct resource resource)
{
    struct resource *r = site_at(site, resource.path);

    if (r == NULL) {
        assert(site->count < SITE_RESOURCES_MAX);
        r = &site->resource[site->count];
    }
    *r = resource;
    /* The thread looks when it is asked, which is after this. */
    if (r == &site->resource[site->count])
        site->count++;
    return r;
}

int site_requests(const struct site *site)
{
    return site->requests;
}

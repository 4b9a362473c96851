#include "server/transport/head.h"

#include <stdio.h>
#include <string.h>

#include "server/transport/connection.h"

static char *put(char *at, const char *text, size_t len)
{
    memcpy(at, text, len);
    return at + len;
}

static char *put_text(char *at, const char *text)
{
    return put(at, text, strlen(text));
}

static char *put_number(char *at, uint64_t number)
{
    char digits[20];
    size_t n = sizeof digits;

    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return put(at, digits + n, sizeof digits - n);
}

static char *put_hex(char *at, uint64_t number, int digits)
{
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        *at++ = "0123456789abcdef"[number >> shift & 15];
    return at;
}

size_t head_render(char out[ANSWER_HEAD_MAX], const struct server *server,
    const struct reply *reply, const struct head *head)
{
    char *at = out;

    at = put(at, "HTTP/1.1 ", 9);
    at = put_number(at, (uint64_t)reply->status);
    *at++ = ' ';
    at = put_text(at, status_phrase(reply->status));
    at = put(at, "\r\n", 2);
    at = put(at, server->common, server->common_len);
    if (reply->status != 204 && reply->status != 304) {
        at = put(at, "Content-Type: ", 14);
        at = put_text(at, reply->type);
        at = put(at, "\r\n", 2);
    }
    if (head->has_length) {
        at = put(at, "Content-Length: ", 16);
        at = put_number(at, head->length);
        at = put(at, "\r\n", 2);
    }
    if (head->chunked)
        at = put_text(at, "Transfer-Encoding: chunked\r\n");
    if (head->gzip)
        at = put_text(at, "Content-Encoding: gzip\r\n");
    if (head->etag != NULL) {
        at = put(at, "ETag: ", 6);
        at = put_text(at, head->etag);
        at = put(at, "\r\nCache-Control: ", 17);
        if (reply->keep != NULL) {
            at = put_text(at, reply->keep);
        } else {
            /* What one user may see is not for the next. */
            at = put_text(at, server->gate != NULL ? "private, " : "public, ");
            at = put(at, "max-age=", 8);
            at = put_number(at, HTTP_CACHE_SECONDS);
        }
        at = put(at, "\r\n", 2);
    } else {
        at = put_text(at, "Cache-Control: no-store\r\n");
    }
    at = put(at, "X-Request-Id: ", 14);
    at = put_text(at, head->id);
    at = put(at, "\r\n", 2);
    if (head->origin)
        at = put_text(at, "Access-Control-Expose-Headers: Allow, ETag, "
                          "Retry-After, X-Request-Id\r\n");
    at = put(at, reply->headers, reply->headers_len);
    if (head->close)
        at = put_text(at, "Connection: close\r\n");
    else if (!head->http11)
        at = put_text(at, "Connection: keep-alive\r\n");
    at = put(at, "\r\n", 2);
    return (size_t)(at - out);
}

uint64_t head_hash(uint64_t seed, const char *text)
{
    for (; *text != '\0'; text++)
        seed = (seed ^ (unsigned char)*text) * 0x100000001b3u;
    return seed;
}

void head_etag(char out[ETAG_LEN], const struct server *server,
    const struct request *request)
{
    uint64_t sum = head_hash(
        request->answers != NULL && server->parts.public_editions != NULL
            ? head_hash(server->etag_seed, store_id(request->answers->store))
            : server->etag_seed,
        request->target);
    char *at = out;

    if ((request->route->flags & ROUTE_NEGOTIATES) != 0 &&
        request->accept != NULL)
        sum = head_hash(sum * 0x100000001b3u, request->accept);
    at = put(at, "W/\"", 3);
    at = put_hex(at, sum, 16);
    *at++ = '"';
    *at = '\0';
}

void head_id(struct server *server, char out[REQUEST_ID_MAX + 1])
{
    char *at = put_text(out, server->id_prefix);

    at = put_hex(at, server->next_id++, 8);
    *at = '\0';
}

bool head_id_is_plain(const char *id)
{
    const size_t len = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz"
                                  "0123456789-_.~:/+=@");

    return len > 0 && len <= REQUEST_ID_MAX && id[len] == '\0';
}

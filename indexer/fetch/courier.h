/* courier.h - asking a server for a page or a file, by libcurl.
 *
 * What comes is never trusted: http and https alone, certificates always
 * checked, redirects followed here one by one (at most COURIER_REDIRECTS_MAX,
 * never out of the encryption, never to another publisher's host), sizes
 * bounded before and while bytes come, and a server that falls asleep is given
 * up. Proxies are those of the environment, as libcurl reads it (https_proxy,
 * no_proxy, …). */
#ifndef INDEXER_FETCH_COURIER_H
#define INDEXER_FETCH_COURIER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/buffer.h"
#include "indexer/fetch/address.h"

enum {
    COURIER_REDIRECTS_MAX = 8,
    COURIER_CONNECT_SECONDS = 30,
    COURIER_STALL_SECONDS =
        60, /* with fewer than COURIER_STALL_BYTES a second */
    COURIER_STALL_BYTES = 128,
    COURIER_SECONDS_MAX = 6 * 3600, /* for one answer */
    COURIER_TAG_MAX = 256           /* bytes of an ETag or a date */
};
#define COURIER_PAGE_MAX ((size_t)16 << 20)
#define COURIER_FILE_MAX ((uint64_t)1 << 30) /* what a build reads at most */

struct courier;

struct courier_options {
    long stall_seconds; /* 0: COURIER_STALL_SECONDS */
    uint64_t file_max;  /* 0: COURIER_FILE_MAX */
    const volatile int *stop;
    /* Told now and then how far a file is; total is 0 while nobody knows. */
    void (*progress)(void *context, uint64_t now, uint64_t total);
    void *context;
};

/* What the server said in the end, redirects followed. */
struct courier_answer {
    long status;
    char address[ADDRESS_MAX]; /* that answered */
    char etag[COURIER_TAG_MAX],
        modified[COURIER_TAG_MAX]; /* "" when it told none */
    bool ranges;    /* the bytes are those of the file as it lies there, so that
                       a later question may go on from where this one ended */
    uint64_t total; /* bytes of the whole file, 0 when not told */
};

struct courier_question {
    const char *address;
    const char *referer; /* NULL: none */
    /* "Only if it is no longer this one"; NULL or "" for always. */
    const char *etag, *modified;
    /* "From this byte on, if it is still this one": a strong ETag or a date. */
    uint64_t from;
    const char *if_range;
};

int courier_open(struct courier **out, const struct courier_options *options,
    struct error *err);
void courier_close(struct courier *courier); /* NULL is fine */
/* Requests sent so far, redirects among them. */
size_t courier_requests(const struct courier *courier);

/* The body of a page into *body, whatever its status. Returns 0; ERR_LIMIT
 * above COURIER_PAGE_MAX; ERR_INPUT for a redirect that is not followed;
 * ERR_SYSTEM when no answer came. */
int courier_page(struct courier *courier, const char *address,
    struct buffer *body, struct courier_answer *out, struct error *err);

/* A file into the open file fd, from its byte 0 on (status 200) or from
 * question->from on (206); with any other status, and with 304, fd is as it
 * was. `begin`, if not NULL, is told before the first byte is written. Returns
 * 0 whatever the status; ERR_INPUT, ERR_LIMIT or ERR_SYSTEM as above, then with
 * what came so far in fd. *again is set when asking again, from there on, may
 * help. */
int courier_file(struct courier *courier,
    const struct courier_question *question, int fd,
    void (*begin)(void *context, const struct courier_answer *answer),
    void *context, struct courier_answer *out, bool *again, struct error *err);

#endif

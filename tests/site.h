/* site.h - a publisher's site on the loopback, that does what a test tells it.
 *
 * A thread of the test answers one request after the other, each on a
 * connection of its own. What it is told before site_start() stays; between two
 * questions of the test it may be told more. Nothing here waits for a time to
 * pass: a resource that stalls holds the connection until the other side gives
 * up. */
#ifndef TESTS_SITE_H
#define TESTS_SITE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SITE_RESOURCES_MAX = 256 };

struct resource {
    const char *path; /* as in the request line: "/files/zip/x.zip?agree=yes" */
    int status;       /* 0: 200 */
    const char *headers; /* further lines, each with its CRLF; NULL: none */
    const void *body;
    size_t len;       /* 0 with a body: a string */
    const char *etag; /* with its quotes; answers If-None-Match and If-Range */
    size_t cut_at; /* the connection ends after so many bytes of the body … */
    int cuts;      /* … so many times */
    bool stalls;   /* there: silence, in place of an end */
    volatile int *raises; /* set there; NULL: none */
    bool no_ranges;       /* answers a Range with all of it */
    bool wrong_range;     /* goes on from another byte than it was asked for */
    const char *length;   /* what Content-Length says; NULL: the truth */

    /* What the site saw: */
    int requests, not_modified, ranged;
};

struct site;

struct site *site_start(void);
void site_stop(struct site *site);
/* "http://127.0.0.1:PORT" */
const char *site_address(const struct site *site);
/* Adds a resource, or replaces the one of the same path. The pointer is for
 * changes between questions. */
struct resource *site_put(struct site *site, struct resource resource);
struct resource *site_at(struct site *site, const char *path);
/* Requests in all; what is not there is answered with 404. */
int site_requests(const struct site *site);

#endif

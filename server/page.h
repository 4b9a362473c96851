/* page.h - one answer as a page: HTML in the shell of server/web/shell.html.
 *
 *     if (page_begin(&page, request, reply, "search")) {
 *         page_titled(&page, "Search: ", q);
 *         html_put(&page.main, "<h1>…</h1>", …);
 *     }
 *     page_end(&page);
 *
 * What it shows is the answer of the API, made by the same functions of
 * codesets/answer. It works without script; the modules of server/web take over
 * where there is one, at the same addresses.
 *
 * Date of service, setting and program stand in the head of every page and hold
 * for every question: an address takes them as date=, setting= and program=.
 * Without a date a page starts on the last day that the loaded edits cover, and
 * says so when that is not today.
 *
 * The shell is HTML with names in braces: {{name}} is replaced by a text,
 * escaped, {{{name}}} by HTML. page.c lists the names. */
#ifndef SERVER_PAGE_H
#define SERVER_PAGE_H
#include <jansson.h>
#include "server/html.h"
#include "server/reply.h"
#include "server/request.h"

struct page {
    const struct request *request;
    struct reply *reply;
    const char *view; /* the kind of page, for style and script */
    struct buffer title, box, main;
    day_t day, default_day;
    enum setting setting;
    enum program program;
};

/* Reads what holds for every question. False when it is no good: the problem is
 * in the reply, and page_end() shows it. */
bool page_begin(struct page *page, const struct request *request,
    struct reply *reply, const char *view);
/* Makes the reply, also of a problem that stands there, and frees the page. */
void page_end(struct page *page);

/* Puts a text into the window's title and another into the box. */
void page_titled(struct page *page, const char *title, const char *more);
void page_asked(struct page *page, const char *text);

/* Continues an address by what holds for every question, where it is not the
 * default: "?date=2024-07-01" or, when a query has begun, "&amp;date=…". */
void page_holds(const struct page *page, struct buffer *out, bool begun);

/* A parameter's text; "" when it was not sent. */
const char *page_param(const struct page *page, const char *name);

#endif

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
#ifndef SERVER_PAGES_PAGE_H
#define SERVER_PAGES_PAGE_H
#include <jansson.h>
#include "server/pages/html.h"
#include "server/transport/reply.h"
#include "server/transport/request.h"

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
/* Frees the page when the reply is another than it. */
void page_drop(struct page *page);

/* Puts a text into the window's title and another into the box. */
void page_titled(struct page *page, const char *title, const char *more);
void page_asked(struct page *page, const char *text);

/* Continues an address by what holds for every question, where it is not the
 * default: "?date=2024-07-01" or, when a query has begun, "&amp;date=…". */
void page_holds(const struct page *page, struct buffer *out, bool begun);

/* What one may choose, as options of a list; that of the page is chosen. */
void page_settings(const struct page *page, struct buffer *out);
void page_programs(const struct page *page, struct buffer *out);

/* A parameter's text; "" when it was not sent. */
const char *page_param(const struct page *page, const char *name);

/* The address of a code's card in an attribute: href="…". */
void page_code_link(const struct page *page, struct buffer *out,
    const char *code, const char *system);

/* Asks the API's route of this pattern as the page was asked, on the page's day
 * and for its setting and program. Parameters of `more`, ended by a NULL name,
 * stand in for those of the page; a NULL value leaves one out. What the route
 * does not know is not sent, nor what a form left empty. The caller lets go of
 * the answer with json_decref(); NULL: the problem is in the reply, or the
 * handler is called again (reply_again()). */
struct page_param {
    const char *name, *value;
};
json_t *page_ask(
    struct page *page, const char *pattern, const struct page_param *more);

/* The same of a route that takes a body: tells it this JSON, of which it takes
 * hold. */
json_t *page_tell(struct page *page, const char *pattern, json_t *body);

/* The handlers of the page's addresses, one file each. */
void page_box(const struct request *request, struct reply *reply);
void page_start(const struct request *request, struct reply *reply);
void page_search(const struct request *request, struct reply *reply);
void page_code(const struct request *request, struct reply *reply);
void page_edits(const struct request *request, struct reply *reply);
void page_pairs(const struct request *request, struct reply *reply);
void page_units(const struct request *request, struct reply *reply);
void page_necessity(const struct request *request, struct reply *reply);
void page_claim(const struct request *request, struct reply *reply);
void page_claim_form(const struct request *request, struct reply *reply);
void page_changes(const struct request *request, struct reply *reply);
void page_releases(const struct request *request, struct reply *reply);

#endif

/* route_page.c - the addresses of the page, and its files. */
#include "server/pages/page.h"
#include "server/routes/routes.h"
#include "server/web.h"

/* What the browser keeps by itself: there is nothing of it on the server. */
static void get_my(const struct request *request, struct reply *reply)
{
    struct page page;

    if (page_begin(&page, request, reply, "my")) {
        page_titled(&page, "My codes", NULL);
        buffer_adds(&page.main,
            "<h1>My codes</h1><noscript><p>Codes are pinned and annotated in "
            "the browser itself, which takes JavaScript.</p></noscript>");
    }
    page_end(&page);
}

static void get_file(const struct request *request, struct reply *reply)
{
    web_answer(request->web, request->capture[0].text, request->capture[1].text,
        request, reply);
}

static const char *const form_types[] = {
    "application/x-www-form-urlencoded", NULL};

/* Shared addresses gather parameters on their way, so a page lets unknown ones
 * through; date and setting stand in its head for everyone to see. */
const struct route page_routes[] = {
    {METHOD_GET, "/", page_start, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/ask", page_box, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/search", page_search, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/code/{code}", page_code, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/code/{code}/edits", page_edits, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/pairs", page_pairs, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/units", page_units, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/necessity", page_necessity, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/claim", page_claim, NULL, ROUTE_LENIENT, NULL},
    {METHOD_POST, "/claim", page_claim_form, NULL, ROUTE_LENIENT, form_types},
    {METHOD_GET, "/changes", page_changes, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/releases", page_releases, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/my", get_my, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/web/{version}/{file}", get_file, NULL,
        ROUTE_LENIENT | ROUTE_OPEN, NULL},
    {0},
};

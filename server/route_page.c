/* route_page.c - the page: its addresses, and its files. */
#include "server/page.h"
#include "server/http.h"
#include "server/routes.h"
#include "server/web.h"

#include <stdio.h>
#include <string.h>

static void get_start(const struct request *request, struct reply *reply)
{
    struct page page;

    if (page_begin(&page, request, reply, "start")) {
        page_titled(&page, "Medical billing codes", NULL);
        html_put(&page.main, "<h1>Medical billing codes</h1>", NULL);
    }
    page_end(&page);
}

/* The client's own: there is nothing on the server to show. */
static void client_page(const struct request *request, struct reply *reply,
    const char *view, const char *title)
{
    struct page page;

    if (page_begin(&page, request, reply, view)) {
        page_titled(&page, title, NULL);
        html_put(&page.main,
            "<h1>{}</h1><noscript><p>This part of the page works with "
            "JavaScript only.</p></noscript>",
            title, NULL);
    }
    page_end(&page);
}

static void get_my(const struct request *request, struct reply *reply)
{
    client_page(request, reply, "my", "My codes");
}

static void get_claims(const struct request *request, struct reply *reply)
{
    client_page(request, reply, "claims", "Check a claim");
}

/* Until it is drawn here: the answer, in the form that programs read. */
static void json_page(const struct request *request, struct reply *reply,
    const char *view, const char *address)
{
    struct page page;

    if (page_begin(&page, request, reply, view)) {
        page_titled(&page, view, NULL);
        html_put(&page.main,
            "<h1>{}</h1><p><a href=\"{}\">The answer as JSON</a></p>", view,
            address, NULL);
    }
    page_end(&page);
}

static void get_state(const struct request *request, struct reply *reply)
{
    const char *view =
        request->segments > 2 ? "edits" : request->segment[0].text;
    char address[REQUEST_TARGET_MAX + 8];

    (void)snprintf(address, sizeof address, "/v1%s%s",
        strncmp(request->target, "/code/", 6) == 0 ? "/codes" : "",
        request->target + (strncmp(request->target, "/code/", 6) == 0 ? 5 : 0));
    json_page(request, reply, view, address);
}

static void get_file(const struct request *request, struct reply *reply)
{
    web_answer(server_web(request->server), request->capture[0].text,
        request->capture[1].text, request, reply);
}

const struct route page_routes[] = {
    {METHOD_GET, "/", get_start, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/my", get_my, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/claims", get_claims, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/search", get_state, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/code/{code}", get_state, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/code/{code}/edits", get_state, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/pairs", get_state, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/units", get_state, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/necessity", get_state, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/releases", get_state, NULL, ROUTE_LENIENT, NULL},
    {METHOD_GET, "/web/{version}/{file}", get_file, NULL, ROUTE_LENIENT, NULL},
    {0},
};

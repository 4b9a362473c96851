/* page.c - the page at "/": what this is, and links to try. Plain HTML without
 * script, so that it says something in any browser and to any person. */
#include "server/routes.h"

#include <string.h>

static const char page[] =
    "<!doctype html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>coderef: medical billing codes</title>\n"
    "</head>\n"
    "<body>\n"
    "<h1>coderef</h1>\n"
    "<p>This server answers questions about US medical billing codes, edits "
    "and limits on a date of service, out of the published files that were "
    "loaded. Answers are JSON.</p>\n"
    "<ul>\n"
    "<li><a href=\"/v1/codes/97110\">/v1/codes/97110</a>: what is known of "
    "one code</li>\n"
    "<li><a href=\"/v1/search?q=electrical+stimulation\">"
    "/v1/search?q=electrical+stimulation</a>: codes by words</li>\n"
    "<li><a href=\"/v1/pairs?codes=97530,97116\">"
    "/v1/pairs?codes=97530,97116</a>: may two codes be billed together</li>\n"
    "<li><a href=\"/v1/releases\">/v1/releases</a>: the files that were "
    "loaded</li>\n"
    "<li><a href=\"/version\">/version</a>, <a href=\"/metrics\">/metrics</a>: "
    "the server itself</li>\n"
    "</ul>\n"
    "</body>\n"
    "</html>\n";

static void get_page(const struct request *request, struct reply *reply)
{
    reply->type = TYPE_HTML;
    reply_header(reply, "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'");
    buffer_add(&reply->body, page, sizeof page - 1);
}

const struct route page_routes[] = {
    {METHOD_GET, "/", get_page, NULL, ROUTE_CACHE, NULL},
    {0},
};

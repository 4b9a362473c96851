/* Whatever is asked of the page, by GET or, with a form behind the first line
 * of the input, by POST, the answer is one page or one address: no text of the
 * question begins a tag, ends the page's main part or its attributes, and a
 * page that is not there is said in one. */
#include <stdlib.h>
#include <string.h>
#include "server/routes/routes.h"
#include "server/web.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/starter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct place {
    struct answers *answers;
    struct web *web;
    struct routes *routes;
    size_t scripts; /* of the shell */
};

static size_t count(const char *text, const char *part)
{
    size_t n = 0;

    while ((text = strstr(text, part)) != NULL) {
        n++;
        text += strlen(part);
    }
    return n;
}

static const struct place *open_once(void)
{
    static const struct route *const tables[] = {page_routes, NULL};
    static struct place place;
    size_t len;

    if (place.answers != NULL)
        return &place;
    place.answers = starter_answers();
    require(web_open(&place.web, NULL, NULL) == 0);
    place.routes = routes_new(tables);
    require(place.routes != NULL);
    place.scripts = count(web_shell(place.web, &len), "<script");
    return &place;
}

/* Only what this program writes begins with '<' and a letter or a slash. */
static void check_tags(const char *text)
{
    static const char known[] =
        " !doctype a article b body button caption dd div dl dt footer form h1 "
        "h2 h3 head header html input label li link main mark meta nav "
        "noscript ol option p script section select span table tbody td tfoot "
        "th thead title tr ul datalist details summary small strong kbd svg "
        "use dialog output template time ";

    while ((text = strchr(text, '<')) != NULL) {
        char name[24] = " ";
        size_t n;

        text += text[1] == '/' ? 2 : 1;
        n = strcspn(text, " >\n/");
        require(n > 0 && n < sizeof name - 2);
        memcpy(name + 1, text, n);
        name[n + 1] = ' ';
        require(strstr(known, name) != NULL);
    }
}

static void check(const struct place *place, struct reply *reply)
{
    const char *text;

    if (reply->reason != NULL) {
        require(reply->status >= 400);
        return;
    }
    if (reply->status == 302 || reply->status == 303) {
        require(strstr(reply->headers, "Location: /") != NULL);
        require(count(reply->headers, "\r\n") == 1);
        return;
    }
    buffer_addc(&reply->body, '\0');
    require(!reply->body.failed);
    text = reply->body.data;
    if (strcmp(reply->type, TYPE_HTML) != 0)
        return;
    require(count(text, "<main ") == 1 && count(text, "</main>") == 1);
    require(count(text, "</html>") == 1);
    require(count(text, "<script") == place->scripts);
    require(strstr(reply->headers, "Content-Security-Policy: ") != NULL);
    check_tags(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct request request;
    static struct reply reply;
    const struct place *place = open_once();
    char *target = malloc(len + 1), *body;
    size_t number;

    if (target == NULL)
        return 0;
    if (reply.type == NULL)
        reply_init(&reply);
    memcpy(target, data, len);
    target[len] = '\0';
    reply_reset(&reply);
    request.method = METHOD_GET;
    request.body = "";
    request.body_len = 0;
    if ((body = memchr(target, '\n', len)) != NULL) {
        *body++ = '\0';
        request.method = METHOD_POST;
        request.content_type = "application/x-www-form-urlencoded";
        request.body = body;
        request.body_len = (size_t)(target + len - body);
    }
    request.answers = place->answers;
    request.web = place->web;
    request.today = 20000;
    request.work = NULL;
    if (request_parse_target(&request, target, &reply) &&
        routes_find(place->routes, &request, &reply, &number)) {
        struct reply first = {.again = true};

        while (first.again) {
            reply_reset(&reply);
            request.route->answer(&request, &reply);
            if (request.work == NULL)
                first = reply;
            first.again = reply.again;
            request.work = first.work;
        }
        check(place, &reply);
        if (first.work_free != NULL)
            first.work_free(first.work);
    }
    free(target);
    return 0;
}

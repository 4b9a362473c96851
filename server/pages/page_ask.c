/* page_ask.c - a page asks the API, within the process. */
#include "server/pages/page.h"

#include <string.h>

#include "server/routes/routes.h"

static const struct route *find_route(const char *pattern)
{
    for (const struct route *const *table = all_routes; *table != NULL; table++)
        for (const struct route *route = *table; route->answer != NULL; route++)
            if ((route->methods & METHOD_GET) != 0 &&
                strcmp(route->pattern, pattern) == 0)
                return route;
    return NULL;
}

static const char *value_of(const struct page *page, const char *name,
    const struct page_param *more, char day[DAY_TEXT_LEN])
{
    for (; more != NULL && more->name != NULL; more++)
        if (strcmp(more->name, name) == 0)
            return more->value;
    if (strcmp(name, "date") == 0) {
        (void)day_format(day, page->day);
        return day;
    }
    if (strcmp(name, "setting") == 0)
        return setting_name(page->setting);
    if (strcmp(name, "program") == 0)
        return program_name(page->program);
    return page_param(page, name);
}

json_t *page_ask(
    struct page *page, const char *pattern, const struct page_param *more)
{
    const struct route *route = find_route(pattern);
    struct request question = *page->request;
    struct reply *reply = page->reply;
    char day[DAY_TEXT_LEN];
    json_error_t why;
    json_t *answer;

    if (route == NULL) {
        reply_problem(reply, 404, "no_such_path",
            "This server does not answer %s.", pattern);
        return NULL;
    }
    if (question.answers == NULL) {
        reply_problem(reply, 503, "no_store",
            "No store is open. The log of the server says why.");
        return NULL;
    }
    question.route = route;
    question.params = 0;
    for (size_t i = 0; route->params != NULL && route->params[i] != NULL; i++) {
        const char *name = route->params[i];
        const char *value = value_of(page, name, more, day);

        if (value != NULL && *value != '\0' &&
            question.params < REQUEST_PARAMS_MAX)
            question.param[question.params++] =
                (struct param){{name, strlen(name)}, {value, strlen(value)}};
    }
    reply->body.len = 0;
    route->answer(&question, reply);
    if (reply->reason != NULL || reply->again)
        return NULL;
    answer = json_loadb(reply->body.data, reply->body.len, 0, &why);
    reply->body.len = 0;
    if (answer == NULL)
        reply_problem(reply, 500, "failed", "The answer could not be drawn.");
    return answer;
}

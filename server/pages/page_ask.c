/* page_ask.c - a page asks the API, within the process. */
#include "server/pages/page.h"

#include <stdlib.h>
#include <string.h>

#include "server/routes/routes.h"

static const struct route *find_route(const char *pattern, enum method method)
{
    for (const struct route *const *table = all_routes; *table != NULL; table++)
        for (const struct route *route = *table; route->answer != NULL; route++)
            if ((route->methods & (unsigned)method) != 0 &&
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

/* Makes the page's request one of the route. False: the problem is in the
 * reply. */
static bool begin_question(const struct page *page, struct request *question,
    const char *pattern, enum method method)
{
    struct reply *reply = page->reply;

    *question = *page->request;
    question->route = find_route(pattern, method);
    question->params = 0;
    if (question->route == NULL)
        reply_problem(reply, 404, "no_such_path",
            "This server does not answer %s.", pattern);
    else if (question->answers == NULL)
        reply_problem(reply, 503, "no_store",
            "No store is open. The log of the server says why.");
    return question->route != NULL && question->answers != NULL;
}

static json_t *answer_to(const struct request *question, struct reply *reply)
{
    json_error_t why;
    json_t *answer;

    reply->body.len = 0;
    question->route->answer(question, reply);
    if (reply->reason != NULL || reply->again)
        return NULL;
    answer = json_loadb(reply->body.data, reply->body.len, 0, &why);
    reply->body.len = 0;
    if (answer == NULL)
        reply_problem(reply, 500, "failed", "The answer could not be drawn.");
    return answer;
}

json_t *page_ask(
    struct page *page, const char *pattern, const struct page_param *more)
{
    struct request question;
    char day[DAY_TEXT_LEN];

    if (!begin_question(page, &question, pattern, METHOD_GET))
        return NULL;
    for (const char *const *name = question.route->params;
         name != NULL && *name != NULL; name++) {
        const char *value = value_of(page, *name, more, day);

        if (value != NULL && *value != '\0' &&
            question.params < REQUEST_PARAMS_MAX)
            question.param[question.params++] =
                (struct param){{*name, strlen(*name)}, {value, strlen(value)}};
    }
    return answer_to(&question, page->reply);
}

json_t *page_tell(struct page *page, const char *pattern, json_t *body)
{
    struct request question;
    char *text = json_dumps(body, JSON_COMPACT);
    json_t *answer = NULL;

    json_decref(body);
    if (text == NULL) {
        reply_problem(page->reply, 503, "no_memory",
            "There is no memory for a question of this length just now.");
        return NULL;
    }
    if (begin_question(page, &question, pattern, METHOD_POST)) {
        question.content_type = "application/json";
        question.body = text;
        question.body_len = strlen(text);
        answer = answer_to(&question, page->reply);
    }
    free(text);
    return answer;
}

/* Whatever the first line holds as a target, what is decoded out of it is clean
 * text of the length it says; and the readers of header values, which get the
 * other lines, stay within theirs. */
#include <stdlib.h>
#include <string.h>
#include "server/transport/reply.h"
#include "server/transport/request.h"
#include "tests/fuzz/require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void require_clean(struct text_ref text)
{
    require(strlen(text.text) == text.len);
    require(text_is_clean(text.text, text.len));
}

static void check_target(const char *target, struct reply *reply)
{
    static struct request request;
    day_t day = 0;
    long number = 0;
    bool flag;

    reply_reset(reply);
    if (!request_parse_target(&request, target, reply)) {
        require(reply->status >= 400 && reply->reason != NULL);
        reply_render_problem(reply, target, NULL);
        require(reply->body.len > 0 && !reply->body.failed);
        return;
    }
    require(reply->reason == NULL);
    for (size_t i = 0; i < request.segments; i++)
        require_clean(request.segment[i]);
    for (size_t i = 0; i < request.params; i++) {
        const char *name = request.param[i].name.text;

        require_clean(request.param[i].name);
        require_clean(request.param[i].value);
        require(request_param(&request, name) != NULL);
        (void)param_day(&request, reply, name, &day);
        (void)param_flag(&request, reply, name, &flag);
        if (param_integer(&request, reply, name, -5, 5, &number))
            require(number >= -5 && number <= 5);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct reply reply;
    char *text = malloc(len + 1), *line, *rest;

    if (text == NULL)
        return 0;
    if (reply.type == NULL)
        reply_init(&reply);
    memcpy(text, data, len);
    text[len] = '\0';
    rest = strchr(text, '\n');
    if (rest != NULL)
        *rest++ = '\0';
    check_target(text, &reply);
    for (line = rest; line != NULL; line = rest) {
        rest = strchr(line, '\n');
        if (rest != NULL)
            *rest++ = '\0';
        (void)accepts_gzip(line);
        (void)accepts_type(line, TYPE_JSON);
        (void)type_is(line, TYPE_JSON);
        require(!etag_listed(line, "W/\"a\"") || strchr(line, 'a') != NULL ||
                strchr(line, '*') != NULL);
    }
    free(text);
    return 0;
}

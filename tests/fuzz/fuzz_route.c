/* fuzz_route.c - whatever is asked under /v1, of a sound build: the answer, or
 * the problem in its place, is JSON, lines of JSON or CSV as it says, and never
 * a failure of the server's own.
 *
 * The first byte picks the build and the media type of the body, the second the
 * method; the target ends at the line's end, and the rest is the body. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/ask.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/starter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_json(const char *text, size_t len)
{
    json_t *read = json_loadb(text, len, JSON_ALLOW_NUL, NULL);

    require(read != NULL);
    json_decref(read);
}

static void check_lines(const char *text, size_t len)
{
    while (len > 0) {
        const char *end = memchr(text, '\n', len);

        require(end != NULL);
        check_json(text, (size_t)(end - text));
        len -= (size_t)(end - text) + 1;
        text = end + 1;
    }
}

static void check(const struct reply *reply)
{
    require(reply->status >= 200 && reply->status < 500);
    require(!reply->body.failed &&
            (reply->status >= 400) == (strcmp(reply->type, TYPE_PROBLEM) == 0));
    require(memchr(reply->headers, '\0', sizeof reply->headers) != NULL);
    if (reply->body.len == 0)
        return;
    if (strcmp(reply->type, TYPE_JSON) == 0 ||
        strcmp(reply->type, TYPE_PROBLEM) == 0)
        check_json(reply->body.data, reply->body.len);
    else if (strcmp(reply->type, "application/x-ndjson") == 0)
        check_lines(reply->body.data, reply->body.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const enum method methods[] = {
        METHOD_GET, METHOD_POST, METHOD_HEAD, METHOD_OPTIONS};
    static const char *const types[] = {
        TYPE_JSON, "application/x-ndjson", "text/csv; charset=utf-8", NULL};
    static struct reply reply;
    const struct answers *const builds[] = {starter_answers(), ask_others()};
    const uint8_t *end;
    char *target, *body;
    size_t n;

    if (len < 3)
        return 0;
    end = memchr(data + 2, '\n', len - 2);
    n = end == NULL ? len - 2 : (size_t)(end - data) - 2;
    target = malloc(n + 1);
    len -= 2 + n + (end != NULL);
    body = malloc(len > 0 ? len : 1); /* of the very size: it ends in no NUL */
    require(target != NULL && body != NULL);
    memcpy(target, data + 2, n);
    target[n] = '\0';
    if (len > 0)
        memcpy(body, end + 1, len);
    if (ask_route(&reply, builds[data[0] % 2], methods[data[1] % 4], target,
            types[data[0] / 2 % 4], body, len) &&
        strncmp(target, "/v1/", 4) == 0)
        check(&reply);
    free(body);
    free(target);
    return 0;
}

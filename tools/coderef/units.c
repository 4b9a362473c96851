#include <stdio.h>
#include <string.h>

#include "codesets/answer/units/units_answer.h"
#include "tools/coderef/command.h"

/* "97110=24", "97530:GO=15". */
static int add_argument(struct units_request *request,
    const struct answers *answers, const char *text, struct error *err)
{
    const char *equals = strchr(text, '=');
    const size_t len = strcspn(text, ":=");
    struct text_ref modifiers = {text + len, 0};

    if (equals == NULL)
        return error_set(err, ERR_INPUT, 0,
            "units: write CODE=MINUTES, as in 97110=24, not '%.40s'", text);
    if (text[len] == ':')
        modifiers = (struct text_ref){
            text + len + 1, (size_t)(equals - text) - len - 1};
    return units_add_line(request, answers, (struct text_ref){text, len},
        (struct text_ref){equals + 1, strlen(equals + 1)}, modifiers, err);
}

static int units(const struct answers *answers, const struct options *options,
    char *const *arguments, size_t count)
{
    struct units_request request;
    struct buffer out = {0};
    struct error err = {0};
    int rc = 0;

    units_begin(&request, options->day);
    request.question.rule = options->rule;
    request.question.pool_cognitive = options->pool_cognitive;
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = add_argument(&request, answers, arguments[i], &err);
    if (rc == 0)
        rc = options->json ? answer_units(&out, answers, &request, &err)
                           : answer_units_words(&out, answers, &request, &err);
    if (rc != 0)
        rc = complain(rc, &err);
    else if (options->json)
        rc = print_json(&out);
    else
        (void)fwrite(out.data, 1, out.len, stdout);
    buffer_clear(&out);
    return rc;
}

const struct command units_command = {"units", 1, SIZE_MAX,
    TAKES(JSON) | TAKES(DATE) | TAKES(RULE) | TAKES(POOL_COGNITIVE), units};

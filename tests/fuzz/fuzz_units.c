/* Whatever the body or the query, a question about minutes is refused or
 * answered; and an answer's units add up, in every equally right distribution.
 * The first byte says which of the two forms the rest is. */
#include <stdlib.h>
#include "codesets/answer/units/units_answer.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/starter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(
    const struct answers *answers, const struct units_request *request)
{
    struct units_answer *answer;
    uint32_t sum = 0;

    if (units_ask(&answer, answers, request, NULL) != 0)
        return;
    for (size_t e = 0; e < answer->entries; e++)
        sum += answer->entry[e].units;
    require(sum == answer->total_units);
    for (size_t a = 0; a < answer->alternatives; a++) {
        sum = 0;
        for (size_t e = 0; e < answer->entries; e++)
            sum += answer->alternative[a][e];
        require(sum == answer->total_units);
    }
    free(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct answers *answers = starter_answers();
    const char *text = (const char *)data + 1;
    struct units_request request;
    struct buffer out = {0};
    struct error err = {0};
    int rc;

    if (len == 0)
        return 0;
    units_begin(&request, 20000);
    request.question.pool_cognitive = (data[0] & 2) != 0;
    rc = (data[0] & 1) != 0
             ? units_read_json(&request, answers, text, len - 1, &err)
             : units_add_text(&request, answers, text, len - 1, &err);
    if (rc != 0) {
        require(err.msg[0] != '\0');
        return 0;
    }
    check(answers, &request);
    rc = answer_units(&out, answers, &request, &err);
    require(rc == 0 || (rc == ERR_INPUT && out.len == 0));
    if (rc == 0)
        require(answer_units_words(&out, answers, &request, &err) == 0);
    buffer_clear(&out);
    return 0;
}

/* Whatever a line of a log holds, it is passed over or asked; an answer, or the
 * problem in its place, is JSON. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "indexer/replay/question.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/starter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct question_work *work;
    const struct answers *answers = starter_answers();
    char *line = malloc(len + 1), *scratch = malloc(len + 1);
    struct question question;
    struct buffer out = {0};

    if (work == NULL)
        work = question_work_new();
    require(work != NULL && line != NULL && scratch != NULL);
    memcpy(line, data, len);
    line[len] = '\0';
    if (question_read(&question, line, len, scratch) < QUESTION_KINDS) {
        json_t *answer;

        require(question_ask(&out, answers, &question, 20000, work, NULL) == 0);
        answer = json_loadb(out.data, out.len, JSON_DECODE_ANY, NULL);
        require(answer != NULL);
        json_decref(answer);
    }
    buffer_clear(&out);
    free(line);
    free(scratch);
    return 0;
}

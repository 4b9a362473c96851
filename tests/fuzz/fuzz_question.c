/* Whatever a line of a log holds, it is passed over or asked; an answer, or the
 * problem in its place, is JSON. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "indexer/build.h"
#include "indexer/replay/question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void require(int holds)
{
    if (!holds)
        abort();
}

/* The starter set, opened once; its folder is removed while it is open. */
static const struct answers *open_once(void)
{
    static struct answers *answers;
    static struct store *store;
    char folder[] = P_tmpdir "/coderef-fuzz-XXXXXX", command[64];
    struct build_options options = {.report = NULL};
    struct build_result made;

    if (answers != NULL)
        return answers;
    require(mkdtemp(folder) != NULL);
    options.store = folder;
    require(build_run(&made, NULL, 0, &options, NULL) == 0);
    require(store_open(&store, made.path, NULL) == 0);
    require(answers_open(&answers, store, NULL) == 0);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    require(system(command) == 0);
    return answers;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct question_work *work;
    const struct answers *answers = open_once();
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

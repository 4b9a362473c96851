/* Whatever a list of expectations holds, every line of it is understood or told
 * with its row and a reason, and what is understood can be asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "indexer/build.h"
#include "indexer/refresh/expect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { ASKED_MAX = 20 }; /* lines asked of one input */

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
    const struct answers *answers = open_once();
    struct expectations list;
    struct error err = {0};
    char text[300];
    int rc = expectations_read(&list, "fuzzed", (const char *)data, len, &err);

    require(rc == 0 || err.msg[0] != '\0');
    for (size_t i = 0; i < list.bad_count && i < BAD_LINES_SHOWN; i++)
        require(list.bad[i].row > 0 && list.bad[i].reason[0] != '\0');
    for (size_t i = 0; rc == 0 && i < list.count && i < ASKED_MAX; i++) {
        struct expect_result result;

        require(expectation_ask(&result, answers, &list.item[i], &err) == 0);
        require(result.got[0] != '\0');
        expectation_text(text, sizeof text, &list.item[i]);
    }
    expectations_clear(&list);
    return 0;
}

#include "tests/fuzz/starter.h"

#include <stdio.h>
#include <unistd.h>

#include "indexer/build.h"
#include "tests/fuzz/require.h"

struct answers *starter_answers(void)
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

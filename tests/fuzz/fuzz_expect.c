/* Whatever a list of expectations holds, every line of it is understood or told
 * with its row and a reason, and what is understood can be asked. */
#include "indexer/refresh/expect.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/starter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { ASKED_MAX = 20 }; /* lines asked of one input */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct answers *answers = starter_answers();
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

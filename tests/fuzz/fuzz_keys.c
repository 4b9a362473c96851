/* Whatever a file of keys holds, it is read or refused with a message that
 * names a row and quotes nothing; a key that was read is within its limits. */
#include <stdlib.h>
#include <string.h>
#include "server/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct keys *keys = NULL;
    struct error err = {0};
    const int rc = keys_parse(&keys, (const char *)data, len, "keys", &err);

    if (rc != 0) {
        if (keys != NULL || err.msg[0] == '\0')
            abort();
        return 0;
    }
    if (keys_count(keys) == 0 || keys_count(keys) > KEYS_MAX)
        abort();
    (void)keys_find(keys, (const char *)data, len);
    keys_free(keys);
    return 0;
}

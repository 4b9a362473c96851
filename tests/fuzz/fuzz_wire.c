/* However bytes are cut into reads, they mean the same: the first byte says how
 * long the pieces are. */
#include <stdlib.h>
#include <string.h>
#include "server/transport/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct wire whole = {0}, cut = {0};
    const char *fault, *cut_fault = NULL;
    const char *bytes = (const char *)data + 1;
    size_t step;

    if (len < 2)
        return 0;
    step = (size_t)data[0] + 1;
    len--;
    fault = wire_follow(&whole, bytes, len);
    for (size_t at = 0; at < len && cut_fault == NULL; at += step)
        cut_fault =
            wire_follow(&cut, bytes + at, len - at < step ? len - at : step);
    if ((fault == NULL) != (cut_fault == NULL))
        abort();
    if (fault == NULL && (whole.state != cut.state || whole.left != cut.left ||
                             whole.line_len != cut.line_len))
        abort();
    return 0;
}

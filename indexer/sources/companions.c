#include "indexer/sources/sources.h"
#include <stddef.h>
const char *companion_name(const struct probe *probe)
{
    return NULL;
}

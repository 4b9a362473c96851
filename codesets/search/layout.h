/* layout.h - numbers of the search blob (index.h), for those who write and read
 * it. */
#ifndef CODESETS_SEARCH_LAYOUT_H
#define CODESETS_SEARCH_LAYOUT_H
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/bytes.h"

enum {
    SEARCH_HEADER_LEN = 48,
    SEARCH_RANGE_LEN = 12,
    SEARCH_VALUE_LEN = 16,
    SEARCH_WINDOW_LEN = 8,
    SEARCH_RUN_HEAD = 3,
    SEARCH_RUN_BITS = 16, /* of a place that each posting of a run has */
};
#define SEARCH_DENSE 0x80000000u  /* of a posting: bitmaps, not a list */
#define SEARCH_IS_TITLE 0x800000u /* of a name */

static inline size_t search_bitmap_bytes(uint32_t documents)
{
    return ((size_t)documents + 127) / 128 * 16;
}

#endif

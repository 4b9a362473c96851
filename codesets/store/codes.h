/* codes.h - every code of every system in a build, in code order.
 *
 *   blob "codes"
 *     0  u32 count
 *     4  u32 offset[count + 1] into the bytes below
 *        each: system u8, code bytes; ascending by code, then by system
 *
 * A code's place is its document number in the search index. */
#ifndef CODESETS_STORE_CODES_H
#define CODESETS_STORE_CODES_H
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/code.h"
#include "codesets/core/error.h"

struct code_list {
    uint32_t count;
    const uint8_t *offset, *bytes;
    size_t bytes_len;
};

struct code_ref {
    enum code_system system;
    const char *text; /* not NUL-ended; lives with the store */
    size_t len;
};

int code_list_read(
    struct code_list *out, const uint8_t *data, size_t len, struct error *err);
/* number must be below count. */
struct code_ref code_at(const struct code_list *list, uint32_t number);
/* Says that these will soon be read (see rows_expect() in table.h). */
void codes_expect(
    const struct code_list *list, const uint32_t *number, size_t count);
/* The first number whose code is not below the text; count when none is. */
uint32_t code_lower_bound(
    const struct code_list *list, const char *text, size_t len);
/* The number of a code in a system; UINT32_MAX when it is not there. */
uint32_t code_number(const struct code_list *list, enum code_system system,
    const char *text, size_t len);

struct buffer;
/* codes must ascend as above. */
int code_list_write(struct buffer *out, const struct code_ref *codes,
    uint32_t count, struct error *err);

#endif

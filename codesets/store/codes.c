#include "codesets/store/codes.h"

#include <string.h>

#include "codesets/core/buffer.h"
#include "codesets/core/bytes.h"

int code_list_read(
    struct code_list *out, const uint8_t *data, size_t len, struct error *err)
{
    size_t head;

    if (len < 8)
        return error_set(err, ERR_CORRUPT, 0, "codes: %zu bytes", len);
    out->count = load_u32(data);
    head = 8 + (size_t)out->count * 4;
    if (head > len || load_u32(data + head - 4) != len - head)
        return error_set(err, ERR_CORRUPT, 0, "codes: %u codes in %zu bytes",
            out->count, len);
    out->offset = data + 4;
    out->bytes = data + head;
    out->bytes_len = len - head;
    return 0;
}

struct code_ref code_at(const struct code_list *list, uint32_t number)
{
    const size_t first = load_u32(list->offset + 4 * (size_t)number);
    const size_t end = load_u32(list->offset + 4 * (size_t)number + 4);

    if (first >= end || end > list->bytes_len ||
        list->bytes[first] >= SYSTEM_COUNT)
        return (struct code_ref){SYSTEM_LOCAL, "", 0};
    return (struct code_ref){(enum code_system)list->bytes[first],
        (const char *)list->bytes + first + 1, end - first - 1};
}

void codes_expect(
    const struct code_list *list, const uint32_t *number, size_t count)
{
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(list->offset + 4 * (size_t)number[i]);
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(
            list->bytes + load_u32(list->offset + 4 * (size_t)number[i]));
}

static int compare(const struct code_ref *ref, const char *text, size_t len)
{
    const int c = memcmp(ref->text, text, ref->len < len ? ref->len : len);

    return c != 0 ? c : (ref->len > len) - (ref->len < len);
}

uint32_t code_lower_bound(
    const struct code_list *list, const char *text, size_t len)
{
    uint32_t low = 0, high = list->count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const struct code_ref ref = code_at(list, middle);

        if (compare(&ref, text, len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t code_number(const struct code_list *list, enum code_system system,
    const char *text, size_t len)
{
    for (uint32_t i = code_lower_bound(list, text, len); i < list->count; i++) {
        const struct code_ref ref = code_at(list, i);

        if (compare(&ref, text, len) != 0)
            break;
        if (ref.system == system)
            return i;
    }
    return UINT32_MAX;
}

int code_list_write(struct buffer *out, const struct code_ref *codes,
    uint32_t count, struct error *err)
{
    uint32_t offset = 0;
    uint8_t bytes[4];

    store_u32(bytes, count);
    buffer_add(out, bytes, 4);
    for (uint32_t i = 0; i <= count; i++) {
        store_u32(bytes, offset);
        buffer_add(out, bytes, 4);
        if (i < count)
            offset += (uint32_t)codes[i].len + 1;
    }
    for (uint32_t i = 0; i < count; i++) {
        buffer_addc(out, (char)codes[i].system);
        buffer_add(out, codes[i].text, codes[i].len);
    }
    return out->failed ? error_memory(err) : 0;
}

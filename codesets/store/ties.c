#include "codesets/store/ties.h"

#include "codesets/core/bytes.h"

enum { HEADER_LEN = 8, GROUP_LEN = 8, NAMING_LEN = 4, NAMINGS_MAX = 0xFFFF };

int ties_read(
    struct ties *out, const uint8_t *data, size_t len, struct error *err)
{
    *out = (struct ties){0};
    if (len == 0)
        return 0;
    if (len < HEADER_LEN)
        return error_set(err, ERR_CORRUPT, 0, "ties: %zu bytes", len);
    out->groups = load_u32(data);
    out->namings = load_u32(data + 4);
    if (len != HEADER_LEN + (uint64_t)GROUP_LEN * out->groups +
                   (uint64_t)NAMING_LEN * out->namings)
        return error_set(err, ERR_CORRUPT, 0,
            "ties: %zu bytes for %u groups and %u namings", len, out->groups,
            out->namings);
    out->group = data + HEADER_LEN;
    out->naming = out->group + (size_t)GROUP_LEN * out->groups;
    for (uint32_t i = 0; i < out->groups; i++) {
        const uint8_t *group = out->group + (size_t)GROUP_LEN * i;

        if ((uint64_t)load_u32(group) + load_u16(group + 4) > out->namings)
            return error_set(err, ERR_CORRUPT, 0,
                "ties: group %u goes beyond the namings", i);
    }
    return 0;
}

unsigned ties_flags(const struct ties *ties, uint32_t group)
{
    return group < ties->groups ? ties->group[(size_t)GROUP_LEN * group + 6]
                                : 0;
}

enum tie_naming ties_naming(
    const struct ties *ties, uint32_t group, uint32_t code)
{
    const uint8_t *at, *naming;
    uint32_t low = 0, high;

    if (group >= ties->groups)
        return TIE_UNNAMED;
    at = ties->group + (size_t)GROUP_LEN * group;
    naming = ties->naming + (size_t)NAMING_LEN * load_u32(at);
    high = load_u16(at + 4);
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const uint8_t *entry = naming + (size_t)NAMING_LEN * middle;
        const uint32_t here = load_u24(entry);

        if (here == code)
            return entry[3] == TIE_EXCLUDED ? TIE_EXCLUDED : TIE_NAMED;
        if (here < code)
            low = middle + 1;
        else
            high = middle;
    }
    return TIE_UNNAMED;
}

void ties_name(
    struct ties_writer *writer, uint32_t code, enum tie_naming naming)
{
    uint8_t entry[NAMING_LEN];

    store_u24(entry, code);
    entry[3] = (uint8_t)naming;
    buffer_add(&writer->namings, entry, sizeof entry);
}

int ties_add(struct ties_writer *writer, unsigned flags, struct error *err)
{
    const uint32_t end = (uint32_t)(writer->namings.len / NAMING_LEN);
    uint8_t group[GROUP_LEN] = {0};

    if (end - writer->first > NAMINGS_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "ties: a paragraph names more than %d procedures", NAMINGS_MAX);
    store_u32(group, writer->first);
    store_u16(group + 4, (uint16_t)(end - writer->first));
    group[6] = (uint8_t)flags;
    buffer_add(&writer->groups, group, sizeof group);
    writer->first = end;
    writer->count++;
    return 0;
}

int ties_write(
    struct ties_writer *writer, struct buffer *out, struct error *err)
{
    uint8_t header[HEADER_LEN];
    int rc = 0;

    store_u32(header, writer->count);
    store_u32(header + 4, writer->first);
    buffer_add(out, header, sizeof header);
    buffer_add(out, writer->groups.data, writer->groups.len);
    buffer_add(out, writer->namings.data, writer->namings.len);
    if (out->failed || writer->groups.failed || writer->namings.failed)
        rc = error_memory(err);
    ties_clear(writer);
    return rc;
}

void ties_clear(struct ties_writer *writer)
{
    buffer_clear(&writer->groups);
    buffer_clear(&writer->namings);
    *writer = (struct ties_writer){0};
}

#include "codesets/store/proc.h"

#include "codesets/core/buffer.h"
#include "codesets/core/bytes.h"
#include "codesets/core/code.h"

enum { PROC_HEADER_LEN = 732 }; /* 8 + 361 * 2 + 2 */

static uint32_t bucket_of(uint32_t packed)
{
    return packed / 3600; /* 100 middles of the leading digit, 36 lasts */
}

int proc_table_read(
    struct proc_table *out, const uint8_t *data, size_t len, struct error *err)
{
    uint32_t before = 0;
    uint64_t need;

    if (len < PROC_HEADER_LEN)
        return error_set(err, ERR_CORRUPT, 0, "proc: %zu bytes", len);
    *out = (struct proc_table){
        .count = load_u32(data), .span_count = load_u32(data + 4)};
    need = PROC_HEADER_LEN + (uint64_t)out->count * 8 + 4 +
           (uint64_t)out->span_count * PROC_SPAN_LEN;
    if (out->count > PROC_CODES_MAX || need != len)
        return error_set(err, ERR_CORRUPT, 0,
            "proc: %u codes and %u spans in %zu bytes", out->count,
            out->span_count, len);
    out->bucket = data + 8;
    for (uint32_t i = 0; i <= PROC_BUCKETS; i++) {
        const uint32_t first = load_u16(out->bucket + 2 * i);

        if (first < before || first > out->count)
            return error_set(err, ERR_CORRUPT, 0, "proc: bucket %u", i);
        before = first;
    }
    if (before != out->count)
        return error_set(err, ERR_CORRUPT, 0, "proc: last bucket");
    out->packed = data + PROC_HEADER_LEN;
    out->first_span = out->packed + (size_t)out->count * 4;
    out->spans = out->first_span + (size_t)out->count * 4 + 4;
    return 0;
}

uint32_t proc_find(const struct proc_table *table, uint32_t packed)
{
    uint32_t low, high;

    if (packed >= PROC_PACKED_END)
        return PROC_ORDINAL_NONE;
    low = load_u16(table->bucket + 2 * (size_t)bucket_of(packed));
    high = load_u16(table->bucket + 2 * (size_t)bucket_of(packed) + 2);
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        const uint32_t found = load_u32(table->packed + 4 * (size_t)middle);

        if (found == packed)
            return middle;
        if (found < packed)
            low = middle + 1;
        else
            high = middle;
    }
    return PROC_ORDINAL_NONE;
}

uint32_t proc_at(const struct proc_table *table, uint32_t ordinal)
{
    return load_u32(table->packed + 4 * (size_t)ordinal);
}

/* Spans [*first, *end) of a code, kept inside the table whatever it says. */
static void span_range(const struct proc_table *table, uint32_t ordinal,
    uint32_t *first, uint32_t *end)
{
    *first = load_u32(table->first_span + 4 * (size_t)ordinal);
    *end = load_u32(table->first_span + 4 * (size_t)ordinal + 4);
    if (*end > table->span_count)
        *end = table->span_count;
    if (*first > *end)
        *first = *end;
}

static void span_read(const struct proc_table *table, uint32_t i, uint32_t end,
    struct proc_span *out)
{
    const uint8_t *at = table->spans + (size_t)i * PROC_SPAN_LEN;

    *out = (struct proc_span){.from = load_i32(at),
        .to = i + 1 < end ? load_i32(at + PROC_SPAN_LEN) - 1 : DAY_OPEN,
        .validity = at[4] <= VALIDITY_NOT_VALID ? (enum validity)at[4]
                                                : VALIDITY_UNKNOWN,
        .evidence =
            at[5] < EVIDENCE_COUNT ? (enum evidence)at[5] : EVIDENCE_NONE,
        .series = at[6],
        .release = at[7]};
}

void proc_validity(const struct proc_table *table, uint32_t ordinal, day_t day,
    struct proc_span *out)
{
    uint32_t first, end, i;

    span_range(table, ordinal, &first, &end);
    /* Most questions are about recent days: look from the newest span back. */
    for (i = end; i > first; i--)
        if (load_i32(table->spans + (size_t)(i - 1) * PROC_SPAN_LEN) <= day)
            break;
    if (i == first) {
        *out = (struct proc_span){.from = DAY_UNKNOWN, .to = DAY_OPEN};
        return;
    }
    span_read(table, i - 1, end, out);
}

bool proc_span_at(const struct proc_table *table, uint32_t ordinal, uint32_t i,
    struct proc_span *out)
{
    uint32_t first, end;

    span_range(table, ordinal, &first, &end);
    if (i >= end - first)
        return false;
    span_read(table, first + i, end, out);
    return true;
}

const char *evidence_name(enum evidence evidence)
{
    static const char *const names[EVIDENCE_COUNT] = {"none", "dates", "listed",
        "agreed", "stale", "not_listed", "gap", "edits", "not_yet", "ended"};

    return (unsigned)evidence < EVIDENCE_COUNT ? names[evidence] : "none";
}

int proc_table_write(
    struct buffer *out, const struct proc_source *source, struct error *err)
{
    const uint32_t spans = source->first_span[source->count];
    uint8_t bytes[8] = {0};
    uint32_t code = 0;

    if (source->count > PROC_CODES_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "%u procedure codes, more than the %d a build can number",
            source->count, PROC_CODES_MAX);
    store_u32(bytes, source->count);
    store_u32(bytes + 4, spans);
    buffer_add(out, bytes, 8);
    for (uint32_t b = 0; b <= PROC_BUCKETS; b++) {
        while (code < source->count && bucket_of(source->packed[code]) < b)
            code++;
        store_u16(bytes, (uint16_t)code);
        buffer_add(out, bytes, 2);
    }
    buffer_add(out, "\0", 2);
    for (uint32_t i = 0; i < source->count; i++) {
        store_u32(bytes, source->packed[i]);
        buffer_add(out, bytes, 4);
    }
    for (uint32_t i = 0; i <= source->count; i++) {
        store_u32(bytes, source->first_span[i]);
        buffer_add(out, bytes, 4);
    }
    for (uint32_t i = 0; i < spans; i++) {
        const struct proc_span *span = &source->spans[i];

        store_i32(bytes, span->from);
        bytes[4] = (uint8_t)span->validity;
        bytes[5] = (uint8_t)span->evidence;
        bytes[6] = span->series;
        bytes[7] = span->release;
        buffer_add(out, bytes, PROC_SPAN_LEN);
    }
    return out->failed ? error_memory(err) : 0;
}

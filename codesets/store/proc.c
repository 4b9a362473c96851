#include "codesets/store/proc.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/core/buffer.h"
#include "codesets/core/bytes.h"
#include "codesets/core/code.h"

enum { PROC_HEADER_LEN = 8 + PROC_STEMS * 4 };

int proc_table_read(
    struct proc_table *out, const uint8_t *data, size_t len, struct error *err)
{
    uint64_t need;

    if (len < PROC_HEADER_LEN)
        return error_set(err, ERR_CORRUPT, 0, "proc: %zu bytes", len);
    *out = (struct proc_table){
        .count = load_u32(data), .span_count = load_u32(data + 4)};
    need = PROC_HEADER_LEN + (uint64_t)out->count * 8 +
           (uint64_t)out->span_count * PROC_SPAN_LEN;
    if (out->count > PROC_CODES_MAX || out->span_count > PROC_SPANS_MAX ||
        need != len)
        return error_set(err, ERR_CORRUPT, 0,
            "proc: %u codes and %u spans in %zu bytes", out->count,
            out->span_count, len);
    out->stems = data + 8;
    out->packed = data + PROC_HEADER_LEN;
    out->life = out->packed + (size_t)out->count * 4;
    out->spans = out->life + (size_t)out->count * 4;
    return 0;
}

/* The bit of a last character, as code.h counts it; 0 for one that no code
 * ends with. */
static uint32_t last_bit(uint32_t last)
{
    switch (last) {
    case 'A' - 'A' + 10:
        return 1u << 10;
    case 'F' - 'A' + 10:
        return 1u << 11;
    case 'M' - 'A' + 10:
        return 1u << 12;
    case 'T' - 'A' + 10:
        return 1u << 13;
    case 'U' - 'A' + 10:
        return 1u << 14;
    default:
        return last < 10 ? 1u << last : 0;
    }
}

uint32_t proc_find(const struct proc_table *table, uint32_t packed)
{
    uint32_t stem, bit, ordinal;

    if (packed >= PROC_PACKED_END)
        return PROC_ORDINAL_NONE;
    stem = load_u32(table->stems + 4 * (size_t)(packed / 36));
    bit = last_bit(packed % 36) << 16;
    if ((stem & bit) == 0)
        return PROC_ORDINAL_NONE;
    ordinal = (stem & 0xFFFF) +
              (uint32_t)__builtin_popcount(stem & 0xFFFF0000u & (bit - 1));
    return ordinal < table->count ? ordinal : PROC_ORDINAL_NONE;
}

uint32_t proc_at(const struct proc_table *table, uint32_t ordinal)
{
    return load_u32(table->packed + 4 * (size_t)ordinal);
}

/* Spans [*first, *end) of a code, kept inside the table whatever it says. */
static void span_range(const struct proc_table *table, uint32_t ordinal,
    uint32_t *first, uint32_t *end)
{
    const uint32_t life = load_u32(table->life + 4 * (size_t)ordinal);

    *first = life & PROC_SPANS_MAX;
    *end = *first + (life >> 24);
    if (*end > table->span_count)
        *end = table->span_count;
    if (*first > *end)
        *first = *end;
}

static void span_read(const struct proc_table *table, uint32_t i, uint32_t end,
    struct proc_span *out)
{
    const uint8_t *at = table->spans + (size_t)i * PROC_SPAN_LEN;
    day_t to = DAY_OPEN;

    if (i + 1 < end) {
        to = load_i32(at + PROC_SPAN_LEN);
        if (to != DAY_UNKNOWN) /* no second span begins there, in a sound one */
            to--;
    }
    *out = (struct proc_span){.from = load_i32(at),
        .to = to,
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

/* The spans of all lives, each life once. */
struct lives {
    struct buffer bytes;
    uint32_t *slot; /* life + 1 of a hash, 0 when empty */
    uint32_t mask;
};

static uint32_t hash(const char *bytes, size_t len)
{
    uint32_t h = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < len; i++)
        h = (h ^ (uint8_t)bytes[i]) * 16777619u;
    return h ^ h >> 15;
}

/* Takes the life that was appended at `first`: keeps it when it is new, else
 * cuts it off again. Returns it as the layout has it. */
static uint32_t share_life(struct lives *lives, size_t first)
{
    const size_t len = lives->bytes.len - first;
    uint32_t at = hash(lives->bytes.data + first, len) & lives->mask;
    uint32_t life = (uint32_t)(first / PROC_SPAN_LEN) |
                    (uint32_t)(len / PROC_SPAN_LEN) << 24;

    for (; lives->slot[at] != 0; at = (at + 1) & lives->mask) {
        const uint32_t known = lives->slot[at] - 1;

        if (known >> 24 == life >> 24 &&
            memcmp(lives->bytes.data +
                       (size_t)(known & PROC_SPANS_MAX) * PROC_SPAN_LEN,
                lives->bytes.data + first, len) == 0) {
            lives->bytes.len = first;
            return known;
        }
    }
    lives->slot[at] = life + 1;
    return life;
}

/* Appends a code's life. Returns 0 or an error, with *life set. */
static int add_life(struct lives *lives, const struct proc_source *source,
    uint32_t code, uint32_t *life, struct error *err)
{
    const uint32_t end = source->first_span[code + 1];
    const size_t first = lives->bytes.len;
    uint8_t bytes[PROC_SPAN_LEN];

    if (end - source->first_span[code] > PROC_LIFE_MAX ||
        first / PROC_SPAN_LEN + PROC_LIFE_MAX > PROC_SPANS_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "a procedure code with more than %d spans", PROC_LIFE_MAX);
    for (uint32_t i = source->first_span[code]; i < end; i++) {
        const struct proc_span *span = &source->spans[i];

        store_i32(bytes, span->from);
        bytes[4] = (uint8_t)span->validity;
        bytes[5] = (uint8_t)span->evidence;
        bytes[6] = span->series;
        bytes[7] = span->release;
        buffer_add(&lives->bytes, bytes, PROC_SPAN_LEN);
    }
    if (lives->bytes.failed)
        return error_memory(err);
    *life = lives->bytes.len == first ? 0 : share_life(lives, first);
    return 0;
}

static void write_stems(struct buffer *out, const struct proc_source *source)
{
    uint32_t code = 0;
    uint8_t bytes[4];

    for (uint32_t stem = 0; stem < PROC_STEMS; stem++) {
        const uint32_t first = code;
        uint32_t bits = 0;

        for (; code < source->count && source->packed[code] / 36 == stem;
             code++)
            bits |= last_bit(source->packed[code] % 36);
        store_u16(bytes, (uint16_t)first);
        store_u16(bytes + 2, (uint16_t)bits);
        buffer_add(out, bytes, sizeof bytes);
    }
}

int proc_table_write(
    struct buffer *out, const struct proc_source *source, struct error *err)
{
    struct lives lives = {.mask = (1u << 17) - 1};
    uint32_t *life = NULL;
    uint8_t bytes[8];
    int rc = 0;

    if (source->count > PROC_CODES_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "%u procedure codes, more than the %d a build can number",
            source->count, PROC_CODES_MAX);
    life = calloc((size_t)source->count + 1, sizeof *life);
    lives.slot = calloc((size_t)lives.mask + 1, sizeof *lives.slot);
    if (life == NULL || lives.slot == NULL) {
        rc = error_memory(err);
        goto done;
    }
    for (uint32_t i = 0; rc == 0 && i < source->count; i++)
        rc = add_life(&lives, source, i, &life[i], err);
    if (rc != 0)
        goto done;
    store_u32(bytes, source->count);
    store_u32(bytes + 4, (uint32_t)(lives.bytes.len / PROC_SPAN_LEN));
    buffer_add(out, bytes, 8);
    write_stems(out, source);
    for (uint32_t i = 0; i < source->count; i++) {
        store_u32(bytes, source->packed[i]);
        buffer_add(out, bytes, 4);
    }
    for (uint32_t i = 0; i < source->count; i++) {
        store_u32(bytes, life[i]);
        buffer_add(out, bytes, 4);
    }
    buffer_add(out, lives.bytes.data, lives.bytes.len);
    rc = out->failed ? error_memory(err) : 0;
done:
    free(life);
    free(lives.slot);
    buffer_clear(&lives.bytes);
    return rc;
}

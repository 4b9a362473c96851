#include <stdlib.h>
#include <string.h>

#include "codesets/core/buffer.h"
#include "codesets/core/bytes.h"
#include "codesets/store/ptp_layout.h"

static void add_u16(struct buffer *out, uint32_t v)
{
    uint8_t bytes[2];

    store_u16(bytes, (uint16_t)v);
    buffer_add(out, bytes, sizeof bytes);
}

static void add_u32(struct buffer *out, uint32_t v)
{
    uint8_t bytes[4];

    store_u32(bytes, v);
    buffer_add(out, bytes, sizeof bytes);
}

/* True when row i is the first of its pair. */
static bool pair_begins(const struct ptp_source *source, uint32_t i)
{
    return i == 0 || source->row[i].lower != source->row[i - 1].lower ||
           source->row[i].higher != source->row[i - 1].higher;
}

/* Fills first_pair[codes + 1] and the bytes of lower[pairs]. Rows ascend by
 * lower code, so dealing them out in order leaves each list ascending. */
static void invert(const struct ptp_source *source, uint32_t *first_pair,
    uint8_t *lower, uint32_t *next)
{
    for (uint32_t i = 0; i < source->rows; i++)
        if (pair_begins(source, i))
            first_pair[source->row[i].higher + 1u]++;
    for (uint32_t c = 0; c < source->codes; c++) {
        first_pair[c + 1] += first_pair[c];
        next[c] = first_pair[c];
    }
    for (uint32_t i = 0; i < source->rows; i++)
        if (pair_begins(source, i))
            store_u16(lower + 2 * (size_t)next[source->row[i].higher]++,
                source->row[i].lower);
}

/* Rows by their higher code: row numbers, and where each code's begin. */
struct by_higher {
    uint32_t *first; /* codes + 1 */
    uint32_t *row;   /* rows */
};

static void deal_by_higher(
    const struct ptp_source *source, struct by_higher *out, uint32_t *next)
{
    memset(out->first, 0, ((size_t)source->codes + 1) * sizeof *out->first);
    for (uint32_t i = 0; i < source->rows; i++)
        out->first[source->row[i].higher + 1u]++;
    for (uint32_t c = 0; c < source->codes; c++) {
        out->first[c + 1] += out->first[c];
        next[c] = out->first[c];
    }
    for (uint32_t i = 0; i < source->rows; i++)
        out->row[next[source->row[i].higher]++] = i;
}

/* The tallies of one code in the making: a counter for each kind and role, and
 * which of them are in use. */
struct tallies {
    uint32_t *count; /* kinds * 2 */
    uint32_t *used, n;
};

static void tally_row(struct tallies *tallies, uint32_t kind, bool is_higher)
{
    const uint32_t slot = kind * 2 + is_higher;

    if (tallies->count[slot]++ == 0)
        tallies->used[tallies->n++] = slot;
}

static int compare_slots(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* Appends a code's tallies and empties the counters. Returns how many. */
static uint32_t flush_tallies(struct tallies *tallies, struct buffer *out)
{
    uint32_t n = 0;

    qsort(tallies->used, tallies->n, sizeof *tallies->used, compare_slots);
    for (uint32_t i = 0; i < tallies->n; i++) {
        uint32_t left = tallies->count[tallies->used[i]];
        uint8_t bytes[PTP_TALLY_LEN];

        tallies->count[tallies->used[i]] = 0;
        for (; left > 0; n++) {
            const uint32_t rows = left < UINT16_MAX ? left : UINT16_MAX;

            store_u24(bytes, tallies->used[i]);
            store_u16(bytes + 3, (uint16_t)rows);
            buffer_add(out, bytes, sizeof bytes);
            left -= rows;
        }
    }
    tallies->n = 0;
    return n;
}

/* Fills first_tally[codes + 1] and the bytes of the tallies. */
static void count_all(const struct ptp_source *source,
    const struct by_higher *by_higher, struct tallies *tallies,
    uint32_t *first_tally, struct buffer *out)
{
    uint32_t row = 0;

    for (uint32_t code = 0; code < source->codes; code++) {
        uint32_t i = by_higher->first[code];

        for (; row < source->rows && source->row[row].lower == code; row++)
            tally_row(tallies, source->row[row].kind, false);
        for (; i < by_higher->first[code + 1]; i++)
            tally_row(tallies, source->row[by_higher->row[i]].kind, true);
        first_tally[code + 1] = first_tally[code] + flush_tallies(tallies, out);
    }
}

/* Appends the directory of tallies and the tallies. next has room for codes. */
static int add_tallies(struct buffer *out, const struct ptp_source *source,
    uint32_t *next, struct error *err)
{
    const size_t slots = (size_t)source->kinds * 2 + 1;
    struct by_higher by_higher = {
        calloc((size_t)source->codes + 1, sizeof *by_higher.first),
        calloc((size_t)source->rows + 1, sizeof *by_higher.row)};
    struct tallies tallies = {calloc(slots, sizeof *tallies.count),
        calloc(slots, sizeof *tallies.used), 0};
    uint32_t *first_tally =
        calloc((size_t)source->codes + 1, sizeof *first_tally);
    struct buffer bytes = {0};
    int rc = 0;

    if (by_higher.first == NULL || by_higher.row == NULL ||
        tallies.count == NULL || tallies.used == NULL || first_tally == NULL) {
        rc = error_memory(err);
        goto done;
    }
    deal_by_higher(source, &by_higher, next);
    count_all(source, &by_higher, &tallies, first_tally, &bytes);
    for (uint32_t c = 0; c <= source->codes; c++)
        add_u32(out, first_tally[c]);
    buffer_add(out, bytes.data, bytes.len);
    rc = bytes.failed || out->failed ? error_memory(err) : 0;
done:
    free(by_higher.first);
    free(by_higher.row);
    free(tallies.count);
    free(tallies.used);
    free(first_tally);
    buffer_clear(&bytes);
    return rc;
}

/* Appends the bits of the higher codes that are near an edit of each code. */
static void add_near(struct buffer *out, const struct ptp_source *source)
{
    const size_t len = ptp_near_len(source->codes), base = out->len;

    for (size_t n = len * source->codes; n > 0; n--)
        buffer_addc(out, '\0');
    for (uint32_t i = 0; i < source->rows && !out->failed; i++) {
        const uint32_t bit = source->row[i].higher / PTP_NEAR;
        char *byte = out->data + base + source->row[i].lower * len + bit / 8;

        *byte = (char)(*byte | 1 << bit % 8);
    }
}

static void add_blocks(struct buffer *out, const struct ptp_source *source)
{
    for (uint32_t i = 0; i < source->rows; i += PTP_BLOCK) {
        uint8_t block[PTP_BLOCK_LEN] = {0};

        for (uint32_t k = 0; k < PTP_BLOCK && i + k < source->rows; k++) {
            uint8_t *at = block + (size_t)k * PTP_ROW_LEN;

            store_u16(at, source->row[i + k].higher);
            store_u24(at + 2, source->row[i + k].kind);
        }
        buffer_add(out, block, sizeof block);
    }
}

int ptp_table_write(
    struct buffer *out, const struct ptp_source *source, struct error *err)
{
    const uint32_t codes = source->codes;
    const size_t begin = out->len;
    uint32_t pairs = 0, code = 0;
    uint32_t *first_pair, *next;
    uint8_t *lower;
    uint8_t bytes[PTP_KIND_LEN] = {0};
    int rc = 0;

    if (source->kinds > PTP_KINDS_MAX ||
        source->rationales > PTP_RATIONALES_MAX ||
        source->files > PTP_FILES_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "ptp: %u kinds of rows, %u rationales, %u files", source->kinds,
            source->rationales, source->files);
    for (uint32_t i = 0; i < source->rows; i++)
        pairs += pair_begins(source, i);
    first_pair = calloc(codes + 1, sizeof *first_pair);
    next = calloc(codes + 1, sizeof *next);
    lower = malloc((size_t)pairs * 2 + 1);
    if (first_pair == NULL || next == NULL || lower == NULL) {
        rc = error_memory(err);
        goto done;
    }
    invert(source, first_pair, lower, next);
    add_u32(out, codes);
    add_u32(out, source->rows);
    add_u32(out, source->kinds);
    add_u32(out, pairs);
    add_u32(out, source->rationales);
    add_u32(out, source->files);
    for (uint32_t i = 0; i < source->rows; i++)
        for (; code <= source->row[i].lower; code++)
            add_u32(out, i);
    for (; code <= codes; code++)
        add_u32(out, source->rows);
    for (uint32_t c = 0; c <= codes; c++)
        add_u32(out, first_pair[c]);
    add_near(out, source);
    buffer_add(out, lower, (size_t)pairs * 2);
    for (uint32_t i = 0; i < source->rows; i += PTP_BLOCK)
        add_u16(out, source->row[i].higher);
    for (uint64_t n = ptp_padding(out->len - begin); n > 0; n--)
        buffer_addc(out, '\0');
    add_blocks(out, source);
    for (uint32_t i = 0; i < source->rows; i++)
        add_u32(out, source->row[i].place);
    if ((rc = add_tallies(out, source, next, err)) != 0)
        goto done;
    for (uint32_t k = 0; k < source->kinds; k++) {
        store_i32(bytes, source->kind[k].effective);
        store_i32(bytes + 4, source->kind[k].deleted);
        bytes[8] = source->kind[k].flags;
        bytes[9] = source->kind[k].rationale;
        store_u16(bytes + 10, 0);
        buffer_add(out, bytes, PTP_KIND_LEN);
    }
    for (uint32_t i = 0; i < source->rationales; i++)
        add_u32(out, source->rationale[i]);
    for (uint32_t i = 0; i < source->files; i++)
        add_u16(out, source->file[i]);
    rc = out->failed ? error_memory(err) : 0;
done:
    free(first_pair);
    free(next);
    free(lower);
    return rc;
}

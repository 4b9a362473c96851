#include "codesets/store/ptp.h"

#include <stdlib.h>

#include "codesets/core/buffer.h"
#include "codesets/core/bytes.h"

static uint64_t blocks_of(uint32_t rows)
{
    return ((uint64_t)rows + PTP_BLOCK - 1) / PTP_BLOCK;
}

/* Zeros before the blocks, when what stands before takes so many bytes. */
static uint64_t padding_of(uint64_t bytes)
{
    return (PTP_BLOCK_LEN + 48 - bytes % PTP_BLOCK_LEN) % PTP_BLOCK_LEN;
}

int ptp_table_read(struct ptp_table *out, const uint8_t *data, size_t len,
    uint32_t codes, struct error *err)
{
    uint64_t head, need;

    if (len < PTP_HEADER_LEN)
        return error_set(err, ERR_CORRUPT, 0, "ptp: %zu bytes", len);
    *out = (struct ptp_table){.codes = load_u32(data),
        .rows = load_u32(data + 4),
        .kinds = load_u32(data + 8),
        .pairs = load_u32(data + 12),
        .rationales = load_u32(data + 16),
        .files = load_u32(data + 20)};
    head = PTP_HEADER_LEN + ((uint64_t)out->codes + 1) * 8 +
           (uint64_t)out->pairs * 2 + blocks_of(out->rows) * 2;
    head += padding_of(head);
    need = head + blocks_of(out->rows) * PTP_BLOCK_LEN +
           (uint64_t)out->rows * 4 + (uint64_t)out->kinds * PTP_KIND_LEN +
           (uint64_t)out->rationales * 4 + (uint64_t)out->files * 2;
    if (out->codes != codes || need != len ||
        out->rationales > PTP_RATIONALES_MAX || out->files > PTP_FILES_MAX)
        return error_set(err, ERR_CORRUPT, 0,
            "ptp: %u codes, %u rows, %u kinds in %zu bytes", out->codes,
            out->rows, out->kinds, len);
    out->first_row = data + PTP_HEADER_LEN;
    out->first_pair = out->first_row + ((size_t)codes + 1) * 4;
    out->lower = out->first_pair + ((size_t)codes + 1) * 4;
    out->sample = out->lower + (size_t)out->pairs * 2;
    out->block = data + head;
    out->place = out->block + blocks_of(out->rows) * PTP_BLOCK_LEN;
    out->kind_table = out->place + (size_t)out->rows * 4;
    out->rationale = out->kind_table + (size_t)out->kinds * PTP_KIND_LEN;
    out->file = out->rationale + (size_t)out->rationales * 4;
    return 0;
}

/* Entries [*first, *end) of a directory, kept below limit. */
static void directory(const uint8_t *first_of, uint32_t code, uint32_t limit,
    uint32_t *first, uint32_t *end)
{
    *first = load_u32(first_of + 4 * (size_t)code);
    *end = load_u32(first_of + 4 * (size_t)code + 4);
    if (*end > limit)
        *end = limit;
    if (*first > *end)
        *first = *end;
}

static const uint8_t *row_at(const struct ptp_table *table, uint32_t row)
{
    return table->block + (size_t)(row / PTP_BLOCK) * PTP_BLOCK_LEN +
           row % PTP_BLOCK * PTP_ROW_LEN;
}

uint32_t ptp_higher(const struct ptp_table *table, uint32_t row)
{
    return load_u16(row_at(table, row));
}

/* Where in rows [low, stop) to look for a higher code: behind the last sample
 * of them that is below it. */
static uint32_t block_start(
    const struct ptp_table *table, uint32_t low, uint32_t stop, uint32_t higher)
{
    /* Samples at or after low, and before stop. */
    uint32_t first = low / PTP_BLOCK + (low % PTP_BLOCK != 0);
    uint32_t count = stop / PTP_BLOCK + (stop % PTP_BLOCK != 0);
    const uint32_t begin = first;

    while (first < count) {
        const uint32_t middle = first + (count - first) / 2;

        if (load_u16(table->sample + 2 * (size_t)middle) < higher)
            first = middle + 1;
        else
            count = middle;
    }
    return first == begin ? low : (first - 1) * PTP_BLOCK;
}

void ptp_find_begin(struct ptp_search *out, const struct ptp_table *table,
    uint32_t a, uint32_t b)
{
    const uint32_t lower = a < b ? a : b;

    out->higher = a < b ? b : a;
    directory(table->first_row, lower, table->rows, &out->row, &out->stop);
    if (out->row == out->stop)
        return;
    out->row = block_start(table, out->row, out->stop, out->higher);
    __builtin_prefetch(row_at(table, out->row));
}

void ptp_find_end(const struct ptp_search *search,
    const struct ptp_table *table, uint32_t *first, uint32_t *end)
{
    uint32_t row = search->row;

    while (row < search->stop && ptp_higher(table, row) < search->higher)
        row++;
    *first = row;
    while (row < search->stop && ptp_higher(table, row) == search->higher)
        row++;
    *end = row;
}

void ptp_find(const struct ptp_table *table, uint32_t a, uint32_t b,
    uint32_t *first, uint32_t *end)
{
    struct ptp_search search;

    ptp_find_begin(&search, table, a, b);
    ptp_find_end(&search, table, first, end);
}

uint32_t ptp_kind(const struct ptp_table *table, uint32_t row)
{
    return load_u24(row_at(table, row) + 2);
}

/* What the row says: NULL in a damaged build, where it never counts. */
static const uint8_t *kind_of(const struct ptp_table *table, uint32_t row)
{
    const uint32_t kind = ptp_kind(table, row);

    return kind < table->kinds ? table->kind_table + (size_t)kind * PTP_KIND_LEN
                               : NULL;
}

void ptp_terms(const struct ptp_table *table, uint32_t lower, uint32_t row,
    struct ptp_edit *out)
{
    const uint32_t higher = ptp_higher(table, row);
    const uint8_t *at = kind_of(table, row);
    uint8_t flags;

    *out = (struct ptp_edit){.column1 = lower,
        .column2 = higher,
        .deleted = DAY_UNKNOWN,
        .indicator = INDICATOR_NOT_APPLICABLE};
    if (at == NULL)
        return;
    flags = at[8];
    out->effective = load_i32(at);
    out->deleted = load_i32(at + 4);
    if ((flags & PTP_FLAG_INDICATOR) < INDICATOR_NOT_APPLICABLE)
        out->indicator = (enum modifier_indicator)(flags & PTP_FLAG_INDICATOR);
    if ((flags & PTP_FLAG_HIGHER_FIRST) != 0) {
        out->column1 = higher;
        out->column2 = lower;
    }
    out->inferred = (flags & PTP_FLAG_INFERRED) != 0;
    out->before_1996 = (flags & PTP_FLAG_BEFORE_1996) != 0;
}

void ptp_edit(const struct ptp_table *table, uint32_t lower, uint32_t row,
    struct ptp_edit *out)
{
    const uint32_t place = load_u32(table->place + 4 * (size_t)row);
    const uint8_t *at = kind_of(table, row);

    ptp_terms(table, lower, row, out);
    out->line = place & PTP_LINE_MAX;
    if (place >> 24 < table->files)
        out->file = load_u16(table->file + 2 * (size_t)(place >> 24));
    if (at != NULL && at[9] < table->rationales)
        out->rationale = load_u32(table->rationale + 4 * (size_t)at[9]);
}

bool ptp_never_active(const struct ptp_edit *edit)
{
    return edit->indicator == INDICATOR_NOT_APPLICABLE ||
           (edit->effective != DAY_UNKNOWN && edit->effective >= edit->deleted);
}

bool ptp_in_force(const struct ptp_edit *edit, day_t day)
{
    /* DAY_UNKNOWN is below and DAY_OPEN above every day. */
    return !ptp_never_active(edit) && edit->effective <= day &&
           day <= edit->deleted;
}

void ptp_partners_begin(
    const struct ptp_table *table, uint32_t code, struct ptp_partners *out)
{
    out->code = code;
    directory(table->first_pair, code, table->pairs, &out->lower_next,
        &out->lower_end);
    directory(
        table->first_row, code, table->rows, &out->row_next, &out->row_end);
}

/* Lower partners all sort before the code itself and higher ones after it, so
 * one list after the other ascends. */
bool ptp_partners_next(
    const struct ptp_table *table, struct ptp_partners *at, uint32_t *partner)
{
    if (at->lower_next < at->lower_end) {
        *partner = load_u16(table->lower + 2 * (size_t)at->lower_next++);
        return true;
    }
    if (at->row_next >= at->row_end)
        return false;
    *partner = ptp_higher(table, at->row_next);
    do
        at->row_next++;
    while (at->row_next < at->row_end &&
           ptp_higher(table, at->row_next) == *partner);
    return true;
}

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
    buffer_add(out, lower, (size_t)pairs * 2);
    for (uint32_t i = 0; i < source->rows; i += PTP_BLOCK)
        add_u16(out, source->row[i].higher);
    for (uint64_t n = padding_of(out->len - begin); n > 0; n--)
        buffer_addc(out, '\0');
    add_blocks(out, source);
    for (uint32_t i = 0; i < source->rows; i++)
        add_u32(out, source->row[i].place);
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

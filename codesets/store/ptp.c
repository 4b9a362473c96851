#include "codesets/store/ptp.h"

#include "codesets/core/bytes.h"
#include "codesets/store/ptp_layout.h"

static int wrong_size(
    const struct ptp_table *table, size_t len, struct error *err)
{
    return error_set(err, ERR_CORRUPT, 0,
        "ptp: %u codes, %u rows, %u kinds in %zu bytes", table->codes,
        table->rows, table->kinds, len);
}

int ptp_table_read(struct ptp_table *out, const uint8_t *data, size_t len,
    uint32_t codes, struct error *err)
{
    uint64_t head, tallies, need;

    if (len < PTP_HEADER_LEN)
        return error_set(err, ERR_CORRUPT, 0, "ptp: %zu bytes", len);
    *out = (struct ptp_table){.codes = load_u32(data),
        .rows = load_u32(data + 4),
        .kinds = load_u32(data + 8),
        .pairs = load_u32(data + 12),
        .rationales = load_u32(data + 16),
        .files = load_u32(data + 20)};
    head = PTP_HEADER_LEN + ((uint64_t)out->codes + 1) * 8 +
           (uint64_t)out->codes * ptp_near_len(out->codes) +
           (uint64_t)out->pairs * 2 + ptp_blocks(out->rows) * 2;
    head += ptp_padding(head);
    tallies =
        head + ptp_blocks(out->rows) * PTP_BLOCK_LEN + (uint64_t)out->rows * 4;
    need = tallies + ((uint64_t)out->codes + 1) * 4 +
           (uint64_t)out->kinds * PTP_KIND_LEN + (uint64_t)out->rationales * 4 +
           (uint64_t)out->files * 2;
    if (out->codes != codes || need > len ||
        out->rationales > PTP_RATIONALES_MAX || out->files > PTP_FILES_MAX)
        return wrong_size(out, len, err);
    out->first_tally = data + tallies;
    out->tallies = load_u32(out->first_tally + (size_t)codes * 4);
    if (need + (uint64_t)out->tallies * PTP_TALLY_LEN != len)
        return wrong_size(out, len, err);
    out->first_row = data + PTP_HEADER_LEN;
    out->first_pair = out->first_row + ((size_t)codes + 1) * 4;
    out->near = out->first_pair + ((size_t)codes + 1) * 4;
    out->lower = out->near + codes * ptp_near_len(codes);
    out->sample = out->lower + (size_t)out->pairs * 2;
    out->block = data + head;
    out->place = out->block + ptp_blocks(out->rows) * PTP_BLOCK_LEN;
    out->tally = out->first_tally + ((size_t)codes + 1) * 4;
    out->kind_table = out->tally + (size_t)out->tallies * PTP_TALLY_LEN;
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
           (size_t)(row % PTP_BLOCK) * PTP_ROW_LEN;
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

void ptp_prefetch(const struct ptp_table *table, uint32_t code)
{
    const size_t len = ptp_near_len(table->codes);
    const uint8_t *near = table->near + code * len;

    /* Only higher codes are asked for. */
    for (size_t i = code / PTP_NEAR / 8; i < len; i += PTP_BLOCK_LEN)
        __builtin_prefetch(near + i);
    __builtin_prefetch(table->first_row + 4 * (size_t)code);
}

bool ptp_find_begin(struct ptp_search *out, const struct ptp_table *table,
    uint32_t a, uint32_t b)
{
    const uint32_t lower = a < b ? a : b;
    const uint8_t *near = table->near + lower * ptp_near_len(table->codes);

    out->higher = a < b ? b : a;
    out->row = out->stop = 0;
    if ((near[out->higher / PTP_NEAR / 8] >> out->higher / PTP_NEAR % 8 & 1) ==
        0)
        return false;
    directory(table->first_row, lower, table->rows, &out->row, &out->stop);
    out->row = block_start(table, out->row, out->stop, out->higher);
    __builtin_prefetch(row_at(table, out->row));
    return true;
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

    (void)ptp_find_begin(&search, table, a, b);
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

/* The terms of a kind; columns are left alone. */
static void read_kind(struct ptp_edit *out, const uint8_t *at)
{
    const uint8_t flags = at[8];

    out->effective = load_i32(at);
    out->deleted = load_i32(at + 4);
    if ((flags & PTP_FLAG_INDICATOR) < INDICATOR_NOT_APPLICABLE)
        out->indicator = (enum modifier_indicator)(flags & PTP_FLAG_INDICATOR);
    out->inferred = (flags & PTP_FLAG_INFERRED) != 0;
    out->before_1996 = (flags & PTP_FLAG_BEFORE_1996) != 0;
}

void ptp_terms(const struct ptp_table *table, uint32_t lower, uint32_t row,
    struct ptp_edit *out)
{
    const uint32_t higher = ptp_higher(table, row);
    const uint8_t *at = kind_of(table, row);

    *out = (struct ptp_edit){.column1 = lower,
        .column2 = higher,
        .deleted = DAY_UNKNOWN,
        .indicator = INDICATOR_NOT_APPLICABLE};
    if (at == NULL)
        return;
    read_kind(out, at);
    if ((at[8] & PTP_FLAG_HIGHER_FIRST) != 0) {
        out->column1 = higher;
        out->column2 = lower;
    }
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

void ptp_count(const struct ptp_table *table, uint32_t code, day_t day,
    struct ptp_counts *out)
{
    uint32_t at, end;

    *out = (struct ptp_counts){0};
    directory(table->first_tally, code, table->tallies, &at, &end);
    for (; at < end; at++) {
        const uint8_t *tally = table->tally + (size_t)at * PTP_TALLY_LEN;
        const uint32_t kind = load_u24(tally) / 2;
        const bool is_higher = (load_u24(tally) & 1) != 0;
        const uint32_t rows = load_u16(tally + 3);
        struct ptp_edit edit = {.indicator = INDICATOR_NOT_APPLICABLE};
        const uint8_t *terms;

        out->total += rows;
        if (kind >= table->kinds)
            continue;
        terms = table->kind_table + (size_t)kind * PTP_KIND_LEN;
        read_kind(&edit, terms);
        if (!ptp_in_force(&edit, day))
            continue;
        if (((terms[8] & PTP_FLAG_HIGHER_FIRST) != 0) == is_higher)
            out->column1 += rows;
        else
            out->column2 += rows;
    }
}

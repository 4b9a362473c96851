#include "codesets/store/row_index.h"

#include <string.h>

#include "codesets/core/bytes.h"
#include "codesets/core/code.h"

enum { HEAD = 16, WORD = 8 };

int row_index_read(struct row_index *out, const uint8_t *data, size_t len,
    uint32_t procs, struct error *err)
{
    uint64_t need;

    *out = (struct row_index){0};
    if (len == 0)
        return 0;
    if (len < HEAD)
        return error_set(err, ERR_CORRUPT, 0, "rows: %zu bytes", len);
    out->keys = load_u32(data);
    out->width = load_u32(data + 4);
    out->procs = load_u32(data + 8);
    out->rows_len = load_u32(data + 12);
    need = HEAD + 4 * ((uint64_t)out->procs + out->keys + 1) +
           (uint64_t)out->width * out->keys + out->rows_len;
    if (out->keys == ROW_KEY_NONE || out->width > ROW_KEY_MAX ||
        (out->procs != 0 && out->procs != procs) || need != len) {
        *out = (struct row_index){0};
        return error_set(err, ERR_CORRUPT, 0,
            "rows: %u keys of %u bytes do not fill %zu bytes", load_u32(data),
            load_u32(data + 4), len);
    }
    out->direct = data + HEAD;
    out->start = out->direct + 4 * (size_t)out->procs;
    out->key = out->start + 4 * ((size_t)out->keys + 1);
    out->rows = out->key + (size_t)out->width * out->keys;
    return 0;
}

const char *row_index_key(
    const struct row_index *index, uint32_t i, size_t *len)
{
    const char *key = (const char *)index->key + (size_t)i * index->width;

    *len = strnlen(key, index->width);
    return key;
}

void row_index_rows(const struct row_index *index, uint32_t i,
    const uint8_t **at, const uint8_t **end)
{
    const uint32_t from = load_u32(index->start + 4 * (size_t)i);
    const uint32_t to = load_u32(index->start + 4 * (size_t)i + 4);
    const bool good = from <= to && to <= index->rows_len;

    *at = index->rows + (good ? from : 0);
    *end = index->rows + (good ? to : 0);
}

/* A short key as a number that keeps its order. */
static uint64_t as_number(const char *key, size_t len)
{
    uint8_t bytes[WORD] = {0};
    uint64_t v;

    memcpy(bytes, key, len);
    memcpy(&v, bytes, sizeof v);
    return be64toh(v);
}

/* Reads eight bytes where that many follow, and drops those of the next key. */
static uint64_t key_number(const struct row_index *index, uint32_t i)
{
    const uint8_t *key = index->key + (size_t)i * index->width;
    uint64_t v;

    if (index->rows + index->rows_len - key < WORD || index->width == 0)
        return as_number((const char *)key, index->width);
    memcpy(&v, key, sizeof v);
    return be64toh(v) & UINT64_MAX << 8 * (WORD - index->width);
}

static uint32_t from_number(const struct row_index *index, uint64_t wanted)
{
    uint32_t first = 0, n = index->keys;

    while (n > 0) {
        const uint32_t half = n / 2;
        const bool before = key_number(index, first + half) < wanted;

        first = before ? first + half + 1 : first;
        n = before ? n - half - 1 : half;
    }
    return first;
}

static int compare(
    const struct row_index *index, uint32_t i, const char *key, size_t len)
{
    size_t own;
    const char *theirs = row_index_key(index, i, &own);
    const int c = memcmp(theirs, key, own < len ? own : len);

    return c != 0 ? c : (own > len) - (own < len);
}

uint32_t row_index_from(
    const struct row_index *index, const char *key, size_t len)
{
    uint32_t first = 0, n = index->keys;

    if (index->width <= WORD && len <= WORD)
        return from_number(index, as_number(key, len));
    while (n > 0) {
        const uint32_t half = n / 2;

        if (compare(index, first + half, key, len) < 0) {
            first += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return first;
}

uint32_t row_index_find(const struct row_index *index,
    const struct proc_table *proc, const char *key, size_t len)
{
    uint32_t ordinal = PROC_ORDINAL_NONE, i;

    if (index->procs != 0 && len == PROC_LEN) {
        const uint32_t packed = proc_pack(key);

        if (packed != PROC_NONE)
            ordinal = proc_find(proc, packed);
    }
    if (ordinal < index->procs) {
        i = load_u32(index->direct + 4 * (size_t)ordinal);
        return i < index->keys ? i : ROW_KEY_NONE;
    }
    if (len > index->width)
        return ROW_KEY_NONE;
    i = row_index_from(index, key, len);
    return i < index->keys && compare(index, i, key, len) == 0 ? i
                                                               : ROW_KEY_NONE;
}

/* Bisects for all of them at once: every one takes the same steps. out[i] is
 * the first key that is not before wanted[i]. */
static void from_numbers(uint32_t out[], const struct row_index *index,
    const uint64_t wanted[], size_t count)
{
    uint32_t n = index->keys;

    memset(out, 0, count * sizeof *out);
    while (n > 0) {
        const uint32_t half = n / 2, step = n - half;

        for (size_t i = 0; i < count; i++)
            out[i] +=
                key_number(index, out[i] + step - 1) < wanted[i] ? step : 0;
        n = half;
    }
}

void row_index_find_some(uint32_t out[], const struct row_index *index,
    const struct proc_table *proc, const struct row_key key[], size_t count)
{
    uint64_t wanted[ROW_KEYS_TOGETHER];

    if (index->procs != 0 || index->width > WORD || count > ROW_KEYS_TOGETHER) {
        for (size_t i = 0; i < count; i++)
            out[i] = row_index_find(index, proc, key[i].text, key[i].len);
        return;
    }
    for (size_t i = 0; i < count; i++)
        wanted[i] =
            key[i].len > index->width ? 0 : as_number(key[i].text, key[i].len);
    from_numbers(out, index, wanted, count);
    for (size_t i = 0; i < count; i++)
        if (out[i] >= index->keys ||
            compare(index, out[i], key[i].text, key[i].len) != 0)
            out[i] = ROW_KEY_NONE;
        else
            __builtin_prefetch(index->start + 4 * (size_t)out[i]);
}

/* Each step asks for what the next one reads. */
void row_index_prefetch(
    const struct row_index *index, const uint32_t *ordinal, size_t count)
{
    for (int step = 0; step < 3; step++)
        for (size_t i = 0; i < count; i++) {
            const uint8_t *at = index->direct + 4 * (size_t)ordinal[i], *end;
            uint32_t key;

            if (ordinal[i] >= index->procs)
                continue;
            if (step > 0) {
                if ((key = load_u32(at)) >= index->keys)
                    continue;
                at = index->start + 4 * (size_t)key;
                if (step > 1)
                    row_index_rows(index, key, &at, &end);
            }
            __builtin_prefetch(at);
        }
}

/* ------------------------------------------------------------- building */

static void add_u32(struct buffer *out, uint32_t v)
{
    uint8_t bytes[4];

    store_u32(bytes, v);
    buffer_add(out, bytes, sizeof bytes);
}

static bool ascends(
    const struct row_gather *gather, const char *key, size_t len)
{
    const size_t own = gather->last;
    int c;

    if (gather->count == 0)
        return true;
    c = memcmp(
        gather->keys.data + gather->keys.len - own, key, own < len ? own : len);
    return c < 0 || (c == 0 && own < len);
}

int row_gather_add(struct row_gather *gather, const char *key, size_t len,
    const struct buffer *rows, struct error *err)
{
    if (len == 0 || len > ROW_KEY_MAX || memchr(key, '\0', len) != NULL ||
        !ascends(gather, key, len))
        return error_set(err, ERR_LIMIT, 0,
            "row key '%.*s': of %zu bytes, or not behind the key before",
            (int)(len < ROW_KEY_MAX ? len : ROW_KEY_MAX), key, len);
    if (gather->rows.len + rows->len > UINT32_MAX)
        return error_set(err, ERR_LIMIT, 0, "more than 4 GiB of rows");
    buffer_addc(&gather->keys, (char)len);
    buffer_add(&gather->keys, key, len);
    add_u32(&gather->start, (uint32_t)gather->rows.len);
    buffer_add(&gather->rows, rows->data, rows->len);
    gather->count++;
    gather->last = len;
    if (len > gather->width)
        gather->width = len;
    return gather->keys.failed || gather->start.failed || gather->rows.failed
               ? error_memory(err)
               : 0;
}

static uint32_t ordinal_of(
    const struct proc_table *proc, const char *key, size_t len)
{
    const uint32_t packed = len == PROC_LEN ? proc_pack(key) : PROC_NONE;

    return packed == PROC_NONE ? PROC_ORDINAL_NONE : proc_find(proc, packed);
}

/* The key numbers by procedure code; nothing when most keys are none. */
static uint32_t add_direct(const struct row_gather *gather,
    const struct proc_table *proc, struct buffer *out)
{
    const char *at = gather->keys.data;
    const size_t base = out->len;
    uint32_t procs = 0;

    if (proc->count == 0)
        return 0;
    for (uint32_t i = 0; i < proc->count; i++)
        add_u32(out, ROW_KEY_NONE);
    for (uint32_t i = 0; i < gather->count && !out->failed; i++) {
        const size_t len = (uint8_t)*at;
        const uint32_t ordinal = ordinal_of(proc, at + 1, len);

        at += 1 + len;
        if (ordinal >= proc->count)
            continue;
        store_u32((uint8_t *)out->data + base + 4 * (size_t)ordinal, i);
        procs++;
    }
    if (!out->failed && 2 * (uint64_t)procs < gather->count) {
        out->len = base;
        return 0;
    }
    return proc->count;
}

int row_gather_write(struct row_gather *gather, const struct proc_table *proc,
    struct buffer *out, struct error *err)
{
    static const char padding[ROW_KEY_MAX];
    const char *at = gather->keys.data;
    const size_t head = out->len;
    uint32_t direct;

    for (int i = 0; i < 4; i++)
        add_u32(out, 0);
    direct = add_direct(gather, proc, out);
    buffer_add(out, gather->start.data, gather->start.len);
    add_u32(out, (uint32_t)gather->rows.len);
    for (uint32_t i = 0; i < gather->count; i++) {
        const size_t len = (uint8_t)*at;

        buffer_add(out, at + 1, len);
        buffer_add(out, padding, gather->width - len);
        at += 1 + len;
    }
    buffer_add(out, gather->rows.data, gather->rows.len);
    if (out->failed)
        return error_memory(err);
    store_u32((uint8_t *)out->data + head, gather->count);
    store_u32((uint8_t *)out->data + head + 4, (uint32_t)gather->width);
    store_u32((uint8_t *)out->data + head + 8, direct);
    store_u32((uint8_t *)out->data + head + 12, (uint32_t)gather->rows.len);
    row_gather_clear(gather);
    return 0;
}

void row_gather_clear(struct row_gather *gather)
{
    buffer_clear(&gather->keys);
    buffer_clear(&gather->start);
    buffer_clear(&gather->rows);
    *gather = (struct row_gather){0};
}

/* row_index.h - the keys of one series, and where the rows of each begin.
 *
 *   blob "row" + series u8
 *     0  u32 keys, u32 width: bytes of the longest key, u32 direct: 0 or the
 *        count of procedure codes (proc.h), u32 bytes of rows
 *    16  u32 key[direct]        the number of the key that is this procedure
 *                               code, or ROW_KEY_NONE
 *        u32 start[keys + 1]    offsets into the rows
 *        keys, width bytes each, padded with NUL, ascending
 *        rows                   of each key, one behind the other: table.h
 *
 * A series of procedure codes is direct: their rows are two looks away,
 * however long the list is. Any other key is found by bisection. */
#ifndef CODESETS_STORE_ROW_INDEX_H
#define CODESETS_STORE_ROW_INDEX_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/buffer.h"
#include "codesets/store/proc.h"

enum { ROW_KEY_MAX = 64 };
#define ROW_KEY_NONE UINT32_MAX

struct row_index {
    const uint8_t *direct, *start, *key, *rows;
    uint32_t keys, width, procs, rows_len;
};

/* Checks the blob's bounds; procs is the build's count of procedure codes. An
 * empty blob is a series without rows. Returns 0 or ERR_CORRUPT. Nothing a
 * damaged blob says lets a reader leave it. */
int row_index_read(struct row_index *out, const uint8_t *data, size_t len,
    uint32_t procs, struct error *err);

/* The number of a key, or ROW_KEY_NONE. */
uint32_t row_index_find(const struct row_index *index,
    const struct proc_table *proc, const char *key, size_t len);
/* The same of several keys, at most ROW_KEYS_TOGETHER: they are looked for side
 * by side, so that none waits for the memory alone, and the memory is asked for
 * what row_index_rows() reads. */
enum { ROW_KEYS_TOGETHER = 32 };
struct row_key {
    const char *text;
    size_t len; /* 0: no key, and none is found */
};
void row_index_find_some(uint32_t out[], const struct row_index *index,
    const struct proc_table *proc, const struct row_key key[], size_t count);
/* Asks the memory for the rows of many procedure codes, by ordinal, so that the
 * finds that follow do not wait one after the other. A hint: does nothing for a
 * series that is not direct. */
void row_index_prefetch(
    const struct row_index *index, const uint32_t *ordinal, size_t count);
/* The first key that is not before this text; index->keys when all are. */
uint32_t row_index_from(
    const struct row_index *index, const char *key, size_t len);
/* The i-th key; i must be below index->keys. */
const char *row_index_key(
    const struct row_index *index, uint32_t i, size_t *len);
/* Its rows, as bytes from *at to *end; none when the blob is damaged. */
void row_index_rows(const struct row_index *index, uint32_t i,
    const uint8_t **at, const uint8_t **end);

/* ------------------------------------------------------------- building */

/* Rows as they are gathered, keys ascending. Zero it to begin. */
struct row_gather {
    struct buffer keys;  /* each: u8 length, bytes */
    struct buffer start; /* u32 of each */
    struct buffer rows;
    uint32_t count;
    size_t last, width; /* bytes of the last key, of the longest */
};
/* Returns 0; ERR_LIMIT for a key that is too long, holds NUL or does not
 * ascend, or for rows of more than 4 GiB; ERR_SYSTEM. */
int row_gather_add(struct row_gather *gather, const char *key, size_t len,
    const struct buffer *rows, struct error *err);
/* Appends the blob and forgets what was gathered. */
int row_gather_write(struct row_gather *gather, const struct proc_table *proc,
    struct buffer *out, struct error *err);
void row_gather_clear(struct row_gather *gather);

#endif

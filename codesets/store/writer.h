/* writer.h - writes one build's LMDB file, once, in order.
 *
 * The layouts stand in store.h and in the header of each table. Everything is
 * written in one transaction into a fresh file, so equal calls make equal
 * bytes and a build that was not finished is never mistaken for one. */
#ifndef CODESETS_STORE_WRITER_H
#define CODESETS_STORE_WRITER_H
#include "codesets/core/buffer.h"
#include "codesets/store/store.h"

struct store_writer;

/* Creates folder/data.mdb, which must not exist. */
int writer_open(
    struct store_writer **out, const char *folder, struct error *err);
/* Commits, syncs to disk and closes; the writer is gone even on failure. */
int writer_finish(struct store_writer *writer, struct error *err);
/* Closes without committing. NULL is fine. */
void writer_abandon(struct store_writer *writer);

int writer_meta(struct store_writer *writer, const char *name,
    const char *value, struct error *err);
/* Files are numbered 0, 1, … in the order of the calls. */
int writer_file(struct store_writer *writer, const char *name,
    const char *sha256, struct error *err);
/* Series must come with ids 0, 1, …. */
int writer_series(struct store_writer *writer, const struct series *series,
    struct error *err);
/* Rows must ascend by series and key, and come after the blob "proc". */
int writer_row(struct store_writer *writer, uint8_t series, const char *key,
    size_t key_len, const struct buffer *value, struct error *err);
int writer_blob(struct store_writer *writer, const void *name, size_t name_len,
    const struct buffer *value, struct error *err);

/* The text blob: count texts in the order of their numbers. */
struct text_source {
    const char *text;
    size_t len;
};
int text_table_write(struct buffer *out, const struct text_source *texts,
    uint32_t count, struct error *err);

/* One run of a row, see table.h. places holds file and line of each release
 * from first to last, two numbers each. */
void row_write(struct buffer *out, uint32_t first, uint32_t last,
    const uint32_t *places, const uint32_t *text, size_t columns);

#endif

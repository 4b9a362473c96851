#include "indexer/plan/batch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROWS = 1024 };

void batch_init(struct batch *b, const struct identity *id, struct texts *texts)
{
    *b = (struct batch){
        .id = *id,
        .texts = texts,
        .columns = table_schema(id->table)->columns,
        .column = table_schema(id->table)->column,
    };
}

void batch_clear(struct batch *b)
{
    free(b->cells);
    free(b->lines);
    b->cells = NULL;
    b->lines = NULL;
    b->rows = 0;
    b->capacity = 0;
}

static int grow(struct batch *b, struct error *err)
{
    const uint32_t capacity = b->capacity != 0 ? 2 * b->capacity : FIRST_ROWS;
    const size_t columns = b->columns > 0 ? b->columns : 1;
    uint32_t *cells, *lines;

    if (b->rows >= BATCH_ROWS_MAX)
        return error_set(
            err, ERR_LIMIT, 0, "more than %d rows", BATCH_ROWS_MAX);
    cells = realloc(b->cells, capacity * columns * sizeof *cells);
    if (cells != NULL)
        b->cells = cells;
    lines = realloc(b->lines, capacity * sizeof *lines);
    if (lines != NULL)
        b->lines = lines;
    if (cells == NULL || lines == NULL)
        return error_memory(err);
    b->capacity = capacity;
    return 0;
}

int batch_add(struct batch *b, const uint32_t *cells, uint32_t line,
    uint32_t records, struct error *err)
{
    int rc;

    if (texts_failed(b->texts) != 0)
        return error_set(
            err, ERR_LIMIT, 0, "no memory for the texts of the build");
    if (b->rows == b->capacity) {
        rc = grow(b, err);
        if (rc != 0)
            return rc;
    }
    memcpy(b->cells + b->rows * b->columns, cells, b->columns * sizeof *cells);
    b->lines[b->rows++] = line;
    b->read += records;
    return 0;
}

void batch_refuse(
    struct batch *b, uint32_t line, const char *column, const char *format, ...)
{
    struct refusal *refusal;
    va_list args;

    b->read++;
    if (b->refused++ >= REFUSALS_SHOWN)
        return;
    refusal = &b->refusals[b->refused - 1];
    refusal->row = line;
    (void)snprintf(refusal->column, sizeof refusal->column, "%s", column);
    va_start(args, format);
    (void)vsnprintf(refusal->reason, sizeof refusal->reason, format, args);
    va_end(args);
}

void batch_warn(struct batch *b, const char *format, ...)
{
    va_list args;

    if (b->warnings++ > 0)
        return;
    va_start(args, format);
    (void)vsnprintf(b->warning, sizeof b->warning, format, args);
    va_end(args);
}

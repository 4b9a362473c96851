/* sources.h - reads a file's bytes as the indexer would, for tests. */
#ifndef TESTS_SOURCES_H
#define TESTS_SOURCES_H
#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codesets/core/buffer.h"
#include "indexer/files/probe.h"
#include "indexer/sources/sources.h"
#include "tests/archives.h"

/* What the administrator says besides. */
struct told {
    const char *release;
    enum setting setting;
    enum program program;
    bool starter;
};

struct reading {
    struct texts *texts;
    const struct source *source; /* NULL: not recognised */
    const char *companion;       /* then, what it is called; or NULL */
    struct identity id;
    struct batch batch;
    int rc;
    struct error err;
};

static inline void read_told(struct reading *r, const char *name,
    const void *bytes, size_t len, const struct told *told)
{
    struct input in = {.name = name,
        .disk_path = name,
        .sha256 = "",
        .disk_bytes = len,
        .len = len};
    /* One more byte, the NUL that input.h promises. */
    uint8_t *copy = calloc(1, len + 1);
    struct probe *probe;

    memset(r, 0, sizeof *r);
    if (len > 0)
        memcpy(copy, bytes, len);
    in.data = copy;
    assert_int_equal(texts_open(&r->texts, NULL), 0);
    assert_int_equal(probe_open(&probe, &in, NULL), 0);
    if (told != NULL) {
        probe->told_release = told->release != NULL ? told->release : "";
        probe->told_setting = told->setting;
        probe->told_program = told->program;
        probe->starter = told->starter;
    }
    for (size_t i = 0; sources[i] != NULL && r->source == NULL; i++)
        if (sources[i]->recognise(probe, &r->id))
            r->source = sources[i];
    batch_init(&r->batch, &r->id, r->texts);
    if (r->source != NULL)
        r->rc = r->source->read(probe, &r->batch, &r->err);
    else
        r->companion = companion_name(probe);
    probe_close(probe);
    free(copy);
}

static inline void read_bytes(
    struct reading *r, const char *name, const void *bytes, size_t len)
{
    read_told(r, name, bytes, len, NULL);
}

static inline void read_text(
    struct reading *r, const char *name, const char *text)
{
    read_told(r, name, text, strlen(text), NULL);
}

static inline void load_fixture(struct buffer *out, const char *path)
{
    char full[256], block[4096];
    FILE *file;
    size_t n;

    snprintf(full, sizeof full, "tests/fixtures/%s", path);
    file = fopen(full, "rb");
    if (file == NULL)
        fail_msg("%s is missing: run from the top of the tree", full);
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        buffer_add(out, block, n);
    fclose(file);
}

/* Reads tests/fixtures/<path> under the name it has there, or another. */
static inline void read_fixture_as(
    struct reading *r, const char *path, const char *name)
{
    struct buffer bytes = {0};

    load_fixture(&bytes, path);
    read_bytes(r, name, bytes.data, bytes.len);
    buffer_clear(&bytes);
}

static inline void read_fixture(struct reading *r, const char *path)
{
    read_fixture_as(r, path, path);
}

static inline void reading_close(struct reading *r)
{
    batch_clear(&r->batch);
    texts_close(r->texts);
}

static inline const char *value(
    const struct reading *r, uint32_t row, size_t column)
{
    assert_true(row < r->batch.rows && column < r->batch.columns);
    return texts_get(r->texts,
        r->batch.cells[(size_t)row * r->batch.columns + column], NULL);
}

/* True when two readings gave the same texts in every cell. */
static inline void same_rows(const struct reading *a, const struct reading *b)
{
    assert_int_equal(a->batch.rows, b->batch.rows);
    assert_int_equal(a->batch.columns, b->batch.columns);
    for (uint32_t row = 0; row < a->batch.rows; row++)
        for (size_t c = 0; c < a->batch.columns; c++)
            assert_string_equal(value(a, row, c), value(b, row, c));
}

static inline void is_day(day_t day, const char *iso)
{
    char text[DAY_TEXT_LEN];

    day_format(text, day);
    assert_string_equal(text, iso);
}

static inline void is_release(const struct reading *r, const char *source,
    const char *label, const char *from, const char *to)
{
    assert_non_null(r->source);
    assert_string_equal(r->source->name, source);
    assert_string_equal(r->id.release, label);
    is_day(r->id.from, from);
    is_day(r->id.to, to);
}

static inline void counts_are(
    const struct reading *r, uint32_t read, uint32_t rows, uint32_t refused)
{
    assert_int_equal(r->rc, 0);
    assert_int_equal(r->batch.read, read);
    assert_int_equal(r->batch.rows, rows);
    assert_int_equal(r->batch.refused, refused);
}

static inline void refusal_is(const struct reading *r, size_t i, uint32_t row,
    const char *column, const char *reason)
{
    assert_true(i < r->batch.refused);
    assert_int_equal(r->batch.refusals[i].row, row);
    assert_string_equal(r->batch.refusals[i].column, column);
    assert_string_equal(r->batch.refusals[i].reason, reason);
}

/* Turns CSV without quotes into the rows of a worksheet; a cell that begins
 * with = is stored as a number, and a | in it stands for a comma. */
static inline void workbook_of(struct buffer *out, const char *csv, size_t len)
{
    struct buffer rows = {0};
    unsigned number = 0;

    for (size_t i = 0; i < len; number++) {
        unsigned column = 0;

        buffer_addf(&rows, "<row r=\"%u\">", number + 1);
        while (i < len && csv[i] != '\n') {
            const size_t start = i;
            const bool is_number = csv[i] == '=';
            char letters[3] = {(char)('A' + column), '\0', '\0'};

            while (i < len && csv[i] != ',' && csv[i] != '\n' && csv[i] != '\r')
                i++;
            if (column >= 26) {
                letters[0] = (char)('A' + column / 26 - 1);
                letters[1] = (char)('A' + column % 26);
            }
            if (i > start) {
                buffer_addf(&rows, "<c r=\"%s%u\"%s>", letters, number + 1,
                    is_number ? "" : " t=\"inlineStr\"");
                buffer_adds(&rows, is_number ? "<v>" : "<is><t>");
                for (size_t k = start + is_number; k < i; k++)
                    if (csv[k] == '&')
                        buffer_adds(&rows, "&amp;");
                    else
                        buffer_addc(&rows, csv[k] == '|' ? ',' : csv[k]);
                buffer_adds(&rows, is_number ? "</v></c>" : "</t></is></c>");
            }
            column++;
            while (i < len && csv[i] == '\r')
                i++;
            if (i < len && csv[i] == ',')
                i++;
        }
        buffer_adds(&rows, "</row>");
        i++;
    }
    buffer_addc(&rows, '\0');
    archives_workbook(out, rows.data, "");
    buffer_clear(&rows);
}

static inline void read_workbook(
    struct reading *r, const char *name, const char *csv)
{
    struct buffer book = {0};

    workbook_of(&book, csv, strlen(csv));
    read_bytes(r, name, book.data, book.len);
    buffer_clear(&book);
}

#endif

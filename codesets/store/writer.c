#include "codesets/store/writer.h"

#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/core/bytes.h"
#include "codesets/store/builds.h"
#include "codesets/store/row_index.h"

/* Address space, not disk: the file grows to what is written. */
#define WRITER_MAP_SIZE ((size_t)16 << 30)

enum { DBS = 4 };

struct store_writer {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi meta, file, series, blob;
    uint32_t files;
    uint8_t row_series; /* whose rows are gathered */
    struct row_gather rows;
    char path[BUILD_PATH_MAX];
};

static int failed(const struct store_writer *writer, int rc, const char *what,
    struct error *err)
{
    /* LMDB says the same of a write that was cut short. */
    return error_set(err, ERR_SYSTEM, rc, "%s: writing %s: %s%s", writer->path,
        what, mdb_strerror(rc),
        rc == EIO ? ", or no room left for the file" : "");
}

int writer_open(
    struct store_writer **out, const char *folder, struct error *err)
{
    struct store_writer *writer = calloc(1, sizeof *writer);
    int rc;

    if (writer == NULL)
        return error_memory(err);
    if (snprintf(writer->path, sizeof writer->path, "%s/data.mdb", folder) >=
        (int)sizeof writer->path) {
        free(writer);
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", folder);
    }
    if ((rc = mdb_env_create(&writer->env)) != 0 ||
        (rc = mdb_env_set_maxdbs(writer->env, DBS)) != 0 ||
        (rc = mdb_env_set_mapsize(writer->env, WRITER_MAP_SIZE)) != 0 ||
        (rc = mdb_env_open(writer->env, writer->path, MDB_NOSUBDIR | MDB_NOLOCK,
             0644)) != 0 ||
        (rc = mdb_txn_begin(writer->env, NULL, 0, &writer->txn)) != 0 ||
        (rc = mdb_dbi_open(writer->txn, "meta", MDB_CREATE, &writer->meta)) ||
        (rc = mdb_dbi_open(writer->txn, "file", MDB_CREATE, &writer->file)) ||
        (rc = mdb_dbi_open(
             writer->txn, "series", MDB_CREATE, &writer->series)) ||
        (rc = mdb_dbi_open(writer->txn, "blob", MDB_CREATE, &writer->blob))) {
        rc = failed(writer, rc, "the store", err);
        writer_abandon(writer);
        return rc;
    }
    *out = writer;
    return 0;
}

void writer_abandon(struct store_writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->txn != NULL)
        mdb_txn_abort(writer->txn);
    if (writer->env != NULL)
        mdb_env_close(writer->env);
    row_gather_clear(&writer->rows);
    free(writer);
}

static int put(struct store_writer *writer, MDB_dbi dbi, const void *key,
    size_t key_len, const void *value, size_t value_len, unsigned flags,
    const char *what, struct error *err)
{
    MDB_val k = {key_len, (void *)(uintptr_t)key};
    MDB_val v = {value_len, (void *)(uintptr_t)value};
    const int rc = mdb_put(writer->txn, dbi, &k, &v, flags);

    return rc == 0 ? 0 : failed(writer, rc, what, err);
}

int writer_meta(struct store_writer *writer, const char *name,
    const char *value, struct error *err)
{
    return put(writer, writer->meta, name, strlen(name), value,
        strlen(value) + 1, 0, "meta", err);
}

int writer_file(struct store_writer *writer, const char *name,
    const char *sha256, struct error *err)
{
    const uint8_t key[2] = {
        (uint8_t)(writer->files >> 8), (uint8_t)writer->files};
    struct buffer value = {0};
    int rc;

    if (writer->files >= STORE_FILES_MAX)
        return error_set(err, ERR_LIMIT, 0, "more than %d files in a build",
            STORE_FILES_MAX);
    buffer_add(&value, name, strlen(name) + 1);
    buffer_add(&value, sha256, strlen(sha256) + 1);
    rc = value.failed ? error_memory(err)
                      : put(writer, writer->file, key, sizeof key, value.data,
                            value.len, MDB_APPEND, "file", err);
    buffer_clear(&value);
    writer->files++;
    return rc;
}

int writer_series(
    struct store_writer *writer, const struct series *series, struct error *err)
{
    struct buffer value = {0};
    uint8_t bytes[13];
    int rc;

    buffer_addc(&value, (char)series->table);
    buffer_addc(&value, (char)series->setting);
    buffer_addc(&value, (char)series->program);
    buffer_addc(&value, (char)series->releases);
    for (size_t i = 0; i < series->releases; i++) {
        const struct release *release = &series->release[i];

        buffer_add(&value, release->label, strlen(release->label) + 1);
        store_i32(bytes, release->from);
        store_i32(bytes + 4, release->to);
        store_u32(bytes + 8, release->published);
        bytes[12] = release->partial;
        buffer_add(&value, bytes, sizeof bytes);
    }
    rc = value.failed ? error_memory(err)
                      : put(writer, writer->series, &series->id, 1, value.data,
                            value.len, MDB_APPEND, "series", err);
    buffer_clear(&value);
    return rc;
}

int writer_blob(struct store_writer *writer, const void *name, size_t name_len,
    const struct buffer *value, struct error *err)
{
    return put(writer, writer->blob, name, name_len, value->data, value->len, 0,
        "a table", err);
}

/* The procedure codes, from the blob that was written before. */
static int read_procs(const struct store_writer *writer, struct proc_table *out,
    struct error *err)
{
    MDB_val k = {4, (void *)(uintptr_t) "proc"}, v;

    *out = (struct proc_table){0};
    if (mdb_get(writer->txn, writer->blob, &k, &v) != 0)
        return 0;
    return proc_table_read(out, v.mv_data, v.mv_size, err);
}

static int write_gathered(struct store_writer *writer, struct error *err)
{
    const uint8_t name[4] = {'r', 'o', 'w', writer->row_series};
    struct buffer blob = {0};
    struct proc_table proc;
    int rc;

    if (writer->rows.count == 0)
        return 0;
    if ((rc = read_procs(writer, &proc, err)) == 0 &&
        (rc = row_gather_write(&writer->rows, &proc, &blob, err)) == 0)
        rc = writer_blob(writer, name, sizeof name, &blob, err);
    buffer_clear(&blob);
    return rc;
}

int writer_row(struct store_writer *writer, uint8_t series, const char *key,
    size_t key_len, const struct buffer *value, struct error *err)
{
    if (series != writer->row_series) {
        const int rc = write_gathered(writer, err);

        if (rc != 0)
            return rc;
        writer->row_series = series;
    }
    return row_gather_add(&writer->rows, key, key_len, value, err);
}

int writer_finish(struct store_writer *writer, struct error *err)
{
    int rc = write_gathered(writer, err);

    if (rc != 0) {
        writer_abandon(writer);
        return rc;
    }
    rc = mdb_txn_commit(writer->txn);
    writer->txn = NULL;
    if (rc == 0)
        rc = mdb_env_sync(writer->env, 1);
    if (rc != 0)
        rc = failed(writer, rc, "to disk", err);
    writer_abandon(writer);
    return rc;
}

int text_table_write(struct buffer *out, const struct text_source *texts,
    uint32_t count, struct error *err)
{
    uint64_t offset = 0;
    uint8_t bytes[4];

    store_u32(bytes, count);
    buffer_add(out, bytes, 4);
    for (uint32_t i = 0; i <= count; i++) {
        if (offset > UINT32_MAX)
            return error_set(err, ERR_LIMIT, 0, "more than 4 GiB of text");
        store_u32(bytes, (uint32_t)offset);
        buffer_add(out, bytes, 4);
        if (i < count)
            offset += texts[i].len + 1;
    }
    for (uint32_t i = 0; i < count; i++) {
        buffer_add(out, texts[i].text, texts[i].len);
        buffer_addc(out, '\0');
    }
    return out->failed ? error_memory(err) : 0;
}

static void add_varint(struct buffer *out, uint32_t v)
{
    uint8_t bytes[VARINT_MAX];

    buffer_add(out, bytes, store_varint(bytes, v));
}

void row_write(struct buffer *out, uint32_t first, uint32_t last,
    const uint32_t *places, const uint32_t *text, size_t columns)
{
    add_varint(out, first);
    add_varint(out, last - first);
    for (size_t i = 0; i < 2 * (size_t)(last - first + 1); i++)
        add_varint(out, places[i]);
    for (size_t c = 0; c < columns; c++)
        add_varint(out, text[c]);
}

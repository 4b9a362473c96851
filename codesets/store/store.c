#include "codesets/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "codesets/core/bytes.h"
#include "codesets/store/builds.h"
#include "codesets/store/layout.h"

enum { STORE_DBS_MAX = 4 };

static int lmdb_error(
    struct error *err, const char *what, const char *path, int rc)
{
    return error_set(err,
        rc == MDB_INVALID || rc == MDB_CORRUPTED ||
                rc == MDB_VERSION_MISMATCH || rc == MDB_PAGE_NOTFOUND
            ? ERR_CORRUPT
            : ERR_SYSTEM,
        rc, "%s: %s: %s", path, what, mdb_strerror(rc));
}

/* A text of the meta database; NULL when it is missing or not NUL-ended. */
static const char *meta_text(const struct store *store, const char *name)
{
    MDB_val k = {strlen(name), (void *)(uintptr_t)name}, v;
    const char *text;

    if (mdb_get(store->txn, store->meta, &k, &v) != 0 || v.mv_size == 0)
        return NULL;
    text = v.mv_data;
    return text[v.mv_size - 1] == '\0' ? text : NULL;
}

static int read_meta(struct store *store, const char *path, struct error *err)
{
    const char *format = meta_text(store, "format");
    const char *licensed = meta_text(store, "licensed");
    const char *starter = meta_text(store, "starter");
    char wanted[16];

    (void)snprintf(wanted, sizeof wanted, "%u", STORE_FORMAT);
    if (format == NULL || strcmp(format, wanted) != 0)
        return error_set(err, ERR_CORRUPT, 0,
            "%s: store format %.8s, this program reads %s: make it again with "
            "coderef-index build or refresh",
            path, format == NULL ? "unknown" : format, wanted);
    store->id = meta_text(store, "id");
    store->program = meta_text(store, "program");
    if (store->id == NULL || store->program == NULL)
        return error_set(err, ERR_CORRUPT, 0, "%s: meta incomplete", path);
    store->licensed = licensed != NULL && strcmp(licensed, "yes") == 0;
    store->starter = starter != NULL && strcmp(starter, "yes") == 0;
    return 0;
}

static int read_files(struct store *store, const char *path, struct error *err)
{
    MDB_stat stat;
    MDB_cursor *cursor = NULL;
    MDB_val k, v;
    int rc = mdb_stat(store->txn, store->file, &stat);

    if (rc != 0 || stat.ms_entries > STORE_FILES_MAX)
        return lmdb_error(err, "file", path, rc != 0 ? rc : MDB_CORRUPTED);
    store->file_name = calloc(stat.ms_entries + 1, sizeof *store->file_name);
    if (store->file_name == NULL)
        return error_memory(err);
    if ((rc = mdb_cursor_open(store->txn, store->file, &cursor)) != 0)
        return lmdb_error(err, "file", path, rc);
    while ((rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)) == 0) {
        if (k.mv_size != 2 || v.mv_size == 0 ||
            memchr(v.mv_data, '\0', v.mv_size) == NULL)
            break;
        store->file_name[store->files++] = v.mv_data;
    }
    mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND
               ? 0
               : lmdb_error(err, "file", path, rc != 0 ? rc : MDB_CORRUPTED);
}

/* Reads one series' releases into out, which has room for them. */
static int read_releases(
    const uint8_t *at, const uint8_t *end, size_t count, struct release *out)
{
    for (size_t i = 0; i < count; i++) {
        const uint8_t *nul = memchr(at, '\0', (size_t)(end - at));

        if (nul == NULL || end - nul - 1 < 13)
            return ERR_CORRUPT;
        out[i] = (struct release){.label = (const char *)at,
            .from = load_i32(nul + 1),
            .to = load_i32(nul + 5),
            .published = load_u32(nul + 9),
            .partial = (nul[13] & 1) != 0};
        at = nul + 14;
    }
    return at == end ? 0 : ERR_CORRUPT;
}

static int read_series(struct store *store, const char *path, struct error *err)
{
    MDB_cursor *cursor = NULL;
    MDB_val k, v;
    size_t used = 0;
    int rc;

    store->releases = calloc(
        (size_t)STORE_SERIES_MAX * STORE_RELEASES_MAX, sizeof *store->releases);
    if (store->releases == NULL)
        return error_memory(err);
    if ((rc = mdb_cursor_open(store->txn, store->series_db, &cursor)) != 0)
        return lmdb_error(err, "series", path, rc);
    while ((rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)) == 0) {
        const uint8_t *at = v.mv_data;
        struct series *series = &store->series[store->series_count];

        if (k.mv_size != 1 || v.mv_size < 4 ||
            store->series_count == STORE_SERIES_MAX || at[0] >= TABLE_COUNT ||
            at[1] >= SETTING_COUNT || at[2] >= PROGRAM_COUNT)
            break;
        *series = (struct series){.id = *(const uint8_t *)k.mv_data,
            .table = (enum table)at[0],
            .setting = (enum setting)at[1],
            .program = (enum program)at[2],
            .releases = at[3],
            .release = store->releases + used};
        if (series->id != store->series_count ||
            read_releases(
                at + 4, at + v.mv_size, at[3], store->releases + used) != 0)
            break;
        used += at[3];
        store->series_count++;
    }
    mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND
               ? 0
               : lmdb_error(err, "series", path, rc != 0 ? rc : MDB_CORRUPTED);
}

int store_blob(const struct store *store, const void *name, size_t name_len,
    struct span *out, struct error *err)
{
    MDB_val k = {name_len, (void *)(uintptr_t)name}, v;
    const int rc = mdb_get(store->txn, store->blob, &k, &v);

    *out = (struct span){0};
    if (rc == MDB_NOTFOUND)
        return 0;
    if (rc != 0)
        return error_set(err, ERR_CORRUPT, rc, "blob: %s", mdb_strerror(rc));
    *out = (struct span){v.mv_data, v.mv_size};
    return 0;
}

static int read_text(struct store *store, struct error *err)
{
    const struct span *text = &store->text;
    size_t head;

    if (text->len < 8)
        return error_set(err, ERR_CORRUPT, 0, "text: %zu bytes", text->len);
    store->texts = load_u32(text->data);
    head = 8 + (size_t)store->texts * 4;
    if (head > text->len || load_u32(text->data + head - 4) != text->len - head)
        return error_set(err, ERR_CORRUPT, 0, "text: %u texts in %zu bytes",
            store->texts, text->len);
    return 0;
}

static int read_blobs(struct store *store, struct error *err)
{
    struct span span;
    int rc;

    if ((rc = store_blob(store, "text", 4, &store->text, err)) != 0 ||
        (rc = read_text(store, err)) != 0 ||
        (rc = store_blob(store, "proc", 4, &span, err)) != 0 ||
        (rc = proc_table_read(&store->proc, span.data, span.len, err)) != 0 ||
        (rc = store_blob(store, "codes", 5, &span, err)) != 0 ||
        (rc = code_list_read(&store->codes, span.data, span.len, err)) != 0 ||
        (rc = store_blob(store, "search", 6, &store->search, err)) != 0 ||
        (rc = store_blob(store, "coverage", 8, &span, err)) != 0 ||
        (span.data != NULL && (rc = coverage_read(&store->coverage, span.data,
                                   span.len, err)) != 0))
        return rc;
    for (size_t i = 0; i < store->series_count; i++) {
        const struct series *series = &store->series[i];
        const uint8_t name[5] = {
            'p', 't', 'p', (uint8_t)series->setting, (uint8_t)series->program};
        const uint8_t rows[4] = {'r', 'o', 'w', series->id};

        if ((rc = store_blob(store, rows, sizeof rows, &span, err)) != 0 ||
            (rc = row_index_read(&store->row[i], span.data, span.len,
                 store->proc.count, err)) != 0)
            return rc;
        if (series->table != TABLE_PTP)
            continue;
        if ((rc = store_blob(store, name, sizeof name, &span, err)) != 0 ||
            (rc = ptp_table_read(&store->ptp[series->setting][series->program],
                 span.data, span.len, store->proc.count, err)) != 0)
            return rc;
    }
    return 0;
}

static int open_databases(
    struct store *store, const char *path, struct error *err)
{
    struct {
        const char *name;
        MDB_dbi *dbi;
    } const databases[STORE_DBS_MAX] = {{"meta", &store->meta},
        {"file", &store->file}, {"series", &store->series_db},
        {"blob", &store->blob}};

    for (size_t i = 0; i < STORE_DBS_MAX; i++) {
        const int rc =
            mdb_dbi_open(store->txn, databases[i].name, 0, databases[i].dbi);

        if (rc != 0)
            return lmdb_error(err, databases[i].name, path, rc);
    }
    return 0;
}

/* A file that was cut short would end the program when the missing pages are
 * read. */
static int check_length(
    const struct store *store, const char *path, struct error *err)
{
    MDB_envinfo info;
    MDB_stat pages;
    struct stat file;
    mdb_filehandle_t fd;

    if (mdb_env_info(store->env, &info) != 0 ||
        mdb_env_stat(store->env, &pages) != 0 ||
        mdb_env_get_fd(store->env, &fd) != 0 || fstat(fd, &file) != 0)
        return error_set(
            err, ERR_SYSTEM, 0, "%s: its length is not known", path);
    if ((uint64_t)file.st_size / pages.ms_psize <= info.me_last_pgno)
        return error_set(err, ERR_CORRUPT, 0,
            "%s: cut short: %lld bytes of %llu", path, (long long)file.st_size,
            ((unsigned long long)info.me_last_pgno + 1) * pages.ms_psize);
    return 0;
}

int store_open(struct store **out, const char *path, struct error *err)
{
    struct store *store = calloc(1, sizeof *store);
    char file[BUILD_PATH_MAX];
    int rc;

    if (store == NULL)
        return error_memory(err);
    if (snprintf(file, sizeof file, "%s/data.mdb", path) >= (int)sizeof file) {
        rc = error_set(err, ERR_INPUT, 0, "%.80s…: path too long", path);
        goto fail;
    }
    /* Nobody ever writes to a finished build, so no lock file is needed, and
     * the folder may lie on a read-only disk. */
    if ((rc = mdb_env_create(&store->env)) != 0 ||
        (rc = mdb_env_set_maxdbs(store->env, STORE_DBS_MAX)) != 0 ||
        (rc = mdb_env_open(store->env, file,
             MDB_RDONLY | MDB_NOSUBDIR | MDB_NOLOCK | MDB_NORDAHEAD, 0)) != 0 ||
        (rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &store->txn)) != 0) {
        rc = lmdb_error(err, "open", file, rc);
        goto fail;
    }
    if ((rc = check_length(store, file, err)) != 0 ||
        (rc = open_databases(store, file, err)) != 0 ||
        (rc = read_meta(store, file, err)) != 0 ||
        (rc = read_files(store, file, err)) != 0 ||
        (rc = read_series(store, file, err)) != 0)
        goto fail;
    if ((rc = read_blobs(store, err)) != 0) {
        rc = error_prefix(err, rc, "%s", file);
        goto fail;
    }
    *out = store;
    return 0;
fail:
    store_close(store);
    return rc;
}

int store_open_current(struct store **out, const char *dir, struct error *err)
{
    char path[BUILD_PATH_MAX];
    const int rc = builds_current(path, dir, err);

    return rc != 0 ? rc : store_open(out, path, err);
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    if (store->txn != NULL)
        mdb_txn_abort(store->txn);
    if (store->env != NULL)
        mdb_env_close(store->env);
    free(store->file_name);
    free(store->releases);
    free(store);
}

const char *store_id(const struct store *store)
{
    return store->id;
}

const char *store_program(const struct store *store)
{
    return store->program;
}

bool store_licensed(const struct store *store)
{
    return store->licensed;
}

bool store_starter(const struct store *store)
{
    return store->starter;
}

size_t store_series_count(const struct store *store)
{
    return store->series_count;
}

const struct series *store_series_at(const struct store *store, size_t i)
{
    return &store->series[i];
}

const struct series *store_series(const struct store *store, enum table table,
    enum setting setting, enum program program)
{
    for (size_t i = 0; i < store->series_count; i++) {
        const struct series *series = &store->series[i];

        if (series->table == table && series->setting == setting &&
            series->program == program)
            return series;
    }
    return NULL;
}

const char *store_file(const struct store *store, uint32_t file)
{
    return file < store->files ? store->file_name[file] : "";
}

size_t store_files(const struct store *store)
{
    return store->files;
}

void store_texts_expect(
    const struct store *store, const uint32_t *number, size_t count)
{
    const uint8_t *offsets = store->text.data + 4;
    const uint8_t *bytes = offsets + 4 + (size_t)store->texts * 4;

    for (size_t i = 0; i < count; i++)
        if (number[i] < store->texts)
            __builtin_prefetch(offsets + 4 * (size_t)number[i]);
    for (size_t i = 0; i < count; i++)
        if (number[i] < store->texts) {
            const uint8_t *at = offsets + 4 * (size_t)number[i];

            __builtin_prefetch(bytes + load_u32(at));
            __builtin_prefetch(bytes + load_u32(at + 4) - 1);
        }
}

const char *store_text(const struct store *store, uint32_t number, size_t *len)
{
    const uint8_t *offsets = store->text.data + 4;
    const uint8_t *bytes = offsets + 4 + (size_t)store->texts * 4;
    size_t first, end;

    if (number < store->texts) {
        first = load_u32(offsets + 4 * (size_t)number);
        end = load_u32(offsets + 4 * (size_t)number + 4);
        if (first < end && bytes + end <= store->text.data + store->text.len &&
            bytes[end - 1] == '\0') {
            if (len != NULL)
                *len = end - first - 1;
            return (const char *)bytes + first;
        }
    }
    if (len != NULL)
        *len = 0;
    return "";
}

/* store_fixture.h - a store of builds without rows, for tests of what stands
 * around a store. Ends the test program when the disk says no. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "codesets/core/buffer.h"
#include "codesets/store/builds.h"
#include "codesets/store/codes.h"
#include "codesets/store/proc.h"
#include "codesets/store/writer.h"

enum { STORE_DIR_MAX = 256 };

static inline void fixture_must(
    bool good, const char *what, const struct error *err)
{
    if (good)
        return;
    (void)fprintf(stderr, "%s: %s\n", what, err != NULL ? err->msg : "failed");
    exit(1);
}

/* Makes a folder for a store below TMPDIR. */
static inline void store_make(char dir[STORE_DIR_MAX])
{
    const char *tmp = getenv("TMPDIR");
    char path[STORE_DIR_MAX + 16];

    (void)snprintf(dir, STORE_DIR_MAX, "%.200s/coderef-test-XXXXXX",
        tmp != NULL ? tmp : "/tmp");
    fixture_must(mkdtemp(dir) != NULL, dir, NULL);
    (void)snprintf(path, sizeof path, "%s/builds", dir);
    fixture_must(mkdir(path, 0777) == 0, path, NULL);
}

static inline void store_add_folder(
    char path[STORE_DIR_MAX + 64], const char *dir, const char *id)
{
    (void)snprintf(path, STORE_DIR_MAX + 64, "%s/builds/%s", dir, id);
    fixture_must(mkdir(path, 0777) == 0, path, NULL);
}

static inline void store_add_blob(
    struct store_writer *writer, const char *name, struct buffer *blob)
{
    struct error err = {0};

    fixture_must(
        writer_blob(writer, name, strlen(name), blob, &err) == 0, name, &err);
    buffer_clear(blob);
}

/* Writes DIR/builds/<id>, and makes it current when asked. */
static inline void store_add_build(
    const char *dir, const char *id, bool current)
{
    static const uint32_t none[1] = {0};
    const struct proc_source codes = {.first_span = none};
    char path[STORE_DIR_MAX + 64], format[16];
    struct store_writer *writer;
    struct buffer blob = {0};
    struct error err = {0};

    store_add_folder(path, dir, id);
    (void)snprintf(format, sizeof format, "%u", STORE_FORMAT);
    fixture_must(
        writer_open(&writer, path, &err) == 0 &&
            writer_meta(writer, "format", format, &err) == 0 &&
            writer_meta(writer, "id", id, &err) == 0 &&
            writer_meta(writer, "program", CODEREF_VERSION, &err) == 0 &&
            writer_meta(writer, "licensed", "no", &err) == 0 &&
            writer_meta(writer, "starter", "yes", &err) == 0,
        path, &err);
    fixture_must(text_table_write(&blob, NULL, 0, &err) == 0, "text", &err);
    store_add_blob(writer, "text", &blob);
    fixture_must(proc_table_write(&blob, &codes, &err) == 0, "proc", &err);
    store_add_blob(writer, "proc", &blob);
    fixture_must(code_list_write(&blob, NULL, 0, &err) == 0, "codes", &err);
    store_add_blob(writer, "codes", &blob);
    fixture_must(writer_finish(writer, &err) == 0, path, &err);
    if (current)
        fixture_must(builds_activate(dir, id, &err) == 0, dir, &err);
}

/* Writes a build whose data file is no store, and makes it current. */
static inline void store_add_broken(const char *dir, const char *id)
{
    char path[STORE_DIR_MAX + 64], file[STORE_DIR_MAX + 80];
    struct error err = {0};
    FILE *out;

    store_add_folder(path, dir, id);
    (void)snprintf(file, sizeof file, "%s/data.mdb", path);
    out = fopen(file, "w");
    fixture_must(out != NULL && fputs("this is no store\n", out) >= 0 &&
                     fclose(out) == 0,
        file, NULL);
    fixture_must(builds_activate(dir, id, &err) == 0, dir, &err);
}

static inline int store_remove_one(
    const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static inline void store_remove(const char *dir)
{
    (void)nftw(dir, store_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif

/* bench_build - building a store, against sqlite3 importing the same tables.
 *
 *   bench_build PROGRAM RELEASES FOLDER
 *
 * PROGRAM is coderef-index, RELEASES the folder of published releases. The two
 * edit tables of 2024Q3 are unpacked into FOLDER; what is built there stays,
 * for the benchmarks after this one: FOLDER/store with two builds, of the two
 * tables and of all releases (current).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codesets/store/builds.h"
#include "codesets/store/layout.h"
#include "indexer/files/input.h"
#include "tools/bench/support/measure.h"
#include "tools/bench/support/process.h"

enum { TABLES = 2, PATH_LEN = 4096 };

static const char quarter[] = "ncci_ptp/2024q3";

struct bench {
    const char *program, *releases, *folder;
    char table[TABLES][PATH_LEN]; /* the unpacked files */
    size_t tables;
    char store[PATH_LEN], database[PATH_LEN], script[PATH_LEN];
};

/* What one side took, round by round. */
struct course {
    double wall[ROUNDS_MAX], cpu[ROUNDS_MAX], memory;
    size_t rounds;
};

static void course_add(struct course *course, const struct usage *usage)
{
    course->wall[course->rounds] = usage->wall;
    course->cpu[course->rounds++] = usage->cpu;
    if (usage->memory > course->memory)
        course->memory = usage->memory;
}

static int unpack(void *context, const struct input *in, struct error *err)
{
    struct bench *bench = context;
    const char *base = strrchr(in->name, '/'), *packing;
    char *path;
    FILE *file;
    bool written;

    base = base != NULL ? base + 1 : in->name;
    if (in->damage != NULL || strstr(base, "ptp") == NULL)
        return 0;
    if (bench->tables == TABLES)
        return error_set(err, ERR_INPUT, 0, "more than two tables");
    path = bench->table[bench->tables++];
    packing = strstr(base, ".xz"); /* which it no longer has */
    (void)snprintf(path, PATH_LEN, "%s/%.*s", bench->folder,
        packing != NULL ? (int)(packing - base) : PATH_LEN, base);
    file = fopen(path, "wb");
    written = file != NULL && fwrite(in->data, 1, in->len, file) == in->len;
    if (file == NULL || fclose(file) != 0 || !written)
        return error_set(err, ERR_SYSTEM, 0, "cannot write %s", path);
    return 0;
}

static bool unpack_tables(struct bench *bench)
{
    char folder[PATH_LEN];
    const char *const paths[] = {folder};
    struct error err = {0};

    (void)snprintf(folder, sizeof folder, "%s/%s", bench->releases, quarter);
    if (access(folder, R_OK) != 0) {
        (void)fprintf(stderr, "bench_build: no %s\n", folder);
        return false;
    }
    if (input_walk(paths, 1, unpack, bench, &err) != 0 ||
        bench->tables != TABLES) {
        (void)fprintf(stderr, "bench_build: %s: %s\n", folder,
            err.code != 0 ? err.msg : "not two tables");
        return false;
    }
    return true;
}

/* One table a file, imported, and an index on each order of the codes. */
static bool write_script(const struct bench *bench)
{
    FILE *file = fopen(bench->script, "w");
    bool good = true;

    if (file == NULL)
        return false;
    (void)fputs("PRAGMA journal_mode=OFF;\nPRAGMA synchronous=OFF;\n"
                ".mode tabs\n",
        file);
    for (size_t i = 0; i < TABLES; i++)
        (void)fprintf(file,
            "CREATE TABLE ptp%zu(column1 TEXT, column2 TEXT,"
            " before_1996 TEXT, effective TEXT, deleted TEXT,"
            " modifier TEXT, rationale TEXT);\n"
            ".import --skip 1 '%s' ptp%zu\n"
            "CREATE INDEX ptp%zu_12 ON ptp%zu(column1, column2);\n"
            "CREATE INDEX ptp%zu_21 ON ptp%zu(column2, column1);\n",
            i, bench->table[i], i, i, i, i, i);
    good = ferror(file) == 0;
    return fclose(file) == 0 && good;
}

/* Bytes on disk of a file, or of those a build consists of. */
static double disk_of(const char *path)
{
    static const char *const parts[] = {"", "/data.mdb", "/manifest.json"};
    double bytes = 0;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char name[PATH_LEN + 16];
        struct stat st;

        (void)snprintf(name, sizeof name, "%s%s", path, parts[i]);
        if (stat(name, &st) == 0)
            bytes += (double)st.st_blocks * 512;
    }
    return bytes;
}

/* Bytes of the edit tables in the active build. */
static double pair_tables(const char *dir)
{
    struct store *store = NULL;
    struct error err = {0};
    double bytes = 0;

    if (store_open_current(&store, dir, &err) != 0)
        return 0;
    for (unsigned s = 0; s < SETTING_COUNT; s++)
        for (unsigned p = 0; p < PROGRAM_COUNT; p++) {
            const uint8_t name[] = {'p', 't', 'p', (uint8_t)s, (uint8_t)p};
            struct span span;

            if (store_blob(store, name, sizeof name, &span, &err) == 0)
                bytes += (double)span.len;
        }
    store_close(store);
    return bytes;
}

/* Builds out of nothing, so that nothing is taken over from a round before. */
static bool build_once(
    const struct bench *bench, char *const paths[], struct course *course)
{
    char *const clear[] = {"rm", "-rf", (char *)bench->store, NULL};
    char *argv[TABLES + 6] = {(char *)bench->program, "build", "--quiet",
        "--store", (char *)bench->store};
    struct usage usage;

    for (size_t i = 0; paths[i] != NULL; i++)
        argv[5 + i] = paths[i];
    if (!process_run(clear, NULL, NULL, &usage) ||
        !process_run(argv, NULL, NULL, &usage))
        return false;
    course_add(course, &usage);
    return true;
}

static bool import_once(const struct bench *bench, struct course *course)
{
    char *const argv[] = {"sqlite3", "-batch", (char *)bench->database, NULL};
    struct usage usage;

    (void)unlink(bench->database);
    if (!process_run(argv, bench->script, NULL, &usage))
        return false;
    course_add(course, &usage);
    return true;
}

static bool measure_tables(struct bench *bench)
{
    char *const paths[] = {bench->table[0], bench->table[1], NULL};
    const size_t times = rounds(3);
    static struct course ours, theirs;
    struct result time = {.name = "build of two PTP tables / sqlite3",
        .wish = AT_MOST,
        .wanted = 1,
        .target = {"1x"}};
    struct result size = {.name = "size of the pair tables / sqlite3",
        .wish = AT_MOST,
        .wanted = 0.25,
        .target = {"0.25x"}};
    double we, they;

    for (size_t r = 0; r < times; r++)
        if (!build_once(bench, paths, &ours) || !import_once(bench, &theirs))
            return false;
    we = median(ours.wall, times);
    they = median(theirs.wall, times);
    time.ours = duration(we);
    time.peer = duration(they);
    time.ratio = time.got = we / they;
    time.cpu = duration(median(ours.cpu, times));
    time.memory = size_of_bytes(ours.memory);
    result_print(&time);
    (void)fprintf(stderr,
        "bench_build: CPU time of sqlite3 %s, of coderef-index %s\n",
        duration(median(theirs.cpu, times)).text, time.cpu.text);
    we = pair_tables(bench->store);
    they = disk_of(bench->database);
    size.ours = size_of_bytes(we);
    size.peer = size_of_bytes(they);
    size.ratio = size.got = we / they;
    result_print(&size);
    (void)unlink(bench->database);
    return true;
}

static bool measure_all(struct bench *bench)
{
    char *const paths[] = {(char *)bench->releases, NULL};
    const size_t times = rounds(2);
    static struct course course;
    char build[BUILD_PATH_MAX];
    struct error err = {0};
    struct result wall = {.name = "build of all releases",
        .wish = AT_MOST,
        .wanted = 20,
        .target = {"20 s"}};
    struct result memory = {.name = "  its peak memory",
        .wish = AT_MOST,
        .wanted = 700.0 * (1 << 20),
        .target = {"700 MiB"}};
    struct result disk = {.name = "  its size on disk",
        .wish = AT_MOST,
        .wanted = 120.0 * (1 << 20),
        .target = {"120 MiB"}};

    for (size_t r = 0; r < times; r++)
        if (!build_once(bench, paths, &course))
            return false;
    if (builds_current(build, bench->store, &err) != 0) {
        (void)fprintf(stderr, "bench_build: %s\n", err.msg);
        return false;
    }
    wall.got = median(course.wall, times);
    wall.ours = duration(wall.got);
    wall.cpu = duration(median(course.cpu, times));
    wall.memory = size_of_bytes(course.memory);
    result_print(&wall);
    memory.got = course.memory;
    memory.ours = size_of_bytes(memory.got);
    result_print(&memory);
    disk.got = disk_of(build);
    disk.ours = size_of_bytes(disk.got);
    result_print(&disk);
    return true;
}

/* Adds the build of the two tables to the store of all releases. */
static bool add_tables(struct bench *bench)
{
    char *const argv[] = {(char *)bench->program, "build", "--quiet",
        "--no-activate", "--store", bench->store, bench->table[0],
        bench->table[1], NULL};
    struct usage usage;

    return process_run(argv, NULL, NULL, &usage);
}

int main(int argc, char **argv)
{
    static struct bench bench;

    if (argc != 4) {
        (void)fputs("usage: bench_build PROGRAM RELEASES FOLDER\n", stderr);
        return EXIT_FAILURE;
    }
    bench.program = argv[1];
    bench.releases = argv[2];
    bench.folder = argv[3];
    (void)snprintf(bench.store, PATH_LEN, "%s/store", argv[3]);
    (void)snprintf(bench.database, PATH_LEN, "%s/import.db", argv[3]);
    (void)snprintf(bench.script, PATH_LEN, "%s/import.sql", argv[3]);
    return unpack_tables(&bench) && write_script(&bench) &&
                   measure_tables(&bench) && measure_all(&bench) &&
                   add_tables(&bench)
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}

#include "indexer/builds/kept.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "codesets/core/day.h"
#include "codesets/store/store.h"
#include "indexer/builds/store_folder.h"
#include "indexer/builds/verify.h"

#define MORE ", …"
enum { NAME_MIN = 4, MIB = 1 << 20, LOADED_MAX = 1024 };

struct kept {
    char id[BUILD_ID_LEN + 1];
    time_t made;
    uint64_t bytes;
    bool active, damaged; /* damaged: it cannot be what was written */
    bool readable;        /* of a format that this program reads */
    bool starter, licensed;
    char loaded[LOADED_MAX]; /* "ptp 2024q3, pfs 2025d, …" */
};

/* --- reading ---------------------------------------------------------------
 */

/* The newest release of each published table. */
static void read_tables(struct kept *kept, const json_t *tables)
{
    const json_t *table;
    size_t i, len = 0;

    json_array_foreach(tables, i, table)
    {
        const json_t *releases = json_object_get(table, "releases");
        const json_t *newest =
            json_array_get(releases, json_array_size(releases) - 1);
        const char *name = json_string_value(json_object_get(table, "table"));
        const char *setting =
            json_string_value(json_object_get(table, "setting"));
        const char *label =
            json_string_value(json_object_get(newest, "release"));
        int n;

        /* The project's own tables are in every build. */
        if (name == NULL || label == NULL || strcmp(label, "own") == 0)
            continue;
        n = snprintf(kept->loaded + len, sizeof kept->loaded - len,
            "%s%s%s%s %s", len > 0 ? ", " : "", name,
            setting != NULL && *setting != '\0' ? " " : "",
            setting != NULL ? setting : "", label);
        if (n < 0 || (size_t)n >= sizeof kept->loaded - len) {
            (void)snprintf(kept->loaded + sizeof kept->loaded - sizeof MORE,
                sizeof MORE, MORE);
            break;
        }
        len += (size_t)n;
    }
}

/* False for a folder that is no build. */
static bool read_build(
    struct kept *kept, const char *builds, const char *id, const char *active)
{
    char path[BUILD_PATH_MAX];
    struct stat manifest, data;
    json_t *json;

    *kept = (struct kept){.active = strcmp(id, active) == 0};
    memcpy(kept->id, id, BUILD_ID_LEN + 1);
    if (snprintf(path, sizeof path, "%s/%s/data.mdb", builds, id) >=
            (int)sizeof path ||
        stat(path, &data) != 0 ||
        snprintf(path, sizeof path, "%s/%s/manifest.json", builds, id) >=
            (int)sizeof path ||
        stat(path, &manifest) != 0)
        return false;
    kept->bytes = (uint64_t)data.st_size;
    kept->made = manifest.st_mtime;
    json = json_load_file(path, 0, NULL);
    kept->damaged = json == NULL ||
                    (json_int_t)data.st_size !=
                        json_integer_value(json_object_get(json, "data_bytes"));
    kept->readable = json_integer_value(json_object_get(json, "format")) ==
                     (json_int_t)STORE_FORMAT;
    kept->starter = json_is_true(json_object_get(json, "starter"));
    kept->licensed =
        json_is_true(json_object_get(json, "ama_license_accepted"));
    read_tables(kept, json_object_get(json, "tables"));
    json_decref(json);
    return true;
}

static int newest_first(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;

    if (x->made != y->made)
        return x->made < y->made ? 1 : -1;
    return strcmp(x->id, y->id);
}

static bool is_id(const char *name)
{
    return strlen(name) == BUILD_ID_LEN &&
           strspn(name, "0123456789abcdef") == BUILD_ID_LEN;
}

/* All builds, newest first. The caller frees *out. */
static int read_all(
    struct kept **out, size_t *count, const char *store, struct error *err)
{
    char builds[BUILD_PATH_MAX], current[BUILD_PATH_MAX];
    const char *active = "";
    struct dirent *entry;
    DIR *dir;
    int rc = folder_join(builds, store, "builds", err);

    *out = NULL;
    *count = 0;
    if (rc != 0)
        return rc;
    if (builds_current(current, store, NULL) == 0)
        active = strrchr(current, '/') + 1;
    if ((dir = opendir(builds)) == NULL) {
        if (errno == ENOENT || errno == ENOTDIR)
            return error_set(err, ERR_NOTFOUND, errno,
                "%s holds no builds: make one with "
                "'coderef-index build --store %s PATH…'",
                store, store);
        return error_set(
            err, ERR_SYSTEM, errno, "%s: %s", builds, strerror(errno));
    }
    if ((*out = calloc(KEPT_MAX, sizeof **out)) == NULL) {
        (void)closedir(dir);
        return error_memory(err);
    }
    while (rc == 0 && (entry = readdir(dir)) != NULL) {
        if (!is_id(entry->d_name))
            continue;
        if (*count == KEPT_MAX)
            rc = error_set(
                err, ERR_LIMIT, 0, "%s: more than %d builds", builds, KEPT_MAX);
        else if (read_build(*out + *count, builds, entry->d_name, active))
            (*count)++;
    }
    (void)closedir(dir);
    if (rc == 0)
        qsort(*out, *count, sizeof **out, newest_first);
    return rc;
}

/* --- showing ----------------------------------------------------------------
 */

static void made_text(char out[32], const struct kept *kept)
{
    struct tm utc;

    (void)gmtime_r(&kept->made, &utc);
    (void)strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static json_t *as_json(const struct kept *kept)
{
    char made[32];

    made_text(made, kept);
    return json_pack("{s:s, s:b, s:s, s:I, s:b, s:b, s:b, s:b, s:s}", "id",
        kept->id, "active", kept->active, "made", made, "bytes",
        (json_int_t)kept->bytes, "damaged", kept->damaged, "readable",
        kept->readable, "starter", kept->starter, "licensed", kept->licensed,
        "loaded", kept->loaded);
}

static int print_json(
    const struct kept *kept, size_t count, FILE *out, struct error *err)
{
    json_t *list = json_array();
    int rc = 0;

    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(list, as_json(&kept[i])) != 0)
            rc = error_memory(err);
    if (rc == 0 && json_dumpf(list, out, JSON_INDENT(1)) != 0)
        rc = error_set(err, ERR_SYSTEM, errno, "writing: %s", strerror(errno));
    (void)fputc('\n', out);
    json_decref(list);
    return rc;
}

static void print_one(const struct kept *kept, FILE *out)
{
    char made[32];

    made_text(made, kept);
    (void)fprintf(out, "%c %s  %s  %8.1f MiB  %s%s\n", kept->active ? '*' : ' ',
        kept->id, made, (double)kept->bytes / MIB,
        kept->damaged     ? "damaged; 'verify' says more"
        : !kept->readable ? "of another version of the program; rebuild"
        : kept->starter   ? "the starter set"
                          : kept->loaded,
        kept->licensed ? " (licensed text)" : "");
}

int kept_list(const char *store, bool json, FILE *out, struct error *err)
{
    struct kept *kept;
    size_t count;
    int rc = read_all(&kept, &count, store, err);

    if (rc == 0 && json)
        rc = print_json(kept, count, out, err);
    for (size_t i = 0; rc == 0 && !json && i < count; i++)
        print_one(&kept[i], out);
    free(kept);
    return rc;
}

/* --- changing ---------------------------------------------------------------
 */

int kept_find(char id[BUILD_ID_LEN + 1], const char *store, const char *name,
    struct error *err)
{
    const size_t len = strlen(name);
    char path[BUILD_PATH_MAX];
    struct kept *kept;
    size_t count, found = 0;
    int rc;

    if (strcmp(name, "current") == 0) {
        if ((rc = builds_current(path, store, err)) == 0)
            (void)snprintf(id, BUILD_ID_LEN + 1, "%s", strrchr(path, '/') + 1);
        return rc;
    }

    if (len < NAME_MIN)
        return error_set(err, ERR_INPUT, 0,
            "'%s': at least %d characters of a build's id", name, NAME_MIN);
    rc = read_all(&kept, &count, store, err);
    for (size_t i = 0; rc == 0 && i < count; i++)
        if (strncmp(kept[i].id, name, len) == 0 && found++ == 0)
            memcpy(id, kept[i].id, BUILD_ID_LEN + 1);
    free(kept);
    if (rc == 0 && found != 1)
        rc = error_set(err, found == 0 ? ERR_NOTFOUND : ERR_INPUT, 0,
            "%s: %s build's id begins with '%s'; 'coderef-index list' shows "
            "them",
            store, found == 0 ? "no" : "more than one", name);
    return rc;
}

int kept_path(char path[BUILD_PATH_MAX], const char *store, const char *name,
    struct error *err)
{
    char id[BUILD_ID_LEN + 1] = "";
    struct stat info;
    int rc;

    if (strchr(name, '/') != NULL) {
        if (strlen(name) >= BUILD_PATH_MAX)
            return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", name);
        if (stat(name, &info) != 0)
            return error_set(
                err, ERR_NOTFOUND, 0, "%s: there is no such build", name);
        memcpy(path, name, strlen(name) + 1);
        return 0;
    }
    if (store == NULL)
        return error_set(
            err, ERR_INPUT, 0, "--store DIR is needed for the name '%s'", name);
    rc = strcmp(name, "previous") == 0 ? folder_before(id, store, err)
                                       : kept_find(id, store, name, err);
    if (rc == 0 && snprintf(path, BUILD_PATH_MAX, "%s/builds/%s", store, id) >=
                       BUILD_PATH_MAX)
        rc = error_set(err, ERR_INPUT, 0, "%.80s…: path too long", store);
    return rc;
}

/* With the lock held. */
static int switch_to(const char *store, const char *id,
    int (*go)(const char *store, const char *id, struct error *err), FILE *out,
    struct error *err)
{
    char path[BUILD_PATH_MAX];
    int rc = 0;

    if (snprintf(path, sizeof path, "%s/builds/%s", store, id) >=
        (int)sizeof path)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", store);
    if ((rc = verify_build(path, NULL, err)) != 0)
        return error_prefix(err, rc, "not activated");
    if ((rc = go(store, id, err)) == 0)
        (void)fprintf(out, "build %s is active\n", id);
    return rc;
}

int kept_activate(
    const char *store, const char *name, FILE *out, struct error *err)
{
    char id[BUILD_ID_LEN + 1] = "";
    int lock = -1, rc;

    if ((rc = folder_lock(store, &lock, err)) == 0 &&
        (rc = kept_find(id, store, name, err)) == 0)
        rc = switch_to(store, id, folder_activate, out, err);
    if (lock >= 0)
        (void)close(lock);
    return rc;
}

int kept_rollback(const char *store, FILE *out, struct error *err)
{
    char id[BUILD_ID_LEN + 1] = "", from[BUILD_ID_LEN + 1] = "";
    int lock = -1, rc;

    if ((rc = folder_lock(store, &lock, err)) == 0 &&
        (rc = folder_before(id, store, err)) == 0) {
        (void)kept_find(from, store, "current", NULL);
        rc = switch_to(store, id, folder_go_back, out, err);
        if (rc == 0 && *from != '\0')
            (void)fprintf(out,
                "  to undo this: coderef-index activate --store %s %s\n", store,
                from);
    }
    if (lock >= 0)
        (void)close(lock);
    return rc;
}

static void remove_one(const char *store, const struct kept *kept, FILE *out)
{
    char path[BUILD_PATH_MAX], hidden[BUILD_PATH_MAX];

    /* First out of sight, so that nobody meets half a build. */
    if (snprintf(path, sizeof path, "%s/builds/%s", store, kept->id) >=
            (int)sizeof path ||
        snprintf(hidden, sizeof hidden, "%s/builds/.gone.%s", store,
            kept->id) >= (int)sizeof hidden ||
        rename(path, hidden) != 0) {
        (void)fprintf(out, "build %s could not be removed: %s\n", kept->id,
            strerror(errno));
        return;
    }
    folder_remove_build(hidden);
    (void)fprintf(out, "build %s removed, %.1f MiB\n", kept->id,
        (double)kept->bytes / MIB);
}

int kept_prune(const char *store, size_t keep, FILE *out, struct error *err)
{
    char before[BUILD_ID_LEN + 1] = "";
    struct kept *kept = NULL;
    size_t count = 0, others = 0, needed = 0;
    int lock = -1, rc;

    if ((rc = folder_lock(store, &lock, err)) == 0)
        rc = read_all(&kept, &count, store, err);
    if (rc == 0) {
        folder_sweep(store);
        (void)folder_before(before, store, NULL);
    }
    for (size_t i = 0; rc == 0 && i < count; i++)
        needed += kept[i].active || (keep > 1 && !strcmp(kept[i].id, before));
    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (kept[i].active || (keep > 1 && strcmp(kept[i].id, before) == 0))
            continue;
        if (needed + others < keep)
            others++;
        else
            remove_one(store, &kept[i], out);
    }
    free(kept);
    if (lock >= 0)
        (void)close(lock);
    return rc;
}

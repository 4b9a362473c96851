#include "indexer/builds/store_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define GONE_BACK " back"

enum {
    ACTIVATION_LEN =
        20 + 1 + BUILD_ID_LEN + sizeof GONE_BACK, /* bytes of a line */
    WAYS_BACK_MAX = 1024, /* activations that rollback can go through */
};

static int system_error(struct error *err, const char *path)
{
    return error_set(err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
}

int folder_join(char out[BUILD_PATH_MAX], const char *folder, const char *name,
    struct error *err)
{
    if (snprintf(out, BUILD_PATH_MAX, "%s/%s", folder, name) >= BUILD_PATH_MAX)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", folder);
    return 0;
}

int folder_make(const char *path, struct error *err)
{
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return system_error(err, path);
    return 0;
}

int folder_sync(const char *path, struct error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    int rc = 0;

    if (fd < 0 || fsync(fd) != 0)
        rc = system_error(err, path);
    if (fd >= 0)
        (void)close(fd);
    return rc;
}

static int take_lock(const char *store, const char *name, const char *busy,
    int *fd, struct error *err)
{
    char path[BUILD_PATH_MAX];
    int rc = folder_join(path, store, name, err);

    if (rc != 0)
        return rc;
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (*fd < 0)
        return system_error(err, path);
    if (flock(*fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            rc = error_set(err, ERR_SYSTEM, errno, "%s: %s", store, busy);
        else
            rc = system_error(err, path);
        (void)close(*fd);
        *fd = -1;
    }
    return rc;
}

int folder_lock(const char *store, int *fd, struct error *err)
{
    return take_lock(
        store, ".coderef.lock", "another build is being made", fd, err);
}

int folder_lock_refresh(const char *store, int *fd, struct error *err)
{
    return take_lock(store, ".refresh.lock",
        "another refresh is running; it was left alone and nothing changed", fd,
        err);
}

/* A build's folder holds two files and no folders. Without its manifest it is
 * no build any more. */
void folder_remove_build(const char *path)
{
    static const char *const files[] = {"manifest.json", "data.mdb"};
    char file[BUILD_PATH_MAX];

    for (size_t i = 0; i < 2; i++)
        if (folder_join(file, path, files[i], NULL) == 0)
            (void)unlink(file);
    (void)rmdir(path);
}

/* Links whose name begins so, and folders of builds. */
static void sweep(const char *folder, const char *begin)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    char path[BUILD_PATH_MAX];

    if (dir == NULL)
        return;
    while ((entry = readdir(dir)) != NULL)
        if (strncmp(entry->d_name, begin, strlen(begin)) == 0 &&
            strcmp(entry->d_name, ".") != 0 &&
            strcmp(entry->d_name, "..") != 0 &&
            folder_join(path, folder, entry->d_name, NULL) == 0 &&
            unlink(path) != 0)
            folder_remove_build(path);
    (void)closedir(dir);
}

void folder_sweep(const char *store)
{
    char builds[BUILD_PATH_MAX];

    if (folder_join(builds, store, "builds", NULL) == 0)
        sweep(builds, ".");
    sweep(store, ".current.");
}

/* The two change places in one step, since the active build may be the one. An
 * older build of the same id holds the same bytes, unless something damaged it.
 */
int folder_settle(const char *fresh, const char *builds, const char *id,
    char out[BUILD_PATH_MAX], struct error *err)
{
    char old[BUILD_PATH_MAX];
    int rc;

    if ((rc = folder_join(out, builds, id, err)) != 0 ||
        (rc = folder_sync(fresh, err)) != 0)
        return rc;
    if (rename(fresh, out) == 0)
        return folder_sync(builds, err);
    if (errno != ENOTEMPTY && errno != EEXIST)
        return system_error(err, out);
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, out, RENAME_EXCHANGE) == 0) {
        folder_remove_build(fresh);
        return folder_sync(builds, err);
    }
    /* A file system that cannot exchange: for a moment there is neither. */
    if (snprintf(old, sizeof old, "%s/.old.%s", builds, id) >= (int)sizeof old)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", builds);
    if (rename(out, old) != 0)
        return system_error(err, out);
    if (rename(fresh, out) != 0) {
        const int cause = errno;

        (void)rename(old, out);
        errno = cause;
        return system_error(err, out);
    }
    folder_remove_build(old);
    return folder_sync(builds, err);
}

/* --- which was active when -------------------------------------------------
 */

/* Appends a line. It comes after the switch: a line that a power cut swallows
 * leaves the build before as the last one named, which is where rollback goes.
 * A line that cannot be written is no reason to call the switch a failure. */
static void remember(const char *store, const char *id, const char *how)
{
    char path[BUILD_PATH_MAX], line[ACTIVATION_LEN + 1];
    const time_t now = time(NULL);
    struct tm utc;
    size_t len;
    int fd;

    if (folder_join(path, store, "activations", NULL) != 0)
        return;
    (void)gmtime_r(&now, &utc);
    len = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%SZ ", &utc);
    (void)snprintf(
        line + len, sizeof line - len, "%.*s%s\n", BUILD_ID_LEN, id, how);
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0)
        return;
    if (write(fd, line, strlen(line)) > 0)
        (void)fsync(fd);
    (void)close(fd);
    (void)folder_sync(store, NULL); /* it may be a new file */
}

static bool is_active(const char *store, const char *id)
{
    char path[BUILD_PATH_MAX];

    return builds_current(path, store, NULL) == 0 &&
           strcmp(strrchr(path, '/') + 1, id) == 0;
}

static int activate(
    const char *store, const char *id, const char *how, struct error *err)
{
    int rc;

    if (is_active(store, id))
        return 0;
    rc = builds_activate(store, id, err);
    if (rc == 0)
        remember(store, id, how);
    return rc;
}

int folder_activate(const char *store, const char *id, struct error *err)
{
    return activate(store, id, "", err);
}

int folder_go_back(const char *store, const char *id, struct error *err)
{
    return activate(store, id, GONE_BACK, err);
}

static bool is_there(const char *store, const char *id)
{
    char path[BUILD_PATH_MAX];
    struct stat st;

    return snprintf(path, sizeof path, "%s/builds/%s/manifest.json", store,
               id) < (int)sizeof path &&
           stat(path, &st) == 0;
}

/* The builds that became active, oldest first, without those that rollback has
 * gone back from. */
struct way {
    size_t count;
    char id[WAYS_BACK_MAX][BUILD_ID_LEN + 1];
};

static void way_on(struct way *way, const char *id)
{
    if (way->count == WAYS_BACK_MAX)
        memmove(way->id[0], way->id[1], sizeof way->id[0] * --way->count);
    memcpy(way->id[way->count++], id, sizeof way->id[0]);
}

static void way_back(struct way *way, const char *id)
{
    size_t at = way->count;

    while (at > 0 && strcmp(way->id[at - 1], id) != 0)
        at--;
    if (at > 0)
        way->count = at;
    else
        way_on(way, id); /* what came before it is not known any more */
}

static int read_way(struct way *out, const char *store, struct error *err)
{
    char path[BUILD_PATH_MAX], line[ACTIVATION_LEN + 2], id[BUILD_ID_LEN + 1];
    FILE *file;
    int rc = folder_join(path, store, "activations", err);

    if (rc != 0)
        return rc;
    file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%*20s %16[0-9a-f]", id) != 1)
            continue;
        if (strstr(line, GONE_BACK) != NULL)
            way_back(out, id);
        else
            way_on(out, id);
    }
    if (file != NULL)
        (void)fclose(file);
    return 0;
}

int folder_before(
    char id[BUILD_ID_LEN + 1], const char *store, struct error *err)
{
    struct way *way = calloc(1, sizeof *way);
    size_t at;
    int rc = way == NULL ? error_memory(err) : read_way(way, store, err);

    if (rc == 0) {
        for (at = way->count; at > 0; at--)
            if (!is_active(store, way->id[at - 1]) &&
                is_there(store, way->id[at - 1]))
                break;
        if (at > 0)
            memcpy(id, way->id[at - 1], sizeof way->id[0]);
        else
            rc = error_set(err, ERR_NOTFOUND, 0,
                "%s: no other build was active before, or it is gone; "
                "'coderef-index list' shows what there is, 'activate' takes "
                "any of them",
                store);
    }
    free(way);
    return rc;
}

bool folder_was_active(const char *store, const char *id)
{
    char path[BUILD_PATH_MAX], line[ACTIVATION_LEN + 2], word[BUILD_ID_LEN + 1];
    bool found = false;
    FILE *file;

    if (folder_join(path, store, "activations", NULL) != 0 ||
        (file = fopen(path, "r")) == NULL)
        return false;
    while (!found && fgets(line, sizeof line, file) != NULL)
        found = sscanf(line, "%*20s %16[0-9a-f]", word) == 1 &&
                strcmp(word, id) == 0;
    (void)fclose(file);
    return found;
}

#include "indexer/refresh/keep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "indexer/builds/store_folder.h"

static int system_error(struct error *err, const char *path)
{
    return error_set(err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
}

int keep_path(char out[BUILD_PATH_MAX], const char *store, const char *name,
    struct error *err)
{
    if (snprintf(out, BUILD_PATH_MAX, "%s/refresh/%s", store, name) >=
        BUILD_PATH_MAX)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", store);
    return 0;
}

static int write_whole(
    const char *path, const char *bytes, size_t len, struct error *err)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    int rc = 0;

    if (fd < 0)
        return system_error(err, path);
    for (size_t at = 0; rc == 0 && at < len;) {
        const ssize_t n = write(fd, bytes + at, len - at);

        if (n >= 0)
            at += (size_t)n;
        else if (errno != EINTR)
            rc = system_error(err, path);
    }
    if (rc == 0 && fsync(fd) != 0)
        rc = system_error(err, path);
    if (close(fd) != 0 && rc == 0)
        rc = system_error(err, path);
    return rc;
}

int keep_file(const char *store, const char *name, const char *bytes,
    size_t len, struct error *err)
{
    char folder[BUILD_PATH_MAX], path[BUILD_PATH_MAX], fresh[BUILD_PATH_MAX];
    char hidden[64];
    int rc;

    if (snprintf(hidden, sizeof hidden, ".%s", name) >= (int)sizeof hidden)
        return error_set(err, ERR_INPUT, 0, "%.40s…: name too long", name);
    if ((rc = folder_join(folder, store, "refresh", err)) != 0 ||
        (rc = folder_make(folder, err)) != 0 ||
        (rc = keep_path(path, store, name, err)) != 0 ||
        (rc = keep_path(fresh, store, hidden, err)) != 0)
        return rc;
    rc = write_whole(fresh, bytes, len, err);
    if (rc == 0 && rename(fresh, path) != 0)
        rc = system_error(err, path);
    if (rc != 0)
        (void)unlink(fresh);
    return rc;
}

/* "ID.txt" of a build that is not there. */
static bool is_orphan(const char *store, const char *name)
{
    char build[BUILD_PATH_MAX];
    struct stat st;

    return strspn(name, "0123456789abcdef") == BUILD_ID_LEN &&
           name[BUILD_ID_LEN] == '.' &&
           snprintf(build, sizeof build, "%s/builds/%.*s/manifest.json", store,
               BUILD_ID_LEN, name) < (int)sizeof build &&
           stat(build, &st) != 0 && errno == ENOENT;
}

void keep_sweep(const char *store)
{
    char folder[BUILD_PATH_MAX], path[BUILD_PATH_MAX];
    struct dirent *entry;
    DIR *dir;

    if (folder_join(folder, store, "refresh", NULL) != 0 ||
        (dir = opendir(folder)) == NULL)
        return;
    while ((entry = readdir(dir)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 &&
            strcmp(entry->d_name, "..") != 0 &&
            (entry->d_name[0] == '.' || is_orphan(store, entry->d_name)) &&
            keep_path(path, store, entry->d_name, NULL) == 0)
            (void)unlink(path);
    (void)closedir(dir);
}

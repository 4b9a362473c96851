#include "codesets/store/builds.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int builds_current(char out[BUILD_PATH_MAX], const char *dir, struct error *err)
{
    char link[BUILD_PATH_MAX];
    int n = snprintf(link, sizeof link, "%s/current", dir);

    if (n < 0 || (size_t)n >= sizeof link)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", dir);
    if (realpath(link, out) == NULL) {
        if (errno == ENOENT || errno == ENOTDIR)
            return error_set(err, ERR_NOTFOUND, errno,
                "%s holds no active build: make one with "
                "'coderef-index build --store %s PATH…'",
                dir, dir);
        return error_set(
            err, ERR_SYSTEM, errno, "%s: %s", link, strerror(errno));
    }
    return 0;
}

/* So that a power cut after the rename cannot bring the old name back. */
static int sync_folder(const char *path, struct error *err)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = 0;

    if (fd < 0 || fsync(fd) != 0)
        rc = error_set(err, ERR_SYSTEM, errno, "%s: cannot sync: %s", path,
            strerror(errno));
    if (fd >= 0)
        (void)close(fd);
    return rc;
}

int builds_activate(const char *dir, const char *id, struct error *err)
{
    char target[64], fresh[BUILD_PATH_MAX], link[BUILD_PATH_MAX];
    int n;

    if (snprintf(target, sizeof target, "builds/%s", id) >= (int)sizeof target)
        return error_set(err, ERR_INPUT, 0, "%.40s: not a build id", id);
    n = snprintf(fresh, sizeof fresh, "%s/.current.%ld", dir, (long)getpid());
    if (n < 0 || (size_t)n >= sizeof fresh)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", dir);
    (void)snprintf(link, sizeof link, "%.*s/current", (int)strlen(dir), dir);
    (void)unlink(fresh);
    if (symlink(target, fresh) != 0)
        return error_set(
            err, ERR_SYSTEM, errno, "%s: %s", fresh, strerror(errno));
    if (rename(fresh, link) != 0) {
        const int cause = errno;

        (void)unlink(fresh);
        return error_set(
            err, ERR_SYSTEM, cause, "%s: %s", link, strerror(cause));
    }
    return sync_folder(dir, err);
}

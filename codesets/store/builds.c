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

static int failed(struct error *err, const char *path, int cause)
{
    return error_set(err, ERR_SYSTEM, cause, "%s: %s", path, strerror(cause));
}

/* Makes link a symbolic link to target in one step, whatever it was before. */
static int point_to(
    const char *link, const char *fresh, const char *target, struct error *err)
{
    int cause;

    (void)unlink(fresh);
    if (symlink(target, fresh) != 0)
        return failed(err, fresh, errno);
    if (rename(fresh, link) == 0)
        return 0;
    cause = errno;
    (void)unlink(fresh);
    return failed(err, link, cause);
}

/* The folder is opened before anything changes. Synced, a power cut cannot
 * bring the old name back; if that fails the old name is put back, so that an
 * error means the same to everybody. */
int builds_activate(const char *dir, const char *id, struct error *err)
{
    char target[64], before[64], fresh[BUILD_PATH_MAX], link[BUILD_PATH_MAX];
    ssize_t len;
    int n, folder, rc;

    if (snprintf(target, sizeof target, "builds/%s", id) >= (int)sizeof target)
        return error_set(err, ERR_INPUT, 0, "%.40s: not a build id", id);
    n = snprintf(fresh, sizeof fresh, "%s/.current.%ld", dir, (long)getpid());
    if (n < 0 || (size_t)n >= sizeof fresh)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", dir);
    (void)snprintf(link, sizeof link, "%.*s/current", (int)strlen(dir), dir);
    folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return failed(err, dir, errno);
    len = readlink(link, before, sizeof before - 1);
    rc = point_to(link, fresh, target, err);
    if (rc == 0 && fsync(folder) != 0) {
        const int cause = errno;

        before[len > 0 ? len : 0] = '\0';
        rc = len > 0 ? point_to(link, fresh, before, NULL) : unlink(link);
        rc = error_set(err, ERR_SYSTEM, cause, "%s: cannot sync: %s%s%s", dir,
            strerror(cause), rc != 0 ? ", nor switch back: active is " : "",
            rc != 0 ? target : "");
    }
    (void)close(folder);
    return rc;
}

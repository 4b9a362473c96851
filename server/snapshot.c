#include "server/snapshot.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/store/builds.h"

struct snapshot {
    struct snapshot *next;
    struct store *store;
    unsigned holds; /* requests, and one for being active */
    char path[BUILD_PATH_MAX];
};

struct snapshots {
    struct snapshot *active; /* NULL before the first build */
    struct snapshot *first;  /* all that are open */
    char *dir;
    char refused[BUILD_PATH_MAX]; /* the build that failed, or "" */
    bool lost; /* `current` could not be read, and that was said */
};

int snapshots_new(struct snapshots **out, const char *dir, struct error *err)
{
    struct snapshots *snapshots = calloc(1, sizeof *snapshots);

    if (snapshots == NULL || (snapshots->dir = strdup(dir)) == NULL) {
        free(snapshots);
        return error_memory(err);
    }
    *out = snapshots;
    return 0;
}

void snapshot_release(struct snapshots *snapshots, struct snapshot *snapshot)
{
    struct snapshot **link = &snapshots->first;

    if (snapshot == NULL || --snapshot->holds > 0)
        return;
    while (*link != snapshot)
        link = &(*link)->next;
    *link = snapshot->next;
    store_close(snapshot->store);
    free(snapshot);
}

void snapshots_free(struct snapshots *snapshots)
{
    if (snapshots == NULL)
        return;
    snapshot_release(snapshots, snapshots->active);
    assert(snapshots->first == NULL);
    free(snapshots->dir);
    free(snapshots);
}

/* The build at path, open: one that is still held from earlier, because LMDB
 * must not map one file twice in a process, or opened now. Counted. */
static int open_build(struct snapshot **out, struct snapshots *snapshots,
    const char *path, struct error *err)
{
    struct snapshot *snapshot = snapshots->first;
    int rc;

    while (snapshot != NULL && strcmp(snapshot->path, path) != 0)
        snapshot = snapshot->next;
    if (snapshot == NULL) {
        snapshot = calloc(1, sizeof *snapshot);
        if (snapshot == NULL)
            return error_memory(err);
        if ((rc = store_open(&snapshot->store, path, err)) != 0) {
            free(snapshot);
            return rc;
        }
        memcpy(snapshot->path, path, strlen(path) + 1);
        snapshot->next = snapshots->first;
        snapshots->first = snapshot;
    }
    snapshot->holds++;
    *out = snapshot;
    return 0;
}

int snapshots_refresh(
    struct snapshots *snapshots, bool retry, struct error *err)
{
    struct snapshot *fresh = NULL;
    char path[BUILD_PATH_MAX];
    int rc = builds_current(path, snapshots->dir, err);

    if (rc != 0) {
        if (snapshots->lost && !retry)
            return 0;
        snapshots->lost = true;
        return rc;
    }
    snapshots->lost = false;
    if (snapshots->active != NULL &&
        strcmp(snapshots->active->path, path) == 0) {
        snapshots->refused[0] = '\0';
        return 0;
    }
    if (!retry && strcmp(snapshots->refused, path) == 0)
        return 0;
    rc = open_build(&fresh, snapshots, path, err);
    if (rc != 0) {
        memcpy(snapshots->refused, path, strlen(path) + 1);
        return rc;
    }
    snapshots->refused[0] = '\0';
    snapshot_release(snapshots, snapshots->active);
    snapshots->active = fresh;
    return 1;
}

struct snapshot *snapshot_hold(struct snapshots *snapshots)
{
    if (snapshots->active != NULL)
        snapshots->active->holds++;
    return snapshots->active;
}

const struct store *snapshot_store(const struct snapshot *snapshot)
{
    return snapshot != NULL ? snapshot->store : NULL;
}

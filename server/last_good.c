#include "server/last_good.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "codesets/store/builds.h"

/* Only its own worker writes a place: into the path that is not the present
 * one, which it then makes the present one. So a worker killed at any moment
 * leaves a whole path. A reader that was overtaken twice may see parts of two;
 * no such build can be opened. */
struct place {
    _Atomic unsigned present;
    char path[2][BUILD_PATH_MAX];
};

struct last_good {
    unsigned workers;
    struct place place[];
};

int last_good_open(struct last_good **out, unsigned workers, const char *path,
    struct error *err)
{
    const size_t size =
        sizeof(struct last_good) + workers * sizeof(struct place);
    struct last_good *last = mmap(
        NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (last == MAP_FAILED)
        return error_set(
            err, ERR_SYSTEM, errno, "shared memory: %s", strerror(errno));
    last->workers = workers;
    for (unsigned i = 0; i < workers; i++)
        last_good_set(last, i, path);
    *out = last;
    return 0;
}

void last_good_set(struct last_good *last, unsigned slot, const char *path)
{
    struct place *place;
    unsigned other;

    if (last == NULL)
        return;
    place = &last->place[slot];
    other = 1 - atomic_load(&place->present);
    (void)snprintf(place->path[other], BUILD_PATH_MAX, "%s", path);
    atomic_store(&place->present, other);
}

const char *last_good_get(
    const struct last_good *last, unsigned slot, unsigned i)
{
    const struct place *place;

    if (last == NULL || i >= last->workers)
        return NULL;
    place = &last->place[(slot + i) % last->workers];
    return place->path[atomic_load(&place->present)];
}

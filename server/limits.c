#include "server/limits.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

static const double second = 1e9; /* nanoseconds */

/* A key keeps its place for the life of the server, also when a changed file
 * leaves it out: keys come back. When all are taken two keys share one, which
 * allows them less, never more. */
struct place {
    _Atomic uint64_t id;    /* of a key's digest; 0: free */
    _Atomic uint64_t whole; /* when its allowance is whole, nanoseconds */
};

struct limits {
    struct place place[LIMITS_PLACES];
};

int limits_open(struct limits **out, struct error *err)
{
    struct limits *limits = mmap(NULL, sizeof *limits, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (limits == MAP_FAILED)
        return error_set(
            err, ERR_SYSTEM, errno, "shared memory: %s", strerror(errno));
    *out = limits;
    return 0;
}

void limits_close(struct limits *limits)
{
    if (limits != NULL)
        (void)munmap(limits, sizeof *limits);
}

static uint64_t id_of(const struct key *key)
{
    uint64_t id;

    memcpy(&id, key->digest, sizeof id);
    return id | 1; /* never 0 */
}

static struct place *place_of(struct limits *limits, const struct key *key)
{
    const uint64_t id = id_of(key);

    for (uint64_t i = 0; i < LIMITS_PLACES; i++) {
        struct place *place = &limits->place[((id >> 1) + i) % LIMITS_PLACES];
        uint64_t there = 0;

        if (atomic_load(&place->id) == id ||
            atomic_compare_exchange_strong(&place->id, &there, id) ||
            there == id)
            return place;
    }
    return &limits->place[(id >> 1) % LIMITS_PLACES];
}

bool limits_take(
    struct limits *limits, const struct key *key, uint64_t now, unsigned *wait)
{
    const uint64_t each = key->rate > 0 ? (uint64_t)(second / key->rate) : 0;
    const uint64_t ahead = each * key->burst;
    struct place *place;
    uint64_t whole, next;

    *wait = 0;
    if (key->rate <= 0)
        return true;
    place = place_of(limits, key);
    whole = atomic_load(&place->whole);
    /* What a key used up while it was allowed less must not shut it out for
     * hours. A place that two keys share may owe for the other one. */
    while (whole > now + ahead && atomic_load(&place->id) == id_of(key))
        if (atomic_compare_exchange_weak(&place->whole, &whole, now + ahead))
            whole = now + ahead;
    do {
        next = (whole > now ? whole : now) + each;
        if (next > now + ahead) {
            const double left = (double)(next - now - ahead) / second;

            *wait = (unsigned)left + ((double)(unsigned)left < left);
            return false;
        }
    } while (!atomic_compare_exchange_weak(&place->whole, &whole, next));
    return true;
}

#include "indexer/plan/texts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    CHUNK = 1 << 20,      /* bytes of text allocated at once */
    FIRST_SLOTS = 1 << 12 /* a power of two */
};

/* A slot of the table: 0 when free, else the upper half of the text's hash and
 * its number plus one. Texts are compared only where the halves agree. */
#define SLOT(hash, id) (((hash)&0xFFFFFFFF00000000u) | ((uint64_t)(id) + 1))

struct chunk {
    struct chunk *next;
    char bytes[];
};

struct entry {
    const char *text; /* in a chunk, with a NUL behind it */
    uint32_t len;
};

struct texts {
    struct chunk *chunks;
    char *free; /* of the newest chunk */
    size_t room;
    size_t bytes; /* in all chunks, of TEXTS_BYTES_MAX */
    struct entry *entries;
    uint32_t count, capacity;
    uint64_t *slots;
    size_t mask; /* slots - 1; more than half of them are free */
    uint64_t seed;
    bool failed;
};

static uint64_t mix(uint64_t h)
{
    h ^= h >> 32;
    h *= UINT64_C(0x9E3779B97F4A7C15);
    h ^= h >> 29;
    h *= UINT64_C(0xBF58476D1CE4E5B9);
    return h ^ h >> 32;
}

/* Eight bytes at a time. The seed differs from run to run, so that no file can
 * be made to collide; numbers go by order of addition and do not depend on it.
 */
static uint64_t hash_of(uint64_t seed, const char *text, size_t len)
{
    uint64_t h = seed ^ len, eight = 0;

    for (; len >= sizeof eight; text += sizeof eight, len -= sizeof eight) {
        memcpy(&eight, text, sizeof eight);
        h = mix(h ^ eight) + seed;
    }
    eight = 0;
    memcpy(&eight, text, len);
    return mix(h ^ eight);
}

int texts_open(struct texts **out, struct error *err)
{
    struct texts *texts = calloc(1, sizeof *texts);

    if (texts == NULL)
        return error_memory(err);
    texts->slots = calloc(FIRST_SLOTS, sizeof *texts->slots);
    texts->mask = FIRST_SLOTS - 1;
    if (getrandom(&texts->seed, sizeof texts->seed, GRND_NONBLOCK) < 0)
        texts->seed = 0;
    if (texts->slots == NULL || texts_add(texts, "", 0) != TEXT_EMPTY) {
        texts_close(texts);
        return error_memory(err);
    }
    *out = texts;
    return 0;
}

void texts_close(struct texts *texts)
{
    struct chunk *chunk, *next;

    if (texts == NULL)
        return;
    for (chunk = texts->chunks; chunk != NULL; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(texts->entries);
    free(texts->slots);
    free(texts);
}

static bool grow_slots(struct texts *texts)
{
    const size_t mask = 2 * texts->mask + 1;
    uint64_t *slots = calloc(mask + 1, sizeof *slots), hash;
    size_t at;
    uint32_t id;

    if (slots == NULL)
        return false;
    for (id = 0; id < texts->count; id++) {
        hash = hash_of(
            texts->seed, texts->entries[id].text, texts->entries[id].len);
        for (at = hash & mask; slots[at] != 0; at = (at + 1) & mask)
            ;
        slots[at] = SLOT(hash, id);
    }
    free(texts->slots);
    texts->slots = slots;
    texts->mask = mask;
    return true;
}

static bool grow_entries(struct texts *texts)
{
    const uint32_t capacity =
        texts->capacity != 0 ? 2 * texts->capacity : FIRST_SLOTS / 2;
    struct entry *entries = realloc(texts->entries, capacity * sizeof *entries);

    if (entries == NULL)
        return false;
    texts->entries = entries;
    texts->capacity = capacity;
    return true;
}

/* A copy that lives as long as the pool; NULL when there is no room. */
static const char *keep(struct texts *texts, const char *text, size_t len)
{
    struct chunk *chunk;
    size_t size;
    char *copy;

    if (len + 1 > texts->room) {
        size = len + 1 > CHUNK ? len + 1 : CHUNK;
        if (size > TEXTS_BYTES_MAX - texts->bytes)
            return NULL;
        chunk = malloc(sizeof *chunk + size);
        if (chunk == NULL)
            return NULL;
        chunk->next = texts->chunks;
        texts->chunks = chunk;
        texts->free = chunk->bytes;
        texts->room = size;
        texts->bytes += size;
    }
    copy = texts->free;
    memcpy(copy, text, len);
    copy[len] = '\0';
    texts->free += len + 1;
    texts->room -= len + 1;
    return copy;
}

/* Takes a text that is not in the pool yet into the free slot. */
static uint32_t add_new(struct texts *texts, uint64_t hash, size_t slot,
    const char *text, size_t len)
{
    const uint32_t id = texts->count;
    const char *copy = NULL;

    if (len < UINT32_MAX && id < TEXTS_MAX &&
        (id < texts->capacity || grow_entries(texts)))
        copy = keep(texts, text, len);
    if (copy == NULL) {
        texts->failed = true;
        return UINT32_MAX;
    }
    texts->entries[id] = (struct entry){copy, (uint32_t)len};
    texts->count++;
    texts->slots[slot] = SLOT(hash, id);
    if (texts->count > texts->mask / 2 && !grow_slots(texts))
        texts->failed = true;
    return id;
}

uint32_t texts_add(struct texts *texts, const char *text, size_t len)
{
    const uint64_t hash = hash_of(texts->seed, text, len);
    const struct entry *entry;
    uint64_t slot;
    size_t at;
    uint32_t id;

    if (texts->failed)
        return UINT32_MAX;
    for (at = hash & texts->mask; (slot = texts->slots[at]) != 0;
         at = (at + 1) & texts->mask) {
        if ((slot ^ hash) >> 32 != 0)
            continue;
        id = (uint32_t)slot - 1;
        entry = &texts->entries[id];
        if (entry->len == len && memcmp(entry->text, text, len) == 0)
            return id;
    }
    return add_new(texts, hash, at, text, len);
}

int texts_failed(const struct texts *texts)
{
    return texts->failed;
}

const char *texts_get(const struct texts *texts, uint32_t id, size_t *len)
{
    if (len != NULL)
        *len = texts->entries[id].len;
    return texts->entries[id].text;
}

uint32_t texts_count(const struct texts *texts)
{
    return texts->count;
}

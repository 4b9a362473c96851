/* fuzz_damaged.c - a build with any bytes in the place of some of its own: it
 * is refused when it is opened, or every kind of question of it ends and never
 * leaves its map.
 *
 * The first byte picks the build and the first of the questions; then four
 * bytes a time: which value of the build, where in it, and what is put there.
 * Pages of LMDB itself stay as they are: the checksum of a build guards those
 * (checksum.h). */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codesets/core/bytes.h"
#include "codesets/store/layout.h"
#include "tests/fuzz/ask.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/starter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { VALUES_MAX = 256, NEAR = 1 << 15, CHANGES_MAX = 64, ASKED = 6 };

/* ---- builds that can be damaged */

struct value {
    size_t at, len; /* in the file */
};

struct image {
    char folder[64];
    int fd;
    uint8_t *bytes; /* the file, sound */
    size_t size, values;
    struct value value[VALUES_MAX];
};

static struct image images[2];

static void drop_images(void)
{
    char command[128];

    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(
            command, sizeof command, "rm -rf '%.63s'", images[i].folder);
        require(system(command) == 0);
    }
}

/* Where LMDB has mapped the file that holds an address. */
static const uint8_t *map_of(const void *inside)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    const uintptr_t wanted = (uintptr_t)inside;
    uintptr_t first, end;
    char line[512];
    const uint8_t *found = NULL;

    require(maps != NULL);
    while (found == NULL && fgets(line, sizeof line, maps) != NULL)
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &first, &end) == 2 &&
            wanted >= first && wanted < end)
            found = (const uint8_t *)inside - (wanted - first);
    (void)fclose(maps);
    require(found != NULL);
    return found;
}

static void add_values(struct image *image, const struct store *store,
    MDB_dbi database, const uint8_t *map)
{
    MDB_cursor *cursor;
    MDB_val key, value;

    require(mdb_cursor_open(store->txn, database, &cursor) == 0);
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        require(image->values < VALUES_MAX);
        image->value[image->values++] = (struct value){
            (size_t)((const uint8_t *)value.mv_data - map), value.mv_size};
    }
    mdb_cursor_close(cursor);
}

static void copy_build(struct image *image, const struct store *store)
{
    const uint8_t *map = map_of(store->text.data);
    char path[96];
    MDB_envinfo info;
    MDB_stat pages;

    require(mdb_env_info(store->env, &info) == 0 &&
            mdb_env_stat(store->env, &pages) == 0);
    image->size = (info.me_last_pgno + 1) * pages.ms_psize;
    image->bytes = malloc(image->size);
    require(image->bytes != NULL);
    memcpy(image->bytes, map, image->size);
    add_values(image, store, store->blob, map);
    add_values(image, store, store->series_db, map);
    add_values(image, store, store->file, map);
    (void)snprintf(image->folder, sizeof image->folder,
        "%s/coderef-damaged-XXXXXX",
        access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    require(mkdtemp(image->folder) != NULL);
    (void)snprintf(path, sizeof path, "%s/data.mdb", image->folder);
    image->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    require(image->fd >= 0 && write(image->fd, image->bytes, image->size) ==
                                  (ssize_t)image->size);
}

/* A long value is damaged close to its beginning, where it says what it holds,
 * or anywhere in steps. */
static void put(const struct image *image, const uint8_t *change, bool sound)
{
    const struct value *value = &image->value[change[0] % image->values];
    const size_t place = load_u16(change + 1);
    size_t at = value->at;

    if (value->len > NEAR && place % 2 != 0)
        at += place / 2 * (value->len / NEAR);
    else if (value->len > NEAR)
        at += place / 2;
    else if (value->len > 0)
        at += place % value->len;
    require(pwrite(image->fd, sound ? &image->bytes[at] : &change[3], 1,
                (off_t)at) == 1);
}

/* ---- questions */

static void ask(const struct answers *answers, unsigned first)
{
    static const struct {
        const char *target, *body; /* a body: POST, as JSON */
    } questions[] = {
        {"/v1/codes/97110", NULL},
        {"/v1/codes/G0283?date=2024-08-01", NULL},
        {"/v1/codes/M54.50", NULL},
        {"/v1/codes/97110/edits", NULL},
        {"/v1/codes?prefix=9&limit=30", NULL},
        {"/v1/codes?from=M&to=N&limit=30", NULL},
        {"/v1/search?q=gait+tra&facets=section,billable&limit=5", NULL},
        {"/v1/search?q=low+back+pian&order=headings", NULL},
        {"/v1/search?q=97&timed=true", NULL},
        {"/v1/search?q=thx+lbp&found_in=true", NULL},
        {"/v1/search?q=cane+and+zebraine&system=icd10cm", NULL},
        {"/v1/pairs?codes=97110,97112,97150,97140,G0283", NULL},
        {"/v1/pairs?codes=97110,97116&setting=outpatient&modifiers=97110:59",
            NULL},
        {"/v1/units?minutes=97110:24,97140:15,97035:8", NULL},
        {"/v1/units?minutes=97110:24&rule=midpoint", NULL},
        {"/v1/claims/check",
            "{\"date\":\"2024-07-01\",\"state\":\"KY\",\"diagnoses\":"
            "[\"M54.50\",\"S09.90XA\"],\"lines\":[{\"code\":\"97140\",\"units\""
            ":2,\"minutes\":30,\"modifiers\":[\"59\",\"GP\"],\"dx\":[1]},"
            "{\"code\":\"97150\",\"units\":1,\"dx\":[1,2]},{\"code\":\"97110\","
            "\"units\":1}]}"},
        {"/v1/necessity?code=97035&icd10=M54.50&state=KY", NULL},
        {"/v1/necessity?code=97140", NULL},
        {"/v1/necessity?icd10=M54.50", NULL},
        {"/v1/policies/A100", NULL},
        {"/v1/policies/L34049", NULL},
        {"/v1/policies?q=therapy&state=KY", NULL},
        {"/v1/changes?from=2024-06-30&to=2024-07-01&limit=20", NULL},
        {"/v1/changes?counts=true", NULL},
        {"/v1/changes?codes=97110,M54.59&limit=20", NULL},
        {"/v1/releases", NULL},
        {"/code/97110", NULL},
        {"/code/M54.50", NULL},
        {"/changes?from=2024-06-30&to=2024-07-01", NULL},
    };
    enum { COUNT = sizeof questions / sizeof questions[0] };
    static struct reply reply;

    for (unsigned i = 0; i < ASKED; i++) {
        const char *body = questions[(first + i) % COUNT].body;

        (void)ask_route(&reply, answers,
            body != NULL ? METHOD_POST : METHOD_GET,
            questions[(first + i) % COUNT].target, TYPE_JSON, body,
            body != NULL ? strlen(body) : 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct image *image;
    struct answers *answers = NULL;
    struct store *store = NULL;
    size_t changes;

    if (images[0].bytes == NULL) {
        copy_build(&images[0], starter_answers()->store);
        copy_build(&images[1], ask_others()->store);
        require(atexit(drop_images) == 0);
    }
    if (len == 0)
        return 0;
    image = &images[data[0] % 2];
    changes = (len - 1) / 4;
    if (changes > CHANGES_MAX)
        changes = CHANGES_MAX;
    for (size_t i = 0; i < changes; i++)
        put(image, data + 1 + 4 * i, false);
    if (store_open(&store, image->folder, NULL) == 0 &&
        answers_open(&answers, store, NULL) == 0)
        ask(answers, data[0] / 2);
    answers_close(answers);
    store_close(store);
    for (size_t i = 0; i < changes; i++)
        put(image, data + 1 + 4 * i, true);
    return 0;
}

#include "codesets/store/checksum.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "codesets/store/builds.h"
#include "codesets/store/store.h"

enum { CHUNK = 1 << 20, MANIFEST_MAX = 64 << 20 };

static int system_error(const char *path, struct error *err)
{
    return error_set(err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
}

/* ------------------------------------------------------------ one file */

struct checksum {
    char path[BUILD_PATH_MAX];
    int fd; /* below zero: there is no manifest, and nothing to compare */
    XXH3_state_t *state;
    uint64_t bytes; /* read so far */
    char wanted[CHECKSUM_TEXT];
    uint64_t wanted_bytes;
    char chunk[CHUNK];
};

void checksum_end(struct checksum *check)
{
    if (check == NULL)
        return;
    (void)XXH3_freeState(check->state);
    if (check->fd >= 0)
        (void)close(check->fd);
    free(check);
}

static int open_file(struct checksum *check, struct error *err)
{
    struct stat file;

    /* O_NONBLOCK: a pipe under this name must not hold anybody up. */
    check->fd = open(check->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (check->fd < 0 || fstat(check->fd, &file) != 0)
        return system_error(check->path, err);
    if (!S_ISREG(file.st_mode))
        return error_set(
            err, ERR_INPUT, 0, "%s: not a regular file", check->path);
    check->state = XXH3_createState();
    if (check->state == NULL || XXH3_64bits_reset(check->state) == XXH_ERROR)
        return error_memory(err);
    return 0;
}

/* Returns 1 while there may be more, 0 at the end. */
static int sum_chunk(struct checksum *check, struct error *err)
{
    const ssize_t n = read(check->fd, check->chunk, CHUNK);

    if (n < 0)
        return system_error(check->path, err);
    (void)XXH3_64bits_update(check->state, check->chunk, (size_t)n);
    check->bytes += (uint64_t)n;
    return n > 0;
}

static void write_sum(char out[CHECKSUM_TEXT], const struct checksum *check)
{
    (void)snprintf(
        out, CHECKSUM_TEXT, "%016" PRIx64, XXH3_64bits_digest(check->state));
}

static struct checksum *new_check(void)
{
    struct checksum *check = calloc(1, sizeof *check);

    if (check != NULL)
        check->fd = -1;
    return check;
}

int checksum_file(char out[CHECKSUM_TEXT], uint64_t *bytes, const char *path,
    struct error *err)
{
    struct checksum *check = new_check();
    int rc;

    if (check == NULL)
        return error_memory(err);
    if (snprintf(check->path, sizeof check->path, "%s", path) >=
        (int)sizeof check->path)
        rc = error_set(err, ERR_INPUT, 0, "%.80s…: path too long", path);
    else if ((rc = open_file(check, err)) == 0)
        do
            rc = sum_chunk(check, err);
        while (rc > 0);
    if (rc == 0) {
        write_sum(out, check);
        *bytes = check->bytes;
    }
    checksum_end(check);
    return rc;
}

/* ----------------------------------------------------------- manifest */

/* The end of a manifest: its own sum in 16 digits stands between the two. */
static const char seal_begin[] = ",\n \"manifest_xxh3\": \"";
static const char seal_end[] = "\"\n}\n";
enum {
    SUM_LEN = CHECKSUM_TEXT - 1,
    SEAL_LEN = sizeof seal_begin - 1 + SUM_LEN + sizeof seal_end - 1
};

static void sum_of(char out[CHECKSUM_TEXT], const char *text, size_t len)
{
    (void)snprintf(out, CHECKSUM_TEXT, "%016" PRIx64, XXH3_64bits(text, len));
}

int checksum_seal(struct buffer *manifest, struct error *err)
{
    char sum[CHECKSUM_TEXT];

    if (manifest->failed)
        return error_memory(err);
    while (manifest->len > 0 &&
           strchr("}\n", manifest->data[manifest->len - 1]) != NULL)
        manifest->len--;
    sum_of(sum, manifest->data, manifest->len);
    buffer_addf(manifest, "%s%s%s", seal_begin, sum, seal_end);
    return manifest->failed ? error_memory(err) : 0;
}

static bool is_sealed(const struct buffer *manifest)
{
    char sum[CHECKSUM_TEXT], seal[SEAL_LEN + 1];
    size_t len = manifest->len;

    if (len < SEAL_LEN)
        return false;
    len -= SEAL_LEN;
    sum_of(sum, manifest->data, len);
    (void)snprintf(seal, sizeof seal, "%s%s%s", seal_begin, sum, seal_end);
    return memcmp(manifest->data + len, seal, SEAL_LEN) == 0;
}

/* Why a manifest is not what this program would have written. */
static int unsealed(
    const struct buffer *manifest, const char *path, struct error *err)
{
    json_t *json = json_loadb(manifest->data, manifest->len, 0, NULL);
    const json_t *format = json_object_get(json, "format");
    const json_int_t number = json_integer_value(format);
    int rc;

    if (number != 0 && number != (json_int_t)STORE_FORMAT)
        rc = error_set(err, ERR_CORRUPT, 0,
            "%s: store format %lld, this program reads %u: make it again with "
            "coderef-index build or refresh",
            path, (long long)number, STORE_FORMAT);
    else
        rc = error_set(err, ERR_CORRUPT, 0,
            "%s: not the manifest that was written: rebuild", path);
    json_decref(json);
    return rc;
}

/* Returns ERR_NOTFOUND when there is none. */
static int read_manifest(
    struct buffer *out, const char *path, struct error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t n = 0;
    int rc = 0;

    if (fd < 0)
        return errno == ENOENT ? ERR_NOTFOUND : system_error(path, err);
    while (rc == 0 && buffer_reserve(out, CHUNK) &&
           (n = read(fd, out->data + out->len, CHUNK)) > 0)
        out->len += (size_t)n;
    if (n < 0)
        rc = system_error(path, err);
    else if (out->failed)
        rc = out->len + CHUNK > MANIFEST_MAX
                 ? error_set(err, ERR_CORRUPT, 0, "%s: too long", path)
                 : error_memory(err);
    else if (!is_sealed(out))
        rc = unsealed(out, path, err);
    (void)close(fd);
    return rc;
}

/* What the manifest of a folder says of its file. Returns ERR_NOTFOUND when
 * there is no manifest. */
static int read_wanted(
    struct checksum *check, const char *folder, struct error *err)
{
    struct buffer text = {.max = MANIFEST_MAX};
    const char *sum = NULL;
    json_t *manifest = NULL;
    json_int_t length = 0;
    int rc;

    if (snprintf(check->path, sizeof check->path, "%s/manifest.json", folder) >=
        (int)sizeof check->path)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", folder);
    rc = read_manifest(&text, check->path, err);
    if (rc == 0 &&
        (manifest = json_loadb(text.data, text.len, 0, NULL)) == NULL)
        rc = error_memory(err); /* its bytes are the right ones */
    if (rc == 0 && (json_unpack(manifest, "{s:s, s:I}", "data_xxh3", &sum,
                        "data_bytes", &length) != 0 ||
                       strlen(sum) >= sizeof check->wanted))
        rc = error_set(err, ERR_CORRUPT, 0, "%s: no checksum", check->path);
    if (rc == 0) {
        memcpy(check->wanted, sum, strlen(sum) + 1);
        check->wanted_bytes = (uint64_t)length;
        (void)snprintf(check->path, sizeof check->path, "%.*s/data.mdb",
            (int)(sizeof check->path - sizeof "/manifest.json"), folder);
    }
    json_decref(manifest);
    buffer_clear(&text);
    return rc;
}

int checksum_begin(struct checksum **out, const char *folder, struct error *err)
{
    struct checksum *check = new_check();
    int rc;

    if (check == NULL)
        return error_memory(err);
    rc = read_wanted(check, folder, err);
    if (rc == 0)
        rc = open_file(check, err);
    if (rc == ERR_NOTFOUND)
        rc = 0;
    if (rc != 0)
        checksum_end(check);
    else
        *out = check;
    return rc;
}

int checksum_step(struct checksum *check, struct error *err)
{
    char sum[CHECKSUM_TEXT];
    int rc;

    if (check->fd < 0)
        return 0;
    rc = sum_chunk(check, err);
    if (rc != 0)
        return rc;
    write_sum(sum, check);
    if (strcmp(sum, check->wanted) != 0 || check->bytes != check->wanted_bytes)
        return error_set(err, ERR_CORRUPT, 0,
            "%s: not the file that was written: rebuild", check->path);
    return 0;
}

int checksum_verify(const char *folder, struct error *err)
{
    struct checksum *check = NULL;
    int rc = checksum_begin(&check, folder, err);

    if (rc != 0)
        return rc;
    do
        rc = checksum_step(check, err);
    while (rc > 0);
    checksum_end(check);
    return rc;
}

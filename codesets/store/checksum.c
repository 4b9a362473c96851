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

static int sum_up(int fd, XXH3_state_t *state, uint64_t *bytes,
    const char *path, struct error *err)
{
    char *chunk = malloc(CHUNK);
    ssize_t n = 0;

    *bytes = 0;
    if (chunk == NULL)
        return error_memory(err);
    while ((n = read(fd, chunk, CHUNK)) > 0) {
        (void)XXH3_64bits_update(state, chunk, (size_t)n);
        *bytes += (uint64_t)n;
    }
    free(chunk);
    return n == 0 ? 0 : system_error(path, err);
}

int checksum_file(char out[CHECKSUM_TEXT], uint64_t *bytes, const char *path,
    struct error *err)
{
    /* O_NONBLOCK: a pipe under this name must not hold anybody up. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    XXH3_state_t *state = NULL;
    struct stat file;
    int rc;

    if (fd < 0 || fstat(fd, &file) != 0)
        rc = system_error(path, err);
    else if (!S_ISREG(file.st_mode))
        rc = error_set(err, ERR_INPUT, 0, "%s: not a regular file", path);
    else if ((state = XXH3_createState()) == NULL ||
             XXH3_64bits_reset(state) == XXH_ERROR)
        rc = error_memory(err);
    else
        rc = sum_up(fd, state, bytes, path, err);
    if (rc == 0)
        (void)snprintf(
            out, CHECKSUM_TEXT, "%016" PRIx64, XXH3_64bits_digest(state));
    (void)XXH3_freeState(state);
    if (fd >= 0)
        (void)close(fd);
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

int checksum_verify(const char *folder, struct error *err)
{
    char path[BUILD_PATH_MAX], sum[CHECKSUM_TEXT];
    struct buffer text = {.max = MANIFEST_MAX};
    const char *wanted = NULL;
    json_t *manifest = NULL;
    json_int_t length = 0;
    uint64_t bytes = 0;
    int rc;

    if (snprintf(path, sizeof path, "%s/manifest.json", folder) >=
        (int)sizeof path)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", folder);
    rc = read_manifest(&text, path, err);
    if (rc == 0 &&
        (manifest = json_loadb(text.data, text.len, 0, NULL)) == NULL)
        rc = error_memory(err); /* its bytes are the right ones */
    if (rc == 0 && json_unpack(manifest, "{s:s, s:I}", "data_xxh3", &wanted,
                       "data_bytes", &length) != 0)
        rc = error_set(err, ERR_CORRUPT, 0, "%s: no checksum", path);
    if (rc == 0) {
        (void)snprintf(path, sizeof path, "%.*s/data.mdb",
            (int)(sizeof path - sizeof "/manifest.json"), folder);
        rc = checksum_file(sum, &bytes, path, err);
    }
    if (rc == 0 && (strcmp(sum, wanted) != 0 || bytes != (uint64_t)length))
        rc = error_set(err, ERR_CORRUPT, 0,
            "%s: not the file that was written: rebuild", path);
    json_decref(manifest);
    buffer_clear(&text);
    return rc == ERR_NOTFOUND ? 0 : rc;
}

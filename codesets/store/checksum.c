#include "codesets/store/checksum.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "codesets/store/builds.h"

enum { CHUNK = 1 << 20 };

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

int checksum_verify(const char *folder, struct error *err)
{
    char path[BUILD_PATH_MAX], sum[CHECKSUM_TEXT];
    const char *wanted = NULL;
    json_int_t length = 0;
    uint64_t bytes = 0;
    json_t *manifest;
    int rc;

    if (snprintf(path, sizeof path, "%s/manifest.json", folder) >=
        (int)sizeof path)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", folder);
    manifest = json_load_file(path, 0, NULL);
    if (manifest == NULL && access(path, F_OK) == 0)
        return error_set(err, ERR_CORRUPT, 0, "%s: cannot be read", path);
    if (manifest == NULL)
        return 0;
    if (json_unpack(manifest, "{s:s, s:I}", "data_xxh3", &wanted, "data_bytes",
            &length) != 0) {
        json_decref(manifest);
        return 0;
    }
    (void)snprintf(path, sizeof path, "%.*s/data.mdb",
        (int)(sizeof path - sizeof "/manifest.json"), folder);
    rc = checksum_file(sum, &bytes, path, err);
    if (rc == 0 && (strcmp(sum, wanted) != 0 || bytes != (uint64_t)length))
        rc = error_set(err, ERR_CORRUPT, 0,
            "%s: not the file that was written: rebuild", path);
    json_decref(manifest);
    return rc;
}

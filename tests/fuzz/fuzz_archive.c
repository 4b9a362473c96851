/* A file of any bytes is walked to its leaves. Each is whole or damaged, ends
 * in a NUL and has a name of printable characters; a second walk tells the
 * same. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "indexer/files/input.h"
#include "tests/fuzz/require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct seen {
    size_t leaves, damaged, bytes;
};

static int look(void *context, const struct input *in, struct error *err)
{
    struct seen *seen = context;
    const char *name;

    require(strlen(in->name) <= INPUT_NAME_MAX);
    for (name = in->name; *name != '\0'; name++)
        require((unsigned char)*name >= 0x20 && *name != 0x7f);
    require(strlen(in->sha256) == 64);
    seen->leaves++;
    if (in->damage != NULL) {
        require(in->data == NULL && in->len == 0 && in->damage[0] != '\0');
        seen->damaged++;
    } else {
        require(in->len <= INPUT_LEAF_MAX && in->data[in->len] == '\0');
        seen->bytes += in->len;
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct seen first = {0}, second = {0};
    char path[32];
    const char *const paths[] = {path};
    const int fd = memfd_create("archive", MFD_CLOEXEC);

    require(fd >= 0 && write(fd, data, len) == (ssize_t)len);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    require(input_walk(paths, 1, look, &first, NULL) == 0);
    require(input_walk(paths, 1, look, &second, NULL) == 0);
    require(first.leaves > 0);
    require(memcmp(&first, &second, sizeof first) == 0);
    (void)close(fd);
    return 0;
}

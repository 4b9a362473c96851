/* replay.c - runs a fuzzer over files instead of under libFuzzer.
 *
 *   fuzz_NAME PATH...
 *
 * Each file, and each file in a folder, is given to the fuzzer once. So every
 * input that was ever kept is tried again by any compiler, in every test run.
 * A path that is not there is no error: a fuzzer may have no corpus yet; it is
 * then given the empty input alone. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 16 << 20, PATH_SIZE = 4096 };

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(INPUT_MAX);
    size_t len = 0;
    int bad = file == NULL || data == NULL;

    if (!bad) {
        uint8_t *exact;

        len = fread(data, 1, INPUT_MAX, file);
        /* A buffer of the very size, so that reading past it is seen. */
        exact = malloc(len > 0 ? len : 1);
        bad = ferror(file) || exact == NULL;
        if (!bad) {
            memcpy(exact, data, len);
            (void)LLVMFuzzerTestOneInput(exact, len);
        }
        free(exact);
    }
    if (bad)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    if (file != NULL)
        (void)fclose(file);
    free(data);
    return bad;
}

static int replay(const char *path, unsigned *count)
{
    struct stat status;
    DIR *folder;
    int bad = 0;

    if (stat(path, &status) != 0)
        return errno != ENOENT;
    if (!S_ISDIR(status.st_mode)) {
        ++*count;
        return replay_file(path);
    }
    if ((folder = opendir(path)) == NULL)
        return 1;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char name[PATH_SIZE];
        const int len =
            snprintf(name, sizeof name, "%s/%s", path, entry->d_name);

        if (entry->d_name[0] == '.')
            continue;
        bad |= len < 0 || len >= PATH_SIZE || replay(name, count);
    }
    (void)closedir(folder);
    return bad;
}

int main(int argc, char **argv)
{
    unsigned count = 0;
    int bad = 0;

    (void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++)
        bad |= replay(argv[i], &count);
    printf("%u inputs\n", count);
    return bad;
}

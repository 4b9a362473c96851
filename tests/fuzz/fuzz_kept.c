/* Whatever stands in a store's manifest.json, and in its list of activations:
 * builds are listed, the one before is found or not, and a build whose manifest
 * does not vouch for itself is refused. The first byte says which of the two
 * files the rest is; the build itself is empty. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codesets/store/checksum.h"
#include "indexer/builds/kept.h"
#include "indexer/builds/store_folder.h"
#include "indexer/plan/previous.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ID "0123456789abcdef"
#define OTHER "fedcba9876543210"

static char store[64];

static void must(bool good)
{
    if (!good)
        abort();
}

static void put(const char *name, const void *bytes, size_t len)
{
    char path[256];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", store, name);
    file = fopen(path, "w");
    must(file != NULL && fwrite(bytes, 1, len, file) == len &&
         fclose(file) == 0);
}

static void drop(void)
{
    char command[128];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", store);
    must(system(command) == 0);
}

static void make(void)
{
    static const char *const folders[] = {
        "builds", "builds/" ID, "builds/" OTHER};
    char path[256];

    (void)snprintf(store, sizeof store, "%s/coderef-kept-XXXXXX",
        access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    must(mkdtemp(store) != NULL && atexit(drop) == 0);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", store, folders[i]);
        must(mkdir(path, 0700) == 0);
    }
    put("builds/" ID "/data.mdb", "", 0);
    put("builds/" ID "/manifest.json", "", 0);
    put("builds/" OTHER "/data.mdb", "", 0);
    put("builds/" OTHER "/manifest.json", "{}", 2);
    (void)snprintf(path, sizeof path, "%s/current", store);
    must(symlink("builds/" ID, path) == 0);
}

static void list(bool json)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    must(out != NULL && kept_list(store, json, out, NULL) == 0);
    must(fclose(out) == 0 && strstr(text, ID) != NULL);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct previous previous;
    char folder[128], before[BUILD_ID_LEN + 1];
    struct error err = {0};

    if (store[0] == '\0')
        make();
    if (size == 0)
        return 0;
    if (data[0] % 2 == 0) {
        put("activations", data + 1, size - 1);
        if (folder_before(before, store, &err) == 0)
            must(strcmp(before, OTHER) == 0);
        return 0;
    }
    put("builds/" ID "/manifest.json", data + 1, size - 1);
    (void)snprintf(folder, sizeof folder, "%s/builds/" ID, store);
    must(checksum_verify(folder, &err) == ERR_CORRUPT);
    must(strstr(err.msg, "manifest.json") != NULL ||
         strstr(err.msg, "data.mdb") != NULL);
    previous_read(&previous, store);
    must(previous.count <= PREVIOUS_MAX);
    list(false);
    list(true);
    return 0;
}

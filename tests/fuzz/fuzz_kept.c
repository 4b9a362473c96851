/* Whatever stands in the files that a store and a folder of releases keep for
 * themselves. The first byte says which the rest is:
 *
 *   the list of activations   the build before is found or not
 *   manifest.json             builds are listed; one whose manifest does not
 *                             vouch for itself is refused, and its successor is
 *                             compared with it
 *   refresh/inputs.json       what the last refresh read is known or not
 *   fetched.json              what was fetched is known, or the list is refused
 *
 * The build itself is empty. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codesets/store/checksum.h"
#include "indexer/builds/kept.h"
#include "indexer/builds/store_folder.h"
#include "indexer/fetch/shelf.h"
#include "indexer/plan/previous.h"
#include "indexer/refresh/alarms.h"
#include "indexer/refresh/inputs.h"

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
    static const char *const folders[] = {"builds", "builds/" ID,
        "builds/" OTHER, "refresh", "shelf", "shelf/.fetch"};
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

static void read_activations(void)
{
    char before[BUILD_ID_LEN + 1];

    if (folder_before(before, store, NULL) == 0)
        must(strcmp(before, OTHER) == 0);
}

static void read_manifest(void)
{
    static struct previous previous;
    static struct alarms alarms;
    char folder[128], other[128];
    struct inputs inputs = {.count = 0};
    struct error err = {0};

    (void)snprintf(folder, sizeof folder, "%s/builds/" ID, store);
    (void)snprintf(other, sizeof other, "%s/builds/" OTHER, store);
    must(checksum_verify(folder, &err) == ERR_CORRUPT);
    must(strstr(err.msg, "manifest.json") != NULL ||
         strstr(err.msg, "data.mdb") != NULL);
    previous_read(&previous, store);
    must(previous.count <= PREVIOUS_MAX);
    list(false);
    list(true);
    must(alarms_find(&alarms, folder, other, &err) == 0);
    must(alarms.count <= ALARMS_MAX && alarms.refusing <= alarms.count);
    (void)alarms_find(&alarms, other, folder, NULL);
    (void)alarms_find(&alarms, folder, folder, NULL);
    (void)inputs_made(&inputs, folder);
}

static void read_inputs(void)
{
    struct inputs inputs;

    inputs_remembered(&inputs, store);
    must(inputs.count == 0 || strlen(inputs.build) == BUILD_ID_LEN);
    for (size_t i = 0; i < inputs.count; i++)
        must(inputs.file[i].path != NULL && inputs.file[i].name != NULL);
    (void)inputs_same(&inputs, &inputs);
    inputs_clear(&inputs);
}

static void read_shelf(void)
{
    char folder[128];
    struct shelf *shelf = NULL;
    struct error err = {0};
    const struct kept_file *file;

    (void)snprintf(folder, sizeof folder, "%s/shelf", store);
    if (shelf_open(&shelf, folder, true, &err) != 0) {
        must(shelf == NULL && err.msg[0] != '\0');
        return;
    }
    (void)shelf_licences(shelf);
    file = shelf_find(shelf, "ptp", "", 20000, "x.zip");
    if (file != NULL)
        (void)shelf_has(shelf, file);
    shelf_close(shelf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        const char *name;
        void (*read)(void);
    } kinds[] = {{"activations", read_activations},
        {"builds/" ID "/manifest.json", read_manifest},
        {"refresh/inputs.json", read_inputs},
        {"shelf/.fetch/fetched.json", read_shelf}};
    const size_t count = sizeof kinds / sizeof kinds[0];

    if (store[0] == '\0')
        make();
    if (size == 0)
        return 0;
    put(kinds[data[0] % count].name, data + 1, size - 1);
    kinds[data[0] % count].read();
    return 0;
}

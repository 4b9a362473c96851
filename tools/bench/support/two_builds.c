#include "tools/bench/support/two_builds.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

static bool fail(const char *what, const char *why)
{
    (void)fprintf(stderr, "bench: %s: %s\n", what, why);
    return false;
}

bool two_builds(const char *store, char id[BUILDS][BUILD_ID_LEN + 1])
{
    char path[BUILD_PATH_MAX], current[BUILD_PATH_MAX];
    struct dirent *entry;
    struct error err = {0};
    const char *active;
    bool found = false;
    DIR *folder;

    if (builds_current(current, store, &err) != 0)
        return fail(store, err.msg);
    active = strrchr(current, '/') + 1;
    (void)snprintf(path, sizeof path, "%s/builds", store);
    folder = opendir(path);
    if (folder == NULL)
        return fail(path, "cannot be read");
    while (!found && (entry = readdir(folder)) != NULL)
        if (strlen(entry->d_name) == BUILD_ID_LEN &&
            strcmp(entry->d_name, active) != 0) {
            memcpy(id[0], entry->d_name, BUILD_ID_LEN + 1);
            found = true;
        }
    (void)closedir(folder);
    if (!found || strlen(active) != BUILD_ID_LEN)
        return fail(path, "two builds are needed");
    memcpy(id[1], active, BUILD_ID_LEN + 1);
    return true;
}

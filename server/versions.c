#include "server/versions.h"

#include <event2/event.h>
#include <jansson.h>
#include <lmdb.h>
#include <utf8proc.h>
#include <zlib.h>

#define TEXT(n) #n
#define NUMBER(n) TEXT(n)

void versions(struct library out[LIBRARIES_MAX])
{
    const struct library libraries[] = {
        {"libevent", event_get_version()},
        {"lmdb", NUMBER(MDB_VERSION_MAJOR) "." NUMBER(
                     MDB_VERSION_MINOR) "." NUMBER(MDB_VERSION_PATCH)},
        {"utf8proc", utf8proc_version()},
        {"jansson", jansson_version_str()},
        {"zlib", zlibVersion()},
        {NULL, NULL},
    };

    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++)
        out[i] = libraries[i];
}

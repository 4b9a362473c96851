/* versions.h - the libraries this program runs with. */
#ifndef SERVER_VERSIONS_H
#define SERVER_VERSIONS_H

struct library {
    const char *name; /* NULL ends the list */
    const char *version;
};

enum { LIBRARIES_MAX = 8 };

void versions(struct library out[LIBRARIES_MAX]);

#endif

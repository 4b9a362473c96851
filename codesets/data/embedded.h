/* embedded.h - the project's own data, inside the program.
 *
 * The tables of codesets/data and the starter set lie in the program's
 * read-only data, so that it finds them from whatever folder it is run. */
#ifndef CODESETS_DATA_EMBEDDED_H
#define CODESETS_DATA_EMBEDDED_H
#include <stddef.h>
#include <stdint.h>

struct embedded_file {
    const char *name;    /* as in the folder, without it: "modifiers.tsv" */
    const uint8_t *data; /* len bytes, then a NUL that len does not count */
    size_t len;
};

/* Each list is in byte order of its names and ends with a NULL name. */
extern const struct embedded_file embedded_data[];
extern const struct embedded_file embedded_starter[];

/* A file of one of the lists by its name; NULL when it is not there. */
const struct embedded_file *embedded_find(
    const struct embedded_file *list, const char *name);

#endif

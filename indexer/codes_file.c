#include "indexer/codes_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODES_FILE_MAX = 1 << 20 }; /* bytes of a list of codes */

int codes_file_read(
    struct compare_codes **out, const char *path, struct error *err)
{
    char *text = malloc(CODES_FILE_MAX + 1);
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    size_t len = 0;
    int rc = 0;

    if (text == NULL || file == NULL)
        rc = text == NULL ? error_memory(err)
                          : error_set(err, ERR_INPUT, 0,
                                "%s: the list of codes cannot be read", path);
    if (rc == 0)
        len = fread(text, 1, CODES_FILE_MAX + 1, file);
    if (rc == 0 && ferror(file))
        rc = error_set(err, ERR_SYSTEM, 0, "%s: cannot be read", path);
    else if (rc == 0 && len > CODES_FILE_MAX)
        rc = error_set(
            err, ERR_LIMIT, 0, "%s: more than %d bytes", path, CODES_FILE_MAX);
    if (rc == 0) {
        rc = compare_codes_parse(out, text, len, COMPARE_CODES_MAX, err);
        if (rc != 0)
            (void)error_prefix(err, rc, "%s", path);
    }
    if (file != NULL && file != stdin)
        (void)fclose(file);
    free(text);
    return rc;
}

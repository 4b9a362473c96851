/* codes_file.h - the file of a practice's own codes (--codes). */
#ifndef INDEXER_CODES_FILE_H
#define INDEXER_CODES_FILE_H
#include "codesets/compare/compare.h"

/* Reads a file of codes, "-" for standard input; see compare_codes_parse(). The
 * caller frees *out with compare_codes_free(). */
int codes_file_read(
    struct compare_codes **out, const char *path, struct error *err);

#endif

/* check.h - is what was downloaded the file that its name promises?
 *
 *   .zip, .xlsx   begins as a zip; every member is read, so that each CRC is
 *                 checked and an end that is missing is seen
 *   .gz, .xz      is such a stream and unpacks to its end, or is plain text
 *                 already (a server unpacked it on the way)
 *   .txt .csv .tsv .xml   text without NUL bytes
 *
 * Whatever the name, a web page is no release: a licence page, a page that says
 * "not found" with status 200, a login. Nothing is written. */
#ifndef INDEXER_FETCH_CHECK_H
#define INDEXER_FETCH_CHECK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/error.h"

enum { CHECK_SHA256_LEN = 64 };

struct checked {
    uint64_t bytes;
    char sha256[CHECK_SHA256_LEN + 1]; /* 64 hex digits and a NUL */
};

/* True when text begins like HTML, blanks, a byte order mark and comments
 * aside. */
bool check_is_page(const char *text, size_t len);

/* Reads the open file fd. name decides what it must be. Returns 0; ERR_INPUT
 * when it is not that, ERR_LIMIT when it is more than a build would read. */
int check_file(
    struct checked *out, int fd, const char *name, struct error *err);

#endif

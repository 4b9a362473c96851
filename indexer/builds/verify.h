/* verify.h - walks every record and every cross reference of a build. */
#ifndef INDEXER_BUILDS_VERIFY_H
#define INDEXER_BUILDS_VERIFY_H
#include <stdio.h>
#include "codesets/core/error.h"

/* path is a build's folder. Findings go to out, one a line (NULL: nowhere).
 * Returns 0, or ERR_CORRUPT with the first finding. */
int verify_build(const char *path, FILE *out, struct error *err);

/* Prints every record as text, one a line: rows as
 *   table setting program key releases file:row column=text …
 * and edits as  ptp setting program column1 column2 effective deleted …. */
int dump_build(const char *path, FILE *out, struct error *err);

#endif

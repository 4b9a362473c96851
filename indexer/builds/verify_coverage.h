/* verify_coverage.h - walks every record of the coverage data of a build. */
#ifndef INDEXER_BUILDS_VERIFY_COVERAGE_H
#define INDEXER_BUILDS_VERIFY_COVERAGE_H
#include <stdio.h>
#include "codesets/store/store.h"

/* Called once for each thing that is wrong, with one line that names it. */
typedef void coverage_finding_fn(void *context, const char *text);
void verify_coverage(const struct store *store, const struct series *series,
    coverage_finding_fn *found, void *context);

/* One line a document, text, group, member, relation, contractor, state and
 * jurisdiction, in the order of the store; line breaks of a text are written
 * "\n". */
void dump_coverage(
    const struct store *store, const struct series *series, FILE *out);

#endif

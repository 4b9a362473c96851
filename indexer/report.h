/* report.h - what went in and what came of it: the table at the end of a build
 * and the manifest that lies in it. */
#ifndef INDEXER_REPORT_H
#define INDEXER_REPORT_H
#include <stdio.h>
#include "indexer/plan/collect.h"
#include "indexer/plan/plan.h"
#include "indexer/write/write.h"

/* One line per file, refusals and notes below it. */
void report_table(FILE *out, const struct collection *collection);

/* Writes folder/manifest.json and syncs it. counts may be NULL (dry run). */
int report_manifest(const char *folder, const struct collection *collection,
    const struct plan *plan, const struct write_options *options,
    const struct write_counts *counts, struct error *err);

#endif

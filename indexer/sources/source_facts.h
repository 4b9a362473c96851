/* source_facts.h - what codesets/data/sources.tsv says of a published source.
 */
#ifndef INDEXER_SOURCES_SOURCE_FACTS_H
#define INDEXER_SOURCES_SOURCE_FACTS_H
#include "codesets/store/schema.h"

enum { SOURCE_PARTS_MAX = 9 };

/* How many files make one whole release of a table in one setting; 1 for a
 * table that the list does not name. */
int source_parts(enum table table);

#endif

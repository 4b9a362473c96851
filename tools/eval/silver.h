/* silver.h - judged queries made of the publisher's own indexes of ICD-10-CM:
 * what stands there is typed, and the code it leads to is the right one.
 *
 * The searches that are asked must not have been given those indexes: they are
 * read out of another store than the one that is searched. */
#ifndef TOOLS_EVAL_SILVER_H
#define TOOLS_EVAL_SILVER_H
#include "tools/eval/judged.h"

/* Reads the indexes of a store: of each so many entries whose codes are among
 * the documents, drawn by a hash of their words, always the same ones. False
 * with a line on standard error. */
bool silver_read(struct judged_list *out, const char *store_path,
    const struct documents *documents);

#endif

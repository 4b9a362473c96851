/* texts.h - every distinct text of a build, once, by a number.
 *
 * Rows are kept as numbers of texts until the store is written: most cells of
 * most files repeat, and two rows are equal when their numbers are. */
#ifndef INDEXER_PLAN_TEXTS_H
#define INDEXER_PLAN_TEXTS_H
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/error.h"

struct texts;

enum { TEXT_EMPTY = 0 };                  /* the number of "" in every pool */
#define TEXTS_MAX (UINT32_MAX / 4)        /* texts of a pool */
#define TEXTS_BYTES_MAX ((size_t)2 << 30) /* bytes of them */

int texts_open(struct texts **out, struct error *err);
void texts_close(struct texts *texts);
/* The number of a text, new or known. UINT32_MAX when memory ran out (the pool
 * remembers: texts_failed). */
uint32_t texts_add(struct texts *texts, const char *text, size_t len);
int texts_failed(const struct texts *texts);
/* The text, with a NUL behind it that len (which may be NULL) does not count;
 * lives as long as the pool. id must be one that texts_add gave. */
const char *texts_get(const struct texts *texts, uint32_t id, size_t *len);
uint32_t texts_count(const struct texts *texts);

#endif

/* probe.h - the head of a file, made ready for the sources to look at. */
#ifndef INDEXER_FILES_PROBE_H
#define INDEXER_FILES_PROBE_H
#include "indexer/sources/source.h"

enum { PROBE_TEXT_MAX = 4096 }; /* bytes of a cell; the rest is cut off */

/* Tells the form of a file without damage and copies its first rows. starter
 * and told_… are left empty for the caller to fill in. in is borrowed until the
 * close. Returns 0; ERR_INPUT or ERR_LIMIT for a file that cannot be read at
 * all (UTF-16, a damaged workbook): a damage, found later than others. */
int probe_open(struct probe **out, const struct input *in, struct error *err);
void probe_close(struct probe *probe); /* NULL is fine */

#endif

/* store.h - one build, open for reading.
 *
 * A store is a read-only memory map; everything it hands out lies in the map
 * and lives until store_close(). Any number of threads and processes may read
 * one build; none may write it. */
#ifndef CODESETS_STORE_STORE_H
#define CODESETS_STORE_STORE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/day.h"
#include "codesets/core/error.h"
#include "codesets/store/schema.h"

#define STORE_FORMAT 1u

struct store;

/* Opens the build in folder path (…/builds/<id>), checks its format number and
 * the bounds of its large tables: a few milliseconds, whatever its size.
 * Returns 0; ERR_CORRUPT for a build that cannot be right or has another format
 * ("rebuild"); ERR_SYSTEM. */
int store_open(struct store **out, const char *path, struct error *err);
void store_close(struct store *store); /* NULL is fine */

/* The build's id and the program version that wrote it. */
const char *store_id(const struct store *store);
const char *store_program(const struct store *store);

#endif

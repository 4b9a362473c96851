/* release_json.h - which release of a table answered, as JSON. */
#ifndef CODESETS_ANSWER_RELEASE_JSON_H
#define CODESETS_ANSWER_RELEASE_JSON_H
#include "codesets/answer/json.h"
#include "codesets/store/table.h"

/* The release of a series that speaks of a day, as an object; nothing for
 * NULL. In a gap it names the one before and, as "next", the one after. */
void release_used_json(
    struct json *json, const struct series *series, day_t day);
/* "in_force", "stale", "gap", "before", "outside", "not_loaded". */
const char *snapshot_state_name(enum snapshot_state state);

#endif

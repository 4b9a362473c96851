/* two_builds.h - the two builds that a store under measurement holds. */
#ifndef TOOLS_BENCH_SUPPORT_TWO_BUILDS_H
#define TOOLS_BENCH_SUPPORT_TWO_BUILDS_H
#include <stdbool.h>
#include "codesets/store/builds.h"

enum { BUILDS = 2 };

/* The active one last, so that who switches to and fro can end as it began. Of
 * more than two, any other one comes first. False with a line on standard
 * error. */
bool two_builds(const char *store, char id[BUILDS][BUILD_ID_LEN + 1]);

#endif

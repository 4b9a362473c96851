/* ask.h - a build for fuzzers to ask, and the way a request takes through the
 * server once it has been read: target, route, handler, stream. */
#ifndef TESTS_FUZZ_ASK_H
#define TESTS_FUZZ_ASK_H
#include "codesets/answer/answer.h"
#include "server/transport/reply.h"
#include "server/transport/request.h"

/* A row or two of what the starter set (starter.h) has none of: coverage, notes
 * and index of ICD-10-CM, conversions, the administrator's own lists. Made and
 * opened once, and gone from the disk at the end. */
const struct answers *ask_others(void);

/* The day of a question without a date; the builds are about this time. */
enum { ASK_TODAY = 19905 }; /* 2024-07-01 */

/* Puts a request to its handler; a stream is run to its end. type is the media
 * type of the body; NULL for none. A problem is rendered. Returns false when a
 * stream was cut. */
bool ask_route(struct reply *reply, const struct answers *answers,
    enum method method, const char *target, const char *type, const char *body,
    size_t len);

#endif

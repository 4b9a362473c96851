/* timed_json.h - what is known of a code's time, as JSON. */
#ifndef CODESETS_ANSWER_CARD_TIMED_JSON_H
#define CODESETS_ANSWER_CARD_TIMED_JSON_H
#include "codesets/answer/json.h"
#include "codesets/rules/rules.h"

/* An object: whether it is timed, its minutes, how that is known ("listed",
 * "descriptor", "unknown" with a reason), and a note where a loaded descriptor
 * says otherwise. */
void timed_fact_json(struct json *json, const struct rules *rules,
    const struct timed_fact *fact, day_t day);

#endif

/* marks.h - what one should know of a code before its card is opened: the
 * badges of a list. */
#ifndef CODESETS_ANSWER_MARKS_H
#define CODESETS_ANSWER_MARKS_H
#include "codesets/answer/json.h"
#include "codesets/rules/rules.h"
#include "codesets/store/codes.h"

/* Of a procedure code, members of an open object: "timed" (true, false, null),
 * "unit_minutes", "therapy" ("always", "sometimes", "no", null) and "addon"
 * (null: no add-on table is loaded). Nothing of other codes. */
void code_marks_json(struct json *json, const struct rules *rules,
    const struct code_ref *code, day_t day);

#endif

/* change_json.h - changes as JSON, for the API and for `diff --json`. */
#ifndef CODESETS_ANSWER_CHANGES_CHANGE_JSON_H
#define CODESETS_ANSWER_CHANGES_CHANGE_JSON_H
#include "codesets/answer/json.h"
#include "codesets/compare/compare.h"

/* One change, an object. store: the side after, for the advice. asked: the code
 * that is asked about, or NULL. */
void change_json(struct json *json, const struct store *store,
    const char *asked, const struct change *change);
/* The lists that were compared, an array; counted: with how much changed. */
void change_summary_json(
    struct json *json, const struct compare_summary *summary, bool counted);
/* "unknown": the codes asked about that neither side knows, an array. */
void change_unknown_json(
    struct json *json, const struct compare_question *question);

#endif

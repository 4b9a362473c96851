/* icd_tree.h - an ICD-10-CM code among its own: headers above, codes below.
 *
 * A code belongs to the longest header whose characters it begins with, so the
 * order file's tree needs no table: the codes of the build lie side by side.
 * Places are numbers into the build's list of codes. What a release in force on
 * the day does not have is left out; where no release speaks of the day, all
 * codes are given. */
#ifndef CODESETS_ANSWER_CARD_ICD_TREE_H
#define CODESETS_ANSWER_CARD_ICD_TREE_H
#include "codesets/answer/answer.h"

enum {
    ICD_ABOVE_MAX = ICD_MAX - 3, /* 3 to 6 characters */
    ICD_CHILDREN_MAX = 64,       /* a header has 22 at most, today */
    ICD_BILLABLE_SHOWN = 50      /* of a header; S82 has 3,096 */
};

struct icd_tree {
    size_t above; /* outermost first */
    uint32_t above_code[ICD_ABOVE_MAX];
    size_t children; /* the next codes below, in the order of the order file */
    uint32_t child[ICD_CHILDREN_MAX];
    size_t billable; /* the first codes below that can be billed, in order */
    uint32_t billable_code[ICD_BILLABLE_SHOWN];
    bool more; /* there are more of these */
};

/* Returns 0 or ERR_CORRUPT. */
int icd_tree_find(struct icd_tree *out, const struct answers *answers,
    const struct code_ref *code, day_t day, struct error *err);

/* What may have been meant by a code that is in no release: its X filled in, or
 * what the header it begins with goes on with. Writes a part of a sentence, or
 * nothing. */
void icd_unknown_hint(struct buffer *out, const struct answers *answers,
    const struct code_text *code, day_t day);

#endif

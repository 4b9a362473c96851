/* icd_card.h - what a card says of an ICD-10-CM code beyond what all codes
 * have: its place among the others, the notes of the tabular list, what came
 * before and after it. */
#ifndef CODESETS_ANSWER_CARD_ICD_CARD_H
#define CODESETS_ANSWER_CARD_ICD_CARD_H
#include "codesets/answer/card/icd_notes.h"
#include "codesets/answer/card/icd_tree.h"
#include "codesets/store/conversion.h"

enum { ICD_NEWER_MAX = 64 }; /* codes that came after one */

struct icd_card {
    struct icd_tree tree;
    struct icd_notes notes;
    const struct series *conversion; /* of newer; NULL when there are none */
    size_t newer;                    /* by their first day, then by code */
    struct conversion_row newer_code[ICD_NEWER_MAX];
    bool more_newer;
};

/* Returns 0 or ERR_CORRUPT. */
int icd_card_find(struct icd_card *out, const struct answers *answers,
    const struct code_ref *code, day_t day, struct error *err);

struct code_card;
struct used;
/* The members of an open object. */
void icd_card_json(struct json *json, const struct code_card *card);
/* A header's billable is false because it "needs_more_characters"; NULL where
 * that is not the reason. */
const char *icd_reason(const struct code_card *card);
/* The series that the parts above rest on. */
void icd_card_used(const struct code_card *card, struct used *used);

#endif

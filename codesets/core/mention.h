/* mention.h - ICD-10-CM codes that a sentence names.
 *
 * Notes of the tabular list name codes in prose, mostly in brackets:
 *
 *   eosinophilic asthma (J82)                 J82
 *   tobacco dependence (F17.-)                F17 and what stands below it
 *   sample (S06.1-S06.6, S06.81-)             S06.1 to S06.6; S06.81 and below
 *
 * and so does the conversion table ("C56.1 and C56.2"). Read as best one can:
 * what is found is a hint for a person, never a rule. */
#ifndef CODESETS_CORE_MENTION_H
#define CODESETS_CORE_MENTION_H
#include "codesets/core/code.h"

struct mention {
    char first[ICD_MAX + 1]; /* undotted */
    char last[ICD_MAX + 1];  /* end of a range; "" for a single code */
    bool below;              /* "F17.-": the codes below it are meant */
};

/* Finds the next one at or behind *at, and moves *at behind it. False when
 * there is none. */
bool mention_next(
    struct mention *out, const char *text, size_t len, size_t *at);

#endif

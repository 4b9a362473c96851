/* section.h - the part of its code system a code stands in, in plain words.
 *
 * Names of CPT's parts are the project's own; the chapters of ICD-10-CM are
 * those of the public classification. */
#ifndef CODESETS_ANSWER_SECTION_H
#define CODESETS_ANSWER_SECTION_H
#include "codesets/store/codes.h"

struct section {
    const char *from, *to; /* first and last code of it */
    const char *name;
};

/* NULL when the code stands in none. */
const struct section *section_of(const struct code_ref *code);

#endif

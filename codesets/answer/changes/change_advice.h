/* change_advice.h - what to do when a field of a list has another value. */
#ifndef CODESETS_ANSWER_CHANGES_CHANGE_ADVICE_H
#define CODESETS_ANSWER_CHANGES_CHANGE_ADVICE_H
#include "codesets/compare/compare.h"

/* A sentence in which "{when}" stands for the day, or NULL. */
const char *change_field_advice(const struct change *change);

#endif

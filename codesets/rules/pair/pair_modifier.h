/* pair_modifier.h - does a modifier on one of two lines open their edit?
 * (domain.md 2c, "Bypass modifiers", and 5.2 step 8) */
#ifndef CODESETS_RULES_PAIR_PAIR_MODIFIER_H
#define CODESETS_RULES_PAIR_PAIR_MODIFIER_H
#include "codesets/rules/pair/pair.h"

struct pair_bypass {
    uint8_t line;      /* 0, 1 or NO_LINE: none opens it */
    uint16_t modifier; /* the one that does, or MODIFIER_NONE */
    unsigned notes;    /* enum pair_note bits */
};

/* column1_line: the line (0 or 1) whose code stands in column 1. */
struct pair_bypass pair_bypass_find(const struct modifier_set *modifiers,
    const struct pair_question *question, uint8_t column1_line);
/* A modifier that says the two lines of one code are not one line: any that
 * bypasses, or a repeat (76, 77). line is NO_LINE when there is none. */
struct pair_bypass pair_split_find(
    const struct modifier_set *modifiers, const struct pair_question *question);

#endif

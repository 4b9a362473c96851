/* pair_same.h - the same code twice: two units, judged by the MUE value. */
#ifndef CODESETS_RULES_PAIR_PAIR_SAME_H
#define CODESETS_RULES_PAIR_PAIR_SAME_H
#include "codesets/rules/pair/pair.h"

void pair_judge_same(struct pair_decision *out, const struct rules *rules,
    const struct pair_question *question);

#endif

/* claim_necessity.c - step 10: does a loaded policy support a line's procedure
 * with a diagnosis it points to?
 *
 * The store holds no coverage articles, so that this question is told as not
 * checked wherever a claim asks it: a Medicare claim that names diagnoses. */
#include "codesets/rules/claim_parts.h"

int claim_step_necessity(struct checking *c, struct error *err)
{
    if (c->claim->payer == PAYER_MEDICARE && c->claim->diagnoses > 0)
        table_needed(c, CLAIM_NECESSITY);
    return 0;
}

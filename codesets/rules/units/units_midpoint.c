/* Domain.md 4.3: every code for itself, a unit once its middle is passed.
 *
 * Unit k of an N-minute code is reached at (k - 1) * N + N / 2 + 1 minutes: 8,
 * 23, 38 for 15. The table holds the first of these as min_minutes, because
 * explicit wording beats the midpoint (99490: the full 20). */
#include "codesets/rules/units/units_parts.h"

uint32_t units_earned(uint32_t minutes, uint32_t minimum, uint32_t step)
{
    if (minutes < minimum || minutes == 0)
        return 0;
    return step == 0 ? 1 : 1 + (minutes - minimum) / step;
}

uint32_t units_past_midpoint(uint32_t base, uint32_t step)
{
    return base + step / 2 + 1;
}

uint32_t units_alone(
    const struct timed_fact *fact, enum units_rule rule, uint32_t minutes)
{
    const uint32_t minimum = rule == UNITS_CMS && fact->cms_minimum > 0
                                 ? fact->cms_minimum
                                 : fact->minimum;
    const bool repeats = fact->kind == KIND_EACH || fact->kind == KIND_ADDL ||
                         (fact->kind == KIND_CUMULATIVE && fact->step > 0);

    return units_earned(minutes, minimum, repeats ? fact->step : 0);
}

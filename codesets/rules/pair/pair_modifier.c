#include "codesets/rules/pair/pair_modifier.h"

#include <assert.h>

static bool has_modifier(const struct pair_line *line, uint16_t modifier)
{
    for (unsigned i = 0; i < line->modifiers; i++)
        if (line->modifier[i] == modifier)
            return true;
    return false;
}

/* The edit software takes any listed modifier; a reader of the record would
 * not take these. */
static bool implausible(const struct modifier_set *modifiers, uint16_t modifier,
    const struct pair_line *own, const struct pair_line *other,
    enum setting setting)
{
    const struct modifier_rule *rule = &modifiers->rule[modifier];

    return ((rule->flags & MODIFIER_EM) != 0 &&
               !place_fits(&modifiers->places, PLACE_VISIT, own->packed)) ||
           ((rule->flags & MODIFIER_LAB) != 0 &&
               !place_fits(&modifiers->places, PLACE_LAB, own->packed)) ||
           (rule->setting != SETTING_NONE && rule->setting != setting) ||
           ((rule->flags & MODIFIER_ANATOMIC) != 0 &&
               has_modifier(other, modifier));
}

struct pair_bypass pair_bypass_find(const struct modifier_set *modifiers,
    const struct pair_question *question, uint8_t column1_line)
{
    const struct pair_line *const line[2] = {question->a, question->b};
    struct pair_bypass best = {NO_LINE, MODIFIER_NONE, 0};
    bool best_implausible = false, too_early = false;
    unsigned notes = 0;

    assert(column1_line < 2);
    /* The line of column 2 first: it is the one that would be denied. */
    for (unsigned turn = 0; turn < 2; turn++) {
        const uint8_t at = (turn == 0) == (column1_line == 0) ? 1 : 0;

        for (unsigned i = 0; i < line[at]->modifiers; i++) {
            const uint16_t modifier = line[at]->modifier[i];
            const struct modifier_rule *rule = &modifiers->rule[modifier];
            bool odd;

            if ((rule->flags & MODIFIER_KNOWN) == 0)
                notes |= NOTE_UNKNOWN_MODIFIER;
            if ((rule->flags & MODIFIER_BYPASSES) == 0)
                continue;
            if (question->day < rule->from || question->day > rule->to) {
                notes |= NOTE_MODIFIER_NOT_VALID;
                continue;
            }
            if (at == column1_line && question->day < rule->column1_from) {
                too_early = true;
                continue;
            }
            odd = implausible(
                modifiers, modifier, line[at], line[1 - at], question->setting);
            if (best.line == NO_LINE || (best_implausible && !odd)) {
                best.line = at;
                best.modifier = modifier;
                best_implausible = odd;
            }
        }
    }
    if (best_implausible)
        notes |= NOTE_IMPLAUSIBLE_MODIFIER;
    if (too_early && best.line == NO_LINE)
        notes |= NOTE_OLD_RULE;
    best.notes = notes;
    return best;
}

struct pair_bypass pair_split_find(
    const struct modifier_set *modifiers, const struct pair_question *question)
{
    const struct pair_line *const line[2] = {question->a, question->b};

    for (uint8_t at = 0; at < 2; at++)
        for (unsigned i = 0; i < line[at]->modifiers; i++) {
            const struct modifier_rule *rule =
                &modifiers->rule[line[at]->modifier[i]];

            if ((rule->flags & (MODIFIER_BYPASSES | MODIFIER_REPEAT)) != 0 &&
                rule->from <= question->day && question->day <= rule->to)
                return (struct pair_bypass){at, line[at]->modifier[i], 0};
        }
    return (struct pair_bypass){NO_LINE, MODIFIER_NONE, 0};
}

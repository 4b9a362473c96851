#include "codesets/rules/pair_modifier.h"

#include <string.h>

struct code_range {
    char first[PROC_LEN + 1], last[PROC_LEN + 1];
};

/* Visits: what modifiers 24, 25 and 57 are for. */
static const struct code_range visits[] = {
    {"92002", "92014"}, /* eye examinations */
    {"98000", "98016"}, /* visits at a distance, from 2025 */
    {"99201", "99499"}, {"G0402", "G0402"}, /* preventive visits of Medicare */
    {"G0438", "G0439"}, {"G0463", "G0463"}, /* hospital clinic visit */
};

/* Laboratory tests: what modifier 91 is for. PLA and MAAA codes are known by
 * their last letter. */
static const struct code_range laboratory[] = {
    {"80047", "89398"},
    {"G0103", "G0103"},
    {"G0123", "G0148"},
    {"G0306", "G0307"},
    {"G0327", "G0328"},
    {"G0432", "G0435"},
    {"G0472", "G0483"},
    {"G0499", "G0499"},
    {"G0659", "G0659"},
    {"P2028", "P7001"},
    {"U0001", "U0005"},
};

static bool in_ranges(
    const char *code, const struct code_range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(code, ranges[i].first, PROC_LEN) >= 0 &&
            memcmp(code, ranges[i].last, PROC_LEN) <= 0)
            return true;
    return false;
}

static bool is_visit(const struct pair_line *line)
{
    return line->len == PROC_LEN &&
           in_ranges(line->code, visits, sizeof visits / sizeof visits[0]);
}

static bool is_laboratory(const struct pair_line *line)
{
    return line->len == PROC_LEN &&
           (line->code[4] == 'U' || line->code[4] == 'M' ||
               in_ranges(line->code, laboratory,
                   sizeof laboratory / sizeof laboratory[0]));
}

static bool has_modifier(const struct pair_line *line, uint16_t modifier)
{
    for (unsigned i = 0; i < line->modifiers; i++)
        if (line->modifier[i] == modifier)
            return true;
    return false;
}

/* The edit software takes any listed modifier; a reader of the record would
 * not take these. */
static bool implausible(const struct modifier_rule *rule, uint16_t modifier,
    const struct pair_line *own, const struct pair_line *other,
    enum setting setting)
{
    return ((rule->flags & MODIFIER_EM) != 0 && !is_visit(own)) ||
           ((rule->flags & MODIFIER_LAB) != 0 && !is_laboratory(own)) ||
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

    /* The line of column 2 first: it is the one that would be denied. */
    for (unsigned turn = 0; turn < 2; turn++) {
        const uint8_t at =
            turn == 0 ? (uint8_t)(1 - column1_line) : column1_line;

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
                rule, modifier, line[at], line[1 - at], question->setting);
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

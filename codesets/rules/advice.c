#include "codesets/rules/advice.h"

#include <string.h>

void advice_pair_of(struct advice_pair *out, size_t a, size_t b,
    const struct pair_decision *decision)
{
    const uint8_t line[3] = {(uint8_t)a, (uint8_t)b, ADVICE_NO_LINE};

    *out = (struct advice_pair){.a = line[0],
        .b = line[1],
        .verdict = (uint8_t)decision->verdict,
        .reason = (uint8_t)decision->reason,
        .column1 = line[decision->live ? decision->column1_line : NO_LINE],
        .denied = line[decision->denied_line],
        .faults = (uint8_t)decision->faults};
}

/* ------------------------------------------------- modifiers of the lines */

/* The modifiers that say something beside an edit, on any line. */
static void find_choices(
    struct advice *out, const struct modifier_set *modifiers, day_t day)
{
    out->choices = 0;
    for (unsigned i = 0; i < MODIFIERS_END; i++) {
        const struct modifier_rule *rule = &modifiers->rule[i];

        if ((rule->flags & (MODIFIER_BYPASSES | MODIFIER_REPEAT)) != 0 &&
            rule->from <= day && day <= rule->to &&
            out->choices < ADVICE_CHOICES_MAX)
            out->choice[out->choices++] = (uint16_t)i;
    }
}

static bool lacks_modifier(const struct advice_pair *pair)
{
    return pair->verdict == VERDICT_MODIFIER_REQUIRED;
}

static bool carries(const struct pair_line *line, uint16_t modifier)
{
    for (unsigned i = 0; i < line->modifiers; i++)
        if (line->modifier[i] == modifier)
            return true;
    return false;
}

/* Choices that stand on a line already, and on lines that it lacks a modifier
 * together with: the same place on the body on both is no reason. */
struct carried {
    uint64_t own[ADVICE_LINES_MAX], beside[ADVICE_LINES_MAX];
};

static void find_carried(struct carried *out, const struct advice *advice,
    const struct advice_question *question)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < question->lines; i++)
        for (size_t k = 0; k < advice->choices; k++)
            if (carries(&question->line[i], advice->choice[k]))
                out->own[i] |= UINT64_C(1) << k;
    for (size_t i = 0; i < question->pairs; i++) {
        const struct advice_pair *pair = &question->pair[i];

        if (lacks_modifier(pair)) {
            out->beside[pair->a] |= out->own[pair->b];
            out->beside[pair->b] |= out->own[pair->a];
        }
    }
}

/* Bits of the choices that fit a line. */
static void fit_line(struct advice *out, const struct modifier_set *modifiers,
    const struct advice_question *question, const struct carried *carried,
    size_t place)
{
    const struct pair_line *line = &question->line[place];
    struct advice_line *fits = &out->line[place];

    fits->room = line->modifiers < PAIR_MODIFIERS_MAX;
    if (!fits->room || line->kind != LINE_PROCEDURE)
        return;
    for (size_t i = 0; i < out->choices; i++) {
        const struct modifier_rule *rule = &modifiers->rule[out->choice[i]];
        const uint64_t bit = UINT64_C(1) << i;

        if ((carried->own[place] & bit) != 0 ||
            (rule->setting != SETTING_NONE &&
                rule->setting != question->setting) ||
            !place_fits(rule->place, line->code, line->len) ||
            ((rule->flags & MODIFIER_EM) != 0 &&
                !place_fits(PLACE_VISIT, line->code, line->len)) ||
            ((rule->flags & MODIFIER_ANATOMIC) != 0 &&
                (carried->beside[place] & bit) != 0))
            continue;
        fits->repeat |= bit;
        if ((rule->flags & MODIFIER_BYPASSES) == 0)
            continue;
        fits->column2 |= bit;
        if (rule->column1_from <= question->day)
            fits->column1 |= bit;
    }
}

/* ------------------------------------------------------------------ pairs */

uint64_t advice_openers(
    const struct advice *advice, const struct advice_pair *pair, size_t line)
{
    const struct advice_line *fits = &advice->line[line];

    if (!lacks_modifier(pair) || (line != pair->a && line != pair->b))
        return 0;
    if (pair->reason == REASON_SAME_CODE)
        return fits->repeat;
    return line == pair->column1 ? fits->column1 : fits->column2;
}

bool advice_shut(const struct advice *advice, const struct advice_pair *pair)
{
    return pair->verdict == VERDICT_NOT_BILLABLE ||
           (lacks_modifier(pair) &&
               advice_openers(advice, pair, pair->a) == 0 &&
               advice_openers(advice, pair, pair->b) == 0);
}

/* What a pair says of its lines as billed. Where no line is named both are at
 * stake: two lines of one code, above what a line or a day may have. */
static void mark_lines(struct advice *out, const struct advice_pair *pair)
{
    const bool shut = advice_shut(out, pair);

    if (pair->verdict == VERDICT_NOT_CHECKED) {
        out->unknown++;
        out->line[pair->a].fault |= (pair->faults & 1) != 0;
        out->line[pair->b].fault |= (pair->faults & 2) != 0;
        return;
    }
    if (!shut && !lacks_modifier(pair))
        return;
    out->shut += shut;
    out->open += !shut;
    for (unsigned i = 0; i < 2; i++) {
        const uint8_t line = i == 0 ? pair->a : pair->b;

        if (pair->denied != ADVICE_NO_LINE && pair->denied != line)
            continue;
        out->line[line].denied = true;
        out->line[line].lost |= shut;
    }
}

/* -------------------------------------------------------- the smallest set */

/* Lines that are denied first: a modifier belongs where something is lost.
 * Then by code and modifiers, so that the order asked does not matter. */
static int order(const struct advice *advice,
    const struct advice_question *question, size_t a, size_t b)
{
    const struct pair_line *first = &question->line[a];
    const struct pair_line *second = &question->line[b];
    int by;

    if (advice->line[a].denied != advice->line[b].denied)
        return advice->line[a].denied ? -1 : 1;
    if ((by = strcmp(first->code, second->code)) != 0)
        return by;
    if (first->modifiers != second->modifiers)
        return first->modifiers < second->modifiers ? -1 : 1;
    for (unsigned i = 0; i < first->modifiers; i++)
        if (first->modifier[i] != second->modifier[i])
            return first->modifier[i] < second->modifier[i] ? -1 : 1;
    return a < b ? -1 : a > b;
}

/* Numbers the lines for the cover: node[line]. */
static void number_lines(uint8_t node[ADVICE_LINES_MAX],
    uint8_t line[ADVICE_LINES_MAX], const struct advice *advice,
    const struct advice_question *question)
{
    for (size_t i = 0; i < question->lines; i++) {
        size_t at = i;

        for (; at > 0 && order(advice, question, i, line[at - 1]) < 0; at--)
            line[at] = line[at - 1];
        line[at] = (uint8_t)i;
    }
    for (size_t i = 0; i < question->lines; i++)
        node[line[i]] = (uint8_t)i;
}

/* Which modifiers open all pairs that a line of the set has: the narrowest of
 * what its places ask for. A pair that only its other line opens is no matter
 * of this one. */
static void find_use(struct advice *out, const struct advice_question *question)
{
    for (size_t i = 0; i < question->lines; i++)
        if (out->line[i].in_set)
            out->line[i].use = out->line[i].repeat;
    for (size_t i = 0; i < question->pairs; i++) {
        const struct advice_pair *pair = &question->pair[i];
        const uint64_t a = advice_openers(out, pair, pair->a);
        const uint64_t b = advice_openers(out, pair, pair->b);

        if (a != 0)
            out->line[pair->a].use &= a;
        if (b != 0)
            out->line[pair->b].use &= b;
    }
}

static void find_set(struct advice *out, const struct advice_question *question)
{
    uint8_t node[ADVICE_LINES_MAX], line[ADVICE_LINES_MAX];
    bool taken[COVER_NODES_MAX];
    struct cover_graph graph;

    number_lines(node, line, out, question);
    cover_begin(&graph, (unsigned)question->lines);
    for (size_t i = 0; i < question->pairs; i++) {
        const struct advice_pair *pair = &question->pair[i];
        const bool a = advice_openers(out, pair, pair->a) != 0;
        const bool b = advice_openers(out, pair, pair->b) != 0;

        if (a || b) /* opened by one line only: that line is needed */
            cover_edge(&graph, node[a ? pair->a : pair->b],
                node[b ? pair->b : pair->a]);
    }
    out->exact = cover_find(taken, &graph);
    for (size_t i = 0; i < question->lines; i++) {
        out->line[i].in_set = taken[node[i]];
        out->in_set += taken[node[i]];
    }
    find_use(out, question);
}

void advise(struct advice *out, const struct modifier_set *modifiers,
    const struct advice_question *question)
{
    struct carried carried;

    memset(out, 0, sizeof *out);
    out->exact = true;
    find_choices(out, modifiers, question->day);
    find_carried(&carried, out, question);
    for (size_t i = 0; i < question->lines; i++)
        fit_line(out, modifiers, question, &carried, i);
    for (size_t i = 0; i < question->pairs; i++)
        mark_lines(out, &question->pair[i]);
    if (out->open > 0)
        find_set(out, question);
}

#include "codesets/rules/pair/advice.h"

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

/* The modifiers that say something beside an edit, a bit for each choice, by
 * what they ask of a line. */
struct openers {
    uint64_t column2, column1;   /* where it stands in such a column */
    uint64_t anatomic, visit;    /* the latter on visits alone */
    uint64_t place[PLACE_COUNT]; /* meant for such codes */
};

static void find_choices(struct advice *out, struct openers *openers,
    const struct modifier_set *modifiers,
    const struct advice_question *question)
{
    memset(openers, 0, sizeof *openers);
    for (size_t i = 0; i < modifiers->openers; i++) {
        const uint16_t modifier = modifiers->opener[i];
        const struct modifier_rule *rule = &modifiers->rule[modifier];
        const uint64_t bit = UINT64_C(1) << out->choices % 64;

        if (question->day < rule->from || rule->to < question->day ||
            out->choices == ADVICE_CHOICES_MAX)
            continue;
        out->choice[out->choices++] = modifier;
        if (rule->setting != SETTING_NONE && rule->setting != question->setting)
            continue;
        openers->place[rule->place] |= bit;
        if ((rule->flags & MODIFIER_EM) != 0)
            openers->visit |= bit;
        if ((rule->flags & MODIFIER_ANATOMIC) != 0)
            openers->anatomic |= bit;
        if ((rule->flags & MODIFIER_BYPASSES) == 0)
            continue;
        openers->column2 |= bit;
        if (rule->column1_from <= question->day)
            openers->column1 |= bit;
    }
}

static bool lacks_modifier(const struct advice_pair *pair)
{
    return pair->verdict == VERDICT_MODIFIER_REQUIRED;
}

/* Choices that stand on a line already. */
static uint64_t carried_by(
    const struct advice *advice, const struct pair_line *line)
{
    uint64_t bits = 0;

    for (unsigned i = 0; i < line->modifiers; i++)
        for (size_t k = 0; k < advice->choices; k++)
            if (line->modifier[i] == advice->choice[k])
                bits |= UINT64_C(1) << k;
    return bits;
}

/* The choices that fit a line. beside: those that stand on lines that it lacks
 * a modifier together with; the same place on the body on both is no reason. */
static void fit_line(struct advice_line *fits, const struct openers *openers,
    const struct modifier_set *modifiers, const struct pair_line *line,
    uint64_t own, uint64_t beside)
{
    const uint32_t places = place_mask(&modifiers->places, line->packed);
    uint64_t meant = 0;

    for (int place = PLACE_ANY; place < PLACE_COUNT; place++)
        if ((places >> place & 1) != 0)
            meant |= openers->place[place];
    if ((places >> PLACE_VISIT & 1) == 0)
        meant &= ~openers->visit;
    fits->repeat = meant & ~own & ~(openers->anatomic & beside);
    fits->column2 = fits->repeat & openers->column2;
    fits->column1 = fits->repeat & openers->column1;
}

/* Only pairs that lack a modifier ask for one: their lines are looked at. */
static void fit_lines(struct advice *out, const struct modifier_set *modifiers,
    const struct advice_question *question)
{
    uint64_t own[ADVICE_LINES_MAX], beside[ADVICE_LINES_MAX];
    struct openers openers;
    bool asked[ADVICE_LINES_MAX];
    size_t lacking = 0;

    for (size_t i = 0; i < question->lines; i++)
        asked[i] = false;
    for (size_t i = 0; i < question->pairs; i++)
        if (lacks_modifier(&question->pair[i])) {
            asked[question->pair[i].a] = asked[question->pair[i].b] = true;
            lacking++;
        }
    if (lacking == 0)
        return;
    find_choices(out, &openers, modifiers, question);
    for (size_t i = 0; i < question->lines; i++) {
        own[i] = carried_by(out, &question->line[i]);
        beside[i] = 0;
    }
    for (size_t i = 0; i < question->pairs; i++) {
        const struct advice_pair *pair = &question->pair[i];

        if (lacks_modifier(pair)) {
            beside[pair->a] |= own[pair->b];
            beside[pair->b] |= own[pair->a];
        }
    }
    for (size_t i = 0; i < question->lines; i++)
        if (asked[i] && out->line[i].room &&
            question->line[i].kind == LINE_PROCEDURE)
            fit_line(&out->line[i], &openers, modifiers, &question->line[i],
                own[i], beside[i]);
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
    out->choices = out->in_set = out->open = out->shut = out->unknown = 0;
    out->exact = true;
    for (size_t i = 0; i < question->lines; i++)
        out->line[i] = (struct advice_line){
            .room = question->line[i].modifiers < PAIR_MODIFIERS_MAX};
    fit_lines(out, modifiers, question);
    for (size_t i = 0; i < question->pairs; i++)
        mark_lines(out, &question->pair[i]);
    if (out->open > 0)
        find_set(out, question);
}

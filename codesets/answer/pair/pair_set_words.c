#include "codesets/answer/pair/pair_set.h"

static void add_code(
    struct buffer *out, const struct pair_set *set, size_t line)
{
    buffer_add(
        out, set->question->line[line].code, set->question->line[line].len);
}

/* The codes beside a line in pairs that deny it: those that a modifier opens,
 * or the others. */
static void add_beside(
    struct buffer *out, const struct pair_set *set, size_t line, bool shut)
{
    bool first = true;

    for (size_t p = 0; p < set->pairs; p++) {
        const struct advice_pair *pair = &set->pair[p];

        if ((pair->a != line && pair->b != line) ||
            (pair->denied != ADVICE_NO_LINE && pair->denied != line) ||
            advice_shut(&set->advice, pair) != shut ||
            (!shut && pair->verdict != VERDICT_MODIFIER_REQUIRED))
            continue;
        buffer_adds(out, first ? "" : ", ");
        add_code(out, set, pair->a == line ? pair->b : pair->a);
        first = false;
    }
}

static void add_modifiers(
    struct buffer *out, const struct advice *advice, uint64_t mask)
{
    bool first = true;

    for (size_t i = 0; i < advice->choices; i++)
        if ((mask >> i & 1) != 0) {
            char text[3];

            modifier_unpack(text, advice->choice[i]);
            buffer_adds(out, first ? "" : " ");
            buffer_adds(out, text);
            first = false;
        }
}

/* Does a pair that a modifier opens deny the line? */
static bool opens(const struct pair_set *set, size_t line)
{
    for (size_t p = 0; p < set->pairs; p++) {
        const struct advice_pair *pair = &set->pair[p];

        if (pair->verdict == VERDICT_MODIFIER_REQUIRED &&
            (pair->a == line || pair->b == line) &&
            (pair->denied == line || pair->denied == ADVICE_NO_LINE) &&
            !advice_shut(&set->advice, pair))
            return true;
    }
    return false;
}

static void add_denied(struct buffer *out, const struct pair_set *set)
{
    for (size_t i = 0; i < set->question->count; i++) {
        if (!set->advice.line[i].lost)
            continue;
        add_code(out, set, i);
        buffer_adds(out, " is denied beside ");
        add_beside(out, set, i, true);
        buffer_adds(out, ", and no modifier changes that.\n");
    }
    for (size_t i = 0; i < set->question->count; i++) {
        if (!set->advice.line[i].denied || !opens(set, i))
            continue;
        add_code(out, set, i);
        buffer_adds(out, " is denied beside ");
        add_beside(out, set, i, false);
        buffer_adds(out, " as the lines stand.\n");
    }
}

static void add_smallest(struct buffer *out, const struct pair_set *set)
{
    const struct advice *advice = &set->advice;

    if (advice->in_set == 0)
        return;
    buffer_adds(out, "A modifier on ");
    buffer_addu(out, advice->in_set);
    buffer_adds(out, advice->in_set == 1 ? " line " : " lines ");
    buffer_adds(
        out, advice->exact ? "is the least that opens" : "is enough to open");
    buffer_adds(out, " every pair that a modifier can open; it would be "
                     "accepted by the edits on ");
    for (size_t i = 0, n = 0; i < set->question->count; i++) {
        if (!advice->line[i].in_set)
            continue;
        buffer_adds(out, n++ == 0 ? "" : ", ");
        add_code(out, set, i);
        buffer_adds(out, " (one of ");
        add_modifiers(out, advice, advice->line[i].use);
        buffer_addc(out, ')');
    }
    buffer_adds(out, ".\n");
    buffer_adds(out,
        "A modifier is a statement about the record: it may stand only where "
        "the record justifies it, whatever the edits accept.\n");
}

void pair_set_words(struct buffer *out, const struct pair_set *set)
{
    const struct advice *advice = &set->advice;

    add_denied(out, set);
    add_smallest(out, set);
    if (advice->unknown > 0) {
        buffer_addu(out, advice->unknown);
        buffer_adds(out, " of ");
        buffer_addu(out, set->pairs);
        buffer_adds(out, " pairs could not be checked: that is no pass.\n");
    } else if (advice->open == 0 && advice->shut == 0)
        buffer_adds(out, "No loaded edit denies a line of this set as it "
                         "stands.\n");
}

#include "codesets/rules/pair/pair_same.h"

#include "codesets/rules/pair/pair_modifier.h"
#include "codesets/store/mue.h"

enum { UNITS_OF_A_PAIR = 2 };

/* Two lines of one unit each against one value. A limit by line is kept by
 * each line alone once a modifier parts them; a value of 0 by none. */
static enum pair_verdict judge_limit(const struct mue *mue, bool parted)
{
    const bool by_line = mue->mai == MAI_LINE || mue->mai == MAI_NONE;

    if (mue->value >= UNITS_OF_A_PAIR)
        return VERDICT_BILLABLE;
    if (!by_line || mue->value == 0)
        return VERDICT_NOT_BILLABLE;
    return parted ? VERDICT_RESOLVED_BY_MODIFIER : VERDICT_MODIFIER_REQUIRED;
}

static void not_checked(struct pair_decision *out, enum pair_reason reason)
{
    out->verdict = VERDICT_NOT_CHECKED;
    out->reason = reason;
}

void pair_judge_same(struct pair_decision *out, const struct rules *rules,
    const struct pair_question *question)
{
    const struct pair_bypass parting =
        pair_split_find(&rules->modifiers, question);
    const bool parted = parting.line != NO_LINE;
    enum pair_verdict after;
    struct mue_state mue;

    out->reason = REASON_SAME_CODE;
    if (mue_find(&mue, rules->store, question->setting, question->program,
            question->a->code, question->a->len, question->day, NULL) != 0 ||
        mue.state == SNAPSHOT_NOT_LOADED || mue.partial) {
        not_checked(out, REASON_DATA_NOT_LOADED);
        return;
    }
    if (mue.state == SNAPSHOT_BEFORE || mue.state == SNAPSHOT_OUTSIDE) {
        not_checked(out, REASON_DATE_OUTSIDE_DATA);
        return;
    }
    out->stale = mue.state == SNAPSHOT_STALE;
    out->verdict = mue.found ? judge_limit(&mue.now, parted) : VERDICT_BILLABLE;
    if (mue.state == SNAPSHOT_GAP) {
        after =
            mue.next_found ? judge_limit(&mue.next, parted) : VERDICT_BILLABLE;
        if (after != out->verdict) {
            out->notes |= NOTE_LIMIT_UNCERTAIN;
            not_checked(out, REASON_DATA_NOT_LOADED);
            return;
        }
        if (mue_uncertain(&mue))
            out->notes |= NOTE_LIMIT_UNCERTAIN;
    }
    if (mue.found && !mue_uncertain(&mue)) {
        out->limit_known = true;
        out->limit = mue.now.value;
        out->mai = mue.now.mai;
    }
    if (!mue.found && !mue.next_found)
        out->notes |= NOTE_NO_PUBLISHED_LIMIT;
    if (out->verdict == VERDICT_RESOLVED_BY_MODIFIER) {
        out->notes |= NOTE_LIMIT_SPLIT_BY_LINE;
        out->bypass_line = parting.line;
        out->bypass_modifier = parting.modifier;
    }
}

#include "codesets/rules/mue_limit.h"

static bool is_by_line(const struct mue *mue)
{
    return mue->mai == MAI_LINE || mue->mai == MAI_NONE;
}

bool mue_denies(const struct mue *mue, uint64_t line_units, uint64_t day_units)
{
    return (is_by_line(mue) ? line_units : day_units) > mue->value;
}

/* Units denied by a value; no value denies none. */
static uint64_t denied_by(const struct mue *mue,
    const struct mue_question *question, uint64_t day_units)
{
    uint64_t denied = 0;

    for (size_t i = 0; mue != NULL && i < question->lines; i++)
        if (mue_denies(mue, question->units[i], day_units))
            denied += question->units[i];
    return denied;
}

/* Do two values deny the same lines? */
static bool agree(const struct mue *one, const struct mue *two,
    const struct mue_question *question, uint64_t day_units)
{
    for (size_t i = 0; i < question->lines; i++) {
        const uint64_t units = question->units[i];

        if ((one != NULL && mue_denies(one, units, day_units)) !=
            (two != NULL && mue_denies(two, units, day_units)))
            return false;
    }
    return true;
}

static enum mue_fault fault_of(const struct mue_state *state)
{
    switch (state->state) {
    case SNAPSHOT_NOT_LOADED:
        return MUE_FAULT_NOT_LOADED;
    case SNAPSHOT_BEFORE:
    case SNAPSHOT_OUTSIDE:
        return MUE_FAULT_OUTSIDE;
    default:
        return state->partial ? MUE_FAULT_PARTIAL : MUE_FAULT_NONE;
    }
}

int mue_decide(struct mue_decision *out, const struct rules *rules,
    const struct mue_question *question, struct error *err)
{
    const struct mue *now, *next, *mue;
    int rc;

    out->outcome = MUE_NOT_CHECKED;
    out->by_next = out->by_line = out->reviewable = out->differs = false;
    out->units = out->denied = 0;
    for (size_t i = 0; i < question->lines; i++)
        out->units += question->units[i];
    rc = mue_find(&out->state, rules->store, question->setting,
        question->program, question->code, question->len, question->day, err);
    if (rc != 0)
        return rc;
    out->stale = out->state.state == SNAPSHOT_STALE;
    out->fault = fault_of(&out->state);
    if (out->fault != MUE_FAULT_NONE)
        return 0;
    now = out->state.found ? &out->state.now : NULL;
    next = out->state.next_found ? &out->state.next : NULL;
    if (mue_uncertain(&out->state)) {
        if (!agree(now, next, question, out->units)) {
            out->fault = MUE_FAULT_UNCERTAIN;
            return 0;
        }
        out->differs = true;
    }
    out->by_next = now == NULL && next != NULL;
    mue = now != NULL ? now : next;
    if (mue == NULL) {
        out->outcome = MUE_NO_PUBLISHED_LIMIT;
        return 0;
    }
    out->by_line = is_by_line(mue);
    out->reviewable = mue->mai == MAI_DAY_CLINICAL;
    out->denied = denied_by(mue, question, out->units);
    out->outcome = out->denied > 0 ? MUE_EXCEEDED : MUE_WITHIN;
    return 0;
}

const struct mue *mue_deciding(const struct mue_decision *decision)
{
    if (decision->outcome != MUE_WITHIN && decision->outcome != MUE_EXCEEDED)
        return NULL;
    return decision->by_next ? &decision->state.next : &decision->state.now;
}

const char *mue_outcome_name(enum mue_outcome outcome)
{
    static const char *const names[] = {
        "within", "exceeded", "no_published_mue", "not_checked"};

    return (unsigned)outcome <= MUE_NOT_CHECKED ? names[outcome] : names[3];
}

const char *mue_fault_name(enum mue_fault fault)
{
    static const char *const names[] = {"", "data_not_loaded", "data_partial",
        "date_outside_data", "uncertain"};

    return (unsigned)fault <= MUE_FAULT_UNCERTAIN ? names[fault] : names[0];
}

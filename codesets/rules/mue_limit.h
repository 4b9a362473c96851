/* mue_limit.h - may a code be billed with so many units? (domain.md 2d)
 *
 * The published value (MUE) is compared by its adjudication indicator:
 *
 *   1  with the units of each line; every unit of a line above it is denied
 *   2  with the units of the day; all are denied, and nothing helps
 *   3  with the units of the day; all are denied, but may be paid on review
 *
 * Medicaid publishes no indicator: its values are for lines. A value of 0 is a
 * limit like any other; a code without a row has no published limit, which is
 * not the same as none. */
#ifndef CODESETS_RULES_MUE_LIMIT_H
#define CODESETS_RULES_MUE_LIMIT_H
#include "codesets/rules/rules.h"
#include "codesets/store/mue.h"

enum mue_outcome {
    MUE_WITHIN,
    MUE_EXCEEDED,
    MUE_NO_PUBLISHED_LIMIT,
    MUE_NOT_CHECKED /* see fault */
};

enum mue_fault {
    MUE_FAULT_NONE,
    MUE_FAULT_NOT_LOADED, /* no table of this setting and program */
    MUE_FAULT_PARTIAL,    /* some of its rows are missing, perhaps this one */
    MUE_FAULT_OUTSIDE,    /* the day lies outside what is loaded */
    MUE_FAULT_UNCERTAIN   /* the values around the day decide differently */
};

/* Units of one code, one patient, one provider and one day. */
struct mue_question {
    const char *code; /* upper case */
    size_t len;
    day_t day;
    enum setting setting;
    enum program program;
    const uint32_t *units; /* of each line; modifier 50 counts once */
    size_t lines;
};

struct mue_decision {
    enum mue_outcome outcome;
    enum mue_fault fault;
    struct mue_state state; /* the values, and what they come from */
    /* The value that decided: state.now, or state.next when now has none. */
    bool by_next;
    bool by_line;    /* units of a line, not of the day, are compared */
    bool reviewable; /* MAI 3 */
    bool differs;    /* two values around the day differ, and agree on this */
    bool stale;
    uint64_t units;  /* asked, all lines */
    uint64_t denied; /* of them */
};

/* Returns 0 or ERR_CORRUPT. */
int mue_decide(struct mue_decision *out, const struct rules *rules,
    const struct mue_question *question, struct error *err);
/* The value that decided; NULL when none did. */
const struct mue *mue_deciding(const struct mue_decision *decision);
/* Is a line of so many units denied by the value, when the day has so many? */
bool mue_denies(const struct mue *mue, uint64_t line_units, uint64_t day_units);

const char *mue_outcome_name(enum mue_outcome outcome); /* "within", … */
const char *mue_fault_name(enum mue_fault fault);       /* "not_loaded", … */

#endif

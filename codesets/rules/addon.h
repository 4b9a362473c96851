/* addon.h - add-on codes and the primary codes they need (domain.md 2e).
 *
 *   type 1  the list of primaries is whole: one of them must be there
 *   type 2  no list (CCCCC): the contractor decides
 *   type 3  the list is not whole: the contractor may accept others
 *
 * A listed primary may itself be an add-on. It counts only when it is carried
 * in turn, so that every chain ends in a code that stands by itself. */
#ifndef CODESETS_RULES_ADDON_H
#define CODESETS_RULES_ADDON_H
#include "codesets/core/code.h"
#include "codesets/rules/rules.h"

enum addon_outcome {
    ADDON_NONE,            /* not an add-on code on the day */
    ADDON_CARRIED,         /* a listed primary is there, payable */
    ADDON_PRIMARY_AT_RISK, /* one is there, but is itself denied or in doubt */
    ADDON_WITHOUT_PRIMARY, /* type 1, and none is there */
    ADDON_NOT_DEFINED,     /* type 2: PRIMARY_NOT_DEFINED */
    ADDON_UNKNOWN,         /* type 3 and no listed one is there; or the chain
                              ends where the contractor decides */
    ADDON_NOT_CHECKED      /* see fault */
};

enum addon_fault {
    ADDON_FAULT_NONE,
    ADDON_FAULT_NOT_LOADED,
    ADDON_FAULT_PARTIAL, /* some rows are missing, perhaps those of this code */
    ADDON_FAULT_OUTSIDE  /* the day lies after what is loaded */
};

enum { ADDON_SAMPLE = 6 }; /* listed primaries that an answer names */

/* One code of those billed by one provider on one day. */
struct addon_code {
    uint32_t packed; /* asked */
    bool at_risk;    /* asked: every line of it is denied or in doubt */

    enum addon_outcome outcome;
    enum addon_fault fault;
    uint8_t type; /* of the rows in force */
    bool chained; /* a listed primary is there; if it does not carry, it is
                     an add-on that is not carried itself */
    bool stale;
    uint8_t carried;               /* for addon_decide() alone */
    uint32_t primary;              /* the code that carries it, or PROC_NONE */
    uint32_t listed;               /* primaries in force */
    uint32_t sample[ADDON_SAMPLE]; /* the first of them */
    const char *note;              /* special instruction, or "" */
    struct source_ref source;      /* the row that decided; file may be NULL */
    const struct release *release;
};

/* Decides all codes of one provider and day; they are distinct and ascend by
 * packed code. Returns 0 or ERR_CORRUPT. */
int addon_decide(struct addon_code *code, size_t count,
    const struct rules *rules, day_t day, struct error *err);

const char *addon_outcome_name(enum addon_outcome outcome);
const char *addon_fault_name(enum addon_fault fault);

#endif

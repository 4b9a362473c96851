/* claim_facts.h - what the check of a claim knows of single codes, modifiers
 * and revenue codes (codesets/data/claim_facts.tsv), and the therapy amounts
 * of the years (kx_thresholds.tsv). Read once beside an open store. */
#ifndef CODESETS_RULES_CLAIM_FACTS_H
#define CODESETS_RULES_CLAIM_FACTS_H
#include <stdbool.h>
#include "codesets/store/table.h"

enum claim_fact_kind {
    FACT_THERAPIST,  /* a modifier that says whose plan of care it is */
    FACT_DISCIPLINE, /* an evaluation of one kind of therapist */
    FACT_PARTNER,    /* a modifier that stands beside another only */
    FACT_NOT_WITH,   /* two modifiers that do not stand on one line */
    FACT_ONE_UNIT,   /* a modifier whose line has one unit */
    FACT_THRESHOLD,  /* the modifier for use beyond the therapy amount */
    FACT_ONE_OF,     /* one code of the set a day and practitioner */
    FACT_INSTEAD,    /* the code that Medicare takes instead */
    FACT_REVENUE,    /* a revenue code of one kind of therapist */
    FACT_NO_EDIT,    /* a pair that the whole edit table has no row of */
    FACT_KINDS
};

enum { CLAIM_FACTS_MAX = 4096, KX_YEARS_MAX = 128 };

struct claim_fact {
    enum claim_fact_kind kind;
    uint64_t subject; /* its bytes, the first in the highest place */
    const char *name; /* the same as text */
    const char *value, *notes;
    uint16_t modifier; /* value as a modifier, or MODIFIER_NONE */
    day_t from, to;
    struct source_ref source;
};

struct kx_year {
    int year;
    uint32_t pt_slp, ot, review; /* whole US dollars */
    struct source_ref source;
};

struct claim_facts {
    bool loaded, kx_loaded;
    size_t count, years;
    struct claim_fact *fact; /* by kind, then as they stand in the store */
    size_t first[FACT_KINDS + 1];
    struct kx_year *year;
    uint16_t of_modifier[36 * 36]; /* bits of the kinds told of each */
};

/* Empty when the tables are not in the store, which must outlive the facts. */
int claim_facts_load(
    struct claim_facts *out, const struct store *store, struct error *err);
void claim_facts_clear(struct claim_facts *facts);

/* The fact of a kind about a code, modifier or revenue code (at most eight
 * bytes) on a day; NULL when there is none. */
const struct claim_fact *claim_fact_find(const struct claim_facts *facts,
    enum claim_fact_kind kind, const char *subject, size_t len, day_t day);
const struct claim_fact *claim_fact_of_modifier(const struct claim_facts *facts,
    enum claim_fact_kind kind, uint16_t modifier, day_t day);
/* True when the list knows that the whole edit table of a setting (Medicare's)
 * has no row of two procedure codes, asked in either order. */
bool claim_fact_no_edit(const struct claim_facts *facts, enum setting setting,
    const char *a, const char *b);
/* The amounts of a calendar year; NULL when they are not known. */
const struct kx_year *kx_year_find(const struct claim_facts *facts, int year);

#endif

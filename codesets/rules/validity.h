/* validity.h - is a code valid on a day, and what says so (design.md 3).
 *
 * True, false or unknown; false needs evidence. For procedure codes the
 * indexer has worked it out from every source (store/proc.h); ICD-10-CM codes
 * are judged by the releases that list them and, before the first of these, by
 * the conversion table; modifiers by the dates of HCPCS or of the project's
 * list, local codes by the administrator's dates. */
#ifndef CODESETS_RULES_VALIDITY_H
#define CODESETS_RULES_VALIDITY_H
#include "codesets/core/code.h"
#include "codesets/rules/rules.h"
#include "codesets/store/table.h"

enum { VALIDITY_SPANS_MAX = 2 * STORE_RELEASES_MAX + 4 };

/* All that is known of a code's life: stretches of days, ascending, the first
 * from DAY_UNKNOWN, each until the next. */
struct code_spans {
    size_t count;
    struct proc_span span[VALIDITY_SPANS_MAX];
};

struct code_state {
    enum validity validity;
    enum evidence evidence;
    day_t from, to; /* the days for which this is said */
    /* The days of its life around the question's, or nearest to it; DAY_UNKNOWN
     * and DAY_OPEN where no source tells a bound. */
    day_t valid_from, valid_to;
    const struct series *series;   /* what the evidence stands in, or NULL */
    const struct release *release; /* the same, or NULL */
    bool stale;                    /* the day lies after what was published */
    day_t covered_to;              /* last day that was published; if stale */
};

/* The code is given undotted and upper case. Returns 0; ERR_NOTFOUND for a
 * code that no loaded release has; ERR_CORRUPT. */
int validity_spans(struct code_spans *out, const struct rules *rules,
    enum code_system system, const char *code, size_t len, struct error *err);
/* What the stretches say of a day. */
void validity_judge(struct code_state *out, const struct store *store,
    const struct code_spans *spans, day_t day);
/* Both in one. */
int validity_on(struct code_state *out, const struct rules *rules,
    enum code_system system, const char *code, size_t len, day_t day,
    struct error *err);

/* An ICD-10-CM code on a day: is it valid, and a code to bill or a heading? The
 * one place where cards, claims and coverage ask it. */
struct icd_state {
    struct code_state code;
    enum validity billable;  /* not valid: a heading, or no code of the day */
    bool billable_uncertain; /* the releases around a gap differ in it */
    const char *release;     /* where billable was read; NULL: nowhere */
    struct source_ref source;
};
/* Returns 0; ERR_NOTFOUND for a code that no loaded release has; ERR_CORRUPT.
 */
int icd_state_on(struct icd_state *out, const struct store *store,
    const char *code, size_t len, day_t day, struct error *err);
/* The same of a code whose rows were found before. */
int icd_state_of(struct icd_state *out, const struct rows *rows,
    const char *code, size_t len, day_t day, struct error *err);

/* Of a code whose only row stands in every release, nothing but its flag is its
 * own: what else is said on a day is worked out once for all such codes. */
struct icd_day {
    const struct store *store;
    struct code_state code;
    bool answers; /* a release tells the flag on that day */
};
void icd_day_begin(struct icd_day *out, const struct store *store, day_t day);
bool icd_always_listed(const struct row *row);
enum validity icd_always_billable(
    const struct icd_day *day, const struct row *row);

/* The same for a release list and the presence of a key in each: listed holds
 * one byte per release. */
void spans_of_listing(
    struct code_spans *out, const struct series *series, const uint8_t *listed);

const char *validity_name(enum validity validity); /* "unknown", "valid", … */

#endif

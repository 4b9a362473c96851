/* rules.h - what every decision looks up, found once beside an open store. */
#ifndef CODESETS_RULES_RULES_H
#define CODESETS_RULES_RULES_H
#include "codesets/rules/claim_facts.h"
#include "codesets/rules/modifiers.h"
#include "codesets/rules/units/timed.h"
#include "codesets/store/layout.h"

#define EDITS_BEGAN ((day_t)9496) /* 1996-01-01: no edit is older */

/* The edits of one setting and program. */
struct edit_scope {
    bool loaded;
    bool partial; /* absence of an edit proves nothing */
    const struct ptp_table *table;
    const struct series *series;
    const struct release *release; /* the newest: the one the table came from */
};

/* True when the table says something of a day: not before 1996, when no edit
 * was in force, nor more than STALE_DAYS after the newest release's period. */
bool edit_scope_covers(const struct edit_scope *scope, day_t day);

struct necessity_index;

struct rules {
    const struct store *store;
    struct modifier_set modifiers;
    struct timed_table *timed;
    struct claim_facts claim_facts;
    uint8_t *addon; /* bits of the codes that the add-on table lists as one */
    struct edit_scope edits[SETTING_COUNT][PROGRAM_COUNT];
    struct necessity_index *necessity;
};

/* The store must outlive the rules. */
int rules_open(
    struct rules **out, const struct store *store, struct error *err);
void rules_close(struct rules *rules); /* NULL is fine */

/* Has the add-on table rows of this add-on, in whatever release? */
static inline bool rules_addon(const struct rules *rules, uint32_t ordinal)
{
    return (rules->addon[ordinal / 8] >> ordinal % 8 & 1) != 0;
}

#endif

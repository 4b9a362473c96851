/* units_parts.h - what the files of the unit rules share among themselves. */
#ifndef CODESETS_RULES_UNITS_UNITS_PARTS_H
#define CODESETS_RULES_UNITS_UNITS_PARTS_H
#include "codesets/rules/units/units.h"

/* units_midpoint.c */

/* Units of a code that begins at minimum and has another every step minutes
 * (0: never another). */
uint32_t units_earned(uint32_t minutes, uint32_t minimum, uint32_t step);
/* The first minute of an add-on without one of its own: half-way past the unit
 * it is added to. */
uint32_t units_past_midpoint(uint32_t base, uint32_t step);
/* A code by its own minutes. */
uint32_t units_alone(
    const struct timed_fact *fact, enum units_rule rule, uint32_t minutes);

/* units_family.c */

struct units_member {
    const struct timed_row *row;
    bool added; /* reported with a first code of the family */
    bool asked;
    uint32_t minutes; /* asked for this code */
    uint32_t units;
};

/* The codes of a family on a day, in code order. Returns how many. */
size_t units_members(struct units_member out[UNITS_FAMILY_MAX],
    const struct timed_table *table, uint16_t family, day_t day);
/* Units of the members for the minutes of the whole family. Returns the most
 * minutes that the code chosen names when the family has more, else 0. */
uint16_t units_family_count(struct units_member *member, size_t count,
    uint32_t minutes, enum units_rule rule);
/* Shares units that a pool gave: one to the first code, the rest to add-ons. */
void units_family_share(
    struct units_member *member, size_t count, uint32_t units);

/* units_pool.c */

/* Gives each item of the pool of a discipline its units. */
void units_pool_count(struct units_answer *answer, enum discipline discipline);
uint32_t units_of_item(const struct units_item *item);

/* units.c */

/* Writes what an item's units mean for its entries. */
void units_place(uint16_t *units, const struct units_answer *answer,
    const struct timed_table *table, const struct units_item *item,
    uint32_t item_units);
/* Fills the alternatives (units_pool.c). */
void units_pool_alternatives(
    struct units_answer *answer, const struct timed_table *table);

#endif

/* modifier_place.h - the kinds of codes on which a modifier has a meaning
 * (domain.md 2c, "Bypass modifiers").
 *
 * The kinds are ranges of code numbers, drawn so narrow that a modifier makes
 * sense on every code in them: what is offered to a biller must be sound. A
 * code outside may take the modifier all the same, so that a range is no reason
 * to call one wrong; only visits and laboratory tests are whole enough for
 * that (pair_modifier.c). */
#ifndef CODESETS_RULES_MODIFIER_PLACE_H
#define CODESETS_RULES_MODIFIER_PLACE_H
#include <stdbool.h>
#include <stddef.h>

enum modifier_place {
    PLACE_ANY,
    PLACE_LAB,     /* laboratory tests */
    PLACE_VISIT,   /* visits (E/M) */
    PLACE_SERVICE, /* anything but visits */
    PLACE_SURGERY, /* procedures that have an aftercare period */
    PLACE_SIDE,    /* of a part that the body has twice */
    PLACE_EYELID,
    PLACE_FINGER,
    PLACE_TOE,
    PLACE_CORONARY,
    PLACE_COUNT
};

/* "lab", "visit", … as in modifiers.tsv; "" is PLACE_ANY, and so is a word that
 * is none. */
enum modifier_place place_parse(const char *name);
const char *place_name(enum modifier_place place); /* NULL for PLACE_ANY */
/* A code in upper case. */
bool place_fits(enum modifier_place place, const char *code, size_t len);

#endif

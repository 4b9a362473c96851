/* modifier_place.h - the kinds of codes on which a modifier has a meaning
 * (domain.md 2c, "Bypass modifiers").
 *
 * The kinds are ranges of code numbers (codesets/data/modifier_places.tsv),
 * read once beside an open store. */
#ifndef CODESETS_RULES_PAIR_MODIFIER_PLACE_H
#define CODESETS_RULES_PAIR_MODIFIER_PLACE_H
#include <stdbool.h>
#include <stdint.h>
#include "codesets/store/store.h"

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

enum { PLACE_RANGES_MAX = 1024 };

/* Packed codes (proc_pack()), whose order is that of the codes. */
struct place_range {
    uint32_t first, last;
};

struct modifier_places {
    struct place_range range[PLACE_RANGES_MAX]; /* by place */
    uint16_t begin[PLACE_COUNT + 1]; /* where the ranges of a place begin */
};

/* Empty when the table is not in the store: nothing fits then, but for
 * PLACE_ANY and PLACE_SERVICE. */
int modifier_places_load(
    struct modifier_places *out, const struct store *store, struct error *err);

/* A procedure code, packed; PROC_NONE fits PLACE_ANY alone. */
bool place_fits(const struct modifier_places *places, enum modifier_place place,
    uint32_t packed);
/* All that it fits: bit 1 << place. */
uint32_t place_mask(const struct modifier_places *places, uint32_t packed);

#endif

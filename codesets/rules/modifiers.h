/* modifiers.h - what the rules must know of modifiers, by their two letters.
 *
 * The facts stand in the store (codesets/data/modifiers.tsv, and the modifiers
 * of HCPCS); they are read once beside it, into a table of all 1,296 pairs of
 * characters, so that a decision costs one look each. */
#ifndef CODESETS_RULES_MODIFIERS_H
#define CODESETS_RULES_MODIFIERS_H
#include <stdbool.h>
#include <stdint.h>
#include "codesets/core/day.h"
#include "codesets/rules/pair/modifier_place.h"
#include "codesets/store/store.h"

enum { MODIFIERS_END = 36 * 36, MODIFIER_NONE = 0xFFFF };

/* Two upper-case characters as a number that keeps their order; MODIFIER_NONE
 * for any but [0-9A-Z]{2}. */
uint16_t modifier_pack(const char text[2]);
void modifier_unpack(char out[3], uint16_t packed);

enum modifier_flag {
    MODIFIER_KNOWN = 1,    /* listed by the project or by HCPCS */
    MODIFIER_BYPASSES = 2, /* on the NCCI list: may open an edit */
    MODIFIER_EM = 4,       /* has meaning on E/M codes only */
    MODIFIER_LAB = 8,      /* has meaning on laboratory tests only */
    MODIFIER_ANATOMIC = 16,
    MODIFIER_REPEAT = 32,   /* a repeat of one code: 76, 77 */
    MODIFIER_IN_HCPCS = 64, /* its dates are those of the HCPCS file */
};

struct modifier_rule {
    day_t from, to;     /* DAY_UNKNOWN, DAY_OPEN when not told */
    day_t column1_from; /* bypasses on column 1 too from this day */
    uint8_t flags;
    uint8_t setting; /* the one enum setting it has meaning in, or 0 */
    uint8_t place;   /* enum modifier_place: what it is for */
};

enum { MODIFIER_OPENERS_MAX = 128 };

struct modifier_set {
    struct modifier_rule rule[MODIFIERS_END];
    /* Those that open an edit or part two lines of one code, ascending. */
    uint16_t opener[MODIFIER_OPENERS_MAX];
    size_t openers;
    struct modifier_places places;
};

int modifier_set_load(
    struct modifier_set *out, const struct store *store, struct error *err);

#endif

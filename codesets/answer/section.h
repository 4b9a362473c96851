/* section.h - the part of its code system a code stands in, in plain words.
 *
 * The parts are ranges of codes (codesets/data/sections.tsv), read once beside
 * an open store. */
#ifndef CODESETS_ANSWER_SECTION_H
#define CODESETS_ANSWER_SECTION_H
#include "codesets/store/store.h"
#include "codesets/store/codes.h"

struct section {
    const char *from, *to; /* first and last code of it; live with the store */
    const char *name;
};

enum { SECTIONS_MAX = 256, SECTION_SYSTEMS = 3 };

struct sections {
    size_t count;
    size_t begin[SECTION_SYSTEMS + 1]; /* where the parts of a system begin */
    struct section section[SECTIONS_MAX];
};

/* Empty when the table is not in the store. Returns 0 or ERR_CORRUPT. */
int sections_load(
    struct sections *out, const struct store *store, struct error *err);

/* NULL when the code stands in none. */
const struct section *section_of(
    const struct sections *sections, const struct code_ref *code);

#endif

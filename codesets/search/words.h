/* words.h - what the project knows about words (codesets/data): abbreviations
 * of the publishers' and of the wards, synonyms, and the everyday names of
 * codes.
 *
 * The tables explain their columns themselves. They are used when a store is
 * built (expand.h): a code is given the words by which it may be asked for, so
 * that a search, while someone types, costs no more for knowing them. */
#ifndef CODESETS_SEARCH_WORDS_H
#define CODESETS_SEARCH_WORDS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/code.h"
#include "codesets/core/error.h"

enum {
    WORDS_ROWS_MAX = 1 << 16, /* of one table */
    WORDS_CELL_MAX = 512,     /* bytes of a cell; lists of codes are long */
    WORDS_PHRASE_MAX = 8      /* words of a phrase */
};

/* A cell, as it stands in the table; not NUL-ended. */
struct words_cell {
    const char *text;
    size_t len;
};

/* Where an abbreviation is read as its meaning. */
enum words_where {
    WORDS_IN_PFS = 1,   /* short descriptions of the fee schedule */
    WORDS_IN_HCPCS = 2, /* short descriptions of HCPCS Level II */
    WORDS_IN_ICD = 4,   /* short titles of ICD-10-CM */
    WORDS_IN_QUERY = 8  /* what people type */
};

struct abbreviation {
    struct words_cell brief, meaning;
    unsigned where; /* enum words_where, or-ed */
};

/* A text that holds the meaning may be asked for by the term. */
struct synonym {
    struct words_cell term, meaning, kind;
    bool both; /* and the other way round */
};

/* A phrase that no text of a code holds, with the codes it stands for, the
 * likeliest first. */
struct concept {
    struct words_cell phrase, codes;
    enum code_system system;
};

/* One piece of its list: the codes from low to high, or all that begin with
 * low. */
struct concept_codes {
    struct code_text low, high;
    bool begun;
};
/* Takes the next piece off a list, and passes over what is no code. False at
 * the end. */
bool concept_codes_next(struct words_cell *list, struct concept_codes *out);
bool concept_codes_have(
    const struct concept_codes *codes, const char *code, size_t len);

struct words {
    struct abbreviation *abbreviation;
    struct synonym *synonym;
    struct concept *concept;
    size_t abbreviations, synonyms, concepts;
};

/* The tables inside the program. Returns 0, ERR_CORRUPT naming table and line,
 * or ERR_SYSTEM. */
int words_open(struct words *out, struct error *err);
void words_close(struct words *words);

/* One table each, added to what is there; cells are borrowed from data. name
 * is for messages. */
int words_add_abbreviations(struct words *words, const char *name,
    const char *data, size_t len, struct error *err);
int words_add_synonyms(struct words *words, const char *name, const char *data,
    size_t len, struct error *err);
int words_add_concepts(struct words *words, const char *name, const char *data,
    size_t len, struct error *err);

#endif

/* places.h - where the publishers put their releases: codesets/data/places.tsv,
 * whose head explains the columns. */
#ifndef INDEXER_FETCH_PLACES_H
#define INDEXER_FETCH_PLACES_H
#include <stdbool.h>
#include <stddef.h>
#include "codesets/core/day.h"
#include "codesets/core/error.h"

enum {
    PLACES_MAX = 64,
    PLACE_PARTS_MAX = 9,
    RELEASE_LABEL_MAX = 16,
    RELEASE_VERSION_MAX = 64
};

/* Bits of the licences that stand before a file. */
enum licence { LICENCE_AMA = 1, LICENCE_ADA = 2, LICENCE_AHA = 4 };

/* What a name says of its release. */
struct named_release {
    day_t from; /* its first day; DAY_UNKNOWN: always the newest */
    char label[RELEASE_LABEL_MAX];     /* "2026q4", "2026d", "2026-04"; "" */
    char version[RELEASE_VERSION_MAX]; /* "" for the first issue */
    int part;                          /* 1 when there is one */
};

struct pattern; /* a compiled expression with what its groups say */

struct place {
    const char *source, *set; /* set: "" when there is one kind alone */
    const char *page;         /* "" when the names are only met on mirrors */
    unsigned licences;        /* bits of enum licence; 0: none known of */
    int parts;
    const struct pattern *through; /* NULL: none */
    const struct pattern *file;
    const struct pattern *text; /* NULL: any words */
};

struct places;

/* Returns 0; ERR_INPUT names the line of the table that is wrong. */
int places_open(struct places **out, struct error *err);
/* The same of another table than the project's. */
int places_parse(
    struct places **out, const char *table, size_t len, struct error *err);
void places_close(struct places *places); /* NULL is fine */
const struct place *places_list(const struct places *places, size_t *count);

/* True when the pattern is found in the subject; *out then says what it tells.
 * A name with a number that cannot be (quarter 0, month 13) is no match. out
 * may be NULL. */
bool pattern_find(const struct pattern *pattern, const char *subject,
    struct named_release *out);

/* Below 0, 0 or above 0 as the version a was issued before, with or after b: by
 * the day that stands in it ("-updated-08-26-2026"), else by numbers and
 * letters. */
int version_order(const char *a, const char *b);

/* "AMA (CPT)", "AMA (CPT), ADA (CDT) and AHA (UB-04)". */
const char *licences_text(unsigned licences);

#endif

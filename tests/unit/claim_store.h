/* claim_store.h - a small build with the rows that claims are judged by, and
 * short ways to write a claim and to ask what was found.
 *
 * Edits, limits and add-ons stand as CMS published them for July 2024 (domain
 * reference 5.4, 2d, 2e); the project's own tables are those of codesets/data.
 * Settings: practitioner and outpatient, of Medicare. */
#ifndef TESTS_CLAIM_STORE_H
#define TESTS_CLAIM_STORE_H
#include "codesets/answer/claim/claim_answer.h"
#include "tests/harness.h"
#include "tests/tiny_build.h"

extern struct answers *claim_answers;
extern struct claim_work *claim_work; /* the claim asked last, and its report */

/* Setup and teardown of a group of tests. */
int claim_store_open(void **state);
int claim_store_close(void **state);

/* The project's own tables, for other builds. */
void claim_own_tables(struct tiny *tiny);

/* Begins a claim of a day: practitioner, Medicare. */
void claim_of(const char *day);
/* Adds a line: "97110 7 GP+59 m30 @2024-07-02 dx1,2 rev042X by12" - code and
 * units first, the rest as told. Returns its number, from 1. */
unsigned claim_with(const char *line);
void claim_check_it(void);

/* The finding of an id whose lines are these ("1,2"; "" for none); NULL when
 * there is none. */
const struct claim_finding *found(const char *id, const char *lines);
/* It is there, with this severity and reason. Returns it. */
const struct claim_finding *must_find(const char *id, const char *lines,
    const char *severity, const char *reason);
void must_not_find(const char *id);
/* Lines that are denied, as in "1,3". */
void denied_are(const char *lines);
/* The finding's sentences hold this. */
void says(const struct claim_finding *finding, const char *words);
/* No errors, no warnings, and nothing was left unchecked but diagnoses: most of
 * these claims name none. */
void lines_are_clean(void);
/* A table could not say everything, for this reason. */
void unchecked(const char *table, const char *reason);

#endif

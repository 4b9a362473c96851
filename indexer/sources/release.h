/* release.h - which release a file is, out of its banner or its name. */
#ifndef INDEXER_SOURCES_RELEASE_H
#define INDEXER_SOURCES_RELEASE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/error.h"
#include "indexer/plan/batch.h"
#include "indexer/sources/source.h"

/* A month's name or its first three letters with a year in the same text:
 * "2020jul", "PPRRVU25_JAN", "January 1, 2025". */
bool find_month(const char *text, int *year, int *month);
/* The first number of four digits that begins with 20 or 19. */
bool find_full_year(const char *text, int *year);
/* The same, or else the first number of two digits: "HCPC17_CONTR", "FY26". */
bool find_year(const char *text, int *year);
/* The first date written with its month first, "01122026" or "04-01-2026",
 * turned into the number YYYYMMDD; 0 when there is none. */
uint32_t find_us_date(const char *text);

/* Copies part n of a name, counted from its end, 0 being the last; cut when
 * it is too long. False when there are not so many. */
enum { NAME_PART_MAX = 256 };
bool name_part(const char *name, size_t n, char out[NAME_PART_MAX]);
/* The quarter that the file's name tells, looked for from its last part
 * upwards and then in the path on disk. */
bool name_quarter(const struct probe *probe, int *year, int *quarter);
/* True when the name contains the word, in any case. */
bool name_has(const char *name, const char *word);

void identity_quarter(struct identity *id, int year, int quarter);
/* The US government's fiscal year, which ICD-10-CM follows: 2026 is 2025-10-01
 * to 2026-09-30. */
void identity_fiscal_year(struct identity *id, int year);
void identity_calendar_year(struct identity *id, int year);
/* An update within a fiscal year, "2025-04": from the first of that month to
 * the end of the fiscal year. October is the fiscal year itself. */
void identity_update(struct identity *id, int year, int month);
/* A list without releases: the administrator's or the project's own. */
void identity_undated(struct identity *id, enum table table, int rank);
/* Applies, last of all, what the name says of a revision, what the
 * administrator said, and the starter mark. */
void identity_finish(struct identity *id, const struct probe *probe);
/* ERR_INPUT when no release could be told. */
int identity_check(const struct identity *id, struct error *err);

#endif

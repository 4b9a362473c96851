/* day.h - calendar days as numbers.
 *
 * A day is counted from 1970-01-01 (proleptic Gregorian). Ranges of days are
 * closed on both sides, as CMS writes them: a deletion or termination date is
 * the last day on which the row counts. */
#ifndef CODESETS_CORE_DAY_H
#define CODESETS_CORE_DAY_H
#include <stddef.h>
#include <stdint.h>

typedef int32_t day_t;

#define DAY_OPEN INT32_MAX    /* no end has been published */
#define DAY_UNKNOWN INT32_MIN /* began on a day that no file tells */

enum { DAY_TEXT_LEN = 11 }; /* "YYYY-MM-DD" and a NUL */

/* Days are accepted from 1900-01-01 to 2199-12-31. Returns 0 or ERR_INPUT. */
int day_from_civil(day_t *out, int year, int month, int mday);
void day_to_civil(day_t day, int *year, int *month, int *mday);

/* Each takes exactly len bytes of one published form and nothing else, and
 * returns 0 or ERR_INPUT: no guessing between forms. */
int day_parse_iso(day_t *out, const char *text, size_t len); /* 2024-07-01 */
int day_parse_compact(day_t *out, const char *text, size_t len); /* 20240701 */
int day_parse_ordinal(day_t *out, const char *text, size_t len); /* 2024183 */
int day_parse_us(day_t *out, const char *text, size_t len);      /* 7/1/2024 */

/* Writes "YYYY-MM-DD"; "" for DAY_OPEN and DAY_UNKNOWN. Returns its length. */
size_t day_format(char out[DAY_TEXT_LEN], day_t day);

/* The machine's idea of today, UTC. */
day_t day_today(void);

/* First and last day of a quarter (1 to 4) of a year within the range above. */
day_t day_quarter_first(int year, int quarter);
day_t day_quarter_last(int year, int quarter);

#endif

/* timed_words.h - reads the time out of a descriptor's wording (domain.md 3.2).
 *
 * Minutes in a descriptor do not make a code timed. Only a few ways of saying
 * so are believed ("each additional 15 minutes", "first 30 minutes", "5 to 15
 * minutes", "per hour", "up to 15 minutes"); typical times, flow rates and
 * texts that tell two different times are not. */
#ifndef CODESETS_RULES_UNITS_TIMED_WORDS_H
#define CODESETS_RULES_UNITS_TIMED_WORDS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/error.h"

enum timed_kind {
    KIND_UNKNOWN,
    KIND_UNTIMED,    /* one an encounter, day, area or device */
    KIND_EACH,       /* every unit of minutes, repeatable */
    KIND_FIRST,      /* first block of a family */
    KIND_ADDL,       /* each further block, an add-on */
    KIND_RANGE,      /* one code of a set, from minimum to maximum */
    KIND_MINIMUM,    /* a level whose minutes must be met */
    KIND_CUMULATIVE, /* the total of a period, in full */
    KIND_DAYS,       /* days with data among 30, not minutes */
    KIND_UNLISTED,   /* depends on what was done */
    KIND_COUNT
};

enum { TIMED_WORDS_MAX = 4096 }; /* bytes of a text that are looked at */

struct timed_wording {
    enum timed_kind kind; /* KIND_UNKNOWN: no believed wording */
    uint16_t unit, minimum, maximum, step;
    bool unclear; /* several times are told: kind is KIND_UNKNOWN */
};

struct timed_words; /* the patterns, made ready */
int timed_words_open(struct timed_words **out, struct error *err);
void timed_words_close(struct timed_words *words); /* NULL is fine */

void timed_words_read(struct timed_wording *out,
    const struct timed_words *words, const char *text, size_t len);

#endif

/* units_answer.h - minutes to units: the question as it is written, the answer
 * as JSON and in words.
 *
 *     units_begin(&request, day);
 *     units_add_text(&request, answers, "97110:24,97140:15", len, err)
 *     answer_units(&body, answers, &request, err)
 *
 * All return 0 or as told in answer.h. */
#ifndef CODESETS_ANSWER_UNITS_UNITS_ANSWER_H
#define CODESETS_ANSWER_UNITS_UNITS_ANSWER_H
#include "codesets/answer/answer.h"
#include "codesets/rules/units/units.h"

struct units_request {
    struct units_question question;
    /* Which codes of a family do so many minutes earn? Else TIMED_NO_FAMILY. */
    uint16_t family;
    uint32_t family_minutes;
};

/* ---- units_request.c: reading the question */

void units_begin(struct units_request *out, day_t day);
/* Adds "97110:24,97530:15:GO": code, minutes, and the modifiers of the line if
 * its discipline is to be told. */
int units_add_text(struct units_request *request, const struct answers *answers,
    const char *text, size_t len, struct error *err);
/* One line of it: 97110 and 24, or 97530 and 15 and GO. */
int units_add_line(struct units_request *request, const struct answers *answers,
    struct text_ref code, struct text_ref minutes, struct text_ref modifiers,
    struct error *err);
/* Asks a family, by its name or the code of a member, for whole minutes. */
int units_set_family(struct units_request *request,
    const struct answers *answers, struct text_ref family,
    struct text_ref minutes, struct error *err);
/* Reads {"date","rule","pool_cognitive","minutes":[{"code","minutes",
 * "modifiers"}…]}; what it does not say stays. */
int units_read_json(struct units_request *request,
    const struct answers *answers, const char *text, size_t len,
    struct error *err);

/* ---- units_answer.c: as JSON */

int answer_units(struct buffer *out, const struct answers *answers,
    const struct units_request *request, struct error *err);

/* ---- units_words.c: in words */

/* The same answer for people to read: a table, the working, what to look at. */
int answer_units_words(struct buffer *out, const struct answers *answers,
    const struct units_request *request, struct error *err);

/* The working as a therapist writes it in the margin; each line ends in a
 * newline. */
void units_working(struct buffer *out, const struct units_answer *answer);
/* One sentence. */
void units_warning_text(struct buffer *out, const struct units_answer *answer,
    const struct units_warning *warning);
/* Decides; *out is freed by the caller with free(). */
int units_ask(struct units_answer **out, const struct answers *answers,
    const struct units_request *request, struct error *err);

#endif

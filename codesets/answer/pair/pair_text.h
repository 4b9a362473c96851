/* pair_text.h - one pair question as it was written, still as texts. */
#ifndef CODESETS_ANSWER_PAIR_PAIR_TEXT_H
#define CODESETS_ANSWER_PAIR_PAIR_TEXT_H
#include "codesets/answer/answer.h"

enum { PAIR_TEXT_MODIFIERS = 16 };

struct pair_text {
    struct text_ref code[2];
    struct text_ref date, setting, program;
    size_t modifiers;
    struct {
        struct text_ref code, modifier;
    } modifier[PAIR_TEXT_MODIFIERS];
    void *json; /* what the texts lie in, when they were escaped; or NULL */
};

/* Reads {"codes":["97530","97116"],"date":…,"setting":…,"program":…,
 * "modifiers":{"97116":["59"]}}. The plain form is read where it lies, any
 * other spelling of the same goes through jansson. Returns 0, or ERR_INPUT with
 * a message; pair_text_clear() in either case. */
int pair_text_json(
    struct pair_text *out, const char *text, size_t len, struct error *err);
void pair_text_clear(struct pair_text *text);

/* Makes the question of the texts; a and b are the lines it points to. What is
 * not said comes from question, which is filled before. Returns 0 or ERR_INPUT
 * with a message. */
int pair_text_resolve(const struct pair_text *text, const struct rules *rules,
    struct pair_question *question, struct pair_line *a, struct pair_line *b,
    struct error *err);

#endif

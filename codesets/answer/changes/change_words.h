/* change_words.h - a change in a sentence, and what to do about it. */
#ifndef CODESETS_ANSWER_CHANGES_CHANGE_WORDS_H
#define CODESETS_ANSWER_CHANGES_CHANGE_WORDS_H
#include "codesets/compare/compare.h"
#include "codesets/core/buffer.h"

/* A code asked for, as people write it: with its dot where it is a diagnosis,
 * by what the store knows, else by its shape. */
void change_asked(
    char out[CODE_TEXT], const struct store *store, const char *code);
/* Why code number i of a question's list is not known, and the code as people
 * write it; NULL when it is known. */
const char *change_unknown(
    char out[CODE_TEXT], const struct compare_question *question, size_t i);
/* "97110", "E11.9", "97110-26", "A57067": what has changed. */
void change_name(struct buffer *out, const struct change *change);
/* "edit with 97530 begins, modifier indicator 1". */
void change_sentence(struct buffer *out, const struct change *change);
/* What someone who bills the code is to do; nothing where there is nothing to
 * do. store: the side after. */
void change_advice(
    struct buffer *out, const struct store *store, const struct change *change);
/* "12 added, 3 ended". */
void change_sums(struct buffer *out, const uint64_t count[CHANGE_KINDS]);
/* "Nothing has changed.", or in what could be compared, and what was not. */
void change_none(struct buffer *out, const struct compare_summary *summary);
/* "2020q3", or the days of a list without labels; "-" for none. */
const char *change_release(const struct release *release);
/* "from 2026-01-01", "on 2026-01-01 at the latest"; nothing when not told. */
void change_when(struct buffer *out, const struct change *change);

#endif

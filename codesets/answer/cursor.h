/* cursor.h - where the next page of a list begins, as one opaque word.
 *
 * It names the build it was given out for, and holds a sum of the question:
 * positions mean nothing in another build or list, and a list must not mix
 * two. What may change from page to page, the limit, is no part of it. */
#ifndef CODESETS_ANSWER_CURSOR_H
#define CODESETS_ANSWER_CURSOR_H
#include "codesets/answer/answer.h"

enum cursor_kind {
    CURSOR_CODES = 'c',
    CURSOR_EDITS = 'e',
    CURSOR_SEARCH = 's',
    CURSOR_NECESSITY = 'n',
    CURSOR_POLICIES = 'p',
    CURSOR_CHANGES = 'h'
};

enum { CURSOR_TEXT = CURSOR_MAX + 1 };

/* The list that a question asks for: its kind, then each part of the question
 * that decides what stands in it, always in the same order. */
struct cursor_list {
    enum cursor_kind kind;
    uint32_t sum;
};
struct cursor_list cursor_list(enum cursor_kind kind);
void cursor_add_text(struct cursor_list *list, struct text_ref text);
void cursor_add_number(struct cursor_list *list, int64_t number);

void cursor_write(char out[CURSOR_TEXT], const struct store *store,
    const struct cursor_list *list, uint32_t position);
/* A cursor without text is position 0. Returns 0, or ERR_INPUT for one that is
 * not ours, of another list or question, or of another build. */
int cursor_read(uint32_t *position, const struct store *store,
    const struct cursor_list *list, struct text_ref cursor, struct error *err);

#endif

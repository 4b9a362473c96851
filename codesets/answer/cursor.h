/* cursor.h - where the next page of a list begins, as one opaque word.
 *
 * It names the build it was given out for: positions mean nothing in another,
 * and a list must not mix two. */
#ifndef CODESETS_ANSWER_CURSOR_H
#define CODESETS_ANSWER_CURSOR_H
#include "codesets/answer/answer.h"

enum cursor_kind {
    CURSOR_CODES = 'c',
    CURSOR_EDITS = 'e',
    CURSOR_SEARCH = 's',
    CURSOR_NECESSITY = 'n',
    CURSOR_POLICIES = 'p'
};

enum { CURSOR_TEXT = CURSOR_MAX + 1 };

void cursor_write(char out[CURSOR_TEXT], const struct store *store,
    enum cursor_kind kind, uint32_t position);
/* A cursor without text is position 0. Returns 0, or ERR_INPUT for one that is
 * not ours, of another list, or of another build. */
int cursor_read(uint32_t *position, const struct store *store,
    enum cursor_kind kind, struct text_ref cursor, struct error *err);

#endif

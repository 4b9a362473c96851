/* members.h - a JSON object whose members are all texts. */
#ifndef CODESETS_ANSWER_MEMBERS_H
#define CODESETS_ANSWER_MEMBERS_H
#include "codesets/answer/answer.h"

/* Fills out[i] with the text of the member names[i]; its text is NULL when
 * the object does not have it, or has null there. *kept holds what the texts
 * lie in, for members_free() in either case. example is an object as it should
 * be, for the message. Returns 0 or ERR_INPUT. */
int members_read(struct text_ref *out, void **kept, const char *const *names,
    size_t count, const char *example, struct text_ref object,
    struct error *err);
void members_free(void *kept);

#endif

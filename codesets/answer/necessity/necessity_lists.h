/* necessity_lists.h - the two sides of the lists, for necessity_answer.c. */
#ifndef CODESETS_ANSWER_NECESSITY_NECESSITY_LISTS_H
#define CODESETS_ANSWER_NECESSITY_NECESSITY_LISTS_H
#include "codesets/answer/necessity/necessity_answer.h"

/* A procedure's lists of diagnoses, a page of them. */
int necessity_lists_json(struct buffer *out, const struct answers *answers,
    const struct necessity_question *question,
    const struct necessity_request *request, struct error *err);
/* The articles whose lists name a diagnosis, with their procedures. */
int necessity_articles_json(struct buffer *out, const struct answers *answers,
    const struct necessity_question *question,
    const struct necessity_request *request, struct error *err);

#endif

/* documents.h - the codes of a store with their texts, read out once, so that
 * other search engines can be given the very words that ours was given. */
#ifndef TOOLS_EVAL_DOCUMENTS_H
#define TOOLS_EVAL_DOCUMENTS_H
#include <stdbool.h>
#include <stddef.h>
#include "codesets/answer/answer.h"
#include "codesets/core/buffer.h"

/* A code as it is found: of ICD-10-CM without the dot. */
struct found {
    enum code_system system;
    char code[CODE_TEXT];
};

struct document {
    struct found code;
    char shown[CODE_TEXT]; /* with the dot of ICD-10-CM */
    /* NUL-ended, in the store's map; "" when there is none, or when it says
     * what a text before it says. */
    const char *title, *brief, *full, *label;
    /* Inclusion terms and what the publisher's indexes call it, one a line. */
    const char *extra;
};

struct documents {
    struct document *document;
    size_t count;
    struct buffer extra; /* all of them */
    bool licensed; /* procedures of the AMA have texts of the publisher's */
};

/* Every code that is not known to be invalid on the day. The store must outlive
 * the documents. False with a line on standard error. */
bool documents_read(
    struct documents *out, const struct answers *answers, day_t day);
/* The place of a code; DOCUMENT_NONE when it is none of them. */
#define DOCUMENT_NONE ((size_t)-1)
size_t documents_find(const struct documents *documents,
    enum code_system system, const char *code, size_t len);
void documents_clear(struct documents *documents);

#endif

/* found_text.h - where a code has the words that its title does not hold.
 *
 * "Coronary (artery) obstruction" leads to a code through the alphabetic index,
 * and nothing in its title says so. The index of the search knows words and no
 * texts: they are read again, of the code's own rows, for the hits of a page.
 */
#ifndef CODESETS_ANSWER_FOUND_TEXT_H
#define CODESETS_ANSWER_FOUND_TEXT_H
#include "codesets/answer/highlight.h"
#include "codesets/answer/item.h"

/* The hits of one search. */
struct found_texts {
    const struct answers *answers;
    const struct search_result *result;
    const struct meanings_typed *typed;
    day_t day;
    struct buffer text[2]; /* the best so far, and the one at hand */
    uint64_t *concept;     /* words of the query in each everyday name; NULL
                              while nobody has asked for them */
};
void found_texts_begin(struct found_texts *out, const struct answers *answers,
    const struct search_result *result, const struct meanings_typed *typed,
    day_t day);
void found_texts_end(struct found_texts *texts);

/* "found_in": of an open object, when the title lacks some of the words which
 * the hit was found by; in_title says which it has, as bits. It is the text of
 * the code that has most of them, what kind of text it is, which parts of it
 * they are, and where it stands; null when no text has one that the title
 * lacks. Returns 0, ERR_CORRUPT or ERR_SYSTEM. */
int found_text_json(struct json *json, struct found_texts *texts,
    const struct code_item *item, const struct search_hit *hit,
    uint64_t in_title, struct used *used, struct error *err);

#endif

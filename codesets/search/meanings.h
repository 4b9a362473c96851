/* meanings.h - the words of a text for which a typed word stands.
 *
 * "Heart attack" finds a text that says "myocardial infarction": the index has
 * been given the words when it was built (words.h), and does not know why. To
 * say it with a hit, the same tables are asked the other way round.
 *
 * A term counts when all of its words were typed, each in full. */
#ifndef CODESETS_SEARCH_MEANINGS_H
#define CODESETS_SEARCH_MEANINGS_H
#include "codesets/search/query.h"
#include "codesets/search/words.h"

enum {
    MEANINGS_MAX = 64,       /* of one query; what is more is left out */
    MEANINGS_TEXT_WORDS = 64 /* of a text, in which meanings are looked for */
};

struct meaning {
    struct words_cell term, meaning, kind; /* kind: as in synonyms.tsv */
    bool abridged;  /* the meaning stands so in short descriptions alone */
    uint32_t order; /* among the rows of the tables */
    uint64_t key;   /* term_hash() of the term's first word that has one */
};

struct meanings;

/* Returns 0, ERR_CORRUPT naming table and line, or ERR_SYSTEM. */
int meanings_open(struct meanings **out, struct error *err);
void meanings_close(struct meanings *meanings); /* NULL is fine */

/* The tables they were made from. */
const struct words *meanings_words(const struct meanings *meanings);

/* The meanings of what was typed. */
struct meanings_typed {
    uint32_t count;
    const struct meaning *meaning[MEANINGS_MAX];
    uint64_t words[MEANINGS_MAX]; /* of the query that are the term, as bits */
};
void meanings_find(struct meanings_typed *out, const struct meanings *meanings,
    const struct search_result *result);

/* The words of a text. */
struct meanings_text {
    uint32_t words;
    struct fold_word word[MEANINGS_TEXT_WORDS];
};
void meanings_text(struct meanings_text *out, const char *text, size_t len);
/* The words of the text that are the meaning, as bits; 0 when it does not stand
 * there. */
uint64_t meanings_stand(
    const struct meaning *meaning, const struct meanings_text *text);

#endif

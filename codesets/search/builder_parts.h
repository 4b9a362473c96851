/* builder_parts.h - what the files of the builder share. */
#ifndef CODESETS_SEARCH_BUILDER_PARTS_H
#define CODESETS_SEARCH_BUILDER_PARTS_H
#include "codesets/core/fold.h"
#include "codesets/search/builder.h"

/* A word that stands in a row; later the places of both. Rows below the number
 * of documents are these; the others follow in the order of their coming. */
struct posting {
    uint32_t word, row;
};

/* A name of a document, as the sum of its words. */
struct name {
    uint64_t hash;
    uint32_t document; /* later its rank */
    bool title;
};

struct document {
    uint32_t length; /* of its title, in code points; 0: it has none */
    uint32_t title, title_words; /* place in builder->title */
    day_t from, to;
    bool rare;
    uint8_t value[SEARCH_COLUMNS]; /* number + 1, 0: none */
};

struct value {
    enum search_facet facet;
    char name[SEARCH_VALUE_NAME];
};

/* A document has the value of a column from one day to another; later a change
 * of the blob, where 0 is a value, too. */
struct value_days {
    uint32_t document; /* later its rank */
    uint8_t column, value;
    day_t from, to;
};

enum { RULE_WORDS_MAX = 12, RULE_PREFIX_MIN = 3 };

/* A word of a meaning or term. */
struct rule_word {
    uint32_t word;
    uint16_t prefix_len; /* of a word that ends in *; else 0 */
    bool anywhere;       /* begins a group behind a + */
    char prefix[FOLD_WORD_MAX];
};

struct rule {
    unsigned fields, marks;
    bool same, in_one_piece;
    uint32_t words, terms, shape; /* place in builder->rule_word */
    uint64_t lost, gained;        /* hashes of meaning and term */
};

/* Rules that begin with a word. */
struct rule_link {
    uint32_t rule, next; /* link + 1 */
};

struct search_builder {
    uint32_t documents;
    struct document *document;
    struct value value[SEARCH_VALUES_MAX];
    uint32_t values;
    /* The words, in the order of their appearance, and a hash of them. */
    struct buffer bytes;
    uint32_t *first;    /* words + 1 offsets into bytes */
    uint64_t *hash;     /* what each counts in a name */
    uint32_t *rules_of; /* link + 1 of each; 0: none */
    uint32_t words, words_cap;
    uint32_t *slot; /* word + 1, or 0 for an empty slot */
    uint32_t slots; /* a power of two, at least twice the words */
    struct buffer rule, rule_word, rule_link; /* arrays of the structs */
    struct buffer prefix_rule; /* u32: rules that begin with a * */
    struct buffer title;       /* u32: words of titles */
    struct buffer name;        /* struct name */
    struct buffer row;         /* u32: the document of each other row */
    struct buffer days;        /* struct value_days */
    struct posting *posting;
    size_t postings, postings_cap;
    /* Of the text at hand. */
    uint32_t word[SEARCH_TEXT_WORDS_MAX];
};

int builder_word(struct search_builder *builder, const char *text, size_t len,
    uint32_t *word, struct error *err);
int builder_posting(struct search_builder *builder, uint32_t word, uint32_t row,
    struct error *err);
void builder_name(struct search_builder *builder, uint64_t hash,
    uint32_t document, bool title);

/* The days of values become what differs from the values of all days: windows
 * gets the days on which these hold, the rest are changes, by column and rank.
 */
struct value_window {
    day_t from, to;
};
int builder_changes(struct search_builder *builder, const uint32_t *rank,
    struct value_window windows[SYSTEM_COUNT][SEARCH_COLUMNS],
    struct buffer *changes, struct error *err);

/* Links a new word to the rules that begin with a * and mean it. */
int rules_of_new_word(
    struct search_builder *builder, uint32_t word, struct error *err);
/* Adds the terms whose meanings stand in builder->word[0, words) to the text's
 * row. hash is the text's; of a name every reading counts as one. */
int apply_rules(struct search_builder *builder, uint32_t document, uint32_t row,
    enum search_field field, unsigned marks, uint32_t words, uint64_t hash,
    bool is_name, struct error *err);

#endif

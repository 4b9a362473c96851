/* builder.h - makes the blob of index.h.
 *
 * Open it with the number of codes, give it the rules of other words, then say
 * what each document is, then add their texts, then write. */
#ifndef CODESETS_SEARCH_BUILDER_H
#define CODESETS_SEARCH_BUILDER_H
#include <stdbool.h>
#include "codesets/core/buffer.h"
#include "codesets/core/code.h"
#include "codesets/core/day.h"
#include "codesets/search/index.h"

/* What a text is to its code. */
enum search_field {
    SEARCH_TITLE, /* the text shown with a hit: its length ranks it */
    SEARCH_SHORT,
    SEARCH_LABEL, /* the project's own words */
    SEARCH_EXTRA, /* index entries, inclusion terms, older wordings */
    SEARCH_FIELDS
};

enum { SEARCH_TEXT_WORDS_MAX = 1024 }; /* words of a text that count */

struct search_builder;

/* documents: how many codes the list of codes has. */
int search_builder_open(
    struct search_builder **out, uint32_t documents, struct error *err);
/* Says what a document is. Call it for each, in any order. from and to are the
 * first and last day on which the code is not known to be invalid;
 * DAY_UNKNOWN and DAY_OPEN when there is no such bound. */
void search_builder_document(struct search_builder *builder, uint32_t document,
    enum code_system system, day_t from, day_t to);
/* Puts it behind the usual ones, however well its words match; but not when its
 * code or the whole of a name is typed. */
void search_builder_rare(struct search_builder *builder, uint32_t document);
/* Its value of a facet, or one of its settings; a name of at most
 * SEARCH_VALUE_NAME - 1 bytes. */
int search_builder_value(struct search_builder *builder, uint32_t document,
    enum search_facet facet, const char *name, struct error *err);
/* It has the value from one day to another. Once this is said of a document and
 * a facet, it has no value of the facet on all other days. The days of a value
 * do not overlap. search_builder_value() still says what it is to be ranked by,
 * and stands for every day when nothing else is said. */
int search_builder_value_on(struct search_builder *builder, uint32_t document,
    enum search_facet facet, const char *name, day_t from, day_t to,
    struct error *err);

/* A text in which the meaning stands is found by the term as well.
 *
 * Words of a meaning stand next to each other; " + " between two groups of them
 * says that both stand in the text, and a word that ends in * stands for all
 * that begin so. Rules come before texts. */
struct search_rule {
    const char *meaning, *term;
    size_t meaning_len, term_len;
    unsigned fields; /* 1 << enum search_field: the texts it is for */
    unsigned marks;  /* of search_builder_add(); 0: any text */
    bool same;       /* the term is what the text says, not another word */
};
int search_builder_rule(struct search_builder *builder,
    const struct search_rule *rule, struct error *err);

/* Adds the words of one text. A document may have any number of texts and
 * fields; a word counts once. The title that was added last gives the rank.
 * marks are the caller's own, to tell the texts of rules. */
int search_builder_add(struct search_builder *builder, uint32_t document,
    enum search_field field, unsigned marks, const char *text, size_t len,
    struct error *err);
/* The same for a name by which the document is meant first. */
int search_builder_name(struct search_builder *builder, uint32_t document,
    const char *text, size_t len, struct error *err);

/* Appends the blob. */
int search_builder_write(
    struct search_builder *builder, struct buffer *out, struct error *err);
void search_builder_close(struct search_builder *builder); /* NULL is fine */

#endif

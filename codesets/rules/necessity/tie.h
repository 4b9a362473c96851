/* tie.h - which procedures of an article a list of diagnoses is for.
 *
 * The publisher numbers procedure groups and diagnosis groups independently
 * and ties them by prose alone (domain.md 2f). The ladder, surest first:
 *
 *   exact          the article has one list of that kind, and the words above
 *                  it name no procedure
 *   named          the words above the list name the procedure
 *   assumed        they name none, and list and procedure stand in groups of
 *                  one number
 *   article_level  otherwise: some list of the article, perhaps for others
 *
 * Where the words above the lists are not loaded, nothing is surer than
 * article_level. */
#ifndef CODESETS_RULES_NECESSITY_TIE_H
#define CODESETS_RULES_NECESSITY_TIE_H
#include <stdbool.h>
#include "codesets/core/buffer.h"
#include "codesets/store/coverage.h"
#include "codesets/store/ties.h"

enum tie_link {
    LINK_NONE, /* there is no list to be tied */
    LINK_ARTICLE_LEVEL,
    LINK_ASSUMED,
    LINK_NAMED,
    LINK_EXACT,
    LINK_COUNT
};
const char *tie_link_name(enum tie_link link); /* "exact"; NULL for none */
/* Sure enough to say "not supported". */
static inline bool tie_is_strong(enum tie_link link)
{
    return link >= LINK_NAMED;
}

struct tie_facts {
    bool paragraph; /* the words above the list are loaded, be they empty */
    enum tie_naming naming; /* of the procedure, in them */
    bool names;             /* they name procedures */
    bool single;            /* no other list of the kind in the article */
    bool same_number;
    /* The words above the procedure's own group speak of diagnoses: what they
     * say of the list is not weighed here, so that it is not sure either. */
    bool qualified;
};
enum tie_link tie_link(const struct tie_facts *facts);

/* Reads the paragraphs of all groups and appends the blob "ties". */
int ties_of_coverage(
    struct buffer *out, const struct coverage *coverage, struct error *err);

#endif

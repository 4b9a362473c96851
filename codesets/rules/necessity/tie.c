#include "codesets/rules/necessity/tie.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/core/code.h"
#include "codesets/rules/necessity/group_text.h"

const char *tie_link_name(enum tie_link link)
{
    static const char *const names[LINK_COUNT] = {
        NULL, "article_level", "assumed", "named", "exact"};

    return (unsigned)link < LINK_COUNT ? names[link] : NULL;
}

enum tie_link tie_link(const struct tie_facts *facts)
{
    if (!facts->paragraph || facts->naming == TIE_EXCLUDED)
        return LINK_ARTICLE_LEVEL;
    if (facts->naming == TIE_NAMED)
        return LINK_NAMED;
    if (facts->names)
        return LINK_ARTICLE_LEVEL;
    if (facts->single)
        return facts->qualified ? LINK_ASSUMED : LINK_EXACT;
    return facts->same_number ? LINK_ASSUMED : LINK_ARTICLE_LEVEL;
}

/* --------------------------------------------------- reading paragraphs */

/* A procedure of the article at hand. */
struct own {
    uint32_t code;   /* of coverage.h */
    uint32_t packed; /* PROC_NONE for what has no procedure's shape */
    uint64_t groups; /* bit n: stands in procedure group n */
};

struct article {
    struct own *own;
    size_t owns, room;
};

static uint64_t group_bit(uint32_t number)
{
    return number > GROUP_NUMBER_MAX ? 0 : (uint64_t)1 << number;
}

static uint32_t packed_of(const struct coverage *coverage, uint32_t code)
{
    char name[COVERAGE_KEY_LEN + 1];

    if (coverage_key_name(name, coverage_code_key(coverage, code)) != PROC_LEN)
        return PROC_NONE;
    return proc_pack(name);
}

static int by_code(const void *a, const void *b)
{
    const struct own *one = a, *two = b;

    return one->code < two->code ? -1 : one->code > two->code;
}

static int add_group(struct article *article, const struct coverage *coverage,
    const struct coverage_group *group, struct error *err)
{
    if (article->owns + group->members > article->room) {
        const size_t room = 2 * (article->owns + group->members);
        struct own *own = realloc(article->own, room * sizeof *own);

        if (own == NULL)
            return error_memory(err);
        article->own = own;
        article->room = room;
    }
    for (uint32_t i = 0; i < group->members; i++) {
        struct coverage_member member;

        coverage_member(coverage, group, i, &member);
        article->own[article->owns++] = (struct own){member.code,
            packed_of(coverage, member.code), group_bit(group->number)};
    }
    return 0;
}

/* All procedures of the document, each once, ascending. */
static int find_own(struct article *article, const struct coverage *coverage,
    const struct coverage_document *document, struct error *err)
{
    uint32_t first, end;
    size_t n = 0;
    int rc = 0;

    article->owns = 0;
    coverage_list_groups(coverage, document, COVERAGE_PROCEDURES, &first, &end);
    for (; first < end && rc == 0; first++) {
        struct coverage_group group;

        coverage_group(coverage, first, &group);
        rc = add_group(article, coverage, &group, err);
    }
    if (article->owns > 1)
        qsort(article->own, article->owns, sizeof *article->own, by_code);
    for (size_t i = 0; i < article->owns; i++) {
        if (n > 0 && article->own[n - 1].code == article->own[i].code)
            article->own[n - 1].groups |= article->own[i].groups;
        else
            article->own[n++] = article->own[i];
    }
    article->owns = n;
    return rc;
}

/* What one paragraph says of the document's procedures. */
static unsigned read_group(struct ties_writer *writer,
    const struct article *article, const struct coverage *coverage,
    const struct coverage_group *group, struct group_text *text)
{
    size_t len;
    const char *words = coverage_text(coverage, group->paragraph, &len);
    unsigned flags = 0;

    group_text_read(text, words, len);
    if (text->conditions ||
        (text->diagnosis_groups & ~group_bit(group->number)) != 0)
        flags |= TIE_CONDITIONS;
    if (group->list == COVERAGE_PROCEDURES)
        return text->diagnoses ? flags | TIE_DIAGNOSES : flags;
    for (size_t i = 0; i < article->owns; i++) {
        const struct own *own = &article->own[i];

        switch (group_text_names(text, own->packed, own->groups)) {
        case NAMING_NAMED:
            ties_name(writer, own->code, TIE_NAMED);
            break;
        case NAMING_EXCLUDED:
            ties_name(writer, own->code, TIE_EXCLUDED);
            break;
        default:
            break;
        }
    }
    if (group_text_names(text, PROC_NONE, 0) == NAMING_OTHERS)
        flags |= TIE_NAMES;
    return flags;
}

int ties_of_coverage(
    struct buffer *out, const struct coverage *coverage, struct error *err)
{
    struct group_text *text = malloc(sizeof *text);
    const uint32_t groups = coverage_groups(coverage);
    struct ties_writer writer = {0};
    struct article article = {0};
    uint32_t at = UINT32_MAX;
    int rc = 0;

    if (text == NULL)
        return error_memory(err);
    for (uint32_t i = 0; i < groups && rc == 0; i++) {
        struct coverage_document document;
        struct coverage_group group;
        unsigned flags = 0;

        coverage_group(coverage, i, &group);
        if (group.list <= COVERAGE_NONCOVERED &&
            group.paragraph != COVERAGE_NONE) {
            if (group.document != at) {
                at = group.document;
                coverage_document(coverage, at, &document);
                rc = find_own(&article, coverage, &document, err);
            }
            if (rc == 0)
                flags = read_group(&writer, &article, coverage, &group, text);
        }
        if (rc == 0)
            rc = ties_add(&writer, flags, err);
    }
    if (rc == 0)
        rc = ties_write(&writer, out, err);
    ties_clear(&writer);
    free(article.own);
    free(text);
    return rc;
}

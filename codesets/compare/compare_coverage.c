/* Articles, LCDs and NCDs: which came and went, which were revised, and what
 * came into their lists and left them. A list is compared only when its table
 * was loaded on both sides. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/compare/compare_parts.h"

struct coverage_pair {
    const struct coverage *coverage[SIDES];
    struct coverage_document document[SIDES];
    bool there[SIDES];    /* something tells of it */
    bool listed[SIDES];   /* it stands in the list of documents itself */
    char name[SIDES][24]; /* "A57067" */
};

/* What a code list is called, by enum coverage_list; NULL: not compared. */
static const char *const list_names[COVERAGE_LISTS] = {
    [COVERAGE_PROCEDURES] = "procedures",
    [COVERAGE_COVERED] = "covered",
    [COVERAGE_NONCOVERED] = "noncovered",
    [COVERAGE_MODIFIERS] = "modifiers",
    [COVERAGE_BILL_TYPES] = "bill_types",
    [COVERAGE_REVENUE] = "revenue_codes",
};

/* The publisher's table of a list; COVERAGE_TABLES: there is none. */
static enum coverage_table table_of_list(
    enum coverage_kind kind, enum coverage_list list)
{
    static const enum coverage_table of_article[COVERAGE_LISTS] = {
        [COVERAGE_PROCEDURES] = COVERAGE_ARTICLE_PROCEDURES,
        [COVERAGE_COVERED] = COVERAGE_ARTICLE_COVERED,
        [COVERAGE_NONCOVERED] = COVERAGE_ARTICLE_NONCOVERED,
        [COVERAGE_MODIFIERS] = COVERAGE_ARTICLE_MODIFIERS,
        [COVERAGE_BILL_TYPES] = COVERAGE_ARTICLE_BILL_TYPES,
        [COVERAGE_REVENUE] = COVERAGE_ARTICLE_REVENUE,
    };

    if (list_names[list] == NULL)
        return COVERAGE_TABLES;
    if (kind == COVERAGE_ARTICLE)
        return of_article[list];
    return kind == COVERAGE_LCD && list == COVERAGE_PROCEDURES
               ? COVERAGE_LCD_PROCEDURES
               : COVERAGE_TABLES;
}

static enum coverage_table table_of_kind(enum coverage_kind kind)
{
    return kind == COVERAGE_ARTICLE ? COVERAGE_ARTICLES
           : kind == COVERAGE_LCD   ? COVERAGE_LCDS
                                    : COVERAGE_NCDS;
}

static bool loaded(const struct comparing *c, const struct coverage_pair *pair,
    int side, enum coverage_table table)
{
    return table != COVERAGE_TABLES && coverage_loaded(pair->coverage[side],
                                           c->series->number[side], table);
}

static bool loaded_both(const struct comparing *c,
    const struct coverage_pair *pair, enum coverage_table table)
{
    return loaded(c, pair, BEFORE, table) && loaded(c, pair, AFTER, table);
}

/* --- telling ---------------------------------------------------------------
 */

static void name_document(char out[24], const struct coverage *coverage,
    const struct coverage_document *document)
{
    static const char *const prefix[] = {"A", "L", "NCD"};
    const char *shown =
        coverage_document_text(coverage, document, COVERAGE_DISPLAY_ID, NULL);

    if (shown != NULL && *shown != '\0' && document->kind != COVERAGE_NCD)
        (void)snprintf(out, 24, "%.20s", shown);
    else
        (void)snprintf(
            out, 24, "%s%u", prefix[document->kind % 3], document->id);
}

static day_t document_day(const struct coverage_document *document)
{
    if (document->revision_effective != DAY_UNKNOWN)
        return document->revision_effective;
    return document->effective;
}

static struct change document_change(const struct comparing *c,
    const struct coverage_pair *pair, enum change_kind kind)
{
    const int shown = pair->there[AFTER] ? AFTER : BEFORE;
    struct change change = {.series = c->series,
        .kind = kind,
        .system = SYSTEM_COUNT,
        .modifier = "",
        .document = pair->name[shown],
        .title = coverage_document_text(pair->coverage[shown],
            &pair->document[shown], COVERAGE_TITLE, NULL),
        .effective = DAY_UNKNOWN,
        .certain = true};

    for (int side = 0; side < SIDES; side++)
        if (pair->there[side]) {
            change.source[side].file =
                store_file(side_store(c, side), pair->document[side].file);
            change.source[side].row = pair->document[side].line;
            change.source[side].release = c->series->release[side]->label;
        }
    return change;
}

/* Lists change with a revision; without one, by the capture that has them. */
static void date_change(const struct comparing *c,
    const struct coverage_pair *pair, struct change *change)
{
    const day_t day =
        pair->there[AFTER] ? document_day(&pair->document[AFTER]) : DAY_UNKNOWN;
    const struct compare_series *series = c->series;

    if (day != DAY_UNKNOWN && day > series->release[BEFORE]->from &&
        (!pair->there[BEFORE] ||
            day != document_day(&pair->document[BEFORE]))) {
        change->effective = day;
        return;
    }
    change->effective = series->release[AFTER]->from;
    change->certain = false;
}

/* --- lists -----------------------------------------------------------------
 */

struct member_walk {
    const struct coverage *coverage;
    struct coverage_group group;
    uint32_t at;
    bool there;
};

static void members_begin(struct member_walk *out,
    const struct coverage_pair *pair, int side, enum coverage_list list,
    uint32_t number)
{
    uint32_t first = 0, end = 0;

    *out = (struct member_walk){.coverage = pair->coverage[side]};
    if (!pair->there[side])
        return;
    coverage_list_groups(
        out->coverage, &pair->document[side], list, &first, &end);
    for (uint32_t g = first; g < end; g++) {
        coverage_group(out->coverage, g, &out->group);
        if (out->group.number == number) {
            out->there = true;
            return;
        }
    }
}

static bool member_key(
    const struct member_walk *walk, struct coverage_key *out, uint32_t *line)
{
    struct coverage_member member;

    if (!walk->there || walk->at >= walk->group.members)
        return false;
    coverage_member(walk->coverage, &walk->group, walk->at, &member);
    *out = coverage_code_key(walk->coverage, member.code);
    *line = member.line;
    return true;
}

static void list_code(struct comparing *c, struct coverage_key key)
{
    char text[COVERAGE_KEY_LEN + 1] = {0};

    (void)coverage_key_name(text, key);
    buffer_add(&c->list, text, sizeof text);
}

/* Codes of one side's group that the other side's has not. only: a key that
 * alone is asked for, or NULL. */
static int list_difference(struct comparing *c,
    const struct coverage_pair *pair, enum coverage_list list, uint32_t number,
    int side, const struct coverage_key *only, struct error *err)
{
    struct member_walk here, there;
    struct coverage_key key, other;
    uint32_t line, first_line = 0, other_line;
    struct change change;
    char group[24];

    members_begin(&here, pair, side, list, number);
    members_begin(&there, pair, side == AFTER ? BEFORE : AFTER, list, number);
    c->list.len = 0;
    for (; member_key(&here, &key, &line); here.at++) {
        int order = -1;

        while (member_key(&there, &other, &other_line) &&
               (order = memcmp(key.byte, other.byte, sizeof key.byte)) > 0)
            there.at++;
        if (!member_key(&there, &other, &other_line))
            order = -1;
        if (order == 0 || (only != NULL && memcmp(key.byte, only->byte,
                                               sizeof key.byte) != 0))
            continue;
        if (c->list.len == 0)
            first_line = line;
        list_code(c, key);
    }
    if (c->list.failed)
        return error_memory(err);
    if (c->list.len == 0)
        return 0;
    change = document_change(
        c, pair, side == AFTER ? CHANGE_LISTED : CHANGE_UNLISTED);
    change.field = list_names[list];
    (void)snprintf(group, sizeof group, "group %u", number);
    if (side == AFTER)
        change.after = group;
    else
        change.before = group;
    change.codes = c->list.len / sizeof change.list[0];
    change.list = (const char(*)[9])(void *)c->list.data;
    if (list == COVERAGE_PROCEDURES || list == COVERAGE_COVERED ||
        list == COVERAGE_NONCOVERED || list == COVERAGE_MODIFIERS)
        change.system = list == COVERAGE_PROCEDURES  ? SYSTEM_CPT
                        : list == COVERAGE_MODIFIERS ? SYSTEM_MODIFIER
                                                     : SYSTEM_ICD10CM;
    if (list == COVERAGE_PROCEDURES) {
        const uint32_t packed = strlen(change.list[0]) == PROC_LEN
                                    ? proc_pack(change.list[0])
                                    : PROC_NONE;

        change.system =
            packed == PROC_NONE ? SYSTEM_COUNT : proc_system(packed);
    }
    change.source[side].file =
        store_file(side_store(c, side), here.group.members_file);
    change.source[side].row = first_line;
    date_change(c, pair, &change);
    return compare_tell(c, &change, err);
}

/* Numbers of the groups of a list on either side, one after the other. */
static bool next_group(const struct coverage_pair *pair,
    enum coverage_list list, bool begun, uint32_t *number)
{
    uint32_t best = UINT32_MAX;

    for (int side = 0; side < SIDES; side++) {
        uint32_t first = 0, end = 0;
        struct coverage_group group;

        if (!pair->there[side])
            continue;
        coverage_list_groups(
            pair->coverage[side], &pair->document[side], list, &first, &end);
        for (uint32_t g = first; g < end; g++) {
            coverage_group(pair->coverage[side], g, &group);
            if ((!begun || group.number > *number) && group.number < best)
                best = group.number;
        }
    }
    if (best == UINT32_MAX)
        return false;
    *number = best;
    return true;
}

static bool same_set(const struct comparing *c,
    const struct coverage_pair *pair, enum coverage_list list, uint32_t number)
{
    struct member_walk walk[SIDES];

    if (!c->one_build)
        return false;
    for (int side = 0; side < SIDES; side++)
        members_begin(&walk[side], pair, side, list, number);
    return walk[BEFORE].there && walk[AFTER].there &&
           walk[BEFORE].group.set == walk[AFTER].group.set;
}

static int compare_groups(struct comparing *c, const struct coverage_pair *pair,
    enum coverage_list list, const struct coverage_key *only, struct error *err)
{
    bool begun = false;
    uint32_t number = 0;
    int rc = 0;

    if (!loaded_both(c, pair, table_of_list(pair->document[AFTER].kind, list)))
        return 0;
    while (rc == 0 && next_group(pair, list, begun, &number)) {
        begun = true;
        if (same_set(c, pair, list, number))
            continue;
        rc = list_difference(c, pair, list, number, BEFORE, only, err);
        if (rc == 0)
            rc = list_difference(c, pair, list, number, AFTER, only, err);
    }
    return rc;
}

/* --- documents -------------------------------------------------------------
 */

static int tell_document(struct comparing *c, const struct coverage_pair *pair,
    enum change_kind kind, const char *field, const char *before,
    const char *after, day_t day, struct error *err)
{
    struct change change = document_change(c, pair, kind);

    change.field = field;
    change.before = before;
    change.after = after;
    change.words = kind == CHANGE_TITLE;
    if (day != DAY_UNKNOWN && day != DAY_OPEN)
        change.effective = day;
    else
        date_change(c, pair, &change);
    return compare_tell(c, &change, err);
}

static day_t last_day(const struct coverage_document *document)
{
    day_t last = document->retired;

    if (document->ended < last)
        last = document->ended;
    return last;
}

static int compare_versions(struct comparing *c,
    const struct coverage_pair *pair, bool ends, struct error *err)
{
    const struct coverage_document *before = &pair->document[BEFORE];
    const struct coverage_document *after = &pair->document[AFTER];
    char version[SIDES][12];
    const char *title[SIDES];
    int rc = 0;

    for (int side = 0; side < SIDES; side++) {
        title[side] = coverage_document_text(
            pair->coverage[side], &pair->document[side], COVERAGE_TITLE, NULL);
        (void)snprintf(version[side], sizeof version[side], "%u",
            pair->document[side].version);
    }
    if (last_day(before) == DAY_OPEN && last_day(after) != DAY_OPEN)
        rc = tell_document(c, pair, CHANGE_ENDED, "document", title[BEFORE],
            NULL, last_day(after) + 1, err);
    else if (before->status == 'A' && after->status == 'R')
        rc = tell_document(c, pair, CHANGE_ENDED, "status", "active", "retired",
            DAY_UNKNOWN, err);
    if (rc == 0 && !ends && before->version != after->version)
        rc = tell_document(c, pair, CHANGE_REVISED, "version", version[BEFORE],
            version[AFTER], DAY_UNKNOWN, err);
    if (rc == 0 && !ends && title[BEFORE] != NULL && title[AFTER] != NULL &&
        strcmp(title[BEFORE], title[AFTER]) != 0)
        rc = tell_document(c, pair, CHANGE_TITLE, "title", title[BEFORE],
            title[AFTER], DAY_UNKNOWN, err);
    return rc;
}

/* The version of a document that stands in the release of a side. */
static void find_version(const struct comparing *c, struct coverage_pair *pair,
    int side, enum coverage_kind kind, uint32_t id)
{
    uint32_t first = 0, end = 0;

    pair->there[side] = false;
    coverage_versions(pair->coverage[side], kind, id, &first, &end);
    for (uint32_t d = first; d < end; d++)
        if (coverage_in_release(
                pair->coverage[side], d, c->series->number[side])) {
            coverage_document(pair->coverage[side], d, &pair->document[side]);
            pair->there[side] = true;
        }
    pair->listed[side] =
        pair->there[side] &&
        coverage_document_text(pair->coverage[side], &pair->document[side],
            COVERAGE_TITLE, NULL) != NULL;
    if (pair->there[side])
        name_document(
            pair->name[side], pair->coverage[side], &pair->document[side]);
}

/* Documents that came, went or were revised. A document that other tables only
 * name, on a side, is not told of. ends: nothing but the end is asked for. */
static int compare_listing(struct comparing *c,
    const struct coverage_pair *pair, bool ends, struct error *err)
{
    const bool *there = pair->there, *listed = pair->listed;

    if (!loaded_both(c, pair, table_of_kind(pair->document[AFTER].kind)))
        return 0;
    if (listed[BEFORE] && listed[AFTER])
        return compare_versions(c, pair, ends, err);
    if (listed[AFTER] && !there[BEFORE] && !ends &&
        !c->series->release[BEFORE]->partial)
        return tell_document(c, pair, CHANGE_ADDED, "document", NULL,
            coverage_document_text(pair->coverage[AFTER],
                &pair->document[AFTER], COVERAGE_TITLE, NULL),
            DAY_UNKNOWN, err);
    if (listed[BEFORE] && !there[AFTER] && !c->series->release[AFTER]->partial)
        return tell_document(c, pair, CHANGE_ENDED, "document",
            coverage_document_text(pair->coverage[BEFORE],
                &pair->document[BEFORE], COVERAGE_TITLE, NULL),
            NULL, last_day(&pair->document[BEFORE]), err);
    return 0;
}

/* only: a diagnosis that is asked about; a document changes for it when its
 * own place on the lists changes. */
static int compare_document(struct comparing *c, enum coverage_kind kind,
    uint32_t id, const struct coverage_key *only, struct error *err)
{
    struct coverage_pair pair = {
        .coverage = {store_coverage(side_store(c, BEFORE)),
            store_coverage(side_store(c, AFTER))}};
    int rc = 0;

    for (int side = 0; side < SIDES; side++)
        find_version(c, &pair, side, kind, id);
    if ((!pair.there[BEFORE] && !pair.there[AFTER]) ||
        (c->one_build && pair.there[BEFORE] && pair.there[AFTER] &&
            pair.document[BEFORE].first_group ==
                pair.document[AFTER].first_group &&
            pair.document[BEFORE].line == pair.document[AFTER].line &&
            pair.document[BEFORE].file == pair.document[AFTER].file))
        return 0;
    if (!pair.there[AFTER])
        pair.document[AFTER].kind = kind; /* asked by compare_groups() */
    rc = compare_listing(c, &pair, only != NULL, err);
    if (!pair.there[AFTER] || (!pair.there[BEFORE] && !pair.listed[AFTER]))
        return rc;
    for (int list = 0; rc == 0 && list < COVERAGE_LISTS; list++)
        if (list_names[list] != NULL &&
            (only == NULL || list == COVERAGE_COVERED ||
                list == COVERAGE_NONCOVERED))
            rc = compare_groups(c, &pair, (enum coverage_list)list, only, err);
    return rc;
}

/* --- all documents ----------------------------------------------------------
 */

uint64_t compare_coverage_units(const struct comparing *c)
{
    return coverage_documents(store_coverage(side_store(c, AFTER)));
}

/* Kind and id in one; UINT64_MAX at the end. */
static uint64_t document_key(const struct coverage *coverage, uint32_t number)
{
    struct coverage_document document;

    if (number >= coverage_documents(coverage))
        return UINT64_MAX;
    coverage_document(coverage, number, &document);
    return (uint64_t)document.kind << 32 | document.id;
}

static int one_document(struct comparing *c, uint64_t key, struct error *err)
{
    return compare_document(
        c, (enum coverage_kind)(key >> 32), (uint32_t)key, NULL, err);
}

static int coverage_of_two(struct comparing *c, struct error *err)
{
    const struct coverage *coverage[SIDES] = {
        store_coverage(side_store(c, BEFORE)),
        store_coverage(side_store(c, AFTER))};
    uint32_t i[SIDES] = {0, 0};
    uint64_t key[SIDES];
    int rc = 0;

    for (int side = 0; side < SIDES; side++)
        key[side] = document_key(coverage[side], 0);
    while (rc == 0 && (key[BEFORE] != UINT64_MAX || key[AFTER] != UINT64_MAX)) {
        const uint64_t lowest =
            key[BEFORE] < key[AFTER] ? key[BEFORE] : key[AFTER];

        rc = one_document(c, lowest, err);
        for (int side = 0; side < SIDES; side++)
            while (key[side] == lowest)
                key[side] = document_key(coverage[side], ++i[side]);
    }
    return rc;
}

int compare_coverage(struct comparing *c, uint64_t *at, struct error *err)
{
    const struct coverage *coverage = store_coverage(side_store(c, AFTER));
    const uint32_t documents = coverage_documents(coverage);
    int rc = 0;

    if (!c->one_build) {
        *at = documents;
        return coverage_of_two(c, err);
    }
    while (rc == 0 && *at < documents && !compare_full(c)) {
        const uint64_t key = document_key(coverage, (uint32_t)*at);
        const uint64_t from = *at;

        rc = one_document(c, key, err);
        while (*at < documents && document_key(coverage, (uint32_t)*at) == key)
            ++*at;
        compare_step(c, (uint32_t)(*at - from));
    }
    return rc;
}

/* --- the documents of a code ------------------------------------------------
 */

enum { CODE_DOCUMENTS_MAX = 65536 };

/* Documents of a side that list a code: twice their key, and one more where
 * they list it as a diagnosis. */
static void documents_of(const struct comparing *c, int side,
    enum coverage_codes kind, const char *text, struct buffer *out)
{
    const struct coverage *coverage = store_coverage(side_store(c, side));
    const uint32_t code =
        coverage_code(coverage, kind, coverage_key_text(text, strlen(text)));
    struct coverage_uses uses;
    struct coverage_group group;
    uint32_t number;

    if (code == COVERAGE_NONE)
        return;
    coverage_uses_begin(coverage, code, &uses);
    while (coverage_uses_next(coverage, &uses, &number)) {
        uint64_t document;

        coverage_group(coverage, number, &group);
        if (!coverage_in_release(
                coverage, group.document, c->series->number[side]))
            continue;
        document = document_key(coverage, group.document) * 2 +
                   (kind == COVERAGE_CODE_DIAGNOSIS);
        buffer_add(out, &document, sizeof document);
    }
}

static int document_order(const void *a, const void *b)
{
    uint64_t one, two;

    memcpy(&one, a, sizeof one);
    memcpy(&two, b, sizeof two);
    return (one > two) - (one < two);
}

int compare_coverage_of_code(
    struct comparing *c, const char *code, struct error *err)
{
    const struct coverage_key key = coverage_key_text(code, strlen(code));
    struct buffer documents = {.max = CODE_DOCUMENTS_MAX * sizeof(uint64_t)};
    uint64_t last = UINT64_MAX, at;
    int rc = 0;

    /* M5459 may be either, to look at. */
    for (int side = 0; side < SIDES; side++) {
        documents_of(c, side, COVERAGE_CODE_PROCEDURE, code, &documents);
        documents_of(c, side, COVERAGE_CODE_DIAGNOSIS, code, &documents);
    }
    if (documents.failed)
        rc = error_set(err, ERR_LIMIT, 0, "%s stands in more than %d documents",
            code, CODE_DOCUMENTS_MAX);
    if (documents.len > 0)
        qsort(documents.data, documents.len / sizeof at, sizeof at,
            document_order);
    for (size_t i = 0; rc == 0 && i < documents.len; i += sizeof at) {
        memcpy(&at, documents.data + i, sizeof at);
        if (at / 2 != last)
            rc = compare_document(c, (enum coverage_kind)(at >> 33),
                (uint32_t)(at / 2), at % 2 != 0 ? &key : NULL, err);
        last = at / 2;
    }
    buffer_clear(&documents);
    return rc;
}

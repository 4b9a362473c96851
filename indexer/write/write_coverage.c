/* write_coverage.c - the rows of the coverage database become documents.
 *
 * The rows of a release come table by table; a document's lie in ten of them.
 * They are sorted by document, list and group, and each document is then handed
 * over whole (coverage_write.h). A row that says once more what another of the
 * same release said is counted as a duplicate. */
#include <stdlib.h>
#include <string.h>

#include "codesets/core/code.h"
#include "codesets/data/embedded.h"
#include "codesets/rules/necessity/tie.h"
#include "codesets/store/coverage_write.h"
#include "indexer/files/sheet.h"
#include "indexer/sources/mcd.h"
#include "indexer/write/write.h"

/* What a row is to its document. The order is that of their reading. */
enum role { ROLE_DOCUMENT, ROLE_RELATION, ROLE_PARAGRAPH, ROLE_MEMBER };

struct fact {
    uint32_t id, version;
    uint8_t kind, role, list;
    uint32_t group, code; /* number of the code's text, to meet equal ones */
    uint32_t published;   /* of its file: the newest comes first */
    uint32_t file, row;
};

struct facts {
    struct fact *fact;
    size_t count, capacity;
};

/* A number with a text or a day: look-ups and announced retirements. */
struct pair {
    uint32_t kind, id;
    const char *text;
};

struct pairs {
    struct pair *pair;
    size_t count, capacity;
};

/* One release on its way into the writer. */
struct release_writing {
    struct writing *w;
    const struct plan_release *release;
    struct coverage_writer *writer;
    struct facts facts;
    struct pairs retires, labels;
    /* Of the document being made. */
    struct coverage_new_group *group;
    size_t groups, group_capacity;
    struct coverage_new_member *member;
    size_t members, member_capacity;
    struct coverage_relation *relation;
    size_t relations, relation_capacity;
    struct buffer joined; /* texts put together, each with its NUL */
};

/* Makes room for one more; false when memory ran out. */
static bool room(void **items, size_t count, size_t *capacity, size_t size)
{
    void *grown;

    if (count < *capacity)
        return true;
    grown = realloc(*items, (*capacity == 0 ? 256 : *capacity * 2) * size);
    if (grown == NULL)
        return false;
    *items = grown;
    *capacity = *capacity == 0 ? 256 : *capacity * 2;
    return true;
}

#define ROOM(items, count, capacity)                                           \
    room((void **)&(items), count, &(capacity), sizeof *(items))

/* --- cells ------------------------------------------------------------------
 */

static const struct batch *batch_of(
    const struct release_writing *r, uint32_t file)
{
    return &r->w->collection->file[file].batch;
}

static const char *cell(const struct release_writing *r,
    const struct batch *batch, uint32_t row, size_t slot, size_t *len)
{
    return texts_get(r->w->collection->texts,
        batch->cells[(size_t)row * batch->columns + slot], len);
}

/* The reader has made sure that it is a number, or empty. */
static uint32_t number(const struct release_writing *r,
    const struct batch *batch, uint32_t row, size_t slot)
{
    return (uint32_t)strtoul(cell(r, batch, row, slot, NULL), NULL, 10);
}

static const char *text_or_null(const struct release_writing *r,
    const struct batch *batch, uint32_t row, size_t slot)
{
    size_t len;
    const char *text = cell(r, batch, row, slot, &len);

    return len > 0 ? text : NULL;
}

static day_t day(const struct release_writing *r, const struct batch *batch,
    uint32_t row, size_t slot, day_t otherwise)
{
    size_t len;
    const char *text = cell(r, batch, row, slot, &len);
    day_t out;

    return day_parse_compact(&out, text, len) == 0 ? out : otherwise;
}

static uint16_t file_number(const struct release_writing *r, uint32_t file)
{
    return (uint16_t)r->w->file_number[file];
}

static struct coverage_key triple(
    const struct release_writing *r, const struct batch *batch, uint32_t row)
{
    return coverage_key_contractor(number(r, batch, row, MCD_C_ID),
        (uint16_t)number(r, batch, row, MCD_C_TYPE),
        (uint16_t)number(r, batch, row, MCD_C_VERSION));
}

/* --- look-ups ----------------------------------------------------------------
 */

static int pair_order(const void *a, const void *b)
{
    const struct pair *one = a, *two = b;

    if (one->kind != two->kind)
        return one->kind < two->kind ? -1 : 1;
    return one->id < two->id ? -1 : one->id > two->id;
}

static int add_pair(struct pairs *pairs, uint32_t kind, uint32_t id,
    const char *text, struct error *err)
{
    if (!ROOM(pairs->pair, pairs->count, pairs->capacity))
        return error_memory(err);
    pairs->pair[pairs->count++] = (struct pair){kind, id, text};
    return 0;
}

static void sort_pairs(struct pairs *pairs)
{
    if (pairs->count > 0)
        qsort(pairs->pair, pairs->count, sizeof *pairs->pair, pair_order);
}

static const char *find_pair(
    const struct pairs *pairs, uint32_t kind, uint32_t id)
{
    const struct pair key = {kind, id, NULL};
    const struct pair *found = pairs->count == 0
                                   ? NULL
                                   : bsearch(&key, pairs->pair, pairs->count,
                                         sizeof *pairs->pair, pair_order);

    return found != NULL ? found->text : NULL;
}

/* A number that a look-up names, by its name; else as it stands. */
static const char *label(
    const struct release_writing *r, enum mcd_table table, const char *text)
{
    const char *found = text == NULL ? NULL
                                     : find_pair(&r->labels, (uint32_t)table,
                                           (uint32_t)strtoul(text, NULL, 10));

    return found != NULL ? found : text;
}

/* --- gathering ---------------------------------------------------------------
 */

static enum coverage_kind kind_of(enum mcd_table table)
{
    if (table <= MCD_ARTICLE_STATE)
        return COVERAGE_ARTICLE;
    return table == MCD_NCD ? COVERAGE_NCD : COVERAGE_LCD;
}

static bool is_member(enum mcd_table table)
{
    const size_t slots = mcd_layout(table)->slots;

    return slots == MCD_MEMBER_SLOTS || table == MCD_ARTICLE_CONTRACTOR ||
           table == MCD_LCD_CONTRACTOR;
}

static enum role role_of(enum mcd_table table)
{
    switch (table) {
    case MCD_ARTICLE:
    case MCD_LCD:
    case MCD_NCD:
    case MCD_DOCUMENTS:
        return ROLE_DOCUMENT;
    case MCD_ARTICLE_RELATED:
    case MCD_ARTICLE_NCD:
    case MCD_LCD_RELATED:
    case MCD_LCD_NCD:
    case MCD_LCD_ARTICLE:
        return ROLE_RELATION;
    default:
        return is_member(table) ? ROLE_MEMBER : ROLE_PARAGRAPH;
    }
}

static bool has_groups(enum coverage_list list)
{
    return list <= COVERAGE_MODIFIERS || list == COVERAGE_OTHER;
}

/* The number of the text that names a member: equal numbers are equal codes. */
static uint32_t code_text(
    const struct batch *batch, enum mcd_table table, uint32_t row)
{
    const uint32_t *cells = batch->cells + (size_t)row * batch->columns;

    if (table != MCD_ARTICLE_CONTRACTOR && table != MCD_LCD_CONTRACTOR)
        return cells[MCD_CODE];
    return cells[MCD_C_ID];
}

static int gather_fact(struct release_writing *r, uint32_t file,
    enum mcd_table table, uint32_t row, struct error *err)
{
    const struct batch *batch = batch_of(r, file);
    const struct mcd_layout *layout = mcd_layout(table);
    struct fact *fact;

    if (!ROOM(r->facts.fact, r->facts.count, r->facts.capacity))
        return error_memory(err);
    fact = &r->facts.fact[r->facts.count++];
    *fact = (struct fact){.id = number(r, batch, row, MCD_ID),
        .version = number(r, batch, row, MCD_VERSION),
        .kind = (uint8_t)kind_of(table),
        .role = (uint8_t)role_of(table),
        .published = batch->id.published,
        .file = file,
        .row = row};
    if (table == MCD_DOCUMENTS)
        fact->kind = strcmp(cell(r, batch, row, MCD_D_KIND, NULL), "LCD") == 0
                         ? COVERAGE_LCD
                         : COVERAGE_ARTICLE;
    if (fact->role >= ROLE_PARAGRAPH) {
        fact->list = (uint8_t)layout->list;
        if (has_groups(layout->list))
            fact->group = number(r, batch, row, MCD_GROUP);
    }
    if (fact->role == ROLE_MEMBER)
        fact->code = code_text(batch, table, row);
    return 0;
}

static int gather_file(
    struct release_writing *r, uint32_t file, struct error *err)
{
    const struct batch *batch = batch_of(r, file);
    const enum mcd_table table = mcd_table_of(&batch->id);
    int rc = 0;

    for (uint32_t i = 0; rc == 0 && i < batch->rows; i++)
        switch (table) {
        case MCD_ARTICLE_RETIRE:
        case MCD_LCD_RETIRE:
            rc = add_pair(&r->retires,
                table == MCD_LCD_RETIRE ? COVERAGE_LCD : COVERAGE_ARTICLE,
                number(r, batch, i, MCD_ID),
                cell(r, batch, i, MCD_RETIRES, NULL), err);
            break;
        case MCD_ARTICLE_TYPE:
        case MCD_CONTRACTOR_TYPE:
        case MCD_CONTRACTOR_SUBTYPE:
            rc = add_pair(&r->labels, (uint32_t)table,
                number(r, batch, i, MCD_ID), cell(r, batch, i, MCD_LABEL, NULL),
                err);
            break;
        case MCD_CONTRACTOR:
        case MCD_JURISDICTION:
        case MCD_STATE:
        case MCD_CONTRACTOR_REFERENCE:
            break;
        default:
            rc = gather_fact(r, file, table, i, err);
        }
    return rc;
}

static int fact_order(const void *a, const void *b)
{
    const struct fact *one = a, *two = b;
    const uint64_t first[2] = {(uint64_t)one->kind << 32 | one->id,
        (uint64_t)two->kind << 32 | two->id};

    if (first[0] != first[1])
        return first[0] < first[1] ? -1 : 1;
    if (one->version != two->version)
        return one->version < two->version ? -1 : 1;
    if ((one->role >= ROLE_PARAGRAPH) != (two->role >= ROLE_PARAGRAPH) ||
        (one->role < ROLE_PARAGRAPH && one->role != two->role))
        return one->role < two->role ? -1 : 1;
    if (one->list != two->list)
        return one->list < two->list ? -1 : 1;
    if (one->group != two->group)
        return one->group < two->group ? -1 : 1;
    if (one->role != two->role)
        return one->role < two->role ? -1 : 1;
    if (one->code != two->code)
        return one->code < two->code ? -1 : 1;
    if (one->published != two->published)
        return one->published > two->published ? -1 : 1;
    if (one->file != two->file)
        return one->file < two->file ? -1 : 1;
    return one->row < two->row ? -1 : one->row > two->row;
}

static void count_duplicate(struct release_writing *r, uint32_t file)
{
    struct collected *collected = &r->w->collection->file[file];

    if (collected->kept > 0) {
        collected->kept--;
        collected->duplicate++;
    }
}

/* --- one document ------------------------------------------------------------
 */

static uint32_t line_of(
    const struct release_writing *r, const struct fact *fact)
{
    return batch_of(r, fact->file)->lines[fact->row];
}

static void set_document(struct release_writing *r, const struct fact *fact,
    struct coverage_new_document *out)
{
    const struct batch *batch = batch_of(r, fact->file);
    const bool list = mcd_table_of(&batch->id) == MCD_DOCUMENTS;
    const char *display;

    out->status = list ? '\0' : *cell(r, batch, fact->row, MCD_D_STATUS, NULL);
    out->published = day(r, batch, fact->row, MCD_D_PUBLISHED, DAY_UNKNOWN);
    out->effective = day(r, batch, fact->row, MCD_D_EFFECTIVE, DAY_UNKNOWN);
    out->ended = day(r, batch, fact->row, MCD_D_ENDED, DAY_OPEN);
    out->revision_effective =
        day(r, batch, fact->row, MCD_D_REVISION_EFFECTIVE, DAY_UNKNOWN);
    out->revision_ended =
        day(r, batch, fact->row, MCD_D_REVISION_ENDED, DAY_OPEN);
    out->retired = day(r, batch, fact->row, MCD_D_RETIRED, DAY_OPEN);
    out->updated = day(r, batch, fact->row, MCD_D_UPDATED, DAY_UNKNOWN);
    for (size_t t = 0; t < COVERAGE_TEXTS; t++)
        out->text[t] = text_or_null(r, batch, fact->row, MCD_D_TEXT + t);
    if (!list)
        out->text[COVERAGE_TYPE] =
            label(r, MCD_ARTICLE_TYPE, out->text[COVERAGE_TYPE]);
    display = out->text[COVERAGE_DISPLAY_ID];
    out->draft = fact->kind != COVERAGE_NCD && display != NULL &&
                 display[0] == 'D' && (display[1] == 'A' || display[1] == 'L');
    out->file = file_number(r, fact->file);
    out->line = line_of(r, fact);
}

static int add_relation(struct release_writing *r, enum coverage_kind kind,
    uint32_t id, uint32_t version, uint32_t contractor, struct error *err)
{
    if (id == 0)
        return 0; /* the publisher's word for none */
    if (!ROOM(r->relation, r->relations, r->relation_capacity))
        return error_memory(err);
    r->relation[r->relations++] =
        (struct coverage_relation){kind, id, version, contractor};
    return 0;
}

static int set_relation(
    struct release_writing *r, const struct fact *fact, struct error *err)
{
    const struct batch *batch = batch_of(r, fact->file);
    const uint32_t contractor = number(r, batch, fact->row, MCD_R_CONTRACTOR);
    int rc = add_relation(r, COVERAGE_ARTICLE,
        number(r, batch, fact->row, MCD_R_ARTICLE),
        number(r, batch, fact->row, MCD_R_ARTICLE_VERSION), contractor, err);

    if (rc == 0)
        rc = add_relation(r, COVERAGE_LCD,
            number(r, batch, fact->row, MCD_R_LCD),
            number(r, batch, fact->row, MCD_R_LCD_VERSION), contractor, err);
    if (rc == 0)
        rc = add_relation(r, COVERAGE_NCD,
            number(r, batch, fact->row, MCD_R_NCD),
            number(r, batch, fact->row, MCD_R_NCD_VERSION), contractor, err);
    return rc;
}

static void set_paragraph(struct release_writing *r, const struct fact *fact,
    struct coverage_new_group *group)
{
    const struct batch *batch = batch_of(r, fact->file);
    const char *extra = text_or_null(r, batch, fact->row, MCD_EXTRA);

    if (group->paragraph != NULL) {
        count_duplicate(r, fact->file);
        return;
    }
    group->paragraph = cell(r, batch, fact->row, MCD_PARAGRAPH, NULL);
    group->paragraph_file = file_number(r, fact->file);
    group->paragraph_line = line_of(r, fact);
    if (group->list != COVERAGE_OTHER)
        group->asterisk = extra;
    else if (extra != NULL) {
        const size_t at = r->joined.len;

        buffer_adds(&r->joined, group->paragraph);
        buffer_adds(&r->joined, group->paragraph[0] != '\0' ? "\n" : "");
        buffer_add(&r->joined, extra, strlen(extra) + 1);
        group->paragraph = r->joined.failed ? "" : r->joined.data + at;
    }
}

/* Revenue codes have letters of their own for begin, middle and end. */
static uint8_t range_of(const char *letter)
{
    switch (*letter) {
    case 'B':
    case 'X':
        return RANGE_BEGIN;
    case 'M':
    case 'Y':
        return RANGE_MIDDLE;
    case 'E':
    case 'Z':
        return RANGE_END;
    default:
        return RANGE_NONE;
    }
}

static struct coverage_key member_key(
    const struct release_writing *r, const struct fact *fact)
{
    const struct batch *batch = batch_of(r, fact->file);
    size_t len;
    const char *code;

    if (fact->list == COVERAGE_DOCUMENT_CONTRACTORS)
        return triple(r, batch, fact->row);
    if (fact->list == COVERAGE_DOCUMENT_STATES)
        return coverage_key_state(number(r, batch, fact->row, MCD_CODE));
    code = cell(r, batch, fact->row, MCD_CODE, &len);
    return coverage_key_text(code, len);
}

static uint8_t flags_of(const struct release_writing *r,
    const struct batch *batch, const struct fact *fact)
{
    unsigned flags = RANGE_NONE;

    if (fact->list <= COVERAGE_MODIFIERS || fact->list == COVERAGE_REVENUE)
        flags = range_of(cell(r, batch, fact->row, MCD_RANGE, NULL));
    if ((fact->list == COVERAGE_COVERED || fact->list == COVERAGE_NONCOVERED) &&
        *cell(r, batch, fact->row, MCD_ASTERISK, NULL) != '\0')
        flags |= COVERAGE_ASTERISK;
    return (uint8_t)flags;
}

/* The member of a group that has the key already. Rows of equal codes come one
 * behind the other; of contractors, those of equal ids. */
static struct coverage_new_member *known_member(struct release_writing *r,
    const struct coverage_new_group *group, struct coverage_key key)
{
    for (size_t i = 0; i < group->members; i++) {
        struct coverage_new_member *member = &r->member[r->members - 1 - i];

        if (memcmp(member->key.byte, key.byte, sizeof key.byte) == 0)
            return member;
        if (group->list != COVERAGE_DOCUMENT_CONTRACTORS ||
            coverage_key_id(member->key) != coverage_key_id(key))
            return NULL;
    }
    return NULL;
}

static int set_member(struct release_writing *r, const struct fact *fact,
    struct coverage_new_group *group, struct error *err)
{
    const struct batch *batch = batch_of(r, fact->file);
    const struct coverage_key key = member_key(r, fact);
    const uint8_t flags = flags_of(r, batch, fact);
    struct coverage_new_member *member;
    bool placeholder = false;

    if (fact->list <= COVERAGE_REVENUE)
        placeholder = strcmp(cell(r, batch, fact->row, MCD_CODE, NULL),
                          COVERAGE_PLACEHOLDER) == 0;
    if (placeholder) {
        if (group->placeholder)
            count_duplicate(r, fact->file);
        group->placeholder = true;
        return 0;
    }
    member = known_member(r, group, key);
    if (member != NULL) {
        member->flags |= flags & COVERAGE_ASTERISK; /* never less than said */
        count_duplicate(r, fact->file);
        return 0;
    }
    if (!ROOM(r->member, r->members, r->member_capacity))
        return error_memory(err);
    member = &r->member[r->members++];
    *member = (struct coverage_new_member){key, flags, line_of(r, fact)};
    if (group->members++ == 0)
        group->members_file = file_number(r, fact->file);
    return 0;
}

/* The group of a fact: the last one, or a new one. */
static struct coverage_new_group *group_of(
    struct release_writing *r, const struct fact *fact, struct error *err)
{
    struct coverage_new_group *group =
        r->groups > 0 ? &r->group[r->groups - 1] : NULL;

    if (group != NULL && group->list == (enum coverage_list)fact->list &&
        group->number == fact->group)
        return group;
    if (!ROOM(r->group, r->groups, r->group_capacity)) {
        (void)error_memory(err);
        return NULL;
    }
    group = &r->group[r->groups++];
    *group = (struct coverage_new_group){
        .list = (enum coverage_list)fact->list, .number = fact->group};
    return group;
}

static int add_document(struct release_writing *r, const struct fact *fact,
    size_t count, struct error *err)
{
    struct coverage_new_document document;
    bool titled = false;
    const char *retires;
    size_t first = 0;
    int rc = 0;

    coverage_begin_document(
        &document, (enum coverage_kind)fact->kind, fact->id, fact->version);
    document.file = file_number(r, fact->file);
    document.line = line_of(r, fact);
    r->groups = r->members = r->relations = 0;
    r->joined.len = 0;
    /* Texts put together must not move once they are pointed at. */
    for (size_t i = 0; i < count; i++)
        if (fact[i].role == ROLE_PARAGRAPH && fact[i].list == COVERAGE_OTHER) {
            const struct batch *batch = batch_of(r, fact[i].file);

            (void)buffer_reserve(&r->joined, 2);
            first += strlen(cell(r, batch, fact[i].row, MCD_PARAGRAPH, NULL)) +
                     strlen(cell(r, batch, fact[i].row, MCD_EXTRA, NULL)) + 2;
        }
    if (first > 0 && !buffer_reserve(&r->joined, first))
        return error_memory(err);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        struct coverage_new_group *group;

        switch (fact[i].role) {
        case ROLE_DOCUMENT:
            if (titled)
                count_duplicate(r, fact[i].file);
            else
                set_document(r, &fact[i], &document);
            titled = true;
            continue;
        case ROLE_RELATION:
            rc = set_relation(r, &fact[i], err);
            continue;
        default:
            break;
        }
        group = group_of(r, &fact[i], err);
        if (group == NULL)
            return ERR_SYSTEM;
        if (fact[i].role == ROLE_PARAGRAPH)
            set_paragraph(r, &fact[i], group);
        else
            rc = set_member(r, &fact[i], group, err);
    }
    if (rc != 0)
        return rc;
    for (size_t g = 0, m = 0; g < r->groups; m += r->group[g++].members)
        r->group[g].member = r->member + m;
    document.group = r->group;
    document.groups = r->groups;
    document.relation = r->relation;
    document.relations = r->relations;
    retires = find_pair(&r->retires, fact->kind, fact->id);
    if (retires != NULL)
        (void)day_parse_compact(&document.retires, retires, strlen(retires));
    r->w->counts->series_rows[r->w->coverage_series]++;
    return coverage_add_document(r->writer, &document, err);
}

static int add_documents(struct release_writing *r, struct error *err)
{
    const struct fact *fact = r->facts.fact;
    size_t first = 0;
    int rc = 0;

    if (r->facts.count > 0)
        qsort(r->facts.fact, r->facts.count, sizeof *fact, fact_order);
    for (size_t i = 1; rc == 0 && i <= r->facts.count; i++) {
        if (i < r->facts.count && fact[i].kind == fact[first].kind &&
            fact[i].id == fact[first].id &&
            fact[i].version == fact[first].version)
            continue;
        rc = add_document(r, &fact[first], i - first, err);
        first = i;
    }
    return rc;
}

/* --- contractors and states
 * --------------------------------------------------- */

/* The state that a part lies in; NULL for a whole one. */
struct part {
    const char *abbreviation;
    size_t len;
    char whole[5];
};

static int each_part(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct part *part = context;

    if (count < 2 || cells[0].len != part->len ||
        memcmp(cells[0].text, part->abbreviation, part->len) != 0 ||
        cells[1].len >= sizeof part->whole)
        return 0;
    memcpy(part->whole, cells[1].text, cells[1].len);
    return 1;
}

static int add_state(struct release_writing *r, const struct batch *batch,
    uint32_t file, uint32_t row, struct error *err)
{
    const struct embedded_file *parts =
        embedded_find(embedded_data, "coverage_states.tsv");
    struct coverage_new_state state = {.id = number(r, batch, row, MCD_ID),
        .name = text_or_null(r, batch, row, MCD_S_NAME),
        .file = file_number(r, file),
        .line = batch->lines[row]};
    struct part part = {0};

    state.abbreviation = cell(r, batch, row, MCD_S_ABBREVIATION, &part.len);
    part.abbreviation = state.abbreviation;
    if (parts != NULL &&
        sheet_read_tsv(parts->data, parts->len, each_part, &part, NULL) > 0)
        state.whole = part.whole;
    return coverage_add_state(r->writer, &state, err);
}

static int add_contractor(struct release_writing *r, const struct batch *batch,
    uint32_t file, uint32_t row, struct coverage_key key, const char *type,
    struct error *err)
{
    const struct coverage_new_contractor contractor = {.key = key,
        .name = text_or_null(r, batch, row, MCD_C_NAME),
        .number = text_or_null(r, batch, row, MCD_C_NUMBER),
        .type_name = find_pair(
            &r->labels, MCD_CONTRACTOR_TYPE, (uint32_t)strtoul(type, NULL, 10)),
        .subtype = label(r, MCD_CONTRACTOR_SUBTYPE,
            text_or_null(r, batch, row, MCD_C_SUBTYPE)),
        .status = text_or_null(r, batch, row, MCD_C_STATUS),
        .state = number(r, batch, row, MCD_C_STATE),
        .file = file_number(r, file),
        .line = batch->lines[row]};

    return coverage_add_contractor(r->writer, &contractor, err);
}

static int add_jurisdiction(struct release_writing *r,
    const struct batch *batch, uint32_t file, uint32_t row, struct error *err)
{
    const struct coverage_new_jurisdiction jurisdiction = {
        .contractor = triple(r, batch, row),
        .state = number(r, batch, row, MCD_J_STATE),
        .active = day(r, batch, row, MCD_J_ACTIVE, DAY_UNKNOWN),
        .terminated = day(r, batch, row, MCD_J_TERMINATED, DAY_OPEN),
        .file = file_number(r, file),
        .line = batch->lines[row]};

    return coverage_add_jurisdiction(r->writer, &jurisdiction, err);
}

/* A capture's list names contractors by id and type: every triple of them that
 * a document has gets the name. */
static int add_reference(struct release_writing *r, const struct batch *batch,
    uint32_t file, uint32_t row, struct error *err)
{
    const uint32_t id = number(r, batch, row, MCD_ID);
    const char *type = cell(r, batch, row, MCD_C_TYPE, NULL);
    uint32_t last = UINT32_MAX;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < r->facts.count; i++) {
        const struct fact *fact = &r->facts.fact[i];
        const struct batch *used = batch_of(r, fact->file);
        uint32_t version;

        if (fact->role != ROLE_MEMBER ||
            fact->list != COVERAGE_DOCUMENT_CONTRACTORS ||
            number(r, used, fact->row, MCD_C_ID) != id ||
            number(r, used, fact->row, MCD_C_TYPE) !=
                (uint32_t)strtoul(type, NULL, 10))
            continue;
        version = number(r, used, fact->row, MCD_C_VERSION);
        if (version == last)
            continue;
        last = version;
        rc = add_contractor(
            r, batch, file, row, triple(r, used, fact->row), type, err);
    }
    return rc;
}

static int add_places(
    struct release_writing *r, uint32_t file, struct error *err)
{
    const struct batch *batch = batch_of(r, file);
    const enum mcd_table table = mcd_table_of(&batch->id);
    int rc = 0;

    for (uint32_t i = 0; rc == 0 && i < batch->rows; i++)
        switch (table) {
        case MCD_STATE:
            rc = add_state(r, batch, file, i, err);
            break;
        case MCD_CONTRACTOR:
            rc = add_contractor(r, batch, file, i, triple(r, batch, i),
                cell(r, batch, i, MCD_C_TYPE, NULL), err);
            break;
        case MCD_JURISDICTION:
            rc = add_jurisdiction(r, batch, file, i, err);
            break;
        case MCD_CONTRACTOR_REFERENCE:
            rc = add_reference(r, batch, file, i, err);
            break;
        default:
            return 0;
        }
    return rc;
}

/* --- a release
 * ---------------------------------------------------------------- */

/* Of a history most articles have several versions; of the export of those in
 * force a few have the coming one beside the present one (7 of 2,154 in August
 * 2025). One article in so many is taken for a history. */
enum { HISTORY_SHARE = 10 };

/* Which tables it has, and whether it tells the earlier versions of articles.
 * Without the table of their dates it does not, however many there are. */
static struct coverage_release describe(const struct release_writing *r)
{
    struct coverage_release out = {0};
    uint32_t articles = 0, several = 0, told = 0;

    for (size_t f = 0; f < r->release->files; f++) {
        const struct batch *batch = batch_of(r, (uint32_t)r->release->file[f]);
        const enum mcd_table table = mcd_table_of(&batch->id);

        if (table < (enum mcd_table)COVERAGE_TABLES)
            out.tables |= 1u << table;
        if (table == MCD_CONTRACTOR_REFERENCE)
            out.tables |= 1u << COVERAGE_CONTRACTORS;
    }
    for (size_t i = 0; i < r->facts.count; i++) {
        const struct fact *fact = &r->facts.fact[i];

        if (fact->role != ROLE_DOCUMENT)
            continue;
        if (mcd_table_of(&batch_of(r, fact->file)->id) == MCD_DOCUMENTS)
            out.tables |= 1u
                          << (fact->kind == COVERAGE_LCD ? COVERAGE_LCDS
                                                         : COVERAGE_ARTICLES);
        if (fact->kind != COVERAGE_ARTICLE)
            continue;
        if (i == 0 || fact[-1].kind != fact->kind || fact[-1].id != fact->id) {
            articles++;
        } else if (fact[-1].version != fact->version && told != articles) {
            several++;
            told = articles; /* this article was counted */
        }
    }
    out.history = (out.tables >> COVERAGE_ARTICLES & 1) != 0 && several > 0 &&
                  several >= articles / HISTORY_SHARE;
    return out;
}

static int write_release(struct release_writing *r, struct error *err)
{
    struct coverage_release described;
    int rc = 0;

    for (size_t f = 0; rc == 0 && f < r->release->files; f++)
        rc = gather_file(r, (uint32_t)r->release->file[f], err);
    if (rc != 0)
        return rc;
    sort_pairs(&r->retires);
    sort_pairs(&r->labels);
    if (r->facts.count > 0)
        qsort(r->facts.fact, r->facts.count, sizeof *r->facts.fact, fact_order);
    described = describe(r);
    rc = coverage_add_release(r->writer, &described, err);
    if (rc == 0)
        rc = add_documents(r, err);
    for (size_t f = 0; rc == 0 && f < r->release->files; f++)
        rc = add_places(r, (uint32_t)r->release->file[f], err);
    return rc;
}

static void release_clear(struct release_writing *r)
{
    free(r->facts.fact);
    free(r->retires.pair);
    free(r->labels.pair);
    free(r->group);
    free(r->member);
    free(r->relation);
    buffer_clear(&r->joined);
}

/* What the paragraphs of the groups say, so that no question has to read. */
static int write_ties(
    struct writing *w, const struct buffer *coverage, struct error *err)
{
    struct buffer ties = {0};
    struct coverage written;
    int rc = coverage_read(
        &written, (const uint8_t *)coverage->data, coverage->len, err);

    if (rc == 0)
        rc = ties_of_coverage(&ties, &written, err);
    if (rc == 0)
        rc = writer_blob(w->writer, "ties", 4, &ties, err);
    buffer_clear(&ties);
    return rc;
}

int write_coverage(
    struct writing *w, const struct plan_series *series, struct error *err)
{
    struct coverage_writer *writer = NULL;
    struct buffer blob = {0};
    int rc = coverage_writer_open(&writer, err);

    w->coverage_series = series_number(w->plan, series);
    for (size_t i = 0; rc == 0 && i < series->releases; i++) {
        struct release_writing r = {
            .w = w, .release = &series->release[i], .writer = writer};

        rc = write_release(&r, err);
        release_clear(&r);
    }
    if (rc == 0)
        rc = coverage_write(writer, &blob, err);
    if (rc == 0)
        rc = writer_blob(w->writer, "coverage", 8, &blob, err);
    if (rc == 0)
        rc = write_ties(w, &blob, err);
    coverage_writer_close(writer);
    buffer_clear(&blob);
    return rc;
}

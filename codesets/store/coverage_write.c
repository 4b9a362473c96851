#include "codesets/store/coverage_write.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "codesets/core/bytes.h"
#include "codesets/store/coverage_layout.h"
#include "codesets/store/store.h"

/* --- a pool: each distinct run of bytes once, by a number ------------------
 */

struct pool {
    struct buffer bytes;
    size_t *first; /* of each item, and the end of the last */
    uint32_t count, capacity;
    uint32_t *slot; /* 1 + item, 0 for none */
    uint32_t slots; /* a power of two, at least twice the items */
};

static void pool_clear(struct pool *pool)
{
    buffer_clear(&pool->bytes);
    free(pool->first);
    free(pool->slot);
    *pool = (struct pool){0};
}

static const char *pool_item(const struct pool *pool, uint32_t i, size_t *len)
{
    *len = pool->first[i + 1] - pool->first[i];
    return pool->bytes.data + pool->first[i];
}

static uint32_t *pool_slot(
    const struct pool *pool, const void *bytes, size_t len)
{
    uint32_t at = (uint32_t)XXH3_64bits(bytes, len) & (pool->slots - 1);

    for (; pool->slot[at] != 0; at = (at + 1) & (pool->slots - 1)) {
        size_t have;
        const char *item = pool_item(pool, pool->slot[at] - 1, &have);

        if (have == len && (len == 0 || memcmp(item, bytes, len) == 0))
            break;
    }
    return &pool->slot[at];
}

static int pool_grow(struct pool *pool, struct error *err)
{
    const uint32_t capacity = pool->capacity == 0 ? 1024 : pool->capacity * 2;
    size_t *first =
        realloc(pool->first, ((size_t)capacity + 1) * sizeof *first);
    uint32_t *slot;

    if (first == NULL)
        return error_memory(err);
    pool->first = first;
    first[pool->count] = pool->bytes.len;
    slot = calloc((size_t)capacity * 2, sizeof *slot);
    if (slot == NULL)
        return error_memory(err);
    free(pool->slot);
    pool->slot = slot;
    pool->slots = capacity * 2;
    pool->capacity = capacity;
    for (uint32_t i = 0; i < pool->count; i++) {
        size_t len;
        const char *item = pool_item(pool, i, &len);

        *pool_slot(pool, item, len) = i + 1;
    }
    return 0;
}

/* The number of the item, new or known. */
static int pool_add(struct pool *pool, const void *bytes, size_t len,
    uint32_t max, uint32_t *out, struct error *err)
{
    uint32_t *slot;
    int rc;

    if (pool->count == pool->capacity && (rc = pool_grow(pool, err)) != 0)
        return rc;
    slot = pool_slot(pool, bytes, len);
    if (*slot == 0) {
        if (pool->count >= max)
            return error_set(err, ERR_LIMIT, 0,
                "coverage: more than %u texts, codes or lists", max);
        buffer_add(&pool->bytes, bytes, len);
        if (pool->bytes.failed)
            return error_memory(err);
        *slot = ++pool->count;
        pool->first[pool->count] = pool->bytes.len;
    }
    *out = *slot - 1;
    return 0;
}

/* --- what was handed over --------------------------------------------------
 */

/* Codes are numbered as they come until the end, when they are put in order:
 * a set holds such numbers. */
struct member {
    uint32_t code;
    uint8_t flag, zero[3];
};

struct group {
    uint8_t list;
    bool placeholder;
    uint16_t number, members_file, paragraph_file;
    uint32_t set, paragraph, asterisk, paragraph_line;
    size_t first_line; /* into lines, one for each member of the set */
};

struct document {
    uint8_t kind, status, flags, first, last;
    uint16_t file;
    uint32_t id, version, line;
    int32_t day[8]; /* as in the layout */
    uint32_t text[COVERAGE_TEXTS];
    size_t first_group, first_relation;
    uint16_t groups, relations;
};

struct contractor {
    uint32_t code, line, text[5], state;
    uint16_t file;
    uint8_t first, last;
};

struct state {
    uint32_t code, line, name;
    char abbreviation[4], whole[4];
    uint16_t file;
    uint8_t first, last;
};

struct jurisdiction {
    uint32_t contractor, state, line;
    int32_t active, terminated;
    uint16_t file;
    uint8_t first, last;
};

struct list {
    void *item;
    size_t count, capacity;
};

struct coverage_writer {
    uint32_t releases;
    struct coverage_release release[STORE_RELEASES_MAX];
    struct pool texts, codes, sets;
    struct list documents, groups, lines, relations, contractors, states,
        jurisdictions;
    /* Of the document being added. */
    struct list gathered;
    struct buffer set;
};

/* Room for one more item; NULL when memory ran out. */
static void *list_add(struct list *list, size_t size, struct error *err)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity == 0 ? 256 : list->capacity * 2;
        void *item = realloc(list->item, capacity * size);

        if (item == NULL) {
            (void)error_memory(err);
            return NULL;
        }
        list->item = item;
        list->capacity = capacity;
    }
    return (char *)list->item + size * list->count++;
}

int coverage_writer_open(struct coverage_writer **out, struct error *err)
{
    *out = calloc(1, sizeof **out);
    return *out == NULL ? error_memory(err) : 0;
}

void coverage_writer_close(struct coverage_writer *writer)
{
    if (writer == NULL)
        return;
    pool_clear(&writer->texts);
    pool_clear(&writer->codes);
    pool_clear(&writer->sets);
    free(writer->documents.item);
    free(writer->groups.item);
    free(writer->lines.item);
    free(writer->relations.item);
    free(writer->contractors.item);
    free(writer->states.item);
    free(writer->jurisdictions.item);
    free(writer->gathered.item);
    buffer_clear(&writer->set);
    free(writer);
}

int coverage_add_release(struct coverage_writer *writer,
    const struct coverage_release *release, struct error *err)
{
    if (writer->releases == STORE_RELEASES_MAX)
        return error_set(err, ERR_LIMIT, 0, "coverage: more than %d releases",
            STORE_RELEASES_MAX);
    writer->release[writer->releases++] = *release;
    return 0;
}

/* The number of the release being added. */
static uint8_t current(const struct coverage_writer *writer)
{
    return (uint8_t)(writer->releases > 0 ? writer->releases - 1 : 0);
}

static int add_text(struct coverage_writer *writer, const char *text,
    uint32_t *out, struct error *err)
{
    *out = COVERAGE_NONE;
    return text == NULL ? 0
                        : pool_add(&writer->texts, text, strlen(text),
                              COVERAGE_TEXTS_MAX, out, err);
}

/* The kind stands before the key, so that the codes sort by it first. */
static int add_code(struct coverage_writer *writer, enum coverage_codes kind,
    const struct coverage_key *key, uint32_t *out, struct error *err)
{
    uint8_t bytes[1 + COVERAGE_KEY_LEN];

    bytes[0] = (uint8_t)kind;
    memcpy(bytes + 1, key->byte, COVERAGE_KEY_LEN);
    return pool_add(
        &writer->codes, bytes, sizeof bytes, COVERAGE_CODES_MAX, out, err);
}

/* A member before its set is made. */
struct gathered {
    uint32_t code, line;
    uint8_t flag;
};

static int gathered_order(const void *a, const void *b)
{
    const struct gathered *one = a, *two = b;

    if (one->code != two->code)
        return one->code < two->code ? -1 : 1;
    return one->line < two->line ? -1 : one->line > two->line;
}

static int add_set(struct coverage_writer *writer,
    const struct coverage_new_group *group, struct group *out,
    struct error *err)
{
    const enum coverage_codes kind = coverage_list_codes(group->list);
    struct gathered *gathered;
    int rc;

    if (kind == COVERAGE_CODES && group->members > 0)
        return error_set(
            err, ERR_INPUT, 0, "coverage: a group that cannot have members");
    writer->gathered.count = 0;
    writer->set.len = 0;
    for (size_t i = 0; i < group->members; i++) {
        gathered = list_add(&writer->gathered, sizeof *gathered, err);
        if (gathered == NULL)
            return ERR_SYSTEM;
        rc =
            add_code(writer, kind, &group->member[i].key, &gathered->code, err);
        if (rc != 0)
            return rc;
        gathered->line = group->member[i].line;
        gathered->flag = group->member[i].flags;
    }
    gathered = writer->gathered.item;
    if (writer->gathered.count > 0)
        qsort(
            gathered, writer->gathered.count, sizeof *gathered, gathered_order);
    out->first_line = writer->lines.count;
    for (size_t i = 0; i < writer->gathered.count; i++) {
        const struct member member = {
            .code = gathered[i].code, .flag = gathered[i].flag};
        uint32_t *line;

        if (i > 0 && gathered[i].code == gathered[i - 1].code)
            continue;
        buffer_add(&writer->set, &member, sizeof member);
        line = list_add(&writer->lines, sizeof *line, err);
        if (line == NULL)
            return ERR_SYSTEM;
        *line = gathered[i].line;
    }
    if (writer->set.failed)
        return error_memory(err);
    return pool_add(&writer->sets, writer->set.data, writer->set.len,
        COVERAGE_SETS_MAX, &out->set, err);
}

static int add_group(struct coverage_writer *writer,
    const struct coverage_new_group *group, struct error *err)
{
    struct group *out = list_add(&writer->groups, sizeof *out, err);
    int rc;

    if (out == NULL)
        return ERR_SYSTEM;
    if (group->number > COVERAGE_GROUP_MAX)
        return error_set(
            err, ERR_LIMIT, 0, "coverage: group %u", group->number);
    *out = (struct group){.list = (uint8_t)group->list,
        .placeholder = group->placeholder,
        .number = (uint16_t)group->number,
        .members_file = group->members_file,
        .paragraph_file = group->paragraph_file,
        .paragraph_line = group->paragraph_line};
    if ((rc = add_text(writer, group->paragraph, &out->paragraph, err)) != 0 ||
        (rc = add_text(writer, group->asterisk, &out->asterisk, err)) != 0)
        return rc;
    return add_set(writer, group, out, err);
}

static int group_order(const void *a, const void *b)
{
    const struct group *one = a, *two = b;

    if (one->list != two->list)
        return one->list < two->list ? -1 : 1;
    return one->number < two->number ? -1 : one->number > two->number;
}

static int relation_order(const void *a, const void *b)
{
    const struct coverage_relation *one = a, *two = b;

    if (one->kind != two->kind)
        return one->kind < two->kind ? -1 : 1;
    if (one->id != two->id)
        return one->id < two->id ? -1 : 1;
    if (one->version != two->version)
        return one->version < two->version ? -1 : 1;
    return one->contractor < two->contractor
               ? -1
               : one->contractor > two->contractor;
}

/* Each relation once. */
static int add_relations(struct coverage_writer *writer,
    const struct coverage_new_document *document, struct document *out,
    struct error *err)
{
    struct coverage_relation *relation;
    size_t kept = 0;

    out->first_relation = writer->relations.count;
    for (size_t i = 0; i < document->relations; i++) {
        relation = list_add(&writer->relations, sizeof *relation, err);
        if (relation == NULL)
            return ERR_SYSTEM;
        *relation = document->relation[i];
    }
    if (document->relations == 0)
        return 0;
    relation = (struct coverage_relation *)writer->relations.item +
               out->first_relation;
    qsort(relation, document->relations, sizeof *relation, relation_order);
    for (size_t i = 0; i < document->relations; i++)
        if (i == 0 || relation_order(&relation[i], &relation[i - 1]) != 0)
            relation[kept++] = relation[i];
    writer->relations.count = out->first_relation + kept;
    if (kept > UINT16_MAX)
        return error_set(
            err, ERR_LIMIT, 0, "coverage: %zu relations of a document", kept);
    out->relations = (uint16_t)kept;
    return 0;
}

void coverage_begin_document(struct coverage_new_document *out,
    enum coverage_kind kind, uint32_t id, uint32_t version)
{
    *out = (struct coverage_new_document){
        .kind = kind,
        .id = id,
        .version = version,
        .published = DAY_UNKNOWN,
        .effective = DAY_UNKNOWN,
        .ended = DAY_OPEN,
        .revision_effective = DAY_UNKNOWN,
        .revision_ended = DAY_OPEN,
        .retired = DAY_OPEN,
        .retires = DAY_OPEN,
        .updated = DAY_UNKNOWN,
    };
}

int coverage_add_document(struct coverage_writer *writer,
    const struct coverage_new_document *document, struct error *err)
{
    struct document out = {
        .kind = (uint8_t)document->kind,
        .status = (uint8_t)document->status,
        .flags = document->draft ? DOCUMENT_FLAG_DRAFT : 0,
        .first = current(writer),
        .last = current(writer),
        .file = document->file,
        .id = document->id,
        .version = document->version,
        .line = document->line,
        .day = {document->published, document->effective, document->ended,
            document->revision_effective, document->revision_ended,
            document->retired, document->retires, document->updated},
        .first_group = writer->groups.count,
        .groups = (uint16_t)document->groups,
    };
    struct document *kept;
    struct group *group;
    int rc;

    if (document->groups > UINT16_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "coverage: %zu groups of a document", document->groups);
    for (int i = 0; i < COVERAGE_TEXTS; i++) {
        const char *text = document->text[i];

        rc = add_text(writer, text != NULL && text[0] != '\0' ? text : NULL,
            &out.text[i], err);
        if (rc != 0)
            return rc;
    }
    for (size_t i = 0; i < document->groups; i++)
        if ((rc = add_group(writer, &document->group[i], err)) != 0)
            return rc;
    group = (struct group *)writer->groups.item + out.first_group;
    if (out.groups > 0)
        qsort(group, out.groups, sizeof *group, group_order);
    if ((rc = add_relations(writer, document, &out, err)) != 0)
        return rc;
    kept = list_add(&writer->documents, sizeof *kept, err);
    if (kept == NULL)
        return ERR_SYSTEM;
    *kept = out;
    return 0;
}

int coverage_add_contractor(struct coverage_writer *writer,
    const struct coverage_new_contractor *contractor, struct error *err)
{
    const char *const text[] = {contractor->name, contractor->number,
        contractor->type_name, contractor->subtype, contractor->status};
    const struct coverage_key state = coverage_key_state(contractor->state);
    struct contractor *out = list_add(&writer->contractors, sizeof *out, err);
    int rc;

    if (out == NULL)
        return ERR_SYSTEM;
    *out = (struct contractor){.line = contractor->line,
        .state = COVERAGE_NONE,
        .file = contractor->file,
        .first = current(writer),
        .last = current(writer)};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if ((rc = add_text(writer, text[i], &out->text[i], err)) != 0)
            return rc;
    if (contractor->state != 0 && (rc = add_code(writer, COVERAGE_CODE_STATE,
                                       &state, &out->state, err)) != 0)
        return rc;
    return add_code(
        writer, COVERAGE_CODE_CONTRACTOR, &contractor->key, &out->code, err);
}

static int short_text(char out[4], const char *text, struct error *err)
{
    const size_t len = text == NULL ? 0 : strlen(text);

    if (len > 4)
        return error_set(
            err, ERR_INPUT, 0, "coverage: abbreviation '%.16s'", text);
    memset(out, 0, 4);
    if (len > 0)
        memcpy(out, text, len);
    return 0;
}

int coverage_add_state(struct coverage_writer *writer,
    const struct coverage_new_state *state, struct error *err)
{
    const struct coverage_key key = coverage_key_state(state->id);
    const char *whole = state->whole;
    struct state *out = list_add(&writer->states, sizeof *out, err);
    int rc;

    if (out == NULL)
        return ERR_SYSTEM;
    if (whole == NULL || whole[0] == '\0')
        whole = state->abbreviation;
    *out = (struct state){.line = state->line,
        .file = state->file,
        .first = current(writer),
        .last = current(writer)};
    if ((rc = short_text(out->abbreviation, state->abbreviation, err)) != 0 ||
        (rc = short_text(out->whole, whole, err)) != 0 ||
        (rc = add_text(writer, state->name, &out->name, err)) != 0)
        return rc;
    return add_code(writer, COVERAGE_CODE_STATE, &key, &out->code, err);
}

int coverage_add_jurisdiction(struct coverage_writer *writer,
    const struct coverage_new_jurisdiction *jurisdiction, struct error *err)
{
    const struct coverage_key state = coverage_key_state(jurisdiction->state);
    struct jurisdiction *out =
        list_add(&writer->jurisdictions, sizeof *out, err);
    int rc;

    if (out == NULL)
        return ERR_SYSTEM;
    *out = (struct jurisdiction){.line = jurisdiction->line,
        .active = jurisdiction->active,
        .terminated = jurisdiction->terminated,
        .file = jurisdiction->file,
        .first = current(writer),
        .last = current(writer)};
    if ((rc = add_code(
             writer, COVERAGE_CODE_STATE, &state, &out->state, err)) != 0)
        return rc;
    return add_code(writer, COVERAGE_CODE_CONTRACTOR, &jurisdiction->contractor,
        &out->contractor, err);
}

/* --- the blob --------------------------------------------------------------
 */

struct output {
    struct coverage_writer *writer;
    struct buffer section[COVERAGE_SECTIONS];
    uint32_t count[COVERAGE_SECTIONS];
    uint32_t first_code[COVERAGE_CODES + 1];
    uint32_t *code; /* final number of a code as it came */
    /* Final numbers of texts and sets, and the other way; COVERAGE_NONE until
     * one is needed. In the order of their first use, so that they do not
     * depend on the order in which documents were added. */
    uint32_t *text, *text_order, texts;
    uint32_t *set, *set_order, sets;
    uint32_t groups;
    struct list use;     /* set and group, pairs */
    struct list ordered; /* members of a set */
};

static void out_u8(struct output *o, enum coverage_section s, unsigned v)
{
    buffer_addc(&o->section[s], (char)v);
}

static void out_u16(struct output *o, enum coverage_section s, unsigned v)
{
    uint8_t bytes[2];

    store_u16(bytes, (uint16_t)v);
    buffer_add(&o->section[s], bytes, sizeof bytes);
}

static void out_u24(struct output *o, enum coverage_section s, uint32_t v)
{
    uint8_t bytes[3];

    store_u24(bytes, v);
    buffer_add(&o->section[s], bytes, sizeof bytes);
}

static void out_u32(struct output *o, enum coverage_section s, uint32_t v)
{
    uint8_t bytes[4];

    store_u32(bytes, v);
    buffer_add(&o->section[s], bytes, sizeof bytes);
}

static uint32_t text_number(struct output *o, uint32_t text)
{
    if (text == COVERAGE_NONE)
        return COVERAGE_NONE;
    if (o->text[text] == COVERAGE_NONE) {
        o->text_order[o->texts] = text;
        o->text[text] = o->texts++;
    }
    return o->text[text];
}

static uint32_t set_number(struct output *o, uint32_t set)
{
    if (o->set[set] == COVERAGE_NONE) {
        o->set_order[o->sets] = set;
        o->set[set] = o->sets++;
    }
    return o->set[set];
}

static uint32_t code_number(const struct output *o, uint32_t code)
{
    return code == COVERAGE_NONE ? COVERAGE_NONE : o->code[code];
}

/* --- codes */

static int code_order(const void *a, const void *b, void *context)
{
    const struct pool *codes = context;
    size_t len;

    return memcmp(pool_item(codes, *(const uint32_t *)a, &len),
        pool_item(codes, *(const uint32_t *)b, &len), 1 + COVERAGE_KEY_LEN);
}

static int put_codes(struct output *o, struct error *err)
{
    struct pool *codes = &o->writer->codes;
    uint32_t *order = malloc((codes->count + 1) * sizeof *order);
    uint8_t kind = 0;

    o->code = malloc((codes->count + 1) * sizeof *o->code);
    if (order == NULL || o->code == NULL) {
        free(order);
        return error_memory(err);
    }
    for (uint32_t i = 0; i < codes->count; i++)
        order[i] = i;
    qsort_r(order, codes->count, sizeof *order, code_order, codes);
    for (uint32_t i = 0; i < codes->count; i++) {
        size_t len;
        const char *item = pool_item(codes, order[i], &len);

        o->code[order[i]] = i;
        while (kind < (uint8_t)item[0])
            o->first_code[++kind] = i;
        buffer_add(&o->section[SECTION_CODE], item + 1, COVERAGE_KEY_LEN);
    }
    while (kind < COVERAGE_CODES)
        o->first_code[++kind] = codes->count;
    free(order);
    return 0;
}

/* --- documents and groups */

static int document_order(const void *a, const void *b)
{
    const struct document *one = a, *two = b;

    if (one->kind != two->kind)
        return one->kind < two->kind ? -1 : 1;
    if (one->id != two->id)
        return one->id < two->id ? -1 : 1;
    if (one->version != two->version)
        return one->version < two->version ? -1 : 1;
    return one->first < two->first ? -1 : one->first > two->first;
}

static const struct group *group_of(
    const struct output *o, const struct document *document, size_t i)
{
    return (const struct group *)o->writer->groups.item +
           document->first_group + i;
}

static const struct coverage_relation *relation_of(
    const struct output *o, const struct document *document, size_t i)
{
    return (const struct coverage_relation *)o->writer->relations.item +
           document->first_relation + i;
}

/* Do two documents say the same? Where it stands in a file is not compared. */
static bool same_document(
    const struct output *o, const struct document *a, const struct document *b)
{
    if (a->kind != b->kind || a->id != b->id || a->version != b->version ||
        a->status != b->status || a->flags != b->flags ||
        memcmp(a->day, b->day, sizeof a->day) != 0 ||
        memcmp(a->text, b->text, sizeof a->text) != 0 ||
        a->groups != b->groups || a->relations != b->relations)
        return false;
    for (size_t i = 0; i < a->groups; i++) {
        const struct group *one = group_of(o, a, i), *two = group_of(o, b, i);

        if (group_order(one, two) != 0 || one->set != two->set ||
            one->placeholder != two->placeholder ||
            one->paragraph != two->paragraph || one->asterisk != two->asterisk)
            return false;
    }
    for (size_t i = 0; i < a->relations; i++)
        if (relation_order(relation_of(o, a, i), relation_of(o, b, i)) != 0)
            return false;
    return true;
}

static int join_documents(struct output *o, struct error *err)
{
    struct list *documents = &o->writer->documents;
    struct document *item = documents->item;
    size_t kept = 0;

    if (documents->count > 0)
        qsort(item, documents->count, sizeof *item, document_order);
    for (size_t i = 0; i < documents->count; i++) {
        struct document *before = kept > 0 ? &item[kept - 1] : NULL;
        uint8_t first = item[i].first;

        if (before != NULL && before->kind == item[i].kind &&
            before->id == item[i].id && before->version == item[i].version) {
            if (before->last == item[i].first)
                return error_set(err, ERR_INPUT, 0,
                    "coverage: document %u version %u twice in a release",
                    item[i].id, item[i].version);
            if (before->last + 1 == item[i].first &&
                same_document(o, before, &item[i])) {
                first = before->first;
                kept--;
            }
        }
        item[kept] = item[i];
        item[kept++].first = first;
    }
    documents->count = kept;
    return 0;
}

/* A member on its way into its set's final order. */
struct ordered {
    uint32_t code, line;
    uint8_t flag;
};

static int ordered_order(const void *a, const void *b)
{
    const struct ordered *one = a, *two = b;

    return one->code < two->code ? -1 : one->code > two->code;
}

/* The members of a set (as it came) with their final codes, in their order;
 * lines of one of its groups, or NULL. */
static int order_members(
    struct output *o, uint32_t set, const uint32_t *lines, struct error *err)
{
    size_t len;
    const char *bytes = pool_item(&o->writer->sets, set, &len);

    o->ordered.count = 0;
    for (size_t i = 0; i < len / sizeof(struct member); i++) {
        struct ordered *ordered = list_add(&o->ordered, sizeof *ordered, err);
        struct member member;

        if (ordered == NULL)
            return ERR_SYSTEM;
        memcpy(&member, bytes + i * sizeof member, sizeof member);
        *ordered = (struct ordered){
            o->code[member.code], lines != NULL ? lines[i] : 0, member.flag};
    }
    if (o->ordered.count > 0)
        qsort(o->ordered.item, o->ordered.count, sizeof(struct ordered),
            ordered_order);
    return 0;
}

static int put_group(struct output *o, const struct group *group,
    uint32_t document, struct error *err)
{
    const struct ordered *member;
    uint32_t first_line = COVERAGE_NONE, *use;
    bool follow = true;
    int rc = order_members(o, group->set,
        (const uint32_t *)o->writer->lines.item + group->first_line, err);

    if (rc != 0)
        return rc;
    member = o->ordered.item;
    for (size_t i = 1; i < o->ordered.count; i++)
        follow = follow && member[i].line == member[0].line + i;
    if (!follow)
        first_line = (uint32_t)(o->section[SECTION_LINE].len /
                                coverage_entry_len[SECTION_LINE]);
    for (size_t i = 0; !follow && i < o->ordered.count; i++) {
        const int64_t apart = (int64_t)member[i].line - member[0].line;

        if (apart > COVERAGE_LINE_SPAN || apart < -COVERAGE_LINE_SPAN)
            return error_set(err, ERR_LIMIT, 0,
                "coverage: a list strewn over more than %d lines",
                COVERAGE_LINE_SPAN);
        out_u24(o, SECTION_LINE, (uint32_t)(apart + LINE_ZERO));
    }
    out_u8(o, SECTION_GROUP, group->list);
    out_u8(o, SECTION_GROUP,
        (group->placeholder ? GROUP_FLAG_PLACEHOLDER : 0u) |
            (follow ? GROUP_FLAG_LINES_FOLLOW : 0u));
    out_u16(o, SECTION_GROUP, group->number);
    out_u32(o, SECTION_GROUP, document);
    out_u32(o, SECTION_GROUP, set_number(o, group->set));
    out_u32(o, SECTION_GROUP, text_number(o, group->paragraph));
    out_u32(o, SECTION_GROUP, text_number(o, group->asterisk));
    out_u16(o, SECTION_GROUP, group->members_file);
    out_u16(o, SECTION_GROUP, group->paragraph_file);
    out_u32(o, SECTION_GROUP, o->ordered.count > 0 ? member[0].line : 0);
    out_u32(o, SECTION_GROUP, group->paragraph_line);
    out_u32(o, SECTION_GROUP, first_line);
    use = list_add(&o->use, 2 * sizeof *use, err);
    if (use == NULL)
        return ERR_SYSTEM;
    use[0] = set_number(o, group->set);
    use[1] = o->groups++;
    return 0;
}

static int put_document(struct output *o, const struct document *document,
    uint32_t number, struct error *err)
{
    uint32_t first_text = o->count[SECTION_TEXT_REF], texts = 0;
    uint32_t first_group = o->groups;
    uint32_t first_relation = o->count[SECTION_RELATION];
    int rc;

    for (int i = 0; i < COVERAGE_TEXTS; i++) {
        if (document->text[i] == COVERAGE_NONE)
            continue;
        out_u8(o, SECTION_TEXT_REF, (unsigned)i);
        out_u24(o, SECTION_TEXT_REF, text_number(o, document->text[i]));
        texts++;
    }
    o->count[SECTION_TEXT_REF] += texts;
    for (size_t i = 0; i < document->groups; i++) {
        const struct group *group = group_of(o, document, i);

        if (i > 0 && group_order(group, group - 1) == 0)
            return error_set(err, ERR_INPUT, 0,
                "coverage: document %u has group %u of a list twice",
                document->id, group->number);
        if ((rc = put_group(o, group, number, err)) != 0)
            return rc;
    }
    for (size_t i = 0; i < document->relations; i++) {
        const struct coverage_relation *relation = relation_of(o, document, i);

        out_u32(o, SECTION_RELATION, relation->kind);
        out_u32(o, SECTION_RELATION, relation->id);
        out_u32(o, SECTION_RELATION, relation->version);
        out_u32(o, SECTION_RELATION, relation->contractor);
        o->count[SECTION_RELATION]++;
    }
    out_u8(o, SECTION_DOCUMENT, document->kind);
    out_u8(o, SECTION_DOCUMENT, document->status);
    out_u8(o, SECTION_DOCUMENT, document->flags);
    out_u8(o, SECTION_DOCUMENT, 0);
    out_u32(o, SECTION_DOCUMENT, document->id);
    out_u32(o, SECTION_DOCUMENT, document->version);
    out_u8(o, SECTION_DOCUMENT, document->first);
    out_u8(o, SECTION_DOCUMENT, document->last);
    out_u16(o, SECTION_DOCUMENT, document->file);
    out_u32(o, SECTION_DOCUMENT, document->line);
    for (size_t i = 0; i < sizeof document->day / sizeof *document->day; i++)
        out_u32(o, SECTION_DOCUMENT, (uint32_t)document->day[i]);
    out_u32(o, SECTION_DOCUMENT, first_group);
    out_u32(o, SECTION_DOCUMENT, first_text);
    out_u32(o, SECTION_DOCUMENT, first_relation);
    out_u16(o, SECTION_DOCUMENT, document->groups);
    out_u16(o, SECTION_DOCUMENT, texts);
    out_u16(o, SECTION_DOCUMENT, document->relations);
    out_u16(o, SECTION_DOCUMENT, 0);
    return 0;
}

static int put_documents(struct output *o, struct error *err)
{
    const struct document *item;
    int rc = join_documents(o, err);

    item = o->writer->documents.item;
    for (size_t i = 0; rc == 0 && i < o->writer->documents.count; i++)
        rc = put_document(o, &item[i], (uint32_t)i, err);
    return rc;
}

/* --- sets, their uses, and the way back from a code */

/* Deals out n pairs (bucket, value) by bucket, keeping their order: first[b]
 * is then where bucket b begins. */
static void deal(const uint32_t *pairs, size_t n, uint32_t *first,
    uint32_t buckets, uint32_t *values)
{
    memset(first, 0, ((size_t)buckets + 1) * sizeof *first);
    for (size_t i = 0; i < n; i++)
        first[pairs[2 * i] + 1]++;
    for (uint32_t b = 0; b < buckets; b++)
        first[b + 1] += first[b];
    for (size_t i = 0; i < n; i++)
        values[first[pairs[2 * i]]++] = pairs[2 * i + 1];
    for (uint32_t b = buckets; b > 0; b--)
        first[b] = first[b - 1];
    first[0] = 0;
}

/* The dealt pairs of a list: first[buckets + 1] and its values. */
struct dealt {
    uint32_t *first, *value;
};

static int deal_list(struct dealt *out, const struct list *pairs,
    uint32_t buckets, struct error *err)
{
    out->first = malloc(((size_t)buckets + 1) * sizeof *out->first);
    out->value = calloc(pairs->count + 1, sizeof *out->value);
    if (out->first == NULL || out->value == NULL)
        return error_memory(err);
    deal(pairs->item, pairs->count, out->first, buckets, out->value);
    return 0;
}

static void dealt_clear(struct dealt *dealt)
{
    free(dealt->first);
    free(dealt->value);
}

/* Members and flags of one set; adds its codes to postings. */
static int put_set(struct output *o, uint32_t number, const uint32_t *uses,
    struct list *postings, struct error *err)
{
    const size_t first_member =
        o->section[SECTION_MEMBER].len / coverage_entry_len[SECTION_MEMBER];
    const size_t first_flag = o->section[SECTION_FLAG].len;
    const struct ordered *member;
    bool equal = true;
    int rc = order_members(o, o->set_order[number], NULL, err);

    if (rc != 0)
        return rc;
    member = o->ordered.item;
    for (size_t i = 0; i < o->ordered.count; i++) {
        uint32_t *posting = list_add(postings, 2 * sizeof *posting, err);

        if (posting == NULL)
            return ERR_SYSTEM;
        posting[0] = member[i].code;
        posting[1] = number;
        out_u24(o, SECTION_MEMBER, member[i].code);
        equal = equal && member[i].flag == member[0].flag;
    }
    for (size_t i = 0; !equal && i < o->ordered.count; i++)
        out_u8(o, SECTION_FLAG, member[i].flag);
    out_u32(o, SECTION_SET, (uint32_t)first_member);
    out_u32(o, SECTION_SET, (uint32_t)o->ordered.count);
    out_u32(o, SECTION_SET, equal ? COVERAGE_NONE : (uint32_t)first_flag);
    out_u32(o, SECTION_SET, equal && o->ordered.count > 0 ? member[0].flag : 0);
    out_u32(o, SECTION_SET, uses[0]);
    out_u32(o, SECTION_SET, uses[1] - uses[0]);
    return 0;
}

static int put_sets(struct output *o, struct error *err)
{
    const uint32_t codes = o->writer->codes.count;
    struct dealt uses = {0}, sets = {0};
    struct list postings = {0};
    int rc = deal_list(&uses, &o->use, o->sets, err);

    for (uint32_t s = 0; rc == 0 && s < o->sets; s++)
        rc = put_set(o, s, &uses.first[s], &postings, err);
    if (rc == 0)
        rc = deal_list(&sets, &postings, codes, err);
    for (size_t i = 0; rc == 0 && i < o->use.count; i++)
        out_u32(o, SECTION_USE, uses.value[i]);
    for (uint32_t c = 0; rc == 0 && c <= codes; c++)
        out_u32(o, SECTION_FIRST_POSTING, sets.first[c]);
    for (size_t i = 0; rc == 0 && i < postings.count; i++)
        out_u24(o, SECTION_POSTING, sets.value[i]);
    free(postings.item);
    dealt_clear(&uses);
    dealt_clear(&sets);
    return rc;
}

/* --- contractors and states */

static int contractor_order(const void *a, const void *b)
{
    const struct contractor *one = a, *two = b;

    if (one->code != two->code)
        return one->code < two->code ? -1 : 1;
    if (one->first != two->first)
        return one->first < two->first ? -1 : 1;
    return one->line < two->line ? -1 : one->line > two->line;
}

static void put_contractors(struct output *o)
{
    struct list *list = &o->writer->contractors;
    struct contractor *item = list->item;
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++)
        item[i].code = code_number(o, item[i].code);
    if (list->count > 0)
        qsort(item, list->count, sizeof *item, contractor_order);
    for (size_t i = 0; i < list->count; i++) {
        const struct contractor *before = kept > 0 ? &item[kept - 1] : NULL;
        uint8_t first = item[i].first;

        if (before != NULL && before->code == item[i].code) {
            if (before->last == item[i].first)
                continue; /* a second row: the first is kept */
            if (before->last + 1 == item[i].first &&
                before->state == item[i].state &&
                memcmp(before->text, item[i].text, sizeof before->text) == 0) {
                first = before->first;
                kept--;
            }
        }
        item[kept] = item[i];
        item[kept++].first = first;
    }
    for (size_t i = 0; i < kept; i++) {
        out_u32(o, SECTION_CONTRACTOR, item[i].code);
        out_u8(o, SECTION_CONTRACTOR, item[i].first);
        out_u8(o, SECTION_CONTRACTOR, item[i].last);
        out_u16(o, SECTION_CONTRACTOR, item[i].file);
        out_u32(o, SECTION_CONTRACTOR, item[i].line);
        for (size_t t = 0; t < sizeof item->text / sizeof *item->text; t++)
            out_u32(o, SECTION_CONTRACTOR, text_number(o, item[i].text[t]));
        out_u32(o, SECTION_CONTRACTOR, code_number(o, item[i].state));
    }
}

static int state_order(const void *a, const void *b)
{
    const struct state *one = a, *two = b;

    if (one->code != two->code)
        return one->code < two->code ? -1 : 1;
    if (one->first != two->first)
        return one->first < two->first ? -1 : 1;
    return one->line < two->line ? -1 : one->line > two->line;
}

static void put_states(struct output *o)
{
    struct list *list = &o->writer->states;
    struct state *item = list->item;
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++)
        item[i].code = code_number(o, item[i].code);
    if (list->count > 0)
        qsort(item, list->count, sizeof *item, state_order);
    for (size_t i = 0; i < list->count; i++) {
        const struct state *before = kept > 0 ? &item[kept - 1] : NULL;
        uint8_t first = item[i].first;

        if (before != NULL && before->code == item[i].code) {
            if (before->last == item[i].first)
                continue;
            if (before->last + 1 == item[i].first &&
                before->name == item[i].name &&
                memcmp(before->abbreviation, item[i].abbreviation, 4) == 0 &&
                memcmp(before->whole, item[i].whole, 4) == 0) {
                first = before->first;
                kept--;
            }
        }
        item[kept] = item[i];
        item[kept++].first = first;
    }
    for (size_t i = 0; i < kept; i++) {
        out_u32(o, SECTION_STATE, item[i].code);
        out_u8(o, SECTION_STATE, item[i].first);
        out_u8(o, SECTION_STATE, item[i].last);
        out_u16(o, SECTION_STATE, item[i].file);
        out_u32(o, SECTION_STATE, item[i].line);
        buffer_add(&o->section[SECTION_STATE], item[i].abbreviation, 4);
        buffer_add(&o->section[SECTION_STATE], item[i].whole, 4);
        out_u32(o, SECTION_STATE, text_number(o, item[i].name));
    }
}

/* All but releases and place. */
static int jurisdiction_facts(
    const struct jurisdiction *one, const struct jurisdiction *two)
{
    if (one->contractor != two->contractor)
        return one->contractor < two->contractor ? -1 : 1;
    if (one->state != two->state)
        return one->state < two->state ? -1 : 1;
    if (one->active != two->active)
        return one->active < two->active ? -1 : 1;
    return one->terminated < two->terminated
               ? -1
               : one->terminated > two->terminated;
}

static int jurisdiction_order(const void *a, const void *b)
{
    const struct jurisdiction *one = a, *two = b;
    const int c = jurisdiction_facts(one, two);

    if (c != 0)
        return c;
    if (one->first != two->first)
        return one->first < two->first ? -1 : 1;
    return one->line < two->line ? -1 : one->line > two->line;
}

static int put_jurisdictions(struct output *o, struct error *err)
{
    struct list *list = &o->writer->jurisdictions;
    struct jurisdiction *item = list->item;
    struct list pairs = {0};
    struct dealt by_state = {0};
    size_t kept = 0;
    int rc;

    for (size_t i = 0; i < list->count; i++) {
        item[i].contractor = code_number(o, item[i].contractor);
        item[i].state = code_number(o, item[i].state);
    }
    if (list->count > 0)
        qsort(item, list->count, sizeof *item, jurisdiction_order);
    for (size_t i = 0; i < list->count; i++) {
        uint8_t first = item[i].first;

        if (kept > 0 && jurisdiction_facts(&item[kept - 1], &item[i]) == 0) {
            if (item[kept - 1].last == item[i].first)
                continue;
            if (item[kept - 1].last + 1 == item[i].first)
                first = item[--kept].first;
        }
        item[kept] = item[i];
        item[kept++].first = first;
    }
    for (size_t i = 0; i < kept; i++) {
        uint32_t *pair = list_add(&pairs, 2 * sizeof *pair, err);

        if (pair == NULL) {
            free(pairs.item);
            return ERR_SYSTEM;
        }
        pair[0] = item[i].state;
        pair[1] = (uint32_t)i;
        out_u32(o, SECTION_JURISDICTION, item[i].contractor);
        out_u32(o, SECTION_JURISDICTION, item[i].state);
        out_u32(o, SECTION_JURISDICTION, (uint32_t)item[i].active);
        out_u32(o, SECTION_JURISDICTION, (uint32_t)item[i].terminated);
        out_u8(o, SECTION_JURISDICTION, item[i].first);
        out_u8(o, SECTION_JURISDICTION, item[i].last);
        out_u16(o, SECTION_JURISDICTION, item[i].file);
        out_u32(o, SECTION_JURISDICTION, item[i].line);
    }
    rc = deal_list(&by_state, &pairs, o->writer->codes.count, err);
    for (size_t i = 0; rc == 0 && i < pairs.count; i++)
        out_u32(o, SECTION_BY_STATE, by_state.value[i]);
    free(pairs.item);
    dealt_clear(&by_state);
    return rc;
}

/* --- all of it */

static void put_texts(struct output *o)
{
    uint64_t offset = 0;

    for (uint32_t i = 0; i <= o->texts; i++) {
        size_t len;
        const char *text;

        out_u32(o, SECTION_TEXT_OFFSET, (uint32_t)offset);
        if (i == o->texts)
            break;
        text = pool_item(&o->writer->texts, o->text_order[i], &len);
        buffer_add(&o->section[SECTION_TEXT_BYTE], text, len);
        out_u8(o, SECTION_TEXT_BYTE, '\0');
        offset += len + 1;
    }
}

static int put_all(struct output *o, struct error *err)
{
    const struct coverage_writer *writer = o->writer;
    const size_t texts = writer->texts.count + (size_t)1;
    const size_t sets = writer->sets.count + (size_t)1;
    int rc;

    o->text = malloc(texts * sizeof *o->text);
    o->text_order = malloc(texts * sizeof *o->text_order);
    o->set = malloc(sets * sizeof *o->set);
    o->set_order = malloc(sets * sizeof *o->set_order);
    if (o->text == NULL || o->text_order == NULL || o->set == NULL ||
        o->set_order == NULL)
        return error_memory(err);
    memset(o->text, 0xFF, texts * sizeof *o->text);
    memset(o->set, 0xFF, sets * sizeof *o->set);
    for (uint32_t i = 0; i < writer->releases; i++) {
        out_u32(o, SECTION_RELEASE, writer->release[i].tables);
        out_u32(o, SECTION_RELEASE,
            writer->release[i].history ? RELEASE_FLAG_HISTORY : 0);
    }
    if ((rc = put_codes(o, err)) != 0 || (rc = put_documents(o, err)) != 0 ||
        (rc = put_sets(o, err)) != 0)
        return rc;
    put_contractors(o);
    put_states(o);
    if ((rc = put_jurisdictions(o, err)) != 0)
        return rc;
    put_texts(o);
    return 0;
}

static int join_sections(
    struct output *o, struct buffer *out, struct error *err)
{
    uint8_t bytes[4];

    for (int i = 0; i < COVERAGE_SECTIONS; i++) {
        const size_t n = o->section[i].len / coverage_entry_len[i];

        if (o->section[i].failed || n > UINT32_MAX)
            return error_set(
                err, ERR_LIMIT, 0, "coverage: no room for a section");
        store_u32(bytes, (uint32_t)n);
        buffer_add(out, bytes, sizeof bytes);
    }
    for (int i = 0; i <= COVERAGE_CODES; i++) {
        store_u32(bytes, o->first_code[i]);
        buffer_add(out, bytes, sizeof bytes);
    }
    for (int i = 0; i < COVERAGE_SECTIONS; i++) {
        if (o->section[i].len > 0)
            buffer_add(out, o->section[i].data, o->section[i].len);
        buffer_clear(&o->section[i]);
    }
    return out->failed ? error_memory(err) : 0;
}

int coverage_write(
    struct coverage_writer *writer, struct buffer *out, struct error *err)
{
    struct output o = {.writer = writer};
    int rc = put_all(&o, err);

    if (rc == 0)
        rc = join_sections(&o, out, err);
    for (int i = 0; i < COVERAGE_SECTIONS; i++)
        buffer_clear(&o.section[i]);
    free(o.code);
    free(o.text);
    free(o.text_order);
    free(o.set);
    free(o.set_order);
    free(o.use.item);
    free(o.ordered.item);
    return rc;
}

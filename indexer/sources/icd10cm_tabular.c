/* The tabular list of ICD-10-CM, XML (domain.md 2g): chapters, blocks of
 * categories and codes, each with its notes.
 *
 *   <chapter> <name>10</name> <desc>… (J00-J99)</desc> notes…
 *     <section id="J40-J47"> <desc>…</desc> notes…
 *       <diag> <name>J45</name> <desc>Asthma</desc> notes… <diag>…</diag>
 * </diag>
 *
 * Each of them is a record; one that has notes, and each chapter, block and
 * category, is a row. Notes stand before what lies below a node, so a node is
 * done when the next begins. Blocks stand side by side, whether or not one
 * holds the other ("V00-V99" is one of "V00-X58"): their ranges tell. The table
 * of visual impairment under H54 is not kept. */
#include "indexer/sources/sources.h"

#include <string.h>

#include "codesets/core/buffer.h"
#include "codesets/core/code.h"
#include "indexer/sources/common.h"
#include "indexer/sources/icd10cm.h"
#include "indexer/files/xml.h"

enum {
    NOTE_MAX = 16 << 10,      /* bytes of one note; the longest has 809 */
    NOTES_MAX = 256 << 10,    /* bytes of all notes of a kind on a node */
    DIAG_DEPTH_MAX = ICD_MAX, /* codes inside codes */
    BLOCKS_MAX = 256,         /* of one chapter */
    CATEGORY_LEN = 3,
    NODE_TEXT = ICD_MAX + 1
};

enum kind { KIND_NONE, KIND_CHAPTER, KIND_BLOCK, KIND_CODE };

/* Of the elements whose text is wanted. */
enum leaf { LEAF_NONE, LEAF_NAME, LEAF_TITLE, LEAF_NOTE, LEAF_SEVENTH };

struct block {
    char first[CATEGORY_LEN], last[CATEGORY_LEN];
};

struct tabular {
    struct batch *batch;
    uint32_t line; /* of the element at hand */

    enum kind kind; /* of the node at hand; KIND_NONE when its row is made */
    uint32_t node_line;
    struct buffer column[TABULAR_COLUMNS];

    char chapter[NODE_TEXT];
    struct block block[BLOCKS_MAX];
    size_t blocks;
    char code[DIAG_DEPTH_MAX][NODE_TEXT]; /* of the codes around */
    size_t depth;

    enum leaf leaf;
    unsigned inside; /* elements inside the leaf, whose text is its own */
    int notes_of;    /* column that a note goes to, or -1 */
    struct buffer text;
    char seventh;
};

static const struct {
    const char *name;
    int column;
} note_blocks[] = {
    {"inclusionTerm", TABULAR_INCLUSION}, {"includes", TABULAR_INCLUDES},
    {"excludes1", TABULAR_EXCLUDES1}, {"excludes2", TABULAR_EXCLUDES2},
    {"codeFirst", TABULAR_CODE_FIRST},
    {"useAdditionalCode", TABULAR_USE_ADDITIONAL},
    {"codeAlso", TABULAR_CODE_ALSO}, {"notes", TABULAR_NOTES},
    {"sevenChrNote", TABULAR_SEVENTH_NOTE},
    {"sevenChrDef", TABULAR_SEVENTH_NOTE}, /* a note among the characters */
};

static int notes_column(const char *element)
{
    for (size_t i = 0; i < sizeof note_blocks / sizeof *note_blocks; i++)
        if (strcmp(element, note_blocks[i].name) == 0)
            return note_blocks[i].column;
    return -1;
}

static struct cell column_cell(const struct tabular *t, int column)
{
    const struct buffer *text = &t->column[column];

    return text->len == 0 ? cell_of("") : (struct cell){text->data, text->len};
}

/* ---------------------------------------------------------------- places */

static bool is_category(const char *text)
{
    return icd_shaped(text, CATEGORY_LEN);
}

/* "J40-J4A", or "B20" alone. */
static bool range_parse(struct block *out, const char *text, size_t len)
{
    if (len != CATEGORY_LEN && len != 2 * CATEGORY_LEN + 1)
        return false;
    memcpy(out->first, text, CATEGORY_LEN);
    memcpy(out->last, text + len - CATEGORY_LEN, CATEGORY_LEN);
    return is_category(out->first) && is_category(out->last) &&
           (len == CATEGORY_LEN || text[CATEGORY_LEN] == '-') &&
           memcmp(out->first, out->last, CATEGORY_LEN) <= 0;
}

static bool holds(
    const struct block *outer, const char *first, const char *last)
{
    return memcmp(outer->first, first, CATEGORY_LEN) <= 0 &&
           memcmp(outer->last, last, CATEGORY_LEN) >= 0;
}

static void name_block(char out[NODE_TEXT], const struct block *block)
{
    memcpy(out, block->first, CATEGORY_LEN);
    out[CATEGORY_LEN] = '-';
    memcpy(out + CATEGORY_LEN + 1, block->last, CATEGORY_LEN);
    out[2 * CATEGORY_LEN + 1] = '\0';
}

/* The innermost of the chapter's first count blocks that holds a range: it is
 * the last one before it, since outer blocks come first. */
static void block_around(char out[NODE_TEXT], const struct tabular *t,
    size_t count, const char *first, const char *last)
{
    memcpy(out, t->chapter, NODE_TEXT);
    for (size_t i = count; i > 0; i--)
        if (holds(&t->block[i - 1], first, last)) {
            name_block(out, &t->block[i - 1]);
            return;
        }
}

/* Takes "(J00-J99)" off the end of a chapter's or block's title. */
static bool split_title(struct block *range, struct cell *title)
{
    const char *open = memrchr(title->text, '(', title->len);
    const char *end = title->text + title->len;

    if (title->len == 0 || open == NULL || end[-1] != ')' ||
        !range_parse(range, open + 1, (size_t)(end - open) - 2))
        return false;
    *title =
        cell_trim((struct cell){title->text, (size_t)(open - title->text)});
    return true;
}

/* ------------------------------------------------------------------ rows */

static bool has_notes(const struct tabular *t)
{
    for (int c = TABULAR_INCLUSION; c < TABULAR_COLUMNS; c++)
        if (t->column[c].len > 0)
            return true;
    return false;
}

static void set_range(struct record *record, const struct block *range)
{
    record_set(
        record, TABULAR_FIRST, (struct cell){range->first, CATEGORY_LEN});
    record_set(record, TABULAR_LAST, (struct cell){range->last, CATEGORY_LEN});
}

static void chapter_row(struct tabular *t, struct record *record)
{
    const struct cell name = column_cell(t, TABULAR_NODE);
    struct cell title = column_cell(t, TABULAR_TITLE);
    struct block range;
    uint32_t number;

    t->chapter[0] = '\0';
    t->blocks = 0;
    if (!cell_number(name, &number) || name.len >= CATEGORY_LEN) {
        record_refuse(record, TABULAR_NODE, "not the number of a chapter");
        return;
    }
    memcpy(t->chapter, name.text, name.len);
    t->chapter[name.len] = '\0';
    record_set(record, TABULAR_NODE, name);
    if (split_title(&range, &title))
        set_range(record, &range);
    record_set(record, TABULAR_TITLE, title);
}

static int block_row(
    struct tabular *t, struct record *record, struct error *err)
{
    const struct cell id = column_cell(t, TABULAR_NODE);
    struct cell title = column_cell(t, TABULAR_TITLE);
    struct block range, told;
    char node[NODE_TEXT], parent[NODE_TEXT];

    if (!range_parse(&range, id.text, id.len)) {
        record_refuse(record, TABULAR_NODE, "not a range of categories");
        return 0;
    }
    if (t->blocks == BLOCKS_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "line %u: more than %d blocks in a chapter", t->node_line,
            BLOCKS_MAX);
    name_block(node, &range);
    block_around(parent, t, t->blocks, range.first, range.last);
    t->block[t->blocks++] = range;
    (void)split_title(&told, &title);
    record_set(record, TABULAR_NODE, cell_of(node));
    record_set(record, TABULAR_PARENT, cell_of(parent));
    record_set(record, TABULAR_TITLE, title);
    set_range(record, &range);
    return 0;
}

/* The innermost code around the one at hand that it begins with: H54.512A
 * stands in H54.511 in 2021, but belongs to H54.51. NULL when there is none. */
static const char *code_around(const struct tabular *t, const char *code)
{
    for (size_t i = t->depth - 1; i > 0; i--) {
        const char *around = t->code[i - 1];
        const size_t len = strlen(around);

        if (len > 0 && strlen(code) > len && memcmp(code, around, len) == 0)
            return around;
    }
    return NULL;
}

static void code_row(struct tabular *t, struct record *record)
{
    const char *code = t->code[t->depth - 1];
    char block[NODE_TEXT];
    const char *parent = block;

    if (code[0] == '\0') {
        record_refuse(record, TABULAR_NODE, "not an ICD-10-CM code");
        return;
    }
    if (t->depth == 1)
        block_around(block, t, t->blocks, code, code);
    else
        parent = code_around(t, code);
    if (parent == NULL) {
        record_refuse(record, TABULAR_NODE,
            "stands below codes that it does not begin with");
        return;
    }
    record_set(record, TABULAR_NODE, cell_of(code));
    record_set(record, TABULAR_PARENT, cell_of(parent));
    record_set(record, TABULAR_TITLE, column_cell(t, TABULAR_TITLE));
}

/* Makes the row of the node at hand. */
static int node_done(struct tabular *t, struct error *err)
{
    const enum kind kind = t->kind;
    struct record record;
    int rc = 0;

    if (kind == KIND_NONE)
        return 0;
    t->kind = KIND_NONE;
    record_begin(&record, t->batch, t->node_line);
    if (kind == KIND_CHAPTER)
        chapter_row(t, &record);
    else if (kind == KIND_BLOCK)
        rc = block_row(t, &record, err);
    else
        code_row(t, &record);
    if (rc != 0 || (kind == KIND_CODE && !record.refused && !has_notes(t) &&
                       strlen(t->code[t->depth - 1]) > CATEGORY_LEN))
        return rc;
    for (size_t c = TABULAR_INCLUSION; c < TABULAR_COLUMNS; c++)
        record_set(&record, c, column_cell(t, (int)c));
    return record_end(&record, err);
}

static int node_begins(struct tabular *t, enum kind kind, struct error *err)
{
    const int rc = node_done(t, err);

    t->kind = kind;
    t->node_line = t->line;
    for (size_t c = 0; c < TABULAR_COLUMNS; c++)
        t->column[c].len = 0;
    return rc;
}

/* -------------------------------------------------------------- elements */

static int code_begins(struct tabular *t, struct error *err)
{
    const int rc = node_begins(t, KIND_CODE, err);

    if (rc != 0)
        return rc;
    if (t->depth == DIAG_DEPTH_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "line %u: more than %d codes inside codes", t->line,
            DIAG_DEPTH_MAX);
    t->code[t->depth++][0] = '\0';
    return 0;
}

static int on_start(
    void *context, const char *name, const char **attributes, struct error *err)
{
    struct tabular *t = context;
    int column;

    if (t->leaf != LEAF_NONE) {
        t->inside++;
        return 0;
    }
    t->text.len = 0;
    if (strcmp(name, "diag") == 0)
        return code_begins(t, err);
    if (strcmp(name, "note") == 0) {
        t->leaf = t->notes_of >= 0 ? LEAF_NOTE : LEAF_NONE;
    } else if (strcmp(name, "name") == 0) {
        t->leaf = LEAF_NAME;
    } else if (strcmp(name, "desc") == 0) {
        t->leaf = LEAF_TITLE;
    } else if (strcmp(name, "extension") == 0) {
        const char *character = xml_attribute(attributes, "char");

        t->leaf = LEAF_SEVENTH;
        t->seventh = '\0';
        if (character != NULL)
            t->seventh = character[0];
    } else if ((column = notes_column(name)) >= 0) {
        t->notes_of = column;
    } else if (strcmp(name, "chapter") == 0) {
        return node_begins(t, KIND_CHAPTER, err);
    } else if (strcmp(name, "section") == 0) {
        const char *id = xml_attribute(attributes, "id");
        const int rc = node_begins(t, KIND_BLOCK, err);

        if (id != NULL && strlen(id) <= ICD_MAX)
            buffer_adds(&t->column[TABULAR_NODE], id);
        return rc;
    }
    return 0;
}

static int add_note(struct tabular *t, int number, struct error *err)
{
    struct buffer *column = &t->column[number];

    if (t->text.len == 0)
        return 0;
    if (column->len + t->text.len + 2 > NOTES_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "line %u: more than %d bytes of notes of one kind", t->line,
            NOTES_MAX);
    if (column->len > 0)
        buffer_addc(column, '\n');
    buffer_add(column, t->text.data, t->text.len);
    return column->failed ? error_memory(err) : 0;
}

static int add_seventh(struct tabular *t, struct error *err)
{
    struct buffer *column = &t->column[TABULAR_SEVENTH];
    const char c = t->seventh;

    if ((c < '0' || c > '9') && (c < 'A' || c > 'Z'))
        return 0; /* no code can have it */
    if (column->len + t->text.len + 3 > NOTES_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "line %u: more than %d bytes of 7th characters", t->line,
            NOTES_MAX);
    if (column->len > 0)
        buffer_addc(column, '\n');
    buffer_addc(column, c);
    buffer_addc(column, '\t');
    buffer_add(column, t->text.data, t->text.len);
    return column->failed ? error_memory(err) : 0;
}

static void take_name(struct tabular *t)
{
    struct code_text code;

    if (t->kind == KIND_CODE) {
        if (code_text_parse(&code, t->text.data, t->text.len) == 0 &&
            icd_shaped(code.text, code.len))
            memcpy(t->code[t->depth - 1], code.text, code.len + 1);
    } else if (t->kind == KIND_CHAPTER && t->text.len <= ICD_MAX) {
        t->column[TABULAR_NODE].len = 0;
        buffer_add(&t->column[TABULAR_NODE], t->text.data, t->text.len);
    }
}

/* What a leaf said, for the node at hand. One that comes when that node is done
 * stands where the layout has none. */
static int leaf_done(struct tabular *t, struct error *err)
{
    const enum leaf leaf = t->leaf;

    t->leaf = LEAF_NONE;
    icd10cm_end_text(&t->text);
    if (t->text.failed)
        return error_memory(err);
    if (leaf == LEAF_NONE)
        return 0;
    if (t->kind == KIND_NONE) {
        batch_refuse(
            t->batch, t->line, "node", "stands behind the codes below");
        return 0;
    }
    switch (leaf) {
    case LEAF_NOTE:
        return add_note(t, t->notes_of, err);
    case LEAF_SEVENTH:
        return add_seventh(t, err);
    case LEAF_TITLE:
        t->column[TABULAR_TITLE].len = 0;
        return add_note(t, TABULAR_TITLE, err);
    default:
        take_name(t);
        return 0;
    }
}

static int on_end(void *context, const char *name, struct error *err)
{
    struct tabular *t = context;
    int rc;

    if (t->inside > 0) {
        t->inside--;
        return 0;
    }
    if (t->leaf != LEAF_NONE)
        return leaf_done(t, err);
    if (notes_column(name) >= 0) {
        t->notes_of = -1;
        return 0;
    }
    if (strcmp(name, "diag") == 0) {
        rc = node_done(t, err);
        if (t->depth > 0)
            t->depth--;
        return rc;
    }
    if (strcmp(name, "section") == 0 || strcmp(name, "chapter") == 0)
        return node_done(t, err);
    return 0;
}

static int on_text(
    void *context, const char *text, size_t len, struct error *err)
{
    struct tabular *t = context;

    if (t->leaf == LEAF_NONE)
        return 0;
    icd10cm_add_text(&t->text, text, len);
    if (t->text.len > NOTE_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "line %u: a note of more than %d bytes", t->line, NOTE_MAX);
    return 0;
}

/* ------------------------------------------------------------------ file */

static bool recognise(const struct probe *probe, struct identity *out)
{
    struct xml_head head;

    if (!icd10cm_xml_head(&head, probe, "ICD10CM.tabular"))
        return false;
    icd10cm_xml_identity(out, probe, TABLE_ICD10CM_TABULAR, &head);
    return true;
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    struct tabular t = {.batch = batch, .notes_of = -1};
    const struct xml_reader reader = {.start = on_start,
        .end = on_end,
        .text = on_text,
        .context = &t,
        .line = &t.line};
    int rc = identity_check(&batch->id, err);

    if (rc == 0)
        rc = xml_read(probe->in->data, probe->in->len, "XML", &reader, err);
    buffer_clear(&t.text);
    for (size_t c = 0; c < TABULAR_COLUMNS; c++)
        buffer_clear(&t.column[c]);
    return rc;
}

const struct source source_icd10cm_tabular = {
    "icd10cm_tabular", recognise, read_all};

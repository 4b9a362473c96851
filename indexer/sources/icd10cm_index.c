/* The alphabetic index of ICD-10-CM and the three tables beside it, XML: the
 * index of external causes, the table of drugs and that of neoplasms.
 *
 *   <mainTerm> <title>Aberrant<nemod>(congenital)</nemod></title>
 *     <term level="1"> <title>renal artery</title> <code>Q27.2</code> </term>
 *
 * The two tables have columns in place of the code: <cell
 * col="2">T51.3X1</cell> under the headings <head col="2">Poisoning Accidental
 * (unintentional)</head>.
 *
 * Each code is a record, and a row with the whole way to it; "see" and "see
 * also" lead to other terms and are not kept. A code may be given as far as the
 * index goes ("C79.8-"): the dash is dropped. */
#include "indexer/sources/sources.h"

#include <string.h>

#include "codesets/core/buffer.h"
#include "codesets/core/code.h"
#include "indexer/sources/common.h"
#include "indexer/sources/icd10cm.h"
#include "indexer/files/xml.h"

enum {
    LEVELS_MAX = 16,        /* terms inside terms; ten today */
    TERM_MAX = 4 << 10,     /* bytes of the way to a code */
    HEADINGS_MAX = 10,      /* columns of a table, counted from 1 */
    HEADING_TEXT_MAX = 128, /* bytes of a heading */
};

enum leaf { LEAF_NONE, LEAF_TITLE, LEAF_CODE, LEAF_CELL, LEAF_HEADING };

struct index {
    struct batch *batch;
    uint32_t line;
    struct buffer path;       /* titles of the terms around, commas between */
    size_t begin[LEVELS_MAX]; /* where each of them ends: room for the next */
    size_t level;             /* terms around */
    uint32_t heading[HEADINGS_MAX]; /* texts */
    enum leaf leaf;
    unsigned inside; /* elements inside the leaf: nonessential modifiers */
    unsigned column; /* of a cell or heading; 0 for one that is odd */
    const char *aspect;
    struct buffer text;
};

static unsigned column_of(const char **attributes)
{
    const char *number = xml_attribute(attributes, "col");

    return number != NULL && number[0] > '0' && number[0] <= '9' &&
                   number[1] == '\0'
               ? (unsigned)(number[0] - '0')
               : 0;
}

static bool is_term(const char *name)
{
    return strcmp(name, "term") == 0 || strcmp(name, "mainTerm") == 0;
}

static int term_begins(struct index *index, struct error *err)
{
    if (index->level == LEVELS_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "line %u: more than %d terms inside terms", index->line,
            LEVELS_MAX);
    index->begin[index->level++] = index->path.len;
    return 0;
}

static int on_start(
    void *context, const char *name, const char **attributes, struct error *err)
{
    struct index *index = context;

    if (index->leaf != LEAF_NONE) {
        index->inside++;
        icd10cm_add_text(&index->text, " ", 1);
        return 0;
    }
    if (is_term(name))
        return term_begins(index, err);
    index->text.len = 0;
    index->aspect = "";
    if (strcmp(name, "title") == 0 && index->level > 0) {
        index->leaf = LEAF_TITLE;
    } else if (strcmp(name, "cell") == 0) {
        index->leaf = LEAF_CELL;
        index->column = column_of(attributes);
    } else if (strcmp(name, "head") == 0) {
        index->leaf = LEAF_HEADING;
        index->column = column_of(attributes);
    } else if (strcmp(name, "code") == 0 || strcmp(name, "subcat") == 0 ||
               strcmp(name, "seecat") == 0) {
        index->leaf = LEAF_CODE;
    } else if (strcmp(name, "manif") == 0) {
        index->leaf = LEAF_CODE;
        index->aspect = "manifestation";
    }
    return 0;
}

/* The term's title takes its place behind those of the terms around. */
static int take_title(struct index *index, struct error *err)
{
    index->path.len = index->begin[index->level - 1];
    if (index->path.len + index->text.len + 2 > TERM_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "line %u: a term of more than %d bytes", index->line, TERM_MAX);
    if (index->path.len > 0)
        buffer_adds(&index->path, ", ");
    buffer_add(&index->path, index->text.data, index->text.len);
    return index->path.failed ? error_memory(err) : 0;
}

static void take_heading(struct index *index)
{
    if (index->text.len <= HEADING_TEXT_MAX)
        index->heading[index->column] =
            texts_add(index->batch->texts, index->text.data, index->text.len);
}

/* Of a code as the index prints it. "--" and "-" say that there is none. */
static int take_code(struct index *index, struct error *err)
{
    struct cell code = {index->text.data, index->text.len};
    struct record record;

    while (code.len > 0 && code.text[code.len - 1] == '-')
        code.len--;
    if (code.len == 0)
        return 0;
    if (code.text[code.len - 1] == '.')
        code.len--;
    record_begin(&record, index->batch, index->line);
    record_icd(&record, ICD_INDEX_CODE, code);
    if (index->path.len == 0)
        record_refuse(&record, ICD_INDEX_TERM, "missing");
    else
        record_set(&record, ICD_INDEX_TERM,
            (struct cell){index->path.data, index->path.len});
    if (index->leaf == LEAF_CELL)
        record.text[ICD_INDEX_ASPECT] = index->heading[index->column];
    else
        record_set(&record, ICD_INDEX_ASPECT, cell_of(index->aspect));
    return record_end(&record, err);
}

static int leaf_done(struct index *index, struct error *err)
{
    int rc = 0;

    icd10cm_end_text(&index->text);
    if (index->text.failed)
        return error_memory(err);
    if (index->text.len > 0)
        switch (index->leaf) {
        case LEAF_TITLE:
            rc = take_title(index, err);
            break;
        case LEAF_HEADING:
            take_heading(index);
            break;
        case LEAF_CODE:
        case LEAF_CELL:
            rc = take_code(index, err);
            break;
        case LEAF_NONE:
            break;
        }
    index->leaf = LEAF_NONE;
    return rc;
}

static int on_end(void *context, const char *name, struct error *err)
{
    struct index *index = context;

    if (index->inside > 0) {
        index->inside--;
        icd10cm_add_text(&index->text, " ", 1);
        return 0;
    }
    if (index->leaf != LEAF_NONE)
        return leaf_done(index, err);
    if (is_term(name) && index->level > 0)
        index->path.len = index->begin[--index->level];
    return 0;
}

static int on_text(
    void *context, const char *text, size_t len, struct error *err)
{
    struct index *index = context;

    if (index->leaf == LEAF_NONE)
        return 0;
    icd10cm_add_text(&index->text, text, len);
    if (index->text.len > TERM_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "line %u: a text of more than %d bytes", index->line, TERM_MAX);
    return 0;
}

/* ------------------------------------------------------------------ file */

/* Which of the four it is, by its title or the heading of its first column. */
static enum table table_of(const struct xml_head *head)
{
    if (strstr(head->text, ">Substance<") != NULL)
        return TABLE_ICD10CM_DRUG;
    if (strstr(head->text, ">Neoplasm<") != NULL)
        return TABLE_ICD10CM_NEOPLASM;
    if (strcasestr(head->text, "External Cause") != NULL)
        return TABLE_ICD10CM_EXTERNAL;
    return TABLE_ICD10CM_INDEX;
}

static bool recognise(const struct probe *probe, struct identity *out)
{
    struct xml_head head;

    if (!icd10cm_xml_head(&head, probe, "ICD10CM.index"))
        return false;
    icd10cm_xml_identity(out, probe, table_of(&head), &head);
    return true;
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    struct index index = {.batch = batch, .aspect = ""};
    const struct xml_reader reader = {.start = on_start,
        .end = on_end,
        .text = on_text,
        .context = &index,
        .line = &index.line};
    int rc = identity_check(&batch->id, err);

    if (rc == 0)
        rc = xml_read(probe->in->data, probe->in->len, "XML", &reader, err);
    buffer_clear(&index.path);
    buffer_clear(&index.text);
    return rc;
}

const struct source source_icd10cm_index = {
    "icd10cm_index", recognise, read_all};

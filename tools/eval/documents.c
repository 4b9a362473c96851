#include "tools/eval/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/item.h"
#include "codesets/store/table.h"

/* Texts of codes of the AMA's that show that a build was made with them: fewer
 * come from elsewhere. */
enum { LICENSED_MIN = 1000 };

static const char *or_nothing(const struct described *text)
{
    return text->text != NULL ? text->text : "";
}

static const char *unless_said(
    const char *text, const char *one, const char *two)
{
    return strcmp(text, one) == 0 || strcmp(text, two) == 0 ? "" : text;
}

/* Where else the publisher names a code. */
static const struct {
    enum table table;
    int column[2];
} extras[] = {
    {TABLE_DHS, {DHS_DESCRIPTION, DHS_DESCRIPTION}},
    {TABLE_ICD10CM_TABULAR, {TABULAR_INCLUSION, TABULAR_INCLUDES}},
    {TABLE_ICD10CM_INDEX, {ICD_INDEX_TERM, ICD_INDEX_ASPECT}},
    {TABLE_ICD10CM_EXTERNAL, {ICD_INDEX_TERM, ICD_INDEX_ASPECT}},
    {TABLE_ICD10CM_DRUG, {ICD_INDEX_TERM, ICD_INDEX_ASPECT}},
    {TABLE_ICD10CM_NEOPLASM, {ICD_INDEX_TERM, ICD_INDEX_ASPECT}},
};

static int add_extras(struct buffer *out, const struct store *store,
    enum table table, const int column[2], const struct code_ref *code,
    struct error *err)
{
    const struct series *series =
        store_series(store, table, SETTING_NONE, PROGRAM_NONE);
    struct rows rows;
    struct row row;
    int rc;

    if (series == NULL ||
        (table == TABLE_DHS) == (code->system == SYSTEM_ICD10CM))
        return 0;
    rc = rows_find(&rows, store, series, code->text, code->len, err);
    if (rc == ERR_NOTFOUND)
        return 0;
    if (rc != 0)
        return rc;
    while ((rc = rows_next(&rows, &row, err)) == 1)
        for (int c = 0; c < 2 && (c == 0 || column[1] != column[0]); c++) {
            size_t len;
            const char *text = row_text(store, &row, column[c], &len);

            buffer_add(out, text, len);
            buffer_addc(out, '\n');
        }
    return rc;
}

static int read_extras(struct documents *out, const struct store *store,
    const struct code_ref *code, size_t *at, struct error *err)
{
    int rc = 0;

    *at = out->extra.len;
    for (size_t i = 0; rc == 0 && i < sizeof extras / sizeof *extras; i++)
        rc = add_extras(
            &out->extra, store, extras[i].table, extras[i].column, code, err);
    buffer_addc(&out->extra, '\0');
    return rc == 0 && out->extra.failed ? error_memory(err) : rc;
}

bool documents_read(
    struct documents *out, const struct answers *answers, day_t day)
{
    const struct code_list *codes = &answers->store->codes;
    size_t licensed = 0;

    size_t *extra = calloc((size_t)codes->count + 1, sizeof *extra);

    *out = (struct documents){0};
    out->document = calloc((size_t)codes->count + 1, sizeof *out->document);
    if (out->document == NULL || extra == NULL) {
        (void)fputs("documents: out of memory\n", stderr);
        free(extra);
        documents_clear(out);
        return false;
    }
    for (uint32_t i = 0; i < codes->count; i++) {
        const struct code_ref code = code_at(codes, i);
        struct document *document = &out->document[out->count];
        struct code_item item;
        struct error err = {0};

        if (code_item_find(&item, answers->rules, &code, day, &err) != 0 ||
            read_extras(out, answers->store, &code, &extra[out->count], &err) !=
                0) {
            (void)fprintf(stderr, "documents: %s\n", err.msg);
            free(extra);
            documents_clear(out);
            return false;
        }
        if (item.state.validity == VALIDITY_NOT_VALID)
            continue;
        document->code.system = code.system;
        (void)snprintf(document->code.code, sizeof document->code.code, "%.*s",
            (int)code.len, code.text);
        (void)snprintf(
            document->shown, sizeof document->shown, "%s", item.shown);
        document->title = or_nothing(&item.texts.title);
        document->full =
            unless_said(or_nothing(&item.texts.full), document->title, "");
        document->brief = unless_said(
            or_nothing(&item.texts.brief), document->title, document->full);
        document->label = unless_said(
            or_nothing(&item.texts.label), document->title, document->brief);
        licensed += code.system == SYSTEM_CPT && item.texts.brief.text != NULL;
        out->count++;
    }
    /* The texts have stopped moving. */
    for (size_t i = 0; i < out->count; i++)
        out->document[i].extra = out->extra.data + extra[i];
    free(extra);
    out->licensed = licensed >= LICENSED_MIN;
    return true;
}

/* The order of the list of codes (store/codes.h). */
static int compare(const struct found *a, const struct found *b)
{
    const int c = strcmp(a->code, b->code);

    return c != 0 ? c : (int)a->system - (int)b->system;
}

size_t documents_find(const struct documents *documents,
    enum code_system system, const char *code, size_t len)
{
    struct found wanted = {.system = system};
    size_t low = 0, high = documents->count;

    (void)snprintf(wanted.code, sizeof wanted.code, "%.*s", (int)len, code);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int c = compare(&documents->document[middle].code, &wanted);

        if (c == 0)
            return middle;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return DOCUMENT_NONE;
}

void documents_clear(struct documents *documents)
{
    free(documents->document);
    buffer_clear(&documents->extra);
    *documents = (struct documents){0};
}

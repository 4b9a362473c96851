#include "codesets/answer/card/icd_notes.h"

#include <stdio.h>
#include <string.h>

#include "codesets/answer/pair/pair_answer.h"
#include "codesets/core/mention.h"
#include "codesets/store/layout.h"

enum { CATEGORY_LEN = 3 };

/* ------------------------------------------------------------------ nodes */

/* The row of a node in one release. 0, ERR_NOTFOUND or ERR_CORRUPT. */
static int node_find(struct row *out, const struct icd_notes *notes,
    const struct store *store, const char *key, size_t len, struct error *err)
{
    struct rows rows;
    int rc = rows_find(&rows, store, notes->series, key, len, err);

    if (rc != 0)
        return rc;
    while ((rc = rows_next(&rows, out, err)) > 0)
        if (out->first_release <= notes->release &&
            notes->release <= out->last_release)
            return 0;
    return rc == 0 ? ERR_NOTFOUND : rc;
}

static int add_node(struct icd_notes *out, const struct store *store,
    const char *key, size_t len, struct error *err)
{
    int rc;

    if (out->nodes == ICD_NODES_MAX)
        return ERR_NOTFOUND;
    rc = node_find(&out->node[out->nodes], out, store, key, len, err);
    if (rc == 0)
        out->nodes++;
    return rc;
}

int icd_notes_find(struct icd_notes *out, const struct store *store,
    const char *code, size_t len, day_t day, struct error *err)
{
    struct view category;
    int rc;

    *out = (struct icd_notes){.series = NULL};
    if (len < CATEGORY_LEN)
        return 0;
    rc = view_find(
        &category, store, TABLE_ICD10CM_TABULAR, code, CATEGORY_LEN, day, err);
    if (rc != 0)
        return rc == ERR_NOTFOUND ? 0 : rc;
    out->series = category.series;
    out->release = category.release;
    out->of_day = category.series->release[category.release].from <= day &&
                  day <= category.series->release[category.release].to;
    for (size_t n = len; n > CATEGORY_LEN; n--) {
        rc = add_node(out, store, code, n, err);
        if (rc != 0 && rc != ERR_NOTFOUND)
            return rc;
        out->own = out->own || (rc == 0 && n == len);
    }
    out->node[out->nodes++] = category.row;
    out->own = out->own || len == CATEGORY_LEN;
    /* Upwards: blocks, then the chapter, which has nothing above it. */
    for (rc = 0; rc == 0;) {
        size_t parent_len;
        const char *parent = row_text(
            store, &out->node[out->nodes - 1], TABULAR_PARENT, &parent_len);

        rc = parent_len == 0 ? ERR_NOTFOUND
                             : add_node(out, store, parent, parent_len, err);
    }
    return rc == ERR_NOTFOUND ? 0 : rc;
}

static bool is_chapter(const char *node)
{
    return node[0] >= '0' && node[0] <= '9';
}

static bool is_block(const char *node, size_t len)
{
    return len > CATEGORY_LEN && memchr(node, '-', len) != NULL;
}

void icd_node_name(
    char out[CODE_TEXT], const struct store *store, const struct row *node)
{
    size_t len;
    const char *text = row_text(store, node, TABULAR_NODE, &len);

    if (is_chapter(text))
        (void)snprintf(out, CODE_TEXT, "chapter %.*s", (int)len, text);
    else if (is_block(text, len) &&
             memcmp(text, text + len - CATEGORY_LEN, CATEGORY_LEN) == 0)
        (void)snprintf(out, CODE_TEXT, "block %.*s", CATEGORY_LEN, text);
    else if (is_block(text, len))
        (void)snprintf(out, CODE_TEXT, "%.*s", (int)len, text);
    else
        (void)icd_dotted(out, text, len);
}

/* ------------------------------------------------------------------ notes */

const char *icd_note_kind(int column)
{
    switch (column) {
    case TABULAR_INCLUDES:
    case TABULAR_EXCLUDES1:
    case TABULAR_EXCLUDES2:
    case TABULAR_CODE_FIRST:
    case TABULAR_USE_ADDITIONAL:
    case TABULAR_CODE_ALSO:
    case TABULAR_NOTES:
        return table_schema(TABLE_ICD10CM_TABULAR)->column[column];
    default:
        return NULL;
    }
}

const char *icd_note_label(int column)
{
    static const char *const labels[TABULAR_COLUMNS] = {
        [TABULAR_INCLUDES] = "includes",
        [TABULAR_EXCLUDES1] = "excludes 1",
        [TABULAR_EXCLUDES2] = "excludes 2",
        [TABULAR_CODE_FIRST] = "code first",
        [TABULAR_USE_ADDITIONAL] = "use also",
        [TABULAR_CODE_ALSO] = "code also",
        [TABULAR_NOTES] = "note"};

    return column >= 0 && column < TABULAR_COLUMNS ? labels[column] : NULL;
}

bool icd_note_next(
    const char **text, size_t *left, const char **note, size_t *len)
{
    const char *end;

    if (*left == 0)
        return false;
    end = memchr(*text, '\n', *left);
    *note = *text;
    *len = end == NULL ? *left : (size_t)(end - *text);
    *text += *len + (end != NULL);
    *left -= *len + (end != NULL);
    return true;
}

static const struct row *seventh_node(
    const struct icd_notes *notes, const struct store *store)
{
    for (size_t i = 0; i < notes->nodes; i++)
        if (row_text(store, &notes->node[i], TABULAR_SEVENTH, NULL)[0] != '\0')
            return &notes->node[i];
    return NULL;
}

const char *icd_seventh(const struct icd_notes *notes,
    const struct store *store, const char *code, size_t len, size_t *meaning)
{
    const struct row *node = seventh_node(notes, store);
    const char *text, *line;
    size_t left, n;

    if (node == NULL || len != ICD_MAX)
        return NULL;
    text = row_text(store, node, TABULAR_SEVENTH, &left);
    while (icd_note_next(&text, &left, &line, &n))
        if (n > 2 && line[0] == code[ICD_MAX - 1]) {
            *meaning = n - 2;
            return line + 2;
        }
    return NULL;
}

void icd_notes_caution(struct buffer *out, const struct icd_notes *notes)
{
    buffer_addf(out,
        "the notes are those of release %s, which is not the release of the "
        "date; they say nothing of validity",
        notes->series->release[notes->release].label);
}

/* ------------------------------------------------------------------- JSON */

/* True when the build has a code of this spelling or one that begins so. */
static bool is_known(const struct store *store, const char *text)
{
    const size_t len = strlen(text);
    const uint32_t i = code_lower_bound(&store->codes, text, len);
    struct code_ref code;

    if (i == store->codes.count)
        return false;
    code = code_at(&store->codes, i);
    return code.len >= len && memcmp(code.text, text, len) == 0;
}

static void dotted_member(struct json *json, const char *key, const char *text)
{
    char shown[CODE_TEXT];

    (void)icd_dotted(shown, text, strlen(text));
    json_key(json, key);
    json_string(json, shown);
}

static void mentions_json(
    struct json *json, const struct store *store, const char *note, size_t len)
{
    struct mention mention;
    size_t at = 0;

    json_key(json, "codes");
    json_open(json, '[');
    while (mention_next(&mention, note, len, &at)) {
        /* "A1C" has a code's shape: what no release has is not one. The ends of
         * a range need not be codes that are. */
        if (mention.last[0] == '\0' && !is_known(store, mention.first))
            continue;
        json_open(json, '{');
        if (mention.last[0] != '\0') {
            dotted_member(json, "from", mention.first);
            dotted_member(json, "to", mention.last);
        } else {
            dotted_member(json, "code", mention.first);
            json_key(json, "and_below");
            json_bool(json, mention.below);
        }
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void column_json(struct json *json, const struct icd_notes *notes,
    const struct store *store, size_t node, int column)
{
    const struct row *row = &notes->node[node];
    const char *text, *note;
    size_t left, len;
    char name[CODE_TEXT];

    text = row_text(store, row, column, &left);
    if (left == 0)
        return;
    icd_node_name(name, store, row);
    while (icd_note_next(&text, &left, &note, &len)) {
        json_open(json, '{');
        json_key(json, "kind");
        json_word(json, icd_note_kind(column));
        json_key(json, "from");
        json_string(json, name);
        json_key(json, "inherited");
        json_bool(json, node > 0 || !notes->own);
        json_key(json, "text");
        json_text(json, note, len);
        mentions_json(json, store, note, len);
        json_key(json, "row");
        json_int(json, row_source(store, row, notes->release).row);
        json_close(json, '}');
    }
}

static void lines_json(struct json *json, const char *text, size_t left)
{
    const char *line;
    size_t len;

    json_open(json, '[');
    while (icd_note_next(&text, &left, &line, &len))
        json_text(json, line, len);
    json_close(json, ']');
}

static void part_json(
    struct json *json, const struct store *store, const struct row *row)
{
    size_t len;
    const char *text = row_text(store, row, TABULAR_NODE, &len);

    json_open(json, '{');
    if (is_chapter(text)) {
        json_key(json, "number");
        json_text(json, text, len);
    }
    text = row_text(store, row, TABULAR_TITLE, &len);
    json_key(json, "name");
    json_text(json, text, len);
    text = row_text(store, row, TABULAR_FIRST, &len);
    json_key(json, "from");
    json_text(json, len > 0 ? text : NULL, len);
    text = row_text(store, row, TABULAR_LAST, &len);
    json_key(json, "to");
    json_text(json, len > 0 ? text : NULL, len);
    json_close(json, '}');
}

/* "chapter" and, outermost first, "blocks". */
static void parts_json(
    struct json *json, const struct icd_notes *notes, const struct store *store)
{
    const struct row *chapter = NULL;

    json_key(json, "blocks");
    json_open(json, '[');
    for (size_t i = notes->nodes; i > 0; i--) {
        const struct row *row = &notes->node[i - 1];
        size_t len;
        const char *node = row_text(store, row, TABULAR_NODE, &len);

        if (is_chapter(node))
            chapter = row;
        else if (is_block(node, len))
            part_json(json, store, row);
    }
    json_close(json, ']');
    json_key(json, "chapter");
    if (chapter == NULL)
        json_null(json);
    else
        part_json(json, store, chapter);
}

static void seventh_json(struct json *json, const struct icd_notes *notes,
    const struct store *store, const struct code_ref *code)
{
    const struct row *node = seventh_node(notes, store);
    const char *text, *line, *meaning;
    size_t left, len;
    char name[CODE_TEXT];

    json_key(json, "seventh_character");
    if (node == NULL) {
        json_null(json);
        return;
    }
    icd_node_name(name, store, node);
    json_open(json, '{');
    json_key(json, "from");
    json_string(json, name);
    json_key(json, "note");
    text = row_text(store, node, TABULAR_SEVENTH_NOTE, &len);
    json_text(json, len > 0 ? text : NULL, len);
    json_key(json, "of_this_code");
    meaning = icd_seventh(notes, store, code->text, code->len, &len);
    json_text(json, meaning, len);
    json_key(json, "characters");
    json_open(json, '[');
    text = row_text(store, node, TABULAR_SEVENTH, &left);
    while (icd_note_next(&text, &left, &line, &len)) {
        if (len < 2)
            continue;
        json_open(json, '{');
        json_key(json, "character");
        json_text(json, line, 1);
        json_key(json, "text");
        json_text(json, line + 2, len - 2);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_key(json, "row");
    json_int(json, row_source(store, node, notes->release).row);
    json_close(json, '}');
}

void icd_notes_json(struct json *json, const struct icd_notes *notes,
    const struct store *store, const struct code_ref *code)
{
    const struct release *release;
    const char *text = "";
    size_t len = 0;

    json_key(json, "tabular");
    if (notes->series == NULL) {
        json_null(json);
        return;
    }
    release = &notes->series->release[notes->release];
    json_open(json, '{');
    json_key(json, "release");
    json_string(json, release->label);
    json_key(json, "from");
    json_day(json, release->from);
    json_key(json, "to");
    json_day(json, release->to);
    json_key(json, "of_the_date");
    json_bool(json, notes->of_day);
    json_key(json, "caution");
    if (notes->of_day) {
        json_null(json);
    } else {
        const size_t begin = json_text_begin(json);

        icd_notes_caution(json->out, notes);
        json_text_end(json, begin);
    }
    json_key(json, "file");
    json_string(json, row_source(store, &notes->node[0], notes->release).file);
    parts_json(json, notes, store);
    if (notes->own)
        text = row_text(store, &notes->node[0], TABULAR_INCLUSION, &len);
    json_key(json, "inclusion_terms");
    lines_json(json, text, len);
    json_key(json, "codes_are");
    json_word(json, "advisory");
    json_key(json, "notes");
    json_open(json, '[');
    for (size_t i = 0; i < notes->nodes; i++)
        for (int c = TABULAR_INCLUDES; c <= TABULAR_NOTES; c++)
            column_json(json, notes, store, i, c);
    json_close(json, ']');
    seventh_json(json, notes, store, code);
    json_close(json, '}');
}

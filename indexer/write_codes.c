/* write_codes.c - the list of all codes, and the words by which they are found.
 *
 * A code's document number is its place in the list. Its title is the best text
 * there is: the administrator's licensed descriptor before the publisher's long
 * one, that before the project's own label, that before the PFS's short one. */
#include <stdlib.h>
#include <string.h>

#include "codesets/core/code.h"
#include "codesets/core/fold.h"
#include "codesets/search/index.h"
#include "codesets/store/codes.h"
#include "indexer/write.h"

/* Texts of a table, worst title first, so that the last title added wins. */
static const struct text_column {
    enum table table;
    int column;
    enum search_field field;
} text_columns[] = {
    {TABLE_DHS, DHS_DESCRIPTION, SEARCH_EXTRA},
    {TABLE_PFS, PFS_DESCRIPTION, SEARCH_TITLE},
    {TABLE_TIMED, TIMED_LABEL, SEARCH_LABEL},
    {TABLE_TIMED, TIMED_LABEL, SEARCH_TITLE},
    {TABLE_MODIFIER, MODIFIER_LABEL, SEARCH_TITLE},
    {TABLE_HCPCS, HCPCS_SHORT, SEARCH_SHORT},
    {TABLE_HCPCS, HCPCS_LONG, SEARCH_TITLE},
    {TABLE_ICD10CM, ICD_SHORT, SEARCH_SHORT},
    {TABLE_ICD10CM, ICD_LONG, SEARCH_TITLE},
    {TABLE_CPT, CPT_CONSUMER, SEARCH_EXTRA},
    {TABLE_CPT, CPT_SHORT, SEARCH_TITLE},
    {TABLE_CPT, CPT_MEDIUM, SEARCH_TITLE},
    {TABLE_CPT, CPT_LONG, SEARCH_TITLE},
    {TABLE_LOCAL, LOCAL_TEXT, SEARCH_TITLE},
};
enum { TEXT_COLUMNS = sizeof text_columns / sizeof *text_columns };

/* A synonym of the administrator's: its words join every text that says what
 * it means. */
struct synonym {
    const char *term;
    size_t term_len;
    struct buffer meaning; /* folded words, each between blanks */
};

struct words {
    struct writing *w;
    struct search_builder *builder;
    struct code_ref *code; /* the list; owned */
    uint32_t codes, capacity;
    char (*proc_text)[PROC_LEN + 1]; /* procedure codes as text; owned */
    struct synonym *synonym;
    size_t synonyms;
    struct buffer folded; /* of the text at hand */
};

static int code_order(const void *a, const void *b)
{
    const struct code_ref *one = a, *two = b;
    const size_t shorter = one->len < two->len ? one->len : two->len;
    const int c = memcmp(one->text, two->text, shorter);

    if (c != 0)
        return c;
    if (one->len != two->len)
        return one->len < two->len ? -1 : 1;
    return (int)one->system - (int)two->system;
}

static int add_code(struct words *words, enum code_system system,
    const char *text, size_t len, struct error *err)
{
    if (words->codes == words->capacity) {
        const uint32_t capacity =
            words->capacity == 0 ? 65536 : words->capacity * 2;
        struct code_ref *grown = realloc(words->code, capacity * sizeof *grown);

        if (grown == NULL)
            return error_memory(err);
        words->code = grown;
        words->capacity = capacity;
    }
    words->code[words->codes++] = (struct code_ref){system, text, len};
    return 0;
}

/* The system a run's key belongs to. False for a row that makes no code known
 * by itself: a synonym, or an ICD-10-CM list that is not the code set. */
static bool run_system(
    const struct writing *w, const struct run *run, enum code_system *system)
{
    switch (w->plan->series[run->series].table) {
    case TABLE_ICD10CM:
        *system = SYSTEM_ICD10CM;
        return true;
    case TABLE_MODIFIER:
        *system = SYSTEM_MODIFIER;
        return true;
    case TABLE_LOCAL:
        *system = SYSTEM_LOCAL;
        return true;
    case TABLE_HCPCS:
        *system = SYSTEM_MODIFIER; /* unless it is a procedure code */
        return run->key_len == MODIFIER_LEN;
    default:
        return false;
    }
}

static int list_codes(struct words *words, struct error *err)
{
    struct writing *w = words->w;
    uint32_t kept = 0;
    int rc = 0;

    words->proc_text = malloc((w->procedures + 1) * sizeof *words->proc_text);
    if (words->proc_text == NULL)
        return error_memory(err);
    for (uint32_t i = 0; rc == 0 && i < w->procedures; i++) {
        proc_unpack(words->proc_text[i], w->packed[i]);
        rc = add_code(words, proc_system(w->packed[i]), words->proc_text[i],
            PROC_LEN, err);
    }
    for (uint32_t i = 0; rc == 0 && i < w->runs; i++) {
        enum code_system system;

        if (run_system(w, &w->run[i], &system))
            rc = add_code(words, system, w->run[i].key, w->run[i].key_len, err);
    }
    if (rc != 0)
        return rc;
    qsort(words->code, words->codes, sizeof *words->code, code_order);
    for (uint32_t i = 0; i < words->codes; i++)
        if (kept == 0 ||
            code_order(&words->code[kept - 1], &words->code[i]) != 0)
            words->code[kept++] = words->code[i];
    words->codes = kept;
    w->counts->codes = kept;
    return 0;
}

static uint32_t document_of(const struct words *words, enum code_system system,
    const char *text, size_t len)
{
    const struct code_ref key = {system, text, len};
    const struct code_ref *found =
        bsearch(&key, words->code, words->codes, sizeof key, code_order);

    return found == NULL ? UINT32_MAX : (uint32_t)(found - words->code);
}

/* The document a run speaks of, UINT32_MAX for none. */
static uint32_t run_document(const struct words *words, const struct run *run)
{
    enum code_system system;
    uint32_t packed;

    if (run->suffix != '\0')
        return UINT32_MAX;
    if (run_system(words->w, run, &system))
        return document_of(words, system, run->key, run->key_len);
    if (run->key_len < PROC_LEN)
        return UINT32_MAX;
    packed = proc_pack(run->key);
    if (packed == PROC_NONE)
        return UINT32_MAX;
    return document_of(words, proc_system(packed), run->key, PROC_LEN);
}

/* --- days ------------------------------------------------------------------
 */

static void proc_days(struct words *words, uint32_t ordinal)
{
    const struct writing *w = words->w;
    const struct proc_span *span =
        (const struct proc_span *)(const void *)w->spans.data;
    const uint32_t first = w->first_span[ordinal];
    const uint32_t end = w->first_span[ordinal + 1];
    day_t from = DAY_UNKNOWN, to = DAY_OPEN;

    for (uint32_t i = first; i < end; i++)
        if (span[i].validity != VALIDITY_NOT_VALID) {
            from = span[i].from;
            break;
        }
    for (uint32_t i = end;
         i > first + 1 && span[i - 1].validity == VALIDITY_NOT_VALID; i--)
        to = span[i - 1].from - 1;
    search_builder_document(words->builder,
        document_of(words, proc_system(w->packed[ordinal]),
            words->proc_text[ordinal], PROC_LEN),
        proc_system(w->packed[ordinal]), from, to);
}

/* A code that the newest list no longer has ended with the last that had it. */
static void listed_days(struct words *words, const struct run *run,
    enum code_system system, uint32_t document)
{
    const struct plan_series *series = &words->w->plan->series[run->series];
    day_t to = DAY_OPEN;

    if (system == SYSTEM_ICD10CM && run->last + 1u < series->releases)
        to = series->release[run->last + 1].release.from - 1;
    search_builder_document(words->builder, document, system, DAY_UNKNOWN, to);
}

static void all_days(struct words *words)
{
    const struct writing *w = words->w;

    for (uint32_t i = 0; i < w->procedures; i++)
        proc_days(words, i);
    /* Runs of a code come oldest first: the last one says how it stands. */
    for (uint32_t i = 0; i < w->runs; i++) {
        enum code_system system;

        if (run_system(w, &w->run[i], &system))
            listed_days(words, &w->run[i], system,
                document_of(words, system, w->run[i].key, w->run[i].key_len));
    }
}

/* --- synonyms --------------------------------------------------------------
 */

/* Folded words, each between blanks: " heart attack ". */
static void fold_words(struct buffer *out, const char *text, size_t len)
{
    struct fold fold;
    struct fold_word word;

    buffer_addc(out, ' ');
    fold_begin(&fold, text, len);
    while (fold_next(&fold, &word)) {
        buffer_add(out, word.text, word.len);
        buffer_addc(out, ' ');
    }
}

static int read_synonyms(struct words *words, struct error *err)
{
    const struct writing *w = words->w;
    const struct texts *texts = w->collection->texts;
    size_t count = 0;

    for (uint32_t i = 0; i < w->runs; i++)
        count += w->plan->series[w->run[i].series].table == TABLE_SYNONYM;
    if (count == 0)
        return 0;
    words->synonym = calloc(count, sizeof *words->synonym);
    if (words->synonym == NULL)
        return error_memory(err);
    for (uint32_t i = 0; i < w->runs; i++) {
        struct synonym *synonym = &words->synonym[words->synonyms];
        const char *meaning;
        size_t len;

        if (w->plan->series[w->run[i].series].table != TABLE_SYNONYM)
            continue;
        words->synonyms++;
        synonym->term =
            texts_get(texts, w->run[i].cells[SYNONYM_TERM], &synonym->term_len);
        meaning = texts_get(texts, w->run[i].cells[SYNONYM_MEANING], &len);
        fold_words(&synonym->meaning, meaning, len);
    }
    return 0;
}

static int add_synonyms(struct words *words, uint32_t document,
    const char *text, size_t len, struct error *err)
{
    int rc = 0;

    if (words->synonyms == 0)
        return 0;
    words->folded.len = 0;
    fold_words(&words->folded, text, len);
    for (size_t i = 0; rc == 0 && i < words->synonyms; i++) {
        const struct synonym *synonym = &words->synonym[i];

        if (synonym->meaning.len > 1 &&
            memmem(words->folded.data, words->folded.len, synonym->meaning.data,
                synonym->meaning.len) != NULL)
            rc = search_builder_add(words->builder, document, SEARCH_EXTRA,
                synonym->term, synonym->term_len, err);
    }
    return rc;
}

/* --- texts -----------------------------------------------------------------
 */

static int add_texts(
    struct words *words, const struct text_column *column, struct error *err)
{
    const struct writing *w = words->w;

    for (uint32_t i = 0; i < w->runs; i++) {
        const struct run *run = &w->run[i];
        uint32_t document;
        const char *text;
        size_t len;
        int rc;

        if (w->plan->series[run->series].table != column->table ||
            run->cells[column->column] == TEXT_EMPTY)
            continue;
        document = run_document(words, run);
        if (document == UINT32_MAX)
            continue;
        text =
            texts_get(w->collection->texts, run->cells[column->column], &len);
        rc = search_builder_add(
            words->builder, document, column->field, text, len, err);
        if (rc == 0)
            rc = add_synonyms(words, document, text, len, err);
        if (rc != 0)
            return rc;
    }
    return 0;
}

static int write_lists(struct words *words, struct error *err)
{
    struct buffer blob = {0};
    int rc = code_list_write(&blob, words->code, words->codes, err);

    if (rc == 0)
        rc = writer_blob(words->w->writer, "codes", 5, &blob, err);
    blob.len = 0;
    if (rc == 0)
        rc = search_builder_write(words->builder, &blob, err);
    if (rc == 0)
        rc = writer_blob(words->w->writer, "search", 6, &blob, err);
    buffer_clear(&blob);
    return rc;
}

int write_codes(struct writing *w, struct error *err)
{
    struct words words = {.w = w};
    int rc;

    if ((rc = list_codes(&words, err)) != 0 ||
        (rc = search_builder_open(&words.builder, words.codes, err)) != 0 ||
        (rc = read_synonyms(&words, err)) != 0)
        goto done;
    all_days(&words);
    for (size_t i = 0; rc == 0 && i < TEXT_COLUMNS; i++)
        rc = add_texts(&words, &text_columns[i], err);
    if (rc == 0)
        rc = write_lists(&words, err);
done:
    search_builder_close(words.builder);
    for (size_t i = 0; i < words.synonyms; i++)
        buffer_clear(&words.synonym[i].meaning);
    free(words.synonym);
    buffer_clear(&words.folded);
    free(words.code);
    free(words.proc_text);
    return rc;
}

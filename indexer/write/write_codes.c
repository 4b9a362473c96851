/* write_codes.c - the list of all codes, and the words by which they are found.
 *
 * A code's document number is its place in the list. Its title is the best text
 * there is: the administrator's licensed descriptor before the publisher's long
 * one, that before the project's own label, that before the PFS's short one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/section.h"
#include "codesets/core/code.h"
#include "codesets/search/builder.h"
#include "codesets/search/words.h"
#include "codesets/store/codes.h"
#include "indexer/write/write.h"

/* Texts of a table, worst title first, so that the last title added wins. */
static const struct text_column {
    enum table table;
    int column;
    enum search_field field;
    unsigned marks; /* enum words_where */
} text_columns[] = {
    {TABLE_DHS, DHS_DESCRIPTION, SEARCH_EXTRA, 0},
    {TABLE_PFS, PFS_DESCRIPTION, SEARCH_TITLE, WORDS_IN_PFS},
    {TABLE_TIMED, TIMED_LABEL, SEARCH_TITLE, 0},
    {TABLE_MODIFIER, MODIFIER_LABEL, SEARCH_TITLE, 0},
    {TABLE_HCPCS, HCPCS_SHORT, SEARCH_SHORT, WORDS_IN_HCPCS},
    {TABLE_HCPCS, HCPCS_LONG, SEARCH_TITLE, 0},
    {TABLE_ICD10CM, ICD_SHORT, SEARCH_SHORT, WORDS_IN_ICD},
    {TABLE_ICD10CM, ICD_LONG, SEARCH_TITLE, 0},
    {TABLE_ICD10CM_TABULAR, TABULAR_INCLUSION, SEARCH_EXTRA, 0},
    {TABLE_ICD10CM_TABULAR, TABULAR_INCLUDES, SEARCH_EXTRA, 0},
    {TABLE_ICD10CM_INDEX, ICD_INDEX_TERM, SEARCH_EXTRA, 0},
    {TABLE_ICD10CM_EXTERNAL, ICD_INDEX_TERM, SEARCH_EXTRA, 0},
    {TABLE_ICD10CM_DRUG, ICD_INDEX_TERM, SEARCH_EXTRA, 0},
    {TABLE_ICD10CM_NEOPLASM, ICD_INDEX_TERM, SEARCH_EXTRA, 0},
    {TABLE_CPT, CPT_CONSUMER, SEARCH_EXTRA, 0},
    {TABLE_CPT, CPT_SHORT, SEARCH_TITLE, 0},
    {TABLE_CPT, CPT_MEDIUM, SEARCH_TITLE, 0},
    {TABLE_CPT, CPT_LONG, SEARCH_TITLE, 0},
    {TABLE_LOCAL, LOCAL_TEXT, SEARCH_TITLE, 0},
};
enum { TEXT_COLUMNS = sizeof text_columns / sizeof *text_columns };

struct listing {
    struct writing *w;
    struct search_builder *builder;
    struct code_ref *code; /* the list; owned */
    uint32_t codes, capacity;
    char (*proc_text)[PROC_LEN + 1]; /* procedure codes as text; owned */
    struct sections sections;
    struct buffer text; /* the one at hand, made plainer */
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

static int add_code(struct listing *words, enum code_system system,
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

static int list_codes(struct listing *words, struct error *err)
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
    if (words->codes > 0)
        qsort(words->code, words->codes, sizeof *words->code, code_order);
    for (uint32_t i = 0; i < words->codes; i++)
        if (kept == 0 ||
            code_order(&words->code[kept - 1], &words->code[i]) != 0)
            words->code[kept++] = words->code[i];
    words->codes = kept;
    w->counts->codes = kept;
    return 0;
}

static uint32_t document_of(const struct listing *words,
    enum code_system system, const char *text, size_t len)
{
    const struct code_ref key = {system, text, len};
    const struct code_ref *found =
        bsearch(&key, words->code, words->codes, sizeof key, code_order);

    return found == NULL ? UINT32_MAX : (uint32_t)(found - words->code);
}

/* True for a row of the lists beside the ICD-10-CM code set. */
static bool tells_of_icd(const struct writing *w, const struct run *run)
{
    const enum table table = w->plan->series[run->series].table;

    return table >= TABLE_ICD10CM_TABULAR && table <= TABLE_ICD10CM_NEOPLASM;
}

/* The document a run speaks of, UINT32_MAX for none. */
static uint32_t run_document(const struct listing *words, const struct run *run)
{
    enum code_system system = SYSTEM_ICD10CM;
    uint32_t packed;

    if (run->suffix != '\0')
        return UINT32_MAX;
    if (run_system(words->w, run, &system) || tells_of_icd(words->w, run))
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

static void proc_days(struct listing *words, uint32_t ordinal)
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
static void listed_days(struct listing *words, const struct run *run,
    enum code_system system, uint32_t document)
{
    const struct plan_series *series = &words->w->plan->series[run->series];
    day_t to = DAY_OPEN;

    if (system == SYSTEM_ICD10CM && run->last + 1u < series->releases)
        to = series->release[run->last + 1].release.from - 1;
    search_builder_document(words->builder, document, system, DAY_UNKNOWN, to);
}

static void all_days(struct listing *words)
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

/* --- what people call it ---------------------------------------------------
 *
 * The project's own words (codesets/search/words.h) and the administrator's
 * synonyms become rules of the index; everyday names go to their codes. */

enum { ANY_FIELD = (1 << SEARCH_FIELDS) - 1 };

static int add_rule(struct listing *words, struct words_cell meaning,
    struct words_cell term, unsigned marks, bool same, struct error *err)
{
    const struct search_rule rule = {.meaning = meaning.text,
        .meaning_len = meaning.len,
        .term = term.text,
        .term_len = term.len,
        .fields = ANY_FIELD,
        .marks = marks,
        .same = same};

    return search_builder_rule(words->builder, &rule, err);
}

static int add_abbreviation(
    struct listing *words, const struct abbreviation *row, struct error *err)
{
    const unsigned marks = row->where & ~(unsigned)WORDS_IN_QUERY;
    int rc = 0;

    if (marks != 0)
        rc = add_rule(words, row->brief, row->meaning, marks, true, err);
    if (rc == 0 && (row->where & WORDS_IN_QUERY) != 0)
        rc = add_rule(words, row->meaning, row->brief, 0, false, err);
    return rc;
}

static int add_own_rules(
    struct listing *words, const struct words *own, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < own->abbreviations; i++)
        rc = add_abbreviation(words, &own->abbreviation[i], err);
    for (size_t i = 0; rc == 0 && i < own->synonyms; i++) {
        const struct synonym *row = &own->synonym[i];

        rc = add_rule(words, row->meaning, row->term, 0, false, err);
        if (rc == 0 && row->both)
            rc = add_rule(words, row->term, row->meaning, 0, false, err);
    }
    return rc;
}

/* Rows of the administrator's that hold no word say nothing. */
static int add_administrators_rules(struct listing *words, struct error *err)
{
    const struct writing *w = words->w;
    const struct texts *texts = w->collection->texts;

    for (uint32_t i = 0; i < w->runs; i++) {
        struct words_cell term, meaning;
        int rc;

        if (w->plan->series[w->run[i].series].table != TABLE_SYNONYM)
            continue;
        term.text = texts_get(texts, w->run[i].cells[SYNONYM_TERM], &term.len);
        meaning.text =
            texts_get(texts, w->run[i].cells[SYNONYM_MEANING], &meaning.len);
        rc = add_rule(words, meaning, term, 0, false, err);
        if (rc != 0 && rc != ERR_INPUT && rc != ERR_LIMIT)
            return rc;
    }
    return 0;
}

/* The first code that is not below a text. */
static uint32_t first_code(
    const struct listing *words, const char *text, size_t len)
{
    const struct code_ref key = {SYSTEM_CPT, text, len};
    uint32_t low = 0, high = words->codes;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (code_order(&words->code[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int name_codes(
    struct listing *words, const struct concept *row, struct error *err)
{
    struct words_cell list = row->codes;
    struct concept_codes piece;
    bool is_first = true;
    int rc = 0;

    while (rc == 0 && concept_codes_next(&list, &piece))
        for (uint32_t i = first_code(words, piece.low.text, piece.low.len);
             rc == 0 && i < words->codes &&
             concept_codes_have(
                 &piece, words->code[i].text, words->code[i].len);
             i++) {
            if (words->code[i].system != row->system)
                continue;
            rc = is_first ? search_builder_name(words->builder, i,
                                row->phrase.text, row->phrase.len, err)
                          : search_builder_add(words->builder, i, SEARCH_EXTRA,
                                0, row->phrase.text, row->phrase.len, err);
            is_first = false;
        }
    return rc;
}

/* --- what it is ------------------------------------------------------------
 */

static int add_value(struct listing *words, uint32_t document,
    enum search_facet facet, const char *name, struct error *err)
{
    return search_builder_value(words->builder, document, facet, name, err);
}

/* The parts of the code systems, out of the rows that will tell them. */
static int read_sections(struct listing *words, struct error *err)
{
    static const char *const systems[SECTION_SYSTEMS] = {
        "cpt", "hcpcs", "icd10cm"};
    const struct writing *w = words->w;
    struct sections *out = &words->sections;

    for (size_t s = 0; s < SECTION_SYSTEMS; s++) {
        out->begin[s] = out->count;
        for (uint32_t i = 0; i < w->runs; i++) {
            const struct texts *texts = w->collection->texts;
            const uint32_t *cells = w->run[i].cells;

            if (w->plan->series[w->run[i].series].table != TABLE_SECTION ||
                strcmp(texts_get(texts, cells[SECTION_SYSTEM], NULL),
                    systems[s]) != 0)
                continue;
            if (out->count == SECTIONS_MAX)
                return error_set(
                    err, ERR_LIMIT, 0, "more than %d sections", SECTIONS_MAX);
            out->section[out->count++] =
                (struct section){texts_get(texts, cells[SECTION_FIRST], NULL),
                    texts_get(texts, cells[SECTION_LAST], NULL),
                    texts_get(texts, cells[SECTION_NAME], NULL)};
        }
    }
    out->begin[SECTION_SYSTEMS] = out->count;
    return 0;
}

static int add_section(
    struct listing *words, uint32_t document, struct error *err)
{
    const struct section *section =
        section_of(&words->sections, &words->code[document]);
    char name[SEARCH_VALUE_NAME];

    if (section == NULL)
        return 0;
    (void)snprintf(name, sizeof name, "%s-%s", section->from, section->to);
    return add_value(words, document, FACET_SECTION, name, err);
}

/* Where the newest MUE release that Medicare has limits its units. */
static int add_setting(struct listing *words, const struct run *run,
    uint32_t document, struct error *err)
{
    const struct plan_series *series = &words->w->plan->series[run->series];

    if (run->last + 1u != series->releases ||
        series->program != PROGRAM_MEDICARE)
        return 0;
    return add_value(
        words, document, FACET_SETTING, setting_name(series->setting), err);
}

/* What a row says of its code beside its texts. */
static int add_row_values(struct listing *words, const struct run *run,
    uint32_t document, struct error *err)
{
    const struct texts *texts = words->w->collection->texts;
    const char *text;

    switch (words->w->plan->series[run->series].table) {
    case TABLE_ICD10CM:
        text = texts_get(texts, run->cells[ICD_BILLABLE], NULL);
        return add_value(words, document, FACET_BILLABLE,
            text[0] == '1' ? "true" : "false", err);
    case TABLE_TIMED:
        if (run->cells[TIMED_REPLACED_BY] != TEXT_EMPTY)
            search_builder_rare(words->builder, document);
        text = texts_get(texts, run->cells[TIMED_FLAG], NULL);
        if (text[0] != 'Y' && text[0] != 'N')
            return 0;
        return add_value(words, document, FACET_TIMED,
            text[0] == 'Y' ? "true" : "false", err);
    case TABLE_PFS:
        text = texts_get(texts, run->cells[PFS_STATUS], NULL);
        if (run->key_len != PROC_LEN || strlen(text) != 1)
            return 0;
        if (text[0] == 'M') /* a measure of quality, never paid */
            search_builder_rare(words->builder, document);
        return add_value(words, document, FACET_STATUS, text, err);
    case TABLE_MUE:
        return add_setting(words, run, document, err);
    default:
        return 0;
    }
}

/* Category II of CPT: reported, never paid. */
static bool measures_quality(const struct code_ref *code)
{
    return code->system == SYSTEM_CPT && code->len == PROC_LEN &&
           code->text[PROC_LEN - 1] == 'F';
}

static int add_values(struct listing *words, struct error *err)
{
    const struct writing *w = words->w;
    int rc = read_sections(words, err);

    for (uint32_t i = 0; rc == 0 && i < words->codes; i++) {
        rc = add_section(words, i, err);
        if (measures_quality(&words->code[i]))
            search_builder_rare(words->builder, i);
    }
    for (uint32_t i = 0; rc == 0 && i < w->runs; i++) {
        const uint32_t document = run_document(words, &w->run[i]);

        if (document != UINT32_MAX)
            rc = add_row_values(words, &w->run[i], document, err);
    }
    return rc;
}

/* The same on each day. */
static int add_days(struct listing *words, struct error *err)
{
    struct writing *w = words->w;
    uint32_t *procedure = malloc((w->procedures + 1) * sizeof *procedure);
    uint32_t *document = malloc((w->runs + 1) * sizeof *document);
    int rc;

    if (procedure == NULL || document == NULL) {
        rc = error_memory(err);
    } else {
        for (uint32_t i = 0; i < w->procedures; i++)
            procedure[i] = document_of(words, proc_system(w->packed[i]),
                words->proc_text[i], PROC_LEN);
        for (uint32_t i = 0; i < w->runs; i++)
            document[i] = run_document(words, &w->run[i]);
        rc = write_values(w, words->builder, procedure, document, err);
    }
    free(procedure);
    free(document);
    return rc;
}

/* --- texts -----------------------------------------------------------------
 */

/* Bytes that two texts begin with alike, letters of either case. */
static size_t alike(const char *a, const char *b, size_t most)
{
    size_t n = 0;

    while (n < most && (a[n] | 0x20) == (b[n] | 0x20))
        n++;
    return n;
}

/* True when a word is the one before in another form: all but the last letters
 * are alike. */
static bool same_stem(const char *a, size_t a_len, const char *b, size_t b_len)
{
    enum { STEM_MIN = 5, ENDING_MAX = 3 };
    const size_t most = a_len < b_len ? a_len : b_len;
    const size_t n = alike(a, b, most);

    return n >= STEM_MIN && n + ENDING_MAX >= a_len;
}

static size_t first_word(const char *text, size_t len)
{
    size_t n = 0;

    while (n < len && text[n] != ' ' && text[n] != ',')
        n++;
    return n;
}

/* A way through the alphabetic index as people would say it: without a word
 * that is the one before in another form. "Hypertension, hypertensive" is
 * "Hypertension". */
static void plain_term(struct buffer *out, const char *text, size_t len)
{
    const char *last = text;
    size_t at = 0, last_len = 0;

    out->len = 0;
    while (at < len) {
        const char *comma = memmem(text + at, len - at, ", ", 2);
        const size_t end = comma == NULL ? len : (size_t)(comma - text);
        const size_t word = first_word(text + at, end - at);

        if (!same_stem(last, last_len, text + at, word)) {
            if (out->len > 0)
                buffer_adds(out, ", ");
            buffer_add(out, text + at, end - at);
        } else if (word < end - at) { /* "hypertensive (benign)" */
            buffer_add(out, text + at + word, end - at - word);
        }
        last = text + at;
        last_len = word;
        at = comma == NULL ? len : end + 2;
    }
}

static int add_text(struct listing *words, const struct text_column *column,
    uint32_t document, const char *text, size_t len, struct error *err)
{
    return search_builder_add(
        words->builder, document, column->field, column->marks, text, len, err);
}

/* Every line of a cell is a text of its own. */
static int add_lines(struct listing *words, const struct text_column *column,
    uint32_t document, const char *text, size_t len, struct error *err)
{
    int rc = 0;

    while (rc == 0 && len > 0) {
        const char *end = memchr(text, '\n', len);
        const size_t line = end == NULL ? len : (size_t)(end - text);

        rc = add_text(words, column, document, text, line, err);
        text += end == NULL ? len : line + 1;
        len -= end == NULL ? len : line + 1;
    }
    return rc;
}

static int add_index_term(struct listing *words,
    const struct text_column *column, uint32_t document, const struct run *run,
    struct error *err)
{
    size_t len;
    const char *text = texts_get(
        words->w->collection->texts, run->cells[ICD_INDEX_TERM], &len);

    plain_term(&words->text, text, len);
    text = texts_get(
        words->w->collection->texts, run->cells[ICD_INDEX_ASPECT], &len);
    if (len > 0) {
        buffer_addc(&words->text, ' ');
        buffer_add(&words->text, text, len);
    }
    if (words->text.failed)
        return error_memory(err);
    return add_text(
        words, column, document, words->text.data, words->text.len, err);
}

static int add_texts(
    struct listing *words, const struct text_column *column, struct error *err)
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
        if (column->table == TABLE_ICD10CM_TABULAR)
            rc = add_lines(words, column, document, text, len, err);
        else if (tells_of_icd(w, run))
            rc = add_index_term(words, column, document, run, err);
        else
            rc = add_text(words, column, document, text, len, err);
        if (rc != 0)
            return rc;
    }
    return 0;
}

static int write_lists(struct listing *words, struct error *err)
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
    struct listing words = {.w = w};
    struct words own = {.abbreviation = NULL};
    int rc;

    if ((rc = list_codes(&words, err)) != 0 ||
        (rc = search_builder_open(&words.builder, words.codes, err)) != 0 ||
        (rc = words_open(&own, err)) != 0 ||
        (rc = add_own_rules(&words, &own, err)) != 0 ||
        (rc = add_administrators_rules(&words, err)) != 0)
        goto done;
    all_days(&words);
    if ((rc = add_values(&words, err)) == 0)
        rc = add_days(&words, err);
    for (size_t i = 0; rc == 0 && i < own.concepts; i++)
        rc = name_codes(&words, &own.concept[i], err);
    for (size_t i = 0; rc == 0 && i < TEXT_COLUMNS; i++)
        rc = add_texts(&words, &text_columns[i], err);
    if (rc == 0)
        rc = write_lists(&words, err);
done:
    words_close(&own);
    search_builder_close(words.builder);
    buffer_clear(&words.text);
    free(words.code);
    free(words.proc_text);
    return rc;
}

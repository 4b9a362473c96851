#include "tests/tiny_build.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codesets/search/builder.h"
#include "codesets/store/layout.h"
#include "codesets/store/table.h"
#include "codesets/store/writer.h"

enum {
    TINY_TEXTS = 4096,
    TINY_ROWS = 512,
    TINY_PROCS = 256,
    TINY_SPANS = 2048,
    TINY_EDITS = 512,
    TINY_RELEASES = 8,
    TINY_TEXT = 256,
    TINY_BLOBS = 4,
    TINY_SYNONYMS = 8
};

struct tiny_row_source {
    uint8_t series;
    char key[ROW_KEY_MAX + 1];
    uint32_t first, last, line;
    uint32_t text[TABLE_COLUMNS_MAX];
    size_t columns;
    size_t order;
};

struct tiny_edit_source {
    enum setting setting;
    uint32_t column1, column2; /* packed */
    struct ptp_kind kind;
};

struct tiny {
    char folder[64];
    bool starter;
    char *text[TINY_TEXTS];
    uint32_t texts;
    struct series series[STORE_SERIES_MAX];
    struct release release[STORE_SERIES_MAX][TINY_RELEASES];
    char label[STORE_SERIES_MAX][TINY_RELEASES][24];
    uint8_t series_count;
    struct tiny_row_source row[TINY_ROWS];
    size_t rows;
    struct {
        uint32_t packed, first, end;
    } proc[TINY_PROCS];
    uint32_t procs;
    struct proc_span span[TINY_SPANS];
    uint32_t spans;
    struct tiny_edit_source edit[TINY_EDITS];
    size_t edits;
    struct {
        const char *term, *meaning;
    } synonym[TINY_SYNONYMS];
    size_t synonyms;
    struct {
        char name[16];
        struct buffer bytes;
    } blob[TINY_BLOBS];
    size_t blobs;
    struct store *store;
    struct answers *answers;
    struct buffer said;
};

static void must(bool good, const char *what, const struct error *err)
{
    if (good)
        return;
    (void)fprintf(stderr, "tiny build: %s: %s\n", what,
        err != NULL ? err->msg : "failed");
    abort();
}

struct tiny *tiny_begin(void)
{
    struct tiny *tiny = calloc(1, sizeof *tiny);

    must(tiny != NULL, "memory", NULL);
    tiny->text[tiny->texts++] = strdup("");
    return tiny;
}

void tiny_starter(struct tiny *tiny)
{
    tiny->starter = true;
}

static uint32_t add_text(struct tiny *tiny, const char *text, size_t len)
{
    for (uint32_t i = 0; i < tiny->texts; i++)
        if (strlen(tiny->text[i]) == len &&
            memcmp(tiny->text[i], text, len) == 0)
            return i;
    must(tiny->texts < TINY_TEXTS, "too many texts", NULL);
    tiny->text[tiny->texts] = strndup(text, len);
    return tiny->texts++;
}

day_t tiny_day(const char *iso)
{
    day_t day;

    must(day_parse_iso(&day, iso, strlen(iso)) == 0, iso, NULL);
    return day;
}

uint8_t tiny_series(struct tiny *tiny, enum table table, enum setting setting,
    enum program program, const char *releases)
{
    const uint8_t id = tiny->series_count++;
    size_t n = 0;

    while (*releases != '\0') {
        struct release *release = &tiny->release[id][n];
        char from[16], to[16];
        int used = 0;

        must(n < TINY_RELEASES && sscanf(releases, "%23s %15s %15[^;! ]%n",
                                      tiny->label[id][n], from, to, &used) == 3,
            releases, NULL);
        releases += used;
        *release = (struct release){.label = tiny->label[id][n],
            .from = tiny_day(from),
            .to = strcmp(to, "open") == 0 ? DAY_OPEN : tiny_day(to),
            .partial = *releases == '!'};
        releases += strspn(releases, "!; ");
        n++;
    }
    tiny->series[id] = (struct series){.id = id,
        .table = table,
        .setting = setting,
        .program = program,
        .releases = n,
        .release = tiny->release[id]};
    return id;
}

void tiny_row_key(struct tiny *tiny, uint8_t series, const char *key,
    uint32_t first, uint32_t last, const char *columns)
{
    struct tiny_row_source *row = &tiny->row[tiny->rows];
    const char *at = columns;

    must(tiny->rows < TINY_ROWS, "too many rows", NULL);
    *row = (struct tiny_row_source){.series = series,
        .first = first,
        .last = last,
        .columns = table_schema(tiny->series[series].table)->columns,
        .order = tiny->rows};
    tiny->rows++;
    row->line = (uint32_t)tiny->rows * 10;
    for (size_t c = 0; at != NULL; c++) {
        const char *bar = strchr(at, '|');

        must(c < row->columns, columns, NULL);
        row->text[c] =
            add_text(tiny, at, bar == NULL ? strlen(at) : (size_t)(bar - at));
        at = bar == NULL ? NULL : bar + 1;
    }
    (void)snprintf(row->key, sizeof row->key, "%s",
        key != NULL ? key : tiny->text[row->text[0]]);
}

void tiny_row(struct tiny *tiny, uint8_t series, uint32_t first, uint32_t last,
    const char *columns)
{
    tiny_row_key(tiny, series, NULL, first, last, columns);
}

void tiny_cells(
    struct tiny *tiny, uint8_t series, uint32_t first, uint32_t last, ...)
{
    const size_t columns = table_schema(tiny->series[series].table)->columns;
    const char *cell[TABLE_COLUMNS_MAX] = {0}, *key = NULL;
    struct buffer row = {0};
    va_list args;
    int column;

    va_start(args, last);
    while ((column = va_arg(args, int)) >= 0) {
        must((size_t)column < columns, "no such column", NULL);
        cell[column] = va_arg(args, const char *);
        if (key == NULL)
            key = cell[column];
    }
    va_end(args);
    for (size_t c = 0; c < columns; c++) {
        if (c > 0)
            buffer_addc(&row, '|');
        buffer_adds(&row, cell[c] != NULL ? cell[c] : "");
    }
    buffer_addc(&row, '\0');
    must(!row.failed, "memory", NULL);
    tiny_row_key(tiny, series, key, first, last, row.data);
    buffer_clear(&row);
}

void tiny_hcpcs(struct tiny *tiny, uint8_t series, uint32_t first,
    uint32_t last, const char *code, const char *record, const char *text,
    const char *xref, const char *added, const char *terminated)
{
    tiny_cells(tiny, series, first, last, HCPCS_CODE, code, HCPCS_RECORD,
        record, HCPCS_LONG, text, HCPCS_XREF1, xref, HCPCS_ADDED, added,
        HCPCS_TERMINATED, terminated, -1);
}

static enum evidence parse_evidence(const char *name)
{
    for (int i = 0; i < EVIDENCE_COUNT; i++)
        if (strcmp(evidence_name((enum evidence)i), name) == 0)
            return (enum evidence)i;
    must(false, name, NULL);
    return EVIDENCE_NONE;
}

void tiny_proc(struct tiny *tiny, const char *code, const char *life)
{
    const uint32_t packed = proc_pack(code);
    uint32_t at = tiny->procs;

    must(packed != PROC_NONE && tiny->procs < TINY_PROCS, code, NULL);
    for (; at > 0 && tiny->proc[at - 1].packed > packed; at--)
        tiny->proc[at] = tiny->proc[at - 1];
    tiny->procs++;
    tiny->proc[at].packed = packed;
    tiny->proc[at].first = tiny->spans;
    while (*life != '\0') {
        char validity[16], evidence[16], from[16] = "";
        unsigned series = 0, release = 0;
        const size_t len = strcspn(life, ";");
        char stretch[TINY_TEXT];

        must(len < sizeof stretch && tiny->spans < TINY_SPANS, life, NULL);
        memcpy(stretch, life, len);
        stretch[len] = '\0';
        must(sscanf(stretch, "%15s %15s %u %u %15s", validity, evidence,
                 &series, &release, from) >= 4,
            stretch, NULL);
        tiny->span[tiny->spans++] = (struct proc_span){
            .from = from[0] == '\0' ? DAY_UNKNOWN : tiny_day(from),
            .validity = strcmp(validity, "valid") == 0 ? VALIDITY_VALID
                        : strcmp(validity, "not_valid") == 0
                            ? VALIDITY_NOT_VALID
                            : VALIDITY_UNKNOWN,
            .evidence = parse_evidence(evidence),
            .series = (uint8_t)series,
            .release = (uint8_t)release};
        life += len;
        life += strspn(life, "; ");
    }
    tiny->proc[at].end = tiny->spans;
}

void tiny_edit(struct tiny *tiny, enum setting setting, const char *column1,
    const char *column2, const char *effective, const char *deleted,
    int indicator)
{
    struct tiny_edit_source *edit = &tiny->edit[tiny->edits++];
    const size_t len = strlen(effective);
    const bool inferred = len > 0 && effective[len - 1] == '?';
    day_t day = DAY_UNKNOWN;

    must(tiny->edits <= TINY_EDITS, "too many edits", NULL);
    if (len - inferred > 0)
        must(day_parse_iso(&day, effective, len - inferred) == 0, effective,
            NULL);
    *edit = (struct tiny_edit_source){.setting = setting,
        .column1 = proc_pack(column1),
        .column2 = proc_pack(column2),
        .kind = {.effective = day,
            .deleted = deleted[0] == '\0' ? DAY_OPEN : tiny_day(deleted),
            .flags = (uint8_t)((indicator == 9 ? 2 : indicator) |
                               (inferred ? PTP_FLAG_INFERRED : 0))}};
}

/* ---------------------------------------------------------------- writing */

static int row_order(const void *a, const void *b)
{
    const struct tiny_row_source *x = a, *y = b;
    const int c = strcmp(x->key, y->key);

    if (x->series != y->series)
        return x->series < y->series ? -1 : 1;
    if (c != 0)
        return c;
    return x->order < y->order ? -1 : 1;
}

static void write_rows(struct tiny *tiny, struct store_writer *writer)
{
    struct error err = {0};

    qsort(tiny->row, tiny->rows, sizeof *tiny->row, row_order);
    for (size_t i = 0; i < tiny->rows;) {
        const struct tiny_row_source *head = &tiny->row[i];
        struct buffer value = {0};

        for (; i < tiny->rows && tiny->row[i].series == head->series &&
               strcmp(tiny->row[i].key, head->key) == 0;
             i++) {
            const struct tiny_row_source *row = &tiny->row[i];
            uint32_t places[2 * TINY_RELEASES] = {0};

            for (uint32_t r = 0; r <= row->last - row->first; r++)
                places[2 * r + 1] = row->line;
            row_write(
                &value, row->first, row->last, places, row->text, row->columns);
        }
        must(writer_row(writer, head->series, head->key, strlen(head->key),
                 &value, &err) == 0,
            "row", &err);
        buffer_clear(&value);
    }
}

static void write_blob(struct store_writer *writer, const char *name,
    size_t len, struct buffer *blob)
{
    struct error err = {0};

    must(writer_blob(writer, name, len, blob, &err) == 0, name, &err);
    buffer_clear(blob);
}

static void write_proc(struct tiny *tiny, struct store_writer *writer)
{
    uint32_t packed[TINY_PROCS], first[TINY_PROCS + 1] = {0};
    struct proc_span span[TINY_SPANS];
    struct proc_source source = {tiny->procs, packed, first, span};
    struct buffer blob = {0};
    struct error err = {0};
    uint32_t n = 0;

    for (uint32_t i = 0; i < tiny->procs; i++) {
        packed[i] = tiny->proc[i].packed;
        first[i] = n;
        for (uint32_t k = tiny->proc[i].first; k < tiny->proc[i].end; k++)
            span[n++] = tiny->span[k];
    }
    first[tiny->procs] = n;
    must(proc_table_write(&blob, &source, &err) == 0, "proc", &err);
    write_blob(writer, "proc", 4, &blob);
}

static uint16_t ordinal_of(const struct tiny *tiny, uint32_t packed)
{
    for (uint32_t i = 0; i < tiny->procs; i++)
        if (tiny->proc[i].packed == packed)
            return (uint16_t)i;
    must(false, "an edit of a code that is not there", NULL);
    return 0;
}

static int edit_order(const void *a, const void *b)
{
    const struct ptp_row *x = a, *y = b;

    if (x->lower != y->lower)
        return x->lower < y->lower ? -1 : 1;
    if (x->higher != y->higher)
        return x->higher < y->higher ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static void write_edits(
    struct tiny *tiny, struct store_writer *writer, const struct series *series)
{
    const char name[5] = {
        'p', 't', 'p', (char)series->setting, (char)series->program};
    struct ptp_row row[TINY_EDITS] = {{0}};
    struct ptp_kind kind[TINY_EDITS];
    const uint32_t rationale[1] = {add_text(tiny, "Code pair", 9)};
    const uint16_t file[1] = {0};
    struct ptp_source source = {.codes = tiny->procs,
        .rationales = 1,
        .files = 1,
        .row = row,
        .kind = kind,
        .rationale = rationale,
        .file = file};
    struct buffer blob = {0};
    struct error err = {0};

    for (size_t i = 0; i < tiny->edits; i++) {
        const struct tiny_edit_source *edit = &tiny->edit[i];
        uint16_t a, b;

        if (edit->setting != series->setting)
            continue;
        a = ordinal_of(tiny, edit->column1);
        b = ordinal_of(tiny, edit->column2);
        kind[source.kinds] = edit->kind;
        if (a > b)
            kind[source.kinds].flags |= PTP_FLAG_HIGHER_FIRST;
        row[source.rows++] = (struct ptp_row){
            a < b ? a : b, a < b ? b : a, source.kinds, source.kinds + 1};
        source.kinds++;
    }
    qsort(row, source.rows, sizeof *row, edit_order);
    must(ptp_table_write(&blob, &source, &err) == 0, "ptp", &err);
    write_blob(writer, name, sizeof name, &blob);
}

/* The column of a table whose text is a code's title; -1 for none. */
static int title_column(enum table table)
{
    switch (table) {
    case TABLE_HCPCS:
        return HCPCS_LONG;
    case TABLE_ICD10CM:
        return ICD_LONG;
    case TABLE_TIMED:
        return TIMED_LABEL;
    case TABLE_MODIFIER:
        return MODIFIER_LABEL;
    case TABLE_LOCAL:
        return LOCAL_TEXT;
    default:
        return -1;
    }
}

static enum code_system row_system(
    const struct tiny *tiny, const struct tiny_row_source *row)
{
    switch (tiny->series[row->series].table) {
    case TABLE_ICD10CM:
        return SYSTEM_ICD10CM;
    case TABLE_MODIFIER:
        return SYSTEM_MODIFIER;
    case TABLE_LOCAL:
        return SYSTEM_LOCAL;
    case TABLE_HCPCS:
        if (strlen(row->key) == MODIFIER_LEN)
            return SYSTEM_MODIFIER;
        break;
    default:
        break;
    }
    return SYSTEM_COUNT; /* a procedure code, which tiny_proc() names */
}

static int code_order(const void *a, const void *b)
{
    const struct code_ref *x = a, *y = b;
    const int c = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);

    if (c != 0)
        return c;
    if (x->len != y->len)
        return x->len < y->len ? -1 : 1;
    return (int)x->system - (int)y->system;
}

static void write_codes(struct tiny *tiny, struct store_writer *writer)
{
    struct code_ref code[TINY_PROCS + TINY_ROWS];
    char proc[TINY_PROCS][PROC_LEN + 1];
    struct search_builder *builder;
    struct code_list list;
    struct buffer blob = {0}, copy = {0};
    struct error err = {0};
    uint32_t n = 0, kept = 0;

    for (uint32_t i = 0; i < tiny->procs; i++) {
        proc_unpack(proc[i], tiny->proc[i].packed);
        code[n++] = (struct code_ref){
            proc_system(tiny->proc[i].packed), proc[i], PROC_LEN};
    }
    for (size_t i = 0; i < tiny->rows; i++)
        if (row_system(tiny, &tiny->row[i]) != SYSTEM_COUNT)
            code[n++] = (struct code_ref){row_system(tiny, &tiny->row[i]),
                tiny->row[i].key, strlen(tiny->row[i].key)};
    qsort(code, n, sizeof *code, code_order);
    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || code_order(&code[kept - 1], &code[i]) != 0)
            code[kept++] = code[i];
    must(code_list_write(&blob, code, kept, &err) == 0, "codes", &err);
    buffer_add(&copy, blob.data, blob.len);
    must(code_list_read(&list, (const uint8_t *)copy.data, copy.len, &err) == 0,
        "codes", &err);
    write_blob(writer, "codes", 5, &blob);

    must(search_builder_open(&builder, kept, &err) == 0, "search", &err);
    for (uint32_t i = 0; i < kept; i++)
        search_builder_document(
            builder, i, code[i].system, DAY_UNKNOWN, DAY_OPEN);
    for (size_t i = 0; i < tiny->synonyms; i++) {
        const struct search_rule rule = {.meaning = tiny->synonym[i].meaning,
            .meaning_len = strlen(tiny->synonym[i].meaning),
            .term = tiny->synonym[i].term,
            .term_len = strlen(tiny->synonym[i].term),
            .fields = 1 << SEARCH_TITLE};

        must(search_builder_rule(builder, &rule, &err) == 0, "rule", &err);
    }
    for (size_t i = 0; i < tiny->rows; i++) {
        const struct tiny_row_source *row = &tiny->row[i];
        const int column = title_column(tiny->series[row->series].table);
        enum code_system system = row_system(tiny, row);
        const char *text = column < 0 ? "" : tiny->text[row->text[column]];
        uint32_t document;

        if (column < 0 || text[0] == '\0')
            continue;
        if (system == SYSTEM_COUNT)
            system = proc_system(proc_pack(row->key));
        document = code_number(&list, system, row->key, strlen(row->key));
        must(document == UINT32_MAX ||
                 search_builder_add(builder, document, SEARCH_TITLE, 0, text,
                     strlen(text), &err) == 0,
            "search", &err);
    }
    must(search_builder_write(builder, &blob, &err) == 0, "search", &err);
    search_builder_close(builder);
    write_blob(writer, "search", 6, &blob);
    buffer_clear(&copy);
}

static void write_texts(struct tiny *tiny, struct store_writer *writer)
{
    struct text_source *source = calloc(tiny->texts, sizeof *source);
    struct buffer blob = {0};
    struct error err = {0};

    must(source != NULL, "memory", NULL);
    for (uint32_t i = 0; i < tiny->texts; i++)
        source[i] = (struct text_source){tiny->text[i], strlen(tiny->text[i])};
    must(text_table_write(&blob, source, tiny->texts, &err) == 0, "text", &err);
    write_blob(writer, "text", 4, &blob);
    free(source);
}

struct answers *tiny_open(struct tiny *tiny)
{
    const char *tmp = getenv("TMPDIR");
    struct store_writer *writer;
    struct error err = {0};
    char format[16];

    (void)snprintf(tiny->folder, sizeof tiny->folder, "%.40s/tiny-XXXXXX",
        tmp != NULL ? tmp : "/tmp");
    must(mkdtemp(tiny->folder) != NULL, tiny->folder, NULL);
    (void)snprintf(format, sizeof format, "%u", STORE_FORMAT);
    must(writer_open(&writer, tiny->folder, &err) == 0 &&
             writer_meta(writer, "format", format, &err) == 0 &&
             writer_meta(writer, "id", "0123456789abcdef", &err) == 0 &&
             writer_meta(writer, "program", "tiny", &err) == 0 &&
             writer_meta(writer, "licensed", "no", &err) == 0 &&
             writer_meta(
                 writer, "starter", tiny->starter ? "yes" : "no", &err) == 0 &&
             writer_file(writer, "tiny.txt", "00", &err) == 0,
        "head", &err);
    for (uint8_t i = 0; i < tiny->series_count; i++) {
        must(
            writer_series(writer, &tiny->series[i], &err) == 0, "series", &err);
        if (tiny->series[i].table == TABLE_PTP)
            write_edits(tiny, writer, &tiny->series[i]);
    }
    write_proc(tiny, writer);
    write_rows(tiny, writer);
    write_codes(tiny, writer);
    write_texts(tiny, writer);
    for (size_t i = 0; i < tiny->blobs; i++)
        write_blob(writer, tiny->blob[i].name, strlen(tiny->blob[i].name),
            &tiny->blob[i].bytes);
    must(writer_finish(writer, &err) == 0, "finish", &err);
    must(store_open(&tiny->store, tiny->folder, &err) == 0, "store", &err);
    must(answers_open(&tiny->answers, tiny->store, &err) == 0, "answers", &err);
    return tiny->answers;
}

const struct store *tiny_store(const struct tiny *tiny)
{
    return tiny->store;
}

void tiny_synonym(struct tiny *tiny, const char *term, const char *meaning)
{
    must(tiny->synonyms < TINY_SYNONYMS, term, NULL);
    tiny->synonym[tiny->synonyms].term = term;
    tiny->synonym[tiny->synonyms++].meaning = meaning;
}

void tiny_blob(struct tiny *tiny, const char *name, struct buffer *bytes)
{
    must(tiny->blobs < TINY_BLOBS && !bytes->failed, name, NULL);
    (void)snprintf(
        tiny->blob[tiny->blobs].name, sizeof tiny->blob[0].name, "%s", name);
    tiny->blob[tiny->blobs++].bytes = *bytes;
    *bytes = (struct buffer){0};
}

static int remove_one(
    const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    return remove(path);
}

void tiny_close(struct tiny *tiny)
{
    answers_close(tiny->answers);
    store_close(tiny->store);
    if (tiny->folder[0] != '\0')
        (void)nftw(tiny->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    for (uint32_t i = 0; i < tiny->texts; i++)
        free(tiny->text[i]);
    buffer_clear(&tiny->said);
    free(tiny);
}

/* ---------------------------------------------------------------- asking */

static const char *said(struct tiny *tiny, int rc, const struct error *err)
{
    if (rc != 0) {
        tiny->said.len = 0;
        buffer_addf(&tiny->said, "error %d: %s", rc, err->msg);
    }
    buffer_addc(&tiny->said, '\0');
    must(!tiny->said.failed, "memory", NULL);
    return tiny->said.data;
}

const char *tiny_code(
    struct tiny *tiny, const char *code, const char *date, uint32_t systems)
{
    const struct code_question question = {
        {code, strlen(code)}, systems, tiny_day(date)};
    struct error err = {0};

    tiny->said.len = 0;
    return said(
        tiny, answer_code(&tiny->said, tiny->answers, &question, &err), &err);
}

const char *tiny_pairs(struct tiny *tiny, const char *codes, const char *date,
    enum setting setting)
{
    struct pairs_question *question = calloc(1, sizeof *question);
    struct error err = {0};
    int rc;

    must(question != NULL, "memory", NULL);
    question->day = tiny_day(date);
    question->setting = setting;
    question->program = PROGRAM_MEDICARE;
    tiny->said.len = 0;
    rc = pairs_add_codes(question, tiny->answers, codes, strlen(codes), &err);
    if (rc == 0)
        rc = answer_pairs(&tiny->said, tiny->answers, question, &err);
    free(question);
    return said(tiny, rc, &err);
}

void tiny_has(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        return;
    (void)fprintf(stderr, "looked for\n  %s\nin\n  %s\n", part, text);
    abort();
}

void tiny_has_not(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        return;
    (void)fprintf(stderr, "did not want\n  %s\nin\n  %s\n", part, text);
    abort();
}

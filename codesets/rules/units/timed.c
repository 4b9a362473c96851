#include "codesets/rules/units/timed.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/core/buffer.h"

static const char *const kinds[KIND_COUNT] = {"UNKNOWN", "UNTIMED", "EACH",
    "FIRST", "ADDL", "RANGE", "MINIMUM", "CUMULATIVE", "DAYS", "UNLISTED"};
static const char *const therapies[] = {"unknown", "no", "sometimes", "always"};

const char *timed_kind_name(enum timed_kind kind)
{
    return (unsigned)kind < KIND_COUNT ? kinds[kind] : kinds[KIND_UNKNOWN];
}

const char *timed_source_name(enum timed_source source)
{
    static const char *const names[] = {"unknown", "listed", "descriptor"};

    return (unsigned)source <= TIMED_BY_DESCRIPTOR ? names[source] : names[0];
}

const char *timed_gap_name(enum timed_gap gap)
{
    static const char *const names[] = {
        "", "not_listed", "not_yet", "ended", "unclear"};

    return (unsigned)gap <= TIMED_GAP_UNCLEAR ? names[gap] : "";
}

const char *therapy_class_name(enum therapy_class therapy)
{
    return therapies[(unsigned)therapy <= THERAPY_ALWAYS ? therapy : 0];
}

/* ---- the curated table */

static unsigned word_of(
    const char *const *words, unsigned count, const char *word)
{
    for (unsigned i = 1; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return 0;
}

static uint16_t minutes_of(
    const struct store *store, const struct row *row, int column)
{
    const char *text = row_text(store, row, column, NULL);
    unsigned n = 0;

    for (; *text >= '0' && *text <= '9' && n < 10000; text++)
        n = n * 10 + (unsigned)(*text - '0');
    return (uint16_t)(*text == '\0' && n < 10000 ? n : 0);
}

/* The number of a family name; a new one is added. TIMED_NO_FAMILY for no name,
 * or when there is no room or memory. */
static uint16_t family_of(
    struct timed_table *table, const char *name, size_t len)
{
    char *copy;

    if (len == 0)
        return TIMED_NO_FAMILY;
    for (size_t i = 0; i < table->families; i++)
        if (strlen(table->family[i]) == len &&
            memcmp(table->family[i], name, len) == 0)
            return (uint16_t)i;
    if (table->families == TIMED_FAMILIES_MAX ||
        (copy = strndup(name, len)) == NULL)
        return TIMED_NO_FAMILY;
    table->family[table->families] = copy;
    return (uint16_t)table->families++;
}

static void read_row(struct timed_table *table, const struct row *row)
{
    const struct store *store = table->store;
    struct timed_row *out = &table->row[table->rows];
    size_t len;
    const char *code = row_text(store, row, TIMED_CODE, &len);
    const char *family = row_text(store, row, TIMED_FAMILY, NULL);

    *out = (struct timed_row){.packed = PROC_NONE};
    if (len != PROC_LEN || (out->packed = proc_pack(code)) == PROC_NONE)
        return;
    memcpy(out->code, code, PROC_LEN + 1);
    out->kind = (enum timed_kind)word_of(
        kinds, KIND_COUNT, row_text(store, row, TIMED_KIND, NULL));
    out->unit = minutes_of(store, row, TIMED_UNIT);
    out->minimum = minutes_of(store, row, TIMED_MINIMUM);
    out->maximum = minutes_of(store, row, TIMED_MAXIMUM);
    out->step = minutes_of(store, row, TIMED_STEP);
    out->cms_minimum = minutes_of(store, row, TIMED_CMS_MINIMUM);
    out->pool = strcmp(row_text(store, row, TIMED_POOL, NULL), "Y") == 0;
    out->addon = strcmp(row_text(store, row, TIMED_ADDON, NULL), "Y") == 0;
    out->therapy = (enum therapy_class)word_of(
        therapies, 4, row_text(store, row, TIMED_THERAPY, NULL));
    out->from = row_day(store, row, TIMED_FROM, DAY_UNKNOWN);
    out->to = row_day(store, row, TIMED_TO, DAY_OPEN);
    for (size_t i = 0; i < TIMED_FAMILIES_OF_ROW; i++) {
        const size_t n = strcspn(family, " ");

        out->family[i] = family_of(table, family, n);
        family += n + (family[n] == ' ');
    }
    out->label = row_text(store, row, TIMED_LABEL, NULL);
    out->primaries = row_text(store, row, TIMED_PRIMARIES, NULL);
    out->replaced_by = row_text(store, row, TIMED_REPLACED_BY, NULL);
    out->notes = row_text(store, row, TIMED_NOTES, NULL);
    out->certainty = row_text(store, row, TIMED_CERT, NULL);
    out->therapy_certainty = row_text(store, row, TIMED_THERAPY_CERT, NULL);
    out->source = row_source(store, row, row->last_release);
    table->rows++;
}

static int read_rows(void *context, const char *key, size_t key_len,
    struct rows *rows, struct error *err)
{
    struct timed_table *table = context;
    struct row row;
    int rc;

    while ((rc = rows_next(rows, &row, err)) > 0) {
        if (row.last_release + 1 < row.series->releases)
            continue; /* a newer table has it otherwise, or not at all */
        if (table->rows == TIMED_ROWS_MAX)
            return error_set(err, ERR_CORRUPT, 0, "timed: more than %d rows",
                TIMED_ROWS_MAX);
        read_row(table, &row);
    }
    return rc;
}

static int by_code_and_day(const void *a, const void *b)
{
    const struct timed_row *x = a, *y = b;

    if (x->packed != y->packed)
        return x->packed < y->packed ? -1 : 1;
    return (x->from > y->from) - (x->from < y->from);
}

/* Tells every family which rows are its own. */
static int gather_families(struct timed_table *table, struct error *err)
{
    for (size_t r = 0; r < table->rows; r++)
        for (size_t i = 0; i < TIMED_FAMILIES_OF_ROW; i++) {
            struct timed_members *members;
            uint16_t family;

            family = table->row[r].family[i];
            if (family == TIMED_NO_FAMILY)
                continue;
            members = &table->members[family];
            if (members->rows == TIMED_ROWS_OF_FAMILY)
                return error_set(err, ERR_CORRUPT, 0,
                    "timed: family %s has more than %d rows",
                    table->family[family], TIMED_ROWS_OF_FAMILY);
            members->row[members->rows++] = (uint16_t)r;
        }
    return 0;
}

int timed_table_open(
    struct timed_table **out, const struct store *store, struct error *err)
{
    const struct series *series =
        store_series(store, TABLE_TIMED, SETTING_NONE, PROGRAM_NONE);
    struct timed_table *table = calloc(1, sizeof *table);
    struct timed_row *fit;
    int rc;

    if (table == NULL)
        return error_memory(err);
    table->store = store;
    table->row = calloc(TIMED_ROWS_MAX, sizeof *table->row);
    table->family = calloc(TIMED_FAMILIES_MAX, sizeof *table->family);
    table->members = calloc(TIMED_FAMILIES_MAX, sizeof *table->members);
    table->memo = calloc(TIMED_MEMOS, sizeof *table->memo);
    if (table->row == NULL || table->family == NULL || table->members == NULL ||
        table->memo == NULL) {
        timed_table_close(table);
        return error_memory(err);
    }
    /* No text has this number, and none is what nothing says. */
    for (size_t i = 0; i < TIMED_MEMOS; i++)
        table->memo[i].text = UINT32_MAX;
    if ((rc = timed_words_open(&table->words, err)) != 0 ||
        (series != NULL && (rc = rows_each(store, series, "", 0, read_rows,
                                table, err)) != 0)) {
        timed_table_close(table);
        return rc;
    }
    fit = realloc(table->row, (table->rows + 1) * sizeof *table->row);
    if (fit != NULL)
        table->row = fit;
    qsort(table->row, table->rows, sizeof *table->row, by_code_and_day);
    if ((rc = gather_families(table, err)) != 0) {
        timed_table_close(table);
        return rc;
    }
    *out = table;
    return 0;
}

void timed_table_close(struct timed_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->families; i++)
        free(table->family[i]);
    free(table->family);
    free(table->members);
    free(table->memo);
    free(table->row);
    timed_words_close(table->words);
    free(table);
}

/* The first row of a code; its rows stand together. */
static size_t first_row(const struct timed_table *table, uint32_t packed)
{
    size_t low = 0, high = table->rows;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (table->row[middle].packed < packed)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct timed_row *timed_row_on(
    const struct timed_table *table, uint32_t packed, day_t day)
{
    const struct timed_row *nearest = NULL;

    for (size_t i = first_row(table, packed);
         i < table->rows && table->row[i].packed == packed; i++) {
        const struct timed_row *row = &table->row[i];

        if (nearest == NULL || row->from <= day)
            nearest = row;
    }
    return nearest;
}

uint16_t timed_family_find(
    const struct timed_table *table, const char *name, size_t len)
{
    const uint32_t packed = len == PROC_LEN ? proc_pack(name) : PROC_NONE;

    for (size_t i = 0; i < table->families; i++)
        if (strlen(table->family[i]) == len &&
            memcmp(table->family[i], name, len) == 0)
            return (uint16_t)i;
    if (packed != PROC_NONE) {
        const size_t i = first_row(table, packed);

        if (i < table->rows && table->row[i].packed == packed)
            return table->row[i].family[0];
    }
    return TIMED_NO_FAMILY;
}

/* ---- the wording of descriptors */

/* The row of a code that speaks on a day: the newest release begun by then. */
static bool row_for_day(struct row *out, const struct store *store,
    enum table table, const char *code, day_t day)
{
    struct rows rows;
    struct row row;
    bool found = false;

    if (rows_find(&rows, store,
            store_series(store, table, SETTING_NONE, PROGRAM_NONE), code,
            PROC_LEN, NULL) != 0)
        return false;
    while (rows_next(&rows, &row, NULL) > 0)
        if (!found || row.series->release[row.first_release].from <= day) {
            *out = row;
            found = true;
        }
    return found;
}

/* What a text says, read once. */
static const struct timed_wording *wording_of(
    const struct timed_table *table, uint32_t number)
{
    struct timed_memo *memo = &table->memo[number % TIMED_MEMOS];

    if (memo->text != number) {
        size_t len;
        const char *text = store_text(table->store, number, &len);

        timed_words_read(&memo->said, table->words, text, len);
        memo->text = number;
    }
    return &memo->said;
}

/* Reads what one column says into *out; two columns that differ are unclear. */
static void read_column(struct timed_wording *out, bool *any,
    const struct timed_table *table, const struct row *row, int column)
{
    const struct timed_wording *said = wording_of(table, row->text[column]);

    if (said->kind == KIND_UNKNOWN && !said->unclear)
        return;
    if (*any && (said->kind != out->kind || said->unit != out->unit ||
                    said->maximum != out->maximum))
        *out = (struct timed_wording){.unclear = true};
    else
        *out = *said;
    *any = true;
}

/* What the loaded descriptors say. False when none says anything. */
static bool read_wording(struct timed_wording *out, struct source_ref *source,
    const char **release, const struct timed_table *table, const char *code,
    day_t day)
{
    static const struct {
        enum table table;
        int column[2];
    } texts[] = {
        {TABLE_CPT, {CPT_LONG, CPT_MEDIUM}},
        /* Short texts are cut and abbreviated: never read. */
        {TABLE_HCPCS, {HCPCS_LONG, HCPCS_LONG}},
    };
    bool any = false;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && !any; i++) {
        struct row row;

        if (!row_for_day(&row, table->store, texts[i].table, code, day))
            continue;
        read_column(out, &any, table, &row, texts[i].column[0]);
        if (texts[i].column[1] != texts[i].column[0])
            read_column(out, &any, table, &row, texts[i].column[1]);
        *source = row_source(table->store, &row, row.last_release);
        *release = row.series->release[row.last_release].label;
    }
    return any;
}

/* ---- both */

static void from_row(struct timed_fact *out, const struct timed_row *row)
{
    out->known_by = TIMED_BY_LIST;
    out->gap = TIMED_GAP_NONE;
    out->kind = row->kind;
    out->unit = row->unit;
    out->minimum = row->minimum;
    out->maximum = row->maximum;
    out->step = row->step;
    out->cms_minimum = row->cms_minimum;
    out->pool = row->pool;
    out->addon = row->addon;
}

static void from_wording(
    struct timed_fact *out, const struct timed_wording *said)
{
    if (said->unclear) {
        out->gap = TIMED_GAP_UNCLEAR;
        return;
    }
    out->known_by = TIMED_BY_DESCRIPTOR;
    out->gap = TIMED_GAP_NONE;
    out->kind = said->kind;
    out->unit = said->unit;
    out->minimum = said->minimum;
    out->maximum = said->maximum;
    out->step = said->step;
    out->addon = said->kind == KIND_ADDL;
}

void timed_find(struct timed_fact *out, const struct timed_table *table,
    uint32_t packed, day_t day)
{
    struct timed_wording said;
    char code[PROC_LEN + 1];

    *out = (struct timed_fact){.gap = TIMED_GAP_NOT_LISTED};
    if (packed == PROC_NONE)
        return;
    out->row = timed_row_on(table, packed, day);
    if (out->row != NULL) {
        out->source = out->row->source;
        /* A listed code is never judged by its wording on a day for which the
         * list has no minutes: before 2021 the wording of an office visit told
         * a typical time. */
        if (day < out->row->from)
            out->gap = TIMED_GAP_NOT_YET;
        else if (day > out->row->to)
            out->gap = TIMED_GAP_ENDED;
        else
            from_row(out, out->row);
        return;
    }
    proc_unpack(code, packed);
    if (read_wording(&said, &out->source, &out->release, table, code, day))
        from_wording(out, &said);
}

/* Whether the wording and the row tell of the same minutes. */
static bool agrees(const struct timed_wording *said, const struct timed_fact *f)
{
    if (said->kind == KIND_RANGE)
        return f->kind == KIND_MINIMUM
                   ? f->minimum == said->minimum
                   : (f->kind == KIND_RANGE || f->kind == KIND_CUMULATIVE) &&
                         f->maximum == said->maximum;
    return f->kind != KIND_UNTIMED && f->unit == said->unit;
}

bool timed_disagreement(struct timed_wording *out, struct source_ref *source,
    const struct timed_table *table, const struct timed_fact *fact, day_t day)
{
    const char *release;

    return fact->known_by == TIMED_BY_LIST && fact->kind != KIND_UNLISTED &&
           read_wording(out, source, &release, table, fact->row->code, day) &&
           (out->unclear || !agrees(out, fact));
}

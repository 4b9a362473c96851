/* write_rows.c - the rows of every table but the edits, joined over releases.
 *
 * A row that stands unchanged in neighbouring releases becomes one run. Texts
 * are numbered by how often they occur, so that most cells take one byte. */
#include <stdlib.h>
#include <string.h>

#include "codesets/core/code.h"
#include "codesets/core/mention.h"
#include "indexer/write/write.h"

/* One row of one file. */
struct ref {
    const char *key;
    const uint32_t *cells;
    uint32_t file, line;
    uint16_t key_len;
    char suffix;
    uint8_t release;
};

struct refs {
    struct ref *ref;
    size_t count, capacity;
};

/* Tables in which a code may have several rows at once. */
static bool many_rows(enum table table)
{
    return table == TABLE_AOC || table == TABLE_CONVERSION ||
           table == TABLE_TIMED || table == TABLE_CPT ||
           table == TABLE_SYNONYM || table == TABLE_CLAIM_FACT ||
           table == TABLE_MODIFIER_PLACE || table == TABLE_ICD10CM_INDEX ||
           table == TABLE_ICD10CM_EXTERNAL || table == TABLE_ICD10CM_DRUG ||
           table == TABLE_ICD10CM_NEOPLASM || table == TABLE_SECTION;
}

/* A byte of the key as the store has it: the suffix is its end. */
static int key_byte(const struct ref *ref, size_t i)
{
    if (i < ref->key_len)
        return (unsigned char)ref->key[i];
    return i == ref->key_len ? (unsigned char)ref->suffix : 0;
}

static int ref_order(const void *a, const void *b)
{
    const struct ref *one = a, *two = b;
    const size_t shorter =
        one->key_len < two->key_len ? one->key_len : two->key_len;
    int c = memcmp(one->key, two->key, shorter);

    if (c == 0)
        c = key_byte(one, shorter) - key_byte(two, shorter);
    if (c == 0 && one->key_len != two->key_len)
        c = one->key_len < two->key_len ? -1 : 1;
    if (c == 0 && one->release != two->release)
        c = one->release < two->release ? -1 : 1;
    if (c == 0 && one->file != two->file)
        c = one->file < two->file ? -1 : 1;
    if (c == 0)
        c = one->line < two->line ? -1 : one->line > two->line;
    return c;
}

static bool same_key(const struct ref *a, const struct ref *b)
{
    return a->key_len == b->key_len && a->suffix == b->suffix &&
           memcmp(a->key, b->key, a->key_len) == 0;
}

static int add_ref(struct refs *refs, const struct ref *ref, struct error *err)
{
    if (refs->count == refs->capacity) {
        const size_t capacity = refs->capacity == 0 ? 4096 : refs->capacity * 2;
        struct ref *grown = realloc(refs->ref, capacity * sizeof *grown);

        if (grown == NULL)
            return error_memory(err);
        refs->ref = grown;
        refs->capacity = capacity;
    }
    refs->ref[refs->count++] = *ref;
    return 0;
}

/* The same add-on edit, found from its primary code. */
static int add_primary(
    struct writing *w, struct refs *refs, struct ref ref, struct error *err)
{
    size_t len;

    ref.key = texts_get(w->collection->texts, ref.cells[AOC_PRIMARY], &len);
    ref.key_len = (uint16_t)len;
    ref.suffix = '<';
    if (len != PROC_LEN || proc_pack(ref.key) == PROC_NONE)
        return 0;
    return add_ref(refs, &ref, err);
}

/* The same line of the conversion table, found from each of the codes that were
 * in use before: "C56.1 and C56.2". */
static int add_previous(
    struct writing *w, struct refs *refs, struct ref ref, struct error *err)
{
    struct texts *texts = w->collection->texts;
    struct mention mention;
    size_t len, key_len, at = 0;
    const char *previous =
        texts_get(texts, ref.cells[CONVERSION_PREVIOUS], &len);
    int rc = 0;

    ref.suffix = '<';
    while (rc == 0 && mention_next(&mention, previous, len, &at)) {
        const uint32_t key =
            texts_add(texts, mention.first, strlen(mention.first));

        if (texts_failed(texts))
            return error_memory(err);
        ref.key = texts_get(texts, key, &key_len);
        ref.key_len = (uint16_t)key_len;
        rc = add_ref(refs, &ref, err);
    }
    return rc;
}

static int collect_refs(struct writing *w, const struct plan_series *series,
    struct refs *refs, struct error *err)
{
    const struct texts *texts = w->collection->texts;
    int rc = 0;

    for (size_t r = 0; r < series->releases; r++)
        for (size_t f = 0; f < series->release[r].files; f++) {
            const size_t number = series->release[r].file[f];
            const struct batch *batch = &w->collection->file[number].batch;

            for (uint32_t i = 0; rc == 0 && i < batch->rows; i++) {
                size_t len;
                struct ref ref = {
                    .cells = batch->cells + (size_t)i * batch->columns,
                    .file = (uint32_t)number,
                    .line = batch->lines[i],
                    .release = (uint8_t)r};

                ref.key = texts_get(texts, ref.cells[0], &len);
                ref.key_len = (uint16_t)len;
                rc = add_ref(refs, &ref, err);
                if (rc == 0 && series->table == TABLE_AOC)
                    rc = add_primary(w, refs, ref, err);
                if (rc == 0 && series->table == TABLE_CONVERSION)
                    rc = add_previous(w, refs, ref, err);
            }
        }
    return rc;
}

static int add_place(
    struct writing *w, const struct ref *ref, struct error *err)
{
    if (w->places + 2 > w->place_capacity) {
        const size_t capacity =
            w->place_capacity == 0 ? 65536 : w->place_capacity * 2;
        uint32_t *grown = realloc(w->place, capacity * sizeof *grown);

        if (grown == NULL)
            return error_memory(err);
        w->place = grown;
        w->place_capacity = capacity;
    }
    w->place[w->places++] = w->file_number[ref->file];
    w->place[w->places++] = ref->line;
    return 0;
}

static struct run *add_run(
    struct writing *w, const struct ref *ref, uint8_t series, struct error *err)
{
    struct run *run;

    if (w->runs == w->run_capacity) {
        const uint32_t capacity =
            w->run_capacity == 0 ? 65536 : w->run_capacity * 2;

        run = realloc(w->run, capacity * sizeof *run);
        if (run == NULL) {
            (void)error_memory(err);
            return NULL;
        }
        w->run = run;
        w->run_capacity = capacity;
    }
    run = &w->run[w->runs++];
    *run = (struct run){.key = ref->key,
        .key_len = ref->key_len,
        .suffix = ref->suffix,
        .series = series,
        .first = ref->release,
        .last = ref->release,
        .place = (uint32_t)w->places,
        .cells = ref->cells};
    return run;
}

/* A second row of a code in one release: equal ones are counted as duplicates,
 * others refused, since nothing says which of the two is right. */
static void second_row(struct writing *w, const struct ref *first,
    const struct ref *second, size_t columns)
{
    struct collected *file = &w->collection->file[second->file];

    if (memcmp(first->cells, second->cells, columns * sizeof *first->cells) ==
        0) {
        file->duplicate++;
    } else {
        batch_refuse(&file->batch, second->line,
            table_schema(file->batch.id.table)->column[0],
            "a second, different row of %.*s", (int)second->key_len,
            second->key);
        file->batch.read--; /* it was counted when it was taken */
        file->refused++;
    }
    if (file->kept > 0)
        file->kept--;
}

static int join_releases(struct writing *w, const struct plan_series *series,
    struct refs *refs, struct error *err)
{
    const size_t columns = table_schema(series->table)->columns;
    const uint8_t number = series_number(w->plan, series);
    const bool many = many_rows(series->table);
    const struct ref *last = NULL;
    struct run *run = NULL;
    int rc;

    if (refs->count > 0)
        qsort(refs->ref, refs->count, sizeof *refs->ref, ref_order);
    for (size_t i = 0; i < refs->count; i++) {
        const struct ref *ref = &refs->ref[i];
        const bool same = last != NULL && same_key(last, ref);

        if (same && ref->release == last->release &&
            (!many || memcmp(last->cells, ref->cells,
                          columns * sizeof *ref->cells) == 0)) {
            if (ref->suffix == '\0')
                second_row(w, last, ref, columns);
            continue;
        }
        if (same && !many && ref->release == last->release + 1 &&
            memcmp(run->cells, ref->cells, columns * sizeof *ref->cells) == 0) {
            run->last = ref->release;
        } else {
            run = add_run(w, ref, number, err);
            if (run == NULL)
                return ERR_SYSTEM;
        }
        if ((rc = add_place(w, ref, err)) != 0)
            return rc;
        last = ref;
    }
    return 0;
}

/* --- licensed text ---------------------------------------------------------
 */

/* Blanks what the AMA or the ADA own: the descriptions of CPT and CDT codes,
 * wherever CMS prints them (domain.md 1.3). */
static void drop_licensed(struct writing *w)
{
    const struct texts *texts = w->collection->texts;

    for (size_t i = 0; i < w->collection->files; i++) {
        struct batch *batch = &w->collection->file[i].batch;
        int from, to;

        if (!w->collection->file[i].has_batch)
            continue;
        switch (batch->id.table) {
        case TABLE_PFS:
            from = to = PFS_DESCRIPTION;
            break;
        case TABLE_DHS:
            from = to = DHS_DESCRIPTION;
            break;
        case TABLE_HCPCS:
            from = HCPCS_LONG;
            to = HCPCS_SHORT;
            break;
        case TABLE_CPT:
            from = CPT_LONG;
            to = CPT_CONSUMER;
            break;
        default:
            continue;
        }
        for (uint32_t r = 0; r < batch->rows; r++) {
            uint32_t *cells = batch->cells + (size_t)r * batch->columns;
            size_t len;
            const char *key = texts_get(texts, cells[0], &len);
            const uint32_t packed =
                len >= PROC_LEN ? proc_pack(key) : PROC_NONE;

            if (packed == PROC_NONE || proc_system(packed) == SYSTEM_HCPCS)
                continue;
            for (int c = from; c <= to; c++)
                if (cells[c] != TEXT_EMPTY) {
                    cells[c] = TEXT_EMPTY;
                    w->counts->licensed_dropped++;
                }
        }
    }
}

/* --- texts -----------------------------------------------------------------
 */

struct text_use {
    const char *text;
    size_t len;
    uint32_t id, uses;
};

/* The most used first; equal ones by their bytes, so that the order does not
 * depend on which file was read first. */
static int use_order(const void *a, const void *b)
{
    const struct text_use *one = a, *two = b;
    int c;

    if (one->uses != two->uses)
        return one->uses > two->uses ? -1 : 1;
    c = memcmp(one->text, two->text, one->len < two->len ? one->len : two->len);
    if (c != 0)
        return c;
    return one->len < two->len ? -1 : one->len > two->len;
}

static int count_rationales(
    struct writing *w, uint32_t *uses, struct error *err)
{
    for (size_t s = 0; s < w->plan->count; s++) {
        const struct plan_series *series = &w->plan->series[s];

        if (series->table != TABLE_PTP)
            continue;
        for (size_t f = 0; f < series->release[0].files; f++) {
            const struct edits *edits =
                &w->collection->file[series->release[0].file[f]].batch.edits;

            for (size_t i = 0; i < edits->rationales; i++) {
                const uint32_t id = texts_add(w->collection->texts,
                    edits->rationale[i], strlen(edits->rationale[i]));

                if (id == UINT32_MAX)
                    return error_memory(err);
                uses[id]++;
            }
        }
    }
    return 0;
}

static int number_texts(struct writing *w, struct error *err)
{
    /* Rationales are added below: leave room for all there can be. */
    const uint32_t room =
        texts_count(w->collection->texts) + STORE_SERIES_MAX * RATIONALES_MAX;
    uint32_t *uses = calloc(room, sizeof *uses);
    struct text_use *use = malloc(room * sizeof *use);
    uint32_t count = 0;
    int rc = 0;

    w->text_number = calloc(room, sizeof *w->text_number);
    w->text_order = malloc(room * sizeof *w->text_order);
    if (uses == NULL || use == NULL || w->text_number == NULL ||
        w->text_order == NULL) {
        rc = error_memory(err);
        goto done;
    }
    for (uint32_t i = 0; i < w->runs; i++) {
        const enum table table = w->plan->series[w->run[i].series].table;
        const size_t columns = table_schema(table)->columns;

        for (size_t c = 0; c < columns; c++)
            uses[w->run[i].cells[c]]++;
    }
    if ((rc = count_rationales(w, uses, err)) != 0)
        goto done;
    uses[TEXT_EMPTY]++; /* there is always one */
    for (uint32_t id = 0; id < texts_count(w->collection->texts); id++)
        if (uses[id] > 0) {
            use[count].text =
                texts_get(w->collection->texts, id, &use[count].len);
            use[count].id = id;
            use[count++].uses = uses[id];
        }
    qsort(use, count, sizeof *use, use_order);
    for (uint32_t i = 0; i < count; i++) {
        w->text_number[use[i].id] = i;
        w->text_order[i] = use[i].id;
    }
    w->texts = count;
done:
    free(uses);
    free(use);
    return rc;
}

int gather_rows(struct writing *w, struct error *err)
{
    int rc = 0;

    if (!w->options->licensed)
        drop_licensed(w);
    for (size_t s = 0; rc == 0 && s < w->plan->count; s++) {
        struct refs refs = {0};

        if (w->plan->series[s].table == TABLE_PTP ||
            w->plan->series[s].table == TABLE_COVERAGE)
            continue;
        rc = collect_refs(w, &w->plan->series[s], &refs, err);
        if (rc == 0)
            rc = join_releases(w, &w->plan->series[s], &refs, err);
        free(refs.ref);
    }
    return rc == 0 ? number_texts(w, err) : rc;
}

static int write_key(struct writing *w, uint32_t first, uint32_t end,
    struct buffer *value, struct error *err)
{
    const struct run *head = &w->run[first];
    const size_t columns =
        table_schema(w->plan->series[head->series].table)->columns;
    char key[256];

    if (head->key_len + 1u >= sizeof key)
        return error_set(err, ERR_LIMIT, 0, "a key of %u bytes", head->key_len);
    memcpy(key, head->key, head->key_len);
    key[head->key_len] = head->suffix;
    value->len = 0;
    for (uint32_t i = first; i < end; i++) {
        uint32_t text[TABLE_COLUMNS_MAX];

        for (size_t c = 0; c < columns; c++)
            text[c] = w->text_number[w->run[i].cells[c]];
        row_write(value, w->run[i].first, w->run[i].last,
            w->place + w->run[i].place, text, columns);
    }
    w->counts->rows += end - first;
    w->counts->series_rows[head->series] += end - first;
    return writer_row(w->writer, head->series, key,
        head->key_len + (size_t)(head->suffix != '\0'), value, err);
}

int write_rows(struct writing *w, struct error *err)
{
    struct buffer value = {0};
    uint32_t first = 0;
    int rc = 0;

    for (uint32_t i = 1; rc == 0 && i <= w->runs; i++) {
        const struct run *a = &w->run[first], *b = &w->run[i];

        if (i < w->runs && a->series == b->series && a->key_len == b->key_len &&
            a->suffix == b->suffix && memcmp(a->key, b->key, a->key_len) == 0)
            continue;
        rc = write_key(w, first, i, &value, err);
        first = i;
    }
    if (value.failed)
        rc = error_memory(err);
    buffer_clear(&value);
    return rc;
}

/* write_ptp.c - the edit table of one setting and program.
 *
 * Where a file leaves the effective day blank it is inferred (design.md 3):
 * within an ordered pair a row begins the day after the deletion day of the
 * row before, the first one on an unknown day; a row that the release of the
 * quarter before did not have begins with its own quarter. Rows that never
 * counted (indicator 9, or withdrawn on the day they began) neither begin
 * anything nor end anything. A row that stands twice counts once. */
#include <stdlib.h>
#include <string.h>

#include "codesets/store/ptp.h"
#include "indexer/write/write.h"

/* A row in sorting order. */
struct sorted {
    uint16_t lower, higher;
    uint32_t row; /* into all[] */
};

/* The rows of all parts of a release. */
struct release_rows {
    const struct edit **edit; /* owned list, borrowed rows */
    uint8_t *part;            /* which file of the release; owned */
    struct sorted *order;     /* by pair; owned */
    uint32_t rows;
};

struct kinds {
    struct ptp_kind *kind;
    uint32_t count, capacity;
    uint32_t *slot; /* open addressing, 1 + number; owned */
    uint32_t slots;
};

static void release_rows_clear(struct release_rows *rows)
{
    free(rows->edit);
    free(rows->part);
    free(rows->order);
}

/* One pass of a counting sort that keeps the order of equals. */
static void sort_pass(const struct sorted *from, struct sorted *to,
    uint32_t rows, uint32_t *counts, uint32_t codes, bool by_lower)
{
    memset(counts, 0, (codes + 1) * sizeof *counts);
    for (uint32_t i = 0; i < rows; i++)
        counts[(by_lower ? from[i].lower : from[i].higher) + 1u]++;
    for (uint32_t c = 0; c < codes; c++)
        counts[c + 1] += counts[c];
    for (uint32_t i = 0; i < rows; i++)
        to[counts[by_lower ? from[i].lower : from[i].higher]++] = from[i];
}

static int release_rows_load(struct release_rows *out, const struct writing *w,
    const struct plan_release *release, struct error *err)
{
    struct sorted *spare = NULL;
    uint32_t *counts = NULL;
    uint32_t rows = 0, next = 0;
    int rc = 0;

    *out = (struct release_rows){0};
    for (size_t f = 0; f < release->files; f++)
        rows += w->collection->file[release->file[f]].batch.edits.rows;
    out->edit = malloc((rows + 1) * sizeof(struct edit *));
    out->part = malloc(rows + 1);
    out->order = malloc((rows + 1) * sizeof *out->order);
    spare = malloc((rows + 1) * sizeof *spare);
    counts = malloc((w->procedures + 2) * sizeof *counts);
    if (out->edit == NULL || out->part == NULL || out->order == NULL ||
        spare == NULL || counts == NULL) {
        rc = error_memory(err);
        goto done;
    }
    for (size_t f = 0; f < release->files; f++) {
        const struct edits *edits =
            &w->collection->file[release->file[f]].batch.edits;

        for (uint32_t i = 0; i < edits->rows; i++) {
            const uint16_t one = w->ordinal[edits->row[i].column1];
            const uint16_t two = w->ordinal[edits->row[i].column2];

            /* A release that is only compared with may name other codes. */
            if (one == 0xFFFF || two == 0xFFFF)
                continue;
            out->edit[next] = &edits->row[i];
            out->part[next] = (uint8_t)f;
            out->order[next] = (struct sorted){
                one < two ? one : two, one < two ? two : one, next};
            next++;
        }
    }
    out->rows = next;
    sort_pass(out->order, spare, next, counts, w->procedures, false);
    sort_pass(spare, out->order, next, counts, w->procedures, true);
done:
    free(spare);
    free(counts);
    return rc;
}

/* --- the rows of one pair --------------------------------------------------
 */

enum { PAIR_ROWS_MAX = 256 };

struct pair_row {
    const struct edit *edit;
    uint8_t part;
    bool reversed; /* column 1 is the higher code */
    bool inferred;
    day_t effective, deleted;
};

static int pair_order(const void *a, const void *b)
{
    const struct pair_row *one = a, *two = b;

    if (one->reversed != two->reversed)
        return one->reversed ? 1 : -1;
    if (one->deleted != two->deleted)
        return one->deleted < two->deleted ? -1 : 1;
    if (one->effective != two->effective)
        return one->effective < two->effective ? -1 : 1;
    if (one->part != two->part)
        return one->part < two->part ? -1 : 1;
    return one->edit->line < two->edit->line ? -1 : 1;
}

/* True when the release before had this row: the same end, or none yet where
 * this one was closed since. */
static bool had_before(const struct release_rows *before, uint32_t first,
    uint32_t end, const struct pair_row *row, day_t before_from)
{
    for (uint32_t i = first; i < end; i++) {
        const struct edit *old = before->edit[before->order[i].row];
        const day_t deleted = edit_deleted(old);

        if (old->column1 == row->edit->column1 &&
            old->indicator == row->edit->indicator &&
            (deleted == row->deleted ||
                (deleted == DAY_OPEN && row->deleted >= before_from)))
            return true;
    }
    return false;
}

/* Fills in blank effective days. Rows come ordered by direction and end. */
static void infer(struct pair_row *rows, uint32_t count,
    const struct plan_series *series, const struct release_rows *before,
    uint32_t before_first, uint32_t before_end)
{
    day_t next = DAY_UNKNOWN;

    for (uint32_t i = 0; i < count; i++) {
        struct pair_row *row = &rows[i];

        if (i == 0 || rows[i - 1].reversed != row->reversed)
            next = DAY_UNKNOWN;
        if (row->edit->indicator == INDICATOR_NOT_APPLICABLE) {
            /* Withdrawn from its first day on: that day is all it has. */
            if (row->effective == DAY_UNKNOWN) {
                row->effective = row->deleted;
                row->inferred = true;
            }
            continue;
        }
        if (row->effective == DAY_UNKNOWN) {
            const day_t quarter = series->release[0].release.from;

            row->inferred = true;
            row->effective = next;
            if (before != NULL && row->deleted >= quarter &&
                !had_before(before, before_first, before_end, row,
                    series->before->release.from))
                row->effective = quarter;
        }
        if (row->deleted != DAY_OPEN && row->deleted != row->effective)
            next = row->deleted + 1;
    }
}

/* --- kinds -----------------------------------------------------------------
 */

static uint32_t kind_hash(const struct ptp_kind *kind)
{
    uint64_t h =
        (uint64_t)(uint32_t)kind->effective << 32 | (uint32_t)kind->deleted;

    h ^= (uint64_t)kind->flags << 8 ^ (uint64_t)kind->rationale << 48;
    h *= 0x9E3779B97F4A7C15u;
    return (uint32_t)(h >> 32);
}

static bool same_kind(const struct ptp_kind *a, const struct ptp_kind *b)
{
    return a->effective == b->effective && a->deleted == b->deleted &&
           a->flags == b->flags && a->rationale == b->rationale;
}

static int kinds_grow(struct kinds *kinds, struct error *err)
{
    const uint32_t capacity = kinds->capacity == 0 ? 1024 : kinds->capacity * 2;
    struct ptp_kind *kind = realloc(kinds->kind, capacity * sizeof *kind);
    uint32_t *slot = calloc((size_t)capacity * 4, sizeof *slot);

    if (kind != NULL)
        kinds->kind = kind;
    if (kind == NULL || slot == NULL) {
        free(slot);
        return error_memory(err);
    }
    free(kinds->slot);
    kinds->slot = slot;
    kinds->capacity = capacity;
    kinds->slots = capacity * 4;
    for (uint32_t i = 0; i < kinds->count; i++) {
        uint32_t at = kind_hash(&kind[i]) & (kinds->slots - 1);

        while (slot[at] != 0)
            at = (at + 1) & (kinds->slots - 1);
        slot[at] = i + 1;
    }
    return 0;
}

static int kind_number(struct kinds *kinds, const struct ptp_kind *kind,
    uint32_t *out, struct error *err)
{
    uint32_t at;

    if (kinds->count == kinds->capacity && kinds_grow(kinds, err) != 0)
        return ERR_SYSTEM;
    at = kind_hash(kind) & (kinds->slots - 1);
    while (kinds->slot[at] != 0) {
        if (same_kind(&kinds->kind[kinds->slot[at] - 1], kind)) {
            *out = kinds->slot[at] - 1;
            return 0;
        }
        at = (at + 1) & (kinds->slots - 1);
    }
    kinds->kind[kinds->count] = *kind;
    kinds->slot[at] = ++kinds->count;
    *out = kinds->count - 1;
    return 0;
}

/* --- the table -------------------------------------------------------------
 */

struct table_build {
    struct writing *w;
    const struct plan_series *series;
    struct release_rows rows, before;
    struct kinds kinds;
    struct ptp_row *out;
    uint32_t count;
    /* rationales of all parts under one numbering */
    uint8_t rationale_of[PLAN_FILES_MAX][RATIONALES_MAX];
    uint32_t rationale[RATIONALES_MAX];
    uint32_t rationales;
};

static int number_rationales(struct table_build *b, struct error *err)
{
    const struct plan_release *release = &b->series->release[0];
    struct writing *w = b->w;

    for (size_t f = 0; f < release->files; f++) {
        const struct edits *edits =
            &w->collection->file[release->file[f]].batch.edits;

        for (size_t i = 0; i < edits->rationales; i++) {
            const uint32_t text = w->text_number[texts_add(w->collection->texts,
                edits->rationale[i], strlen(edits->rationale[i]))];
            uint32_t k = 0;

            while (k < b->rationales && b->rationale[k] != text)
                k++;
            if (k == RATIONALES_MAX)
                return error_set(err, ERR_LIMIT, 0,
                    "more than %d rationales over all parts", RATIONALES_MAX);
            if (k == b->rationales)
                b->rationale[b->rationales++] = text;
            b->rationale_of[f][i] = (uint8_t)k;
        }
    }
    return 0;
}

static int same_pair(const struct sorted *a, const struct sorted *b)
{
    return a->lower == b->lower && a->higher == b->higher;
}

/* Emits one pair's rows: oldest first, in both directions together. */
static int emit(struct table_build *b, const struct sorted *pair,
    struct pair_row *rows, uint32_t count, struct error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct pair_row *row = &rows[i];
        const struct ptp_kind kind = {.effective = row->effective,
            .deleted = row->deleted,
            .flags =
                (uint8_t)(row->edit->indicator |
                          (row->reversed ? PTP_FLAG_HIGHER_FIRST : 0) |
                          (row->inferred ? PTP_FLAG_INFERRED : 0) |
                          (row->edit->before_1996 ? PTP_FLAG_BEFORE_1996 : 0)),
            .rationale = b->rationale_of[row->part][row->edit->rationale]};
        struct ptp_row *out = &b->out[b->count++];

        if (row->edit->line > PTP_LINE_MAX)
            return error_set(
                err, ERR_LIMIT, 0, "an edit on line %u", row->edit->line);
        *out = (struct ptp_row){.lower = pair->lower,
            .higher = pair->higher,
            .place = (uint32_t)row->part << 24 | row->edit->line};
        if (kind_number(&b->kinds, &kind, &out->kind, err) != 0)
            return ERR_SYSTEM;
    }
    return 0;
}

static bool says_the_same(const struct table_build *b,
    const struct pair_row *one, const struct pair_row *two)
{
    return one->reversed == two->reversed && one->effective == two->effective &&
           one->deleted == two->deleted &&
           one->edit->indicator == two->edit->indicator &&
           one->edit->before_1996 == two->edit->before_1996 &&
           b->rationale_of[one->part][one->edit->rationale] ==
               b->rationale_of[two->part][two->edit->rationale];
}

/* Takes out rows that say what another one says. */
static void drop_repeated(
    struct table_build *b, struct pair_row *rows, uint32_t *count)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < *count; i++) {
        uint32_t k = kept;

        while (k > 0 && !says_the_same(b, &rows[k - 1], &rows[i]))
            k--;
        if (k > 0) {
            struct collected *file =
                &b->w->collection
                     ->file[b->series->release[0].file[rows[i].part]];

            file->duplicate++;
            file->kept--;
        } else {
            rows[kept++] = rows[i];
        }
    }
    *count = kept;
}

static int age_order(const void *a, const void *b)
{
    const struct pair_row *one = a, *two = b;

    if (one->effective != two->effective)
        return one->effective < two->effective ? -1 : 1;
    return pair_order(a, b);
}

static int build_rows(struct table_build *b, struct error *err)
{
    const struct release_rows *all = &b->rows;
    struct pair_row pair[PAIR_ROWS_MAX];
    uint32_t old = 0;

    for (uint32_t first = 0, end; first < all->rows; first = end) {
        const struct sorted *key = &all->order[first];
        uint32_t old_end, count = 0;
        int rc;

        for (end = first; end < all->rows && same_pair(key, &all->order[end]);
             end++) {
            const struct edit *edit = all->edit[all->order[end].row];

            if (count == PAIR_ROWS_MAX)
                return error_set(err, ERR_LIMIT, 0,
                    "more than %d edits of one pair", PAIR_ROWS_MAX);
            pair[count++] = (struct pair_row){.edit = edit,
                .part = all->part[all->order[end].row],
                .reversed = b->w->ordinal[edit->column1] != key->lower,
                .effective = edit_effective(edit),
                .deleted = edit_deleted(edit)};
        }
        while (old < b->before.rows &&
               (b->before.order[old].lower < key->lower ||
                   (b->before.order[old].lower == key->lower &&
                       b->before.order[old].higher < key->higher)))
            old++;
        for (old_end = old; old_end < b->before.rows &&
                            same_pair(key, &b->before.order[old_end]);)
            old_end++;
        if (count > 1) {
            qsort(pair, count, sizeof *pair, pair_order);
            drop_repeated(b, pair, &count);
        }
        infer(pair, count, b->series,
            b->series->before != NULL ? &b->before : NULL, old, old_end);
        if (count > 1)
            qsort(pair, count, sizeof *pair, age_order);
        if ((rc = emit(b, key, pair, count, err)) != 0)
            return rc;
        old = old_end;
    }
    return 0;
}

static int write_table(struct table_build *b, struct error *err)
{
    const struct plan_release *release = &b->series->release[0];
    const uint8_t name[5] = {'p', 't', 'p', (uint8_t)b->series->setting,
        (uint8_t)b->series->program};
    uint16_t file[PLAN_FILES_MAX];
    const struct ptp_source source = {.codes = b->w->procedures,
        .rows = b->count,
        .kinds = b->kinds.count,
        .rationales = b->rationales,
        .files = (uint32_t)release->files,
        .row = b->out,
        .kind = b->kinds.kind,
        .rationale = b->rationale,
        .file = file};
    struct buffer blob = {0};
    int rc;

    for (size_t f = 0; f < release->files; f++)
        file[f] = (uint16_t)b->w->file_number[release->file[f]];
    rc = ptp_table_write(&blob, &source, err);
    if (rc == 0)
        rc = writer_blob(b->w->writer, name, sizeof name, &blob, err);
    buffer_clear(&blob);
    return rc;
}

int write_ptp(
    struct writing *w, const struct plan_series *series, struct error *err)
{
    struct table_build *b = calloc(1, sizeof *b);
    int rc;

    if (b == NULL)
        return error_memory(err);
    b->w = w;
    b->series = series;
    if ((rc = release_rows_load(&b->rows, w, &series->release[0], err)) != 0 ||
        (series->before != NULL && (rc = release_rows_load(&b->before, w,
                                        series->before, err)) != 0) ||
        (rc = number_rationales(b, err)) != 0)
        goto done;
    b->out = malloc((b->rows.rows + 1) * sizeof *b->out);
    if (b->out == NULL) {
        rc = error_memory(err);
        goto done;
    }
    if ((rc = build_rows(b, err)) == 0)
        rc = write_table(b, err);
    w->counts->edits += b->count;
    w->counts->series_rows[series_number(w->plan, series)] = b->count;
done:
    release_rows_clear(&b->rows);
    release_rows_clear(&b->before);
    free(b->kinds.kind);
    free(b->kinds.slot);
    free(b->out);
    free(b);
    return rc;
}

#include "indexer/plan/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/sources/source_facts.h"

void plan_note(struct collected *file, const char *format, ...)
{
    const size_t have = strlen(file->note);
    va_list args;

    va_start(args, format);
    if (have + 3 < sizeof file->note) {
        if (have > 0)
            memcpy(file->note + have, "; ", 3);
        (void)vsnprintf(file->note + have + (have > 0 ? 2 : 0),
            sizeof file->note - have - (have > 0 ? 2 : 0), format, args);
    }
    va_end(args);
}

static uint32_t file_rows(const struct collected *file)
{
    return file->batch.rows + file->batch.edits.rows;
}

static uint32_t release_rows(
    const struct collection *c, const struct plan_release *release)
{
    uint32_t rows = 0;

    for (size_t i = 0; i < release->files; i++)
        rows += file_rows(&c->file[release->file[i]]);
    return rows;
}

/* Files that were read and may still count. */
static bool usable(const struct collected *file)
{
    return file->has_batch && file->status == FILE_KEPT;
}

static struct plan_series *series_of(
    struct plan *plan, const struct identity *id, struct error *err)
{
    struct plan_series *series;

    for (size_t i = 0; i < plan->count; i++) {
        series = &plan->series[i];
        if (series->table == id->table && series->setting == id->setting &&
            series->program == id->program)
            return series;
    }
    if (plan->count == STORE_SERIES_MAX) {
        (void)error_set(err, ERR_LIMIT, 0, "more than %d tables by setting",
            STORE_SERIES_MAX);
        return NULL;
    }
    series = &plan->series[plan->count++];
    *series = (struct plan_series){
        .table = id->table, .setting = id->setting, .program = id->program};
    return series;
}

/* Tables of notes and words, which never say that something is not: a file
 * that holds a part of them says as much as it holds. (XML that was cut short
 * has no end and is damaged.) */
static bool takes_excerpts(enum table table)
{
    return table == TABLE_ICD10CM_TABULAR || table == TABLE_ICD10CM_INDEX ||
           table == TABLE_ICD10CM_EXTERNAL || table == TABLE_ICD10CM_DRUG ||
           table == TABLE_ICD10CM_NEOPLASM;
}

static bool undated(enum table table)
{
    return table_schema(table)->kind == SERIES_UNDATED;
}

/* The release a file belongs to, new or known. All undated files of a table
 * make one release without dates. */
static struct plan_release *release_of(
    struct plan_series *series, const struct identity *id, struct error *err)
{
    struct plan_release *release;

    for (size_t i = 0; i < series->releases; i++)
        if (undated(series->table) ||
            strcmp(series->release[i].release.label, id->release) == 0)
            return &series->release[i];
    if (series->releases == STORE_RELEASES_MAX) {
        (void)error_set(err, ERR_LIMIT, 0, "more than %d releases of %s",
            STORE_RELEASES_MAX, table_schema(series->table)->name);
        return NULL;
    }
    release =
        realloc(series->release, (series->releases + 1) * sizeof *release);
    if (release == NULL) {
        (void)error_memory(err);
        return NULL;
    }
    series->release = release;
    release = &series->release[series->releases++];
    *release = (struct plan_release){.release = {.label = id->release,
                                         .from = id->from,
                                         .to = id->to,
                                         .published = id->published}};
    if (undated(series->table)) {
        release->release.from = DAY_UNKNOWN;
        release->release.to = DAY_OPEN;
    }
    return release;
}

static int group(struct plan *plan, struct collection *c, struct error *err)
{
    for (size_t i = 0; i < c->files; i++) {
        struct plan_series *series;
        struct plan_release *release;

        if (!usable(&c->file[i]))
            continue;
        series = series_of(plan, &c->file[i].batch.id, err);
        if (series == NULL)
            return ERR_LIMIT;
        release = release_of(series, &c->file[i].batch.id, err);
        if (release == NULL)
            return ERR_LIMIT;
        if (release->files == PLAN_FILES_MAX)
            return error_set(err, ERR_LIMIT, 0,
                "more than %d files of one release: %s", PLAN_FILES_MAX,
                c->file[i].name);
        release->file[release->files++] = i;
        if (strcmp(c->file[i].batch.id.release, "starter") == 0)
            plan->starter = true;
    }
    return 0;
}

/* --- one release: which of its files are kept ---------------------------- */

/* True when both tell when they were published, and a was first. */
static bool earlier(const struct identity *a, const struct identity *b)
{
    return a->published != 0 && b->published != 0 &&
           a->published < b->published;
}

/* True when a is of an earlier revision than b: v322r0 before v322r1. */
static bool earlier_version(const struct identity *a, const struct identity *b)
{
    return a->version[0] != '\0' && b->version[0] != '\0' &&
           strverscmp(a->version, b->version) < 0;
}

static bool replaced_by(const struct identity *a, const struct identity *b)
{
    return earlier(a, b) || (!earlier(b, a) && earlier_version(a, b));
}

/* True when a has so few of b's rows that it can only be a piece of it. */
static bool fragment(const struct collected *a, const struct collected *b)
{
    return file_rows(b) >= PARTIAL_FLOOR &&
           (uint64_t)file_rows(a) * 100 <
               (uint64_t)file_rows(b) * PARTIAL_PERCENT_BEFORE;
}

static bool better(const struct collected *a, const struct collected *b)
{
    const struct identity *one = &a->batch.id, *two = &b->batch.id;

    if (fragment(a, b) || fragment(b, a))
        return fragment(b, a);
    if (replaced_by(one, two) || replaced_by(two, one))
        return replaced_by(two, one);
    return one->rank < two->rank;
}

/* True when two files of a release gave the same rows. */
static bool same_rows(const struct batch *a, const struct batch *b)
{
    if (a->id.table == TABLE_PTP)
        return a->edits.rows == b->edits.rows;
    return a->rows == b->rows && a->columns == b->columns &&
           (a->rows == 0 ||
               memcmp(a->cells, b->cells,
                   (size_t)a->rows * a->columns * sizeof *a->cells) == 0);
}

static void set_aside(struct collection *c, size_t loser, size_t winner)
{
    struct collected *file = &c->file[loser];
    const struct collected *kept = &c->file[winner];

    if (fragment(file, kept) && !takes_excerpts(file->batch.id.table)) {
        file->status = FILE_PARTIAL;
        plan_note(file, "%u rows where %s of the same release has %u",
            file_rows(file), kept->name, file_rows(kept));
    } else if (replaced_by(&file->batch.id, &kept->batch.id)) {
        file->status = FILE_SUPERSEDED;
        plan_note(file, "replaced by %s", kept->name);
    } else {
        file->status = FILE_DUPLICATE;
        plan_note(file, "%s as %s",
            same_rows(&file->batch, &kept->batch) ? "the same rows"
                                                  : "the same release",
            kept->name);
    }
}

/* Keeps the best file; of parts, the best file of each part. */
static void choose_format(struct collection *c, struct plan_release *release)
{
    size_t kept = 0;

    for (size_t i = 0; i < release->files; i++) {
        const size_t candidate = release->file[i];
        const struct identity *id = &c->file[candidate].batch.id;
        size_t k;

        for (k = 0; k < kept; k++)
            if (c->file[release->file[k]].batch.id.part == id->part)
                break;
        if (k == kept) {
            release->file[kept++] = candidate;
        } else if (better(&c->file[candidate], &c->file[release->file[k]])) {
            set_aside(c, release->file[k], candidate);
            release->file[k] = candidate;
        } else {
            set_aside(c, candidate, release->file[k]);
        }
    }
    release->files = kept;
    for (size_t k = 0; k < kept; k++) {
        const struct identity *id = &c->file[release->file[k]].batch.id;

        if (id->published > release->release.published)
            release->release.published = id->published;
    }
}

/* --- completeness --------------------------------------------------------- */

/* What is wrong with the parts of a release; "" when nothing is. */
static void check_parts(const struct collection *c,
    const struct plan_release *release, char out[FILE_NOTE_MAX])
{
    const char *version = NULL;
    unsigned have = 0;
    int highest = source_parts(TABLE_PTP);
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < release->files; i++) {
        const struct identity *id = &c->file[release->file[i]].batch.id;

        if (id->part == 0)
            continue;
        have |= 1u << id->part;
        if (id->part > highest)
            highest = id->part;
        if (version != NULL && strcmp(version, id->version) != 0) {
            (void)snprintf(out, FILE_NOTE_MAX,
                "parts of two versions, %s and %s, are mixed", version,
                id->version);
            return;
        }
        version = id->version;
    }
    if (have == 0)
        return;
    for (int part = 1; part <= highest; part++)
        if ((have & 1u << part) == 0)
            n += (size_t)snprintf(out + n, FILE_NOTE_MAX - n, "%s f%d",
                n == 0 ? "missing:" : ",", part);
    if (n > 0)
        (void)snprintf(out + n, FILE_NOTE_MAX - n,
            " (the table comes in %d parts of one version)", highest);
}

/* A table that is there as a whole and in parts counts once: in parts, when
 * they are all there. */
static void choose_whole(struct collection *c, struct plan_release *release)
{
    char why[FILE_NOTE_MAX];
    size_t whole = 0, kept = 0;

    while (whole < release->files &&
           c->file[release->file[whole]].batch.id.part != 0)
        whole++;
    if (whole == release->files || release->files == 1)
        return;
    check_parts(c, release, why);
    for (size_t i = 0; i < release->files; i++) {
        struct collected *file = &c->file[release->file[i]];
        const bool keep = (i == whole) == (why[0] != '\0');

        if (keep) {
            release->file[kept++] = release->file[i];
            continue;
        }
        file->status = FILE_DUPLICATE;
        plan_note(file, i == whole ? "the same table is there in parts"
                                   : "the same table is there as a whole");
    }
    release->files = kept;
}

/* Compares a release with the nearest complete one before it, else with the
 * one after it, else with the newest of the build before. */
static void check_rows(const struct collection *c,
    const struct plan_series *series, size_t at,
    const struct previous *previous, char out[FILE_NOTE_MAX])
{
    const uint32_t rows = release_rows(c, &series->release[at]);
    const struct plan_release *other = NULL;
    uint32_t percent = PARTIAL_PERCENT, expected = 0;
    const char *label = "";

    for (size_t i = at; i > 0 && other == NULL; i--)
        if (!series->release[i - 1].release.partial)
            other = &series->release[i - 1];
    if (other == NULL && at + 1 < series->releases) {
        other = &series->release[at + 1];
        percent = PARTIAL_PERCENT_BEFORE;
    }
    if (other != NULL) {
        expected = release_rows(c, other);
        label = other->release.label;
    } else if (previous != NULL) {
        expected = previous_rows(
            previous, series->table, series->setting, series->program, &label);
        percent = PARTIAL_PERCENT;
    }
    if (expected >= PARTIAL_FLOOR &&
        (uint64_t)rows * 100 < (uint64_t)expected * percent)
        (void)snprintf(out, FILE_NOTE_MAX,
            "%u rows where release %s has %u: only a part of a release", rows,
            label, expected);
}

static void drop_release(struct plan_series *series, size_t at)
{
    memmove(&series->release[at], &series->release[at + 1],
        (series->releases - at - 1) * sizeof *series->release);
    series->releases--;
}

/* Marks partial releases; those that stand beside a complete one are left out,
 * one that is all there is stays, marked. */
static void check_complete(struct collection *c, struct plan_series *series,
    const struct previous *previous)
{
    const bool excerpts = takes_excerpts(series->table);
    char why[FILE_NOTE_MAX];
    size_t complete = 0;

    for (size_t i = 0; i < series->releases; i++) {
        struct plan_release *release = &series->release[i];

        check_parts(c, release, why);
        if (why[0] == '\0')
            check_rows(c, series, i, previous, why);
        complete += why[0] == '\0';
        if (why[0] == '\0')
            continue;
        release->release.partial = true;
        for (size_t k = 0; k < release->files; k++) {
            if (!excerpts)
                c->file[release->file[k]].status = FILE_PARTIAL;
            plan_note(&c->file[release->file[k]], "%s", why);
        }
    }
    for (size_t i = series->releases; i > 0 && !excerpts; i--)
        if (series->release[i - 1].release.partial &&
            (complete > 0 || i < series->releases))
            drop_release(series, i - 1);
}

/* --- one series: which releases are kept ---------------------------------- */

static int by_day(const void *a, const void *b)
{
    const struct plan_release *one = a, *two = b;

    if (one->release.from != two->release.from)
        return one->release.from < two->release.from ? -1 : 1;
    return strcmp(one->release.label, two->release.label);
}

static int keep_newest(
    struct collection *c, struct plan_series *series, struct error *err)
{
    struct plan_release *newest, *before;

    if (series->releases < 2)
        return 0;
    newest = &series->release[series->releases - 1];
    for (size_t i = 0; i + 1 < series->releases; i++)
        for (size_t k = 0; k < series->release[i].files; k++) {
            struct collected *file = &c->file[series->release[i].file[k]];

            file->status = FILE_SUPERSEDED;
            plan_note(
                file, "the table of %s replaces it", newest->release.label);
        }
    before = &series->release[series->releases - 2];
    if (series->table == TABLE_PTP &&
        before->release.to + 1 == newest->release.from) {
        series->before = malloc(sizeof *before);
        if (series->before == NULL)
            return error_memory(err);
        *series->before = *before;
    }
    series->release[0] = *newest;
    series->releases = 1;
    return 0;
}

/* --- the whole ------------------------------------------------------------ */

static void count(struct collected *file)
{
    const uint32_t taken = file->batch.read - file->batch.refused;

    file->refused = file->batch.refused;
    switch (file->status) {
    case FILE_KEPT:
        file->kept = taken;
        break;
    case FILE_SUPERSEDED:
        file->superseded = taken;
        break;
    case FILE_DUPLICATE:
        file->duplicate = taken;
        break;
    default: /* nothing of a partial or damaged file is taken */
        file->refused = file->batch.read;
        break;
    }
}

static int refuse_file(const struct collected *file, struct error *err)
{
    const struct refusal *first = &file->batch.refusals[0];

    if (!file->has_batch || file->batch.refused <= REFUSED_FLOOR ||
        (uint64_t)file->batch.refused * 100 <=
            (uint64_t)file->batch.read * REFUSED_PERCENT)
        return 0;
    return error_set(err, ERR_INPUT, 0,
        "%s: %u of %u rows refused, the first in row %u, %s: %s", file->name,
        file->batch.refused, file->batch.read, first->row, first->column,
        first->reason);
}

int plan_check_refused(const struct collection *collection, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < collection->files; i++)
        rc = refuse_file(&collection->file[i], err);
    return rc;
}

/* Damage first: where a table is damaged, its neighbours miss it. */
static int refuse_build(
    const struct collection *c, bool allow_partial, struct error *err)
{
    for (size_t i = 0; i < c->files; i++) {
        const struct collected *file = &c->file[i];

        if (file->status == FILE_DAMAGED)
            return error_set(
                err, ERR_INPUT, 0, "%s: damaged: %s", file->name, file->note);
        if (refuse_file(file, err) != 0)
            return ERR_INPUT;
    }
    for (size_t i = 0; i < c->files; i++) {
        const struct collected *file = &c->file[i];

        if (file->status == FILE_PARTIAL && !allow_partial)
            return error_set(err, ERR_INPUT, 0,
                "%s: partial: %s; --allow-partial leaves it out; to have it, "
                "load it whole, with all its parts, downloaded anew if need be",
                file->name, file->note);
    }
    return 0;
}

/* The starter set stands in for releases that are not there; beside real ones
 * it would pass for some of them. */
static int refuse_mixture(const struct collection *c, struct error *err)
{
    for (size_t i = 0; i < c->files; i++)
        if (c->file[i].has_batch && !undated(c->file[i].batch.id.table) &&
            strcmp(c->file[i].batch.id.release, "starter") != 0)
            return error_set(err, ERR_INPUT, 0,
                "%s: the starter set is never mixed with releases",
                c->file[i].name);
    return 0;
}

int plan_make(struct plan *out, struct collection *collection,
    const struct plan_options *options, struct error *err)
{
    bool anything = false;
    int rc;

    *out = (struct plan){0};
    if ((rc = plan_coverage_releases(collection, err)) != 0)
        return rc;
    if ((rc = group(out, collection, err)) != 0)
        return rc;
    for (size_t i = 0; i < out->count; i++) {
        struct plan_series *series = &out->series[i];

        qsort(
            series->release, series->releases, sizeof *series->release, by_day);
        if (undated(series->table))
            continue;
        anything = true;
        if (series->table == TABLE_COVERAGE) {
            plan_coverage_complete(collection, series, options->previous);
            continue;
        }
        for (size_t k = 0; k < series->releases; k++) {
            choose_format(collection, &series->release[k]);
            choose_whole(collection, &series->release[k]);
        }
        check_complete(collection, series, options->previous);
        /* The starter set holds some codes and pairs of a release: what is not
         * in it is not known to be absent. */
        for (size_t k = 0; out->starter && k < series->releases; k++)
            series->release[k].release.partial = true;
        if (table_schema(series->table)->kind == SERIES_HISTORY &&
            (rc = keep_newest(collection, series, err)) != 0)
            return rc;
    }
    for (size_t i = 0; i < collection->files; i++)
        if (collection->file[i].has_batch)
            count(&collection->file[i]);
    if ((rc = refuse_build(collection, options->allow_partial, err)) != 0 ||
        (out->starter && (rc = refuse_mixture(collection, err)) != 0))
        return rc;
    /* A partial release that is all there is of its series is loaded. */
    for (size_t i = 0; i < out->count; i++)
        for (size_t k = 0; k < out->series[i].releases; k++) {
            const struct plan_release *release = &out->series[i].release[k];

            for (size_t f = 0; release->release.partial && f < release->files;
                 f++) {
                struct collected *file = &collection->file[release->file[f]];

                file->kept = file->batch.read - file->batch.refused;
                file->refused = file->batch.refused;
            }
        }
    if (!anything)
        return error_set(err, ERR_INPUT, 0,
            "no release was recognised under the given paths");
    return 0;
}

void plan_clear(struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        free(plan->series[i].release);
        free(plan->series[i].before);
    }
    *plan = (struct plan){0};
}

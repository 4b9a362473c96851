/* plan_coverage.c - which files of the coverage database make a release.
 *
 * A table comes as a file of its own and seldom tells a day; what came together
 * (one zip, one folder) does: the day of its latest row is the day as of which
 * it speaks. Articles lead: LCDs, NCDs and look-ups that came apart from them
 * join the articles of about their day, or the newest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/plan/plan.h"
#include "indexer/sources/mcd.h"

enum { SETS_MAX = 512 }; /* zips and folders of coverage files in a build */

struct set {
    uint64_t number;
    day_t day;     /* of its latest row; DAY_UNKNOWN when none tells */
    bool told;     /* the administrator said it */
    bool articles; /* has a table of articles */
};

static bool is_coverage(const struct collected *file)
{
    return file->has_batch && file->status == FILE_KEPT &&
           file->batch.id.table == TABLE_COVERAGE;
}

static day_t day_of(uint32_t published)
{
    char text[16];
    day_t day;

    (void)snprintf(text, sizeof text, "%u", published);
    return day_parse_compact(&day, text, strlen(text)) == 0 ? day : DAY_UNKNOWN;
}

static bool is_told(const struct identity *id)
{
    return strcmp(id->release, MCD_RELEASE_OPEN) != 0;
}

static bool of_articles(enum mcd_table table)
{
    return table <= MCD_ARTICLE_STATE || table == MCD_DOCUMENTS;
}

static int gather_sets(const struct collection *c, struct set *sets,
    size_t *count, struct error *err)
{
    for (size_t i = 0; i < c->files; i++) {
        const struct identity *id = &c->file[i].batch.id;
        day_t day;
        size_t s = 0;

        if (!is_coverage(&c->file[i]))
            continue;
        while (s < *count && sets[s].number != id->set)
            s++;
        if (s == *count) {
            if (*count == SETS_MAX)
                return error_set(err, ERR_LIMIT, 0,
                    "more than %d exports of the coverage database", SETS_MAX);
            sets[(*count)++] =
                (struct set){.number = id->set, .day = DAY_UNKNOWN};
        }
        day = is_told(id) ? id->from : day_of(id->published);
        if (day > sets[s].day)
            sets[s].day = day;
        sets[s].told = sets[s].told || is_told(id);
        sets[s].articles = sets[s].articles || of_articles(mcd_table_of(id));
    }
    return 0;
}

static day_t apart(day_t a, day_t b)
{
    return a > b ? a - b : b - a;
}

/* The day of the release that a set belongs to. Sets with articles, or where
 * there are none all that tell a day, stand for themselves. */
static day_t release_day(
    const struct set *sets, size_t count, const struct set *set)
{
    bool articles = false;
    day_t newest = DAY_UNKNOWN, nearest = DAY_UNKNOWN;

    for (size_t s = 0; s < count; s++)
        articles = articles || (sets[s].articles && sets[s].day != DAY_UNKNOWN);
    if (set->day != DAY_UNKNOWN && (set->told || set->articles || !articles))
        return set->day;
    for (size_t s = 0; s < count; s++) {
        if (sets[s].day == DAY_UNKNOWN || (articles && !sets[s].articles))
            continue;
        if (sets[s].day > newest)
            newest = sets[s].day;
        if (set->day != DAY_UNKNOWN &&
            apart(sets[s].day, set->day) < COVERAGE_PERIOD &&
            (nearest == DAY_UNKNOWN ||
                apart(sets[s].day, set->day) < apart(nearest, set->day)))
            nearest = sets[s].day;
    }
    return nearest != DAY_UNKNOWN ? nearest : newest;
}

int plan_coverage_releases(struct collection *c, struct error *err)
{
    struct set *sets = calloc(SETS_MAX, sizeof *sets);
    size_t count = 0;
    int rc;

    if (sets == NULL)
        return error_memory(err);
    rc = gather_sets(c, sets, &count, err);
    for (size_t i = 0; rc == 0 && i < c->files; i++) {
        struct identity *id = &c->file[i].batch.id;
        day_t day;
        size_t s = 0;

        if (!is_coverage(&c->file[i]))
            continue;
        while (sets[s].number != id->set)
            s++;
        day = release_day(sets, count, &sets[s]);
        if (day == DAY_UNKNOWN) {
            c->file[i].status = FILE_DAMAGED;
            plan_note(&c->file[i],
                "no row that came with it tells its day; say it with "
                "--release, such as --release 2026-08-07");
            continue;
        }
        (void)day_format(id->release, day);
        id->from = day;
        id->to = day + COVERAGE_PERIOD - 1;
    }
    free(sets);
    return rc;
}

/* --- what is there twice ----------------------------------------------------
 */

static bool same_rows(const struct batch *a, const struct batch *b)
{
    return a->id.part == b->id.part && a->rows == b->rows &&
           a->columns == b->columns &&
           (a->rows == 0 ||
               memcmp(a->cells, b->cells,
                   (size_t)a->rows * a->columns * sizeof *a->cells) == 0);
}

static void drop_copies(struct collection *c, struct plan_release *release)
{
    size_t kept = 0;

    for (size_t i = 0; i < release->files; i++) {
        struct collected *file = &c->file[release->file[i]];
        size_t k = 0;

        while (k < kept &&
               !same_rows(&c->file[release->file[k]].batch, &file->batch))
            k++;
        if (k == kept) {
            release->file[kept++] = release->file[i];
            continue;
        }
        file->status = FILE_DUPLICATE;
        plan_note(file, "the same rows as %s", c->file[release->file[k]].name);
    }
    release->files = kept;
}

/* --- what is missing --------------------------------------------------------
 */

/* An export has the table of articles or of LCDs, or says in its name that it
 * is one; else it is a capture, of which nobody knows what it should hold. */
static bool is_export(const struct collected *file)
{
    static const char *const names[] = {
        "current_article", "all_article", "current_lcd", "all_lcd", "all_data"};
    const enum mcd_table table = mcd_table_of(&file->batch.id);

    if (table == MCD_ARTICLE || table == MCD_LCD)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mcd_has_part(file->name, names[i]))
            return true;
    return false;
}

static bool of_lcds(enum mcd_table table)
{
    return table >= MCD_LCD && table <= MCD_LCD_ARTICLE;
}

/* Which sides an export has. */
struct sides {
    bool articles, lcds;
};

static struct sides sides_of(
    const struct collection *c, const struct plan_release *release)
{
    struct sides sides = {false, false};

    for (size_t i = 0; i < release->files; i++) {
        const struct collected *file = &c->file[release->file[i]];
        const enum mcd_table table = mcd_table_of(&file->batch.id);

        if (!is_export(file))
            continue;
        sides.articles = sides.articles || of_articles(table);
        sides.lcds = sides.lcds || of_lcds(table);
    }
    return sides;
}

static uint32_t table_rows(const struct collection *c,
    const struct plan_release *release, enum mcd_table table)
{
    uint32_t rows = 0;

    for (size_t i = 0; i < release->files; i++) {
        const struct batch *batch = &c->file[release->file[i]].batch;

        if (mcd_table_of(&batch->id) == table)
            rows += batch->rows;
    }
    return rows;
}

static bool has_table(const struct collection *c,
    const struct plan_release *release, enum mcd_table table)
{
    for (size_t i = 0; i < release->files; i++)
        if (mcd_table_of(&c->file[release->file[i]].batch.id) == table)
            return true;
    return false;
}

static bool is_needed(enum mcd_table table, struct sides sides)
{
    if (of_articles(table))
        return sides.articles && mcd_layout(table)->bulk;
    if (of_lcds(table))
        return sides.lcds && mcd_layout(table)->bulk;
    return mcd_layout(table)->bulk && (sides.articles || sides.lcds);
}

static void name_missing(const struct collection *c,
    const struct plan_release *release,
    bool (*wanted)(enum mcd_table, struct sides), struct sides sides,
    char out[FILE_NOTE_MAX])
{
    size_t n = 0;

    out[0] = '\0';
    for (int t = 0; t < MCD_TABLES && n < FILE_NOTE_MAX; t++)
        if (wanted((enum mcd_table)t, sides) &&
            !has_table(c, release, (enum mcd_table)t))
            n += (size_t)snprintf(out + n, FILE_NOTE_MAX - n, "%s%s",
                n == 0 ? "" : ", ", mcd_layout((enum mcd_table)t)->name);
}

/* Several versions of an article: more rows than the current ones, which a
 * later current export cannot match. */
static bool has_history(
    const struct collection *c, const struct plan_release *release)
{
    for (size_t i = 0; i < release->files; i++) {
        if (mcd_is_history(c->file[release->file[i]].name))
            return true;
    }
    return false;
}

/* What is wrong with an export; "" when nothing is. */
static void check_export(const struct collection *c,
    const struct plan_release *release, const struct plan_release *before,
    const struct previous *previous, char out[FILE_NOTE_MAX])
{
    const bool history = has_history(c, release);
    const struct sides sides = sides_of(c, release);
    char missing[FILE_NOTE_MAX];

    out[0] = '\0';
    name_missing(c, release, is_needed, sides, missing);
    if (missing[0] != '\0') {
        (void)snprintf(out, FILE_NOTE_MAX, "the export lacks %.*s",
            FILE_NOTE_MAX - 24, missing);
        return;
    }
    for (int t = 0; t < MCD_TABLES; t++) {
        const uint32_t have = table_rows(c, release, (enum mcd_table)t);
        const char *label = "";
        uint32_t had = 0;

        if (before != NULL) {
            had = table_rows(c, before, (enum mcd_table)t);
            label = before->release.label;
        } else if (previous != NULL) {
            had = previous_coverage_rows(previous, t + 1, history, &label);
        }

        if (is_needed((enum mcd_table)t, sides) && had >= PARTIAL_FLOOR &&
            (uint64_t)have * 100 < (uint64_t)had * PARTIAL_PERCENT) {
            (void)snprintf(out, FILE_NOTE_MAX,
                "%u rows of %s where release %s has %u: only a part of a "
                "release",
                have, mcd_layout((enum mcd_table)t)->name, label, had);
            return;
        }
    }
}

static bool same_sides(struct sides a, struct sides b)
{
    return a.articles == b.articles && a.lcds == b.lcds;
}

/* The nearest complete export before, of the same kind. */
static const struct plan_release *export_before(
    const struct collection *c, const struct plan_series *series, size_t at)
{
    const struct plan_release *release = &series->release[at];

    for (size_t i = at; i > 0; i--) {
        const struct plan_release *before = &series->release[i - 1];

        if (!before->release.partial &&
            same_sides(sides_of(c, before), sides_of(c, release)) &&
            has_history(c, before) == has_history(c, release))
            return before;
    }
    return NULL;
}

static bool asked_for(enum mcd_table table, struct sides sides)
{
    return mcd_layout(table)->bulk && table != MCD_LCD;
}

static void tell_capture(
    struct collection *c, const struct plan_release *release)
{
    char missing[FILE_NOTE_MAX];

    name_missing(c, release, asked_for, (struct sides){true, true}, missing);
    if (missing[0] != '\0' && release->files > 0)
        plan_note(&c->file[release->file[0]], "a capture without %s", missing);
}

static void mark_partial(
    struct collection *c, struct plan_release *release, const char *why)
{
    release->release.partial = true;
    for (size_t i = 0; i < release->files; i++) {
        c->file[release->file[i]].status = FILE_PARTIAL;
        plan_note(&c->file[release->file[i]], "%s", why);
    }
}

void plan_coverage_complete(struct collection *c, struct plan_series *series,
    const struct previous *previous)
{
    size_t complete = 0, kept = 0;

    for (size_t i = 0; i < series->releases; i++) {
        struct plan_release *release = &series->release[i];
        const struct sides none = {false, false};
        char why[FILE_NOTE_MAX] = "";

        drop_copies(c, release);
        if (same_sides(sides_of(c, release), none))
            tell_capture(c, release);
        else
            check_export(
                c, release, export_before(c, series, i), previous, why);
        if (why[0] != '\0')
            mark_partial(c, release, why);
        else
            complete++;
    }
    /* A partial one that is all there is stays, marked. */
    for (size_t i = 0; i < series->releases; i++) {
        const struct plan_release *release = &series->release[i];

        if (release->release.partial &&
            (complete > 0 || i + 1 < series->releases))
            continue;
        series->release[kept++] = *release;
    }
    series->releases = kept;
}

/* write_values.c - on which days a code is billable, timed, has a status or a
 * limit: what a search for the codes of a day is narrowed by.
 *
 * The stretches are those that the cards tell (rules/validity.h, store/table.h,
 * rules/units/timed.h): a release speaks for its period, the newest for
 * STALE_DAYS more, and in a gap between two what both of them say. On all other
 * days nothing is known, and the code is not among those with the value. */
#include <string.h>

#include "codesets/search/builder.h"
#include "codesets/store/table.h"
#include "indexer/write/write.h"

struct telling {
    struct writing *w;
    struct search_builder *builder;
    /* The one at hand, not yet told: days that follow each other are told as
     * one stretch. */
    uint32_t document;
    enum search_facet facet;
    const char *value; /* NULL: none */
    day_t from, to;
    struct error *err;
};

/* A code that a newer list no longer has: not billable, yet not a heading. */
static const char gone[] = "false";

static int tell(struct telling *t)
{
    const int rc = t->value == NULL
                       ? 0
                       : search_builder_value_on(t->builder, t->document,
                             t->facet, t->value, t->from, t->to, t->err);

    t->value = NULL;
    return rc;
}

static int add_days(struct telling *t, const char *value, day_t from, day_t to)
{
    int rc = 0;

    if (value == NULL || from > to)
        return 0;
    if (t->value != NULL && strcmp(t->value, value) == 0 && t->to != DAY_OPEN &&
        t->to + 1 == from) {
        t->to = to;
        return 0;
    }
    rc = tell(t);
    t->value = value;
    t->from = from;
    t->to = to;
    return rc;
}

static const char *cell(const struct writing *w, const struct run *run, int at)
{
    return texts_get(w->collection->texts, run->cells[at], NULL);
}

static day_t cell_day(
    const struct writing *w, const struct run *run, int at, day_t otherwise)
{
    const char *text = cell(w, run, at);
    day_t day;

    return day_parse_compact(&day, text, strlen(text)) == 0 ? day : otherwise;
}

/* --- lists that come as snapshots ------------------------------------------
 */

/* What a row says; NULL when nothing. */
static const char *value_of(const struct writing *w, const struct run *run)
{
    const struct plan_series *series = &w->plan->series[run->series];
    const char *text;

    switch (series->table) {
    case TABLE_ICD10CM:
        return cell(w, run, ICD_BILLABLE)[0] == '1' ? "true" : "false";
    case TABLE_PFS:
        text = cell(w, run, PFS_STATUS);
        return strlen(text) == 1 ? text : NULL;
    case TABLE_MUE:
        return setting_name(series->setting);
    default:
        return NULL;
    }
}

static bool agree(const char *one, const char *other)
{
    return one != NULL && other != NULL && strcmp(one, other) == 0 &&
           (one == gone) == (other == gone);
}

/* Tells what each release of a series says of a code. */
static int tell_releases(struct telling *t, const struct plan_series *series,
    const char *const *value)
{
    int rc = 0;

    for (size_t r = 0; rc == 0 && r < series->releases; r++) {
        const struct release *now = &series->release[r].release;
        const bool newest = r + 1 == series->releases;
        day_t to = now->to, next = DAY_OPEN;

        if (newest && to != DAY_OPEN)
            to += STALE_DAYS;
        if (!newest) {
            next = series->release[r + 1].release.from;
            to = to < next ? to : next - 1;
        }
        rc = add_days(t, value[r], now->from, to);
        if (rc == 0 && !newest && agree(value[r], value[r + 1]))
            rc = add_days(t, value[r], to + 1, next - 1);
    }
    return rc == 0 ? tell(t) : rc;
}

/* Before the first release that lists an ICD-10-CM code the conversion table
 * may tell on which day it began. */
static int tell_beginning(struct telling *t, const struct plan_series *icd,
    const char *const *value, day_t day)
{
    const day_t start = icd->release[0].release.from;
    size_t first = 0;
    day_t listed, from;
    int rc;

    while (first < icd->releases && value[first] == NULL)
        first++;
    if (first == 0 || first == icd->releases || day == DAY_UNKNOWN)
        return 0;
    listed = icd->release[first].release.from;
    if (day > listed)
        return 0;
    for (size_t r = 0; r < first; r++)
        if (icd->release[r].release.from >= day &&
            !icd->release[r].release.partial)
            return 0;
    rc = add_days(t, gone, start, day - 1);
    /* To be billed as the release says that follows the gap. */
    from = icd->release[first - 1].release.to + 1;
    from = day > from ? day : from;
    return rc == 0 ? add_days(t, value[first], from > start ? from : start,
                         listed - 1)
                   : rc;
}

/* The day on which an ICD-10-CM code began, by the conversion table. Its runs,
 * and the codes, ascend: *at is where the search goes on. */
static day_t conversion_day(
    const struct writing *w, const struct run *code, uint32_t *at)
{
    day_t day = DAY_UNKNOWN;

    for (; *at < w->runs; ++*at) {
        const struct run *run = &w->run[*at];
        int c;

        if (w->plan->series[run->series].table != TABLE_CONVERSION ||
            run->suffix != '\0')
            continue; /* or the line of a code that was before it */
        c = memcmp(run->key, code->key,
            run->key_len < code->key_len ? run->key_len : code->key_len);
        if (c == 0)
            c = (run->key_len > code->key_len) - (run->key_len < code->key_len);
        if (c > 0)
            break;
        if (c == 0)
            day = cell_day(w, run, CONVERSION_EFFECTIVE, day);
    }
    return day;
}

static bool same_key(const struct run *one, const struct run *other)
{
    return one->series == other->series && one->key_len == other->key_len &&
           one->suffix == other->suffix &&
           memcmp(one->key, other->key, one->key_len) == 0;
}

/* The runs [i, next) are those of one code. */
static int tell_code(
    struct telling *t, uint32_t i, uint32_t next, uint32_t *conversion)
{
    const struct writing *w = t->w;
    const struct plan_series *series = &w->plan->series[w->run[i].series];
    const char *value[STORE_RELEASES_MAX] = {NULL};
    const struct run *first = &w->run[i];
    int rc = 0;

    for (; i < next; i++)
        for (size_t r = w->run[i].first; r <= w->run[i].last; r++)
            value[r] = value_of(w, &w->run[i]);
    if (series->table == TABLE_ICD10CM) {
        bool seen = false;

        rc = tell_beginning(
            t, series, value, conversion_day(w, first, conversion));
        for (size_t r = 0; r < series->releases; r++)
            if (value[r] != NULL)
                seen = true;
            else if (seen && !series->release[r].release.partial)
                value[r] = gone;
    }
    return rc == 0 ? tell_releases(t, series, value) : rc;
}

/* --- timed codes -----------------------------------------------------------
 */

/* Of the runs [i, next) of a code each holds from its first day until the next
 * one's, at most to its last. */
static int tell_timed(struct telling *t, uint32_t i, uint32_t next)
{
    const struct writing *w = t->w;
    int rc = 0;

    for (uint32_t own = i; rc == 0 && own < next; own++) {
        const struct run *run = &w->run[own];
        const day_t from = cell_day(w, run, TIMED_FROM, DAY_UNKNOWN);
        day_t to = cell_day(w, run, TIMED_TO, DAY_OPEN);
        const char flag = cell(w, run, TIMED_FLAG)[0];
        bool again = false; /* a later row says it anew */

        for (uint32_t other = i; other < next; other++) {
            const day_t begins =
                cell_day(w, &w->run[other], TIMED_FROM, DAY_UNKNOWN);

            again = again || (begins == from && other > own);
            if (begins > from && begins <= to)
                to = begins - 1;
        }
        if (again || (flag != 'Y' && flag != 'N'))
            continue;
        rc = add_days(t, flag == 'Y' ? "true" : "false", from, to);
        rc = rc == 0 ? tell(t) : rc;
    }
    return rc;
}

/* --- all of them -----------------------------------------------------------
 */

/* A procedure code is billable when it is valid. One of which nothing is ever
 * told is not said to be either. */
static int tell_procedure(
    struct telling *t, const struct proc_span *span, uint32_t spans)
{
    bool told = false;
    int rc = 0;

    for (uint32_t i = 0; rc == 0 && i < spans; i++) {
        if (span[i].validity == VALIDITY_UNKNOWN)
            continue;
        told = true;
        rc = add_days(t, span[i].validity == VALIDITY_VALID ? "true" : gone,
            span[i].from, i + 1 < spans ? span[i + 1].from - 1 : DAY_OPEN);
    }
    if (rc == 0)
        rc = tell(t);
    return rc != 0 || !told ? rc
                            : search_builder_value(t->builder, t->document,
                                  FACET_BILLABLE, "true", t->err);
}

static int tell_procedures(struct telling *t, const uint32_t *procedure)
{
    const struct writing *w = t->w;
    const struct proc_span *span =
        (const struct proc_span *)(const void *)w->spans.data;
    int rc = 0;

    t->facet = FACET_BILLABLE;
    for (uint32_t i = 0; rc == 0 && i < w->procedures; i++) {
        t->document = procedure[i];
        rc = tell_procedure(t, span + w->first_span[i],
            w->first_span[i + 1] - w->first_span[i]);
    }
    return rc;
}

int write_values(struct writing *w, struct search_builder *builder,
    const uint32_t *procedure, const uint32_t *document, struct error *err)
{
    struct telling t = {.w = w, .builder = builder, .err = err};
    uint32_t conversion = 0;
    int rc = tell_procedures(&t, procedure);

    for (uint32_t i = 0, next; rc == 0 && i < w->runs; i = next) {
        const struct plan_series *series = &w->plan->series[w->run[i].series];

        for (next = i + 1;
             next < w->runs && same_key(&w->run[i], &w->run[next]);)
            next++;
        t.document = document[i];
        if (document[i] == UINT32_MAX ||
            (series->table == TABLE_PFS && w->run[i].key_len != PROC_LEN))
            continue; /* or a part of the code, as 26 */
        if (series->table == TABLE_TIMED) {
            t.facet = FACET_TIMED;
            rc = tell_timed(&t, i, next);
        } else if (series->table == TABLE_ICD10CM ||
                   series->table == TABLE_PFS ||
                   (series->table == TABLE_MUE &&
                       series->program == PROGRAM_MEDICARE)) {
            t.facet = series->table == TABLE_ICD10CM ? FACET_BILLABLE
                      : series->table == TABLE_PFS   ? FACET_STATUS
                                                     : FACET_SETTING;
            rc = tell_code(&t, i, next, &conversion);
        }
    }
    return rc;
}

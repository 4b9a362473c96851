/* write_proc.c - every procedure code, and on which days it is valid.
 *
 * Validity is worked out here, once, from everything that was read (design.md
 * section 3), and stored as spans of days:
 *
 *   HCPCS Level II   its own added and termination dates; a code that vanished
 *                    from a newer list without a date is gone from that list on
 *   all others       listed in the PFS or MUE release in force: valid. Gone
 *                    from the PFS, which covers numeric, T and F codes, after
 *                    an earlier release had it: not valid. Else valid when the
 *                    releases around a gap agree, when it has an edit in the
 *                    newest table, or for a year after the newest release.
 *
 * What nothing speaks of stays unknown. */
#include <stdlib.h>
#include <string.h>

#include "codesets/core/code.h"
#include "codesets/store/table.h"
#include "codesets/store/ptp.h"
#include "indexer/write/write.h"

enum {
    LIST_WORDS = 4,    /* bits for STORE_RELEASES_MAX releases */
    BREAKS_MAX = 4096, /* days on which the answer for a code may change */
    ORDINAL_NONE = 0xFFFF
};

/* In which releases of a series a code stands. */
struct listing {
    const struct plan_series *series;
    uint64_t (*bits)[LIST_WORDS]; /* by ordinal; owned */
};

/* One life of a HCPCS code. */
struct interval {
    uint32_t ordinal;
    day_t added, ended;
    uint8_t last; /* newest release that says so */
};

struct proof {
    struct writing *w;
    struct listing listing[STORE_SERIES_MAX];
    size_t listings;
    const struct listing *pfs;
    const struct plan_series *hcpcs, *ptp; /* NULL when not loaded */
    struct interval *interval;             /* by ordinal, then by day; owned */
    size_t intervals, interval_capacity;
    uint32_t *first_interval; /* by ordinal; owned */
    uint8_t *in_edits;        /* by ordinal: has an edit with no end; owned */
    const struct plan_series *timed; /* NULL when not loaded */
    day_t *ended; /* by ordinal: last day as that table tells it; owned */
};

/* --- which codes there are -------------------------------------------------
 */

static void see(uint8_t *seen, const char *text, size_t len)
{
    const uint32_t packed = len >= PROC_LEN ? proc_pack(text) : PROC_NONE;

    if (packed != PROC_NONE)
        seen[packed] = 1;
}

static void see_batch(
    const struct texts *texts, const struct batch *batch, uint8_t *seen)
{
    for (uint32_t i = 0; i < batch->edits.rows; i++) {
        seen[batch->edits.row[i].column1] = 1;
        seen[batch->edits.row[i].column2] = 1;
    }
    switch (batch->id.table) {
    case TABLE_HCPCS:
    case TABLE_PFS:
    case TABLE_MUE:
    case TABLE_AOC:
    case TABLE_DHS:
    case TABLE_TIMED:
    case TABLE_CPT:
        break;
    default:
        return;
    }
    for (uint32_t i = 0; i < batch->rows; i++) {
        const uint32_t *cells = batch->cells + (size_t)i * batch->columns;
        size_t len;
        const char *text = texts_get(texts, cells[0], &len);

        see(seen, text, len);
        if (batch->id.table == TABLE_AOC) {
            text = texts_get(texts, cells[AOC_PRIMARY], &len);
            see(seen, text, len);
        }
    }
}

static int number_codes(struct writing *w, struct error *err)
{
    uint8_t *seen = calloc(PROC_PACKED_END, 1);
    uint32_t count = 0;
    int rc = 0;

    w->ordinal = malloc(PROC_PACKED_END * sizeof *w->ordinal);
    w->packed = malloc((PROC_CODES_MAX + 1) * sizeof *w->packed);
    if (seen == NULL || w->ordinal == NULL || w->packed == NULL) {
        rc = error_memory(err);
        goto done;
    }
    for (size_t s = 0; s < w->plan->count; s++)
        for (size_t r = 0; r < w->plan->series[s].releases; r++) {
            const struct plan_release *release = &w->plan->series[s].release[r];

            for (size_t f = 0; f < release->files; f++)
                see_batch(w->collection->texts,
                    &w->collection->file[release->file[f]].batch, seen);
        }
    for (uint32_t packed = 0; packed < PROC_PACKED_END; packed++) {
        w->ordinal[packed] = ORDINAL_NONE;
        if (!seen[packed])
            continue;
        if (count == PROC_CODES_MAX) {
            rc = error_set(err, ERR_LIMIT, 0, "more than %d procedure codes",
                PROC_CODES_MAX);
            goto done;
        }
        w->ordinal[packed] = (uint16_t)count;
        w->packed[count++] = packed;
    }
    w->procedures = count;
    w->counts->procedures = count;
done:
    free(seen);
    return rc;
}

/* --- what speaks of them ---------------------------------------------------
 */

static bool listed(const struct listing *listing, uint32_t ordinal, size_t r)
{
    return (listing->bits[ordinal][r / 64] >> r % 64 & 1) != 0;
}

static int add_listing(
    struct proof *p, const struct plan_series *series, struct error *err)
{
    struct writing *w = p->w;
    struct listing *listing = &p->listing[p->listings];

    listing->series = series;
    listing->bits = calloc(w->procedures + 1, sizeof *listing->bits);
    if (listing->bits == NULL)
        return error_memory(err);
    p->listings++;
    if (series->table == TABLE_PFS)
        p->pfs = listing;
    for (size_t r = 0; r < series->releases; r++)
        for (size_t f = 0; f < series->release[r].files; f++) {
            const struct batch *batch =
                &w->collection->file[series->release[r].file[f]].batch;

            for (uint32_t i = 0; i < batch->rows; i++) {
                size_t len;
                const char *key = texts_get(w->collection->texts,
                    batch->cells[(size_t)i * batch->columns], &len);
                const uint32_t packed =
                    len >= PROC_LEN ? proc_pack(key) : PROC_NONE;

                if (packed != PROC_NONE)
                    listing->bits[w->ordinal[packed]][r / 64] |= (uint64_t)1
                                                                 << r % 64;
            }
        }
    return 0;
}

static int interval_order(const void *a, const void *b)
{
    const struct interval *one = a, *two = b;

    if (one->ordinal != two->ordinal)
        return one->ordinal < two->ordinal ? -1 : 1;
    if (one->added != two->added)
        return one->added < two->added ? -1 : 1;
    return (one->last > two->last) - (one->last < two->last);
}

static day_t text_day(const struct texts *texts, uint32_t id, day_t otherwise)
{
    size_t len;
    const char *text = texts_get(texts, id, &len);
    day_t day;

    return day_parse_compact(&day, text, len) == 0 ? day : otherwise;
}

/* Reads the lives of all HCPCS codes; of one that began on the same day in
 * several releases the newest release tells how it ended. */
static int add_intervals(struct proof *p, struct error *err)
{
    struct writing *w = p->w;
    const struct texts *texts = w->collection->texts;
    size_t kept = 0, at = 0;

    for (size_t r = 0; r < p->hcpcs->releases; r++)
        for (size_t f = 0; f < p->hcpcs->release[r].files; f++) {
            const struct batch *batch =
                &w->collection->file[p->hcpcs->release[r].file[f]].batch;

            for (uint32_t i = 0; i < batch->rows; i++) {
                const uint32_t *cells =
                    batch->cells + (size_t)i * batch->columns;
                size_t len;
                const char *key = texts_get(texts, cells[HCPCS_CODE], &len);
                const uint32_t packed =
                    len >= PROC_LEN ? proc_pack(key) : PROC_NONE;

                if (packed == PROC_NONE)
                    continue; /* a modifier */
                if (p->intervals == p->interval_capacity) {
                    const size_t capacity = p->interval_capacity * 2 + 4096;
                    struct interval *grown =
                        realloc(p->interval, capacity * sizeof *grown);

                    if (grown == NULL)
                        return error_memory(err);
                    p->interval = grown;
                    p->interval_capacity = capacity;
                }
                p->interval[p->intervals++] = (struct interval){
                    .ordinal = w->ordinal[packed],
                    .added = text_day(texts, cells[HCPCS_ADDED], DAY_UNKNOWN),
                    .ended = text_day(texts, cells[HCPCS_TERMINATED], DAY_OPEN),
                    .last = (uint8_t)r};
            }
        }
    if (p->intervals > 0)
        qsort(p->interval, p->intervals, sizeof *p->interval, interval_order);
    for (size_t i = 0; i < p->intervals; i++) {
        const struct interval *next = &p->interval[i + 1];

        if (i + 1 < p->intervals && next->ordinal == p->interval[i].ordinal &&
            next->added == p->interval[i].added)
            continue; /* the newer release says it again */
        p->interval[kept++] = p->interval[i];
    }
    p->intervals = kept;
    p->first_interval = malloc((w->procedures + 1) * sizeof *p->first_interval);
    if (p->first_interval == NULL)
        return error_memory(err);
    for (uint32_t code = 0; code <= w->procedures; code++) {
        while (at < p->intervals && p->interval[at].ordinal < code)
            at++;
        p->first_interval[code] = (uint32_t)at;
    }
    return 0;
}

static int add_edits(struct proof *p, struct error *err)
{
    struct writing *w = p->w;

    p->in_edits = calloc(w->procedures + 1, 1);
    if (p->in_edits == NULL)
        return error_memory(err);
    for (size_t s = 0; s < w->plan->count; s++) {
        const struct plan_series *series = &w->plan->series[s];

        if (series->table != TABLE_PTP)
            continue;
        if (p->ptp == NULL ||
            p->ptp->release[0].release.to < series->release[0].release.to)
            p->ptp = series;
    }
    if (p->ptp == NULL)
        return 0;
    for (size_t f = 0; f < p->ptp->release[0].files; f++) {
        const struct edits *edits =
            &w->collection->file[p->ptp->release[0].file[f]].batch.edits;

        for (uint32_t i = 0; i < edits->rows; i++)
            if (edit_deleted(&edits->row[i]) == DAY_OPEN &&
                edits->row[i].indicator != INDICATOR_NOT_APPLICABLE) {
                p->in_edits[w->ordinal[edits->row[i].column1]] = 1;
                p->in_edits[w->ordinal[edits->row[i].column2]] = 1;
            }
    }
    return 0;
}

/* --- judging one code on one day -------------------------------------------
 */

static struct proc_span say(enum validity validity, enum evidence evidence,
    uint8_t series, size_t release)
{
    return (struct proc_span){.validity = validity,
        .evidence = evidence,
        .series = series,
        .release = (uint8_t)release};
}

/* How a listing speaks of a code on a day; EVIDENCE_NONE when it does not. */
static struct proc_span judge_listing(const struct proof *p,
    const struct listing *listing, uint32_t ordinal, day_t day)
{
    const struct plan_series *series = listing->series;
    const uint8_t number = series_number(p->w->plan, series);
    const struct proc_span nothing = say(VALIDITY_UNKNOWN, EVIDENCE_NONE, 0, 0);
    size_t at = series->releases, earlier;
    bool here, had = false;

    while (at > 0 && series->release[at - 1].release.from > day)
        at--;
    if (at-- == 0)
        return nothing; /* before the first release */
    here = listed(listing, ordinal, at);
    for (earlier = 0; earlier < at; earlier++)
        had = had || listed(listing, ordinal, earlier);
    if (day <= series->release[at].release.to)
        return here ? say(VALIDITY_VALID, EVIDENCE_LISTED, number, at)
               : had && !series->release[at].release.partial
                   ? say(VALIDITY_NOT_VALID, EVIDENCE_NOT_LISTED, number, at)
                   : nothing;
    if (at + 1 == series->releases) {
        if (day - series->release[at].release.to > STALE_DAYS)
            return nothing;
        return here ? say(VALIDITY_VALID, EVIDENCE_STALE, number, at)
               : had && !series->release[at].release.partial
                   ? say(VALIDITY_NOT_VALID, EVIDENCE_NOT_LISTED, number, at)
                   : nothing;
    }
    if (here != listed(listing, ordinal, at + 1))
        return say(VALIDITY_UNKNOWN, EVIDENCE_GAP, number, at);
    if (here)
        return say(VALIDITY_VALID, EVIDENCE_AGREED, number, at);
    return had ? say(VALIDITY_NOT_VALID, EVIDENCE_NOT_LISTED, number, at)
               : nothing;
}

/* By a HCPCS code's own dates. */
static struct proc_span judge_dates(
    const struct proof *p, uint32_t ordinal, day_t day)
{
    const uint32_t first = p->first_interval[ordinal];
    const uint32_t end = p->first_interval[ordinal + 1];
    const struct plan_series *series = p->hcpcs;
    const uint8_t number = series_number(p->w->plan, series);
    const size_t newest = series->releases - 1;
    const struct interval *life;
    day_t last_listed, first_missing;
    uint32_t i = end;

    while (i > first && p->interval[i - 1].added > day)
        i--;
    if (i == first)
        return say(VALIDITY_NOT_VALID, EVIDENCE_NOT_YET, number,
            p->interval[first].last);
    life = &p->interval[i - 1];
    if (day > life->ended)
        return say(VALIDITY_NOT_VALID, EVIDENCE_ENDED, number, life->last);
    if (life->ended != DAY_OPEN)
        return say(VALIDITY_VALID, EVIDENCE_DATES, number, life->last);
    last_listed = series->release[life->last].release.to;
    if (life->last == newest) {
        if (day <= last_listed)
            return say(VALIDITY_VALID, EVIDENCE_DATES, number, life->last);
        return day - last_listed <= STALE_DAYS
                   ? say(VALIDITY_VALID, EVIDENCE_STALE, number, life->last)
                   : say(VALIDITY_UNKNOWN, EVIDENCE_NONE, number, life->last);
    }
    first_missing = series->release[life->last + 1u].release.from;
    if (day <= last_listed && day < first_missing)
        return say(VALIDITY_VALID, EVIDENCE_DATES, number, life->last);
    if (day < first_missing)
        return say(VALIDITY_UNKNOWN, EVIDENCE_GAP, number, life->last);
    return say(
        VALIDITY_NOT_VALID, EVIDENCE_NOT_LISTED, number, life->last + 1u);
}

/* The last days of codes that the table of timed codes tells as ended: all
 * their rows have an end. */
static int add_ends(struct proof *p, struct error *err)
{
    const struct writing *w = p->w;

    p->ended = calloc(w->procedures + 1, sizeof *p->ended);
    if (p->ended == NULL)
        return error_memory(err);
    for (uint32_t code = 0; code < w->procedures; code++)
        p->ended[code] = DAY_UNKNOWN;
    for (size_t r = 0; p->timed != NULL && r < p->timed->releases; r++)
        for (size_t f = 0; f < p->timed->release[r].files; f++) {
            const struct batch *batch =
                &w->collection->file[p->timed->release[r].file[f]].batch;

            for (uint32_t i = 0; i < batch->rows; i++) {
                const uint32_t *cells =
                    batch->cells + (size_t)i * batch->columns;
                const day_t end =
                    text_day(w->collection->texts, cells[TIMED_TO], DAY_OPEN);
                size_t len;
                const char *key =
                    texts_get(w->collection->texts, cells[TIMED_CODE], &len);
                const uint32_t packed =
                    len == PROC_LEN ? proc_pack(key) : PROC_NONE;
                day_t *last =
                    packed == PROC_NONE ? NULL : &p->ended[w->ordinal[packed]];

                if (last != NULL && end > *last)
                    *last = end;
            }
        }
    return 0;
}

/* The PFS covers numeric, T and F codes: leaving it means ending. */
static bool pfs_covers(uint32_t packed)
{
    char text[PROC_LEN + 1];

    proc_unpack(text, packed);
    return text[0] >= '0' && text[0] <= '9' &&
           (text[4] == 'T' || text[4] == 'F' ||
               (text[4] >= '0' && text[4] <= '9'));
}

/* How much a statement weighs. What a release in force says comes before what
 * is concluded around it; any list witnesses that a code lives, but only the
 * PFS that it does not. */
static int weight(const struct proc_span *span)
{
    if (span->validity == VALIDITY_NOT_VALID)
        return 4;
    switch (span->evidence) {
    case EVIDENCE_LISTED:
        return 5;
    case EVIDENCE_AGREED:
    case EVIDENCE_EDITS:
        return 3;
    case EVIDENCE_GAP:
        return 2;
    case EVIDENCE_STALE:
        return 1;
    default:
        return 0;
    }
}

static struct proc_span judge(
    const struct proof *p, uint32_t ordinal, day_t day)
{
    struct proc_span best = say(VALIDITY_UNKNOWN, EVIDENCE_NONE, 0, 0);
    const bool covered = pfs_covers(p->w->packed[ordinal]);

    if (p->hcpcs != NULL && p->first_interval != NULL &&
        p->first_interval[ordinal] < p->first_interval[ordinal + 1])
        return judge_dates(p, ordinal, day);
    for (size_t i = 0; i < p->listings; i++) {
        const struct listing *listing = &p->listing[i];
        const struct proc_span one = judge_listing(p, listing, ordinal, day);

        if (one.validity != VALIDITY_VALID && (listing != p->pfs || !covered))
            continue;
        if (weight(&one) > weight(&best))
            best = one;
    }
    if (p->ptp != NULL && p->in_edits[ordinal] &&
        p->ptp->release[0].release.from <= day &&
        day <= p->ptp->release[0].release.to) {
        const struct proc_span one = say(VALIDITY_VALID, EVIDENCE_EDITS,
            series_number(p->w->plan, p->ptp), 0);

        if (weight(&one) > weight(&best))
            best = one;
    }
    /* Where no release speaks of the day, the project's own table may know that
     * the code had ended long before. */
    if (best.evidence == EVIDENCE_NONE && p->ended[ordinal] != DAY_UNKNOWN &&
        day > p->ended[ordinal])
        return say(VALIDITY_NOT_VALID, EVIDENCE_ENDED,
            series_number(p->w->plan, p->timed), 0);
    return best;
}

/* --- spans -----------------------------------------------------------------
 */

static void add_break(day_t *breaks, size_t *count, day_t day)
{
    if (*count < BREAKS_MAX)
        breaks[(*count)++] = day;
}

static void add_release_breaks(
    const struct plan_series *series, day_t *breaks, size_t *count)
{
    for (size_t r = 0; r < series->releases; r++) {
        const struct release *release = &series->release[r].release;

        add_break(breaks, count, release->from);
        add_break(breaks, count, release->to + 1);
        add_break(breaks, count, release->to + STALE_DAYS + 1);
    }
}

static int day_order(const void *a, const void *b)
{
    const day_t one = *(const day_t *)a, two = *(const day_t *)b;

    return (one > two) - (one < two);
}

static int add_spans(struct proof *p, struct error *err)
{
    struct writing *w = p->w;
    day_t common[BREAKS_MAX], breaks[BREAKS_MAX];
    size_t commons = 0;

    for (size_t i = 0; i < p->listings; i++)
        add_release_breaks(p->listing[i].series, common, &commons);
    if (p->hcpcs != NULL)
        add_release_breaks(p->hcpcs, common, &commons);
    if (p->ptp != NULL)
        add_release_breaks(p->ptp, common, &commons);
    for (uint32_t code = 0; code < w->procedures; code++) {
        struct proc_span last = {0};
        size_t count = commons;

        memcpy(breaks, common, commons * sizeof *breaks);
        if (p->first_interval != NULL)
            for (uint32_t i = p->first_interval[code];
                 i < p->first_interval[code + 1]; i++) {
                if (p->interval[i].added != DAY_UNKNOWN)
                    add_break(breaks, &count, p->interval[i].added);
                if (p->interval[i].ended != DAY_OPEN)
                    add_break(breaks, &count, p->interval[i].ended + 1);
            }
        if (p->ended[code] != DAY_UNKNOWN && p->ended[code] != DAY_OPEN)
            add_break(breaks, &count, p->ended[code] + 1);
        qsort(breaks, count, sizeof *breaks, day_order);
        w->first_span[code] = (uint32_t)(w->spans.len / sizeof last);
        for (size_t i = 0; i <= count; i++) {
            const day_t from = i == 0 ? DAY_UNKNOWN : breaks[i - 1];
            struct proc_span span = judge(p, code, from);

            if (i > 0 && span.validity == last.validity &&
                span.evidence == last.evidence && span.series == last.series &&
                span.release == last.release)
                continue;
            span.from = from;
            span.to = DAY_OPEN; /* the next one's first day tells */
            if (i > 0 && last.from == from)
                w->spans.len -= sizeof last; /* two breaks on one day */
            buffer_add(&w->spans, &span, sizeof span);
            last = span;
        }
    }
    w->first_span[w->procedures] =
        (uint32_t)(w->spans.len / sizeof(struct proc_span));
    return w->spans.failed ? error_memory(err) : 0;
}

static void proof_clear(struct proof *p)
{
    for (size_t i = 0; i < p->listings; i++)
        free(p->listing[i].bits);
    free(p->interval);
    free(p->first_interval);
    free(p->in_edits);
    free(p->ended);
}

int write_proc(struct writing *w, struct error *err)
{
    struct proof p = {.w = w};
    struct proc_source source;
    struct buffer blob = {0};
    int rc = number_codes(w, err);

    if (rc != 0)
        return rc;
    w->first_span = malloc((w->procedures + 1) * sizeof *w->first_span);
    if (w->first_span == NULL)
        return error_memory(err);
    for (size_t s = 0; rc == 0 && s < w->plan->count; s++) {
        const struct plan_series *series = &w->plan->series[s];

        if (series->table == TABLE_HCPCS)
            p.hcpcs = series;
        else if (series->table == TABLE_TIMED)
            p.timed = series;
        else if (series->table == TABLE_PFS || series->table == TABLE_MUE)
            rc = add_listing(&p, series, err);
    }
    if (rc == 0 && p.hcpcs != NULL)
        rc = add_intervals(&p, err);
    if (rc == 0)
        rc = add_edits(&p, err);
    if (rc == 0)
        rc = add_ends(&p, err);
    if (rc == 0)
        rc = add_spans(&p, err);
    if (rc == 0) {
        source = (struct proc_source){.count = w->procedures,
            .packed = w->packed,
            .first_span = w->first_span,
            .spans = (const struct proc_span *)(const void *)w->spans.data};
        rc = proc_table_write(&blob, &source, err);
    }
    if (rc == 0)
        rc = writer_blob(w->writer, "proc", 4, &blob, err);
    buffer_clear(&blob);
    proof_clear(&p);
    return rc;
}

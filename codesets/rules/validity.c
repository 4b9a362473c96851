#include "codesets/rules/validity.h"

#include <assert.h>
#include <string.h>

#include "codesets/store/table.h"

static void push(struct code_spans *out, day_t from, enum validity validity,
    enum evidence evidence, uint8_t series, size_t release)
{
    struct proc_span *last;

    if (out->count > 0) {
        last = &out->span[out->count - 1];
        if (last->from >= from)
            out->count--; /* an empty stretch: the later statement holds */
        else
            last->to = from - 1;
    }
    if (out->count == VALIDITY_SPANS_MAX)
        return;
    out->span[out->count++] = (struct proc_span){.from = from,
        .to = DAY_OPEN,
        .validity = validity,
        .evidence = evidence,
        .series = series,
        .release = (uint8_t)release};
}

/* What absence from a complete release says: a code that an earlier release
 * had is gone; one that none had was not there yet, or nobody looked. */
static void push_absent(struct code_spans *out, day_t from, bool partial,
    bool seen, uint8_t series, size_t release)
{
    if (partial)
        push(out, from, VALIDITY_UNKNOWN, EVIDENCE_NONE, series, release);
    else
        push(out, from, seen ? VALIDITY_NOT_VALID : VALIDITY_UNKNOWN,
            EVIDENCE_NOT_LISTED, series, release);
}

void spans_of_listing(
    struct code_spans *out, const struct series *series, const uint8_t *listed)
{
    bool seen = false;

    assert(series->releases == 0 || series->release != NULL);
    out->count = 0;
    push(out, DAY_UNKNOWN, VALIDITY_UNKNOWN, EVIDENCE_NONE, series->id, 0);
    for (size_t r = 0; r < series->releases; r++) {
        const struct release *now = &series->release[r];
        const struct release *next =
            r + 1 < series->releases ? &series->release[r + 1] : NULL;
        const bool absent_partial =
            (!listed[r] && now->partial) ||
            (next != NULL && !listed[r + 1] && next->partial);

        if (listed[r])
            push(
                out, now->from, VALIDITY_VALID, EVIDENCE_LISTED, series->id, r);
        else
            push_absent(out, now->from, now->partial, seen, series->id, r);
        seen = seen || listed[r];
        if (now->to == DAY_OPEN)
            continue;
        if (next == NULL) {
            if (listed[r])
                push(out, now->to + 1, VALIDITY_VALID, EVIDENCE_STALE,
                    series->id, r);
            push(out, now->to + STALE_DAYS + 1, VALIDITY_UNKNOWN, EVIDENCE_NONE,
                series->id, r);
        } else if (now->to + 1 < next->from) {
            if (listed[r] && listed[r + 1])
                push(out, now->to + 1, VALIDITY_VALID, EVIDENCE_AGREED,
                    series->id, r);
            else if (listed[r] != listed[r + 1])
                push(out, now->to + 1, VALIDITY_UNKNOWN, EVIDENCE_GAP,
                    series->id, r);
            else
                push_absent(
                    out, now->to + 1, absent_partial, seen, series->id, r);
        }
    }
}

/* From first to last day of something that has dates of its own. */
static void spans_of_dates(struct code_spans *out, uint8_t series,
    size_t release, day_t from, day_t to)
{
    const bool dated = from != DAY_UNKNOWN || to != DAY_OPEN;

    out->count = 0;
    push(out, DAY_UNKNOWN,
        from == DAY_UNKNOWN ? VALIDITY_VALID : VALIDITY_NOT_VALID,
        from == DAY_UNKNOWN ? (dated ? EVIDENCE_DATES : EVIDENCE_LISTED)
                            : EVIDENCE_NOT_YET,
        series, release);
    if (from != DAY_UNKNOWN)
        push(out, from, VALIDITY_VALID, EVIDENCE_DATES, series, release);
    if (to != DAY_OPEN)
        push(out, to + 1, VALIDITY_NOT_VALID, EVIDENCE_ENDED, series, release);
}

static const struct series *plain_series(
    const struct store *store, enum table table)
{
    return store_series(store, table, SETTING_NONE, PROGRAM_NONE);
}

static int procedure_spans(struct code_spans *out, const struct store *store,
    const char *code, size_t len)
{
    const uint32_t packed = len == PROC_LEN ? proc_pack(code) : PROC_NONE;
    const uint32_t ordinal = proc_find(&store->proc, packed);

    out->count = 0;
    if (ordinal == PROC_ORDINAL_NONE)
        return ERR_NOTFOUND;
    while (out->count < VALIDITY_SPANS_MAX &&
           proc_span_at(&store->proc, ordinal, (uint32_t)out->count,
               &out->span[out->count]))
        out->count++;
    return 0;
}

/* The first day of a code as the conversion table tells it, DAY_UNKNOWN when it
 * does not. */
static int begins(day_t *out, const struct store *store, const char *code,
    size_t len, struct error *err)
{
    struct rows rows;
    struct row row;
    int rc = rows_find(
        &rows, store, plain_series(store, TABLE_CONVERSION), code, len, err);

    *out = DAY_UNKNOWN;
    if (rc != 0)
        return rc == ERR_NOTFOUND ? 0 : rc;
    while ((rc = rows_next(&rows, &row, err)) > 0)
        *out = row_day(store, &row, CONVERSION_EFFECTIVE, *out);
    return rc;
}

/* Between the first release and `release`, the first that lists the code, it
 * was not there before `day` and was from then on. Nothing is said where the
 * releases contradict: one that should list it and does not, or one that lists
 * it too early. */
static void begin_on(struct code_spans *out, const struct series *icd,
    size_t release, const struct series *conversion, day_t day)
{
    const day_t start = icd->release[0].from,
                listed = icd->release[release].from;
    const size_t newest = conversion->releases - 1;
    struct code_spans listing;

    if (day > listed)
        return;
    for (size_t r = 0; r < release; r++)
        if (icd->release[r].from >= day && !icd->release[r].partial)
            return;
    listing.count = out->count;
    memcpy(listing.span, out->span, out->count * sizeof *out->span);
    out->count = 0;
    push(out, DAY_UNKNOWN, VALIDITY_UNKNOWN, EVIDENCE_NONE, icd->id, 0);
    if (start < day)
        push(out, start, VALIDITY_NOT_VALID, EVIDENCE_NOT_YET, conversion->id,
            newest);
    if (day < listed)
        push(out, day < start ? start : day, VALIDITY_VALID, EVIDENCE_DATES,
            conversion->id, newest);
    for (size_t i = 0; i < listing.count; i++)
        if (listing.span[i].from >= listed)
            push(out, listing.span[i].from, listing.span[i].validity,
                listing.span[i].evidence, listing.span[i].series,
                listing.span[i].release);
}

static int icd_spans_of(struct code_spans *out, struct rows rows,
    const char *code, size_t len, struct error *err)
{
    const struct series *conversion =
        plain_series(rows.store, TABLE_CONVERSION);
    uint8_t listed[STORE_RELEASES_MAX] = {0};
    size_t first = rows.series->releases;
    struct row row;
    day_t day;
    int rc;

    while ((rc = rows_next(&rows, &row, err)) > 0) {
        memset(listed + row.first_release, 1,
            row.last_release - row.first_release + 1);
        first = row.first_release < first ? row.first_release : first;
    }
    if (rc != 0)
        return rc;
    spans_of_listing(out, rows.series, listed);
    if (first == 0 || first == rows.series->releases || conversion == NULL)
        return 0;
    rc = begins(&day, rows.store, code, len, err);
    if (rc == 0 && day != DAY_UNKNOWN)
        begin_on(out, rows.series, first, conversion, day);
    return rc;
}

static int icd_spans(struct code_spans *out, const struct store *store,
    const char *code, size_t len, struct error *err)
{
    struct rows rows;
    const int rc = rows_find(
        &rows, store, plain_series(store, TABLE_ICD10CM), code, len, err);

    return rc == 0 ? icd_spans_of(out, rows, code, len, err) : rc;
}

static int modifier_spans(struct code_spans *out, const struct rules *rules,
    const char *code, size_t len)
{
    const uint16_t packed =
        len == MODIFIER_LEN ? modifier_pack(code) : MODIFIER_NONE;
    const struct modifier_rule *rule;
    const struct series *series;

    if (packed == MODIFIER_NONE)
        return ERR_NOTFOUND;
    rule = &rules->modifiers.rule[packed];
    series = plain_series(rules->store,
        (rule->flags & MODIFIER_IN_HCPCS) != 0 ? TABLE_HCPCS : TABLE_MODIFIER);
    if ((rule->flags & MODIFIER_KNOWN) == 0 || series == NULL)
        return ERR_NOTFOUND;
    spans_of_dates(out, series->id, series->releases - 1, rule->from, rule->to);
    return 0;
}

static int local_spans(struct code_spans *out, const struct store *store,
    const char *code, size_t len, struct error *err)
{
    const struct series *series = plain_series(store, TABLE_LOCAL);
    day_t from = DAY_OPEN, to = DAY_UNKNOWN;
    struct rows rows;
    struct row row;
    int rc = rows_find(&rows, store, series, code, len, err);

    if (rc != 0)
        return rc;
    while ((rc = rows_next(&rows, &row, err)) > 0) {
        const day_t first = row_day(store, &row, LOCAL_FROM, DAY_UNKNOWN);
        const day_t last = row_day(store, &row, LOCAL_TO, DAY_OPEN);

        from = first < from ? first : from;
        to = last > to ? last : to;
    }
    if (rc == 0)
        spans_of_dates(out, series->id, series->releases - 1, from, to);
    return rc;
}

int validity_spans(struct code_spans *out, const struct rules *rules,
    enum code_system system, const char *code, size_t len, struct error *err)
{
    switch (system) {
    case SYSTEM_ICD10CM:
        return icd_spans(out, rules->store, code, len, err);
    case SYSTEM_MODIFIER:
        return modifier_spans(out, rules, code, len);
    case SYSTEM_LOCAL:
        return local_spans(out, rules->store, code, len, err);
    default:
        return procedure_spans(out, rules->store, code, len);
    }
}

/* The run of valid stretches around index i. */
static void life_around(
    struct code_state *out, const struct code_spans *spans, size_t i)
{
    size_t first = i, last = i;

    while (first > 0 && spans->span[first - 1].validity == VALIDITY_VALID)
        first--;
    while (last + 1 < spans->count &&
           spans->span[last + 1].validity == VALIDITY_VALID)
        last++;
    /* A bound is told only where the other side says that it was not valid,
     * or where a complete release did not have it yet. */
    if (first > 0 &&
        (spans->span[first - 1].validity == VALIDITY_NOT_VALID ||
            spans->span[first - 1].evidence == EVIDENCE_NOT_LISTED))
        out->valid_from = spans->span[first].from;
    if (last + 1 < spans->count &&
        spans->span[last + 1].validity == VALIDITY_NOT_VALID)
        out->valid_to = spans->span[last].to;
}

static bool speaks_of_period(enum evidence evidence)
{
    return evidence != EVIDENCE_NONE && evidence != EVIDENCE_ENDED &&
           evidence != EVIDENCE_NOT_YET;
}

static void name_source(
    struct code_state *out, const struct store *store, day_t day)
{
    const struct release *newest;

    if (out->series == NULL || out->series->releases == 0)
        return;
    newest = &out->series->release[out->series->releases - 1];
    if (speaks_of_period(out->evidence) && day > newest->to &&
        table_schema(out->series->table)->kind != SERIES_UNDATED) {
        out->stale = true;
        out->covered_to = newest->to;
    }
}

void validity_judge(struct code_state *out, const struct store *store,
    const struct code_spans *spans, day_t day)
{
    const struct proc_span *span;
    size_t at = 0, i;

    *out = (struct code_state){.from = DAY_UNKNOWN,
        .to = DAY_OPEN,
        .valid_from = DAY_UNKNOWN,
        .valid_to = DAY_OPEN,
        .covered_to = DAY_OPEN};
    if (spans->count == 0)
        return;
    while (at + 1 < spans->count && spans->span[at + 1].from <= day)
        at++;
    span = &spans->span[at];
    out->validity = span->validity;
    out->evidence = span->evidence;
    out->from = span->from;
    out->to = span->to;
    if (span->evidence != EVIDENCE_NONE &&
        span->series < store_series_count(store)) {
        out->series = store_series_at(store, span->series);
        if (span->release < out->series->releases)
            out->release = &out->series->release[span->release];
    }
    name_source(out, store, day);
    for (i = at + 1; i > 0; i--)
        if (spans->span[i - 1].validity == VALIDITY_VALID) {
            life_around(out, spans, i - 1);
            return;
        }
    for (i = at + 1; i < spans->count; i++)
        if (spans->span[i].validity == VALIDITY_VALID) {
            life_around(out, spans, i);
            return;
        }
    /* Nobody tells of a day on which it was valid; one may tell of the last. */
    for (i = 0; i < spans->count; i++)
        if (spans->span[i].evidence == EVIDENCE_ENDED) {
            out->valid_to = spans->span[i].from - 1;
            return;
        }
}

int validity_on(struct code_state *out, const struct rules *rules,
    enum code_system system, const char *code, size_t len, day_t day,
    struct error *err)
{
    struct code_spans spans;
    const int rc = validity_spans(&spans, rules, system, code, len, err);

    if (rc == 0)
        validity_judge(out, rules->store, &spans, day);
    return rc;
}

/* ---- ICD-10-CM: to be billed? */

/* The flag of the order file: a header is a code, but not one to bill. */
static enum validity flag_of(const struct store *store, const struct row *row)
{
    return strcmp(row_text(store, row, ICD_BILLABLE, NULL), "0") != 0
               ? VALIDITY_VALID
               : VALIDITY_NOT_VALID;
}

/* The flag of a code that is valid on the day. In a gap a code may stand on one
 * side alone: the conversion table has told that it was there. */
static int read_flag(struct icd_state *out, const struct rows *rows, day_t day,
    struct error *err)
{
    const struct store *store = rows->store;
    const bool began = out->code.evidence == EVIDENCE_DATES;
    struct snapshot at;
    const int rc = snapshot_pick(&at, rows, day, err);
    const struct row *row = at.found ? &at.row : &at.next_row;
    uint32_t release;

    if (rc != 0 || (!at.found && !(at.next_found && began)))
        return rc;
    release = at.found ? at.release : at.next;
    out->billable = flag_of(store, row);
    out->release = rows->series->release[release].label;
    out->source = row_source(store, row, release);
    if (at.found && at.state == SNAPSHOT_GAP && at.next_found &&
        flag_of(store, &at.next_row) != out->billable) {
        out->billable = VALIDITY_UNKNOWN;
        out->billable_uncertain = true;
    }
    return 0;
}

int icd_state_of(struct icd_state *out, const struct rows *rows,
    const char *code, size_t len, day_t day, struct error *err)
{
    struct code_spans spans;
    int rc = icd_spans_of(&spans, *rows, code, len, err);

    *out = (struct icd_state){.release = NULL};
    if (rc != 0)
        return rc;
    validity_judge(&out->code, rows->store, &spans, day);
    out->billable = out->code.validity;
    if (out->code.validity == VALIDITY_VALID) {
        out->billable = VALIDITY_UNKNOWN;
        rc = read_flag(out, rows, day, err);
    }
    return rc;
}

void icd_day_begin(struct icd_day *out, const struct store *store, day_t day)
{
    const struct series *icd = plain_series(store, TABLE_ICD10CM);
    uint8_t listed[STORE_RELEASES_MAX];
    struct code_spans spans;
    struct snapshot at;

    spans.count = 0; /* its stretches need no zeroing: there is room for many */
    if (icd != NULL) {
        memset(listed, 1, icd->releases);
        spans_of_listing(&spans, icd, listed);
    }
    validity_judge(&out->code, store, &spans, day);
    series_at(icd, day, &at);
    out->store = store;
    out->answers = snapshot_answers(&at);
}

bool icd_always_listed(const struct row *row)
{
    return row->first_release == 0 &&
           row->last_release + 1 == row->series->releases;
}

enum validity icd_always_billable(
    const struct icd_day *day, const struct row *row)
{
    if (day->code.validity != VALIDITY_VALID)
        return day->code.validity;
    return day->answers ? flag_of(day->store, row) : VALIDITY_UNKNOWN;
}

int icd_state_on(struct icd_state *out, const struct store *store,
    const char *code, size_t len, day_t day, struct error *err)
{
    struct rows rows;
    const int rc = rows_find(
        &rows, store, plain_series(store, TABLE_ICD10CM), code, len, err);

    return rc == 0 ? icd_state_of(out, &rows, code, len, day, err) : rc;
}

const char *validity_name(enum validity validity)
{
    static const char *const names[] = {"unknown", "valid", "not_valid"};

    return (unsigned)validity <= VALIDITY_NOT_VALID ? names[validity]
                                                    : names[0];
}

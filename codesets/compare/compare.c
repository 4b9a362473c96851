#include "codesets/compare/compare.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/compare/compare_parts.h"
#include "codesets/rules/modifiers.h"

static const char *const kind_names[CHANGE_KINDS] = {"added", "ended",
    "restored", "reused", "dropped", "billable", "title", "revised", "limit",
    "listed", "unlisted", "edit_begins", "edit_ends", "edit_changed",
    "edit_reversed", "edit_corrected", "edit_withdrawn"};

const char *change_kind_name(enum change_kind kind)
{
    return (unsigned)kind < CHANGE_KINDS ? kind_names[kind] : "";
}

int change_kind_parse(enum change_kind *out, const char *name, size_t len)
{
    for (int i = 0; i < CHANGE_KINDS; i++)
        if (strlen(kind_names[i]) == len &&
            memcmp(kind_names[i], name, len) == 0) {
            *out = (enum change_kind)i;
            return 0;
        }
    return ERR_INPUT;
}

const char *compare_fault_name(enum compare_fault fault)
{
    static const char *const names[] = {
        "", "not_loaded", "no_release_before", "too_early", "too_late"};

    return names[fault];
}

const char *compare_fault_text(enum compare_fault fault)
{
    static const char *const texts[] = {"", "one side has not loaded it",
        "no release before the newest is loaded",
        "a day lies before the first loaded release",
        "a day lies long after the newest loaded release"};

    return texts[fault];
}

/* --- which lists stand beside each other ------------------------------------
 */

static const struct series *same_series(
    const struct store *store, const struct series *other)
{
    return store_series(store, other->table, other->setting, other->program);
}

static enum series_kind kind_of(const struct compare_series *series)
{
    return table_schema(series->table)->kind;
}

/* Its rows carry dates of their own. */
static bool is_history(const struct compare_series *series)
{
    return series->table == TABLE_HCPCS || series->table == TABLE_AOC ||
           series->table == TABLE_PTP;
}

/* The release of a side, for its day. */
static void choose_release(
    struct compare_series *out, const struct compare_side *side, int which)
{
    const struct series *series = out->series[which];
    struct snapshot at;

    if (series == NULL || series->releases == 0) {
        out->fault = COMPARE_ONE_SIDE;
        return;
    }
    out->number[which] = (uint32_t)series->releases - 1;
    if (side->day != COMPARE_NEWEST && kind_of(out) != SERIES_UNDATED) {
        series_at(series, side->day, &at);
        out->gap |= at.state == SNAPSHOT_GAP;
        out->stale |= at.state == SNAPSHOT_STALE;
        if (at.state == SNAPSHOT_BEFORE)
            out->fault = COMPARE_TOO_EARLY;
        else if (at.state == SNAPSHOT_OUTSIDE)
            out->fault = COMPARE_TOO_LATE;
        else
            out->number[which] = at.release;
        if (out->fault != COMPARE_DONE)
            return;
    }
    out->release[which] = &series->release[out->number[which]];
    out->partial |= out->release[which]->partial;
}

/* One build: two days, or each list beside its release before. */
static void plan_one(
    struct compare_series *out, const struct compare_question *question)
{
    const struct compare_side *before = &question->side[BEFORE];
    const struct compare_side *after = &question->side[AFTER];
    const struct release *newest =
        out->series[AFTER]->releases == 0
            ? NULL
            : &out->series[AFTER]->release[out->series[AFTER]->releases - 1];
    const bool days = before->day != COMPARE_NEWEST;

    if (newest == NULL) {
        out->fault = COMPARE_ONE_SIDE;
        return;
    }
    choose_release(out, after, AFTER);
    if (days) {
        /* A day too late stays one, however early the other is. */
        if (out->fault != COMPARE_TOO_LATE)
            choose_release(out, before, BEFORE);
    } else if (out->fault == COMPARE_DONE && out->number[AFTER] > 0) {
        out->number[BEFORE] = out->number[AFTER] - 1;
        out->release[BEFORE] =
            &out->series[BEFORE]->release[out->number[BEFORE]];
        out->partial |= out->release[BEFORE]->partial;
        out->gap = out->release[BEFORE]->to != DAY_OPEN &&
                   out->release[BEFORE]->to + 1 < out->release[AFTER]->from;
    } else if (out->fault == COMPARE_DONE && !is_history(out)) {
        out->fault = COMPARE_NO_BEFORE;
    }
    if (!is_history(out))
        return;
    /* A history tells of the days before its release, too. Only of HCPCS the
     * texts of an earlier release are kept. */
    out->from = days                          ? before->day
                : newest->from == DAY_UNKNOWN ? DAY_UNKNOWN
                                              : newest->from - 1;
    out->to = after->day != COMPARE_NEWEST ? after->day : newest->to;
    if (out->fault == COMPARE_TOO_EARLY) {
        out->fault = COMPARE_DONE;
        out->release[BEFORE] = NULL;
    }
    for (int side = 0; side < SIDES; side++)
        if (out->release[side] == NULL &&
            (side == AFTER || out->table != TABLE_HCPCS)) {
            /* Its newest file tells of both days. */
            out->release[side] = newest;
            out->number[side] = (uint32_t)out->series[side]->releases - 1;
        }
}

static void plan_series(struct compare_series *out, const struct series *series,
    const struct compare_question *question)
{
    *out = (struct compare_series){.table = series->table,
        .setting = series->setting,
        .program = series->program,
        .fault = COMPARE_DONE};
    for (int side = 0; side < SIDES; side++)
        out->series[side] = same_series(question->side[side].store, series);
    if (question->side[BEFORE].store == question->side[AFTER].store) {
        plan_one(out, question);
        return;
    }
    for (int side = 0; side < SIDES; side++) {
        struct compare_side at = question->side[side];

        /* Of a history, the newest file is the record. */
        if (is_history(out) || kind_of(out) == SERIES_HISTORY)
            at.day = COMPARE_NEWEST;
        choose_release(out, &at, side);
    }
}

static bool wanted_series(
    const struct compare_question *question, const struct series *series)
{
    if (question->side[BEFORE].store == question->side[AFTER].store &&
        table_schema(series->table)->kind == SERIES_UNDATED)
        return false; /* the same on every day */
    return question->filter.tables == 0 ||
           (question->filter.tables >> series->table & 1) != 0;
}

static int series_order(const void *a, const void *b)
{
    const struct compare_series *one = a, *two = b;

    if (one->table != two->table)
        return one->table < two->table ? -1 : 1;
    if (one->program != two->program)
        return one->program < two->program ? -1 : 1;
    return one->setting < two->setting   ? -1
           : one->setting > two->setting ? 1
                                         : 0;
}

int compare_plan(struct compare_summary *summary,
    const struct compare_question *question, struct error *err)
{
    *summary = (struct compare_summary){0};
    for (int side = 0; side < SIDES; side++) {
        const struct store *store = question->side[side].store;

        for (size_t i = 0; i < store_series_count(store); i++) {
            const struct series *series = store_series_at(store, i);

            if (!wanted_series(question, series) ||
                (side == AFTER &&
                    same_series(question->side[BEFORE].store, series) != NULL))
                continue;
            if (summary->count == COMPARE_SERIES_MAX)
                return error_set(err, ERR_LIMIT, 0,
                    "more than %d lists to compare", COMPARE_SERIES_MAX);
            plan_series(&summary->series[summary->count++], series, question);
        }
    }
    qsort(summary->series, summary->count, sizeof summary->series[0],
        series_order);
    return 0;
}

/* --- telling ---------------------------------------------------------------
 */

int compare_tell(struct comparing *c, struct change *change, struct error *err)
{
    const struct compare_filter *filter = &c->question->filter;

    if (filter->kinds != 0 && (filter->kinds >> change->kind & 1) == 0)
        return 0;
    if (filter->systems != 0 &&
        (change->system == SYSTEM_COUNT ||
            (filter->systems >> change->system & 1) == 0))
        return 0;
    for (int side = 0; side < SIDES; side++)
        if (change->source[side].file != NULL &&
            *change->source[side].file == '\0')
            change->source[side].file = NULL;
    c->series->count[change->kind]++;
    c->summary->total[change->kind]++;
    c->summary->changes++;
    c->told++;
    return c->each == NULL ? 0 : c->each(c->context, change, err);
}

/* --- the walk --------------------------------------------------------------
 */

static void clear(struct comparing *c)
{
    for (int side = 0; side < SIDES; side++)
        free(c->rows[side].row);
    free(c->lives.row);
    buffer_clear(&c->list);
    for (size_t i = 0; i < COMPARE_SERIES_MAX; i++)
        compare_edits_free(c->edits[i]);
}

static uint64_t units(const struct comparing *c)
{
    switch (c->series->table) {
    case TABLE_PTP:
        return compare_edits_units(c);
    case TABLE_COVERAGE:
        return compare_coverage_units(c);
    default:
        return compare_rows_units(c);
    }
}

static int walk_series(struct comparing *c, uint64_t *at, struct error *err)
{
    switch (c->series->table) {
    case TABLE_PTP:
        return compare_edits(c, at, err);
    case TABLE_COVERAGE:
        return compare_coverage(c, at, err);
    default:
        return compare_rows(c, at, err);
    }
}

static int walk_code(struct comparing *c, const char *code, struct error *err)
{
    switch (c->series->table) {
    case TABLE_PTP:
        return compare_edits_of_code(c, code, err);
    case TABLE_COVERAGE:
        return compare_coverage_of_code(c, code, err);
    default:
        return compare_rows_of_code(c, code, err);
    }
}

/* The packed tables of a series may be missing in a damaged build. */
static bool comparable(const struct comparing *c)
{
    if (c->series->fault != COMPARE_DONE)
        return false;
    return c->series->table != TABLE_COVERAGE ||
           (store_coverage(side_store(c, BEFORE)) != NULL &&
               store_coverage(side_store(c, AFTER)) != NULL);
}

/* The lists one after the other, from the c->at-th key of c->next on. */
static int walk_lists(struct comparing *c, struct error *err)
{
    struct compare_summary *summary = c->summary;
    int rc = 0;

    while (rc == 0 && c->next < summary->count && !compare_full(c)) {
        c->series = &summary->series[c->next];
        if (comparable(c)) {
            rc = walk_series(c, &c->at, err);
            if (c->at < units(c))
                continue;
        }
        c->next++;
        c->at = 0;
    }
    return rc;
}

/* The codes one after the other, from the c->next-th on: a code is a step of
 * its own, however much there is of it. */
static int walk_codes(struct comparing *c, struct error *err)
{
    const struct compare_codes *codes = c->question->codes;
    int rc = 0;

    while (
        rc == 0 && c->next < compare_codes_count(codes) && !compare_full(c)) {
        const char *code = compare_codes_at(codes, c->next);

        if (c->question->begin_code != NULL)
            c->question->begin_code(c->context, code);
        for (size_t s = 0; rc == 0 && s < c->summary->count; s++) {
            c->series = &c->summary->series[s];
            if (comparable(c))
                rc = walk_code(c, code, err);
        }
        c->next++;
        compare_step(c, UINT32_MAX);
    }
    return rc;
}

struct compare_walk {
    struct compare_question question;
    struct compare_summary summary;
    struct comparing comparing;
};

void compare_close(struct compare_walk *walk)
{
    if (walk == NULL)
        return;
    clear(&walk->comparing);
    free(walk);
}

int compare_open(struct compare_walk **out,
    const struct compare_question *question, change_fn *each, void *context,
    struct error *err)
{
    struct compare_walk *walk = calloc(1, sizeof *walk);
    int rc;

    if (walk == NULL)
        return error_memory(err);
    walk->question = *question;
    walk->comparing = (struct comparing){.question = &walk->question,
        .summary = &walk->summary,
        .one_build =
            question->side[BEFORE].store == question->side[AFTER].store,
        .each = each,
        .context = context};
    rc = compare_plan(&walk->summary, question, err);
    if (rc != 0) {
        compare_close(walk);
        return rc;
    }
    *out = walk;
    return 0;
}

int compare_on(struct compare_walk *walk, uint32_t limit, uint32_t steps,
    struct error *err)
{
    struct comparing *c = &walk->comparing;

    c->told = c->looked = 0;
    c->limit = limit;
    c->steps = steps;
    return c->question->codes != NULL ? walk_codes(c, err) : walk_lists(c, err);
}

bool compare_done(const struct compare_walk *walk)
{
    const struct compare_codes *codes = walk->question.codes;

    return walk->comparing.next ==
           (codes != NULL ? compare_codes_count(codes) : walk->summary.count);
}

uint64_t compare_looked(const struct compare_walk *walk)
{
    return walk->comparing.looked;
}

const struct compare_summary *compare_counted(const struct compare_walk *walk)
{
    return &walk->summary;
}

/* Keys of the lists before the walk's, and those of its list before its own. */
uint64_t compare_position(struct compare_walk *walk)
{
    struct comparing *c = &walk->comparing;
    uint64_t position = c->at;

    if (compare_done(walk))
        return 0;
    for (size_t s = 0; s < c->next; s++) {
        c->series = &walk->summary.series[s];
        if (comparable(c))
            position += units(c);
    }
    return position;
}

void compare_seek(struct compare_walk *walk, uint64_t position)
{
    struct comparing *c = &walk->comparing;

    c->at = position;
    for (c->next = 0; c->next < walk->summary.count; c->next++) {
        uint64_t count;

        c->series = &walk->summary.series[c->next];
        count = comparable(c) ? units(c) : 0;
        if (c->at < count)
            return;
        c->at -= count;
    }
    c->at = 0;
}

int compare_run(struct compare_summary *summary,
    const struct compare_question *question, change_fn *each, void *context,
    struct error *err)
{
    struct compare_walk *walk;
    int rc = compare_open(&walk, question, each, context, err);

    if (rc != 0)
        return rc;
    rc = compare_on(walk, 0, 0, err);
    if (summary != NULL)
        *summary = walk->summary;
    compare_close(walk);
    return rc;
}

int compare_page(const struct compare_question *question, uint64_t *position,
    uint32_t limit, uint32_t steps, change_fn *each, void *context,
    struct error *err)
{
    struct compare_walk *walk;
    int rc = compare_open(&walk, question, each, context, err);

    if (rc != 0)
        return rc;
    compare_seek(walk, *position);
    rc = compare_on(walk, limit, steps, err);
    *position = compare_position(walk);
    compare_close(walk);
    return rc;
}

/* --- codes that are asked about ---------------------------------------------
 */

/* Its text first: lists are sorted by it. */
struct asked_code {
    char text[CODE_TEXT];
    bool shaped;
    uint32_t line;
};

struct compare_codes {
    size_t count;
    bool lines; /* more than one: a file */
    struct asked_code *code;
};

size_t compare_codes_count(const struct compare_codes *codes)
{
    return codes->count;
}

const char *compare_codes_at(const struct compare_codes *codes, size_t i)
{
    return codes->code[i].text;
}

bool compare_codes_have(const struct compare_codes *codes, const char *code)
{
    for (size_t i = 0; i < codes->count; i++)
        if (strcmp(codes->code[i].text, code) == 0)
            return true;
    return false;
}

void compare_codes_free(struct compare_codes *codes)
{
    if (codes == NULL)
        return;
    free(codes->code);
    free(codes);
}

static bool side_knows(const struct compare_side *side, const char *code)
{
    const struct code_list *list = &side->store->codes;
    const size_t len = strlen(code);
    const uint32_t at = code_lower_bound(list, code, len);
    struct code_ref ref;

    if (at >= list->count)
        return false;
    ref = code_at(list, at);
    return ref.len == len && memcmp(ref.text, code, len) == 0;
}

const char *compare_codes_unknown(const struct compare_codes *codes, size_t i,
    const struct compare_side side[SIDES])
{
    const struct asked_code *code = &codes->code[i];

    if (side_knows(&side[BEFORE], code->text) ||
        side_knows(&side[AFTER], code->text))
        return NULL;
    return code->shaped ? "in no loaded list" : "has the shape of no code";
}

int compare_codes_check(const struct compare_codes *codes,
    const struct compare_side side[SIDES], struct error *err)
{
    const struct asked_code *first = NULL;

    for (size_t i = 0; i < codes->count; i++)
        if (!codes->code[i].shaped &&
            (first == NULL || codes->code[i].line < first->line) &&
            compare_codes_unknown(codes, i, side) != NULL)
            first = &codes->code[i];
    if (first == NULL)
        return 0;
    (void)error_set(err, ERR_INPUT, 0,
        "'%s' has the shape of no code: a procedure code has five characters, "
        "a diagnosis three to seven, a modifier two",
        first->text);
    return codes->lines
               ? error_prefix(err, ERR_INPUT, "line %" PRIu32, first->line)
               : ERR_INPUT;
}

static int code_order(const void *a, const void *b)
{
    const struct asked_code *one = a, *two = b;
    const int order = strcmp(one->text, two->text);

    if (order != 0)
        return order;
    return one->line < two->line ? -1 : one->line > two->line;
}

static bool has_a_shape(const struct code_text *code)
{
    return (code->len == PROC_LEN && proc_pack(code->text) != PROC_NONE) ||
           icd_shaped(code->text, code->len) ||
           (code->len == MODIFIER_LEN &&
               modifier_pack(code->text) != MODIFIER_NONE);
}

static int no_code(const struct compare_codes *codes, const char *text,
    size_t len, uint32_t line, struct error *err)
{
    (void)error_set(err, ERR_INPUT, 0, "'%.*s' is no code",
        (int)(len < CODE_MAX ? len : CODE_MAX), text);
    return codes->lines ? error_prefix(err, ERR_INPUT, "line %" PRIu32, line)
                        : ERR_INPUT;
}

static int add_code(struct compare_codes *codes, const char *text, size_t len,
    uint32_t line, size_t max, struct error *err)
{
    struct asked_code *added;
    struct code_text code;

    if (code_text_parse(&code, text, len) != 0)
        return no_code(codes, text, len, line, err);
    if (codes->count == max)
        return error_set(err, ERR_LIMIT, 0, "at most %zu in one question", max);
    if ((codes->count & (codes->count - 1)) == 0) {
        const size_t capacity = codes->count == 0 ? 1 : codes->count * 2;
        struct asked_code *grown =
            realloc(codes->code, capacity * sizeof *grown);

        if (grown == NULL)
            return error_memory(err);
        codes->code = grown;
    }
    added = &codes->code[codes->count++];
    memcpy(added->text, code.text, CODE_TEXT);
    added->shaped = has_a_shape(&code);
    added->line = line;
    return 0;
}

/* Of one that stands twice the first line is kept. */
static void sort_codes(struct compare_codes *codes)
{
    size_t kept = 0;

    if (codes->count > 0)
        qsort(codes->code, codes->count, sizeof codes->code[0], code_order);
    for (size_t i = 0; i < codes->count; i++)
        if (kept == 0 ||
            strcmp(codes->code[kept - 1].text, codes->code[i].text) != 0)
            codes->code[kept++] = codes->code[i];
    codes->count = kept;
}

int compare_codes_parse(struct compare_codes **out, const char *text,
    size_t len, size_t max, struct error *err)
{
    static const char parting[] = " \t\r\n,;";
    struct compare_codes *codes = calloc(1, sizeof *codes);
    uint32_t line = 1;
    int rc = codes == NULL ? error_memory(err) : 0;

    if (rc == 0)
        codes->lines = memchr(text, '\n', len) != NULL;
    for (size_t at = 0; rc == 0 && at < len;) {
        size_t n = 0;

        if (text[at] == '#') {
            while (at < len && text[at] != '\n')
                at++;
            continue;
        }
        while (at + n < len && text[at + n] != '\0' && text[at + n] != '#' &&
               strchr(parting, text[at + n]) == NULL)
            n++;
        if (n > 0)
            rc = add_code(codes, text + at, n, line, max, err);
        else if (text[at] == '\n')
            line++;
        at += n > 0 ? n : 1;
    }
    if (rc == 0 && codes->count == 0)
        rc = error_set(err, ERR_INPUT, 0, "there is no code in the list");
    if (rc != 0) {
        compare_codes_free(codes);
        return rc;
    }
    sort_codes(codes);
    *out = codes;
    return 0;
}

/* The edits of a pair: what the rows of one side say, and those of the other.
 *
 * Two builds: rows are matched by what the publisher wrote in them (codes,
 * dates, indicator, reason), not by what the indexer inferred. What has no
 * equal is then read: a row that got a deletion date is an end, not a row gone
 * and a new one.
 *
 * One build: an edit begins and ends by its own dates. */
#include <stdlib.h>
#include <string.h>

#include "codesets/compare/compare_parts.h"
#include "codesets/core/bytes.h"

enum { PAIR_ROWS_MAX = 4096 };

struct edit_list {
    struct ptp_edit *edit; /* owned */
    uint32_t *class;       /* of each edit: equal rows have equal classes */
    size_t count, capacity;
};

struct edit_walk {
    struct comparing *c;
    const struct ptp_table *table[SIDES];
    uint32_t *class[SIDES]; /* of each kind: two builds */
    uint8_t *touched;       /* of each kind: does it begin or end? one build */
    struct edit_list rows[SIDES];  /* two builds: those without an equal */
    struct edit_list whole[SIDES]; /* two builds: all rows of the pair */
};

static const struct ptp_table *table_of(const struct comparing *c, int side)
{
    return &side_store(c, side)->ptp[c->series->setting][c->series->program];
}

static uint32_t first_row(const struct ptp_table *table, uint32_t code)
{
    const uint32_t row = load_u32(table->first_row + 4 * (size_t)code);

    return row < table->rows ? row : table->rows;
}

/* --- kinds -----------------------------------------------------------------
 */

struct kind_key {
    day_t effective, deleted;
    const char *rationale;
    uint8_t flags;
    uint8_t side;
    uint32_t number;
};

static int kind_order(const void *a, const void *b)
{
    const struct kind_key *one = a, *two = b;

    if (one->effective != two->effective)
        return one->effective < two->effective ? -1 : 1;
    if (one->deleted != two->deleted)
        return one->deleted < two->deleted ? -1 : 1;
    if (one->flags != two->flags)
        return one->flags < two->flags ? -1 : 1;
    return strcmp(one->rationale, two->rationale);
}

static const uint8_t *kind_at(const struct ptp_table *table, uint32_t kind)
{
    return table->kind_table + (size_t)kind * PTP_KIND_LEN;
}

static void read_kind(struct kind_key *out, const struct store *store,
    const struct ptp_table *table, uint32_t kind, int side)
{
    const uint8_t *at = kind_at(table, kind);
    const uint8_t rationale = at[9];

    *out = (struct kind_key){.effective = load_i32(at),
        .deleted = load_i32(at + 4),
        .flags = at[8] & (PTP_FLAG_INDICATOR | PTP_FLAG_HIGHER_FIRST),
        .rationale = "",
        .side = (uint8_t)side,
        .number = kind};
    if ((at[8] & PTP_FLAG_INFERRED) != 0)
        out->effective = DAY_UNKNOWN;
    if (rationale < table->rationales)
        out->rationale = store_text(
            store, load_u32(table->rationale + 4 * (size_t)rationale), NULL);
}

/* Numbers the kinds of both sides so that equal ones have one number. */
static int class_kinds(struct edit_walk *walk, struct error *err)
{
    const size_t count =
        (size_t)walk->table[BEFORE]->kinds + walk->table[AFTER]->kinds;
    struct kind_key *key = calloc(count + 1, sizeof *key);
    size_t n = 0;
    uint32_t class = 0;

    for (int side = 0; side < SIDES; side++) {
        walk->class[side] =
            calloc((size_t)walk->table[side]->kinds + 1, sizeof(uint32_t));
        if (key == NULL || walk->class[side] == NULL) {
            free(key);
            return error_memory(err);
        }
        for (uint32_t k = 0; k < walk->table[side]->kinds; k++)
            read_kind(&key[n++], side_store(walk->c, side), walk->table[side],
                k, side);
    }
    qsort(key, count, sizeof *key, kind_order);
    for (size_t i = 0; i < count; i++) {
        class += i > 0 && kind_order(&key[i - 1], &key[i]) != 0;
        walk->class[key[i].side][key[i].number] = class;
    }
    free(key);
    return 0;
}

static int touch_kinds(struct edit_walk *walk, struct error *err)
{
    const struct ptp_table *table = walk->table[AFTER];

    walk->touched = calloc((size_t)table->kinds + 1, 1);
    if (walk->touched == NULL)
        return error_memory(err);
    for (uint32_t k = 0; k < table->kinds; k++) {
        const uint8_t *at = kind_at(table, k);
        const day_t effective = load_i32(at), deleted = load_i32(at + 4);

        walk->touched[k] =
            (at[8] & PTP_FLAG_INDICATOR) != INDICATOR_NOT_APPLICABLE &&
            effective != deleted &&
            (falls(walk->c->series, effective) ||
                (deleted != DAY_OPEN && falls(walk->c->series, deleted + 1)));
    }
    return 0;
}

static int walk_begin(
    struct edit_walk *walk, struct comparing *c, struct error *err)
{
    *walk = (struct edit_walk){.c = c};
    for (int side = 0; side < SIDES; side++)
        walk->table[side] = table_of(c, side);
    return c->one_build ? touch_kinds(walk, err) : class_kinds(walk, err);
}

/* --- telling ---------------------------------------------------------------
 */

struct edit_words {
    char column1[PROC_LEN + 1], column2[PROC_LEN + 1];
    char pair[SIDES][2 * PROC_LEN + 2];
    char day[SIDES][DAY_TEXT_LEN];
};

static const char *indicator_text(enum modifier_indicator indicator)
{
    return indicator == INDICATOR_NOT_ALLOWED ? "0"
           : indicator == INDICATOR_ALLOWED   ? "1"
                                              : "9";
}

/* before or after may be NULL. side_of: where the row of `before` lies. */
static struct change edit_change(const struct edit_walk *walk,
    struct edit_words *words, const struct ptp_edit *before,
    const struct ptp_edit *after)
{
    const struct ptp_edit *edit[SIDES] = {before, after};
    struct change change = {.series = walk->c->series,
        .modifier = "",
        .field = "modifier_indicator",
        .effective = DAY_UNKNOWN,
        .certain = true};

    for (int side = 0; side < SIDES; side++) {
        const struct store *store = side_store(walk->c, side);

        if (edit[side] == NULL)
            continue;
        proc_unpack(words->column1, proc_at(&store->proc, edit[side]->column1));
        proc_unpack(words->column2, proc_at(&store->proc, edit[side]->column2));
        memcpy(words->pair[side], words->column1, PROC_LEN);
        words->pair[side][PROC_LEN] = '/';
        memcpy(words->pair[side] + PROC_LEN + 1, words->column2, PROC_LEN + 1);
        change.source[side].file = store_file(store, edit[side]->file);
        change.source[side].row = edit[side]->line;
        change.source[side].release = walk->c->series->release[side]->label;
    }
    change.code = words->column1;
    change.other = words->column2;
    change.system = proc_system(proc_pack(words->column1));
    if (before != NULL)
        change.before = indicator_text(before->indicator);
    if (after != NULL)
        change.after = indicator_text(after->indicator);
    return change;
}

/* An edit that no file dates begins with the release that first had it. */
static void begin_day(const struct edit_walk *walk, const struct ptp_edit *edit,
    struct change *change)
{
    const struct compare_series *series = walk->c->series;
    const struct release *before = series->release[BEFORE];
    const struct release *after = series->release[AFTER];

    change->effective = edit->effective;
    if (edit->effective != DAY_UNKNOWN || walk->c->one_build ||
        before->from >= after->from)
        return;
    change->effective = after->from;
    change->certain = before->to != DAY_OPEN && before->to + 1 >= after->from;
}

/* Both codes must be codes of the build. */
static int check_codes(const struct edit_walk *walk, int side,
    const struct ptp_edit *edit, struct error *err)
{
    const uint32_t codes = side_store(walk->c, side)->proc.count;

    if (edit->column1 < codes && edit->column2 < codes)
        return 0;
    return error_set(err, ERR_CORRUPT, 0,
        "ptp: an edit of codes %u and %u of %u", edit->column1, edit->column2,
        codes);
}

static bool never(const struct ptp_edit *edit)
{
    return ptp_never_active(edit);
}

static int tell_edit_begin(
    struct edit_walk *walk, const struct ptp_edit *edit, struct error *err)
{
    struct edit_words words;
    struct change change = edit_change(walk, &words, NULL, edit);

    begin_day(walk, edit, &change);
    change.kind = CHANGE_EDIT_BEGINS;
    return compare_tell(walk->c, &change, err);
}

/* before: the row as it was; after: as it is now, with its last day. */
static int tell_edit_end(struct edit_walk *walk, const struct ptp_edit *before,
    const struct ptp_edit *after, struct error *err)
{
    struct edit_words words;
    struct change change = edit_change(walk, &words, before, after);

    change.kind = CHANGE_EDIT_ENDS;
    change.before = indicator_text(after->indicator);
    change.after = NULL;
    change.effective = after->deleted + 1;
    return compare_tell(walk->c, &change, err);
}

/* One edit ended and another of the same codes stands in its place. */
static int tell_edit_turned(struct edit_walk *walk,
    const struct ptp_edit *before, const struct ptp_edit *after, day_t day,
    struct error *err)
{
    struct edit_words words;
    struct change change = edit_change(walk, &words, before, after);
    int rc = 0;

    change.effective = day;
    if (before->indicator != after->indicator) {
        change.kind = CHANGE_EDIT_CHANGED;
        rc = compare_tell(walk->c, &change, err);
    }
    if (rc == 0 && strcmp(words.pair[BEFORE], words.pair[AFTER]) != 0) {
        change.kind = CHANGE_EDIT_REVERSED;
        change.field = "columns";
        change.before = words.pair[BEFORE];
        change.after = words.pair[AFTER];
        rc = compare_tell(walk->c, &change, err);
    }
    return rc;
}

static const char *day_or_null(char out[DAY_TEXT_LEN], day_t day)
{
    return day_format(out, day) == 0 ? NULL : out;
}

/* --- one build -------------------------------------------------------------
 */

static int list_add(struct edit_list *list, const struct ptp_edit *edit,
    uint32_t class, struct error *err)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity == 0 ? 16 : list->capacity * 2;
        struct ptp_edit *edits;
        uint32_t *classes;

        if (capacity > PAIR_ROWS_MAX)
            return error_set(err, ERR_LIMIT, 0,
                "ptp: a pair of codes has more than %d rows", PAIR_ROWS_MAX);
        edits = realloc(list->edit, capacity * sizeof *edits);
        if (edits != NULL)
            list->edit = edits;
        classes = realloc(list->class, capacity * sizeof *classes);
        if (classes != NULL)
            list->class = classes;
        if (edits == NULL || classes == NULL)
            return error_memory(err);
        list->capacity = capacity;
    }
    list->edit[list->count] = *edit;
    list->class[list->count++] = class;
    return 0;
}

static void list_remove(struct edit_list *list, size_t i)
{
    list->count--;
    memmove(&list->edit[i], &list->edit[i + 1],
        (list->count - i) * sizeof list->edit[0]);
    memmove(&list->class[i], &list -> class[i + 1],
        (list->count - i) * sizeof list->class[0]);
}

/* What holds on a day, as the rules decide it: of several rows the stricter.
 * NULL when there is none. */
static const struct ptp_edit *in_force(const struct edit_list *list, day_t day)
{
    const struct ptp_edit *best = NULL;

    for (size_t i = 0; i < list->count; i++)
        if (ptp_in_force(&list->edit[i], day) &&
            (best == NULL || list->edit[i].indicator < best->indicator))
            best = &list->edit[i];
    return best;
}

/* The first day behind one on which a row begins, or is over; DAY_OPEN: none.
 */
static day_t next_turn(const struct compare_series *series,
    const struct edit_list *list, day_t behind)
{
    day_t next = DAY_OPEN;

    for (size_t i = 0; i < list->count; i++) {
        const struct ptp_edit *edit = &list->edit[i];
        const day_t turn[] = {edit->effective,
            edit->deleted == DAY_OPEN ? DAY_OPEN : edit->deleted + 1};

        for (int k = 0; k < 2; k++)
            if (turn[k] > behind && turn[k] < next && falls(series, turn[k]))
                next = turn[k];
    }
    return next;
}

/* Rows may overlap, so it is not a row's begin and end that count but what
 * holds on the day before and on the day. */
static int dated_pair(struct edit_walk *walk, uint32_t lower, uint32_t first,
    uint32_t end, struct error *err)
{
    const struct compare_series *series = walk->c->series;
    struct edit_list *list = &walk->rows[AFTER];
    int rc = 0;

    list->count = 0;
    for (uint32_t row = first; rc == 0 && row < end; row++) {
        struct ptp_edit edit;

        ptp_edit(walk->table[AFTER], lower, row, &edit);
        rc = check_codes(walk, AFTER, &edit, err);
        if (rc == 0 && !never(&edit))
            rc = list_add(list, &edit, 0, err);
    }
    for (day_t day = DAY_UNKNOWN;
         rc == 0 && (day = next_turn(series, list, day)) != DAY_OPEN;) {
        const struct ptp_edit *was = in_force(list, day - 1);
        const struct ptp_edit *is = in_force(list, day);

        if (was != NULL && is != NULL)
            rc = tell_edit_turned(walk, was, is, day, err);
        else if (was != NULL)
            rc = tell_edit_end(walk, was, was, err);
        else if (is != NULL)
            rc = tell_edit_begin(walk, is, err);
    }
    return rc;
}

static bool any_touched(
    const struct edit_walk *walk, uint32_t first, uint32_t end)
{
    for (uint32_t row = first; row < end; row++) {
        const uint32_t kind = ptp_kind(walk->table[AFTER], row);

        if (kind < walk->table[AFTER]->kinds && walk->touched[kind])
            return true;
    }
    return false;
}

/* The lower code whose rows hold a row. */
static uint32_t lower_of(const struct ptp_table *table, uint32_t row)
{
    uint32_t low = 0, high = table->codes;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (first_row(table, middle + 1) <= row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Has a code, as the lower of its pairs, a row that begins or ends? */
static bool code_touched(const struct edit_walk *walk, uint32_t code)
{
    const struct ptp_table *table = walk->table[AFTER];
    uint32_t at = load_u32(table->first_tally + 4 * (size_t)code);
    uint32_t end = load_u32(table->first_tally + 4 * (size_t)code + 4);

    for (end = end < table->tallies ? end : table->tallies; at < end; at++) {
        const uint32_t twice =
            load_u24(table->tally + (size_t)at * PTP_TALLY_LEN);

        if (twice % 2 == 0 && twice / 2 < table->kinds &&
            walk->touched[twice / 2])
            return true;
    }
    return false;
}

/* All rows of a touched row's pair. Returns the row behind them. */
static uint32_t pair_of(const struct ptp_table *table, uint32_t lower,
    uint32_t row, uint32_t *first)
{
    const uint32_t begin = first_row(table, lower);
    const uint32_t end = first_row(table, lower + 1);
    const uint32_t higher = ptp_higher(table, row);
    uint32_t next = row + 1;

    for (*first = row; *first > begin; --*first)
        if (ptp_higher(table, *first - 1) != higher)
            break;
    while (next < end && ptp_higher(table, next) == higher)
        next++;
    return next;
}

/* The rows of one lower code from *row on. */
static int edits_of_one_code(struct edit_walk *walk, uint32_t lower,
    uint32_t *row, uint32_t end, struct error *err)
{
    const struct ptp_table *table = walk->table[AFTER];
    const uint32_t from = *row;
    int rc = 0;

    while (rc == 0 && *row < end && !compare_full(walk->c)) {
        const uint32_t kind = ptp_kind(table, *row);
        uint32_t first, next = *row + 1;

        if (kind < table->kinds && walk->touched[kind]) {
            next = pair_of(table, lower, *row, &first);
            rc = dated_pair(walk, lower, first, next, err);
        }
        *row = next;
    }
    compare_step(walk->c, *row - from);
    return rc;
}

/* at: a row's number. */
static int edits_of_one(struct edit_walk *walk, uint64_t *at, struct error *err)
{
    const struct ptp_table *table = walk->table[AFTER];
    uint32_t row = (uint32_t)*at;
    uint32_t lower = row < table->rows ? lower_of(table, row) : table->codes;
    int rc = 0;

    while (rc == 0 && lower < table->codes && !compare_full(walk->c)) {
        const uint32_t end = first_row(table, lower + 1);

        if (row < end && code_touched(walk, lower)) {
            rc = edits_of_one_code(walk, lower, &row, end, err);
        } else {
            row = row < end ? end : row;
            compare_step(walk->c, 1);
        }
        lower += row >= end;
    }
    *at = lower < table->codes ? row : table->rows;
    return rc;
}

/* --- two builds ------------------------------------------------------------
 */

static bool same_direction(const struct edit_walk *walk,
    const struct ptp_edit *before, const struct ptp_edit *after)
{
    return proc_at(&side_store(walk->c, BEFORE)->proc, before->column1) ==
           proc_at(&side_store(walk->c, AFTER)->proc, after->column1);
}

/* What the publisher dated, not what the indexer inferred. */
static day_t told_day(const struct ptp_edit *edit)
{
    return edit->inferred ? DAY_UNKNOWN : edit->effective;
}

/* Can the one row have become the other? */
static bool becomes(const struct edit_walk *walk, const struct ptp_edit *before,
    const struct ptp_edit *after, bool same_indicator)
{
    const day_t was = told_day(before), is = told_day(after);

    return same_direction(walk, before, after) &&
           (!same_indicator || before->indicator == after->indicator) &&
           (was == is || was == DAY_UNKNOWN || is == DAY_UNKNOWN);
}

/* Rows of one edit that say different things. */
static int tell_edit_became(struct edit_walk *walk,
    const struct ptp_edit *before, const struct ptp_edit *after,
    struct error *err)
{
    struct edit_words words;
    struct change change = edit_change(walk, &words, before, after);
    const char *reason[SIDES] = {
        store_text(side_store(walk->c, BEFORE), before->rationale, NULL),
        store_text(side_store(walk->c, AFTER), after->rationale, NULL)};

    change.kind = CHANGE_EDIT_CORRECTED;
    if (before->deleted != after->deleted) {
        const day_t earlier =
            before->deleted < after->deleted ? before->deleted : after->deleted;

        change.field = "deleted";
        change.before = day_or_null(words.day[BEFORE], before->deleted);
        change.after = day_or_null(words.day[AFTER], after->deleted);
        change.effective = earlier + 1;
    } else if (strcmp(reason[BEFORE], reason[AFTER]) != 0) {
        change.field = "rationale";
        change.before = reason[BEFORE];
        change.after = reason[AFTER];
        change.words = true;
    } else {
        return 0; /* a date that a file did not tell */
    }
    return compare_tell(walk->c, &change, err);
}

/* An edit in force that ended, and the one that came in its place. Where
 * another row of the pair holds on, the pair is not free. */
static int pair_turned(struct edit_walk *walk, const struct ptp_edit *before,
    const struct ptp_edit *ended, struct error *err)
{
    struct edit_list *new = &walk->rows[AFTER];
    const struct ptp_edit *was = in_force(&walk->whole[AFTER], ended->deleted);
    const struct ptp_edit *is =
        in_force(&walk->whole[AFTER], ended->deleted + 1);

    for (size_t i = 0; i < new->count; i++) {
        const struct ptp_edit *edit = &new->edit[i];
        const day_t day = told_day(edit);
        int rc;

        if (never(edit) || edit->deleted <= ended->deleted ||
            (day != ended->deleted + 1 && day != DAY_UNKNOWN) ||
            (same_direction(walk, before, edit) &&
                before->indicator == edit->indicator))
            continue;
        rc = tell_edit_turned(walk, before, edit, ended->deleted + 1, err);
        list_remove(new, i);
        return rc;
    }
    if (is == NULL || was == NULL)
        return tell_edit_end(walk, before, ended, err);
    if (was->indicator == is->indicator && was->column1 == is->column1)
        return tell_edit_became(walk, before, ended, err);
    return tell_edit_turned(walk, before, is, ended->deleted + 1, err);
}

/* The new row that a row has become: one that ends it before any other. */
static size_t became(const struct edit_walk *walk,
    const struct ptp_edit *before, bool same_indicator)
{
    const struct edit_list *new = &walk->rows[AFTER];
    size_t best = new->count;

    for (size_t i = 0; i < new->count; i++)
        if (becomes(walk, before, &new->edit[i], same_indicator) &&
            (best == new->count ||
                (new->edit[best].deleted == DAY_OPEN &&new->edit[i].deleted !=
                    DAY_OPEN)))
            best = i;
    return best;
}

static int tell_gone(
    struct edit_walk *walk, const struct ptp_edit *before, struct error *err)
{
    struct edit_words words;
    struct change change;
    size_t i;

    if (walk->c->series->release[AFTER]->partial)
        return 0;
    /* The same edit, another indicator in its place from its first day on. */
    i = became(walk, before, false);
    if (i < walk->rows[AFTER].count &&
        walk->rows[AFTER].edit[i].deleted == before->deleted) {
        const struct ptp_edit after = walk->rows[AFTER].edit[i];

        list_remove(&walk->rows[AFTER], i);
        return tell_edit_turned(walk, before, &after, told_day(&after), err);
    }
    change = edit_change(walk, &words, before, NULL);
    change.kind = CHANGE_EDIT_WITHDRAWN;
    change.effective = told_day(before);
    return compare_tell(walk->c, &change, err);
}

/* A row that begins while another one of the pair holds. */
static int tell_beside(struct edit_walk *walk, const struct ptp_edit *was,
    const struct ptp_edit *edit, struct error *err)
{
    const struct ptp_edit *is = in_force(&walk->whole[AFTER], edit->effective);
    struct edit_words words;
    struct change change;

    if (is != NULL && edit->indicator < was->indicator)
        return tell_edit_turned(walk, was, edit, edit->effective, err);
    change = edit_change(walk, &words, NULL, edit);
    change.kind = CHANGE_EDIT_CORRECTED;
    change.field = "effective";
    change.after = day_or_null(words.day[AFTER], edit->effective);
    change.effective = edit->effective;
    return compare_tell(walk->c, &change, err);
}

static int tell_new(
    struct edit_walk *walk, const struct ptp_edit *edit, struct error *err)
{
    struct edit_words words;
    struct change change;

    if (walk->c->series->release[BEFORE]->partial)
        return 0;
    if (edit->deleted == DAY_OPEN && !never(edit)) {
        const day_t day = told_day(edit);
        const struct ptp_edit *was =
            day == DAY_UNKNOWN ? NULL : in_force(&walk->whole[BEFORE], day);

        /* Not one that ended to make room. */
        if (was != NULL && in_force(&walk->whole[AFTER], day - 1) != NULL)
            return tell_beside(walk, was, edit, err);
        return tell_edit_begin(walk, edit, err);
    }
    /* A row of the past, or one that never counted. */
    change = edit_change(walk, &words, NULL, edit);
    change.kind = CHANGE_EDIT_CORRECTED;
    change.effective = told_day(edit);
    return compare_tell(walk->c, &change, err);
}

static int list_rows(struct edit_walk *walk, int side, uint32_t lower,
    uint32_t first, uint32_t end, struct error *err)
{
    struct edit_list *list = &walk->rows[side], *whole = &walk->whole[side];
    int rc = 0;

    list->count = whole->count = 0;
    for (uint32_t row = first; rc == 0 && row < end; row++) {
        const uint32_t kind = ptp_kind(walk->table[side], row);
        struct ptp_edit edit;

        if (kind >= walk->table[side]->kinds)
            return error_set(
                err, ERR_CORRUPT, 0, "ptp: row %u: kind %u", row, kind);
        ptp_edit(walk->table[side], lower, row, &edit);
        rc = check_codes(walk, side, &edit, err);
        if (rc == 0)
            rc = list_add(list, &edit, walk->class[side][kind], err);
        if (rc == 0)
            rc = list_add(whole, &edit, 0, err);
    }
    return rc;
}

static void drop_equal(struct edit_walk *walk)
{
    struct edit_list *before = &walk->rows[BEFORE], *after = &walk->rows[AFTER];

    for (size_t i = before->count; i-- > 0;)
        for (size_t k = 0; k < after->count; k++)
            if (before->class[i] == after->class[k]) {
                list_remove(before, i);
                list_remove(after, k);
                break;
            }
}

/* Both lists hold the rows of one pair; equal ones are told of nowhere. */
static int compare_pair(struct edit_walk *walk, struct error *err)
{
    struct edit_list *before = &walk->rows[BEFORE], *after = &walk->rows[AFTER];
    int rc = 0;

    drop_equal(walk);
    walk->c->series->rows_gone += before->count;
    walk->c->series->rows_new += after->count;
    for (size_t i = 0; rc == 0 && i < before->count; i++) {
        const struct ptp_edit edit = before->edit[i];
        const size_t k = became(walk, &edit, true);
        struct ptp_edit now;

        if (k == after->count) {
            rc = tell_gone(walk, &edit, err);
            continue;
        }
        now = after->edit[k];
        list_remove(after, k);
        if (edit.deleted == DAY_OPEN && now.deleted != DAY_OPEN && !never(&now))
            rc = pair_turned(walk, &edit, &now, err);
        else
            rc = tell_edit_became(walk, &edit, &now, err);
    }
    for (size_t i = 0; rc == 0 && i < after->count; i++)
        rc = tell_new(walk, &after->edit[i], err);
    return rc;
}

/* Rows of a lower code on one side, pair by pair. */
struct pair_cursor {
    uint32_t lower; /* ordinal, or PROC_ORDINAL_NONE */
    uint32_t row, stop;
    uint32_t first, end; /* of the pair at hand */
    uint32_t higher;     /* packed; PROC_NONE at the end */
};

static void cursor_next(
    const struct edit_walk *walk, int side, struct pair_cursor *at)
{
    const struct ptp_table *table = walk->table[side];
    uint32_t higher;

    at->first = at->end = at->row;
    at->higher = PROC_NONE;
    if (at->row >= at->stop)
        return;
    higher = ptp_higher(table, at->row);
    while (at->end < at->stop && ptp_higher(table, at->end) == higher)
        at->end++;
    at->row = at->end;
    if (higher < table->codes)
        at->higher = proc_at(&side_store(walk->c, side)->proc, higher);
}

static void cursor_begin(const struct edit_walk *walk, int side, uint32_t lower,
    struct pair_cursor *at)
{
    *at = (struct pair_cursor){.lower = lower};
    if (lower != PROC_ORDINAL_NONE) {
        at->row = first_row(walk->table[side], lower);
        at->stop = first_row(walk->table[side], lower + 1);
    }
    cursor_next(walk, side, at);
}

/* Most pairs say the same on both sides. */
static bool pairs_equal(
    const struct edit_walk *walk, const struct pair_cursor at[SIDES])
{
    const uint32_t rows = at[AFTER].end - at[AFTER].first;

    if (at[BEFORE].end - at[BEFORE].first != rows)
        return false;
    for (uint32_t i = 0; i < rows; i++) {
        const uint32_t before =
            ptp_kind(walk->table[BEFORE], at[BEFORE].first + i);
        const uint32_t after =
            ptp_kind(walk->table[AFTER], at[AFTER].first + i);

        if (before >= walk->table[BEFORE]->kinds ||
            after >= walk->table[AFTER]->kinds ||
            walk->class[BEFORE][before] != walk->class[AFTER][after])
            return false;
    }
    return true;
}

static int one_pair(struct edit_walk *walk, const struct pair_cursor at[SIDES],
    struct error *err)
{
    int rc = 0;

    if (pairs_equal(walk, at))
        return 0;
    for (int side = 0; rc == 0 && side < SIDES; side++)
        rc = list_rows(
            walk, side, at[side].lower, at[side].first, at[side].end, err);
    return rc == 0 ? compare_pair(walk, err) : rc;
}

static int edits_of_lower(
    struct edit_walk *walk, const uint32_t lower[SIDES], struct error *err)
{
    struct pair_cursor at[SIDES];
    int rc = 0;

    for (int side = 0; side < SIDES; side++)
        cursor_begin(walk, side, lower[side], &at[side]);
    while (rc == 0 && (at[BEFORE].first < at[BEFORE].end ||
                          at[AFTER].first < at[AFTER].end)) {
        const uint32_t higher = at[BEFORE].higher < at[AFTER].higher
                                    ? at[BEFORE].higher
                                    : at[AFTER].higher;
        struct pair_cursor pair[SIDES];

        for (int side = 0; side < SIDES; side++) {
            pair[side] = at[side];
            if (at[side].higher != higher)
                pair[side].end = pair[side].first;
        }
        rc = one_pair(walk, pair, err);
        for (int side = 0; side < SIDES; side++)
            if (at[side].higher == higher)
                cursor_next(walk, side, &at[side]);
    }
    return rc;
}

static int edits_of_two(struct edit_walk *walk, struct error *err)
{
    const struct proc_table *proc[SIDES] = {
        &side_store(walk->c, BEFORE)->proc, &side_store(walk->c, AFTER)->proc};
    uint32_t i[SIDES] = {0, 0};
    int rc = 0;

    while (rc == 0 &&
           (i[BEFORE] < proc[BEFORE]->count || i[AFTER] < proc[AFTER]->count)) {
        uint32_t packed[SIDES], lower[SIDES], lowest;

        for (int side = 0; side < SIDES; side++)
            packed[side] = i[side] < proc[side]->count
                               ? proc_at(proc[side], i[side])
                               : PROC_NONE;
        lowest =
            packed[BEFORE] < packed[AFTER] ? packed[BEFORE] : packed[AFTER];
        for (int side = 0; side < SIDES; side++)
            lower[side] =
                packed[side] == lowest ? i[side]++ : PROC_ORDINAL_NONE;
        rc = edits_of_lower(walk, lower, err);
    }
    return rc;
}

/* --- the walk --------------------------------------------------------------
 */

uint64_t compare_edits_units(const struct comparing *c)
{
    return table_of(c, AFTER)->rows;
}

/* Made once for a series: a list of codes asks it often. */
static int walk_of(
    struct edit_walk **out, struct comparing *c, struct error *err)
{
    struct edit_walk **walk = &c->edits[c->series - c->summary->series];

    if (*walk == NULL) {
        *walk = malloc(sizeof **walk);
        if (*walk == NULL)
            return error_memory(err);
        *out = *walk;
        return walk_begin(*walk, c, err);
    }
    *out = *walk;
    return 0;
}

void compare_edits_free(struct edit_walk *walk)
{
    if (walk == NULL)
        return;
    for (int side = 0; side < SIDES; side++) {
        free(walk->class[side]);
        free(walk->rows[side].edit);
        free(walk->rows[side].class);
        free(walk->whole[side].edit);
        free(walk->whole[side].class);
    }
    free(walk->touched);
    free(walk);
}

int compare_edits(struct comparing *c, uint64_t *at, struct error *err)
{
    struct edit_walk *walk;
    int rc = walk_of(&walk, c, err);

    if (rc != 0)
        return rc;
    if (c->one_build)
        return edits_of_one(walk, at, err);
    *at = compare_edits_units(c);
    return edits_of_two(walk, err);
}

static int edits_of_code_one(
    struct edit_walk *walk, uint32_t ordinal, struct error *err)
{
    const struct ptp_table *table = walk->table[AFTER];
    struct ptp_partners partners;
    uint32_t partner;
    int rc = 0;

    ptp_partners_begin(table, ordinal, &partners);
    while (rc == 0 && ptp_partners_next(table, &partners, &partner)) {
        uint32_t first, end;

        if (partner == ordinal || partner >= table->codes)
            continue;
        ptp_find(table, ordinal, partner, &first, &end);
        if (any_touched(walk, first, end))
            rc = dated_pair(
                walk, ordinal < partner ? ordinal : partner, first, end, err);
    }
    return rc;
}

/* The next partner of a code on one side, packed; PROC_NONE at the end. */
static uint32_t next_partner(
    const struct edit_walk *walk, int side, struct ptp_partners *at)
{
    uint32_t partner;

    return ptp_partners_next(walk->table[side], at, &partner) &&
                   partner < walk->table[side]->codes
               ? proc_at(&side_store(walk->c, side)->proc, partner)
               : PROC_NONE;
}

/* Partners below the code on either side, ascending, then those above. */
static int edits_of_code_two(
    struct edit_walk *walk, uint32_t packed, struct error *err)
{
    uint32_t own[SIDES], partner[SIDES];
    struct ptp_partners partners[SIDES];
    int rc = 0;

    for (int side = 0; side < SIDES; side++) {
        own[side] = proc_find(&side_store(walk->c, side)->proc, packed);
        partner[side] = PROC_NONE;
        if (own[side] == PROC_ORDINAL_NONE)
            continue;
        ptp_partners_begin(walk->table[side], own[side], &partners[side]);
        partner[side] = next_partner(walk, side, &partners[side]);
    }
    while (rc == 0) {
        const uint32_t lowest =
            partner[BEFORE] < partner[AFTER] ? partner[BEFORE] : partner[AFTER];
        struct pair_cursor at[SIDES] = {{0}};

        if (lowest >= packed)
            break;
        for (int side = 0; side < SIDES; side++) {
            if (partner[side] != lowest)
                continue;
            at[side].lower =
                proc_find(&side_store(walk->c, side)->proc, lowest);
            if (at[side].lower != PROC_ORDINAL_NONE)
                ptp_find(walk->table[side], own[side], at[side].lower,
                    &at[side].first, &at[side].end);
            partner[side] = next_partner(walk, side, &partners[side]);
        }
        rc = one_pair(walk, at, err);
    }
    return rc == 0 ? edits_of_lower(walk, own, err) : rc;
}

int compare_edits_of_code(
    struct comparing *c, const char *code, struct error *err)
{
    struct edit_walk *walk;
    uint32_t packed, ordinal;
    int rc;

    if (strlen(code) != PROC_LEN || (packed = proc_pack(code)) == PROC_NONE)
        return 0;
    if ((rc = walk_of(&walk, c, err)) != 0)
        return rc;
    if (!c->one_build)
        return edits_of_code_two(walk, packed, err);
    ordinal = proc_find(&side_store(c, AFTER)->proc, packed);
    return ordinal == PROC_ORDINAL_NONE ? 0
                                        : edits_of_code_one(walk, ordinal, err);
}

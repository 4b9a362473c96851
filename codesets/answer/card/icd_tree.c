#include "codesets/answer/card/icd_tree.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/store/table.h"

enum {
    CATEGORY_LEN = 3,
    DEPTH_MAX = ICD_MAX,
    HINT_CODES = 8 /* codes that a hint names */
};

/* A code below another, on the day. */
struct below {
    uint32_t number;
    uint32_t row; /* in the order file */
    bool billable;
};

struct look {
    const struct store *store;
    const struct series *series;
    day_t day;
};

static bool says_billable(const struct store *store, const struct row *row)
{
    return row_text(store, row, ICD_BILLABLE, NULL)[0] == '1';
}

/* Is the code there on the day? 1, 0 or ERR_CORRUPT. */
static int look_at(struct below *out, const struct look *look, uint32_t number,
    const struct code_ref *code, struct error *err)
{
    struct snapshot at;
    const int rc = snapshot_find(
        &at, look->store, look->series, code->text, code->len, look->day, err);

    *out = (struct below){.number = number, .row = number};
    if (rc != 0)
        return rc;
    if (at.found) {
        out->row = row_source(look->store, &at.row, at.release).row;
        out->billable = says_billable(look->store, &at.row);
    } else if (at.next_found) {
        out->row = row_source(look->store, &at.next_row, at.next).row;
        out->billable = says_billable(look->store, &at.next_row);
    }
    return at.found || at.next_found || at.state == SNAPSHOT_BEFORE ||
           at.state == SNAPSHOT_OUTSIDE;
}

/* The first code that does not begin with text. */
static uint32_t end_of(
    const struct code_list *codes, const char *text, size_t len)
{
    char beyond[ICD_MAX + 1];

    memcpy(beyond, text, len);
    beyond[len] = '\x7f'; /* above every character of a code */
    return code_lower_bound(codes, beyond, len + 1);
}

static int by_row(const void *a, const void *b)
{
    const struct below *one = a, *two = b;

    if (one->row != two->row)
        return one->row < two->row ? -1 : 1;
    return one->number < two->number ? -1 : one->number > two->number;
}

/* The codes right below one, in the order of the order file. Returns how many,
 * or ERR_CORRUPT. */
static int right_below(struct below out[ICD_CHILDREN_MAX],
    const struct look *look, const struct code_ref *code, struct error *err)
{
    const struct code_list *codes = &look->store->codes;
    const uint32_t end = end_of(codes, code->text, code->len);
    uint32_t i = code_lower_bound(codes, code->text, code->len);
    int count = 0;

    while (i < end && count < ICD_CHILDREN_MAX) {
        const struct code_ref next = code_at(codes, i);
        int there;

        if (next.system != SYSTEM_ICD10CM || next.len <= code->len) {
            i++;
            continue;
        }
        there = look_at(&out[count], look, i, &next, err);
        if (there < 0)
            return there;
        count += there;
        /* What stands below a code that is gone may be below this one. */
        i = there > 0 && next.len < ICD_MAX ? end_of(codes, next.text, next.len)
                                            : i + 1;
    }
    qsort(out, (size_t)count, sizeof *out, by_row);
    return count;
}

/* Adds the billable codes below one, in order, until there are enough. */
static int add_billable(struct icd_tree *out, const struct look *look,
    const struct below *below, int count, int depth, struct error *err)
{
    struct below inner[ICD_CHILDREN_MAX];
    int rc = 0;

    for (int i = 0; rc == 0 && i < count && !out->more; i++) {
        const struct code_ref code =
            code_at(&look->store->codes, below[i].number);
        int found;

        if (below[i].billable) {
            if (out->billable == ICD_BILLABLE_SHOWN)
                out->more = true;
            else
                out->billable_code[out->billable++] = below[i].number;
            continue;
        }
        if (depth == DEPTH_MAX || code.len >= ICD_MAX)
            continue;
        found = right_below(inner, look, &code, err);
        rc = found < 0 ? found
                       : add_billable(out, look, inner, found, depth + 1, err);
    }
    return rc;
}

static struct look look_on(const struct store *store, day_t day)
{
    return (struct look){store,
        store_series(store, TABLE_ICD10CM, SETTING_NONE, PROGRAM_NONE), day};
}

int icd_tree_find(struct icd_tree *out, const struct answers *answers,
    const struct code_ref *code, day_t day, struct error *err)
{
    const struct store *store = answers->store;
    const struct look look = look_on(store, day);
    struct below below[ICD_CHILDREN_MAX];
    int count;

    out->above = out->children = out->billable = 0;
    out->more = false;
    for (size_t len = CATEGORY_LEN; len < code->len; len++) {
        const uint32_t number =
            code_number(&store->codes, SYSTEM_ICD10CM, code->text, len);
        const struct code_ref above = {SYSTEM_ICD10CM, code->text, len};
        struct below there;

        if (number == UINT32_MAX || out->above == ICD_ABOVE_MAX)
            continue;
        count = look_at(&there, &look, number, &above, err);
        if (count < 0)
            return count;
        if (count > 0)
            out->above_code[out->above++] = number;
    }
    if (code->len >= ICD_MAX)
        return 0;
    count = right_below(below, &look, code, err);
    if (count < 0)
        return count;
    for (int i = 0; i < count; i++)
        out->child[out->children++] = below[i].number;
    return add_billable(out, &look, below, count, 0, err);
}

/* ----------------------------------------------------------------- hints */

static void add_dotted(struct buffer *out, const char *text, size_t len)
{
    char shown[CODE_TEXT];

    (void)icd_dotted(shown, text, len);
    buffer_adds(out, shown);
}

/* "S0600A" -> S06.0X0A: fills the code up to seven characters with X, in any
 * one place behind the category. */
static bool filled_in(
    struct buffer *out, const struct store *store, const struct code_text *code)
{
    const size_t fill = ICD_MAX - code->len;
    char whole[ICD_MAX];

    for (size_t at = CATEGORY_LEN; at < code->len; at++) {
        memcpy(whole, code->text, at);
        memset(whole + at, 'X', fill);
        memcpy(whole + at + fill, code->text + at, code->len - at);
        if (code_number(&store->codes, SYSTEM_ICD10CM, whole, ICD_MAX) ==
            UINT32_MAX)
            continue;
        buffer_adds(out, "filled up with X it is ");
        add_dotted(out, whole, ICD_MAX);
        return true;
    }
    return false;
}

static void goes_on_with(
    struct buffer *out, const struct look *look, const struct code_ref *header)
{
    struct below below[ICD_CHILDREN_MAX];
    const int count = right_below(below, look, header, NULL);

    if (count <= 0)
        return;
    add_dotted(out, header->text, header->len);
    buffer_adds(out, " goes on with ");
    for (int i = 0; i < count && i < HINT_CODES; i++) {
        const struct code_ref code =
            code_at(&look->store->codes, below[i].number);

        if (i > 0)
            buffer_adds(out, ", ");
        add_dotted(out, code.text, code.len);
    }
    if (count > HINT_CODES)
        buffer_adds(out, " and more");
}

void icd_unknown_hint(struct buffer *out, const struct answers *answers,
    const struct code_text *code, day_t day)
{
    const struct store *store = answers->store;
    const struct look look = look_on(store, day);

    if (!icd_shaped(code->text, code->len) ||
        (code->len < ICD_MAX && filled_in(out, store, code)))
        return;
    for (size_t len = code->len; len >= CATEGORY_LEN; len--) {
        const struct code_ref shorter = {SYSTEM_ICD10CM, code->text, len};
        const uint32_t number =
            code_number(&store->codes, SYSTEM_ICD10CM, code->text, len);
        struct below there;

        if (number == UINT32_MAX ||
            look_at(&there, &look, number, &shorter, NULL) <= 0)
            continue;
        if (there.billable) {
            add_dotted(out, code->text, len);
            buffer_adds(out, " takes no further characters");
        } else {
            goes_on_with(out, &look, &shorter);
        }
        return;
    }
}

#include "codesets/answer/changes/change_words.h"

#include <string.h>

#include "codesets/answer/changes/change_advice.h"
#include "codesets/compare/word_runs.h"
#include "codesets/core/code.h"
#include "codesets/store/layout.h"
#include "codesets/store/conversion.h"
#include "codesets/store/mue.h"
#include "codesets/store/table.h"
#include "codesets/store/view.h"

enum {
    SAYING_MAX = 160,  /* bytes of a text in a sentence */
    CODES_SHOWN = 12,  /* of a list */
    SUCCESSORS_MAX = 8 /* named in an advice */
};

static void add_code(
    struct buffer *out, enum code_system system, const char *code)
{
    char dotted[CODE_TEXT];

    if (system == SYSTEM_ICD10CM && icd_shaped(code, strlen(code))) {
        (void)icd_dotted(dotted, code, strlen(code));
        buffer_adds(out, dotted);
    } else {
        buffer_adds(out, code);
    }
}

void change_asked(
    char out[CODE_TEXT], const struct store *store, const char *code)
{
    const struct code_list *list = &store->codes;
    const size_t len = strlen(code);
    const uint32_t at = code_lower_bound(list, code, len);
    const bool proc = len == PROC_LEN && proc_pack(code) != PROC_NONE;
    bool diagnosis = icd_shaped(code, len) && !proc;

    /* Of those of one text the procedures stand first. */
    if (at < list->count) {
        const struct code_ref known = code_at(list, at);

        if (known.len == len && memcmp(known.text, code, len) == 0)
            diagnosis = known.system == SYSTEM_ICD10CM;
    }
    if (diagnosis)
        (void)icd_dotted(out, code, len);
    else
        memcpy(out, code, len + 1);
}

const char *change_unknown(
    char out[CODE_TEXT], const struct compare_question *question, size_t i)
{
    change_asked(
        out, question->side[AFTER].store, compare_codes_at(question->codes, i));
    return compare_codes_unknown(question->codes, i, question->side);
}

void change_name(struct buffer *out, const struct change *change)
{
    if (change->document != NULL) {
        buffer_adds(out, change->document);
        return;
    }
    if (change->code != NULL)
        add_code(out, change->system, change->code);
    if (*change->modifier != '\0')
        buffer_addf(out, "-%s", change->modifier);
}

const char *change_release(const struct release *release)
{
    if (release == NULL || release->label == NULL)
        return "-";
    return *release->label != '\0' ? release->label : "(undated)";
}

void change_none(struct buffer *out, const struct compare_summary *summary)
{
    bool any = false;

    buffer_adds(out, "Nothing has changed");
    for (size_t i = 0; i < summary->count; i++) {
        const struct compare_series *series = &summary->series[i];

        if (series->fault == COMPARE_DONE)
            continue;
        buffer_addf(out, "%s%s",
            any ? ", " : " in what could be compared; not compared: ",
            table_schema(series->table)->name);
        if (series->setting != SETTING_NONE)
            buffer_addf(out, " %s", setting_name(series->setting));
        if (series->program == PROGRAM_MEDICAID)
            buffer_addf(out, " %s", program_name(series->program));
        any = true;
    }
    buffer_addc(out, '.');
}

/* "work_rvu" -> "work rvu". */
static void add_field(struct buffer *out, const char *field)
{
    for (; *field != '\0'; field++)
        buffer_addc(out, *field == '_' ? ' ' : *field);
}

void change_sums(struct buffer *out, const uint64_t count[CHANGE_KINDS])
{
    bool any = false;

    for (int kind = 0; kind < CHANGE_KINDS; kind++) {
        if (count[kind] == 0)
            continue;
        if (any)
            buffer_adds(out, ", ");
        buffer_addu(out, count[kind]);
        buffer_addc(out, ' ');
        add_field(out, change_kind_name((enum change_kind)kind));
        any = true;
    }
    if (!any)
        buffer_adds(out, "no change");
}

void change_when(struct buffer *out, const struct change *change)
{
    char day[DAY_TEXT_LEN];

    if (day_format(day, change->effective) == 0)
        return;
    if (change->certain)
        buffer_addf(out, "from %s", day);
    else
        buffer_addf(out, "from %s at the latest", day);
}

/* A text of a file in a sentence: cut, on one line. */
static void add_saying(struct buffer *out, const char *text)
{
    size_t len = strlen(text);
    const bool cut = len > SAYING_MAX;

    if (cut) {
        len = SAYING_MAX;
        while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
            len--; /* not within a character */
    }
    for (size_t i = 0; i < len; i++)
        buffer_addc(out, (unsigned char)text[i] < ' ' ? ' ' : text[i]);
    if (cut)
        buffer_adds(out, "…");
}

/* "kept [-gone-] {+new+} kept". */
static void add_runs(struct buffer *out, const struct change *change)
{
    struct word_run runs[WORD_RUNS_MAX];
    const size_t n =
        word_runs(runs, change->before == NULL ? "" : change->before,
            change->after == NULL ? "" : change->after);

    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buffer_addc(out, ' ');
        buffer_adds(out, runs[i].kind == RUN_REMOVED ? "[-"
                         : runs[i].kind == RUN_ADDED ? "{+"
                                                     : "");
        for (size_t k = 0; k < runs[i].len; k++)
            buffer_addc(out,
                (unsigned char)runs[i].text[k] < ' ' ? ' ' : runs[i].text[k]);
        buffer_adds(out, runs[i].kind == RUN_REMOVED ? "-]"
                         : runs[i].kind == RUN_ADDED ? "+}"
                                                     : "");
    }
}

static void add_list(struct buffer *out, const struct change *change)
{
    for (size_t i = 0; i < change->codes && i < CODES_SHOWN; i++) {
        buffer_adds(out, i == 0 ? " " : ", ");
        add_code(out, change->system, change->list[i]);
    }
    if (change->codes > CODES_SHOWN)
        buffer_addf(out, " and %zu more", change->codes - CODES_SHOWN);
}

static void was_is(struct buffer *out, const struct change *change)
{
    if (change->words && change->before != NULL && change->after != NULL) {
        add_runs(out, change);
        return;
    }
    add_saying(out, change->before == NULL ? "none" : change->before);
    buffer_adds(out, " → ");
    add_saying(out, change->after == NULL ? "none" : change->after);
}

static void coverage_sentence(struct buffer *out, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_ADDED:
        buffer_adds(out, "new document");
        break;
    case CHANGE_ENDED:
        buffer_adds(out, "retired or no longer published");
        break;
    case CHANGE_LISTED:
    case CHANGE_UNLISTED:
        buffer_addf(out, "%s, %s: %zu %s:", change->field,
            change->kind == CHANGE_LISTED ? change->after : change->before,
            change->codes, change->kind == CHANGE_LISTED ? "added" : "removed");
        add_list(out, change);
        break;
    default:
        add_field(out, change->field);
        buffer_adds(out, ": ");
        was_is(out, change);
        break;
    }
    if (change->title != NULL && change->kind != CHANGE_TITLE) {
        buffer_adds(out, " (");
        add_saying(out, change->title);
        buffer_addc(out, ')');
    }
}

static void edit_sentence(struct buffer *out, const struct change *change)
{
    buffer_addf(out, "edit %s (column 1) with %s (column 2) ", change->code,
        change->other);
    switch (change->kind) {
    case CHANGE_EDIT_BEGINS:
        buffer_addf(out, "begins, modifier indicator %s", change->after);
        break;
    case CHANGE_EDIT_ENDS:
        buffer_addf(out, "ends, modifier indicator was %s", change->before);
        break;
    case CHANGE_EDIT_CHANGED:
        buffer_addf(out, "changes its modifier indicator %s → %s",
            change->before, change->after);
        break;
    case CHANGE_EDIT_REVERSED:
        buffer_addf(out, "was the other way round: columns %s → %s",
            change->before, change->after);
        break;
    case CHANGE_EDIT_WITHDRAWN:
        buffer_adds(out, "is gone from the table, as if it had never been");
        break;
    default:
        if (change->before == NULL && change->after != NULL &&
            strcmp(change->field, "modifier_indicator") == 0) {
            buffer_addf(out,
                "of the past, added to the record, modifier "
                "indicator %s",
                change->after);
            break;
        }
        buffer_adds(out, "corrected, ");
        add_field(out, change->field);
        buffer_adds(out, ": ");
        was_is(out, change);
        break;
    }
}

static void row_sentence(struct buffer *out, const struct change *change)
{
    const char *other = change->other;

    switch (change->kind) {
    case CHANGE_ADDED:
        buffer_adds(out, "added");
        break;
    case CHANGE_ENDED:
        buffer_adds(out, "ended");
        break;
    case CHANGE_RESTORED:
        buffer_adds(out, "back in use");
        break;
    case CHANGE_REUSED:
        buffer_adds(out, "number used again for another thing: ");
        was_is(out, change);
        return;
    case CHANGE_DROPPED:
        buffer_adds(out, "left the file; it had ended");
        break;
    case CHANGE_BILLABLE:
        buffer_adds(out, change->after != NULL && change->after[0] == '1'
                             ? "is billable now; it was a header"
                             : "is a header now, not billable");
        return;
    case CHANGE_LISTED:
    case CHANGE_UNLISTED:
        if (other != NULL)
            buffer_addf(out, "primary %s %s", other,
                change->kind == CHANGE_LISTED ? "added" : "ended");
        else
            buffer_adds(out, change->kind == CHANGE_LISTED
                                 ? "stands on the list"
                                 : "no longer on the list");
        break;
    default:
        add_field(out, change->field);
        if (other != NULL)
            buffer_addf(out, " (primary %s)", other);
        buffer_adds(out, ": ");
        was_is(out, change);
        return;
    }
    if (other == NULL && (change->after != NULL || change->before != NULL)) {
        buffer_adds(out, ": ");
        add_saying(out, change->after != NULL ? change->after : change->before);
    }
}

void change_sentence(struct buffer *out, const struct change *change)
{
    if (change->series->table == TABLE_COVERAGE)
        coverage_sentence(out, change);
    else if (change->series->table == TABLE_PTP)
        edit_sentence(out, change);
    else
        row_sentence(out, change);
}

/* --- what to do -------------------------------------------------------------
 */

/* Codes that came after an ended one, as far as a list tells. */
static void add_successors(
    struct buffer *out, const struct store *store, const struct change *change)
{
    const char *name[SUCCESSORS_MAX];
    const size_t len = strlen(change->code);
    size_t n = 0;

    if (change->system == SYSTEM_ICD10CM) {
        struct conversion_rows rows;
        struct conversion_row row;

        if (conversion_after(&rows, store, change->code, len, NULL) == 0)
            while (n < SUCCESSORS_MAX && conversion_next(&rows, &row, NULL) > 0)
                if (strcmp(row.code, change->code) != 0)
                    name[n++] = row.code;
    } else {
        struct view view;

        if (hcpcs_find(&view, store, change->code, len, change->effective - 1,
                NULL) == 0)
            for (int i = 0; i < 5 && n < SUCCESSORS_MAX; i++) {
                const char *text = view_text(&view, HCPCS_XREF1 + i, NULL);

                if (text != NULL)
                    name[n++] = text;
            }
        if (n == 0 && timed_row_find(&view, store, change->code, len,
                          change->effective, NULL) == 0) {
            const char *text = view_text(&view, TIMED_REPLACED_BY, NULL);

            if (text != NULL)
                buffer_addf(out, "; see %s", text);
        }
    }
    if (n == 0)
        return;
    buffer_adds(out, change->system == SYSTEM_ICD10CM
                         ? "; the conversion table leads to "
                         : "; the publisher refers to ");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buffer_adds(out, ", ");
        add_code(out, change->system, name[i]);
    }
}

static void advise_end(
    struct buffer *out, const struct store *store, const struct change *change)
{
    char day[DAY_TEXT_LEN];

    if (change->document != NULL) {
        buffer_adds(out, "see which document took its place");
        return;
    }
    if (change->effective != DAY_UNKNOWN &&
        day_format(day, change->effective - 1) > 0)
        buffer_addf(out, "stop billing for dates after %s%s", day,
            change->certain ? "" : " at the latest");
    else
        buffer_adds(out, "stop billing");
    add_successors(out, store, change);
}

static const char *mai_words(enum mue_mai mai)
{
    switch (mai) {
    case MAI_LINE:
        return "a line; more stand on a second line with a modifier, where it "
               "is true";
    case MAI_DAY_POLICY:
        return "a day; nothing helps above";
    case MAI_DAY_CLINICAL:
        return "a day; more may be paid on review";
    default:
        return "a line";
    }
}

static void advise_limit(
    struct buffer *out, const struct store *store, const struct change *change)
{
    const struct compare_series *series = change->series;
    struct mue_state now;

    if (change->after == NULL) {
        buffer_adds(out, "no limit is published any more, which is not the "
                         "same as none");
        return;
    }
    if (mue_find(&now, store, series->setting, series->program, change->code,
            strlen(change->code), series->release[AFTER]->from, NULL) != 0 ||
        !now.found)
        return;
    buffer_addf(out, "the limit is %s%u %s",
        change->before == NULL ? "" : "now ", now.now.value,
        mai_words(now.now.mai));
    if (change->before != NULL && strcmp(change->field, "value") == 0)
        buffer_addf(out, " (it was %s)", change->before);
}

static bool is_over(const struct store *store, const char *code, day_t day)
{
    const uint32_t packed =
        strlen(code) == PROC_LEN ? proc_pack(code) : PROC_NONE;
    const uint32_t at = packed == PROC_NONE ? PROC_ORDINAL_NONE
                                            : proc_find(&store->proc, packed);
    struct proc_span span;

    if (at == PROC_ORDINAL_NONE || day == DAY_UNKNOWN)
        return false;
    proc_validity(&store->proc, at, day, &span);
    return span.validity == VALIDITY_NOT_VALID;
}

/* An edit mostly ends because it is not wanted any more, but it also ends with
 * one of its codes, and then nothing has become free. */
static void advise_edit_end(
    struct buffer *out, const struct store *store, const struct change *change)
{
    const bool first = is_over(store, change->code, change->effective),
               second = is_over(store, change->other, change->effective);

    if (first && second)
        buffer_addf(out, "%s and %s are not valid any more: bill neither",
            change->code, change->other);
    else if (first || second)
        buffer_addf(out, "%s is not valid any more: do not bill it",
            first ? change->code : change->other);
    else
        buffer_adds(out, "both may be billed, as far as this edit goes");
}

static void advise_edit(
    struct buffer *out, const struct store *store, const struct change *change)
{
    const bool helps = change->after != NULL && change->after[0] == '1';

    switch (change->kind) {
    case CHANGE_EDIT_BEGINS:
        buffer_addf(out, "%s is denied beside %s on one day; %s", change->other,
            change->code,
            helps ? "a modifier helps where the record shows a separate "
                    "service"
                  : "no modifier helps");
        break;
    case CHANGE_EDIT_ENDS:
        advise_edit_end(out, store, change);
        break;
    case CHANGE_EDIT_CHANGED:
        buffer_addf(out, "%s beside %s: %s", change->other, change->code,
            helps ? "a modifier helps now, where the record shows a separate "
                    "service"
                  : "a modifier does not help any more");
        break;
    case CHANGE_EDIT_REVERSED:
        buffer_addf(out, "now %s is the one denied: the modifier goes with it",
            change->other);
        break;
    case CHANGE_EDIT_CORRECTED:
    case CHANGE_EDIT_WITHDRAWN:
        buffer_adds(out, "look again at claims of those days");
        break;
    default:
        break;
    }
}

static void advise_list(struct buffer *out, const struct change *change)
{
    const bool listed = change->kind == CHANGE_LISTED;

    if (change->series->table == TABLE_COVERAGE) {
        if (strcmp(change->field, "covered") == 0)
            buffer_adds(out, listed ? "these diagnoses support the service now"
                                    : "these diagnoses are not listed as "
                                      "supporting any more: check orders");
        else if (strcmp(change->field, "noncovered") == 0)
            buffer_adds(out, listed ? "these diagnoses are listed as not "
                                      "supporting: check orders"
                                    : "these diagnoses are not listed as not "
                                      "supporting any more");
        else if (strcmp(change->field, "procedures") == 0)
            buffer_adds(out, listed ? "the document speaks of these now: read "
                                      "it"
                                    : "the document does not speak of these "
                                      "any more");
        return;
    }
    if (change->series->table == TABLE_AOC && change->other != NULL)
        buffer_addf(out,
            listed ? "%s may be billed beside %s"
                   : "%s needs another primary than %s",
            change->code, change->other);
    else if (change->series->table == TABLE_PFS && !listed)
        buffer_adds(out, "the fee schedule does not list it any more: check "
                         "before billing Medicare");
    else if (change->series->table == TABLE_POA)
        buffer_adds(out, listed ? "no present-on-admission indicator is needed"
                                : "report present on admission");
}

static void advise_field(struct buffer *out, const struct change *change)
{
    const char *words = change_field_advice(change);
    const char *when = words == NULL ? NULL : strstr(words, "{when}");
    struct buffer day = {0};

    if (words == NULL)
        return;
    if (when == NULL) {
        buffer_adds(out, words);
        return;
    }
    buffer_add(out, words, (size_t)(when - words));
    change_when(&day, change);
    if (day.len > 0) {
        buffer_addc(out, ' ');
        buffer_add(out, day.data, day.len);
    }
    buffer_clear(&day);
    buffer_adds(out, when + strlen("{when}"));
}

static void advise_new(struct buffer *out, const struct change *change)
{
    if (change->document != NULL) {
        buffer_adds(out, "read it");
        return;
    }
    if (change->series->table != TABLE_HCPCS &&
        change->series->table != TABLE_ICD10CM)
        return;
    buffer_adds(out, "new ");
    change_when(out, change);
    buffer_adds(out, ": see whether it replaces what you bill now");
}

void change_advice(
    struct buffer *out, const struct store *store, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_ADDED:
        advise_new(out, change);
        break;
    case CHANGE_ENDED:
        advise_end(out, store, change);
        break;
    case CHANGE_REVISED:
        advise_field(out, change);
        break;
    case CHANGE_RESTORED:
        buffer_adds(out, "may be billed again");
        break;
    case CHANGE_REUSED:
        buffer_adds(out, "check charge lists and templates: the number stands "
                         "for another thing");
        break;
    case CHANGE_BILLABLE:
        buffer_adds(out, change->after != NULL && change->after[0] == '1'
                             ? "may be billed"
                             : "use one of the codes below it");
        break;
    case CHANGE_TITLE:
        if (change->document == NULL)
            buffer_adds(out, "check that it still says what was done");
        break;
    case CHANGE_LIMIT:
        advise_limit(out, store, change);
        break;
    case CHANGE_LISTED:
    case CHANGE_UNLISTED:
        advise_list(out, change);
        break;
    default:
        advise_edit(out, store, change);
        break;
    }
}

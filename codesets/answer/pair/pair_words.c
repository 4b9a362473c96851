#include "codesets/answer/pair/pair_answer.h"

#include <string.h>

static void add_day(struct buffer *out, day_t day)
{
    char text[DAY_TEXT_LEN];

    buffer_add(out, text, day_format(text, day));
}

/* "97110", "97110 and 97150": the lines whose bit is set. */
static void add_lines(
    struct buffer *out, const struct pair_question *question, unsigned bits)
{
    if ((bits & 1) != 0)
        buffer_add(out, question->a->code, question->a->len);
    if (bits == 3)
        buffer_adds(out, " and ");
    if ((bits & 2) != 0)
        buffer_add(out, question->b->code, question->b->len);
}

static const char *what_it_is(const struct pair_line *line)
{
    switch (line->kind) {
    case LINE_ICD10CM:
        return "a diagnosis code; edits are between procedure codes";
    case LINE_MODIFIER:
        return "a modifier; it belongs behind a code, as in 97140:59";
    default:
        return "not a procedure code, or its modifiers are not modifiers";
    }
}

static void data_words(struct buffer *out, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision)
{
    const struct edit_scope *scope =
        &rules->edits[question->setting][question->program];
    const bool same = strcmp(question->a->code, question->b->code) == 0;

    if (same) {
        if ((decision->notes & NOTE_LIMIT_UNCERTAIN) != 0)
            buffer_adds(out,
                "The unit limits published before and after this day differ, "
                "and the releases between them are not loaded.");
        else
            buffer_addf(out,
                "The unit limits (MUE) of the %s setting are not loaded for "
                "this day.",
                setting_name(question->setting));
    } else if (!scope->loaded) {
        buffer_addf(out, "The %s edits of the %s setting are not loaded.",
            program_name(question->program), setting_name(question->setting));
    } else {
        buffer_addf(out,
            "Release %s of the edits is loaded in part only, so that no edit "
            "found proves nothing.",
            scope->release->label);
    }
}

/* One code twice is judged by its unit limit, two codes by the edits. */
static void date_words(struct buffer *out, const struct rules *rules,
    const struct pair_question *question)
{
    const bool same = strcmp(question->a->code, question->b->code) == 0;
    const struct series *series = store_series(rules->store,
        same ? TABLE_MUE : TABLE_PTP, question->setting, question->program);
    const day_t end = series == NULL || series->releases == 0
                          ? DAY_OPEN
                          : series->release[series->releases - 1].to;

    add_day(out, question->day);
    buffer_adds(out, same ? " lies outside the loaded unit limits"
                          : " lies outside the loaded data");
    if (end != DAY_OPEN && question->day > end) {
        buffer_adds(out, same ? ", which end on " : ", which ends on ");
        add_day(out, end);
    }
    buffer_addc(out, '.');
}

static void not_checked_words(struct buffer *out, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision)
{
    const struct pair_line *fault =
        (decision->faults & 1) != 0 ? question->a : question->b;

    switch (decision->reason) {
    case REASON_BAD_SYNTAX:
        buffer_add(out, fault->code, fault->len);
        buffer_addf(out, " is %s.", what_it_is(fault));
        break;
    case REASON_UNKNOWN_CODE:
        add_lines(out, question, decision->faults);
        buffer_adds(out, decision->faults == 3
                             ? " are in none of the loaded releases."
                             : " is in none of the loaded releases.");
        break;
    case REASON_NOT_VALID_ON_DATE:
        add_lines(out, question, decision->faults);
        buffer_adds(out, decision->faults == 3 ? " are" : " is");
        buffer_adds(out, " not valid on ");
        add_day(out, question->day);
        buffer_addc(out, '.');
        break;
    case REASON_DATE_OUTSIDE_DATA:
        date_words(out, rules, question);
        break;
    default:
        data_words(out, rules, question, decision);
        break;
    }
}

static void live_words(struct buffer *out, const struct pair_question *question,
    const struct pair_decision *decision)
{
    const struct pair_line *const line[2] = {question->a, question->b};
    const char *column2 = line[1 - decision->column1_line]->code;
    const char *column1 = line[decision->column1_line]->code;
    char modifier[3];

    if (decision->reason == REASON_BYPASSED) {
        modifier_unpack(modifier, decision->bypass_modifier);
        buffer_adds(out, "The edit of ");
        buffer_adds(out, column1);
        buffer_adds(out, " with ");
        buffer_adds(out, column2);
        buffer_adds(out, " accepts modifier ");
        buffer_adds(out, modifier);
        buffer_adds(out, " on ");
        buffer_adds(out, line[decision->bypass_line]->code);
        buffer_adds(out, "; the record must bear it out.");
        return;
    }
    buffer_adds(out, "If both are billed, ");
    buffer_adds(out, column2);
    buffer_adds(out, " is denied: an edit pays ");
    buffer_adds(out, column1);
    buffer_adds(out,
        decision->reason == REASON_BLOCKED
            ? " only, and no modifier opens it."
            : " only, unless a modifier that the record bears out stands on a "
              "line.");
}

static void billable_words(
    struct buffer *out, const struct pair_decision *decision)
{
    switch (decision->reason) {
    case REASON_EDIT_NEVER_ACTIVE:
        buffer_adds(out, "The edits of this pair were withdrawn from their "
                         "first day: none was ever in force.");
        break;
    case REASON_EDIT_NOT_YET:
        buffer_adds(out, "No edit is in force on this day; one begins on ");
        add_day(out, decision->edit.effective);
        buffer_addc(out, '.');
        break;
    case REASON_EDIT_EXPIRED:
        buffer_adds(
            out, "No edit is in force on this day; the last one ended on ");
        add_day(out, decision->edit.deleted);
        buffer_addc(out, '.');
        break;
    default:
        buffer_adds(out, "No edit stands between these codes.");
        break;
    }
}

static void same_words(struct buffer *out, const struct pair_question *question,
    const struct pair_decision *decision)
{
    const char *code = question->a->code;
    const bool by_line = decision->mai <= 1;

    if ((decision->notes & NOTE_NO_PUBLISHED_LIMIT) != 0)
        buffer_addf(
            out, "Two units of %s: no unit limit is published for it.", code);
    else if (!decision->limit_known)
        buffer_addf(out,
            "Two units of %s: the limits around this day differ, and give the "
            "same verdict.",
            code);
    else
        buffer_addf(out, "Two units of %s: the limit is %u %s.", code,
            decision->limit, by_line ? "a line" : "a day");
    if (decision->verdict == VERDICT_MODIFIER_REQUIRED)
        buffer_adds(out, " On two lines, parted by a modifier that the record "
                         "bears out, each is within it.");
}

void pair_reason_text(struct buffer *out, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision)
{
    if (decision->verdict == VERDICT_NOT_CHECKED)
        not_checked_words(out, rules, question, decision);
    else if (decision->reason == REASON_SAME_CODE)
        same_words(out, question, decision);
    else if (decision->verdict == VERDICT_BILLABLE)
        billable_words(out, decision);
    else
        live_words(out, question, decision);
    if ((decision->notes & NOTE_OLD_RULE) != 0)
        buffer_adds(out, " The modifier stands on the column 1 line, where it "
                         "did not count yet on this day.");
    if ((decision->notes & NOTE_IMPLAUSIBLE_MODIFIER) != 0)
        buffer_adds(out, " That modifier is not meant for this.");
    if (decision->stale)
        buffer_adds(out, " The loaded data ends before this day.");
}

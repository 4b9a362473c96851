#include "codesets/answer/pair/pair_answer.h"

/* Rows of one pair that are looked at; no published pair has more than four. */
enum { TIMELINE_ROWS = 32, TIMELINE_PERIODS = 2 * TIMELINE_ROWS + 1 };

enum period_state {
    PERIOD_NO_EDIT,
    PERIOD_EDIT,
    PERIOD_UNKNOWN /* no row, where rows may be missing */
};

struct period {
    day_t from, to;
    enum period_state state;
    struct ptp_edit edit; /* the stricter of two in force */
};

struct timeline {
    const struct edit_scope *scope;
    day_t covered_to; /* of the release the rows came from */
    size_t periods, withdrawn;
    struct period period[TIMELINE_PERIODS];
    day_t gone[TIMELINE_ROWS]; /* first days of withdrawn rows */
};

/* A handful, mostly in order. */
static void sort_days(day_t *day, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const day_t one = day[i];
        size_t at = i;

        for (; at > 0 && day[at - 1] > one; at--)
            day[at] = day[at - 1];
        day[at] = one;
    }
}

static void add_period(struct timeline *out, const struct ptp_edit *rows,
    size_t count, day_t from, bool whole)
{
    struct period *period = &out->period[out->periods++];

    *period = (struct period){.from = from,
        .to = DAY_OPEN,
        .state = whole ? PERIOD_NO_EDIT : PERIOD_UNKNOWN};
    for (size_t i = 0; i < count; i++)
        if (ptp_in_force(&rows[i], from) &&
            (period->state != PERIOD_EDIT ||
                rows[i].indicator < period->edit.indicator)) {
            period->state = PERIOD_EDIT;
            period->edit = rows[i];
        }
    if (out->periods > 1)
        out->period[out->periods - 2].to = from - 1;
}

/* False when the edits of the pair were not looked up. */
static bool timeline_find(struct timeline *out, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision)
{
    const struct edit_scope *scope =
        &rules->edits[question->setting][question->program];
    struct ptp_edit rows[TIMELINE_ROWS];
    day_t days[TIMELINE_PERIODS];
    size_t count = 0, ends = 0;
    bool whole;

    if (!scope->loaded || question->a->kind != LINE_PROCEDURE ||
        question->b->kind != LINE_PROCEDURE ||
        question->a->ordinal == question->b->ordinal)
        return false;
    whole = !scope->partial ||
            (rules->store->starter && decision->first < decision->end);
    out->scope = scope;
    out->covered_to = scope->release->to;
    out->periods = out->withdrawn = 0;
    days[ends++] = DAY_UNKNOWN;
    for (uint32_t row = decision->first;
         row < decision->end && row - decision->first < TIMELINE_ROWS; row++) {
        struct ptp_edit edit;

        ptp_edit(scope->table, decision->lower, row, &edit);
        if (ptp_never_active(&edit)) {
            out->gone[out->withdrawn++] = edit.effective;
            continue;
        }
        rows[count++] = edit;
        days[ends++] = edit.effective;
        if (edit.deleted != DAY_OPEN)
            days[ends++] = edit.deleted + 1;
    }
    sort_days(days, ends);
    sort_days(out->gone, out->withdrawn);
    for (size_t i = 0; i < ends; i++)
        if (i == 0 || days[i] != days[i - 1])
            add_period(out, rows, count, days[i], whole);
    return true;
}

/* ------------------------------------------------------------------ words */

static void add_day(struct buffer *out, day_t day)
{
    char text[DAY_TEXT_LEN];

    if (day == DAY_UNKNOWN || day == DAY_OPEN)
        buffer_adds(out, "an unknown day");
    else
        buffer_add(out, text, day_format(text, day));
}

static void period_text(struct buffer *out, const struct period *period)
{
    const bool begins = period->from != DAY_UNKNOWN;
    const bool ends = period->to != DAY_OPEN;

    if (!begins && !ends) {
        buffer_adds(out, period->state == PERIOD_EDIT ? "since an unknown day"
                                                      : "at all times");
    } else if (begins && !ends) {
        buffer_adds(out, "since ");
        add_day(out, period->from);
    } else if (begins || period->state == PERIOD_EDIT) {
        buffer_adds(out, "from ");
        add_day(out, period->from);
        buffer_adds(out, " to ");
        add_day(out, period->to);
    } else {
        buffer_adds(out, "until ");
        add_day(out, period->to);
    }
    switch (period->state) {
    case PERIOD_EDIT:
        buffer_adds(out, period->edit.indicator == INDICATOR_NOT_ALLOWED
                             ? ": edit, no modifier allowed"
                             : ": edit, modifier allowed");
        if (period->edit.inferred && period->edit.effective != DAY_UNKNOWN)
            buffer_adds(out, " (first day inferred)");
        break;
    case PERIOD_UNKNOWN:
        buffer_adds(out, ": not known");
        break;
    default:
        buffer_adds(out, ": no edit");
        break;
    }
}

static void timeline_text(struct buffer *out, const struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->periods; i++) {
        if (i > 0)
            buffer_adds(out, "; ");
        period_text(out, &timeline->period[i]);
    }
    for (size_t i = 0; i < timeline->withdrawn; i++) {
        buffer_adds(out,
            i == 0 ? "; withdrawn from the first day on: edit of " : ", of ");
        add_day(out, timeline->gone[i]);
    }
    if (timeline->covered_to != DAY_OPEN) {
        buffer_adds(out, " (published to ");
        add_day(out, timeline->covered_to);
        buffer_addc(out, ')');
    }
}

void pair_timeline_text(struct buffer *out, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision)
{
    struct timeline timeline;

    if (timeline_find(&timeline, rules, question, decision))
        timeline_text(out, &timeline);
}

/* ------------------------------------------------------------------- JSON */

/* Of a day that the edits do not cover nothing is said. */
static const char *when(
    const struct timeline *timeline, const struct period *period, day_t day)
{
    if (period->to < day)
        return "past";
    if (period->from > day)
        return "coming";
    return edit_scope_covers(timeline->scope, day) ? "present" : "unknown";
}

static void code_member(struct json *json, const char *key,
    const struct rules *rules, uint32_t ordinal)
{
    char text[PROC_LEN + 1];

    proc_unpack(text, proc_at(&rules->store->proc, ordinal));
    json_key(json, key);
    json_word(json, text);
}

static void period_json(struct json *json, const struct rules *rules,
    const struct timeline *timeline, const struct period *period, day_t day)
{
    static const char *const states[] = {"no_edit", "edit", "not_known"};
    const struct ptp_edit *edit = &period->edit;

    json_open(json, '{');
    json_key(json, "from");
    json_day(json, period->from);
    json_key(json, "to");
    json_day(json, period->to);
    json_key(json, "when");
    json_word(json, when(timeline, period, day));
    json_key(json, "state");
    json_word(json, states[period->state]);
    if (period->state == PERIOD_EDIT) {
        code_member(json, "column1", rules, edit->column1);
        code_member(json, "column2", rules, edit->column2);
        json_key(json, "modifier_indicator");
        json_int(json, indicator_number(edit->indicator));
        json_key(json, "effective_inferred");
        json_bool(json, edit->inferred);
        json_key(json, "source");
        source_json(json, timeline->scope->release->label,
            store_file(rules->store, edit->file), edit->line);
    }
    json_close(json, '}');
}

void pair_timeline_json(struct json *json, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision)
{
    struct timeline timeline;
    size_t from;

    json_key(json, "timeline");
    if (!timeline_find(&timeline, rules, question, decision)) {
        json_null(json);
        return;
    }
    json_open(json, '{');
    json_key(json, "text");
    from = json_text_begin(json);
    timeline_text(json->out, &timeline);
    json_text_end(json, from);
    json_key(json, "covered_to");
    json_day(json, timeline.covered_to);
    json_key(json, "periods");
    json_open(json, '[');
    for (size_t i = 0; i < timeline.periods; i++)
        period_json(json, rules, &timeline, &timeline.period[i], question->day);
    json_close(json, ']');
    json_key(json, "withdrawn");
    json_open(json, '[');
    for (size_t i = 0; i < timeline.withdrawn; i++)
        json_day(json, timeline.gone[i]);
    json_close(json, ']');
    json_close(json, '}');
}

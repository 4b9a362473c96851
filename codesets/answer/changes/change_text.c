/* The comparison as plain text. */
#include <inttypes.h>
#include <string.h>

#include "codesets/answer/changes/change_form.h"
#include "codesets/answer/changes/change_words.h"

static void title(struct buffer *out, const struct compare_series *series)
{
    buffer_adds(out, table_schema(series->table)->name);
    if (series->setting != SETTING_NONE)
        buffer_addf(out, " %s", setting_name(series->setting));
    if (series->program == PROGRAM_MEDICAID)
        buffer_addf(out, " %s", program_name(series->program));
}

static void sum_line(struct buffer *out, const struct compare_series *series)
{
    const size_t from = out->len;

    title(out, series);
    while (out->len - from < 26 && !out->failed)
        buffer_addc(out, ' ');
    if (series->fault != COMPARE_DONE) {
        buffer_addf(out, "not compared: %s", compare_fault_text(series->fault));
        if (series->fault == COMPARE_ONE_SIDE)
            buffer_addf(out, " (%s has it)",
                series->series[AFTER] != NULL ? "only the second"
                                              : "only the first");
        buffer_addc(out, '\n');
        return;
    }
    buffer_addf(out, "%-10s %-10s ", change_release(series->release[BEFORE]),
        change_release(series->release[AFTER]));
    change_sums(out, series->count);
    if (series->rows_gone + series->rows_new > 0)
        buffer_addf(out, " (rows: %" PRIu64 " gone, %" PRIu64 " new)",
            series->rows_gone, series->rows_new);
    if (series->gap)
        buffer_adds(out, "; releases between are missing");
    if (series->stale)
        buffer_adds(out, "; the day lies after the newest release");
    if (series->partial)
        buffer_adds(out, "; a side is not whole");
    buffer_addc(out, '\n');
}

static void side_line(
    struct buffer *out, const char *name, const struct compare_side *side)
{
    char day[DAY_TEXT_LEN];

    buffer_addf(out, "%-8s build %s", name, store_id(side->store));
    if (side->day != COMPARE_NEWEST && day_format(day, side->day) > 0)
        buffer_addf(out, " on %s", day);
    if (store_starter(side->store))
        buffer_adds(out, " (the starter set)");
    buffer_addc(out, '\n');
}

static void unknown_lines(
    struct buffer *out, const struct compare_question *question)
{
    for (size_t i = 0; i < compare_codes_count(question->codes); i++) {
        char code[CODE_TEXT];
        const char *why = change_unknown(code, question, i);

        if (why == NULL)
            continue;
        buffer_addf(out, "         %s: %s\n", code, why);
    }
}

static void text_begin(struct change_writer *writer)
{
    struct buffer *out = &writer->out;
    const struct compare_summary *summary = writer->summary;

    side_line(out, "before", &writer->question.side[BEFORE]);
    side_line(out, "after", &writer->question.side[AFTER]);
    if (writer->question.codes != NULL) {
        buffer_addf(out, "codes    %zu, only what touches them\n",
            compare_codes_count(writer->question.codes));
        unknown_lines(out, &writer->question);
    }
    buffer_addf(out, "\n%-26s%-10s %-10s changes\n", "list", "before", "after");
    for (size_t i = 0; i < summary->count; i++)
        sum_line(out, &summary->series[i]);
    buffer_addf(out, "%-26s%-10s %-10s ", "in sum", "", "");
    change_sums(out, summary->total);
    buffer_addc(out, '\n');
}

static void text_code(struct change_writer *writer, const char *code)
{
    (void)code; /* named with its first change */
}

static void text_series(struct change_writer *writer)
{
    struct buffer *out = &writer->out;
    char code[CODE_TEXT];

    if (change_begins_code(writer, code))
        buffer_addf(out, "\n== %s ==\n", code);
    buffer_adds(out, "\n");
    title(out, writer->series);
    buffer_addf(out, ", %s → %s\n",
        change_release(writer->series->release[BEFORE]),
        change_release(writer->series->release[AFTER]));
}

static void text_change(
    struct change_writer *writer, const struct change *change)
{
    struct buffer *out = &writer->out;
    size_t from;

    buffer_adds(out, "  ");
    if (change->series->table != TABLE_PTP) {
        change_name(out, change);
        buffer_adds(out, "  ");
    }
    change_sentence(out, change);
    from = out->len;
    buffer_adds(out, ", ");
    change_when(out, change);
    if (out->len == from + 2)
        out->len = from;
    if (writer->question.codes != NULL) {
        buffer_adds(out, "\n      ");
        from = out->len;
        change_advice(out, writer->question.side[AFTER].store, change);
        if (out->len == from)
            out->len -= 7;
    }
    buffer_addc(out, '\n');
}

static void text_series_end(struct change_writer *writer)
{
    if (writer->series != NULL && writer->ending > 0) {
        buffer_adds(&writer->out, "  ");
        change_endings(&writer->out, writer);
        buffer_addc(&writer->out, '\n');
    }
    if (change_cut(writer) > 0)
        buffer_addf(&writer->out, "  … and %zu more\n", change_cut(writer));
}

static void text_end(struct change_writer *writer)
{
    if (writer->told > 0)
        return;
    buffer_addc(&writer->out, '\n');
    change_none(&writer->out, writer->summary);
    buffer_addc(&writer->out, '\n');
}

const struct change_form_ops change_text_form = {true, text_begin, text_code,
    text_series, text_change, text_series_end, text_end};

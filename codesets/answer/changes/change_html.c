/* The comparison as one page to print: no script, nothing loaded. */
#include <inttypes.h>
#include <string.h>

#include "codesets/answer/changes/change_form.h"
#include "codesets/answer/changes/change_words.h"
#include "codesets/compare/word_runs.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
    "<title>What changed</title>\n<style>\n"
    "body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:60em;"
    "padding:0 1em;color:#1a1a1a;background:#fff}\n"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin:1.6em 0 .4em}"
    "h3{font-size:1em;margin:1em 0 .3em}\n"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.25em .5em;"
    "border-bottom:1px solid #ccc}th{background:#f2f2f2}\n"
    "tr{break-inside:avoid}thead{display:table-header-group}\n"
    "del{background:#fde2e2}ins{background:#dff3e0;text-decoration:underline}\n"
    ".code{white-space:nowrap;font-weight:600}.note{color:#555}\n"
    "@media print{body{margin:0;max-width:none;font-size:10pt}"
    "h2{break-after:avoid}}\n</style>\n";

static void escaped_len(struct buffer *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        switch (text[i]) {
        case '&':
            buffer_adds(out, "&amp;");
            break;
        case '<':
            buffer_adds(out, "&lt;");
            break;
        case '>':
            buffer_adds(out, "&gt;");
            break;
        case '"':
            buffer_adds(out, "&quot;");
            break;
        default:
            buffer_addc(out, text[i]);
            break;
        }
}

static void escaped(struct buffer *out, const char *text)
{
    if (text != NULL)
        escaped_len(out, text, strlen(text));
}

static void list_name(struct buffer *out, const struct compare_series *series)
{
    escaped(out, table_schema(series->table)->name);
    if (series->setting != SETTING_NONE)
        buffer_addf(out, " %s", setting_name(series->setting));
    if (series->program == PROGRAM_MEDICAID)
        buffer_addf(out, " %s", program_name(series->program));
}

static void sum_row(struct buffer *out, const struct compare_series *series)
{
    buffer_adds(out, "<tr><td>");
    list_name(out, series);
    for (int side = 0; side < SIDES; side++) {
        buffer_adds(out, "<td>");
        escaped(out, change_release(series->release[side]));
    }
    buffer_adds(out, "<td>");
    if (series->fault != COMPARE_DONE) {
        buffer_adds(out, "<span class=\"note\">not compared: ");
        escaped(out, compare_fault_text(series->fault));
        buffer_adds(out, "</span>");
    } else {
        change_sums(out, series->count);
        if (series->gap)
            buffer_adds(out, "; releases between are missing");
        if (series->stale)
            buffer_adds(out, "; the day lies after the newest release");
        if (series->partial)
            buffer_adds(out, "; a side is not whole");
    }
    buffer_adds(out, "\n");
}

static void side_text(struct buffer *out, const struct compare_side *side)
{
    char day[DAY_TEXT_LEN];

    buffer_adds(out, "build ");
    escaped(out, store_id(side->store));
    if (side->day != COMPARE_NEWEST && day_format(day, side->day) > 0)
        buffer_addf(out, " on %s", day);
}

static void unknown_codes(
    struct buffer *out, const struct compare_question *question)
{
    for (size_t i = 0; i < compare_codes_count(question->codes); i++) {
        char code[CODE_TEXT];
        const char *why = change_unknown(code, question, i);

        if (why == NULL)
            continue;
        buffer_adds(out, "<p class=\"note\">");
        escaped(out, code);
        buffer_addf(out, ": %s</p>\n", why);
    }
}

static void html_begin(struct change_writer *writer)
{
    struct buffer *out = &writer->out;
    const struct compare_summary *summary = writer->summary;

    buffer_adds(out, head);
    buffer_addf(out, "<h1>%s</h1>\n<p>From ",
        writer->question.codes != NULL ? "What changes for our codes"
                                       : "What changed");
    side_text(out, &writer->question.side[BEFORE]);
    buffer_adds(out, " to ");
    side_text(out, &writer->question.side[AFTER]);
    buffer_adds(out, ".</p>\n");
    if (writer->question.codes != NULL)
        unknown_codes(out, &writer->question);
    buffer_adds(out, "<h2>In sum</h2>\n<table><thead><tr><th>List"
                     "<th>Before<th>After<th>Changes</thead>\n<tbody>\n");
    for (size_t i = 0; i < summary->count; i++)
        sum_row(out, &summary->series[i]);
    buffer_adds(out, "</tbody></table>\n");
}

static void html_code(struct change_writer *writer, const char *code)
{
    (void)code; /* named with its first change */
}

static void html_series(struct change_writer *writer)
{
    struct buffer *out = &writer->out;
    char code[CODE_TEXT];

    if (change_begins_code(writer, code)) {
        buffer_adds(out, "<h2>");
        escaped(out, code);
        buffer_adds(out, "</h2>\n");
    }
    buffer_addf(out, "<h%c>", writer->question.codes != NULL ? '3' : '2');
    list_name(out, writer->series);
    buffer_adds(out, ", ");
    escaped(out, change_release(writer->series->release[BEFORE]));
    buffer_adds(out, " → ");
    escaped(out, change_release(writer->series->release[AFTER]));
    buffer_addf(out, "</h%c>\n<table><thead><tr><th>Code<th>Change<th>When",
        writer->question.codes != NULL ? '3' : '2');
    if (writer->question.codes != NULL)
        buffer_adds(out, "<th>What to do");
    buffer_adds(out, "</thead>\n<tbody>\n");
}

static void runs(struct buffer *out, const struct change *change)
{
    static const char *const open[] = {"", "<del>", "<ins>"};
    static const char *const close[] = {"", "</del>", "</ins>"};
    struct word_run run[WORD_RUNS_MAX];
    const size_t n = word_runs(run, change->before, change->after);

    buffer_addf(out, "%s: ", change->field == NULL ? "" : change->field);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buffer_addc(out, ' ');
        buffer_adds(out, open[run[i].kind]);
        escaped_len(out, run[i].text, run[i].len);
        buffer_adds(out, close[run[i].kind]);
    }
}

static void cell(struct buffer *out, struct buffer *text)
{
    if (text->len > 0)
        escaped_len(out, text->data, text->len);
    buffer_clear(text);
}

static void html_change(
    struct change_writer *writer, const struct change *change)
{
    struct buffer *out = &writer->out, text = {0};

    buffer_adds(out, "<tr><td class=\"code\">");
    change_name(&text, change);
    cell(out, &text);
    buffer_adds(out, "<td>");
    if (change->words && change->before != NULL && change->after != NULL) {
        runs(out, change);
    } else {
        change_sentence(&text, change);
        cell(out, &text);
    }
    buffer_adds(out, "<td>");
    change_when(&text, change);
    cell(out, &text);
    if (writer->question.codes != NULL) {
        buffer_adds(out, "<td>");
        change_advice(&text, writer->question.side[AFTER].store, change);
        cell(out, &text);
    }
    buffer_addc(out, '\n');
}

static void html_series_end(struct change_writer *writer)
{
    if (writer->series == NULL)
        return;
    if (writer->ending > 0) {
        buffer_adds(&writer->out, "<tr><td colspan=\"4\">");
        change_endings(&writer->out, writer);
        buffer_addc(&writer->out, '\n');
    }
    if (change_cut(writer) > 0)
        buffer_addf(&writer->out,
            "<tr><td colspan=\"4\" class=\"note\">… and %zu more\n",
            change_cut(writer));
    buffer_adds(&writer->out, "</tbody></table>\n");
}

static void html_end(struct change_writer *writer)
{
    if (writer->told == 0) {
        buffer_adds(&writer->out, "<p>");
        change_none(&writer->out, writer->summary);
        buffer_adds(&writer->out, "</p>\n");
    }
    buffer_adds(&writer->out, "</html>\n");
}

const struct change_form_ops change_html_form = {true, html_begin, html_code,
    html_series, html_change, html_series_end, html_end};

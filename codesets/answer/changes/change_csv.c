/* The comparison as CSV (RFC 4180): a line a change. */
#include <string.h>

#include "codesets/answer/changes/change_form.h"
#include "codesets/answer/changes/change_words.h"

/* A cell that a spreadsheet would take for a formula gets a quote in front. */
static void cell_text(struct buffer *out, const char *text, size_t len)
{
    buffer_addc(out, '"');
    if (len > 0 && memchr("=+-@\t\r", text[0], 6) != NULL)
        buffer_addc(out, '\'');
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"')
            buffer_addc(out, '"');
        buffer_addc(out, text[i]);
    }
    buffer_adds(out, "\",");
}

static void cell(struct buffer *out, const char *text)
{
    if (text == NULL || *text == '\0')
        buffer_addc(out, ',');
    else
        cell_text(out, text, strlen(text));
}

static void csv_begin(struct change_writer *writer)
{
    if (writer->question.codes != NULL)
        buffer_adds(&writer->out, "asked,");
    buffer_adds(&writer->out,
        "table,setting,program,kind,system,code,modifier,column2_or_primary,"
        "document,field,before,after,codes,effective,certain,advice,"
        "release_before,release,source_before,row_before,source,row\r\n");
}

static void csv_code(struct change_writer *writer, const char *code)
{
}

static void csv_series(struct change_writer *writer)
{
}

static void list_cell(struct buffer *out, const struct change *change)
{
    char dotted[CODE_TEXT];

    buffer_addc(out, '"');
    for (size_t i = 0; i < change->codes; i++) {
        if (i > 0)
            buffer_addc(out, ' ');
        if (change->system == SYSTEM_ICD10CM) {
            (void)icd_dotted(dotted, change->list[i], strlen(change->list[i]));
            buffer_adds(out, dotted);
        } else {
            buffer_adds(out, change->list[i]);
        }
    }
    buffer_adds(out, "\",");
}

static void advice_cell(struct buffer *out, const struct change_writer *writer,
    const struct change *change)
{
    struct buffer advice = {0};

    change_advice(&advice, writer->question.side[AFTER].store, change);
    cell_text(out, advice.len == 0 ? "" : advice.data, advice.len);
    buffer_clear(&advice);
}

static void csv_change(
    struct change_writer *writer, const struct change *change)
{
    const struct compare_series *series = change->series;
    struct buffer *out = &writer->out;
    char day[DAY_TEXT_LEN];

    if (writer->question.codes != NULL) {
        char asked[CODE_TEXT];

        change_asked(asked, writer->question.side[AFTER].store, writer->asked);
        cell(out, asked);
    }
    cell(out, table_schema(series->table)->name);
    cell(out, setting_name(series->setting));
    cell(out, program_name(series->program));
    cell(out, change_kind_name(change->kind));
    cell(out,
        change->system == SYSTEM_COUNT ? "" : code_system_name(change->system));
    if (change->code != NULL && change->system == SYSTEM_ICD10CM) {
        char dotted[CODE_TEXT];

        (void)icd_dotted(dotted, change->code, strlen(change->code));
        cell(out, dotted);
    } else {
        cell(out, change->code);
    }
    cell(out, change->modifier);
    cell(out, change->other);
    cell(out, change->document);
    cell(out, change->field);
    cell(out, change->before);
    cell(out, change->after);
    list_cell(out, change);
    (void)day_format(day, change->effective);
    cell(out, day);
    cell(out, change->effective == DAY_UNKNOWN ? ""
              : change->certain                ? "yes"
                                               : "no");
    advice_cell(out, writer, change);
    for (int side = 0; side < SIDES; side++)
        cell(out, change->source[side].release);
    for (int side = 0; side < SIDES; side++) {
        cell(out, change->source[side].file);
        if (change->source[side].file != NULL)
            buffer_addf(out, "%u", change->source[side].row);
        buffer_adds(out, side == BEFORE ? "," : "\r\n");
    }
}

static void csv_end(struct change_writer *writer)
{
}

const struct change_form_ops change_csv_form = {
    false, csv_begin, csv_code, csv_series, csv_change, csv_series, csv_end};

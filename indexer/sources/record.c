#include "indexer/sources/record.h"

#include <stdio.h>
#include <string.h>

#include "codesets/core/buffer.h"
#include "codesets/core/code.h"

enum { DOS_END_OF_FILE = 0x1A };

bool probe_is_text(const struct probe *probe)
{
    return probe->form == FORM_LINES || probe->form == FORM_CSV ||
           probe->form == FORM_TSV;
}

struct cell cell_at(const struct cell *cells, size_t count, size_t index)
{
    return index < count ? cell_trim(cells[index]) : (struct cell){"", 0};
}

struct cell cell_of(const char *text)
{
    return (struct cell){text, strlen(text)};
}

struct cell cell_cut(
    const char *line, size_t len, size_t position, size_t width)
{
    const size_t start = position - 1;

    if (start >= len)
        return (struct cell){"", 0};
    return cell_trim(
        (struct cell){line + start, len - start < width ? len - start : width});
}

bool cell_is(struct cell cell, const char *text)
{
    return cell.len == strlen(text) && memcmp(cell.text, text, cell.len) == 0;
}

bool row_is_blank(const struct cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct cell cell = cell_trim(cells[i]);

        if (!line_is_blank(cell.text, cell.len) && !cell_is(cell, "_x001A_"))
            return false;
    }
    return true;
}

bool line_is_blank(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (line[i] != ' ' && line[i] != '\t' && line[i] != DOS_END_OF_FILE)
            return false;
    return true;
}

bool cell_number(struct cell cell, uint32_t *out)
{
    uint32_t number = 0;

    if (cell.len == 0 || cell.len > 9)
        return false;
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.text[i] < '0' || cell.text[i] > '9')
            return false;
        number = number * 10 + (uint32_t)(cell.text[i] - '0');
    }
    *out = number;
    return true;
}

int rows_read(
    const struct probe *probe, sheet_fn *each, void *context, struct error *err)
{
    const struct input *in = probe->in;

    switch (probe->form) {
    case FORM_XLSX:
        return sheet_read_xlsx(in->data, in->len, each, context, err);
    case FORM_CSV:
        return sheet_read_csv(in->data, in->len, ',', each, context, err);
    default:
        return sheet_read_tsv(in->data, in->len, each, context, err);
    }
}

void record_begin(struct record *record, struct batch *batch, uint32_t line)
{
    record->batch = batch;
    record->line = line;
    record->records = 1;
    record->refused = false;
    memset(record->text, 0, sizeof record->text); /* TEXT_EMPTY */
}

void record_set(struct record *record, size_t column, struct cell cell)
{
    record->text[column] = texts_add(record->batch->texts, cell.text, cell.len);
}

void record_set_raw(struct record *record, size_t column, struct cell cell)
{
    struct buffer utf8 = {0};

    for (size_t i = 0; i < cell.len; i++)
        if ((unsigned char)cell.text[i] >= 0x80) {
            text_to_utf8(&utf8, cell.text, cell.len);
            cell = cell_trim((struct cell){utf8.data, utf8.len});
            break;
        }
    record_set(record, column, cell);
    buffer_clear(&utf8);
}

void record_code(struct record *record, size_t column, struct cell cell)
{
    if (cell.len != PROC_LEN)
        record_refuse(record, column, "not five characters");
    else if (proc_pack(cell.text) == PROC_NONE)
        record_refuse(record, column, "not of a procedure code's shape");
    else
        record_set(record, column, cell);
}

static bool is_modifier(struct cell cell)
{
    for (size_t i = 0; i < cell.len; i++)
        if (!((cell.text[i] >= '0' && cell.text[i] <= '9') ||
                (cell.text[i] >= 'A' && cell.text[i] <= 'Z')))
            return false;
    return cell.len == MODIFIER_LEN;
}

void record_modifier(struct record *record, size_t column, struct cell cell)
{
    if (is_modifier(cell))
        record_set(record, column, cell);
    else
        record_refuse(record, column, "not the two characters of a modifier");
}

void record_own_key(
    struct record *record, size_t column, struct cell cell, size_t max)
{
    if (cell.len == 0)
        record_refuse(record, column, "missing");
    else if (cell.len > max)
        record_refuse(record, column, "too long");
    for (size_t i = 0; i < cell.len; i++)
        if ((unsigned char)cell.text[i] < ' ' || cell.text[i] == 0x7F)
            record_refuse(record, column, "holds a control character");
    record_set(record, column, cell);
}

void record_icd(struct record *record, size_t column, struct cell cell)
{
    char code[ICD_MAX + 1];

    if (cell.len > 4 && cell.len <= ICD_MAX + 1 && cell.text[3] == '.') {
        memcpy(code, cell.text, 3);
        memcpy(code + 3, cell.text + 4, cell.len - 4);
        cell = (struct cell){code, cell.len - 1};
    }
    if (!icd_shaped(cell.text, cell.len))
        record_refuse(record, column, "not of an ICD-10-CM code's shape");
    else
        record_set(record, column, cell);
}

void record_day(
    struct record *record, size_t column, struct cell cell, day_parse_fn *parse)
{
    day_t day;

    if (cell.len == 0)
        record_set(record, column, cell);
    else if (parse(&day, cell.text, cell.len) != 0)
        record_refuse(record, column, "not a date of this column's form");
    else
        record_day_is(record, column, day);
}

int parse_any_day(day_t *out, const char *text, size_t len)
{
    if (day_parse_iso(out, text, len) == 0 ||
        day_parse_compact(out, text, len) == 0)
        return 0;
    return day_parse_us(out, text, len);
}

void record_day_is(struct record *record, size_t column, day_t day)
{
    char text[DAY_TEXT_LEN], compact[DAY_TEXT_LEN];

    day_format(text, day);
    memcpy(compact, text, 4); /* YYYY-MM-DD */
    memcpy(compact + 4, text + 5, 2);
    memcpy(compact + 6, text + 8, 2);
    record_set(record, column, (struct cell){compact, 8});
}

void record_refuse(struct record *record, size_t column, const char *reason)
{
    if (!record->refused)
        batch_refuse(record->batch, record->line,
            table_schema(record->batch->id.table)->column[column], "%s",
            reason);
    record->refused = true;
}

int record_end(struct record *record, struct error *err)
{
    if (record->refused)
        return 0;
    if (texts_failed(record->batch->texts))
        return error_memory(err);
    return batch_add(
        record->batch, record->text, record->line, record->records, err);
}

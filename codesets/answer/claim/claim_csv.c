/* claim_csv.c - reads a claim out of CSV: a heading, then one line a line. */
#include <string.h>
#include <strings.h>

#include "codesets/answer/claim/claim_answer.h"

enum {
    COLUMNS_MAX = 16,
    CELL_MAX = 256, /* bytes of one cell without its quotes */
};

enum column {
    COLUMN_CODE,
    COLUMN_UNITS,
    COLUMN_MINUTES,
    COLUMN_MODIFIERS,
    COLUMN_DX,
    COLUMN_DATE,
    COLUMN_REVENUE,
    COLUMN_PROVIDER,
    COLUMN_KINDS
};

static const char *const names[COLUMN_KINDS] = {"code", "units", "minutes",
    "modifiers", "dx", "date", "revenue_code", "provider"};

struct csv {
    const char *at, *end;
    unsigned line; /* of the record to come, from 1 */
};

struct record {
    unsigned line;
    size_t cells;
    char cell[COLUMNS_MAX][CELL_MAX + 1];
    size_t len[COLUMNS_MAX];
};

static int add(struct record *out, char c, struct error *err)
{
    if (out->len[out->cells] == CELL_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "line %u: a cell of more than %d bytes", out->line, CELL_MAX);
    out->cell[out->cells][out->len[out->cells]++] = c;
    return 0;
}

/* One cell, up to its comma or the end of the line. Returns 0 or an error. */
static int read_cell(struct csv *csv, struct record *out, struct error *err)
{
    bool quoted = false;
    int rc = 0;

    out->len[out->cells] = 0;
    for (; csv->at < csv->end && rc == 0; csv->at++) {
        const char c = *csv->at;

        if (quoted && c == '"' && csv->at + 1 < csv->end && csv->at[1] == '"') {
            csv->at++;
            rc = add(out, c, err);
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == ',' || c == '\n')) {
            break;
        } else if (c != '\r') {
            csv->line += c == '\n';
            rc = add(out, c, err);
        }
    }
    if (rc == 0 && quoted)
        rc = error_set(
            err, ERR_INPUT, 0, "line %u: a quote is never closed", out->line);
    return rc;
}

/* Blanks around a cell mean nothing. */
static void trim(struct record *out)
{
    char *cell = out->cell[out->cells];
    size_t len = out->len[out->cells], skip = 0;

    while (len > 0 && (cell[len - 1] == ' ' || cell[len - 1] == '\t'))
        len--;
    while (skip < len && (cell[skip] == ' ' || cell[skip] == '\t'))
        skip++;
    memmove(cell, cell + skip, len - skip);
    out->len[out->cells] = len - skip;
    cell[len - skip] = '\0';
}

/* Returns 1, 0 at the end, or an error. Lines without anything are skipped. */
static int next_record(struct csv *csv, struct record *out, struct error *err)
{
    while (csv->at < csv->end && (*csv->at == '\n' || *csv->at == '\r'))
        csv->line += *csv->at++ == '\n';
    if (csv->at == csv->end)
        return 0;
    out->line = csv->line;
    out->cells = 0;
    for (;;) {
        int rc;

        if (out->cells == COLUMNS_MAX)
            return error_set(err, ERR_LIMIT, 0, "line %u: more than %d columns",
                out->line, COLUMNS_MAX);
        if ((rc = read_cell(csv, out, err)) != 0)
            return rc;
        trim(out);
        out->cells++;
        if (csv->at == csv->end || *csv->at == '\n')
            break;
        csv->at++; /* the comma */
    }
    if (csv->at < csv->end) {
        csv->at++;
        csv->line++;
    }
    return 1;
}

static int read_heading(
    uint8_t column[COLUMNS_MAX], const struct record *record, struct error *err)
{
    bool code = false;

    for (size_t i = 0; i < record->cells; i++) {
        uint8_t kind = 0;

        while (kind < COLUMN_KINDS &&
               strcasecmp(record->cell[i], names[kind]) != 0)
            kind++;
        if (kind == COLUMN_KINDS)
            return error_set(err, ERR_INPUT, 0,
                "line %u: '%.40s' is no column of a claim. These are: code, "
                "units, minutes, modifiers, dx, date, revenue_code, provider",
                record->line, record->cell[i]);
        for (size_t k = 0; k < i; k++)
            if (column[k] == kind)
                return error_set(err, ERR_INPUT, 0,
                    "line %u: the column %s stands twice", record->line,
                    names[kind]);
        column[i] = kind;
        code = code || kind == COLUMN_CODE;
    }
    if (!code)
        return error_set(err, ERR_INPUT, 0,
            "line %u: the heading needs a column code, as in "
            "code,units,minutes,modifiers,dx",
            record->line);
    return 0;
}

/* Digits, perhaps with a sign; "2.0" is no whole number here. */
static int read_number(int64_t *out, const struct record *record, size_t cell,
    const char *name, struct error *err)
{
    const char *text = record->cell[cell];
    const bool negative = text[0] == '-';
    int64_t number = 0;
    size_t i = negative ? 1 : 0;

    if (text[i] == '\0')
        i = record->len[cell] + 1; /* a sign alone */
    for (; i < record->len[cell] && text[i] >= '0' && text[i] <= '9'; i++)
        if (number < INT32_MAX)
            number = number * 10 + (text[i] - '0');
    if (i != record->len[cell])
        return error_set(err, ERR_INPUT, 0,
            "line %u: %s: '%.40s' is no whole number", record->line, name,
            text);
    *out = negative ? -number : number;
    return 0;
}

static void read_pointers(struct claim_line *line, const char *text)
{
    while (*text != '\0') {
        const size_t n = strcspn(text, " +,;:");

        if (n > 0)
            claim_line_pointer_text(line, text, n);
        text += n;
        text += *text != '\0';
    }
}

static int read_cell_of_line(struct claim *claim, struct claim_line *line,
    const struct record *record, size_t cell, uint8_t kind, struct error *err)
{
    const char *text = record->cell[cell];
    const size_t len = record->len[cell];
    int rc = 0;

    if (len == 0)
        return 0; /* not told */
    switch (kind) {
    case COLUMN_UNITS:
        line->flaws &= (uint16_t)~FLAW_UNITS_MISSING;
        return read_number(&line->units, record, cell, names[kind], err);
    case COLUMN_MINUTES:
        line->minutes_told = true;
        return read_number(&line->minutes, record, cell, names[kind], err);
    case COLUMN_MODIFIERS:
        claim_line_modifiers(line, text, len);
        return 0;
    case COLUMN_DX:
        read_pointers(line, text);
        return 0;
    case COLUMN_DATE:
        if (day_parse_iso(&line->day, text, len) != 0)
            line->flaws |= FLAW_DATE;
        return 0;
    case COLUMN_REVENUE:
        claim_line_revenue(line, text, len);
        return 0;
    case COLUMN_PROVIDER:
        rc = claim_line_provider(claim, line, text, len, err);
        return rc == 0 ? 0 : error_prefix(err, rc, "line %u", record->line);
    default:
        return 0;
    }
}

static int read_line(struct claim *claim, const struct rules *rules,
    const struct record *record, const uint8_t *column, size_t columns,
    struct error *err)
{
    struct claim_line *line = NULL;
    int rc = 0;

    if (record->cells > columns)
        return error_set(err, ERR_INPUT, 0,
            "line %u: more cells than the heading has columns", record->line);
    for (size_t i = 0; i < record->cells; i++)
        if (column[i] == COLUMN_CODE)
            line =
                claim_add_line(claim, rules, record->cell[i], record->len[i]);
    if (claim->lines == CLAIM_LINES_MAX && line == NULL)
        return error_set(err, ERR_LIMIT, 0,
            "line %u: a claim has at most %d lines", record->line,
            CLAIM_LINES_MAX);
    if (line == NULL)
        return error_set(
            err, ERR_INPUT, 0, "line %u: has no code", record->line);
    for (size_t i = 0; i < record->cells && rc == 0; i++)
        rc = read_cell_of_line(claim, line, record, i, column[i], err);
    return rc;
}

static void add_diagnoses(struct claim *claim, struct text_ref list)
{
    while (list.len > 0) {
        const char *comma = memchr(list.text, ',', list.len);
        const size_t n = comma == NULL ? list.len : (size_t)(comma - list.text);

        claim_add_diagnosis(claim, list.text, n);
        list.text += comma == NULL ? n : n + 1;
        list.len -= comma == NULL ? n : n + 1;
    }
}

int claim_read_csv(struct claim *out, const struct rules *rules,
    const struct claim_defaults *defaults, struct text_ref diagnoses,
    const char *text, size_t len, struct error *err)
{
    static const char mark[3] = {'\xEF', '\xBB', '\xBF'};
    struct csv csv = {text, text + len, 1};
    uint8_t column[COLUMNS_MAX];
    struct record record;
    size_t columns;
    int rc;

    if (len >= sizeof mark && memcmp(text, mark, sizeof mark) == 0)
        csv.at += sizeof mark;
    claim_begin(out, defaults->day);
    out->setting = defaults->setting;
    out->program = defaults->program;
    if (out->program == PROGRAM_MEDICAID)
        claim_set_payer(out, PAYER_MEDICAID);
    if (diagnoses.text != NULL)
        add_diagnoses(out, diagnoses);
    if ((rc = next_record(&csv, &record, err)) == 0)
        return error_set(err, ERR_INPUT, 0,
            "the file is empty; its first line is a heading such as "
            "code,units,minutes,modifiers,dx");
    if (rc < 0 || (rc = read_heading(column, &record, err)) != 0)
        return rc;
    columns = record.cells;
    while ((rc = next_record(&csv, &record, err)) > 0)
        if ((rc = read_line(out, rules, &record, column, columns, err)) != 0)
            return rc;
    if (rc == 0 && out->lines == 0)
        rc = error_set(err, ERR_INPUT, 0, "no line follows the heading");
    return rc;
}

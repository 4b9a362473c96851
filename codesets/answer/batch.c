#include "codesets/answer/batch.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "codesets/answer/json.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct batch *batch)
{
    while (batch->at < batch->end && is_blank(*batch->at))
        batch->at++;
}

/* The next line without its end; moves on. False at the end of the body. */
static bool next_line(struct batch *batch, struct text_ref *out)
{
    const size_t left = (size_t)(batch->end - batch->at);
    const char *newline;

    if (left == 0)
        return false;
    newline = memchr(batch->at, '\n', left);
    *out = (struct text_ref){
        batch->at, newline == NULL ? left : (size_t)(newline - batch->at)};
    batch->at += newline == NULL ? left : out->len + 1;
    if (out->len > 0 && out->text[out->len - 1] == '\r')
        out->len--;
    batch->line++;
    return true;
}

static bool all_blank(struct text_ref line)
{
    for (size_t i = 0; i < line.len; i++)
        if (!is_blank(line.text[i]))
            return false;
    return true;
}

/* ------------------------------------------------------------------ CSV */

/* Takes one cell off the line; a quoted one is unquoted into room, which holds
 * room_len bytes. Returns 1, 0 when the line is used up, or ERR_INPUT. */
static int next_cell(struct text_ref *line, struct text_ref *out, char *room,
    size_t room_len, bool *more)
{
    size_t n = 0, i = 1;

    if (!*more)
        return 0;
    if (line->len == 0 || line->text[0] != '"') {
        const char *comma =
            line->len == 0 ? NULL : memchr(line->text, ',', line->len);

        n = comma == NULL ? line->len : (size_t)(comma - line->text);
        *out = (struct text_ref){line->text, n};
        i = n;
    } else {
        for (;; i++) {
            if (i >= line->len)
                return ERR_INPUT;
            if (line->text[i] == '"') {
                if (i + 1 >= line->len || line->text[i + 1] != '"')
                    break;
                i++;
            }
            if (n == room_len)
                return ERR_INPUT;
            room[n++] = line->text[i];
        }
        *out = (struct text_ref){room, n};
        i++;
    }
    if (i < line->len && line->text[i] != ',')
        return ERR_INPUT;
    *more = i < line->len;
    line->text += i + *more;
    line->len -= i + *more;
    return 1;
}

static struct text_ref trim(struct text_ref text)
{
    while (text.len > 0 && is_blank(text.text[0]))
        text.text++, text.len--;
    while (text.len > 0 && is_blank(text.text[text.len - 1]))
        text.len--;
    return text;
}

static int wrong_heading(const struct batch *batch, struct error *err)
{
    return error_set(err, ERR_INPUT, 0,
        "CSV: the first line must be a heading with %s",
        batch->kind->needed_words);
}

/* "code_a, code_b, date": all columns of a kind, for a message. */
static void column_names(char *out, size_t size, const struct batch_kind *kind)
{
    size_t len = 0;

    out[0] = '\0';
    for (uint8_t i = 0; i < kind->columns; i++) {
        const int n = snprintf(
            out + len, size - len, "%s%s", i > 0 ? ", " : "", kind->column[i]);

        if (n < 0 || (size_t)n >= size - len)
            break;
        len += (size_t)n;
    }
}

static int read_heading(struct batch *batch, struct error *err)
{
    const struct batch_kind *kind = batch->kind;
    struct text_ref line, cell;
    unsigned seen = 0;
    char room[64], names[256];
    bool more = true;
    int rc;

    if (!next_line(batch, &line))
        return wrong_heading(batch, err);
    while ((rc = next_cell(&line, &cell, room, sizeof room, &more)) > 0) {
        uint8_t column = 0;

        cell = trim(cell);
        while (column < kind->columns &&
               (strlen(kind->column[column]) != cell.len ||
                   strncasecmp(kind->column[column], cell.text, cell.len) != 0))
            column++;
        if (column == kind->columns || batch->columns == BATCH_COLUMNS ||
            (seen >> column & 1) != 0) {
            column_names(names, sizeof names, kind);
            return error_set(err, ERR_INPUT, 0,
                "CSV heading: column %d must be one of %s, each once",
                batch->columns + 1, names);
        }
        seen |= 1u << column;
        batch->column[batch->columns++] = column;
    }
    if (rc != 0 || (seen & kind->needed) != kind->needed)
        return wrong_heading(batch, err);
    return 0;
}

/* Spreads the cells of a line over the columns of the kind. */
static int read_cells(struct text_ref *out, const struct batch *batch,
    struct text_ref line, char *room, size_t room_len, struct error *err)
{
    struct text_ref cell;
    unsigned columns = 0, there = 0;
    bool more = true;
    int rc;

    for (uint8_t i = 0; i < batch->kind->columns; i++)
        out[i] = (struct text_ref){NULL, 0};
    while ((rc = next_cell(&line, &cell, room, room_len, &more)) > 0) {
        if (cell.text == room) {
            room += cell.len;
            room_len -= cell.len;
        }
        if (columns == batch->columns)
            return error_set(err, ERR_INPUT, 0,
                "more cells than the heading has (%d)", batch->columns);
        there |= 1u << batch->column[columns];
        out[batch->column[columns++]] = trim(cell);
    }
    if (rc != 0)
        return error_set(err, ERR_INPUT, 0, "CSV: a quote without its end");
    if ((there & batch->kind->needed) != batch->kind->needed)
        return error_set(err, ERR_INPUT, 0, "fewer cells than %s need",
            batch->kind->needed_words);
    return 0;
}

void csv_cell(struct buffer *out, const char *text, size_t len)
{
    if (strcspn(text, ",\"\r\n") >= len) {
        buffer_add(out, text, len);
        return;
    }
    buffer_addc(out, '"');
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"')
            buffer_addc(out, '"');
        buffer_addc(out, text[i]);
    }
    buffer_addc(out, '"');
}

/* -------------------------------------------------------------- opening */

size_t json_value_len(const char *text, size_t len)
{
    size_t depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < len; i++) {
        const char c = text[i];

        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return i;
            if (--depth == 0)
                return i + 1;
        } else if (depth == 0 && c == ',') {
            return i;
        }
    }
    return 0;
}

static uint32_t count_lines(const struct batch *batch)
{
    struct batch copy = *batch;
    struct text_ref line;
    uint32_t n = 0;

    while (n <= BATCH_MAX && next_line(&copy, &line))
        n += !all_blank(line);
    return n;
}

/* Takes the next element of an array, of which the bracket and all before are
 * gone. Returns 1, 0 at the end, or ERR_INPUT when it has no end. */
static int next_element(struct batch *batch, struct text_ref *out)
{
    size_t len;

    skip_blanks(batch);
    if (batch->at == batch->end)
        return ERR_INPUT;
    if (*batch->at == ']' && batch->line == 0) {
        batch->at++;
        return 0;
    }
    if (batch->line > 0) {
        const char c = *batch->at++;

        if (c == ']')
            return 0;
        if (c != ',')
            return ERR_INPUT;
        skip_blanks(batch);
    }
    len = json_value_len(batch->at, (size_t)(batch->end - batch->at));
    if (len == 0)
        return ERR_INPUT;
    *out = (struct text_ref){batch->at, len};
    batch->at += len;
    batch->line++;
    return 1;
}

static uint32_t count_elements(const struct batch *batch)
{
    struct batch copy = *batch;
    struct text_ref element;
    uint32_t n = 0;

    while (n <= BATCH_MAX && next_element(&copy, &element) > 0)
        n++;
    return n;
}

int batch_open(struct batch *out, const struct batch_kind *kind, void *context,
    enum batch_form form, const char *body, size_t len, struct error *err)
{
    static const char mark[3] = {'\xEF', '\xBB', '\xBF'};
    uint32_t count;
    int rc;

    *out = (struct batch){.kind = kind,
        .context = context,
        .form = form,
        .at = body,
        .end = body + len};
    if (len >= sizeof mark && memcmp(body, mark, sizeof mark) == 0)
        out->at += sizeof mark;
    if (form == BATCH_ARRAY) {
        skip_blanks(out);
        if (out->at == out->end || *out->at != '[')
            return error_set(err, ERR_INPUT, 0,
                "the body must be a JSON array of questions; for one question "
                "a line send application/x-ndjson");
        out->at++;
        count = count_elements(out);
    } else {
        if (form == BATCH_CSV && (rc = read_heading(out, err)) != 0)
            return rc;
        count = count_lines(out);
    }
    if (count > BATCH_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "more than %d questions in one body: split it", BATCH_MAX);
    return 0;
}

/* ------------------------------------------------------------ answering */

static void add_problem(
    struct batch *batch, const char *problem, struct buffer *out)
{
    struct json json;

    if (batch->form == BATCH_CSV) {
        batch->kind->csv_problem(out, batch->line, problem);
        return;
    }
    json_begin(&json, out);
    json_open(&json, '{');
    json_key(&json, "line");
    json_int(&json, batch->line);
    json_key(&json, "problem");
    json_string(&json, problem);
    json_close(&json, '}');
}

static int answer_csv(struct batch *batch, struct text_ref line,
    struct buffer *out, struct error *err)
{
    struct text_ref cell[BATCH_COLUMNS];
    char room[256];
    const int rc = read_cells(cell, batch, line, room, sizeof room, err);

    return rc == 0 ? batch->kind->csv(batch->context, cell, out, err) : rc;
}

static void answer_one(
    struct batch *batch, struct text_ref question, struct buffer *out)
{
    const size_t before = out->len;
    struct error err = {0};
    int rc;

    if (question.len > BATCH_LINE_MAX)
        rc = error_set(
            &err, ERR_LIMIT, 0, "longer than %d bytes", BATCH_LINE_MAX);
    else if (batch->form == BATCH_CSV)
        rc = answer_csv(batch, question, out, &err);
    else
        rc = batch->kind->json(batch->context, question, out, &err);
    if (rc != 0) {
        out->len = before;
        add_problem(batch, err.msg, out);
    }
}

static bool step_array(struct batch *batch, struct buffer *out)
{
    struct text_ref element;
    int rc;

    if (!batch->begun)
        buffer_addc(out, '[');
    rc = next_element(batch, &element);
    if (rc == 0) {
        skip_blanks(batch);
        if (batch->at < batch->end) {
            buffer_adds(out, batch->begun ? ",\n" : "\n");
            batch->begun = true;
            batch->line++;
            add_problem(batch, "text behind the array was not read", out);
        }
        buffer_adds(out, batch->begun ? "\n]\n" : "]\n");
        return false;
    }
    buffer_adds(out, batch->begun ? ",\n" : "\n");
    batch->begun = true;
    if (rc > 0) {
        answer_one(batch, element, out);
        return true;
    }
    batch->line++;
    add_problem(batch, "the array is broken here; the rest was not read", out);
    buffer_adds(out, "\n]\n");
    return false;
}

static bool step_line(struct batch *batch, struct buffer *out)
{
    struct text_ref line;

    if (!batch->begun && batch->form == BATCH_CSV)
        batch->kind->csv_heading(out);
    batch->begun = true;
    do
        if (!next_line(batch, &line))
            return false;
    while (all_blank(line));
    answer_one(batch, line, out);
    if (batch->form == BATCH_NDJSON)
        buffer_addc(out, '\n');
    return true;
}

bool batch_step(struct batch *batch, uint32_t n, struct buffer *out)
{
    for (; n > 0 && !batch->done; n--) {
        const bool more = batch->form == BATCH_ARRAY ? step_array(batch, out)
                                                     : step_line(batch, out);

        batch->done = !more;
        batch->answered += more;
    }
    return !batch->done;
}

#include "codesets/answer/pair_batch.h"

#include <string.h>
#include <strings.h>

#include "codesets/answer/pair_answer.h"
#include "codesets/answer/pair_text.h"

/* What a CSV column holds. */
enum column {
    COLUMN_CODE_A,
    COLUMN_CODE_B,
    COLUMN_DATE,
    COLUMN_SETTING,
    COLUMN_PROGRAM,
    COLUMN_MODIFIERS_A,
    COLUMN_MODIFIERS_B,
    COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {"code_a", "code_b",
    "date", "setting", "program", "modifiers_a", "modifiers_b"};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct pair_batch *batch)
{
    while (batch->at < batch->end && is_blank(*batch->at))
        batch->at++;
}

/* The next line without its end; moves on. False at the end of the body. */
static bool next_line(struct pair_batch *batch, struct text_ref *out)
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

static int read_heading(struct pair_batch *batch, struct error *err)
{
    struct text_ref line, cell;
    unsigned seen = 0;
    char room[64];
    bool more = true;
    int rc;

    if (!next_line(batch, &line))
        return error_set(err, ERR_INPUT, 0,
            "CSV: the first line must be a heading with code_a and code_b");
    while ((rc = next_cell(&line, &cell, room, sizeof room, &more)) > 0) {
        uint8_t column = 0;

        cell = trim(cell);
        while (column < COLUMN_COUNT &&
               (strlen(column_names[column]) != cell.len ||
                   strncasecmp(column_names[column], cell.text, cell.len) != 0))
            column++;
        if (column == COLUMN_COUNT || batch->columns == PAIR_BATCH_COLUMNS ||
            (seen >> column & 1) != 0)
            return error_set(err, ERR_INPUT, 0,
                "CSV heading: column %d must be one of code_a, code_b, date, "
                "setting, program, modifiers_a, modifiers_b, each once",
                batch->columns + 1);
        seen |= 1u << column;
        batch->column[batch->columns++] = column;
    }
    if (rc != 0 || (seen & 3) != 3)
        return error_set(err, ERR_INPUT, 0,
            "CSV: the first line must be a heading with code_a and code_b");
    return 0;
}

static int read_csv(struct pair_text *out, struct text_ref modifiers[2],
    const struct pair_batch *batch, struct text_ref line, char *room,
    size_t room_len, struct error *err)
{
    struct text_ref cell;
    unsigned columns = 0;
    bool more = true;
    int rc;

    memset(out, 0, sizeof *out);
    while ((rc = next_cell(&line, &cell, room, room_len, &more)) > 0) {
        if (cell.text == room) {
            room += cell.len;
            room_len -= cell.len;
        }
        if (columns == batch->columns)
            return error_set(err, ERR_INPUT, 0,
                "more cells than the heading has (%d)", batch->columns);
        cell = trim(cell);
        switch (batch->column[columns++]) {
        case COLUMN_CODE_A:
            out->code[0] = cell;
            break;
        case COLUMN_CODE_B:
            out->code[1] = cell;
            break;
        case COLUMN_DATE:
            out->date = cell;
            break;
        case COLUMN_SETTING:
            out->setting = cell;
            break;
        case COLUMN_PROGRAM:
            out->program = cell;
            break;
        case COLUMN_MODIFIERS_A:
            modifiers[0] = cell;
            break;
        default:
            modifiers[1] = cell;
            break;
        }
    }
    if (rc != 0)
        return error_set(err, ERR_INPUT, 0, "CSV: a quote without its end");
    if (out->code[0].text == NULL || out->code[1].text == NULL)
        return error_set(
            err, ERR_INPUT, 0, "fewer cells than code_a and code_b need");
    /* An empty cell says nothing. */
    if (out->date.len == 0)
        out->date.text = NULL;
    if (out->setting.len == 0)
        out->setting.text = NULL;
    if (out->program.len == 0)
        out->program.text = NULL;
    return 0;
}

/* -------------------------------------------------------------- opening */

static uint32_t count_lines(const struct pair_batch *batch)
{
    struct pair_batch copy = *batch;
    struct text_ref line;
    uint32_t n = 0;

    while (n <= PAIR_BATCH_MAX && next_line(&copy, &line))
        n += !all_blank(line);
    return n;
}

/* Takes the next element of an array, of which the bracket and all before are
 * gone. Returns 1, 0 at the end, or ERR_INPUT when it has no end. */
static int next_element(struct pair_batch *batch, struct text_ref *out)
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

static uint32_t count_elements(const struct pair_batch *batch)
{
    struct pair_batch copy = *batch;
    struct text_ref element;
    uint32_t n = 0;

    while (n <= PAIR_BATCH_MAX && next_element(&copy, &element) > 0)
        n++;
    return n;
}

int pair_batch_open(struct pair_batch *out, const struct answers *answers,
    enum pair_form form, const char *body, size_t len,
    const struct pair_defaults *defaults, struct error *err)
{
    static const char mark[3] = {'\xEF', '\xBB', '\xBF'};
    uint32_t count;
    int rc;

    *out = (struct pair_batch){.answers = answers,
        .form = form,
        .defaults = *defaults,
        .at = body,
        .end = body + len};
    if (len >= sizeof mark && memcmp(body, mark, sizeof mark) == 0)
        out->at += sizeof mark;
    if (form == PAIR_FORM_ARRAY) {
        skip_blanks(out);
        if (out->at == out->end || *out->at != '[')
            return error_set(err, ERR_INPUT, 0,
                "the body must be a JSON array of questions; for one question "
                "a line send application/x-ndjson");
        out->at++;
        count = count_elements(out);
    } else {
        if (form == PAIR_FORM_CSV && (rc = read_heading(out, err)) != 0)
            return rc;
        count = count_lines(out);
    }
    if (count > PAIR_BATCH_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "more than %d questions in one body: split it", PAIR_BATCH_MAX);
    return 0;
}

/* ------------------------------------------------------------ answering */

static void add_problem(
    struct pair_batch *batch, const char *problem, struct buffer *out)
{
    struct json json;

    if (batch->form == PAIR_FORM_CSV) {
        pair_csv_problem(out, batch->line, problem);
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

static void add_answer(const struct pair_batch *batch,
    const struct pair_question *question, struct buffer *out)
{
    const struct rules *rules = batch->answers->rules;
    struct pair_decision decision;
    struct json json;

    pair_decide(&decision, rules, question);
    if (batch->form == PAIR_FORM_CSV) {
        pair_csv(out, rules, question, &decision);
        return;
    }
    json_begin(&json, out);
    pair_json(&json, rules, question, &decision, PAIR_BRIEF);
}

static int answer_json(struct pair_batch *batch, struct text_ref line,
    struct buffer *out, struct error *err)
{
    struct pair_question question = {.day = batch->defaults.day,
        .setting = batch->defaults.setting,
        .program = batch->defaults.program};
    struct pair_line a, b;
    struct pair_text text;
    int rc = pair_text_json(&text, line.text, line.len, err);

    if (rc == 0)
        rc = pair_text_resolve(
            &text, batch->answers->rules, &question, &a, &b, err);
    if (rc == 0)
        add_answer(batch, &question, out);
    pair_text_clear(&text);
    return rc;
}

static int answer_csv(struct pair_batch *batch, struct text_ref line,
    struct buffer *out, struct error *err)
{
    struct pair_question question = {.day = batch->defaults.day,
        .setting = batch->defaults.setting,
        .program = batch->defaults.program};
    struct text_ref modifiers[2] = {{NULL, 0}, {NULL, 0}};
    struct pair_line a, b;
    struct pair_text text;
    char room[256];
    int rc = read_csv(&text, modifiers, batch, line, room, sizeof room, err);

    if (rc == 0)
        rc = pair_text_resolve(
            &text, batch->answers->rules, &question, &a, &b, err);
    if (rc == 0 && modifiers[0].len > 0)
        rc = pair_line_modifiers(&a, modifiers[0].text, modifiers[0].len, err);
    if (rc == 0 && modifiers[1].len > 0)
        rc = pair_line_modifiers(&b, modifiers[1].text, modifiers[1].len, err);
    if (rc == 0)
        add_answer(batch, &question, out);
    return rc;
}

static void answer_one(
    struct pair_batch *batch, struct text_ref question, struct buffer *out)
{
    struct error err = {0};
    int rc;

    if (question.len > PAIR_BATCH_LINE_MAX)
        rc = error_set(
            &err, ERR_LIMIT, 0, "longer than %d bytes", PAIR_BATCH_LINE_MAX);
    else if (batch->form == PAIR_FORM_CSV)
        rc = answer_csv(batch, question, out, &err);
    else
        rc = answer_json(batch, question, out, &err);
    if (rc != 0)
        add_problem(batch, err.msg, out);
}

static bool step_array(struct pair_batch *batch, struct buffer *out)
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

static bool step_line(struct pair_batch *batch, struct buffer *out)
{
    struct text_ref line;

    if (!batch->begun && batch->form == PAIR_FORM_CSV)
        pair_csv_heading(out);
    batch->begun = true;
    do
        if (!next_line(batch, &line))
            return false;
    while (all_blank(line));
    answer_one(batch, line, out);
    if (batch->form == PAIR_FORM_NDJSON)
        buffer_addc(out, '\n');
    return true;
}

bool pair_batch_step(struct pair_batch *batch, uint32_t n, struct buffer *out)
{
    for (; n > 0 && !batch->done; n--) {
        const bool more = batch->form == PAIR_FORM_ARRAY
                              ? step_array(batch, out)
                              : step_line(batch, out);

        batch->done = !more;
        batch->answered += more;
    }
    return !batch->done;
}

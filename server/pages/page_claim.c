/* page_claim.c - a whole claim, as a page: its lines in a form, and what the
 * rules find.
 *
 * A claim stands in the address, as server/web/parse.js writes and reads it, so
 * that an address says the same with script and without:
 *
 *   codes=97110:GP+59,97150   the lines, in their order
 *   units=97110:2,97150:1     of the first line of the code not told of before
 *   minutes=97110:30          the same; a code without a line makes one
 *   icd10=M54.50,M54.2        the diagnoses, A to L
 *   pointers=1+2,,1           by line; without: to the first four
 *   payer=commercial&state=KY
 *
 * The form is sent by POST, with a field for each cell, and answered with the
 * address. */
#include "server/pages/draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codesets/rules/claim/claim.h"

enum {
    ROWS_MAX = 25,  /* lines that a page asks of, as the page of script */
    ROWS_SPARE = 3, /* empty ones at the end of the form */
    ROWS_LEAST = 6,
    CELL_MAX = 40,          /* bytes kept of a cell: no code has as many */
    DIAGNOSES_LETTERS = 12, /* a line points to them by letter */
    UNITS_DIGITS = 5,       /* CLAIM_UNITS_MAX has as many */
    MINUTES_DIGITS = 4,
    ADDRESS_MAX = REPLY_HEADERS_MAX - 32,
};

struct claim_row {
    char code[CELL_MAX + 1], modifiers[CELL_MAX + 1]; /* parted by blanks */
    char units[CELL_MAX + 1], minutes[CELL_MAX + 1];  /* "" when not told */
    bool units_met, minutes_met; /* a part of the address has told of them */
    int pointer[CLAIM_POINTERS_MAX]; /* from 1 */
    size_t pointers;
};

struct sheet {
    struct claim_row row[ROWS_MAX];
    size_t rows, left_out;
    struct buffer icd10; /* parted by commas, NUL-ended */
    char problem[160];   /* of what is written; "" when all can be asked */
};

/* --- reading the address --- */

/* Keeps what fits of a text, and no half of a character. */
static void set_cell(char cell[CELL_MAX + 1], const char *text, size_t len)
{
    if (len > CELL_MAX)
        for (len = CELL_MAX; len > 0 && (text[len] & 0xc0) == 0x80;)
            len--;
    memcpy(cell, text, len);
    cell[len] = '\0';
}

/* What a claim has at most is said by who checks it. */
static struct claim_row *add_row(struct sheet *sheet)
{
    if (sheet->rows == ROWS_MAX) {
        sheet->left_out++;
        return NULL;
    }
    return &sheet->row[sheet->rows++];
}

/* "97110:GP+59", or with a number in between, cut at its colons. */
struct part {
    const char *code, *second, *third;
    size_t code_len, second_len, third_len;
};

/* Takes the next part of a comma list that says anything. */
static bool next_part(const char **list, struct part *out)
{
    size_t len;

    *list += strspn(*list, ", ");
    len = strcspn(*list, ",");
    if (len == 0)
        return false;
    *out = (struct part){.code = *list};
    out->code_len = strcspn(*list, ":,");
    out->second = *list + out->code_len + (out->code_len < len);
    out->second_len = strcspn(out->second, ":,");
    out->third = out->second + out->second_len;
    out->third += *out->third == ':';
    out->third_len = strcspn(out->third, ",");
    *list += len;
    return true;
}

static void set_modifiers(struct claim_row *row, const char *text, size_t len)
{
    set_cell(row->modifiers, text, len);
    for (char *c = row->modifiers; *c != '\0'; c++)
        if (*c == '+' || *c == ':')
            *c = ' ';
}

static void read_codes(struct sheet *sheet, const char *list)
{
    struct part part;

    while (next_part(&list, &part)) {
        struct claim_row *row = add_row(sheet);

        if (row == NULL)
            continue;
        set_cell(row->code, part.code, part.code_len);
        set_modifiers(row, part.second,
            (size_t)(part.third + part.third_len - part.second));
    }
}

/* The first line of a code that no part before has told of. */
static struct claim_row *row_of(
    struct sheet *sheet, const struct part *part, bool minutes)
{
    for (size_t i = 0; i < sheet->rows; i++) {
        struct claim_row *row = &sheet->row[i];
        bool *met = minutes ? &row->minutes_met : &row->units_met;

        if (*met || strlen(row->code) != part->code_len ||
            strncasecmp(row->code, part->code, part->code_len) != 0)
            continue;
        *met = true;
        return row;
    }
    return NULL;
}

static void read_units(struct sheet *sheet, const char *list)
{
    struct part part;

    while (next_part(&list, &part)) {
        struct claim_row *row = row_of(sheet, &part, false);

        if (row != NULL)
            set_cell(row->units, part.second, part.second_len);
    }
}

static void read_minutes(struct sheet *sheet, const char *list)
{
    struct part part;

    while (next_part(&list, &part)) {
        struct claim_row *row = row_of(sheet, &part, true);

        if (row == NULL) {
            if ((row = add_row(sheet)) == NULL)
                continue;
            set_cell(row->code, part.code, part.code_len);
            set_modifiers(row, part.third, part.third_len);
            row->minutes_met = true;
        }
        set_cell(row->minutes, part.second, part.second_len);
    }
}

static void add_pointer(struct claim_row *row, int number)
{
    if (number >= 1 && number <= DIAGNOSES_LETTERS &&
        row->pointers < CLAIM_POINTERS_MAX)
        row->pointer[row->pointers++] = number;
}

/* By line, so that a part may be empty. */
static void read_pointers(struct sheet *sheet, const char *text)
{
    for (size_t i = 0; *text != '\0'; text++) {
        const size_t digits = strspn(text, "0123456789");

        if (digits > 0 && digits < 3 && i < sheet->rows)
            add_pointer(&sheet->row[i], atoi(text)); /* two digits at most */
        text += digits;
        if (*text == ',')
            i++;
        if (*text == '\0')
            break;
    }
}

/* Diagnoses parted by blanks, commas or semicolons, as a comma list. */
static void set_diagnoses(struct sheet *sheet, const char *text)
{
    static const char between[] = " ,;";

    while (*(text += strspn(text, between)) != '\0') {
        const size_t len = strcspn(text, between);

        if (sheet->icd10.len > 0)
            buffer_addc(&sheet->icd10, ',');
        buffer_add(&sheet->icd10, text, len);
        text += len;
    }
    buffer_addc(&sheet->icd10, '\0');
}

static bool is_number(const char *text, size_t digits)
{
    const size_t len = strlen(text);

    return len <= digits && strspn(text, "0123456789") == len;
}

/* What could not be asked, the first of it. */
static void find_problem(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->rows && *sheet->problem == '\0'; i++) {
        const struct claim_row *row = &sheet->row[i];
        const char *wrong = !is_number(row->units, UNITS_DIGITS) ? row->units
                            : !is_number(row->minutes, MINUTES_DIGITS)
                                ? row->minutes
                                : NULL;

        if (wrong != NULL)
            (void)snprintf(sheet->problem, sizeof sheet->problem,
                "Line %zu: '%s' is no whole number of %s.", i + 1, wrong,
                wrong == row->units ? "units" : "minutes");
    }
    if (sheet->left_out > 0 && *sheet->problem == '\0')
        (void)snprintf(sheet->problem, sizeof sheet->problem,
            "A page asks of %d lines at a time; %zu are left out. POST "
            "/v1/claims/check takes %d.",
            ROWS_MAX, sheet->left_out, CLAIM_LINES_MAX);
}

static void read_sheet(const struct page *page, struct sheet *out)
{
    read_codes(out, page_param(page, "codes"));
    read_minutes(out, page_param(page, "minutes"));
    read_units(out, page_param(page, "units"));
    read_pointers(out, page_param(page, "pointers"));
    set_diagnoses(out, page_param(page, "icd10"));
    find_problem(out);
}

/* --- asking the rules --- */

static void set_text(json_t *object, const char *name, const char *text)
{
    if (*text != '\0')
        (void)json_object_set_new(object, name, json_string(text));
}

static void set_number(json_t *object, const char *name, const char *digits)
{
    if (*digits != '\0')
        (void)json_object_set_new(object, name, json_integer(atoi(digits)));
}

static json_t *line_of(const struct claim_row *row, size_t diagnoses)
{
    json_t *line = json_object(), *dx = json_array();

    (void)json_object_set_new(line, "code", json_string(row->code));
    set_text(line, "modifiers", row->modifiers);
    set_number(line, "units", row->units);
    set_number(line, "minutes", row->minutes);
    for (size_t i = 0; i < row->pointers; i++)
        (void)json_array_append_new(dx, json_integer(row->pointer[i]));
    /* Without letters a line is for all, as many as a line can point to. */
    for (size_t i = 0;
         row->pointers == 0 && i < diagnoses && i < CLAIM_POINTERS_MAX; i++)
        (void)json_array_append_new(dx, json_integer((json_int_t)i + 1));
    (void)json_object_set_new(line, "dx", dx);
    return line;
}

static json_t *claim_of(const struct page *page, const struct sheet *sheet)
{
    json_t *claim = json_object(), *lines = json_array();
    json_t *diagnoses = json_array();
    const char *at = sheet->icd10.data;
    char day[DAY_TEXT_LEN];

    for (size_t len; *at != '\0'; at += len + (at[len] == ',')) {
        len = strcspn(at, ",");
        (void)json_array_append_new(diagnoses, json_stringn(at, len));
    }
    for (size_t i = 0; i < sheet->rows; i++)
        (void)json_array_append_new(
            lines, line_of(&sheet->row[i], json_array_size(diagnoses)));
    (void)day_format(day, page->day);
    set_text(claim, "date", day);
    set_text(claim, "setting", setting_name(page->setting));
    set_text(claim, "program", program_name(page->program));
    set_text(claim, "payer", page_param(page, "payer"));
    set_text(claim, "state", page_param(page, "state"));
    (void)json_object_set_new(claim, "diagnoses", diagnoses);
    (void)json_object_set_new(claim, "lines", lines);
    return claim;
}

/* --- the form --- */

static void put_field(struct buffer *out, const char *name, const char *words,
    size_t line, const char *size, const char *value)
{
    char number[24];

    (void)snprintf(number, sizeof number, "%zu", line);
    html_put(out,
        "<td><input class=\"inline\" name=\"{}\" aria-label=\"{} of line {}\" "
        "size=\"{}\" maxlength=\"40\" autocomplete=\"off\" "
        "spellcheck=\"false\" value=\"{}\"></td>",
        name, words, number, size, value);
}

static void put_row(struct buffer *out, size_t number,
    const struct claim_row *row, const char *found)
{
    char text[24], letters[CLAIM_POINTERS_MAX + 1] = "";

    for (size_t i = 0; i < row->pointers; i++)
        letters[i] = (char)('A' + row->pointer[i] - 1);
    (void)snprintf(text, sizeof text, "%zu", number);
    html_put(out, "<tr><th scope=\"row\">{}</th>", text);
    put_field(out, "code", "Code", number, "8", row->code);
    put_field(out, "modifiers", "Modifiers", number, "8", row->modifiers);
    put_field(out, "units", "Units", number, "4", row->units);
    put_field(out, "minutes", "Minutes", number, "4", row->minutes);
    put_field(out, "dx", "Diagnoses", number, "5", letters);
    html_put(out, "<td>{}</td></tr>", found);
}

/* What became of a line: its worst finding. */
static const char *found_of(const json_t *answer, size_t line)
{
    const json_t *findings = json_object_get(answer, "findings");
    const char *worst = answer != NULL ? "nothing" : "";

    if (draw_true(
            json_array_get(json_object_get(answer, "lines"), line), "denied"))
        return "denied";
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        const json_t *lines = json_object_get(finding, "lines");
        const char *severity = draw_text(finding, "severity");

        for (size_t k = 0; k < json_array_size(lines); k++)
            if (json_integer_value(json_array_get(lines, k)) ==
                    (json_int_t)line + 1 &&
                (strcmp(severity, "error") == 0 ||
                    (strcmp(severity, "warning") == 0 &&
                        strcmp(worst, "error") != 0)))
                worst = severity;
    }
    return worst;
}

static void put_payers(const struct page *page, struct buffer *out)
{
    buffer_adds(out, "<label>Payer <select name=\"payer\"><option value=\"\">"
                     "as the program</option>");
    for (int payer = 0; payer < PAYER_COUNT; payer++) {
        const char *name = claim_payer_name((enum claim_payer)payer);

        html_put(out, "<option value=\"{}\"", name);
        if (strcmp(name, page_param(page, "payer")) == 0)
            buffer_adds(out, " selected");
        html_put(out, ">{}</option>", name);
    }
    buffer_adds(out, "</select></label> ");
}

static void put_form(const struct page *page, struct buffer *out,
    const struct sheet *sheet, const json_t *answer)
{
    static const struct claim_row empty = {.pointers = 0};
    size_t rows = sheet->rows + ROWS_SPARE;
    char day[DAY_TEXT_LEN];

    if (rows < ROWS_LEAST)
        rows = ROWS_LEAST;
    if (rows > ROWS_MAX)
        rows = ROWS_MAX;
    (void)day_format(day, page->day);
    html_put(out,
        "<form method=\"post\" action=\"/claim\"><p class=\"asked\">"
        "<label>Date of service <input name=\"date\" type=\"date\" "
        "value=\"{}\"></label> <label>Diagnoses A, B, … <input "
        "name=\"icd10\" size=\"28\" maxlength=\"400\" autocomplete=\"off\" "
        "spellcheck=\"false\" value=\"{}\"></label> ",
        day, sheet->icd10.data);
    put_payers(page, out);
    html_put(out,
        "<label>State <input name=\"state\" size=\"4\" maxlength=\"2\" "
        "value=\"{}\"></label> <label>Setting <select name=\"setting\">",
        page_param(page, "state"));
    page_settings(page, out);
    buffer_adds(
        out, "</select></label> <label>Program <select name=\"program\">");
    page_programs(page, out);
    buffer_adds(out, "</select></label></p>");
    buffer_adds(out,
        "<div class=\"scroller\" role=\"group\" tabindex=\"0\" aria-label=\""
        "Lines of the claim\"><table class=\"unitlines\"><caption>Lines of the "
        "claim</caption><thead><tr><th scope=\"col\">Line</th><th "
        "scope=\"col\">Code</th><th scope=\"col\">Modifiers</th><th "
        "scope=\"col\">Units</th><th scope=\"col\">Minutes</th><th "
        "scope=\"col\">Diagnoses</th><th scope=\"col\">Found</th></tr></thead>"
        "<tbody>");
    for (size_t i = 0; i < rows; i++)
        put_row(out, i + 1, i < sheet->rows ? &sheet->row[i] : &empty,
            i < sheet->rows ? found_of(answer, i) : "");
    buffer_adds(out,
        "</tbody></table></div><p><button type=\"submit\">Check</button> "
        "<span class=\"muted\">Diagnoses of a line by their letters, such as "
        "AB; none: the first four. No name, no number of a patient.</span>"
        "</p></form>");
}

/* --- the findings --- */

static void put_lines_of(struct buffer *out, const json_t *lines)
{
    for (size_t i = 0; i < json_array_size(lines); i++) {
        if (i > 0)
            buffer_adds(out, ", ");
        buffer_addu(
            out, (uint64_t)json_integer_value(json_array_get(lines, i)));
    }
    if (json_array_size(lines) == 0)
        buffer_adds(out, "claim");
}

static void put_finding(
    const struct page *page, struct buffer *out, const json_t *finding)
{
    const json_t *codes = json_object_get(finding, "codes");
    const json_t *denied = json_object_get(finding, "denied");
    const char *severity = draw_text(finding, "severity");

    html_put(out, "<tr><td>{}</td><th scope=\"row\">",
        strcmp(severity, "information") == 0 ? "to know" : severity);
    put_lines_of(out, json_object_get(finding, "lines"));
    buffer_adds(out, "</th><td>");
    for (size_t i = 0; i < json_array_size(codes); i++) {
        const char *code = json_string_value(json_array_get(codes, i));

        buffer_adds(out, "<a class=\"code\" href=\"");
        page_code_link(page, out, code, NULL);
        html_put(out, "\">{}</a> ", code);
    }
    html_put(out, "</td><td class=\"why\">{}", draw_text(finding, "text"));
    if (json_array_size(denied) > 0) {
        buffer_adds(out, " <b>Denied: line ");
        put_lines_of(out, denied);
        buffer_adds(out, ".</b>");
    }
    if (draw_at(finding, "source.file") != NULL)
        draw_source(out, json_object_get(finding, "source"));
    html_put(out, "<p class=\"source\">Rule: {}</p></td></tr>",
        draw_text(finding, "rule"));
}

/* The worst first. */
static void put_findings(
    const struct page *page, struct buffer *out, const json_t *findings)
{
    if (json_array_size(findings) == 0)
        return;
    buffer_adds(out,
        "<div class=\"scroller\" role=\"group\" tabindex=\"0\" aria-label=\""
        "Findings\"><table><caption>Findings</caption><thead><tr><th scope="
        "\"col\">Severity</th><th scope=\"col\">Line</th><th scope=\"col\">"
        "Codes</th><th scope=\"col\">Finding</th></tr></thead><tbody>");
    for (int severity = SEVERITY_ERROR; severity <= SEVERITY_INFORMATION;
         severity++) {
        const char *name = claim_severity_name((enum claim_severity)severity);

        for (size_t i = 0; i < json_array_size(findings); i++) {
            const json_t *finding = json_array_get(findings, i);

            if (strcmp(draw_text(finding, "severity"), name) == 0)
                put_finding(page, out, finding);
        }
    }
    buffer_adds(out, "</tbody></table></div>");
}

static void put_not_checked(struct buffer *out, const json_t *gaps)
{
    bool begun = false;

    for (size_t i = 0; i < json_array_size(gaps); i++) {
        const json_t *gap = json_array_get(gaps, i);

        if (!draw_true(gap, "needed"))
            continue;
        if (!begun)
            buffer_adds(out, "<section aria-labelledby=\"of_gaps\"><h2 "
                             "id=\"of_gaps\">Not checked</h2><ul>");
        html_put(out, "<li>{}</li>", draw_text(gap, "text"));
        begun = true;
    }
    buffer_adds(out, begun ? "</ul></section>" : "");
}

static void put_verdict(struct buffer *out, const json_t *answer)
{
    const json_t *gaps = json_object_get(answer, "not_checked");
    char text[80];
    int n = 0;
    bool open = false;
    const int errors =
        (int)json_integer_value(json_object_get(answer, "errors"));
    const int warnings =
        (int)json_integer_value(json_object_get(answer, "warnings"));

    for (size_t i = 0; i < json_array_size(gaps); i++)
        open = open || draw_true(json_array_get(gaps, i), "needed");
    if (errors > 0)
        n = snprintf(text, sizeof text, "%d error%s%s", errors,
            errors == 1 ? "" : "s", warnings > 0 ? ", " : "");
    if (warnings > 0)
        (void)snprintf(text + n, sizeof text - (size_t)n, "%d warning%s",
            warnings, warnings == 1 ? "" : "s");
    if (errors + warnings == 0)
        (void)snprintf(text, sizeof text, "Nothing wrong found%s",
            open ? " in what could be checked" : "");
    html_put(out, "<p class=\"overall verdict {}\">{}: {}</p>",
        errors > 0             ? "not_billable"
        : warnings > 0 || open ? "modifier_required"
                               : "billable",
        draw_text(answer, "date"), text);
    if (draw_true(answer, "stale"))
        buffer_adds(out, "<p class=\"problem\">A loaded release ends before "
                         "this day: this is what it said last.</p>");
}

static void put_checked(struct buffer *out, const json_t *checked)
{
    const char *comma = "";

    buffer_adds(out, "<p class=\"muted\">Checked: ");
    for (void *at = draw_first(checked); at != NULL;
         at = draw_next(checked, at)) {
        if (!json_is_true(json_object_iter_value(at)))
            continue;
        buffer_adds(out, comma);
        draw_table_name(out, json_object_iter_key(at));
        comma = ", ";
    }
    buffer_adds(out, ".</p>");
}

void page_claim(const struct request *request, struct reply *reply)
{
    struct sheet sheet = {.icd10 = {.max = REQUEST_TARGET_MAX}};
    struct page page;
    struct buffer *out = &page.main;

    if (page_begin(&page, request, reply, "claim")) {
        json_t *answer = NULL;
        bool ask;

        read_sheet(&page, &sheet);
        ask = sheet.rows > 0 && *sheet.problem == '\0';
        if (sheet.icd10.failed)
            reply_problem(reply, 503, "no_memory",
                "There is no memory for this page just now.");
        else if (ask)
            answer =
                page_tell(&page, "/v1/claims/check", claim_of(&page, &sheet));
        page_titled(&page, "A whole claim", NULL);
        buffer_adds(out, "<h1>A whole claim</h1>");
        if (*sheet.problem != '\0') {
            reply->status = 400;
            html_put(out, "<p class=\"problem\" role=\"alert\">{}</p>",
                sheet.problem);
        }
        if (!sheet.icd10.failed)
            put_form(&page, out, &sheet, answer);
        if (answer != NULL) {
            put_verdict(out, answer);
            put_findings(&page, out, json_object_get(answer, "findings"));
            put_not_checked(out, json_object_get(answer, "not_checked"));
            put_checked(out, json_object_get(answer, "checked"));
        }
        json_decref(answer);
    }
    buffer_clear(&sheet.icd10);
    page_end(&page);
}

/* --- the form that was sent --- */

/* A cell of a line; the code's begins the line. False: the problem is in the
 * reply. */
static bool read_cell(struct sheet *sheet, const struct param *field,
    struct claim_row **row, struct reply *reply)
{
    const char *text = field->value.text, *name = field->name.text;
    size_t len = field->value.len;
    char cell[CELL_MAX + 1];

    if (strcmp(name, "code") == 0 && (*row = add_row(sheet)) == NULL) {
        reply_problem(reply, 422, "too_long",
            "A page asks of %d lines at a time. POST /v1/claims/check takes "
            "%d.",
            ROWS_MAX, CLAIM_LINES_MAX);
        return false;
    }
    if (*row == NULL)
        return true; /* no cell */
    if (strcmp(name, "dx") == 0) {
        for (; *text != '\0'; text++) {
            if (*text >= '1' && *text <= '9')
                add_pointer(*row, *text - '0');
            else if ((*text | 0x20) >= 'a' && (*text | 0x20) <= 'l')
                add_pointer(*row, (*text | 0x20) - 'a' + 1);
            else if (strchr(" ,+", *text) == NULL) {
                reply_problem(reply, 400, "bad_pointer",
                    "Line %zu: '%.*s' are no letters of diagnoses, such as AB.",
                    sheet->rows, CELL_MAX, field->value.text);
                return false;
            }
        }
        return true;
    }
    for (; *text == ' '; text++)
        len--;
    while (len > 0 && text[len - 1] == ' ')
        len--;
    set_cell(cell, text, len);
    /* In the address these part the cells. */
    if (strcmp(name, "modifiers") != 0 && strpbrk(cell, ",:+ ") != NULL) {
        reply_problem(reply, 400, "bad_cell",
            "Line %zu: '%s' is more than one word. Write one code a line, "
            "and modifiers, units and minutes in their own fields.",
            sheet->rows, cell);
        return false;
    }
    if (strcmp(name, "code") == 0)
        memcpy((*row)->code, cell, sizeof cell);
    else if (strcmp(name, "modifiers") == 0)
        memcpy((*row)->modifiers, cell, sizeof cell);
    else if (strcmp(name, "units") == 0)
        memcpy((*row)->units, cell, sizeof cell);
    else if (strcmp(name, "minutes") == 0)
        memcpy((*row)->minutes, cell, sizeof cell);
    return true;
}

/* Takes out the lines that nothing is written on. False: one has no code. */
static bool drop_empty(struct sheet *sheet, struct reply *reply)
{
    size_t rows = 0;

    for (size_t i = 0; i < sheet->rows; i++) {
        const struct claim_row *row = &sheet->row[i];

        if (*row->code != '\0') {
            sheet->row[rows++] = *row;
        } else if (*row->modifiers != '\0' || *row->units != '\0' ||
                   *row->minutes != '\0' || row->pointers > 0) {
            reply_problem(
                reply, 400, "no_code", "Line %zu has no code.", i + 1);
            return false;
        }
    }
    sheet->rows = rows;
    return true;
}

/* Is line i told of in the list of units or minutes? One without stands there,
 * "97110:", only before another of its code. */
static bool is_told(const struct sheet *sheet, size_t i, bool minutes)
{
    const char *code = sheet->row[i].code;

    for (; i < sheet->rows; i++) {
        const struct claim_row *row = &sheet->row[i];

        if (strcasecmp(row->code, code) == 0 &&
            *(minutes ? row->minutes : row->units) != '\0')
            return true;
    }
    return false;
}

static void put_numbers(
    struct buffer *out, const struct sheet *sheet, bool minutes)
{
    const char *begin = minutes ? "&minutes=" : "&units=";

    for (size_t i = 0; i < sheet->rows; i++) {
        const struct claim_row *row = &sheet->row[i];

        if (!is_told(sheet, i, minutes))
            continue;
        buffer_adds(out, begin);
        html_put(
            out, "{u}:{u}", row->code, minutes ? row->minutes : row->units);
        begin = ",";
    }
}

static void put_pointers(struct buffer *out, const struct sheet *sheet)
{
    size_t last = sheet->rows;

    while (last > 0 && sheet->row[last - 1].pointers == 0)
        last--;
    for (size_t i = 0; i < last; i++) {
        const struct claim_row *row = &sheet->row[i];

        buffer_adds(out, i == 0 ? "&pointers=" : ",");
        for (size_t k = 0; k < row->pointers; k++) {
            buffer_adds(out, k > 0 ? "%2B" : "");
            buffer_addu(out, (uint64_t)row->pointer[k]);
        }
    }
}

static void put_codes(struct buffer *out, const struct sheet *sheet)
{
    static const char between[] = " ,:+-";

    for (size_t i = 0; i < sheet->rows; i++) {
        const struct claim_row *row = &sheet->row[i];
        const char *at = row->modifiers, *mark = ":";

        html_put(out, "{}{u}", i == 0 ? "codes=" : ",", row->code);
        while (*(at += strspn(at, between)) != '\0') {
            const size_t len = strcspn(at, between);

            buffer_adds(out, mark);
            html_address(out, at, len);
            at += len;
            mark = "%2B";
        }
    }
}

void page_claim_form(const struct request *request, struct reply *reply)
{
    static const char *const held[] = {
        "payer", "state", "date", "setting", "program", NULL};
    struct sheet sheet = {.icd10 = {.max = ADDRESS_MAX}};
    struct buffer place = {0}, more = {0};
    struct form form = {request->body, request->body + request->body_len, ""};
    struct claim_row *row = NULL;
    struct param field;
    struct page page;

    (void)page_begin(&page, request, reply, "claim");
    while (reply->reason == NULL && form_next(&form, &field, reply)) {
        if (strcmp(field.name.text, "icd10") == 0 && sheet.icd10.len == 0)
            set_diagnoses(&sheet, field.value.text);
        else if (!draw_listed(held, field.name.text))
            (void)read_cell(&sheet, &field, &row, reply);
        else if (field.value.len > 0)
            html_put(&more, "&{u}={u}", field.name.text, field.value.text);
    }
    if (reply->reason != NULL || !drop_empty(&sheet, reply)) {
        page_end(&page);
        goto end;
    }
    buffer_adds(&place, "/claim?");
    put_codes(&place, &sheet);
    if (sheet.icd10.len > 1)
        html_put(&place, "&icd10={u}", sheet.icd10.data);
    put_numbers(&place, &sheet, true);
    put_numbers(&place, &sheet, false);
    put_pointers(&place, &sheet);
    if (more.len > 0)
        buffer_add(&place, more.data, more.len);
    buffer_addc(&place, '\0');
    if (place.failed || more.failed || sheet.icd10.failed ||
        place.len > ADDRESS_MAX) {
        reply_problem(reply, 422, "too_long",
            "That is too much for one question. Ask for less at a time.");
        page_end(&page);
    } else {
        page_drop(&page);
        reply->status = 303; /* the answer is asked for by GET */
        reply->type = TYPE_TEXT;
        reply_header(reply, "Location", place.data);
    }
end:
    buffer_clear(&sheet.icd10);
    buffer_clear(&place);
    buffer_clear(&more);
}

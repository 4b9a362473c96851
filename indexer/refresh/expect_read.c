#include "indexer/refresh/expect.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/data/embedded.h"
#include "codesets/rules/necessity/necessity.h"

enum expect_column {
    COLUMN_ASK,
    COLUMN_OF,
    COLUMN_EXPECT,
    COLUMN_NEEDED, /* those above must be there */
    COLUMN_SETTING = COLUMN_NEEDED,
    COLUMN_PROGRAM,
    COLUMN_DATE,
    COLUMN_SINCE,
    COLUMN_CERT,
    COLUMN_SOURCE,
    COLUMN_NOTES,
    COLUMN_COUNT
};
enum { FIELDS_MAX = 32 };

static const char *const column_names[COLUMN_COUNT] = {"ask", "of", "expect",
    "setting", "program", "date", "since", "cert", "source", "notes"};

/* What a kind of question needs: how many words, and which table answers. */
struct ask_kind {
    const char *name;
    size_t words_min, words_max;
    enum table table;
    const char *shape; /* what `of` holds, for messages */
};

static const struct ask_kind kinds[ASK_COUNT] = {
    [ASK_EDIT] = {"edit", 2, 2, TABLE_PTP, "two procedure codes"},
    [ASK_EDIT_BOTH_WAYS] = {"edit_both_ways", 1, 1, TABLE_PTP, "the word all"},
    [ASK_PAIR] = {"pair", 2, 2, TABLE_PTP,
        "two codes, modifiers behind a colon: 97110 97150:59"},
    [ASK_MUE] = {"mue", 1, 1, TABLE_MUE, "one procedure code"},
    [ASK_ADDON] = {"addon", 1, 2, TABLE_AOC,
        "an add-on code and, if asked for, a primary"},
    [ASK_VALID] = {"valid", 1, 1, TABLE_COUNT, "one code"},
    [ASK_TIMED] = {"timed", 1, 1, TABLE_COUNT, "one procedure code"},
    [ASK_UNITS] = {"units", 1, EXPECTATION_WORDS_MAX, TABLE_COUNT,
        "codes with minutes: 97110:24 97140:15"},
    [ASK_SEARCH] = {"search", 1, SIZE_MAX, TABLE_COUNT, "words"},
    [ASK_NECESSITY] = {"necessity", 2, 3, TABLE_COVERAGE,
        "a procedure, a diagnosis and, if asked for, a place"},
    [ASK_RELEASE] = {"release", 1, 1, TABLE_COUNT, "the name of a table"},
};

/* The tables that TABLE.COLUMN may name: a row a key, and no words of a
 * policy. */
static const enum table by_column[] = {TABLE_HCPCS, TABLE_PFS, TABLE_MUE,
    TABLE_ICD10CM, TABLE_POA, TABLE_CONVERSION, TABLE_DHS, TABLE_TIMED,
    TABLE_MODIFIER, TABLE_LOCAL, TABLE_KX};

static int refuse(char reason[], size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int refuse(char reason[], size_t size, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(reason, size, format, args);
    va_end(args);
    return ERR_INPUT;
}

/* --- words ------------------------------------------------------------------
 */

/* The next word of a text parted by blanks; false at the end. */
static bool next_word(const char **at, const char **word, size_t *len)
{
    *at += strspn(*at, " ");
    *word = *at;
    *len = strcspn(*at, " ");
    *at += *len;
    return *len > 0;
}

static size_t count_words(const char *text)
{
    const char *word;
    size_t len, count = 0;

    while (next_word(&text, &word, &len))
        count++;
    return count;
}

bool expectation_code(struct code_text *out, const char *text, size_t len)
{
    return code_text_parse(out, text, len) == 0;
}

static bool is_procedure(const char *text, size_t len)
{
    struct code_text code;

    return expectation_code(&code, text, len) && !code.dotted &&
           code.len == PROC_LEN && proc_pack(code.text) != PROC_NONE;
}

static bool one_of(const char *text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcmp(*words, text) == 0)
            return true;
    return false;
}

static bool is_number(const char *text, size_t len)
{
    return len > 0 && len < 7 && strspn(text, "0123456789") >= len;
}

/* --- what may be expected ---------------------------------------------------
 */

static bool pair_word(const char *text)
{
    for (int v = 0; v < VERDICT_COUNT; v++)
        if (strcmp(pair_verdict_name((enum pair_verdict)v), text) == 0)
            return true;
    for (int r = 0; r < REASON_COUNT; r++)
        if (strcmp(pair_reason_name((enum pair_reason)r), text) == 0)
            return true;
    return false;
}

static bool necessity_word(const char *text)
{
    for (int v = 0; v < NECESSITY_VERDICTS; v++)
        if (strcmp(necessity_verdict_name((enum necessity_verdict)v), text) ==
            0)
            return true;
    for (int r = 0; r < NECESSITY_REASONS; r++)
        if (strcmp(necessity_reason_name((enum necessity_reason)r), text) == 0)
            return true;
    return false;
}

/* "1", "1 mai 2" or no_row */
static bool mue_words(const char *text)
{
    const size_t digits = strspn(text, "0123456789");

    if (strcmp(text, "no_row") == 0)
        return true;
    return is_number(text, digits) &&
           (text[digits] == '\0' ||
               (strncmp(text + digits, " mai ", 5) == 0 &&
                   text[digits + 5] >= '1' && text[digits + 5] <= '3' &&
                   text[digits + 6] == '\0'));
}

/* "97110:2 97140:1": as many words as the question has. */
static bool unit_words(const char *text, size_t count)
{
    const char *word;
    size_t len, found = 0;

    for (; next_word(&text, &word, &len); found++) {
        const char *colon = memchr(word, ':', len);

        if (colon == NULL || !is_procedure(word, (size_t)(colon - word)) ||
            !is_number(colon + 1, len - (size_t)(colon + 1 - word)))
            return false;
    }
    return found == count;
}

static int check_expected(
    const struct expectation *e, char reason[], size_t size)
{
    static const char *const edit[] = {"0", "1", "9", "none", "no_row", NULL};
    static const char *const truth[] = {"true", "false", "unknown", NULL};
    static const char *const type[] = {
        "type 1", "type 2", "type 3", "no_row", NULL};
    struct code_text code;
    const char *takes = NULL;

    switch (e->ask) {
    case ASK_EDIT:
        if (!one_of(e->expected, edit))
            takes = "0, 1, 9, none or no_row";
        break;
    case ASK_EDIT_BOTH_WAYS:
        if (strcmp(e->expected, "none") != 0)
            takes = "none";
        break;
    case ASK_PAIR:
        if (!pair_word(e->expected))
            takes = "a verdict such as modifier_required, or a reason such as "
                    "edit_expired";
        break;
    case ASK_MUE:
        if (!mue_words(e->expected))
            takes = "a number, a number and its indicator (1 mai 2), or no_row";
        break;
    case ASK_ADDON:
        if (!one_of(e->expected, type))
            takes = "type 1, type 2, type 3 or no_row";
        break;
    case ASK_VALID:
    case ASK_TIMED:
        if (!one_of(e->expected, truth))
            takes = "true, false or unknown";
        break;
    case ASK_UNITS:
        if (!unit_words(e->expected, count_words(e->of)))
            takes = "units of every code: 97110:2 97140:1";
        break;
    case ASK_SEARCH:
        if (!expectation_code(&code, e->expected, strlen(e->expected)))
            takes = "the code of the first hit";
        break;
    case ASK_NECESSITY:
        if (!necessity_word(e->expected))
            takes = "a verdict such as supported, or a reason such as "
                    "no_policy";
        break;
    case ASK_RELEASE:
    case ASK_COLUMN:
        break;
    }
    return takes == NULL ? 0
                         : refuse(reason, size, "expect '%.40s': %s takes %s",
                               e->expected, e->name, takes);
}

/* --- what is asked ----------------------------------------------------------
 */

/* "pfs.status" */
static int read_column(struct expectation *e, char reason[], size_t size)
{
    const size_t len = strcspn(e->name, ".");

    for (size_t i = 0; i < sizeof by_column / sizeof *by_column; i++) {
        const struct table_schema *schema = table_schema(by_column[i]);

        if (strlen(schema->name) != len ||
            memcmp(schema->name, e->name, len) != 0)
            continue;
        for (size_t c = 0; c < schema->columns; c++)
            if (strcmp(schema->column[c], e->name + len + 1) == 0) {
                e->ask = ASK_COLUMN;
                e->table = by_column[i];
                e->column = (int)c;
                return 0;
            }
        return refuse(reason, size,
            "ask '%.60s': table %s has no such column; 'coderef-index dump' "
            "shows them",
            e->name, schema->name);
    }
    return refuse(reason, size, "ask '%.60s': no such table of rows", e->name);
}

static int read_ask(struct expectation *e, char reason[], size_t size)
{
    if (strchr(e->name, '.') != NULL)
        return read_column(e, reason, size);
    for (int k = 0; k < ASK_COUNT; k++)
        if (strcmp(kinds[k].name, e->name) == 0) {
            e->ask = (enum ask)k;
            e->table = kinds[k].table;
            return 0;
        }
    return refuse(reason, size,
        "ask '%.40s' is none of edit, edit_both_ways, pair, mue, addon, valid, "
        "timed, units, search, necessity, release and TABLE.COLUMN",
        e->name);
}

static int read_table_name(struct expectation *e, char reason[], size_t size)
{
    for (int t = 0; t < TABLE_COUNT; t++)
        if (strcmp(table_schema((enum table)t)->name, e->of) == 0) {
            e->table = (enum table)t;
            return 0;
        }
    return refuse(reason, size, "of '%.40s': no such table", e->of);
}

/* Does the i-th word suit? */
static bool word_suits(
    const struct expectation *e, size_t i, const char *word, size_t len)
{
    const char *colon = memchr(word, ':', len);
    const size_t code = colon != NULL ? (size_t)(colon - word) : len;
    struct code_text text;

    switch (e->ask) {
    case ASK_EDIT:
    case ASK_MUE:
    case ASK_ADDON:
    case ASK_TIMED:
        return is_procedure(word, len);
    case ASK_UNITS:
        return colon != NULL && is_procedure(word, code) &&
               is_number(colon + 1, len - code - 1);
    case ASK_PAIR:
        return code > 0 && expectation_code(&text, word, code);
    case ASK_NECESSITY:
        return i == 2   ? len < NECESSITY_PLACE_TEXT
               : i == 0 ? is_procedure(word, len)
                        : expectation_code(&text, word, len);
    case ASK_VALID:
    case ASK_COLUMN:
        return expectation_code(&text, word, len);
    case ASK_EDIT_BOTH_WAYS:
        return len == 3 && memcmp(word, "all", 3) == 0;
    default:
        return true;
    }
}

static int read_subject(struct expectation *e, char reason[], size_t size)
{
    static const struct ask_kind column = {
        "", 1, 2, TABLE_COUNT, "one code, of pfs also its modifier"};
    const struct ask_kind *kind =
        e->ask == ASK_COLUMN ? &column : &kinds[e->ask];
    const size_t count = count_words(e->of);
    const char *at = e->of, *word;
    size_t len;

    if (count < kind->words_min || count > kind->words_max)
        return refuse(reason, size, "of '%.60s': %s takes %s", e->of, e->name,
            kind->shape);
    for (size_t i = 0; next_word(&at, &word, &len); i++)
        if (!word_suits(e, i, word, len))
            return refuse(reason, size, "of: '%.*s' does not suit: %s takes %s",
                len > 40 ? 40 : (int)len, word, e->name, kind->shape);
    return e->ask == ASK_RELEASE ? read_table_name(e, reason, size) : 0;
}

static int read_when_and_where(
    struct expectation *e, const char *const *cell, char reason[], size_t size)
{
    const char *setting = cell[COLUMN_SETTING], *program = cell[COLUMN_PROGRAM];
    const char *date = cell[COLUMN_DATE];

    e->setting = SETTING_PRACTITIONER;
    e->program = PROGRAM_MEDICARE;
    if (*setting != '\0' &&
        (setting_parse(&e->setting, setting, strlen(setting)) != 0 ||
            e->setting == SETTING_NONE))
        return refuse(reason, size,
            "setting '%.20s': it takes practitioner, outpatient or dme",
            setting);
    if (*program != '\0' &&
        (program_parse(&e->program, program, strlen(program)) != 0 ||
            e->program == PROGRAM_NONE))
        return refuse(reason, size,
            "program '%.20s': it takes medicare or medicaid", program);
    if (*date != '\0') {
        if (day_parse_iso(&e->day, date, strlen(date)) != 0)
            return refuse(reason, size, "date '%.20s': write YYYY-MM-DD", date);
        e->dated = true;
    }
    if (e->ask == ASK_VALID && !e->dated)
        return refuse(reason, size, "date: valid needs a day");
    if (e->since[0] != '\0' && e->table == TABLE_COUNT)
        return refuse(reason, size,
            "since: %s is answered out of several tables; give a date instead",
            e->name);
    return 0;
}

/* --- the file ---------------------------------------------------------------
 */

/* Cuts a line at its tabs and trims the fields. Returns how many there are. */
static size_t split(char *line, char *field[FIELDS_MAX])
{
    size_t count = 0;

    for (char *tab = line; tab != NULL && count < FIELDS_MAX; line = tab) {
        tab = strchr(line, '\t');
        if (tab != NULL)
            *tab++ = '\0';
        line += strspn(line, " ");
        field[count++] = line;
        for (size_t len = strlen(line); len > 0 && line[len - 1] == ' '; len--)
            line[len - 1] = '\0';
    }
    return count;
}

static int read_heading(
    int *place, char *const *field, size_t fields, struct error *err)
{
    for (int c = 0; c < COLUMN_COUNT; c++)
        place[c] = -1;
    for (size_t i = 0; i < fields; i++) {
        int c = 0;

        while (c < COLUMN_COUNT && strcmp(column_names[c], field[i]) != 0)
            c++;
        if (c == COLUMN_COUNT)
            return error_set(err, ERR_INPUT, 0,
                "the heading has a column '%.40s'; known are ask, of, expect, "
                "setting, program, date, since, cert, source and notes, parted "
                "by tabs",
                field[i]);
        if (place[c] >= 0)
            return error_set(err, ERR_INPUT, 0, "the heading names '%s' twice",
                column_names[c]);
        place[c] = (int)i;
    }
    for (int c = 0; c < COLUMN_NEEDED; c++)
        if (place[c] < 0)
            return error_set(err, ERR_INPUT, 0,
                "the heading has no column '%s'", column_names[c]);
    return 0;
}

static void bad_line(struct expectations *out, unsigned row, const char *reason)
{
    if (out->bad_count < BAD_LINES_SHOWN) {
        out->bad[out->bad_count].row = row;
        (void)snprintf(out->bad[out->bad_count].reason,
            sizeof out->bad[0].reason, "%s", reason);
    }
    out->bad_count++;
}

static void read_line(struct expectations *out, unsigned row, const int *place,
    char *const *field, size_t fields)
{
    struct expectation e = {.row = row, .column = -1};
    const char *cell[COLUMN_COUNT];
    char reason[sizeof out->bad[0].reason];

    for (int c = 0; c < COLUMN_COUNT; c++)
        cell[c] =
            place[c] >= 0 && (size_t)place[c] < fields ? field[place[c]] : "";
    for (int c = 0; c < COLUMN_NEEDED; c++)
        if (*cell[c] == '\0') {
            (void)refuse(reason, sizeof reason, "%s is empty", column_names[c]);
            bad_line(out, row, reason);
            return;
        }
    e.name = cell[COLUMN_ASK];
    e.of = cell[COLUMN_OF];
    e.expected = cell[COLUMN_EXPECT];
    e.since = cell[COLUMN_SINCE];
    e.certainty = cell[COLUMN_CERT];
    e.source = cell[COLUMN_SOURCE];
    if (read_ask(&e, reason, sizeof reason) != 0 ||
        read_subject(&e, reason, sizeof reason) != 0 ||
        check_expected(&e, reason, sizeof reason) != 0 ||
        read_when_and_where(&e, cell, reason, sizeof reason) != 0) {
        bad_line(out, row, reason);
        return;
    }
    out->item[out->count++] = e;
}

/* Control characters but tabs and line ends have no place in a list of text. */
static bool is_text(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' && text[i] != '\t' &&
            text[i] != '\n' && text[i] != '\r')
            return false;
    return true;
}

static int read_lines(struct expectations *out, struct error *err)
{
    char *field[FIELDS_MAX], *next;
    int place[COLUMN_COUNT];
    bool headed = false;
    unsigned row = 0;
    int rc;

    for (char *line = out->text; line != NULL && *line != '\0'; line = next) {
        size_t fields, len;

        row++;
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        len = strlen(line);
        if (len > 0 && line[len - 1] == '\r')
            line[len - 1] = '\0';
        if (line[0] == '#' || line[strspn(line, " \t")] == '\0')
            continue;
        fields = split(line, field);
        if (!headed) {
            if ((rc = read_heading(place, field, fields, err)) != 0)
                return rc;
            headed = true;
            continue;
        }
        if (out->count + out->bad_count == EXPECTATIONS_MAX)
            return error_set(
                err, ERR_LIMIT, 0, "more than %d lines", EXPECTATIONS_MAX);
        read_line(out, row, place, field, fields);
    }
    return headed ? 0
                  : error_set(err, ERR_INPUT, 0,
                        "holds no heading; the first line that is no note "
                        "names the columns ask, of, expect, …");
}

int expectations_read(struct expectations *out, const char *name,
    const char *text, size_t len, struct error *err)
{
    size_t lines = 1;
    int rc;

    *out = (struct expectations){.name = strdup(name)};
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        len -= 3;
    }
    if (len > EXPECTATIONS_BYTES_MAX)
        return error_set(err, ERR_LIMIT, 0, "%s: larger than %d bytes", name,
            EXPECTATIONS_BYTES_MAX);
    if (!is_text(text, len))
        return error_set(err, ERR_INPUT, 0,
            "%s: not tab-separated text (a spreadsheet? save it as text)",
            name);
    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    if (lines > EXPECTATIONS_MAX)
        lines = EXPECTATIONS_MAX;
    out->text = malloc(len + 1);
    out->item = calloc(lines, sizeof *out->item);
    if (out->name == NULL || out->text == NULL || out->item == NULL)
        return error_memory(err);
    memcpy(out->text, text, len);
    out->text[len] = '\0';
    if ((rc = read_lines(out, err)) != 0)
        return error_prefix(err, rc, "%s", name);
    return 0;
}

int expectations_read_file(
    struct expectations *out, const char *path, struct error *err)
{
    char *text = malloc(EXPECTATIONS_BYTES_MAX + 1);
    FILE *file = fopen(path, "rbe");
    size_t len = 0;
    int rc;

    *out = (struct expectations){0};
    if (text == NULL)
        rc = error_memory(err);
    else if (file == NULL ||
             ((len = fread(text, 1, EXPECTATIONS_BYTES_MAX + 1, file)),
                 ferror(file)))
        rc = error_set(err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
    else
        rc = expectations_read(out, path, text, len, err);
    if (file != NULL)
        (void)fclose(file);
    free(text);
    return rc;
}

int expectations_read_probes(struct expectations *out, struct error *err)
{
    const struct embedded_file *file =
        embedded_find(embedded_data, "probes.tsv");

    return expectations_read(
        out, file->name, (const char *)file->data, file->len, err);
}

void expectations_clear(struct expectations *list)
{
    free(list->name);
    free(list->text);
    free(list->item);
    *list = (struct expectations){0};
}

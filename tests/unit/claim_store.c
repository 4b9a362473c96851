#include "tests/unit/claim_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/data/embedded.h"

struct answers *claim_answers;
struct claim_work *claim_work;
static struct tiny *tiny;

/* ---- the store */

static bool is_among(const char *list, const char *word)
{
    const size_t len = strlen(word);

    for (const char *at = list; (at = strstr(at, word)) != NULL; at += len)
        if ((at == list || at[-1] == ' ') &&
            (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

/* The rows of a table of codesets/data: columns by the names of its heading.
 * only: the keys that are kept; NULL for all. */
static void add_table(
    struct tiny *out, const char *name, enum table table, const char *only)
{
    const struct embedded_file *file = embedded_find(embedded_data, name);
    const struct table_schema *schema = table_schema(table);
    const uint8_t series = tiny_series(
        out, table, SETTING_NONE, PROGRAM_NONE, "own 1900-01-01 open");
    size_t place[TABLE_COLUMNS_MAX], columns = 0;
    const char *at;

    assert_non_null(file);
    for (at = (const char *)file->data; *at != '\0';) {
        const size_t len = strcspn(at, "\n");
        char line[2048], row[2048], *field[TABLE_COLUMNS_MAX], *next = line;
        size_t fields = 0, used = 0;

        assert_true(len < sizeof line);
        memcpy(line, at, len);
        line[len] = '\0';
        at += len + (at[len] == '\n');
        if (line[0] == '#' || line[0] == '\0')
            continue;
        while (next != NULL)
            field[fields++] = strsep(&next, "\t");
        if (columns == 0) {
            for (; columns < fields; columns++) {
                size_t c = 0;

                while (c < schema->columns &&
                       strcmp(schema->column[c], field[columns]) != 0)
                    c++;
                place[columns] = c;
            }
            continue;
        }
        if (only != NULL && !is_among(only, field[0]))
            continue;
        for (size_t c = 0; c < schema->columns; c++) {
            const char *text = "";

            for (size_t f = 0; f < fields && f < columns; f++)
                if (place[f] == c)
                    text = field[f];
            used += (size_t)snprintf(
                row + used, sizeof row - used, "%s%s", c > 0 ? "|" : "", text);
        }
        tiny_row(out, series, 0, 0, row);
    }
}

void claim_own_tables(struct tiny *out)
{
    add_table(out, "claim_facts.tsv", TABLE_CLAIM_FACT, NULL);
    add_table(out, "kx_thresholds.tsv", TABLE_KX, NULL);
    add_table(out, "modifiers.tsv", TABLE_MODIFIER,
        "GP GO GN CQ CO KX 59 XE XS 50 25 76 91 26 GY RT LT GD");
    add_table(out, "timed_codes.tsv", TABLE_TIMED,
        "97001 97032 97110 97112 97113 97116 97124 97129 97130 97140 97150 "
        "97161 97162 97164 97165 97530 97750 97010 97014 G0283 92521 90785 "
        "90791 90832 90834 90837 90838 90839 99213 99214 97810 97813");
}

static void add_codes(uint8_t pfs)
{
    /* Code, status, multiple procedure. */
    static const char *const codes[] = {"97110 A 5", "97112 A 5", "97113 A 5",
        "97116 A 5", "97124 A 5", "97140 A 5", "97150 A 5", "97530 A 5",
        "97161 A 5", "97162 A 5", "97164 A 5", "97165 A 5", "97750 A 5",
        "92521 A 5", "97010 B 0", "97014 I 9", "G0283 A 5", "97129 A 0",
        "97130 A 0", "90832 A 0", "90834 A 0", "90837 A 0", "90838 A 0",
        "90785 A 0", "90839 A 0", "99213 A 0", "99214 A 0", "99291 A 0",
        "96131 A 0", "69990 A 0", "19301 A 2", "99199 C 0", "A9150 N 9",
        "97810 N 9", "99211 A 0", "0887T C 0", "97032 A 5", "61304 A 2",
        "90791 A 0", "96130 A 0"};
    char text[200];

    (void)snprintf(text, sizeof text, "valid listed %u 0", pfs);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char code[6], status[2], multiple[2];

        assert_int_equal(
            sscanf(codes[i], "%5s %1s %1s", code, status, multiple), 3);
        tiny_cells(tiny, pfs, 0, 1, PFS_KEY, code, PFS_STATUS, status,
            PFS_MULTIPLE_PROCEDURE, multiple, -1);
        tiny_proc(tiny, code, text);
    }
    (void)snprintf(text, sizeof text,
        "valid listed %u 0; not_valid not_listed %u 0 2017-01-01", pfs, pfs);
    tiny_proc(tiny, "97001", text);
    (void)snprintf(text, sizeof text, "unknown none 0 0");
    tiny_proc(tiny, "0001U", text);
}

static void add_edits(void)
{
    static const struct {
        const char *one, *two, *from, *to;
        int indicator;
    } edits[] = {
        {"97530", "97116", "1996-01-01", "2019-12-31", 1},
        {"97530", "97116", "2020-10-01", "2020-10-01", 9},
        {"97140", "97124", "1996-01-01", "", 0},
        {"97150", "97110", "1996-01-01", "", 1},
        {"97150", "97140", "1996-01-01", "", 1},
        {"97161", "97164", "2017-01-01", "", 0},
        {"97162", "97161", "2017-01-01", "", 0},
        {"90837", "90834", "2013-01-01", "", 0},
        {"90839", "90785", "2013-01-01", "", 0},
        {"90834", "99213", "2013-01-01", "", 0},
        {"G0283", "97032", "2002-01-01", "", 1},
    };

    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++)
        tiny_edit(tiny, SETTING_PRACTITIONER, edits[i].one, edits[i].two,
            edits[i].from, edits[i].to, edits[i].indicator);
    tiny_edit(tiny, SETTING_OUTPATIENT, "97161", "97750", "2017-01-01", "", 1);
}

static void add_limits(void)
{
    static const char *const values[] = {"97110|6|3|Clinical: Data",
        "97112|4|3|Clinical: Data", "97116|4|3|Clinical: Data",
        "97124|4|3|Clinical: Data", "97140|6|3|Clinical: Data",
        "97150|1|3|Clinical: Data", "97530|6|3|Clinical: Data",
        "97161|1|2|Code Descriptor", "97162|1|2|Code Descriptor",
        "97164|1|2|Code Descriptor", "97165|1|2|Code Descriptor",
        "97010|0|3|CMS Policy", "97014|0|3|CMS Policy", "G0283|1|3|CMS Policy",
        "90834|2|3|CMS Policy", "90837|2|3|CMS Policy", "90785|3|3|CMS Policy",
        "90838|1|2|CMS Policy", "99213|2|3|CMS Policy", "99214|2|3|CMS Policy",
        "97129|1|2|Code Descriptor", "97130|5|3|Code Descriptor",
        "19301|1|1|Invented: a limit by line", "90839|1|2|CMS Policy",
        "97750|8|3|Clinical: Data", "92521|1|2|CMS Policy"};
    const uint8_t practitioner =
        tiny_series(tiny, TABLE_MUE, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
            "2024q3 2024-07-01 2024-09-30; 2025q1 2025-01-01 2025-03-31");
    const uint8_t outpatient = tiny_series(tiny, TABLE_MUE, SETTING_OUTPATIENT,
        PROGRAM_MEDICARE, "2024q3 2024-07-01 2024-09-30");

    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        tiny_row(tiny, practitioner, 0, 1, values[i]);
    tiny_row(tiny, practitioner, 0, 0, "97113|6|3|Clinical: Data");
    tiny_row(tiny, practitioner, 1, 1, "97113|4|3|Clinical: Data");
    tiny_row(tiny, outpatient, 0, 0, "97010|1|3|CMS Policy");
    tiny_row(tiny, outpatient, 0, 0, "97150|2|3|CMS Policy");
    tiny_row(tiny, outpatient, 0, 0, "97161|1|2|CMS Policy");
    tiny_row(tiny, outpatient, 0, 0, "97750|8|3|CMS Policy");
}

static void add_addons(void)
{
    /* addon|type|addon deleted|primary|primary deleted|from|to|note */
    static const char *const rows[] = {"90785|1||90791||20130101||",
        "90785|1||90834||20130101||", "90785|1||90837||20130101||",
        "90785|1||90838||20130101||", "90785|1||99441|20241231|20200101||",
        "90838|1||99213||20130101||", "90838|1||99214||20130101||",
        "97130|1||97129||20200101||",
        "96131|1||96130||20190101|20190101|"
        "(Temporarily suspended)",
        "69990|1||61304||20130101||See the manual, section 20.4.5",
        "0887T|2||CCCCC||20240701||", "99199|3||99213||20130101||"};
    const uint8_t series = tiny_series(tiny, TABLE_AOC, SETTING_NONE,
        PROGRAM_NONE, "2024q3 2024-07-01 2024-09-30");

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tiny_row(tiny, series, 0, 0, rows[i]);
}

static void add_diagnoses(void)
{
    const uint8_t series = tiny_series(tiny, TABLE_ICD10CM, SETTING_NONE,
        PROGRAM_NONE, "2021 2020-10-01 2021-09-30; 2025 2024-10-01 2025-09-30");
    const uint8_t conversion = tiny_series(tiny, TABLE_CONVERSION, SETTING_NONE,
        PROGRAM_NONE, "2025 2024-10-01 2025-09-30");

    tiny_row(tiny, series, 0, 0, "M545|1|Low back pain|Low back pain");
    tiny_row(tiny, series, 1, 1, "M545|0|Low back pain|Low back pain");
    tiny_row(tiny, series, 1, 1,
        "M5450|1|Low back pain, unspecified|Low back "
        "pain, unspecified");
    tiny_row(tiny, series, 0, 1, "M542|1|Cervicalgia|Cervicalgia");
    tiny_row(tiny, series, 0, 0, "A000|1|Invented, ended|Invented, ended");
    tiny_row(tiny, series, 1, 1, "B000|1|Invented, begun|Invented, begun");
    tiny_row(tiny, conversion, 0, 0, "M5450|20211001|M54.5");
}

int claim_store_open(void **state)
{
    uint8_t pfs, hcpcs;

    tiny = tiny_begin();
    pfs = tiny_series(tiny, TABLE_PFS, SETTING_NONE, PROGRAM_NONE,
        "2015a 2015-01-01 2015-12-31; 2024c 2016-01-01 2025-03-31");
    assert_int_equal(pfs, 0);
    add_codes(pfs);
    hcpcs = tiny_series(tiny, TABLE_HCPCS, SETTING_NONE, PROGRAM_NONE,
        "2024q3 2024-07-01 2024-09-30");
    tiny_hcpcs(
        tiny, hcpcs, 0, 0, "CQ", "7", "Invented text", "", "20190101", "");
    tiny_hcpcs(tiny, hcpcs, 0, 0, "GD", "7", "Invented text", "", "20080101",
        "20191231");
    tiny_series(tiny, TABLE_PTP, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
        "2024q3 2024-07-01 2024-09-30");
    tiny_series(tiny, TABLE_PTP, SETTING_OUTPATIENT, PROGRAM_MEDICARE,
        "2024q3 2024-07-01 2024-09-30");
    add_edits();
    add_limits();
    add_addons();
    add_diagnoses();
    claim_own_tables(tiny);
    claim_answers = tiny_open(tiny);
    claim_work = calloc(1, sizeof *claim_work);
    assert_non_null(claim_work);
    return 0;
}

int claim_store_close(void **state)
{
    free(claim_work);
    tiny_close(tiny);
    return 0;
}

/* ---- a claim */

void claim_of(const char *day)
{
    claim_begin(&claim_work->claim, tiny_day(day));
}

unsigned claim_with(const char *text)
{
    struct claim *claim = &claim_work->claim;
    char words[200], *next = words, *word;
    struct claim_line *line;

    assert_true(strlen(text) < sizeof words);
    (void)snprintf(words, sizeof words, "%s", text);
    word = strsep(&next, " ");
    line = claim_add_line(claim, claim_answers->rules, word, strlen(word));
    assert_non_null(line);
    if (next != NULL) {
        line->units = strtol(strsep(&next, " "), NULL, 10);
        line->flaws = 0;
    }
    while ((word = strsep(&next, " ")) != NULL) {
        if (word[0] == 0)
            continue;
        if (word[0] == 'm') {
            line->minutes_told = true;
            line->minutes = strtol(word + 1, NULL, 10);
        } else if (word[0] == '@') {
            line->day = tiny_day(word + 1);
        } else if (strncmp(word, "dx", 2) == 0) {
            char *pointers = word + 2, *pointer;

            while ((pointer = strsep(&pointers, ",")) != NULL)
                claim_line_pointer_text(line, pointer, strlen(pointer));
        } else if (strncmp(word, "rev", 3) == 0) {
            claim_line_revenue(line, word + 3, strlen(word + 3));
        } else if (strncmp(word, "by", 2) == 0) {
            assert_int_equal(claim_line_provider(
                                 claim, line, word + 2, strlen(word + 2), NULL),
                0);
        } else {
            claim_line_modifiers(line, word, strlen(word));
        }
    }
    return claim->lines;
}

void claim_check_it(void)
{
    struct error err = {0};

    if (claim_check(&claim_work->report, claim_answers->rules,
            &claim_work->claim, &err) != 0)
        fail_msg("%s", err.msg);
}

/* ---- what was found */

static void write_lines(
    char *out, size_t size, const uint16_t *line, size_t count)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(
            out + used, size - used, "%s%d", i > 0 ? "," : "", line[i] + 1);
}

const struct claim_finding *found(const char *id, const char *lines)
{
    const struct claim_report *report = &claim_work->report;

    for (uint16_t i = 0; i < report->findings; i++) {
        const struct claim_finding *finding = claim_finding_at(report, i);
        char text[512];

        write_lines(text, sizeof text, report->ref + finding->first_ref,
            finding->lines);
        if (strcmp(claim_check_name(finding->check), id) == 0 &&
            strcmp(text, lines) == 0)
            return finding;
    }
    return NULL;
}

static void print_all(void)
{
    const struct claim_report *report = &claim_work->report;

    for (uint16_t i = 0; i < report->findings; i++) {
        const struct claim_finding *finding = claim_finding_at(report, i);
        char text[512];

        write_lines(text, sizeof text, report->ref + finding->first_ref,
            finding->lines);
        print_message("  %s %s lines %s: %s\n",
            claim_check_name(finding->check),
            claim_severity_name(finding->severity), text,
            claim_reason_name(finding->reason));
    }
    for (uint16_t i = 0; i < report->gaps; i++)
        print_message("  not checked: %s %s\n",
            claim_table_name(report->gap[i].table),
            claim_gap_name(report->gap[i].reason));
}

const struct claim_finding *must_find(
    const char *id, const char *lines, const char *severity, const char *reason)
{
    const struct claim_finding *finding = found(id, lines);

    if (finding == NULL) {
        print_all();
        fail_msg("no %s of lines '%s'", id, lines);
        return NULL;
    }
    assert_string_equal(claim_severity_name(finding->severity), severity);
    assert_string_equal(claim_reason_name(finding->reason), reason);
    return finding;
}

void must_not_find(const char *id)
{
    const struct claim_report *report = &claim_work->report;

    for (uint16_t i = 0; i < report->findings; i++)
        if (strcmp(claim_check_name(claim_finding_at(report, i)->check), id) ==
            0) {
            print_all();
            fail_msg("%s is there", id);
        }
}

void denied_are(const char *lines)
{
    uint16_t denied[CLAIM_LINES_MAX];
    size_t count = 0;
    char text[512];

    for (uint16_t i = 0; i < claim_work->claim.lines; i++)
        if (claim_line_denied(&claim_work->report, i))
            denied[count++] = i;
    write_lines(text, sizeof text, denied, count);
    assert_string_equal(text, lines);
}

void says(const struct claim_finding *finding, const char *words)
{
    struct buffer text = {0};

    claim_finding_text(&text, &claim_work->claim, finding);
    buffer_addc(&text, '\0');
    if (strstr(text.data, words) == NULL)
        fail_msg("'%s' does not say '%s'", text.data, words);
    buffer_clear(&text);
}

void lines_are_clean(void)
{
    const struct claim_report *report = &claim_work->report;

    assert_int_equal(report->count[SEVERITY_ERROR], 0);
    assert_int_equal(report->count[SEVERITY_WARNING], 0);
    for (uint16_t i = 0; i < report->gaps; i++)
        assert_true(!report->gap[i].needed ||
                    report->gap[i].reason == GAP_NO_DIAGNOSIS);
}

void unchecked(const char *table, const char *reason)
{
    const struct claim_report *report = &claim_work->report;

    for (uint16_t i = 0; i < report->gaps; i++)
        if (strcmp(claim_table_name(report->gap[i].table), table) == 0 &&
            strcmp(claim_gap_name(report->gap[i].reason), reason) == 0) {
            assert_false(claim_checked(report, report->gap[i].table));
            return;
        }
    print_all();
    fail_msg("%s is not unchecked for %s", table, reason);
}

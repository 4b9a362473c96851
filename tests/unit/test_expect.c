/* test_expect.c - what a build is expected to answer: reading the lists, and
 * asking each kind of line. */
#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "indexer/build.h"
#include "indexer/refresh/expect.h"
#include "tests/tiny_coverage.h"

static struct tiny *tiny;
static const struct answers *answers;

#define HEADING "ask\tof\texpect\tsetting\tdate\tsince\n"

/* --- a small build ----------------------------------------------------------
 */

static int begin(void **state)
{
    uint8_t id;

    tiny = tiny_begin();
    id = tiny_series(tiny, TABLE_MUE, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
        "2024q2 2024-04-01 2024-06-30; 2024q3 2024-07-01 2024-09-30");
    tiny_row(tiny, id, 0, 0, "97110|4|2|invented");
    tiny_row(tiny, id, 1, 1, "97110|6|3|invented");
    tiny_row(tiny, id, 0, 1, "97010|0|2|invented");
    id = tiny_series(tiny, TABLE_PFS, SETTING_NONE, PROGRAM_NONE,
        "2024c 2024-07-01 2024-09-30");
    tiny_cells(tiny, id, 0, 0, PFS_KEY, "97110", PFS_STATUS, "A",
        PFS_MULTIPLE_PROCEDURE, "5", -1);
    tiny_cells(tiny, id, 0, 0, PFS_KEY, "9592126", PFS_STATUS, "C", -1);
    id = tiny_series(tiny, TABLE_AOC, SETTING_NONE, PROGRAM_NONE,
        "2024q3 2024-07-01 2024-09-30");
    tiny_row(tiny, id, 0, 0, "97130|1||97129||20200101||");
    id = tiny_series(tiny, TABLE_HCPCS, SETTING_NONE, PROGRAM_NONE,
        "2024q3 2024-07-01 2024-09-30");
    tiny_hcpcs(
        tiny, id, 0, 0, "XE", "7", "Invented modifier", "", "20150101", "");
    tiny_hcpcs(tiny, id, 0, 0, "A4206", "3", "Invented item", "", "19900101",
        "20231231");
    id = tiny_series(tiny, TABLE_ICD10CM, SETTING_NONE, PROGRAM_NONE,
        "2024 2023-10-01 2024-09-30");
    tiny_row(tiny, id, 0, 0, "M545|0|Low back pain");
    tiny_row(tiny, id, 0, 0, "M5450|1||Low back pain, unspecified");
    (void)tiny_series(tiny, TABLE_PTP, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
        "2024q3 2024-07-01 2024-09-30");
    tiny_proc(tiny, "97010", "valid listed 0 1");
    tiny_proc(tiny, "97110", "valid listed 0 1");
    tiny_proc(tiny, "97116", "valid listed 0 1");
    tiny_proc(tiny, "97150", "valid listed 0 1");
    tiny_proc(tiny, "97530", "valid listed 0 1");
    tiny_proc(tiny, "97140", "valid listed 0 1");
    tiny_proc(tiny, "97124", "valid listed 0 1");
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97150", "97110", "2020-01-01", "", 1);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97140", "97124", "2020-01-01", "", 0);
    tiny_edit(tiny, SETTING_PRACTITIONER, "97530", "97116", "2010-01-01",
        "2019-12-31", 1);
    tiny_edit(tiny, SETTING_PRACTITIONER, "97530", "97116", "1996-01-01",
        "1996-01-01", 9);
    tiny_coverage(tiny, "2024-07-02 2024-07-02 2024-07-31",
        "release -article_x_bill_code\n"
        "contractor 228/9/2 15102 MAC - Part B\n"
        "state 22 KY KY Kentucky\n"
        "jurisdiction 228/9/2 22 2015-01-01 open\n"
        "article 57067 34 A from=2019-10-01 title=Outpatient therapy\n"
        "procedures 1: 97110\n"
        "covered 1: M5450 | These support.\n"
        "contractors: 228/9/2\n");
    answers = tiny_open(tiny);
    return 0;
}

static int end(void **state)
{
    tiny_close(tiny);
    return 0;
}

static void read_list(struct expectations *list, const char *text)
{
    struct error err = {0};

    if (expectations_read(list, "own.tsv", text, strlen(text), &err) != 0)
        fail_msg("%s", err.msg);
}

/* The line, of columns as in HEADING, comes to that. */
static void comes_to_in(const struct answers *build, const char *line,
    enum expect_outcome outcome, const char *got)
{
    struct expect_result result;
    struct expectations list;
    struct buffer text = {0};

    buffer_addf(&text, HEADING "%s\n", line);
    buffer_addc(&text, '\0');
    read_list(&list, text.data);
    if (list.bad_count > 0)
        fail_msg("%s: %s", line, list.bad[0].reason);
    assert_int_equal(list.count, 1);
    assert_int_equal(expectation_ask(&result, build, list.item, NULL), 0);
    if (strcmp(result.got, got) != 0 || result.outcome != outcome)
        fail_msg("%s: %s, got %s", line, expect_outcome_name(result.outcome),
            result.got);
    expectations_clear(&list);
    buffer_clear(&text);
}

static void comes_to(
    const char *line, enum expect_outcome outcome, const char *got)
{
    comes_to_in(answers, line, outcome, got);
}

/* --- asking -----------------------------------------------------------------
 */

static void an_edit_is_asked_by_column_and_indicator(void **state)
{
    comes_to("edit\t97150 97110\t1", EXPECT_HELD, "in force, indicator 1");
    comes_to("edit\t97150 97110\t0", EXPECT_FAILED, "in force, indicator 1");
    comes_to("edit\t97110 97150\tno_row", EXPECT_HELD, "no row");
    comes_to("edit\t97110 97150\t1", EXPECT_FAILED, "no row");
    comes_to("edit\t97530 97116\t9", EXPECT_HELD,
        "rows, none in force; one of indicator 9");
    comes_to("edit\t97530 97116\tnone", EXPECT_HELD,
        "rows, none in force; one of indicator 9");
    comes_to("edit\t97530 97116\t1\t\t2019-12-31", EXPECT_HELD,
        "in force, indicator 1; also a row of indicator 9");
    comes_to("edit\t97150 97110\t1\toutpatient", EXPECT_NOT_LOADED,
        "the table is not loaded");
    comes_to("edit\t97150 97110\t1\t\t\t2024q4", EXPECT_OLDER,
        "not asked of release 2024q3");
}

static void edits_in_both_directions_are_found(void **state)
{
    struct tiny *other = tiny_begin();

    comes_to("edit_both_ways\tall\tnone", EXPECT_HELD, "none");
    (void)tiny_series(other, TABLE_PTP, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
        "2024q3 2024-07-01 2024-09-30");
    tiny_proc(other, "97110", "unknown none 0 0");
    tiny_proc(other, "97150", "unknown none 0 0");
    tiny_edit(
        other, SETTING_PRACTITIONER, "97110", "97150", "2020-01-01", "", 1);
    tiny_edit(
        other, SETTING_PRACTITIONER, "97150", "97110", "2021-01-01", "", 1);
    comes_to_in(tiny_open(other), "edit_both_ways\tall\tnone", EXPECT_FAILED,
        "1 pair, the first 97110 and 97150");
    tiny_close(other);
}

static void a_pair_is_asked_by_verdict_or_reason(void **state)
{
    comes_to("pair\t97110 97150\tmodifier_required", EXPECT_HELD,
        "modifier_required (modifier_needed)");
    comes_to("pair\t97110 97150:59\tbypassed", EXPECT_FAILED,
        "modifier_required (modifier_needed)"); /* no list of modifiers here */
    comes_to("pair\t97530 97116\tedit_expired", EXPECT_HELD,
        "billable (edit_expired)");
    comes_to("pair\t97530 97116\tmodifier_required\tpractitioner\t2019-12-31",
        EXPECT_HELD, "modifier_required (modifier_needed)");
    comes_to(
        "pair\t97124 97140\tbillable", EXPECT_FAILED, "not_billable (blocked)");
}

static void values_and_columns_are_those_of_the_day(void **state)
{
    comes_to("mue\t97110\t6", EXPECT_HELD, "6 mai 3");
    comes_to("mue\t97110\t6 mai 3", EXPECT_HELD, "6 mai 3");
    comes_to("mue\t97110\t6 mai 2", EXPECT_FAILED, "6 mai 3");
    comes_to("mue\t97110\t4\t\t2024-05-01", EXPECT_HELD, "4 mai 2");
    comes_to("mue\t97010\t0", EXPECT_HELD, "0 mai 2");
    comes_to("mue\t97116\tno_row", EXPECT_HELD, "no_row");
    comes_to(
        "mue\t97110\t6\tdme", EXPECT_NOT_LOADED, "the table is not loaded");
    comes_to("addon\t97130 97129\ttype 1", EXPECT_HELD, "type 1");
    comes_to("addon\t97130\ttype 1", EXPECT_HELD, "type 1");
    comes_to("addon\t97130 97110\ttype 1", EXPECT_FAILED, "no_row");
    comes_to("addon\t97110\tno_row", EXPECT_HELD, "no_row");
    comes_to("pfs.status\t97110\tA", EXPECT_HELD, "A");
    comes_to("pfs.status\t95921 26\tC", EXPECT_HELD, "C");
    comes_to("pfs.global_days\t97110\tempty", EXPECT_HELD, "empty");
    comes_to("pfs.status\t97014\tI", EXPECT_FAILED, "no_row");
    comes_to("hcpcs.added\tXE\t20150101", EXPECT_HELD, "20150101");
    comes_to("hcpcs.terminated\ta4206\t20231231", EXPECT_HELD, "20231231");
    comes_to("icd10cm.billable\tM54.5\t0\t\t\t2022", EXPECT_HELD, "0");
    comes_to("icd10cm.billable\tm5450\t0", EXPECT_FAILED, "1");
    comes_to("release\tmue\t2024q3", EXPECT_HELD, "2024q3");
    comes_to("release\tpfs\t2024d", EXPECT_FAILED, "2024c");
    comes_to(
        "release\tdhs\t2024", EXPECT_NOT_LOADED, "the table is not loaded");
}

static void a_code_is_valid_on_a_day(void **state)
{
    comes_to("valid\tM54.50\ttrue\t\t2024-07-01", EXPECT_HELD, "true");
    comes_to("valid\tA4206\tfalse\t\t2024-07-01", EXPECT_FAILED,
        "no loaded release has the code"); /* it has no life in this build */
    comes_to("valid\t97110\tfalse\t\t2024-07-01", EXPECT_FAILED, "true");
    comes_to("valid\tXE\ttrue\t\t2024-07-01", EXPECT_HELD, "true");
}

static void necessity_is_asked_by_place(void **state)
{
    comes_to("necessity\t97110 M54.50 KY\tsupported", EXPECT_HELD,
        "supported (supported, exact)");
    comes_to("necessity\t97110 M54.50 A57067\tno_policy", EXPECT_FAILED,
        "supported (supported, exact)");
    comes_to("necessity\t97110 M54.50 15102\tsupported", EXPECT_HELD,
        "supported (supported, exact)");
}

/* The starter set has what takes a whole build: words and minutes. */
static void words_and_minutes_are_asked_of_a_whole_build(void **state)
{
    char folder[] = "/tmp/coderef-expect-XXXXXX", command[64];
    struct build_options options = {.report = NULL};
    struct build_result made;
    struct store *store;
    struct answers *whole;

    assert_non_null(mkdtemp(folder));
    options.store = folder;
    assert_int_equal(build_run(&made, NULL, 0, &options, NULL), 0);
    assert_int_equal(store_open(&store, made.path, NULL), 0);
    assert_int_equal(answers_open(&whole, store, NULL), 0);

    comes_to_in(whole, "timed\t97110\ttrue", EXPECT_HELD, "true");
    comes_to_in(whole, "timed\t97161\ttrue", EXPECT_FAILED, "false");
    comes_to_in(whole, "units\t97110:24 97140:15\t97110:2 97140:1", EXPECT_HELD,
        "97110:2 97140:1");
    comes_to_in(whole, "units\t97110:24\t97110:1", EXPECT_FAILED, "97110:2");
    comes_to_in(whole, "search\tM54.50\tM5450", EXPECT_HELD, "M54.50");
    comes_to_in(whole, "search\t97110\t97140", EXPECT_FAILED, "97110");
    comes_to_in(whole, "search\tzzzzqqqq\t97140", EXPECT_FAILED, "no hit");
    comes_to_in(whole,
        "pair\t97110 97150:59\tresolved_by_modifier\t\t"
        "2024-07-01",
        EXPECT_HELD, "resolved_by_modifier (bypassed)");

    answers_close(whole);
    store_close(store);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

/* --- reading ----------------------------------------------------------------
 */

static void the_probes_of_the_project_can_all_be_read(void **state)
{
    struct expectations probes;

    assert_int_equal(expectations_read_probes(&probes, NULL), 0);
    if (probes.bad_count > 0)
        fail_msg("row %u: %s", probes.bad[0].row, probes.bad[0].reason);
    assert_true(probes.count >= 19); /* those of domain.md 7.2 */
    expectations_clear(&probes);
}

static void columns_stand_in_any_order(void **state)
{
    struct expectations list;

    read_list(&list, "\xEF\xBB\xBF# a note\r\n\r\n"
                     "expect\tdate\tof\tnotes\task\r\n"
                     "# another\n"
                     " billable \t2024-07-01\t97110 97116\twhy\tpair");
    assert_int_equal(list.count, 1);
    assert_int_equal(list.bad_count, 0);
    assert_int_equal(list.item[0].row, 5);
    assert_string_equal(list.item[0].expected, "billable");
    assert_int_equal(list.item[0].setting, SETTING_PRACTITIONER);
    assert_true(list.item[0].dated);
    expectations_clear(&list);
}

static void a_bad_line_is_told_with_its_row_and_reason(void **state)
{
    static const struct {
        const char *line, *reason;
    } bad[] = {
        {"pair\t97110 97116\t", "expect is empty"},
        {"\t97110\t1", "ask is empty"},
        {"pairs\t97110 97116\tbillable",
            "ask 'pairs' is none of edit, edit_both_ways, pair, mue, addon, "
            "valid, timed, units, search, necessity, release and TABLE.COLUMN"},
        {"pair\t97110\tbillable",
            "of '97110': pair takes two codes, modifiers behind a colon: 97110 "
            "97150:59"},
        {"pair\t97110 97116\tfine",
            "expect 'fine': pair takes a verdict such as modifier_required, or "
            "a reason such as edit_expired"},
        {"mue\t9711\t1",
            "of: '9711' does not suit: mue takes one procedure code"},
        {"mue\t97110\tsix",
            "expect 'six': mue takes a number, a number and its indicator (1 "
            "mai 2), or no_row"},
        {"mue\t97110\t6\thome",
            "setting 'home': it takes practitioner, outpatient or dme"},
        {"valid\t97110\ttrue", "date: valid needs a day"},
        {"valid\t97110\ttrue\t\t1/1/2024", "date '1/1/2024': write YYYY-MM-DD"},
        {"search\tgait\t97116\t\t\t2024q3",
            "since: search is answered out of several tables; give a date "
            "instead"},
        {"pfs.colour\t97110\tred",
            "ask 'pfs.colour': table pfs has no such column; 'coderef-index "
            "dump' shows them"},
        {"fees.status\t97110\tA", "ask 'fees.status': no such table of rows"},
        {"ptp.column1\t97110\tA", "ask 'ptp.column1': no such table of rows"},
        {"release\tfees\t2024", "of 'fees': no such table"},
        {"units\t97110\t97110:2",
            "of: '97110' does not suit: units takes codes with minutes: "
            "97110:24 97140:15"},
        {"units\t97110:24 97140:15\t97110:2",
            "expect '97110:2': units takes units of every code: 97110:2 "
            "97140:1"},
        {"edit_both_ways\tsome\tnone",
            "of: 'some' does not suit: edit_both_ways takes the word all"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct expectations list;
        struct buffer text = {0};

        buffer_addf(
            &text, HEADING "mue\t97110\t6\n%s\nmue\t97110\t6\n", bad[i].line);
        buffer_addc(&text, '\0');
        read_list(&list, text.data);
        assert_int_equal(list.count, 2);
        assert_int_equal(list.bad_count, 1);
        assert_int_equal(list.bad[0].row, 3);
        assert_string_equal(list.bad[0].reason, bad[i].reason);
        expectations_clear(&list);
        buffer_clear(&text);
    }
}

static void what_is_no_such_list_is_refused(void **state)
{
    static const struct {
        const char *text, *why;
    } bad[] = {
        {"", "own.tsv: holds no heading; the first line that is no note names "
             "the columns ask, of, expect, …"},
        {"ask\tof\n", "own.tsv: the heading has no column 'expect'"},
        {"ask\tof\texpect\task\n", "own.tsv: the heading names 'ask' twice"},
        {"ask,of,expect\n",
            "own.tsv: the heading has a column 'ask,of,expect'; known are ask, "
            "of, expect, setting, program, date, since, cert, source and "
            "notes, "
            "parted by tabs"},
        {"PK\x03\x04",
            "own.tsv: not tab-separated text (a spreadsheet? save it as text)"},
    };
    struct expectations list;
    struct error err = {0};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(expectations_read(&list, "own.tsv", bad[i].text,
                             strlen(bad[i].text), &err),
            ERR_INPUT);
        assert_string_equal(err.msg, bad[i].why);
        expectations_clear(&list);
    }
    assert_int_equal(
        expectations_read_file(&list, "/nowhere/own.tsv", &err), ERR_SYSTEM);
    assert_string_equal(err.msg, "/nowhere/own.tsv: No such file or directory");
    expectations_clear(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edit_is_asked_by_column_and_indicator),
        cmocka_unit_test(edits_in_both_directions_are_found),
        cmocka_unit_test(a_pair_is_asked_by_verdict_or_reason),
        cmocka_unit_test(values_and_columns_are_those_of_the_day),
        cmocka_unit_test(a_code_is_valid_on_a_day),
        cmocka_unit_test(necessity_is_asked_by_place),
        cmocka_unit_test(words_and_minutes_are_asked_of_a_whole_build),
        cmocka_unit_test(the_probes_of_the_project_can_all_be_read),
        cmocka_unit_test(columns_stand_in_any_order),
        cmocka_unit_test(a_bad_line_is_told_with_its_row_and_reason),
        cmocka_unit_test(what_is_no_such_list_is_refused),
    };

    return cmocka_run_group_tests(tests, begin, end);
}

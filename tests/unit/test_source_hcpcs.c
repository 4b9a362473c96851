#include "tests/sources.h"

/* Where the third line of the text begins. */
static const size_t THIRD_LINE = 2 * (320 + sizeof "\r\n" - 1);

/* The three codes of HCPCS fixtures; long_text as the file has it. */
static void holds_the_fixture(const struct reading *r)
{
    assert_string_equal(value(r, 0, HCPCS_CODE), "ZA");
    assert_string_equal(value(r, 0, HCPCS_RECORD), "7");
    assert_string_equal(
        value(r, 0, HCPCS_LONG), "Invented modifier for a test");
    assert_string_equal(value(r, 1, HCPCS_CODE), "G9901");
    assert_string_equal(value(r, 1, HCPCS_RECORD), "3");
    assert_string_equal(value(r, 1, HCPCS_LONG),
        "Invented service of two lines, the first of which ends with a word "
        "and the second line  has two blanks inside");
    assert_string_equal(value(r, 1, HCPCS_SHORT), "Invented service two lines");
    assert_string_equal(value(r, 1, HCPCS_PRICE1), "11");
    assert_string_equal(value(r, 1, HCPCS_PRICE1 + 1), "53");
    assert_string_equal(value(r, 1, HCPCS_PRICE1 + 2), "");
    assert_string_equal(value(r, 1, HCPCS_MULT_PRICE), "A");
    assert_string_equal(value(r, 1, HCPCS_CIM1), "35-46");
    assert_string_equal(value(r, 1, HCPCS_MCM1), "2049");
    assert_string_equal(value(r, 1, HCPCS_STATUTE), "1862(a)(7)");
    assert_string_equal(value(r, 1, HCPCS_LABCERT1), "310");
    assert_string_equal(value(r, 1, HCPCS_XREF1), "G9902");
    assert_string_equal(value(r, 1, HCPCS_XREF1 + 1), "G9903");
    assert_string_equal(value(r, 1, HCPCS_COVERAGE), "D");
    assert_string_equal(value(r, 1, HCPCS_ASC_GROUP), "YY");
    assert_string_equal(value(r, 1, HCPCS_ASC_DATE), "20080101");
    assert_string_equal(value(r, 1, HCPCS_PROC_NOTE), "0012");
    assert_string_equal(value(r, 1, HCPCS_BETOS), "P5E");
    assert_string_equal(value(r, 1, HCPCS_TOS1), "1");
    assert_string_equal(value(r, 1, HCPCS_TOS1 + 1), "W");
    assert_string_equal(value(r, 1, HCPCS_ANESTHESIA_UNITS), "0");
    assert_string_equal(value(r, 1, HCPCS_ADDED), "20240101");
    assert_string_equal(value(r, 1, HCPCS_ACTION_EFFECTIVE), "20240701");
    assert_string_equal(value(r, 1, HCPCS_TERMINATED), "");
    assert_string_equal(value(r, 1, HCPCS_ACTION), "C");
    assert_string_equal(value(r, 2, HCPCS_CODE), "G9902");
    assert_string_equal(value(r, 2, HCPCS_MOG_GROUP), "123");
    assert_string_equal(value(r, 2, HCPCS_MOG_POLICY), "1");
    assert_string_equal(value(r, 2, HCPCS_MOG_DATE), "20240101");
    assert_string_equal(value(r, 2, HCPCS_TERMINATED), "20240630");
    assert_string_equal(value(r, 2, HCPCS_ACTION), "D");
}

static void a_text_is_read_record_by_record(void **state)
{
    struct reading r;

    read_fixture(&r, "hcpcs/HCPC2024_JUL_ANWEB_06282024.txt");
    is_release(&r, "hcpcs_text", "2024q3", "2024-07-01", "2024-09-30");
    assert_int_equal(r.id.published, 20240628);
    counts_are(&r, 4, 3, 0);
    assert_int_equal(r.batch.warnings, 0);
    assert_int_equal(r.batch.lines[1], 2);
    assert_int_equal(r.batch.lines[2], 4);
    holds_the_fixture(&r);
    reading_close(&r);
}

static void continuations_may_be_cut_at_91_bytes(void **state)
{
    struct reading r;

    read_fixture(&r, "hcpcs/HCPC17_CONTR_ANWEB.txt");
    is_release(&r, "hcpcs_text", "2017q1", "2017-01-01", "2017-03-31");
    counts_are(&r, 4, 3, 0); /* the blank line at the end is no record */
    holds_the_fixture(&r);
    reading_close(&r);
}

static void disclaimer_lines_before_the_first_record_are_not_counted(
    void **state)
{
    struct reading r;

    read_fixture(&r, "hcpcs/HCPC2019_CONTR_ANWEB.txt");
    is_release(&r, "hcpcs_text", "2019q1", "2019-01-01", "2019-03-31");
    counts_are(&r, 4, 3, 0);
    assert_int_equal(r.batch.lines[0], 5);
    holds_the_fixture(&r);
    reading_close(&r);
}

static void odd_records_are_taken_with_a_warning_or_refused(void **state)
{
    struct reading r;

    read_fixture(&r, "hcpcs/HCPC2026_JAN_ANWEB_01122026.txt");
    is_release(&r, "hcpcs_text", "2026q1", "2026-01-01", "2026-03-31");
    counts_are(&r, 11, 4, 6);
    assert_int_equal(r.batch.warnings, 2);
    assert_string_equal(
        r.batch.warning, "row 2: 226 blanks after its record are ignored");
    assert_string_equal(value(&r, 1, HCPCS_CODE), "G9901");
    assert_string_equal(value(&r, 1, HCPCS_ACTION), "C");
    assert_string_equal(value(&r, 2, HCPCS_CODE), "G9906");
    assert_string_equal(value(&r, 2, HCPCS_ADDED), "20240101");
    refusal_is(&r, 0, 4, "record",
        "does not begin with a code, a sequence number and a record id");
    refusal_is(&r, 1, 5, "record",
        "does not begin with a code, a sequence number and a record id");
    refusal_is(&r, 2, 6, "added", "not a date of this column's form");
    refusal_is(&r, 3, 7, "record", "longer than 320 bytes");
    refusal_is(&r, 4, 9, "record",
        "does not begin with a code, a sequence number and a record id");
    refusal_is(&r, 5, 11, "record", "blank");
    reading_close(&r);
}

static void csv_and_text_of_a_release_give_the_same_rows(void **state)
{
    struct reading text, csv;

    read_fixture(&text, "hcpcs/HCPC2024_JUL_ANWEB_06282024.txt");
    read_fixture(&csv, "hcpcs/HCPC2024_JUL_ANWEB_06282024.csv");
    is_release(&csv, "hcpcs_sheet", "2024q3", "2024-07-01", "2024-09-30");
    counts_are(&csv, 3, 3, 0);
    same_rows(&text, &csv);
    assert_true(text.id.rank < csv.id.rank);
    reading_close(&text);
    reading_close(&csv);
}

static void a_workbook_may_have_a_row_for_each_line_below_a_note(void **state)
{
    struct buffer csv = {0}, book = {0};
    struct reading text, sheet;

    load_fixture(&csv, "hcpcs/lines_of_sheet.csv");
    workbook_of(&book, csv.data, csv.len);
    read_bytes(&sheet, "hcpcs/2024jul/anweb.xlsx", book.data, book.len);
    read_fixture(&text, "hcpcs/HCPC2024_JUL_ANWEB_06282024.txt");
    is_release(&sheet, "hcpcs_sheet", "2024q3", "2024-07-01", "2024-09-30");
    counts_are(&sheet, 4, 3, 0);
    assert_int_equal(sheet.batch.lines[0], 6);
    same_rows(&text, &sheet);
    reading_close(&text);
    reading_close(&sheet);
    buffer_clear(&csv);
    buffer_clear(&book);
}

static void without_a_telling_name_the_newest_date_tells_the_quarter(
    void **state)
{
    struct buffer csv = {0}, book = {0};
    struct reading r;

    read_fixture_as(&r, "hcpcs/HCPC2024_JUL_ANWEB_06282024.txt", "anweb.txt");
    is_release(&r, "hcpcs_text", "2024q3", "2024-07-01", "2024-09-30");
    reading_close(&r);

    load_fixture(&csv, "hcpcs/lines_of_sheet.csv");
    workbook_of(&book, csv.data, csv.len);
    read_bytes(&r, "anweb.xlsx", book.data, book.len);
    is_release(&r, "hcpcs_sheet", "2024q1", "2024-01-01", "2024-03-31");
    reading_close(&r);
    buffer_clear(&csv);
    buffer_clear(&book);
}

static void a_continuation_without_its_first_record_fails_the_file(void **state)
{
    struct buffer text = {0};
    struct reading r;

    load_fixture(&text, "hcpcs/HCPC2024_JUL_ANWEB_06282024.txt");
    memcpy(text.data + THIRD_LINE, "G9909", 5);
    read_bytes(&r, "HCPC2024_JUL_ANWEB.txt", text.data, text.len);
    assert_int_equal(r.rc, ERR_INPUT);
    assert_string_equal(
        r.err.msg, "row 3 continues a code whose first record is missing");
    reading_close(&r);
    buffer_clear(&text);
}

static void a_sequence_number_that_goes_down_fails_the_file(void **state)
{
    struct buffer text = {0};
    struct reading r;

    load_fixture(&text, "hcpcs/HCPC2024_JUL_ANWEB_06282024.txt");
    memcpy(text.data + THIRD_LINE + 5, "00100", 5);
    read_bytes(&r, "HCPC2024_JUL_ANWEB.txt", text.data, text.len);
    assert_int_equal(r.rc, ERR_INPUT);
    assert_string_equal(r.err.msg, "row 3: the sequence number goes down");
    reading_close(&r);
    buffer_clear(&text);
}

static void a_missing_column_is_named(void **state)
{
    struct buffer csv = {0};
    struct reading r;

    load_fixture(&csv, "hcpcs/HCPC2024_JUL_ANWEB_06282024.csv");
    memcpy(strstr(csv.data, "TERM DT"), "XXXX XX", 7);
    read_bytes(&r, "HCPC2024_JUL_ANWEB.csv", csv.data, csv.len);
    assert_int_equal(r.rc, ERR_INPUT);
    assert_string_equal(
        r.err.msg, "the heading has no column 'TERM DT|TERM DATE'");
    reading_close(&r);
    buffer_clear(&csv);
}

static void a_lossy_copy_is_not_a_release(void **state)
{
    struct reading r;

    read_text(&r, "HCPC2025_OCT_ANWEB.csv",
        "Code,Description1,Description2,Type,Unknown1,Unknown2,Unknown3,"
        "Unknown4\n"
        "ZA001007,Invented modifier,Invented modifier,,,C,,202401012024\n"
        "G9901001003,Invented service,Invented,,,C,P5E,1UW    02003010120\n");
    assert_null(r.source);
    reading_close(&r);
}

static void the_starter_mark_and_the_told_release_change_the_label(void **state)
{
    const struct told starter = {.starter = true};
    const struct told told = {.release = "2025q2"};
    struct buffer text = {0};
    struct reading r;

    load_fixture(&text, "hcpcs/HCPC2024_JUL_ANWEB_06282024.txt");
    read_told(&r, "starter_hcpcs_2024q3.txt", text.data, text.len, &starter);
    is_release(&r, "hcpcs_text", "starter", "2024-07-01", "2024-09-30");
    reading_close(&r);
    read_told(&r, "HCPC2024_JUL_ANWEB.txt", text.data, text.len, &told);
    is_release(&r, "hcpcs_text", "2025q2", "2025-04-01", "2025-06-30");
    reading_close(&r);
    buffer_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_read_record_by_record),
        cmocka_unit_test(continuations_may_be_cut_at_91_bytes),
        cmocka_unit_test(
            disclaimer_lines_before_the_first_record_are_not_counted),
        cmocka_unit_test(odd_records_are_taken_with_a_warning_or_refused),
        cmocka_unit_test(csv_and_text_of_a_release_give_the_same_rows),
        cmocka_unit_test(a_workbook_may_have_a_row_for_each_line_below_a_note),
        cmocka_unit_test(
            without_a_telling_name_the_newest_date_tells_the_quarter),
        cmocka_unit_test(
            a_continuation_without_its_first_record_fails_the_file),
        cmocka_unit_test(a_sequence_number_that_goes_down_fails_the_file),
        cmocka_unit_test(a_missing_column_is_named),
        cmocka_unit_test(a_lossy_copy_is_not_a_release),
        cmocka_unit_test(
            the_starter_mark_and_the_told_release_change_the_label),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

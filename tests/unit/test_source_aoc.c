#include "tests/sources.h"

static void holds_the_fixture(const struct reading *r)
{
    assert_string_equal(value(r, 0, AOC_TYPE), "2");
    assert_string_equal(value(r, 0, AOC_ADDON), "G9901");
    assert_string_equal(value(r, 0, AOC_PRIMARY), "CCCCC");
    assert_string_equal(value(r, 0, AOC_EFFECTIVE), "20130401");
    assert_string_equal(value(r, 0, AOC_DELETED), "");
    assert_string_equal(
        value(r, 0, AOC_NOTE), "Contractor Defined Primary Codes");
    assert_string_equal(value(r, 1, AOC_PRIMARY), "G9903");
    assert_string_equal(value(r, 1, AOC_EFFECTIVE), "20181001");
    assert_string_equal(value(r, 2, AOC_ADDON_DELETED), "20230630");
    assert_string_equal(value(r, 2, AOC_PRIMARY_DELETED), "20231231");
    assert_string_equal(value(r, 2, AOC_EFFECTIVE), "20211001");
    assert_string_equal(value(r, 2, AOC_DELETED), "20230630");
    assert_string_equal(value(r, 3, AOC_TYPE), "3");
    assert_string_equal(value(r, 3, AOC_EFFECTIVE), "20240601");
    assert_string_equal(
        value(r, 3, AOC_NOTE), "Based on \"an invented manual\"");
}

static void an_export_keeps_quotes_and_turns_ordinal_dates(void **state)
{
    struct reading r;

    read_fixture(&r, "aoc/AOC_V2024Q3-MCR.tsv");
    is_release(&r, "aoc_sheet", "2024q3", "2024-07-01", "2024-09-30");
    counts_are(&r, 4, 4, 0);
    assert_int_equal(r.batch.lines[0], 2);
    holds_the_fixture(&r);
    reading_close(&r);
}

static void workbook_and_text_give_the_same_rows(void **state)
{
    struct buffer csv = {0}, book = {0};
    struct reading export, sheet, text;

    load_fixture(&csv, "aoc/sheet.csv");
    workbook_of(&book, csv.data, csv.len);
    read_bytes(&sheet, "AOC_V2024Q3-MCR.xlsx", book.data, book.len);
    read_fixture(&export, "aoc/AOC_V2024Q3-MCR.tsv");
    read_fixture(&text, "aoc/AOC_V2024Q3_01-MCR.txt");
    is_release(&sheet, "aoc_sheet", "2024q3", "2024-07-01", "2024-09-30");
    is_release(&text, "aoc_text", "2024q3", "2024-07-01", "2024-09-30");
    assert_int_equal(sheet.batch.lines[0], 3);
    same_rows(&export, &sheet);
    same_rows(&export, &text);
    reading_close(&export);
    reading_close(&sheet);
    reading_close(&text);
    buffer_clear(&csv);
    buffer_clear(&book);
}

static void a_date_in_the_name_tells_release_and_edition(void **state)
{
    struct reading r;

    read_fixture_as(&r, "aoc/AOC_V2024Q3_01-MCR.txt",
        "add-code-edits-medicare-effective-06012026.zip/AOC-MCR.txt");
    is_release(&r, "aoc_text", "2026q2", "2026-04-01", "2026-06-30");
    assert_int_equal(r.id.published, 20260601);
    reading_close(&r);
}

static void bad_rows_are_refused_one_by_one(void **state)
{
    struct reading r;

    read_text(&r, "AOC_V2024Q3-MCR.csv",
        "AOC_Edit_Type,Add-On_Code,AOC_DelDT,Primary_Code,Primary_Code_DelDT,"
        "AOC_Edit_EffDT,AOC_Edit_DelDT,Special_Instruction_Notes\n"
        "4,G9901,,G9902,,2013091,,\n"
        "1,9901,,G9902,,2013091,,\n"
        "1,G9901,,CCCC,,2013091,,\n"
        "1,G9901,,G9902,,2013366,,\n"
        "1,G9901,,G9902,,2013,,\n"
        "1,G9901,,G9902,,2013091,,\n");
    counts_are(&r, 6, 1, 5);
    refusal_is(&r, 0, 2, "type", "none of 1, 2 and 3");
    refusal_is(&r, 1, 3, "addon", "not five characters");
    refusal_is(&r, 2, 4, "primary", "not five characters");
    refusal_is(&r, 3, 5, "effective", "not a date of this column's form");
    refusal_is(&r, 4, 6, "effective", "not a date of this column's form");
    assert_int_equal(r.batch.lines[0], 7);
    reading_close(&r);
}

static void an_export_that_lost_its_days_is_not_recognised(void **state)
{
    struct reading r;

    read_text(&r, "aoc_2024q2.tsv",
        "AOC_Edit_Type\tAdd-On_Code\tAOC_DelDT(year only)\tPrimary_Code\t"
        "Primary_Code_DelDT(year only)\tAOC_Edit_EffDT(year only)\t"
        "AOC_Edit_DelDT\tSpecial_Instruction_Notes\n"
        "1\tG9901\t\tG9902\t\t2013\t\t\n");
    assert_null(r.source);
    assert_null(r.companion);
    reading_close(&r);
}

static void the_medicaid_table_is_named_and_not_loaded(void **state)
{
    struct reading r;

    read_fixture_as(&r, "aoc/AOC_V2024Q3-MCR.tsv", "AOC_V2024Q3-MCD.tsv");
    assert_null(r.source);
    assert_string_equal(r.companion, "Medicaid add-on code edits");
    reading_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_export_keeps_quotes_and_turns_ordinal_dates),
        cmocka_unit_test(workbook_and_text_give_the_same_rows),
        cmocka_unit_test(a_date_in_the_name_tells_release_and_edition),
        cmocka_unit_test(bad_rows_are_refused_one_by_one),
        cmocka_unit_test(an_export_that_lost_its_days_is_not_recognised),
        cmocka_unit_test(the_medicaid_table_is_named_and_not_loaded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/sources.h"

static void an_order_file_has_headers_and_billable_codes(void **state)
{
    struct reading r;

    read_fixture(&r, "icd10cm/icd10cm_order_2026.txt");
    is_release(&r, "icd10cm_order", "2026", "2025-10-01", "2026-09-30");
    counts_are(&r, 5, 5, 0);
    assert_string_equal(value(&r, 0, ICD_CODE), "M54");
    assert_string_equal(value(&r, 0, ICD_BILLABLE), "0");
    assert_string_equal(value(&r, 2, ICD_CODE), "M5450");
    assert_string_equal(value(&r, 2, ICD_BILLABLE), "1");
    assert_string_equal(value(&r, 3, ICD_CODE), "QA001");
    assert_string_equal(value(&r, 4, ICD_CODE), "T8133XS");
    assert_string_equal(value(&r, 4, ICD_SHORT),
        "Disruption of traum injury wound repair, sequela");
    assert_string_equal(value(&r, 4, ICD_LONG),
        "Disruption of traumatic injury wound repair, sequela");
    reading_close(&r);
}

static void a_codes_file_has_the_billable_codes_and_ranks_after(void **state)
{
    struct reading order, codes;

    read_fixture(&order, "icd10cm/icd10cm_order_2026.txt");
    read_fixture(&codes, "icd10cm/icd10cm_codes_2026.txt");
    is_release(&codes, "icd10cm_codes", "2026", "2025-10-01", "2026-09-30");
    counts_are(&codes, 2, 2, 0);
    assert_string_equal(value(&codes, 0, ICD_CODE), "M5450");
    assert_string_equal(value(&codes, 0, ICD_BILLABLE), "1");
    assert_string_equal(value(&codes, 0, ICD_SHORT), "");
    assert_string_equal(
        value(&codes, 0, ICD_LONG), "Low back pain, unspecified");
    assert_int_equal(order.id.table, codes.id.table);
    assert_true(order.id.rank < codes.id.rank);
    reading_close(&order);
    reading_close(&codes);
}

static void names_tell_the_fiscal_year_or_the_update(void **state)
{
    static const struct {
        const char *name, *label, *from, *to;
    } names[] = {
        {"2025-code-descriptions-tabular-order.zip/icd10cm_order_2025.txt",
            "2025", "2024-10-01", "2025-09-30"},
        {"2025-04/2025-code-descriptions-tabular-order-april.zip/"
         "Code Descriptions/icd10cm_order_2025.txt",
            "2025-04", "2025-04-01", "2025-09-30"},
        {"april-1-2026-code-descriptions.zip/icd10cm-order-2026.txt", "2026-04",
            "2026-04-01", "2026-09-30"},
        {"icd10cm-order-April-2026.txt", "2026-04", "2026-04-01", "2026-09-30"},
        {"icd10cm-order-Jan-2021.txt", "2021-01", "2021-01-01", "2021-09-30"},
        {"icd10cm/2026-04/order.txt", "2026-04", "2026-04-01", "2026-09-30"},
        {"icd10cm/2026/order.txt", "2026", "2025-10-01", "2026-09-30"},
        {"icd10cm_order_FY26.txt", "2026", "2025-10-01", "2026-09-30"},
    };
    struct reading r;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        read_fixture_as(&r, "icd10cm/icd10cm_order_2026.txt", names[i].name);
        is_release(
            &r, "icd10cm_order", names[i].label, names[i].from, names[i].to);
        reading_close(&r);
    }
}

static void the_administrator_may_tell_year_or_update(void **state)
{
    const struct told year = {.release = "2024"}, april = {"2024-04", 0, 0, 0};
    struct buffer text = {0};
    struct reading r;

    load_fixture(&text, "icd10cm/icd10cm_order_2026.txt");
    read_told(&r, "order.txt", text.data, text.len, &year);
    is_release(&r, "icd10cm_order", "2024", "2023-10-01", "2024-09-30");
    reading_close(&r);
    read_told(&r, "order.txt", text.data, text.len, &april);
    is_release(&r, "icd10cm_order", "2024-04", "2024-04-01", "2024-09-30");
    reading_close(&r);
    buffer_clear(&text);
}

static void a_bad_line_of_an_order_file_is_refused(void **state)
{
    struct buffer text = {0};
    struct reading r;

    load_fixture(&text, "icd10cm/icd10cm_order_2026.txt");
    buffer_adds(&text, "00006 54      1 Short title\n");
    buffer_adds(&text, "00007 M5459   2 Short title");
    buffer_addf(&text, "%*s Long title\n", 50, "");
    buffer_adds(&text, "00008 M5459   1 Cut short\n");
    read_bytes(&r, "icd10cm_order_2026.txt", text.data, text.len);
    counts_are(&r, 8, 5, 3);
    refusal_is(&r, 0, 6, "code", "not of an ICD-10-CM code's shape");
    refusal_is(&r, 1, 7, "billable", "neither 0 nor 1");
    refusal_is(&r, 2, 8, "long_description", "missing");
    reading_close(&r);
    buffer_clear(&text);
}

static void procedures_and_addenda_are_companions(void **state)
{
    static const char pcs[] =
        "00001 001     0 Central Nervous System and Cranial Nerves, Bypass     "
        "       Central Nervous System and Cranial Nerves, Bypass\r\n"
        "00002 0016    0 Cerebral Ventricle                                    "
        "       Central Nervous System, Bypass, Cerebral Ventricle\r\n";
    static const char addenda[] =
        "Delete:      1 B880    Other acariasis                               "
        "               Other acariasis\r\n"
        "Add:         0 B880    Other acariasis                               "
        "               Other acariasis\r\n";
    struct reading r;

    read_text(&r, "icd10pcs_order_2026.txt", pcs);
    assert_null(r.source);
    assert_string_equal(r.companion, "ICD-10-PCS order file");
    reading_close(&r);
    read_text(&r, "icd10cm_order_addenda_2026.txt", addenda);
    assert_null(r.source);
    assert_string_equal(r.companion, "ICD-10-CM addenda");
    reading_close(&r);
}

static void poa_exempt_codes_lose_their_dot(void **state)
{
    struct reading r;

    read_fixture(&r, "icd10cm/POAexemptCodesFY26.txt");
    is_release(&r, "icd10cm_poa", "2026", "2025-10-01", "2026-09-30");
    counts_are(&r, 2, 2, 0);
    assert_int_equal(r.batch.warnings, 0);
    assert_string_equal(value(&r, 0, POA_CODE), "B900");
    assert_string_equal(value(&r, 1, POA_CODE), "T8133XS");
    reading_close(&r);
    read_workbook(&r, "POAexemptCodesFY25.xlsx",
        "OrdFY25,POAexemptCode,Description\n01236,B90.0,Sequelae\n");
    is_release(&r, "icd10cm_poa", "2025", "2024-10-01", "2025-09-30");
    counts_are(&r, 1, 1, 0);
    reading_close(&r);
}

static void lists_of_poa_changes_are_companions(void **state)
{
    static const struct {
        const char *name, *text;
    } lists[] = {
        {"POAexemptAddCodesFY26.txt",
            "Order26\tPOAexemptCode\tDescription\r\n"
            "30389\tQ87.87\tHao-Fountain Syndrome\r\n"},
        {"POAexemptDeleteCodesFY26.txt",
            "POAexemptCode\tDescription\r\n"
            "Q89.8\tOther specified congenital malformations\r\n"},
        {"POA.txt", "Order26\tAction\tPOAexemptCode\tDescription\r\n"
                    "30219\tRevise from:\tQ75.001\tCraniosynostosis\r\n"},
    };
    struct reading r;

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        read_text(&r, lists[i].name, lists[i].text);
        assert_null(r.source);
        assert_string_equal(r.companion, "POA-exempt change list");
        reading_close(&r);
    }
}

static void holds_the_conversions(const struct reading *r)
{
    assert_string_equal(value(r, 0, CONVERSION_CODE), "M5450");
    assert_string_equal(value(r, 0, CONVERSION_EFFECTIVE), "20211001");
    assert_string_equal(value(r, 0, CONVERSION_PREVIOUS), "M54.5");
    assert_string_equal(value(r, 1, CONVERSION_CODE), "C441121");
    assert_string_equal(value(r, 2, CONVERSION_CODE), "T74A1XA");
    assert_string_equal(value(r, 2, CONVERSION_EFFECTIVE), "20230401");
    assert_string_equal(value(r, 3, CONVERSION_PREVIOUS), "E75.240, E75.241");
}

static void a_year_of_the_conversion_table_is_its_first_of_october(void **state)
{
    struct reading r;

    read_fixture_as(&r, "icd10cm/conversion-FY26.csv", "conversion.csv");
    is_release(&r, "icd10cm_conversion", "2026", "2025-10-01", "2026-09-30");
    counts_are(&r, 5, 4, 1); /* the two blank rows are no rows */
    holds_the_conversions(&r);
    refusal_is(&r, 0, 9, "effective", "not a date of this column's form");
    reading_close(&r);
}

static void a_workbook_of_conversions_counts_days(void **state)
{
    struct buffer csv = {0}, book = {0};
    struct reading r;

    load_fixture(&csv, "icd10cm/conversion_sheet.csv");
    workbook_of(&book, csv.data, csv.len);
    read_bytes(&r, "conversion.xlsx", book.data, book.len);
    is_release(&r, "icd10cm_conversion", "2026", "2025-10-01", "2026-09-30");
    counts_are(&r, 4, 4, 0);
    holds_the_conversions(&r);
    reading_close(&r);
    buffer_clear(&csv);
    buffer_clear(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_file_has_headers_and_billable_codes),
        cmocka_unit_test(a_codes_file_has_the_billable_codes_and_ranks_after),
        cmocka_unit_test(names_tell_the_fiscal_year_or_the_update),
        cmocka_unit_test(the_administrator_may_tell_year_or_update),
        cmocka_unit_test(a_bad_line_of_an_order_file_is_refused),
        cmocka_unit_test(procedures_and_addenda_are_companions),
        cmocka_unit_test(poa_exempt_codes_lose_their_dot),
        cmocka_unit_test(lists_of_poa_changes_are_companions),
        cmocka_unit_test(
            a_year_of_the_conversion_table_is_its_first_of_october),
        cmocka_unit_test(a_workbook_of_conversions_counts_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

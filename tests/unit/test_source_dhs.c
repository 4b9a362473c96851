#include "tests/sources.h"

static void only_the_therapy_section_is_read(void **state)
{
    struct reading r;

    read_fixture(&r, "dhs/2025_DHS_Code_List.txt");
    is_release(&r, "dhs", "2025", "2025-01-01", "2025-12-31");
    counts_are(&r, 3, 2, 1);
    assert_int_equal(r.batch.lines[0], 14);
    assert_string_equal(value(&r, 0, DHS_CODE), "G9902");
    assert_string_equal(value(&r, 0, DHS_DESCRIPTION), "Invented therapy");
    assert_string_equal(value(&r, 1, DHS_CODE), "G9903");
    assert_string_equal(
        value(&r, 1, DHS_DESCRIPTION), "Invented, with a comma");
    refusal_is(&r, 0, 16, "code", "not five characters");
    reading_close(&r);
}

static void a_workbook_may_store_codes_as_numbers(void **state)
{
    struct reading r;

    read_workbook(&r, "DHS.xlsx",
        "\nLIST OF CPT1/HCPCS CODES USED TO DEFINE CERTAIN DESIGNATED HEALTH "
        "SERVICE CATEGORIES2\n\nThis code list is effective January 1| 2025\n"
        "PHYSICAL THERAPY| OCCUPATIONAL THERAPY| AND OUTPATIENT "
        "SPEECH-LANGUAGE PATHOLOGY SERVICES\n"
        "INCLUDE the following codes\n=97999,Invented therapy\n"
        "G9903,Invented second\n=100,Not five characters\n"
        "RADIOLOGY SERVICES\nG9905,Invented image\n");
    is_release(&r, "dhs", "2025", "2025-01-01", "2025-12-31");
    counts_are(&r, 3, 2, 1);
    assert_string_equal(value(&r, 0, DHS_CODE), "97999");
    assert_int_equal(r.batch.lines[0], 7);
    refusal_is(&r, 0, 9, "code", "not five characters");
    reading_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_therapy_section_is_read),
        cmocka_unit_test(a_workbook_may_store_codes_as_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

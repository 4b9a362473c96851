#include "tests/sources.h"

static void a_table_with_a_banner_of_several_lines_is_read(void **state)
{
    struct reading r;

    read_fixture(&r, "mue/MCR_MUE_PractitionerServices_Eff_07-01-2024.csv");
    is_release(&r, "mue", "2024q3", "2024-07-01", "2024-09-30");
    assert_int_equal(r.id.setting, SETTING_PRACTITIONER);
    assert_int_equal(r.id.program, PROGRAM_MEDICARE);
    counts_are(&r, 7, 3, 4);
    assert_int_equal(r.batch.lines[0], 6);
    assert_string_equal(value(&r, 0, MUE_CODE), "G9901");
    assert_string_equal(value(&r, 0, MUE_VALUE), "6");
    assert_string_equal(value(&r, 0, MUE_MAI), "3");
    assert_string_equal(value(&r, 0, MUE_RATIONALE), "Clinical: Data");
    assert_string_equal(value(&r, 1, MUE_VALUE), "0");
    assert_string_equal(value(&r, 1, MUE_MAI), "2");
    assert_string_equal(value(&r, 2, MUE_VALUE), "90000");
    assert_string_equal(
        value(&r, 2, MUE_RATIONALE), "Nature of Service, invented");
    refusal_is(&r, 0, 9, "code", "not five characters");
    refusal_is(&r, 1, 10, "value", "not a number from 0 to 999999");
    refusal_is(&r, 2, 11, "value", "not a number from 0 to 999999");
    refusal_is(&r, 3, 12, "mai", "does not begin with 1, 2 or 3");
    reading_close(&r);
}

static void the_heading_tells_the_setting(void **state)
{
    static const struct {
        const char *heading;
        enum setting setting;
    } settings[] = {
        {"Practitioner Services MUE Values", SETTING_PRACTITIONER},
        {"Outpatient Hospital Services MUE Values", SETTING_OUTPATIENT},
        {"DME Supplier Services MUE Values", SETTING_DME},
    };
    struct buffer text = {0};
    struct reading r;

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        text.len = 0;
        buffer_addf(&text,
            "HCPCS/CPT Code,%s,MUE Adjudication Indicator,MUE Rationale\n"
            "G9901,1,2 Date of Service Edit: Policy,CMS Policy\n%c",
            settings[i].heading, '\0');
        read_text(&r, "2024q3/practitioner.csv", text.data);
        assert_int_equal(r.id.setting, settings[i].setting);
        counts_are(&r, 1, 1, 0);
        reading_close(&r);
    }
    buffer_clear(&text);
}

static void the_name_tells_the_setting_that_the_heading_does_not(void **state)
{
    static const char text[] =
        "HCPCS/CPT Code,MUE Values,MUE Adjudication Indicator,MUE Rationale\n"
        "G9901,1,1 Line Edit,CMS Policy\n";
    const struct told told = {.setting = SETTING_DME};
    struct reading r;

    read_text(&r, "MUE_OutpatientHospital_2024q3.csv", text);
    assert_int_equal(r.id.setting, SETTING_OUTPATIENT);
    counts_are(&r, 1, 1, 0);
    reading_close(&r);
    read_text(&r, "MUE_2024q3.csv", text);
    assert_int_equal(r.rc, ERR_INPUT);
    reading_close(&r);
    read_told(&r, "MUE_2024q3.csv", text, sizeof text - 1, &told);
    assert_int_equal(r.id.setting, SETTING_DME);
    counts_are(&r, 1, 1, 0);
    reading_close(&r);
}

static void medicaid_has_line_edits_without_an_indicator(void **state)
{
    struct reading r;

    read_text(&r, "MCD_MUE_PractitionerServices_Eff_07-01-2024.csv",
        "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Rationale\n"
        "G9901,4,CMS Policy\n"
        "G9902,2,Nature of Service\n");
    is_release(&r, "mue", "2024q3", "2024-07-01", "2024-09-30");
    assert_int_equal(r.id.program, PROGRAM_MEDICAID);
    counts_are(&r, 2, 2, 0);
    assert_string_equal(value(&r, 0, MUE_MAI), "1");
    reading_close(&r);
}

static void a_workbook_is_read_the_same_way(void **state)
{
    struct reading r;

    read_workbook(&r, "MCR_MUE_DMESupplierServices_Eff_04-01-2026.xlsx",
        "An invented banner\n"
        "HCPCS/ CPT Code,DME Supplier Services MUE Values,MUE Adjudication "
        "Indicator,MUE Rationale\n"
        "G9901,=12,3 Date of Service Edit: Clinical,Clinical: Data\n"
        "G9902,0,1 Line Edit,CMS Policy\n");
    is_release(&r, "mue", "2026q2", "2026-04-01", "2026-06-30");
    assert_int_equal(r.id.setting, SETTING_DME);
    counts_are(&r, 2, 2, 0);
    assert_int_equal(r.batch.lines[0], 3);
    assert_string_equal(value(&r, 0, MUE_VALUE), "12");
    assert_string_equal(value(&r, 0, MUE_MAI), "3");
    reading_close(&r);
}

static void a_table_without_a_quarter_asks_for_its_release(void **state)
{
    struct reading r;

    read_text(&r, "mue.csv",
        "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication "
        "Indicator,MUE Rationale\n"
        "G9901,1,1 Line Edit,CMS Policy\n");
    assert_non_null(r.source);
    assert_string_equal(r.id.release, "");
    assert_int_equal(r.rc, ERR_INPUT);
    reading_close(&r);
}

static void a_revised_file_has_the_day_of_its_archive(void **state)
{
    struct reading r;

    read_fixture_as(&r, "mue/MCR_MUE_PractitionerServices_Eff_07-01-2024.csv",
        "mue-table-updated-08-26-2024.zip/"
        "MCR_MUE_PractitionerServices_Eff_07-01-2024.csv");
    assert_string_equal(r.id.release, "2024q3");
    assert_int_equal(r.id.published, 20240826);
    reading_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_with_a_banner_of_several_lines_is_read),
        cmocka_unit_test(the_heading_tells_the_setting),
        cmocka_unit_test(the_name_tells_the_setting_that_the_heading_does_not),
        cmocka_unit_test(medicaid_has_line_edits_without_an_indicator),
        cmocka_unit_test(a_workbook_is_read_the_same_way),
        cmocka_unit_test(a_revised_file_has_the_day_of_its_archive),
        cmocka_unit_test(a_table_without_a_quarter_asks_for_its_release),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

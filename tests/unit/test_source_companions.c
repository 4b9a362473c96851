#include "tests/sources.h"

static void companions_are_known_by_their_content(void **state)
{
    static const struct {
        const char *text, *kind;
    } files[] = {
        {"HCPCS/MOD,TYPE OF CHANGE,SHORT DESCRIPTION,LONG DESCRIPTION\n"
         "G9901,ADD,Invented,Invented\n",
            "HCPCS transaction report"},
        {"HCPC,ACTION CD,SHORT DESCRIPTION,LONG DESCRIPTION\n"
         "G9901,ADD,Invented,Invented\n",
            "HCPCS transaction report"},
        {"\n  CMS RIF REPORT\n  AS OF: 11/12/2025\n", "HCPCS record layout"},
        {"            PROCESSING NOTES\n ____\n", "HCPCS processing notes"},
        {"     NOC CODES - HCPCS 2019\n\n  HCPCS  LONG DESCRIPTION\n",
            "NOC code list"},
        {"\t2017 HCPCS CORRECTIONS\t\t\nCODE\tACTION\tEFF DATE\n",
            "HCPCS corrections"},
        {"ADDENDUM E. FINAL CY 2025 GEOGRAPHIC PRACTICE COST INDICES (GPCIs),,"
         "\n,,\nContractor,State,Locality\n",
            "GPCI localities"},
        {"HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,NON-FACILTY "
         "PRICE\nG9901,TC,C,01112,05,1.00,1.00\n",
            "OPPS cap"},
        {"G9901TC C 01112  05   150.69    150.69\n", "OPPS cap"},
        {"10112       00    ALABAMA                              1945\n",
            "anaesthesia conversion factors"},
        {"COUNTIES INCLUDED IN 2025 LOCALITIES.,,,,\n,,,,\n",
            "locality counties"},
        {"\"2026\",\"01112\",\"05\",\"G9901\",\"  \",\"0001337.33\"\n",
            "PFS payment amounts"},
        {"AK995010210201 Z9   0 A              20254\n", "ZIP to locality"},
        {",Addendum B.-- OPPS Payment by HCPCS Code for CY 2025,,\n",
            "OPPS addendum B"},
        {"Addendum AA -- ASC Covered Surgical Procedures for CY 2025,,\n",
            "ASC addendum"},
        {"Payment Allowance Limits for Medicare Part B Drugs,,,\n,,,\n",
            "ASP drug pricing"},
        {"January 2026 ASP NDC - HCPCS Crosswalk for Medicare Part B Drugs,,\n",
            "NDC-HCPCS crosswalk"},
        {"HDR~notice\n2025~G9901~  ~20250101~N~00720.00~Invented\n",
            "CLFS fee schedule"},
        {"2025~G9901~  ~  ~000000.00~AK     ~000006.03\n",
            "DMEPOS fee schedule"},
        {"A0104\t92\t\nA0105\t92\t\n", "HCC mapping"},
        {"A34\t2 female\nC50011\t2 female\n", "MCE edits"},
        {"|  Appendix A List of MS-DRGs Version 40.0  |\n", "MS-DRG appendix"},
        {"article_id,article_version,range,last_updated,sort_order,"
         "icd10_pcs_code_id,icd10_pcs_code_version,icd10_pcs_code_group,"
         "description\n1,1,N,07/31/2026,1,0016070,9,1,Invented\n",
            "Medicare Coverage Database table (article_x_icd10_pcs_code)"},
        {"lcd_id,lcd_version,rev_hist_num,rev_hist_date,rev_hist_exp,"
         "last_updated\n1,1,1,07/31/2026,Invented,07/31/2026\n",
            "Medicare Coverage Database table (lcd_x_revision_history)"},
        {"period_id,begin_date,end_date\n1,2026-07-30,2026-08-05\n",
            "Medicare Coverage Database table (update_period)"},
        {"<?xml version=\"1.0\"?>\n<xsd:schema "
         "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">",
            "XML schema"},
        {"%PDF-1.4\n", "PDF document"},
    };
    struct reading r;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        read_text(&r, "x", files[i].text);
        assert_null(r.source);
        assert_non_null(r.companion);
        assert_string_equal(r.companion, files[i].kind);
        reading_close(&r);
    }
}

static void the_name_decides_only_where_content_says_nothing(void **state)
{
    struct reading r;

    read_text(&r, "README.txt", "Nothing that anybody knows\n");
    assert_string_equal(r.companion, "read-me");
    reading_close(&r);
    read_text(&r, "readme_GPCI.txt", "  CMS RIF REPORT\n");
    assert_string_equal(r.companion, "HCPCS record layout");
    reading_close(&r);
}

static void an_unknown_file_is_no_companion(void **state)
{
    static const char *const texts[] = {"Nothing that anybody knows\n",
        "a,b,c,d\n1,2,3,4\n", "code\tname\nX\tinvented\n",
        "<?xml version=\"1.0\"?><note/>", "\xff\xd8\xff\xe0\x01\x02\x03"};
    struct reading r;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        read_text(&r, "x", texts[i]);
        assert_null(r.source);
        assert_null(r.companion);
        reading_close(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(companions_are_known_by_their_content),
        cmocka_unit_test(the_name_decides_only_where_content_says_nothing),
        cmocka_unit_test(an_unknown_file_is_no_companion),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

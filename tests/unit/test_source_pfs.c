#include "tests/sources.h"

static void holds_the_fixture(const struct reading *r)
{
    assert_string_equal(value(r, 0, PFS_KEY), "G9901");
    assert_string_equal(value(r, 0, PFS_DESCRIPTION), "Invented service");
    assert_string_equal(value(r, 0, PFS_STATUS), "A");
    assert_string_equal(value(r, 0, PFS_NOT_USED), "");
    assert_string_equal(value(r, 0, PFS_WORK_RVU), "0.45");
    assert_string_equal(value(r, 0, PFS_FACILITY_NA), "NA");
    assert_string_equal(value(r, 0, PFS_PCTC), "7");
    assert_string_equal(value(r, 0, PFS_GLOBAL_DAYS), "XXX");
    assert_string_equal(value(r, 0, PFS_PRE_OP), "0.00");
    assert_string_equal(value(r, 0, PFS_MULTIPLE_PROCEDURE), "5");
    assert_string_equal(value(r, 0, PFS_CONVERSION_FACTOR), "33.2875");
    assert_string_equal(value(r, 1, PFS_KEY), "G990226");
    assert_string_equal(value(r, 1, PFS_DESCRIPTION), "Invented, second");
    assert_string_equal(value(r, 1, PFS_NOT_USED), "+");
    assert_string_equal(value(r, 1, PFS_WORK_RVU), "1.30");
    assert_string_equal(value(r, 1, PFS_NONFACILITY_PE_RVU), "1.35");
    assert_string_equal(value(r, 1, PFS_NONFACILITY_NA), "NA");
    assert_string_equal(value(r, 1, PFS_FACILITY_PE_RVU), "0.57");
    assert_string_equal(value(r, 1, PFS_MP_RVU), "0.10");
    assert_string_equal(value(r, 1, PFS_NONFACILITY_TOTAL), "2.75");
    assert_string_equal(value(r, 1, PFS_FACILITY_TOTAL), "1.97");
    assert_string_equal(value(r, 1, PFS_GLOBAL_DAYS), "ZZZ");
    assert_string_equal(value(r, 1, PFS_PRE_OP), "0.10");
    assert_string_equal(value(r, 1, PFS_INTRA_OP), "0.80");
    assert_string_equal(value(r, 1, PFS_POST_OP), "0.10");
    assert_string_equal(value(r, 1, PFS_MULTIPLE_PROCEDURE), "2");
    assert_string_equal(value(r, 1, PFS_BILATERAL), "1");
    assert_string_equal(value(r, 1, PFS_ASSISTANT), "1");
    assert_string_equal(value(r, 1, PFS_CO_SURGEON), "2");
    assert_string_equal(value(r, 1, PFS_TEAM), "0");
    assert_string_equal(value(r, 1, PFS_ENDO_BASE), "G9901");
    assert_string_equal(value(r, 1, PFS_SUPERVISION), "02");
    assert_string_equal(value(r, 1, PFS_CALCULATION_FLAG), "1");
    assert_string_equal(value(r, 1, PFS_IMAGING_FAMILY), "88");
    assert_string_equal(value(r, 1, PFS_NONFACILITY_PE_OPPS), "1.20");
    assert_string_equal(value(r, 1, PFS_FACILITY_PE_OPPS), "0.50");
    assert_string_equal(value(r, 1, PFS_MP_OPPS), "0.10");
    assert_string_equal(value(r, 2, PFS_KEY), "G9902TC");
}

static void columns_are_known_by_their_stacked_labels(void **state)
{
    struct reading r;

    read_fixture(&r, "pfs/PPRRVU24_JUL.csv");
    is_release(&r, "pfs_sheet", "2024c", "2024-07-01", "2024-09-30");
    assert_int_equal(r.id.published, 20240614);
    counts_are(&r, 3, 3, 0); /* the DOS end-of-file mark is no row */
    assert_int_equal(r.batch.warnings, 0);
    assert_int_equal(r.batch.lines[0], 11);
    assert_string_equal(value(&r, 0, PFS_PRICING), "");
    holds_the_fixture(&r);
    reading_close(&r);
}

static void a_column_more_in_the_middle_moves_nothing(void **state)
{
    struct reading r;

    read_fixture(&r, "pfs/PPRRVU2026_Jul_nonQPP.csv");
    is_release(&r, "pfs_sheet", "2026c", "2026-07-01", "2026-09-30");
    counts_are(&r, 3, 3, 0);
    assert_int_equal(r.batch.warnings, 0);
    assert_string_equal(value(&r, 0, PFS_PRICING), "9");
    holds_the_fixture(&r);
    reading_close(&r);
}

static void fixed_text_gives_the_same_rows_as_csv(void **state)
{
    struct reading csv, text;

    read_fixture(&csv, "pfs/PPRRVU24_JUL.csv");
    read_fixture(&text, "pfs/PPRRVU24_JUL.txt");
    is_release(&text, "pfs_text", "2024c", "2024-07-01", "2024-09-30");
    counts_are(&text, 3, 3, 0);
    assert_int_equal(text.batch.lines[0], 3);
    same_rows(&csv, &text);
    assert_true(csv.id.rank < text.id.rank);
    reading_close(&csv);
    reading_close(&text);
}

static void a_workbook_gives_the_same_rows_as_csv(void **state)
{
    struct buffer cells = {0}, book = {0};
    struct reading csv, sheet;

    load_fixture(&cells, "pfs/sheet.csv");
    workbook_of(&book, cells.data, cells.len);
    read_bytes(&sheet, "PPRRVU24_JUL.xlsx", book.data, book.len);
    read_fixture(&csv, "pfs/PPRRVU24_JUL.csv");
    is_release(&sheet, "pfs_sheet", "2024c", "2024-07-01", "2024-09-30");
    counts_are(&sheet, 3, 3, 0);
    same_rows(&csv, &sheet);
    reading_close(&csv);
    reading_close(&sheet);
    buffer_clear(&cells);
    buffer_clear(&book);
}

static void text_is_dated_by_its_name(void **state)
{
    static const struct {
        const char *name, *label;
    } names[] = {
        {"pfs/rvu25a-updated-01_10_2025.zip/PPRRVU.txt", "2025a"},
        {"RVU22AR.zip/PPRRVU.txt", "2022a"},
        {"pfs/2025d/PPRRVU.txt", "2025d"},
        {"PPRRVU2025_Oct.txt", "2025d"},
        {"2024q3/PPRRVU.txt", "2024c"},
    };
    struct reading r;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        read_fixture_as(&r, "pfs/PPRRVU24_JUL.txt", names[i].name);
        assert_string_equal(r.id.release, names[i].label);
        reading_close(&r);
    }
    read_fixture_as(&r, "pfs/PPRRVU24_JUL.txt", "PPRRVU.txt");
    assert_int_equal(r.rc, ERR_INPUT);
    reading_close(&r);
}

static void the_qpp_file_ranks_last_and_is_warned_of(void **state)
{
    struct reading qpp, text;

    read_fixture_as(
        &qpp, "pfs/PPRRVU2026_Jul_nonQPP.csv", "PPRRVU2026_Jul_QPP.csv");
    read_fixture(&text, "pfs/PPRRVU24_JUL.txt");
    assert_true(text.id.rank < qpp.id.rank);
    assert_int_equal(qpp.batch.warnings, 1);
    reading_close(&qpp);
    reading_close(&text);
}

/* The fixture with one text in place of another of the same length. */
static void read_changed(
    struct reading *r, const char *path, const char *from, const char *to)
{
    struct buffer bytes = {0};
    char *at;

    load_fixture(&bytes, path);
    buffer_addc(&bytes, '\0');
    at = strstr(bytes.data, from);
    for (size_t i = 0; to[i] != '\0'; i++)
        at[i] = to[i];
    read_bytes(r, path, bytes.data, bytes.len - 1);
    buffer_clear(&bytes);
}

static void bad_rows_are_refused_one_by_one(void **state)
{
    struct reading r;

    read_changed(&r, "pfs/PPRRVU24_JUL.csv", "G9901,,", "990,,,,");
    refusal_is(&r, 0, 11, "code_modifier", "not five characters");
    counts_are(&r, 3, 2, 1);
    reading_close(&r);
    read_changed(&r, "pfs/PPRRVU24_JUL.csv", "1.35", "1,35");
    assert_int_equal(r.batch.refused, 1);
    assert_int_equal(r.batch.refusals[0].row, 12);
    reading_close(&r);
    read_changed(&r, "pfs/PPRRVU24_JUL.csv", "G9902,26", "G9902,2-");
    refusal_is(
        &r, 0, 12, "code_modifier", "not the two characters of a modifier");
    reading_close(&r);
    read_changed(&r, "pfs/PPRRVU24_JUL.txt", " 1.35", " 1.3x");
    refusal_is(&r, 0, 4, "nonfacility_pe_rvu", "not a number");
    counts_are(&r, 3, 2, 1);
    reading_close(&r);
}

static void a_missing_column_is_an_error_and_an_unknown_one_a_warning(
    void **state)
{
    struct reading r;

    read_changed(&r, "pfs/PPRRVU24_JUL.csv", ",BILAT,", ",QUILT,");
    assert_int_equal(r.rc, ERR_INPUT);
    assert_string_equal(r.err.msg, "the heading has no column 'BILAT SURG'");
    assert_string_equal(
        r.batch.warning, "column 20, 'QUILT SURG', is not known and not kept");
    reading_close(&r);
    read_changed(
        &r, "pfs/PPRRVU2026_Jul_nonQPP.csv", ",TEAM,PRIC,", ",TEAM,COST,");
    assert_int_equal(r.rc, 0);
    assert_string_equal(
        r.batch.warning, "column 24, 'COST IND', is not known and not kept");
    assert_string_equal(value(&r, 0, PFS_PRICING), "");
    reading_close(&r);
    read_changed(&r, "pfs/PPRRVU24_JUL.csv", ",BILAT,", ",TEAM,,");
    assert_int_equal(r.rc, ERR_INPUT);
    reading_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_known_by_their_stacked_labels),
        cmocka_unit_test(a_column_more_in_the_middle_moves_nothing),
        cmocka_unit_test(fixed_text_gives_the_same_rows_as_csv),
        cmocka_unit_test(a_workbook_gives_the_same_rows_as_csv),
        cmocka_unit_test(text_is_dated_by_its_name),
        cmocka_unit_test(the_qpp_file_ranks_last_and_is_warned_of),
        cmocka_unit_test(bad_rows_are_refused_one_by_one),
        cmocka_unit_test(
            a_missing_column_is_an_error_and_an_unknown_one_a_warning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/harness.h"

#include <string.h>
#include "indexer/sources/record.h"
#include "indexer/sources/release.h"

static void a_month_needs_a_year_beside_it(void **state)
{
    static const struct {
        const char *text;
        int year, month; /* 0: none */
    } cases[] = {
        {"2020jul", 2020, 7},
        {"2026_OCT_ANWEB", 2026, 10},
        {"HCPC2026_JAN_ANWEB_12292025.xlsx", 2026, 1},
        {"PPRRVU25_JAN.csv", 2025, 1},
        {"january-2026-alpha-numeric-hcpcs-file.zip", 2026, 1},
        {"This code list is effective January 1, 2025", 2025, 1},
        {"2025 National Physician Fee Schedule Relative Value File October "
         "Release",
            2025, 10},
        {"icd10cm-order-April-2026.txt", 2026, 4},
        {"january.txt", 0, 0},
        {"2026-code-descriptions-tabular-order.zip", 0, 0},
        {"marching 2026", 0, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int year = 0, month = 0;

        assert_int_equal(
            find_month(cases[i].text, &year, &month), cases[i].month != 0);
        if (cases[i].month != 0) {
            assert_int_equal(year, cases[i].year);
            assert_int_equal(month, cases[i].month);
        }
    }
}

static void a_date_of_a_name_has_its_month_first(void **state)
{
    assert_int_equal(find_us_date("ANWEB_01122026.txt"), 20260112);
    assert_int_equal(find_us_date("RELEASED 12/23/2024"), 20241223);
    assert_int_equal(find_us_date("rvu25a-updated-01_10_2025.zip"), 20250110);
    assert_int_equal(find_us_date("Eff_04-01-2026.csv"), 20260401);
    assert_int_equal(find_us_date("effective-06012026.zip"), 20260601);
    assert_int_equal(find_us_date("20260601"), 0);
    assert_int_equal(find_us_date("13-01-2026"), 0);
    assert_int_equal(find_us_date("02-30-2026"), 0);
    assert_int_equal(find_us_date("04-01_2026"), 0);
    assert_int_equal(find_us_date("04-"), 0);
    assert_int_equal(find_us_date("04"), 0);
    assert_int_equal(find_us_date(""), 0);
}

static void parts_of_a_name_are_counted_from_its_end(void **state)
{
    char part[NAME_PART_MAX], name[400];

    assert_true(name_part("a/b c/d.txt", 0, part));
    assert_string_equal(part, "d.txt");
    assert_true(name_part("a/b c/d.txt", 1, part));
    assert_string_equal(part, "b c");
    assert_true(name_part("a/b c/d.txt", 2, part));
    assert_string_equal(part, "a");
    assert_false(name_part("a/b c/d.txt", 3, part));
    assert_true(name_part("", 0, part));
    assert_string_equal(part, "");
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_true(name_part(name, 0, part));
    assert_int_equal(strlen(part), NAME_PART_MAX - 1);
}

static void a_number_has_one_to_nine_digits_and_nothing_else(void **state)
{
    uint32_t number = 7;

    assert_true(cell_number(cell_of("0042"), &number));
    assert_int_equal(number, 42);
    assert_true(cell_number(cell_of("999999999"), &number));
    assert_int_equal(number, 999999999);
    assert_false(cell_number(cell_of(""), &number));
    assert_false(cell_number(cell_of("1234567890"), &number));
    assert_false(cell_number(cell_of("-1"), &number));
    assert_false(cell_number(cell_of("1.0"), &number));
}

static void a_cut_stays_within_its_line(void **state)
{
    assert_true(cell_is(cell_cut("abcdef", 6, 2, 3), "bcd"));
    assert_true(cell_is(cell_cut("abcdef", 6, 5, 9), "ef"));
    assert_true(cell_is(cell_cut("abcdef", 6, 7, 1), ""));
    assert_true(cell_is(cell_cut(" a b  ", 6, 1, 6), "a b"));
    assert_true(cell_is(cell_cut("", 0, 1, 5), ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_needs_a_year_beside_it),
        cmocka_unit_test(a_date_of_a_name_has_its_month_first),
        cmocka_unit_test(parts_of_a_name_are_counted_from_its_end),
        cmocka_unit_test(a_number_has_one_to_nine_digits_and_nothing_else),
        cmocka_unit_test(a_cut_stays_within_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/harness.h"

#include <string.h>

#include "codesets/core/day.h"
#include "codesets/core/error.h"

static day_t iso(const char *text)
{
    day_t day = 0;

    assert_int_equal(day_parse_iso(&day, text, strlen(text)), 0);
    return day;
}

static void days_are_counted_from_1970(void **state)
{
    assert_int_equal(iso("1970-01-01"), 0);
    assert_int_equal(iso("1970-03-01"), 59);
    assert_int_equal(iso("1969-12-31"), -1);
    /* 54 years of which 13 are leap years, then January to June of 2024 */
    assert_int_equal(iso("2024-07-01"), 54 * 365 + 13 + 182);
}

static void all_forms_name_the_same_day(void **state)
{
    const day_t day = iso("2024-07-01");
    day_t other;

    assert_int_equal(day_parse_compact(&other, "20240701", 8), 0);
    assert_int_equal(other, day);
    assert_int_equal(day_parse_ordinal(&other, "2024183", 7), 0);
    assert_int_equal(other, day);
    assert_int_equal(day_parse_us(&other, "7/1/2024", 8), 0);
    assert_int_equal(other, day);
    assert_int_equal(day_parse_us(&other, "07/01/24", 8), 0);
    assert_int_equal(other, day);
}

static void ordinal_dates_of_the_publisher_are_read(void **state)
{
    day_t day;

    /* domain.md 2e: 2024153 is 2024-06-01; SOURCES: 2013091 is 1 April 2013 */
    assert_int_equal(day_parse_ordinal(&day, "2024153", 7), 0);
    assert_int_equal(day, iso("2024-06-01"));
    assert_int_equal(day_parse_ordinal(&day, "2013091", 7), 0);
    assert_int_equal(day, iso("2013-04-01"));
    assert_int_equal(day_parse_ordinal(&day, "2024366", 7), 0);
    assert_int_equal(day, iso("2024-12-31"));
    assert_int_equal(day_parse_ordinal(&day, "2023366", 7), ERR_INPUT);
    assert_int_equal(day_parse_ordinal(&day, "2023000", 7), ERR_INPUT);
}

static void what_is_no_date_is_refused(void **state)
{
    static const char *const bad[] = {"", "2024-7-01", "2024-07-1",
        "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00",
        "1899-12-31", "2200-01-01", "2024/07/01", "20240701", "2024-07-01 ",
        " 2024-07-0", "２024-07-01"};
    day_t day = 42;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(
            day_parse_iso(&day, bad[i], strlen(bad[i])), ERR_INPUT);
    assert_int_equal(day_parse_compact(&day, "2024070", 7), ERR_INPUT);
    assert_int_equal(day_parse_compact(&day, "2024070x", 8), ERR_INPUT);
    assert_int_equal(day_parse_us(&day, "7/1", 3), ERR_INPUT);
    assert_int_equal(day_parse_us(&day, "7/1/024", 7), ERR_INPUT);
    assert_int_equal(day_parse_us(&day, "/1/2024", 7), ERR_INPUT);
    assert_int_equal(day, 42);
}

static void every_day_survives_a_round_trip(void **state)
{
    const day_t last = iso("2199-12-31");

    for (day_t day = iso("1900-01-01"); day <= last; day++) {
        char text[DAY_TEXT_LEN];
        day_t back;

        assert_int_equal(day_format(text, day), 10);
        assert_int_equal(day_parse_iso(&back, text, 10), 0);
        assert_int_equal(back, day);
    }
}

static void open_and_unknown_days_print_as_nothing(void **state)
{
    char text[DAY_TEXT_LEN];

    assert_int_equal(day_format(text, DAY_OPEN), 0);
    assert_string_equal(text, "");
    assert_int_equal(day_format(text, DAY_UNKNOWN), 0);
}

static void quarters_touch(void **state)
{
    assert_int_equal(day_quarter_first(2024, 3), iso("2024-07-01"));
    assert_int_equal(day_quarter_last(2024, 3), iso("2024-09-30"));
    for (int year = 2016; year < 2028; year++)
        for (int quarter = 1; quarter < 4; quarter++)
            assert_int_equal(day_quarter_last(year, quarter) + 1,
                day_quarter_first(year, quarter + 1));
    assert_int_equal(day_quarter_last(2024, 4) + 1, day_quarter_first(2025, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_counted_from_1970),
        cmocka_unit_test(all_forms_name_the_same_day),
        cmocka_unit_test(ordinal_dates_of_the_publisher_are_read),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(every_day_survives_a_round_trip),
        cmocka_unit_test(open_and_unknown_days_print_as_nothing),
        cmocka_unit_test(quarters_touch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

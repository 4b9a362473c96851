/* test_claim_units.c - units of service against the published limits. */
#include <string.h>

#include "codesets/rules/mue_limit.h"
#include "tests/unit/claim_store.h"

static struct mue_decision decide(
    const char *code, const char *day, const uint32_t *units, size_t lines)
{
    const struct mue_question question = {.code = code,
        .len = strlen(code),
        .day = tiny_day(day),
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE,
        .units = units,
        .lines = lines};
    struct mue_decision decision;

    assert_int_equal(
        mue_decide(&decision, claim_answers->rules, &question, NULL), 0);
    return decision;
}

static void seven_units_are_all_denied_not_only_the_seventh(void **state)
{
    const struct claim_finding *finding;

    claim_of("2024-07-15");
    claim_with("97110 7 GP");
    claim_check_it();
    finding = must_find("mue.exceeded", "1", "error", "day_limit_reviewable");
    assert_int_equal(finding->number[0], 6);
    assert_int_equal(finding->number[1], 7);
    assert_int_equal(finding->number[2], MAI_DAY_CLINICAL);
    says(finding, "all 7 are denied");
    says(finding, "review");
    denied_are("1");
}

static void six_units_are_within_a_limit_of_six(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 6 GP");
    claim_check_it();
    must_not_find("mue.exceeded");
    lines_are_clean();
}

static void a_limit_of_the_day_adds_the_lines_whatever_their_modifiers(
    void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 4 GP");
    claim_with("97110 3 GP+59");
    claim_check_it();
    must_find("mue.exceeded", "1,2", "error", "day_limit_reviewable");
    denied_are("1,2");
}

static void other_days_and_providers_are_counted_apart(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 4 GP by1");
    claim_with("97110 3 GP+59 by2");
    claim_with("97110 3 GP+59 by1 @2024-07-16");
    claim_check_it();
    must_not_find("mue.exceeded");
}

static void a_limit_by_policy_is_absolute(void **state)
{
    claim_of("2024-07-15");
    claim_with("97161 2 GP+59");
    claim_check_it();
    says(must_find("mue.exceeded", "1", "error", "day_limit_absolute"),
        "no modifier helps");
}

static void a_limit_of_zero_is_a_limit(void **state)
{
    claim_of("2024-07-15");
    claim_with("97010 1 GP");
    claim_check_it();
    says(must_find("mue.exceeded", "1", "error", "day_limit_reviewable"),
        "is 0");
    claim_work->claim.setting = SETTING_OUTPATIENT;
    claim_check_it();
    must_not_find("mue.exceeded");
}

static void no_row_is_no_published_limit(void **state)
{
    claim_of("2024-07-15");
    claim_with("90832 9");
    claim_check_it();
    must_find("mue.no_published_limit", "1", "information", "no_published_mue");
    must_not_find("mue.exceeded");
    assert_true(claim_checked(&claim_work->report, CLAIM_MUE));
}

static void a_limit_by_line_looks_at_each_line_alone(void **state)
{
    claim_of("2024-07-15");
    claim_with("19301 1 RT");
    claim_with("19301 1 LT");
    claim_check_it();
    must_not_find("mue.exceeded");

    claim_with("19301 2 59");
    claim_check_it();
    must_find("mue.exceeded", "3", "error", "line_limit");
    denied_are("3");
}

static void both_sides_are_one_unit(void **state)
{
    claim_of("2024-07-15");
    claim_with("19301 1 50");
    claim_check_it();
    must_not_find("mue.exceeded");
    must_not_find("units.bilateral");

    claim_of("2024-07-15");
    claim_with("99291 2 50");
    claim_check_it();
    must_find("units.bilateral", "1", "warning", "bilateral_units");
}

static void a_line_denied_by_an_edit_still_counts(void **state)
{
    claim_of("2024-07-15");
    claim_with("97150 1 GP");
    claim_with("97110 3 GP");
    claim_with("97110 4 GP+59");
    claim_check_it();
    must_find("ptp.modifier_needed", "1,2", "error", "modifier_needed");
    must_find("mue.exceeded", "2,3", "error", "day_limit_reviewable");
}

static void two_values_around_a_gap_decide_what_both_decide(void **state)
{
    static const uint32_t few[] = {4}, some[] = {5}, many[] = {7};
    struct mue_decision decision;

    /* 6 until 2024-09-30, 4 from 2025-01-01; between them nobody knows. */
    decision = decide("97113", "2024-09-30", some, 1);
    assert_int_equal(decision.outcome, MUE_WITHIN);
    decision = decide("97113", "2025-01-01", some, 1);
    assert_int_equal(decision.outcome, MUE_EXCEEDED);
    assert_int_equal(decision.denied, 5);
    decision = decide("97113", "2024-11-15", few, 1);
    assert_int_equal(decision.outcome, MUE_WITHIN);
    assert_true(decision.differs);
    decision = decide("97113", "2024-11-15", many, 1);
    assert_int_equal(decision.outcome, MUE_EXCEEDED);
    assert_true(decision.differs);
    decision = decide("97113", "2024-11-15", some, 1);
    assert_int_equal(decision.outcome, MUE_NOT_CHECKED);
    assert_int_equal(decision.fault, MUE_FAULT_UNCERTAIN);
    assert_null(mue_deciding(&decision));

    claim_of("2024-11-15");
    claim_with("97113 5 GP");
    claim_check_it();
    must_not_find("mue.exceeded");
    unchecked("mue", "uncertain");
}

static void days_before_and_long_after_the_table_are_not_checked(void **state)
{
    static const uint32_t one[] = {1};
    struct mue_decision decision = decide("97110", "2024-06-30", one, 1);

    assert_int_equal(decision.outcome, MUE_NOT_CHECKED);
    assert_int_equal(decision.fault, MUE_FAULT_OUTSIDE);
    decision = decide("97110", "2026-04-01", one, 1);
    assert_int_equal(decision.outcome, MUE_WITHIN);
    assert_true(decision.stale);
    decision = decide("97110", "2026-04-02", one, 1);
    assert_int_equal(decision.outcome, MUE_NOT_CHECKED);
}

/* Medicaid's values carry no indicator; a table in part proves nothing. */
static void values_without_an_indicator_are_for_lines(void **state)
{
    static const uint32_t units[] = {1, 2};
    struct tiny *tiny = tiny_begin();
    const uint8_t medicaid = tiny_series(tiny, TABLE_MUE, SETTING_PRACTITIONER,
        PROGRAM_MEDICAID, "2024q3 2024-07-01 2024-09-30!");
    struct mue_question question = {.code = "G0283",
        .len = 5,
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICAID,
        .day = tiny_day("2024-08-01"),
        .units = units,
        .lines = 2};
    struct mue_decision decision;
    struct answers *answers;

    tiny_row(tiny, medicaid, 0, 0, "G0283|1||Invented reason");
    tiny_proc(tiny, "G0283", "valid listed 0 0");
    tiny_proc(tiny, "G0281", "valid listed 0 0");
    answers = tiny_open(tiny);
    assert_int_equal(mue_decide(&decision, answers->rules, &question, NULL), 0);
    assert_int_equal(decision.outcome, MUE_EXCEEDED);
    assert_true(decision.by_line);
    assert_int_equal(decision.denied, 2);
    question.code = "G0281";
    assert_int_equal(mue_decide(&decision, answers->rules, &question, NULL), 0);
    assert_int_equal(decision.outcome, MUE_NOT_CHECKED);
    assert_int_equal(decision.fault, MUE_FAULT_PARTIAL);
    question.program = PROGRAM_MEDICARE;
    assert_int_equal(mue_decide(&decision, answers->rules, &question, NULL), 0);
    assert_int_equal(decision.fault, MUE_FAULT_NOT_LOADED);
    tiny_close(tiny);
}

/* Clotting factors are billed by the unit: their limits have five digits. */
static void a_limit_of_five_digits_is_a_limit(void **state)
{
    static const uint32_t within[] = {12000}, above[] = {12001};
    struct tiny *tiny = tiny_begin();
    const uint8_t series = tiny_series(tiny, TABLE_MUE, SETTING_PRACTITIONER,
        PROGRAM_MEDICARE, "2024q3 2024-07-01 2024-09-30");
    struct mue_question question = {.code = "J7203",
        .len = 5,
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE,
        .day = tiny_day("2024-08-01"),
        .units = within,
        .lines = 1};
    struct mue_decision decision;
    struct answers *answers;

    tiny_row(tiny, series, 0, 0, "J7203|12000|3|Clinical: Data");
    tiny_proc(tiny, "J7203", "valid listed 0 0");
    answers = tiny_open(tiny);
    assert_int_equal(mue_decide(&decision, answers->rules, &question, NULL), 0);
    assert_int_equal(decision.outcome, MUE_WITHIN);
    question.units = above;
    assert_int_equal(mue_decide(&decision, answers->rules, &question, NULL), 0);
    assert_int_equal(decision.outcome, MUE_EXCEEDED);
    assert_int_equal(decision.denied, 12001);
    tiny_close(tiny);
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(seven_units_are_all_denied_not_only_the_seventh),
        TEST(six_units_are_within_a_limit_of_six),
        TEST(a_limit_of_the_day_adds_the_lines_whatever_their_modifiers),
        TEST(other_days_and_providers_are_counted_apart),
        TEST(a_limit_by_policy_is_absolute),
        TEST(a_limit_of_zero_is_a_limit),
        TEST(no_row_is_no_published_limit),
        TEST(a_limit_by_line_looks_at_each_line_alone),
        TEST(both_sides_are_one_unit),
        TEST(a_line_denied_by_an_edit_still_counts),
        TEST(two_values_around_a_gap_decide_what_both_decide),
        TEST(days_before_and_long_after_the_table_are_not_checked),
        TEST(values_without_an_indicator_are_for_lines),
        TEST(a_limit_of_five_digits_is_a_limit),
    };

    return cmocka_run_group_tests(tests, claim_store_open, claim_store_close);
}

/* test_claim_therapy.c - Medicare's therapy particulars and revenue codes. */
#include "tests/unit/claim_store.h"

static void always_therapy_needs_one_modifier(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 1");
    claim_with("97110 1 GP @2024-07-16");
    claim_check_it();
    says(must_find("therapy.modifier", "1", "warning", "modifier_missing"),
        "always therapy");
    assert_null(found("therapy.modifier", "2"));
}

static void sometimes_therapy_is_told(void **state)
{
    claim_of("2024-07-15");
    claim_with("97129 1");
    claim_check_it();
    must_find("therapy.modifier", "1", "information", "modifier_suggested");
    lines_are_clean();
}

static void what_is_no_therapy_needs_none(void **state)
{
    claim_of("2024-07-15");
    claim_with("99213 1");
    claim_check_it();
    must_not_find("therapy.modifier");
}

static void two_plans_of_care_on_one_line_are_a_warning(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 1 GO+GP");
    claim_check_it();
    must_find("therapy.two_modifiers", "1", "warning", "two_disciplines");
}

static void an_evaluation_goes_with_its_therapist(void **state)
{
    claim_of("2024-07-15");
    claim_with("97161 1 GO");
    claim_with("97165 1 GO");
    claim_with("92521 1 GP");
    claim_with("97110 1 GN");
    claim_check_it();
    must_find("therapy.discipline", "1", "warning", "other_discipline");
    assert_null(found("therapy.discipline", "2"));
    must_find("therapy.discipline", "3", "warning", "other_discipline");
    assert_null(found("therapy.discipline", "4"));
}

static void an_assistants_modifier_needs_its_partner(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 1 CQ+GO");
    claim_with("97112 1 CO+GO");
    claim_with("97530 1 CQ+GP");
    claim_check_it();
    must_find("therapy.assistant", "1", "warning", "partner_missing");
    assert_null(found("therapy.assistant", "2"));
    assert_null(found("therapy.assistant", "3"));
    /* What it means to the payment is told once. */
    says(must_find("modifier.note", "1,3", "information", "told"), "85%");
}

static void the_amount_of_the_year_is_told(void **state)
{
    const struct claim_finding *finding;

    claim_of("2023-12-31");
    claim_with("97110 1 GP");
    claim_with("97530 1 GP+KX @2024-01-01");
    claim_check_it();
    finding =
        must_find("therapy.threshold", "1", "information", "amount_of_year");
    assert_int_equal(finding->number[0], 2230);
    finding =
        must_find("therapy.threshold", "2", "information", "amount_of_year");
    assert_int_equal(finding->number[0], 2330);
    says(finding, "The claim carries it");
}

static void a_year_without_an_amount_is_not_guessed(void **state)
{
    claim_of("2017-12-31");
    claim_with("97110 1 GP");
    claim_check_it();
    must_find("therapy.threshold", "1", "information", "amount_unknown");
}

static void the_order_of_modifiers_is_told(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 1 GP+59");
    claim_with("97112 1 59+GP");
    claim_check_it();
    must_find("therapy.modifier_order", "1", "information", "order");
    assert_null(found("therapy.modifier_order", "2"));
}

static void one_unit_alone_is_not_reduced(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 1 GP");
    claim_check_it();
    must_not_find("therapy.reduction");
    claim_with("97530 1 GO");
    claim_check_it();
    must_find(
        "therapy.reduction", "1,2", "information", "practice_expense_reduced");
}

static void a_revenue_code_of_another_discipline_is_told(void **state)
{
    claim_of("2024-07-15");
    claim_work->claim.setting = SETTING_OUTPATIENT;
    claim_with("97110 1 GP rev0420");
    claim_with("97112 1 GO rev042X");
    claim_with("97530 1 GN rev0440");
    claim_with("97140 1 GP rev0510");
    claim_check_it();
    assert_null(found("revenue.mismatch", "1"));
    must_find("revenue.mismatch", "2", "information", "revenue_code_mismatch");
    assert_null(found("revenue.mismatch", "3"));
    assert_null(found("revenue.mismatch", "4"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(always_therapy_needs_one_modifier),
        TEST(sometimes_therapy_is_told),
        TEST(what_is_no_therapy_needs_none),
        TEST(two_plans_of_care_on_one_line_are_a_warning),
        TEST(an_evaluation_goes_with_its_therapist),
        TEST(an_assistants_modifier_needs_its_partner),
        TEST(the_amount_of_the_year_is_told),
        TEST(a_year_without_an_amount_is_not_guessed),
        TEST(the_order_of_modifiers_is_told),
        TEST(one_unit_alone_is_not_reduced),
        TEST(a_revenue_code_of_another_discipline_is_told),
    };

    return cmocka_run_group_tests(tests, claim_store_open, claim_store_close);
}

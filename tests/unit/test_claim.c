/* test_claim.c - whole claims: the examples of the domain reference (4.7, 5.4
 * to 5.6), and what makes a claim clean. */
#include <string.h>

#include "tests/unit/claim_store.h"

/* ---- pairs (step 7) */

static void gait_training_with_activities_needs_a_modifier_until_2019(
    void **state)
{
    claim_of("2019-12-31");
    claim_with("97530 1 GP");
    claim_with("97116 1 GP");
    claim_check_it();
    must_find("ptp.modifier_needed", "1,2", "error", "modifier_needed");
    denied_are("2");
}

static void gait_training_with_activities_is_free_of_edits_since_2020(
    void **state)
{
    static const char *const days[] = {
        "2020-01-01", "2020-10-01", "2024-07-15"};

    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        claim_of(days[i]);
        claim_with("97530 1 GP");
        claim_with("97116 1 GP");
        claim_check_it();
        must_not_find("ptp.modifier_needed");
        must_not_find("ptp.blocked");
        denied_are("");
        assert_true(claim_checked(&claim_work->report, CLAIM_PTP));
    }
}

static void massage_beside_manual_therapy_is_denied_whatever_the_modifier(
    void **state)
{
    const struct claim_finding *finding;

    claim_of("2024-07-15");
    claim_with("97124 1 59+GP");
    claim_with("97140 1 GP");
    claim_check_it();
    finding = must_find("ptp.blocked", "1,2", "error", "blocked");
    denied_are("1");
    says(finding, "97124 is denied: an edit pays 97140 only");
    assert_string_equal(finding->source.file, "tiny.txt");
}

static void group_therapy_beside_exercise_passes_with_59(void **state)
{
    claim_of("2024-07-15");
    claim_with("97150 1 GP");
    claim_with("97110 2 59+GP");
    claim_check_it();
    must_find("ptp.bypassed", "1,2", "information", "bypassed");
    denied_are("");
    lines_are_clean();
}

static void the_modifier_helps_only_the_lines_that_carry_it(void **state)
{
    claim_of("2024-07-15");
    claim_with("97150 1 GP");
    claim_with("97110 2 59+GP");
    claim_with("97110 1 GP");
    claim_check_it();
    must_find("ptp.bypassed", "1,2", "information", "bypassed");
    must_find("ptp.modifier_needed", "1,3", "error", "modifier_needed");
    denied_are("3");
}

static void a_modifier_that_only_repeats_opens_no_edit(void **state)
{
    claim_of("2024-07-15");
    claim_with("97150 1 GP");
    claim_with("97110 2 76+GP");
    claim_check_it();
    must_find("ptp.modifier_needed", "1,2", "error", "modifier_needed");
}

static void an_accepted_modifier_that_is_for_something_else_is_a_warning(
    void **state)
{
    claim_of("2024-07-15");
    claim_with("97150 1 GP");
    claim_with("97110 2 25+GP");
    claim_check_it();
    must_find("ptp.bypassed", "1,2", "warning", "implausible_modifier");
    denied_are("");
}

static void lines_of_other_days_and_providers_do_not_meet(void **state)
{
    claim_of("2024-07-15");
    claim_with("97140 1 GP");
    claim_with("97124 1 GP @2024-07-16");
    claim_check_it();
    must_not_find("ptp.blocked");

    claim_of("2024-07-15");
    claim_with("97140 1 GP by1");
    claim_with("97124 1 GP by2");
    claim_check_it();
    must_not_find("ptp.blocked");
    denied_are("");
}

static void an_edit_belongs_to_its_setting(void **state)
{
    claim_of("2024-07-15");
    claim_work->claim.setting = SETTING_OUTPATIENT;
    claim_with("97161 1 GP");
    claim_with("97750 1 GP");
    claim_check_it();
    must_find("ptp.modifier_needed", "1,2", "error", "modifier_needed");
    denied_are("2");

    claim_work->claim.setting = SETTING_PRACTITIONER;
    claim_check_it();
    must_not_find("ptp.modifier_needed");
}

static void other_payers_are_only_warned_of(void **state)
{
    claim_of("2024-07-15");
    claim_set_payer(&claim_work->claim, PAYER_COMMERCIAL);
    claim_with("97140 1");
    claim_with("97124 1");
    claim_check_it();
    must_find("ptp.blocked", "1,2", "warning", "blocked");
    must_not_find("therapy.modifier");
    assert_int_equal(claim_work->report.count[SEVERITY_ERROR], 0);
}

/* The two publish edits of their own (domain.md 2c); others follow either. */
static void a_payer_judged_by_the_other_program_is_told(void **state)
{
    static const struct {
        enum claim_payer payer;
        enum program program;
        bool told;
    } claims[] = {{PAYER_MEDICARE, PROGRAM_MEDICARE, false},
        {PAYER_MEDICAID, PROGRAM_MEDICAID, false},
        {PAYER_MEDICAID, PROGRAM_MEDICARE, true},
        {PAYER_MEDICARE, PROGRAM_MEDICAID, true},
        {PAYER_COMMERCIAL, PROGRAM_MEDICARE, false},
        {PAYER_OTHER, PROGRAM_MEDICAID, false}};

    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        claim_of("2024-07-15");
        claim_set_payer(&claim_work->claim, claims[i].payer);
        claim_work->claim.program = claims[i].program;
        claim_with("97110 1 GP");
        claim_check_it();
        if (claims[i].told)
            must_find("syntax.program", "", "warning", "contradiction");
        else
            must_not_find("syntax.program");
    }
}

static void a_program_that_is_not_loaded_was_not_checked(void **state)
{
    claim_of("2024-07-15");
    claim_work->claim.program = PROGRAM_MEDICAID;
    claim_with("97140 1 GP");
    claim_with("97112 1 GP");
    claim_check_it();
    unchecked("ptp", "data_not_loaded");
    unchecked("mue", "data_not_loaded");
    assert_false(claim_work->report.clean);
}

/* ---- validity and status (steps 2 to 4) */

static void a_code_that_ended_names_its_successors(void **state)
{
    const struct claim_finding *finding;

    claim_of("2024-07-15");
    claim_with("97001 1 GP");
    claim_check_it();
    finding = must_find("validity.code", "1", "error", "not_valid_on_date");
    says(finding, "97161");

    claim_of("2016-12-31");
    claim_with("97001 1 GP");
    claim_check_it();
    must_not_find("validity.code");
}

static void what_is_not_known_of_a_code_is_not_called_valid(void **state)
{
    claim_of("2024-07-15");
    claim_with("0001U 1");
    claim_check_it();
    must_not_find("validity.code");
    unchecked("validity", "unknown");
    assert_false(claim_work->report.clean);
}

static void modifiers_have_days_too(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 1 GP+GD");
    claim_with("97112 1 GP+ZZ");
    claim_check_it();
    must_find("validity.modifier", "1", "error", "not_valid_on_date");
    must_find("validity.modifier", "2", "error", "unknown_modifier");

    claim_of("2018-12-31");
    claim_with("97110 1 GP+CQ");
    claim_check_it();
    must_find("validity.modifier", "1", "error", "not_valid_on_date");
}

static void a_narrower_form_of_59_stands_alone(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 1 59+XE");
    claim_check_it();
    must_find("modifier.not_together", "1", "warning", "not_together");
}

static void a_heading_is_no_diagnosis_for_a_claim(void **state)
{
    const struct claim_finding *finding;

    claim_of("2025-01-15");
    claim_add_diagnosis(&claim_work->claim, "m54.5", 5);
    claim_add_diagnosis(&claim_work->claim, "M54.2", 5);
    claim_with("97110 1 GP dx1,2");
    claim_with("97112 1 GP dx2");
    claim_check_it();
    finding = must_find("icd10cm.diagnosis", "1", "error", "not_billable");
    says(finding, "M54.5 is a heading");
    assert_string_equal(finding->release, "2025");
}

static void a_diagnosis_is_judged_by_the_day_of_the_line(void **state)
{
    claim_of("2021-09-30");
    claim_add_diagnosis(&claim_work->claim, "M54.5", 5);
    claim_with("97110 1 GP dx1");
    claim_check_it();
    must_not_find("icd10cm.diagnosis");

    claim_of("2021-09-30");
    claim_add_diagnosis(&claim_work->claim, "M54.50", 6);
    claim_with("97110 1 GP dx1");
    claim_with("97110 1 GP dx1 @2021-10-01");
    claim_with("97110 1 GP dx1 @2024-10-01");
    claim_check_it();
    /* The conversion table says that it began on 2021-10-01. */
    must_find("icd10cm.diagnosis", "1", "error", "not_valid_on_date");
    assert_true(claim_checked(&claim_work->report, CLAIM_ICD10CM));
}

/* The card says `valid: null` there: the claim is no surer. */
static void a_diagnosis_of_unknown_beginning_is_a_warning(void **state)
{
    const struct claim_finding *finding;

    claim_of("2021-09-30");
    claim_add_diagnosis(&claim_work->claim, "B00.0", 5);
    claim_with("97110 1 GP dx1");
    claim_check_it();
    finding = must_find("icd10cm.diagnosis", "1", "warning", "not_listed");
    assert_string_equal(finding->release, "2021");
    says(finding, "B00.0 is not in the release of ICD-10-CM in force on "
                  "2021-09-30, nor in an earlier one that is loaded");
}

static void between_two_releases_only_what_both_say_holds(void **state)
{
    static const char *const odd[] = {"M54.5", "A00.0", "B00.0"};

    claim_of("2023-01-15");
    claim_add_diagnosis(&claim_work->claim, "M542", 4);
    claim_with("97110 1 GP dx1");
    claim_check_it();
    must_not_find("icd10cm.diagnosis");
    assert_true(claim_checked(&claim_work->report, CLAIM_ICD10CM));

    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        claim_of("2023-01-15");
        claim_add_diagnosis(&claim_work->claim, odd[i], strlen(odd[i]));
        claim_with("97110 1 GP dx1");
        claim_check_it();
        must_not_find("icd10cm.diagnosis");
        unchecked("icd10cm", "uncertain");
    }
}

static void an_unknown_diagnosis_is_an_error(void **state)
{
    claim_of("2025-01-15");
    claim_add_diagnosis(&claim_work->claim, "Z99.89", 6);
    claim_with("97110 1 GP dx1");
    claim_check_it();
    must_find("icd10cm.diagnosis", "1", "error", "unknown_code");
}

/* A new year's codes are not in last year's release: not an error then. */
static void after_the_newest_release_an_unknown_code_may_be_a_new_one(
    void **state)
{
    claim_of("2025-09-30"); /* ICD-10-CM's last day; the fee schedule ended */
    claim_add_diagnosis(&claim_work->claim, "Z99.89", 6);
    claim_with("99999 1 dx1");
    claim_check_it();
    must_find("icd10cm.diagnosis", "1", "error", "unknown_code");
    says(must_find("validity.code", "1", "warning", "unknown_code"),
        "They end before 2025-09-30; a newer one may have it.");

    claim_of("2025-10-01");
    claim_add_diagnosis(&claim_work->claim, "Z99.89", 6);
    claim_with("99999 1 dx1");
    claim_check_it();
    says(must_find("icd10cm.diagnosis", "1", "warning", "unknown_code"),
        "They end before 2025-10-01; a newer one may have it.");

    claim_of("2025-03-31"); /* the fee schedule's last day; HCPCS ended */
    claim_with("99999 1 ZZ");
    claim_check_it();
    must_find("validity.code", "1", "error", "unknown_code");
    must_find("validity.modifier", "1", "warning", "unknown_modifier");
}

static void medicare_names_the_code_it_takes_instead(void **state)
{
    claim_of("2024-07-15");
    claim_with("97014 1 GP");
    claim_check_it();
    says(must_find("pfs.status", "1", "warning", "use_another_code"), "G0283");
}

static void a_bundled_code_is_a_warning(void **state)
{
    claim_of("2024-07-15");
    claim_with("97010 1 GP");
    claim_with("A9150 1");
    claim_check_it();
    must_find("pfs.status", "1", "warning", "bundled");
    must_find("pfs.status", "2", "warning", "not_covered");
}

/* ---- minutes (step 5) */

static void units_are_compared_with_the_pool_of_the_day(void **state)
{
    const struct claim_finding *finding;

    claim_of("2024-07-15");
    claim_with("97112 2 GP m24");
    claim_with("97110 1 GP m23");
    claim_check_it();
    must_not_find("units.minutes");

    claim_of("2024-07-15");
    claim_with("97112 2 GP m24");
    claim_with("97110 2 GP m23");
    claim_check_it();
    finding = must_find("units.minutes", "2", "warning", "units_above_minutes");
    assert_int_equal(finding->number[0], 2);
    assert_int_equal(finding->number[1], 1);
    must_find(
        "therapy.reduction", "1,2", "information", "practice_expense_reduced");
}

static void either_side_of_a_tie_is_right(void **state)
{
    for (int i = 0; i < 2; i++) {
        claim_of("2024-07-15");
        claim_with(i == 0 ? "97112 2 GP m20" : "97112 1 GP m20");
        claim_with(i == 0 ? "97110 1 GP m20" : "97110 2 GP m20");
        claim_check_it();
        must_not_find("units.minutes");
    }
    claim_of("2024-07-15");
    claim_with("97112 2 GP m20");
    claim_with("97110 2 GP m20");
    claim_check_it();
    assert_true(found("units.minutes", "1") != NULL ||
                found("units.minutes", "2") != NULL);
}

static void two_therapists_count_their_minutes_apart(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 1 GP m8");
    claim_with("97530 1 GO m8");
    claim_check_it();
    must_not_find("units.minutes");

    claim_of("2024-07-15");
    claim_with("97110 1 GP m8");
    claim_with("97530 1 GP m8");
    claim_check_it(); /* 16 minutes together are one unit */
    assert_true(found("units.minutes", "1") != NULL ||
                found("units.minutes", "2") != NULL);
}

static void other_payers_count_each_code_alone(void **state)
{
    claim_of("2024-07-15");
    claim_set_payer(&claim_work->claim, PAYER_COMMERCIAL);
    claim_with("97110 1 GP m8");
    claim_with("97530 1 GP m8");
    claim_check_it();
    must_not_find("units.minutes");
}

static void minutes_that_earn_another_code_say_so(void **state)
{
    claim_of("2024-07-15");
    claim_with("97129 1 GO m30");
    claim_check_it();
    says(must_find("units.other_code", "1", "warning", "units_below_minutes"),
        "97130");

    claim_of("2024-07-15");
    claim_with("97129 1 GO m30");
    claim_with("97130 1 GO");
    claim_check_it();
    must_not_find("units.other_code");
}

static void a_pooled_line_without_minutes_leaves_the_pool_open(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 2 GP m30");
    claim_with("97112 1 GP");
    claim_check_it();
    must_find("units.minutes", "2", "information", "minutes_incomplete");
}

/* ---- families and duplicates (steps 9 and 13) */

static void one_psychotherapy_code_a_day(void **state)
{
    claim_of("2024-07-15");
    claim_with("90834 1");
    claim_with("90837 1");
    claim_check_it();
    must_find("family.choose_one", "1,2", "warning", "choose_one");
    must_find("ptp.blocked", "1,2", "error", "blocked");
    denied_are("1");
}

static void one_evaluation_of_each_kind_of_therapist(void **state)
{
    claim_of("2024-07-15");
    claim_with("97161 1 GP");
    claim_with("97165 1 GO");
    claim_check_it();
    must_not_find("family.evaluations");

    claim_with("97164 1 GP");
    claim_check_it();
    must_find("family.evaluations", "1,3", "warning", "choose_one");
}

static void lines_that_say_the_same_are_told(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 1 GP+59");
    claim_with("97110 1 59+GP");
    claim_with("97110 1 GP");
    claim_with("97110 1 GP @2024-07-16");
    claim_check_it();
    must_find("duplicate.lines", "1,2", "warning", "duplicate_line");
    assert_null(found("duplicate.lines", "1,2,3"));
}

/* ---- what makes a claim clean */

static void a_claim_is_clean_when_all_that_it_asks_was_answered(void **state)
{
    claim_of("2024-07-15");
    claim_set_payer(&claim_work->claim, PAYER_COMMERCIAL);
    claim_add_diagnosis(&claim_work->claim, "M54.2", 5);
    claim_with("97110 2 GP m30 dx1");
    claim_with("97530 1 GP m15 dx1");
    claim_check_it();
    assert_true(claim_work->report.clean);
    for (int table = 0; table < CLAIM_TABLES; table++)
        assert_int_equal(
            claim_checked(&claim_work->report, (enum claim_table)table),
            table != CLAIM_NECESSITY);
}

/* A claim points each line to one of its diagnoses (domain.md 5.5, step 1). */
static void a_claim_without_a_diagnosis_is_never_clean(void **state)
{
    claim_of("2024-07-15");
    claim_with("97110 2 GP m30");
    claim_check_it();
    assert_int_equal(claim_work->report.count[SEVERITY_ERROR], 0);
    assert_int_equal(claim_work->report.count[SEVERITY_WARNING], 0);
    unchecked("icd10cm", "no_diagnosis");
    unchecked("necessity", "no_diagnosis");
    assert_false(claim_work->report.clean);

    claim_of("2024-07-15");
    claim_set_payer(&claim_work->claim, PAYER_COMMERCIAL);
    claim_with("97110 2 GP m30");
    claim_check_it();
    unchecked("icd10cm", "no_diagnosis");
    assert_false(claim_work->report.clean);
}

static void a_claim_with_diagnoses_asks_for_coverage(void **state)
{
    claim_of("2025-01-15");
    claim_add_diagnosis(&claim_work->claim, "M54.50", 6);
    claim_with("97110 2 GP dx1");
    claim_check_it();
    assert_int_equal(claim_work->report.count[SEVERITY_ERROR], 0);
    assert_int_equal(claim_work->report.count[SEVERITY_WARNING], 0);
    unchecked("necessity", "data_not_loaded");
    assert_false(claim_work->report.clean);
}

static void a_day_after_the_data_is_stale_and_later_not_checked(void **state)
{
    claim_of("2025-03-31");
    claim_with("97150 1 GP");
    claim_with("97110 1 GP");
    claim_check_it();
    must_find("ptp.modifier_needed", "1,2", "error", "modifier_needed");
    assert_true(claim_work->report.stale);

    claim_of("2027-01-01");
    claim_with("97150 1 GP");
    claim_with("97110 1 GP");
    claim_check_it();
    must_not_find("ptp.modifier_needed");
    unchecked("ptp", "date_outside_data");
    unchecked("mue", "date_outside_data");
    unchecked("aoc", "date_outside_data");
    unchecked("pfs", "date_outside_data");
}

static void a_claim_without_lines_is_refused(void **state)
{
    struct error err = {0};

    claim_of("2024-07-15");
    assert_int_equal(claim_check(&claim_work->report, claim_answers->rules,
                         &claim_work->claim, &err),
        ERR_INPUT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(gait_training_with_activities_needs_a_modifier_until_2019),
        TEST(gait_training_with_activities_is_free_of_edits_since_2020),
        TEST(massage_beside_manual_therapy_is_denied_whatever_the_modifier),
        TEST(group_therapy_beside_exercise_passes_with_59),
        TEST(the_modifier_helps_only_the_lines_that_carry_it),
        TEST(a_modifier_that_only_repeats_opens_no_edit),
        TEST(an_accepted_modifier_that_is_for_something_else_is_a_warning),
        TEST(lines_of_other_days_and_providers_do_not_meet),
        TEST(an_edit_belongs_to_its_setting),
        TEST(other_payers_are_only_warned_of),
        TEST(a_payer_judged_by_the_other_program_is_told),
        TEST(a_program_that_is_not_loaded_was_not_checked),
        TEST(a_code_that_ended_names_its_successors),
        TEST(what_is_not_known_of_a_code_is_not_called_valid),
        TEST(modifiers_have_days_too),
        TEST(a_narrower_form_of_59_stands_alone),
        TEST(a_heading_is_no_diagnosis_for_a_claim),
        TEST(a_diagnosis_is_judged_by_the_day_of_the_line),
        TEST(a_diagnosis_of_unknown_beginning_is_a_warning),
        TEST(between_two_releases_only_what_both_say_holds),
        TEST(an_unknown_diagnosis_is_an_error),
        TEST(after_the_newest_release_an_unknown_code_may_be_a_new_one),
        TEST(medicare_names_the_code_it_takes_instead),
        TEST(a_bundled_code_is_a_warning),
        TEST(units_are_compared_with_the_pool_of_the_day),
        TEST(either_side_of_a_tie_is_right),
        TEST(two_therapists_count_their_minutes_apart),
        TEST(other_payers_count_each_code_alone),
        TEST(minutes_that_earn_another_code_say_so),
        TEST(a_pooled_line_without_minutes_leaves_the_pool_open),
        TEST(one_psychotherapy_code_a_day),
        TEST(one_evaluation_of_each_kind_of_therapist),
        TEST(lines_that_say_the_same_are_told),
        TEST(a_claim_is_clean_when_all_that_it_asks_was_answered),
        TEST(a_claim_without_a_diagnosis_is_never_clean),
        TEST(a_claim_with_diagnoses_asks_for_coverage),
        TEST(a_day_after_the_data_is_stale_and_later_not_checked),
        TEST(a_claim_without_lines_is_refused),
    };

    return cmocka_run_group_tests(tests, claim_store_open, claim_store_close);
}

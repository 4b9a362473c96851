/* test_validity.c - false needs evidence, and what nobody tells is unknown
 * (design.md section 3). */
#include "tests/harness.h"

#include <string.h>

#include "codesets/answer/item.h"
#include "codesets/rules/validity.h"
#include "tests/tiny_build.h"

static struct tiny *tiny;
static struct answers *answers;

/* FY2025, its April update, FY2026; then a gap of a year. */
static const char icd_releases[] =
    "2025 2024-10-01 2025-09-30; 2025-04 2025-04-01 2025-09-30; "
    "2026 2025-10-01 2026-09-30; 2028 2027-10-01 2028-09-30";

static int make_build(void **state)
{
    uint8_t icd, conversion, hcpcs, own, local;

    tiny = tiny_begin();
    icd = tiny_series(
        tiny, TABLE_ICD10CM, SETTING_NONE, PROGRAM_NONE, icd_releases);
    conversion = tiny_series(tiny, TABLE_CONVERSION, SETTING_NONE, PROGRAM_NONE,
        "2026 2025-10-01 2026-09-30");
    tiny_row(tiny, icd, 2, 3, "E000|1|Told|Added in October 2025, as told");
    tiny_row(tiny, icd, 3, 3, "F000|1|Told|Added in the gap, as told");
    tiny_row(tiny, icd, 3, 3, "H000|0|Told|A header added in the gap");
    tiny_row(tiny, icd, 3, 3, "J000|1|Told|Told to begin too early");
    tiny_row(tiny, conversion, 0, 0, "E000|20251001|A00.0");
    tiny_row(tiny, conversion, 0, 0, "F000|20270401|A00.0");
    tiny_row(tiny, conversion, 0, 0, "H000|20270401|A00.0");
    tiny_row(tiny, conversion, 0, 0, "J000|20250401|A00.0");
    hcpcs = tiny_series(tiny, TABLE_HCPCS, SETTING_NONE, PROGRAM_NONE,
        "2025q1 2025-01-01 2025-03-31; 2026q1 2026-01-01 2026-03-31");
    own = tiny_series(tiny, TABLE_MODIFIER, SETTING_NONE, PROGRAM_NONE,
        "own 1900-01-01 open");
    local = tiny_series(
        tiny, TABLE_LOCAL, SETTING_NONE, PROGRAM_NONE, "own 1900-01-01 open");
    tiny_row(tiny, icd, 0, 3, "M545|0|Low back pain|Low back pain");
    tiny_row(tiny, icd, 0, 3,
        "M5450|1|Low back pain, unsp|Low back pain, unspecified");
    tiny_row(tiny, icd, 0, 1, "A000|1|Ended|Ended in October 2025");
    tiny_row(tiny, icd, 2, 3, "B000|1|Added|Added in October 2025");
    tiny_row(tiny, icd, 0, 2, "C000|1|Gap|Listed before the gap alone");
    tiny_row(tiny, icd, 0, 2, "D000|1|Turned|Billable before the gap");
    tiny_row(tiny, icd, 3, 3, "D000|0|Turned|A header after the gap");
    tiny_hcpcs(
        tiny, hcpcs, 0, 1, "XE", "7", "Separate encounter", "", "20150101", "");
    tiny_cells(
        tiny, own, 0, 0, MODIFIER_CODE, "XE", MODIFIER_LABEL, "own words", -1);
    tiny_cells(
        tiny, own, 0, 0, MODIFIER_CODE, "22", MODIFIER_LABEL, "more work", -1);
    tiny_row(tiny, local, 0, 0, "PTX|Pool therapy|20250101|20251231");
    tiny_proc(tiny, "97110", "unknown none 0 0; valid listed 1 0 2025-01-01");
    tiny_proc(tiny, "G0515",
        "not_valid not_yet 1 0; valid dates 1 0 2018-01-01; "
        "not_valid ended 1 0 2020-01-01");
    tiny_proc(
        tiny, "97001", "unknown none 0 0; not_valid ended 0 0 2017-01-01");
    answers = tiny_open(tiny);
    return 0;
}

static int drop_build(void **state)
{
    tiny_close(tiny);
    return 0;
}

static struct code_state ask(
    enum code_system system, const char *code, const char *date)
{
    struct code_state at;
    struct error err = {0};

    assert_int_equal(validity_on(&at, answers->rules, system, code,
                         strlen(code), tiny_day(date), &err),
        0);
    return at;
}

static void assert_state(enum code_system system, const char *code,
    const char *date, enum validity validity, enum evidence evidence)
{
    const struct code_state at = ask(system, code, date);

    assert_string_equal(validity_name(at.validity), validity_name(validity));
    assert_string_equal(evidence_name(at.evidence), evidence_name(evidence));
}

static void a_listed_diagnosis_is_valid_in_its_releases(void **state)
{
    assert_state(
        SYSTEM_ICD10CM, "M5450", "2024-10-01", VALIDITY_VALID, EVIDENCE_LISTED);
    assert_state(
        SYSTEM_ICD10CM, "M5450", "2026-09-30", VALIDITY_VALID, EVIDENCE_LISTED);
    assert_state(
        SYSTEM_ICD10CM, "M5450", "2024-09-30", VALIDITY_UNKNOWN, EVIDENCE_NONE);
}

static void a_diagnosis_that_a_later_release_dropped_is_not_valid(void **state)
{
    struct code_state at;

    assert_state(
        SYSTEM_ICD10CM, "A000", "2025-09-30", VALIDITY_VALID, EVIDENCE_LISTED);
    assert_state(SYSTEM_ICD10CM, "A000", "2025-10-01", VALIDITY_NOT_VALID,
        EVIDENCE_NOT_LISTED);
    at = ask(SYSTEM_ICD10CM, "A000", "2026-01-01");
    assert_int_equal(at.valid_to, tiny_day("2025-09-30"));
    assert_int_equal(at.valid_from, DAY_UNKNOWN);
    assert_string_equal(at.release->label, "2026");
}

static void a_diagnosis_added_in_october_is_unknown_in_september(void **state)
{
    struct code_state at;

    assert_state(SYSTEM_ICD10CM, "B000", "2025-09-30", VALIDITY_UNKNOWN,
        EVIDENCE_NOT_LISTED);
    assert_state(
        SYSTEM_ICD10CM, "B000", "2025-10-01", VALIDITY_VALID, EVIDENCE_LISTED);
    at = ask(SYSTEM_ICD10CM, "B000", "2026-01-01");
    assert_int_equal(at.valid_from, tiny_day("2025-10-01"));
}

/* Its first day is evidence: before it a release without the code says no. */
static void the_conversion_table_tells_when_a_diagnosis_began(void **state)
{
    struct code_state at;

    assert_state(SYSTEM_ICD10CM, "E000", "2025-09-30", VALIDITY_NOT_VALID,
        EVIDENCE_NOT_YET);
    assert_state(
        SYSTEM_ICD10CM, "E000", "2025-10-01", VALIDITY_VALID, EVIDENCE_LISTED);
    assert_state(
        SYSTEM_ICD10CM, "E000", "2024-09-30", VALIDITY_UNKNOWN, EVIDENCE_NONE);
    assert_state(SYSTEM_ICD10CM, "F000", "2027-03-31", VALIDITY_NOT_VALID,
        EVIDENCE_NOT_YET);
    assert_state(
        SYSTEM_ICD10CM, "F000", "2027-04-01", VALIDITY_VALID, EVIDENCE_DATES);
    assert_state(
        SYSTEM_ICD10CM, "F000", "2027-10-01", VALIDITY_VALID, EVIDENCE_LISTED);
    at = ask(SYSTEM_ICD10CM, "F000", "2027-05-01");
    assert_int_equal(at.valid_from, tiny_day("2027-04-01"));
    assert_int_equal(at.series->table, TABLE_CONVERSION);
}

static void a_conversion_that_the_releases_contradict_tells_nothing(
    void **state)
{
    assert_state(SYSTEM_ICD10CM, "J000", "2025-05-01", VALIDITY_UNKNOWN,
        EVIDENCE_NOT_LISTED);
    assert_state(
        SYSTEM_ICD10CM, "J000", "2027-01-01", VALIDITY_UNKNOWN, EVIDENCE_GAP);
}

static void a_code_begun_in_a_gap_has_the_flag_of_the_release_after_it(
    void **state)
{
    static const char *const codes[] = {"F000", "H000"};
    const enum validity billable[] = {VALIDITY_VALID, VALIDITY_NOT_VALID};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        const struct code_ref code = {SYSTEM_ICD10CM, codes[i], 4};
        struct code_item item;

        assert_int_equal(code_item_find(&item, answers->rules, &code,
                             tiny_day("2027-05-01"), NULL),
            0);
        assert_int_equal(item.state.validity, VALIDITY_VALID);
        assert_int_equal(item.billable, billable[i]);
    }
}

static void in_a_gap_only_what_both_sides_say_is_said(void **state)
{
    assert_state(
        SYSTEM_ICD10CM, "B000", "2027-01-01", VALIDITY_VALID, EVIDENCE_AGREED);
    assert_state(
        SYSTEM_ICD10CM, "C000", "2027-01-01", VALIDITY_UNKNOWN, EVIDENCE_GAP);
    assert_state(SYSTEM_ICD10CM, "A000", "2027-01-01", VALIDITY_NOT_VALID,
        EVIDENCE_NOT_LISTED);
}

static void after_the_newest_release_an_answer_is_stale_for_a_year(void **state)
{
    struct code_state at;

    assert_state(
        SYSTEM_ICD10CM, "M5450", "2028-10-01", VALIDITY_VALID, EVIDENCE_STALE);
    at = ask(SYSTEM_ICD10CM, "M5450", "2028-10-01");
    assert_true(at.stale);
    assert_int_equal(at.covered_to, tiny_day("2028-09-30"));
    assert_state(
        SYSTEM_ICD10CM, "M5450", "2029-10-01", VALIDITY_VALID, EVIDENCE_STALE);
    assert_state(
        SYSTEM_ICD10CM, "M5450", "2029-10-02", VALIDITY_UNKNOWN, EVIDENCE_NONE);
    assert_false(ask(SYSTEM_ICD10CM, "M5450", "2028-09-30").stale);
}

static void a_partial_release_proves_nothing_by_absence(void **state)
{
    static const struct release releases[2] = {
        {.label = "a", .from = 0, .to = 99},
        {.label = "b", .from = 100, .to = 199, .partial = true}};
    static const struct series series = {
        .table = TABLE_ICD10CM, .releases = 2, .release = releases};
    static const uint8_t listed[2] = {1, 0};
    struct code_spans spans;
    struct code_state at;

    spans_of_listing(&spans, &series, listed);
    validity_judge(&at, tiny_store(tiny), &spans, 150);
    assert_int_equal(at.validity, VALIDITY_UNKNOWN);
    validity_judge(&at, tiny_store(tiny), &spans, 50);
    assert_int_equal(at.validity, VALIDITY_VALID);
}

static void modifiers_live_by_the_dates_of_the_hcpcs_file(void **state)
{
    assert_state(SYSTEM_MODIFIER, "XE", "2014-12-31", VALIDITY_NOT_VALID,
        EVIDENCE_NOT_YET);
    assert_state(
        SYSTEM_MODIFIER, "XE", "2015-01-01", VALIDITY_VALID, EVIDENCE_DATES);
    assert_state(
        SYSTEM_MODIFIER, "22", "2024-01-01", VALIDITY_VALID, EVIDENCE_LISTED);
}

static void local_codes_live_by_the_administrators_dates(void **state)
{
    assert_state(SYSTEM_LOCAL, "PTX", "2024-12-31", VALIDITY_NOT_VALID,
        EVIDENCE_NOT_YET);
    assert_state(
        SYSTEM_LOCAL, "PTX", "2025-12-31", VALIDITY_VALID, EVIDENCE_DATES);
    assert_state(
        SYSTEM_LOCAL, "PTX", "2026-01-01", VALIDITY_NOT_VALID, EVIDENCE_ENDED);
}

static void a_procedure_code_has_the_bounds_that_are_told(void **state)
{
    const struct code_state ended = ask(SYSTEM_HCPCS, "G0515", "2024-01-01");
    const struct code_state open = ask(SYSTEM_CPT, "97110", "2025-01-01");

    assert_int_equal(ended.validity, VALIDITY_NOT_VALID);
    assert_int_equal(ended.valid_from, tiny_day("2018-01-01"));
    assert_int_equal(ended.valid_to, tiny_day("2019-12-31"));
    assert_int_equal(open.validity, VALIDITY_VALID);
    /* That it ended may be all that is known. */
    assert_int_equal(
        ask(SYSTEM_CPT, "97001", "2016-01-01").validity, VALIDITY_UNKNOWN);
    assert_int_equal(ask(SYSTEM_CPT, "97001", "2024-01-01").valid_to,
        tiny_day("2016-12-31"));
    /* Unknown before 2025: nobody says that it began then. */
    assert_int_equal(open.valid_from, DAY_UNKNOWN);
    assert_int_equal(open.valid_to, DAY_OPEN);
}

static void a_code_that_no_release_has_is_not_found(void **state)
{
    struct code_state at;

    assert_int_equal(
        validity_on(&at, answers->rules, SYSTEM_ICD10CM, "Z999", 4, 0, NULL),
        ERR_NOTFOUND);
    assert_int_equal(
        validity_on(&at, answers->rules, SYSTEM_CPT, "99999", 5, 0, NULL),
        ERR_NOTFOUND);
    assert_int_equal(
        validity_on(&at, answers->rules, SYSTEM_MODIFIER, "ZZ", 2, 0, NULL),
        ERR_NOTFOUND);
}

static void a_header_is_valid_but_not_billable(void **state)
{
    const struct code_ref header = {SYSTEM_ICD10CM, "M545", 4};
    struct code_item item;
    struct error err = {0};

    assert_int_equal(code_item_find(&item, answers->rules, &header,
                         tiny_day("2025-01-01"), &err),
        0);
    assert_int_equal(item.state.validity, VALIDITY_VALID);
    assert_int_equal(item.billable, VALIDITY_NOT_VALID);
    assert_string_equal(item.shown, "M54.5");
}

static void a_flag_that_differs_around_a_gap_is_uncertain(void **state)
{
    const struct code_ref code = {SYSTEM_ICD10CM, "D000", 4};
    struct code_item item;
    struct error err = {0};

    assert_int_equal(code_item_find(&item, answers->rules, &code,
                         tiny_day("2027-01-01"), &err),
        0);
    assert_int_equal(item.state.validity, VALIDITY_VALID);
    assert_int_equal(item.billable, VALIDITY_UNKNOWN);
    assert_true(item.billable_uncertain);
    assert_int_equal(code_item_find(&item, answers->rules, &code,
                         tiny_day("2027-10-01"), &err),
        0);
    assert_int_equal(item.billable, VALIDITY_NOT_VALID);
}

/* Of codes that all releases list alike, most is worked out but once. */
static void codes_found_together_are_as_each_by_itself(void **state)
{
    const struct store *store = answers->store;
    uint32_t number[CODE_ITEMS_MAX];
    struct code_item item[CODE_ITEMS_MAX], alone;
    struct error err = {0};

    assert_in_range(store->codes.count, 8, CODE_ITEMS_MAX);
    for (uint32_t i = 0; i < store->codes.count; i++)
        number[i] = i;
    for (day_t day = tiny_day("2024-09-01"); day < tiny_day("2030-01-01");
         day += 10) {
        assert_int_equal(code_items_find(item, answers->rules, number,
                             store->codes.count, day, &err),
            0);
        for (uint32_t i = 0; i < store->codes.count; i++) {
            const struct code_state *one = &item[i].state, *two = &alone.state;
            const struct code_ref code = code_at(&store->codes, i);

            assert_int_equal(
                code_item_find(&alone, answers->rules, &code, day, &err), 0);
            assert_string_equal(item[i].shown, alone.shown);
            assert_ptr_equal(item[i].texts.title.text, alone.texts.title.text);
            assert_ptr_equal(
                item[i].texts.title.release, alone.texts.title.release);
            assert_int_equal(
                item[i].texts.title.source.row, alone.texts.title.source.row);
            assert_int_equal(item[i].billable, alone.billable);
            assert_int_equal(
                item[i].billable_uncertain, alone.billable_uncertain);
            assert_int_equal(one->validity, two->validity);
            assert_int_equal(one->evidence, two->evidence);
            assert_int_equal(one->from, two->from);
            assert_int_equal(one->to, two->to);
            assert_int_equal(one->valid_from, two->valid_from);
            assert_int_equal(one->valid_to, two->valid_to);
            assert_ptr_equal(one->release, two->release);
            assert_int_equal(one->stale, two->stale);
            assert_int_equal(one->covered_to, two->covered_to);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listed_diagnosis_is_valid_in_its_releases),
        cmocka_unit_test(a_diagnosis_that_a_later_release_dropped_is_not_valid),
        cmocka_unit_test(a_diagnosis_added_in_october_is_unknown_in_september),
        cmocka_unit_test(the_conversion_table_tells_when_a_diagnosis_began),
        cmocka_unit_test(
            a_conversion_that_the_releases_contradict_tells_nothing),
        cmocka_unit_test(
            a_code_begun_in_a_gap_has_the_flag_of_the_release_after_it),
        cmocka_unit_test(in_a_gap_only_what_both_sides_say_is_said),
        cmocka_unit_test(
            after_the_newest_release_an_answer_is_stale_for_a_year),
        cmocka_unit_test(a_partial_release_proves_nothing_by_absence),
        cmocka_unit_test(modifiers_live_by_the_dates_of_the_hcpcs_file),
        cmocka_unit_test(local_codes_live_by_the_administrators_dates),
        cmocka_unit_test(a_procedure_code_has_the_bounds_that_are_told),
        cmocka_unit_test(a_code_that_no_release_has_is_not_found),
        cmocka_unit_test(a_header_is_valid_but_not_billable),
        cmocka_unit_test(a_flag_that_differs_around_a_gap_is_uncertain),
        cmocka_unit_test(codes_found_together_are_as_each_by_itself),
    };

    return cmocka_run_group_tests(tests, make_build, drop_build);
}

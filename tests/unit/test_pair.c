/* test_pair.c - the decision of domain.md 5.2, outcome by outcome. */
#include "tests/harness.h"

#include <string.h>

#include "codesets/rules/pair/pair.h"
#include "tests/tiny_build.h"

static struct tiny *tiny;
static struct answers *answers;
static struct pair_line line[2];
static struct pair_question question;

/* A modifier that bypasses, with one more column. */
static void add_modifier(uint8_t series, const char *code, const char *class,
    int column, const char *text)
{
    tiny_cells(tiny, series, 0, 0, MODIFIER_CODE, code, MODIFIER_CLASS, class,
        MODIFIER_BYPASS, "Y", column, text, -1);
}

/* The edits are published to the end of the third quarter of 2024. */
static int make_build(void **state)
{
    static const char *const codes[] = {"80053", "97110", "97112", "97116",
        "97124", "97140", "97150", "97161", "97530", "97535", "99213", "G0283"};
    static const char *const settings[] = {
        "2024q3 2024-07-01 2024-09-30", "2024q3 2024-07-01 2024-09-30"};
    uint8_t own, mue, local, places;

    tiny = tiny_begin();
    (void)tiny_series(
        tiny, TABLE_PTP, SETTING_PRACTITIONER, PROGRAM_MEDICARE, settings[0]);
    (void)tiny_series(tiny, TABLE_PTP, SETTING_OUTPATIENT, PROGRAM_MEDICARE,
        "2024q3 2024-07-01 2024-09-30!");
    mue = tiny_series(tiny, TABLE_MUE, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
        "2024q3 2024-07-01 2024-09-30; 2026q2 2026-04-01 2026-06-30");
    own = tiny_series(tiny, TABLE_MODIFIER, SETTING_NONE, PROGRAM_NONE,
        "own 1900-01-01 open");
    places = tiny_series(tiny, TABLE_MODIFIER_PLACE, SETTING_NONE, PROGRAM_NONE,
        "own 1900-01-01 open");
    tiny_row(tiny, places, 0, 0, "lab|80047|89398|laboratory tests");
    tiny_row(tiny, places, 0, 0, "visit|99201|99499|visits");
    local = tiny_series(
        tiny, TABLE_LOCAL, SETTING_NONE, PROGRAM_NONE, "own 1900-01-01 open");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        tiny_proc(tiny, codes[i], "valid listed 0 0");
    tiny_proc(tiny, "G0515", "valid dates 0 0; not_valid ended 0 0 2020-01-01");

    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97150", "97110", "2020-01-01?", "", 1);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97140", "97124", "1996-01-01", "", 0);
    tiny_edit(tiny, SETTING_PRACTITIONER, "97530", "97116", "1996-01-01",
        "1996-01-01", 9);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97530", "97116", "", "2019-12-31", 1);
    tiny_edit(tiny, SETTING_PRACTITIONER, "97530", "97116", "2020-10-01",
        "2020-10-01", 9);
    tiny_edit(tiny, SETTING_PRACTITIONER, "97530", "97161", "2020-01-01",
        "2020-01-01", 9);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97535", "97110", "2024-09-01", "", 1);
    tiny_edit(tiny, SETTING_PRACTITIONER, "97140", "97112", "2010-01-01",
        "2012-12-31", 1);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97140", "97112", "2024-09-01", "", 1);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97161", "99213", "2010-01-01", "", 1);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "80053", "97140", "2010-01-01", "", 1);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "G0515", "97110", "2018-01-01", "", 0);
    /* Two rows in force at once. */
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97150", "97124", "2010-01-01", "", 1);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97150", "97124", "2015-01-01", "", 0);
    tiny_edit(tiny, SETTING_OUTPATIENT, "97150", "97110", "2020-01-01", "", 1);
    tiny_edit(tiny, SETTING_OUTPATIENT, "97530", "97116", "2010-01-01",
        "2019-12-31", 1);

    add_modifier(own, "59", "distinct", MODIFIER_COL1_FROM, "20190701");
    tiny_cells(tiny, own, 0, 0, MODIFIER_CODE, "XU", MODIFIER_CLASS, "distinct",
        MODIFIER_BYPASS, "Y", MODIFIER_COL1_FROM, "20190701", MODIFIER_FROM,
        "20150101", -1);
    add_modifier(own, "25", "global", MODIFIER_EM_ONLY, "Y");
    add_modifier(own, "27", "global", MODIFIER_SETTING, "outpatient");
    add_modifier(own, "91", "laboratory", MODIFIER_FAMILY, "lab");
    add_modifier(own, "RT", "anatomic", MODIFIER_NOTES, "");
    add_modifier(own, "LT", "anatomic", MODIFIER_NOTES, "");
    tiny_cells(tiny, own, 0, 0, MODIFIER_CODE, "GP", MODIFIER_CLASS, "therapy",
        MODIFIER_BYPASS, "N", -1);
    tiny_cells(tiny, own, 0, 0, MODIFIER_CODE, "76", MODIFIER_CLASS, "repeat",
        MODIFIER_BYPASS, "N", -1);

    tiny_row(tiny, mue, 0, 0, "97110|6|3|Clinical: Data");
    tiny_row(tiny, mue, 1, 1, "97110|6|3|Clinical: Data");
    tiny_row(tiny, mue, 0, 1, "97161|1|2|Policy");
    tiny_row(tiny, mue, 0, 1, "80053|1|1|Line");
    tiny_row(tiny, mue, 0, 0, "97140|1|3|Clinical: Data");
    tiny_row(tiny, mue, 1, 1, "97140|6|3|Clinical: Data");
    tiny_row(tiny, mue, 0, 0, "97530|4|3|Clinical: Data");
    tiny_row(tiny, mue, 1, 1, "97530|6|3|Clinical: Data");
    tiny_row(tiny, mue, 0, 1, "97150|0|2|Never");
    tiny_row(tiny, local, 0, 0, "POOL|Pool therapy|20240101|20241231");
    answers = tiny_open(tiny);
    return 0;
}

static int drop_build(void **state)
{
    tiny_close(tiny);
    return 0;
}

/* "97110:59+GP" */
static void read_line(struct pair_line *out, const char *text)
{
    const char *colon = strchr(text, ':');
    const size_t len = colon == NULL ? strlen(text) : (size_t)(colon - text);
    struct error err = {0};

    pair_line_parse(out, answers->rules, text, len);
    if (colon != NULL)
        assert_int_equal(
            pair_line_modifiers(out, colon + 1, strlen(colon + 1), &err), 0);
}

static struct pair_decision decide_in(
    enum setting setting, const char *a, const char *b, const char *date)
{
    struct pair_decision decision;

    read_line(&line[0], a);
    read_line(&line[1], b);
    question = (struct pair_question){
        &line[0], &line[1], tiny_day(date), setting, PROGRAM_MEDICARE};
    pair_decide(&decision, answers->rules, &question);
    return decision;
}

static struct pair_decision decide(
    const char *a, const char *b, const char *date)
{
    return decide_in(SETTING_PRACTITIONER, a, b, date);
}

static void assert_decided(const struct pair_decision *decision,
    const char *verdict, const char *reason)
{
    assert_string_equal(pair_verdict_name(decision->verdict), verdict);
    assert_string_equal(pair_reason_name(decision->reason), reason);
}

#define JULY "2024-07-01"

static void the_order_of_the_question_changes_nothing(void **state)
{
    struct pair_decision one = decide("97110", "97150", JULY);

    assert_decided(&one, "modifier_required", "modifier_needed");
    assert_int_equal(one.column1_line, 1);
    assert_int_equal(one.denied_line, 0);
    assert_true(one.inferred);
    one = decide("97150", "97110", JULY);
    assert_decided(&one, "modifier_required", "modifier_needed");
    assert_int_equal(one.column1_line, 0);
    assert_int_equal(one.denied_line, 1);
}

static void codes_are_taken_in_any_case_with_blanks(void **state)
{
    const struct pair_decision one = decide(" g0283", "97110 ", JULY);

    assert_decided(&one, "billable", "no_edit");
}

static void indicator_0_is_opened_by_no_modifier(void **state)
{
    struct pair_decision one = decide("97124:59", "97140:XU", JULY);

    assert_decided(&one, "not_billable", "blocked");
    assert_int_equal(one.denied_line, 0);
    assert_int_equal(one.bypass_line, NO_LINE);
}

static void a_listed_modifier_on_either_line_opens_indicator_1(void **state)
{
    struct pair_decision one = decide("97110:59", "97150", JULY);

    assert_decided(&one, "resolved_by_modifier", "bypassed");
    assert_int_equal(one.bypass_line, 0);
    assert_int_equal(one.denied_line, NO_LINE);
    one = decide("97110", "97150:gp+59", JULY);
    assert_decided(&one, "resolved_by_modifier", "bypassed");
    assert_int_equal(one.bypass_line, 1);
    assert_int_equal(one.notes, 0);
}

static void repeat_and_therapy_modifiers_open_nothing(void **state)
{
    struct pair_decision one = decide("97110:76+GP", "97150:GP", JULY);

    assert_decided(&one, "modifier_required", "modifier_needed");
    assert_int_equal(one.notes, 0);
}

static void fillers_of_modifiers_are_passed_over(void **state)
{
    const struct pair_decision one = decide("97110:00 59", "97150:00", JULY);

    assert_decided(&one, "resolved_by_modifier", "bypassed");
    assert_int_equal(line[0].modifiers, 1);
}

static void before_july_2019_the_modifier_had_to_stand_on_column_2(void **state)
{
    /* 97161 > 99213 is in force since 2010. */
    struct pair_decision one = decide("97161:59", "99213", "2019-06-30");

    assert_decided(&one, "modifier_required", "modifier_needed");
    assert_int_equal(one.notes, NOTE_OLD_RULE);
    one = decide("97161", "99213:59", "2019-06-30");
    assert_decided(&one, "resolved_by_modifier", "bypassed");
    one = decide("97161:59", "99213", "2019-07-01");
    assert_decided(&one, "resolved_by_modifier", "bypassed");
    assert_int_equal(one.notes, 0);
}

static void a_modifier_before_its_first_day_opens_nothing(void **state)
{
    struct pair_decision one = decide("97161", "99213:XU", "2014-12-31");

    assert_decided(&one, "modifier_required", "modifier_needed");
    assert_int_equal(one.notes, NOTE_MODIFIER_NOT_VALID);
    one = decide("97161", "99213:XU", "2015-01-01");
    assert_decided(&one, "resolved_by_modifier", "bypassed");
}

static void an_implausible_modifier_is_accepted_and_noted(void **state)
{
    struct pair_decision one = decide("97161", "99213:25", JULY);

    assert_decided(&one, "resolved_by_modifier", "bypassed");
    assert_int_equal(one.notes, 0); /* a visit: what 25 is for */
    one = decide("97161:25", "99213", JULY);
    assert_int_equal(one.notes, NOTE_IMPLAUSIBLE_MODIFIER);
    one = decide("97161:27", "99213", JULY);
    assert_decided(&one, "resolved_by_modifier", "bypassed");
    assert_int_equal(one.notes, NOTE_IMPLAUSIBLE_MODIFIER);
    one = decide("97161:91", "99213", JULY);
    assert_int_equal(one.notes, NOTE_IMPLAUSIBLE_MODIFIER);
    one = decide("80053:91", "97140", JULY);
    assert_int_equal(one.notes, 0); /* a laboratory test */
    one = decide("97161:RT", "99213:RT", JULY);
    assert_int_equal(one.notes, NOTE_IMPLAUSIBLE_MODIFIER);
    one = decide("97161:RT", "99213:LT", JULY);
    assert_int_equal(one.notes, 0);
}

static void a_plausible_modifier_is_named_before_an_implausible_one(
    void **state)
{
    const struct pair_decision one = decide("97161", "99213:27+59", JULY);
    char modifier[3];

    modifier_unpack(modifier, one.bypass_modifier);
    assert_string_equal(modifier, "59");
    assert_int_equal(one.notes, 0);
}

static void a_modifier_that_no_list_has_is_noted(void **state)
{
    const struct pair_decision one = decide("97161", "99213:ZZ", JULY);

    assert_decided(&one, "modifier_required", "modifier_needed");
    assert_int_equal(one.notes, NOTE_UNKNOWN_MODIFIER);
}

static void an_edit_counts_on_its_last_day_and_not_after(void **state)
{
    struct pair_decision one = decide("97530", "97116", "2019-12-31");

    assert_decided(&one, "modifier_required", "modifier_needed");
    one = decide("97530", "97116", "2020-01-01");
    assert_decided(&one, "billable", "edit_expired");
    assert_int_equal(one.edit.deleted, tiny_day("2019-12-31"));
    /* The row of that day was withdrawn: indicator 9. */
    one = decide("97530", "97116", "2020-10-01");
    assert_decided(&one, "billable", "edit_expired");
    assert_int_equal(one.end - one.first, 3);
}

static void an_edit_that_was_withdrawn_was_never_active(void **state)
{
    const struct pair_decision one = decide("97530", "97161", "2020-01-01");

    assert_decided(&one, "billable", "edit_never_active");
    assert_false(one.live);
}

static void a_coming_edit_is_told_before_an_ended_one(void **state)
{
    struct pair_decision one = decide("97535", "97110", JULY);

    assert_decided(&one, "billable", "edit_not_yet");
    assert_int_equal(one.edit.effective, tiny_day("2024-09-01"));
    one = decide("97140", "97112", JULY);
    assert_decided(&one, "billable", "edit_not_yet");
    assert_int_equal(one.edit.effective, tiny_day("2024-09-01"));
    one = decide("97140", "97112", "2011-01-01");
    assert_decided(&one, "modifier_required", "modifier_needed");
}

static void of_two_edits_in_force_the_stricter_holds(void **state)
{
    struct pair_decision one = decide("97150", "97124:59", JULY);

    assert_decided(&one, "not_billable", "blocked");
    assert_int_equal(one.notes, NOTE_DATA_CONFLICT);
    one = decide("97150", "97124:59", "2014-12-31");
    assert_decided(&one, "resolved_by_modifier", "bypassed");
    assert_int_equal(one.notes, 0);
}

static void no_row_is_no_edit(void **state)
{
    const struct pair_decision one = decide("97110", "97112", JULY);

    assert_decided(&one, "billable", "no_edit");
    assert_int_equal(one.row, NO_ROW);
}

static void after_the_loaded_quarter_an_answer_is_stale_for_a_year(void **state)
{
    struct pair_decision one = decide("97110", "97150", "2024-09-30");

    assert_false(one.stale);
    one = decide("97110", "97150", "2024-10-01");
    assert_decided(&one, "modifier_required", "modifier_needed");
    assert_true(one.stale);
    one = decide("97110", "97150", "2025-10-01");
    assert_decided(&one, "modifier_required", "modifier_needed");
    one = decide("97110", "97150", "2025-10-02");
    assert_decided(&one, "not_checked", "date_outside_data");
}

static void no_edit_is_older_than_1996(void **state)
{
    struct pair_decision one = decide("97124", "97140", "1996-01-01");

    assert_decided(&one, "not_billable", "blocked");
    one = decide("97124", "97140", "1995-12-31");
    assert_decided(&one, "not_checked", "date_outside_data");
}

static void what_is_not_loaded_is_not_checked(void **state)
{
    struct pair_decision one = decide_in(SETTING_DME, "97110", "97150", JULY);

    assert_decided(&one, "not_checked", "data_not_loaded");
}

static void a_partial_table_passes_nothing(void **state)
{
    struct pair_decision one =
        decide_in(SETTING_OUTPATIENT, "97110", "97112", JULY);

    assert_decided(&one, "not_checked", "data_not_loaded");
    one = decide_in(SETTING_OUTPATIENT, "97530", "97116", JULY);
    assert_decided(&one, "not_checked", "data_not_loaded");
    one = decide_in(SETTING_OUTPATIENT, "97110", "97150", JULY);
    assert_decided(&one, "modifier_required", "modifier_needed");
}

static void an_unknown_code_is_named(void **state)
{
    struct pair_decision one = decide("97110", "99999", JULY);

    assert_decided(&one, "not_checked", "unknown_code");
    assert_int_equal(one.faults, 2);
    one = decide("99998", "99999", JULY);
    assert_int_equal(one.faults, 3);
}

static void what_is_no_procedure_code_is_bad_syntax(void **state)
{
    static const char *const wrong[] = {
        "M54.50", "59", "9711", "971100", "97 10", "", "E10.10", "\xC3\xA9"};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const struct pair_decision one = decide("97110", wrong[i], JULY);

        assert_decided(&one, "not_checked", "bad_syntax");
        assert_int_equal(one.faults, 2);
    }
}

static void a_code_that_is_not_valid_is_not_checked_but_looked_up(void **state)
{
    const struct pair_decision one = decide("97110", "G0515", JULY);

    assert_decided(&one, "not_checked", "not_valid_on_date");
    assert_int_equal(one.faults, 2);
    assert_true(one.live);
    assert_int_equal(one.end - one.first, 1);
}

static void a_local_code_has_no_edits(void **state)
{
    struct pair_decision one = decide("97110", "pool", JULY);

    assert_decided(&one, "billable", "no_edit");
    assert_int_equal(one.notes, NOTE_LOCAL_CODE);
    one = decide("97110", "pool", "2023-12-31");
    assert_decided(&one, "not_checked", "not_valid_on_date");
}

/* ------------------------------------------------------------ same code */

static void two_units_within_the_limit_are_billable(void **state)
{
    const struct pair_decision one = decide("97110", "97110", JULY);

    assert_decided(&one, "billable", "same_code");
    assert_true(one.limit_known);
    assert_int_equal(one.limit, 6);
    assert_int_equal(one.mai, 3);
}

static void two_units_above_a_limit_of_the_day_are_not_billable(void **state)
{
    struct pair_decision one = decide("97161", "97161:59", JULY);

    assert_decided(&one, "not_billable", "same_code");
    one = decide("97150", "97150", JULY); /* 0 is a limit */
    assert_decided(&one, "not_billable", "same_code");
}

static void two_units_above_a_limit_of_the_line_need_a_modifier(void **state)
{
    struct pair_decision one = decide("80053", "80053", JULY);

    assert_decided(&one, "modifier_required", "same_code");
    one = decide("80053", "80053:76", JULY);
    assert_decided(&one, "resolved_by_modifier", "same_code");
    assert_int_equal(one.notes, NOTE_LIMIT_SPLIT_BY_LINE);
    assert_int_equal(one.bypass_line, 1);
}

static void no_row_is_no_published_limit(void **state)
{
    const struct pair_decision one = decide("97124", "97124", JULY);

    assert_decided(&one, "billable", "same_code");
    assert_int_equal(one.notes, NOTE_NO_PUBLISHED_LIMIT);
}

static void in_a_gap_two_limits_must_agree_on_the_verdict(void **state)
{
    struct pair_decision one = decide("97140", "97140", "2025-01-01");

    assert_decided(&one, "not_checked", "data_not_loaded");
    assert_int_equal(one.notes, NOTE_LIMIT_UNCERTAIN);
    one = decide("97530", "97530", "2025-01-01"); /* 4 or 6 */
    assert_decided(&one, "billable", "same_code");
    assert_false(one.limit_known);
    one = decide("97110", "97110", "2025-01-01"); /* 6 on both sides */
    assert_decided(&one, "billable", "same_code");
    assert_true(one.limit_known);
}

static void limits_are_asked_for_in_their_own_time(void **state)
{
    struct pair_decision one = decide("97110", "97110", "2024-06-30");

    assert_decided(&one, "not_checked", "date_outside_data");
    one = decide("97110", "97110", "2026-07-01");
    assert_decided(&one, "billable", "same_code");
    assert_true(one.stale);
    one = decide("97110", "97110", "2027-07-02");
    assert_decided(&one, "not_checked", "date_outside_data");
    one = decide_in(SETTING_DME, "97110", "97110", JULY);
    assert_decided(&one, "not_checked", "data_not_loaded");
}

static void more_than_four_modifiers_are_refused(void **state)
{
    struct error err = {0};

    read_line(&line[0], "97110:GP+59+25+76");
    assert_int_equal(pair_line_modifiers(&line[0], "RT", 2, &err), ERR_INPUT);
    read_line(&line[0], "97110");
    assert_int_equal(pair_line_modifiers(&line[0], "599", 3, &err), ERR_INPUT);
    read_line(&line[0], "97110");
    assert_int_equal(pair_line_modifiers(&line[0], "5-", 2, &err), ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_the_question_changes_nothing),
        cmocka_unit_test(codes_are_taken_in_any_case_with_blanks),
        cmocka_unit_test(indicator_0_is_opened_by_no_modifier),
        cmocka_unit_test(a_listed_modifier_on_either_line_opens_indicator_1),
        cmocka_unit_test(repeat_and_therapy_modifiers_open_nothing),
        cmocka_unit_test(fillers_of_modifiers_are_passed_over),
        cmocka_unit_test(
            before_july_2019_the_modifier_had_to_stand_on_column_2),
        cmocka_unit_test(a_modifier_before_its_first_day_opens_nothing),
        cmocka_unit_test(an_implausible_modifier_is_accepted_and_noted),
        cmocka_unit_test(
            a_plausible_modifier_is_named_before_an_implausible_one),
        cmocka_unit_test(a_modifier_that_no_list_has_is_noted),
        cmocka_unit_test(an_edit_counts_on_its_last_day_and_not_after),
        cmocka_unit_test(an_edit_that_was_withdrawn_was_never_active),
        cmocka_unit_test(a_coming_edit_is_told_before_an_ended_one),
        cmocka_unit_test(of_two_edits_in_force_the_stricter_holds),
        cmocka_unit_test(no_row_is_no_edit),
        cmocka_unit_test(
            after_the_loaded_quarter_an_answer_is_stale_for_a_year),
        cmocka_unit_test(no_edit_is_older_than_1996),
        cmocka_unit_test(what_is_not_loaded_is_not_checked),
        cmocka_unit_test(a_partial_table_passes_nothing),
        cmocka_unit_test(an_unknown_code_is_named),
        cmocka_unit_test(what_is_no_procedure_code_is_bad_syntax),
        cmocka_unit_test(a_code_that_is_not_valid_is_not_checked_but_looked_up),
        cmocka_unit_test(a_local_code_has_no_edits),
        cmocka_unit_test(two_units_within_the_limit_are_billable),
        cmocka_unit_test(two_units_above_a_limit_of_the_day_are_not_billable),
        cmocka_unit_test(two_units_above_a_limit_of_the_line_need_a_modifier),
        cmocka_unit_test(no_row_is_no_published_limit),
        cmocka_unit_test(in_a_gap_two_limits_must_agree_on_the_verdict),
        cmocka_unit_test(limits_are_asked_for_in_their_own_time),
        cmocka_unit_test(more_than_four_modifiers_are_refused),
    };

    return cmocka_run_group_tests(tests, make_build, drop_build);
}

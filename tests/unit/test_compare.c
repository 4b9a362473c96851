/* test_compare.c - what changed: two builds, two days of one, its words, its
 * reports and GET /v1/changes. */
#include <jansson.h>

#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/changes/change_report.h"
#include "codesets/answer/changes/change_words.h"
#include "codesets/answer/changes/changes.h"
#include "codesets/compare/compare.h"
#include "codesets/compare/word_runs.h"
#include "tests/tiny_coverage.h"

#define JULY "2020q3 2020-07-01 2020-09-30"
#define OCTOBER "2020q4 2020-10-01 2020-12-31"

static struct tiny *tiny[SIDES];
static struct answers *answers; /* of the second, opened by questions */
static struct buffer told;
static struct compare_summary summary;

static int begin(void **state)
{
    for (int side = 0; side < SIDES; side++)
        tiny[side] = tiny_begin();
    answers = NULL;
    /* A build has codes. */
    for (int side = 0; side < SIDES; side++)
        tiny_proc(tiny[side], "A9999", "valid listed 0 0");
    return 0;
}

static int end(void **state)
{
    for (int side = 0; side < SIDES; side++)
        tiny_close(tiny[side]);
    buffer_clear(&told);
    return 0;
}

/* "ended A0001 long_description: Old > - 2020-10-01", "~" before a day that is
 * the latest. */
static int tell(void *context, const struct change *change, struct error *err)
{
    char day[DAY_TEXT_LEN];

    buffer_adds(&told, change_kind_name(change->kind));
    if (change->document != NULL)
        buffer_addf(&told, " %s", change->document);
    if (change->code != NULL)
        buffer_addf(&told, " %s%s", change->code, change->modifier);
    if (change->other != NULL)
        buffer_addf(&told, "/%s", change->other);
    if (change->field != NULL)
        buffer_addf(&told, " %s", change->field);
    buffer_addf(&told, ": %s > %s",
        change->before == NULL ? "-" : change->before,
        change->after == NULL ? "-" : change->after);
    for (size_t i = 0; i < change->codes; i++)
        buffer_addf(&told, "%s%s", i == 0 ? " (" : " ", change->list[i]);
    if (change->codes > 0)
        buffer_addc(&told, ')');
    if (day_format(day, change->effective) > 0)
        buffer_addf(&told, " %s%s", change->certain ? "" : "~", day);
    buffer_addc(&told, '\n');
    return 0;
}

static void asked_code(void *context, const char *code)
{
    buffer_addf(&told, "[%s]\n", code);
}

static void run(struct compare_question *question, const char *expected)
{
    struct error err = {0};

    buffer_clear(&told);
    assert_int_equal(compare_run(&summary, question, tell, NULL, &err), 0);
    buffer_addc(&told, '\0');
    assert_string_equal(told.data, expected);
}

static struct compare_question two_builds(void)
{
    return (struct compare_question){
        .side = {{tiny_store(tiny[BEFORE]), COMPARE_NEWEST},
            {tiny_store(tiny[AFTER]), COMPARE_NEWEST}}};
}

static void builds_differ_by(const char *expected)
{
    struct compare_question question;

    for (int side = 0; side < SIDES; side++)
        (void)tiny_open(tiny[side]);
    question = two_builds();
    run(&question, expected);
}

/* Of the second build alone. */
static struct compare_question one_build(const char *from, const char *to)
{
    const struct store *store = tiny_store(tiny[AFTER]);

    return (struct compare_question){
        .side = {{store, from == NULL ? COMPARE_NEWEST : tiny_day(from)},
            {store, to == NULL ? COMPARE_NEWEST : tiny_day(to)}}};
}

static void days_differ_by(
    const char *from, const char *to, const char *expected)
{
    struct compare_question question = one_build(from, to);

    run(&question, expected);
}

static uint8_t series(
    int side, enum table table, enum setting setting, const char *releases)
{
    return tiny_series(tiny[side], table, setting,
        setting == SETTING_NONE ? PROGRAM_NONE : PROGRAM_MEDICARE, releases);
}

static const struct compare_series *summed(
    enum table table, enum setting setting)
{
    for (size_t i = 0; i < summary.count; i++)
        if (summary.series[i].table == table &&
            summary.series[i].setting == setting)
            return &summary.series[i];
    return NULL;
}

static int parse_codes(
    struct compare_codes **out, const char *text, size_t max, struct error *err)
{
    return compare_codes_parse(out, text, strlen(text), max, err);
}

/* --- codes -----------------------------------------------------------------
 */

static void codes_are_added_ended_revised_reused_restored_and_dropped(
    void **state)
{
    const uint8_t july = series(BEFORE, TABLE_HCPCS, SETTING_NONE, JULY);
    const uint8_t october = series(AFTER, TABLE_HCPCS, SETTING_NONE, OCTOBER);

    tiny_hcpcs(
        tiny[BEFORE], july, 0, 0, "A0001", "3", "Red item", "", "20100101", "");
    tiny_hcpcs(
        tiny[BEFORE], july, 0, 0, "A0002", "3", "Ended", "", "20100101", "");
    tiny_hcpcs(tiny[BEFORE], july, 0, 0, "A0003", "3", "Old thing", "",
        "20100101", "20151231");
    tiny_hcpcs(tiny[BEFORE], july, 0, 0, "A0004", "3", "Back", "", "20100101",
        "20151231");
    tiny_hcpcs(tiny[BEFORE], july, 0, 0, "A0005", "3", "Left", "", "20100101",
        "20161231");
    tiny_hcpcs(
        tiny[BEFORE], july, 0, 0, "A0006", "3", "Gone", "", "20100101", "");
    tiny_hcpcs(
        tiny[BEFORE], july, 0, 0, "A0008", "3", "Same", "", "20100101", "");
    tiny_hcpcs(
        tiny[BEFORE], july, 0, 0, "XX", "7", "A modifier", "", "20100101", "");
    tiny_hcpcs(tiny[AFTER], october, 0, 0, "A0001", "3", "Blue item", "A0009",
        "20100101", "");
    tiny_hcpcs(tiny[AFTER], october, 0, 0, "A0002", "3", "Ended", "",
        "20100101", "20200930");
    tiny_hcpcs(tiny[AFTER], october, 0, 0, "A0003", "3", "New thing", "",
        "20201001", "");
    tiny_hcpcs(
        tiny[AFTER], october, 0, 0, "A0004", "3", "Back", "", "20201001", "");
    tiny_hcpcs(
        tiny[AFTER], october, 0, 0, "A0007", "3", "Fresh", "", "20201001", "");
    tiny_hcpcs(
        tiny[AFTER], october, 0, 0, "A0008", "3", "Same", "", "20100101", "");
    tiny_hcpcs(tiny[AFTER], october, 0, 0, "XX", "7", "The modifier", "",
        "20100101", "");
    builds_differ_by(
        "title A0001 long_description: Red item > Blue item 2020-10-01\n"
        "revised A0001 cross_reference_1: - > A0009 2020-10-01\n"
        "ended A0002 long_description: Ended > - 2020-10-01\n"
        "reused A0003 long_description: Old thing > New thing 2020-10-01\n"
        "restored A0004 long_description: Back > Back 2020-10-01\n"
        "dropped A0005 long_description: Left > - 2017-01-01\n"
        "ended A0006 long_description: Gone > - 2020-10-01\n"
        "added A0007 long_description: - > Fresh 2020-10-01\n"
        "title XX long_description: A modifier > The modifier 2020-10-01\n");
    assert_int_equal(summary.changes, 9);
    assert_int_equal(summary.total[CHANGE_ENDED], 2);
    assert_int_equal(summed(TABLE_HCPCS, SETTING_NONE)->rows_gone, 7);
    assert_int_equal(summed(TABLE_HCPCS, SETTING_NONE)->rows_new, 6);
}

static void what_a_partial_release_lacks_has_not_ended(void **state)
{
    const uint8_t july = series(BEFORE, TABLE_HCPCS, SETTING_NONE, JULY);
    const uint8_t october =
        series(AFTER, TABLE_HCPCS, SETTING_NONE, OCTOBER "!");

    tiny_hcpcs(
        tiny[BEFORE], july, 0, 0, "A0001", "3", "Item", "", "20100101", "");
    tiny_hcpcs(
        tiny[BEFORE], july, 0, 0, "A0002", "3", "Two", "", "20100101", "");
    tiny_hcpcs(
        tiny[AFTER], october, 0, 0, "A0002", "3", "Two", "", "20100101", "");
    builds_differ_by("");
    assert_true(summed(TABLE_HCPCS, SETTING_NONE)->partial);
}

static void a_table_of_one_side_is_not_compared(void **state)
{
    const uint8_t july = series(BEFORE, TABLE_HCPCS, SETTING_NONE, JULY);
    const uint8_t mue =
        series(AFTER, TABLE_MUE, SETTING_DME, "2020q4 2020-10-01 2020-12-31");

    tiny_hcpcs(
        tiny[BEFORE], july, 0, 0, "A0001", "3", "Item", "", "20100101", "");
    tiny_row(tiny[AFTER], mue, 0, 0, "A0001|5|3|x");
    builds_differ_by("");
    assert_int_equal(
        summed(TABLE_HCPCS, SETTING_NONE)->fault, COMPARE_ONE_SIDE);
    assert_int_equal(summed(TABLE_MUE, SETTING_DME)->fault, COMPARE_ONE_SIDE);
    assert_int_equal(summary.changes, 0);
}

/* One build knows of begins and ends by their dates, of texts by releases. */
static void codes_change_between_two_days(void **state)
{
    const uint8_t hcpcs =
        series(AFTER, TABLE_HCPCS, SETTING_NONE, JULY "; " OCTOBER);

    tiny_hcpcs(
        tiny[AFTER], hcpcs, 0, 0, "A0001", "3", "Red item", "", "20100101", "");
    tiny_hcpcs(tiny[AFTER], hcpcs, 1, 1, "A0001", "3", "Blue item", "",
        "20100101", "");
    tiny_hcpcs(
        tiny[AFTER], hcpcs, 0, 0, "A0002", "3", "Ended", "", "20100101", "");
    tiny_hcpcs(tiny[AFTER], hcpcs, 1, 1, "A0002", "3", "Ended", "", "20100101",
        "20200930");
    tiny_hcpcs(tiny[AFTER], hcpcs, 0, 0, "A0003", "3", "Old thing", "",
        "20100101", "20151231");
    tiny_hcpcs(tiny[AFTER], hcpcs, 1, 1, "A0003", "3", "New thing", "",
        "20201001", "");
    tiny_hcpcs(
        tiny[AFTER], hcpcs, 1, 1, "A0004", "3", "Later", "", "20201115", "");
    (void)tiny_open(tiny[AFTER]);
    days_differ_by(NULL, NULL,
        "title A0001 long_description: Red item > Blue item 2020-10-01\n"
        "ended A0002 long_description: Ended > - 2020-10-01\n"
        "reused A0003 long_description: Old thing > New thing 2020-10-01\n"
        "added A0004 long_description: - > Later 2020-11-15\n");
    days_differ_by("2020-09-30", "2020-10-01",
        "title A0001 long_description: Red item > Blue item 2020-10-01\n"
        "ended A0002 long_description: Ended > - 2020-10-01\n"
        "reused A0003 long_description: Old thing > New thing 2020-10-01\n");
    days_differ_by("2020-10-01", "2020-11-15",
        "added A0004 long_description: - > Later 2020-11-15\n");
    days_differ_by("2020-10-01", "2020-11-14", "");
    days_differ_by("2015-12-01", "2016-02-01",
        "ended A0003 long_description: Old thing > - 2016-01-01\n");
    /* A list that knows nothing of the later day is not compared, also when
     * the earlier day lies before its first release. */
    days_differ_by("2015-12-01", "2029-01-01", "");
    assert_int_equal(
        summed(TABLE_HCPCS, SETTING_NONE)->fault, COMPARE_TOO_LATE);
}

static void icd10cm_codes_are_added_ended_turned_and_retitled(void **state)
{
    const uint8_t icd = series(AFTER, TABLE_ICD10CM, SETTING_NONE,
        "2025 2024-10-01 2025-09-30; 2026 2025-10-01 2026-09-30");

    tiny_row(tiny[AFTER], icd, 0, 0, "M545|1|Short|Low back pain");
    tiny_row(tiny[AFTER], icd, 1, 1, "M545|0|Short|Lower back pain");
    tiny_row(
        tiny[AFTER], icd, 1, 1, "M5450|1|Short|Low back pain, unspecified");
    tiny_row(tiny[AFTER], icd, 0, 0, "M546|1|Short|Gone");
    tiny_row(tiny[AFTER], icd, 0, 1, "M547|1|Short|Stays");
    (void)tiny_open(tiny[AFTER]);
    days_differ_by(NULL, NULL,
        "billable M545 billable: 1 > 0 2025-10-01\n"
        "title M545 long_description: Low back pain > Lower back pain "
        "2025-10-01\n"
        "added M5450 long_description: - > Low back pain, unspecified "
        "2025-10-01\n"
        "ended M546 long_description: Gone > - 2025-10-01\n");
    days_differ_by("2025-03-01", "2025-09-30", "");
    days_differ_by("2024-09-30", "2025-10-01", "");
    assert_int_equal(
        summed(TABLE_ICD10CM, SETTING_NONE)->fault, COMPARE_TOO_EARLY);
    days_differ_by("2025-09-30", "2029-01-01", "");
    assert_int_equal(
        summed(TABLE_ICD10CM, SETTING_NONE)->fault, COMPARE_TOO_LATE);
}

/* --- limits, fees, add-ons -------------------------------------------------
 */

static void limits_appear_move_and_go(void **state)
{
    const uint8_t before =
        series(BEFORE, TABLE_MUE, SETTING_PRACTITIONER, JULY);
    const uint8_t after =
        series(AFTER, TABLE_MUE, SETTING_PRACTITIONER, OCTOBER);

    tiny_row(tiny[BEFORE], before, 0, 0, "97110|6|3|x");
    tiny_row(tiny[BEFORE], before, 0, 0, "97112|4|3|x");
    tiny_row(tiny[BEFORE], before, 0, 0, "97116|4|3|x");
    tiny_row(tiny[AFTER], after, 0, 0, "97110|8|2|y");
    tiny_row(tiny[AFTER], after, 0, 0, "97116|4|3|x");
    tiny_row(tiny[AFTER], after, 0, 0, "97140|5|3|x");
    builds_differ_by("limit 97110 value: 6 > 8 2020-10-01\n"
                     "limit 97110 mai: 3 > 2 2020-10-01\n"
                     "revised 97110 rationale: x > y 2020-10-01\n"
                     "limit 97112 value: 4 > - 2020-10-01\n"
                     "limit 97140 value: - > 5 2020-10-01\n");
}

static void fees_change_by_code_and_modifier(void **state)
{
    const char *const quarters =
        "2024a 2024-01-01 2024-03-31; 2024c 2024-07-01 2024-09-30; "
        "2024d 2024-10-01 2024-12-31";
    const uint8_t pfs = series(AFTER, TABLE_PFS, SETTING_NONE, quarters);

    tiny_cells(tiny[AFTER], pfs, 0, 0, PFS_KEY, "97110", PFS_STATUS, "A",
        PFS_WORK_RVU, "0.45", -1);
    tiny_cells(tiny[AFTER], pfs, 1, 2, PFS_KEY, "97110", PFS_STATUS, "A",
        PFS_WORK_RVU, "0.44", -1);
    tiny_cells(tiny[AFTER], pfs, 0, 1, PFS_KEY, "9592126", PFS_STATUS, "A", -1);
    tiny_cells(tiny[AFTER], pfs, 2, 2, PFS_KEY, "9592126", PFS_STATUS, "C", -1);
    tiny_cells(tiny[AFTER], pfs, 1, 2, PFS_KEY, "97999", PFS_STATUS, "A", -1);
    tiny_cells(tiny[AFTER], pfs, 0, 1, PFS_KEY, "G0283", PFS_STATUS, "A", -1);
    (void)tiny_open(tiny[AFTER]);
    /* Between a and c a quarter is missing: it may have been then. */
    days_differ_by("2024-02-01", "2024-12-01",
        "revised 9592126 status: A > C 2024-10-01\n"
        "revised 97110 work_rvu: 0.45 > 0.44 ~2024-07-01\n"
        "added 97999 status: - > A ~2024-07-01\n"
        "unlisted G0283 status: A > - 2024-10-01\n");
    days_differ_by("2024-05-01", "2024-08-01",
        "revised 97110 work_rvu: 0.45 > 0.44 ~2024-07-01\n"
        "added 97999 status: - > A ~2024-07-01\n");
    assert_true(summed(TABLE_PFS, SETTING_NONE)->gap);
}

static void primaries_of_add_ons_come_end_and_change_type(void **state)
{
    uint8_t aoc[SIDES];

    aoc[BEFORE] = series(BEFORE, TABLE_AOC, SETTING_NONE, JULY);
    aoc[AFTER] = series(AFTER, TABLE_AOC, SETTING_NONE, OCTOBER);
    tiny_row(tiny[BEFORE], aoc[BEFORE], 0, 0, "97130|1||97129||20200101||");
    tiny_row(tiny[BEFORE], aoc[BEFORE], 0, 0, "97130|1||G0515||20200101||");
    tiny_row(tiny[AFTER], aoc[AFTER], 0, 0, "97130|2||97129||20200101||");
    tiny_row(
        tiny[AFTER], aoc[AFTER], 0, 0, "97130|1||G0515||20200101|20200930|");
    tiny_row(tiny[AFTER], aoc[AFTER], 0, 0, "97130|1||97110||20201001||");
    builds_differ_by("revised 97130/97129 type: 1 > 2 2020-10-01\n"
                     "unlisted 97130/G0515 primary: G0515 > - 2020-10-01\n"
                     "listed 97130/97110 primary: - > 97110 2020-10-01\n");
    days_differ_by("2020-09-01", "2020-10-01",
        "unlisted 97130/G0515 primary: G0515 > - 2020-10-01\n"
        "listed 97130/97110 primary: - > 97110 2020-10-01\n");
}

static void the_projects_own_facts_are_compared_between_builds(void **state)
{
    for (int side = 0; side < SIDES; side++) {
        const uint8_t timed =
            series(side, TABLE_TIMED, SETTING_NONE, "own 1900-01-01 open");

        tiny_cells(tiny[side], timed, 0, 0, TIMED_CODE, "97110", TIMED_LABEL,
            side == BEFORE ? "exercise" : "exercises", TIMED_THERAPY,
            side == BEFORE ? "sometimes" : "always", -1);
    }
    builds_differ_by("title 97110 label: exercise > exercises\n"
                     "revised 97110 therapy: sometimes > always\n");
    days_differ_by("2020-01-01", "2021-01-01", ""); /* the same on every day */
    assert_null(summed(TABLE_TIMED, SETTING_NONE));
}

/* --- edits -----------------------------------------------------------------
 */

static void edit_codes(int side)
{
    static const char *const codes[] = {
        "97110", "97112", "97116", "97140", "97150", "97530", "G0283"};

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        tiny_proc(tiny[side], codes[i], "valid listed 0 0");
}

static void edit(int side, const char *column1, const char *column2,
    const char *from, const char *to, int indicator)
{
    tiny_edit(tiny[side], SETTING_PRACTITIONER, column1, column2, from, to,
        indicator);
}

static void edits_begin_end_change_turn_and_are_corrected(void **state)
{
    (void)series(BEFORE, TABLE_PTP, SETTING_PRACTITIONER, JULY);
    (void)series(AFTER, TABLE_PTP, SETTING_PRACTITIONER, OCTOBER);
    for (int side = 0; side < SIDES; side++) {
        edit_codes(side);
        edit(side, "97110", "97150", "2010-01-01", "", 1); /* as it was */
    }
    edit(BEFORE, "97110", "97112", "2010-01-01", "", 1);
    edit(AFTER, "97110", "97112", "2010-01-01", "2020-09-30", 1);
    edit(AFTER, "97116", "97110", "2020-10-01", "", 0);
    edit(BEFORE, "97112", "97116", "2010-01-01", "", 1);
    edit(AFTER, "97112", "97116", "2010-01-01", "2020-09-30", 1);
    edit(AFTER, "97112", "97116", "2020-10-01", "", 0);
    edit(BEFORE, "97112", "97140", "2010-01-01", "", 1);
    edit(AFTER, "97112", "97140", "2010-01-01", "2020-09-30", 1);
    edit(AFTER, "97140", "97112", "2020-10-01", "", 1);
    edit(BEFORE, "97116", "97150", "2010-01-01", "2015-12-31", 1);
    edit(AFTER, "97116", "97150", "2010-01-01", "2014-12-31", 1);
    edit(BEFORE, "97140", "97150", "2010-01-01", "", 0);
    edit(AFTER, "97150", "97530", "2012-01-01", "2013-12-31", 1);
    edit(AFTER, "97150", "G0283", "2012-01-01", "2012-01-01", 9);
    builds_differ_by(
        "edit_ends 97110/97112 modifier_indicator: 1 > - 2020-10-01\n"
        "edit_begins 97116/97110 modifier_indicator: - > 0 2020-10-01\n"
        "edit_changed 97112/97116 modifier_indicator: 1 > 0 2020-10-01\n"
        "edit_reversed 97140/97112 columns: 97112/97140 > 97140/97112 "
        "2020-10-01\n"
        "edit_corrected 97116/97150 deleted: 2015-12-31 > 2014-12-31 "
        "2015-01-01\n"
        "edit_withdrawn 97140/97150 modifier_indicator: 0 > - 2010-01-01\n"
        "edit_corrected 97150/97530 modifier_indicator: - > 1 2012-01-01\n"
        "edit_corrected 97150/G0283 modifier_indicator: - > 9 2012-01-01\n");
    /* Rows as a plain comparison of the two lists finds them. */
    assert_int_equal(summed(TABLE_PTP, SETTING_PRACTITIONER)->rows_gone, 5);
    assert_int_equal(summed(TABLE_PTP, SETTING_PRACTITIONER)->rows_new, 9);

    days_differ_by(NULL, NULL,
        "edit_ends 97110/97112 modifier_indicator: 1 > - 2020-10-01\n"
        "edit_begins 97116/97110 modifier_indicator: - > 0 2020-10-01\n"
        "edit_changed 97112/97116 modifier_indicator: 1 > 0 2020-10-01\n"
        "edit_reversed 97140/97112 columns: 97112/97140 > 97140/97112 "
        "2020-10-01\n");
    days_differ_by("2009-12-31", "2010-01-01",
        "edit_begins 97110/97112 modifier_indicator: - > 1 2010-01-01\n"
        "edit_begins 97110/97150 modifier_indicator: - > 1 2010-01-01\n"
        "edit_begins 97112/97116 modifier_indicator: - > 1 2010-01-01\n"
        "edit_begins 97112/97140 modifier_indicator: - > 1 2010-01-01\n"
        "edit_begins 97116/97150 modifier_indicator: - > 1 2010-01-01\n");
}

/* 97110/97112 is closed by a stricter row that overlaps it, 97110/97150 opens
 * to a weaker one, 97112/97116 has a second row that changes nothing, and
 * 97116/97140 ends for good when its last row does. */
static void overlapping_rows(int side)
{
    edit_codes(side);
    edit(side, "97110", "97112", "2010-01-01", "2020-10-31", 1);
    edit(side, "97110", "97112", "2020-10-01", "", 0);
    edit(side, "97110", "97150", "2010-01-01", "2020-09-30", 0);
    edit(side, "97110", "97150", "2015-01-01", "", 1);
    edit(side, "97112", "97116", "2010-01-01", "2020-10-14", 1);
    edit(side, "97112", "97116", "2020-10-01", "", 1);
    edit(side, "97116", "97140", "2010-01-01", "2020-10-14", 1);
    edit(side, "97116", "97140", "2015-01-01", "2020-11-30", 1);
}

static void where_rows_overlap_it_is_told_what_holds(void **state)
{
    (void)series(AFTER, TABLE_PTP, SETTING_PRACTITIONER, OCTOBER);
    overlapping_rows(AFTER);
    (void)tiny_open(tiny[AFTER]);
    days_differ_by("2020-09-01", "2020-12-31",
        "edit_changed 97110/97112 modifier_indicator: 1 > 0 2020-10-01\n"
        "edit_changed 97110/97150 modifier_indicator: 0 > 1 2020-10-01\n"
        "edit_ends 97116/97140 modifier_indicator: 1 > - 2020-12-01\n");
}

static void an_end_beside_another_row_is_none(void **state)
{
    (void)series(BEFORE, TABLE_PTP, SETTING_PRACTITIONER, JULY);
    (void)series(AFTER, TABLE_PTP, SETTING_PRACTITIONER, OCTOBER);
    overlapping_rows(AFTER);
    edit_codes(BEFORE);
    edit(BEFORE, "97110", "97112", "2010-01-01", "2020-10-31", 1);
    edit(BEFORE, "97110", "97150", "2010-01-01", "", 0);
    edit(BEFORE, "97110", "97150", "2015-01-01", "", 1);
    edit(BEFORE, "97112", "97116", "2010-01-01", "", 1);
    edit(BEFORE, "97116", "97140", "2010-01-01", "", 1);
    edit(BEFORE, "97116", "97140", "2015-01-01", "", 1);
    builds_differ_by(
        "edit_changed 97110/97112 modifier_indicator: 1 > 0 2020-10-01\n"
        "edit_changed 97110/97150 modifier_indicator: 0 > 1 2020-10-01\n"
        "edit_corrected 97112/97116 deleted: - > 2020-10-14 2020-10-15\n"
        "edit_corrected 97112/97116 effective: - > 2020-10-01 2020-10-01\n"
        "edit_corrected 97116/97140 deleted: - > 2020-10-14 2020-10-15\n"
        "edit_ends 97116/97140 modifier_indicator: 1 > - 2020-12-01\n");
}

/* A date that the indexer inferred is no change of the publisher's. */
static void an_inferred_day_is_no_change(void **state)
{
    (void)series(BEFORE, TABLE_PTP, SETTING_PRACTITIONER, JULY);
    (void)series(AFTER, TABLE_PTP, SETTING_PRACTITIONER, OCTOBER);
    for (int side = 0; side < SIDES; side++)
        edit_codes(side);
    edit(BEFORE, "97110", "97150", "?", "", 1);
    edit(AFTER, "97110", "97150", "2020-10-01?", "", 1);
    edit(AFTER, "97110", "97530", "?", "", 1);
    builds_differ_by(
        "edit_begins 97110/97530 modifier_indicator: - > 1 2020-10-01\n");
}

static void edits_of_a_code_are_found_on_either_side(void **state)
{
    struct compare_codes *codes = NULL;
    struct compare_question question;

    (void)series(BEFORE, TABLE_PTP, SETTING_PRACTITIONER, JULY);
    (void)series(AFTER, TABLE_PTP, SETTING_PRACTITIONER, OCTOBER);
    for (int side = 0; side < SIDES; side++)
        edit_codes(side);
    edit(AFTER, "97110", "97116", "2020-10-01", "", 1);
    edit(AFTER, "97140", "97116", "2020-10-01", "", 0);
    edit(BEFORE, "97150", "97116", "2010-01-01", "", 0);
    edit(AFTER, "97530", "97150", "2020-10-01", "", 0);
    for (int side = 0; side < SIDES; side++)
        (void)tiny_open(tiny[side]);
    assert_int_equal(parse_codes(&codes, "# ours\n97116, 97530 # both\n97116",
                         COMPARE_CODES_MAX, NULL),
        0);
    assert_int_equal(compare_codes_count(codes), 2);
    question = two_builds();
    question.codes = codes;
    question.begin_code = asked_code;
    run(&question,
        "[97116]\n"
        "edit_begins 97110/97116 modifier_indicator: - > 1 2020-10-01\n"
        "edit_begins 97140/97116 modifier_indicator: - > 0 2020-10-01\n"
        "edit_withdrawn 97150/97116 modifier_indicator: 0 > - 2010-01-01\n"
        "[97530]\n"
        "edit_begins 97530/97150 modifier_indicator: - > 0 2020-10-01\n");
    question = one_build("2020-09-30", "2020-10-01");
    question.codes = codes;
    question.begin_code = asked_code;
    run(&question,
        "[97116]\n"
        "edit_begins 97110/97116 modifier_indicator: - > 1 2020-10-01\n"
        "edit_begins 97140/97116 modifier_indicator: - > 0 2020-10-01\n"
        "[97530]\n"
        "edit_begins 97530/97150 modifier_indicator: - > 0 2020-10-01\n");
    compare_codes_free(codes);
}

static void filters_leave_the_rest_out_and_uncounted(void **state)
{
    struct compare_question question;
    const uint8_t before =
        series(BEFORE, TABLE_MUE, SETTING_PRACTITIONER, JULY);
    const uint8_t after =
        series(AFTER, TABLE_MUE, SETTING_PRACTITIONER, OCTOBER);

    tiny_row(tiny[BEFORE], before, 0, 0, "97110|6|3|x");
    tiny_row(tiny[BEFORE], before, 0, 0, "G0283|6|3|x");
    tiny_row(tiny[AFTER], after, 0, 0, "97110|8|3|y");
    tiny_row(tiny[AFTER], after, 0, 0, "G0283|8|3|y");
    for (int side = 0; side < SIDES; side++)
        (void)tiny_open(tiny[side]);
    question = two_builds();
    question.filter.kinds = 1u << CHANGE_LIMIT;
    question.filter.systems = 1u << SYSTEM_HCPCS;
    run(&question, "limit G0283 value: 6 > 8 2020-10-01\n");
    assert_int_equal(summary.changes, 1);
    question.filter.tables = (uint64_t)1 << TABLE_PTP;
    run(&question, "");
    assert_int_equal(summary.count, 0);
}

/* --- coverage --------------------------------------------------------------
 */

static void coverage_lists_and_documents_change(void **state)
{
    struct compare_codes *codes = NULL;
    struct compare_question question;

    tiny_coverage(tiny[AFTER],
        "2026-07-02 2026-07-02 2026-07-08; 2026-07-09 2026-07-09 2026-07-15",
        "release -article_x_bill_code\n"
        "article 100 1 A from=2020-01-01 title=Therapy\n"
        "procedures 1: 97035 97110\n"
        "covered 1: M5450 M5459\n"
        "article 200 1 A from=2020-01-01 title=Goes\n"
        "procedures 1: 97140\n"
        "article 400 1 A from=2020-01-01 title=Stays\n"
        "procedures 1: 97035\n"
        "release -article_x_bill_code\n"
        "article 100 2 A from=2026-07-09 title=Therapy services\n"
        "procedures 1: 97035 97530\n"
        "covered 1: M5450 M5451\n"
        "article 300 1 A from=2026-07-05 title=Comes\n"
        "procedures 1: 97140\n"
        "article 400 1 A from=2020-01-01 title=Stays\n"
        "procedures 1: 97035\n");
    (void)tiny_open(tiny[AFTER]);
    days_differ_by(NULL, NULL,
        "revised A100 version: 1 > 2 2026-07-09\n"
        "title A100 title: Therapy > Therapy services 2026-07-09\n"
        "unlisted A100 procedures: group 1 > - (97110) 2026-07-09\n"
        "listed A100 procedures: - > group 1 (97530) 2026-07-09\n"
        "unlisted A100 covered: group 1 > - (M5459) 2026-07-09\n"
        "listed A100 covered: - > group 1 (M5451) 2026-07-09\n"
        "ended A200 document: Goes > - ~2026-07-09\n"
        "added A300 document: - > Comes 2026-07-05\n"
        "listed A300 procedures: - > group 1 (97140) 2026-07-05\n");
    assert_int_equal(parse_codes(&codes, "97140 M54.59", 10, NULL), 0);
    question = one_build(NULL, NULL);
    question.codes = codes;
    question.begin_code = asked_code;
    run(&question, "[97140]\n"
                   "ended A200 document: Goes > - ~2026-07-09\n"
                   "added A300 document: - > Comes 2026-07-05\n"
                   "listed A300 procedures: - > group 1 (97140) 2026-07-05\n"
                   "[M5459]\n"
                   "unlisted A100 covered: group 1 > - (M5459) 2026-07-09\n");
    compare_codes_free(codes);
}

static void lists_that_were_not_loaded_are_not_compared(void **state)
{
    tiny_coverage(tiny[AFTER],
        "2026-07-02 2026-07-02 2026-07-08; 2026-07-09 2026-07-09 2026-07-15",
        "release\n"
        "article 100 1 A from=2020-01-01 title=Therapy\n"
        "covered 1: M5450 M5459\n"
        "article 200 1 A from=2020-01-01 title=Other\n"
        "release -article -article_x_icd10_covered\n"
        "article 100 1 A from=2020-01-01 title=Therapy\n"
        "procedures 1: 97035\n");
    (void)tiny_open(tiny[AFTER]);
    days_differ_by(NULL, NULL,
        "listed A100 procedures: - > group 1 (97035) ~2026-07-09\n");
}

/* --- words -----------------------------------------------------------------
 */

static void words_are(
    const char *before, const char *after, const char *expected)
{
    struct word_run runs[WORD_RUNS_MAX];
    const size_t n = word_runs(runs, before, after);
    struct buffer out = {0};

    for (size_t i = 0; i < n; i++) {
        buffer_addc(&out, runs[i].kind == RUN_KEPT      ? '='
                          : runs[i].kind == RUN_REMOVED ? '-'
                                                        : '+');
        buffer_add(&out, runs[i].text, runs[i].len);
        buffer_addc(&out, '|');
    }
    buffer_addc(&out, '\0');
    assert_string_equal(out.data, expected);
    buffer_clear(&out);
}

static void texts_are_compared_word_by_word(void **state)
{
    char many[4096] = "", other[4096] = "";

    words_are("Red item, each", "Red item, per  pair",
        "=Red item,|-each|+per  pair|");
    words_are("a b c d", "a x c", "=a|-b|+x|=c|-d|");
    words_are("", "new", "+new|");
    words_are("old", "", "-old|");
    words_are("same words", "same words", "=same words|");
    words_are("", "", "");
    for (int i = 0; i < 700; i++) {
        strcat(many, "a ");
        strcat(other, "b ");
    }
    assert_int_equal(
        word_runs((struct word_run[WORD_RUNS_MAX]){{0}}, many, other), 2);
}

/* --- a list of codes -------------------------------------------------------
 */

static void a_list_of_codes_is_bounded_and_must_be_codes(void **state)
{
    struct compare_codes *codes = NULL;
    struct error err = {0};

    assert_int_equal(parse_codes(&codes, "97110 97112", 1, &err), ERR_LIMIT);
    assert_int_equal(parse_codes(&codes, "# none\n", 9, &err), ERR_INPUT);
    assert_int_equal(parse_codes(&codes, "97110 \x01", 9, &err), ERR_INPUT);
    assert_int_equal(parse_codes(&codes, "m54.5;97110\r\nm54.50,", 9, &err), 0);
    assert_int_equal(compare_codes_count(codes), 3);
    assert_true(compare_codes_have(codes, "M5450"));
    assert_false(compare_codes_have(codes, "M54.50"));
    compare_codes_free(codes);
    compare_codes_free(NULL);
}

/* Both builds know A9999 alone. */
static void check_says(const char *list, const char *why)
{
    struct compare_question question;
    struct compare_codes *codes = NULL;
    struct error err = {0};

    assert_int_equal(parse_codes(&codes, list, 9, &err), 0);
    question = two_builds();
    assert_int_equal(compare_codes_check(codes, question.side, &err),
        why == NULL ? 0 : ERR_INPUT);
    if (why != NULL)
        tiny_has(err.msg, why);
    compare_codes_free(codes);
}

static void words_of_no_shape_are_refused_with_their_line(void **state)
{
    struct compare_codes *codes = NULL;
    struct error err = {0};

    for (int side = 0; side < SIDES; side++)
        (void)tiny_open(tiny[side]);
    check_says("9711O", "'9711O' has the shape of no code");
    check_says("97110\n# one\nhello\nCode\n",
        "line 3: 'HELLO' has the shape of no code");
    check_says(
        "Code;Description\n97110;Therapeutic exercise\n", "line 1: 'CODE'");
    check_says("97110\nA9999\nE11.9 G0283 0001A 59\n", NULL);
    assert_int_equal(
        parse_codes(&codes, "97110\n97112 \x01\n", 9, &err), ERR_INPUT);
    tiny_has(err.msg, "line 2: ");
}

static void codes_that_no_side_knows_are_listed(void **state)
{
    struct compare_codes *codes = NULL;
    struct compare_question question;

    for (int side = 0; side < SIDES; side++)
        (void)tiny_open(tiny[side]);
    question = two_builds();
    assert_int_equal(parse_codes(&codes, "A9999 99998 HELLO", 9, NULL), 0);
    assert_string_equal(
        compare_codes_unknown(codes, 0, question.side), "in no loaded list");
    assert_null(compare_codes_unknown(codes, 1, question.side));
    assert_string_equal(compare_codes_unknown(codes, 2, question.side),
        "has the shape of no code");
    compare_codes_free(codes);
}

/* --- GET /v1/changes -------------------------------------------------------
 */

static struct text_ref ref(const char *text)
{
    return (struct text_ref){text, text == NULL ? 0 : strlen(text)};
}

static const struct answers *opened(void)
{
    if (answers == NULL)
        answers = tiny_open(tiny[AFTER]);
    return answers;
}

static json_t *changes(const struct changes_question *question)
{
    struct buffer out = {0};
    struct error err = {0};
    json_error_t wrong;
    json_t *answer;

    assert_int_equal(answer_changes(&out, opened(), question, &err), 0);
    answer = json_loadb(out.data, out.len, 0, &wrong);
    assert_non_null(answer);
    buffer_clear(&out);
    return answer;
}

static const char *member(json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void many_limits(size_t count)
{
    const uint8_t mue =
        series(AFTER, TABLE_MUE, SETTING_PRACTITIONER, JULY "; " OCTOBER);

    for (size_t i = 0; i < count; i++) {
        char row[32];

        (void)snprintf(row, sizeof row, "A%04zu|%d|3|x", i, 1);
        tiny_row(tiny[AFTER], mue, 0, 0, row);
        (void)snprintf(row, sizeof row, "A%04zu|%d|3|x", i, 2);
        tiny_row(tiny[AFTER], mue, 1, 1, row);
    }
}

/* Page by page, as in one. */
static void pages_give_every_change_once(void **state)
{
    struct changes_question question = {.limit = 7, .counts = true};
    char cursor[CURSOR_MAX + 1] = "", last[8] = "";
    size_t items = 0, pages = 0;

    many_limits(40);
    for (bool more = true; more; pages++) {
        json_t *answer, *list, *item;
        const char *next;
        size_t i;

        question.cursor = ref(*cursor == '\0' ? NULL : cursor);
        answer = changes(&question);
        list = json_object_get(answer, "items");
        assert_true(json_array_size(list) <= 7);
        json_array_foreach(list, i, item)
        {
            assert_true(strcmp(member(item, "code"), last) > 0);
            (void)snprintf(last, sizeof last, "%s", member(item, "code"));
            assert_string_equal(member(item, "kind"), "limit");
            items++;
        }
        next = member(answer, "next");
        more = next != NULL;
        if (more)
            (void)snprintf(cursor, sizeof cursor, "%s", next);
        json_decref(answer);
        assert_true(pages < 20);
    }
    assert_int_equal(items, 40);
    /* Another question cannot use the cursor. */
    question.tables = ref("mue");
    question.cursor = ref(cursor);
    {
        struct buffer out = {0};
        struct error err = {0};

        assert_int_equal(
            answer_changes(&out, opened(), &question, &err), ERR_INPUT);
        assert_int_equal(out.len, 0);
        buffer_clear(&out);
    }
}

/* Bit by bit, `steps` keys at a time. */
static void made_in_steps_is_the_same(
    const struct changes_question *question, uint32_t steps)
{
    struct changes_work *work = NULL;
    struct buffer whole = {0}, parts = {0};
    struct error err = {0};
    bool done = false;
    int rounds = 0;

    assert_int_equal(answer_changes(&whole, opened(), question, &err), 0);
    assert_int_equal(changes_begin(&work, opened(), question, &err), 0);
    for (; !done; rounds++) {
        assert_int_equal(parts.len, 0);
        assert_int_equal(changes_step(work, steps, &parts, &done, &err), 0);
    }
    assert_true(rounds > 2);
    assert_int_equal(parts.len, whole.len);
    assert_memory_equal(parts.data, whole.data, whole.len);
    changes_free(work);
    buffer_clear(&whole);
    buffer_clear(&parts);
}

static void answers_made_bit_by_bit_are_the_same(void **state)
{
    struct changes_question question = {.counts = true, .limit = 7};

    many_limits(40);
    (void)series(AFTER, TABLE_PTP, SETTING_PRACTITIONER, OCTOBER);
    edit_codes(AFTER);
    edit(AFTER, "97110", "97112", "2020-10-01", "", 1);
    edit(AFTER, "97110", "97150", "2010-01-01", "2020-10-31", 1);
    edit(AFTER, "97116", "97110", "2020-10-01", "", 0);
    edit(AFTER, "97140", "97150", "2020-10-01", "", 0);
    for (uint32_t steps = 1; steps < 9; steps++) {
        question.counts = steps % 2 == 1;
        made_in_steps_is_the_same(&question, steps);
    }
    question.limit = 100;
    made_in_steps_is_the_same(&question, 1);
    question.codes = ref("A0003,97110,A0007,97150");
    question.limit = 3;
    made_in_steps_is_the_same(&question, 1);
    question.counts = true;
    made_in_steps_is_the_same(&question, 5);
}

static void pages_of_named_codes_say_for_which(void **state)
{
    struct changes_question question = {
        .codes = ref("A0003,A0005,A0007"), .limit = 2};
    char cursor[CURSOR_MAX + 1];
    json_t *answer, *item;

    many_limits(10);
    answer = changes(&question);
    item = json_array_get(json_object_get(answer, "items"), 1);
    assert_string_equal(member(item, "for"), "A0005");
    assert_string_equal(member(item, "before"), "1");
    assert_string_equal(member(item, "after"), "2");
    assert_string_equal(member(item, "effective"), "2020-10-01");
    assert_string_equal(member(item, "advice"),
        "the limit is now 2 a day; more may be paid on review (it was 1)");
    assert_string_equal(
        member(json_object_get(item, "source"), "release"), "2020q4");
    assert_string_equal(
        member(json_object_get(item, "source_before"), "release"), "2020q3");
    (void)snprintf(cursor, sizeof cursor, "%s", member(answer, "next"));
    json_decref(answer);
    question.cursor = ref(cursor);
    answer = changes(&question);
    assert_int_equal(json_array_size(json_object_get(answer, "items")), 1);
    assert_true(json_is_null(json_object_get(answer, "next")));
    json_decref(answer);
}

static void refused(const struct changes_question *question, const char *why)
{
    struct buffer out = {0};
    struct error err = {0};

    assert_int_equal(answer_changes(&out, opened(), question, &err), ERR_INPUT);
    assert_non_null(strstr(err.msg, why));
    assert_int_equal(out.len, 0);
    buffer_clear(&out);
}

static void codes_asked_for_are_shown_as_people_write_them(void **state)
{
    struct changes_question question = {.codes = ref("m54.50,99998,G0283")};
    const uint8_t icd = series(AFTER, TABLE_ICD10CM, SETTING_NONE,
        "2025 2024-10-01 2025-09-30; 2026 2025-10-01 2026-09-30");
    json_t *answer, *item, *unknown;

    tiny_row(tiny[AFTER], icd, 0, 0, "M5450|1|Short|Old words");
    tiny_row(tiny[AFTER], icd, 1, 1, "M5450|1|Short|New words");
    answer = changes(&question);
    item = json_array_get(json_object_get(answer, "items"), 0);
    assert_string_equal(member(item, "for"), "M54.50");
    assert_string_equal(member(item, "code"), "M54.50");
    unknown = json_object_get(answer, "unknown");
    assert_int_equal(json_array_size(unknown), 2);
    assert_string_equal(json_string_value(json_array_get(unknown, 0)), "99998");
    assert_string_equal(json_string_value(json_array_get(unknown, 1)), "G0283");
    json_decref(answer);
    question.codes = ref("9711O");
    refused(&question, "codes: '9711O' has the shape of no code");
}

static void sums_are_counted_when_asked_for(void **state)
{
    struct changes_question question = {.counts = true, .limit = 1};
    json_t *answer, *list;

    many_limits(10);
    answer = changes(&question);
    list = json_array_get(json_object_get(answer, "summary"), 0);
    assert_string_equal(member(list, "table"), "mue");
    assert_string_equal(member(list, "setting"), "practitioner");
    assert_string_equal(member(list, "from_release"), "2020q3");
    assert_int_equal(json_integer_value(json_object_get(list, "changes")), 10);
    json_decref(answer);
    question.counts = false;
    answer = changes(&question);
    list = json_array_get(json_object_get(answer, "summary"), 0);
    assert_null(json_object_get(list, "changes"));
    json_decref(answer);
}

static void bad_questions_are_refused_by_name(void **state)
{
    many_limits(1);
    refused(
        &(struct changes_question){.tables = ref("mue,foo")}, "table: 'foo'");
    refused(&(struct changes_question){.kinds = ref("")}, "kind: ''");
    refused(&(struct changes_question){.kinds = ref("foo")},
        "kind: 'foo' is none; there are added, ended, restored, reused, "
        "dropped, billable, title, revised, limit, listed, unlisted, "
        "edit_begins, edit_ends, edit_changed, edit_reversed, edit_corrected, "
        "edit_withdrawn");
    refused(&(struct changes_question){.tables = ref("foo")}, "hcpcs");
    refused(&(struct changes_question){.codes = ref(",")}, "codes:");
    refused(&(struct changes_question){.cursor = ref("x")}, "cursor:");
    refused(&(struct changes_question){.limit = LIST_LIMIT_MAX + 1}, "limit:");
    refused(&(struct changes_question){.days = true,
                .from = tiny_day("2020-10-02"),
                .to = tiny_day("2020-10-01")},
        "from:");
}

/* --- reports ---------------------------------------------------------------
 */

/* The two builds of a report: a title with marks that HTML and CSV must not
 * take for their own. */
static void report_builds(void)
{
    uint8_t id[SIDES];

    id[BEFORE] = series(BEFORE, TABLE_HCPCS, SETTING_NONE, JULY);
    id[AFTER] = series(AFTER, TABLE_HCPCS, SETTING_NONE, OCTOBER);
    tiny_hcpcs(tiny[BEFORE], id[BEFORE], 0, 0, "A0001", "3",
        "=Item, \"old\" <b>", "", "20100101", "");
    tiny_hcpcs(tiny[AFTER], id[AFTER], 0, 0, "A0001", "3", "=Item, \"new\" <b>",
        "", "20100101", "");
    tiny_hcpcs(tiny[BEFORE], id[BEFORE], 0, 0, "A0002", "3", "Ended", "",
        "20100101", "");
    tiny_hcpcs(tiny[AFTER], id[AFTER], 0, 0, "A0002", "3", "Ended", "A0003",
        "20100101", "20200930");
    for (int side = 0; side < SIDES; side++)
        (void)tiny_open(tiny[side]);
}

static char *report(struct change_report *as)
{
    struct error err = {0};
    size_t len = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &len);

    assert_non_null(out);
    as->question.side[BEFORE] = two_builds().side[BEFORE];
    as->question.side[AFTER] = two_builds().side[AFTER];
    assert_int_equal(change_report_write(out, as, NULL, &err), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void a_report_is_read_printed_and_reckoned_with(void **state)
{
    char *text;

    report_builds();
    text = report(&(struct change_report){.form = CHANGES_TEXT});
    tiny_has(text, "hcpcs                     2020q3     2020q4     1 ended, 1 "
                   "title, 1 revised");
    tiny_has(text,
        "A0001  long description: =Item, [-\"old\"-] {+\"new\"+} <b>, "
        "from 2020-10-01");
    tiny_has_not(text, "stop billing");
    free(text);
    text = report(&(struct change_report){.form = CHANGES_TEXT, .most = 1});
    tiny_has(text, "… and 2 more");
    free(text);
    text = report(&(struct change_report){.form = CHANGES_HTML});
    tiny_has(text, "<del>&quot;old&quot;</del> <ins>&quot;new&quot;</ins> "
                   "&lt;b&gt;");
    tiny_has_not(text, "<script");
    tiny_has_not(text, "http");
    free(text);
    text = report(&(struct change_report){.form = CHANGES_CSV});
    tiny_has(text, "\"'=Item, \"\"old\"\" <b>\"");
    free(text);
    text = report(&(struct change_report){.form = CHANGES_JSON});
    {
        json_error_t wrong;
        json_t *answer = json_loads(text, 0, &wrong), *words;

        assert_non_null(answer);
        words = json_object_get(
            json_array_get(json_object_get(answer, "items"), 0), "words");
        assert_int_equal(json_array_size(words), 4);
        assert_string_equal(
            member(json_array_get(words, 2), "added"), "\"new\"");
        json_decref(answer);
    }
    free(text);
}

/* The physician fee schedule's letters are those of its documentation. */
static void fees_and_new_codes_have_advice(void **state)
{
    struct changes_question question = {0};
    const uint8_t pfs = series(AFTER, TABLE_PFS, SETTING_NONE,
        "2024c 2024-07-01 2024-09-30; 2024d 2024-10-01 2024-12-31");
    const uint8_t icd = series(AFTER, TABLE_ICD10CM, SETTING_NONE,
        "2025 2024-10-01 2025-09-30; 2026 2025-10-01 2026-09-30");
    static const char *const advice[] = {
        "not valid for Medicare: another code is used; other payers may take "
        "this one",
        "payment changes from 2024-10-01; nothing to do for coding",
        "the fee schedule does not list it any more: check before billing "
        "Medicare",
        "new from 2025-10-01: see whether it replaces what you bill now"};
    json_t *answer, *items;

    tiny_cells(tiny[AFTER], pfs, 0, 0, PFS_KEY, "97014", PFS_STATUS, "A", -1);
    tiny_cells(tiny[AFTER], pfs, 1, 1, PFS_KEY, "97014", PFS_STATUS, "I", -1);
    tiny_cells(tiny[AFTER], pfs, 0, 0, PFS_KEY, "97110", PFS_STATUS, "A",
        PFS_WORK_RVU, "0.45", -1);
    tiny_cells(tiny[AFTER], pfs, 1, 1, PFS_KEY, "97110", PFS_STATUS, "A",
        PFS_WORK_RVU, "0.44", -1);
    tiny_cells(tiny[AFTER], pfs, 0, 0, PFS_KEY, "G0283", PFS_STATUS, "A", -1);
    tiny_row(tiny[AFTER], icd, 0, 1, "M545|0|Short|Low back pain");
    tiny_row(tiny[AFTER], icd, 1, 1, "M5450|1|Short|Low back pain, other");
    answer = changes(&question);
    items = json_object_get(answer, "items");
    assert_int_equal(json_array_size(items), 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(
            member(json_array_get(items, i), "advice"), advice[i]);
    json_decref(answer);
}

/* 97014 ended with its edit; G0283 and 97016 did too. */
static void an_edit_that_ends_with_a_code_frees_nothing(void **state)
{
    struct changes_question question = {0};
    static const char *const advice[] = {
        "97014 is not valid any more: do not bill it",
        "both may be billed, as far as this edit goes",
        "97016 and G0283 are not valid any more: bill neither"};
    static const char over[] =
        "valid listed 0 0; not_valid ended 0 0 2020-10-01";
    json_t *answer, *items;

    (void)series(AFTER, TABLE_PTP, SETTING_PRACTITIONER, OCTOBER);
    tiny_proc(tiny[AFTER], "97014", over);
    tiny_proc(tiny[AFTER], "97016", over);
    tiny_proc(tiny[AFTER], "97110", "valid listed 0 0");
    tiny_proc(tiny[AFTER], "97112", "valid listed 0 0");
    tiny_proc(tiny[AFTER], "G0283", over);
    edit(AFTER, "97014", "97110", "2010-01-01", "2020-09-30", 1);
    edit(AFTER, "97110", "97112", "2010-01-01", "2020-09-30", 1);
    edit(AFTER, "97016", "G0283", "2010-01-01", "2020-09-30", 1);
    answer = changes(&question);
    items = json_object_get(answer, "items");
    assert_int_equal(json_array_size(items), 3);
    for (size_t i = 0; i < 3; i++) {
        json_t *item = json_array_get(items, i);
        const char *code = member(item, "code");

        assert_string_equal(member(item, "kind"), "edit_ends");
        assert_string_equal(
            member(item, "advice"), advice[strcmp(code, "97014") == 0   ? 0
                                           : strcmp(code, "97110") == 0 ? 1
                                                                        : 2]);
    }
    json_decref(answer);
}

/* The advice on a field that became `value`. */
static void field_has_advice(enum table table, const char *field,
    const char *value, const char *expected)
{
    const struct compare_series list = {.table = table};
    const struct change change = {.series = &list,
        .kind = CHANGE_REVISED,
        .code = "A0001",
        .modifier = "",
        .field = field,
        .after = value,
        .effective = tiny_day("2020-10-01"),
        .certain = true};
    struct buffer out = {0};

    change_advice(&out, NULL, &change);
    buffer_addc(&out, '\0');
    assert_string_equal(out.data, expected);
    buffer_clear(&out);
}

static void every_field_of_a_publisher_has_advice(void **state)
{
    static const enum table tables[] = {TABLE_HCPCS, TABLE_PFS};

    field_has_advice(TABLE_PFS, "conversion_factor", "33.2875",
        "every payment of the schedule changes with it from 2020-10-01; "
        "nothing to do for coding");
    field_has_advice(TABLE_PFS, "bilateral", "2",
        "both sides are in the code: no modifier 50");
    field_has_advice(TABLE_PFS, "work_rvu", "0.44",
        "payment changes from 2020-10-01; nothing to do for coding");
    field_has_advice(
        TABLE_HCPCS, "coverage", "S", "Medicare may not cover it, by statute");
    field_has_advice(TABLE_HCPCS, "coverage", NULL,
        "what Medicare covers changes: check before billing it");
    field_has_advice(TABLE_HCPCS, "cross_reference_1", "A0002",
        "the publisher refers to another code: see which one fits");
    field_has_advice(TABLE_MUE, "rationale", "Nature of Service/Procedure",
        "the limit is the same, its reason is told otherwise: nothing to do");
    for (size_t t = 0; t < 2; t++) {
        const struct table_schema *schema = table_schema(tables[t]);
        const struct compare_series list = {.table = tables[t]};

        for (size_t i = 1; i < schema->columns; i++) {
            const struct change change = {.series = &list,
                .kind = CHANGE_REVISED,
                .field = schema->column[i],
                .effective = DAY_UNKNOWN};
            struct buffer out = {0};

            change_advice(&out, NULL, &change);
            assert_true(out.len > 0);
            buffer_clear(&out);
        }
    }
}

static void edits_of_an_ended_code_are_one_line(void **state)
{
    struct change_report as = {.form = CHANGES_TEXT};
    struct compare_codes *codes = NULL;
    uint8_t id[SIDES];
    char *text;

    id[BEFORE] = series(BEFORE, TABLE_HCPCS, SETTING_NONE, JULY);
    id[AFTER] = series(AFTER, TABLE_HCPCS, SETTING_NONE, OCTOBER);
    for (int side = 0; side < SIDES; side++) {
        const char *end = side == BEFORE ? "" : "2020-09-30";

        tiny_hcpcs(tiny[side], id[side], 0, 0, "A0001", "3", "Item", "",
            "20100101", side == BEFORE ? "" : "20200930");
        for (int i = 0; i < 3; i++)
            tiny_proc(tiny[side],
                (const char *[]){"A0001", "97110", "97140"}[i],
                "valid listed 0 0");
        (void)tiny_series(tiny[side], TABLE_PTP, SETTING_PRACTITIONER,
            PROGRAM_MEDICARE, side == BEFORE ? JULY : OCTOBER);
        tiny_edit(tiny[side], SETTING_PRACTITIONER, "A0001", "97110",
            "2015-01-01", end, 1);
        tiny_edit(tiny[side], SETTING_PRACTITIONER, "97140", "A0001",
            "2015-01-01", end, 0);
        (void)tiny_open(tiny[side]);
    }
    assert_int_equal(parse_codes(&codes, "A0001", 9, NULL), 0);
    as.question.codes = codes;
    text = report(&as);
    tiny_has(text, "  and 2 edits of it end with it\n");
    tiny_has_not(text, "edit A0001");
    free(text);
    compare_codes_free(codes);
}

/* No list of codes tells the end of A0001; five edits end, and one that is not
 * the last of 97530 is told as itself. */
static void the_last_edits_of_a_code_are_one_line(void **state)
{
    static const char *const others[] = {
        "97110", "97112", "97116", "97140", "97150"};
    struct change_report as = {.form = CHANGES_TEXT};
    struct compare_codes *codes = NULL;
    char *text;

    for (int side = 0; side < SIDES; side++) {
        const char *end = side == BEFORE ? "" : "2020-09-30";

        (void)series(side, TABLE_PTP, SETTING_PRACTITIONER,
            side == BEFORE ? JULY : OCTOBER);
        edit_codes(side);
        tiny_proc(tiny[side], "A0001", "valid listed 0 0");
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
            edit(side, others[i], "A0001", "2015-01-01", end, 1);
        edit(side, "97530", "97116", "2015-01-01", end, 1);
        edit(side, "97530", "97112", "2015-01-01", "", 1);
        (void)tiny_open(tiny[side]);
    }
    assert_int_equal(parse_codes(&codes, "A0001 97530", 9, NULL), 0);
    as.question.codes = codes;
    text = report(&as);
    tiny_has(text, "  its last 5 edits end: from 2020-10-01 there is none\n");
    tiny_has_not(text, "(column 1) with A0001");
    tiny_has(text, "edit 97530 (column 1) with 97116 (column 2) ends");
    free(text);
    compare_codes_free(codes);
}

static void what_was_not_compared_is_not_unchanged(void **state)
{
    struct change_report as = {.form = CHANGES_TEXT};
    char *text;

    (void)series(BEFORE, TABLE_HCPCS, SETTING_NONE, JULY);
    (void)series(AFTER, TABLE_HCPCS, SETTING_NONE, OCTOBER);
    (void)series(AFTER, TABLE_MUE, SETTING_DME, OCTOBER);
    for (int side = 0; side < SIDES; side++)
        (void)tiny_open(tiny[side]);
    text = report(&as);
    tiny_has(text, "Nothing has changed in what could be compared; not "
                   "compared: mue dme.");
    free(text);
    as.question.filter.tables = (uint64_t)1 << TABLE_HCPCS;
    text = report(&as);
    tiny_has(text, "\nNothing has changed.\n");
    free(text);
}

static void an_impact_report_says_what_to_do(void **state)
{
    struct change_report as = {.form = CHANGES_TEXT};
    struct compare_codes *codes = NULL;
    char *text;

    report_builds();
    assert_int_equal(parse_codes(&codes, "A0002 A0009", 9, NULL), 0);
    as.question.codes = codes;
    text = report(&as);
    tiny_has(text, "== A0002 ==");
    tiny_has_not(text, "A0001");
    tiny_has_not(text, "== A0009");
    tiny_has(text, "A0009: in no loaded list");
    free(text);
    as.form = CHANGES_HTML;
    text = report(&as);
    tiny_has(text, "<p class=\"note\">A0009: in no loaded list</p>");
    tiny_has(text, "stop billing for dates after 2020-09-30; the publisher "
                   "refers to A0003");
    free(text);
    compare_codes_free(codes);
}

#define EACH(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(codes_are_added_ended_revised_reused_restored_and_dropped),
        EACH(what_a_partial_release_lacks_has_not_ended),
        EACH(a_table_of_one_side_is_not_compared),
        EACH(codes_change_between_two_days),
        EACH(icd10cm_codes_are_added_ended_turned_and_retitled),
        EACH(limits_appear_move_and_go),
        EACH(fees_change_by_code_and_modifier),
        EACH(primaries_of_add_ons_come_end_and_change_type),
        EACH(the_projects_own_facts_are_compared_between_builds),
        EACH(edits_begin_end_change_turn_and_are_corrected),
        EACH(where_rows_overlap_it_is_told_what_holds),
        EACH(an_end_beside_another_row_is_none),
        EACH(an_inferred_day_is_no_change),
        EACH(edits_of_a_code_are_found_on_either_side),
        EACH(filters_leave_the_rest_out_and_uncounted),
        EACH(coverage_lists_and_documents_change),
        EACH(lists_that_were_not_loaded_are_not_compared),
        cmocka_unit_test(texts_are_compared_word_by_word),
        cmocka_unit_test(a_list_of_codes_is_bounded_and_must_be_codes),
        EACH(words_of_no_shape_are_refused_with_their_line),
        EACH(codes_that_no_side_knows_are_listed),
        EACH(pages_give_every_change_once),
        EACH(codes_asked_for_are_shown_as_people_write_them),
        EACH(answers_made_bit_by_bit_are_the_same),
        EACH(pages_of_named_codes_say_for_which),
        EACH(sums_are_counted_when_asked_for),
        EACH(bad_questions_are_refused_by_name),
        EACH(a_report_is_read_printed_and_reckoned_with),
        EACH(fees_and_new_codes_have_advice),
        EACH(an_edit_that_ends_with_a_code_frees_nothing),
        EACH(every_field_of_a_publisher_has_advice),
        EACH(edits_of_an_ended_code_are_one_line),
        EACH(the_last_edits_of_a_code_are_one_line),
        EACH(what_was_not_compared_is_not_unchanged),
        EACH(an_impact_report_says_what_to_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

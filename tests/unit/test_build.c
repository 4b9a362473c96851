/* What a build says: edits with their days, snapshots joined, the days on which
 * codes are valid (design.md section 3); and how it gets to its place. */
#include "tests/builds.h"

#include <dirent.h>

#define PTP_24Q1 "2024q1/ptp_practitioner.tsv"
#define PTP_24Q2 "2024q2/ptp_practitioner.tsv"
#define PTP_24Q3 "2024q3/ptp_practitioner.tsv"
#define MUE_24Q1 "MCR_MUE_PractitionerServices_Eff_01-01-2024.csv"
#define MUE_24Q3 "MCR_MUE_PractitionerServices_Eff_07-01-2024.csv"
#define MUE_26Q2 "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv"
#define PFS_22A "PPRRVU22_JAN.csv"
#define PFS_24A "PPRRVU24_JAN.csv"
#define HCPCS_20 "HCPC2020_JAN_ANWEB.csv"
#define HCPCS_26 "HCPC2026_JAN_ANWEB.csv"

/* --- days of edits ---------------------------------------------------------
 */

/* The edits of a pair, "from to indicator line" each; from ends in ? when it is
 * inferred. */
static void edits_are(const struct made *made, const char *column1,
    const char *column2, const char *expected)
{
    char begin[80];
    char *lines;
    struct buffer out = {0};

    (void)snprintf(begin, sizeof begin, "ptp\tpractitioner\tmedicare\t%s\t%s\t",
        column1, column2);
    lines = lines_of(made->dump, begin);
    for (char *at = lines, *end; *at != '\0'; at = end + 1) {
        char *reason = strstr(at, "\tan invented reason\t");

        end = strchr(at, '\n');
        *end = '\0';
        *reason = '\0';
        buffer_addf(&out, "%s\n", at);
    }
    buffer_addc(&out, '\0');
    assert_string_equal(out.data, expected);
    buffer_clear(&out);
    free(lines);
}

static void a_day_that_the_file_tells_is_kept(void **state)
{
    struct made made;

    PTP(PTP_24Q3, "G0283 97032 20200101 20211231 1",
        "G0283 97032 20220701 * 0");
    build(&made);
    edits_are(&made, "G0283", "97032",
        "2020-01-01\t2021-12-31\t1\n2022-07-01\t\t0\n");
    forget(&made);
}

static void a_blank_day_follows_the_deletion_before_it(void **state)
{
    struct made made;

    PTP(PTP_24Q3, "G0283 97032 - * 1", "G0283 97032 - 20191231 1",
        "G0283 97032 - 20211231 0");
    build(&made);
    edits_are(&made, "G0283", "97032",
        "?\t2019-12-31\t1\n2020-01-01?\t2021-12-31\t0\n2022-01-01?\t\t1\n");
    forget(&made);
}

static void the_two_directions_of_a_pair_have_their_own_days(void **state)
{
    struct made made;

    PTP(PTP_24Q3, "97153 97530 - 20191231 1", "97530 97153 - * 0");
    build(&made);
    edits_are(&made, "97153", "97530", "?\t2019-12-31\t1\n");
    edits_are(&made, "97530", "97153", "?\t\t0\n");
    forget(&made);
}

static void an_edit_that_was_withdrawn_neither_begins_nor_ends_any(void **state)
{
    struct made made;

    PTP(PTP_24Q3, "97530 97116 - 19960101 9", "97530 97116 - 20191231 1",
        "97530 97116 - 20201001 9", "97530 97116 - * 1",
        /* with a day of its own it is told by that day, not by a 9 */
        "97150 97110 20200101 20200101 1", "97150 97110 - * 1");
    build(&made);
    edits_are(&made, "97530", "97116",
        "?\t2019-12-31\t1\n1996-01-01?\t1996-01-01\t9\n2020-01-01?\t\t1\n"
        "2020-10-01?\t2020-10-01\t9\n");
    edits_are(&made, "97150", "97110", "?\t\t1\n2020-01-01\t2020-01-01\t1\n");
    forget(&made);
}

static void an_edit_that_the_quarter_before_lacks_begins_with_its_own(
    void **state)
{
    struct made made;

    PTP(PTP_24Q2, "G0283 97032 - * 1", "97150 97110 - 20191231 1");
    PTP(PTP_24Q3, "G0283 97032 - * 1", "G0283 97035 - * 1",
        "97150 97110 - 20191231 1", "97150 97110 - * 1");
    build(&made);
    edits_are(&made, "G0283", "97032", "?\t\t1\n");
    edits_are(&made, "G0283", "97035", "2024-07-01?\t\t1\n");
    edits_are(&made, "97150", "97110", "?\t2019-12-31\t1\n2024-07-01?\t\t1\n");
    forget(&made);
}

static void an_edit_closed_since_the_quarter_before_is_not_new(void **state)
{
    struct made made;

    PTP(PTP_24Q2, "G0283 97032 - * 1", "G0281 97035 - * 1");
    PTP(PTP_24Q3, "G0283 97032 - 20240630 1", "G0283 97032 - * 0",
        "G0281 97035 - 20240930 1");
    build(&made);
    edits_are(&made, "G0283", "97032", "?\t2024-06-30\t1\n2024-07-01?\t\t0\n");
    edits_are(&made, "G0281", "97035", "?\t2024-09-30\t1\n");
    forget(&made);
}

static void another_indicator_makes_an_edit_new(void **state)
{
    struct made made;

    PTP(PTP_24Q2, "G0283 97032 - * 1");
    PTP(PTP_24Q3, "G0283 97032 - * 0");
    build(&made);
    edits_are(&made, "G0283", "97032", "2024-07-01?\t\t0\n");
    forget(&made);
}

static void a_release_further_back_teaches_no_days(void **state)
{
    struct made made;

    PTP(PTP_24Q1, "G0283 97032 - * 1");
    PTP(PTP_24Q3, "G0283 97032 - * 1", "G0283 97035 - * 1");
    build(&made);
    edits_are(&made, "G0283", "97035", "?\t\t1\n");
    forget(&made);
}

static void an_edit_already_over_does_not_begin_with_the_quarter(void **state)
{
    struct made made;

    PTP(PTP_24Q2, "G0283 97032 - * 1");
    PTP(PTP_24Q3, "G0283 97032 - * 1", "G0283 97035 - 20231231 1");
    build(&made);
    edits_are(&made, "G0283", "97035", "?\t2023-12-31\t1\n");
    forget(&made);
}

static void a_row_that_stands_twice_counts_once(void **state)
{
    struct made made;

    PTP(PTP_24Q3, "G0283 97032 - * 1", "97530 97116 - 20191231 1",
        "G0283 97032 - * 1", "97530 97116 - 20191231 1",
        "97530 97116 - 20191231 1");
    build(&made);
    edits_are(&made, "G0283", "97032", "?\t\t1\n");
    edits_are(&made, "97530", "97116", "?\t2019-12-31\t1\n");
    file_is(&made, PTP_24Q3, "kept 5 2 0 0 3");
    forget(&made);
}

static void rows_of_all_parts_are_one_pair(void **state)
{
    struct made made;

    PTP("ccipra-v302r0-f1.txt", "G0283 97032 - 20191231 1");
    PTP("ccipra-v302r0-f2.txt", "G0281 97032 - * 1");
    PTP("ccipra-v302r0-f3.txt", "97150 97110 - * 1");
    PTP("ccipra-v302r0-f4.txt", "G0283 97032 - * 0");
    build(&made);
    dump_has(&made, "ptp\tpractitioner\tmedicare\tG0283\t97032\t",
        "?\t2019-12-31\t1\tan invented reason\tccipra-v302r0-f1.txt:2\n"
        "2020-01-01?\t\t0\tan invented reason\tccipra-v302r0-f4.txt:2\n");
    forget(&made);
}

/* --- snapshots -------------------------------------------------------------
 */

static void equal_neighbours_join_and_others_stay(void **state)
{
    struct made made;

    MUE(MUE_24Q1, "97110,6,3", "97112,4,3", "97116,4,3", "97140,6,3");
    MUE(MUE_24Q3, "97110,6,3", "97112,5,3", "97116,4,3");
    MUE(MUE_26Q2, "97110,6,3", "97112,4,3", "97140,6,3");
    build(&made);
    dump_has(&made, "mue\tpractitioner\tmedicare\t97110\t",
        "2024q1\t2026q2\t" MUE_24Q1 ":2\t" MUE_24Q3 ":2\t" MUE_26Q2
        ":2\tcode=97110\tvalue=6\tmai=3\trationale=an invented reason\n");
    dump_has(&made, "mue\tpractitioner\tmedicare\t97112\t",
        "2024q1\t2024q1\t" MUE_24Q1
        ":3\tcode=97112\tvalue=4\tmai=3\trationale=an invented reason\n"
        "2024q3\t2024q3\t" MUE_24Q3
        ":3\tcode=97112\tvalue=5\tmai=3\trationale=an invented reason\n"
        "2026q2\t2026q2\t" MUE_26Q2
        ":3\tcode=97112\tvalue=4\tmai=3\trationale=an invented reason\n");
    dump_has(&made, "mue\tpractitioner\tmedicare\t97116\t",
        "2024q1\t2024q3\t" MUE_24Q1 ":4\t" MUE_24Q3
        ":4\tcode=97116\tvalue=4\tmai=3\trationale=an invented reason\n");
    dump_has(&made, "mue\tpractitioner\tmedicare\t97140\t",
        "2024q1\t2024q1\t" MUE_24Q1
        ":5\tcode=97140\tvalue=6\tmai=3\trationale=an invented reason\n"
        "2026q2\t2026q2\t" MUE_26Q2
        ":4\tcode=97140\tvalue=6\tmai=3\trationale=an invented reason\n");
    forget(&made);
}

/* --- validity --------------------------------------------------------------
 */

static void validity_is(
    const struct made *made, const char *code, const char *expected)
{
    char begin[32];

    (void)snprintf(begin, sizeof begin, "validity\t%s\t", code);
    dump_has(made, begin, expected);
}

static void a_hcpcs_code_lives_by_its_own_dates(void **state)
{
    struct made made;

    HCPCS(HCPCS_20, "G0283 20000101 -", "G0281 20000101 20191231");
    HCPCS(HCPCS_26, "G0283 20000101 -", "G0281 20000101 20191231",
        "G0329 20260401 -");
    build(&made);
    /* The year after the newest release is answered from it, 366 days long. */
    validity_is(&made, "G0283",
        "\tnot_valid\tnot_yet\n2000-01-01\tvalid\tdates\n"
        "2026-04-01\tvalid\tstale\n2027-04-02\tunknown\tnone\n");
    validity_is(&made, "G0281",
        "\tnot_valid\tnot_yet\n2000-01-01\tvalid\tdates\n"
        "2020-01-01\tnot_valid\tended\n");
    validity_is(&made, "G0329",
        "\tnot_valid\tnot_yet\n2026-04-01\tvalid\tstale\n"
        "2027-04-02\tunknown\tnone\n");
    forget(&made);
}

static void a_hcpcs_code_that_vanished_is_gone_from_the_next_list_on(
    void **state)
{
    struct made made;

    HCPCS(HCPCS_20, "G0283 20000101 -", "G0281 20000101 -");
    HCPCS(HCPCS_26, "G0283 20000101 -");
    build(&made);
    /* Between the two lists nobody knows when it ended. */
    validity_is(&made, "G0281",
        "\tnot_valid\tnot_yet\n2000-01-01\tvalid\tdates\n"
        "2020-04-01\tunknown\tgap\n2026-01-01\tnot_valid\tnot_listed\n");
    forget(&made);
}

static void a_hcpcs_code_that_ended_later_takes_the_newer_word(void **state)
{
    struct made made;

    HCPCS(HCPCS_20, "G0281 20000101 -");
    HCPCS(HCPCS_26, "G0281 20000101 20240331");
    build(&made);
    validity_is(&made, "G0281",
        "\tnot_valid\tnot_yet\n2000-01-01\tvalid\tdates\n"
        "2024-04-01\tnot_valid\tended\n");
    forget(&made);
}

static void a_hcpcs_code_that_came_back_has_two_lives(void **state)
{
    struct made made;

    HCPCS(HCPCS_20, "G0281 20000101 20191231");
    HCPCS(HCPCS_26, "G0281 20250101 -");
    build(&made);
    validity_is(&made, "G0281",
        "\tnot_valid\tnot_yet\n2000-01-01\tvalid\tdates\n"
        "2020-01-01\tnot_valid\tended\n2025-01-01\tvalid\tdates\n"
        "2026-04-01\tvalid\tstale\n2027-04-02\tunknown\tnone\n");
    forget(&made);
}

static void the_last_day_of_a_code_is_its_termination_date(void **state)
{
    struct made made;

    HCPCS(HCPCS_26, "G0281 20000101 20240630");
    build(&made);
    /* domain.md 8, fact 1: valid on 2024-06-30, not on the day after. */
    validity_is(&made, "G0281",
        "\tnot_valid\tnot_yet\n2000-01-01\tvalid\tdates\n"
        "2024-07-01\tnot_valid\tended\n");
    forget(&made);
}

#define LISTED_THROUGHOUT                                                      \
    "\tunknown\tnone\n2022-01-01\tvalid\tlisted\n2022-04-01\tvalid\tagreed\n"  \
    "2024-01-01\tvalid\tlisted\n2024-04-01\tvalid\tstale\n"                    \
    "2025-04-02\tunknown\tnone\n"
#define LISTED_THEN_GONE                                                       \
    "\tunknown\tnone\n2022-01-01\tvalid\tlisted\n2022-04-01\tunknown\tgap\n"   \
    "2024-01-01\tnot_valid\tnot_listed\n2025-04-02\tunknown\tnone\n"

static void put_fee_schedules(void)
{
    PFS(PFS_22A, "97110,,Invented words", "97112,,Invented words",
        "0100T,,Invented words", "0001F,,Invented words",
        "0001U,,Invented words", "0002M,,Invented words");
    PFS(PFS_24A, "97110,,Invented words", "97116,,Invented words");
}

/* domain.md 3.5: 97001 gone since 2017-01-01, long before the first fee
 * schedule here; 97127 ended with 2019; 99202 lives, whatever its minutes were.
 */
static void a_code_that_ended_before_all_releases_is_told_by_the_own_table(
    void **state)
{
    struct made made;

    put_fee_schedules();
    build(&made);
    validity_is(
        &made, "97001", "\tunknown\tnone\n2017-01-01\tnot_valid\tended\n");
    validity_is(
        &made, "97127", "\tunknown\tnone\n2020-01-01\tnot_valid\tended\n");
    validity_is(&made, "99202", "\tunknown\tnone\n");
    forget(&made);
}

static void a_cpt_code_lives_while_the_fee_schedule_lists_it(void **state)
{
    struct made made;

    put_fee_schedules();
    build(&made);
    validity_is(&made, "97110", LISTED_THROUGHOUT);
    validity_is(&made, "97112", LISTED_THEN_GONE);
    /* Not in the first list: nothing says that it was not valid then. */
    validity_is(&made, "97116",
        "\tunknown\tnone\n2022-04-01\tunknown\tgap\n"
        "2024-01-01\tvalid\tlisted\n2024-04-01\tvalid\tstale\n"
        "2025-04-02\tunknown\tnone\n");
    forget(&made);
}

static void t_and_f_codes_that_left_the_fee_schedule_are_gone(void **state)
{
    struct made made;

    put_fee_schedules();
    build(&made);
    validity_is(&made, "0100T", LISTED_THEN_GONE);
    validity_is(&made, "0001F", LISTED_THEN_GONE);
    forget(&made);
}

static void u_and_m_codes_are_never_said_to_be_gone(void **state)
{
    struct made made;

    put_fee_schedules();
    build(&made);
    validity_is(&made, "0001U",
        "\tunknown\tnone\n2022-01-01\tvalid\tlisted\n"
        "2022-04-01\tunknown\tnone\n");
    validity_is(&made, "0002M",
        "\tunknown\tnone\n2022-01-01\tvalid\tlisted\n"
        "2022-04-01\tunknown\tnone\n");
    forget(&made);
}

static void a_unit_limit_in_force_witnesses_that_a_code_lives(void **state)
{
    struct made made;

    put_fee_schedules();
    MUE(MUE_24Q1, "97112,4,3", "97535,8,3");
    build(&made);
    /* In force it outweighs the fee schedule, afterwards it does not. */
    validity_is(&made, "97112",
        "\tunknown\tnone\n2022-01-01\tvalid\tlisted\n"
        "2022-04-01\tunknown\tgap\n2024-01-01\tvalid\tlisted\n"
        "2024-04-01\tnot_valid\tnot_listed\n2025-04-02\tunknown\tnone\n");
    validity_is(&made, "97535",
        "\tunknown\tnone\n2024-01-01\tvalid\tlisted\n"
        "2024-04-01\tvalid\tstale\n2025-04-02\tunknown\tnone\n");
    forget(&made);
}

static void a_code_missing_from_a_list_of_limits_is_not_gone(void **state)
{
    struct made made;

    MUE(MUE_24Q1, "97110,6,3", "97112,4,3");
    MUE(MUE_24Q3, "97110,6,3");
    build(&made);
    validity_is(&made, "97112",
        "\tunknown\tnone\n2024-01-01\tvalid\tlisted\n"
        "2024-04-01\tunknown\tnone\n");
    forget(&made);
}

static void an_edit_without_end_witnesses_that_a_code_lives(void **state)
{
    struct made made;

    PTP(PTP_24Q3, "97150 97110 - * 1", "97530 97116 - 20191231 1",
        "97530 97161 - 20200101 9");
    build(&made);
    validity_is(&made, "97150",
        "\tunknown\tnone\n2024-07-01\tvalid\tedits\n"
        "2024-10-01\tunknown\tnone\n");
    /* A row that ended proves that a code was, not that it is. */
    validity_is(&made, "97116", "\tunknown\tnone\n");
    validity_is(&made, "97161", "\tunknown\tnone\n");
    forget(&made);
}

/* --- add-on codes ----------------------------------------------------------
 */

static void an_addon_code_is_found_from_its_primary_too(void **state)
{
    struct made made;

    AOC("AOC_V2026Q2-MCR.csv", "1,97130,,97129,,2018274,,",
        "2,0054T,,CCCCC,,2013091,,Contractor Defined Primary Codes",
        "1,97130,,97129,,2018274,,");
    build(&made);
    dump_has(&made, "aoc\t\t\t97130\t",
        "2026q2\t2026q2\tAOC_V2026Q2-MCR.csv:2\taddon=97130\ttype=1\t"
        "primary=97129\teffective=20181001\n");
    dump_has(&made, "aoc\t\t\t97129<\t",
        "2026q2\t2026q2\tAOC_V2026Q2-MCR.csv:2\taddon=97130\ttype=1\t"
        "primary=97129\teffective=20181001\n");
    dump_has(&made, "aoc\t\t\tCCCCC", "");
    dump_has(&made, "aoc\t\t\t0054T\t",
        "2026q2\t2026q2\tAOC_V2026Q2-MCR.csv:3\taddon=0054T\ttype=2\t"
        "primary=CCCCC\teffective=20130401\t"
        "note=Contractor Defined Primary Codes\n");
    file_is(&made, "AOC_V2026Q2-MCR.csv", "kept 3 2 0 0 1");
    forget(&made);
}

static void only_the_newest_table_of_addon_codes_counts(void **state)
{
    struct made made;

    AOC("AOC_V2026Q1-MCR.csv", "1,97130,,97129,,2018274,,");
    AOC("AOC_V2026Q2-MCR.csv", "1,97130,,97129,,2018274,2026090,");
    build(&made);
    file_is(&made, "AOC_V2026Q1-MCR.csv", "superseded 1 0 0 1 0");
    dump_has(&made, "aoc\t\t\t97130\t",
        "2026q2\t2026q2\tAOC_V2026Q2-MCR.csv:2\taddon=97130\ttype=1\t"
        "primary=97129\teffective=20181001\tdeleted=20260331\n");
    forget(&made);
}

/* --- licensed text ---------------------------------------------------------
 */

static void put_licensed(void)
{
    PFS(PFS_24A, "97110,,Licensed words", "G0283,,Public words",
        "D0120,,Licensed words");
    put("cpt.txt", "97110\tLicensed words in full\n");
}

static void licensed_descriptions_are_left_out_and_their_facts_kept(
    void **state)
{
    struct made made;

    put_licensed();
    build(&made);
    assert_null(strstr(made.dump, "Licensed"));
    assert_non_null(strstr(made.dump, "description=Public words\tstatus=A"));
    assert_non_null(
        strstr(made.dump, "code_modifier=97110\tstatus=A\twork_rvu=0.45"));
    assert_non_null(strstr(made.report,
        "3 licensed descriptions left out; --accept-ama-license keeps them"));
    assert_true(
        json_is_false(json_object_get(made.manifest, "ama_license_accepted")));
    file_is(&made, "cpt.txt", "kept 1 1 0 0 0");
    forget(&made);
}

static void licensed_descriptions_are_kept_when_the_licence_is_accepted(
    void **state)
{
    const struct build_options accepted = {.licensed = true};
    struct made made;

    put_licensed();
    build_with(&made, &accepted);
    assert_int_equal(made.rc, 0);
    assert_non_null(
        strstr(made.dump, "code_modifier=97110\tdescription=Licensed words\t"));
    assert_true(
        has_line(made.dump, "cpt\t\t\t97110\town\town\tcpt.txt:1\tcode=97110\t"
                            "long=Licensed words in full"));
    assert_true(
        json_is_true(json_object_get(made.manifest, "ama_license_accepted")));
    forget(&made);
}

/* --- how a build gets to its place -----------------------------------------
 */

/* The bytes of a file; freed by the caller. */
static char *bytes_of(const char *folder, const char *name, size_t *len)
{
    char path[2 * PATH_MAX];
    struct buffer out = {0};
    FILE *file;
    int c;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    while ((c = getc(file)) != EOF)
        buffer_addc(&out, (char)c);
    (void)fclose(file);
    *len = out.len;
    return out.data;
}

static void put_some_releases(void)
{
    put_fee_schedules();
    MUE(MUE_24Q1, "97112,4,3");
    PTP(PTP_24Q2, "G0283 97032 - * 1");
    PTP(PTP_24Q3, "G0283 97032 - * 1", "G0283 97035 - * 1");
    HCPCS(HCPCS_26, "G0283 20000101 -");
}

static void equal_files_make_equal_bytes(void **state)
{
    static const char *const names[] = {"data.mdb", "manifest.json"};
    struct made one, two;

    put_some_releases();
    build(&one);
    (void)rename(store(), in_folder("other-store"));
    build(&two);
    assert_string_equal(one.result.id, two.result.id);
    for (size_t i = 0; i < 2; i++) {
        size_t len, other_len;
        char *bytes = bytes_of(two.result.path, names[i], &len);
        char *other =
            bytes_of(in_folder("other-store/current"), names[i], &other_len);

        assert_int_equal(len, other_len);
        assert_memory_equal(bytes, other, len);
        free(bytes);
        free(other);
    }
    forget(&one);
    forget(&two);
}

static unsigned entries(const char *folder)
{
    DIR *dir = opendir(folder);
    unsigned count = 0;

    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count +=
            strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    (void)closedir(dir);
    return count;
}

static void a_build_made_again_takes_the_place_of_the_first(void **state)
{
    char current[PATH_MAX];
    struct made made;
    FILE *file;

    put_some_releases();
    build(&made);
    /* Something damaged it since. */
    file = fopen(in_folder("store/current/data.mdb"), "w");
    assert_non_null(file);
    (void)fclose(file);
    assert_int_not_equal(verify_build(made.result.path, NULL, NULL), 0);
    forget(&made);
    build(&made);
    assert_int_equal(builds_current(current, store(), NULL), 0);
    assert_int_equal(verify_build(current, NULL, NULL), 0);
    assert_int_equal(entries(in_folder("store/builds")), 1);
    forget(&made);
}

static void what_a_folder_above_tells_is_part_of_the_identity(void **state)
{
    struct made one, two;

    PTP("2024q2/ptp_practitioner.tsv", "G0283 97032 - * 1");
    PTP("2024q3/ptp_practitioner.tsv", "G0283 97032 - * 1");
    build_from(&one, in_folder("files/2024q2"), NULL);
    build_from(&two, in_folder("files/2024q3"), NULL);
    assert_int_equal(one.rc, 0);
    assert_int_equal(two.rc, 0);
    assert_string_not_equal(one.result.id, two.result.id);
    assert_int_equal(entries(in_folder("store/builds")), 2);
    forget(&one);
    forget(&two);
}

static void what_killed_builds_left_is_removed(void **state)
{
    struct made made;
    FILE *file;

    put_some_releases();
    (void)mkdir(store(), 0700);
    (void)mkdir(in_folder("store/builds"), 0700);
    (void)mkdir(in_folder("store/builds/.0123456789abcdef.77"), 0700);
    file = fopen(in_folder("store/builds/.0123456789abcdef.77/data.mdb"), "w");
    assert_non_null(file);
    (void)fclose(file);
    assert_int_equal(symlink("builds/x", in_folder("store/.current.77")), 0);
    build(&made);
    assert_int_equal(entries(in_folder("store/builds")), 1);
    /* the lock, builds, current, activations */
    assert_int_equal(entries(store()), 4);
    forget(&made);
}

static void a_dry_run_writes_nothing(void **state)
{
    const struct build_options dry = {.dry_run = true};
    struct made made;

    put_some_releases();
    build_with(&made, &dry);
    assert_int_equal(made.rc, 0);
    assert_int_not_equal(access(store(), F_OK), 0);
    assert_non_null(strstr(made.report, "PPRRVU22_JAN.csv"));
    forget(&made);
}

static void a_build_can_wait_to_become_active(void **state)
{
    const struct build_options waiting = {.no_activate = true};
    char current[PATH_MAX];
    struct made made;

    put_some_releases();
    build_with(&made, &waiting);
    assert_int_equal(made.rc, 0);
    assert_false(made.result.activated);
    assert_int_equal(builds_current(current, store(), NULL), ERR_NOTFOUND);
    assert_int_equal(verify_build(made.result.path, NULL, NULL), 0);
    forget(&made);
}

static void a_person_who_wants_out_leaves_no_trace(void **state)
{
    const volatile int stop = 1;
    const struct build_options stopped = {.collect = {.stop = &stop}};
    struct made made;

    put_some_releases();
    build_with(&made, &stopped);
    assert_int_equal(made.rc, ERR_SYSTEM);
    assert_string_equal(made.err.msg, "stopped");
    assert_int_not_equal(access(in_folder("store/current"), F_OK), 0);
    forget(&made);
}

/* A note quotes names; where it is cut a character may end in its middle. */
static void a_long_name_in_any_script_stays_in_the_manifest(void **state)
{
    for (int odd = 0; odd < 2; odd++) {
        char name[300] = "", other[400];
        struct made made;

        (void)snprintf(name, sizeof name, "2024q3%s/", odd ? "x" : "");
        for (int i = 0; i < 110; i++)
            (void)strcat(name, "\xC3\xA9");
        (void)snprintf(other, sizeof other, "%s-practitioner-2.csv", name);
        (void)strcat(name, "-practitioner-1.csv");
        MUE(name, "97110,6,3");
        MUE(other, "97110,6,3");
        build(&made);
        file_is(&made, name, odd ? "duplicate 1 0 0 0 1" : "kept 1 1 0 0 0");
        file_is(&made, other, "duplicate 1 0 0 0 1");
        forget(&made);
    }
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, builds_begin, builds_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_day_that_the_file_tells_is_kept),
        TEST(a_blank_day_follows_the_deletion_before_it),
        TEST(the_two_directions_of_a_pair_have_their_own_days),
        TEST(an_edit_that_was_withdrawn_neither_begins_nor_ends_any),
        TEST(an_edit_that_the_quarter_before_lacks_begins_with_its_own),
        TEST(an_edit_closed_since_the_quarter_before_is_not_new),
        TEST(another_indicator_makes_an_edit_new),
        TEST(a_release_further_back_teaches_no_days),
        TEST(an_edit_already_over_does_not_begin_with_the_quarter),
        TEST(a_row_that_stands_twice_counts_once),
        TEST(rows_of_all_parts_are_one_pair),
        TEST(equal_neighbours_join_and_others_stay),
        TEST(a_hcpcs_code_lives_by_its_own_dates),
        TEST(a_hcpcs_code_that_vanished_is_gone_from_the_next_list_on),
        TEST(a_hcpcs_code_that_ended_later_takes_the_newer_word),
        TEST(a_hcpcs_code_that_came_back_has_two_lives),
        TEST(the_last_day_of_a_code_is_its_termination_date),
        TEST(a_code_that_ended_before_all_releases_is_told_by_the_own_table),
        TEST(a_cpt_code_lives_while_the_fee_schedule_lists_it),
        TEST(t_and_f_codes_that_left_the_fee_schedule_are_gone),
        TEST(u_and_m_codes_are_never_said_to_be_gone),
        TEST(a_unit_limit_in_force_witnesses_that_a_code_lives),
        TEST(a_code_missing_from_a_list_of_limits_is_not_gone),
        TEST(an_edit_without_end_witnesses_that_a_code_lives),
        TEST(an_addon_code_is_found_from_its_primary_too),
        TEST(only_the_newest_table_of_addon_codes_counts),
        TEST(licensed_descriptions_are_left_out_and_their_facts_kept),
        TEST(licensed_descriptions_are_kept_when_the_licence_is_accepted),
        TEST(equal_files_make_equal_bytes),
        TEST(a_build_made_again_takes_the_place_of_the_first),
        TEST(what_a_folder_above_tells_is_part_of_the_identity),
        TEST(what_killed_builds_left_is_removed),
        TEST(a_dry_run_writes_nothing),
        TEST(a_build_can_wait_to_become_active),
        TEST(a_person_who_wants_out_leaves_no_trace),
        TEST(a_long_name_in_any_script_stays_in_the_manifest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

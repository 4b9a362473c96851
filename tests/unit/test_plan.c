/* Which files of a build count, and what fails it: design.md section 4. */
#include "tests/builds.h"
#include "tests/archives.h"

#define PTP_24Q2 "2024q2/ptp_practitioner.tsv"
#define PTP_24Q3 "2024q3/ptp_practitioner.tsv"
#define MUE_24Q3 "MCR_MUE_PractitionerServices_Eff_07-01-2024.csv"
#define MUE_26Q2 "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv"

/* --- one release in several files ----------------------------------------- */

static void put_mue_workbook(const char *name)
{
    struct buffer book = {0};

    archives_workbook(&book,
        "<row r=\"1\">"
        "<c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
        "<c r=\"C1\" t=\"s\"><v>2</v></c><c r=\"D1\" t=\"s\"><v>3</v></c></row>"
        "<row r=\"2\">"
        "<c r=\"A2\" t=\"s\"><v>4</v></c><c r=\"B2\"><v>6</v></c>"
        "<c r=\"C2\"><v>3</v></c><c r=\"D2\" t=\"s\"><v>5</v></c></row>",
        "<si><t>HCPCS/CPT Code</t></si>"
        "<si><t>Practitioner Services MUE Values</t></si>"
        "<si><t>MUE Adjudication Indicator</t></si>"
        "<si><t>MUE Rationale</t></si><si><t>97110</t></si>"
        "<si><t>an invented reason</t></si>");
    put_buffer(name, &book);
}

static void a_release_in_two_formats_counts_once(void **state)
{
    struct made made;

    MUE(MUE_26Q2, "97110,6,3");
    put_mue_workbook("MCR_MUE_PractitionerServices_Eff_04-01-2026.xlsx");
    build(&made);
    file_is(&made, MUE_26Q2, "kept 1 1 0 0 0");
    file_is(&made, "MCR_MUE_PractitionerServices_Eff_04-01-2026.xlsx",
        "duplicate 1 0 0 0 1");
    dump_has(&made, "mue\t",
        "practitioner\tmedicare\t97110\t2026q2\t2026q2\t" MUE_26Q2
        ":2\tcode=97110\tvalue=6\tmai=3\trationale=an invented reason\n");
    forget(&made);
}

static void a_revised_file_replaces_the_earlier_one(void **state)
{
    struct made made;

    HCPCS("HCPC2026_JAN_ANWEB_01122026.csv", "G0283 20030101 20251231");
    HCPCS("HCPC2026_JAN_ANWEB_01022026.csv", "G0283 20030101 -");
    build(&made);
    file_is(&made, "HCPC2026_JAN_ANWEB_01122026.csv", "kept 1 1 0 0 0");
    file_is(&made, "HCPC2026_JAN_ANWEB_01022026.csv", "superseded 1 0 0 1 0");
    dump_has(&made, "validity\tG0283\t",
        "\tnot_valid\tnot_yet\n2003-01-01\tvalid\tdates\n"
        "2026-01-01\tnot_valid\tended\n");
    forget(&made);
}

static void a_copy_in_another_folder_is_a_duplicate(void **state)
{
    struct made made;

    PTP("a/2024q3/ptp_practitioner.tsv", "G0283 97032 20200101 * 1");
    PTP("b/2024q3/ptp_practitioner.tsv", "G0283 97032 20200101 * 1");
    build(&made);
    file_is(&made, "a/2024q3/ptp_practitioner.tsv", "kept 1 1 0 0 0");
    file_is(&made, "b/2024q3/ptp_practitioner.tsv", "duplicate 1 0 0 0 1");
    assert_string_equal(note_of(&made, "b/2024q3/ptp_practitioner.tsv"),
        "the same rows as a/2024q3/ptp_practitioner.tsv");
    forget(&made);
}

static void a_piece_of_a_release_never_stands_for_the_whole(void **state)
{
    const struct build_options lenient = {.allow_partial = true};
    struct made made;

    put_many_mue("2024q3/b_practitioner.csv", 0, 300);
    put_many_mue("2024q3/a_practitioner.csv", 0, 20);
    build_fails("2024q3/a_practitioner.csv: partial: 20 rows where "
                "2024q3/b_practitioner.csv of the same release has 300; "
                "--allow-partial leaves it out; to have it, load it whole, "
                "with all its parts, downloaded anew if need be");
    build_with(&made, &lenient);
    file_is(&made, "2024q3/a_practitioner.csv", "partial 20 0 20 0 0");
    file_is(&made, "2024q3/b_practitioner.csv", "kept 300 300 0 0 0");
    forget(&made);
}

/* --- PTP: a newer table replaces the older ---------------------------------
 */

static void the_edits_of_a_newer_quarter_replace_the_older(void **state)
{
    struct made made;

    PTP(PTP_24Q2, "G0283 97032 20200101 * 1", "G0281 G0283 20200101 * 1");
    PTP(PTP_24Q3, "G0283 97032 20200101 * 1", "G0281 G0283 20200101 * 0",
        "97035 97164 20200101 * 1");
    build(&made);
    file_is(&made, PTP_24Q2, "superseded 2 0 0 2 0");
    file_is(&made, PTP_24Q3, "kept 3 3 0 0 0");
    assert_string_equal(
        note_of(&made, PTP_24Q2), "the table of 2024q3 replaces it");
    dump_has(&made, "ptp\tpractitioner\tmedicare\tG0281\tG0283\t",
        "2020-01-01\t\t0\tan invented reason\t" PTP_24Q3 ":3\n");
    forget(&made);
}

static void settings_and_programs_do_not_replace_one_another(void **state)
{
    struct made made;

    PTP("2024q2/ccioph.tsv", "G0283 97032 20200101 * 1");
    PTP(PTP_24Q3, "G0283 97032 20200101 * 0");
    PTP("2024q3/medicaid_practitioner.tsv", "G0283 97032 20200101 20201231 1");
    build(&made);
    dump_has(&made, "ptp\toutpatient\tmedicare\tG0283\t97032\t",
        "2020-01-01\t\t1\tan invented reason\t2024q2/ccioph.tsv:2\n");
    dump_has(&made, "ptp\tpractitioner\tmedicare\tG0283\t97032\t",
        "2020-01-01\t\t0\tan invented reason\t" PTP_24Q3 ":2\n");
    dump_has(&made, "ptp\tpractitioner\tmedicaid\tG0283\t97032\t",
        "2020-01-01\t2020-12-31\t1\tan invented reason\t"
        "2024q3/medicaid_practitioner.tsv:2\n");
    forget(&made);
}

/* --- parts -----------------------------------------------------------------
 */

static void put_part(int part, int revision)
{
    char name[64];

    (void)snprintf(name, sizeof name, "ccipra-v322r%d-f%d.txt", revision, part);
    put_many_ptp(name, 1000 * part + revision, 10);
}

static void four_parts_make_one_table(void **state)
{
    struct made made;

    for (int part = 1; part <= 4; part++)
        put_part(part, 0);
    build(&made);
    for (int part = 1; part <= 4; part++) {
        char name[64];

        (void)snprintf(name, sizeof name, "ccipra-v322r0-f%d.txt", part);
        file_is(&made, name, "kept 10 10 0 0 0");
    }
    dump_has(&made, "ptp\tpractitioner\tmedicare\tG0283\tH4009\t",
        "2020-01-01\t\t1\tan invented reason\tccipra-v322r0-f4.txt:11\n");
    forget(&made);
}

static void a_missing_part_is_named(void **state)
{
    put_part(1, 0);
    put_part(2, 0);
    put_part(4, 0);
    build_fails("ccipra-v322r0-f1.txt: partial: missing: f3 (the table comes "
                "in 4 parts of one version); --allow-partial leaves it out; to "
                "have it, load it whole, "
                "with all its parts, downloaded anew if need be");
}

static void all_missing_parts_are_named(void **state)
{
    put_part(2, 0);
    build_fails("ccipra-v322r0-f2.txt: partial: missing: f1, f3, f4 (the table "
                "comes in 4 parts of one version); --allow-partial leaves it "
                "out; to have it, load it whole, "
                "with all its parts, downloaded anew if need be");
}

static void parts_of_two_versions_are_not_mixed(void **state)
{
    put_part(1, 0);
    put_part(2, 0);
    put_part(3, 1);
    put_part(4, 0);
    build_fails("ccipra-v322r0-f1.txt: partial: parts of two versions, v322r0 "
                "and v322r1, are mixed; --allow-partial leaves it out; to have "
                "it, load it whole, "
                "with all its parts, downloaded anew if need be");
}

static void revised_parts_replace_the_whole_earlier_set(void **state)
{
    struct made made;

    for (int part = 1; part <= 4; part++) {
        put_part(part, 0);
        put_part(part, 1);
    }
    build(&made);
    file_is(&made, "ccipra-v322r0-f3.txt", "superseded 10 0 0 10 0");
    file_is(&made, "ccipra-v322r1-f3.txt", "kept 10 10 0 0 0");
    dump_has(&made, "ptp\tpractitioner\tmedicare\tG0283\tH3000\t", "");
    dump_has(&made, "ptp\tpractitioner\tmedicare\tG0283\tH3001\t",
        "2020-01-01\t\t1\tan invented reason\tccipra-v322r1-f3.txt:2\n");
    forget(&made);
}

static void the_tenth_revision_follows_the_ninth(void **state)
{
    struct made made;

    for (int part = 1; part <= 4; part++) {
        put_part(part, 9);
        put_part(part, 10);
    }
    build(&made);
    file_is(&made, "ccipra-v322r9-f1.txt", "superseded 10 0 0 10 0");
    file_is(&made, "ccipra-v322r10-f1.txt", "kept 10 10 0 0 0");
    forget(&made);
}

static void part_of_a_revision_does_not_pass_for_it(void **state)
{
    for (int part = 1; part <= 4; part++)
        put_part(part, 0);
    put_part(1, 1);
    build_fails("ccipra-v322r0-f2.txt: partial: parts of two versions, v322r1 "
                "and v322r0, are mixed; --allow-partial leaves it out; to have "
                "it, load it whole, "
                "with all its parts, downloaded anew if need be");
}

static void a_table_that_is_whole_and_in_parts_counts_once(void **state)
{
    struct made made;

    for (int part = 1; part <= 4; part++)
        put_part(part, 0);
    put_many_ptp("2026q3/ptp_practitioner.tsv", 1000, 10);
    build(&made);
    file_is(&made, "2026q3/ptp_practitioner.tsv", "duplicate 10 0 0 0 10");
    dump_has(&made, "ptp\tpractitioner\tmedicare\tG0283\tH1000\t",
        "2020-01-01\t\t1\tan invented reason\tccipra-v322r0-f1.txt:2\n");
    forget(&made);
}

static void the_whole_table_stands_in_for_missing_parts(void **state)
{
    struct made made;

    put_part(1, 0);
    put_many_ptp("2026q3/ptp_practitioner.tsv", 1000, 10);
    build(&made);
    file_is(&made, "2026q3/ptp_practitioner.tsv", "kept 10 10 0 0 0");
    file_is(&made, "ccipra-v322r0-f1.txt", "duplicate 10 0 0 0 10");
    forget(&made);
}

/* --- partial releases ------------------------------------------------------
 */

static void far_fewer_rows_than_the_release_before_is_partial(void **state)
{
    put_many_mue(MUE_24Q3, 0, 1000);
    put_many_mue(MUE_26Q2, 0, 849);
    build_fails(MUE_26Q2 ": partial: 849 rows where release 2024q3 has 1000: "
                         "only a part of a release; --allow-partial leaves it "
                         "out; to have it, load it whole, "
                         "with all its parts, downloaded anew if need be");
}

static void a_few_rows_less_than_before_are_not_partial(void **state)
{
    struct made made;

    put_many_mue(MUE_24Q3, 0, 1000);
    put_many_mue(MUE_26Q2, 0, 850);
    build(&made);
    file_is(&made, MUE_26Q2, "kept 850 850 0 0 0");
    forget(&made);
}

static void a_piece_of_the_first_release_is_noticed_by_the_next(void **state)
{
    put_many_mue(MUE_24Q3, 0, 19);
    put_many_mue(MUE_26Q2, 0, 1000);
    build_fails(MUE_24Q3 ": partial: 19 rows where release 2026q2 has 1000: "
                         "only a part of a release; --allow-partial leaves it "
                         "out; to have it, load it whole, "
                         "with all its parts, downloaded anew if need be");
}

static void a_piece_is_noticed_by_the_build_before(void **state)
{
    struct made made;

    put_many_mue(MUE_24Q3, 0, 1000);
    build(&made);
    forget(&made);
    put_many_mue(MUE_24Q3, 0, 100);
    build_fails(MUE_24Q3 ": partial: 100 rows where release 2024q3 has 1000: "
                         "only a part of a release; --allow-partial leaves it "
                         "out; to have it, load it whole, "
                         "with all its parts, downloaded anew if need be");
}

static void a_partial_release_beside_a_complete_one_is_left_out(void **state)
{
    const struct build_options lenient = {.allow_partial = true};
    struct made made;

    put_many_mue(MUE_24Q3, 0, 1000);
    put_many_mue(MUE_26Q2, 2000, 100);
    build_with(&made, &lenient);
    assert_int_equal(made.rc, 0);
    file_is(&made, MUE_24Q3, "kept 1000 1000 0 0 0");
    file_is(&made, MUE_26Q2, "partial 100 0 100 0 0");
    assert_null(strstr(made.dump, "A2000"));
    forget(&made);
}

static bool is_marked_partial(const struct made *made, const char *table)
{
    json_t *series;
    size_t i;

    json_array_foreach(json_object_get(made->manifest, "tables"), i, series)
    {
        if (strcmp(json_string_value(json_object_get(series, "table")),
                table) == 0)
            return json_is_true(json_object_get(
                json_array_get(json_object_get(series, "releases"), 0),
                "partial"));
    }
    fail_msg("no table %s", table);
    return false;
}

static void a_partial_release_that_is_all_there_is_loads_marked(void **state)
{
    const struct build_options lenient = {.allow_partial = true};
    struct made made;

    put_part(1, 0);
    put_many_mue(MUE_24Q3, 0, 10);
    build_with(&made, &lenient);
    assert_int_equal(made.rc, 0);
    file_is(&made, "ccipra-v322r0-f1.txt", "partial 10 10 0 0 0");
    assert_true(is_marked_partial(&made, "ptp"));
    assert_false(is_marked_partial(&made, "mue"));
    dump_has(&made, "ptp\tpractitioner\tmedicare\tG0283\tH1000\t",
        "2020-01-01\t\t1\tan invented reason\tccipra-v322r0-f1.txt:2\n");
    forget(&made);
}

static void a_partial_newer_table_does_not_replace_a_complete_one(void **state)
{
    const struct build_options lenient = {.allow_partial = true};
    struct made made;

    PTP(PTP_24Q3, "G0283 97032 20200101 * 1");
    put_part(1, 0); /* of 2026q3 */
    build_with(&made, &lenient);
    assert_int_equal(made.rc, 0);
    file_is(&made, PTP_24Q3, "kept 1 1 0 0 0");
    file_is(&made, "ccipra-v322r0-f1.txt", "partial 10 0 10 0 0");
    forget(&made);
}

/* --- refusals --------------------------------------------------------------
 */

static void a_refused_row_is_counted_and_told(void **state)
{
    json_t *refusals, *file;
    struct made made;
    size_t i;

    MUE(MUE_26Q2, "97110,6,3", "9711,6,3", "97112,six,3", "97116,4,3");
    build(&made);
    file_is(&made, MUE_26Q2, "kept 4 2 2 0 0");
    json_array_foreach(json_object_get(made.manifest, "files"), i,
        file) if (strcmp(json_string_value(json_object_get(file, "file")),
                      MUE_26Q2) == 0)
    {
        char *text;

        refusals = json_object_get(file, "refusals");
        text = json_dumps(refusals, JSON_COMPACT | JSON_SORT_KEYS);
        assert_string_equal(text,
            "[{\"column\":\"code\",\"reason\":\"not five characters\","
            "\"row\":3},{\"column\":\"value\",\"reason\":\"not a number from 0 "
            "to 999999\",\"row\":4}]");
        free(text);
    }
    assert_true(has_line(made.report, "    row 3, code: not five characters"));
    forget(&made);
}

/* count good rows, then refused ones. */
static void put_refused(const char *name, int good, int bad)
{
    struct buffer out = {0};

    buffer_adds(&out, MUE_HEADING);
    for (int i = 0; i < good; i++)
        buffer_addf(&out, "%c%04d,1,3,an invented reason\n", 'A' + i / 10000,
            i % 10000);
    for (int i = 0; i < bad; i++)
        buffer_adds(&out, "A1,1,3,an invented reason\n");
    put_buffer(name, &out);
}

static void a_hundred_refused_rows_in_ten_thousand_pass(void **state)
{
    struct made made;

    put_refused(MUE_26Q2, 9900, 100);
    build(&made);
    file_is(&made, MUE_26Q2, "kept 10000 9900 100 0 0");
    assert_true(has_line(made.report, "    and 80 more"));
    forget(&made);
}

static void more_than_the_share_refused_fails_the_build(void **state)
{
    put_refused(MUE_26Q2, 9899, 101);
    build_fails(MUE_26Q2 ": 101 of 10000 rows refused, the first in row 9901, "
                         "code: not five characters");
}

static void rows_that_contradict_others_count_as_refused(void **state)
{
    struct buffer out = {0};

    buffer_adds(&out, MUE_HEADING);
    for (int i = 0; i < 1000; i++)
        buffer_addf(
            &out, "A%04d,%d,3,an invented reason\n", i % 899, i < 899 ? 1 : 2);
    put_buffer(MUE_26Q2, &out);
    build_fails(MUE_26Q2 ": 101 of 1000 rows refused, the first in row 901, "
                         "code: a second, different row of A0000");
}

static void a_row_that_says_something_else_of_the_same_code_is_refused(
    void **state)
{
    struct made made;

    MUE(MUE_26Q2, "97110,6,3", "97112,4,3", "97110,6,3", "97112,5,3");
    build(&made);
    file_is(&made, MUE_26Q2, "kept 4 2 1 0 1");
    assert_true(has_line(
        made.report, "    row 5, code: a second, different row of 97112"));
    dump_has(&made, "mue\tpractitioner\tmedicare\t97112\t",
        "2026q2\t2026q2\t" MUE_26Q2
        ":3\tcode=97112\tvalue=4\tmai=3\trationale=an invented reason\n");
    forget(&made);
}

/* --- what fails a build ----------------------------------------------------
 */

static void the_starter_set_is_never_mixed_with_releases(void **state)
{
    MUE("2026q2/starter_mue_practitioner.csv", "97110,6,3");
    MUE(MUE_26Q2, "97110,6,3");
    build_fails(MUE_26Q2 ": the starter set is never mixed with releases");
}

static void no_path_builds_the_starter_set(void **state)
{
    struct made made;

    build_from(&made, NULL, NULL);
    assert_int_equal(made.rc, 0);
    assert_true(json_is_true(json_object_get(made.manifest, "starter")));
    assert_non_null(strstr(made.dump, "\tstarter\tstarter\t"));
    forget(&made);
}

static void a_list_of_the_administrators_own_is_no_release(void **state)
{
    put("local.tsv", "local_code\ttext\nX-1\tan invented thing\n");
    build_fails("no release was recognised under the given paths");
}

static void a_damaged_file_fails_the_build(void **state)
{
    MUE(MUE_26Q2, "97110,6,3");
    put("rvu.zip", "<!DOCTYPE html><html><body>A licence</body></html>");
    build_fails(
        "rvu.zip: damaged: a web page, not a release: open the address in a "
        "browser, accept the licence, and save the file again");
}

static void a_heading_without_rows_is_damage(void **state)
{
    MUE(MUE_24Q3, "97110,6,3");
    put(MUE_26Q2, MUE_HEADING);
    build_fails(
        MUE_26Q2 ": damaged: recognised, but holds no row that can be used");
}

static void a_setting_that_nothing_tells_is_asked_for(void **state)
{
    const struct build_options told = {
        .collect = {.setting = SETTING_OUTPATIENT}};
    struct made made;

    PTP("2024q3/edits.tsv", "G0283 97032 20200101 * 1");
    build_fails("2024q3/edits.tsv: damaged: practitioner, outpatient or dme? "
                "say it with --setting");
    build_with(&made, &told);
    dump_has(&made, "ptp\toutpatient\tmedicare\tG0283\t97032\t",
        "2020-01-01\t\t1\tan invented reason\t2024q3/edits.tsv:2\n");
    forget(&made);
}

static void a_file_that_nobody_knows_is_named(void **state)
{
    struct made made;

    MUE(MUE_26Q2, "97110,6,3");
    put("shopping.txt", "two apples\nand a pear\n");
    build(&made);
    file_is(&made, "shopping.txt", "not recognised");
    forget(&made);
}

static void a_failed_build_leaves_the_active_one(void **state)
{
    char before[PATH_MAX], after[PATH_MAX];
    struct made made;

    MUE(MUE_26Q2, "97110,6,3");
    build(&made);
    forget(&made);
    assert_int_equal(builds_current(before, store(), NULL), 0);
    put("empty.csv", "");
    build_fails("empty.csv: damaged: empty");
    assert_int_equal(builds_current(after, store(), NULL), 0);
    assert_string_equal(before, after);
    assert_int_equal(verify_build(after, NULL, NULL), 0);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, builds_begin, builds_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_release_in_two_formats_counts_once),
        TEST(a_revised_file_replaces_the_earlier_one),
        TEST(a_copy_in_another_folder_is_a_duplicate),
        TEST(a_piece_of_a_release_never_stands_for_the_whole),
        TEST(the_edits_of_a_newer_quarter_replace_the_older),
        TEST(settings_and_programs_do_not_replace_one_another),
        TEST(four_parts_make_one_table),
        TEST(a_missing_part_is_named),
        TEST(all_missing_parts_are_named),
        TEST(parts_of_two_versions_are_not_mixed),
        TEST(revised_parts_replace_the_whole_earlier_set),
        TEST(the_tenth_revision_follows_the_ninth),
        TEST(part_of_a_revision_does_not_pass_for_it),
        TEST(a_table_that_is_whole_and_in_parts_counts_once),
        TEST(the_whole_table_stands_in_for_missing_parts),
        TEST(far_fewer_rows_than_the_release_before_is_partial),
        TEST(a_few_rows_less_than_before_are_not_partial),
        TEST(a_piece_of_the_first_release_is_noticed_by_the_next),
        TEST(a_piece_is_noticed_by_the_build_before),
        TEST(a_partial_release_beside_a_complete_one_is_left_out),
        TEST(a_partial_release_that_is_all_there_is_loads_marked),
        TEST(a_partial_newer_table_does_not_replace_a_complete_one),
        TEST(a_refused_row_is_counted_and_told),
        TEST(a_hundred_refused_rows_in_ten_thousand_pass),
        TEST(more_than_the_share_refused_fails_the_build),
        TEST(rows_that_contradict_others_count_as_refused),
        TEST(a_row_that_says_something_else_of_the_same_code_is_refused),
        TEST(the_starter_set_is_never_mixed_with_releases),
        TEST(no_path_builds_the_starter_set),
        TEST(a_list_of_the_administrators_own_is_no_release),
        TEST(a_damaged_file_fails_the_build),
        TEST(a_heading_without_rows_is_damage),
        TEST(a_setting_that_nothing_tells_is_asked_for),
        TEST(a_file_that_nobody_knows_is_named),
        TEST(a_failed_build_leaves_the_active_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_fetch_places.c - the publishers' names are told apart: each below was
 * met at CMS or CDC/NCHS, or in the reference that the project is built by. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/harness.h"
#include "indexer/fetch/address.h"
#include "indexer/fetch/places.h"

static struct places *places;

static int open_places(void **state)
{
    return places_open(&places, NULL);
}

static int close_places(void **state)
{
    places_close(places);
    return 0;
}

/* The place that a file's address belongs to, and what its name says; NULL when
 * there is none. More than one kind is a mistake of the table. */
static const struct place *place_of(
    const char *address, struct named_release *out)
{
    const struct place *list, *found = NULL;
    struct named_release release;
    char subject[ADDRESS_MAX];
    size_t count;

    assert_int_equal(address_subject(subject, address, NULL), 0);
    list = places_list(places, &count);
    for (size_t i = 0; i < count; i++)
        if (pattern_find(list[i].file, subject, &release)) {
            if (found != NULL)
                fail_msg(
                    "%s: %s and %s", address, found->source, list[i].source);
            found = &list[i];
            *out = release;
        }
    return found;
}

static void names_of_files_tell_source_release_version_and_part(void **state)
{
    static const struct {
        const char *address, *source, *set, *label, *from, *version;
        int part;
    } names[] = {
        {"https://www.cms.gov/files/zip/"
         "october-2026-alpha-numeric-hcpcs-file.zip",
            "hcpcs", "", "2026-10", "2026-10-01", "", 1},
        {"https://www.cms.gov/files/zip/"
         "july-2023-alpha-numeric-hcpcs-files.zip",
            "hcpcs", "", "2023-07", "2023-07-01", "", 1},
        {"https://www.cms.gov/x/2017-Alpha-Numeric-HCPCS-File.zip", "hcpcs", "",
            "2017", "2017-01-01", "", 1},
        {"https://www.cms.gov/files/zip/rvu26a-updated-12-29-2025.zip", "pfs",
            "", "2026a", "2026-01-01", "-updated-12-29-2025", 1},
        {"https://www.cms.gov/license/ama?file=/files/zip/"
         "rvu26d-updated-08-26-2026.zip",
            "pfs", "", "2026d", "2026-10-01", "-updated-08-26-2026", 1},
        {"https://www.cms.gov/x/RVU24A.zip", "pfs", "", "2024a", "2024-01-01",
            "", 1},
        {"https://www.cms.gov/x/RVU26AR.zip", "pfs", "", "2026a", "2026-01-01",
            "R", 1},
        {"https://www.cms.gov/x/rvu25a-updated-01_10_2025.zip", "pfs", "",
            "2025a", "2025-01-01", "-updated-01_10_2025", 1},
        {"https://www.cms.gov/license/ama?file=/files/zip/"
         "medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip",
            "ptp", "practitioner", "2026q3", "2026-07-01", "322r0", 1},
        {"https://www.cms.gov/license/ama?file=/files/zip//"
         "medicare-ncci-2026q2-hospital-ptp-edits-ccioph-v321r0-f3.zip",
            "ptp", "outpatient", "2026q2", "2026-04-01", "321r0", 3},
        {"https://www.cms.gov/license/ama?file=%2Ffiles%2Fzip%2F"
         "medicare-ncci-2026-q4-hospital-ptp-edits-ccioph-v323r1-f4.zip",
            "ptp", "outpatient", "2026q4", "2026-10-01", "323r1", 4},
        {"https://www.cms.gov/files/zip/"
         "medicare-ncci-2026-q3-practitioner-services-mue-table.zip",
            "mue", "practitioner", "2026q3", "2026-07-01", "", 1},
        {"https://www.cms.gov/files/zip/medicare-ncci-2026-q3-facility-"
         "outpatient-hospital-services-mue-table.zip",
            "mue", "outpatient", "2026q3", "2026-07-01", "", 1},
        {"https://www.cms.gov/files/zip/"
         "medicare-ncci-2026-q2-dme-supplier-services-mue-table.zip",
            "mue", "dme", "2026q2", "2026-04-01", "", 1},
        {"https://www.cms.gov/files/zip/"
         "add-code-edits-medicare-effective-06012026.zip",
            "aoc", "", "2026-06", "2026-06-01", "", 1},
        {"https://www.cms.gov/files/zip/"
         "2027-code-descriptions-tabular-order.zip",
            "icd10cm", "", "2027", "2026-10-01", "", 1},
        {"https://www.cms.gov/files/zip/"
         "april-1-2026-code-descriptions-tabular-order.zip",
            "icd10cm", "", "2026-04", "2026-04-01", "", 1},
        {"https://www.cms.gov/files/zip/"
         "2025-code-descriptions-tabular-order-april.zip",
            "icd10cm", "", "2025-04", "2025-04-01", "", 1},
        {"https://ftp.cdc.gov/pub/Health_Statistics/NCHS/Publications/ICD10CM/"
         "2026/icd10cm-Code%20Descriptions-2026.zip",
            "icd10cm", "", "2026", "2025-10-01", "", 1},
        {"https://www.cms.gov/files/zip/2026-code-tables-tabular-and-index.zip",
            "icd10cm_tabular", "", "2026", "2025-10-01", "", 1},
        {"https://www.cms.gov/files/zip/"
         "april-1-2026-code-tables-tabular-index.zip",
            "icd10cm_tabular", "", "2026-04", "2026-04-01", "", 1},
        {"https://www.cms.gov/files/zip/"
         "2025-code-tables-tabular-and-index-april.zip",
            "icd10cm_tabular", "", "2025-04", "2025-04-01", "", 1},
        {"https://ftp.cdc.gov/x/2017/ICD10CM_FY2017_Full_XML.zip",
            "icd10cm_tabular", "", "2017", "2016-10-01", "", 1},
        {"https://www.cms.gov/files/zip/2025-conversion-table.zip",
            "conversion", "", "2025", "2024-10-01", "", 1},
        {"https://ftp.cdc.gov/x/ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx",
            "conversion", "", "2026", "2025-10-01", "", 1},
        {"https://www.cms.gov/files/zip/2025-poa-exempt-codes.zip", "poa", "",
            "2025", "2024-10-01", "", 1},
        {"https://ftp.cdc.gov/x/POAexemptCodesFY26.zip", "poa", "", "2026",
            "2025-10-01", "", 1},
        {"https://www.cms.gov/x/2025_DHS_Code_List_Addendum_11_26_2024.xlsx",
            "dhs", "", "2025", "2025-01-01", "", 1},
        {"https://downloads.cms.gov/medicare-coverage-database/downloads/"
         "exports/current_article.zip",
            "coverage", "articles", "", "", "", 1},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct named_release release;
        char from[DAY_TEXT_LEN];
        const struct place *place = place_of(names[i].address, &release);

        if (place == NULL) {
            fail_msg("%s: no place", names[i].address);
            return;
        }
        (void)day_format(from, release.from);
        assert_string_equal(place->source, names[i].source);
        assert_string_equal(place->set, names[i].set);
        assert_string_equal(release.label, names[i].label);
        assert_string_equal(from, names[i].from);
        assert_string_equal(release.version, names[i].version);
        assert_int_equal(release.part, names[i].part);
    }
}

static void other_files_of_the_same_pages_are_none(void **state)
{
    static const char *const others[] = {
        "https://www.cms.gov/files/zip/medicare-ncci-2026q2-practitioner-"
        "quarterly-additions-deletions-revisions-ptp.zip",
        "https://www.cms.gov/files/zip/medicaid-ncci-2026-q3-ptp-edits-"
        "practitioner-services.zip",
        "https://www.cms.gov/files/zip/2020-corrections-alpha-numeric-hcpcs-"
        "file.zip",
        "https://www.cms.gov/files/document/2020-hcpcs-record-layout.txt",
        "https://www.cms.gov/files/zip/2026-icd-10-pcs-conversion-table.zip",
        "https://www.cms.gov/files/zip/2026-pcs-tables-index.zip",
        "https://www.cms.gov/x/2017-HCPCS-Alpha-Numeric-Corrections.zip",
        "https://www.cms.gov/x/PFREV26B_nonQP.zip",
        "https://www.cms.gov/files/zip/all_article.zip.html",
        "https://www.cms.gov/files/zip/medicare-ncci-2026q5-practitioner-ptp-"
        "edits-ccipra-v322r0-f1.zip",
        "https://www.cms.gov/files/zip/medicare-ncci-2026q3-practitioner-ptp-"
        "edits-ccipra-v322r0-f0.zip",
        "https://www.cms.gov/files/zip/march-0-2026-code-descriptions-tabular-"
        "order.zip",
        "https://www.cms.gov/files/zip/addendum-1-2026-code-descriptions-"
        "tabular-order.zip",
    };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct named_release release;
        const struct place *place = place_of(others[i], &release);

        if (place != NULL)
            fail_msg("%s: %s", others[i], place->source);
    }
}

static void pages_of_the_fee_schedule_are_followed(void **state)
{
    const struct place *list;
    struct named_release release;
    size_t count, pages = 0;

    list = places_list(places, &count);
    for (size_t i = 0; i < count; i++) {
        const struct pattern *through = list[i].through;

        if (through == NULL)
            continue;
        pages++;
        assert_true(pattern_find(through,
            "/medicare/payment/fee-schedules/physician/pfs-relative-value-files"
            "/rvu26d",
            &release));
        assert_string_equal(release.label, "2026d");
        assert_true(pattern_find(through, "/x/rvu25d-0", &release));
        assert_string_equal(release.label, "2025d");
        assert_false(pattern_find(through, "/x/rvu25", &release));
    }
    assert_int_equal(pages, 1);
}

static void a_later_issue_comes_after_an_earlier_one(void **state)
{
    static const char *const rising[][2] = {{"", "-updated-08-26-2026"},
        {"-updated-12-29-2025", "-updated-01-05-2026"},
        {"-updated-08-26-2026", "-updated-08_27_2026"}, {"322r0", "322r1"},
        {"322r9", "322r10"}, {"322r1", "323r0"}, {"", "R"}, {"", "-0"},
        {"-0", "-1"}, {"R", "-updated-01-02-2026"}};

    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++) {
        assert_true(version_order(rising[i][0], rising[i][1]) < 0);
        assert_true(version_order(rising[i][1], rising[i][0]) > 0);
        assert_int_equal(version_order(rising[i][1], rising[i][1]), 0);
    }
}

static void a_wrong_line_of_the_table_is_named(void **state)
{
    static const char heading[] =
        "# words\nsource\tset\tgate\tparts\tpage\tthrough\tleads\tfile\ttells\t"
        "text\tcert\n";
    static const struct {
        const char *line, *wrong;
    } lines[] = {
        {"x\t-\tnone\t1\t-\t\t\tx\t\t\n", "columns"},
        {"x\t-\tnone\t1\t-\t\t\tx\t\t\tV\tmore\n", "columns"},
        {"x\t-\tfree\t1\t-\t\t\tx\t\t\tV\n", "gate"},
        {"x\t-\tnone\t0\t-\t\t\tx\t\t\tV\n", "parts"},
        {"x\t-\tnone\t1\thttp://x/\t\t\tx\t\t\tV\n", "page"},
        {"x\t-\tnone\t1\t-\t\t\t(x\t\t\tV\n", "file"},
        {"x\t-\tnone\t1\t-\t\t\t(x)(y)\tyear\t\tV\n", "tells"},
        {"x\t-\tnone\t1\t-\t\t\t(x)\tcentury\t\tV\n", "tells"},
        {"x\t-\tnone\t1\t-\tp\tyear\tx\t\t\tV\n", "leads"},
        {"x\t-\tnone\t1\t-\t\t\tx\t\t[\tV\n", "text"},
        {"x\t-\tnone\t1\t-\t\t\tx\t\t\tX\n", "cert"},
    };

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct places *out = NULL;
        struct error err;
        char table[256];

        (void)snprintf(table, sizeof table, "%s%s", heading, lines[i].line);
        assert_int_equal(
            places_parse(&out, table, strlen(table), &err), ERR_INPUT);
        assert_non_null(strstr(err.msg, "places.tsv:3: "));
        if (strstr(err.msg, lines[i].wrong) == NULL)
            fail_msg("%s: %s", lines[i].line, err.msg);
    }
}

/* --- addresses --------------------------------------------------------------
 */

static void links_are_joined_to_their_page(void **state)
{
    static const struct {
        const char *base, *link, *joined; /* NULL: none of the web */
    } links[] = {
        {"https://www.cms.gov/a/b", "/files/x.zip",
            "https://www.cms.gov/files/x.zip"},
        {"https://www.cms.gov/a/b", "c#top", "https://www.cms.gov/a/c"},
        {"https://www.cms.gov/a/b/", "../x y.zip",
            "https://www.cms.gov/a/x%20y.zip"},
        {"https://www.cms.gov/a", "//downloads.cms.gov/x",
            "https://downloads.cms.gov/x"},
        {"https://www.cms.gov/a", "javascript:alert(1)", NULL},
        {"https://www.cms.gov/a", "mailto:somebody@cms.gov", NULL},
        {"https://www.cms.gov/a", "file:///etc/passwd", NULL},
        {"https://www.cms.gov/a", "ftp://ftp.cdc.gov/x.zip", NULL},
        {"https://www.cms.gov/a", "https://me:word@www.cms.gov/x.zip", NULL},
    };

    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        char out[ADDRESS_MAX] = "";
        const int rc = address_join(out, links[i].base, links[i].link, NULL);

        assert_int_equal(rc, links[i].joined != NULL ? 0 : ERR_INPUT);
        if (links[i].joined != NULL)
            assert_string_equal(out, links[i].joined);
    }
}

static void addresses_move_to_a_mirror(void **state)
{
    static const char *const moves[][3] = {
        {"https://www.cms.gov/a/b?c=d", "http://mirror:8080",
            "http://mirror:8080/a/b?c=d"},
        {"https://www.cms.gov/a", "http://mirror/cms/", "http://mirror/cms/a"},
        {"http://mirror/cms/a", "http://mirror/cms", "http://mirror/cms/a"},
        {"http://mirror/cmsx/a", "http://mirror/cms",
            "http://mirror/cms/cmsx/a"},
    };

    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        char out[ADDRESS_MAX];

        assert_int_equal(address_move(out, moves[i][0], moves[i][1], NULL), 0);
        assert_string_equal(out, moves[i][2]);
    }
}

static void sites_are_told_apart(void **state)
{
    assert_true(address_same_site("https://www.cms.gov/x", "https://CMS.gov/"));
    assert_true(
        address_same_site("https://www.cms.gov/", "https://downloads.cms.gov"));
    assert_false(
        address_same_site("https://www.cms.gov/", "https://www.cdc.gov/"));
    assert_false(address_same_site(
        "https://www.cms.gov/", "https://www.cms.gov.example.com/"));
    assert_false(
        address_same_site("https://www.cms.gov/", "https://notcms.gov/"));
    assert_false(address_same_site("http://127.0.0.1/", "http://9.9.0.1/"));
    assert_true(
        address_same_site("http://localhost:1/", "http://localhost:2/"));
    assert_true(address_same_site("http://[::1]:1/", "http://[::1]:2/"));
    assert_false(address_same_site("http://[::1]/", "http://[::2]/"));
    assert_true(
        address_downgrades("https://www.cms.gov/", "http://www.cms.gov/"));
    assert_false(
        address_downgrades("http://www.cms.gov/", "https://www.cms.gov/"));
    assert_true(address_asks_licence(
        "https://www.cms.gov/license/ama?file=/files/zip/x.zip"));
    assert_true(address_asks_licence(
        "https://www.cms.gov/apps/ama/license.asp?file=x"));
    assert_false(
        address_asks_licence("https://www.cms.gov/files/x.zip?from=/license/"));
}

static void names_of_files_stay_in_a_folder(void **state)
{
    static const char *const names[][2] = {{"/a/x.zip", "x.zip"},
        {"/license?file=/files/x-1_a b.zip", "x-1_a b.zip"},
        {"/a/..\\..\\x", "_._.._x"}, {"/a/..", "_."}, {"/a/.hidden", "_hidden"},
        {"/a/x:y|z\"", "x_y_z_"}, {"/a/", NULL}, {"", NULL}};
    char long_name[FILE_NAME_MAX + 10], out[FILE_NAME_MAX + 1];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const int rc = address_file_name(out, names[i][0], NULL);

        assert_int_equal(rc, names[i][1] != NULL ? 0 : ERR_INPUT);
        if (names[i][1] != NULL)
            assert_string_equal(out, names[i][1]);
    }
    memset(long_name, 'x', sizeof long_name);
    long_name[0] = '/';
    long_name[sizeof long_name - 1] = '\0';
    assert_int_equal(address_file_name(out, long_name, NULL), ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_files_tell_source_release_version_and_part),
        cmocka_unit_test(other_files_of_the_same_pages_are_none),
        cmocka_unit_test(pages_of_the_fee_schedule_are_followed),
        cmocka_unit_test(a_later_issue_comes_after_an_earlier_one),
        cmocka_unit_test(a_wrong_line_of_the_table_is_named),
        cmocka_unit_test(links_are_joined_to_their_page),
        cmocka_unit_test(addresses_move_to_a_mirror),
        cmocka_unit_test(sites_are_told_apart),
        cmocka_unit_test(names_of_files_stay_in_a_folder),
    };

    return cmocka_run_group_tests(tests, open_places, close_places);
}

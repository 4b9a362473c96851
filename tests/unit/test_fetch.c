/* test_fetch.c - releases come into their folder whole, checked and once,
 * whatever a server does. The site of the tests (tests/site.h) is laid out as
 * CMS lays out its own; the names are CMS's, the content is invented. */
#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/harness.h"
#include "tests/archives.h"
#include "tests/site.h"
#include "indexer/fetch/fetch.h"
#include "indexer/fetch/shelf.h"

#define HCPCS_PAGE                                                             \
    "/medicare/coding-billing/healthcare-common-procedure-system/"             \
    "quarterly-update"
#define PFS_PAGE                                                               \
    "/medicare/payment/fee-schedules/physician/pfs-relative-value-files"
#define PTP_PAGE                                                               \
    "/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/"  \
    "medicare-ncci-procedure-procedure-ptp-edits"
#define APRIL "/files/zip/april-2024-alpha-numeric-hcpcs-file.zip"
#define APRIL_LINK "<a href=\"" APRIL "\">April 2024</a>"
#define APRIL_PATH "hcpcs/2024-04/april-2024-alpha-numeric-hcpcs-file.zip"

enum { BIG = 20000, PATH_SIZE = 600 };

/* --- one test's world -------------------------------------------------------
 */

static char above[64], folder[80]; /* a folder of our own, and one in it */
static struct site *site;
static struct buffer zip, other_zip; /* two releases */
static struct fetch_result result;
static struct error err;
static FILE *report;
static char *said; /* what the last run reported */
static size_t said_len;

static void make_zip(struct buffer *out, unsigned seed)
{
    static char text[BIG];

    for (size_t i = 0; i < sizeof text; i++) {
        seed = seed * 1103515245U + 12345U;
        text[i] = (char)('!' + (seed >> 16) % 90);
    }
    archives_pack(out, "zip", "zip:compression=store",
        (const struct part[]){
            {"HCPC2024_APR_ANWEB.txt", text, sizeof text}, {NULL, NULL, 0}});
}

static int begin(void **state)
{
    (void)strcpy(above, "/tmp/coderef-fetch-XXXXXX");
    assert_non_null(mkdtemp(above));
    (void)snprintf(folder, sizeof folder, "%s/releases", above);
    zip = other_zip = (struct buffer){0};
    make_zip(&zip, 1);
    make_zip(&other_zip, 2);
    site = site_start();
    return 0;
}

static int end(void **state)
{
    char command[128];

    site_stop(site);
    buffer_clear(&zip);
    buffer_clear(&other_zip);
    fetch_result_clear(&result);
    free(said);
    said = NULL;
    (void)snprintf(command, sizeof command, "rm -rf '%s'", above);
    return system(command) == 0 ? 0 : -1;
}

static struct fetch_options options_for(const char *source)
{
    static const char *sources[1];
    struct fetch_options options = {.releases = folder,
        .from = site_address(site),
        .sources = sources,
        .source_count = 1};

    sources[0] = source;
    assert_int_equal(day_from_civil(&options.since, 2024, 5, 15), 0);
    options.today = options.since;
    return options;
}

static int run(struct fetch_options options)
{
    int rc;

    fetch_result_clear(&result);
    free(said);
    err = (struct error){0};
    report = open_memstream(&said, &said_len);
    options.report = report;
    rc = fetch_run(&result, &options, &err);
    (void)fclose(report);
    return rc;
}

static void assert_said(const char *text)
{
    if (strstr(said, text) == NULL && strstr(err.msg, text) == NULL)
        fail_msg("'%s' is not in:\n%s\n%s", text, said, err.msg);
}

/* --- the folder -------------------------------------------------------------
 */

static const char *below(const char *path)
{
    static char full[PATH_SIZE];

    (void)snprintf(full, sizeof full, "%s/%s", folder, path);
    return full;
}

static bool is_there(const char *path)
{
    return access(below(path), F_OK) == 0;
}

static void assert_holds(const char *path, const struct buffer *bytes)
{
    FILE *file = fopen(below(path), "rb");
    char *read = malloc(bytes->len + 1);

    if (file == NULL)
        fail_msg("%s is not there\n%s%s", path, said, err.msg);
    assert_int_equal(fread(read, 1, bytes->len + 1, file), bytes->len);
    assert_memory_equal(read, bytes->data, bytes->len);
    (void)fclose(file);
    free(read);
}

static size_t entries(const char *path)
{
    DIR *dir = opendir(path);
    size_t count = 0;

    if (dir == NULL)
        return 0;
    while (readdir(dir) != NULL)
        count++;
    (void)closedir(dir);
    return count - 2;
}

/* Nothing that looks like a release, nothing half. */
static void assert_nothing_kept(void)
{
    assert_false(is_there(APRIL_PATH));
    assert_int_equal(entries(below(".fetch/part")), 0);
}

/* --- pages ------------------------------------------------------------------
 */

static struct resource *put_zip(const char *path, const struct buffer *bytes)
{
    return site_put(site, (struct resource){.path = path,
                              .body = bytes->data,
                              .len = bytes->len,
                              .etag = "\"one\""});
}

static void put_page(const char *path, const char *html)
{
    (void)site_put(site, (struct resource){.path = path,
                             .body = html,
                             .headers = "Content-Type: text/html\r\n"});
}

/* The page of HCPCS with one file, and the file. */
static struct resource *put_april(void)
{
    put_page(HCPCS_PAGE, APRIL_LINK);
    return put_zip(APRIL, &zip);
}

/* --- what is fetched --------------------------------------------------------
 */

static void the_releases_in_force_and_to_come_are_fetched_once(void **state)
{
    json_t *list, *file;

    put_page(HCPCS_PAGE,
        "<h1>Quarterly update</h1><a href=\"/about\">About</a>"
        "<a href='/files/zip/january-2024-alpha-numeric-hcpcs-file.zip'>x</a>"
        "<a href='/files/zip/july-2024-alpha-numeric-hcpcs-files.zip'>y</a>"
        "<a href='/files/zip/2024-hcpcs-record-layout.zip'>z</a>" APRIL_LINK);
    (void)put_zip(APRIL, &zip);
    (void)put_zip(
        "/files/zip/july-2024-alpha-numeric-hcpcs-files.zip", &other_zip);
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_int_equal(result.fetched, 2);
    assert_int_equal(result.bytes, zip.len + other_zip.len);
    assert_int_equal(site_requests(site), 3);
    assert_holds(APRIL_PATH, &zip);
    assert_holds(
        "hcpcs/2024-07/july-2024-alpha-numeric-hcpcs-files.zip", &other_zip);
    assert_int_equal(entries(below(".fetch/part")), 0);
    assert_string_equal(result.file[0].path, below(APRIL_PATH));
    assert_said("fetched    hcpcs 2024-04  april-2024-alpha-numeric-hcpcs-");

    list = json_load_file(below(".fetch/fetched.json"), 0, NULL);
    file = json_array_get(json_object_get(list, "files"), 0);
    assert_int_equal(json_array_size(json_object_get(list, "files")), 2);
    assert_int_equal(
        strlen(json_string_value(json_object_get(file, "sha256"))), 64);
    assert_string_equal(
        json_string_value(json_object_get(file, "etag")), "\"one\"");
    assert_int_equal(
        json_integer_value(json_object_get(file, "bytes")), zip.len);
    json_decref(list);

    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_int_equal(result.unchanged, 2);
    assert_int_equal(result.fetched, 0);
    assert_int_equal(result.requests, 3);
    assert_int_equal(site_at(site, APRIL)->not_modified, 1);
}

static void without_a_tag_the_same_bytes_are_no_news(void **state)
{
    put_april()->etag = NULL;
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_int_equal(result.unchanged, 1);
    assert_holds(APRIL_PATH, &zip);
    assert_false(is_there(".fetch/replaced"));
}

static void what_is_lost_from_the_folder_is_fetched_again(void **state)
{
    (void)put_april();
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_int_equal(unlink(below(APRIL_PATH)), 0);
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_int_equal(result.fetched, 1);
    assert_holds(APRIL_PATH, &zip);
}

static void other_bytes_under_the_same_name_replace_the_old(void **state)
{
    struct resource *april = put_april();

    assert_int_equal(run(options_for("hcpcs")), 0);
    april->body = other_zip.data;
    april->len = other_zip.len;
    april->etag = "\"two\"";
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_int_equal(result.fetched, 1);
    assert_holds(APRIL_PATH, &other_zip);
    assert_int_equal(entries(below(".fetch/replaced/hcpcs/2024-04")), 1);
}

static void a_revised_file_replaces_the_first_issue(void **state)
{
    put_page(PFS_PAGE, "<a href='" PFS_PAGE "/rvu23d'>RVU23D</a>"
                       "<a href='" PFS_PAGE "/rvu24b'>RVU24B</a>"
                       "<a href='" PFS_PAGE "/rvu24a'>RVU24A</a>");
    put_page(PFS_PAGE "/rvu24b", "<a href='/files/zip/rvu24b.zip'>RVU24B</a>");
    (void)put_zip("/files/zip/rvu24b.zip", &zip);
    {
        struct fetch_options options = options_for("pfs");

        options.accept_licence = true;
        assert_int_equal(run(options), 0);
    }
    assert_holds("pfs/2024b/rvu24b.zip", &zip);
    assert_int_equal(site_requests(site), 3); /* not the older pages */

    put_page(PFS_PAGE "/rvu24b",
        "<a href='/files/zip/rvu24b-updated-04-29-2024.zip'>RVU24B</a>"
        "<a href='/files/zip/rvu24b.zip'>RVU24B</a>");
    (void)put_zip("/files/zip/rvu24b-updated-04-29-2024.zip", &other_zip);
    assert_int_equal(run(options_for("pfs")), 0);
    assert_holds("pfs/2024b/rvu24b-updated-04-29-2024.zip", &other_zip);
    assert_false(is_there("pfs/2024b/rvu24b.zip"));
    assert_int_equal(entries(below(".fetch/replaced/pfs/2024b")), 1);
    assert_int_equal(run(options_for("pfs")), 0);
    assert_int_equal(result.unchanged, 1);
}

static void a_file_without_a_release_is_kept_by_its_day(void **state)
{
    struct fetch_options options = options_for("coverage:articles");
    const char *path = "/medicare-coverage-database/downloads/exports/"
                       "current_article.zip";
    struct resource *export = put_zip(path, &zip);

    /* Some page of the site, so that it counts as a copy of the site. */
    put_page(HCPCS_PAGE, APRIL_LINK);
    (void)put_zip(APRIL, &zip);
    {
        static const char *both[] = {"coverage:articles", "hcpcs"};

        options.sources = both;
        options.source_count = 2;
    }
    export->headers = "Last-Modified: Thu, 14 Nov 2024 02:00:00 GMT\r\n";
    options.accept_licence = true;
    assert_int_equal(run(options), 0);
    assert_holds("coverage/2024-11-14/current_article.zip", &zip);
    export->headers = "Last-Modified: Thu, 21 Nov 2024 02:00:00 GMT\r\n";
    export->etag = "\"next\"";
    export->body = other_zip.data;
    assert_int_equal(run(options), 0);
    assert_holds("coverage/2024-11-21/current_article.zip", &other_zip);
    assert_holds("coverage/2024-11-14/current_article.zip", &zip);
    assert_int_equal(run(options), 0);
    assert_int_equal(result.unchanged, 2);
}

static void a_dry_run_writes_nothing(void **state)
{
    struct fetch_options options = options_for("hcpcs");

    (void)put_april();
    options.dry_run = true;
    assert_int_equal(run(options), 0);
    assert_int_equal(result.planned, 1);
    assert_said("to fetch   hcpcs 2024-04");
    assert_int_equal(entries(above), 0);
    assert_int_equal(site_requests(site), 1);
}

/* --- connections ------------------------------------------------------------
 */

static void a_cut_connection_is_gone_on_with(void **state)
{
    struct resource *april = put_april();

    april->cut_at = 7000;
    april->cuts = 1;
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_holds(APRIL_PATH, &zip);
    assert_int_equal(april->ranged, 1);
}

static void what_breaks_off_is_gone_on_with_in_the_next_run(void **state)
{
    struct resource *april = put_april();

    april->cut_at = 1000;
    april->cuts = FETCH_TRIES;
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_int_equal(result.refused, 1);
    assert_false(is_there(APRIL_PATH));
    april->requests = april->ranged = 0;
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_holds(APRIL_PATH, &zip);
    assert_int_equal(april->requests, 1);
    assert_int_equal(april->ranged, 1);
}

static void another_file_is_not_gone_on_with(void **state)
{
    struct resource *april = put_april();

    april->cut_at = 1000;
    april->cuts = FETCH_TRIES;
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    april->body = other_zip.data;
    april->etag = "\"two\"";
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_holds(APRIL_PATH, &other_zip);
}

static void a_server_without_ranges_begins_anew(void **state)
{
    struct resource *april = put_april();

    april->cut_at = 7000;
    april->cuts = 2;
    april->no_ranges = true;
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_holds(APRIL_PATH, &zip);
    assert_int_equal(april->ranged, 0);
}

static void bytes_from_elsewhere_in_the_file_are_refused(void **state)
{
    struct resource *april = put_april();

    april->cut_at = 7000;
    april->cuts = 1;
    april->wrong_range = true;
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_said("another byte than it was asked for");
    assert_nothing_kept();
}

static void a_server_that_falls_asleep_is_given_up(void **state)
{
    struct fetch_options options = options_for("hcpcs");
    struct resource *april = put_april();

    april->cut_at = 5000;
    april->stalls = true;
    options.stall_seconds = 1;
    assert_int_equal(run(options), ERR_INPUT);
    assert_said("the server stopped sending (1 seconds without news)");
    assert_false(is_there(APRIL_PATH));
    april->stalls = false;
    assert_int_equal(run(options), 0);
    assert_holds(APRIL_PATH, &zip);
    assert_int_equal(april->ranged, 1);
}

static void an_interrupt_leaves_what_can_be_gone_on_with(void **state)
{
    static volatile int stop;
    struct fetch_options options = options_for("hcpcs");
    struct resource *april = put_april();

    stop = 0;
    april->cut_at = 5000;
    april->stalls = true;
    april->raises = &stop;
    options.stop = &stop;
    assert_int_equal(run(options), ERR_SYSTEM);
    assert_said("stopped");
    assert_false(is_there(APRIL_PATH));
    april->stalls = false;
    april->raises = NULL;
    stop = 0;
    assert_int_equal(run(options), 0);
    assert_holds(APRIL_PATH, &zip);
}

static void what_is_packed_for_the_way_is_unpacked(void **state)
{
    struct resource *april = put_april();
    struct buffer packed = {0};

    archives_stream(&packed, "gzip", zip.data, zip.len);
    april->body = packed.data;
    april->len = packed.len;
    april->headers = "Content-Encoding: gzip\r\n";
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_holds(APRIL_PATH, &zip);
    buffer_clear(&packed);
}

static void a_file_above_the_limit_is_refused_before_it_comes(void **state)
{
    struct resource *april = put_april();

    april->length = "9000000000000000000";
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_said("larger than 1024 MiB");
    assert_nothing_kept();
    april->length = "99999999999999999999999999";
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_nothing_kept();
}

/* --- redirects --------------------------------------------------------------
 */

static void redirect_april(const char *location)
{
    static char headers[256];

    (void)snprintf(headers, sizeof headers, "Location: %s\r\n", location);
    put_page(HCPCS_PAGE, APRIL_LINK);
    (void)site_put(site,
        (struct resource){.path = APRIL, .status = 302, .headers = headers});
}

static void a_redirect_on_the_site_is_followed(void **state)
{
    redirect_april("../moved.zip");
    (void)put_zip("/files/moved.zip", &zip);
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_holds(APRIL_PATH, &zip);
}

static void a_loop_of_redirects_ends(void **state)
{
    redirect_april(APRIL);
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_said("from page to page more than 8 times");
    assert_nothing_kept();
}

static void a_redirect_to_another_site_or_a_file_is_not_followed(void **state)
{
    static const char *const elsewhere[][2] = {
        {"http://other.example/x.zip", "to another site"},
        {"file:///etc/passwd", "no address of the web"},
        {"ftp://127.0.0.1/x.zip", "no address of the web"},
        {"http://me:secret@127.0.0.1/x.zip", "no address of the web"},
        {"//other.example/x.zip", "to another site"}};

    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        redirect_april(elsewhere[i][0]);
        assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
        assert_said(elsewhere[i][1]);
        assert_nothing_kept();
    }
}

/* --- what is no release -----------------------------------------------------
 */

static void a_web_page_is_no_zip(void **state)
{
    static const char *const pages[] = {"<!DOCTYPE html><p>Not found</p>",
        "\n<!-- x --> <HTML>moved</HTML>", "\xEF\xBB\xBF<html>"};

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        put_page(HCPCS_PAGE, APRIL_LINK);
        put_page(APRIL, pages[i]);
        assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
        assert_said("a web page came instead of the file");
        assert_said("in a browser");
        assert_said(folder);
        assert_nothing_kept();
    }
}

static void errors_of_the_server_are_told(void **state)
{
    struct resource *april = put_april();

    april->status = 500;
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_said("the server answers 500");
    assert_nothing_kept();
    april->status = 404;
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_said("the server answers 404");
    assert_nothing_kept();
}

static void a_damaged_zip_is_refused(void **state)
{
    struct resource *april = put_april();

    zip.data[zip.len / 2] ^= 1; /* in its one member */
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_said("CRC");
    assert_nothing_kept();
    zip.data[zip.len / 2] ^= 1;
    april->len = zip.len / 2;
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_said("cut short");
    assert_nothing_kept();
    april->body = "A plain text, and no zip.";
    april->len = 0;
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_said("does not begin with PK");
    april->body = "";
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_said("empty");
    assert_nothing_kept();
}

static void no_name_leads_out_of_the_folder(void **state)
{
    struct fetch_options options = options_for("hcpcs");
    struct resource r = {.body = zip.data,
        .len = zip.len,
        .headers = "Content-Disposition: attachment; "
                   "filename=\"../../../evil.zip\"\r\n"};

    put_page(HCPCS_PAGE,
        "<a href='/files/..%2f..%2fapril-2024-alpha-numeric-hcpcs-file.zip'>"
        "</a><a href='/files/july-2024-alpha-numeric-hcpcs-file-%5c..%5c.zip'>"
        "</a><a href='/files/january-2025-alpha-numeric-hcpcs-file%00.zip'>"
        "</a>");
    r.path = "/files/..%2f..%2fapril-2024-alpha-numeric-hcpcs-file.zip";
    (void)site_put(site, r);
    r.path = "/files/july-2024-alpha-numeric-hcpcs-file-%5c..%5c.zip";
    (void)site_put(site, r);
    r.path = "/files/january-2025-alpha-numeric-hcpcs-file%00.zip";
    (void)site_put(site, r);
    (void)day_from_civil(&options.since, 2024, 4, 1);
    (void)run(options);
    assert_holds(APRIL_PATH, &zip);
    assert_holds(
        "hcpcs/2024-07/july-2024-alpha-numeric-hcpcs-file-_.._.zip", &zip);
    assert_int_equal(entries(above), 1);
    assert_int_equal(entries(folder), 2); /* hcpcs, .fetch */
}

/* --- pages that say less, or more ------------------------------------------
 */

static void a_page_without_the_link_is_told(void **state)
{
    put_page(HCPCS_PAGE, "<a href='/somewhere/else'>Nothing</a>");
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_said("no release is there");
}

static void links_to_other_publishers_are_not_followed(void **state)
{
    put_page(
        HCPCS_PAGE, "<a href='https://elsewhere.example" APRIL "'>April</a>");
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_said("not there  hcpcs: not on the mirror");
}

static void plain_links_of_an_encrypted_page_are_asked_for_in_its_way(
    void **state)
{
    struct fetch_options options = options_for("hcpcs");

    put_page(HCPCS_PAGE, "<a href='http://www.cms.gov" APRIL "'>April</a>");
    (void)put_zip(APRIL, &zip);
    options.dry_run = true;
    assert_int_equal(run(options), 0);
    assert_int_equal(result.planned, 1);
}

static void links_that_name_the_publisher_are_asked_of_the_mirror(void **state)
{
    put_page(HCPCS_PAGE, "<a href='https://www.cms.gov" APRIL "'>April</a>");
    (void)put_zip(APRIL, &zip);
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_holds(APRIL_PATH, &zip);
}

static void a_mirror_may_lie_in_a_folder(void **state)
{
    struct fetch_options options = options_for("hcpcs");
    char from[128];

    put_page("/copies/cms" HCPCS_PAGE, APRIL_LINK);
    (void)put_zip("/copies/cms" APRIL, &zip);
    (void)snprintf(from, sizeof from, "%s/copies/cms/", site_address(site));
    options.from = from;
    assert_int_equal(run(options), 0);
    assert_holds(APRIL_PATH, &zip);
}

static void a_mirror_may_be_folders_of_files(void **state)
{
    struct fetch_options options = options_for("hcpcs");
    char from[128];

    options.source_count = 0;
    (void)snprintf(from, sizeof from, "%s/pub", site_address(site));
    options.from = from;
    put_page("/pub/",
        "<title>Index of /pub/</title><a href='?C=N;O=D'>Name</a>"
        "<a href='../'>Parent</a><a href='hcpcs/'>hcpcs/</a>"
        "<a href='ICD10CM/'>ICD10CM/</a><a href='readme.txt'>readme.txt</a>"
        "<a href='/secret/april-2024-alpha-numeric-hcpcs-file.zip'>out</a>");
    put_page("/pub/hcpcs/",
        "<a href='/pub/'>Parent</a><a href='/pub/hcpcs/'>again</a><a "
        "href='april-2024-alpha-numeric-hcpcs-file.zip'>april…</a>");
    put_page("/pub/ICD10CM/", "<a href='2024/'>2024</a>");
    put_page("/pub/ICD10CM/2024/",
        "<a href='icd10cm-Code%20Descriptions-2024.zip'>x</a>");
    (void)put_zip("/pub/hcpcs/april-2024-alpha-numeric-hcpcs-file.zip", &zip);
    (void)put_zip(
        "/pub/ICD10CM/2024/icd10cm-Code%20Descriptions-2024.zip", &other_zip);
    assert_int_equal(run(options), 0);
    assert_int_equal(result.fetched, 2);
    assert_holds(APRIL_PATH, &zip);
    assert_holds("icd10cm/2024/icd10cm-Code Descriptions-2024.zip", &other_zip);
    assert_said("not there  ptp practitioner: not on the mirror");
    assert_int_equal(run(options), 0);
    assert_int_equal(result.unchanged, 2);
}

static void a_mirror_that_does_not_answer_is_told(void **state)
{
    struct fetch_options options = options_for("hcpcs");
    char from[64];
    struct site *gone = site_start();

    (void)snprintf(from, sizeof from, "%s", site_address(gone));
    site_stop(gone);
    options.from = from;
    assert_int_equal(run(options), ERR_SYSTEM);
    assert_said(from);
}

static void a_source_that_is_none_is_told(void **state)
{
    assert_int_equal(run(options_for("hcpc")), ERR_INPUT);
    assert_said("hcpc: no source that can be fetched");
    assert_int_equal(site_requests(site), 0);
}

/* --- licences ---------------------------------------------------------------
 */

#define PTP_NAME(part)                                                         \
    "medicare-ncci-2024q2-practitioner-ptp-edits-ccipra-v301r0-f" part ".zip"
#define PTP_GATE(part) "/license/ama?file=/files/zip/" PTP_NAME(part)
#define PTP_LINK(part) "<a href=\"" PTP_GATE(part) "\">f" part "</a>"
#define PTP_FILE(part) "/files/zip/" PTP_NAME(part)
#define PTP_PATH(part) "ptp/2024q2/" PTP_NAME(part)
#define GATE(part)                                                             \
    "<!DOCTYPE html><h1>License</h1><form action='" PTP_FILE(                  \
        part) "'><input "                                                      \
              "type=hidden name=agree value=yes><input type=submit "           \
              "data-license=ama "                                              \
              "name=next value=Accept></form><form action=''><input "          \
              "type=hidden "                                                   \
              "name=ReferURL value=x><input type=submit name=Cancel "          \
              "value=\"Don't "                                                 \
              "Accept\"></form>"
#define AGREED "?agree=yes&next=Accept"

/* The page of the edits, four licence pages, and the files behind their
 * buttons.
 */
static void put_edits(void)
{
    put_page(PTP_PAGE,
        "<a href='/files/zip/medicare-ncci-2024q2-practitioner-quarterly-"
        "additions-deletions-revisions-ptp.zip'>changes</a>" PTP_LINK("1")
            PTP_LINK("2") PTP_LINK("3") PTP_LINK("4"));
    put_page(PTP_GATE("1"), GATE("1"));
    put_page(PTP_GATE("2"), GATE("2"));
    put_page(PTP_GATE("3"), GATE("3"));
    put_page(PTP_GATE("4"), GATE("4"));
    (void)put_zip(PTP_FILE("1") AGREED, &zip);
    (void)put_zip(PTP_FILE("2") AGREED, &other_zip);
    (void)put_zip(PTP_FILE("3") AGREED, &zip);
    (void)put_zip(PTP_FILE("4") AGREED, &other_zip);
}

static bool answer_yes(void *context, const char *question)
{
    const char **asked = context;

    *asked = question != NULL && strstr(question, "AMA") != NULL ? "AMA" : "";
    return true;
}

static void what_is_licensed_is_left_out_until_it_is_accepted(void **state)
{
    struct fetch_options options = options_for("ptp:practitioner");
    static const char *both[] = {"ptp:practitioner", "hcpcs"};

    put_edits();
    assert_int_equal(run(options), ERR_INPUT); /* it was named */
    assert_int_equal(result.refused, 4);
    assert_said("behind the licence of the AMA (CPT); --accept-ama-license");
    assert_int_equal(site_requests(site), 1);
    assert_false(is_there("ptp"));

    (void)put_april();
    options.sources = both;
    options.source_count = 0;
    assert_int_equal(run(options), 0);
    assert_int_equal(result.left_out, 4 + 3); /* and three of coverage */
    assert_int_equal(result.fetched, 1);

    options.source_count = 2;
    options.accept_licence = true;
    assert_int_equal(run(options), 0);
    assert_said("accepted   the terms of the AMA (CPT); remembered");
    assert_int_equal(result.fetched, 4);
    assert_holds(PTP_PATH("1"), &zip);
    assert_holds(PTP_PATH("4"), &other_zip);

    options.accept_licence = false; /* remembered */
    assert_int_equal(run(options), 0);
    assert_int_equal(result.unchanged, 5);
    assert_int_equal(site_at(site, PTP_FILE("1") AGREED)->not_modified, 1);
}

static void whoever_sits_there_is_asked_once(void **state)
{
    struct fetch_options options = options_for("ptp:practitioner");
    const char *asked = "";

    put_edits();
    options.ask = answer_yes;
    options.ask_context = &asked;
    assert_int_equal(run(options), 0);
    assert_string_equal(asked, "AMA");
    assert_int_equal(result.fetched, 4);
    asked = "";
    assert_int_equal(run(options), 0);
    assert_string_equal(asked, "");
}

static void a_licence_page_may_also_hold_a_link(void **state)
{
    struct fetch_options options = options_for("ptp:practitioner");

    put_edits();
    put_page(PTP_GATE("1"),
        "<html><a href='/files/zip/other.zip'>x</a><a href='" PTP_FILE(
            "1") "'>I accept</a>");
    (void)put_zip(PTP_FILE("1"), &other_zip);
    /* An older file is not there with the button's words. */
    (void)site_put(
        site, (struct resource){.path = PTP_FILE("2") AGREED, .status = 404});
    (void)put_zip(PTP_FILE("2"), &zip);
    options.accept_licence = true;
    assert_int_equal(run(options), 0);
    assert_holds(PTP_PATH("1"), &other_zip);
    assert_holds(PTP_PATH("2"), &zip);
}

static void a_licence_page_that_leads_nowhere_is_told(void **state)
{
    struct fetch_options options = options_for("ptp:practitioner");

    put_edits();
    options.accept_licence = true;
    put_page(PTP_GATE("1"), "<html><form action='' method=post>Accept</form>");
    put_page(PTP_FILE("3") AGREED, GATE("3")); /* it asks again */
    assert_int_equal(run(options), ERR_INPUT);
    assert_said("open ");
    assert_said("accept the licence there");
    assert_int_equal(result.refused, 4);
    assert_false(is_there("ptp"));
}

static void parts_of_a_release_appear_together(void **state)
{
    struct fetch_options options = options_for("ptp:practitioner");
    struct resource *third;

    put_edits();
    options.accept_licence = true;
    third = site_at(site, PTP_FILE("3") AGREED);
    third->status = 500;
    assert_int_equal(run(options), ERR_INPUT);
    assert_int_equal(result.refused, 4);
    assert_said("another part of the release is not");
    assert_false(is_there("ptp"));
    third->status = 0;
    assert_int_equal(run(options), 0);
    assert_int_equal(result.fetched, 4);
    assert_holds(PTP_PATH("1"), &zip);
    assert_holds(PTP_PATH("2"), &other_zip);
    assert_holds(PTP_PATH("3"), &zip);
    assert_holds(PTP_PATH("4"), &other_zip);
    assert_int_equal(entries(below(".fetch/part")), 0);
}

static void a_revision_with_missing_parts_is_not_taken(void **state)
{
    struct fetch_options options = options_for("ptp:practitioner");

    put_edits();
    put_page(PTP_PAGE,
        PTP_LINK("1") PTP_LINK("2") PTP_LINK("3") PTP_LINK(
            "4") "<a "
                 "href='/files/zip/medicare-ncci-2024q2-practitioner-ptp-edits-"
                 "ccipra-v301r1-f1.zip'>revised</a>");
    options.accept_licence = true;
    assert_int_equal(run(options), ERR_INPUT);
    assert_said(
        "ptp practitioner 2024q2 301r1: 1 of its 4 parts are linked to, "
        "missing: 2, 3 and 4; it is fetched when all are there; look at http");
    assert_int_equal(result.fetched, 4);
    assert_holds(PTP_PATH("1"), &zip);
}

/* --- the machine ------------------------------------------------------------
 */

static void only_one_fetch_is_at_work_in_a_folder(void **state)
{
    int lock;

    (void)put_april();
    assert_int_equal(run(options_for("hcpcs")), 0);
    lock = open(below(".fetch/.coderef.lock"), O_RDWR);
    assert_int_equal(flock(lock, LOCK_EX | LOCK_NB), 0);
    assert_int_equal(run(options_for("hcpcs")), ERR_SYSTEM);
    assert_said("another fetch is at work there");
    (void)close(lock);
    assert_int_equal(run(options_for("hcpcs")), 0);
}

static void a_folder_that_cannot_be_is_told(void **state)
{
    struct fetch_options options = options_for("hcpcs");
    FILE *file = fopen(folder, "w");

    (void)fclose(file);
    (void)put_april();
    assert_int_equal(run(options), ERR_SYSTEM);
    assert_said(folder);
    assert_int_equal(site_requests(site), 0);
}

static void a_full_disk_leaves_nothing_behind(void **state)
{
    struct rlimit before, small;

    (void)put_april();
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = BIG / 2;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_said("cannot be written: File too large");
    assert_nothing_kept();
    assert_int_equal(run(options_for("hcpcs")), 0);
    assert_holds(APRIL_PATH, &zip);
}

static void a_list_that_cannot_be_read_is_told(void **state)
{
    FILE *file;

    (void)put_april();
    assert_int_equal(run(options_for("hcpcs")), 0);
    file = fopen(below(".fetch/fetched.json"), "w");
    (void)fputs("{\"format\": 1, \"files\": [", file);
    (void)fclose(file);
    assert_int_equal(run(options_for("hcpcs")), ERR_INPUT);
    assert_said("fetched.json");
    assert_said("move it away");
    assert_holds(APRIL_PATH, &zip);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_releases_in_force_and_to_come_are_fetched_once),
        TEST(without_a_tag_the_same_bytes_are_no_news),
        TEST(what_is_lost_from_the_folder_is_fetched_again),
        TEST(other_bytes_under_the_same_name_replace_the_old),
        TEST(a_revised_file_replaces_the_first_issue),
        TEST(a_file_without_a_release_is_kept_by_its_day),
        TEST(a_dry_run_writes_nothing),
        TEST(a_cut_connection_is_gone_on_with),
        TEST(what_breaks_off_is_gone_on_with_in_the_next_run),
        TEST(another_file_is_not_gone_on_with),
        TEST(a_server_without_ranges_begins_anew),
        TEST(bytes_from_elsewhere_in_the_file_are_refused),
        TEST(a_server_that_falls_asleep_is_given_up),
        TEST(an_interrupt_leaves_what_can_be_gone_on_with),
        TEST(what_is_packed_for_the_way_is_unpacked),
        TEST(a_file_above_the_limit_is_refused_before_it_comes),
        TEST(a_redirect_on_the_site_is_followed),
        TEST(a_loop_of_redirects_ends),
        TEST(a_redirect_to_another_site_or_a_file_is_not_followed),
        TEST(a_web_page_is_no_zip),
        TEST(errors_of_the_server_are_told),
        TEST(a_damaged_zip_is_refused),
        TEST(no_name_leads_out_of_the_folder),
        TEST(a_page_without_the_link_is_told),
        TEST(links_to_other_publishers_are_not_followed),
        TEST(plain_links_of_an_encrypted_page_are_asked_for_in_its_way),
        TEST(links_that_name_the_publisher_are_asked_of_the_mirror),
        TEST(a_mirror_may_lie_in_a_folder),
        TEST(a_mirror_may_be_folders_of_files),
        TEST(a_mirror_that_does_not_answer_is_told),
        TEST(a_source_that_is_none_is_told),
        TEST(what_is_licensed_is_left_out_until_it_is_accepted),
        TEST(whoever_sits_there_is_asked_once),
        TEST(a_licence_page_may_also_hold_a_link),
        TEST(a_licence_page_that_leads_nowhere_is_told),
        TEST(parts_of_a_release_appear_together),
        TEST(a_revision_with_missing_parts_is_not_taken),
        TEST(only_one_fetch_is_at_work_in_a_folder),
        TEST(a_folder_that_cannot_be_is_told),
        TEST(a_full_disk_leaves_nothing_behind),
        TEST(a_list_that_cannot_be_read_is_told),
    };

    /* The loopback is not reached through anybody's proxy. */
    (void)setenv("no_proxy", "127.0.0.1,localhost", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

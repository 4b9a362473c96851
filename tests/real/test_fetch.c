/* Published releases, served as their publishers lay them out and as folders of
 * a mirror, come back byte by byte: what is built of the fetched folder has the
 * id of what is built of the originals. */
#include "tests/harness.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/archives.h"
#include "tests/site.h"
#include "indexer/build.h"
#include "indexer/fetch/fetch.h"

#define CODING "/medicare/coding-billing"
#define HCPCS_PAGE CODING "/healthcare-common-procedure-system/quarterly-update"
#define ICD_PAGE CODING "/icd-10-codes"
#define NCCI CODING "/national-correct-coding-initiative-ncci-edits"
#define MUE_PAGE NCCI "/medicare-ncci-medically-unlikely-edits-mues"
#define AOC_PAGE "/ncci-medicare/medicare-ncci-add-code-edits"
#define PFS_PAGE                                                               \
    "/medicare/payment/fee-schedules/physician/pfs-relative-value-files"
#define DHS_PAGE                                                               \
    "/medicare/regulations-guidance/physician-self-referral/"                  \
    "list-cpt-hcpcs-codes"
#define AGREED "?agree=yes&next=Accept"

/* An original, the folder it must come to, and the page that links to it; a
 * file without a page is only met on the mirror. */
static const struct original {
    const char *path, *folder, *page;
    bool gate; /* a licence page stands before it */
    const char
        *packed; /* the zip that a publisher would put it in; NULL: none */
} originals[] = {
    {"hcpcs/2017/2017-Alpha-Numeric-HCPCS-File.zip", "hcpcs/2017", NULL, false,
        NULL},
    {"hcpcs/2019/2019-Alpha-Numeric-HCPCS-File.zip", "hcpcs/2019", NULL, false,
        NULL},
    {"hcpcs/2026jan/january-2026-alpha-numeric-hcpcs-file.zip", "hcpcs/2026-01",
        HCPCS_PAGE, false, NULL},
    {"pfs/2022a/RVU22A.zip", "pfs/2022a", NULL, false, NULL},
    {"pfs/2024a/RVU24A.zip", "pfs/2024a", PFS_PAGE "/rvu24a", true, NULL},
    {"pfs/2025a/rvu25a-updated-01_10_2025.zip", "pfs/2025a",
        PFS_PAGE "/rvu25a-0", true, NULL},
    {"icd10cm/2025/2025-code-descriptions-tabular-order.zip", "icd10cm/2025",
        ICD_PAGE, false, NULL},
    {"icd10cm/2025-04/2025-code-descriptions-tabular-order-april.zip",
        "icd10cm/2025-04", ICD_PAGE, false, NULL},
    {"icd10cm/2026/2026-code-descriptions-tabular-order.zip", "icd10cm/2026",
        ICD_PAGE, false, NULL},
    {"icd10cm/2025/2025-conversion-table.zip", "conversion/2025", ICD_PAGE,
        false, NULL},
    {"icd10cm/2026/ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx", "conversion/2026",
        NULL, false, NULL},
    {"icd10cm/2025/2025-poa-exempt-codes.zip", "poa/2025", ICD_PAGE, false,
        NULL},
    {"icd10cm/2026/POAexemptCodesFY26.zip", "poa/2026", NULL, false, NULL},
    {"icd10cm/2017/ICD10CM_FY2017_Full_XML.zip", "icd10cm_tabular/2017", NULL,
        false, NULL},
    {"other/dhs_list/2025/2025_DHS_Code_List_Addendum_11_26_2024.xlsx",
        "dhs/2025", DHS_PAGE, false, NULL},
    {"ncci_mue/2024q3/mue_PractitionerServices_2024-07-01.reexport.csv.xz",
        "mue/2024q3", MUE_PAGE, false,
        "medicare-ncci-2024-q3-practitioner-services-mue-table.zip"},
    {"ncci_mue/2024q3/"
     "mue_OutpatientHospitalServices_2024-07-01.reexport.csv.xz",
        "mue/2024q3", MUE_PAGE, false,
        "medicare-ncci-2024-q3-facility-outpatient-hospital-services-mue-table."
        "zip"},
    {"ncci_mue/2024q3/mue_DMESupplierServices_2024-07-01.reexport.csv.xz",
        "mue/2024q3", MUE_PAGE, false,
        "medicare-ncci-2024-q3-dme-supplier-services-mue-table.zip"},
    {"ncci_aoc/2026q2/AOC_V2026Q2-MCR.xlsx", "aoc/2026-04", AOC_PAGE, false,
        "add-code-edits-medicare-effective-04012026.zip"},
};

enum {
    ORIGINALS = sizeof originals / sizeof *originals,
    PAGES_MAX = 64,
    PATH_SIZE = 1024
};

/* The bytes that are served. */
static struct buffer served[ORIGINALS];

/* Pages under way: a link at a time. */
static struct {
    char path[PATH_SIZE];
    struct buffer html;
} pages[PAGES_MAX];
static size_t page_count;

static char scratch[] = "/tmp/coderef-fetch-real-XXXXXX";

static const char *base_of(const char *path)
{
    return strrchr(path, '/') + 1;
}

static const char *name_of(const struct original *original)
{
    return original->packed != NULL ? original->packed
                                    : base_of(original->path);
}

static int read_originals(void **state)
{
    const char *real = getenv("REAL");

    assert_non_null(real);
    assert_non_null(mkdtemp(scratch));
    for (size_t i = 0; i < ORIGINALS; i++) {
        char path[PATH_SIZE];
        struct buffer bytes = {0};
        FILE *file;
        size_t n;

        (void)snprintf(path, sizeof path, "%s/%s", real, originals[i].path);
        file = fopen(path, "rb");
        if (file == NULL) {
            fail_msg("%s is not there", path);
            return -1;
        }
        do {
            assert_true(buffer_reserve(&bytes, 1 << 20));
            n = fread(bytes.data + bytes.len, 1, 1 << 20, file);
            bytes.len += n;
        } while (n > 0);
        (void)fclose(file);
        if (originals[i].packed == NULL) {
            served[i] = bytes;
            continue;
        }
        archives_pack(&served[i], "zip", "zip:compression=store",
            (const struct part[]){
                {base_of(originals[i].path), bytes.data, bytes.len},
                {NULL, NULL, 0}});
        buffer_clear(&bytes);
    }
    return 0;
}

static void clear_pages(void)
{
    for (size_t i = 0; i < page_count; i++)
        buffer_clear(&pages[i].html);
    page_count = 0;
}

static int clear_all(void **state)
{
    char command[PATH_SIZE];

    clear_pages();
    for (size_t i = 0; i < ORIGINALS; i++)
        buffer_clear(&served[i]);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", scratch);
    return system(command) == 0 ? 0 : -1;
}

/* --- pages ------------------------------------------------------------------
 */

static struct buffer *page_of(const char *path)
{
    for (size_t i = 0; i < page_count; i++)
        if (strcmp(pages[i].path, path) == 0)
            return &pages[i].html;
    assert_true(page_count < PAGES_MAX);
    (void)snprintf(pages[page_count].path, PATH_SIZE, "%s", path);
    pages[page_count].html = (struct buffer){0};
    buffer_adds(&pages[page_count].html,
        "<!DOCTYPE html><html><body><nav><a href=\"/\">Home</a></nav>");
    return &pages[page_count++].html;
}

static void add_link(const char *page, const char *to)
{
    buffer_addf(page_of(page), "<li><a class=\"x\" href=\"%s\">%s</a></li>", to,
        base_of(to));
}

static void put_pages(struct site *site)
{
    for (size_t i = 0; i < page_count; i++) {
        buffer_addc(&pages[i].html, '\0');
        pages[i].html.len--;
        (void)site_put(site, (struct resource){.path = pages[i].path,
                                 .body = pages[i].html.data,
                                 .len = pages[i].html.len,
                                 .headers = "Content-Type: text/html\r\n"});
    }
}

/* Lives until the process ends, as the site's resources want it. */
static char *joined(const char *a, const char *b)
{
    char *out = NULL;

    assert_true(asprintf(&out, "%s%s", a, b) > 0);
    return out;
}

static void put_file(struct site *site, const char *path, size_t i)
{
    (void)site_put(site, (struct resource){.path = path,
                             .body = served[i].data,
                             .len = served[i].len,
                             .etag = "\"v1\""});
}

/* One file as CMS would have it: on its page, behind its gate. */
static void lay_out(struct site *site, size_t i)
{
    const struct original *original = &originals[i];
    char *file = joined("/files/zip/", name_of(original));
    char *gate = joined("/license/ama?file=", file);

    if (strncmp(original->page, PFS_PAGE "/", sizeof PFS_PAGE) == 0)
        add_link(PFS_PAGE, original->page);
    add_link(original->page, original->gate ? gate : file);
    if (original->gate) {
        buffer_addf(page_of(gate),
            "<form action=\"%s\"><input type=\"hidden\" name=\"agree\" "
            "value=\"yes\"><input type=\"submit\" data-license=\"ama\" "
            "name=\"next\" value=\"Accept\"></form>",
            file);
        put_file(site, joined(file, AGREED), i);
    } else {
        put_file(site, file, i);
    }
    free(gate);
}

/* --- builds -----------------------------------------------------------------
 */

static void build_id(char out[BUILD_ID_LEN + 1], const char *folder)
{
    const struct build_options options = {.dry_run = true};
    struct build_result result;
    struct error err = {0};

    if (build_run(&result, &folder, 1, &options, &err) != 0)
        fail_msg("%s: %s", folder, err.msg);
    memcpy(out, result.id, BUILD_ID_LEN + 1);
}

static void make_folders(const char *path)
{
    char part[2 * PATH_SIZE];

    (void)snprintf(part, sizeof part, "%s", path);
    for (char *at = part + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        (void)mkdir(part, 0755);
        *at = '/';
    }
}

/* The originals of the pages, in the folders where they must come to. */
static void lay_down(const char *folder)
{
    for (size_t i = 0; i < ORIGINALS; i++) {
        char path[2 * PATH_SIZE];
        FILE *file;

        if (originals[i].page == NULL)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s/%s", folder,
            originals[i].folder, name_of(&originals[i]));
        make_folders(path);
        file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(
            fwrite(served[i].data, 1, served[i].len, file), served[i].len);
        assert_int_equal(fclose(file), 0);
    }
}

static void compare_bytes(const char *folder)
{
    for (size_t i = 0; i < ORIGINALS; i++) {
        char path[2 * PATH_SIZE], *bytes;
        FILE *file;

        if (originals[i].packed != NULL)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s/%s", folder,
            originals[i].folder, name_of(&originals[i]));
        file = fopen(path, "rb");
        bytes = malloc(served[i].len + 1);
        if (file == NULL || bytes == NULL) {
            fail_msg("%s is not there", path);
            return;
        }
        assert_int_equal(
            fread(bytes, 1, served[i].len + 1, file), served[i].len);
        assert_memory_equal(bytes, served[i].data, served[i].len);
        free(bytes);
        (void)fclose(file);
    }
}

static void fetch_and_compare(const char *from, const char *name, bool mirror)
{
    char fetched[PATH_SIZE], laid[PATH_SIZE];
    char id[BUILD_ID_LEN + 1], wanted[BUILD_ID_LEN + 1];
    struct fetch_options options = {
        .releases = fetched, .from = from, .accept_licence = true};
    struct fetch_result result;
    struct error err = {0};
    size_t files = 0;

    for (size_t i = 0; i < ORIGINALS; i++)
        files +=
            mirror ? originals[i].packed == NULL : originals[i].page != NULL;
    (void)snprintf(fetched, sizeof fetched, "%s/%s", scratch, name);
    (void)snprintf(laid, sizeof laid, "%s/%s-laid", scratch, name);
    assert_int_equal(day_from_civil(&options.since, 2016, 1, 1), 0);
    assert_int_equal(day_from_civil(&options.today, 2026, 11, 22), 0);
    /* Of coverage there is nothing to serve. */
    {
        static const char *const sources[] = {"hcpcs", "pfs", "icd10cm",
            "icd10cm_tabular", "conversion", "poa", "dhs", "mue", "aoc"};

        options.sources = sources;
        options.source_count = sizeof sources / sizeof *sources;
    }
    if (fetch_run(&result, &options, &err) != 0)
        fail_msg("%s", err.msg);
    assert_int_equal(result.fetched, files);
    fetch_result_clear(&result);

    if (mirror) {
        compare_bytes(fetched);
    } else {
        lay_down(laid);
        build_id(wanted, laid);
        build_id(id, fetched);
        assert_string_equal(id, wanted);
    }

    options.accept_licence = false;
    if (fetch_run(&result, &options, &err) != 0)
        fail_msg("%s", err.msg);
    assert_int_equal(result.fetched, 0);
    assert_int_equal(result.unchanged, files);
    assert_int_equal(result.bytes, 0);
    fetch_result_clear(&result);
}

static void what_is_fetched_of_the_publishers_builds_the_same(void **state)
{
    struct site *site = site_start();

    for (size_t i = 0; i < ORIGINALS; i++)
        if (originals[i].page != NULL)
            lay_out(site, i);
    put_pages(site);
    /* A connection that is cut in the middle of a real file, twice. */
    site_at(site, "/files/zip/RVU24A.zip" AGREED)->cut_at = 1500000;
    site_at(site, "/files/zip/RVU24A.zip" AGREED)->cuts = 2;
    fetch_and_compare(site_address(site), "publishers", false);
    assert_int_equal(site_at(site, "/files/zip/RVU24A.zip" AGREED)->ranged, 2);
    site_stop(site);
    clear_pages();
}

/* A link from each folder of the path to the next, as a file server lists them.
 */
static void list_folders(const char *path)
{
    const char *slash = path;

    while ((slash = strchr(slash + 1, '/')) != NULL) {
        char folder[PATH_SIZE], entry[PATH_SIZE], link[PATH_SIZE + 16];
        struct buffer *page;

        (void)snprintf(
            folder, sizeof folder, "%.*s", (int)(slash + 1 - path), path);
        (void)snprintf(entry, sizeof entry, "%.*s",
            (int)strcspn(slash + 1, "/") + (strchr(slash + 1, '/') != NULL),
            slash + 1);
        (void)snprintf(link, sizeof link, "<a href=\"%s\">", entry);
        page = page_of(folder);
        buffer_addc(page, '\0');
        page->len--;
        if (strstr(page->data, link) == NULL)
            buffer_addf(page, "%s%s</a> 22-Nov-2026 16:04\n", link, entry);
    }
}

static void what_is_fetched_of_a_mirrors_folders_is_the_same(void **state)
{
    struct site *site = site_start();
    char from[PATH_SIZE];

    for (size_t i = 0; i < ORIGINALS; i++)
        if (originals[i].packed == NULL) {
            const char *path = joined("/pub/", originals[i].path);

            put_file(site, path, i);
            list_folders(path);
        }
    put_pages(site);
    (void)snprintf(from, sizeof from, "%s/pub", site_address(site));
    fetch_and_compare(from, "mirror", true);
    site_stop(site);
    clear_pages();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_fetched_of_the_publishers_builds_the_same),
        cmocka_unit_test(what_is_fetched_of_a_mirrors_folders_is_the_same),
    };

    (void)setenv("no_proxy", "127.0.0.1,localhost", 1);
    return cmocka_run_group_tests(tests, read_originals, clear_all);
}

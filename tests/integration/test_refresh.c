/* A refresh without a folder, as an administrator has it each quarter: from
 * nothing to an active build out of a publisher's site (tests/site.h), nothing
 * when that has nothing new, and the next release when it has. */
#include <string.h>
#include "tests/archives.h"
#include "tests/builds.h"
#include "tests/site.h"

#define PAGE                                                                   \
    "/medicare/coding-billing/healthcare-common-procedure-system/"             \
    "quarterly-update"
#define APRIL "/files/zip/april-2024-alpha-numeric-hcpcs-file.zip"
#define JULY "/files/zip/july-2024-alpha-numeric-hcpcs-file.zip"
#define LINK(to) "<a href=\"" to "\">a quarter</a>"

enum { COMMAND_SIZE = 3 * PATH_MAX, SAID_SIZE = 1 << 16 };

static struct site *site;
static char said[SAID_SIZE]; /* by the last program, on both streams */

static int begin(void **state)
{
    site = site_start();
    return site == NULL || builds_begin(state) != 0 ? -1 : 0;
}

static int end(void **state)
{
    site_stop(site);
    return builds_end(state);
}

static void put_page(const char *html)
{
    (void)site_put(site, (struct resource){.path = PAGE,
                             .body = html,
                             .headers = "Content-Type: text/html\r\n"});
}

/* A release that holds the file of that name below files(). */
static void put_release(struct buffer *zip, const char *path, const char *name)
{
    static char text[SAID_SIZE];
    FILE *file = fopen(in_folder(name), "r");

    assert_non_null(file);
    {
        const size_t len = fread(text, 1, sizeof text, file);
        const struct part parts[] = {
            {strrchr(name, '/') + 1, text, len}, {NULL, NULL, 0}};

        assert_true(len > 0 && len < sizeof text);
        archives_zip(zip, parts);
    }
    (void)fclose(file);
    (void)site_put(site, (struct resource){.path = path,
                             .body = zip->data,
                             .len = zip->len,
                             .headers = "Content-Type: application/zip\r\n"});
}

/* Returns the exit status of a program of ours. */
static int run(const char *line)
{
    const char *folder = getenv("B");
    char command[COMMAND_SIZE];
    FILE *pipe;
    size_t len;
    int status;

    (void)snprintf(command, sizeof command,
        "CODEREF_STORE='%s' '%s'/%s </dev/null 2>&1", store(),
        folder != NULL ? folder : "build", line);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    len = fread(said, 1, sizeof said - 1, pipe);
    said[len] = '\0';
    status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void refresh(int wanted)
{
    char line[256];

    (void)snprintf(line, sizeof line,
        "coderef-index refresh --source hcpcs --since 2024-05-15 --from %s",
        site_address(site));
    if (run(line) != wanted)
        fail_msg("not %d: %s", wanted, said);
}

static void says(const char *text)
{
    if (strstr(said, text) == NULL)
        fail_msg("'%s' is not said: %s", text, said);
}

static void a_store_begins_and_goes_on_out_of_a_publishers_site(void **state)
{
    struct buffer april = {0}, july = {0};

    HCPCS(
        "april/HCPC2024_APR_ANWEB.csv", "G0283 20000101 -", "G0281 20000101 -");
    HCPCS("july/HCPC2024_JUL_ANWEB.csv", "G0283 20000101 -",
        "G0281 20000101 20240630");
    put_release(&april, APRIL, "files/april/HCPC2024_APR_ANWEB.csv");
    put_release(&july, JULY, "files/july/HCPC2024_JUL_ANWEB.csv");

    put_page(LINK(APRIL));
    refresh(0);
    says("activated ");
    assert_int_equal(run("coderef --date 2024-07-15 --json lookup G0281"), 0);
    says("\"valid\":true");

    refresh(0);
    says("nothing new");
    assert_int_equal(site_at(site, APRIL)->requests, 2);

    /* The next quarter ends a code. */
    put_page(LINK(APRIL) LINK(JULY));
    refresh(0);
    says("activated ");
    assert_int_equal(run("coderef --date 2024-07-15 --json lookup G0281"), 0);
    says("\"valid\":false");
    assert_int_equal(run("coderef-index verify"), 0);
    buffer_clear(&april);
    buffer_clear(&july);
}

static void a_site_that_fails_leaves_the_active_build(void **state)
{
    struct buffer april = {0};

    HCPCS("april/HCPC2024_APR_ANWEB.csv", "G0283 20000101 -");
    put_release(&april, APRIL, "files/april/HCPC2024_APR_ANWEB.csv");
    put_page(LINK(APRIL));
    refresh(0);
    site_at(site, PAGE)->status = 404;
    refresh(1);
    says("not everything could be fetched");
    assert_int_equal(run("coderef --date 2024-05-15 lookup G0283"), 0);
    buffer_clear(&april);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_store_begins_and_goes_on_out_of_a_publishers_site, begin, end),
        cmocka_unit_test_setup_teardown(
            a_site_that_fails_leaves_the_active_build, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

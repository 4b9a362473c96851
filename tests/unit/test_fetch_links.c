/* test_fetch_links.c - the links of a page are those a person would find there,
 * however it is written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/harness.h"
#include "indexer/fetch/links.h"

/* "address|words;" of each link, "!address;" of a button that accepts. */
static const char *links_of(const char *html)
{
    static char out[4096];
    struct links links;
    size_t len = 0;

    out[0] = '\0';
    assert_int_equal(links_read(&links, html, strlen(html), NULL), 0);
    for (size_t i = 0; i < links.count; i++) {
        const struct link *link = &links.item[i];

        if (link->kind == LINK_ACCEPT)
            len += (size_t)snprintf(out + len, sizeof out - len, "!%s;",
                link_address(&links, link));
        else
            len += (size_t)snprintf(out + len, sizeof out - len, "%s|%s;",
                link_address(&links, link), link_text(&links, link));
    }
    links_clear(&links);
    return out;
}

static void anchors_are_found_as_browsers_find_them(void **state)
{
    static const char *const pages[][2] = {
        {"<a href=\"/x.zip\">The <b>file</b></a>", "/x.zip|The file;"},
        {"<A HREF='/x.zip'>X</A>", "/x.zip|X;"},
        {"<a class=link href=/x.zip>X</a>", "/x.zip|X;"},
        {"<a\nhref\n=\n\"/x\"\n>X</a\n>", "/x|X;"},
        {"<a title='a > b' href='/x'>X</a>", "/x|X;"},
        {"<a href='/x?a=1&amp;b=2'>X</a>", "/x?a=1&b=2|X;"},
        {"<a href='/x'>one<a href='/y'>two</a>", "/x|one;/y|two;"},
        {"<a href='/x'>never closed", "/x|never closed;"},
        {"<a href='/x' href='/y'>X</a>", "/x|X;"},
        {"<a data-href='/x'>X</a>", ""},
        {"<a name='top'>X</a>", ""},
        {"<a href=''>X</a>", ""},
        {"<!-- <a href='/x'>X</a> --><a href='/y'>Y</a>", "/y|Y;"},
        {"<!-- <a href='/x'>X</a>", ""},
        {"<script>'<a href=\"/x\">'</script><a href='/y'>Y</a>", "/y|Y;"},
        {"<style><a href='/x'>", ""},
        {"<abbr href='/x'>X</abbr>", ""},
        {"<map><area href='/x'></map>", "/x|;"},
        {"<a href='/x", ""},
        {"a < b <a href=/x>X</a>", "/x|X;"},
        {"<", ""},
        {"</", ""},
        {"<a", ""},
        {"<a href", ""},
        {"<a href=", ""},
        {"", ""},
    };

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        assert_string_equal(links_of(pages[i][0]), pages[i][1]);
}

/* As stored copies of CMS's licence page have it (July 2026). */
static void the_button_that_accepts_is_found(void **state)
{
    static const char cms[] =
        "<form action=\"/files/zip/26clabq3.zip\" style=\"display: inline;\">"
        "<input type=\"hidden\" name=\"agree\" value=\"yes\">"
        "<input type=\"submit\" data-license=\"ama\" name=\"next\" "
        "value=\"Accept\"></form><form action=\"\" style=\"display: inline;\">"
        "<input type=\"hidden\" name=\"ReferURL\" value=\"x\"><input "
        "type=\"submit\" name=\"Cancel\" value=\"Don't Accept\"></form>";
    static const char *const pages[][2] = {
        {"<form action='/x'><input type=submit name=no value=\"Don't Accept\">"
         "<input type=submit name=yes value='I Accept'></form>",
            "!/x?yes=I+Accept;"},
        {"<form action='/x?file=a'><input type=hidden name=agree value='y&es'>"
         "<input type=submit value=Agree></form>",
            "!/x?file=a&agree=y%26es;"},
        {"<form action='/x'><input type=submit value='I do not accept'></form>",
            ""},
        {"<form action='/x'><input type=submit value='I Don&#039;t Accept'>"
         "</form>",
            ""},
        {"<form action='/x'><input type=submit value='Disagree'></form>", ""},
        {"<form action='/x'><input type=submit value='Search'></form>", ""},
        {"<form action='/x' method=post><input type=submit value=Accept>"
         "</form>",
            ""},
        {"<form action=''><input type=submit value=Accept></form>", ""},
        {"<form action='/x'><input type=submit value=Accept>", "!/x;"},
        {"<input type=submit value=Accept>", ""},
    };

    assert_string_equal(
        links_of(cms), "!/files/zip/26clabq3.zip?agree=yes&next=Accept;");
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        assert_string_equal(links_of(pages[i][0]), pages[i][1]);
}

static void a_page_may_say_what_its_links_begin_with(void **state)
{
    static const char page[] =
        "<base href='https://www.cms.gov/a/'><base href='/b/'><a href=x>X</a>";
    struct links links;

    assert_int_equal(links_read(&links, page, strlen(page), NULL), 0);
    assert_string_equal(
        links.bytes.data + links.base, "https://www.cms.gov/a/");
    assert_int_equal(links.count, 1);
    links_clear(&links);
}

static void what_is_too_much_is_passed_over(void **state)
{
    struct buffer page = {0};
    struct links links;

    buffer_adds(&page, "<a href='/");
    for (int i = 0; i < LINK_ADDRESS_MAX; i++)
        buffer_addc(&page, 'x');
    buffer_adds(&page, "'>long</a>");
    for (int i = 0; i < LINKS_MAX + 5; i++)
        buffer_adds(&page, "<a href=/y>y</a>");
    assert_int_equal(links_read(&links, page.data, page.len, NULL), 0);
    assert_int_equal(links.count, LINKS_MAX);
    assert_string_equal(link_address(&links, &links.item[0]), "/y");
    links_clear(&links);
    buffer_clear(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anchors_are_found_as_browsers_find_them),
        cmocka_unit_test(the_button_that_accepts_is_found),
        cmocka_unit_test(a_page_may_say_what_its_links_begin_with),
        cmocka_unit_test(what_is_too_much_is_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

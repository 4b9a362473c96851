/* test_html_text.c - paragraphs in HTML become text that can be read. */
#include "tests/harness.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/core/buffer.h"
#include "indexer/files/html_text.h"

static void becomes(const char *html, const char *text)
{
    struct buffer out = {0};

    html_to_text(&out, html, strlen(html));
    assert_false(out.failed);
    assert_true(out.len <= strlen(html));
    buffer_addc(&out, '\0');
    assert_string_equal(out.data, text);
    buffer_clear(&out);
}

static void plain_text_stays(void **state)
{
    becomes("", "");
    becomes("Not applicable", "Not applicable");
    becomes("  two   blanks\r\nand a line ", "two blanks and a line");
    becomes("a\xC2\xA0 b", "a b");
    becomes("S\xC3\xA4tze bleiben", "S\xC3\xA4tze bleiben");
}

static void blocks_begin_lines(void **state)
{
    becomes("<p>One.</p><p>Two.</p>", "One.\nTwo.");
    becomes("<P CLASS='x'>One.</P>\n<div><p></p></div>Two.", "One.\nTwo.");
    becomes("One<br/>Two<br />Three<BR>Four", "One\nTwo\nThree\nFour");
    becomes("a <b>bold</b>, <span style=\"x\">plain</span> word",
        "a bold, plain word");
    becomes("x<sup>2</sup>", "x2");
}

static void items_and_cells_are_marked(void **state)
{
    becomes("For:<ul><li>A9900</li><li><p>G0283</p></li></ul>then",
        "For:\n- A9900\n- G0283\nthen");
    becomes("<table><tr><th>Code</th><th>Use</th></tr>"
            "<tr><td>A9900</td><td>x y</td></tr></table>",
        "Code | Use\nA9900 | x y");
    becomes("<ul><li></li></ul>", "");
    becomes("<table><tr><td></td><td>b</td></tr></table>", "b");
}

static void entities_become_characters(void **state)
{
    becomes("A &amp; B &lt; 5 &gt; 3", "A & B < 5 > 3");
    becomes("&quot;w&sol;o&quot; &#39;x&#39;", "\"w/o\" 'x'");
    becomes("&sect;1862&#167;&#xA7;", "\xC2\xA7"
                                      "1862\xC2\xA7\xC2\xA7");
    becomes("1&ndash;2 &ge;3 &#8805;4&nbsp;&nbsp;5", "1\xE2\x80\x93"
                                                     "2 \xE2\x89\xA5"
                                                     "3 \xE2\x89\xA5"
                                                     "4 5");
    becomes("&#150;", "\xE2\x80\x93"); /* Windows-1252 by number */
    becomes("&unknown; &; &#; &#x; &#1114112; &#55296; AT&T &amp",
        "&unknown; &; &#; &#x; &#1114112; &#55296; AT&T &amp");
    becomes("&#0;a&#7;b", "&#0;a b");
}

static void an_escape_too_many_is_taken_back(void **state)
{
    becomes("&lt;p&gt;Single genes&lt;&sol;p&gt;", "Single genes");
    becomes("&lt;p class=&quot;a&quot;&gt;A &amp;mdash; B&lt;br &sol;&gt;C",
        "A \xE2\x80\x94 B\nC");
    becomes("&lt;&sol;p&gt;", "");
    becomes("&lt;!&amp;mdash;&amp;mdash;StartFragment &amp;mdash;&gt;x", "x");
    /* one that is in order is left alone */
    becomes(
        "<p>write &lt;p&gt; for a paragraph</p>", "write <p> for a paragraph");
    becomes("age &lt; 5", "age < 5");
}

static void what_is_no_tag_is_text(void **state)
{
    becomes("a < b", "a < b");
    becomes("a <3 b <= c <", "a <3 b <= c <");
    becomes("a <b and no end", "a <b and no end");
    becomes("<", "<");
    becomes("</", "</");
}

static void what_nobody_reads_is_dropped(void **state)
{
    becomes("a<!-- <p>hidden</p> -->b", "ab");
    becomes("a<!-- never closed > b", "a b");
    becomes("<style>p{color:red}</style>text<script>x<y</script>.", "text.");
    becomes("<style>never closed", "");
}

/* Time grows with the length alone, or this would take minutes. */
static void a_million_openings_are_read_at_once(void **state)
{
    static const char *const pieces[] = {
        "<a", "<!--", "&lt;", "<li>", "<style>", "&&&", "<td>"};
    enum { TIMES = 300000 };

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        const size_t n = strlen(pieces[i]);
        char *text = malloc(n * TIMES);
        struct buffer out = {0};

        assert_non_null(text);
        for (size_t k = 0; k < TIMES; k++)
            memcpy(text + k * n, pieces[i], n);
        html_to_text(&out, text, n * TIMES);
        assert_true(out.len <= n * TIMES);
        buffer_clear(&out);
        free(text);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_stays),
        cmocka_unit_test(blocks_begin_lines),
        cmocka_unit_test(items_and_cells_are_marked),
        cmocka_unit_test(entities_become_characters),
        cmocka_unit_test(an_escape_too_many_is_taken_back),
        cmocka_unit_test(what_is_no_tag_is_text),
        cmocka_unit_test(what_nobody_reads_is_dropped),
        cmocka_unit_test(a_million_openings_are_read_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

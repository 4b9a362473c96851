/* The files of the page: all of them are in the program, each is answered with
 * its type, a tag and gzip, and a text never becomes HTML. */
#include "tests/harness.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "server/pages/html.h"
#include "server/web.h"

/* Bytes of the files of all views together; a page loads those of one view (see
 * tests/browser/shell.test.mjs). */
enum { WEIGHT_MAX = 150 * 1000 };

struct asked {
    struct web *web;
    struct request request;
    struct reply reply;
};

static void open_web(struct asked *asked, const char *dir)
{
    *asked = (struct asked){0};
    reply_init(&asked->reply);
    assert_int_equal(web_open(&asked->web, dir, NULL), 0);
}

static void close_web(struct asked *asked)
{
    reply_clear(&asked->reply);
    web_close(asked->web);
}

static void ask(struct asked *asked, const char *name, const char *encoding)
{
    reply_reset(&asked->reply);
    asked->request.accept_encoding = encoding;
    web_answer(asked->web, web_root(asked->web) + strlen("/web/"), name,
        &asked->request, &asked->reply);
}

static void every_file_of_the_folder_is_in_the_program(void **state)
{
    DIR *folder = opendir("server/web");
    const struct dirent *entry;
    size_t found = 0, listed = 0;

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        found++;
        if (embedded_find(embedded_web, entry->d_name) == NULL)
            fail_msg("server/web/%s has no line in web.c", entry->d_name);
    }
    (void)closedir(folder);
    for (; embedded_web[listed].name != NULL; listed++)
        assert_true(listed == 0 || strcmp(embedded_web[listed - 1].name,
                                       embedded_web[listed].name) < 0);
    assert_int_equal(found, listed);
    assert_true(listed < WEB_FILES_MAX);
}

static void all_files_together_are_light(void **state)
{
    struct asked asked;
    size_t bytes;

    open_web(&asked, NULL);
    (void)web_shell(asked.web, &bytes);
    for (size_t i = 0; embedded_web[i].name != NULL; i++) {
        if (strcmp(embedded_web[i].name, "shell.html") == 0)
            continue;
        ask(&asked, embedded_web[i].name, NULL);
        bytes += asked.reply.body.len;
    }
    assert_true(bytes < WEIGHT_MAX);
    close_web(&asked);
}

static void stripped_as(
    enum web_code code, const char *text, const char *wanted)
{
    struct buffer out = {0};

    web_strip(&out, code, text, strlen(text));
    buffer_addc(&out, '\0');
    assert_string_equal(out.data, wanted);
    buffer_clear(&out);
}

static void stripped(const char *text, const char *wanted)
{
    stripped_as(WEB_SCRIPT, text, wanted);
}

static void what_is_for_people_is_not_sent(void **state)
{
    stripped("", "");
    stripped("/* a */\n\n\tb();\n", "b();\n");
    stripped("/* one\n * two */\n\t\t/* three\n\t\t */\n  c\n", "c\n");
    stripped("a; /* b */\n\n\tc { /* d */\ne", "a;\nc{\ne");
    /* Between code it stays, and what is never closed is no comment. */
    stripped("/* c */ d;\na /* b */ c\n", "/* c */ d;\na /* b */ c\n");
    stripped("/* a\nb", "/* a\nb");
    stripped("\t/* a */", "");
    stripped("a\n\t ", "a\n");
    /* What stands in a text is not for people alone. */
    stripped("'a /* b */\n", "'a /* b */\n");
    stripped("`a' /* b */\n", "`a' /* b */\n");
    stripped("f('a', \"b\") /* c */", "f('a',\"b\")");
    stripped("*/\na/* b */\n", "*/\na/* b */\n");
}

static void a_style_loses_the_blanks_around_its_punctuation(void **state)
{
    stripped_as(WEB_STYLE, "a, b { color: red; margin: 0 1px; }\n",
        "a,b{color:red;margin:0 1px;}\n");
    stripped_as(WEB_STYLE, "\t> a:hover { --m: x, \"S M\"; } /* c */\n}",
        "> a:hover{--m:x,\"S M\";}\n}");
    stripped_as(WEB_STYLE, "@media (min-height: 3rem) and (hover) {\n",
        "@media (min-height:3rem) and (hover){\n");
    /* A text keeps its blanks, and a blank between selectors means something.
     */
    stripped_as(WEB_STYLE, "a::before { content: \"; { a: b } \"; }",
        "a::before{content:\"; { a: b } \";}");
    stripped_as(WEB_STYLE, "a :is(b, c) + d", "a :is(b,c) + d");
    stripped_as(WEB_STYLE, "a: ", "a: ");
}

static void a_script_loses_the_blanks_beside_its_punctuation(void **state)
{
    stripped("const a = { b: [1, 2], c } ;\n", "const a={b:[1,2],c};\n");
    stripped("return x ? await f (y) : !z || w;", "return x?await f(y):!z||w;");
    stripped("for (const one of list) if (a < b) go(() => 1);",
        "for(const one of list)if(a<b)go(()=>1);");
    /* Signs stay apart, and so do words. */
    stripped("a - -b + +c; typeof d", "a - -b + +c;typeof d");
    stripped("f('a, b', \"c = 'd'\", ' ')", "f('a, b',\"c = 'd'\",' ')");
    /* Where a text begins cannot be told. */
    stripped("a = /', /; b", "a = /', /; b");
    stripped("a = `, ${ b }`", "a = `, ${ b }`");
    stripped("a = 'b\\', c'", "a = 'b\\', c'");
}

/* A string over several lines would lose what it begins its lines with. */
static void no_string_goes_over_lines(void **state)
{
    for (const struct embedded_file *file = embedded_web; file->name != NULL;
         file++) {
        unsigned ticks = 0, line = 1;

        if (strstr(file->name, ".js") == NULL)
            continue;
        for (size_t i = 0; i < file->len; i++) {
            ticks += file->data[i] == '`';
            if (file->data[i] != '\n')
                continue;
            if (ticks % 2 != 0)
                fail_msg("server/web/%s:%u", file->name, line);
            line++;
        }
    }
}

static void a_file_is_answered_with_type_and_tag_and_kept_for_good(void **state)
{
    struct asked asked;
    char tag[REPLY_TAG_LEN];

    open_web(&asked, NULL);
    ask(&asked, "app.js", NULL);
    assert_int_equal(asked.reply.status, 200);
    assert_string_equal(asked.reply.type, "text/javascript; charset=utf-8");
    assert_string_equal(
        asked.reply.keep, "public, max-age=31536000, immutable");
    assert_int_equal(asked.reply.tag[0], '"');
    assert_int_equal(strlen(asked.reply.tag), 18);
    memcpy(tag, asked.reply.tag, sizeof tag);
    ask(&asked, "app.css", NULL);
    assert_string_equal(asked.reply.type, "text/css; charset=utf-8");
    assert_string_not_equal(asked.reply.tag, tag);
    ask(&asked, "icon.svg", NULL);
    assert_string_equal(asked.reply.type, "image/svg+xml");
    close_web(&asked);
}

static void what_is_compressed_has_a_tag_of_its_own(void **state)
{
    struct asked asked;
    const struct embedded_file *file = embedded_find(embedded_web, "app.css");
    struct buffer plain = {0};
    char tag[REPLY_TAG_LEN];
    char *back = malloc(file->len);
    z_stream stream = {0};

    web_strip(&plain, WEB_STYLE, (const char *)file->data, file->len);
    assert_true(plain.len > 512);
    open_web(&asked, NULL);
    ask(&asked, file->name, NULL);
    memcpy(tag, asked.reply.tag, sizeof tag);
    assert_int_equal(asked.reply.body.len, plain.len);
    assert_memory_equal(asked.reply.body.data, plain.data, plain.len);
    assert_false(asked.reply.packed);
    ask(&asked, file->name, "gzip");
    assert_true(asked.reply.packed);
    assert_string_not_equal(asked.reply.tag, tag);
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = (Bytef *)asked.reply.body.data;
    stream.avail_in = (uInt)asked.reply.body.len;
    stream.next_out = (Bytef *)back;
    stream.avail_out = (uInt)file->len;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_memory_equal(back, plain.data, plain.len);
    (void)inflateEnd(&stream);
    buffer_clear(&plain);
    free(back);
    close_web(&asked);
}

static void another_version_is_answered_but_not_to_be_kept(void **state)
{
    struct asked asked;

    open_web(&asked, NULL);
    web_answer(
        asked.web, "0123456789abcdef", "app.js", &asked.request, &asked.reply);
    assert_int_equal(asked.reply.status, 200);
    assert_string_equal(asked.reply.keep, "no-cache");
    close_web(&asked);
}

static void what_is_no_file_of_the_page_is_not_there(void **state)
{
    static const char *const names[] = {"shell.html", "none.js", "../web.c",
        "..", "web.c", ".js", "App.js", "a/b.js", "", NULL};
    struct asked asked;

    for (int folder = 0; folder < 2; folder++) {
        open_web(&asked, folder ? "server/web" : NULL);
        for (size_t i = 0; names[i] != NULL; i++) {
            ask(&asked, names[i], NULL);
            assert_int_equal(asked.reply.status, 404);
        }
        close_web(&asked);
    }
}

static void a_folder_is_read_anew_at_each_request(void **state)
{
    char dir[] = "/tmp/test_web.XXXXXX", path[64];
    struct asked asked;
    FILE *file;
    size_t len;

    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/one.js", dir);
    open_web(&asked, dir);
    ask(&asked, "one.js", NULL);
    assert_int_equal(asked.reply.status, 404);
    assert_null(web_shell(asked.web, &len));
    for (int c = 'a'; c < 'c'; c++) {
        file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fputc(c, file), c);
        assert_int_equal(fclose(file), 0);
        ask(&asked, "one.js", "gzip");
        assert_int_equal(asked.reply.status, 200);
        assert_int_equal(asked.reply.body.len, 1);
        assert_int_equal(asked.reply.body.data[0], c);
        assert_string_equal(asked.reply.tag, "");
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0);
    close_web(&asked);
}

static void a_text_stays_a_text(void **state)
{
    struct buffer out = {0};

    html_put(&out, "<p title=\"{}\">{}</p>", "\" onload='x'", "<b>&");
    assert_int_equal(buffer_reserve(&out, 1), true);
    out.data[out.len] = '\0';
    assert_string_equal(
        out.data, "<p title=\"&quot; onload=&#39;x&#39;\">&lt;b&gt;&amp;</p>");
    buffer_clear(&out);
}

static void an_address_stays_one_part_of_an_address(void **state)
{
    struct buffer out = {0};

    html_put(
        &out, "<a href=\"/code/{u}?q={u}\">", "M54.50", "a&b=/\"<\xC3\xA9");
    buffer_addc(&out, '\0');
    assert_string_equal(
        out.data, "<a href=\"/code/M54.50?q=a%26b%3D%2F%22%3C%C3%A9\">");
    buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_of_the_folder_is_in_the_program),
        cmocka_unit_test(all_files_together_are_light),
        cmocka_unit_test(what_is_for_people_is_not_sent),
        cmocka_unit_test(a_style_loses_the_blanks_around_its_punctuation),
        cmocka_unit_test(a_script_loses_the_blanks_beside_its_punctuation),
        cmocka_unit_test(no_string_goes_over_lines),
        cmocka_unit_test(
            a_file_is_answered_with_type_and_tag_and_kept_for_good),
        cmocka_unit_test(what_is_compressed_has_a_tag_of_its_own),
        cmocka_unit_test(another_version_is_answered_but_not_to_be_kept),
        cmocka_unit_test(what_is_no_file_of_the_page_is_not_there),
        cmocka_unit_test(a_folder_is_read_anew_at_each_request),
        cmocka_unit_test(a_text_stays_a_text),
        cmocka_unit_test(an_address_stays_one_part_of_an_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_json.c - what is written is JSON, whatever the text. */
#include "tests/harness.h"

#include <jansson.h>
#include <string.h>

#include "codesets/answer/json.h"

static struct buffer out;
static struct json json;

static int begin(void **state)
{
    out = (struct buffer){0};
    json_begin(&json, &out);
    return 0;
}

static int end(void **state)
{
    buffer_clear(&out);
    return 0;
}

static void assert_written(const char *wanted)
{
    buffer_addc(&out, '\0');
    assert_string_equal(out.data, wanted);
}

static void commas_stand_between_values_and_nowhere_else(void **state)
{
    json_open(&json, '{');
    json_key(&json, "a");
    json_open(&json, '[');
    json_int(&json, 1);
    json_int(&json, -20);
    json_open(&json, '{');
    json_close(&json, '}');
    json_close(&json, ']');
    json_key(&json, "b");
    json_bool(&json, true);
    json_key(&json, "c");
    json_null(&json);
    json_key(&json, "d");
    json_open(&json, '[');
    json_close(&json, ']');
    json_close(&json, '}');
    assert_written("{\"a\":[1,-20,{}],\"b\":true,\"c\":null,\"d\":[]}");
}

static void pairs_are_written_in_decimal(void **state)
{
    json_open(&json, '[');
    json_pair(&json, 0, 9);
    json_pair(&json, 10, 99);
    json_pair(&json, 1000000000, UINT32_MAX);
    json_close(&json, ']');
    assert_written("[[0,9],[10,99],[1000000000,4294967295]]");
}

static void members_are_said_again(void **state)
{
    size_t from, len;

    json_open(&json, '{');
    json_key(&json, "a");
    json_int(&json, 1);
    from = out.len;
    json_key(&json, "b");
    json_bool(&json, true);
    json_key(&json, "c");
    len = out.len - from;
    json_open(&json, '{');
    json_key(&json, "d");
    json_int(&json, 2);
    json_again(&json, from, len);
    json_int(&json, 3);
    json_close(&json, '}');
    json_close(&json, '}');
    assert_written("{\"a\":1,\"b\":true,\"c\":{\"d\":2,\"b\":true,\"c\":3}}");
}

static void texts_are_escaped(void **state)
{
    json_string(&json, "say \"no\" \\ \n\r\t\x01\x7F <b>");
    assert_written("\"say \\\"no\\\" \\\\ \\n\\r\\t\\u0001\\u007f <b>\"");
}

static void a_mark_at_every_place_of_a_text_is_escaped(void **state)
{
    /* Texts are looked at eight bytes at a time. */
    static const char marks[] = {'"', '\\', '\n', '\x7F', '\x80', '\x1F'};

    for (size_t m = 0; m < sizeof marks; m++)
        for (size_t at = 0; at < 20; at++) {
            char text[20];
            json_t *read;

            memset(text, 'x', sizeof text);
            text[at] = marks[m];
            out.len = 0;
            json_begin(&json, &out);
            json_open(&json, '[');
            json_text(&json, text, sizeof text);
            json_close(&json, ']');
            read = json_loadb(out.data, out.len, 0, NULL);
            assert_non_null(read);
            if (marks[m] != '\x80')
                assert_memory_equal(json_string_value(json_array_get(read, 0)),
                    text, sizeof text);
            json_decref(read);
        }
}

static void utf8_is_kept_and_other_bytes_are_replaced(void **state)
{
    json_string(&json, "M\xC3\xA9ni\xC3\xA8re \xFF\xC3");
    assert_written("\"M\xC3\xA9ni\xC3\xA8re \xEF\xBF\xBD\xEF\xBF\xBD\"");
}

static void nothing_is_null(void **state)
{
    json_open(&json, '[');
    json_string(&json, NULL);
    json_text(&json, NULL, 0);
    json_day(&json, DAY_OPEN);
    json_day(&json, DAY_UNKNOWN);
    json_decimal(&json, "", 0);
    json_string(&json, "");
    json_close(&json, ']');
    assert_written("[null,null,null,null,null,\"\"]");
}

static void decimals_are_numbers_where_they_are_numbers(void **state)
{
    static const char *const texts[] = {"0.45", ".5", "012", "0", "0.0", "-1.5",
        "33.2875", "NA", "1.2.3", "5.", "-", "1e5"};

    json_open(&json, '[');
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        json_decimal(&json, texts[i], strlen(texts[i]));
    json_close(&json, ']');
    assert_written("[0.45,0.5,12,0,0.0,-1.5,33.2875,\"NA\",\"1.2.3\",\"5.\","
                   "\"-\",\"1e5\"]");
}

static void days_are_iso(void **state)
{
    json_day(&json, 0);
    assert_written("\"1970-01-01\"");
}

static void a_full_buffer_ends_nothing_but_itself(void **state)
{
    out.max = 10;
    json_string(&json, "far too long for ten bytes");
    json_key(&json, "key");
    json_int(&json, 123456789);
    assert_true(out.failed);
    assert_true(out.len <= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            commas_stand_between_values_and_nowhere_else, begin, end),
        cmocka_unit_test_setup_teardown(
            pairs_are_written_in_decimal, begin, end),
        cmocka_unit_test_setup_teardown(members_are_said_again, begin, end),
        cmocka_unit_test_setup_teardown(texts_are_escaped, begin, end),
        cmocka_unit_test_setup_teardown(
            a_mark_at_every_place_of_a_text_is_escaped, begin, end),
        cmocka_unit_test_setup_teardown(
            utf8_is_kept_and_other_bytes_are_replaced, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_null, begin, end),
        cmocka_unit_test_setup_teardown(
            decimals_are_numbers_where_they_are_numbers, begin, end),
        cmocka_unit_test_setup_teardown(days_are_iso, begin, end),
        cmocka_unit_test_setup_teardown(
            a_full_buffer_ends_nothing_but_itself, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

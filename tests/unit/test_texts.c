#include "tests/harness.h"

#include <stdio.h>
#include <string.h>
#include "indexer/plan/texts.h"

static struct texts *texts;

static int open_pool(void **state)
{
    return texts_open(&texts, NULL);
}

static int close_pool(void **state)
{
    texts_close(texts);
    return 0;
}

static void a_new_pool_holds_the_empty_text(void **state)
{
    size_t len = 1;

    assert_int_equal(texts_count(texts), 1);
    assert_string_equal(texts_get(texts, TEXT_EMPTY, &len), "");
    assert_int_equal(len, 0);
    assert_int_equal(texts_add(texts, "", 0), TEXT_EMPTY);
    assert_int_equal(texts_count(texts), 1);
}

static void numbers_follow_the_order_of_addition(void **state)
{
    assert_int_equal(texts_add(texts, "G0438", 5), 1);
    assert_int_equal(texts_add(texts, "G0439", 5), 2);
    assert_int_equal(texts_add(texts, "G0438", 5), 1);
    assert_int_equal(texts_add(texts, "A", 1), 3);
    assert_int_equal(texts_count(texts), 4);
}

static void a_text_is_its_bytes_and_its_length(void **state)
{
    const uint32_t shorter = texts_add(texts, "ab", 2);
    const uint32_t longer = texts_add(texts, "ab\0", 3);
    size_t len;

    assert_int_not_equal(shorter, longer);
    assert_memory_equal(texts_get(texts, longer, &len), "ab\0", 3);
    assert_int_equal(len, 3);
    assert_string_equal(texts_get(texts, shorter, NULL), "ab");
}

static void texts_stay_where_they_are_while_the_pool_grows(void **state)
{
    const char *first = texts_get(texts, texts_add(texts, "first", 5), NULL);
    char text[16];
    uint32_t i;

    for (i = 0; i < 200000; i++) {
        (void)snprintf(text, sizeof text, "%u", i);
        assert_int_equal(texts_add(texts, text, strlen(text)), i + 2);
    }
    assert_string_equal(first, "first");
    for (i = 0; i < 200000; i++) {
        (void)snprintf(text, sizeof text, "%u", i);
        assert_int_equal(texts_add(texts, text, strlen(text)), i + 2);
        assert_string_equal(texts_get(texts, i + 2, NULL), text);
    }
    assert_false(texts_failed(texts));
}

static void a_text_larger_than_a_chunk_is_kept_whole(void **state)
{
    static char large[3 << 20];
    uint32_t id;
    size_t len;

    memset(large, 'x', sizeof large);
    id = texts_add(texts, large, sizeof large);
    assert_int_equal(texts_add(texts, "small", 5), id + 1);
    assert_memory_equal(texts_get(texts, id, &len), large, sizeof large);
    assert_int_equal(len, sizeof large);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_pool, close_pool)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_pool_holds_the_empty_text),
        TEST(numbers_follow_the_order_of_addition),
        TEST(a_text_is_its_bytes_and_its_length),
        TEST(texts_stay_where_they_are_while_the_pool_grows),
        TEST(a_text_larger_than_a_chunk_is_kept_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

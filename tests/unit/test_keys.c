/* The file of keys, row by row, and the allowance of a key by a clock that the
 * test turns. */
#include "tests/harness.h"

#include <stdio.h>
#include <string.h>

#include "codesets/core/buffer.h"
#include "server/keys.h"
#include "server/limits.h"

/* SHA-256 of "abc" and of the 56 bytes below: FIPS 180-4's examples. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define LONG "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
#define LONG_HASH                                                              \
    "248D6A61D20638B8E5C026930C3E6039A33CE45964FF2167F6ECEDD419DB06C1"

static struct keys *parse(const char *text)
{
    struct keys *keys = NULL;
    struct error err = {0};

    if (keys_parse(&keys, text, strlen(text), "keys", &err) != 0)
        fail_msg("%s", err.msg);
    return keys;
}

static void a_file_of_keys_is_read(void **state)
{
    struct keys *keys = parse("# who may ask\n"
                              "name\tsha256\trate\tburst\ttext\n"
                              "\n"
                              "clinic-a\t" ABC "\t20\t40\tlicensed # theirs\n"
                              "  kiosk_2 " LONG_HASH " 0.5 3 public\r\n");
    const struct key *key;

    assert_int_equal(keys_count(keys), 2);
    key = keys_find(keys, "abc", 3);
    assert_non_null(key);
    assert_string_equal(key->name, "clinic-a");
    assert_true(key->rate == 20);
    assert_int_equal(key->burst, 40);
    assert_true(key->licensed);
    key = keys_find(keys, LONG, strlen(LONG));
    assert_non_null(key);
    assert_string_equal(key->name, "kiosk_2");
    assert_true(key->rate == 0.5);
    assert_false(key->licensed);
    assert_null(keys_find(keys, "abd", 3));
    assert_null(keys_find(keys, "abc", 2));
    assert_null(keys_find(keys, "", 0));
    assert_null(keys_find(keys, ABC, strlen(ABC))); /* the hash is no key */
    keys_free(keys);
}

static void a_key_may_be_without_a_limit(void **state)
{
    struct keys *keys = parse("a " ABC " - - public");

    assert_true(keys_find(keys, "abc", 3)->rate == 0);
    keys_free(keys);
}

static void a_bad_row_is_told_with_its_number(void **state)
{
    static const struct {
        const char *text, *said;
    } bad[] = {
        {"", "keys: holds no key"},
        {"# nothing\nname sha256 rate burst text\n", "holds no key"},
        {"\na " ABC " 1 1\n", "row 2: not the five words"},
        {"a " ABC " 1 1 public more\n", "row 1: more than the five"},
        {"a\001 " ABC " 1 1 public\n", "row 1: a name has"},
        {"01234567890123456789012345678901234567890 " ABC " 1 1 public\n",
            "row 1: a name has"},
        {"a ab 1 1 public\n", "row 1: the second word"},
        {"a x" ABC " 1 1 public\n", "row 1: the second word"},
        {"a " ABC " 0 1 public\n", "row 1: the rate"},
        {"a " ABC " 0.0001 1 public\n", "row 1: the rate"},
        {"a " ABC " inf 1 public\n", "row 1: the rate"},
        {"a " ABC " 1e3 1 public\n", "row 1: the rate"},
        {"a " ABC " -1 1 public\n", "row 1: the rate"},
        {"a " ABC " 1000001 1 public\n", "row 1: the rate"},
        {"a " ABC " - 1 public\n", "row 1: the rate"},
        {"a " ABC " 1 0 public\n", "row 1: the burst"},
        {"a " ABC " 1 1.5 public\n", "row 1: the burst"},
        {"a " ABC " 1 1000001 public\n", "row 1: the burst"},
        {"a " ABC " 1 1 yes\n", "row 1: the last word"},
        {"a " ABC " 1 1 public\na " LONG_HASH " 1 1 public\n",
            "row 2: this name"},
        {"a " ABC " 1 1 public\nb " ABC " 1 1 public\n", "row 2: this key"},
        /* A heading stands at the beginning or nowhere. */
        {"a " ABC " 1 1 public\nname sha256 rate burst text\n", "row 2: the"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct keys *keys = NULL;
        struct error err = {0};

        assert_int_equal(
            keys_parse(&keys, bad[i].text, strlen(bad[i].text), "keys", &err),
            ERR_INPUT);
        if (strstr(err.msg, bad[i].said) == NULL)
            fail_msg("'%s' is not in '%s'", bad[i].said, err.msg);
        assert_null(keys);
        assert_null(strstr(err.msg, "ba7816bf")); /* nor is a hash */
    }
}

static void a_nul_ends_no_row(void **state)
{
    static const char text[] = "a " ABC " 1 1 public\0\n";
    struct keys *keys = NULL;
    struct error err = {0};

    assert_int_equal(
        keys_parse(&keys, text, sizeof text - 1, "keys", &err), ERR_INPUT);
    assert_non_null(strstr(err.msg, "row 1: a NUL"));
}

static void more_keys_than_the_first_room_are_kept(void **state)
{
    struct buffer text = {0};
    struct keys *keys;

    for (unsigned i = 0; i < 1000; i++) {
        char secret[8], hash[KEY_HEX + 1];

        (void)snprintf(secret, sizeof secret, "%u", i);
        assert_true(key_hash(hash, secret, strlen(secret)));
        buffer_addf(&text, "k%u %s 1 1 public\n", i, hash);
    }
    buffer_addc(&text, '\0');
    keys = parse(text.data);
    assert_int_equal(keys_count(keys), 1000);
    assert_string_equal(keys_find(keys, "999", 3)->name, "k999");
    assert_string_equal(keys_find(keys, "0", 1)->name, "k0");
    keys_free(keys);
    buffer_clear(&text);
}

/* --- the allowance; milliseconds of a clock that the test turns --- */

static bool take(
    struct limits *limits, const struct key *key, uint64_t ms, unsigned *wait)
{
    return limits_take(limits, key, 1000000000u + ms * 1000000u, wait);
}

static void a_burst_is_allowed_and_then_the_rate(void **state)
{
    const struct key key = {.digest = {1}, .rate = 2, .burst = 3};
    struct limits *limits;
    unsigned wait;

    assert_int_equal(limits_open(&limits, NULL), 0);
    for (int i = 0; i < 3; i++)
        assert_true(take(limits, &key, 0, &wait));
    assert_false(take(limits, &key, 0, &wait)); /* half a second early */
    assert_int_equal(wait, 1);
    assert_false(take(limits, &key, 499, &wait));
    assert_true(take(limits, &key, 500, &wait));
    assert_false(take(limits, &key, 500, &wait));
    assert_false(take(limits, &key, 999, &wait));
    assert_true(take(limits, &key, 1000, &wait));
    /* After a rest the whole burst is there again, and no more than that. */
    for (int i = 0; i < 3; i++)
        assert_true(take(limits, &key, 60000, &wait));
    assert_false(take(limits, &key, 60000, &wait));
    limits_close(limits);
}

static void a_key_that_is_allowed_more_now_need_not_pay_its_old_debt(
    void **state)
{
    const struct key slow = {.digest = {1}, .rate = 0.01, .burst = 100};
    struct key fast = slow;
    struct limits *limits;
    unsigned wait;

    fast.rate = 10;
    fast.burst = 5;
    assert_int_equal(limits_open(&limits, NULL), 0);
    for (int i = 0; i < 100; i++)
        assert_true(take(limits, &slow, 0, &wait));
    assert_false(take(limits, &fast, 0, &wait));
    assert_int_equal(wait, 1);
    assert_true(take(limits, &fast, 100, &wait));
    assert_false(take(limits, &fast, 100, &wait));
    limits_close(limits);
}

static void what_was_refused_does_not_count(void **state)
{
    const struct key key = {.digest = {1}, .rate = 0.1, .burst = 1};
    struct limits *limits;
    unsigned wait;

    assert_int_equal(limits_open(&limits, NULL), 0);
    assert_true(take(limits, &key, 0, &wait));
    for (int i = 0; i < 1000; i++)
        assert_false(take(limits, &key, 1, &wait));
    assert_int_equal(wait, 10); /* 9.999 s */
    assert_false(take(limits, &key, 9000, &wait));
    assert_int_equal(wait, 1);
    assert_true(take(limits, &key, 10000, &wait));
    limits_close(limits);
}

static void keys_do_not_use_up_each_others_allowance(void **state)
{
    /* The same place of the table to begin with. */
    const struct key a = {.digest = {2}, .rate = 1, .burst = 1};
    struct key b = a;
    const struct key free_one = {.digest = {9}};
    struct limits *limits;
    unsigned wait;

    b.digest[7] = 1;
    assert_int_equal(limits_open(&limits, NULL), 0);
    assert_true(take(limits, &a, 0, &wait));
    assert_true(take(limits, &b, 0, &wait));
    assert_false(take(limits, &a, 0, &wait));
    assert_false(take(limits, &b, 0, &wait));
    for (int i = 0; i < 10000; i++)
        assert_true(take(limits, &free_one, 0, &wait));
    limits_close(limits);
}

static void the_greatest_numbers_do_not_overflow(void **state)
{
    const struct key slow = {
        .digest = {3}, .rate = 0.001, .burst = KEY_BURST_MAX};
    const struct key fast = {
        .digest = {4}, .rate = KEY_RATE_MAX, .burst = KEY_BURST_MAX};
    struct limits *limits;
    unsigned wait;

    assert_int_equal(limits_open(&limits, NULL), 0);
    for (int i = 0; i < KEY_BURST_MAX; i++) {
        assert_true(take(limits, &slow, 0, &wait));
        assert_true(take(limits, &fast, 0, &wait));
    }
    assert_false(take(limits, &slow, 0, &wait));
    assert_int_equal(wait, 1000);
    assert_false(take(limits, &fast, 0, &wait));
    assert_int_equal(wait, 1);
    limits_close(limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_of_keys_is_read),
        cmocka_unit_test(a_key_may_be_without_a_limit),
        cmocka_unit_test(a_bad_row_is_told_with_its_number),
        cmocka_unit_test(a_nul_ends_no_row),
        cmocka_unit_test(more_keys_than_the_first_room_are_kept),
        cmocka_unit_test(a_burst_is_allowed_and_then_the_rate),
        cmocka_unit_test(
            a_key_that_is_allowed_more_now_need_not_pay_its_old_debt),
        cmocka_unit_test(what_was_refused_does_not_count),
        cmocka_unit_test(keys_do_not_use_up_each_others_allowance),
        cmocka_unit_test(the_greatest_numbers_do_not_overflow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/harness.h"

#include <string.h>

#include "codesets/core/buffer.h"
#include "codesets/core/bytes.h"
#include "codesets/core/error.h"

static void the_first_cause_stays_behind_its_context(void **state)
{
    struct error err = {0};

    assert_int_equal(
        error_set(&err, ERR_INPUT, 0, "column %d: not a date", 4), ERR_INPUT);
    assert_int_equal(error_prefix(&err, ERR_SYSTEM, "row %d", 12), ERR_INPUT);
    assert_string_equal(err.msg, "row 12: column 4: not a date");
    assert_int_equal(error_set(NULL, ERR_LIMIT, 0, "nobody asks"), ERR_LIMIT);
    assert_int_equal(error_prefix(NULL, ERR_LIMIT, "nobody asks"), ERR_LIMIT);
}

static void a_message_too_long_is_cut_not_overrun(void **state)
{
    struct error err = {0};
    char text[2 * ERROR_MESSAGE_MAX];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    (void)error_set(&err, ERR_INPUT, 0, "%s", text);
    assert_int_equal(strlen(err.msg), ERROR_MESSAGE_MAX - 1);
    (void)error_prefix(&err, ERR_INPUT, "file");
    assert_int_equal(strlen(err.msg), ERROR_MESSAGE_MAX - 1);
    assert_memory_equal(err.msg, "file: xxx", 9);
}

static void a_buffer_grows_and_remembers_its_ceiling(void **state)
{
    struct buffer b = {.max = 300};

    for (int i = 0; i < 299; i++)
        buffer_addc(&b, 'a');
    assert_false(b.failed);
    buffer_adds(&b, "bc");
    assert_true(b.failed);
    assert_int_equal(b.len, 299);
    buffer_addc(&b, 'd'); /* what comes after a failure is ignored */
    assert_int_equal(b.len, 299);
    buffer_clear(&b);
    buffer_addu(&b, 0);
    buffer_addu(&b, UINT64_MAX);
    buffer_addf(&b, "-%d", 7);
    assert_int_equal(b.len, 23);
    assert_memory_equal(b.data, "018446744073709551615-7", 23);
    buffer_clear(&b);
}

static void numbers_keep_their_value_at_any_address(void **state)
{
    uint8_t bytes[16];

    for (size_t at = 0; at < 4; at++) {
        store_u16(bytes + at, 0xABCD);
        assert_int_equal(bytes[at], 0xCD);
        assert_int_equal(load_u16(bytes + at), 0xABCD);
        store_u24(bytes + at, 0x123456);
        assert_int_equal(load_u24(bytes + at), 0x123456);
        store_i32(bytes + at, -25567);
        assert_int_equal(load_i32(bytes + at), -25567);
        store_u32(bytes + at, 0xDEADBEEF);
        assert_true(load_u32(bytes + at) == 0xDEADBEEF);
    }
}

static void a_varint_survives_and_its_truncations_do_not(void **state)
{
    static const uint32_t values[] = {
        0, 1, 127, 128, 16383, 16384, 0x0FFFFFFF, 0x10000000, UINT32_MAX};

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        uint8_t bytes[VARINT_MAX];
        const size_t n = store_varint(bytes, values[i]);
        const uint8_t *at = bytes;
        uint32_t back = 0;

        assert_true(load_varint(&at, bytes + n, &back));
        assert_true(back == values[i] && at == bytes + n);
        for (size_t cut = 0; cut < n; cut++) {
            at = bytes;
            assert_false(load_varint(&at, bytes + cut, &back));
        }
    }
}

static void a_varint_of_more_than_32_bits_is_refused(void **state)
{
    static const uint8_t too_much[] = {0xFF, 0xFF, 0xFF, 0xFF, 0x1F};
    static const uint8_t endless[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x00};
    const uint8_t *at = too_much;
    uint32_t value = 0;

    assert_false(load_varint(&at, too_much + sizeof too_much, &value));
    at = endless;
    assert_false(load_varint(&at, endless + sizeof endless, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_cause_stays_behind_its_context),
        cmocka_unit_test(a_message_too_long_is_cut_not_overrun),
        cmocka_unit_test(a_buffer_grows_and_remembers_its_ceiling),
        cmocka_unit_test(numbers_keep_their_value_at_any_address),
        cmocka_unit_test(a_varint_survives_and_its_truncations_do_not),
        cmocka_unit_test(a_varint_of_more_than_32_bits_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

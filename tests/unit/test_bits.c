/* test_bits.c - whole bitmaps, each against the same number by number. */
#include "tests/harness.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/search/bits.h"

/* Up to so many bytes, which is more than any lane or piece takes at once. */
enum { BYTES = 4096 + 3 * 16, ROUNDS = 400 };

static uint64_t state = 88172645463325252u;

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Bits that are rare, common or all, at an odd address. */
static uint8_t *fill(uint8_t *block, size_t bytes)
{
    uint8_t *bits = block + 1;
    const unsigned kind = draw() % 4;

    for (size_t i = 0; i < bytes; i++) {
        uint64_t own = draw();

        if (kind == 1)
            own &= draw() & draw();
        else if (kind == 2)
            own = own % 97 == 0 ? UINT64_C(1) << draw() % 8 : 0;
        else if (kind == 3)
            own = 0xFF;
        bits[i] = (uint8_t)own;
    }
    return bits;
}

/* The blocks have not a byte more than is to be read, so that a sanitizer sees
 * one that is. */
struct pair {
    uint8_t *block[3];
    uint8_t *one, *other, *out;
    size_t bytes;
};

static void begin(struct pair *pair)
{
    pair->bytes = 16 * (draw() % (BYTES / 16 + 1));
    for (int i = 0; i < 3; i++) {
        pair->block[i] = malloc(pair->bytes + 1);
        assert_non_null(pair->block[i]);
    }
    pair->one = fill(pair->block[0], pair->bytes);
    pair->other = fill(pair->block[1], pair->bytes);
    pair->out = fill(pair->block[2], pair->bytes);
}

static void end(struct pair *pair)
{
    for (int i = 0; i < 3; i++)
        free(pair->block[i]);
}

static void two_make_one(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        struct pair pair;

        begin(&pair);
        bits_both(pair.out, pair.one, pair.other, pair.bytes);
        for (size_t i = 0; i < pair.bytes; i++)
            assert_int_equal(pair.out[i], pair.one[i] & pair.other[i]);
        memcpy(pair.out, pair.one, pair.bytes);
        bits_and(pair.out, pair.other, pair.bytes);
        for (size_t i = 0; i < pair.bytes; i++)
            assert_int_equal(pair.out[i], pair.one[i] & pair.other[i]);
        memcpy(pair.out, pair.one, pair.bytes);
        bits_or(pair.out, pair.other, pair.bytes);
        for (size_t i = 0; i < pair.bytes; i++)
            assert_int_equal(pair.out[i], pair.one[i] | pair.other[i]);
        memcpy(pair.out, pair.one, pair.bytes);
        bits_but(pair.out, pair.other, pair.bytes);
        for (size_t i = 0; i < pair.bytes; i++)
            assert_int_equal(
                pair.out[i], pair.one[i] & (uint8_t)~pair.other[i]);
        end(&pair);
    }
}

static void numbers_are_counted(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t one = 0, both = 0;
        struct pair pair;

        begin(&pair);
        for (uint32_t n = 0; n < pair.bytes * 8; n++) {
            one += bits_has(pair.one, n) != 0;
            both += bits_has(pair.one, n) && bits_has(pair.other, n);
        }
        assert_int_equal(bits_count(pair.one, pair.bytes), one);
        assert_int_equal(
            bits_count_both(pair.one, pair.other, pair.bytes), both);
        assert_int_equal(bits_any(pair.one, pair.bytes), one > 0);
        assert_false(bits_more_than(one, pair.one, pair.bytes));
        if (one > 0)
            assert_true(bits_more_than(one - 1, pair.one, pair.bytes));
        end(&pair);
    }
}

static void words_are_found_from_any_place_on(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        struct pair pair;
        size_t words, from, to, at;

        begin(&pair);
        words = pair.bytes / 8;
        from = 8 * (draw() % (words + 1));
        to = 8 * (draw() % (words + 1));
        for (at = from; at < to; at += 8)
            if ((bits_word(pair.one, at) & bits_word(pair.other, at)) != 0)
                break;
        if (from >= to)
            at = to;
        assert_int_equal(bits_next_both(pair.one, pair.other, from, to), at);
        end(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_make_one),
        cmocka_unit_test(numbers_are_counted),
        cmocka_unit_test(words_are_found_from_any_place_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

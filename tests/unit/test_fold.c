/* test_fold.c - what people type finds what CMS prints. */
#include "tests/harness.h"

#include <stdbool.h>
#include <string.h>

#include "codesets/core/fold.h"

/* Folds a text to its words, parted by blanks. */
static const char *folded(const char *text, size_t len)
{
    static char out[1024];
    struct fold_word word;
    struct fold fold;
    size_t at = 0;

    fold_begin(&fold, text, len);
    while (fold_next(&fold, &word)) {
        if (at > 0)
            out[at++] = ' ';
        memcpy(out + at, word.text, word.len + 1);
        at += word.len;
    }
    out[at] = '\0';
    return out;
}

static void assert_folds(const char *text, const char *words)
{
    assert_string_equal(folded(text, strlen(text)), words);
}

static void case_marks_and_compatibility_forms_are_folded(void **state)
{
    assert_folds("X-Ray of Hand, LEFT", "x ray of hand left");
    assert_folds("Sjögren's syndrome", "sjogrens syndrome");
    assert_folds("Sjo\xCC\x88gren\xE2\x80\x99s", "sjogrens");
    assert_folds("M\xC3\xA9ni\xC3\xA8re", "meniere");
    assert_folds("\xEF\xAC\x81"
                 "bula",
        "fibula");
    assert_folds("STRA\xC3\x9F"
                 "E",
        "strasse");
    assert_folds("Botox\xE2\x84\xA2 \xC2\xAE", "botox");
}

static void numbers_and_doses_stay_whole(void **state)
{
    assert_folds("2.5 mg/ml", "2.5 mg ml");
    assert_folds("0.5-1.0 %", "0.5 1.0 percent");
    assert_folds("1. first", "1 first");
    assert_folds(".5", "5");
    assert_folds("2\xC2\xBD tablets", "2 1 2 tablets");
    assert_folds("m\xC2\xB2", "m2");
    assert_folds("M54.50", "m54.50");
}

static void signs_that_stand_for_words_are_read(void **state)
{
    assert_folds("Mri brain w/o dye", "mri brain without dye");
    assert_folds("Mri w/o & w/dye", "mri without with dye");
    assert_folds("W/O", "without");
    assert_folds("w/ocular", "with ocular");
    assert_folds("50%", "50 percent");
    assert_folds("sc 3 cm/>", "sc 3 cm more");
    assert_folds("sc < 3 cm", "sc less 3 cm");
    assert_folds("x-ray/ct", "x ray ct");
}

static void a_number_and_its_unit_are_two_words(void **state)
{
    assert_folds("10mg", "10 mg");
    assert_folds("2.5ML", "2.5 ml");
    assert_folds("5\xC2\xB5g", "5 mcg");
    assert_folds("5 \xCE\xBCg", "5 mcg");
    assert_folds("100ug", "100 mcg");
    assert_folds("b12 2nd 3d 15th", "b12 2nd 3d 15th");
    assert_folds("1yr/>", "1 yr more");
    assert_folds("1,000 units", "1000 units");
    assert_folds("97110,97140", "97110 97140");
    assert_folds("1,2,3", "1 2 3");
}

static void no_word_is_thrown_away(void **state)
{
    assert_folds("with or without, no left", "with or without no left");
}

static void nothing_makes_no_words(void **state)
{
    assert_folds("", "");
    assert_folds(" - / ' . ", "");
    assert_string_equal(folded("\xFF\xFE\x80", 3), "");
    assert_string_equal(folded("a\0b", 3), "a b");
}

static void invalid_bytes_part_words(void **state)
{
    assert_string_equal(folded("ab\xFF"
                               "cd",
                            5),
        "ab cd");
    assert_string_equal(folded("ab\xC3", 3), "ab");
}

static void a_long_word_is_cut_and_the_rest_dropped(void **state)
{
    char text[200];
    struct fold_word word;
    struct fold fold;

    memset(text, 'a', sizeof text);
    fold_begin(&fold, text, sizeof text);
    assert_int_equal(fold_next(&fold, &word), 1);
    assert_int_equal(word.len, FOLD_WORD_MAX);
    assert_int_equal(word.bytes, sizeof text);
    assert_int_equal(fold_next(&fold, &word), 0);
}

static void places_count_bytes_and_code_points(void **state)
{
    static const char text[] = "\xC3\xA9t\xC3\xA9 Gait";
    struct fold_word word;
    struct fold fold;

    fold_begin(&fold, text, sizeof text - 1);
    assert_int_equal(fold_next(&fold, &word), 1);
    assert_int_equal(word.from, 0);
    assert_int_equal(word.bytes, 5);
    assert_int_equal(word.start, 0);
    assert_int_equal(word.points, 3);
    assert_int_equal(fold_next(&fold, &word), 1);
    assert_int_equal(word.from, 6);
    assert_int_equal(word.bytes, 4);
    assert_int_equal(word.start, 4);
    assert_int_equal(word.points, 4);
}

/* Letters are read several at a time: every other byte is met wherever it
 * stands among them. */
static void every_byte_parts_letters_wherever_it_stands(void **state)
{
    for (int c = 1; c < 0x80; c++)
        for (size_t place = 1; place < 19; place++) {
            const bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            char text[21] = "ABCDEFGHIJKLMNOPQRST", wanted[21];

            text[place] = (char)c;
            for (size_t i = 0; i < sizeof text; i++)
                wanted[i] =
                    (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20
                                                            : text[i]);
            if (c == '\'')
                memmove(wanted + place, wanted + place + 1, 20 - place);
            else if (!letter && (c < '0' || c > '9'))
                wanted[place] = ' ';
            assert_folds(text, wanted);
        }
}

/* Words that may begin with one of the letters, as far as there is room. */
static size_t words_with(struct fold_word *out, size_t room, const char *text,
    size_t len, uint32_t letters, bool pass)
{
    struct fold fold;
    size_t n = 0;

    fold_begin(&fold, text, len);
    while (n < room) {
        if (pass)
            fold_pass(&fold, letters);
        if (fold_next(&fold, &out[n]) == 0)
            break;
        if (fold_letter(&out[n]) == 0 || (fold_letter(&out[n]) & letters) != 0)
            n++;
    }
    return n;
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Texts of pieces that are special to folding, put together at random. */
static size_t make_text(char *out, size_t room, uint32_t *random)
{
    static const char *const pieces[] = {"a", "W", "u", "m", "ug", "w/", "w/o",
        "W/dye", "mg", "mcg", "10", "3", "1,000", ".", "2.5", "'",
        "\xE2\x80\x99", "\xC2\xBD", "\xC2\xB5", "\xCE\xBC", "\xC3\xA9",
        "\xCC\x88", "\xFF", "\xEF\xAC\x81", "%", "<", ">", "/", "-", "(", ")",
        ",", ";", " ", " ", " ", " ", "left", "without", "diabetes", "UNIT",
        "Mellitus", "abcdefgh",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"};
    const size_t count = sizeof pieces / sizeof pieces[0];
    const uint32_t wanted = next_random(random) % 14;
    size_t len = 0;

    for (uint32_t i = 0; i < wanted; i++) {
        const char *piece = pieces[next_random(random) % count];
        const size_t n = strlen(piece);

        if (len + n > room)
            break;
        memcpy(out + len, piece, n);
        len += n;
    }
    return len;
}

static void words_are_passed_over_as_if_they_were_read(void **state)
{
    enum { TEXTS = 60000, WORDS = 64 };
    static struct fold_word read[WORDS], passed[WORDS];
    uint32_t random = 1;
    char text[256];

    for (int i = 0; i < TEXTS; i++) {
        const size_t len = make_text(text, sizeof text, &random);
        const uint32_t letters = next_random(&random) & next_random(&random);
        const size_t n = words_with(read, WORDS, text, len, letters, false);

        assert_int_equal(
            words_with(passed, WORDS, text, len, letters, true), n);
        for (size_t k = 0; k < n; k++) {
            assert_string_equal(passed[k].text, read[k].text);
            assert_int_equal(passed[k].len, read[k].len);
            assert_int_equal(passed[k].from, read[k].from);
            assert_int_equal(passed[k].bytes, read[k].bytes);
            assert_int_equal(passed[k].start, read[k].start);
            assert_int_equal(passed[k].points, read[k].points);
            assert_int_equal(passed[k].folded_points, read[k].folded_points);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_marks_and_compatibility_forms_are_folded),
        cmocka_unit_test(numbers_and_doses_stay_whole),
        cmocka_unit_test(signs_that_stand_for_words_are_read),
        cmocka_unit_test(a_number_and_its_unit_are_two_words),
        cmocka_unit_test(no_word_is_thrown_away),
        cmocka_unit_test(nothing_makes_no_words),
        cmocka_unit_test(invalid_bytes_part_words),
        cmocka_unit_test(every_byte_parts_letters_wherever_it_stands),
        cmocka_unit_test(a_long_word_is_cut_and_the_rest_dropped),
        cmocka_unit_test(places_count_bytes_and_code_points),
        cmocka_unit_test(words_are_passed_over_as_if_they_were_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

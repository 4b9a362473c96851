#include "tests/harness.h"

#include <string.h>

#include "codesets/core/code.h"
#include "codesets/core/error.h"

static void procedure_codes_are_told_by_their_shape(void **state)
{
    static const struct {
        const char *text;
        enum code_system system;
    } good[] = {{"97110", SYSTEM_CPT}, {"00100", SYSTEM_CPT},
        {"0001A", SYSTEM_CPT}, {"0001F", SYSTEM_CPT}, {"0002M", SYSTEM_CPT},
        {"0791T", SYSTEM_CPT}, {"0001U", SYSTEM_CPT}, {"G0283", SYSTEM_HCPCS},
        {"A4206", SYSTEM_HCPCS}, {"U0005", SYSTEM_HCPCS},
        {"V5364", SYSTEM_HCPCS}, {"D0120", SYSTEM_CDT}};
    static const char *const bad[] = {"9711O", "g0283", "97.10", "W1234",
        "G028A", "0001B", "     ", "1E+05", "A12B4"};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        const uint32_t packed = proc_pack(good[i].text);
        char back[PROC_LEN + 1];

        assert_true(packed < PROC_PACKED_END);
        assert_int_equal(proc_system(packed), good[i].system);
        proc_unpack(back, packed);
        assert_string_equal(back, good[i].text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_true(proc_pack(bad[i]) == PROC_NONE);
}

static void packed_codes_sort_as_their_bytes_do(void **state)
{
    /* the order of the publisher's file: 0001A, 0001M, 0001T, 0001U, 0002A */
    static const char *const ascending[] = {"00100", "0001A", "0001M", "0001T",
        "0001U", "0002A", "97110", "99999", "A0021", "G0283", "V5364"};
    const size_t count = sizeof ascending / sizeof *ascending;

    for (size_t i = 1; i + 1 < count; i++)
        assert_true(strcmp(ascending[i], ascending[i + 1]) < 0 &&
                    proc_pack(ascending[i]) < proc_pack(ascending[i + 1]));
    assert_true(proc_pack("0001A") < proc_pack("00100"));
    /* cppcheck-suppress staticStringCompare ; bytes of text sort alike */
    assert_true(strcmp("0001A", "00100") < 0);
}

static void diagnosis_codes_are_told_by_their_shape(void **state)
{
    static const char *const good[] = {"A00", "M5450", "S060X0A", "C4A", "C7B1",
        "O9A111", "Z3A00", "QA0", "QA00101", "U099"};
    static const char *const bad[] = {
        "A0", "M54.5", "m5450", "5450M", "ABCDE", "S060X0AB", "M54-5"};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(icd_shaped(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(icd_shaped(bad[i], strlen(bad[i])));
}

static void a_dot_comes_after_the_third_character(void **state)
{
    char out[CODE_TEXT];

    assert_int_equal(icd_dotted(out, "M5450", 5), 6);
    assert_string_equal(out, "M54.50");
    assert_int_equal(icd_dotted(out, "A00", 3), 3);
    assert_string_equal(out, "A00");
    (void)icd_dotted(out, "S060X0A", 7);
    assert_string_equal(out, "S06.0X0A");
}

static void typed_codes_are_made_plain(void **state)
{
    static const struct {
        const char *typed, *text;
        bool dotted;
    } cases[] = {{" 97110 ", "97110", false}, {"g0283", "G0283", false},
        {"m54.50", "M5450", true}, {"M5450", "M5450", false},
        {"m54.", "M54", true}, {"M5450.", "M5450", false}, {"59", "59", false}};
    struct code_text out;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(
            code_text_parse(&out, cases[i].typed, strlen(cases[i].typed)), 0);
        assert_string_equal(out.text, cases[i].text);
        assert_int_equal(out.len, strlen(cases[i].text));
        assert_int_equal(out.dotted, cases[i].dotted);
    }
    assert_int_equal(code_text_parse(&out, "", 0), ERR_INPUT);
    assert_int_equal(code_text_parse(&out, "   ", 3), ERR_INPUT);
    assert_int_equal(code_text_parse(&out, "97 110", 6), ERR_INPUT);
    assert_int_equal(code_text_parse(&out, "97\000110", 6), ERR_INPUT);
    assert_int_equal(code_text_parse(&out, "９7110", 7), ERR_INPUT);
    assert_int_equal(
        code_text_parse(&out, "1234567890123456789012345678901234", 34),
        ERR_INPUT);
}

static void systems_have_names_and_back(void **state)
{
    for (int i = 0; i < SYSTEM_COUNT; i++) {
        const char *name = code_system_name((enum code_system)i);
        enum code_system back;

        assert_int_equal(code_system_parse(&back, name, strlen(name)), 0);
        assert_int_equal(back, i);
    }
    assert_int_equal(
        code_system_parse(&(enum code_system){0}, "icd", 3), ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(procedure_codes_are_told_by_their_shape),
        cmocka_unit_test(packed_codes_sort_as_their_bytes_do),
        cmocka_unit_test(diagnosis_codes_are_told_by_their_shape),
        cmocka_unit_test(a_dot_comes_after_the_third_character),
        cmocka_unit_test(typed_codes_are_made_plain),
        cmocka_unit_test(systems_have_names_and_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

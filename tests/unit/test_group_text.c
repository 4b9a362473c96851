/* test_group_text.c - what the words above a list of diagnoses say of the
 * procedures it is for. */
#include "tests/harness.h"

#include <stdio.h>
#include <string.h>

#include "codesets/core/code.h"
#include "codesets/rules/necessity/group_text.h"

static struct group_text text;

static void read(const char *words)
{
    group_text_read(&text, words, strlen(words));
}

static enum naming names(const char *code)
{
    return group_text_names(&text, proc_pack(code), (uint64_t)1 << 1);
}

static void a_code_is_named_by_its_five_characters(void **state)
{
    read("The following ICD-10-CM codes support medical necessity for G0283.");
    assert_int_equal(names("G0283"), NAMING_NAMED);
    assert_int_equal(names("G0281"), NAMING_OTHERS);
    read("for CPT\xC2\xAE codes 97035, 97110/97112 and g0283-GP:");
    assert_int_equal(names("97035"), NAMING_NAMED);
    assert_int_equal(names("97110"), NAMING_NAMED);
    assert_int_equal(names("97112"), NAMING_NAMED);
    assert_int_equal(names("G0283"), NAMING_NAMED);
    assert_int_equal(names("97111"), NAMING_OTHERS);
    read("(CPT97035) and HCPCSG0283");
    assert_int_equal(names("97035"), NAMING_NAMED);
    assert_int_equal(names("G0283"), NAMING_NAMED);
    read("97035.These codes");
    assert_int_equal(names("97035"), NAMING_NAMED);
}

static void numbers_that_are_no_codes_name_nothing(void **state)
{
    read("A56566, L33631, M25.511, 1234567, 100,000 units, 2026-01-01, "
         "Change Request 10901, CR 12345; ZIP 40202");
    assert_int_equal(names("97035"), NAMING_NONE);
    read("");
    assert_int_equal(names("97035"), NAMING_NONE);
    group_text_read(&text, NULL, 0);
    assert_int_equal(names("97035"), NAMING_NONE);
}

static void a_range_names_what_lies_between(void **state)
{
    static const char *const ways[] = {"97032-97036", "97032 - 97036",
        "97032\xE2\x80\x93"
        "97036",
        "97032 through 97036", "97032 to 97036", "97032 thru 97036"};

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        read(ways[i]);
        assert_int_equal(names("97032"), NAMING_NAMED);
        assert_int_equal(names("97035"), NAMING_NAMED);
        assert_int_equal(names("97036"), NAMING_NAMED);
        assert_int_equal(names("97037"), NAMING_OTHERS);
        assert_int_equal(names("97031"), NAMING_OTHERS);
    }
    read("9703X and J123x");
    assert_int_equal(names("97039"), NAMING_NAMED);
    assert_int_equal(names("J1230"), NAMING_NAMED);
    assert_int_equal(names("97040"), NAMING_OTHERS);
    /* The other way round, or of two kinds: two codes. */
    read("97036-97032, G0283-97040");
    assert_int_equal(names("97036"), NAMING_NAMED);
    assert_int_equal(names("97032"), NAMING_NAMED);
    assert_int_equal(names("97035"), NAMING_OTHERS);
    assert_int_equal(names("97040"), NAMING_NAMED);
    assert_int_equal(names("A9900"), NAMING_OTHERS);
}

static void exceptions_are_kept_apart(void **state)
{
    static const char *const ways[] = {
        "All codes of this article except 97035. See below.",
        "All codes excluding CPT 97035",
        "All codes with the exception of 97035",
        "These diagnoses do not apply to 97035.", "For codes other than 97035",
        "For all of them but not 97035"};

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        read(ways[i]);
        assert_int_equal(names("97035"), NAMING_EXCLUDED);
        assert_int_equal(names("97110"), NAMING_NONE);
    }
    /* A sentence's end ends the exception; a "not" alone is none. */
    read("Excluded: 97110. The following support 97035.");
    assert_int_equal(names("97110"), NAMING_EXCLUDED);
    assert_int_equal(names("97035"), NAMING_NAMED);
    read("The following codes do NOT support medical necessity for 97035");
    assert_int_equal(names("97035"), NAMING_NAMED);
}

static void groups_are_named_by_number(void **state)
{
    static const char *const ways[] = {"Group 1 CPT codes",
        "the CPT/HCPCS codes in Group 1", "procedure codes listed in group 1",
        "CPT codes of Groups 1 and 2", "HCPCS codes, Groups 1, 3",
        "CPT code groups 1-2",
        "ICD-10-CM codes in Group 3 support Group 1 CPT codes"};

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        read(ways[i]);
        assert_int_equal(names("97035"), NAMING_NAMED);
        assert_int_equal(
            group_text_names(&text, proc_pack("97035"), (uint64_t)1 << 7),
            NAMING_OTHERS);
    }
    /* The heading of the list itself, and other lists of diagnoses. */
    read("Group 1: the following codes support");
    assert_int_equal(names("97035"), NAMING_NONE);
    read("One ICD-10 code from Group 1 and one from Group 2");
    assert_int_equal(names("97035"), NAMING_NONE);
    assert_true(text.diagnosis_groups != 0);
    read("CPT codes except those in Group 1");
    assert_int_equal(names("97035"), NAMING_EXCLUDED);
}

static void conditions_are_told(void **state)
{
    static const char *const conditions[] = {
        "must be reported with a code from Group 2",
        "Use these as secondary diagnoses.", "limited to patients aged 65",
        "only when", "Codes marked *", "both codes"};
    static const char *const none[] = {
        "The following codes support medical necessity.",
        "It is the provider's responsibility to select codes carried out to "
        "the highest level of specificity, as must be documented.",
        "The service must be reasonable and necessary. These support.", ""};

    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        read(conditions[i]);
        assert_true(text.conditions);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        read(none[i]);
        assert_false(text.conditions);
    }
}

static void what_does_not_fit_leaves_it_open(void **state)
{
    static char many[16 * GROUP_TEXT_RANGES_MAX];
    size_t n = 0;

    for (unsigned i = 0; i < GROUP_TEXT_RANGES_MAX + 5; i++)
        n += (size_t)snprintf(many + n, sizeof many - n, "A%04u, ", 2 * i);
    read(many);
    assert_true(text.cut);
    assert_int_equal(text.ranges, GROUP_TEXT_RANGES_MAX);
    assert_int_equal(names("A0002"), NAMING_NAMED);
    assert_int_equal(names("97035"), NAMING_OTHERS);
}

static void every_cut_of_a_text_is_read(void **state)
{
    static const char words[] =
        "Group 1 CPT codes 97032-97036 except 97035; groups 1, 2 and 3 ICD-10 "
        "M25.511\xE2\x80\x93 J12";

    for (size_t n = 0; n <= sizeof words; n++)
        group_text_read(&text, words, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_named_by_its_five_characters),
        cmocka_unit_test(numbers_that_are_no_codes_name_nothing),
        cmocka_unit_test(a_range_names_what_lies_between),
        cmocka_unit_test(exceptions_are_kept_apart),
        cmocka_unit_test(groups_are_named_by_number),
        cmocka_unit_test(conditions_are_told),
        cmocka_unit_test(what_does_not_fit_leaves_it_open),
        cmocka_unit_test(every_cut_of_a_text_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

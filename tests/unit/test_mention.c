#include "tests/harness.h"

#include <string.h>
#include "codesets/core/mention.h"

/* The mentions of a text, as "J82 F17.- S061>S066". */
static void names(const char *text, const char *expected)
{
    char found[256] = "";
    struct mention m;
    size_t at = 0;

    while (mention_next(&m, text, strlen(text), &at)) {
        if (found[0] != '\0')
            strcat(found, " ");
        strcat(found, m.first);
        if (m.last[0] != '\0') {
            strcat(found, ">");
            strcat(found, m.last);
        }
        strcat(found, m.below ? ".-" : "");
    }
    assert_string_equal(found, expected);
}

static void codes_in_brackets_are_found(void **state)
{
    names("eosinophilic asthma (J82)", "J82");
    names("tobacco dependence (F17.-)", "F17.-");
    names("concussion (S06.1-S06.6, S06.81-, S06.82-)",
        "S061>S066 S0681.- S0682.-");
    names("systemic diseases (I00-I99)", "I00>I99");
    names("neuroendocrine tumors (C7A.-, C7B.-), (O9A.211)",
        "C7A.- C7B.- O9A211");
    names("C56.1 and C56.2", "C561 C562");
    names("E75.240, E75.241, E75.248, E75.249 ", "E75240 E75241 E75248 E75249");
    names("T36-T50 with fifth or sixth character 5", "T36>T50");
}

static void other_words_are_no_codes(void **state)
{
    names("", "");
    names("A", "");
    names("A0", "");
    names("influenza H1N1 and COVID19, BMI of 30, page 27", "");
    names("version A00.12345 is too long", "");
    names("xA00, A00x, \xc3\xa9"
          "A00, .A00",
        "");
    names("a00", "");
    names("T36-like", "T36");
    names("A00.", "A00");
    names("A00.-", "A00.-");
    names("A00-", "A00.-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_in_brackets_are_found),
        cmocka_unit_test(other_words_are_no_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

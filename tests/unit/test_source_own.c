#include "tests/sources.h"

static void timed_codes_are_bound_by_name_below_their_notes(void **state)
{
    struct reading r;

    read_text(&r, "timed_codes.tsv",
        "# A note, with commas, and\ttabs\n"
        "# another\n"
        "label\tcode\tsystem\tkind\ttimed\tunit_min\tmin_minutes\tmax_minutes\t"
        "step_min\tcms8_pool\ttherapy\ttherapy_cert\taddon\tprimaries\tpfs_"
        "status"
        "\tmue_prac\tvalid_from\tvalid_to\treplaced_by\tcert\tnotes\n"
        "invented "
        "label\tG9901\tHCPCS2\tEACH\tY\t15\t8\t\t15\tY\talways\tV\tN\t\t"
        "A\t6/3\t20240101\t2024-12-31\tG9902 G9903\tA\ta note\n"
        "# in between\n"
        "too "
        "short\tG99\tHCPCS2\tEACH\tY\t15\t8\t\t15\tY\talways\tV\tN\t\tA\t\t\t"
        "\t\tA\t\n");
    assert_string_equal(r.source->name, "own_timed");
    assert_int_equal(r.id.from, DAY_UNKNOWN);
    assert_int_equal(r.id.to, DAY_OPEN);
    counts_are(&r, 2, 1, 1);
    assert_int_equal(r.batch.warnings, 0);
    assert_int_equal(r.batch.lines[0], 4);
    assert_string_equal(value(&r, 0, TIMED_CODE), "G9901");
    assert_string_equal(value(&r, 0, TIMED_LABEL), "invented label");
    assert_string_equal(value(&r, 0, TIMED_UNIT), "15");
    assert_string_equal(value(&r, 0, TIMED_MAXIMUM), "");
    assert_string_equal(value(&r, 0, TIMED_FROM), "20240101");
    assert_string_equal(value(&r, 0, TIMED_TO), "20241231");
    assert_string_equal(value(&r, 0, TIMED_REPLACED_BY), "G9902 G9903");
    assert_string_equal(value(&r, 0, TIMED_NOTES), "a note");
    refusal_is(&r, 0, 6, "code", "not five characters");
    reading_close(&r);
}

static void modifiers_are_two_characters(void **state)
{
    struct reading r;

    read_text(&r, "modifiers.tsv",
        "# A note\n"
        "code\tlabel\tclass\teffect\tbypass\tem_only\tsetting\tfamily\t"
        "column1_from\tfrom\tto\tsource\tnotes\n"
        "ZX\tinvented\tdistinct\tpayment\tY\tN\t\tlab\t20190701\t20150101\t\t"
        "verified\t\n"
        "zy\tlower case\tother\t\tN\tN\t\t\t\t\t\tverified\t\n"
        "ZYZ\ttoo long\tother\t\tN\tN\t\t\t\t\t\tverified\t\n");
    assert_string_equal(r.source->name, "own_modifiers");
    counts_are(&r, 3, 1, 2);
    assert_string_equal(value(&r, 0, MODIFIER_CODE), "ZX");
    assert_string_equal(value(&r, 0, MODIFIER_EFFECT), "payment");
    assert_string_equal(value(&r, 0, MODIFIER_FAMILY), "lab");
    assert_string_equal(value(&r, 0, MODIFIER_COL1_FROM), "20190701");
    assert_string_equal(value(&r, 0, MODIFIER_TO), "");
    refusal_is(&r, 0, 4, "code", "not the two characters of a modifier");
    reading_close(&r);
}

static void therapy_amounts_are_whole_dollars_of_a_year(void **state)
{
    struct reading r;

    read_text(&r, "kx_thresholds.tsv",
        "# A note\n"
        "year\tpt_slp\tot\treview\tcert\tsource\n"
        "2024\t2330\t2331\t3000\tV\tinvented\n"
        "24\t2330\t2330\t3000\tV\tinvented\n"
        "2025\t2,410\t2410\t3000\tV\tinvented\n");
    assert_string_equal(r.source->name, "own_kx");
    counts_are(&r, 3, 1, 2);
    assert_string_equal(value(&r, 0, KX_YEAR), "2024");
    assert_string_equal(value(&r, 0, KX_OT), "2331");
    refusal_is(&r, 0, 4, "year", "not a year");
    refusal_is(&r, 1, 5, "pt_slp", "not a whole number of dollars");
    reading_close(&r);
}

static void facts_of_claims_have_a_subject_and_a_kind(void **state)
{
    struct reading r;

    read_text(&r, "claim_facts.tsv",
        "# A note\n"
        "subject\tfact\tvalue\tfrom\tto\tcert\tnotes\n"
        "042X\trevenue\tGP\t\t\tV\tinvented\n"
        "G9901\tone_of\tinvented\t20240101\t2024-12-31\tK\t\n"
        "G9901\t\tvalue\t\t\tK\t\n"
        "\tone_of\tvalue\t\t\tK\t\n");
    assert_string_equal(r.source->name, "own_claim_facts");
    counts_are(&r, 4, 2, 2);
    assert_string_equal(value(&r, 0, CLAIM_FACT_SUBJECT), "042X");
    assert_string_equal(value(&r, 1, CLAIM_FACT_TO), "20241231");
    refusal_is(&r, 0, 5, "fact", "missing");
    reading_close(&r);
}

static void the_tables_of_the_project_are_read_whole(void **state)
{
    static const struct {
        const char *path, *source;
    } tables[] = {
        {"timed_codes.tsv", "own_timed"},
        {"modifiers.tsv", "own_modifiers"},
        {"claim_facts.tsv", "own_claim_facts"},
        {"kx_thresholds.tsv", "own_kx"},
        {"modifier_places.tsv", "own_modifier_places"},
        {"sections.tsv", "own_sections"},
    };
    struct reading r;

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char path[64];

        snprintf(path, sizeof path, "../../codesets/data/%s", tables[i].path);
        read_fixture_as(&r, path, tables[i].path);
        assert_string_equal(r.source->name, tables[i].source);
        assert_int_equal(r.rc, 0);
        assert_int_equal(r.batch.refused, 0);
        assert_int_equal(r.batch.warnings, 0);
        assert_true(r.batch.rows >= 9);
        reading_close(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timed_codes_are_bound_by_name_below_their_notes),
        cmocka_unit_test(modifiers_are_two_characters),
        cmocka_unit_test(therapy_amounts_are_whole_dollars_of_a_year),
        cmocka_unit_test(facts_of_claims_have_a_subject_and_a_kind),
        cmocka_unit_test(the_tables_of_the_project_are_read_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

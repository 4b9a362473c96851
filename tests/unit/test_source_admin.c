#include "tests/sources.h"

static void descriptors_are_bound_by_name_in_any_order(void **state)
{
    struct reading r;

    read_text(&r, "cpt.txt",
        "Concept Id\tShort\tLong\tCode\tConsumer\tMedium\n"
        "1\tinvented s\tInvented \"long\" text\t99999\tinvented c\tinvented m\n"
        "2\ts\tl\t999\tc\tm\n"
        "3\t\t\t0001U\t\t\n"
        "4\t\tonly long\t0002U\t\t\n");
    assert_string_equal(r.source->name, "admin_cpt");
    counts_are(&r, 4, 2, 2);
    assert_string_equal(value(&r, 0, CPT_CODE), "99999");
    assert_string_equal(value(&r, 0, CPT_LONG), "Invented \"long\" text");
    assert_string_equal(value(&r, 0, CPT_MEDIUM), "invented m");
    assert_string_equal(value(&r, 0, CPT_SHORT), "invented s");
    assert_string_equal(value(&r, 0, CPT_CONSUMER), "invented c");
    assert_string_equal(value(&r, 1, CPT_CODE), "0002U");
    refusal_is(&r, 0, 3, "code", "not five characters");
    refusal_is(&r, 1, 4, "long", "no text");
    reading_close(&r);
}

static void pairs_without_a_heading_are_named_by_the_file(void **state)
{
    static const struct {
        const char *name;
        enum cpt_column column;
    } names[] = {
        {"LONGULT.txt", CPT_LONG},
        {"MEDU.txt", CPT_MEDIUM},
        {"SHORTU.txt", CPT_SHORT},
    };
    struct reading r;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        read_text(&r, names[i].name,
            "An invented notice, which has no tabs\r\n"
            "\r\n"
            "99998\tInvented text, the first\r\n"
            "99999\tInvented text, the second\r\n"
            "9999\tToo short a code\r\n");
        assert_string_equal(r.source->name, "admin_cpt");
        counts_are(&r, 3, 2, 1);
        assert_int_equal(r.batch.lines[0], 3);
        assert_string_equal(
            value(&r, 1, names[i].column), "Invented text, the second");
        reading_close(&r);
    }
}

static void a_list_of_other_codes_is_no_descriptor_file(void **state)
{
    struct reading r;

    read_text(&r, "map.txt", "A0104\t92\t\r\nA0105\t92\t\r\n");
    assert_null(r.source);
    reading_close(&r);
    read_text(&r, "list.txt", "code\tdescription\nA0104\tNo code of CPT\n");
    assert_null(r.source);
    reading_close(&r);
}

static void local_codes_may_be_any_text(void **state)
{
    struct reading r;

    read_text(&r, "local.tsv",
        "local_code\ttext\tfrom\tto\tnotes\n"
        "PT-<eval> & \"more\"\tInvented evaluation\t2024-01-01\t12/31/2024\tx\n"
        "\tno code\t\t\t\n"
        "123456789012345678901234567890123\ttoo long\t\t\t\n"
        "A\x01"
        "B\tcontrol\t\t\t\n"
        "C\tbad date\tsoon\t\t\n"
        "D\t\t\t\t\n"
        "12345678901234567890123456789012\tlong enough\n");
    assert_string_equal(r.source->name, "admin_local");
    counts_are(&r, 7, 2, 5);
    assert_string_equal(value(&r, 0, LOCAL_CODE), "PT-<eval> & \"more\"");
    assert_string_equal(value(&r, 0, LOCAL_TEXT), "Invented evaluation");
    assert_string_equal(value(&r, 0, LOCAL_FROM), "20240101");
    assert_string_equal(value(&r, 0, LOCAL_TO), "20241231");
    assert_string_equal(value(&r, 0, LOCAL_NOTES), "x");
    refusal_is(&r, 0, 3, "local_code", "missing");
    refusal_is(&r, 1, 4, "local_code", "too long");
    refusal_is(&r, 2, 5, "local_code", "holds a control character");
    refusal_is(&r, 3, 6, "from", "not a date of this column's form");
    refusal_is(&r, 4, 7, "text", "missing");
    reading_close(&r);
}

static void local_codes_may_come_as_csv_or_workbook(void **state)
{
    struct reading r;

    read_text(&r, "local.csv",
        "local_code,text\nX 1,\"Invented, with a comma\"\nX 2,Second\n");
    assert_string_equal(r.source->name, "admin_local");
    counts_are(&r, 2, 2, 0);
    assert_string_equal(value(&r, 0, LOCAL_CODE), "X 1");
    assert_string_equal(value(&r, 0, LOCAL_TEXT), "Invented, with a comma");
    reading_close(&r);
    read_workbook(&r, "local.xlsx", "text,local_code\nInvented,X 1\n");
    assert_string_equal(r.source->name, "admin_local");
    counts_are(&r, 1, 1, 0);
    assert_string_equal(value(&r, 0, LOCAL_CODE), "X 1");
    reading_close(&r);
}

static void synonyms_have_a_term_and_a_meaning(void **state)
{
    struct reading r;

    read_text(&r, "synonyms.tsv",
        "# ours\nterm\tmeaning\nestim\telectrical stimulation\nlonely\t\n");
    assert_string_equal(r.source->name, "admin_synonyms");
    counts_are(&r, 2, 1, 1);
    assert_string_equal(value(&r, 0, SYNONYM_TERM), "estim");
    assert_string_equal(
        value(&r, 0, SYNONYM_MEANING), "electrical stimulation");
    refusal_is(&r, 0, 4, "meaning", "missing");
    reading_close(&r);
    read_text(&r, "synonyms.csv", "synonym,meaning\nestim,stimulation\n");
    assert_string_equal(r.source->name, "admin_synonyms");
    counts_are(&r, 1, 1, 0);
    reading_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptors_are_bound_by_name_in_any_order),
        cmocka_unit_test(pairs_without_a_heading_are_named_by_the_file),
        cmocka_unit_test(a_list_of_other_codes_is_no_descriptor_file),
        cmocka_unit_test(local_codes_may_be_any_text),
        cmocka_unit_test(local_codes_may_come_as_csv_or_workbook),
        cmocka_unit_test(synonyms_have_a_term_and_a_meaning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

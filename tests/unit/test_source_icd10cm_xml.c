#include "tests/sources.h"

#include "indexer/files/xml.h"

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ICD10CM.tabular>"
    "<version>2026</version>";

/* Reads head, middle and the end of the root. */
static void read_tabular(struct reading *r, const char *middle)
{
    struct buffer text = {0};

    buffer_adds(&text, head);
    buffer_adds(&text, middle);
    buffer_adds(&text, "</ICD10CM.tabular>");
    read_bytes(r, "tabular.xml", text.data, text.len);
    buffer_clear(&text);
}

static void repeat(struct buffer *out, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buffer_adds(out, text);
}

static void is_row(const struct reading *r, uint32_t row, const char *node,
    const char *parent, const char *title)
{
    assert_string_equal(value(r, row, TABULAR_NODE), node);
    assert_string_equal(value(r, row, TABULAR_PARENT), parent);
    assert_string_equal(value(r, row, TABULAR_TITLE), title);
}

static void a_tabular_list_has_a_row_for_each_node_with_notes(void **state)
{
    struct reading r;

    read_fixture(&r, "icd10cm/icd10cm_tabular_2026.xml");
    is_release(&r, "icd10cm_tabular", "2026", "2025-10-01", "2026-09-30");
    /* S06.0X and S06.0X0 have nothing of their own */
    counts_are(&r, 8, 8, 0);
    is_row(&r, 0, "19", "", "Injuries of the sample");
    assert_string_equal(value(&r, 0, TABULAR_FIRST), "S00");
    assert_string_equal(value(&r, 0, TABULAR_LAST), "T88");
    assert_string_equal(
        value(&r, 0, TABULAR_EXCLUDES1), "birth trauma (P10-P15)");
    is_row(&r, 1, "S00-S09", "19", "Injuries to the head");
    assert_string_equal(value(&r, 1, TABULAR_INCLUDES),
        "injuries of ear\ninjuries of eye [any part]");
    is_row(&r, 2, "S06", "S00-S09", "Intracranial injury");
    assert_string_equal(value(&r, 2, TABULAR_SEVENTH),
        "A\tinitial encounter\nD\tsubsequent encounter\nS\tsequela");
    assert_string_equal(value(&r, 2, TABULAR_CODE_ALSO),
        "any associated open wound of head (S01.-)");
    is_row(&r, 3, "S060", "S06", "Concussion");
    assert_string_equal(value(&r, 3, TABULAR_INCLUSION), "Commotio cerebri");
    assert_string_equal(value(&r, 3, TABULAR_USE_ADDITIONAL),
        "code, if applicable, for the sample (R40.2-)\n"
        "a second block of the same kind");
    is_row(&r, 4, "S07", "S00-S09", "Crushing injury of head");
    assert_string_equal(
        value(&r, 4, TABULAR_CODE_FIRST), "M\xc3\xa9ni\xc3\xa8re <b> & such");
    assert_int_equal(r.batch.lines[2], 33);
    reading_close(&r);
}

static void the_block_around_a_block_is_told_by_its_range(void **state)
{
    struct reading r;

    read_fixture(&r, "icd10cm/icd10cm_tabular_2026.xml");
    is_row(&r, 5, "T07-T88", "19", "Other injuries");
    is_row(&r, 6, "T07-T07", "T07-T88", "Multiple injuries");
    is_row(&r, 7, "T07", "T07-T07", "Unspecified multiple injuries");
    reading_close(&r);
}

static void the_month_of_the_name_makes_it_an_update(void **state)
{
    struct reading r;

    read_fixture_as(&r, "icd10cm/icd10cm_tabular_2026.xml",
        "2026-04/icd10cm-tabular-April-1-2026-XML.xml");
    is_release(&r, "icd10cm_tabular", "2026-04", "2026-04-01", "2026-09-30");
    reading_close(&r);
}

static void odd_nodes_are_refused_one_by_one(void **state)
{
    struct reading r;

    read_tabular(&r,
        "\n<chapter><name>XIX</name><desc>x</desc></chapter>"
        "\n<chapter><name>1</name><desc>One</desc>"
        "\n<section id=\"A09-A00\"><desc>backwards</desc></section>"
        "\n<section id=\"A00-A09\"><desc>x</desc>"
        "\n<diag><name>A-0</name><desc>x</desc></diag>"
        "\n<diag><name>A00</name><desc>x</desc>"
        "\n<diag><name>A01.0</name><desc>x</desc>"
        "<notes><note>n</note></notes></diag>"
        "\n<notes><note>too late</note></notes>"
        "\n</diag></section></chapter>");
    counts_are(&r, 8, 3, 5);
    refusal_is(&r, 0, 3, "node", "not the number of a chapter");
    refusal_is(&r, 1, 5, "node", "not a range of categories");
    refusal_is(&r, 2, 7, "node", "not an ICD-10-CM code");
    refusal_is(
        &r, 3, 9, "node", "stands below codes that it does not begin with");
    refusal_is(&r, 4, 10, "node", "stands behind the codes below");
    is_row(&r, 0, "1", "", "One");
    reading_close(&r);
}

static void a_code_belongs_to_the_code_that_it_begins_with(void **state)
{
    struct reading r;

    read_tabular(&r,
        "<chapter><name>7</name><desc>Eye</desc>\n"
        "<diag><name>H54</name><desc>x</desc>\n"
        "<diag><name>H54.51</name><desc>x</desc>\n"
        "<diag><name>H54.511</name><desc>x</desc>\n"
        "<diag><name>H54.512A</name><desc>x</desc>"
        "<notes><note>n</note></notes></diag></diag></diag></diag></chapter>");
    counts_are(&r, 3, 3, 0);
    is_row(&r, 2, "H54512A", "H5451", "x");
    reading_close(&r);
}

static void elements_inside_a_note_are_part_of_it(void **state)
{
    struct reading r;

    read_tabular(&r,
        "<chapter><name>1</name><desc>One</desc><notes><note>a <i>slanted</i> "
        "word</note></notes></chapter>");
    counts_are(&r, 1, 1, 0);
    assert_string_equal(value(&r, 0, TABULAR_NOTES), "a slanted word");
    reading_close(&r);
}

static void fails(struct reading *r, int rc, const char *message)
{
    assert_int_equal(r->rc, rc);
    assert_string_equal(r->err.msg, message);
    reading_close(r);
}

static void damaged_xml_is_damaged(void **state)
{
    struct reading r;

    read_text(&r, "2026/x.xml", head);
    fails(&r, ERR_INPUT, "XML: line 2: no element found");
    read_tabular(&r, "<chapter></section>");
    fails(&r, ERR_INPUT, "XML: line 2: mismatched tag");
    read_tabular(&r, "<chapter><name>\xff</name></chapter>");
    fails(&r, ERR_INPUT, "XML: line 2: not well-formed (invalid token)");
}

static void an_entity_bomb_is_refused(void **state)
{
    struct reading r;

    read_text(&r, "2026/x.xml",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"aaaa\">\n"
        "<!ENTITY b \"&a;&a;&a;&a;\">]>\n"
        "<ICD10CM.tabular><version>2026</version><chapter><name>&b;</name>"
        "</chapter></ICD10CM.tabular>");
    fails(&r, ERR_INPUT, "XML: a DOCTYPE, which no published file has");
    read_tabular(&r, "<chapter><name>&b;</name></chapter>");
    fails(&r, ERR_INPUT, "XML: line 2: undefined entity");
}

static void what_is_nested_too_deep_is_refused(void **state)
{
    struct buffer text = {0};
    struct reading r;

    repeat(&text, "<diag><name>A00</name>", 8);
    buffer_addc(&text, '\0');
    read_tabular(&r, text.data);
    fails(&r, ERR_LIMIT, "line 2: more than 7 codes inside codes");
    text.len = 0;
    repeat(&text, "<a>", XML_DEPTH_MAX);
    buffer_addc(&text, '\0');
    read_tabular(&r, text.data);
    fails(&r, ERR_LIMIT, "XML: line 2: elements too deep");
    buffer_clear(&text);
}

static void what_is_too_long_is_refused(void **state)
{
    struct buffer text = {0};
    struct reading r;

    buffer_adds(&text, "<chapter><name>1</name><notes><note>");
    repeat(&text, "eight by", (16 << 10) / 8 + 1);
    buffer_addc(&text, '\0');
    read_tabular(&r, text.data);
    fails(&r, ERR_LIMIT, "line 2: a note of more than 16384 bytes");

    text.len = 0;
    buffer_adds(&text, "<chapter><name>1</name><notes>");
    for (int i = 0; i < 17; i++) {
        buffer_adds(&text, "<note>");
        repeat(&text, "16 bytes without", (16 << 10) / 16 - 1);
        buffer_adds(&text, "</note>");
    }
    buffer_addc(&text, '\0');
    read_tabular(&r, text.data);
    fails(&r, ERR_LIMIT, "line 2: more than 262144 bytes of notes of one kind");

    text.len = 0;
    buffer_adds(&text, "<chapter><name>1</name>");
    repeat(&text, "<section id=\"A00-A09\"></section>", 257);
    buffer_addc(&text, '\0');
    read_tabular(&r, text.data);
    fails(&r, ERR_LIMIT, "line 2: more than 256 blocks in a chapter");

    text.len = 0;
    for (int i = 0; i <= XML_NAMES_MAX; i++)
        buffer_addf(&text, "<name%d/>", i);
    buffer_addc(&text, '\0');
    read_tabular(&r, text.data);
    fails(&r, ERR_LIMIT, "XML: line 2: too many different names");
    buffer_clear(&text);
}

/* --- the index and its tables ----------------------------------------------
 */

static void is_term(const struct reading *r, uint32_t row, const char *code,
    const char *term, const char *aspect)
{
    assert_string_equal(value(r, row, ICD_INDEX_CODE), code);
    assert_string_equal(value(r, row, ICD_INDEX_TERM), term);
    assert_string_equal(value(r, row, ICD_INDEX_ASPECT), aspect);
}

static void the_index_gives_the_whole_way_to_a_code(void **state)
{
    struct reading r;

    read_fixture(&r, "icd10cm/icd10cm_index_2026.xml");
    is_release(&r, "icd10cm_index", "2026", "2025-10-01", "2026-09-30");
    assert_int_equal(r.id.table, TABLE_ICD10CM_INDEX);
    counts_are(&r, 6, 5, 1);
    is_term(&r, 0, "F444", "Abasia (-astasia) (hysterical)", "");
    is_term(&r, 1, "R519", "Ache (dull) NEC, head", "");
    is_term(&r, 2, "G44", "Ache (dull) NEC, head, in the sample", "");
    is_term(&r, 3, "H0524", "Ache (dull) NEC, head, in the sample",
        "manifestation");
    is_term(&r, 4, "M549", "Ache (dull) NEC, back", "");
    refusal_is(&r, 0, 34, "code", "not of an ICD-10-CM code's shape");
    reading_close(&r);
}

static void a_table_gives_the_heading_of_its_column(void **state)
{
    struct reading r;

    read_fixture(&r, "icd10cm/icd10cm-drug-April-1-2026-XML.xml");
    is_release(&r, "icd10cm_index", "2026-04", "2026-04-01", "2026-09-30");
    assert_int_equal(r.id.table, TABLE_ICD10CM_DRUG);
    counts_are(&r, 3, 3, 0);
    is_term(
        &r, 0, "T542X1", "Sample acid", "Poisoning Accidental (unintentional)");
    is_term(&r, 1, "T542X", "Sample acid, salt",
        "Poisoning Accidental (unintentional)");
    is_term(&r, 2, "T542X5", "Sample acid, salt", "Adverse effect");
    reading_close(&r);
}

static void the_four_indexes_are_told_apart(void **state)
{
    static const struct {
        const char *sign;
        enum table table;
    } files[] = {
        {"<title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>",
            TABLE_ICD10CM_INDEX},
        {"<title>ICD-10-CM External Cause of Injuries Index</title>",
            TABLE_ICD10CM_EXTERNAL},
        {"<title>ICD-10-CM EXTERNAL CAUSE of INJURIES INDEX</title>",
            TABLE_ICD10CM_EXTERNAL},
        {"<indexHeading><head col=\"1\">Neoplasm</head></indexHeading>",
            TABLE_ICD10CM_NEOPLASM},
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct buffer text = {0};
        struct reading r;

        buffer_addf(&text,
            "<?xml version=\"1.0\"?><ICD10CM.index><version>2026</version>"
            "%s<letter><mainTerm><title>t</title><code>A00</code></mainTerm>"
            "</letter></ICD10CM.index>",
            files[i].sign);
        read_bytes(&r, "x.xml", text.data, text.len);
        counts_are(&r, 1, 1, 0);
        assert_int_equal(r.id.table, files[i].table);
        reading_close(&r);
        buffer_clear(&text);
    }
}

static void an_index_has_limits_too(void **state)
{
    static const char begin[] =
        "<?xml version=\"1.0\"?><ICD10CM.index><version>2026</version>";
    struct buffer text = {0};
    struct reading r;

    buffer_adds(&text, begin);
    repeat(&text, "<term><title>t</title>", 17);
    read_bytes(&r, "x.xml", text.data, text.len);
    fails(&r, ERR_LIMIT, "line 1: more than 16 terms inside terms");

    text.len = 0;
    buffer_adds(&text, begin);
    buffer_adds(&text, "<term><title>");
    repeat(&text, "eight by", (4 << 10) / 8 + 1);
    read_bytes(&r, "x.xml", text.data, text.len);
    fails(&r, ERR_LIMIT, "line 1: a text of more than 4096 bytes");

    text.len = 0;
    buffer_adds(&text, begin);
    for (int i = 0; i < 5; i++) {
        buffer_adds(&text, "<term><title>");
        repeat(&text, "eight by", (1 << 10) / 8);
        buffer_adds(&text, "</title>");
    }
    read_bytes(&r, "x.xml", text.data, text.len);
    fails(&r, ERR_LIMIT, "line 1: a term of more than 4096 bytes");
    buffer_clear(&text);
}

static void a_code_without_a_term_is_refused(void **state)
{
    struct reading r;

    read_text(&r, "x.xml",
        "<?xml version=\"1.0\"?><ICD10CM.index><version>2026</version>"
        "<code>A00</code></ICD10CM.index>");
    counts_are(&r, 1, 0, 1);
    refusal_is(&r, 0, 1, "term", "missing");
    reading_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tabular_list_has_a_row_for_each_node_with_notes),
        cmocka_unit_test(the_block_around_a_block_is_told_by_its_range),
        cmocka_unit_test(the_month_of_the_name_makes_it_an_update),
        cmocka_unit_test(odd_nodes_are_refused_one_by_one),
        cmocka_unit_test(a_code_belongs_to_the_code_that_it_begins_with),
        cmocka_unit_test(elements_inside_a_note_are_part_of_it),
        cmocka_unit_test(damaged_xml_is_damaged),
        cmocka_unit_test(an_entity_bomb_is_refused),
        cmocka_unit_test(what_is_nested_too_deep_is_refused),
        cmocka_unit_test(what_is_too_long_is_refused),
        cmocka_unit_test(the_index_gives_the_whole_way_to_a_code),
        cmocka_unit_test(a_table_gives_the_heading_of_its_column),
        cmocka_unit_test(the_four_indexes_are_told_apart),
        cmocka_unit_test(an_index_has_limits_too),
        cmocka_unit_test(a_code_without_a_term_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/harness.h"

#include <stdlib.h>
#include <string.h>
#include "codesets/core/buffer.h"
#include "indexer/files/probe.h"
#include "tests/archives.h"

/* ---- forms --------------------------------------------------------------- */

static struct probe *open_probe(const char *name, const char *text, size_t len)
{
    static struct input in;
    struct probe *probe;

    in =
        (struct input){.name = name, .data = (const uint8_t *)text, .len = len};
    assert_int_equal(probe_open(&probe, &in, NULL), 0);
    return probe;
}

static enum form form_of(const char *text, size_t len)
{
    struct probe *probe = open_probe("x", text, len);
    const enum form form = probe->form;

    probe_close(probe);
    return form;
}

#define FORM(text) form_of(text, sizeof(text) - 1)

static void empty_and_blank_files_are_empty(void **state)
{
    assert_int_equal(FORM(""), FORM_EMPTY);
    assert_int_equal(FORM(" \r\n\t\n"), FORM_EMPTY);
    assert_int_equal(FORM("\xEF\xBB\xBF\n"), FORM_EMPTY);
}

static void a_saved_web_page_is_html(void **state)
{
    assert_int_equal(FORM("<!DOCTYPE html>\n<p>a,b"), FORM_HTML);
    assert_int_equal(FORM("\xEF\xBB\xBF\r\n<HTML lang=\"en\">"), FORM_HTML);
    assert_int_equal(
        FORM("<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html>"),
        FORM_HTML);
}

static void xml_and_pdf_are_known_by_their_first_bytes(void **state)
{
    assert_int_equal(
        FORM("<?xml version=\"1.0\"?>\n<ICD10CM.tabular>"), FORM_XML);
    assert_int_equal(FORM("%PDF-1.7\n%\xE2\xE3\xCF\xD3"), FORM_PDF);
}

static void control_bytes_make_a_binary(void **state)
{
    assert_int_equal(
        FORM("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0"), FORM_BINARY);
    assert_int_equal(FORM("MZ\x90\0\3\0\0\0\4"), FORM_BINARY);
}

static void one_nul_in_a_table_is_left_for_the_reader_to_report(void **state)
{
    assert_int_equal(
        FORM("code,value,mai,why\nG0438,1,2,policy text that goes on\n"
             "G0439,1,2,policy text that goes on\nG0440,\0,2,policy text\n"),
        FORM_CSV);
}

static void tables_are_told_by_their_delimiter(void **state)
{
    assert_int_equal(FORM("code,value\nG0438,1\nG0439,1\n"), FORM_CSV);
    assert_int_equal(FORM("code\tvalue\nG0438\t1\nG0439\t1\n"), FORM_TSV);
    assert_int_equal(FORM("code\ta, b\nG0438\tc, d\n"), FORM_TSV);
    assert_int_equal(
        FORM("\"A title, which has a comma\"\n\nnotes\ncode,a,b,c\n"
             "G0438,1,,\nG0439,\"1,\n2\",,\nG0440,,,\n"),
        FORM_CSV);
    assert_int_equal(FORM("code,value\n"), FORM_CSV);
}

static void fixed_columns_and_prose_are_lines(void **state)
{
    assert_int_equal(
        FORM("00001 A00     0 Invented, one\n00002 A000    1 Invented\n"
             "00003 A001    1 Invented, three, more\n"),
        FORM_LINES);
    assert_int_equal(
        FORM("00001 A00     0 Invented, one\n00002 A000    1 Invented, two\n"),
        FORM_LINES);
    assert_int_equal(
        FORM("A note, with a comma.\nAnd one without.\n"), FORM_LINES);
    assert_int_equal(FORM("G0438\nG0439\n"), FORM_LINES);
}

static void utf16_is_an_error_with_advice(void **state)
{
    const struct input in = {
        .name = "x.txt", .data = (const uint8_t *)"\xFF\xFEx\0", .len = 4};
    struct probe *probe;
    struct error err;

    assert_int_equal(probe_open(&probe, &in, &err), ERR_INPUT);
    assert_string_equal(
        err.msg, "UTF-16 text; save it as UTF-8 or Windows-1252");
}

/* ---- rows ---------------------------------------------------------------- */

static void cell_is(
    const struct probe *probe, size_t row, size_t cell, const char *expected)
{
    assert_true(row < probe->rows);
    assert_true(cell < probe->row[row].count);
    assert_int_equal(probe->row[row].cell[cell].len, strlen(expected));
    assert_memory_equal(
        probe->row[row].cell[cell].text, expected, strlen(expected));
}

static void rows_are_trimmed_and_numbered(void **state)
{
    static const char text[] = "\"code \",  value\n\n G0438 ,\"\xA0 1\"\n";
    struct probe *probe = open_probe("x.csv", text, sizeof text - 1);

    assert_int_equal(probe->rows, 2);
    assert_int_equal(probe->row[0].number, 1);
    assert_int_equal(probe->row[1].number, 3);
    cell_is(probe, 0, 0, "code");
    cell_is(probe, 0, 1, "value");
    cell_is(probe, 1, 0, "G0438");
    cell_is(probe, 1, 1, "1");
    probe_close(probe);
}

static void lines_are_one_cell_each(void **state)
{
    static const char text[] = "first line\n\n  caf\xE9 \r\n";
    struct probe *probe = open_probe("x.txt", text, sizeof text - 1);

    assert_int_equal(probe->form, FORM_LINES);
    assert_int_equal(probe->rows, 2);
    cell_is(probe, 0, 0, "first line");
    assert_int_equal(probe->row[1].number, 3);
    cell_is(probe, 1, 0, "caf\xC3\xA9");
    probe_close(probe);
}

static void a_probe_ends_at_its_ceilings(void **state)
{
    struct buffer text = {0};
    struct probe *probe;
    int i, j;

    for (i = 0; i < 100; i++) {
        for (j = 0; j < 100; j++)
            buffer_addf(&text, "%d,", j);
        buffer_adds(&text, "\n");
    }
    probe = open_probe("x.csv", text.data, text.len);
    assert_int_equal(probe->rows, PROBE_ROWS);
    assert_int_equal(probe->row[0].count, PROBE_CELLS);
    cell_is(probe, PROBE_ROWS - 1, PROBE_CELLS - 1, "63");
    probe_close(probe);
    buffer_clear(&text);
}

static void a_long_cell_is_cut_between_two_characters(void **state)
{
    struct buffer text = {0};
    struct probe *probe;
    int i;

    buffer_adds(&text, "a,b\nx");
    for (i = 0; i < 3000; i++)
        buffer_adds(&text, "\xC3\xA9");
    buffer_adds(&text, ",1\n");
    probe = open_probe("x.csv", text.data, text.len);
    assert_int_equal(probe->row[1].cell[0].len, 4095);
    cell_is(probe, 1, 1, "1");
    probe_close(probe);
    buffer_clear(&text);
}

static void the_base_is_the_last_part_without_the_packing(void **state)
{
    static const char *const names[][2] = {
        {"pfs/2025d/PPRRVU2025_Oct.csv.xz", "PPRRVU2025_Oct.csv"},
        {"rvu.zip/PPRRVU25_JAN.txt", "PPRRVU25_JAN.txt"},
        {"a.TXT.GZ", "a.TXT"},
        {"dir.xz/.gz", ".gz"},
    };
    struct probe *probe;
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        probe = open_probe(names[i][0], "x", 1);
        assert_string_equal(probe->base, names[i][1]);
        assert_string_equal(probe->told_release, "");
        assert_false(probe->starter);
        probe_close(probe);
    }
}

static void a_workbook_is_probed_and_a_document_is_not(void **state)
{
    static const struct part document[] = {
        WORKBOOK_TYPES, {"word/document.xml", "<a/>", 0}, {NULL, NULL, 0}};
    struct buffer book = {0};
    struct probe *probe;

    archives_workbook(&book,
        "<row r=\"3\"><c t=\"inlineStr\"><is><t> code </t></is></c></row>", "");
    probe = open_probe("x.xlsx", book.data, book.len);
    assert_int_equal(probe->form, FORM_XLSX);
    assert_int_equal(probe->rows, 1);
    assert_int_equal(probe->row[0].number, 3);
    cell_is(probe, 0, 0, "code");
    probe_close(probe);
    buffer_clear(&book);

    archives_zip(&book, document);
    assert_int_equal(form_of(book.data, book.len), FORM_BINARY);
    buffer_clear(&book);
}

static void a_workbook_that_cannot_be_read_is_an_error(void **state)
{
    struct buffer book = {0};
    struct input in = {.name = "x.xlsx"};
    struct probe *probe;
    struct error err;

    archives_workbook(&book, "<row r=\"1\"><c></row>", "");
    in.data = (const uint8_t *)book.data;
    in.len = book.len;
    assert_int_equal(probe_open(&probe, &in, &err), ERR_INPUT);
    assert_string_equal(
        err.msg, "xl/worksheets/sheet1.xml: line 2: mismatched tag");
    buffer_clear(&book);
}

/* ---- labels -------------------------------------------------------------- */

static struct cell cell(const char *text)
{
    return (struct cell){text, strlen(text)};
}

static void a_label_is_told_by_letters_and_digits_alone(void **state)
{
    assert_true(label_is(cell("MUE Values"), "mue values"));
    assert_true(label_is(cell("MUE\nValues "), "mue values"));
    assert_true(label_is(cell("  M.U.E._values*"), "MUE-Values"));
    assert_true(label_is(cell("PE\xC2\xA0RVU 2"), "pe rvu 2"));
    assert_false(label_is(cell("MUE Values 2"), "mue values"));
    assert_false(label_is(cell("MUE Value"), "mue values"));
    assert_false(label_is(cell(""), "mue"));
    assert_false(label_is(cell("mue"), ""));
}

static void a_label_is_found_inside_a_longer_one(void **state)
{
    assert_true(
        label_has(cell("Practitioner Services MUE\nValues"), "mue values"));
    assert_true(label_has(cell("mumue values"), "mue values"));
    assert_false(label_has(cell("MUE Adjudication"), "mue values"));
    assert_false(label_has(cell(""), "mue"));
}

/* ---- quarters ------------------------------------------------------------ */

static void a_quarter_is_found_in_the_names_that_are_in_use(void **state)
{
    static const struct {
        const char *text;
        int year, quarter;
    } names[] = {
        {"2024q3", 2024, 3},
        {"2024Q3", 2024, 3},
        {"2026-q2", 2026, 2},
        {"2026q3-practitioner", 2026, 3},
        {"ptp_practitioner_2024q3.reexport.tsv", 2024, 3},
        {"AOC_V2026Q2-MCR.xlsx", 2026, 2},
        {"PUF_CLFS_CY2026_Q2V1.csv", 2026, 2},
        {"DME Rural ZIP Code Quarter 1, 2025.xlsx", 2025, 1},
        {"2025 Quarter 4", 2025, 4},
        {"ccipra-v322r0-f1.txt", 2026, 3},
        {"v320", 2026, 1},
        {"ccioph-v311r1-f4", 2025, 2},
        {"ccipra-v323r0", 2026, 4},
        {"RVU24A.zip", 2024, 1},
        {"rvu25d", 2025, 4},
        {"RVU26AR", 2026, 1},
        {"rvu25b-updated-10_10_2025.zip", 2025, 2},
        {"PPRRVU25_JAN.csv", 2025, 1},
        {"PPRRVU2025_Oct.txt", 2025, 4},
        {"PPRRVU2026_Jul_nonQPP", 2026, 3},
        {"HCPC2026_JAN_ANWEB_01122026.txt", 2026, 1},
        {"HCPC2026_APR_ANWEB_12312025.txt", 2026, 2},
        {"january-2026-alpha-numeric-hcpcs-file", 2026, 1},
        {"DMEPOS25_APR.csv", 2025, 2},
        {"October 2025 Web Addendum B.10.31.25", 2025, 4},
        {"2023_January_Web_Addendum_B.12212022", 2023, 1},
        {"July 1, 2024", 2024, 3},
        {"drug-April-1-2026-XML", 2026, 2},
        {"effective sept 2025", 2025, 3},
        {"MCR_MUE_PractitionerServices_Eff_07-01-2026", 2026, 3},
        {"mue_DMESupplierServices_2024-07-01", 2024, 3},
        {"effective 10/1/2024", 2024, 4},
        {"aoc-effective-06012026", 2026, 2},
        {"export 20240701", 2024, 3},
    };
    int year, quarter;
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        year = quarter = 0;
        if (!find_quarter(names[i].text, &year, &quarter) ||
            year != names[i].year || quarter != names[i].quarter)
            fail_msg("%s: %dq%d", names[i].text, year, quarter);
    }
}

static void what_only_looks_like_a_quarter_is_none(void **state)
{
    static const char *const names[] = {
        "",
        "icd10cm_order_2026.txt",
        "2024q5",
        "12024q3",
        "2024q31",
        "v329",
        "v32",
        "rev322",
        "RVU24E",
        "OPPSCAP_JAN.csv",
        "25CLABQ1",
        "marching 2025",
        "13-01-2025",
        "Crosswalk 121725",
        "99999999",
        "2025-13-40",
    };
    int year = -1, quarter = -1;
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (find_quarter(names[i], &year, &quarter))
            fail_msg("%s: %dq%d", names[i], year, quarter);
    }
    assert_int_equal(year, -1);
    assert_int_equal(quarter, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_and_blank_files_are_empty),
        cmocka_unit_test(a_saved_web_page_is_html),
        cmocka_unit_test(xml_and_pdf_are_known_by_their_first_bytes),
        cmocka_unit_test(control_bytes_make_a_binary),
        cmocka_unit_test(one_nul_in_a_table_is_left_for_the_reader_to_report),
        cmocka_unit_test(tables_are_told_by_their_delimiter),
        cmocka_unit_test(fixed_columns_and_prose_are_lines),
        cmocka_unit_test(utf16_is_an_error_with_advice),
        cmocka_unit_test(rows_are_trimmed_and_numbered),
        cmocka_unit_test(lines_are_one_cell_each),
        cmocka_unit_test(a_probe_ends_at_its_ceilings),
        cmocka_unit_test(a_long_cell_is_cut_between_two_characters),
        cmocka_unit_test(the_base_is_the_last_part_without_the_packing),
        cmocka_unit_test(a_workbook_is_probed_and_a_document_is_not),
        cmocka_unit_test(a_workbook_that_cannot_be_read_is_an_error),
        cmocka_unit_test(a_label_is_told_by_letters_and_digits_alone),
        cmocka_unit_test(a_label_is_found_inside_a_longer_one),
        cmocka_unit_test(a_quarter_is_found_in_the_names_that_are_in_use),
        cmocka_unit_test(what_only_looks_like_a_quarter_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

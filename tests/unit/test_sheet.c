#include "tests/harness.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "codesets/core/buffer.h"
#include "indexer/files/sheet.h"
#include "tests/archives.h"

/* ---- rows as text: "1:one|two\n" ----------------------------------------- */

struct rows {
    struct buffer text;
    int answer; /* to give back */
};

static int tell(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct rows *rows = context;
    size_t i;

    buffer_addu(&rows->text, row);
    for (i = 0; i < count; i++) {
        buffer_addc(&rows->text, i == 0 ? ':' : '|');
        buffer_add(&rows->text, cells[i].text, cells[i].len);
    }
    buffer_addc(&rows->text, '\n');
    return rows->answer;
}

enum kind { CSV, TSV, XLSX };

static int read_rows(struct rows *rows, enum kind kind, const char *text,
    size_t len, struct error *err)
{
    /* A copy of just this length, so that a read behind it is seen. */
    uint8_t *data = malloc(len > 0 ? len : 1);
    int rc;

    memcpy(data, text, len);
    if (kind == CSV)
        rc = sheet_read_csv(data, len, ',', tell, rows, err);
    else if (kind == TSV)
        rc = sheet_read_tsv(data, len, tell, rows, err);
    else
        rc = sheet_read_xlsx(data, len, tell, rows, err);
    free(data);
    buffer_addc(&rows->text, '\0');
    return rc;
}

static void reads(
    enum kind kind, const char *text, size_t len, const char *expected)
{
    struct rows rows = {.answer = 0};

    assert_int_equal(read_rows(&rows, kind, text, len, NULL), 0);
    assert_string_equal(rows.text.data, expected);
    buffer_clear(&rows.text);
}

static void fails(
    enum kind kind, const char *text, size_t len, int code, const char *message)
{
    struct rows rows = {.answer = 0};
    struct error err = {0};

    assert_int_equal(read_rows(&rows, kind, text, len, &err), code);
    assert_string_equal(err.msg, message);
    buffer_clear(&rows.text);
}

#define READS(kind, text, expected)                                            \
    reads(kind, text, sizeof(text) - 1, expected)
#define FAILS(kind, text, code, message)                                       \
    fails(kind, text, sizeof(text) - 1, code, message)

/* ---- delimited text ------------------------------------------------------ */

static void quoted_cells_hold_commas_quotes_and_newlines(void **state)
{
    READS(CSV, "a,\"b,c\",\"d\"\"e\"\r\n\"f\r\ng\",h,\r\n",
        "1:a|b,c|d\"e\n2:f\r\ng|h|\n");
}

static void a_row_number_is_the_line_the_record_starts_on(void **state)
{
    READS(CSV, "a\n\"b\nb\nb\"\n\n  \t\nc\n\"d\"\n",
        "1:a\n2:b\nb\nb\n7:c\n8:d\n");
}

static void the_last_line_needs_no_end(void **state)
{
    READS(CSV, "a,b\nc,d", "1:a|b\n2:c|d\n");
    READS(TSV, "a\tb\nc\td", "1:a|b\n2:c|d\n");
}

static void lines_may_end_in_cr_alone(void **state)
{
    READS(CSV, "a,b\rc,d\r\re", "1:a|b\n2:c|d\n4:e\n");
    READS(TSV, "a\tb\rc\td\r\re", "1:a|b\n2:c|d\n4:e\n");
}

static void a_cr_inside_quotes_is_no_line_of_a_file_with_lf(void **state)
{
    READS(CSV, "\"a\rb\"\nc\n", "1:a\rb\n2:c\n");
}

static void a_byte_order_mark_is_dropped(void **state)
{
    READS(CSV,
        "\xEF\xBB\xBF"
        "code,text\n",
        "1:code|text\n");
    READS(TSV,
        "\xEF\xBB\xBF"
        "code\ttext\n",
        "1:code|text\n");
}

static void tsv_takes_quotes_as_they_are(void **state)
{
    READS(TSV, "\"a\tb\"\n\n5\"\t\n", "1:\"a|b\"\n3:5\"|\n");
}

static void valid_utf8_is_kept_and_other_bytes_are_windows_1252(void **state)
{
    /* In one file: U+00E9 as UTF-8, then e-acute, quotes, an undefined byte,
     * CMS's 0xFF and a no-break space, each as one byte. */
    READS(CSV, "caf\xC3\xA9,caf\xE9,\x93q\x94,\x81,a\xFFz,a\xA0\n",
        "1:caf\xC3\xA9|caf\xC3\xA9|\xE2\x80\x9Cq\xE2\x80\x9D|\xEF\xBF\xBD|a z|"
        "a\xC2\xA0\n");
    READS(
        TSV, "plain\tcaf\xE9\t\xC3\xA9\t\n", "1:plain|caf\xC3\xA9|\xC3\xA9|\n");
}

static void a_nul_byte_is_an_error_with_its_line(void **state)
{
    FAILS(CSV, "a,b\n\"c\n\0\"\n", ERR_INPUT, "line 3: NUL byte");
    FAILS(TSV, "a\tb\nc\t\0\n", ERR_INPUT, "line 2: NUL byte");
}

static void utf16_is_refused_with_advice(void **state)
{
    FAILS(CSV,
        "\xFF\xFE"
        "a\0",
        ERR_INPUT, "UTF-16 text; save it as UTF-8 or Windows-1252");
    FAILS(TSV, "\xFE\xFF\0a", ERR_INPUT,
        "UTF-16 text; save it as UTF-8 or Windows-1252");
}

static void a_quote_that_is_never_closed_is_an_error(void **state)
{
    FAILS(CSV, "a\nb,\"c\nd\n", ERR_INPUT,
        "line 2: a quote that is never closed");
}

/* len bytes of c behind a first line. */
static char *long_line(size_t len, char c)
{
    char *text = malloc(len);

    memset(text, c, len);
    text[0] = 'a';
    text[1] = '\n';
    return text;
}

static void a_cell_above_the_ceiling_is_refused(void **state)
{
    char *text = long_line(10 << 20, 'x');

    fails(CSV, text, 10 << 20, ERR_LIMIT,
        "line 2: a cell of more than 4194304 bytes (is a quote not closed?)");
    fails(TSV, text, 10 << 20, ERR_LIMIT,
        "line 2: a cell of more than 4194304 bytes");
    free(text);
}

static void a_cell_of_just_the_ceiling_is_read(void **state)
{
    const size_t len = 2 + SHEET_CELL_MAX;
    char *text = long_line(len, 'x');
    struct rows rows = {.answer = 0};

    assert_int_equal(read_rows(&rows, CSV, text, len, NULL), 0);
    assert_int_equal(read_rows(&rows, TSV, text, len, NULL), 0);
    assert_int_equal(rows.text.len, 2 * (4 + 2 + (size_t)SHEET_CELL_MAX + 2));
    buffer_clear(&rows.text);
    free(text);
}

static void too_many_columns_are_refused_unless_they_are_empty(void **state)
{
    char *commas = long_line(5000, ','), *tabs = long_line(5000, '\t');
    struct rows rows = {.answer = 0};

    assert_int_equal(read_rows(&rows, CSV, commas, 5000, NULL), 0);
    assert_int_equal(read_rows(&rows, TSV, tabs, 5000, NULL), 0);
    buffer_clear(&rows.text);
    commas[4999] = tabs[4999] = 'x';
    fails(CSV, commas, 5000, ERR_LIMIT, "line 2: more than 1024 columns");
    fails(TSV, tabs, 5000, ERR_LIMIT, "line 2: more than 1024 columns");
    free(commas);
    free(tabs);
}

static void a_long_record_of_short_cells_is_refused(void **state)
{
    const size_t len = 20 << 20;
    char *text = long_line(len, 'x');
    size_t i;

    for (i = 1 << 20; i < len; i += 1 << 20)
        text[i] = ',';
    fails(CSV, text, len, ERR_LIMIT,
        "line 2: more than 16777216 bytes in a record");
    free(text);
}

static void many_lines_of_cr_alone_take_no_quadratic_time(void **state)
{
    const size_t len = 16 << 20;
    char *text = long_line(len, '\r');
    struct rows rows = {.answer = 0};

    text[1] = '\r';
    text[len - 1] = 'z';
    assert_int_equal(read_rows(&rows, CSV, text, len, NULL), 0);
    assert_int_equal(read_rows(&rows, TSV, text, len, NULL), 0);
    assert_string_equal(rows.text.data, "1:a\n16777215:z\n");
    buffer_clear(&rows.text);
    free(text);
}

static void a_positive_answer_ends_the_reading_early(void **state)
{
    struct rows rows = {.answer = 3};

    assert_int_equal(read_rows(&rows, CSV, "a\nb\n", 4, NULL), 3);
    assert_int_equal(read_rows(&rows, TSV, "a\nb\n", 4, NULL), 3);
    assert_string_equal(rows.text.data, "1:a\n");
    buffer_clear(&rows.text);
}

static void text_without_rows_reports_none(void **state)
{
    READS(CSV, "", "");
    READS(TSV, "\r\n\n", "");
    READS(CSV, "\n \n", "");
}

/* ---- cells and lines ----------------------------------------------------- */

static void trimming_takes_blanks_and_no_break_spaces(void **state)
{
    const char *text = "\xC2\xA0 \t a b\xC2\xA0"
                       "c \r\n\xC2\xA0";
    struct cell cell = cell_trim((struct cell){text, strlen(text)});

    assert_int_equal(cell.len, 6);
    assert_memory_equal(cell.text,
        "a b\xC2\xA0"
        "c",
        6);
    cell = cell_trim((struct cell){" \xC2\xA0 ", 4});
    assert_int_equal(cell.len, 0);
}

static void lines_come_without_their_ends(void **state)
{
    static const char text[] = "\xEF\xBB\xBF"
                               "one\r\n\ntwo\rx\nthree";
    static const char *const expected[] = {"one", "", "two\rx", "three"};
    const uint8_t *data = (const uint8_t *)text;
    size_t offset = 0, len, i;
    const char *line;

    for (i = 0; i < 4; i++) {
        assert_int_equal(
            next_line(data, sizeof text - 1, &offset, &line, &len), 1);
        assert_int_equal(len, strlen(expected[i]));
        assert_memory_equal(line, expected[i], len);
    }
    assert_int_equal(next_line(data, sizeof text - 1, &offset, &line, &len), 0);
}

/* ---- workbooks ----------------------------------------------------------- */

static void workbook_reads(
    const char *rows, const char *strings, const char *expected)
{
    struct buffer book = {0};

    archives_workbook(&book, rows, strings);
    reads(XLSX, book.data, book.len, expected);
    buffer_clear(&book);
}

static void workbook_fails(
    const char *rows, const char *strings, int code, const char *message)
{
    struct buffer book = {0};

    archives_workbook(&book, rows, strings);
    fails(XLSX, book.data, book.len, code, message);
    buffer_clear(&book);
}

static void cells_of_every_kind_are_read(void **state)
{
    workbook_reads(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c>"
        "<c r=\"B1\"><v>1.50</v></c>"
        "<c r=\"C1\" t=\"str\"><f>A1</f><v>made</v></c>"
        "<c r=\"D1\" t=\"b\"><v>1</v></c><c r=\"E1\" t=\"b\"><v>0</v></c>"
        "<c r=\"F1\" t=\"inlineStr\"><is><t>in</t></is></c>"
        "<c r=\"G1\" t=\"e\"><v>#N/A</v></c></row>",
        "<si><t>zero</t></si><si><t>one &amp; \xC3\xA9</t></si>",
        "1:one & \xC3\xA9|1.50|made|TRUE|FALSE|in|#N/A\n");
}

static void runs_of_rich_text_join_and_phonetics_are_left_out(void **state)
{
    workbook_reads(
        "<row r=\"1\"><c t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is>"
        "<r><t>x</t></r><r><t>y</t></r><rPh><t>no</t></rPh></is></c></row>",
        "<si><r><rPr><b/></rPr><t xml:space=\"preserve\">a </t></r>"
        "<r><t>b</t></r><rPh sb=\"0\" eb=\"1\"><t>no</t></rPh></si>",
        "1:a b|xy\n");
}

static void gaps_are_filled_and_empty_ends_dropped(void **state)
{
    workbook_reads("<row r=\"2\"><c r=\"B2\"><v>b</v></c>"
                   "<c r=\"AA2\"><v>aa</v></c><c r=\"AB2\" s=\"4\"/>"
                   "<c r=\"XFD2\"/></row><row r=\"5\"><c r=\"A5\"/></row>"
                   "<row r=\"9\"><c r=\"A9\"><v>9</v></c></row>",
        "", "2:|b|||||||||||||||||||||||||aa\n9:9\n");
}

static void rows_and_cells_without_numbers_follow_one_another(void **state)
{
    workbook_reads("<row><c><v>1</v></c><c><v>2</v></c></row>"
                   "<row r=\"7\"><c r=\"C7\"><v>3</v></c><c><v>4</v></c></row>"
                   "<row><c><v>5</v></c></row>",
        "", "1:1|2\n7:||3|4\n8:5\n");
}

static void names_may_carry_a_prefix(void **state)
{
    workbook_reads("<x:row r=\"1\"><x:c t=\"s\"><x:v>0</x:v></x:c></x:row>",
        "<x:si><x:t>text</x:t></x:si>", "1:text\n");
}

static void a_shared_string_that_is_not_there_is_an_error(void **state)
{
    workbook_fails("<row r=\"3\"><c t=\"s\"><v>1</v></c></row>",
        "<si><t>zero</t></si>", ERR_INPUT,
        "row 3: a shared string that the workbook does not have");
    workbook_fails("<row r=\"3\"><c t=\"s\"><v>-1</v></c></row>",
        "<si><t>zero</t></si>", ERR_INPUT,
        "row 3: a shared string that the workbook does not have");
}

static void a_wrong_row_number_is_an_error(void **state)
{
    workbook_fails(
        "<row r=\"0\"/>", "", ERR_INPUT, "row after 0: its number is wrong");
    workbook_fails("<row r=\"1048577\"/>", "", ERR_INPUT,
        "row after 0: its number is wrong");
    workbook_fails(
        "<row r=\"2x\"/>", "", ERR_INPUT, "row after 0: its number is wrong");
}

static void a_cell_far_to_the_right_is_refused(void **state)
{
    workbook_reads("<row r=\"1\"><c r=\"A1\"><v>1</v></c>"
                   "<c r=\"AMK1\"/></row>",
        "", "1:1\n");
    workbook_fails("<row r=\"1\"><c r=\"AMK1\"><v>1</v></c></row>", "",
        ERR_LIMIT, "row 1: more than 1024 columns");
}

#define TYPES                                                                  \
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static void the_first_visible_worksheet_is_read(void **state)
{
    static const struct part parts[] = {
        WORKBOOK_TYPES,
        {"xl/workbook.xml",
            "<workbook xmlns:r=\"" TYPES "\"><sheets>"
            "<sheet name=\"h\" sheetId=\"1\" state=\"hidden\" r:id=\"rId1\"/>"
            "<sheet name=\"c\" sheetId=\"2\" r:id=\"rId2\"/>"
            "<sheet name=\"v\" sheetId=\"3\" r:id=\"rId3\"/>"
            "<sheet name=\"w\" sheetId=\"4\" r:id=\"rId4\"/>"
            "</sheets></workbook>",
            0},
        {"xl/_rels/workbook.xml.rels",
            "<Relationships>"
            "<Relationship Id=\"rId4\" Type=\"" TYPES
            "/worksheet\" Target=\"worksheets/w.xml\"/>"
            "<Relationship Id=\"rId3\" Type=\"" TYPES
            "/worksheet\" Target=\"/xl/worksheets/V.xml\"/>"
            "<Relationship Id=\"rId2\" Type=\"" TYPES
            "/chartsheet\" Target=\"chartsheets/c.xml\"/>"
            "<Relationship Id=\"rId1\" Type=\"" TYPES
            "/worksheet\" Target=\"worksheets/h.xml\"/></Relationships>",
            0},
        {"xl/worksheets/h.xml",
            "<worksheet><row><c><v>hidden</v></c></row></worksheet>", 0},
        {"xl/worksheets/w.xml",
            "<worksheet><row><c><v>later</v></c></row></worksheet>", 0},
        {"xl/worksheets/v.xml",
            "<worksheet><row><c><v>visible</v></c></row></worksheet>", 0},
        {NULL, NULL, 0},
    };
    struct buffer book = {0};

    archives_zip(&book, parts);
    reads(XLSX, book.data, book.len, "1:visible\n");
    buffer_clear(&book);
}

static void without_a_list_of_sheets_the_usual_name_is_tried(void **state)
{
    static const struct part parts[] = {
        {"xl/worksheets/sheet1.xml",
            "<worksheet><row><c><v>1</v></c></row></worksheet>", 0},
        {NULL, NULL, 0},
    };
    static const struct part none[] = {
        {"word/document.xml", "<document/>", 0}, {NULL, NULL, 0}};
    struct buffer book = {0};

    archives_zip(&book, parts);
    reads(XLSX, book.data, book.len, "1:1\n");
    buffer_clear(&book);
    archives_zip(&book, none);
    fails(XLSX, book.data, book.len, ERR_INPUT,
        "the workbook has no worksheet (xl/worksheets/sheet1.xml)");
    assert_false(sheet_is_xlsx((const uint8_t *)book.data, book.len));
    buffer_clear(&book);
}

/* ---- workbooks made to harm ---------------------------------------------- */

static void sheet_part_fails(
    const char *xml, size_t len, int code, const char *message)
{
    const struct part parts[] = {
        {"xl/worksheets/sheet1.xml", xml, len}, {NULL, NULL, 0}};
    struct buffer book = {0};

    archives_zip(&book, parts);
    fails(XLSX, book.data, book.len, code, message);
    buffer_clear(&book);
}

static void entities_are_refused_before_they_expand(void **state)
{
    static const char xml[] =
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">"
        "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
        "<worksheet><row><c><v>&b;</v></c></row></worksheet>";

    sheet_part_fails(xml, 0, ERR_INPUT,
        "xl/worksheets/sheet1.xml: a DOCTYPE, which no published file has");
}

static void deep_elements_are_refused(void **state)
{
    struct buffer xml = {0};
    int i;

    for (i = 0; i < 100; i++)
        buffer_adds(&xml, "<a>");
    sheet_part_fails(xml.data, xml.len, ERR_LIMIT,
        "xl/worksheets/sheet1.xml: line 1: elements too deep");
    buffer_clear(&xml);
}

static void a_flood_of_names_is_refused(void **state)
{
    struct buffer xml = {0};
    int i;

    buffer_adds(&xml, "<worksheet>");
    for (i = 0; i < 1000; i++)
        buffer_addf(&xml, "<name%d/>", i);
    sheet_part_fails(xml.data, xml.len, ERR_LIMIT,
        "xl/worksheets/sheet1.xml: line 1: too many different names");
    buffer_clear(&xml);
}

static void an_endless_tag_is_refused(void **state)
{
    struct buffer xml = {0};
    char *blanks = malloc(3 << 20);

    memset(blanks, ' ', 3 << 20);
    buffer_adds(&xml, "<worksheet ");
    buffer_add(&xml, blanks, 3 << 20);
    sheet_part_fails(xml.data, xml.len, ERR_LIMIT,
        "xl/worksheets/sheet1.xml: line 1: a tag or comment is too long");
    buffer_clear(&xml);
    free(blanks);
}

static void a_cell_above_the_ceiling_of_a_sheet_is_refused(void **state)
{
    struct buffer row = {0};
    char *text = long_line(5 << 20, 'x');

    buffer_adds(&row, "<row r=\"4\"><c><v>");
    buffer_add(&row, text, 5 << 20);
    buffer_adds(&row, "</v></c></row>");
    buffer_addc(&row, '\0');
    workbook_fails(
        row.data, "", ERR_LIMIT, "row 4: a cell of more than 4194304 bytes");
    buffer_clear(&row);
    free(text);
}

static void every_truncated_workbook_fails_cleanly(void **state)
{
    struct buffer book = {0};
    struct rows rows;
    struct error err;
    size_t len;

    archives_workbook(&book,
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>",
        "<si><t>text</t></si>");
    for (len = 0; len < book.len; len++) {
        rows = (struct rows){.answer = 0};
        memset(&err, 0, sizeof err);
        assert_int_equal(
            read_rows(&rows, XLSX, book.data, len, &err), ERR_INPUT);
        assert_int_equal(rows.text.len, 1);
        assert_true(err.msg[0] != '\0');
        buffer_clear(&rows.text);
    }
    buffer_clear(&book);
}

static void every_flipped_byte_of_a_workbook_is_met_cleanly(void **state)
{
    struct buffer book = {0};
    struct rows rows;
    size_t i;
    int rc;

    archives_workbook(&book,
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>",
        "<si><t>text</t></si>");
    for (i = 0; i < book.len; i++) {
        rows = (struct rows){.answer = 0};
        book.data[i] = (char)~book.data[i];
        rc = read_rows(&rows, XLSX, book.data, book.len, NULL);
        assert_true(rc == 0 || rc == ERR_INPUT || rc == ERR_LIMIT);
        book.data[i] = (char)~book.data[i];
        buffer_clear(&rows.text);
    }
    buffer_clear(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quoted_cells_hold_commas_quotes_and_newlines),
        cmocka_unit_test(a_row_number_is_the_line_the_record_starts_on),
        cmocka_unit_test(the_last_line_needs_no_end),
        cmocka_unit_test(lines_may_end_in_cr_alone),
        cmocka_unit_test(a_cr_inside_quotes_is_no_line_of_a_file_with_lf),
        cmocka_unit_test(a_byte_order_mark_is_dropped),
        cmocka_unit_test(tsv_takes_quotes_as_they_are),
        cmocka_unit_test(valid_utf8_is_kept_and_other_bytes_are_windows_1252),
        cmocka_unit_test(a_nul_byte_is_an_error_with_its_line),
        cmocka_unit_test(utf16_is_refused_with_advice),
        cmocka_unit_test(a_quote_that_is_never_closed_is_an_error),
        cmocka_unit_test(a_cell_above_the_ceiling_is_refused),
        cmocka_unit_test(a_cell_of_just_the_ceiling_is_read),
        cmocka_unit_test(too_many_columns_are_refused_unless_they_are_empty),
        cmocka_unit_test(a_long_record_of_short_cells_is_refused),
        cmocka_unit_test(many_lines_of_cr_alone_take_no_quadratic_time),
        cmocka_unit_test(a_positive_answer_ends_the_reading_early),
        cmocka_unit_test(text_without_rows_reports_none),
        cmocka_unit_test(trimming_takes_blanks_and_no_break_spaces),
        cmocka_unit_test(lines_come_without_their_ends),
        cmocka_unit_test(cells_of_every_kind_are_read),
        cmocka_unit_test(runs_of_rich_text_join_and_phonetics_are_left_out),
        cmocka_unit_test(gaps_are_filled_and_empty_ends_dropped),
        cmocka_unit_test(rows_and_cells_without_numbers_follow_one_another),
        cmocka_unit_test(names_may_carry_a_prefix),
        cmocka_unit_test(a_shared_string_that_is_not_there_is_an_error),
        cmocka_unit_test(a_wrong_row_number_is_an_error),
        cmocka_unit_test(a_cell_far_to_the_right_is_refused),
        cmocka_unit_test(the_first_visible_worksheet_is_read),
        cmocka_unit_test(without_a_list_of_sheets_the_usual_name_is_tried),
        cmocka_unit_test(entities_are_refused_before_they_expand),
        cmocka_unit_test(deep_elements_are_refused),
        cmocka_unit_test(a_flood_of_names_is_refused),
        cmocka_unit_test(an_endless_tag_is_refused),
        cmocka_unit_test(a_cell_above_the_ceiling_of_a_sheet_is_refused),
        cmocka_unit_test(every_truncated_workbook_fails_cleanly),
        cmocka_unit_test(every_flipped_byte_of_a_workbook_is_met_cleanly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

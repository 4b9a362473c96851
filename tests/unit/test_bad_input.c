/* Input that cannot be used: a message that names the file, the row and the
 * column, and the active build as it was. */
#include "tests/builds.h"
#include "tests/archives.h"

#include <zlib.h>

#include "codesets/core/bytes.h"
#include "indexer/files/input.h"

#define MUE_26Q2 "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv"
#define PTP_24Q3 "2024q3/ptp_practitioner.tsv"

/* --- a store with an active build, that a bad file must not change ----------
 */

static char active[PATH_MAX];

static int begin(void **state)
{
    const char *const rows[] = {"97110,6,3"};
    struct made made;

    if (builds_begin(state) != 0)
        return -1;
    put_mue(MUE_26Q2, rows, 1);
    build(&made);
    forget(&made);
    (void)unlink(in_folder("files/" MUE_26Q2));
    return builds_current(active, store(), NULL);
}

static void untouched(void)
{
    char now[PATH_MAX];

    assert_int_equal(builds_current(now, store(), NULL), 0);
    assert_string_equal(now, active);
    assert_int_equal(verify_build(now, NULL, NULL), 0);
}

static void fails(const char *why)
{
    build_fails(why);
    untouched();
}

/* The message begins and ends so; what stands between is the library's. */
static void fails_like(const char *start, const char *end)
{
    struct made made;
    size_t len;

    build_with(&made, NULL);
    len = strlen(made.err.msg);
    if (made.rc != ERR_INPUT ||
        strncmp(made.err.msg, start, strlen(start)) != 0 || len < strlen(end) ||
        strcmp(made.err.msg + len - strlen(end), end) != 0)
        fail_msg("'%s' is not '%s…%s'", made.err.msg, start, end);
    forget(&made);
    untouched();
}

/* --- archives --------------------------------------------------------------
 */

static void pack_mue(struct buffer *zip)
{
    struct buffer text = {0};

    buffer_adds(&text, MUE_HEADING);
    for (int i = 0; i < 200; i++)
        buffer_addf(&text, "A%04d,%d,3,an invented reason\n", i, i * 37 % 100);
    {
        const struct part parts[] = {{MUE_26Q2, text.data, text.len},
            {"readme.txt", "nothing to see", 0}, {NULL, NULL, 0}};

        archives_zip(zip, parts);
    }
    buffer_clear(&text);
}

static void a_zip_cut_short_is_damaged_wherever_it_is_cut(void **state)
{
    struct buffer zip = {0};

    pack_mue(&zip);
    for (size_t sixteenth = 1; sixteenth < 16; sixteenth++) {
        put_bytes("mue.zip", zip.data, zip.len * sixteenth / 16);
        fails_like("mue.zip: damaged: zip: ", "");
    }
    put_bytes("mue.zip", zip.data, zip.len - 1);
    fails_like("mue.zip: damaged: ", "");
    buffer_clear(&zip);
}

static void a_zip_with_a_wrong_byte_is_damaged(void **state)
{
    struct buffer zip = {0};

    pack_mue(&zip);
    zip.data[200] = (char)(zip.data[200] ^ 0x55);
    put_bytes("mue.zip", zip.data, zip.len);
    fails_like("mue.zip: damaged: ", "");
    buffer_clear(&zip);
}

static void a_web_page_saved_as_a_zip_is_told(void **state)
{
    put("ccipra-v322r0-f1.zip",
        "<html><head><title>Licence</title></head><body></body></html>");
    fails("ccipra-v322r0-f1.zip: damaged: a web page, not a release: open the "
          "address in a browser, accept the licence, and save the file again");
}

static void a_missing_part_is_told_of_parts_in_zips(void **state)
{
    for (int part = 1; part <= 3; part++) {
        char zip_name[96], name[64], text[256];
        struct buffer zip = {0};

        (void)snprintf(zip_name, sizeof zip_name,
            "medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f%d.zip",
            part);
        (void)snprintf(name, sizeof name, "ccipra-v322r0-f%d.TXT", part);
        (void)snprintf(text, sizeof text,
            "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\t"
            "Deletion Date\tModifier\tPTP Edit Rationale\n"
            "G028%d\t97032\t\t20200101\t*\t1\tan invented reason\n",
            part);
        {
            const struct part parts[] = {{name, text, 0}, {NULL, NULL, 0}};

            archives_zip(&zip, parts);
        }
        put_buffer(zip_name, &zip);
    }
    fails("medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip/"
          "ccipra-v322r0-f1.TXT: partial: missing: f4 (the table comes in 4 "
          "parts of one version); --allow-partial leaves it out; to have it, "
          "load it whole, "
          "with all its parts, downloaded anew if need be");
}

static void zips_inside_zips_end_somewhere(void **state)
{
    struct buffer inner = {0}, outer = {0};

    pack_mue(&inner);
    for (int depth = 1; depth <= INPUT_DEPTH_MAX; depth++) {
        const struct part parts[] = {
            {"inner.zip", inner.data, inner.len}, {NULL, NULL, 0}};

        archives_zip(&outer, parts);
        buffer_clear(&inner);
        inner = outer;
        outer = (struct buffer){0};
    }
    put_buffer("mue.zip", &inner);
    fails_like("mue.zip/inner.zip/", ": packed more than 4 times");
}

/* A zip of one member: a mebibyte of zeros, packed, again and again. */
static void make_bomb(struct buffer *out, unsigned mebibytes)
{
    enum { MEBIBYTE = 1 << 20, NAME_LEN = 8 };
    static unsigned char zeros[MEBIBYTE], packed[1 << 14];
    const uint32_t size = (uint32_t)mebibytes << 20;
    uint8_t local[30] = "PK\3\4", central[46] = "PK\1\2", end[22] = "PK\5\6";
    z_stream z = {.next_in = zeros,
        .avail_in = MEBIBYTE,
        .next_out = packed,
        .avail_out = sizeof packed};
    uint32_t once, len;

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, 0), Z_OK);
    assert_int_equal(deflate(&z, Z_FULL_FLUSH), Z_OK);
    once = (uint32_t)(sizeof packed - z.avail_out);
    len = once * mebibytes;
    deflateEnd(&z);
    local[8] = central[10] = 8; /* deflated */
    store_u32(local + 18, len);
    store_u32(local + 22, size);
    local[26] = central[28] = NAME_LEN;
    store_u32(central + 20, len);
    store_u32(central + 24, size);
    end[8] = end[10] = 1;
    store_u32(end + 12, sizeof central + NAME_LEN);
    store_u32(end + 16, (uint32_t)sizeof local + NAME_LEN + len);
    buffer_add(out, local, sizeof local);
    buffer_add(out, "bomb.csv", NAME_LEN);
    for (unsigned i = 0; i < mebibytes; i++)
        buffer_add(out, packed, once);
    buffer_add(out, central, sizeof central);
    buffer_add(out, "bomb.csv", NAME_LEN);
    buffer_add(out, end, sizeof end);
}

static void a_small_zip_of_more_than_a_file_may_hold_is_stopped(void **state)
{
    struct buffer zip = {0};

    make_bomb(&zip, 1100);
    assert_true(zip.len < 4 << 20);
    put_buffer("bomb.zip", &zip);
    fails("bomb.zip: damaged: bomb.csv: more than 1073741824 bytes unpacked");
}

/* --- text ------------------------------------------------------------------
 */

static void an_empty_file_is_told(void **state)
{
    put(PTP_24Q3, "");
    fails(PTP_24Q3 ": damaged: empty");
}

static const char edits_text[] =
    "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\t"
    "Deletion Date\tModifier\tPTP Edit Rationale\n"
    "G0283\t97032\t\t20200101\t*\t1\tan invented reason\n";

static void utf16_is_told_with_and_without_its_mark(void **state)
{
    for (int variant = 0; variant < 4; variant++) {
        const bool big = variant & 1, marked = variant & 2;
        struct buffer out = {0};

        if (marked)
            buffer_add(&out, big ? "\xFE\xFF" : "\xFF\xFE", 2);
        for (const char *c = edits_text; *c != '\0'; c++) {
            buffer_addc(&out, big ? '\0' : *c);
            buffer_addc(&out, big ? *c : '\0');
        }
        put_buffer(PTP_24Q3, &out);
        fails(PTP_24Q3
            ": damaged: UTF-16 text; save it as UTF-8 or Windows-1252");
    }
}

static void windows_text_in_a_reason_is_read(void **state)
{
    struct made made;

    put(PTP_24Q3,
        "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\t"
        "Deletion Date\tModifier\tPTP Edit Rationale\n"
        "G0283\t97032\t\t20200101\t*\t1\tM\xE9nage \x93\xE0 trois\x94\n");
    build(&made);
    assert_non_null(strstr(
        made.dump, "\tM\xC3\xA9nage \xE2\x80\x9C\xC3\xA0 trois\xE2\x80\x9D\t"));
    forget(&made);
}

static void a_nul_byte_is_told_with_its_line(void **state)
{
    struct buffer out = {0};

    buffer_adds(&out, edits_text);
    buffer_add(&out, "G0283\t970\0003\t\t20200101\t*\t1\tx\n", 29);
    put_buffer(PTP_24Q3, &out);
    fails(PTP_24Q3 ": damaged: line 3: NUL byte");
    buffer_adds(&out, MUE_HEADING "97110,6,3,x\n97112,4,3,\"a\n");
    buffer_addc(&out, '\0');
    buffer_adds(&out, "b\"\n");
    put_buffer(PTP_24Q3, &out);
    fails_like(PTP_24Q3 ": damaged: ", "NUL byte");
}

static void a_line_of_ten_mebibytes_is_told(void **state)
{
    struct buffer out = {0};

    buffer_adds(&out, edits_text);
    buffer_adds(&out, "G0283\t97035\t\t20200101\t*\t1\t");
    for (int i = 0; i < 10 << 20; i++)
        buffer_addc(&out, 'x');
    put_buffer(PTP_24Q3, &out);
    fails(PTP_24Q3 ": damaged: line 3: a cell of more than 4194304 bytes");
    buffer_adds(&out, MUE_HEADING "97110,6,3,\"");
    for (int i = 0; i < 10 << 20; i++)
        buffer_addc(&out, i % 100 == 0 ? '\n' : 'x');
    put_buffer(PTP_24Q3, &out); /* a quote that is never closed */
    fails(PTP_24Q3 ": damaged: line 2: a cell of more than 4194304 bytes (is a "
                   "quote not closed?)");
}

static void a_hundred_thousand_refused_rows_are_told_by_the_first(void **state)
{
    struct buffer out = {0};

    buffer_adds(&out, edits_text);
    for (int i = 0; i < 100000; i++)
        buffer_adds(&out, "G0283\t97035\t\t2020-01-01\t*\t1\tx\n");
    put_buffer(PTP_24Q3, &out);
    fails(PTP_24Q3 ": 100000 of 100001 rows refused, the first in row 3, "
                   "Effective Date: not a date YYYYMMDD");
}

static void numbers_that_a_spreadsheet_ate_are_refused_not_padded(void **state)
{
    struct made made;

    MUE("2024q3/practitioner.csv", "97110,6,3", "100,1,3", "1E+05,1,3",
        "9711O,1,3");
    build(&made);
    file_is(&made, "2024q3/practitioner.csv", "kept 4 1 3 0 0");
    forget(&made);
}

static void a_heading_that_lost_a_column_is_told(void **state)
{
    put(MUE_26Q2, "HCPCS/CPT Code,MUE Rationale\n97110,an invented reason\n");
    fails_like(MUE_26Q2 ": damaged: the heading has no column 'MUE Value'; it "
                        "has 'HCPCS/CPT Code', 'MUE Rationale'",
        "");
    put(MUE_26Q2, "Procedure,Practitioner Services MUE Values,MUE Adjudication "
                  "Indicator,MUE Rationale\n97110,6,3,an invented reason\n");
    fails_like(MUE_26Q2 ": damaged: the heading has no column 'HCPCS/CPT "
                        "Code'; it has 'Procedure', ",
        "");
    MUE(MUE_26Q2, "97110,6,3");
    put(PTP_24Q3, "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective "
                  "Date\tDeletion Date\tPTP Edit Rationale\n"
                  "G0283\t97032\t\t20200101\t*\tan invented reason\n");
    fails_like(PTP_24Q3 ": damaged: the heading has no column for 'modifier'; "
                        "it has 'Column 1', 'Column 2', ",
        "'PTP Edit Rationale'");
}

static void a_pair_table_with_a_renamed_column_is_not_passed_over(void **state)
{
    MUE(MUE_26Q2, "97110,6,3");
    put(PTP_24Q3,
        "Column 1\tSecondary Code\t*=in existence prior to 1996\tEffective "
        "Date\tDeletion Date\tModifier\tPTP Edit Rationale\n"
        "G0283\t97032\t\t20200101\t*\t1\tan invented reason\n");
    fails_like(PTP_24Q3 ": damaged: the heading has no column for 'column2'; "
                        "it has 'Column 1', 'Secondary Code', ",
        "'PTP Edit Rationale'");
}

static void a_column_that_nobody_knows_is_noted(void **state)
{
    struct made made;

    MUE(MUE_26Q2, "97110,6,3");
    put(PTP_24Q3,
        "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\t"
        "Deletion Date\tModifier\tPTP Edit Rationale\tReviewed\n"
        "G0283\t97032\t\t20200101\t*\t1\tan invented reason\tyes\n");
    build(&made);
    assert_non_null(strstr(note_of(&made, PTP_24Q3),
        "column 8, 'Reviewed', is not known and not kept"));
    forget(&made);
}

/* --- paths -----------------------------------------------------------------
 */

static void a_path_that_is_not_there_is_told(void **state)
{
    struct made made;

    build_from(&made, "no-such-release", NULL);
    assert_int_equal(made.rc, ERR_SYSTEM);
    assert_string_equal(
        made.err.msg, "no-such-release: No such file or directory");
    forget(&made);
    untouched();
}

static void links_that_lead_back_end(void **state)
{
    struct made made;

    PTP(PTP_24Q3, "G0283 97032 20200101 * 1");
    assert_int_equal(symlink("..", in_folder("files/2024q3/back")), 0);
    build(&made);
    file_is(&made, PTP_24Q3, "kept 1 1 0 0 0");
    forget(&made);
    assert_int_equal(symlink("round", in_folder("files/round")), 0);
    build_fails("round: damaged: Too many levels of symbolic links");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, builds_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_zip_cut_short_is_damaged_wherever_it_is_cut),
        TEST(a_zip_with_a_wrong_byte_is_damaged),
        TEST(a_web_page_saved_as_a_zip_is_told),
        TEST(a_missing_part_is_told_of_parts_in_zips),
        TEST(zips_inside_zips_end_somewhere),
        TEST(a_small_zip_of_more_than_a_file_may_hold_is_stopped),
        TEST(an_empty_file_is_told),
        TEST(utf16_is_told_with_and_without_its_mark),
        TEST(windows_text_in_a_reason_is_read),
        TEST(a_nul_byte_is_told_with_its_line),
        TEST(a_line_of_ten_mebibytes_is_told),
        TEST(a_hundred_thousand_refused_rows_are_told_by_the_first),
        TEST(numbers_that_a_spreadsheet_ate_are_refused_not_padded),
        TEST(a_heading_that_lost_a_column_is_told),
        TEST(a_pair_table_with_a_renamed_column_is_not_passed_over),
        TEST(a_column_that_nobody_knows_is_noted),
        TEST(a_path_that_is_not_there_is_told),
        TEST(links_that_lead_back_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/harness.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "indexer/files/input.h"
#include "tests/archives.h"

/* ---- a folder to walk ---------------------------------------------------- */

static char folder[PATH_MAX];

static int make_folder(void **state)
{
    const char *place = getenv("TMPDIR");

    (void)snprintf(folder, sizeof folder, "%s/coderef-input-XXXXXX",
        place != NULL ? place : P_tmpdir);
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    char command[PATH_MAX + 16];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) != 0;
}

static const char *in_folder(const char *name)
{
    static char path[2 * PATH_MAX];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const void *bytes, size_t len)
{
    FILE *file = fopen(in_folder(name), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* ---- what the walk tells, as text: "name=bytes\n" or "name!damage\n" ----- */

struct told {
    struct buffer text;
    struct buffer disk; /* "path size sha256" of the last one */
    int answer;         /* to give back */
};

static int tell(void *context, const struct input *in, struct error *err)
{
    struct told *told = context;

    if (in->damage == NULL) {
        assert_non_null(in->data);
        assert_int_equal(in->data[in->len], '\0');
        buffer_addf(&told->text, "%s=", in->name);
        buffer_add(&told->text, in->data, in->len);
        buffer_adds(&told->text, "\n");
    } else {
        assert_null(in->data);
        buffer_addf(&told->text, "%s!%s\n", in->name, in->damage);
    }
    told->disk.len = 0;
    buffer_addf(&told->disk, "%s %llu %s", in->disk_path,
        (unsigned long long)in->disk_bytes, in->sha256);
    return told->answer;
}

static int walk(struct told *told, struct error *err)
{
    const char *const paths[] = {folder};
    int rc = input_walk(paths, 1, tell, told, err);

    buffer_addc(&told->text, '\0');
    buffer_addc(&told->disk, '\0');
    return rc;
}

static void forget(struct told *told)
{
    buffer_clear(&told->text);
    buffer_clear(&told->disk);
}

static void walk_tells(const char *expected)
{
    struct told told = {.answer = 0};

    assert_int_equal(walk(&told, NULL), 0);
    assert_string_equal(told.text.data, expected);
    forget(&told);
}

/* ---- plain files --------------------------------------------------------- */

static void a_plain_file_comes_with_its_hash_and_size(void **state)
{
    struct told told = {.answer = 0};
    char expected[2 * PATH_MAX];

    put("abc.txt", "abc", 3);
    assert_int_equal(walk(&told, NULL), 0);
    assert_string_equal(told.text.data, "abc.txt=abc\n");
    (void)snprintf(expected, sizeof expected,
        "%s/abc.txt 3 "
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        folder);
    assert_string_equal(told.disk.data, expected);
    forget(&told);
}

static void a_path_may_be_a_file(void **state)
{
    struct told told = {.answer = 0};
    char path[2 * PATH_MAX];
    const char *const paths[] = {path};

    put("abc.txt", "abc", 3);
    (void)snprintf(path, sizeof path, "%s/abc.txt", folder);
    assert_int_equal(input_walk(paths, 1, tell, &told, NULL), 0);
    assert_memory_equal(told.text.data, "abc.txt=abc\n", told.text.len);
    forget(&told);
}

static void an_empty_file_is_a_leaf_without_damage(void **state)
{
    put("empty.csv", "", 0);
    walk_tells("empty.csv=\n");
}

static void folders_are_walked_in_byte_order(void **state)
{
    assert_int_equal(mkdir(in_folder("a"), 0700), 0);
    put("a/2", "two", 3);
    put("a/10", "ten", 3);
    put("B", "b", 1);
    put("a.txt", "dot", 3);
    walk_tells("B=b\na/10=ten\na/2=two\na.txt=dot\n");
}

static void a_link_to_a_folder_above_is_not_followed(void **state)
{
    assert_int_equal(mkdir(in_folder("a"), 0700), 0);
    put("a/x", "x", 1);
    assert_int_equal(symlink("..", in_folder("a/up")), 0);
    walk_tells("a/x=x\n");
}

static void a_link_to_nothing_is_damage(void **state)
{
    assert_int_equal(symlink("nowhere", in_folder("link")), 0);
    walk_tells("link!No such file or directory\n");
}

static void a_pipe_is_damage_and_does_not_hang(void **state)
{
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    walk_tells("pipe!neither a file nor a folder\n");
}

static void a_path_that_is_not_there_is_an_error(void **state)
{
    const char *const paths[] = {"no-such-path"};
    struct told told = {.answer = 0};
    struct error err;

    assert_int_equal(input_walk(paths, 1, tell, &told, &err), ERR_SYSTEM);
    assert_string_equal(err.msg, "no-such-path: No such file or directory");
}

static void the_callback_ends_the_walk(void **state)
{
    struct told told = {.answer = 7};

    put("1", "one", 3);
    put("2", "two", 3);
    assert_int_equal(walk(&told, NULL), 7);
    assert_string_equal(told.text.data, "1=one\n");
    forget(&told);
}

static void control_characters_of_a_name_become_question_marks(void **state)
{
    put("a\nb\xE9", "x", 1);
    walk_tells("a?b\xC3\xA9=x\n");
}

/* ---- archives ------------------------------------------------------------ */

static const struct part two_files[] = {
    {"folder/", NULL, 0},
    {"folder/one.txt", "first text", 0},
    {"two.txt", "second text", 0},
    {NULL, NULL, 0},
};

static void members_follow_the_name_of_their_zip(void **state)
{
    struct buffer zip = {0};

    archives_zip(&zip, two_files);
    put("r.zip", zip.data, zip.len);
    walk_tells("r.zip/folder/one.txt=first text\nr.zip/two.txt=second text\n");
    buffer_clear(&zip);
}

static void a_zip_is_known_by_its_bytes_not_its_name(void **state)
{
    struct buffer zip = {0};

    archives_zip(&zip, two_files);
    put("r.txt", zip.data, zip.len);
    walk_tells("r.txt/folder/one.txt=first text\nr.txt/two.txt=second text\n");
    buffer_clear(&zip);
}

static void a_stream_adds_no_part_to_the_name(void **state)
{
    static const char *const filters[] = {"bzip2", "gzip", "xz", "zstd"};
    struct buffer packed = {0};
    size_t i;

    for (i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        packed.len = 0;
        archives_stream(&packed, filters[i], "text", 4);
        put(filters[i], packed.data, packed.len);
    }
    walk_tells("bzip2=text\ngzip=text\nxz=text\nzstd=text\n");
    buffer_clear(&packed);
}

static void a_packed_tar_is_opened_to_its_members(void **state)
{
    struct buffer tar = {0}, packed = {0};

    archives_pack(&tar, "ustar", NULL, two_files);
    archives_stream(&packed, "gzip", tar.data, tar.len);
    put("r.tar.gz", packed.data, packed.len);
    walk_tells("r.tar.gz/folder/one.txt=first text\n"
               "r.tar.gz/two.txt=second text\n");
    buffer_clear(&packed);
    buffer_clear(&tar);
}

static void several_gzips_in_a_row_are_one_text(void **state)
{
    struct buffer packed = {0};

    archives_stream(&packed, "gzip", "one ", 4);
    archives_stream(&packed, "gzip", "two", 3);
    put("x.gz", packed.data, packed.len);
    walk_tells("x.gz=one two\n");
    buffer_clear(&packed);
}

/* Wraps a zip around *bytes, under the name "z". */
static void wrap(struct buffer *bytes)
{
    struct buffer zip = {0};
    const struct part parts[] = {
        {"z", bytes->data, bytes->len}, {NULL, NULL, 0}};

    archives_zip(&zip, parts);
    buffer_clear(bytes);
    *bytes = zip;
}

static void zips_are_opened_four_deep_and_no_deeper(void **state)
{
    struct buffer zip = {0};
    int i;

    buffer_adds(&zip, "text");
    for (i = 0; i < INPUT_DEPTH_MAX; i++)
        wrap(&zip);
    put("4.zip", zip.data, zip.len);
    wrap(&zip);
    put("5.zip", zip.data, zip.len);
    walk_tells("4.zip/z/z/z/z=text\n"
               "5.zip/z/z/z/z!packed more than 4 times\n");
    buffer_clear(&zip);
}

static void a_workbook_stays_whole(void **state)
{
    struct buffer workbook = {0}, expected = {0};

    archives_workbook(&workbook, "", "");
    put("w.xlsx", workbook.data, workbook.len);
    buffer_adds(&expected, "w.xlsx=");
    buffer_add(&expected, workbook.data, workbook.len);
    buffer_adds(&expected, "\n");
    {
        struct told told = {.answer = 0};

        assert_int_equal(walk(&told, NULL), 0);
        assert_int_equal(told.text.len, expected.len + 1);
        assert_memory_equal(told.text.data, expected.data, expected.len);
        forget(&told);
    }
    buffer_clear(&expected);
    buffer_clear(&workbook);
}

/* ---- damage -------------------------------------------------------------- */

static void every_truncated_zip_is_damage_and_hands_out_nothing(void **state)
{
    struct buffer zip = {0};
    size_t len;

    archives_zip(&zip, two_files);
    /* Of fewer than four bytes nobody can tell that it was a zip. */
    for (len = 4; len < zip.len; len++) {
        struct told told = {.answer = 0};

        put("r.zip", zip.data, len);
        assert_int_equal(walk(&told, NULL), 0);
        assert_string_equal(told.text.data,
            "r.zip!zip: no end-of-central-directory record; the file is cut "
            "short\n");
        forget(&told);
    }
    buffer_clear(&zip);
}

static void every_truncated_stream_is_damage(void **state)
{
    static const char *const filters[] = {"gzip", "xz", "bzip2", "zstd"};
    struct buffer packed = {0};
    size_t i, len;

    for (i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        packed.len = 0;
        archives_stream(&packed, filters[i], "a text to be cut", 16);
        for (len = 10; len < packed.len; len++) {
            struct told told = {.answer = 0};

            put("x", packed.data, len);
            assert_int_equal(walk(&told, NULL), 0);
            assert_memory_equal(told.text.data, "x!", 2);
            forget(&told);
        }
    }
    buffer_clear(&packed);
}

static void a_wrong_crc_of_the_last_member_holds_all_members_back(void **state)
{
    struct buffer zip = {0};
    struct told told = {.answer = 0};
    char *second;

    archives_pack(&zip, "zip", "compression=store", two_files);
    second = memmem(zip.data, zip.len, "second text", 11);
    assert_non_null(second);
    second[0] = 'S';
    put("r.zip", zip.data, zip.len);
    assert_int_equal(walk(&told, NULL), 0);
    assert_memory_equal(told.text.data, "r.zip!two.txt: ZIP bad CRC", 26);
    forget(&told);
    buffer_clear(&zip);
}

static void a_wrong_crc_of_a_gzip_is_damage(void **state)
{
    struct buffer packed = {0};

    archives_stream(&packed, "gzip", "text", 4);
    packed.data[packed.len - 6] ^= 1;
    put("x.gz", packed.data, packed.len);
    walk_tells("x.gz!gzip: incorrect data check\n");
    buffer_clear(&packed);
}

static void an_encrypted_member_is_damage(void **state)
{
    struct buffer zip = {0};

    archives_pack(&zip, "zip", "encryption=traditional", two_files);
    put("r.zip", zip.data, zip.len);
    walk_tells("r.zip!folder/one.txt: the member is encrypted\n");
    buffer_clear(&zip);
}

static void a_zip_without_a_member_is_damage(void **state)
{
    const struct part none[] = {{NULL, NULL, 0}};
    struct buffer zip = {0};

    archives_zip(&zip, none);
    put("r.zip", zip.data, zip.len);
    walk_tells("r.zip!zip: holds no file\n");
    buffer_clear(&zip);
}

static void an_archive_of_another_kind_is_named(void **state)
{
    put("r.7z", "7z\xBC\xAF\x27\x1C\0\4", 8);
    walk_tells("r.7z!a 7z or rar archive; unpack it, or pack it as zip\n");
}

static void too_many_members_are_damage(void **state)
{
    struct part *parts = calloc(INPUT_MEMBERS_MAX + 2, sizeof *parts);
    struct buffer zip = {0};
    size_t i;

    for (i = 0; i < INPUT_MEMBERS_MAX + 1; i++)
        parts[i] = (struct part){"same", "x", 0};
    archives_zip(&zip, parts);
    put("r.zip", zip.data, zip.len);
    walk_tells("r.zip!more than 10000 members\n");
    buffer_clear(&zip);
    free(parts);
}

static void a_name_that_is_too_long_is_damage(void **state)
{
    char name[INPUT_NAME_MAX];
    const struct part parts[] = {{name, "text", 0}, {NULL, NULL, 0}};
    struct buffer zip = {0};

    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    archives_zip(&zip, parts);
    put("r.zip", zip.data, zip.len);
    walk_tells("r.zip!a member's name makes more than 1024 bytes\n");
    buffer_clear(&zip);
}

static void a_bomb_stops_at_the_ceiling_of_a_leaf(void **state)
{
    struct buffer zeros = {.max = 64 << 20}, once = {0}, twice = {0};
    struct told told = {.answer = 0};
    int i;

    /* 32 MiB of zeros, 64 times in a row, then packed once more: 2 GiB. */
    assert_true(buffer_reserve(&zeros, 32 << 20));
    memset(zeros.data, 0, 32 << 20);
    archives_stream(&twice, "gzip", zeros.data, 32 << 20);
    for (i = 0; i < 64; i++)
        buffer_add(&once, twice.data, twice.len);
    put("bomb.gz", once.data, once.len);
    assert_int_equal(walk(&told, NULL), 0);
    assert_string_equal(
        told.text.data, "bomb.gz!more than 1073741824 bytes unpacked\n");
    forget(&told);
    buffer_clear(&twice);
    buffer_clear(&once);
    buffer_clear(&zeros);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_plain_file_comes_with_its_hash_and_size),
        TEST(a_path_may_be_a_file),
        TEST(an_empty_file_is_a_leaf_without_damage),
        TEST(folders_are_walked_in_byte_order),
        TEST(a_link_to_a_folder_above_is_not_followed),
        TEST(a_link_to_nothing_is_damage),
        TEST(a_pipe_is_damage_and_does_not_hang),
        TEST(a_path_that_is_not_there_is_an_error),
        TEST(the_callback_ends_the_walk),
        TEST(control_characters_of_a_name_become_question_marks),
        TEST(members_follow_the_name_of_their_zip),
        TEST(a_zip_is_known_by_its_bytes_not_its_name),
        TEST(a_stream_adds_no_part_to_the_name),
        TEST(a_packed_tar_is_opened_to_its_members),
        TEST(several_gzips_in_a_row_are_one_text),
        TEST(zips_are_opened_four_deep_and_no_deeper),
        TEST(a_workbook_stays_whole),
        TEST(every_truncated_zip_is_damage_and_hands_out_nothing),
        TEST(every_truncated_stream_is_damage),
        TEST(a_wrong_crc_of_the_last_member_holds_all_members_back),
        TEST(a_wrong_crc_of_a_gzip_is_damage),
        TEST(an_encrypted_member_is_damage),
        TEST(a_zip_without_a_member_is_damage),
        TEST(an_archive_of_another_kind_is_named),
        TEST(too_many_members_are_damage),
        TEST(a_name_that_is_too_long_is_damage),
        TEST(a_bomb_stops_at_the_ceiling_of_a_leaf),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codesets/store/checksum.h"

static char folder[] = "/tmp/coderef-checksum-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[128];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *text, size_t len)
{
    FILE *file = fopen(path_of(name), "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static int make_folder(void **state)
{
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)unlink(path_of("data.mdb"));
    (void)unlink(path_of("manifest.json"));
    return rmdir(folder);
}

/* XXH3 of nothing and of "abc", from the algorithm's published test vectors. */
static void sums_are_those_that_xxh3_publishes(void **state)
{
    char sum[CHECKSUM_TEXT];
    uint64_t bytes;

    put("data.mdb", "", 0);
    assert_int_equal(checksum_file(sum, &bytes, path_of("data.mdb"), NULL), 0);
    assert_string_equal(sum, "2d06800538d394c2");
    put("data.mdb", "abc", 3);
    assert_int_equal(checksum_file(sum, &bytes, path_of("data.mdb"), NULL), 0);
    assert_string_equal(sum, "78af5f94892f3950");
    assert_int_equal(bytes, 3);
}

static void put_manifest(struct buffer *text)
{
    buffer_adds(text,
        "{\n \"data_xxh3\": \"78af5f94892f3950\",\n \"data_bytes\": 3\n}");
    assert_int_equal(checksum_seal(text, NULL), 0);
    put("manifest.json", text->data, text->len);
}

static void any_other_file_than_the_one_written_is_refused(void **state)
{
    struct buffer text = {0};
    struct error err = {0};

    put_manifest(&text);
    put("data.mdb", "abc", 3);
    assert_int_equal(checksum_verify(folder, &err), 0);
    put("data.mdb", "abd", 3);
    assert_int_equal(checksum_verify(folder, &err), ERR_CORRUPT);
    put("data.mdb", "ab", 2);
    assert_int_equal(checksum_verify(folder, &err), ERR_CORRUPT);
    buffer_clear(&text);
}

static void any_bit_of_a_manifest_that_flips_is_seen(void **state)
{
    struct buffer text = {0};

    put("data.mdb", "abc", 3);
    put_manifest(&text);
    for (size_t bit = 0; bit < 8 * text.len; bit++) {
        text.data[bit / 8] ^= (char)(1 << bit % 8);
        put("manifest.json", text.data, text.len);
        text.data[bit / 8] ^= (char)(1 << bit % 8);
        assert_int_equal(checksum_verify(folder, NULL), ERR_CORRUPT);
    }
    for (size_t len = 0; len < text.len; len++) {
        put("manifest.json", text.data, len);
        assert_int_equal(checksum_verify(folder, NULL), ERR_CORRUPT);
    }
    put("manifest.json", text.data, text.len);
    assert_int_equal(checksum_verify(folder, NULL), 0);
    buffer_clear(&text);
}

static void a_manifest_with_its_last_line_is_json(void **state)
{
    struct buffer text = {0};

    put_manifest(&text);
    buffer_addc(&text, '\0');
    assert_non_null(strstr(text.data, "3,\n \"manifest_xxh3\": \""));
    assert_string_equal(text.data + text.len - 5, "\"\n}\n");
    buffer_clear(&text);
}

/* Older manifests did not end with a line that vouches for them. */
static void a_manifest_of_another_format_is_told_as_that(void **state)
{
    static const char old[] = "{\"id\": \"0123456789abcdef\", \"format\": 3}";
    struct error err = {0};

    put("manifest.json", old, sizeof old - 1);
    assert_int_equal(checksum_verify(folder, &err), ERR_CORRUPT);
    assert_non_null(strstr(err.msg, "store format 3, this program reads "));
    assert_non_null(strstr(err.msg, "coderef-index build"));
}

static void without_a_manifest_nobody_vouches(void **state)
{
    (void)unlink(path_of("manifest.json"));
    assert_int_equal(checksum_verify(folder, NULL), 0);
}

/* Three megabytes of zeros and a byte: four steps with something to read, and
 * one that finds the end. */
static void a_file_may_be_compared_in_steps(void **state)
{
    enum { LEN = (3 << 20) + 1 };
    char *zeros = calloc(LEN, 1), sum[CHECKSUM_TEXT];
    struct checksum *check = NULL;
    struct buffer text = {0};
    uint64_t bytes;

    assert_non_null(zeros);
    put("data.mdb", zeros, LEN);
    assert_int_equal(checksum_file(sum, &bytes, path_of("data.mdb"), NULL), 0);
    buffer_addf(
        &text, "{\"data_xxh3\": \"%s\", \"data_bytes\": %d\n}", sum, LEN);
    assert_int_equal(checksum_seal(&text, NULL), 0);
    put("manifest.json", text.data, text.len);
    for (int damaged = 0; damaged < 2; damaged++) {
        zeros[LEN - 1] = (char)damaged;
        put("data.mdb", zeros, LEN);
        assert_int_equal(checksum_begin(&check, folder, NULL), 0);
        for (int i = 0; i < 4; i++)
            assert_int_equal(checksum_step(check, NULL), 1);
        assert_int_equal(checksum_step(check, NULL), damaged ? ERR_CORRUPT : 0);
        checksum_end(check);
    }
    assert_int_equal(checksum_begin(&check, folder, NULL), 0);
    assert_int_equal(checksum_step(check, NULL), 1);
    checksum_end(check); /* early */
    checksum_end(NULL);
    buffer_clear(&text);
    free(zeros);
}

static void a_pipe_is_refused_and_holds_nobody_up(void **state)
{
    char sum[CHECKSUM_TEXT];
    uint64_t bytes;

    (void)unlink(path_of("data.mdb"));
    assert_int_equal(mkfifo(path_of("data.mdb"), 0600), 0);
    assert_int_equal(
        checksum_file(sum, &bytes, path_of("data.mdb"), NULL), ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_those_that_xxh3_publishes),
        cmocka_unit_test(any_other_file_than_the_one_written_is_refused),
        cmocka_unit_test(a_file_may_be_compared_in_steps),
        cmocka_unit_test(any_bit_of_a_manifest_that_flips_is_seen),
        cmocka_unit_test(a_manifest_with_its_last_line_is_json),
        cmocka_unit_test(a_manifest_of_another_format_is_told_as_that),
        cmocka_unit_test(without_a_manifest_nobody_vouches),
        cmocka_unit_test(a_pipe_is_refused_and_holds_nobody_up),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

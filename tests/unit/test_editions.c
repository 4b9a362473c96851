/* What a worker has open while `current` moves from one build to another. */
#include "tests/harness.h"

#include "codesets/store/checksum.h"
#include "server/editions.h"
#include "tests/store_fixture.h"

static char dir[STORE_DIR_MAX];
static struct editions *editions;
static const char first[] = "0000000000000001", second[] = "0000000000000002",
                  third[] = "0000000000000003";

static const char *path_of(const char *id, const char *name)
{
    static char path[STORE_DIR_MAX + 64];

    (void)snprintf(path, sizeof path, "%s/builds/%s/%s", dir, id, name);
    return path;
}

/* A build with a manifest that vouches for its file. */
static void add_build(const char *id)
{
    char sum[CHECKSUM_TEXT];
    struct buffer text = {0};
    uint64_t bytes;
    FILE *file;

    store_add_build(dir, id, false);
    assert_int_equal(
        checksum_file(sum, &bytes, path_of(id, "data.mdb"), NULL), 0);
    buffer_addf(&text, "{\"data_xxh3\": \"%s\", \"data_bytes\": %llu\n}", sum,
        (unsigned long long)bytes);
    assert_int_equal(checksum_seal(&text, NULL), 0);
    file = fopen(path_of(id, "manifest.json"), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
    buffer_clear(&text);
}

static void damage(const char *id)
{
    FILE *file = fopen(path_of(id, "data.mdb"), "r+");

    assert_non_null(file);
    assert_int_equal(fseek(file, -1, SEEK_END), 0);
    assert_int_not_equal(fputc('!', file), EOF);
    assert_int_equal(fclose(file), 0);
}

static void point_at(const char *id)
{
    assert_int_equal(builds_activate(dir, id, NULL), 0);
}

static void assert_active(const char *id)
{
    struct edition *active = edition_hold(editions);

    assert_non_null(active);
    assert_string_equal(store_id(edition_answers(active)->store), id);
    edition_release(editions, active);
}

/* Steps until the check has ended; returns what the last one did. */
static int go_on(struct error *err)
{
    int rc = 0;

    assert_true(editions_checking(editions));
    while (editions_checking(editions))
        rc = editions_go_on(editions, err);
    return rc;
}

static int begin(void **state)
{
    store_make(dir);
    add_build(first);
    add_build(second);
    add_build(third);
    point_at(first);
    return editions_new(&editions, dir, NULL) != 0 ||
           editions_refresh(editions, false, NULL) != 1;
}

static int end(void **state)
{
    editions_free(editions);
    store_remove(dir);
    return 0;
}

static void another_build_is_checked_before_it_is_active(void **state)
{
    point_at(second);
    assert_int_equal(editions_refresh(editions, false, NULL), 0);
    assert_active(first);
    assert_int_equal(go_on(NULL), 1);
    assert_active(second);
    assert_int_equal(editions_refresh(editions, false, NULL), 0);
    assert_false(editions_checking(editions));
}

static void a_build_that_was_left_meanwhile_is_not_opened(void **state)
{
    point_at(second);
    assert_int_equal(editions_refresh(editions, false, NULL), 0);
    point_at(first);
    assert_int_equal(editions_refresh(editions, false, NULL), 0);
    assert_false(editions_checking(editions));
    assert_active(first);

    point_at(second);
    assert_int_equal(editions_refresh(editions, false, NULL), 0);
    point_at(third);
    assert_int_equal(editions_refresh(editions, false, NULL), 0);
    assert_int_equal(go_on(NULL), 1);
    assert_active(third);

    /* Nobody has looked at `current` since. */
    point_at(first);
    assert_int_equal(editions_refresh(editions, false, NULL), 0);
    point_at(second);
    assert_int_equal(go_on(NULL), 1);
    assert_active(second);
}

static void a_damaged_build_is_refused_once(void **state)
{
    struct error err = {0};

    damage(second);
    point_at(second);
    assert_int_equal(editions_refresh(editions, false, &err), 0);
    assert_int_equal(go_on(&err), ERR_CORRUPT);
    assert_non_null(strstr(err.msg, "not the file that was written"));
    assert_string_equal(editions_refused(editions), err.msg);
    assert_active(first);

    assert_int_equal(editions_refresh(editions, false, NULL), 0);
    assert_false(editions_checking(editions));
    assert_non_null(editions_refused(editions));

    /* An administrator who asks again gets an answer again. */
    assert_int_equal(editions_refresh(editions, true, NULL), 0);
    assert_int_equal(go_on(NULL), ERR_CORRUPT);

    point_at(third);
    assert_int_equal(editions_refresh(editions, false, NULL), 0);
    assert_int_equal(go_on(NULL), 1);
    assert_active(third);
    assert_null(editions_refused(editions));
}

/* What was right once is read again when it comes back, unless it is still
 * open for an answer. */
static void a_build_that_comes_back_is_checked_again(void **state)
{
    struct edition *held = edition_hold(editions);

    point_at(second);
    (void)editions_refresh(editions, false, NULL);
    assert_int_equal(go_on(NULL), 1);
    point_at(first);
    assert_int_equal(editions_refresh(editions, false, NULL), 1);
    assert_active(first);
    edition_release(editions, held);

    point_at(second);
    (void)editions_refresh(editions, false, NULL);
    assert_int_equal(go_on(NULL), 1);
    damage(first);
    point_at(first);
    assert_int_equal(editions_refresh(editions, false, NULL), 0);
    assert_int_equal(go_on(NULL), ERR_CORRUPT);
    assert_active(second);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(another_build_is_checked_before_it_is_active),
        TEST(a_build_that_was_left_meanwhile_is_not_opened),
        TEST(a_damaged_build_is_refused_once),
        TEST(a_build_that_comes_back_is_checked_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

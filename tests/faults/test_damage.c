/* Builds whose files were damaged: one bit, or the end of them. (FLIPS: how
 * many of each kind.) */
#include "tests/faults/faults.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, PAGE_HEAD = 64 };

static const char *const files[] = {"data.mdb", "manifest.json"};

struct damage {
    char path[PATH_MAX], name[PATH_MAX + 64];
    off_t at; /* of the bit, or the new length */
    bool cut;
    unsigned char was; /* the byte */
};

static off_t length_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

static void write_byte(const char *path, off_t at, unsigned char byte)
{
    const int fd = open(path, O_WRONLY);

    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    assert_int_equal(close(fd), 0);
}

static void flip(struct damage *damage, const char *path, off_t at)
{
    const int fd = open(path, O_RDONLY);
    const unsigned bit = faults_random(8);

    assert_true(fd >= 0);
    *damage = (struct damage){.at = at};
    assert_int_equal(pread(fd, &damage->was, 1, at), 1);
    (void)close(fd);
    (void)snprintf(damage->path, sizeof damage->path, "%s", path);
    (void)snprintf(damage->name, sizeof damage->name, "bit %u of byte %lld, %s",
        bit, (long long)at, strrchr(path, '/') + 1);
    write_byte(path, at, (unsigned char)(damage->was ^ 1u << bit));
}

static void mend(const struct damage *damage)
{
    write_byte(damage->path, damage->at, damage->was);
}

/* A place in a file: half of them at the beginning of a page of LMDB's, where
 * its own numbers are. */
static off_t place_in(const char *path)
{
    const off_t len = length_of(path);
    off_t at = (off_t)faults_random((unsigned)len);

    if (strstr(path, ".mdb") != NULL && faults_random(2) == 0)
        at = at / PAGE * PAGE + (off_t)faults_random(PAGE_HEAD);
    return at;
}

/* A place in a table: in one of LMDB's runs of overflow pages, whose first page
 * tells that it is one (u16 at 10) and how many follow (u32 at 12). Its other
 * pages LMDB follows without a look, and only a checksum finds them damaged. */
static off_t place_in_table(const char *path)
{
    enum { HEAD = 16, OVERFLOW = 4, RUNS = 64 };
    const int fd = open(path, O_RDONLY);
    off_t first[RUNS], len[RUNS], page = 0;
    unsigned char head[HEAD], runs = 0;
    unsigned run;

    assert_true(fd >= 0);
    while (pread(fd, head, HEAD, page * PAGE) == HEAD) {
        const off_t pages =
            (head[10] & OVERFLOW) != 0
                ? (off_t)(head[12] | head[13] << 8 | head[14] << 16)
                : 0;

        if (pages > 0 && runs < RUNS) {
            first[runs] = page * PAGE + HEAD;
            len[runs++] = pages * PAGE - HEAD;
        }
        page += pages > 0 ? pages : 1;
    }
    (void)close(fd);
    assert_true(runs > 0);
    run = faults_random(runs);
    return first[run] + (off_t)faults_random((unsigned)len[run]);
}

/* Release 2 stands beside release 1, which is active. */
static void make_both(void)
{
    struct ran ran = {0};

    faults_reset();
    run_build(&ran, 2, NULL);
    assert_int_equal(ran.status, 0);
    run_index(&ran, "activate", faults_id(1));
    assert_int_equal(ran.status, 0);
}

static void is_refused(const char *name)
{
    struct ran ran = {0};
    char id[ACTIVE_LEN];

    run_index(&ran, "activate", faults_id(2));
    faults_active(id);
    if (ran.status != 1 || strstr(ran.err, "not activated: ") == NULL ||
        strcmp(id, faults_id(1)) != 0)
        fail_msg("%s: status %d: %s", name, ran.status, ran.err);
}

static void no_damaged_build_is_switched_to(void **state)
{
    const unsigned flips = faults_number("FLIPS", 60, 2000);

    make_both();
    for (unsigned i = 0; i < flips; i++) {
        const char *path =
            faults_path("store/builds/%s/%s", faults_id(2), files[i % 2]);
        struct damage damage;

        flip(&damage, path, place_in(path));
        is_refused(damage.name);
        mend(&damage);
    }
    print_message("%u bits\n", flips);
    assert_int_equal(faults_answers("after them"), 1);
}

static void no_build_that_was_cut_short_is_switched_to(void **state)
{
    const unsigned cuts = faults_number("FLIPS", 20, 500);

    for (unsigned i = 0; i < cuts; i++) {
        char path[PATH_MAX], name[PATH_MAX];
        off_t len;

        if (i % 2 == 0)
            make_both();
        (void)snprintf(path, sizeof path, "%s",
            faults_path("store/builds/%s/%s", faults_id(2), files[i % 2]));
        len = (off_t)faults_random((unsigned)length_of(path));
        (void)snprintf(name, sizeof name, "%s cut to %lld bytes", files[i % 2],
            (long long)len);
        assert_int_equal(truncate(path, len), 0);
        is_refused(name);
    }
    print_message("%u lengths\n", cuts);
    assert_int_equal(faults_answers("after them"), 1);
    faults_builds_again("after them");
}

static void verify_sees_every_damage_of_the_active_build(void **state)
{
    const unsigned flips = faults_number("FLIPS", 40, 1000);
    struct ran ran = {0};

    faults_reset();
    for (unsigned i = 0; i < flips; i++) {
        const char *path =
            faults_path("store/builds/%s/%s", faults_id(1), files[i % 2]);
        struct damage damage;

        flip(&damage, path, place_in(path));
        run_index(&ran, "verify", NULL);
        if (ran.status != 1 || strstr(ran.err, "coderef-index: ") != ran.err)
            fail_msg("%s: status %d: %s", damage.name, ran.status, ran.err);
        mend(&damage);
    }
    assert_int_equal(
        unlink(faults_path("store/builds/%s/manifest.json", faults_id(1))), 0);
    run_index(&ran, "verify", NULL);
    assert_int_equal(ran.status, 1);
    print_message("%u bits\n", flips);
}

/* The command does not read a whole build before each answer; what it meets
 * must not end it, by a signal that it tells of neither. */
static void no_damaged_table_ends_the_command_by_a_signal(void **state)
{
    static const char *const questions[][3] = {{"pair", "G0283", "H0350"},
        {"lookup", "G0281"}, {"lookup", "A0007"}, {"search", "invented"},
        {"search", "inventd"}, {"necessity", "G0283", "M54.50"},
        {"policy", "A10001"}};
    const size_t kinds = sizeof questions / sizeof *questions;
    const unsigned flips = faults_number("FLIPS", 60, 3000);
    unsigned failed = 0;
    struct ran ran = {0};

    faults_reset();
    for (unsigned i = 0; i < flips; i++) {
        const char *path =
            faults_path("store/builds/%s/data.mdb", faults_id(1));
        const char *arguments[16] = {faults_program("coderef"), "--store",
            faults_store(), "--date", "2024-08-01"};
        struct damage damage;

        memcpy(arguments + 5, questions[i % kinds], sizeof *questions);
        flip(&damage, path, place_in_table(path));
        run_program(&ran, &(struct run){.arguments = arguments});
        if ((ran.status != 0 && ran.status != 1) ||
            strstr(ran.err, "cannot be read; ") != NULL)
            fail_msg("%s, %s %s: status %d: %s", damage.name, arguments[5],
                arguments[6], ran.status, ran.err);
        failed += ran.status == 1;
        mend(&damage);
    }
    for (unsigned i = 0; i < flips / 4; i++) {
        char path[PATH_MAX];
        const char *const arguments[] = {faults_program("coderef"), "--store",
            faults_store(), "search", "invented", NULL};

        faults_reset();
        (void)snprintf(path, sizeof path, "%s",
            faults_path("store/builds/%s/data.mdb", faults_id(1)));
        assert_int_equal(
            truncate(path, (off_t)faults_random((unsigned)length_of(path))), 0);
        run_program(&ran, &(struct run){.arguments = arguments});
        assert_int_equal(ran.status, 1);
        assert_ptr_equal(strstr(ran.err, "coderef: "), ran.err);
    }
    print_message(
        "%u bits, %u of them told; %u lengths\n", flips, failed, flips / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_damaged_build_is_switched_to),
        cmocka_unit_test(no_build_that_was_cut_short_is_switched_to),
        cmocka_unit_test(verify_sees_every_damage_of_the_active_build),
        cmocka_unit_test(no_damaged_table_ends_the_command_by_a_signal),
    };

    return cmocka_run_group_tests(tests, faults_begin, faults_end);
}

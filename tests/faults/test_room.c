/* A build on a disk that is full at every stage, with files that may not grow,
 * and with little memory. (SIZES: how many sizes; 0 is every page.) */
#include "tests/faults/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, MIB = 1 << 20 };

static size_t bytes_of(const char *name)
{
    struct stat st;

    assert_int_equal(stat(faults_path("store/builds/%s", name), &st), 0);
    return (size_t)st.st_size;
}

/* How big a build of release 2 is. */
static size_t size_of_build(void)
{
    struct ran ran = {0};
    char name[64];

    faults_reset();
    run_build(&ran, 2, NULL);
    assert_int_equal(ran.status, 0);
    (void)snprintf(name, sizeof name, "%s/data.mdb", faults_id(2));
    return bytes_of(name);
}

static size_t step_of(size_t whole, unsigned sizes)
{
    const size_t step = sizes == 0 ? PAGE : whole / sizes;

    return step < PAGE ? PAGE : step / PAGE * PAGE;
}

static void unmount(void)
{
    (void)umount2(faults_store(), MNT_DETACH);
}

/* May a small disk be mounted here? That takes rights which a container, and
 * who is not root, have not. */
static bool may_mount(void)
{
    char command[3 * PATH_MAX];

    (void)snprintf(command, sizeof command, "rm -rf '%s' && mkdir '%s'",
        faults_store(), faults_store());
    assert_int_equal(system(command), 0);
    if (mount("tmpfs", faults_store(), "tmpfs", 0, "size=64k") != 0)
        return false;
    unmount();
    (void)atexit(unmount);
    return true;
}

/* Builds release 2 on a disk of its own, on which the store of release 1 lies
 * and there are so many bytes of room. */
static void build_on_disk(struct ran *ran, size_t room)
{
    char command[3 * PATH_MAX], size[64];

    (void)snprintf(size, sizeof size, "size=%zu", 64 * (size_t)MIB);
    assert_int_equal(mount("tmpfs", faults_store(), "tmpfs", 0, size), 0);
    (void)snprintf(command, sizeof command,
        "cp -a '%s/.' '%s' && s=$(du -sB1 '%s' | cut -f1) && "
        "mount -o remount,size=$((s + %zu)) '%s'",
        faults_path("kept"), faults_store(), faults_store(), room,
        faults_store());
    assert_int_equal(system(command), 0);
    run_build(ran, 2, NULL);
}

/* The same on a disk that says it is full, whatever it is. */
static void build_as_on_disk(struct ran *ran, size_t room)
{
    char preload[PATH_MAX], at[64];
    const char *const environment[] = {preload, at, "FAULT_CLASS=room", NULL};

    faults_preload(preload, "fail");
    (void)snprintf(at, sizeof at, "FAULT_AT=%zu", room);
    faults_reset();
    run_build(ran, 2, &(struct run){.environment = environment});
}

/* With no room, with a page more, … until the build fits. */
static void fill(void (*build)(struct ran *ran, size_t room), bool mounted)
{
    const size_t whole = size_of_build();
    const size_t step = step_of(whole, faults_number("SIZES", 12, 0));
    unsigned failed = 0, made = 0;

    for (size_t room = 0; made < 3; room += step) {
        char name[64];
        struct ran ran = {0};

        (void)snprintf(name, sizeof name, "%zu bytes left", room);
        build(&ran, room);
        (void)faults_told(name, &ran);
        faults_tidy(name);
        if (ran.status != 0 && strstr(ran.err, "No space left") == NULL &&
            strstr(ran.err, "no room left") == NULL)
            fail_msg("%s: %s", name, ran.err);
        failed += ran.status != 0;
        made += ran.status == 0;
        if (mounted)
            assert_int_equal(umount(faults_store()), 0);
        assert_true(room < 4 * whole);
    }
    print_message("%u sizes too small, in steps of %zu bytes\n", failed, step);
    assert_true(failed > 2);
}

static void a_full_disk_is_told_and_leaves_the_store(void **state)
{
    if (may_mount())
        fill(build_on_disk, true);
    else
        fill(build_as_on_disk, false);
}

static void a_disk_that_calls_itself_full_is_told(void **state)
{
    fill(build_as_on_disk, false);
}

static void a_file_that_may_not_grow_is_told(void **state)
{
    const size_t whole = size_of_build();
    const size_t step = step_of(whole, faults_number("SIZES", 8, 0));
    unsigned failed = 0;

    for (size_t most = PAGE; most < whole + 2 * step; most += step) {
        struct ran ran = {0};
        char name[64];

        faults_reset();
        (void)snprintf(name, sizeof name, "files of %zu bytes", most);
        run_build(&ran, 2, &(struct run){.file_bytes = most});
        (void)faults_told(name, &ran);
        faults_tidy(name);
        failed += ran.status != 0;
    }
    print_message("%u sizes too small, in steps of %zu bytes\n", failed, step);
    assert_true(failed > 1);
}

/* Memory of its own; the map of the store is not among it. */
static void little_memory_is_told(void **state)
{
#ifdef __SANITIZE_ADDRESS__
    skip_because("AddressSanitizer takes the memory there is for itself");
#else
    const unsigned steps = faults_number("SIZES", 8, 64);
    unsigned failed = 0, made = 0;

    for (unsigned i = 1; i <= 8 * steps && made == 0; i++) {
        const rlim_t most = (rlim_t)i * 8 * MIB / steps;
        struct ran ran = {0};
        char name[64];

        faults_reset();
        (void)snprintf(name, sizeof name, "%llu KiB of memory",
            (unsigned long long)most >> 10);
        run_build(&ran, 2, &(struct run){.memory_bytes = most});
        /* Not even its libraries could be loaded. */
        if (ran.status == 127 && strstr(ran.err, "shared libraries") != NULL) {
            (void)faults_answers(name);
            continue;
        }
        (void)faults_told(name, &ran);
        faults_tidy(name);
        if (ran.status != 0 && strstr(ran.err, "memory") == NULL)
            print_message("%s: %s", name, ran.err);
        failed += ran.status != 0;
        made += ran.status == 0;
    }
    print_message("%u amounts too small\n", failed);
    assert_int_equal(made, 1);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_is_told_and_leaves_the_store),
        cmocka_unit_test(a_disk_that_calls_itself_full_is_told),
        cmocka_unit_test(a_file_that_may_not_grow_is_told),
        cmocka_unit_test(little_memory_is_told),
    };

    return cmocka_run_group_tests(tests, faults_begin, faults_end);
}

/* A build killed at any moment: by the clock, and in front of any of its calls
 * to the system. (KILLS: how many of each.) */
#include "tests/faults/faults.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { KILLED = 1000 + SIGKILL };

static long microseconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Whatever is active answers, and another build finds nothing in its way. */
static void is_whole(const char *name)
{
    (void)faults_answers(name);
    faults_builds_again(name);
}

static void a_build_killed_at_any_moment_leaves_the_store(void **state)
{
    const unsigned kills = faults_number("KILLS", 15, 200);
    unsigned ended = 0, switched = 0;
    struct ran ran = {0};
    long whole;

    faults_reset();
    whole = -microseconds();
    run_build(&ran, 2, NULL);
    whole += microseconds();
    for (unsigned i = 0; i < kills; i++) {
        const unsigned moment = faults_random((unsigned)(whole + whole / 8));
        const struct timespec wait = {
            moment / 1000000, moment % 1000000 * 1000L};
        char name[64], id[ACTIVE_LEN];
        pid_t pid;

        (void)snprintf(
            name, sizeof name, "kill %u after %u microseconds", i, moment);
        faults_reset();
        pid = begin_build(2, NULL);
        (void)nanosleep(&wait, NULL);
        (void)kill(pid, SIGKILL);
        run_end(&ran, pid);
        assert_true(ran.status == KILLED || ran.status == 0);
        ended += ran.status == 0;
        faults_active(id);
        switched += ran.status != 0 && strcmp(id, faults_id(2)) == 0;
        is_whole(name);
    }
    print_message("%u kills in %ld microseconds: %u builds had ended, %u had "
                  "switched\n",
        kills, whole, ended, switched);
}

static void a_build_killed_at_any_call_leaves_the_store(void **state)
{
    const unsigned kills = faults_number("KILLS", 15, 200);
    char preload[PATH_MAX], number[64], told[PATH_MAX];
    const char *const environment[] = {
        preload, number, told, "FAULT_CLASS=system", "FAULT_KILL=1", NULL};
    unsigned calls = 0, passed = 0;
    struct ran ran;
    FILE *file;

    faults_preload(preload, "fail");
    (void)snprintf(told, sizeof told, "FAULT_TOLD=%s", faults_path("told"));
    (void)snprintf(number, sizeof number, "FAULT_AT=0");
    faults_reset();
    run_build(&ran, 2, &(struct run){.environment = environment});
    file = fopen(faults_path("told"), "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "calls %u", &calls), 1);
    (void)fclose(file);
    for (unsigned i = 0; i < kills; i++) {
        const unsigned at = 1 + faults_random(calls);
        char name[64];

        (void)snprintf(number, sizeof number, "FAULT_AT=%u", at);
        (void)snprintf(name, sizeof name, "kill in front of call %u", at);
        faults_reset();
        run_build(&ran, 2, &(struct run){.environment = environment});
        assert_int_equal(ran.status, KILLED);
        is_whole(name);
        passed++;
    }
    print_message("%u kills in front of one of %u calls\n", passed, calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_build_killed_at_any_moment_leaves_the_store),
        cmocka_unit_test(a_build_killed_at_any_call_leaves_the_store),
    };

    return cmocka_run_group_tests(tests, faults_begin, faults_end);
}

/* Builds, switches, rollbacks and prunes of one store at the same time, and two
 * refreshes, killed at any moment. (ROUNDS: of six programs, of two refreshes;
 * KILLS: of two refreshes.) */
#include "tests/faults/faults.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TOGETHER = 6, REFRESHES = 2, KILLED = 1000 + SIGKILL };

static pid_t begin_one(int place)
{
    const struct run how = {.place = place};
    const char *arguments[8] = {
        faults_program("coderef-index"), NULL, "--store", faults_store()};
    struct run run = how;

    run.arguments = arguments;
    switch (faults_random(6)) {
    case 0:
        return begin_build(1, &how);
    case 1:
        return begin_build(2, &how);
    case 2:
        arguments[1] = "activate";
        arguments[4] = faults_id(1 + (int)faults_random(2));
        break;
    case 3:
        arguments[1] = "rollback";
        break;
    case 4:
        arguments[1] = "prune";
        arguments[4] = "--keep";
        arguments[5] = faults_random(2) == 0 ? "1" : "2";
        break;
    default:
        arguments[1] = "list";
        break;
    }
    return run_begin(&run);
}

static bool is_known(const char *said)
{
    static const char *const reasons[] = {": another build is being made",
        ": no build's id begins with ", ": no other build was active before",
        ": another refresh is running"};

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strstr(said, reasons[i]) != NULL)
            return true;
    return false;
}

/* Each of those begun must be done, or refused for a reason that is known. */
static void end_all(const pid_t *pid, int count, const char *name,
    unsigned *done, unsigned *refused)
{
    for (int k = 0; k < count; k++) {
        struct ran ran = {.place = k + 1};

        run_end(&ran, pid[k]);
        if (ran.status == 0)
            (*done)++;
        else if (ran.status == 1 && is_known(ran.err))
            (*refused)++;
        else
            fail_msg("%s: status %d: %s", name, ran.status, ran.err);
    }
}

static void six_at_once_do_one_after_the_other_or_say_why_not(void **state)
{
    const unsigned rounds = faults_number("ROUNDS", 20, 300);
    unsigned done = 0, refused = 0;

    faults_reset();
    for (unsigned i = 0; i < rounds; i++) {
        pid_t pid[TOGETHER];
        char name[32];

        (void)snprintf(name, sizeof name, "round %u", i);
        for (int k = 0; k < TOGETHER; k++)
            pid[k] = begin_one(k + 1);
        end_all(pid, TOGETHER, name, &done, &refused);
        (void)faults_answers(name);
        faults_tidy(name);
    }
    print_message("%u rounds: %u done, %u refused\n", rounds, done, refused);
    assert_true(done >= rounds);
}

/* ------------------------------------------------------------- refreshes */

/* A build that a refresh switched to has that refresh's report. */
static void is_reported(const char *name)
{
    char id[ACTIVE_LEN];

    faults_active(id);
    if (strcmp(id, faults_id(1)) != 0 &&
        access(faults_path("store/refresh/%s.txt", id), F_OK) != 0)
        fail_msg("%s: no report of build %s", name, id);
}

static void two_refreshes_at_once_do_one_after_the_other_or_say_why_not(
    void **state)
{
    const unsigned rounds = faults_number("ROUNDS", 8, 150);
    unsigned done = 0, refused = 0;

    faults_reset();
    for (unsigned i = 0; i < rounds; i++) {
        pid_t pid[REFRESHES];
        char name[32];

        (void)snprintf(name, sizeof name, "refreshes %u", i);
        for (int k = 0; k < REFRESHES; k++)
            pid[k] = begin_refresh(1 + (int)faults_random(2), k + 1);
        end_all(pid, REFRESHES, name, &done, &refused);
        (void)faults_answers(name);
        faults_tidy(name);
        is_reported(name);
    }
    print_message("%u times two: %u done, %u refused\n", rounds, done, refused);
    assert_true(done >= rounds);
}

static long microseconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void wait_part_of(long whole)
{
    const unsigned moment = faults_random((unsigned)whole);
    const struct timespec wait = {moment / 1000000, moment % 1000000 * 1000L};

    (void)nanosleep(&wait, NULL);
}

static void two_refreshes_killed_at_any_moment_leave_the_store(void **state)
{
    const unsigned kills = faults_number("KILLS", 8, 150);
    unsigned killed = 0;
    struct ran ran = {.place = 1};
    long whole;

    faults_reset();
    whole = -microseconds();
    run_end(&ran, begin_refresh(2, 1));
    whole += microseconds();
    assert_int_equal(ran.status, 0);
    for (unsigned i = 0; i < kills; i++) {
        pid_t pid[REFRESHES];
        char name[32];

        (void)snprintf(name, sizeof name, "killed refreshes %u", i);
        faults_reset();
        for (int k = 0; k < REFRESHES; k++) {
            pid[k] = begin_refresh(1 + (int)faults_random(2), k + 1);
            wait_part_of(whole / 2);
        }
        for (int k = 0; k < REFRESHES; k++) {
            (void)kill(pid[k], SIGKILL);
            ran.place = k + 1;
            run_end(&ran, pid[k]);
            if (ran.status == KILLED)
                killed++;
            else if (ran.status != 0 && !(ran.status == 1 && is_known(ran.err)))
                fail_msg("%s: status %d: %s", name, ran.status, ran.err);
            wait_part_of(whole / 2);
        }
        (void)faults_answers(name);
        /* Nobody holds a lock, and what was left is swept. */
        ran.place = 1;
        run_end(&ran, begin_refresh(2, 1));
        if (ran.status != 0)
            fail_msg("%s: the next refresh: %s", name, ran.err);
        assert_int_equal(faults_answers(name), 2);
        faults_tidy(name);
        is_reported(name);
    }
    print_message("%u times two: %u killed in %ld microseconds each\n", kills,
        killed, whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(six_at_once_do_one_after_the_other_or_say_why_not),
        cmocka_unit_test(
            two_refreshes_at_once_do_one_after_the_other_or_say_why_not),
        cmocka_unit_test(two_refreshes_killed_at_any_moment_leave_the_store),
    };

    return cmocka_run_group_tests(tests, faults_begin, faults_end);
}

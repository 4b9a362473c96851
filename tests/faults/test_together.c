/* Builds, switches, rollbacks and prunes of one store at the same time.
 * (ROUNDS: of six programs each.) */
#include "tests/faults/faults.h"

#include <stdio.h>
#include <string.h>

enum { TOGETHER = 6 };

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
        ": no build's id begins with ", ": no other build was active before"};

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strstr(said, reasons[i]) != NULL)
            return true;
    return false;
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
        for (int k = 0; k < TOGETHER; k++) {
            struct ran ran = {.place = k + 1};

            run_end(&ran, pid[k]);
            if (ran.status == 0)
                done++;
            else if (ran.status == 1 && is_known(ran.err))
                refused++;
            else
                fail_msg("%s: status %d: %s", name, ran.status, ran.err);
        }
        (void)faults_answers(name);
        faults_tidy(name);
    }
    print_message("%u rounds: %u done, %u refused\n", rounds, done, refused);
    assert_true(done >= rounds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(six_at_once_do_one_after_the_other_or_say_why_not),
    };

    return cmocka_run_group_tests(tests, faults_begin, faults_end);
}

/* Every call of a build to the system fails once, and from some moment on all
 * of them; every allocation; reads and writes move half of what they should.
 * And in what order a build reaches the disk. (CALLS, ALLOCATIONS: how many of
 * each fail; 0 is every one.) */
#include "tests/faults/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct form {
    const char *class;
    bool stay;
};

struct fault {
    char told[RAN_TEXT]; /* the call that failed, and what it was about */
    unsigned long calls; /* of the class, in all; 0 when it did not end */
};

static void read_told(struct fault *out)
{
    FILE *file = fopen(faults_path("told"), "r");
    char line[4096];

    *out = (struct fault){.calls = 0};
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "calls %lu", &out->calls) != 1 &&
            out->told[0] == '\0') {
            line[strcspn(line, "\n")] = '\0';
            (void)snprintf(out->told, sizeof out->told, "%s", line);
        }
    (void)fclose(file);
}

/* Builds release 2 while the call of that number fails. */
static void build_failing(struct ran *ran, struct fault *out,
    const struct form *form, unsigned long at)
{
    char preload[PATH_MAX], class[64], number[64], told[PATH_MAX];
    const char *const environment[] = {preload, class, number, told,
        /* These two follow a null pointer of their own when one of their small
         * allocations fails. */
        "FAULT_EXCEPT=libarchive.so,libcrypto.so",
        form->stay ? "FAULT_STAY=1" : NULL, NULL};

    faults_preload(preload, "fail");
    (void)snprintf(class, sizeof class, "FAULT_CLASS=%s", form->class);
    (void)snprintf(number, sizeof number, "FAULT_AT=%lu", at);
    (void)snprintf(told, sizeof told, "FAULT_TOLD=%s", faults_path("told"));
    (void)unlink(faults_path("told"));
    run_build(ran, 2, &(struct run){.environment = environment});
    read_told(out);
}

/* As many calls as wanted fail, one in each run, spread over the build. */
static void fail_each(const struct form *form, unsigned wanted)
{
    struct ran ran;
    struct fault fault;
    unsigned long calls, step, runs = 0, passed = 0;

#ifdef __SANITIZE_ADDRESS__
    if (strcmp(form->class, "memory") == 0)
        skip_because("AddressSanitizer gives out memory by itself");
#endif
    faults_reset();
    build_failing(&ran, &fault, form, 0);
    assert_int_equal(ran.status, 0);
    calls = fault.calls;
    assert_true(calls > 0);
    step = wanted == 0 || wanted > calls ? 1 : calls / wanted;
    for (unsigned long at = 1 + (step > 1 ? faults_random((unsigned)step) : 0);
         at <= calls; at += step, runs++) {
        char name[RAN_TEXT + 64];

        faults_reset();
        build_failing(&ran, &fault, form, at);
        (void)snprintf(name, sizeof name, "%s %lu%s: %s", form->class, at,
            form->stay ? " and all after it" : "", fault.told);
        if (fault.told[0] == '\0')
            fail_msg("%s %lu of %lu: no call failed", form->class, at, calls);
        if (getenv("FAULTS_TELL") != NULL)
            print_message("%s -> %d %s%s", name, ran.status, ran.err,
                ran.err[0] == '\0' ? "\n" : "");
        passed += ran.status == 0;
        (void)faults_told(name, &ran);
        if (runs % 16 == 0)
            faults_builds_again(name);
    }
    print_message("%s%s: %lu calls, %lu failed, %lu of them harmless\n",
        form->class, form->stay ? ", to stay" : "", calls, runs, passed);
}

static void a_build_survives_each_failing_system_call(void **state)
{
    fail_each(&(struct form){"system", false}, faults_number("CALLS", 40, 0));
}

static void a_build_survives_a_system_that_fails_from_then_on(void **state)
{
    fail_each(&(struct form){"system", true}, faults_number("CALLS", 20, 0));
}

static void a_build_survives_each_failing_allocation(void **state)
{
    fail_each(&(struct form){"memory", false},
        faults_number("ALLOCATIONS", 20, 2000));
}

static void a_build_survives_memory_that_is_used_up(void **state)
{
    fail_each(
        &(struct form){"memory", true}, faults_number("ALLOCATIONS", 10, 500));
}

static void a_read_that_comes_in_halves_loses_nothing(void **state)
{
    fail_each(&(struct form){"short", false}, faults_number("CALLS", 10, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_build_survives_each_failing_system_call),
        cmocka_unit_test(a_build_survives_a_system_that_fails_from_then_on),
        cmocka_unit_test(a_build_survives_each_failing_allocation),
        cmocka_unit_test(a_build_survives_memory_that_is_used_up),
        cmocka_unit_test(a_read_that_comes_in_halves_loses_nothing),
    };

    return cmocka_run_group_tests(tests, faults_begin, faults_end);
}

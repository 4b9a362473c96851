/* harness.h - cmocka, with the headers it wants before it. */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* Leaves the test out, because of something that no set-up of this machine
 * would change; what setup.sh --test installs is never a reason. run.sh shows
 * it, and fails a program that skips without one. */
static inline void skip_because(const char *reason)
{
    print_message("skipped: %s\n", reason);
    skip();
}

#endif

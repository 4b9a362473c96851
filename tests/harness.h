/* harness.h - cmocka, with the headers it wants before it. */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#endif

/* starter.h - the starter set, for fuzzers that ask it. */
#ifndef TESTS_FUZZ_STARTER_H
#define TESTS_FUZZ_STARTER_H
#include "codesets/answer/answer.h"

/* Built and opened with the first call, for as long as the process lives; its
 * folder is removed while it is open. */
struct answers *starter_answers(void);

#endif

/* real.h - the store made of the published releases, open for questions. */
#ifndef TESTS_REAL_REAL_H
#define TESTS_REAL_REAL_H
#include "tests/harness.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codesets/rules/pair/pair.h"
#include "codesets/store/store.h"

static struct store *real_store;
static struct rules *real_rules;

/* Makes the store when there is none (lib/store.sh). */
static inline int real_open(void **state)
{
    char path[PATH_MAX] = "";
    struct error err = {0};
    FILE *out = popen("exec sh tests/real/lib/store.sh", "r");

    assert_non_null(out);
    assert_non_null(fgets(path, sizeof path, out));
    assert_int_equal(pclose(out), 0);
    path[strcspn(path, "\n")] = '\0';
    if (store_open_current(&real_store, path, &err) != 0 ||
        rules_open(&real_rules, real_store, &err) != 0)
        fail_msg("%s", err.msg);
    return 0;
}

static inline int real_close(void **state)
{
    rules_close(real_rules);
    store_close(real_store);
    return 0;
}

/* A file beside the programs that a test leaves for its reader. */
static inline FILE *real_note(const char *name)
{
    char path[PATH_MAX];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/real/%s", getenv("B"), name);
    file = fopen(path, "w");
    assert_non_null(file);
    return file;
}

#endif

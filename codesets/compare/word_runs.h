/* word_runs.h - two texts, word by word: what stayed, what went, what came. */
#ifndef CODESETS_COMPARE_WORD_RUNS_H
#define CODESETS_COMPARE_WORD_RUNS_H
#include <stddef.h>

enum run_kind { RUN_KEPT, RUN_REMOVED, RUN_ADDED };

struct word_run {
    enum run_kind kind;
    const char *text; /* within before (kept, removed) or after (added) */
    size_t len;
};

enum { WORD_RUNS_MAX = 512 };

/* The runs from before to after, in reading order: kept and removed ones give
 * the text before, kept and added ones the text after. Texts that differ in
 * too many words are one run removed and one added. Returns how many. */
size_t word_runs(
    struct word_run out[WORD_RUNS_MAX], const char *before, const char *after);

const char *run_kind_name(enum run_kind kind); /* "kept", "removed", "added" */

#endif

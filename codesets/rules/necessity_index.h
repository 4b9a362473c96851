/* necessity_index.h - what necessity*.c look up beside the store. */
#ifndef CODESETS_RULES_NECESSITY_INDEX_H
#define CODESETS_RULES_NECESSITY_INDEX_H
#include "codesets/rules/necessity.h"

struct contractor_entry {
    const char *number; /* in the store */
    uint32_t release, code;
};

struct necessity_index {
    struct ties ties;
    size_t contractors;
    struct contractor_entry *contractor; /* by number, then release */
};

#endif

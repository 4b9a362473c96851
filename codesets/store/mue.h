/* mue.h - medically unlikely edits: how many units of a code a day or a line
 * may have (domain.md 2d). A snapshot per setting: no row means that no limit
 * is published, a value of 0 is a limit. */
#ifndef CODESETS_STORE_MUE_H
#define CODESETS_STORE_MUE_H
#include "codesets/store/table.h"

enum mue_mai {
    MAI_NONE,        /* Medicaid publishes none: edits by line */
    MAI_LINE,        /* 1: each line is compared */
    MAI_DAY_POLICY,  /* 2: the units of the day, absolute */
    MAI_DAY_CLINICAL /* 3: the units of the day, may be paid on review */
};

struct mue {
    uint32_t value;
    enum mue_mai mai;
    const char *rationale;
    struct source_ref source;
    const struct release *release;
};

struct mue_state {
    enum snapshot_state state;
    bool found;      /* now is filled: the value in force, stale, or before a
                        gap */
    bool next_found; /* next is filled: the value after the gap */
    bool partial;    /* a release without the code is not complete */
    struct mue now, next;
    const struct series *series;
    const struct release *release; /* that answers, NULL when none does */
};

/* Returns 0 (see state) or ERR_CORRUPT. */
int mue_find(struct mue_state *out, const struct store *store,
    enum setting setting, enum program program, const char *code, size_t len,
    day_t day, struct error *err);
/* In a gap: the values around it differ (one may be missing). */
bool mue_uncertain(const struct mue_state *state);

#endif

#include "codesets/rules/rules.h"

#include <stdlib.h>

int rules_open(struct rules **out, const struct store *store, struct error *err)
{
    struct rules *rules = calloc(1, sizeof *rules);
    int rc;

    if (rules == NULL)
        return error_memory(err);
    rules->store = store;
    for (size_t i = 0; i < store_series_count(store); i++) {
        const struct series *series = store_series_at(store, i);

        if (series->table != TABLE_PTP || series->releases == 0)
            continue;
        rules->edits[series->setting][series->program] =
            (struct edit_scope){.loaded = true,
                .table = &store->ptp[series->setting][series->program],
                .series = series,
                .release = &series->release[series->releases - 1],
                .partial = series->release[series->releases - 1].partial};
    }
    if ((rc = modifier_set_load(&rules->modifiers, store, err)) != 0 ||
        (rc = timed_table_open(&rules->timed, store, err)) != 0 ||
        (rc = claim_facts_load(&rules->claim_facts, store, err)) != 0) {
        rules_close(rules);
        return rc;
    }
    *out = rules;
    return 0;
}

void rules_close(struct rules *rules)
{
    if (rules == NULL)
        return;
    timed_table_close(rules->timed);
    claim_facts_clear(&rules->claim_facts);
    free(rules);
}

#include "codesets/rules/rules.h"

#include <stdlib.h>

#include "codesets/rules/necessity/necessity.h"
#include "codesets/store/table.h"

/* Keys of five characters are add-ons; those of the primaries are longer. */
static int mark_addon(void *context, const char *key, size_t key_len,
    struct rows *rows, struct error *err)
{
    struct rules *rules = context;
    uint32_t ordinal;

    if (key_len != PROC_LEN)
        return 0;
    ordinal = proc_find(&rules->store->proc, proc_pack(key));
    if (ordinal != PROC_ORDINAL_NONE)
        rules->addon[ordinal / 8] |= (uint8_t)(1u << ordinal % 8);
    return 0;
}

static int mark_addons(struct rules *rules, struct error *err)
{
    const struct store *store = rules->store;
    const struct series *series =
        store_series(store, TABLE_AOC, SETTING_NONE, PROGRAM_NONE);

    rules->addon = calloc(store->proc.count / 8 + 1, 1);
    if (rules->addon == NULL)
        return error_memory(err);
    return series == NULL
               ? 0
               : rows_each(store, series, "", 0, mark_addon, rules, err);
}

bool edit_scope_covers(const struct edit_scope *scope, day_t day)
{
    return day >= EDITS_BEGAN && (day <= scope->release->to ||
                                     day - scope->release->to <= STALE_DAYS);
}

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
        (rc = claim_facts_load(&rules->claim_facts, store, err)) != 0 ||
        (rc = mark_addons(rules, err)) != 0 ||
        (rc = necessity_index_open(&rules->necessity, store, err)) != 0) {
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
    free(rules->addon);
    necessity_index_close(rules->necessity);
    free(rules);
}

#include "codesets/store/pfs.h"

#include <string.h>

static const char *const modifiers[PFS_ROWS] = {"", "26", "TC", "53"};

int pfs_find(struct pfs_state *out, const struct store *store, const char *code,
    size_t len, day_t day, struct error *err)
{
    char key[ROW_KEY_MAX];
    struct snapshot at;

    *out = (struct pfs_state){.store = store,
        .series = store_series(store, TABLE_PFS, SETTING_NONE, PROGRAM_NONE)};
    series_at(out->series, day, &at);
    out->state = at.state;
    if (at.state == SNAPSHOT_NOT_LOADED || at.state == SNAPSHOT_BEFORE ||
        at.state == SNAPSHOT_OUTSIDE || len > sizeof key - 2)
        return 0;
    out->release = &out->series->release[at.release];
    if (at.state == SNAPSHOT_GAP)
        out->next = &out->series->release[at.next];
    memcpy(key, code, len);
    for (size_t i = 0; i < PFS_ROWS; i++) {
        struct pfs_row *row = &out->row[out->rows];
        const size_t more = strlen(modifiers[i]);
        int rc;

        memcpy(key + len, modifiers[i], more);
        rc = snapshot_find(
            &row->snapshot, store, out->series, key, len + more, day, err);
        if (rc != 0)
            return rc;
        row->modifier = modifiers[i];
        out->rows += row->snapshot.found || row->snapshot.next_found;
    }
    return 0;
}

struct pfs_value pfs_column(
    const struct pfs_state *state, const struct pfs_row *row, int column)
{
    const struct snapshot *at = &row->snapshot;
    struct pfs_value value = {false, NULL, NULL};

    if (at->found)
        value.now = row_text(state->store, &at->row, column, NULL);
    if (at->next_found)
        value.next = row_text(state->store, &at->next_row, column, NULL);
    if (state->state == SNAPSHOT_GAP)
        value.uncertain = value.now == NULL || value.next == NULL ||
                          strcmp(value.now, value.next) != 0;
    return value;
}

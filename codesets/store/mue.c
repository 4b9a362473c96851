#include "codesets/store/mue.h"

/* A number of at most nine digits (clotting factors have limits of five). False
 * for anything else. */
static bool parse_number(const char *text, size_t len, uint32_t *out)
{
    uint32_t n = 0;

    if (len == 0 || len > 9)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        n = n * 10 + (uint32_t)(text[i] - '0');
    }
    *out = n;
    return true;
}

static bool read_row(struct mue *out, const struct store *store,
    const struct row *row, uint32_t release)
{
    uint32_t mai = 0;
    size_t len;
    const char *text = row_text(store, row, MUE_VALUE, &len);

    if (!parse_number(text, len, &out->value))
        return false;
    text = row_text(store, row, MUE_MAI, &len);
    if (!parse_number(text, len, &mai) || mai > MAI_DAY_CLINICAL)
        mai = MAI_NONE;
    out->mai = (enum mue_mai)mai;
    out->rationale = row_text(store, row, MUE_RATIONALE, NULL);
    out->source = row_source(store, row, release);
    out->release = &row->series->release[release];
    return true;
}

int mue_find(struct mue_state *out, const struct store *store,
    enum setting setting, enum program program, const char *code, size_t len,
    day_t day, struct error *err)
{
    const struct series *series =
        store_series(store, TABLE_MUE, setting, program);
    struct snapshot snapshot;
    const int rc = snapshot_find(&snapshot, store, series, code, len, day, err);

    *out = (struct mue_state){.state = snapshot.state, .series = series};
    if (rc != 0 || snapshot.state == SNAPSHOT_NOT_LOADED ||
        snapshot.state == SNAPSHOT_BEFORE || snapshot.state == SNAPSHOT_OUTSIDE)
        return rc;
    out->release = &series->release[snapshot.release];
    if (snapshot.found)
        out->found =
            read_row(&out->now, store, &snapshot.row, snapshot.release);
    if (snapshot.next_found)
        out->next_found =
            read_row(&out->next, store, &snapshot.next_row, snapshot.next);
    out->partial =
        (!out->found && (snapshot.found || out->release->partial)) ||
        (snapshot.state == SNAPSHOT_GAP && !out->next_found &&
            (snapshot.next_found || series->release[snapshot.next].partial));
    return 0;
}

bool mue_uncertain(const struct mue_state *state)
{
    if (state->state != SNAPSHOT_GAP)
        return false;
    if (!state->found || !state->next_found)
        return state->found != state->next_found;
    return state->now.value != state->next.value ||
           state->now.mai != state->next.mai;
}

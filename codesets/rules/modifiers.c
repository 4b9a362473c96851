#include "codesets/rules/modifiers.h"

#include <string.h>

#include "codesets/core/code.h"
#include "codesets/store/table.h"

static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* 0 to 35, or -1. */
static int rank(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

uint16_t modifier_pack(const char text[2])
{
    const int first = rank(text[0]), second = rank(text[1]);

    return first < 0 || second < 0 ? MODIFIER_NONE
                                   : (uint16_t)(first * 36 + second);
}

void modifier_unpack(char out[3], uint16_t packed)
{
    out[0] = packed < MODIFIERS_END ? characters[packed / 36] : '?';
    out[1] = packed < MODIFIERS_END ? characters[packed % 36] : '?';
    out[2] = '\0';
}

static bool column_is(const struct store *store, const struct row *row,
    int column, const char *wanted)
{
    return strcmp(row_text(store, row, column, NULL), wanted) == 0;
}

/* The project's own row: what the modifier means to the edits. */
static void read_own(
    struct modifier_rule *out, const struct store *store, const struct row *row)
{
    enum setting setting = SETTING_NONE;
    size_t len;
    const char *name = row_text(store, row, MODIFIER_SETTING, &len);

    if (column_is(store, row, MODIFIER_BYPASS, "Y"))
        out->flags |= MODIFIER_BYPASSES;
    if (column_is(store, row, MODIFIER_EM_ONLY, "Y"))
        out->flags |= MODIFIER_EM;
    out->place =
        (uint8_t)place_parse(row_text(store, row, MODIFIER_FAMILY, NULL));
    if (out->place == PLACE_LAB)
        out->flags |= MODIFIER_LAB;
    if (column_is(store, row, MODIFIER_CLASS, "anatomic"))
        out->flags |= MODIFIER_ANATOMIC;
    if (column_is(store, row, MODIFIER_CLASS, "repeat"))
        out->flags |= MODIFIER_REPEAT;
    if (setting_parse(&setting, name, len) == 0)
        out->setting = (uint8_t)setting;
    out->from = row_day(store, row, MODIFIER_FROM, DAY_UNKNOWN);
    out->to = row_day(store, row, MODIFIER_TO, DAY_OPEN);
    out->column1_from = row_day(store, row, MODIFIER_COL1_FROM, DAY_UNKNOWN);
}

/* The dates CMS publishes stand above the project's. */
static void read_hcpcs(
    struct modifier_rule *out, const struct store *store, const struct row *row)
{
    const day_t added = row_day(store, row, HCPCS_ADDED, DAY_UNKNOWN);

    out->flags |= MODIFIER_IN_HCPCS;
    if (added != DAY_UNKNOWN)
        out->from = added;
    out->to = row_day(store, row, HCPCS_TERMINATED, DAY_OPEN);
}

typedef void read_fn(struct modifier_rule *out, const struct store *store,
    const struct row *row);

/* Reads the newest row of one modifier in one table. */
static int load_one(struct modifier_rule *out, const struct store *store,
    enum table table, const char code[3], read_fn *read, struct error *err)
{
    struct rows rows;
    struct row row, newest;
    bool found = false;
    int rc = rows_find(&rows, store,
        store_series(store, table, SETTING_NONE, PROGRAM_NONE), code,
        MODIFIER_LEN, err);

    if (rc != 0)
        return rc == ERR_NOTFOUND ? 0 : rc;
    while ((rc = rows_next(&rows, &row, err)) > 0)
        if (!found || row.last_release >= newest.last_release) {
            newest = row;
            found = true;
        }
    if (rc == 0 && found) {
        out->flags |= MODIFIER_KNOWN;
        read(out, store, &newest);
    }
    return rc;
}

int modifier_set_load(
    struct modifier_set *out, const struct store *store, struct error *err)
{
    out->openers = 0;
    for (uint32_t i = 0; i < MODIFIERS_END; i++) {
        struct modifier_rule *rule = &out->rule[i];
        char code[3];
        int rc;

        *rule = (struct modifier_rule){
            .from = DAY_UNKNOWN, .to = DAY_OPEN, .column1_from = DAY_UNKNOWN};
        modifier_unpack(code, (uint16_t)i);
        if ((rc = load_one(rule, store, TABLE_MODIFIER, code, read_own, err)) !=
                0 ||
            (rc = load_one(rule, store, TABLE_HCPCS, code, read_hcpcs, err)) !=
                0)
            return rc;
        if ((rule->flags & (MODIFIER_BYPASSES | MODIFIER_REPEAT)) != 0 &&
            out->openers < MODIFIER_OPENERS_MAX)
            out->opener[out->openers++] = (uint16_t)i;
    }
    return modifier_places_load(&out->places, store, err);
}

#include "codesets/rules/pair/modifier_place.h"

#include <string.h>

#include "codesets/core/code.h"
#include "codesets/store/table.h"

static const char *const names[PLACE_COUNT] = {NULL, "lab", "visit", "service",
    "surgery", "side", "eyelid", "finger", "toe", "coronary"};

enum modifier_place place_parse(const char *name)
{
    for (int i = PLACE_ANY + 1; i < PLACE_COUNT; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum modifier_place)i;
    return PLACE_ANY;
}

const char *place_name(enum modifier_place place)
{
    return (unsigned)place < PLACE_COUNT ? names[place] : NULL;
}

/* ---------------------------------------------------------------- loading */

static uint32_t packed_code(
    const struct store *store, const struct row *row, int column)
{
    size_t len;
    const char *text = row_text(store, row, column, &len);

    return len == PROC_LEN ? proc_pack(text) : PROC_NONE;
}

/* The ranges of one place, behind those that were read before. */
static int read_place(struct modifier_places *out, enum modifier_place place,
    const struct store *store, const struct series *series, struct error *err)
{
    uint16_t count = out->begin[place];
    struct rows rows;
    struct row row;
    int rc = rows_find(
        &rows, store, series, names[place], strlen(names[place]), err);

    while (rc == 0 && (rc = rows_next(&rows, &row, err)) > 0) {
        const struct place_range range = {
            packed_code(store, &row, MODIFIER_PLACE_FIRST),
            packed_code(store, &row, MODIFIER_PLACE_LAST)};

        rc = 0;
        if (range.first == PROC_NONE || range.last == PROC_NONE)
            continue;
        if (count == PLACE_RANGES_MAX)
            return error_set(err, ERR_CORRUPT, 0,
                "modifier_places: more than %d ranges", PLACE_RANGES_MAX);
        out->range[count++] = range;
    }
    out->begin[place + 1] = count;
    return rc == ERR_NOTFOUND ? 0 : rc;
}

int modifier_places_load(
    struct modifier_places *out, const struct store *store, struct error *err)
{
    const struct series *series =
        store_series(store, TABLE_MODIFIER_PLACE, SETTING_NONE, PROGRAM_NONE);
    int rc = 0;

    memset(out->begin, 0, sizeof out->begin);
    for (int place = PLACE_ANY + 1; rc == 0 && place < PLACE_COUNT; place++)
        rc = read_place(out, (enum modifier_place)place, store, series, err);
    return rc;
}

/* ----------------------------------------------------------------- asking */

/* Of a packed code: its last character, digits first (code.h). */
enum { LAST_CHARACTERS = 36, LAST_DIGITS = 10 };

static bool in_range(const struct place_range *range, uint32_t packed)
{
    const uint32_t end = range->first % LAST_CHARACTERS;

    return range->first <= packed && packed <= range->last &&
           (end < LAST_DIGITS || end != range->last % LAST_CHARACTERS ||
               end == packed % LAST_CHARACTERS);
}

static bool in_ranges(const struct modifier_places *places,
    enum modifier_place place, uint32_t packed)
{
    for (unsigned i = places->begin[place]; i < places->begin[place + 1]; i++)
        if (in_range(&places->range[i], packed))
            return true;
    return false;
}

bool place_fits(const struct modifier_places *places, enum modifier_place place,
    uint32_t packed)
{
    if (place == PLACE_ANY)
        return true;
    if (packed == PROC_NONE)
        return false;
    if (place == PLACE_SERVICE)
        return !in_ranges(places, PLACE_VISIT, packed);
    return in_ranges(places, place, packed);
}

uint32_t place_mask(const struct modifier_places *places, uint32_t packed)
{
    uint32_t mask = 0;

    for (int place = PLACE_ANY; place < PLACE_COUNT; place++)
        if (place_fits(places, (enum modifier_place)place, packed))
            mask |= UINT32_C(1) << place;
    return mask;
}

#include "indexer/plan/edits.h"

#include <stdlib.h>
#include <string.h>

enum {
    DAY_FIRST = -25567, /* 1900-01-01 */
    PACKED_BLANK = 0,
    PACKED_OPEN = 65535,
    EDITS_FIRST = 1024,
    EDITS_MAX = 64 * 1024 * 1024 /* 1 GiB of rows */
};

void edits_clear(struct edits *edits)
{
    free(edits->row);
    for (size_t i = 0; i < edits->rationales; i++)
        free(edits->rationale[i]);
    *edits = (struct edits){0};
}

static int pack_day(uint16_t *out, day_t day)
{
    if (day == DAY_UNKNOWN)
        *out = PACKED_BLANK;
    else if (day == DAY_OPEN)
        *out = PACKED_OPEN;
    else if (day <= DAY_FIRST || day - DAY_FIRST >= PACKED_OPEN)
        return ERR_INPUT;
    else
        *out = (uint16_t)(day - DAY_FIRST);
    return 0;
}

static day_t unpack_day(uint16_t packed)
{
    if (packed == PACKED_BLANK)
        return DAY_UNKNOWN;
    return packed == PACKED_OPEN ? DAY_OPEN : (day_t)packed + DAY_FIRST;
}

day_t edit_effective(const struct edit *edit)
{
    return unpack_day(edit->effective);
}

day_t edit_deleted(const struct edit *edit)
{
    return unpack_day(edit->deleted);
}

int edits_add(struct edits *edits, uint32_t column1, uint32_t column2,
    day_t effective, day_t deleted, unsigned indicator, bool before_1996,
    unsigned rationale, uint32_t line, struct error *err)
{
    struct edit *row;

    if (edits->rows == edits->capacity) {
        const uint32_t capacity =
            edits->capacity == 0 ? EDITS_FIRST : edits->capacity * 2;

        if (capacity > EDITS_MAX)
            return error_set(err, ERR_LIMIT, 0, "more than %d edits in a file",
                EDITS_MAX / 2);
        row = realloc(edits->row, capacity * sizeof *row);
        if (row == NULL)
            return error_memory(err);
        edits->row = row;
        edits->capacity = capacity;
    }
    row = &edits->row[edits->rows];
    memset(row, 0, sizeof *row);
    if (pack_day(&row->effective, effective) != 0 ||
        pack_day(&row->deleted, deleted) != 0)
        return ERR_INPUT;
    row->column1 = column1 & 0x1FFFFF;
    row->column2 = column2 & 0x1FFFFF;
    row->indicator = indicator & 3;
    row->before_1996 = before_1996;
    row->rationale = rationale & 0xFF;
    row->line = line;
    edits->rows++;
    return 0;
}

int edits_rationale(struct edits *edits, const char *text, size_t len)
{
    for (size_t i = 0; i < edits->rationales; i++)
        if (strncmp(edits->rationale[i], text, len) == 0 &&
            edits->rationale[i][len] == '\0')
            return (int)i;
    if (edits->rationales == RATIONALES_MAX || len > RATIONALE_TEXT_MAX)
        return -1;
    edits->rationale[edits->rationales] = strndup(text, len);
    if (edits->rationale[edits->rationales] == NULL)
        return -1;
    return (int)edits->rationales++;
}

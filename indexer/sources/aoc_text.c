/* Add-on code edits as fixed-width text, the form since 2022 (domain.md 2e). */
#include "indexer/sources/sources.h"

#include "codesets/core/code.h"
#include "codesets/core/day.h"
#include "indexer/sources/aoc.h"
#include "indexer/sources/common.h"

enum {
    EFFECTIVE_AT = 26,
    DATE_LEN = 7,
    EFFECTIVE_END = EFFECTIVE_AT + DATE_LEN - 1,
    NOTE_AT = 40,
    NOTE_LEN = 1000,
    LINES_LOOKED_AT = 20
};

static const struct {
    uint16_t column, position, width;
} fields[AOC_COLUMNS] = {
    {AOC_TYPE, 1, 1},
    {AOC_ADDON, 2, 5},
    {AOC_ADDON_DELETED, 7, DATE_LEN},
    {AOC_PRIMARY, 14, 5},
    {AOC_PRIMARY_DELETED, 19, DATE_LEN},
    {AOC_EFFECTIVE, EFFECTIVE_AT, DATE_LEN},
    {AOC_DELETED, 33, DATE_LEN},
    {AOC_NOTE, NOTE_AT, NOTE_LEN},
};

static bool looks_like_record(const char *line, size_t len)
{
    day_t day;

    return len >= EFFECTIVE_END && line[0] >= '1' && line[0] <= '3' &&
           proc_pack(line + 1) != PROC_NONE &&
           day_parse_ordinal(&day, line + EFFECTIVE_AT - 1, DATE_LEN) == 0;
}

static bool recognise(const struct probe *probe, struct identity *out)
{
    const struct input *in = probe->in;
    size_t offset = 0, len;
    const char *line;

    if (!probe_is_text(probe) || aoc_is_medicaid(probe))
        return false;
    for (int n = 0; n < LINES_LOOKED_AT &&
                    next_line(in->data, in->len, &offset, &line, &len);
         n++)
        if (looks_like_record(line, len)) {
            aoc_identity(out, probe, AOC_TEXT);
            return true;
        }
    return false;
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    const struct input *in = probe->in;
    size_t offset = 0, len;
    uint32_t number = 0;
    bool begun = false; /* a notice or heading lies behind */
    const char *line;
    int rc = identity_check(&batch->id, err);

    while (rc == 0 && next_line(in->data, in->len, &offset, &line, &len)) {
        struct record record;

        number++;
        begun = begun || looks_like_record(line, len);
        if (!begun || line_is_blank(line, len))
            continue;
        record_begin(&record, batch, number);
        for (size_t i = 0; i < AOC_COLUMNS; i++)
            aoc_column(&record, fields[i].column,
                cell_cut(line, len, fields[i].position, fields[i].width));
        rc = record_end(&record, err);
    }
    return rc;
}

const struct source source_aoc_text = {"aoc_text", recognise, read_all};

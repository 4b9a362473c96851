/* The fixed-width text of an HCPCS Level II release: 320 bytes a record, of
 * which continuations fill only 91 (and are cut there in some years).
 * Positions: HCPCS record layout, 2016 to 2026 (domain.md 2a). */
#include "indexer/sources/sources.h"

#include <string.h>

#include "codesets/core/code.h"
#include "codesets/core/day.h"
#include "indexer/sources/common.h"
#include "indexer/sources/hcpcs.h"

enum {
    RECORD_LEN = 320,
    RECORD_USED = 293, /* the rest is filler */
    HEAD_LEN = 11,     /* code, sequence, record id */
    TEXT_AT = 12,
    TEXT_LEN = 80,
    ADDED_AT = 269,
    CHANGED_AT = 277,
    DATE_LEN = 8,
    PREAMBLE_MAX = 64 /* lines before the first record */
};

static const struct field {
    uint16_t column, position, width, times;
} fields[] = {
    {HCPCS_SHORT, 92, 28, 1},
    {HCPCS_PRICE1, 120, 2, 4},
    {HCPCS_MULT_PRICE, 128, 1, 1},
    {HCPCS_CIM1, 129, 6, 3},
    {HCPCS_MCM1, 147, 8, 3},
    {HCPCS_STATUTE, 171, 10, 1},
    {HCPCS_LABCERT1, 181, 3, 8},
    {HCPCS_XREF1, 205, 5, 5},
    {HCPCS_COVERAGE, 230, 1, 1},
    {HCPCS_ASC_GROUP, 231, 2, 1},
    {HCPCS_MOG_GROUP, 241, 3, 1},
    {HCPCS_MOG_POLICY, 244, 1, 1},
    {HCPCS_PROC_NOTE, 253, 4, 1},
    {HCPCS_BETOS, 257, 3, 1},
    {HCPCS_TOS1, 261, 1, 5},
    {HCPCS_ANESTHESIA_UNITS, 266, 3, 1},
    {HCPCS_ACTION, 293, 1, 1},
};

static const struct {
    uint16_t column, position;
} dates[] = {
    {HCPCS_ASC_DATE, 233},
    {HCPCS_MOG_DATE, 245},
    {HCPCS_ADDED, ADDED_AT},
    {HCPCS_ACTION_EFFECTIVE, CHANGED_AT},
    {HCPCS_TERMINATED, 285},
};

static char record_kind(const char *line, size_t len)
{
    if (len < HEAD_LEN)
        return '\0';
    return line[HEAD_LEN - 1];
}

/* A procedure code, or three blanks and a modifier; five digits of sequence;
 * a record id. */
static bool looks_like_record(const char *line, size_t len)
{
    uint32_t sequence;

    return len > HEAD_LEN && hcpcs_is_kind(record_kind(line, len)) &&
           cell_number((struct cell){line + 5, 5}, &sequence) &&
           (proc_pack(line) != PROC_NONE ||
               (memcmp(line, "   ", 3) == 0 && line[3] > ' ' && line[4] > ' '));
}

static bool looks_like_first_record(const char *line, size_t len)
{
    const char kind = record_kind(line, len);
    uint32_t date;

    return looks_like_record(line, len) && hcpcs_is_first(kind) &&
           len >= RECORD_USED &&
           cell_number(cell_cut(line, len, ADDED_AT, DATE_LEN), &date);
}

/* The latest day on which the release added or changed a code. */
static uint32_t newest_date(const struct input *in)
{
    size_t offset = 0, len;
    uint32_t newest = 0, date;
    const char *line;

    while (next_line(in->data, in->len, &offset, &line, &len)) {
        if (!looks_like_first_record(line, len))
            continue;
        if (cell_number(cell_cut(line, len, ADDED_AT, DATE_LEN), &date) &&
            date > newest)
            newest = date;
        if (cell_number(cell_cut(line, len, CHANGED_AT, DATE_LEN), &date) &&
            date > newest)
            newest = date;
    }
    return newest;
}

static bool recognise(const struct probe *probe, struct identity *out)
{
    const struct input *in = probe->in;
    size_t offset = 0, len;
    const char *line;

    if (!probe_is_text(probe))
        return false;
    for (int n = 0;
         n < PREAMBLE_MAX && next_line(in->data, in->len, &offset, &line, &len);
         n++)
        if (looks_like_first_record(line, len)) {
            hcpcs_identity(out, probe, HCPCS_TEXT,
                hcpcs_name_tells(probe) ? 0 : newest_date(in));
            return true;
        }
    return false;
}

/* Fills the columns of a first record. */
static void read_fields(struct record *record, const char *line, size_t len)
{
    if (len < RECORD_USED)
        batch_warn(record->batch, "row %u is %zu bytes short of its record",
            record->line, RECORD_USED - len);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        for (size_t n = 0; n < fields[i].times; n++)
            record_set_raw(record, fields[i].column + n,
                cell_cut(line, len, fields[i].position + n * fields[i].width,
                    fields[i].width));
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        record_day(record, dates[i].column,
            cell_cut(line, len, dates[i].position, DATE_LEN),
            day_parse_compact);
}

/* A line of the long description, trimmed on its right alone. */
static struct cell text_line(const char *line, size_t len)
{
    size_t end = TEXT_AT - 1 + TEXT_LEN;

    if (end > len)
        end = len;
    while (end > TEXT_AT - 1 && line[end - 1] == ' ')
        end--;
    return (struct cell){line + TEXT_AT - 1, end - (TEXT_AT - 1)};
}

static int read_line(struct hcpcs_entry *entry, struct batch *batch,
    uint32_t number, const char *line, size_t len, struct error *err)
{
    const char kind = record_kind(line, len);
    int rc;

    if (line_is_blank(line, len)) {
        batch_refuse(batch, number, "record", "blank");
        return 0;
    }
    if (!looks_like_record(line, len)) {
        batch_refuse(batch, number, "record",
            "does not begin with a code, a sequence number and a record id");
        return 0;
    }
    if (len > RECORD_LEN) {
        if (!line_is_blank(line + RECORD_LEN, len - RECORD_LEN)) {
            batch_refuse(
                batch, number, "record", "longer than %d bytes", RECORD_LEN);
            return 0;
        }
        batch_warn(batch, "row %u: %zu blanks after its record are ignored",
            number, len - RECORD_LEN);
        len = RECORD_LEN;
    }
    rc = hcpcs_record(entry, batch, number, kind,
        cell_trim((struct cell){line, 5}), (struct cell){line + 5, 5},
        text_line(line, len), err);
    if (rc == 0 && hcpcs_is_first(kind))
        read_fields(&entry->record, line, len);
    return rc;
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    const struct input *in = probe->in;
    struct hcpcs_entry entry = {0};
    size_t offset = 0, len;
    uint32_t number = 0;
    bool begun = false; /* the disclaimer of 2018 and 2019 lies behind */
    const char *line;
    int rc = identity_check(&batch->id, err);

    while (rc == 0 && next_line(in->data, in->len, &offset, &line, &len)) {
        number++;
        begun = begun || looks_like_record(line, len);
        if (begun && len > 0 && line[0] != 0x1A)
            rc = read_line(&entry, batch, number, line, len, err);
    }
    if (rc == 0)
        rc = hcpcs_finish(&entry, err);
    hcpcs_clear(&entry);
    return rc;
}

const struct source source_hcpcs_text = {"hcpcs_text", recognise, read_all};

#include "indexer/sources/hcpcs.h"

#include <string.h>
#include <strings.h>

#include "indexer/sources/release.h"

bool hcpcs_is_kind(char kind)
{
    return hcpcs_is_first(kind) || kind == '4' || kind == '8';
}

bool hcpcs_is_first(char kind)
{
    return kind == '3' || kind == '7';
}

static int begin(struct hcpcs_entry *entry, struct batch *batch, uint32_t line,
    char kind, struct cell code, uint32_t sequence, struct cell text,
    struct error *err)
{
    const int rc = hcpcs_finish(entry, err);

    if (rc != 0)
        return rc;
    record_begin(&entry->record, batch, line);
    entry->open = true;
    entry->sequence = sequence;
    memset(entry->code, 0, sizeof entry->code);
    if (code.len < sizeof entry->code)
        memcpy(entry->code, code.text, code.len);
    if (kind == '3')
        record_code(&entry->record, HCPCS_CODE, code);
    else
        record_modifier(&entry->record, HCPCS_CODE, code);
    record_set(&entry->record, HCPCS_RECORD, (struct cell){&kind, 1});
    entry->text.len = 0;
    buffer_add(&entry->text, text.text, text.len);
    return 0;
}

int hcpcs_record(struct hcpcs_entry *entry, struct batch *batch, uint32_t line,
    char kind, struct cell code, struct cell sequence, struct cell text,
    struct error *err)
{
    uint32_t number = 0;

    if (!cell_number(sequence, &number)) {
        batch_refuse(batch, line, "sequence", "not a number");
        return 0;
    }
    if (hcpcs_is_first(kind))
        return begin(entry, batch, line, kind, code, number, text, err);
    if (!entry->open || !cell_is(code, entry->code))
        return error_set(err, ERR_INPUT, 0,
            "row %u continues a code whose first record is missing", line);
    if (number <= entry->sequence)
        return error_set(
            err, ERR_INPUT, 0, "row %u: the sequence number goes down", line);
    entry->sequence = number;
    if (entry->record.refused) {
        batch_refuse(batch, line, "record", "its first record was refused");
        return 0;
    }
    entry->record.records++;
    if (text.len > 0) {
        buffer_addc(&entry->text, ' ');
        buffer_add(&entry->text, text.text, text.len);
    }
    return 0;
}

int hcpcs_finish(struct hcpcs_entry *entry, struct error *err)
{
    if (!entry->open)
        return 0;
    entry->open = false;
    if (entry->text.failed)
        return error_memory(err);
    record_set_raw(&entry->record, HCPCS_LONG,
        cell_trim(
            (struct cell){entry->text.data != NULL ? entry->text.data : "",
                entry->text.len}));
    return record_end(&entry->record, err);
}

void hcpcs_clear(struct hcpcs_entry *entry)
{
    buffer_clear(&entry->text);
}

/* Quarterly files name a month or a quarter, or stand in a folder that does;
 * the yearly ones of old name only the year and hold from January. */
static bool quarter_of_name(const char *name, int *year, int *quarter)
{
    char part[NAME_PART_MAX];
    int month;

    for (size_t n = 0; name_part(name, n, part); n++)
        if (find_month(part, year, &month)) {
            *quarter = (month + 2) / 3;
            return true;
        }
    for (size_t n = 0; name_part(name, n, part); n++)
        if (find_quarter(part, year, quarter))
            return true;
    for (size_t n = 0; name_part(name, n, part); n++)
        if (find_full_year(part, year) ||
            (strncasecmp(part, "HCPC", 4) == 0 && find_year(part, year))) {
            *quarter = 1;
            return true;
        }
    return false;
}

bool hcpcs_name_tells(const struct probe *probe)
{
    int year, quarter;

    return quarter_of_name(probe->in->name, &year, &quarter);
}

void hcpcs_identity(struct identity *id, const struct probe *probe,
    enum hcpcs_format format, uint32_t newest)
{
    int year, quarter;

    *id = (struct identity){.table = TABLE_HCPCS, .rank = (int)format};
    /* "HCPC2026_JAN_ANWEB_01122026.txt": the day this edition came out. */
    id->published = find_us_date(probe->base);
    if (quarter_of_name(probe->in->name, &year, &quarter))
        identity_quarter(id, year, quarter);
    else if (newest != 0)
        identity_quarter(
            id, (int)(newest / 10000), ((int)(newest / 100 % 100) + 2) / 3);
    identity_finish(id, probe);
}

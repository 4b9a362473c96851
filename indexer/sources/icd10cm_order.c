/* The ICD-10-CM order file (domain.md 2g): every code, billable or a header,
 * with a short and a long title in fixed columns.
 *
 *   1-5 order number | 7-13 code | 15 flag | 17-76 short title | 78- long title
 *
 * The order numbers change every year and are not kept. */
#include "indexer/sources/sources.h"

#include <string.h>

#include "codesets/core/code.h"
#include "indexer/sources/common.h"
#include "indexer/sources/icd10cm.h"

enum {
    ORDER_AT = 1,
    ORDER_LEN = 5,
    CODE_AT = 7,
    FLAG_AT = 15,
    SHORT_AT = 17,
    SHORT_LEN = 60,
    LONG_AT = 78,
    LONG_LEN = 4096,
    LINES_LOOKED_AT = 3, /* ICD-10-PCS begins with 001: told at once */
    RANK = 0
};

static bool looks_like_record(const char *line, size_t len)
{
    const struct cell code = cell_cut(line, len, CODE_AT, ICD_MAX);
    uint32_t order;

    return len >= LONG_AT && line[ORDER_LEN] == ' ' &&
           cell_number((struct cell){line, ORDER_LEN}, &order) &&
           icd_shaped(code.text, code.len) && line[FLAG_AT - 2] == ' ' &&
           (line[FLAG_AT - 1] == '0' || line[FLAG_AT - 1] == '1') &&
           line[FLAG_AT] == ' ' && line[LONG_AT - 2] == ' ';
}

static bool recognise(const struct probe *probe, struct identity *out)
{
    const struct input *in = probe->in;
    size_t offset = 0, len;
    const char *line;
    int found = 0;

    if (!probe_is_text(probe))
        return false;
    while (found < LINES_LOOKED_AT &&
           next_line(in->data, in->len, &offset, &line, &len)) {
        if (!looks_like_record(line, len))
            return false;
        found++;
    }
    if (found == 0)
        return false;
    icd10cm_identity(out, probe, TABLE_ICD10CM, RANK, NULL);
    return true;
}

static void read_line(struct record *record, const char *line, size_t len)
{
    const struct cell flag = cell_cut(line, len, FLAG_AT, 1);
    const struct cell title = cell_cut(line, len, LONG_AT, LONG_LEN);

    record_icd(record, ICD_CODE, cell_cut(line, len, CODE_AT, ICD_MAX));
    if (!cell_is(flag, "0") && !cell_is(flag, "1"))
        record_refuse(record, ICD_BILLABLE, "neither 0 nor 1");
    if (title.len == 0)
        record_refuse(record, ICD_LONG, "missing");
    record_set(record, ICD_BILLABLE, flag);
    record_set_raw(record, ICD_SHORT, cell_cut(line, len, SHORT_AT, SHORT_LEN));
    record_set_raw(record, ICD_LONG, title);
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    const struct input *in = probe->in;
    size_t offset = 0, len;
    uint32_t number = 0;
    const char *line;
    int rc = identity_check(&batch->id, err);

    while (rc == 0 && next_line(in->data, in->len, &offset, &line, &len)) {
        struct record record;

        number++;
        if (line_is_blank(line, len))
            continue;
        record_begin(&record, batch, number);
        read_line(&record, line, len);
        rc = record_end(&record, err);
    }
    return rc;
}

const struct source source_icd10cm_order = {
    "icd10cm_order", recognise, read_all};

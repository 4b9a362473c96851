/* The ICD-10-CM codes file (domain.md 2g): the billable codes alone, code in
 * columns 1-7, long title from column 9. It says nothing that the order file
 * of the release does not, and ranks after it. */
#include "indexer/sources/sources.h"

#include "codesets/core/code.h"
#include "indexer/sources/common.h"
#include "indexer/sources/icd10cm.h"

enum {
    CODE_AT = 1,
    TITLE_AT = 9,
    TITLE_LEN = 4096,
    LINES_LOOKED_AT = 10,
    LINES_AT_LEAST = 2,
    RANK = 1
};

static bool looks_like_record(const char *line, size_t len)
{
    const struct cell code = cell_cut(line, len, CODE_AT, ICD_MAX);

    return len > TITLE_AT && line[TITLE_AT - 2] == ' ' && line[0] != ' ' &&
           line[TITLE_AT - 1] != ' ' && icd_shaped(code.text, code.len);
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
    if (found < LINES_AT_LEAST)
        return false;
    icd10cm_identity(out, probe, TABLE_ICD10CM, RANK, NULL);
    return true;
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
        struct cell title;

        number++;
        if (line_is_blank(line, len))
            continue;
        title = cell_cut(line, len, TITLE_AT, TITLE_LEN);
        record_begin(&record, batch, number);
        record_icd(&record, ICD_CODE, cell_cut(line, len, CODE_AT, ICD_MAX));
        if (title.len == 0)
            record_refuse(&record, ICD_LONG, "missing");
        record_set(&record, ICD_BILLABLE, cell_of("1"));
        record_set_raw(&record, ICD_LONG, title);
        rc = record_end(&record, err);
    }
    return rc;
}

const struct source source_icd10cm_codes = {
    "icd10cm_codes", recognise, read_all};

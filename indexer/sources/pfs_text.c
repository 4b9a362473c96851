/* PPRRVU as fixed-width text: HDR lines, then 171 bytes a record (200 are
 * declared), in some releases a DOS end-of-file mark at the end. Positions:
 * record layout of the RVU documentation, 2022 to 2026 (domain.md 2b). */
#include "indexer/sources/sources.h"

#include <string.h>

#include "codesets/core/code.h"
#include "indexer/sources/common.h"
#include "indexer/sources/pfs.h"

enum {
    HEADER_LINES_MAX = 32,
    RECORD_LEN = 171 /* to the last column */
};

static const struct {
    uint16_t column, position, width;
} fields[] = {
    {PFS_DESCRIPTION, 8, 50},
    {PFS_STATUS, 58, 1},
    {PFS_NOT_USED, 59, 1},
    {PFS_WORK_RVU, 60, 6},
    {PFS_NONFACILITY_PE_RVU, 67, 6},
    {PFS_NONFACILITY_NA, 73, 2},
    {PFS_FACILITY_PE_RVU, 76, 6},
    {PFS_FACILITY_NA, 82, 2},
    {PFS_MP_RVU, 85, 5},
    {PFS_NONFACILITY_TOTAL, 91, 6},
    {PFS_FACILITY_TOTAL, 97, 6},
    {PFS_PCTC, 103, 1},
    {PFS_GLOBAL_DAYS, 104, 3},
    {PFS_PRE_OP, 107, 3},
    {PFS_INTRA_OP, 110, 3},
    {PFS_POST_OP, 113, 3},
    {PFS_MULTIPLE_PROCEDURE, 116, 1},
    {PFS_BILATERAL, 117, 1},
    {PFS_ASSISTANT, 118, 1},
    {PFS_CO_SURGEON, 119, 1},
    {PFS_TEAM, 120, 1},
    {PFS_PRICING, 121, 1}, /* from 2026; a filler before */
    {PFS_ENDO_BASE, 128, 5},
    {PFS_CONVERSION_FACTOR, 133, 8},
    {PFS_SUPERVISION, 142, 2},
    {PFS_CALCULATION_FLAG, 144, 1},
    {PFS_IMAGING_FAMILY, 146, 2},
    {PFS_NONFACILITY_PE_OPPS, 152, 6},
    {PFS_FACILITY_PE_OPPS, 159, 6},
    {PFS_MP_OPPS, 166, 6},
};

static bool is_header(const char *line, size_t len)
{
    return len >= 3 && memcmp(line, "HDR", 3) == 0;
}

/* A code at 1 and numbers with a point where the RVUs and the conversion
 * factor stand. */
static bool looks_like_record(const char *line, size_t len)
{
    return len >= RECORD_LEN && proc_pack(line) != PROC_NONE &&
           line[62] == '.' && line[69] == '.' && line[86] == '.' &&
           memchr(line + 132, '.', 8) != NULL;
}

static bool recognise(const struct probe *probe, struct identity *out)
{
    const struct input *in = probe->in;
    size_t offset = 0, len;
    const char *line;
    int headers = 0;

    if (!probe_is_text(probe))
        return false;
    while (next_line(in->data, in->len, &offset, &line, &len)) {
        if (is_header(line, len) && ++headers < HEADER_LINES_MAX)
            continue;
        if (headers == 0 || !looks_like_record(line, len))
            return false;
        pfs_identity(out, probe, PFS_TEXT, NULL);
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
    const char *line;
    int rc = identity_check(&batch->id, err);

    pfs_warn_of_qpp(batch);
    while (rc == 0 && next_line(in->data, in->len, &offset, &line, &len)) {
        struct record record;

        number++;
        if (is_header(line, len) || line_is_blank(line, len))
            continue;
        record_begin(&record, batch, number);
        if (len < RECORD_LEN)
            record_refuse(&record, PFS_KEY, "the record is cut short");
        else
            pfs_key(&record, cell_cut(line, len, 1, PROC_LEN),
                cell_cut(line, len, 6, MODIFIER_LEN));
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            if (!record.refused)
                pfs_record_column(&record, fields[i].column,
                    cell_cut(line, len, fields[i].position, fields[i].width));
        rc = record_end(&record, err);
    }
    return rc;
}

const struct source source_pfs_text = {"pfs_text", recognise, read_all};

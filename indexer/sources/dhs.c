/* The list of codes that define designated health services, tab-separated text
 * or spreadsheet: sections under a title in capitals, prose, code and short
 * description. Only the therapy section is kept and counted (domain.md 3: with
 * the yearly therapy list out of reach it is CMS's nearest list of therapy
 * codes). */
#include "indexer/sources/sources.h"

#include <string.h>

#include "codesets/core/code.h"
#include "indexer/sources/common.h"

enum { BANNER_ROWS = 8, BANNER_MAX = 160 };

static bool is_text_or_sheet(const struct probe *probe)
{
    return probe_is_text(probe) || probe->form == FORM_XLSX;
}

static bool recognise(const struct probe *probe, struct identity *out)
{
    char banner[BANNER_MAX];
    bool found = false;
    int year, month;

    if (!is_text_or_sheet(probe))
        return false;
    *out =
        (struct identity){.table = TABLE_DHS, .rank = probe->form == FORM_XLSX};
    for (size_t i = 0; i < probe->rows && i < BANNER_ROWS; i++) {
        const struct cell cell =
            cell_at(probe->row[i].cell, probe->row[i].count, 0);

        if (label_has(cell, "used to define certain designated health service"))
            found = true;
        if (!label_has(cell, "code list is effective") ||
            cell.len >= sizeof banner)
            continue;
        memcpy(banner, cell.text, cell.len);
        banner[cell.len] = '\0';
        if (find_month(banner, &year, &month))
            identity_calendar_year(out, year);
    }
    identity_finish(out, probe);
    return found;
}

/* No letter in it is a small one, and it is no code. */
static bool is_title(struct cell cell)
{
    for (size_t i = 0; i < cell.len; i++)
        if (cell.text[i] >= 'a' && cell.text[i] <= 'z')
            return false;
    return cell.len > PROC_LEN;
}

struct reader {
    struct batch *batch;
    bool inside; /* the therapy section */
};

static int read_row(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct reader *r = context;
    const struct cell code = cell_at(cells, count, 0);
    const struct cell description = cell_at(cells, count, 1);
    struct record record;

    if (description.len == 0 && is_title(code))
        r->inside = label_has(code, "PHYSICAL THERAPY") &&
                    label_has(code, "SPEECH-LANGUAGE PATHOLOGY");
    if (!r->inside || row_is_blank(cells, count) ||
        (description.len == 0 && code.len != PROC_LEN))
        return 0;
    record_begin(&record, r->batch, row);
    record_code(&record, DHS_CODE, code);
    record_set(&record, DHS_DESCRIPTION, description);
    return record_end(&record, err);
}

static int read_all(
    const struct probe *probe, struct batch *batch, struct error *err)
{
    const struct input *in = probe->in;
    struct reader r = {.batch = batch};
    const int rc = identity_check(&batch->id, err);

    if (rc != 0)
        return rc;
    if (probe->form == FORM_XLSX)
        return sheet_read_xlsx(in->data, in->len, read_row, &r, err);
    return sheet_read_csv(in->data, in->len, '\t', read_row, &r, err);
}

const struct source source_dhs = {"dhs", recognise, read_all};

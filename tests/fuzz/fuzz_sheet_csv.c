/* Whatever the bytes, cells are valid UTF-8 and rows come in order; and rows
 * that were read, written with quotes and read again, are the same rows. */
#include <string.h>
#include <utf8proc.h>
#include "codesets/core/buffer.h"
#include "indexer/files/sheet.h"
#include "tests/fuzz/require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void require_utf8(struct cell cell)
{
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)cell.text;
    utf8proc_int32_t point;
    utf8proc_ssize_t n;
    size_t left;

    for (left = cell.len; left > 0; at += n, left -= (size_t)n) {
        n = utf8proc_iterate(at, (utf8proc_ssize_t)left, &point);
        require(n > 0 && point != 0);
    }
}

struct rows {
    struct buffer csv; /* the rows, every cell in quotes */
    uint32_t last;
};

static int write_row(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct rows *rows = context;
    size_t i, j;

    require(row > 0 && row >= rows->last);
    require(count > 0 && count <= SHEET_COLUMNS_MAX);
    rows->last = row;
    for (i = 0; i < count; i++) {
        require_utf8(cells[i]);
        buffer_adds(&rows->csv, i == 0 ? "\"" : ",\"");
        for (j = 0; j < cells[i].len; j++) {
            if (cells[i].text[j] == '"')
                buffer_addc(&rows->csv, '"');
            buffer_addc(&rows->csv, cells[i].text[j]);
        }
        buffer_addc(&rows->csv, '"');
    }
    buffer_addc(&rows->csv, '\n');
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct rows once = {.last = 0}, twice = {.last = 0}, tabs = {.last = 0};

    (void)sheet_read_csv(data, len, ',', write_row, &once, NULL);
    if (once.csv.len > 0)
        require(sheet_read_csv((const uint8_t *)once.csv.data, once.csv.len,
                    ',', write_row, &twice, NULL) == 0);
    require(once.csv.len == twice.csv.len);
    require(once.csv.len == 0 ||
            memcmp(once.csv.data, twice.csv.data, once.csv.len) == 0);
    (void)sheet_read_tsv(data, len, write_row, &tabs, NULL);
    buffer_clear(&once.csv);
    buffer_clear(&twice.csv);
    buffer_clear(&tabs.csv);
    return 0;
}

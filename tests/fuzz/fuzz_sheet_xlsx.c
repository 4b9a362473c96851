/* Bytes that begin like a zip are read as a workbook; others are the XML of a
 * sheet and, behind a NUL, that of the shared strings. Rows keep to the limits
 * of the format and never end in an empty cell. */
#include <string.h>
#include "indexer/files/sheet.h"
#include "indexer/files/unpack.h"
#include "tests/archives.h"
#include "tests/fuzz/require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Every byte of a cell can be read. */
static volatile char touched;

static int look(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    size_t i, j;

    require(row >= 1 && row <= 1048576);
    require(count >= 1 && count <= SHEET_COLUMNS_MAX);
    require(cells[count - 1].len > 0);
    for (i = 0; i < count; i++) {
        for (j = 0; j < cells[i].len; j++)
            touched = cells[i].text[j];
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const uint8_t *nul = len > 0 ? memchr(data, '\0', len) : NULL;
    const size_t first = nul != NULL ? (size_t)(nul - data) : len;
    struct part parts[3] = {{NULL, NULL, 0}};
    struct buffer book = {0};
    size_t count = 0;

    if (packing_of(data, len) == PACKED_ZIP) {
        (void)sheet_read_xlsx(data, len, look, NULL, NULL);
        return 0;
    }
    if (first > 0)
        parts[count++] = (struct part){
            "xl/worksheets/sheet1.xml", (const char *)data, first};
    if (nul != NULL && first + 1 < len)
        parts[count++] = (struct part){
            "xl/sharedStrings.xml", (const char *)nul + 1, len - first - 1};
    archives_pack(&book, "zip", "compression=store", parts);
    (void)sheet_read_xlsx(
        (const uint8_t *)book.data, book.len, look, NULL, NULL);
    buffer_clear(&book);
    return 0;
}

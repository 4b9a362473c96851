#include "indexer/sources/source_facts.h"

#include <string.h>

#include "codesets/data/embedded.h"
#include "indexer/files/sheet.h"

enum { FACT_SOURCE = 0, FACT_PARTS = 3 };

struct lookup {
    const char *name;
    int parts;
};

static int each_line(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err)
{
    struct lookup *lookup = context;
    const size_t len = strlen(lookup->name);

    if (count <= FACT_PARTS || cells[FACT_SOURCE].len != len ||
        memcmp(cells[FACT_SOURCE].text, lookup->name, len) != 0 ||
        cells[FACT_PARTS].len != 1 || cells[FACT_PARTS].text[0] < '1' ||
        cells[FACT_PARTS].text[0] > '0' + SOURCE_PARTS_MAX)
        return 0;
    lookup->parts = cells[FACT_PARTS].text[0] - '0';
    return 1;
}

int source_parts(enum table table)
{
    const struct embedded_file *file =
        embedded_find(embedded_data, "sources.tsv");
    struct lookup lookup = {table_schema(table)->name, 1};

    if (file != NULL)
        (void)sheet_read_tsv(file->data, file->len, each_line, &lookup, NULL);
    return lookup.parts;
}

#include "codesets/store/conversion.h"

#include <string.h>

int conversion_after(struct conversion_rows *out, const struct store *store,
    const char *code, size_t len, struct error *err)
{
    const struct series *series =
        store_series(store, TABLE_CONVERSION, SETTING_NONE, PROGRAM_NONE);
    char key[ROW_KEY_MAX];

    if (series == NULL || series->releases == 0 || len >= sizeof key - 1)
        return ERR_NOTFOUND;
    memcpy(key, code, len);
    key[len++] = '<';
    out->release = (uint32_t)series->releases - 1;
    return rows_find(&out->rows, store, series, key, len, err);
}

int conversion_next(
    struct conversion_rows *rows, struct conversion_row *out, struct error *err)
{
    const struct store *store = rows->rows.store;
    struct row row;
    int rc;

    do {
        rc = rows_next(&rows->rows, &row, err);
        if (rc <= 0)
            return rc;
    } while (row.last_release != rows->release);
    *out = (struct conversion_row){
        .code = row_text(store, &row, CONVERSION_CODE, NULL),
        .previous = row_text(store, &row, CONVERSION_PREVIOUS, NULL),
        .effective = row_day(store, &row, CONVERSION_EFFECTIVE, DAY_UNKNOWN),
        .source = row_source(store, &row, rows->release)};
    return 1;
}

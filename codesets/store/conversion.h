/* conversion.h - which codes came after an ICD-10-CM code (domain.md 2g).
 *
 * The conversion table tells of a new code which ones were in use before it.
 * Its rows stand under the new code, and under each of the old ones too, with
 * '<' behind the old code. */
#ifndef CODESETS_STORE_CONVERSION_H
#define CODESETS_STORE_CONVERSION_H
#include "codesets/store/table.h"

struct conversion_row {
    const char *code;     /* the new one; not dotted */
    const char *previous; /* as printed: "C56.1 and C56.2" */
    day_t effective;      /* first day of the new code */
    struct source_ref source;
};

struct conversion_rows {
    struct rows rows;
    uint32_t release; /* the newest */
};

/* Begins the rows that name a code as previous. The table is cumulative: its
 * newest release is asked, whatever the day. Returns 0; ERR_NOTFOUND when there
 * are none or the table is not loaded; ERR_CORRUPT. */
int conversion_after(struct conversion_rows *out, const struct store *store,
    const char *code, size_t len, struct error *err);
/* 1, 0 at the end, or ERR_CORRUPT. */
int conversion_next(struct conversion_rows *rows, struct conversion_row *out,
    struct error *err);

#endif

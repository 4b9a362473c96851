/* layout.h - the open store as the modules of this room see it. */
#ifndef CODESETS_STORE_LAYOUT_H
#define CODESETS_STORE_LAYOUT_H
#include <lmdb.h>
#include "codesets/store/codes.h"
#include "codesets/store/coverage.h"
#include "codesets/store/proc.h"
#include "codesets/store/ptp.h"
#include "codesets/store/row_index.h"
#include "codesets/store/store.h"

/* Bytes in the map. */
struct span {
    const uint8_t *data;
    size_t len;
};

struct store {
    MDB_env *env;
    MDB_txn *txn; /* one read transaction, as long as the store is open */
    MDB_dbi meta, file, series_db, blob;
    const char *id, *program;
    bool licensed, starter;
    size_t series_count;
    struct series series[STORE_SERIES_MAX];
    struct release *releases; /* of all series */
    size_t files;
    const char **file_name; /* into the map */
    struct span text;       /* u32 count, u32 offset[count + 1], bytes */
    uint32_t texts;
    struct proc_table proc;
    struct code_list codes;
    struct ptp_table ptp[SETTING_COUNT][PROGRAM_COUNT];
    struct row_index row[STORE_SERIES_MAX];
    struct span search;
    struct coverage coverage; /* section[0] NULL when there is none */
};

/* A blob by its name; len 0 when there is none. */
int store_blob(const struct store *store, const void *name, size_t name_len,
    struct span *out, struct error *err);

#endif

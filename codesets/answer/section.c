#include "codesets/answer/section.h"

#include <string.h>

#include "codesets/store/table.h"

enum { CATEGORY_LEN = 3 };

static const char *const system_keys[SECTION_SYSTEMS] = {
    "cpt", "hcpcs", "icd10cm"};

/* ---------------------------------------------------------------- loading */

static int load_system(struct sections *out, const char *key,
    const struct store *store, const struct series *series, struct error *err)
{
    struct rows rows;
    struct row row;
    int rc = rows_find(&rows, store, series, key, strlen(key), err);

    while (rc == 0 && (rc = rows_next(&rows, &row, err)) > 0) {
        if (out->count == SECTIONS_MAX)
            return error_set(
                err, ERR_CORRUPT, 0, "sections: more than %d", SECTIONS_MAX);
        out->section[out->count++] =
            (struct section){row_text(store, &row, SECTION_FIRST, NULL),
                row_text(store, &row, SECTION_LAST, NULL),
                row_text(store, &row, SECTION_NAME, NULL)};
        rc = 0;
    }
    return rc == ERR_NOTFOUND ? 0 : rc;
}

int sections_load(
    struct sections *out, const struct store *store, struct error *err)
{
    const struct series *series =
        store_series(store, TABLE_SECTION, SETTING_NONE, PROGRAM_NONE);
    int rc = 0;

    out->count = 0;
    for (size_t s = 0; s < SECTION_SYSTEMS; s++) {
        out->begin[s] = out->count;
        if (rc == 0)
            rc = load_system(out, system_keys[s], store, series, err);
    }
    out->begin[SECTION_SYSTEMS] = out->count;
    return rc;
}

/* ----------------------------------------------------------------- asking */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A part that ends in a letter holds the codes that end in the same one, a part
 * that ends in a digit those that end in a digit. */
static bool ends_alike(const struct section *section, char last)
{
    const char end = section->to[PROC_LEN - 1];

    return is_digit(end) ? is_digit(last) : end == last;
}

static const struct section *find(const struct sections *sections,
    size_t system, const char *code, size_t len)
{
    for (size_t i = sections->begin[system]; i < sections->begin[system + 1];
         i++) {
        const struct section *section = &sections->section[i];

        if (strlen(section->from) == len && strlen(section->to) == len &&
            memcmp(code, section->from, len) >= 0 &&
            memcmp(code, section->to, len) <= 0 &&
            (len != PROC_LEN || ends_alike(section, code[len - 1])))
            return section;
    }
    return NULL;
}

const struct section *section_of(
    const struct sections *sections, const struct code_ref *code)
{
    switch (code->system) {
    case SYSTEM_CPT:
        return code->len == PROC_LEN ? find(sections, 0, code->text, PROC_LEN)
                                     : NULL;
    case SYSTEM_HCPCS:
    case SYSTEM_CDT:
        return code->len == PROC_LEN ? find(sections, 1, code->text, PROC_LEN)
                                     : NULL;
    case SYSTEM_ICD10CM:
        return code->len >= CATEGORY_LEN
                   ? find(sections, 2, code->text, CATEGORY_LEN)
                   : NULL;
    default:
        return NULL;
    }
}

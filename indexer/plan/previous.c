#include "indexer/plan/previous.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "codesets/store/builds.h"
#include "indexer/sources/mcd.h"

/* Fills *out from a file of the manifest; 0 when it is not a kept table. */
static int read_file(struct previous_release *out, const json_t *file)
{
    const char *kind, *status, *release, *setting = "", *program = "";
    const char *name;
    json_int_t rows;
    int table, part = 0;

    if (json_unpack((json_t *)(uintptr_t)file,
            "{s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "file", &name, "kind", &kind,
            "status", &status, "release", &release, "setting", &setting,
            "program", &program, "rows", &rows) != 0 ||
        strcmp(status, "kept") != 0 || rows <= 0 || rows > UINT32_MAX)
        return 0;
    for (table = 0; table < TABLE_COUNT; table++)
        if (strcmp(table_schema((enum table)table)->name, kind) == 0)
            break;
    for (int t = 0; table == TABLE_COUNT && t < MCD_TABLES; t++)
        if (strcmp(mcd_layout((enum mcd_table)t)->name, kind) == 0) {
            table = TABLE_COVERAGE;
            part = t + 1;
        }
    if (table == TABLE_COUNT)
        return 0;
    *out = (struct previous_release){.table = (enum table)table,
        .part = part,
        .history = part != 0 && mcd_is_history(name),
        .rows = (uint32_t)rows};
    (void)setting_parse(&out->setting, setting, strlen(setting));
    (void)program_parse(&out->program, program, strlen(program));
    (void)snprintf(out->release, sizeof out->release, "%s", release);
    return 1;
}

/* Parts of one release count together. Files come oldest release first inside
 * a series only by chance, so the label decides: labels of one series sort by
 * their day (2024q3, 2025a, 2026). */
static void add(struct previous *out, const struct previous_release *found)
{
    for (size_t i = 0; i < out->count; i++) {
        struct previous_release *known = &out->release[i];
        int newer;

        if (known->table != found->table || known->setting != found->setting ||
            known->program != found->program || known->part != found->part ||
            known->history != found->history)
            continue;
        newer = strcmp(found->release, known->release);
        if (newer == 0)
            known->rows += found->rows;
        else if (newer > 0)
            *known = *found;
        return;
    }
    if (out->count < PREVIOUS_MAX)
        out->release[out->count++] = *found;
}

void previous_read_build(struct previous *out, const char *folder)
{
    char path[BUILD_PATH_MAX];
    struct previous_release found;
    json_t *json, *file;
    size_t i;

    *out = (struct previous){0};
    if (snprintf(path, sizeof path, "%s/manifest.json", folder) >=
        (int)sizeof path)
        return;
    json = json_load_file(path, 0, NULL);
    if (json_is_false(json_object_get(json, "starter")))
        json_array_foreach(json_object_get(json, "files"), i,
            file) if (read_file(&found, file)) add(out, &found);
    json_decref(json);
}

void previous_read(struct previous *out, const char *store)
{
    char folder[BUILD_PATH_MAX];

    *out = (struct previous){0};
    if (builds_current(folder, store, NULL) == 0)
        previous_read_build(out, folder);
}

uint32_t previous_rows(const struct previous *previous, enum table table,
    enum setting setting, enum program program, const char **label)
{
    for (size_t i = 0; i < previous->count; i++)
        if (previous->release[i].table == table &&
            previous->release[i].setting == setting &&
            previous->release[i].program == program) {
            *label = previous->release[i].release;
            return previous->release[i].rows;
        }
    return 0;
}

uint32_t previous_coverage_rows(
    const struct previous *previous, int part, bool history, const char **label)
{
    for (size_t i = 0; i < previous->count; i++)
        if (previous->release[i].table == TABLE_COVERAGE &&
            previous->release[i].part == part &&
            previous->release[i].history == history) {
            *label = previous->release[i].release;
            return previous->release[i].rows;
        }
    return 0;
}

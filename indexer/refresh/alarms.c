#include "indexer/refresh/alarms.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/store/builds.h"
#include "indexer/plan/plan.h"
#include "indexer/plan/previous.h"
#include "indexer/sources/mcd.h"

const char *alarm_kind_name(enum alarm_kind kind)
{
    static const char *const names[ALARM_KINDS] = {"table_gone", "release_back",
        "rows_fewer", "license_lost", "unreadable", "rows_more", "release_gone",
        "list_gone", "refused_more", "not_recognised", "incomplete"};

    return (unsigned)kind < ALARM_KINDS ? names[kind] : "";
}

static void raise_alarm(struct alarms *out, enum alarm_kind kind,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

static void raise_alarm(
    struct alarms *out, enum alarm_kind kind, const char *format, ...)
{
    va_list args;

    out->refusing += kind < ALARM_REFUSING;
    if (out->count == ALARMS_MAX) {
        out->more++;
        return;
    }
    out->item[out->count].kind = kind;
    va_start(args, format);
    (void)vsnprintf(
        out->item[out->count].text, sizeof out->item[0].text, format, args);
    va_end(args);
    out->count++;
}

static json_t *load(const char *folder)
{
    char path[BUILD_PATH_MAX];

    if (snprintf(path, sizeof path, "%s/manifest.json", folder) >=
        (int)sizeof path)
        return NULL;
    return json_load_file(path, 0, NULL);
}

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    return value != NULL ? value : "";
}

/* "mue outpatient", "mue outpatient medicaid" */
static void table_text(char *out, size_t size, const char *table,
    const char *setting, const char *program)
{
    const bool told = strcmp(program, "medicaid") == 0;

    (void)snprintf(out, size, "%s%s%s%s%s", table, *setting != '\0' ? " " : "",
        setting, told ? " " : "", told ? program : "");
}

/* --- tables and their releases ----------------------------------------------
 */

static const json_t *same_table(const json_t *manifest, const json_t *wanted)
{
    const json_t *table;
    size_t i;

    json_array_foreach(json_object_get(manifest, "tables"), i, table)
    {
        if (strcmp(text(table, "table"), text(wanted, "table")) == 0 &&
            strcmp(text(table, "setting"), text(wanted, "setting")) == 0 &&
            strcmp(text(table, "program"), text(wanted, "program")) == 0)
            return table;
    }
    return NULL;
}

static const char *release_at(const json_t *table, size_t i)
{
    return text(
        json_array_get(json_object_get(table, "releases"), i), "release");
}

static size_t releases_of(const json_t *table)
{
    return json_array_size(json_object_get(table, "releases"));
}

static bool has_release(const json_t *table, const char *label)
{
    for (size_t i = 0; i < releases_of(table); i++)
        if (strcmp(release_at(table, i), label) == 0)
            return true;
    return false;
}

static void compare_table(
    struct alarms *out, const json_t *before, const json_t *after)
{
    const size_t had = releases_of(before), has = releases_of(after);
    char name[80];

    table_text(name, sizeof name, text(before, "table"),
        text(before, "setting"), text(before, "program"));
    if (after == NULL) {
        raise_alarm(out, ALARM_TABLE_GONE,
            "%s: %s is loaded now, and the new build has none of it", name,
            had > 0 ? release_at(before, had - 1) : "");
        return;
    }
    if (had == 0 || has == 0)
        return;
    /* Labels of one table sort by their day. */
    if (strcmp(release_at(after, has - 1), release_at(before, had - 1)) < 0)
        raise_alarm(out, ALARM_RELEASE_BACK,
            "%s: goes back from release %s to %s", name,
            release_at(before, had - 1), release_at(after, has - 1));
    for (size_t i = 0; i + 1 < had; i++)
        if (!has_release(after, release_at(before, i)))
            raise_alarm(out, ALARM_RELEASE_GONE,
                "%s: release %s is not among the files any more", name,
                release_at(before, i));
}

static void compare_tables(
    struct alarms *out, const json_t *before, const json_t *after)
{
    const json_t *table;
    size_t i;

    json_array_foreach(json_object_get(before, "tables"), i, table)
        compare_table(out, table, same_table(after, table));
}

/* --- rows -------------------------------------------------------------------
 */

static const struct previous_release *same_rows(
    const struct previous *list, const struct previous_release *wanted)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->release[i].table == wanted->table &&
            list->release[i].setting == wanted->setting &&
            list->release[i].program == wanted->program &&
            list->release[i].part == wanted->part &&
            list->release[i].history == wanted->history)
            return &list->release[i];
    return NULL;
}

static void compare_count(struct alarms *out,
    const struct previous_release *before, const struct previous_release *after)
{
    const uint64_t had = before->rows;
    const char *table =
        before->part > 0 ? mcd_layout((enum mcd_table)(before->part - 1))->name
                         : table_schema(before->table)->name;
    char name[80];

    table_text(name, sizeof name, table, setting_name(before->setting),
        program_name(before->program));
    if (after == NULL) {
        if (before->part > 0)
            raise_alarm(out, ALARM_LIST_GONE,
                "%s of the coverage database: %u rows in %s, none now", name,
                before->rows, before->release);
        return;
    }
    if (had < PARTIAL_FLOOR)
        return;
    if ((uint64_t)after->rows * 100 < had * (100 - ALARM_ROWS_PERCENT))
        raise_alarm(out, ALARM_ROWS_FEWER,
            "%s: %u rows in %s, only %u in %s; is a part missing?", name,
            before->rows, before->release, after->rows, after->release);
    else if ((uint64_t)after->rows * 100 > had * (100 + ALARM_ROWS_PERCENT))
        raise_alarm(out, ALARM_ROWS_MORE,
            "%s: %u rows in %s, %u in %s; is something there twice?", name,
            before->rows, before->release, after->rows, after->release);
}

static int compare_rows(struct alarms *out, const char *before,
    const char *after, struct error *err)
{
    struct previous *had = malloc(2 * sizeof *had);

    if (had == NULL)
        return error_memory(err);
    previous_read_build(&had[0], before);
    previous_read_build(&had[1], after);
    for (size_t i = 0; i < had[0].count; i++)
        compare_count(
            out, &had[0].release[i], same_rows(&had[1], &had[0].release[i]));
    free(had);
    return 0;
}

/* --- files ------------------------------------------------------------------
 */

static bool has_file(const json_t *manifest, const json_t *wanted)
{
    const json_t *file;
    size_t i;

    json_array_foreach(json_object_get(manifest, "files"), i, file)
    {
        if (strcmp(text(file, "sha256"), text(wanted, "sha256")) == 0 &&
            strcmp(text(file, "status"), text(wanted, "status")) == 0)
            return true;
    }
    return false;
}

static json_int_t refused_of(
    const json_t *manifest, const char *kind, const char *setting)
{
    const json_t *file;
    json_int_t sum = 0;
    size_t i;

    json_array_foreach(json_object_get(manifest, "files"), i, file)
    {
        if (strcmp(text(file, "kind"), kind) == 0 &&
            strcmp(text(file, "setting"), setting) == 0)
            sum += json_integer_value(json_object_get(file, "refused"));
    }
    return sum;
}

/* Each kind of table once: at its first file. */
static bool is_first(const json_t *manifest, size_t at, const json_t *wanted)
{
    const json_t *file;
    size_t i;

    json_array_foreach(json_object_get(manifest, "files"), i, file)
    {
        if (i == at)
            return true;
        if (strcmp(text(file, "kind"), text(wanted, "kind")) == 0 &&
            strcmp(text(file, "setting"), text(wanted, "setting")) == 0)
            return false;
    }
    return true;
}

static void compare_refused(
    struct alarms *out, const json_t *before, const json_t *after)
{
    const json_t *file;
    size_t i;

    json_array_foreach(json_object_get(after, "files"), i, file)
    {
        const char *kind = text(file, "kind"), *setting = text(file, "setting");
        json_int_t had, has;
        char name[80];

        if (json_object_get(file, "refused") == NULL ||
            !is_first(after, i, file))
            continue;
        had = refused_of(before, kind, setting);
        has = refused_of(after, kind, setting);
        if (has <= had * ALARM_REFUSED_TIMES + REFUSED_FLOOR)
            continue;
        table_text(name, sizeof name, kind, setting, "");
        raise_alarm(out, ALARM_REFUSED_MORE,
            "%s: %lld rows were refused, %lld in the active build", name,
            (long long)has, (long long)had);
    }
}

static void look_at_files(
    struct alarms *out, const json_t *before, const json_t *after)
{
    const json_t *file;
    size_t i;

    json_array_foreach(json_object_get(after, "files"), i, file)
    {
        const char *status = text(file, "status"), *name = text(file, "file");

        if (strcmp(status, "not recognised") == 0) {
            if (!has_file(before, file))
                raise_alarm(out, ALARM_NOT_RECOGNISED,
                    "%s is not recognised; nothing of it was read", name);
        } else if (strcmp(status, "damaged") == 0 ||
                   strcmp(status, "partial") == 0) {
            raise_alarm(out, ALARM_INCOMPLETE, "%s is %s: %s", name, status,
                text(file, "note"));
        }
    }
}

static int compare_builds(struct alarms *out, const char *folder_before,
    const char *folder_after, const json_t *before, const json_t *after,
    struct error *err)
{
    int rc;

    compare_tables(out, before, after);
    if ((rc = compare_rows(out, folder_before, folder_after, err)) != 0)
        return rc;
    if (json_is_true(json_object_get(before, "ama_license_accepted")) &&
        !json_is_true(json_object_get(after, "ama_license_accepted")))
        raise_alarm(out, ALARM_LICENSE_LOST,
            "licensed descriptions are shown now, and the new build has none; "
            "--accept-ama-license keeps them");
    compare_refused(out, before, after);
    return 0;
}

int alarms_find(struct alarms *out, const char *before, const char *after,
    struct error *err)
{
    json_t *old = before != NULL ? load(before) : NULL, *fresh = load(after);
    int rc = 0;

    *out = (struct alarms){0};
    if (fresh == NULL)
        rc = error_set(
            err, ERR_CORRUPT, 0, "%s/manifest.json: cannot be read", after);
    else if (before != NULL && old == NULL)
        raise_alarm(out, ALARM_UNREADABLE,
            "the active build's manifest cannot be read: nothing was compared");
    /* The starter set is no release to fall behind. */
    else if (old != NULL && !json_is_true(json_object_get(old, "starter")))
        rc = compare_builds(out, before, after, old, fresh, err);
    if (rc == 0)
        look_at_files(out, old, fresh);
    json_decref(old);
    json_decref(fresh);
    return rc;
}

#include "indexer/report.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codesets/store/builds.h"
#include "codesets/store/checksum.h"

enum { NAME_SHOWN_MAX = 60 };

/* The end of a long name says more than its beginning. */
static const char *shown(const char *name, char out[NAME_SHOWN_MAX + 4])
{
    const size_t len = strlen(name);

    if (len <= NAME_SHOWN_MAX)
        return name;
    (void)snprintf(out, NAME_SHOWN_MAX + 4, "…%s", name + len - NAME_SHOWN_MAX);
    return out;
}

static void range(
    const struct identity *id, char from[DAY_TEXT_LEN], char to[DAY_TEXT_LEN])
{
    (void)day_format(from, id->from);
    (void)day_format(to, id->to);
}

static void print_file(FILE *out, const struct collected *file)
{
    char name[NAME_SHOWN_MAX + 4], from[DAY_TEXT_LEN] = "", to[DAY_TEXT_LEN];
    char kind[48];
    const struct identity *id = &file->batch.id;

    to[0] = '\0';
    if (!file->has_batch) {
        (void)fprintf(out, "%-*s  %-22.22s  %s\n", NAME_SHOWN_MAX,
            shown(file->name, name), file->kind,
            file_status_name(file->status));
        return;
    }
    if (id->from != id->to) /* else nothing told its release */
        range(id, from, to);
    (void)snprintf(kind, sizeof kind, "%s%s%s", file->kind,
        id->setting != SETTING_NONE ? " " : "", setting_name(id->setting));
    (void)fprintf(out,
        "%-*s  %-22.22s  %-14s %-8s %10s..%-10s %9u %9u %8u %9u %9u\n",
        NAME_SHOWN_MAX, shown(file->name, name), kind,
        file_status_name(file->status), id->release, from, to, file->batch.read,
        file->kept, file->refused, file->superseded, file->duplicate);
}

static void print_refusals(FILE *out, const struct batch *batch)
{
    const uint32_t shown_count =
        batch->refused < REFUSALS_SHOWN ? batch->refused : REFUSALS_SHOWN;

    for (uint32_t i = 0; i < shown_count; i++)
        (void)fprintf(out, "    row %u, %s: %s\n", batch->refusals[i].row,
            batch->refusals[i].column, batch->refusals[i].reason);
    if (batch->refused > shown_count)
        (void)fprintf(out, "    and %u more\n", batch->refused - shown_count);
}

void report_table(FILE *out, const struct collection *collection)
{
    (void)fprintf(out, "%-*s  %-22s  %-14s %-8s %-22s %9s %9s %8s %9s %9s\n",
        NAME_SHOWN_MAX, "file", "kind", "status", "release", "range", "read",
        "kept", "refused", "supersed.", "duplicate");
    for (size_t i = 0; i < collection->files; i++) {
        const struct collected *file = &collection->file[i];

        print_file(out, file);
        if (file->note[0] != '\0')
            (void)fprintf(out, "    %s\n", file->note);
        if (file->has_batch)
            print_refusals(out, &file->batch);
    }
}

/* A text may have been cut to its length inside a character. */
static json_t *text_json(const char *text)
{
    size_t len = strlen(text);
    json_t *json = json_stringn(text, len);

    for (int i = 0; json == NULL && i < 3 && len > 0; i++)
        json = json_stringn(text, --len);
    return json != NULL ? json : json_string("");
}

static json_t *day_json(day_t day)
{
    char text[DAY_TEXT_LEN];

    return day_format(text, day) == 0 ? json_null() : json_string(text);
}

static json_t *refusals_json(const struct batch *batch)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < batch->refused && i < REFUSALS_SHOWN; i++)
        (void)json_array_append_new(
            list, json_pack("{s:I, s:o, s:o}", "row",
                      (json_int_t)batch->refusals[i].row, "column",
                      text_json(batch->refusals[i].column), "reason",
                      text_json(batch->refusals[i].reason)));
    return list;
}

static json_t *file_json(const struct collected *file)
{
    const struct batch *batch = &file->batch;
    json_t *json = json_pack("{s:o, s:s, s:I, s:s, s:s, s:o}", "file",
        text_json(file->name), "sha256", file->sha256, "bytes",
        (json_int_t)file->disk_bytes, "kind", file->kind, "status",
        file_status_name(file->status), "note", text_json(file->note));

    if (json == NULL || !file->has_batch)
        return json;
    (void)json_object_set_new(
        json, "setting", json_string(setting_name(batch->id.setting)));
    (void)json_object_set_new(
        json, "program", json_string(program_name(batch->id.program)));
    (void)json_object_set_new(json, "release", json_string(batch->id.release));
    (void)json_object_set_new(json, "from", day_json(batch->id.from));
    (void)json_object_set_new(json, "to", day_json(batch->id.to));
    (void)json_object_set_new(
        json, "rows", json_integer(batch->rows + batch->edits.rows));
    (void)json_object_set_new(json, "read", json_integer(batch->read));
    (void)json_object_set_new(json, "kept", json_integer(file->kept));
    (void)json_object_set_new(json, "refused", json_integer(file->refused));
    (void)json_object_set_new(
        json, "superseded", json_integer(file->superseded));
    (void)json_object_set_new(json, "duplicate", json_integer(file->duplicate));
    (void)json_object_set_new(json, "refusals", refusals_json(batch));
    return json;
}

static json_t *series_json(
    const struct plan_series *series, const uint32_t *rows)
{
    json_t *json =
        json_pack("{s:s, s:s, s:s}", "table", table_schema(series->table)->name,
            "setting", setting_name(series->setting), "program",
            program_name(series->program));
    json_t *releases = json_array();

    for (size_t r = 0; r < series->releases; r++) {
        const struct release *release = &series->release[r].release;

        (void)json_array_append_new(releases,
            json_pack("{s:s, s:o, s:o, s:b}", "release", release->label, "from",
                day_json(release->from), "to", day_json(release->to), "partial",
                (int)release->partial));
    }
    (void)json_object_set_new(json, "releases", releases);
    if (rows != NULL)
        (void)json_object_set_new(json, "rows", json_integer(*rows));
    return json;
}

static json_t *manifest_json(const struct collection *collection,
    const struct plan *plan, const struct write_options *options,
    const struct write_counts *counts)
{
    json_t *files = json_array(), *tables = json_array();
    json_t *json = json_pack("{s:s, s:i, s:s, s:b, s:b, s:o, s:o}", "id",
        options->id, "format", (int)STORE_FORMAT, "program", CODEREF_VERSION,
        "ama_license_accepted", (int)options->licensed, "starter",
        (int)plan->starter, "files", files, "tables", tables);

    if (json == NULL)
        return NULL;
    for (size_t i = 0; i < collection->files; i++)
        (void)json_array_append_new(files, file_json(&collection->file[i]));
    for (size_t s = 0; s < plan->count; s++)
        (void)json_array_append_new(
            tables, series_json(&plan->series[s], &counts->series_rows[s]));
    (void)json_object_set_new(json, "counts",
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "codes",
            (json_int_t)counts->codes, "procedures",
            (json_int_t)counts->procedures, "edits", (json_int_t)counts->edits,
            "rows", (json_int_t)counts->rows, "texts",
            (json_int_t)counts->texts, "licensed_texts_dropped",
            (json_int_t)counts->licensed_dropped));
    return json;
}

static int add_text(const char *text, size_t len, void *out)
{
    buffer_add(out, text, len);
    return 0;
}

static int write_file(
    const char *path, const struct buffer *text, struct error *err)
{
    FILE *file = fopen(path, "w");
    int rc = 0;

    if (file == NULL || fwrite(text->data, 1, text->len, file) != text->len ||
        fflush(file) != 0 || fsync(fileno(file)) != 0)
        rc = error_set(err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
    if (file != NULL && fclose(file) != 0 && rc == 0)
        rc = error_set(err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
    return rc;
}

int report_manifest(const char *folder, const struct collection *collection,
    const struct plan *plan, const struct write_options *options,
    const struct write_counts *counts, struct error *err)
{
    char path[BUILD_PATH_MAX], sum[CHECKSUM_TEXT];
    json_t *json = manifest_json(collection, plan, options, counts);
    struct buffer text = {0};
    uint64_t bytes = 0;
    int rc = json == NULL ? error_memory(err) : 0;

    if (rc == 0 && snprintf(path, sizeof path, "%s/manifest.json", folder) >=
                       (int)sizeof path)
        rc = error_set(err, ERR_INPUT, 0, "%.80s…: path too long", folder);
    if (rc == 0) { /* the shorter of the two names */
        (void)snprintf(path, sizeof path, "%.*s/data.mdb",
            (int)(sizeof path - sizeof "/manifest.json"), folder);
        rc = checksum_file(sum, &bytes, path, err);
    }
    if (rc == 0 &&
        (json_object_set_new(json, "data_xxh3", json_string(sum)) != 0 ||
            json_object_set_new(
                json, "data_bytes", json_integer((json_int_t)bytes)) != 0 ||
            json_dump_callback(json, add_text, &text, JSON_INDENT(1)) != 0))
        rc = error_memory(err);
    if (rc == 0 && (rc = checksum_seal(&text, err)) == 0) {
        (void)snprintf(path, sizeof path, "%.*s/manifest.json",
            (int)(sizeof path - sizeof "/manifest.json"), folder);
        rc = write_file(path, &text, err);
    }
    buffer_clear(&text);
    json_decref(json);
    return rc;
}

#include "indexer/plan/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/data/embedded.h"
#include "indexer/files/input.h"
#include "indexer/files/probe.h"
#include "indexer/sources/source.h"
#include "indexer/sources/sources.h"

const char *file_status_name(enum file_status status)
{
    static const char *const names[FILE_STATUS_COUNT] = {"kept", "superseded",
        "duplicate", "companion", "not recognised", "damaged", "partial"};

    return (unsigned)status < FILE_STATUS_COUNT ? names[status] : "";
}

static struct collected *new_file(
    struct collection *c, const struct input *in, struct error *err)
{
    struct collected *file;

    if (c->files == c->capacity) {
        const size_t capacity = c->capacity == 0 ? 64 : c->capacity * 2;

        file = realloc(c->file, capacity * sizeof *file);
        if (file == NULL) {
            (void)error_memory(err);
            return NULL;
        }
        c->file = file;
        c->capacity = capacity;
    }
    file = &c->file[c->files];
    *file = (struct collected){.kind = "", .disk_bytes = in->disk_bytes};
    file->name = strdup(in->name);
    if (file->name == NULL) {
        (void)error_memory(err);
        return NULL;
    }
    (void)snprintf(file->sha256, sizeof file->sha256, "%s",
        in->sha256 != NULL ? in->sha256 : "");
    c->files++;
    return file;
}

static void damaged(struct collected *file, const char *why)
{
    file->status = FILE_DAMAGED;
    (void)snprintf(
        file->note, sizeof file->note, "%.*s", FILE_NOTE_MAX - 1, why);
}

/* Reads a recognised file. A file that cannot be used as a whole is damaged;
 * only the machine's own failures end the build here. */
static int read_file(struct collection *c, struct collected *file,
    const struct source *source, const struct identity *id,
    const struct probe *probe, struct error *err)
{
    struct error why = {0};
    int rc;

    file->kind = id->kind != NULL ? id->kind : table_schema(id->table)->name;
    file->has_batch = true;
    batch_init(&file->batch, id, c->texts);
    file->batch.file = (uint32_t)(file - c->file);
    if (table_schema(id->table)->by_setting && id->setting == SETTING_NONE)
        rc = error_set(&why, ERR_INPUT, 0,
            "practitioner, outpatient or dme? say it with --setting");
    else if (table_schema(id->table)->kind != SERIES_UNDATED &&
             (id->release[0] == '\0' || id->from == id->to))
        rc = error_set(&why, ERR_INPUT, 0,
            "neither content nor name tells its release; say it with "
            "--release, such as --release 2026q3");
    else
        rc = source->read(probe, &file->batch, &why);
    if (rc == ERR_SYSTEM || texts_failed(c->texts)) {
        if (err != NULL)
            *err = why;
        return error_prefix(err, ERR_SYSTEM, "%s", file->name);
    }
    if (rc < 0)
        damaged(file, why.msg);
    else if (file->batch.rows == 0 && file->batch.edits.rows == 0 &&
             id->table != TABLE_COVERAGE) /* whose source tells */
        damaged(file, "recognised, but holds no row that can be used");
    else if (file->batch.warnings > 0)
        (void)snprintf(
            file->note, sizeof file->note, "%s", file->batch.warning);
    return 0;
}

static bool ends_with(const char *name, const char *ending)
{
    const size_t n = strlen(name), e = strlen(ending);

    return n >= e && strcasecmp(name + n - e, ending) == 0;
}

static int judge(struct collection *c, struct collected *file,
    const struct probe *probe, struct error *err)
{
    struct identity id;

    for (size_t i = 0; sources[i] != NULL; i++) {
        const bool known = sources[i]->recognise(probe, &id);

        if (*probe->starved)
            return error_memory(err);
        if (known)
            return read_file(c, file, sources[i], &id, probe, err);
    }
    if (probe->form == FORM_HTML &&
        (ends_with(probe->base, ".zip") || ends_with(probe->base, ".xlsx") ||
            ends_with(probe->base, ".txt") || ends_with(probe->base, ".csv"))) {
        damaged(file, "a web page, not a release: open the address in a "
                      "browser, accept the licence, and save the file again");
        return 0;
    }
    if (probe->form == FORM_EMPTY) {
        damaged(file, "empty");
        return 0;
    }
    file->kind = companion_name(probe);
    file->status = file->kind != NULL ? FILE_COMPANION : FILE_UNRECOGNISED;
    if (file->kind == NULL)
        file->kind = "";
    return 0;
}

static int each_input(void *context, const struct input *in, struct error *err)
{
    struct collection *c = context;
    struct collected *file;
    struct probe *probe = NULL;
    int rc;

    if (c->options->stop != NULL && *c->options->stop)
        return error_set(err, ERR_SYSTEM, 0, "stopped");
    file = new_file(c, in, err);
    if (file == NULL)
        return ERR_SYSTEM;
    if (c->options->progress)
        (void)fprintf(
            stderr, "\r\033[Kreading file %zu: %.60s", c->files, in->name);
    if (in->damage != NULL) {
        damaged(file, in->damage);
        return 0;
    }
    rc = probe_open(&probe, in, err);
    if (rc == ERR_SYSTEM)
        return rc;
    if (rc != 0) {
        damaged(file, err != NULL ? err->msg : "cannot be read");
        return 0;
    }
    probe->starter = strncmp(probe->base, "starter_", 8) == 0;
    probe->told_release =
        c->options->release != NULL ? c->options->release : "";
    probe->told_setting = c->options->setting;
    probe->told_program = c->options->program;
    rc = judge(c, file, probe, err);
    probe_close(probe);
    return rc;
}

static int collect_embedded(
    struct collection *c, const struct embedded_file *file, struct error *err)
{
    const struct input in = {.name = file->name,
        .disk_path = file->name,
        .sha256 = "",
        .disk_bytes = file->len,
        .data = file->data,
        .len = file->len};

    return each_input(c, &in, err);
}

/* The project's own tables are in every build; its starter set stands in when
 * no releases are given. */
static int collect_own(struct collection *c, bool starter, struct error *err)
{
    static const char *const tables[] = {"claim_facts.tsv", "kx_thresholds.tsv",
        "modifier_places.tsv", "modifiers.tsv", "sections.tsv",
        "timed_codes.tsv"};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof tables / sizeof *tables; i++)
        rc = collect_embedded(c, embedded_find(embedded_data, tables[i]), err);
    for (const struct embedded_file *file = embedded_starter;
         starter && rc == 0 && file->name != NULL; file++)
        rc = collect_embedded(c, file, err);
    return rc;
}

int collect(struct collection *out, const char *const *paths, size_t count,
    const struct collect_options *options, struct error *err)
{
    static const struct collect_options plain = {0};
    int rc;

    *out = (struct collection){.options = &plain};
    if ((rc = texts_open(&out->texts, err)) != 0)
        return rc;
    rc = collect_own(out, count == 0, err);
    out->options = options;
    if (rc == 0 && count > 0)
        rc = input_walk(paths, count, each_input, out, err);
    if (options->progress)
        (void)fputs("\r\033[K", stderr);
    return rc;
}

void collection_clear(struct collection *collection)
{
    for (size_t i = 0; i < collection->files; i++) {
        struct collected *file = &collection->file[i];

        free(file->name);
        if (file->has_batch) {
            edits_clear(&file->batch.edits);
            batch_clear(&file->batch);
        }
    }
    free(collection->file);
    texts_close(collection->texts);
    *collection = (struct collection){0};
}

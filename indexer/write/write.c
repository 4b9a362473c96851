#include "indexer/write/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Only files whose rows are kept get a number: they are all an answer can name,
 * and the unread neighbours of a release must not change its bytes. */
static int write_files(struct writing *w, struct error *err)
{
    const struct collection *c = w->collection;
    uint32_t next = 0;

    w->file_number = malloc((c->files + 1) * sizeof *w->file_number);
    if (w->file_number == NULL)
        return error_memory(err);
    for (size_t i = 0; i < c->files; i++)
        w->file_number[i] = UINT32_MAX;
    for (size_t s = 0; s < w->plan->count; s++)
        for (size_t r = 0; r < w->plan->series[s].releases; r++) {
            const struct plan_release *release = &w->plan->series[s].release[r];

            for (size_t f = 0; f < release->files; f++)
                w->file_number[release->file[f]] = 0;
        }
    for (size_t i = 0; i < c->files; i++) {
        int rc;

        if (w->file_number[i] == UINT32_MAX)
            continue;
        w->file_number[i] = next++;
        rc = writer_file(w->writer, c->file[i].name, c->file[i].sha256, err);
        if (rc != 0)
            return rc;
    }
    return 0;
}

static int write_meta(struct writing *w, struct error *err)
{
    char format[16];
    int rc;

    (void)snprintf(format, sizeof format, "%u", STORE_FORMAT);
    if ((rc = writer_meta(w->writer, "format", format, err)) != 0 ||
        (rc = writer_meta(w->writer, "id", w->options->id, err)) != 0 ||
        (rc = writer_meta(w->writer, "program", CODEREF_VERSION, err)) != 0 ||
        (rc = writer_meta(w->writer, "licensed",
             w->options->licensed ? "yes" : "no", err)) != 0)
        return rc;
    return writer_meta(
        w->writer, "starter", w->plan->starter ? "yes" : "no", err);
}

static int write_series(struct writing *w, struct error *err)
{
    int rc = 0;

    for (size_t s = 0; rc == 0 && s < w->plan->count; s++) {
        const struct plan_series *series = &w->plan->series[s];
        struct release releases[STORE_RELEASES_MAX];
        const struct series out = {.id = (uint8_t)s,
            .table = series->table,
            .setting = series->setting,
            .program = series->program,
            .releases = series->releases,
            .release = releases};

        for (size_t r = 0; r < series->releases; r++)
            releases[r] = series->release[r].release;
        rc = writer_series(w->writer, &out, err);
    }
    return rc;
}

static int write_texts(struct writing *w, struct error *err)
{
    struct text_source *texts = malloc((w->texts + 1) * sizeof *texts);
    struct buffer blob = {0};
    int rc;

    if (texts == NULL)
        return error_memory(err);
    for (uint32_t i = 0; i < w->texts; i++)
        texts[i].text =
            texts_get(w->collection->texts, w->text_order[i], &texts[i].len);
    rc = text_table_write(&blob, texts, w->texts, err);
    if (rc == 0)
        rc = writer_blob(w->writer, "text", 4, &blob, err);
    buffer_clear(&blob);
    free(texts);
    w->counts->texts = w->texts;
    return rc;
}

static int write_all(struct writing *w, struct error *err)
{
    int rc;

    if ((rc = write_meta(w, err)) != 0 || (rc = write_files(w, err)) != 0 ||
        (rc = write_series(w, err)) != 0 || (rc = write_proc(w, err)) != 0 ||
        (rc = gather_rows(w, err)) != 0 || (rc = write_texts(w, err)) != 0 ||
        (rc = write_rows(w, err)) != 0 || (rc = write_codes(w, err)) != 0)
        return rc;
    for (size_t s = 0; rc == 0 && s < w->plan->count; s++) {
        const struct plan_series *series = &w->plan->series[s];

        if (series->table == TABLE_PTP)
            rc = write_ptp(w, series, err);
        else if (series->table == TABLE_COVERAGE)
            rc = write_coverage(w, series, err);
    }
    return rc;
}

int write_build(const struct plan *plan, struct collection *collection,
    const char *folder, const struct write_options *options,
    struct write_counts *counts, struct error *err)
{
    struct writing w = {.plan = plan,
        .collection = collection,
        .options = options,
        .counts = counts};
    int rc;

    *counts = (struct write_counts){0};
    if ((rc = writer_open(&w.writer, folder, err)) != 0)
        return rc;
    rc = write_all(&w, err);
    if (rc == 0)
        rc = writer_finish(w.writer, err);
    else
        writer_abandon(w.writer);
    free(w.file_number);
    free(w.packed);
    free(w.ordinal);
    buffer_clear(&w.spans);
    free(w.first_span);
    free(w.run);
    free(w.place);
    free(w.text_number);
    free(w.text_order);
    return rc;
}

#include "codesets/answer/changes/change_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/changes/change_form.h"
#include "codesets/answer/changes/change_words.h"
#include "codesets/core/code.h"
#include "codesets/store/layout.h"

/* Edits that end on a day without another one left, to be told in one line. */
enum { LAST_EDITS_MIN = 5 };

static const struct change_form_ops *const forms[] = {
    [CHANGES_TEXT] = &change_text_form,
    [CHANGES_CSV] = &change_csv_form,
    [CHANGES_JSON] = &change_json_form,
    [CHANGES_HTML] = &change_html_form,
};

/* Hands on what was written so far. */
static int flush(struct change_writer *writer, struct error *err)
{
    struct buffer *out = &writer->out;

    if (out->failed)
        return error_memory(err);
    if (out->len > 0 &&
        fwrite(out->data, 1, out->len, writer->file) != out->len)
        return error_set(
            err, ERR_SYSTEM, errno, "writing the report: %s", strerror(errno));
    out->len = 0;
    return 0;
}

bool change_begins_code(struct change_writer *writer, char code[CODE_TEXT])
{
    if (writer->asked == NULL || writer->headed)
        return false;
    change_asked(code, writer->question.side[AFTER].store, writer->asked);
    writer->headed = true;
    return true;
}

void change_endings(struct buffer *out, const struct change_writer *writer)
{
    char day[DAY_TEXT_LEN];

    if (writer->ending == 0)
        return;
    if (writer->last == writer->ended)
        buffer_addf(out, "and %zu edits of it end with it", writer->ending);
    else if (day_format(day, writer->last) > 0)
        buffer_addf(out, "its last %zu edits end: from %s there is none",
            writer->ending, day);
}

/* Many edits of the code asked about end on a day, and none is left: it is most
 * likely the code that ends, which no list of codes may tell. */
static bool ends_the_last(
    const struct change_writer *writer, const struct change *change)
{
    const struct store *store = writer->question.side[AFTER].store;
    const struct compare_series *series = change->series;
    const uint32_t packed =
        writer->asked != NULL && strlen(writer->asked) == PROC_LEN
            ? proc_pack(writer->asked)
            : PROC_NONE;
    const uint32_t code = packed == PROC_NONE ? PROC_ORDINAL_NONE
                                              : proc_find(&store->proc, packed);
    struct ptp_counts before, now;

    if (code == PROC_ORDINAL_NONE)
        return false;
    ptp_count(&store->ptp[series->setting][series->program], code,
        change->effective - 1, &before);
    ptp_count(&store->ptp[series->setting][series->program], code,
        change->effective, &now);
    return now.column1 + now.column2 == 0 &&
           before.column1 + before.column2 >= LAST_EDITS_MIN;
}

/* An edit that ends because the code asked about does. */
static bool ends_with_code(
    const struct change_writer *writer, const struct change *change)
{
    return writer->form->cuts && change->series->table == TABLE_PTP &&
           change->kind == CHANGE_EDIT_ENDS &&
           change->effective != DAY_UNKNOWN &&
           (change->effective == writer->ended ||
               ends_the_last(writer, change));
}

static int write_change(
    void *context, const struct change *change, struct error *err)
{
    struct change_writer *writer = context;

    if (writer->series != change->series) {
        writer->form->series_end(writer);
        writer->series = change->series;
        writer->shown = 0;
        writer->ending = 0;
        writer->form->series(writer);
    }
    if (writer->question.codes != NULL && change->kind == CHANGE_ENDED &&
        change->series->table != TABLE_COVERAGE)
        writer->ended = change->effective;
    if (ends_with_code(writer, change)) {
        writer->last = change->effective;
        writer->ending++;
        writer->told++;
        return flush(writer, err);
    }
    if (writer->report->most == 0 || writer->shown < writer->report->most ||
        !writer->form->cuts)
        writer->form->change(writer, change);
    writer->shown++;
    writer->told++;
    return flush(writer, err);
}

static void write_code(void *context, const char *code)
{
    struct change_writer *writer = context;

    writer->form->series_end(writer);
    writer->series = NULL;
    writer->ended = DAY_UNKNOWN;
    writer->asked = code;
    writer->headed = false;
    writer->form->code(writer, code);
}

int change_report_write(FILE *out, const struct change_report *report,
    struct compare_summary *summary, struct error *err)
{
    struct compare_summary *own =
        summary != NULL ? summary : malloc(sizeof *own);
    struct compare_summary *again = malloc(sizeof *again);
    struct change_writer writer = {.file = out,
        .report = report,
        .form = forms[report->form],
        .ended = DAY_UNKNOWN,
        .question = report->question};
    int rc = own == NULL || again == NULL ? error_memory(err) : 0;

    writer.question.begin_code = NULL;
    /* The sums stand first: the comparison runs twice. */
    if (rc == 0)
        rc = compare_run(own, &writer.question, NULL, NULL, err);
    if (rc == 0) {
        writer.summary = own;
        writer.form->begin(&writer);
        writer.question.begin_code = write_code;
        rc = flush(&writer, err);
    }
    if (rc == 0)
        rc = compare_run(again, &writer.question, write_change, &writer, err);
    if (rc == 0) {
        writer.form->series_end(&writer);
        writer.form->end(&writer);
        rc = flush(&writer, err);
    }
    buffer_clear(&writer.out);
    free(again);
    if (own != summary)
        free(own);
    return rc;
}

int compare_builds(const char *path_before, const char *path_after,
    struct compare_summary *summary, FILE *report, size_t most,
    struct error *err)
{
    struct change_report question = {.form = CHANGES_TEXT, .most = most};
    struct store *store[SIDES] = {NULL, NULL};
    int rc;

    if ((rc = store_open(&store[BEFORE], path_before, err)) == 0)
        rc = store_open(&store[AFTER], path_after, err);
    for (int side = 0; side < SIDES; side++)
        question.question.side[side] =
            (struct compare_side){store[side], COMPARE_NEWEST};
    if (rc == 0)
        rc = report == NULL
                 ? compare_run(summary, &question.question, NULL, NULL, err)
                 : change_report_write(report, &question, summary, err);
    /* What the summary points to dies with the stores. */
    if (rc == 0)
        for (size_t i = 0; i < summary->count; i++)
            for (int side = 0; side < SIDES; side++) {
                summary->series[i].series[side] = NULL;
                summary->series[i].release[side] = NULL;
            }
    store_close(store[BEFORE]);
    store_close(store[AFTER]);
    return rc;
}

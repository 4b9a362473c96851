#include "codesets/answer/necessity/necessity_batch.h"

#include <stdlib.h>

#include "codesets/answer/members.h"

enum column {
    COLUMN_CODE,
    COLUMN_ICD10,
    COLUMN_DATE,
    COLUMN_STATE,
    COLUMN_CONTRACTOR,
    COLUMN_ARTICLE,
    COLUMN_KIND,
    COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {
    "code", "icd10", "date", "state", "contractor", "article", "kind"};

struct necessity_batch {
    struct batch batch;
    const struct answers *answers;
    struct necessity_question defaults;
    struct necessity_answer answer;
};

/* A question's place is its own as soon as it tells one: a state beside the
 * default contractor would be another question than either. */
static int resolve(struct necessity_question *out,
    const struct necessity_batch *batch, const struct text_ref *cell,
    struct error *err)
{
    const struct necessity_place *usual = &batch->defaults.place;
    struct necessity_request request = {.code = cell[COLUMN_CODE],
        .icd10 = cell[COLUMN_ICD10],
        .state = cell[COLUMN_STATE],
        .contractor = cell[COLUMN_CONTRACTOR],
        .article = cell[COLUMN_ARTICLE],
        .kind = cell[COLUMN_KIND],
        .day = batch->defaults.day};
    const bool placed = request.state.text != NULL ||
                        request.contractor.text != NULL ||
                        request.article.text != NULL;
    int rc;

    if (cell[COLUMN_DATE].text != NULL &&
        day_parse_iso(
            &request.day, cell[COLUMN_DATE].text, cell[COLUMN_DATE].len) != 0)
        return error_set(
            err, ERR_INPUT, 0, "date: write it YYYY-MM-DD, as in 2024-07-01");
    rc = necessity_request_read(out, &request, err);
    if (rc == 0 && request.kind.text == NULL)
        out->place.kind = usual->kind;
    if (rc == 0 && !placed) {
        const enum necessity_kind kind = out->place.kind;

        out->place = *usual;
        out->place.kind = kind;
    }
    return rc;
}

static int answer_one(struct necessity_batch *batch,
    const struct text_ref *cell, struct buffer *out, struct error *err)
{
    struct necessity_question question;
    struct json json;
    int rc = resolve(&question, batch, cell, err);

    if (rc == 0)
        rc = necessity_decide(
            &batch->answer, batch->answers->rules, &question, err);
    if (rc != 0)
        return rc;
    if (batch->batch.form == BATCH_CSV) {
        necessity_csv(out, batch->answers->rules, &question, &batch->answer);
        return 0;
    }
    json_begin(&json, out);
    json_open(&json, '{');
    necessity_json(
        &json, batch->answers, &question, &batch->answer, NECESSITY_BRIEF);
    json_close(&json, '}');
    return 0;
}

static int answer_json(
    void *context, struct text_ref line, struct buffer *out, struct error *err)
{
    struct text_ref cell[COLUMN_COUNT];
    void *kept;
    int rc = members_read(cell, &kept, column_names, COLUMN_COUNT,
        "{\"code\":\"G0283\",\"icd10\":\"M54.50\"}", line, err);

    if (rc == 0)
        rc = answer_one(context, cell, out, err);
    members_free(kept);
    return rc;
}

/* An empty cell says nothing, but that a code is missing. */
static int answer_csv(void *context, const struct text_ref *cell,
    struct buffer *out, struct error *err)
{
    struct text_ref told[COLUMN_COUNT];

    for (int i = 0; i < COLUMN_COUNT; i++)
        told[i] = cell[i].len == 0 && i > COLUMN_ICD10
                      ? (struct text_ref){NULL, 0}
                      : cell[i];
    return answer_one(context, told, out, err);
}

static const struct batch_kind necessity_kind = {.column = column_names,
    .columns = COLUMN_COUNT,
    .needed = 1u << COLUMN_CODE | 1u << COLUMN_ICD10,
    .needed_words = "code and icd10",
    .json = answer_json,
    .csv = answer_csv,
    .csv_heading = necessity_csv_heading,
    .csv_problem = necessity_csv_problem};

int necessity_batch_open(struct necessity_batch **out,
    const struct answers *answers, enum batch_form form, const char *body,
    size_t len, const struct necessity_request *defaults, struct error *err)
{
    struct necessity_batch *batch = malloc(sizeof *batch);
    int rc;

    if (batch == NULL)
        return error_memory(err);
    batch->answers = answers;
    rc = necessity_place_read(&batch->defaults, defaults, err);
    if (rc == 0)
        rc = batch_open(
            &batch->batch, &necessity_kind, batch, form, body, len, err);
    if (rc != 0) {
        free(batch);
        return rc;
    }
    *out = batch;
    return 0;
}

bool necessity_batch_step(
    struct necessity_batch *batch, uint32_t n, struct buffer *out)
{
    return batch_step(&batch->batch, n, out);
}

void necessity_batch_close(struct necessity_batch *batch)
{
    free(batch);
}

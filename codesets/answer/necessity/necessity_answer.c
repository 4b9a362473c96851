/* necessity_answer.c - a request for what coverage articles say. */
#include "codesets/answer/necessity/necessity_answer.h"

#include <stdlib.h>

#include "codesets/answer/necessity/necessity_lists.h"

static int read_place(struct necessity_place *out,
    const struct necessity_request *request, struct error *err)
{
    int rc = 0;

    out->kind = NECESSITY_PART_B;
    if (request->kind.text != NULL &&
        necessity_kind_parse(
            &out->kind, request->kind.text, request->kind.len) != 0)
        return error_set(err, ERR_INPUT, 0,
            "kind: a, b or dme, the kind of claim; b when not told");
    if (request->state.text != NULL)
        rc = necessity_set_state(
            out, request->state.text, request->state.len, err);
    if (rc == 0 && request->contractor.text != NULL)
        rc = necessity_set_contractor(
            out, request->contractor.text, request->contractor.len, err);
    if (rc == 0 && request->article.text != NULL)
        rc = necessity_set_article(
            out, request->article.text, request->article.len, err);
    return rc;
}

/* Leaves out what was not sent. */
static int read_question(struct necessity_question *out,
    const struct necessity_request *request, struct error *err)
{
    int rc;

    *out = (struct necessity_question){.day = request->day};
    rc = read_place(&out->place, request, err);
    if (rc == 0 && request->code.text != NULL)
        rc = necessity_set_procedure(
            out, request->code.text, request->code.len, err);
    if (rc == 0 && request->icd10.text != NULL)
        rc = necessity_set_diagnosis(
            out, request->icd10.text, request->icd10.len, err);
    return rc;
}

int necessity_place_read(struct necessity_question *out,
    const struct necessity_request *request, struct error *err)
{
    struct necessity_request place = *request;

    place.code.text = place.icd10.text = NULL;
    return read_question(out, &place, err);
}

int necessity_request_read(struct necessity_question *out,
    const struct necessity_request *request, struct error *err)
{
    if (request->code.text == NULL || request->icd10.text == NULL)
        return error_set(err, ERR_INPUT, 0,
            "%s: missing; a question names code and icd10",
            request->code.text == NULL ? "code" : "icd10");
    return read_question(out, request, err);
}

static int decide(struct buffer *out, const struct answers *answers,
    const struct necessity_question *question, struct error *err)
{
    struct necessity_answer *answer = malloc(sizeof *answer);
    struct json json;
    int rc;

    if (answer == NULL)
        return error_memory(err);
    rc = necessity_decide(answer, answers->rules, question, err);
    if (rc == 0) {
        json_begin(&json, out);
        json_open(&json, '{');
        necessity_json(&json, answers, question, answer, NECESSITY_FULL);
        json_close(&json, '}');
    }
    free(answer);
    return rc;
}

int answer_necessity(struct buffer *out, const struct answers *answers,
    const struct necessity_request *request, struct error *err)
{
    const bool code = request->code.text != NULL,
               icd10 = request->icd10.text != NULL;
    const size_t before = out->len;
    struct necessity_question question;
    int rc;

    if (!code && !icd10)
        return error_set(err, ERR_INPUT, 0,
            "code: name a procedure, a diagnosis (icd10), or both");
    if (request->limit > LIST_LIMIT_MAX)
        return error_set(err, ERR_INPUT, 0, "limit: at most %d codes a page",
            LIST_LIMIT_MAX);
    if (code && icd10 &&
        (request->q.text != NULL || request->prefix.text != NULL ||
            request->cursor.text != NULL))
        return error_set(err, ERR_INPUT, 0,
            "q, prefix and cursor are for the lists: name code or icd10 alone");
    if (!code && (request->q.text != NULL || request->prefix.text != NULL))
        return error_set(err, ERR_INPUT, 0,
            "q and prefix pick diagnoses of a procedure's lists: name code");
    if ((rc = read_question(&question, request, err)) != 0)
        return rc;
    if (code && icd10)
        rc = decide(out, answers, &question, err);
    else if (code)
        rc = necessity_lists_json(out, answers, &question, request, err);
    else
        rc = necessity_articles_json(out, answers, &question, request, err);
    if (rc == 0 && out->failed)
        rc = error_memory(err);
    if (rc != 0)
        out->len = before;
    return rc;
}

/* claim_batch.c - many claims in one body, one a line. */
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/claim/claim_answer.h"
#include "codesets/answer/json.h"

struct claim_batch {
    const struct answers *answers;
    struct claim_defaults defaults;
    const char *at, *end; /* what is left of the body */
    uint32_t line;        /* of the claim to come, from 1 */
    struct claim_work work;
};

static bool is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
            return false;
    return true;
}

/* The next line that holds something. */
static bool next_line(struct claim_batch *batch, struct text_ref *out)
{
    while (batch->at < batch->end) {
        const size_t left = (size_t)(batch->end - batch->at);
        const char *end = memchr(batch->at, '\n', left);
        const size_t len = end == NULL ? left : (size_t)(end - batch->at);

        *out = (struct text_ref){batch->at, len};
        batch->at += end == NULL ? len : len + 1;
        batch->line++;
        if (!is_blank(out->text, len))
            return true;
    }
    return false;
}

static uint32_t count_claims(const char *body, size_t len)
{
    const char *end = body + len;
    uint32_t n = 0;

    while (body < end && n <= CLAIM_BATCH_MAX) {
        const char *line = memchr(body, '\n', (size_t)(end - body));
        const char *stop = line == NULL ? end : line;

        n += !is_blank(body, (size_t)(stop - body));
        body = line == NULL ? end : line + 1;
    }
    return n;
}

int claim_batch_open(struct claim_batch **out, const struct answers *answers,
    const char *body, size_t len, const struct claim_defaults *defaults,
    struct error *err)
{
    static const char mark[3] = {'\xEF', '\xBB', '\xBF'};
    struct claim_batch *batch;
    uint32_t count;

    if (len >= sizeof mark && memcmp(body, mark, sizeof mark) == 0) {
        body += sizeof mark;
        len -= sizeof mark;
    }
    count = count_claims(body, len);
    if (count > CLAIM_BATCH_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "more than %d claims in one body: split it", CLAIM_BATCH_MAX);
    if (count == 0)
        return error_set(err, ERR_INPUT, 0,
            "the body holds no claim; send one JSON object a line");
    batch = malloc(sizeof *batch);
    if (batch == NULL)
        return error_memory(err);
    batch->answers = answers;
    batch->defaults = *defaults;
    batch->at = body;
    batch->end = body + len;
    batch->line = 0;
    *out = batch;
    return 0;
}

static void add_problem(struct buffer *out, uint32_t line, const char *problem)
{
    struct json json;

    json_begin(&json, out);
    json_open(&json, '{');
    json_key(&json, "line");
    json_int(&json, line);
    json_key(&json, "problem");
    json_string(&json, problem);
    json_close(&json, '}');
}

static void answer_line(
    struct claim_batch *batch, struct text_ref line, struct buffer *out)
{
    struct claim_work *work = &batch->work;
    struct error err = {0};
    int rc;

    batch->defaults.line = batch->line;
    if (line.len > CLAIM_BATCH_LINE_MAX)
        rc = error_set(
            &err, ERR_LIMIT, 0, "longer than %d bytes", CLAIM_BATCH_LINE_MAX);
    else
        rc = claim_read_json(&work->claim, batch->answers->rules,
            &batch->defaults, line.text, line.len, &err);
    if (rc == 0)
        rc = answer_claim(out, batch->answers, work, &err);
    if (rc != 0)
        add_problem(out, batch->line, err.msg);
    buffer_addc(out, '\n');
}

bool claim_batch_step(struct claim_batch *batch, uint32_t n, struct buffer *out)
{
    struct text_ref line;

    for (; n > 0; n--) {
        if (!next_line(batch, &line))
            return false;
        answer_line(batch, line, out);
    }
    return batch->at < batch->end;
}

void claim_batch_close(struct claim_batch *batch)
{
    free(batch);
}

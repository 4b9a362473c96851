#include "indexer/replay/question.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/answer/claim/claim_answer.h"
#include "codesets/answer/json.h"
#include "codesets/answer/necessity/necessity_batch.h"
#include "codesets/answer/pair/pair_batch.h"
#include "codesets/answer/units/units_answer.h"

/* About a megabyte each, used again and again. */
struct question_work {
    struct claim_work claim;
    struct pairs_question pairs;
    struct units_request units;
    struct pair_batch batch;
};

struct question_work *question_work_new(void)
{
    return malloc(sizeof(struct question_work));
}

void question_work_free(struct question_work *work)
{
    free(work);
}

/* --- parameters, as the server takes them -----------------------------------
 */

static struct text_ref param(const struct question *q, const char *name)
{
    for (size_t i = 0; i < q->params; i++)
        if (q->param[i].name.len == strlen(name) &&
            memcmp(q->param[i].name.text, name, strlen(name)) == 0)
            return q->param[i].value;
    return (struct text_ref){NULL, 0};
}

static int bad(struct error *err, const char *name)
{
    return error_set(err, ERR_INPUT, 0, "bad value of %s", name);
}

static int param_day(const struct question *q, day_t *day, struct error *err)
{
    const struct text_ref text = param(q, "date");

    return text.text == NULL || day_parse_iso(day, text.text, text.len) == 0
               ? 0
               : bad(err, "date");
}

static int param_place(const struct question *q, enum setting *setting,
    enum program *program, struct error *err)
{
    struct text_ref text = param(q, "setting");

    *setting = SETTING_PRACTITIONER;
    *program = PROGRAM_MEDICARE;
    if (text.text != NULL &&
        (setting_parse(setting, text.text, text.len) != 0 ||
            *setting == SETTING_NONE))
        return bad(err, "setting");
    text = param(q, "program");
    if (text.text != NULL &&
        (program_parse(program, text.text, text.len) != 0 ||
            *program == PROGRAM_NONE))
        return bad(err, "program");
    return 0;
}

static int param_number(const struct question *q, const char *name,
    uint32_t *out, struct error *err)
{
    const struct text_ref text = param(q, name);
    uint32_t number = 0;

    if (text.text == NULL)
        return 0;
    if (text.len == 0 || text.len > 6)
        return bad(err, name);
    for (size_t i = 0; i < text.len; i++) {
        if (text.text[i] < '0' || text.text[i] > '9')
            return bad(err, name);
        number = number * 10 + (uint32_t)(text.text[i] - '0');
    }
    *out = number;
    return 0;
}

static int param_systems(
    const struct question *q, uint32_t *systems, struct error *err)
{
    const struct text_ref text = param(q, "system");

    return text.text == NULL ? 0
                             : systems_parse(systems, text.text, text.len, err);
}

/* --- addresses --------------------------------------------------------------
 */

static int ask_edits(struct buffer *out, const struct answers *answers,
    const struct question *q, day_t today, struct error *err)
{
    struct edits_question question = {.code = q->segment[2],
        .cursor = param(q, "cursor"),
        .day = today,
        .on_day = param(q, "date").text != NULL};
    const struct text_ref column = param(q, "column");
    int rc;

    if (column.len == 1 && (*column.text == '1' || *column.text == '2'))
        question.column = *column.text - '0';
    if ((rc = param_day(q, &question.day, err)) != 0 ||
        (rc = param_place(q, &question.setting, &question.program, err)) != 0 ||
        (rc = param_number(q, "limit", &question.limit, err)) != 0)
        return rc;
    return answer_edits(out, answers, &question, err);
}

static int ask_codes(struct buffer *out, const struct answers *answers,
    const struct question *q, day_t today, struct error *err)
{
    struct codes_question list = {.prefix = param(q, "prefix"),
        .from = param(q, "from"),
        .to = param(q, "to"),
        .codes = param(q, "codes"),
        .cursor = param(q, "cursor"),
        .day = today};
    int rc;

    if (q->segments == 4)
        return ask_edits(out, answers, q, today, err);
    if ((rc = param_day(q, &list.day, err)) != 0 ||
        (rc = param_systems(q, &list.systems, err)) != 0 ||
        (rc = param_number(q, "limit", &list.limit, err)) != 0)
        return rc;
    if (q->segments == 3) {
        const struct code_question one = {
            .code = q->segment[2], .systems = list.systems, .day = list.day};

        return answer_code(out, answers, &one, err);
    }
    return answer_codes(out, answers, &list, err);
}

static int ask_pairs(struct buffer *out, const struct answers *answers,
    const struct question *q, day_t today, struct pairs_question *question,
    struct error *err)
{
    const struct text_ref codes = param(q, "codes");
    const struct text_ref modifiers = param(q, "modifiers");
    int rc;

    question->count = 0;
    question->day = today;
    if (codes.text == NULL)
        return bad(err, "codes");
    if ((rc = param_day(q, &question->day, err)) != 0 ||
        (rc = param_place(q, &question->setting, &question->program, err)) !=
            0 ||
        (rc = pairs_add_codes(question, answers, codes.text, codes.len, err)) !=
            0 ||
        (modifiers.text != NULL &&
            (rc = pairs_add_modifiers(
                 question, modifiers.text, modifiers.len, err)) != 0))
        return rc;
    return answer_pairs(out, answers, question, err);
}

static int ask_search(struct buffer *out, const struct answers *answers,
    const struct question *q, day_t today, struct error *err)
{
    struct search_question question = {.text = param(q, "q"),
        .cursor = param(q, "cursor"),
        .facets = param(q, "facets"),
        .order = param(q, "order"),
        .day = today,
        .on_day = param(q, "date").text != NULL};
    int rc;

    if (question.text.text == NULL)
        return bad(err, "q");
    for (int facet = FACET_SYSTEM + 1; facet < FACET_COUNT; facet++)
        question.wanted[facet] =
            param(q, search_facet_name((enum search_facet)facet));
    if ((rc = param_day(q, &question.day, err)) != 0 ||
        (rc = param_systems(q, &question.systems, err)) != 0 ||
        (rc = param_number(q, "limit", &question.limit, err)) != 0)
        return rc;
    return answer_search(out, answers, &question, err);
}

static bool says_yes(struct text_ref text)
{
    return text.text != NULL && (text.len == 0 || *text.text == 't' ||
                                    *text.text == 'y' || *text.text == '1');
}

static int ask_units(struct buffer *out, const struct answers *answers,
    const struct question *q, day_t today, struct units_request *request,
    struct error *err)
{
    const struct text_ref minutes = param(q, "minutes");
    const struct text_ref family = param(q, "family"), rule = param(q, "rule");
    int rc;

    units_begin(request, today);
    request->question.pool_cognitive = says_yes(param(q, "pool_cognitive"));
    if (minutes.text == NULL)
        return bad(err, "minutes");
    if ((rc = param_day(q, &request->question.day, err)) != 0 ||
        (rule.text != NULL && (rc = units_rule_parse(&request->question.rule,
                                   rule.text, rule.len, err)) != 0))
        return rc;
    rc = family.text != NULL
             ? units_set_family(request, answers, family, minutes, err)
             : units_add_text(request, answers, minutes.text, minutes.len, err);
    return rc != 0 ? rc : answer_units(out, answers, request, err);
}

static int ask_policies(struct buffer *out, const struct answers *answers,
    const struct question *q, day_t today, struct error *err)
{
    struct policies_question question = {.q = param(q, "q"),
        .state = param(q, "state"),
        .contractor = param(q, "contractor"),
        .kind = param(q, "kind"),
        .cursor = param(q, "cursor"),
        .day = today};
    int rc;

    if ((rc = param_day(q, &question.day, err)) != 0 ||
        (rc = param_number(q, "limit", &question.limit, err)) != 0)
        return rc;
    return q->segments == 3
               ? answer_policy(out, answers, q->segment[2], question.day, err)
               : answer_policies(out, answers, &question, err);
}

static int ask_necessity(struct buffer *out, const struct answers *answers,
    const struct question *q, day_t today, struct error *err)
{
    struct necessity_request request = {.code = param(q, "code"),
        .icd10 = param(q, "icd10"),
        .state = param(q, "state"),
        .contractor = param(q, "contractor"),
        .article = param(q, "article"),
        .kind = param(q, "kind"),
        .q = param(q, "q"),
        .prefix = param(q, "prefix"),
        .cursor = param(q, "cursor"),
        .day = today};
    int rc;

    if (q->segment[1].len == strlen("policies"))
        return ask_policies(out, answers, q, today, err);
    if ((rc = param_day(q, &request.day, err)) != 0 ||
        (rc = param_number(q, "limit", &request.limit, err)) != 0)
        return rc;
    return answer_necessity(out, answers, &request, err);
}

static int ask_address(struct buffer *out, const struct answers *answers,
    const struct question *q, day_t today, struct question_work *work,
    struct error *err)
{
    switch (q->kind) {
    case QUESTION_CODES:
        return ask_codes(out, answers, q, today, err);
    case QUESTION_PAIRS:
        return ask_pairs(out, answers, q, today, &work->pairs, err);
    case QUESTION_SEARCH:
        return ask_search(out, answers, q, today, err);
    case QUESTION_UNITS:
        return ask_units(out, answers, q, today, &work->units, err);
    default:
        return ask_necessity(out, answers, q, today, err);
    }
}

/* --- bodies -----------------------------------------------------------------
 */

static int ask_pair_body(struct buffer *out, const struct answers *answers,
    const struct question *q, day_t today, struct pair_batch *batch,
    struct error *err)
{
    const struct pair_defaults defaults = {.day = today,
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE};
    int rc = pair_batch_open(batch, answers, BATCH_NDJSON, q->shown.text,
        q->shown.len, &defaults, err);

    if (rc == 0)
        (void)pair_batch_step(batch, 2, out);
    return rc;
}

static int ask_claim_body(struct buffer *out, const struct answers *answers,
    const struct question *q, day_t today, struct claim_work *work,
    struct error *err)
{
    const struct claim_defaults defaults = {.day = today,
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE};
    int rc = claim_read_json(&work->claim, answers->rules, &defaults,
        q->shown.text, q->shown.len, err);

    return rc != 0 ? rc : answer_claim(out, answers, work, err);
}

static int ask_minutes_body(struct buffer *out, const struct answers *answers,
    const struct question *q, day_t today, struct units_request *request,
    struct error *err)
{
    int rc;

    units_begin(request, today);
    rc = units_read_json(request, answers, q->shown.text, q->shown.len, err);
    return rc != 0 ? rc : answer_units(out, answers, request, err);
}

static int ask_necessity_body(struct buffer *out, const struct answers *answers,
    const struct question *q, day_t today, struct error *err)
{
    const struct necessity_request defaults = {.day = today};
    struct necessity_batch *batch;
    int rc = necessity_batch_open(&batch, answers, BATCH_NDJSON, q->shown.text,
        q->shown.len, &defaults, err);

    if (rc == 0) {
        (void)necessity_batch_step(batch, 2, out);
        necessity_batch_close(batch);
    }
    return rc;
}

int question_ask(struct buffer *out, const struct answers *answers,
    const struct question *question, day_t today, struct question_work *work,
    struct error *err)
{
    struct json json = {.out = out};
    struct error why = {0};
    int rc;

    switch (question->form) {
    case FORM_PAIR:
        rc = ask_pair_body(out, answers, question, today, &work->batch, &why);
        break;
    case FORM_CLAIM:
        rc = ask_claim_body(out, answers, question, today, &work->claim, &why);
        break;
    case FORM_MINUTES:
        rc =
            ask_minutes_body(out, answers, question, today, &work->units, &why);
        break;
    case FORM_NECESSITY:
        rc = ask_necessity_body(out, answers, question, today, &why);
        break;
    default:
        rc = ask_address(out, answers, question, today, work, &why);
    }
    if (rc == ERR_SYSTEM || rc == ERR_CORRUPT)
        return error_set(err, rc, why.cause, "%s", why.msg);
    if (rc != 0) {
        json_open(&json, '{');
        json_key(&json, "problem");
        json_string(&json, why.msg);
        json_close(&json, '}');
    }
    return out->failed ? error_memory(err) : 0;
}

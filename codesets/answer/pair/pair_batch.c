#include "codesets/answer/pair/pair_batch.h"

#include "codesets/answer/pair/pair_answer.h"
#include "codesets/answer/pair/pair_text.h"

/* What a CSV column holds. */
enum column {
    COLUMN_CODE_A,
    COLUMN_CODE_B,
    COLUMN_DATE,
    COLUMN_SETTING,
    COLUMN_PROGRAM,
    COLUMN_MODIFIERS_A,
    COLUMN_MODIFIERS_B,
    COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {"code_a", "code_b",
    "date", "setting", "program", "modifiers_a", "modifiers_b"};

static struct pair_question begin(const struct pair_batch *batch)
{
    return (struct pair_question){.day = batch->defaults.day,
        .setting = batch->defaults.setting,
        .program = batch->defaults.program};
}

static void add_answer(const struct pair_batch *batch,
    const struct pair_question *question, struct buffer *out)
{
    const struct rules *rules = batch->answers->rules;
    struct pair_decision decision;
    struct json json;

    pair_decide(&decision, rules, question);
    if (batch->batch.form == BATCH_CSV) {
        pair_csv(out, rules, question, &decision);
        return;
    }
    json_begin(&json, out);
    pair_json(&json, rules, question, &decision, PAIR_BRIEF);
}

static int answer_json(
    void *context, struct text_ref line, struct buffer *out, struct error *err)
{
    const struct pair_batch *batch = context;
    struct pair_question question = begin(batch);
    struct pair_line a, b;
    struct pair_text text;
    int rc = pair_text_json(&text, line.text, line.len, err);

    if (rc == 0)
        rc = pair_text_resolve(
            &text, batch->answers->rules, &question, &a, &b, err);
    if (rc == 0)
        add_answer(batch, &question, out);
    pair_text_clear(&text);
    return rc;
}

/* An empty cell says nothing. */
static struct text_ref told(struct text_ref cell)
{
    return cell.len == 0 ? (struct text_ref){NULL, 0} : cell;
}

static int answer_csv(void *context, const struct text_ref *cell,
    struct buffer *out, struct error *err)
{
    const struct pair_batch *batch = context;
    struct pair_question question = begin(batch);
    const struct text_ref *modifiers = cell + COLUMN_MODIFIERS_A;
    struct pair_text text = {.code = {cell[COLUMN_CODE_A], cell[COLUMN_CODE_B]},
        .date = told(cell[COLUMN_DATE]),
        .setting = told(cell[COLUMN_SETTING]),
        .program = told(cell[COLUMN_PROGRAM])};
    struct pair_line a, b;
    int rc =
        pair_text_resolve(&text, batch->answers->rules, &question, &a, &b, err);

    if (rc == 0 && modifiers[0].len > 0)
        rc = pair_line_modifiers(&a, modifiers[0].text, modifiers[0].len, err);
    if (rc == 0 && modifiers[1].len > 0)
        rc = pair_line_modifiers(&b, modifiers[1].text, modifiers[1].len, err);
    if (rc == 0)
        add_answer(batch, &question, out);
    return rc;
}

static const struct batch_kind pair_kind = {.column = column_names,
    .columns = COLUMN_COUNT,
    .needed = 1u << COLUMN_CODE_A | 1u << COLUMN_CODE_B,
    .needed_words = "code_a and code_b",
    .json = answer_json,
    .csv = answer_csv,
    .csv_heading = pair_csv_heading,
    .csv_problem = pair_csv_problem};

int pair_batch_open(struct pair_batch *out, const struct answers *answers,
    enum batch_form form, const char *body, size_t len,
    const struct pair_defaults *defaults, struct error *err)
{
    out->answers = answers;
    out->defaults = *defaults;
    return batch_open(&out->batch, &pair_kind, out, form, body, len, err);
}

#include "codesets/answer/pair/pair_answer.h"

#include <string.h>

#include "codesets/answer/batch.h"

enum { CSV_COLUMNS = 23 };

void pair_csv_heading(struct buffer *out)
{
    buffer_adds(out,
        "code_a,code_b,date,setting,program,verdict,reason,column1,column2,"
        "modifier_indicator,effective,deleted,effective_inferred,rationale,"
        "denied,bypass_modifier,bypass_code,stale,release,file,row,line,"
        "problem\r\n");
}

static void field(struct buffer *out, const char *text)
{
    buffer_addc(out, ',');
    csv_cell(out, text, strlen(text));
}

static void day_field(struct buffer *out, day_t day)
{
    char text[DAY_TEXT_LEN];

    buffer_addc(out, ',');
    buffer_add(out, text, day_format(text, day));
}

static void edit_fields(struct buffer *out, const struct rules *rules,
    const struct pair_decision *decision, const struct ptp_edit *edit,
    const struct pair_line *const line[2])
{
    const bool told = edit != NULL;

    field(out, decision->live ? line[decision->column1_line]->code : "");
    field(out, decision->live ? line[1 - decision->column1_line]->code : "");
    buffer_addc(out, ',');
    if (decision->live)
        buffer_addu(out, (uint64_t)indicator_number(decision->edit.indicator));
    else if (decision->reason == REASON_EDIT_NEVER_ACTIVE)
        buffer_addc(out, '9');
    day_field(out, told ? edit->effective : DAY_OPEN);
    day_field(out, told ? edit->deleted : DAY_OPEN);
    field(out, decision->inferred ? "true" : "false");
    field(out, told ? store_text(rules->store, edit->rationale, NULL) : "");
}

void pair_csv(struct buffer *out, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision)
{
    const struct edit_scope *scope =
        &rules->edits[question->setting][question->program];
    const struct pair_line *const line[2] = {question->a, question->b};
    struct ptp_edit decisive;
    const struct ptp_edit *edit =
        pair_decisive_edit(&decisive, scope, decision);
    const bool told = edit != NULL;
    char modifier[3] = "";

    if (decision->bypass_line != NO_LINE)
        modifier_unpack(modifier, decision->bypass_modifier);
    csv_cell(out, line[0]->code, line[0]->len);
    field(out, line[1]->code);
    day_field(out, question->day);
    field(out, setting_name(question->setting));
    field(out, program_name(question->program));
    field(out, pair_verdict_name(decision->verdict));
    field(out, pair_reason_name(decision->reason));
    edit_fields(out, rules, decision, edit, line);
    field(out, decision->denied_line == NO_LINE
                   ? ""
                   : line[decision->denied_line]->code);
    field(out, modifier);
    field(out, decision->bypass_line == NO_LINE
                   ? ""
                   : line[decision->bypass_line]->code);
    field(out, decision->stale ? "true" : "false");
    field(out, told ? scope->release->label : "");
    field(out, told ? store_file(rules->store, edit->file) : "");
    buffer_addc(out, ',');
    if (told)
        buffer_addu(out, edit->line);
    buffer_adds(out, ",,\r\n");
}

void pair_csv_problem(struct buffer *out, uint32_t line, const char *problem)
{
    for (int i = 0; i < CSV_COLUMNS - 2; i++)
        buffer_addc(out, ',');
    buffer_addu(out, line);
    field(out, problem);
    buffer_adds(out, "\r\n");
}

/* necessity_csv.c - a decision as a line of CSV. */
#include <string.h>

#include "codesets/answer/batch.h"
#include "codesets/answer/necessity/necessity_answer.h"

enum { CSV_COLUMNS = 13 };

void necessity_csv_heading(struct buffer *out)
{
    buffer_adds(out, "code,icd10,date,verdict,reason,link,has_conditions,stale,"
                     "detail,articles,release,line,problem\r\n");
}

static void field(struct buffer *out, const char *text)
{
    buffer_addc(out, ',');
    if (text != NULL)
        csv_cell(out, text, strlen(text));
}

void necessity_csv(struct buffer *out, const struct rules *rules,
    const struct necessity_question *question,
    const struct necessity_answer *answer)
{
    const struct coverage *coverage = store_coverage(rules->store);
    const bool told =
        answer->series != NULL && answer->release < answer->series->releases;
    char text[CODE_TEXT], day[DAY_TEXT_LEN], id[POLICY_ID_TEXT];
    uint32_t last = COVERAGE_NONE;

    (void)day_format(day, question->day);
    csv_cell(out, question->procedure, strlen(question->procedure));
    if (icd_shaped(question->diagnosis, strlen(question->diagnosis)))
        (void)icd_dotted(
            text, question->diagnosis, strlen(question->diagnosis));
    else
        memcpy(text, question->diagnosis, sizeof text);
    field(out, text);
    field(out, day);
    field(out, necessity_verdict_name(answer->verdict));
    field(out, necessity_reason_name(answer->reason));
    field(out, tie_link_name(answer->link));
    field(out, answer->conditions ? "true" : "false");
    field(out, answer->stale ? "true" : "false");
    field(out, necessity_detail_name(answer->detail));
    buffer_addc(out, ',');
    for (uint16_t i = 0; i < answer->votes; i++) {
        struct coverage_document document;

        if (answer->vote[i].document == last)
            continue;
        coverage_document(coverage, answer->vote[i].document, &document);
        policy_id(id, coverage, &document);
        buffer_addf(out, "%s%s", last == COVERAGE_NONE ? "" : " ", id);
        last = answer->vote[i].document;
    }
    field(out, told ? answer->series->release[answer->release].label : NULL);
    buffer_adds(out, ",,\r\n");
}

void necessity_csv_problem(
    struct buffer *out, uint32_t line, const char *problem)
{
    for (int i = 0; i < CSV_COLUMNS - 2; i++)
        buffer_addc(out, ',');
    buffer_addu(out, line);
    field(out, problem);
    buffer_adds(out, "\r\n");
}

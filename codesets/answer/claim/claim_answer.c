#include "codesets/answer/claim/claim_answer.h"

#include <stdio.h>
#include <string.h>

#include "codesets/answer/pair/pair_answer.h"
#include "codesets/answer/release_json.h"
#include "codesets/store/mue.h"

static void lines_json(
    struct json *json, const char *key, const uint16_t *line, size_t count)
{
    json_key(json, key);
    json_open(json, '[');
    for (size_t i = 0; i < count; i++)
        json_int(json, line[i] + 1);
    json_close(json, ']');
}

static void code_of_line(
    struct json *json, const struct claim *claim, uint16_t line)
{
    json_text(json, claim->line[line].code.code, claim->line[line].code.len);
}

static void packed_json(struct json *json, uint32_t packed)
{
    char text[PROC_LEN + 1];

    proc_unpack(text, packed);
    json_word(json, text);
}

enum { CODES_SHOWN = 50 }; /* different codes that a finding names */

/* The different codes of a finding's lines. */
static void line_codes_json(struct json *json, const struct claim_work *work,
    const struct claim_finding *finding)
{
    const uint16_t *line = work->report.ref + finding->first_ref;
    uint16_t shown[CODES_SHOWN];
    size_t count = 0;

    for (uint16_t i = 0; i < finding->lines && count < CODES_SHOWN; i++) {
        const char *code = work->claim.line[line[i]].code.code;
        size_t k = 0;

        while (k < count &&
               strcmp(work->claim.line[shown[k]].code.code, code) != 0)
            k++;
        if (k < count)
            continue;
        shown[count++] = line[i];
        code_of_line(json, &work->claim, line[i]);
    }
}

/* The codes a finding is about: column 1 and 2 of an edit, the code that the
 * minutes earn, those of its lines, or the diagnosis. */
static void codes_json(struct json *json, const struct claim_work *work,
    const struct claim_finding *finding)
{
    const struct claim *claim = &work->claim;

    json_key(json, "codes");
    json_open(json, '[');
    if (finding->check >= CHECK_PTP_BLOCKED &&
        finding->check <= CHECK_PTP_BYPASSED) {
        code_of_line(json, claim, finding->line[0]);
        code_of_line(json, claim, finding->line[1]);
    } else if (finding->check == CHECK_UNITS_OTHER_CODE) {
        packed_json(json, finding->code[0]);
    } else if (finding->diagnosis == NO_DIAGNOSIS) {
        line_codes_json(json, work, finding);
    } else {
        const struct claim_diagnosis *diagnosis =
            &claim->diagnosis[finding->diagnosis];
        char text[CODE_TEXT];

        if (diagnosis->shaped)
            json_text(
                json, text, icd_dotted(text, diagnosis->code, diagnosis->len));
        else
            json_text(json, diagnosis->code, diagnosis->len);
    }
    json_close(json, ']');
}

static void modifiers_json(
    struct json *json, const struct claim_finding *finding)
{
    if (finding->modifier[0] == MODIFIER_NONE)
        return;
    json_key(json, "modifiers");
    json_open(json, '[');
    for (int i = 0; i < 2; i++) {
        char text[MODIFIER_LEN + 1];

        if (finding->modifier[i] == MODIFIER_NONE)
            continue;
        modifier_unpack(text, finding->modifier[i]);
        json_word(json, text);
    }
    json_close(json, ']');
}

static void number_json(struct json *json, const char *key, uint64_t number)
{
    json_key(json, key);
    json_int(json, (int64_t)number);
}

static void edit_terms_json(struct json *json, const struct claim *claim,
    const struct claim_finding *finding)
{
    json_key(json, "edit");
    json_open(json, '{');
    json_key(json, "column1");
    code_of_line(json, claim, finding->line[0]);
    json_key(json, "column2");
    code_of_line(json, claim, finding->line[1]);
    json_key(json, "modifier_indicator");
    json_int(json, indicator_number(finding->edit.indicator));
    json_key(json, "effective");
    json_day(json, finding->edit.effective);
    json_key(json, "deleted");
    json_day(json, finding->edit.deleted);
    json_key(json, "effective_inferred");
    json_bool(json, finding->edit.inferred);
    json_key(json, "rationale");
    json_string(json, finding->word);
    json_close(json, '}');
}

static void primaries_json(
    struct json *json, const struct claim_finding *finding)
{
    json_key(json, "addon");
    json_open(json, '{');
    number_json(json, "type", finding->number[0]);
    json_key(json, "primaries");
    json_open(json, '[');
    for (size_t i = 0; i < ADDON_SAMPLE && finding->code[i] != PROC_NONE; i++)
        packed_json(json, finding->code[i]);
    json_close(json, ']');
    number_json(json, "primaries_listed", finding->number[1]);
    json_key(json, "note");
    json_string(json, finding->note != NULL && finding->note[0] != '\0'
                          ? finding->note
                          : NULL);
    json_close(json, '}');
}

/* What one kind of finding tells besides. */
static void details_json(struct json *json, const struct claim *claim,
    const struct claim_finding *finding)
{
    switch (finding->check) {
    case CHECK_STATUS:
        json_key(json, "status");
        json_string(json, finding->word);
        json_key(json, "use_instead");
        if (finding->code[0] != PROC_NONE)
            packed_json(json, finding->code[0]);
        else
            json_null(json);
        break;
    case CHECK_VALIDITY_CODE:
        json_key(json, "replaced_by");
        json_string(json, finding->word);
        break;
    case CHECK_UNITS_MINUTES:
    case CHECK_UNITS_OTHER_CODE:
        if (finding->reason == CLAIM_MINUTES_INCOMPLETE)
            break;
        number_json(json, "units", finding->number[0]);
        number_json(json, "units_of_minutes", finding->number[1]);
        number_json(json, "minutes", finding->number[2]);
        break;
    case CHECK_MUE_EXCEEDED:
        json_key(json, "mue");
        json_open(json, '{');
        number_json(json, "value", finding->number[0]);
        json_key(json, "mai");
        if (finding->number[2] == MAI_NONE)
            json_null(json);
        else
            json_int(json, (int64_t)finding->number[2]);
        number_json(json, "units_denied", finding->number[1]);
        json_key(json, "reviewable");
        json_bool(json, finding->reason == CLAIM_DAY_LIMIT_REVIEWABLE);
        json_key(json, "rationale");
        json_string(json, finding->word);
        json_close(json, '}');
        break;
    case CHECK_PTP_BLOCKED:
    case CHECK_PTP_MODIFIER_NEEDED:
    case CHECK_PTP_BYPASSED:
        edit_terms_json(json, claim, finding);
        break;
    case CHECK_ADDON_WITHOUT_PRIMARY:
    case CHECK_ADDON_AT_RISK:
    case CHECK_ADDON_NOT_DEFINED:
    case CHECK_ADDON_UNKNOWN:
        primaries_json(json, finding);
        break;
    case CHECK_NECESSITY:
        json_key(json, "necessity");
        json_open(json, '{');
        json_key(json, "article");
        if (finding->number[0] == 0) {
            json_null(json);
        } else {
            char article[16];

            (void)snprintf(
                article, sizeof article, "A%u", (unsigned)finding->number[0]);
            json_word(json, article);
            number_json(json, "group", finding->number[1]);
        }
        json_key(json, "link");
        json_string(json, tie_link_name((enum tie_link)finding->number[2]));
        json_close(json, '}');
        break;
    case CHECK_THERAPY_THRESHOLD:
        if (finding->reason == CLAIM_AMOUNT_UNKNOWN)
            break;
        json_key(json, "threshold");
        json_open(json, '{');
        number_json(json, "pt_slp", finding->number[0]);
        number_json(json, "ot", finding->number[1]);
        number_json(json, "review", finding->number[2]);
        json_close(json, '}');
        break;
    default:
        break;
    }
}

static void finding_source_json(
    struct json *json, const struct claim_finding *finding)
{
    json_key(json, "source");
    if (finding->source.file == NULL && finding->release == NULL) {
        json_null(json);
        return;
    }
    json_open(json, '{');
    json_key(json, "release");
    json_string(json, finding->release);
    json_key(json, "file");
    json_string(json, finding->source.file);
    json_key(json, "row");
    if (finding->source.file == NULL)
        json_null(json);
    else
        json_int(json, finding->source.row);
    json_close(json, '}');
}

static void finding_json(struct json *json, const struct claim_work *work,
    const struct claim_finding *finding, struct buffer *text)
{
    const struct claim *claim = &work->claim;
    const uint16_t *line = work->report.ref + finding->first_ref;

    json_open(json, '{');
    json_key(json, "id");
    json_word(json, claim_check_name(finding->check));
    json_key(json, "severity");
    json_word(json, claim_severity_name(finding->severity));
    lines_json(json, "lines", line, finding->lines);
    if (finding->denied > 0)
        lines_json(json, "denied", line + finding->lines, finding->denied);
    codes_json(json, work, finding);
    modifiers_json(json, finding);
    json_key(json, "reason");
    json_word(json, claim_reason_name(finding->reason));
    text->len = 0;
    claim_finding_text(text, claim, finding);
    json_key(json, "text");
    json_text(json, text->data, text->len);
    json_key(json, "date");
    json_day(json, finding->day);
    json_key(json, "rule");
    json_word(json, claim_rule_name(finding->check));
    details_json(json, claim, finding);
    finding_source_json(json, finding);
    json_close(json, '}');
}

static void gap_json(struct json *json, const struct claim *claim,
    const struct claim_gap *gap, struct buffer *text)
{
    json_open(json, '{');
    json_key(json, "table");
    json_word(json, claim_table_name(gap->table));
    json_key(json, "reason");
    json_word(json, claim_gap_name(gap->reason));
    json_key(json, "needed");
    json_bool(json, gap->needed);
    json_key(json, "lines");
    json_open(json, '[');
    for (unsigned i = 0; i < claim->lines; i++)
        if ((gap->line[i / 64] >> i % 64 & 1) != 0)
            json_int(json, (int64_t)i + 1);
    json_close(json, ']');
    text->len = 0;
    claim_gap_text(text, claim, gap);
    json_key(json, "text");
    json_text(json, text->data, text->len);
    json_close(json, '}');
}

static void checked_json(struct json *json, const struct claim_report *report)
{
    json_key(json, "checked");
    json_open(json, '{');
    for (int table = 0; table < CLAIM_TABLES; table++) {
        json_key(json, claim_table_name((enum claim_table)table));
        json_bool(json, claim_checked(report, (enum claim_table)table));
    }
    json_close(json, '}');
}

/* Each line with what became of it. */
static void claim_lines_json(struct json *json, const struct claim_work *work)
{
    const struct claim *claim = &work->claim;

    json_key(json, "lines");
    json_open(json, '[');
    for (uint16_t i = 0; i < claim->lines; i++) {
        const struct claim_line *line = &claim->line[i];

        json_open(json, '{');
        json_key(json, "line");
        json_int(json, i + 1);
        json_key(json, "code");
        code_of_line(json, claim, i);
        json_key(json, "date");
        if ((line->flaws & FLAW_DATE) != 0)
            json_null(json);
        else
            json_day(json, line->day);
        json_key(json, "denied");
        json_bool(json, claim_line_denied(&work->report, i));
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void releases_json(struct json *json, const struct answers *answers,
    const struct claim_work *work)
{
    static const struct {
        enum claim_table asked;
        enum table table;
        bool by_setting;
    } tables[] = {
        {CLAIM_VALIDITY, TABLE_HCPCS, false},
        {CLAIM_PFS, TABLE_PFS, false},
        {CLAIM_ICD10CM, TABLE_ICD10CM, false},
        {CLAIM_MUE, TABLE_MUE, true},
        {CLAIM_PTP, TABLE_PTP, true},
        {CLAIM_AOC, TABLE_AOC, false},
        {CLAIM_NECESSITY, TABLE_COVERAGE, false},
    };
    const struct claim *claim = &work->claim;

    json_key(json, "releases");
    json_open(json, '[');
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const struct series *series =
            store_series(answers->store, tables[i].table,
                tables[i].by_setting ? claim->setting : SETTING_NONE,
                tables[i].by_setting ? claim->program : PROGRAM_NONE);

        if ((work->report.needed >> tables[i].asked & 1) != 0)
            release_used_json(json, series, claim->day);
    }
    json_close(json, ']');
}

int answer_claim(struct buffer *out, const struct answers *answers,
    struct claim_work *work, struct error *err)
{
    static const char *const counts[] = {"errors", "warnings", "information"};
    const struct claim *claim = &work->claim;
    const struct claim_report *report = &work->report;
    const size_t before = out->len;
    struct buffer text = {.max = 1 << 16};
    struct json json;
    int rc = claim_check(&work->report, answers->rules, claim, err);

    if (rc != 0)
        return rc;
    json_begin(&json, out);
    json_open(&json, '{');
    json_key(&json, "date");
    json_day(&json, claim->day);
    json_key(&json, "setting");
    json_word(&json, setting_name(claim->setting));
    json_key(&json, "program");
    json_word(&json, program_name(claim->program));
    json_key(&json, "payer");
    json_word(&json, claim_payer_name(claim->payer));
    json_key(&json, "rule");
    json_word(&json, units_rule_name(claim->rule));
    json_key(&json, "clean");
    json_bool(&json, report->clean);
    for (int i = 0; i < 3; i++)
        number_json(&json, counts[i], report->count[i]);
    json_key(&json, "truncated");
    json_bool(&json, report->cut);
    json_key(&json, "stale");
    json_bool(&json, report->stale);
    json_key(&json, "findings");
    json_open(&json, '[');
    for (uint16_t i = 0; i < report->findings; i++)
        finding_json(&json, work, claim_finding_at(report, i), &text);
    json_close(&json, ']');
    checked_json(&json, report);
    json_key(&json, "not_checked");
    json_open(&json, '[');
    for (uint16_t i = 0; i < report->gaps; i++)
        gap_json(&json, claim, &report->gap[i], &text);
    json_close(&json, ']');
    claim_lines_json(&json, work);
    releases_json(&json, answers, work);
    json_close(&json, '}');
    if (out->failed || text.failed) {
        out->len = before;
        rc = error_memory(err);
    }
    buffer_clear(&text);
    return rc;
}

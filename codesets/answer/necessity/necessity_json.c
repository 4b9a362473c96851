/* necessity_json.c - a decision as JSON. */
#include <string.h>

#include "codesets/answer/item.h"
#include "codesets/answer/necessity/necessity_answer.h"
#include "codesets/answer/pair/pair_answer.h"
#include "codesets/answer/release_json.h"

static void word_member(struct json *json, const char *key, const char *word)
{
    json_key(json, key);
    if (word == NULL || *word == '\0')
        json_null(json);
    else
        json_word(json, word);
}

static void text_member(struct json *json, const char *key, const char *text)
{
    json_key(json, key);
    json_string(json, text == NULL || *text == '\0' ? NULL : text);
}

const char *coverage_list_name(enum coverage_list list)
{
    static const char *const names[COVERAGE_LISTS] = {"procedures", "covered",
        "noncovered", "modifiers", "bill_types", "revenue_codes", "other",
        "contractors", "states"};

    return (unsigned)list < COVERAGE_LISTS ? names[list] : "";
}

void paragraph_json(struct json *json, const struct coverage *coverage,
    const struct coverage_group *group)
{
    size_t len;
    const char *text;

    json_key(json, "paragraph");
    if (group->paragraph == COVERAGE_NONE) {
        json_null(json);
        return;
    }
    text = coverage_text(coverage, group->paragraph, &len);
    json_text(json, text, len);
}

void coverage_time_json(struct json *json, const struct answers *answers,
    const struct coverage_time *time, day_t day)
{
    const bool told =
        time->series != NULL && time->release < time->series->releases;

    json_key(json, "stale");
    json_bool(json, time->stale);
    json_key(json, "covered_to"); /* the last day that was published */
    json_day(json,
        told ? time->series->release[time->series->releases - 1].to : DAY_OPEN);
    /* What stands below is the first one's; the other may differ. */
    json_key(json, "between");
    if (!told || time->next == time->release) {
        json_null(json);
        return;
    }
    json_open(json, '[');
    json_string(json, time->series->release[time->release].label);
    json_string(json, time->series->release[time->next].label);
    json_close(json, ']');
}

/* --------------------------------------------------------------- places */

static void contractor_json(struct json *json, const struct coverage *coverage,
    uint32_t release, uint32_t code)
{
    struct coverage_contractor contractor;

    if (code == COVERAGE_NONE ||
        !coverage_contractor(coverage, release, code, &contractor)) {
        word_member(json, "contractor", NULL);
        return;
    }
    json_key(json, "contractor");
    json_string(json, contractor.number);
    text_member(json, "contractor_name", contractor.name);
    text_member(json, "contractor_type", contractor.type_name);
    json_key(json, "contractor_id");
    json_int(json, contractor.id);
}

/* The states a contractor is active in on the day, each once. */
static void states_json(struct json *json, const struct coverage *coverage,
    uint32_t release, uint32_t contractor, day_t day)
{
    uint32_t first = 0, end = 0, last = COVERAGE_NONE;

    json_key(json, "states");
    json_open(json, '[');
    if (contractor != COVERAGE_NONE)
        coverage_contractor_jurisdictions(coverage, contractor, &first, &end);
    for (; first < end; first++) {
        struct coverage_jurisdiction area;
        struct coverage_state state;

        coverage_jurisdiction(coverage, first, &area);
        if (area.first_release > release || area.last_release < release ||
            area.active > day || area.terminated < day || area.state == last ||
            !coverage_state(coverage, release, area.state, &state))
            continue;
        last = area.state;
        json_string(json, state.abbreviation);
    }
    json_close(json, ']');
}

/* ---------------------------------------------------------------- votes */

static void group_json(struct json *json, const struct answers *answers,
    const struct necessity_answer *answer, const struct necessity_vote *vote,
    enum necessity_style style)
{
    const struct coverage *coverage = store_coverage(answers->store);
    struct coverage_member member;
    struct coverage_group group;

    if (vote->group == COVERAGE_NONE) {
        word_member(json, "list", NULL);
        word_member(json, "group", NULL);
        word_member(json, "paragraph", NULL);
        return;
    }
    coverage_group(coverage, vote->group, &group);
    json_key(json, "list");
    json_word(json, coverage_list_name(group.list));
    json_key(json, "group");
    json_int(json, group.number);
    json_key(json, "has_conditions");
    json_bool(json, vote->conditions);
    json_key(json, "asterisk");
    json_bool(json, vote->asterisk);
    if (style == NECESSITY_BRIEF)
        return;
    paragraph_json(json, coverage, &group);
    text_member(json, "asterisk_note",
        group.asterisk == COVERAGE_NONE
            ? NULL
            : coverage_text(coverage, group.asterisk, NULL));
    json_key(json, "source");
    if (vote->member == COVERAGE_NONE) {
        source_json(json, answer->series->release[answer->release].label,
            store_file(answers->store, group.paragraph_file),
            group.paragraph_line);
        return;
    }
    coverage_member(coverage, &group, vote->member, &member);
    source_json(json, answer->series->release[answer->release].label,
        store_file(answers->store, group.members_file), member.line);
}

/* The groups of the article in which the procedure stands. */
static void procedure_json(struct json *json, const struct answers *answers,
    const struct necessity_question *question,
    const struct necessity_answer *answer,
    const struct coverage_document *document)
{
    const struct coverage *coverage = store_coverage(answers->store);
    const uint32_t code = coverage_code(coverage, COVERAGE_CODE_PROCEDURE,
        coverage_key_text(question->procedure, PROC_LEN));
    uint32_t first, end;

    json_key(json, "procedure_groups");
    json_open(json, '[');
    coverage_list_groups(coverage, document, COVERAGE_PROCEDURES, &first, &end);
    for (; first < end; first++) {
        struct coverage_member member;
        struct coverage_group group;
        uint32_t place;

        coverage_group(coverage, first, &group);
        if (!coverage_group_has(coverage, &group, code, &place))
            continue;
        coverage_member(coverage, &group, place, &member);
        json_open(json, '{');
        json_key(json, "group");
        json_int(json, group.number);
        paragraph_json(json, coverage, &group);
        json_key(json, "source");
        source_json(json, answer->series->release[answer->release].label,
            store_file(answers->store, group.members_file), member.line);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void related_json(struct json *json, const struct coverage *coverage,
    const struct coverage_document *document)
{
    json_key(json, "related");
    json_open(json, '[');
    for (uint32_t i = 0; i < document->relations; i++) {
        struct coverage_document other = {0};
        struct coverage_relation relation;
        char id[POLICY_ID_TEXT];
        uint32_t first, end;

        coverage_relation(coverage, document, i, &relation);
        other.kind = relation.kind;
        other.id = relation.id;
        coverage_versions(coverage, relation.kind, relation.id, &first, &end);
        if (first < end)
            coverage_document(coverage, end - 1, &other);
        policy_id(id, coverage, &other);
        json_string(json, id);
    }
    json_close(json, ']');
}

static void vote_json(struct json *json, const struct answers *answers,
    const struct necessity_question *question,
    const struct necessity_answer *answer,
    const struct necessity_result *result, const struct necessity_vote *vote,
    enum necessity_style style)
{
    const struct coverage *coverage = store_coverage(answers->store);
    struct coverage_document document;
    char id[POLICY_ID_TEXT], url[POLICY_URL_TEXT];

    coverage_document(coverage, vote->document, &document);
    policy_id(id, coverage, &document);
    policy_url(url, &document);
    json_open(json, '{');
    contractor_json(json, coverage, answer->release, result->contractor);
    if (style == NECESSITY_FULL)
        states_json(
            json, coverage, answer->release, result->contractor, question->day);
    json_key(json, "article");
    json_string(json, id);
    json_key(json, "version");
    json_int(json, document.version);
    word_member(json, "link", tie_link_name(vote->link));
    word_member(json, "reason", necessity_reason_name(vote->reason));
    json_key(json, "names_others");
    json_bool(json, vote->others);
    group_json(json, answers, answer, vote, style);
    if (style == NECESSITY_FULL) {
        text_member(json, "title", policy_title(coverage, &document));
        json_key(json, "effective");
        json_day(json, document.effective);
        json_key(json, "ended");
        json_day(json, document.ended);
        json_key(json, "by_lcd");
        json_bool(json, result->by_lcd);
        procedure_json(json, answers, question, answer, &document);
        related_json(json, coverage, &document);
        text_member(json, "text", necessity_vote_text(vote));
        json_key(json, "url");
        json_string(json, url);
    }
    json_close(json, '}');
}

/* A contractor (or nobody) whose articles do not speak. */
static void silent_json(struct json *json, const struct answers *answers,
    const struct necessity_question *question,
    const struct necessity_answer *answer,
    const struct necessity_result *result, enum necessity_style style)
{
    const struct coverage *coverage = store_coverage(answers->store);

    json_open(json, '{');
    contractor_json(json, coverage, answer->release, result->contractor);
    if (style == NECESSITY_FULL)
        states_json(
            json, coverage, answer->release, result->contractor, question->day);
    word_member(json, "article", NULL);
    word_member(json, "link", NULL);
    word_member(json, "reason", necessity_reason_name(result->reason));
    word_member(json, "paragraph", NULL);
    json_close(json, '}');
}

static void results_json(struct json *json, const struct answers *answers,
    const struct necessity_question *question,
    const struct necessity_answer *answer, enum necessity_style style)
{
    json_key(json, "results");
    json_open(json, '[');
    for (uint16_t i = 0; i < answer->results; i++) {
        const struct necessity_result *result = &answer->result[i];

        for (uint16_t k = 0; k < result->votes; k++)
            vote_json(json, answers, question, answer, result,
                &answer->vote[result->first_vote + k], style);
        if (result->votes == 0)
            silent_json(json, answers, question, answer, result, style);
    }
    json_close(json, ']');
}

static void contractors_json(struct json *json, const struct answers *answers,
    const struct necessity_answer *answer)
{
    const struct coverage *coverage = store_coverage(answers->store);

    json_key(json, "contractors");
    json_open(json, '[');
    for (uint16_t i = 0; i < answer->results; i++) {
        const struct necessity_result *result = &answer->result[i];

        if (result->contractor == COVERAGE_NONE)
            continue;
        json_open(json, '{');
        contractor_json(json, coverage, answer->release, result->contractor);
        word_member(json, "verdict", necessity_verdict_name(result->verdict));
        word_member(json, "reason", necessity_reason_name(result->reason));
        word_member(json, "link", tie_link_name(result->link));
        json_key(json, "has_conditions");
        json_bool(json, result->conditions);
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* ----------------------------------------------------------- the answer */

void coverage_missing_json(
    struct json *json, const struct answers *answers, uint32_t release)
{
    static const enum coverage_table tables[] = {COVERAGE_ARTICLES,
        COVERAGE_ARTICLE_PROCEDURES, COVERAGE_ARTICLE_COVERED,
        COVERAGE_ARTICLE_COVERED_GROUPS, COVERAGE_ARTICLE_NONCOVERED,
        COVERAGE_ARTICLE_NONCOVERED_GROUPS, COVERAGE_ARTICLE_CONTRACTORS,
        COVERAGE_CONTRACTORS, COVERAGE_JURISDICTIONS, COVERAGE_STATES};
    const struct coverage *coverage = store_coverage(answers->store);

    json_key(json, "not_loaded");
    json_open(json, '[');
    for (size_t i = 0; coverage != NULL && i < sizeof tables / sizeof *tables;
         i++)
        if (!coverage_loaded(coverage, release, tables[i]))
            json_word(json, coverage_table_name(tables[i]));
    json_close(json, ']');
}

static void around_json(
    struct json *json, const struct necessity_answer *answer)
{
    json_key(json, "uncertain");
    if (answer->detail != DETAIL_UNCERTAIN) {
        json_null(json);
        return;
    }
    json_open(json, '[');
    for (int i = 0; i < 2; i++) {
        json_open(json, '{');
        word_member(json, "verdict", necessity_verdict_name(answer->around[i]));
        word_member(
            json, "reason", necessity_reason_name(answer->around_reason[i]));
        json_close(json, '}');
    }
    json_close(json, ']');
}

const char *diagnosis_title(const struct answers *answers, const char *code,
    size_t len, day_t day, size_t *title_len)
{
    struct view view;
    const char *title;

    if (view_find(&view, answers->store, TABLE_ICD10CM, code, len, day, NULL) !=
        0)
        return NULL;
    title = view_text(&view, ICD_LONG, title_len);
    return title != NULL ? title : view_text(&view, ICD_SHORT, title_len);
}

static void asked_json(struct json *json,
    const struct necessity_question *question, enum necessity_style style)
{
    char dotted[CODE_TEXT];
    const size_t len = strlen(question->diagnosis);

    json_key(json, "code");
    json_string(json, question->procedure);
    json_key(json, "icd10");
    if (icd_shaped(question->diagnosis, len)) {
        (void)icd_dotted(dotted, question->diagnosis, len);
        json_string(json, dotted);
    } else {
        json_string(json, question->diagnosis);
    }
    json_key(json, "date");
    json_day(json, question->day);
    if (style == NECESSITY_FULL) {
        word_member(json, "state", question->place.state);
        word_member(json, "asked_contractor", question->place.contractor);
        word_member(json, "kind", necessity_kind_name(question->place.kind));
    }
}

static void procedure_valid_json(struct json *json,
    const struct answers *answers, const struct necessity_question *question)
{
    struct code_state state = {.validity = VALIDITY_UNKNOWN};

    (void)validity_on(&state, answers->rules, SYSTEM_CPT, question->procedure,
        PROC_LEN, question->day, NULL);
    json_key(json, "code_valid");
    tri_json(json, state.validity);
}

void necessity_json(struct json *json, const struct answers *answers,
    const struct necessity_question *question,
    const struct necessity_answer *answer, enum necessity_style style)
{
    asked_json(json, question, style);
    word_member(json, "verdict", necessity_verdict_name(answer->verdict));
    word_member(json, "reason", necessity_reason_name(answer->reason));
    word_member(json, "link", tie_link_name(answer->link));
    json_key(json, "has_conditions");
    json_bool(json, answer->conditions);
    word_member(json, "detail", necessity_detail_name(answer->detail));
    json_key(json, "stale");
    json_bool(json, answer->stale);
    if (style == NECESSITY_FULL) {
        struct buffer text = {0};
        size_t len = 0;
        const char *title = diagnosis_title(answers, question->diagnosis,
            strlen(question->diagnosis), question->day, &len);

        necessity_text(&text, answers->rules, question, answer);
        json_key(json, "text");
        json_text(json, text.data, text.len);
        buffer_clear(&text);
        json_key(json, "icd10_text");
        json_text(json, title, len);
        json_key(json, "covered_to");
        json_day(json,
            answer->series == NULL || answer->series->releases == 0
                ? DAY_OPEN
                : answer->series->release[answer->series->releases - 1].to);
        json_key(json, "icd10_checked");
        json_bool(json, necessity_dx_checked(answer->dx));
        word_member(json, "icd10_detail", necessity_detail_name(answer->dx));
        procedure_valid_json(json, answers, question);
        around_json(json, answer);
    }
    results_json(json, answers, question, answer, style);
    if (style == NECESSITY_FULL) {
        struct used used = {0};

        contractors_json(json, answers, answer);
        coverage_missing_json(json, answers, answer->release);
        used_add(&used, answer->series);
        used_add(&used, store_series(answers->store, TABLE_ICD10CM,
                            SETTING_NONE, PROGRAM_NONE));
        used_json(json, &used, answers->store, question->day);
    }
}

/* test_necessity_answer.c - what coverage articles say, as JSON, in batches, on
 * cards and in claims. */
#include <jansson.h>

#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/claim/claim_answer.h"
#include "codesets/answer/necessity/necessity_answer.h"
#include "codesets/answer/necessity/necessity_batch.h"
#include "tests/tiny_coverage.h"

static struct tiny *tiny;
static struct answers *answers;
static struct buffer out;

static int begin(void **state)
{
    uint8_t icd, timed;

    tiny = tiny_begin();
    icd = tiny_series(tiny, TABLE_ICD10CM, SETTING_NONE, PROGRAM_NONE,
        "2026 2025-10-01 2026-09-30");
    tiny_row(tiny, icd, 0, 0, "M545|0|Low back pain");
    tiny_row(tiny, icd, 0, 0, "M5450|1||Low back pain, unspecified");
    tiny_row(tiny, icd, 0, 0, "M5451|1||Vertebrogenic low back pain");
    tiny_row(tiny, icd, 0, 0, "M25511|1||Pain in right shoulder");
    tiny_row(tiny, icd, 0, 0, "M25512|1||Pain in left shoulder");
    tiny_row(tiny, icd, 0, 0, "E840|1||Cystic fibrosis");
    timed = tiny_series(
        tiny, TABLE_TIMED, SETTING_NONE, PROGRAM_NONE, "own 1900-01-01 open");
    tiny_row(tiny, timed, 0, 0, "97035|ultrasound");
    tiny_proc(tiny, "97035", "valid listed 0 0");
    tiny_proc(tiny, "97110", "valid listed 0 0");
    tiny_proc(
        tiny, "97001", "valid listed 0 0; not_valid ended 0 0 2017-01-01");
    tiny_coverage(tiny, "2026-07-02 2026-07-02 2026-07-31",
        "release -article_x_bill_code\n"
        "contractor 228/9/2 15102 MAC - Part B\n"
        "contractor 239/8/1 15101 MAC - Part A\n"
        "state 22 KY KY Kentucky\n"
        "jurisdiction 228/9/2 22 2015-01-01 open\n"
        "jurisdiction 239/8/1 22 2015-01-01 open\n"
        "article 57067 34 A from=2019-10-01 title=Outpatient therapy\n"
        "procedures 1: 97035 97110 | For these.\n"
        "noncovered 1: M25511 M25512 | Not for 97035.\n"
        "contractors: 228/9/2 239/8/1\n"
        "relation lcd 34049 36\n"
        "article 60000 2 A from=2019-10-01 title=Low back\n"
        "procedures 1: 97110\n"
        "covered 1: M5450* M5451 E840 | These support. ~ Secondary only.\n"
        "contractors: 228/9/2\n"
        "lcd 34049 36 A from=2015-10-01 title=Therapy services\n"
        "contractors: 228/9/2\n");
    answers = tiny_open(tiny);
    return 0;
}

static int end(void **state)
{
    buffer_clear(&out);
    tiny_close(tiny);
    return 0;
}

static struct text_ref given(const char *text)
{
    return (struct text_ref){text, text == NULL ? 0 : strlen(text)};
}

static json_t *parsed(int rc, const struct error *err)
{
    json_t *answer;

    if (rc != 0)
        print_error("%s\n", err->msg);
    assert_int_equal(rc, 0);
    answer = json_loadb(out.data, out.len, 0, NULL);
    assert_non_null(answer);
    return answer;
}

static json_t *ask(struct necessity_request request)
{
    struct error err = {0};

    if (request.day == 0)
        request.day = tiny_day("2026-07-15");
    out.len = 0;
    return parsed(answer_necessity(&out, answers, &request, &err), &err);
}

static int refused(struct necessity_request request)
{
    struct error err = {0};
    int rc;

    request.day = tiny_day("2026-07-15");
    out.len = 0;
    rc = answer_necessity(&out, answers, &request, &err);
    assert_int_equal(out.len, 0);
    assert_true(rc == 0 || err.msg[0] != '\0');
    return rc;
}

/* Follows a path of keys and indexes: "results.0.article". */
static const json_t *at(const json_t *value, const char *path)
{
    char words[128], *rest = words;
    const char *word;

    (void)snprintf(words, sizeof words, "%s", path);
    while ((word = strsep(&rest, ".")) != NULL)
        value = word[0] >= '0' && word[0] <= '9'
                    ? json_array_get(value, (size_t)atoi(word))
                    : json_object_get(value, word);
    return value;
}

static void check_text(
    const json_t *answer, const char *path, const char *text, int line)
{
    const char *found = json_string_value(at(answer, path));

    if (found == NULL || strcmp(found, text) != 0)
        print_error("line %d: %s\n", line, path);
    assert_non_null(found);
    assert_string_equal(found, text);
}

#define is(answer, path, text) check_text(answer, path, text, __LINE__)
#define is_number(answer, path, number)                                        \
    assert_int_equal(json_integer_value(at(answer, path)), number)

static void a_decision_tells_all_that_it_rests_on(void **state)
{
    json_t *answer = ask((struct necessity_request){.code = given("97035"),
        .icd10 = given("m25.511"),
        .state = given("ky")});

    is(answer, "code", "97035");
    is(answer, "icd10", "M25.511");
    is(answer, "icd10_text", "Pain in right shoulder");
    is(answer, "date", "2026-07-15");
    is(answer, "verdict", "not_supported");
    is(answer, "reason", "listed_not_supporting");
    is(answer, "link", "named");
    is(answer, "text", "A57067: Listed as not supporting.");
    is(answer, "results.0.contractor", "15102");
    is(answer, "results.0.states.0", "KY");
    is(answer, "results.0.article", "A57067");
    is_number(answer, "results.0.version", 34);
    is(answer, "results.0.title", "Outpatient therapy");
    is(answer, "results.0.link", "named");
    is(answer, "results.0.reason", "listed_not_supporting");
    is(answer, "results.0.list", "noncovered");
    is_number(answer, "results.0.group", 1);
    is(answer, "results.0.paragraph", "Not for 97035.");
    is(answer, "results.0.procedure_groups.0.paragraph", "For these.");
    is(answer, "results.0.related.0", "L34049");
    is(answer, "results.0.url",
        "https://www.cms.gov/medicare-coverage-database/view/"
        "article.aspx?articleid=57067");
    is(answer, "results.0.source.release", "2026-07-02");
    is_number(answer, "results.0.source.row", 9);
    is(answer, "contractors.0.verdict", "not_supported");
    json_decref(answer);
}

static void an_answer_that_is_not_sure_says_why(void **state)
{
    json_t *answer = ask((struct necessity_request){.code = given("97110"),
        .icd10 = given("M25511"),
        .article = given("A57067")});

    is(answer, "verdict", "unknown");
    is(answer, "reason", "listed_not_supporting");
    is(answer, "link", "article_level");
    assert_true(json_is_true(at(answer, "results.0.names_others")));
    assert_true(json_is_null(at(answer, "results.0.contractor")));
    json_decref(answer);
    answer = ask((struct necessity_request){
        .code = given("97110"), .icd10 = given("M54.50")});
    is(answer, "verdict", "unknown"); /* two articles, each for itself */
    is(answer, "detail", "contractors_differ");
    is(answer, "results.1.reason", "supported");
    assert_true(json_is_true(at(answer, "results.1.has_conditions")));
    assert_true(json_is_true(at(answer, "results.1.asterisk")));
    is(answer, "results.1.asterisk_note", "Secondary only.");
    json_decref(answer);
    answer = ask((struct necessity_request){
        .code = given("97110"), .icd10 = given("M54.5"), .state = given("KY")});
    is(answer, "reason", "invalid_dx");
    is(answer, "detail", "dx_header");
    assert_int_equal(json_array_size(at(answer, "results")), 0);
    json_decref(answer);
    answer = ask((struct necessity_request){.code = given("97110"),
        .icd10 = given("M54.50"),
        .state = given("ZZ")});
    is(answer, "reason", "no_contractor");
    is(answer, "detail", "unknown_state");
    json_decref(answer);
    /* What is known of the diagnosis is said, whoever would pay. */
    answer = ask((struct necessity_request){.code = given("97110"),
        .icd10 = given("M54.58"),
        .state = given("ZZ")});
    is(answer, "reason", "no_contractor");
    is(answer, "icd10_detail", "dx_unknown");
    is(answer, "text",
        "The loaded tables have no such state. No loaded "
        "release of ICD-10-CM has this code.");
    json_decref(answer);
    answer = ask((struct necessity_request){.code = given("97110"),
        .icd10 = given("M54.50"),
        .day = tiny_day("2027-01-01")});
    is(answer, "reason", "no_data");
    is(answer, "covered_to", "2026-07-31");
    json_decref(answer);
    answer = ask((struct necessity_request){.code = given("97110"),
        .icd10 = given("M54.50"),
        .day = tiny_day("2020-01-01")});
    is(answer, "detail", "before_data");
    is(answer, "icd10_detail", "dx_not_checked");
    assert_true(json_is_false(at(answer, "icd10_checked")));
    json_decref(answer);
}

/* 97001 is gone since 2017 (domain.md 3.5); 97119 is no code. */
static void what_is_known_of_the_procedure_is_said_too(void **state)
{
    json_t *answer = ask((struct necessity_request){
        .code = given("97001"), .icd10 = given("M54.50")});

    is(answer, "reason", "no_policy");
    assert_true(json_is_false(at(answer, "code_valid")));
    is(answer, "text",
        "No published list was found. That is no denial: the "
        "contractor may still review. 97001 itself is not valid "
        "on the day.");
    json_decref(answer);
    answer = ask((struct necessity_request){
        .code = given("97119"), .icd10 = given("M54.50")});
    assert_true(json_is_null(at(answer, "code_valid")));
    is(answer, "text",
        "No published list was found. That is no denial: the "
        "contractor may still review. 97119 itself is in none "
        "of the loaded releases.");
    json_decref(answer);
    answer = ask((struct necessity_request){
        .code = given("97110"), .icd10 = given("M54.50")});
    assert_true(json_is_true(at(answer, "code_valid")));
    json_decref(answer);
}

static void a_procedure_alone_gets_its_lists(void **state)
{
    json_t *answer = ask((struct necessity_request){
        .code = given("97110"), .limit = 2, .state = given("KY")});
    char cursor[128];

    is_number(answer, "total", 5);
    assert_int_equal(json_array_size(at(answer, "not_loaded")), 0);
    is(answer, "articles.0.article", "A57067");
    is(answer, "articles.0.lists.0.link", "article_level");
    is(answer, "articles.1.lists.0.link", "exact");
    is(answer, "articles.1.lists.0.paragraph", "These support.");
    is_number(answer, "articles.1.lists.0.codes", 3);
    assert_int_equal(json_array_size(at(answer, "items")), 2);
    is(answer, "items.0.icd10", "M25.511");
    is(answer, "items.0.list", "noncovered");
    (void)snprintf(
        cursor, sizeof cursor, "%s", json_string_value(at(answer, "next")));
    json_decref(answer);
    answer = ask((struct necessity_request){.code = given("97110"),
        .limit = 2,
        .state = given("KY"),
        .cursor = given(cursor)});
    is(answer, "items.0.icd10", "E84.0");
    is(answer, "items.0.text", "Cystic fibrosis");
    is(answer, "items.1.icd10", "M54.50");
    json_decref(answer);
    answer = ask((struct necessity_request){.code = given("97110"),
        .q = given("BACK pain"),
        .prefix = given("m5")});
    assert_int_equal(json_array_size(at(answer, "items")), 2);
    is(answer, "items.1.icd10", "M54.51");
    assert_true(json_is_null(at(answer, "next")));
    json_decref(answer);
    answer = ask((struct necessity_request){
        .code = given("97110"), .prefix = given("M25.512")});
    assert_int_equal(json_array_size(at(answer, "items")), 1);
    json_decref(answer);
    answer = ask((struct necessity_request){.code = given("97530")});
    assert_int_equal(json_array_size(at(answer, "items")), 0);
    json_decref(answer);
}

static void a_diagnosis_alone_gets_the_articles_that_name_it(void **state)
{
    json_t *answer = ask((struct necessity_request){.icd10 = given("m25512")});

    is_number(answer, "total", 1);
    is(answer, "items.0.article", "A57067");
    is(answer, "items.0.list", "noncovered");
    is(answer, "items.0.procedures.0.code", "97035");
    is(answer, "items.0.procedures.0.link", "named");
    is(answer, "items.0.procedures.1.code", "97110");
    is(answer, "items.0.procedures.1.link", "article_level");
    json_decref(answer);
    answer = ask((struct necessity_request){
        .icd10 = given("M54.50"), .contractor = given("15101")});
    is_number(answer, "total", 0);
    json_decref(answer);
}

static void what_cannot_be_understood_is_refused(void **state)
{
    assert_int_equal(refused((struct necessity_request){0}), ERR_INPUT);
    assert_int_equal(
        refused((struct necessity_request){.code = given("M54.50")}),
        ERR_INPUT);
    assert_int_equal(
        refused((struct necessity_request){.icd10 = given("97110")}),
        ERR_INPUT);
    assert_int_equal(refused((struct necessity_request){.code = given("97110"),
                         .icd10 = given("M54.50"),
                         .article = given("A1")}),
        ERR_NOTFOUND);
    assert_int_equal(refused((struct necessity_request){
                         .code = given("97110"), .kind = given("c")}),
        ERR_INPUT);
    assert_int_equal(refused((struct necessity_request){
                         .code = given("97110"), .cursor = given("x")}),
        ERR_INPUT);
    assert_int_equal(refused((struct necessity_request){
                         .code = given("97110"), .limit = 5000}),
        ERR_INPUT);
    assert_int_equal(refused((struct necessity_request){
                         .icd10 = given("M54.50"), .q = given("x")}),
        ERR_INPUT);
}

/* --------------------------------------------------------------- batches */

static const char *batch(enum batch_form form, const char *body,
    const struct necessity_request *defaults)
{
    struct necessity_batch *batch = NULL;
    struct error err = {0};

    out.len = 0;
    assert_int_equal(necessity_batch_open(&batch, answers, form, body,
                         strlen(body), defaults, &err),
        0);
    while (necessity_batch_step(batch, 1, &out))
        ;
    necessity_batch_close(batch);
    buffer_addc(&out, '\0');
    out.len--;
    return out.data;
}

static void a_batch_answers_in_the_form_it_was_asked(void **state)
{
    const struct necessity_request defaults = {
        .day = tiny_day("2026-07-15"), .state = given("KY")};
    const char *said = batch(BATCH_NDJSON,
        "{\"code\":\"97035\",\"icd10\":\"M25.511\"}\n"
        "\n{\"code\":\"97035\"}\n"
        "{\"code\":\"97110\",\"icd10\":\"M54.50\",\"contractor\":\"15102\","
        "\"kind\":\"b\",\"date\":\"2026-07-03\"}\n"
        "{\"code\":\"97110\",\"icd10\":\"M54.50\",\"where\":\"x\"}\n"
        "{\"code\":\"97110\",\"icd10\":7}\n"
        "[1]\n",
        &defaults);
    json_t *answer;

    tiny_has(said, "\"verdict\":\"not_supported\"");
    tiny_has(said, "\"line\":3,\"problem\":\"icd10: missing");
    tiny_has(said, "\"date\":\"2026-07-03\",\"verdict\":\"supported\"");
    tiny_has(said, "'where' is no member of a question: code, icd10, date");
    tiny_has(said, "icd10: must be a string");
    tiny_has(said, "a question is an object, as in");
    answer = json_loads(batch(BATCH_ARRAY,
                            "[{\"code\":\"97035\",\"icd10\":\"M25511\"},"
                            "{\"code\":\"97035\",\"icd10\":\"M545\"}]",
                            &defaults),
        0, NULL);
    is(answer, "0.reason", "listed_not_supporting");
    is(answer, "1.reason", "invalid_dx");
    json_decref(answer);
    said = batch(BATCH_CSV,
        "icd10,code,article\r\n"
        "M25.511,97035,\r\n"
        "M25.511,97110,A57067\r\n"
        "M25.511,97110,A1\r\n",
        &defaults);
    tiny_has(said,
        "97035,M25.511,2026-07-15,not_supported,listed_not_supporting,named,"
        "false,false,,A57067,2026-07-02,,\r\n");
    tiny_has(said, "97110,M25.511,2026-07-15,unknown,listed_not_supporting,"
                   "article_level,false,false,,A57067,2026-07-02,,\r\n");
    tiny_has(said, ",4,no loaded release of the coverage database has an "
                   "article A1\r\n");
}

/* ------------------------------------------------------ policies, cards */

static json_t *policy(const char *id)
{
    struct error err = {0};

    out.len = 0;
    return parsed(
        answer_policy(&out, answers, given(id), tiny_day("2026-07-15"), &err),
        &err);
}

static void a_policy_is_told_whole(void **state)
{
    static const char *const ways[] = {"A57067", "a57067", "57067"};
    struct error err = {0};
    json_t *answer;

    for (size_t i = 0; i < 3; i++) {
        answer = policy(ways[i]);
        is(answer, "id", "A57067");
        is(answer, "kind", "article");
        is_number(answer, "version", 34);
        is(answer, "title", "Outpatient therapy");
        is(answer, "status", "active");
        assert_true(json_is_true(at(answer, "in_force")));
        is(answer, "effective", "2019-10-01");
        is(answer, "states.0", "KY");
        is(answer, "contractors.0.contractor", "15102");
        is(answer, "related.0.id", "L34049");
        is(answer, "related.0.title", "Therapy services");
        is(answer, "procedures.0.codes.1", "97110");
        is(answer, "noncovered.0.codes.0", "M25.511");
        is(answer, "noncovered.0.paragraph", "Not for 97035.");
        is_number(answer, "source.row", 7);
        json_decref(answer);
    }
    answer = policy("l34049");
    is(answer, "kind", "lcd");
    is(answer, "url",
        "https://www.cms.gov/medicare-coverage-database/view/"
        "lcd.aspx?lcdid=34049");
    json_decref(answer);
    out.len = 0;
    assert_int_equal(
        answer_policy(&out, answers, given("A1"), 0, &err), ERR_NOTFOUND);
    assert_int_equal(
        answer_policy(&out, answers, given("X57067"), 0, &err), ERR_INPUT);
    assert_int_equal(
        answer_policy(&out, answers, given(""), 0, &err), ERR_INPUT);
}

static void policies_are_found_by_title_and_place(void **state)
{
    struct policies_question question = {
        .day = tiny_day("2026-07-15"), .q = given("THERAPY")};
    struct error err = {0};
    json_t *answer;

    out.len = 0;
    answer = parsed(answer_policies(&out, answers, &question, &err), &err);
    assert_int_equal(json_array_size(at(answer, "items")), 2);
    is(answer, "items.0.id", "A57067");
    is(answer, "items.1.id", "L34049");
    json_decref(answer);
    question = (struct policies_question){.day = tiny_day("2026-07-15"),
        .contractor = given("15101"),
        .limit = 1};
    out.len = 0;
    answer = parsed(answer_policies(&out, answers, &question, &err), &err);
    assert_int_equal(json_array_size(at(answer, "items")), 1);
    assert_true(json_is_null(at(answer, "next")));
    json_decref(answer);
}

static void a_card_names_the_policies_of_its_code(void **state)
{
    const char *said = tiny_code(tiny, "97035", "2026-07-15", 0);

    tiny_has(said, "\"policies\":{\"total\":1,");
    tiny_has(said, "\"id\":\"A57067\"");
    said = tiny_code(tiny, "M54.50", "2026-07-15", 0);
    tiny_has(said, "\"id\":\"A60000\"");
    said = tiny_code(tiny, "M54.50", "2026-01-15", 0);
    tiny_has(said, "\"policies\":null");
}

/* Lists of a day between two releases are those of the first, and say so. */
static void said_of_gap(struct answers *of_other)
{
    struct answers *kept = answers;
    json_t *answer;

    answers = of_other;
    answer = ask((struct necessity_request){
        .code = given("97035"), .day = tiny_day("2026-07-15")});
    is(answer, "between.0", "2026-07-02");
    is(answer, "between.1", "2026-08-06");
    is_number(answer, "articles.0.version", 34);
    json_decref(answer);
    answer = ask((struct necessity_request){
        .code = given("97035"), .day = tiny_day("2026-07-08")});
    assert_true(json_is_null(at(answer, "between")));
    json_decref(answer);
    answers = kept;
}

/* "No policies" is said only where the release tells which articles list a
 * code; between two releases the card says that it is. */
static void a_card_without_the_lists_says_nothing_of_policies(void **state)
{
    struct tiny *other = tiny_begin();
    struct answers *of_other;
    const char *said;

    tiny_proc(other, "97035", "valid listed 0 0");
    tiny_coverage(other,
        "2026-06-04 2026-06-04 2026-06-10; 2026-07-02 2026-07-02 2026-07-08; "
        "2026-08-06 2026-08-06 2026-08-12",
        "release -article_x_hcpc_code\n"
        "article 57067 33 A from=2019-10-01\n"
        "release\n"
        "article 57067 34 A from=2019-10-01\n"
        "procedures 1: 97035\n"
        "release\n"
        "article 57067 35 A from=2019-10-01\n"
        "procedures 1: 97035\n");
    of_other = tiny_open(other);
    said = tiny_code(other, "97035", "2026-06-05", 0);
    tiny_has(said, "\"policies\":null");
    said = tiny_code(other, "97035", "2026-07-02", 0);
    tiny_has(
        said, "\"policies\":{\"total\":1,\"cut\":false,\"state\":\"in_force\"");
    said_of_gap(of_other);
    said = tiny_code(other, "97035", "2026-07-15", 0);
    tiny_has(said, "\"policies\":{\"total\":1,\"cut\":false,\"state\":\"gap\"");
    tiny_close(other);
}

/* --------------------------------------------------------------- claims */

static json_t *claim(const char *text)
{
    struct claim_work *work = malloc(sizeof *work);
    const struct claim_defaults defaults = {.day = tiny_day("2026-07-15"),
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE};
    struct error err = {0};
    json_t *answer;
    int rc;

    assert_non_null(work);
    out.len = 0;
    rc = claim_read_json(
        &work->claim, answers->rules, &defaults, text, strlen(text), &err);
    if (rc == 0)
        rc = answer_claim(&out, answers, work, &err);
    free(work);
    answer = parsed(rc, &err);
    return answer;
}

/* The finding of necessity for these lines; NULL: none. */
static const json_t *finding(const json_t *answer, const char *lines)
{
    const json_t *findings = json_object_get(answer, "findings");

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *found = json_array_get(findings, i);
        char *said = json_dumps(json_object_get(found, "lines"), JSON_COMPACT);
        const bool same = strcmp(said, lines) == 0;

        free(said);
        if (same && strcmp(json_string_value(json_object_get(found, "id")),
                        "necessity.diagnosis") == 0)
            return found;
    }
    return NULL;
}

static void a_claim_is_asked_line_by_line(void **state)
{
    json_t *answer = claim(
        "{\"state\":\"KY\",\"diagnoses\":[\"M25.511\",\"M54.51\",\"M54.50\"],"
        "\"lines\":[{\"code\":\"97035\",\"dx\":[1]},"
        "{\"code\":\"97110\",\"dx\":[1,2]},{\"code\":\"97110\",\"dx\":[3]},"
        "{\"code\":\"97530\",\"dx\":[2]}]}");
    const json_t *found = finding(answer, "[1]");

    assert_true(json_is_true(at(answer, "checked.necessity")));
    is(found, "severity", "warning");
    is(found, "reason", "listed_not_supporting");
    is(found, "necessity.article", "A57067");
    is(found, "necessity.link", "named");
    is(found, "text",
        "97035 with M25.511: article A57067 lists the diagnosis as not "
        "supporting.");
    is(found, "source.release", "2026-07-02");
    is_number(found, "source.row", 9);
    assert_null(finding(answer, "[2]")); /* one supported is enough */
    found = finding(answer, "[3]");
    is(found, "severity", "information");
    is(found, "reason", "supported"); /* the asterisk sets a condition */
    found = finding(answer, "[4]");
    is(found, "severity", "information");
    is(found, "reason", "no_policy");
    json_decref(answer);
}

static void a_claim_without_a_place_was_not_asked(void **state)
{
    static const char *const claims[] = {
        "{\"diagnoses\":[\"M54.51\"],\"lines\":[{\"code\":\"97110\","
        "\"dx\":[1]}]}",
        "{\"state\":\"ZZ\",\"diagnoses\":[\"M54.51\"],\"lines\":[{\"code\":"
        "\"97110\",\"dx\":[1]}]}",
        "{\"state\":\"KY\",\"date\":\"2027-01-01\",\"diagnoses\":[\"M54.51\"],"
        "\"lines\":[{\"code\":\"97110\",\"dx\":[1]}]}"};
    static const char *const reasons[] = {
        "\"table\":\"necessity\",\"reason\":\"no_place\"",
        "\"table\":\"necessity\",\"reason\":\"unknown\"",
        "\"table\":\"necessity\",\"reason\":\"date_outside_data\""};

    for (size_t i = 0; i < 3; i++) {
        json_t *answer = claim(claims[i]);

        assert_true(json_is_false(at(answer, "checked.necessity")));
        buffer_addc(&out, '\0');
        tiny_has(out.data, reasons[i]);
        json_decref(answer);
    }
}

/* A line that points to no diagnosis: a practitioner's was not asked; a
 * hospital's has no pointers, and is asked with all of the claim's. */
static void a_line_that_points_nowhere_is_no_pass(void **state)
{
    json_t *answer = claim(
        "{\"state\":\"KY\",\"diagnoses\":[\"M25.511\"],"
        "\"lines\":[{\"code\":\"97035\",\"dx\":[1]},{\"code\":\"97110\"}]}");

    assert_true(json_is_false(at(answer, "clean")));
    assert_true(json_is_false(at(answer, "checked.necessity")));
    buffer_addc(&out, '\0');
    tiny_has(out.data, "\"table\":\"necessity\",\"reason\":\"unknown\","
                       "\"needed\":true,\"lines\":[2]");
    is(finding(answer, "[1]"), "reason", "listed_not_supporting");
    json_decref(answer);

    answer = claim("{\"state\":\"KY\",\"setting\":\"outpatient\",\"diagnoses\":"
                   "[\"M25.511\"],\"lines\":[{\"code\":\"97035\"}]}");
    assert_true(json_is_true(at(answer, "checked.necessity")));
    is(finding(answer, "[1]"), "reason", "listed_not_supporting");
    json_decref(answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_that_points_nowhere_is_no_pass),
        cmocka_unit_test(a_decision_tells_all_that_it_rests_on),
        cmocka_unit_test(an_answer_that_is_not_sure_says_why),
        cmocka_unit_test(what_is_known_of_the_procedure_is_said_too),
        cmocka_unit_test(a_procedure_alone_gets_its_lists),
        cmocka_unit_test(a_diagnosis_alone_gets_the_articles_that_name_it),
        cmocka_unit_test(what_cannot_be_understood_is_refused),
        cmocka_unit_test(a_batch_answers_in_the_form_it_was_asked),
        cmocka_unit_test(a_policy_is_told_whole),
        cmocka_unit_test(policies_are_found_by_title_and_place),
        cmocka_unit_test(a_card_names_the_policies_of_its_code),
        cmocka_unit_test(a_card_without_the_lists_says_nothing_of_policies),
        cmocka_unit_test(a_claim_is_asked_line_by_line),
        cmocka_unit_test(a_claim_without_a_place_was_not_asked),
    };

    return cmocka_run_group_tests(tests, begin, end);
}

/* test_necessity.c - does a coverage article list a diagnosis for a procedure?
 * Each rung of the ladder, each outcome, places, versions and days (domain
 * reference 2f). */
#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/rules/necessity/necessity.h"
#include "tests/tiny_coverage.h"

/* Kentucky has a Part A, a Part B and a DME contractor; New York is split. */
#define PLACES                                                                 \
    "contractor 239/8/1 15101 MAC - Part A\n"                                  \
    "contractor 228/9/2 15102 MAC - Part B\n"                                  \
    "contractor 140/10/1 18003 DME MAC\n"                                      \
    "contractor 301/13/1 13282 A and B and HHH MAC\n"                          \
    "contractor 302/13/1 13292 A and B and HHH MAC\n"                          \
    "state 22 KY KY Kentucky\n"                                                \
    "state 42 OH OH Ohio\n"                                                    \
    "state 41 NY NY New York - Entire State\n"                                 \
    "state 64 QN NY New York - Queens\n"                                       \
    "state 65 UN NY New York - Upstate\n"                                      \
    "state 15 GU GU Guam\n"                                                    \
    "jurisdiction 239/8/1 22 2015-01-01 open\n"                                \
    "jurisdiction 228/9/2 22 2015-01-01 open\n"                                \
    "jurisdiction 228/9/2 42 2015-01-01 2026-03-31\n"                          \
    "jurisdiction 140/10/1 22 2015-01-01 open\n"                               \
    "jurisdiction 301/13/1 64 2015-01-01 open\n"                               \
    "jurisdiction 302/13/1 65 2015-01-01 open\n"

#define JULY "2026-07-01 2026-07-01 2026-07-31"

static struct tiny *tiny;
static struct answers *answers;
static struct necessity_answer answer;

/* Codes that are valid from the first of October 2025, and a header. */
static void add_diagnoses(struct tiny *build)
{
    static const char *const codes[] = {"M545|0|Low back pain", "M5450|1|x",
        "M5451|1|x", "M5459|1|x", "M25511|1|x", "M25512|1|x", "E840|1|x",
        "T8133XA|1|x"};
    const uint8_t id = tiny_series(build, TABLE_ICD10CM, SETTING_NONE,
        PROGRAM_NONE, "2025 2024-10-01 2025-09-30; 2026 2025-10-01 2026-09-30");

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        tiny_row(build, id, i == 3 ? 1 : 0, 1, codes[i]);
    tiny_row(build, id, 0, 0, "M549|1|ended with 2025");
}

static void build(const char *releases, const char *lines)
{
    if (tiny != NULL)
        tiny_close(tiny);
    tiny = tiny_begin();
    add_diagnoses(tiny);
    if (lines != NULL)
        tiny_coverage(tiny, releases, lines);
    answers = tiny_open(tiny);
}

static int end(void **state)
{
    if (tiny != NULL)
        tiny_close(tiny);
    tiny = NULL;
    return 0;
}

/* place: "A100", "15102", "KY", "KY/a", "15102/KY" */
static int ask_at(
    const char *code, const char *icd10, const char *place, const char *day)
{
    struct necessity_question question = {
        .day = tiny_day(day), .place = {.kind = NECESSITY_PART_B}};
    struct error err = {0};
    char words[64], *rest = words;
    const char *word;

    (void)snprintf(words, sizeof words, "%s", place);
    assert_int_equal(
        necessity_set_procedure(&question, code, strlen(code), &err), 0);
    assert_int_equal(
        necessity_set_diagnosis(&question, icd10, strlen(icd10), &err), 0);
    while ((word = strsep(&rest, "/")) != NULL && *word != '\0') {
        const size_t n = strlen(word);

        if ((word[0] == 'A' || word[0] == 'a') && n > 3)
            assert_int_equal(
                necessity_set_article(&question.place, word, n, &err), 0);
        else if (necessity_kind_parse(&question.place.kind, word, n) == 0)
            continue;
        else if (n == 2)
            assert_int_equal(
                necessity_set_state(&question.place, word, n, &err), 0);
        else
            assert_int_equal(
                necessity_set_contractor(&question.place, word, n, &err), 0);
    }
    return necessity_decide(&answer, answers->rules, &question, &err);
}

#define ask(code, icd10, place, verdict, reason, link)                         \
    check(code, icd10, place, "2026-07-15", verdict, reason, link, __LINE__)
#define ask_on(code, icd10, place, day, verdict, reason, link)                 \
    check(code, icd10, place, day, verdict, reason, link, __LINE__)

static void check(const char *code, const char *icd10, const char *place,
    const char *day, const char *verdict, const char *reason, const char *link,
    int line)
{
    const int rc = ask_at(code, icd10, place, day);
    const char *tie;

    assert_int_equal(rc, 0);
    tie = tie_link_name(answer.link);
    if (strcmp(necessity_verdict_name(answer.verdict), verdict) != 0 ||
        strcmp(necessity_reason_name(answer.reason), reason) != 0 ||
        strcmp(tie == NULL ? "" : tie, link) != 0) {
        print_error("line %d: %s %s %s: %s %s %s, not %s %s %s\n", line, code,
            icd10, place, necessity_verdict_name(answer.verdict),
            necessity_reason_name(answer.reason), tie == NULL ? "" : tie,
            verdict, reason, link);
        fail();
    }
}

/* ---------------------------------------------------------------- ladder */

static void one_list_that_names_no_procedure_is_for_all(void **state)
{
    build(JULY,
        "release\n"
        "article 100 1 A from=2020-01-01\n"
        "procedures 1: 97035 97110\n"
        "procedures 2: G0283\n"
        "covered 1: M5450 M5451 | The following codes support necessity.\n"
        "noncovered 3: E840 | The following codes do not.\n");
    ask("97035", "M5450", "A100", "supported", "supported", "exact");
    ask("g0283", "m54.50", "a100", "supported", "supported", "exact");
    ask("97110", "E84.0", "A100", "not_supported", "listed_not_supporting",
        "exact");
    ask("97110", "M25.511", "A100", "not_supported", "not_on_list", "exact");
    assert_false(answer.conditions);
}

static void a_list_is_for_the_procedures_it_names(void **state)
{
    build(JULY,
        "release\n"
        "article 100 1 A from=2020-01-01\n"
        "procedures 1: 97035 97110 97112 97116\n"
        "noncovered 1: M25511 | The following do not support 97035.\n"
        "article 200 1 A from=2020-01-01\n"
        "procedures 1: 97035 97110 97112\n"
        "procedures 2: G0283 97116\n"
        "covered 1: M5450 | These support 97035 and 97110-97113\n"
        "covered 2: M5451 M25511 | For the CPT/HCPCS codes in Group 2\n");
    ask("97035", "M25.511", "A100", "not_supported", "listed_not_supporting",
        "named");
    ask("97110", "M25.511", "A100", "unknown", "listed_not_supporting",
        "article_level");
    ask("97035", "M54.50", "A100", "unknown", "policy_without_list", "");
    ask("97035", "M54.50", "A200", "supported", "supported", "named");
    ask("97112", "M54.50", "A200", "supported", "supported", "named");
    ask("G0283", "M54.51", "A200", "supported", "supported", "named");
    /* Not on its own list, though another procedure's list has it. */
    ask("97035", "M54.51", "A200", "not_supported", "not_on_list", "named");
    ask("97116", "M54.50", "A200", "not_supported", "not_on_list", "named");
}

static void equal_numbers_are_an_assumption(void **state)
{
    build(JULY, "release\n"
                "article 100 1 A from=2020-01-01\n"
                "procedures 1: 97035\n"
                "procedures 2: 97110\n"
                "procedures 3: 97112\n"
                "covered 1: M5450 | These support the procedure.\n"
                "covered 2: M5451 | These support the procedure.\n"
                "noncovered 1: E840 | These do not.\n"
                "noncovered 2: M25511 | These do not.\n");
    ask("97035", "M54.50", "A100", "supported", "supported", "assumed");
    /* It may yet be for this one: nothing is sure. */
    ask("97035", "M54.51", "A100", "unknown", "supported", "article_level");
    ask("97112", "M54.51", "A100", "unknown", "supported", "article_level");
    ask("97035", "M25.512", "A100", "unknown", "not_on_list", "assumed");
    ask("97112", "M25.512", "A100", "unknown", "not_on_list", "article_level");
    ask("97035", "E84.0", "A100", "unknown", "listed_not_supporting",
        "assumed");
    ask("97110", "E84.0", "A100", "unknown", "listed_not_supporting",
        "article_level");
}

static void without_the_words_nothing_is_surer_than_the_article(void **state)
{
    build(JULY, "release -article_x_icd10_noncovered_group\n"
                "article 100 1 A from=2020-01-01\n"
                "procedures 1: 97035 97110\n"
                "noncovered 1: M25511\n"
                "covered 1: M5450 | These support the procedures.\n"
                "article 200 1 A from=2020-01-01\n"
                "procedures 1: 97035\n"
                "covered 1: M5450\n");
    ask("97035", "M25.511", "A100", "unknown", "listed_not_supporting",
        "article_level");
    ask("97110", "M25.511", "A100", "unknown", "listed_not_supporting",
        "article_level");
    ask("97110", "M54.50", "A100", "supported", "supported", "exact");
    /* The table of paragraphs is loaded, the row of this list is not. */
    ask("97035", "M54.50", "A200", "unknown", "supported", "article_level");
    ask("97035", "M54.51", "A200", "unknown", "not_on_list", "article_level");
}

static void what_the_procedures_own_words_say_of_diagnoses_weakens(void **state)
{
    build(JULY,
        "release\n"
        "article 100 1 A from=2020-01-01\n"
        "procedures 1: 97035 | These are subject to the ICD-10-CM codes below\n"
        "procedures 2: 97110\n"
        "covered 1: M5450 | These support.\n");
    ask("97035", "M54.50", "A100", "supported", "supported", "assumed");
    ask("97035", "M54.51", "A100", "unknown", "not_on_list", "assumed");
    ask("97110", "M54.51", "A100", "not_supported", "not_on_list", "exact");
}

static void an_exception_is_no_tie(void **state)
{
    build(JULY, "release\n"
                "article 100 1 A from=2020-01-01\n"
                "procedures 1: 97035 97110\n"
                "covered 1: M5450 | These support all codes except 97035.\n");
    ask("97110", "M54.50", "A100", "supported", "supported", "exact");
    ask("97035", "M54.50", "A100", "unknown", "supported", "article_level");
    ask("97035", "M54.51", "A100", "unknown", "not_on_list", "article_level");
}

static void the_placeholder_is_no_list(void **state)
{
    build(JULY, "release\n"
                "article 100 1 A from=2020-01-01\n"
                "procedures 1: 97035\n"
                "covered 1: XX000 | N/A\n"
                "covered 2: M5450 | These support.\n"
                "article 200 1 A from=2020-01-01\n"
                "procedures 1: 97035\n"
                "covered 1: XX000 | N/A\n"
                "noncovered 1: XX000 | N/A\n");
    ask("97035", "M54.50", "A100", "supported", "supported", "exact");
    ask("97035", "M54.51", "A200", "unknown", "policy_without_list", "");
}

/* ------------------------------------------------------------- outcomes */

static void outcomes_combine_within_a_contractor(void **state)
{
    build(JULY, "release\n" PLACES "article 100 1 A from=2020-01-01\n"
                "procedures 1: 97035 97110 97112\n"
                "covered 1: M5450 | For 97035.\n"
                "noncovered 1: E840 | For 97035.\n"
                "contractors: 228/9/2\n"
                "article 200 1 A from=2020-01-01\n"
                "procedures 1: 97035\n"
                "covered 1: E840 M5451 | For 97035.\n"
                "noncovered 1: M5459 | For 97035.\n"
                "contractors: 228/9/2\n"
                "article 300 1 A from=2020-01-01\n"
                "procedures 1: 97035 97150\n"
                "contractors: 228/9/2\n");
    /* One list of some article has it; the others do not. */
    ask("97035", "M54.50", "15102", "supported", "supported", "named");
    ask("97035", "M54.51", "15102", "supported", "supported", "named");
    ask("97035", "M54.59", "15102", "not_supported", "listed_not_supporting",
        "named");
    ask("97035", "M25.511", "15102", "not_supported", "not_on_list", "named");
    ask("97035", "E84.0", "15102", "unknown", "conflict", "");
    ask("97150", "M54.50", "15102", "unknown", "policy_without_list", "");
    ask("97530", "M54.50", "15102", "unknown", "no_policy", "");
    assert_int_equal(answer.detail, DETAIL_PROCEDURE_NOT_LISTED);
    ask("97035", "M54.50", "15101", "unknown", "no_policy", "");
    ask("97035", "M54.50", "KY", "supported", "supported", "named");
    ask("97035", "M54.50", "KY/a", "unknown", "no_policy", "");
    ask("97035", "M54.50", "KY/dme", "unknown", "no_policy", "");
    ask("97035", "M54.50", "228", "supported", "supported", "named");
    /* Lists for others count where nothing better is there. */
    ask("97112", "E84.0", "A100", "unknown", "listed_not_supporting",
        "article_level");
    ask("97112", "M54.51", "A100", "unknown", "policy_without_list", "");
}

static void contractors_are_told_apart(void **state)
{
    build(JULY, "release\n" PLACES "article 100 1 A from=2020-01-01\n"
                "procedures 1: 97035\n"
                "covered 1: M5450 | These support.\n"
                "contractors: 301/13/1\n"
                "article 200 1 A from=2020-01-01\n"
                "procedures 1: 97035\n"
                "noncovered 1: M5450 | These do not.\n"
                "covered 1: M5451 | These support.\n"
                "contractors: 302/13/1\n");
    ask("97035", "M54.50", "QN", "supported", "supported", "exact");
    ask("97035", "M54.50", "UN", "not_supported", "listed_not_supporting",
        "exact");
    ask("97035", "M54.50", "NY", "unknown", "conflict", "");
    assert_int_equal(answer.detail, DETAIL_DIFFER);
    assert_int_equal(answer.results, 2);
    assert_int_equal(answer.result[0].verdict, NECESSITY_SUPPORTED);
    assert_int_equal(answer.result[1].verdict, NECESSITY_NOT_SUPPORTED);
    ask("97035", "M25.511", "NY", "not_supported", "not_on_list", "exact");
    ask("97035", "M54.50", "NY/a", "unknown", "conflict", "");
    /* Nowhere in particular: every article for itself. */
    ask("97035", "M54.50", "", "unknown", "conflict", "");
    assert_int_equal(answer.results, 2);
}

static void places_that_lead_to_nobody_say_why(void **state)
{
    build(JULY, "release\n" PLACES "article 100 1 A from=2020-01-01\n"
                "procedures 1: 97035\n"
                "covered 1: M5450 | These support.\n"
                "contractors: 228/9/2\n"
                "states: 42\n");
    ask("97035", "M54.50", "GU", "unknown", "no_contractor", "");
    assert_int_equal(answer.detail, DETAIL_STATE_WITHOUT);
    ask("97035", "M54.50", "ZZ", "unknown", "no_contractor", "");
    assert_int_equal(answer.detail, DETAIL_UNKNOWN_STATE);
    ask("97035", "M54.50", "99999", "unknown", "no_contractor", "");
    assert_int_equal(answer.detail, DETAIL_UNKNOWN_CONTRACTOR);
    ask("97035", "M54.50", "15102/NY", "unknown", "no_contractor", "");
    assert_int_equal(answer.detail, DETAIL_CONTRACTOR_ELSEWHERE);
    /* Its jurisdiction there ended in March. */
    ask("97035", "M54.50", "OH", "unknown", "no_contractor", "");
    assert_int_equal(answer.detail, DETAIL_STATE_WITHOUT);
    /* One contractor alone, and the article is for Ohio only. */
    ask("97035", "M54.50", "KY", "unknown", "no_policy", "");
    ask("97035", "M54.50", "15102", "supported", "supported", "exact");

    build(JULY, "release -contractor_jurisdiction -article_x_contractor\n"
                "contractor 228/9/2 15102 MAC - Part B\n"
                "contractor 239/8/1 15101 MAC - Part A\n"
                "article 100 1 A from=2020-01-01\n"
                "procedures 1: 97035\n"
                "covered 1: M5450 | These support.\n"
                "relation lcd 900 3\n"
                "lcd 900 3 A from=2020-01-01\n"
                "contractors: 228/9/2\n"
                "article 200 1 A from=2020-01-01\n"
                "procedures 1: 97110\n"
                "covered 1: M5450 | These support.\n");
    ask("97035", "M54.50", "KY", "unknown", "no_contractor", "");
    assert_int_equal(answer.detail, DETAIL_NO_JURISDICTIONS);
    /* By the LCD that the article belongs to. */
    ask("97035", "M54.50", "15102", "supported", "supported", "exact");
    assert_true(answer.result[0].by_lcd);
    ask("97035", "M54.50", "15101", "unknown", "no_policy", "");
    /* Whose article this is, nothing tells. */
    ask("97110", "M54.50", "15102", "unknown", "no_data", "");
    assert_int_equal(answer.detail, DETAIL_NO_CONTRACTORS_OF_ARTICLES);
}

/* ----------------------------------------------------------- conditions */

static void conditions_and_asterisks_are_told(void **state)
{
    build(JULY,
        "release\n"
        "article 100 1 A from=2020-01-01\n"
        "procedures 1: 97035\n"
        "covered 1: M5450* M5451 | These support. ~ Secondary only.\n"
        "article 200 1 A from=2020-01-01\n"
        "procedures 1: 97035\n"
        "covered 1: M5450 | For 97035: one code must come from here.\n");
    ask("97035", "M54.50", "A100", "supported", "supported", "exact");
    assert_true(answer.conditions);
    assert_true(answer.vote[0].asterisk);
    ask("97035", "M54.51", "A100", "supported", "supported", "exact");
    assert_false(answer.conditions);
    ask("97035", "M54.50", "A200", "supported", "supported", "named");
    assert_true(answer.conditions);
    assert_false(answer.vote[0].asterisk);
}

/* ------------------------------------------------------------- diagnoses */

static void a_diagnosis_must_be_billable_on_the_day(void **state)
{
    build("2025-09-25 2025-09-25 2026-07-31",
        "release\n"
        "article 100 1 A from=2020-01-01\n"
        "procedures 1: 97035\n"
        "covered 1: M5450 M5459 M549 | These support.\n");
    ask("97035", "M54.5", "A100", "unknown", "invalid_dx", "");
    assert_int_equal(answer.detail, DETAIL_DX_HEADER);
    ask("97035", "M54.58", "A100", "unknown", "invalid_dx", "");
    assert_int_equal(answer.detail, DETAIL_DX_UNKNOWN);
    ask("97035", "M54.9", "A100", "unknown", "invalid_dx", "");
    assert_int_equal(answer.detail, DETAIL_DX_NOT_VALID);
    ask("97035", "X", "A100", "unknown", "invalid_dx", "");
    assert_int_equal(answer.detail, DETAIL_DX_SHAPE);
    ask("97035", "M545012345", "A100", "unknown", "invalid_dx", "");
    assert_int_equal(answer.detail, DETAIL_DX_SHAPE);
    /* The first of October changes the year of ICD-10-CM. */
    ask_on("97035", "M54.9", "A100", "2025-09-30", "supported", "supported",
        "exact");
    ask_on(
        "97035", "M54.59", "A100", "2025-09-30", "unknown", "invalid_dx", "");
    assert_int_equal(answer.detail, DETAIL_DX_NOT_LISTED);
    ask_on("97035", "M54.59", "A100", "2025-10-01", "supported", "supported",
        "exact");
}

/* -------------------------------------------------------- days, versions */

static void an_article_counts_within_its_dates(void **state)
{
    build(JULY, "release\n"
                "article 100 1 A from=2026-07-10 to=2026-07-20\n"
                "procedures 1: 97035\n"
                "covered 1: M5450 | These support.\n"
                "article 200 1 R from=2020-01-01 retired=2026-07-20\n"
                "procedures 1: 97110\n"
                "covered 1: M5450 | These support.\n"
                "article 300 1 A from=2020-01-01 draft\n"
                "procedures 1: 97112\n"
                "covered 1: M5450 | These support.\n"
                "article 400 1 P from=2020-01-01\n"
                "procedures 1: 97112\n"
                "covered 1: M5450 | These support.\n"
                "article 500 1 R from=2020-01-01\n"
                "procedures 1: 97112\n"
                "covered 1: M5450 | These support.\n"
                "article 600 1 A from=2020-01-01 retires=2026-07-20\n"
                "procedures 1: 97116\n"
                "covered 1: M5450 | These support.\n");
    ask_on("97035", "M54.50", "", "2026-07-09", "unknown", "no_policy", "");
    ask_on(
        "97035", "M54.50", "", "2026-07-10", "supported", "supported", "exact");
    ask_on(
        "97035", "M54.50", "", "2026-07-20", "supported", "supported", "exact");
    ask_on("97035", "M54.50", "", "2026-07-21", "unknown", "no_policy", "");
    ask_on("97035", "M54.50", "A100", "2026-07-21", "unknown", "no_policy", "");
    assert_int_equal(answer.detail, DETAIL_ARTICLE_NOT_IN_FORCE);
    ask_on(
        "97110", "M54.50", "", "2026-07-20", "supported", "supported", "exact");
    ask_on("97110", "M54.50", "", "2026-07-21", "unknown", "no_policy", "");
    ask("97112", "M54.50", "", "unknown", "no_policy", "");
    ask_on(
        "97116", "M54.50", "", "2026-07-20", "supported", "supported", "exact");
    ask_on("97116", "M54.50", "", "2026-07-21", "unknown", "no_policy", "");
    ask("97116", "M54.50", "A100", "unknown", "no_policy", "");
    assert_int_equal(answer.detail, DETAIL_ARTICLE_WITHOUT_PROCEDURE);
    assert_int_equal(
        ask_at("97035", "M5450", "A999", "2026-07-15"), ERR_NOTFOUND);
}

static void the_version_of_the_day_counts(void **state)
{
    build("2026-07-01 2026-07-01 2026-07-31",
        "release history\n"
        "article 100 1 A from=2020-01-01 to=2025-12-31\n"
        "procedures 1: 97035\n"
        "covered 1: M5450 | These support.\n"
        "article 100 2 A from=2026-01-01\n"
        "procedures 1: 97110\n"
        "covered 1: M5450 | These support.\n"
        "article 200 1 A from=2020-01-01\n"
        "procedures 1: 97112\n"
        "covered 1: M5450 | These support.\n"
        "article 200 2 A from=2026-03-01\n"
        "procedures 1: 97112\n"
        "covered 1: M5451 | These support.\n");
    /* Earlier versions answer for earlier days. */
    ask_on(
        "97035", "M54.50", "", "2025-12-31", "supported", "supported", "exact");
    ask_on("97035", "M54.50", "", "2026-01-01", "unknown", "no_policy", "");
    ask_on(
        "97110", "M54.50", "", "2026-01-01", "supported", "supported", "exact");
    ask_on("97110", "M54.50", "", "2025-12-31", "unknown", "no_policy", "");
    /* Where two have no end, the one that began last. */
    ask_on(
        "97112", "M54.50", "", "2026-02-28", "supported", "supported", "exact");
    ask_on("97112", "M54.50", "", "2026-03-01", "not_supported", "not_on_list",
        "exact");
    ask_on("97035", "M54.50", "A100", "2025-12-31", "supported", "supported",
        "exact");
}

static void days_outside_what_is_loaded_are_not_guessed(void **state)
{
    build("2026-06-04 2026-06-04 2026-06-10; 2026-07-02 2026-07-02 2026-07-08",
        "release\n"
        "article 100 1 A from=2020-01-01\n"
        "procedures 1: 97035\n"
        "covered 1: M5450 | These support.\n"
        "release\n"
        "article 100 2 A from=2020-01-01\n"
        "procedures 1: 97035\n"
        "covered 1: M5450 M5451 | These support.\n");
    ask_on("97035", "M54.50", "", "2026-06-03", "unknown", "no_data", "");
    assert_int_equal(answer.detail, DETAIL_BEFORE);
    ask_on("97035", "M54.51", "", "2026-06-04", "not_supported", "not_on_list",
        "exact");
    assert_false(answer.stale);
    /* Between two releases what both say holds. */
    ask_on(
        "97035", "M54.50", "", "2026-06-20", "supported", "supported", "exact");
    ask_on("97035", "M54.51", "", "2026-06-20", "unknown", "no_data", "");
    assert_int_equal(answer.detail, DETAIL_UNCERTAIN);
    assert_int_equal(answer.around[0], NECESSITY_NOT_SUPPORTED);
    assert_int_equal(answer.around[1], NECESSITY_SUPPORTED);
    ask_on(
        "97035", "M54.51", "", "2026-07-02", "supported", "supported", "exact");
    ask_on("97035", "M54.51", "", "2026-08-22", "supported", "supported",
        "exact"); /* 45 days after the eighth of July */
    assert_true(answer.stale);
    ask_on("97035", "M54.51", "", "2026-08-23", "unknown", "no_data", "");
    assert_int_equal(answer.detail, DETAIL_AFTER);
    build("2026-06-04 2026-06-04 2026-06-10",
        "release -article_x_hcpc_code -article_x_icd10_covered "
        "-article_x_icd10_noncovered\n"
        "article 100 1 A from=2020-01-01\n");
    ask_on("97035", "M54.51", "A100", "2026-06-04", "unknown", "no_data", "");
    assert_int_equal(answer.detail, DETAIL_LISTS_NOT_LOADED);
    build(NULL, NULL);
    ask_on("97035", "M54.51", "", "2026-07-02", "unknown", "no_data", "");
    assert_int_equal(answer.detail, DETAIL_NOT_LOADED);
}

/* --------------------------------------------------------------- writing */

static void what_cannot_be_read_is_refused(void **state)
{
    struct necessity_question question = {0};
    struct error err = {0};

    assert_int_equal(
        necessity_set_procedure(&question, "M54.50", 6, &err), ERR_INPUT);
    assert_int_equal(
        necessity_set_procedure(&question, "970355", 6, &err), ERR_INPUT);
    assert_int_equal(
        necessity_set_procedure(&question, "", 0, &err), ERR_INPUT);
    assert_int_equal(
        necessity_set_diagnosis(&question, "", 0, &err), ERR_INPUT);
    assert_int_equal(
        necessity_set_diagnosis(&question, "M54\x01", 4, &err), ERR_INPUT);
    assert_int_equal(
        necessity_set_state(&question.place, "KYX", 3, &err), ERR_INPUT);
    assert_int_equal(
        necessity_set_state(&question.place, "", 0, &err), ERR_INPUT);
    assert_int_equal(
        necessity_set_contractor(&question.place, "1510 2", 6, &err),
        ERR_INPUT);
    assert_int_equal(necessity_set_contractor(
                         &question.place, "15102151021510215102", 20, &err),
        ERR_INPUT);
    assert_int_equal(
        necessity_set_article(&question.place, "L34049", 6, &err), ERR_INPUT);
    assert_int_equal(
        necessity_set_article(&question.place, "A", 1, &err), ERR_INPUT);
    assert_int_equal(
        necessity_set_article(&question.place, "A999999999", 10, &err),
        ERR_INPUT);
    assert_int_equal(
        necessity_set_diagnosis(&question, " m25.511 ", 9, &err), 0);
    assert_string_equal(question.diagnosis, "M25511");
    assert_int_equal(
        necessity_set_article(&question.place, " a57067 ", 8, &err), 0);
    assert_int_equal(question.place.article, 57067);
    assert_int_equal(necessity_set_state(&question.place, "ky", 2, &err), 0);
    assert_string_equal(question.place.state, "KY");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_list_that_names_no_procedure_is_for_all),
        cmocka_unit_test(a_list_is_for_the_procedures_it_names),
        cmocka_unit_test(equal_numbers_are_an_assumption),
        cmocka_unit_test(without_the_words_nothing_is_surer_than_the_article),
        cmocka_unit_test(
            what_the_procedures_own_words_say_of_diagnoses_weakens),
        cmocka_unit_test(an_exception_is_no_tie),
        cmocka_unit_test(the_placeholder_is_no_list),
        cmocka_unit_test(outcomes_combine_within_a_contractor),
        cmocka_unit_test(contractors_are_told_apart),
        cmocka_unit_test(places_that_lead_to_nobody_say_why),
        cmocka_unit_test(conditions_and_asterisks_are_told),
        cmocka_unit_test(a_diagnosis_must_be_billable_on_the_day),
        cmocka_unit_test(an_article_counts_within_its_dates),
        cmocka_unit_test(the_version_of_the_day_counts),
        cmocka_unit_test(days_outside_what_is_loaded_are_not_guessed),
        cmocka_unit_test(what_cannot_be_read_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, end);
}

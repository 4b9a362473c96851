/* test_answers.c - cards, lists, edits and searches as the API gives them. */
#include "tests/harness.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/answer.h"
#include "codesets/answer/cursor.h"
#include "tests/tiny_build.h"

static struct tiny *tiny;
static struct answers *answers;
static struct buffer out;

static void add_practice(void)
{
    const uint8_t timed = tiny_series(
        tiny, TABLE_TIMED, SETTING_NONE, PROGRAM_NONE, "own 1900-01-01 open");
    const uint8_t pfs = tiny_series(tiny, TABLE_PFS, SETTING_NONE, PROGRAM_NONE,
        "2024a 2024-01-01 2024-03-31; 2025a 2025-01-01 2025-03-31");
    const uint8_t mue =
        tiny_series(tiny, TABLE_MUE, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
            "2024q3 2024-07-01 2024-09-30; 2026q2 2026-04-01 2026-06-30");
    const uint8_t aoc = tiny_series(tiny, TABLE_AOC, SETTING_NONE, PROGRAM_NONE,
        "2026q2 2026-04-01 2026-06-30");

    tiny_cells(tiny, timed, 0, 0, TIMED_CODE, "97110", TIMED_LABEL,
        "therapeutic exercise", TIMED_KIND, "EACH", TIMED_FLAG, "Y", TIMED_UNIT,
        "15", TIMED_MINIMUM, "8", TIMED_THERAPY, "always", -1);
    tiny_cells(tiny, timed, 0, 0, TIMED_CODE, "97001", TIMED_LABEL,
        "therapy evaluation (old)", TIMED_FLAG, "N", TIMED_REPLACED_BY,
        "97161 97162", -1);
    tiny_cells(tiny, timed, 0, 0, TIMED_CODE, "97116", TIMED_LABEL,
        "gait training", TIMED_FLAG, "Y", -1);
    tiny_cells(tiny, timed, 0, 0, TIMED_CODE, "0791T", TIMED_LABEL,
        "virtual-reality gait training, each block", TIMED_FLAG, "Y", -1);
    tiny_cells(tiny, pfs, 0, 0, PFS_KEY, "97110", PFS_STATUS, "A", PFS_WORK_RVU,
        "0.45", PFS_NONFACILITY_TOTAL, ".88", PFS_MULTIPLE_PROCEDURE, "5", -1);
    tiny_cells(tiny, pfs, 1, 1, PFS_KEY, "97110", PFS_STATUS, "A", PFS_WORK_RVU,
        "0.45", PFS_NONFACILITY_TOTAL, "0.89", PFS_MULTIPLE_PROCEDURE, "5", -1);
    tiny_row(tiny, mue, 0, 0, "97110|6|3|Clinical: Data");
    tiny_row(tiny, mue, 1, 1, "97110|8|3|Clinical: Data");
    tiny_row(tiny, mue, 0, 1, "97116|0|2|Never");
    tiny_cells(tiny, aoc, 0, 0, AOC_ADDON, "0791T", AOC_TYPE, "1", AOC_PRIMARY,
        "97116", AOC_EFFECTIVE, "20230701", -1);
    tiny_row_key(tiny, aoc, "97116<", 0, 0, "0791T|1||97116||20230701||");
}

static int make_build(void **state)
{
    static const char *const codes[] = {"0791T", "97001", "97110", "97112",
        "97116", "97140", "97150", "E1010", "G0283"};
    uint8_t icd, hcpcs, own, local;

    tiny = tiny_begin();
    icd = tiny_series(tiny, TABLE_ICD10CM, SETTING_NONE, PROGRAM_NONE,
        "2025 2024-10-01 2025-09-30; 2026 2025-10-01 2026-09-30");
    hcpcs = tiny_series(tiny, TABLE_HCPCS, SETTING_NONE, PROGRAM_NONE,
        "2026q1 2026-01-01 2026-03-31");
    own = tiny_series(tiny, TABLE_MODIFIER, SETTING_NONE, PROGRAM_NONE,
        "own 1900-01-01 open");
    local = tiny_series(
        tiny, TABLE_LOCAL, SETTING_NONE, PROGRAM_NONE, "own 1900-01-01 open");
    (void)tiny_series(tiny, TABLE_PTP, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
        "2024q3 2024-07-01 2024-09-30");
    add_practice();
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        tiny_proc(tiny, codes[i], "valid listed 1 0");
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97150", "97110", "2020-01-01", "", 1);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97110", "97001", "2010-01-01", "", 1);
    tiny_edit(tiny, SETTING_PRACTITIONER, "97116", "97110", "1996-01-01",
        "2004-12-31", 0);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97110", "97140", "2025-01-01", "", 0);
    tiny_row(tiny, icd, 0, 1, "M54|0|Dorsalgia|Dorsalgia");
    tiny_row(tiny, icd, 0, 1, "M545|0|Low back pain|Low back pain");
    tiny_row(tiny, icd, 0, 1,
        "M5450|1|Low back pain, unsp|Low back pain, unspecified");
    tiny_row(tiny, icd, 0, 1,
        "E1010|1|Type 1 diab|Type 1 diabetes mellitus with ketoacidosis");
    tiny_row(tiny, icd, 0, 1,
        "H8101|1|Meniere right|M\xC3\xA9ni\xC3\xA8re's disease, right ear");
    tiny_row(tiny, icd, 0, 1,
        "I219|1|AMI, unsp|Acute myocardial infarction, unspecified");
    tiny_row(tiny, icd, 0, 1, "I10|1|Hypertension|Hypertension");
    tiny_row(tiny, icd, 0, 1,
        "I158|1|Oth hypertension|\xC3\x96ther secondary hypertension");
    tiny_synonym(tiny, "heart attack", "myocardial infarction");
    tiny_synonym(tiny, "htn", "hypertension");
    tiny_hcpcs(tiny, hcpcs, 0, 0, "E1010", "3", "Wheelchair accessory", "",
        "20040101", "");
    tiny_hcpcs(tiny, hcpcs, 0, 0, "G0283", "3",
        "Electrical stimulation (unattended)", "97014", "20030101", "20241231");
    tiny_cells(tiny, own, 0, 0, MODIFIER_CODE, "59", MODIFIER_LABEL,
        "separate service", MODIFIER_BYPASS, "Y", -1);
    tiny_row(
        tiny, local, 0, 0, "<B>|<img onerror=\"x\"> pool|20240101||\"quoted\"");
    answers = tiny_open(tiny);
    return 0;
}

static int drop_build(void **state)
{
    buffer_clear(&out);
    tiny_close(tiny);
    return 0;
}

/* A member by a path: "mue.practitioner.value", "hits.0.code". */
static json_t *at(json_t *value, const char *path)
{
    char part[64];

    while (value != NULL && *path != '\0') {
        const size_t len = strcspn(path, ".");

        assert_true(len < sizeof part);
        memcpy(part, path, len);
        part[len] = '\0';
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(part))
                                     : json_object_get(value, part);
        path += len + (path[len] == '.');
    }
    return value;
}

static json_t *parse(const char *text)
{
    json_error_t err;
    json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &err);

    if (value == NULL)
        fail_msg("%s at %d in %s", err.text, err.position, text);
    return value;
}

static json_t *card(const char *code, const char *date)
{
    return parse(tiny_code(tiny, code, date, 0));
}

static void assert_text(json_t *value, const char *path, const char *wanted)
{
    const char *text = json_string_value(at(value, path));

    if (text == NULL)
        fail_msg("%s is no text", path);
    assert_string_equal(text, wanted);
}

static void assert_number(json_t *value, const char *path, double wanted)
{
    assert_true(json_is_number(at(value, path)));
    assert_float_equal(json_number_value(at(value, path)), wanted, 1e-9);
}

static void assert_is_null(json_t *value, const char *path)
{
    if (!json_is_null(at(value, path)))
        fail_msg("%s is not null", path);
}

/* ------------------------------------------------------------------ cards */

static void a_procedure_code_shows_all_that_is_known(void **state)
{
    json_t *said = card("97110", "2024-07-01");

    assert_text(said, "code", "97110");
    assert_text(said, "system", "cpt");
    assert_true(json_is_true(at(said, "valid")));
    assert_true(json_is_true(at(said, "billable")));
    assert_is_null(said, "valid_from");
    assert_text(said, "descriptors.label", "therapeutic exercise");
    assert_is_null(said, "descriptors.long");
    assert_true(json_is_true(at(said, "timed.flag")));
    assert_text(said, "timed.kind", "EACH");
    assert_number(said, "timed.unit_minutes", 15);
    assert_number(said, "timed.minimum_minutes", 8);
    assert_is_null(said, "timed.maximum_minutes");
    assert_text(said, "timed.source.file", "tiny.txt");
    assert_text(said, "therapy.class", "always");
    assert_number(said, "mue.practitioner.value", 6);
    assert_number(said, "mue.practitioner.mai", 3);
    assert_is_null(said, "mue.outpatient");
    assert_number(said, "edits.practitioner.column1", 1);
    assert_number(said, "edits.practitioner.column2", 1);
    assert_number(said, "edits.practitioner.total", 4);
    assert_is_null(said, "edits.dme");
    assert_text(said, "neighbours.previous", "97001");
    assert_text(said, "neighbours.next", "97112");
    assert_true(json_array_size(at(said, "sources")) >= 3);
    json_decref(said);
}

static void in_a_gap_what_differs_is_uncertain_with_both_values(void **state)
{
    json_t *said = card("97110", "2024-07-01");

    assert_text(said, "pfs.state", "gap");
    assert_text(said, "pfs.status", "A");
    assert_number(said, "pfs.work_rvu", 0.45);
    assert_is_null(said, "pfs.nonfacility_total");
    assert_number(said, "pfs.uncertain.nonfacility_total.0", 0.88);
    assert_number(said, "pfs.uncertain.nonfacility_total.1", 0.89);
    json_decref(said);
    said = card("97110", "2025-01-01");
    assert_number(said, "pfs.nonfacility_total", 0.89);
    assert_int_equal(json_object_size(at(said, "pfs.uncertain")), 0);
    assert_is_null(said, "mue.practitioner.value");
    assert_number(said, "mue.practitioner.uncertain.0.value", 6);
    assert_number(said, "mue.practitioner.uncertain.1.value", 8);
    json_decref(said);
}

static void a_limit_of_0_is_told_apart_from_no_limit(void **state)
{
    json_t *said = card("97116", "2024-07-01");

    assert_number(said, "mue.practitioner.value", 0);
    assert_true(json_is_true(at(said, "mue.practitioner.published")));
    json_decref(said);
    said = card("97140", "2024-07-01");
    assert_is_null(said, "mue.practitioner.value");
    assert_true(json_is_false(at(said, "mue.practitioner.published")));
    json_decref(said);
    said = card("97140", "2024-06-30"); /* before the first release */
    assert_is_null(said, "mue.practitioner.published");
    json_decref(said);
}

static void minutes_that_nobody_tells_are_unknown(void **state)
{
    json_t *said = card("97140", "2024-07-01");

    assert_is_null(said, "timed.flag");
    assert_text(said, "timed.known", "unknown");
    json_decref(said);
}

static void an_addon_names_its_primaries_and_a_primary_its_addons(void **state)
{
    json_t *said = card("0791T", "2026-05-01");

    assert_true(json_is_true(at(said, "addon.is_addon")));
    assert_number(said, "addon.type", 1);
    assert_text(said, "addon.primaries.0", "97116");
    json_decref(said);
    said = card("97116", "2026-05-01");
    assert_true(json_is_false(at(said, "addon.is_addon")));
    assert_text(said, "addon.addons.0", "0791T");
    assert_int_equal(json_array_size(at(said, "addon.primaries")), 0);
    json_decref(said);
    said = card("0791T", "2023-06-30");
    assert_true(json_is_false(at(said, "addon.is_addon")));
    json_decref(said);
}

/* 366 days after the table's last day nothing is said from it any more
 * (design.md 3). */
static void an_addon_is_stale_for_a_year_and_then_unknown(void **state)
{
    json_t *said = card("0791T", "2026-07-01");

    assert_true(json_is_true(at(said, "addon.is_addon")));
    assert_true(json_is_true(at(said, "addon.stale")));
    json_decref(said);
    said = card("0791T", "2027-07-01"); /* 366 days after 2026-06-30 */
    assert_true(json_is_true(at(said, "addon.is_addon")));
    json_decref(said);
    said = card("0791T", "2027-07-02");
    assert_is_null(said, "addon.is_addon");
    assert_text(said, "addon.state", "outside");
    assert_int_equal(json_array_size(at(said, "addon.primaries")), 0);
    json_decref(said);
}

static void an_ended_code_names_what_replaced_it(void **state)
{
    json_t *said = card("97001", "2024-07-01");

    assert_text(said, "replaced_by.0", "97161");
    assert_text(said, "replaced_by.1", "97162");
    json_decref(said);
    said = card("G0283", "2025-07-01");
    assert_text(said, "replaced_by.0", "97014");
    json_decref(said);
}

static void a_diagnosis_is_taken_and_shown_with_its_dot(void **state)
{
    static const char *const forms[] = {
        "M54.50", "m5450", " M54.50 ", "m54.50."};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        json_t *said = card(forms[i], "2026-01-01");

        assert_text(said, "code", "M54.50");
        assert_text(said, "undotted", "M5450");
        assert_text(said, "system", "icd10cm");
        assert_true(json_is_true(at(said, "billable")));
        assert_text(said, "descriptors.long", "Low back pain, unspecified");
        json_decref(said);
    }
}

static void a_header_is_valid_and_not_billable(void **state)
{
    json_t *said = card("m54.5", "2026-01-01");

    assert_true(json_is_true(at(said, "valid")));
    assert_true(json_is_false(at(said, "billable")));
    assert_true(json_is_true(at(said, "header")));
    json_decref(said);
}

static void a_code_of_two_systems_is_a_procedure_code_first(void **state)
{
    json_t *said = card("E1010", "2026-01-01");

    assert_text(said, "system", "hcpcs");
    assert_text(said, "also.0", "icd10cm");
    json_decref(said);
    said = card("E10.10", "2026-01-01");
    assert_text(said, "system", "icd10cm");
    assert_int_equal(json_array_size(at(said, "also")), 0);
    json_decref(said);
    said = parse(tiny_code(tiny, "E1010", "2026-01-01", 1u << SYSTEM_ICD10CM));
    assert_text(said, "system", "icd10cm");
    json_decref(said);
}

static void what_is_no_code_is_told_apart_from_what_is_not_there(void **state)
{
    tiny_has(tiny_code(tiny, "99999", "2026-01-01", 0), "error -1:");
    tiny_has(tiny_code(tiny, "Z99.9", "2026-01-01", 0), "error -1:");
    tiny_has(tiny_code(tiny, "971", "2026-01-01", 0), "error -2:");
    tiny_has(tiny_code(tiny, "97 110", "2026-01-01", 0), "error -2:");
    tiny_has(tiny_code(tiny, "", "2026-01-01", 0), "error -2:");
    tiny_has(tiny_code(tiny, "97110", "2026-01-01", 1u << SYSTEM_ICD10CM),
        "error -1:");
}

static void markup_in_data_is_data(void **state)
{
    json_t *said = card("<b>", "2026-01-01");

    assert_text(said, "code", "<B>");
    assert_text(said, "system", "local");
    assert_text(said, "text", "<img onerror=\"x\"> pool");
    assert_text(said, "local.notes", "\"quoted\"");
    json_decref(said);
}

/* ------------------------------------------------------------------ lists */

static json_t *list(const struct codes_question *question, int wanted)
{
    struct error err = {0};

    out.len = 0;
    assert_int_equal(answer_codes(&out, answers, question, &err), wanted);
    if (wanted != 0) {
        assert_int_equal(out.len, 0);
        return NULL;
    }
    buffer_addc(&out, '\0');
    return parse(out.data);
}

#define TEXT(text)                                                             \
    {                                                                          \
        text, sizeof(text) - 1                                                 \
    }

static void a_prefix_lists_codes_in_code_order(void **state)
{
    const struct codes_question question = {
        .prefix = TEXT("971"), .day = tiny_day("2024-07-01")};
    json_t *said = list(&question, 0);

    assert_int_equal(json_array_size(at(said, "items")), 5);
    assert_text(said, "items.0.code", "97110");
    assert_text(said, "items.4.code", "97150");
    assert_is_null(said, "next");
    json_decref(said);
}

static void pages_follow_each_other_without_a_gap(void **state)
{
    struct codes_question question = {
        .prefix = TEXT("9"), .day = tiny_day("2024-07-01"), .limit = 2};
    struct buffer seen = {0};
    char cursor[CURSOR_TEXT];

    for (int page = 0; page < 3; page++) {
        json_t *said = list(&question, 0);
        const char *next = json_string_value(at(said, "next"));
        size_t i;
        json_t *item;

        json_array_foreach(at(said, "items"), i, item)
        {
            buffer_adds(&seen, json_string_value(at(item, "code")));
            buffer_addc(&seen, ' ');
        }
        assert_true((next == NULL) == (page == 2));
        if (next != NULL) {
            (void)snprintf(cursor, sizeof cursor, "%s", next);
            question.cursor = (struct text_ref){cursor, strlen(cursor)};
        }
        json_decref(said);
    }
    buffer_addc(&seen, '\0');
    assert_string_equal(seen.data, "97001 97110 97112 97116 97140 97150 ");
    buffer_clear(&seen);
}

static void a_range_takes_both_ends_in(void **state)
{
    const struct codes_question question = {.from = TEXT("97112"),
        .to = TEXT("97140"),
        .day = tiny_day("2024-07-01")};
    json_t *said = list(&question, 0);

    assert_int_equal(json_array_size(at(said, "items")), 3);
    assert_text(said, "items.2.code", "97140");
    json_decref(said);
}

static void a_dotted_prefix_lists_diagnoses_only(void **state)
{
    struct codes_question question = {
        .prefix = TEXT("e10."), .day = tiny_day("2026-01-01")};
    json_t *said = list(&question, 0);

    assert_int_equal(json_array_size(at(said, "items")), 1);
    assert_text(said, "items.0.code", "E10.10");
    json_decref(said);
    question.prefix = (struct text_ref)TEXT("e10");
    said = list(&question, 0);
    assert_int_equal(json_array_size(at(said, "items")), 2);
    json_decref(said);
    question.systems = 1u << SYSTEM_HCPCS;
    said = list(&question, 0);
    assert_text(said, "items.0.system", "hcpcs");
    assert_int_equal(json_array_size(at(said, "items")), 1);
    json_decref(said);
}

static void named_codes_come_in_the_order_they_were_asked(void **state)
{
    const struct codes_question question = {
        .codes = TEXT("97150,nope!,m54.50,99999,97110"),
        .day = tiny_day("2026-01-01")};
    json_t *said = list(&question, 0);

    assert_int_equal(json_array_size(at(said, "items")), 5);
    assert_text(said, "items.0.code", "97150");
    assert_text(said, "items.1.problem", "unknown_code");
    assert_text(said, "items.2.code", "M54.50");
    assert_text(said, "items.3.problem", "unknown_code");
    assert_text(said, "items.4.code", "97110");
    json_decref(said);
}

static void a_question_for_no_list_is_refused(void **state)
{
    struct codes_question question = {.day = 0};

    (void)list(&question, ERR_INPUT);
    question.prefix = (struct text_ref)TEXT("971");
    question.codes = (struct text_ref)TEXT("97110");
    (void)list(&question, ERR_INPUT);
    question.codes.text = NULL;
    question.limit = LIST_LIMIT_MAX + 1;
    (void)list(&question, ERR_INPUT);
    question.limit = 0;
    question.prefix = (struct text_ref)TEXT("97 1");
    (void)list(&question, ERR_INPUT);
}

static void a_cursor_of_another_list_or_build_is_refused(void **state)
{
    static const char *const wrong[] = {"", "x", "AAAA",
        "MDEyMzQ1Njc4OWFiYzAwMDAwMDAx_", "!!!!!!!!!!!!!!!!!!!!!!!!!!!!"};
    const struct cursor_list other = cursor_list(CURSOR_EDITS);
    struct codes_question question = {.prefix = TEXT("9")};
    char cursor[CURSOR_TEXT];
    uint32_t position;
    struct error err = {0};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        question.cursor = (struct text_ref){wrong[i], strlen(wrong[i])};
        (void)list(&question, ERR_INPUT);
    }
    cursor_write(cursor, answers->store, &other, 7);
    question.cursor = (struct text_ref){cursor, strlen(cursor)};
    (void)list(&question, ERR_INPUT);
    assert_int_equal(
        cursor_read(&position, answers->store, &other, question.cursor, &err),
        0);
    assert_int_equal(position, 7);
    cursor[2]++; /* another build's id */
    assert_int_equal(
        cursor_read(&position, answers->store, &other, question.cursor, &err),
        ERR_INPUT);
}

static void a_cursor_belongs_to_the_question_it_was_given_out_for(void **state)
{
    const struct codes_question asked = {
        .prefix = TEXT("9"), .day = 20240701, .limit = 1};
    struct codes_question other[5];
    char cursor[CURSOR_TEXT];
    struct error err = {0};
    json_t *first = list(&asked, 0);

    (void)snprintf(cursor, sizeof cursor, "%s",
        json_string_value(json_object_get(first, "next")));
    json_decref(first);
    for (size_t i = 0; i < 5; i++) {
        other[i] = asked;
        other[i].cursor = (struct text_ref){cursor, strlen(cursor)};
    }
    other[0].limit = 2; /* the length of a page may change */
    json_decref(list(&other[0], 0));
    other[1].prefix = (struct text_ref)TEXT("97");
    other[2].day = 20240702;
    other[3].systems = 1;
    other[4].prefix.text = NULL;
    other[4].from = (struct text_ref)TEXT("9");
    other[4].to = (struct text_ref)TEXT("9");
    for (size_t i = 1; i < 5; i++) {
        (void)list(&other[i], ERR_INPUT);
        assert_int_equal(
            answer_codes(&out, answers, &other[i], &err), ERR_INPUT);
        assert_non_null(strstr(err.msg, "of another question"));
    }
}

/* ------------------------------------------------------------------ edits */

static json_t *edits(const struct edits_question *question)
{
    struct error err = {0};

    out.len = 0;
    if (answer_edits(&out, answers, question, &err) != 0)
        fail_msg("%s", err.msg);
    buffer_addc(&out, '\0');
    return parse(out.data);
}

static void the_edits_of_a_code_are_listed_from_both_columns(void **state)
{
    struct edits_question question = {.code = TEXT("97110"),
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE,
        .day = tiny_day("2024-07-01")};
    json_t *said = edits(&question);

    assert_int_equal(json_array_size(at(said, "items")), 4);
    assert_number(said, "counts.total", 4);
    json_decref(said);
    question.column = 1;
    said = edits(&question);
    assert_int_equal(json_array_size(at(said, "items")), 2);
    assert_text(said, "items.0.column2", "97001");
    assert_text(said, "items.1.state", "coming");
    json_decref(said);
    question.on_day = true;
    said = edits(&question);
    assert_int_equal(json_array_size(at(said, "items")), 1);
    json_decref(said);
}

static void beyond_the_data_no_edit_is_said_to_be_in_force(void **state)
{
    static const char *const days[] = {"1990-01-01", "2199-01-01"};

    for (size_t i = 0; i < 2; i++) {
        struct edits_question question = {.code = TEXT("97110"),
            .setting = SETTING_PRACTITIONER,
            .program = PROGRAM_MEDICARE,
            .day = tiny_day(days[i])};
        json_t *said = edits(&question), *item;
        size_t k;

        assert_true(json_is_false(json_object_get(said, "covered")));
        assert_is_null(said, "counts.column1");
        json_array_foreach(json_object_get(said, "items"), k, item)
            assert_string_not_equal(
                json_string_value(json_object_get(item, "state")), "in_force");
        json_decref(said);
    }
}

static void the_pages_of_edits_hold_each_edit_once(void **state)
{
    struct edits_question question = {.code = TEXT("97110"),
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE,
        .limit = 1};
    char cursor[CURSOR_TEXT];
    size_t n = 0;

    for (;;) {
        json_t *said = edits(&question);
        const char *next = json_string_value(at(said, "next"));
        const bool last = next == NULL;

        n += json_array_size(at(said, "items"));
        if (!last) {
            (void)snprintf(cursor, sizeof cursor, "%s", next);
            question.cursor = (struct text_ref){cursor, strlen(cursor)};
        }
        json_decref(said);
        if (last)
            break;
    }
    assert_int_equal(n, 4);
}

static void a_diagnosis_has_no_edits(void **state)
{
    const struct edits_question question = {.code = TEXT("M54.50"),
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE};
    struct error err = {0};

    assert_int_equal(answer_edits(&out, answers, &question, &err), ERR_INPUT);
}

/* ----------------------------------------------------------------- search */

static json_t *search(const char *text, uint32_t systems)
{
    const struct search_question question = {.text = {text, strlen(text)},
        .systems = systems,
        .day = tiny_day("2026-01-01")};
    struct error err = {0};

    out.len = 0;
    if (answer_search(&out, answers, &question, &err) != 0)
        fail_msg("%s", err.msg);
    buffer_addc(&out, '\0');
    return parse(out.data);
}

static void the_code_that_was_typed_comes_first(void **state)
{
    json_t *said = search("97110", 0);

    assert_text(said, "hits.0.code", "97110");
    assert_text(said, "hits.0.matched", "code");
    json_decref(said);
    said = search("m54.5", 0);
    assert_text(said, "hits.0.code", "M54.5");
    assert_text(said, "hits.1.code", "M54.50");
    assert_text(said, "hits.1.matched", "code_prefix");
    assert_number(said, "total", 2);
    json_decref(said);
    said = search("e1010", 0);
    assert_text(said, "hits.0.system", "hcpcs");
    assert_text(said, "hits.1.system", "icd10cm");
    json_decref(said);
}

static void every_word_must_begin_a_word_in_any_order(void **state)
{
    json_t *said = search("train GAIT", 0);

    assert_number(said, "total", 2);
    assert_text(said, "hits.0.code", "97116"); /* the shorter title */
    assert_text(said, "hits.0.matched", "title_begins");
    assert_text(said, "hits.1.code", "0791T");
    json_decref(said);
    said = search("gait training", 0);
    assert_text(said, "hits.0.matched", "title");
    assert_text(said, "matched", "all");
    json_decref(said);
    said = search("gait zebra", 0);
    assert_number(said, "total", 2);
    assert_text(said, "matched", "part");
    assert_text(said, "dropped.0", "zebra");
    assert_text(said, "hits.0.matched", "part");
    json_decref(said);
    said = search("gati zebra", 0);
    assert_text(said, "corrected.0.typed", "gati");
    assert_text(said, "corrected.0.read", "gait");
    json_decref(said);
}

static void highlights_count_code_points(void **state)
{
    json_t *said = search("meniere dis", 0);

    assert_text(said, "hits.0.code", "H81.01");
    assert_text(
        said, "hits.0.text", "M\xC3\xA9ni\xC3\xA8re's disease, right ear");
    /* "Ménière's" in full would be nine, of which seven were typed; the
     * apostrophe makes folded and shown text differ in length. */
    assert_number(said, "hits.0.highlights.0.0", 0);
    assert_number(said, "hits.0.highlights.0.1", 9);
    assert_number(said, "hits.0.highlights.1.0", 10);
    assert_number(said, "hits.0.highlights.1.1", 3);
    json_decref(said);
}

static void assert_part(
    json_t *said, const char *hit, size_t part, double start, double length)
{
    char path[64];

    (void)snprintf(path, sizeof path, "%s.highlights.%zu.0", hit, part);
    assert_number(said, path, start);
    (void)snprintf(path, sizeof path, "%s.highlights.%zu.1", hit, part);
    assert_number(said, path, length);
}

static void words_that_stand_for_others_are_shown_in_the_text(void **state)
{
    static const char *const lay[] = {
        "heart attack", "attack HEART", "acute heart attacks"};
    json_t *said;

    for (size_t i = 0; i < 3; i++) {
        const size_t before = i == 2; /* "acute" stands there itself */

        said = search(lay[i], 0);
        assert_text(said, "hits.0.code", "I21.9");
        assert_part(said, "hits.0", before, 6, 10);
        assert_part(said, "hits.0", before + 1, 17, 10);
        assert_null(json_array_get(at(said, "hits.0.highlights"), before + 2));
        assert_text(said, "hits.0.stands_for.0.term", "heart attack");
        assert_text(
            said, "hits.0.stands_for.0.meaning", "myocardial infarction");
        assert_text(said, "hits.0.stands_for.0.kind", "lay");
        assert_null(json_array_get(at(said, "hits.0.stands_for"), 1));
        json_decref(said);
    }
    said = search("htn", 0);
    assert_text(said, "hits.0.code", "I10");
    assert_part(said, "hits.0", 0, 0, 12);
    assert_text(said, "hits.0.stands_for.0.kind", "abbreviation");
    assert_text(said, "hits.1.code", "I15.8");
    assert_part(said, "hits.1", 0, 16, 12); /* the umlaut is one character */
    json_decref(said);
}

static void plain_words_stand_for_nothing_else(void **state)
{
    static const char *const plain[] = {"myocardial infarction", "hypertension",
        "hypert", "hypertnesion", "ht", "heart"};
    static const size_t parts[] = {2, 1, 1, 1, 0, 0};

    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        json_t *said = search(plain[i], 0);

        assert_non_null(at(said, "hits.0"));
        assert_int_equal(
            json_array_size(at(said, "hits.0.highlights")), parts[i]);
        assert_null(at(said, "hits.0.stands_for"));
        json_decref(said);
    }
}

static void facets_count_every_system_and_a_filter_picks(void **state)
{
    json_t *said = search("e", 0);
    const double all = json_number_value(at(said, "total"));

    assert_true(all > 0);
    json_decref(said);
    said = search("e1010", 1u << SYSTEM_ICD10CM);
    assert_number(said, "total", 1);
    assert_text(said, "hits.0.system", "icd10cm");
    assert_number(said, "facets.system.hcpcs", 1);
    assert_number(said, "facets.system.icd10cm", 1);
    json_decref(said);
}

/* Every count goes by the date; of some it is said what they count. */
static void what_a_facet_counts_is_said(void **state)
{
    static const struct {
        const char *facets;
        bool timed, setting;
    } asked[] = {{"billable,status,section", false, false},
        {"timed", true, false}, {"setting", false, true},
        {"setting,timed", true, true}};

    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        const struct search_question question = {.text = {"e1010", 5},
            .facets = {asked[i].facets, strlen(asked[i].facets)},
            .day = tiny_day("2026-01-01")};
        struct error err = {0};
        const char *caution;
        json_t *said;

        out.len = 0;
        assert_int_equal(answer_search(&out, answers, &question, &err), 0);
        buffer_addc(&out, '\0');
        said = parse(out.data);
        caution = json_string_value(json_object_get(said, "caution"));
        assert_int_equal(caution != NULL, asked[i].timed || asked[i].setting);
        if (caution != NULL) {
            assert_int_equal(
                strstr(caution, "Timed goes by") != NULL, asked[i].timed);
            assert_int_equal(strstr(caution, "MUE") != NULL, asked[i].setting);
        }
        json_decref(said);
    }
}

static void a_search_has_limits_with_names(void **state)
{
    char text[SEARCH_QUERY_MAX + 2];
    struct search_question question = {.text = {text, sizeof text - 1}};
    struct error err = {0};

    memset(text, 'a', sizeof text);
    assert_int_equal(answer_search(&out, answers, &question, &err), ERR_LIMIT);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 2 == 0 ? 'a' : ' ';
    question.text.len = (SEARCH_QUERY_WORDS + 1) * 2;
    assert_int_equal(answer_search(&out, answers, &question, &err), ERR_LIMIT);
    question.text.len = 1;
    question.limit = SEARCH_LIMIT_MAX + 1;
    assert_int_equal(answer_search(&out, answers, &question, &err), ERR_INPUT);
    question.text.text = NULL;
    assert_int_equal(answer_search(&out, answers, &question, &err), ERR_INPUT);
}

static void strange_queries_find_nothing_and_harm_nothing(void **state)
{
    static const char *const strange[] = {"", " ", "...", "\xFF\xFE",
        "\xF0\x9F\x92\x8A", "'\"<>&", "%00", "\xE4\xB8\xAD\xE6\x96\x87"};

    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++) {
        json_t *said = search(strange[i], 0);

        assert_number(said, "total", 0);
        json_decref(said);
    }
}

/* --------------------------------------------------------------- releases */

static void every_release_is_listed_with_its_days(void **state)
{
    struct error err = {0};
    json_t *said;

    out.len = 0;
    assert_int_equal(
        answer_releases(&out, answers, tiny_day("2026-12-31"), &err), 0);
    buffer_addc(&out, '\0');
    said = parse(out.data);
    assert_text(said, "build.id", "0123456789abcdef");
    assert_int_equal(json_array_size(at(said, "releases")), 12);
    assert_text(said, "releases.0.table", "icd10cm");
    assert_text(said, "releases.0.release", "2025");
    assert_true(json_is_false(at(said, "releases.0.stale")));
    assert_true(json_is_true(at(said, "releases.1.stale")));
    json_decref(said);
}

static void many_codes_give_every_pair_and_the_worst_verdict(void **state)
{
    json_t *said = parse(tiny_pairs(tiny, "97110,97150:59,97116,99999",
        "2024-07-01", SETTING_PRACTITIONER));

    assert_text(said, "verdict", "not_checked");
    assert_int_equal(json_array_size(at(said, "pairs")), 6);
    assert_int_equal(json_array_size(at(said, "codes")), 4);
    assert_text(said, "pairs.0.verdict", "resolved_by_modifier");
    assert_text(said, "pairs.0.bypass.modifier", "59");
    assert_text(said, "pairs.0.bypass.code", "97150");
    assert_text(said, "pairs.0.column1", "97150");
    assert_number(said, "pairs.0.modifier_indicator", 1);
    assert_text(said, "pairs.0.effective", "2020-01-01");
    assert_is_null(said, "pairs.0.deleted");
    assert_text(said, "pairs.0.source.release", "2024q3");
    assert_text(said, "pairs.1.reason", "edit_expired");
    assert_text(said, "pairs.1.deleted", "2004-12-31");
    assert_is_null(said, "pairs.1.column1");
    assert_text(said, "codes.3.problem", "unknown_code");
    assert_text(said, "releases.0.table", "ptp");
    json_decref(said);
    tiny_has(tiny_pairs(tiny, "97110", "2024-07-01", SETTING_PRACTITIONER),
        "error -2:");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_procedure_code_shows_all_that_is_known),
        cmocka_unit_test(in_a_gap_what_differs_is_uncertain_with_both_values),
        cmocka_unit_test(a_limit_of_0_is_told_apart_from_no_limit),
        cmocka_unit_test(minutes_that_nobody_tells_are_unknown),
        cmocka_unit_test(an_addon_names_its_primaries_and_a_primary_its_addons),
        cmocka_unit_test(an_addon_is_stale_for_a_year_and_then_unknown),
        cmocka_unit_test(an_ended_code_names_what_replaced_it),
        cmocka_unit_test(a_diagnosis_is_taken_and_shown_with_its_dot),
        cmocka_unit_test(a_header_is_valid_and_not_billable),
        cmocka_unit_test(a_code_of_two_systems_is_a_procedure_code_first),
        cmocka_unit_test(what_is_no_code_is_told_apart_from_what_is_not_there),
        cmocka_unit_test(markup_in_data_is_data),
        cmocka_unit_test(a_prefix_lists_codes_in_code_order),
        cmocka_unit_test(pages_follow_each_other_without_a_gap),
        cmocka_unit_test(a_range_takes_both_ends_in),
        cmocka_unit_test(a_dotted_prefix_lists_diagnoses_only),
        cmocka_unit_test(named_codes_come_in_the_order_they_were_asked),
        cmocka_unit_test(a_question_for_no_list_is_refused),
        cmocka_unit_test(a_cursor_of_another_list_or_build_is_refused),
        cmocka_unit_test(a_cursor_belongs_to_the_question_it_was_given_out_for),
        cmocka_unit_test(the_edits_of_a_code_are_listed_from_both_columns),
        cmocka_unit_test(beyond_the_data_no_edit_is_said_to_be_in_force),
        cmocka_unit_test(the_pages_of_edits_hold_each_edit_once),
        cmocka_unit_test(a_diagnosis_has_no_edits),
        cmocka_unit_test(the_code_that_was_typed_comes_first),
        cmocka_unit_test(every_word_must_begin_a_word_in_any_order),
        cmocka_unit_test(highlights_count_code_points),
        cmocka_unit_test(words_that_stand_for_others_are_shown_in_the_text),
        cmocka_unit_test(plain_words_stand_for_nothing_else),
        cmocka_unit_test(facets_count_every_system_and_a_filter_picks),
        cmocka_unit_test(what_a_facet_counts_is_said),
        cmocka_unit_test(a_search_has_limits_with_names),
        cmocka_unit_test(strange_queries_find_nothing_and_harm_nothing),
        cmocka_unit_test(every_release_is_listed_with_its_days),
        cmocka_unit_test(many_codes_give_every_pair_and_the_worst_verdict),
    };

    return cmocka_run_group_tests(tests, make_build, drop_build);
}

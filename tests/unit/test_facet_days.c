/* Whether a code is billable, timed, of a status or limited, as its releases
 * say: what a search is narrowed by, day by day. */
#include "tests/builds.h"

#include "codesets/answer/answer.h"
#include "codesets/search/query.h"

#define PFS_22A "PPRRVU22_JAN.csv"
#define PFS_24A "PPRRVU24_JAN.csv"
#define MUE_24Q1 "MCR_MUE_PractitionerServices_Eff_01-01-2024.csv"
#define MUE_26Q2 "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv"
#define ICD_21 "icd10cm_order_2021.txt"
#define ICD_22 "icd10cm_order_2022.txt"

static void put_fee_schedules(void)
{
    PFS(PFS_22A, "97110,,Invented words", "97112,,Invented words",
        "0100T,,Invented words");
    {
        const char *const rows[] = {"97110,,Invented words"};

        put_pfs_of(PFS_24A, 'R', rows, 1);
    }
}

/* Lines of an order file: the code, its flag and its text, which stands there
 * twice. */
static void put_order(const char *name, const char *one, const char *other)
{
    const char *const rows[] = {one, other};
    struct buffer out = {0};

    for (int i = 0; i < 2; i++)
        if (rows[i] != NULL)
            buffer_addf(&out, "%05d %-70s %s\n", i + 1, rows[i], rows[i] + 10);
    put_buffer(name, &out);
}

static void put_all(void)
{
    put_fee_schedules();
    MUE(MUE_24Q1, "97110,4,3", "97116,4,3");
    MUE(MUE_26Q2, "97112,4,3", "97116,4,3");
    put_order(ICD_21, "M545    1 Low back pain", NULL);
    put_order(ICD_22, "M545    0 Low back pain",
        "M5450   1 Low back pain, unspecified");
}

/* What the code has of a facet from one day to another; on the days before and
 * behind these it has it not. */
static const struct stretch {
    const char *code;
    enum search_facet facet;
    const char *value, *from, *to;
} stretches[] = {
    /* A release holds for its quarter, the newest for 366 days more; between
     * releases that differ nothing is known. */
    {"97110", FACET_STATUS, "A", "2022-01-01", "2022-03-31"},
    {"97110", FACET_STATUS, "R", "2024-01-01", "2025-04-01"},
    {"97112", FACET_STATUS, "A", "2022-01-01", "2022-03-31"},
    /* Gone from the fee schedule: not billable, as long as that is known. */
    {"0100T", FACET_BILLABLE, "true", "2022-01-01", "2022-03-31"},
    {"0100T", FACET_BILLABLE, "false", "2024-01-01", "2025-04-01"},
    {"97110", FACET_SETTING, "practitioner", "2024-01-01", "2024-03-31"},
    {"97112", FACET_SETTING, "practitioner", "2026-04-01", "2027-07-01"},
    /* Both sides of the gap have a limit. */
    {"97116", FACET_SETTING, "practitioner", "2024-01-01", "2027-07-01"},
    /* Billed until it got codes below it, with FY 2022. */
    {"M545", FACET_BILLABLE, "true", "2020-10-01", "2021-09-30"},
    {"M545", FACET_BILLABLE, "false", "2021-10-01", "2023-10-01"},
    {"M5450", FACET_BILLABLE, "true", "2021-10-01", "2023-10-01"},
    /* The own table: by day in 2018 and 2019, by the minutes from 2020 on. */
    {"97127", FACET_TIMED, "false", "2018-01-01", "2019-12-31"},
    {"97129", FACET_TIMED, "true", "2020-01-01", NULL},
};

static struct store *opened;
static struct answers *answers;
static struct search_result found;

static int build_all(void **state)
{
    struct made made;
    struct error err = {0};

    if (builds_begin(state) != 0)
        return -1;
    put_all();
    build(&made);
    if (store_open(&opened, made.result.path, &err) != 0 ||
        answers_open(&answers, opened, &err) != 0)
        fail_msg("%s", err.msg);
    forget(&made);
    return 0;
}

static int drop_all(void **state)
{
    answers_close(answers);
    store_close(opened);
    return builds_end(state);
}

/* Is the code found among those with the value? It is counted so, too. */
static bool is_found(const struct stretch *own, day_t day)
{
    const uint32_t value = search_value_find(
        &answers->search, own->facet, own->value, strlen(own->value));
    struct search_query query = {.text = own->code,
        .len = strlen(own->code),
        .day = day,
        .count_values = true,
        .limit = 20};
    struct error err = {0};
    uint32_t counted, all;

    assert_true(value != UINT32_MAX);
    if (search_run(&found, &answers->search, &opened->codes, &query, &err) != 0)
        fail_msg("%s", err.msg);
    all = found.total;
    counted = found.by_value[value];
    query.values[value / 64] |= UINT64_C(1) << value % 64;
    if (search_run(&found, &answers->search, &opened->codes, &query, &err) != 0)
        fail_msg("%s", err.msg);
    assert_true(all > 0);
    assert_int_equal(found.total, counted);
    for (uint32_t i = 0; i < found.hits; i++) {
        const struct code_ref code =
            code_at(&opened->codes, found.hit[i].document);

        if (code.len == strlen(own->code) &&
            memcmp(code.text, own->code, code.len) == 0)
            return true;
    }
    return false;
}

static void expect(const struct stretch *own, day_t day, bool expected)
{
    char text[DAY_TEXT_LEN];

    (void)day_format(text, day);
    if (is_found(own, day) != expected)
        fail_msg("%s, %s %s on %s: %sexpected", own->code,
            search_facet_name(own->facet), own->value, text,
            expected ? "" : "not ");
}

static day_t day_of(const char *text)
{
    day_t day;

    assert_int_equal(day_parse_iso(&day, text, strlen(text)), 0);
    return day;
}

static void a_value_is_found_on_its_days_alone(void **state)
{
    for (size_t i = 0; i < sizeof stretches / sizeof *stretches; i++) {
        const struct stretch *own = &stretches[i];
        const day_t from = day_of(own->from);

        expect(own, from - 1, false);
        expect(own, from, true);
        if (own->to == NULL) {
            expect(own, day_of("2199-12-31"), true);
            continue;
        }
        expect(own, day_of(own->to), true);
        expect(own, day_of(own->to) + 1, false);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_found_on_its_days_alone),
    };

    return cmocka_run_group_tests(tests, build_all, drop_all);
}

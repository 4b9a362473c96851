/* test_claim_addon.c - add-on codes: types, chains, and primaries in doubt. */
#include <string.h>

#include "codesets/rules/addon.h"
#include "tests/unit/claim_store.h"

static void an_addon_beside_its_primary_is_carried(void **state)
{
    claim_of("2024-07-15");
    claim_with("90834 1");
    claim_with("90785 1");
    claim_check_it();
    must_not_find("addon.without_primary");
    lines_are_clean();
}

static void an_addon_alone_is_an_error_that_names_its_primaries(void **state)
{
    const struct claim_finding *finding;

    claim_of("2024-07-15");
    claim_with("90785 1");
    claim_check_it();
    finding = must_find(
        "addon.without_primary", "1", "error", "addon_without_primary");
    says(finding, "90791, 90834, 90837, 90838");
    assert_int_equal(finding->number[0], 1);
}

static void another_day_or_provider_carries_nothing(void **state)
{
    claim_of("2024-07-15");
    claim_with("90834 1 @2024-07-16");
    claim_with("90785 1");
    claim_check_it();
    must_find("addon.without_primary", "2", "error", "addon_without_primary");

    claim_of("2024-07-15");
    claim_with("90834 1 by1");
    claim_with("90785 1 by2");
    claim_check_it();
    must_find("addon.without_primary", "2", "error", "addon_without_primary");
}

static void a_chain_ends_in_a_code_that_stands_by_itself(void **state)
{
    claim_of("2024-07-15");
    claim_with("90785 1");
    claim_with("90838 1");
    claim_check_it();
    must_find(
        "addon.without_primary", "1", "error", "addon_chain_without_primary");
    must_find("addon.without_primary", "2", "error", "addon_without_primary");

    claim_with("99213 1");
    claim_check_it();
    must_not_find("addon.without_primary");
}

static void a_primary_at_risk_is_told(void **state)
{
    claim_of("2024-07-15");
    claim_with("90834 1");
    claim_with("90837 3"); /* above its limit: denied */
    claim_with("90785 1");
    claim_check_it();
    /* 90837 is denied by its units, and 90834 by the edit with it. */
    denied_are("1,2");
    must_find("addon.primary_at_risk", "3", "warning", "primary_at_risk");
}

static void one_payable_primary_is_enough(void **state)
{
    claim_of("2024-07-15");
    claim_with("90834 1");
    claim_with("90837 1");
    claim_with("90785 1");
    claim_check_it();
    denied_are("1");
    must_not_find("addon.primary_at_risk");
}

static void the_contractor_may_define_the_primaries(void **state)
{
    claim_of("2024-07-15");
    claim_with("0887T 1");
    claim_check_it();
    must_find(
        "addon.primary_not_defined", "1", "information", "primary_not_defined");
    lines_are_clean();
}

static void an_open_list_leaves_an_absent_primary_unknown(void **state)
{
    claim_of("2024-07-15");
    claim_with("99199 1");
    claim_check_it();
    must_find("addon.primary_unknown", "1", "information", "unknown");

    claim_with("99213 1");
    claim_check_it();
    must_not_find("addon.primary_unknown");
}

static void a_special_instruction_softens_the_answer_and_is_quoted(void **state)
{
    claim_of("2024-07-15");
    claim_with("69990 1");
    claim_check_it();
    says(must_find(
             "addon.without_primary", "1", "warning", "addon_without_primary"),
        "The table notes: See the manual, section 20.4.5.");
}

static void an_edit_begins_and_ends_on_its_days(void **state)
{
    /* 97130 is an add-on from 2020-01-01. */
    claim_of("2019-12-31");
    claim_with("97130 1 GO");
    claim_check_it();
    must_not_find("addon.without_primary");
    claim_of("2020-01-01");
    claim_with("97130 1 GO");
    claim_check_it();
    must_find("addon.without_primary", "1", "error", "addon_without_primary");
}

static void a_row_deleted_on_its_first_day_never_counted(void **state)
{
    claim_of("2019-01-01");
    claim_with("96131 1");
    claim_check_it();
    must_not_find("addon.without_primary");
}

/* ---- the rule alone, on rows of its own */

struct asked {
    const char *code;
    bool at_risk;
    enum addon_outcome outcome;
};

static void outcomes_are(const char *const *rows, size_t count, const char *day,
    const struct asked *asked, size_t codes)
{
    struct tiny *tiny = tiny_begin();
    const uint8_t series = tiny_series(tiny, TABLE_AOC, SETTING_NONE,
        PROGRAM_NONE, "2024q3 2024-07-01 2024-09-30");
    struct addon_code code[8];
    struct answers *answers;

    for (size_t i = 0; i < count; i++)
        tiny_row(tiny, series, 0, 0, rows[i]);
    for (size_t i = 0; i < codes; i++) {
        tiny_proc(tiny, asked[i].code, "valid listed 0 0");
        code[i] = (struct addon_code){
            .packed = proc_pack(asked[i].code), .at_risk = asked[i].at_risk};
    }
    answers = tiny_open(tiny);
    assert_int_equal(
        addon_decide(code, codes, answers->rules, tiny_day(day), NULL), 0);
    for (size_t i = 0; i < codes; i++)
        if (code[i].outcome != asked[i].outcome)
            fail_msg("%s on %s: %s, not %s", asked[i].code, day,
                addon_outcome_name(code[i].outcome),
                addon_outcome_name(asked[i].outcome));
    tiny_close(tiny);
}
#define OUTCOMES(rows, day, ...)                                               \
    do {                                                                       \
        const struct asked asked_[] = {__VA_ARGS__};                           \
        outcomes_are(rows, sizeof(rows) / sizeof *(rows), day, asked_,         \
            sizeof asked_ / sizeof *asked_);                                   \
    } while (0)

static void a_circle_of_addons_carries_nothing(void **state)
{
    static const char *const rows[] = {
        "A0001|1||A0002||20200101||", "A0002|1||A0001||20200101||"};

    OUTCOMES(rows, "2024-07-15", {"A0001", false, ADDON_WITHOUT_PRIMARY},
        {"A0002", false, ADDON_WITHOUT_PRIMARY});
}

static void a_long_chain_is_followed_to_its_end(void **state)
{
    static const char *const rows[] = {"A0001|1||A0002||20200101||",
        "A0002|1||A0003||20200101||", "A0003|1||A0004||20200101||",
        "A0004|1||A0005||20200101||"};

    OUTCOMES(rows, "2024-07-15", {"A0001", false, ADDON_CARRIED},
        {"A0002", false, ADDON_CARRIED}, {"A0003", false, ADDON_CARRIED},
        {"A0004", false, ADDON_CARRIED}, {"A0005", false, ADDON_NONE});
    OUTCOMES(rows, "2024-07-15", {"A0001", false, ADDON_PRIMARY_AT_RISK},
        {"A0002", false, ADDON_PRIMARY_AT_RISK},
        {"A0003", false, ADDON_PRIMARY_AT_RISK},
        {"A0004", false, ADDON_PRIMARY_AT_RISK}, {"A0005", true, ADDON_NONE});
    OUTCOMES(rows, "2024-07-15", {"A0001", false, ADDON_WITHOUT_PRIMARY},
        {"A0002", false, ADDON_WITHOUT_PRIMARY},
        {"A0003", false, ADDON_WITHOUT_PRIMARY},
        {"A0004", false, ADDON_WITHOUT_PRIMARY});
}

static void a_chain_to_a_contractors_list_is_unknown(void **state)
{
    static const char *const rows[] = {
        "A0001|1||A0002||20200101||", "A0002|2||CCCCC||20200101||"};

    OUTCOMES(rows, "2024-07-15", {"A0001", false, ADDON_UNKNOWN},
        {"A0002", false, ADDON_NOT_DEFINED});
}

static void an_addon_or_primary_that_ended_counts_to_its_last_day(void **state)
{
    static const char *const rows[] = {
        /* the edit, the add-on, the primary ends */
        "A0001|1||A0009||20200101|20240630|",
        "A0002|1|20240630|A0009||20200101||",
        "A0003|1||A0008|20240630|20200101||", "A0003|1||A0009||20240801||"};

    OUTCOMES(rows, "2024-06-30", {"A0001", false, ADDON_CARRIED},
        {"A0002", false, ADDON_CARRIED}, {"A0003", false, ADDON_CARRIED},
        {"A0008", false, ADDON_NONE}, {"A0009", false, ADDON_NONE});
    OUTCOMES(rows, "2024-07-01", {"A0001", false, ADDON_NONE},
        {"A0002", false, ADDON_NONE}, {"A0003", false, ADDON_NONE},
        {"A0008", false, ADDON_NONE}, {"A0009", false, ADDON_NONE});
    OUTCOMES(rows, "2024-08-01", {"A0003", false, ADDON_CARRIED},
        {"A0009", false, ADDON_NONE});
}

static void without_the_table_nothing_is_checked(void **state)
{
    struct tiny *tiny = tiny_begin();
    struct addon_code code = {.packed = proc_pack("A0001")};
    struct answers *answers;

    tiny_series(tiny, TABLE_HCPCS, SETTING_NONE, PROGRAM_NONE,
        "2024q3 2024-07-01 2024-09-30");
    answers = tiny_open(tiny);
    assert_int_equal(
        addon_decide(&code, 1, answers->rules, tiny_day("2024-07-15"), NULL),
        0);
    assert_int_equal(code.outcome, ADDON_NOT_CHECKED);
    assert_int_equal(code.fault, ADDON_FAULT_NOT_LOADED);
    tiny_close(tiny);
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(an_addon_beside_its_primary_is_carried),
        TEST(an_addon_alone_is_an_error_that_names_its_primaries),
        TEST(another_day_or_provider_carries_nothing),
        TEST(a_chain_ends_in_a_code_that_stands_by_itself),
        TEST(a_primary_at_risk_is_told),
        TEST(one_payable_primary_is_enough),
        TEST(the_contractor_may_define_the_primaries),
        TEST(an_open_list_leaves_an_absent_primary_unknown),
        TEST(a_special_instruction_softens_the_answer_and_is_quoted),
        TEST(an_edit_begins_and_ends_on_its_days),
        TEST(a_row_deleted_on_its_first_day_never_counted),
        TEST(a_circle_of_addons_carries_nothing),
        TEST(a_long_chain_is_followed_to_its_end),
        TEST(a_chain_to_a_contractors_list_is_unknown),
        TEST(an_addon_or_primary_that_ended_counts_to_its_last_day),
        TEST(without_the_table_nothing_is_checked),
    };

    return cmocka_run_group_tests(tests, claim_store_open, claim_store_close);
}

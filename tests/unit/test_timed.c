/* test_timed.c - what is known of a code's time (domain.md 3): the table, the
 * wording of descriptors and its traps. All wording here is of HCPCS Level II,
 * which CMS publishes freely, or invented. */
#include "tests/builds.h"

#include "codesets/rules/rules.h"

static struct timed_wording read_words(const char *text)
{
    struct timed_words *words;
    struct timed_wording said;

    assert_int_equal(timed_words_open(&words, NULL), 0);
    timed_words_read(&said, words, text, strlen(text));
    timed_words_close(words);
    return said;
}

static void says(const char *text, enum timed_kind kind, unsigned unit,
    unsigned minimum, unsigned maximum)
{
    const struct timed_wording said = read_words(text);

    if (said.kind != kind || said.unit != unit || said.minimum != minimum ||
        said.maximum != maximum)
        fail_msg("'%s': %s %u, %u to %u", text, timed_kind_name(said.kind),
            said.unit, said.minimum, said.maximum);
    assert_false(said.unclear);
}

static void says_nothing(const char *text)
{
    says(text, KIND_UNKNOWN, 0, 0, 0);
}

static void minutes_of_a_unit_are_read(void **state)
{
    says("Services in the home, each 15 minutes", KIND_EACH, 15, 8, 0);
    says("Individual, PER 30 MINUTES", KIND_EACH, 30, 16, 0);
    says("full body chamber, per 30 minute interval", KIND_EACH, 30, 16, 0);
    says("Behavioral health day treatment, per hour", KIND_EACH, 60, 31, 0);
    says("each additional 15 minutes (list separately)", KIND_ADDL, 15, 8, 0);
    says("each additional hour", KIND_ADDL, 60, 31, 0);
    says("face-to-face; initial 30 minutes", KIND_FIRST, 30, 16, 0);
    says("other setting); first 60 minutes", KIND_FIRST, 60, 31, 0);
}

static void ranges_of_minutes_are_read(void **state)
{
    says("Annual screening, 5 to 15 minutes", KIND_RANGE, 0, 5, 15);
    says("counseling,  16-30 mins time (this code is used", KIND_RANGE, 0, 16,
        30);
    says("Rn services, up to 15 minutes", KIND_RANGE, 0, 1, 15);
    /* More than three and at most ten, in whole minutes: 4 to 10. */
    says("intermediate, greater than 3 minutes, up to 10 minutes", KIND_RANGE,
        0, 4, 10);
}

static void a_typical_time_makes_no_unit(void **state)
{
    says_nothing("Typically, 20 minutes are spent face-to-face");
    says_nothing("physicians typically spend 15 minutes communicating");
    says_nothing("group, approximately 45 to 50 minutes");
    says_nothing("is approximately 1 hour in length");
    says_nothing("Brief (20 minutes) care management home visit");
    says_nothing("per session (45 minutes or more)");
}

static void hours_and_days_that_are_no_unit_are_left(void **state)
{
    says_nothing("within 7 days of discharge");
    says_nothing("0.12mg per 24 hours");
    says_nothing("less than 24 hours, per diem");
    says_nothing("flow rate of 50 ml or greater per hour");
    says_nothing("oxygen exceeds 4 liters per minute (lpm)");
    says_nothing("12 to 24 amp hour sealed lead acid battery");
    says_nothing("first 20 sq cm or less");
    says_nothing("initial encounter");
    says_nothing("group, 2 or more individuals");
    says_nothing("beach 15 minutes");
    says_nothing("");
}

static void two_different_times_are_unclear(void **state)
{
    assert_true(
        read_words("each 10 minutes beyond the first 5 minutes").unclear);
    assert_true(read_words("each 15 minutes; each 30 minutes").unclear);
    /* The same twice is clear. */
    says("each additional 30 minutes (for additional 30 minutes)", KIND_ADDL,
        30, 16, 0);
    says("each additional 15 minutes (do not report for any time unit less "
         "than 15 minutes)",
        KIND_ADDL, 15, 8, 0);
}

static void the_minutes_of_a_month_count_in_full(void **state)
{
    says("First 20 minutes of monthly treatment management", KIND_FIRST, 20, 20,
        0);
}

static void long_and_odd_texts_are_survived(void **state)
{
    char text[3 * TIMED_WORDS_MAX];
    struct timed_words *words;
    struct timed_wording said;

    memset(text, '9', sizeof text);
    assert_int_equal(timed_words_open(&words, NULL), 0);
    timed_words_read(&said, words, text, sizeof text);
    assert_int_equal(said.kind, KIND_UNKNOWN);
    for (size_t i = 0; i + 16 < sizeof text; i += 16)
        memcpy(text + i, "each 15 minutes ", 16);
    text[100] = '\0';
    timed_words_read(&said, words, text, sizeof text);
    assert_int_equal(said.unit, 15);
    timed_words_close(words);
    says_nothing("each 0 minutes");
    says_nothing("30 to 15 minutes");
    says_nothing("each 12345 minutes");
}

/* ---- table and wording together */

static struct {
    struct store *store;
    struct rules *rules;
} opened;

static int open_build(void **state)
{
    static const struct build_options licensed = {.licensed = true};
    struct made made;

    assert_int_equal(builds_begin(state), 0);
    put("HCPC2024_JAN_ANWEB.csv",
        "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,PRICE1,PRICE2,"
        "PRICE3,PRICE4,MULT_PI,CIM1,CIM2,CIM3,MCM1,MCM2,MCM3,STATUTE,LABCERT1,"
        "LABCERT2,LABCERT3,LABCERT4,LABCERT5,LABCERT6,LABCERT7,LABCERT8,XREF1,"
        "XREF2,XREF3,XREF4,XREF5,COV,ASC_GRP,ASC_DT,OPPS,OPPS_PI,OPPS_DT,"
        "PROCNOTE,BETOS,TOS1,TOS2,TOS3,TOS4,TOS5,ANEST_BU,ADD DT,ACT EFF DT,"
        "TERM DT,ACTION CD\n"
        "G9901,0010,3,\"Invented service, each 15 minutes\",Invented"
        ",,,,,,,,,,,,,,,,,,,,,,,,,,C,,,,,,,,,,,,,,20200101,,,N\n"
        "G9902,0010,3,\"Invented service, each 10 minutes beyond the first 5 "
        "minutes\",Invented"
        ",,,,,,,,,,,,,,,,,,,,,,,,,,C,,,,,,,,,,,,,,20200101,,,N\n"
        "G9903,0010,3,Invented service of no time,Inv ea 15 min"
        ",,,,,,,,,,,,,,,,,,,,,,,,,,C,,,,,,,,,,,,,,20200101,,,N\n"
        "G0283,0010,3,\"Invented: not what CMS says, each 15 minutes\",Invented"
        ",,,,,,,,,,,,,,,,,,,,,,,,,,C,,,,,,,,,,,,,,20200101,,,N\n");
    put("cpt.txt", "Code\tLong\tMedium\n"
                   "97110\tinvented text, each 30 minutes\t\n"
                   "97140\tinvented text, each 15 minutes\t\n"
                   "97161\tinvented text. Typically, 20 minutes are spent.\t\n"
                   "90832\tinvented text, 16-37 minutes\t\n"
                   "99999\tinvented text, each 15 minutes\teach 30 minutes\n");
    build_with(&made, &licensed);
    if (made.rc != 0)
        fail_msg("%s", made.err.msg);
    assert_int_equal(store_open(&opened.store, made.result.path, NULL), 0);
    assert_int_equal(rules_open(&opened.rules, opened.store, NULL), 0);
    forget(&made);
    return 0;
}

static int close_build(void **state)
{
    rules_close(opened.rules);
    store_close(opened.store);
    return builds_end(state);
}

static day_t on(const char *iso)
{
    day_t day;

    assert_int_equal(day_parse_iso(&day, iso, strlen(iso)), 0);
    return day;
}

static struct timed_fact find(const char *code, const char *date)
{
    struct timed_fact fact;

    timed_find(&fact, opened.rules->timed, proc_pack(code), on(date));
    return fact;
}

static void a_listed_code_is_known_by_the_list(void **state)
{
    const struct timed_fact fact = find("97110", "2024-07-01");

    assert_int_equal(fact.known_by, TIMED_BY_LIST);
    assert_int_equal(fact.kind, KIND_EACH);
    assert_int_equal(fact.unit, 15);
    assert_true(fact.pool);
    assert_int_equal(fact.row->therapy, THERAPY_ALWAYS);
    assert_string_equal(fact.source.file, "timed_codes.tsv");
    assert_true(fact.source.row > 60);
}

static void another_code_is_known_by_its_wording(void **state)
{
    struct timed_fact fact = find("G9901", "2024-07-01");

    assert_int_equal(fact.known_by, TIMED_BY_DESCRIPTOR);
    assert_int_equal(fact.kind, KIND_EACH);
    assert_int_equal(fact.unit, 15);
    assert_false(fact.pool);
    assert_null(fact.row);
    assert_int_equal(fact.source.row, 2);
    fact = find("G9902", "2024-07-01");
    assert_int_equal(fact.known_by, TIMED_BY_NOTHING);
    assert_int_equal(fact.gap, TIMED_GAP_UNCLEAR);
    /* Short texts are never read. */
    fact = find("G9903", "2024-07-01");
    assert_int_equal(fact.kind, KIND_UNKNOWN);
    assert_int_equal(fact.gap, TIMED_GAP_NOT_LISTED);
    /* Two variants that disagree. */
    fact = find("99999", "2024-07-01");
    assert_int_equal(fact.gap, TIMED_GAP_UNCLEAR);
    /* A code that no file has. */
    fact = find("J9999", "2024-07-01");
    assert_int_equal(fact.gap, TIMED_GAP_NOT_LISTED);
}

static void the_list_stands_above_the_wording_but_tells_it(void **state)
{
    static const struct {
        const char *code;
        bool disagrees;
    } expected[] = {{"97110", true}, {"97140", false}, {"97161", false},
        {"90832", false}, {"G0283", true}};

    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const struct timed_fact fact = find(expected[i].code, "2024-07-01");
        struct timed_wording said;
        struct source_ref source;

        assert_int_equal(fact.known_by, TIMED_BY_LIST);
        assert_int_equal(timed_disagreement(&said, &source, opened.rules->timed,
                             &fact, on("2024-07-01")),
            expected[i].disagrees);
    }
}

static void minutes_hold_between_their_days(void **state)
{
    struct timed_fact fact = find("99203", "2023-12-31");

    assert_int_equal(fact.kind, KIND_RANGE);
    assert_int_equal(fact.maximum, 44);
    fact = find("99203", "2024-01-01");
    assert_int_equal(fact.kind, KIND_MINIMUM);
    fact = find("99203", "2020-12-31");
    assert_int_equal(fact.gap, TIMED_GAP_NOT_YET);
    assert_int_equal(fact.row->from, on("2021-01-01"));
    fact = find("97001", "2016-12-31");
    assert_int_equal(fact.kind, KIND_UNTIMED);
    fact = find("97001", "2017-01-01");
    assert_int_equal(fact.kind, KIND_UNKNOWN);
    assert_int_equal(fact.gap, TIMED_GAP_ENDED);
    assert_string_equal(fact.row->replaced_by, "97161 97162 97163");
}

static void families_are_found_by_name_and_by_member(void **state)
{
    const struct timed_table *table = opened.rules->timed;
    const uint16_t family = timed_family_find(table, "psychotherapy", 13);

    assert_int_not_equal(family, TIMED_NO_FAMILY);
    assert_int_equal(timed_family_find(table, "90837", 5), family);
    assert_int_equal(timed_family_find(table, "97110", 5), TIMED_NO_FAMILY);
    assert_int_equal(timed_family_find(table, "psycho", 6), TIMED_NO_FAMILY);
    assert_int_equal(timed_family_find(table, "", 0), TIMED_NO_FAMILY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_of_a_unit_are_read),
        cmocka_unit_test(ranges_of_minutes_are_read),
        cmocka_unit_test(a_typical_time_makes_no_unit),
        cmocka_unit_test(hours_and_days_that_are_no_unit_are_left),
        cmocka_unit_test(two_different_times_are_unclear),
        cmocka_unit_test(the_minutes_of_a_month_count_in_full),
        cmocka_unit_test(long_and_odd_texts_are_survived),
        cmocka_unit_test(a_listed_code_is_known_by_the_list),
        cmocka_unit_test(another_code_is_known_by_its_wording),
        cmocka_unit_test(the_list_stands_above_the_wording_but_tells_it),
        cmocka_unit_test(minutes_hold_between_their_days),
        cmocka_unit_test(families_are_found_by_name_and_by_member),
    };

    return cmocka_run_group_tests(tests, open_build, close_build);
}

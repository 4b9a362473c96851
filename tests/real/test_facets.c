/* What a search is narrowed by on a day is what the card of the code tells of
 * that day. */
#include "tests/real/lib/real.h"

#include "codesets/answer/item.h"
#include "codesets/rules/units/timed.h"
#include "codesets/search/query.h"
#include "codesets/store/mue.h"
#include "codesets/store/pfs.h"

static struct answers *answers;
static struct search_result found;

enum { CHECKED = 1000 }; /* hits of a search that are compared */

static int open_all(void **state)
{
    struct error err = {0};

    if (real_open(state) != 0)
        return -1;
    return answers_open(&answers, real_store, &err);
}

static int close_all(void **state)
{
    answers_close(answers);
    return real_close(state);
}

/* --- what the card tells --------------------------------------------------
 */

static const char *yes_or_no(enum validity value)
{
    return value == VALIDITY_VALID       ? "true"
           : value == VALIDITY_NOT_VALID ? "false"
                                         : NULL;
}

static const char *billable_of(const struct code_ref *code, day_t day)
{
    struct code_item item;
    struct error err = {0};

    assert_int_equal(code_item_find(&item, answers->rules, code, day, &err), 0);
    return yes_or_no(item.billable);
}

/* The list of the project alone is searched by, not the wording of titles. */
static const char *timed_of(const struct code_ref *code, day_t day)
{
    struct timed_fact fact;

    timed_find(&fact, answers->rules->timed, proc_pack(code->text), day);
    if (fact.known_by != TIMED_BY_LIST || fact.kind == KIND_UNKNOWN ||
        fact.kind == KIND_UNLISTED)
        return NULL;
    return fact.kind == KIND_UNTIMED || fact.kind == KIND_DAYS ? "false"
                                                               : "true";
}

static const char *status_of(const struct code_ref *code, day_t day)
{
    struct pfs_state pfs;
    struct error err = {0};
    struct pfs_value value;

    assert_int_equal(
        pfs_find(&pfs, real_store, code->text, code->len, day, &err), 0);
    if (pfs.rows == 0 || pfs.row[0].modifier[0] != '\0')
        return NULL;
    value = pfs_column(&pfs, &pfs.row[0], PFS_STATUS);
    return value.uncertain || value.now[0] == '\0' ? NULL : value.now;
}

/* A limit is known to be there when both sides of a gap have one, be it the
 * same or not. */
static const char *limit_of(
    const struct code_ref *code, enum setting setting, day_t day)
{
    struct mue_state mue;
    struct error err = {0};

    assert_int_equal(mue_find(&mue, real_store, setting, PROGRAM_MEDICARE,
                         code->text, code->len, day, &err),
        0);
    return mue.found && (mue.state != SNAPSHOT_GAP || mue.next_found)
               ? setting_name(setting)
               : NULL;
}

/* --- what is searched by --------------------------------------------------
 */

static unsigned long compared, wrong;

static void compare(const struct code_ref *code, uint32_t document, day_t day,
    int column, const char *told)
{
    const struct search_index *index = &answers->search;
    const uint32_t value =
        search_value_on(index, column, search_rank(index, document), day);
    const char *name = NULL;
    char text[DAY_TEXT_LEN];

    if (value != UINT32_MAX)
        (void)search_value(index, value, &name);
    compared++;
    if (name == told ||
        (name != NULL && told != NULL && strcmp(name, told) == 0))
        return;
    (void)day_format(text, day);
    if (wrong++ < 40)
        print_message("%.*s %s column %d: %s, the card says %s\n",
            (int)code->len, code->text, text, column,
            name == NULL ? "none" : name, told == NULL ? "none" : told);
}

static int column_of(enum setting setting)
{
    const char *name = setting_name(setting);
    const uint32_t value =
        search_value_find(&answers->search, FACET_SETTING, name, strlen(name));

    assert_true(value != UINT32_MAX);
    return search_value_column(&answers->search, value);
}

static void compare_all(
    const struct code_ref *code, uint32_t document, day_t day)
{
    if (code->system == SYSTEM_MODIFIER || code->system == SYSTEM_LOCAL)
        return;
    compare(code, document, day, FACET_BILLABLE, billable_of(code, day));
    if (code->system == SYSTEM_ICD10CM)
        return;
    compare(code, document, day, FACET_TIMED, timed_of(code, day));
    compare(code, document, day, FACET_STATUS, status_of(code, day));
    for (int s = SETTING_PRACTITIONER; s < SETTING_COUNT; s++)
        compare(code, document, day, column_of((enum setting)s),
            limit_of(code, (enum setting)s, day));
}

static day_t day_of(const char *text)
{
    day_t day;

    assert_int_equal(day_parse_iso(&day, text, strlen(text)), 0);
    return day;
}

enum { STEP = 5 }; /* of so many codes one is compared on each day */

static void values_of_a_day_are_those_of_the_card(void **state)
{
    static const char *const days[] = {"1995-06-01", "2015-10-01", "2019-12-31",
        "2020-12-31", "2021-01-01", "2021-10-01", "2022-09-30", "2022-10-01",
        "2023-04-01", "2023-12-31", "2024-01-01", "2024-06-30", "2024-07-01",
        "2024-10-01", "2025-01-01", "2025-03-31", "2025-04-01", "2025-10-01",
        "2026-01-01", "2026-04-01", "2026-11-22", "2027-06-01", "2027-12-31",
        "2029-01-01"};

    for (size_t d = 0; d < sizeof days / sizeof *days; d++)
        for (uint32_t i = (uint32_t)d % STEP; i < real_store->codes.count;
             i += STEP) {
            const struct code_ref code = code_at(&real_store->codes, i);

            compare_all(&code, i, day_of(days[d]));
        }
    print_message("%lu values compared\n", compared);
    assert_true(compared > 0);
    assert_int_equal(wrong, 0);
}

/* --- what a search finds --------------------------------------------------
 */

static void ask(const struct search_query *query)
{
    struct error err = {0};

    if (search_run(&found, &answers->search, &real_store->codes, query, &err) !=
        0)
        fail_msg("%s: %s", query->text, err.msg);
}

/* What the card tells of a hit, where it has such a value at all. */
static bool card_has(const struct search_hit *hit, uint32_t value, day_t day)
{
    const struct code_ref code = code_at(&real_store->codes, hit->document);
    const char *name, *told = NULL;
    enum setting setting;

    switch (search_value(&answers->search, value, &name)) {
    case FACET_BILLABLE:
        told = billable_of(&code, day);
        break;
    case FACET_TIMED:
        told = timed_of(&code, day);
        break;
    case FACET_STATUS:
        told = status_of(&code, day);
        break;
    case FACET_SETTING:
        assert_int_equal(setting_parse(&setting, name, strlen(name)), 0);
        told = limit_of(&code, setting, day);
        break;
    default:
        fail_msg("%s changes with no day", name);
    }
    return told != NULL && strcmp(told, name) == 0;
}

/* Every hit that the card says has the value, no other, as many as counted. */
static void check_value(
    const char *text, day_t day, bool on_day, uint32_t value, uint32_t counted)
{
    struct search_query query = {.text = text,
        .len = strlen(text),
        .on_day = on_day,
        .day = day,
        .limit = SEARCH_LIMIT_MAX};

    query.values[value / 64] |= UINT64_C(1) << value % 64;
    do {
        ask(&query);
        if (counted > 0)
            assert_int_equal(found.total, counted);
        for (uint32_t i = 0; i < found.hits; i++)
            assert_true(card_has(&found.hit[i], value, day));
        query.offset += found.hits;
    } while (found.hits > 0 && query.offset < CHECKED);
}

static void a_hit_is_what_was_asked_for_on_the_day(void **state)
{
    static const char *const texts[] = {"training", "fracture of", "drug",
        "e10", "injection", "office visit", "97110", "qqqq therapy"};
    static const char *const days[] = {
        "2020-12-31", "2024-07-01", "2025-10-01", "2026-11-22"};
    const struct search_index *index = &answers->search;

    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
        for (size_t d = 0; d < 2 * sizeof days / sizeof *days; d++) {
            const struct search_query query = {.text = texts[t],
                .len = strlen(texts[t]),
                .on_day = d % 2 != 0,
                .day = day_of(days[d / 2]),
                .count_values = true,
                .limit = 1};
            uint32_t counted[SEARCH_VALUES_MAX];

            ask(&query);
            memcpy(counted, found.by_value, sizeof counted);
            for (uint32_t value = 0; value < index->values; value++)
                if (search_value_column(index, value) >= FACET_BILLABLE)
                    check_value(texts[t], query.day, query.on_day, value,
                        counted[value]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_a_day_are_those_of_the_card),
        cmocka_unit_test(a_hit_is_what_was_asked_for_on_the_day),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}

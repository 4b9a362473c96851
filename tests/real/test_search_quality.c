/* The judged queries of tools/eval, asked of a store of the published releases:
 * the share that puts a right code first and among ten does not fall below what
 * was promised. */
#include "tests/real/lib/real.h"

#include "tools/eval/judged.h"
#include "tools/eval/ours.h"
#include "tools/eval/typing.h"

enum { HITS = 10 };
#define DATE "2026-02-01" /* as search_eval has it */
static const double first_floor = 0.92, ten_floor = 0.97, kind_floor = 0.80;
static const double nothing_ceiling = 0.01; /* beside nonsense */
static const double lost_ceiling = 0.05;    /* while a query is typed */

static struct answers *answers;
static struct documents documents;
static struct finder ours;

struct tally {
    char kind[32];
    unsigned asked, first, ten, nothing;
};
static struct tally kinds[JUDGED_KINDS];
static size_t kind_count;

static struct tally *tally_of(const char *kind)
{
    size_t i = 0;

    while (i < kind_count && strcmp(kinds[i].kind, kind) != 0)
        i++;
    assert_true(i < JUDGED_KINDS);
    if (i == kind_count) {
        (void)snprintf(kinds[i].kind, sizeof kinds[i].kind, "%s", kind);
        kind_count++;
    }
    return &kinds[i];
}

static void count(const struct judged *judged)
{
    struct tally *tally = tally_of(judged->kind);
    size_t hit[FINDER_HITS];
    const size_t hits =
        ours.find(ours.state, judged->query, judged->len, hit, HITS);
    size_t first = HITS;

    for (size_t i = hits; i-- > 0;)
        if (hit[i] != DOCUMENT_NONE &&
            judged_right(judged, &documents.document[hit[i]].code))
            first = i;
    if (judged->codes == 0 && hits == 0)
        first = 0;
    tally->asked++;
    tally->first += first == 0;
    tally->ten += first < HITS;
    tally->nothing += judged->codes > 0 && hits == 0;
}

static void ask_all(const char *path)
{
    struct judged_list list;

    assert_true(judged_read(&list, path));
    for (size_t i = 0; i < list.count; i++)
        if (documents.licensed || strcmp(list.judged[i].kind, "pfs") != 0)
            count(&list.judged[i]);
    judged_clear(&list);
}

static int ask(void **state)
{
    struct error err = {0};
    day_t day;

    assert_int_equal(real_open(state), 0);
    assert_int_equal(day_parse_iso(&day, DATE, strlen(DATE)), 0);
    if (answers_open(&answers, real_store, &err) != 0)
        fail_msg("%s", err.msg);
    assert_true(documents_read(&documents, answers, day));
    assert_true(ours_open(&ours, answers, &documents, day));
    ask_all("tools/eval/dev.tsv");
    ask_all("tools/eval/held.tsv");
    return 0;
}

static int close_all(void **state)
{
    if (ours.close != NULL) /* NULL: the set-up failed */
        ours.close(ours.state);
    documents_clear(&documents);
    answers_close(answers);
    return real_close(state);
}

static void right_codes_come_first_as_often_as_promised(void **state)
{
    struct tally all = {0};

    for (size_t i = 0; i < kind_count; i++) {
        all.asked += kinds[i].asked;
        all.first += kinds[i].first;
        all.ten += kinds[i].ten;
    }
    assert_true(all.asked >= 1000);
    if (all.first < first_floor * all.asked || all.ten < ten_floor * all.asked)
        fail_msg("of %u queries %u first, %u among ten", all.asked, all.first,
            all.ten);
}

static void no_kind_of_query_is_left_behind(void **state)
{
    for (size_t i = 0; i < kind_count; i++)
        if (kinds[i].ten < kind_floor * kinds[i].asked)
            fail_msg("%s: of %u queries %u among ten", kinds[i].kind,
                kinds[i].asked, kinds[i].ten);
}

static void at_most_one_in_a_hundred_finds_nothing(void **state)
{
    unsigned asked = 0, nothing = 0;

    for (size_t i = 0; i < kind_count; i++) {
        asked += kinds[i].asked;
        nothing += kinds[i].nothing;
    }
    if (nothing > nothing_ceiling * asked)
        fail_msg("of %u queries %u find nothing", asked, nothing);
}

static void what_is_found_stays_while_someone_types(void **state)
{
    struct judged_list list;
    unsigned typed = 0, lost = 0;

    assert_true(judged_read(&list, "tools/eval/dev.tsv"));
    for (size_t i = 0; i < list.count; i++) {
        struct typing typing;

        if ((!documents.licensed && strcmp(list.judged[i].kind, "pfs") == 0) ||
            !typing_follow(&typing, &ours, &documents, &list.judged[i]))
            continue;
        typed++;
        lost += typing.gone > 0;
    }
    judged_clear(&list);
    assert_true(typed >= 400);
    if (lost > lost_ceiling * typed)
        fail_msg("of %u queries %u lose the right code", typed, lost);
}

/* No code has all of these words; these have those that matter. */
static void what_has_some_of_the_words_answers_them(void **state)
{
    static const struct {
        const char *query, *begins;
    } asked[] = {{"burnt hand hot water", "T23"},
        {"pneumonia without organism", "J189"},
        {"asthma without status", "J45"},
        {"left total hip replacement status", "Z96642"},
        {"swollen painful left knee after fall", "M25"}};

    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        size_t hit[FINDER_HITS];
        const size_t hits = ours.find(
            ours.state, asked[i].query, strlen(asked[i].query), hit, HITS);

        assert_true(hits > 0 && hit[0] != DOCUMENT_NONE);
        if (strncmp(documents.document[hit[0]].code.code, asked[i].begins,
                strlen(asked[i].begins)) != 0)
            fail_msg(
                "%s: %s", asked[i].query, documents.document[hit[0]].code.code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_codes_come_first_as_often_as_promised),
        cmocka_unit_test(no_kind_of_query_is_left_behind),
        cmocka_unit_test(at_most_one_in_a_hundred_finds_nothing),
        cmocka_unit_test(what_is_found_stays_while_someone_types),
        cmocka_unit_test(what_has_some_of_the_words_answers_them),
    };

    return cmocka_run_group_tests(tests, ask, close_all);
}

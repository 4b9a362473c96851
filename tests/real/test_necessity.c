/* test_necessity.c - every row of the published capture of the coverage
 * database is answered as the rows say, read by another program
 * (lib/necessity.pl): a procedure that an article names is named, one of its
 * noncovered diagnoses is listed as not supporting, and any other diagnosis is
 * on no list. The capture has no words above its lists and nobody's states: so
 * nothing is surer than the article, and a state has no contractor. */
#include "tests/real/lib/real.h"

#include "codesets/rules/necessity/necessity.h"

enum { ROWS_MAX = 65536 };

struct capture_row {
    char kind; /* 'P' or 'N' */
    uint32_t article;
    char code[8];
};

static struct capture_row row[ROWS_MAX];
static size_t rows;
static struct necessity_answer answer;
static day_t day; /* of the capture */

static int open_all(void **state)
{
    const struct series *series;
    char command[PATH_MAX + 64], line[64];
    FILE *in;

    if (real_open(state) != 0)
        return -1;
    series =
        store_series(real_store, TABLE_COVERAGE, SETTING_NONE, PROGRAM_NONE);
    assert_non_null(series);
    day = series->release[series->releases - 1].to;
    (void)snprintf(command, sizeof command,
        "exec perl tests/real/lib/necessity.pl '%s/mcd/2026-08'",
        getenv("REAL"));
    in = popen(command, "r");
    assert_non_null(in);
    while (fgets(line, sizeof line, in) != NULL) {
        assert_true(rows < ROWS_MAX);
        assert_int_equal(sscanf(line, "%c %u %7s", &row[rows].kind,
                             &row[rows].article, row[rows].code),
            3);
        rows++;
    }
    assert_int_equal(pclose(in), 0);
    assert_true(rows > 30000);
    return 0;
}

static void ask(
    const struct necessity_place *place, const char *code, const char *icd10)
{
    struct necessity_question question = {.day = day, .place = *place};
    struct error err = {0};

    memcpy(question.procedure, code, PROC_LEN + 1);
    (void)snprintf(question.diagnosis, sizeof question.diagnosis, "%s", icd10);
    if (necessity_decide(&answer, real_rules, &question, &err) != 0)
        fail_msg("A%u %s %s: %s", place->article, code, icd10, err.msg);
}

static void must_be(uint32_t article, const char *code, const char *icd10,
    enum necessity_reason reason, enum tie_link link)
{
    const struct necessity_place place = {
        .article = article, .kind = NECESSITY_PART_B};

    ask(&place, code, icd10);
    if (answer.reason != reason || answer.link != link ||
        answer.verdict != NECESSITY_UNKNOWN)
        fail_msg("A%u %s %s: %s, %s, %s, detail %s", article, code, icd10,
            necessity_verdict_name(answer.verdict),
            necessity_reason_name(answer.reason), tie_link_name(answer.link),
            necessity_detail_name(answer.detail));
}

/* The rows of one kind of an article: [*first, *end). They are sorted. */
static void rows_of(char kind, uint32_t article, size_t *first, size_t *end)
{
    size_t low = 0, high = rows;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (row[middle].kind < kind ||
            (row[middle].kind == kind && row[middle].article < article))
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low < rows && row[low].kind == kind && row[low].article == article)
        low++;
    *end = low;
}

static bool listed(size_t first, size_t end, const char *code)
{
    for (; first < end; first++)
        if (strcmp(row[first].code, code) == 0)
            return true;
    return false;
}

static void every_procedure_of_every_article_is_named(void **state)
{
    static const char *const drawn[] = {"M5450", "E840", "Z0000"};
    size_t asked = 0;

    for (size_t i = 0; i < rows; i++) {
        size_t first, end;

        if (row[i].kind != 'P')
            continue;
        rows_of('N', row[i].article, &first, &end);
        for (size_t k = 0; k < 3; k++)
            must_be(row[i].article, row[i].code, drawn[k],
                listed(first, end, drawn[k]) ? NECESSITY_LISTED_NOT_SUPPORTING
                                             : NECESSITY_WITHOUT_LIST,
                listed(first, end, drawn[k]) ? LINK_ARTICLE_LEVEL : LINK_NONE);
        asked++;
    }
    assert_true(asked > 13000);
}

/* With every procedure of the article: the list may be for any of them. */
static void every_noncovered_diagnosis_is_listed_for_the_article(void **state)
{
    size_t asked = 0, without = 0;

    for (size_t i = 0; i < rows; i++) {
        size_t first, end;

        if (row[i].kind != 'N')
            continue;
        rows_of('P', row[i].article, &first, &end);
        without += first == end;
        for (; first < end; first++, asked++)
            must_be(row[i].article, row[first].code, row[i].code,
                NECESSITY_LISTED_NOT_SUPPORTING, LINK_ARTICLE_LEVEL);
    }
    assert_true(asked > 200000);
    assert_true(without < 1000);
}

static void ultrasound_is_asked_like_any_other_procedure(void **state)
{
    static const uint32_t articles[] = {56566, 57067};
    static const size_t listed_in[] = {1300, 773};

    for (size_t a = 0; a < 2; a++) {
        size_t first, end;

        rows_of('N', articles[a], &first, &end);
        assert_int_equal(end - first, listed_in[a]);
        for (; first < end; first++) {
            must_be(articles[a], "97035", row[first].code,
                NECESSITY_LISTED_NOT_SUPPORTING, LINK_ARTICLE_LEVEL);
            must_be(articles[a], "97110", row[first].code,
                NECESSITY_LISTED_NOT_SUPPORTING, LINK_ARTICLE_LEVEL);
        }
    }
}

static void a_state_has_no_contractor_in_the_capture(void **state)
{
    const struct necessity_place place = {
        .state = "KY", .kind = NECESSITY_PART_B};

    ask(&place, "97035", "E840");
    assert_int_equal(answer.verdict, NECESSITY_UNKNOWN);
    assert_int_equal(answer.reason, NECESSITY_NO_CONTRACTOR);
    assert_int_equal(answer.detail, DETAIL_NO_JURISDICTIONS);
}

static void days_around_the_capture(void **state)
{
    const struct necessity_place place = {
        .article = 57067, .kind = NECESSITY_PART_B};
    const day_t last = day;

    day = last + COVERAGE_STALE_DAYS;
    ask(&place, "97035", "E840");
    assert_int_equal(answer.reason, NECESSITY_LISTED_NOT_SUPPORTING);
    assert_true(answer.stale);
    day = last + COVERAGE_STALE_DAYS + 1;
    ask(&place, "97035", "E840");
    assert_int_equal(answer.reason, NECESSITY_NO_DATA);
    assert_int_equal(answer.detail, DETAIL_AFTER);
    day = last;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_procedure_of_every_article_is_named),
        cmocka_unit_test(every_noncovered_diagnosis_is_listed_for_the_article),
        cmocka_unit_test(ultrasound_is_asked_like_any_other_procedure),
        cmocka_unit_test(a_state_has_no_contractor_in_the_capture),
        cmocka_unit_test(days_around_the_capture),
    };

    return cmocka_run_group_tests(tests, open_all, real_close);
}

/* test_pair_vectors.c - the 73 decisions of fixtures/pair_vectors.tsv, worked
 * out by hand from the published edits, on the starter set and on the same rows
 * under the names of releases. tests/real asks the same of the published files.
 */
#include "tests/builds.h"

#include "codesets/core/day.h"
#include "codesets/data/embedded.h"
#include "codesets/rules/pair/pair.h"

enum { VECTORS = 73, LINE_LEN = 512, COLUMNS = 12 };

static struct store *opened;
static struct rules *rules;

static void open_build(const char *path)
{
    struct made made;

    build_from(&made, path, NULL);
    if (made.rc != 0)
        fail_msg("%s", made.err.msg);
    assert_int_equal(store_open(&opened, made.result.path, NULL), 0);
    assert_int_equal(rules_open(&rules, opened, NULL), 0);
    forget(&made);
}

static int close_build(void **state)
{
    rules_close(rules);
    store_close(opened);
    return builds_end(state);
}

static int open_starter(void **state)
{
    assert_int_equal(builds_begin(state), 0);
    open_build(NULL);
    return 0;
}

/* The rows of the starter set under names that releases have. */
static int open_releases(void **state)
{
    static const char *const names[][2] = {
        {"starter_ptp_practitioner_2024q3.txt", "2024q3/ptp_practitioner.txt"},
        {"starter_ptp_hospital_2024q3.txt", "2024q3/ptp_hospital.txt"},
        {"starter_mue_practitioner_2024q3.csv", "2024q3/mue_practitioner.csv"},
        {"starter_mue_outpatient_2024q3.csv", "2024q3/mue_outpatient.csv"},
        {"starter_pfs_2024c.csv", "2024c/PPRRVU24_JUL.csv"},
        {"starter_hcpcs_2024q3.txt", "HCPC2024_JUL_ANWEB.txt"},
    };

    assert_int_equal(builds_begin(state), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct embedded_file *file =
            embedded_find(embedded_starter, names[i][0]);

        assert_non_null(file);
        put_bytes(names[i][1], file->data, file->len);
    }
    open_build(files());
    return 0;
}

struct vector {
    char *id, *setting, *dos, *a, *b, *modifiers_a, *modifiers_b, *outcome,
        *column1, *column2, *indicator, *note;
};

/* Cuts a line at its tabs. */
static void cut(struct vector *out, char *line)
{
    char **const cells[COLUMNS] = {&out->id, &out->setting, &out->dos, &out->a,
        &out->b, &out->modifiers_a, &out->modifiers_b, &out->outcome,
        &out->column1, &out->column2, &out->indicator, &out->note};
    static char none[] = "";

    line[strcspn(line, "\r\n")] = '\0';
    for (int i = 0; i < COLUMNS; i++)
        *cells[i] = line != NULL ? strsep(&line, "\t") : none;
}

static void decide(
    struct pair_decision *out, const struct vector *vector, bool swapped)
{
    struct pair_line line[2];
    struct pair_question question = {
        .a = &line[swapped], .b = &line[!swapped], .program = PROGRAM_MEDICARE};

    pair_line_parse(&line[0], rules, vector->a, strlen(vector->a));
    pair_line_parse(&line[1], rules, vector->b, strlen(vector->b));
    assert_int_equal(pair_line_modifiers(&line[0], vector->modifiers_a,
                         strlen(vector->modifiers_a), NULL),
        0);
    assert_int_equal(pair_line_modifiers(&line[1], vector->modifiers_b,
                         strlen(vector->modifiers_b), NULL),
        0);
    assert_int_equal(
        day_parse_iso(&question.day, vector->dos, strlen(vector->dos)), 0);
    assert_int_equal(setting_parse(&question.setting, vector->setting,
                         strlen(vector->setting)),
        0);
    pair_decide(out, rules, &question);
}

/* The same code twice is two units: 97161 may have one a day and 97110 six. */
static void judged_by_its_limit(
    const struct vector *vector, const struct pair_decision *decision)
{
    assert_int_equal(decision->reason, REASON_SAME_CODE);
    assert_true(decision->limit_known);
    if (strcmp(vector->a, "97161") == 0) {
        assert_int_equal(decision->verdict, VERDICT_NOT_BILLABLE);
        assert_int_equal(decision->limit, 1);
        assert_int_equal(decision->mai, 2);
    } else {
        assert_string_equal(vector->a, "97110");
        assert_int_equal(decision->verdict, VERDICT_BILLABLE);
        assert_int_equal(decision->limit, 6);
        assert_int_equal(decision->mai, 3);
    }
}

static void check(const struct vector *vector, bool swapped)
{
    static const struct {
        const char *outcome;
        enum pair_verdict verdict;
        enum pair_reason reason;
    } outcomes[] = {
        {"BLOCKED", VERDICT_NOT_BILLABLE, REASON_BLOCKED},
        {"MODIFIER_NEEDED", VERDICT_MODIFIER_REQUIRED, REASON_MODIFIER_NEEDED},
        {"BYPASSED", VERDICT_RESOLVED_BY_MODIFIER, REASON_BYPASSED},
        {"NO_EDIT", VERDICT_BILLABLE, REASON_NO_EDIT},
        {"EDIT_NEVER_ACTIVE", VERDICT_BILLABLE, REASON_EDIT_NEVER_ACTIVE},
        {"EDIT_EXPIRED", VERDICT_BILLABLE, REASON_EDIT_EXPIRED},
    };
    struct pair_decision decision;
    const char *column1;
    size_t i;

    decide(&decision, vector, swapped);
    if (strcmp(vector->outcome, "SAME_CODE") == 0) {
        judged_by_its_limit(vector, &decision);
        return;
    }
    for (i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (strcmp(outcomes[i].outcome, vector->outcome) == 0)
            break;
    assert_true(i < sizeof outcomes / sizeof *outcomes);
    if (decision.verdict != outcomes[i].verdict ||
        decision.reason != outcomes[i].reason)
        fail_msg("%s%s: %s, and not %s, %s", vector->id,
            swapped ? " swapped" : "", vector->outcome,
            pair_verdict_name(decision.verdict),
            pair_reason_name(decision.reason));
    if (vector->column1[0] == '\0')
        return;
    assert_true(decision.live);
    column1 = (decision.column1_line == 0) != swapped ? vector->a : vector->b;
    assert_string_equal(column1, vector->column1);
    assert_int_equal(decision.edit.indicator, vector->indicator[0] - '0');
}

static void every_vector_has_its_outcome_in_either_order(void **state)
{
    char line[LINE_LEN];
    struct vector vector;
    unsigned count = 0;
    FILE *file = fopen("tests/fixtures/pair_vectors.tsv", "r");

    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file)); /* the heading */
    while (fgets(line, sizeof line, file) != NULL) {
        cut(&vector, line);
        check(&vector, false);
        check(&vector, true);
        count++;
    }
    (void)fclose(file);
    assert_int_equal(count, VECTORS);
}

static void the_starter_set_decides_the_vectors(void **state)
{
    assert_true(opened->starter);
    every_vector_has_its_outcome_in_either_order(state);
}

static void whole_releases_decide_the_vectors(void **state)
{
    assert_false(opened->starter);
    every_vector_has_its_outcome_in_either_order(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_starter_set_decides_the_vectors, open_starter, close_build),
        cmocka_unit_test_setup_teardown(
            whole_releases_decide_the_vectors, open_releases, close_build),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

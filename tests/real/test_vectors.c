/* The 73 decisions of pair_vectors.tsv, worked out by hand from the published
 * edits (domain.md 5.4), on the store made of them. */
#include "tests/real/lib/real.h"

#include "codesets/core/day.h"

enum { VECTORS = 73, LINE_LEN = 512, COLUMNS = 12 };

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

    line[strcspn(line, "\r\n")] = '\0';
    for (int i = 0; i < COLUMNS; i++)
        *cells[i] = line != NULL ? strsep(&line, "\t") : (char[]){""};
}

static void decide(
    struct pair_decision *out, const struct vector *vector, bool swapped)
{
    struct pair_line a, b;
    struct pair_question question = {.program = PROGRAM_MEDICARE};

    pair_line_parse(&a, real_rules, vector->a, strlen(vector->a));
    pair_line_parse(&b, real_rules, vector->b, strlen(vector->b));
    assert_int_equal(pair_line_modifiers(&a, vector->modifiers_a,
                         strlen(vector->modifiers_a), NULL),
        0);
    assert_int_equal(pair_line_modifiers(&b, vector->modifiers_b,
                         strlen(vector->modifiers_b), NULL),
        0);
    assert_int_equal(
        day_parse_iso(&question.day, vector->dos, strlen(vector->dos)), 0);
    assert_int_equal(setting_parse(&question.setting, vector->setting,
                         strlen(vector->setting)),
        0);
    question.a = swapped ? &b : &a;
    question.b = swapped ? &a : &b;
    pair_decide(out, real_rules, &question);
}

/* The same code twice is two units: 97161 may have one a day and 97110 six. */
static void judged_by_its_limit(
    const struct vector *vector, const struct pair_decision *decision)
{
    assert_int_equal(decision->reason, REASON_SAME_CODE);
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
    if (i == sizeof outcomes / sizeof *outcomes) {
        fail_msg("%s: no such outcome: %s", vector->id, vector->outcome);
        return;
    }
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_has_its_outcome_in_either_order),
    };

    return cmocka_run_group_tests(tests, real_open, real_close);
}

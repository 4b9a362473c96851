/* The verdict for every row of the PTP files, in both orders of its codes and
 * on days around which rows begin and end, equals what an evaluation of the raw
 * text says that shares nothing with this program (lib/pairs.awk).
 *
 * One question more for each row names a drawn day and drawn modifiers
 * (lib/drawn.h, lib/modifiers.awk).
 *
 * Where a code is not valid on the day the answer is that, whatever the edit;
 * the edit must be found all the same. lib/validity.awk judges these codes. */
#include "tests/real/lib/real.h"

#include "codesets/core/day.h"
#include "tests/real/lib/drawn.h"

#define DATES "20191231 20200101 20240630 20240701 20240930"
enum { DAYS = 5, LINE_LEN = 128 };
/* Where the answers begin that modifiers.awk adds to a line. */
enum { DRAWN_AT = 2 * (PROC_LEN + 1) + 3 * DAYS };

struct evaluation {
    FILE *out; /* of pairs.awk */
    enum setting setting;
    day_t day[DAYS];
    unsigned long pairs, answers, rows, wrong, conflicts;
    unsigned long invalid[DAYS]; /* pairs */
    uint8_t *gone[DAYS];         /* by ordinal: not valid on the day */
    struct draws draws;
    unsigned long drawn, drawn_wrong, drawn_open, drawn_as[REASON_COUNT];
    unsigned long drawn_old; /* of those that need a modifier */
};

/* newest and before are files below REAL; before may be NULL. */
static void open_evaluation(struct evaluation *e, enum setting setting,
    const char *newest, const char *before)
{
    char command[4 * PATH_MAX];
    const char *date = DATES;

    *e = (struct evaluation){.setting = setting};
    (void)snprintf(command, sizeof command,
        "{ xz -dc \"$REAL/ncci_ptp/%s\" |"
        " awk -v release=3 -f tests/real/lib/edits.awk;"
        " %s%s%s } | LC_ALL=C sort -S 256M |"
        " awk -v compared=%d -v quarter=20240701 -v dates='%s' -v seed=%d"
        " -f tests/real/lib/modifiers.awk -f tests/real/lib/pairs.awk",
        newest, before == NULL ? ":" : "xz -dc \"$REAL/ncci_ptp/",
        before == NULL ? "" : before,
        before == NULL ? ";"
                       : "\" | awk -v release=2 -f tests/real/lib/edits.awk;",
        before != NULL, DATES, (int)setting);
    draws_open(&e->draws, (uint32_t)setting);
    for (int d = 0; d < DAYS; d++, date += 9) {
        assert_int_equal(day_parse_compact(&e->day[d], date, 8), 0);
        e->gone[d] = calloc(real_store->proc.count, 1);
        assert_non_null(e->gone[d]);
    }
    e->out = popen(command, "r");
    assert_non_null(e->out);
}

static void close_evaluation(struct evaluation *e)
{
    for (int d = 0; d < DAYS; d++)
        free(e->gone[d]);
    assert_int_equal(pclose(e->out), 0);
}

static enum pair_reason reason_of(char letter)
{
    switch (letter) {
    case 'B':
    case 'b':
        return REASON_BLOCKED;
    case 'M':
    case 'm':
    case 'O':
    case 'o':
        return REASON_MODIFIER_NEEDED;
    case 'P':
    case 'p':
        return REASON_BYPASSED;
    case 'Y':
        return REASON_EDIT_NOT_YET;
    case 'X':
        return REASON_EDIT_EXPIRED;
    case 'V':
        return REASON_EDIT_NEVER_ACTIVE;
    default:
        return REASON_NO_EDIT;
    }
}

static enum pair_verdict verdict_of(enum pair_reason reason)
{
    return reason == REASON_BLOCKED           ? VERDICT_NOT_BILLABLE
           : reason == REASON_MODIFIER_NEEDED ? VERDICT_MODIFIER_REQUIRED
           : reason == REASON_BYPASSED        ? VERDICT_RESOLVED_BY_MODIFIER
                                              : VERDICT_BILLABLE;
}

/* True when the decision agrees with the two characters; swapped: the question
 * named the higher code first. */
static bool agrees(const struct evaluation *e,
    const struct pair_decision *decision, const char *said, bool swapped,
    bool *invalid)
{
    const bool conflict = strchr("bmop?", said[0]) != NULL;
    const bool live = conflict || strchr("BMOP", said[0]) != NULL;
    const uint8_t column1 = (uint8_t)((said[1] == '2') != swapped);
    const enum pair_reason reason = reason_of(said[0]);

    *invalid = decision->reason == REASON_NOT_VALID_ON_DATE;
    if (decision->live != live ||
        ((decision->notes & NOTE_DATA_CONFLICT) != 0) != conflict ||
        (live && !conflict && decision->column1_line != column1))
        return false;
    if (*invalid)
        return decision->verdict == VERDICT_NOT_CHECKED &&
               decision->faults != 0;
    /* A pair that only the quarter before had may have no code left. */
    if (said[0] == 'N' && decision->reason == REASON_UNKNOWN_CODE)
        return true;
    if (said[0] == '?') /* two directions: which one opens it is not told */
        return decision->reason == REASON_MODIFIER_NEEDED ||
               decision->reason == REASON_BYPASSED;
    return decision->reason == reason &&
           decision->verdict == verdict_of(reason);
}

static void judge_pair(struct evaluation *e, const char *line)
{
    struct pair_line lower, higher;

    pair_line_parse(&lower, real_rules, line, PROC_LEN);
    pair_line_parse(&higher, real_rules, line + PROC_LEN + 1, PROC_LEN);
    e->pairs++;
    for (int d = 0; d < DAYS; d++)
        for (int swapped = 0; swapped < 2; swapped++) {
            const char *said = line + 2 * (PROC_LEN + 1) + 3 * d;
            const struct pair_question question = {
                .a = swapped ? &higher : &lower,
                .b = swapped ? &lower : &higher,
                .day = e->day[d],
                .setting = e->setting,
                .program = PROGRAM_MEDICARE};
            struct pair_decision decision;
            bool invalid;

            pair_decide(&decision, real_rules, &question);
            e->answers++;
            e->conflicts += (decision.notes & NOTE_DATA_CONFLICT) != 0;
            if (!agrees(e, &decision, said, swapped, &invalid) &&
                e->wrong++ < 20)
                print_error("%.11s on %.8s%s: the file says %.2s, the answer "
                            "is %s, %s\n",
                    line, &DATES[9 * d], swapped ? ", swapped" : "", said,
                    pair_verdict_name(decision.verdict),
                    pair_reason_name(decision.reason));
            if (!invalid)
                continue;
            e->invalid[d] += !swapped;
            if ((decision.faults & 1) != 0)
                e->gone[d][question.a->ordinal] = 1;
            if ((decision.faults & 2) != 0)
                e->gone[d][question.b->ordinal] = 1;
        }
}

/* Beside the verdict: the note on a modifier that is too early on column 1, and
 * that the modifier named stands on the line named. */
static bool bypass_agrees(const struct pair_decision *decision,
    const struct pair_question *question, char said)
{
    const struct pair_line *line =
        decision->bypass_line == 0 ? question->a : question->b;

    if (decision->reason == REASON_NOT_VALID_ON_DATE || said == '?')
        return true;
    if (((decision->notes & NOTE_OLD_RULE) != 0) !=
        (said == 'O' || said == 'o'))
        return false;
    if (decision->reason != REASON_BYPASSED)
        return decision->bypass_line == NO_LINE;
    for (unsigned i = 0; i < line->modifiers; i++)
        if (decision->bypass_line != NO_LINE &&
            line->modifier[i] == decision->bypass_modifier)
            return true;
    return false;
}

static void judge_drawn(struct evaluation *e, const char *line)
{
    struct draw_state state;

    draws_begin(&state, &e->draws, line, line + PROC_LEN + 1);
    for (const char *said = line + DRAWN_AT; said[-1] == ' '; said += 3) {
        struct drawn drawn;
        struct pair_line lower, higher;

        draws_next(&drawn, &state);
        pair_line_parse(&lower, real_rules, line, PROC_LEN);
        pair_line_parse(&higher, real_rules, line + PROC_LEN + 1, PROC_LEN);
        assert_int_equal(pair_line_modifiers(&lower, drawn.modifiers[0],
                             strlen(drawn.modifiers[0]), NULL),
            0);
        assert_int_equal(pair_line_modifiers(&higher, drawn.modifiers[1],
                             strlen(drawn.modifiers[1]), NULL),
            0);
        e->drawn_open += said[0] == '?';
        for (int swapped = 0; swapped < 2; swapped++) {
            const struct pair_question question = {
                .a = swapped ? &higher : &lower,
                .b = swapped ? &lower : &higher,
                .day = drawn.day,
                .setting = e->setting,
                .program = PROGRAM_MEDICARE};
            struct pair_decision decision;
            char day[DAY_TEXT_LEN];
            bool invalid;

            pair_decide(&decision, real_rules, &question);
            e->drawn++;
            e->drawn_as[decision.reason]++;
            e->drawn_old += (decision.notes & NOTE_OLD_RULE) != 0;
            if ((agrees(e, &decision, said, swapped, &invalid) &&
                    bypass_agrees(&decision, &question, said[0])) ||
                e->drawn_wrong++ >= 10)
                continue;
            (void)day_format(day, drawn.day);
            print_error("%.5s [%s] %.5s [%s] on %s%s: the file says %.2s, the "
                        "answer is %s, %s, notes %u\n",
                line, drawn.modifiers[0], line + PROC_LEN + 1,
                drawn.modifiers[1], day, swapped ? ", swapped" : "", said,
                pair_verdict_name(decision.verdict),
                pair_reason_name(decision.reason), decision.notes);
        }
    }
}

/* The codes that were not valid, for whoever wants to look at them. */
static void list_gone(const struct evaluation *e)
{
    char name[64], code[PROC_LEN + 1];
    FILE *out;

    (void)snprintf(
        name, sizeof name, "not-valid-%s.txt", setting_name(e->setting));
    out = real_note(name);
    for (int d = 0; d < DAYS; d++) {
        unsigned long codes = 0;

        for (uint32_t i = 0; i < real_store->proc.count; i++)
            if (e->gone[d][i]) {
                proc_unpack(code, proc_at(&real_store->proc, i));
                (void)fprintf(out, "%.8s %s\n", &DATES[9 * d], code);
                codes++;
            }
        print_message(
            "  %.8s: %lu pairs with one of %lu codes not valid then\n",
            &DATES[9 * d], e->invalid[d], codes);
    }
    assert_int_equal(fclose(out), 0);
}

static void judge_all(struct evaluation *e, unsigned long rows)
{
    char line[LINE_LEN];

    while (fgets(line, sizeof line, e->out) != NULL) {
        if (sscanf(line, "rows %lu", &e->rows) == 1)
            break;
        judge_pair(e, line);
        judge_drawn(e, line);
    }
    print_message("%s: %lu rows, %lu pairs, %lu answers, %lu of them with two "
                  "rows in force\n",
        setting_name(e->setting), e->rows, e->pairs, e->answers, e->conflicts);
    list_gone(e);
    close_evaluation(e);
    assert_int_equal(e->rows, rows);
    assert_int_equal(e->wrong, 0);
}

static struct evaluation practitioner, hospital;

static void every_practitioner_edit_is_judged_as_its_file_says(void **state)
{
    judge_all(&practitioner, 2546017); /* SOURCES-billing.md */
}

static void every_hospital_edit_is_judged_as_its_file_says(void **state)
{
    judge_all(&hospital, 1775818);
}

/* The answers were compared along with the others. */
static void report_drawn(const struct evaluation *e)
{
    print_message("%s: %lu answers with drawn days and modifiers, %lu wrong\n",
        setting_name(e->setting), e->drawn, e->drawn_wrong);
    for (int i = 0; i < REASON_COUNT; i++)
        if (e->drawn_as[i] > 0)
            print_message("  %s: %lu\n", pair_reason_name((enum pair_reason)i),
                e->drawn_as[i]);
    print_message("  too early on column 1: %lu; left open: %lu\n",
        e->drawn_old, e->drawn_open);
    assert_int_equal(e->drawn, 2 * e->rows);
    assert_int_equal(e->drawn_wrong, 0);
}

static void a_practitioner_edit_is_opened_by_the_modifiers_of_the_list(
    void **state)
{
    report_drawn(&practitioner);
}

static void a_hospital_edit_is_opened_by_the_modifiers_of_the_list(void **state)
{
    report_drawn(&hospital);
}

/* Both evaluations run while the first one is compared. */
static int open_all(void **state)
{
    if (real_open(state) != 0)
        return -1;
    open_evaluation(&practitioner, SETTING_PRACTITIONER,
        "2024q3/ptp_practitioner_2024q3.reexport.tsv.xz",
        "2024q2/ptp_practitioner_2024q2.reexport.tsv.xz");
    open_evaluation(&hospital, SETTING_OUTPATIENT,
        "2024q3/ptp_hospital_2024q3.reexport.tsv.xz", NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_practitioner_edit_is_judged_as_its_file_says),
        cmocka_unit_test(every_hospital_edit_is_judged_as_its_file_says),
        cmocka_unit_test(
            a_practitioner_edit_is_opened_by_the_modifiers_of_the_list),
        cmocka_unit_test(
            a_hospital_edit_is_opened_by_the_modifiers_of_the_list),
    };

    return cmocka_run_group_tests(tests, open_all, real_close);
}

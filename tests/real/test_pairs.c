/* The verdict for every row of the PTP files, in both orders of its codes and
 * on days around which rows begin and end, equals what an evaluation of the raw
 * text says that shares nothing with this program (lib/pairs.awk).
 *
 * Where a code is not valid on the day the answer is that, whatever the edit;
 * the edit must be found all the same. lib/validity.awk judges these codes. */
#include "tests/real/lib/real.h"

#include "codesets/core/day.h"

#define DATES "20191231 20200101 20240630 20240701 20240930"
enum { DAYS = 5, LINE_LEN = 128 };

struct evaluation {
    FILE *out; /* of pairs.awk */
    enum setting setting;
    day_t day[DAYS];
    unsigned long pairs, answers, rows, wrong, conflicts;
    unsigned long invalid[DAYS]; /* pairs */
    uint8_t *gone[DAYS];         /* by ordinal: not valid on the day */
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
        " awk -v compared=%d -v quarter=20240701 -v dates='%s'"
        " -f tests/real/lib/pairs.awk",
        newest, before == NULL ? ":" : "xz -dc \"$REAL/ncci_ptp/",
        before == NULL ? "" : before,
        before == NULL ? ";"
                       : "\" | awk -v release=2 -f tests/real/lib/edits.awk;",
        before != NULL, DATES);
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
        return REASON_MODIFIER_NEEDED;
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
                                              : VERDICT_BILLABLE;
}

/* True when the decision agrees with the two characters; swapped: the question
 * named the higher code first. */
static bool agrees(const struct evaluation *e,
    const struct pair_decision *decision, const char *said, bool swapped,
    bool *invalid)
{
    const bool conflict = said[0] == 'b' || said[0] == 'm';
    const bool live = conflict || said[0] == 'B' || said[0] == 'M';
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
    };

    return cmocka_run_group_tests(tests, open_all, real_close);
}

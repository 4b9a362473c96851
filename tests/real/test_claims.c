/* Units of service and add-on codes: every row of the published tables, asked
 * on the days around which something changes, is answered as programs say that
 * read the raw files and share nothing with this one (lib/mue.awk, lib/aoc.pl).
 */
#include "tests/real/lib/real.h"

#include "codesets/core/day.h"
#include "codesets/rules/addon.h"
#include "codesets/rules/mue_limit.h"

enum { LINE_LEN = 512, DAYS_MAX = 16, LINES_MAX = 2 };

/* ---- units of service */

/* The days of a table, and which release answers on each (lib/mue.awk). */
struct mue_days {
    enum setting setting;
    const char *files; /* a shell command that prints the rows */
    const char *days, *kinds;
};

static const struct mue_days tables[] = {
    /* A release of 2024 and one of 2026; in between only what both say. */
    {SETTING_PRACTITIONER,
        "xz -dc \"$REAL\"/ncci_mue/2024q3/mue_Practitioner*.csv.xz | rows 1;"
        "xz -dc \"$REAL\"/ncci_mue/2026q2/*Practitioner*.csv.xz | rows 2",
        "2024-06-30 2024-07-01 2024-09-30 2024-10-01 2025-11-15 2026-03-31 "
        "2026-04-01 2026-06-30 2026-07-01 2027-07-01 2027-07-02",
        "O11GGG22SSO"},
    {SETTING_OUTPATIENT,
        "xz -dc \"$REAL\"/ncci_mue/2024q3/mue_Outpatient*.csv.xz | rows 1",
        "2024-06-30 2024-07-01 2024-09-30 2024-10-01 2025-10-01 2025-10-02",
        "O11SSO"},
    {SETTING_DME, "xz -dc \"$REAL\"/ncci_mue/2024q3/mue_DME*.csv.xz | rows 1",
        "2024-06-30 2024-07-01 2024-09-30 2024-10-01 2025-10-01 2025-10-02",
        "O11SSO"},
};

/* What the rule says, as the script writes it. */
static void write_word(char out[24], const struct mue_decision *decision)
{
    switch (decision->outcome) {
    case MUE_WITHIN:
        (void)strcpy(out, "W");
        break;
    case MUE_EXCEEDED:
        (void)snprintf(out, 24, "E%llu", (unsigned long long)decision->denied);
        break;
    case MUE_NO_PUBLISHED_LIMIT:
        (void)strcpy(out, "N");
        break;
    default:
        (void)strcpy(out, decision->fault == MUE_FAULT_UNCERTAIN ? "U" : "O");
    }
}

static size_t read_days(day_t *out, const char *text)
{
    size_t n = 0;

    for (; n < DAYS_MAX && strlen(text) >= 10; n++) {
        assert_int_equal(day_parse_iso(&out[n], text, 10), 0);
        text += 10 + (text[10] == ' ');
    }
    return n;
}

/* One line of the script: "97110 1 7 O E7 …". Returns the answers compared. */
static unsigned long compare_units(const struct mue_days *table,
    const day_t *days, size_t day_count, char *line, unsigned long *wrong)
{
    char *next = line;
    const char *code = strsep(&next, " \n");
    uint32_t units[LINES_MAX];
    struct mue_question question = {.code = code,
        .len = strlen(code),
        .setting = table->setting,
        .program = PROGRAM_MEDICARE,
        .units = units};

    question.lines = strtoul(strsep(&next, " \n"), NULL, 10);
    assert_in_range(question.lines, 1, LINES_MAX);
    for (size_t i = 0; i < question.lines; i++)
        units[i] = (uint32_t)strtoul(strsep(&next, " \n"), NULL, 10);
    for (size_t d = 0; d < day_count; d++) {
        const char *wanted = strsep(&next, " \n");
        struct mue_decision decision;
        char said[24];

        question.day = days[d];
        assert_int_equal(mue_decide(&decision, real_rules, &question, NULL), 0);
        write_word(said, &decision);
        if (strcmp(said, wanted) == 0)
            continue;
        if ((*wrong)++ < 10)
            print_error("%s %s x%u day %zu: %s, not %s\n",
                setting_name(table->setting), code, units[0], d, said, wanted);
    }
    return day_count;
}

static void every_unit_limit_is_answered_as_its_rows_say(void **state)
{
    FILE *note = real_note("claims.txt");

    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        char command[2048], line[LINE_LEN];
        unsigned long answers = 0, questions = 0, wrong = 0;
        day_t days[DAYS_MAX];
        const size_t count = read_days(days, tables[t].days);
        FILE *script;

        /* Notices and headings have no row of this shape. */
        (void)snprintf(command, sizeof command,
            "rows() { LC_ALL=C sed -n "
            "'s/^\\([0-9A-Z]\\{5\\}\\),\\([0-9]*\\),\\([123]\\) .*/'$1' "
            "\\1 \\2 \\3/p'; }; { %s; } |"
            " awk -v days='%s' -v kinds=%s -f tests/real/lib/mue.awk",
            tables[t].files, tables[t].days, tables[t].kinds);
        script = popen(command, "r");
        assert_non_null(script);
        while (fgets(line, sizeof line, script) != NULL) {
            answers += compare_units(&tables[t], days, count, line, &wrong);
            questions++;
        }
        assert_int_equal(pclose(script), 0);
        (void)fprintf(note, "mue %s: %lu questions, %lu answers, %lu wrong\n",
            setting_name(tables[t].setting), questions, answers, wrong);
        assert_true(questions > 2000 * 3);
        assert_int_equal(wrong, 0);
    }
    (void)fclose(note);
}

/* ---- add-on codes */

static char word_of(const struct addon_code *code)
{
    switch (code->outcome) {
    case ADDON_NONE:
        return 'N';
    case ADDON_CARRIED:
        return 'C';
    case ADDON_WITHOUT_PRIMARY:
        return 'W';
    case ADDON_NOT_DEFINED:
        return 'D';
    case ADDON_UNKNOWN:
        return 'U';
    default:
        return '?';
    }
}

/* What is said of a code alone, or beside another. */
static char ask(const char *code, const char *other, day_t day)
{
    struct addon_code asked[2] = {{.packed = proc_pack(code)}};
    size_t count = 1, at = 0;

    if (other != NULL) {
        const uint32_t packed = proc_pack(other);

        at = packed < asked[0].packed;
        asked[1] = (struct addon_code){.packed = packed};
        if (at == 1) {
            asked[1].packed = asked[0].packed;
            asked[0].packed = packed;
        }
        count = 2;
    }
    assert_int_equal(addon_decide(asked, count, real_rules, day, NULL), 0);
    return word_of(&asked[at]);
}

static void every_addon_is_answered_as_its_rows_say(void **state)
{
    unsigned long answers = 0, rows = 0, wrong = 0;
    char line[LINE_LEN];
    FILE *script, *note;

    script = popen("exec perl tests/real/lib/aoc.pl"
                   " \"$REAL\"/ncci_aoc/2026q2/AOC_V2026Q2-MCR.xlsx"
                   " 2026-06-30",
        "r");
    assert_non_null(script);
    while (fgets(line, sizeof line, script) != NULL) {
        char *next = line, *said;
        const char *addon = strsep(&next, " \n");
        const char *primary = strsep(&next, " \n");
        const bool paired = strcmp(primary, "-") != 0;

        rows++;
        while ((said = strsep(&next, " \n")) != NULL && said[0] != '\0') {
            char got[3] = {0};
            day_t day;

            assert_int_equal(day_parse_iso(&day, said, 10), 0);
            got[0] = ask(addon, NULL, day);
            got[1] = paired ? ask(addon, primary, day) : got[0];
            got[2] = paired ? ask(primary, addon, day) : ' ';
            answers += paired ? 3 : 1;
            if (said[11] == got[0] && said[13] == got[1] &&
                (!paired || said[15] == got[2]))
                continue;
            if (wrong++ < 10)
                print_error("%s %s: %s, not %c,%c,%c\n", addon, primary, said,
                    got[0], got[1], got[2]);
        }
    }
    assert_int_equal(pclose(script), 0);
    note = real_note("addons.txt");
    (void)fprintf(
        note, "aoc: %lu rows, %lu answers, %lu wrong\n", rows, answers, wrong);
    (void)fclose(note);
    assert_int_equal(rows, 9000);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unit_limit_is_answered_as_its_rows_say),
        cmocka_unit_test(every_addon_is_answered_as_its_rows_say),
    };

    return cmocka_run_group_tests(tests, real_open, real_close);
}

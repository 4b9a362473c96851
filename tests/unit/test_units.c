/* test_units.c - minutes to units (domain.md 4), over the project's own table
 * of timed codes. The worked examples stand in tests/fixtures/unit_vectors.tsv.
 */
#include "tests/builds.h"

#include "codesets/rules/units/units.h"

static struct {
    struct store *store;
    struct rules *rules;
} build_of_data;

static int open_data(void **state)
{
    struct made made;

    assert_int_equal(builds_begin(state), 0);
    build_from(&made, NULL, NULL);
    assert_int_equal(made.rc, 0);
    assert_int_equal(
        store_open(&build_of_data.store, made.result.path, NULL), 0);
    assert_int_equal(
        rules_open(&build_of_data.rules, build_of_data.store, NULL), 0);
    forget(&made);
    return 0;
}

static int close_data(void **state)
{
    rules_close(build_of_data.rules);
    store_close(build_of_data.store);
    return builds_end(state);
}

static day_t on(const char *iso)
{
    day_t day;

    assert_int_equal(day_parse_iso(&day, iso, strlen(iso)), 0);
    return day;
}

/* ---- questions as "97110=24;97530:GO=15" */

static struct units_question question;
static struct units_answer answer;

static int try_add(
    const char *code, long minutes, const char *modifiers, struct error *err)
{
    return units_add(&question, build_of_data.rules, code, strlen(code),
        minutes, modifiers, strlen(modifiers), err);
}

static void begin(const char *date, enum units_rule rule)
{
    question = (struct units_question){.day = on(date), .rule = rule};
}

static void add_all(const char *text)
{
    while (*text != '\0') {
        char code[16] = "", modifier[8] = "";
        long minutes;
        int used = 0;
        struct error err = {0};

        if (sscanf(text, "%15[^:=]:%7[^=]=%ld%n", code, modifier, &minutes,
                &used) != 3) {
            modifier[0] = '\0';
            assert_int_equal(
                sscanf(text, "%15[^=]=%ld%n", code, &minutes, &used), 2);
        }
        if (try_add(code, minutes, modifier, &err) != 0)
            fail_msg("%s", err.msg);
        text += used;
        text += *text == ';';
    }
}

static void decide(void)
{
    struct error err = {0};

    if (units_decide(&answer, build_of_data.rules, &question, &err) != 0)
        fail_msg("%s", err.msg);
}

static void ask(const char *date, enum units_rule rule, const char *text)
{
    begin(date, rule);
    add_all(text);
    decide();
}

/* "97110=2;97140=1" of one distribution; NULL for the answer's own. */
static const char *said(const uint16_t *units)
{
    static char texts[2][4096];
    static unsigned next;
    char *text = texts[next++ % 2];
    size_t len = 0;

    text[0] = '\0';
    for (size_t e = 0; e < answer.entries; e++)
        len += (size_t)snprintf(text + len, sizeof texts[0] - len, "%s%s=%u",
            e > 0 ? ";" : "", answer.entry[e].code,
            units != NULL ? units[e] : (unsigned)answer.entry[e].units);
    return text;
}

static bool warns(enum units_warn reason, const char *code)
{
    for (size_t i = 0; i < answer.warnings; i++)
        if (answer.warning[i].reason == reason &&
            (code == NULL ||
                strcmp(answer.entry[answer.warning[i].entry].code, code) == 0))
            return true;
    return false;
}

static void units_are(const char *date, enum units_rule rule, const char *text,
    const char *wanted)
{
    ask(date, rule, text);
    assert_string_equal(said(NULL), wanted);
}

#define CMS(text, wanted) units_are("2024-07-01", UNITS_CMS, text, wanted)
#define SPM(text, wanted) units_are("2024-07-01", UNITS_MIDPOINT, text, wanted)

/* ---- the vectors */

/* What the vectors call by an abbreviation. A code alone is asked as itself. */
static const struct {
    const char *rule, *family, *date;
} family_rules[] = {
    {"PSY", "psychotherapy", "2024-07-01"},
    {"PSYADD", "psychotherapy_with_em", "2024-07-01"},
    {"CRISIS", "crisis", "2024-07-01"},
    {"COG", "cognitive", "2024-07-01"},
    {"CAREGIVER", "caregiver", "2024-07-01"},
    {"TOBACCO", "tobacco", "2024-07-01"},
    {"HOURLY96125", "96125", "2024-07-01"},
    {"AUDITORY", "auditory", "2024-07-01"},
    {"RTM2026", "remote_therapeutic", "2026-07-01"},
    {"EMNEW2024", "office_new", "2024-07-01"},
    {"EMEST2024", "office_established", "2024-07-01"},
};

enum {
    V_ID,
    V_RULE,
    V_INPUT,
    V_UNITS,
    V_POOL,
    V_TOTAL,
    V_TIE,
    V_ALTERNATIVES,
    V_COLUMNS
};

static void decide_family(const char *const *field)
{
    for (size_t i = 0; i < sizeof family_rules / sizeof family_rules[0]; i++) {
        const char *name = family_rules[i].family;
        uint16_t family;

        if (strcmp(family_rules[i].rule, field[V_RULE]) != 0)
            continue;
        begin(family_rules[i].date, UNITS_CMS);
        family =
            timed_family_find(build_of_data.rules->timed, name, strlen(name));
        if (family != TIMED_NO_FAMILY) {
            units_of_family(&answer, build_of_data.rules, &question, family,
                (uint32_t)atol(field[V_INPUT]));
            return;
        }
        assert_int_equal(try_add(name, atol(field[V_INPUT]), "", NULL), 0);
        decide();
        if (answer.entry[0].units == 0)
            answer.entries = 0;
        return;
    }
    fail_msg("%s: no family of the name %s", field[V_ID], field[V_RULE]);
}

static void check_vector(const char *const *field)
{
    const bool cms = strcmp(field[V_RULE], "CMS8") == 0;
    const bool family = !cms && strcmp(field[V_RULE], "SPM") != 0;
    const char *wanted = field[V_UNITS];
    char level[16];
    struct buffer alternatives = {0};

    if (family)
        decide_family(field);
    else
        ask("2024-07-01", cms ? UNITS_CMS : UNITS_MIDPOINT, field[V_INPUT]);
    if (strcmp(wanted, "none") == 0)
        wanted = "";
    else if (strchr(wanted, '=') == NULL) {
        (void)snprintf(level, sizeof level, "%s=1", wanted);
        wanted = level;
    }
    if (strcmp(said(NULL), wanted) != 0)
        fail_msg("%s: %s, not %s", field[V_ID], said(NULL), wanted);
    if (*field[V_POOL] != '\0')
        assert_int_equal(answer.timed_pool_units, atol(field[V_POOL]));
    assert_int_equal(answer.total_units, atol(field[V_TOTAL]));
    assert_int_equal(answer.tie, *field[V_TIE] == 'Y');
    for (size_t a = 0; a < answer.alternatives; a++)
        buffer_addf(&alternatives, "%s%s", a > 0 ? " | " : "",
            said(answer.alternative[a]));
    buffer_addc(&alternatives, '\0');
    assert_string_equal(alternatives.data, field[V_ALTERNATIVES]);
    assert_false(answer.more_alternatives);
    assert_true(answer.complete);
    buffer_clear(&alternatives);
}

static void every_vector_is_answered_so(void **state)
{
    FILE *file = fopen("tests/fixtures/unit_vectors.tsv", "r");
    char line[2048];
    unsigned vectors = 0;

    if (file == NULL) {
        fail_msg("unit_vectors.tsv is missing: run from the top of the tree");
        return;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        const char *field[V_COLUMNS];
        char *at = line;

        if (line[0] == '#' || strncmp(line, "id\t", 3) == 0)
            continue;
        line[strcspn(line, "\n")] = '\0';
        for (size_t i = 0; i < V_COLUMNS; i++) {
            field[i] = at;
            at += strcspn(at, "\t");
            if (*at != '\0')
                *at++ = '\0';
        }
        check_vector(field);
        vectors++;
    }
    (void)fclose(file);
    assert_int_equal(vectors, 127);
}

/* ---- properties (domain.md 4.5), over questions drawn by a fixed seed */

static uint32_t seed;

static uint32_t drawn(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* Distinct pooled codes; up to seven are drawn. */
static const char *const pool[] = {"97110", "97112", "97116", "97124", "97140",
    "97530", "97535", "97035", "97542"};
enum { POOL = sizeof pool / sizeof pool[0], DRAWS = 4000 };

struct draw {
    size_t count;
    unsigned code[7];
    uint32_t minutes[7];
};

static struct draw draw_one(void)
{
    struct draw draw = {.count = 1 + drawn(7)};
    const unsigned first = drawn(POOL);

    for (size_t i = 0; i < draw.count; i++) {
        draw.code[i] = (first + (unsigned)i) % POOL;
        draw.minutes[i] = drawn(2) != 0 ? drawn(70) : drawn(16);
    }
    return draw;
}

static void ask_draw(const struct draw *draw, enum units_rule rule)
{
    begin("2024-07-01", rule);
    for (size_t i = 0; i < draw->count; i++)
        assert_int_equal(
            try_add(pool[draw->code[i]], draw->minutes[i], "", NULL), 0);
    decide();
}

static uint32_t minutes_of(const struct draw *draw)
{
    uint32_t minutes = 0;

    for (size_t i = 0; i < draw->count; i++)
        minutes += draw->minutes[i];
    return minutes;
}

static void the_total_of_the_pool_follows_from_its_minutes_alone(void **state)
{
    seed = 1;
    for (int n = 0; n < DRAWS; n++) {
        const struct draw draw = draw_one();
        const uint32_t minutes = minutes_of(&draw);
        uint32_t sum = 0;

        ask_draw(&draw, UNITS_CMS);
        assert_int_equal(answer.total_units, (minutes + 7) / 15);
        assert_int_equal(answer.timed_pool_minutes, minutes);
        for (size_t e = 0; e < answer.entries; e++) {
            const struct units_entry *entry = &answer.entry[e];

            sum += entry->units;
            assert_true(entry->units == entry->minutes / 15 ||
                        entry->units == entry->minutes / 15 + 1);
            assert_true(
                entry->minutes > 0 || entry->units == 0); /* never for none */
        }
        assert_int_equal(sum, answer.total_units);
    }
}

static void the_order_of_lines_changes_nothing_but_ties(void **state)
{
    seed = 2;
    for (int n = 0; n < DRAWS; n++) {
        const struct draw draw = draw_one();
        struct draw turned = draw;
        struct units_entry first[7];
        uint32_t total;
        bool tie;

        for (size_t i = 0; i < draw.count; i++) {
            turned.code[i] = draw.code[draw.count - 1 - i];
            turned.minutes[i] = draw.minutes[draw.count - 1 - i];
        }
        ask_draw(&draw, UNITS_CMS);
        total = answer.total_units;
        tie = answer.tie;
        memcpy(first, answer.entry, draw.count * sizeof first[0]);
        ask_draw(&turned, UNITS_CMS);
        assert_int_equal(answer.total_units, total);
        assert_int_equal(answer.tie, tie);
        for (size_t i = 0; i < draw.count; i++) {
            const struct units_entry *other = &answer.entry[draw.count - 1 - i];

            assert_string_equal(first[i].code, other->code);
            if (!tie)
                assert_int_equal(first[i].units, other->units);
        }
    }
}

static void a_minute_more_never_lowers_the_total(void **state)
{
    seed = 3;
    for (int n = 0; n < DRAWS; n++) {
        struct draw draw = draw_one();
        const enum units_rule rule = n % 2 ? UNITS_CMS : UNITS_MIDPOINT;
        uint32_t before;

        ask_draw(&draw, rule);
        before = answer.total_units;
        draw.minutes[drawn((uint32_t)draw.count)]++;
        ask_draw(&draw, rule);
        assert_true(answer.total_units >= before);
        assert_true(answer.total_units <= before + 1);
    }
}

static void one_code_alone_is_the_same_under_both_rules(void **state)
{
    for (long minutes = 0; minutes <= UNITS_MINUTES_MAX; minutes++) {
        uint32_t cms;

        begin("2024-07-01", UNITS_CMS);
        assert_int_equal(try_add("97110", minutes, "", NULL), 0);
        decide();
        cms = answer.total_units;
        question.rule = UNITS_MIDPOINT;
        decide();
        assert_int_equal(answer.total_units, cms);
        assert_int_equal(cms, (minutes + 7) / 15);
    }
}

static void alternatives_differ_and_have_one_total(void **state)
{
    int ties = 0;

    seed = 4;
    for (int n = 0; n < DRAWS; n++) {
        const struct draw draw = draw_one();

        ask_draw(&draw, UNITS_CMS);
        assert_int_equal(answer.alternatives > 0, answer.tie);
        ties += answer.tie;
        if (answer.tie)
            assert_true(answer.alternatives > 1);
        for (size_t a = 0; a < answer.alternatives; a++) {
            const uint16_t *units = answer.alternative[a];
            uint32_t sum = 0;

            for (size_t e = 0; e < answer.entries; e++) {
                sum += units[e];
                assert_true(a > 0 || units[e] == answer.entry[e].units);
            }
            assert_int_equal(sum, answer.total_units);
            for (size_t b = 0; b < a; b++)
                assert_true(memcmp(units, answer.alternative[b],
                                answer.entries * sizeof *units) != 0);
        }
    }
    assert_true(ties > DRAWS / 20);
}

/* With k codes the rules differ by at most k / 2, and both ends occur. */
static void the_rules_differ_by_half_the_codes_at_most(void **state)
{
    int least = 0, most = 0;

    seed = 5;
    for (int n = 0; n < DRAWS; n++) {
        const struct draw draw = draw_one();
        int difference;

        ask_draw(&draw, UNITS_CMS);
        difference = -(int)answer.total_units;
        question.rule = UNITS_MIDPOINT;
        decide();
        difference += (int)answer.total_units;
        assert_true(difference >= -(int)(draw.count / 2) &&
                    difference <= (int)(draw.count / 2));
        least = difference < least ? difference : least;
        most = difference > most ? difference : most;
    }
    assert_true(least < 0 && most > 0);
    SPM("97110=12;97112=12;97116=12;97140=12;97530=12;97535=12",
        "97110=1;97112=1;97116=1;97140=1;97530=1;97535=1");
    assert_int_equal(answer.total_units, 6);
    CMS("97110=8;97112=8;97116=8;97140=8;97530=8;97535=8",
        "97110=1;97112=1;97116=1;97140=0;97530=0;97535=0");
}

/* ---- CMS's own examples (domain.md 4.5) */

static void cms_example_1_gives_the_larger_rest_the_unit(void **state)
{
    CMS("97112=24;97110=23", "97112=2;97110=1");
    assert_false(answer.tie);
    assert_int_equal(answer.timed_pool_minutes, 47);
}

static void cms_example_2_is_a_tie(void **state)
{
    CMS("97112=20;97110=20", "97112=2;97110=1");
    assert_int_equal(answer.alternatives, 2);
    assert_string_equal(said(answer.alternative[1]), "97112=1;97110=2");
}

static void cms_example_3_pays_seven_minutes(void **state)
{
    CMS("97110=33;97140=7", "97110=2;97140=1");
}

static void cms_example_4_leaves_eight_minutes_unpaid(void **state)
{
    CMS("97110=18;97140=13;97116=10;97035=8",
        "97110=1;97140=1;97116=1;97035=0");
}

static void cms_example_5_pays_any_one_of_three(void **state)
{
    CMS("97112=7;97110=7;97140=7", "97112=1;97110=0;97140=0");
    assert_int_equal(answer.alternatives, 3);
}

/* ---- what articles say (domain.md 4.7) */

static void three_units_are_38_to_52_minutes(void **state)
{
    CMS("97110=37", "97110=2");
    CMS("97110=38", "97110=3");
    CMS("97110=52", "97110=3");
    CMS("97110=53", "97110=4");
}

static void ninety_pooled_minutes_are_six_units(void **state)
{
    CMS("97110=45;97530=45", "97110=3;97530=3");
}

static void sixteen_minutes_are_still_one_unit(void **state)
{
    CMS("97110=16", "97110=1");
}

static void forty_and_twenty_are_three_and_one_only(void **state)
{
    CMS("97110=40;97112=20", "97110=3;97112=1");
    assert_false(answer.tie);
    CMS("97110=30;97112=30", "97110=2;97112=2");
    assert_false(answer.tie);
    CMS("97110=38;97112=23", "97110=3;97112=1");
    assert_true(answer.tie);
}

static void of_83_minutes_only_the_timed_ones_make_units(void **state)
{
    CMS("97110=53;97162=30", "97110=4;97162=1");
    assert_int_equal(answer.timed_pool_units, 4);
    assert_int_equal(answer.total_units, 5);
}

static void exercise_is_counted_by_fifteen_not_by_thirty(void **state)
{
    CMS("97110=30", "97110=2");
}

/* ---- disciplines */

static void disciplines_are_counted_apart(void **state)
{
    CMS("97110:GP=20;97530:GO=20", "97110=1;97530=1");
    assert_false(answer.tie);
    CMS("97110=20;97530=20", "97110=2;97530=1");
    assert_true(answer.tie);
    assert_true(warns(UNITS_WARN_DISCIPLINE, NULL));
    CMS("97530:GP=20;97530:GO=20", "97530=1;97530=1");
    assert_int_equal(answer.entry[0].discipline, DISCIPLINE_PT);
    assert_int_equal(answer.entry[1].discipline, DISCIPLINE_OT);
    assert_false(warns(UNITS_WARN_MERGED, NULL));
    assert_false(warns(UNITS_WARN_DISCIPLINE, NULL));
    /* An evaluation is in no pool: whose it was does not matter. */
    CMS("97530:GP=20;97530:GO=20;97161=20", "97530=1;97530=1;97161=1");
    assert_false(warns(UNITS_WARN_DISCIPLINE, NULL));
}

static void a_line_without_discipline_joins_the_only_one_named(void **state)
{
    CMS("97110:GP=20;97530=20", "97110=2;97530=1");
    assert_int_equal(answer.entry[1].discipline, DISCIPLINE_PT);
    assert_true(warns(UNITS_WARN_DISCIPLINE, NULL));
    CMS("97110:GP=20;97530:GO=8;97140=20", "97110=1;97530=1;97140=1");
    assert_int_equal(answer.entry[2].discipline, DISCIPLINE_NONE);
}

static void ties_of_two_disciplines_multiply(void **state)
{
    CMS("97110:GP=20;97112:GP=20;97530:GO=20;97535:GO=20",
        "97110=2;97112=1;97530=2;97535=1");
    assert_int_equal(answer.alternatives, 4);
    assert_string_equal(
        said(answer.alternative[3]), "97110=1;97112=2;97530=1;97535=2");
}

static void a_list_of_alternatives_has_an_end(void **state)
{
    begin("2024-07-01", UNITS_CMS);
    /* Every pooled code with the same rest: 21 over 10 distributions. */
    add_all("97032=8;97033=8;97034=8;97035=8;97036=8;97110=8;97112=8;97113=8;"
            "97116=8;97124=8;97140=8;97530=8;97533=8;97535=8;97537=8;97542=8;"
            "97750=8;97755=8;97760=8;97761=8;97763=8");
    decide();
    assert_int_equal(answer.total_units, (21 * 8 + 7) / 15);
    assert_int_equal(answer.alternatives, UNITS_ALTERNATIVES_MAX);
    assert_true(answer.more_alternatives);
}

/* ---- families */

static void two_lines_of_one_code_are_one(void **state)
{
    CMS("97110=20;97140=15;97110=20", "97110=3;97140=1");
    assert_int_equal(answer.entry[0].minutes, 40);
    assert_true(warns(UNITS_WARN_MERGED, "97110"));
}

static void family_minutes_earn_the_codes_that_were_not_asked(void **state)
{
    CMS("97129=38", "97129=1;97130=2");
    assert_true(answer.entry[1].implied);
    CMS("97129=15;97130=23", "97129=1;97130=2");
    CMS("97130=23", "97130=1;97129=1");
    assert_true(warns(UNITS_WARN_BASE_MISSING, "97130"));
    CMS("90839=105", "90839=1;90840=2");
}

static void a_range_selects_one_code(void **state)
{
    CMS("90832=45", "90832=0;90834=1");
    assert_true(warns(UNITS_WARN_OTHER_CODE, "90832"));
    CMS("90834=45", "90834=1");
    CMS("90834=15", "90834=0");
    assert_int_equal(answer.total_units, 0);
    CMS("99238=31", "99238=0;99239=1");
}

static void more_than_the_longest_code_names_is_told(void **state)
{
    units_are("2023-07-01", UNITS_CMS, "99205=80", "99205=1");
    assert_true(warns(UNITS_WARN_ABOVE_MAXIMUM, "99205"));
    units_are("2024-07-01", UNITS_CMS, "99205=80", "99205=1");
    assert_false(warns(UNITS_WARN_ABOVE_MAXIMUM, "99205"));
    CMS("G0444=20", "G0444=1");
    assert_true(warns(UNITS_WARN_ABOVE_MAXIMUM, "G0444"));
}

static void the_first_of_two_first_codes_is_the_longer(void **state)
{
    CMS("97810=15;97814=15", "97810=1;97814=1");
    CMS("97810=15;97813=15", "97810=1;97813=0;97814=1");
    CMS("97813=15;97811=15", "97813=1;97811=1");
    CMS("97810=38", "97810=1;97811=2");
    CMS("97814=23", "97814=1;97813=1");
}

static void an_add_on_of_two_families_joins_the_one_asked(void **state)
{
    CMS("99492=70;99494=16", "99492=1;99494=1");
    CMS("99493=60;99494=15", "99493=1;99494=0");
    CMS("99493=60;99494=16", "99493=1;99494=1");
}

static void medicare_counts_critical_care_from_104(void **state)
{
    units_are("2024-07-01", UNITS_CMS, "99291=103", "99291=1");
    units_are("2024-07-01", UNITS_CMS, "99291=104", "99291=1;99292=1");
    units_are("2024-07-01", UNITS_MIDPOINT, "99291=75", "99291=1;99292=1");
    units_are("2022-07-01", UNITS_CMS, "99291=75", "99291=1;99292=1");
}

static void prolonged_visits_count_their_own_full_fifteen(void **state)
{
    CMS("99205=60;99417=14", "99205=1;99417=0");
    CMS("99205=60;99417=30", "99205=1;99417=2");
}

static void care_management_counts_in_full(void **state)
{
    CMS("99490=19", "99490=0");
    CMS("99490=40", "99490=1;99439=1");
    CMS("99487=89", "99487=1");
    CMS("99487=90", "99487=1;99489=1");
}

static void hourly_and_half_hourly_codes_stay_out_of_the_pool(void **state)
{
    CMS("96125=91;97110=7", "96125=2;97110=0");
    CMS("97804=46", "97804=2");
    assert_int_equal(answer.timed_pool_units, 0);
}

static void cognitive_minutes_are_pooled_on_request(void **state)
{
    CMS("97129=20;97110=20", "97129=1;97110=1");
    assert_int_equal(answer.timed_pool_units, 1);
    question.pool_cognitive = true;
    decide();
    assert_int_equal(answer.total_units, 3);
    assert_int_equal(answer.timed_pool_units, 3);
    assert_string_equal(said(NULL), "97129=1;97110=1;97130=1");
    assert_true(answer.tie);
    assert_string_equal(said(answer.alternative[1]), "97129=1;97110=2;97130=0");
    question.rule = UNITS_MIDPOINT;
    decide();
    assert_string_equal(said(NULL), "97129=1;97110=1");
}

/* ---- what cannot be counted */

static void days_and_unlisted_services_are_told(void **state)
{
    CMS("98977=20;97110=15", "98977=0;97110=1");
    assert_true(warns(UNITS_WARN_DAYS, "98977"));
    assert_false(answer.complete);
    CMS("97039=20", "97039=1");
    assert_true(warns(UNITS_WARN_UNLISTED, "97039"));
    assert_true(answer.complete);
}

static void untimed_codes_have_a_unit_without_minutes(void **state)
{
    CMS("97161=0;97150=0", "97161=1;97150=1");
    SPM("97161=0", "97161=1");
}

static void more_minutes_than_a_day_are_told(void **state)
{
    CMS("97110=1000;97140=1000", "97110=67;97140=66");
    assert_true(warns(UNITS_WARN_MORE_THAN_DAY, NULL));
}

/* ---- dates */

static void office_visits_changed_with_2024(void **state)
{
    units_are("2023-12-31", UNITS_CMS, "99203=44", "99203=1");
    assert_int_equal(answer.entry[0].fact.kind, KIND_RANGE);
    assert_int_equal(answer.entry[0].fact.maximum, 44);
    units_are("2024-01-01", UNITS_CMS, "99203=44", "99203=1");
    assert_int_equal(answer.entry[0].fact.kind, KIND_MINIMUM);
    assert_int_equal(answer.entry[0].fact.maximum, 0);
    units_are("2020-12-31", UNITS_CMS, "99203=44", "99203=0");
    assert_true(warns(UNITS_WARN_NOT_YET, "99203"));
    assert_false(answer.complete);
    units_are("2023-07-01", UNITS_CMS, "99306=45", "99306=1");
    units_are("2024-07-01", UNITS_CMS, "99306=45", "99306=0;99305=1");
}

static void remote_monitoring_has_a_shorter_code_since_2026(void **state)
{
    units_are("2025-12-31", UNITS_CMS, "98980=15", "98980=0");
    assert_int_equal(answer.total_units, 0);
    units_are("2026-01-01", UNITS_CMS, "98980=15", "98980=0;98979=1");
}

static void a_code_that_ended_is_pooled_until_its_last_day(void **state)
{
    units_are("2017-12-31", UNITS_CMS, "97532=20;97110=20", "97532=2;97110=1");
    units_are("2018-01-01", UNITS_CMS, "97532=20;97110=20", "97532=0;97110=1");
    assert_true(warns(UNITS_WARN_ENDED, "97532"));
    units_are("2019-07-01", UNITS_CMS, "G0515=38", "G0515=3");
    units_are("2020-01-01", UNITS_CMS, "G0515=38", "G0515=0");
    assert_false(answer.complete);
}

/* ---- bad input */

static void fails(const char *code, long minutes, const char *modifiers, int rc,
    const char *why)
{
    struct error err = {0};

    assert_int_equal(try_add(code, minutes, modifiers, &err), rc);
    assert_string_equal(err.msg, why);
}

static void a_line_that_makes_no_sense_is_refused(void **state)
{
    begin("2024-07-01", UNITS_CMS);
    fails("99999", 15, "", ERR_INPUT,
        "minutes: no loaded release has a code 99999");
    fails("M54.5", 15, "", ERR_INPUT, "minutes: 'M545' is no procedure code");
    fails("59", 15, "", ERR_INPUT, "minutes: '59' is no procedure code");
    fails(
        "97 110", 15, "", ERR_INPUT, "minutes: '97?110' is no procedure code");
    fails("", 15, "", ERR_INPUT, "minutes: '' is no procedure code");
    fails("97110", -1, "", ERR_INPUT,
        "minutes of 97110: a whole number from 0 to 1440");
    fails("97110", 1441, "", ERR_INPUT,
        "minutes of 97110: a whole number from 0 to 1440");
    fails("97110", 15, "GP+GO", ERR_INPUT,
        "97110: GP and GO on one line; give each therapist's minutes a line");
    fails("97110", 15, "GPX", ERR_INPUT,
        "modifiers of 97110: a modifier is two letters or digits");
    assert_int_equal(question.count, 0);
    assert_int_equal(try_add(" 97110 ", 1440, "gp+59", NULL), 0);
    assert_int_equal(question.line[0].discipline, DISCIPLINE_PT);
}

static void the_lines_of_a_code_are_no_more_than_a_day(void **state)
{
    struct error err = {0};

    begin("2024-07-01", UNITS_CMS);
    add_all("97110=1440;97110=1");
    assert_int_equal(
        units_decide(&answer, build_of_data.rules, &question, &err), ERR_INPUT);
    assert_string_equal(err.msg,
        "minutes of 97110: its lines together are more than the 1440 of a day");
}

static void lines_have_an_end(void **state)
{
    struct error err = {0};
    int rc = 0;

    begin("2024-07-01", UNITS_CMS);
    for (int i = 0; i < 10000 && rc == 0; i++)
        rc = try_add("97110", 1, "", &err);
    assert_int_equal(rc, ERR_LIMIT);
    assert_string_equal(err.msg, "minutes: at most 100 lines in one question");
    assert_int_equal(question.count, UNITS_LINES_MAX);
    decide();
    assert_int_equal(answer.total_units, 7);
}

static void no_lines_are_no_units(void **state)
{
    ask("2024-07-01", UNITS_CMS, "");
    assert_int_equal(answer.total_units, 0);
    assert_int_equal(answer.entries, 0);
    assert_true(answer.complete);
}

/* A question as large as can be: every code of the table, some twice. */
static void the_largest_question_fits(void **state)
{
    const struct timed_table *table = build_of_data.rules->timed;

    for (size_t from = 0; from < table->rows; from += 25) {
        begin("2026-07-01", from % 2 ? UNITS_CMS : UNITS_MIDPOINT);
        for (size_t i = 0; i < UNITS_LINES_MAX; i++) {
            static const char *const modifiers[] = {"", "GP", "GO", "GN"};

            assert_int_equal(
                try_add(table->row[(from + i / 4) % table->rows].code,
                    100 + (long)from, modifiers[i % 4], NULL),
                0);
        }
        question.pool_cognitive = true;
        decide();
        assert_true(answer.entries <= UNITS_ENTRIES_MAX);
    }
}

static void the_names_of_the_rules_are_read(void **state)
{
    enum units_rule rule;

    assert_int_equal(units_rule_parse(&rule, "spm", 3, NULL), 0);
    assert_int_equal(rule, UNITS_MIDPOINT);
    assert_int_equal(units_rule_parse(&rule, "CMS8", 4, NULL), 0);
    assert_int_equal(rule, UNITS_CMS);
    assert_int_equal(units_rule_parse(&rule, "midpoint", 8, NULL), 0);
    assert_int_equal(units_rule_parse(&rule, "cms", 3, NULL), 0);
    assert_int_equal(
        units_rule_parse(&rule, "rule of eights", 14, NULL), ERR_INPUT);
    assert_int_equal(units_rule_parse(&rule, "", 0, NULL), ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_is_answered_so),
        cmocka_unit_test(the_total_of_the_pool_follows_from_its_minutes_alone),
        cmocka_unit_test(the_order_of_lines_changes_nothing_but_ties),
        cmocka_unit_test(a_minute_more_never_lowers_the_total),
        cmocka_unit_test(one_code_alone_is_the_same_under_both_rules),
        cmocka_unit_test(alternatives_differ_and_have_one_total),
        cmocka_unit_test(the_rules_differ_by_half_the_codes_at_most),
        cmocka_unit_test(cms_example_1_gives_the_larger_rest_the_unit),
        cmocka_unit_test(cms_example_2_is_a_tie),
        cmocka_unit_test(cms_example_3_pays_seven_minutes),
        cmocka_unit_test(cms_example_4_leaves_eight_minutes_unpaid),
        cmocka_unit_test(cms_example_5_pays_any_one_of_three),
        cmocka_unit_test(three_units_are_38_to_52_minutes),
        cmocka_unit_test(ninety_pooled_minutes_are_six_units),
        cmocka_unit_test(sixteen_minutes_are_still_one_unit),
        cmocka_unit_test(forty_and_twenty_are_three_and_one_only),
        cmocka_unit_test(of_83_minutes_only_the_timed_ones_make_units),
        cmocka_unit_test(exercise_is_counted_by_fifteen_not_by_thirty),
        cmocka_unit_test(disciplines_are_counted_apart),
        cmocka_unit_test(a_line_without_discipline_joins_the_only_one_named),
        cmocka_unit_test(ties_of_two_disciplines_multiply),
        cmocka_unit_test(a_list_of_alternatives_has_an_end),
        cmocka_unit_test(two_lines_of_one_code_are_one),
        cmocka_unit_test(family_minutes_earn_the_codes_that_were_not_asked),
        cmocka_unit_test(a_range_selects_one_code),
        cmocka_unit_test(more_than_the_longest_code_names_is_told),
        cmocka_unit_test(the_first_of_two_first_codes_is_the_longer),
        cmocka_unit_test(an_add_on_of_two_families_joins_the_one_asked),
        cmocka_unit_test(medicare_counts_critical_care_from_104),
        cmocka_unit_test(prolonged_visits_count_their_own_full_fifteen),
        cmocka_unit_test(care_management_counts_in_full),
        cmocka_unit_test(hourly_and_half_hourly_codes_stay_out_of_the_pool),
        cmocka_unit_test(cognitive_minutes_are_pooled_on_request),
        cmocka_unit_test(days_and_unlisted_services_are_told),
        cmocka_unit_test(untimed_codes_have_a_unit_without_minutes),
        cmocka_unit_test(more_minutes_than_a_day_are_told),
        cmocka_unit_test(office_visits_changed_with_2024),
        cmocka_unit_test(remote_monitoring_has_a_shorter_code_since_2026),
        cmocka_unit_test(a_code_that_ended_is_pooled_until_its_last_day),
        cmocka_unit_test(a_line_that_makes_no_sense_is_refused),
        cmocka_unit_test(the_lines_of_a_code_are_no_more_than_a_day),
        cmocka_unit_test(lines_have_an_end),
        cmocka_unit_test(no_lines_are_no_units),
        cmocka_unit_test(the_largest_question_fits),
        cmocka_unit_test(the_names_of_the_rules_are_read),
    };

    return cmocka_run_group_tests(tests, open_data, close_data);
}

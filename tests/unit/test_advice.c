/* test_advice.c - what would be denied, and the fewest lines that a modifier
 * would open it on: small sets against every choice of lines, and the pairs of
 * the starter set as they are answered. */
#include "tests/builds.h"

#include "codesets/answer/answer.h"
#include "codesets/answer/pair/pair_answer.h"
#include "codesets/core/day.h"
#include "codesets/rules/pair/advice.h"

static struct {
    struct store *store;
    struct answers *answers;
} opened;

static int open_data(void **state)
{
    struct made made;

    assert_int_equal(builds_begin(state), 0);
    build_from(&made, NULL, NULL);
    assert_int_equal(made.rc, 0);
    assert_int_equal(store_open(&opened.store, made.result.path, NULL), 0);
    assert_int_equal(answers_open(&opened.answers, opened.store, NULL), 0);
    forget(&made);
    return 0;
}

static int close_data(void **state)
{
    answers_close(opened.answers);
    store_close(opened.store);
    return builds_end(state);
}

static day_t day_of(const char *text)
{
    day_t day;

    assert_int_equal(day_parse_iso(&day, text, strlen(text)), 0);
    return day;
}

/* ------------------------------------------------- made-up sets of lines */

enum { LINES = 10, PAIRS = LINES * (LINES - 1) / 2 };

static struct {
    struct pair_line line[LINES];
    struct advice_pair pair[PAIRS];
    struct advice_question question;
    struct advice advice;
} set;

static void set_begin(size_t lines, const char *date)
{
    memset(&set, 0, sizeof set);
    set.question = (struct advice_question){.line = set.line,
        .lines = lines,
        .pair = set.pair,
        .day = day_of(date),
        .setting = SETTING_PRACTITIONER};
}

static void set_line(size_t at, const char *code, const char *modifiers)
{
    struct pair_line *line = &set.line[at];

    pair_line_parse(line, opened.answers->rules, code, strlen(code));
    line->kind = LINE_PROCEDURE; /* whether a build has it or not */
    assert_int_equal(
        pair_line_modifiers(line, modifiers, strlen(modifiers), NULL), 0);
}

static void set_pair(
    size_t a, size_t b, enum pair_verdict verdict, size_t column1)
{
    set.pair[set.question.pairs++] = (struct advice_pair){.a = (uint8_t)a,
        .b = (uint8_t)b,
        .verdict = (uint8_t)verdict,
        .reason = verdict == VERDICT_MODIFIER_REQUIRED ? REASON_MODIFIER_NEEDED
                                                       : REASON_BLOCKED,
        .column1 = (uint8_t)column1,
        .denied = (uint8_t)(column1 == a ? b : a)};
}

static void set_advise(void)
{
    advise(&set.advice, &opened.answers->rules->modifiers, &set.question);
}

static bool choice_of(uint64_t mask, const char *modifier)
{
    for (size_t i = 0; i < set.advice.choices; i++)
        if (set.advice.choice[i] == modifier_pack(modifier))
            return (mask >> i & 1) != 0;
    return false;
}

/* Is a pair opened by a modifier on these lines? 59 is meant for all of the
 * lines below, and counts on column 1 from 2019-07-01. */
static bool opened_by(const struct advice_pair *pair, unsigned lines)
{
    const bool either = set.question.day >= day_of("2019-07-01");
    const unsigned a = lines >> pair->a & 1, b = lines >> pair->b & 1;

    return (a && (either || pair->column1 != pair->a)) ||
           (b && (either || pair->column1 != pair->b));
}

static unsigned fewest_by_trying(void)
{
    unsigned best = LINES + 1;

    for (unsigned lines = 0; lines < 1u << set.question.lines; lines++) {
        bool all = true;

        for (size_t i = 0; all && i < set.question.pairs; i++)
            all = set.pair[i].verdict != VERDICT_MODIFIER_REQUIRED ||
                  opened_by(&set.pair[i], lines);
        if (all && (unsigned)__builtin_popcount(lines) < best)
            best = (unsigned)__builtin_popcount(lines);
    }
    return best;
}

static unsigned lines_in_set(void)
{
    unsigned lines = 0;

    for (size_t i = 0; i < set.question.lines; i++)
        lines |= (unsigned)set.advice.line[i].in_set << i;
    return lines;
}

static void random_set(size_t lines, const char *date, long density)
{
    char code[8];

    set_begin(lines, date);
    for (size_t i = 0; i < lines; i++) {
        (void)snprintf(code, sizeof code, "971%02zu", i + 10);
        set_line(i, code, "");
    }
    for (size_t a = 0; a < lines; a++)
        for (size_t b = a + 1; b < lines; b++)
            if (random() % 10 < density)
                set_pair(a, b,
                    random() % 6 == 0 ? VERDICT_NOT_BILLABLE
                                      : VERDICT_MODIFIER_REQUIRED,
                    random() % 2 == 0 ? a : b);
}

static void random_sets_need_the_fewest_lines(void **state)
{
    static const char *const dates[] = {
        "2019-06-30", "2019-07-01", "2024-07-01"};

    srandom(59);
    for (unsigned round = 0; round < 300; round++) {
        unsigned lines;

        random_set(2 + round % 9, dates[round % 3], 1 + random() % 7);
        set_advise();
        assert_true(set.advice.exact);
        lines = lines_in_set();
        assert_int_equal(__builtin_popcount(lines), set.advice.in_set);
        assert_int_equal(set.advice.in_set, fewest_by_trying());
        for (size_t i = 0; i < set.question.pairs; i++)
            if (set.pair[i].verdict == VERDICT_MODIFIER_REQUIRED)
                assert_true(opened_by(&set.pair[i], lines));
        for (size_t i = 0; i < set.question.lines; i++)
            assert_true(!set.advice.line[i].in_set ||
                        choice_of(set.advice.line[i].use, "59") ||
                        set.question.day < day_of("2019-07-01"));
    }
}

static void another_order_of_the_lines_gives_the_same_set(void **state)
{
    srandom(24);
    for (unsigned round = 0; round < 50; round++) {
        struct advice_pair pair[PAIRS];
        struct pair_line line[LINES];
        size_t place[LINES];
        unsigned before, after;

        random_set(LINES, "2024-07-01", 1 + random() % 5);
        set_advise();
        before = lines_in_set();
        for (size_t i = 0; i < LINES; i++) {
            const size_t k = (size_t)(random() % (long)(i + 1));

            if (k != i)
                place[i] = place[k];
            place[k] = i;
        }
        memcpy(line, set.line, sizeof line);
        memcpy(pair, set.pair, sizeof pair);
        for (size_t i = 0; i < LINES; i++)
            set.line[place[i]] = line[i];
        for (size_t i = 0; i < set.question.pairs; i++) {
            struct advice_pair *to = &set.pair[set.question.pairs - 1 - i];

            *to = pair[i];
            to->a = (uint8_t)place[pair[i].b];
            to->b = (uint8_t)place[pair[i].a];
            to->column1 = (uint8_t)place[pair[i].column1];
            to->denied = (uint8_t)place[pair[i].denied];
        }
        set_advise();
        after = 0;
        for (size_t i = 0; i < LINES; i++)
            after |= (unsigned)set.advice.line[place[i]].in_set << i;
        assert_int_equal(before, after);
    }
}

static void the_denied_line_takes_the_modifier(void **state)
{
    set_begin(2, "2024-07-01");
    set_line(0, "97110", "");
    set_line(1, "97150", "");
    set_pair(0, 1, VERDICT_MODIFIER_REQUIRED, 1);
    set_advise();
    assert_int_equal(set.advice.open, 1);
    assert_true(set.advice.line[0].denied && !set.advice.line[0].lost);
    assert_true(set.advice.line[0].in_set && !set.advice.line[1].in_set);
}

static void before_july_2019_a_middle_line_is_not_enough(void **state)
{
    static const char *const dates[] = {"2019-06-30", "2019-07-01"};

    for (size_t i = 0; i < 2; i++) { /* 97150 pays; both others are denied */
        set_begin(3, dates[i]);
        set_line(0, "97150", "");
        set_line(1, "97110", "");
        set_line(2, "97112", "");
        set_pair(0, 1, VERDICT_MODIFIER_REQUIRED, 0);
        set_pair(0, 2, VERDICT_MODIFIER_REQUIRED, 0);
        set_advise();
        assert_int_equal(set.advice.in_set, i == 0 ? 2 : 1);
        assert_int_equal(lines_in_set(), i == 0 ? 6 : 1);
    }
}

static void a_modifier_is_offered_where_it_means_something(void **state)
{
    static const struct {
        const char *code, *setting, *yes, *no;
    } cases[] = {
        {"97110", "practitioner", "59 XE XP XS XU", "24 25 27 57 58 91 LT F1"},
        {"99213", "practitioner", "24 25 57", "27 59 XE 58 91 RT"},
        {"99213", "outpatient", "24 25 27 57", "59 91"},
        {"80048", "practitioner", "59 91", "25 LT 58"},
        {"26055", "practitioner", "58 59 78 79 F1 FA LT RT", "TA 91 25 E1"},
        {"28285", "practitioner", "T1 TA LT", "F1 LC"},
        {"67840", "practitioner", "E1 E4 LT", "FA LC"},
        {"92928", "practitioner", "LC LD LM RC RI 59", "E1 25"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_begin(2, "2024-07-01");
        assert_int_equal(setting_parse(&set.question.setting, cases[i].setting,
                             strlen(cases[i].setting)),
            0);
        set_line(0, cases[i].code, "");
        set_line(1, "97150", "");
        set_pair(0, 1, VERDICT_MODIFIER_REQUIRED, 1);
        set_advise();
        for (const char *at = cases[i].yes; *at != '\0'; at += at[2] ? 3 : 2)
            assert_true(choice_of(set.advice.line[0].column2, at));
        for (const char *at = cases[i].no; *at != '\0'; at += at[2] ? 3 : 2)
            assert_false(choice_of(set.advice.line[0].column2, at));
    }
}

static void the_same_side_on_both_lines_is_not_offered(void **state)
{
    set_begin(2, "2018-07-01");
    set_line(0, "26055", "");
    set_line(1, "26160", "RT");
    set_pair(0, 1, VERDICT_MODIFIER_REQUIRED, 0);
    set_advise();
    assert_true(choice_of(set.advice.line[0].column2, "LT"));
    assert_false(choice_of(set.advice.line[0].column2, "RT"));
    assert_true(choice_of(set.advice.line[0].column1, "LT"));
    assert_false(choice_of(set.advice.line[0].column1, "59"));
}

static void the_x_modifiers_are_offered_from_2015(void **state)
{
    set_begin(2, "2014-12-31");
    set_line(0, "97110", "");
    set_line(1, "97150", "");
    set_pair(0, 1, VERDICT_MODIFIER_REQUIRED, 1);
    set_advise();
    assert_true(choice_of(set.advice.line[0].column2, "59"));
    assert_false(choice_of(set.advice.line[0].column2, "XE"));
    set.question.day++;
    set_advise();
    assert_true(choice_of(set.advice.line[0].column2, "XE"));
}

static void a_full_line_has_no_room(void **state)
{
    set_begin(2, "2024-07-01");
    set_line(0, "97110", "GP KX CQ 96");
    set_line(1, "97150", "");
    set_pair(0, 1, VERDICT_MODIFIER_REQUIRED, 1);
    set_advise();
    assert_false(set.advice.line[0].room);
    assert_int_equal(lines_in_set(), 2); /* the other line, then */
    set.question.day = day_of("2019-06-30");
    set_advise();
    assert_int_equal(lines_in_set(), 0); /* too early for the other line */
    assert_int_equal(set.advice.shut, 1);
    assert_true(set.advice.line[0].lost);
}

static void more_lines_than_can_be_tried_are_said_to_be_inexact(void **state)
{
    enum { MANY = 60 };
    static struct pair_line line[MANY];
    static struct advice_pair pair[MANY];
    struct advice_question question = {
        .line = line, .lines = MANY, .pair = pair, .pairs = MANY};

    question.day = day_of("2024-07-01");
    question.setting = SETTING_PRACTITIONER;
    for (size_t i = 0; i < MANY; i++) {
        pair_line_parse(&line[i], opened.answers->rules, "97110", 5);
        pair[i] = (struct advice_pair){.a = (uint8_t)i,
            .b = (uint8_t)((i + 1) % MANY),
            .verdict = VERDICT_MODIFIER_REQUIRED,
            .reason = REASON_MODIFIER_NEEDED,
            .column1 = (uint8_t)i,
            .denied = (uint8_t)((i + 1) % MANY)};
    }
    advise(&set.advice, &opened.answers->rules->modifiers, &question);
    assert_false(set.advice.exact);
    for (size_t i = 0; i < MANY; i++)
        assert_true(set.advice.line[pair[i].a].in_set ||
                    set.advice.line[pair[i].b].in_set);
}

/* ------------------------------------------------------- whole answers */

static json_t *ask(const char *codes, const char *modifiers, const char *date)
{
    static struct pairs_question question;
    struct buffer out = {0};
    struct error err = {0};
    json_t *root;

    question = (struct pairs_question){.day = day_of(date),
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE};
    assert_int_equal(
        pairs_add_codes(&question, opened.answers, codes, strlen(codes), &err),
        0);
    assert_int_equal(
        pairs_add_modifiers(&question, modifiers, strlen(modifiers), &err), 0);
    if (answer_pairs(&out, opened.answers, &question, &err) != 0)
        fail_msg("%s", err.msg);
    root = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    buffer_clear(&out);
    return root;
}

/* A member by a path of keys and places: "advice.denied.0.code". */
static json_t *at(json_t *value, const char *path)
{
    char key[32];

    while (*path != '\0') {
        const size_t len = strcspn(path, ".");

        assert_true(len < sizeof key);
        memcpy(key, path, len);
        key[len] = '\0';
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(key))
                                     : json_object_get(value, key);
        if (value == NULL)
            fail_msg("no %s", path);
        path += len + (path[len] == '.');
    }
    return value;
}

static void is(json_t *root, const char *path, const char *expected)
{
    char *said = json_dumps(at(root, path), JSON_COMPACT | JSON_ENCODE_ANY);

    if (strcmp(said, expected) != 0)
        fail_msg("%s: %s", path, said);
    free(said);
}

static void a_set_has_a_matrix_of_its_pairs(void **state)
{
    json_t *root = ask("97110,97150,97140,97124", "", "2024-07-01");
    json_t *matrix = at(root, "matrix"), *row, *cell;
    size_t i, k;

    assert_int_equal(json_array_size(matrix), 4);
    json_array_foreach(matrix, i, row)
    {
        assert_int_equal(json_array_size(row), 4);
        json_array_foreach(row, k, cell)
        {
            json_t *pair, *first, *second;
            const char *const code[2] = {
                json_string_value(
                    at(json_array_get(at(root, "codes"), i), "code")),
                json_string_value(
                    at(json_array_get(at(root, "codes"), k), "code"))};

            if (i == k) {
                assert_true(json_is_null(cell));
                continue;
            }
            pair = json_array_get(at(root, "pairs"),
                (size_t)json_integer_value(at(cell, "pair")));
            first = at(pair, "codes.0");
            second = at(pair, "codes.1");
            assert_true(json_equal(at(cell, "verdict"), at(pair, "verdict")));
            assert_string_equal(
                json_string_value(i < k ? first : second), code[0]);
            assert_string_equal(
                json_string_value(i < k ? second : first), code[1]);
        }
    }
    is(root, "matrix.2.3", "{\"verdict\":\"not_billable\",\"pair\":5}");
    json_decref(root);
}

/* domain.md 5.4: 97150 pays and 97110, 97140 and 97124 are denied beside it;
 * 97140 pays and 97124 is denied, whatever modifier it has. */
static void a_set_of_therapy_lines_is_advised(void **state)
{
    json_t *root = ask("97110,97150,97140,97124", "", "2024-07-01");

    is(root, "advice.denied",
        "[{\"index\":0,\"code\":\"97110\",\"modifier_helps\":true,\"pairs\":[0]"
        "},{\"index\":2,\"code\":\"97140\",\"modifier_helps\":true,\"pairs\":["
        "3]},{\"index\":3,\"code\":\"97124\",\"modifier_helps\":false,\"pairs\""
        ":[4,5]}]");
    is(root, "advice.smallest",
        "{\"lines\":[{\"index\":1,\"code\":\"97150\",\"modifiers\":[\"59\","
        "\"XE\",\"XP\",\"XS\",\"XU\"],\"pairs\":[0,3,4]}],\"exact\":true}");
    is(root, "advice.resolvable.0",
        "{\"pair\":0,\"options\":[{\"index\":0,\"code\":\"97110\",\"column\":2,"
        "\"modifiers\":[\"59\",\"XE\",\"XP\",\"XS\",\"XU\"]},{\"index\":1,"
        "\"code\":\"97150\",\"column\":1,\"modifiers\":[\"59\",\"XE\",\"XP\","
        "\"XS\",\"XU\"]}]}");
    is(root, "advice.remaining",
        "[{\"pair\":5,\"reason\":\"blocked\",\"lost\":[{\"index\":3,\"code\":"
        "\"97124\"}]}]");
    /* The starter set knows nothing of 97110 with 97124. */
    is(root, "advice.not_checked", "{\"pairs\":[2],\"lines\":[]}");
    json_decref(root);
}

static void what_a_modifier_opened_needs_no_other(void **state)
{
    json_t *root = ask("97110,97150", "97110:59", "2024-07-01");

    is(root, "verdict", "\"resolved_by_modifier\"");
    is(root, "advice.denied", "[]");
    is(root, "advice.smallest", "{\"lines\":[],\"exact\":true}");
    is(root, "advice.text",
        "[\"No loaded edit denies a line of this set as it stands.\"]");
    json_decref(root);
}

static void the_words_leave_the_choice_to_the_record(void **state)
{
    json_t *root = ask("97110,97150,ZZ999", "", "2024-07-01"), *sentence;
    bool record = false, unchecked = false;
    size_t i;

    json_array_foreach(at(root, "advice.text"), i, sentence)
    {
        const char *text = json_string_value(sentence);

        assert_null(strstr(text, "use 59"));
        record |= strstr(text, "record justifies") != NULL;
        unchecked |= strstr(text, "no pass") != NULL;
    }
    assert_true(record && unchecked);
    is(root, "advice.not_checked.lines", "[{\"index\":2,\"code\":\"ZZ999\"}]");
    is(root, "advice.not_checked.pairs", "[1,2]");
    json_decref(root);
}

static void one_code_twice_is_over_its_limit(void **state)
{
    json_t *root = ask("97161,97161", "", "2024-07-01");

    is(root, "advice.remaining",
        "[{\"pair\":0,\"reason\":\"same_code\",\"lost\":[{\"index\":0,\"code\":"
        "\"97161\"},{\"index\":1,\"code\":\"97161\"}]}]");
    json_decref(root);
    /* The last day told is that of the limits, not of the edits. */
    root = ask("97161,97161", "", "2030-01-01");
    is(root, "pairs.0.reason_text",
        "\"2030-01-01 lies outside the loaded unit limits, which end on "
        "2024-09-30.\"");
    json_decref(root);
}

/* domain.md 5.4: 97530 with 97116 had an edit until the end of 2019; the one of
 * 2020-10-01 was withdrawn. The starter set does not tell first days. */
static void a_pair_has_a_timeline(void **state)
{
    json_t *root = ask("97116,97530", "", "2024-07-01");
    const char *text = json_string_value(at(root, "pairs.0.timeline.text"));

    assert_non_null(strstr(text,
        "from an unknown day to 2019-12-31: edit, modifier allowed; since "
        "2020-01-01: no edit"));
    is(root, "pairs.0.timeline.periods.0.when", "\"past\"");
    is(root, "pairs.0.timeline.periods.0.state", "\"edit\"");
    is(root, "pairs.0.timeline.periods.0.column1", "\"97530\"");
    is(root, "pairs.0.timeline.periods.1",
        "{\"from\":\"2020-01-01\",\"to\":null,\"when\":\"present\",\"state\":"
        "\"no_edit\"}");
    json_decref(root);
    /* More than 366 days after the table's end nothing is present. */
    root = ask("97116,97530", "", "2025-10-02");
    is(root, "pairs.0.verdict", "\"not_checked\"");
    is(root, "pairs.0.timeline.periods.0.when", "\"past\"");
    is(root, "pairs.0.timeline.periods.1.when", "\"unknown\"");
    json_decref(root);
}

/* domain.md 5.4: 97161 with 97750 is blocked for practitioners, and open to a
 * modifier in hospitals. */
static void the_other_setting_stands_beside(void **state)
{
    json_t *root = ask("97161,97750", "97750:59", "2024-07-01");

    is(root, "pairs.0.verdict", "\"not_billable\"");
    is(root, "pairs.0.other_settings.0.setting", "\"outpatient\"");
    is(root, "pairs.0.other_settings.0.verdict", "\"resolved_by_modifier\"");
    is(root, "pairs.0.other_settings.0.bypass",
        "{\"modifier\":\"59\",\"code\":\"97750\"}");
    is(root, "pairs.0.other_settings.0.modifier_indicator", "1");
    assert_true(
        json_is_string(at(root, "pairs.0.other_settings.0.source.file")));
    json_decref(root);
}

/* ------------------------------------------------------------- bad input */

static void refused(
    const char *codes, const char *modifiers, int rc, const char *why)
{
    static struct pairs_question question;
    struct error err = {0};
    int got;

    question.count = 0;
    got =
        pairs_add_codes(&question, opened.answers, codes, strlen(codes), &err);
    if (got == 0)
        got =
            pairs_add_modifiers(&question, modifiers, strlen(modifiers), &err);
    assert_int_equal(got, rc);
    if (strstr(err.msg, why) == NULL)
        fail_msg("%s", err.msg);
}

static void bad_questions_are_refused_with_the_reason(void **state)
{
    struct buffer many = {0};

    refused("97110:59+GP+KX+CQ+96,97150", "", ERR_INPUT, "more than 4");
    refused("97110,97150", "97110:59+GP+KX+CQ+96", ERR_INPUT, "more than 4");
    refused("97110,97150", "97140:59", ERR_INPUT, "not among the codes");
    refused("97110,97150", "97110:599", ERR_INPUT, "two letters or digits");
    refused("97110,97150", "97110", ERR_INPUT, "write code:modifier");
    for (int i = 0; i < 101; i++)
        buffer_adds(&many, i == 0 ? "97110" : ",97110");
    buffer_addc(&many, '\0');
    refused(many.data, "", ERR_LIMIT, "at most 100");
    buffer_clear(&many);
}

static void odd_modifiers_are_noted_and_judged(void **state)
{
    json_t *root = ask("97110,97150", "97110:59+59", "2024-07-01");

    is(root, "pairs.0.verdict", "\"resolved_by_modifier\"");
    json_decref(root);
    root = ask("97110,97150", "97110:ZQ", "2024-07-01");
    is(root, "pairs.0.verdict", "\"modifier_required\"");
    is(root, "pairs.0.notes", "[\"unknown_modifier\"]");
    json_decref(root);
}

static void a_hundred_codes_are_answered(void **state)
{
    struct buffer codes = {0};
    json_t *root;

    for (int i = 0; i < 100; i++)
        buffer_addf(&codes, "%s97%03d", i == 0 ? "" : ",", i + 100);
    buffer_addc(&codes, '\0');
    root = ask(codes.data, "", "2024-07-01");
    assert_int_equal(json_array_size(at(root, "matrix")), 100);
    assert_int_equal(json_array_size(at(root, "pairs")), 4950);
    is(root, "matrix.99.98.pair", "4949");
    json_decref(root);
    buffer_clear(&codes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_sets_need_the_fewest_lines),
        cmocka_unit_test(another_order_of_the_lines_gives_the_same_set),
        cmocka_unit_test(the_denied_line_takes_the_modifier),
        cmocka_unit_test(before_july_2019_a_middle_line_is_not_enough),
        cmocka_unit_test(a_modifier_is_offered_where_it_means_something),
        cmocka_unit_test(the_same_side_on_both_lines_is_not_offered),
        cmocka_unit_test(the_x_modifiers_are_offered_from_2015),
        cmocka_unit_test(a_full_line_has_no_room),
        cmocka_unit_test(more_lines_than_can_be_tried_are_said_to_be_inexact),
        cmocka_unit_test(a_set_has_a_matrix_of_its_pairs),
        cmocka_unit_test(a_set_of_therapy_lines_is_advised),
        cmocka_unit_test(what_a_modifier_opened_needs_no_other),
        cmocka_unit_test(the_words_leave_the_choice_to_the_record),
        cmocka_unit_test(one_code_twice_is_over_its_limit),
        cmocka_unit_test(a_pair_has_a_timeline),
        cmocka_unit_test(the_other_setting_stands_beside),
        cmocka_unit_test(bad_questions_are_refused_with_the_reason),
        cmocka_unit_test(odd_modifiers_are_noted_and_judged),
        cmocka_unit_test(a_hundred_codes_are_answered),
    };

    return cmocka_run_group_tests(tests, open_data, close_data);
}

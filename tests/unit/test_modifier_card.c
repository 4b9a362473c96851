/* test_modifier_card.c - modifiers as things that one can look up. What is
 * expected here is told by CMS's lists and rules, not by the table. */
#include "tests/builds.h"

#include "codesets/answer/answer.h"
#include "codesets/core/day.h"

static struct {
    struct store *store;
    struct answers *answers;
} opened;

/* The project's own list, and one modifier that only HCPCS has. */
static int open_data(void **state)
{
    struct made made;

    assert_int_equal(builds_begin(state), 0);
    build_from(
        &made, "tests/fixtures/hcpcs/HCPC2024_JUL_ANWEB_06282024.txt", NULL);
    if (made.rc != 0)
        fail_msg("%s", made.err.msg);
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

static json_t *parse(struct buffer *out)
{
    json_t *root =
        json_loadb(out->data, out->len, JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(root);
    buffer_clear(out);
    return root;
}

static json_t *card(const char *code, const char *date)
{
    const struct code_question question = {.code = {code, strlen(code)},
        .systems = 1u << SYSTEM_MODIFIER,
        .day = day_of(date)};
    struct buffer out = {0};
    struct error err = {0};

    if (answer_code(&out, opened.answers, &question, &err) != 0)
        fail_msg("%s", err.msg);
    return parse(&out);
}

/* A member by a path of keys and places. */
static void is(json_t *root, const char *path, const char *expected)
{
    const char *rest = path;
    json_t *value = root;
    char key[32], *said;

    while (*rest != '\0') {
        const size_t len = strcspn(rest, ".");

        assert_true(len < sizeof key);
        memcpy(key, rest, len);
        key[len] = '\0';
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(key))
                                     : json_object_get(value, key);
        if (value == NULL)
            fail_msg("no %s", path);
        rest += len + (rest[len] == '.');
    }
    said = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (strcmp(said, expected) != 0)
        fail_msg("%s: %s", path, said);
    free(said);
}

static void card_is(
    const char *code, const char *date, const char *path, const char *expected)
{
    json_t *root = card(code, date);

    is(root, path, expected);
    json_decref(root);
}

static bool listed(const char *code, const char *list)
{
    const char *at = strstr(list, code);

    return at != NULL && (at - list) % 3 == 0;
}

/* domain.md 2c, "Bypass modifiers", over every modifier that can be listed. */
static void the_modifiers_that_open_edits_are_those_of_the_ncci(void **state)
{
    static const char list[] =
        "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 "
        "T9 LT RT LC LD LM RC RI 24 25 57 58 78 79 27 59 91 XE XP XS XU";
    const struct codes_question question = {.from = {"00", 2},
        .systems = 1u << SYSTEM_MODIFIER,
        .day = day_of("2024-07-01"),
        .limit = LIST_LIMIT_MAX};
    struct buffer out = {0};
    size_t found = 0, i;
    json_t *root, *item;

    assert_int_equal(answer_codes(&out, opened.answers, &question, NULL), 0);
    root = parse(&out);
    is(root, "next", "null");
    json_array_foreach(json_object_get(root, "items"), i, item)
    {
        const char *code = json_string_value(json_object_get(item, "code"));
        json_t *one = card(code, "2024-07-01");

        is(one, "modifier.bypass.flag", listed(code, list) ? "true" : "false");
        if (listed(code, list)) {
            is(one, "modifier.bypass.on_date", "true");
            is(one, "modifier.bypass.em_only",
                listed(code, "24 25 57") ? "true" : "false");
            is(one, "modifier.bypass.lab_only",
                listed(code, "91") ? "true" : "false");
            is(one, "modifier.bypass.settings",
                listed(code, "27")
                    ? "[\"outpatient\"]"
                    : "[\"practitioner\",\"outpatient\",\"dme\"]");
            if (listed(code, "59 XE XP XS XU"))
                is(one, "modifier.bypass.column1.since", "\"2019-07-01\"");
            found++;
        }
        json_decref(one);
    }
    assert_true(i > 180);
    assert_int_equal(found, sizeof list / 3);
    json_decref(root);
}

static void the_x_modifiers_began_in_2015(void **state)
{
    card_is("XS", "2014-12-31", "valid", "false");
    card_is("XS", "2014-12-31", "modifier.bypass.on_date", "false");
    card_is("XS", "2015-01-01", "valid", "true");
    card_is(
        "XS", "2015-01-01", "modifier.bypass.column2.since", "\"2015-01-01\"");
    card_is("xs", "2024-07-01", "code", "\"XS\"");
}

static void what_does_not_open_an_edit_says_so(void **state)
{
    static const char *const codes[] = {
        "76", "77", "50", "51", "52", "53", "GP", "GO", "GN", "KX"};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        card_is(codes[i], "2024-07-01", "modifier.bypass",
            "{\"flag\":false,\"text\":\"Not among the modifiers that CMS lists "
            "as opening an edit.\"}");
}

static void a_card_says_what_a_modifier_does_to_payment(void **state)
{
    static const struct {
        const char *code, *class, *effect;
    } cases[] = {
        {"CQ", "assistant", "payment"},
        {"CO", "assistant", "payment"},
        {"26", "component", "payment"},
        {"50", "other", "payment"},
        {"GA", "notice", "liability"},
        {"GX", "notice", "liability"},
        {"GY", "notice", "liability"},
        {"GZ", "notice", "liability"},
        {"GP", "therapy", "required"},
        {"KX", "threshold", "required"},
        {"95", "telehealth", "information"},
        {"LT", "anatomic", "information"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *root = card(cases[i].code, "2024-07-01");
        char text[32];

        (void)snprintf(text, sizeof text, "\"%s\"", cases[i].class);
        is(root, "modifier.class", text);
        (void)snprintf(text, sizeof text, "\"%s\"", cases[i].effect);
        is(root, "modifier.effect", text);
        assert_true(json_is_string(
            json_object_get(json_object_get(root, "modifier"), "effect_text")));
        is(root, "modifier.source.file", "\"modifiers.tsv\"");
        is(root, "sources.0.file", "\"modifiers.tsv\"");
        json_decref(root);
    }
}

static void only_hcpcs_may_know_a_modifier(void **state)
{
    json_t *root = card("ZA", "2024-07-01");

    is(root, "system", "\"modifier\"");
    is(root, "modifier.class", "null");
    is(root, "modifier.effect", "null");
    is(root, "modifier.bypass.flag", "false");
    is(root, "modifier.source", "null");
    is(root, "hcpcs.source.file", "\"HCPC2024_JUL_ANWEB_06282024.txt\"");
    assert_true(json_is_string(json_object_get(root, "text")));
    json_decref(root);
}

static void the_threshold_is_that_of_the_year(void **state)
{
    card_is("KX", "2024-07-01", "modifier.threshold.pt_slp", "2330");
    card_is("KX", "2024-12-31", "modifier.threshold.ot", "2330");
    card_is("KX", "2025-01-01", "modifier.threshold.pt_slp", "2410");
    card_is("KX", "2026-03-01", "modifier.threshold.pt_slp", "2480");
    card_is("KX", "2019-03-01", "modifier.threshold.certainty", "\"V\"");
    card_is("KX", "2019-03-01", "modifier.threshold.source.file",
        "\"kx_thresholds.tsv\"");
    card_is("KX", "2027-01-01", "modifier.threshold",
        "{\"year\":2027,\"known\":false,\"currency\":\"USD\",\"pt_slp\":null,"
        "\"ot\":null,\"review\":null,\"certainty\":null,\"source\":null}");
    card_is("GP", "2024-07-01", "modifier.threshold", "null");
}

static void modifiers_are_listed_by_prefix(void **state)
{
    const struct codes_question question = {.prefix = {"x", 1},
        .systems = 1u << SYSTEM_MODIFIER,
        .day = day_of("2024-07-01")};
    struct buffer out = {0};
    json_t *root;

    assert_int_equal(answer_codes(&out, opened.answers, &question, NULL), 0);
    root = parse(&out);
    assert_int_equal(json_array_size(json_object_get(root, "items")), 9);
    is(root, "items.0.code", "\"X1\"");
    is(root, "items.8.code", "\"XU\"");
    is(root, "items.8.valid", "true");
    json_decref(root);
}

static void an_unknown_modifier_is_not_found(void **state)
{
    const struct code_question question = {
        .code = {"QQ", 2}, .systems = 1u << SYSTEM_MODIFIER};
    struct buffer out = {0};
    struct error err = {0};

    assert_int_equal(
        answer_code(&out, opened.answers, &question, &err), ERR_NOTFOUND);
    assert_int_equal(out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_modifiers_that_open_edits_are_those_of_the_ncci),
        cmocka_unit_test(the_x_modifiers_began_in_2015),
        cmocka_unit_test(what_does_not_open_an_edit_says_so),
        cmocka_unit_test(a_card_says_what_a_modifier_does_to_payment),
        cmocka_unit_test(only_hcpcs_may_know_a_modifier),
        cmocka_unit_test(the_threshold_is_that_of_the_year),
        cmocka_unit_test(modifiers_are_listed_by_prefix),
        cmocka_unit_test(an_unknown_modifier_is_not_found),
    };

    return cmocka_run_group_tests(tests, open_data, close_data);
}

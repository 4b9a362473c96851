/* necessity.c - the commands necessity and policy: the answers of the JSON API,
 * in words. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/necessity/necessity_answer.h"
#include "tools/coderef/command.h"
#include "tools/coderef/grid.h"

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

/* Texts of an array, parted by blanks. */
static void join(struct buffer *out, const json_t *array)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *item = json_array_get(array, i);
        const char *text = json_is_string(item) ? json_string_value(item)
                                                : text_of(item, "id");

        buffer_addf(out, "%s%s", i > 0 ? " " : "", text);
    }
}

static void print_joined(const char *label, const json_t *array)
{
    struct buffer text = {0};

    join(&text, array);
    buffer_addc(&text, '\0');
    if (!text.failed)
        print_fact(label, text.data);
    buffer_clear(&text);
}

static void print_number(const char *label, const json_t *number)
{
    char text[32];

    if (!json_is_integer(number))
        return;
    (void)snprintf(
        text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(number));
    print_fact(label, text);
}

static void print_flag(
    const char *label, const json_t *object, const char *key, const char *words)
{
    if (json_is_true(json_object_get(object, key)))
        print_fact(label, words);
}

static void print_source(const json_t *source)
{
    char text[512];

    if (!json_is_object(source) || text_of(source, "file")[0] == '\0')
        return;
    (void)snprintf(text, sizeof text, "%s, row %" JSON_INTEGER_FORMAT,
        text_of(source, "file"),
        json_integer_value(json_object_get(source, "row")));
    print_fact("source", text);
}

static void print_result(const json_t *result)
{
    char line[512];

    (void)snprintf(line, sizeof line, "%s%s%s  %s%s%s%s",
        text_of(result, "contractor"),
        text_of(result, "contractor")[0] != '\0' &&
                text_of(result, "article")[0] != '\0'
            ? "  "
            : "",
        text_of(result, "article"), text_of(result, "reason"),
        text_of(result, "link")[0] != '\0' ? " (" : "", text_of(result, "link"),
        text_of(result, "link")[0] != '\0' ? ")" : "");
    (void)putchar('\n');
    print_title(line);
    print_fact("title", text_of(result, "title"));
    print_fact("contractor", text_of(result, "contractor_name"));
    print_joined("states", json_object_get(result, "states"));
    print_fact("", text_of(result, "text"));
    print_fact("list", text_of(result, "list"));
    print_number("group", json_object_get(result, "group"));
    print_fact("paragraph", text_of(result, "paragraph"));
    print_flag("note", result, "has_conditions",
        "conditions stand in the text of the list");
    print_fact("asterisk", text_of(result, "asterisk_note"));
    print_fact("effective", text_of(result, "effective"));
    print_joined("related", json_object_get(result, "related"));
    print_fact("page", text_of(result, "url"));
    print_source(json_object_get(result, "source"));
}

/* What the answer rests on, and what it was not. */
static void print_data(const json_t *answer)
{
    print_flag("stale", answer, "stale", "the day lies after the loaded data");
    print_fact("covered to", text_of(answer, "covered_to"));
    print_joined("between", json_object_get(answer, "between"));
    print_joined("not loaded", json_object_get(answer, "not_loaded"));
}

static void print_decision(const json_t *answer)
{
    const json_t *results = json_object_get(answer, "results");
    char line[256];

    (void)snprintf(line, sizeof line, "%s + %s  %s", text_of(answer, "code"),
        text_of(answer, "icd10"), text_of(answer, "verdict"));
    print_title(line);
    print_fact("reason", text_of(answer, "reason"));
    print_fact("link", text_of(answer, "link"));
    print_fact("", text_of(answer, "text"));
    print_fact("diagnosis", text_of(answer, "icd10_text"));
    print_fact("date", text_of(answer, "date"));
    print_fact("state", text_of(answer, "state"));
    print_fact("kind", text_of(answer, "kind"));
    print_data(answer);
    for (size_t i = 0; i < json_array_size(results); i++)
        print_result(json_array_get(results, i));
}

/* The two kinds of lists have the members that tell their kind. */
static void print_lists(const json_t *answer)
{
    static const char *const heading[] = {
        "ICD10", "LIST", "ARTICLE", "GROUP", "LINK", "TEXT", NULL};
    const json_t *items = json_object_get(answer, "items");
    struct grid grid;

    print_fact("date", text_of(answer, "date"));
    print_fact("reason", text_of(answer, "reason"));
    print_fact("detail", text_of(answer, "detail"));
    print_data(answer);
    print_number("codes", json_object_get(answer, "total"));
    grid_begin(&grid, heading);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        char group[16], code[CODE_TEXT + 2];

        (void)snprintf(group, sizeof group, "%d",
            (int)json_integer_value(json_object_get(item, "group")));
        (void)snprintf(code, sizeof code, "%.*s%s", CODE_TEXT - 1,
            text_of(item, "icd10"),
            json_is_true(json_object_get(item, "asterisk")) ? "*" : "");
        grid_add(&grid, code);
        grid_add(&grid, text_of(item, "list"));
        grid_add(&grid, text_of(item, "article"));
        grid_add(&grid, group);
        grid_add(&grid, text_of(item, "link"));
        grid_add(&grid, text_of(item, "text"));
    }
    grid_print(&grid);
    if (text_of(answer, "next")[0] != '\0')
        (void)puts("There are more: raise --limit or narrow with --prefix.");
}

static void print_articles(const json_t *answer)
{
    static const char *const heading[] = {
        "ARTICLE", "LIST", "GROUP", "PROCEDURES", "TITLE", NULL};
    const json_t *items = json_object_get(answer, "items");
    struct grid grid;

    print_fact("date", text_of(answer, "date"));
    print_fact("reason", text_of(answer, "reason"));
    print_fact("detail", text_of(answer, "detail"));
    print_data(answer);
    print_number("lists", json_object_get(answer, "total"));
    grid_begin(&grid, heading);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        char group[16], count[16];

        (void)snprintf(group, sizeof group, "%d",
            (int)json_integer_value(json_object_get(item, "group")));
        (void)snprintf(count, sizeof count, "%zu",
            json_array_size(json_object_get(item, "procedures")));
        grid_add(&grid, text_of(item, "article"));
        grid_add(&grid, text_of(item, "list"));
        grid_add(&grid, group);
        grid_add(&grid, count);
        grid_add(&grid, text_of(item, "title"));
    }
    grid_print(&grid);
    if (text_of(answer, "next")[0] != '\0')
        (void)puts("There are more: raise --limit.");
}

/* Prints an answer, as JSON or by print. */
static int show(const struct buffer *out, const struct options *options,
    void (*print)(const json_t *answer))
{
    json_t *answer;

    if (options->json)
        return print_json(out);
    answer = json_loadb(out->data, out->len, 0, NULL);
    if (answer == NULL) {
        (void)fputs("coderef: out of memory\n", stderr);
        return EXIT_FAILED;
    }
    print(answer);
    json_decref(answer);
    return EXIT_DONE;
}

static struct text_ref given(const char *text)
{
    return (struct text_ref){text, text == NULL ? 0 : strlen(text)};
}

static bool is_procedure(const char *text)
{
    struct necessity_question question;

    return necessity_set_procedure(&question, text, strlen(text), NULL) == 0;
}

static int necessity(const struct answers *answers,
    const struct options *options, char *const *arguments, size_t count)
{
    struct necessity_request request = {.state = given(options->state),
        .contractor = given(options->contractor),
        .article = given(options->article),
        .kind = given(options->kind),
        .q = given(options->match),
        .prefix = given(options->prefix),
        .day = options->day,
        .limit = options->limit};
    void (*print)(const json_t *) = print_decision;
    struct buffer out = {0};
    struct error err = {0};
    int rc = 0;

    if (count > 2)
        rc = error_set(&err, ERR_INPUT, 0,
            "necessity: one procedure, one diagnosis, or one of each");
    else if (count == 2 || is_procedure(arguments[0]))
        request.code = given(arguments[0]);
    else
        request.icd10 = given(arguments[0]);
    if (count == 2)
        request.icd10 = given(arguments[1]);
    else
        print = request.code.text != NULL ? print_lists : print_articles;
    if (rc == 0)
        rc = answer_necessity(&out, answers, &request, &err);
    rc = rc != 0 ? complain(rc, &err) : show(&out, options, print);
    buffer_clear(&out);
    return rc;
}

const struct command necessity_command = {"necessity", 1, 2,
    TAKES(JSON) | TAKES(DATE) | TAKES(STATE) | TAKES(CONTRACTOR) |
        TAKES(ARTICLE) | TAKES(KIND) | TAKES(MATCH) | TAKES(PREFIX) |
        TAKES(LIMIT),
    necessity};

/* ---------------------------------------------------------------- policy */

static void print_groups(const json_t *answer, const char *list)
{
    const json_t *groups = json_object_get(answer, list);

    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *group = json_array_get(groups, i);
        char line[128];

        (void)snprintf(line, sizeof line, "%s, group %d: %d codes", list,
            (int)json_integer_value(json_object_get(group, "group")),
            (int)json_integer_value(json_object_get(group, "total")));
        (void)putchar('\n');
        print_title(line);
        print_fact("paragraph", text_of(group, "paragraph"));
        print_fact("asterisk", text_of(group, "asterisk_note"));
        print_flag("note", group, "not_applicable", "not applicable");
        print_joined("codes", json_object_get(group, "codes"));
    }
}

static void print_policy(const json_t *answer)
{
    static const char *const lists[] = {"procedures", "covered", "noncovered",
        "modifiers", "bill_types", "revenue_codes", "other"};
    const json_t *force = json_object_get(answer, "in_force");
    char line[512];

    (void)snprintf(line, sizeof line, "%s  %s", text_of(answer, "id"),
        text_of(answer, "title"));
    print_title(line);
    print_fact("kind", text_of(answer, "kind"));
    print_number("version", json_object_get(answer, "version"));
    print_fact("date", text_of(answer, "date"));
    print_fact("in force", json_is_null(force)   ? "not known"
                           : json_is_true(force) ? "yes"
                                                 : "no");
    print_fact("detail", text_of(answer, "detail"));
    print_fact("status", text_of(answer, "status"));
    print_fact("effective", text_of(answer, "effective"));
    print_fact("ended", text_of(answer, "ended"));
    print_fact("retired", text_of(answer, "retired"));
    print_fact("updated", text_of(answer, "updated"));
    print_data(answer);
    print_joined("states", json_object_get(answer, "states"));
    print_joined("related", json_object_get(answer, "related"));
    print_fact("page", text_of(answer, "url"));
    print_source(json_object_get(answer, "source"));
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        print_groups(answer, lists[i]);
}

static int policy(const struct answers *answers, const struct options *options,
    char *const *arguments, size_t count)
{
    int status = EXIT_DONE;

    for (size_t i = 0; i < count; i++) {
        struct buffer out = {0};
        struct error err = {0};
        int rc = answer_policy(
            &out, answers, given(arguments[i]), options->day, &err);

        rc = rc != 0 ? complain(rc, &err) : show(&out, options, print_policy);
        buffer_clear(&out);
        if (rc != EXIT_DONE)
            status = rc;
    }
    return status;
}

const struct command policy_command = {
    "policy", 1, SIZE_MAX, TAKES(JSON) | TAKES(DATE), policy};

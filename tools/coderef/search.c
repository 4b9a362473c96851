#include <stdio.h>
#include <string.h>

#include "codesets/answer/item.h"
#include "tools/coderef/command.h"
#include "tools/coderef/grid.h"

/* The arguments as one text with blanks between. */
static void join(struct buffer *out, char *const *arguments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_addc(out, ' ');
        buffer_adds(out, arguments[i]);
    }
}

static const char *tri(enum validity value)
{
    return value == VALIDITY_VALID       ? "yes"
           : value == VALIDITY_NOT_VALID ? "no"
                                         : "?";
}

/* The words of the query that a hit does without. */
static void add_lacks(struct grid *grid, const struct search_result *result,
    const struct search_hit *hit, const struct buffer *text)
{
    struct buffer words = {0};

    for (uint32_t i = 0; i < result->words; i++)
        if (search_lacks(result, hit, i))
            buffer_addf(&words, "%s%.*s", words.len > 0 ? " " : "",
                (int)result->word[i].word.bytes,
                text->data + result->word[i].word.from);
    buffer_addc(&words, '\0');
    grid_add(grid, words.failed ? "" : words.data);
    buffer_clear(&words);
}

static int print_hits(const struct answers *answers,
    const struct options *options, const struct search_result *result,
    const struct buffer *text)
{
    static const char *const whole[] = {
        "CODE", "SYSTEM", "VALID", "BILLABLE", "TEXT", NULL};
    static const char *const in_part[] = {
        "CODE", "SYSTEM", "VALID", "BILLABLE", "LACKS", "TEXT", NULL};
    const bool lacks = result->reading == READ_IN_PART;
    struct error err = {0};
    struct grid grid;
    int rc;

    grid_begin(&grid, lacks ? in_part : whole);
    for (uint32_t i = 0; i < result->hits; i++) {
        const struct code_ref code =
            code_at(&answers->store->codes, result->hit[i].document);
        struct code_item item;

        rc = code_item_find(&item, answers->rules, &code, options->day, &err);
        if (rc != 0) {
            buffer_clear(&grid.text);
            return complain(rc, &err);
        }
        grid_add(&grid, item.shown);
        grid_add(&grid, code_system_name(code.system));
        grid_add(&grid, tri(item.state.validity));
        grid_add(
            &grid, code.system == SYSTEM_MODIFIER ? "-" : tri(item.billable));
        if (lacks)
            add_lacks(&grid, result, &result->hit[i], text);
        grid_add(
            &grid, item.texts.title.text != NULL ? item.texts.title.text : "");
    }
    grid_print(&grid);
    if (result->total > result->hits)
        (void)printf("%u of %u\n", result->hits, result->total);
    return EXIT_DONE;
}

static void add_count(
    struct grid *grid, enum search_facet facet, const char *value, uint32_t n)
{
    char number[16];

    if (n == 0)
        return;
    (void)snprintf(number, sizeof number, "%u", n);
    grid_add(grid, search_facet_name(facet));
    grid_add(grid, value);
    grid_add(grid, number);
}

static void print_facets(const struct search_index *index,
    const struct search_result *result, unsigned facets)
{
    static const char *const heading[] = {"FACET", "VALUE", "CODES", NULL};
    struct grid grid;

    if (facets == 0)
        return;
    (void)putchar('\n');
    grid_begin(&grid, heading);
    for (int system = 0;
         (facets >> FACET_SYSTEM & 1) != 0 && system < SYSTEM_COUNT; system++)
        add_count(&grid, FACET_SYSTEM,
            code_system_name((enum code_system)system),
            result->by_system[system]);
    for (int facet = FACET_SYSTEM + 1; facet < FACET_COUNT; facet++)
        for (uint32_t i = 0; (facets >> facet & 1) != 0 && i < index->values;
             i++) {
            const char *name;

            if ((int)search_value(index, i, &name) == facet)
                add_count(
                    &grid, (enum search_facet)facet, name, result->by_value[i]);
        }
    grid_print(&grid);
}

/* What was read in another way than it was typed, a line each: the hits answer
 * that question. */
static void print_reading(
    const struct search_result *result, const struct buffer *text)
{
    for (uint32_t i = 0; i < result->words; i++) {
        const struct search_word *word = &result->word[i];
        const char *typed = text->data + word->word.from;
        const int len = (int)word->word.bytes;

        if (word->dropped)
            (void)printf("the first hit does without: %.*s\n", len, typed);
        else if (word->corrected)
            (void)printf("read %.*s as %s\n", len, typed, word->word.text);
        else if (word->unfinished)
            (void)printf(
                "not looked for, unless a blank follows: %.*s\n", len, typed);
    }
}

static struct text_ref given(const char *text)
{
    return (struct text_ref){text, text == NULL ? 0 : strlen(text)};
}

static struct search_question question_of(
    const struct options *options, const struct buffer *text)
{
    struct search_question question = {.text = {text->data, text->len},
        .systems = options->systems,
        .on_day = options->on_day,
        .day = options->day,
        .limit = options->limit,
        .facets = given(options->facets),
        .order = given(options->order)};

    question.wanted[FACET_SECTION] = given(options->section);
    question.wanted[FACET_BILLABLE] = given(options->billable);
    question.wanted[FACET_TIMED] = given(options->timed);
    question.wanted[FACET_STATUS] = given(options->status);
    if ((options->given & TAKES(SETTING)) != 0)
        question.wanted[FACET_SETTING] = given(setting_name(options->setting));
    return question;
}

static int search_json(
    const struct answers *answers, const struct search_question *question)
{
    struct buffer out = {0};
    struct error err = {0};
    int rc = answer_search(&out, answers, question, &err);

    rc = rc == 0 ? print_json(&out) : complain(rc, &err);
    buffer_clear(&out);
    return rc;
}

static int search_plain(const struct answers *answers,
    const struct options *options, const struct search_question *question,
    const struct buffer *text)
{
    struct search_result result;
    struct search_asked asked;
    struct error err = {0};
    int rc = search_question_read(&asked, answers, question, &err);

    if (rc == 0)
        rc = search_run(&result, &answers->search, &answers->store->codes,
            &asked.query, &err);
    if (rc == 0 && result.total == 0)
        rc = error_set(&err, ERR_NOTFOUND, 0, "nothing found");
    if (rc != 0)
        return complain(rc, &err);
    print_reading(&result, text);
    rc = print_hits(answers, options, &result, text);
    if (rc != EXIT_DONE)
        return rc;
    print_facets(&answers->search, &result, asked.facets);
    if (asked.caution != NULL)
        (void)printf("\n%s\n", asked.caution);
    return rc;
}

static int search(const struct answers *answers, const struct options *options,
    char *const *arguments, size_t count)
{
    struct search_question question;
    struct buffer text = {0};
    int rc;

    join(&text, arguments, count);
    question = question_of(options, &text);
    rc = options->json ? search_json(answers, &question)
                       : search_plain(answers, options, &question, &text);
    buffer_clear(&text);
    return rc;
}

const struct command search_command = {"search", 1, SIZE_MAX,
    TAKES(JSON) | TAKES(DATE) | TAKES(SYSTEM) | TAKES(LIMIT) | TAKES(SETTING) |
        TAKES(SECTION) | TAKES(BILLABLE) | TAKES(TIMED) | TAKES(STATUS) |
        TAKES(FACETS) | TAKES(ORDER),
    search};

#include <string.h>

#include "codesets/answer/item.h"
#include "tools/coderef/command.h"
#include "tools/coderef/grid.h"

#include <stdio.h>

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

static int print_hits(const struct answers *answers,
    const struct options *options, const struct search_result *result)
{
    static const char *const heading[] = {
        "CODE", "SYSTEM", "VALID", "BILLABLE", "TEXT", NULL};
    struct error err = {0};
    struct grid grid;
    int rc;

    grid_begin(&grid, heading);
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
        grid_add(
            &grid, item.texts.title.text != NULL ? item.texts.title.text : "");
    }
    grid_print(&grid);
    if (result->total > result->hits)
        (void)printf("%u of %u\n", result->hits, result->total);
    return EXIT_DONE;
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
            (void)printf("left out: %.*s\n", len, typed);
        else if (word->corrected)
            (void)printf("read %.*s as %s\n", len, typed, word->word.text);
    }
}

static int search(const struct answers *answers, const struct options *options,
    char *const *arguments, size_t count)
{
    const uint32_t limit =
        options->limit != 0 ? options->limit : SEARCH_LIMIT_DEFAULT;
    struct search_result result;
    struct buffer text = {0}, out = {0};
    struct error err = {0};
    int rc;

    join(&text, arguments, count);
    if (options->json) {
        const struct search_question question = {.text = {text.data, text.len},
            .systems = options->systems,
            .on_day = options->on_day,
            .day = options->day,
            .limit = limit};

        rc = answer_search(&out, answers, &question, &err);
        rc = rc == 0 ? print_json(&out) : complain(rc, &err);
    } else {
        const struct search_query query = {.text = text.data,
            .len = text.len,
            .systems = options->systems,
            .on_day = options->on_day,
            .day = options->day,
            .limit = limit};

        rc = search_run(
            &result, &answers->search, &answers->store->codes, &query, &err);
        if (rc != 0)
            rc = complain(rc, &err);
        else if (result.total == 0)
            rc = complain(
                ERR_NOTFOUND, &(const struct error){.msg = "nothing found"});
        else {
            print_reading(&result, &text);
            rc = print_hits(answers, options, &result);
        }
    }
    buffer_clear(&text);
    buffer_clear(&out);
    return rc;
}

const struct command search_command = {"search", 1, SIZE_MAX,
    TAKES(JSON) | TAKES(DATE) | TAKES(SYSTEM) | TAKES(LIMIT), search};

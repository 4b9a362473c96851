#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/pair/pair_answer.h"
#include "codesets/answer/pair/pair_set.h"
#include "tools/coderef/command.h"
#include "tools/coderef/grid.h"

static int verdict_status(enum pair_verdict verdict)
{
    switch (verdict) {
    case VERDICT_BILLABLE:
        return EXIT_DONE;
    case VERDICT_RESOLVED_BY_MODIFIER:
        return EXIT_RESOLVED;
    case VERDICT_MODIFIER_REQUIRED:
        return EXIT_MODIFIER_REQUIRED;
    case VERDICT_NOT_BILLABLE:
        return EXIT_NOT_BILLABLE;
    default:
        return EXIT_NOT_CHECKED;
    }
}

/* One line of the history of a pair. */
static void print_edit(const struct rules *rules,
    const struct edit_scope *scope, const struct ptp_edit *edit, day_t day)
{
    char from[DAY_TEXT_LEN], to[DAY_TEXT_LEN];
    char column1[PROC_LEN + 1], column2[PROC_LEN + 1];
    struct buffer text = {0};

    (void)day_format(from, edit->effective);
    (void)day_format(to, edit->deleted);
    proc_unpack(column1, proc_at(&rules->store->proc, edit->column1));
    proc_unpack(column2, proc_at(&rules->store->proc, edit->column2));
    buffer_addf(&text, "%s > %s  indicator %d  %s to %s%s  %s; %s, row %u",
        column1, column2, indicator_number(edit->indicator),
        from[0] != '\0' ? from : "?", to[0] != '\0' ? to : "open",
        edit->inferred ? " (inferred)" : "", edit_state_name(scope, edit, day),
        store_file(rules->store, edit->file), edit->line);
    buffer_addc(&text, '\0');
    if (!text.failed)
        print_fact("edit", text.data);
    buffer_clear(&text);
    print_fact("", store_text(rules->store, edit->rationale, NULL));
}

static void print_pair(const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision)
{
    const struct edit_scope *scope =
        &rules->edits[question->setting][question->program];
    struct buffer text = {0};
    char day[DAY_TEXT_LEN];

    buffer_addf(&text, "%s + %s  %s", question->a->code, question->b->code,
        pair_verdict_name(decision->verdict));
    buffer_addc(&text, '\0');
    if (!text.failed)
        print_title(text.data);
    text.len = 0;
    pair_reason_text(&text, rules, question, decision);
    buffer_addc(&text, '\0');
    print_fact("reason", pair_reason_name(decision->reason));
    if (!text.failed)
        print_fact("", text.data);
    (void)day_format(day, question->day);
    print_fact("date", day);
    print_fact("setting", setting_name(question->setting));
    print_fact("program", program_name(question->program));
    if (decision->stale)
        print_fact("stale", "the day lies after the loaded data");
    for (unsigned bit = 0; bit < NOTE_COUNT; bit++)
        if ((decision->notes >> bit & 1) != 0)
            print_fact("note", pair_note_name(bit));
    text.len = 0;
    pair_timeline_text(&text, rules, question, decision);
    buffer_addc(&text, '\0');
    if (!text.failed)
        print_fact("time-line", text.data);
    for (uint32_t row = decision->first; row < decision->end; row++) {
        struct ptp_edit edit;

        ptp_edit(scope->table, decision->lower, row, &edit);
        print_edit(rules, scope, &edit, question->day);
    }
    buffer_clear(&text);
}

static void add_row(struct grid *grid, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision)
{
    const struct pair_line *const line[2] = {question->a, question->b};
    struct buffer text = {0};

    grid_add(grid, question->a->code);
    grid_add(grid, question->b->code);
    grid_add(grid, pair_verdict_name(decision->verdict));
    grid_add(grid, pair_reason_name(decision->reason));
    grid_add(grid, decision->denied_line == NO_LINE
                       ? ""
                       : line[decision->denied_line]->code);
    pair_reason_text(&text, rules, question, decision);
    buffer_addc(&text, '\0');
    grid_add(grid, text.failed ? "" : text.data);
    buffer_clear(&text);
}

/* What the whole set comes to, a sentence a line. */
static void print_advice(const struct pair_set *set)
{
    struct buffer text = {0};

    pair_set_words(&text, set);
    if (!text.failed && text.len > 0)
        (void)fwrite(text.data, 1, text.len, stdout);
    buffer_clear(&text);
}

/* Fills the set, whose advice is printed with the pairs. */
static enum pair_verdict judge_all(const struct rules *rules,
    const struct pairs_question *question, struct pair_set *set, bool print)
{
    static const char *const heading[] = {
        "CODE", "CODE", "VERDICT", "REASON", "DENIED", "WHY", NULL};
    enum pair_verdict worst = VERDICT_BILLABLE;
    struct grid grid;

    grid_begin(&grid, heading);
    for (size_t i = 0; i + 1 < question->count; i++)
        for (size_t k = i + 1; k < question->count; k++) {
            const struct pair_question pair = {&question->line[i],
                &question->line[k], question->day, question->setting,
                question->program};
            struct pair_decision decision;

            pair_decide(&decision, rules, &pair);
            pair_set_add(set, i, k, &decision);
            if (decision.verdict < worst)
                worst = decision.verdict;
            if (print && question->count == 2)
                print_pair(rules, &pair, &decision);
            else if (print)
                add_row(&grid, rules, &pair, &decision);
        }
    if (print && question->count > 2) {
        grid_print(&grid);
        (void)printf("all together: %s\n", pair_verdict_name(worst));
    }
    if (print) {
        pair_set_advise(set, rules);
        print_advice(set);
    }
    buffer_clear(&grid.text);
    return worst;
}

static int pair(const struct answers *answers, const struct options *options,
    char *const *arguments, size_t count)
{
    struct pairs_question *question = calloc(1, sizeof *question);
    struct pair_set set = {0};
    struct buffer out = {0};
    struct error err = {0};
    enum pair_verdict worst;
    int rc = 0;

    if (question == NULL) {
        (void)error_memory(&err);
        return complain(ERR_SYSTEM, &err);
    }
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = pairs_add_codes(
            question, answers, arguments[i], strlen(arguments[i]), &err);
    if (rc == 0 && question->count < 2)
        rc = error_set(
            &err, ERR_INPUT, 0, "pair: give at least two codes to compare");
    if (rc == 0) {
        question->day = options->day;
        question->setting = options->setting;
        question->program = options->program;
        if (options->json)
            rc = answer_pairs(&out, answers, question, &err);
        if (rc == 0)
            rc = pair_set_open(&set, question, &err);
    }
    if (rc != 0) {
        rc = complain(rc, &err);
    } else {
        rc = options->json ? print_json(&out) : EXIT_DONE;
        worst = judge_all(answers->rules, question, &set, !options->json);
        if (rc == EXIT_DONE && options->exit_verdict)
            rc = verdict_status(worst);
    }
    pair_set_close(&set);
    buffer_clear(&out);
    free(question);
    return rc;
}

const struct command pair_command = {"pair", 1, SIZE_MAX,
    TAKES(JSON) | TAKES(DATE) | TAKES(SETTING) | TAKES(PROGRAM) |
        TAKES(EXIT_VERDICT),
    pair};

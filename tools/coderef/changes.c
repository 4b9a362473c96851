/* coderef changes - what changed between two days, out of the active build. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/changes/change_report.h"
#include "codesets/answer/changes/changes.h"
#include "tools/coderef/command.h"

/* "97110 97530" -> "97110,97530". */
static void join(struct buffer *out, char *const *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_addc(out, ',');
        buffer_adds(out, codes[i]);
    }
}

static int as_json(const struct answers *answers, const struct options *options,
    const struct buffer *codes)
{
    struct changes_question question = {.days = options->from_given,
        .from = options->from,
        .to = options->to,
        .systems = options->systems,
        .limit = options->limit,
        .counts = true};
    struct buffer out = {0};
    struct error err = {0};
    int rc;

    if (codes->len > 0)
        question.codes = (struct text_ref){codes->data, codes->len};
    rc = answer_changes(&out, answers, &question, &err);
    rc = rc == 0 ? print_json(&out) : complain(rc, &err);
    buffer_clear(&out);
    return rc;
}

static int as_text(const struct answers *answers, const struct options *options,
    const struct buffer *codes)
{
    struct change_report report = {.form = CHANGES_TEXT,
        .most = options->limit,
        .question = {.filter.systems = options->systems,
            .side = {{answers->store,
                         options->from_given ? options->from : COMPARE_NEWEST},
                {answers->store,
                    options->from_given ? options->to : COMPARE_NEWEST}}}};
    struct compare_codes *list = NULL;
    struct error err = {0};
    int rc = 0;

    if (codes->len > 0)
        rc = compare_codes_parse(
            &list, codes->data, codes->len, COMPARE_REQUEST_CODES, &err);
    if (rc == 0 && list != NULL)
        rc = compare_codes_check(list, report.question.side, &err);
    report.question.codes = list;
    if (rc == 0)
        rc = change_report_write(stdout, &report, NULL, &err);
    compare_codes_free(list);
    return rc == 0 ? EXIT_DONE : complain(rc, &err);
}

static int run_changes(const struct answers *answers,
    const struct options *options, char *const *arguments, size_t count)
{
    struct error err = {0};
    struct buffer codes = {0};
    int rc;

    if (!options->from_given && (options->given & TAKES(TO)) != 0) {
        (void)error_set(&err, ERR_INPUT, 0, "--to goes with --from");
        return complain(ERR_INPUT, &err);
    }
    if (options->from_given && options->from > options->to) {
        (void)error_set(&err, ERR_INPUT, 0, "--from lies behind --to");
        return complain(ERR_INPUT, &err);
    }
    join(&codes, arguments, count);
    if (codes.failed)
        rc = complain(error_memory(&err), &err);
    else
        rc = options->json ? as_json(answers, options, &codes)
                           : as_text(answers, options, &codes);
    buffer_clear(&codes);
    return rc;
}

const struct command changes_command = {"changes", 0, SIZE_MAX,
    TAKES(JSON) | TAKES(FROM) | TAKES(TO) | TAKES(SYSTEM) | TAKES(LIMIT),
    run_changes};

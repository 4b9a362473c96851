/* claim.c - what the rules say of a whole claim in a file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/claim/claim_answer.h"
#include "tools/coderef/command.h"
#include "tools/coderef/grid.h"

enum { CLAIM_FILE_MAX = 8 << 20 }; /* bytes */

/* The whole of a file, "-" for stdin. */
static int read_file(struct buffer *out, const char *path, struct error *err)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char piece[65536];
    size_t n;
    int rc = 0;

    if (file == NULL)
        return error_set(
            err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
    while (rc == 0 && (n = fread(piece, 1, sizeof piece, file)) > 0) {
        buffer_add(out, piece, n);
        if (out->failed)
            rc = error_set(err, ERR_LIMIT, 0, "%s: longer than %d bytes", path,
                CLAIM_FILE_MAX);
    }
    if (rc == 0 && ferror(file) != 0)
        rc = error_set(err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
    if (file != stdin)
        (void)fclose(file);
    return rc;
}

/* JSON begins with a brace, whatever the file is called. */
static bool is_json(const struct buffer *text)
{
    size_t i = 0;

    while (i < text->len && strchr(" \t\r\n", text->data[i]) != NULL &&
           text->data[i] != '\0')
        i++;
    return i < text->len && text->data[i] == '{';
}

static int read_claim(struct claim *out, const struct answers *answers,
    const struct options *options, const struct buffer *text, struct error *err)
{
    const struct claim_defaults defaults = {.day = options->day,
        .setting = options->setting,
        .program = options->program};
    const struct text_ref diagnoses = {options->diagnoses,
        options->diagnoses == NULL ? 0 : strlen(options->diagnoses)};
    int rc;

    if (is_json(text)) {
        if (options->diagnoses != NULL || options->payer != NULL)
            return error_set(err, ERR_INPUT, 0,
                "--dx and --payer are for claims in CSV; JSON tells them "
                "itself");
        return claim_read_json(
            out, answers->rules, &defaults, text->data, text->len, err);
    }
    rc = claim_read_csv(out, answers->rules, &defaults, diagnoses,
        text->len > 0 ? text->data : "", text->len, err);
    if (rc == 0 && options->payer != NULL) {
        enum claim_payer payer;

        if (claim_payer_parse(&payer, options->payer, strlen(options->payer)) !=
            0)
            return error_set(err, ERR_INPUT, 0,
                "--payer: medicare, medicaid, commercial or other");
        claim_set_payer(out, payer);
    }
    return rc;
}

static void add_lines(struct buffer *out, const uint16_t *line, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_addf(out, "%s%d", i > 0 ? "," : "", line[i] + 1);
}

static void print_finding(
    const struct claim_work *work, const struct claim_finding *finding)
{
    const uint16_t *line = work->report.ref + finding->first_ref;
    struct buffer text = {0};

    buffer_adds(&text, claim_check_name(finding->check));
    if (finding->lines > 0) {
        buffer_adds(&text, finding->lines == 1 ? "  line " : "  lines ");
        add_lines(&text, line, finding->lines);
    }
    if (finding->denied > 0) {
        buffer_adds(&text, "  denied ");
        add_lines(&text, line + finding->lines, finding->denied);
    }
    buffer_addc(&text, '\0');
    if (!text.failed)
        print_fact(claim_severity_name(finding->severity), text.data);
    text.len = 0;
    claim_finding_text(&text, &work->claim, finding);
    buffer_addc(&text, '\0');
    if (!text.failed)
        print_fact("", text.data);
    text.len = 0;
    if (finding->source.file != NULL)
        buffer_addf(
            &text, "%s, row %u", finding->source.file, finding->source.row);
    buffer_addc(&text, '\0');
    if (!text.failed)
        print_fact("", text.data);
    buffer_clear(&text);
}

static void print_gap(
    const struct claim_work *work, const struct claim_gap *gap)
{
    struct buffer text = {0};

    claim_gap_text(&text, &work->claim, gap);
    buffer_addc(&text, '\0');
    if (!text.failed)
        print_fact(gap->needed ? "not checked" : "not asked", text.data);
    buffer_clear(&text);
}

static void print_report(const struct claim_work *work)
{
    const struct claim *claim = &work->claim;
    const struct claim_report *report = &work->report;
    char day[DAY_TEXT_LEN], title[160];

    (void)day_format(day, claim->day);
    (void)snprintf(title, sizeof title, "claim of %s, %s, %s, %d line%s: %s",
        day, setting_name(claim->setting), claim_payer_name(claim->payer),
        claim->lines, claim->lines == 1 ? "" : "s",
        report->clean ? "clean" : "not clean");
    print_title(title);
    for (uint16_t i = 0; i < report->findings; i++)
        print_finding(work, claim_finding_at(report, i));
    for (uint16_t i = 0; i < report->gaps; i++)
        print_gap(work, &report->gap[i]);
    if (report->stale)
        print_fact("stale", "a date lies after the loaded data");
    if (report->cut)
        print_fact("more", "there are more findings than are shown");
}

static int status_of(const struct claim_report *report)
{
    if (report->clean)
        return EXIT_DONE;
    return report->count[SEVERITY_ERROR] + report->count[SEVERITY_WARNING] > 0
               ? EXIT_FINDINGS
               : EXIT_NOT_CHECKED;
}

static int claim(const struct answers *answers, const struct options *options,
    char *const *arguments, size_t count)
{
    struct claim_work *work = calloc(1, sizeof *work);
    struct buffer text = {.max = CLAIM_FILE_MAX}, out = {0};
    struct error err = {0};
    int rc = 0;

    if (work == NULL)
        return complain(error_memory(&err), &err);
    if (count > 1)
        rc = error_set(&err, ERR_INPUT, 0, "claim: one file at a time");
    if (rc == 0)
        rc = read_file(&text, arguments[0], &err);
    if (rc == 0)
        rc = read_claim(&work->claim, answers, options, &text, &err);
    if (rc == 0 && options->json)
        rc = answer_claim(&out, answers, work, &err);
    else if (rc == 0)
        rc = claim_check(&work->report, answers->rules, &work->claim, &err);
    if (rc != 0) {
        rc = complain(rc, &err);
    } else {
        if (!options->json)
            print_report(work);
        rc = options->json ? print_json(&out) : EXIT_DONE;
        if (rc == EXIT_DONE)
            rc = status_of(&work->report);
    }
    buffer_clear(&text);
    buffer_clear(&out);
    free(work);
    return rc;
}

const struct command claim_command = {"claim", 1, SIZE_MAX,
    TAKES(JSON) | TAKES(DATE) | TAKES(SETTING) | TAKES(PROGRAM) | TAKES(DX) |
        TAKES(PAYER),
    claim};

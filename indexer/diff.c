/* diff.c - coderef-index diff: what changed between two builds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "codesets/answer/changes/change_report.h"
#include "indexer/builds/kept.h"
#include "indexer/builds/store_folder.h"
#include "indexer/codes_file.h"
#include "indexer/command.h"

static int run_diff(const struct options *options, char *const *words,
    size_t count, struct error *err)
{
    struct change_report report = {
        .form = options->form, .most = options->most};
    struct store *store[SIDES] = {NULL, NULL};
    struct compare_codes *codes = NULL;
    char path[SIDES][BUILD_PATH_MAX];
    int rc = 0;

    for (int side = 0; rc == 0 && side < SIDES; side++)
        if ((rc = kept_path(
                 path[side], options->build.store, words[side], err)) == 0)
            rc = store_open(&store[side], path[side], err);
    for (int side = 0; side < SIDES; side++)
        report.question.side[side] = (struct compare_side){
            store[side], side == BEFORE ? options->day_a : options->day_b};
    /* Two days of one build. */
    if (rc == 0 && strcmp(store_id(store[BEFORE]), store_id(store[AFTER])) == 0)
        report.question.side[BEFORE].store = store[AFTER];
    if (rc == 0 && options->codes != NULL)
        rc = codes_file_read(&codes, options->codes, err);
    if (rc == 0 && codes != NULL &&
        (rc = compare_codes_check(codes, report.question.side, err)) != 0)
        (void)error_prefix(err, rc, "%s", options->codes);
    report.question.codes = codes;
    if (rc == 0)
        rc = change_report_write(stdout, &report, NULL, err);
    compare_codes_free(codes);
    store_close(store[BEFORE]);
    store_close(store[AFTER]);
    return rc;
}

const struct command diff_command = {.name = "diff",
    .words = "A B",
    .about =
        "what changed from build A to build B: ids, 'current', 'previous'\n"
        "or folders of builds; of one build, between two days\n",
    .takes = TAKES(JSON) | TAKES(CSV) | TAKES(HTML) | TAKES(CODES) |
             TAKES(LIMIT) | TAKES(DATE_A) | TAKES(DATE_B),
    .words_min = 2,
    .words_max = 2,
    .needs = ": which two builds? 'list' shows them",
    .run = run_diff};

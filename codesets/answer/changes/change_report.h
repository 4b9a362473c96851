/* change_report.h - a comparison for people and for spreadsheets.
 *
 * The text begins with a table of sums, a line for each list, with what could
 * not be compared; then every change, list by list (or code by code, when codes
 * were given: then it is an IMPACT REPORT with what to do). CSV is a line a
 * change; HTML one page to print that loads nothing. */
#ifndef CODESETS_ANSWER_CHANGES_CHANGE_REPORT_H
#define CODESETS_ANSWER_CHANGES_CHANGE_REPORT_H
#include <stdio.h>
#include "codesets/compare/compare.h"

enum change_form { CHANGES_TEXT, CHANGES_CSV, CHANGES_JSON, CHANGES_HTML };

struct change_report {
    struct compare_question question; /* begin_code is the report's own */
    enum change_form form;
    size_t most; /* changes shown of a list in text and HTML; 0: all */
};

/* Writes to out; *summary, which may be NULL, holds the sums. Returns 0, or
 * what compare_run() does, or ERR_SYSTEM when out cannot be written. */
int change_report_write(FILE *out, const struct change_report *report,
    struct compare_summary *summary, struct error *err);

/* Compares the newest of two builds, given by their folders. The text goes to
 * report, unless that is NULL; most is as above. summary tells what was
 * compared, and how much changed, by list and by kind. Takes a second or two
 * for whole builds; nothing is changed by it. A build of another format is
 * ERR_CORRUPT: it cannot be compared, only rebuilt. */
int compare_builds(const char *path_before, const char *path_after,
    struct compare_summary *summary, FILE *report, size_t most,
    struct error *err);

#endif

/* plan.h - which files count, and how releases follow one another.
 *
 * The rules of design.md sections 3 and 4: of one release the best format is
 * kept and the others are duplicates, a revised file replaces the earlier one;
 * of a cumulative table (PTP, add-on codes) only the newest release is kept; a
 * release that is plainly partial is refused. */
#ifndef INDEXER_PLAN_PLAN_H
#define INDEXER_PLAN_PLAN_H
#include "codesets/store/store.h"
#include "indexer/plan/collect.h"
#include "indexer/plan/previous.h"

enum {
    PLAN_FILES_MAX = 160,        /* files of one release */
    PARTIAL_FLOOR = 200,         /* rows below which nothing is concluded */
    PARTIAL_PERCENT = 85,        /* of the predecessor's rows */
    PARTIAL_PERCENT_BEFORE = 20, /* of the successor's, when there is none */
    REFUSED_FLOOR = 25,          /* refused rows that no file may exceed … */
    REFUSED_PERCENT = 1          /* … when they are more than this share */
};

struct plan_release {
    struct release release;      /* label points into a file's identity */
    size_t file[PLAN_FILES_MAX]; /* numbers into the collection */
    size_t files;
};

struct plan_series {
    enum table table;
    enum setting setting;
    enum program program;
    struct plan_release *release; /* owned; oldest first */
    size_t releases;
    /* Of a PTP series: the release of the quarter before, read to tell which
     * rows are new; NULL when it is not there. */
    struct plan_release *before;
};

struct plan {
    struct plan_series series[STORE_SERIES_MAX];
    size_t count;
    bool starter;
};

struct plan_options {
    bool allow_partial;
    const struct previous *previous; /* the active build's rows, or NULL */
};

/* Judges every file of the collection (status, counts, note). Returns 0, or
 * ERR_INPUT with one line for a build that must not be: damaged or partial
 * files, too many refused rows, the starter set mixed with releases, nothing
 * to load. */
int plan_make(struct plan *out, struct collection *collection,
    const struct plan_options *options, struct error *err);
/* ERR_INPUT when too many rows of a file were refused. Asked again when the
 * build is written, which finds rows that contradict one another. */
int plan_check_refused(const struct collection *collection, struct error *err);
void plan_clear(struct plan *plan);

/* Adds to a file's note. */
void plan_note(struct collected *file, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* --- the coverage database (plan_coverage.c) -------------------------------
 */

/* Tells the release of every coverage file: those that came together make one,
 * dated by their latest row, and what has no articles joins the articles of
 * about its time. To be called before anything else is planned. */
int plan_coverage_releases(struct collection *collection, struct error *err);
/* Sets aside files that say the same twice, and marks releases of an export
 * that lack a table or most of its rows; those that stand beside a complete one
 * are left out. */
void plan_coverage_complete(struct collection *collection,
    struct plan_series *series, const struct previous *previous);

#endif

/* finder.h - which files there are to fetch, read from the publishers' pages.
 *
 *   page of places.tsv → (further pages) → links → releases in force or coming
 *
 * Of every source and set come the release in force on a day and those that
 * begin later, each in its newest version that has all its parts. With a
 * mirror, the same pages are looked for below its address; where it has none,
 * its folders' index pages are walked and whatever has the name of a release is
 * taken. */
#ifndef INDEXER_FETCH_FINDER_H
#define INDEXER_FETCH_FINDER_H
#include <stdio.h>
#include "indexer/fetch/places.h"
#include "indexer/fetch/courier.h"

enum {
    FINDER_PAGES_MAX = 500,  /* asked for in one run */
    FINDER_DEPTH_MAX = 3,    /* pages from the first to the one with the link */
    FINDER_FOLDERS_MAX = 6,  /* of a mirror, one in the other */
    FINDER_FILES_MAX = 5000, /* links to releases */
    FINDER_COMING_DAYS = 550 /* a release of later than that is a slip */
};

struct wanted {
    const struct place *place;
    struct named_release release;
    char name[FILE_NAME_MAX + 1];
    char *address; /* to ask; owned */
    char *page;    /* on which the link stood; owned; "" for none */
};

struct findings {
    struct wanted
        *item; /* owned; parts of one release side by side, in order */
    size_t count, cap;
    size_t problems; /* said in the report: pages without links, lost parts */
    struct error first; /* of them */
};

struct finder_options {
    const char *from;           /* a mirror's address; NULL: the publishers */
    const char *const *sources; /* names of sources or "source:set"; of all
                                   when there are none */
    size_t source_count;
    day_t since; /* in force on that day or later */
    day_t today;
    FILE *report; /* NULL: nowhere */
};

/* Returns 0, also with problems; an error when it had to stop. */
int finder_run(struct findings *out, struct courier *courier,
    const struct places *places, const struct finder_options *options,
    struct error *err);
void findings_clear(struct findings *findings);

/* True when both are parts of one release in one version. */
bool wanted_together(const struct wanted *a, const struct wanted *b);
/* "ptp practitioner 2026q4" */
enum { WANTED_TITLE_MAX = 80 };
void wanted_title(char out[WANTED_TITLE_MAX], const struct wanted *wanted);

#endif

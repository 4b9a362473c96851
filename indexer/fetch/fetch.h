/* fetch.h - brings the current releases from their publishers into a folder.
 *
 *   places.h    where they are and how they are named: data/places.tsv
 *   finder.h    the publishers' pages, read: what there is to fetch
 *   links.h     the links of one page
 *   courier.h   one question to a server, by libcurl
 *   check.h     is it what its name says
 *   shelf.h     the folder of originals, which a build can be given as it is
 *
 * A file that is there already is asked for with its tag, so that an unchanged
 * one costs one short answer. Whatever breaks off is gone on with, in this run
 * or the next. Parts of one release appear together, when all are whole. */
#ifndef INDEXER_FETCH_FETCH_H
#define INDEXER_FETCH_FETCH_H
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "codesets/core/day.h"
#include "codesets/core/error.h"

enum { FETCH_TRIES = 4 /* of one file, while each brings something */ };

struct fetch_options {
    const char *releases;       /* the folder; made if it is not there */
    const char *from;           /* address of a mirror; NULL: the publishers */
    const char *const *sources; /* "ptp", "ptp:practitioner"; none: all */
    size_t source_count;
    day_t since;         /* releases in force on it or later; 0: today */
    day_t today;         /* 0: what the machine says */
    bool accept_licence; /* the administrator has accepted what stands before */
    bool dry_run;        /* read the pages, say what would be fetched */
    /* Asks a question that is answered by yes or no; NULL: nobody is there. */
    bool (*ask)(void *context, const char *question);
    void *ask_context;
    FILE *report;  /* a line for each file; NULL: nowhere */
    bool progress; /* a line on stderr that shows how far a file is */
    const volatile int *stop; /* set by a signal; NULL: never */
    long stall_seconds;       /* 0: as courier.h has it */
    uint64_t file_max;        /* likewise */
};

enum fetch_outcome {
    FETCH_NEW,       /* fetched in this run */
    FETCH_UNCHANGED, /* there already, and the publisher has no other */
    FETCH_REFUSED,   /* could not be had, or is not what its name says */
    FETCH_LEFT_OUT,  /* its licence was not accepted; not on the mirror */
    FETCH_PLANNED    /* of a dry run: would be fetched */
};

struct fetched_file {
    enum fetch_outcome outcome;
    char title[80]; /* "ptp practitioner 2026q4" */
    char *name;     /* owned, as the next two */
    char *path;     /* where it lies, folder and all; "" when it does not */
    char *reason;   /* why it was refused or left out; "" */
};

struct fetch_result {
    size_t fetched, unchanged, refused, left_out, planned;
    size_t problems; /* pages that could not be read, or had no such link */
    size_t requests; /* sent to servers */
    uint64_t bytes;  /* of the files fetched */
    struct fetched_file *file; /* every file, in the order of the report */
    size_t count;
};

/* Fetches what is new. Returns 0 when every file that was wanted is there or
 * was left out for its licence; ERR_INPUT when some were refused or not found:
 * the others are there all the same, and *out tells of each; another error when
 * it had to stop (no folder, another fetch at work, an interrupt), with *out
 * telling how far it came. A source that was named and stands behind a licence
 * that was not accepted counts as refused. *out must be cleared in every case.
 */
int fetch_run(struct fetch_result *out, const struct fetch_options *options,
    struct error *err);
void fetch_result_clear(struct fetch_result *result);

#endif

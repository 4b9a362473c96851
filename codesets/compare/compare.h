/* compare.h - what changed: between two builds, or between two days of one.
 *
 * A SIDE is an open store and a day. Two builds: lists that come as snapshots
 * are compared in the releases in force on the days (the newest ones, when no
 * day is given), histories row by row in their newest files, so that what the
 * publisher changed retroactively shows. One build: a code, an edit or a limit
 * is told when it begins or ends behind the first day, up to the second; with
 * no days each list is compared with its release before.
 *
 * Changes come in a stable order: by table, setting and program, then by key.
 * What only one side has is told as "not compared", never as an end. A text
 * that a side may not show (no licence) is compared by neither. */
#ifndef CODESETS_COMPARE_COMPARE_H
#define CODESETS_COMPARE_COMPARE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/code.h"
#include "codesets/store/store.h"

enum change_kind {
    CHANGE_ADDED,    /* a code begins */
    CHANGE_ENDED,    /* a code may not be used any more */
    CHANGE_RESTORED, /* an ended code is back, for the same thing */
    CHANGE_REUSED,   /* an ended code's number stands for another thing */
    CHANGE_DROPPED,  /* a row is gone of a code that had ended long before */
    CHANGE_BILLABLE, /* ICD-10-CM: became a header, or billable */
    CHANGE_TITLE,    /* words of a descriptor */
    CHANGE_REVISED,  /* any other field */
    CHANGE_LIMIT,    /* MUE value or adjudication indicator */
    CHANGE_LISTED,   /* stands on a list now: primary, diagnosis, POA, … */
    CHANGE_UNLISTED, /* no longer */
    CHANGE_EDIT_BEGINS,
    CHANGE_EDIT_ENDS,
    CHANGE_EDIT_CHANGED,   /* another modifier indicator */
    CHANGE_EDIT_REVERSED,  /* columns 1 and 2 changed places */
    CHANGE_EDIT_CORRECTED, /* of the past: dates or reason of a row differ */
    CHANGE_EDIT_WITHDRAWN, /* a row is gone as if it had never been */
    CHANGE_KINDS
};

const char *change_kind_name(enum change_kind kind); /* "added", … */
/* Returns 0, or ERR_INPUT for a name that is none. */
int change_kind_parse(enum change_kind *out, const char *name, size_t len);

enum { BEFORE, AFTER, SIDES };

/* In place of a day: the newest release. */
#define COMPARE_NEWEST DAY_OPEN

struct compare_side {
    const struct store *store;
    day_t day;
};

/* Why a list was not compared. */
enum compare_fault {
    COMPARE_DONE,
    COMPARE_ONE_SIDE,  /* a side has not loaded it */
    COMPARE_NO_BEFORE, /* one build: no release before the newest */
    COMPARE_TOO_EARLY, /* a day lies before the first release */
    COMPARE_TOO_LATE   /* a day lies long after the newest */
};

/* One list, and how much of it changed. */
struct compare_series {
    enum table table;
    enum setting setting;
    enum program program;
    const struct series *series[SIDES];
    const struct release *release[SIDES]; /* NULL where there is none */
    uint32_t number[SIDES];               /* of the releases in their series */
    day_t from, to; /* of histories in one build: changes of (from, to] */
    enum compare_fault fault;
    bool gap;     /* a day lies between two releases: the one before it holds */
    bool stale;   /* a day lies after the newest release's period */
    bool partial; /* a side is not whole: what is absent there proves nothing */
    uint64_t count[CHANGE_KINDS]; /* items */
    /* Rows of the newest files that have no equal on the other side; of edits
     * and tables of rows, two builds only. */
    uint64_t rows_gone, rows_new;
};

enum { COMPARE_SERIES_MAX = 2 * STORE_SERIES_MAX };

struct compare_summary {
    size_t count;
    struct compare_series series[COMPARE_SERIES_MAX];
    uint64_t total[CHANGE_KINDS];
    uint64_t changes; /* all of them */
};

struct change_source {
    const char *file; /* NULL: the side has no such row */
    uint32_t row;
    const char *release; /* its label */
};

/* Everything is borrowed for the call that tells of it; texts NUL-ended. */
struct change {
    const struct compare_series *series;
    enum change_kind kind;
    enum code_system system; /* SYSTEM_COUNT: of a key that is no code */
    const char *code;     /* undotted; column 1 of an edit, as it stands now */
    const char *modifier; /* of a fee schedule's row: "26"; else "" */
    const char *other;    /* column 2, a primary, the code before; or NULL */
    const char *document; /* "A57067" of coverage, whose title is title */
    const char *title;
    const char *field; /* what of it, a column of the publisher's; or NULL */
    const char *before, *after; /* NULL: nothing there */
    bool words;                 /* before and after are texts to read */
    /* Coverage: the codes of a list that came or went. */
    size_t codes;
    const char (*list)[9];
    day_t effective; /* counts from this day; DAY_UNKNOWN: not told */
    bool certain;    /* false: on that day at the latest */
    struct change_source source[SIDES];
};

/* Return 0 to go on; anything else ends the comparison with it. */
typedef int change_fn(
    void *context, const struct change *change, struct error *err);

/* Codes that are asked about, upper case, undotted. */
struct compare_codes;
enum {
    COMPARE_CODES_MAX = 20000,   /* of a practice's own list */
    COMPARE_REQUEST_CODES = 200, /* of one request */
};
/* Parts text at blanks, commas, semicolons and lines; "#" begins a comment.
 * ERR_INPUT names a word that cannot be a code's, ERR_LIMIT when there are more
 * than max. A word of no code's shape may still be a code of the
 * administrator's own: only the builds know. */
int compare_codes_parse(struct compare_codes **out, const char *text,
    size_t len, size_t max, struct error *err);
void compare_codes_free(struct compare_codes *codes); /* NULL is fine */
size_t compare_codes_count(const struct compare_codes *codes);
const char *compare_codes_at(const struct compare_codes *codes, size_t i);
bool compare_codes_have(const struct compare_codes *codes, const char *code);
/* What to say of the i-th: "in no loaded list", "has the shape of no code";
 * NULL when a side knows it. */
const char *compare_codes_unknown(const struct compare_codes *codes, size_t i,
    const struct compare_side side[SIDES]);
/* Refuses a list with a word of no code's shape that neither side knows: the
 * first one is named, with its line where there are lines. */
int compare_codes_check(const struct compare_codes *codes,
    const struct compare_side side[SIDES], struct error *err);

/* 0 in each field: everything. */
struct compare_filter {
    uint64_t tables;  /* bits 1 << enum table */
    uint32_t kinds;   /* bits 1 << enum change_kind */
    uint32_t systems; /* bits 1 << enum code_system */
};

struct compare_question {
    struct compare_side side[SIDES];
    struct compare_filter filter;
    /* Only what touches these, code by code; NULL: everything. */
    const struct compare_codes *codes;
    /* Told with the codes: which one of them the next changes touch. */
    void (*begin_code)(void *context, const char *code);
};

/* Tells each change. *summary, which may be NULL, is filled as far as the
 * walk came. Returns 0; what each() returned; ERR_CORRUPT, ERR_SYSTEM. */
int compare_run(struct compare_summary *summary,
    const struct compare_question *question, change_fn *each, void *context,
    struct error *err);

/* The same in stretches, for a caller who has other things to do between them.
 * The walk borrows the question's stores and codes until it is closed. */
struct compare_walk;
int compare_open(struct compare_walk **out,
    const struct compare_question *question, change_fn *each, void *context,
    struct error *err);
/* Goes on until `limit` changes have been told or `steps` keys looked at (0: no
 * limit). What one key changed in is never parted. A code that is asked about
 * counts as all steps, and so does a list of two builds. Returns what
 * compare_run() does. */
int compare_on(struct compare_walk *walk, uint32_t limit, uint32_t steps,
    struct error *err);
bool compare_done(const struct compare_walk *walk);
/* Keys of the last stretch: the rows of a code's edits are not parted, so there
 * may be more than its steps. */
uint64_t compare_looked(const struct compare_walk *walk);
/* As far as the walk came, and until it goes on. */
const struct compare_summary *compare_counted(const struct compare_walk *walk);
void compare_close(struct compare_walk *walk); /* NULL is fine */
/* Of one build and without codes: where to go on, 0 at the end (and at the
 * beginning); and to go on there. */
uint64_t compare_position(struct compare_walk *walk);
void compare_seek(struct compare_walk *walk, uint64_t position);

/* One stretch, from *position (0: the beginning); *position is where to go on,
 * 0 at the end. */
int compare_page(const struct compare_question *question, uint64_t *position,
    uint32_t limit, uint32_t steps, change_fn *each, void *context,
    struct error *err);

/* Which lists stand beside each other, without comparing them. */
int compare_plan(struct compare_summary *summary,
    const struct compare_question *question, struct error *err);

/* "not loaded on one side", … ; "" for COMPARE_DONE. */
const char *compare_fault_text(enum compare_fault fault);
/* "not_loaded", … ; "" for COMPARE_DONE. */
const char *compare_fault_name(enum compare_fault fault);

#endif

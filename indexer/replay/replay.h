/* replay.h - a log of past questions, asked of two builds.
 *
 * Each question is asked of both as of the same day; the answers that differ
 * are told, with what differs in them (differ.h), and summed up. Memory is
 * bounded by one line and its two answers, whatever the log's length. */
#ifndef INDEXER_REPLAY_REPLAY_H
#define INDEXER_REPLAY_REPLAY_H
#include <stdio.h>
#include "indexer/replay/differ.h"
#include "indexer/replay/question.h"

enum {
    REPLAY_SHOWN_MAX = 12,  /* differences told of one question */
    REPLAY_WHAT_MAX = 200,  /* kinds of difference that are summed up */
    REPLAY_WHAT_SHOWN = 20, /* of them, in text */
    REPLAY_VERDICT_MAX = 48 /* bytes of a verdict that is summed up */
};

struct replay_options {
    const char *log; /* path; "-" is standard input */
    bool json;       /* a JSON object a line; else text */
    bool sources;    /* releases, files and rows differ, too */
    size_t most;     /* questions told; 0: all that differ */
    day_t day;       /* of questions without one */
    bool progress;   /* a line on standard error */
    const volatile int *stop;
    FILE *out;
};

/* "pairs[].verdict": how often it differs; of a verdict, from what to what. */
struct replay_what {
    char kind[DIFFER_PLACE_MAX];
    char a[REPLAY_VERDICT_MAX], b[REPLAY_VERDICT_MAX]; /* "" but of verdicts */
    uint64_t count;
};

struct replay_summary {
    uint64_t lines;
    uint64_t questions[QUESTION_OUTCOMES]; /* by kind; those passed over, too */
    uint64_t differ[QUESTION_KINDS];
    uint64_t asked, differing; /* of all kinds */
    double seconds;
    size_t whats;
    struct replay_what what[REPLAY_WHAT_MAX]; /* verdicts first */
};

/* Returns 0; ERR_SYSTEM for a log that cannot be read, or when it was stopped;
 * ERR_INPUT for one of whose lines none is understood; ERR_CORRUPT. The summary
 * is filled as far as it came. */
int replay_run(struct replay_summary *summary, const struct store *a,
    const struct store *b, const struct replay_options *options,
    struct error *err);
/* Reads a log up to its first question, and fails as replay_run() would: for a
 * caller who needs it much later. A log that is no file is left alone. */
int replay_check(const char *log, struct error *err);
/* The sums, for people. */
void replay_report(const struct replay_summary *summary, FILE *out);
/* The same as one object. The caller frees it; NULL: no memory. */
json_t *replay_json(const struct replay_summary *summary);

#endif

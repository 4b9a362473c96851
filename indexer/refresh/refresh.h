/* refresh.h - from new releases to a new active build, in one go.
 *
 *   look      are there other files than last time? (inputs.h)
 *   build     a build of them, checked, not active
 *   compare   with the active one (alarms.h), (codesets/compare)
 *   ask       the probes and the administrator's expectations (expect.h)
 *   replay    past questions, if there is a log of them (replay.h)
 *   activate  if nothing refuses, or by force
 *
 * Until the last step, which is one rename, the active build is the one it was;
 * a refresh that is killed leaves at most a build that is not active, which the
 * next one takes up instead of making it again.
 *
 * What refuses: a failed expectation, an alarm of those kinds, a list of
 * expectations with lines that cannot be read. A failed probe, any other alarm
 * and a past question with another answer are warnings. */
#ifndef INDEXER_REFRESH_REFRESH_H
#define INDEXER_REFRESH_REFRESH_H
#include <stdio.h>
#include "codesets/compare/compare.h"
#include "indexer/build.h"
#include "indexer/refresh/alarms.h"
#include "indexer/refresh/expect.h"
#include "indexer/refresh/inputs.h"
#include "indexer/replay/replay.h"

enum {
    CHANGES_SHOWN = 20,       /* of a list, in the report */
    REPLAYS_SHOWN = 50,       /* answers that differ, likewise */
    ACTIVATE_WAIT_MS = 30000, /* for another program to give the store back */
    REFRESH_TIME_TEXT = 24
};

struct refresh_options {
    struct build_options build; /* its report: where this one goes; or NULL */
    const char *expectations;   /* path of the administrator's list, or NULL */
    const char *codes;          /* path of a practice's own codes, or NULL */
    const char *log;            /* path of past questions, or NULL */
    /* Brings the files that the paths hold, when the lock is held; NULL: they
     * are there. ERR_INPUT: not all could be had, and the rest is gone on
     * with. */
    int (*fetch)(void *context, struct error *err);
    void *fetch_context;
    bool force; /* activate whatever was found, and a build that was taken
                   back */
    bool check; /* hash every file again */
};

enum refresh_outcome {
    REFRESH_FAILED,      /* no build, or it could not be activated */
    REFRESH_NOTHING_NEW, /* the active build is made of these very files */
    REFRESH_TAKEN_BACK,  /* theirs was active, and somebody went back */
    REFRESH_DRY_RUN,
    REFRESH_REFUSED,
    REFRESH_MADE, /* and not activated, as was asked */
    REFRESH_ACTIVATED,
    REFRESH_OUTCOMES
};
const char *refresh_outcome_name(enum refresh_outcome outcome);

/* A list of expectations and what a build said to each. */
struct asked {
    struct expectations list;
    struct expect_result *result; /* list.count of them; NULL: not asked */
    size_t outcomes[EXPECT_OUTCOMES];
};

struct refresh {
    const struct refresh_options *options;
    char began[REFRESH_TIME_TEXT]; /* YYYY-MM-DDTHH:MM:SSZ */
    enum refresh_outcome outcome;
    char before[BUILD_ID_LEN + 1]; /* the active build at first; "" for none */
    char after[BUILD_ID_LEN + 1];  /* the new one; "" while there is none */
    char now[BUILD_ID_LEN + 1];    /* active at the end; "" for none */
    bool made;                     /* after was made by this refresh */
    struct inputs inputs;
    struct inputs_change change;      /* since the last refresh */
    bool remembered;                  /* there was one to compare with */
    struct compare_summary *changes;  /* NULL: not compared */
    char *changes_text, *impact_text; /* for people; NULL when there is none */
    char not_compared[200];           /* why not, or "" */
    struct alarms alarms;
    struct asked probes, expectations;
    struct compare_codes *codes;
    struct store *store[SIDES];    /* open as long as the rest speaks of them */
    struct replay_summary *replay; /* NULL: not asked */
    char *replay_text;             /* the answers that differ */
    char not_fetched[ERROR_MESSAGE_MAX]; /* what fetch said, or "" */
    char
        *table; /* what the build said of every file; NULL when none was made */
    char why[ERROR_MESSAGE_MAX]; /* of a failure or refusal */
};

/* Runs it. Returns 0, or an error for REFRESH_FAILED and REFRESH_REFUSED, whose
 * message says what is active. *out is filled in any case, for the report;
 * refresh_clear() afterwards. */
int refresh_run(struct refresh *out, const char *const *paths, size_t count,
    const struct refresh_options *options, struct error *err);
void refresh_clear(struct refresh *refresh);

/* --- refresh_report.c --- */

/* For people; the table of files comes at the end. */
void refresh_report(const struct refresh *refresh, FILE *out);
/* One JSON object, and a newline. Returns 0 or ERR_SYSTEM. */
int refresh_report_json(
    const struct refresh *refresh, FILE *out, struct error *err);
/* Keeps both beside the build (keep.h). */
int refresh_report_keep(const struct refresh *refresh, struct error *err);

#endif

/* expect.h - what a build is expected to answer.
 *
 * The acceptance probes of the project (codesets/data/probes.tsv) and the lines
 * of an administrator share one form: tab-separated text, notes behind #, a
 * heading that names the columns in any order.
 *
 *   ask      what is asked, see below
 *   of       of which codes
 *   expect   the answer that is expected
 *   setting  practitioner, outpatient, dme; practitioner without it
 *   program  medicare, medicaid; medicare without it
 *   date     YYYY-MM-DD; without it the last day of the newest release asked
 *   since    a release: the line is not asked of a table that is older
 *   cert, source, notes   for the person who reads the report
 *
 *   ask            of                        expect
 *   edit           97150 97110               0, 1: in force, column 1 first,
 * with that indicator; 9: such a row is there; none: not in force; no_row
 *   edit_both_ways all                       none: no pair is in force both
 * ways pair           97110 97150:59+GP         a verdict or a reason of a pair
 *   mue            97161                     "1", "1 mai 2", or no_row
 *   addon          97130 97129               "type 1", or no_row; the primary
 * may be left out TABLE.COLUMN   97110                     what stands in that
 * column (hcpcs, pfs, icd10cm, poa, dhs, …), "empty", or no_row valid 97110
 * true, false, unknown; needs a date timed          97110 true, false, unknown
 *   units          97110:24 97140:15         97110:2 97140:1 (8-minute rule)
 *   search         gait training             the code of the first hit
 *   necessity      97035 M25.511 KY          a verdict or a reason; the place
 * is a state, a contractor or an article release        ptp the newest release
 * of a table
 *
 * Where a table is not loaded, or is older than `since`, that is the outcome:
 * nothing is guessed. */
#ifndef INDEXER_REFRESH_EXPECT_H
#define INDEXER_REFRESH_EXPECT_H
#include <stdbool.h>
#include <stddef.h>
#include "codesets/answer/answer.h"

enum {
    EXPECTATIONS_MAX = 20000,         /* lines of one file */
    EXPECTATIONS_BYTES_MAX = 4 << 20, /* of one file */
    EXPECTATION_WORDS_MAX = 8,        /* of column `of`, where it holds codes */
    BAD_LINES_SHOWN = 20
};

enum ask {
    ASK_EDIT,
    ASK_EDIT_BOTH_WAYS,
    ASK_PAIR,
    ASK_MUE,
    ASK_ADDON,
    ASK_VALID,
    ASK_TIMED,
    ASK_UNITS,
    ASK_SEARCH,
    ASK_NECESSITY,
    ASK_RELEASE,
    ASK_COLUMN,
    ASK_COUNT = ASK_COLUMN /* those that have a name of their own */
};

/* Texts live as long as the list. */
struct expectation {
    unsigned row; /* line of the file, from 1 */
    enum ask ask;
    enum table table; /* that answers; TABLE_COUNT: several may */
    int column;       /* of ASK_COLUMN */
    enum setting setting;
    enum program program;
    bool dated;
    day_t day;
    const char *name, *of, *expected; /* as they were written */
    const char *since, *certainty, *source;
};

struct bad_line {
    unsigned row;
    char reason[200];
};

struct expectations {
    char *name; /* of the file, for messages */
    char *text; /* the file, cut at its tabs and lines */
    struct expectation *item;
    size_t count;
    struct bad_line bad[BAD_LINES_SHOWN]; /* the first of them */
    size_t bad_count;
};

/* Reads a list. Lines that cannot be read are in `bad`, and no error. Returns
 * 0; ERR_INPUT for what is no such list (no heading, bytes that are no text);
 * ERR_LIMIT; ERR_SYSTEM. Afterwards expectations_clear() in any case. */
int expectations_read(struct expectations *out, const char *name,
    const char *text, size_t len, struct error *err);
int expectations_read_file(
    struct expectations *out, const char *path, struct error *err);
/* The project's own. */
int expectations_read_probes(struct expectations *out, struct error *err);
void expectations_clear(struct expectations *list);

enum expect_outcome {
    EXPECT_HELD,
    EXPECT_FAILED,
    EXPECT_NOT_LOADED, /* the table that answers is not in the build */
    EXPECT_OLDER,      /* it is, but its newest release is before `since` */
    EXPECT_OUTCOMES
};
const char *expect_outcome_name(enum expect_outcome outcome); /* "held", … */

struct expect_result {
    enum expect_outcome outcome;
    char got[160];   /* what the build says, or why nothing was asked */
    char where[200]; /* release, file and row that say it; may be "" */
};

/* Asks a build. Returns 0 or ERR_CORRUPT, ERR_SYSTEM. */
int expectation_ask(struct expect_result *out, const struct answers *answers,
    const struct expectation *expectation, struct error *err);

/* "pair 97110 97150:59, outpatient, 2024-07-01": for reports. */
void expectation_text(
    char *out, size_t size, const struct expectation *expectation);

/* A code as the store has it: undotted, upper case. Returns false for what is
 * no code, or is longer than CODE_MAX. */
bool expectation_code(struct code_text *out, const char *text, size_t len);

#endif

/* question.h - a past question, as a log has it.
 *
 * One a line, in any of these forms, mixed as they come:
 *
 *   event=request method=GET path="/v1/pairs?codes=97110,97150" status=200 …
 *       the server's access log with --log-queries, whatever stands before
 *   GET /v1/pairs?codes=97110,97150      or the address alone
 *   {"codes":["97110","97150"],"date":"2024-07-01"}     a pair
 *   {"lines":[{"code":"97110","units":2}], …}           a claim
 *   {"minutes":[{"code":"97110","minutes":24}]}         minutes
 *   {"code":"97035","icd10":"M25.511","state":"KY"}     necessity
 *
 * Asked again are the addresses of codes, edits, pairs, search, units,
 * necessity and policies. What else a log holds (pages, scripts, the bodies of
 * POST, which no log keeps) is counted and passed over. */
#ifndef INDEXER_REPLAY_QUESTION_H
#define INDEXER_REPLAY_QUESTION_H
#include "codesets/answer/answer.h"

enum question_kind {
    QUESTION_CODES, /* codes, lists of them, edits of one */
    QUESTION_PAIRS,
    QUESTION_SEARCH,
    QUESTION_UNITS,
    QUESTION_NECESSITY, /* and policies */
    QUESTION_CLAIM,
    QUESTION_KINDS,
    /* Not asked: */
    QUESTION_BLANK = QUESTION_KINDS,
    QUESTION_NO_QUERY, /* a log without --log-queries */
    QUESTION_NO_BODY,  /* of a POST */
    QUESTION_OTHER,    /* another address, another event of the server */
    QUESTION_UNKNOWN,  /* in none of the forms */
    QUESTION_TOO_LONG,
    QUESTION_OUTCOMES
};
const char *question_kind_name(enum question_kind kind); /* "pairs", … */

enum {
    QUESTION_MAX = 1 << 20,   /* bytes of a line */
    QUESTION_PARAMS_MAX = 64, /* of an address */
    QUESTION_SEGMENTS_MAX = 8
};

enum question_form {
    FORM_ADDRESS,
    FORM_PAIR,
    FORM_CLAIM,
    FORM_MINUTES,
    FORM_NECESSITY
};

struct question_param {
    struct text_ref name, value;
};

struct question {
    enum question_kind kind;
    enum question_form form;
    struct text_ref shown; /* the question as it is told again, in the line */
    /* Of an address, decoded: */
    struct text_ref segment[QUESTION_SEGMENTS_MAX];
    size_t segments;
    struct question_param param[QUESTION_PARAMS_MAX];
    size_t params;
};

/* Reads a line, borrowed as long as the question, like scratch: room for
 * len + 1 bytes, in which what was escaped is decoded. Returns its kind, which
 * is below QUESTION_KINDS when there is something to ask. */
enum question_kind question_read(
    struct question *out, const char *line, size_t len, char *scratch);

/* Asks it, as of a day when it names none; appends the answer as JSON, or
 * {"problem": …} for a question that is refused. Returns 0, or ERR_CORRUPT,
 * ERR_SYSTEM. */
struct question_work;
struct question_work *question_work_new(void); /* NULL: no memory */
void question_work_free(struct question_work *work);
int question_ask(struct buffer *out, const struct answers *answers,
    const struct question *question, day_t today, struct question_work *work,
    struct error *err);

#endif

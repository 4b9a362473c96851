/* claim_answer.h - a claim as JSON or CSV, and what the rules say of it.
 *
 * One claim, as it is sent:
 *
 *   {"date":"2024-07-01", "setting":"practitioner", "program":"medicare",
 *    "payer":"medicare", "rule":"cms", "state":"KY", "contractor":"15102",
 *    "diagnoses":["M54.50"],
 *    "lines":[{"code":"97110", "units":2, "minutes":30, "modifiers":["GP"],
 *              "dx":[1], "revenue_code":"0420", "date":"2024-07-01",
 *              "provider":"1234567893"}]}
 *
 * Only lines and their codes must be there. What a biller wrote wrong is a
 * finding of the answer; what is no such claim at all (no JSON, a key that is
 * not known, a text where a number belongs, more than CLAIM_LINES_MAX lines) is
 * refused with the place. */
#ifndef CODESETS_ANSWER_CLAIM_CLAIM_ANSWER_H
#define CODESETS_ANSWER_CLAIM_CLAIM_ANSWER_H
#include "codesets/answer/answer.h"
#include "codesets/rules/claim/claim.h"

enum {
    CLAIM_BATCH_MAX = 100000,       /* claims of one body */
    CLAIM_BATCH_LINE_MAX = 1 << 20, /* bytes of one claim of a batch */
};

/* What a claim does not tell. */
struct claim_defaults {
    day_t day;
    enum setting setting;
    enum program program;
    unsigned line; /* of the body, on which the text begins; 0 is 1 */
};

/* A claim with the report on it: about a megabyte, to be used again and
 * again. */
struct claim_work {
    struct claim claim;
    struct claim_report report;
};

/* Reads a claim. Returns 0; ERR_INPUT or ERR_LIMIT with a message that names
 * the place (line and column of the text, or "lines[3].units"). */
int claim_read_json(struct claim *out, const struct rules *rules,
    const struct claim_defaults *defaults, const char *text, size_t len,
    struct error *err);
/* The same for CSV with a heading: code, and any of units, minutes, modifiers,
 * dx, date, revenue_code, provider; modifiers and dx parted by blanks. dx holds
 * numbers of diagnoses: they come from `diagnoses`, parted by commas. */
int claim_read_csv(struct claim *out, const struct rules *rules,
    const struct claim_defaults *defaults, struct text_ref diagnoses,
    const char *text, size_t len, struct error *err);

/* Checks work->claim and appends the answer. */
int answer_claim(struct buffer *out, const struct answers *answers,
    struct claim_work *work, struct error *err);
/* What a finding says, in one or two sentences. */
void claim_finding_text(struct buffer *out, const struct claim *claim,
    const struct claim_finding *finding);
/* Why a table could not say everything. */
void claim_gap_text(
    struct buffer *out, const struct claim *claim, const struct claim_gap *gap);

/* Claims of one body, one a line, answered in order, one a line. What cannot be
 * read gives {"line","problem"} in its place.
 *
 *     claim_batch_open(&batch, answers, body, len, &defaults, err)
 *     while (claim_batch_step(batch, 10, &out)) send out, empty it
 *     send what is left in out; claim_batch_close(batch)
 */
struct claim_batch;
int claim_batch_open(struct claim_batch **out, const struct answers *answers,
    const char *body, size_t len, const struct claim_defaults *defaults,
    struct error *err);
/* Appends the answers to at most n claims. True while more are left. */
bool claim_batch_step(
    struct claim_batch *batch, uint32_t n, struct buffer *out);
void claim_batch_close(struct claim_batch *batch); /* NULL is fine */

#endif

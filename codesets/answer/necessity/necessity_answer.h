/* necessity_answer.h - what coverage articles say, as JSON, CSV and in words.
 *
 * One request, three answers: a procedure with a diagnosis is decided
 * (rules/necessity.h); a procedure alone gets the lists of diagnoses of its
 * articles, page by page; a diagnosis alone the articles whose lists name it,
 * with their procedures. */
#ifndef CODESETS_ANSWER_NECESSITY_NECESSITY_ANSWER_H
#define CODESETS_ANSWER_NECESSITY_NECESSITY_ANSWER_H
#include "codesets/answer/answer.h"
#include "codesets/answer/json.h"
#include "codesets/rules/necessity/necessity.h"

enum {
    NECESSITY_ARTICLE_LIMIT = 20, /* articles of a page, of a diagnosis */
    NECESSITY_SCAN_MAX = 20000,   /* codes looked at for one page with q= */
    POLICY_CODES_MAX = 20000,     /* codes of a policy's group that are shown */
};

/* GET /v1/necessity, as it was typed; text NULL: not sent. */
struct necessity_request {
    struct text_ref code, icd10, state, contractor, article, kind;
    struct text_ref q, prefix, cursor; /* of the lists */
    day_t day;
    uint32_t limit; /* 0: the default */
};
int answer_necessity(struct buffer *out, const struct answers *answers,
    const struct necessity_request *request, struct error *err);

/* The question of a request that names both codes. 0 or ERR_INPUT. */
int necessity_request_read(struct necessity_question *out,
    const struct necessity_request *request, struct error *err);

/* The same of one that names neither: its day and place. */
int necessity_place_read(struct necessity_question *out,
    const struct necessity_request *request, struct error *err);

enum necessity_style {
    NECESSITY_BRIEF, /* of a batch */
    NECESSITY_FULL   /* of one question: in words, with the paragraphs */
};
/* The members of an open object. */
void necessity_json(struct json *json, const struct answers *answers,
    const struct necessity_question *question,
    const struct necessity_answer *answer, enum necessity_style style);
/* Why the verdict is what it is: one or two plain sentences. */
void necessity_text(struct buffer *out, const struct rules *rules,
    const struct necessity_question *question,
    const struct necessity_answer *answer);
/* What one vote says, without the article's name. */
const char *necessity_vote_text(const struct necessity_vote *vote);

/* The heading of the CSV form and a line of it. */
void necessity_csv_heading(struct buffer *out);
void necessity_csv(struct buffer *out, const struct rules *rules,
    const struct necessity_question *question,
    const struct necessity_answer *answer);
void necessity_csv_problem(
    struct buffer *out, uint32_t line, const char *problem);

/* ---- documents (policies) */

/* "A57067": as people write it. */
enum { POLICY_ID_TEXT = 24 };
void policy_id(char out[POLICY_ID_TEXT], const struct coverage *coverage,
    const struct coverage_document *document);
/* Its title, or where its release tells none that of another version; NULL
 * when none has one. */
const char *policy_title(
    const struct coverage *coverage, const struct coverage_document *document);
/* The publisher's page of a document, a NUL-ended text. */
enum { POLICY_URL_TEXT = 128 };
void policy_url(
    char out[POLICY_URL_TEXT], const struct coverage_document *document);

/* GET /v1/policies/{id} */
int answer_policy(struct buffer *out, const struct answers *answers,
    struct text_ref id, day_t day, struct error *err);

/* GET /v1/policies */
struct policies_question {
    struct text_ref q, state, contractor, kind, cursor;
    day_t day;
    uint32_t limit;
};
int answer_policies(struct buffer *out, const struct answers *answers,
    const struct policies_question *question, struct error *err);

/* "policies" of a code's card: the articles in force that list it. */
struct code_ref;
void policies_of_code_json(struct json *json, const struct answers *answers,
    const char *code, size_t len, bool diagnosis, day_t day);

/* What necessity and policies share. Members of an open object: the release
 * that answered, whether it is stale, the days it covers, and the two around a
 * day for which none is loaded. */
void coverage_time_json(struct json *json, const struct answers *answers,
    const struct coverage_time *time, day_t day);
/* "not_loaded": tables whose absence leaves something open. */
void coverage_missing_json(
    struct json *json, const struct answers *answers, uint32_t release);
/* A group's codes by the words above them; text NULL is null. */
void paragraph_json(struct json *json, const struct coverage *coverage,
    const struct coverage_group *group);
const char *coverage_list_name(enum coverage_list list); /* "covered", … */
/* The title of a diagnosis on a day; NULL when it is not loaded. */
const char *diagnosis_title(const struct answers *answers, const char *code,
    size_t len, day_t day, size_t *title_len);

#endif

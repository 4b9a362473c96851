/* necessity_words.c - a decision in plain sentences. */
#include <string.h>

#include "codesets/answer/necessity/necessity_answer.h"
#include "codesets/rules/validity.h"

const char *necessity_vote_text(const struct necessity_vote *vote)
{
    switch (vote->reason) {
    case NECESSITY_LISTED_SUPPORTING:
        if (vote->others)
            return "A list of supporting diagnoses has it, but the words above "
                   "that list name other procedures.";
        if (vote->link == LINK_ARTICLE_LEVEL)
            return "A list of supporting diagnoses has it; whether that list "
                   "is this procedure's is not told.";
        return "Listed as supporting, subject to the text of the article.";
    case NECESSITY_LISTED_NOT_SUPPORTING:
        if (vote->others)
            return "A list of diagnoses that do not support has it, but the "
                   "words above that list name other procedures.";
        if (!tie_is_strong(vote->link))
            return "A list of diagnoses that do not support has it; whether "
                   "that list is this procedure's is not sure.";
        return "Listed as not supporting.";
    case NECESSITY_NOT_ON_LIST:
        if (!tie_is_strong(vote->link))
            return "No list of supporting diagnoses has it; whether one of "
                   "them is this procedure's is not sure.";
        return "Not on the closed list of supporting diagnoses.";
    default:
        return "The article names the procedure; no loaded list of it says "
               "anything of this diagnosis.";
    }
}

static const char *detail_text(enum necessity_detail detail)
{
    switch (detail) {
    case DETAIL_NOT_LOADED:
        return "No release of the coverage database is loaded.";
    case DETAIL_LISTS_NOT_LOADED:
        return "What is loaded for that day of the coverage database has no "
               "procedures or no lists of diagnoses.";
    case DETAIL_BEFORE:
        return "The day lies before the first loaded release of the coverage "
               "database.";
    case DETAIL_AFTER:
        return "The day lies more than 45 days after what is loaded of the "
               "coverage database; load a newer release, or ask for a day it "
               "covers.";
    case DETAIL_UNCERTAIN:
        return "The releases of the coverage database before and after the "
               "day differ, and those between are not loaded.";
    case DETAIL_NO_JURISDICTIONS:
        return "Which contractor serves a state is not loaded "
               "(contractor_jurisdiction); name a contractor or an article.";
    case DETAIL_UNKNOWN_STATE:
        return "The loaded tables have no such state.";
    case DETAIL_STATE_WITHOUT:
        return "No loaded contractor of this kind is active in the state on "
               "the day.";
    case DETAIL_UNKNOWN_CONTRACTOR:
        return "The loaded tables have no contractor of this number or id.";
    case DETAIL_CONTRACTOR_ELSEWHERE:
        return "The contractor does not serve that state on the day.";
    case DETAIL_NO_CONTRACTORS_OF_ARTICLES:
        return "Which contractor an article is of is not loaded "
               "(article_x_contractor).";
    case DETAIL_DX_SHAPE:
        return "This is not written as an ICD-10-CM code is.";
    case DETAIL_DX_UNKNOWN:
        return "No loaded release of ICD-10-CM has this code.";
    case DETAIL_DX_NOT_VALID:
        return "The diagnosis is not valid on the day.";
    case DETAIL_DX_HEADER:
        return "This is a heading of ICD-10-CM: a code with more characters is "
               "needed.";
    case DETAIL_DX_UNCHECKED:
        return "Nothing that is loaded of ICD-10-CM tells of the day: the "
               "diagnosis itself was not checked.";
    case DETAIL_DX_NOT_LISTED:
        return "The release of ICD-10-CM in force on the day does not have the "
               "diagnosis, nor has an earlier one that is loaded; when it "
               "began is not told.";
    case DETAIL_DX_UNCERTAIN:
        return "The releases of ICD-10-CM before and after the day differ in "
               "the diagnosis.";
    case DETAIL_ARTICLE_NOT_IN_FORCE:
        return "The article is not in force on the day.";
    case DETAIL_ARTICLE_WITHOUT_PROCEDURE:
        return "The article does not name the procedure.";
    case DETAIL_TOO_MANY:
        return "More articles speak of it than are looked at.";
    default:
        return NULL;
    }
}

static const char *reason_text(const struct necessity_answer *answer)
{
    switch (answer->reason) {
    case NECESSITY_CONFLICT:
        return answer->detail == DETAIL_DIFFER
                   ? "The answers differ; each is told apart."
                   : "One list has the diagnosis as supporting, another as not "
                     "supporting; both are shown.";
    case NECESSITY_WITHOUT_LIST:
        return "An article names the procedure, but no loaded list says "
               "anything of this diagnosis. That is no denial.";
    case NECESSITY_NO_POLICY:
        return "No published list was found. That is no denial: the contractor "
               "may still review.";
    default:
        return NULL;
    }
}

/* The vote behind the verdict. */
static const struct necessity_vote *deciding(
    const struct necessity_answer *answer)
{
    const struct necessity_vote *found = NULL;

    for (uint16_t i = 0; i < answer->votes; i++)
        if (answer->vote[i].reason == answer->reason &&
            answer->vote[i].link == answer->link &&
            (found == NULL || found->others))
            found = &answer->vote[i];
    return found;
}

/* Articles keep codes that ended; and one that nobody knows has no policy. */
static void procedure_words(struct buffer *out, const struct rules *rules,
    const struct necessity_question *question)
{
    struct code_state state;
    const int rc = validity_on(&state, rules, SYSTEM_CPT, question->procedure,
        PROC_LEN, question->day, NULL);

    if (rc == ERR_NOTFOUND)
        buffer_addf(out, " %s itself is in none of the loaded releases.",
            question->procedure);
    else if (rc == 0 && state.validity == VALIDITY_NOT_VALID)
        buffer_addf(
            out, " %s itself is not valid on the day.", question->procedure);
}

void necessity_text(struct buffer *out, const struct rules *rules,
    const struct necessity_question *question,
    const struct necessity_answer *answer)
{
    const struct coverage *coverage = store_coverage(rules->store);
    const struct necessity_vote *vote = deciding(answer);
    const char *detail = detail_text(answer->detail),
               *reason = reason_text(answer);
    struct coverage_document document;
    char id[POLICY_ID_TEXT];

    if (detail != NULL)
        buffer_adds(out, detail);
    if (reason != NULL)
        buffer_addf(out, "%s%s", detail != NULL ? " " : "", reason);
    if (detail == NULL && reason == NULL && vote != NULL) {
        coverage_document(coverage, vote->document, &document);
        policy_id(id, coverage, &document);
        buffer_addf(out, "%s: %s", id, necessity_vote_text(vote));
    }
    if (answer->conditions)
        buffer_adds(out, " Conditions stand in its text: read the paragraph.");
    if (answer->detail == DETAIL_DIFFER && reason == NULL)
        buffer_adds(out, " Contractors differ; each is told apart.");
    if (answer->dx != DETAIL_NONE && answer->dx != answer->detail)
        buffer_addf(out, " %s", detail_text(answer->dx));
    procedure_words(out, rules, question);
}

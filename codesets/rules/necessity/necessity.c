/* necessity.c - the decision of domain.md 2f, step by step. */
#include "codesets/rules/necessity/necessity.h"

#include <string.h>

#include "codesets/rules/necessity/necessity_index.h"
#include "codesets/rules/validity.h"

/* ------------------------------------------------- a procedure's articles */

static uint64_t group_bit(uint32_t number)
{
    return number < 64 ? (uint64_t)1 << number : 0;
}

static void take_group(struct listed_article *article, const struct ties *ties,
    const struct coverage_group *group, uint32_t number)
{
    article->groups |= group_bit(group->number);
    article->many = article->many || group->number >= 64;
    article->qualified =
        article->qualified || (ties_flags(ties, number) & TIE_DIAGNOSES) != 0;
}

/* The place of a document among the first n, or where it belongs. */
static size_t place_of(
    const struct listed_article *article, size_t n, uint32_t document)
{
    while (n > 0 && article[n - 1].document >= document)
        n--;
    return n;
}

size_t articles_of_procedure(struct listed_article *out, size_t max,
    const struct rules *rules, uint32_t procedure, uint32_t release, day_t day,
    bool *cut)
{
    const struct coverage *coverage = store_coverage(rules->store);
    struct coverage_uses uses;
    uint32_t number, last = COVERAGE_NONE;
    bool counts = false;
    size_t n = 0;

    *cut = false;
    coverage_uses_begin(coverage, procedure, &uses);
    while (coverage_uses_next(coverage, &uses, &number)) {
        struct coverage_group group;
        size_t at;

        coverage_group(coverage, number, &group);
        if (group.list != COVERAGE_PROCEDURES)
            continue;
        if (group.document != last) {
            last = group.document;
            counts = article_in_force(rules, last, release, day);
        }
        if (!counts)
            continue;
        at = place_of(out, n, group.document);
        if (at == n || out[at].document != group.document) {
            if (n == max) {
                *cut = true;
                continue;
            }
            memmove(out + at + 1, out + at, (n - at) * sizeof *out);
            out[at] = (struct listed_article){.document = group.document};
            n++;
        }
        take_group(&out[at], &rules->necessity->ties, &group, number);
    }
    return n;
}

bool article_lists(struct listed_article *out, const struct rules *rules,
    uint32_t number, uint32_t procedure)
{
    const struct coverage *coverage = store_coverage(rules->store);
    struct coverage_document document;
    uint32_t first, end;
    bool found = false;

    *out = (struct listed_article){.document = number};
    coverage_document(coverage, number, &document);
    coverage_list_groups(
        coverage, &document, COVERAGE_PROCEDURES, &first, &end);
    for (; first < end; first++) {
        struct coverage_group group;

        coverage_group(coverage, first, &group);
        if (!coverage_group_has(coverage, &group, procedure, NULL))
            continue;
        found = true;
        take_group(out, &rules->necessity->ties, &group, first);
    }
    return found;
}

/* ------------------------------------------------------------------ votes */

enum tie_link list_link(const struct rules *rules,
    const struct coverage_group *group, uint32_t number,
    const struct listed_article *article, uint32_t procedure, bool single,
    uint32_t release, bool *others)
{
    const struct ties *ties = &rules->necessity->ties;
    const enum coverage_table paragraphs =
        group->list == COVERAGE_COVERED ? COVERAGE_ARTICLE_COVERED_GROUPS
                                        : COVERAGE_ARTICLE_NONCOVERED_GROUPS;
    const struct tie_facts facts = {
        .paragraph =
            group->paragraph != COVERAGE_NONE &&
            coverage_loaded(store_coverage(rules->store), release, paragraphs),
        .naming = ties_naming(ties, number, procedure),
        .names = (ties_flags(ties, number) & TIE_NAMES) != 0,
        .single = single,
        .same_number = (article->groups & group_bit(group->number)) != 0,
        .qualified = article->qualified};

    *others = facts.paragraph && facts.names && facts.naming == TIE_UNNAMED;
    return tie_link(&facts);
}

/* What the lists of one kind in an article say. Lists whose words name other
 * procedures are kept apart: they count where nothing better does. */
struct verdicts {
    uint32_t lists;
    enum tie_link best; /* of any list but those for others */
    uint32_t best_group;
    struct necessity_vote listed, listed_for_others;
};

static bool better(const struct necessity_vote *old, enum tie_link link)
{
    return old->group == COVERAGE_NONE || link > old->link;
}

static void look_into(struct verdicts *out, const struct rules *rules,
    const struct listed_article *article, enum coverage_list list,
    const uint32_t code[2], uint32_t release)
{
    const struct coverage *coverage = store_coverage(rules->store);
    const struct document_entry *entry =
        &rules->necessity->document[article->document];
    const bool covered = list == COVERAGE_COVERED;
    const uint32_t end = covered ? entry->end_covered : entry->end_noncovered;
    struct coverage_group group;

    out->lists = covered ? entry->covered : entry->noncovered;
    out->best = LINK_NONE;
    out->best_group = COVERAGE_NONE;
    out->listed = out->listed_for_others = (struct necessity_vote){
        .document = article->document,
        .reason = list == COVERAGE_COVERED ? NECESSITY_LISTED_SUPPORTING
                                           : NECESSITY_LISTED_NOT_SUPPORTING,
        .group = COVERAGE_NONE,
        .member = COVERAGE_NONE};
    for (uint32_t i = covered ? entry->first_covered : entry->first_noncovered;
         i < end; i++) {
        struct coverage_member member = {0};
        struct necessity_vote *vote;
        enum tie_link link;
        uint32_t place;
        bool others;

        coverage_group(coverage, i, &group);
        if (!group_is_list(&group))
            continue;
        link = list_link(rules, &group, i, article, code[0], out->lists == 1,
            release, &others);
        if (!others && link > out->best) {
            out->best = link;
            out->best_group = i;
        }
        vote = others ? &out->listed_for_others : &out->listed;
        if (!better(vote, link) || code[1] == COVERAGE_NONE ||
            !coverage_group_has(coverage, &group, code[1], &place))
            continue;
        coverage_member(coverage, &group, place, &member);
        vote->link = link;
        vote->group = i;
        vote->member = place;
        vote->asterisk = member.asterisk;
        vote->others = others;
        vote->conditions =
            member.asterisk ||
            (ties_flags(&rules->necessity->ties, i) & TIE_CONDITIONS) != 0;
    }
}

static void add_vote(
    struct necessity_answer *out, const struct necessity_vote *vote)
{
    if (out->votes == NECESSITY_VOTES_MAX) {
        out->cut = true;
        return;
    }
    out->vote[out->votes++] = *vote;
    out->result[out->results].votes++;
}

/* An article's votes go to the result at hand. code: procedure and diagnosis,
 * as coverage.h numbers them. */
static void article_votes(struct necessity_answer *out,
    const struct rules *rules, const struct listed_article *article,
    const uint32_t code[2], uint32_t release)
{
    const uint16_t before = out->votes;
    struct verdicts no, yes;

    look_into(&no, rules, article, COVERAGE_NONCOVERED, code, release);
    look_into(&yes, rules, article, COVERAGE_COVERED, code, release);
    if (no.listed.group != COVERAGE_NONE)
        add_vote(out, &no.listed);
    if (yes.listed.group != COVERAGE_NONE)
        add_vote(out, &yes.listed);
    else if (yes.best != LINK_NONE) {
        struct necessity_vote vote = yes.listed;

        vote.reason = NECESSITY_NOT_ON_LIST;
        vote.link = yes.best;
        vote.group = yes.best_group;
        add_vote(out, &vote);
    }
    if (no.listed_for_others.group != COVERAGE_NONE)
        add_vote(out, &no.listed_for_others);
    if (yes.listed_for_others.group != COVERAGE_NONE)
        add_vote(out, &yes.listed_for_others);
    if (out->votes == before) {
        struct necessity_vote vote = yes.listed;

        vote.reason = NECESSITY_WITHOUT_LIST;
        add_vote(out, &vote);
    }
}

/* -------------------------------------------------------------- combining */

static enum necessity_verdict verdict_of(
    enum necessity_reason reason, enum tie_link link)
{
    switch (reason) {
    case NECESSITY_LISTED_SUPPORTING:
        /* A list of which the article does not say that it is this
         * procedure's supports nothing yet. */
        return link > LINK_ARTICLE_LEVEL ? NECESSITY_SUPPORTED
                                         : NECESSITY_UNKNOWN;
    case NECESSITY_LISTED_NOT_SUPPORTING:
    case NECESSITY_NOT_ON_LIST:
        return tie_is_strong(link) ? NECESSITY_NOT_SUPPORTED
                                   : NECESSITY_UNKNOWN;
    default:
        return NECESSITY_UNKNOWN;
    }
}

/* The vote of a reason with the best link; NULL when there is none. */
static const struct necessity_vote *best_vote(
    const struct necessity_answer *answer,
    const struct necessity_result *result, enum necessity_reason reason,
    bool others)
{
    const struct necessity_vote *best = NULL;

    for (uint16_t i = 0; i < result->votes; i++) {
        const struct necessity_vote *vote =
            &answer->vote[result->first_vote + i];

        if (vote->reason == reason && vote->others == others &&
            (best == NULL || vote->link > best->link))
            best = vote;
    }
    return best;
}

static void combine(
    struct necessity_answer *out, struct necessity_result *result)
{
    const struct necessity_vote *no, *yes, *off, *pick;

    if (result->votes == 0) {
        result->reason = NECESSITY_NO_POLICY;
        return;
    }
    no = best_vote(out, result, NECESSITY_LISTED_NOT_SUPPORTING, false);
    yes = best_vote(out, result, NECESSITY_LISTED_SUPPORTING, false);
    off = best_vote(out, result, NECESSITY_NOT_ON_LIST, false);
    if (no == NULL && yes == NULL && off == NULL) {
        no = best_vote(out, result, NECESSITY_LISTED_NOT_SUPPORTING, true);
        yes = best_vote(out, result, NECESSITY_LISTED_SUPPORTING, true);
    }
    if (no != NULL && yes != NULL) {
        result->reason = NECESSITY_CONFLICT;
        result->conditions = no->conditions || yes->conditions;
        return;
    }
    pick = no != NULL ? no : yes != NULL ? yes : off;
    if (pick == NULL) {
        result->reason = NECESSITY_WITHOUT_LIST;
        return;
    }
    result->reason = pick->reason;
    result->link = pick->link;
    result->conditions = pick->conditions;
    result->verdict = verdict_of(pick->reason, pick->link);
}

static struct necessity_result *begin_result(
    struct necessity_answer *out, uint32_t contractor)
{
    struct necessity_result *result;

    if (out->results == NECESSITY_RESULTS_MAX) {
        out->cut = true;
        return NULL;
    }
    result = &out->result[out->results];
    *result = (struct necessity_result){.contractor = contractor,
        .verdict = NECESSITY_UNKNOWN,
        .first_vote = out->votes};
    return result;
}

static void end_result(struct necessity_answer *out)
{
    combine(out, &out->result[out->results]);
    out->results++;
}

/* All results in one word: where they differ, nothing is sure. */
static void conclude(struct necessity_answer *out)
{
    const struct necessity_result *worst = &out->result[0];
    bool same = true;

    for (uint16_t i = 0; i < out->results; i++) {
        const struct necessity_result *result = &out->result[i];

        same = same && result->verdict == worst->verdict;
        out->conditions = out->conditions || result->conditions;
    }
    for (uint16_t i = 1; i < out->results; i++) {
        const struct necessity_result *result = &out->result[i];

        if (same ? result->reason < worst->reason ||
                       (result->reason == worst->reason &&
                           result->link > worst->link)
                 : result->verdict == NECESSITY_UNKNOWN &&
                       (worst->verdict != NECESSITY_UNKNOWN ||
                           result->reason < worst->reason))
            worst = result;
    }
    out->reason = worst->reason;
    out->link = worst->link;
    out->verdict = same ? worst->verdict : NECESSITY_UNKNOWN;
    if (!same) {
        out->detail = DETAIL_DIFFER;
        if (worst->verdict != NECESSITY_UNKNOWN) {
            out->reason = NECESSITY_CONFLICT;
            out->link = LINK_NONE;
        }
    }
    if (out->cut) {
        out->verdict = NECESSITY_UNKNOWN;
        out->reason = NECESSITY_NO_DATA;
        out->detail = DETAIL_TOO_MANY;
    }
}

/* ------------------------------------------------------------ the question */

static void nothing(struct necessity_answer *out, enum necessity_reason reason,
    enum necessity_detail detail)
{
    out->verdict = NECESSITY_UNKNOWN;
    out->reason = reason;
    out->detail = detail;
    out->link = LINK_NONE;
}

/* Step 2: is the diagnosis a valid, billable code on the day? What nobody tells
 * is said beside the answer and does not change it. */
static int check_diagnosis(enum necessity_detail *out,
    const struct rules *rules, const struct necessity_question *question,
    struct error *err)
{
    const size_t len = strlen(question->diagnosis);
    const struct series *series =
        store_series(rules->store, TABLE_ICD10CM, SETTING_NONE, PROGRAM_NONE);
    struct icd_state state;
    struct snapshot at;
    int rc;

    *out = DETAIL_DX_SHAPE;
    if (!icd_shaped(question->diagnosis, len))
        return 0;
    *out = DETAIL_DX_UNCHECKED;
    series_at(series, question->day, &at);
    if (at.state == SNAPSHOT_NOT_LOADED || at.state == SNAPSHOT_BEFORE ||
        at.state == SNAPSHOT_OUTSIDE)
        return 0;
    rc = icd_state_on(
        &state, rules->store, question->diagnosis, len, question->day, err);
    if (rc == ERR_NOTFOUND) {
        if (!series->release[at.release].partial)
            *out = DETAIL_DX_UNKNOWN;
        return 0;
    }
    if (rc != 0)
        return rc;
    if (state.code.validity == VALIDITY_NOT_VALID)
        *out = DETAIL_DX_NOT_VALID;
    else if (state.code.evidence == EVIDENCE_NOT_LISTED)
        *out = DETAIL_DX_NOT_LISTED;
    else if (state.code.evidence == EVIDENCE_GAP || state.billable_uncertain)
        *out = DETAIL_DX_UNCERTAIN;
    else if (state.billable == VALIDITY_NOT_VALID)
        *out = DETAIL_DX_HEADER;
    else if (state.billable == VALIDITY_VALID)
        *out = DETAIL_NONE;
    return 0;
}

bool necessity_dx_checked(enum necessity_detail dx)
{
    return dx != DETAIL_DX_UNCHECKED && dx != DETAIL_DX_UNCERTAIN;
}

/* Is it no code of the day's release? */
static bool dx_refused(enum necessity_detail dx)
{
    return dx >= DETAIL_DX_SHAPE && dx <= DETAIL_DX_NOT_LISTED;
}

static uint32_t text_code(
    const struct coverage *coverage, enum coverage_codes kind, const char *text)
{
    return coverage_code(coverage, kind, coverage_key_text(text, strlen(text)));
}

/* The version of an asked article that counts, or COVERAGE_NONE. */
static uint32_t asked_article(
    const struct rules *rules, uint32_t id, uint32_t release, day_t day)
{
    const struct coverage *coverage = store_coverage(rules->store);
    uint32_t first, end;

    coverage_versions(coverage, COVERAGE_ARTICLE, id, &first, &end);
    for (; first < end; first++)
        if (article_in_force(rules, first, release, day))
            return first;
    return COVERAGE_NONE;
}

/* ------------------------------------------------------- one case, asked */

void necessity_case_begin(struct necessity_case *out, const struct rules *rules,
    const struct necessity_place *place, day_t day)
{
    out->rules = rules;
    out->place = *place;
    out->day = day;
    out->articles = out->owned = 0;
    coverage_time_at(&out->time, rules, day);
    out->release = out->time.release;
    out->payers.anywhere = true;
    out->payers.detail = DETAIL_NONE;
    out->payers.count = 0;
    if (out->time.detail == DETAIL_NONE)
        necessity_payers_find(&out->payers, rules, place, out->release, day);
}

static void other_release(struct necessity_case *c, uint32_t release)
{
    c->release = release;
    necessity_payers_find(&c->payers, c->rules, &c->place, release, c->day);
}

/* Step 3: the articles that may speak, those of any place. */
static void find_articles(struct necessity_case *c)
{
    uint32_t document;

    c->articles = 0;
    c->articles_cut = false;
    c->miss = DETAIL_NONE;
    if (c->place.article != 0) {
        document =
            asked_article(c->rules, c->place.article, c->release, c->day);
        if (document == COVERAGE_NONE)
            c->miss = DETAIL_ARTICLE_NOT_IN_FORCE;
        else if (c->procedure == COVERAGE_NONE ||
                 !article_lists(
                     &c->article[0], c->rules, document, c->procedure))
            c->miss = DETAIL_ARTICLE_WITHOUT_PROCEDURE;
        else
            c->articles = 1;
        return;
    }
    if (c->procedure != COVERAGE_NONE)
        c->articles =
            (uint16_t)articles_of_procedure(c->article, NECESSITY_ARTICLES_MAX,
                c->rules, c->procedure, c->release, c->day, &c->articles_cut);
    if (c->articles == 0)
        c->miss = DETAIL_PROCEDURE_NOT_LISTED;
}

/* Whose they are, contractor by contractor. */
static void find_owners(struct necessity_case *c)
{
    c->owned = 0;
    for (uint8_t p = 0; p < c->payers.count; p++) {
        c->untold[p] = false;
        for (uint16_t i = 0; i < c->articles; i++) {
            const enum article_owner owner =
                article_of_contractor(c->rules, c->article[i].document,
                    c->release, c->payers.contractor[p], c->payers.state[p]);

            if (owner == OWNER_UNKNOWN)
                c->untold[p] = true;
            if (owner != OWNER_YES && owner != OWNER_BY_LCD)
                continue;
            if (c->owned == NECESSITY_VOTES_MAX) {
                c->articles_cut = true;
                return;
            }
            c->owner[c->owned++] =
                (struct article_owned){i, p, owner == OWNER_BY_LCD};
        }
    }
}

void necessity_case_procedure(
    struct necessity_case *c, const char procedure[PROC_LEN + 1])
{
    const struct coverage *coverage = store_coverage(c->rules->store);

    if (c->time.detail != DETAIL_NONE || c->payers.detail != DETAIL_NONE)
        return;
    c->procedure = text_code(coverage, COVERAGE_CODE_PROCEDURE, procedure);
    find_articles(c);
    find_owners(c);
}

/* Steps 4 and 5 for one contractor; *at runs through the case's owners. */
static void ask_contractor(struct necessity_answer *out,
    const struct necessity_case *c, const uint32_t code[2], uint8_t payer,
    uint16_t *at)
{
    struct necessity_result *result =
        begin_result(out, c->payers.contractor[payer]);

    if (result == NULL)
        return;
    for (; *at < c->owned && c->owner[*at].payer == payer; ++*at) {
        result->by_lcd = result->by_lcd || c->owner[*at].by_lcd;
        article_votes(out, c->rules, &c->article[c->owner[*at].article], code,
            c->release);
    }
    end_result(out);
    /* Whose an article is, no table tells: it may be this contractor's. */
    if (result->votes == 0 && c->untold[payer]) {
        result->reason = NECESSITY_NO_DATA;
        out->detail = DETAIL_NO_CONTRACTORS_OF_ARTICLES;
    }
}

static void ask_articles(struct necessity_answer *out,
    const struct necessity_case *c, const uint32_t code[2])
{
    for (uint16_t i = 0; i < c->articles; i++) {
        if (begin_result(out, COVERAGE_NONE) == NULL)
            return;
        article_votes(out, c->rules, &c->article[i], code, c->release);
        end_result(out);
    }
    if (c->articles == 0 && begin_result(out, COVERAGE_NONE) != NULL)
        end_result(out);
}

uint32_t necessity_diagnosis(const struct rules *rules, const char *diagnosis)
{
    const struct coverage *coverage = store_coverage(rules->store);

    return coverage == NULL
               ? COVERAGE_NONE
               : text_code(coverage, COVERAGE_CODE_DIAGNOSIS, diagnosis);
}

void necessity_case_ask(struct necessity_answer *out,
    const struct necessity_case *c, uint32_t diagnosis)
{
    uint16_t at = 0;
    uint32_t code[2];

    out->series = c->time.series;
    out->release = c->release;
    out->stale = c->time.stale;
    out->results = out->votes = 0;
    out->conditions = out->cut = false;
    out->dx = DETAIL_NONE;
    if (c->time.detail != DETAIL_NONE) {
        nothing(out, NECESSITY_NO_DATA, c->time.detail);
        return;
    }
    if (c->payers.detail != DETAIL_NONE) {
        nothing(out, NECESSITY_NO_CONTRACTOR, c->payers.detail);
        return;
    }
    if (!coverage_has_lists(store_coverage(c->rules->store), c->release)) {
        nothing(out, NECESSITY_NO_DATA, DETAIL_LISTS_NOT_LOADED);
        return;
    }
    out->detail = c->miss;
    out->link = LINK_NONE;
    out->cut = c->payers.cut || c->articles_cut;
    code[0] = c->procedure;
    code[1] = diagnosis;
    if (c->payers.anywhere)
        ask_articles(out, c, code);
    for (uint8_t i = 0; i < c->payers.count; i++)
        ask_contractor(out, c, code, i, &at);
    conclude(out);
}

static void decide_in(struct necessity_answer *out, struct necessity_case *c,
    const struct necessity_question *question, enum necessity_detail dx)
{
    if (dx_refused(dx) && c->payers.detail == DETAIL_NONE) {
        out->results = out->votes = 0;
        nothing(out, NECESSITY_INVALID_DX, dx);
        return;
    }
    necessity_case_procedure(c, question->procedure);
    necessity_case_ask(
        out, c, necessity_diagnosis(c->rules, question->diagnosis));
}

int necessity_decide(struct necessity_answer *out, const struct rules *rules,
    const struct necessity_question *question, struct error *err)
{
    const struct coverage *coverage = store_coverage(rules->store);
    enum necessity_detail dx = DETAIL_NONE;
    struct necessity_case c;
    uint32_t first, end;
    int rc;

    necessity_case_begin(&c, rules, &question->place, question->day);
    out->series = c.time.series;
    out->release = c.release;
    out->stale = c.time.stale;
    out->conditions = out->cut = false;
    if (c.time.detail == DETAIL_NONE && question->place.article != 0) {
        coverage_versions(
            coverage, COVERAGE_ARTICLE, question->place.article, &first, &end);
        if (first == end)
            return error_set(err, ERR_NOTFOUND, 0,
                "no loaded release of the coverage database has an article A%u",
                question->place.article);
    }
    if ((rc = check_diagnosis(&dx, rules, question, err)) != 0)
        return rc;
    decide_in(out, &c, question, dx);
    if (c.time.next != c.time.release) {
        /* Between two releases that which both say holds. */
        const enum necessity_verdict verdict = out->verdict;
        const enum necessity_reason reason = out->reason;

        other_release(&c, c.time.next);
        decide_in(out, &c, question, dx);
        out->around[0] = verdict;
        out->around_reason[0] = reason;
        out->around[1] = out->verdict;
        out->around_reason[1] = out->reason;
        if (out->around[0] != out->around[1] ||
            out->around_reason[0] != out->around_reason[1])
            nothing(out, NECESSITY_NO_DATA, DETAIL_UNCERTAIN);
    }
    out->dx = dx;
    return 0;
}

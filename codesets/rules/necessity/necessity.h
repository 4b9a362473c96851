/* necessity.h - does a loaded coverage article list a diagnosis for a
 * procedure, at a place, on a day? (domain.md 2f)
 *
 * What an article says is a vote: the diagnosis is on a list of noncovered
 * ones, on a list of covered ones, on no list though there is a closed one, or
 * the article ties no list to the procedure. How surely a list is tied to the
 * procedure is the vote's link (tie.h). Votes of one contractor are combined,
 * those of several are told apart.
 *
 * The verdict is what a simple caller reads: `supported` on a link better than
 * article_level, `not_supported` on `exact` or `named` alone, else `unknown`.
 * That no policy was found is no denial. */
#ifndef CODESETS_RULES_NECESSITY_NECESSITY_H
#define CODESETS_RULES_NECESSITY_NECESSITY_H
#include "codesets/core/code.h"
#include "codesets/rules/rules.h"
#include "codesets/rules/necessity/tie.h"
#include "codesets/store/table.h"

enum {
    NECESSITY_ARTICLES_MAX = 1024, /* of one procedure, in force */
    NECESSITY_VOTES_MAX = 4096,
    NECESSITY_RESULTS_MAX = 1024,
    NECESSITY_CONTRACTORS_MAX = 64, /* of one place */
    NECESSITY_PLACE_TEXT = 16, /* bytes of a contractor's number or a state */
};

/* Who pays a claim of the kind. */
enum necessity_kind {
    NECESSITY_PART_A,
    NECESSITY_PART_B,
    NECESSITY_DME,
    NECESSITY_KINDS
};
const char *necessity_kind_name(enum necessity_kind kind); /* "a", "b", "dme" */
int necessity_kind_parse(
    enum necessity_kind *out, const char *name, size_t len);
/* The kind that a setting usually bills. */
enum necessity_kind necessity_kind_of(enum setting setting);

enum necessity_verdict {
    NECESSITY_SUPPORTED,
    NECESSITY_NOT_SUPPORTED,
    NECESSITY_UNKNOWN,
    NECESSITY_VERDICTS
};

enum necessity_reason {
    NECESSITY_LISTED_NOT_SUPPORTING,
    NECESSITY_LISTED_SUPPORTING, /* "supported" */
    NECESSITY_NOT_ON_LIST,
    NECESSITY_CONFLICT,
    NECESSITY_WITHOUT_LIST, /* "policy_without_list" */
    NECESSITY_NO_POLICY,
    NECESSITY_NO_CONTRACTOR,
    NECESSITY_INVALID_DX,
    NECESSITY_NO_DATA,
    NECESSITY_REASONS
};

/* Why there is no better answer, for the sentence that goes with it. */
enum necessity_detail {
    DETAIL_NONE,
    DETAIL_NOT_LOADED,       /* no coverage data at all */
    DETAIL_LISTS_NOT_LOADED, /* the release has no procedures or no lists */
    DETAIL_BEFORE,           /* the day lies before the first release */
    DETAIL_AFTER,            /* it lies too long after the last */
    DETAIL_UNCERTAIN,        /* the releases around the day differ */
    DETAIL_NO_JURISDICTIONS, /* contractors' states are not loaded */
    DETAIL_UNKNOWN_STATE,    /* no loaded table has such a state */
    DETAIL_STATE_WITHOUT,    /* no contractor of the kind is active in it */
    DETAIL_UNKNOWN_CONTRACTOR,
    DETAIL_CONTRACTOR_ELSEWHERE,       /* it is not the state's */
    DETAIL_NO_CONTRACTORS_OF_ARTICLES, /* no table ties them to articles */
    DETAIL_DX_SHAPE,
    DETAIL_DX_UNKNOWN,           /* in no loaded release of ICD-10-CM */
    DETAIL_DX_NOT_VALID,         /* not on the day */
    DETAIL_DX_HEADER,            /* more digits are needed */
    DETAIL_DX_NOT_LISTED,        /* not in the day's release, nor an earlier */
    DETAIL_DX_UNCHECKED,         /* nothing loaded tells of it for the day */
    DETAIL_DX_UNCERTAIN,         /* the releases around the day differ */
    DETAIL_PROCEDURE_NOT_LISTED, /* no article in force lists the procedure */
    DETAIL_ARTICLE_NOT_IN_FORCE,
    DETAIL_ARTICLE_WITHOUT_PROCEDURE,
    DETAIL_DIFFER,   /* the contractors' answers differ */
    DETAIL_TOO_MANY, /* articles than there is room for */
    DETAIL_COUNT
};

struct necessity_place {
    char contractor[NECESSITY_PLACE_TEXT]; /* number or id; "": none told */
    char state[NECESSITY_PLACE_TEXT];      /* abbreviation; "": none told */
    uint32_t article;                      /* its id; 0: any */
    enum necessity_kind kind;
};
/* Each takes a text as typed. Returns 0 or ERR_INPUT with a message. */
int necessity_set_contractor(struct necessity_place *place, const char *text,
    size_t len, struct error *err);
int necessity_set_state(struct necessity_place *place, const char *text,
    size_t len, struct error *err);
/* "A57067" or "57067". */
int necessity_set_article(struct necessity_place *place, const char *text,
    size_t len, struct error *err);

struct necessity_question {
    char procedure[PROC_LEN + 1]; /* upper case */
    char diagnosis[CODE_TEXT];    /* undotted, upper case */
    day_t day;
    struct necessity_place place;
};
/* A procedure and a diagnosis as typed. ERR_INPUT for what cannot be read at
 * all: no procedure's shape, more than CODE_MAX characters, odd bytes. A
 * diagnosis of no diagnosis' shape is an answer, NECESSITY_INVALID_DX. */
int necessity_set_procedure(struct necessity_question *question,
    const char *text, size_t len, struct error *err);
int necessity_set_diagnosis(struct necessity_question *question,
    const char *text, size_t len, struct error *err);

struct necessity_vote {
    uint32_t document; /* of coverage.h */
    enum necessity_reason reason;
    enum tie_link link;
    uint32_t group;  /* the list that decided, or COVERAGE_NONE */
    uint32_t member; /* the diagnosis' place in it, or COVERAGE_NONE */
    bool asterisk;   /* the diagnosis has one there */
    bool conditions; /* words of the list or its asterisk set conditions */
    bool others;     /* the words above the list name other procedures */
};

/* What the votes of one contractor come to; of one article where no place was
 * asked for. */
struct necessity_result {
    uint32_t contractor; /* code of coverage.h, or COVERAGE_NONE */
    enum necessity_verdict verdict;
    enum necessity_reason reason;
    enum tie_link link;
    bool conditions;
    bool by_lcd; /* the articles are the contractor's by their LCDs only */
    uint16_t first_vote, votes;
};

struct necessity_answer {
    enum necessity_verdict verdict;
    enum necessity_reason reason;
    enum necessity_detail detail;
    enum tie_link link;
    bool conditions;
    bool stale;
    enum necessity_detail dx; /* of the diagnosis itself; DETAIL_NONE: a code to
                                 bill on the day */
    bool cut;                 /* more than there is room for: never a verdict */
    const struct series *series; /* of the coverage data; NULL: not loaded */
    uint32_t release;            /* of it */
    /* Detail DETAIL_UNCERTAIN: what the releases before and after say. */
    enum necessity_verdict around[2];
    enum necessity_reason around_reason[2];
    uint16_t results, votes;
    struct necessity_result result[NECESSITY_RESULTS_MAX];
    struct necessity_vote vote[NECESSITY_VOTES_MAX];
};

/* Was it known of the diagnosis whether a claim may carry it on the day? */
bool necessity_dx_checked(enum necessity_detail dx);

/* Returns 0; ERR_NOTFOUND (with a message) for an article that no release has;
 * ERR_CORRUPT. */
int necessity_decide(struct necessity_answer *out, const struct rules *rules,
    const struct necessity_question *question, struct error *err);

/* ---- parts of it, for lists and policies */

/* Which release of the coverage data answers for a day. */
struct coverage_time {
    const struct series *series;  /* NULL: no coverage data is loaded */
    uint32_t release, next;       /* next: after a gap, else the same */
    enum necessity_detail detail; /* why none does, or DETAIL_NONE */
    bool stale;
};
void coverage_time_at(
    struct coverage_time *out, const struct rules *rules, day_t day);

/* Can a release say that an article does not name a procedure, or has no list?
 * Where it lacks the tables it cannot. */
bool coverage_has_lists(const struct coverage *coverage, uint32_t release);

/* The states and contractors that a question's place comes to. */
struct necessity_payers {
    enum necessity_detail detail; /* why there are none, or DETAIL_NONE */
    bool anywhere;                /* no place was told */
    bool by_state;
    uint8_t count;
    bool cut;
    uint32_t contractor[NECESSITY_CONTRACTORS_MAX]; /* codes */
    uint32_t state[NECESSITY_CONTRACTORS_MAX];      /* asked for it; or NONE */
};
void necessity_payers_find(struct necessity_payers *out,
    const struct rules *rules, const struct necessity_place *place,
    uint32_t release, day_t day);

/* Is the document an article that counts on the day? The version in force of
 * the article, that is: not a draft, not retired, within its dates. */
bool article_in_force(
    const struct rules *rules, uint32_t document, uint32_t release, day_t day);
/* Is an article one of a contractor's? state is where, or COVERAGE_NONE. */
enum article_owner { OWNER_NO, OWNER_YES, OWNER_BY_LCD, OWNER_UNKNOWN };
enum article_owner article_of_contractor(const struct rules *rules,
    uint32_t document, uint32_t release, uint32_t contractor, uint32_t state);

/* Articles in force that list a procedure (a code of coverage.h), ascending,
 * with the procedure groups it stands in. */
struct listed_article {
    uint32_t document;
    uint64_t groups; /* bit n: group n, below 64 */
    bool qualified;  /* see struct tie_facts */
    bool many;       /* there are groups of higher numbers */
};
/* Returns how many; *cut when there were more than max. */
size_t articles_of_procedure(struct listed_article *out, size_t max,
    const struct rules *rules, uint32_t procedure, uint32_t release, day_t day,
    bool *cut);
/* The procedure in one article; false when it does not list it. */
bool article_lists(struct listed_article *out, const struct rules *rules,
    uint32_t document, uint32_t procedure);

/* How a list of diagnoses (a group) is tied to a procedure of its article.
 * single: there is no other list of that kind. */
enum tie_link list_link(const struct rules *rules,
    const struct coverage_group *group, uint32_t number,
    const struct listed_article *article, uint32_t procedure, bool single,
    uint32_t release, bool *others);
/* Is the group a list at all: does it hold codes? */
static inline bool group_is_list(const struct coverage_group *group)
{
    return group->members > 0;
}

const char *necessity_verdict_name(enum necessity_verdict verdict);
const char *necessity_reason_name(enum necessity_reason reason);
const char *necessity_detail_name(enum necessity_detail detail);

/* ---- one place and day, asked of many procedures and diagnoses: what
 * necessity_decide() does, but for the gaps between releases (see time.next)
 * and for whether the diagnosis is a valid code. */
struct article_owned {
    uint16_t article; /* of the case */
    uint8_t payer;    /* of its payers */
    bool by_lcd;
};

struct necessity_case {
    const struct rules *rules;
    struct necessity_place place;
    day_t day;
    struct coverage_time time;
    uint32_t release; /* the one that is asked */
    struct necessity_payers payers;

    /* Of the procedure at hand. */
    uint32_t procedure;
    enum necessity_detail miss; /* why no article speaks of it */
    bool articles_cut;
    bool untold[NECESSITY_CONTRACTORS_MAX];
    uint16_t articles, owned;
    struct listed_article article[NECESSITY_ARTICLES_MAX];
    struct article_owned owner[NECESSITY_VOTES_MAX]; /* by payer */
};

void necessity_case_begin(struct necessity_case *out, const struct rules *rules,
    const struct necessity_place *place, day_t day);
/* procedure is NUL-ended, upper case. */
void necessity_case_procedure(
    struct necessity_case *c, const char procedure[PROC_LEN + 1]);
/* The number by which a case knows a diagnosis (undotted, upper case,
 * NUL-ended); COVERAGE_NONE when no article lists it. */
uint32_t necessity_diagnosis(const struct rules *rules, const char *diagnosis);
void necessity_case_ask(struct necessity_answer *out,
    const struct necessity_case *c, uint32_t diagnosis);

/* ---- what is looked up beside the store (struct rules) */
struct necessity_index;
int necessity_index_open(
    struct necessity_index **out, const struct store *store, struct error *err);
void necessity_index_close(struct necessity_index *index); /* NULL is fine */

#endif

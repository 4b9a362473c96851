/* answer.h - the questions of the API and the command line, and their answers.
 *
 * A question is a struct of what the caller parsed; an answer is JSON of
 * version 1 (design.md 5) appended to a buffer. Texts in questions are as they
 * were typed and need not be NUL-ended unless said; they are borrowed for the
 * call.
 *
 * Every function returns 0, or with a message that may be shown to the caller:
 *   ERR_INPUT     the question cannot be understood (HTTP 400)
 *   ERR_NOTFOUND  no such code (HTTP 404)
 *   ERR_LIMIT     more than a named ceiling (HTTP 400 or 413)
 *   ERR_CORRUPT, ERR_SYSTEM  not the caller's fault (HTTP 500)
 * and in all these cases leaves the buffer as it was. */
#ifndef CODESETS_ANSWER_ANSWER_H
#define CODESETS_ANSWER_ANSWER_H
#include "codesets/answer/section.h"
#include "codesets/core/buffer.h"
#include "codesets/rules/pair/pair.h"
#include "codesets/rules/rules.h"
#include "codesets/search/index.h"
#include "codesets/search/query.h"

struct meanings;

/* A store with what is looked up beside it: open it once, ask it often. */
struct answers {
    const struct store *store;
    struct rules *rules;
    struct search_index search;
    struct meanings *meanings;
    struct sections sections;
};

/* The store must outlive the answers. */
int answers_open(
    struct answers **out, const struct store *store, struct error *err);
void answers_close(struct answers *answers); /* NULL is fine */

struct text_ref {
    const char *text; /* NULL when the caller gave none */
    size_t len;
};

enum {
    LIST_LIMIT_DEFAULT = 100, /* items of a page when the caller names none */
    LIST_LIMIT_MAX = 1000,
    LIST_CODES_MAX = 1000, /* codes of codes=a,b,c */
    PAIRS_CODES_MAX = 100, /* codes of GET /v1/pairs */
    CURSOR_MAX = 64,       /* bytes of a cursor */
};

/* "cpt,hcpcs" -> bits 1 << system. Returns 0 or ERR_INPUT. */
int systems_parse(
    uint32_t *out, const char *text, size_t len, struct error *err);

/* GET /v1/codes/{code} */
struct code_question {
    struct text_ref code;
    uint32_t systems; /* 0: any */
    day_t day;
};
int answer_code(struct buffer *out, const struct answers *answers,
    const struct code_question *question, struct error *err);

/* GET /v1/codes: exactly one of prefix, from/to and codes. */
struct codes_question {
    struct text_ref prefix, from, to, codes, cursor;
    uint32_t systems; /* 0: any */
    day_t day;
    uint32_t limit; /* 0: the default; above LIST_LIMIT_MAX: ERR_INPUT */
};
int answer_codes(struct buffer *out, const struct answers *answers,
    const struct codes_question *question, struct error *err);

/* GET /v1/codes/{code}/edits */
struct edits_question {
    struct text_ref code, cursor;
    enum setting setting;
    enum program program;
    bool on_day; /* only the edits in force on day; else all, ever */
    day_t day;
    int column; /* 1 or 2: where the code stands; 0: either */
    uint32_t limit;
};
int answer_edits(struct buffer *out, const struct answers *answers,
    const struct edits_question *question, struct error *err);

/* GET /v1/pairs: 2 to PAIRS_CODES_MAX codes, every pair of them. */
struct pairs_question {
    size_t count;
    struct pair_line line[PAIRS_CODES_MAX];
    day_t day;
    enum setting setting;
    enum program program;
};
/* Appends "97530,97116:59+GP": codes parted by commas, modifiers behind a
 * colon. A code that is none is not an error here: its pairs say so. ERR_LIMIT
 * for one code too many. */
int pairs_add_codes(struct pairs_question *question,
    const struct answers *answers, const char *text, size_t len,
    struct error *err);
/* "97116:59+GP,97530:GP" for the lines already added. ERR_INPUT for a code that
 * is not among them and for what is no modifier. */
int pairs_add_modifiers(struct pairs_question *question, const char *text,
    size_t len, struct error *err);
int answer_pairs(struct buffer *out, const struct answers *answers,
    const struct pairs_question *question, struct error *err);

/* GET /v1/search */
struct search_question {
    struct text_ref text, cursor;
    uint32_t systems; /* 0: any */
    bool on_day;      /* a date was asked for: leave out what had ended */
    day_t day;        /* the day of validity and of texts */
    uint32_t limit;   /* 0: SEARCH_LIMIT_DEFAULT; most: SEARCH_LIMIT_MAX */
    /* Values of a facet that are wanted, parted by commas; the systems are
     * told above. Any without text. */
    struct text_ref wanted[FACET_COUNT];
    struct text_ref facets; /* to count beside the systems: "section,timed" */
    struct text_ref order;  /* "billable", "headings", "length" */
    bool found_in; /* say which text has the words that a title lacks */
};
int answer_search(struct buffer *out, const struct answers *answers,
    const struct search_question *question, struct error *err);

/* The question as the index is asked it. */
struct search_asked {
    struct search_query query;
    unsigned facets;     /* to count, as bits 1 << enum search_facet */
    const char *caution; /* to be said beside the answer, or NULL */
};
/* Everything but the cursor. Returns 0, or ERR_INPUT. */
int search_question_read(struct search_asked *out,
    const struct answers *answers, const struct search_question *question,
    struct error *err);

/* GET /v1/releases; stale is judged on day. */
int answer_releases(struct buffer *out, const struct answers *answers,
    day_t day, struct error *err);

#endif

/* units.h - minutes to units of service (domain.md 4, design.md 5).
 *
 * units_decide() is the rule and formats nothing. Each way of counting is a
 * file that reads beside its section of domain.md:
 *
 *   units_pool.c      4.2  Medicare's 8-minute rule: one pool of minutes
 *   units_midpoint.c  4.3  each code alone, past the middle of its unit
 *   units_family.c    3.4  first blocks and add-ons, ranges, levels, periods
 *
 * Everything about a code comes out of the curated table (timed.h). */
#ifndef CODESETS_RULES_UNITS_UNITS_H
#define CODESETS_RULES_UNITS_UNITS_H
#include "codesets/rules/pair/pair.h"
#include "codesets/rules/units/timed.h"

enum {
    UNITS_LINES_MAX = 100,       /* lines of one question */
    UNITS_MINUTES_MAX = 1440,    /* of one code: a day has no more */
    UNITS_ALTERNATIVES_MAX = 64, /* distributions that are listed */
    UNITS_FAMILY_MAX = 16,       /* codes of one family on a day */
    /* Codes asked, and for each at most a first code and two add-ons that its
     * minutes earn besides. */
    UNITS_ENTRIES_MAX = 4 * UNITS_LINES_MAX,
    UNITS_WARNINGS_MAX = 4 * UNITS_LINES_MAX,
    UNITS_NO_ENTRY = UINT16_MAX
};

enum units_rule {
    UNITS_CMS,     /* CMS8: Medicare's pool */
    UNITS_MIDPOINT /* SPM: the AMA's midpoint, code by code */
};

/* Therapists of each are counted apart: GP, GO, GN. */
enum discipline {
    DISCIPLINE_NONE, /* not said: one is assumed */
    DISCIPLINE_PT,
    DISCIPLINE_OT,
    DISCIPLINE_SLP,
    DISCIPLINE_COUNT
};

struct units_line {
    char code[CODE_TEXT]; /* upper case, NUL-ended */
    uint32_t packed;      /* PROC_NONE for a local code */
    uint32_t minutes;
    enum discipline discipline;
};

struct units_question {
    day_t day;
    enum units_rule rule;
    bool pool_cognitive; /* the contractor pools cognitive-function minutes */
    size_t count;
    struct units_line line[UNITS_LINES_MAX];
};

/* How an entry was counted. */
enum units_way {
    UNITS_NOT_COUNTED, /* its time is not known, or it counts days */
    UNITS_UNTIMED,     /* one, whatever the minutes */
    UNITS_UNLISTED,    /* one, and ask */
    UNITS_POOLED,      /* out of the 8-minute pool */
    UNITS_ALONE,       /* by its own minutes */
    UNITS_FAMILY       /* by the minutes of its family */
};

struct units_entry {
    char code[CODE_TEXT];
    uint32_t packed;
    uint32_t minutes; /* asked; lines of one code and discipline are one */
    uint32_t units;   /* 0 while not counted */
    enum discipline discipline;
    enum units_way way;
    bool implied;  /* not asked: the minutes of its family earn it */
    bool merged;   /* of more than one line */
    uint16_t part; /* of pooled: its item; of a family: its set */
    struct timed_fact fact;
};

/* What is counted in the pool: a code, or a family that is pooled. */
struct units_item {
    uint16_t entry; /* the code, or the family's first code */
    uint16_t set;   /* of a family, or UNITS_NO_ENTRY */
    uint32_t minutes, whole, rest;
    bool extra; /* has one more unit, for its rest */
    bool tied;  /* stands in the tie for the last one */
};

struct units_pool {
    uint32_t minutes, units, whole;
    uint32_t extras; /* units beyond the whole blocks */
    bool tie;
};

/* The codes of one family in one discipline. */
struct units_set {
    uint16_t family;
    enum discipline discipline;
    uint32_t minutes;
    bool pooled;
    uint16_t above; /* the most minutes its longest code names, if more; or 0 */
};

enum units_warn {
    UNITS_WARN_UNLISTED,      /* no fixed description: one unit, ask */
    UNITS_WARN_NOT_KNOWN,     /* nothing tells how the code is timed */
    UNITS_WARN_NOT_YET,       /* its minutes are known from a later day */
    UNITS_WARN_ENDED,         /* the code ended */
    UNITS_WARN_DAYS,          /* counts days, not minutes */
    UNITS_WARN_DESCRIPTOR,    /* timed by the wording of its descriptor */
    UNITS_WARN_MERGED,        /* two lines are one code */
    UNITS_WARN_OTHER_CODE,    /* the minutes select another code of the set */
    UNITS_WARN_BASE_MISSING,  /* an add-on without the code it is added to */
    UNITS_WARN_ABOVE_MAXIMUM, /* longer than the longest code of the set */
    UNITS_WARN_DISCIPLINE,    /* not said: assumed */
    UNITS_WARN_MORE_THAN_DAY, /* all minutes together */
    UNITS_WARN_UNSURE,        /* its minutes rest on one unconfirmed source */
    UNITS_WARN_COUNT
};

struct units_warning {
    enum units_warn reason;
    uint16_t entry, other; /* or UNITS_NO_ENTRY */
};

struct units_answer {
    const struct units_question *question;
    uint32_t total_units, timed_pool_units, timed_pool_minutes;
    bool complete; /* every code could be counted */
    bool tie;
    size_t entries, items, sets, warnings;
    struct units_entry entry[UNITS_ENTRIES_MAX]; /* as asked, then implied */
    struct units_item item[UNITS_LINES_MAX];
    struct units_set set[UNITS_LINES_MAX];
    struct units_pool pool[DISCIPLINE_COUNT];
    struct units_warning warning[UNITS_WARNINGS_MAX];
    /* All equally right distributions, the answer's own first; none without a
     * tie. Units stand in the order of the entries. */
    size_t alternatives;
    bool more_alternatives; /* there are more than are listed */
    uint16_t alternative[UNITS_ALTERNATIVES_MAX][UNITS_ENTRIES_MAX];
};

/* Adds a line. Lines without a discipline are counted with the one that other
 * lines name, if they name one. Returns 0; ERR_INPUT for a code that no loaded
 * release has, two disciplines, or too many minutes; ERR_LIMIT. */
int units_add(struct units_question *question, const struct rules *rules,
    const char *code, size_t code_len, int64_t minutes, const char *modifiers,
    size_t modifiers_len, struct error *err);

/* Decides. The question must outlive the answer. Returns 0, or ERR_INPUT when
 * the lines of one code hold more minutes than a day. */
int units_decide(struct units_answer *out, const struct rules *rules,
    const struct units_question *question, struct error *err);

/* Which codes of a family do these minutes earn? Entries are the codes that
 * have units, in code order. question->count is ignored. */
void units_of_family(struct units_answer *out, const struct rules *rules,
    const struct units_question *question, uint16_t family, uint32_t minutes);

/* Accepts "cms" and "CMS8", "midpoint" and "SPM", in any case. */
int units_rule_parse(
    enum units_rule *out, const char *name, size_t len, struct error *err);
const char *units_rule_name(enum units_rule rule);       /* "cms", "midpoint" */
const char *discipline_name(enum discipline discipline); /* "PT", …, "" */
const char *units_way_name(enum units_way way);          /* "pool", … */
const char *units_warn_name(enum units_warn reason); /* "lines_merged", … */

#endif

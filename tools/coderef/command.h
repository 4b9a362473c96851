/* command.h - what the commands of coderef share. */
#ifndef TOOLS_COMMAND_H
#define TOOLS_COMMAND_H
#include <stdbool.h>
#include "codesets/answer/answer.h"
#include "codesets/rules/units/units.h"

/* Exit statuses. */
enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1, /* not found, or the machine said no */
    EXIT_MISUSED = 2,
    /* coderef pair --exit-verdict: 0 is billable */
    EXIT_RESOLVED = 10,
    EXIT_MODIFIER_REQUIRED = 11,
    EXIT_NOT_CHECKED = 12,
    EXIT_NOT_BILLABLE = 13,
    /* coderef claim: 0 is clean, EXIT_NOT_CHECKED too little data */
    EXIT_FINDINGS = 14
};

enum option_code {
    OPTION_STORE = 256, /* behind every character */
    OPTION_JSON,
    OPTION_DATE,
    OPTION_SETTING,
    OPTION_PROGRAM,
    OPTION_SYSTEM,
    OPTION_LIMIT,
    OPTION_EXIT_VERDICT,
    OPTION_RULE,
    OPTION_POOL_COGNITIVE,
    OPTION_DX,
    OPTION_PAYER,
    OPTION_STATE,
    OPTION_CONTRACTOR,
    OPTION_ARTICLE,
    OPTION_KIND,
    OPTION_MATCH,
    OPTION_PREFIX,
    OPTION_SECTION,
    OPTION_BILLABLE,
    OPTION_TIMED,
    OPTION_STATUS,
    OPTION_FACETS,
    OPTION_ORDER,
    OPTION_FROM,
    OPTION_TO
};

/* A set of options. */
#define TAKES(name) (UINT64_C(1) << (OPTION_##name - OPTION_STORE))

struct options {
    uint64_t given; /* those that stood there */
    const char *store;
    bool json, exit_verdict;
    bool on_day; /* --date was given */
    day_t day;
    enum setting setting;
    enum program program;
    uint32_t systems, limit;
    enum units_rule rule;
    bool pool_cognitive;
    const char *diagnoses, *payer; /* of a claim in CSV; or NULL */
    bool from_given; /* changes: behind the day from, up to the day to */
    day_t from, to;
    /* Of search; NULL when not given. */
    const char *section, *billable, *timed, *status, *facets, *order;
    /* Of necessity; NULL when not given. */
    const char *state, *contractor, *article, *kind, *match, *prefix;
};

struct command {
    const char *name;
    size_t arguments_min, arguments_max;
    uint64_t takes; /* options, beside --store */
    int (*run)(const struct answers *answers, const struct options *options,
        char *const *arguments, size_t count);
};

extern const struct command lookup_command, search_command, pair_command,
    units_command, claim_command, necessity_command, policy_command,
    changes_command;

/* Says what went wrong on stderr. Returns EXIT_FAILED, or EXIT_MISUSED for
 * what the caller wrote. */
int complain(int code, const struct error *err);
/* Writes a JSON answer and a newline to stdout. Returns EXIT_DONE, or
 * EXIT_FAILED when that cannot be. */
int print_json(const struct buffer *out);

#endif
